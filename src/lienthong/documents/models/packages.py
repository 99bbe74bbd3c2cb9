"""Packages in which records of work go to an archive: what was asked for and the file that it became."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from lienthong.documents.models.records import HandOver, Record
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.organisations.models import Organisation, Post

ACCOUNT = settings.AUTH_USER_MODEL


class Package(models.Model):
    """A package of one record. `identifier` is that of its content: the same content always has the same.

    The file is kept for some days and can be made anew; what was made stays on record.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, help_text="Of the form and the record: once")
    record = models.ForeignKey(Record, models.PROTECT, related_name="packages", db_index=False)
    hand_over = models.ForeignKey(HandOver, models.PROTECT, null=True, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    asked_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False, help_text="Of who asked")
    asked_at = models.DateTimeField()
    identifier = models.CharField(max_length=41, blank=True)
    files = models.PositiveIntegerField(default=0, help_text="How many there are to be made and packed")
    passed = models.PositiveIntegerField(default=0, help_text="How many of them are done so far")
    made_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    with_pdfa = models.PositiveIntegerField(null=True, help_text="Files that are PDF/A or have one; while it is kept")
    without_pdfa = models.JSONField(default=list, help_text="The others: name and why")
    forgotten_at = models.DateTimeField(null=True, help_text="When the file was let go of")

    class Meta:
        indexes = [
            models.Index(fields=["record", "-id"], name="record_package_record"),
            models.Index(fields=["organisation", "-id"], name="record_package_newest"),
            models.Index("made_at", name="record_package_old", condition=Q(file__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                "record", name="record_package_one_at_a_time", condition=Q(made_at=None, stopped_at=None)
            ),
            models.CheckConstraint(
                condition=Q(file=None) | Q(made_at__isnull=False) & ~Q(identifier=""), name="record_package_made"
            ),
            models.CheckConstraint(condition=Q(made_at=None) | Q(stopped_at=None), name="record_package_ended_once"),
        ]

    @property
    def is_over(self) -> bool:
        return bool(self.made_at or self.stopped_at)
