"""What is proposed for a register, how far it is, and who decided."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lienthong.foundation.definitions.models import Definition
from lienthong.foundation.organisations.models import Organisation, Post
from lienthong.work.models import Bulk


class Proposal(models.Model):
    """One change that somebody proposes; with lines, the same change of many entries.

    `values` and `before` are JSON by the keys of fields, as `contents` writes them: what is proposed, and what stood in
    the same fields then. `turn` counts how often it was sent; the work items of a turn carry it as their part.
    """

    class Deed(models.TextChoices):
        ENTER = "enter", _("New entry")
        CHANGE = "change", _("Change of an entry")
        CORRECT = "correct", _("Correction of an entry")
        END = "end", _("End of an entry")
        BULK = "bulk", _("Change of many entries")

    class State(models.TextChoices):
        DRAFT = "draft", _("not sent yet")
        WAITING = "waiting", _("waiting for approval")
        RETURNED = "returned", _("given back for completion")
        WITHDRAWN = "withdrawn", _("withdrawn")
        REFUSED = "refused", pgettext_lazy("proposals", "refused")
        APPLYING = "applying", _("approved, under way")
        APPLIED = "applied", _("approved, in the register")

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    register = models.CharField(max_length=60)
    version = models.ForeignKey(
        Definition, models.PROTECT, related_name="+", db_index=False, help_text="Of the register, when it was sent"
    )
    deed = models.CharField(max_length=7, choices=Deed.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False, help_text="The agency that keeps the entries"
    )
    entry_id = models.BigIntegerField(null=True, help_text="Of a new entry, once it is made")
    revision = models.IntegerField(null=True, help_text="Of the entry as it was seen")
    title = models.CharField(max_length=500, blank=True, help_text="What the entry was called")
    values = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    day = models.DateField(null=True, help_text="From which it counts; of a correction only where it was wrong")
    reason = models.TextField(blank=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False, help_text="In which it was sent")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    turn = models.IntegerField(default=0)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True, help_text="What the one who decided says")
    bulk = models.ForeignKey(Bulk, models.SET_NULL, null=True, related_name="+")
    done = models.IntegerField(null=True, help_text="Of many entries, how many were changed in the end")
    emptied_at = models.DateTimeField(null=True, help_text="When what it said was let go of")

    class Meta:
        indexes = [
            models.Index(fields=["register", "state", "-id"], name="registers_proposal_state"),
            models.Index(fields=["account", "register", "-id"], name="registers_proposal_own"),
            models.Index(
                "register", "entry_id", name="registers_proposal_open", condition=Q(state__in=["waiting", "returned"])
            ),
            models.Index("made_at", name="registers_proposal_draft", condition=Q(state="draft")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(deed__in=["enter", "change", "correct", "end", "bulk"]), name="registers_proposal_deed"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "waiting", "returned", "withdrawn", "refused", "applying", "applied"]),
                name="registers_proposal_known_state",
            ),
            models.CheckConstraint(
                condition=Q(deed__in=["enter", "bulk"]) | Q(entry_id__isnull=False, revision__isnull=False),
                name="registers_proposal_of_an_entry",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", deed="bulk", sent_at=None) | ~Q(state="draft") & Q(sent_at__isnull=False),
                name="registers_proposal_sent",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "refused"]) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="registers_proposal_decided",
            ),
            models.CheckConstraint(  # nobody approves what they proposed
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("account")), name="registers_proposal_four_eyes"
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to do something about it before it is decided."""
        return self.state in (self.State.WAITING, self.State.RETURNED)

    @property
    def code(self) -> str:
        """How people call it."""
        return f"ĐN-{self.pk}"


class ProposalLine(models.Model):
    """One of the entries that are to be changed together, as it was seen."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="lines", db_index=False)
    entry_id = models.BigIntegerField()
    revision = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint("proposal", "entry_id", name="registers_proposal_line_once")]
