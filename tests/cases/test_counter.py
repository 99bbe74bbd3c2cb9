"""Receiving at a counter: who stands there, which papers are missing, one go from the number to the receipt."""

import uuid
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.cases import values
from lienthong.cases.models import CounterEntry, Dossier, StepVisit
from lienthong.cases.queries import counter as queries
from lienthong.cases.queries.gates import NoSuchDossier
from lienthong.cases.rules import NotWaiting, Status
from lienthong.cases.rules.counter import Counted, lacking, missing, moved_on, read_card
from lienthong.cases.services import counter
from lienthong.cases.services.papers import receipt_of
from lienthong.cases.services.returning import Return
from lienthong.foundation import clock
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.clock import ZONE
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.queries import by_key, province
from lienthong.procedures.shapes import Component, Verb
from tests import cast
from tests.cases import dossiers
from tests.foundation.papers.reading import letters_of, words_of

CARD = "067085004127|245123456|Nguyễn Văn An|14031985|Nam|Số 42, tổ dân phố 3, Nghĩa Trung, Gia Nghĩa|01072021"
AN_ID = "067085004127"
FULL = {"giay-to-dat": Counted(copies=1), "ban-ve": Counted(originals=2)}


@pytest.fixture(autouse=True)
def monday():
    with cast.on_monday():
        yield


def entry(username: str = cast.CLERK, typed: str = CARD, **changes: str) -> CounterEntry:
    """With everything a building permit wants; papers counted."""
    officer = cast.actor(username)
    begun = counter.begin_entry(officer=officer, typed=typed)
    counter.choose_procedure(key=begun.key, officer=officer, procedure_key=dossiers.PERMIT)
    return filled(begun, username, **changes)


def filled(begun: CounterEntry, username: str = cast.CLERK, counted=None, reason: str = "", **changes: str):
    officer = cast.actor(username)
    saved = counter.entry_of(begun.key, officer)
    everything = counter.with_everything(list(counter.procedure_of(saved).components), {})
    return counter.save_entry(
        key=begun.key,
        officer=officer,
        raw=dossiers.house(**changes),
        counted=everything if counted is None else counted,
        person={},
        competent_id=None,
        returned=Return(),
        reason=reason,
    )


def take_in(begun: CounterEntry, outcome=Verb.ACCEPT, username: str = cast.CLERK) -> Dossier:
    return counter.take_in(key=begun.key, officer=cast.actor(username), outcome=outcome)


# whose card it is


def test_the_code_on_a_card_says_who_it_is():
    assert read_card(CARD) == {
        "person_id": AN_ID,
        "name": "Nguyễn Văn An",
        "born": "1985-03-14",
        "gender": "1",
        "address": "Số 42, tổ dân phố 3, Nghĩa Trung, Gia Nghĩa",
    }


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("067 085 004 127", {"person_id": AN_ID}),
        ("067.085.004.127", {"person_id": AN_ID}),
        (f"{AN_ID}||Trần Thị Bích|31/02/1992|Nữ", {"person_id": AN_ID, "name": "Trần Thị Bích", "gender": "2"}),
        (f"{AN_ID}¦245¦NU¦02-11-1992¦nu¦", {"person_id": AN_ID, "name": "NU", "born": "1992-11-02", "gender": "2"}),
        (f"{CARD}||Lê Thị Mẹ|Nguyễn Văn Cha|", read_card(CARD)),
        ("245123456", {}),
        ("", {}),
    ],
)
def test_a_card_is_read_also_where_parts_are_missing_or_written_otherwise(text, read):
    assert read_card(text) == read


@given(st.text(max_size=700))
def test_nothing_that_is_scanned_breaks_the_reading(text):
    assert all(isinstance(value, str) and value for value in read_card(text).values())


# which papers are missing

PLAN = Component(key="ban-ve", name="Bản vẽ", originals=1, certified=1, copies=1)


@pytest.mark.parametrize(
    ("counted", "lack"),
    [
        (Counted(), Counted(1, 1, 1)),
        (Counted(originals=3), Counted()),
        (Counted(originals=1, certified=2), Counted()),
        (Counted(originals=1, copies=5), Counted(certified=1)),
        (Counted(certified=3), Counted(originals=1)),
        (Counted(waived=True), Counted()),
    ],
)
def test_a_better_paper_does_for_a_lesser_one_never_the_other_way_round(counted, lack):
    assert lacking(PLAN, counted) == lack


