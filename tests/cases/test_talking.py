"""The conversation inside a dossier: who writes to whom, once; what is asked is not forgotten; nobody else reads it."""

import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from lienthong.cases import services
from lienthong.cases.models import Dossier, Message, MessageFile
from lienthong.cases.queries import NoSuchDossier
from lienthong.cases.queries.talk import PAGE, conversation
from lienthong.cases.rules import Status
from lienthong.cases.rules import talking as rules
from lienthong.cases.services.handling import NotYourStep
from lienthong.cases.services.reading import NoSuchFile
from lienthong.cases.services.talking import Enclosed, NobodyReads, see
from lienthong.foundation import clock
from lienthong.foundation.files.errors import FileRefused
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.ledger.queries import timeline
from lienthong.work.models import WorkItem
from tests import cast
from tests.cases import dossiers

QUESTION = "Cho tôi hỏi bao giờ có kết quả ạ?"


@pytest.fixture(autouse=True)
def monday():
    with cast.on_monday():
        yield


def ask(dossier: Dossier, text: str = QUESTION, username: str = cast.AN, **rest: Any) -> Message:
    given = {"key": uuid.uuid4(), **rest}
    return services.write_back(dossier_id=dossier.pk, text=text, applicant=cast.actor(username), **given)


def say(dossier: Dossier, text: str = "Thứ năm ạ.", username: str = cast.HANDLER, **rest: Any) -> Message:
    given = {"key": uuid.uuid4(), **rest}
    return services.write(dossier_id=dossier.pk, text=text, officer=cast.actor(username), **given)


def waiting(dossier: Dossier) -> list[WorkItem]:
    return list(WorkItem.objects.filter(is_open=True, subject_type="conversation", subject_id=dossier.pk))


def post_of(username: str) -> int:
    return cast.actor(username).acting.id


def texts(dossier: Dossier) -> list[str]:
    return [said.message.text for said in conversation(dossier, by_applicant=True).said]


