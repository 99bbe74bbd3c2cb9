"""The parts of a form as templates see them: names, ids, states, attributes. What they show is asked of the fields."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lienthong.foundation.fields.definition import Control, Field
from lienthong.foundation.fields.forms import ACTION, ROWS, declared
from lienthong.foundation.fields.problems import in_sentence
from lienthong.foundation.fields.types.structure import Computed, Section, Table

if TYPE_CHECKING:
    from lienthong.foundation.fields.pages import Form

_WIDTHS = {"short": "width-10", "medium": "width-20", "full": ""}


class Part:
    """A field in its place on the page. It is always there, empty while it is not asked, so that it can be replaced."""

    def __init__(
        self,
        form: "Form",
        field: Field,
        path: tuple[str, ...],
        raw: Mapping[str, Any],
        values: Mapping[str, Any] | None,
    ) -> None:
        self.form = form
        self.field = field
        self.path = path
        self.raw = raw.get(field.key)
        self.value = (values or {}).get(field.key)
        self.name = form.name_of(path)
        self.id = form.id_of(path)

    @property
    def dotted(self) -> str:
        return ".".join(self.path)

    @property
    def asked(self) -> bool:
        return self.dotted in self.form.cleaned.asked

    @property
    def template(self) -> str:
        if isinstance(self.field, Section):
            return "fields/parts/section.html"
        return "fields/parts/table.html" if isinstance(self.field, Table) else "fields/parts/field.html"

    @property
    def required(self) -> bool:
        return self.dotted in self.form.cleaned.required

    @property
    def error(self) -> str:
        found = self.form.cleaned.errors.get(self.dotted)
        return str(found) if found else ""

    @property
    def errors_below(self) -> Mapping[str, str]:
        """Of a value with several controls, by the name of the control."""
        start = f"{self.dotted}."
        errors = self.form.cleaned.errors.items()
        return {path[len(start) :]: str(problem) for path, problem in errors if path.startswith(start)}

    # what others depend on

    @property
    def refresh_attributes(self) -> SafeString:
        if not self.form.refresh or declared(self.path) not in self.form.fields.dependents:
            return SafeString()
        return SafeString(flatatt({"hx-trigger": "change", **self.posts("refresh", self.name)}))

    @property
    def search_attributes(self) -> SafeString:
        if not self.form.refresh:
            return SafeString()
        return SafeString(flatatt({"hx-trigger": "input changed delay:300ms", **self.posts("refresh", self.name)}))

    def posts(self, verb: str, name: str) -> dict[str, str]:
        return {
            "hx-post": self.form.refresh,
            "hx-swap": "none",
            "hx-sync": "closest form:queue all",
            "hx-vals": json.dumps({ACTION: f"{verb}:{name}"}),
        }

    @property
    def refreshes(self) -> bool:
        return self.field.refreshes_itself or declared(self.path) in self.form.fields.dependents

    # what it is made of

    @cached_property
    def parts(self) -> Sequence["Part"]:
        if not isinstance(self.field, Section):
            return []
        raw = self.raw if isinstance(self.raw, dict) else {}
        return [Part(self.form, field, (*self.path, field.key), raw, self.value) for field in self.field.fields]

    @cached_property
    def rows(self) -> Sequence["RowOfParts"]:
        if not isinstance(self.field, Table) or not isinstance(self.raw, list):
            return []
        values = self.value or []
        return [
            RowOfParts(self, n, raw if isinstance(raw, dict) else {}, values[n] if n < len(values) else {})
            for n, raw in enumerate(self.raw)
        ]

    @property
    def rows_name(self) -> str:
        return f"{self.name}.{ROWS}"

    @property
    def may_add(self) -> bool:
        return isinstance(self.field, Table) and len(self.rows) < self.field.max_rows

    @property
    def row_label(self) -> str:
        return (self.field.row_label if isinstance(self.field, Table) else "") or _("Row")

    @property
    def row_label_in_sentence(self) -> str:
        return in_sentence(self.row_label)

    def button(self, verb: str, name: str) -> SafeString:
        """Attributes of a button that changes the form itself; without JavaScript the page comes back to this part."""
        attributes: dict[str, str | bool] = {
            "type": "submit",
            "name": ACTION,
            "value": f"{verb}:{name}",
            "formnovalidate": True,
            "formaction": f"#{self.id}-part",
        }
        if self.form.refresh and verb != "clear":
            attributes |= self.posts(verb, name)
        return SafeString(flatatt(attributes))

    @property
    def add_button(self) -> SafeString:
        return self.button("add", self.name)

    @property
    def clear_button(self) -> SafeString:
        return self.button("clear", self.name)

    @property
    def refresh_button(self) -> SafeString:
        return self.button("refresh", self.name)

    # the control

    @property
    def control(self) -> SafeString:
        return render_to_string(self.field.template, {"part": self, **self._widget})

    @cached_property
    def _widget(self) -> Mapping[str, Any]:
        """Whole numbers as text: templates would set their thousands apart, also in attributes."""
        given = self.field.widget(self.raw, self.form.context)
        return {key: str(value) if type(value) is int else value for key, value in given.items()}

    @property
    def controls(self) -> Sequence["ControlOfPart"]:
        """Of a field that has several, each with its own label."""
        return [ControlOfPart(self, control) for control in self._widget.get("controls", ())]

    @property
    def found(self) -> Sequence[str]:
        """What a field that is searched as one types has found."""
        return self._widget.get("found", ())  # type: ignore[no-any-return]

    @property
    def limit(self) -> int | None:
        """The largest file in MB, the smaller of the field's and the installation's limit."""
        limits = [limit for limit in (getattr(self.field, "max_size", None), self.form.upload_limit) if limit]
        return min(limits, default=None)

    @property
    def typed(self) -> str:
        return self.field.as_typed(self.raw)

    @property
    def computed(self) -> str:
        return "" if self.value is None else self.field.show(self.value, self.form.context)

    @property
    def hint(self) -> str | Promise:
        return self.field.hint

    @property
    def described_by(self) -> str:
        ids = [f"{self.id}_helptext"] if self.hint else []
        return " ".join([*ids, *([f"{self.id}_error"] if self.error else [])])

    @property
    def css_width(self) -> str:
        return _WIDTHS[self.field.width or self.field.natural_width]

    @property
    def attributes(self) -> SafeString:
        """Those of the one control that has the field's id and name."""
        attributes: dict[str, str | bool | None] = {
            "id": self.id,
            "name": f"{self.name}.{self._widget['box']}" if "box" in self._widget else self.name,
            "autocomplete": self.field.autocomplete or ("off" if self._widget.get("searched") else None),
            **self.states,
        }
        return SafeString(flatatt({name: value for name, value in attributes.items() if value not in (None, "")}))

    @property
    def typed_attributes(self) -> SafeString:
        """And those of a box that text is typed into."""
        more = {
            "type": str(self._widget.get("type", self.field.input_type)),
            "inputmode": self.field.input_mode,
            "class": f"form-control {self.css_width}".strip(),
        }
        return self.attributes + SafeString(flatatt({name: value for name, value in more.items() if value}))

    @property
    def states(self) -> dict[str, str | bool | None]:
        return {
            "aria-describedby": self.described_by or None,
            "aria-required": "true" if self.required and self.field.frame == "row" else None,
            "aria-invalid": "true" if self.error else None,
        }

    @property
    def group_attributes(self) -> SafeString:
        """Those of the fieldset around several controls; a group cannot be invalid or required by itself."""
        return SafeString(flatatt({"aria-describedby": self.described_by}) if self.described_by else "")

    # what is not asked

    @property
    def hidden(self) -> SafeString:
        return format_html_join("", '<input type="hidden" name="{}" value="{}">', self._hidden_inputs())

    def _hidden_inputs(self) -> Iterator[tuple[str, str]]:
        if isinstance(self.field, Section):
            for part in self.parts:
                yield from part._hidden_inputs()
        elif isinstance(self.field, Table):
            for row in self.rows:
                for part in row.parts:
                    yield from part._hidden_inputs()
        elif not isinstance(self.field, Computed) and not self.field.blank(self.raw):
            yield from self.field.to_post(self.raw, self.name)


