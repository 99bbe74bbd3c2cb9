"""Identifiers of agencies in both generations (QCVN 102:2016 and QĐ 20/2020/QĐ-TTg)."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.foundation.organisations.rules import (
    IdentifierMalformed,
    is_identifier,
    is_old_identifier,
    new_identifier,
    old_identifier,
)

REAL = [
    ("000.00.00.H53", "H53"),  # UBND tỉnh Tây Ninh
    ("000.00.01.H53", "H53.01"),  # Văn phòng UBND tỉnh
    ("000.02.01.H53", "H53.01.02"),  # Trung tâm Hành chính công, a third level
    ("000.00.32.H53", "H53.32"),  # UBND huyện Châu Thành
    ("000.05.32.H53", "H53.32.05"),  # Phòng Nội vụ of that district
    ("000.21.32.H53", "H53.32.21"),  # a commune of it
    ("000.00.00.G22", "G22"),  # Văn phòng Chính phủ
]

letters = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXY")
groups = st.tuples(
    st.integers(0, 999).map("{:03}".format),
    st.integers(0, 99).map("{:02}".format),
    st.integers(0, 99).map("{:02}".format),
)
old_ones = st.builds(lambda g, letter, n: f"{'.'.join(g)}.{letter}{n:02}", groups, letters, st.integers(0, 99))


@pytest.mark.parametrize(("old", "new"), REAL)
def test_a_real_identifier_has_both_forms(old: str, new: str) -> None:
    assert new_identifier(old) == new
    assert old_identifier(new) == old


@given(old_ones)
@settings(max_examples=200)
def test_the_old_form_comes_back_from_the_new_one(old: str) -> None:
    new = new_identifier(old)
    assert is_identifier(new) and not is_old_identifier(new)
    assert old_identifier(new) == old


@given(st.lists(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=4), max_size=5), letters)
@settings(max_examples=200)
def test_a_new_identifier_has_an_old_form_of_thirteen_characters_or_none(groups: list[str], letter: str) -> None:
    new = ".".join([f"{letter}16", *groups])
    old = old_identifier(new)
    assert old is None or (len(old) == 13 and is_old_identifier(old))
    if old is not None:
        assert re.sub(r"\D", "", old).endswith("16") or old.endswith(f"{letter}16")


@pytest.mark.parametrize(
    "text", ["", "h16", "H1", "Z01", "H16.", "H16..01", "H16.a", "H16.01 ", "H16." + "1" * 32, "Đ16"]
)
def test_what_no_law_knows_is_no_identifier(text: str) -> None:
    assert not is_identifier(text)
    with pytest.raises(IdentifierMalformed):
        old_identifier(text)


@pytest.mark.parametrize(
    "text", ["", "H53", "00.00.00.H53", "000.00.00.Z53", "000.00.00.H5", "000.0x.00.H53", "000-00-00-H53"]
)
def test_thirteen_characters_in_four_groups_or_nothing(text: str) -> None:
    with pytest.raises(IdentifierMalformed):
        new_identifier(text)


def test_a_group_that_is_too_long_for_the_old_form_has_none() -> None:
    assert old_identifier("H16.123") is None
    assert old_identifier("H16.01.02.003.04") is None
    assert old_identifier("H16.AB") is None
