"""What templates of every room may use: `{% load ui %}`. The presentation itself is in `formatting` and `rows`."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.contrib.messages import constants
from django.forms import BaseForm, BoundField
from django.forms.utils import flatatt
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lienthong.foundation import clock
from lienthong.ui import formatting, preferences, rows

register = template.Library()

TONES: dict[str, str] = {
    "neutral": "circle",
    "info": "info-circle",
    "ok": "check-circle",
    "soon": "exclamation-triangle",
    "late": "exclamation-octagon",
}
MESSAGE_TONES = {
    constants.DEBUG: "neutral",
    constants.INFO: "info",
    constants.SUCCESS: "ok",
    constants.WARNING: "soon",
    constants.ERROR: "late",
}


@register.filter
def figure(value: Any) -> str:
    """{{ 1234567|figure }}: 1.234.567. What is not a figure (None, "") shows nothing."""
    exact = _figure(value)
    return "" if exact is None else formatting.figure(exact)


@register.filter
def money(value: Any) -> str:
    """{{ 1500000|money }}: 1.500.000 đ. What is not a figure shows nothing."""
    exact = _figure(value)
    return "" if exact is None else formatting.money(exact)


@register.filter
def size(value: Any) -> str:
    """{{ file.length|size }}: 2,4 MB, from bytes."""
    exact = _figure(value)
    return "" if exact is None else formatting.size(int(exact))


def _figure(value: Any) -> Decimal | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return None
    return exact if exact.is_finite() else None


@register.filter
def day(value: Any) -> str:
    """{{ moment|day }}: 05/03/2026."""
    return formatting.day(value) if isinstance(value, date) else ""


@register.filter
def moment(value: Any) -> str:
    """{{ moment|moment }}: 05/03/2026 16:30; a plain date has no hour and is shown as a day."""
    return formatting.moment(value) if isinstance(value, datetime) else day(value)


@register.filter
def iso(value: Any) -> str:
    """{{ moment|iso }}: what <time datetime> wants."""
    if isinstance(value, datetime):
        return formatting.local(value).isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else ""


@register.filter
def weekday(value: Any) -> str:
    return formatting.weekday(_date(value)) if isinstance(value, date) else ""


@register.filter
def weekday_short(value: Any) -> str:
    return formatting.weekday_short(_date(value)) if isinstance(value, date) else ""


def _date(value: date) -> date:
    return formatting.local(value).date() if isinstance(value, datetime) else value


@register.filter
def is_today(value: Any) -> bool:
    return isinstance(value, date) and _date(value) == clock.today()


@register.filter
def tone_icon(tone: str) -> str:
    """The icon that goes with a tone where none is named."""
    return TONES.get(tone, "circle")


@register.filter
def message_tone(level: int) -> str:
    """The tone of a message of django.contrib.messages."""
    return MESSAGE_TONES.get(level, "info")


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """{% icon "search" %}: an icon of the sprite, silent unless it has a `label`."""
    return _drawn(_sprite(settings.STATIC_URL), str(name), str(css), str(label))


@cache
def _sprite(base: str) -> str:
    """Where the sprite is. It holds as long as the process: a page shows hundreds of icons."""
    return static("ui/icons.svg")


@lru_cache(maxsize=1024)
def _drawn(sprite: str, name: str, css: str, label: str) -> SafeString:
    spoken = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="{}" {} focusable="false"><use href="{}#{}"></use></svg>',
        f"icon {css}".strip(),
        spoken,
        sprite,
        name,
    )


@register.simple_tag
def due(limit: Any, done: Any = None, paused: Any = False, soon_days: Any = 2) -> formatting.Due:
    """{% due item.due done=item.done as d %}: what to say about a time limit now, as `formatting.due`.

    Raises TypeError for a limit that is not a moment: shown as "no time limit" it would be a lie.
    """
    if limit and not isinstance(limit, datetime):
        raise TypeError(f"a time limit is a moment, not {limit!r}")
    return formatting.due(
        limit or None,
        now=clock.now(),
        done=done if isinstance(done, datetime) else None,
        paused=bool(paused),
        soon=timedelta(days=float(soon_days)),
    )


@register.simple_tag
def attributes(attrs: Mapping[str, Any]) -> SafeString:
    """The attributes a component was given beyond its own, each value escaped.

    Cotton's own {{ attrs }} trusts values that come from variables; this does not, and leaves out what would run as a
    script or a style of its own.
    """
    passed = attrs.attrs_dict() if hasattr(attrs, "attrs_dict") else dict(attrs)
    return SafeString(
        flatatt(
            {
                name: value
                for name, value in passed.items()
                if value is not None and not name.startswith("on") and name != "style"
            }
        )
    )


@register.simple_tag
def form_row(
    field: BoundField | None,
    *,
    label: Any = "",
    hint: Any = "",
    error: Any = "",
    control_id: Any = "",
    control: Any = "",
    required: Any = False,
    group: Any = False,
    control_class: Any = "",
) -> rows.Row:
    if isinstance(field, BoundField):
        return rows.of_field(field, label=_text(label), hint=_text(hint), control_class=_text(control_class))
    return rows.of_parts(
        str(control),
        control_id=_text(control_id),
        label=_text(label),
        hint=_text(hint),
        error=_text(error),
        required=bool(required),
        group=bool(group),
    )


@register.simple_tag
def file_chooser(
    field: BoundField | None,
    *,
    name: Any = "",
    control_id: Any = "",
    label: Any = "",
    hint: Any = "",
    error: Any = "",
    required: Any = False,
    multiple: Any = False,
    accept: Any = "",
) -> rows.Row:
    return rows.of_files(
        field if isinstance(field, BoundField) else None,
        name=_text(name),
        control_id=_text(control_id) or f"id_{name}",
        label=_text(label),
        hint=_text(hint),
        error=_text(error),
        required=bool(required),
        multiple=bool(multiple),
        accept=_text(accept),
    )


def _text(value: Any) -> str:
    """Text as it is, keeping the mark of what is already escaped."""
    return value if isinstance(value, str) else str(value or "")


@register.simple_tag
def form_problems(forms: BaseForm | Iterable[BaseForm] | None) -> list[rows.Problem]:
    """The errors of a form, or of several one after the other."""
    several = [forms] if isinstance(forms, BaseForm) else forms or []
    return [problem for form in several for problem in rows.problems(form)]


@register.inclusion_tag("ui/parts/sparkline.html")
def sparkline(values: Iterable[float] | None, label: str = "") -> dict[str, str]:
    """A trend as a small line; `label` says it in words for those who do not see it."""
    path, x, y = formatting.sparkline([float(value) for value in values or []])
    return {"path": path, "x": x, "y": y, "label": label}


@register.simple_tag(takes_context=True)
def theme_attribute(context: Context) -> SafeString:
    """The person's own choice of light, dark or high contrast as an attribute of <html>; nothing without a choice."""
    chosen = preferences.theme(context.get("request"))
    return format_html(' data-bs-theme="{}"', chosen) if chosen else SafeString()


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    return preferences.theme(context.get("request"))
