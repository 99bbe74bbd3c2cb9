"""What was told to whom, by which ways, and what people want to hear."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

ACCOUNT = settings.AUTH_USER_MODEL


class Notification(models.Model):
    """A message to one person, worded as it was then. Without an account it went out by its deliveries only.

    What stands in the application is this row: nothing has to be sent for it. Partitioned by the year it was made in.
    """

    created_at = models.DateTimeField()
    account = models.ForeignKey(ACCOUNT, models.CASCADE, null=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=100)
    recipient = models.CharField(max_length=200, blank=True, help_text="Name of the person")
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=300)
    text = models.TextField()
    short = models.CharField(max_length=500)
    link = models.CharField(max_length=300, blank=True, help_text="Address within this site")
    data = models.JSONField(default=dict, help_text="What it was worded from, for gateways with templates of their own")
    subject_type = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("account", "id", name="notification_account"),
            models.Index(
                "account",
                "id",
                name="notification_unread",
                condition=Q(read_at__isnull=True, account__isnull=False),
            ),
            models.Index("subject_type", "subject_id", name="notification_subject"),
        ]


class Delivery(models.Model):
    """A message on its way by one channel. Partitioned as the message is, by the same moment."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("delivery", "Waiting")
        SENDING = "sending", pgettext_lazy("delivery", "Being sent")
        SENT = "sent", pgettext_lazy("delivery", "Sent")
        DELIVERED = "delivered", pgettext_lazy("delivery", "Delivered")
        FAILED = "failed", pgettext_lazy("delivery", "Not delivered")

    created_at = models.DateTimeField()
    notification_id = models.BigIntegerField()
    channel = models.CharField(max_length=100)
    address = models.CharField(max_length=254)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    changed_at = models.DateTimeField(help_text="When its state was last looked after")
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True, help_text="Why the last try failed")
    reference = models.CharField(max_length=200, blank=True, help_text="How the gateway calls it")

    class Meta:
        indexes = [
            models.Index("notification_id", name="delivery_notification"),
            models.Index("changed_at", name="delivery_on_its_way", condition=Q(state__in=["waiting", "sending"])),
            models.Index("channel", "reference", name="delivery_reference", condition=~Q(reference="")),
        ]


class Told(models.Model):
    """That something was told: the key makes that nothing is told twice. Kept for longer than anything is repeated."""

    key = models.CharField(max_length=250, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("at", name="told_at")]


class Preferences(models.Model):
    """What somebody has chosen; who never did gets what the channels are declared to do."""

    account = models.OneToOneField(ACCOUNT, models.CASCADE, primary_key=True, related_name="+")
    language = models.CharField(max_length=10, blank=True, help_text="Of the messages; empty: that of the installation")
    choices = models.JSONField(default=dict, help_text='By group and channel: {"dossiers/sms": false}')
