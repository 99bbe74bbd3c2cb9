"""Registers whose entries point to each other: parcels to holders, and holders to a parcel and to each other."""

import json
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from lienthong.foundation.definitions import services as definitions
from lienthong.foundation.fields.context import EntryRef
from lienthong.foundation.fields.entries import choosable_by
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.identity.actors import Officer
from lienthong.registers import access, holding, queries, services
from lienthong.registers.context import context_for
from lienthong.registers.definition import REGISTER
from lienthong.registers.looking import Look
from lienthong.registers.queries import Filters
from tests import cast
from tests.browsing import queries_of
from tests.registers import importing
from tests.registers.conftest import CU_JUT, GIA_NGHIA, officer_of

pytestmark = pytest.mark.django_db

HOLDERS = """
kind: register
key: nguoi-thu
name: Người sử dụng đất (thử)
effective_from: 2011-01-25
group: quy-hoach-xay-dung
singular: người sử dụng đất
keeper: urban-management
fields:
  - {key: ten, type: text, label: Họ và tên, required: true}
  - {key: dinh_danh, type: person-id, label: Số định danh, personal: true}
  - {key: noi_o, type: reference, label: Nơi ở, register: thua-thu}
  - {key: vo_chong, type: reference, label: Vợ hoặc chồng, register: nguoi-thu}
title: [ten]
listing: {columns: [ten, noi_o], search: [ten, dinh_danh], filters: [noi_o]}
access:
  - {role: case-handler, function: urban-management, may: [read, write], where: own}
  - {role: auditor, may: [read], where: province}
"""

PARCELS = """
kind: register
key: thua-thu
name: Thửa đất (thử)
effective_from: 2011-01-25
group: quy-hoach-xay-dung
singular: thửa đất
keeper: urban-management
fields:
  - {key: so, type: text, label: Tờ và thửa, required: true}
  - {key: ghi_chu, type: text, label: Ghi chú}
  - key: chu
    type: section
    label: Chủ
    fields:
      - {key: chu_dat, type: reference, label: Chủ sử dụng, register: nguoi-thu, restrict: true}
  - key: dong_so_huu
    type: table
    label: Đồng sở hữu
    fields: [{key: nguoi, type: reference, label: Người, register: nguoi-thu}]
title: [so]
listing: {columns: [so, chu_dat], search: [so, ghi_chu]}
access:
  - {role: case-handler, function: urban-management, may: [read, write], where: own}
  - {role: auditor, may: [read], where: province, fields: [so]}
  - {role: agency-leader, may: [read], where: province, fields: [chu_dat]}
public: [so]
"""


def planned(*texts: str) -> Any:
    return definitions.plan_text("---".join(texts), folder="tests", file="dat.yaml")


def publish(*texts: str) -> None:
    plan = planned(*texts)
    assert not plan.problems, "\n".join(map(str, plan.problems))
    definitions.apply(plan)


@pytest.fixture
def land(db: None) -> None:
    publish(HOLDERS, PARCELS)


@pytest.fixture
def handler(land: None) -> Officer:
    return officer_of("case-handler", GIA_NGHIA)


def holder(officer: Officer, name: str, **more: Any) -> queries.Entry:
    return services.enter(register="nguoi-thu", raw={"ten": name, **more}, officer=officer)


def parcel(officer: Officer, number: str, owner: Any = None, **more: Any) -> queries.Entry:
    raw = {"so": number, "chu": {"chu_dat": owner}, **more}
    return services.enter(register="thua-thu", raw=raw, officer=officer)


def ref(entry: queries.Entry) -> dict[str, int]:
    return {"id": entry.id}


def page(key: str, officer: Officer, **more: Any) -> list[queries.Entry]:
    body = queries.register(key)
    return queries.page(body, access.rights_of(officer, body, to="read"), **more)


# declaring


def test_two_new_registers_that_point_to_each_other_get_their_tables_and_then_their_foreign_keys(db):
    plan = planned(HOLDERS, PARCELS)
    said = [line for change in plan.publishes for line in change.consequences]
    assert sum("register_nguoi_thu" in line and "khóa ngoại" in line for line in said) == 3
    definitions.apply(plan)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, confrelid::regclass::text, condeferrable, condeferred, convalidated"
            " FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text ~ '^register_(nguoi|thua)_thu$'"
            " AND confrelid::regclass::text LIKE 'register%' ORDER BY 1, 2"
        )
        ties = cursor.fetchall()
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'register_thua_thu'")
        indexes = " ".join(row[0] for row in cursor.fetchall())
    both = [("register_nguoi_thu", "register_nguoi_thu"), ("register_nguoi_thu", "register_thua_thu")]
    assert [tie[:2] for tie in ties] == [*both, ("register_thua_thu", "register_nguoi_thu")]
    assert {tie[2:] for tie in ties} == {(True, False, True)}, "checked at once, and may be put off"
    assert "(chu_dat" in indexes
    assert planned(HOLDERS, PARCELS).is_empty


