"""What is known of an import: the file, how its columns are read, how far it is, and what came of its rows."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.organisations.models import Organisation, Post


class Import(models.Model):
    """A file whose rows become entries of a register. `mapping` says by the place of a column (0 for A) what it fills:
    a target as `columns.targets` names it. `position` is the last row that is done with, as it is numbered in the file.

    The counts are of rows; while a file is looked through they say what would become of them.
    """

    class Status(models.TextChoices):
        MAPPING = "mapping", _("the columns are being chosen")
        CHECKING = "checking", _("being looked through")
        CHECKED = "checked", _("looked through")
        RUNNING = "running", _("being entered")
        DONE = "done", _("entered")
        STOPPED = "stopped", _("stopped")
        UNDOING = "undoing", _("being taken back")
        UNDONE = "undone", _("taken back")

    class Existing(models.TextChoices):
        """What becomes of a row whose thing is in the register already."""

        SKIP = "skip", _("Leave the entry as it is, pass over the row")
        CHANGE = "change", _("Change the entry as the row says, from the day given")

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    register = models.CharField(max_length=60)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", help_text="In which the officer acted")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False, help_text="The agency that keeps the entries"
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    report = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=160)
    sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=16)
    sheet = models.CharField(max_length=100, blank=True)
    heading_row = models.IntegerField(default=1)
    headings = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    existing = models.CharField(max_length=6, choices=Existing.choices, default=Existing.SKIP)
    valid_from = models.DateField(help_text="Where no column says it")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.MAPPING)
    rows = models.IntegerField(null=True, help_text="Rows below the headings, once the file was looked through")
    passed = models.IntegerField(default=0)
    position = models.IntegerField(default=0)
    entered = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    skipped = models.IntegerField(default=0)
    same = models.IntegerField(default=0)
    wrong = models.IntegerField(default=0)
    withdrawn = models.IntegerField(default=0)
    problem = models.TextField(blank=True, help_text="Why it stopped by itself")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    stop_asked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "register", "-id"], name="registers_import_own"),
            models.Index("created_at", name="registers_import_old", condition=Q(file__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=["mapping", "checking", "checked", "running", "done", "stopped", "undoing", "undone"]
                ),
                name="registers_import_status",
            ),
            models.CheckConstraint(condition=Q(existing__in=["skip", "change"]), name="registers_import_existing"),
        ]

    @property
    def origin(self) -> str:
        """What entries that came from it say of where they came from."""
        return f"import:{self.pk}"


class ImportRow(models.Model):
    """A row that did not simply become an entry. `problems` are [target, column, what stood there, why], the column
    null where no cell alone is wrong."""

    class Outcome(models.TextChoices):
        WRONG = "wrong", _("wrong")
        SKIPPED = "skipped", _("there already")
        SAME = "same", _("there already, the same")
        CHANGED = "changed", _("changes what is there")

    importing = models.ForeignKey(Import, models.CASCADE, related_name="lines", db_index=False)
    row = models.IntegerField()
    outcome = models.CharField(max_length=7, choices=Outcome.choices)
    problems = models.JSONField(default=list)
    entry_id = models.BigIntegerField(null=True)
    revision = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("importing", "row", name="registers_import_row_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["wrong", "skipped", "same", "changed"]), name="registers_import_row_outcome"
            ),
        ]


class ImportMapping(models.Model):
    """How a file with these headings was read the last time, for the next one."""

    register = models.CharField(max_length=60)
    headings = models.CharField(max_length=64, help_text="SHA-256 of the headings")
    mapping = models.JSONField()
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("register", "headings", name="registers_import_mapping_once")]
