"""What officers are told about documents."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.clock import ZONE
from lienthong.notifications.kinds import group, message

FOLLOWING = group("documents-following", _("Follow-up of documents"))

_OF_A_DOCUMENT: dict[str, object] = {
    "document": "125/SXD-QH",
    "abstract": "Về việc rà soát quy hoạch chi tiết khu dân cư phường Nghĩa Đức",
}
_DAY = datetime(2025, 3, 14, 17, 0, tzinfo=ZONE)

URGED = message(
    "document-urged",
    _("You are urged to settle a document"),
    FOLLOWING,
    gives={**_OF_A_DOCUMENT, "who": "Lê Văn Dũng", "words": "Đề nghị báo cáo trong ngày", "due": _DAY},
)
MORE_TIME_GRANTED = message(
    "document-more-time-granted",
    _("More time for a document was granted"),
    FOLLOWING,
    gives={**_OF_A_DOCUMENT, "who": "Lê Văn Dũng", "words": "Đồng ý", "due": _DAY},
)
MORE_TIME_REFUSED = message(
    "document-more-time-refused",
    _("More time for a document was refused"),
    FOLLOWING,
    gives={**_OF_A_DOCUMENT, "who": "Lê Văn Dũng", "words": "Phải xong trước kỳ họp", "due": _DAY},
)
BOOK_READY = message(
    "document-book-ready",
    _("A register of documents is ready as a file"),
    FOLLOWING,
    gives={"book": "Sổ đăng ký văn bản đến", "until": _DAY},
)
