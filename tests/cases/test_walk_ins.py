"""What is handed in at the counter is the applicant's, never the clerk's: whose it is, and what they can do with it."""

import uuid
from importlib import import_module
from threading import Event, Thread
from time import sleep

import pytest
from django.db import IntegrityError, connection, transaction

from lienthong.cases import jobs, notifying, services
from lienthong.cases.again import earlier_dossier
from lienthong.cases.models import Document, Dossier, StepVisit
from lienthong.cases.personal_data import dossiers as copied
from lienthong.cases.queries import NoSuchDossier
from lienthong.cases.queries import counter as queries
from lienthong.cases.queries.documents import documents_of
from lienthong.cases.queries.holdings import held_by_agencies, readings_of
from lienthong.cases.queries.lists import OwnFilters, dossiers_of_applicant
from lienthong.cases.queries.todo import todo_of
from lienthong.cases.rules import ReasonNeeded, Status, TooLateToWithdraw
from lienthong.cases.rules.counter import Counted
from lienthong.cases.services import claiming, counter
from lienthong.cases.services.supplementing import PartOfAnother
from lienthong.cases.services.talking import NobodyReads
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.ledger.queries import timeline
from lienthong.identity.models import Person
from lienthong.identity.services import confirming
from lienthong.notifications.models import Notification
from lienthong.notifications.queries import told_about
from tests import cast
from tests.cases import births, dossiers
from tests.cases.test_counter import entry, take_in

AN_ID = "067085004127"


@pytest.fixture(autouse=True)
def monday():
    with cast.on_monday():
        yield


def walk_in() -> Dossier:
    return take_in(entry())


def confirm(username: str = cast.AN) -> int:
    person = confirming.make_code(actor=cast.actor(username))
    confirming.confirm(officer=cast.actor(cast.CLERK), code=person.code or "", number=person.person_id)
    return person.account_id


def confirmed_and_claimed(username: str = cast.AN) -> list[int]:
    confirm(username)
    (told,) = [
        entry for entry in timeline(("account", cast.account(username).pk)) if entry.kind == "identity.number_confirmed"
    ]
    before = set(Dossier.objects.filter(account__username=username).values_list("pk", flat=True))
    jobs.claim(told)
    jobs.claim(told)
    return sorted(set(Dossier.objects.filter(account__username=username).values_list("pk", flat=True)) - before)


def mine(username: str = cast.AN) -> list[int]:
    return [each.pk for each in dossiers_of_applicant(cast.actor(username), OwnFilters())]


def kinds(dossier: Dossier) -> list[str]:
    return [entry.kind for entry in timeline(("dossier", dossier.pk))]


