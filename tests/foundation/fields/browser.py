"""What a browser without JavaScript would send of a form."""

from urllib.parse import urlencode

from django.http import QueryDict
from lxml import html

from lienthong.foundation.fields.pages import Form


def page(form: Form) -> html.HtmlElement:
    return html.fromstring(f'<form method="post">{form}</form>')


def sent(form: Form, press: str = "", **typed: str | list[str]) -> QueryDict:
    """The form as it stands, with other things typed into it, and the button whose value is `press`.

    Names in `typed` have __ for the dot.
    """
    found = page(form)
    pairs = [(name, _as_sent(value)) for name, value in _values(found)]
    for name, value in ((name.replace("__", "."), value) for name, value in typed.items()):
        pairs = [pair for pair in pairs if pair[0] != name]
        pairs += [(name, each) for each in ([value] if isinstance(value, str) else value)]
    if press:
        assert found.xpath("//button[@value=$press]", press=press), f"there is no button {press}"
        pairs.append(("_action", press))
    return QueryDict(urlencode(pairs, encoding="utf-8"))


def _values(found: html.HtmlElement) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for control in found.iter("input", "select", "textarea"):
        name = control.get("name")
        if not name or (control.get("type") in ("checkbox", "radio") and control.get("checked") is None):
            continue
        if control.tag == "select":
            options = list(control.iter("option"))
            chosen = [option for option in options if option.get("selected") is not None] or options[:1]
            pairs += [(name, option.get("value", "")) for option in chosen]
        elif control.tag == "textarea":
            pairs.append((name, (control.text or "").removeprefix("\n")))
        elif control.get("type") != "file":
            pairs.append((name, control.get("value", "")))
    return pairs


def _as_sent(value: str) -> str:
    """Browsers end lines by CR LF."""
    return value.replace("\r\n", "\n").replace("\n", "\r\n")
