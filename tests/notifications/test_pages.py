"""The pages of messages: what one was told, nobody else's; what one wants to hear; what gateways report."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from lienthong.foundation import clock
from lienthong.notifications import kinds, queries, services
from lienthong.notifications.models import Delivery, Notification
from tests import cast
from tests.browsing import queries_of
from tests.notifications.messages import CODE, CONTEXT, WALK_IN, declare, deliveries, jobs, somebody, told

pytestmark = pytest.mark.django_db


def browser(username: str = cast.AN) -> Client:
    client = Client()
    client.force_login(cast.account(username))
    return client


def page(name: str, *args: Any) -> str:
    return reverse(f"notifications:{name}", args=args)


def text(answer: Any) -> str:
    return answer.content.decode()


def many(number: int, username: str = cast.AN) -> list[Notification]:
    made = []
    for n in range(number):
        with clock.at(cast.MONDAY + timedelta(minutes=n)):
            made.append(told(somebody(username), key=f"many-{n}", context={**CONTEXT, "code": f"H16-{n:03}"}))
    return [each for each in made if each]


def titles(answer: Any) -> list[str]:
    return [row.title for part in ("unread", "read") for row in answer.context[part]]


def test_the_unread_come_first_and_each_half_is_newest_first():
    first, second, third = many(3)
    services.mark_read(notification_id=third.pk, reader=cast.actor(cast.AN))
    answer = browser().get(page("list"))
    assert titles(answer) == [second.title, first.title, third.title]
    assert "Chưa đọc" in text(answer)


def test_paging_shows_every_message_once():
    made = many(2 * queries.PAGE + 5)
    for each in made[::2]:
        services.mark_read(notification_id=each.pk, reader=cast.actor(cast.AN))
    seen, address, client = [], page("list"), browser()
    while address:
        answer = client.get(address)
        seen += titles(answer)
        following = answer.context["next"]
        address = f"{page('list')}?sau={following}" if following else ""
    assert sorted(seen) == sorted(each.title for each in made)
    unread = {each.title for each in made[1::2]}
    assert set(seen[: len(unread)]) == unread


@pytest.mark.parametrize("place", ["", "unread-", "read-x", "unread-99999999999999999999", "other-1", "unread-٣"])
def test_a_place_that_is_none_shows_the_beginning(place: str):
    many(1)
    assert len(titles(browser().get(page("list"), {"sau": place}))) == 1


def test_the_list_makes_as_many_queries_for_twenty_as_for_one():
    many(1)
    client = browser()
    few = queries_of(lambda: client.get(page("list")))
    many(queries.PAGE + 10)
    assert queries_of(lambda: client.get(page("list"))) <= few <= 7


def test_looking_at_a_message_is_reading_it():
    message = told()
    assert message
    answer = browser().get(page("notification", message.pk))
    assert CODE in text(answer) and "/ho-so-cua-toi/12/" in text(answer)
    message.refresh_from_db()
    assert message.read_at == cast.MONDAY


def test_a_glance_at_its_head_is_not_reading_it():
    message = told()
    assert message
    browser().head(page("notification", message.pk))
    message.refresh_from_db()
    assert message.read_at is None


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_somebody_elses_message_is_not_there(method: str):
    message = told()
    assert message
    assert getattr(browser(cast.BICH), method)(page("notification", message.pk)).status_code == 404
    message.refresh_from_db()
    assert message.read_at is None


def test_a_message_to_somebody_without_an_account_is_nobodys_to_read():
    message = told(WALK_IN)
    assert message
    assert browser().get(page("notification", message.pk)).status_code == 404


def test_all_that_was_seen_is_marked_as_read_and_not_what_came_since():
    seen = many(3)
    client = browser()
    newest = client.get(page("list")).context["newest"]
    since = told(key="since")
    client.post(page("read_all"), {"den": newest})
    assert since and queries.unread_count(cast.account(cast.AN).pk) == 1
    assert all(Notification.objects.get(pk=each.pk).read_at for each in seen)


def test_nobody_marks_the_messages_of_others():
    theirs = many(2)
    browser(cast.BICH).post(page("read_all"), {"den": theirs[-1].pk})
    assert queries.unread_count(cast.account(cast.AN).pk) == 2


# the bell


def bell(client: Client, address: str = "/") -> str:
    said = text(client.get(address))
    return said.partition(f'href="{page("list")}"')[2].partition("</a>")[0]


@pytest.mark.parametrize(("username", "address"), [(cast.AN, "/"), (cast.HANDLER, "/ban-lam-viec/")])
def test_the_bell_counts_what_is_unread(username: str, address: str):
    client = browser(username)
    assert "chưa đọc" not in bell(client, address)
    many(3, username)
    assert "chưa đọc: </span>3</span>" in bell(client, address)


def test_the_bell_counts_no_further_than_ninety_nine():
    account = cast.account(cast.AN)
    fields = {"kind": "x", "language": "vi", "title": "x", "text": "x", "short": "x", "subject_type": "x"}
    Notification.objects.bulk_create(
        Notification(account=account, created_at=cast.MONDAY, subject_id=1, **fields) for _n in range(150)
    )
    assert ">99+<" in bell(browser())


def test_strangers_have_no_bell_and_cost_no_query():
    assert bell(Client()) == ""


# what one wants to hear


def test_what_is_chosen_counts_for_the_next_message():
    client = browser()
    answer = client.get(page("preferences"))
    groups = len(kinds.all_groups())
    # of each: in the account, e-mail, SMS; Zalo is off until somebody wants it
    assert text(answer).count(" checked") == 3 * groups
    client.post(page("preferences"), {"nhan": ["dossiers/zalo"], "ngon-ngu": "en"})
    message = told()
    assert message and message.language == "en" and set(deliveries(message)) == {"zalo"}
    assert text(client.get(page("preferences"))).count(" checked") == groups + 1


def test_what_is_not_offered_cannot_be_chosen():
    browser().post(page("preferences"), {"nhan": ["dossiers/fax", "other/email"], "ngon-ngu": "xx"})
    kept = queries.preferences_of(cast.account(cast.AN).pk)
    groups = [group.key for group in kinds.all_groups()]
    assert kept.choices == {f"{group}/{way}": False for group in groups for way in ("email", "sms", "zalo")}
    assert kept.language == ""


# the demonstration's files, and reports


def test_the_demonstration_shows_what_would_reach_a_telephone(settings: Any):
    message = told(WALK_IN)
    for call in jobs():
        services.deliver(call["delivery"], cast.MONDAY)
    assert message
    said = text(browser().get(page("written")))
    assert "0912345678" in said and f"Ho so {CODE}" in said
    settings.DEMO = False
    assert browser().get(page("written")).status_code == 404


GATEWAY = """
kind: message-channel
key: sms
name: Tin nhắn SMS
effective_from: 2020-01-01
reaches: mobile
full: false
marks: false
gateway:
  uses: http
  options:
    url: https://sms.example/send
    body: {to: "${to}", content: "${text}"}
    reports:
      secret: {environment: GATEWAY_REPORTS, header: X-Token}
      reference: said.id
      delivered: said.status == 'delivered'