def test_the_order_of_the_files_makes_no_difference(db):
    publish(PARCELS, HOLDERS)
    assert REGISTER.current("thua-thu").body.references.keys() == {"chu_dat"}


def test_a_reference_may_come_later_and_is_tied_then(db):
    publish(HOLDERS.replace(", register: thua-thu", ", register: nguoi-thu"))
    (problem,) = planned(HOLDERS.replace("register: nguoi-thu}", "register: thua-thu}", 1), PARCELS).problems[:1]
    assert "nguoi-thu" in str(problem), "a column points to one register for ever"


@pytest.mark.parametrize(
    ("right", "wrong", "at", "said"),
    [
        ("register: thua-thu", "register: thua-dat-thu", "register", "thua-thu"),
        ("title: [ten]", "title: [ten, vo_chong]", "title[1]", "vo_chong"),
        ("search: [ten, dinh_danh]", "search: [dinh_danh]", "register", "listing.search"),
        ("filters: [noi_o]", "sort: noi_o", "sort", "noi_o"),
    ],
)
def test_what_cannot_be_pointed_to_or_asked_of_it_is_said_with_its_place(db, right, wrong, at, said):
    assert right in HOLDERS
    problems = [str(problem) for problem in planned(HOLDERS.replace(right, wrong), PARCELS).problems]
    assert any(at in problem and said in problem and "dat.yaml:" in problem for problem in problems), problems


def test_a_register_to_which_another_points_is_not_retired(land):
    with pytest.raises(definitions.StillUsed):
        definitions.retire(REGISTER, "nguoi-thu", reason="thử")


# entering and reading


def test_lists_cards_and_history_show_titles_with_one_query_for_each_register(handler, django_assert_num_queries):
    owners = [holder(handler, f"Nguyễn Văn {n}") for n in range(5)]
    made = [parcel(handler, f"Tờ 1, thửa {n}", ref(owners[n % 5])) for n in range(20)]
    assert made[0].values["chu"]["chu_dat"] == EntryRef(owners[0].id, "Nguyễn Văn 0"), "no number of a person"
    with django_assert_num_queries(2):
        shown = page("thua-thu", handler)
    assert [entry.values["chu"]["chu_dat"].title for entry in shown[-2:]] == ["Nguyễn Văn 1", "Nguyễn Văn 0"]
    body = queries.register("thua-thu")
    states = queries.history(body, access.rights_of(handler, body, to="read"), made[0].id)
    assert states[0].entry.values["chu"]["chu_dat"].title == "Nguyễn Văn 0"


def test_a_list_is_narrowed_to_what_points_to_an_entry(handler):
    plot = parcel(handler, "Tờ 1, thửa 1")
    lives, _elsewhere = holder(handler, "An", noi_o=ref(plot)), holder(handler, "Bình")
    assert [entry.id for entry in page("nguoi-thu", handler, filters=Filters(among={"noi_o": [plot.id]}))] == [lives.id]
    body = queries.register("nguoi-thu")
    for asked, meant in (("thua+1", [plot.id]), (f"%23{plot.id}", [plot.id]), ("khong+dau", None)):
        given = QueryDict(f"l.noi_o={asked}&xep=noi_o")
        look = Look(body, access.rights_of(handler, body, to="read"), given, context_for(handler, body, {}))
        assert {key: list(ids) for key, ids in look.filters.among.items()} == ({"noi_o": meant} if meant else {})
        assert look.sort is None, "ids are no order for people"
        assert bool(look.boxes[0].problem) == (meant is None)


def test_who_may_not_read_the_other_register_sees_no_title(handler):
    parcel(handler, "Tờ 1, thửa 1", ref(holder(handler, "An")))
    (seen,) = page("thua-thu", officer_of("agency-leader", CU_JUT))
    assert seen.values["chu"]["chu_dat"].title.startswith("bản ghi ")
    body = queries.register("thua-thu")
    (public,) = queries.page(body, access.public(body))
    assert public.values == {"so": "Tờ 1, thửa 1"}


def test_who_points_to_an_entry_is_told_by_register_with_rights(handler):
    an = holder(handler, "An")
    plots = [parcel(handler, f"thửa {n}", ref(an)) for n in range(3)]
    wife = holder(handler, "Bình", vo_chong=ref(an))
    body = queries.register("nguoi-thu")
    found = queries.referring(body, access.rights_of(handler, body, to="read"), an.id, size=2)
    assert {each.body.key: [entry.id for entry in each.entries] for each in found} == {
        "nguoi-thu": [wife.id],
        "thua-thu": [plot.id for plot in reversed(plots)],
    }
    auditor = officer_of("auditor", CU_JUT)  # reads of parcels only their numbers
    found = queries.referring(body, access.rights_of(auditor, body, to="read"), an.id)
    assert [each.body.key for each in found] == ["nguoi-thu"]


