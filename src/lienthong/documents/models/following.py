"""What following up leaves behind: more time that was asked for, urgings, officers' own phrases, registers as files."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lienthong.documents.models.incoming import Arrival, Task
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.organisations.models import Organisation, Post
from lienthong.work.models import AskedMoreTime, Urged, more_time_constraints, once_a_day

ACCOUNT = settings.AUTH_USER_MODEL


class MoreTime(AskedMoreTime):
    """It lies with the desk above, by whom the task was directed; without one above it was decided as it was asked."""

    subject_type = "more-time"

    task = models.ForeignKey(Task, models.CASCADE, related_name="more_time", db_index=False)

    class Meta:
        indexes = [models.Index("task", "id", name="document_more_time_task")]
        constraints = more_time_constraints("document")


class Urging(Urged):
    """That somebody who has a document open was urged."""

    arrival = models.ForeignKey(Arrival, models.CASCADE, related_name="urgings", db_index=False)
    task = models.ForeignKey(Task, models.CASCADE, related_name="urgings", db_index=False)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index("arrival", "id", name="document_urging_arrival")]
        constraints = [once_a_day("document")]


class Phrase(models.Model):
    """Words that an officer directs with again and again."""

    account = models.ForeignKey(ACCOUNT, models.CASCADE, related_name="+", db_index=False)
    text = models.CharField(max_length=500)
    uses = models.PositiveIntegerField(default=0)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("account", "text", name="document_phrase_once")]


class Book(models.TextChoices):
    """The registers of NĐ 30/2020 App. IV, and that of official copies, for whose numbers App. I asks for one."""

    INCOMING = "incoming", _("Register of incoming documents")
    SETTLEMENT = "settlement", _("Follow-up of the settlement of incoming documents")
    OUTGOING = "outgoing", _("Register of outgoing documents")
    POST = "post", _("Register of hand-over to the post")
    COPIES = "copies", _("Register of the use of kept copies")
    OFFICIAL = "official", _("Register of official copies")


class BookFile(models.Model):
    """A register of an agency for a period that somebody takes along as a file."""

    class Format(models.TextChoices):
        XLSX = "xlsx", _("Spreadsheet (.xlsx)")
        PDF = "pdf", _("For printing (.pdf)")

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    account = models.ForeignKey(ACCOUNT, models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False)
    book = models.CharField(max_length=10, choices=Book.choices)
    format = models.CharField(max_length=4, choices=Format.choices)
    agency = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    first = models.DateField()
    last = models.DateField()
    progress = models.CharField(max_length=14, blank=True)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
    lines = models.PositiveIntegerField(default=0)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index("asked_at", name="document_book_file_old")]
        constraints = [
            models.CheckConstraint(condition=Q(file=None) | Q(made_at__isnull=False), name="document_book_file_made")
        ]

    @property
    def over(self) -> bool:
        return bool(self.made_at or self.stopped_at)
