"""The dossier, where it stands, every visit of a step, every paper issued."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from lienthong.cases.rules import Status
from lienthong.foundation.definitions.models import Definition
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.search import Fold
from lienthong.foundation.organisations.models import Organisation, Post
from lienthong.identity.models import Business, Mandate

PAUSING = (Status.SUPPLEMENT.value, Status.FINANCIAL.value)
"""The statuses in which the applicant must do something and no time runs."""

ACCOUNT = settings.AUTH_USER_MODEL
_GAP = Value(" ")


class ReturnWay(models.TextChoices):
    """How the applicant wants the result (NĐ 61/2018/NĐ-CP art. 20)."""

    COUNTER = "counter", _("At the one-stop shop")
    POST = "post", _("By public post")
    ONLINE = "online", _("Online")


class Dossier(models.Model):
    """A dossier (hồ sơ) from submission to its end. The present state is in its columns; history lies beside it."""

    class Channel(models.IntegerChoices):
        """How it came in (KenhThucHien of the national message)."""

        DIRECT = 1, _("At the counter")
        ONLINE = 2, _("Online")
        POST = 3, _("By public post")

    code = models.CharField(max_length=60, null=True, unique=True, help_text="Given when it is received")  # noqa: DJ001
    tracking = models.CharField(max_length=12, unique=True, help_text="Reference of the submission, on its QR code")
    draft_key = models.UUIDField(null=True, unique=True, help_text="The draft it was; makes a second submit harmless")
    procedure_key = models.CharField(max_length=100)
    procedure = models.ForeignKey(Definition, models.PROTECT, related_name="+")
    variant = models.CharField(max_length=100, blank=True, help_text="Case of the procedure, where it has several")
    rule_set = models.ForeignKey(Definition, models.PROTECT, related_name="+")
    title = models.CharField(max_length=500)
    assistance = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    reception = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    competent = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    channel = models.PositiveSmallIntegerField(choices=Channel.choices)
    account = models.ForeignKey(
        ACCOUNT,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="dossiers",
        help_text="Whose it is, on the applicant's side; none for who came to the counter and has no confirmed account",
    )
    entered_by = models.ForeignKey(
        ACCOUNT,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="The clerk who entered it for somebody at the counter; none where it was handed in online",
    )
    mandate = models.ForeignKey(
        Mandate, models.PROTECT, null=True, blank=True, related_name="+", help_text="By which another handed it in"
    )
    represented_account = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, blank=True, related_name="+")
    represented_business = models.ForeignKey(Business, models.PROTECT, null=True, blank=True, related_name="+")
    submitter = models.JSONField(null=True, blank=True, help_text="Who handed it in for the applicant, as known then")
    applicant_name = models.CharField(max_length=200)
    applicant_person_id = models.CharField(max_length=14, blank=True)
    applicant_phone = models.CharField(max_length=15, blank=True)
    applicant_email = models.EmailField(blank=True)
    applicant_address = models.CharField(max_length=300, blank=True)
    data = models.JSONField(default=dict)
    return_way = models.CharField(max_length=7, choices=ReturnWay.choices, default=ReturnWay.COUNTER)
    return_address = models.CharField(max_length=300, blank=True, help_text="Where the post brings the result")
    parcel = models.CharField(max_length=30, blank=True, help_text="Number of the parcel in which the post brings it")

    status = models.PositiveSmallIntegerField(choices=[(status.value, status.name) for status in Status])
    submitted_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True, help_text="Since when the applicant waits for an answer")
    supplements = models.PositiveSmallIntegerField(default=0)
    apologies = models.PositiveSmallIntegerField(default=0)
    counted = models.JSONField(
        default=dict, help_text="Papers taken in at the counter, by component: originals, certified, copies, waived"
    )
    together = models.UUIDField(null=True, blank=True, help_text="The same for what one person handed in at one go")
    drafted = ArrayField(models.CharField(max_length=100), default=list)
    signed = ArrayField(models.CharField(max_length=100), default=list)
    search = models.GeneratedField(
        expression=SearchVector(
            Fold(Concat("code", _GAP, "tracking", _GAP, "applicant_name", _GAP, "title")), config="simple"
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sub_dossiers",
        help_text="The dossier that waits for this one in a step",
    )
    parent_visit = models.BigIntegerField(null=True, blank=True, help_text="The visit of that step")

    class Meta:
        indexes = [
            models.Index(fields=["account", "-id"], name="dossier_account"),
            models.Index(
                fields=["represented_account", "-id"],
                name="dossier_for_account",
                condition=Q(represented_account__isnull=False),
            ),
            models.Index(
                fields=["represented_business", "-id"],
                name="dossier_for_business",
                condition=Q(represented_business__isnull=False),
            ),
            models.Index(fields=["competent", "-id"], name="dossier_competent"),
            models.Index(fields=["competent", "status", "-id"], name="dossier_status"),
            models.Index(fields=["reception", "-received_at", "-id"], name="dossier_register"),
            models.Index(fields=["paused_at"], name="dossier_paused_since", condition=Q(paused_at__isnull=False)),
            models.Index(fields=["reception", "due_at"], name="dossier_due_at_shop"),
            models.Index(
                fields=["applicant_person_id", "-id"], name="dossier_person", condition=~Q(applicant_person_id="")
            ),
            models.Index(fields=["together"], name="dossier_together", condition=Q(together__isnull=False)),
            GinIndex("search", name="dossier_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(received_at=None) | Q(code__isnull=False), name="dossier_received_coded"
            ),
            models.CheckConstraint(
                condition=Q(status__in=PAUSING, paused_at__isnull=False)
                | ~Q(status__in=PAUSING) & Q(paused_at__isnull=True),
                name="dossier_paused",
            ),
            models.UniqueConstraint("parent", "parent_visit", name="dossier_one_for_a_step"),
            models.CheckConstraint(
                condition=Q(parent=None, parent_visit=None) | Q(parent__isnull=False, parent_visit__isnull=False),
                name="dossier_parent_in_a_step",
            ),
            models.CheckConstraint(
                condition=~Q(return_way=ReturnWay.POST) | ~Q(return_address=""), name="dossier_post_has_address"
            ),
            models.CheckConstraint(
                condition=Q(parcel="") | Q(return_way=ReturnWay.POST), name="dossier_parcel_by_post"
            ),
            models.CheckConstraint(
                condition=Q(account__isnull=False) | Q(entered_by__isnull=False), name="dossier_handed_in_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(mandate=None, submitter=None, represented_account=None, represented_business=None)
                | Q(mandate__isnull=False, submitter__isnull=False),
                name="dossier_for_another",
            ),
        ]


class FormerData(models.Model):
    """An application as it was before a supplement corrected it."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="former_data")
    data = models.JSONField()
    replaced_at = models.DateTimeField()


