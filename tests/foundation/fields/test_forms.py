"""The form on the page: right HTML, working without JavaScript, refreshing only what depends on what was changed."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from lxml import html

from lienthong.foundation.fields import data, forms
from lienthong.foundation.fields.cleaning import Cleaned, clean
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.forms import Action
from lienthong.foundation.fields.lists import CodeList, HeldLists
from lienthong.foundation.fields.pages import Form
from lienthong.foundation.fields.raw import TooMuch
from tests.foundation.fields import browser
from tests.foundation.fields.samples import AFTER_MERGER, CONTEXT, EVERYTHING, HOUSE, OPTIONS, UNITS, field, fields


def form_of(
    asked: FieldList, raw: dict[str, Any], context: Context = CONTEXT, *, draft: bool = True, **how: Any
) -> Form:
    return Form(asked, clean(asked, raw, context, draft=draft), context, **how)


def after(asked: FieldList, raw: dict[str, Any], press: str = "", **typed: Any) -> Cleaned:
    """The draft after the form was filled in further, without JavaScript, and a button was pressed."""
    first = clean(asked, raw, CONTEXT, draft=True)
    posted = browser.sent(Form(asked, first, CONTEXT), press, **typed)
    return clean(asked, forms.take(asked, posted, CONTEXT, kept=first.raw).raw, CONTEXT, draft=True)


def part(form: Form, path: str) -> html.HtmlElement:
    (found,) = browser.page(form).xpath("//*[@id=$id]", id=f"f-{path.replace('.', '-')}-part")
    return found


class TestHtml:
    def test_every_control_has_a_label_and_a_unique_id(self) -> None:
        raw = {"people": [{"name": "An"}, {}], "home": {}, "file": {"id": "f1"}}
        page = browser.page(form_of(EVERYTHING, raw))
        ids = page.xpath("//*[@id]/@id")
        assert len(ids) == len(set(ids))
        labelled = set(page.xpath("//label/@for"))
        controls = page.xpath("//input[not(@type='hidden')] | //select | //textarea | //output")
        assert len(controls) > 35
        assert [control.get("id") for control in controls if control.get("id") not in labelled] == []

    def test_everything_that_describes_a_control_is_there(self) -> None:
        form = form_of(EVERYTHING, {"integer": "ba", "address": {"unit": "1"}, "choice": "x"}, draft=False)
        page = browser.page(form)
        named = {each for ids in page.xpath("//@aria-describedby") for each in ids.split()}
        assert named <= set(page.xpath("//@id"))
        assert {"f-integer_error", "f-address-unit_error"} <= named

    def test_a_control_says_what_it_is(self) -> None:
        asked = fields(
            field("phone", "phone", autocomplete="tel", required=True, hint="Số đang dùng"),
            field("born", "date", max="today"),
            field("area", "decimal", unit="m²"),
        )
        page = browser.page(form_of(asked, {"phone": "1"}, draft=False))
        (phone,) = page.xpath("//input[@name='phone']")
        assert dict(phone.attrib) == {
            "id": "f-phone",
            "name": "phone",
            "type": "tel",
            "inputmode": "tel",
            "autocomplete": "tel",
            "class": "form-control width-10",
            "value": "1",
            "aria-required": "true",
            "aria-invalid": "true",
            "aria-describedby": "f-phone_helptext f-phone_error",
        }
        (born,) = page.xpath("//input[@name='born']")
        assert (born.get("type"), born.get("max")) == ("date", "2021-03-15")
        assert page.xpath("//input[@name='area']/@inputmode") == ["decimal"]

    def test_a_day_that_is_none_stays_in_the_box_as_it_was_typed(self) -> None:
        asked = fields(field("born", "date"), field("at", "datetime"))
        page = browser.page(form_of(asked, {"born": "31/2/2021", "at": "mai"}))
        assert page.xpath("//input[@name='born']/@type") == ["text"]
        assert page.xpath("//input/@value") == ["31/2/2021", "mai"]

    def test_numbers_stand_in_the_box_as_people_write_them(self) -> None:
        asked = fields(field("m", "money"), field("d", "decimal"), field("i", "integer"))
        page = browser.page(form_of(asked, {"m": 1500000, "d": 93.5, "i": 12345}))
        assert page.xpath("//input/@value") == ["1.500.000", "93,5", "12.345"]

    def test_what_was_typed_is_text_and_nothing_else(self) -> None:
        for hostile in ("<script>alert(1)</script>", "\"><b onload='x'>", "{{ 7|add:7 }}", "{% now 'Y' %}"):
            raw = {"text": hostile, "paragraph": hostile, "integer": hostile, "owner": {"name": hostile}}
            page = browser.page(form_of(EVERYTHING, raw))
            assert page.xpath("//input[@name='text' or @name='integer' or @name='owner.name']/@value") == [hostile] * 3
            assert not page.xpath("//script | //b")

    def test_a_prefix_stands_before_every_name(self) -> None:
        page = browser.page(form_of(EVERYTHING, {"people": [{}]}, prefix="ask"))
        assert {name.split(".")[0] for name in page.xpath("//@name") if name != "_action"} == {"ask"}

    def test_only_the_parts_that_are_wanted_are_shown(self) -> None:
        form = form_of(HOUSE, {}, draft=False, only=["home"])
        assert not browser.page(form).xpath("//*[@name='kind']")
        assert [trouble.href for trouble in form.troubles] == ["#f-home-unit", "#f-home-detail"]

    def test_errors_lead_to_their_controls_and_say_in_which_row(self) -> None:
        asked = fields(
            field("kind", "choice", options=OPTIONS, required=True),
            field("s", "section", fields=[field("people", "table", fields=[field("age", "integer")])]),
        )
        form = form_of(asked, {"s": {"people": [{"age": "1"}, {"age": "x"}]}}, draft=False)
        assert [(t.href, t.label) for t in form.troubles] == [
            ("#f-kind", "Mục kind"),
            ("#f-s-people-1-age", "Mục people 2 – Mục age"),
        ]
        ids = browser.page(form).xpath("//@id")
        assert all(trouble.href[1:] in ids for trouble in form.troubles)

    def test_enter_in_a_box_presses_the_pages_button_not_one_that_adds_a_row(self) -> None:
        first = browser.page(form_of(HOUSE, {})).xpath("//button")[0]
        assert first.get("name") is None


class TestWithoutJavaScript:
    def test_what_depends_is_shown_after_the_button_beside_it(self) -> None:
        assert "permit" not in str(part(form_of(HOUSE, {}), "permit").xpath(".//@name"))
        shown = after(HOUSE, {}, "refresh:kind", kind="repair")
        assert part(Form(HOUSE, shown, CONTEXT), "permit").xpath(".//input/@name") == ["permit"]
        assert shown.ok

    def test_choosing_back_and_forth_loses_nothing(self) -> None:
        typed = after(HOUSE, {"kind": "repair"}, "refresh:kind", permit="GP-1", kind="new")
        assert "permit" not in typed.values
        posted = browser.sent(Form(HOUSE, typed, CONTEXT), "refresh:kind", kind="repair")
        again = clean(HOUSE, forms.take(HOUSE, posted, CONTEXT).raw, CONTEXT, draft=True)
        assert again.values["permit"] == "GP-1"

    def test_rows_are_added_and_taken_away_and_the_others_stay(self) -> None:
        one = after(HOUSE, {}, "add:people")
        assert one.raw["people"] == [{}]
        three = after(HOUSE, {"people": [{"name": "An"}, {"name": "Bình"}]}, "add:people", people__1__name="Bình Minh")
        assert [row.get("name") for row in three.raw["people"]] == ["An", "Bình Minh", None]
        assert "Không thể thêm dòng nữa." in str(Form(HOUSE, three, CONTEXT))
        two = after(HOUSE, three.raw, "remove:people.0")
        assert [row.get("name") for row in two.raw["people"]] == ["Bình Minh", ""]
        none = after(HOUSE, {"people": [{"name": "An"}]}, "remove:people.0")
        assert none.raw["people"] == []

    def test_a_new_row_begins_with_its_defaults(self) -> None:
        asked = fields(field("rows", "table", fields=[field("day", "date", default="${today}")]))
        assert after(asked, {}, "add:rows").raw == {"rows": [{"day": "2021-03-15"}]}

    @pytest.mark.parametrize(
        "action",
        [
            "add:kind",
            "add:nowhere",
            "add:people.0.name",
            "remove:people.9",
            "remove:people.x",
            "remove:people.99999999999999999999",
            "remove:0",
            "clear:kind",
            "fly:people",
            "add:",
            "add",
            "refresh:",
            "add:people." * 50,
        ],
    )
    def test_a_button_that_is_not_there_does_nothing(self, action: str) -> None:
        post = QueryDict(mutable=True)
        post.update({"kind": "new", "people.0.name": "An", "_action": action})
        assert forms.take(HOUSE, post, CONTEXT).raw == {"kind": "new", "people": [{"name": "An"}]}

    def test_the_buttons_of_another_form_on_the_page_are_its_own(self) -> None:
        post = QueryDict("ask.people.0.name=An&other.people.0.name=B&_action=add:other.people")
        assert forms.take(HOUSE, post, CONTEXT, prefix="ask").action is None
        taken = forms.take(HOUSE, post, CONTEXT, prefix="other")
        assert taken.action == Action("add", ("people",))
        assert taken.raw == {"people": [{"name": "B"}, {}]}

    def test_the_button_of_the_page_is_no_action_of_the_form(self) -> None:
        assert forms.take(HOUSE, QueryDict("kind=new&_action=submit"), CONTEXT).action is None

    def test_boxes_can_be_unticked_and_radios_that_were_not_there_stay(self) -> None:
        kept = {"choices": ["new"], "boolean": True, "yes_or_no": True}
        cleaned = after(EVERYTHING, kept, choices=[""], boolean="")
        assert (cleaned.values["choices"], cleaned.values["boolean"], cleaned.values["yes_or_no"]) == ((), False, True)

    def test_a_part_of_the_form_changes_nothing_of_the_rest(self) -> None:
        post = QueryDict("home.detail=12 Hùng Vương&home.unit=24612&home.province=67")
        kept = {"kind": "repair", "permit": "GP-1", "people": [{"name": "An"}]}
        raw = forms.take(HOUSE, post, CONTEXT, kept=kept).raw
        assert raw == kept | {"home": {"detail": "12 Hùng Vương", "unit": "24612", "province": "67"}}


class TestAddressOnThePage:
    def test_the_communes_of_the_province_stand_below_their_districts(self) -> None:
        page = part(form_of(HOUSE, {}), "home")
        assert page.xpath(".//select[@name='home.province']/option[@selected]/text()") == ["Tỉnh Đắk Nông"]
        assert page.xpath(".//optgroup/@label") == ["Thành phố Gia Nghĩa", "Huyện Đăk Glong"]
        assert page.xpath(".//optgroup[1]/option/text()") == ["Phường Nghĩa Đức", "Phường Nghĩa Thành"]

    def test_in_the_two_tier_order_there_are_no_districts(self) -> None:
        page = part(form_of(HOUSE, {}, AFTER_MERGER), "home")
        assert not page.xpath(".//optgroup")
        assert page.xpath(".//select[@name='home.unit']/option/text()")[1:] == ["Phường Bắc Gia Nghĩa"]

    def test_another_province_shows_its_communes_after_the_button(self) -> None:
        chosen = after(HOUSE, {"home": {"unit": "24612", "detail": "x"}}, "refresh:home", home__province="66")
        page = part(Form(HOUSE, chosen, CONTEXT), "home")
        assert page.xpath(".//option[@selected]/text()") == ["Tỉnh Đắk Lắk"]
        assert page.xpath(".//optgroup/option/text()") == ["Phường Tân Lập"]
        assert page.xpath(".//input[@name='home.detail']/@value") == ["x"]
        finished = after(HOUSE, chosen.raw, home__unit="24133")
        assert finished.values["home"].unit == "24133"

    def test_where_there_is_one_province_it_is_not_asked(self) -> None:
        units = replace(CONTEXT, lists=HeldLists({"administrative-units": CodeList(UNITS.items[6:9])}), province="")
        page = part(form_of(HOUSE, {}, units), "home")
        assert page.xpath(".//input[@name='home.province']/@type") == ["hidden"]
        assert page.xpath(".//optgroup/option/text()") == ["Phường Tân Lập"]


class TestCodeListOnThePage:
    def test_a_short_list_is_opened_and_a_long_one_is_typed(self) -> None:
        page = browser.page(form_of(EVERYTHING, {"state": "01", "code_list": "4711"}))
        assert page.xpath("//select[@name='state']/option[@selected]/text()") == ["Đang hoạt động"]
        assert page.xpath("//input[@name='code_list']/@value") == ["4711 – Bán lẻ lương thực, thực phẩm"]

    def test_what_matches_is_offered_to_choose_from(self) -> None:
        cleaned = after(HOUSE, {}, trade="ban le")
        page = part(Form(HOUSE, cleaned, CONTEXT), "trade")
        assert page.xpath(".//input[@type='text']/@value") == ["ban le"]
        offered = page.xpath(".//input[@type='radio']/@value")
        assert set(offered) >= {"4711 – Bán lẻ lương thực, thực phẩm", "4719 – Bán lẻ khác"}
        chosen = after(HOUSE, cleaned.raw, trade=["ban le", "4719 – Bán lẻ khác"])
        assert chosen.values["trade"] == "4719"


class TestRefresh:
    """With htmx: the parts that come back, each to be put in its own place."""

    FORM = {"kind": "repair", "people": [{"name": "An", "boss": True}, {"name": "Bình"}], "home": {"province": "66"}}

    def ids(self, verb: Any, *path: str) -> set[str]:
        form = form_of(HOUSE, self.FORM, refresh="/refresh")
        found = html.fromstring(f"<div>{form.refreshed(Action(verb, path))}</div>")
        swapped = found.xpath("//*[@hx-swap-oob='true']/@id")
        assert len(swapped) == len(found.xpath("./*"))
        return {id.removeprefix("f-").removesuffix("-part") for id in swapped}

    def test_only_what_depends_on_a_change_comes_back(self) -> None:
        assert self.ids("refresh", "kind") == {"permit"}
        assert self.ids("refresh", "people", "1", "boss") == {"people-1-title", "bosses"}
        assert self.ids("refresh", "home", "province") == {"home"}
        assert self.ids("refresh", "home") == set()
        assert self.ids("refresh", "people", "0", "name") == set()
        assert self.ids("refresh", "nowhere", "x") == set()

    def test_a_row_more_or_less_brings_its_table_and_what_depends_on_it(self) -> None:
        assert self.ids("add", "people") == {"people", "bosses"}
        assert self.ids("remove", "people", "0") == {"people", "bosses"}

    def test_typing_in_a_long_list_brings_what_matches(self) -> None:
        form = form_of(HOUSE, {"trade": "lương thực"}, refresh="/refresh")
        found = html.fromstring(f"<div>{form.refreshed(Action('refresh', ('trade',)))}</div>")
        assert found.xpath("//datalist[@id='f-trade-list']/option/@value") == ["4711 – Bán lẻ lương thực, thực phẩm"]

    def test_only_what_others_depend_on_asks_the_server(self) -> None:
        page = browser.page(form_of(HOUSE, self.FORM, refresh="/refresh"))
        asking = page.xpath("//*[@hx-trigger='change']/@id")
        assert asking == ["f-kind-part", "f-people-0-boss-part", "f-people-1-boss-part"]
        assert page.xpath("//*[@id='f-kind-part']/@hx-vals") == ['{"_action": "refresh:kind"}']
        assert set(page.xpath("//@hx-post")) == {"/refresh"}
        assert all(
            button.getparent().getparent().tag == "noscript" for button in page.xpath("//button[@value='refresh:kind']")
        )

    def test_without_an_address_to_ask_the_buttons_are_there_for_everybody(self) -> None:
        page = browser.page(form_of(HOUSE, self.FORM))
        assert not page.xpath("//@hx-post")
        assert not page.xpath("//noscript")
        assert page.xpath("//button[@value='refresh:kind']")


class TestFiles:
    def test_uploads_are_named_by_their_fields(self) -> None:
        upload = SimpleUploadedFile("a.pdf", b"%PDF")
        rows = fields(field("papers", "table", fields=[field("scan", "file")]))
        files = {"ask.papers.0.scan": upload, "ask.kind": upload, "papers.0.scan": upload, "x" * 300: upload}
        found = list(forms.uploads(rows, files, prefix="ask"))
        assert [(path, asked.type, file.name) for path, asked, file in found] == [("papers.0.scan", "file", "a.pdf")]

    def test_a_stored_file_stays_until_it_is_taken_off(self) -> None:
        raw: dict[str, Any] = {}
        forms.put(raw, "plan", {"id": "f1"})
        kept = after(HOUSE, raw)
        assert kept.values["plan"].name == "bản vẽ.pdf"
        assert "bản vẽ.pdf" in str(Form(HOUSE, kept, CONTEXT))
        assert after(HOUSE, raw, "clear:plan").values["plan"] is None

    def test_its_limits_are_shown(self) -> None:
        page = part(form_of(HOUSE, {}, upload_limit=20), "plan")
        assert page.xpath(".//input[@type='file']/@accept") == [".pdf,.jpg,.jpeg,.png,.webp"]
        assert page.xpath(".//@data-limit-mb") == ["5"]


class TestTooMuch:
    def test_a_form_with_endless_names_is_refused(self) -> None:
        post = QueryDict(mutable=True)
        for n in range(20_001):
            post[f"people.{n}.name"] = "x"
        with pytest.raises(TooMuch):
            forms.take(HOUSE, post, CONTEXT)

    def test_strange_names_are_not_read(self) -> None:
        post = QueryDict(
            "kind.kind=new&" + ".".join("a" * 100) + "=1&people.-1.name=a&people.٣.name=b&people.5.name=c&.=1&=2"
        )
        assert forms.read(HOUSE, post) == {"people": [{"name": "c"}]}


def test_the_form_starts_with_the_first_rows_of_tables_that_need_rows() -> None:
    asked = fields(field("people", "table", required=True, fields=[field("name", "text")]))
    form = form_of(asked, data.start(asked, CONTEXT))
    assert browser.page(form).xpath("//input[@type='text']/@name") == ["people.0.name"]