@pytest.mark.django_db
class TestWhoseItIs:
    def test_without_a_confirmed_number_it_is_nobodys_and_the_clerk_entered_it(self):
        assert Person.objects.filter(person_id=AN_ID).exists(), "somebody says to have this number"
        dossier = walk_in()
        assert (dossier.account_id, dossier.entered_by) == (None, cast.account(cast.CLERK))
        assert mine() == [] and mine(cast.CLERK) == []

    def test_with_a_confirmed_number_it_is_the_persons(self):
        account = confirm()
        dossier = walk_in()
        assert (dossier.account_id, dossier.entered_by) == (account, cast.account(cast.CLERK))
        assert mine() == [dossier.pk] and mine(cast.CLERK) == []

    def test_the_number_of_a_closed_account_counts_no_more(self):
        confirm()
        Person.objects.get(person_id=AN_ID).account.__class__.objects.filter(username=cast.AN).update(is_active=False)
        assert walk_in().account_id is None

    def test_what_is_handed_in_online_was_entered_by_nobody(self):
        dossier = dossiers.submitted()
        assert (dossier.account, dossier.entered_by) == (cast.account(cast.AN), None)

    def test_the_database_wants_one_of_the_two(self):
        dossier = dossiers.submitted()
        with pytest.raises(IntegrityError), transaction.atomic():
            Dossier.objects.filter(pk=dossier.pk).update(account=None)

    def test_the_same_entry_twice_is_one_dossier_and_only_the_clerks(self):
        confirm()
        key = uuid.uuid4()

        def hand_in(username: str) -> Dossier:
            return services.open_dossier(
                procedure_key=dossiers.PERMIT,
                competent_key=dossiers.GIA_NGHIA,
                raw=dossiers.house(),
                actor=cast.actor(username),
                idempotency_key=key,
            )

        assert hand_in(cast.CLERK).pk == hand_in(cast.CLERK).pk
        for other in (cast.TWO_AGENCIES, cast.AN):
            with pytest.raises(NoSuchDossier):
                hand_in(other)

    def test_the_page_after_taking_in_is_the_clerks_alone(self):
        confirm()
        dossier = walk_in()
        assert counter.own_dossier(dossier.pk, cast.actor(cast.CLERK)).pk == dossier.pk
        assert counter.taken_in_from(dossier.draft_key, cast.actor(cast.CLERK)).pk == dossier.pk
        with pytest.raises(NoSuchDossier):
            counter.own_dossier(dossier.pk, cast.actor(cast.TWO_AGENCIES))

    def test_a_clerk_who_reads_it_again_is_on_record(self):
        dossier = walk_in()
        services.read_dossier(dossier_id=dossier.pk, actor=cast.actor(cast.CLERK))
        assert [each.kind for each in timeline(("dossier-read", dossier.pk))][-1] == "cases.seen"

    def test_what_the_clerks_had_is_brought_over(self):
        migration = import_module("lienthong.cases.migrations.0009_walk_ins")
        clerk, walked, online = cast.account(cast.CLERK), walk_in(), dossiers.submitted()
        privately = dossiers.submitted()
        Dossier.objects.filter(pk=walked.pk).update(account=clerk, entered_by=None)
        Dossier.objects.filter(pk=privately.pk).update(account=clerk)
        with connection.cursor() as cursor:
            cursor.execute(migration.OF_THE_CLERKS)
        found = {each.pk: (each.account_id, each.entered_by_id) for each in Dossier.objects.all()}
        assert found[walked.pk] == (None, clerk.pk)
        assert found[online.pk] == (cast.account(cast.AN).pk, None)
        assert found[privately.pk] == (clerk.pk, None), "what an officer handed in online is the officer's own"


@pytest.mark.django_db
class TestClaiming:
    def test_who_confirms_the_number_later_gets_what_was_handed_in_before(self):
        first, second = walk_in(), walk_in()
        others = take_in(entry(typed="", owner__person_id="067192001239", owner__full_name="Trần Thị Bích"))
        assert confirmed_and_claimed() == [first.pk, second.pk]
        assert mine() == [second.pk, first.pk] and kinds(first).count("cases.claimed") == 1
        others.refresh_from_db()
        assert others.account_id is None and mine(cast.BICH) == []

    def test_a_number_that_is_only_said_gets_nothing(self):
        dossier = walk_in()
        assert claiming.claim(account_id=cast.account(cast.AN).pk) == []
        dossier.refresh_from_db()
        assert dossier.account_id is None

    def test_what_belongs_to_somebody_stays_theirs(self):
        online = dossiers.submitted(cast.BICH)
        assert online.applicant_person_id == AN_ID
        assert confirmed_and_claimed() == [] and mine(cast.BICH) == [online.pk]

    def test_the_papers_come_along(self):
        dossier = dossiers.submitted(cast.CLERK)
        jobs.keep_handed_in(timeline(("dossier", dossier.pk))[0])
        assert not Document.objects.exists()
        confirmed_and_claimed()
        found = documents_of(cast.actor(cast.AN))
        assert [each.origin for each in found] == ["handed-in", "handed-in"]
        assert documents_of(cast.actor(cast.CLERK)) == []

    def test_what_was_opened_for_it_elsewhere_comes_along_with_its_results(self):
        dossier, residence, insurance = births.passed_on(by=births.CLERK)
        clerk = cast.account(births.CLERK)
        for each in (dossier, residence, insurance):
            assert (each.account_id, each.entered_by) == (None, clerk)
        jobs.keep_results(next(e for e in timeline(("dossier", dossier.pk)) if e.kind == "cases.signed"))
        assert not Document.objects.exists()
        assert confirmed_and_claimed(births.MOTHER) == sorted([dossier.pk, residence.pk, insurance.pk])
        found = documents_of(cast.actor(births.MOTHER))
        assert [each.origin for each in found].count("result") == 1

    def test_the_form_of_the_next_application_knows_it(self):
        dossier = walk_in()
        assert earlier_dossier(cast.actor(cast.AN), dossiers.PERMIT, None) is None
        confirmed_and_claimed()
        found = earlier_dossier(cast.actor(cast.AN), dossiers.PERMIT, None)
        assert found is not None and found.pk == dossier.pk
        assert earlier_dossier(cast.actor(cast.CLERK), dossiers.PERMIT, None) is None

    def test_it_stands_in_what_is_held_about_the_person(self):
        dossier = walk_in()
        an = cast.actor(cast.AN)
        assert held_by_agencies(an) == [] and copied(an.account_id).data == []
        services.read_dossier(dossier_id=dossier.pk, actor=cast.actor(cast.HEAD))
        confirmed_and_claimed()
        assert [each.dossiers for each in held_by_agencies(an)] == [1]
        assert [each["ma_ho_so"] for each in copied(an.account_id).data] == [dossier.code]
        assert [each.who for each in readings_of(an).rows] == [cast.actor(cast.HEAD).name]


