"""Copies on paper and kept copies: handed to the post, asked for, permitted, handed out, given back; the registers of
what goes out (NĐ 30/2020 App. IV)."""

import re
from datetime import date
from io import BytesIO
from uuid import uuid4

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from lienthong.documents import services
from lienthong.documents.models import Book, CopyUse, Issue, Posting, Sending
from lienthong.documents.papers.books import FORMS
from lienthong.documents.rules.copies import Posted
from lienthong.documents.rules.relations import How
from lienthong.documents.rules.sending import Recipient
from lienthong.documents.services import copies
from lienthong.documents.services.copies import CopyWanted, NotThatStage, NotThePermitter
from lienthong.documents.services.posting import put_down_postings
from lienthong.foundation import clock
from lienthong.foundation.errors import NotFound
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.queries import by_key
from lienthong.work.models import WorkItem
from tests import cast
from tests.browsing import queries_of
from tests.cast import client_of
from tests.documents.conftest import AGENCY, CHAIR, CLERK, HANDLER, URBAN, chair, in_days
from tests.documents.test_changing import arrival_at, changing
from tests.documents.test_outgoing import IN, OUT, PROVINCE, issued, new, scan, taken_in, to

pytestmark = pytest.mark.django_db

TODAY = date(2025, 3, 3)
MINISTRY, BANK = Recipient("Bộ Tài chính", copies=2), Recipient("Ngân hàng Nhà nước", copies=1)
YEAR = "tu=2025-01-01&den=2025-12-31"


def sent(*recipients: Recipient, **other: object) -> Issue:
    """By the city, which has leaders and a clerk in the cast."""
    return services.issue(
        agency_id=by_key(AGENCY).id,
        new=new(unit_id=by_key(URBAN).id, **other),
        recipients=recipients or [MINISTRY, BANK],
        officer=cast.actor(CLERK),
        key=uuid4(),
        uploads=scan(),
    )


def posted(made: Issue, *lines: Posted, by: str = CLERK) -> int:
    return put_down_postings(agency_id=made.organisation_id, postings=lines, officer=cast.actor(by))


def line(made: Issue, name: str, **other: object) -> Posted:
    said = {"posted_on": TODAY, **other}
    return Posted(made.sendings.get(name=name).pk, **said)  # type: ignore[arg-type]


def asked(made: Issue, by: str = CLERK, **other: object) -> CopyUse:
    wanted = CopyWanted(**{"user": "Lê Văn Mượn", "purpose": "Đối chiếu số liệu", "permitter": chair(), **other})
    return copies.ask_for_copy(issue_id=made.pk, wanted=wanted, officer=cast.actor(by), key=uuid4())


def handed(made: Issue) -> CopyUse:
    use = asked(made)
    copies.decide_on_copy(use_id=use.pk, permit=True, words="Đồng ý", officer=cast.actor(CHAIR))
    return copies.hand_out_copy(use_id=use.pk, remark="Bản sao chụp", officer=cast.actor(CLERK))


def waiting(username: str) -> list[str]:
    """What lies with an officer of the use of kept copies."""
    posts = cast.actor(username).posts
    items = WorkItem.objects.filter(is_open=True, subject_type=copies.KEPT_COPY).order_by("id")
    return [
        item.task
        for item in items
        if any(
            item.post_id == post.id
            or (item.post_id is None and item.role in post.roles and item.organisation_id == post.organisation.id)
            for post in posts
        )
    ]


def cells(book: str, username: str = CLERK, more: str = "") -> list[dict[str, str]]:
    page = client_of(username).get(f"{IN}so/?so={book}&{YEAR}{more}")
    return [dict(row["cells"]) for row in page.context["rows"]]


# handed to the post


def test_what_is_put_down_twice_is_one_line_and_is_corrected_by_the_next():
    made = sent()
    first = line(made, "Bộ Tài chính")
    assert posted(made, first) == 1 and posted(made, first) == 0
    with clock.at(in_days(1)):
        assert posted(made, line(made, "Bộ Tài chính", envelopes=2, signed_for="Bưu điện tỉnh")) == 1
    kept = Posting.objects.get()
    assert (kept.posted_on, kept.envelopes, kept.signed_for) == (TODAY, 2, "Bưu điện tỉnh")
    kinds = [entry.kind for entry in timeline(("outgoing-document", made.pk))]
    assert kinds == ["documents.issued", "documents.posted", "documents.posted"]


