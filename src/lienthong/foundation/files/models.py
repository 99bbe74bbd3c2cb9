"""Tables of files and of the words in them."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.files.search import Fold


class Scan(models.TextChoices):
    """What the virus scanner has said."""

    PENDING = "pending", _("waiting for the virus scanner")
    CLEAN = "clean", _("no virus found")
    INFECTED = "infected", _("infected")
    NOT_SCANNED = "not-scanned", _("not scanned")


class StoredFile(models.Model):
    """A file somebody attached. Several may have the same content (`sha256`, hexadecimal), which is kept once.

    `format` is a key of `kinds.BY_KEY`. Account and post say who stored it (none: the system itself); by number only,
    because the rooms of people stand above this one.
    """

    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    format = models.CharField(max_length=16)
    name = models.CharField(max_length=160)
    stored_at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    scan = models.CharField(max_length=16, choices=Scan.choices)
    scanned_at = models.DateTimeField(null=True)
    infection = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index("sha256", name="files_storedfile_sha256")]
        constraints = [
            models.CheckConstraint(condition=models.Q(sha256__regex="^[0-9a-f]{64}$"), name="files_sha256"),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="files_size"),
            models.CheckConstraint(condition=models.Q(scan__in=Scan.values), name="files_scan"),
        ]


class Reading(models.TextChoices):
    """How reading the words of a file went."""

    READ = "read", _("was read")
    CUT = "cut", _("was read from its beginning, as far as is searched")
    NO_TEXT = "no-text", _("contains no text, perhaps scanned pages")
    FAILED = "failed", _("could not be read")


class FileText(models.Model):
    """The words of a file for searching."""

    file = models.OneToOneField(StoredFile, models.CASCADE, primary_key=True, related_name="text")
    reading = models.CharField(max_length=16, choices=Reading.choices)
    text = models.TextField(blank=True)
    words = models.GeneratedField(
        expression=SearchVector(Fold("text"), config="simple"), output_field=SearchVectorField(), db_persist=True
    )
    read_at = models.DateTimeField()

    class Meta:
        indexes = [GinIndex("words", name="files_filetext_words")]
        constraints = [models.CheckConstraint(condition=models.Q(reading__in=Reading.values), name="files_reading")]


class Rendition(models.Model):
    """The PDF/A that was made of a content, or why none could be. `of`: the SHA-256 of the original, whoever has files
    with it; `signed`: it bears digital signatures, which a rendition has not."""

    class Problem(models.TextChoices):
        LOCKED = "locked", _("it asks for a password")
        DAMAGED = "damaged", _("it is damaged")
        TAKES_IN = "takes-in", _("it shows what lies elsewhere, which is not fetched")
        TOO_LARGE = "too-large", _("it is too large to be converted")
        TOO_LONG = "too-long", _("converting it took too long")
        FAILED = "failed", _("the program could not convert it")
        UNSOUND = "unsound", _("what was made of it was not whole or no PDF/A")

    of = models.CharField(max_length=64, unique=True)
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+")
    problem = models.CharField(max_length=16, choices=Problem.choices, blank=True)
    signed = models.BooleanField(default=False)
    program = models.CharField(max_length=40)
    version = models.CharField(max_length=140)
    made_at = models.DateTimeField(help_text="Or when it was tried last")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(of__regex="^[0-9a-f]{64}$"), name="files_rendition_of"),
            models.CheckConstraint(
                condition=models.Q(file__isnull=False, problem="")
                | models.Q(
                    file=None,
                    problem__in=["locked", "damaged", "takes-in", "too-large", "too-long", "failed", "unsound"],
                ),
                name="files_rendition_made_or_not",
            ),
        ]
