"""Addresses and days that templates cannot work out."""

from datetime import date

from django import template

from lienthong.foundation import clock
from lienthong.registers.definition import RegisterBody
from lienthong.registers.retention import rules
from lienthong.registers.retention.models import AppraisedEntry
from lienthong.registers.views.map import addresses

register = template.Library()


@register.simple_tag
def tiles_of(body: RegisterBody) -> str:
    """Of the tiles of a register's map, with places for zoom, x and y."""
    return addresses(body.key)


@register.filter
def erased_on(line: AppraisedEntry) -> date | None:
    """The day on which an entry goes that is to be erased."""
    return clock.local(line.decided_at + rules.WAITS).date() if line.decided_at else None
