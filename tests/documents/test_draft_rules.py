"""What differs between versions, what stays of a text that was edited without looks, who signs as what."""

from collections.abc import Sequence
from datetime import date
from difflib import SequenceMatcher
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.documents.drafts import comparing, rules
from lienthong.documents.drafts.comparing import Change, Piece, compare, compare_lines, compare_words
from lienthong.documents.drafts.comparing import Written as Paragraph
from lienthong.documents.drafts.word_text import text_of_word
from lienthong.documents.rules.blocks import Block, Table, from_text, text_of
from lienthong.documents.rules.contents import Appendix, Contents, Power
from lienthong.documents.rules.kinds import KINDS
from tests.documents import word
from tests.documents.sample import DECISION, LETTER

WORDS = st.lists(st.sampled_from(["Điều", "1.", "Tổ", "rà", "soát", "gồm", "năm", "người"]), max_size=12).map(" ".join)
TEXTS = st.lists(WORDS, max_size=12)


@given(WORDS, WORDS)
def test_words_that_stayed_and_were_added_make_the_new_text_the_others_the_old(old: str, new: str):
    pieces = compare_words(old, new)
    assert "".join(each.text for each in pieces if each.change is not Change.TAKEN) == new
    assert "".join(each.text for each in pieces if each.change is not Change.ADDED) == old


@given(TEXTS, TEXTS)
def test_no_paragraph_is_lost_in_the_differences(old: list[str], new: list[str]):
    lines = compare_lines([Paragraph(each, "") for each in old], [Paragraph(each, "") for each in new])
    after = ["".join(p.text for p in line.pieces if p.change is not Change.TAKEN) for line in lines]
    before = ["".join(p.text for p in line.pieces if p.change is not Change.ADDED) for line in lines]
    assert [text for text, line in zip(after, lines, strict=True) if line.change is not Change.TAKEN] == new
    assert [text for text, line in zip(before, lines, strict=True) if line.change is not Change.ADDED] == old


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: list[str]):
    lines = [Paragraph(each, "") for each in text]
    assert all(line.change is Change.SAME for line in compare_lines(lines, lines))


def test_one_word_that_was_changed_is_all_that_is_marked():
    pieces = compare_words("Tổ có năm thành viên.", "Tổ có bảy thành viên.")
    assert [(each.text, each.change.value) for each in pieces] == [
        ("Tổ có ", "same"),
        ("năm", "taken"),
        ("bảy", "added"),
        (" thành viên.", "same"),
    ]


def test_head_text_rows_of_tables_and_appendices_are_compared():
    table = Table(columns=("Tên", "Số"), rows=(("Một", "1"), ("Hai", "2")))
    other = table.model_copy(update={"rows": (("Một", "1"), ("Hai", "3"))})
    old = DECISION.model_copy(update={"body": (*DECISION.body, table)})
    new = old.model_copy(
        update={
            "body": (*DECISION.body, other),
            "abstract": "Ban hành Quy chế văn thư",
            "appendices": (*old.appendices, Appendix(title="Thêm", blocks=from_text("Mới"))),
        }
    )
    found = compare(old, new)
    assert {each.name for each in found.fields} == {"abstract", "appendices"}
    body, *appendices = found.parts
    changed = [line for line in body.lines if line.change is not Change.SAME]
    assert ["".join(piece.text for piece in line.pieces if piece.change is not Change.TAKEN) for line in changed] == [
        "Hai | 3"
    ]
    assert appendices[-1].differs and appendices[-1].lines[0].change is Change.ADDED
    assert found.count == 4


def test_a_paragraph_of_which_only_the_looks_differ_is_named():
    old = Contents(kind="cong-van", issuer="UBND", body=from_text("Một"))
    new = Contents(kind="cong-van", issuer="UBND", body=from_text("**Một**"))
    (line,) = compare(old, new).parts[0].lines
    assert line.change is Change.CHANGED and {each.change for each in line.pieces} == {Change.SAME}


def test_long_texts_that_have_nothing_in_common_are_compared_at_once():
    old = [Paragraph(f"cũ {number}", "") for number in range(3000)]
    new = [Paragraph(f"mới {number}", "") for number in range(3000)]
    changes = {line.change for line in compare_lines(old, new)}
    assert Change.SAME not in changes


HOSTILE = {
    "the same word a thousand times": ("a " * 4000, "b" + " a" * 4000),
    "two words in turn": ("a b " * 3000, "b a " * 2999 + "c"),
    "much that is the same in another order": (
        " ".join(f"{n % 40}" for n in range(5000)),
        " ".join(f"{n * 7 % 40}" for n in range(5000)),
    ),
    "no end of blanks": ("x" + " \n" * 5000 + "y z", "y" + "\n " * 5000 + "x z"),
}


