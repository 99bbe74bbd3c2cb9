"""The pages of an import, as the browser asks for them."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from lienthong.registers.importing import running, services
from lienthong.registers.importing.models import Import
from tests import cast
from tests.browsing import queries_of
from tests.registers.conftest import KEY
from tests.registers.importing import check, csv_of, enter, line, xlsx

pytestmark = pytest.mark.django_db
START = f"/ban-lam-viec/co-so-du-lieu/{KEY}/nhap/"


@pytest.fixture
def desk(register):
    client = Client()
    client.force_login(cast.account(cast.HANDLER))
    return client


def send(desk, content, name="so.xlsx"):
    return desk.post(START, {"tep": SimpleUploadedFile(name, content)})


def brought(desk, content, name="so.xlsx"):
    answer = send(desk, content, name)
    assert answer.status_code == 302, answer.content.decode()
    return Import.objects.get(key=answer["Location"].rstrip("/").rpartition("/")[2])


def page(found, name="import", *more):
    return reverse(f"registers:{name}", args=[KEY, found.key, *more])


def test_the_whole_way_of_a_file(desk):
    found = brought(desk, xlsx([line(1), line(2, tang="hai")]))
    shown = desk.get(page(found)).content.decode()
    assert "Mỗi cột là gì?" in shown and "Xã, phường" in shown and "1/GPXD" in shown
    chosen = {f"cot-{place}": name for place, name in found.mapping.items()}
    answer = desk.post(page(found), {**chosen, "da-co": "skip", "tu-ngay": date(2025, 3, 1).isoformat()})
    assert answer.status_code == 302
    assert "hx-get" in desk.get(page(found)).content.decode()
    assert desk.get(page(found, "import_progress")).status_code == 200
    running.check(found.pk)
    assert desk.get(page(found, "import_progress"))["HX-Refresh"] == "true"
    shown = desk.get(page(found)).content.decode()
    assert "Nhập 1 dòng" in shown and "hai" in shown and "Số tầng" in shown
    desk.post(page(found, "import_do", "nhap"))
    running.enter(found.pk)
    shown = desk.get(page(found)).content.decode()
    assert "Rút lại lần nhập này" in shown
    marked = desk.get(page(found, "import_report"))
    assert marked["Content-Disposition"].startswith("attachment")
    assert load_workbook(BytesIO(b"".join(marked.streaming_content))).active["I3"].value == "hai"
    assert found.name in desk.get(START).content.decode()


@pytest.mark.parametrize(
    ("content", "name"), [(b"", "so.csv"), (cast.photo(), "so.xlsx"), (b"\xff\xfe\xfd\xfc\xfb", "so.csv")]
)
def test_what_cannot_be_read_is_refused_on_the_page(desk, content, name):
    answer = send(desk, content, name)
    assert answer.status_code in (422, 413) and "data-error-summary" in answer.content.decode()
    assert desk.post(START, {}).status_code == 422
    assert not Import.objects.exists()


def test_a_spreadsheet_may_be_larger_than_what_is_attached_elsewhere_and_not_endless(desk, monkeypatch):
    from lienthong.foundation.files.rules import Policy

    rows = csv_of([line(n, nha="x" * 200) for n in range(90_000)])
    assert len(rows) > 21 * 1024 * 1024
    assert brought(desk, rows, "so.csv")
    monkeypatch.setattr(services, "TAKEN", Policy(kinds=services.TAKEN.kinds, max_bytes=1024 * 1024))
    assert send(desk, rows, "so.csv").status_code == 413


def test_a_file_without_its_token_is_refused(register):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.account(cast.HANDLER))
    assert client.post(START, {"tep": SimpleUploadedFile("so.xlsx", xlsx([line(1)]))}).status_code == 403
    assert not Import.objects.exists()


def test_the_empty_spreadsheet_has_headings_that_are_recognised(desk):
    book = load_workbook(BytesIO(desk.get(reverse("registers:import_template", args=[KEY])).content))
    headings = [cell.value for cell in book.active[1]]
    assert headings[0] == "Số giấy phép *"
    found = brought(desk, xlsx([["x"] * len(headings)], headings=headings))
    assert len(found.mapping) == len(headings)


@pytest.mark.parametrize("username", [cast.LEADER, cast.CLERK, cast.AN])
def test_strangers_to_the_register_come_nowhere(desk, username):
    found = brought(desk, xlsx([line(1)]))
    client = Client()
    client.force_login(cast.account(username))
    addresses = [
        START,
        page(found),
        page(found, "import_progress"),
        page(found, "import_report"),
        reverse("registers:import_template", args=[KEY]),
    ]
    assert {client.get(address).status_code for address in addresses} <= {403, 404}
    for deed in ("nhap", "dung", "chon-lai", "rut-lai", "khong-co"):
        assert client.post(page(found, "import_do", deed)).status_code in (403, 404)
    found.refresh_from_db()
    assert found.status == "mapping"


def test_another_officer_of_the_same_agency_does_not_see_it(desk):
    found = brought(desk, xlsx([line(1)]))
    client = Client()
    client.force_login(cast.account(cast.OTHER_HANDLER))
    assert client.get(START).status_code == 200
    assert client.get(page(found)).status_code == 404


def test_pages_make_few_queries_however_much_is_wrong(desk):
    few, many = (brought(desk, xlsx([line(n, tang="hai") for n in range(1, size)])) for size in (2, 60))
    assert queries_of(lambda: desk.get(page(many))) == queries_of(lambda: desk.get(page(few)))
    officer = cast.actor(cast.HANDLER)
    for found in (few, many):
        check(found, officer)
    assert queries_of(lambda: desk.get(page(many))) == queries_of(lambda: desk.get(page(few))) <= 12
    before = queries_of(lambda: desk.get(START))
    enter(check(brought(desk, xlsx([line(99)])), officer), officer)
    assert queries_of(lambda: desk.get(START)) == before


def test_names_and_cells_are_text_on_the_page(desk):
    found = brought(
        desk, csv_of([line(1, ten="<em>đậm</em>", tang="<b>2")], headings=["<i>x</i>", *line(1)[1:]]), "<b>.csv"
    )
    shown = desk.get(page(found)).content.decode()
    assert "<em>đậm" not in shown and "<i>x" not in shown and "&lt;i&gt;x" in shown
