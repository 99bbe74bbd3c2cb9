"""The circuit in a real browser: from an incoming document to the answer with number and seal, on a phone and at the
desk; nothing sticks out and axe finds nothing."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page

from lienthong.documents import services as documents
from lienthong.documents.circuit.rules import Part
from lienthong.documents.drafts import services as drafts
from lienthong.documents.models import Arrival, Draft, DraftOpinion, Issue, SigningTurn
from lienthong.documents.queries.outgoing import issue_page
from lienthong.documents.rules.journey import Status
from lienthong.documents.services import TakingIn
from lienthong.foundation.organisations.queries import by_key
from lienthong.signing.services import verify_pdf
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults, served, windows
from tests.documents.conftest import AGENCY, CHAIR, CLERK, FINANCE, HANDLER, HEAD, OTHER_HEAD, letter
from tests.documents.drafted import checked, draft, presented, signed, turn_of
from tests.documents.test_circuit import pdf_of

pytestmark = pytest.mark.browser

BASE = "/ban-lam-viec/van-ban/trinh-ky/"
Result = TypeVar("Result")
PICTURES = os.environ.get("LT_PICTURES", "")


@pytest.fixture
def visit(browser: Browser, committed: None) -> Iterator[Visit]:
    with served() as address, windows(browser, address) as open_window:
        yield lambda username, path, **options: open_window(path, username, **options)


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


def pictured(page: Page, name: str) -> Page:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
    return page


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Visit, viewport: dict[str, int], scheme: str):
    made = draft()
    under_way = presented(draft())
    for _number in range(2):
        checked(presented(draft()))
    turn = beside(signed)
    look = {"viewport": viewport, "color_scheme": scheme}
    found: list[str] = []
    for number, (username, path) in enumerate(
        (
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
        )
    ):
        page = pictured(visit(username, BASE + path, **look), f"{number}-{viewport['width']}-{scheme}")
        found += faults(page)
    page = visit(CHAIR, BASE, **look)
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Ký các văn bản đã chọn").click()
    found += faults(pictured(page, f"sign-{viewport['width']}-{scheme}"))
    page.get_by_role("button", name="Ký 2 văn bản").click()
    page.get_by_text("2/2").wait_for()
    found += faults(pictured(page, f"signed-{viewport['width']}-{scheme}"))
    assert found == []
    assert SigningTurn.objects.filter(part=Part.SIGN, outcome="done").count() == 3


def test_from_what_came_in_to_the_answer_that_others_have(visit: Visit):
    """Incoming, note, handler, draft, opinion, check, signature, number, seal, sent to three, registered there."""
    arrival = documents.register(agency_id=by_key(AGENCY).id, document=letter(), officer=cast.actor(CLERK), key=uuid4())
    beside(signed)  # makes the authority and its keys, for which a browser would wait long
    handler = cast.actor(HANDLER)
    made = draft(answers=arrival)
    drafts.circulate(
        draft_id=made.pk, desks=[f"dv-{by_key(FINANCE).id}"], question="Xin ý kiến", due_at=None, officer=handler
    )
    drafts.give_opinion(
        opinion_id=DraftOpinion.objects.get().pk, verdict="agreed", words="", officer=cast.actor(OTHER_HEAD)
    )
    page = visit(HANDLER, f"{BASE}{made.pk}/trinh/", viewport=DESK)
    page.get_by_role("button", name="Trình", exact=True).click()
    page.get_by_text("Đã trình ký").wait_for()
    page = visit(HEAD, f"{BASE}{made.pk}/", viewport=PHONE)
    page.get_by_role("button", name="Đồng ý, ký tắt").click()
    page.get_by_text("Bạn đã kiểm tra").wait_for()
    page = visit(CHAIR, f"{BASE}{made.pk}/", viewport=PHONE)
    page.get_by_role("button", name="Ký số").click()
    page.get_by_text("Đã ký văn bản").wait_for()
    page = visit(CLERK, f"{BASE}{made.pk}/phat-hanh/", viewport=DESK)
    page.get_by_text("Thêm cơ quan trong tỉnh").click()
    for name in ("Ủy ban nhân dân huyện Đăk Glong", "Ủy ban nhân dân huyện Đắk Song"):
        page.get_by_label(name).check()
    page.get_by_role("button", name="Cấp số, đóng dấu và phát hành").click()
    page.get_by_text("Đã phát hành với số").wait_for()
    issue = Issue.objects.get()
    assert Draft.objects.get(pk=made.pk).issue_id == issue.pk
    assert Arrival.objects.get(pk=arrival.pk).answer == issue.document.code
    reports = beside(lambda: verify_pdf(pdf_of(issue.document.files.get().file)))
    assert len(reports) == 2 and all(report.genuine for report in reports)
    got = Arrival.objects.filter(sending__issue=issue)
    assert got.count() == 3
    to_province = got.get(organisation_id=by_key("ubnd-tinh").id)
    documents.take_in(arrival_id=to_province.pk, officer=cast.actor("vanthu.tinh"), key=uuid4(), taking=TakingIn())
    shown = issue_page(cast.actor(CLERK), issue.pk)
    assert shown and sorted(each.arrival.status for each in shown.sendings if each.arrival) == sorted(
        [Status.REGISTERED, Status.ARRIVED, Status.ARRIVED]
    )