@pytest.mark.django_db
class TestTelling:
    def told(self, dossier: Dossier) -> list[Notification]:
        for happened in timeline(("dossier", dossier.pk)):
            if happened.kind == "cases.received":
                notifying.tell_received(happened)
        return [message for message, _ways in told_about(("dossier", dossier.pk))]

    def test_who_has_no_account_is_told_by_what_the_form_says(self):
        dossier = walk_in()
        (message,) = self.told(dossier)
        (ways,) = [ways for _message, ways in told_about(("dossier", dossier.pk))]
        assert message.account_id is None and "/tra-cuu/" in message.link
        assert dossier.applicant_phone in {way.address for way in ways}
        clerk = cast.account(cast.CLERK)
        assert not Notification.objects.filter(account=clerk).exists()
        assert not {clerk.phone, clerk.email} & {way.address for way in ways}

    def test_who_has_one_is_told_there_too(self):
        account = confirm()
        (message,) = self.told(walk_in())
        assert message.account_id == account and "/tra-cuu/" not in message.link


@pytest.mark.django_db
class TestAfterwards:
    def waiting(self) -> Dossier:
        dossier = walk_in()
        handler = cast.actor(cast.HANDLER).acting.id
        dossiers.act(dossier, cast.HEAD, "phan-cong", "phan-cong", post_id=handler)
        return dossiers.act(dossier, cast.HANDLER, "tham-dinh", "yeu-cau-bo-sung", reason="Thiếu mặt cắt móng")

    def test_without_an_account_what_was_missing_is_brought_to_the_counter(self):
        dossier = self.waiting()
        for username in (cast.AN, cast.CLERK):
            with pytest.raises(NoSuchDossier):
                services.start_supplement(dossier_id=dossier.pk, applicant=cast.actor(username))
            with pytest.raises(NoSuchDossier):
                services.supplement(dossier_id=dossier.pk, applicant=cast.actor(username), note="Đây")
        found = queries.waiting_at_counter(cast.actor(cast.CLERK), dossier.code)
        assert [each.dossier.pk for each in found] == [dossier.pk]
        counter.bring_supplement(
            dossier_id=dossier.pk, officer=cast.actor(cast.CLERK), counted={"ban-ve": Counted(copies=1)}
        )
        dossier.refresh_from_db()
        assert dossier.status == Status.PROCESSING

    def test_with_an_account_the_person_has_it_to_do_and_can_hand_it_in(self):
        dossier = self.waiting()
        assert todo_of(cast.actor(cast.AN)) == [] and todo_of(cast.actor(cast.CLERK)) == []
        confirmed_and_claimed()
        assert [each.dossier.pk for each in todo_of(cast.actor(cast.AN))] == [dossier.pk]
        services.start_supplement(dossier_id=dossier.pk, applicant=cast.actor(cast.AN))
        services.submit_supplement(dossier_id=dossier.pk, applicant=cast.actor(cast.AN), note="Móng như cũ.")
        dossier.refresh_from_db()
        assert dossier.status == Status.PROCESSING

    def test_the_conversation_is_for_who_has_an_account(self):
        dossier, key = walk_in(), uuid.uuid4()
        clerk = cast.actor(cast.CLERK)
        with pytest.raises(NobodyReads):
            services.write(dossier_id=dossier.pk, text="Mời đến", officer=clerk, key=key)
        with pytest.raises(NoSuchDossier):
            services.write_back(dossier_id=dossier.pk, text="Bao giờ xong?", applicant=clerk, key=key)
        confirmed_and_claimed()
        services.write(dossier_id=dossier.pk, text="Mời đến", officer=clerk, key=key)
        services.write_back(dossier_id=dossier.pk, text="Bao giờ?", applicant=cast.actor(cast.AN), key=uuid.uuid4())

    def test_the_clerk_takes_it_back_when_the_person_asks(self):
        dossier, clerk = walk_in(), cast.actor(cast.CLERK)
        with pytest.raises(NoSuchDossier):
            services.withdraw(dossier_id=dossier.pk, applicant=clerk)
        with pytest.raises(ReasonNeeded):
            counter.withdraw_at_counter(dossier_id=dossier.pk, officer=clerk, reason=" ")
        for other in (cast.HANDLER, cast.HEAD, cast.LEADER):
            with pytest.raises(NotAllowed):
                counter.withdraw_at_counter(dossier_id=dossier.pk, officer=cast.actor(other), reason="Đổi ý")
        counter.withdraw_at_counter(dossier_id=dossier.pk, officer=clerk, reason="Đổi ý")
        dossier.refresh_from_db()
        assert dossier.status == Status.WITHDRAWN
        closed = StepVisit.objects.filter(dossier=dossier).latest("pk")
        assert (closed.done_by, closed.note) == (cast.account(cast.CLERK), "Đổi ý")
        with pytest.raises(TooLateToWithdraw):
            counter.withdraw_at_counter(dossier_id=dossier.pk, officer=clerk, reason="Đổi ý")

    def test_whose_it_is_withdraws_it_at_home(self):
        dossier = walk_in()
        confirmed_and_claimed()
        assert services.withdraw(dossier_id=dossier.pk, applicant=cast.actor(cast.AN)).status == Status.WITHDRAWN


