"""An entry of a register that was chosen. What registers are is no business of fields: the context finds entries."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from pydantic import ConfigDict
from pydantic import Field as Attribute
from pydantic_core import PydanticCustomError

from lienthong.foundation.fields.context import Context, EntryRef
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.problems import Invalid, wrong_kind
from lienthong.foundation.fields.raw import ABSENT, Absent, Posted
from lienthong.foundation.fields.references import ELEMENT
from lienthong.foundation.fields.typed import folded, is_blank, one_line

if TYPE_CHECKING:
    from lienthong.foundation.fields.field_list import FieldList

LONGEST = 200
"""Characters of what is looked for."""

MOST_MEANT = 100
"""Entries that a list is narrowed to at once."""

_LARGEST = 2**63


class Reference(Field):
    """People type what they look for, and choose among what fits: from a list that follows their typing, or, where
    there is no JavaScript, after sending the form. What is called exactly so, and nothing else is, counts at once. A
    dossier keeps what the entry was called when it was chosen; a register keeps the entry alone. Whoever fills in
    chooses among the entries in force that are theirs to read: people who apply, only from a register whose `title` is
    public."""

    model_config = ConfigDict(serialize_by_alias=True)

    type: Literal["reference"] = "reference"
    register_key: str = Attribute(
        alias="register", pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="Key of the register"
    )
    restrict: bool = Attribute(
        False, description="In a register: whether the entry cannot be ended while entries in force point to it"
    )

    about: ClassVar[str] = "An entry of a register; kept as its id and its title"
    asks: ClassVar[str | Promise] = _("Choose %(label)s.")
    template: ClassVar[str] = "fields/widgets/reference.html"
    members: ClassVar[tuple[str, ...]] = ("id", "title")
    offered: ClassVar[int] = 10

    def check_default(self, default: Any) -> None:
        raise PydanticCustomError("default", "{why}", {"why": _now("a reference has no default")})

    def registers(self) -> Iterable[str]:
        return (self.register_key,)

    # the value. Raw is {"id", "title"} as it is kept, {"id", "words"} as it was typed, or words alone.

    def blank(self, raw: Any) -> bool:
        if not isinstance(raw, dict):
            return super().blank(raw)
        if "words" in raw:
            return super().blank(raw["words"])
        return raw.get("id") in (None, "")

    def parse(self, raw: Any, context: Context) -> EntryRef:
        if isinstance(raw, str):
            return self._called(self.text(raw, LONGEST), context)
        if not isinstance(raw, dict):
            raise wrong_kind()
        words = self.text(raw["words"], LONGEST) if "words" in raw else None
        found = self._of_id(raw.get("id"), context)
        if found is not None and (words is None or folded(words) == folded(found.title)):
            return found
        if words is not None:
            return self._called(words, context)
        raise Invalid.because("no_such_entry", _("There is no such entry to choose. Choose it again."))

    def _of_id(self, given: Any, context: Context) -> EntryRef | None:
        id = id_in(given)
        return None if id is None else context.entries.find(self.register_key, [id]).get(id)

    def _called(self, words: str, context: Context) -> EntryRef:
        """The one entry that is called so, without regard to case and tone marks."""
        found = self._fitting(words, context)
        exact = [each for each in found if folded(each.title) == folded(words)]
        if len(exact) == 1:
            return exact[0]
        if found:
            raise Invalid.because("unclear", _("Choose which one “%(typed)s” means."), typed=words[:100])
        raise self._nothing_like(words)

    def _fitting(self, words: str, context: Context) -> list[EntryRef]:
        if not words or len(words) > LONGEST:
            return []
        return list(context.entries.search(self.register_key, words, self.offered))

    def to_json(self, value: Any) -> dict[str, Any]:
        return {"id": value.id, "title": value.title}

    def from_json(self, json: Any) -> EntryRef:
        return EntryRef(int(json["id"]), str(json["title"]))

    def read_by_expressions(self, value: Any, context: Context) -> dict[str, Any]:
        return {"id": value.id, "title": value.title} if value else dict.fromkeys(self.members)

    def samples(self) -> Iterable[EntryRef]:
        return (EntryRef(1, "text"),)

    def show(self, value: Any, context: Context) -> str:
        return str(value.title)

    def json_schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {"id": {"type": "integer", "minimum": 1}, "title": {"type": "string", "readOnly": True}},
            "required": ["id"],
            "additionalProperties": False,
            "x-register": self.register_key,
        }

    # the table

    def columns(self) -> "Mapping[str, models.Field[Any, Any]]":
        """The id; the register ties it to the other's table. What it is called is looked up when it is shown."""
        return {"": models.BigIntegerField(null=True)}

    def to_columns(self, value: Any) -> Mapping[str, Any]:
        return {"": value.id if value else None}

    def from_columns(self, stored: Mapping[str, Any]) -> EntryRef | None:
        return None if stored[""] is None else EntryRef(stored[""], nameless(stored[""]))

    def meant(self, wanted: str, context: Context) -> Sequence[Any]:
        """The entry of that number (#12), else all that the words fit."""
        words = one_line(self.readable(wanted, LONGEST))
        if words.startswith("#") and (id := id_in(words[1:])):
            return (id,)
        found = context.entries.search(self.register_key, words[:LONGEST], MOST_MEANT)
        if not found:
            raise self._nothing_like(words)
        return [entry.id for entry in found]

    @staticmethod
    def _nothing_like(words: str) -> Invalid:
        message = _("There is nothing like “%(typed)s” to choose. Try other words.")
        return Invalid.because("no_such_entry", message, typed=words[:100])

    # the form: a box for words, beside it the id, and after sending what may be meant

    def from_post(self, posted: Posted) -> Any | Absent:
        """A choice among what was offered counts as long as it is still what was looked for."""
        sent = {
            name: posted.at([name]).values[-1]
            for name in ("id", "words", "pick", "offered")
            if posted.at([name]).values
        }
        if "words" not in sent:
            return {"id": sent["id"]} if "id" in sent else ABSENT
        if sent.get("pick") and one_line(sent["words"]) == one_line(sent.get("offered", "")):
            return {"id": sent["pick"]}
        return {"id": sent.get("id", ""), "words": sent["words"]}

    def to_post(self, raw: Any, name: str) -> Iterable[tuple[str, str]]:
        if isinstance(raw, dict) and not isinstance(raw.get("id"), bool | None):
            yield f"{name}.id", str(raw["id"])
        if words := self.as_typed(raw):
            yield f"{name}.words", words

    def as_typed(self, raw: Any) -> str:
        given = (raw.get("words", raw.get("title")) if isinstance(raw, dict) else raw) or ""
        return given if isinstance(given, str) else ""

    def widget(self, raw: Any, context: Context) -> dict[str, Any]:
        words = self.as_typed(raw)
        chosen = isinstance(raw, dict) and "title" in raw
        found = [] if chosen or is_blank(words) else self._fitting(one_line(words), context)
        id = id_in(raw.get("id")) if isinstance(raw, dict) else None
        return {
            "box": "words",
            "searched": True,
            "address": context.entries.address(self.register_key),
            "id": "" if id is None else id,
            "offers": [{"id": str(each.id), "title": each.title, "more": more} for each, more in told_apart(found)],
            "all_offered": len(found) < self.offered,
        }


