"""A register as a data set: what of it is public, in which words, and who answers for it; finding one among all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.definitions.registry import Published
from lienthong.foundation.errors import NotFound
from lienthong.foundation.fields.code_lists import PUBLISHED
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.lists import CodeList
from lienthong.foundation.fields.nodes import Node
from lienthong.foundation.fields.schema import DIALECT, described
from lienthong.foundation.fields.typed import folded
from lienthong.foundation.organisations.definition import FUNCTIONS
from lienthong.foundation.organisations.queries import province, tree
from lienthong.foundation.organisations.rules import Node as Agency
from lienthong.registers import access, queries
from lienthong.registers.definition import GROUPS, REGISTER, RegisterBody
from lienthong.registers.exporting.writing import has_geometry
from lienthong.registers.layers import Layer, of
from lienthong.registers.open_data.declared import LICENCES, OpenData
from lienthong.registers.queries import NEWEST, Entry

THEMES = "open-data-themes"
"""The code list that says for each sector database which theme of the EU's data-theme vocabulary it belongs to."""

FORMATS = ("csv", "xlsx", "json", "geojson")


class NoSuchDataSet(NotFound):
    code = "open_data.no_such_data_set"


@dataclass(frozen=True, slots=True)
class Licence:
    """Conditions of use; without an `address` they stand on our own page."""

    code: str
    name: str
    address: str = ""


@dataclass(frozen=True)
class DataSet:
    """A register of which something is public."""

    body: RegisterBody
    edition: int
    """Id of the declaration."""

    @property
    def key(self) -> str:
        return self.body.key

    @property
    def name(self) -> str:
        return self.body.name

    @cached_property
    def rights(self) -> access.Rights:
        return access.public(self.body)

    @cached_property
    def declared(self) -> OpenData:
        return self.body.open_data or OpenData()

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """The public fields in the order of the form."""
        return tuple(node for key, node in self.body.leaves.items() if key in self.rights.fields)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(node.field.key for node in self.nodes)

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(node.field for node in self.nodes)

    @cached_property
    def formats(self) -> tuple[str, ...]:
        with_map = has_geometry(self.nodes)
        return tuple(each for each in FORMATS if each != "geojson" or with_map)

    @cached_property
    def named_in_it(self) -> dict[str, Published[RegisterBody]]:
        """The registers whose entries it points to: what these are called stands in it, and so does what they are
        called by themselves."""
        every = {each.key: each for each in REGISTER.all()}
        found: dict[str, Published[RegisterBody]] = {}
        ahead = {key for field in self.fields for key in field.registers()}
        while ahead := {key for key in ahead if key in every and key not in found}:
            found |= {key: every[key] for key in ahead}
            bodies = [every[key].body for key in ahead]
            ahead = {key for body in bodies for title in body.title for key in body.leaves[title].field.registers()}
        return found

    @cached_property
    def basis(self) -> str:
        """Stands for the declarations that say what of it is public."""
        editions = sorted([self.edition, *(each.id for each in self.named_in_it.values())])
        return sha256(repr(editions).encode()).hexdigest()

    @property
    def layers(self) -> list[Layer]:
        return list(of(self.body, self.rights))

    @property
    def description(self) -> str:
        """What it is, in Vietnamese; never empty."""
        return self.body.about or _now("Entries of the register “%(name)s”.") % {"name": self.name}

    @cached_property
    def group_name(self) -> str:
        return name_in(GROUPS, self.body.group)

    @cached_property
    def keeper_names(self) -> tuple[str, ...]:
        """What the agencies that keep it do."""
        return tuple(name_in(FUNCTIONS, key) for key in self.body.keepers)

    @cached_property
    def agencies(self) -> tuple[Agency, ...]:
        """Those that keep it today."""
        today = clock.today()
        return tuple({n.id: n for key in self.body.keepers for n in tree().with_function(key, today)}.values())

    @property
    def publisher(self) -> Agency | None:
        """The agency that keeps it; where several do, or none, the committee of the province."""
        return self.agencies[0] if len(self.agencies) == 1 else committee()

    @property
    def contact(self) -> str:
        return self.declared.contact or province().email

    @cached_property
    def licence(self) -> Licence:
        return licences().get(self.declared.licence) or default_licence()

    @cached_property
    def theme(self) -> str:
        """A code of the EU's data-theme vocabulary; "" where none is said."""
        item = _list(THEMES).find(self.body.group, clock.today())
        return item.name if item else ""

    @cached_property
    def searched(self) -> str:
        said = [self.name, self.body.singular, self.body.about, self.group_name, *self.declared.keywords]
        return folded(" ".join([*said, *self.keeper_names, *(field.label for field in self.fields)]))

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the rows, as they stand in the JSON file and in the API. What a form demands the data need not
        have, and conditions name fields that are not public: both are left out."""
        plain = [field.model_copy(update={"required": False, "when": None}) for field in self.fields]
        rows = described(plain)
        day = {"type": "string", "format": "date"}
        own = {
            "id": {"title": _now("Number of the entry"), "type": "integer"},
            "valid_from": {"title": _now("In force from"), **day},
            "valid_until": {"title": _now("In force until"), **day, "type": ["string", "null"]},
        }
        return {
            "$schema": DIALECT,
            "title": self.name,
            "description": self.description,
            "type": "array",
            "items": {**rows, "properties": own | rows["properties"], "required": list(own)},
        }

    def entries(self) -> Iterator[Entry]:
        """All that are public and in force, the newest first."""
        return queries.every(self.body, self.rights, sort=NEWEST)

    def first(self, size: int) -> list[Entry]:
        """The newest of them."""
        return queries.page(self.body, self.rights, sort=NEWEST, size=size)[:size]


def published() -> list[DataSet]:
    """All data sets, by name."""
    found = [DataSet(each.body, each.id) for each in REGISTER.all() if access.public(each.body)]
    return sorted(found, key=lambda each: folded(each.name))


def find(key: str) -> DataSet:
    """Raises NoSuchDataSet, for a register of which nothing is public as for one that is not there."""
    found = next((each for each in REGISTER.all() if each.key == key and access.public(each.body)), None)
    if found is None:
        raise NoSuchDataSet(_("There is no such open data."), way_out=_("Look for it in the list of data sets."))
    return DataSet(found.body, found.id)


def search(sets: Sequence[DataSet], *, words: str = "", group: str = "", keeper: str = "") -> list[DataSet]:
    """Those that have all words, with accents or without, and belong to a sector database or to a kind of agency."""
    wanted = folded(words).split()
    return [
        each
        for each in sets
        if (not group or each.body.group == group)
        and (not keeper or keeper in each.body.keepers)
        and all(word in each.searched for word in wanted)
    ]


def committee() -> Agency | None:
    """The people's committee of the province."""
    return next(iter(tree().with_function("province-committee", clock.today())), None)


def licences() -> dict[str, Licence]:
    return {item.code: Licence(item.code, item.name, item.note) for item in _list(LICENCES).valid(clock.today())}


def default_licence() -> Licence:
    own = Licence("", _now("Terms of use of open data"))
    return next(iter(licences().values()), own)


def name_in(code_list: str, code: str) -> str:
    """As people call it; the code where the list does not have it."""
    return _list(code_list).name(code, clock.today())


def _list(key: str) -> CodeList:
    return PUBLISHED.code_list(key, clock.today())
