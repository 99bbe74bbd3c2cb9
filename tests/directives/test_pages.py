"""Directives in the browser's eyes: what each sees, fills in, is refused, takes along."""

import io
import re
import zipfile
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lienthong.directives import services
from lienthong.directives.models import Directive, MoreTime, Task, Urging
from lienthong.directives.rules import Stage
from lienthong.directives.services.carrying import DIRECTIVE
from lienthong.documents.services.carrying import DOCUMENT
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import by_key
from lienthong.work.models import WorkItem
from lienthong.workspace.addresses import address_of
from lienthong.workspace.subjects import about
from tests import cast
from tests.browsing import queries_of
from tests.cast import client_of
from tests.directives.conftest import (
    CHAIR,
    CITY,
    CONTENT,
    FINANCE,
    HANDLER,
    HEAD,
    OFFICE,
    OTHER_HEAD,
    URBAN,
    WARD,
    WARD_CHAIR,
    accepted,
    fresh,
    given,
    in_days,
    judged,
    part_of,
    post,
    reported,
    root,
    with_task,
)
from tests.documents.conftest import presented

pytestmark = pytest.mark.django_db

BOARD = "/ban-lam-viec/chi-dao/"


def page_of(username: str, address: str, status: int = 200, **query: Any) -> str:
    answer = client_of(username).get(BOARD + address, query)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def pressed(username: str, address: str, status: int = 302, **sent: Any) -> str:
    said = {"_lan": str(uuid4()), **{name.replace("__", "-"): each for name, each in sent.items()}}
    answer = client_of(username).post(BOARD + address, said)
    assert answer.status_code == status, (answer.status_code, answer.content.decode()[-3000:])
    return answer.content.decode()


def do(username: str, task: Task, deed: str, status: int = 302, **sent: Any) -> str:
    return pressed(username, f"{task.directive_id}/{deed}/{task.pk}/", status, **sent)


def order(**other: str) -> dict[str, Any]:
    return {
        "co__quan": CITY,
        "noi__dung": CONTENT,
        "chu__tri": str(by_key(URBAN).id),
        "phoi__hop": [str(by_key(FINANCE).id)],
        "de__biet": [str(by_key(WARD).id)],
        "han": "2025-03-20",
        "san__pham": "Báo cáo",
        "nguoi__giao": str(post(CITY, "chu-tich")),
        **other,
    }


def test_the_chair_gives_a_directive_and_mistakes_stand_beside_their_fields():
    assert "Chưa có ý kiến chỉ đạo nào" in page_of(CHAIR, "")
    assert 'name="chu-tri"' in page_of(CHAIR, "giao/")
    page = pressed(CHAIR, "giao/", 422, **{**order(), "noi__dung": "", "chu__tri": "", "han": "31/02/2025"})
    assert 'id="due_error"' in page
    page = pressed(CHAIR, "giao/", 422, **{**order(), "noi__dung": "", "chu__tri": ""})
    assert 'id="content_error"' in page and 'id="lead_error"' in page and 'value="2025-03-20"' in page
    assert f'value="{by_key(FINANCE).id}" checked' in page, "what was ticked stays ticked"
    pressed(CHAIR, "giao/", **order(nguon="meeting", nguon__trich__yeu="Họp giao ban tháng 3", nguon__muc="điểm 2"))
    directive = Directive.objects.get()
    page = page_of(CHAIR, f"{directive.pk}/")
    for words in (CONTENT, "Phòng Quản lý đô thị", "Phòng Tài chính", "Họp giao ban tháng 3", "20/03/2025", "Báo cáo"):
        assert words in page, words
    assert CONTENT in page_of(HEAD, "") and CONTENT in page_of(WARD_CHAIR, "")
    assert CONTENT not in page_of("vanthu.tinh", "") and CONTENT not in page_of(HANDLER, "")
    assert client_of(HANDLER).get(f"{BOARD}{directive.pk}/").status_code == 404


