"""The stamp of arrival on a copy, and the rule of the same day: what was presented to nobody yet."""

import io
from datetime import date
from hashlib import sha256
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from lienthong.documents import services
from lienthong.documents.models import Arrival, DocumentFile, Note, Task
from lienthong.documents.rules.urgency import Urgency
from lienthong.documents.services import stamping
from lienthong.foundation import clock
from lienthong.foundation.files import storage
from lienthong.foundation.organisations.queries import tree
from lienthong.signing import services as signing
from lienthong.signing.services import Stamp
from tests import cast
from tests.cast import client_of
from tests.documents.conftest import CHAIR, CLERK, HANDLER, chair, presented, registered
from tests.documents.test_pages import FORM, LIST, filled
from tests.foundation.files import samples
from tests.signing.people import CHAIRMAN, paper

pytestmark = pytest.mark.django_db


def with_file(content: bytes, name: str = "van ban.pdf") -> Arrival:
    client_of(CLERK).post(FORM, filled() | {"tep": SimpleUploadedFile(name, content)})
    return Arrival.objects.get()


def copy_of(arrival: Arrival) -> PdfReader:
    answer = client_of(CHAIR).get(f"{LIST}{arrival.pk}/dau-den/")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(answer.content))


def kept(arrival: Arrival) -> bytes:
    stored = DocumentFile.objects.get(document=arrival.document, place=0).file
    with storage.open_content(stored.sha256) as content:
        found = content.read()
    assert sha256(found).hexdigest() == stored.sha256
    return bytes(found)


def test_the_copy_bears_the_stamp_and_what_came_stays_byte_by_byte():
    original = samples.pdf_saying("Công văn của Sở")
    arrival = with_file(original)
    page = client_of(CHAIR).get(f"{LIST}{arrival.pk}/").content.decode()
    assert "Bản có dấu đến" in page and f"{LIST}{arrival.pk}/dau-den/" in page
    text = copy_of(arrival).pages[0].extract_text()
    assert "Công văn của Sở" in text and "ĐẾN" in text and "03/03/2025" in text
    assert f"Số: {arrival.number}" in text and "Bản sao có dấu đến" in text
    assert kept(arrival) == original


def test_of_a_signed_document_the_copy_has_no_signature_and_the_original_is_still_valid():
    original = signing.sign_pdf(paper(), signer=CHAIRMAN, reason="", at=clock.now(), stamp=Stamp(place="signer"))
    arrival = with_file(original)
    copy = copy_of(arrival)
    text = " ".join(" ".join(page.extract_text() for page in copy.pages).split())
    assert "không mang chữ ký số" in text and CHAIRMAN.name in text
    assert "/AcroForm" not in copy.root_object
    assert kept(arrival) == original


def test_who_may_not_see_the_document_gets_no_copy():
    arrival = with_file(samples.pdf_saying("x"))
    assert client_of(HANDLER).get(f"{LIST}{arrival.pk}/dau-den/").status_code == 404


def test_what_is_no_pdf_has_no_copy():
    arrival = with_file(samples.picture(), "anh.jpg")
    clerk = client_of(CLERK)
    assert "dau-den" not in clerk.get(f"{LIST}{arrival.pk}/").content.decode()
    assert clerk.get(f"{LIST}{arrival.pk}/dau-den/").status_code == 404


def test_a_pdf_that_cannot_be_drawn_on_is_said(monkeypatch: pytest.MonkeyPatch):
    arrival = with_file(samples.pdf_saying("x"))
    monkeypatch.setattr(stamping.pdf_copies, "overlay", lambda *args, **options: None)
    assert client_of(CLERK).get(f"{LIST}{arrival.pk}/dau-den/").status_code == 422


def test_the_stamp_names_who_settles_it():
    arrival = presented()
    tasks = list(Task.objects.all())
    assert stamping._handed_to(tasks) == tree().posts[chair()].title
    assert stamping._handed_to([]) == ""
    drawn = PdfReader(io.BytesIO(stamping.drawing(arrival, tasks, note="")))
    assert tree().posts[chair()].title in drawn.pages[0].extract_text()


# the same day


def test_the_list_says_what_was_not_presented_and_narrows_to_it():
    waiting, done = registered(), presented(abstract="Đã trình rồi", mark=None)
    page = client_of(CLERK).get(LIST)
    until = {row["arrival"].pk: row["present_until"] for row in page.context["rows"]}
    assert until[done.pk] is None
    assert clock.local(until[waiting.pk]).date() == date(2025, 3, 4)
    narrowed = client_of(CLERK).get(f"{LIST}?trang-thai=chua-trinh")
    assert [row["arrival"].pk for row in narrowed.context["rows"]] == [waiting.pk]
    assert narrowed.context["narrowed"]


def test_an_urgent_one_is_to_be_presented_within_the_hour():
    urgent = registered(urgency=Urgency.URGENT)
    (row,) = client_of(CLERK).get(LIST).context["rows"]
    assert (row["present_until"] - urgent.arrived_at).total_seconds() == 3600


def test_the_clerk_presents_it_later_once():
    arrival = registered()
    clerk, address = client_of(CLERK), f"{LIST}{arrival.pk}/trinh/"
    assert (
        "chưa trình" in clerk.get(LIST).content.decode()
        and address in clerk.get(f"{LIST}{arrival.pk}/").content.decode()
    )
    for _press in range(2):
        press = {"_lan": str(uuid4()), "trinh": str(chair()), "loi-trinh": "Kính trình"}
        assert clerk.post(address, press).status_code == 302
    assert Task.objects.count() == Note.objects.count() == 1
    assert address not in clerk.get(f"{LIST}{arrival.pk}/").content.decode()
    assert client_of(CHAIR).get(f"{LIST}{arrival.pk}/").status_code == 200


def test_it_is_not_presented_to_a_second_leader_nor_by_others_nor_to_anybody():
    arrival = presented()
    with pytest.raises(services.AlreadyPresented):
        services.present(arrival_id=arrival.pk, officer=cast.actor(CLERK), key=uuid4(), to=0)
    address = f"{LIST}{arrival.pk}/trinh/"
    assert client_of(CHAIR).post(address, {"trinh": str(chair())}).status_code == 403
    other = registered(mark=None, abstract="Về việc khác")
    for forged in ("²", "9" * 30, "", "1"):
        assert client_of(CLERK).post(f"{LIST}{other.pk}/trinh/", {"trinh": forged}).status_code == 404
    assert Task.objects.count() == 1
