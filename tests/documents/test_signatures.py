"""Digital signatures of what came and what goes out: looked at once, told in words, never hidden."""

import io
import ssl
from datetime import timedelta
from uuid import uuid4

import pypdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.core.files.uploadedfile import SimpleUploadedFile
from procrastinate.contrib.django.models import ProcrastinateJob
from pydantic import ValidationError

from lienthong.documents.models import Arrival, DocumentFile
from lienthong.documents.services.signatures import CHECK_JOB, check_signature
from lienthong.foundation import clock
from lienthong.foundation.definitions import services as definitions
from lienthong.signing import examinations, services
from lienthong.signing.definition import SigningArrangement
from lienthong.signing.models import Authority, Certificate, FileExamination
from lienthong.signing.rules import Verdict
from tests.browsing import queries_of
from tests.cast import client_of
from tests.documents.conftest import CLERK
from tests.documents.test_outgoing import IN
from tests.signing.people import AT, CHAIRMAN, COMMITTEE, paper
from tests.signing.test_verification import another_installation

pytestmark = pytest.mark.django_db


def registered_with(pdf: bytes, name: str = "công văn.pdf") -> DocumentFile:
    form = {"_lan": str(uuid4()), "so": "12/UBND-VX", "ngay-van-ban": "2025-02-28", "loai": "cong-van"}
    form |= {"co-quan-gui": "UBND thành phố Gia Nghĩa", "trich-yeu": "Về việc rà soát", "cach-den": "electronic"}
    form |= {"ngay-den": "2025-03-03", "do-khan": "1", "tep": SimpleUploadedFile(name, pdf)}
    with clock.at(AT + timedelta(days=1)):
        answer = client_of(CLERK).post(f"{IN}dang-ky/", form)
    assert answer.status_code == 302, answer.content.decode()
    return DocumentFile.objects.select_related("file").get()


def signed() -> bytes:
    once = services.sign_pdf(paper(), signer=CHAIRMAN, reason="Phê duyệt", at=AT)
    return services.sign_pdf(once, signer=COMMITTEE, reason="Phát hành", at=AT)


def look() -> None:
    with clock.at(AT + timedelta(days=1)):
        for job in ProcrastinateJob.objects.filter(task_name=CHECK_JOB):
            check_signature(job.args["document"])


def page() -> str:
    return client_of(CLERK).get(f"{IN}{Arrival.objects.get().pk}/").content.decode()


def test_genuine_signatures_are_told_with_who_signed_and_when():
    file = registered_with(signed())
    assert "đang được kiểm tra" in page()
    look()
    assert examinations.of_files([file.file_id])[file.file_id].verdict is Verdict.GENUINE
    shown = page()
    assert "Chữ ký số hợp lệ" in shown and "Lê Hoàng Nam" in shown
    assert "28/03/2025 09:15:30" in shown and "Kiểm tra lại" in shown


def test_a_file_without_signatures_says_so_and_is_registered_all_the_same():
    registered_with(paper())
    look()
    assert "Không ký số" in page() and FileExamination.objects.get().verdict == Verdict.UNSIGNED


def test_what_was_changed_after_signing_is_shown_and_stays_registered():
    writer = pypdf.PdfWriter(fileobj=io.BytesIO(signed()), incremental=True)
    writer.add_blank_page(200, 200)
    out = io.BytesIO()
    writer.write(out)
    registered_with(out.getvalue())
    look()
    shown = page()
    assert "Chữ ký số không hợp lệ" in shown and "Chữ ký số hợp lệ" not in shown
    assert FileExamination.objects.get().verdict == Verdict.BROKEN and Arrival.objects.count() == 1


def test_a_job_that_runs_twice_looks_once_and_a_press_looks_again():
    file = registered_with(signed())
    look()
    with clock.at(AT + timedelta(days=3)):
        examinations.examine(file.file_id)
    assert FileExamination.objects.get().examined_at == AT + timedelta(days=1)
    clerk = client_of(CLERK)
    with clock.at(AT + timedelta(days=3)):
        answer = clerk.post(f"{IN}{Arrival.objects.get().pk}/tep/{file.place}/chu-ky/", follow=True)
    assert "đã được kiểm tra" in answer.content.decode()
    assert FileExamination.objects.get().examined_at == AT + timedelta(days=3)
    assert client_of("thoa.luutru").post(f"{IN}{Arrival.objects.get().pk}/tep/{file.place}/chu-ky/").status_code == 404


def test_a_revocation_that_comes_later_is_told_without_looking_again():
    registered_with(signed())
    look()
    for row in Certificate.objects.filter(revoked_at=None):
        services.revoke(serial=row.serial, reason=Certificate.Reason.KEY_COMPROMISE, revoked_by=1, at=AT)
    assert "Chữ ký số không hợp lệ" in page()


def test_the_page_asks_twice_for_signatures_however_many_files_there_are():
    file = registered_with(signed())
    look()
    assert queries_of(lambda: examinations.of_files([file.file_id])) == 2
    assert queries_of(lambda: examinations.of_files([file.file_id, *range(10**6, 10**6 + 30)])) == 2


def foreign(*, is_authority: bool = True) -> str:
    """The root of an authority outside, PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CA khác")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(AT - timedelta(days=9))
        .not_valid_after(AT + timedelta(days=900))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


@pytest.mark.parametrize(
    "wrong", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"]
)
def test_what_is_no_certificate_is_not_declared(wrong):
    with pytest.raises(ValidationError):
        SigningArrangement(key="a", name="A", effective_from=AT.date(), trusted_roots=(wrong,))


def test_only_an_authority_is_believed():
    said = {"key": "a", "name": "A", "effective_from": AT.date()}
    assert [each[:1] for each in SigningArrangement(**said, trusted_roots=(foreign(),)).roots()] == [b"\x30"]
    with pytest.raises(ValidationError):
        SigningArrangement(**said, trusted_roots=(foreign(is_authority=False),))


def test_a_device_that_is_not_there_is_refused_when_it_is_declared(tmp_path):
    head = "kind: signing\nkey: ky-so\nname: Ký số\neffective_from: 2025-01-01\n"
    (tmp_path / "ky-so.yaml").write_text(head + "device: {plugin: khong-co}\n")
    assert "khong-co" in " ".join(map(str, definitions.plan([tmp_path]).describe()))
    assert not definitions.plan([tmp_path]).ok


def test_an_authority_outside_is_believed_once_it_is_declared(tmp_path):
    """As a document of a ministry: signed under an authority that is none of this installation's."""
    pdf, root = signed(), bytes(Authority.objects.get(level="root").certificate)
    another_installation()
    file = registered_with(pdf)
    look()
    assert FileExamination.objects.get().verdict == Verdict.UNKNOWN and "chưa xác thực được người ký" in page()
    head = "kind: signing\nkey: ky-so\nname: Ký số\neffective_from: 2025-01-01\ntrusted_roots:\n  - |\n    "
    (tmp_path / "ky-so.yaml").write_text(head + ssl.DER_cert_to_PEM_cert(root).replace("\n", "\n    "))
    plan = definitions.plan([tmp_path])
    assert plan.ok, list(plan.describe())
    definitions.apply(plan)
    with clock.at(AT + timedelta(days=1)):
        examinations.examine(file.file_id, again=True)
    assert FileExamination.objects.get().verdict == Verdict.GENUINE and "Chữ ký số hợp lệ" in page()
