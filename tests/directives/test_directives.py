"""Directives from being given to being found done: who may do what, what it leaves behind, what is refused."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthong.directives import queries, services
from lienthong.directives.models import Directive, Entry, MoreTime, Task, Urging
from lienthong.directives.rules import Incomplete, NotNow, NotOpen, Stage, StillBelow
from lienthong.directives.services import (
    NoSuchDirective,
    NotTaken,
    NotWithYou,
    Order,
    Said,
    Source,
    Upload,
    Whom,
)
from lienthong.directives.services.carrying import DIRECTIVE
from lienthong.documents.rules.marks import Mark
from lienthong.documents.services import limiting
from lienthong.foundation import clock
from lienthong.foundation.files.errors import FileRefused
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.models import Absence
from lienthong.foundation.organisations.queries import by_key
from lienthong.notifications.models import Notification
from lienthong.work.models import WorkItem
from lienthong.work.rules import AskedAlready, DecidedAlready
from lienthong.work.urging import NotUrged, Outcome
from tests import cast
from tests.directives.conftest import (
    CHAIR,
    CITY,
    DEPUTY,
    FINANCE,
    HANDLER,
    HEAD,
    OFFICE,
    OTHER_HANDLER,
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
from tests.documents.conftest import registered

pytestmark = pytest.mark.django_db


def items(subject_type: str = DIRECTIVE) -> list[tuple[int, str, int | None]]:
    """Where open work items lie."""
    found = WorkItem.objects.filter(is_open=True, subject_type=subject_type).order_by("id")
    return list(found.values_list("organisation_id", "role", "post_id"))


def kinds(directive: Directive) -> list[str]:
    return [entry.kind.removeprefix("directives.") for entry in timeline((DIRECTIVE, directive.pk), limit=50)]


def test_a_directive_lies_with_each_who_has_a_part():
    directive = given(cooperate=[by_key(FINANCE).id], know=[by_key(WARD).id])
    assert directive.code == "1/2025" and directive.giver_id == post(CITY, "chu-tich")
    assert items() == [
        (by_key(URBAN).id, "head-of-unit", None),
        (by_key(FINANCE).id, "head-of-unit", None),
        (by_key(WARD).id, "agency-leader", None),
    ]
    lead, cooperating, informed = Task.objects.filter(directive=directive).order_by("id")
    assert (lead.part, cooperating.part, informed.part) == ("lead", "co-operate", "know")
    assert informed.due_at is None and lead.due_at == in_days(10)
    for username in (CHAIR, OFFICE, DEPUTY, HEAD, OTHER_HEAD, WARD_CHAIR):
        assert queries.visible_to(cast.actor(username)).filter(pk=directive.pk).exists(), username
    for username in (HANDLER, "linh.hcc", "vanthu.tinh", "ha.dkkd"):
        assert not queries.visible_to(cast.actor(username)).filter(pk=directive.pk).exists(), username


def test_the_office_gives_in_the_name_of_a_leader_and_others_do_not():
    key, deputy = uuid4(), post(CITY, "pho-chu-tich")
    with pytest.raises(Incomplete) as refused:
        given(OFFICE)
    assert set(refused.value.errors) == {"giver"}
    directive = given(OFFICE, key, giver=deputy)
    assert given(OFFICE, key, giver=deputy) == directive and Directive.objects.count() == 1
    assert directive.giver_id == deputy and directive.written_by.username == OFFICE
    for username in (HEAD, HANDLER, "vanthu.tinh", WARD_CHAIR):
        with pytest.raises(NotWithYou):
            given(username)
    with pytest.raises(Incomplete):
        given(OFFICE, giver=post(URBAN, "truong-phong"))
    assert given().number == 2, "numbers have no gaps"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"content": ""}, "content"), ({"lead": None}, "lead"), ({"due_at": None, "content": ""}, "content")],
    ids=str,
)
def test_a_directive_that_says_nothing_is_refused(wrong, field):
    with pytest.raises(Incomplete) as refused:
        given(**wrong)
    assert set(refused.value.errors) == {field} and not Directive.objects.exists()


def test_nobody_gets_it_twice_and_nobody_outside_gets_it():
    with pytest.raises(Incomplete):
        given(cooperate=[by_key(URBAN).id])
    with pytest.raises(Incomplete):
        given(due_at=in_days(-1))
    for outside in ("so-noi-vu", CITY, "ubnd-tinh"):
        with pytest.raises(NotTaken):
            given(lead=by_key(outside).id)
    with pytest.raises(NotTaken):
        given(lead=10**17)
    assert not Directive.objects.exists()


def test_a_source_that_the_giver_may_not_see_is_refused():
    with pytest.raises(Incomplete) as refused:
        given(source=Source(type="incoming-document", id=10**17))
    assert set(refused.value.errors) == {"source"}
    with pytest.raises(Incomplete):
        given(source=Source(type="no-such-kind", id=1))
    directive = given(source=Source(type="meeting", title="Họp giao ban tháng 3", clause="điểm 2"))
    assert directive.source_title == "Họp giao ban tháng 3"


def test_a_source_that_is_limited_to_others_is_not_named(client):
    arrival = registered(abstract="Về việc luân chuyển cán bộ")
    source = Source(type="incoming-document", id=arrival.pk, code="125/SXD-QH", title="Về việc luân chuyển cán bộ")
    directive = given(OFFICE, giver=post(CITY, "chu-tich"), source=source)
    limiting.limit(subject=("incoming-document", arrival.pk), posts=(), officer=cast.actor(OFFICE))

    def told(username: str) -> set[str]:
        page = queries.page_of(cast.actor(username), directive.pk)
        board = queries.board(cast.actor(username), queries.Filters(), now=clock.now())
        assert page
        return {each.source_title + each.source_code for each in (page.directive, board[0].directive)}

    assert told(OFFICE) == {"Về việc luân chuyển cán bộ125/SXD-QH"} and told(HEAD) == {""}
    client.force_login(cast.account(HEAD))
    page = client.get(f"/ban-lam-viec/chi-dao/{directive.pk}/").content.decode()
    assert directive.content in page and "luân chuyển" not in page and "125/SXD-QH" not in page
    directive.refresh_from_db()
    assert directive.source_code == "125/SXD-QH"


def test_the_words_of_a_source_that_is_limited_find_the_directive_for_those_alone_who_see_it(client):
    arrival = registered(abstract="Về việc luân chuyển cán bộ")
    source = Source(type="incoming-document", id=arrival.pk, code="125/SXD-QH", title="Về việc luân chuyển cán bộ")
    directive = given(OFFICE, giver=post(CITY, "chu-tich"), source=source)
    address = f"/ban-lam-viec/chi-dao/{directive.pk}/"
    given(OFFICE, giver=post(CITY, "chu-tich"), content="Báo cáo về trường học")

    def found(username: str, text: str) -> bool:
        """By the board, its figures and its page, which all say the same."""
        officer, filters = cast.actor(username), queries.Filters(text=text)
        board = [task.directive for task in queries.board(officer, filters, now=clock.now())]
        counted = sum(queries.board_page(officer, filters, now=clock.now()).counts.values())
        client.force_login(cast.account(username))
        page = client.get("/ban-lam-viec/chi-dao/", {"tim": text}).content.decode()
        assert (directive in board, counted == 1, address in page) in {(True,) * 3, (False,) * 3}, (username, text)
        return directive in board

    theirs, own = ("luân chuyển", "luan chuyen", "125/SXD-QH", '"luân chuyển cán bộ"'), ("mat bang", "tiến độ")
    assert all(found(username, text) for username in (OFFICE, HEAD) for text in (*theirs, *own))
    limiting.limit(subject=("incoming-document", arrival.pk), posts=(), officer=cast.actor(OFFICE))
    assert all(found(OFFICE, text) for text in (*theirs, *own, "mat bang luan chuyen"))
    assert not any(found(HEAD, text) for text in (*theirs, "mat bang luan chuyen"))
    assert all(found(HEAD, text) for text in own)
    assert found(HEAD, "mat bang -luan") and not found(OFFICE, "mat bang -luan"), "leaving a word out tells no more"
    limiting.open_to_all(subject=("incoming-document", arrival.pk), officer=cast.actor(OFFICE))
    assert all(found(HEAD, text) for text in theirs)


def test_looking_for_words_costs_the_same_however_many_sources_there_are():
    def asked() -> int:
        with CaptureQueriesContext(connection) as made:
            queries.board_page(cast.actor(HEAD), queries.Filters(text="tien do"), now=clock.now())
        return len(made)

    def cited(number: int) -> None:
        arrival = registered(mark=Mark(str(number), "SXD"))
        given(OFFICE, giver=post(CITY, "chu-tich"), source=Source(type="incoming-document", id=arrival.pk, title="x"))
        limiting.limit(subject=("incoming-document", arrival.pk), posts=(), officer=cast.actor(OFFICE))

    cited(1)
    asked()
    before = asked()
    for number in (2, 3):
        cited(number)
    assert asked() == before


def test_the_way_of_a_directive_to_its_end():
    directive = given()
    task = root(directive)
    services.accept(**with_task(task, HEAD))
    part = part_of(task, due_at=in_days(5))
    assert items()[-1] == (by_key(URBAN).id, "case-handler", post(URBAN, "chuyen-vien"))
    services.report(**with_task(part, HANDLER, said=Said(words="Đã xong một nửa", percent=50)))
    with pytest.raises(StillBelow):
        reported(task)
    assert reported(part, HANDLER).stage == Stage.REPORTED
    with pytest.raises(StillBelow):
        reported(task)
    assert judged(part, HEAD).stage == Stage.DONE
    assert reported(task).stage == Stage.REPORTED
    assert items() == [(by_key(f"{CITY}-van-phong").id, "directives-office", None)], "the office has to judge"
    services.send_back(**with_task(task, OFFICE, reason="Thiếu số liệu hai hộ"))
    assert fresh(task).finished_at is None and items() == [(by_key(URBAN).id, "head-of-unit", None)]
    assert Notification.objects.filter(kind="directive-returned").count() == 1
    reported(task)
    done = judged(task)
    assert (done.stage, done.mark, done.ended_at) == (Stage.DONE, "met", clock.now()) and items() == []
    assert kinds(directive) == [
        "given", "accepted", "handed_on", "progress", "completed", "judged", "completed", "returned", "completed",
        "judged",
    ]  # fmt: skip


def test_only_whoever_has_a_task_works_on_it_and_only_the_givers_side_judges():
    task = accepted()
    said = Said(words="Đã xong", percent=10, product_code="1/BC")
    for username, refusal in ((OTHER_HEAD, NoSuchDirective), ("vanthu.tinh", NoSuchDirective), (CHAIR, NotWithYou)):
        for deed in (services.report, services.complete):
            with pytest.raises(refusal):
                deed(**with_task(task, username, said=said))
    reported(task)
    for username in (HEAD, DEPUTY):
        with pytest.raises(NotWithYou):
            judged(task, username)
    assert judged(task, CHAIR).stage == Stage.DONE, "whoever gave it may judge it"


def test_the_office_of_an_agency_takes_on_what_was_given_to_the_agency():
    """The clerk of the city for what the province gave to the city."""
    directive = services.give(
        agency_id=by_key("ubnd-tinh").id,
        order=Order(content="Báo cáo", lead=by_key(CITY).id, giver=post("ubnd-tinh", "chu-tich")),
        officer=cast.actor("vanthu.tinh"),
        key=uuid4(),
    )
    services.accept(**with_task(root(directive), OFFICE))
    assert root(directive).stage == Stage.UNDER_WAY
    part = part_of(root(directive), CHAIR, whom=Whom(by_key(FINANCE).id))
    with pytest.raises(NotWithYou):
        services.accept(**with_task(part, OFFICE))


def test_what_cooperates_or_is_informed_ends_with_the_whole():
    directive = given(cooperate=[by_key(FINANCE).id], know=[by_key(WARD).id])
    task = root(directive)
    cooperating, informed = Task.objects.filter(directive=directive).exclude(pk=task.pk).order_by("id")
    services.complete(**with_task(informed, WARD_CHAIR, said=Said()))
    assert fresh(informed).stage == Stage.DONE
    reported(task)
    judged(task)
    assert fresh(cooperating).stage == Stage.ENDED and items() == []
    with pytest.raises(NotOpen):
        services.complete(**with_task(cooperating, OTHER_HEAD, said=Said(words="Ý kiến")))


def test_whoever_cooperates_is_done_by_their_own_report():
    directive = given(cooperate=[by_key(FINANCE).id])
    cooperating = Task.objects.get(directive=directive, part="co-operate")
    with pytest.raises(Incomplete):
        services.complete(**with_task(cooperating, OTHER_HEAD, said=Said()))
    services.complete(**with_task(cooperating, OTHER_HEAD, said=Said(words="Đã gửi số liệu")))
    assert fresh(cooperating).stage == Stage.DONE and root(directive).stage == Stage.GIVEN


def test_completion_needs_evidence_and_files_are_examined():
    task = accepted()
    with pytest.raises(Incomplete) as refused:
        services.complete(**with_task(task, HEAD, said=Said(words="Đã xong")))
    assert set(refused.value.errors) == {"product"}
    with pytest.raises(FileRefused):
        services.complete(**with_task(task, HEAD, said=Said(uploads=[Upload("a.pdf", b"MZ no paper at all")])))
    assert fresh(task).stage == Stage.UNDER_WAY and not Entry.objects.filter(about="completed").exists()
    photo = Said(uploads=[Upload("hien-truong.jpg", cast.photo())])
    services.complete(**with_task(task, HEAD, said=photo))
    assert Entry.objects.get(about="completed").files.get().file.name == "hien-truong.jpg"


def test_a_part_is_never_due_after_the_whole_and_goes_only_to_ones_own():
    task = accepted()
    with pytest.raises(Incomplete) as refused:
        part_of(task, due_at=in_days(11))
    assert set(refused.value.errors) == {"due"}
    with pytest.raises(NotTaken):
        part_of(task, whom=Whom(by_key(FINANCE).id))
    with pytest.raises(NotTaken):
        part_of(task, whom=Whom(by_key(URBAN).id, post(FINANCE, "chuyen-vien")))
    with pytest.raises(Incomplete) as refused:
        part_of(task, whom=Whom(by_key(URBAN).id))
    assert set(refused.value.errors) == {"whom"}, "not to oneself"
    assert part_of(task).due_at == task.due_at, "with the whole where no day is said"
    with pytest.raises(NoSuchDirective):
        services.accept(**with_task(task, OTHER_HANDLER))


def test_the_same_key_does_it_once():
    task = accepted()
    key = uuid4()
    said = Said(words="Đã làm", percent=30)
    for _time in range(2):
        services.report(**{**with_task(task, HEAD, said=said), "key": key})
    assert Entry.objects.filter(about="progress").count() == 1
    key = uuid4()
    for _time in range(2):
        asked = services.ask_more_time(**{**with_task(task, HEAD, until=in_days(20), reason="Mưa lũ"), "key": key})
    assert MoreTime.objects.count() == 1
    key = uuid4()
    for _time in range(2):
        services.decide_more_time(request_id=asked.pk, officer=cast.actor(CHAIR), key=key, grant=True)
    with pytest.raises(DecidedAlready):
        services.decide_more_time(request_id=asked.pk, officer=cast.actor(CHAIR), key=uuid4(), grant=True)
    key = uuid4()
    for _time in range(2):
        services.complete(**{**with_task(task, HEAD, said=Said(product_code="1/BC")), "key": key})
    assert Entry.objects.filter(about="completed").count() == 1


def test_more_time_is_decided_by_the_givers_side_and_moves_the_inbox():
    task = accepted(cooperate=[by_key(FINANCE).id])
    ask = with_task(task, HEAD, until=in_days(20), reason="Chờ kết quả đo đạc")
    asked = services.ask_more_time(**ask)
    assert items(MoreTime.subject_type) == [(by_key(CITY).id, "agency-leader", post(CITY, "chu-tich"))]
    assert fresh(task).due_at == in_days(10), "not before it is granted"
    with pytest.raises(AskedAlready):
        services.ask_more_time(**{**ask, "key": uuid4()})
    with pytest.raises(NotWithYou):
        services.decide_more_time(request_id=asked.pk, officer=cast.actor(HEAD), key=uuid4(), grant=True)
    with pytest.raises(Incomplete):
        services.decide_more_time(request_id=asked.pk, officer=cast.actor(CHAIR), key=uuid4(), grant=False)
    services.decide_more_time(
        request_id=asked.pk, officer=cast.actor(CHAIR), key=uuid4(), grant=True, until=in_days(15)
    )
    assert fresh(task).due_at == in_days(15) and items(MoreTime.subject_type) == []
    found = WorkItem.objects.filter(is_open=True, subject_type=DIRECTIVE)
    assert list(found.values_list("due_at", flat=True)) == [in_days(15)] * 2, "with it the day of who co-operates"
    assert Notification.objects.filter(kind="directive-more-time-granted").count() == 1
    asked.refresh_from_db()
    assert (asked.old_due, asked.new_due) == (in_days(10), in_days(15)), "every due day stays known"


def test_more_time_for_a_part_is_decided_by_whoever_handed_it_on_within_the_whole():
    task = accepted()
    part = part_of(task, due_at=in_days(5))
    asked = services.ask_more_time(**with_task(part, HANDLER, until=in_days(12), reason="Nhiều hộ"))
    with pytest.raises(Incomplete):
        services.decide_more_time(request_id=asked.pk, officer=cast.actor(HEAD), key=uuid4(), grant=True)
    services.decide_more_time(request_id=asked.pk, officer=cast.actor(HEAD), key=uuid4(), grant=True, until=in_days(8))
    assert fresh(part).due_at == in_days(8) and fresh(task).due_at == in_days(10)


def test_a_request_lapses_when_the_task_is_completed():
    task = accepted()
    services.ask_more_time(**with_task(task, HEAD, until=in_days(20), reason="Mưa lũ"))
    reported(task)
    assert MoreTime.objects.get().decision == "lapsed" and items(MoreTime.subject_type) == []


def test_without_a_due_day_there_is_nothing_to_ask_for_and_nothing_is_late():
    task = accepted(due_at=None)
    with pytest.raises(NotNow):
        services.ask_more_time(**with_task(task, HEAD, until=in_days(20), reason="Mưa lũ"))
    with clock.at(in_days(300)):
        filters = queries.Filters(tab="late")
        assert queries.board(cast.actor(CHAIR), filters, now=clock.now()) == []
        assert WorkItem.objects.get(is_open=True, subject_type=DIRECTIVE).due_at > clock.now()


def test_a_directive_is_cancelled_with_all_its_parts_and_those_who_have_them_are_told():
    directive = given(cooperate=[by_key(FINANCE).id])
    part_of(root(directive))
    with pytest.raises(Incomplete):
        services.cancel(**with_task(root(directive), CHAIR, reason=""))
    with pytest.raises(NotWithYou):
        services.cancel(**with_task(root(directive), HEAD, reason="Không còn cần"))
    services.cancel(**with_task(root(directive), OFFICE, reason="Đã giao đơn vị khác"))
    assert set(Task.objects.values_list("stage", flat=True)) == {Stage.CANCELLED} and items() == []
    told = Notification.objects.filter(kind="directive-cancelled").values_list("account__username", flat=True)
    assert set(told) == {HEAD, OTHER_HEAD, HANDLER}
    with pytest.raises(NotOpen):
        services.cancel(**with_task(root(directive), CHAIR, reason="Lần nữa"))


def test_who_cooperates_is_let_go_without_the_whole():
    directive = given(cooperate=[by_key(FINANCE).id])
    cooperating = Task.objects.get(directive=directive, part="co-operate")
    services.cancel(**with_task(cooperating, CHAIR, reason="Không cần phối hợp"))
    assert (fresh(cooperating).stage, root(directive).stage) == (Stage.CANCELLED, Stage.GIVEN)
    assert items() == [(by_key(URBAN).id, "head-of-unit", None)]


def test_more_letters_than_there_is_room_for_are_refused():
    with pytest.raises(Incomplete):
        given(content="x" * 4001)
    task = accepted()
    whom = Whom(by_key(URBAN).id, post(URBAN, "chuyen-vien"))
    with pytest.raises(Incomplete):
        services.hand_on(**with_task(task, HEAD, content="x" * 4001, whom=whom))
    assert Directive.objects.count() == 1 and not Task.objects.filter(parent=task).exists()


def test_urging_is_once_a_day_and_only_for_what_is_ones_own_to_urge():
    task = accepted()
    part = part_of(task)
    assert services.urge(task_ids=[task.pk, part.pk], officer=cast.actor(OFFICE)) == Outcome(2, 0)
    assert services.urge(task_ids=[task.pk, part.pk], officer=cast.actor(CHAIR)) == Outcome(0, 2)
    with pytest.raises(NotUrged):
        services.urge(task_ids=[task.pk], officer=cast.actor(HEAD))
    with pytest.raises(NotUrged):
        services.urge(task_ids=[task.pk, 10**17], officer=cast.actor(OTHER_HEAD))
    with clock.at(in_days(1)):
        assert services.urge(task_ids=[part.pk], officer=cast.actor(HEAD)).urged == 1
    assert Urging.objects.count() == 3 and Notification.objects.filter(kind="directive-urged").count() == 3


def stood_in_for() -> None:
    Absence.objects.create(
        post_id=post(URBAN, "truong-phong"),
        account=cast.account(HEAD),
        substitute=cast.account(OTHER_HEAD),
        valid_from=clock.today(),
        valid_to=clock.today(),
    )


def told(kind: str) -> set[str]:
    return set(Notification.objects.filter(kind=kind).values_list("account__username", flat=True))


def test_who_stands_in_for_somebody_away_is_urged_too():
    task = accepted()
    stood_in_for()
    services.urge(task_ids=[task.pk], officer=cast.actor(OFFICE))
    assert told("directive-urged") == {HEAD, OTHER_HEAD}


def test_who_stands_in_for_somebody_away_is_told_of_what_was_sent_back():
    task = reported(accepted())
    stood_in_for()
    services.send_back(**with_task(task, OFFICE, reason="Thiếu số liệu hai hộ"))
    assert told("directive-returned") == {HEAD, OTHER_HEAD}


def test_who_stands_in_for_somebody_away_is_told_of_what_was_cancelled():
    task = accepted()
    stood_in_for()
    services.cancel(**with_task(task, CHAIR, reason="Không còn cần"))
    assert told("directive-cancelled") == {HEAD, OTHER_HEAD}


def test_work_items_always_say_what_the_tasks_say():
    """The inbox and the boards are of one mind: each open task has one open item, due with it."""
    first, second = accepted(), accepted()
    part_of(first, due_at=in_days(3))
    asked = services.ask_more_time(**with_task(second, HEAD, until=in_days(30), reason="Mưa lũ"))
    services.decide_more_time(request_id=asked.pk, officer=cast.actor(OFFICE), key=uuid4(), grant=True)
    reported(accepted())
    doing = ["head-of-unit", "case-handler"]
    open_items = WorkItem.objects.filter(is_open=True, subject_type=DIRECTIVE, role__in=doing)
    tasks = Task.objects.filter(stage__in=[Stage.GIVEN, Stage.UNDER_WAY])
    assert sorted(open_items.values_list("part_id", "due_at")) == sorted(tasks.values_list("pk", "due_at"))


def test_the_table_of_a_month_counts_by_the_days_in_force_then():
    chair = cast.actor(CHAIR)
    with clock.at(in_days(-20)):  # February
        carried_late, carried_moved, cancelled = (accepted(due_at=in_days(10)) for _time in range(3))
        services.cancel(**with_task(cancelled, CHAIR, reason="Không còn cần"))
        judged(reported(accepted()))
    in_time, late, unlimited, open_ = accepted(), accepted(due_at=in_days(1)), accepted(due_at=None), accepted()
    with clock.at(in_days(2)):
        judged(reported(in_time))
        judged(reported(late))
        reported(open_)
    march = clock.now().date().replace(day=1)
    with clock.at(in_days(25)):
        asked = services.ask_more_time(**with_task(carried_moved, HEAD, until=in_days(40), reason="Mưa lũ"))
    with clock.at(in_days(35)):  # April
        services.decide_more_time(request_id=asked.pk, officer=chair, key=uuid4(), grant=True)
        table = queries.month(chair, march, by=None, now=clock.now())
        counted = table[by_key(URBAN).id]
        assert (counted.carried, counted.new) == (2, 4)
        assert (counted.in_time, counted.late, counted.open_in_time, counted.open_late) == (1, 1, 2, 2)
        assert counted.share == pytest.approx(25)
        april = queries.month(chair, clock.now().date().replace(day=1), by=None, now=clock.now())[by_key(URBAN).id]
        assert (april.carried, april.new, april.open_late, april.open_in_time) == (4, 0, 1, 3)
        for figure in queries.FIGURES:
            filters = queries.Filters(month=march, figure=figure)
            behind = queries.board(chair, filters, now=clock.now())
            assert len(behind) == getattr(counted, figure.replace("-", "_")), figure
        assert {carried_late.pk, carried_moved.pk} == {
            task.pk for task in queries.board(chair, queries.Filters(month=march, figure="open-late"), now=clock.now())
        }
    assert unlimited.due_at is None


def test_boards_divide_what_is_open_and_what_is_done():
    late, week, later, unlimited = (accepted(due_at=due) for due in (in_days(1), in_days(4), in_days(30), None))
    waiting, done = reported(accepted()), judged(reported(accepted()))
    with clock.at(clock.now() + timedelta(days=2)):
        for username in (CHAIR, OFFICE, HEAD):
            officer = cast.actor(username)
            found = {
                tab: [task.pk for task in queries.board(officer, queries.Filters(tab=tab), now=clock.now())]
                for tab in queries.TABS
            }
            assert found == {
                "late": [late.pk],
                "week": [week.pk],
                "in-time": [later.pk, unlimited.pk],
                "reported": [waiting.pk],
                "done": [done.pk],
            }
            counted = queries.board_page(officer, queries.Filters(), now=clock.now()).counts
            assert counted == {tab: len(each) for tab, each in found.items()}
        assert queries.board(cast.actor(OTHER_HEAD), queries.Filters(), now=clock.now()) == []
