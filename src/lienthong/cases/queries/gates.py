"""Which dossiers a person may see: the one gate in front of every read."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lienthong.cases.models import Dossier, StepVisit
from lienthong.cases.queries.own import is_own, of_account, of_person
from lienthong.foundation import rows
from lienthong.foundation.errors import NotFound
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Citizen, Officer
from lienthong.identity.queries import Actor

SEE = ("cases.see", "cases.see-all")


class NoSuchDossier(NotFound):
    code = "cases.no_such_dossier"


def no_such_dossier() -> NoSuchDossier:
    """The same words whether it is not there or not for this person."""
    return NoSuchDossier(_("There is no such dossier, or it is not for you to see."))


def visible_to(actor: Actor) -> QuerySet[Dossier]:
    """The dossiers a person may see.

    An applicant sees the own ones, and those handed in for them. An officer sees those the agency is competent for or
    had a step in, and where the role says so those of the agencies below; beside them the own ones, though not those of
    a business that the officer represents: these are seen in the portal.
    """
    if isinstance(actor, Citizen):
        return Dossier.objects.filter(of_person(actor))
    here, below = scope_of(actor)
    at_work = StepVisit.objects.filter(dossier=OuterRef("pk"), opened_at__gte=OuterRef("submitted_at"))
    concerned = (
        Q(competent_id__in=here)
        | Q(competent__path__within_any=below)
        | Exists(at_work.filter(Q(organisation_id__in=here) | Q(organisation__path__within_any=below)))
    )
    return Dossier.objects.filter(concerned | of_account(actor))


def open_visits_of(dossier: Dossier) -> list[StepVisit]:
    """The steps a dossier is in, in the order they were opened."""
    return rows.fetch(
        StepVisit,
        "dossier_id = %s AND opened_at >= %s AND done_at IS NULL ORDER BY id",
        dossier.pk,
        dossier.submitted_at,
    )


def scope_of(officer: Officer) -> tuple[list[int], list[str]]:
    """Where an officer may see dossiers: ids of organisations, and paths (ltree) of whole subtrees."""
    here = {organisation for permission in SEE for organisation in officer.organisation_ids(permission)}
    below = {path for permission in SEE for path in officer.paths(permission)}
    return sorted(here), sorted(below)


def may_see(actor: Actor, dossier: Dossier) -> bool:
    """Whether a person may see a dossier: what `visible_to` says of a list, said of one, and what was opened for a
    dossier that the person may see. At most two queries, of a sub-dossier four."""
    if isinstance(actor, Citizen):
        return is_own(actor, dossier)
    if actor.account_id in (dossier.account_id, dossier.represented_account_id):
        return True
    agencies = tree()
    if _sees(actor, agencies[dossier.competent_id]):
        return True
    at_work = StepVisit.objects.filter(dossier=dossier, opened_at__gte=dossier.submitted_at)
    concerned = at_work.values_list("organisation_id", flat=True)
    if any(_sees(actor, agencies[organisation]) for organisation in set(concerned)):
        return True
    return dossier.parent is not None and may_see(actor, dossier.parent)


def _sees(officer: Officer, organisation: Node) -> bool:
    return any(officer.may(permission, organisation) for permission in SEE)


def dossier_for(actor: Actor, dossier_id: int) -> Dossier:
    """The one gate to a dossier. Raises NoSuchDossier for what the person may not see, as for what is not there."""
    found = rows.fetch(Dossier, "id = %s", dossier_id)
    if not found or not may_see(actor, found[0]):
        raise no_such_dossier()
    return found[0]


class Shown:
    """Dossiers as other rooms point to them."""

    def addresses(self, officer: Officer, dossier_ids: Collection[int]) -> dict[int, str]:
        seen = visible_to(officer).filter(pk__in=dossier_ids).order_by().values_list("pk", flat=True)
        return {pk: reverse("workspace:dossier", args=[pk]) for pk in seen}


SHOWN = Shown()
