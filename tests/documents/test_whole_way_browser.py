"""The whole way of one piece of work in a real browser: a document comes in, is directed, answered, signed, numbered,
sent and taken in elsewhere; what was written about it is filed and goes to the archive.

On the clock of the server, which is today's.
"""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page

from lienthong.documents.models import Arrival, HandOver, Issue, Record
from lienthong.documents.records.rules import Stage
from lienthong.foundation import clock
from lienthong.foundation.files import storage
from lienthong.foundation.organisations.queries import by_key, forget_tree
from lienthong.foundation.organisations.services import appoint
from lienthong.identity.models import Account
from lienthong.signing import services as signing
from tests.browsing import DESK, PHONE, Visit, faults, picture, served, windows
from tests.documents.conftest import CHAIR, CLERK, HANDLER, HEAD, OTHER_HEAD, post
from tests.foundation.files import samples
from tests.signing.pdfsig import IS_HERE, nss, pdfsig

pytestmark = pytest.mark.browser

INBOX = "/ban-lam-viec/"
DOCUMENTS = f"{INBOX}van-ban/"
RECORDS = f"{DOCUMENTS}ho-so/"
SUBJECT = "rà soát quy hoạch chi tiết khu dân cư phường Nghĩa Đức"
ANSWER = "phúc đáp văn bản số 125/SXD-QH"
PROVINCE_CLERK, ARCHIVIST = "vanthu.tinh", "thoa.luutru"
ADDRESSEES = {
    "ubnd-tinh": PROVINCE_CLERK,
    "huyen-cu-jut": "vanthu.cujut",
    "huyen-dak-mil": "vanthu.dakmil",
}
"""The agencies that the answer is sent to, and who takes it in there."""
Result = TypeVar("Result")


@pytest.fixture(autouse=True)
def monday() -> None:
    """Not here: the server's threads have the clock of today."""


@pytest.fixture
def visit(browser: Browser, committed: None) -> Iterator[Visit]:
    for agency, username in ADDRESSEES.items():
        if username != PROVINCE_CLERK:
            _appoint_clerk(agency, username)
    with served() as address, windows(browser, address) as open_window:
        yield lambda username, path, **options: open_window(path, username, **options)
    forget_tree()


def _appoint_clerk(agency: str, username: str) -> None:
    clerk = Account.objects.create(username=username, full_name="Trần Thị Văn", managed=True, created_at=clock.now())
    appoint(account_id=clerk.pk, post_id=post(f"{agency}-van-phong", "van-thu"), valid_from=clock.today())
    forget_tree()


def beside(do: Callable[[], Result]) -> Result:
    """What verifies runs an event loop, which the thread of the browser has already."""

    def work() -> Result:
        try:
            return do()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


