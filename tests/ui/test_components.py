"""What the components promise to those who write pages and to those who read them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django import forms

from lienthong.foundation import clock

NOW = datetime(2026, 3, 5, 9, 30, tzinfo=clock.ZONE)
HOSTILE = "\"><script>alert(1)</script>' onmouseover='x"


class Form(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the card")
    kind = forms.ChoiceField(
        label="Kind", help_text="Pick one", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect
    )
    place = forms.ChoiceField(label="Place", choices=[("x", "X")], required=False)
    agree = forms.BooleanField(label="I agree", help_text="Needed by law")
    plan = forms.FileField(label="Plan", help_text="Signed")

    def clean(self) -> None:
        if self.data.get("name") == "clash":
            raise forms.ValidationError("These answers do not fit together.")


def test_a_question_ties_its_label_hint_and_error_to_its_control(show: Any) -> None:
    page = show('<c-ui.form-row :field="form.name" />', form=Form({}))
    assert '<label class="lt-row-label" for="id_name">Name' in page
    assert 'id="id_name_helptext">As on the card' in page
    assert 'id="id_name_error"' in page and "This field is required." in page
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'aria-invalid="true"' in page and "(required)" in page


def test_a_question_that_may_stay_empty_has_no_mark(show: Any) -> None:
    page = show('<c-ui.form-row :field="form.place" />', form=Form())
    assert "(required)" not in page and 'class="form-select"' in page


def test_radios_are_a_group_with_the_question_as_its_legend(show: Any) -> None:
    page = show('<c-ui.form-row :field="form.kind" />', form=Form({}))
    assert "<legend>Kind" in page
    assert '<fieldset class="lt-row lt-row-bad" aria-describedby="id_kind_helptext id_kind_error">' in page
    assert page.count('type="radio"') == 2


def test_a_single_box_stands_before_its_label(show: Any) -> None:
    page = show('<c-ui.form-row :field="form.agree" />', form=Form({}))
    assert page.index('type="checkbox"') < page.index("I agree") < page.index("Needed by law")
    assert 'aria-describedby="id_agree_helptext id_agree_error"' in page


def test_a_row_can_hold_a_control_that_no_form_made(show: Any) -> None:
    page = show(
        '<c-ui.form-row label="Area" hint="In m²" error="Too small" for="area" required>'
        '<input id="area"></c-ui.form-row>'
    )
    assert 'for="area"' in page and 'id="area_helptext">In m²' in page
    assert 'id="area_error"' in page and "Too small" in page and '<input id="area">' in page


def test_the_summary_of_errors_leads_to_the_first_control_of_each_question(show: Any) -> None:
    page = show('<c-ui.error-summary :form="form" />', form=Form({"name": "clash"}))
    assert "<li>These answers do not fit together.</li>" in page
    assert '<a href="#id_kind_0">Kind: This field is required.</a>' in page
    assert '<a href="#id_agree">' in page and "#id_name" not in page


def test_without_errors_there_is_no_summary(show: Any) -> None:
    assert show('<c-ui.error-summary :form="form" />', form=Form()).strip() == ""


def test_the_file_chooser_says_what_may_be_sent_before_anything_is_sent(show: Any) -> None:
    page = show(
        '<c-ui.file-chooser :field="form.plan" accept=".pdf" kinds="PDF" limit_mb="20" multiple />', form=Form()
    )
    assert "20 MB" in page and "PDF" in page and 'data-limit-mb="20"' in page
    assert 'accept=".pdf"' in page and " multiple" in page
    assert 'aria-describedby="id_plan_helptext id_plan_rules"' in page and 'id="id_plan_rules"' in page


def test_the_file_chooser_works_without_a_form_class(show: Any) -> None:
    page = show('<c-ui.file-chooser name="scan" label="Scan" error="It is empty" limit_mb="5" required />')
    assert '<label class="lt-row-label" for="id_scan">' in page
    control = page[page.index("<input") : page.index(">", page.index("<input"))]
    for part in (
        'type="file"',
        'id="id_scan"',
        'name="scan"',
        'aria-invalid="true"',
        "id_scan_error id_scan_rules",
        " required",
    ):
        assert part in control, part


TEXTS = {
    "page header": '<c-ui.page-header title="{{ text }}" lead="{{ text }}" over="{{ text }}" />',
    "alert": '<c-ui.alert title="{{ text }}">{{ text }}</c-ui.alert>',
    "badge": '<c-ui.badge tone="{{ text }}">{{ text }}</c-ui.badge>',
    "code": '<c-ui.code value="{{ text }}" />',
    "code from a variable": '<c-ui.code :value="text" />',
    "link item": '<c-ui.link-item title="{{ text }}" href="{{ text }}" text="{{ text }}" />',
    "search box": '<c-ui.search-box action="{{ text }}" value="{{ text }}" placeholder="{{ text }}" />',
    "search box with more": '<c-ui.search-box :data-x="text" />',
    "file": '<c-ui.file name="{{ text }}" href="{{ text }}" about="{{ text }}" />',
    "file chooser": '<c-ui.file-chooser name="{{ text }}" label="{{ text }}" kinds="{{ text }}" error="{{ text }}" />',
    "form row": '<c-ui.form-row label="{{ text }}" hint="{{ text }}" for="{{ text }}">x</c-ui.form-row>',
    "form row from variables": '<c-ui.form-row :label="text" :hint="text" :error="text" :for="text">x</c-ui.form-row>',
    "station": '<c-ui.station name="{{ text }}" note="{{ text }}" state="{{ text }}" />',
    "timeline": '<c-ui.timeline-entry title="{{ text }}" who="{{ text }}" />',
    "stat": '<c-ui.stat label="{{ text }}" value="{{ text }}" href="{{ text }}" />',
    "table": '<c-ui.table caption="{{ text }}" data-x="{{ text }}"></c-ui.table>',
    "button": '<c-ui.button :data-x="text" href="{{ text }}">{{ text }}</c-ui.button>',
    "steps": '<c-ui.step-header :steps="several" current="1" />',
    "icon": "{% icon text label=text %}",
}


@pytest.mark.parametrize("name", TEXTS)
def test_hostile_text_stays_text(show: Any, name: str) -> None:
    page = show(TEXTS[name], text=HOSTILE, several=[HOSTILE])
    assert "<script" not in page
    assert "onmouseover='x" not in page and 'onmouseover="' not in page


def test_attributes_that_would_run_are_not_passed_on(show: Any) -> None:
    page = show('<c-ui.button onclick="go()" style="color:red" data-go="x">Go</c-ui.button>')
    assert "onclick" not in page and "style" not in page and 'data-go="x"' in page


def test_components_do_not_pick_up_variables_of_the_page_by_accident(show: Any) -> None:
    names = ("title lead over badge meta actions href icon label", "note text hint error count tone foot head id class")
    leaking = dict.fromkeys(" ".join(names).split(), "LEAK")
    page = show(
        "<c-ui.page-header /><c-ui.badge>x</c-ui.badge><c-ui.card>x</c-ui.card><c-ui.table>x</c-ui.table><c-ui.stat />"
        "<c-ui.station /><c-ui.form-row>x</c-ui.form-row><c-ui.alert>x</c-ui.alert><c-ui.button>x</c-ui.button>"
        "<c-ui.empty-state /><c-ui.pager /><c-ui.tab>x</c-ui.tab>"
        "<c-ui.side-link>x</c-ui.side-link><c-ui.menu>x</c-ui.menu>",
        **leaking,
    )
    assert "LEAK" not in page


def test_a_due_date_has_a_colour_an_icon_and_a_word(show: Any) -> None:
    with clock.at(NOW):
        page = show('<c-ui.due :at="at" />', at=NOW - timedelta(days=3))
    assert "tone-late" in page and "#exclamation-octagon" in page and "Late by 3 days" in page
    assert '<time class="lt-due-date" datetime="2026-03-02T09:30+07:00">02/03/2026 09:30</time>' in page


def test_a_table_has_a_caption_even_when_it_is_not_shown(show: Any) -> None:
    page = show(
        '<c-ui.table caption="My work" caption_hidden rows>'
        '<c-slot name="head"><th>A</th></c-slot><tr><td>1</td></tr></c-ui.table>'
    )
    assert '<caption class="visually-hidden">My work</caption>' in page
    assert "data-rows" in page and "<thead><tr><th>A</th></tr></thead>" in page


def test_a_station_says_its_state_in_words(show: Any) -> None:
    states = {
        "done": "done",
        "now": "in progress",
        "waiting": "waiting",
        "late": "late",
        "next": "not yet",
        "stopped": "stopped",
    }
    for state, word in states.items():
        page = show(f'<c-ui.station name="Check" state="{state}" />')
        assert word in page
        assert ('aria-current="step"' in page) == (state not in ("done", "next"))


def test_the_pager_shows_only_the_ways_that_exist(show: Any) -> None:
    assert "Newer" not in show('<c-ui.pager older="?before=7" />')
    assert show("<c-ui.pager />").strip() == ""


def test_where_nothing_was_given_nothing_is_shown(show: Any) -> None:
    assert (
        show("[{{ none|money }}{{ none|day }}{{ none|moment }}{{ empty|figure }}{{ none|size }}]", none=None, empty="")
        == "[]"
    )


def test_figures_and_moments_in_templates(show: Any) -> None:
    page = show("{{ fee|money }} {{ at|moment }} {{ at|day }} {{ at|iso }} {{ at|weekday }}", fee=75000, at=NOW)
    assert page.replace("\u00a0", " ") == "75.000 đ 05/03/2026 09:30 05/03/2026 2026-03-05T09:30+07:00 Thursday"
