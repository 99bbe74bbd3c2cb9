"""Choosing an entry of a register in a form: by id, by words, among what may be meant; with and without JavaScript."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from lienthong.foundation.fields import data, forms
from lienthong.foundation.fields.cleaning import Cleaned, clean
from lienthong.foundation.fields.context import Context, EntryRef
from lienthong.foundation.fields.display import display
from lienthong.foundation.fields.entries import Kept
from lienthong.foundation.fields.pages import Form
from lienthong.foundation.fields.schema import json_schema
from tests.foundation.fields import browser
from tests.foundation.fields.samples import CONTEXT, Entries, field, fields

ASKED = fields(
    field("holder", "reference", register="holders", required=True),
    field("parcels", "table", fields=[field("parcel", "reference", register="parcels")]),
    field("called", "computed", value="holder.title"),
)
CUC = EntryRef(2**62, "Lê Thị Cúc")


def cleaned(raw: Any, context: Context = CONTEXT) -> Cleaned:
    return clean(ASKED, {"holder": raw}, context)


def sent(form: Cleaned, press: str = "", **typed: str) -> Cleaned:
    """What becomes of the form as it stands, with other things typed into it."""
    taken = forms.take(ASKED, browser.sent(Form(ASKED, form, CONTEXT), press, **typed), CONTEXT)
    return clean(ASKED, taken.raw, CONTEXT, draft=taken.action is not None)


@pytest.mark.parametrize(
    "raw",
    [
        {"id": 2**62},
        {"id": str(2**62)},
        {"id": 2**62, "title": "Giả mạo"},
        {"id": str(2**62), "words": "lê  thị cúc"},
        {"id": "", "words": "LE THI CUC"},
        "Lê Thị Cúc",
    ],
)
def test_one_entry_is_meant_by_its_id_or_by_its_whole_title_and_is_called_as_the_register_says(raw: Any) -> None:
    found = cleaned(raw)
    assert found.ok
    assert found.values["holder"] == CUC
    assert found.values["called"] == "Lê Thị Cúc"
    assert found.raw["holder"] == {"id": 2**62, "title": "Lê Thị Cúc"}


@pytest.mark.parametrize("id", [99, "99", 0, -1, True, 2**70, "1e3", "٣", [1]])
def test_an_id_of_nothing_that_may_be_chosen_is_refused_in_the_same_words(id: Any) -> None:
    (problem,) = cleaned({"id": id}).errors.values()
    assert str(problem) == "Không có bản ghi nào như vậy để chọn. Hãy chọn lại."


@pytest.mark.parametrize("raw", [True, 12, 1.5, [1], {"words": 5}, {"words": ["x"]}])
def test_what_is_of_another_kind_is_refused(raw: Any) -> None:
    assert [problem.code for problem in cleaned(raw).errors.values()] == ["wrong_kind"]


@pytest.mark.parametrize("raw", [None, "", " ", {}, {"id": ""}, {"id": None}, {"id": "3", "words": " \u200b"}])
def test_an_empty_box_is_nothing_even_where_an_id_was_left(raw: Any) -> None:
    (problem,) = cleaned(raw).errors.values()
    assert str(problem) == "Hãy chọn mục holder."


def test_words_that_may_mean_several_are_never_guessed() -> None:
    assert cleaned("Nguyễn Văn").errors["holder"].code == "unclear"
    assert cleaned("Nguyễn Văn An").errors["holder"].code == "unclear", "two are called so"
    assert cleaned("Cúc").errors["holder"].code == "unclear", "one alone is offered, not taken"
    assert cleaned("Phạm").errors["holder"].code == "no_such_entry"


def test_without_scripts_words_are_sent_and_one_of_what_is_offered_is_chosen() -> None:
    first = sent(cleaned(None), holder__words="nguyen van an")
    page = str(Form(ASKED, first, CONTEXT))
    assert page.count('name="holder.pick"') == 2
    assert "bản ghi 1" in page and "bản ghi 2" in page, "who is called the same is told apart"
    chosen = sent(first, holder__pick="2")
    assert chosen.values["holder"] == EntryRef(2, "Nguyễn Văn An")
    assert sent(chosen).values["holder"] == EntryRef(2, "Nguyễn Văn An"), "sent again as it is, it stays"
    assert sent(chosen, holder__words="Lê Thị Cúc").values["holder"] == CUC, "other words look for another"
    assert sent(chosen, holder__words="").errors["holder"].code == "required"


def test_a_choice_among_what_was_offered_for_other_words_does_not_count() -> None:
    first = sent(cleaned(None), holder__words="nguyen van an")
    assert sent(first, holder__words="Lê Thị Cúc", holder__pick="2").values["holder"] == CUC


def test_what_was_typed_wrong_comes_back_and_no_markup_of_a_title_is_ever_markup() -> None:
    first = sent(cleaned(None), holder__words="Bình <i>")
    assert first.raw["holder"]["words"] == "Bình <i>"
    page = str(Form(ASKED, sent(first, holder__words="binh"), CONTEXT))
    assert "<b onload" not in page
    assert "Trần &lt;b onload=" in page


def test_rows_ask_once_for_all_that_was_chosen_in_them() -> None:
    entries = Entries()
    rows = [{"parcel": {"id": n}} for n in range(1, 31)]
    clean(ASKED, {"holder": {"id": 1}, "parcels": rows}, replace(CONTEXT, entries=entries))
    assert entries.asked[0] == ("parcels", set(range(1, 31)))


def test_a_form_that_is_not_shown_brings_its_choice_back_hidden() -> None:
    asked = fields(field("on", "boolean"), field("holder", "reference", register="holders", when="on"))
    first = clean(asked, {"on": True, "holder": {"id": 3}}, CONTEXT, draft=True)
    hidden = clean(asked, {**first.raw, "on": False}, CONTEXT, draft=True)
    posted = browser.sent(Form(asked, hidden, CONTEXT), on="true")
    again = clean(asked, forms.read(asked, posted), CONTEXT)
    assert again.values["holder"] == first.values["holder"]


def test_what_stands_there_stays_when_it_may_no_longer_be_chosen_and_is_called_as_it_was() -> None:
    before = {"holder": EntryRef(99, "Phạm Văn Cũ"), "parcels": [{"parcel": EntryRef(77, "Thửa cũ")}]}
    context = replace(CONTEXT, entries=Kept(CONTEXT.entries, ASKED, before))
    kept = clean(ASKED, data.to_json(ASKED, before), context)
    assert kept.ok
    assert kept.values["holder"].title == "Phạm Văn Cũ"
    assert kept.values["parcels"] == before["parcels"]
    assert clean(ASKED, {"holder": {"id": "99", "words": "Phạm Văn Cũ"}}, context).ok
    assert not clean(ASKED, {"holder": {"id": 77}}, context).ok, "kept of one register only"


def test_it_is_shown_described_and_read_by_conditions() -> None:
    found = cleaned({"id": 1})
    assert display(ASKED, found.values, CONTEXT)[0].items[0].text == "Nguyễn Văn An"
    schema = json_schema(ASKED)["properties"]["holder"]
    assert schema["x-register"] == "holders" and schema["required"] == ["id"]
    assert data.from_json(ASKED, data.to_json(ASKED, found.values)) == found.values
    conditional = fields(
        field("holder", "reference", register="holders"), field("why", "text", when="holder.id != null")
    )
    assert "why" not in clean(conditional, {}, CONTEXT).values
    assert "why" in clean(conditional, {"holder": {"id": 1}}, CONTEXT).values


@pytest.mark.parametrize(
    ("attributes", "said"),
    [({}, "register"), ({"register": "Đất"}, "register"), ({"register": "holders", "default": {"id": 1}}, "mặc định")],
)
def test_a_declaration_says_of_which_register(attributes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        fields(field("holder", "reference", **attributes))


def test_where_nobody_keeps_registers_nothing_can_be_chosen() -> None:
    nowhere = replace(Context(at=CONTEXT.at), lists=CONTEXT.lists)
    assert cleaned({"id": 1}, nowhere).errors["holder"].code == "no_such_entry"
    assert "data-combobox" not in str(Form(ASKED, cleaned(None, nowhere), nowhere))
