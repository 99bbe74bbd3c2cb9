"""Documents that come to an agency: registered, presented, directed, settled."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthong.documents import queries, services
from lienthong.documents.models import Arrival, Note, Task
from lienthong.documents.queries import incoming
from lienthong.documents.queries.incoming import Cursor, Filters
from lienthong.documents.rules import journey as rules
from lienthong.documents.rules.journey import Status
from lienthong.documents.rules.marks import Mark
from lienthong.documents.services import Chosen
from lienthong.foundation import clock
from lienthong.foundation.errors import NotFound
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.queries import by_key
from lienthong.work.models import WorkItem
from tests import cast
from tests.documents.conftest import (
    AGENCY,
    CHAIR,
    CLERK,
    FINANCE,
    HANDLER,
    HEAD,
    OTHER_HEAD,
    URBAN,
    chair,
    in_days,
    letter,
    post,
    presented,
    registered,
)

pytestmark = pytest.mark.django_db


def task_of(arrival: Arrival, username: str) -> Task:
    """The latest task that lies with somebody."""
    officer = cast.actor(username)
    return next(
        task
        for task in Task.objects.filter(arrival=arrival).order_by("-id")
        if task.post_id in officer.post_ids
        or (task.post_id is None and task.organisation_id in officer.desks().get(task.role, []))
    )


def unit(key: str) -> Chosen:
    return Chosen(by_key(key).id)


def person(agency: str, key: str) -> Chosen:
    return Chosen(by_key(agency).id, post(agency, key))


def by(username: str, arrival: Arrival) -> dict:
    return {
        "arrival_id": arrival.pk,
        "task_id": task_of(arrival, username).pk,
        "officer": cast.actor(username),
        "key": uuid4(),
    }


def inbox(username: str) -> list[str]:
    officer = cast.actor(username)
    items = WorkItem.objects.filter(is_open=True, subject_type="incoming-document")
    return [
        item.task
        for item in items.order_by("id")
        if item.post_id in officer.post_ids
        or (item.post_id is None and item.organisation_id in officer.desks().get(item.role, []))
    ]


def test_numbers_of_the_book_have_no_gaps_and_begin_anew_each_year():
    first, second = registered(), registered(mark=Mark("126", "SXD-QH"))
    assert (first.number, second.number, first.year) == (1, 2, 2025)
    with clock.at(clock.now() + timedelta(days=365)):
        assert registered(mark=Mark("1", "SXD-QH"), dated=None).number == 1


def test_the_same_press_registers_once():
    key = uuid4()
    made = [
        services.register(agency_id=by_key(AGENCY).id, document=letter(), officer=cast.actor(CLERK), key=key)
        for _ in range(2)
    ]
    assert made[0].pk == made[1].pk and Arrival.objects.count() == 1


def test_who_registers_the_same_document_is_told_and_may_insist():
    first = registered()
    with pytest.raises(services.AlreadyRegistered, match=str(first.number)) as told:
        registered(mark=Mark.read("số 0125 / sxd - qh"), issuer_name="sở xây dựng")
    assert told.value.arrivals == [first]
    other = services.register(
        agency_id=by_key(AGENCY).id, document=letter(), officer=cast.actor(CLERK), key=uuid4(), another=True
    )
    assert other.number == 2
    assert registered(issuer_name="Sở Tài chính").number == 3, "another issuer may use the same number"


def test_only_clerks_of_the_agency_register():
    for username in (HEAD, HANDLER, cast.CLERK):
        with pytest.raises(services.NotTheClerk):
            services.register(agency_id=by_key(AGENCY).id, document=letter(), officer=cast.actor(username), key=uuid4())
    with pytest.raises(services.NotTheClerk):
        services.register(agency_id=by_key(URBAN).id, document=letter(), officer=cast.actor(CLERK), key=uuid4())
    assert not Arrival.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"abstract": "  "}, "abstract"),
        ({"issuer_name": ""}, "issuer"),
        ({"dated": date(2025, 3, 4)}, "dated"),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_takes_no_number(wrong: dict, field: str):
    with pytest.raises(services.NotComplete) as told:
        registered(**wrong)
    assert list(told.value.errors) == [field]
    assert registered().number == 1


def test_the_way_of_a_document_from_the_clerk_to_the_report():
    arrival = presented()
    assert inbox(CHAIR) == ["Cho ý kiến chỉ đạo"] or len(inbox(CHAIR)) == 1
    services.direct(
        **by(CHAIR, arrival),
        words="Giao Phòng Quản lý đô thị tham mưu",
        lead=unit(URBAN),
        cooperate=[unit(FINANCE)],
        due_at=in_days(7),
    )
    arrival.refresh_from_db()
    assert arrival.status == Status.ASSIGNED
    assert len(inbox(HEAD)) == len(inbox(OTHER_HEAD)) == 1
    services.direct(**by(HEAD, arrival), words="Mai xử lý", lead=person(URBAN, "chuyen-vien"), due_at=in_days(5))
    services.finish(**by(OTHER_HEAD, arrival), words="Nguồn vốn đã bố trí")
    services.finish(**by(HANDLER, arrival), words="Đã tham mưu", answer="45/UBND-QLĐT")
    arrival.refresh_from_db()
    assert arrival.status == Status.IN_PROCESS and arrival.answer == "45/UBND-QLĐT"
    services.finish(**by(HEAD, arrival))
    services.finish(**by(CHAIR, arrival), words="Xong")
    arrival.refresh_from_db()
    assert arrival.status == Status.DONE and arrival.finished_at
    assert not WorkItem.objects.filter(is_open=True, subject_type="incoming-document").exists()
    kinds = [entry.kind for entry in timeline(("incoming-document", arrival.pk))]
    assert kinds.count("documents.directed") == 2 and kinds.count("documents.reported") == 3
    said = Note.objects.filter(arrival=arrival).exclude(text="").order_by("id").values_list("about", flat=True)
    assert list(said) == ["presented", "direction", "direction", "opinion", "report", "report"]


def test_whoever_got_it_wrongly_gives_it_back_and_another_gets_it():
    arrival = presented()
    services.direct(**by(CHAIR, arrival), lead=unit(FINANCE))
    with pytest.raises(services.WordsNeeded):
        services.give_back(**by(OTHER_HEAD, arrival), reason=" ")
    services.give_back(**by(OTHER_HEAD, arrival), reason="Thuộc Phòng Quản lý đô thị")
    assert inbox(OTHER_HEAD) == [] and len(inbox(CHAIR)) == 1
    services.direct(**by(CHAIR, arrival), lead=unit(URBAN))
    assert len(inbox(HEAD)) == 1


def test_whoever_directed_takes_it_back_with_all_below():
    arrival = presented()
    services.direct(**by(CHAIR, arrival), lead=unit(URBAN))
    services.direct(**by(HEAD, arrival), lead=person(URBAN, "chuyen-vien"))
    services.take_back(
        arrival_id=arrival.pk,
        task_id=task_of(arrival, HEAD).pk,
        officer=cast.actor(CHAIR),
        key=uuid4(),
        reason="Để tôi xem lại",
    )
    assert inbox(HEAD) == inbox(HANDLER) == []
    arrival.refresh_from_db()
    assert arrival.status == Status.REGISTERED


def test_the_same_press_directs_once_and_reports_once():
    arrival = presented()
    press = by(CHAIR, arrival)
    for _ in range(2):
        services.direct(**press, lead=unit(URBAN))
    assert Task.objects.filter(arrival=arrival).count() == 2
    press = by(HEAD, arrival)
    for _ in range(2):
        services.finish(**press, words="Xong")
    assert Note.objects.filter(arrival=arrival, about="report").count() == 1


def test_what_does_not_lie_with_somebody_is_not_theirs_and_strangers_learn_nothing():
    arrival = presented()
    with pytest.raises(NotFound):
        services.finish(
            arrival_id=arrival.pk, task_id=task_of(arrival, CHAIR).pk, officer=cast.actor(HANDLER), key=uuid4()
        )
    services.direct(**by(CHAIR, arrival), lead=unit(URBAN))
    with pytest.raises(services.NotWithYou):
        services.finish(
            arrival_id=arrival.pk, task_id=task_of(arrival, CHAIR).pk, officer=cast.actor(HEAD), key=uuid4()
        )
    with pytest.raises(rules.StillBelow):
        services.finish(**by(CHAIR, arrival))


def test_it_cannot_be_handed_to_another_agency():
    arrival = presented()
    with pytest.raises(services.NotTaken):
        services.direct(**by(CHAIR, arrival), lead=unit("huyen-cu-jut-kinh-te-ha-tang"))


def test_each_sees_what_lies_with_them_and_clerks_all():
    arrival, other = presented(), registered(mark=Mark("9", "BC-STC"))
    everything = Filters()
    assert queries.listing(cast.actor(CLERK), everything) == [other, arrival]
    assert queries.listing(cast.actor(HEAD), everything) == []
    services.direct(**by(CHAIR, arrival), lead=unit(URBAN))
    assert queries.listing(cast.actor(HEAD), everything) == [arrival]
    assert queries.listing(cast.actor(HANDLER), everything) == []
    assert queries.arrival_page(cast.actor(HANDLER), arrival.pk) is None
    page = queries.arrival_page(cast.actor(HEAD), arrival.pk)
    assert page and [task.part for task in page.tasks] == ["lead", "lead"]


def test_the_register_is_searched_without_accents():
    arrival = presented()
    found = [
        queries.listing(cast.actor(CLERK), replace(Filters(), text=text))
        for text in ("quy hoach chi tiet", "nghĩa đức", "125/sxd-qh", "so xay dung", "không có")
    ]
    assert found == [[arrival]] * 4 + [[]]


@pytest.mark.parametrize("many", [1, 100], ids=["words that many have", "words that few have"])
@pytest.mark.parametrize("much", [0, 1], ids=["sees much", "sees little"])
@pytest.mark.parametrize("username", [CLERK, CHAIR])
@pytest.mark.parametrize("text", ["", "quy hoach"])
def test_the_register_leads_back_through_all_years(monkeypatch, many: int, much: int, username: str, text: str):
    """A page is looked for in the last weeks, then in a year, then in all: nothing is lost or seen twice between."""
    monkeypatch.setattr(incoming, "MANY", many)
    monkeypatch.setattr(incoming, "MUCH", much)
    today = clock.today()
    days = [today - timedelta(days) for days in (0, 0, 3, 34, 35, 36, 200, 371, 372, 2000)]
    made = []
    for number, day in enumerate(days):
        arrival = presented(mark=Mark(str(300 + number), "SXD-QH"))
        Arrival.objects.filter(pk=arrival.pk).update(arrived_on=day)
        made.append((day, arrival.pk))
    officer, seen, after = cast.actor(username), list[tuple[date, int]](), None
    while page := queries.listing(officer, Filters(text=text), after=after, size=2):
        seen += [(arrival.arrived_on, arrival.pk) for arrival in page[:2]]
        after = Cursor(*seen[-1])
    assert seen == sorted(made, reverse=True)
    early = Filters(text=text, first=days[7], last=days[3])
    assert [arrival.arrived_on for arrival in queries.listing(officer, early)] == days[3:8]
    assert queries.listing(officer, Filters(text=text), after=Cursor(date.min, 1)) == []


def test_registering_and_presenting_costs_a_fixed_handful_of_statements():
    registered()
    clerk, agency, leader = cast.actor(CLERK), by_key(AGENCY), chair()
    with CaptureQueriesContext(connection) as spent:
        services.register(
            agency_id=agency.id,
            document=letter(mark=Mark("127", "SXD-QH")),
            officer=clerk,
            key=uuid4(),
            receiving=services.Receiving(present_to=leader, words="Kính trình"),
        )
    statements = [query["sql"] for query in spent if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) <= 12, statements
