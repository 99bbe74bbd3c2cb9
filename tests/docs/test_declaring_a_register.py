"""The page that declares a register shows what happens: its lines, its mistakes, its plans, its entries."""

import re
from collections.abc import Iterator

import pytest
from django.utils import translation

from lienthong.foundation.definitions import services as definitions
from lienthong.registers import queries, services
from lienthong.registers.titles import title_of
from tests import cast
from tests.docs.pages import DOCS, Page
from tests.registers.conftest import GIA_NGHIA, officer_of

pytestmark = pytest.mark.django_db

FOLDER = DOCS / "how-to" / "examples" / "cay-di-san"
TREES, CARE = FOLDER / "cay-di-san.yaml", FOLDER / "lan-cham-soc-cay.yaml"
PAGE = Page(DOCS / "how-to" / "declare-a-register.md")
SHOWN = [block.text.splitlines() for block in PAGE.blocks if block.text.startswith(("+ ", "    →"))]


@pytest.fixture(autouse=True)
def in_vietnamese_on_monday() -> Iterator[None]:
    with cast.on_monday(), translation.override("vi"):
        yield


def described(plan: definitions.Plan) -> list[str]:
    return list(plan.describe())


def test_the_page_shows_the_lines_of_the_examples():
    lines = {*TREES.read_text().splitlines(), *CARE.read_text().splitlines()}
    shown = [block for block in PAGE.blocks if block.language == "yaml"]
    assert len(shown) > 8
    for block in shown:
        assert not [line for line in block.text.splitlines() if line not in lines]


def mistakes() -> list[tuple[str, str, str]]:
    return re.findall(r"```diff\n-(.*)\n\+(.*)\n```\n\n```\n! (.*)\n```", PAGE.text)


def test_mistakes_are_told_as_the_page_shows_them():
    assert len(mistakes()) == 4
    for before, after, said in mistakes():
        whole = TREES.read_text()
        assert before in whole
        planned = definitions.plan_text(whole.replace(before, after, 1), folder=FOLDER.name, file=TREES.name)
        assert [str(problem) for problem in planned.problems] == [said]


def test_the_plan_is_the_one_shown_and_the_first_entries_are_made():
    plan = definitions.plan([FOLDER])
    assert described(plan) == SHOWN[0]
    definitions.apply(plan)
    officer = officer_of("case-handler", GIA_NGHIA)
    tree = services.enter(
        register="cay-di-san",
        raw={
            "so_hieu": "ĐN-012",
            "ten": "Đa làng Nghĩa Đức",
            "loai": "da",
            "nam_trong": 1875,
            "cong_nhan": {"ngay_cong_nhan": "2024-05-19"},
            "noi_trong": {"unit": "24611"},
            "tinh_trang": "khoe",
        },
        officer=officer,
    )
    assert tree.values["tuoi"] == 149
    raw = {"cay": {"id": tree.id}, "ngay": "2025-03-03", "viec": "Tỉa cành khô"}
    care = services.enter(register="lan-cham-soc-cay", raw=raw, officer=officer)
    assert care.values["cay"].title == "Đa làng Nghĩa Đức – ĐN-012"
    assert title_of(queries.register("lan-cham-soc-cay"), care) == "Đa làng Nghĩa Đức – ĐN-012 – 03/03/2025"


def test_a_later_plan_says_what_the_page_says():
    definitions.apply(definitions.plan([FOLDER]))
    text = TREES.read_text()
    later = text.replace("  - {key: dien_thoai, type: phone, label: Điện thoại, personal: true}\n", "")
    later = later.replace(
        "\nidentity:", "  - {key: chieu_cao, type: decimal, label: Chiều cao, unit: m}\n\nidentity:", 1
    )
    later = later.replace("filters: [loai", "filters: [chieu_cao, loai")
    assert later != text
    lines = described(definitions.plan_text(later, folder=FOLDER.name, file=TREES.name))
    assert not [line for line in SHOWN[1] if line not in lines], lines
