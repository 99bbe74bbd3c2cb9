"""What may be declared of registers in a procedure: refused with the place, before anybody applies."""

from collections.abc import Callable
from typing import Any

import pytest

from lienthong.foundation.definitions import services as definitions
from tests import cast
from tests.cases import dossiers

pytestmark = pytest.mark.django_db

SOURCE = cast.SOURCE / "provinces" / "dak_nong" / "procedures" / f"{dossiers.PERMIT}.yaml"
VALUES = "        values:\n          so_giay_phep"
AREA = "          dien_tich_tang_mot: house.ground_area\n"


@pytest.fixture(autouse=True)
def monday():
    with cast.on_monday():
        yield


def problems(change: Callable[[str], str]) -> list[Any]:
    text = SOURCE.read_text(encoding="utf-8")
    changed = change(text)
    assert changed != text
    return definitions.plan_text(changed, folder="tests", file="phep.yaml").problems


def line(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


REFUSED = [
    ("register: giay-phep-xay-dung\n", "register: giay-phep-xay-dun\n", "results[0].enters[0].register", "xay-dung"),
    (AREA, "          dien_tich_nha: house.ground_area\n", "enters[0].values.dien_tich_nha", "dien_tich_nha"),
    (AREA, "          dien_tich_tang_mot: house.ground_size\n", "values.dien_tich_tang_mot", "house.ground_size"),
    (AREA, "          dien_tich_tang_mot: site.lot\n", "values.dien_tich_tang_mot", "số"),
    (AREA, "          dien_tich_tang_mot: result.numero\n", "values.dien_tich_tang_mot", "result.numero"),
    (AREA, "          dien_tich_tang_mot: answers.khong_hoi\n", "values.dien_tich_tang_mot", "answers.khong_hoi"),
    ("dia_diem: site.location\n", "dia_diem: site.location.text\n", "values.dia_diem", "địa chỉ"),
    ("\"'nha-o-rieng-le'\"", "\"'nha-o'\"", "values.loai_cong_trinh", "nha-o"),
    ("          dia_diem: site.location\n", "", "enters[0].values", "dia_diem"),
    ("ngay_cap: result.day", "ngay_cap: site.lot", "values.ngay_cap", "ngày"),
    (VALUES, "        find: {so_giay_phep: result.number}\n" + VALUES,
     "enters[0].find", "find"),
    (VALUES, "        does: change\n" + VALUES,
     "enters[0].find", "find"),
    (VALUES,
     "        does: change\n        find: {so_giay_phep: result.number}\n" + VALUES,
     "enters[0].find", "identity"),
    (VALUES, "        when: house.height\n" + VALUES,
     "enters[0].when", ""),
    # what registers spare the applicant
    ("find: {ma_so: owner.tax_code}", "find: {ten: owner.full_name}", "prefill[0].find", "identity"),
    ("owner.address: dia_chi}\n  - register: thuong", "owner.address: dia_ch}\n  - register: thuong",
     "prefill[0].fills", "dia_ch"),
    ("owner.representative: nguoi_dai_dien", "owner.representant: nguoi_dai_dien", "prefill[0].fills",
     "owner.representant"),
    ("owner.representative: nguoi_dai_dien", "site.area: nguoi_dai_dien", "prefill[0].fills", "site.area"),
    ("owner.representative: nguoi_dai_dien", "owner.representative: von_dieu_le", "prefill[0].owner", "von_dieu_le"),
    ("    owner: so_dinh_danh\n", "", "prefill[1].owner", "so_dinh_danh"),
    ("    owner: so_dinh_danh\n", "    owner: ho_ten\n", "prefill[1].owner", "ho_ten"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "place", "said"), REFUSED)
def test_what_can_never_be_written_or_taken_is_refused_with_its_place(old: str, new: str, place: str, said: str):
    found = [str(problem) for problem in problems(line(old, new))]
    assert any(place in problem and said in problem for problem in found), found
    assert all(problem.startswith("phep.yaml:") for problem in found)


def test_what_the_province_declares_is_right():
    text = SOURCE.read_text(encoding="utf-8")
    assert not definitions.plan_text(text, folder="tests", file="phep.yaml").problems


def test_answers_of_officers_can_be_written_too():
    """The inspection is asked for by an action of the process."""
    assert not problems(
        line(
            "          chieu_cao: house.height\n",
            "          chieu_cao: house.height\n          han_khoi_cong: answers.visited_on\n",
        )
    )
