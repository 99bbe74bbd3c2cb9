"""Documents that go out: numbered, sent to agencies of the province, taken in there, sent back, recalled."""

from datetime import date, datetime
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lienthong.documents import queries, services
from lienthong.documents.models import Arrival, Book, Document, Issue, Record, RecordItem, Sending, Task
from lienthong.documents.papers.books import FORMS
from lienthong.documents.queries.books import INCOMING
from lienthong.documents.queries.books import Filters as BookFilters
from lienthong.documents.queries.incoming import Filters
from lienthong.documents.queries.settlement import Period, of_agencies
from lienthong.documents.records.rules import Stage
from lienthong.documents.rules.journey import Status
from lienthong.documents.rules.marks import Mark
from lienthong.documents.rules.sending import Recipient, symbol_read
from lienthong.documents.services import NewIssue, TakingIn, Upload
from lienthong.documents.services.issuing import Completed, Finished
from lienthong.foundation import clock
from lienthong.foundation.errors import NotFound
from lienthong.foundation.files import services as files
from lienthong.foundation.files import storage
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.queries import by_key
from lienthong.work.models import WorkItem
from lienthong.work.subjects import SUBJECTS
from tests import cast
from tests.browsing import queries_of
from tests.cast import client_of
from tests.documents.conftest import AGENCY, CHAIR, CLERK, HANDLER, HEAD, URBAN, chair, in_days, presented
from tests.documents.test_incoming import by, unit
from tests.documents.test_records import opened
from tests.foundation.files import samples

pytestmark = pytest.mark.django_db

PROVINCE, OFFICE, PROVINCE_CLERK = "ubnd-tinh", "van-phong-ubnd-tinh", "vanthu.tinh"
OUT = "/ban-lam-viec/van-ban/di/"
IN = "/ban-lam-viec/van-ban/den/"
THIS_MONTH = Period(date(2025, 3, 1), date(2025, 3, 31))


def new(**other: object) -> NewIssue:
    said = {
        "symbol": "UBND-KTTH",
        "dated": date(2025, 3, 3),
        "kind": "cong-van",
        "abstract": "Về việc đẩy nhanh tiến độ giải ngân vốn đầu tư công",
        "signer_name": "Trần Xuân Hải",
        "signer_position": "Phó Chủ tịch",
    }
    return NewIssue(**{**said, **other})  # type: ignore[arg-type]


def to(*keys: str) -> list[Recipient]:
    return [Recipient(by_key(key).name, by_key(key).id) for key in keys]


def scan() -> list[Upload]:
    return [Upload("công văn.pdf", samples.pdf_saying("Công văn của tỉnh"))]


def issued(*keys: str, **other: object) -> Issue:
    return services.issue(
        agency_id=by_key(PROVINCE).id,
        new=new(**other),
        recipients=[*to(*(keys or (AGENCY,))), Recipient("Văn phòng Chính phủ", copies=1)],
        officer=cast.actor(PROVINCE_CLERK),
        key=uuid4(),
        uploads=scan(),
    )


def arrived(**other: object) -> Arrival:
    return issued(**other).sendings.exclude(arrival=None).get().arrival


def taken_in(arrival: Arrival, **taking: object) -> Arrival:
    return services.take_in(
        arrival_id=arrival.pk,
        officer=cast.actor(CLERK),
        key=uuid4(),
        taking=TakingIn(**taking),  # type: ignore[arg-type]
    )


def waiting(username: str) -> list[str]:
    officer = cast.actor(username)
    return [
        item.task
        for item in WorkItem.objects.filter(is_open=True).order_by("id")
        if item.post_id is None and item.organisation_id in officer.desks().get(item.role, [])
    ]


