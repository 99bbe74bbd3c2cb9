"""The certificate authority of this installation, the certificates it gave, and who signed what when."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.files.models import StoredFile
from lienthong.signing.rules import Period


class _ValidMoments(Func):
    """The half-open range of moments [valid_from, valid_to)."""

    function = "tstzrange"
    arity = 2


def _never_twice_at_once(name: str, column: str, condition: Q | None = None) -> ExclusionConstraint:
    moments: Any = (_ValidMoments(F("valid_from"), F("valid_to")), RangeOperators.OVERLAPS)
    return ExclusionConstraint(name=name, expressions=[(column, RangeOperators.EQUAL), moments], condition=condition)


class Authority(models.Model):
    """A certificate authority: the root, which only signs issuing authorities, and these, which sign certificates.

    The private key is sealed with a key that comes from the installation's secret (see sealing.py).
    """

    class Level(models.TextChoices):
        ROOT = "root"
        ISSUING = "issuing"

    level = models.CharField(max_length=10, choices=Level.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    serial = models.CharField(max_length=40, unique=True, help_text="Serial number of the certificate, hexadecimal")
    certificate = models.BinaryField(help_text="DER")
    sealed_key = models.BinaryField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            _never_twice_at_once("signing_authority_one_of_a_level", "level"),
            models.CheckConstraint(
                name="signing_authority_root_alone_has_no_parent",
                condition=Q(level="root", parent=None) | Q(level="issuing", parent__isnull=False),
            ),
            models.CheckConstraint(name="signing_authority_period", condition=Q(valid_from__lt=F("valid_to"))),
        ]

    @property
    def period(self) -> Period:
        return Period(self.valid_from, self.valid_to)


class Certificate(models.Model):
    """A certificate of a person in a post, or of an organisation (its seal). Never deleted: it is evidence."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Personal signature")
        SEAL = "seal", _("Organisation's seal")

    class Reason(models.TextChoices):
        """Why a certificate was revoked (RFC 5280, 5.3.1)."""

        KEY_COMPROMISE = "key_compromise", _("The key may be known to others")
        AFFILIATION_CHANGED = "affiliation_changed", _("The person has left the post")
        SUPERSEDED = "superseded", _("Replaced by another certificate")
        CESSATION_OF_OPERATION = "cessation_of_operation", _("The organisation no longer exists")

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="certificates")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    subject = models.TextField(help_text="Distinguished name, RFC 4514")
    account_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    organisation_identifier = models.CharField(max_length=35)
    serial = models.CharField(max_length=40, unique=True, help_text="Hexadecimal")
    certificate = models.BinaryField(help_text="DER")
    sealed_key = models.BinaryField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.BigIntegerField(null=True, help_text="Account of who revoked it")
    reason = models.CharField(max_length=30, choices=Reason.choices, blank=True)

    class Meta:
        constraints = [
            _never_twice_at_once("signing_certificate_one_of_a_subject", "subject", Q(revoked_at=None)),
            models.CheckConstraint(name="signing_certificate_period", condition=Q(valid_from__lt=F("valid_to"))),
            models.CheckConstraint(
                name="signing_certificate_holder",
                condition=Q(kind="person", account_id__isnull=False, post_id__isnull=False)
                | Q(kind="seal", account_id=None, post_id=None),
            ),
            models.CheckConstraint(
                name="signing_certificate_revoked_for_a_reason",
                condition=Q(revoked_at=None, reason="") | Q(revoked_at__isnull=False) & ~Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["account_id", "post_id"], name="signing_certificate_of_holder"),
            models.Index(
                fields=["authority"], condition=Q(revoked_at__isnull=False), name="signing_certificate_revoked"
            ),
        ]

    @property
    def period(self) -> Period:
        return Period(self.valid_from, self.valid_to)


class RevocationList(models.Model):
    """A signed list of revoked certificates (RFC 5280), as others fetch it. Numbers of an authority rise by one."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="revocation_lists")
    number = models.PositiveIntegerField()
    content = models.BinaryField(help_text="DER")
    issued_at = models.DateTimeField()
    next_at = models.DateTimeField(help_text="When a newer one is there at the latest")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "number"], name="signing_revocation_list_number")]


class SigningRecord(models.Model):
    """Somebody signed something. Rows are only ever added (trigger). Digests are SHA-256."""

    signed_at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Certificate.Kind.choices)
    account_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    organisation_identifier = models.CharField(max_length=35)
    device = models.CharField(max_length=50)
    serial = models.CharField(max_length=40, help_text="Serial number of the certificate, hexadecimal")
    subject = models.TextField(help_text="Distinguished name of the certificate, RFC 4514")
    reason = models.TextField(blank=True)
    document_digest = models.BinaryField(help_text="Of the file before this signature")
    signed_digest = models.BinaryField(help_text="Of the file with this signature")
    signature_digest = models.BinaryField(help_text="Of the signature value: finds a signature again")
    timestamped = models.BooleanField(help_text="A timestamp authority confirmed the moment")

    class Meta:
        constraints = [
            # Partitioned by year: a unique constraint has to name the moment too.
            models.UniqueConstraint(fields=["signature_digest", "signed_at"], name="signing_record_one_of_a_signature")
        ]
        indexes = [models.Index(fields=["account_id", "signed_at"], name="signing_record_of_account")]


class Picture(models.Model):
    """The picture of a handwritten signature or of an organisation's seal, as stamps show it (NĐ 30/2020 App. I.II.7.d,
    I.II.8.a). One at a time for a holder; former ones stay, because documents bear them.

    `diameter`: the real width of a seal in millimetres.
    """

    kind = models.CharField(max_length=10, choices=Certificate.Kind.choices)
    account_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    diameter = models.PositiveSmallIntegerField(null=True)
    given_at = models.DateTimeField()
    given_by = models.BigIntegerField(help_text="Account of who gave it")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="signing_picture_holder",
                condition=Q(kind="person", account_id__isnull=False, organisation_id=None, diameter=None)
                | Q(kind="seal", account_id=None, organisation_id__isnull=False, diameter__range=(20, 50)),
            ),
            models.UniqueConstraint(
                fields=["account_id"], condition=Q(kind="person", ended_at=None), name="signing_picture_of_account"
            ),
            models.UniqueConstraint(
                fields=["organisation_id"], condition=Q(kind="seal", ended_at=None), name="signing_picture_of_seal"
            ),
        ]
