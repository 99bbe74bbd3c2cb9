"""What a stored file is called."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lienthong.foundation.files.errors import NameLies
from lienthong.foundation.files.kinds import BY_KEY, FORMATS, KINDS
from lienthong.foundation.files.rules import NAME_LIMIT, Policy, clean_name, true_name


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Đơn đề nghị.pdf", "Đơn đề nghị.pdf"),
        (unicodedata.normalize("NFD", "Giấy phép.pdf"), "Giấy phép.pdf"),
        ("C:\\Users\\Lan\\Desktop\\ban ve.dwg", "ban ve.dwg"),
        ("/etc/passwd", "passwd"),
        ("../../../etc/passwd", "passwd"),
        ("thư mục/", "thư mục"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie_ x=1.pdf"),
        ("ảnh\u202egpj.exe", "ảnhgpj.exe"),
        ("zero\u200bwidth\ufeff.pdf", "zerowidth.pdf"),
        ("  nhiều   khoảng\u00a0trắng .pdf ", "nhiều khoảng trắng.pdf"),
        ('a<b>c:d"e|f?g*h.pdf', "a_b_c_d_e_f_g_h.pdf"),
        (".htaccess", "htaccess"),
        ("con.pdf", "_con.pdf"),
        ("NUL", "_NUL"),
        ("tên.pdf...", "tên.pdf"),
    ],
)
def test_a_name_is_made_safe_and_stays_readable(given_name: str, kept: str):
    assert clean_name(given_name) == kept


@pytest.mark.parametrize("nothing", ["", "   ", "...", "/", "..", "\\..\\", "\u202e", "\0\n", "\ud800"])
def test_a_name_that_is_nothing_gets_one(nothing: str):
    assert clean_name(nothing)


def test_a_long_name_keeps_its_ending():
    cleaned = clean_name("Hồ sơ " * 1000 + ".pdf")
    assert cleaned.endswith(".pdf") and len(cleaned) <= NAME_LIMIT


@given(st.text(max_size=300))
@example("ệ" * 500 + ".pdf")
@example("a." + "b" * 500)
def test_every_name_is_safe_and_cleaning_twice_changes_nothing(name: str):
    cleaned = clean_name(name)
    assert cleaned and len(cleaned) <= NAME_LIMIT and len(cleaned.encode()) <= 255
    assert not set(cleaned) & set('/\\<>:"|?*')
    assert not any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") for letter in cleaned)
    assert cleaned == cleaned.strip(". ") == unicodedata.normalize("NFC", cleaned)
    assert clean_name(cleaned) == cleaned


@pytest.mark.parametrize(
    ("name", "format_key", "true"),
    [
        ("don.pdf", "pdf", "don.pdf"),
        ("DON.PDF", "pdf", "DON.pdf"),
        ("anh.jpeg", "jpeg", "anh.jpeg"),
        ("anh.jfif", "jpeg", "anh.jpg"),
        ("anh.png", "jpeg", "anh.jpg"),
        ("don.doc", "docx", "don.docx"),
        ("bang.xls", "xlsx", "bang.xlsx"),
        ("don", "pdf", "don.pdf"),
        ("Quyết định số 12.2024", "pdf", "Quyết định số 12.2024.pdf"),
        ("v1.0 bản cuối", "docx", "v1.0 bản cuối.docx"),
    ],
)
def test_a_name_gets_the_ending_of_its_content(name: str, format_key: str, true: str):
    assert true_name(name, BY_KEY[format_key]) == true


@pytest.mark.parametrize(
    ("name", "format_key"),
    [("don.pdf", "docx"), ("anh.jpg", "pdf"), ("don.docx", "xlsx"), ("hoadon.pdf.exe", "pdf"), ("a.html", "png"),
     ("a.svg", "jpeg"), ("a.doc", "pdf"), ("a.zip", "docx")],
)  # fmt: skip
def test_a_name_that_says_another_kind_is_refused_with_what_the_content_is(name: str, format_key: str):
    with pytest.raises(NameLies) as refused:
        true_name(name, BY_KEY[format_key])
    assert name in str(refused.value) and str(KINDS[BY_KEY[format_key].kind]) in str(refused.value)
    assert refused.value.way_out


@given(st.text(max_size=300), st.sampled_from(FORMATS))
def test_whatever_is_stored_has_a_true_ending(name: str, format_: object):
    try:
        true = true_name(clean_name(name), format_)
    except NameLies:
        return
    assert true.rpartition(".")[2] in format_.endings
    assert clean_name(true) == true


def test_a_place_says_what_it_takes():
    policy = Policy(kinds=("image", "pdf"), max_bytes=1)
    assert policy.endings == [".pdf", ".jpg", ".jpeg", ".png", ".webp"]
    assert policy.words.startswith("PDF, ")


@pytest.mark.parametrize(("kinds", "max_bytes"), [((), 1), (("exe",), 1), (("pdf",), 0)])
def test_a_place_that_takes_nothing_or_the_unknown_is_a_mistake(kinds: tuple[str, ...], max_bytes: int):
    with pytest.raises(ValueError, match="file"):
        Policy(kinds=kinds, max_bytes=max_bytes)