def nameless(id: int) -> str:
    """What an entry is called to whom its title is not to be shown."""
    return _now("entry %(id)d") % {"id": id}


def id_in(given: Any) -> int | None:
    """The id of an entry that was sent, as a number or its digits; None for anything that is none."""
    if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) < 20:
        given = int(given)
    return given if type(given) is int and 0 < given < _LARGEST else None


def told_apart(found: Sequence[EntryRef]) -> Iterator[tuple[EntryRef, str]]:
    """Each with what tells it from others of the same title."""
    titles = [each.title for each in found]
    return ((each, nameless(each.id) if titles.count(each.title) > 1 else "") for each in found)


def chosen(fields: Iterable[Field], values: Mapping[str, Any]) -> Iterator[tuple[str, EntryRef]]:
    """The entries that stand in data, each with the key of its register."""
    for field in fields:
        value = values.get(field.key)
        if isinstance(field, Reference) and isinstance(value, EntryRef):
            yield field.register_key, value
        elif isinstance(value, Mapping):
            yield from chosen(getattr(field, "fields", ()), value)
        elif isinstance(value, list):
            for row in value:
                yield from chosen(getattr(field, "fields", ()), row)


def look_up(fields: "FieldList", raw: Mapping[str, Any], context: Context) -> None:
    """Ask for everything that was chosen at once, before it is asked for one by one: the context remembers."""
    wanted: dict[str, set[int]] = {}
    for node in fields.nodes.values():
        if isinstance(node.field, Reference):
            for given in _at(raw, node.path):
                id = id_in(given.get("id")) if isinstance(given, dict) else None
                if id is not None:
                    wanted.setdefault(node.field.register_key, set()).add(id)
    for register, ids in wanted.items():
        if len(ids) > 1:
            context.entries.find(register, ids)


def _at(raw: Any, path: tuple[str, ...]) -> Iterator[Any]:
    if not path:
        yield raw
    elif path[0] == ELEMENT:
        for row in raw if isinstance(raw, list | tuple) else ():
            yield from _at(row, path[1:])
    elif isinstance(raw, Mapping):
        yield from _at(raw.get(path[0]), path[1:])
