"""Records of work (hồ sơ công việc): the yearly list of an agency, the records themselves, what is filed in them, how
they go to the archive and what becomes of them when their time is over (NĐ 30/2020 art. 28-31, App. V, VI)."""

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lienthong.documents.records.rules import LONGEST_NOTATION, LONGEST_TITLE, Stage
from lienthong.foundation.files.search import Fold
from lienthong.foundation.organisations.models import Organisation, Post

ACCOUNT = settings.AUTH_USER_MODEL


class RecordList(models.Model):
    """The records that an agency expects to make in a year (danh mục hồ sơ). Approved by its head, it stands: what
    comes up later is added with a reason."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("list of records", "being drafted")
        SUBMITTED = "submitted", pgettext_lazy("list of records", "waits for approval")
        APPROVED = "approved", pgettext_lazy("list of records", "approved")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    words = models.CharField(max_length=1000, blank=True, help_text="With which it was given back last")
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint("organisation", "year", name="record_list_once"),
            models.CheckConstraint(
                condition=Q(state="approved", approved_at__isnull=False) | ~Q(state="approved") & Q(approved_at=None),
                name="record_list_approved",
            ),
        ]


class RecordLine(models.Model):
    """A line of the yearly list. `retention` is a code of the list record-retention-periods."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, help_text="Of the form: once")
    list = models.ForeignKey(RecordList, models.CASCADE, related_name="lines", db_index=False)
    notation = models.CharField(max_length=LONGEST_NOTATION)
    title = models.CharField(max_length=LONGEST_TITLE)
    retention = models.CharField(max_length=60)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    note = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=500, blank=True, help_text="Why it was added after the approval")

    class Meta:
        constraints = [models.UniqueConstraint("list", "notation", name="record_line_once")]


class Record(models.Model):
    """A record of work. `years` is for how long it is kept, empty for ever; it counts from the year of `ended_on`.

    Once it is closed nothing in it changes: the database refuses it (migration 0002_records).
    """

    class Rights(models.TextChoices):
        UNIT = "unit", _("the unit that makes it")
        POSTS = "posts", _("the posts that are named, and those who lead the unit")
        NAMED = "named", _("the posts that are named, and nobody above them")

    class Keeping(models.TextChoices):
        NONE = "", _("not kept back")
        ASKED = "asked", _("asked to be kept back")
        AGREED = "agreed", _("kept back with agreement")

    key = models.UUIDField(default=uuid.uuid4, unique=True, help_text="Of the form: once")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    maker = models.ForeignKey(Post, models.PROTECT, related_name="+", help_text="The post that makes it")
    line = models.ForeignKey(RecordLine, models.PROTECT, null=True, blank=True, related_name="records")
    year = models.PositiveSmallIntegerField()
    notation = models.CharField(max_length=LONGEST_NOTATION)
    title = models.CharField(max_length=LONGEST_TITLE)
    retention = models.CharField(max_length=60)
    years = models.PositiveSmallIntegerField(null=True, blank=True)
    rights = models.CharField(max_length=5, choices=Rights.choices, default=Rights.UNIT)
    posts = models.ManyToManyField(Post, blank=True, related_name="+")
    description = models.CharField(max_length=500, blank=True)
    started_on = models.DateField()
    stage = models.CharField(max_length=11, choices=[(each.value, each.value) for each in Stage], default=Stage.OPEN)
    opened_at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True, help_text="When the work ended")
    closed_at = models.DateTimeField(null=True, blank=True)
    documents = models.PositiveIntegerField(null=True, blank=True, help_text="How many, counted when it was closed")
    sheets = models.PositiveIntegerField(null=True, blank=True, help_text="How many, counted when it was closed")
    due_on = models.DateField(null=True, blank=True, help_text="By when the archive gets it; empty: it does not")
    keeping = models.CharField(max_length=6, choices=Keeping.choices, blank=True, default="")
    keep_until = models.DateField(null=True, blank=True, help_text="Until when it was asked to be kept back")
    over_on = models.DateField(null=True, blank=True, help_text="The last day on which it is kept; empty: for ever")
    frozen_for = models.CharField(max_length=500, blank=True, help_text="Why the law holds it as it is")
    destroyed_at = models.DateTimeField(null=True, blank=True)
    search = models.GeneratedField(
        expression=SearchVector(
            Fold(Concat("notation", Value(" "), "title", Value(" "), "description")), config="simple"
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint("organisation", "year", "notation", name="record_code"),
            models.CheckConstraint(
                condition=Q(stage="open", closed_at=None) | ~Q(stage="open") & Q(closed_at__isnull=False),
                name="record_closed",
            ),
            models.CheckConstraint(
                condition=Q(destroyed_at__isnull=True) | Q(stage="destroyed"), name="record_destroyed"
            ),
        ]
        indexes = [
            GinIndex("search", name="record_search"),
            models.Index(fields=["organisation", "-year", "-id"], name="record_newest"),
            models.Index("due_on", name="record_due", condition=Q(stage="closed")),
            models.Index(
                "organisation", "over_on", name="record_over", condition=Q(stage__in=["closed", "handed-over"])
            ),
        ]


class RecordItem(models.Model):
    """A document filed in a record, not copied: `subject` names it as work items and the ledger do.

    What it is called, its date and sheets stand here as they were when it was filed, so that the list of documents
    outlives them.
    """

    record = models.ForeignKey(Record, models.CASCADE, related_name="items", db_index=False)
    subject_type = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    place = models.PositiveIntegerField()
    code = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=500)
    issuer = models.CharField(max_length=200, blank=True)
    dated = models.DateField(null=True, blank=True)
    sheets = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint("record", "subject_type", "subject_id", name="record_item_once"),
        ]
        indexes = [
            models.Index("record", "place", "id", name="record_item_order"),
            models.Index("subject_type", "subject_id", name="record_item_subject"),
        ]


