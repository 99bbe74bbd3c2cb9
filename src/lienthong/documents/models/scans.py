"""Files that were put into a clerk's form before it was sent, and what was read from them."""

from django.conf import settings
from django.db import models

from lienthong.foundation.files.models import StoredFile


class WaitingFile(models.Model):
    """A file that waits in a form: until the document is registered, the clerk takes it out, or a day has passed.

    `text` holds the words of its first pages once somebody had them read, `how` how that went; `mail` what the headers
    of a message say: from, address, subject, sent.
    """

    form = models.UUIDField(help_text="Key of the form: that of the arrival it will be")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    how = models.CharField(max_length=16, blank=True)
    text = models.TextField(blank=True)
    pages = models.PositiveIntegerField(null=True)
    mail = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint("form", "account", "sha256", name="document_waiting_once")]
