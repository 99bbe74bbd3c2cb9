"""Who may act for whom: reads of mandates, each limited to what the asking person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from lienthong.foundation import clock
from lienthong.identity import rules
from lienthong.identity.models import Business, Mandate
from lienthong.identity.queries import Actor, address_line, applicant_facts

PAGE = 30


def active_on(day: date) -> Q:
    """The mandates that count on a day, as `rules.is_active` says of one."""
    return Q(state__in=rules.ACTIVE_STATES, valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def counts(mandate: Mandate, *, procedure: str = "") -> bool:
    """Whether somebody may act by it today; for a procedure, where one is named."""
    active = rules.is_active(mandate.state, mandate.valid_from, mandate.valid_to, clock.today())
    return active and (not procedure or rules.covers(mandate.procedures, procedure))


def represented_by(account_id: int, procedure: str = "") -> list[Mandate]:
    """Whom a person may act for today, by name; in a procedure, where one is named. One query."""
    rows = Mandate.objects.filter(active_on(clock.today()), agent_id=account_id).select_related("business", "account")
    return [row for row in rows.order_by("name", "pk") if not procedure or rules.covers(row.procedures, procedure)]


def businesses_of(account_id: int) -> list[int]:
    """The businesses that a person represents by law today: their dossiers and papers are the person's to see."""
    rows = Mandate.objects.filter(active_on(clock.today()), agent_id=account_id, kind=Mandate.Kind.LEGAL)
    return list(rows.filter(business__isnull=False).values_list("business_id", flat=True))


def representatives_of(business_id: int) -> list[int]:
    """The accounts of those who represent a business by law today."""
    rows = Mandate.objects.filter(active_on(clock.today()), business_id=business_id, kind=Mandate.Kind.LEGAL)
    return list(rows.filter(agent__isnull=False).values_list("agent_id", flat=True).distinct())


def seen_by(person: Actor) -> QuerySet[Mandate]:
    """The mandates that a person may see: as the agent, as who is acted for, as who represents that business."""
    mine = Q(agent_id=person.account_id) | Q(account_id=person.account_id)
    represented = businesses_of(person.account_id)
    if represented:
        mine |= Q(business_id__in=represented)
        taxed = Business.objects.filter(pk__in=represented).values("tax_code")
        mine |= Q(for_business=True, state=Mandate.State.CLAIMED, identity__in=taxed)
    return Mandate.objects.filter(mine)


@dataclass(frozen=True)
class Mandates:
    """What a person's page of mandates shows."""

    waiting: Sequence[Mandate]
    """Claims on businesses the person represents, to be confirmed or refused."""
    acting: Sequence[Mandate]
    """Whom the person acts for, or says to."""
    given: Sequence[Mandate]
    """Who acts for the person, or for a business the person represents."""
    over: Sequence[Mandate]
    more: bool


def mandates_of(person: Actor) -> Mandates:
    """The newest of everything the person may see. Two queries, whatever there is."""
    most = PAGE * 4
    rows = list(seen_by(person).select_related("agent", "business", "account").order_by("-id")[: most + 1])
    live = [row for row in rows[:most] if not is_over(row)]
    waiting = [row for row in live if row.state == Mandate.State.CLAIMED and row.agent_id != person.account_id]
    acting = [row for row in live if row.agent_id == person.account_id]
    return Mandates(
        waiting=waiting,
        acting=acting,
        given=[row for row in live if row not in waiting and row not in acting],
        over=[row for row in rows[:most] if is_over(row)],
        more=len(rows) > most,
    )


def is_over(mandate: Mandate) -> bool:
    """Whether it can never count again."""
    past = mandate.valid_to is not None and mandate.valid_to < clock.today()
    return mandate.state == Mandate.State.REVOKED or past


def facts_of(mandate: Mandate) -> dict[str, str]:
    """What forms may know of whom the mandate is for, as `applicant_facts` of somebody who applies alone."""
    if mandate.account_id is not None:
        return applicant_facts(mandate.account_id)
    known = mandate.business or mandate
    return {
        "name": known.name,
        "person_id": "" if mandate.for_business else mandate.identity,
        "tax_code": mandate.identity if mandate.for_business else "",
        "phone": mandate.phone,
        "email": "",
        "address": address_line(known.address_unit, known.address_detail),
    }
