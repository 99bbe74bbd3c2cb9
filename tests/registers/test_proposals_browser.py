"""Proposals in a real browser: several ticked by keyboard, on a phone, without scripts, for those who cannot see."""

from collections.abc import Iterator

import pytest
from django.urls import reverse

from lienthong.registers.proposals import services as proposals
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults, served
from tests.registers.conftest import KEY, publish
from tests.registers.proposing import ASKED, entered, handler, head, proposed

pytestmark = pytest.mark.browser

LONG = "Công ty trách nhiệm hữu hạn một thành viên Đầu tư và Xây dựng Nâm Nung"


@pytest.fixture
def site(committed: None) -> Iterator[str]:
    publish(ASKED)
    with served() as address:
        yield address


def at(name: str, *rest: object) -> str:
    return reverse(f"registers:{name}", args=rest)


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Visit, viewport: dict[str, int], scheme: str):
    entries = [entered(so=f"{n}/GPXD", chu_dau_tu={"ten": LONG, "so_dinh_danh": None}) for n in range(1, 8)]
    first = proposed(entries[0], raw={"so_tang": 5, "chu_dau_tu": {"ten": f"{LONG} Tây Nguyên"}})
    conflict = proposed(entries[0], raw={"so_tang": 7}, by=cast.actor(cast.OTHER_HANDLER))
    proposals.approve(proposal_id=conflict.pk, officer=head())
    back = proposed(entries[1])
    proposals.give_back(proposal_id=back.pk, officer=head(), note="Thiếu diện tích sàn của tầng mới")
    many = proposals.choose(register=KEY, ids=[each.id for each in entries[2:]], officer=handler())
    said = {"keys": ["so_tang"], "raw": {"so_tang": "9"}, "reason": "Đánh số lại"}
    proposals.prepare(proposal_id=many.pk, officer=handler(), **said)
    sent = proposals.choose(register=KEY, ids=[each.id for each in entries[2:]], officer=handler())
    proposals.prepare(proposal_id=sent.pk, officer=handler(), **said)
    proposals.send_prepared(proposal_id=sent.pk, officer=handler())
    look = {"viewport": viewport, "color_scheme": scheme}
    found: list[str] = []
    for name, path in (
        (cast.HANDLER, at("listing", KEY)),
        (cast.HANDLER, at("proposals", KEY)),
        (cast.HANDLER, at("proposals", KEY) + "?phan=cua-toi"),
        (cast.HEAD, at("proposals", KEY) + "?phan=cua-toi"),
        (cast.HEAD, at("proposal", first.pk)),
        (cast.HEAD, at("proposal", sent.pk)),
        (cast.HANDLER, at("proposal", back.pk)),
        (cast.HANDLER, at("edit", KEY, entries[1].id, "thay-doi") + f"?de-nghi={back.pk}"),
        (cast.HANDLER, at("proposal_draft", many.pk) + "?_chon=1"),
        (cast.HANDLER, at("proposal_draft", many.pk) + "?xem=1"),
        (cast.HANDLER, at("card", KEY, entries[0].id)),
    ):
        found += faults(visit(name, path, **look))
    assert found == []


def test_several_are_ticked_and_changed_together(visit: Visit):
    for number in range(1, 5):
        entered(so=f"{number}/GPXD")
    window = visit(cast.HANDLER, at("listing", KEY))
    boxes = window.locator("[data-row-pick]")
    boxes.nth(0).check()
    boxes.nth(2).click(modifiers=["Shift"])
    window.get_by_text("3 dòng đã chọn").or_(window.locator("[data-bulk-count]", has_text="3")).first.wait_for()
    window.get_by_role("button", name="Thay đổi cùng lúc").click()
    window.get_by_label("Số tầng").check()
    window.get_by_role("button", name="Tiếp tục").click()
    window.locator("[name=so_tang]").fill("9")
    window.get_by_label("Lý do").fill("Đánh số lại theo Quyết định 12")
    window.get_by_role("button", name="Xem trước").click()
    window.get_by_role("heading", name="Kết quả dự kiến").wait_for()
    window.get_by_role("button", name="Gửi đề nghị").click()
    window.get_by_text("chờ duyệt").first.wait_for()
    approver = visit(cast.HEAD, reverse("workspace:inbox"))
    approver.get_by_role("link", name="3 bản ghi").click()
    approver.get_by_role("button", name="Duyệt").click()
    approver.get_by_text("3/3 bản ghi").wait_for()


def test_without_java_script_a_change_is_proposed_and_approved_on_a_phone(visit: Visit):
    entry = entered()
    plain = {"java_script_enabled": False, "viewport": PHONE}
    window = visit(cast.HANDLER, at("edit", KEY, entry.id, "ket-thuc"), **plain)
    window.get_by_label("Lý do").fill("Giấy phép bị thu hồi")
    window.get_by_role("button", name="Gửi đề nghị").click()
    window.get_by_text("chờ duyệt").first.wait_for()
    approver = visit(cast.HEAD, window.url.partition("//")[2].partition("/")[2].join(("/", "")), **plain)
    approver.get_by_role("button", name="Duyệt").click()
    approver.get_by_text("đã vào cơ sở dữ liệu").first.wait_for()
