"""The applicant's side of the conversation: on the dossier's page, without scripts, nothing typed is lost."""

import uuid
from typing import Any

import pytest
from django.test import Client

from lienthong.cases import services
from lienthong.cases.models import Dossier, Message, MessageFile
from lienthong.cases.rules.talking import AT_ONCE, LONGEST
from tests import cast
from tests.browsing import queries_of
from tests.cases import dossiers
from tests.portal.conftest import a_photo, browser_of, page

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    return answer.content.decode()


def send(
    client: Client, dossier: Dossier, said: str = "Bao giờ có kết quả ạ?", follow: bool = False, **more: Any
) -> Any:
    sent = {"khoa": str(uuid.uuid4()), "noi-dung": said, **more}
    return client.post(page("talk", dossier.pk), sent, follow=follow)


def answered(dossier: Dossier, said: str = "Thứ năm ạ.", **more: Any) -> Message:
    officer = cast.actor(cast.HANDLER)
    return services.write(dossier_id=dossier.pk, text=said, officer=officer, key=uuid.uuid4(), **more)


def test_a_question_is_sent_and_stands_in_the_dossier(an: Client):
    dossier = dossiers.in_hand()
    shown = text(an.get(page("dossier", dossier.pk)))
    assert page("talk", dossier.pk) in shown and "Phòng Quản lý đô thị" in shown
    answer = send(an, dossier, "Dòng một\r\nDòng <hai>", tep=a_photo("so-do.jpg"))
    assert answer["Location"] == page("talk", dossier.pk)
    for name in ("talk", "dossier"):
        shown = text(an.get(page(name, dossier.pk)))
        assert "Dòng một\nDòng &lt;hai&gt;" in shown and "so-do.jpg" in shown
    again = send(an, dossier, "Còn nữa", follow=True)
    assert "Bạn nhận được trả lời trong 2 ngày làm việc" in text(again) and "no-store" in again["Cache-Control"]


def test_an_answer_is_marked_new_until_it_was_shown(an: Client):
    dossier = dossiers.in_hand()
    answered(dossier)
    first, second = (text(an.get(page("dossier", dossier.pk))) for _time in range(2))
    assert "1 tin mới" in first and "Thứ năm ạ." in first and cast.account(cast.HANDLER).full_name in first
    assert "1 tin mới" not in second and "Thứ năm ạ." in second


def test_a_question_of_the_officer_stands_on_top_with_the_form_open(an: Client):
    dossier = dossiers.in_hand()
    answered(dossier, "Nhà có tầng hầm không?", wants_answer=True)
    assert "Cán bộ chờ bạn trả lời" in text(an.get(page("dossier", dossier.pk)))
    send(an, dossier, "Không ạ.")
    assert "Cán bộ chờ bạn trả lời" not in text(an.get(page("dossier", dossier.pk)))


@pytest.mark.parametrize("said", ["  ", "x" * (LONGEST + 1)])
def test_what_is_refused_is_said_beside_the_box_and_nothing_typed_is_lost(an: Client, said: str):
    dossier, key = dossiers.in_hand(), str(uuid.uuid4())
    answer = send(an, dossier, said, khoa=key)
    assert answer.status_code == 422 and 'href="#noi-dung"' in text(answer)
    assert key in text(answer) and said in text(answer)
    assert not Message.objects.exists()


def test_a_wrong_file_is_said_beside_the_chooser(an: Client):
    dossier = dossiers.in_hand()
    answer = send(an, dossier, "Đây ạ", tep=a_photo("that.pdf"))
    assert answer.status_code == 422 and 'href="#tep"' in text(answer) and "Đây ạ" in text(answer)
    assert "that.pdf" in text(answer) and not Message.objects.exists()


def test_who_writes_too_often_is_asked_to_wait(an: Client):
    dossier = dossiers.in_hand()
    for _n in range(AT_ONCE):
        send(an, dossier)
    answer = send(an, dossier, "Còn nữa")
    assert answer.status_code == 429 and "Còn nữa" in text(answer)


def test_two_presses_of_one_form_send_one_message(an: Client):
    dossier, key = dossiers.in_hand(), str(uuid.uuid4())
    for _press in range(2):
        assert send(an, dossier, khoa=key).status_code == 302
    assert Message.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x", "1" * 400])
def test_a_form_without_its_key_sends_nothing(an: Client, key: str):
    assert send(an, dossiers.in_hand(), khoa=key).status_code == 200
    assert not Message.objects.exists()


def test_another_persons_conversation_is_not_there(an: Client, bich: Client):
    dossier = dossiers.in_hand()
    send(an, dossier, tep=a_photo())
    file = MessageFile.objects.get()
    officer = browser_of(cast.HANDLER)
    assert an.get(page("talk_file", dossier.pk, file.pk)).status_code == 200
    for client in (bich, officer):
        assert client.get(page("talk", dossier.pk)).status_code == 404
        assert client.get(page("talk_file", dossier.pk, file.pk)).status_code == 404
        assert send(client, dossier, "Tôi là An").status_code == 404
    assert Message.objects.count() == 1
    assert an.get(page("talk_file", dossiers.in_hand().pk, file.pk)).status_code == 404


def test_earlier_messages_are_on_pages_of_their_own(an: Client):
    dossier = dossiers.in_hand()
    for n in range(25):
        answered(dossier, f"Tin số {n:02}.")
    newest = text(an.get(page("talk", dossier.pk)))
    assert "Tin số 24." in newest and "Tin số 04." not in newest
    earlier = text(an.get(page("talk", dossier.pk) + f"?truoc={Message.objects.order_by('pk')[5].pk}"))
    assert "Tin số 04." in earlier and "Tin số 05." not in earlier and "<textarea" not in earlier
    assert an.get(page("talk", dossier.pk) + "?truoc=" + "9" * 30).status_code == 200


def test_the_conversation_costs_the_same_however_long_it_is(an: Client):
    dossier = dossiers.in_hand()
    answered(dossier, files=[services.talking.Enclosed("a.jpg", cast.photo())])
    few = queries_of(lambda: an.get(page("talk", dossier.pk)))
    for n in range(8):
        answered(dossier, f"{n}", files=[services.talking.Enclosed(f"{n}.jpg", cast.photo())])
    assert queries_of(lambda: an.get(page("talk", dossier.pk))) == few == 8