def test_an_entry_in_a_row_of_a_table_is_kept_as_it_was_called(handler):
    an = holder(handler, "An")
    plot = parcel(handler, "thửa 1", dong_so_huu=[{"nguoi": ref(an)}])
    correct = {"register": "nguoi-thu", "entry_id": an.id, "revision": 1, "officer": handler}
    services.correct(**correct, raw={"ten": "Ân"}, reason="Nhầm")
    body = queries.register("thua-thu")
    read = queries.entry(body, access.rights_of(handler, body, to="read"), plot.id)
    assert read.values["dong_so_huu"] == [{"nguoi": EntryRef(an.id, "An")}]


@pytest.mark.parametrize("hostile", [{"id": 10**12}, {"id": "1; DROP TABLE"}, {"id": -1}, {"id": 2**63}, "%' OR 1=1"])
def test_what_is_no_entry_is_refused_and_nothing_is_kept(handler, hostile):
    with pytest.raises(NotAccepted) as refused:
        parcel(handler, "thửa 1", hostile)
    assert set(refused.value.errors) == {"chu.chu_dat"}
    assert page("thua-thu", handler) == []


def test_the_database_itself_knows_no_entry_that_is_not_there(handler):
    plot = parcel(handler, "thửa 1")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE register_thua_thu SET chu_dat = 987654, revision = 2, recorded_at = now() WHERE id = %s", [plot.id]
        )


# ending


def test_what_ended_is_not_chosen_any_more_and_stays_where_it_was(handler):
    plot = parcel(handler, "Tờ 1, thửa 1")
    an = holder(handler, "An", noi_o=ref(plot))
    _end(handler, "thua-thu", plot)
    with pytest.raises(NotAccepted):
        holder(handler, "Bình", noi_o=ref(plot))
    (shown,) = page("nguoi-thu", handler)
    assert shown.values["noi_o"].title == "Tờ 1, thửa 1 (đã kết thúc)"
    typed = {"ten": "Ân", "noi_o": {"id": str(plot.id), "words": "Tờ 1, thửa 1 (đã kết thúc)"}}
    kept = services.correct(
        register="nguoi-thu", entry_id=an.id, revision=1, raw=typed, officer=handler, reason="Nhầm tên"
    )
    assert kept.values["noi_o"].id == plot.id


def _end(officer: Officer, key: str, entry: queries.Entry) -> None:
    """As if it had been entered a month ago."""
    table = queries.register(key).layout.table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER keep_past")
        cursor.execute(f"UPDATE {table} SET valid_from = valid_from - 30 WHERE id = %s", [entry.id])
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER keep_past")
    services.end(register=key, entry_id=entry.id, revision=entry.revision, officer=officer, reason="Không còn")


def test_an_entry_is_not_ended_while_a_restricting_reference_in_force_points_to_it(handler):
    an = holder(handler, "An")
    plot = parcel(handler, "thửa 1", ref(an))
    with pytest.raises(holding.StillReferred, match="1 bản ghi"), transaction.atomic():
        _end(handler, "nguoi-thu", an)
    assert page("nguoi-thu", handler)[0].valid_until is None
    _end(handler, "thua-thu", plot)
    _end(handler, "nguoi-thu", an)
    assert page("nguoi-thu", handler) == []


# choosing


def titles(found: Any) -> list[str]:
    return [entry.title for entry in found]


def test_an_officer_chooses_among_what_they_may_read_and_the_nearest_comes_first(handler, django_assert_num_queries):
    for name in ("Trần Thị Lan Anh", "Lan Anh", "Nguyễn Lan", "Phạm Lân", "Hoàng Bình"):
        holder(handler, name)
    choosable = choosable_by(handler)
    with django_assert_num_queries(1):
        found = choosable.search("nguoi-thu", "lan anh", 10)
    assert titles(found) == ["Lan Anh", "Trần Thị Lan Anh"]
    assert len(choosable.search("nguoi-thu", "lan", 10)) == 4
    with django_assert_num_queries(0):
        choosable.search("nguoi-thu", "LAN", 10)
    with django_assert_num_queries(1):
        assert len(choosable.find("nguoi-thu", [entry.id for entry in found])) == 2
    assert choosable_by(officer_of("case-handler", CU_JUT)).search("nguoi-thu", "lan", 10) == []
    assert choosable_by(officer_of("case-handler", CU_JUT)).find("nguoi-thu", [found[0].id]) == {}
    assert choosable_by(officer_of("agency-leader", CU_JUT)).search("thua-thu", "lan", 10) == (), "no title to show"


