"""What was read from the files of a form, as suggestions for its boxes: they fill what is empty, name their words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from lienthong.documents.definition import DOCUMENT_KINDS
from lienthong.documents.models import Arrival, WaitingFile
from lienthong.documents.rules.recognising import Found, Kind, recognise
from lienthong.documents.services import waiting as waiting_files
from lienthong.foundation import clock
from lienthong.foundation.fields.code_lists import CODE_LIST
from lienthong.foundation.files.models import Reading

BEFORE = "ban-dau-"
"""Before the name of a box in that of the hidden one that says what the form itself put in: that may be replaced."""
SURE_ENOUGH = 0.7


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`value` as the box takes it, `words` from which it was read. `mail`: they stand in the headers of a message."""

    value: str
    words: str
    sure: bool
    mail: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands beside a box: that what is in it is a suggestion, or that the file says something else."""

    suggestion: Suggestion
    taken: bool
    shown: str


def suggested(waiting: Sequence[WaitingFile], agencies: Iterable[str]) -> dict[str, Suggestion]:
    """By the names of the boxes; empty where nothing was read. The document says more of itself than its message."""
    found: dict[str, Suggestion] = {}
    for each in waiting:
        if each.mail:
            found |= _of_mail(each.mail)
    first = next(iter(waiting), None)
    if first and first.how and not first.mail:
        found |= _of_text(first, agencies)
    return found


def _of_mail(mail: Mapping[str, str]) -> dict[str, Suggestion]:
    sender = f"{mail['from']} <{mail['address']}>"
    found = {"cach-den": Suggestion(Arrival.Way.MAIL, sender, True, mail=True)}
    if mail["from"]:
        found["co-quan-gui"] = Suggestion(mail["from"], sender, False, mail=True)
    if mail["subject"]:
        found["trich-yeu"] = Suggestion(mail["subject"], mail["subject"], False, mail=True)
    sent = datetime.fromisoformat(mail["sent"]) if mail["sent"] else None
    if sent and sent <= clock.now():
        day = clock.local(sent).date().isoformat()
        found["ngay-den"] = Suggestion(day, f"{clock.local(sent):%d/%m/%Y %H:%M}", True, mail=True)
    return found


def _of_text(waiting: WaitingFile, agencies: Iterable[str]) -> dict[str, Suggestion]:
    items = CODE_LIST.current(DOCUMENT_KINDS).body.items
    kinds = [Kind(item.code, item.name, item.note or "") for item in items]
    read = recognise(waiting.text, kinds=kinds, agencies=agencies)
    found = {
        "so": _from(read.mark),
        "ngay-van-ban": _from(read.dated),
        "loai": _from(read.kind),
        "co-quan-gui": _from(read.issuer),
        "trich-yeu": _from(read.abstract),
        "nguoi-ky": _from(read.signer_name),
        "chuc-vu": _from(read.signer_position),
    }
    if read.urgency:
        found["do-khan"] = Suggestion(str(int(read.urgency.value)), read.urgency.words, True)
    if waiting.pages:
        found["so-trang"] = Suggestion(str(waiting.pages), waiting.file.name, True)
    return {name: suggestion for name, suggestion in found.items() if suggestion}


def _from(found: Found[object] | None) -> Suggestion | None:
    return Suggestion(str(found.value), found.words, found.sure >= SURE_ENOUGH) if found else None


def filled(given: Mapping[str, str], suggestions: Mapping[str, Suggestion]) -> dict[str, str]:
    """The form with suggestions where nothing was typed or chosen. What somebody wrote stays."""
    taken = {name: each.value for name, each in suggestions.items() if is_untouched(given, name)}
    before = {f"{BEFORE}{name}": value for name, value in taken.items() if f"{BEFORE}{name}" in given}
    return {**given, **taken, **before}


def is_untouched(given: Mapping[str, str], name: str) -> bool:
    return not given.get(name, "").strip() or given[name] == given.get(f"{BEFORE}{name}")


def marks(
    given: Mapping[str, str], suggestions: Mapping[str, Suggestion], names: Mapping[str, Mapping[str, str]]
) -> dict[str, Mark]:
    """By the names of the boxes as templates have them; `names`: what the values of choices are called."""
    found = {}
    for name, each in suggestions.items():
        taken = given.get(name, "").strip() == each.value.strip()
        shown = names.get(name, {}).get(each.value) or _day_or_as_it_is(each.value)
        found[name.replace("-", "_")] = Mark(each, taken, shown)
    return found


def _day_or_as_it_is(value: str) -> str:
    try:
        return f"{datetime.strptime(value, '%Y-%m-%d'):%d/%m/%Y}"  # noqa: DTZ007 - a day
    except ValueError:
        return value


def how_it_went(waiting: Sequence[WaitingFile], suggestions: Mapping[str, Suggestion]) -> tuple[str, str]:
    """What to say above the form after reading: the tone and the words; nothing when nobody has had it read."""
    first = next(iter(waiting), None)
    if first is None or not first.how:
        return "", ""
    name = first.file.name
    if first.how == waiting_files.NO_PROGRAM:
        return "soon", _(
            "“%(name)s” is a scan, and this server has no program that reads scans. Type what it says."
        ) % {"name": name}
    if first.how in (Reading.FAILED, Reading.NO_TEXT):
        return "soon", _("No words could be read in “%(name)s”. Type what it says.") % {"name": name}
    if not suggestions:
        return "soon", _("“%(name)s” was read, and nothing in it looks like the head of a document.") % {"name": name}
    return "info", _("“%(name)s” was read. What was found stands in the empty boxes: compare it with the document.") % {
        "name": name
    }
