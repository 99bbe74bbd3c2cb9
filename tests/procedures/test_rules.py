"""A process that could not work is refused, at the place where it is wrong."""

from collections.abc import Callable
from typing import Any

import pytest

from lienthong.procedures import rules
from tests.procedures.processes import FUNCTIONS, ROLES, action, body, permit, step

Declared = dict[str, Any]


def problems(declared: Declared) -> list[tuple[tuple[str | int, ...], str]]:
    found = rules.problems(body(declared), roles=ROLES, functions=FUNCTIONS)
    return [(problem.path, str(problem.message)) for problem in found]


def test_a_process_that_works_has_no_problems():
    assert problems(permit()) == []


def _unknown_role(d: Declared) -> None:
    step(d, "examine")["role"] = "wizard"


def _unknown_function(d: Declared) -> None:
    step(d, "police")["at"] = "moon"


def _to_nowhere(d: Declared) -> None:
    action(d, "sign", "sign")["to"] = "heaven"


def _leads_nowhere(d: Declared) -> None:
    del action(d, "assign", "assign")["to"]


def _unreachable(d: Declared) -> None:
    d["process"]["steps"].append({**step(d, "assign"), "key": "island"})


def _circle(d: Declared) -> None:
    action(d, "sign", "back")["back"] = False


def _too_long(d: Declared) -> None:
    step(d, "examine")["limit"] = "12 working days"


def _too_long_beside(d: Declared) -> None:
    step(d, "police")["limit"] = "12 working days"


def _no_reception(d: Declared) -> None:
    d["process"]["steps"] = d["process"]["steps"][1:]


def _no_acceptance(d: Declared) -> None:
    step(d, "receive")["actions"] = [action(d, "receive", "refuse")]


def _late_refusal(d: Declared) -> None:
    action(d, "examine", "stop")["does"] = "refuse"


def _unanswerable(d: Declared) -> None:
    step(d, "police")["actions"] = [{"key": "x", "name": "X", "does": "stop"}]


def _consults_a_plain_step(d: Declared) -> None:
    action(d, "examine", "consult")["opens"] = ["sign"]


def _unknown_result(d: Declared) -> None:
    action(d, "examine", "draft")["results"] = ["passport"]


def _never_approved(d: Declared) -> None:
    action(d, "sign", "sign")["does"] = "forward"


def _twice(d: Declared) -> None:
    d["process"]["steps"].append(step(d, "return"))


def _unknown_name_in_condition(d: Declared) -> None:
    action(d, "examine", "consult")["when"] = "storeys > 2"


CASES: list[tuple[Callable[[Declared], None], str, str]] = [
    (_unknown_role, "process.steps.2.role", "wizard"),
    (_unknown_function, "process.steps.3.at", "moon"),
    (_to_nowhere, "process.steps.4.actions.0.to", "heaven"),
    (_leads_nowhere, "process.steps.1.actions.0", "assign"),
    (_unreachable, "process.steps.6", "island"),
    (_circle, "process.steps.2", "examine"),
    (_too_long, "limit", "10 working days"),
    (_too_long_beside, "limit", "10 working days"),
    (_no_reception, "process.steps.0.kind", "reception"),
    (_no_acceptance, "process.steps.0.actions", "accept"),
    (_late_refusal, "process.steps.2.actions.2.does", "refuse"),
    (_unanswerable, "process.steps.3", "police"),
    (_consults_a_plain_step, "process.steps.2.actions.1.opens", "sign"),
    (_unknown_result, "process.steps.2.actions.3.results", "passport"),
    (_never_approved, "process.steps", "approve"),
    (_twice, "process.steps.6.key", "return"),
    (_unknown_name_in_condition, "process.steps.2.actions.1.when", "storeys"),
]


@pytest.mark.parametrize(("spoil", "place", "word"), CASES, ids=[case[0].__name__.strip("_") for case in CASES])
def test_a_process_that_cannot_work_is_refused_at_its_place(spoil, place, word, settings):
    from django.utils import translation

    declared = permit()
    spoil(declared)
    with translation.override("en"):
        found = problems(declared)
    places = {".".join(map(str, path)): message for path, message in found}
    assert place in places, found
    assert word in places[place]


def _two_cases(declared: Declared) -> Declared:
    declared["variants"] = [
        {"key": "new", "name": "Cấp mới"},
        {"key": "again", "name": "Cấp lại", "limit": "12 working days", "process": permit()["process"]},
    ]
    declared["limit_online"] = "8 working days"
    declared["components"] = [
        {"key": "both", "name": "Bản vẽ"},
        {"key": "old", "name": "Giấy phép cũ", "variants": ["again"]},
    ]
    declared["fees"] = [{"key": "fee", "name": "Lệ phí", "kind": "fee", "amount": 1, "variants": ["new"]}]
    return declared


def test_a_variant_has_its_own_parts_and_the_rest_of_the_procedure():
    whole = body(_two_cases(permit()))
    new, again = whole.in_variant("new"), whole.in_variant("again")
    assert [c.key for c in new.components] == ["both"] and [c.key for c in again.components] == ["both", "old"]
    assert (len(new.fees), len(again.fees)) == (1, 0)
    assert new.limit_of(online=True).text == "8 ngày làm việc"
    assert again.limit_of(online=True).text == again.limit_of(online=False).text == "12 ngày làm việc"
    assert again.full_name == "Cấp giấy phép – Cấp lại"
    assert whole.in_variant("") is whole and whole.in_variant("new") is new


def test_what_is_wrong_in_a_variant_is_told_at_its_place_and_once():
    declared = _two_cases(permit())
    declared["limit_online"] = None
    assert problems(declared) == []
    declared["variants"][1]["process"]["steps"][2]["role"] = "wizard"
    declared["components"][1]["when"] = "storeys > 2"
    declared["components"][0]["variants"] = ["nobody"]
    places = [".".join(map(str, path)) for path, _message in problems(declared)]
    assert sorted(places) == ["components.0.variants", "components.1.when", "variants.1.process.steps.2.role"]
    declared["variants"] = declared["variants"][:1]
    assert ("variants",) in {path for path, _message in problems(declared)}


def test_a_dead_end_is_found():
    declared = permit()
    step(declared, "return")["actions"] = [{"key": "again", "name": "Lại", "to": "sign", "back": True}]
    step(declared, "receive")["actions"] = [action(declared, "receive", "accept")]
    action(declared, "examine", "stop")["does"] = "forward"
    action(declared, "examine", "stop")["to"] = "sign"
    assert {path for path, _ in problems(declared)} >= {("process", "steps", 5), ("process", "steps", 4)}
