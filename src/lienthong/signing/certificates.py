"""X.509 certificates and revocation lists (RFC 5280) from plain values; no database.

Keys are ECDSA P-256: signatures are made in 0.1 ms, and poppler, Acrobat, Foxit and browsers validate them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from cryptography.x509.oid import NameOID

from lienthong.foundation.papers.text import printable
from lienthong.signing.rules import Period, Seal, Signer

PrivateKey = ec.EllipticCurvePrivateKey

_LONGEST = 64
"""RFC 5280 appendix A.1 bounds the parts of a subject, in characters; the library counts a common name in bytes."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs a certificate. A root's issuer is itself: no certificate yet."""

    key: PrivateKey
    certificate: x509.Certificate | None = None


@dataclass(frozen=True, slots=True)
class Revoked:
    serial: int
    at: datetime
    reason: x509.ReasonFlags


def new_key() -> PrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def key_bytes(key: PrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def load_key(data: bytes) -> PrivateKey:
    key = load_der_private_key(data, password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def subject_of(signer: Signer | Seal) -> x509.Name:
    """Country, organisation with its identifier; a person's post, name, and account and post as serial number."""
    parts = [
        (NameOID.COUNTRY_NAME, "VN"),
        (NameOID.ORGANIZATION_NAME, signer.organisation),
        (NameOID.ORGANIZATION_IDENTIFIER, signer.organisation_identifier),
    ]
    if isinstance(signer, Signer):
        parts += [
            (NameOID.TITLE, signer.position),
            (NameOID.SERIAL_NUMBER, f"{signer.account_id}-{signer.post_id}"),
            (NameOID.COMMON_NAME, signer.name),
        ]
    else:
        parts.append((NameOID.COMMON_NAME, signer.organisation))
    return _name([(oid, text) for oid, text in parts if text])


def authority_name(name: str, level: str) -> x509.Name:
    common = f"{name} - {level}"
    return _name([(NameOID.COUNTRY_NAME, "VN"), (NameOID.ORGANIZATION_NAME, name), (NameOID.COMMON_NAME, common)])


def _name(parts: Sequence[tuple[x509.ObjectIdentifier, str]]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, bounded(text, oid == NameOID.COMMON_NAME)) for oid, text in parts])


def bounded(text: str, in_bytes: bool) -> str:
    """On one line, without characters that nobody sees, cut with "…" where it is too long for a certificate."""
    plain = " ".join(printable(text).split())
    if _length(plain, in_bytes) <= _LONGEST:
        return plain
    while _length(plain, in_bytes) > _LONGEST - len("…".encode()):
        plain = plain[:-1].rstrip()
    return plain + "…"


def _length(text: str, in_bytes: bool) -> int:
    return len(text.encode()) if in_bytes else len(text)


def authority_certificate(
    subject: x509.Name, key: PrivateKey, period: Period, issuer: Issuer, *, path_length: int
) -> x509.Certificate:
    """Of a root (`path_length` 1) or of an issuing authority (0), for signing certificates and revocation lists."""
    usage = _usage(key_cert_sign=True, crl_sign=True)
    constraints = x509.BasicConstraints(ca=True, path_length=path_length)
    return _certificate(subject, key.public_key(), period, issuer, usage, constraints)


def signer_certificate(
    subject: x509.Name, key: PrivateKey, period: Period, issuer: Issuer, *, revocation_address: str
) -> x509.Certificate:
    """For signing documents and nothing else. `revocation_address` is where the revocation list is, or empty."""
    usage = _usage(digital_signature=True, content_commitment=True)
    constraints = x509.BasicConstraints(ca=False, path_length=None)
    return _certificate(subject, key.public_key(), period, issuer, usage, constraints, revocation_address)


def _certificate(
    subject: x509.Name,
    public: ec.EllipticCurvePublicKey,
    period: Period,
    issuer: Issuer,
    usage: x509.KeyUsage,
    constraints: x509.BasicConstraints,
    revocation_address: str = "",
) -> x509.Certificate:
    issuer_key = issuer.key.public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer.certificate else subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(period.start)
        .not_valid_after(period.end - timedelta(seconds=1))
        .add_extension(constraints, critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )
    if revocation_address:
        point = x509.DistributionPoint(
            [x509.UniformResourceIdentifier(revocation_address)], relative_name=None, reasons=None, crl_issuer=None
        )
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return builder.sign(issuer.key, hashes.SHA256())


def _usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def revocation_list(
    revoked: Iterable[Revoked], issuer: Issuer, *, number: int, issued_at: datetime, next_at: datetime
) -> bytes:
    """A complete list in DER."""
    assert issuer.certificate is not None
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(issued_at)
        .next_update(next_at)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
    )
    for entry in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(entry.serial)
            .revocation_date(entry.at)
            .add_extension(x509.CRLReason(entry.reason), critical=False)
            .build()
        )
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def serial_text(certificate: x509.Certificate) -> str:
    return f"{certificate.serial_number:x}"
