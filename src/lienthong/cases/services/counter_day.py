"""Taking the list of a counter's day along: names of many people, so that it is on record."""

from datetime import date
from typing import IO

from django.db import transaction

from lienthong.cases.papers import day as papers
from lienthong.cases.queries.counter_day import CounterDay, counter_day
from lienthong.cases.queries.register import shop_of
from lienthong.cases.services.register import REGISTER, TAKEN
from lienthong.foundation import clock
from lienthong.foundation.ledger import services as ledger
from lienthong.foundation.papers.rendering import render
from lienthong.identity.actors import Officer


def paper(*, officer: Officer, shop_key: str, day: date) -> bytes:
    """As PDF. Raises NoSuchRegister."""
    now = clock.now()
    shape = papers.printed(_taken(officer, shop_key, day, "pdf"), printed_by=officer.name, at=now)
    return render("cases/day", shape.as_data(), at=now)


def spreadsheet(*, officer: Officer, shop_key: str, day: date) -> IO[bytes]:
    """As XLSX; the caller closes it. Raises NoSuchRegister."""
    return papers.spreadsheet(_taken(officer, shop_key, day, "xlsx"))


@transaction.atomic
def _taken(officer: Officer, shop_key: str, day: date, how: str) -> CounterDay:
    found = counter_day(shop_of(officer, shop_key), day)
    ledger.record(
        TAKEN,
        subject=(REGISTER, found.shop.id),
        actor=officer,
        organisation_id=officer.acting.organisation.id,
        data={"how": how, "from": day, "to": day, "narrowed": True},
    )
    return found
