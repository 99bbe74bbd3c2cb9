"""Never asked twice: answers of an application taken from registers that know them.

What is public anybody may take; everything else only who the entry is about, when a clerk has confirmed the number of
that account, or a business's legal representative. At the counter it is taken for who stands there with a card: by the
number that was read off it, and what is personal in it is on record as read by the clerk. Nothing that was typed is
overwritten.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeAlias

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.cases import values
from lienthong.cases.models import CounterEntry
from lienthong.cases.services import counter
from lienthong.cases.services.drafting import draft_of
from lienthong.cases.services.representing import facts_for, require_mandate
from lienthong.foundation import clock
from lienthong.foundation.errors import NotFound
from lienthong.foundation.fields import expressions
from lienthong.foundation.fields.cleaning import Cleaned, clean
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.data import Names, is_empty, start
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.problems import Invalid
from lienthong.foundation.fields.references import references
from lienthong.foundation.fields.types.texts import Paragraph, Text
from lienthong.identity.actors import Officer
from lienthong.identity.models import Mandate, Person
from lienthong.identity.queries import Actor
from lienthong.procedures.entering import carries
from lienthong.procedures.receiving import Known, Reading, registers
from lienthong.procedures.shapes import Prefill, ProcedureBody

Numbers: TypeAlias = Callable[[], set[str]]
"""Asked only where something is not public: the numbers under which registers may tell of this person."""

State = Literal["filled", "nothing-new", "not-found", "not-confirmed", "say-first"]


class NothingToFetch(NotFound):
    code = "cases.nothing_to_fetch"


@dataclass(frozen=True, slots=True)
class Offer:
    """A register from which answers can be taken. `asks` and `fills` are labels of the form: what finds the entry, and
    what is then known. `confirmed`: whether it is this person's to ask."""

    number: int
    register: str
    asks: tuple[str, ...]
    fills: tuple[str, ...]
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of it. `filled` are labels of the answers that were taken."""

    offer: Offer
    state: State
    filled: tuple[str, ...] = ()


def offers(procedure: ProcedureBody, keys: Iterable[str], asked: Iterable[str], numbers: Numbers) -> list[Offer]:
    """Of the outermost fields `keys`: the registers that know answers to them, where what finds the entry is asked.
    `asked` are the paths of the fields that are. `numbers` are asked for where any is a person's own."""
    room, shown, paths = registers(), set(keys), set(asked)
    if room is None:
        return []
    there = [
        (number, prefill)
        for number, prefill in enumerate(procedure.prefill)
        if any(path.split(".")[0] in shown and path in paths for path in prefill.fills)
        and all(".".join(path) in paths for path in _read(procedure, prefill))
    ]
    own = any(prefill.owner for _number, prefill in there)
    known = numbers() if own else set()
    found = (_offer(number, prefill, procedure, known) for number, prefill in there)
    return [offer for offer in found if offer.register]


def _offer(number: int, prefill: Prefill, procedure: ProcedureBody, numbers: set[str]) -> Offer:
    room = registers()
    form = procedure.form
    return Offer(
        number=number,
        register=room.name(prefill.register_key) if room else "",
        asks=tuple(dict.fromkeys(form.nodes[path].field.label for path in _read(procedure, prefill))),
        fills=tuple(form.nodes[path].field.label for path in map(_steps, prefill.fills) if path in form.nodes),
        confirmed=not prefill.owner or bool(numbers),
    )


def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))


def _read(procedure: ProcedureBody, prefill: Prefill) -> Iterator[tuple[str, ...]]:
    """The fields of the form by which the entry is found."""
    for reference in (each for source in prefill.find.values() for each in references(source)):
        path = procedure.form.resolved(reference.path, None)
        if path in procedure.form.nodes:
            yield path


def confirmed_numbers(applicant: Actor, mandate: Mandate | None) -> set[str]:
    """The numbers under which registers may tell this person what is not public: the own one, when a clerk has
    confirmed it, or the tax code of a business that the person represents by law."""
    if mandate is not None:
        return {mandate.identity} if mandate.for_business and mandate.kind == Mandate.Kind.LEGAL else set()
    own = Person.objects.filter(account_id=applicant.account_id, confirmed_at__isnull=False)
    return set(own.exclude(person_id="").values_list("person_id", flat=True))


