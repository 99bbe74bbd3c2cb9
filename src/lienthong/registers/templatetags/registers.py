"""Addresses that templates cannot write."""

from django import template

from lienthong.registers.definition import RegisterBody
from lienthong.registers.views.map import addresses

register = template.Library()


@register.simple_tag
def tiles_of(body: RegisterBody) -> str:
    """Of the tiles of a register's map, with places for zoom, x and y."""
    return addresses(body.key)
