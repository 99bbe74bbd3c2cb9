"""What is asked about mandates, in the house's language of fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from lienthong.foundation import clock
from lienthong.foundation.fields.code_lists import PUBLISHED
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.lists import CodeList, Item
from lienthong.foundation.fields.stored_files import FilesOf, stored_by
from lienthong.foundation.fields.types.address import AddressField
from lienthong.foundation.fields.types.choices import Choice, CodeListField, Option
from lienthong.foundation.fields.types.files import File
from lienthong.foundation.fields.types.identifiers import PersonId, TaxCode
from lienthong.foundation.fields.types.structure import Table
from lienthong.foundation.fields.types.texts import Phone, Text
from lienthong.foundation.fields.types.times import Date
from lienthong.foundation.organisations.queries import province
from lienthong.identity.models import Business, Mandate
from lienthong.identity.queries import Actor
from lienthong.identity.services.mandates import Represented, Terms
from lienthong.procedures.queries import published

PROCEDURES = "procedures"
USUAL = timedelta(days=364)
"""A mandate whose end is not said lasts a year (Civil Code 2015, art. 140.2)."""

MYSELF = "me"


@dataclass(frozen=True, slots=True)
class Lists:
    """The published code lists, and beside them the procedures in force."""

    def code_list(self, key: str, at: date) -> CodeList:
        if key != PROCEDURES:
            return PUBLISHED.code_list(key, at)
        return _procedures(tuple((each.key, each.name) for each in published()))


@lru_cache(maxsize=2)
def _procedures(named: tuple[tuple[str, str], ...]) -> CodeList:
    return CodeList(Item(key, name) for key, name in named)


def context(person: Actor) -> Context:
    return Context(
        at=clock.today(),
        lists=Lists(),
        files=FilesOf(stored_by(person.account_id)),
        province=province().administrative_code,
    )


def of_a_business() -> FieldList:
    return _of_a_business(translation.get_language() or "")


@lru_cache(maxsize=4)
def _of_a_business(language: str) -> FieldList:
    return FieldList(
        (
            Text(key="name", label=_("Name of the business"), hint=_("As on its certificate"), required=True,
                 max_length=250, autocomplete="organization"),
            TaxCode(key="identity", label=_("Tax code"), required=True),
            AddressField(key="address", label=_("Address of its seat"), required=True),
            Phone(key="phone", label=_("Telephone number of the business")),
            _evidence(_("The certificate of registration, on which you are named as the legal representative")),
        )
    )  # fmt: skip


def of_a_person() -> FieldList:
    return _of_a_person(translation.get_language() or "")


@lru_cache(maxsize=4)
def _of_a_person(language: str) -> FieldList:
    return FieldList(
        (
            Choice(
                key="kind",
                label=_("What you are to the person"),
                required=True,
                options=(
                    Option(value="written", label=_("I was authorised in writing")),
                    Option(value="parent", label=_("Father, mother or guardian of a child")),
                    Option(value="legal", label=_("Legal representative, by a decision of a court or an agency")),
                ),
            ),
            Text(key="name", label=_("Full name of whom you act for"), required=True, max_length=150),
            PersonId(key="identity", label=_("Personal identification number of that person"), required=True),
            AddressField(key="address", label=_("Where that person lives"), hint=_("If you know it")),
            *_terms("kind == 'written'"),
            _evidence(_("The authorisation, birth certificate or decision. You may also bring it to the counter.")),
        )
    )


def of_an_offer(businesses: Sequence[Business]) -> FieldList:
    return _of_an_offer(translation.get_language() or "", tuple((each.pk, each.name) for each in businesses))


@lru_cache(maxsize=256)
def _of_an_offer(language: str, businesses: tuple[tuple[int, str], ...]) -> FieldList:
    giver = Choice(
        key="giver",
        label=_("Who gives the mandate"),
        required=True,
        default=MYSELF,
        options=(
            Option(value=MYSELF, label=_("I myself")),
            *(Option(value=str(pk), label=f"{name} ({pk})" if _twice(name, businesses) else name)
              for pk, name in businesses),
        ),
    )  # fmt: skip
    return FieldList(
        (
            *((giver,) if businesses else ()),
            Text(
                key="agent_name",
                label=_("Full name of whom you authorise"),
                hint=_("As it stands in that person's account"),
                required=True,
                max_length=150,
            ),
            *_terms(""),
        )
    )


def _twice(name: str, businesses: tuple[tuple[int, str], ...]) -> bool:
    return [each for _pk, each in businesses].count(name) > 1


def _terms(when: str) -> tuple[Any, ...]:
    """For what and how long; asked only under a condition, where there is one."""
    some = f"{when} && scope == 'some'" if when else "scope == 'some'"
    asked = {"when": when, "required": when} if when else {"required": True}
    return (
        Choice(
            key="scope",
            label=_("For which procedures"),
            default="all",
            options=(
                Option(value="all", label=_("For all procedures")),
                Option(value="some", label=_("Only for these")),
            ),
            **asked,
        ),
        Table(
            key="procedures",
            label=_("Procedures"),
            row_label=_("Procedure"),
            when=some,
            required=some,
            max_rows=20,
            fields=[CodeListField(key="procedure", label=_("Name of the procedure"), list=PROCEDURES, required=True)],
        ),
        Date(key="valid_from", label=_("From"), default="${today}", width="short", **asked),
        Date(
            key="valid_to",
            label=_("Until"),
            min="today",
            hint=_("Usually one year. You can end it before, at any time."),
            width="short",
            **asked,
        ),
    )


def _evidence(hint: str) -> File:
    return File(key="evidence", label=_("Photo or scan of the paper"), hint=hint)


# what was filled in, as the services want it


def represented_of(values: Mapping[str, Any], *, for_business: bool) -> Represented:
    address = values.get("address")
    return Represented(
        name=values["name"],
        identity=values["identity"],
        for_business=for_business,
        phone=values.get("phone") or "",
        address_unit=address.unit if address else "",
        address_detail=address.detail if address else "",
    )


def terms_of(values: Mapping[str, Any]) -> Terms:
    evidence = values.get("evidence")
    return Terms(
        valid_from=values.get("valid_from") or clock.today(),
        valid_to=values.get("valid_to"),
        procedures=tuple(dict.fromkeys(row["procedure"] for row in values.get("procedures") or ())),
        evidence_id=int(evidence.id) if evidence else None,
    )


def kind_of(values: Mapping[str, Any]) -> Mandate.Kind:
    return Mandate.Kind(values["kind"])
