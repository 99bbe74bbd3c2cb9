"""Groups of recipients that a clerk keeps: put down under a name, thrown away."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lienthong.documents.models import GroupMember, RecipientGroup
from lienthong.documents.rules.sending import MOST_RECIPIENTS, Recipient
from lienthong.foundation import rows
from lienthong.foundation.errors import DomainError
from lienthong.identity.actors import Officer

LONGEST_NAME = 100
MOST_GROUPS = 50


class NoGroup(DomainError):
    code = "documents.no_group"


@transaction.atomic
def keep_group(*, name: str, recipients: Sequence[Recipient], officer: Officer) -> RecipientGroup:
    """Keep recipients under a name; what was kept under it before is replaced. Raises NoGroup."""
    name = name.strip()[:LONGEST_NAME]
    if not name:
        raise NoGroup(_("Give the group a name first."))
    if not 0 < len(recipients) <= MOST_RECIPIENTS:
        raise NoGroup(_("A group has one recipient at least, and at most a thousand."))
    if own_groups(officer).exclude(name=name).count() >= MOST_GROUPS:
        raise NoGroup(
            _("You have kept %(most)s groups already."),
            way_out=_("Delete one that you no longer use."),
            most=MOST_GROUPS,
        )
    RecipientGroup.objects.get_or_create(account_id=officer.account_id, name=name)
    group = own_groups(officer).select_for_update().get(name=name)
    GroupMember.objects.filter(group=group).delete()
    rows.insert(
        GroupMember(group=group, place=place, organisation_id=each.organisation_id, name=each.name[:200])
        for place, each in enumerate(recipients)
    )
    return group


def drop_group(*, group_id: int, officer: Officer) -> None:
    """Of others nothing is deleted, and nothing said."""
    own_groups(officer).filter(pk=group_id).delete()


def own_groups(officer: Officer) -> QuerySet[RecipientGroup]:
    return RecipientGroup.objects.filter(account_id=officer.account_id)
