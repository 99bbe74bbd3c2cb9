"""Feeds: read back with another hand than the one that wrote them; secret addresses; what is asked again."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from lienthong.foundation.ledger.models import Entry
from lienthong.foundation.organisations.models import Absence
from lienthong.identity.models import Account
from lienthong.meetings import rules, services
from lienthong.meetings.models import Feed
from lienthong.meetings.rules import Access, Part, State
from tests import cast
from tests.identity.roles import signed_in
from tests.meetings.conftest import (
    AGENCY,
    CHAIR,
    KEEPER,
    OTHER_UNIT,
    TUESDAY,
    WEEK,
    at,
    chair,
    entered,
    new,
    published,
    registered,
)

pytestmark = pytest.mark.django_db
PUBLIC = f"/lich-cong-tac/{AGENCY}.ics"


def events(body: bytes) -> dict[str, dict[str, str]]:
    """By summary; RFC 5545 3.1 by hand: lines unfolded, names apart from values."""
    found: list[dict[str, str]] = []
    for line in body.decode().replace("\r\n ", "").split("\r\n"):
        name, _colon, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and not line.startswith(("END:", "BEGIN:")):
            found[-1].setdefault(name, value)
    return {event["SUMMARY"]: event for event in found}


def own(username: str = CHAIR) -> str:
    return f"/lich-cong-tac/rieng/{services.make_feed(officer=cast.actor(username))}.ics"


def test_a_feed_is_as_the_standard_says():
    made = entered(
        access=Access.PUBLIC,
        content="Họp; bàn về đê, điều " + "tiếng Việt có dấu " * 8,
        when=at(8, until=time(9, 30)),
        remark="Xe 48A",
    )
    published()
    answer = Client().get(PUBLIC)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    lines = answer.content.split(b"\r\n")
    assert max(map(len, lines)) <= 75 and b"\n" not in b"".join(lines)
    assert lines[0] == b"BEGIN:VCALENDAR" and b"TZID:Asia/Ho_Chi_Minh" in lines and b"TZOFFSETTO:+0700" in lines
    event = next(iter(events(answer.content).values()))
    assert event["SUMMARY"].startswith("Họp\\; bàn về đê\\, điều")
    assert event["DTSTART;TZID=Asia/Ho_Chi_Minh"] == "20250304T080000"
    assert event["DTEND;TZID=Asia/Ho_Chi_Minh"] == "20250304T093000"
    assert (event["SEQUENCE"], event["STATUS"], event["CLASS"]) == ("0", "CONFIRMED", "PUBLIC")
    assert event["UID"].startswith(f"{made.key.hex}@") and event["DTSTAMP"].endswith("Z")
    assert b"48A" not in answer.content
    again = Calendar.from_ical(answer.content).walk("VEVENT")[0]
    assert again.decoded("dtstart").astimezone(UTC) == datetime(2025, 3, 4, 1, tzinfo=UTC)


def test_days_and_hours_that_are_not_settled():
    entered(access=Access.PUBLIC, content="Đi tỉnh", when=rules.when(TUESDAY, TUESDAY + timedelta(days=1)))
    entered(access=Access.PUBLIC, content="Họp", when=rules.when(TUESDAY, part=Part.MORNING))
    published()
    found = events(Client().get(PUBLIC).content)
    assert found["Đi tỉnh"]["DTSTART;VALUE=DATE"] == "20250304"
    assert found["Đi tỉnh"]["DTEND;VALUE=DATE"] == "20250306"
    assert found["(Sáng\\, giờ chưa định) Họp"]["TRANSP"] == "TRANSPARENT"


def test_what_is_moved_has_a_higher_sequence_and_what_is_cancelled_says_so():
    made = entered(access=Access.PUBLIC, content="Họp")
    published()
    before = events(Client().get(PUBLIC).content)["Họp"]
    moved = new(access=Access.PUBLIC, content="Họp", when=at(15))
    services.change(engagement_id=made.pk, new=moved, officer=cast.actor(KEEPER), sequence=0)
    after = events(Client().get(PUBLIC).content)["Họp"]
    assert (before["SEQUENCE"], after["SEQUENCE"], before["UID"]) == ("0", "1", after["UID"])
    services.end(engagement_id=made.pk, officer=cast.actor(KEEPER), state=State.CANCELLED, reason="Bão")
    gone = events(Client().get(PUBLIC).content)["(Hủy) Họp"]
    assert (gone["STATUS"], gone["SEQUENCE"], gone["UID"]) == ("CANCELLED", "2", before["UID"])


def test_asked_again_it_says_only_that_it_is_the_same():
    entered(access=Access.PUBLIC, content="Họp")
    published()
    tag = Client().get(PUBLIC)["ETag"]
    same = Client().get(PUBLIC, headers={"If-None-Match": tag})
    assert (same.status_code, same.content) == (304, b"")
    entered(access=Access.PUBLIC, content="Họp thêm")
    assert Client().get(PUBLIC, headers={"If-None-Match": tag}).status_code == 200


def test_the_own_feed_has_what_is_private_and_not_what_waits_for_approval():
    entered(access=Access.PRIVATE, content="Khám sức khỏe", remark="Xe 48A")
    registered(content="Chưa duyệt")
    answer = Client().get(own())
    found = events(answer.content)
    assert set(found) == {"Khám sức khỏe"} and found["Khám sức khỏe"]["CLASS"] == "CONFIDENTIAL"
    assert "48A" in answer.content.decode() and answer["Cache-Control"] == "private, no-cache"
    assert events(Client().get(own(OTHER_UNIT)).content) == {}


def test_of_two_addresses_only_the_last_reads_and_a_revoked_one_nothing():
    first, second = own(), own()
    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)
    services.revoke_feed(officer=cast.actor(CHAIR))
    services.revoke_feed(officer=cast.actor(CHAIR))
    assert Client().get(second).status_code == 404
    assert Entry.objects.filter(kind="meetings.feed_revoked").count() == 1


def test_the_address_ends_with_the_account_and_with_the_post():
    address = own()
    Account.objects.filter(username=CHAIR).update(is_active=False)
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("token", ["x", "%00", "²", "a" * 3000])
def test_guessed_addresses_are_not_found(token):
    assert Client().get(f"/lich-cong-tac/rieng/{token}.ics").status_code == 404


def test_the_secret_is_shown_once_and_kept_nowhere():
    client = signed_in(CHAIR)
    shown = client.post(f"{WEEK}dong-bo/").content.decode()
    secret = shown.partition("/rieng/")[2].partition(".ics")[0]
    assert len(secret) >= 40 and Client().get(f"/lich-cong-tac/rieng/{secret}.ics").status_code == 200
    assert secret not in client.get(f"{WEEK}dong-bo/").content.decode()
    assert Feed.objects.get().digest == rules.digest(secret) != secret
    assert client.post(f"{WEEK}dong-bo/thu-hoi/").status_code == 302 and not Feed.objects.exists()


def test_who_stands_in_reads_the_engagements_of_the_post():

    entered(access=Access.PRIVATE, content="Việc của Chủ tịch")
    address = own(cast.LEADER)
    assert events(Client().get(address).content) == {}
    Absence.objects.create(
        post_id=chair(),
        account=cast.account(CHAIR),
        substitute=cast.account(cast.LEADER),
        valid_from=date(2025, 3, 3),
        valid_to=date(2025, 3, 4),
    )
    assert set(events(Client().get(address).content)) == {"Việc của Chủ tịch"}
