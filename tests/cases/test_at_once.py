"""Two people at once, over connections of their own."""

from threading import Barrier, Thread

from django.db import connection

from lienthong.cases import services
from lienthong.cases.models import StepVisit
from lienthong.cases.services.handling import DoneByOther
from tests import cast
from tests.cases import dossiers


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
