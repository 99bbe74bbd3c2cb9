"""Groups of recipients that clerks keep for themselves."""

from django.conf import settings
from django.db import models

from lienthong.foundation.organisations.models import Organisation


class RecipientGroup(models.Model):
    """To whom a clerk often sends together; declared groups stand beside these."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint("account", "name", name="document_recipient_group_once")]


class GroupMember(models.Model):
    """An agency of the province, or anybody else by name."""

    group = models.ForeignKey(RecipientGroup, models.CASCADE, related_name="members", db_index=False)
    place = models.PositiveSmallIntegerField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint("group", "place", name="document_group_member_place")]
