"""Numbers that people wait with, calls to a desk, who sits where, and the addresses at which numbers are taken.

Nothing here says who waits: a number has a group, a ground for going first, and times.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lienthong.foundation.organisations.models import Organisation
from lienthong.queueing import rules


class Door(models.Model):
    """An address at which numbers are taken, secret so that nobody empties the queue from afar."""

    class Purpose(models.TextChoices):
        KIOSK = "kiosk", _("Kiosk at the door")
        POSTER = "poster", _("Poster for telephones")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=6, choices=Purpose.choices)
    key = models.CharField(max_length=40, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("organisation", "purpose", name="queue_door_once")]


class Seat(models.Model):
    """Who sits at a desk. It counts for its day only: a seat that nobody left is free again the next morning."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    desk = models.PositiveSmallIntegerField()
    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    day = models.DateField()
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("organisation", "desk", name="queue_seat_once")]


class Ticket(models.Model):
    """A number somebody waits with. Partitioned by the year of its day."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("number", "Waiting")
        CALLED = "called", pgettext_lazy("number", "Called")
        SERVING = "serving", pgettext_lazy("number", "Being served")
        DONE = "done", pgettext_lazy("number", "Done")
        ABSENT = "absent", pgettext_lazy("number", "Did not come")
        LEFT = "left", pgettext_lazy("number", "Gave it back")
        UNSERVED = "unserved", pgettext_lazy("number", "Not called before closing")

    class Channel(models.TextChoices):
        KIOSK = "kiosk", _("Kiosk")
        PHONE = "phone", _("Telephone")

    OPEN = (State.WAITING, State.CALLED, State.SERVING)

    day = models.DateField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    letter = models.CharField(max_length=1, help_text="Of the group in which it was taken")
    number = models.PositiveIntegerField()
    secret = models.CharField(max_length=32, help_text="In the address of its own page")
    request = models.UUIDField(help_text="Of the press that asked for it: pressed twice it is one number")
    channel = models.CharField(max_length=5, choices=Channel.choices)
    priority = models.CharField(max_length=60, blank=True, help_text="Code of the ground for going first")
    group = models.CharField(max_length=1, help_text="Letter of the group in which it waits now")
    desk = models.PositiveSmallIntegerField(null=True, help_text="Where a colleague has sent it")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    taken_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True, help_text="When it was called first")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("organisation", "day", name="queue_ticket_day"),
            models.Index(
                "organisation",
                "day",
                "taken_at",
                name="queue_ticket_open",
                condition=Q(state__in=["waiting", "called", "serving"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint("organisation", "day", "letter", "number", name="queue_ticket_number"),
            models.UniqueConstraint("secret", "day", name="queue_ticket_secret"),
            models.UniqueConstraint("request", "day", name="queue_ticket_request"),
            models.CheckConstraint(condition=Q(number__gte=1), name="queue_ticket_from_one"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, state__in=["waiting", "called", "serving"])
                | Q(ended_at__isnull=False, state__in=["done", "absent", "left", "unserved"]),
                name="queue_ticket_open_or_ended",
            ),
        ]

    @property
    def code(self) -> str:
        return rules.code(self.letter, self.number)

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def as_waiting(self) -> rules.Waiting:
        return rules.Waiting(self.pk, self.group, bool(self.priority), self.taken_at, self.desk)


class Call(models.Model):
    """That a number was called to a desk, and what came of it. Partitioned as the number is.

    The database keeps that a desk has one number at a time, and a number one desk.
    """

    class Outcome(models.TextChoices):
        DONE = "done", pgettext_lazy("call", "Done")
        ABSENT = "absent", pgettext_lazy("call", "Nobody came")
        PASSED = "passed", pgettext_lazy("call", "Passed on")
        LEFT = "left", pgettext_lazy("call", "Gave the number back")
        CLOSED = "closed", pgettext_lazy("call", "Open at the end of the day")

    day = models.DateField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    ticket_id = models.BigIntegerField()
    letter = models.CharField(max_length=1)
    number = models.PositiveIntegerField()
    group = models.CharField(max_length=1)
    desk = models.PositiveSmallIntegerField()
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, help_text="The clerk who called"
    )
    called_at = models.DateTimeField()
    times = models.PositiveSmallIntegerField(default=1, help_text="How often it was called")
    last_called_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, help_text="When the person had come to the desk")
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=6, choices=Outcome.choices, blank=True)

    class Meta:
        indexes = [models.Index("organisation", "day", name="queue_call_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "desk", "day"],
                name="queue_call_one_at_a_desk",
                condition=Q(ended_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["ticket_id", "day"], name="queue_call_one_of_a_number", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="queue_call_open_or_ended",
            ),
            models.CheckConstraint(
                condition=Q(started_at__isnull=True) | Q(started_at__gte=F("called_at")), name="queue_call_in_order"
            ),
        ]

    @property
    def code(self) -> str:
        return rules.code(self.letter, self.number)
