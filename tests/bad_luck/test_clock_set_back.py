"""The clock of the host is set back while dossiers are under way: order, numbers, dates and sessions stay right."""

from datetime import timedelta

import pytest

from lienthong.cases import services
from lienthong.cases.models import Dossier
from lienthong.cases.queries.gates import open_visits_of
from lienthong.foundation import clock
from lienthong.foundation.ledger.queries import search
from lienthong.foundation.ledger.sealing import seal_now
from lienthong.foundation.ledger.verification import verify
from lienthong.foundation.numbering.services import dossier_code
from lienthong.simulation import invariants
from tests import cast
from tests.cases import dossiers

BACK = timedelta(days=2, hours=3)


def broken() -> dict[str, list[str]]:
    return {v.invariant.name: v.offenders for v in invariants.look() if v.offenders}


@pytest.mark.django_db
def test_a_dossier_goes_on_and_nothing_in_it_is_done_before_it_began():
    with clock.at(cast.MONDAY):
        dossier = dossiers.in_hand()
    with clock.at(cast.MONDAY - BACK):
        for username, step, action, rest in (
            (cast.HANDLER, "tham-dinh", "chuyen-kiem-tra", {}),
            (cast.HANDLER, "kiem-tra-thuc-dia", "phu-hop",
             {"answers": {"visited_on": "2025-02-28", "findings": "Đúng hiện trạng."}}),
            (cast.HANDLER, "du-thao", "du-thao", {"results": dossiers.RESULT}),
        ):  # fmt: skip
            dossier = dossiers.act(dossier, username, step, action, **rest)
        assert [visit.step for visit in open_visits_of(dossier)] == ["kiem-tra-du-thao"], "no step is lost from sight"
    with clock.at(cast.MONDAY + timedelta(hours=1)):
        dossier = dossiers.act(dossier, cast.HEAD, "kiem-tra-du-thao", "trinh-ky")
    assert broken() == {}
    told = list(reversed(search(subject=("dossier", dossier.pk)).entries))
    assert [entry.at for entry in told] == sorted(entry.at for entry in told), "the timeline is in its order"


@pytest.mark.django_db
def test_a_dossier_handed_in_before_is_received_with_a_due_date_that_gives_its_whole_time():
    with clock.at(cast.MONDAY):
        dossier = dossiers.submitted()
    with clock.at(cast.MONDAY - BACK):
        dossier = dossiers.act(dossier, cast.CLERK, "tiep-nhan", "tiep-nhan")
    with clock.at(cast.MONDAY):
        usual = dossiers.received()
    assert dossier.received_at == cast.MONDAY and dossier.due_at == usual.due_at
    assert "-250303-" in dossier.code and broken() == {}


@pytest.mark.django_db
def test_a_supplement_that_comes_before_it_was_asked_for_costs_the_agency_no_time():
    with clock.at(cast.MONDAY):
        asked = dossiers.in_hand()
        due = asked.due_at
        dossiers.act(asked, cast.HANDLER, "tham-dinh", "yeu-cau-bo-sung", reason="Thiếu bản vẽ móng.")
    with clock.at(cast.MONDAY - BACK):
        again = services.supplement(dossier_id=asked.pk, applicant=cast.actor(cast.AN), note="Tôi gửi lại bản vẽ.")
    assert again.due_at == due and again.paused_at is None
    assert broken() == {}


@pytest.mark.django_db
def test_a_withdrawal_ends_it_after_it_began():
    with clock.at(cast.MONDAY):
        dossier = dossiers.submitted()
    with clock.at(cast.MONDAY - BACK):
        services.withdraw(dossier_id=dossier.pk, applicant=cast.actor(cast.AN))
    kept = Dossier.objects.get(pk=dossier.pk)
    assert kept.finished_at == cast.MONDAY and broken() == {}


@pytest.mark.django_db
def test_numbers_go_on_where_their_day_stood():
    with clock.at(cast.MONDAY):
        first = dossier_code("H16.31")
    with clock.at(cast.MONDAY - BACK):
        before = dossier_code("H16.31")
    with clock.at(cast.MONDAY):
        second = dossier_code("H16.31")
    assert [first[-4:], before[-4:], second[-4:]] == ["0001", "0001", "0002"]
    assert len({first, before, second}) == 3


def test_the_ledger_is_whole_though_later_entries_say_an_earlier_time(committed):
    with clock.at(cast.MONDAY):
        dossiers.submitted()
    with clock.at(cast.MONDAY - BACK):
        dossiers.submitted()
    assert seal_now() > 0
    assert verify().sound


@pytest.mark.django_db
def test_who_is_signed_in_stays_so_until_the_session_is_over(client):
    client.force_login(cast.account(cast.AN))
    with clock.at(clock.now() - BACK):
        assert client.get("/tai-khoan/").status_code in (200, 302)
        assert "_auth_user_id" in client.session