def rebuilt(pieces: Sequence[Piece]) -> tuple[str, str]:
    old = "".join(each.text for each in pieces if each.change is not Change.ADDED)
    return old, "".join(each.text for each in pieces if each.change is not Change.TAKEN)


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_paragraphs_are_looked_at_within_bounds_and_nothing_is_lost(what: str, monkeypatch: pytest.MonkeyPatch):
    looked_at = pairs_looked_at(monkeypatch)
    old, new = HOSTILE[what]
    assert rebuilt(compare_words(old, new)) == (old, new)
    assert sum(looked_at) <= comparing.MOST_AT_ONCE


def pairs_looked_at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many pairs of equal items difflib goes through, search by search, however it is asked."""
    found: list[int] = []
    search = SequenceMatcher.find_longest_match

    def counted(self: Any, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Any:
        found.append(sum(len(self.b2j.get(each, ())) for each in self.a[alo:ahi]))
        return search(self, alo, ahi, blo, bhi)

    monkeypatch.setattr(SequenceMatcher, "find_longest_match", counted)
    return found


def test_a_whole_document_of_hostile_paragraphs_has_one_budget(monkeypatch: pytest.MonkeyPatch):
    looked_at = pairs_looked_at(monkeypatch)
    paragraphs = [[f"{n} {each[:1200]}" for n in range(60)] for each in HOSTILE["two words in turn"]]
    sides = [from_text("\n".join(each)) for each in paragraphs]
    old, new = (Contents(kind="cong-van", issuer="UBND", body=body) for body in sides)
    found = compare(old, new)
    assert found.whole and sum(looked_at) <= comparing.MOST_COMPARED
    lines = found.parts[0].lines
    before = [rebuilt(line.pieces)[0] for line in lines if line.change is not Change.ADDED]
    assert before == [text_of(block) for block in old.body]
    assert any(line.whole for line in lines) and not all(line.whole for line in lines), "the first ones are compared"


@given(TEXTS, TEXTS, st.integers(0, 60))
def test_with_any_budget_both_texts_are_rebuilt_and_it_is_kept(old: list[str], new: list[str], left: int):
    budget = comparing.Budget(left)
    lines = compare_lines([Paragraph(each, "") for each in old], [Paragraph(each, "") for each in new], budget)
    assert 0 <= budget.left <= left
    assert [rebuilt(line.pieces)[1] for line in lines if line.change is not Change.TAKEN] == new
    assert [rebuilt(line.pieces)[0] for line in lines if line.change is not Change.ADDED] == old


def test_an_ordinary_paragraph_is_compared_word_by_word_however_long():
    old = " ".join(f"Điểm {n}: các đơn vị báo cáo, rà soát và thực hiện theo quy định;" for n in range(60))
    new = old.replace("Điểm 3:", "Điểm ba:").replace("Điểm 50: các đơn vị", "Điểm 50: các phòng, đơn vị")
    pieces = compare_words(old, new)
    assert [each.text for each in pieces if each.change is Change.TAKEN] == ["3:"]
    assert not any(each.whole for each in pieces)


@given(st.lists(st.sampled_from(["Điều 1. Một.", "1. Hai", "a) Ba", "Căn cứ Luật;", "Bốn"]), max_size=8))
def test_a_text_that_was_not_touched_stays_as_it_was(lines: list[str]):
    table: Block = Table(columns=("Tên", "Số"), rows=(("Một", "1"),))
    blocks = (*from_text("\n".join(lines)), table, *from_text("Cuối"))
    assert rules.text_taken(rules.text_written(blocks), blocks) == blocks


def test_a_table_of_which_a_row_was_changed_becomes_lines():
    table = Table(columns=("Tên", "Số"), rows=(("Một", "1"),))
    taken = rules.text_taken("Tên | Số\nMột | 2", (table,))
    assert [text_of(each) for each in taken] == ["Tên | Số", "Một | 2"]


@pytest.mark.parametrize(
    ("text", "powers"),
    [
        ("", ()),
        ("TM. Ủy ban nhân dân\nKT. Chủ tịch", (("TM.", "Ủy ban nhân dân"), ("KT.", "Chủ tịch"))),
        ("tl chủ tịch", (("TL.", "chủ tịch"),)),
        ("TUQ.Giám đốc", None),
        ("Thay mặt Ủy ban", None),
        ("TM. \x00", None),
        ("TM. " + "a" * 200, None),
    ],
)
def test_lines_of_power_are_read_as_they_are_written(text: str, powers: tuple[tuple[str, str], ...] | None):
    read = rules.powers_read(text)
    assert read == (None if powers is None else tuple(Power(mark=mark, of=of) for mark, of in powers))  # type: ignore[arg-type]
    if read:
        assert rules.powers_read(rules.powers_written(read)) == read


@pytest.mark.parametrize(
    ("title", "is_committee", "capacity"),
    [
        ("Chủ tịch UBND", True, ("TM. Ủy ban nhân dân", "Chủ tịch")),
        ("Phó Chủ tịch UBND", True, ("TM. Ủy ban nhân dân", "KT. Chủ tịch", "Phó Chủ tịch")),
        ("Giám đốc", False, ("Giám đốc",)),
        ("Phó Giám đốc", False, ("KT. Giám đốc", "Phó Giám đốc")),
    ],
)
def test_as_what_a_leader_signs(title: str, is_committee: bool, capacity: tuple[str, ...]):
    assert rules.signer_of(title=title, name="An", is_committee=is_committee).capacity() == capacity


def test_a_head_signs_by_order_and_a_deputy_for_the_head():
    assert rules.signer_by_order(title="Phó Trưởng phòng", name="An", head="Chủ tịch UBND").capacity() == (
        "TL. Chủ tịch",
        "KT. Trưởng phòng",
        "Phó Trưởng phòng",
    )


def test_dots_of_the_template_are_found_where_they_stand():
    assert rules.blanks(DECISION) == []
    open_ends = {"authority": "…………", "body": from_text("Điều 1. Giao ………… thực hiện.")}
    assert rules.blanks(DECISION.model_copy(update=open_ends)) == ["authority", "body"]


def test_a_committee_decides_by_its_name_another_agency_by_its_head():
    said = {"agency": "Sở Nội vụ", "title": "Giám đốc"}
    assert rules.decides(**said, is_committee=False) == "Giám đốc Sở Nội vụ"
    assert rules.decides(agency="Ủy ban nhân dân tỉnh", title="Chủ tịch UBND", is_committee=True) == (
        "Ủy ban nhân dân tỉnh"
    )


def test_symbols_follow_the_type_of_a_letter_who_drafts_it():
    assert rules.symbol_for(KINDS["quyet-dinh"], agency="UBND", unit="QLĐT") == "QĐ-UBND"
    assert rules.symbol_for(KINDS["cong-van"], agency="UBND", unit="QLĐT") == "UBND-QLĐT"


def test_a_reply_names_what_it_answers():
    said = {"code": "125/SXD-QH", "abstract": "Về việc rà soát quy hoạch."}
    (block,) = rules.reply_body(**said, dated=date(2025, 2, 27), sender="Sở Xây dựng", issuer="UBND thành phố")
    assert text_of(block) == (
        "Phúc đáp văn bản số 125/SXD-QH ngày 27/02/2025 của Sở Xây dựng về việc rà soát quy hoạch,"
        " UBND thành phố có ý kiến như sau:"
    )
    assert rules.reply_abstract(**said) == "phúc đáp văn bản số 125/SXD-QH về rà soát quy hoạch."
    assert len(rules.reply_abstract(code="", abstract="a" * 900)) == rules.LONGEST_ABSTRACT


def test_of_a_word_file_come_the_text_and_nothing_of_head_and_foot():
    body, appendices = text_of_word(word.saved(word.letter()))
    assert [text_of(each) for each in body] == list(word.BODY) and appendices == ()
    body, _none = text_of_word(word.saved(word.decision()))
    said = [text_of(each) for each in body]
    assert said[0].startswith("Căn cứ Luật Tổ chức") and "QUYẾT ĐỊNH:" in said
    assert not any("CỘNG HÒA" in text or "Nơi nhận" in text for text in said)


def test_of_a_word_file_come_tables_and_appendices_at_their_places():
    document = word.letter()
    foot = document.tables[-1]._tbl
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(chain.from_iterable(row.cells for row in table.rows), ("Tên", "Số", "An", "1"), strict=True):
        cell.text = text
    foot.addprevious(table._tbl)
    for text in ("PHỤ LỤC I", "DANH SÁCH", "(Kèm theo Công văn số 09/UBND-VX)", "1. Nguyễn Văn An"):
        document.add_paragraph(text)
    body, appendices = text_of_word(word.saved(document))
    assert isinstance(body[-1], Table) and body[-1].rows == (("An", "1"),)
    assert [each.title for each in appendices] == ["DANH SÁCH"]
    assert [text_of(each) for each in appendices[0].blocks] == ["1. Nguyễn Văn An"]


def test_a_letter_and_its_copy_do_not_differ():
    assert not compare(LETTER, Contents.read(LETTER.as_json())).differs
