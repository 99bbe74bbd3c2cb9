"""A walk through every register of the library, in a real browser: nothing of it is programmed, all of it must open."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest
from django.urls import reverse
from playwright.sync_api import Browser, Page

from lienthong.foundation import clock
from lienthong.foundation.definitions import services as definitions
from lienthong.foundation.organisations.queries import tree
from lienthong.identity import policy
from lienthong.identity.actors import Grant, HeldPost, Officer
from lienthong.registers import purposes
from lienthong.registers.definition import REGISTER, RegisterBody
from tests import cast
from tests.browsing import DESK, PHONE, faults, served, windows
from tests.registers.sampling import ENTRY, fill

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def bodies(committed: None) -> list[RegisterBody]:
    plan = definitions.plan([cast.SOURCE / "library"])
    assert not plan.problems, "\n".join(map(str, plan.problems))
    definitions.apply(plan)
    found = [each.body for each in REGISTER.all()]
    fill([(body, _writer(body).acting.organisation.id) for body in found])
    return found


@pytest.fixture
def site(bodies: list[RegisterBody], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Whoever opens a page of a register is who writes in it, and has said what for."""
    writers = {body.key: _writer(body) for body in bodies}

    def who(request: HttpRequest) -> Officer:
        steps = request.path.split("/")
        return next((writers[step] for step in steps if step in writers), writers[bodies[0].key])

    monkeypatch.setattr(policy, "actor_in", who)
    monkeypatch.setattr(purposes, "stated", lambda request, register: "Kiểm tra: đi qua các sổ")
    with served() as address:
        yield address


def _writer(body: RegisterBody) -> Officer:
    keeper = tree().with_function(body.keepers[0], clock.today())[0]
    access = next(each for each in body.access if "write" in each.may and each.function in ("", body.keepers[0]))
    post = HeldPost(1, "Chuyên viên", keeper, frozenset({access.role}), frozenset[Grant]())
    return Officer(cast.account(cast.HANDLER).pk, "Nguyễn Thị Mai", (post,), post)


def _text(window: Page, selector: str) -> str:
    return window.locator(selector).first.text_content() or ""


def test_every_register_has_a_list_a_card_with_history_an_import_an_export_and_a_map(
    browser: Browser, site: str, bodies: list[RegisterBody]
):
    """One test, for publishing the library takes as long as the walk."""
    with windows(browser, site) as open_window:
        _walk(open_window(reverse("registers:overview"), cast.HANDLER), bodies)
        for viewport, scheme in ((PHONE, "light"), (DESK, "dark")):
            look = {"viewport": viewport, "color_scheme": scheme}
            _look_closely(open_window(reverse("registers:overview"), cast.HANDLER, **look), bodies)


def _walk(window: Page, bodies: list[RegisterBody]) -> None:
    walked = 0
    for body in bodies:
        window.goto(reverse("registers:listing", args=[body.key]), wait_until="domcontentloaded")
        assert body.name in _text(window, "h1")
        card = reverse("registers:card", args=[body.key, ENTRY])
        assert window.locator("tbody th a").first.get_attribute("href") == card, body.key
        window.goto(card, wait_until="domcontentloaded")
        assert body.name in _text(window, "main")
        assert window.locator(".registers-beside time").count() >= 2, f"{body.key}: what happened"
        for page in ("import_start", "export_ask", *(["map"] if body.layout.places else [])):
            answer = window.goto(reverse(f"registers:{page}", args=[body.key]), wait_until="domcontentloaded")
            assert answer and answer.status == 200, f"{body.key}: {page}"
        if body.layout.places:
            window.wait_for_selector(".lt-map-box", state="attached")
        walked += 1
    assert walked == len(bodies) > 100


def _look_closely(window: Page, bodies: list[RegisterBody]) -> None:
    """At one page of each kind: of the register with the most fields, and of one with a map."""
    largest = max(bodies, key=lambda body: len(body.leaves))
    with_map = next(body for body in bodies if body.layout.places and body.key != largest.key)
    found = faults(window)
    for body, pages in (
        (largest, ["listing", "card", "enter", "import_start", "export_ask"]),
        (with_map, ["map", "card"]),
    ):
        for page in pages:
            window.goto(reverse(f"registers:{page}", args=[body.key, *([ENTRY] if page == "card" else [])]))
            found += faults(window)
    assert found == []
