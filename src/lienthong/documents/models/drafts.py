"""Documents while they are being written: drafts, their versions, and what others were asked to say of them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from lienthong.documents.models.incoming import Arrival
from lienthong.documents.models.outgoing import Issue
from lienthong.documents.rules.urgency import Urgency
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.organisations.models import Organisation, Post

ACCOUNT = settings.AUTH_USER_MODEL


class Draft(models.Model):
    """A document that an agency is writing. What it says stands in its versions; here is what lists show of it."""

    class State(models.TextChoices):
        WRITING = "writing", pgettext_lazy("draft", "being written")
        SIGNING = "signing", pgettext_lazy("draft", "being signed")
        SIGNED = "signed", pgettext_lazy("draft", "signed, waits for its number")
        ISSUED = "issued", pgettext_lazy("draft", "issued")
        DROPPED = "dropped", pgettext_lazy("draft", "dropped")

    key = models.UUIDField(default=uuid.uuid4, unique=True, help_text="Of the form: once")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False, help_text="The agency that is to issue it"
    )
    unit = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False, help_text="The part of the agency that drafts"
    )
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False, help_text="Who drafts it")
    author = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, help_text="Code of the list administrative-document-kinds")
    abstract = models.CharField(max_length=500, blank=True)
    urgency = models.PositiveSmallIntegerField(choices=[(each.value, each.name) for each in Urgency], default=0)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WRITING)
    answers = models.ForeignKey(
        Arrival, models.PROTECT, null=True, blank=True, related_name="drafts", help_text="What it is to answer"
    )
    recipients = models.JSONField(default=list, help_text="To whom it is to go: name, organisation_id or null, copies")
    latest = models.PositiveSmallIntegerField(default=0, help_text="Number of the last version")
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    issue = models.OneToOneField(Issue, models.PROTECT, null=True, blank=True, related_name="draft")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="issued", issue__isnull=False) | ~Q(state="issued") & Q(issue=None),
                name="draft_issued",
            )
        ]
        indexes = [
            models.Index(fields=["post", "-changed_at", "-id"], name="draft_of_post"),
            models.Index(fields=["unit", "-changed_at", "-id"], name="draft_of_unit"),
            models.Index(fields=["organisation", "state", "-changed_at", "-id"], name="draft_of_agency"),
        ]


class DraftVersion(models.Model):
    """What a draft said at one time: written in the page (`contents`, as `rules.contents.Contents` keeps it), or a file
    that was brought (DOCX or PDF). Never changed."""

    key = models.UUIDField(unique=True, help_text="Of the form: a second press writes nothing")
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField()
    contents = models.JSONField(null=True, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(max_length=500, blank=True, help_text="What was changed and why")
    author = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("draft", "number", name="draft_version_number"),
            models.CheckConstraint(
                condition=Q(contents=None, file__isnull=False) | Q(contents__isnull=False, file=None),
                name="draft_version_is_one",
            ),
        ]


class DraftOpinion(models.Model):
    """That a desk was asked what it thinks of a version, and what it said. All are asked at once."""

    class Verdict(models.TextChoices):
        AGREED = "agreed", pgettext_lazy("opinion on a draft", "agrees")
        REMARKS = "remarks", pgettext_lazy("opinion on a draft", "agrees with remarks")
        OPPOSED = "opposed", pgettext_lazy("opinion on a draft", "does not agree")
        LAPSED = "lapsed", pgettext_lazy("opinion on a draft", "was not given")

    class Taken(models.TextChoices):
        """What whoever writes the draft did with an opinion (tiếp thu, giải trình)."""

        WHOLE = "whole", pgettext_lazy("opinion on a draft", "taken over")
        PART = "part", pgettext_lazy("opinion on a draft", "taken over in part")
        NOT = "not", pgettext_lazy("opinion on a draft", "not taken over")

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="opinions", db_index=False)
    version = models.ForeignKey(DraftVersion, models.CASCADE, related_name="opinions", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=50)
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    question = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    due_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=7, choices=Verdict.choices, blank=True)
    words = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    taken = models.CharField(max_length=5, choices=Taken.choices, blank=True)
    taken_words = models.TextField(blank=True, help_text="What was changed, or why it was not")
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken="", taken_words="", taken_at=None, taken_by=None)
                | Q(taken__in=["whole", "part", "not"], taken_at__isnull=False, taken_by__isnull=False),
                name="draft_opinion_taken",
            ),
            models.CheckConstraint(
                condition=Q(taken="") | Q(verdict__in=["agreed", "remarks", "opposed"]),
                name="draft_opinion_taken_once_given",
            ),
            models.CheckConstraint(
                condition=~Q(taken__in=["part", "not"], taken_words=""), name="draft_opinion_taken_says_why"
            ),
            models.CheckConstraint(
                condition=Q(given_at=None, verdict="") | Q(given_at__isnull=False) & ~Q(verdict=""),
                name="draft_opinion_given",
            ),
            models.UniqueConstraint(
                fields=["draft", "organisation", "role", "post"],
                name="draft_opinion_asked_once",
                condition=Q(given_at=None),
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index("draft", "id", name="draft_opinion_of_draft"),
            models.Index("post", "draft", name="draft_opinion_post", condition=Q(post__isnull=False)),
            models.Index("organisation", "role", "draft", name="draft_opinion_desk"),
        ]
