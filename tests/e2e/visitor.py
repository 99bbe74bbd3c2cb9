"""Somebody at a browser: what people do on pages, in their words, and a look at every page with axe."""

import json
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

PASSWORD = "mot-cua-dien-tu"
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "images"


class Visitor:
    """A person with a browser of their own. Every page they come to must satisfy axe and log no error."""

    def __init__(self, browser: Browser, address: str, *, on: dict[str, int], javascript: bool = True) -> None:
        self.address = address
        self.context = browser.new_context(
            viewport=on,  # type: ignore[arg-type]
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            java_script_enabled=javascript,
            accept_downloads=True,
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.looked_at: set[str] = set()
        self.errors: list[str] = []
        self.page.on("console", self._notes)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _notes(self, said: ConsoleMessage) -> None:
        """Errors of the page. That an answer refuses (422) or finds nothing (404) is none, unless a part is missing."""
        refusal = re.search("status of 4(04|22)", said.text) and "/static/" not in str(said.location.get("url"))
        if said.type == "error" and not refusal:
            self.errors.append(said.text)

    def goes_to(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.looks()

    def does(self, what: Callable[[], Any]) -> None:
        """Something that leads to another page."""
        with self.page.expect_navigation():
            what()
        self.looks()

    def presses(self, name: str) -> None:
        self.does(lambda: self.page.get_by_role("button", name=re.compile(name)).last.click())

    def follows(self, name: str) -> None:
        self.does(lambda: self.page.get_by_role("link", name=re.compile(name)).first.click())

    def signs_in(self, username: str, password: str = PASSWORD) -> None:
        self.goes_to("/tai-khoan/dang-nhap/")
        self.page.fill("[name=login]", username)
        self.page.fill("[name=password]", password)
        self.does(lambda: self.page.locator("main button.btn-primary").click())

    def fills_in(self, values: dict[str, str]) -> None:
        """Answer every question of the page that is among `values`, in the order of the page."""
        controls = self.page.locator("main :is(input, select, textarea):not([type=hidden]):not([type=file])")
        for name in controls.evaluate_all("all => [...new Set(all.map(one => one.name))]"):
            if name in values:
                self._answers(self.page.locator(f'main [name="{name}"]:not([type=hidden])'), values[name])

    def _answers(self, control: Locator, value: str) -> None:
        tag, kind = control.first.evaluate("one => [one.tagName, one.type]")
        if tag == "SELECT":
            control.select_option(value)
        elif kind == "radio":
            self.page.locator(f'main [name="{control.first.get_attribute("name")}"][value="{value}"]').check()
        elif kind == "checkbox":
            control.check()
        else:
            control.fill(value)

    def sees(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(re.compile(text))

    def waits_for(self, text: str, *, seconds: int = 120) -> None:
        """Look at the page again until it says so: papers are made by the worker."""
        end = time.monotonic() + seconds
        while not re.search(text, self.page.locator("main").inner_text()):
            assert time.monotonic() < end, f"{text!r} did not appear on {self.page.url}"
            time.sleep(0.5)
            self.page.reload()

    def fetches(self, path: str) -> bytes:
        """A file, with the rights of this person."""
        answer = self.context.request.get(path if path.startswith("http") else self.address + path)
        assert answer.ok, (path, answer.status)
        return answer.body()

    def looks(self) -> None:
        """Every kind of page is looked at once by axe; no page may log an error."""
        assert not self.errors, self.errors
        kind = re.sub(r"[0-9a-f-]{36}|\d+", "#", self.page.url.removeprefix(self.address).split("?")[0])
        if kind in self.looked_at or not self.page.evaluate("() => true"):
            return
        self.looked_at.add(kind)
        results = Axe().run(self.page).response
        assert not results["violations"], json.dumps(_faults(results["violations"]), ensure_ascii=False, indent=1)

    def pictures(self, name: str) -> None:
        """Pictures for the documentation, taken when LT_TEST_PICTURES is set."""
        if os.environ.get("LT_TEST_PICTURES"):
            PICTURES.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=PICTURES / f"{name}.png")


def _faults(violations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"rule": fault["id"], "help": fault["help"], "at": [node["html"][:200] for node in fault["nodes"][:3]]}
        for fault in violations
    ]
