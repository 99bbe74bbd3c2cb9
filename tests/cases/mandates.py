"""Ready mandates for tests, made through the services as people would."""

from datetime import timedelta
from typing import Any

from lienthong.identity.models import Mandate
from lienthong.identity.services import mandates as services
from tests import cast

QUAN = "quan.do"
"""Represents a company by law."""

CAFE = "Công ty TNHH Cà phê Minh Quân"


def between(giver: str = cast.AN, agent: str = cast.BICH, **terms: Any) -> Mandate:
    """The giver has authorised the agent, who has taken it up."""
    today = cast.MONDAY.date()
    wanted = services.Terms(**{"valid_from": today, "valid_to": today + timedelta(days=364), **terms})
    offer = services.offer(actor=cast.actor(giver), agent_name=cast.account(agent).full_name, terms=wanted)
    return services.take(actor=cast.actor(agent), code=offer.code)


def of_the_company() -> Mandate:
    """By which Đỗ Minh Quân represents the company."""
    return Mandate.objects.get(agent__username=QUAN, kind="legal")