class Looked:
    """What axe finds and what sticks out on the pages that are looked at, on the desk's screen and on the phone's."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def at(self, page: Page) -> None:
        was = page.viewport_size
        for size in (DESK, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            self.faults += faults(page)
        assert was
        page.set_viewport_size(was)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def go(page: Page, name: str) -> None:
    page.locator("main").get_by_role("link", name=name).first.click()


def told(page: Page, words: str) -> None:
    page.get_by_text(words).first.wait_for()


def test_from_what_came_in_to_the_archive(visit: Visit, tmp_path: Path):
    look = Looked()
    arrival = registered(visit, look)
    directed_on_the_phone(visit, look)
    handed_to_the_handler(visit)
    draft = drafted(visit, look)
    opinion_given(visit, look)
    presented(visit, draft, look)
    checked_and_signed(visit, look)
    issue = numbered_and_sent(visit, look)
    genuine(issue, tmp_path)
    taken_in_everywhere(visit, look)
    assert seen_at_the_sender(visit, issue, look) == len(ADDRESSEES)
    reported_up(visit, issue)
    record = filed_and_closed(visit, arrival, issue, look)
    handed_over(visit, record, look)
    assert look.faults == []


def registered(visit: Visit, look: Looked) -> Arrival:
    clerk = visit(CLERK, f"{DOCUMENTS}den/")
    look.at(clerk)
    clerk.keyboard.press("n")
    clerk.get_by_label("Số, ký hiệu").fill("125/SXD-QH")
    pdf = {"name": "cong-van.pdf", "mimeType": "application/pdf", "buffer": samples.pdf_saying("Công văn")}
    clerk.locator("#files").set_input_files(files=[pdf])  # type: ignore[list-item]
    clerk.get_by_label("Nơi ban hành").fill("Sở Xây dựng")
    clerk.get_by_label("Trích yếu").fill(f"Về việc {SUBJECT}")
    clerk.get_by_label("Số trang").fill("1")
    clerk.get_by_label("Trình", exact=True).select_option(index=1)
    look.at(clerk)
    picture(clerk, "document-register")
    clerk.get_by_role("button", name="Vào sổ", exact=True).click()
    told(clerk, "Đã vào sổ")
    look.at(clerk)
    arrival = Arrival.objects.get()
    assert clerk.get_by_role("link", name="cong-van.pdf").count() == 1
    return arrival


def directed_on_the_phone(visit: Visit, look: Looked) -> None:
    leader = visit(CHAIR, INBOX, viewport=PHONE)
    go(leader, SUBJECT)
    leader.get_by_role("link", name="Chuyển C").click()
    unit = leader.get_by_role("group", name="Phòng Quản lý đô thị")
    unit.get_by_role("group", name="Cả đơn vị").get_by_label("chủ trì").check()
    leader.get_by_label("Ý kiến chỉ đạo").fill("Tham mưu văn bản trả lời")
    picture(leader, "document-direct-phone")
    look.at(leader)
    leader.get_by_role("button", name="Chuyển", exact=True).click()
    told(leader, "Đã chuyển văn bản")


def handed_to_the_handler(visit: Visit) -> None:
    head = visit(HEAD, INBOX)
    go(head, SUBJECT)
    told(head, "Tham mưu văn bản trả lời")
    head.get_by_role("link", name="Chuyển C").click()
    head.get_by_role("group", name="Mai").get_by_label("chủ trì").check()
    head.get_by_role("button", name="Chuyển", exact=True).click()
    told(head, "Đã chuyển văn bản")


def drafted(visit: Visit, look: Looked) -> str:
    """The address of the answer, as it was written in the editor."""
    handler = visit(HANDLER, INBOX)
    go(handler, SUBJECT)
    look.at(handler)
    go(handler, "Soạn văn bản trả lời")
    press(handler, "Soạn thảo")
    handler.wait_for_url("**/soan/")
    handler.get_by_role("textbox", name="Nội dung", exact=True).click()
    handler.keyboard.press("Control+A")
    handler.keyboard.type("Phúc đáp văn bản số 125/SXD-QH, Ủy ban nhân dân thành phố đã rà soát xong.")
    handler.keyboard.press("Enter")
    handler.keyboard.type("Trân trọng./.")
    look.at(handler)
    handler.get_by_role("button", name="Lưu", exact=True).click()
    told(handler, "Đã lưu thành bản 2")
    look.at(handler)
    draft = handler.url
    go(handler, "Lấy ý kiến")
    handler.get_by_label("Phòng Tài chính - Kế hoạch thành phố Gia Nghĩa", exact=True).check()
    handler.get_by_label("Nội dung xin ý kiến").fill("Đề nghị cho ý kiến về nguồn vốn.")
    press(handler, "Gửi lấy ý kiến")
    told(handler, "chưa góp ý")
    return draft


def opinion_given(visit: Visit, look: Looked) -> None:
    other = visit(OTHER_HEAD, INBOX)
    go(other, ANSWER)
    other.get_by_label("nhất trí", exact=True).check()
    other.get_by_label("Nội dung góp ý").fill("Nguồn vốn đã bố trí đủ.")
    look.at(other)
    press(other, "Gửi ý kiến")
    told(other, "Đã gửi ý kiến của bạn")


def presented(visit: Visit, draft: str, look: Looked) -> None:
    handler = visit(HANDLER, draft)
    told(handler, "Nguồn vốn đã bố trí đủ.")
    go(handler, "Trình ký")
    handler.get_by_label("Lời trình").fill("Kính trình Chủ tịch ký")
    look.at(handler)
    picture(handler, "document-present")
    handler.get_by_role("button", name="Trình", exact=True).click()
    told(handler, "Đã trình ký")


def checked_and_signed(visit: Visit, look: Looked) -> None:
    head = visit(HEAD, INBOX)
    go(head, ANSWER)
    look.at(head)
    press(head, "Đồng ý, ký tắt")
    told(head, "Bạn đã kiểm tra")
    leader = visit(CHAIR, INBOX, viewport=PHONE)
    go(leader, ANSWER)
    leader.get_by_role("heading", name="Người kiểm tra và người ký").wait_for()
    look.at(leader)
    picture(leader, "document-sign-phone")
    press(leader, "Ký số")
    told(leader, "Đã ký văn bản")


def numbered_and_sent(visit: Visit, look: Looked) -> Issue:
    clerk = visit(CLERK, f"{DOCUMENTS}trinh-ky/cho-so/")
    go(clerk, ANSWER)
    picture(clerk, "document-number")
    recipients = clerk.locator("#recipients")
    for agency in ADDRESSEES:
        clerk.get_by_label("Tìm cơ quan").fill(by_key(agency).name)
        recipients.get_by_role("button", name="Tìm", exact=True).click()
        recipients.get_by_label(by_key(agency).name, exact=True).check()
    look.at(clerk)
    press(clerk, "Cấp số, đóng dấu và phát hành")
    told(clerk, "Đã phát hành với số")
    clerk.get_by_role("link", name="Công văn phúc đáp văn bản số 125-SXD-QH").wait_for()
    look.at(clerk)
    return Issue.objects.select_related("document").get()


def genuine(issue: Issue, folder: Path) -> None:
    """Two signatures, of the chair and of the seal, hold for us and for a program that is not ours; a changed byte is
    found by both."""
    pdf = _content(issue)
    changed = bytearray(pdf)
    changed[changed.index(b"stream") + 20] ^= 1
    reports = beside(lambda: signing.verify_pdf(pdf))
    assert [each.is_seal for each in reports] == [False, True] and signing.is_genuine(reports)
    assert not signing.is_genuine(beside(lambda: signing.verify_pdf(bytes(changed))))
    if not IS_HERE:
        return
    store = nss(folder / "nss", beside(signing.export_root).pem)
    (folder / "issued.pdf").write_bytes(pdf)
    (folder / "changed.pdf").write_bytes(bytes(changed))
    assert pdfsig(folder / "issued.pdf", store) == (["Signature is Valid."] * 2, ["Certificate is Trusted."] * 2)
    assert "Signature is Valid." not in pdfsig(folder / "changed.pdf", store)[0]


def _content(issue: Issue) -> bytes:
    main = issue.document.files.select_related("file").get(role="main")
    with storage.open_content(main.file.sha256) as content:
        return bytes(content.read())


def taken_in_everywhere(visit: Visit, look: Looked) -> None:
    for username in ADDRESSEES.values():
        clerk = visit(username, INBOX)
        go(clerk, ANSWER)
        clerk.get_by_role("link", name="Tiếp nhận, vào sổ").click()
        if username == PROVINCE_CLERK:
            look.at(clerk)
        press(clerk, "Tiếp nhận, vào sổ")
        told(clerk, "Đã vào sổ")


def seen_at_the_sender(visit: Visit, issue: Issue, look: Looked) -> int:
    """How many agencies the sender sees to have it in their books."""
    clerk = visit(CLERK, f"{DOCUMENTS}di/{issue.pk}/")
    look.at(clerk)
    picture(clerk, "document-sent")
    return clerk.get_by_role("row").filter(has_text=re.compile("đã vào sổ")).count()


def reported_up(visit: Visit, issue: Issue) -> None:
    """Each who handed it on has it back, looks at it and reports in turn."""
    for username in (HANDLER, HEAD, CHAIR):
        page = visit(username, f"{DOCUMENTS}den/{Arrival.objects.earliest('pk').pk}/")
        go(page, "Báo cáo đã giải quyết")
        if username == HANDLER:
            page.get_by_label("Văn bản trả lời").fill(issue.document.code)
        press(page, "Báo cáo")
        told(page, "Đã gửi báo cáo")
    assert Arrival.objects.earliest("pk").finished_at


def filed_and_closed(visit: Visit, arrival: Arrival, issue: Issue, look: Looked) -> Record:
    handler = visit(HANDLER, f"{RECORDS}mo/")
    handler.get_by_label("Số và ký hiệu hồ sơ").fill("01.QLĐT")
    handler.get_by_label("Thời hạn bảo quản").select_option("10-nam")
    handler.get_by_label("Tiêu đề hồ sơ").fill(f"Hồ sơ {SUBJECT}")
    look.at(handler)
    press(handler, "Mở hồ sơ")
    told(handler, "Đã mở hồ sơ")
    record = Record.objects.get()
    for address in (f"den/{arrival.pk}/", f"di/{issue.pk}/"):
        handler.goto(DOCUMENTS + address)
        go(handler, "Đưa vào hồ sơ")
        handler.get_by_label(SUBJECT).check()
        handler.get_by_role("button", name="Đưa vào", exact=True).click()
        told(handler, "Đã đưa văn bản vào hồ sơ")
    handler.goto(f"{RECORDS}{record.pk}/")
    look.at(handler)
    picture(handler, "record")
    go(handler, "Kết thúc hồ sơ")
    press(handler, "Kết thúc hồ sơ")
    told(handler, "Đã kết thúc hồ sơ")
    return record


def handed_over(visit: Visit, record: Record, look: Looked) -> None:
    handler = visit(HANDLER, f"{RECORDS}{record.pk}/")
    go(handler, "Nộp lưu")
    look.at(handler)
    press(handler, "Giao hồ sơ đã chọn")
    told(handler, "Đã giao hồ sơ")
    archivist = visit(ARCHIVIST, f"{RECORDS}luu-tru/")
    look.at(archivist)
    archivist.locator(f"main a[href$='/nop-luu/{HandOver.objects.get().pk}/']").first.click()
    archivist.get_by_role("link", name=SUBJECT).wait_for()
    look.at(archivist)
    press(archivist, "Xác nhận đã nhận")
    told(archivist, "Đã ghi nhận")
    record.refresh_from_db()
    assert record.stage == Stage.HANDED_OVER and record.items.count() == 2
