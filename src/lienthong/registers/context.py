"""What the fields of registers need to know of the world around the data."""

from dataclasses import replace

from lienthong.foundation import clock
from lienthong.foundation.fields.code_lists import PUBLISHED
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.data import Values
from lienthong.foundation.fields.entries import Kept, choosable_by
from lienthong.foundation.fields.types.agencies import chosen_agencies
from lienthong.foundation.organisations.queries import province
from lienthong.registers.access import Writer
from lienthong.registers.attaching.services import nameable, staying
from lienthong.registers.definition import RegisterBody


def context() -> Context:
    """Of today."""
    return Context(at=clock.today(), lists=PUBLISHED, province=province().administrative_code)


def context_of(officer: Writer) -> Context:
    """When an officer looks for entries: by those of other registers that they may see."""
    return replace(context(), entries=choosable_by(officer))


def context_for(officer: Writer, body: RegisterBody, before: Values) -> Context:
    """When an officer fills in an entry: what stands in it already may stay."""
    files = nameable(body, officer.account_id, before) if officer.account_id else staying(before)
    return keeping(replace(context_of(officer), files=files), body, before)


def keeping(context: Context, body: RegisterBody, before: Values) -> Context:
    """The context in which what stands in an entry already may stay, called as it is there."""
    agencies = {agency.key: agency.name for agency in chosen_agencies(body.fields, before)}
    return replace(context, entries=Kept(context.entries, body.fields, before), agencies=agencies)
