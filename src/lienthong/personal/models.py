"""The copy of everything that is held about a person."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from lienthong.foundation.files.models import StoredFile


class DataCopy(models.Model):
    """The copy that somebody asked for last; being made while it has no file. One for each person."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index("made_at", name="data_copy_made", condition=Q(made_at__isnull=False))]
        constraints = [
            models.CheckConstraint(
                condition=Q(made_at=None, file=None) | Q(made_at__isnull=False, file__isnull=False),
                name="data_copy_made_has_file",
            )
        ]
