"""The officer's side of the conversation: in the inbox until it is answered, answered from the dossier's page."""

import uuid
from typing import Any

import pytest
from django.test import Client

from lienthong.cases import services
from lienthong.cases.models import Dossier, Message
from tests import cast
from tests.cases import dossiers
from tests.workspace.conftest import a_pdf, desk, messages_on, page, readings, text

pytestmark = pytest.mark.django_db

QUESTION = "Bao giờ có kết quả ạ?"


def asked(dossier: Dossier, said: str = QUESTION) -> Message:
    return services.write_back(dossier_id=dossier.pk, text=said, applicant=cast.actor(cast.AN), key=uuid.uuid4())


def send(client: Client, dossier: Dossier, said: str = "Thứ năm ạ.", **more: Any) -> Any:
    sent = {"key": str(uuid.uuid4()), "text": said, **more}
    return client.post(page("talk", dossier.pk), sent, follow=True)


def test_a_question_is_in_the_inbox_until_it_is_answered():
    dossier, client = dossiers.in_hand(), desk(cast.HANDLER)
    asked(dossier)
    inbox = text(client.get(page("inbox")))
    assert "Trả lời người nộp" in inbox and f'href="{page("talk", dossier.pk)}"' in inbox
    opened = client.get(page("talk", dossier.pk))
    assert opened["Location"] == page("dossier", dossier.pk) + "#trao-doi"
    shown = text(client.get(page("dossier", dossier.pk)))
    assert QUESTION in shown and "Người nộp đang chờ trả lời" in shown and "Chưa trả lời" in shown
    assert messages_on(send(client, dossier))
    assert "Trả lời người nộp" not in text(client.get(page("inbox")))
    assert "Người nộp đang chờ trả lời" not in text(client.get(page("dossier", dossier.pk)))


def test_thanks_leave_the_inbox_without_an_answer():
    dossier, client = dossiers.in_hand(), desk(cast.HANDLER)
    asked(dossier, "Cảm ơn!")
    assert messages_on(client.post(page("leave_unanswered", dossier.pk), follow=True))
    assert "Trả lời người nộp" not in text(client.get(page("inbox")))


def test_a_message_is_new_until_somebody_saw_it_who_may_answer():
    dossier = dossiers.in_hand()
    message = asked(dossier)
    text(desk(cast.HEAD).get(page("dossier", dossier.pk)))
    message.refresh_from_db()
    assert message.read_at is None
    text(desk(cast.HANDLER).get(page("dossier", dossier.pk)))
    message.refresh_from_db()
    assert message.read_at == cast.MONDAY


def test_who_may_only_look_reads_and_has_no_form():
    dossier = dossiers.in_hand()
    asked(dossier)
    shown = text(desk(cast.HEAD).get(page("dossier", dossier.pk)))
    assert QUESTION in shown and 'name="text"' not in shown


@pytest.mark.parametrize("username", [cast.FIRE_POLICE, cast.HEAD])
def test_others_write_nothing(username: str):
    dossier = dossiers.in_hand()
    asked(dossier)
    assert send(desk(username), dossier).status_code in (403, 404)
    assert desk(username).post(page("leave_unanswered", dossier.pk)).status_code in (403, 404)
    assert Message.objects.count() == 1 and Message.objects.get().awaits


def test_a_refused_message_is_told_in_its_place_and_what_was_typed_is_there():
    dossier, client = dossiers.in_hand(), desk(cast.HANDLER)
    answer = send(client, dossier, "  ", wants_answer="1")
    assert answer.status_code == 422 and 'href="#message"' in text(answer)
    wrong = a_pdf("that.jpg")
    answer = send(client, dossier, "Xin xem <tệp>", files=wrong)
    assert answer.status_code == 422 and 'href="#files"' in text(answer) and "Xin xem &lt;tệp&gt;" in text(answer)
    assert not Message.objects.exists()


def test_an_answer_with_a_file_is_opened_on_record():
    dossier, client = dossiers.in_hand(), desk(cast.HANDLER)
    send(client, dossier, files=a_pdf(), wants_answer="1")
    file = dossier.message_files.get()
    link = page("talk_file", dossier.pk, file.pk)
    assert link in text(client.get(page("dossier", dossier.pk)))
    assert client.get(link)["Content-Type"] == "application/pdf"
    assert {"file": file.file_id} in readings(dossier)
    assert desk(cast.TWO_AGENCIES).get(link).status_code in (200, 404)
    assert Message.objects.get().awaits


def test_two_presses_of_one_form_send_one_message():
    dossier, client, key = dossiers.in_hand(), desk(cast.HANDLER), str(uuid.uuid4())
    for _press in range(2):
        assert send(client, dossier, key=key).status_code == 200
    assert Message.objects.count() == 1


def test_an_applicant_without_an_account_is_called():
    dossier = dossiers.in_hand()
    Dossier.objects.filter(pk=dossier.pk).update(
        account=None, entered_by=cast.account(cast.CLERK), applicant_phone="0912345678"
    )
    shown = text(desk(cast.HANDLER).get(page("dossier", dossier.pk)))
    assert 'href="tel:0912345678"' in shown and 'name="text"' not in shown
    assert send(desk(cast.HANDLER), dossier).status_code == 422


def test_the_history_tells_that_they_wrote_to_each_other():
    dossier = dossiers.in_hand()
    asked(dossier)
    send(desk(cast.HANDLER), dossier)
    shown = text(desk(cast.HANDLER).get(page("dossier", dossier.pk)))
    assert "Người nộp đã viết tin nhắn" in shown and "Cán bộ" in shown
