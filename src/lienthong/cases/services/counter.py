"""Receiving at a counter: an application typed in by a clerk, handed in and accepted in one go."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.cases import events, prefilling, rules, values
from lienthong.cases.models import CounterEntry, Dossier, Paper, ReturnWay, StepVisit
from lienthong.cases.queries import no_such_dossier
from lienthong.cases.queries.counter import Known, counter_at, known, receivable, shops_of
from lienthong.cases.rules.counter import FACTS, Counted, counts_for, missing, read_card
from lienthong.cases.services import papers
from lienthong.cases.services.applying import RECEIVE, open_dossier
from lienthong.cases.services.carrying import Doing, Handled, calendar_now, carry_out, lock_dossier
from lienthong.cases.services.handling import act
from lienthong.cases.services.reading import DOSSIER_READ
from lienthong.cases.services.returning import LONGEST_ADDRESS, Return
from lienthong.cases.services.supplementing import take_back
from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.foundation.fields.cleaning import Cleaned, clean
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.data import Names
from lienthong.foundation.fields.problems import Invalid, NotAccepted, Problem
from lienthong.foundation.fields.types.identifiers import PersonId
from lienthong.foundation.ledger import services as ledger
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import HeldPost, Officer
from lienthong.identity.policy import require
from lienthong.procedures.queries import published
from lienthong.procedures.shapes import Component, ProcedureBody, Verb

Outcome = Literal[Verb.ACCEPT, Verb.REQUEST_SUPPLEMENT, Verb.REFUSE]
"""What a clerk can do with somebody's papers at once."""

COUNTER = ReturnWay.COUNTER.value

KEPT_FOR = timedelta(days=7)
"""So long an application that was begun and left is kept: it is about people."""

_PERSON_ID = PersonId(key="person_id", label="number")
_LONGEST_FACT = 300


class NoSuchEntry(NotFound):
    code = "cases.no_such_entry"


class NotReceivedHere(DomainError):
    code = "cases.not_received_here"


class NumberNotRight(DomainError):
    code = "cases.number_not_right"


@transaction.atomic
def begin_entry(*, officer: Officer, typed: str) -> CounterEntry:
    """Begin an application for who stands at the counter; `typed` is the number or what a scanner read from the card,
    empty for somebody without a number.

    What is known of the person is looked up, which is put on record. Raises NotAllowed, NumberNotRight.
    """
    counter_at(officer)
    card = read_card(typed) if typed.strip() else {}
    found = Known([], [])
    if typed.strip():
        card["person_id"] = _number(card.get("person_id") or typed)
        found = _look_up(officer, card["person_id"])
    return _begun(officer, person={**found.facts, **card}, found=[dossier.pk for dossier in found.dossiers])


def _number(typed: str) -> str:
    """Raises NumberNotRight with the words that the field for such a number has."""
    try:
        return _PERSON_ID.parse(typed.partition("|")[0].strip()[:30], Context(at=clock.today()))
    except Invalid as wrong:
        raise NumberNotRight(str(next(iter(wrong.problems.values())))) from wrong


def _look_up(officer: Officer, person_id: str) -> Known:
    found = known(person_id)
    where = officer.acting.organisation.id
    seen = [(DOSSIER_READ, dossier.pk) for dossier in found.dossiers]
    seen += [("account", account.pk) for account in found.accounts]
    for subject in seen or [("account", officer.account_id)]:
        data = {"purpose": "reception", "found": len(seen)}
        ledger.record(events.LOOKED_UP, subject=subject, actor=officer, organisation_id=where, data=data)
    return found


def _begun(
    officer: Officer, *, person: Mapping[str, str], found: list[int], together: uuid.UUID | None = None
) -> CounterEntry:
    now = clock.now()
    facts = {name: str(person.get(name) or "")[:_LONGEST_FACT] for name in FACTS}
    return CounterEntry.objects.create(
        account_id=officer.account_id,
        together=together or uuid.uuid4(),
        person={name: fact for name, fact in facts.items() if fact},
        found=found,
        created_at=now,
        updated_at=now,
    )


