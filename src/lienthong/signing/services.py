"""The use cases of signing, the only code that writes signing records."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography import x509
from django.db import transaction
from pydantic import SecretStr

from lienthong.foundation import rows
from lienthong.signing import hardware, pins, remote, soft_token  # noqa: F401 (three register their devices)
from lienthong.signing.authority import export_root, revocation_list, revoke, revoke_holder
from lienthong.signing.definition import arrangement
from lienthong.signing.devices import devices
from lienthong.signing.models import Certificate, SigningRecord
from lienthong.signing.rules import Seal, Signer
from lienthong.signing.stamps import CORNER, Box, CopyForm, Stamp, of_appendix, of_copy
from lienthong.signing.timestamps import timestamp_authorities
from lienthong.signing.verification import SignatureReport, is_genuine, verify_pdf

if TYPE_CHECKING:
    from lienthong.signing.pades import Signed

__all__ = [
    "CORNER",
    "Box",
    "CopyForm",
    "Seal",
    "SignatureReport",
    "Signer",
    "Stamp",
    "ToSign",
    "export_root",
    "is_genuine",
    "of_appendix",
    "of_copy",
    "revocation_list",
    "revoke",
    "revoke_holder",
    "sign_many",
    "sign_pdf",
    "verify_pdf",
    "wants_pin",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSign:
    """A file and how it is signed. With `permits_filling`, number and day may still be filled in (forms.py); otherwise
    the signature fixes them."""

    pdf: bytes
    reason: str
    stamp: Stamp | None = None
    permits_filling: bool = False


def sign_pdf(
    pdf: bytes,
    *,
    signer: Signer | Seal,
    reason: str,
    at: datetime,
    stamp: Stamp | None = None,
    permits_filling: bool = False,
    pin: SecretStr | None = None,
) -> bytes:
    """The file with the signature of `signer` added; as sign_many."""
    wanted = ToSign(pdf=pdf, reason=reason, stamp=stamp, permits_filling=permits_filling)
    return sign_many([wanted], signer=signer, at=at, pin=pin)[0]


@transaction.atomic
def sign_many(
    wanted: Sequence[ToSign], *, signer: Signer | Seal, at: datetime, pin: SecretStr | None = None
) -> list[bytes]:
    """Each file with the signature of `signer` added, at the level that the installation declares; all or none. The key
    is fetched once. `pin` is for devices that want one, by default what was entered for the deed (`pins.py`): it is
    used for these signatures and never kept.

    Whoever calls has made sure that the person acting is this signer, or may use this seal. Raises NotSignable,
    NoSuchPlace, NotAnImage, NoTimestamp, NoAuthorityThen, KeySealedElsewhere, and what the device raises; then nothing
    was written.
    """
    from lienthong.signing import pades  # pyHanko takes a second to import

    chosen = arrangement()
    credential = devices.make(chosen.device).credential(signer, at=at, pin=pin or pins.current())
    pen = pades.Pen(credential, signer, timestamp_authorities.make(chosen.timestamp), chosen.wanted_level)
    made = [
        pen.sign(each.pdf, reason=each.reason, at=at, stamp=each.stamp, permits_filling=each.permits_filling)
        for each in wanted
    ]
    certificate = x509.load_der_x509_certificate(credential.certificate)
    rows.insert(
        _record(each, signed, signer=signer, certificate=certificate, at=at, device=chosen.device.plugin)
        for each, signed in zip(wanted, made, strict=True)
    )
    return [signed.pdf for signed in made]


def wants_pin() -> bool:
    """Whether whoever signs here has to enter a PIN."""
    return devices.make(arrangement().device).wants_pin


def _record(
    wanted: ToSign,
    signed: "Signed",
    *,
    signer: Signer | Seal,
    certificate: x509.Certificate,
    at: datetime,
    device: str,
) -> SigningRecord:
    person = signer if isinstance(signer, Signer) else None
    return SigningRecord(
        signed_at=at,
        kind=Certificate.Kind.PERSON if person else Certificate.Kind.SEAL,
        account_id=person.account_id if person else None,
        post_id=person.post_id if person else None,
        organisation_identifier=signer.organisation_identifier,
        device=device,
        serial=f"{certificate.serial_number:x}",
        subject=certificate.subject.rfc4514_string(),
        reason=wanted.reason,
        document_digest=hashlib.sha256(wanted.pdf).digest(),
        signed_digest=hashlib.sha256(signed.pdf).digest(),
        signature_digest=signed.signature_digest,
        timestamped=signed.timestamped,
    )
