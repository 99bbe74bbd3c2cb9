"""Whether a paper is genuine, for anybody who holds it; without giving away whose it is."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lienthong.cases.models import Paper
from lienthong.cases.services import papers
from lienthong.foundation.files import storage
from lienthong.portal.masking import masked
from lienthong.portal.views import verifying
from tests import cast
from tests.cases import dossiers
from tests.portal.conftest import page
from tests.portal.test_dossiers import finished

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return answer.content.decode()


def result() -> Paper:
    return finished().papers.get(kind="result")


def content(paper: Paper) -> bytes:
    with storage.open_content(paper.file.sha256) as file:
        return file.read()


def receipt() -> Paper:
    clerk = cast.actor(cast.CLERK)
    return papers.make_receipt(
        dossiers.received().pk, account_id=clerk.account_id, post_id=clerk.acting.id, at=cast.MONDAY
    )


def test_a_result_is_confirmed_with_its_head_and_signature(client: Client):
    paper = result()
    shown = text(client.get(page("verify", paper.verification)))
    for said in (
        "Giấy này do hệ thống phát hành",
        paper.name,
        "Ủy ban nhân dân thành phố Gia Nghĩa",
        "03/03/2025",
        "Hoàng Thị Thanh",
        "Chữ ký hợp lệ",
    ):
        assert said in shown, said


def test_the_holder_is_named_only_in_part(client: Client):
    shown = text(client.get(page("verify", result().verification)))
    assert "Nguyễn V•• A•" in shown
    for secret in ("Nguyễn Văn An", "067085004127", "0905412768", "Trần Hưng Đạo"):
        assert secret not in shown


def test_a_receipt_is_confirmed_but_not_given_out(client: Client):
    paper = receipt()
    assert "Giấy này do hệ thống phát hành" in text(client.get(page("verify", paper.verification)))
    assert client.get(page("verify_original", paper.verification)).status_code == 404


def test_who_has_the_code_of_a_result_can_compare_with_the_signed_original(client: Client):
    paper = result()
    answer = client.get(page("verify_original", paper.verification))
    assert b"".join(answer.streaming_content) == content(paper)


def test_the_code_may_be_typed_with_spaces_and_in_small_letters(client: Client):
    code = result().verification
    typed = " ".join(code[n : n + 4] for n in range(0, 24, 4)).lower()
    answer = client.post(page("verify_start"), {"code": typed})
    assert answer["Location"] == page("verify", code)


@pytest.mark.parametrize("code", ["ABCDEFGHJKLMNPQRSTUVWXYZ", "x", "%00", "a" * 500])
def test_an_unknown_code_is_said_to_be_unknown(client: Client, code: str):
    answer = client.get(f"/kiem-tra/{code}/")
    assert answer.status_code == 404 and "Không có giấy nào mang mã này" in text(answer)


def test_a_paper_that_was_not_issued_yet_is_unknown(client: Client):
    paper = dossiers.drafted().papers.get(kind="result")
    assert client.get(page("verify", paper.verification)).status_code == 404


def test_trying_codes_is_slowed_down(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(verifying, "OF_ADDRESS", replace(verifying.OF_ADDRESS, times=3))
    answers = [client.get(page("verify", f"A{n}")).status_code for n in range(4)]
    assert answers == [404, 404, 404, 429]


def examine(client: Client, name: str, data: bytes):
    return client.post(page("examine"), {"tep": SimpleUploadedFile(name, data)})


def test_a_signed_file_is_found_genuine_and_known(client: Client):
    paper = result()
    shown = text(examine(client, "giay-phep.pdf", content(paper)))
    assert "Tệp là thật và còn nguyên vẹn" in shown and paper.name in shown


def test_a_file_changed_by_one_byte_is_not_believed(client: Client):
    data = bytearray(content(result()))
    data[len(data) // 3] ^= 1
    shown = text(examine(client, "giay-phep.pdf", bytes(data)))
    assert "Tệp là thật và còn nguyên vẹn" not in shown


def test_an_unsigned_file_is_said_to_be_unsigned(client: Client):
    paper = receipt()
    assert "Tệp này không có chữ ký số" in text(examine(client, "giay-tiep-nhan.pdf", content(paper)))


@pytest.mark.parametrize("data", [b"%PDF-1.7 garbage", b"MZ\x00", cast.photo()])
def test_what_is_no_pdf_is_refused(client: Client, data: bytes):
    answer = examine(client, "x.pdf", data)
    assert answer.status_code == 422 and 'href="#tep"' in text(answer)


def test_no_file_and_too_large_a_file_are_refused(client: Client, monkeypatch: pytest.MonkeyPatch):
    assert client.post(page("examine")).status_code == 422
    monkeypatch.setattr("lienthong.portal.views.verifying.MEGABYTE", 1)
    assert examine(client, "x.pdf", b"%PDF-" + b"0" * 100).status_code == 422


def test_the_root_certificate_can_be_fetched(client: Client):
    answer = client.get(page("root_certificate"))
    assert answer["Content-Type"] == "application/x-x509-ca-cert" and answer.content[:1] == b"\x30"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Nguyễn Thị Ngọc Huyền", "Nguyễn T•• N••• H••••"),
        ("Lê Ứng", "Lê Ứ•••"[:5] + "•"),
        ("Y", "Y"),
        ("", ""),
        ("  Madonna ", "M••••••"),
    ],
)
def test_names_are_shortened_for_strangers(name: str, shown: str):
    assert masked(name) == shown
