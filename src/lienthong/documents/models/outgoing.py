"""Documents that an agency issues: the line in its register of outgoing documents, and to whom each goes."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from lienthong.documents.models.documents import Document
from lienthong.documents.models.incoming import Arrival
from lienthong.foundation.organisations.models import Organisation, Post

ACCOUNT = settings.AUTH_USER_MODEL


class Issue(models.Model):
    """A document that an agency has issued: a line of the register of outgoing documents (NĐ 30/2020 art. 15-18,
    App. IV). Its number, symbol and day stand in the document."""

    key = models.UUIDField(unique=True, help_text="Of the form it was issued with: once")
    document = models.OneToOneField(Document, models.PROTECT, related_name="issue")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The part of the agency that drafted it and keeps the copy",
    )
    book = models.CharField(max_length=100)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    answer_by = models.DateTimeField(null=True, blank=True, help_text="Until when those who get it are to settle it")
    answers = models.ForeignKey(
        Arrival, models.PROTECT, null=True, blank=True, related_name="answered_by", help_text="What it is the answer to"
    )
    remark = models.CharField(max_length=500, blank=True)
    inside = models.PositiveSmallIntegerField(default=0, help_text="To how many agencies of the province it went")
    copies = models.PositiveIntegerField(default=0, help_text="On paper, of all to whom it went")
    recalled_at = models.DateTimeField(null=True, blank=True)
    recall_reason = models.CharField(max_length=500, blank=True)
    limited = models.BooleanField(default=False, db_default=False, help_text="Seen only by the posts that are named")
    readers = models.ManyToManyField(Post, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("organisation", "book", "year", "number", name="issue_number"),
            models.CheckConstraint(
                condition=Q(recalled_at=None, recall_reason="") | Q(recalled_at__isnull=False) & ~Q(recall_reason=""),
                name="issue_recalled",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-issued_at", "-id"], name="issue_register"),
            models.Index("unit", "issued_at", name="issue_unit", condition=Q(unit__isnull=False)),
        ]


class Sending(models.Model):
    """One to whom a document goes. An agency of the province has it at once as an arrival, and how far it has come is
    read there; everybody else gets it on paper or by another system."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="sendings", db_index=False)
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    arrival = models.OneToOneField(Arrival, models.PROTECT, null=True, blank=True, related_name="sending")
    copies = models.PositiveSmallIntegerField(default=0, help_text="On paper")

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint("issue", "place", name="sending_place")]