@pytest.mark.django_db
class TestAsking:
    def test_a_question_lies_with_who_has_the_dossier_and_is_due_by_the_calendar(self):
        dossier = dossiers.in_hand()
        ask(dossier)
        (item,) = waiting(dossier)
        assert item.post_id == post_of(cast.HANDLER) and item.task == "Trả lời người nộp"
        assert clock.local(item.due_at).date().isoformat() == "2025-03-05"

    def test_a_second_question_opens_no_second_task_and_keeps_the_first_date(self):
        dossier = dossiers.in_hand()
        ask(dossier)
        before = waiting(dossier)[0].due_at
        with clock.at(cast.MONDAY + timedelta(days=1)):
            ask(dossier, "Và lệ phí bao nhiêu?")
        assert [item.due_at for item in waiting(dossier)] == [before]

    def test_before_reception_and_after_the_result_the_reception_answers(self):
        for dossier in (dossiers.submitted(), _returned()):
            ask(dossier)
            (item,) = waiting(dossier)
            clerk = cast.actor(cast.CLERK)
            assert (item.organisation_id, item.role, item.post_id) == (
                clerk.acting.organisation.id,
                "one-stop-clerk",
                None,
            )
            say(dossier, username=cast.CLERK)
            assert waiting(dossier) == []

    def test_what_is_not_answered_goes_along_when_the_dossier_is_passed_on(self):
        dossier = dossiers.received()
        ask(dossier)
        assert waiting(dossier)[0].role == "head-of-unit"
        dossiers.act(dossier, cast.HEAD, "phan-cong", "phan-cong", post_id=post_of(cast.HANDLER))
        assert [item.post_id for item in waiting(dossier)] == [post_of(cast.HANDLER)]
        visit = dossiers.visit(dossier, "tham-dinh")
        services.transfer(
            dossier_id=dossier.pk,
            visit_id=visit.pk,
            post_id=post_of(cast.OTHER_HANDLER),
            officer=cast.actor(cast.HEAD),
            reason="Nghỉ ốm",
        )
        assert [item.post_id for item in waiting(dossier)] == [post_of(cast.OTHER_HANDLER)]

    def test_while_an_agency_is_consulted_the_question_stays_with_the_handler(self):
        dossier = dossiers.in_hand()
        dossiers.act(dossier, cast.HANDLER, "tham-dinh", "lay-y-kien", reason="Nhà có kinh doanh")
        ask(dossier)
        assert [item.post_id for item in waiting(dossier)] == [post_of(cast.HANDLER)]

    def test_the_ledger_says_that_somebody_wrote_and_not_what(self):
        dossier = dossiers.in_hand()
        ask(dossier)
        say(dossier, "Bí mật riêng")
        back, forth = timeline(("dossier", dossier.pk))[-2:]
        assert (back.kind, forth.kind) == ("cases.written_by_applicant", "cases.written_to_applicant")
        assert dict(back.data) == {"message": Message.objects.first().pk, "characters": len(QUESTION), "files": 0}
        assert "riêng" not in str(dict(forth.data))

    def test_the_same_form_writes_once(self):
        dossier, key = dossiers.in_hand(), uuid.uuid4()
        enclosed = [Enclosed("anh.jpg", cast.photo())]
        first = ask(dossier, key=key, files=enclosed)
        again = ask(dossier, key=key, files=enclosed)
        assert first.pk == again.pk and Message.objects.count() == 1
        assert MessageFile.objects.count() == 1 and len(waiting(dossier)) == 1
        assert StoredFile.objects.filter(name="anh.jpg").count() == 1

    def test_the_key_of_somebody_elses_message_finds_nothing(self):
        dossier, key = dossiers.in_hand(), uuid.uuid4()
        ask(dossier, key=key)
        assert say(dossier, key=key).from_applicant is False
        assert Message.objects.count() == 2

    def test_an_applicant_who_writes_too_often_waits(self):
        dossier = dossiers.in_hand()
        for n in range(rules.AT_ONCE):
            ask(dossier, f"{n}")
        with pytest.raises(rules.TooOften) as refused:
            ask(dossier)
        assert "10" in refused.value.way_out and Message.objects.count() == rules.AT_ONCE
        with clock.at(cast.MONDAY + rules.STRETCH):
            ask(dossier)

    @pytest.mark.parametrize("text", ["", "  \n\t ", "\u200b", "\x00\x08"])
    def test_nothing_is_no_message(self, text: str):
        dossier = dossiers.in_hand()
        with pytest.raises(rules.NothingWritten):
            ask(dossier, text)
        assert Message.objects.count() == 0

    def test_a_text_is_kept_whole_or_refused(self):
        dossier = dossiers.in_hand()
        ask(dossier, "ế" * rules.LONGEST)
        with pytest.raises(rules.TooLong):
            ask(dossier, "ế" * (rules.LONGEST + 1))
        assert Message.objects.count() == 1

    def test_a_refused_file_refuses_the_message_with_it(self):
        dossier = dossiers.in_hand()
        with pytest.raises(FileRefused):
            ask(dossier, files=[Enclosed("tot.jpg", cast.photo()), Enclosed("xau.exe", b"MZ" + b"0" * 100)])
        with pytest.raises(rules.TooManyFiles):
            ask(dossier, files=[Enclosed("tot.jpg", cast.photo())] * (rules.MOST_FILES + 1))
        assert not Message.objects.exists() and not StoredFile.objects.filter(name="tot.jpg").exists()

    def test_a_dossier_is_asked_about_until_thirty_days_after_its_end(self):
        dossier = _returned()
        with clock.at(cast.MONDAY + timedelta(days=30)):
            ask(dossier)
        with clock.at(cast.MONDAY + timedelta(days=30, seconds=1)):
            with pytest.raises(rules.TalkClosed):
                ask(dossier)
            with pytest.raises(rules.TalkClosed):
                say(dossier, username=cast.CLERK)
        assert Message.objects.count() == 1

    def test_a_strangers_dossier_is_not_there(self):
        dossier = dossiers.in_hand()
        for username in (cast.BICH, cast.HANDLER):
            with pytest.raises(NoSuchDossier):
                ask(dossier, username=username)
        with pytest.raises(NoSuchDossier):
            services.write_back(dossier_id=0, text="x", applicant=cast.actor(cast.AN), key=uuid.uuid4())
        assert not Message.objects.exists()


def _returned() -> Dossier:
    dossier = dossiers.approved()
    last = dossiers.PROCEDURE.pinned(dossier.procedure_id).process.steps[-1]
    dossier = dossiers.act(dossier, cast.CLERK, last.key, last.actions[0].key)
    assert dossier.status == Status.RETURNED
    return dossier