@transaction.atomic
def begin_another(*, officer: Officer, dossier_id: int) -> CounterEntry:
    """Begin one more application for the person whose dossier was just taken in; both come on one receipt.

    Raises NoSuchDossier for a dossier that somebody else took in.
    """
    counter_at(officer)
    dossier = own_dossier(dossier_id, officer)
    person = {
        "person_id": dossier.applicant_person_id,
        "name": dossier.applicant_name,
        "address": dossier.applicant_address,
        "phone": dossier.applicant_phone,
        "email": dossier.applicant_email,
    }
    return _begun(officer, person=person, found=[dossier.pk], together=dossier.together)


def entry_of(key: uuid.UUID, officer: Officer, *, lock: bool = False) -> CounterEntry:
    """The one gate to what a clerk types in: only to one's own. Raises NoSuchEntry."""
    entries = CounterEntry.objects.select_for_update() if lock else CounterEntry.objects.all()
    entry = entries.filter(key=key, account_id=officer.account_id).first()
    if entry is None:
        raise NoSuchEntry(_("This application was taken in or thrown away already."))
    return entry


def taken_in_from(key: uuid.UUID, officer: Officer) -> Dossier | None:
    """The dossier that an entry has become."""
    return Dossier.objects.filter(draft_key=key, entered_by_id=officer.account_id).first()


@transaction.atomic
def choose_procedure(*, key: uuid.UUID, officer: Officer, procedure_key: str, variant: str = "") -> CounterEntry:
    """What the person comes for, in one of its cases where it has several. The form begins with what is known of the
    person, the agency with the likeliest.

    Choosing the same again changes nothing; another case keeps what was typed. Raises NoSuchEntry, NotReceivedHere.
    """
    entry = entry_of(key, officer, lock=True)
    if (entry.procedure_key, entry.variant) == (procedure_key, variant):
        return entry
    body = next((body.in_variant(variant) for body in published() if body.key == procedure_key), None)
    agencies = receivable(body, officer) if body else []
    if body is None or not agencies or bool(body.variants) != bool(body.variant):
        raise NotReceivedHere(
            _("This counter does not receive this procedure."), way_out=_("Choose another, or send the person on.")
        )
    kept = values.answers(body.form, entry.data) if entry.procedure_key == procedure_key else {}
    entry.procedure_key, entry.competent_id = procedure_key, agencies[0].id
    entry.variant = body.variant.key if body.variant else ""
    entry.data = {**prefilling.begun(body, entry.person, context_of(entry, officer)), **kept}
    entry.counted = {}
    entry.return_way = COUNTER if COUNTER in body.return_ways else body.return_ways[0]
    return _touch(entry, "procedure_key", "variant", "competent", "data", "counted", "return_way")


@transaction.atomic
def save_entry(
    *,
    key: uuid.UUID,
    officer: Officer,
    raw: Mapping[str, Any],
    counted: Mapping[str, Counted],
    person: Mapping[str, str],
    competent_id: int | None,
    returned: Return,
    reason: str,
) -> CounterEntry:
    """Keep what was typed, right or wrong. Raises NoSuchEntry."""
    entry = entry_of(key, officer, lock=True)
    body = procedure_of(entry)
    entry.data = clean(body.form, raw, context_of(entry, officer), draft=True).raw
    entry.counted = {name: count.as_json() for name, count in counted.items() if count.any}
    entry.person = {**entry.person, **{name: person[name][:_LONGEST_FACT] for name in FACTS if name in person}}
    if competent_id in {node.id for node in receivable(body, officer)}:
        entry.competent_id = competent_id
    entry.return_way, entry.return_address = returned.way.value, returned.address.strip()[:LONGEST_ADDRESS]
    entry.reason = reason
    return _touch(entry, "data", "counted", "person", "competent", "return_way", "return_address", "reason")


def _touch(entry: CounterEntry, *names: str) -> CounterEntry:
    entry.updated_at = clock.now()
    entry.save(update_fields=[*names, "updated_at"])
    return entry


@transaction.atomic
def throw_away(*, key: uuid.UUID, officer: Officer) -> None:
    entry_of(key, officer, lock=True).delete()


def forget_left() -> int:
    """Delete what was begun and left long ago; says how many."""
    return CounterEntry.objects.filter(updated_at__lt=clock.now() - KEPT_FOR).delete()[0]


# the form as it stands