class HandOver(models.Model):
    """Records that a unit gives to the archive of its agency, with the minutes that two sides confirm."""

    class State(models.TextChoices):
        GIVEN = "given", pgettext_lazy("hand-over", "waits for the archive")
        RECEIVED = "received", pgettext_lazy("hand-over", "received")
        REFUSED = "refused", pgettext_lazy("hand-over", "given back")

    key = models.UUIDField(default=uuid.uuid4, unique=True, help_text="Of the form: once")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.GIVEN)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    words = models.CharField(max_length=1000, blank=True, help_text="Why it was given back")

    class Meta:
        constraints = [
            models.UniqueConstraint("organisation", "year", "number", name="record_hand_over_number"),
            models.CheckConstraint(
                condition=Q(state="given", decided_at=None) | ~Q(state="given") & Q(decided_at__isnull=False),
                name="record_hand_over_decided",
            ),
        ]


class HandedRecord(models.Model):
    """A record on a hand-over; on one that is open or done it is only once."""

    hand_over = models.ForeignKey(HandOver, models.CASCADE, related_name="lines", db_index=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    counts = models.BooleanField(default=True, help_text="Not where the hand-over was given back")

    class Meta:
        constraints = [
            models.UniqueConstraint("hand_over", "record", name="handed_record_line"),
            models.UniqueConstraint("record", condition=Q(counts=True), name="handed_record_once"),
        ]


class Disposal(models.Model):
    """Records whose time is over, put on one list to be destroyed: proposed, approved, carried out (danh mục hồ sơ,
    tài liệu hết giá trị)."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("disposal", "waits for approval")
        APPROVED = "approved", pgettext_lazy("disposal", "approved, being carried out")
        REFUSED = "refused", pgettext_lazy("disposal", "refused")
        DONE = "done", pgettext_lazy("disposal", "carried out")

    key = models.UUIDField(default=uuid.uuid4, unique=True, help_text="Of the form: once")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    reason = models.CharField(max_length=1000)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    words = models.CharField(max_length=1000, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | ~Q(state="done") & Q(done_at=None),
                name="record_disposal_done",
            )
        ]


class DisposedRecord(models.Model):
    """A record on a list of disposal."""

    disposal = models.ForeignKey(Disposal, models.CASCADE, related_name="lines", db_index=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    counts = models.BooleanField(default=True, help_text="Not where the list was refused, or the record stayed")

    class Meta:
        constraints = [
            models.UniqueConstraint("disposal", "record", name="disposed_record_line"),
            models.UniqueConstraint("record", condition=Q(counts=True), name="disposed_record_once"),
        ]
