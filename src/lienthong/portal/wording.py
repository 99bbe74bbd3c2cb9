"""The words and small pictures of the portal that depend on what they speak of."""

from collections.abc import Sequence
from itertools import zip_longest

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.cases.models import ReturnWay
from lienthong.cases.rules import Status
from lienthong.foundation import clock
from lienthong.foundation.fields.code_lists import PUBLISHED
from lienthong.foundation.fields.typed import folded
from lienthong.foundation.organisations.definition import FUNCTIONS
from lienthong.procedures.shapes import ProcedureBody, ProcedureField
from lienthong.ui.formatting import Tone

LEVELS: dict[str, Promise] = {
    "province": _("Province"),
    "district": _("District"),
    "commune": _("Commune"),
}

SUBJECTS: dict[str, Promise] = {
    "citizen": _("Citizens"),
    "business": _("Businesses"),
    "organisation": _("Organisations"),
    "foreigner": _("Foreigners"),
}

RETURN_WAYS: dict[ReturnWay, tuple[Promise, Promise]] = {
    ReturnWay.ONLINE: (_("Online"), _("Signed, to be downloaded here as soon as it is there; you need not come.")),
    ReturnWay.COUNTER: (_("At the one-stop shop"), _("You fetch it where the dossier is received.")),
    ReturnWay.POST: (_("By post"), _("The public post brings it; its charge is paid to the post.")),
}

STATUS_LOOKS: dict[int, tuple[Tone, str]] = {
    Status.REGISTERED: ("info", "send"),
    Status.RECEIVED: ("info", "inbox"),
    Status.REFUSED: ("neutral", "slash-circle"),
    Status.PROCESSING: ("info", "arrow-repeat"),
    Status.SUPPLEMENT: ("soon", "pause-circle"),
    Status.FINANCIAL: ("soon", "cash-coin"),
    Status.WITHDRAWN: ("neutral", "arrow-return-left"),
    Status.STOPPED: ("neutral", "slash-circle"),
    Status.FINISHED: ("ok", "award"),
    Status.RETURNED: ("ok", "check-circle"),
}
"""The tone and icon of each national status."""

_FIELD_ICONS = (
    (("ho tich", "khai sinh", "cu tru", "hon nhan"), "people"),
    (("xay dung", "nha o", "quy hoach"), "house-door"),
    (("doanh nghiep", "kinh doanh", "thuong mai", "cong thuong"), "shop"),
    (("dat dai", "tai nguyen", "moi truong"), "map"),
    (("giao thong", "van tai"), "car-front"),
    (("giao duc", "dao tao"), "mortarboard"),
    (("y te", "suc khoe", "bao hiem"), "heart-pulse"),
    (("lao dong", "viec lam", "nguoi co cong"), "briefcase"),
    (("chung thuc", "tu phap"), "patch-check"),
    (("van hoa", "the thao", "du lich"), "star"),
    (("thue", "tai chinh"), "cash-coin"),
    (("nong nghiep", "lam nghiep"), "tree"),
)


def field_icon(field: ProcedureField) -> str:
    """A small picture for a field of law, by the words in its name."""
    name = folded(field.name)
    return next((icon for words, icon in _FIELD_ICONS if any(word in name for word in words)), "folder2-open")


def function_name(function: str) -> str:
    """What agencies with this function are called: Ủy ban nhân dân cấp huyện."""
    today = clock.today()
    return PUBLISHED.code_list(FUNCTIONS, today).name(function, today)


def shortcut(procedure: ProcedureBody) -> str:
    """The few words by which people know a procedure: its first keyword, else its name."""
    words = procedure.keywords[0] if procedure.keywords else procedure.name
    return words[:1].upper() + words[1:]


def sought(procedures: Sequence[ProcedureBody], most: int = 4) -> str:
    """What people look for in a field, in their own words: the first keywords of its procedures in turn."""
    rounds = zip_longest(*(procedure.keywords for procedure in procedures))
    words = list(dict.fromkeys(word for one in rounds for word in one if word))[:most]
    return (words[0][:1].upper() + ", ".join(words)[1:] + " …") if words else ""
