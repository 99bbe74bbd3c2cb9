"""Documents that came to an agency: the line in its register of incoming documents, what was said, who does what."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.documents.models.documents import Document
from lienthong.documents.rules.journey import Outcome, Status
from lienthong.foundation.organisations.models import Organisation, Post
from lienthong.work.rules import Part

ACCOUNT = settings.AUTH_USER_MODEL


_WITHOUT_NUMBER = Q(book="", year=None, number=None, registered_at=None, registered_by=None)
_NUMBERED = ~Q(book="") & Q(
    year__isnull=False, number__isnull=False, registered_at__isnull=False, registered_by__isnull=False
)


class Arrival(models.Model):
    """A document at an agency that got it: a line of the register of incoming documents (NĐ 30/2020 art. 22, App. IV).

    What another agency of the province sent stands here from the moment it is issued there, and has no number before
    the clerk registers it.
    """

    class Way(models.TextChoices):
        PAPER = "paper", _("on paper")
        ELECTRONIC = "electronic", _("electronically, by another system")
        MAIL = "mail", _("by e-mail")

    key = models.UUIDField(default=uuid.uuid4, unique=True, help_text="Of the form it was registered with: once")
    document = models.ForeignKey(Document, models.PROTECT, related_name="arrivals")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    way = models.CharField(max_length=10, choices=Way.choices)
    arrived_at = models.DateTimeField(help_text="When it came to the agency")
    arrived_on = models.DateField(help_text="The day written into the register")
    book = models.CharField(max_length=100, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    registered_at = models.DateTimeField(null=True, blank=True)
    registered_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    status = models.PositiveSmallIntegerField(choices=[(each.value, each.name) for each in Status])
    due_at = models.DateTimeField(null=True, blank=True, help_text="Until when it is to be settled, where that is said")
    finished_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=60, blank=True, help_text="Number and symbol of the document that answers")
    remark = models.CharField(max_length=500, blank=True)
    refusal = models.CharField(max_length=500, blank=True, help_text="Why it went back to its sender")
    recall_confirmed_at = models.DateTimeField(
        null=True, blank=True, help_text="When the clerk confirmed that what its sender recalled is not used any more"
    )
    limited = models.BooleanField(
        default=False, db_default=False, help_text="Seen only by the posts that are named and whom it was handed to"
    )
    readers = models.ManyToManyField(Post, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("organisation", "book", "year", "number", name="arrival_number"),
            models.CheckConstraint(
                condition=_NUMBERED | _WITHOUT_NUMBER & Q(status__in=[Status.ARRIVED, Status.REFUSED, Status.RECALLED]),
                name="arrival_registered",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.REFUSED) & ~Q(refusal="") | ~Q(status=Status.REFUSED) & Q(refusal=""),
                name="arrival_refused",
            ),
            models.UniqueConstraint("document", "organisation", name="arrival_once"),
            models.CheckConstraint(
                condition=Q(status=Status.DONE, finished_at__isnull=False)
                | ~Q(status=Status.DONE) & Q(finished_at__isnull=True),
                name="arrival_finished",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-arrived_on", "-id"], name="arrival_register"),
            models.Index(fields=["organisation", "status", "-id"], name="arrival_status"),
            models.Index(fields=["-arrived_on", "-id"], name="arrival_newest"),
            models.Index("id", name="arrival_limited", condition=Q(limited=True)),
        ]


class Task(models.Model):
    """What somebody has to do with a document that came in; the work item in the inbox is opened from it."""

    arrival = models.ForeignKey(Arrival, models.CASCADE, related_name="tasks", db_index=False)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="below")
    part = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Part])
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=50)
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    outcome = models.CharField(max_length=10, blank=True, choices=[(each.value, each.value) for each in Outcome])

    class Meta:
        indexes = [
            models.Index("arrival", "id", name="document_task_arrival"),
            models.Index("post", "arrival", name="document_task_post", condition=Q(post__isnull=False)),
            models.Index("organisation", "role", "arrival", name="document_task_desk"),
            models.Index("organisation", "opened_at", name="document_task_handed", condition=Q(part=Part.LEAD)),
            models.Index("due_at", "id", name="document_task_due", condition=Q(done_at=None, due_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, outcome="") | Q(done_at__isnull=False) & ~Q(outcome=""),
                name="document_task_done",
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="document_task_not_below_itself"),
        ]


class Note(models.Model):
    """Something said about a document on its way: the leader's note with which it was directed, an opinion, a report,
    why it was given back. Never changed: whoever erred writes another."""

    class About(models.TextChoices):
        PRESENTED = "presented", _("presented")
        DIRECTION = "direction", _("direction")
        OPINION = "opinion", _("opinion")
        REPORT = "report", _("report")
        GIVEN_BACK = "given-back", _("given back")
        TAKEN_BACK = "taken-back", _("taken back")

    arrival = models.ForeignKey(Arrival, models.CASCADE, related_name="notes", db_index=False)
    task = models.ForeignKey(Task, models.CASCADE, related_name="notes", help_text="By which whoever wrote it had it")
    key = models.UUIDField(unique=True, help_text="Of the form: a second press writes nothing")
    about = models.CharField(max_length=10, choices=About.choices)
    text = models.TextField(blank=True)
    written_at = models.DateTimeField()
    author = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index("arrival", "id", name="document_note_arrival")]
