"""Taking a one-stop shop's register along, as a spreadsheet or on paper: addresses and phone numbers of many people, so
that who took which part of it is in the ledger."""

from typing import IO

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from lienthong.cases.definition import rule_set_on
from lienthong.cases.models import Dossier
from lienthong.cases.papers import register
from lienthong.cases.queries.register import Filters, longer_than, shop_of, whole_register
from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.ledger import services as ledger
from lienthong.foundation.ledger.kinds import event
from lienthong.foundation.organisations.rules import Node
from lienthong.foundation.papers.rendering import render
from lienthong.identity.actors import Officer
from lienthong.procedures.definition import PROCEDURE

REGISTER = "register"
"""The type of subject under which the ledger knows a shop's register; its id is that of the shop."""

TAKEN = event("cases.register_taken", _("The register was taken along"))

MOST_ROWS = {"xlsx": 30_000, "pdf": 1_500}
"""Lines of one file: some eight seconds of writing, some hundred pages."""


class RegisterTooLong(DomainError):
    code = "cases.register_too_long"


def spreadsheet(*, officer: Officer, shop_key: str, filters: Filters) -> IO[bytes]:
    """The register as XLSX; the caller closes it. Raises NoSuchRegister, RegisterTooLong."""
    from lienthong.cases.papers import register_sheet  # takes long to load, and few ask for it

    shop = _taken(officer, shop_key, filters, "xlsx")
    lines = whole_register(shop, filters)
    return register_sheet.spreadsheet(lines, shop=shop, filters=filters, narrowed=in_words(filters))


def paper(*, officer: Officer, shop_key: str, filters: Filters) -> bytes:
    """The register as its prescribed form, PDF. Raises NoSuchRegister, RegisterTooLong."""
    shop, now = _taken(officer, shop_key, filters, "pdf"), clock.now()
    rule_set = rule_set_on(filters.last_day).body
    shape = register.printed(
        whole_register(shop, filters),
        shop=shop,
        filters=filters,
        narrowed=in_words(filters),
        rule_set=rule_set,
        printed_by=officer.name,
        at=now,
    )
    return render("cases/register", shape.as_data(), at=now)


@transaction.atomic
def _taken(officer: Officer, shop_key: str, filters: Filters, how: str) -> Node:
    """The shop whose register is taken along, which is put on record."""
    shop = shop_of(officer, shop_key)
    if longer_than(shop, filters, MOST_ROWS[how]):
        raise RegisterTooLong(
            _("One file holds %(most)s dossiers at most."),
            way_out=_("Choose a shorter period, or fewer dossiers."),
            most=MOST_ROWS[how],
        )
    ledger.record(
        TAKEN,
        subject=(REGISTER, shop.id),
        actor=officer,
        organisation_id=officer.acting.organisation.id,
        data={"how": how, "from": filters.first_day, "to": filters.last_day, "narrowed": filters.narrowed},
    )
    return shop


def in_words(filters: Filters) -> str:
    """What a register was narrowed to, as is printed on it in Vietnamese; empty when it is whole."""
    with override("vi"):
        return "; ".join(filter(None, _parts(filters)))


def _parts(filters: Filters) -> tuple[str, ...]:
    rule_set = rule_set_on(clock.today()).body
    procedures = PROCEDURE.all()
    names = {each.key: each.body.name for each in procedures}
    fields = {each.body.field.key: each.body.field.name for each in procedures}
    return (
        f"thủ tục {names.get(filters.procedure, filters.procedure)}" if filters.procedure else "",
        f"lĩnh vực {fields.get(filters.field, filters.field)}" if filters.field else "",
        f"trạng thái {rule_set.status_name(filters.status)}" if filters.status is not None else "",
        f"hình thức nộp {Dossier.Channel(filters.channel).label}" if filters.channel is not None else "",
        "chỉ hồ sơ quá hạn" if filters.late else "",
        f"có “{filters.text}”" if filters.text else "",
    )
