"""Tables of the counter: what clerks type in, who took a result, papers on their way from desk to desk."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lienthong.cases.models.dossiers import ACCOUNT, Dossier, ReturnWay
from lienthong.foundation.organisations.models import Organisation, Post


class CounterEntry(models.Model):
    """An application that a clerk is typing in for somebody at the counter. It becomes a dossier, and goes.

    `person` is who stands there, by the names of `rules.counter.FACTS`; `found` are the ids of the earlier dossiers
    that were shown. `data` and `counted` are what was typed, right or wrong: nothing that somebody typed is lost.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, help_text="Makes taking it in twice harmless")
    account = models.ForeignKey(ACCOUNT, models.CASCADE, related_name="+")
    together = models.UUIDField(default=uuid.uuid4, help_text="The same for what one person hands in at one go")
    person = models.JSONField(default=dict)
    found = ArrayField(models.BigIntegerField(), default=list)
    procedure_key = models.CharField(max_length=100, blank=True)
    variant = models.CharField(max_length=100, blank=True)
    competent = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    data = models.JSONField(default=dict)
    return_way = models.CharField(max_length=7, choices=ReturnWay.choices, default=ReturnWay.COUNTER)
    return_address = models.CharField(max_length=300, blank=True)
    counted = models.JSONField(default=dict)
    reason = models.TextField(blank=True, help_text="Why it cannot be accepted as it is")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account", "-updated_at"], name="counter_entry_account"),
            models.Index("updated_at", name="counter_entry_touched"),
        ]


class Taker(models.Model):
    """Who took the result of a dossier at the counter: by the own right, or with a mandate."""

    class Capacity(models.TextChoices):
        OWN = "own", _("The applicant")
        MANDATE = "mandate", _("With a mandate")

    dossier = models.OneToOneField(Dossier, models.CASCADE, related_name="taker")
    name = models.CharField(max_length=200)
    person_id = models.CharField(max_length=12)
    capacity = models.CharField(max_length=7, choices=Capacity.choices)
    mandate = models.CharField(max_length=300, blank=True, help_text="The paper that says so: kind, number, day")
    taken_at = models.DateTimeField()
    account = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", help_text="Who handed it over")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity="own", mandate="") | Q(capacity="mandate") & ~Q(mandate=""), name="taker_mandate"
            ),
        ]


class HandOver(models.Model):
    """A list of papers that went from one unit to another together. Numbered in the book of the giver."""

    giver = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    year = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+")
    made_in = models.ForeignKey(Post, models.PROTECT, related_name="+")
    is_open = models.BooleanField(default=True, help_text="Whether a line waits to be confirmed")

    class Meta:
        indexes = [
            models.Index(fields=["giver", "-id"], name="hand_over_giver"),
            models.Index(fields=["receiver", "-id"], name="hand_over_receiver"),
            models.Index(fields=["receiver", "-id"], name="hand_over_waiting", condition=Q(is_open=True)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["giver", "year", "number"], name="hand_over_number"),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="hand_over_to_others"),
        ]


class HandOverLine(models.Model):
    """The papers of one dossier on a list, for the visit they go to. Partitioned by the year that visit began, as
    visits are, so that no visit's papers stand on two lists unless they were missing on the first."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("papers", "On the way")
        RECEIVED = "received", pgettext_lazy("papers", "Received")
        MISSING = "missing", pgettext_lazy("papers", "Not received")

    hand_over = models.ForeignKey(HandOver, models.CASCADE, related_name="lines")
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="hand_over_lines")
    visit_id = models.BigIntegerField()
    visit_opened_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    remark = models.CharField(max_length=500, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [
            models.Index("hand_over", name="hand_over_line_list"),
            models.Index("dossier", name="hand_over_line_dossier"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["visit_id", "visit_opened_at"], condition=~Q(state="missing"), name="hand_over_line_once"
            ),
            models.CheckConstraint(
                condition=Q(state="open", confirmed_at=None) | ~Q(state="open") & Q(confirmed_at__isnull=False),
                name="hand_over_line_confirmed",
            ),
            models.CheckConstraint(condition=~Q(state="missing") | ~Q(remark=""), name="hand_over_line_remark"),
        ]