def test_it_gets_the_next_number_and_is_there_at_once():
    first, second = issued(), issued()
    assert (first.document.code, second.document.code) == ("01/UBND-KTTH", "02/UBND-KTTH")
    arrival = Arrival.objects.get(sending__issue=first)
    assert (arrival.status, arrival.number, arrival.organisation_id) == (Status.ARRIVED, None, by_key(AGENCY).id)
    assert waiting(CLERK) == ["Vào sổ văn bản vừa đến"] * 2
    assert queries.listing(cast.actor(HEAD), Filters()) == []


def test_how_far_it_has_come_is_seen_by_its_sender():
    arrival = arrived()
    taken_in(arrival, present_to=chair(), words="Kính trình", due_at=in_days(5))
    services.direct(**by(CHAIR, arrival), lead=unit(URBAN))
    page = queries.issue_page(cast.actor(PROVINCE_CLERK), Issue.objects.get().pk)
    assert page and [each.arrival and each.arrival.status for each in page.sendings] == [Status.ASSIGNED, None]
    services.finish(**by(HEAD, arrival), words="Xong", answer="45/UBND-QLĐT")
    services.finish(**by(CHAIR, arrival))
    page = queries.issue_page(cast.actor(PROVINCE_CLERK), Issue.objects.get().pk)
    assert page and page.settled == 1 and page.sendings[0].arrival and page.sendings[0].arrival.answer == "45/UBND-QLĐT"


def test_what_is_taken_in_has_the_number_of_the_agencys_book_and_lies_with_nobody_twice():
    presented()
    arrival = taken_in(arrived(), present_to=chair())
    assert (arrival.number, arrival.status, arrival.book) == (2, Status.REGISTERED, "van-ban-den")
    assert waiting(CLERK) == []
    kinds = [entry.kind for entry in timeline(("incoming-document", arrival.pk))]
    assert kinds == ["documents.arrived", "documents.registered", "documents.presented"]


def test_the_same_press_takes_it_in_once_and_another_is_told():
    arrival, key = arrived(), uuid4()
    for _time in range(2):
        services.take_in(arrival_id=arrival.pk, officer=cast.actor(CLERK), key=key, taking=TakingIn())
    with pytest.raises(services.NotWaiting, match="1"):
        taken_in(arrival)
    with pytest.raises(services.NotWaiting):
        services.send_back(arrival_id=arrival.pk, officer=cast.actor(CLERK), reason="Không đúng nơi nhận")
    assert Arrival.objects.filter(number__isnull=False).count() == 1


def test_what_is_sent_back_says_why_and_its_sender_is_told_until_they_looked():
    arrival = arrived()
    with pytest.raises(services.NotComplete):
        services.send_back(arrival_id=arrival.pk, officer=cast.actor(CLERK), reason=" ")
    services.send_back(arrival_id=arrival.pk, officer=cast.actor(CLERK), reason="Gửi nhầm cơ quan")
    assert waiting(CLERK) == []
    assert len(waiting(PROVINCE_CLERK)) == 1
    page = services.read_issue(issue_id=Issue.objects.get().pk, officer=cast.actor(PROVINCE_CLERK))
    assert page.sendings[0].arrival and page.sendings[0].arrival.refusal == "Gửi nhầm cơ quan"
    assert waiting(PROVINCE_CLERK) == []
    with pytest.raises(services.NotWaiting):
        taken_in(arrival)


@pytest.mark.parametrize("registered", [False, True])
def test_what_is_recalled_is_nobodys_any_more(registered: bool):
    made = issued()
    arrival = made.sendings.exclude(arrival=None).get().arrival
    if registered:
        taken_in(arrival, present_to=chair())
        services.direct(**by(CHAIR, arrival), lead=unit(URBAN))
    for _time in range(2):
        services.recall(issue_id=made.pk, officer=cast.actor(PROVINCE_CLERK), reason="Sai số liệu")
    arrival.refresh_from_db()
    assert arrival.status == Status.RECALLED
    assert not Task.objects.filter(done_at=None).exists()
    assert waiting(CLERK) == ["Xác nhận không sử dụng văn bản đã thu hồi"]
    lines = list(INCOMING.whole(by_key(AGENCY), BookFilters(THIS_MONTH)))
    assert (
        len(lines) == registered
        and [FORMS[Book.INCOMING].values(line, {})[-1] for line in lines] == ["nơi gửi đã thu hồi"] * registered
    )
    assert of_agencies([by_key(AGENCY)], THIS_MONTH) == {}
    assert WorkItem.objects.filter(is_open=True).count() == 1
    with pytest.raises(NotFound):
        services.read_file(arrival_id=arrival.pk, place=0, officer=cast.actor(CLERK))
    for _time in range(2):
        services.confirm_recall(arrival_id=arrival.pk, officer=cast.actor(CLERK))
    assert waiting(CLERK) == []
    assert services.read_issue_file(issue_id=made.pk, place=0, officer=cast.actor(PROVINCE_CLERK))


