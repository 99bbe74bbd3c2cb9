"""The installation's own certificate authority: made once, race-free, shared by every machine through the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.errors import Conflict, DomainError, NotFound
from lienthong.signing import certificates, rules
from lienthong.signing.certificates import Issuer, Revoked
from lienthong.signing.definition import arrangement
from lienthong.signing.models import Authority, Certificate, RevocationList
from lienthong.signing.rules import Period, Seal, Signer
from lienthong.signing.sealing import seal, unseal

_LOCK = 0x4C545347  # "LTSG": one number for this module's advisory lock


class NoAuthorityThen(DomainError):
    code = "signing.no_authority_then"


class AlreadyRevoked(Conflict):
    code = "signing.already_revoked"


@dataclass(frozen=True, slots=True)
class RootCertificate:
    """What people install so that their programs trust the signatures. `fingerprint`: SHA-256, in pairs with colons."""

    pem: bytes
    der: bytes
    fingerprint: str


def lock_authority() -> None:
    """Held to the end of the transaction: nobody else makes authorities, certificates or revocation lists meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


@transaction.atomic
def issuing_authority(*, at: datetime) -> Authority:
    """The authority that signs certificates at `at`; made, with the root above it, when it is first needed."""
    return _valid(Authority.Level.ISSUING, at) or _make_issuing(at)


@transaction.atomic
def certificate_for(signer: Signer | Seal, *, years: int, at: datetime) -> Certificate:
    """The certificate this signer uses at `at`, given now if there is none: one at a time for one subject."""
    authority = issuing_authority(at=at)
    subject = certificates.subject_of(signer)
    found = _in_use(subject, at)
    if found is None:
        lock_authority()
        found = _in_use(subject, at) or _give(signer, subject, authority, years=years, at=at)
    return found


@transaction.atomic
def revoke(*, serial: str, reason: Certificate.Reason, revoked_by: int, at: datetime) -> Certificate:
    """Revoke from `at` on and put it on a new revocation list. Raises NotFound, AlreadyRevoked."""
    lock_authority()
    try:
        row = Certificate.objects.select_for_update().select_related("authority").get(serial=serial)
    except Certificate.DoesNotExist as error:
        raise NotFound(_("There is no certificate with this number.")) from error
    if row.revoked_at:
        day = f"{clock.local(row.revoked_at):%d/%m/%Y}"
        raise AlreadyRevoked(_("This certificate was already revoked on %(day)s."), day=day)
    row.revoked_at, row.revoked_by, row.reason = at, revoked_by, reason
    row.save(update_fields=["revoked_at", "revoked_by", "reason"])
    _issue_list(row.authority, at)
    return row


def revoke_holder(*, account_id: int, post_id: int, reason: Certificate.Reason, revoked_by: int, at: datetime) -> int:
    """Revoke whatever a person holds for a post that is left or lost; how many certificates that were."""
    held = Certificate.objects.filter(account_id=account_id, post_id=post_id, revoked_at=None, valid_to__gt=at)
    with transaction.atomic():
        serials = list(held.order_by("serial").values_list("serial", flat=True))
        for serial in serials:
            revoke(serial=serial, reason=reason, revoked_by=revoked_by, at=at)
    return len(serials)


@transaction.atomic
def revocation_list(*, at: datetime) -> bytes:
    """The list in force at `at`, in DER; a new one is made when the last has run out."""
    return _list_of(issuing_authority(at=at), at)


@transaction.atomic
def revocation_lists(authority: Authority, *, at: datetime) -> tuple[bytes, ...]:
    """The lists in force of an authority and those above it, which tell of its own certificate."""
    above = [authority]
    while above[-1].parent is not None:
        above.append(above[-1].parent)
    return tuple(_list_of(each, at) for each in above)


def _list_of(authority: Authority, at: datetime) -> bytes:
    current = _list_in_force(authority, at)
    if current is None:
        lock_authority()
        current = _list_in_force(authority, at) or _issue_list(authority, at)
    return bytes(current.content)


def export_root() -> RootCertificate:
    """The root certificate for people to download; the authority is made if it is not there yet."""
    issuing = issuing_authority(at=clock.now())
    assert issuing.parent is not None
    root = load(issuing.parent)
    fingerprint = root.fingerprint(hashes.SHA256()).hex(":").upper()
    return RootCertificate(root.public_bytes(Encoding.PEM), certificates.der(root), fingerprint)


def load(row: Authority | Certificate) -> x509.Certificate:
    return x509.load_der_x509_certificate(bytes(row.certificate))


def load_key(row: Authority | Certificate) -> certificates.PrivateKey:
    return certificates.load_key(unseal(bytes(row.sealed_key), belongs_to=row.serial))


def chain_of(row: Authority) -> list[x509.Certificate]:
    """The authority's certificate and those above it, up to the root."""
    above = [load(row)]
    while row.parent is not None:
        row = row.parent
        above.append(load(row))
    return above


def _valid(level: Authority.Level, at: datetime) -> Authority | None:
    rows = Authority.objects.select_related("parent")
    return rows.filter(level=level, valid_from__lte=at, valid_to__gt=at).first()


