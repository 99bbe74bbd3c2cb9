"""Directives, the tasks that they are split into, what was said and reported, more time, urgings."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from lienthong.directives.rules import Mark, Stage
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.search import Fold
from lienthong.foundation.organisations.models import Organisation, Post
from lienthong.work.models import AskedMoreTime, Urged, more_time_constraints, once_a_day
from lienthong.work.rules import Part

ACCOUNT = settings.AUTH_USER_MODEL
_GAP = Value(" ")


class Directive(models.Model):
    """Something that a leader of an agency told others to do, with the words of where it was said.

    The source is named by the type and the id under which the house knows it, where it is in this system; its words
    are kept here, whatever becomes of it there.
    """

    key = models.UUIDField(unique=True, help_text="Of the form: given once")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(help_text="In the agency, from 1 each year")
    giver = models.ForeignKey(Post, models.PROTECT, related_name="+", help_text="The leader who gave it")
    given_at = models.DateTimeField()
    written_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    written_in = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False)
    source_type = models.CharField(max_length=30, blank=True, help_text="Empty: given directly")
    source_id = models.BigIntegerField(null=True, blank=True)
    source_code = models.CharField(max_length=60, blank=True)
    source_dated = models.DateField(null=True, blank=True)
    source_title = models.CharField(max_length=500, blank=True)
    source_clause = models.CharField(max_length=200, blank=True)
    content = models.CharField(max_length=4000)
    product = models.CharField(max_length=500, blank=True, help_text="What is expected to come of it")
    words = models.GeneratedField(
        expression=SearchVector(Fold(Concat("content", _GAP, "product")), config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
        help_text="Its own: by these it is found where its source is not for the reader to see",
    )
    search = models.GeneratedField(
        expression=SearchVector(
            Fold(Concat("content", _GAP, "product", _GAP, "source_code", _GAP, "source_title")), config="simple"
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints = [models.UniqueConstraint("organisation", "year", "number", name="directive_number")]
        indexes = [
            GinIndex("search", name="directive_search"),
            GinIndex("words", name="directive_words"),
            models.Index("source_type", "source_id", name="directive_source", condition=Q(source_id__isnull=False)),
        ]

    @property
    def code(self) -> str:
        return f"{self.number}/{self.year}"


class Task(models.Model):
    """What one desk has to do; the work item in the inbox is opened from it and changed with it."""

    directive = models.ForeignKey(Directive, models.CASCADE, related_name="tasks", db_index=False)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="below")
    part = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Part])
    content = models.CharField(max_length=4000, blank=True, help_text="Empty at the root: that of the directive")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=50)
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True, help_text="The one in force")
    stage = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Stage])
    percent = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True, help_text="When its completion was last reported")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When whoever gave it found it done, or ended it")
    mark = models.CharField(max_length=4, blank=True, choices=[(each.value, each.value) for each in Mark])

    class Meta:
        indexes = [
            models.Index("directive", "id", name="directive_task_directive"),
            models.Index("post", "directive", name="directive_task_post", condition=Q(post__isnull=False)),
            models.Index("organisation", "role", "directive", name="directive_task_desk"),
            models.Index("stage", "due_at", "id", name="directive_task_due", condition=Q(part=Part.LEAD, parent=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                "directive", condition=Q(part=Part.LEAD, parent=None), name="directive_task_one_leads"
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="directive_task_percent"),
            models.CheckConstraint(
                condition=Q(stage__in=[Stage.DONE, Stage.ENDED, Stage.CANCELLED], ended_at__isnull=False)
                | Q(stage__in=[Stage.GIVEN, Stage.UNDER_WAY, Stage.REPORTED], ended_at=None),
                name="directive_task_ended",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=[Stage.GIVEN, Stage.UNDER_WAY]) | Q(finished_at=None),
                name="directive_task_not_finished",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=[Stage.REPORTED, Stage.DONE]) | Q(finished_at__isnull=False),
                name="directive_task_finished",
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="directive_task_not_below_itself"),
        ]


class Entry(models.Model):
    """Something done or said about a task. Never changed: whoever erred writes another."""

    class About(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        HANDED_ON = "handed-on", _("handed a part on")
        PROGRESS = "progress", _("reported progress")
        COMPLETED = "completed", _("reported it completed")
        KNOWN = "known", _("took note")
        JUDGED = "judged", _("found it done")
        RETURNED = "returned", _("returned the report")
        CANCELLED = "cancelled", _("cancelled it")

    directive = models.ForeignKey(Directive, models.CASCADE, related_name="entries", db_index=False)
    task = models.ForeignKey(Task, models.CASCADE, related_name="entries")
    key = models.UUIDField(unique=True, help_text="Of the form: a second press writes nothing")
    about = models.CharField(max_length=10, choices=About.choices)
    text = models.TextField(blank=True)
    percent = models.PositiveSmallIntegerField(null=True, blank=True)
    product_code = models.CharField(max_length=60, blank=True, help_text="Number and symbol of the document of it")
    product_dated = models.DateField(null=True, blank=True)
    written_at = models.DateTimeField()
    author = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index("directive", "id", name="directive_entry_directive")]


class EntryFile(models.Model):
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="files", db_index=False)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint("entry", "place", name="directive_entry_file_place")]


class MoreTime(AskedMoreTime):
    """It lies with whoever gave the task."""

    subject_type = "directive-more-time"

    task = models.ForeignKey(Task, models.CASCADE, related_name="more_time", db_index=False)

    class Meta:
        indexes = [models.Index("task", "id", name="directive_more_time_task")]
        constraints = more_time_constraints("directive")


class Urging(Urged):
    """That somebody who has a task was urged."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="urgings", db_index=False)

    class Meta:
        constraints = [once_a_day("directive")]
