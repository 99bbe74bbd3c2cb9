"""What the fields of registers need to know of the world around the data."""

from dataclasses import replace

from lienthong.foundation import clock
from lienthong.foundation.fields.code_lists import PUBLISHED
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.data import Values
from lienthong.foundation.fields.entries import Kept, choosable_by
from lienthong.foundation.organisations.queries import province
from lienthong.identity.actors import Officer
from lienthong.registers.definition import RegisterBody


def context() -> Context:
    """Of today."""
    return Context(at=clock.today(), lists=PUBLISHED, province=province().administrative_code)


def context_for(officer: Officer, body: RegisterBody, before: Values) -> Context:
    """When an officer fills in an entry: what stands in it already may stay."""
    return replace(context(), entries=Kept(choosable_by(officer), body.fields, before))
