"""What a clerk at a counter sees: what is taken in here, who stands there, what lies unfinished."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lienthong.cases.codes import tidy
from lienthong.cases.models import CounterEntry, Dossier, StepVisit
from lienthong.cases.queries.gates import may_see, no_such_dossier
from lienthong.cases.rules import Status
from lienthong.cases.services.applying import RECEIVE, counter_of
from lienthong.cases.services.drafting import offering
from lienthong.cases.values import procedure_of
from lienthong.foundation import clock
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer
from lienthong.identity.models import Account
from lienthong.identity.queries import address_line
from lienthong.procedures.queries import published, search
from lienthong.procedures.shapes import ProcedureBody, StepKind

MOST_FOUND = 9
"""Procedures on offer at once: each has a digit as its key."""

LATEST = 200
"""So many of the last dossiers of a counter say which procedures are usual there."""

EARLIER = 5
MOST_ENTRIES = 20
MOST_TOGETHER = 50


def counters_of(officer: Officer) -> list[Node]:
    """The one-stop shops in which the officer receives, the one of the acting post first."""
    posts = (officer.acting, *officer.posts)
    return list(dict.fromkeys(p.organisation for p in posts if officer.posts_with(RECEIVE, p.organisation)))


def counter_at(officer: Officer) -> Node:
    """The one-stop shop in which the officer sits now. Raises NotAllowed."""
    found = counters_of(officer)
    if not found:
        raise NotAllowed(_("Your posts do not include receiving at a counter."))
    return found[0]


def receivable(procedure: ProcedureBody, officer: Officer) -> list[Node]:
    """The competent agencies for which the officer may receive this procedure, those nearest to the counter first."""
    here = counter_at(officer).path
    nodes = [node for node in offering(procedure) if _receives(officer, procedure, node)]
    return sorted(nodes, key=lambda node: -sum(step in here for step in node.path))


def _receives(officer: Officer, procedure: ProcedureBody, competent: Node) -> bool:
    try:
        counter_of(officer, procedure, competent)
    except NotAllowed:
        return False
    return True


def procedures_for(officer: Officer, text: str) -> list[ProcedureBody]:
    """The likeliest procedures for what was typed, of those received here; each case of a procedure for itself. No
    query."""
    return _first(search(text), officer)


def usual_procedures(officer: Officer) -> list[ProcedureBody]:
    """What this counter receives most, of late; then others, so that the list is never empty. One query."""
    shop = counter_at(officer)
    latest = Dossier.objects.filter(reception_id=shop.id, received_at__isnull=False).order_by("-received_at", "-id")
    counted = Counter(latest.values_list("procedure_key", flat=True)[:LATEST])
    by_key = {body.key: body for body in published()}
    usual = [by_key.pop(key) for key, _times in counted.most_common() if key in by_key]
    return _first([*usual, *by_key.values()], officer)


def _first(bodies: Iterable[ProcedureBody], officer: Officer) -> list[ProcedureBody]:
    found: list[ProcedureBody] = []
    for body in bodies:
        if len(found) == MOST_FOUND:
            break
        if receivable(body, officer):
            found += [body.in_variant(variant.key) for variant in body.variants] or [body]
    return found[:MOST_FOUND]


# who stands there


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody by the identification number: the own accounts, the last dossiers in the province."""

    accounts: list[Account]
    dossiers: list[Dossier]

    @property
    def facts(self) -> dict[str, str]:
        """By the names of `rules.counter.FACTS`. What was said to a clerk goes before what somebody typed into an
        account, which nobody has checked."""
        found: dict[str, str] = {}
        for account in reversed(self.accounts):
            person = account.person
            found |= _filled(
                name=account.full_name,
                born=person.born.isoformat() if person.born else "",
                gender=person.gender,
                address=address_line(person.address_unit, person.address_detail),
                phone=account.phone,
                email=account.email,
            )
        if self.dossiers:
            last = self.dossiers[0]
            found |= _filled(
                name=last.applicant_name,
                address=last.applicant_address,
                phone=last.applicant_phone,
                email=last.applicant_email,
            )
        return found