def procedure_of(entry: CounterEntry) -> ProcedureBody:
    """The procedure in force today, in the case that was chosen. Raises NotReceivedHere where there is none."""
    body = next((body.in_variant(entry.variant) for body in published() if body.key == entry.procedure_key), None)
    if body is None or (body.variants and not body.variant):
        raise NotReceivedHere(_("The procedure is not in force any more."), way_out=_("Choose another."))
    return body


def context_of(entry: CounterEntry, officer: Officer) -> Context:
    return values.context_for(officer.account_id, facts_of(entry), clerk=officer)


def return_of(entry: CounterEntry) -> Return:
    return Return(ReturnWay(entry.return_way), entry.return_address)


def facts_of(entry: CounterEntry) -> dict[str, str]:
    """Who stands there, by the names of `applicant_facts`."""
    return {name: entry.person.get(name, "") for name in ("name", "person_id", "phone", "email", "address")}


def asked_for(entry: CounterEntry, cleaned: Cleaned, context: Context) -> list[Component]:
    """The papers to be brought, as far as the form is filled in."""
    body = procedure_of(entry)
    names = Names(body.form, cleaned.values, context)
    return [component for component in values.components_asked(body, names) if counts_for(component)]


# taking it in


@transaction.atomic
def take_in(*, key: uuid.UUID, officer: Officer, outcome: Outcome) -> Dossier:
    """Hand an entry in and accept it, send it for more papers, or refuse it, in one go; it is then a dossier.

    Twice the same is the same dossier. Raises NoSuchEntry, NotAccepted with messages by field (the form's own
    paths, `components.<key>`, `competent`, `person.name`, `reason`), NotAllowed.
    """
    entry = CounterEntry.objects.select_for_update().filter(key=key, account_id=officer.account_id).first()
    if entry is None:
        if earlier := taken_in_from(key, officer):
            return earlier
        raise NoSuchEntry(_("This application was taken in or thrown away already."))
    body, context = procedure_of(entry), context_of(entry, officer)
    cleaned = clean(body.form, entry.data, context)
    errors = {**cleaned.errors, **_wanting(entry, body, Names(body.form, cleaned.values, context), outcome)}
    if errors:
        raise NotAccepted(errors)
    dossier = open_dossier(
        procedure_key=body.key,
        competent_key=tree()[entry.competent_id].key if entry.competent_id else None,
        raw=entry.data,
        actor=officer,
        idempotency_key=entry.key,
        walk_in=facts_of(entry),
        variant=entry.variant,
        returned=return_of(entry),
    )
    dossier.counted, dossier.together = entry.counted, entry.together
    dossier.save(update_fields=["counted", "together"])
    dossier = _settle(dossier, officer, outcome, entry.reason)
    entry.delete()
    return dossier


def _wanting(entry: CounterEntry, body: ProcedureBody, names: Names, outcome: Outcome) -> dict[str, Problem]:
    """What is wrong beside the form itself."""
    wrong = return_of(entry).problems(body)
    if not values.applicant_of(body, names, facts_of(entry))["applicant_name"].strip():
        wrong["person.name"] = Problem("required", _("Enter the name of the applicant."))
    if outcome is Verb.ACCEPT:
        short = missing(values.components_asked(body, names), entry.counted)
        for key in short:
            wrong[f"components.{key}"] = Problem("missing", _("Not enough was handed in."))
    elif not entry.reason.strip():
        wrong["reason"] = Problem("required", _("Say what is missing or why it is refused; the applicant reads it."))
    return wrong


def _settle(dossier: Dossier, officer: Officer, outcome: Outcome, reason: str) -> Dossier:
    """Act in the reception step that was just opened, by the action that the procedure declares for it."""
    visit = StepVisit.objects.get(dossier=dossier, opened_at__gte=dossier.submitted_at, done_at=None)
    step = values.procedure_of(dossier).process.step(visit.step)
    action = next((action for action in step.actions if action.does is outcome), None)
    if action is None:
        raise NotReceivedHere(_("The procedure does not offer this at reception."))
    note = "" if outcome is Verb.ACCEPT else reason
    return act(dossier_id=dossier.pk, visit_id=visit.pk, action=action.key, officer=officer, reason=note)


