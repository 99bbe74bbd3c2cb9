"""What is over its time: listed, decided about by who may, erased a week later, and nothing of it left but the fact."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from lienthong.foundation import clock
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.ledger.queries import timeline
from lienthong.registers import queries as registers
from lienthong.registers import services
from lienthong.registers.attaching import services as attaching
from lienthong.registers.attaching.models import EntryFile
from lienthong.registers.retention import erasing, queries, rules
from lienthong.registers.retention import services as retention
from lienthong.registers.retention.models import Appraisal, AppraisedEntry
from lienthong.registers.retention.queries import Chosen
from lienthong.work.models import WorkItem
from tests import cast
from tests.registers.conftest import CU_JUT, DECLARED, GIA_NGHIA, KEY, officer_of, permit, publish
from tests.registers.test_files import picture

DECIDED = DECLARED.replace(
    "  - {role: auditor,",
    "  - {role: head-of-unit, function: urban-management, may: [read, approve], where: own}\n  - {role: auditor,",
).replace("  - key: hang_muc\n", "  - {key: quyet_dinh, type: file, label: Bản quyết định}\n  - key: hang_muc\n")
EVERYTHING = Chosen(None, up_to=10**9)
WHY = "Quyết định hủy số 12/QĐ-UBND ngày 03/3/2025"
LONG_AGO = date(2004, 5, 6)
A_WEEK = timedelta(days=7, minutes=1)


@pytest.fixture
def declared(db):
    publish(DECIDED)


@pytest.fixture
def handler(declared):
    return officer_of("case-handler", GIA_NGHIA)


@pytest.fixture
def head(declared):
    return officer_of("head-of-unit", GIA_NGHIA)


def ended(officer, so="15/GPXD", day=LONG_AGO, **other):
    """The id of an entry that ended on a day."""
    entry = services.enter(register=KEY, raw=permit(so=so, **other), officer=officer, valid_from=date(2001, 2, 3))
    services.change(
        register=KEY, entry_id=entry.id, revision=1, raw={"so_tang": 9}, officer=officer, valid_from=date(2002, 2, 3)
    )
    services.end(
        register=KEY, entry_id=entry.id, revision=2, officer=officer, reason="Thu hồi giấy phép", valid_until=day
    )
    return entry.id


def appraisal():
    return Appraisal.objects.get(register=KEY)


def decisions():
    return dict(AppraisedEntry.objects.order_by("entry_id").values_list("entry_id", "decision"))


def rows_of(table, column, entry_id):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [entry_id])
        return cursor.fetchone()[0]


def is_there(entry_id):
    return rows_of("register_giay_phep_thu", "id", entry_id), rows_of(
        "register_giay_phep_thu_past", "entry_id", entry_id
    )


# how long


@given(
    ended=st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    today=st.dates(date(1900, 1, 1), date(2300, 1, 1)),
    kept=st.integers(1, 999),
)
def test_an_end_is_over_exactly_when_its_years_have_passed(ended, today, kept):
    retention = f"{kept} years"
    last, over = rules.last_ended(today, retention), rules.over_on(ended, retention)
    assert (over <= today) == (last is not None and ended <= last)
    assert over.year == ended.year + kept and rules.longer(retention, "forever") == "forever"
    assert rules.last_ended(today, "forever") is None and rules.over_on(ended, "forever") is None


def test_the_longer_of_two_is_by_years_and_not_by_letters():
    assert rules.longer("9 years", "10 years") == "10 years" == rules.longer("10 years", "9 years")


# the list


def test_what_is_over_is_listed_for_its_agency_and_nothing_else(handler):
    over = ended(handler)
    ended(handler, "16/GPXD", rules.last_ended(clock.today(), "20 years") + timedelta(days=1))
    services.enter(register=KEY, raw=permit(so="17/GPXD"), officer=handler, valid_from=date(1990, 1, 1))
    elsewhere = ended(officer_of("case-handler", CU_JUT), "18/GPXD")
    assert retention.look_through() == 2 and retention.look_through() == 0
    assert decisions() == {over: "open", elsewhere: "open"}
    assert Appraisal.objects.count() == 2
    assert AppraisedEntry.objects.get(entry_id=over).over_since == date(2024, 5, 6)


def test_the_list_lies_with_who_may_approve_until_everything_is_decided(handler, head):
    ended(handler)
    retention.look_through()
    item = WorkItem.objects.get(subject_type="appraisal")
    assert (item.organisation_id, item.role, item.subject_id) == (
        head.acting.organisation.id,
        "head-of-unit",
        appraisal().pk,
    )
    assert item.due_at == clock.now() + timedelta(days=30)
    retention.look_through()
    assert WorkItem.objects.filter(is_open=True).count() == 1
    retention.erase(appraisal_id=appraisal().pk, chosen=EVERYTHING, reason=WHY, officer=head)
    assert not WorkItem.objects.filter(is_open=True).exists() and appraisal().due_at is None
    ids = frozenset(AppraisedEntry.objects.values_list("pk", flat=True))
    retention.take_back(appraisal_id=appraisal().pk, chosen=Chosen(ids), officer=head)
    assert WorkItem.objects.filter(is_open=True).count() == 1 and decisions().popitem()[1] == "open"


def test_what_is_not_over_any_more_comes_off_the_list(handler):
    entry_id = ended(handler)
    retention.look_through()
    services.correct(
        register=KEY, entry_id=entry_id, revision=3, raw={"so_tang": 3}, officer=handler, reason="Ghi nhầm số tầng"
    )
    retention.look_through()
    assert decisions() == {entry_id: "open"}, "a correction does not change when it ended"
    publish(DECIDED.replace("retention: 20 years", "retention: 40 years"))
    retention.look_through()
    assert decisions() == {} and not WorkItem.objects.filter(is_open=True).exists()
    publish(DECIDED.replace("retention: 20 years", "retention: forever"))
    assert retention.look_through() == 0


# deciding


def test_nobody_else_decides(handler, head):
    ended(handler)
    retention.look_through()
    for stranger in (
        handler,
        officer_of("head-of-unit", CU_JUT),
        officer_of("agency-leader", GIA_NGHIA),
        officer_of("auditor", GIA_NGHIA),
    ):
        with pytest.raises(queries.NoSuchAppraisal):
            retention.erase(appraisal_id=appraisal().pk, chosen=EVERYTHING, reason=WHY, officer=stranger)
        assert not queries.appraisals_of(stranger).exists() or stranger.acting.organisation.key == CU_JUT
    assert set(decisions().values()) == {"open"}
    with pytest.raises(queries.NoSuchAppraisal):
        retention.keep(appraisal_id=10**9, chosen=EVERYTHING, until=None, reason=WHY, officer=head)
    assert [each.undecided for each in queries.appraisals_of(head)] == [1]


@pytest.mark.parametrize("reason", ["", "   ", "ngắn", "x" * 1001])
def test_a_decision_needs_a_reason(handler, head, reason):
    ended(handler)
    retention.look_through()
    with pytest.raises(rules.NoReason):
        retention.erase(appraisal_id=appraisal().pk, chosen=EVERYTHING, reason=reason, officer=head)
    assert set(decisions().values()) == {"open"}


@pytest.mark.parametrize("until", [None, date(2025, 3, 3), date(2000, 1, 1), date(2055, 3, 4), date(9999, 12, 31)])
def test_it_is_kept_until_a_day_that_is_to_come_and_not_too_far(handler, head, until):
    ended(handler)
    retention.look_through()
    with pytest.raises(rules.WrongDayToKeep):
        retention.keep(appraisal_id=appraisal().pk, chosen=EVERYTHING, until=until, reason=WHY, officer=head)


def test_what_is_kept_on_comes_back_on_its_day(handler, head):
    entry_id = ended(handler)
    retention.look_through()
    until = date(2027, 3, 3)
    assert retention.keep(appraisal_id=appraisal().pk, chosen=EVERYTHING, until=until, reason=WHY, officer=head) == 1
    for later, decision in ((700, "keep"), (730, "open")):
        with clock.at(clock.now() + timedelta(days=later)):
            erasing.erase_due()
            retention.look_through()
        assert decisions() == {entry_id: decision}
    assert is_there(entry_id) == (1, 3)
    assert WorkItem.objects.filter(is_open=True).count() == 1


def test_what_somebody_decided_meanwhile_or_nobody_has_seen_is_left_out(handler, head):
    first = ended(handler)
    retention.look_through()
    seen = Chosen(None, up_to=queries.newest(appraisal(), "open"))
    second = ended(handler, "16/GPXD")
    retention.look_through()
    assert retention.erase(appraisal_id=appraisal().pk, chosen=seen, reason=WHY, officer=head) == 1
    assert retention.erase(appraisal_id=appraisal().pk, chosen=seen, reason=WHY, officer=head) == 0
    assert decisions() == {first: "erase", second: "open"}
    (told, *_rest) = timeline(("appraisal", appraisal().pk))
    assert told.data["entries"] == [first] and told.data["reason"] == WHY


# erasing


def test_nothing_is_erased_before_its_week_is_over_and_everything_of_it_afterwards(handler, head):
    policy = attaching.policy_for(KEY, "quyet_dinh", handler)
    own, shared = (
        attaching.upload(register=KEY, source=BytesIO(content), name="qd.jpg", policy=policy, officer=handler).pk
        for content in (cast.photo(), picture("#00ff00"))
    )
    entry_id = ended(handler, quyet_dinh={"id": str(own)})
    staying = ended(handler, "16/GPXD", quyet_dinh={"id": str(shared)})
    EntryFile.objects.create(register=KEY, entry_id=entry_id, field="quyet_dinh", file_id=shared)
    retention.look_through()
    line = AppraisedEntry.objects.get(entry_id=entry_id)
    retention.erase(appraisal_id=appraisal().pk, chosen=Chosen(frozenset({line.pk})), reason=WHY, officer=head)
    with clock.at(clock.now() + timedelta(days=6)):
        assert erasing.erase_due() == 0 and is_there(entry_id) == (1, 3)
    with clock.at(clock.now() + A_WEEK):
        assert erasing.erase_due() == 1 and erasing.erase_due() == 0
        retention.look_through()
    assert is_there(entry_id) == (0, 0) and is_there(staying) == (1, 3)
    assert set(StoredFile.objects.filter(pk__in=[own, shared]).values_list("pk", flat=True)) == {shared}
    assert decisions()[entry_id] == "erased"
    *_before, gone = timeline((f"register.{KEY}", entry_id))
    assert gone.kind == "registers.erased" and gone.account_id == head.account_id
    assert gone.data == {"reason": WHY, "over_since": "2024-05-06", "retention": "20 years"}
    with pytest.raises(registers.NoSuchEntry):
        services.read(register=KEY, entry_id=entry_id, officer=handler)


def test_a_decision_is_taken_back_within_the_week_only(handler, head):
    entry_id = ended(handler)
    retention.look_through()
    retention.erase(appraisal_id=appraisal().pk, chosen=EVERYTHING, reason=WHY, officer=head)
    to_erase = Chosen(None, decision="erase", up_to=10**9)
    with clock.at(clock.now() + timedelta(days=6)):
        assert retention.take_back(appraisal_id=appraisal().pk, chosen=to_erase, officer=head) == 1
    with clock.at(clock.now() + A_WEEK):
        assert erasing.erase_due() == 0
        retention.erase(appraisal_id=appraisal().pk, chosen=EVERYTHING, reason=WHY, officer=head)
    with clock.at(clock.now() + 2 * A_WEEK):
        assert erasing.erase_due() == 1
        assert retention.take_back(appraisal_id=appraisal().pk, chosen=to_erase, officer=head) == 0
    assert decisions() == {entry_id: "erased"}


def test_who_is_killed_half_way_leaves_whole_things_and_the_next_goes_on(handler, head, monkeypatch):
    ids = [ended(handler, f"{n}/GPXD") for n in range(5)]
    retention.look_through()
    retention.erase(appraisal_id=appraisal().pk, chosen=EVERYTHING, reason=WHY, officer=head)
    monkeypatch.setattr(erasing, "CHUNK", 2)
    record, calls = erasing.ledger.record, []

    def dying(*given, **how):
        calls.append(how)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return record(*given, **how)

    with clock.at(clock.now() + A_WEEK):
        monkeypatch.setattr(erasing.ledger, "record", dying)
        with pytest.raises(KeyboardInterrupt):
            erasing.erase_due()
        monkeypatch.setattr(erasing.ledger, "record", record)
        assert [is_there(id)[0] for id in ids] == [0, 0, 1, 1, 1]
        assert list(decisions().values()) == ["erased", "erased", "erase", "erase", "erase"]
        assert erasing.erase_due() == 3
    assert [is_there(id) for id in ids] == [(0, 0)] * 5
    assert all(len([e for e in timeline((f"register.{KEY}", id)) if e.kind == "registers.erased"]) == 1 for id in ids)


def test_what_something_still_points_to_stays_and_goes_with_it(declared):
    text = DECIDED.replace(
        "  - key: hang_muc\n",
        "  - {key: thay_cho, type: reference, label: Thay cho, register: giay-phep-thu}\n  - key: hang_muc\n",
    ).replace("search: [so, ten]", "search: [so, ten]")
    publish(text)
    handler, head = officer_of("case-handler", GIA_NGHIA), officer_of("head-of-unit", GIA_NGHIA)
    old = services.enter(register=KEY, raw=permit(so="1/GPXD"), officer=handler, valid_from=date(2001, 2, 3))
    new = services.enter(
        register=KEY, raw=permit(so="2/GPXD", thay_cho={"id": old.id}), officer=handler, valid_from=date(2001, 2, 3)
    )
    for each, day in ((old, LONG_AGO), (new, date(2010, 1, 1))):
        services.end(
            register=KEY, entry_id=each.id, revision=1, officer=handler, reason="Thay giấy phép", valid_until=day
        )
    retention.look_through()
    retention.erase(appraisal_id=appraisal().pk, chosen=EVERYTHING, reason=WHY, officer=head)
    (row,) = queries.rows(registers.register(KEY), head, list(AppraisedEntry.objects.all()))
    assert row.pointing == 1
    with clock.at(clock.now() + A_WEEK):
        assert erasing.erase_due() == 0 and decisions() == {old.id: "erase"}
        assert erasing.overdue() == 0
    with clock.at(clock.now() + timedelta(days=366 * 6)):
        assert erasing.overdue() == 1
        retention.look_through()
        retention.erase(appraisal_id=appraisal().pk, chosen=EVERYTHING, reason=WHY, officer=head)
    with clock.at(clock.now() + timedelta(days=366 * 6) + A_WEEK):
        assert erasing.erase_due() == 2
    assert is_there(old.id) == is_there(new.id) == (0, 0)


def test_who_decides_is_looked_for_in_the_agency_then_above_it(declared):
    body, here = registers.register(KEY), officer_of("head-of-unit", GIA_NGHIA).acting.organisation
    node, role = queries.decider(body, here.id)
    assert (node.id, role) == (here.id, "head-of-unit")
    above = body.model_copy(
        update={
            "access": (
                body.access[0].model_copy(
                    update={"role": "agency-leader", "function": "", "may": ("approve",), "where": "below"}
                ),
            )
        }
    )
    node, role = queries.decider(above, here.id)
    assert role == "agency-leader" and node.id in here.path and node.id != here.id
    assert queries.decider(above.model_copy(update={"access": body.access[:1]}), here.id) is None
