"""What a person has to do, sorted by when; the own list narrowed and searched; at a fixed cost."""

import re
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lienthong.cases import services
from lienthong.cases.models import Dossier
from lienthong.cases.queries import lists
from lienthong.cases.queries.todo import todo_of
from lienthong.cases.rules import Status
from lienthong.cases.services import carrying
from lienthong.foundation import clock
from lienthong.foundation.calendars.rules import Limit
from tests import cast
from tests.browsing import queries_of
from tests.cases import dossiers
from tests.portal.conftest import page
from tests.portal.test_dossiers import finished, waiting

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    return answer.content.decode()


def kinds() -> list[str]:
    return [each.kind for each in todo_of(cast.actor(cast.AN))]


def ask(dossier: Dossier, said: str = "Nhà có tầng hầm không?", **more: Any) -> None:
    given = {"wants_answer": True, **more}
    services.write(dossier_id=dossier.pk, text=said, officer=cast.actor(cast.HANDLER), key=uuid.uuid4(), **given)


def owing() -> Dossier:
    """A dossier that waits for a payment. No procedure of the province asks for one, so it is made to."""
    dossier = waiting()
    Dossier.objects.filter(pk=dossier.pk).update(status=Status.FINANCIAL)
    return dossier


def within(monkeypatch: pytest.MonkeyPatch, days: dict[int, int]) -> None:
    """As if the procedure gave these dossiers so many days for a supplement."""
    declared = carrying.Handled.terms.fget

    def terms(handled: carrying.Handled) -> Any:
        limit = days.get(handled.dossier.pk)
        return replace(declared(handled), supplement_limit=Limit.days(limit) if limit else None)

    monkeypatch.setattr(carrying.Handled, "terms", property(terms))


def test_everything_that_waits_is_there_once_with_one_button(an: Client):
    supplement, result, question = waiting(), finished(), dossiers.in_hand()
    ask(question)
    ask(question, "Và mấy tầng?")
    assert sorted(kinds()) == ["answer", "result", "supplement"]
    shown = text(an.get(page("mine")))
    todo = shown[shown.index("Việc bạn cần làm") :]
    for name, dossier in (("supplement", supplement), ("dossier", result), ("talk", question)):
        assert todo.count(f'href="{page(name, dossier.pk)}"') >= 1
    assert "tầng hầm" not in shown, "a message is read where it is answered"


def test_what_is_due_comes_first_and_then_what_waited_longest(monkeypatch: pytest.MonkeyPatch):
    question, later, sooner = dossiers.in_hand(), waiting(), waiting()
    ask(question)
    with clock.at(cast.MONDAY + timedelta(hours=1)):
        payment = owing()
    within(monkeypatch, {later.pk: 20, sooner.pk: 10})
    found = todo_of(cast.actor(cast.AN))
    assert [each.dossier.pk for each in found] == [sooner.pk, later.pk, question.pk, payment.pk]
    assert found[0].due and found[0].due < found[1].due
    assert found[3].kind == "payment" and found[3].due is None


def test_what_is_done_is_gone(an: Client):
    dossier = dossiers.in_hand()
    ask(dossier)
    services.write_back(dossier_id=dossier.pk, text="Không", applicant=cast.actor(cast.AN), key=uuid.uuid4())
    supplement = waiting()
    services.supplement(dossier_id=supplement.pk, applicant=cast.actor(cast.AN), note="Đây ạ")
    assert kinds() == []
    assert "Việc bạn cần làm" not in text(an.get(page("mine")))


def test_a_question_that_can_be_answered_no_more_is_nothing_to_do():
    dossier = dossiers.in_hand()
    ask(dossier)
    services.withdraw(dossier_id=dossier.pk, applicant=cast.actor(cast.AN), reason="Thôi")
    assert kinds() == ["answer"]
    with clock.at(cast.MONDAY + timedelta(days=31)):
        assert kinds() == []


def test_a_result_that_is_still_being_signed_is_nothing_to_take():
    dossiers.approved()
    assert kinds() == []


def test_nobody_is_told_of_what_others_have_to_do():
    ask(dossiers.in_hand())
    waiting()
    assert todo_of(cast.actor(cast.BICH)) == []


def test_the_page_costs_the_same_however_much_there_is_to_do(an: Client):
    for make in (waiting, finished, owing):
        make()
    ask(dossiers.in_hand())
    few = queries_of(lambda: an.get(page("mine")))
    for _more in range(3):
        waiting()
        ask(dossiers.in_hand())
    assert queries_of(lambda: an.get(page("mine"))) == few <= 13


def test_a_new_message_is_marked_in_the_list_until_it_is_read(an: Client):
    dossier = dossiers.in_hand()
    ask(dossier, wants_answer=False)
    assert "tin mới" in text(an.get(page("mine")))
    an.get(page("talk", dossier.pk))
    assert "tin mới" not in text(an.get(page("mine")))


# the list


def listed(answer: Any) -> list[int]:
    return [each.dossier.pk for each in answer.context["dossiers"]]


def test_the_list_is_searched_without_accents_by_code_subject_and_procedure(an: Client):
    dossier = dossiers.received()
    other = dossiers.submitted(site__location={"unit": "24617", "detail": "7 Lê Lợi"})
    for said, found in (
        ("tran hung dao", [dossier.pk]),
        ("le loi", [other.pk]),
        (dossier.code or "", [dossier.pk]),
        (other.tracking, [other.pk]),
        ("cap giay phep xay dung", [other.pk, dossier.pk]),
        ("khai sinh", []),
        ("'; --", []),
    ):
        assert listed(an.get(page("mine"), {"tim": said})) == found, said
    nothing = text(an.get(page("mine"), {"tim": "khai sinh"}))
    assert "Không có hồ sơ nào" in nothing and f'href="{page("mine")}"' in nothing and 'value="khai sinh"' in nothing


def test_the_list_is_narrowed_by_state(an: Client):
    handled, asked, done = dossiers.in_hand(), waiting(), finished()
    assert listed(an.get(page("mine"), {"trang-thai": "dang-giai-quyet"})) == [handled.pk]
    assert listed(an.get(page("mine"), {"trang-thai": "cho-ban"})) == [asked.pk]
    assert listed(an.get(page("mine"), {"trang-thai": "co-ket-qua"})) == [done.pk]
    assert listed(an.get(page("mine"), {"trang-thai": "bay-ba"})) == [done.pk, asked.pk, handled.pk]


def test_pages_follow_each_other_without_losing_the_words(an: Client, monkeypatch: pytest.MonkeyPatch):
    made = [dossiers.submitted().pk for _n in range(5)]
    monkeypatch.setattr(lists, "PAGE", 2)
    monkeypatch.setattr("lienthong.portal.views.dossiers.PAGE", 2)
    seen, there = [], "?tim=tran+hung+dao"
    while there:
        answer = an.get(page("mine") + there)
        seen += listed(answer)
        assert "tim=tran+hung+dao" in there
        there = answer.context["older"]
    assert seen == made[::-1]


def test_a_short_list_has_no_search_and_a_long_one_has(an: Client):
    dossiers.submitted()
    assert 'name="tim"' not in text(an.get(page("mine")))
    for _more in range(4):
        dossiers.submitted()
    assert re.search(r'<form[^>]*role="search"', text(an.get(page("mine"))))
