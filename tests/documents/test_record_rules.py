"""Records as pure rules: how long they are kept, what stands against closing, lines that were pasted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.documents.records import rules
from lienthong.documents.records.rules import Against, Item, Wrong

DAYS = st.dates(date(1990, 1, 1), date(2190, 12, 31))
YEARS = st.one_of(st.none(), st.integers(1, 99))


@given(DAYS, YEARS)
def test_what_is_kept_five_years_or_longer_goes_to_the_archive_within_a_year(ended: date, years: int | None):
    due = rules.due_on(ended, years)
    if years is not None and years < 5:
        assert due is None
        return
    assert due and due > ended and due - ended <= timedelta(days=366)
    assert (due.month, due.day) in {(ended.month, ended.day), (2, 28)}


@given(DAYS, st.integers(1, 99))
def test_a_record_is_kept_whole_years_after_the_year_in_which_it_ended(ended: date, years: int):
    over = rules.over_on(ended, years)
    assert over == date(ended.year + years, 12, 31)
    assert rules.over_on(ended, None) is None


def test_a_leap_day_has_its_day_in_other_years():
    assert rules.due_on(date(2024, 2, 29), None) == date(2025, 2, 28)
    assert rules.kept_back_at_most(date(2025, 2, 28)) == date(2027, 2, 28)


def item(place: int, **other: object) -> Item:
    return Item(**{"place": place, "key": str(place), "is_finished": True, "is_described": True, "sheets": 2, **other})


@pytest.mark.parametrize(
    ("items", "years", "against"),
    [
        ([], 10, [(Against.EMPTY, ())]),
        ([item(1)], None, []),
        ([item(1, is_finished=False), item(2)], 2, [(Against.UNFINISHED, (1,))]),
        ([item(1, key="a"), item(2), item(3, key="a")], 2, [(Against.TWICE, (3,))]),
        ([item(1, key=""), item(2, key="")], 2, []),
        ([item(1, sheets=None)], 5, [(Against.NO_SHEETS, (1,))]),
        ([item(1, sheets=None)], 4, []),
        ([item(1, is_described=False)], None, [(Against.NOT_DESCRIBED, (1,))]),
        ([item(1, is_described=False)], 70, []),
    ],
)
def test_what_stands_against_closing_is_named_with_its_places(items: list[Item], years: int | None, against: list):
    assert rules.against_closing(items, years) == against


def test_sheets_are_counted_through_the_record():
    assert rules.sheet_spans([4, 1, 3]) == ["1-4", "5", "6-8"]
    assert rules.sheet_spans([4, None, 3]) == ["1-4", "", ""]


RETENTIONS = {"vinh vien": "vinh-vien", "20 nam": "20-nam"}
MAKERS = {"phong noi vu": (7, None), "truong phong, phong noi vu": (7, 3)}


def read(text: str, own: rules.Maker | None = (1, None)):
    return rules.read_lines(text, retentions=RETENTIONS, makers=MAKERS, own=own)


def test_lines_are_read_with_tabs_or_bars_and_without_minding_accents():
    lines, wrong = read(
        "01.TCCB\tHồ sơ tuyển dụng\tVĨNH VIỄN\tPhòng Nội vụ\tbản chính\n\n"
        "02.TCCB | Hồ sơ thi đua | 20 | Trưởng phòng, Phòng Nội vụ\n"
        "03.TCCB|Hồ sơ khác|20 năm"
    )
    assert wrong == []
    assert [(line.notation, line.retention, line.unit_id, line.post_id, line.note) for line in lines] == [
        ("01.TCCB", "vinh-vien", 7, None, "bản chính"),
        ("02.TCCB", "20-nam", 7, 3, ""),
        ("03.TCCB", "20-nam", 1, None, ""),
    ]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("01.TCCB", Wrong.PARTS),
        ("01.TCCB|a|20|Phòng Nội vụ|b|c", Wrong.PARTS),
        ("số 1|Hồ sơ|20", Wrong.NOTATION),
        (f"{'1' * 21}|Hồ sơ|20", Wrong.NOTATION),
        ("01.TCCB||20", Wrong.TITLE),
        ("01.TCCB|Hồ sơ|21 năm", Wrong.RETENTION),
        ("01.TCCB|Hồ sơ|²", Wrong.RETENTION),
        ("01.TCCB|Hồ sơ|20|Phòng không có", Wrong.MAKER),
    ],
)
def test_what_is_wrong_is_named_by_its_line(line: str, what: Wrong):
    assert read(f"00.A|Hồ sơ|20\n{line}")[1] == [(2, what)]


def test_a_notation_that_comes_again_and_a_line_of_nobody_are_named():
    assert read("01.A|Hồ sơ|20\n01.A|Hồ sơ|20")[1] == [(2, Wrong.AGAIN)]
    assert read("01.A|Hồ sơ|20", own=None)[1] == [(1, Wrong.MAKER)]


@given(st.text(alphabet="01a|\t\n ²\0", max_size=60))
def test_whatever_is_pasted_is_read_or_named(text: str):
    lines, wrong = read(text)
    assert len(lines) + len(wrong) == sum(bool(line.strip()) for line in text.split("\n"))
