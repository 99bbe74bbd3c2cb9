"""A document as such: what it is called, who made it, what it consists of. Who has got it stands elsewhere."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lienthong.documents.rules.urgency import Urgency
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.search import Fold
from lienthong.foundation.organisations.models import Organisation

_GAP = Value(" ")


class Signature(models.TextChoices):
    """What was found when the signatures of the files were checked, after the document was issued or registered."""

    UNCHECKED = "", _("not checked yet")
    NONE = "none", _("without digital signature")
    VALID = "valid", _("digitally signed, valid")
    UNKNOWN = "unknown", _("signed by a certificate that is not known here")
    BROKEN = "broken", _("signature not valid")


class Circulation(models.TextChoices):
    """To whom a document may go further (NĐ 30/2020 App. I, box 11)."""

    FREE = "", pgettext_lazy("circulation", "not limited")
    INTERNAL = "internal", pgettext_lazy("circulation", "internal circulation")
    RETURN = "return", pgettext_lazy("circulation", "to be read and given back")


class Document(models.Model):
    """A document that some agency of the province has made or got, once, however many have it.

    Lengths are those of the national message (NĐ 30/2020 App. VI). `compared` is number, year and symbol without the
    ways of writing them; with the issuer and the date it tells whether two clerks have the same paper before them.
    """

    number = models.CharField(max_length=11, blank=True)
    symbol = models.CharField(max_length=30, blank=True)
    compared = models.CharField(max_length=60, blank=True)
    dated = models.DateField(null=True, blank=True)
    kind = models.CharField(max_length=20, help_text="Code of the list administrative-document-kinds")
    abstract = models.CharField(max_length=500)
    issuer_name = models.CharField(max_length=200)
    issuer = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Where it is an agency of this province",
    )
    signer_name = models.CharField(max_length=50, blank=True)
    signer_position = models.CharField(max_length=100, blank=True)
    urgency = models.PositiveSmallIntegerField(choices=[(each.value, each.name) for each in Urgency], default=0)
    pages = models.PositiveSmallIntegerField(null=True, blank=True)
    circulation = models.CharField(max_length=8, blank=True, choices=Circulation.choices)
    signature = models.CharField(max_length=8, blank=True, choices=Signature.choices)
    signature_checked_at = models.DateTimeField(null=True, blank=True)
    search = models.GeneratedField(
        expression=SearchVector(
            Fold(Concat("number", Value("/"), "symbol", _GAP, "abstract", _GAP, "issuer_name", _GAP, "signer_name")),
            config="simple",
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            GinIndex("search", name="document_search"),
            models.Index("id", name="document_unchecked", condition=Q(signature="")),
            models.Index("compared", "dated", name="document_compared", condition=~Q(compared="")),
        ]

    @property
    def code(self) -> str:
        """Number and symbol as they are written; empty where it has none yet."""
        return f"{self.number}/{self.symbol}" if self.number and self.symbol else self.number


class DocumentFile(models.Model):
    """A file of a document, as it came or was made: never altered."""

    class Role(models.TextChoices):
        MAIN = "main", _("the document")
        APPENDIX = "appendix", _("appendix")
        OTHER = "other", _("other file")

    document = models.ForeignKey(Document, models.CASCADE, related_name="files", db_index=False)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    role = models.CharField(max_length=8, choices=Role.choices)
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint("document", "place", name="document_file_place")]