def test_an_answer_is_written_beside_what_it_answers():
    arrival = presented()
    made = services.issue(
        agency_id=by_key(AGENCY).id,
        new=new(symbol="UBND-QLĐT", answers=arrival.pk),
        recipients=to(OFFICE),
        officer=cast.actor(CLERK),
        key=uuid4(),
        uploads=scan(),
    )
    arrival.refresh_from_db()
    assert arrival.answer == made.document.code == "01/UBND-QLĐT"
    assert f"?tra-loi={arrival.pk}" in client_of(CLERK).get(f"{IN}{arrival.pk}/").content.decode()
    assert "125/SXD-QH" in client_of(CLERK).get(f"{OUT}phat-hanh/?tra-loi={arrival.pk}").content.decode()
    with pytest.raises(NotFound):
        issued(answers=arrival.pk)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"symbol": "QĐ/UBND"}, "symbol"),
        ({"abstract": " "}, "abstract"),
        ({"dated": date(2025, 3, 4)}, "dated"),
    ],
)
def test_what_is_wrong_is_named_and_takes_no_number(wrong: dict[str, object], field: str):
    with pytest.raises(services.NotComplete) as told:
        issued(**wrong)
    assert list(told.value.errors) == [field] and not Document.objects.exists()
    assert issued().number == 1


def test_whom_it_cannot_go_to():
    agency, clerk = by_key(PROVINCE).id, cast.actor(PROVINCE_CLERK)

    def send(recipients: list[Recipient], uploads: list[Upload]) -> Issue:
        return services.issue(
            agency_id=agency, new=new(), recipients=recipients, officer=clerk, key=uuid4(), uploads=uploads
        )

    for recipients in ([], to(PROVINCE), to(AGENCY) * 2, [Recipient("A"), Recipient("a")]):
        with pytest.raises(services.NotComplete) as told:
            send(recipients, scan())
        assert list(told.value.errors) == ["recipients"]
    with pytest.raises(services.NotComplete) as told:
        send(to(AGENCY), [])
    assert list(told.value.errors) == ["files"]
    with pytest.raises(services.NotReachable):
        send(to(URBAN), scan())
    assert send([Recipient("Bộ Tài chính", copies=2)], []).number == 1, "on paper only"


def test_the_same_press_issues_once():
    key = uuid4()
    made = [
        services.issue(
            agency_id=by_key(PROVINCE).id,
            new=new(),
            recipients=to(AGENCY),
            officer=cast.actor(PROVINCE_CLERK),
            key=key,
            uploads=scan(),
        )
        for _time in range(2)
    ]
    assert made[0].pk == made[1].pk and Sending.objects.count() == Arrival.objects.count() == 1


def test_only_clerks_issue_and_recall_and_strangers_learn_nothing():
    made = issued()
    for username in (CHAIR, HANDLER, CLERK):
        with pytest.raises(services.NotTheClerk):
            services.issue(
                agency_id=by_key(PROVINCE).id,
                new=new(),
                recipients=to(AGENCY),
                officer=cast.actor(username),
                key=uuid4(),
                uploads=scan(),
            )
    with pytest.raises(NotFound):
        services.read_issue(issue_id=made.pk, officer=cast.actor(HANDLER))
    with pytest.raises(NotFound):
        services.take_in(
            arrival_id=Arrival.objects.get().pk, officer=cast.actor(HANDLER), key=uuid4(), taking=TakingIn()
        )
    with pytest.raises(services.NotTheClerk):
        services.recall(issue_id=made.pk, officer=cast.actor(CLERK), reason="Tôi muốn thế")


