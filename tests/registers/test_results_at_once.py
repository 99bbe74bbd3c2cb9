"""Results in registers when two do the same at once, or something dies half-way."""

from functools import partial
from typing import Any

import pytest
from django.db import transaction

from lienthong.cases.models import Dossier, Paper
from lienthong.cases.services import entering
from lienthong.registers import services
from lienthong.registers.receiving import services as receiving
from lienthong.registers.receiving.models import Received
from lienthong.work.models import WorkItem
from tests import cast
from tests.at_once import at_once
from tests.registers.test_results import PERMITS, by_hand, everything, granted, taken, told


@pytest.fixture(autouse=True)
def monday(committed: None):
    with cast.on_monday():
        yield


def tell(paper_id: int) -> int:
    with transaction.atomic():
        return entering.enter_result(paper_id)


def paper_of(dossier: Dossier) -> int:
    return Paper.objects.get(dossier=dossier, kind="result").pk


def test_two_workers_that_tell_the_same_result_make_one_entry():
    paper_id = paper_of(granted())
    assert at_once(partial(tell, paper_id), partial(tell, paper_id)) == [1, 1]
    assert len(everything(PERMITS)) == 1 == Received.objects.count()


def test_a_worker_that_dies_half_way_leaves_nothing_and_the_next_one_does_all():
    paper_id = paper_of(granted())
    with pytest.raises(RuntimeError), transaction.atomic():
        entering.enter_result(paper_id)
        raise RuntimeError("killed")
    assert not Received.objects.exists() and not everything(PERMITS)
    tell(paper_id)
    assert len(everything(PERMITS)) == 1


def test_of_two_who_settle_one_result_at_once_one_writes_and_both_see_the_same():
    dossier = granted()
    by_hand()
    (row,) = told(dossier)
    raw = {**taken(), "so_giay_phep": "01A/GPXD"}

    def settle(username: str) -> int:
        officer: Any = cast.actor(username)

        def write(came: Received) -> Any:
            return services.enter(register=PERMITS, raw=raw, officer=officer, request=came.request)

        return receiving.complete(received_id=row.pk, officer=officer, write=write)

    first, other = at_once(partial(settle, cast.HANDLER), partial(settle, cast.OTHER_HANDLER))
    assert first == other and len(everything(PERMITS)) == 2
    assert not WorkItem.objects.filter(is_open=True, subject_type=receiving.SUBJECT).exists()
