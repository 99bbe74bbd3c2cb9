"""The gallery, the error pages and what they are made of."""

import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.test import Client, override_settings
from django.utils.translation import templatize

from lienthong import ui
from lienthong.ui import assets, ornament

ROOM = Path(ui.__file__).parent
TEMPLATES = sorted((ROOM / "templates").rglob("*.html"))
PAGES = ["/ui", "/ui/desk"]


@pytest.fixture
def visitor() -> Client:
    client = Client(raise_request_exception=False)
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.parametrize("page", PAGES)
def test_anybody_may_see_the_gallery(visitor: Client, page: str) -> None:
    response = visitor.get(page)
    assert response.status_code == 200
    assert response.headers["Content-Security-Policy"].count("default-src 'self'") == 1


@pytest.mark.parametrize(
    ("page", "status", "words"),
    [("/missing", 404, "not here"), ("/limited", 429, "5 phút"), ("/broken", 500, "Something broke on our side")],
)
def test_an_error_says_what_happened_and_the_way_out(visitor: Client, page: str, status: int, words: str) -> None:
    response = visitor.get(page)
    assert response.status_code == status
    assert words in response.content.decode() and "To the home page" in response.content.decode()


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "429", "500"])
def test_an_error_page_needs_no_context(name: str) -> None:
    assert "<main" in get_template(f"{name}.html").render()


def test_a_choice_of_theme_is_kept_and_returns_to_the_page(visitor: Client) -> None:
    response = visitor.post("/ui/theme", {"theme": "dark", "next": "/ui?page=2"})
    assert (response.status_code, response.headers["Location"]) == (302, "/ui?page=2")
    assert '<html lang="en" data-bs-theme="dark">' in visitor.get("/ui").content.decode()
    visitor.post("/ui/theme", {"theme": "auto", "next": "/ui"})
    assert '<html lang="en">' in visitor.get("/ui").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_the_theme_switch_never_leads_away_from_the_site(visitor: Client, elsewhere: str) -> None:
    assert visitor.post("/ui/theme", {"theme": "dark", "next": elsewhere}).headers["Location"] == "/"


@pytest.mark.parametrize("chosen", ["nonsense", '"><script>', ""])
def test_an_unknown_theme_is_no_choice(visitor: Client, chosen: str) -> None:
    visitor.cookies["theme"] = chosen
    assert '<html lang="en">' in visitor.get("/ui").content.decode()
    assert visitor.post("/ui/theme", {"theme": chosen}).cookies["theme"].value == ""


def test_the_theme_is_chosen_by_sending_a_form_not_by_following_a_link(visitor: Client) -> None:
    assert visitor.get("/ui/theme").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/ui/theme", {"theme": "dark"}).status_code == 403


@override_settings(DEBUG=True)
def test_no_page_has_a_script_or_a_style_of_its_own(visitor: Client) -> None:
    for page in [*PAGES, "/missing", "/limited"]:
        content = visitor.get(page).content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", content), page


@pytest.mark.parametrize("page", PAGES)
def test_no_two_things_of_a_page_have_the_same_id(visitor: Client, page: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', visitor.get(page).content.decode())
    assert sorted({one for one in ids if ids.count(one) > 1}) == []


def test_every_icon_named_in_the_room_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', (ROOM / "static/ui/icons.svg").read_text()))
    assert sprite == set(assets.ICONS)
    sources = "".join(path.read_text() for path in [*TEMPLATES, *ROOM.rglob("*.py")])
    named = set(re.findall(r"""icon(?:_end)?=["']([\w-]+)["']|\{% icon ["']([\w-]+)""", sources))
    named |= {("", name) for name in re.findall(r'said\("\w+", "([\w-]+)"', sources)}
    assert {one or other for one, other in named} - sprite == set()


def test_every_icon_named_by_a_page_of_any_room_is_in_the_sprite() -> None:
    pages = "".join(page.read_text() for page in ROOM.parent.rglob("*.html"))
    named = set(re.findall(r"""(?:\bicon=|% icon )["']([\w-]+)["']""", pages))
    assert len(named) > 30 and named <= set(assets.ICONS), named - set(assets.ICONS)


def test_every_file_that_a_page_or_a_style_sheet_asks_for_is_there() -> None:
    asked = {name for path in TEMPLATES for name in re.findall(r"""static ['"]([^'"]+)['"]""", path.read_text())}
    for sheet in (ROOM / "static/ui").glob("*.css"):
        asked |= {f"ui/{name}" for name in re.findall(r'url\("([^"]+)"\)', sheet.read_text())}
    assert [name for name in sorted(asked) if finders.find(name) is None] == []


def test_the_committed_drawings_are_the_ones_the_script_draws() -> None:
    for name, draw in ornament.DRAWINGS.items():
        assert (ROOM / "static/ui" / name).read_text() == draw(), name
    mark = (ROOM / "templates/cotton/ui/mark.html").read_text()
    assert ornament.LEFT_RING in mark and ornament.RIGHT_RING in mark


def test_the_list_of_vendored_files_names_every_version() -> None:
    listed = (ROOM / "static/ui/VENDORED.md").read_text()
    assert all(f"{name}@{version}" in listed for name, version in assets.VERSIONS.items())


def said_in(path: Path) -> set[tuple[str | None, str]]:
    """Message ids of a file, with their context: what gettext would collect from it."""
    text = path.read_text()
    if path.suffix == ".html":
        text = templatize(text)
    calls = re.findall(r"""\b(?:_|gettext|ngettext)\(\s*u?(['"])(.*?)(?<!\\)\1""", text)
    in_context = re.findall(r"""\bpgettext\(\s*u?(['"])(.*?)\1,\s*u?(['"])(.*?)(?<!\\)\3""", text)
    return {(None, message) for _quote, message in calls} | {
        (context, message) for _q, context, _r, message in in_context
    }


def test_everything_the_room_says_has_its_vietnamese() -> None:
    with (ROOM / "locale/vi/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file, locale="vi")
    known: dict[tuple[str | None, str], Any] = {}
    for message in catalogue:
        first = message.id[0] if isinstance(message.id, tuple) else message.id
        known[message.context, first] = message
    said = set().union(*(said_in(path) for path in [*TEMPLATES, *ROOM.rglob("*.py")]))
    assert len(said) > 80
    assert sorted(message for context, message in said if (context, message) not in known) == []
    unfinished = [message.id for message in known.values() if message.id and (message.fuzzy or not message.string)]
    assert unfinished == []
    assert sorted(first for context, first in known if first and (context, first) not in said) == []
