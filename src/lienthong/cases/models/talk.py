"""What applicant and officers write to each other in a dossier."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from lienthong.cases.models.dossiers import ACCOUNT, Dossier
from lienthong.cases.rules.talking import LONGEST
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.organisations.models import Post


class Message(models.Model):
    """What an applicant and whoever has the dossier in hand write to each other. Partitioned by the year of sending."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="messages", db_index=False)
    key = models.UUIDField(help_text="Of the form it was written in; makes a second submit harmless")
    from_applicant = models.BooleanField()
    author = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+", help_text="Of an officer")
    text = models.TextField()
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True, help_text="When the other side first saw it")
    awaits = models.BooleanField(default=False, help_text="Whether the other side has still to answer it")

    class Meta:
        indexes = [
            models.Index("dossier", "id", name="message_dossier"),
            models.Index("dossier", name="message_awaits", condition=Q(awaits=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_applicant=True, post=None) | Q(from_applicant=False, post__isnull=False),
                name="message_side",
            ),
            models.CheckConstraint(condition=LessThanOrEqual(Length("text"), LONGEST), name="message_length"),
        ]


class MessageFile(models.Model):
    """A file that goes with a message."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="message_files", db_index=False)
    message_id = models.BigIntegerField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)

    class Meta:
        indexes = [models.Index("dossier", "message_id", name="message_file")]
