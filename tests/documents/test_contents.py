"""What a document says: kept as JSON, edited as HTML, never more than the decree knows."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

import lienthong
from lienthong.documents.definition import DocumentTemplateBody
from lienthong.documents.rules.blocks import (
    POINTS,
    Article,
    Basis,
    Centred,
    Clause,
    Group,
    Level,
    Paragraph,
    Point,
    Run,
    Table,
    recognised,
    text_of,
)
from lienthong.documents.rules.contents import Contents, NotReadable, from_html, from_text, missing, to_html
from lienthong.documents.rules.kinds import KINDS
from tests.documents.sample import DECISION, LETTER, REPORT

LIBRARY = Path(lienthong.__file__).parent / "library"

texts = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["Điều 1. ", "1. x", "a) ", "Chương I", "I. X", "Căn cứ Luật;", "<b>", "&amp;", "\0", "\u202e", "a\u0301", "-"]
    ),
)
runs = st.lists(st.builds(Run, text=texts, bold=st.booleans(), italic=st.booleans()), max_size=5).map(tuple)
numbers = st.integers(1, 999)
tables = st.integers(1, 4).flatmap(
    lambda width: st.builds(
        Table,
        columns=st.tuples(*[texts] * width),
        rows=st.lists(st.tuples(*[texts] * width), max_size=3).map(tuple),
    )
)
blocks = st.one_of(
    st.builds(Paragraph, runs=runs),
    st.builds(Basis, text=texts),
    st.builds(Centred, text=texts),
    st.builds(
        Level, kind=st.sampled_from(["part", "chapter"]), number=st.sampled_from(["I", "IV", "XII"]), title=texts
    ),
    st.builds(Level, kind=st.sampled_from(["section", "subsection"]), number=st.integers(1, 99).map(str), title=texts),
    st.builds(Group, number=st.sampled_from(["I", "IX"]), title=texts),
    st.builds(Article, number=numbers, runs=runs),
    st.builds(Clause, number=numbers, runs=runs),
    st.builds(Point, letter=st.sampled_from(POINTS), runs=runs),
    tables,
)


@given(st.lists(blocks, max_size=6))
def test_what_is_edited_in_html_comes_back_as_it_was(written):
    known = recognised(written)
    assert from_html(to_html(known)) == known
    assert recognised(known) == known


@given(st.lists(blocks, max_size=6))
def test_contents_come_back_from_json(written):
    contents = Contents(kind="quyet-dinh", issuer="UBND", body=tuple(written))
    assert Contents.read(json.loads(json.dumps(contents.as_json()))) == contents
    assert "\\u0000" not in json.dumps(contents.as_json())


PIECES = st.sampled_from(["<b>", "</b>", "<p>", "<h3>", "<td>", "<table>", "</table>", "<i x='<p>'>", "x", " "])


@given(st.text(max_size=200) | st.lists(PIECES).map("".join))
def test_whatever_an_editor_sends_becomes_blocks_that_stay_the_same(html):
    read = from_html(html)
    assert from_html(to_html(read)) == read
    assert set(re.findall(r"<([a-z0-9]+)", to_html(read))) <= {
        "p",
        "em",
        "strong",
        "h3",
        "h4",
        "table",
        "tr",
        "th",
        "td",
    }
    assert not re.search(r"<[a-z0-9]+[^>]", re.sub(r"<(?:strong|table|em|p|h3|h4|t[rhd])>", "", to_html(read)))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a<script>alert(1)</script>b</p>", "ab"),
        ("<p onclick=alert(1)>a</p>", "a"),
        ("<img src=x onerror=alert(1)>a", "a"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("<a href='javascript:x'>a</a>", "a"),
        ("<p><span style='font-family:Arial'>a</span></p>", "a"),
        ("<!-- x --><?php y ?>a", "a"),
    ],
)
def test_hostile_html_is_its_words(html, text):
    (block,) = from_html(html)
    assert isinstance(block, Paragraph) and text_of(block) == text
    assert unescape(to_html([block])) == f"<p>{text}</p>"


def test_what_is_pasted_falls_into_place():
    pasted = """<div>Căn cứ Luật Lưu trữ;</div><h2>QUYẾT ĐỊNH:</h2><p><b>Điều 1.</b> Ban hành Quy chế.</p><p>1. Một</p>
    <p>a) Điểm</p><h3>Chương II. Tổ chức</h3><p><b>I. KẾT QUẢ</b></p><ul><li>Việc</li></ul>
    <table><tr><td><p>A</p></td><td>B</td></tr><tr><td>C</td></tr></table>"""
    assert from_html(pasted) == (
        Basis(text="Căn cứ Luật Lưu trữ;"),
        Centred(text="QUYẾT ĐỊNH:"),
        Article(number=1, runs=(Run(text="Ban hành Quy chế."),)),
        Clause(number=1, runs=(Run(text="Một"),)),
        Point(letter="a", runs=(Run(text="Điểm"),)),
        Level(kind="chapter", number="II", title="Tổ chức"),
        Group(number="I", title="KẾT QUẢ"),
        Paragraph(runs=(Run(text="Việc"),)),
        Table(columns=("A", "B"), rows=(("C", ""),)),
    )


def test_what_cannot_be_is_told_by_field():
    with pytest.raises(NotReadable) as refused:
        Contents.read(
            {
                "kind": "khac",
                "issuer": " ",
                "number": "²",
                "copies": 10**30,
                "dated": "31/12/2026",
                "recipients": ["- Lưu: VT"],
                "urgency": 4,
                "appendices": [{"blocks": [{"kind": "chapter", "number": "1"}]}],
                "secret": True,
            }
        )
    assert set(refused.value.errors) == {
        "kind",
        "issuer",
        "number",
        "copies",
        "dated",
        "recipients",
        "urgency",
        "appendices[0].blocks[0]",
        "secret",
    }


@pytest.mark.parametrize("said", [None, [], "x", 5, {}, {"kind": "cong-van", "issuer": "A" * 501}, {"body": "x"}])
def test_what_is_no_document_is_refused(said):
    with pytest.raises(NotReadable):
        Contents.read(said)


@pytest.mark.parametrize(
    "signer",
    [
        {"powers": [{"mark": "KT.", "of": "Chủ tịch"}, {"mark": "TM.", "of": "UBND"}]},
        {"powers": [{"mark": "KT.", "of": "A"}, {"mark": "KT.", "of": "B"}]},
        {"powers": [{"mark": "KT.", "of": "Giám đốc"}], "acting": True},
    ],
)
def test_powers_that_contradict_one_another_are_refused(signer):
    with pytest.raises(NotReadable) as refused:
        Contents.read({"kind": "cong-van", "issuer": "Sở Nội vụ", "signer": signer})
    assert set(refused.value.errors) == {"signer"}


def test_a_text_too_long_for_one_document_is_refused():
    long = [{"kind": "paragraph", "runs": [{"text": "x" * 150_001}]}] * 2
    with pytest.raises(NotReadable):
        Contents.read({"kind": "cong-van", "issuer": "Sở Nội vụ", "body": long})


@pytest.mark.parametrize("contents", [LETTER, DECISION, REPORT])
def test_a_whole_document_lacks_nothing(contents):
    assert missing(contents) == []


def test_what_is_missing_is_told_by_field():
    draft = Contents(kind="cong-van", issuer="Sở Nội vụ")
    presented = {each.path for each in missing(draft, signed=False)}
    assert presented == {
        ("symbol",),
        ("place",),
        ("abstract",),
        ("body",),
        ("addressees",),
        ("signer", "title"),
        ("signer", "name"),
    }
    assert {each.path for each in missing(draft)} - presented == {("number",), ("dated",)}


def test_articles_and_clauses_that_are_not_counted_one_by_one_are_told():
    body = from_text("Điều 1. A\n1. a\n2. b\nĐiều 2. B\n1. a\n3. c\nĐiều 4. D")
    found = missing(DECISION.model_copy(update={"body": body}))
    assert [each.path for each in found] == [("body", 5), ("body", 6)]


def library(folder: str) -> list[dict[str, object]]:
    files = sorted((LIBRARY / folder).glob("*.yaml"))
    return [dict(each) for file in files for each in YAML(typ="safe").load_all(file)]


def test_the_types_are_those_of_the_code_list():
    (listed,) = YAML(typ="safe").load_all(LIBRARY / "code-lists" / "administrative-document-kinds.yaml")
    declared = {item["code"]: (item["name"], item.get("note", "")) for item in listed["items"]}
    assert declared.pop("khac")
    assert declared == {kind.code: (kind.name, kind.abbreviation) for kind in KINDS.values()}


def test_every_type_has_a_template_that_says_what_is_not_confirmed():
    templates = [
        DocumentTemplateBody.model_validate({name: value for name, value in each.items() if name != "kind"})
        for each in library("document-templates")
    ]
    assert {each.document for each in templates} == set(KINDS)
    for each in templates:
        start = Contents(kind=each.document, issuer="UBND", body=each.blocks(), addressees=each.addressees)
        assert start.body and each.sources
        assert not {"body"} & {problem.path[0] for problem in missing(start)}


@pytest.mark.parametrize("typed", ["Về việc họp giao ban", "v/v: họp giao ban", "  V/v   họp giao ban", "họp giao ban"])
def test_a_letter_says_what_it_is_about_once(typed):
    assert Contents(kind="cong-van", issuer="UBND", abstract=typed).abstract == "họp giao ban"
    assert Contents(kind="quyet-dinh", issuer="UBND", abstract="Về việc nâng lương").abstract == "Về việc nâng lương"
    assert Contents(kind="cong-van", issuer="UBND", abstract="Về việc").abstract == "Về việc"