@given(st.tuples(*[st.integers(0, 5)] * 6))
def test_bringing_what_is_lacking_is_enough_and_more_never_makes_it_less(numbers):
    wanted = Component(key="x", name="x", originals=numbers[0], certified=numbers[1], copies=numbers[2])
    have = Counted(*numbers[3:])
    assert not lacking(wanted, have + lacking(wanted, have)).any


def test_what_may_be_left_out_or_is_made_from_the_form_is_never_missing():
    optional = PLAN.model_copy(update={"required": False})
    made = PLAN.model_copy(update={"from_form": True})
    assert missing([optional, made], {}) == {}
    assert missing([PLAN], {"ban-ve": "nonsense"}) == {"ban-ve": Counted(1, 1, 1)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("came", "day"),
    [
        (datetime(2025, 3, 3, 15, 0, tzinfo=ZONE), date(2025, 3, 3)),
        (datetime(2025, 3, 3, 15, 1, tzinfo=ZONE), date(2025, 3, 4)),
        (datetime(2025, 3, 7, 16, 0, tzinfo=ZONE), date(2025, 3, 10)),
        (datetime(2025, 3, 8, 9, 0, tzinfo=ZONE), date(2025, 3, 10)),
    ],
)
def test_what_comes_after_three_is_moved_the_next_working_day(came, day):
    assert moved_on(came, after=time(15), calendar=calendar_of(province().calendar)) == day


# taking in


@pytest.mark.django_db
def test_from_the_card_to_the_receipt_in_one_go():
    dossier = take_in(entry())
    assert dossier.status == Status.RECEIVED and dossier.code and dossier.due_at
    assert (dossier.channel, dossier.applicant_person_id) == (Dossier.Channel.DIRECT, AN_ID)
    assert dossier.reception_id == dossier.assistance_id == cast.actor(cast.CLERK).acting.organisation.id
    assert [event.kind for event in timeline(("dossier", dossier.pk))] == ["cases.submitted", "cases.received"]
    assert not CounterEntry.objects.exists()
    paper = counter.paper_at_once(dossier.pk, officer=cast.actor(cast.CLERK))
    assert paper and paper.kind == "receipt" and paper.number == "1" and paper.file


@pytest.mark.django_db
def test_taking_in_twice_makes_one_dossier_with_one_receipt():
    begun = entry()
    first, second = take_in(begun), take_in(begun)
    assert first == second and Dossier.objects.count() == 1
    officer = cast.actor(cast.CLERK)
    assert counter.paper_at_once(first.pk, officer=officer) == counter.paper_at_once(first.pk, officer=officer)
    assert first.papers.count() == 1


@pytest.mark.django_db
def test_the_form_begins_with_what_the_card_says_and_then_with_what_is_known():
    dossier = take_in(entry(owner__phone="0905999888"))
    officer = cast.actor(cast.CLERK)
    typed = counter.begin_entry(officer=officer, typed=AN_ID)
    assert typed.found == [dossier.pk] and typed.person["phone"] == "0905999888"
    assert typed.person["born"] == "1985-03-14"  # from the account
    chosen = counter.choose_procedure(key=typed.key, officer=officer, procedure_key="dang-ky-ho-kinh-doanh")
    owner = chosen.data["owner"]
    assert (owner["person_id"], owner["phone"], owner["birth_date"], owner["gender"]) == (
        AN_ID,
        "0905999888",
        "1985-03-14",
        "1",
    )
    assert owner["full_name"] == "Nguyễn Văn An" and not owner.get("tax_code")


@pytest.mark.django_db
def test_looking_somebody_up_is_on_record_with_its_purpose():
    dossier = take_in(entry())
    counter.begin_entry(officer=cast.actor(cast.TWO_AGENCIES), typed=AN_ID)
    seen = timeline(("dossier-read", dossier.pk))
    assert [(event.kind, event.data["purpose"]) for event in seen] == [("cases.looked_up", "reception")]
    assert timeline(("account", cast.account(cast.AN).pk))[-1].kind == "cases.looked_up"
    nobody = counter.begin_entry(officer=cast.actor(cast.CLERK), typed="067300000017")
    assert nobody.found == [] and timeline(("account", cast.account(cast.CLERK).pk))[-1].data["found"] == 0


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["245123456", "09999", "abc", "000000000000", "|||", "9" * 4000])
def test_a_number_that_cannot_be_is_refused_before_anything_is_looked_up(typed):
    with pytest.raises(counter.NumberNotRight):
        counter.begin_entry(officer=cast.actor(cast.CLERK), typed=typed)
    assert not CounterEntry.objects.exists()