class RowOfParts:
    """One row of a table."""

    def __init__(self, table: Part, number: int, raw: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        self.table = table
        self.path = (*table.path, str(number))
        self.id = table.form.id_of(self.path)
        self.name = table.form.name_of(self.path)
        self.label = f"{table.row_label} {number + 1}"
        fields = table.field.fields if isinstance(table.field, Table) else ()
        self.parts = [Part(table.form, field, (*self.path, field.key), raw, values) for field in fields]

    @property
    def remove_button(self) -> SafeString:
        return self.table.button("remove", self.name)


class ControlOfPart:
    """One of the several controls of a field, on the page."""

    def __init__(self, part: Part, control: Control) -> None:
        self.kind = control.kind
        self.label = control.label
        self.value = control.value
        self.groups = control.groups
        self.name = f"{part.name}.{control.part}"
        self.id = f"{part.id}-{control.part}"
        self.error = part.errors_below.get(control.part, "")
        self.required = part.required
        self._refresh = part.posts("refresh", self.name) if control.refreshes and part.form.refresh else {}

    @property
    def attributes(self) -> SafeString:
        attributes = {
            "id": self.id,
            "name": self.name,
            "aria-required": "true" if self.required else None,
            "aria-invalid": "true" if self.error else None,
            "aria-describedby": f"{self.id}_error" if self.error else None,
            "hx-trigger": "change consume" if self._refresh else None,
            **self._refresh,
        }
        return SafeString(flatatt({name: value for name, value in attributes.items() if value is not None}))
