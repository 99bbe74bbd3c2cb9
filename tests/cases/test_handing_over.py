"""Papers between desks: what has to be moved when, numbered lists, what the receiver says, the control slip."""

from datetime import timedelta

import pytest

from lienthong.cases.models import Dossier, HandOver, HandOverLine
from lienthong.cases.papers.control import hops
from lienthong.cases.queries import handing_over as queries
from lienthong.cases.queries.pages import page_of
from lienthong.cases.services import handing_over as services
from lienthong.cases.services.handing_over import Arrived
from lienthong.foundation import clock
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.queries import by_key
from tests import cast
from tests.browsing import queries_of
from tests.cases import dossiers
from tests.cases.test_counter import entry, take_in
from tests.foundation.papers.reading import page_sizes, words_of
from tests.workspace.conftest import desk, messages_on, page, text

pytestmark = pytest.mark.django_db

SHOP = "thanh-pho-gia-nghia-van-phong-mot-cua"
UNIT = "thanh-pho-gia-nghia-quan-ly-do-thi"


@pytest.fixture(autouse=True)
def monday():
    with cast.on_monday():
        yield


def at_counter() -> Dossier:
    return take_in(entry())


def given(*found: Dossier, username: str = cast.CLERK) -> list[HandOver]:
    visits = [dossiers.visit(dossier, "phan-cong").pk for dossier in found]
    return services.make_lists(place_id=by_key(SHOP).id, visit_ids=visits, officer=cast.actor(username))


def states(hand_over: HandOver) -> list[str]:
    return list(hand_over.lines.order_by("id").values_list("state", flat=True))


def test_what_was_accepted_on_paper_has_to_be_moved_and_what_came_online_has_not():
    dossiers.received()
    dossier = at_counter()
    moves = queries.moves_from(by_key(SHOP))
    assert [(move.dossier, move.receiver.key, move.today) for move in moves] == [(dossier, UNIT, True)]
    assert [move.dossier for move in queries.moves_to(by_key(UNIT))] == [dossier]
    assert queries.moves_from(by_key(UNIT)) == []


def test_what_came_after_three_is_moved_the_next_morning():
    with clock.at(cast.MONDAY.replace(hour=15, minute=30)):
        at_counter()
        (move,) = queries.moves_from(by_key(SHOP))
        assert not move.today and move.day == cast.MONDAY.date() + timedelta(days=1)
    with clock.at(cast.MONDAY + timedelta(days=1)):
        assert queries.moves_from(by_key(SHOP))[0].today


def test_lists_are_numbered_without_gaps_and_pressing_twice_makes_none():
    first, second = at_counter(), at_counter()
    (one,) = given(first)
    with pytest.raises(services.NothingToHandOver):
        given(first)
    (two,) = given(first, second)
    assert (one.number, two.number, two.lines.count()) == (1, 2, 1)
    assert queries.moves_from(by_key(SHOP)) == []


def test_only_those_of_the_desk_make_lists_and_only_the_receiver_confirms():
    dossier = at_counter()
    for stranger in (cast.HANDLER, "ngoc.nghiatrung", "quantri", "kiemsoat"):
        with pytest.raises(NotAllowed):
            given(dossier, username=stranger)
    (made,) = given(dossier)
    with pytest.raises(NotAllowed):
        services.confirm(hand_over_id=made.pk, officer=cast.actor(cast.CLERK))
    for stranger in ("ngoc.nghiatrung", "hoa.tckh"):
        with pytest.raises(queries.NoSuchHandOver):
            services.confirm(hand_over_id=made.pk, officer=cast.actor(stranger))
    assert states(made) == ["open"]


def test_the_receiver_confirms_single_ones_and_then_the_rest():
    (made,) = given(at_counter(), at_counter(), at_counter())
    first, second, _third = made.lines.order_by("id")
    officer = cast.actor(cast.HEAD)
    said = {
        first.pk: Arrived(remark="Thiếu bản vẽ móng"),
        second.pk: Arrived(received=False, remark="Không có trong túi"),
    }
    assert services.confirm(hand_over_id=made.pk, officer=officer, said=said).is_open
    assert states(made) == ["received", "missing", "open"]
    assert not services.confirm(hand_over_id=made.pk, officer=officer).is_open
    services.confirm(hand_over_id=made.pk, officer=officer, said={first.pk: Arrived(received=False, remark="x")})
    assert states(made) == ["received", "missing", "received"]
    kinds = [event.kind for event in timeline(("hand-over", made.pk))]
    assert kinds == ["cases.papers_handed_over", "cases.hand_over_confirmed", "cases.hand_over_confirmed"]


