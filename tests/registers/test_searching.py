"""Words are found in what somebody may read, also in what entries are called that are pointed to, and nowhere else."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict

from lienthong.foundation import clock
from lienthong.foundation.fields.entries import choosable_by
from lienthong.identity.actors import Officer
from lienthong.registers import access, queries, searching, services
from lienthong.registers.context import context
from lienthong.registers.looking import Look
from lienthong.registers.queries import AsOf, Filters
from lienthong.registers.titles import title_of
from tests.registers import importing
from tests.registers.conftest import CU_JUT, GIA_NGHIA, KEY, officer_of, permit
from tests.registers.test_references import HOLDERS, PARCELS, holder, page, parcel, publish, ref

pytestmark = pytest.mark.django_db

HEAD = """
kind: register
key: {key}
name: {name} (thử)
effective_from: 2011-01-25
group: quy-hoach-xay-dung
singular: {name}
keeper: urban-management
"""

PUPILS = (
    HEAD.format(key="hoc-sinh-thu", name="Học sinh")
    + """
fields:
  - {key: ten, type: text, label: Họ và tên, required: true}
  - {key: ma, type: text, label: Mã}
title: [ten]
listing: {columns: [ten], search: [ten]}
access:
  - {role: case-handler, function: urban-management, may: [read, write], where: own}
  - {role: auditor, may: [read], where: province, fields: [ma]}
  - {role: agency-leader, may: [read], where: province}
public: [ten]
"""
)

YEARS = (
    HEAD.format(key="nam-hoc-thu", name="Năm học")
    + """
fields:
  - {key: hoc_sinh, type: reference, label: Học sinh, register: hoc-sinh-thu, required: true}
  - {key: nam, type: year, label: Năm học, required: true}
identity: [[hoc_sinh, nam]]
title: [hoc_sinh, nam]
listing: {columns: [hoc_sinh, nam], sort: -nam, search: [hoc_sinh, nam]}
access:
  - {role: case-handler, function: urban-management, may: [read, write], where: own}
  - {role: auditor, may: [read], where: province}
  - {role: agency-leader, may: [read], where: province}
public: [hoc_sinh, nam]
"""
)

PRIZES = (
    HEAD.format(key="khen-thuong-thu", name="Khen thưởng")
    + """
fields:
  - {key: nam_hoc, type: reference, label: Năm học, register: nam-hoc-thu, required: true}
  - {key: noi_dung, type: text, label: Nội dung, required: true}
title: [noi_dung, nam_hoc]
listing: {columns: [noi_dung, nam_hoc], search: [noi_dung, nam_hoc]}
access:
  - {role: case-handler, function: urban-management, may: [read, write], where: own}
  - {role: agency-leader, may: [read], where: province}
