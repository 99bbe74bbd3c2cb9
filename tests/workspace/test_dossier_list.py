"""The list of dossiers: what may be seen, found by code, name or place, at the same cost however long it is."""

import pytest
from django.test import Client

from lienthong.cases.queries import lists
from lienthong.cases.rules import Status
from tests import cast
from tests.browsing import queries_of
from tests.cases import dossiers
from tests.workspace import conftest
from tests.workspace.conftest import desk, page, text

pytestmark = pytest.mark.django_db


def found(username: str, query: str = "") -> list[int]:
    answer = desk(username).get(page("dossiers") + query)
    assert answer.status_code == 200
    return [row["dossier"].pk for row in answer.context["rows"]]


def test_strangers_and_citizens_do_not_come_in():
    assert Client().get(page("dossiers")).status_code == 302
    assert desk(cast.AN).get(page("dossiers")).status_code == 403


def test_everybody_sees_what_concerns_the_own_agency():
    dossier = dossiers.submitted()
    assert found(cast.CLERK) == [dossier.pk]
    for username in ("nam.tckh", cast.FIRE_POLICE, "quantri"):
        assert found(username) == []
        assert "Chưa có hồ sơ nào" in text(desk(username).get(page("dossiers")))


def test_a_dossier_is_found_by_words_without_accents_by_status_and_by_procedure():
    first, second = dossiers.received(), dossiers.submitted(cast.BICH, owner__full_name="Trần Thị Bích")
    assert found(cast.CLERK, "?tim=tran+thi+bich") == [second.pk]
    assert found(cast.CLERK, f"?trang-thai={Status.RECEIVED:d}") == [first.pk]
    assert found(cast.CLERK, f"?thu-tuc={dossiers.PERMIT}") == [second.pk, first.pk]
    assert found(cast.CLERK, "?thu-tuc=dang-ky-khai-sinh") == []
    assert "Không tìm thấy hồ sơ nào" in text(desk(cast.CLERK).get(page("dossiers") + "?tim=khongco"))


def test_a_code_leads_to_its_dossier_however_it_is_typed_or_scanned():
    dossier = dossiers.received()
    dossiers.received()
    clerk = desk(cast.CLERK)
    for typed in (
        dossier.code,
        f" {dossier.code.lower()} ",
        dossier.tracking,
        f"https://dichvucong.daknong.example/tra-cuu/?code={dossier.code}",
    ):
        answer = clerk.get(page("dossiers"), {"tim": typed})
        assert answer.status_code == 302 and answer["Location"] == page("dossier", dossier.pk), typed
    assert desk("nam.tckh").get(page("dossiers"), {"tim": dossier.code}).status_code == 200


def test_page_follows_page(monkeypatch):
    made = [dossiers.submitted().pk for _n in range(3)]
    monkeypatch.setattr(lists, "PAGE", 2)
    monkeypatch.setattr("lienthong.workspace.views.dossiers.PAGE", 2)
    first = desk(cast.CLERK).get(page("dossiers"))
    assert [row["dossier"].pk for row in first.context["rows"]] == [made[2], made[1]]
    older = desk(cast.CLERK).get(page("dossiers") + first.context["older"])
    assert [row["dossier"].pk for row in older.context["rows"]] == [made[0]]
    assert older.context["newest"] == "?"


@pytest.mark.parametrize(
    "query",
    [
        "?truoc=x",
        "?truoc=" + "9" * 40,
        "?truoc=-1",
        "?trang-thai=99",
        "?trang-thai=%00",
        "?thu-tuc=%00",
        "?tim=%00",
        "?tim=%22",
        "?tim=-",
        "?tim=%21%26%7C",
    ],
)
def test_nothing_in_an_address_breaks_the_list(query):
    dossiers.submitted()
    assert desk(cast.CLERK).get(page("dossiers") + query).status_code == 200


def test_the_list_costs_the_same_however_long_it_is():
    client = desk(cast.CLERK)
    dossiers.received()
    few = queries_of(lambda: client.get(page("dossiers")))
    for _n in range(3):
        dossiers.received()
    assert queries_of(lambda: client.get(page("dossiers"))) == few <= 8
    assert conftest.text(client.get(page("dossiers"))).count("data-row-link") == 4
