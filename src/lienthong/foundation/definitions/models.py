"""What was published, kept for ever. A trigger of the database refuses every change and removal (0002_immutable)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Definition(models.Model):
    """One published version of one declared thing."""

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=100)
    version = models.PositiveIntegerField()
    #: The document as it was written, without `kind`: JSON values only. Its shape is the pydantic model of the kind.
    body = models.JSONField()
    #: sha256 of the canonical JSON of `body` (rules.checksum).
    checksum = models.CharField(max_length=64)
    #: First and last day in force; both days included.
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)

    published_at = models.DateTimeField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(blank=True)

    #: Where it came from: the declared folder ("library", "dak_nong"), the file in it, and the text with its comments.
    folder = models.CharField(max_length=100, blank=True)
    file = models.CharField(max_length=300, blank=True)
    source = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "version"], name="definition_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="definition_version_counts_from_one"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="definition_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(checksum__regex=r"^[0-9a-f]{64}$"), name="definition_checksum_sha256"),
        ]


class Retirement(models.Model):
    """The end of a declared thing, decided after it was published.

    It ends the named version and every older one of the same key after `last_day`. A version published later is in
    force again.
    """

    definition = models.OneToOneField(Definition, on_delete=models.PROTECT, related_name="retirement")
    last_day = models.DateField()
    retired_at = models.DateTimeField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField()