@pytest.mark.parametrize(
    "wrong", [{"posted_on": date(2025, 3, 4)}, {"posted_on": date(2025, 3, 2)}, {"envelopes": 0}, {"envelopes": 1000}]
)
def test_what_cannot_have_happened_is_not_put_down(wrong: dict[str, object]):
    made = sent()
    with pytest.raises(services.NotComplete) as told:
        posted(made, line(made, "Bộ Tài chính", **wrong), line(made, "Ngân hàng Nhà nước"))
    assert list(told.value.errors) == [str(made.sendings.get(name="Bộ Tài chính").pk)]
    assert not Posting.objects.exists()


def test_only_copies_on_paper_of_the_own_agency_are_handed_over_by_its_clerk():
    made, electronic, foreign = sent(), sent(*to("huyen-cu-jut")), issued()
    with pytest.raises(services.NotTheClerk):
        posted(made, line(made, "Bộ Tài chính"), by=CHAIR)
    for stranger in (electronic.sendings.get(), foreign.sendings.get(name="Văn phòng Chính phủ")):
        with pytest.raises(NotFound):
            posted(made, Posted(stranger.pk, TODAY))
    with pytest.raises(services.NotComplete):
        posted(made)
    assert not Posting.objects.exists()


def test_from_what_waits_for_the_post_to_the_register():
    made, clerk = sent(), client_of(CLERK)
    page = clerk.get(f"{OUT}ban-giay/").content.decode()
    assert "Bộ Tài chính" in page and "Ngân hàng Nhà nước" in page
    ministry = Sending.objects.get(name="Bộ Tài chính").pk
    press = {"co-quan": AGENCY, "noi-nhan": [str(ministry)], "ngay": "2025-03-03", f"bi-{ministry}": "3"}
    for _time in range(2):
        assert clerk.post(f"{OUT}ban-giay/", press).status_code == 302
    assert "Bộ Tài chính" not in clerk.get(f"{OUT}ban-giay/").content.decode()
    fill = {f"ngay-{ministry}": "2025-03-03", f"bi-{ministry}": "3", f"ky-nhan-{ministry}": "Bưu điện Gia Nghĩa"}
    assert clerk.get(f"{OUT}{made.pk}/ban-giay/").status_code == 200
    assert clerk.post(f"{OUT}{made.pk}/ban-giay/", fill).status_code == 302
    assert "Bưu điện Gia Nghĩa" in clerk.get(f"{OUT}{made.pk}/").content.decode()
    (row,) = cells("post")
    assert list(row.values()) == ["03/03/2025", "01/UBND-KTTH", "Bộ Tài chính", "3", "Bưu điện Gia Nghĩa", ""]


@pytest.mark.parametrize(
    "wrong", [{"ngay": "x"}, {"ngay": ""}, {"noi-nhan": ["²", "9" * 30]}, {"noi-nhan": []}, {"bi": "²"}, {"ngay": "\0"}]
)
def test_whatever_is_typed_or_forged_into_the_postal_forms_is_answered(wrong: dict[str, object]):
    made, clerk = sent(), client_of(CLERK)
    pk = made.sendings.first().pk
    press = {"co-quan": AGENCY, "noi-nhan": [str(pk)], "ngay": "2025-03-03", **wrong}
    press[f"bi-{pk}"] = wrong.get("bi", "1")
    assert clerk.post(f"{OUT}ban-giay/", press).status_code in (404, 422)
    fill = {f"ngay-{pk}": wrong.get("ngay", "2025-03-03"), f"bi-{pk}": wrong.get("bi", "1"), f"ky-nhan-{pk}": "\0"}
    assert clerk.post(f"{OUT}{made.pk}/ban-giay/", fill).status_code in (302, 422)


# the kept copy


def test_a_kept_copy_is_asked_for_permitted_handed_out_and_given_back():
    made = sent()
    use = asked(made)
    assert waiting(CHAIR) == ["Cho phép sử dụng bản lưu"] and waiting(CLERK) == []
    with pytest.raises(NotThatStage):
        copies.hand_out_copy(use_id=use.pk, remark="", officer=cast.actor(CLERK))
    for _time in range(2):
        copies.decide_on_copy(use_id=use.pk, permit=True, words="", officer=cast.actor(CHAIR))
    assert waiting(CHAIR) == [] and waiting(CLERK) == ["Giao bản lưu"]
    with pytest.raises(NotThatStage):
        copies.take_copy_back(use_id=use.pk, officer=cast.actor(CLERK))
    for _time in range(2):
        copies.hand_out_copy(use_id=use.pk, remark="", officer=cast.actor(CLERK))
    assert waiting(CLERK) == []
    with clock.at(in_days(2)):
        for _time in range(2):
            copies.take_copy_back(use_id=use.pk, officer=cast.actor(CLERK))
    use.refresh_from_db()
    assert (use.handed_on, use.returned_on) == (TODAY, in_days(2).date())


