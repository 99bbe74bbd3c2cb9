"""The certificate authority of an installation and the certificates it gives."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtensionOID, NameOID
from django.db import IntegrityError, connection, transaction
from django.test import override_settings

from lienthong.foundation import clock
from lienthong.foundation.errors import NotFound
from lienthong.signing import authority, services
from lienthong.signing.models import Authority, Certificate, RevocationList
from tests.signing.people import AT, CHAIRMAN, CLERK, COMMITTEE, LATER

Reason = Certificate.Reason


def given_to(signer, at=AT) -> Certificate:
    return authority.certificate_for(signer, years=3, at=at)


def verified_chain(row: Certificate) -> list[x509.Certificate]:
    chain = [authority.load(row), *authority.chain_of(row.authority)]
    for lower, upper in zip(chain, [*chain[1:], chain[-1]], strict=True):
        lower.verify_directly_issued_by(upper)
    return chain


@pytest.mark.django_db
def test_the_first_certificate_makes_root_and_issuing_authority_and_leads_up_to_the_root():
    chain = verified_chain(given_to(CHAIRMAN))
    assert [each.extensions.get_extension_for_class(x509.BasicConstraints).value.ca for each in chain] == [
        False,
        True,
        True,
    ]
    assert chain[2].subject == chain[2].issuer
    assert Authority.objects.count() == 2


@pytest.mark.django_db
def test_a_certificate_names_the_person_the_post_the_organisation_and_vietnam():
    subject = authority.load(given_to(CHAIRMAN)).subject
    named = {part.oid: part.value for part in subject}
    assert named == {
        NameOID.COUNTRY_NAME: "VN",
        NameOID.ORGANIZATION_NAME: "UBND thành phố Gia Nghĩa",
        NameOID.ORGANIZATION_IDENTIFIER: "H16.31",
        NameOID.TITLE: "Phó Chủ tịch",
        NameOID.SERIAL_NUMBER: "11-101",
        NameOID.COMMON_NAME: "Lê Hoàng Nam",
    }


@pytest.mark.django_db
def test_a_seal_names_the_organisation_alone():
    row = given_to(COMMITTEE)
    subject = authority.load(row).subject
    assert subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == COMMITTEE.organisation
    assert not subject.get_attributes_for_oid(NameOID.TITLE)
    assert (row.kind, row.account_id, row.post_id) == ("seal", None, None)


@pytest.mark.django_db
def test_a_certificate_signs_documents_and_no_other_certificates():
    usage = authority.load(given_to(CHAIRMAN)).extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature and usage.content_commitment
    assert not (usage.key_cert_sign or usage.crl_sign or usage.key_encipherment)


@pytest.mark.django_db
def test_very_long_names_fit_the_bounds_of_a_certificate():
    long = dataclasses.replace(CHAIRMAN, name="Nguyễn " * 40, organisation="Phòng " * 60, position="Phó " * 60)
    subject = authority.load(given_to(long)).subject
    assert all(len(part.value) <= 64 for part in subject)
    assert given_to(long).serial == given_to(long).serial


@pytest.mark.django_db
def test_a_person_keeps_the_certificate_until_it_runs_out():
    first = given_to(CHAIRMAN)
    assert given_to(CHAIRMAN, AT + timedelta(days=900)) == first
    next_one = given_to(CHAIRMAN, first.valid_to)
    assert next_one != first and next_one.valid_from >= first.valid_to


@pytest.mark.django_db
def test_another_post_or_another_title_is_another_certificate():
    promoted = dataclasses.replace(CHAIRMAN, position="Chủ tịch")
    moved = dataclasses.replace(CHAIRMAN, post_id=999)
    assert len({given_to(signer).serial for signer in (CHAIRMAN, promoted, moved, CLERK, COMMITTEE)}) == 5


@pytest.mark.django_db
def test_one_who_signed_today_may_also_sign_for_an_earlier_day_of_demonstration():
    today = given_to(CHAIRMAN)
    earlier = given_to(CHAIRMAN, AT - timedelta(days=40))
    assert earlier != today and earlier.valid_to <= today.valid_from
    assert given_to(CHAIRMAN) == today


@pytest.mark.django_db
def test_certificates_never_outlive_the_authority_and_a_new_authority_follows_the_old():
    first = given_to(CHAIRMAN).authority
    near_the_end = first.valid_to - timedelta(days=30)
    assert given_to(CLERK, near_the_end).valid_to == first.valid_to
    successor = given_to(CLERK, first.valid_to + timedelta(days=1)).authority
    assert successor.valid_from == first.valid_to and successor.parent == first.parent


@pytest.mark.django_db
def test_before_and_after_the_life_of_the_root_nothing_is_signed():
    given_to(CHAIRMAN)
    for at in (AT - timedelta(days=365 * 10), AT + timedelta(days=365 * 40)):
        with pytest.raises(authority.NoAuthorityThen):
            given_to(CHAIRMAN, at)


def test_processes_that_start_at_once_make_one_authority_and_one_certificate(committed):
    together = Barrier(4)

    def ask(number: int) -> str:
        try:
            together.wait()
            return given_to(CHAIRMAN, AT + timedelta(minutes=number)).serial
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        serials = set(pool.map(ask, range(4)))
    assert len(serials) == 1
    assert sorted(Authority.objects.values_list("level", flat=True)) == ["issuing", "root"]
    assert Certificate.objects.count() == 1


@pytest.mark.django_db
def test_the_database_itself_allows_no_second_authority_and_no_second_certificate_at_a_time():
    row = given_to(CHAIRMAN)
    copies = [
        Authority(**{**_values(row.authority), "serial": "1"}),
        Certificate(**{**_values(row), "serial": "2", "valid_from": row.valid_from + timedelta(days=1)}),
    ]
    for copy in copies:
        with pytest.raises(IntegrityError), transaction.atomic():
            copy.save()


def _values(row) -> dict:
    return {field.attname: getattr(row, field.attname) for field in row._meta.fields if not field.primary_key}


@pytest.mark.django_db
def test_no_private_key_lies_open_in_the_tables():
    row = given_to(CHAIRMAN)
    for owner in (row, row.authority, row.authority.parent):
        opened = authority.load_key(owner).private_numbers().private_value.to_bytes(32, "big")
        assert opened not in bytes(owner.sealed_key)


@pytest.mark.django_db
def test_a_revoked_certificate_is_replaced_and_stands_on_the_next_list():
    row = given_to(CHAIRMAN)
    revoked = services.revoke(serial=row.serial, reason=Reason.KEY_COMPROMISE, revoked_by=1, at=LATER)
    assert (revoked.revoked_at, revoked.revoked_by, revoked.reason) == (LATER, 1, "key_compromise")
    assert given_to(CHAIRMAN, LATER).serial != row.serial
    published = x509.load_der_x509_crl(services.revocation_list(at=LATER))
    assert published.is_signature_valid(authority.load(row.authority).public_key())
    entry = published.get_revoked_certificate_by_serial_number(int(row.serial, 16))
    assert entry is not None and entry.revocation_date_utc == LATER
    assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason == x509.ReasonFlags.key_compromise


@pytest.mark.django_db
def test_a_certificate_is_revoked_once():
    row = given_to(CHAIRMAN)
    services.revoke(serial=row.serial, reason=Reason.SUPERSEDED, revoked_by=1, at=LATER)
    with pytest.raises(authority.AlreadyRevoked, match="28/03/2025"):
        services.revoke(serial=row.serial, reason=Reason.KEY_COMPROMISE, revoked_by=2, at=LATER)
    row.refresh_from_db()
    assert row.reason == "superseded" and RevocationList.objects.count() == 1


@pytest.mark.django_db
def test_an_unknown_number_is_not_revoked():
    with pytest.raises(NotFound):
        services.revoke(serial="123", reason=Reason.SUPERSEDED, revoked_by=1, at=AT)


@pytest.mark.django_db
def test_who_leaves_a_post_loses_the_certificates_of_that_post_only():
    left, kept = given_to(CHAIRMAN), given_to(dataclasses.replace(CHAIRMAN, post_id=7))
    count = services.revoke_holder(
        account_id=11, post_id=101, reason=Reason.AFFILIATION_CHANGED, revoked_by=1, at=LATER
    )
    left.refresh_from_db(), kept.refresh_from_db()
    assert count == 1 and left.revoked_at == LATER and kept.revoked_at is None


@pytest.mark.django_db
def test_revocation_lists_are_numbered_and_renewed_before_they_run_out():
    given_to(CHAIRMAN)
    first = services.revocation_list(at=AT)
    assert services.revocation_list(at=AT + timedelta(days=6)) == first
    second = services.revocation_list(at=AT + timedelta(days=8))
    numbers = [
        x509.load_der_x509_crl(each).extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
        for each in (first, second)
    ]
    assert numbers == [1, 2]


@pytest.mark.django_db
@override_settings(SIGNING={"revocation_address": "https://tinh.example.vn/thu-hoi.crl", "authority_name": "Tỉnh Mẫu"})
def test_certificates_name_the_province_and_where_the_revocation_list_is():
    certificate = authority.load(given_to(CHAIRMAN))
    point = certificate.extensions.get_extension_for_oid(ExtensionOID.CRL_DISTRIBUTION_POINTS).value[0]
    assert point.full_name[0].value == "https://tinh.example.vn/thu-hoi.crl"
    assert "Tỉnh Mẫu" in certificate.issuer.rfc4514_string()


@pytest.mark.django_db
def test_the_root_can_be_downloaded_and_stays_the_same():
    with clock.at(datetime(2025, 3, 1, tzinfo=clock.ZONE)):
        first, again = services.export_root(), services.export_root()
    assert first == again
    root = x509.load_pem_x509_certificate(first.pem)
    assert root.subject == root.issuer and len(first.fingerprint) == 95
