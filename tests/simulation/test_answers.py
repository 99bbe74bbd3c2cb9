"""Any declared form can be filled in, by applicants and by officers, and what is answered is accepted."""

from datetime import date

import pytest

from lienthong.foundation import clock
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.code_lists import PUBLISHED
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.field_list import FieldList
from lienthong.procedures.definition import PROCEDURE
from lienthong.simulation import people
from lienthong.simulation.answers import Answers
from lienthong.simulation.chance import dice
from tests import cast

pytestmark = pytest.mark.django_db
DAY = date(2025, 3, 3)
SEEDS = 40


def context() -> Context:
    return Context(at=DAY, lists=PUBLISHED, province="67")


def answers(seed: int) -> Answers:
    places = people.places_below(PUBLISHED.code_list("administrative-units", DAY), "67", DAY)
    applicant = people.person(dice(seed), places[seed % len(places)], DAY)
    return Answers(seed, context(), applicant, places)


def accepted(fields: FieldList, seed: int) -> int:
    """How often the answers had to be mended until they were accepted."""
    filled = answers(seed)
    raw = filled.fill(fields)
    for tries in range(4):
        errors = clean(fields, raw, context()).errors
        if not errors:
            return tries
        raw = filled.mend(fields, raw, errors)
    raise AssertionError({path: str(problem) for path, problem in errors.items()})


@pytest.mark.parametrize("key", ["form", "results", "asks"])
def test_every_declared_procedure_can_be_filled_in(key):
    with clock.at(cast.MONDAY):
        for procedure in PROCEDURE.all():
            body = procedure.body
            lists = {
                "form": [body.form],
                "results": [result.fields for result in body.results],
                "asks": [action.asks for step in body.process.steps for action in step.actions],
            }[key]
            tries = [accepted(fields, seed) for fields in lists for seed in range(SEEDS)]
            assert sum(tries) <= len(tries) / 2, f"{body.key}: most answers are right at once"
