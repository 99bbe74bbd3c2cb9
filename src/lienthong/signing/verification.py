"""Whether the signatures of a PDF are genuine, in plain words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from cryptography import x509
from cryptography.x509.oid import NameOID
from django.utils.translation import gettext as _

from lienthong.foundation import clock
from lienthong.foundation.papers.wording import moment_of_signing
from lienthong.signing.definition import arrangement
from lienthong.signing.models import Authority, Certificate, SigningRecord
from lienthong.signing.rules import Level
from lienthong.signing.timestamps import timestamp_authorities


class TimeSource(Enum):
    """Who says when a signature was made."""

    TIMESTAMP = "timestamp"  # a timestamp authority that we believe
    RECORD = "record"  # this installation's own record of the signature
    CLAIM = "claim"  # nobody but the signature itself


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureReport:
    """What is known of one signature. Names are those of its certificate: believe them only when `trusted`.

    `intact`: what was signed is unchanged. `covers_whole_document`: nothing was added after it but further proof of it.
    `altered_afterwards`: something else than further signatures, number and day was added after it;
    `filled_afterwards`: number and day were, in the places that the signed paper left for them. `trusted`: the
    certificate comes from this installation's authority, or one that it believes, and was valid when the signature was
    made. `level` is what the file itself proves, whatever our own records say.
    """

    name: str
    position: str
    organisation: str
    organisation_identifier: str
    is_seal: bool
    serial: str
    reason: str
    signed_at: datetime | None
    time_source: TimeSource
    intact: bool
    covers_whole_document: bool
    altered_afterwards: bool
    filled_afterwards: bool
    trusted: bool
    level: Level
    revoked_at: datetime | None

    @property
    def revoked_before_signing(self) -> bool:
        """A revocation does not touch earlier signatures, if their moment is proved by more than their own claim."""
        if self.revoked_at is None:
            return False
        proved = self.time_source is not TimeSource.CLAIM and self.signed_at is not None
        return not proved or self.signed_at is None or self.revoked_at <= self.signed_at

    @property
    def genuine(self) -> bool:
        return self.intact and self.trusted and not self.altered_afterwards and not self.revoked_before_signing

    @property
    def words(self) -> list[str]:
        """The findings as sentences in the reader's language, the verdict first."""
        return [self._verdict(), *self._who_and_when(), *self._cautions()]

    def _verdict(self) -> str:
        if not self.intact:
            return _("The signature is broken: the document was changed after it was signed.")
        if not self.trusted:
            return _(
                "The signature cannot be trusted: its certificate does not come from an authority that is known here, "
                "or was not valid."
            )
        if self.altered_afterwards:
            return _("Something was added to the document after it was signed.")
        if self.revoked_before_signing:
            return _("The signature is not valid: its certificate had been revoked.")
        return _("The signature is genuine and what it covers is unchanged.")

    def _who_and_when(self) -> list[str]:
        if not self.name:
            return [_("The signature does not say whose it is.")]
        if self.is_seal:
            who = _("Signed by the organisation %(organisation)s.")
        elif self.position:
            who = _("Signed by %(name)s, %(position)s, %(organisation)s.")
        else:
            who = _("Signed by %(name)s, %(organisation)s.")
        named = {"name": self.name, "position": self.position, "organisation": self.organisation}
        if self.signed_at is None:
            return [who % named, _("The signature does not say when it was made.")]
        return [who % named, self._when() % {"moment": moment_of_signing(self.signed_at)}]

    def _when(self) -> str:
        if self.time_source is TimeSource.TIMESTAMP:
            return _("Signed on %(moment)s, confirmed by a timestamp authority.")
        if self.time_source is TimeSource.RECORD:
            return _("Signed on %(moment)s, as recorded by this system.")
        return _("Signed on %(moment)s according to the signer only.")

    def _cautions(self) -> list[str]:
        said = []
        if self.intact and not self.altered_afterwards and not self.covers_whole_document:
            only_filled = _("After it number and date were filled in, in the places left for them, and nothing else.")
            said.append(only_filled if self.filled_afterwards else _("After it only further signatures were added."))
        if self.level >= Level.LT:
            said.append(
                _("The file itself holds what proves the signature later (%(level)s).") % {"level": self.level.title}
            )
        if self.revoked_at is not None:
            revoked = _("Its certificate was revoked on %(moment)s.")
            said.append(revoked % {"moment": moment_of_signing(self.revoked_at)})
        return said


def verify_pdf(pdf: bytes) -> list[SignatureReport]:
    """A report of every signature in the order they were made; none for a file without signatures.

    Raises NotReadable for what is no PDF.
    """
    from lienthong.signing import validation  # pyHanko takes a second to import

    timestamps = timestamp_authorities.make(arrangement().timestamp)
    findings = validation.validate(
        pdf, roots=_roots(), timestamp_roots=timestamps.roots(), moment_of=_recorded_moment, now=clock.now()
    )
    return [_report(finding) for finding in findings]


def is_genuine(reports: Iterable[SignatureReport]) -> bool:
    """Whether the file can be relied on: signed, all signatures genuine, the last one covering everything."""
    known = list(reports)
    return bool(known) and all(each.genuine for each in known) and known[-1].covers_whole_document


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What cryptography says of one signature, before the tables of this installation are asked.

    `certificate` is missing when the signature cannot be read.
    """

    certificate: x509.Certificate | None
    reason: str
    signed_at: datetime | None
    time_source: TimeSource
    intact: bool
    covers_whole_document: bool
    altered_afterwards: bool
    filled_afterwards: bool
    trusted: bool
    level: Level


def _report(finding: Finding) -> SignatureReport:
    certificate = finding.certificate
    subject = certificate.subject if certificate else x509.Name([])
    serial = f"{certificate.serial_number:x}" if certificate else ""
    row = Certificate.objects.filter(serial=serial).only("revoked_at").first() if finding.trusted else None
    return SignatureReport(
        name=_part(subject, NameOID.COMMON_NAME),
        position=_part(subject, NameOID.TITLE),
        organisation=_part(subject, NameOID.ORGANIZATION_NAME),
        organisation_identifier=_part(subject, NameOID.ORGANIZATION_IDENTIFIER),
        is_seal=bool(certificate) and not _part(subject, NameOID.SERIAL_NUMBER),
        serial=serial,
        reason=finding.reason,
        signed_at=finding.signed_at,
        time_source=finding.time_source,
        intact=finding.intact,
        covers_whole_document=finding.covers_whole_document,
        altered_afterwards=finding.altered_afterwards,
        filled_afterwards=finding.filled_afterwards,
        trusted=finding.trusted,
        level=finding.level,
        revoked_at=row.revoked_at if row else None,
    )


def _part(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    found = name.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""


def _roots() -> list[bytes]:
    own = Authority.objects.filter(level="root").values_list("certificate", flat=True)
    return [*map(bytes, own), *arrangement().roots()]


def _recorded_moment(signature_digest: bytes) -> datetime | None:
    rows = SigningRecord.objects.filter(signature_digest=signature_digest)
    return rows.values_list("signed_at", flat=True).first()
