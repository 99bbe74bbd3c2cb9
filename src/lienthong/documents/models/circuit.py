"""Who checks and signs a draft, one after the other or at once, until the clerk gives it its number."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from lienthong.documents.models.drafts import Draft, DraftVersion
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.organisations.models import Organisation, Post

ACCOUNT = settings.AUTH_USER_MODEL


class SigningRound(models.Model):
    """That a draft was presented: the file as everybody of this round has it before them, whose text does not change
    any more. What signatures add to it stands at the turns."""

    class Outcome(models.TextChoices):
        OPEN = "", pgettext_lazy("round of signing", "under way")
        SIGNED = "signed", pgettext_lazy("round of signing", "signed")
        RETURNED = "returned", pgettext_lazy("round of signing", "returned")
        TAKEN_BACK = "taken-back", pgettext_lazy("round of signing", "taken back")

    key = models.UUIDField(unique=True, help_text="Of the form: presented once")
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="rounds", db_index=False)
    number = models.PositiveSmallIntegerField()
    version = models.ForeignKey(DraftVersion, models.CASCADE, related_name="rounds", db_index=False)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", help_text="With gaps for number and day")
    words = models.TextField(blank=True, help_text="To those who check and sign")
    presented_at = models.DateTimeField()
    presented_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default=Outcome.OPEN)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    reason = models.TextField(blank=True, help_text="Why it was returned or taken back")

    class Meta:
        constraints = [
            models.UniqueConstraint("draft", "number", name="signing_round_number"),
            models.UniqueConstraint(fields=["draft"], name="signing_round_one_open", condition=Q(outcome="")),
            models.CheckConstraint(
                condition=Q(outcome="", ended_at=None) | ~Q(outcome="") & Q(ended_at__isnull=False),
                name="signing_round_ended",
            ),
        ]


class SigningTurn(models.Model):
    """The turn of a desk to check or to sign a version of a draft. Turns of the same place have it at once; when all of
    a place are done, the next place has it. A draft that was returned begins a new round, the turns of earlier ones
    stay as they ended."""

    class Part(models.TextChoices):
        CHECK = "check", pgettext_lazy("turn of signing", "checks (initials)")
        SIGN = "sign", pgettext_lazy("turn of signing", "signs")

    class Outcome(models.TextChoices):
        OPEN = "", pgettext_lazy("turn of signing", "not yet")
        DONE = "done", pgettext_lazy("turn of signing", "done")
        RETURNED = "returned", pgettext_lazy("turn of signing", "returned it")
        LAPSED = "lapsed", pgettext_lazy("turn of signing", "was not asked any more")

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="turns", db_index=False)
    version = models.ForeignKey(DraftVersion, models.CASCADE, related_name="turns", db_index=False)
    round = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField(help_text="From 1; the same place: at once")
    part = models.CharField(max_length=5, choices=Part.choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=50)
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    opened_at = models.DateTimeField(null=True, blank=True, help_text="Since when it is their turn")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True, default=Outcome.OPEN)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    done_for = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, help_text="By which post"
    )
    words = models.TextField(blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", help_text="The file with this signature"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", done_at=None) | ~Q(outcome="") & Q(done_at__isnull=False),
                name="signing_turn_done",
            ),
            models.CheckConstraint(
                condition=Q(file=None) | Q(part="sign", outcome="done"), name="signing_turn_signed_file"
            ),
        ]
        indexes = [
            models.Index("draft", "round", "place", "id", name="signing_turn_of_draft"),
            models.Index("post", "draft", name="signing_turn_post", condition=Q(post__isnull=False)),
            models.Index("organisation", "role", "draft", name="signing_turn_desk"),
        ]