def test_sending_to_many_costs_as_many_statements_as_to_one_but_for_an_entry_in_the_ledger_for_each():
    keys = ["thanh-pho-gia-nghia", "huyen-cu-jut", "huyen-dak-mil", "huyen-krong-no", "huyen-dak-song"]
    one, many = (queries_of(lambda to=chosen: issued(*to)) for chosen in (keys[:1], keys))
    assert many - one == len(keys) - 1 and one <= 30, (one, many)


@given(st.text(max_size=40))
def test_what_is_read_as_a_symbol_is_one(text: str):
    found = symbol_read(text)
    assert found is None or (symbol_read(found) == found and len(found) <= 30 and " " not in found)


def test_symbols_are_read_as_people_write_them():
    assert symbol_read(" QĐ - UBND") == "QĐ-UBND" and symbol_read("UBND–VX") == "UBND-VX"
    assert [symbol_read(text) for text in ("", "-", "QĐ/UBND", "15/QĐ", "<b>", "A" * 31, "Q\0")] == [None] * 7


# in the browser's eyes


def filled(**other: object) -> dict[str, object]:
    return {
        "_lan": str(uuid4()),
        "co-quan": PROVINCE,
        "ky-hieu": "UBND-KTTH",
        "ngay-van-ban": "2025-03-03",
        "loai": "cong-van",
        "do-khan": "1",
        "trich-yeu": "Về việc đẩy nhanh giải ngân",
        "noi-nhan": [AGENCY, "huyen-cu-jut"],
        "noi-nhan-khac": "Bộ Tài chính\nVăn phòng Chính phủ\n",
        "tep": SimpleUploadedFile("công văn.pdf", samples.pdf_saying("Công văn")),
        **other,
    }


