"""What results write into registers, and what registers spare applicants: whether it can ever work. Checks on plain
values, with the file and line of the declaration."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from lienthong.foundation.definitions.catalogue import Catalogue
from lienthong.foundation.definitions.rules import Path, Problem
from lienthong.foundation.fields import trials
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.given import Unfit, possible, raw_of
from lienthong.foundation.fields.nodes import Node
from lienthong.foundation.fields.types.choices import Choice, Choices, CodeListField
from lienthong.foundation.fields.types.entries import Reference
from lienthong.foundation.fields.types.files import File
from lienthong.foundation.fields.types.identifiers import PersonId, TaxCode
from lienthong.foundation.fields.types.structure import Computed, Table
from lienthong.foundation.fields.types.texts import Paragraph, Text
from lienthong.procedures.receiving import Registers, registers
from lienthong.procedures.shapes import Enters, Prefill, ProcedureBody, ResultPaper

_DAY = date(2020, 1, 1)
RESULT: Mapping[str, Any] = {
    "number": "text",
    "day": _DAY,
    "signer": "text",
    "position": "text",
    "agency": "text",
    "place": "text",
    "unit": "text",
}
"""What expressions may read of the signed result: its number as printed, the day, who signed in which post, the agency
with its place and its administrative unit."""

DOSSIER: Mapping[str, Any] = {"code": "text", "title": "text", "variant": "text", "submitted": _DAY, "received": _DAY}
"""What they may read of the dossier."""

SAMPLE = "text"
"""What stands in samples for any text: it says nothing of what the text will be."""


def problems(body: ProcedureBody, catalogue: Catalogue) -> Iterator[Problem]:
    """Of a procedure as it is in one of its variants, or as a whole. A variant that changes nothing of it is not looked
    at again."""
    if body.variant and not {"form", "prefill", "results", "process"} & body.variant.own().keys():
        return
    room = registers()
    if room is None:
        if body.prefill or any(result.enters for result in body.results):
            yield Problem(("results",), _("there are no registers in this installation"))
        return
    for number, result in enumerate(body.results):
        if result.enters:
            yield from _entering(body, result, room, catalogue, ("results", number))
    for number, prefill in enumerate(body.prefill):
        yield from _prefilling(body.form, prefill, room, catalogue, ("prefill", number))


# what a result writes


def _entering(
    body: ProcedureBody, result: ResultPaper, room: Registers, catalogue: Catalogue, place: Path
) -> Iterator[Problem]:
    names = {"result": RESULT, "dossier": DOSSIER, "answers": _asked(body)}
    for field in (*body.form, *result.fields):
        if field.key in names:
            message = _("expressions of `enters` could not tell the field “%(name)s” from what they read beside it")
            yield Problem((*place, "enters"), message % {"name": field.key})
            return
    read = _read_by(body.form, result, names)
    if read is None:
        yield Problem((*place, "fields"), _("a field of the result is called as one that the form's conditions read"))
        return
    for number, enters in enumerate(result.enters):
        yield from _one(enters, read, room, catalogue, (*place, "enters", number))


def _asked(body: ProcedureBody) -> dict[str, Any]:
    """What officers are asked by the actions of the process, each with a sample; None where samples differ."""
    found: dict[str, Any] = {}
    for step in body.process.steps:
        for action in step.actions:
            for field in action.asks:
                found[field.key] = None
    return found


def _read_by(form: FieldList, result: ResultPaper, names: Mapping[str, Any]) -> FieldList | None:
    """The application and the result's own fields as one list; a field of the result hides one of the form."""
    own = {field.key for field in result.fields}
    try:
        return FieldList([*(field for field in form if field.key not in own), *result.fields], names)
    except ValidationError:
        return None


def _one(enters: Enters, read: FieldList, room: Registers, catalogue: Catalogue, place: Path) -> Iterator[Problem]:
    unknown = list(catalogue.refers(room.kind, enters.register_key, at=(*place, "register")))
    yield from unknown
    for name, source in (("since", enters.since), ("when", enters.when)):
        if source:
            for why in trials.check(read, source, condition=name == "when"):
                yield Problem((*place, name), why)
    found = None if unknown else catalogue.get(room.kind, enters.register_key)
    if found is None:
        return
    leaves = room.leaves(found)
    yield from _of_the_deed(enters, place)
    if enters.find and not _tells(enters.find, room.identities(found)):
        yield Problem((*place, "find"), _not_told(enters.register_key))
    for name, expressions in (("find", enters.find), ("values", enters.values)):
        for key, source in expressions.items():
            for why in _filled(leaves, key, source, read, room, catalogue, plain=name == "find"):
                yield Problem((*place, name, key), why)
    if enters.does == "enter":
        for key in _missing(leaves, enters.values):
            message = _("“%(name)s” must be filled in in the register, and nothing is said of it")
            yield Problem((*place, "values"), message % {"name": key})


def _tells(find: Iterable[str], identities: Iterable[Iterable[str]]) -> bool:
    """Whether at most one entry can be found so, and by an index."""
    return any(set(identity) <= set(find) for identity in identities)


def _not_told(register: str) -> str:
    return _("this may find several entries: give every field of one `identity` of the register “%(register)s”") % {
        "register": register
    }


def _of_the_deed(enters: Enters, place: Path) -> Iterator[Problem]:
    if enters.does == "enter" and enters.find:
        yield Problem((*place, "find"), _("a new entry is not looked for: leave `find` out"))
    if enters.does != "enter" and not enters.find:
        yield Problem((*place, "find"), _("say which entry: `find: {<field of the register>: <expression>}`"))
    if enters.does == "end" and enters.values:
        yield Problem((*place, "values"), _("what ends says nothing new: leave `values` out"))
    if enters.does == "change" and not enters.values:
        yield Problem((*place, "values"), _("say what becomes different"))


