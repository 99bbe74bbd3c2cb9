"""Two people at once, over connections of their own."""

from threading import Barrier, Thread

from django.db import connection

from lienthong.cases import services
from lienthong.cases.models import Dossier, StepVisit
from lienthong.cases.services.handling import DoneByOther
from lienthong.cases.services.representing import MandateEnded
from lienthong.identity.services import mandates
from tests import cast
from tests.cases import dossiers
from tests.cases.mandates import between
from tests.cases.test_representing import filled


def test_of_two_officers_at_once_one_wins_and_the_other_is_told_by_whom(committed):
    with cast.on_monday():
        dossier = dossiers.submitted()
        visit = dossiers.visit(dossier, "tiep-nhan")
        officers = [cast.actor(cast.CLERK), cast.actor(cast.TWO_AGENCIES)]
    start, outcomes = Barrier(2), []

    def receive(officer):
        try:
            with cast.on_monday():
                start.wait()
                services.act(dossier_id=dossier.pk, visit_id=visit.pk, action="tiep-nhan", officer=officer)
            outcomes.append(officer.name)
        except DoneByOther as told:
            outcomes.append(told)
        finally:
            connection.close()

    threads = [Thread(target=receive, args=(officer,)) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winner = next(outcome for outcome in outcomes if isinstance(outcome, str))
    told = next(outcome for outcome in outcomes if isinstance(outcome, DoneByOther))
    assert winner in str(told)
    assert StepVisit.objects.filter(dossier=dossier, step="phan-cong").count() == 1


def test_of_handing_in_and_ending_the_mandate_at_once_one_comes_first(committed):
    """Either it was handed in while the mandate counted, or nothing was handed in."""
    with cast.on_monday():
        mandate = between()
        draft = filled(mandate)
        an, bich = cast.actor(cast.AN), cast.actor(cast.BICH)
    start, told = Barrier(2), []

    def run(act):
        try:
            with cast.on_monday():
                start.wait()
                act()
        except MandateEnded as error:
            told.append(error)
        finally:
            connection.close()

    acts = (
        lambda: services.submit_draft(key=draft.key, applicant=bich),
        lambda: mandates.revoke(actor=an, mandate_id=mandate.pk),
    )
    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    mandate.refresh_from_db()
    assert mandate.state == "revoked"
    assert Dossier.objects.count() + len(told) == 1