def test_a_refusal_says_why_and_who_asked_reads_it():
    use = asked(sent(), by=CLERK)
    with pytest.raises(services.NotComplete):
        copies.decide_on_copy(use_id=use.pk, permit=False, words=" ", officer=cast.actor(CHAIR))
    copies.decide_on_copy(use_id=use.pk, permit=False, words="Hồ sơ đang thanh tra", officer=cast.actor(CHAIR))
    with pytest.raises(NotThatStage):
        copies.decide_on_copy(use_id=use.pk, permit=True, words="", officer=cast.actor(CHAIR))
    assert waiting(CLERK) == ["Việc sử dụng bản lưu không được cho phép"]
    assert "Hồ sơ đang thanh tra" in client_of(CLERK).get(f"{OUT}ban-luu/{use.pk}/").content.decode()
    assert waiting(CLERK) == []


def test_who_may_ask_decide_and_hand_out():
    made = sent()
    with pytest.raises(NotFound):
        asked(made, by="vanthu.tinh")
    for wrong in ({"user": " "}, {"purpose": ""}, {"permitter": None}, {"permitter": 10**17}):
        with pytest.raises(services.NotComplete) as told:
            asked(made, **wrong)
        assert list(told.value.errors) == list(wrong)
    use = asked(made, by=HANDLER)
    with pytest.raises(NotThePermitter):
        copies.decide_on_copy(use_id=use.pk, permit=True, words="", officer=cast.actor(CLERK))
    with pytest.raises(NotFound):
        copies.decide_on_copy(use_id=use.pk, permit=True, words="", officer=cast.actor("vanthu.tinh"))
    copies.decide_on_copy(use_id=use.pk, permit=True, words="", officer=cast.actor(CHAIR))
    with pytest.raises(services.NotTheClerk):
        copies.hand_out_copy(use_id=use.pk, remark="", officer=cast.actor(HANDLER))
    assert client_of("vanthu.tinh").get(f"{OUT}ban-luu/{use.pk}/").status_code == 404
    assert client_of(HANDLER).get(f"{OUT}ban-luu/{use.pk}/").status_code == 200


def test_the_pages_of_the_kept_copy():
    made, clerk, leader = sent(), client_of(CLERK), client_of(CHAIR)
    assert clerk.get(f"{OUT}{made.pk}/ban-luu/").status_code == 200
    press = {"_lan": str(uuid4()), "nguoi-dung": "Lê Văn Mượn", "muc-dich": "Đối chiếu", "nguoi-cho-phep": str(chair())}
    assert clerk.post(f"{OUT}{made.pk}/ban-luu/", {**press, "nguoi-cho-phep": "²"}).status_code == 422
    answers = [clerk.post(f"{OUT}{made.pk}/ban-luu/", press) for _time in range(2)]
    page = answers[0]["Location"]
    assert page == answers[1]["Location"] and CopyUse.objects.count() == 1
    assert page in leader.get("/ban-lam-viec/").content.decode()
    for deed, status in (("x", 404), ("refuse", 422), ("permit", 302), ("permit", 302)):
        assert leader.post(page, {"viec": deed, "loi": ""}).status_code == status
    for deed, status in (("take-back", 422), ("hand-out", 302), ("take-back", 302)):
        assert clerk.post(page, {"viec": deed, "loi": "\0"}).status_code == status
    assert "Lê Văn Mượn" in clerk.get(f"{OUT}{made.pk}/").content.decode()


# the registers


def test_the_columns_are_those_of_the_decree():
    assert [len(FORMS[book].names) for book in (Book.OUTGOING, Book.POST, Book.COPIES)] == [10, 6, 9]


def test_the_register_of_outgoing_documents_is_filled_from_what_happened():
    made = sent(MINISTRY, *to("huyen-cu-jut", PROVINCE))
    posted(made, line(made, "Bộ Tài chính", signed_for="Bưu điện tỉnh"))
    (row,) = cells("outgoing")
    assert list(row.values()) == [
        "01/UBND-KTTH", "03/03/2025", f"Công văn: {made.document.abstract}", "Trần Xuân Hải",
        "Bộ Tài chính; Ủy ban nhân dân huyện Cư Jút; Ủy ban nhân dân tỉnh Đắk Nông", by_key(URBAN).name,
        "2", "03/03/2025", "0/2 cơ quan đã tiếp nhận qua hệ thống; Bưu điện tỉnh", "",
    ]  # fmt: skip
    services.recall(issue_id=made.pk, officer=cast.actor(CLERK), reason="Sai số liệu")
    assert cells("outgoing")[0]["Ghi chú"] == "đã thu hồi"