def test_the_same_form_sent_twice_gives_once():
    key = str(uuid4())
    for _time in range(2):
        pressed(CHAIR, "giao/", **{**order(), "_lan": key})
    assert Directive.objects.count() == 1


def test_who_may_not_give_is_refused():
    for username in (HEAD, HANDLER, "thoa.luutru", "quantri"):
        assert client_of(username).get(f"{BOARD}giao/").status_code == 403, username
        assert client_of(username).post(f"{BOARD}giao/", {}).status_code == 403, username
        assert "giao/" not in re.findall(r'href="/ban-lam-viec/chi-dao/([^"]*)"', page_of(username, "")), username


def test_a_document_is_given_as_a_directive_with_its_words():
    arrival = presented()
    link = f"/ban-lam-viec/chi-dao/giao/?nguon={DOCUMENT}&amp;ma={arrival.pk}"
    chair = client_of(CHAIR)
    assert link in chair.get(f"/ban-lam-viec/van-ban/den/{arrival.pk}/").content.decode()
    shown = chair.get(f"{BOARD}giao/", {"nguon": DOCUMENT, "ma": str(arrival.pk)}).content.decode()
    assert 'value="125/SXD-QH"' in shown and "Về việc rà soát quy hoạch" in shown
    pressed(CHAIR, "giao/", **order(nguon=DOCUMENT, ma=str(arrival.pk), nguon__so="125/SXD-QH"))
    directive = Directive.objects.get()
    assert (directive.source_type, directive.source_id) == (DOCUMENT, arrival.pk)
    way = f"/ban-lam-viec/van-ban/den/{arrival.pk}/"
    assert way in page_of(CHAIR, f"{directive.pk}/")
    assert way not in page_of(HEAD, f"{directive.pk}/") and "125/SXD-QH" in page_of(HEAD, f"{directive.pk}/")
    hidden = page_of(CHAIR, "giao/", nguon=DOCUMENT, ma=str(10**17))
    assert 'name="ma"' not in hidden


def test_the_way_of_a_directive_through_its_pages():
    task = root(given())
    do(HEAD, task, "tiep-nhan")
    whom = f"{by_key(URBAN).id}-{post(URBAN, 'chuyen-vien')}"
    assert whom in page_of(HEAD, f"{task.directive_id}/giao-viec/{task.pk}/")
    page = do(HEAD, task, "giao-viec", 422, cho="", loi="Tổng hợp", han="2025-04-20")
    assert 'id="whom_error"' in page
    page = do(HEAD, task, "giao-viec", 422, cho=whom, loi="Tổng hợp", han="2025-04-20")
    assert 'id="due_error"' in page and f'value="{whom}" selected' in page
    do(HEAD, task, "giao-viec", cho=whom, loi="Tổng hợp số liệu", han="2025-03-07")
    part = Task.objects.get(parent=task)
    assert "Tổng hợp số liệu" in client_of(HANDLER).get("/ban-lam-viec/").content.decode()
    assert 'id="percent_error"' in do(HANDLER, part, "tien-do", 422, phan__tram="²", loi="Một nửa")
    do(HANDLER, part, "tien-do", phan__tram="50", loi="Một nửa")
    photo = SimpleUploadedFile("hien-truong.jpg", cast.photo(), "image/jpeg")
    assert 'id="product_error"' in do(HANDLER, part, "hoan-thanh", 422, loi="Xong")
    wrong = SimpleUploadedFile("a.pdf", b"MZ not a paper", "application/pdf")
    assert 'id="files_error"' in do(HANDLER, part, "hoan-thanh", 422, loi="Xong", tep=wrong)
    do(HANDLER, part, "hoan-thanh", loi="Xong", tep=photo)
    page = page_of(HEAD, f"{task.directive_id}/")
    file = re.search(rf"/chi-dao/({task.directive_id}/tep/\d+/1/)", page)
    assert file and "50%" in page and "hien-truong.jpg" in page
    assert client_of(CHAIR).get(BOARD + file[1]).status_code == 200
    assert client_of(OTHER_HEAD).get(BOARD + file[1]).status_code == 404
    assert 'id="mark_error"' in do(HEAD, part, "danh-gia", 422, muc__do="")
    do(HEAD, part, "danh-gia", muc__do="good")
    do(HEAD, task, "hoan-thanh", loi="Xong", san__pham__so="45/BC-QLĐT", san__pham__ngay="2025-03-06")
    item = WorkItem.objects.get(is_open=True, subject_type=DIRECTIVE)
    assert address_of(item) in client_of(OFFICE).get("/ban-lam-viec/").content.decode()
    page = page_of(OFFICE, f"{task.directive_id}/")
    assert "45/BC-QLĐT" in page and f"danh-gia/{task.pk}/" in page
    assert f"danh-gia/{task.pk}/" not in page_of(HEAD, f"{task.directive_id}/")
    assert 'id="words_error"' in do(OFFICE, task, "tra-lai", 422, loi="")
    do(OFFICE, task, "tra-lai", loi="Thiếu số liệu")
    do(HEAD, task, "hoan-thanh", loi="Đã bổ sung", san__pham__so="46/BC-QLĐT")
    do(OFFICE, task, "danh-gia", muc__do="met", loi="Đạt")
    page = page_of(HEAD, f"{task.directive_id}/")
    assert "hoàn thành đạt yêu cầu" in page and "Thiếu số liệu" in page
    assert fresh(task).stage == Stage.DONE


