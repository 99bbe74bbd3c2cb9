"""What a document is called that was limited after something was to be done about it: told in the inbox of those alone
who may see it, and again to all at the desk when it is opened to them."""

from importlib import import_module

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthong.documents import services
from lienthong.documents.models import Arrival, Issue
from lienthong.documents.services import copies, limiting
from lienthong.documents.services.carrying import DOCUMENT
from lienthong.documents.services.issuing import ISSUE
from lienthong.foundation import clock
from lienthong.work import queries, reminders
from lienthong.work.models import WorkItem
from tests import cast
from tests.cast import client_of
from tests.documents.conftest import AGENCY, CHAIR, CLERK, HANDLER, HEAD, URBAN, chair, in_days, presented
from tests.documents.test_changing import arrival_at, decided
from tests.documents.test_copies import asked, sent
from tests.documents.test_finding_limits import limit
from tests.documents.test_incoming import by, unit
from tests.documents.test_outgoing import PROVINCE_CLERK, taken_in

pytestmark = pytest.mark.django_db

ABSTRACT, PHRASE = "Về việc luân chuyển cán bộ", "một văn bản hạn chế"


def inbox(username: str, text: str = "") -> str:
    answer = client_of(username).get("/ban-lam-viec/", {"tim": text})
    assert answer.status_code == 200
    return answer.content.decode()


def found(username: str, text: str) -> int:
    """How many tasks are found by words, in the list and in the figures above it alike."""
    now, filters = clock.now(), queries.Filters(text=text)
    officer = cast.actor(username)
    listed = len(queries.inbox(officer, filters, now=now, soon=now))
    standing = queries.standing(officer, filters, now=now, soon=now, days=1)
    assert sum(standing.counts.values()) == listed
    return listed


def names(username: str, code: str) -> bool:
    """Whether the inbox tells what it is called; else it says no more than that there is one."""
    page = inbox(username)
    told = {ABSTRACT in page, code in page, PHRASE not in page}
    assert len(told) == 1, "half of it is told"
    return told.pop()


def finds(username: str, code: str) -> bool:
    return {found(username, text) for text in ("luan chuyen", code)} == {1}


def recalled() -> Arrival:
    """A document of which the clerks have to confirm that it is not used."""
    made = decided(abstract=ABSTRACT)
    arrival = taken_in(arrival_at(AGENCY, made), present_to=chair())
    services.recall(issue_id=made.pk, officer=cast.actor(PROVINCE_CLERK), reason="Nhầm")
    return arrival


def test_clerks_who_are_not_named_read_and_find_it_no_more_until_it_is_opened():
    arrival = recalled()
    code = arrival.document.code
    assert names(CLERK, code) and finds(CLERK, code)
    limit(arrival, HANDLER)
    assert not names(CLERK, code) and found(CLERK, "luan chuyen") == found(CLERK, code) == 0
    limit(arrival, CLERK)
    assert names(CLERK, code), "who is named reads it in the inbox that all clerks share"
    limiting.open_to_all(subject=(DOCUMENT, arrival.pk), officer=cast.actor(CHAIR))
    assert names(CLERK, code) and finds(CLERK, code)


def test_the_morning_reminds_of_it_without_its_number():
    arrival = recalled()
    limit(arrival, HANDLER)
    assert reminders.plan(clock.today())
    assert reminders.send(cast.account(CLERK).pk, clock.today())
    (message,) = mail.outbox
    said = f"{message.subject} {message.body} {message.alternatives[0][0]}"  # type: ignore[attr-defined]
    assert "Xác nhận" in said and arrival.document.code not in said and ABSTRACT not in said and "- :" not in said


def test_whom_it_was_handed_to_reads_and_finds_it_as_before():
    arrival = presented(abstract=ABSTRACT)
    services.direct(**by(CHAIR, arrival), lead=unit(URBAN), due_at=in_days(2))
    limit(arrival)
    for username in (HEAD, CHAIR):
        assert names(username, arrival.document.code) and finds(username, arrival.document.code), username


def test_the_clerk_who_hands_out_its_kept_copy_is_not_told_what_it_is():
    made = sent(abstract=ABSTRACT)
    use = asked(made, by=HANDLER)
    copies.decide_on_copy(use_id=use.pk, permit=True, words="Đồng ý", officer=cast.actor(CHAIR))
    keeps_its_name_for_those_who_see_it(made, CLERK, CHAIR)


def test_the_clerk_to_whom_it_came_back_is_not_told_what_it_is():
    made = decided(abstract=ABSTRACT)
    services.send_back(arrival_id=arrival_at(AGENCY, made).pk, officer=cast.actor(CLERK), reason="Nhầm nơi nhận")
    keeps_its_name_for_those_who_see_it(made, PROVINCE_CLERK, PROVINCE_CLERK)


def keeps_its_name_for_those_who_see_it(made: Issue, clerk: str, by_whom: str) -> None:
    code, officer = made.document.code, cast.actor(by_whom)
    assert names(clerk, code) and finds(clerk, code)
    limiting.limit(subject=(ISSUE, made.pk), posts=(), officer=officer)
    if clerk == by_whom:
        made.readers.clear()
    assert not names(clerk, code) and found(clerk, "luan chuyen") == found(clerk, code) == 0
    made.readers.set(officer.post_ids)
    limiting.open_to_all(subject=(ISSUE, made.pk), officer=officer)
    assert names(clerk, code) and finds(clerk, code)


def test_one_more_costs_the_inbox_no_query_more():
    def cost() -> int:
        with CaptureQueriesContext(connection) as made:
            inbox(CLERK)
        return len(made)

    limit(recalled(), CLERK)
    cost()
    before = cost()
    limit(recalled(), CLERK)
    assert inbox(CLERK).count(ABSTRACT) == 2 and cost() == before


def test_what_was_limited_before_is_named_no_more_either():
    arrival, made = recalled(), sent(abstract=ABSTRACT)
    use = asked(made, by=HANDLER)
    copies.decide_on_copy(use_id=use.pk, permit=True, words="Đồng ý", officer=cast.actor(CHAIR))
    other = presented(abstract="Về việc khác")
    Arrival.objects.filter(pk=arrival.pk).update(limited=True)
    Issue.objects.filter(pk=made.pk).update(limited=True)
    assert WorkItem.objects.filter(is_open=True, title=ABSTRACT, role="document-clerk").count() == 2
    with connection.cursor() as cursor:
        cursor.execute(import_module("lienthong.documents.migrations.0020_limited_items").NAMELESS)
    shared = WorkItem.objects.filter(is_open=True, role="document-clerk")
    assert set(shared.values_list("title", "code", "limited")) == {(PHRASE, "", True)}
    assert WorkItem.objects.filter(is_open=True, title=other.document.abstract).exists()
