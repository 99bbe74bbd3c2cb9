"""Official copies (bản sao): what an agency copied of a document that it got or issued."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from lienthong.documents.copying.rules import Form, Way
from lienthong.documents.models.incoming import Arrival
from lienthong.documents.models.outgoing import Issue
from lienthong.documents.rules.sending import number_written
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.organisations.models import Organisation, Post

ACCOUNT = settings.AUTH_USER_MODEL


class OfficialCopy(models.Model):
    """A copy by an agency, with the value of the original (NĐ 30/2020 art. 25-27): a line of its register of copies.

    What is copied is known by its digest and not held: a record that is destroyed takes its files along. The copy's own
    file may go the same way; its digest stays.
    """

    key = models.UUIDField(unique=True, help_text="Of the form it was made with: once")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    arrival = models.ForeignKey(Arrival, models.PROTECT, null=True, blank=True, related_name="official_copies")
    issue = models.ForeignKey(Issue, models.PROTECT, null=True, blank=True, related_name="official_copies")
    form = models.CharField(max_length=3, choices=[(each.value, each.value) for each in Form])
    way = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Way])
    book = models.CharField(max_length=100)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    symbol = models.CharField(max_length=30)
    pages = models.CharField(max_length=200, blank=True, help_text="Of an extract, those that were copied: 1, 3-4")
    recipients = models.TextField(help_text="One on each line")
    copies = models.PositiveSmallIntegerField(default=0, help_text="How many, on paper")
    permitter = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False)
    permitted_by = models.CharField(max_length=200, help_text="Who held that post, and its name, at the time")
    remark = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    original_digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file that was copied")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the copy")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("organisation", "book", "year", "number", name="official_copy_number"),
            models.CheckConstraint(
                condition=Q(arrival=None, issue__isnull=False) | Q(arrival__isnull=False, issue=None),
                name="official_copy_of_one",
            ),
            models.CheckConstraint(
                condition=Q(way=Way.PAPER, file=None, digest="", original_digest="", copies__gt=0)
                | Q(~Q(digest="") & ~Q(original_digest=""), way=Way.ELECTRONIC, copies=0),
                name="official_copy_has_a_file",
            ),
            models.CheckConstraint(
                condition=Q(~Q(pages=""), form=Form.EXTRACT) | Q(~Q(form=Form.EXTRACT), pages=""),
                name="official_copy_pages",
            ),
            models.CheckConstraint(condition=~Q(recipients=""), name="official_copy_recipients"),
        ]
        indexes = [
            models.Index("organisation", "made_at", "id", name="official_copy_register"),
            models.Index("digest", name="official_copy_digest", condition=~Q(digest="")),
        ]

    @property
    def code(self) -> str:
        """Number and symbol as they are written: 05/SY-UBND (NĐ 30/2020 App. I, part II, II.1.c)."""
        return f"{number_written(self.number)}/{self.symbol}"

    @property
    def line(self) -> Arrival | Issue:
        """What was copied."""
        line = self.arrival or self.issue
        assert line is not None
        return line
