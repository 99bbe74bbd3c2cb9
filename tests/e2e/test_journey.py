"""The journey: a citizen's application on a phone, four officials of three agencies, a signed result to be checked."""

import io
import re
import secrets
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from tests.browsing import DESK, PHONE
from tests.e2e.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("e2e")]

PROCEDURE = "Cấp giấy phép xây dựng đối với nhà ở riêng lẻ"
SYLLABLES = ("Bằng", "Cẩm", "Dạ", "Hoa", "Kim", "Lệ", "Mỹ", "Ngọc", "Oanh", "Phương", "Quế", "Thảo", "Uyên", "Yến")
NAME = f"Lê Thị {secrets.choice(SYLLABLES)} {secrets.choice(SYLLABLES)} {secrets.choice(SYLLABLES)}"
"""Another one each time, so that the journey can be made again in the same province."""

OWN_PASSWORD = "Cay-bang-lang-tim-2026"
PHONE_NUMBER = f"09{secrets.randbelow(10**8):08}"
PERSON_ID = f"067190{secrets.randbelow(10**6):06}"

APPLICATION = {
    "owner.kind": "individual",
    "owner.address": "Tổ dân phố 5, phường Nghĩa Trung",
    "site.lot": "Thửa 125, tờ bản đồ số 14",
    "site.area": "120,5",
    "site.location.unit": "24617",
    "site.location.detail": "12 Trần Hưng Đạo",
    "site.land_paper": "Giấy chứng nhận quyền sử dụng đất số CD 123456 ngày 15/3/2019",
    "design.designer": "Công ty TNHH Kiến trúc Nâm Nung",
    "house.grade": "4",
    "house.ground_level": "0,3",
    "house.ground_area": "80",
    "house.floors.0.kind": "storey",
    "house.floors.0.title": "Tầng 1",
    "house.floors.0.area": "80",
    "house.floors.0.height": "3,6",
    "house.height": "4,2",
    "house.business_use": "on",
    "plan.months": "6",
    "plan.pledge": "on",
}


@pytest.fixture
def papers(tmp_path: Path) -> dict[str, Path]:
    """A real PDF and a real photo."""
    photo = tmp_path / "so-do.jpg"
    Image.effect_noise((900, 1200), 60).convert("RGB").save(photo, "JPEG")
    drawing = tmp_path / "ban-ve.pdf"
    Image.effect_noise((900, 1200), 40).convert("RGB").save(drawing, "PDF")
    return {"photo": photo, "drawing": drawing}


def test_the_journey(browser: Browser, address: str, papers: dict[str, Path]):
    at_home = Visitor(browser, address, on=DESK)
    at_home.goes_to("/")
    at_home.pictures("home")
    citizen = Visitor(browser, address, on=PHONE)
    clerk = Visitor(browser, address, on=DESK)
    dossier = apply(citizen, papers)
    receive(clerk)
    code = citizen_sees_code_and_due_date(citizen, dossier)
    head, handler = Visitor(browser, address, on=DESK), Visitor(browser, address, on=DESK)
    assign(head)
    ask_for_a_supplement(handler)
    supplement(citizen, dossier, papers)
    consult_and_inspect(handler, Visitor(browser, address, on=DESK))
    draft(handler)
    pass_on(head)
    sign(Visitor(browser, address, on=DESK))
    hand_over(clerk)
    result = download_result(citizen, dossier, papers["photo"].parent)
    anybody_follows(Visitor(browser, address, on=PHONE), code)
    anybody_checks(Visitor(browser, address, on=PHONE), result)


