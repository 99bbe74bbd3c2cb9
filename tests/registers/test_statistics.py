"""Statistics of a register: counted with the rights of who asks, each figure a way to its entries."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from lienthong.foundation import clock
from lienthong.foundation.definitions import services as definitions
from lienthong.registers import access, queries, services
from lienthong.registers.context import context
from lienthong.registers.looking import Look
from lienthong.registers.statistics.counting import counted
from lienthong.registers.statistics.offered import offered
from tests import cast
from tests.browsing import queries_of
from tests.registers.conftest import CU_JUT, DECLARED, GIA_NGHIA, KEY, officer_of, permit, publish
from tests.workspace.conftest import desk, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("declared")]

STATISTICS = """statistics:
  - {key: dien-tich, name: Diện tích theo địa bàn và năm, by: [dia_chi, ngay_cap], measure: sum, of: dien_tich}
  - {key: binh-quan, name: Diện tích bình quân, by: [so_tang], measure: average, of: dien_tich}
  - {key: nha-thap, name: Nhà thấp theo năm, by: [ngay_cap], where: {so_tang: [1, 2]}, unit: nhà}
  - {key: theo-so, name: Theo số, by: [so]}
public:"""
WITH_STATISTICS = DECLARED.replace("public:", STATISTICS, 1)
GIA_NGHIA_WARD, CU_JUT_TOWN = "24611", "24640"


@pytest.fixture
def declared(db):
    publish(WITH_STATISTICS)


def at(name, *rest):
    return reverse(f"registers:{name}", args=[KEY, *rest])


def enter(number, agency=GIA_NGHIA, **other):
    return services.enter(register=KEY, raw=permit(so=f"{number}", **other), officer=officer_of("case-handler", agency))


def some():
    """Entries that differ in everything by which they can be parted; one has ended."""
    with clock.at(clock.now() - timedelta(days=400)):
        enter(1, so_tang=1, dien_tich=100, ngay_cap="2023-05-01")
        over = enter(2, so_tang=2, dien_tich=50)
    enter(3, so_tang=2, dien_tich=None, ngay_cap="2025-01-15")
    enter(4, so_tang=None, dien_tich=30.5, ngay_cap="2025-02-15")
    enter(5, CU_JUT, so_tang=9, dien_tich=10, dia_chi={"unit": CU_JUT_TOWN, "detail": "Tổ 1"})
    services.end(
        register=KEY, entry_id=over.id, revision=1, officer=officer_of("case-handler", GIA_NGHIA), reason="Thu hồi"
    )


def told(key, officer, query=""):
    """The figures of a statistic by the names of parts, as the services give them."""
    body = queries.register(KEY)
    rights = access.rights_of(officer, body, to="read")
    look = Look(body, rights, QueryDict(query), context())
    statistic = next(each for each in offered(body, rights, look.then) if each.key == key)
    made = counted(body, rights, statistic, look.filters, context=look.then, as_of=look.as_of)
    return statistic, made.figures


def values(key, officer, query=""):
    statistic, figures = told(key, officer, query)
    return {row.part.name: row.all.value(statistic.measure) for row in figures.rows}


LEADER = ("agency-leader", "ubnd-tinh")


def test_entries_are_counted_by_agency_year_and_what_is_chosen_without_being_declared():
    some()
    leader = officer_of(*LEADER)
    assert sorted(values("agency", leader).values()) == [1, 3]
    assert values("year", leader) == {"2024": 1, "2025": 3}
    districts = values("dia_chi", leader)
    assert districts == {"Thành phố Gia Nghĩa": 3, "Huyện Cư Jút": 1}
    assert sum(values("dia_chi", leader, "het=1").values()) == 5


def test_a_part_alone_is_parted_further():
    some()
    (ward,) = values("dia_chi", officer_of("case-handler", GIA_NGHIA))
    assert "Phường" in ward and "Gia Nghĩa" in ward


def test_sums_and_averages_of_what_was_entered_and_totals_of_rows_and_columns():
    some()
    leader = officer_of(*LEADER)
    _statistic, figures = told("dien-tich", leader)
    names = [part.name for part in figures.columns]
    rows = {row.part.name: [cell.value("sum") for cell in row.cells] for row in figures.rows}
    assert names == ["2023", "2025"]
    assert rows["Thành phố Gia Nghĩa"] == [Decimal(100), Decimal("30.5")] and rows["Huyện Cư Jút"][1] == 10
    assert [each.value("sum") for each in figures.below] == [100, Decimal("40.5")]
    assert figures.all.value("sum") == Decimal("140.5") and figures.all.count == 4
    assert values("binh-quan", leader) == {"1": 100, "2": None, "9": 10, "chưa ghi": Decimal("30.5")}


def test_only_entries_that_the_statistic_is_about_are_counted():
    some()
    assert values("nha-thap", officer_of(*LEADER)) == {"2023": 1, "2025": 1}


def test_every_figure_leads_to_exactly_the_entries_in_it():
    some()
    officer = desk(cast.HANDLER)
    followed = 0
    page = officer.get(at("statistics"))
    for each in page.context["statistics"]:
        for query in ("", "&het=1"):
            shown = officer.get(each["address"] + query)
            for line in shown.context["lines"]:
                measured = shown.context["measured"]
                figures = [line.entries, *([] if measured else [line.figure, *line.cells])]
                for figure in (each for each in figures if each.address):
                    listed = officer.get(figure.address)
                    assert len(listed.context["rows"]) == int(figure.text), (each["address"], line.name, figure)
                    followed += 1
                for cell in line.cells if measured else ():
                    assert not cell.address or officer.get(cell.address).context["rows"]
    assert followed > 20


def test_a_list_that_a_figure_led_to_says_so_and_lets_go_of_it():
    some()
    officer = desk(cast.HANDLER)
    listed = officer.get(at("listing") + "?n.so_tang=-&n.ngay_cap=2025")
    assert [row["cells"][0]["text"] for row in listed.context["rows"]] == ["4"]
    chips = {chip.label: (chip.text, chip.without) for chip in listed.context["look"].chips}
    assert chips["Số tầng"][0] == "chưa ghi" and chips["Ngày cấp"][0] == "2025"
    assert len(officer.get(at("listing") + chips["Số tầng"][1]).context["rows"]) == 2
    assert 'name="n.so_tang" value="-"' in text(listed), "narrowing further keeps the part"
    taken = officer.get(at("export_ask") + "?n.so_tang=-")
    assert "Số tầng: chưa ghi" in text(taken)


@pytest.mark.parametrize(
    "query",
    ["n.so_tang=x", "n.khong=1", "n.so_dinh_danh=%3D067085012345", "n.so_tang.2=1", "n.=1", "tk=khong", "n.so=%00"],
)
def test_an_odd_part_is_left_aside(query):
    some()
    answer = desk(cast.HANDLER).get(at("listing") + f"?{query}")
    assert answer.status_code == 200 and len(answer.context["rows"]) == 3
    assert desk(cast.HANDLER).get(at("statistics") + f"?{query}").status_code == 200


def test_a_statistic_of_another_day_counts_what_was_so():
    with clock.at(clock.now() - timedelta(days=60)):
        entry = enter(1, so_tang=1)
        enter(2, so_tang=1)
    handler = officer_of("case-handler", GIA_NGHIA)
    services.change(register=KEY, entry_id=entry.id, revision=1, raw={"so_tang": 7}, officer=handler)
    then = (clock.today() - timedelta(days=30)).isoformat()
    assert values("binh-quan", handler, f"ngay={then}").keys() == {"1"}
    assert values("binh-quan", handler).keys() == {"1", "7"}
    _statistic, figures = told("agency", officer_of(*LEADER), f"ngay={then}")
    assert figures.all.count == 2
    assert values("agency", officer_of(*LEADER), "ngay=2001-01-01") == {}


def test_who_may_not_read_a_field_is_not_told_its_figures():
    some()
    auditor, handler = officer_of("auditor", "ubnd-tinh"), officer_of("case-handler", CU_JUT)
    body = queries.register(KEY)
    keys = {each.key for each in offered(body, access.rights_of(auditor, body, to="read"), context())}
    assert keys == {"theo-so", "agency", "dia_chi", "year"}, "what reckons with floors and areas is not theirs"
    _statistic, figures = told("year", handler)
    assert figures.all.count == 1, "only of their own agency"
    assert desk("quantri").get(at("statistics")).status_code == 404
    assert desk("quantri").get(at("statistic_file", "year", "csv")).status_code == 404
    assert Client().get(at("statistics")).status_code == 302
    assert desk(cast.HANDLER).get(at("statistic", "khong-co")).status_code == 404


def test_a_statistic_narrowed_by_what_is_not_theirs_to_read_tells_nothing():
    some()
    auditor = officer_of("auditor", "ubnd-tinh")
    body = queries.register(KEY)
    rights = access.rights_of(auditor, body, to="read")
    year = next(each for each in offered(body, rights, context()) if each.key == "year")
    wanted = queries.Filters(among={"so_tang": [1]})
    assert counted(body, rights, year, wanted, context=context()).figures.rows == ()
    parted = queries.Filters(parts=[queries.Part("so_tang", "so_tang = %s", [1])])
    assert counted(body, rights, year, parted, context=context()).figures.rows == ()


def test_what_the_list_is_narrowed_to_is_counted():
    some()
    leader = officer_of(*LEADER)
    assert values("year", leader, "l.so_tang.tu=2") == {"2025": 2}
    assert values("year", leader, "tim=4") == {"2025": 1}
    assert values("year", leader, "n.dia_chi=660*") == {"2024": 1, "2025": 2}


def test_figures_are_taken_along_as_numbers_and_texts_never_as_formulas():
    enter("=1+1", dien_tich=12.5)
    officer = desk(cast.HANDLER)
    sheet = load_workbook(io.BytesIO(officer.get(at("statistic_file", "binh-quan", "xlsx")).content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == "Số tầng" and "Diện tích sàn" in rows[0][1] and "m²" in rows[0][1]
    assert rows[1][:3] == ["2", 12.5, 1] and rows[-1][1] == 12.5
    answer = officer.get(at("statistic_file", "theo-so", "csv"))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][:2] == ["'=1+1", "1"] and "attachment" in answer["Content-Disposition"]
    assert officer.get(at("statistic_file", "year", "exe")).status_code == 404


def test_a_page_of_statistics_makes_a_fixed_number_of_queries():
    enter(0)
    officer = desk(cast.HANDLER)
    before = [queries_of(lambda k=key: officer.get(at("statistic", k))) for key in ("dien-tich", "year", "theo-so")]
    for number in range(1, 30):
        enter(number, so_tang=number, ngay_cap=f"{1990 + number}-01-01")
    after = [queries_of(lambda k=key: officer.get(at("statistic", k))) for key in ("dien-tich", "year", "theo-so")]
    assert before == after and max(after) <= 10


def test_an_empty_register_says_what_comes_here():
    shown = desk(cast.HANDLER).get(at("statistics"))
    assert shown.status_code == 200 and "Chưa có gì để đếm" in text(shown)
    narrowed = desk(cast.HANDLER).get(at("statistics") + "?tim=khong-co")
    assert "Đếm tất cả" in text(narrowed)


def test_programs_get_the_same_figures():
    some()
    officer = desk(cast.HANDLER)
    here = f"/api/v1/registers/{KEY}/statistics"
    keys = [each["key"] for each in officer.get(here).json()]
    assert keys[:4] == ["dien-tich", "binh-quan", "nha-thap", "theo-so"] and "year" in keys
    answer = officer.get(f"{here}/dien-tich").json()
    assert [each["code"] for each in answer["columns"]] == ["2023", "2025"]
    assert answer["all"] == {"entries": 3, "value": 130.5}
    assert [cell["value"] for cell in answer["rows"][0]["cells"]] == [100, 30.5]
    narrowed = officer.get(f"{here}/year?so_tang.from=2").json()
    assert [(row["part"]["code"], row["value"]) for row in narrowed["rows"]] == [("2025", 1)]
    assert officer.get(f"{here}/year?khong=1").status_code == 422
    assert officer.get(f"{here}/khong-co").status_code == 404
    assert desk("quantri").get(here).status_code == 404
    described = officer.get(f"/api/v1/registers/{KEY}/openapi.json").json()
    assert f"/{KEY}/statistics/{{statistic}}" in described["paths"]


@pytest.mark.parametrize(
    ("line", "place", "message"),
    [
        ("{key: a, name: A, by: [khong_co]}", "statistics[0].by[0]", "khong_co"),
        ("{key: a, name: A, by: [so_dinh_danh]}", "statistics[0].by[0]", "dữ liệu cá nhân"),
        ("{key: a, name: A, by: [loai]}", "statistics[0].by[0]", "loai"),
        ("{key: a, name: A, by: [hang_muc]}", "statistics[0].by[0]", "hang_muc"),
        ("{key: a, name: A, by: [dien_tich]}", "statistics[0].by[0]", "dien_tich"),
        ("{key: a, name: A, by: [so_tang.1]}", "statistics[0].by[0]", "cấp"),
        ("{key: a, name: A, by: [so_tang, so_tang]}", "statistics[0].by[1]", "so_tang"),
        ("{key: a, name: A, by: [so_tang], measure: sum}", "statistics[0].measure", "of"),
        ("{key: a, name: A, by: [so_tang], of: dien_tich}", "statistics[0].of", "of"),
        ("{key: a, name: A, by: [so_tang], measure: sum, of: so}", "statistics[0].of", "so"),
        ("{key: a, name: A, by: [so_tang], measure: sum, of: khong}", "statistics[0].of", "khong"),
        ("{key: a, name: A, by: [so_tang], where: {khong: 1}}", "statistics[0].where.khong", "khong"),
        ("{key: a, name: A, by: [so_tang], where: {so: x}}", "statistics[0].where.so", "so"),
        ("{key: a, name: A, by: [so_tang], where: {dia_chi: x}}", "statistics[0].where.dia_chi", "x"),
        ("{key: a, name: A, by: [so_tang], where: {so_tang: x}}", "statistics[0].where.so_tang", "x"),
        ("{key: a, name: A, by: [so_tang]}\n  - {key: a, name: B, by: [agency]}", "statistics[1].key", "a"),
        ("{key: a, name: A, by: []}", "statistics[0].by", ""),
        ("{key: a, name: A, by: [year, agency, so_tang]}", "statistics[0].by", ""),
    ],
)
def test_a_wrong_declaration_is_refused_with_its_place_and_changes_nothing(line, place, message):
    text_ = DECLARED.replace("public:", f"statistics:\n  - {line}\npublic:", 1)
    plan = definitions.plan_text(text_, folder="tests", file="so.yaml")
    assert any(place in str(problem) and message in str(problem) for problem in plan.problems), plan.problems
    assert len(queries.register(KEY).statistics) == 4
