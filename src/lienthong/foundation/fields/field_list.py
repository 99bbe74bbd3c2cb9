"""A list of fields, checked as a whole and compiled once: what a declaration says by `form: FieldList`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any, overload

from django.utils.translation import gettext as _
from pydantic import GetCoreSchemaHandler, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError, core_schema

from lienthong.foundation.fields import trials
from lienthong.foundation.fields.definition import AnyField, Field
from lienthong.foundation.fields.nodes import Complaint, Node, Path, Place, expressions_of, written
from lienthong.foundation.fields.references import ELEMENT, Reference, references
from lienthong.foundation.fields.types.structure import Section, Table

MOST_FIELDS = 1_000

APPLICANT: Mapping[str, Any] = dict.fromkeys(("name", "person_id", "tax_code", "phone", "email", "address"), "text")
NAMES: Mapping[str, Any] = {"applicant": APPLICANT}
"""Names that every expression may read beside the data, with sample values."""


class FieldList(Sequence[Field]):
    """Fields in the order they are asked.

    Raises pydantic's ValidationError for two fields of one name, an expression that reads what is not there or compares
    it with what it can never be, kinds of values that do not fit, and values that depend on each other in a circle. The
    places in the error are those of the declaration.
    """

    def __init__(self, fields: Iterable[Field] = (), names: Mapping[str, Any] = NAMES) -> None:
        self.fields = tuple(fields)
        self.names = {**NAMES, **names}
        nodes = list(_walk(self.fields, (), ()))
        complaints = list(_twice(nodes))
        if len(nodes) > MOST_FIELDS:
            complaints.append(Complaint((), _("more than %(most)s fields") % {"most": MOST_FIELDS}))
        if not complaints:
            self.nodes = {node.path: node for node in nodes}
            self.nodes = {node.path: self._with_reads(node, complaints) for node in nodes}
            self.order, self.row_orders = self._orders(complaints)
        if not complaints:
            complaints += trials.complaints(self)
        if complaints:
            raise _refusal(complaints)

    @overload
    def __getitem__(self, at: int) -> Field: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Field]: ...
    def __getitem__(self, at: int | slice) -> Field | Sequence[Field]:
        return self.fields[at]

    def __len__(self) -> int:
        return len(self.fields)

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FieldList) and self.fields == other.fields

    def __hash__(self) -> int:
        return hash(tuple(self.nodes))

    def __repr__(self) -> str:
        return f"FieldList({', '.join(f'{field.key}: {field.type}' for field in self.fields)})"

    # what an expression reads

    def complaints_of(self, reference: Reference, *, row: Path | None = None) -> Iterator[str]:
        """What is wrong with one place of an expression; `row` is the table in whose rows it stands."""
        if reference.path[0] == "today":
            return
        path = self.resolved(reference.path, row)
        if path is None:
            yield self._unknown(reference)
            return
        node = self.nodes.get(path)
        if node is None:
            return
        if reference.compared_with_null and node.field.members and len(reference.path) == len(path):
            yield _("“%(name)s” is never null; compare one of: %(members)s") % {
                "name": node.name,
                "members": ", ".join(f"{node.name}.{member}" for member in node.field.members),
            }
        possible = node.field.possible()
        for text in reference.compared_with:
            if not text:
                yield _("“%(name)s” is never an empty text; an empty field is null") % {"name": node.name}
            elif possible is not None and text not in possible:
                yield _("“%(name)s” can never be “%(text)s”; it is one of: %(possible)s") % {
                    "name": node.name,
                    "text": text,
                    "possible": ", ".join(sorted(possible)),
                }

    def resolved(self, path: Path, row: Path | None) -> Path | None:
        """The field that a path of an expression reads; the path itself for names beside the data; None: unknown."""
        if path[0] == "shown":
            return self.resolved(path[1:], None) if path[1:] else path
        if path[0] == "row" and row is not None:
            path = (*row, ELEMENT, *path[1:])
        if path[0] in self.names:
            members = self.names[path[0]]
            return path if len(path) == 1 or not isinstance(members, Mapping) or path[1] in members else None
        if path in self.nodes or (path[:-1] in self.nodes and path[-1] == ELEMENT):
            return path if path in self.nodes else path[:-1]
        owner = self.nodes.get(path[:-1])
        return owner.path if owner and path[-1] in owner.field.members else None

    def _unknown(self, reference: Reference) -> str:
        if reference.path[0] == "row":
            return _("row stands only in the fields of a table: there is no “%(name)s”") % {"name": reference.written}
        return _("there is no field “%(name)s”") % {"name": reference.written}

    def below(self, path: Path) -> Iterator[Path]:
        """The fields in a section or table."""
        return (each for each in self.nodes if len(each) > len(path) and each[: len(path)] == path)

    def _with_reads(self, node: Node, complaints: list[Complaint]) -> Node:
        read: dict[str, frozenset[Path]] = {}
        for attribute, sources in expressions_of(node.field).items():
            found: set[Path] = set()
            for reference in (r for source in sources for r in references(source)):
                wrong = list(self.complaints_of(reference, row=node.table))
                complaints += [Complaint((*node.place, attribute), why) for why in wrong]
                path = self.resolved(reference.path, node.table) if not wrong else None
                if path in self.nodes:
                    found |= {path, *self.below(path)} if isinstance(self.nodes[path].field, Section) else {path}
            read[attribute] = frozenset(found)
        reads = read.get("when", frozenset()) | read.get("value", frozenset())
        return Node(node.path, node.field, node.place, reads, read.get("required", frozenset()))

    # the order in which conditions and computed values are worked out

    def _orders(self, complaints: list[Complaint]) -> tuple[tuple[Path, ...], Mapping[Path, tuple[Path, ...]]]:
        outside: dict[Path, set[Path]] = {}
        rows: dict[Path, dict[Path, set[Path]]] = {}
        for node in self.nodes.values():
            table = node.table
            if table is None:
                parent = {node.path[:-1]} if len(node.path) > 1 else set()
                outside.setdefault(node.path, set()).update(parent, *(self._outside(read) for read in node.reads))
            else:
                same = {read for read in node.reads if read[: len(table) + 1] == (*table, ELEMENT)}
                rows.setdefault(table, {})[node.path] = same
                outside.setdefault(table, set()).update(*(self._outside(read) for read in node.reads - same))
        order = self._sorted(outside, complaints)
        return order, {table: self._sorted(graph, complaints) for table, graph in rows.items()}

    @staticmethod
    def _outside(read: Path) -> set[Path]:
        return {read[: read.index(ELEMENT)] if ELEMENT in read else read}

    def _sorted(self, graph: Mapping[Path, set[Path]], complaints: list[Complaint]) -> tuple[Path, ...]:
        try:
            return tuple(TopologicalSorter(graph).static_order())
        except CycleError as error:
            circle: list[Path] = error.args[1]
            why = _("these depend on each other in a circle: %(circle)s") % {
                "circle": " ← ".join(written(path) for path in circle)
            }
            complaints.append(Complaint(self.nodes[circle[0]].place, why))
            return ()

    @cached_property
    def dependents(self) -> Mapping[Path, frozenset[Path]]:
        """For every field that others depend on: those whose asking, value or being required may change with it."""
        direct: dict[Path, set[Path]] = {}
        for node in self.nodes.values():
            for read in node.reads | node.reads_for_required:
                direct.setdefault(read, set()).add(node.path)
        found = {path: frozenset(self._reached(path, direct)) for path in direct}
        return {path: reached for path, reached in found.items() if reached}

    def _reached(self, path: Path, direct: Mapping[Path, set[Path]]) -> set[Path]:
        reached: set[Path] = set()
        waiting = list(direct.get(path, ()))
        while waiting:
            each = waiting.pop()
            if each not in reached:
                reached.add(each)
                waiting += [*direct.get(each, ()), *(d for below in self.below(each) for d in direct.get(below, ()))]
        return {each for each in reached if not any(each[:n] in reached for n in range(1, len(each)))}

    def lists(self) -> Iterator[tuple[Place, str]]:
        """The code lists that the fields need, and where they are named."""
        for node in self.nodes.values():
            yield from (((*node.place, "list"), key) for key in node.field.lists())

    def registers(self) -> Iterator[tuple[Place, str]]:
        """The registers that the fields point to, and where they are named."""
        for node in self.nodes.values():
            yield from (((*node.place, "register"), key) for key in node.field.registers())

    # as a type of pydantic models

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return cls.core_schema(handler, NAMES)

    @classmethod
    def core_schema(cls, handler: GetCoreSchemaHandler, names: Mapping[str, Any]) -> core_schema.CoreSchema:
        def checked(fields: tuple[Field, ...]) -> FieldList:
            return cls(fields, names)

        def dumped(fields: FieldList, info: core_schema.SerializationInfo) -> list[dict[str, Any]]:
            return [field.model_dump(mode=info.mode, exclude_unset=True) for field in fields]

        declared = core_schema.no_info_after_validator_function(checked, handler.generate_schema(tuple[AnyField, ...]))
        return core_schema.no_info_wrap_validator_function(
            lambda given, declare: given if isinstance(given, FieldList) else declare(given),
            declared,
            serialization=core_schema.plain_serializer_function_ser_schema(dumped, info_arg=True),
        )


@dataclass(frozen=True, slots=True)
class Knows:
    """Names that expressions may read beside the data of a list: Annotated[FieldList, Knows({"form": None})].

    Each with a sample: a value of its kind, a mapping of members, or None where it can be anything.
    """

    names: Mapping[str, Any] = field(default_factory=dict)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return FieldList.core_schema(handler, self.names)


def _walk(fields: Iterable[Field], path: Path, place: Place) -> Iterator[Node]:
    for n, each in enumerate(fields):
        here, at = (*path, each.key), (*place, n)
        yield Node(here, each, at)
        if isinstance(each, Section):
            yield from _walk(each.fields, here, (*at, "fields"))
        elif isinstance(each, Table):
            yield from _walk(each.fields, (*here, ELEMENT), (*at, "fields"))


def _twice(nodes: Iterable[Node]) -> Iterator[Complaint]:
    seen: set[Path] = set()
    for node in nodes:
        if node.path in seen:
            yield Complaint((*node.place, "key"), _("there is another field “%(name)s”") % {"name": node.name})
        seen.add(node.path)


def _refusal(complaints: Iterable[Complaint]) -> ValidationError:
    details = [
        InitErrorDetails(type=PydanticCustomError("fields", "{why}", {"why": c.why}), loc=c.place, input=None)
        for c in complaints
    ]
    return ValidationError.from_exception_data("FieldList", details)