def test_short_words_are_the_beginnings_of_words_and_signs_mean_themselves(handler):
    for number in ("5/12", "12", "112", "100% đất"):
        parcel(handler, number)
    choosable = choosable_by(handler)
    assert titles(choosable.search("thua-thu", "12", 10)) == ["12"]
    assert titles(choosable.search("thua-thu", "100%", 10)) == ["100% đất"]
    assert choosable.search("thua-thu", "%", 10) == () and choosable.search("thua-thu", "_", 10) == ()


def test_anybody_chooses_only_what_is_public_and_words_that_are_not_tell_nothing(handler):
    plot = parcel(handler, "Tờ 1, thửa 1", ghi_chu="tranh chấp")
    an = holder(handler, "An")
    anybody = choosable_by()
    assert anybody.find("thua-thu", [plot.id]) == {plot.id: EntryRef(plot.id, "Tờ 1, thửa 1")}
    assert titles(anybody.search("thua-thu", "thua 1", 10)) == ["Tờ 1, thửa 1"]
    assert anybody.search("thua-thu", "tranh chap", 10) == []
    assert titles(choosable_by(handler).search("thua-thu", "tranh chap", 10)) == ["Tờ 1, thửa 1"]
    assert anybody.find("nguoi-thu", [an.id]) == {} and anybody.search("nguoi-thu", "an", 10) == ()
    assert anybody.address("thua-thu") and not anybody.address("nguoi-thu") and not anybody.address("khong-co")


def test_what_is_typed_is_answered_with_the_rights_of_who_types(handler):
    plot, _an = parcel(handler, "Tờ 1, thửa <1>"), holder(handler, "An")
    stranger = Client()
    answer = stranger.get(reverse("choosing:for_anybody", args=["thua-thu"]), {"q": "thua"})
    assert json.loads(answer.content) == {"entries": [{"id": plot.id, "title": "Tờ 1, thửa <1>", "more": ""}]}
    for unknown in ("nguoi-thu", "khong-co"):
        assert stranger.get(reverse("choosing:for_anybody", args=[unknown]), {"q": "an"}).status_code == 404
    assert stranger.get(reverse("choosing:for_officer", args=["thua-thu"])).status_code == 302
    assert stranger.get(reverse("choosing:for_anybody", args=["thua-thu"]), {"q": "x" * 5000}).status_code == 200
    citizen = Client()
    citizen.force_login(cast.account(cast.AN))
    assert citizen.get(reverse("choosing:for_officer", args=["nguoi-thu"]), {"q": "an"}).status_code == 403
    assert queries_of(lambda: stranger.get(reverse("choosing:for_anybody", args=["thua-thu"]), {"q": "thua"})) <= 2


def test_rows_of_a_file_point_to_entries_by_what_those_are_called(land):
    publish(PARCELS.replace("title: [so]", "identity: [[so]]\ntitle: [so]"))
    officer = cast.actor(cast.HANDLER)
    owner, other = holder(officer, "Nguyễn Văn Ân"), holder(officer, "Lê Thị Hoa")
    sheet = importing.xlsx(
        [["1", "nguyen van an"], ["2", "Không có ai"], ["3", "Lê Thị Hoa"], ["4", None]],
        headings=["Tờ và thửa", "Chủ sử dụng"],
    )
    found = importing.bring(sheet, officer, register="thua-thu")
    checked = importing.check(found, officer)
    assert list(importing.reasons(checked)) == [3]
    _end(officer, "nguoi-thu", other)
    importing.enter(checked, officer)
    owners = {entry.values["so"]: entry.values["chu"]["chu_dat"] for entry in page("thua-thu", officer)}
    assert {number: each and each.id for number, each in owners.items()} == {"1": owner.id, "4": None}
    with pytest.raises(holding.StillReferred):
        _end(officer, "nguoi-thu", owner)

    again = importing.bring(
        importing.xlsx([["1", "Nguyễn Văn Ân"]], headings=["Tờ và thửa", "Chủ sử dụng"]), officer, register="thua-thu"
    )
    assert importing.check(again, officer, existing="change").same == 1


def test_a_card_leads_to_what_the_entry_has_to_do_with(land):
    officer = cast.actor(cast.HANDLER)
    owner = holder(officer, "Nguyễn Văn Ân")
    plots = [parcel(officer, f"thửa {number}", ref(owner)) for number in range(10)]
    with cast.on_monday():
        desk = Client()
        desk.force_login(cast.account(cast.HANDLER))
        card = desk.get(reverse("registers:card", args=["thua-thu", plots[0].id]))
        (link,) = card.context["pointed_to"]
        assert (link.title, link.label) == ("Nguyễn Văn Ân", "Chủ sử dụng")
        there = desk.get(link.address)
    (related,) = there.context["pointing_here"]
    assert len(related.links) == 8 and related.all and related.links[0].title == "thửa 9"
    assert not card.context["pointing_here"] and not there.context["pointed_to"]