def test_what_did_not_arrive_needs_a_remark_and_can_go_on_another_list():
    dossier = at_counter()
    (made,) = given(dossier)
    line = made.lines.get()
    officer = cast.actor(cast.HEAD)
    with pytest.raises(services.RemarkNeeded):
        services.confirm(hand_over_id=made.pk, officer=officer, said={line.pk: Arrived(received=False, remark="  ")})
    assert states(made) == ["open"]
    services.confirm(hand_over_id=made.pk, officer=officer, said={line.pk: Arrived(received=False, remark="Thất lạc")})
    (again,) = given(dossier)
    assert again.number == 2 and HandOverLine.objects.filter(dossier=dossier).count() == 2


def test_papers_that_arrive_without_a_list_get_one_that_is_confirmed():
    dossier = at_counter()
    visit = dossiers.visit(dossier, "phan-cong")
    (made,) = services.take_unlisted(place_id=by_key(UNIT).id, visit_ids=[visit.pk], officer=cast.actor(cast.HEAD))
    made.refresh_from_db()
    assert not made.is_open and states(made) == ["received"] and made.giver_id == by_key(SHOP).id


def test_the_hop_on_the_control_slip_names_who_gave_and_who_took_the_papers():
    dossier = at_counter()
    with clock.at(cast.MONDAY + timedelta(hours=2)):
        (made,) = given(dossier, username=cast.TWO_AGENCIES)
    line = made.lines.get()
    with clock.at(cast.MONDAY + timedelta(hours=3)):
        said = {line.pk: Arrived(remark="Thiếu 1 bản sao")}
        services.confirm(hand_over_id=made.pk, officer=cast.actor(cast.HANDLER), said=said)
    hop = hops(page_of(dossier), cast.MONDAY)[1]
    assert (hop.giver.person, hop.receiver.person) == ("Vũ Thùy Trang", "Trần Thị Mai")
    assert hop.given_at == cast.MONDAY + timedelta(hours=2)
    assert "Danh sách bàn giao số 1/2025" in hop.note and "Thiếu 1 bản sao" in hop.note


def test_a_list_is_printed_with_the_columns_of_the_slip():
    dossier = at_counter()
    (made,) = given(dossier)
    _list, pdf = services.printed(hand_over_id=made.pk, officer=cast.actor(cast.CLERK))
    said = words_of(pdf)
    assert page_sizes(pdf) == {(297, 210)}
    for part in (
        "DANH SÁCH BÀN GIAO HỒ SƠ",
        "1. Bên giao",
        "2. Bên nhận",
        "Thời gian giao, nhận",
        "Ghi chú",
        "Phạm Thị Lan",
    ):
        assert part in said, part
    assert "Kết quả giải quyết" in said and "Số: 01/DSBG" in said and "bản chính" in said


# the pages


def test_lists_are_made_confirmed_and_printed_on_their_pages():
    dossier = at_counter()
    clerk, head = desk(cast.CLERK), desk(cast.HEAD)
    visit = dossiers.visit(dossier, "phan-cong").pk
    assert dossier.code in text(clerk.get(page("hand_overs")))
    made = clerk.post(page("hand_overs"), {"luot": [visit], "_do": "give"}, follow=True)
    assert made.status_code == 200 and "Đã lập 1 danh sách" in messages_on(made)
    again = clerk.post(page("hand_overs"), {"luot": [visit, "x", "999999"], "_do": "give"}, follow=True)
    assert "Không có hồ sơ nào" in messages_on(again)
    hand_over = HandOver.objects.get()
    address = page("hand_over", hand_over.pk)
    assert clerk.get(page("hand_over_paper", hand_over.pk))["Content-Type"] == "application/pdf"
    assert "Chờ anh/chị xác nhận" in text(head.get(page("hand_overs") + f"?noi={UNIT}"))
    line = hand_over.lines.get().pk
    assert head.post(address, {f"den.{line}": "thieu", "_do": "some"}).status_code == 422
    nothing = head.post(address, {"_do": "some"}, follow=True)
    assert "Đánh dấu ít nhất" in messages_on(nothing) and states(hand_over) == ["open"]
    assert clerk.post(address, {"_do": "all"}).status_code == 403
    assert head.post(address, {"_do": "all"}).status_code == 302
    assert states(hand_over) == ["received"]


def test_strangers_find_no_lists():
    (made,) = given(at_counter())
    for username, status in ((cast.AN, 403), ("ngoc.nghiatrung", 404), ("quantri", 403)):
        client = desk(username)
        assert client.get(page("hand_over", made.pk)).status_code == status, username
        assert client.get(page("hand_over_paper", made.pk)).status_code == status
    assert desk(cast.CLERK).get(page("hand_overs") + f"?noi={UNIT}").status_code == 404


def test_the_page_costs_the_same_however_much_is_moved():
    client = desk(cast.CLERK)
    given(at_counter())
    at_counter()
    few = queries_of(lambda: client.get(page("hand_overs")))
    for _n in range(3):
        at_counter()
    given(at_counter(), at_counter())
    assert queries_of(lambda: client.get(page("hand_overs"))) == few <= 13
    one = queries_of(lambda: client.get(page("hand_over", 1 + HandOver.objects.first().pk)))
    assert one <= 8
