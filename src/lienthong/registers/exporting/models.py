"""What was asked to be taken along, and the file it became."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.organisations.models import Post


class Export(models.Model):
    """A list as somebody saw it: `query` is that of its address, as `looking` reads it, `fields` the keys of those that
    are taken along."""

    class Format(models.TextChoices):
        XLSX = "xlsx", _("Excel, LibreOffice (.xlsx)")
        CSV = "csv", _("Plain table (.csv)")
        JSON = "json", _("For programs (.json)")
        GEOJSON = "geojson", _("For maps (.geojson)")

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    register = models.CharField(max_length=60)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", help_text="In which the officer acted")
    format = models.CharField(max_length=7, choices=Format.choices)
    query = models.CharField(max_length=5000, blank=True)
    fields = models.JSONField()
    purpose = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
    passed = models.IntegerField(default=0, help_text="Entries that are written so far")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["account", "register", "-id"], name="registers_export_own"),
            models.Index("asked_at", name="registers_export_old"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(format__in=["xlsx", "csv", "json", "geojson"]), name="registers_export_format"
            ),
            models.CheckConstraint(condition=Q(file=None) | Q(made_at__isnull=False), name="registers_export_made"),
        ]

    @property
    def over(self) -> bool:
        return bool(self.made_at or self.stopped_at)
