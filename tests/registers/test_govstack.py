"""Registers in the shapes of GovStack's Digital Registries: the scenarios of its own tests, with our rights."""

import json
from uuid import uuid4

import pytest
from django.test import Client

from lienthong.foundation.ledger.queries import timeline
from lienthong.registers import access, queries
from lienthong.registers.definition import REGISTER
from tests import cast
from tests.at_once import at_once
from tests.browsing import queries_of
from tests.registers.conftest import DECLARED, GIA_NGHIA, KEY, officer_of, permit, publish
from tests.workspace.conftest import desk

PERSON = "067085012345"
FINDABLE = DECLARED.replace("identity: [[so]]", "identity: [[so], [so_dinh_danh]]")
MEDIATOR = "VN/GOV/H16/mot-cua"


@pytest.fixture
def findable(db):
    publish(FINDABLE)
    return REGISTER.current(KEY)


@pytest.fixture
def officer(findable):
    return desk(cast.HANDLER)


def here(path=""):
    return f"/api/govstack/data/{KEY}/{REGISTER.current(KEY).version}{path}"


def flat(**other):
    """A permit as GovStack writes records: out of its sections."""
    nested = permit()
    return {**nested.pop("chu_dau_tu"), **nested, **other}


def send(client, path, body, status=200, method="post", **headers):
    answer = getattr(client, method)(
        here(path), json.dumps(body), content_type="application/json", headers={"X-Test": "1", **headers}
    )
    assert answer.status_code == status, answer.content
    return answer.json()


def asking(**content):
    return {"query": {"content": content}}


def create(client, **other):
    return send(client, "/create", {"write": {"content": flat(**other)}})["content"]


def states():
    body = queries.register(KEY)
    rights = access.rights_of(officer_of("case-handler", GIA_NGHIA), body, to="read")
    return queries.page(body, rights)


@pytest.mark.django_db
def test_a_record_is_created_found_read_and_updated(officer):
    made = create(officer, so="7/GPXD", so_dinh_danh=PERSON)
    assert made["so"] == "7/GPXD" and made["ID"].isdigit() and "so_dinh_danh" not in made
    assert send(officer, "/exists", asking(so="7/GPXD"))["answer"]["status"] is True
    assert send(officer, "/exists", asking(so="8/GPXD"))["answer"]["status"] is False
    read = send(officer, "/read?purpose=Hồ sơ 12", asking(so="7/GPXD"))["content"]
    assert read["so_dinh_danh"] == PERSON and read["dia_chi"]["detail"] == "12 Hùng Vương"
    updated = send(officer, "/update", {**asking(ID=made["ID"]), "write": {"content": {"so_tang": 5}}}, method="put")
    assert updated["content"]["so_tang"] == 5 and updated["content"]["so"] == "7/GPXD"
    value = officer.get(here(f"/{made['ID']}/read-value/so_tang.json"))
    assert value.status_code == 200 and value.json() == {"value": 5}
    (entry,) = states()
    assert entry.revision == 2


@pytest.mark.django_db
def test_update_or_create_does_what_is_needed_and_sent_again_nothing(officer):
    body = {**asking(so="9/GPXD"), "write": {"content": flat(so="9/GPXD", so_tang=3)}}
    first = send(officer, "/update-or-create", body)["content"]
    assert send(officer, "/update-or-create", body)["content"] == first and states()[0].revision == 1
    body["write"]["content"]["so_tang"] = 4
    changed = send(officer, "/update-or-create", body)["content"]
    assert changed["ID"] == first["ID"] and changed["so_tang"] == 4 and len(states()) == 1


@pytest.mark.django_db
def test_creating_with_a_key_creates_once_and_says_where_it_came_from(officer):
    body, key = {"write": {"content": flat()}}, str(uuid4())
    headers = {"Idempotency-Key": key, "Information-Mediator-Client": MEDIATOR}
    first = send(officer, "/create", body, **headers)
    assert send(officer, "/create", body, **headers) == first
    (entry,) = states()
    assert entry.origin == MEDIATOR
    send(officer, "/create", body, 409)


@pytest.mark.django_db
def test_personal_data_is_read_for_a_purpose_and_stands_on_record(officer):
    made = create(officer, so_dinh_danh=PERSON)
    for path in ("/read", "/exists"):
        refused = send(officer, path, asking(so_dinh_danh=PERSON), 422)
        assert refused["type"].endswith("registers.purpose_needed")
    assert officer.get(here(f"/{made['ID']}/read-value/so_dinh_danh.json")).status_code == 422
    assert timeline((f"register-read.{KEY}", int(made["ID"]))) == []
    assert send(officer, "/exists?purpose=Đối chiếu", asking(so_dinh_danh=PERSON))["answer"]["status"] is True
    (seen,) = timeline((f"register-read.{KEY}", int(made["ID"])))
    assert seen.data["purpose"] == "Đối chiếu"
    assert PERSON not in officer.get(here()).content.decode()


@pytest.mark.django_db
def test_the_list_is_searched_narrowed_sorted_and_leafed_through(officer):
    for number in range(5):
        create(officer, so=f"{number}/GPXD", so_tang=number + 1, so_dinh_danh=None)

    def numbers(query, status=200):
        answer = officer.get(here(), query)
        assert answer.status_code == status, answer.content
        return [each["so"][0] for each in answer.json()["results"]] if status == 200 else None

    assert numbers({}) == ["4", "3", "2", "1", "0"]
    assert numbers({"search": "3/gpxd"}) == ["3"] and numbers({"search": "khong co"}) == []
    assert numbers({"query.so_tang": "2"}) == ["1"] and numbers({"filter": "so_tang", "search": "2"}) == ["1"]
    assert numbers({"ordering": "so_tang"}) == ["0", "1", "2", "3", "4"]
    first = officer.get(here(), {"page_size": "2"}).json()
    assert first["count"] == 5 and first["previous"] is None
    second = officer.get(first["next"].removeprefix("http://testserver")).json()
    assert [each["so"][0] for each in second["results"]] == ["2", "1"] and "page=1" in second["previous"]
    last = officer.get(second["next"].removeprefix("http://testserver")).json()
    assert last["next"] is None and len(last["results"]) == 1
    numbers({"query.ten": "Trần"}, 400)
    numbers({"query.so_tang": "x"}, 400)
    numbers({"ordering": "ten"}, 400)
    numbers({"page": "0"}, 422)
    numbers({"page": "999999999", "page_size": "1000"}, 400)


