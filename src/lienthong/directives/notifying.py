"""What officers are told about directives."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.clock import ZONE
from lienthong.notifications.kinds import group, message

DIRECTIVES = group("directives", _("Directives"))

_GIVES: dict[str, object] = {
    "directive": "12/2025",
    "content": "Rà soát, báo cáo tiến độ giải phóng mặt bằng khu dân cư phường Nghĩa Đức",
    "who": "Lê Văn Dũng",
    "words": "Đề nghị báo cáo trong ngày",
    "due": datetime(2025, 3, 14, 17, 0, tzinfo=ZONE),
}

URGED = message("directive-urged", _("You are urged to carry out a directive"), DIRECTIVES, gives=_GIVES)
RETURNED = message("directive-returned", _("A report of completion was returned"), DIRECTIVES, gives=_GIVES)
CANCELLED = message("directive-cancelled", _("A directive was cancelled"), DIRECTIVES, gives=_GIVES)
MORE_TIME_GRANTED = message(
    "directive-more-time-granted", _("More time for a directive was granted"), DIRECTIVES, gives=_GIVES
)
MORE_TIME_REFUSED = message(
    "directive-more-time-refused", _("More time for a directive was refused"), DIRECTIVES, gives=_GIVES
)
