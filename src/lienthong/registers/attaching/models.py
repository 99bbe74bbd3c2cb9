"""Which entry has which file, so that no file is lost and none is kept for nobody."""

from django.db import models
from django.db.models import Q

from lienthong.foundation.files.models import StoredFile


class EntryFile(models.Model):
    """A file that an entry has, or had in a former state, in one of its fields. Without an entry: one that was uploaded
    for the register and is in none yet.

    What an entry says names its files by their ids; this table is what the database can hold them by.
    """

    register = models.CharField(max_length=60)
    entry_id = models.BigIntegerField(null=True)
    field = models.CharField(max_length=60, blank=True, help_text="Key of the field, or of the table in which it is")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["register", "entry_id", "field", "file"],
                condition=Q(entry_id__isnull=False),
                name="registers_file_of_entry",
            ),
            models.UniqueConstraint(fields=["file"], condition=Q(entry_id=None), name="registers_file_uploaded"),
            models.CheckConstraint(
                condition=Q(entry_id=None, field="") | (Q(entry_id__isnull=False) & ~Q(field="")),
                name="registers_file_in_field",
            ),
        ]
