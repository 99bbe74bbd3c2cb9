"""The small pages, and what programs ask of the site."""

import pytest
from django.db import DatabaseError, connection
from django.test import Client

pytestmark = pytest.mark.django_db


def test_health_is_good_while_the_database_answers(client: Client):
    answer = client.get("/suc-khoe/")
    assert answer.status_code == 200 and answer.json() == {"database": True}


def test_health_is_bad_when_the_database_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch):
    def broken(*args: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", broken)
    assert client.get("/suc-khoe/").status_code == 503


def test_search_engines_are_kept_from_what_belongs_to_people(client: Client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "Disallow: /ho-so-cua-toi/" in lines and "Disallow: /tra-cuu/" in lines
    assert not any(line.startswith("Disallow: /thu-tuc") for line in lines)


def test_the_accessibility_statement_names_the_level_and_a_way_to_complain(client: Client):
    shown = client.get("/tiep-can/").content.decode()
    assert "WCAG 2.2" in shown and "02613 838 838" in shown
