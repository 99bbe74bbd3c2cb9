"""The circuit in a real browser, on a phone and at the desk: nothing sticks out, axe finds nothing, several are signed
with one press."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import connection

from lienthong.documents.circuit.rules import Part
from lienthong.documents.models import SigningTurn
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults
from tests.documents.conftest import CHAIR, CLERK, HANDLER, HEAD
from tests.documents.drafted import checked, draft, presented, signed, turn_of

pytestmark = pytest.mark.browser

BASE = "/ban-lam-viec/van-ban/trinh-ky/"
Result = TypeVar("Result")


def beside(do: Callable[[], Result]) -> Result:
    """What signs or verifies runs an event loop, which the thread of the browser has already."""

    def work() -> Result:
        try:
            with cast.on_monday():
                return do()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Visit, viewport: dict[str, int], scheme: str):
    made = draft()
    under_way = presented(draft())
    for _number in range(2):
        checked(presented(draft()))
    turn = beside(signed)
    look = {"viewport": viewport, "color_scheme": scheme}
    found: list[str] = []
    for username, path in (
        (CHAIR, ""),
        (HEAD, f"{under_way.draft_id}/"),
        (HANDLER, f"{made.pk}/trinh/"),
        (HANDLER, "da-trinh/"),
        (HANDLER, f"luot/{turn_of(under_way, Part.CHECK).pk}/doi-nguoi/"),
        (HANDLER, f"{under_way.draft_id}/rut-lai/"),
        (CLERK, "cho-so/"),
        (CLERK, f"{turn.draft_id}/phat-hanh/"),
        (CLERK, f"{turn.draft_id}/"),
        (CLERK, ""),
    ):
        found += faults(visit(username, BASE + path, **look))
    page = visit(CHAIR, BASE, **look)
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Ký các văn bản đã chọn").click()
    found += faults(page)
    page.get_by_role("button", name="Ký 2 văn bản").click()
    page.get_by_text("2/2").wait_for()
    found += faults(page)
    assert found == []
    assert SigningTurn.objects.filter(part=Part.SIGN, outcome="done").count() == 3
