"""What was handed in: components of a dossier, certified electronic copies, papers that need not be brought again."""

from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from lienthong.cases.models.dossiers import ACCOUNT, Dossier, Paper
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.search import Fold
from lienthong.foundation.organisations.models import Post
from lienthong.identity.models import Business, Mandate

_GAP = Value(" ")


class Component(models.Model):
    """A file handed in as one of the components (thành phần hồ sơ).

    What comes with a supplement stands beside what was there; nothing that was handed in is taken away.
    """

    class Check(models.TextChoices):
        OPEN = "open"
        GOOD = "good"
        WRONG = "wrong"

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="components")
    component = models.CharField(max_length=100)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    added_at = models.DateTimeField()
    supplement = models.PositiveSmallIntegerField(
        default=0, help_text="With which supplement it came; 0: at submission"
    )
    check_result = models.CharField(max_length=5, choices=Check.choices, default=Check.OPEN)
    reused = models.BooleanField(default=False, help_text="It was here already (DuocTaiSuDung)")
    result = models.ForeignKey(
        "Paper",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The result of this system that it is (MaKetQuaThayThe)",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(result=None) | Q(reused=True), name="component_result_is_reused"),
        ]


class Digitised(models.Model):
    """A component whose file an officer scanned from paper at reception (số hóa thành phần hồ sơ, NĐ 45/2020/NĐ-CP).

    The scan is the component's `file` and is never changed; the electronic copy that an officer signed stands beside
    it. A component that has this row is what the national message calls DuocSoHoa.
    """

    class Source(models.TextChoices):
        ORIGINAL = "original", _("the original")
        CERTIFIED = "certified", _("a certified copy")
        PLAIN = "plain", _("a plain copy")

    component = models.OneToOneField(Component, models.CASCADE, primary_key=True, related_name="digitised")
    source = models.CharField(max_length=9, choices=Source.choices, help_text="What lay under the scanner")
    scan = models.JSONField(help_text="Pages, resolution, what to look at again: rules.scanning.ScanFacts")
    at = models.DateTimeField()
    account = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    signed_copy = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, blank=True, related_name="+")
    signed_post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_copy=None, signed_at=None, signed_by=None)
                | Q(signed_copy__isnull=False, signed_at__isnull=False, signed_by__isnull=False),
                name="digitised_signed",
            ),
            models.CheckConstraint(condition=~Q(source="plain") | Q(signed_copy=None), name="digitised_plain_unsigned"),
        ]


class Document(models.Model):
    """A paper that somebody has here and need not bring again: handed in, received as a result, or kept for later.

    `account` is whoever handed it in or kept it; `for_account` and `for_business` say for whom, where it was for
    another. It is read over all years by the people it is of, so the table is not partitioned.
    """

    class Origin(models.TextChoices):
        KEPT = "kept", _("Kept by yourself")
        HANDED_IN = "handed-in", _("Handed in")
        RESULT = "result", _("Result")

    origin = models.CharField(max_length=9, choices=Origin.choices)
    account = models.ForeignKey(ACCOUNT, models.CASCADE, related_name="documents")
    for_account = models.ForeignKey(ACCOUNT, models.CASCADE, null=True, blank=True, related_name="+")
    for_business = models.ForeignKey(Business, models.CASCADE, null=True, blank=True, related_name="+")
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, blank=True, related_name="+")
    dossier = models.ForeignKey(Dossier, models.CASCADE, null=True, blank=True, related_name="documents")
    component = models.CharField(max_length=100, blank=True)
    paper = models.OneToOneField(Paper, models.CASCADE, null=True, blank=True, related_name="document")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    type = models.CharField(max_length=60, blank=True, help_text="Code of the list document-types")
    kind = models.CharField(max_length=500, help_text="What it was asked for as, or is called")
    name = models.CharField(max_length=255)
    number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField()
    search = models.GeneratedField(
        expression=SearchVector(Fold(Concat("name", _GAP, "kind", _GAP, "number")), config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            models.Index(fields=["account", "-id"], name="document_account"),
            models.Index(
                fields=["for_account", "-id"], name="document_for_account", condition=Q(for_account__isnull=False)
            ),
            models.Index(
                fields=["for_business", "-id"], name="document_for_business", condition=Q(for_business__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "dossier", "component", "file", name="document_once", condition=Q(origin="handed-in")
            ),
            models.CheckConstraint(
                condition=Q(origin="kept", dossier=None, paper=None)
                | Q(origin="handed-in", dossier__isnull=False, paper=None)
                | Q(origin="result", dossier__isnull=False, paper__isnull=False),
                name="document_origin",
            ),
            models.CheckConstraint(
                condition=Q(issued_on=None) | Q(valid_until=None) | Q(valid_until__gte=F("issued_on")),
                name="document_days",
            ),
        ]
