"""Number and symbol of documents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.documents.rules.marks import Mark


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("15/QĐ-UBND", Mark("15", "QĐ-UBND")),
        ("Số: 09/UBND-VX", Mark("09", "UBND-VX")),
        ("so 09 / UBND - VX", Mark("09", "UBND-VX")),
        ("04/2025/QĐ-UBND", Mark("04", "QĐ-UBND", 2025)),
        ("15a/BC-STTTT", Mark("15a", "BC-STTTT")),
        ("7816/VPCP-TTĐT", Mark("7816", "VPCP-TTĐT")),
        ("12", Mark("12", "")),
    ],
)
def test_what_stands_on_a_document_is_read(text: str, mark: Mark):
    assert Mark.read(text) == mark


@pytest.mark.parametrize(
    "text", ["", "QĐ-UBND", "không số", "1" * 12, "1/" + "X" * 31, "1/2025/" + "X" * 26, "²/QĐ-UBND", "\0", "<script>"]
)
def test_what_begins_with_no_number_is_no_mark(text: str):
    assert Mark.read(text) is None


def test_the_year_stands_in_what_the_message_calls_the_notation():
    assert Mark("04", "QĐ-UBND", 2025).notation == "2025/QĐ-UBND"
    assert Mark("04", "", 2025).notation == "2025" and Mark("04", "").notation == ""


def test_two_spellings_are_one_mark():
    assert Mark.read("05/qđ - ubnd").compared == Mark.read("Số: 5/QĐ–UBND").compared  # type: ignore[union-attr]
    assert Mark("5", "QĐ-UBND").compared != Mark("5", "QĐ-UBND", 2025).compared


@given(st.integers(1, 10**8), st.sampled_from(["QĐ-UBND", "UBND-VX", "TTr-SKHĐT", "GM-VP"]))
def test_what_is_written_is_read_again(number: int, sign: str):
    mark = Mark(f"{number:02}", sign)
    assert Mark.read(str(mark)) == mark
