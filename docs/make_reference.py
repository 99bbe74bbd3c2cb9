"""Makes docs/reference out of the program: what can be declared, fields, settings, commands, API, permissions.

    .venv/bin/python docs/make_reference.py            writes the pages
    .venv/bin/python docs/make_reference.py --check    writes nothing; 1 when a page is not what would be written

Needs no database. A test calls the check, so a page cannot fall behind the program.
"""

import inspect
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

DOCS = Path(__file__).resolve().parent
PAGES = DOCS / "reference"
SOURCE = DOCS.parent / "src" / "lienthong"
MADE = "Made by `docs/make_reference.py` from the program; do not edit."

MEANINGS = {
    "cases.receive": "Take in an application for somebody at the counter",
    "cases.see": "See the dossiers that the agency is competent for or had a step in",
    "cases.see-all": "The same, without having a step of one's own",
    "cases.assign": "Give the open steps of dossiers to other officers",
    "cases.correct": "Take back a mistaken acceptance, with a reason",
    "documents.archive": "Receive records into the archive of the agency, propose what is destroyed",
    "documents.register": "Receive, number, register and present documents that come in",
    "documents.see": "See the documents that lie or lay with the organisation",
    "queueing.serve": "Sit at a desk of the one-stop shop, call numbers, look after kiosk, poster and screen",
    "queueing.see": "See how long people wait in the queue of the one-stop shop",
    "definitions.see": "See what is declared, every version and its differences",
    "definitions.publish": "Publish declarations",
    "identity.check-mandates": "Compare what people say of acting for others with their papers, at the counter",
    "identity.confirm-numbers": "Compare people with their identity cards, at the counter",
    "identity.manage": "Give officers their accounts and posts, and take them back",
    "signing.keep-seal": "Keep the seal of the agency: its picture, and signing with it",
    "organisations.manage": "Change the agencies",
    "ledger.see": "Search the ledger",
}
"""What each permission allows, in words. A permission of the library that is not here is refused."""


def main(arguments: Sequence[str] = ()) -> int:
    set_up()
    made = {name: make() for name, make in pages().items()}
    if "--check" in arguments:
        stale = [name for name, text in made.items() if not is_current(PAGES / name, text)]
        for name in stale:
            sys.stderr.write(f"docs/reference/{name} is not what the program says: run docs/make_reference.py\n")
        return 1 if stale else 0
    PAGES.mkdir(exist_ok=True)
    for name, text in made.items():
        (PAGES / name).write_text(text, encoding="utf-8")
    return 0


def pages() -> dict[str, Callable[[], str]]:
    return {
        "definitions.md": definitions,
        "fields.md": fields,
        "settings.md": settings,
        "cli.md": commands,
        "api.md": api,
        "openapi.json": openapi,
        "permissions.md": permissions,
    }


def set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lienthong.settings.test")
    import django

    django.setup()


