"""lt messages: are the Vietnamese catalogues in step with the texts of the program?

Each module has its own catalogue, `locale/vi/LC_MESSAGES/django.po`, with every text of its Python and its templates.
"""

import ast
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po

from lienthong.cli import terminal
from lienthong.runtime import catalogues

LANGUAGE = "vi"
TEXTS = (".py", ".html", ".txt", ".xml", ".svg")
SKIPPED = {"migrations", "locale", "__pycache__", "static", "node_modules"}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLAIN_NAMES = {name: name for name in KEYWORDS}
PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*[\d.]*[a-zA-Z]|(%)[\d.]*[sdifgr](?![a-z])|\{(\w*)\}")
# Cotton's dynamic attributes hold an expression, not a tag, so Django's own reading of templates passes over them.
COTTON = re.compile(r"""\s:[\w.-]+=(?:"([^"]*)"|'([^']*)')""")
CALL = re.compile(r"""_\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*\)""")

Key = tuple[str, str | tuple[str, ...]]  # context ("" for none), text or its singular and plural


@dataclass(frozen=True)
class Text:
    """A text that people see, with the first place where it stands."""

    key: Key
    file: Path
    line: int

    @property
    def forms(self) -> tuple[str, ...]:
        text = self.key[1]
        return (text,) if isinstance(text, str) else text


def check() -> int:
    """1 when a text has no sound translation, or two; says which, by file and line. Changes nothing."""
    faults = [fault for room in rooms() for fault in faults_of(room)]
    for fault in faults:
        terminal.say(fault)
    if faults:
        terminal.fail(
            f"{len(faults)} texts are not translated well.", "Run `lt messages`, then translate what is empty."
        )
        return 1
    found = list(conflicts())
    for conflict in found:
        terminal.warn(conflict)
    return 1 if found else 0


def update() -> int:
    """Add what is new to the catalogues, put aside what is gone, keep every translation."""
    for room in rooms():
        texts = texts_of(room)
        path = catalogue_path(room)
        if not texts and not path.exists():
            continue
        before = path.read_bytes() if path.exists() else b""
        after = updated(before, texts, room)
        if after != before:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(after)
        missing = sum(not is_translated(message) for message in read(path) if message.id)
        state = f"{missing} to translate" if missing else "complete"
        terminal.say(f"{room.relative_to(catalogues.PACKAGE)}: {len(texts)} texts, {state}")
    return 0


def rooms() -> Iterator[Path]:
    return catalogues.rooms()


def catalogue_path(room: Path) -> Path:
    return room / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


# What the program says


def texts_of(room: Path) -> dict[Key, Text]:
    """Every text of a module's Python and templates. The rooms inside foundation are modules of their own."""
    found: dict[Key, Text] = {}
    for file in files_of(room):
        content = file.read_text(encoding="utf-8")
        source = content.encode()
        extracted = in_python(source, names_in(source)) if file.suffix == ".py" else in_template(content, file)
        for line, key in extracted:
            found.setdefault(key, Text(key, file, line))
    return found


def files_of(room: Path) -> Iterator[Path]:
    for base, folders, names in os.walk(room):
        folders[:] = sorted(folder for folder in folders if folder not in SKIPPED)
        if room.name == "foundation":
            folders.clear()
        yield from (Path(base) / name for name in sorted(names) if name.endswith(TEXTS))


def in_python(source: bytes, names: Mapping[str, str] = PLAIN_NAMES) -> Iterator[tuple[int, Key]]:
    """Every text that is handed to one of the functions; `names` says what each is called there."""
    keywords = {name: KEYWORDS[function] for name, function in names.items()}
    for line, name, texts, _comments in extract_python(BytesIO(source), keywords, (), {"encoding": "utf-8"}):
        key = key_of(names[str(name)], texts)
        if key is not None:
            yield line, key


def names_in(source: bytes) -> dict[str, str]:
    """What a module calls Django's translation functions: `from … import gettext_lazy as _l` and the like."""
    imported = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in KEYWORDS
    }
    return PLAIN_NAMES | imported