@pytest.mark.django_db
def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_taken_in():
    begun = entry(site__lot="", owner__phone="12")
    filled(begun, counted={}, site__lot="", owner__phone="12")
    with pytest.raises(NotAccepted) as refused:
        take_in(begun)
    assert {"site.lot", "owner.phone", "components.ban-ve"} <= set(refused.value.errors)
    assert not Dossier.objects.exists() and CounterEntry.objects.count() == 1


@pytest.mark.django_db
def test_what_is_missing_becomes_the_request_for_a_supplement_at_once():
    begun = entry()
    filled(begun, counted={"giay-to-dat": Counted(copies=1)}, reason="Thiếu bản vẽ thiết kế.")
    dossier = take_in(begun, Verb.REQUEST_SUPPLEMENT)
    assert dossier.status == Status.SUPPLEMENT and dossier.received_at is None
    paper = counter.paper_at_once(dossier.pk, officer=cast.actor(cast.CLERK))
    assert paper and paper.kind == "supplement-request" and paper.file
    from lienthong.foundation.files import storage

    pdf = storage.open_content(paper.file.sha256).read()
    drawings = next(c for c in values.procedure_of(dossier).components if c.key == "ban-ve")
    assert "".join(drawings.name.split())[:40] in letters_of(pdf) and "Thiếu bản vẽ" in words_of(pdf)


@pytest.mark.django_db
def test_a_request_or_a_refusal_needs_words():
    begun = entry()
    for outcome in (Verb.REQUEST_SUPPLEMENT, Verb.REFUSE):
        with pytest.raises(NotAccepted) as refused:
            take_in(begun, outcome)
        assert set(refused.value.errors) == {"reason"}
    filled(begun, reason="Không thuộc thẩm quyền.")
    assert take_in(begun, Verb.REFUSE).status == Status.REFUSED


@pytest.mark.django_db
def test_whoever_brings_what_was_missing_is_accepted_at_once_by_any_clerk_of_the_counter():
    begun = entry()
    filled(begun, counted={"giay-to-dat": Counted(copies=9)}, reason="Thiếu bản vẽ.")
    dossier = take_in(begun, Verb.REQUEST_SUPPLEMENT)
    other = cast.actor(cast.TWO_AGENCIES)
    wanted = counter.still_missing(counter.Handled(dossier, {}))
    with clock.at(cast.MONDAY + timedelta(days=1)):
        dossier = counter.bring_supplement(dossier_id=dossier.pk, officer=other, counted=wanted)
        assert dossier.status == Status.RECEIVED
        with pytest.raises(NotWaiting):
            counter.bring_supplement(dossier_id=dossier.pk, officer=other, counted=wanted)


@pytest.mark.django_db
def test_a_supplement_is_taken_only_at_the_counter_that_has_the_dossier():
    begun = entry()
    filled(begun, counted={}, reason="Thiếu.")
    dossier = take_in(begun, Verb.REQUEST_SUPPLEMENT)
    for stranger in (cast.HANDLER, "ngoc.nghiatrung", "linh.hcc"):
        with pytest.raises(NotAllowed):
            counter.bring_supplement(dossier_id=dossier.pk, officer=cast.actor(stranger), counted=FULL)
    assert Dossier.objects.get().status == Status.SUPPLEMENT


@pytest.mark.django_db
def test_several_dossiers_of_one_person_come_on_one_receipt():
    first = take_in(entry())
    more = counter.begin_another(officer=cast.actor(cast.CLERK), dossier_id=first.pk)
    assert more.person["name"] == "Nguyễn Văn An"
    counter.choose_procedure(key=more.key, officer=cast.actor(cast.CLERK), procedure_key=dossiers.PERMIT)
    second = take_in(filled(more, site__lot="Thửa 200"))
    together = queries.received_together(cast.actor(cast.CLERK), first.together)
    assert together == [first, second]
    pdf = receipt_of(together, account_id=None, at=cast.MONDAY)
    assert first.code in words_of(pdf) and "1 hồ sơ khác" in words_of(pdf)
    with pytest.raises(NoSuchDossier):
        queries.received_together(cast.actor("linh.hcc"), first.together)
    with pytest.raises(NoSuchDossier):
        counter.begin_another(officer=cast.actor(cast.TWO_AGENCIES), dossier_id=first.pk)


