"""What this room holds about a person."""

from lienthong.foundation import clock
from lienthong.personal.sources import Enclosed, Part, holds
from lienthong.signing.models import Picture


@holds("chu-ky")
def signatures(account_id: int) -> Part:
    given = list(Picture.objects.select_related("file").filter(account_id=account_id).order_by("pk"))
    paths = [f"chu-ky/{number}.png" for number in range(1, len(given) + 1)]
    return Part(
        [
            {
                "tep": path,
                "tu": clock.local(each.given_at),
                "den": clock.local(each.ended_at) if each.ended_at else None,
            }
            for path, each in zip(paths, given, strict=True)
        ],
        [Enclosed(path, each.file) for path, each in zip(paths, given, strict=True)],
    )