def apply(citizen: Visitor, papers: dict[str, Path]) -> str:
    """From the home page in three clicks to the form; left and come back to; handed in. Gives the dossier's address."""
    page = citizen.page
    citizen.goes_to("/")
    citizen.pictures("home-phone")
    page.fill("#hero-search", "giay phep xay dung")
    citizen.does(lambda: page.keyboard.press("Enter"))
    citizen.follows(PROCEDURE)
    citizen.follows("Nộp trực tuyến")
    citizen.follows("Đăng ký")
    citizen.fills_in(
        {
            "full_name": NAME,
            "phone": PHONE_NUMBER,
            "email": f"hoa.mai.{PHONE_NUMBER}@thu.example",
            "person_id": PERSON_ID,
            "password": OWN_PASSWORD,
            "again": OWN_PASSWORD,
            "terms": "on",
        }
    )
    citizen.presses("Đăng ký")
    citizen.presses("Bắt đầu")
    page.get_by_label(re.compile("Ủy ban nhân dân thành phố Gia Nghĩa")).check()
    citizen.presses("Lưu và tiếp tục")
    expect(page.locator('[name="owner.full_name"]')).to_have_value(NAME)
    citizen.fills_in(APPLICATION)
    citizen.presses("Lưu và tiếp tục")

    citizen.fills_in({"site.lot": APPLICATION["site.lot"], "site.area": "rộng lắm"})
    citizen.presses("Lưu và tiếp tục")
    citizen.sees("Diện tích lô đất")
    expect(page.locator('[name="site.area"]')).to_have_value("rộng lắm")
    citizen.presses("Lưu và thoát")
    citizen.goes_to("/ho-so-cua-toi/")
    citizen.follows("Tiếp tục")
    citizen.goes_to(page.url.removeprefix(citizen.address)) if "to-khai/2" in page.url else None
    while "/to-khai/" in page.url:
        citizen.fills_in(APPLICATION)
        citizen.presses("Lưu và tiếp tục")

    liar = papers["photo"].with_name("gia.pdf")
    liar.write_bytes(b"MZ" + b"\0" * 2000)
    page.set_input_files('[name="tep.giay-to-dat"]', liar)
    citizen.presses("Lưu và tiếp tục")
    assert "giay-to" in page.url, "a file that lies about its type is refused"
    citizen.sees("gia.pdf|tệp")
    page.set_input_files('[name="tep.giay-to-dat"]', papers["photo"])
    page.set_input_files('[name="tep.ban-ve"]', papers["drawing"])
    citizen.presses("Lưu và tiếp tục")
    page.get_by_label(re.compile("Tại Bộ phận Một cửa")).check()
    citizen.presses("Lưu và tiếp tục")
    citizen.sees("Thửa 125")
    citizen.presses("Nộp hồ sơ")
    citizen.sees("cam đoan|cam kết")
    page.check("[name=cam-doan]")
    citizen.presses("Nộp hồ sơ")
    citizen.pictures("submitted-phone")
    confirmation = page.get_by_role("link", name=re.compile("PDF|[Gg]iấy xác nhận")).first
    assert_pdf(citizen.fetches(str(confirmation.get_attribute("href"))), NAME)
    return re.sub(r"da-nop/$", "", page.url.removeprefix(citizen.address))


def open_from_inbox(officer: Visitor, task: str) -> None:
    officer.goes_to("/ban-lam-viec/")
    row = officer.page.locator("tr").filter(has_text=NAME).filter(has_text=re.compile(task))
    officer.does(lambda: row.get_by_role("link").first.click())


def receive(clerk: Visitor) -> None:
    clerk.signs_in("lan.motcua")
    clerk.pictures("desk")
    open_from_inbox(clerk, "Kiểm tra và tiếp nhận")
    clerk.waits_for("Đơn đề nghị cấp giấy phép xây dựng")
    clerk.presses("Tiếp nhận hồ sơ")
    clerk.sees(r"000\.00\.31\.H16-\d{6}-\d{4}")


def citizen_sees_code_and_due_date(citizen: Visitor, dossier: str) -> str:
    citizen.goes_to(dossier)
    citizen.waits_for("Giấy tiếp nhận hồ sơ và hẹn trả kết quả")
    text = citizen.page.locator("main").inner_text()
    code = re.search(r"000\.00\.31\.H16-\d{6}-\d{4}", text)
    assert code and re.search(r"\d\d/\d\d/\d{4}", text)
    link = citizen.page.get_by_role("link", name=re.compile("Giấy tiếp nhận")).first
    assert_pdf(citizen.fetches(str(link.get_attribute("href"))), code[0])
    return code[0]


def assign(head: Visitor) -> None:
    head.signs_in("hung.qldt")
    open_from_inbox(head, "Phân công")
    head.follows("Phân công chuyên viên")
    head.page.get_by_label(re.compile("Trần Thị Mai")).check()
    head.presses("Phân công chuyên viên")


def ask_for_a_supplement(handler: Visitor) -> None:
    handler.signs_in("mai.qldt")
    open_from_inbox(handler, "Thẩm định")
    handler.pictures("dossier")
    handler.follows("Yêu cầu bổ sung")
    handler.presses("Yêu cầu bổ sung")
    handler.sees("lý do")
    handler.page.fill("[name=reason]", "Bản vẽ thiếu mặt cắt móng. Đề nghị nộp lại bản vẽ đầy đủ.")
    handler.presses("Yêu cầu bổ sung")


