"""The use cases of signing, the only code that writes signing records."""

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography import x509
from django.db import transaction

from lienthong.signing import soft_token  # noqa: F401 (registers the device of the house)
from lienthong.signing.authority import export_root, revocation_list, revoke, revoke_holder
from lienthong.signing.definition import arrangement
from lienthong.signing.devices import Credential, devices
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
    "export_root",
    "is_genuine",
    "of_appendix",
    "of_copy",
    "revocation_list",
    "revoke",
    "revoke_holder",
    "sign_pdf",
    "verify_pdf",
]


@transaction.atomic
def sign_pdf(
    pdf: bytes,
    *,
    signer: Signer | Seal,
    reason: str,
    at: datetime,
    stamp: Stamp | None = None,
    permits_filling: bool = False,
) -> bytes:
    """The file with the signature of `signer` added (PAdES B-B, or B-T where a timestamp authority is set up).

    With `permits_filling`, number and day may still be filled in (forms.py); otherwise this signature fixes them.

    Whoever calls has made sure that the person acting is this signer, or may use this seal. Raises NotSignable,
    NoSuchPlace, NotAnImage, NoTimestamp, NoAuthorityThen, KeySealedElsewhere; then nothing was written.
    """
    from lienthong.signing import pades  # pyHanko takes a second to import

    chosen = arrangement()
    credential = devices.make(chosen.device).credential(signer, at=at)
    timestamps = timestamp_authorities.make(chosen.timestamp)
    signed = pades.sign(
        pdf,
        credential=credential,
        signer=signer,
        reason=reason,
        at=at,
        stamp=stamp,
        timestamps=timestamps,
        permits_filling=permits_filling,
    )
    _record(pdf, signed, signer=signer, credential=credential, reason=reason, at=at, device=chosen.device.plugin)
    return signed.pdf


def _record(
    pdf: bytes,
    signed: "Signed",
    *,
    signer: Signer | Seal,
    credential: Credential,
    reason: str,
    at: datetime,
    device: str,
) -> None:
    certificate = x509.load_der_x509_certificate(credential.certificate)
    person = signer if isinstance(signer, Signer) else None
    SigningRecord.objects.create(
        signed_at=at,
        kind=Certificate.Kind.PERSON if person else Certificate.Kind.SEAL,
        account_id=person.account_id if person else None,
        post_id=person.post_id if person else None,
        organisation_identifier=signer.organisation_identifier,
        device=device,
        serial=f"{certificate.serial_number:x}",
        subject=certificate.subject.rfc4514_string(),
        reason=reason,
        document_digest=hashlib.sha256(pdf).digest(),
        signed_digest=hashlib.sha256(signed.pdf).digest(),
        signature_digest=signed.signature_digest,
        timestamped=signed.timestamped,
    )
