"""Two entries that say the same thing: also where one of the fields by which they are told apart is empty."""

import pytest
from django.db import IntegrityError, connection, transaction

from lienthong.foundation.definitions import services as definitions
from lienthong.registers import access, queries, services
from lienthong.registers.definition import EntriesAgree
from tests.registers import importing
from tests.registers.conftest import DECLARED, GIA_NGHIA, KEY, officer_of, permit, publish

pytestmark = pytest.mark.django_db

BY_FLOORS = DECLARED.replace("identity: [[so]]", "identity: [[so, so_tang]]")
FLOORS_FIRST = DECLARED.replace("identity: [[so]]", "identity: [[so_tang, so]]")


@pytest.fixture
def handler(db):
    publish(BY_FLOORS)
    return officer_of("case-handler", GIA_NGHIA)


def enter(officer, **other):
    with transaction.atomic():
        return services.enter(register=KEY, raw=permit(**other), officer=officer)


def test_what_is_empty_in_both_agrees(handler):
    enter(handler, so_tang=None)
    enter(handler, so_tang=2)
    for floors in (None, 2):
        with pytest.raises(services.AlreadyThere):
            enter(handler, so_tang=floors)
    enter(handler, so="16/GPXD", so_tang=None)


def test_without_the_first_field_nothing_is_the_same(db):
    publish(FLOORS_FIRST)
    handler = officer_of("case-handler", GIA_NGHIA)
    for floors in (None, None, 2):
        enter(handler, so_tang=floors)
    with pytest.raises(services.AlreadyThere):
        enter(handler, so_tang=2)


def test_the_table_itself_keeps_it(handler):
    enter(handler, so_tang=None)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO register_giay_phep_thu"
            " (organisation_id, valid_from, recorded_at, revision, origin, search, so)"
            " SELECT organisation_id, valid_from, recorded_at, 1, '', '', so FROM register_giay_phep_thu"
        )


def test_a_plan_tells_what_will_count_as_the_same_and_entries_that_agree_already_stop_it(db):
    publish(FLOORS_FIRST)
    handler = officer_of("case-handler", GIA_NGHIA)
    first, second = enter(handler, so_tang=None), enter(handler, so_tang=None)
    (change,) = definitions.plan_text(BY_FLOORS, folder="tests", file="so.yaml").publishes
    assert any("so, so_tang" in line and "để trống" in line for line in change.consequences), change.consequences
    with pytest.raises(EntriesAgree, match="so"):
        publish(BY_FLOORS)
    assert queries.register(KEY).identity == (("so_tang", "so"),)
    services.correct(register=KEY, entry_id=second.id, revision=1, raw={"so": "17"}, officer=handler, reason="Nhầm")
    publish(BY_FLOORS)
    with pytest.raises(services.AlreadyThere):
        enter(handler, so_tang=None)
    assert first.id != second.id


def test_a_file_finds_what_is_there_by_what_is_empty_too(handler):
    there = enter(handler, so="1/GPXD", so_tang=None)
    rows = [importing.line(1, tang=None), importing.line(1, tang=3), importing.line(2, tang=None)]
    done = importing.whole(importing.xlsx([*rows, importing.line(2, tang=None)]), handler)
    assert (done.skipped, done.entered, done.wrong) == (1, 2, 1)
    assert list(importing.reasons(done)) == [5]
    changed = importing.whole(
        importing.xlsx([importing.line(1, tang=None, ten="Lê Lợi")]), handler, name="lan-hai.xlsx", existing="change"
    )
    assert changed.changed == 1
    body = queries.register(KEY)
    now = queries.entry(body, access.rights_of(handler, body, to="read"), there.id)
    assert now.values["chu_dau_tu"]["ten"] == "Lê Lợi"
