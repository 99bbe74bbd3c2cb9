"""The clerk's form reads what was put into it: files wait, boxes fill themselves, what is there already is said."""

import re
import stat
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lienthong.documents.models import Arrival, Document, DocumentFile, WaitingFile
from lienthong.documents.services import waiting
from lienthong.foundation import clock
from lienthong.foundation.files import recognition
from lienthong.foundation.files.models import StoredFile
from tests import cast
from tests.cast import client_of
from tests.documents.conftest import CLERK
from tests.documents.test_pages import FORM, LIST, filled
from tests.documents.texts import PAGES
from tests.foundation.files import samples

pytestmark = pytest.mark.django_db

LETTER = PAGES["a letter, the columns beside each other"].text
SERIF = '#show raw: set text(font: "Libertinus Serif")'
EMPTY = {"so": "", "ngay-van-ban": "", "co-quan-gui": "", "trich-yeu": "", "do-khan": "0", "ban-dau-do-khan": "0"}


@pytest.fixture(autouse=True)
def no_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine that has none, whatever this one has."""
    monkeypatch.setattr(recognition, "programs", lambda: recognition.Programs("", "", speaks=False))


def word(text: str = LETTER, name: str = "cong van.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, samples.word(*text.splitlines()))


def pdf(text: str = LETTER, name: str = "cong van.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, samples.pdf_saying(f"{SERIF}\n```\n{text}\n```"))


def form(**other: object) -> dict[str, object]:
    return {**filled(**EMPTY), "ban-dau-loai": "cong-van", **other}  # type: ignore[arg-type]


def box(page: str, name: str) -> str:
    """What stands in a box of the page."""
    found = re.search(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', page)
    area = re.search(rf'<textarea[^>]* name="{name}"[^>]*>\n([^<]*)<', page)
    choice = re.search(rf'<select[^>]* name="{name}".*?<option value="([^"]*)" selected', page, re.DOTALL)
    match = found or area or choice
    assert match, name
    return match[1]


@pytest.mark.parametrize("file", [word, pdf], ids=["Word", "PDF"])
def test_a_press_fills_what_is_empty_and_names_the_words(file):
    answer = client_of(CLERK).post(FORM, form(tep=file(), _doc="1"))
    page = answer.content.decode()
    assert answer.status_code == 200
    said = {
        name: box(page, name)
        for name in ("so", "ngay-van-ban", "loai", "co-quan-gui", "trich-yeu", "nguoi-ky", "chuc-vu")
    }
    assert said == {
        "so": "125/SXD-QHKT",
        "ngay-van-ban": "2025-02-27",
        "loai": "cong-van",
        "co-quan-gui": "Sở Xây dựng",
        "trich-yeu": "Về việc rà soát quy hoạch chi tiết khu dân cư phường Nghĩa Đức",
        "nguoi-ky": "Nguyễn Văn Thắng",
        "chuc-vu": "Phó Giám đốc",
    }
    assert "<q>Số: 125/SXD-QHKT</q>" in page and 'id="mark_read"' in page and "Gợi ý" in page
    assert not Arrival.objects.exists()


def test_what_was_typed_stays_and_the_file_is_quoted_beside_it():
    answer = client_of(CLERK).post(FORM, form(tep=word(), _doc="1", so="99/SXD", **{"trich-yeu": "Của tôi"}))
    page = answer.content.decode()
    assert (box(page, "so"), box(page, "trich-yeu")) == ("99/SXD", "Của tôi")
    assert "Tệp ghi: <q>125/SXD-QHKT</q>" in page
    assert box(page, "co-quan-gui") == "Sở Xây dựng"


def test_a_type_that_was_chosen_stays_and_the_one_the_form_put_in_gives_way():
    decision = PAGES["a decision"].text
    chosen = client_of(CLERK).post(FORM, form(tep=word(decision), _doc="1", loai="bao-cao")).content.decode()
    assert box(chosen, "loai") == "bao-cao" and "Tệp ghi: <q>Quyết định</q>" in chosen
    usual = client_of(CLERK).post(FORM, form(tep=word(decision), _doc="1", loai="cong-van")).content.decode()
    assert box(usual, "loai") == "quyet-dinh"


def test_files_wait_and_need_not_be_chosen_again():
    clerk, key = client_of(CLERK), str(uuid4())
    assert clerk.post(FORM, form(_lan=key, tep=[word(), pdf(name="phu luc.pdf")])).status_code == 422
    page = clerk.post(FORM, form(_lan=key, _doc="1")).content.decode()
    assert "cong van.docx" in page and "phu luc.pdf" in page
    sent = {name: box(page, name) for name in ("so", "ngay-van-ban", "loai", "co-quan-gui", "trich-yeu")}
    for _press in range(2):
        assert clerk.post(FORM, {**form(_lan=key), **sent}).status_code == 302
    arrival = Arrival.objects.get()
    files = DocumentFile.objects.filter(document=arrival.document)
    assert [(each.file.name, each.role) for each in files] == [("cong van.docx", "main"), ("phu luc.pdf", "appendix")]
    assert arrival.document.dated == date(2025, 2, 27) and not WaitingFile.objects.exists()


def test_the_same_file_sent_twice_is_one():
    clerk, key = client_of(CLERK), str(uuid4())
    for _press in range(2):
        clerk.post(FORM, form(_lan=key, tep=word(), _doc="1"))
    assert WaitingFile.objects.count() == StoredFile.objects.count() == 1


def test_a_file_that_is_refused_says_why_and_the_others_are_kept():
    bad = SimpleUploadedFile("may.exe", b"MZ" + bytes(100))
    answer = client_of(CLERK).post(FORM, filled() | {"tep": [bad, word()]})
    page = answer.content.decode()
    assert answer.status_code == 422 and "may.exe" in page and "cong van.docx" in page
    assert not Arrival.objects.exists()


def test_a_file_is_taken_out_and_only_its_clerk_sees_it():
    clerk, key = client_of(CLERK), str(uuid4())
    clerk.post(FORM, form(_lan=key, tep=word(), _doc="1"))
    waits = WaitingFile.objects.get()
    address = f"{FORM}{key}/{waits.pk}/"
    assert clerk.get(address).status_code == 200
    assert clerk.get(f"{FORM}{uuid4()}/{waits.pk}/").status_code == 404
    assert Client().get(address).status_code == 302
    page = clerk.post(FORM, form(_lan=key, _bo=str(waits.pk), so="7/BC")).content.decode()
    assert "cong van.docx" not in page and box(page, "so") == "7/BC"
    assert not WaitingFile.objects.exists() and not StoredFile.objects.exists()
    assert clerk.get(address).status_code == 404


@pytest.mark.parametrize("forged", ["²", "9" * 30, "", "0", "x"])
def test_a_forged_file_is_answered(forged: str):
    assert client_of(CLERK).post(FORM, form(_bo=forged)).status_code in (200, 422)


def test_a_form_of_somebody_else_gives_nothing_away():
    key = uuid4()
    client_of(CLERK).post(FORM, form(_lan=str(key), tep=word(), _doc="1"))
    assert waiting.of_form(form=key, officer=cast.actor("hoa.tckh")) == []
    with pytest.raises(waiting.NotAClerk):
        waiting.put(form=key, uploads=[], officer=cast.actor("hoa.tckh"))


def test_what_waits_a_day_is_forgotten_and_what_was_registered_is_not():
    clerk = client_of(CLERK)
    clerk.post(FORM, filled() | {"tep": word()})
    clerk.post(FORM, form(tep=pdf(), _doc="1"))
    assert waiting.forget_old() == 0
    with clock.at(clock.now() + timedelta(hours=25)):
        assert waiting.forget_old() == 1 and waiting.forget_old() == 0
    assert [each.name for each in StoredFile.objects.all()] == ["cong van.docx"]


def test_a_press_without_a_file_says_what_to_do():
    answer = client_of(CLERK).post(FORM, form(_doc="1"))
    assert answer.status_code == 422 and "Hãy chọn tệp" in answer.content.decode()


def test_a_scan_on_a_machine_without_the_programs_is_told_honestly():
    scan = SimpleUploadedFile("quet.pdf", samples.pdf(2))
    page = client_of(CLERK).post(FORM, form(tep=scan, _doc="1")).content.decode()
    assert "máy chủ chưa cài nhận dạng chữ" in page and box(page, "so") == ""
    assert box(page, "so-trang") == "2"


def test_a_scan_is_read_where_the_programs_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    program = tmp_path / "tesseract"
    program.write_text(f"#!/bin/sh\ncat > words.txt <<'END'\n{LETTER}\nEND\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    found = recognition.Programs(str(program), "", speaks=True)
    monkeypatch.setattr(recognition, "programs", lambda: found)
    scan = SimpleUploadedFile("quet.jpg", samples.picture())
    page = client_of(CLERK).post(FORM, form(tep=scan, _doc="1")).content.decode()
    assert box(page, "so") == "125/SXD-QHKT"
    assert WaitingFile.objects.get().how == "read"


# what is there already


def test_that_the_agency_has_it_already_is_said_at_once():
    clerk = client_of(CLERK)
    clerk.post(FORM, filled(so="125/SXD-QHKT"))
    page = clerk.post(FORM, form(tep=word(), _doc="1")).content.decode()
    arrival = Arrival.objects.get()
    assert "van-dang-ky" in page and f"{LIST}{arrival.pk}/" in page


def test_the_same_file_is_known_whatever_was_typed_of_it():
    clerk = client_of(CLERK)
    clerk.post(FORM, filled(so="1/XYZ-A", **{"co-quan-gui": "Nơi khác"}) | {"tep": word()})
    page = clerk.post(FORM, form(tep=word(), _doc="1")).content.decode()
    assert f"{LIST}{Arrival.objects.get().pk}/" in page and "van-dang-ky" in page


# e-mail


def mail(**attached: bytes) -> SimpleUploadedFile:
    message = EmailMessage()
    message["From"] = "Văn phòng Sở Xây dựng <vp@sxd.example.vn>"
    message["Subject"] = "Gửi văn bản rà soát quy hoạch"
    message["Date"] = "Sat, 01 Mar 2025 09:30:00 +0700"
    message.set_content("Kính gửi quý cơ quan.")
    for name, content in attached.items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return SimpleUploadedFile("thu.eml", message.as_bytes())


def test_a_message_brings_its_attachments_its_day_and_its_way():
    clerk, key = client_of(CLERK), str(uuid4())
    letter = samples.word(*LETTER.splitlines())
    start = {
        "ngay-den": "2025-03-03",
        "ban-dau-ngay-den": "2025-03-03",
        "cach-den": "paper",
        "ban-dau-cach-den": "paper",
    }
    attached = mail(**{"cong van.docx": letter, "may.exe": b"MZ" + bytes(50)})
    answer = clerk.post(FORM, form(_lan=key, tep=attached, _doc="1", **start))
    page = answer.content.decode()
    assert (box(page, "cach-den"), box(page, "ngay-den")) == ("mail", "2025-03-01")
    assert (box(page, "co-quan-gui"), box(page, "so")) == ("Sở Xây dựng", "125/SXD-QHKT")
    assert "may.exe" in page
    names = ("so", "ngay-van-ban", "loai", "co-quan-gui", "trich-yeu", "cach-den", "ngay-den")
    sent = {name: box(page, name) for name in names}
    assert clerk.post(FORM, {**form(_lan=key), **sent}).status_code == 302
    arrival = Arrival.objects.get()
    assert (arrival.way, arrival.arrived_on) == ("mail", date(2025, 3, 1))
    files = DocumentFile.objects.filter(document=arrival.document)
    assert [(each.file.name, each.role) for each in files] == [("cong van.docx", "main"), ("thu.eml", "other")]
    served = clerk.get(f"{LIST}{arrival.pk}/tep/1/")
    assert served["Content-Type"] == "message/rfc822" and served["Content-Disposition"].startswith("attachment")


def test_a_message_alone_is_the_document_and_says_sender_and_subject():
    page = client_of(CLERK).post(FORM, form(tep=mail(), _doc="1")).content.decode()
    assert box(page, "co-quan-gui") == "Văn phòng Sở Xây dựng"
    assert box(page, "trich-yeu") == "Gửi văn bản rà soát quy hoạch"
    client_of(CLERK).post(FORM, filled() | {"tep": mail()})
    assert DocumentFile.objects.get().role == "main"


def test_a_message_made_to_exhaust_is_refused_with_the_reason():
    deep = b"From: a@b.vn\nDate: x\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number) for number in range(2000)
    )
    answer = client_of(CLERK).post(FORM, form(tep=SimpleUploadedFile("sau.eml", deep), _doc="1"))
    assert "sau.eml" in answer.content.decode() and not WaitingFile.objects.exists()


def test_a_text_that_says_nothing_of_itself_fills_nothing():
    plain = word("Chào anh.\nTối nay đi ăn phở nhé.")
    page = client_of(CLERK).post(FORM, form(tep=plain, _doc="1")).content.decode()
    assert box(page, "so") == box(page, "trich-yeu") == "" and "không thấy phần đầu" in page
    assert not Document.objects.exists()
