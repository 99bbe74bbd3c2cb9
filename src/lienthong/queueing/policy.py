"""Who may do what in a queue."""

from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import HeldPost, Officer, Permission
from lienthong.identity.policy import require

SERVE: Permission = "queueing.serve"
"""To sit at a desk and call numbers, and to look after the shop's kiosk, poster and screen."""

SEE: Permission = "queueing.see"
"""To see how long people wait."""


def require_serve(officer: Officer, shop: Node) -> HeldPost:
    """Raises NotAllowed."""
    return require(officer, SERVE, shop)