@transaction.atomic
def fetch(*, key: uuid.UUID, applicant: Actor, number: int) -> Fetched:
    """Fill in what is still empty of a draft with what a register knows. Asked again it finds nothing new.

    What is not there and what is not theirs to know is answered alike. Raises NoSuchDraft, MandateEnded and
    NothingToFetch.
    """
    draft = draft_of(key, applicant, lock=True)
    mandate = require_mandate(draft)
    context = values.context_for(applicant.account_id, facts_for(applicant.account_id, mandate))
    fetched = _take(
        values.procedure_of(draft), number, draft.data, context, partial(confirmed_numbers, applicant, mandate)
    )
    if fetched.filled:
        draft.updated_at = clock.now()
        draft.save(update_fields=["data", "updated_at"])
    return fetched


def number_shown(entry: CounterEntry) -> set[str]:
    """Of who stands at the counter: the number that was read off the card when the application was begun, which is on
    record."""
    number = entry.person.get("person_id", "")
    return {number} if number else set()


@transaction.atomic
def fetch_at_counter(*, key: uuid.UUID, officer: Officer, number: int) -> Fetched:
    """As `fetch`, for an application that a clerk types in. Personal data that is filled in is on record as read by the
    clerk. Raises NoSuchEntry, NotReceivedHere and NothingToFetch."""
    entry = counter.entry_of(key, officer, lock=True)
    procedure = counter.procedure_of(entry)
    context = counter.context_of(entry, officer)
    fetched = _take(
        procedure, number, entry.data, context, partial(number_shown, entry), Reading(officer, procedure.name)
    )
    if fetched.filled:
        entry.updated_at = clock.now()
        entry.save(update_fields=["data", "updated_at"])
    return fetched


def _take(
    procedure: ProcedureBody,
    number: int,
    data: dict[str, Any],
    context: Context,
    of: Numbers,
    reading: Reading | None = None,
) -> Fetched:
    """Fill in `data`, which the caller saves when anything was. Raises NothingToFetch."""
    room = registers()
    if room is None or not 0 <= number < len(procedure.prefill):
        raise NothingToFetch(_("There is nothing to be taken from a register here."))
    prefill = procedure.prefill[number]
    numbers = of() if prefill.owner else set()
    offer = _offer(number, prefill, procedure, numbers)
    if not offer.confirmed:
        return Fetched(offer, "not-confirmed")
    cleaned = clean(procedure.form, values.answers(procedure.form, data), context, draft=True)
    names = Names(procedure.form, cleaned.values, context)
    find = {field: expressions.evaluate(source, names) for field, source in prefill.find.items()}
    if any(value is None for value in find.values()):
        return Fetched(offer, "say-first")
    wanted = set(prefill.fills.values())
    known = room.known(prefill.register_key, find, wanted, owner=prefill.owner, numbers=numbers, reading=reading)
    if known is None:
        return Fetched(offer, "not-found")
    filled = _fill(data, procedure, prefill, known, cleaned, context)
    return Fetched(offer, "filled" if filled else "nothing-new", filled)


def _fill(
    data: dict[str, Any],
    procedure: ProcedureBody,
    prefill: Prefill,
    known: Known,
    cleaned: Cleaned,
    context: Context,
) -> tuple[str, ...]:
    """The labels of what was empty, or stood as the form began, and is filled in now."""
    filled, begun = [], start(procedure.form, context)
    for target, source in prefill.fills.items():
        node, value = procedure.form.nodes.get(_steps(target)), known.values.get(source)
        if node is None or target not in cleaned.asked or is_empty(value):
            continue
        raw = _carried(known.fields[source], node.field, value, context)
        if raw is not None and _put(data, begun, node.path, node.field, raw):
            filled.append(node.field.label)
    return tuple(filled)


def _carried(known: Field, asked: Field, value: Any, context: Context) -> Any:
    """As the form takes it; None where the form could not: the register may have changed since it was declared."""
    if not carries(known, asked):
        return None
    raw = known.show(value, context) if isinstance(asked, Text | Paragraph) else known.to_json(value)
    try:
        asked.parse(raw, context)
    except Invalid:
        return None
    return raw


def _put(data: dict[str, Any], begun: Mapping[str, Any], path: tuple[str, ...], field: Field, raw: Any) -> bool:
    """Whether it was put there: nothing that somebody typed is overwritten."""
    holder: Any = data
    for step in path[:-1]:
        holder = holder.setdefault(step, {})
        if not isinstance(holder, Mapping):
            return False
    before = holder.get(path[-1])
    if before == raw or not (field.blank(before) or before == _at(begun, path)):
        return False
    holder[path[-1]] = raw
    return True


def _at(data: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        data = data.get(step) if isinstance(data, Mapping) else None
    return data
