"""Two people at once, over connections of their own."""

from functools import partial

from lienthong.cases import services
from lienthong.cases.models import Dossier, HandOver, StepVisit
from lienthong.cases.services import counter, handing_over
from lienthong.cases.services.handling import DoneByOther
from lienthong.cases.services.representing import MandateEnded
from lienthong.foundation.organisations.queries import by_key
from lienthong.identity.services import mandates
from lienthong.procedures.shapes import Verb
from tests import cast
from tests.at_once import at_once
from tests.cases import dossiers
from tests.cases.mandates import between
from tests.cases.test_counter import entry, take_in
from tests.cases.test_representing import filled


def test_of_two_officers_at_once_one_wins_and_the_other_is_told_by_whom(committed):
    with cast.on_monday():
        dossier = dossiers.submitted()
        visit = dossiers.visit(dossier, "tiep-nhan")
        officers = [cast.actor(cast.CLERK), cast.actor(cast.TWO_AGENCIES)]
    receive = partial(services.act, dossier_id=dossier.pk, visit_id=visit.pk, action="tiep-nhan")
    outcomes = at_once(*(partial(receive, officer=officer) for officer in officers))
    (told,) = (outcome for outcome in outcomes if isinstance(outcome, DoneByOther))
    winner = StepVisit.objects.get(pk=visit.pk).done_by
    assert winner and winner.full_name in str(told)
    assert StepVisit.objects.filter(dossier=dossier, step="phan-cong").count() == 1


def test_two_presses_at_the_counter_at_once_make_one_dossier(committed):
    with cast.on_monday():
        begun, officer = entry(), cast.actor(cast.CLERK)

    def press():
        return counter.take_in(key=begun.key, officer=officer, outcome=Verb.ACCEPT).pk

    outcomes = at_once(press, press, press)
    assert len(set(outcomes)) == 1 and Dossier.objects.count() == 1, outcomes


def test_of_two_clerks_who_make_the_same_list_one_makes_it(committed):
    with cast.on_monday():
        visit = dossiers.visit(take_in(entry()), "phan-cong").pk
        shop = by_key("thanh-pho-gia-nghia-van-phong-mot-cua").id
        officers = [cast.actor(cast.CLERK), cast.actor(cast.TWO_AGENCIES)]

    def make(officer):
        return lambda: handing_over.make_lists(place_id=shop, visit_ids=[visit], officer=officer)

    outcomes = at_once(*map(make, officers))
    assert sorted(isinstance(each, handing_over.NothingToHandOver) for each in outcomes) == [False, True], outcomes
    assert HandOver.objects.count() == 1


def test_of_handing_in_and_ending_the_mandate_at_once_one_comes_first(committed):
    """Either it was handed in while the mandate counted, or nothing was handed in."""
    with cast.on_monday():
        mandate = between()
        draft = filled(mandate)
        an, bich = cast.actor(cast.AN), cast.actor(cast.BICH)
    outcomes = at_once(
        lambda: services.submit_draft(key=draft.key, applicant=bich),
        lambda: mandates.revoke(actor=an, mandate_id=mandate.pk),
    )
    told = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert all(isinstance(each, MandateEnded) for each in told), told
    mandate.refresh_from_db()
    assert mandate.state == "revoked"
    assert Dossier.objects.count() + len(told) == 1
