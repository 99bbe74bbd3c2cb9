"""The form of what people say of themselves, in the house's language of fields."""

from functools import lru_cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from lienthong.foundation import clock
from lienthong.foundation.errors import NotFound
from lienthong.foundation.fields.code_lists import PUBLISHED
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.types.address import AddressField
from lienthong.foundation.fields.types.choices import CodeListField
from lienthong.foundation.fields.types.identifiers import PersonId
from lienthong.foundation.fields.types.texts import Phone, Text
from lienthong.foundation.fields.types.times import Date
from lienthong.foundation.organisations.queries import province
from lienthong.identity.models import Account, Person
from lienthong.identity.rules import LONGEST_NAME
from lienthong.identity.services import PersonFacts

GENDERS = "genders"


def fields(*, managed: bool) -> FieldList:
    """What is asked, in the reader's language. The name of an officer is not theirs to change."""
    return _fields(managed, translation.get_language() or "")


@lru_cache(maxsize=8)
def _fields(managed: bool, language: str) -> FieldList:
    name = Text(
        key="full_name",
        label=_("Full name"),
        required=True,
        max_length=LONGEST_NAME,
        pattern=r".*\p{L}.*\p{L}.*",
        pattern_message=_("Write the full name with its letters, as on the identity card."),
        autocomplete="name",
    )
    rest = (
        Phone(
            key="phone",
            label=_("Telephone number"),
            hint=_("Officers call you on it. The name you sign in with stays the same."),
            required=not managed,
            autocomplete="tel",
        ),
        PersonId(
            key="person_id",
            label=_("Personal identification number"),
            hint=_("12 digits, on the front of your identity card"),
        ),
        Date(key="born", label=_("Date of birth"), max="today", autocomplete="bday"),
        CodeListField(key="gender", label=_("Gender"), list=GENDERS),
        AddressField(key="address", label=_("Where you live")),
    )
    return FieldList(rest if managed else (name, *rest))


def context() -> Context:
    return Context(at=clock.today(), lists=PUBLISHED, province=_province())


def _province() -> str:
    try:
        return province().administrative_code
    except NotFound:
        return ""


def raw_of(account: Account) -> dict[str, Any]:
    """What is known, as a form begins with it."""
    person = Person.objects.filter(account=account).first() or Person(account=account)
    address = {"unit": person.address_unit, "detail": person.address_detail}
    raw = {
        "phone": account.phone,
        "person_id": person.person_id,
        "born": person.born.isoformat() if person.born else "",
        "gender": person.gender,
        "address": address if any(address.values()) else "",
    }
    return raw if account.managed else {"full_name": account.full_name, **raw}


def facts_of(values: dict[str, Any]) -> PersonFacts:
    """The typed values as they are kept."""
    address = values.get("address")
    return PersonFacts(
        person_id=values.get("person_id") or "",
        born=values.get("born"),
        gender=values.get("gender") or "",
        address_unit=address.unit if address else "",
        address_detail=address.detail if address else "",
    )
