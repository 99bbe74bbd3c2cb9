"""People, numbers and texts of the simulated world fit together. And what-if changes limits without breaking them."""

import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.types.identifiers import PersonId, TaxCode, person_id_facts
from lienthong.foundation.fields.types.texts import Phone
from lienthong.simulation import charts, limits, people, words
from lienthong.simulation.chance import dice
from lienthong.simulation.patterns import text_like

DAY = date(2025, 3, 3)
PLACE = people.Place("24617", "Phường Nghĩa Trung", "Thành phố Gia Nghĩa, Tỉnh Đắk Nông", "67")


@given(st.integers())
def test_a_person_is_one_person(seed):
    person = people.person(dice(seed), PLACE, DAY)
    facts = person_id_facts(person.person_id)
    assert (facts.birth_year, facts.gender) == (person.born.year, person.gender)
    context = Context(at=DAY)
    assert PersonId(key="id", label="x").parse(person.person_id, context) == person.person_id
    assert Phone(key="phone", label="x").parse(person.phone, context) == person.phone
    assert 18 <= (DAY - person.born).days / 365.25 < 74
    assert person.address.endswith("Tỉnh Đắk Nông")
    assert person == people.person(dice(seed), PLACE, DAY), "the same seed is the same person"


@given(st.integers())
def test_a_tax_code_agrees_with_itself(seed):
    code = people.tax_code(dice(seed))
    assert TaxCode(key="code", label="x").parse(code, Context(at=DAY)) == code


@given(st.integers(), st.sampled_from([
    "[0-9]{10}(-[0-9]{3})?", "(0[1-9]|[12][0-9]|3[01])/(0[1-9]|1[0-2])", "(?i)hộ kinh doanh .+", r"\d{3}[^a-z]x*y+?",
]))  # fmt: skip
def test_a_text_like_a_pattern_fits_it(seed, pattern):
    assert re.fullmatch(pattern, text_like(pattern, dice(seed)))


def test_numbers_are_read_as_in_vietnamese():
    assert words.spelled(105) == "một trăm linh năm"
    assert words.spelled(2025) == "hai nghìn không trăm hai mươi lăm"
    assert words.spelled(21) == "hai mươi mốt"
    assert words.spelled(15) == "mười lăm"
    assert words.money(180_000_000) == "Một trăm tám mươi triệu đồng"
    assert words.day(date(2025, 4, 15)) == "Ngày mười lăm, tháng tư, năm hai nghìn không trăm hai mươi lăm"


DECLARED = """kind: procedure
key: cap-phep
limit: 15 days  # theo luật

process:
  steps:
    - key: tiep-nhan
      limit: 8 working hours
    - key: tham-dinh
      limit: 3 working days
"""


def test_another_limit_scales_the_steps_and_leaves_the_rest():
    changed = limits.rescaled(DECLARED, "10 working days")
    assert "limit: 10 working days" in changed
    assert "      limit: 7.46 working hours" in changed
    assert "      limit: 22.4 working hours" in changed
    assert changed.replace("10 working days", "x").count("\n") == DECLARED.count("\n")


@given(st.floats(0, 1e9))
def test_an_axis_ends_at_or_above_what_it_shows(most):
    assert charts.nice(most) >= most * 0.999
