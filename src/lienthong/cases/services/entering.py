"""What a signed result says to registers: worked out here, received by whoever keeps them."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from lienthong.cases import values
from lienthong.cases.models import Dossier, Paper
from lienthong.foundation import clock
from lienthong.foundation.fields import expressions
from lienthong.foundation.fields.data import Names, from_json
from lienthong.foundation.organisations.queries import tree
from lienthong.procedures.receiving import Outcome, registers
from lienthong.procedures.shapes import Enters, ProcedureBody, ResultPaper

NAMESPACE = uuid.UUID("0f6f5b0c-93b8-4c2e-9a2f-6d1c1f7f3c55")


def enter_result(paper_id: int) -> int:
    """Tell registers what a signed result says, as its procedure declares. May be done again: it is written once.

    Inside the caller's transaction. Says to how many registers it was told.
    """
    paper = Paper.objects.select_related("dossier__represented_business", "account").get(pk=paper_id)
    procedure = values.procedure_of(paper.dossier)
    declared = procedure.result(paper.key)
    room = registers()
    if room is None or not declared.enters or paper.issued_at is None:
        return 0
    names = _names(procedure, paper, declared)
    wanted = [
        (number, each)
        for number, each in enumerate(declared.enters)
        if each.when is None or expressions.holds(each.when, names)
    ]
    for number, enters in wanted:
        room.receive(_outcome(enters, number, names, paper, str(names["result"]["number"] or "")))
    return len(wanted)


def _outcome(enters: Enters, number: int, names: Mapping[str, Any], paper: Paper, printed: str) -> Outcome:
    assert paper.issued_at
    since = expressions.evaluate(enters.since, names)
    return Outcome(
        request=uuid.uuid5(NAMESPACE, f"{paper.verification} {number}"),
        register=enters.register_key,
        does=enters.does,
        find={key: expressions.evaluate(source, names) for key, source in enters.find.items()},
        values={key: expressions.evaluate(source, names) for key, source in enters.values.items()},
        since=since if type(since) is date else clock.local(paper.issued_at).date(),
        dossier_id=paper.dossier_id,
        dossier_code=paper.dossier.code or paper.dossier.tracking,
        paper_id=paper.pk,
        paper=paper.name,
        number=printed,
        organisation_id=paper.organisation_id,
    )


def _names(procedure: ProcedureBody, paper: Paper, declared: ResultPaper) -> dict[str, Any]:
    """What the expressions read: the application, the result's own fields, and the facts beside them."""
    dossier = paper.dossier
    return {
        **values.result_names(procedure, dossier, declared, paper.data),
        "result": _facts_of_result(procedure, paper, declared),
        "dossier": _facts_of_dossier(dossier),
        "answers": _answers(procedure, dossier),
        "applicant": _applicant(dossier),
    }


def _facts_of_result(procedure: ProcedureBody, paper: Paper, declared: ResultPaper) -> dict[str, Any]:
    agency, post = tree()[paper.organisation_id], tree().posts.get(paper.post_id or 0)
    assert paper.issued_at
    return {
        "number": (values.number_of(paper, procedure) if declared.number_symbol else "") or None,
        "day": clock.local(paper.issued_at).date(),
        "signer": paper.account.full_name if paper.account else None,
        "position": post.title if post else None,
        "agency": agency.name,
        "place": agency.place or None,
        "unit": agency.area or None,
    }


def _facts_of_dossier(dossier: Dossier) -> dict[str, Any]:
    return {
        "code": dossier.code or dossier.tracking,
        "title": dossier.title or None,
        "variant": dossier.variant or None,
        "submitted": clock.local(dossier.submitted_at).date(),
        "received": clock.local(dossier.received_at).date() if dossier.received_at else None,
    }


def _applicant(dossier: Dossier) -> dict[str, Any]:
    business = dossier.represented_business
    said = {
        "name": dossier.applicant_name,
        "person_id": dossier.applicant_person_id,
        "tax_code": business.tax_code if business else "",
        "phone": dossier.applicant_phone,
        "email": dossier.applicant_email,
        "address": dossier.applicant_address,
    }
    return {name: value or None for name, value in said.items()}


def _answers(procedure: ProcedureBody, dossier: Dossier) -> dict[str, Any]:
    """What officers filled in on the way, the last answer to each question; null where nobody was asked."""
    steps = {step.key: step for step in procedure.process.steps}
    found: dict[str, Any] = {field.key: None for step in steps.values() for a in step.actions for field in a.asks}
    context = values.context_of(dossier)
    for visit in dossier.visits.filter(opened_at__gte=dossier.submitted_at, done_at__isnull=False).order_by(
        "done_at", "id"
    ):
        action = steps[visit.step].action(visit.action) if visit.step in steps else None
        if action and visit.answers:
            read = Names(action.asks, from_json(action.asks, visit.answers), context)
            found |= {field.key: read[field.key] for field in action.asks}
    return found
