"""What the public is told of a signature."""

import dataclasses
import io

import pypdf
import pytest
from django.db import connection
from django.test import override_settings
from django.utils import translation

from lienthong.foundation import clock
from lienthong.signing import services
from lienthong.signing.models import Authority, Certificate, RevocationList
from lienthong.signing.sealing import KeySealedElsewhere
from lienthong.signing.validation import NotReadable
from lienthong.signing.verification import TimeSource
from tests.signing.people import AT, CHAIRMAN, COMMITTEE, LATER, paper

pytestmark = pytest.mark.django_db


def signed(pdf=None, signer=CHAIRMAN, at=AT) -> bytes:
    return services.sign_pdf(pdf or paper(), signer=signer, reason="Phê duyệt", at=at)


def only_report(pdf: bytes, at=LATER) -> services.SignatureReport:
    with clock.at(at):
        [report] = services.verify_pdf(pdf)
    return report


def revoke_all(at) -> None:
    for row in Certificate.objects.filter(revoked_at=None):
        services.revoke(serial=row.serial, reason=Certificate.Reason.KEY_COMPROMISE, revoked_by=1, at=at)


def forget_records() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE signing_signingrecord")


def test_a_genuine_signature_says_who_in_what_post_and_when():
    report = only_report(signed())
    assert report.genuine and report.intact and report.trusted and report.covers_whole_document
    assert (report.name, report.position, report.organisation) == (
        CHAIRMAN.name,
        CHAIRMAN.position,
        CHAIRMAN.organisation,
    )
    assert report.organisation_identifier == "H16.31" and not report.is_seal
    assert (report.signed_at, report.time_source, report.revoked_at) == (AT, TimeSource.RECORD, None)


def test_a_paper_without_signatures_has_no_reports_and_is_not_genuine():
    assert services.verify_pdf(paper()) == [] and not services.is_genuine([])


@pytest.mark.parametrize("where", [0.1, 0.3, 0.5, 0.7])
def test_one_changed_byte_breaks_the_signature(where):
    pdf = bytearray(signed())
    place = int(len(paper()) * where)
    pdf[place] = (pdf[place] + 1) % 256
    try:
        reports = services.verify_pdf(bytes(pdf))
    except NotReadable:
        return
    assert not any(each.genuine or each.intact for each in reports) and not services.is_genuine(reports)


def test_a_page_added_later_is_noticed_although_the_signed_part_is_intact():
    writer = pypdf.PdfWriter(fileobj=io.BytesIO(signed()), incremental=True)
    writer.add_blank_page(200, 200)
    out = io.BytesIO()
    writer.write(out)
    report = only_report(out.getvalue())
    assert report.intact and report.altered_afterwards and not report.genuine


def another_installation() -> None:
    """From now on this is one that has signed nothing yet."""
    forget_records()
    for table in (RevocationList, Certificate):
        table.objects.all().delete()
    Authority.objects.filter(level="issuing").delete()
    Authority.objects.all().delete()


def test_a_signature_of_another_installation_is_not_trusted():
    pdf = signed()
    another_installation()
    services.export_root()  # this installation's own, of the same name
    report = only_report(pdf)
    assert report.intact and not report.trusted and not report.genuine


def test_an_installation_without_an_authority_trusts_nothing_and_makes_none():
    assert services.verify_pdf(paper()) == [] and not Authority.objects.exists()


def test_a_signature_made_before_the_certificate_was_revoked_stays_valid():
    pdf = signed()
    revoke_all(LATER)
    report = only_report(pdf)
    assert report.genuine and report.revoked_at == LATER


def test_a_signature_made_with_a_revoked_key_is_not_valid():
    pdf = signed(at=LATER)
    revoke_all(AT)
    report = only_report(pdf)
    assert report.trusted and report.revoked_before_signing and not report.genuine


def test_without_a_witness_for_its_moment_a_revoked_signature_is_not_valid():
    pdf = signed()
    revoke_all(LATER)
    forget_records()
    report = only_report(pdf)
    assert report.time_source is TimeSource.CLAIM and report.revoked_before_signing and not report.genuine


def test_years_after_the_certificate_ran_out_the_record_still_proves_the_signature():
    pdf, much_later = signed(), AT.replace(year=2040)
    assert only_report(pdf, much_later).genuine
    forget_records()
    assert not only_report(pdf, much_later).trusted


def test_a_person_and_a_seal_are_told_apart():
    with clock.at(LATER):
        person, seal = services.verify_pdf(signed(signed(), COMMITTEE, LATER))
    assert (person.is_seal, seal.is_seal) == (False, True)


def test_the_findings_are_told_in_plain_vietnamese():
    with translation.override("vi"):
        words = only_report(signed()).words
    assert words == [
        "Chữ ký hợp lệ, nội dung được ký không bị thay đổi.",
        "Người ký: Lê Hoàng Nam, Phó Chủ tịch, UBND thành phố Gia Nghĩa.",
        "Thời điểm ký: 28/03/2025 09:15:30 +07:00, theo ghi nhận của hệ thống này.",
    ]


def test_every_verdict_has_its_own_words_first():
    genuine = only_report(signed())
    cases = {
        "genuine": genuine,
        "broken": dataclasses.replace(genuine, intact=False),
        "cannot be trusted": dataclasses.replace(genuine, trusted=False),
        "was added": dataclasses.replace(genuine, altered_afterwards=True),
        "revoked": dataclasses.replace(genuine, revoked_at=AT),
    }
    with translation.override("en"):
        for part, report in cases.items():
            assert part in report.words[0] and report.genuine == (part == "genuine")
            assert all("%(" not in sentence for sentence in report.words)


@pytest.mark.parametrize("file", [b"", b"no pdf", b"%PDF-1.7\n", b"%PDF-1.7\n" + b"\xff" * 5000])
def test_what_is_no_pdf_is_said(file):
    with pytest.raises(NotReadable):
        services.verify_pdf(file)


def test_a_protected_file_is_said():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(paper()))
    writer.encrypt("secret", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(NotReadable):
        services.verify_pdf(out.getvalue())


def test_nothing_can_be_signed_but_all_be_checked_when_the_secret_was_lost():
    pdf = signed()
    with override_settings(SECRET_KEY="another secret altogether", SECRET_KEY_FALLBACKS=[]):
        assert only_report(pdf).genuine
        with pytest.raises(KeySealedElsewhere):
            signed()