def test_more_time_is_asked_for_and_decided_through_the_inbox():
    task = accepted()
    page = do(HEAD, task, "gia-han", 422, han="2025-03-05", loi="")
    assert 'id="due_error"' in page and 'id="words_error"' in page
    do(HEAD, task, "gia-han", han="2025-03-25", loi="Chờ kết quả đo đạc")
    asked = MoreTime.objects.get()
    address = address_of(WorkItem.objects.get(is_open=True, subject_type=MoreTime.subject_type))
    chair = client_of(CHAIR)
    assert address in chair.get("/ban-lam-viec/").content.decode()
    shown = chair.get(address).content.decode()
    assert "Chờ kết quả đo đạc" in shown and 'value="2025-03-25"' in shown
    assert client_of(HEAD).get(address).status_code == 302 and client_of(HANDLER).get(address).status_code == 404
    request = address.removeprefix(BOARD)
    assert 'id="words_error"' in pressed(CHAIR, request, 422, quyet__dinh="khong", loi="")
    assert 'id="due_error"' in pressed(CHAIR, request, 422, quyet__dinh="dong-y", han="9" * 40)
    pressed(CHAIR, request, quyet__dinh="dong-y", han="2025-03-21")
    asked.refresh_from_db()
    assert asked.new_due and "21/03/2025" in page_of(HEAD, f"{task.directive_id}/")
    assert chair.get(address).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"noi__dung": "\0"}, {"chu__tri": "²"}, {"chu__tri": "9" * 30}, {"chu__tri": str(10**17)},
        {"phoi__hop": ["²", "9" * 40]},
        {"han": "x"}, {"han": "0001-01-01"}, {"nguon": "\0", "ma": "²"}, {"nguon": DOCUMENT, "ma": str(10**17)},
        {"nguoi__giao": "²"}, {"nguoi__giao": str(10**17)}, {"_lan": "không phải khóa"}, {"co__quan": "\0"},
        {"nguon__ngay": "9999-99-99"}, {"nguon": "x" * 400, "nguon__so": "\0" * 200},
    ],
    ids=str,
)  # fmt: skip
def test_whatever_is_forged_in_an_order_is_answered(wrong: dict[str, Any]):
    said = {name.replace("__", "-"): each for name, each in {**order(), "_lan": str(uuid4()), **wrong}.items()}
    assert client_of(CHAIR).post(f"{BOARD}giao/", said).status_code in (302, 422)


