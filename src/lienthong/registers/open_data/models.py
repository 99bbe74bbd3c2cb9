"""What is known of the open data of a register since it was last looked at, and the files made of it."""

from django.db import models
from django.db.models import Q

from lienthong.foundation.files.models import StoredFile


class OpenDataset(models.Model):
    """A register, as it was when its files were made. `stamp` stands for everything that they are made of, `basis` for
    the declarations that say what is public: files of others are not given out."""

    register = models.CharField(max_length=60, unique=True)
    basis = models.CharField(max_length=64)
    stamp = models.CharField(max_length=64)
    looked_at = models.DateTimeField(help_text="When it was last seen whether anything changed")
    true_at = models.DateTimeField(help_text="The moment of which the files tell")
    entries = models.BigIntegerField(help_text="In force then")
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    days = models.IntegerField(default=0, help_text="Of the last 365, on which something changed")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(entries__gte=0), name="open_dataset_entries"),
            models.CheckConstraint(
                condition=Q(first_on=None, last_on=None) | Q(first_on__lte=models.F("last_on")),
                name="open_dataset_days",
            ),
        ]


class OpenFile(models.Model):
    """All entries in force in one format. `made_at`: since when it says what it says."""

    dataset = models.ForeignKey(OpenDataset, models.CASCADE, related_name="files", db_index=False)
    format = models.CharField(max_length=7)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dataset", "format"], name="open_file_once"),
            models.CheckConstraint(condition=Q(format__in=["csv", "xlsx", "json", "geojson"]), name="open_file_format"),
        ]