@pytest.mark.django_db
def test_a_counter_offers_only_what_it_receives():
    clerk, ward = cast.actor(cast.CLERK), cast.actor("ngoc.nghiatrung")
    assert dossiers.PERMIT in {body.key for body in queries.usual_procedures(clerk)}
    births = {"dang-ky-khai-sinh", "lien-thong-khai-sinh-thuong-tru-bhyt"}
    assert {body.key for body in queries.usual_procedures(ward)} == births
    assert queries.procedures_for(ward, "xay dung") == []
    begun = counter.begin_entry(officer=ward, typed=AN_ID)
    with pytest.raises(counter.NotReceivedHere):
        counter.choose_procedure(key=begun.key, officer=ward, procedure_key=dossiers.PERMIT)
    for stranger in (cast.HANDLER, cast.HEAD, "quantri", "kiemsoat"):
        with pytest.raises(NotAllowed):
            counter.begin_entry(officer=cast.actor(stranger), typed=AN_ID)


@pytest.mark.django_db
def test_what_this_counter_receives_most_comes_first():
    for _n in range(2):
        take_in(entry())
    assert queries.usual_procedures(cast.actor(cast.CLERK))[0].key == dossiers.PERMIT


@pytest.mark.django_db
def test_an_entry_is_only_its_own_clerks_and_is_forgotten_after_a_week():
    begun = entry()
    with pytest.raises(counter.NoSuchEntry):
        counter.entry_of(begun.key, cast.actor(cast.TWO_AGENCIES))
    with pytest.raises(counter.NoSuchEntry):
        counter.take_in(key=uuid.uuid4(), officer=cast.actor(cast.CLERK), outcome=Verb.ACCEPT)
    with clock.at(cast.MONDAY + timedelta(days=6)):
        assert counter.forget_left() == 0
    with clock.at(cast.MONDAY + timedelta(days=8)):
        assert counter.forget_left() == 1


@pytest.mark.django_db
def test_what_waits_at_the_counter_is_found_by_code_reference_and_number():
    approved = dossiers.approved()
    clerk = cast.actor(cast.CLERK)
    for text in (approved.code, approved.tracking.lower(), AN_ID):
        assert [each.dossier for each in queries.waiting_at_counter(clerk, text)] == [approved], text
    assert queries.waiting_at_counter(cast.actor("ngoc.nghiatrung"), approved.code) == []
    assert by_key(dossiers.GIA_NGHIA) and StepVisit.objects.exists()


@pytest.mark.django_db
def test_each_case_of_a_procedure_is_offered_for_itself_and_another_case_keeps_what_was_typed():
    ward = cast.actor("ngoc.nghiatrung")
    offered = queries.procedures_for(ward, "khai sinh")
    cases = [(body.key, body.variant.key) for body in offered if body.variant]
    assert len(cases) == len(set(cases)) == len(offered) > 1
    begun = counter.begin_entry(officer=ward, typed=AN_ID)
    with pytest.raises(counter.NotReceivedHere):
        counter.choose_procedure(key=begun.key, officer=ward, procedure_key=offered[0].key)
    chosen = counter.choose_procedure(
        key=begun.key, officer=ward, procedure_key=offered[0].key, variant=offered[0].variant.key
    )
    CounterEntry.objects.filter(pk=chosen.pk).update(data={**chosen.data, "child": {"full_name": "Nguyễn Thị Na"}})
    other = counter.choose_procedure(
        key=begun.key, officer=ward, procedure_key=offered[1].key, variant=offered[1].variant.key
    )
    assert other.data["child"]["full_name"] == "Nguyễn Thị Na" and other.variant == offered[1].variant.key


@pytest.mark.django_db
def test_the_result_goes_where_the_person_wants_it():
    begun = entry()
    CounterEntry.objects.filter(pk=begun.pk).update(return_way="post", return_address="")
    with pytest.raises(NotAccepted) as refused:
        take_in(begun)
    assert set(refused.value.errors) == {"return_address"}
    CounterEntry.objects.filter(pk=begun.pk).update(return_address="12 Trần Hưng Đạo")
    dossier = take_in(begun)
    assert (dossier.return_way, dossier.return_address) == ("post", "12 Trần Hưng Đạo")
