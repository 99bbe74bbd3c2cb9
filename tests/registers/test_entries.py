"""Entries of a register: entered, changed, corrected, ended, and read as they were."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from lienthong.foundation import clock
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.foundation.ledger.queries import search
from lienthong.foundation.organisations.queries import by_key
from lienthong.identity.actors import Officer
from lienthong.registers import access, queries, services
from lienthong.registers.queries import AsOf, Cursor, Filters, Sort
from lienthong.registers.rules import Ended, WrongDay
from tests.registers.conftest import CU_JUT, DECLARED, GIA_NGHIA, KEY, officer_of, permit, publish

pytestmark = pytest.mark.django_db
TODAY = date(2025, 3, 3)


@pytest.fixture
def handler(register):
    return officer_of("case-handler", GIA_NGHIA)


def enter(officer, *, valid_from=None, **other):
    return services.enter(register=KEY, raw=permit(**other), officer=officer, valid_from=valid_from)


def readable(register, officer):
    return access.rights_of(officer, register, to="read")


def test_what_is_entered_comes_back_as_it_was(register, handler):
    entry = enter(handler)
    values = queries.entry(register, readable(register, handler), entry.id).values
    assert values["so"] == "15/GPXD" and values["ngay_cap"] == TODAY
    assert values["chu_dau_tu"]["ten"] == "Trần Hưng Đạo"
    assert values["dia_chi"].unit == "24611" and values["dia_chi"].detail == "12 Hùng Vương"
    assert values["dien_tich"] == Decimal("120.5") and values["so_tang"] == 2 and values["loai"] == ("moi",)
    assert values["hang_muc"] == [{"ten_hang_muc": "Nhà chính", "muc_dien_tich": Decimal(100)}]
    assert entry.revision == 1 and entry.valid_from == TODAY and entry.valid_until is None


def test_what_is_wrong_is_named_by_its_field_and_nothing_is_kept(register, handler):
    with pytest.raises(NotAccepted) as refused:
        enter(handler, so="", so_tang="hai", chu_dau_tu={"ten": ""}, la="?")
    assert set(refused.value.errors) == {"so", "so_tang", "chu_dau_tu.ten", "la"}
    assert queries.page(register, readable(register, handler)) == []


def test_the_same_thing_is_in_force_once_and_may_come_again_after_its_end(register, handler):
    entry = enter(handler, valid_from=TODAY - timedelta(days=3))
    with pytest.raises(services.AlreadyThere), transaction.atomic():
        enter(handler)
    services.end(register=KEY, entry_id=entry.id, revision=1, officer=handler, reason="Thu hồi")
    assert enter(handler).id != entry.id


def test_entering_again_gives_the_entry_that_was_made(register, handler):
    asked = uuid4()
    first, again = (services.enter(register=KEY, raw=permit(), officer=handler, request=asked) for _ in range(2))
    assert first == again
    assert len(queries.page(register, readable(register, handler))) == 1


def test_a_change_and_a_correction_leave_what_was_known_before(register, handler):
    with clock.at(clock.now() - timedelta(days=30)):
        entry = enter(handler, so_tang=2)
        at_first = clock.now()
    with clock.at(clock.now() - timedelta(days=20)):
        services.change(register=KEY, entry_id=entry.id, revision=1, raw={"so_tang": 3}, officer=handler)
        changed = clock.now()
    corrected = services.correct(
        register=KEY, entry_id=entry.id, revision=2, raw={"so_tang": 4}, officer=handler, reason="Đọc nhầm bản vẽ"
    )
    rights = readable(register, handler)

    def floors(day, known):
        return queries.entry(register, rights, entry.id, as_of=AsOf(day, known)).values["so_tang"]

    assert corrected.values["so_tang"] == 4 and corrected.values["so"] == "15/GPXD"
    assert floors(at_first.date(), clock.now()) == 2, "before the change it was so, whatever we learnt later"
    assert floors(changed.date(), clock.now()) == 4, "since the change, as we know today"
    assert floors(changed.date(), clock.now() - timedelta(days=1)) == 3, "since the change, as we thought yesterday"
    assert floors(at_first.date(), changed - timedelta(days=1)) == 2
    with pytest.raises(queries.NoSuchEntry):
        floors(at_first.date() - timedelta(days=1), clock.now())
    states = queries.history(register, rights, entry.id)
    assert [state.entry.values["so_tang"] for state in states] == [4, 3, 2, 2]
    assert [state.recorded_until is None for state in states] == [True, False, True, False]


def test_since_when_an_entry_is_there_can_be_corrected_and_no_later_day(register, handler):
    entry = enter(handler, valid_from=TODAY - timedelta(days=9))
    common = {"register": KEY, "entry_id": entry.id, "officer": handler, "reason": "Nhầm ngày"}
    services.correct(**common, revision=1, raw={}, valid_from=TODAY - timedelta(days=20))
    services.change(register=KEY, entry_id=entry.id, revision=2, raw={"so_tang": 3}, officer=handler)
    with pytest.raises(WrongDay), transaction.atomic():
        services.correct(**common, revision=3, raw={}, valid_from=TODAY - timedelta(days=5))
    rights = readable(register, handler)
    then = AsOf(TODAY - timedelta(days=15), clock.now())
    assert queries.entry(register, rights, entry.id, as_of=then).values["so_tang"] == 2


def test_an_entry_that_began_later_than_it_said_was_not_there_before(register, handler):
    entry = enter(handler, valid_from=TODAY - timedelta(days=9))
    services.correct(
        register=KEY, entry_id=entry.id, revision=1, raw={}, officer=handler, reason="Nhầm ngày", valid_from=TODAY
    )
    with pytest.raises(queries.NoSuchEntry):
        then = AsOf(TODAY - timedelta(days=5), clock.now())
        queries.entry(register, readable(register, handler), entry.id, as_of=then)


def test_lists_of_a_day_are_what_they_were(register, handler):
    with clock.at(clock.now() - timedelta(days=30)):
        first, second = enter(handler), enter(handler, so="16/GPXD")
        then = AsOf(clock.today(), clock.now())
    services.end(register=KEY, entry_id=first.id, revision=1, officer=handler, reason="Thu hồi")
    services.change(register=KEY, entry_id=second.id, revision=1, raw={"so": "16A/GPXD"}, officer=handler)
    rights = readable(register, handler)
    assert [e.values["so"] for e in queries.page(register, rights)] == ["16A/GPXD"]
    assert {e.values["so"] for e in queries.page(register, rights, as_of=then)} == {"15/GPXD", "16/GPXD"}
    found = queries.page(register, rights, Filters(text="16/GP"), as_of=then)
    assert [e.id for e in found] == [second.id]
    assert len(queries.page(register, rights, Filters(ended=True))) == 2


def test_of_two_who_change_at_once_the_second_sees_what_the_first_wrote(register, handler):
    entry = enter(handler, valid_from=TODAY - timedelta(days=9))
    services.change(register=KEY, entry_id=entry.id, revision=1, raw={"so_tang": 5}, officer=handler)
    with pytest.raises(services.ChangedMeanwhile) as refused:
        services.change(register=KEY, entry_id=entry.id, revision=1, raw={"so_tang": 6}, officer=handler)
    assert refused.value.entry.values["so_tang"] == 5


def test_of_several_changes_on_a_day_the_last_counts_and_it_may_end_on_the_same_day(register, handler):
    with clock.at(clock.now() - timedelta(days=9)):
        entry = enter(handler, so_tang=1)
    common = {"register": KEY, "entry_id": entry.id, "officer": handler}
    services.change(**common, revision=1, raw={"so_tang": 5})
    with clock.at(clock.now() + timedelta(minutes=5)):
        services.change(**common, revision=2, raw={"so_tang": 6})
        rights, known = readable(register, handler), clock.now()
    floors = {
        days: queries.entry(register, rights, entry.id, as_of=AsOf(TODAY - timedelta(days=days), known)).values[
            "so_tang"
        ]
        for days in (0, 1, 9)
    }
    assert floors == {0: 6, 1: 1, 9: 1}
    with clock.at(clock.now() + timedelta(minutes=9)):
        services.end(**common, revision=3, reason="Thu hồi")
        with pytest.raises(queries.NoSuchEntry):
            queries.entry(register, rights, entry.id, as_of=AsOf(TODAY, clock.now()))
    assert len(queries.history(register, rights, entry.id)) == 5


def test_days_that_cannot_be_are_refused(register, handler):
    with pytest.raises(WrongDay):
        enter(handler, valid_from=TODAY + timedelta(days=1))
    entry = enter(handler, valid_from=TODAY - timedelta(days=2))
    common = {"register": KEY, "entry_id": entry.id, "revision": 1, "officer": handler}
    with pytest.raises(WrongDay):
        services.change(**common, raw={"so_tang": 3}, valid_from=TODAY - timedelta(days=3))
    with pytest.raises(WrongDay):
        services.end(**common, reason="x", valid_until=TODAY + timedelta(days=1))
    services.end(**common, reason="x")
    with pytest.raises(Ended):
        services.change(**{**common, "revision": 2}, raw={"so_tang": 3})


def test_words_are_found_without_accents_and_lists_are_narrowed(register, handler):
    enter(handler)
    enter(handler, so="17/GPXD", so_tang=9, chu_dau_tu={"ten": "Lê Thị 100%"})
    rights = readable(register, handler)

    def numbers(**how):
        return [e.values["so"] for e in queries.page(register, rights, Filters(**how))]

    assert numbers(text="hung dao TRAN") == ["15/GPXD"]
    assert numbers(text="100%") == ["17/GPXD"] and numbers(text="1_0") == []
    assert numbers(among={"so_tang": [9]}) == ["17/GPXD"] and numbers(among={"dia_chi": ["00000"]}) == []


@pytest.mark.parametrize("sort", [None, Sort("so_tang"), Sort("so_tang", descending=True), Sort("ngay_cap", True)])
def test_pages_follow_each_other_without_gaps_whatever_they_are_sorted_by(register, handler, sort):
    for number, floors in enumerate([3, 3, None, 1, 5, None, 3]):
        enter(handler, so=f"{number}", so_tang=floors)
    rights = readable(register, handler)
    key, seen, after = sort.key if sort else "ngay_cap", [], None
    while True:
        found = queries.page(register, rights, sort=sort, after=after, size=2)
        seen += [e.id for e in found[:2]]
        if len(found) < 3:
            break
        after = Cursor(found[1].values[key], found[1].id)
    assert len(seen) == len(set(seen)) == 7
    assert seen == [e.id for e in queries.page(register, rights, sort=sort, size=50)]


def test_rights_are_by_agency_and_by_field(register, handler):
    entry = enter(handler)
    auditor, stranger = officer_of("auditor", "ubnd-tinh"), officer_of("case-handler", CU_JUT)
    leader, clerk = officer_of("agency-leader", "thanh-pho-gia-nghia"), officer_of("one-stop-clerk", GIA_NGHIA)
    assert set(queries.entry(register, readable(register, auditor), entry.id).values) == {"so", "ngay_cap", "dia_chi"}
    assert len(queries.page(register, readable(register, leader))) == 1
    assert queries.page(register, readable(register, stranger)) == []
    with pytest.raises(queries.NoSuchEntry):
        queries.entry(register, readable(register, stranger), entry.id)
    with pytest.raises(queries.NoSuchEntry):
        services.change(register=KEY, entry_id=entry.id, revision=1, raw={"so_tang": 3}, officer=stranger)
    assert not readable(register, clerk) and queries.page(register, readable(register, clerk)) == []
    with pytest.raises(NotAllowed):
        enter(clerk)
    assert queries.page(register, readable(register, auditor), Filters(among={"so_tang": [2]})) == []
    assert set(queries.page(register, access.public(register))[0].values) == {"so", "ngay_cap", "dien_tich"}


def test_words_are_not_looked_for_in_what_is_not_there_to_read(register, handler):
    enter(handler)
    auditor = readable(register, officer_of("auditor", "ubnd-tinh"))
    assert queries.page(register, auditor, Filters(text="hung dao")) == [], "the name is not the auditor's to read"
    assert queries.page(register, access.public(register), Filters(text="hung dao")) == []


def test_a_field_that_is_read_of_some_entries_only_comes_empty_of_the_others(register, handler):
    theirs, mine = enter(officer_of("case-handler", CU_JUT), so="1"), enter(handler, so="2")
    auditor = officer_of("auditor", "ubnd-tinh")
    two = Officer(handler.account_id, handler.name, (handler.acting, auditor.acting), handler.acting)
    found = {e.id: e.values for e in queries.page(register, readable(register, two))}
    assert found[mine.id]["so_tang"] == 2 and found[theirs.id]["so_tang"] is None
    assert found[theirs.id]["so"] == "1"


def test_the_database_keeps_the_past_whoever_writes(register, handler):
    entry = enter(handler)
    table = register.layout.table
    for statement in (f"UPDATE {table} SET so_tang = 8", f"DELETE FROM {table}"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET search = 'khac'")
        cursor.execute(f"SELECT count(*) FROM {register.layout.past}")
        assert cursor.fetchone() == (0,)
        cursor.execute(f"UPDATE {table} SET so_tang = 8, revision = 2 WHERE id = %s", [entry.id])
    assert len(queries.history(register, readable(register, handler), entry.id)) == 2


def test_the_ledger_says_what_happened_and_nothing_of_what_stands_there(register, handler):
    entry = enter(handler, valid_from=TODAY - timedelta(days=1))
    common = {"register": KEY, "entry_id": entry.id, "officer": handler}
    services.correct(**common, revision=1, raw={"so_tang": 3}, reason="Đọc nhầm")
    services.end(**common, revision=2, reason="Thu hồi")
    told = search(subject=(f"register.{KEY}", entry.id), size=10).entries
    assert {e.kind for e in told} == {"registers.entered", "registers.corrected", "registers.ended"}
    assert "Hưng Đạo" not in str([e.data for e in told])


def test_a_page_is_one_query_however_many_entries_there_are(register, handler, django_assert_num_queries):
    for number in range(5):
        enter(handler, so=str(number))
    rights = readable(register, handler)
    with django_assert_num_queries(1):
        queries.page(register, rights, Filters(among={"so_tang": [2]}))
    with django_assert_num_queries(2):
        assert len(queries.page(register, rights, Filters(text="tran"))) == 5
    with django_assert_num_queries(1):
        assert len(queries.page(register, rights, Filters(text="tran"), size=2)) == 3
    with django_assert_num_queries(1):
        queries.page(register, rights, as_of=AsOf(TODAY, clock.now()))


def test_agencies_of_several_functions_may_keep_a_register(register, handler):
    publish(DECLARED.replace("keeper: urban-management", "keeper: [urban-management, district-committee]"))
    both = queries.register(KEY)
    everywhere = access.Rights(dict.fromkeys(both.leaves))
    of_one, of_both = access.keepers(register, everywhere), access.keepers(both, everywhere)
    assert of_both[: len(of_one)] == of_one and by_key("thanh-pho-gia-nghia").id in of_both
    assert access.keepers(both, access.require(handler, both, to="write")) == [by_key(GIA_NGHIA).id]
