"""Work items that lie about somewhere, made as business modules make them."""

from datetime import datetime, timedelta
from typing import Any

from lienthong.foundation.organisations.queries import by_key
from lienthong.identity.actors import Officer
from lienthong.work import services
from lienthong.work.models import WorkItem
from tests import cast

URBAN = "thanh-pho-gia-nghia-quan-ly-do-thi"
FINANCE = "thanh-pho-gia-nghia-tai-chinh-ke-hoach"


def item(number: int, due: datetime = cast.MONDAY + timedelta(days=3), **changes: Any) -> WorkItem:
    """A task for the handlers of urban management, about dossier `number`."""
    given: dict[str, Any] = {
        "subject": ("dossier", number),
        "part_id": number,
        "task": "Thẩm định hồ sơ",
        "title": f"Nhà ở số {number} đường Trần Hưng Đạo",
        "code": f"000.00.31.H16-250303-{number:04}",
        "organisation_id": by_key(changes.pop("at", URBAN)).id,
        "role": "case-handler",
        "opened_at": cast.MONDAY - timedelta(days=1),
        "due_at": due,
    }
    waiting = changes.pop("waiting", False)
    services.open_items([services.NewItem(**{**given, **changes})])
    if waiting:
        services.postpone(subject=("dossier", number), part_id=number, due_at=due, waiting=True)
    return WorkItem.objects.get(subject_id=number, is_open=True)


def handler() -> Officer:
    officer = cast.actor(cast.HANDLER)
    assert isinstance(officer, Officer)
    return officer