def is_current(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def in_english(make: Callable[[], str]) -> str:
    from django.utils import translation

    with translation.override("en"):
        return make()


def definitions() -> str:
    from lienthong.foundation.definitions import reference

    return in_english(reference.markdown)


def fields() -> str:
    from lienthong.foundation.fields import reference

    return in_english(reference.markdown)


# settings


def settings() -> str:
    from lienthong.settings.environment import Environment

    lines = ["# Settings", "", MADE, ""]
    lines += ["An installation is set up by environment variables. Everything else is declared: see"]
    lines += ["[what can be declared](definitions.md).", ""]
    lines += ["| Variable | Value | Default | Meaning |", "|---|---|---|---|"]
    for name, field in Environment.model_fields.items():
        value, default = value_of(field.annotation), default_of(field.default)
        lines.append(f"| `LT_{name.upper()}` | {value} | {default} | {in_cell(field.description or '')} |")
    lines += ["", "What else the processes read from their environment:", ""]
    lines += ["| Variable | Meaning |", "|---|---|"]
    lines += [f"| `{name}` | {meaning} |" for name, meaning in OTHERS.items()]
    return "\n".join(lines) + "\n"


OTHERS = {
    "DJANGO_SETTINGS_MODULE": "`lienthong.settings.production` or `lienthong.settings.demo`. Unset, a command takes "
    "production where `LT_SECRET`, `LT_ORIGIN` or `LT_HOSTS` is set, else the demonstration; `lt serve` and `lt work` "
    "take production always.",
    "GATEWAY_…": "Secrets of the gateways that messages are sent through; a channel's declaration names which.",
    "LT_CHROMIUM": "The browser that the tests drive; empty: none, and the tests that need one are skipped.",
    "LT_TEST_ADDRESS": "A running site for the browser's tests; empty: they make a province of their own.",
    "LT_TEST_PICTURES": "Set: the browser's tests renew the pictures in docs/images.",
    "LT_TEST_KILLS": "How many processes `tests/bad_luck` kills; 4.",
    "LT_BENCH_DOSSIERS": "How many dossiers the benchmarks of pages and transitions begin with; 200000.",
    "HTTPS_PROXY, SSL_CERT_FILE": "How `./lt` reaches the package index when it sets itself up.",
}


def value_of(annotation: Any) -> str:
    if choices := [word for word in get_args(annotation) if isinstance(word, str)]:
        return ", ".join(f"`{word}`" for word in choices)
    return {str: "text", bool: "`true` or `false`", int: "whole number", Path: "path"}.get(annotation, "text")


def default_of(default: object) -> str:
    """As one would write it; a path in the checkout without the place where the checkout is."""
    match default:
        case "":
            return ""
        case bool():
            return f"`{str(default).lower()}`"
        case Path() if default.is_relative_to(DOCS.parent):
            return f"`{default.relative_to(DOCS.parent)}` in the checkout"
        case _:
            return f"`{default}`"


# commands


def commands() -> str:
    from typer.main import get_command

    from lienthong.cli import commands as registered

    group: Any = get_command(registered())
    lines = ["# Commands", "", MADE, ""]
    lines += ["In a checkout every command is `./lt …`; where the package is installed it is `lt …`.", ""]
    panels = dict.fromkeys(command.rich_help_panel for command in group.commands.values())
    for panel in panels:
        lines += [f"## {panel}", ""]
        for name, command in group.commands.items():
            if command.rich_help_panel == panel:
                lines += described(name, command)
    return "\n".join(lines).rstrip() + "\n"


def described(name: str, command: Any) -> Iterator[str]:
    inner = getattr(command, "commands", None)
    if inner is not None:
        for under, each in inner.items():
            yield from described(f"{name} {under}", each)
        return
    arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    options = [parameter for parameter in command.params if parameter.param_type_name == "option"]
    several = {argument.name: "…" if argument.nargs == -1 else "" for argument in arguments}
    usage = [f"lt {name}", "[OPTIONS]" if options else ""]
    usage += [argument.metavar + several[argument.name] for argument in arguments]
    if command.context_settings.get("allow_extra_args"):
        usage.append("[ANYTHING…]")
    yield from (f"### {name}", "", "```", " ".join(filter(None, usage)), "```", "")
    yield from (re.sub(r"\n(?!\n)(?<!\n\n)", " ", inspect.cleandoc(command.help or "")), "")
    rows = [(parameter.metavar, "", parameter) for parameter in arguments]
    rows += [(", ".join(parameter.opts), parameter.metavar, parameter) for parameter in options]
    if rows:
        yield from ("| Option | Value | Default | Meaning |", "|---|---|---|---|")
        for written, value, parameter in rows:
            default = "" if parameter.default in (None, "", False) else f"`{parameter.default}`"
            default = "required" if parameter.required else default
            yield f"| `{written}` | {value or ''} | {default} | {in_cell(parameter.help or '')} |"
        yield ""


# the HTTP API


def schema() -> dict[str, Any]:
    from lienthong.api.v1 import api as version_1

    return dict(version_1.get_openapi_schema())


def openapi() -> str:
    return in_english(lambda: json.dumps(plain(schema()), ensure_ascii=False, indent=1) + "\n")


def plain(value: Any) -> Any:
    """Lazy texts as texts."""
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def api() -> str:
    return in_english(lambda: "\n".join(api_lines(plain(schema()))) + "\n")


def api_lines(found: Mapping[str, Any]) -> Iterator[str]:
    yield from ("# The HTTP API", "", MADE, "")
    yield from (found["info"]["description"], "")
    yield "The whole description for programs is [openapi.json](openapi.json); a running site gives it at"
    yield "`/api/v1/openapi.json`. Open data with places is apart, at `/api/features/`, as OGC API – Features:"
    yield "[places on the map](../explanation/places.md). Rows of all open data are at `/api/open-data/`, registers in"
    yield "the shapes of GovStack at `/api/govstack/`: [open data](../explanation/open-data.md)."
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            yield from ("", f"## {operation['summary']}", "", f"`{method.upper()} {path}`", "")
            if operation.get("description"):
                yield from (in_cell(operation["description"]), "")
            yield from given(operation, found)
            yield from answers(operation)
    yield from ("", "## Values", "")
    for name, shape in found["components"]["schemas"].items():
        yield from (f"### {name}", "", *table_of(shape), "")


def given(operation: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    for parameter in operation.get("parameters", ()):
        yield f"- `{parameter['name']}` ({parameter['in']}), {type_of(parameter['schema'])}"
    for content in operation.get("requestBody", {}).get("content", {}).values():
        yield f"- body: {type_of(content['schema'])}"


def answers(operation: Mapping[str, Any]) -> Iterator[str]:
    for status, answer in operation["responses"].items():
        for content in answer.get("content", {}).values():
            yield f"- answers {status}: {type_of(content['schema'])}"


def table_of(shape: Mapping[str, Any]) -> Iterator[str]:
    yield from ("| Name | Value | Needed | Meaning |", "|---|---|---|---|")
    for name, part in shape.get("properties", {}).items():
        needed = "yes" if name in shape.get("required", ()) else ""
        yield f"| `{name}` | {type_of(part)} | {needed} | {in_cell(part.get('description', ''))} |"


def type_of(part: Mapping[str, Any]) -> str:
    match part:
        case {"$ref": str(reference)}:
            name = reference.rpartition("/")[2]
            return f"[{name}](#{name.lower()})"
        case {"anyOf": choices}:
            return " or ".join(type_of(choice) for choice in choices)
        case {"type": "array", "items": items}:
            return f"list of {type_of(items)}"
        case {"type": "object", "additionalProperties": dict(values)} if values:
            return f"names, each with {type_of(values)}"
        case {"format": form}:
            return str(form)
        case {"type": kind}:
            return str(kind)
    return "anything"


# permissions


def permissions() -> str:
    lines = ["# Roles and permissions", "", MADE, ""]
    lines += ["A post carries roles, a role carries permissions. A permission counts in the post's organisation, and"]
    lines += ["with the scope `below` in everything below it. Who may do a step is decided by the role that the step"]
    lines += ["names and by the organisation or the post it lies with, not by a permission."]
    lines += ["", "## Roles of the library", "", "| Role | Name | Scope | Permissions |", "|---|---|---|---|"]
    roles = list(library_roles())
    for role in roles:
        given_to = ", ".join(f"`{permission}`" for permission in role["permissions"])
        lines.append(f"| `{role['key']}` | {role['name']} | {role.get('scope', 'organisation')} | {given_to} |")
    known = sorted({permission for role in roles for permission in role["permissions"]})
    lines += ["", "## Permissions", "", "| Permission | Allows | Asked for in |", "|---|---|---|"]
    for permission in known:
        lines.append(f"| `{permission}` | {MEANINGS[permission]} | {asked_for_in(permission)} |")
    return "\n".join(lines) + "\n"


def library_roles() -> Iterable[Mapping[str, Any]]:
    from lienthong.foundation.definitions import yaml

    for part in yaml.parts((SOURCE / "library" / "roles.yaml").read_text(encoding="utf-8")):
        yield yaml.read(part.text).value


def asked_for_in(permission: str) -> str:
    """The rooms whose code or pages name the permission; a permission that none names yet guards nothing."""
    rooms = set()
    for path in [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html")]:
        if re.search(rf"[\"']{re.escape(permission)}[\"']", path.read_text(encoding="utf-8")):
            rooms.add(path.relative_to(SOURCE).parts[0])
    return ", ".join(f"`{room}`" for room in sorted(rooms)) or "nowhere yet"


def in_cell(text: str) -> str:
    """Text that can stand in one cell of a table."""
    return " ".join(str(text).split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
