"""The secret addresses at which numbers are taken."""

import secrets

from django.db import transaction

from lienthong.foundation import clock
from lienthong.foundation.ledger.services import record
from lienthong.foundation.organisations.models import Organisation
from lienthong.identity.actors import Officer
from lienthong.queueing import events
from lienthong.queueing.models import Door
from lienthong.queueing.policy import SERVE, require_serve
from lienthong.queueing.queries.places import shop_for


def open_doors(organisation_key: str) -> None:
    """Give a shop its addresses; those that it has stay."""
    organisation_id = Organisation.objects.values_list("pk", flat=True).get(key=organisation_key)
    Door.objects.bulk_create(
        [
            Door(organisation_id=organisation_id, purpose=purpose, key=_new_key(), made_at=clock.now())
            for purpose in Door.Purpose.values
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def change_door(*, shop_key: str, purpose: str, officer: Officer) -> Door:
    """Give a door a new address, as when strangers have the old one: that one is shut at once. Raises NotAllowed."""
    shop = shop_for(officer, shop_key, SERVE)
    post = require_serve(officer, shop.node)
    door = Door.objects.select_for_update().get(organisation_id=shop.node.id, purpose=purpose)
    door.key, door.made_at = _new_key(), clock.now()
    door.save(update_fields=["key", "made_at"])
    record(
        events.DOOR_CHANGED,
        subject=("queue", shop.node.id),
        actor=officer.acting_in(post),
        organisation_id=shop.node.id,
        data={"queue": shop.key, "purpose": purpose},
    )
    return door


def _new_key() -> str:
    return secrets.token_urlsafe(18)