@pytest.mark.parametrize(
    "deed", ["tiep-nhan", "giao-viec", "tien-do", "hoan-thanh", "da-biet", "danh-gia", "tra-lai", "thu-hoi", "gia-han"]
)
def test_whatever_is_forged_in_a_deed_is_answered(deed: str):
    task = accepted()
    for wrong in (
        {},
        {"loi": "\0", "han": "²", "phan-tram": "9" * 40, "cho": "²-²", "muc-do": "\0", "san-pham-so": "\0"},
        {"loi": "x" * 4500, "han": "9999-12-31", "phan-tram": "101", "cho": f"{'9' * 18}-1", "muc-do": "good"},
        {"cho": "9" * 18, "_lan": "²", "san-pham-ngay": "x"},
    ):
        for username in (HEAD, CHAIR, OTHER_HEAD):
            answer = client_of(username).post(f"{BOARD}{task.directive_id}/{deed}/{task.pk}/", wrong)
            assert answer.status_code in (302, 403, 404, 409, 422), (answer.status_code, wrong)
    assert client_of(HEAD).get(f"{BOARD}{task.directive_id}/{deed}/{10**17}/").status_code == 404
    assert client_of(HEAD).get(f"{BOARD}{task.directive_id}/khac/{task.pk}/").status_code == 404
    for huge in (f"{10**30}/{deed}/{task.pk}/", f"{task.directive_id}/{deed}/{10**30}/", f"gia-han/{10**30}/"):
        assert client_of(HEAD).post(f"{BOARD}{huge}", {"_lan": str(uuid4()), "loi": "x"}).status_code == 404, huge
    assert client_of(HEAD).get(f"{BOARD}{10**30}/").status_code == 404


@pytest.mark.parametrize("page", ["", "thang/", "so/tep/xlsx/", "thang/tep/xlsx/"])
@pytest.mark.parametrize(
    "query",
    [
        "tu=x&den=9999-99-99", "tu=0001-01-01", "chu-tri=²&giao-boi=%00", "muc=²&so-lieu=²", "nguoi-giao=²&tim=%00",
        "sau=0001-01-01T00:00:00%2B07:00_9", "sau=9999-12-31T23:59:59-07:00_9", "thang=²", "thang=2025-13",
        "thang=2099-01&so-lieu=late", "thang=2025-02&so-lieu=open-late", "sau=2025-03-03T00:00:00%2B07:00_²",
    ],
)  # fmt: skip
def test_whatever_the_address_says_is_answered(page: str, query: str):
    accepted()
    assert client_of(CHAIR).get(f"{BOARD}{page}?{query}").status_code == 200


def test_boards_are_narrowed_and_go_on_where_the_page_ends(monkeypatch):
    monkeypatch.setattr("lienthong.directives.queries.PAGE", 3)
    for number in range(5):
        given(due_at=None if number == 4 else in_days(20 + number))
    other = given(lead=by_key(FINANCE).id, content="Quyết toán ngân sách quý I")
    chair = client_of(CHAIR)
    for tab in ("trong-han", ""):
        address, seen = f"{BOARD}?muc={tab}", []
        while address:
            page = chair.get(address)
            seen += [row["task"].pk for row in page.context["rows"]]
            address = page.context["older"] and f"{BOARD}{page.context['older']}"
        assert len(seen) == len(set(seen)) == 6, tab

    def shown(**query: str) -> list[Directive]:
        return [row["directive"] for row in chair.get(BOARD, query).context["rows"]]

    assert shown(tim="quyet toan NGAN sach") == [other] == shown(**{"chu-tri": FINANCE})
    assert shown(tu="2025-03-04") == [] and other in shown(den="2025-03-03")
    assert shown(**{"nguoi-giao": str(post(CITY, "pho-chu-tich"))}) == []
    assert "Không tìm thấy" in chair.get(BOARD, {"tim": "không có gì"}).content.decode()


