"""PAdES signatures by pyHanko: a credential signs a PDF, with its stamp and timestamp.

Import this module where it is used: pyHanko takes a second to import.
"""

import asyncio
import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import crl as asn1_crl  # type: ignore[import-untyped]
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from django.utils.translation import gettext_lazy as _
from pyhanko.pdf_utils import layout
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.signing import form_fields, pdf_reading, stamps
from lienthong.signing.devices import Credential
from lienthong.signing.pdf_reading import media_box
from lienthong.signing.rules import Level, Seal, Signer
from lienthong.signing.stamps import POINTS_PER_MM, Box, Stamp
from lienthong.signing.timestamps import NoTimestamp, TimestampAuthority

_ROOM = 16_384
_ROOM_WITH_TIMESTAMP = 49_152
"""Hexadecimal digits kept free in the file for the signature: twice and thrice what chains and tokens need."""


class NotSignable(DomainError):
    code = "signing.not_signable"


@dataclass(frozen=True, slots=True)
class Signed:
    pdf: bytes
    signature_digest: bytes
    """SHA-256 of the signature value."""
    timestamped: bool


class Pen:
    """A credential with what signatures by it have in common, made ready once for as many as are wanted."""

    def __init__(
        self, credential: Credential, signer: Signer | Seal, timestamps: TimestampAuthority, level: Level
    ) -> None:
        self._key = _DeviceSigner(credential)
        self._signer = signer
        self._timestamper = _Timestamper(timestamps) if level >= Level.T else None
        self._room = _ROOM_WITH_TIMESTAMP if self._timestamper else _ROOM
        self._level = level
        self._revocation = [asn1_crl.CertificateList.load(each) for each in credential.revocation_lists]
        self._chain = [asn1_x509.Certificate.load(each) for each in (credential.certificate, *credential.chain)]

    def sign(
        self, pdf: bytes, *, reason: str, at: datetime, stamp: Stamp | None = None, permits_filling: bool = False
    ) -> Signed:
        """The file with one more PAdES signature; earlier ones stay valid.

        Unless it `permits_filling`, the fields for number and day cannot be changed after it. One that does is not yet
        the last: it gets no timestamp of the whole document. Raises NotSignable, NoTimestamp and what stamps.py raises.
        """
        writer = opened(pdf)
        places, name, gaps, taken = _looked_over(writer.prev)
        box = stamps.box_for(stamp, places, page_width=_page_width(writer.prev), taken=taken) if stamp else None
        pdf_signer = _PunctualSigner(
            signers.PdfSignatureMetadata(
                field_name=name,
                md_algorithm="sha256",
                subfilter=fields.SigSeedSubFilter.PADES,
                reason=reason or None,
                name=self._signer.name if isinstance(self._signer, Signer) else self._signer.organisation,
                location=self._signer.organisation,
            ),
            signer=self._key,
            timestamper=self._timestamper,
            stamp_style=_style(stamp, box, self._signer, at) if stamp and box else None,
            new_field_spec=_field(writer.prev, name, box, locked=[] if permits_filling else gaps),
        )
        pdf_signer.moment = clock.local(at)
        try:
            out = pdf_signer.sign_pdf(writer, bytes_reserved=self._room)
            if self._level >= Level.LT and self._revocation:
                self._prove(out, name)
            if self._level >= Level.LTA and not permits_filling:
                out = self._preserve(out)
        except TimestampRequestError as error:
            raise NoTimestamp(_("The timestamp authority refused to confirm the moment.")) from error
        except (PdfError, SigningError) as error:
            raise _not_signable() from error
        digest = hashlib.sha256(self._key.value).digest()
        return Signed(out.getvalue(), digest, timestamped=self._timestamper is not None)

    def _prove(self, out: io.BytesIO, name: str) -> None:
        """Add the certificates and revocation lists that prove the signature when nobody can be asked any more."""
        reader = PdfFileReader(out)
        signature = next(each for each in reader.embedded_signatures if each.field_name == name)
        contents = signature.pkcs7_content.hex().encode()
        DocumentSecurityStore.add_dss(out, contents, certs=self._chain, crls=self._revocation)

    def _preserve(self, out: io.BytesIO) -> io.BytesIO:
        """A timestamp over the whole document with its proofs."""
        assert self._timestamper is not None
        stamper = signers.PdfTimeStamper(self._timestamper)
        stamped = stamper.timestamp_pdf(IncrementalPdfFileWriter(out), "sha256", bytes_reserved=self._room)
        assert isinstance(stamped, io.BytesIO)
        return stamped


