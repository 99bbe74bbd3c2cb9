"""One more register is one more file: it is there in every place where the others are, with no other change."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from lienthong.foundation.definitions import services as definitions
from lienthong.foundation.fields.entries import choosable_by
from lienthong.registers import access, queries
from tests import cast
from tests.registers import importing
from tests.registers.conftest import GIA_NGHIA, officer_of
from tests.workspace.conftest import desk

pytestmark = pytest.mark.django_db

KEY = "cay-di-san"
FILE = """
kind: register
key: cay-di-san
name: Cây di sản
effective_from: 2020-01-01
group: quy-hoach-xay-dung
singular: cây di sản
about: Cây cổ thụ được công nhận là cây di sản.
keeper: urban-management
fields:
  - {key: ten, type: text, label: Tên cây, required: true}
  - {key: nam_cong_nhan, type: year, label: Năm công nhận}
  - {key: vi_tri, type: geometry, label: Vị trí, shapes: [point]}
identity: [[ten]]
title: [ten]
listing: {columns: [ten, nam_cong_nhan], sort: ten, filters: [nam_cong_nhan], search: [ten]}
access:
  - {role: case-handler, function: urban-management, may: [read, write], where: own}
public: [ten, nam_cong_nhan, vi_tri]
"""
PLACE = {"type": "Point", "coordinates": [107.69, 12.0]}


@pytest.fixture
def officer(tmp_path: Path):
    folder = tmp_path / "registers"
    folder.mkdir()
    (folder / "cay-di-san.yaml").write_text(FILE, encoding="utf-8")
    plan = definitions.plan([tmp_path])
    assert not plan.problems, "\n".join(map(str, plan.problems))
    definitions.apply(plan)
    return desk(cast.HANDLER)


def entered(officer: Client, **values: object) -> int:
    answer = officer.post(
        f"/api/v1/registers/{KEY}/entries",
        json.dumps({"values": {"ten": "Đa làng Nghĩa Đức", "nam_cong_nhan": 2021, "vi_tri": PLACE, **values}}),
        content_type="application/json",
        headers={"idempotency-key": str(uuid4())},
    )
    assert answer.status_code == 201, answer.content
    return int(answer.json()["id"])


def test_it_has_pages(officer):
    entry_id = entered(officer)
    assert "Cây di sản" in officer.get(reverse("registers:overview")).content.decode()
    pages = [("listing", ()), ("card", (entry_id,)), ("enter", ()), ("edit", (entry_id, "thay-doi")), ("map", ())]
    for page, more in [*pages, ("import_start", ()), ("export_ask", ())]:
        answer = officer.get(reverse(f"registers:{page}", args=[KEY, *more]))
        assert answer.status_code == 200 and "Cây di sản" in answer.content.decode(), page
    found = officer.get(reverse("registers:listing", args=[KEY]), {"tim": "da lang", "l.nam_cong_nhan.tu": "2020"})
    assert [row["entry"].id for row in found.context["rows"]] == [entry_id]
    empty = officer.get(reverse("registers:listing", args=[KEY]), {"tim": "khong co"})
    assert not empty.context["rows"]


def test_programs_find_it_and_it_describes_itself(officer):
    entry_id = entered(officer)
    assert KEY in [each["key"] for each in officer.get("/api/v1/registers").json()]
    listed = officer.get(f"/api/v1/registers/{KEY}/entries", {"search": "nghia duc", "sort": "ten"}).json()
    assert [each["id"] for each in listed["entries"]] == [entry_id]
    described = officer.get(f"/api/v1/registers/{KEY}/openapi.json").json()
    assert described["components"]["schemas"]["Values"]["properties"]["nam_cong_nhan"]["minimum"] == 1800


def test_it_takes_spreadsheets_in_and_gives_them_out(officer):
    handler = officer_of("case-handler", GIA_NGHIA)
    sheet = importing.xlsx([["Đa đình làng", 2019], ["Gạo bến nước", "năm kia"]], headings=["Tên cây", "Năm công nhận"])
    brought = importing.bring(sheet, handler, register=KEY)
    done = importing.enter(importing.check(brought, handler), handler)
    assert (done.entered, done.wrong) == (1, 1)
    asked = {"truong": ["ten", "nam_cong_nhan"], "dang": "csv", "lan": str(uuid4())}
    answer = officer.post(reverse("registers:export_ask", args=[KEY]), asked, follow=True)
    assert answer.status_code == 200 and "csv" in answer.content.decode().lower()


def test_forms_choose_from_it_and_everybody_sees_what_is_public_of_it(officer):
    entry_id = entered(officer)
    assert [each.id for each in choosable_by().search(KEY, "da lang", 5)] == [entry_id]
    collections = Client().get("/api/features/collections").json()["collections"]
    assert KEY in [each["id"] for each in collections]
    features = Client().get(f"/api/features/collections/{KEY}/items").json()["features"]
    assert [each["properties"]["ten"] for each in features] == ["Đa làng Nghĩa Đức"]
    body = queries.register(KEY)
    assert len(queries.history(body, access.public(body), entry_id)) == 1
