"""The YAML of declarations: what it means, what it refuses and where."""

import unicodedata

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lienthong.foundation.definitions import rules, yaml


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def test_a_value_means_what_an_official_expects():
    text = """\
code: 067
days: 12
price: 1.5
answer: no
yes: true
from: 2021-01-01
hours: 07:30
version: 1.2.3
big: 1e5
nothing:
empty: ''
"""
    assert yaml.read(text).value == {
        "code": "067",
        "days": 12,
        "price": 1.5,
        "answer": "no",
        "yes": True,
        "from": "2021-01-01",
        "hours": "07:30",
        "version": "1.2.3",
        "big": "1e5",
        "nothing": None,
        "empty": "",
    }


def test_every_place_knows_its_line():
    lines = yaml.read("a:\n\n  - x\n  - b: 1\n    c: {d: 2}\n", first_line=10).lines
    assert lines == {
        (): 10,
        ("a",): 10,
        ("a", 0): 12,
        ("a", 1): 13,
        ("a", 1, "b"): 13,
        ("a", 1, "c"): 14,
        ("a", 1, "c", "d"): 14,
    }


def test_vietnamese_typed_in_pieces_is_the_same_text():
    name = "Cấp giấy phép xây dựng"
    assert yaml.read("name: " + unicodedata.normalize("NFD", name)).value == {"name": name}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n", 5, "“c” is written twice: the first one is on line 3"),
        ("a:\n\tb: 1\n", 2, "Indent with spaces"),
        ("a: 1\n\tb: 1\n", 2, "Indent with spaces"),
        ("a: 1\nb: &x 1\n", 2, "References"),
        ("a: 1\nb: *x\n", 2, "References"),
        ("a:\n  <<: {b: 1}\n", 2, "References"),
        ("a: !!python/object:os.system x\n", 1, "Type marks"),
        ("a: 1\nb: c: d\n", 2, "must be in quotes"),
        ("a: 1\nb: 'c\nd: e\n", 2, "A quote that was opened"),
        ("a: {b: 1\nc: 2\n", 1, "Inside { }"),
        ("a: [b\nc: 2\n", 1, "Inside [ ]"),
        ("a:\n    b: 1\n  c: 2\n", 3, "fields of one group begin in the same column"),
        ("a:\n  - b\n - c\n", 3, "begin in the same column"),
        ("a: 1\nb\nc: 2\n", 2, "A colon is missing"),
        ("a: @b\n", 1, "put the value in quotes"),
        ('a: "C:\\user"\n', 1, "A backslash"),
        ('a: "\\0"\n', 1, "U+0000"),
        ('a: "\\ud800"\n', 1, "U+D800"),
        ('a: 1\nb: "\\u202e"\n', 2, "U+202E"),
        ("a: " + "9" * 5000, 1, "too long"),
        ("a: 0." + "1" * 5000, 1, "too long"),
        ("a:\n" + "[" * 500, 2, "nested too deeply"),
        ("? [a]\n: b\n", 1, "The name of a field"),
        (": b\n", 1, "The name of a field"),
        ("%YAML 1.1\n---\na: 1\n", 2, "Separate documents"),
        ("a: 1\n...\nb: 2\n", 3, "Separate documents"),
        ("a: |x\n", 1, "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_line(text: str, line: int, said: str):
    with pytest.raises(yaml.Unreadable) as refused:
        yaml.read(text)
    assert (refused.value.line, said in refused.value.message) == (line, True), refused.value.message


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("tên: x\ntên: Sở".encode("utf-16"), 1, "UTF-8"),
        ("a: 1\nname: Sở".encode("cp1258", "replace") + b"\xc0", 2, "UTF-8"),
        (b"a: 1\nb: \x00\n", 2, "U+0000"),
        ("a: 1\r\nb: x\u202ey\r\n".encode(), 2, "U+202E"),
    ],
)
def test_content_that_is_no_plain_text_is_refused_at_its_line(content: bytes, line: int, said: str):
    with pytest.raises(yaml.Unreadable) as refused:
        yaml.decode(content)
    assert (refused.value.line, said in refused.value.message) == (line, True), refused.value.message


def test_documents_are_separated_by_lines_and_lone_comments_are_none():
    text = "# about\n--- # first\na: |\n  x\n  --- y\n---\n\n# nothing\n---\nb: 1\n"
    assert [(part.text, part.first_line) for part in yaml.parts(text)] == [("a: |\n  x\n  --- y\n", 3), ("b: 1\n", 10)]


_characters = st.characters(codec="utf-8").filter(lambda c: not yaml._HIDDEN.search(c))
_texts = st.text(_characters, max_size=12).map(lambda text: unicodedata.normalize("NFC", text)) | st.text(
    "a -#:'\"\n\\|>!&*{}[],%@`~0129.e+truefalsn\t", max_size=10
)
_names = _texts.filter(lambda name: name and "\n" not in name)
_leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.floats(allow_nan=False, width=32, allow_infinity=False)
)
_documents = st.dictionaries(
    _names,
    st.recursive(
        _leaves | _texts, lambda c: st.lists(c, max_size=3) | st.dictionaries(_names, c, max_size=3), max_leaves=8
    ),
    min_size=1,
    max_size=3,
)


@given(_documents)
def test_what_is_written_reads_back_as_the_same(document: dict[str, object]):
    assert rules.canonical(yaml.read(yaml.write(document)).value) == rules.canonical(document)
