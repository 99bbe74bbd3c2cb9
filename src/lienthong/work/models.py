"""The one table of who must do what by when; who was reminded of it; what is done to many subjects at once; and the
columns that every room keeps of more time that was asked for with its tasks, and of urging."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.organisations.models import Organisation, Post
from lienthong.work.rules import Decision


class WorkItem(models.Model):
    """Someone must do something by some moment.

    It lies with a post when one was chosen, else with every post of the organisation that carries the role. The table
    is partitioned: open items lie together in a small partition, closed ones by the year they were done in, so that
    inboxes cost the same after ten years as on the first day.
    """

    class Purpose(models.TextChoices):
        ACT = "act"
        COOPERATE = "co-operate"
        KNOW = "know"

    is_open = models.BooleanField(default=True)
    subject_type = models.CharField(max_length=30, help_text="What it is about, such as dossier")
    subject_id = models.BigIntegerField()
    part_id = models.BigIntegerField(default=0, help_text="Which part of the subject, such as the visit of a step")
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.ACT)
    task = models.CharField(max_length=200, help_text="What is to be done, as the list shows it")
    title = models.CharField(max_length=500, help_text="Name of the subject when the item was opened")
    code = models.CharField(max_length=60, blank=True, help_text="Code of the subject when the item was opened")
    limited = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Not all at the desk may see the subject: title and code do not tell of it",
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=50)
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="Items without a limit of their own carry that of their subject")
    waiting = models.BooleanField(default=False, help_text="Somebody outside must do something first; no clock runs")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=60, blank=True)

    class Meta:
        managed = True
        constraints = [models.CheckConstraint(condition=Q(is_open=Q(done_at__isnull=True)), name="work_open_or_done")]
        indexes = [  # they serve the foreign keys too, which have none of their own
            models.Index("organisation", "role", "due_at", "id", name="work_desk"),
            models.Index("post", "due_at", "id", name="work_post"),
            models.Index("subject_type", "subject_id", name="work_subject"),
            # for those at many desks, whose most urgent items are found in the order of all
            models.Index("due_at", "id", name="work_due", condition=Q(is_open=True)),
            models.Index("due_at", "id", name="work_waiting", condition=Q(is_open=True, waiting=True)),
        ]


class Reminder(models.Model):
    """The morning's e-mail to one person. The row is made before the e-mail: nobody gets two on one day."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When somebody began to send it")

    class Meta:
        constraints = [models.UniqueConstraint("account", "day", name="work_reminder_once_a_day")]
        indexes = [models.Index("day", name="work_reminder_day")]


class Bulk(models.Model):
    """The same thing done to many subjects: chosen by an officer, confirmed, then done line by line.

    It is prepared when the subjects are chosen, under way from `started_at`, and at its end at `finished_at`. `deed`
    names the function that does a line (`bulk.doer`), `given` is what the officer filled in once for all.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", help_text="In which the officer acted")
    deed = models.CharField(max_length=60)
    name = models.CharField(max_length=200, help_text="What is done, as pages show it")
    given = models.JSONField(default=dict)
    prepared_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    stop_asked_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "-id"], name="work_bulk_account"),
            models.Index(fields=["prepared_at"], name="work_bulk_prepared"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(started_at__isnull=False) | Q(stop_asked_at=None, finished_at=None),
                name="work_bulk_started_first",
            )
        ]


class BulkLine(models.Model):
    """One subject of a bulk, and what came of it. The outcome is written in the transaction that did it."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("not yet")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")
        CHANGED = "changed", _("changed meanwhile")
        STOPPED = "stopped", _("left out, because you stopped it")
        FAILED = "failed", _("failed")

    bulk = models.ForeignKey(Bulk, models.CASCADE, related_name="lines", db_index=False)
    subject_type = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    part_id = models.BigIntegerField(default=0)
    code = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=500, blank=True)
    given = models.JSONField(default=dict, help_text="What is done to this one, settled when it was confirmed")
    outcome = models.CharField(max_length=7, choices=Outcome.choices, default=Outcome.OPEN)
    message = models.TextField(blank=True, help_text="Why it was not done")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("bulk", "subject_type", "subject_id", "part_id", name="work_bulk_line_once"),
            models.CheckConstraint(
                condition=Q(outcome="open", done_at=None) | ~Q(outcome="open") & Q(done_at__isnull=False),
                name="work_bulk_line_done",
            ),
        ]
        indexes = [models.Index("bulk", "id", name="work_bulk_line_open", condition=Q(outcome="open"))]


class AskedMoreTime(models.Model):
    """More time that was asked for with a task, and what was decided, so that every due day stays known. A room has a
    table of its own, with the `task`; what is done with it stands in `more_time`."""

    subject_type: ClassVar[str]
    """Under which work items know a request, by its id."""
    task_id: int

    key = models.UUIDField(unique=True, help_text="Of the form: a second press asks for nothing")
    reason = models.TextField()
    old_due = models.DateTimeField()
    wanted_due = models.DateTimeField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    decision_key = models.UUIDField(null=True, help_text="Of the form with which it was decided")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decision = models.CharField(max_length=7, blank=True, choices=[(each.value, each.value) for each in Decision])
    new_due = models.DateTimeField(null=True, blank=True, help_text="The day that was granted")
    words = models.TextField(blank=True, help_text="Of whoever decided")

    class Meta:
        abstract = True


def more_time_constraints(room: str) -> list[models.BaseConstraint]:
    """One request open for a task, none half decided, none granted that gives no more time."""
    return [
        models.UniqueConstraint("task", condition=Q(decided_at=None), name=f"{room}_more_time_one_open"),
        models.CheckConstraint(
            condition=Q(decided_at=None, decision="") | Q(decided_at__isnull=False) & ~Q(decision=""),
            name=f"{room}_more_time_decided",
        ),
        models.CheckConstraint(
            condition=Q(decision=Decision.GRANTED, new_due__gt=F("old_due"))
            | ~Q(decision=Decision.GRANTED) & Q(new_due=None),
            name=f"{room}_more_time_later",
        ),
    ]


class Urged(models.Model):
    """That somebody who has a task was urged. A room has a table of its own, with the `task`."""

    day = models.DateField()
    urged_at = models.DateTimeField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    words = models.TextField(blank=True)

    class Meta:
        abstract = True


def once_a_day(room: str) -> models.BaseConstraint:
    """Once a day for one task, whoever urges."""
    return models.UniqueConstraint("task", "day", name=f"{room}_urging_once_a_day")
