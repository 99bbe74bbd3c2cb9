"""The circuit in the browser's eyes: what each sees, presses, is refused."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lienthong.documents.circuit import services
from lienthong.documents.circuit.rules import Part
from lienthong.documents.circuit.views.showing import circuit_of
from lienthong.documents.models import Draft, Issue, SigningRound, SigningTurn
from lienthong.signing.models import SigningRecord
from lienthong.work.models import Bulk
from tests import cast
from tests.browsing import queries_of
from tests.cast import client_of
from tests.documents.conftest import AGENCY, CHAIR, CLERK, HANDLER, HEAD, OTHER_HEAD, URBAN, post
from tests.documents.drafted import (
    CHAIRS_POST,
    DEPUTY,
    DEPUTYS_POST,
    HEADS,
    asks,
    checked,
    contents,
    draft,
    head_then_chair,
    presented,
    signed,
    turn_of,
    write,
)
from tests.documents.test_recipients import ticked
from tests.foundation.files import samples

pytestmark = pytest.mark.django_db

BASE = "/ban-lam-viec/van-ban/trinh-ky/"


def page_of(username: str, address: str) -> str:
    answer = client_of(username).get(BASE + address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def pressed(username: str, address: str, status: int = 302, **sent: Any) -> str:
    given = {name.replace("__", "-"): value for name, value in sent.items()}
    answer = client_of(username).post(BASE + address, given)
    assert answer.status_code == status, (answer.status_code, answer.content.decode()[-2000:])
    return answer.content.decode() if status != 302 else answer["Location"]


def asks_of(username: str, address: str) -> int:
    client = client_of(username)
    return queries_of(lambda: client.get(address))


def rows(*asked: tuple[int, str, int]) -> dict[str, Any]:
    found: dict[str, Any] = {"_lan": str(uuid4())}
    for number, (place, part, post_id) in enumerate(asked, start=1):
        found |= {f"bac-{number}": place, f"viec-{number}": part, f"ai-{number}": post_id}
    return found


def usual() -> dict[str, Any]:
    return rows((1, "check", post(URBAN, HEADS)), (2, "sign", post(AGENCY, CHAIRS_POST)))


def test_from_presenting_to_the_issued_document():
    made = draft()
    form = page_of(HANDLER, f"{made.pk}/trinh/")
    assert f'value="{post(URBAN, HEADS)}" selected' in form and f'value="{post(AGENCY, CHAIRS_POST)}" selected' in form
    pressed(HANDLER, f"{made.pk}/trinh/", **usual(), loi="Kính trình")
    under_way = SigningRound.objects.get()
    assert "soát quy hoạch" in page_of(HEAD, "") and "Kính trình" in page_of(HEAD, f"{made.pk}/")
    pressed(HEAD, f"luot/{turn_of(under_way, Part.CHECK).pk}/kiem-tra/", loi="Đã xem")
    page = page_of(CHAIR, f"{made.pk}/")
    assert "Đã xem" in page and f"luot/{turn_of(under_way).pk}/ky/" in page
    pressed(CHAIR, f"luot/{turn_of(under_way).pk}/ky/")
    assert "soát quy hoạch" in page_of(CLERK, "cho-so/")
    form = page_of(CLERK, f"{made.pk}/phat-hanh/")
    assert "UBND-QLĐT" in form and "Ủy ban nhân dân tỉnh Đắk Nông" in form
    appendix = SimpleUploadedFile("phụ lục.pdf", samples.pdf_saying("Phụ lục"))
    assert ticked(form) == ["ubnd-tinh"], "it goes to whom the draft names"
    sent = {"_lan": str(uuid4()), "ngay-van-ban": "2025-03-03", "noi-nhan": "ubnd-tinh", "tep": appendix}
    went = pressed(CLERK, f"{made.pk}/phat-hanh/", **sent)
    issue = Issue.objects.get()
    assert went.endswith(f"/{issue.pk}/") and issue.document.code == "01/UBND-QLĐT"
    assert [each.role for each in issue.document.files.all()] == ["main", "appendix"]
    assert pressed(CLERK, f"{made.pk}/phat-hanh/", **sent) == went, "it was issued once"
    assert Issue.objects.count() == 1


def test_what_is_wrong_is_said_and_nothing_is_lost():
    made = draft(symbol="")
    assert "Chưa trình ký được" in page_of(HANDLER, f"{made.pk}/trinh/")
    assert "chưa đủ thành phần" in pressed(HANDLER, f"{made.pk}/trinh/", 422, **usual())
    made = draft()
    alone = rows((1, "check", post(URBAN, HEADS)))
    page = pressed(HANDLER, f"{made.pk}/trinh/", 422, **alone, loi="Giữ lại lời này")
    assert "Hãy chọn người ký" in page and "Giữ lại lời này" in page
    under_way = presented(made)
    page = pressed(HEAD, f"luot/{turn_of(under_way, Part.CHECK).pk}/tra-lai/", 422, loi=" ")
    assert "error" in page.lower() and SigningTurn.objects.filter(outcome="").count() == 2


def test_presented_again_the_page_says_what_changed():
    under_way = presented()
    services.take_back(draft_id=under_way.draft_id, officer=cast.actor(HANDLER), words="Sửa")
    write(under_way.draft, contents(abstract="Rà soát quy hoạch toàn thành phố"), number=2)
    presented(under_way.draft)
    page = page_of(HEAD, f"{under_way.draft_id}/")
    _before, heading, after = page.partition("Nội dung thay đổi so với lần trình trước")
    assert heading and "toàn" in after


def test_two_at_one_desk_are_told_who_was_first():
    under_way = presented()
    checked(under_way)
    turn = turn_of(under_way)
    services.sign(turn_id=turn.pk, officer=cast.actor(CHAIR))
    SigningTurn.objects.filter(pk=turn.pk).update(done_by=cast.account(DEPUTY))
    assert "Hoàng Thị Thanh đã làm việc này" in pressed(CHAIR, f"luot/{turn.pk}/ky/", 409)


def test_strangers_get_nothing():
    under_way = presented()
    checked(under_way)
    turn, made = turn_of(under_way), under_way.draft_id
    stranger = client_of(OTHER_HEAD)
    for address in (f"{made}/", f"{made}/tep/1/", f"{made}/trinh/", f"{made}/rut-lai/", f"luot/{turn.pk}/doi-nguoi/"):
        assert stranger.get(BASE + address).status_code == 404, address
    for address in (f"luot/{turn.pk}/ky/", f"luot/{turn.pk}/tra-lai/", f"{made}/rut-lai/", f"{made}/trinh/"):
        assert stranger.post(BASE + address, {"loi": "x"}).status_code == 404, address
    assert client_of(HANDLER).get(f"{BASE}{made}/phat-hanh/").status_code == 403
    assert client_of("vanthu.tinh").get(f"{BASE}{made}/phat-hanh/").status_code == 404
    assert not SigningTurn.objects.exclude(outcome__in=["", "done"]).exists()


@pytest.mark.parametrize("odd", ["\x00", "²", "9" * 40, "-1", "1e9", "' OR 1=1", ""])
def test_hostile_input_is_refused_or_ignored(odd: str):
    made = draft()
    handler, chair = client_of(HANDLER), client_of(CHAIR)
    sent = {"_lan": odd, "bac-1": odd, "ai-1": odd, "viec-1": odd, "loi": odd, "ban": odd}
    assert handler.post(f"{BASE}{made.pk}/trinh/", sent).status_code == 422
    assert chair.get(BASE, {"viec": odd, "sau": odd}).status_code == 200
    assert chair.post(f"{BASE}ky-nhieu/", {"chon": odd}).status_code == 302
    turn = signed(presented(made))
    clerk = client_of(CLERK)
    sent = {"_lan": odd, "ngay-van-ban": odd, "noi-nhan": odd, "noi-nhan-khac": "", "han": odd, "ky-hieu": odd}
    assert clerk.post(f"{BASE}{turn.draft_id}/phat-hanh/", sent).status_code == 422
    again = presented(draft())
    assert handler.post(f"{BASE}luot/{turn_of(again).pk}/doi-nguoi/", {"ai": odd, "loi": "x"}).status_code == 422
    assert handler.get(f"{BASE}{'9' * 18}/").status_code == 404
    assert not Issue.objects.exists()


def test_several_are_signed_with_one_press_and_each_has_its_result():
    for _number in range(3):
        checked(presented())
    wrong = presented(draft())
    checked(wrong)
    turns = list(SigningTurn.objects.filter(part=Part.SIGN).order_by("pk"))
    assert page_of(CHAIR, "").count('name="chon"') == 4
    went = pressed(CHAIR, "ky-nhieu/", chon=[turn.pk for turn in turns])
    bulk = Bulk.objects.get()
    assert went == f"{BASE}ky-nhieu/{bulk.key}/"
    lines = list(bulk.lines.order_by("pk"))
    services.return_draft(turn_id=turns[3].pk, officer=cast.actor(CHAIR), words="Sai")
    address = f"ky-nhieu/{bulk.key}/"
    for _time in range(2):
        pressed(CHAIR, address, giu=[line.pk for line in (lines[0], lines[1], lines[3])])
    assert [line.outcome for line in bulk.lines.order_by("pk")] == ["done", "done", "changed"]
    assert SigningRecord.objects.count() == 2, "nothing is signed twice"
    page = page_of(CHAIR, address)
    assert "3 trên 3" in page or "3/3" in page or "3 of 3" in page
    assert client_of(DEPUTY).get(BASE + address).status_code == 404


def test_what_waits_for_others_cannot_be_chosen():
    under_way = presented()
    pressed(CHAIR, "ky-nhieu/", chon=[turn_of(under_way).pk])
    assert not Bulk.objects.exists()


def test_taking_back_asking_somebody_else_and_the_clerks_return():
    under_way = presented()
    turn = turn_of(under_way, Part.CHECK)
    assert "Nguyễn Mạnh Hùng" in page_of(HANDLER, f"luot/{turn.pk}/doi-nguoi/")
    pressed(HANDLER, f"luot/{turn.pk}/doi-nguoi/", ai=post(AGENCY, DEPUTYS_POST), loi="Đi công tác")
    assert "Hoàng Thị Thanh" in page_of(HANDLER, "da-trinh/")
    pressed(HANDLER, f"{under_way.draft_id}/rut-lai/", loi="Sửa lại")
    assert "Sửa lại" in page_of(HANDLER, f"{under_way.draft_id}/")
    turn = signed()
    pressed(CLERK, f"{turn.draft_id}/tra-lai/", loi="Thiếu phụ lục")
    assert Draft.objects.get(pk=turn.draft_id).state == "writing"
    assert "Thiếu phụ lục" in page_of(CHAIR, f"{turn.draft_id}/")


def test_the_file_is_that_of_the_round_with_its_signatures():
    turn = signed()
    assert turn.file
    answer = client_of(CLERK).get(f"{BASE}{turn.draft_id}/tep/1/")
    assert b"".join(answer.streaming_content)[:5] == b"%PDF-"
    assert client_of(CLERK).get(f"{BASE}{turn.draft_id}/tep/2/").status_code == 404


def test_the_page_of_a_draft_shows_how_far_it_has_come():
    under_way = presented()
    shown = circuit_of(cast.actor(HEAD), under_way.draft)["circuit"]
    assert [station["state"] for station in shown["stations"]] == ["now", "next"] and shown["is_mine"]
    page = client_of(HEAD).get(f"/ban-lam-viec/van-ban/du-thao/{under_way.draft_id}/").content.decode()
    assert f"{BASE}{under_way.draft_id}/" in page and "Võ Tiến Dũng" in page


def test_pages_ask_a_fixed_number_of_questions():
    first = presented()
    address = f"{BASE}{first.draft_id}/"
    queues = [(CHAIR, BASE), (HEAD, BASE), (HANDLER, f"{BASE}da-trinh/"), (CLERK, f"{BASE}cho-so/")]
    few = [asks_of(username, page) for username, page in [*queues, (HEAD, address)]]
    for number in range(4):
        under_way = presented(draft(), head_then_chair())
        checked(under_way)
        if number > 1:
            services.sign(turn_id=turn_of(under_way).pk, officer=cast.actor(CHAIR))
    at_once = asks(
        (1, Part.CHECK, URBAN, HEADS), (1, Part.CHECK, AGENCY, DEPUTYS_POST), (2, Part.SIGN, AGENCY, CHAIRS_POST)
    )
    presented(draft(), at_once)
    many = [asks_of(username, page) for username, page in [*queues, (HEAD, address)]]
    assert many == few
