"""Every message of the room has its Vietnamese."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from lienthong.foundation import fields

ROOM = Path(str(fields.__file__)).parent
PLACES = re.compile(r"%\((\w+)\)s")


def of_code() -> Iterator[str]:
    for file in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "_now"):
                (message,) = node.args
                assert isinstance(message, ast.Constant), f"{file.name}:{node.lineno}: a message must be written out"
                yield str(message.value)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ngettext":
                one = node.args[0]
                assert isinstance(one, ast.Constant), f"{file.name}:{node.lineno}: a message must be written out"
                yield str(one.value)


def of_templates() -> Iterator[str]:
    for file in ROOM.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        yield from (found[1] for found in re.findall(r"""\{%\s*translate\s+(["'])(.*?)\1""", text))
        for found in re.findall(r"\{%\s*blocktranslate[^%]*%\}(.*?)\{%\s*endblocktranslate", text):
            yield re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", found)


def test_every_message_is_translated_and_keeps_its_places() -> None:
    with (ROOM / "locale/vi/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = {_first(message.id): message for message in read_po(file, locale="vi") if message.id}
    assert set(catalogue) == {*of_code(), *of_templates()}
    for id, message in catalogue.items():
        assert message.string, id
        assert not message.fuzzy, id
        assert set(PLACES.findall(_first(message.string))) == set(PLACES.findall(id)), id


def _first(text: str | tuple[str, ...] | list[str]) -> str:
    """Of what is said differently of one and of several, what is said of one."""
    return text if isinstance(text, str) else text[0]
