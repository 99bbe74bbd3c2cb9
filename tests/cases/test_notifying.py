"""What applicants are told: at every turn of their dossier, once, and with nothing in it that is not theirs to send."""

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest

from lienthong.cases import notifying, services
from lienthong.cases.models import Dossier
from lienthong.cases.services import carrying, extending
from lienthong.cases.services.pausing import supplement_until
from lienthong.foundation import clock
from lienthong.foundation.calendars.rules import Limit
from lienthong.foundation.ledger import delivery
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.ledger.subscriptions import subscribers_of
from lienthong.notifications.models import Delivery, Notification
from tests import cast
from tests.cases import dossiers
from tests.cases.dossiers import act
from tests.cases.mandates import QUAN, between, of_the_company
from tests.cases.test_representing import submitted as submitted_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with cast.on_monday():
        yield


def react(dossier: Dossier) -> None:
    """What the worker does after the events of a dossier, so far as applicants are told; twice is as once."""
    for entry in timeline(("dossier", dossier.pk)):
        for name in subscribers_of(entry.kind):
            if name.startswith("cases.tell_"):
                delivery.deliver(entry.id, entry.at, name)


def told(dossier: Dossier) -> list[str]:
    """The kinds of what was told about a dossier, in order."""
    react(dossier)
    react(dossier)
    about = Notification.objects.filter(subject_type="dossier", subject_id=dossier.pk).order_by("pk")
    return list(about.values_list("kind", flat=True))


def last(dossier: Dossier) -> Notification:
    return Notification.objects.filter(subject_id=dossier.pk).latest("pk")


def ways(notification: Notification) -> dict[str, str]:
    sent = Delivery.objects.filter(notification_id=notification.pk)
    return dict(sent.values_list("channel", "address"))


def asked_for_more(dossier: Dossier | None = None) -> Dossier:
    dossier = dossier or dossiers.in_hand()
    return act(dossier, cast.HANDLER, "tham-dinh", "yeu-cau-bo-sung", reason="Thiếu mặt cắt móng")


def test_handing_in_alone_is_told_by_the_page_and_not_by_a_message():
    assert told(dossiers.submitted()) == []


def test_a_received_dossier_is_told_with_its_code_and_date():
    dossier = dossiers.received()
    assert told(dossier) == ["dossier-received"]
    message = last(dossier)
    dossier.refresh_from_db()
    assert message.account_id == cast.account(cast.AN).pk
    assert dossier.code and dossier.code in message.title
    assert dossier.due_at and f"{clock.local(dossier.due_at):%H:%M %d/%m/%Y}" in message.text
    assert message.link == f"/ho-so-cua-toi/{dossier.pk}/"


def test_what_is_missing_is_told_with_what_and_until_when():
    dossier = asked_for_more()
    assert told(dossier) == ["dossier-received", "dossier-supplement-asked"]
    assert "Thiếu mặt cắt móng" in last(dossier).text
    until = supplement_until(Dossier.objects.get(pk=dossier.pk))
    assert ("Hạn bổ sung" in last(dossier).text) == (until is not None)


def test_what_is_there_already_is_not_asked_for_any_more():
    dossier = asked_for_more()
    services.supplement(dossier_id=dossier.pk, applicant=cast.actor(cast.AN), raw=dossiers.house(), note="Đã sửa.")
    assert told(dossier) == ["dossier-received"]


def test_a_refusal_is_told_with_its_reason():
    dossier = act(dossiers.submitted(), cast.CLERK, "tiep-nhan", "tu-choi", reason="Không thuộc thẩm quyền")
    assert told(dossier) == ["dossier-refused"]
    assert "Lý do: Không thuộc thẩm quyền" in last(dossier).text
    assert dossier.tracking in last(dossier).title


def test_a_stopped_dossier_is_told_with_the_reason():
    dossier = act(dossiers.in_hand(), cast.HANDLER, "tham-dinh", "dung", reason="Đất đang tranh chấp")
    assert told(dossier)[-1] == "dossier-stopped"
    assert "Đất đang tranh chấp" in last(dossier).text


