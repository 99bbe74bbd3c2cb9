"""Who took a result: asked wherever one that is wanted at the counter is returned, by page, program or many at once."""

import pytest
from django.db import IntegrityError, transaction

from lienthong.cases import services
from lienthong.cases.models import Dossier, Taker
from lienthong.cases.queries.register import Filters, page_of_register, shop_of
from lienthong.cases.rules import Status
from lienthong.cases.services import bulk
from lienthong.cases.services.taking import TakerNeeded, Taking, TakingNotRight
from lienthong.foundation.ledger.queries import timeline
from tests import cast
from tests.cases import births, dossiers
from tests.workspace.conftest import desk

pytestmark = pytest.mark.django_db

AN_ID = "067085004127"


@pytest.fixture(autouse=True)
def monday():
    with cast.on_monday():
        yield


def hand_over(dossier: Dossier, **rest) -> Dossier:
    visit = dossiers.visit(dossier, "tra-ket-qua")
    return services.act(
        dossier_id=dossier.pk, visit_id=visit.pk, action="tra-ket-qua", officer=cast.actor(cast.CLERK), **rest
    )


def untouched(dossier: Dossier) -> bool:
    dossier.refresh_from_db()
    return dossier.status == Status.FINISHED and not Taker.objects.exists() and dossier.parcel == ""


def test_without_a_taker_nothing_is_returned_at_the_counter():
    dossier = dossiers.approved()
    with pytest.raises(TakerNeeded) as refused:
        hand_over(dossier)
    assert refused.value.way_out and untouched(dossier)


@pytest.mark.parametrize(
    ("taking", "wrong"),
    [
        (Taking("", "", Taker.Capacity.OWN), {"name", "person_id"}),
        (Taking("Nguyễn Văn An", "067185001234", Taker.Capacity.OWN), {"person_id"}),
        (Taking("Trần Thị Bích", "067185001234", Taker.Capacity.MANDATE), {"mandate"}),
        (Taking("Trần Thị Bích", "12", Taker.Capacity.MANDATE, "giấy số 1"), {"person_id"}),
    ],
)
def test_what_is_said_of_the_taker_has_to_be_right(taking, wrong):
    dossier = dossiers.approved()
    with pytest.raises(TakingNotRight) as refused:
        hand_over(dossier, taking=taking)
    assert set(refused.value.errors) == wrong and untouched(dossier)


def test_with_a_mandate_somebody_else_takes_it():
    dossier = dossiers.approved()
    taking = Taking("Trần Thị Bích", "067185001234", Taker.Capacity.MANDATE, "Giấy ủy quyền số 12")
    hand_over(dossier, taking=taking)
    taker = Taker.objects.get(dossier=dossier)
    assert (taker.name, taker.mandate, taker.post_id) == (taking.name, taking.mandate, cast.actor(cast.CLERK).post_id)
    assert [entry.kind for entry in timeline(("dossier", dossier.pk))][-1] == "cases.result_taken"


def test_by_post_nobody_is_asked_and_the_parcel_stands_in_the_register():
    plain, numbered = (dossiers.approved(returned=dossiers.BY_POST) for _n in range(2))
    hand_over(plain)
    hand_over(numbered, parcel=" eb123456789vn ")
    day = cast.MONDAY.date()
    shop = shop_of(cast.actor(cast.CLERK), "")
    lines = page_of_register(shop, Filters(first_day=day, last_day=day))
    assert {line.dossier.pk: line.taker for line in lines} == {plain.pk: "", numbered.pk: "EB123456789VN"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Dossier.objects.filter(pk=plain.pk).update(return_way="counter", parcel="EB123456789VN")


@pytest.mark.parametrize("parcel", ["12", "x" * 40, "EB 12; DROP", "số 1234567"])
def test_what_is_no_number_of_a_parcel_is_refused(parcel):
    dossier = dossiers.approved(returned=dossiers.BY_POST)
    with pytest.raises(TakingNotRight):
        hand_over(dossier, parcel=parcel)
    assert untouched(dossier)


def test_what_was_opened_for_another_dossier_is_taken_by_nobody():
    _dossier, residence, _insurance = births.passed_on()
    births.settled(residence)
    residence.refresh_from_db()
    assert residence.status == Status.RETURNED and not Taker.objects.exists()


def returned(picked) -> list[int]:
    return [offer.count for offer in bulk.offers(picked) if offer.kind == "return-result"]


def test_together_only_what_nobody_has_to_come_for_is_returned():
    counter, post = dossiers.approved(), dossiers.approved(returned=dossiers.BY_POST)
    picked = bulk.survey(cast.actor(cast.CLERK), [(counter.pk, 0), (post.pk, 0)])
    assert {each.dossier.pk: each.obstacle("return-result") != "" for each in picked} == {
        counter.pk: True,
        post.pk: False,
    }
    assert returned(picked) == [1]
    assert returned(bulk.survey(cast.actor(cast.CLERK), [(counter.pk, 0)])) == []


def test_a_program_says_who_takes_it():
    dossier = dossiers.approved()
    address = f"/api/v1/dossiers/{dossier.pk}/visits/{dossiers.visit(dossier, 'tra-ket-qua').pk}"
    client = desk(cast.CLERK)
    answer = client.post(address, {"action": "tra-ket-qua"}, content_type="application/json")
    assert answer.status_code == 422 and "cases.taker_needed" in answer.content.decode() and untouched(dossier)
    taking = {"name": "Nguyễn Văn An", "person_id": AN_ID}
    given = {"action": "tra-ket-qua", "taking": taking}
    answer = client.post(address, given, content_type="application/json")
    assert answer.status_code == 200 and Taker.objects.get(dossier=dossier).person_id == AN_ID
