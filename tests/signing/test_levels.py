"""Signatures that prove themselves for long: revocation lists and document timestamps inside the file."""

import io

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.test import override_settings
from pydantic import ValidationError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore

from lienthong.foundation import clock
from lienthong.signing import authority, forms, services
from lienthong.signing.definition import SigningArrangement
from lienthong.signing.models import Certificate, RevocationList, SigningRecord
from lienthong.signing.pades import NotSignable
from lienthong.signing.rules import Level
from lienthong.signing.services import Stamp, ToSign
from lienthong.signing.timestamps import timestamp_authorities
from lienthong.signing.verification import TimeSource
from tests.signing.people import AT, CHAIRMAN, COMMITTEE, LATER, paper
from tests.signing.test_filling import VALUES, library_says, unnumbered
from tests.signing.test_timestamps import NearAuthority, over_http, server, tsa  # noqa: F401 (a fixture)

YEARS_LATER = AT.replace(year=2031)


@pytest.fixture
def near():
    with timestamp_authorities.registered(NearAuthority):
        yield


def at_level(level: str, **options) -> override_settings:
    return override_settings(SIGNING={"timestamp": {"plugin": "near", "options": options}, "level": level})


def signed(pdf=None, signer=CHAIRMAN, at=AT, **how) -> bytes:
    return services.sign_pdf(pdf or paper(), signer=signer, reason="", at=at, **how)


def reports(pdf: bytes, at=LATER) -> list[services.SignatureReport]:
    with clock.at(at):
        return services.verify_pdf(pdf)


@pytest.mark.django_db
@pytest.mark.parametrize("level", ["T", "LT", "LTA"])
def test_a_signature_reaches_the_level_that_is_declared(near, level):
    with at_level(level):
        [report] = found = reports(signed())
        assert report.level == Level[level] and services.is_genuine(found)
        assert report.time_source is TimeSource.TIMESTAMP


@pytest.mark.django_db
def test_without_a_timestamp_authority_it_is_the_first_level():
    [report] = reports(signed())
    assert report.level is Level.B and report.genuine


@pytest.mark.django_db
def test_the_file_holds_the_lists_of_the_issuing_authority_and_of_the_root(near):
    with at_level("LT"):
        pdf = signed()
    inside = DocumentSecurityStore.read_dss(PdfFileReader(io.BytesIO(pdf)))
    lists = [each.get_object().data for each in inside.crls]
    assert sorted(lists) == sorted(bytes(each.content) for each in RevocationList.objects.all())
    assert len(lists) == 2 and len(inside.vri_entries) == 1


@pytest.mark.django_db
def test_the_file_proves_itself_when_the_certificate_ran_out_and_our_records_are_lost(near):
    with at_level("LTA"):
        pdf = signed()
        [report] = reports(pdf, YEARS_LATER)
    assert report.genuine and report.level is Level.LTA and report.time_source is TimeSource.TIMESTAMP
    assert authority.load(Certificate.objects.get()).not_valid_after_utc < YEARS_LATER


@pytest.mark.django_db
def test_a_list_on_which_the_certificate_is_revoked_proves_nothing(near):
    with at_level("LT"):
        signed()
        row = Certificate.objects.get()
        before = services.sign_pdf(paper(13), signer=CHAIRMAN, reason="", at=AT)
        services.revoke(serial=row.serial, reason=Certificate.Reason.KEY_COMPROMISE, revoked_by=1, at=LATER)
        [report] = reports(before)
        assert report.genuine and report.level is Level.LT


@pytest.mark.django_db
def test_leader_number_and_seal_at_the_highest_level(near):
    with at_level("LTA"):
        pdf = signed(unnumbered(), stamp=Stamp(place="signer"), permits_filling=True)
        assert reports(pdf)[0].level is Level.LT
        pdf = forms.fill(pdf, VALUES, at=LATER)
        pdf = signed(pdf, COMMITTEE, LATER, stamp=Stamp(place="seal"))
        found = reports(pdf)
    assert [each.level for each in found] == [Level.LTA, Level.LTA] and services.is_genuine(found)
    assert all(library_says(pdf, tsa()[1].public_bytes(Encoding.DER)))


@pytest.mark.django_db
def test_the_levels_are_told_in_words(near):
    with at_level("LTA"):
        words = reports(signed())[0].words
    assert any("PAdES B-LTA" in sentence for sentence in words)


@pytest.mark.django_db
def test_an_unbelieved_timestamp_lifts_no_level(near):
    with at_level("LTA"):
        pdf = signed()
    with at_level("LTA", trusted=False):
        [report] = reports(pdf)
    assert report.level is Level.B and report.genuine


@pytest.mark.django_db
def test_the_highest_level_over_http(server, settings, monkeypatch):  # noqa: F811
    monkeypatch.setenv("SIGNING_TSA", "mat")
    settings.SIGNING = {"timestamp": over_http(server, username="tinh", password_in="SIGNING_TSA"), "level": "LTA"}
    assert reports(signed())[0].level is Level.LTA


@pytest.mark.parametrize("level", ["T", "LT", "LTA"])
def test_a_level_with_time_needs_somebody_who_tells_the_time(level):
    with pytest.raises(ValidationError, match="dấu thời gian"):
        SigningArrangement(key="ky-so", name="Ký số", effective_from=AT.date(), level=level)


@pytest.mark.django_db
def test_several_are_signed_with_one_key_all_or_none():
    wanted = [
        ToSign(pdf=paper(number), reason=f"văn bản {number}", stamp=Stamp(place="signer")) for number in (1, 2, 3)
    ]
    made = services.sign_many(wanted, signer=CHAIRMAN, at=AT)
    for pdf, each in zip(made, wanted, strict=True):
        assert pdf.startswith(each.pdf) and services.is_genuine(reports(pdf))
    assert list(SigningRecord.objects.order_by("id").values_list("reason", flat=True)) == [e.reason for e in wanted]
    broken = [*wanted, ToSign(pdf=b"no pdf", reason="")]
    with pytest.raises(NotSignable):
        services.sign_many(broken, signer=CHAIRMAN, at=AT)
    assert SigningRecord.objects.count() == 3 and services.sign_many([], signer=CHAIRMAN, at=AT) == []


@pytest.mark.django_db
def test_signing_several_asks_the_database_as_often_as_signing_one(django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    signed()
    with CaptureQueriesContext(connection) as one:
        signed()
    with django_assert_num_queries(len(one)):
        services.sign_many([ToSign(pdf=paper(), reason="") for _time in range(3)], signer=CHAIRMAN, at=AT)