def test_what_was_taken_in_and_replaced_is_said():
    old = issued(kind="quyet-dinh", symbol="QĐ-UBND")
    taken_in(arrival_at(AGENCY, old))
    changing(old, How.REPLACES)
    first = cells("outgoing", "vanthu.tinh", f"&co-quan={PROVINCE}")[1]
    assert first["Ký nhận"] == "1/1 cơ quan đã tiếp nhận qua hệ thống"
    assert first["Ghi chú"] == "hết hiệu lực theo 02/QĐ-UBND"


def test_many_recipients_fit_into_a_cell():
    sent(*(Recipient(f"Nơi {number}", copies=1) for number in range(40)))
    assert cells("outgoing")[0]["Nơi nhận văn bản"].endswith("Nơi 29; và 10 nơi khác")


def test_the_register_of_the_use_of_kept_copies():
    made = sent()
    asked(made)
    use = handed(made)
    (row,) = cells("copies")
    assert list(row.values())[:3] == ["03/03/2025", "Lê Văn Mượn", "01/UBND-KTTH, 03/03/2025"]
    assert row["Ngày trả"] == "" and row["Người cho phép sử dụng"] == cast.account(CHAIR).full_name
    copies.take_copy_back(use_id=use.pk, officer=cast.actor(CLERK))
    assert cells("copies")[0]["Ngày trả"] == "03/03/2025"


@pytest.mark.parametrize(
    ("book", "counted"), [("outgoing", "văn bản"), ("post", "lượt chuyển"), ("copies", "lượt sử dụng")]
)
def test_each_is_a_spreadsheet_and_a_paper(book: str, counted: str):
    made, clerk = sent(), client_of(CLERK)
    posted(made, line(made, "Bộ Tài chính"))
    handed(made)
    page = clerk.get(f"{IN}so/?so={book}&{YEAR}").content.decode()
    action = re.search(r'action="([^"]*so/tep/[^"]*)"', page)
    assert action
    kept = {}
    for form in ("xlsx", "pdf"):
        answer = clerk.post(action[1].replace("&amp;", "&"), {"_lan": str(uuid4()), "dang": form})
        assert clerk.get(answer["Location"]).status_code == 200
        kept[form] = b"".join(clerk.get(answer["Location"] + "luu/").streaming_content)
    rows = list(load_workbook(BytesIO(kept["xlsx"])).active.iter_rows(values_only=True))
    assert rows[2] == FORMS[Book(book)].names and len(rows) == 4
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(kept["pdf"])).pages)
    assert "01/UBND-KTTH" in "".join(text.split()) and f"Cộng: 1 {counted}" in text


@pytest.mark.parametrize("book", ["outgoing", "post", "copies"])
def test_a_register_goes_on_where_the_page_ends(book: str, monkeypatch):
    monkeypatch.setattr("lienthong.documents.queries.books.PAGE", 2)
    monkeypatch.setattr("lienthong.documents.views.books.PAGE", 2)
    for _number in range(5):
        made = sent(MINISTRY)
        posted(made, line(made, "Bộ Tài chính"))
        handed(made)
    clerk, address, seen = client_of(CLERK), f"{IN}so/?so={book}", []
    while address:
        page = clerk.get(address)
        seen += [row["address"] for row in page.context["rows"]]
        address = page.context["older"] and f"{IN}so/{page.context['older']}"
    expected = Issue.objects.order_by("-pk").values_list("pk", flat=True)
    assert seen == [f"{OUT}{pk}/" for pk in expected]


@pytest.mark.parametrize("book", ["outgoing", "post", "copies"])
def test_a_register_asks_a_fixed_number_of_queries_and_is_not_for_others(book: str):
    clerk = client_of(CLERK)

    def one_more() -> None:
        made = sent()
        posted(made, line(made, "Bộ Tài chính"), line(made, "Ngân hàng Nhà nước"))
        handed(made)

    one_more()
    one = queries_of(lambda: clerk.get(f"{IN}so/?so={book}&{YEAR}"))
    for _number in range(3):
        one_more()
    assert queries_of(lambda: clerk.get(f"{IN}so/?so={book}&{YEAR}")) == one
    assert client_of(HANDLER).get(f"{IN}so/?so={book}").status_code == 403
    assert cells(book, "vanthu.tinh") == []