class StepVisit(models.Model):
    """One visit of a step: who had it, from when, until when, and what came of it. Partitioned by the year it began."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="visits")
    step = models.CharField(max_length=100)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    waiting = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, blank=True, related_name="+")
    done_post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+")
    action = models.CharField(max_length=100, blank=True)
    request = models.TextField(blank=True, help_text="What is asked: of a consulted agency, of the applicant")
    note = models.TextField(blank=True, help_text="What the officer said when it was done")
    reply = models.TextField(blank=True, help_text="What the applicant wrote with a supplement to this step")
    answers = models.JSONField(default=dict, help_text="What the action asked the officer to fill in")
    late = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index("dossier", name="visit_dossier"),
            models.Index("organisation", "dossier", name="visit_organisation"),
            models.Index("organisation", "done_at", name="visit_done"),
        ]


class Extension(models.Model):
    """More time that was asked for, and what was decided: an apology with a new date, or none.

    `in_time` says whether it was granted as early as the rule set wants it.
    """

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="extensions")
    visit_id = models.BigIntegerField(help_text="The visit of the step in which it was asked for")
    reason = models.TextField()
    old_due = models.DateTimeField()
    new_due = models.DateTimeField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", help_text="Whose it is to decide")
    role = models.CharField(max_length=50, help_text="The role that decides there")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, blank=True, related_name="+")
    granted = models.BooleanField(null=True)
    in_time = models.BooleanField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("dossier", condition=Q(decided_at=None), name="extension_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(decided_at=None, granted=None) | Q(decided_at__isnull=False, granted__isnull=False),
                name="extension_decided",
            ),
        ]


class Paper(models.Model):
    """A paper issued in a dossier: a prescribed form or a result. Its file is made after the issuing transaction."""

    class State(models.TextChoices):
        DRAFT = "draft"
        ISSUED = "issued"  # its text stands; the file is being made or signed
        READY = "ready"

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=20, help_text="receipt, supplement-request, refusal, result")
    key = models.CharField(max_length=100, blank=True, help_text="Of a result: which one; of a request: the how manyth")
    name = models.CharField(max_length=250)
    number = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=6, choices=State.choices)
    data = models.JSONField(default=dict, help_text="What it says beyond the dossier: reason, the result's fields")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    account = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", help_text="Who issued it")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True)
    verification = models.CharField(max_length=24, unique=True, help_text="What its QR code carries")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(state="ready") | Q(file__isnull=False), name="paper_ready_has_file"),
            models.UniqueConstraint("dossier", "kind", "key", name="paper_once"),
        ]
        indexes = [models.Index("organisation", "issued_at", name="paper_issued")]