def test_those_who_are_late_are_urged_from_the_board():
    for _time in range(3):
        accepted(due_at=in_days(1))
    office = client_of(OFFICE)
    with clock.at(in_days(3)):
        page = office.get(f"{BOARD}?muc=qua-han").content.decode()
        chosen = re.findall(r'name="viec" value="(\d+)"', page)
        assert len(chosen) == 3
        sent = {"viec": chosen[:2], "loi": "Khẩn trương", "danh-sach": "muc=qua-han"}
        answer = office.post(f"{BOARD}don-doc/", sent, follow=True)
        assert answer.redirect_chain[-1][0] == f"{BOARD}?muc=qua-han" and "Đã đôn đốc 2 việc" in answer.content.decode()
        assert len(re.findall(r'name="viec"', office.get(f"{BOARD}?muc=qua-han").content.decode())) == 1
        assert "đã được đôn đốc" in office.post(f"{BOARD}don-doc/", sent, follow=True).content.decode()
        assert 'name="viec"' not in client_of(HEAD).get(f"{BOARD}?muc=qua-han").content.decode()
        for forged in ({}, {"viec": "²"}, {"viec": "9" * 30}, {"viec": "1", "danh-sach": "a=\0&%%"}):
            assert client_of(HEAD).post(f"{BOARD}don-doc/", forged, follow=True).status_code == 200
    assert Urging.objects.count() == 2


def test_every_figure_of_the_month_leads_to_the_directives_behind_it():
    judged(reported(accepted()))
    accepted()
    given(lead=by_key(FINANCE).id)
    chair = client_of(CHAIR)
    page = chair.get(f"{BOARD}thang/")
    text = page.content.decode()
    counted = {}
    for link, count in re.findall(r'href="([^"]*so-lieu=[^"]*)">(\d+)', text):
        shown = chair.get(link.replace("&amp;", "&"))
        assert len(shown.context["rows"]) == int(count), link
        counted[link] = int(count)
    assert len(counted) == 8 and "50,0" not in text and "100,0 %" in text
    assert [row["node"].key for row in client_of(HEAD).get(f"{BOARD}thang/").context["rows"]] == [URBAN]
    assert client_of("vanthu.tinh").get(f"{BOARD}thang/").context["rows"] == []
    assert "Không có nhiệm vụ nào" in chair.get(f"{BOARD}thang/?thang=2024-01").content.decode()


def test_the_register_and_the_month_are_taken_along():
    accepted()
    for page in ("so/tep", "thang/tep"):
        sheet = client_of(CHAIR).get(f"{BOARD}{page}/xlsx/")
        with zipfile.ZipFile(io.BytesIO(sheet.content)) as book:
            strings = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
        assert "Quản lý đô thị" in strings
        assert client_of(CHAIR).get(f"{BOARD}{page}/pdf/").content.startswith(b"%PDF")
        assert client_of(CHAIR).get(f"{BOARD}{page}/exe/").status_code == 404


def test_pages_ask_a_fixed_number_of_queries():
    task = accepted(due_at=in_days(1))
    part_of(task)
    chair = client_of(CHAIR)
    addresses = [BOARD, f"{BOARD}?muc=qua-han", f"{BOARD}thang/", f"{BOARD}{task.directive_id}/"]
    with clock.at(in_days(2)):
        before = [queries_of(lambda at=address: chair.get(at)) for address in addresses]
    for _time in range(3):
        other = accepted(due_at=in_days(1), cooperate=[by_key(FINANCE).id])
        part_of(other)
        part_of(task)
        services.report(**with_task(task, HEAD, said=services.Said(words="Đã làm", percent=30)))
    with clock.at(in_days(2)):
        assert [queries_of(lambda at=address: chair.get(at)) for address in addresses] == before


def test_the_ledger_names_directives_only_to_those_who_see_them():
    directive = given()
    subject = (DIRECTIVE, directive.pk)
    assert about([subject], cast.actor(HEAD))[subject].name == directive.code
    told = about([subject], cast.actor(HANDLER))[subject]
    assert told.address == "" and told.name == str(directive.pk)