"""
)


@pytest.fixture
def school(db: None) -> Officer:
    publish(PUPILS, YEARS, PRIZES)
    return officer_of("case-handler", GIA_NGHIA)


def pupil(officer: Officer, name: str, **more: Any) -> queries.Entry:
    return services.enter(register="hoc-sinh-thu", raw={"ten": name, **more}, officer=officer)


def year(officer: Officer, of: queries.Entry, number: int) -> queries.Entry:
    return services.enter(register="nam-hoc-thu", raw={"hoc_sinh": ref(of), "nam": number}, officer=officer)


def prize(officer: Officer, of: queries.Entry, words: str) -> queries.Entry:
    return services.enter(register="khen-thuong-thu", raw={"nam_hoc": ref(of), "noi_dung": words}, officer=officer)


def found(key: str, officer: Officer, words: str, **more: Any) -> list[int]:
    return [entry.id for entry in page(key, officer, filters=Filters(text=words), **more)]


def reword(*entries: queries.Entry, register: str) -> None:
    """What the worker does, until nothing is left to be done."""
    searching.reword(register, [entry.id for entry in entries])
    while waiting := _deferred():
        for each in waiting:
            searching.reword(each["register"], each["entries"])


def _deferred() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = %s RETURNING args", [searching.REWORD_JOB])
        return [json.loads(args) if isinstance(args, str) else args for (args,) in cursor.fetchall()]


# what is theirs


def test_words_are_found_in_the_fields_that_are_theirs_and_tell_nothing_of_the_others(register):
    handler = officer_of("case-handler", GIA_NGHIA)
    mine = services.enter(register=KEY, raw=permit(so="15/GPXĐ"), officer=handler)
    services.enter(register=KEY, raw=permit(so="16/HƯNG"), officer=handler)
    auditor = access.rights_of(officer_of("auditor", "ubnd-tinh"), register, to="read")

    def numbers(text: str, **more: Any) -> list[int]:
        return [entry.id for entry in queries.page(register, auditor, Filters(text=text), **more)]

    then = AsOf(clock.today(), clock.now())
    assert numbers("15/gpxd") == numbers("15/gpxd", as_of=then) == [mine.id]
    assert len(numbers("hung")) == 1, "in the number of the one, not in the names of both"
    assert numbers("hung dao") == [] == numbers("15 dao", as_of=then)
    assert [entry.id for entry in queries.every(register, auditor, Filters(text="15/gpxd"))] == [mine.id]


def test_a_field_that_is_theirs_of_some_entries_is_looked_into_in_those(register):
    handler, elsewhere = officer_of("case-handler", GIA_NGHIA), officer_of("case-handler", CU_JUT)
    mine = services.enter(register=KEY, raw=permit(so="1"), officer=handler)
    services.enter(register=KEY, raw=permit(so="2"), officer=elsewhere)
    auditor = officer_of("auditor", "ubnd-tinh")
    both = Officer(handler.account_id, handler.name, (handler.acting, auditor.acting), handler.acting)
    rights = access.rights_of(both, register, to="read")
    assert [entry.id for entry in queries.page(register, rights, Filters(text="hung dao"))] == [mine.id]


def test_the_box_for_words_says_which_fields_it_looks_into(register):
    auditor = access.rights_of(officer_of("auditor", "ubnd-tinh"), register, to="read")
    assert Look(register, auditor, QueryDict(), context()).searched == "Số giấy phép"
    assert Look(register, replace(auditor, fields={"ngay_cap": None}), QueryDict(), context()).searched == ""


# what entries are called that are pointed to


def test_an_entry_is_called_and_found_by_what_it_points_to(school, django_assert_num_queries):
    mai, nam = pupil(school, "Trần Thị Mai"), pupil(school, "Lê Nam")
    first, second, other = year(school, mai, 2024), year(school, mai, 2025), year(school, nam, 2025)
    won = prize(school, second, "Giải nhất toán")
    body = queries.register("nam-hoc-thu")
    assert title_of(body, second) == "Trần Thị Mai – 2025"
    assert found("nam-hoc-thu", school, "mai") == [second.id, first.id]
    assert found("nam-hoc-thu", school, "2025 mai tran") == [second.id] and found("nam-hoc-thu", school, "an") != []
    assert other.id not in found("nam-hoc-thu", school, "mai")
    assert found("khen-thuong-thu", school, "toan mai 2025") == [won.id]
    with django_assert_num_queries(3):
        (shown,) = page("khen-thuong-thu", school)
    assert shown.values["nam_hoc"].title == "Trần Thị Mai – 2025"
    assert title_of(queries.register("khen-thuong-thu"), shown) == "Giải nhất toán – Trần Thị Mai – 2025"
    choosable = choosable_by(school)
    assert [entry.title for entry in choosable.search("nam-hoc-thu", "mai 2024", 9)] == ["Trần Thị Mai – 2024"]
    assert choosable.find("nam-hoc-thu", [other.id])[other.id].title == "Lê Nam – 2025"


def test_what_is_called_otherwise_is_found_so_by_all_that_point_to_it(school):
    mai = pupil(school, "Trần Thị Mai")
    of_year = year(school, mai, 2025)
    won = prize(school, of_year, "Giải nhất")
    services.correct(
        register="hoc-sinh-thu", entry_id=mai.id, revision=1, raw={"ma": "HS1"}, officer=school, reason="Thiếu"
    )
    assert _deferred() == [], "it is called as before"
    services.correct(
        register="hoc-sinh-thu", entry_id=mai.id, revision=2, raw={"ten": "Trần Thị Lan"}, officer=school, reason="Nhầm"
    )
    reword(mai, register="hoc-sinh-thu")
    assert found("nam-hoc-thu", school, "lan") == [of_year.id] and found("nam-hoc-thu", school, "mai") == []
    assert found("khen-thuong-thu", school, "lan nhat") == [won.id]
    with connection.cursor() as cursor:
        cursor.execute("SELECT revision FROM register_nam_hoc_thu")
        assert cursor.fetchall() == [(1,)], "nothing was changed but the words"


def test_words_of_a_title_that_is_not_theirs_are_not_found(school):
    of_year = year(school, pupil(school, "Trần Thị Mai"), 2025)
    auditor, leader = officer_of("auditor", "ubnd-tinh"), officer_of("agency-leader", "thanh-pho-gia-nghia")
    assert found("nam-hoc-thu", leader, "mai") == [of_year.id]
    assert found("nam-hoc-thu", auditor, "mai") == [] and found("nam-hoc-thu", auditor, "2025") == [of_year.id]
    (seen,) = page("nam-hoc-thu", auditor)
    assert title_of(queries.register("nam-hoc-thu"), seen) == "2025", "no number of an entry in a name"
    stranger = officer_of("case-handler", CU_JUT)
    other = year(stranger, pupil(stranger, "Lê Nam"), 2025)
    assert found("nam-hoc-thu", school, "nam") == [] and found("nam-hoc-thu", stranger, "nam") == [other.id]


def test_people_choose_by_names_that_are_public_all_through(school):
    publish(PUPILS.replace("public: [ten]", "public: [ma]"), YEARS.replace("public: [hoc_sinh, nam]", "public: [nam]"))
    of_year = year(school, pupil(school, "Trần Thị Mai"), 2025)
    assert choosable_by().find("nam-hoc-thu", [of_year.id]) == {}
    publish(PUPILS, YEARS.replace("public: [hoc_sinh, nam]", "public: [nam]"))
    assert choosable_by().find("nam-hoc-thu", [of_year.id]) == {}
    publish(YEARS)
    assert choosable_by().find("nam-hoc-thu", [of_year.id])[of_year.id].title == "Trần Thị Mai – 2025"


def test_rows_of_a_file_are_found_by_what_they_point_to_as_if_they_had_been_typed(school):
    typed = year(school, pupil(school, "Trần Thị Mai"), 2024)
    sheet = importing.xlsx([["Trần Thị Mai", 2025], ["tran thi mai", 2025]], headings=["Học sinh", "Năm học"])
    brought = importing.bring(sheet, school, register="nam-hoc-thu")
    done = importing.enter(importing.check(brought, school), school)
    assert (done.entered, done.wrong) == (1, 1), "the second row says the same thing"
    assert len(found("nam-hoc-thu", school, "mai")) == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT replace(search, '2025', '2024') FROM register_nam_hoc_thu")
        assert cursor.fetchall() == [("tran thi mai 2024",)]
    assert typed.id in found("nam-hoc-thu", school, "mai 2024")


def test_a_version_that_looks_elsewhere_finds_what_was_there_before(school):
    mai = pupil(school, "Trần Thị Mai", ma="HS-77")
    assert found("hoc-sinh-thu", school, "hs-77") == []
    publish(PUPILS.replace("search: [ten]", "search: [ten, ma]"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs WHERE task_name LIKE 'registers.reword%%'")
        assert cursor.fetchall() == [("registers.reword_all",)]
    searching.reword_all("hoc-sinh-thu")
    assert found("hoc-sinh-thu", school, "hs-77 mai") == [mai.id]


# on another day


def test_lists_of_another_day_call_entries_as_they_were_called_then(school):
    start = clock.now()
    with clock.at(start - timedelta(days=60)):
        mai = pupil(school, "Trần Thị Mai")
        of_year = year(school, mai, 2025)
    with clock.at(start - timedelta(days=30)):
        services.change(register="hoc-sinh-thu", entry_id=mai.id, revision=1, raw={"ten": "Trần Lan"}, officer=school)
    body = queries.register("nam-hoc-thu")

    def called(days: int, known: int = 0) -> str:
        as_of = AsOf(clock.today() - timedelta(days=days), clock.now() - timedelta(days=known))
        (entry,) = page("nam-hoc-thu", school, as_of=as_of)
        alone = queries.entry(body, access.rights_of(school, body, to="read"), of_year.id, as_of=as_of)
        assert alone.values == entry.values
        return str(entry.values["hoc_sinh"].title)

    assert (called(0), called(29), called(31), called(60)) == ("Trần Lan", "Trần Lan", "Trần Thị Mai", "Trần Thị Mai")
    assert called(0, known=40) == "Trần Thị Mai", "what was known then"
    with clock.at(start - timedelta(days=10)):
        services.correct(
            register="hoc-sinh-thu",
            entry_id=mai.id,
            revision=2,
            raw={"ten": "Trần Loan"},
            officer=school,
            reason="Nhầm",
        )
    assert (called(0), called(0, known=20), called(31)) == ("Trần Loan", "Trần Lan", "Trần Thị Mai")


def test_a_page_of_another_day_asks_once_for_each_register_it_points_to(db, django_assert_num_queries):
    publish(HOLDERS, PARCELS)
    handler = officer_of("case-handler", GIA_NGHIA)
    owners = [holder(handler, f"Nguyễn Văn {n}") for n in range(3)]
    for number in range(9):
        parcel(handler, f"thửa {number}", ref(owners[number % 3]))
    with django_assert_num_queries(2):
        shown = page("thua-thu", handler, as_of=AsOf(clock.today(), clock.now()))
    assert shown[0].values["chu"]["chu_dat"].title == "Nguyễn Văn 2"


def test_what_was_entered_later_than_the_day_is_called_as_it_is_today(school):
    start = clock.now()
    mai = pupil(school, "Trần Thị Mai")
    year_since = {"register": "nam-hoc-thu", "officer": school, "valid_from": clock.today() - timedelta(days=90)}
    services.enter(**year_since, raw={"hoc_sinh": ref(mai), "nam": 2025})
    (entry,) = page("nam-hoc-thu", school, as_of=AsOf(clock.today() - timedelta(days=60), start))
    assert entry.values["hoc_sinh"].title == "Trần Thị Mai"