def test_a_clerk_issues_and_another_takes_it_in():
    sender, receiver = client_of(PROVINCE_CLERK), client_of(CLERK)
    assert sender.get(OUT + "phat-hanh/").status_code == 200
    answer = sender.post(OUT + "phat-hanh/", filled(), follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200 and "01/UBND-KTTH" in page and "Bộ Tài chính" in page
    arrival = Arrival.objects.get(organisation=by_key(AGENCY).id)
    assert f"{IN}{arrival.pk}/" in receiver.get("/ban-lam-viec/").content.decode()
    assert "tiep-nhan/" in receiver.get(f"{IN}{arrival.pk}/").content.decode()
    assert receiver.get(f"{IN}{arrival.pk}/tiep-nhan/").status_code == 200
    press = {"_lan": str(uuid4()), "trinh": str(chair()), "han": "2025-03-10"}
    for _time in range(2):
        assert receiver.post(f"{IN}{arrival.pk}/tiep-nhan/", press).status_code == 302
    assert f"{IN}{arrival.pk}/" in client_of(CHAIR).get("/ban-lam-viec/").content.decode()
    assert "đã vào sổ" in sender.get(f"{OUT}{Issue.objects.get().pk}/").content.decode().lower()


@pytest.mark.parametrize(
    "wrong",
    [
        {"ky-hieu": "Q\0"},
        {"loai": "x"},
        {"do-khan": "²"},
        {"so-trang": "9" * 30},
        {"don-vi": "²"},
        {"don-vi": "9" * 30},
        {"tra-loi": "²"},
        {"tra-loi": "9" * 30},
        {"han": "31/31/31"},
        {"noi-nhan": ["không có"]},
        {"_nhom": "x"},
        {"_nhom": "own:²"},
        {"_xoa-nhom": "9" * 30},
        {"_luu-nhom": "1", "ten-nhom": "\0"},
        {"_bo": "²"},
        {"tim-noi-nhan": "\0" * 300},
        {"noi-nhan-khac": "\0"},
        {"co-quan": "x"},
        {"tep": SimpleUploadedFile("a.pdf", b"khong phai pdf")},
    ],
    ids=str,
)
def test_whatever_is_typed_or_forged_is_answered(wrong: dict[str, object]):
    assert client_of(PROVINCE_CLERK).post(OUT + "phat-hanh/", filled(**wrong)).status_code in (200, 302, 404, 422)


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost():
    answer = client_of(PROVINCE_CLERK).post(OUT + "phat-hanh/", filled(**{"trich-yeu": "", "ghi-chu": "giữ lại"}))
    page = answer.content.decode()
    assert answer.status_code == 422 and 'id="abstract_error"' in page and "giữ lại" in page
    assert f'value="{AGENCY}" checked' in page and "Bộ Tài chính" in page
    assert not Issue.objects.exists()


def test_it_is_sent_back_and_recalled_from_the_pages():
    made = issued(AGENCY, "huyen-cu-jut")
    arrival = Arrival.objects.get(organisation=by_key(AGENCY).id)
    receiver, sender = client_of(CLERK), client_of(PROVINCE_CLERK)
    back = f"{IN}{arrival.pk}/tra-noi-gui/"
    assert receiver.get(back).status_code == 200 and receiver.post(back, {"loi": ""}).status_code == 422
    assert receiver.post(back, {"loi": "Gửi nhầm"}).status_code == 302
    assert receiver.post(back, {"loi": "Gửi nhầm"}).status_code == 422
    assert "Gửi nhầm" in sender.get(f"{OUT}{made.pk}/").content.decode()
    away = f"{OUT}{made.pk}/thu-hoi/"
    assert sender.get(away).status_code == 200 and sender.post(away, {"loi": " "}).status_code == 422
    assert sender.post(away, {"loi": "Sai số liệu"}).status_code == 302
    assert receiver.post(away, {"loi": "x"}).status_code == 404
    other = Arrival.objects.get(organisation=by_key("huyen-cu-jut").id)
    assert other.status == Status.RECALLED
    assert receiver.post(f"{IN}{other.pk}/da-huy/").status_code == 404


def test_strangers_and_others_get_nothing():
    made = issued()
    for address in ("", "phat-hanh/", f"{made.pk}/", f"{made.pk}/tep/0/", f"{made.pk}/thu-hoi/"):
        assert Client().get(OUT + address).status_code == 302
    handler = client_of(HANDLER)
    assert [handler.get(OUT + address).status_code for address in (f"{made.pk}/", f"{made.pk}/tep/0/")] == [404, 404]
    assert [handler.get(OUT + address).status_code for address in ("phat-hanh/", f"{made.pk}/thu-hoi/")] == [403, 403]


def test_what_waits_to_be_taken_in_has_no_number_on_the_pages():
    arrival = arrived()
    clerk = client_of(CLERK)
    for page in (IN, f"{IN}{arrival.pk}/"):
        told = clerk.get(page).content.decode()
        assert arrival.document.abstract in told and "None" not in told


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-13-45"])
def test_a_day_that_never_comes_narrows_nothing(day: str):
    issued()
    for page, username in ((OUT, PROVINCE_CLERK), (IN, CLERK)):
        told = client_of(username).get(page, {"tu": day, "den": day})
        assert told.status_code == 200 and "giải ngân vốn" in told.content.decode()


def test_the_register_asks_a_fixed_number_of_queries():
    issued()
    clerk = client_of(PROVINCE_CLERK)
    one = queries_of(lambda: clerk.get(OUT))
    for _number in range(4):
        issued(AGENCY, "huyen-cu-jut")
    assert queries_of(lambda: clerk.get(OUT)) == one


# in records


def test_it_is_filed_where_it_was_drafted_and_its_files_stay_while_another_agency_has_it():
    made = issued()
    arrival = made.sendings.exclude(arrival=None).get().arrival
    kind = SUBJECTS["outgoing-document"]
    assert kind.facts([made.pk])[made.pk].code == "01/UBND-KTTH" and kind.facts([made.pk])[made.pk].is_finished
    assert kind.seen_by(cast.actor(PROVINCE_CLERK), [made.pk]) == {made.pk}
    assert kind.seen_by(cast.actor(HANDLER), [made.pk]) == set()
    assert SUBJECTS["incoming-document"].erase(arrival.pk) == [], "the agency that issued it has it still"
    assert kind.erase(made.pk) == [], "an agency that got it has it still"
    assert made.document.files.count() == 1


@pytest.mark.parametrize(
    ("first", "last"), [("incoming-document", "outgoing-document"), ("outgoing-document", "incoming-document")]
)
def test_who_destroys_it_last_destroys_its_files(first: str, last: str):
    made = issued()
    arrival = taken_in(made.sendings.exclude(arrival=None).get().arrival, present_to=chair())
    ids = {"incoming-document": arrival.pk, "outgoing-document": made.pk}
    (last,) = ids.keys() - {first}
    record, other = opened(notation="01.A"), opened(notation="02.A")
    for each in (record, other):
        RecordItem.objects.create(
            record=each,
            subject_type=first,
            subject_id=ids[first],
            place=1,
            title="x",
            filed_at=clock.now(),
            filed_by=cast.account(HANDLER),
        )
    over = {"stage": Stage.DESTROYED, "closed_at": clock.now(), "destroyed_at": clock.now()}
    Record.objects.filter(pk=record.pk).update(**over)
    assert SUBJECTS[last].erase(ids[last]) == [], "the other has it in a second record still"
    Record.objects.filter(pk=other.pk).update(**over)
    assert len(SUBJECTS[last].erase(ids[last])) == 1 and not made.document.files.exists()


# finished with its number


def sealed(mark: Mark, dated: date, at: datetime) -> list[tuple[str, bytes]]:
    return [("công văn.pdf", samples.pdf_saying(f"{mark}, {dated:%d/%m/%Y}, {at:%H}"))]


def finished(completed: Completed, *, key: UUID | None = None) -> Issue:
    return services.issue(
        agency_id=by_key(PROVINCE).id,
        new=new(),
        recipients=to(AGENCY),
        officer=cast.actor(PROVINCE_CLERK),
        key=key or uuid4(),
        completed=completed,
    )


def test_its_files_are_made_with_the_number_in_them_once():
    said: list[str] = []

    def completed(mark: Mark, dated: date, at: datetime) -> list[Finished]:
        said.append(str(mark))
        return [
            *sealed(mark, dated, at),
            files.keep(samples.pdf_saying("Phụ lục"), name="phụ lục.pdf", format_key="pdf"),
        ]

    key = uuid4()
    made = [finished(completed, key=key) for _time in range(2)]
    assert said == ["01/UBND-KTTH"] and made[0].pk == made[1].pk
    found = list(made[0].document.files.select_related("file"))
    assert [(each.role, each.file.name) for each in found] == [("main", "công văn.pdf"), ("appendix", "phụ lục.pdf")]
    with storage.open_content(found[0].file.sha256) as content:
        assert content.read() == sealed(Mark("01", "UBND-KTTH"), date(2025, 3, 3), clock.local(made[0].issued_at))[0][1]


def test_what_cannot_be_finished_has_no_number_and_leaves_nothing():
    def completed(mark: Mark, dated: date, at: datetime) -> list[Finished]:
        files.keep(b"half of it", name="a.pdf", format_key="pdf")
        raise SealBroken

    with pytest.raises(SealBroken):
        finished(completed)
    assert not Document.objects.exists() and not Issue.objects.exists() and not StoredFile.objects.exists()
    assert finished(sealed).number == 1


class SealBroken(Exception):
    pass