def _make_issuing(at: datetime) -> Authority:
    lock_authority()
    made_meanwhile = _valid(Authority.Level.ISSUING, at)
    if made_meanwhile:
        return made_meanwhile
    root = _valid(Authority.Level.ROOT, at) or _make_root(at)
    taken = [row.period for row in Authority.objects.filter(level=Authority.Level.ISSUING)]
    period = rules.free_period(at, wanted=rules.within(rules.issuing_period(at), root.period), taken=taken)
    key = certificates.new_key()
    name = certificates.authority_name(arrangement().authority_name, f"CA {period.start:%Y}")
    made = certificates.authority_certificate(name, key, period, _issuer(root), path_length=0)
    return _keep(Authority.Level.ISSUING, made, key, period, parent=root)


def _make_root(at: datetime) -> Authority:
    if Authority.objects.filter(level=Authority.Level.ROOT).exists():
        raise NoAuthorityThen(_("The certificate authority of this installation is not valid at that moment."))
    period, key = rules.root_period(at), certificates.new_key()
    name = certificates.authority_name(arrangement().authority_name, "Root CA")
    made = certificates.authority_certificate(name, key, period, Issuer(key), path_length=1)
    return _keep(Authority.Level.ROOT, made, key, period, parent=None)


def _keep(
    level: Authority.Level,
    made: x509.Certificate,
    key: certificates.PrivateKey,
    period: Period,
    parent: Authority | None,
) -> Authority:
    serial = certificates.serial_text(made)
    return Authority.objects.create(
        level=level,
        parent=parent,
        serial=serial,
        certificate=certificates.der(made),
        sealed_key=seal(certificates.key_bytes(key), belongs_to=serial),
        valid_from=period.start,
        valid_to=period.end,
        created_at=clock.now(),
    )


def _issuer(row: Authority) -> Issuer:
    return Issuer(load_key(row), load(row))


def _in_use(subject: x509.Name, at: datetime) -> Certificate | None:
    rows = Certificate.objects.select_related("authority__parent").filter(subject=subject.rfc4514_string())
    return rows.filter(revoked_at=None, valid_from__lte=at, valid_to__gt=at).first()


def _give(signer: Signer | Seal, subject: x509.Name, authority: Authority, *, years: int, at: datetime) -> Certificate:
    period = _period_for(subject, authority, years=years, at=at)
    key = certificates.new_key()
    made = certificates.signer_certificate(
        subject, key, period, _issuer(authority), revocation_address=arrangement().revocation_address
    )
    serial = certificates.serial_text(made)
    person = signer if isinstance(signer, Signer) else None
    return Certificate.objects.create(
        authority=authority,
        kind=Certificate.Kind.PERSON if person else Certificate.Kind.SEAL,
        subject=subject.rfc4514_string(),
        account_id=person.account_id if person else None,
        post_id=person.post_id if person else None,
        organisation_identifier=signer.organisation_identifier,
        serial=serial,
        certificate=certificates.der(made),
        sealed_key=seal(certificates.key_bytes(key), belongs_to=serial),
        valid_from=period.start,
        valid_to=period.end,
        created_at=clock.now(),
    )


def _period_for(subject: x509.Name, authority: Authority, *, years: int, at: datetime) -> Period:
    """From the start of the day (so that two who ask at once agree), after what was revoked, within the authority's."""
    rows = Certificate.objects.filter(subject=subject.rfc4514_string())
    revoked = rows.filter(revoked_at__lte=at).order_by("-revoked_at").values_list("revoked_at", flat=True).first()
    start = max(rules.day_of(at), revoked or authority.valid_from)
    wanted = rules.within(rules.years_from(start, years), authority.period)
    return rules.free_period(at, wanted=wanted, taken=[row.period for row in rows.filter(revoked_at=None)])


def _list_in_force(authority: Authority, at: datetime) -> RevocationList | None:
    return authority.revocation_lists.filter(issued_at__lte=at, next_at__gt=at).order_by("-number").first()


def _issue_list(authority: Authority, at: datetime) -> RevocationList:
    last = authority.revocation_lists.order_by("-number").values_list("number", flat=True).first() or 0
    next_at = at + timedelta(days=arrangement().revocation_list_days)
    content = certificates.revocation_list(
        _revoked(authority), _issuer(authority), number=last + 1, issued_at=at, next_at=next_at
    )
    return RevocationList.objects.create(
        authority=authority, number=last + 1, content=content, issued_at=at, next_at=next_at
    )


def _revoked(authority: Authority) -> Iterable[Revoked]:
    rows = authority.certificates.filter(revoked_at__isnull=False).order_by("revoked_at", "serial")
    for serial, at, reason in rows.values_list("serial", "revoked_at", "reason"):
        assert at is not None
        yield Revoked(int(serial, 16), at, _REASONS[Certificate.Reason(reason)])


_REASONS = {
    Certificate.Reason.KEY_COMPROMISE: x509.ReasonFlags.key_compromise,
    Certificate.Reason.AFFILIATION_CHANGED: x509.ReasonFlags.affiliation_changed,
    Certificate.Reason.SUPERSEDED: x509.ReasonFlags.superseded,
    Certificate.Reason.CESSATION_OF_OPERATION: x509.ReasonFlags.cessation_of_operation,
}