def supplement(citizen: Visitor, dossier: str, papers: dict[str, Path]) -> None:
    citizen.goes_to("/ho-so-cua-toi/")
    citizen.sees("Bản vẽ thiếu mặt cắt móng")
    citizen.follows("Nộp bổ sung")
    citizen.page.set_input_files('[name="tep.ban-ve"]', papers["drawing"])
    citizen.page.fill("[name=tra-loi]", "Em đã vẽ thêm mặt cắt móng.")
    citizen.presses("Gửi bổ sung")


def consult_and_inspect(handler: Visitor, police: Visitor) -> None:
    open_from_inbox(handler, "Thẩm định")
    handler.sees("Em đã vẽ thêm mặt cắt móng")
    handler.follows("Lấy ý kiến Cảnh sát PCCC")
    handler.page.fill("[name=reason]", "Nhà có kết hợp kinh doanh.")
    handler.presses("Lấy ý kiến Cảnh sát PCCC")
    handler.presses("đi kiểm tra thực địa") if handler.page.get_by_role(
        "button", name=re.compile("đi kiểm tra thực địa")
    ).count() else act_on_page(handler, "đi kiểm tra thực địa")
    police.signs_in("son.pccc")
    open_from_inbox(police, "phòng cháy")
    act_on_page(police, "^Đồng ý$", {"asks.number": "12/PC07"})
    open_from_inbox(handler, "Kiểm tra thực địa")
    act_on_page(handler, "Thực địa phù hợp", {"asks.findings": "Hiện trạng đúng hồ sơ."})


def act_on_page(officer: Visitor, action: str, values: dict[str, str] | None = None) -> None:
    """An action that has a page of its own."""
    officer.follows(action)
    officer.fills_in(values or {})
    officer.presses(action)


def draft(handler: Visitor) -> None:
    open_from_inbox(handler, "Dự thảo")
    act_on_page(handler, "Dự thảo giấy phép", {"result-giay-phep-xay-dung.design_title": "Hồ sơ thiết kế KT-01"})


def pass_on(head: Visitor) -> None:
    open_from_inbox(head, "Kiểm tra dự thảo")
    act_or_press(head, "Trình lãnh đạo")


def act_or_press(officer: Visitor, action: str) -> None:
    if officer.page.get_by_role("button", name=re.compile(action)).count():
        officer.presses(action)
    else:
        act_on_page(officer, action)


def sign(leader: Visitor) -> None:
    leader.signs_in("thanh.phochutich")
    open_from_inbox(leader, "Ký giấy phép")
    act_or_press(leader, "Ký và ban hành")


def hand_over(clerk: Visitor) -> None:
    open_from_inbox(clerk, "Trả kết quả")
    act_on_page(clerk, "Trả kết quả", {"person_id": PERSON_ID})


def download_result(citizen: Visitor, dossier: str, folder: Path) -> bytes:
    citizen.goes_to(dossier)
    link = citizen.page.locator(".lt-result").get_by_role("link").first
    citizen.waits_for("Đã có kết quả của bạn")
    citizen.pictures("result-phone")
    result = citizen.fetches(str(link.get_attribute("href")))
    assert_pdf(result, NAME)
    if shutil.which("pdfsig"):
        kept = folder / "ket-qua.pdf"
        kept.write_bytes(result)
        said = subprocess.run(["pdfsig", kept], capture_output=True, check=False).stdout.decode()
        assert "Signature is Valid" in said, said
    return result


def anybody_follows(stranger: Visitor, code: str) -> None:
    stranger.goes_to("/tra-cuu/")
    stranger.fills_in({"code": code, "phone_end": "0000"})
    stranger.presses("Tra cứu")
    stranger.sees("Không tìm thấy|không tìm thấy")
    stranger.fills_in({"code": code, "phone_end": PHONE_NUMBER[-4:]})
    stranger.presses("Tra cứu")
    stranger.sees("Trả kết quả")
    assert NAME not in stranger.page.locator("main").inner_text()


def anybody_checks(stranger: Visitor, result: bytes) -> None:
    """By the code in the QR of the result, as printed beside it."""
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(result)).pages)
    printed = re.search(r"(?:[2-9A-HJ-NP-Z]{4}\s+){6}", text)
    assert printed, text
    code = re.sub(r"\s", "", printed[0])
    stranger.goes_to(f"/kiem-tra/{code}/")
    stranger.sees("Giấy phép xây dựng")
    stranger.sees("Hoàng Thị Thanh")
    stranger.goes_to("/kiem-tra/")
    stranger.fills_in({"code": "A" * 24})
    stranger.presses("Kiểm tra")
    stranger.sees("Không|không")


def assert_pdf(content: bytes, text: str) -> None:
    assert content.startswith(b"%PDF")
    pages = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert text in pages.replace("\n", " "), pages[:2000]
