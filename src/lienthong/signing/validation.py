"""What pyHanko finds in a signed PDF. Import this module where it is used: pyHanko takes a second to import."""

import asyncio
import hashlib
import io
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509 as asn1_x509  # type: ignore[import-untyped]
from cryptography import x509
from django.utils.translation import gettext_lazy as _
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.rw_common import PdfHandler
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import DocumentTimestampStatus, PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.signing import form_fields
from lienthong.signing.rules import Level
from lienthong.signing.verification import Finding, TimeSource

_MOST = 50
"""Signatures looked at in one file; a paper has a handful, a trap may have thousands."""

logger = logging.getLogger(__name__)


class NotReadable(DomainError):
    code = "signing.not_readable"


@dataclass(frozen=True, slots=True)
class _Beliefs:
    """What a validation takes for true: roots, the recorded moments of signatures, the present moment."""

    roots: list[asn1_x509.Certificate]
    timestamp_roots: list[asn1_x509.Certificate]
    moment_of: Callable[[bytes], datetime | None]
    now: datetime

    def at(self, moment: datetime) -> ValidationContext:
        return ValidationContext(
            trust_roots=self.roots, moment=moment, allow_fetching=False, revocation_mode="soft-fail"
        )

    def of_timestamps(self) -> ValidationContext:
        roots = self.timestamp_roots
        return ValidationContext(trust_roots=roots, moment=self.now, allow_fetching=False, revocation_mode="soft-fail")


def validate(
    pdf: bytes,
    *,
    roots: Iterable[bytes],
    timestamp_roots: Iterable[bytes],
    moment_of: Callable[[bytes], datetime | None],
    now: datetime,
) -> list[Finding]:
    """Findings in the order of signing. `moment_of` tells the recorded moment of a signature by its digest.

    Raises NotReadable for a file that is no PDF, is encrypted, or has more than 50 signatures.
    """
    signatures = _signatures(pdf)
    if len(signatures) > _MOST:
        raise NotReadable(_("This file has too many signatures to be checked."))
    beliefs = _Beliefs(_load(roots), _load(timestamp_roots), moment_of, now)
    return [_finding(signature, beliefs) for signature in signatures]


def _signatures(pdf: bytes) -> list[EmbeddedPdfSignature]:
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        encrypted = reader.encrypted
        found = [] if encrypted else list(reader.embedded_regular_signatures)
    except Exception as error:  # a damaged or hostile file makes the parser fail in any way there is
        raise NotReadable(_("This file is not a PDF that can be read.")) from error
    if encrypted:
        raise NotReadable(_("This file is protected by a password and cannot be checked."))
    return found


def _load(certificates: Iterable[bytes]) -> list[asn1_x509.Certificate]:
    return [asn1_x509.Certificate.load(each) for each in certificates]


def _finding(signature: EmbeddedPdfSignature, beliefs: _Beliefs) -> Finding:
    try:
        certificate = x509.load_der_x509_certificate(signature.signer_cert.dump())
    except Exception:  # as above
        return _unreadable(None)
    try:
        return _checked(signature, certificate, beliefs)
    except Exception:  # as above: what cannot be checked is not genuine
        logger.info("a signature could not be checked", exc_info=True)
        return _unreadable(certificate)


def _checked(signature: EmbeddedPdfSignature, certificate: x509.Certificate, beliefs: _Beliefs) -> Finding:
    moment, source = _moment(signature, beliefs)
    proved = moment if source is not TimeSource.CLAIM and moment else beliefs.now
    status = _status(signature, beliefs, proved)
    covers = _covers(status)
    return Finding(
        certificate=certificate,
        reason=str(signature.sig_object.get("/Reason", "")),
        signed_at=moment,
        time_source=source,
        intact=status.intact and status.valid and status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION,
        covers_whole_document=covers,
        altered_afterwards=not covers and _altered(status),
        filled_afterwards=not covers and _filled(signature),
        trusted=status.trusted,
        level=_level(signature, beliefs, moment, source) if status.trusted else Level.B,
    )


