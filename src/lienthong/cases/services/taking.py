"""Who took a result, or in which parcel it went: asked wherever a result is returned."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from lienthong.cases import events
from lienthong.cases.models import Dossier, ReturnWay, Taker
from lienthong.cases.services.carrying import DOSSIER
from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.problems import Invalid, NotAccepted, Problem
from lienthong.foundation.fields.typed import compact
from lienthong.foundation.fields.types.identifiers import PersonId
from lienthong.foundation.ledger import services as ledger
from lienthong.identity.actors import Officer

_PERSON_ID = PersonId(key="person_id", label="number")
_PARCEL = re.compile("[0-9A-Z-]{6,30}")


class TakerNeeded(DomainError):
    """A result is given to somebody, and nobody was named."""

    code = "cases.taker_needed"


class TakingNotRight(NotAccepted):
    """What was said of who takes it is not right; `errors` are by the names of `Taking`, and `parcel`."""


@dataclass(frozen=True, slots=True)
class Taking:
    """Who takes a result. `mandate` is the paper by which somebody else than the applicant may."""

    name: str
    person_id: str
    capacity: Taker.Capacity
    mandate: str = ""

    @classmethod
    def by_applicant(cls, dossier: Dossier) -> Taking:
        return cls(dossier.applicant_name, dossier.applicant_person_id, Taker.Capacity.OWN)


def is_asked(dossier: Dossier) -> bool:
    """Whether somebody takes the result at the counter. That of a sub-dossier goes to the dossier that waits for it."""
    return dossier.return_way == ReturnWay.COUNTER and dossier.parent_id is None


def goes_by_post(dossier: Dossier) -> bool:
    """Whether the post brings the result, in a parcel that may have a number."""
    return dossier.return_way == ReturnWay.POST and dossier.parent_id is None


def taker_needed() -> TakerNeeded:
    return TakerNeeded(
        _("Say who takes the result."),
        way_out=_("Open the dossier and choose to give the result there, or give it at the counter."),
    )


def keep(dossier: Dossier, taking: Taking | None, parcel: str, officer: Officer) -> None:
    """Put down who took the result of a locked dossier, or the parcel in which the post brings it.

    Raises TakerNeeded, TakingNotRight.
    """
    if taking is None and is_asked(dossier):
        raise taker_needed()
    if taking is not None:
        _keep_taker(dossier, taking, officer)
    if parcel.strip():
        _keep_parcel(dossier, parcel)


def _keep_taker(dossier: Dossier, taking: Taking, officer: Officer) -> None:
    person_id = _checked(taking, dossier)
    mandate = taking.mandate.strip() if taking.capacity == Taker.Capacity.MANDATE else ""
    Taker.objects.create(
        dossier=dossier,
        name=taking.name.strip()[:200],
        person_id=person_id,
        capacity=taking.capacity,
        mandate=mandate[:300],
        taken_at=clock.now(),
        account_id=officer.account_id,
        post_id=officer.post_id,
    )
    ledger.record(
        events.RESULT_TAKEN,
        subject=(DOSSIER, dossier.pk),
        actor=officer,
        organisation_id=dossier.reception_id,
        data={"capacity": str(taking.capacity)},
    )


def _keep_parcel(dossier: Dossier, parcel: str) -> None:
    number = compact(parcel).upper()
    if dossier.return_way != ReturnWay.POST or not _PARCEL.fullmatch(number):
        raise TakingNotRight({"parcel": Problem("parcel", _("A parcel has a number such as EB123456789VN."))})
    dossier.parcel = number
    dossier.save(update_fields=["parcel"])


def _checked(taking: Taking, dossier: Dossier) -> str:
    """The identification number in its final form. Raises TakingNotRight with everything that is wrong."""
    wrong: dict[str, Problem] = {}
    number = ""
    if not taking.name.strip():
        wrong["name"] = Problem("required", _("Enter the name of who takes the result."))
    try:
        number = _PERSON_ID.parse(taking.person_id, Context(at=clock.today()))
    except Invalid as invalid:
        wrong["person_id"] = next(iter(invalid.problems.values()))
    own = taking.capacity == Taker.Capacity.OWN
    if own and number and dossier.applicant_person_id and number != dossier.applicant_person_id:
        wrong["person_id"] = Problem(
            "not_the_applicant", _("This is not the applicant's number; somebody else needs a mandate.")
        )
    if not own and not taking.mandate.strip():
        wrong["mandate"] = Problem("required", _("Say by which paper: its kind, number and day."))
    if wrong:
        raise TakingNotRight(wrong)
    return number
