"""Extracts that were issued."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.organisations.models import Organisation, Post
from lienthong.foundation.papers.wording import number_and_symbol


class Extract(models.Model):
    """What some fields of an entry said on a day, as a signed paper. Never deleted: the paper is in somebody's hand.
    Never changed either, but for the one day on which its entry is erased: then only its head stays. `revision` is that
    of the state it shows."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, help_text="Of the press that asked for it")
    register = models.CharField(max_length=60)
    entry_id = models.BigIntegerField()
    revision = models.IntegerField()
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False, help_text="Whose seal it bears"
    )
    year = models.IntegerField()
    number = models.IntegerField()
    symbol = models.CharField(max_length=40)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False)
    issued_at = models.DateTimeField()
    day = models.DateField(help_text="Of which it tells")
    fields = models.JSONField(help_text="Keys of the fields that it tells")
    personal = models.BooleanField(help_text="Whether personal data stands in it")
    issued_to = models.CharField(max_length=200, blank=True)
    purpose = models.CharField(max_length=500, blank=True)
    verification = models.CharField(max_length=24, unique=True, help_text="What its QR code carries")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    erased_at = models.DateTimeField(null=True, help_text="When what it told went, with its entry")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year", "number"], name="registers_extract_number"),
            models.CheckConstraint(
                condition=Q(erased_at=None, file__isnull=False)
                | Q(erased_at__isnull=False, file=None, fields=[], issued_to="", purpose=""),
                name="registers_extract_erased",
            ),
        ]
        indexes = [models.Index(fields=["register", "entry_id", "-id"], name="registers_extract_entry")]

    @property
    def called(self) -> str:
        """Số: 05/TL-PQLĐT, without the first word."""
        return number_and_symbol(self.number, self.symbol).partition(": ")[2]
