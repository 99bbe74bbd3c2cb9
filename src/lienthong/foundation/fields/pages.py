"""A form as HTML: parts that templates show, and the parts to send again when something they depend on has changed.

Without JavaScript everything works by sending the whole form; a button beside what others depend on shows the rest.
With htmx only the parts that depend on what was changed are replaced, so the focus and what is being typed elsewhere
stay. What is not asked at the moment travels in hidden inputs: choosing back and forth loses nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from lienthong.foundation.fields import display
from lienthong.foundation.fields.cleaning import Cleaned
from lienthong.foundation.fields.context import Context, FileRef
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.forms import Action, declared
from lienthong.foundation.fields.parts import Part
from lienthong.foundation.fields.references import ELEMENT
from lienthong.foundation.fields.types.agencies import Organisation
from lienthong.foundation.fields.types.choices import CodeListField
from lienthong.foundation.fields.types.structure import Section, Table

SEARCHED = (CodeListField, Organisation)
"""Fields that offer what fits while somebody types."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One line of the summary of errors; `href` leads to the control."""

    href: str
    label: str
    message: str


class Form:
    """`refresh` is the address to which htmx posts the form to see what depends on a change; "" for none.

    `only` limits what is shown to these outermost fields. `upload_limit` (MB) is told beside files that have no
    smaller one. `prefix` stands before all names, for several forms in one.
    """

    def __init__(
        self,
        fields: FieldList,
        cleaned: Cleaned,
        context: Context,
        *,
        refresh: str = "",
        prefix: str = "",
        only: Iterable[str] | None = None,
        upload_limit: int | None = None,
    ) -> None:
        self.fields = fields
        self.cleaned = cleaned
        self.context = context
        self.refresh = refresh
        self.prefix = prefix
        self.upload_limit = upload_limit
        wanted = None if only is None else set(only)
        self.shown = tuple(field for field in fields if wanted is None or field.key in wanted)

    def __str__(self) -> str:
        return self.render()

    def __html__(self) -> SafeString:
        return self.render()

    def render(self) -> SafeString:
        return render_to_string("fields/form.html", {"form": self})

    @cached_property
    def parts(self) -> Sequence[Part]:
        return [Part(self, field, (field.key,), self.cleaned.raw, self.cleaned.values) for field in self.shown]

    @property
    def troubles(self) -> Sequence[Trouble]:
        """Every error of what is shown, in the order of the form."""
        shown = {field.key for field in self.shown}
        return [self._trouble(path, str(p)) for path, p in self.cleaned.errors.items() if path.split(".")[0] in shown]

    def _trouble(self, path: str, message: str) -> Trouble:
        labels: list[str] = []
        steps = path.split(".")
        for n, step in enumerate(steps):
            node = self.fields.nodes.get(declared(steps[: n + 1]))
            if step.isdigit() and labels:
                labels[-1] = f"{labels[-1]} {int(step) + 1}"
            elif node is not None and not isinstance(node.field, Section):
                labels.append(node.field.label)
        return Trouble(f"#{self.id_of(steps)}", " – ".join(labels), message)

    def name_of(self, path: Iterable[str]) -> str:
        return ".".join([*([self.prefix] if self.prefix else []), *path])

    def id_of(self, path: Iterable[str]) -> str:
        return "f-" + self.name_of(path).replace(".", "-")

    def refreshed(self, action: Action) -> SafeString:
        """The parts that an action changes, for htmx to put in their places."""
        parts = {part.id: part for path in self._changed(action) if (part := self.part(path)) is not None}
        trigger = self.part(action.path)
        suggestions = trigger if trigger is not None and isinstance(trigger.field, SEARCHED) else None
        return render_to_string("fields/refreshed.html", {"parts": list(parts.values()), "suggestions": suggestions})

    def _changed(self, action: Action) -> Iterator[Sequence[str]]:
        path = action.path
        node = self.fields.nodes.get(declared(path))
        if node is None:  # a row that was removed, or a control inside a field that refreshes itself
            path = path[:-1]
            node = self.fields.nodes.get(declared(path))
            if node is None:
                return
            yield path
        elif action.verb != "refresh":
            yield path
        dependents = set(self.fields.dependents.get(node.path, ()))
        if isinstance(node.field, Table):
            dependents |= {d for below in self.fields.below(node.path) for d in self.fields.dependents.get(below, ())}
            dependents -= set(self.fields.below(node.path))
        for dependent in sorted(dependents):
            yield self._concrete(dependent, path)

    @staticmethod
    def _concrete(dependent: Sequence[str], trigger: Sequence[str]) -> Sequence[str]:
        """In the row of the trigger; from outside the table, the whole table."""
        if ELEMENT not in dependent:
            return dependent
        at = dependent.index(ELEMENT)
        same = tuple(dependent[:at]) == tuple(trigger[:at]) and len(trigger) > at
        return (*dependent[:at], trigger[at], *dependent[at + 1 :]) if same else dependent[:at]

    def part(self, path: Sequence[str]) -> Part | None:
        """The part of a path of the data, if it is shown at all; inside what is not asked, that which is not asked."""
        parts: Sequence[Part] = self.parts
        found: Part | None = None
        steps = list(path)
        while steps:
            step = steps.pop(0)
            if step.isdigit() and found is not None:
                rows = found.rows
                parts = rows[int(step)].parts if int(step) < len(rows) else []
                continue
            found = next((part for part in parts if part.field.key == step), None)
            if found is None or not found.asked:
                break
            parts = found.parts
        return found


def display_html(
    fields: FieldList,
    values: Mapping[str, Any],
    context: Context,
    *,
    heading: int = 2,
    file_url: Callable[[FileRef], str] | None = None,
    full_files: bool = False,
) -> SafeString:
    """The data to be read on a page. `heading`: level of the outermost headings; files are links by `file_url`. With
    `full_files` they can be saved too (`?tai`), and pictures are shown, unless they are personal data."""
    address = file_url or (lambda file: "")
    parts = [
        {
            "label": part.label,
            "heading": str(min(heading + part.level - 1, 6)),
            "blocks": [_block(items, address, full_files) for items in _blocks(part.items)],
        }
        for part in display.display(fields, values, context)
    ]
    return render_to_string("fields/display.html", {"parts": parts})


def _blocks(items: Iterable[display.Item]) -> Iterator[display.Grid | list[display.Row]]:
    """Rows that follow each other are one list; a table stands alone."""
    rows: list[display.Row] = []
    for item in items:
        if isinstance(item, display.Row):
            rows.append(item)
            continue
        if rows:
            yield rows
        rows = []
        yield item
    if rows:
        yield rows


def _block(
    block: display.Grid | list[display.Row], file_url: Callable[[FileRef], str], full: bool
) -> Mapping[str, Any]:
    def line(row: display.Row | None) -> Mapping[str, Any]:
        file = row.file if row else None
        picture = full and file is not None and file.kind == "image" and not (row and row.personal)
        href = file_url(file) if file else ""
        return {"row": row, "href": href, "file": file, "saved": full and href, "shows_picture": picture}

    if isinstance(block, display.Grid):
        return {"grid": block, "lines": [[line(cell) for cell in row] for row in block.rows]}
    return {"rows": [line(row) for row in block]}