def _filled(**facts: str) -> dict[str, str]:
    return {name: value for name, value in facts.items() if value}


def known(person_id: str) -> Known:
    """Two queries. Whoever asks puts it on record."""
    accounts = Account.objects.filter(person__person_id=person_id, is_active=True).select_related("person")
    return Known(
        accounts=list(accounts.order_by(F("person__confirmed_at").asc(nulls_last=True), "pk")[:2]),
        dossiers=list(Dossier.objects.filter(applicant_person_id=person_id).order_by("-id")[:EARLIER]),
    )


# what lies unfinished, what was handed in


def entries_of(officer: Officer) -> list[CounterEntry]:
    """What the clerk has begun and not finished, the last touched first."""
    return list(CounterEntry.objects.filter(account_id=officer.account_id).order_by("-updated_at")[:MOST_ENTRIES])


def together_with(dossier: Dossier) -> list[Dossier]:
    """The dossiers that were handed in with this one, itself among them, in their order."""
    if dossier.together is None:
        return [dossier]
    return list(Dossier.objects.filter(together=dossier.together).order_by("id")[:MOST_TOGETHER])


def received_together(officer: Officer, together: UUID) -> list[Dossier]:
    """Those of them that were accepted, for one receipt. Raises NoSuchDossier for what is not to be seen."""
    dossiers = list(Dossier.objects.filter(together=together, received_at__isnull=False).order_by("id")[:MOST_TOGETHER])
    if not dossiers or not all(may_see(officer, dossier) for dossier in dossiers):
        raise no_such_dossier()
    return dossiers


# what waits at the counter for somebody


@dataclass(frozen=True, slots=True)
class AtCounter:
    """A dossier whose next step is done with the person at the counter: a result to give, a supplement to take."""

    dossier: Dossier
    visit: StepVisit
    gives_result: bool

    @property
    def shops(self) -> list[Node]:
        """Where it is done."""
        return [tree()[self.dossier.reception_id]] if self.gives_result else shops_of(self.dossier)


def shops_of(dossier: Dossier) -> list[Node]:
    """The one-stop shops that serve the applicant of a dossier: of one that was opened for another also that in which
    the person handed the other in, who knows no other."""
    at = [dossier.reception_id, *([dossier.parent.reception_id] if dossier.parent else [])]
    return [tree()[organisation] for organisation in dict.fromkeys(at)]


def waiting_at_counter(officer: Officer, text: str) -> list[AtCounter]:
    """Dossiers that wait at the officer's counters, by code, reference or identification number. Two queries."""
    dossiers = list(_looked_up(text).select_related("parent"))
    shops = set(counters_of(officer))
    visits = StepVisit.objects.filter(dossier__in=dossiers, done_at=None).order_by("id")
    by_dossier = {dossier.pk: dossier for dossier in dossiers}
    found = (at_counter(by_dossier[visit.dossier_id], visit) for visit in visits)
    return [each for each in found if each and shops.intersection(each.shops)]


def at_counter(dossier: Dossier, visit: StepVisit) -> AtCounter | None:
    step = procedure_of(dossier).process.step(visit.step)
    if step.kind is StepKind.RETURN and not visit.waiting:
        return AtCounter(dossier, visit, gives_result=True)
    waits = visit.waiting and dossier.status == Status.SUPPLEMENT
    return AtCounter(dossier, visit, gives_result=False) if waits else None


def _looked_up(text: str) -> QuerySet[Dossier]:
    code = tidy(text)
    if code.isascii() and code.isdecimal() and len(code) == 12:
        return Dossier.objects.filter(Q(applicant_person_id=code)).order_by("-id")[:MOST_ENTRIES]
    return Dossier.objects.filter(Q(code=code) | Q(tracking=code))[:2]


def today_taken_in(officer: Officer) -> int:
    """How many dossiers the clerk has accepted, refused or sent for more papers at this counter today."""
    shop = counter_at(officer)
    done = StepVisit.objects.filter(
        organisation_id=shop.id, done_at__gte=clock.day_start(clock.today()), done_by_id=officer.account_id
    )
    return done.count()
