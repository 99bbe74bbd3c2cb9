"""What a document says of itself, read from its text."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.documents.rules.marks import Mark
from lienthong.documents.rules.recognising import Found, Recognised, recognise
from tests.documents.texts import AGENCIES, KINDS, PAGES


def read(text: str) -> Recognised:
    return recognise(text, kinds=KINDS, agencies=AGENCIES)


def said(found: Found[Any] | None) -> Any:
    if found is None:
        return None
    return str(found.value) if isinstance(found.value, Mark) else found.value


@pytest.mark.parametrize("which", PAGES)
def test_what_a_page_says_of_itself_is_read(which: str):
    page = PAGES[which]
    found = read(page.text)
    assert {name: said(getattr(found, name)) for name in page.says} == page.says


@pytest.mark.parametrize("which", PAGES)
def test_a_finding_names_words_that_stand_there(which: str):
    text = " ".join(PAGES[which].text.split())
    for name in Recognised.__dataclass_fields__:
        found = getattr(read(PAGES[which].text), name)
        if found:
            assert 0 < found.sure <= 1
            assert all(word in text for word in found.words.split()), (name, found.words)


def test_a_bad_scan_is_less_sure():
    good, bad = read("Số: 105/QĐ-UBND\nKính gửi: x").mark, read("Sô: 1O5/QD-UBND\nKính gửi: x").mark
    assert good and bad and good.value == bad.value and good.sure > bad.sure


def test_a_day_that_is_none_is_not_read():
    assert read("Số: 1/BC-X\nĐắk Nông, ngày 31 tháng 02 năm 2025").dated is None


def test_the_day_of_another_document_is_not_its_own():
    text = "Số: 1/BC-X\nCăn cứ Nghị định số 61/2018/NĐ-CP\nngày 23 tháng 4 năm 2018 của Chính phủ;"
    assert read(text).dated is None
    assert said(read(text).mark) == "1/BC-X"


def test_both_findings_of_the_type_agreeing_make_it_surer():
    agreeing = read("Số: 12/BC-UBND\nBÁO CÁO\nKết quả quý I").kind
    contrary = read("Số: 12/TB-UBND\nBÁO CÁO\nKết quả quý I").kind
    assert agreeing and contrary and agreeing.value == contrary.value == "bao-cao"
    assert agreeing.sure > contrary.sure


@pytest.mark.parametrize("length", [20, 60, 200, 2000])
def test_a_page_cut_anywhere_is_read_as_far_as_it_goes(length: int):
    for page in PAGES.values():
        read(page.text[:length])
        read(page.text[-length:])


PIECES = sorted({piece for page in PAGES.values() for piece in page.text.replace("\n", "\n|").split("|")})


@given(st.text(max_size=400))
def test_whatever_the_text_nothing_is_raised(text: str):
    assert isinstance(read(text), Recognised)


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=30), max_size=30).map("".join))
def test_nor_of_pieces_of_documents_in_any_order(text: str):
    found = read(text)
    assert found.dated is None or isinstance(found.dated.value, date)
    assert found.abstract is None or 0 < len(found.abstract.value) <= 500
    assert found.issuer is None or 0 < len(found.issuer.value) <= 200
    assert found.signer_name is None or 0 < len(found.signer_name.value) <= 50