def key_of(function: str, texts: str | Iterable[str | None] | None) -> Key | None:
    """What a call asks for; None when it is not a plain text, as `_(variable)`."""
    parts = (texts,) if isinstance(texts, str) else tuple(texts or ())
    wanted = 1 + ("pgettext" in function) + function.startswith(("n", "np")) * (function != "gettext_noop")
    given = parts[:wanted]
    if len(given) < wanted or not all(isinstance(part, str) and part for part in given):
        return None
    plain = tuple(part for part in given if part is not None)
    context, forms = (plain[0], plain[1:]) if "pgettext" in function else ("", plain)
    return context, forms[0] if len(forms) == 1 else forms


def in_template(source: str, origin: Path) -> Iterator[tuple[int, Key]]:
    """Django turns the tags into Python calls, line by line; indentation then means nothing."""
    from django.utils.translation.template import templatize

    as_python = "\n".join(line.lstrip() for line in templatize(source, origin=str(origin)).split("\n"))
    yield from in_python(as_python.encode())
    for attribute in COTTON.finditer(source):
        expression = attribute[1] or attribute[2] or ""
        for call in CALL.finditer(expression):
            yield source.count("\n", 0, attribute.start()) + 1, ("", call[1] or call[2])


# What the catalogues say


def faults_of(room: Path) -> Iterator[str]:
    texts = texts_of(room)
    path = catalogue_path(room)
    if not path.exists():
        if texts:
            yield f"{path}: is missing; {len(texts)} texts wait for it"
        return
    translated = {key_in_catalogue(message): message for message in read(path) if message.id}
    for key, text in texts.items():
        message = translated.get(key)
        place = f"{text.file}:{text.line}: {text.forms[0]!r}"
        if message is None or not is_translated(message):
            yield f"{place} has no translation"
        elif message.fuzzy:
            yield f"{place} has an uncertain translation (fuzzy)"
        elif not same_placeholders(message):
            yield f"{place} and its translation name different placeholders"


def key_in_catalogue(message: Message) -> Key:
    text = message.id if isinstance(message.id, str) else tuple(message.id)
    return message.context or "", text


def is_translated(message: Message) -> bool:
    return bool(strings_of(message)) and all(strings_of(message))


def strings_of(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def same_placeholders(message: Message) -> bool:
    """Vietnamese has one form for every number; it must hold what the plural holds."""
    original = message.id if isinstance(message.id, str) else message.id[-1]
    return all(placeholders(original) == placeholders(string) for string in strings_of(message))


def placeholders(text: str) -> list[str]:
    """What will be filled in. Repeating one is a matter of style; unnamed ones count by number."""
    found = [match[1] or match[3] or "unnamed" for match in PLACEHOLDER.finditer(text.replace("%%", ""))]
    named = sorted({name for name in found if name != "unnamed"})
    return named + ["unnamed"] * found.count("unnamed")


def conflicts() -> Iterator[str]:
    """The same text, translated in two ways: Django joins the catalogues, so one of the two wins everywhere."""
    seen: dict[Key, tuple[Path, object]] = {}
    for room in rooms():
        path = catalogue_path(room)
        for message in read(path) if path.exists() else ():
            if not message.id:
                continue
            first, string = seen.setdefault(key_in_catalogue(message), (room, message.string))
            if string != message.string:
                yield (
                    f"{message.id!r} is {string!r} in {first.name} and {message.string!r} in {room.name}: "
                    "one of them wins everywhere; give them a context (pgettext)"
                )


HEADER = rb"""msgid ""
msgstr ""
"Project-Id-Version: lienthong\n"
"Language: vi\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=1; plural=0;\n"

"""
"""What every catalogue begins with: nothing that changes by itself, so that a difference shows texts only."""


def updated(before: bytes, texts: dict[Key, Text], room: Path) -> bytes:
    """The catalogue with exactly these texts, keeping the translations and comments that there are."""
    fresh = Catalog(locale=LANGUAGE, charset="utf-8")
    for (context, text), found in texts.items():
        place = (str(found.file.relative_to(room)), found.line)
        flags = ["python-format"] if any("%(" in form for form in found.forms) else []
        fresh.add(text, locations=[place], flags=flags, context=context or None)
    catalogue = read_po(BytesIO(before), locale=LANGUAGE) if before else Catalog(locale=LANGUAGE, charset="utf-8")
    catalogue.update(fresh, no_fuzzy_matching=True, update_creation_date=False)
    target = BytesIO()
    write_po(target, catalogue, width=120, sort_by_file=True, include_lineno=False, omit_header=True)
    return HEADER + target.getvalue().strip() + b"\n"
