"""Every register of the library: it is published, and each has what its group needs."""

from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from lienthong.foundation import clock
from lienthong.foundation.definitions import services as definitions
from lienthong.foundation.fields.code_lists import CODE_LIST
from lienthong.foundation.organisations.queries import tree
from lienthong.identity import policy
from lienthong.identity.actors import Grant, HeldPost, Officer
from lienthong.registers import openapi
from lienthong.registers.definition import GROUPS, REGISTER, RegisterBody
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def library() -> None:
    with cast.on_monday():
        plan = definitions.plan([cast.SOURCE / "library"])
        assert not plan.problems, "\n".join(map(str, plan.problems))
        definitions.apply(plan)


def test_every_sector_database_has_its_registers_and_each_register_its_tables(library):
    bodies = [each.body for each in REGISTER.all()]
    per_group = Counter(body.group for body in bodies)
    groups = {item.code for item in CODE_LIST.current(GROUPS).body.items}
    assert per_group.keys() == groups and len(groups) >= 26
    assert min(per_group.values()) >= 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r'")
        tables = {name for (name,) in cursor.fetchall()}
    assert {name for body in bodies for name in (body.layout.table, body.layout.past)} <= tables
    assert all(body.about and body.sources for body in bodies)


def test_every_register_opens_lists_and_shows_its_forms_to_who_keeps_it(library, monkeypatch):
    """Drawn from their declarations alone: whatever a register declares can be shown."""
    client, seen = Client(), Counter[str]()
    client.force_login(cast.account(cast.HANDLER))
    with cast.on_monday():
        for body in (each.body for each in REGISTER.all()):
            officer = _writer(body)
            monkeypatch.setattr(policy, "actor_in", lambda request, officer=officer: officer)
            pages = ["registers:listing", "registers:enter", "registers:import_start", "registers:export_ask"]
            pages += ["registers:map"] if body.layout.places else []
            for page in pages:
                answer = client.get(reverse(page, args=[body.key]))
                assert answer.status_code == 200, f"{body.key}: {page} answers {answer.status_code}"
                seen[page] += 1
            described = openapi.document(body, body.leaves, server="/")
            assert described["components"]["schemas"]["Values"]["properties"], body.key
    assert seen["registers:listing"] == seen["registers:enter"] > 100 and seen["registers:map"] > 10


def _writer(body: RegisterBody) -> Officer:
    """Somebody who may write in the register, in an agency that keeps it."""
    keepers = tree().with_function(body.keepers[0], clock.today())
    assert keepers, f"{body.key}: no agency has the function {body.keepers[0]}"
    access = next(each for each in body.access if "write" in each.may and each.function in ("", body.keepers[0]))
    post = HeldPost(1, "Chuyên viên", keepers[0], frozenset({access.role}), frozenset[Grant]())
    return Officer(cast.account(cast.HANDLER).pk, "Nguyễn Thị Mai", (post,), post)
