"""What the registers hold about a person: where the own personal identification number stands.

Only for an account whose number a clerk has compared with the identity card: anybody could type any number. What else
an entry says may be about others too (a spouse, a neighbour), so the copy names the entry and who keeps it; the keeping
agency gives a full extract. A register may declare that it tells nothing (`told`).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lienthong.foundation import clock
from lienthong.foundation.ledger.queries import about_any
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.statements import run
from lienthong.identity.models import Person
from lienthong.personal.sources import Part, holds
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.services.reading import subject_of_readings

MOST_ENTRIES = 500
"""Entries of one register that are named; nobody has so many."""
MOST_READINGS = 200


@dataclass(frozen=True, slots=True)
class Held:
    """An entry that names somebody, and the labels of the fields in which the number stands."""

    id: int
    organisation_id: int
    valid_from: date
    valid_until: date | None
    recorded_at: datetime
    labels: tuple[str, ...]


@holds("co-so-du-lieu")
def registers(account_id: int) -> Part:
    number = confirmed_number(account_id)
    if not number:
        return Part([])
    return Part([_told(body, held) for body in telling() if (held := list(about(body, number)))])


def confirmed_number(account_id: int) -> str:
    """The personal identification number that a clerk has compared with the card; "" for none. One query."""
    person = Person.objects.filter(account_id=account_id, confirmed_at__isnull=False).first()
    return person.person_id if person else ""


def telling() -> Iterator[RegisterBody]:
    """The registers that tell people that they stand in them."""
    return (published.body for published in REGISTER.all() if published.body.told)


def about(body: RegisterBody, number: str) -> Iterator[Held]:
    """The entries that name whoever has this personal identification number; those that ended too."""
    conditions = named_by(body, number)
    if not conditions:
        return
    shown = ", ".join(f"coalesce({condition}, false)" for condition, _value in conditions.values())
    anywhere, values = any_of(conditions)
    statement = (
        f"SELECT id, organisation_id, valid_from, valid_until, recorded_at, {shown} FROM {body.layout.table}"
        f" WHERE {anywhere} ORDER BY id DESC LIMIT {MOST_ENTRIES}"
    )
    with run(statement, [*values, *values]) as cursor:
        for id, organisation_id, valid_from, valid_until, recorded_at, *stands in cursor.fetchall():
            labels = (body.leaves[key].field.label for key, found in zip(conditions, stands, strict=True) if found)
            yield Held(id, organisation_id, valid_from, valid_until, clock.local(recorded_at), tuple(labels))


def named_by(body: RegisterBody, number: str) -> dict[str, tuple[str, str]]:
    """For each field that can name a person, by key: the condition under which it names this one, and its value. Each
    is answered by an index."""
    return {key: _names(body.layout.first(key), numbers, number) for key, numbers in body.naming.items()}


def _names(column: str, numbers: Sequence[str], number: str) -> tuple[str, str]:
    if not numbers:
        return f"{column} = %s", number
    rows = " || ".join(f'@."{name}" == {json.dumps(number)}' for name in numbers)
    return f"{column} @? %s::jsonpath", f"$[*] ? ({rows})"


def any_of(conditions: Mapping[str, tuple[str, str]]) -> tuple[str, list[str]]:
    """That any of the conditions holds, and the values of their places."""
    anywhere = " OR ".join(condition for condition, _value in conditions.values())
    return f"({anywhere})", [value for _condition, value in conditions.values()]


def _told(body: RegisterBody, held: list[Held]) -> dict[str, Any]:
    return {
        "co_so_du_lieu": body.name,
        "la_gi": body.about or body.singular,
        "thoi_han_luu": body.retention,
        "ban_ghi": [_entry(each) for each in held],
        "ai_da_xem": list(_readings(body, held)),
    }


def _entry(held: Held) -> dict[str, Any]:
    return {
        "so_ban_ghi": held.id,
        "co_quan_quan_ly": tree()[held.organisation_id].name,
        "so_dinh_danh_nam_o": list(held.labels),
        "tu_ngay": held.valid_from,
        "den_ngay": held.valid_until,
        "ghi_luc": held.recorded_at,
    }


def _readings(body: RegisterBody, held: list[Held]) -> Iterator[dict[str, Any]]:
    """Who has opened the entries, the newest first: by post and agency."""
    subject, _id = subject_of_readings(body.key, 0)
    for entry in about_any(subject, [each.id for each in held], size=MOST_READINGS).entries:
        post, agency = tree().posts.get(entry.post_id or 0), tree().nodes.get(entry.organisation_id or 0)
        yield {
            "so_ban_ghi": entry.subject[1],
            "luc": clock.local(entry.at),
            "vi_tri": post.title if post else "",
            "co_quan_quan_ly": agency.name if agency else "",
        }