def own_dossier(dossier_id: int, officer: Officer) -> Dossier:
    """A dossier that the clerk took in at the counter. Raises NoSuchDossier for others, as for what is not there."""
    dossier = Dossier.objects.filter(pk=dossier_id, entered_by_id=officer.account_id, together__isnull=False).first()
    if dossier is None:
        raise no_such_dossier()
    return dossier


@transaction.atomic
def paper_at_once(dossier_id: int, *, officer: Officer) -> Paper | None:
    """The form that goes into the person's hand now (01, 02 or 03), made without waiting for the job that would."""
    dossier = Dossier.objects.get(pk=dossier_id)
    if dossier.received_at and dossier.status == rules.Status.RECEIVED:
        at = dossier.received_at
        return papers.make_receipt(dossier_id, account_id=officer.account_id, post_id=officer.post_id, at=at)
    issued = dossier.papers.filter(kind__in=("supplement-request", "refusal")).order_by("-pk").first()
    return papers.make_form(issued.pk) if issued else None


@transaction.atomic
def bring_supplement(
    *, dossier_id: int, officer: Officer, counted: Mapping[str, Counted], note: str = "", accept: bool = True
) -> Dossier:
    """Take in at the counter what was missing; the clock goes on. A dossier that reception itself had sent for papers
    is accepted at once, if `accept` and nothing is missing any more.

    Raises NoSuchDossier, NotAllowed, NotWaiting, NotAccepted.
    """
    now, handled = clock.now(), lock_dossier(dossier_id)
    dossier = handled.dossier
    require_counter(officer, dossier)
    brought = {name: count for name, count in counted.items() if count.any}
    if not brought and not note.strip():
        raise NotAccepted({"": Problem("required", _("Count what was brought, or write what was said."))})
    transition = rules.supplement(handled.process, handled.terms, handled.state, now=now, calendar=calendar_now())
    total = {name: Counted.of(dossier.counted.get(name)) + count for name, count in brought.items()}
    dossier.counted = {**dossier.counted, **{name: count.as_json() for name, count in total.items()}}
    dossier.save(update_fields=["counted"])
    waiting = next(visit for visit in handled.visits.values() if visit.waiting)
    waiting.reply = note.strip()
    waiting.save(update_fields=["reply"])
    carry_out(handled, transition, event=events.SUPPLEMENTED, actor=officer, doing=Doing(), now=now)
    if accept and waiting.step == handled.process.first.key and not still_missing(handled):
        return _settle(dossier, officer, Verb.ACCEPT, "")
    return dossier


@transaction.atomic
def withdraw_at_counter(*, dossier_id: int, officer: Officer, reason: str) -> Dossier:
    """Take a dossier back for the applicant, who stands at the counter and asks for it; `reason` is what they say.

    Raises NoSuchDossier, NotAllowed, rules.ReasonNeeded, TooLateToWithdraw, PartOfAnother.
    """
    handled = lock_dossier(dossier_id)
    post = require_counter(officer, handled.dossier)
    if not reason.strip():
        raise rules.ReasonNeeded(_("Say why: the reason is part of the dossier."))
    doing = Doing("withdraw", note=reason.strip(), account_id=officer.account_id, post_id=post.id)
    return take_back(handled, actor=officer, doing=doing)


def require_counter(officer: Officer, dossier: Dossier) -> HeldPost:
    """The post in which an officer serves the applicant of a dossier. Raises NotAllowed."""
    posts = [post for shop in shops_of(dossier) for post in officer.posts_with(RECEIVE, shop)]
    return posts[0] if posts else require(officer, RECEIVE, tree()[dossier.reception_id])


def still_missing(handled: Handled) -> dict[str, Counted]:
    asked = values.components_asked(handled.procedure, handled.dossier)
    return missing(asked, handled.dossier.counted)


def with_everything(components: list[Component], counted: Mapping[str, Counted]) -> dict[str, Counted]:
    """The checklist where every paper that has to be there is: what was counted more than needed stays."""
    filled = dict(counted)
    for component in components:
        have = filled.get(component.key, Counted())
        if component.required and not have.waived:
            filled[component.key] = replace(
                have,
                originals=max(have.originals, component.originals),
                certified=max(have.certified, component.certified),
                copies=max(have.copies, component.copies),
            )
    return filled