def opened(pdf: bytes) -> IncrementalPdfFileWriter:
    """A writer that adds to the file. Raises NotSignable."""
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(_to_be_added_to(pdf)), strict=True)
        if not writer.prev.encrypted:
            return writer
    except Exception as error:  # a damaged or hostile file makes the parser fail in any way there is
        raise _not_signable() from error
    raise NotSignable(_("This file is protected by a password and cannot be signed."))


def _to_be_added_to(pdf: bytes) -> bytes:
    """What is added begins a line of its own: PDF/A (ISO 19005-2, 6.1.9) wants it, and neither Typst's files end with
    one nor does pyHanko begin one."""
    return pdf if pdf.endswith((b"\n", b"\r")) else pdf + b"\n"


def _looked_over(reader: PdfFileReader) -> tuple[dict[str, Box], str, list[str], list[Box]]:
    """A file's places for stamps, a name that no signature in it has yet, its fields for number and day, and where
    signatures are seen on its first page."""
    try:
        return (
            pdf_reading.places(reader),
            _free_name(reader),
            [str(each["/T"]) for _kind, each in form_fields.fields_of(reader)],
            pdf_reading.seen_signatures(reader),
        )
    except Exception as error:  # as above
        raise _not_signable() from error


def _not_signable() -> NotSignable:
    return NotSignable(
        _("This file cannot be signed: it is not a sound PDF, or it forbids signatures."),
        way_out=_("Make the PDF again and sign the new one."),
    )


class _DeviceSigner(signers.Signer):
    """Lets a credential sign what pyHanko has put together."""

    value = b""

    def __init__(self, credential: Credential) -> None:
        chain = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        chain.register_multiple(asn1_x509.Certificate.load(each) for each in credential.chain)
        super().__init__(signing_cert=asn1_x509.Certificate.load(credential.certificate), cert_registry=chain)
        self._credential = credential

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        self.value = self._credential.sign_digest(hashlib.sha256(data).digest())
        return self.value


class _PunctualSigner(signers.PdfSigner):
    """Writes our clock's moment into the signature instead of the system's."""

    moment: datetime

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.moment
        return session


class _Timestamper(TimeStamper):
    """A timestamp authority of the house as pyHanko asks it."""

    def __init__(self, authority: TimestampAuthority) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._authority = authority

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        answer = await asyncio.to_thread(self._authority.exchange, req.dump())
        try:
            response = tsp.TimeStampResp.load(answer, strict=True)
            response.native  # noqa: B018 (reads all of it)
        except (ValueError, TypeError) as error:
            raise TimestampRequestError("the answer is no timestamp") from error
        return response


class _Drawing(PdfContent):
    """A one-page PDF as content."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self._pdf = pdf

    def render(self) -> bytes:
        assert self.writer is not None
        imported = self.writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._pdf)))
        self.resources.xobject["/Drawing"] = imported
        left, bottom, right, top = imported.get_object()["/BBox"]
        self.box = layout.BoxConstraints(width=right - left, height=top - bottom)
        return b"/Drawing Do"


def _style(stamp: Stamp, box: Box, signer: Signer | Seal, at: datetime) -> StaticStampStyle:
    if stamp.image:
        content: PdfContent = PdfImage(stamps.picture(stamp.image))
    else:
        content = _Drawing(stamps.drawing(signer, stamp, box, at=at))
    fitted = layout.SimpleBoxLayoutRule(
        x_align=layout.AxisAlignment.ALIGN_MID,
        y_align=layout.AxisAlignment.ALIGN_MID,
        margins=layout.Margins(0, 0, 0, 0),
        inner_content_scaling=layout.InnerScaling.STRETCH_TO_FIT,
    )
    return StaticStampStyle(background=content, background_layout=fitted, border_width=0)


def _field(reader: PdfFileReader, name: str, box: Box | None, *, locked: list[str]) -> fields.SigFieldSpec:
    lock = fields.FieldMDPSpec(fields.FieldMDPAction.INCLUDE, locked) if locked else None
    if box is None:
        return fields.SigFieldSpec(name, field_mdp_spec=lock)
    page = box.page - 1
    left, _bottom, _right, top = media_box(reader, page)
    x, y = left + box.left * POINTS_PER_MM, top - box.top * POINTS_PER_MM
    right, bottom = x + box.width * POINTS_PER_MM, y - box.height * POINTS_PER_MM
    corners = (round(x), round(bottom), round(right), round(y))
    return fields.SigFieldSpec(name, on_page=page, box=corners, field_mdp_spec=lock)


def _page_width(reader: PdfFileReader) -> float:
    left, _bottom, right, _top = media_box(reader, 0)
    return (right - left) / POINTS_PER_MM


def _free_name(reader: PdfFileReader) -> str:
    taken = {name for name, _value, _reference in fields.enumerate_sig_fields(reader)}
    number = 1
    while f"Signature{number}" in taken:
        number += 1
    return f"Signature{number}"
