"""What is limited to posts by name, and what is a state secret: who sees it, and that it is nowhere for all others."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lienthong.documents import queries, services
from lienthong.documents.finding import keys
from lienthong.documents.finding.queries import Wanted, find
from lienthong.documents.models import Arrival, Findable, Issue, Record
from lienthong.documents.queries.books import Filters as BookFilters
from lienthong.documents.queries.incoming import Filters, visible_among, visible_to
from lienthong.documents.queries.outgoing import issues_for
from lienthong.documents.queries.settlement import of_agencies, of_units, open_tasks
from lienthong.documents.records import keeping
from lienthong.documents.records.queries import items_of
from lienthong.documents.records.queries import visible_to as visible_records
from lienthong.documents.rules import secrecy
from lienthong.documents.rules.marks import Mark
from lienthong.documents.services import limiting
from lienthong.documents.services.books import Wanted as WantedBook
from lienthong.documents.services.books import opened as opened_book
from lienthong.documents.services.carrying import DOCUMENT
from lienthong.documents.services.issuing import ISSUE
from lienthong.foundation.errors import NotFound
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.queries import by_key
from lienthong.workspace.subjects import about
from tests import cast
from tests.cast import client_of
from tests.documents.conftest import (
    AGENCY,
    CHAIR,
    CLERK,
    FINANCE,
    HANDLER,
    HEAD,
    URBAN,
    chair,
    in_days,
    presented,
    registered,
)
from tests.documents.test_finding import found, tree_post
from tests.documents.test_incoming import by, unit
from tests.documents.test_outgoing import PROVINCE, PROVINCE_CLERK, THIS_MONTH, issued, new, scan, to
from tests.documents.test_pages import FORM, LIST, filled
from tests.documents.test_records import ARCHIVIST, opened
from tests.documents.test_records import document as settled_document
from tests.foundation.files import samples

pytestmark = pytest.mark.django_db

LEADER_OF_PROVINCE = "hai.chutichtinh"
OUT = "/ban-lam-viec/van-ban/di/"


def limit(arrival: Arrival, *usernames: str, by_whom: str = CHAIR) -> None:
    posts = {post for username in usernames for post in cast.actor(username).post_ids}
    limiting.limit(subject=(DOCUMENT, arrival.pk), posts=posts, officer=cast.actor(by_whom))


def sees(username: str, arrival: Arrival) -> bool:
    """By every way in, which all say the same."""
    officer = cast.actor(username)
    ways = {
        visible_to(officer).filter(pk=arrival.pk).exists(),
        visible_among(officer, [arrival.pk]).exists(),
        arrival in queries.listing(officer, Filters()),
        arrival in found(username, "quy hoach"),
        client_of(username).get(f"{LIST}{arrival.pk}/").status_code == 200,
        bool(about([(DOCUMENT, arrival.pk)], officer)[DOCUMENT, arrival.pk].address),
    }
    assert len(ways) == 1, f"{username} sees it by one way and not by another"
    return ways.pop()


@pytest.mark.parametrize("much", [0.1, 0.0], ids=["gathered", "gone through"])
def test_only_named_posts_and_whom_it_was_handed_to_see_it(much: float, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("lienthong.documents.queries.incoming.MUCH", much)
    arrival = presented()
    services.direct(**by(CHAIR, arrival), lead=unit(URBAN))
    assert {name: sees(name, arrival) for name in (CLERK, CHAIR, HEAD, HANDLER)} == {
        CLERK: True,
        CHAIR: True,
        HEAD: True,
        HANDLER: False,
    }
    limit(arrival, HANDLER)
    assert {name: sees(name, arrival) for name in (CLERK, CHAIR, HEAD, HANDLER)} == {
        CLERK: False,
        CHAIR: True,
        HEAD: True,
        HANDLER: True,
    }
    limit(arrival)
    assert not sees(HANDLER, arrival)
    limiting.open_to_all(subject=(DOCUMENT, arrival.pk), officer=cast.actor(CHAIR))
    assert sees(CLERK, arrival) and not sees(HANDLER, arrival)


def test_who_gets_and_who_loses_the_right_is_on_record_once():
    arrival = presented()
    for _ in range(2):
        limit(arrival, HANDLER)
    limit(arrival)
    limiting.open_to_all(subject=(DOCUMENT, arrival.pk), officer=cast.actor(CHAIR))
    limiting.open_to_all(subject=(DOCUMENT, arrival.pk), officer=cast.actor(CHAIR))
    told = [(entry.kind, entry.data) for entry in timeline((DOCUMENT, arrival.pk))][2:]
    own, handler = tree_post(CHAIR), tree_post(HANDLER)
    assert told == [
        ("documents.limited", {"given": sorted([own, handler])}),
        ("documents.limited", {"taken": [handler]}),
        ("documents.opened_to_all", {"taken": [own]}),
    ]


def test_clerks_and_leaders_limit_and_nobody_else_and_posts_of_the_agency_alone():
    arrival = presented()
    services.direct(**by(CHAIR, arrival), lead=unit(URBAN))
    with pytest.raises(limiting.NotYoursToLimit):
        limit(arrival, by_whom=HEAD)
    with pytest.raises(NotFound):
        limit(arrival, by_whom=HANDLER)
    for stranger in (cast.actor(PROVINCE_CLERK).post_id, 10**17):
        with pytest.raises(limiting.NoSuchReader):
            limiting.limit(subject=(DOCUMENT, arrival.pk), posts=[stranger], officer=cast.actor(CLERK))
    arrival.refresh_from_db()
    assert not arrival.limited


def test_others_are_only_told_that_the_agency_has_registered_one_like_it():
    clerk = client_of(CLERK)
    clerk.post(FORM, filled(**{"han-che": "1", "trich-yeu": "Về chuyện riêng", "trinh": ""}))
    arrival = Arrival.objects.get()
    assert found(CLERK, "chuyen rieng") == [arrival] and found(CHAIR, "chuyen rieng") == []
    assert "Về chuyện riêng" in clerk.post(FORM, filled()).content.decode()
    arrival.readers.clear()
    page = clerk.post(FORM, filled()).content.decode()
    assert "van-dang-ky" in page and "Về chuyện riêng" not in page and f"{LIST}{arrival.pk}/" not in page
    with pytest.raises(services.AlreadyRegistered) as told:
        registered(issuer_id=by_key("so-xay-dung").id)
    assert told.value.arrivals == [] and told.value.hidden
    assert clerk.post(FORM, filled(**{"van-dang-ky": "1"})).status_code == 302


def test_it_is_in_no_figure_list_or_book_of_others():
    arrival, other = presented(), presented(mark=Mark("8", "BC-STC"), issuer_name="Sở Tài chính")
    for each in (arrival, other):
        services.direct(**by(CHAIR, each), lead=unit(URBAN), due_at=in_days(2))
    limit(arrival)
    agency, urban = by_key(AGENCY), by_key(URBAN)
    assert of_agencies([agency], THIS_MONTH)[agency.id].received == 1
    assert of_units([urban], THIS_MONTH)[urban.id].received == 1

    def followed(username: str) -> set[int]:
        tasks = open_tasks(cast.actor(username), agency=agency, unit=None, due="open").tasks
        return {task.arrival_id for task in tasks}

    def in_book(username: str) -> str:
        client = client_of(username)
        return client.get(f"{LIST}so/").content.decode()

    assert followed(CLERK) == {other.pk} and followed(CHAIR) == {arrival.pk, other.pk}
    assert f"{LIST}{arrival.pk}/" not in in_book(CLERK) and f"{LIST}{other.pk}/" in in_book(CLERK)
    assert f"{LIST}{arrival.pk}/" in in_book(CHAIR)
    wanted = opened_book(cast.actor(CHAIR), WantedBook("incoming", agency, BookFilters(THIS_MONTH)))  # type: ignore[arg-type]
    assert wanted.filters.readers == cast.actor(CHAIR).post_ids


def test_a_limited_outgoing_document_is_seen_by_named_posts_and_arrives_all_the_same():
    made = services.issue(
        agency_id=by_key(PROVINCE).id,
        new=new(limited=True),
        recipients=to(AGENCY),
        officer=cast.actor(PROVINCE_CLERK),
        key=uuid4(),
        uploads=scan(),
    )
    assert issues_for(cast.actor(PROVINCE_CLERK)).filter(pk=made.pk).exists()
    assert Arrival.objects.get() in found(CLERK, "giai ngan")
    limiting.open_to_all(subject=(ISSUE, made.pk), officer=cast.actor(PROVINCE_CLERK))
    assert made in found(PROVINCE_CLERK, "giai ngan")
    Issue.objects.filter(pk=made.pk).update(limited=True)
    assert found(PROVINCE_CLERK, "giai ngan") == []
    assert client_of(PROVINCE_CLERK).get(f"{OUT}{made.pk}/").status_code == 404


def test_the_answer_does_not_name_what_it_answers_to_who_may_not_see_it():
    arrival = presented()
    answer = services.issue(
        agency_id=by_key(AGENCY).id,
        new=new(answers=arrival.pk),
        recipients=to("huyen-cu-jut"),
        officer=cast.actor(CLERK),
        key=uuid4(),
        uploads=scan(),
    )
    clerk = client_of(CLERK)
    assert f"{LIST}{arrival.pk}/" in clerk.get(f"{OUT}{answer.pk}/").content.decode()
    limit(arrival)
    assert f"{LIST}{arrival.pk}/" not in clerk.get(f"{OUT}{answer.pk}/").content.decode()


def test_a_record_does_not_name_what_is_limited_to_others():
    arrival = settled_document()
    record = opened(notation="09.QLĐT")
    keeping.file(record_id=record.pk, subject=(DOCUMENT, arrival.pk), officer=cast.actor(HANDLER))
    (shown,) = items_of(cast.actor(ARCHIVIST), record)
    assert shown.listed and not shown.seen
    Arrival.objects.filter(pk=arrival.pk).update(limited=True)
    (shown,) = items_of(cast.actor(ARCHIVIST), record)
    assert not shown.listed
    (shown,) = items_of(cast.actor(HANDLER), record)
    assert shown.listed and shown.seen, "it was handed to them"


def test_a_record_can_be_kept_from_those_above():
    record = opened(notation="10.QLĐT", rights=Record.Rights.NAMED, posts=(tree_post("tuan.qldt"),))
    for username, seen in ((HANDLER, True), ("tuan.qldt", True), (HEAD, False), (CHAIR, False), (ARCHIVIST, False)):
        assert visible_records(cast.actor(username)).filter(pk=record.pk).exists() is seen
        assert (record in found(username, "10.qlđt")) is seen


@pytest.mark.parametrize("username", [CLERK, CHAIR, HEAD, HANDLER, PROVINCE_CLERK, "hoa.tckh"])
def test_the_keys_of_what_is_limited_say_exactly_who_sees_it(username: str):
    arrival, other = presented(), registered(mark=Mark("9", "BC-STC"))
    services.direct(**by(CHAIR, arrival), lead=unit(URBAN), cooperate=[unit(FINANCE)])
    limit(arrival, HANDLER)
    limit(other, HANDLER, by_whom=CLERK)
    limiting.limit(subject=(ISSUE, issued(AGENCY).pk), posts=[], officer=cast.actor(PROVINCE_CLERK))
    officer = cast.actor(username)
    readers = set(keys.readers_of(officer))
    by_keys = [line for line in Findable.objects.order_by("pk") if readers & set(line.keys)]
    assert [line.arrival_id for line in by_keys if line.arrival_id] == sorted(
        visible_to(officer).values_list("pk", flat=True)
    )
    assert [line.issue_id for line in by_keys if line.issue_id] == sorted(
        issues_for(officer).values_list("pk", flat=True)
    )
    assert len(find(officer, Wanted(kind="cong-van")).hits) == len(by_keys)


# the page


def test_the_page_limits_warns_and_opens_again():
    arrival = presented()
    address = f"/ban-lam-viec/van-ban/han-che/{DOCUMENT}/{arrival.pk}/"
    leader = client_of(CHAIR)
    assert leader.get(address).status_code == 200
    assert address in leader.get(f"{LIST}{arrival.pk}/").content.decode()
    assert leader.post(address, {"vi-tri": [str(tree_post(HANDLER))]}).status_code == 302
    arrival.refresh_from_db()
    assert arrival.limited and set(arrival.readers.values_list("pk", flat=True)) == {chair(), tree_post(HANDLER)}
    assert leader.post(address, {"cach": "moi"}).status_code == 302
    arrival.refresh_from_db()
    assert not arrival.limited and not arrival.readers.exists()


@pytest.mark.parametrize("odd", ["²", "9" * 18, "9" * 40, "a\0b"])
def test_forged_posts_limit_nothing(odd: str):
    arrival = presented()
    address = f"/ban-lam-viec/van-ban/han-che/{DOCUMENT}/{arrival.pk}/"
    assert client_of(CHAIR).post(address, {"vi-tri": [odd]}).status_code in (302, 422)
    assert client_of(CHAIR).get(f"/ban-lam-viec/van-ban/han-che/x/{arrival.pk}/").status_code == 404
    assert client_of(HANDLER).get(address).status_code == 404
    assert set(arrival.readers.values_list("pk", flat=True)) <= {chair()}


def test_what_was_registered_as_limited_leads_to_naming_who_sees_it():
    answer = client_of(CLERK).post(FORM, filled(**{"han-che": "1"}))
    arrival = Arrival.objects.get()
    assert arrival.limited and answer["Location"].endswith(f"/han-che/{DOCUMENT}/{arrival.pk}/")


# state secrets


@pytest.mark.parametrize(
    ("symbol", "abstract", "mark"),
    [
        ("BC-UBND (MẬT)", "", "mật"),
        ("BC-UBND-TỐI MẬT", "", "tối mật"),
        ("BC-UBND", "(TUYỆT MẬT) Về phương án", "tuyệt mật"),
        ("BC-UBND", "MẬT: về phương án", "mật"),
        ("BC-UBND", "Về phương án bảo vệ. MẬT", "mật"),
        ("BC-UBND", "Về phương án, độ mật: Tối mật", "tối mật"),
        ("BC-UBND", "Về bảo vệ bí mật nhà nước", None),
        ("BC-UBND", "VỀ CÔNG TÁC BẢO VỆ BÍ MẬT NHÀ NƯỚC", None),
        ("BC-UBND", "KẾ HOẠCH KIỂM TRA BẢO MẬT", None),
        ("BC-UBND", "Về mật độ xây dựng", None),
        ("MAT-UBND", "", None),
    ],
)
def test_the_mark_of_secrecy_is_told_from_the_common_word(symbol: str, abstract: str, mark: str | None):
    assert (secrecy.in_symbol(symbol) or secrecy.in_abstract(abstract)) == mark


@pytest.mark.parametrize(
    ("line", "mark"),
    [("MẬT", "mật"), ("  [ TỐI  MẬT ] ", "tối mật"), ("TUYỆT MẬT", "tuyệt mật"), ("Mật", None), ("BẢO MẬT", None)],
)
def test_the_mark_stands_alone_in_a_line_of_the_head(line: str, mark: str | None):
    head = "ỦY BAN NHÂN DÂN\nTỈNH ĐẮK NÔNG\n\nSố: 12/BC-UBND\n"
    assert secrecy.in_head(f"{head}{line}\nBÁO CÁO") == mark
    assert secrecy.in_head(head + "một dòng\n" * secrecy.HEAD_LINES + line) is None


@pytest.mark.parametrize("secret", [{"abstract": "Về phương án (MẬT)"}, {"mark": Mark("1", "BC-UBND(MẬT)")}])
def test_a_state_secret_is_not_registered_and_takes_no_number(secret: dict[str, Any]):
    with pytest.raises(services.Secret) as told:
        registered(**secret)
    assert told.value.way_out
    assert not Arrival.objects.exists() and registered().number == 1


def test_a_state_secret_is_not_issued():
    with pytest.raises(services.Secret):
        issued(abstract="TUYỆT MẬT: phương án")
    assert not Issue.objects.exists()


def test_a_file_whose_head_says_secret_is_not_registered_once_it_was_read():
    head = ("ỦY BAN NHÂN DÂN TỈNH", "Số: 12/BC-UBND", "TỐI MẬT", "BÁO CÁO", "Về phương án phòng thủ")
    clerk, key = client_of(CLERK), str(uuid4())
    upload = SimpleUploadedFile("bao cao.docx", samples.word(*head))
    page = clerk.post(FORM, {**filled(_lan=key), "tep": upload, "_doc": "1"})
    assert page.status_code == 422 and "TỐI MẬT" in page.content.decode()
    refused = clerk.post(FORM, filled(_lan=key))
    assert refused.status_code == 422 and not Arrival.objects.exists()
    assert Client().get(FORM).status_code == 302
