"""A question of a form as it is shown: its label, hint, errors and control, tied together for those who listen."""

from dataclasses import dataclass
from typing import Literal

from django import forms
from django.forms import BaseForm, BoundField, Widget
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

Kind = Literal["control", "group", "check"]


@dataclass(frozen=True, slots=True)
class Row:
    """`group` is several controls under one question (radios, a date in three parts), `check` one box with its label
    beside it. `described_by` names the hint and the errors and belongs on a group; a control already carries it."""

    kind: Kind
    control: SafeString
    label: str
    hint: str
    errors: list[str]
    required: bool
    control_id: str
    hint_id: str
    error_id: str

    @property
    def described_by(self) -> str:
        return " ".join(([self.hint_id] if self.hint else []) + ([self.error_id] if self.errors else []))


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the summary of errors: `href` leads to the control, or is empty for an error of the whole form."""

    href: str
    label: str
    message: str


def css_class(widget: Widget) -> str:
    """The classes of a widget's control, its own ones first."""
    own = str(widget.attrs.get("class", ""))
    if isinstance(widget, forms.CheckboxInput):
        ours = "form-check-input"
    elif isinstance(widget, forms.Select):
        ours = "form-select"
    elif isinstance(widget, forms.FileInput):
        ours = ""
    else:
        ours = "form-control"
    return " ".join(dict.fromkeys(f"{own} {ours}".split()))


def of_field(field: BoundField, *, label: str = "", hint: str = "", control_class: str = "") -> Row:
    """The row of a form's field; `label` and `hint` take the place of the field's own."""
    widget = field.field.widget
    kind: Kind = "check" if isinstance(widget, forms.CheckboxInput) else "group" if field.use_fieldset else "control"
    row = Row(
        kind=kind,
        control=SafeString(),
        label=label or str(field.label or ""),
        hint=hint or str(field.help_text or ""),
        errors=[str(error) for error in field.errors],
        required=bool(field.field.required),
        control_id=field.id_for_label,
        hint_id=f"{field.auto_id}_helptext",
        error_id=f"{field.auto_id}_error",
    )
    if kind == "group":
        return _with_control(row, field.as_widget())
    attributes: dict[str, str | bool] = {"class": " ".join(f"{css_class(widget)} {control_class}".split())}
    if row.described_by:
        attributes["aria-describedby"] = f"{widget.attrs.get('aria-describedby', '')} {row.described_by}".strip()
    return _with_control(row, field.as_widget(attrs=attributes))


def of_parts(control: str, *, control_id: str, label: str, hint: str, error: str, required: bool, group: bool) -> Row:
    """The row of a control that no form made. The ids follow the same rule: `<id>_helptext`, `<id>_error`."""
    return Row(
        kind="group" if group else "control",
        control=mark_safe(control),  # noqa: S308  the slot of a template, rendered and escaped there
        label=label,
        hint=hint,
        errors=[error] if error else [],
        required=required,
        control_id=control_id,
        hint_id=f"{control_id}_helptext",
        error_id=f"{control_id}_error",
    )


def of_files(
    field: BoundField | None,
    *,
    name: str,
    control_id: str,
    label: str,
    hint: str,
    error: str,
    required: bool,
    multiple: bool,
    accept: str,
) -> Row:
    """The row of a file chooser, of a form's field or on its own. What may be chosen is described at `<id>_rules`.

    Django's own clearing check box is left out: what is already there is listed beside the chooser.
    """
    if field is not None:
        row = of_field(field, label=label, hint=hint)
    else:
        row = of_parts("", control_id=control_id, label=label, hint=hint, error=error, required=required, group=False)
    attributes: dict[str, str | bool] = {
        "aria-describedby": f"{row.described_by} {row.control_id}_rules".strip(),
        "multiple": multiple,
    }
    if accept:
        attributes["accept"] = accept
    if field is None:
        attributes |= {"id": control_id, "name": name, "required": required, "aria-invalid": bool(error) and "true"}
        return _with_control(row, format_html('<input type="file"{}>', flatatt(attributes)))
    own = field.field.widget
    widget = forms.FileInput(own.attrs) if isinstance(own, forms.ClearableFileInput) else own
    return _with_control(row, field.as_widget(widget, attrs=attributes))


def _with_control(row: Row, control: SafeString) -> Row:
    values = {name: getattr(row, name) for name in Row.__dataclass_fields__}
    return Row(**{**values, "control": control})


def problems(form: BaseForm) -> list[Problem]:
    """Every error of a form in the order of its questions, first those of the whole form."""
    found = [Problem("", "", str(message)) for message in form.non_field_errors()]
    for field in form:
        target = first_control(field)
        label = "" if field.is_hidden else str(field.label or "")
        found += [Problem(f"#{target}" if target and label else "", label, str(message)) for message in field.errors]
    return found


def first_control(field: BoundField) -> str:
    """The id of the first thing that can take the focus: of a group, its first control."""
    if not field.use_fieldset:
        return str(field.id_for_label)
    first = next(iter(field.subwidgets), None)
    return str(first.id_for_label) if first and first.id_for_label else str(field.auto_id)