@pytest.mark.django_db
def test_what_is_asked_or_written_wrongly_is_refused_and_changes_nothing(officer):
    create(officer, so_dinh_danh=None)
    send(officer, "/read", {"content": {}}, 422)
    send(officer, "/read", asking(), 400)
    send(officer, "/read", asking(so="khong co"), 404)
    send(officer, "/read", asking(ID="x"), 404)
    send(officer, "/read", asking(ID="9" * 30), 404)
    send(officer, "/read", asking(ten="Trần Hưng Đạo"), 400)
    send(officer, "/read", asking(so={"$ne": ""}), 400)
    send(officer, "/update", {**asking(so="khong co"), "write": {"content": {"so_tang": 5}}}, 404, "put")
    wrong = send(officer, "/update", {**asking(so="15/GPXD"), "write": {"content": {"so_tang": 999}}}, 422, "put")
    assert "so_tang" in wrong["errors"]
    send(officer, "/update", {**asking(so="15/GPXD"), "write": {"content": {"la": 1}}}, 422, "put")
    send(officer, "/create", {"write": {"content": {"so": "1"}}}, 422)
    (entry,) = states()
    assert entry.revision == 1


@pytest.mark.django_db
def test_of_several_records_none_is_taken_for_the_one(officer):
    create(officer, so="1", so_dinh_danh=None)
    create(officer, so="2", so_dinh_danh=None)
    send(officer, "/read", asking(so_tang=2), 409)
    assert send(officer, "/exists", asking(so_tang=2))["answer"]["status"] is True
    send(officer, "/update", {**asking(so_tang=2), "write": {"content": {"so_tang": 3}}}, 409, "put")


@pytest.mark.django_db
def test_nothing_is_deleted_and_many_are_not_changed_by_one_call(officer):
    made = create(officer, so_dinh_danh=None)
    answer = officer.delete(here(f"/{made['ID']}/delete"))
    assert answer.status_code == 405 and "/end" in answer.json()["detail"]
    send(officer, "/update-entries", {"write": {"content": {"so_tang": 3}}}, 405, "put")
    (entry,) = states()
    assert entry.valid_until is None and entry.revision == 1


@pytest.mark.django_db
def test_only_the_version_in_force_is_there(officer, findable):
    path = f"/api/govstack/data/{KEY}"
    assert officer.get(f"{path}/{findable.version}.0").status_code == 200
    refused = officer.get(f"{path}/{findable.version + 1}")
    assert refused.status_code == 404 and str(findable.version) in refused.json()["title"]


@pytest.mark.django_db
def test_strangers_citizens_and_other_officers_are_refused(officer):
    made = create(officer, so_dinh_danh=None)
    for client, expected in ((Client(), {401, 403}), (desk(cast.AN), {403}), (desk("quantri"), {404})):
        assert client.get(here()).status_code in expected
        assert client.get(here(f"/{made['ID']}/read-value/so.json")).status_code in expected
        for path in ("/read", "/exists", "/create", "/update-or-create"):
            body = {**asking(so="15/GPXD"), "write": {"content": flat()}}
            answer = client.post(here(path), json.dumps(body), content_type="application/json")
            assert answer.status_code in expected, path
    assert len(states()) == 1


@pytest.mark.django_db
def test_changes_from_other_sites_are_refused(findable):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.account(cast.HANDLER))
    answer = client.post(here("/create"), json.dumps({"write": {"content": flat()}}), content_type="application/json")
    assert answer.status_code == 403


def test_of_two_who_create_the_same_at_once_one_changes_what_the_other_made(committed):
    with cast.on_monday():
        publish(FINDABLE)
    version = REGISTER.current(KEY).version

    def call(floors):
        body = {**asking(so="9/GPXD"), "write": {"content": flat(so="9/GPXD", so_tang=floors, so_dinh_danh=None)}}
        client = desk(cast.HANDLER)
        path = f"/api/govstack/data/{KEY}/{version}/update-or-create"
        return client.post(path, json.dumps(body), content_type="application/json").status_code

    assert set(at_once(lambda: call(3), lambda: call(4))) <= {200, 409}
    with cast.on_monday():
        assert len(states()) == 1


@pytest.mark.django_db
def test_a_list_makes_as_many_queries_for_many_as_for_one(officer):
    create(officer, so="1", so_dinh_danh=None)
    few = queries_of(lambda: officer.get(here()))
    for number in range(2, 8):
        create(officer, so=str(number), so_dinh_danh=None)
    assert queries_of(lambda: officer.get(here())) == few <= 12


@pytest.mark.django_db
def test_its_description_names_what_govstack_names(db):
    paths = Client().get("/api/govstack/openapi.json").json()["paths"]
    base = "/api/govstack/data/{registryname}/{versionnumber}"
    wanted = {"", "/create", "/exists", "/read", "/update", "/update-entries", "/update-or-create", "/{ID}/delete",
              "/{uuid}/read-value/{field}.{ext}"}  # fmt: skip
    assert {base + each for each in wanted} == set(paths)
