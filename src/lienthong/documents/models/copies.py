"""Copies of issued documents on paper: those handed to the post, and the kept copy that somebody uses."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lienthong.documents.models.outgoing import Issue, Sending
from lienthong.foundation.organisations.models import Organisation, Post

ACCOUNT = settings.AUTH_USER_MODEL


class Posting(models.Model):
    """That copies on paper were handed to the post, or to a messenger: a line of the register of hand-over to the post
    (NĐ 30/2020 App. IV)."""

    sending = models.OneToOneField(Sending, models.PROTECT, related_name="posting")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    posted_on = models.DateField()
    envelopes = models.PositiveSmallIntegerField()
    signed_for = models.CharField(max_length=200, blank=True, help_text="Who signed for it, the stamp of the post")
    remark = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(envelopes__gt=0), name="document_posting_envelopes")]
        indexes = [models.Index("organisation", "posted_on", "id", name="document_posting_register")]


class CopyUse(models.Model):
    """That somebody uses the kept copy of a document: asked for, permitted or refused, handed out, given back. Once
    handed out it is a line of the register of the use of kept copies (NĐ 30/2020 App. IV)."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, help_text="Of the form it was asked for with: once")
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="uses")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    user = models.CharField(max_length=100, help_text="Full name of who uses it")
    purpose = models.CharField(max_length=500)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    asked_post = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False)
    permitter = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    permitted = models.BooleanField(null=True)
    words = models.CharField(max_length=500, blank=True, help_text="Of whoever decided")
    handed_on = models.DateField(null=True, blank=True)
    returned_on = models.DateField(null=True, blank=True)
    remark = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, permitted=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False, permitted__isnull=False),
                name="document_copy_use_decided",
            ),
            models.CheckConstraint(condition=Q(handed_on=None) | Q(permitted=True), name="document_copy_use_permitted"),
            models.CheckConstraint(
                condition=Q(returned_on=None) | Q(handed_on__isnull=False, returned_on__gte=F("handed_on")),
                name="document_copy_use_returned",
            ),
        ]
        indexes = [
            models.Index(
                "organisation",
                "handed_on",
                "id",
                name="document_copy_use_register",
                condition=Q(handed_on__isnull=False),
            )
        ]
