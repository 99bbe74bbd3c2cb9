"""How often somebody may try: counters over fixed stretches of time in the shared cache.

Guessing codes has to be slow, whoever guesses and from wherever: a count for each address, and one for each code.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lienthong.foundation import clock
from lienthong.ui.formatting import span

IPV6_HOUSEHOLD = 64
"""Bits of an IPv6 address that one household shares; the rest its devices change as they like."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many tries within so much time."""

    name: str
    times: int
    within: timedelta


def spend(tries: Iterable[tuple[Allowance, str]]) -> timedelta | None:
    """Count one try against each allowance; the time to wait when one of them is used up, else None."""
    waits = [wait for allowance, who in tries if (wait := _spend(allowance, who))]
    return max(waits, default=None)


def _spend(allowance: Allowance, who: str) -> timedelta | None:
    length = int(allowance.within.total_seconds())
    stretch, passed = divmod(int(clock.now().timestamp()), length)
    name = f"attempts:{allowance.name}:{stretch}:{sha256(who.encode()).hexdigest()[:32]}"
    cache.add(name, 0, timeout=length)
    try:
        used = cache.incr(name)
    except ValueError:  # it ran out between the two calls: a new stretch has begun
        return None
    return timedelta(seconds=length - passed) if used > allowance.times else None


def address_of(request: HttpRequest) -> str:
    """Where a request comes from; of an IPv6 address the part that its owner cannot choose."""
    told = str(get_adapter().get_client_ip(request) or "")
    try:
        address = ip_address(told)
    except ValueError:
        return told
    if isinstance(address, IPv6Address):
        return str(ip_network((address, IPV6_HOUSEHOLD), strict=False))
    return told


def refused(request: HttpRequest, wait: timedelta) -> HttpResponse:
    """The page that says when to try again."""
    answer = render(request, "429.html", {"wait": span(wait + timedelta(seconds=59))}, status=429)
    answer["Retry-After"] = str(int(wait.total_seconds()))
    return answer
