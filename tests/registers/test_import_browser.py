"""The way of a spreadsheet in a real browser, at a desk and on a phone."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser

from lienthong.registers.importing import running
from lienthong.registers.importing.models import Import
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults, served, windows
from tests.registers.conftest import KEY, publish
from tests.registers.importing import line, xlsx

pytestmark = pytest.mark.browser
LIST = f"/ban-lam-viec/co-so-du-lieu/{KEY}/"


@pytest.fixture
def visit(browser: Browser, committed: None) -> Iterator[Visit]:
    publish()
    with served() as site, windows(browser, site) as open_window:
        yield lambda path, **options: open_window(path, cast.HANDLER, **options)


PICTURES: Path | None = None


def _picture(window, name: str, viewport) -> None:
    if PICTURES:
        window.screenshot(path=PICTURES / f"{name}-{viewport['width']}.png", full_page=True)


def work(job) -> None:
    """What a worker does, in a thread and over a connection of its own; by the clock on the wall, as the site does."""

    def done() -> None:
        job(Import.objects.latest("pk").pk)
        connection.close()

    worker = threading.Thread(target=done)
    worker.start()
    worker.join()


@pytest.mark.parametrize(("viewport", "scheme"), [(DESK, "light"), (PHONE, "dark")])
def test_from_the_file_to_the_entries_and_back_out(visit: Visit, tmp_path: Path, viewport, scheme):
    file = tmp_path / "Sổ cấp phép xây dựng năm 2025 của phòng Quản lý đô thị.xlsx"
    rows = [line(1), line(2, ten="Công ty trách nhiệm hữu hạn một thành viên Xây dựng và Thương mại Đắk Nông"), line(3)]
    file.write_bytes(xlsx([*rows, line(4, tang="hai", xa="Phường Không Có"), line(5, ngay="31/02/2025")]))
    window = visit(LIST, viewport=viewport, color_scheme=scheme)
    window.get_by_role("link", name="Nhập dữ liệu").click()
    assert faults(window) == []
    window.set_input_files("#tep", str(file))
    window.get_by_role("button", name="Tiếp tục chọn cột").click()
    window.wait_for_selector("h1:has-text('Mỗi cột là gì?')")
    _picture(window, "columns", viewport)
    assert faults(window) == []
    window.get_by_role("button", name="Kiểm tra tệp").click()
    window.wait_for_selector("#import-progress")
    assert faults(window) == []
    work(running.check)
    window.get_by_role("button", name="Nhập 3 dòng").wait_for()
    _picture(window, "checked", viewport)
    assert faults(window) == []
    window.get_by_role("button", name="Nhập 3 dòng").click()
    window.wait_for_selector("#import-progress")
    work(running.enter)
    window.get_by_text("Rút lại lần nhập này").wait_for()
    assert faults(window) == []
    window.goto(LIST)
    assert window.get_by_text("3/GPXD").is_visible()
    window.get_by_role("link", name="Kết xuất").click()
    _picture(window, "export", viewport)
    assert faults(window) == []
    window.get_by_role("button", name="Tạo tệp").click()
    with window.expect_download() as saved:
        window.get_by_role("link", name="Tải tệp về").click()
    assert saved.value.suggested_filename.endswith(".xlsx")
    assert faults(window) == []


def test_it_goes_without_scripts(visit: Visit, tmp_path: Path):
    file = tmp_path / "so.xlsx"
    file.write_bytes(xlsx([line(1)]))
    window = visit(LIST + "nhap/", java_script_enabled=False, viewport=PHONE)
    window.set_input_files("#tep", str(file))
    window.get_by_role("button", name="Tiếp tục chọn cột").click()
    window.get_by_role("button", name="Kiểm tra tệp").click()
    work(running.check)
    window.get_by_role("link", name="Xem lại").click()
    assert window.get_by_role("button", name="Nhập 1 dòng").is_visible()