def test_a_number_confirmed_while_the_clerk_takes_it_in_loses_no_dossier(committed):
    """The reception has looked whose the number is and is not over: claiming waits for it."""
    with cast.on_monday():
        an = cast.account(cast.AN).pk
    looked, found = Event(), []

    def receive():
        try:
            with cast.on_monday(), transaction.atomic():
                found.append(walk_in().pk)
                looked.set()
                sleep(0.5)
        finally:
            connection.close()

    reception = Thread(target=receive)
    reception.start()
    assert looked.wait(10)
    with cast.on_monday():
        confirm()
        claimed = claiming.claim(account_id=an)
    reception.join()
    assert claimed == found
    assert Dossier.objects.get(pk=found[0]).account_id == an


@pytest.mark.django_db
def test_for_what_was_opened_elsewhere_the_person_comes_to_the_counter_they_know():
    _dossier, residence, _insurance = births.passed_on(by=births.CLERK)
    police, commune = births.POLICE[0], cast.actor(births.CLERK)
    dossiers.act(residence, police, "tiep-nhan", "yeu-cau-bo-sung", reason="Thiếu văn bản đồng ý")
    residence.refresh_from_db()
    found = queries.waiting_at_counter(commune, residence.tracking)
    assert [each.dossier.pk for each in found] == [residence.pk]
    with pytest.raises(PartOfAnother):
        counter.withdraw_at_counter(dossier_id=residence.pk, officer=commune, reason="Đổi ý")
    with pytest.raises(NotAllowed):
        counter.bring_supplement(
            dossier_id=residence.pk, officer=cast.actor(cast.CLERK), counted={}, note="Của người khác"
        )
    counter.bring_supplement(dossier_id=residence.pk, officer=commune, counted={}, note="Đây", accept=False)
    residence.refresh_from_db()
    assert residence.paused_at is None