@pytest.mark.django_db
class TestAnswering:
    def test_an_answer_closes_the_task(self):
        dossier = dossiers.in_hand()
        ask(dossier)
        say(dossier)
        assert waiting(dossier) == []
        done = WorkItem.objects.get(subject_type="conversation", subject_id=dossier.pk)
        assert (done.outcome, done.done_by_id) == ("answered", cast.actor(cast.HANDLER).account_id)
        assert not Message.objects.filter(awaits=True).exists()
        assert texts(dossier) == [QUESTION, "Thứ năm ạ."]

    def test_thanks_need_no_answer_and_the_next_question_opens_a_task_again(self):
        dossier = dossiers.in_hand()
        ask(dossier, "Cảm ơn!")
        officer = cast.actor(cast.HANDLER)
        assert services.leave_unanswered(dossier_id=dossier.pk, officer=officer)
        assert not services.leave_unanswered(dossier_id=dossier.pk, officer=officer)
        assert waiting(dossier) == [] and timeline(("dossier", dossier.pk))[-1].kind == "cases.left_unanswered"
        ask(dossier)
        assert len(waiting(dossier)) == 1

    @pytest.mark.parametrize("username", [cast.FIRE_POLICE, cast.HEAD, cast.OTHER_HANDLER])
    def test_who_has_no_step_writes_nothing_and_closes_nothing(self, username: str):
        dossier = dossiers.in_hand()
        ask(dossier)
        with pytest.raises(NotYourStep):
            say(dossier, username=username)
        with pytest.raises(NotYourStep):
            services.leave_unanswered(dossier_id=dossier.pk, officer=cast.actor(username))
        assert Message.objects.count() == 1 and len(waiting(dossier)) == 1

    def test_an_officers_question_waits_until_the_applicant_writes(self):
        dossier = dossiers.in_hand()
        question = say(dossier, "Nhà có tầng hầm không?", wants_answer=True)
        assert question.awaits
        ask(dossier, "Không ạ.")
        question.refresh_from_db()
        assert not question.awaits and question.read_at

    def test_nobody_writes_to_who_has_no_account_to_read_in(self):
        dossier = dossiers.in_hand()
        clerk = cast.account(cast.CLERK)
        Dossier.objects.filter(pk=dossier.pk).update(account=None, entered_by=clerk, channel=Dossier.Channel.DIRECT)
        with pytest.raises(NobodyReads):
            say(dossier)
        with pytest.raises(NoSuchDossier):
            ask(dossier, username=cast.CLERK)
        assert not Message.objects.exists()


@pytest.mark.django_db
class TestReading:
    def test_seeing_marks_what_the_other_side_wrote_once(self):
        dossier = dossiers.in_hand()
        mine, theirs = ask(dossier), say(dossier)
        shown = conversation(dossier, by_applicant=True)
        assert [said.new for said in shown.said] == [False, True] and shown.new == 1
        assert see(dossier=dossier, messages=shown.messages, by_applicant=True) == 1
        again = conversation(dossier, by_applicant=True)
        assert again.new == 0 and see(dossier=dossier, messages=again.messages, by_applicant=True) == 0
        theirs.refresh_from_db()
        mine.refresh_from_db()
        assert theirs.read_at == cast.MONDAY

    def test_a_long_conversation_is_read_page_by_page(self):
        dossier = dossiers.in_hand()
        for n in range(PAGE + 3):
            say(dossier, f"{n}")
        newest = conversation(dossier, by_applicant=True)
        assert [said.message.text for said in newest.said] == [f"{n}" for n in range(3, PAGE + 3)]
        earlier = conversation(dossier, by_applicant=True, before=newest.before)
        assert [said.message.text for said in earlier.said] == ["0", "1", "2"] and earlier.before is None

    def test_a_file_is_opened_by_who_may_see_the_dossier_and_that_is_on_record(self):
        dossier, other = dossiers.in_hand(), dossiers.in_hand()
        ask(dossier, files=[Enclosed("anh.jpg", cast.photo())])
        file = MessageFile.objects.get()

        def read(username: str, where: Dossier = dossier) -> StoredFile:
            return services.read_enclosed(dossier_id=where.pk, enclosed_id=file.pk, actor=cast.actor(username))

        assert read(cast.HANDLER).pk == file.file_id and read(cast.AN).pk == file.file_id
        assert [dict(entry.data) for entry in timeline(("dossier-read", dossier.pk))] == [{"file": file.file_id}]
        with pytest.raises(NoSuchDossier):
            read(cast.BICH)
        with pytest.raises(NoSuchFile):
            read(cast.HANDLER, other)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"from_applicant": False}, {"text": "a" * (rules.LONGEST + 1)}], ids=["an officer has a post", "length"]
)
def test_the_database_keeps_the_rules_too(wrong: dict[str, Any]):
    dossier = dossiers.submitted()
    good = {"dossier": dossier, "key": uuid.uuid4(), "from_applicant": True, "text": "a", "sent_at": cast.MONDAY}
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(author=cast.account(cast.AN), **{**good, **wrong})


def test_two_presses_at_once_write_one_message(committed: None):
    dossier, key = dossiers.in_hand(), uuid.uuid4()
    start, written = threading.Barrier(4), []

    def press() -> None:
        try:
            start.wait()
            with cast.on_monday():
                written.append(ask(dossier, key=key).pk)
        finally:
            connection.close()

    presses = [threading.Thread(target=press) for _n in range(4)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert len(written) == 4 and len(set(written)) == 1
    assert Message.objects.count() == 1 and len(waiting(dossier)) == 1


@given(st.lists(st.integers(0, 3600), max_size=40))
def test_nobody_gets_more_than_the_allowed_messages_into_any_stretch(waits: list[int]):
    sent, now = [], cast.MONDAY
    for wait in waits:
        now += timedelta(seconds=wait)
        try:
            rules.require_pause(sent, now=now)
        except rules.TooOften:
            continue
        sent.append(now)
    assert all(sum(moment <= other < moment + rules.STRETCH for other in sent) <= rules.AT_ONCE for moment in sent)
