"""Whoever applies chooses an entry of a public register; the dossier shows for ever what was chosen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser, expect

import lienthong.provinces
from lienthong.cases.models import Draft
from lienthong.cases.values import context_of, procedure_of
from lienthong.foundation.fields.context import EntryRef
from lienthong.foundation.fields.data import from_json
from lienthong.foundation.fields.display import display
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.identity.actors import Officer
from lienthong.registers import queries, services
from tests import cast
from tests.browsing import PHONE, Visit, faults, served, windows
from tests.cases import dossiers
from tests.portal.conftest import filled_in, page
from tests.registers.conftest import GIA_NGHIA, officer_of
from tests.registers.test_references import HOLDERS, PARCELS, parcel, planned, publish, ref

FOLDER = Path(next(iter(lienthong.provinces.__path__))) / "dak_nong/procedures"
SITE = "  - key: site\n    type: section\n"


def permit(register: str = "thua-thu") -> str:
    """The procedure with one more question: which parcel."""
    text = (FOLDER / f"{dossiers.PERMIT}.yaml").read_text(encoding="utf-8")
    start = text.index("    fields:\n", text.index(SITE)) + len("    fields:\n")
    asks = f"      - {{key: thua, type: reference, label: Thửa đất trong sổ, register: {register}}}\n"
    return text[:start] + asks + text[start:]


def opened() -> tuple[Officer, list[queries.Entry]]:
    publish(HOLDERS, PARCELS)
    publish(permit())
    handler = officer_of("case-handler", GIA_NGHIA)
    return handler, [parcel(handler, f"Tờ 5, thửa {number}") for number in range(1, 14)]


def chosen(dossier):
    return from_json(procedure_of(dossier).form, dossier.data)["site"]["thua"]


@pytest.mark.django_db
def test_a_dossier_keeps_what_the_entry_was_called_and_shows_it_for_ever():
    with cast.on_monday():
        handler, plots = opened()
        dossier = dossiers.submitted(site__thua={"id": plots[0].id, "title": "Giả"})
        assert chosen(dossier) == EntryRef(plots[0].id, "Tờ 5, thửa 1")
        services.correct(
            register="thua-thu", entry_id=plots[0].id, revision=1, raw={"so": "9/1"}, officer=handler, reason="Nhầm"
        )
        form = procedure_of(dossier).form
        dossier.refresh_from_db()
        said = str(display(form, from_json(form, dossier.data), context_of(dossier)))
    assert "Tờ 5, thửa 1" in said and "9/1" not in said


@pytest.mark.django_db
def test_nobody_who_applies_chooses_what_is_not_public_or_not_there():
    with cast.on_monday():
        handler, plots = opened()
        an = services.enter(register="nguoi-thu", raw={"ten": "An", "noi_o": ref(plots[0])}, officer=handler)
        for id in (10**9, an.id + 10**6, "0", "-1"):
            with pytest.raises(NotAccepted) as refused:
                dossiers.submitted(site__thua={"id": id})
            assert list(refused.value.errors) == ["site.thua"]


@pytest.mark.django_db
def test_a_form_for_everybody_cannot_ask_for_what_is_not_public():
    with cast.on_monday():
        publish(HOLDERS, PARCELS)
        (problem,) = planned(permit("nguoi-thu")).problems
    assert "register" in str(problem) and "không công khai" in str(problem)


@pytest.fixture
def visit(browser: Browser, committed: None) -> Iterator[Visit]:
    with served() as site, windows(browser, site) as open_window:
        yield open_window


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False])
def test_a_parcel_is_found_in_an_application_with_and_without_scripts(visit: Visit, scripts: bool):
    with cast.on_monday():
        _handler, plots = opened()
        draft = filled_in()
        window = visit(page("fill_in", draft.key, 2) + "?sua=1", cast.AN, viewport=PHONE, java_script_enabled=scripts)
        box = window.locator("#f-site-thua")
        if scripts:
            box.press_sequentially("thua 12")
            expect(window.locator("#f-site-thua-list li")).to_have_text(["Tờ 5, thửa 12"])
            assert faults(window) == []
            window.locator("#f-site-thua-list li").click()
        else:
            box.fill("thua 12")
            window.locator("form[method=post] .btn-primary").first.click()
            window.get_by_label("Tờ 5, thửa 12").check()
        window.locator("form[method=post] .btn-primary").first.click()
        window.wait_for_url(lambda address: "sua=1" not in address)
        connection.close()
        data = Draft.objects.get(pk=draft.pk).data["site"]["thua"]
    assert data == {"id": plots[11].id, "title": "Tờ 5, thửa 12"}