def test_an_apology_is_told_with_both_dates():
    dossier = dossiers.in_hand()
    visit = dossiers.visit(dossier, "tham-dinh")
    before = Dossier.objects.get(pk=dossier.pk).due_at
    asked = extending.ask_extension(
        dossier_id=dossier.pk,
        visit_id=visit.pk,
        officer=cast.actor(cast.HANDLER),
        day=date(2025, 4, 25),
        reason="Chờ trích đo",
    )
    extending.decide_extension(extension_id=asked.pk, officer=cast.actor(cast.LEADER), grant=True)
    assert told(dossier)[-1] == "dossier-postponed"
    text = last(dossier).text
    assert before and f"{clock.local(before):%d/%m/%Y}" in text and "25/04/2025" in text and "Chờ trích đo" in text


def test_the_result_is_told_once_it_is_signed_and_not_before():
    dossier = dossiers.approved()
    assert told(dossier) == ["dossier-received"]
    dossiers.sign(dossier)
    assert told(dossier) == ["dossier-received", "dossier-ready"]


def test_who_applied_at_the_counter_is_told_by_the_telephone_and_e_mail_in_the_dossier():
    dossier = dossiers.submitted()
    Dossier.objects.filter(pk=dossier.pk).update(
        account=None,
        entered_by=cast.account(cast.CLERK),
        applicant_phone="0912345678",
        applicant_email="cuong@thu.example",
    )
    act(dossier, cast.CLERK, "tiep-nhan", "tiep-nhan")
    assert told(dossier) == ["dossier-received"]
    message = last(dossier)
    assert message.account_id is None and "/tra-cuu/?code=" in message.link
    assert ways(message) == {"email": "cuong@thu.example", "sms": "0912345678"}


def test_the_number_in_the_dossier_goes_before_that_of_the_account():
    dossier = dossiers.submitted()
    Dossier.objects.filter(pk=dossier.pk).update(applicant_phone="0987654321")
    act(dossier, cast.CLERK, "tiep-nhan", "tiep-nhan")
    told(dossier)
    assert ways(last(dossier))["sms"] == "0987654321"


def test_no_message_holds_the_number_of_a_person_in_its_short_text():
    dossier = asked_for_more()
    told(dossier)
    for message in Notification.objects.filter(subject_id=dossier.pk):
        assert "067085004127" not in message.text + message.short + message.title
        assert "Nguyễn Văn An" not in message.short and len(message.short) <= 160


# the end of the time for a supplement


def limited(monkeypatch: pytest.MonkeyPatch, limit: Limit | None) -> None:
    """As if the procedure gave so much time for a supplement."""
    declared = carrying.terms_of
    monkeypatch.setattr(carrying, "terms_of", lambda *of, **how: replace(declared(*of, **how), supplement_limit=limit))


def test_who_forgets_the_supplement_is_reminded_once_in_the_last_days(monkeypatch: pytest.MonkeyPatch):
    limited(monkeypatch, Limit.days(30))
    dossier = asked_for_more()
    until = supplement_until(Dossier.objects.get(pk=dossier.pk))
    assert until
    for days, kinds in ((20, []), (3, ["dossier-supplement-due"]), (2, ["dossier-supplement-due"])):
        with clock.at(until - timedelta(days=days)):
            notifying.remind_of_supplements(0)
        about = Notification.objects.filter(subject_id=dossier.pk)
        assert list(about.values_list("kind", flat=True)) == kinds
    assert f"{until:%d/%m/%Y}" in last(dossier).text


def test_nobody_is_reminded_where_no_limit_is_declared(monkeypatch: pytest.MonkeyPatch):
    limited(monkeypatch, None)
    asked_for_more()
    notifying.remind_of_supplements(0)
    assert not Notification.objects.exists()


# what an officer writes


def test_a_message_is_told_without_a_word_of_it():
    dossier = dossiers.in_hand()
    services.write(
        dossier_id=dossier.pk,
        text="Mời ông đến ký bản vẽ.",
        officer=cast.actor(cast.HANDLER),
        key=uuid.uuid4(),
    )
    assert told(dossier)[-1] == "dossier-word"
    message = last(dossier)
    assert message.link == f"/ho-so-cua-toi/{dossier.pk}/trao-doi/" and message.link in message.text
    assert "ký bản vẽ" not in message.title + message.text + message.short + str(message.data)


def test_whoever_is_acted_for_is_told_at_once_and_once():
    dossier = submitted_for(between())
    assert told(dossier) == ["dossier-for-you"]
    message = last(dossier)
    assert message.account_id == cast.account(cast.AN).pk and "Trần Thị Bích" in message.title


def test_other_representatives_of_a_company_are_told_and_not_who_handed_it_in():
    assert told(submitted_for(of_the_company(), QUAN)) == []
