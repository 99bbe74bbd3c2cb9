"""Registers for programs: the same rights and refusals as the pages."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from lienthong.foundation import clock
from lienthong.foundation.ledger.queries import timeline
from lienthong.registers import services
from tests import cast
from tests.registers.conftest import GIA_NGHIA, KEY, officer_of, permit
from tests.workspace.conftest import desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

HERE = f"/api/v1/registers/{KEY}"
PERSON = {"ten": "Trần Hưng Đạo", "so_dinh_danh": "067085012345"}


def entered(**other):
    return services.enter(register=KEY, raw=permit(**other), officer=officer_of("case-handler", GIA_NGHIA))


def send(client, path, body, **headers):
    return client.post(f"{HERE}{path}", json.dumps(body), content_type="application/json", headers=headers)


def test_strangers_citizens_and_other_officers_are_refused():
    entry = entered()
    for path in ("", "/entries", f"/entries/{entry.id}", "/openapi.json"):
        assert Client().get(HERE + path).status_code in (401, 404)
        assert desk(cast.AN).get(HERE + path).status_code in (403, 404)
        assert desk("quantri").get(HERE + path).status_code == 404
    assert desk("quantri").get("/api/v1/registers").json() == []
    refused = send(desk("quantri"), "/entries", {"values": permit()}, idempotency_key=str(uuid4()))
    assert refused.status_code == 404


def test_an_entry_is_made_once_read_changed_corrected_and_ended():
    officer, key = desk(cast.HANDLER), str(uuid4())
    asked = {"values": permit(chu_dau_tu=PERSON), "valid_from": "2025-01-06", "origin": "Cổng"}
    first, again = (send(officer, "/entries", asked, idempotency_key=key) for _ in range(2))
    assert first.status_code == 201 and first.json() == again.json()
    entry = first.json()
    here = f"/entries/{entry['id']}"
    unsaid = officer.get(HERE + here)
    assert unsaid.status_code == 422 and unsaid.json()["type"].endswith("registers.purpose_needed")
    read = officer.get(HERE + here + "?purpose=Hồ sơ 12").json()
    assert read["values"]["chu_dau_tu"]["so_dinh_danh"] == "067085012345"
    assert "067085012345" not in first.content.decode(), "what is written is not answered with personal data"
    assert read | {"values": {}} == entry | {"values": {}}
    (reading,) = timeline((f"register-read.{KEY}", entry["id"]))
    assert reading.data == {"purpose": "Hồ sơ 12"}
    changed = send(officer, f"{here}/changes", {"revision": 1, "values": {"so_tang": 5}}).json()
    assert changed["values"]["so_tang"] == 5 and changed["revision"] == 2
    late = send(officer, f"{here}/changes", {"revision": 1, "values": {"so_tang": 6}})
    assert late.status_code == 409 and late.json()["type"].endswith("registers.changed_meanwhile")
    wrong = send(officer, f"{here}/changes", {"revision": 2, "values": {"so_tang": "nhiều"}})
    assert wrong.status_code == 422 and "so_tang" in wrong.json()["errors"]
    corrected = send(officer, f"{here}/corrections", {"revision": 2, "values": {"so_tang": 4}, "reason": "Nhầm"})
    assert corrected.json()["values"]["so_tang"] == 4
    assert send(officer, f"{here}/end", {"revision": 3, "reason": ""}).status_code == 422
    ended = send(officer, f"{here}/end", {"revision": 3, "reason": "Thu hồi"}).json()
    assert ended["valid_until"] == clock.today().isoformat()
    past = officer.get(HERE + f"{here}?purpose=x&day=2025-01-07").json()
    assert past["values"]["so_tang"] == 2
    states = officer.get(HERE + f"{here}/history?purpose=x").json()
    assert next(state["values"]["so_tang"] for state in states) == 4 and len(states) == 5


def test_lists_are_narrowed_sorted_and_paged_and_leave_personal_data_out():
    for number in range(30):
        entered(so=f"{number:02d}/GPXD", so_tang=number % 5, chu_dau_tu=PERSON)
    officer = desk(cast.HANDLER)
    seen, after = [], None
    while True:
        page = officer.get(f"{HERE}/entries", {"limit": 12, "sort": "-so_tang", **({"after": after} if after else {})})
        assert "067085012345" not in page.content.decode()
        seen += page.json()["entries"]
        after = page.json()["next"]
        if after is None:
            break
    assert len({entry["id"] for entry in seen}) == 30
    assert [entry["values"]["so_tang"] for entry in seen] == sorted([n % 5 for n in range(30)], reverse=True)
    found = officer.get(f"{HERE}/entries", {"so_tang.from": 1, "so_tang.to": 1, "search": "gpxd", "dia_chi": "24611"})
    assert len(found.json()["entries"]) == 6
    with clock.at(clock.now() + timedelta(days=3)):
        assert len(desk(cast.HANDLER).get(f"{HERE}/entries", {"day": clock.today(), "limit": 5}).json()["entries"]) == 5


@pytest.mark.parametrize(
    "query",
    [
        {"ten": "x"},
        {"so_tang": "3"},
        {"so_tang.from": "nhieu"},
        {"dia_chi": "99999"},
        {"sort": "so_dinh_danh"},
        {"after": "[1"},
        {"limit": "0"},
        {"limit": "1001"},
        {"l.so_tang.tu": "3"},
    ],
)
def test_what_a_list_cannot_be_asked_is_said(query):
    answer = desk(cast.HANDLER).get(f"{HERE}/entries", query)
    assert answer.status_code in (400, 422)
    assert next(iter(query)) in " ".join(answer.json()["errors"])


def test_a_register_describes_itself_and_its_entries_fit_the_description():
    entry = entered()
    officer = desk(cast.HANDLER)
    document = officer.get(f"{HERE}/openapi.json").json()
    assert document["openapi"].startswith("3.1") and f"/{KEY}/entries" in document["paths"]
    values = document["components"]["schemas"]["Values"]
    read = officer.get(f"{HERE}/entries/{entry.id}").json()
    assert values["properties"].keys() == read["values"].keys()
    assert values["properties"]["chu_dau_tu"]["properties"].keys() == read["values"]["chu_dau_tu"].keys()
    assert {"name": "so_tang.from", "in": "query"}.items() <= document["paths"][f"/{KEY}/entries"]["get"]["parameters"][
        -2
    ].items()
    (known,) = (each for each in officer.get("/api/v1/registers").json() if each["key"] == KEY)
    assert known["may"] == ["read", "propose", "write"]