def _filled(
    leaves: Mapping[str, Node],
    key: str,
    source: str,
    read: FieldList,
    room: Registers,
    catalogue: Catalogue,
    *,
    plain: bool,
) -> Iterator[str]:
    """What is wrong with an expression for a field of a register: the first thing that is."""
    node = leaves.get(key)
    if node is None:
        yield _("the register has no field “%(name)s”") % {"name": key}
    elif plain and (why := _not_found_by(node.field)):
        yield why
    else:
        yield from list(trials.check(read, source)) or list(_unfit(node.field, source, read, room, catalogue))[:1]


def _not_found_by(field: Field) -> str:
    if isinstance(field, Table | Reference | File | Choices) or len(field.columns()) != 1:
        return _("entries are not found by “%(name)s”: it is not one plain value") % {"name": field.key}
    return ""


def _unfit(field: Field, source: str, read: FieldList, room: Registers, catalogue: Catalogue) -> Iterator[str]:
    """As far as samples tell."""
    for found in trials.outcomes(read, source):
        try:
            raw = raw_of(field, found)
        except Unfit as error:
            yield _("“%(name)s” %(why)s") % {"name": field.key, "why": error}
            continue
        if not possible(field, raw) and not _says_sample(raw):
            yield _("“%(name)s” can never be “%(text)s”") % {"name": field.key, "text": raw}
        if isinstance(field, Reference) and isinstance(raw, Mapping):
            yield from _not_of_the_other(field, raw, room, catalogue)


def _says_sample(raw: Any) -> bool:
    return any(SAMPLE in str(each) for each in (raw if isinstance(raw, list) else [raw]))


def _not_of_the_other(field: Reference, raw: Mapping[str, Any], room: Registers, catalogue: Catalogue) -> Iterator[str]:
    other = catalogue.get(room.kind, field.register_key)
    leaves = room.leaves(other) if other else {}
    for key in raw if other else ():
        if key != "id" and key not in leaves:
            yield _("the register “%(register)s” has no field “%(name)s”") % {
                "register": field.register_key,
                "name": key,
            }
        elif key != "id" and (why := _not_found_by(leaves[key].field)):
            yield why
    if other and "id" not in raw and not _tells(raw, room.identities(other)):
        yield _not_told(field.register_key)


def _missing(leaves: Mapping[str, Node], values: Mapping[str, str]) -> Iterable[str]:
    """Fields without which no entry is accepted, whatever the others say."""
    for key, node in leaves.items():
        field = node.field
        asked = field.required is True and field.when is None and field.default is None
        if asked and key not in values and not isinstance(field, Computed):
            yield key


# what a register spares the applicant


def _prefilling(
    form: FieldList, prefill: Prefill, room: Registers, catalogue: Catalogue, place: Path
) -> Iterator[Problem]:
    unknown = list(catalogue.refers(room.kind, prefill.register_key, at=(*place, "register")))
    yield from unknown
    found = None if unknown else catalogue.get(room.kind, prefill.register_key)
    if found is None:
        return
    leaves, public = room.leaves(found), room.public(found)
    for key, source in prefill.find.items():
        for why in _filled(leaves, key, source, form, room, catalogue, plain=True):
            yield Problem((*place, "find", key), why)
    if not _tells(prefill.find, room.identities(found)):
        yield Problem((*place, "find"), _not_told(prefill.register_key))
    yield from _owner(prefill, leaves, place)
    for target, key in prefill.fills.items():
        node = form.nodes.get(tuple(target.split(".")))
        if node is None:
            yield Problem((*place, "fills", target), _("the form has no field “%(field)s”") % {"field": target})
        elif key not in leaves:
            yield Problem((*place, "fills", target), _("the register has no field “%(name)s”") % {"name": key})
        elif not carries(leaves[key].field, node.field):
            message = _("“%(name)s” of the register does not fit the field “%(field)s”")
            yield Problem((*place, "fills", target), message % {"name": key, "field": target})
    if not prefill.owner:
        for key in {*prefill.find, *prefill.fills.values()} & leaves.keys():
            if key not in public:
                message = _("“%(name)s” is not public: say by `owner` whose entry it must be")
                yield Problem((*place, "owner"), message % {"name": key})


def _owner(prefill: Prefill, leaves: Mapping[str, Node], place: Path) -> Iterator[Problem]:
    if not prefill.owner:
        return
    node = leaves.get(prefill.owner)
    if node is None:
        yield Problem((*place, "owner"), _("the register has no field “%(name)s”") % {"name": prefill.owner})
    elif not isinstance(node.field, PersonId | TaxCode):
        message = _("“%(name)s” is no personal identification number and no tax code")
        yield Problem((*place, "owner"), message % {"name": prefill.owner})


def carries(known: Field, asked: Field) -> bool:
    """Whether what a field of a register says can be an answer to a field of a form."""
    if isinstance(asked, Computed | File | Table | Reference) or isinstance(known, Table | File):
        return False
    if isinstance(asked, Text | Paragraph):
        return True
    if known.type != asked.type:
        return False
    if isinstance(known, CodeListField) and isinstance(asked, CodeListField):
        return known.list == asked.list
    if isinstance(known, Choice | Choices) and isinstance(asked, Choice | Choices):
        return known.possible() <= asked.possible()
    return True
