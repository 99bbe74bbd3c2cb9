"""Signatures a second on one core: PAdES beside pyHanko alone, and RSA-2048 by itself; verifications."""

import asyncio
import hashlib
import io
from collections.abc import Callable
from functools import partial
from time import process_time

from asn1crypto import keys as asn1_keys  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from django.db import transaction
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from bench import Row
from lienthong.foundation import clock
from lienthong.signing import authority, certificates, services
from lienthong.signing.rules import Period
from lienthong.signing.services import Stamp, ToSign
from tests.signing.people import AT, CHAIRMAN, LATER, paper

COUNT = 40


def run() -> list[Row]:
    pdf = paper()
    alone = _per_second(COUNT, partial(_by_the_library, pdf, _library_signer()))
    plain = ToSign(pdf=pdf, reason="Ký ban hành")
    stamped = ToSign(pdf=pdf, reason="Ký ban hành", stamp=Stamp(place="signer"))
    [signed] = _many([stamped])
    with clock.at(LATER):
        verified = _per_second(COUNT, partial(services.verify_pdf, signed))
    return [
        ("PAdES, several at once, key loaded once, recorded; beside pyHanko", _batch(plain), "/s", alone),
        ("PAdES, one by one, recorded; beside pyHanko", _per_second(COUNT, partial(_many, [plain])), "/s", alone),
        ("PAdES with a stamp in words, several at once; beside pyHanko without", _batch(stamped), "/s", alone),
        ("verifications", verified, "/s", None),
        ("RSA-2048 signatures of a digest, nothing else", _per_second(COUNT * 10, _raw()), "/s", None),
    ]


def _per_second(count: int, deed: Callable[[], object]) -> float:
    """By the time of the processor: whatever else runs on the machine. The first is not counted, it loads."""
    deed()
    began = process_time()
    for _time in range(count):
        deed()
    return count / (process_time() - began)


def _batch(wanted: ToSign) -> float:
    return COUNT * _per_second(1, partial(_many, [wanted] * COUNT))


@transaction.atomic
def _many(wanted: list[ToSign]) -> list[bytes]:
    return services.sign_many(wanted, signer=CHAIRMAN, at=AT)


def _library_signer() -> signers.SimpleSigner:
    """A key of the same kind under the same authority, in the memory of this process."""
    issuing, key = authority.issuing_authority(at=AT), certificates.new_key()
    own = certificates.signer_certificate(
        certificates.subject_of(CHAIRMAN),
        key,
        Period(AT.replace(month=1), AT.replace(year=2027)),
        certificates.Issuer(authority.load_key(issuing), authority.load(issuing)),
        revocation_address="",
    )
    chain = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    chain.register_multiple(asn1_x509.Certificate.load(certificates.der(each)) for each in authority.chain_of(issuing))
    return signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificates.der(own)),
        signing_key=asn1_keys.PrivateKeyInfo.load(certificates.key_bytes(key)),
        cert_registry=chain,
    )


def _by_the_library(pdf: bytes, signer: signers.SimpleSigner) -> bytes:
    about = signers.PdfSignatureMetadata(
        field_name="Signature1",
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason="Ký ban hành",
        name=CHAIRMAN.name,
    )
    work = signers.PdfSigner(about, signer=signer).async_sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)), bytes_reserved=16_384
    )
    return bytes(asyncio.run(work).getvalue())


def _raw() -> Callable[[], bytes]:
    key = rsa.generate_private_key(65537, 2048)
    digest = hashlib.sha256(b"a document").digest()
    return partial(key.sign, digest, padding.PKCS1v15(), Prehashed(hashes.SHA256()))
