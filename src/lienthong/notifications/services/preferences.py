"""What people want to hear, by which channels and in which language."""

from collections.abc import Collection

from django.conf import settings

from lienthong.identity.queries import Actor
from lienthong.notifications import channels, kinds, queries, rules
from lienthong.notifications.models import Preferences


def save_preferences(*, actor: Actor, wanted: Collection[str], language: str) -> None:
    """`wanted` holds what is turned on as `rules.choice` calls it; whatever else is offered today is turned off.

    What was chosen for a channel that is not offered just now is kept for when it is again.
    """
    shown = [rules.choice(group.key, channel) for group in kinds.all_groups() for channel in channels.offered()]
    chosen = {name: name in wanted for name in shown}
    Preferences.objects.update_or_create(
        account_id=actor.account_id,
        defaults={
            "language": language if language in dict(settings.LANGUAGES) else "",
            "choices": {**queries.preferences_of(actor.account_id).choices, **chosen},
        },
    )
