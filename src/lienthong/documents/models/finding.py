"""What can be found of documents and records, and the searches that officers keep."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from lienthong.documents.models.incoming import Arrival
from lienthong.documents.models.outgoing import Issue
from lienthong.documents.models.records import Record


class Findable(models.Model):
    """A line of a register, or a record, as it is looked for: its words with those of its files, its day, and keys of
    what it is and who may see it.

    Written by the database alone, by triggers (migration 0007_finding): whatever writes an arrival, a task, a file or
    its words, it is found as it is. `keys` are those of `finding.keys`.
    """

    arrival = models.OneToOneField(Arrival, models.CASCADE, null=True, related_name="+")
    issue = models.OneToOneField(Issue, models.CASCADE, null=True, related_name="+")
    record = models.OneToOneField(Record, models.CASCADE, null=True, related_name="+")
    day = models.DateField()
    keys = ArrayField(models.TextField())
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words", "keys"], name="document_findable", fastupdate=False)]
        constraints = [
            models.CheckConstraint(
                condition=Q(arrival__isnull=False, issue=None, record=None)
                | Q(arrival=None, issue__isnull=False, record=None)
                | Q(arrival=None, issue=None, record__isnull=False),
                name="document_findable_one",
            )
        ]


class SavedSearch(models.Model):
    """A search that an officer keeps under a name. `query` holds the boxes of the page as they were filled in, by their
    names; `seen` is the last line that was there when its results were looked at."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, help_text="Of the form: once")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=100)
    query = models.JSONField()
    watched = models.BooleanField(default=False)
    seen = models.BigIntegerField(default=0)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("account", "name", name="document_search_name")]