"""


@pytest.mark.parametrize("json_body", [True, False])
def test_a_gateway_reports_what_arrived(monkeypatch: pytest.MonkeyPatch, json_body: bool):
    monkeypatch.setenv("GATEWAY_REPORTS", "r3port")
    declare(GATEWAY)
    delivery = deliveries(told(WALK_IN))["sms"]
    Delivery.objects.filter(pk=delivery.pk).update(state="sent", reference="sms-1")
    said = {"id": "sms-1", "status": "delivered"}
    given: dict[str, Any] = (
        {"data": json.dumps(said), "content_type": "application/json"} if json_body else {"data": said}
    )
    client = Client(enforce_csrf_checks=True)
    assert client.post(page("report", "sms"), **given).status_code == 404
    assert client.post(page("report", "sms"), headers={"X-Token": "wrong"}, **given).status_code == 404
    delivery.refresh_from_db()
    assert delivery.state == "sent"
    assert client.post(page("report", "sms"), headers={"X-Token": "r3port"}, **given).status_code == 204
    delivery.refresh_from_db()
    assert delivery.state == "delivered"


@pytest.mark.parametrize("body", ["", "[]", "{", '"x"', "null"])
def test_a_report_that_is_none_changes_nothing(monkeypatch: pytest.MonkeyPatch, body: str):
    monkeypatch.setenv("GATEWAY_REPORTS", "r3port")
    declare(GATEWAY)
    answer = Client().post(
        page("report", "sms"), data=body, content_type="application/json", headers={"X-Token": "r3port"}
    )
    assert answer.status_code == 404


@pytest.mark.parametrize("channel", ["email", "zalo", "fax"])
def test_channels_without_reports_take_none(channel: str):
    assert Client().post(page("report", channel), {"id": "1"}).status_code == 404


def test_everything_told_about_a_thing_is_found_with_what_became_of_it():
    made = told()
    ((found, sent),) = queries.told_about(("dossier", 12))
    assert made and found == made and {each.channel for each in sent} == {"email", "sms"}
    assert queries.told_about(("dossier", 13)) == []


def test_the_pages_speak_english_to_who_chose_it():
    told()
    client = browser()
    client.cookies["django_language"] = "en"
    with translation.override(None):
        assert "Not read yet" in text(client.get(page("list")))
