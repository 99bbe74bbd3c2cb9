"""Finding procedures: without accents, with typing errors, by code, by the words people use."""

import random
from types import SimpleNamespace as Thing

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.procedures import queries
from lienthong.procedures.finding import Index
from lienthong.procedures.queries import Filters

PERMIT = "cap-giay-phep-xay-dung-nha-o-rieng-le"
BIRTH = "dang-ky-khai-sinh"
TOGETHER = "lien-thong-khai-sinh-thuong-tru-bhyt"
RESIDENCE = "dang-ky-thuong-tru-tre-em"
SHOP = "dang-ky-ho-kinh-doanh"
COMPANY = "thanh-lap-cong-ty-tnhh-mot-thanh-vien"


def first(text: str, filters: Filters | None = None) -> str:
    return next((found.key for found in queries.search(text, filters)), "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("giay phep xay dung", PERMIT),
        ("Giấy phép xây dựng", PERMIT),
        ("GIẤY PHÉP XÂY DỰNG!!!", PERMIT),
        ("xay nha", PERMIT),
        ("giay fep xay dug", PERMIT),
        ("giayphepxaydung", PERMIT),
        ("xin phep lam nha o", PERMIT),
        ("1.013225", PERMIT),
        ("khai sinh", BIRTH),
        ("khia sinh", BIRTH),
        ("tôi muốn làm giấy khai sinh cho con", BIRTH),
        ("khai si", BIRTH),
        ("lien thong khai sinh", TOGETHER),
        ("nhap ho khau cho con", RESIDENCE),
        ("mo quan ca phe", SHOP),
        ("ho kinh doanh", SHOP),
        ("mở công ty", COMPANY),
        ("tnhh", COMPANY),
    ],
)
def test_what_people_type_finds_what_they_mean(typed: str, expected: str):
    assert first(typed) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["zzzqqq", "wxyz 12345", "9.999999"])
def test_what_nobody_offers_finds_nothing(typed: str):
    assert queries.search(typed) == []


@pytest.mark.django_db
def test_without_words_everything_is_listed_by_name():
    names = [found.name for found in queries.search(" … ")]
    assert len(names) == 7 and names == sorted(names)


@pytest.mark.django_db
def test_filters_narrow_the_list_and_the_search():
    assert {found.key for found in queries.search("", Filters(level="commune"))} == {BIRTH, TOGETHER, RESIDENCE}
    assert first("dang ky", Filters(subject="business")) != BIRTH
    assert queries.search("khai sinh", Filters(level="province")) == []
    assert queries.search("", Filters(field="khong-co")) == []


@pytest.mark.django_db
def test_looking_again_asks_the_database_nothing():
    queries.search("khai sinh")
    counts = []
    for _time in range(2):  # whether something new was published is looked up every few seconds
        with CaptureQueriesContext(connection) as captured:
            queries.search("giay phep")
            queries.published()
            queries.fields()
        counts.append(len(captured))
    assert min(counts) == 0


def procedure(key: str, name: str, *keywords: str, code: str = "1.000001") -> Thing:
    nothing = Thing(name="")
    return Thing(key=key, name=name, keywords=keywords, code=code, field=nothing, results=(), summary="")


def test_the_whole_phrase_comes_before_its_scattered_words():
    index = Index([procedure("a", "Cấp phép cho nhà xây lại"), procedure("b", "Cấp phép xây nhà")])
    assert index.find("xây nhà") == ["b", "a"]


def test_a_rare_word_says_more_than_a_common_one():
    index = Index([procedure(str(n), "Đăng ký biến động") for n in range(20)] + [procedure("x", "Cấp giấy tạm trú")])
    assert index.find("đăng ký tạm trú")[0] == "x"


def test_hundreds_of_procedures_are_told_apart():
    chosen = random.Random(7)
    words = [a + b for a in ("ba", "ca", "da", "ga", "ha", "la") for b in ("n", "ng", "nh", "m", "p", "t", "o", "i")]
    names = [" ".join(chosen.sample(words, 6)) for _n in range(400)]
    index = Index([procedure(name, name) for name in names])
    assert all(index.find(name)[0] == name for name in names[:40])


@given(st.text(max_size=300))
@settings(max_examples=100)
def test_anything_typed_gives_an_answer_of_known_procedures(typed: str):
    index = Index([procedure("a", "Đăng ký khai sinh", "giấy khai sinh"), procedure("b", "Cấp giấy phép xây dựng")])
    assert set(index.find(typed)) <= {"a", "b"}


@given(st.sampled_from(["khai sinh", "giay phep xay dung", "dang ky ket hon"]), st.data())
@settings(max_examples=60)
def test_one_slip_of_the_finger_in_a_longer_word_still_finds_it(text: str, data: st.DataObject):
    index = Index([procedure(text, text), procedure("x", "Thu hồi đất đai nông nghiệp")])
    places = [at for at in range(1, len(text)) if text[at] != " " and text[at - 1] != " "]
    at = data.draw(st.sampled_from(places))
    assert index.find(text[:at] + text[at + 1 :])[:1] == [text]
