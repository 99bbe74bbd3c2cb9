"""Spreadsheets as people send them, and the way of one through the services, with the worker's part done at once."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook, load_workbook

from lienthong.foundation.files import storage
from lienthong.identity.actors import Officer
from lienthong.registers.importing import running, services, undoing
from lienthong.registers.importing.models import Import
from tests.registers.conftest import KEY

HEADINGS = ("STT", "Số giấy phép *", "Ngày cấp", "Họ và tên", "Số định danh", "Xã, phường", "Số nhà, đường",
            "Diện tích sàn (m²)", "Số tầng", "Loại")  # fmt: skip


def line(number: int, **other: Any) -> list[Any]:
    """A row as a clerk would write it."""
    said = {
        "so": f"{number}/GPXD",
        "ngay": date(2025, 2, 3),
        "ten": "Trần Hưng Đạo",
        "dinh_danh": None,
        "xa": "Phường Nghĩa Đức, TP. Gia Nghĩa",
        "nha": "12 Hùng Vương",
        "dien_tich": 120.5,
        "tang": 2,
        "loai": "Xây mới",
        **other,
    }
    return [number, *said.values()]


def xlsx(
    rows: Iterable[Sequence[Any]], *, headings: Sequence[Any] = HEADINGS, above: Iterable[Sequence[Any]] = ()
) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [*above, headings, *rows]:
        sheet.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_of(
    rows: Iterable[Sequence[Any]], *, delimiter: str = ",", encoding: str = "utf-8", headings: Sequence[Any] = HEADINGS
) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    for row in [headings, *rows]:
        writer.writerow(
            [f"{cell:%d/%m/%Y}" if isinstance(cell, date) else "" if cell is None else cell for cell in row]
        )
    return out.getvalue().encode(encoding)


def bring(content: bytes, officer: Officer, *, name: str = "so-cap-phep.xlsx", register: str = KEY) -> Import:
    return services.bring(register=register, source=content, name=name, officer=officer)


def check(found: Import, officer: Officer, *, mapping: dict[int, str] | None = None, **how: Any) -> Import:
    chosen = mapping or {int(place): name for place, name in found.mapping.items()}
    given = {"existing": "skip", "valid_from": found.valid_from, **how}
    services.check(register=found.register, key=found.key, officer=officer, mapping=chosen, **given)
    running.check(found.pk)
    found.refresh_from_db()
    return found


def enter(found: Import, officer: Officer) -> Import:
    services.start(register=found.register, key=found.key, officer=officer)
    running.enter(found.pk)
    found.refresh_from_db()
    return found


def whole(content: bytes, officer: Officer, *, name: str = "so-cap-phep.xlsx", **how: Any) -> Import:
    """From the file to the entries."""
    return enter(check(bring(content, officer, name=name), officer, **how), officer)


def undo(found: Import, officer: Officer) -> Import:
    services.undo(register=found.register, key=found.key, officer=officer)
    undoing.undo(found.pk)
    found.refresh_from_db()
    return found


def reasons(found: Import) -> dict[int, list[str]]:
    """What is wrong, by row."""
    return {
        each.row: [problem[3] for problem in each.problems]
        for each in found.lines.filter(outcome="wrong").order_by("row")
    }


def report(found: Import) -> Any:
    """The sheet with what is wrong marked."""
    found.refresh_from_db()
    assert found.report
    with storage.open_content(found.report.sha256) as content:
        return load_workbook(io.BytesIO(content.read())).active
