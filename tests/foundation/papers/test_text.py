"""Which texts can be printed."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.foundation.papers.text import MISSING, covered, printable

VIETNAMESE = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"


def test_every_vietnamese_letter_and_the_letters_of_ede_and_mnong_can_be_printed():
    letters = VIETNAMESE + VIETNAMESE.upper() + "ƀɃčČĕĔĭĬñÑŏŎŭŬ₫–“”’…²³"
    assert printable(letters) == letters


def test_a_name_typed_with_loose_accents_is_printed_with_whole_letters():
    assert printable(unicodedata.normalize("NFD", "Nguyễn Thị Hường")) == "Nguyễn Thị Hường"


def test_what_the_font_cannot_draw_is_seen_as_missing():
    assert printable("Trường 😀 汉") == f"Trường {MISSING} {MISSING}"


def test_letters_of_another_width_become_plain_ones():
    assert printable("ＡＢＣ１２") == "ABC12"


def test_characters_that_turn_or_hide_text_are_left_out():
    assert printable("Nguyễn\u202e gnờưH\u202c\u200b\u2066\x00\x07") == "Nguyễn gnờưH"


def test_every_kind_of_line_end_is_one():
    assert printable("một\r\nhai\rba\u2028bốn\u2029năm\tsáu") == "một\nhai\nba\nbốn\nnăm sáu"


@settings(max_examples=150)
@given(st.text())
def test_whatever_is_left_can_be_drawn_and_stays_as_it_is(text):
    printed = printable(text)
    assert {ord(character) for character in printed} - {ord("\n")} <= covered()
    assert printable(printed) == printed