def _covers(status: PdfSignatureStatus) -> bool:
    """Whether nothing was added after it but what proves it longer: revocation lists, timestamps of the document."""
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return True
    level = status.modification_level
    return level is not None and level <= ModificationLevel.LTA_UPDATES and bool(status.docmdp_ok)


def _level(signature: EmbeddedPdfSignature, beliefs: _Beliefs, moment: datetime | None, source: TimeSource) -> Level:
    if source is not TimeSource.TIMESTAMP or moment is None:
        return Level.B
    reader = signature.reader
    if not _proved(signature, reader, beliefs, moment):
        return Level.T
    later = [each for each in reader.embedded_timestamp_signatures if each.signed_revision > signature.signed_revision]
    kept = any(
        _proved(signature, reader.get_historical_resolver(each.signed_revision), beliefs, moment)
        and _is_believed(each, beliefs)
        for each in later
    )
    return Level.LTA if kept else Level.LT


def _proved(signature: EmbeddedPdfSignature, file: PdfHandler, beliefs: _Beliefs, moment: datetime) -> bool:
    """Whether the file itself, as it was then, shows that no certificate of the chain had been revoked."""
    try:
        inside = DocumentSecurityStore.read_dss(file).as_validation_context(
            {"trust_roots": beliefs.roots, "moment": moment, "allow_fetching": False, "revocation_mode": "require"}
        )
        chain = CertificateValidator(signature.signer_cert, validation_context=inside)
        asyncio.run(chain.async_validate_usage({"digital_signature"}))  # type: ignore[no-untyped-call]
    except (NoDSSFoundError, ValidationError, PathError):
        return False
    return True


def _is_believed(stamped: EmbeddedPdfSignature, beliefs: _Beliefs) -> bool:
    status = validate_pdf_timestamp(stamped, beliefs.of_timestamps())
    return status.intact and status.valid and status.trusted and not _changed_after(status)


def _changed_after(status: DocumentTimestampStatus) -> bool:
    level = status.modification_level
    return status.coverage != SignatureCoverageLevel.ENTIRE_FILE and (
        level is None or level > ModificationLevel.FORM_FILLING
    )


def _altered(status: PdfSignatureStatus) -> bool:
    level = status.modification_level
    return level is None or level > ModificationLevel.FORM_FILLING or not status.docmdp_ok


def _filled(signature: EmbeddedPdfSignature) -> bool:
    """Whether number or day were filled in after it."""
    signed = signature.reader.get_historical_resolver(signature.signed_revision)
    return form_fields.values_of(signed) != form_fields.values_of(signature.reader)


def _moment(signature: EmbeddedPdfSignature, beliefs: _Beliefs) -> tuple[datetime | None, TimeSource]:
    """When it was made by the best witness: a believed timestamp, our own record, or its own claim."""
    if beliefs.timestamp_roots:
        stamped = _status(signature, beliefs, beliefs.now).timestamp_validity
        if stamped and stamped.intact and stamped.valid and stamped.trusted:
            return clock.local(stamped.timestamp), TimeSource.TIMESTAMP
    value = bytes(signature.signer_info["signature"].native)
    recorded = beliefs.moment_of(hashlib.sha256(value).digest())
    if recorded:
        return clock.local(recorded), TimeSource.RECORD
    claimed = signature.self_reported_timestamp
    return claimed and clock.local(claimed), TimeSource.CLAIM


def _status(signature: EmbeddedPdfSignature, beliefs: _Beliefs, moment: datetime) -> PdfSignatureStatus:
    return validate_pdf_signature(signature, beliefs.at(moment), beliefs.of_timestamps())


def _unreadable(certificate: x509.Certificate | None) -> Finding:
    return Finding(
        certificate=certificate,
        reason="",
        signed_at=None,
        time_source=TimeSource.CLAIM,
        intact=False,
        covers_whole_document=False,
        altered_afterwards=False,
        filled_afterwards=False,
        trusted=False,
        level=Level.B,
    )
