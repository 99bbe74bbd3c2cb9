"""What an officer can do with a dossier beside its steps: give a step away, ask for time, take back a mistake."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.cases import services
from lienthong.cases.models import Dossier, Extension, StepVisit
from lienthong.cases.queries.counter import shops_of
from lienthong.cases.queries.pages import DossierPage
from lienthong.cases.rules import Status
from lienthong.cases.services import extending, moving
from lienthong.cases.services.applying import RECEIVE
from lienthong.cases.services.counter import withdraw_at_counter
from lienthong.cases.services.supplementing import may_withdraw
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import PostNode
from lienthong.identity.actors import Officer

REASON, DONE = _("Reason"), _("Done.")
_BEING_HANDLED = {Status.RECEIVED, Status.PROCESSING}


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in on the page of a deed."""

    reason: str = ""
    post: int | None = None
    day: date | None = None
    granted: bool = False


@dataclass(frozen=True, slots=True)
class Deed:
    """One that is possible now. `word` stands for it in addresses; `visit` is the step it is about, if it is."""

    word: str
    name: str | Promise
    do: Callable[[Filled], object]
    visit: StepVisit | None = None
    reason: str | Promise = REASON
    hint: str | Promise = ""
    reason_needed: bool = True
    posts: tuple[PostNode, ...] = ()
    asks_day: bool = False
    extension: Extension | None = None
    consequence: str | Promise = ""
    done: str | Promise = DONE

    @property
    def part(self) -> int:
        return self.visit.pk if self.visit else 0


def deeds(page: DossierPage, officer: Officer) -> list[Deed]:
    """In the order of the menu: by step, then what concerns the whole dossier."""
    return [*(deed for visit in page.open_visits for deed in _of_step(page, officer, visit)), *_of_all(page, officer)]


def decision(page: DossierPage, officer: Officer) -> Deed | None:
    """The decision on a new date that lies with the officer."""
    extension = page.extension
    if extension is None or extending.may_decide(officer, extension) is None:
        return None
    return Deed(
        "quyet-dinh-gia-han",
        _("Decide on a new date"),
        lambda filled: services.decide_extension(
            extension_id=extension.pk, officer=officer, grant=filled.granted, note=filled.reason
        ),
        reason=_("A word with it"),
        hint=_("Needed when you refuse it."),
        reason_needed=False,
        extension=extension,
        consequence=_("When you grant it, the applicant gets an apology with the new date, signed off by you."),
    )


def _of_step(page: DossierPage, officer: Officer, visit: StepVisit) -> Iterator[Deed]:
    step, dossier = page.step_of(visit), page.dossier
    mine = services.post_for(officer, visit, step) is not None
    if visit.waiting:
        if mine and dossier.status == Status.FINANCIAL:
            yield Deed(
                "da-nop-tien",
                _("The payment came"),
                lambda filled: services.settle(
                    dossier_id=dossier.pk, visit_id=visit.pk, officer=officer, note=filled.reason
                ),
                visit,
                reason=_("A word with it (if you like)"),
                reason_needed=False,
            )
        return

    def give(filled: Filled) -> Dossier:
        return services.transfer(
            dossier_id=dossier.pk,
            visit_id=visit.pk,
            post_id=filled.post or 0,
            officer=officer,
            reason=filled.reason,
        )

    own = moving.own_post_for_taking(officer, visit, step)
    if own is not None:
        takes = tuple(post for post in moving.takers(dossier, visit, step) if post.id == own)
        yield Deed("nhan-viec", _("Take the step over"), give, visit, posts=takes)
    if moving.may_transfer(officer, visit, step):
        others = tuple(post for post in moving.takers(dossier, visit, step) if post.id != visit.post_id)
        if others:
            yield Deed("chuyen-nguoi", _("Give the step to somebody else"), give, visit, posts=others)
    if mine and _can_be_postponed(page):
        yield Deed(
            "xin-gia-han",
            _("Ask for a new date"),
            lambda filled: (
                services.ask_extension(
                    dossier_id=dossier.pk,
                    visit_id=visit.pk,
                    officer=officer,
                    day=filled.day or date.min,
                    reason=filled.reason,
                ).dossier
            ),
            visit,
            asks_day=True,
            hint=_("The applicant reads these words in the apology."),
            done=_("Asked. Whoever signs the result decides."),
        )


def _can_be_postponed(page: DossierPage) -> bool:
    dossier = page.dossier
    open_for_it = dossier.status in _BEING_HANDLED and dossier.apologies < page.rule_set.apologies
    return open_for_it and page.extension is None and extending.deciding_step(page.procedure.process) is not None


def _of_all(page: DossierPage, officer: Officer) -> Iterator[Deed]:
    dossier = page.dossier
    correctable = dossier.received_at and dossier.status in _BEING_HANDLED and not dossier.signed
    if correctable and officer.posts_with(moving.CORRECT, tree()[dossier.competent_id]):
        yield Deed(
            "thu-hoi-tiep-nhan",
            _("Take the acceptance back"),
            lambda filled: services.undo_acceptance(dossier_id=dossier.pk, officer=officer, reason=filled.reason),
            consequence=_("The dossier goes back to reception without a due date. What was drafted is thrown away."),
        )
    if may_withdraw(dossier) and any(officer.posts_with(RECEIVE, shop) for shop in shops_of(dossier)):
        yield Deed(
            "rut-ho-so",
            _("The applicant withdraws it"),
            lambda filled: withdraw_at_counter(dossier_id=dossier.pk, officer=officer, reason=filled.reason),
            reason=_("What the applicant says"),
            hint=_("Compare the person with the card, and keep the written request."),
            consequence=_("This ends the dossier. It cannot be opened again."),
            done=_("The dossier was withdrawn."),
        )
