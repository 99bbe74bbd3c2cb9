"""The tables of a register: made by a file, grown by another version, never lost without being asked."""

import pytest
from django.db import connection, transaction

from lienthong.foundation.definitions import services as definitions
from lienthong.registers import access, queries, services, tables
from lienthong.registers.definition import EntriesAgree
from tests.registers.conftest import DECLARED, GIA_NGHIA, KEY, officer_of, permit, publish

pytestmark = pytest.mark.django_db
MORE = "  - {key: so_tang, type: integer, label: Số tầng, max: 100}\n"


def planned(text):
    return definitions.plan_text(text, folder="tests", file="so.yaml")


def columns(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [table],
        )
        return dict(cursor.fetchall())


def test_fields_are_real_typed_columns_here_and_in_the_past(register):
    made = columns(register.layout.table)
    assert made["so"] == "text" and made["ngay_cap"] == "date" and made["dien_tich"] == "numeric(24,6)"
    assert made["so_tang"] == "bigint" and made["loai"] == "text[]" and made["hang_muc"] == "jsonb"
    assert made["dia_chi_unit"] == made["dia_chi_detail"] == "text"
    past = columns(register.layout.past)
    assert {name: kind for name, kind in made.items() if name not in ("id", "request")}.items() <= past.items()
    assert {"entry_id", "recorded_until"} <= past.keys()


def test_a_plan_says_what_becomes_of_the_table_and_changes_nothing(db):
    (change,) = planned(DECLARED).publishes
    assert any("register_giay_phep_thu" in line for line in change.consequences)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('register_giay_phep_thu')")
        assert cursor.fetchone() == (None,)


def test_another_version_adds_what_is_new_and_keeps_what_is_there(register):
    handler = officer_of("case-handler", GIA_NGHIA)
    entry = services.enter(register=KEY, raw=permit(), officer=handler)
    wider = DECLARED.replace(MORE, MORE + "  - {key: cao, type: decimal, label: Chiều cao}\n").replace(
        "filters: [dia_chi", "filters: [cao, dia_chi"
    )
    (change,) = planned(wider).publishes
    assert any("cao" in line for line in change.consequences) and not change.losses
    publish(wider)
    assert columns("register_giay_phep_thu")["cao"] == columns("register_giay_phep_thu_past")["cao"] == "numeric(24,6)"
    body = queries.register(KEY)
    services.correct(register=KEY, entry_id=entry.id, revision=1, raw={"cao": 9.5}, officer=handler, reason="Bổ sung")
    states = queries.history(body, access.rights_of(handler, body, to="read"), entry.id)
    assert [str(state.entry.values["cao"]) for state in states] == ["9.5", "None"]


def test_a_field_goes_only_when_that_is_allowed_and_what_stood_in_it_comes_back_with_it(register):
    handler = officer_of("case-handler", GIA_NGHIA)
    entry = services.enter(register=KEY, raw=permit(so_tang=7), officer=handler)
    narrower = DECLARED.replace(MORE, "").replace("filters: [dia_chi, so_tang]", "filters: [dia_chi]")
    with pytest.raises(definitions.Losing, match="Số tầng"):
        publish(narrower)
    publish(narrower, allow_loss=True)
    body = queries.register(KEY)
    assert "so_tang" not in queries.entry(body, access.rights_of(handler, body, to="read"), entry.id).values
    publish()
    body = queries.register(KEY)
    assert queries.entry(body, access.rights_of(handler, body, to="read"), entry.id).values["so_tang"] == 7


def test_a_field_keeps_its_type(register):
    other = DECLARED.replace(
        "{key: so_tang, type: integer, label: Số tầng, max: 100}", "{key: so_tang, type: text, label: Số tầng}"
    )
    (problem,) = planned(other).problems
    assert "integer" in str(problem) and "so.yaml" in str(problem)


def test_a_field_that_was_left_out_comes_back_as_what_it_was_or_not_at_all(register):
    narrower = DECLARED.replace(MORE, "").replace("filters: [dia_chi, so_tang]", "filters: [dia_chi]")
    publish(narrower, allow_loss=True)
    other = narrower.replace("identity:", MORE.replace("integer", "text").replace(", max: 100", "") + "identity:", 1)
    (problem,) = planned(other).problems
    assert "integer" in str(problem)


def test_what_makes_two_entries_the_same_may_change_and_holds_from_then_on(register):
    handler = officer_of("case-handler", GIA_NGHIA)
    services.enter(register=KEY, raw=permit(), officer=handler)
    publish(DECLARED.replace("identity: [[so]]", "identity: [[so, ngay_cap]]"))
    again = services.enter(register=KEY, raw=permit(ngay_cap="2025-02-03"), officer=handler)
    with pytest.raises(services.AlreadyThere), transaction.atomic():
        services.enter(register=KEY, raw=permit(), officer=handler)
    with pytest.raises(EntriesAgree, match="so"):
        publish()
    assert queries.register(KEY).identity == (("so", "ngay_cap"),), "what was refused is not published"
    services.correct(register=KEY, entry_id=again.id, revision=1, raw={"so": "16"}, officer=handler, reason="Nhầm số")
    publish()
    with pytest.raises(services.AlreadyThere), transaction.atomic():
        services.enter(register=KEY, raw=permit(ngay_cap="2025-02-01"), officer=handler)


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("title: [so, tne]", "title: [so, ten]", "tne"),
        ("public: [so, so_dinh_danh]", "public: [so, ngay_cap, dien_tich]", "so_dinh_danh"),
        ("search: [so, hang_muc]", "search: [so, ten]", "hang_muc"),
        ("key: revision, type: integer", "key: so_tang, type: integer", "revision"),
        ("keeper: urban-managment", "keeper: urban-management", "urban-managment"),
        ("role: case-handlr", "role: case-handler", "case-handler"),
        ("group: xay-dung", "group: quy-hoach-xay-dung", "xay-dung"),
        ("effective_from: 2099-01-25", "effective_from: 2011-01-25", "effective_from"),
    ],
)
def test_what_is_declared_wrongly_is_refused_by_place_and_makes_no_table(db, wrong, right, said):
    assert right in DECLARED
    plan = planned(DECLARED.replace(right, wrong, 1))
    assert plan.problems and any(said in str(problem) and "so.yaml:" in str(problem) for problem in plan.problems)
    with pytest.raises(definitions.Unsound):
        definitions.apply(plan)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('register_giay_phep_thu')")
        assert cursor.fetchone() == (None,)


def test_making_the_tables_again_does_nothing(register, django_assert_max_num_queries):
    before = columns(register.layout.table)
    with django_assert_max_num_queries(8):
        tables.make(register.layout, register.wanted)
    assert columns(register.layout.table) == before
