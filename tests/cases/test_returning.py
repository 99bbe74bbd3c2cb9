"""How the result reaches the applicant: at the counter, by post, online."""

import pytest

from lienthong.cases import jobs, services
from lienthong.cases.models import Dossier, Paper, ReturnWay
from lienthong.cases.papers import forms
from lienthong.cases.rules import Status
from lienthong.cases.services import papers, returning
from lienthong.foundation import clock
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.foundation.ledger.queries import timeline
from tests import cast
from tests.cases import dossiers

pytestmark = pytest.mark.django_db

HOME = "Số 42, tổ dân phố 3, phường Nghĩa Trung, thành phố Gia Nghĩa"


@pytest.fixture(autouse=True)
def monday():
    with cast.on_monday():
        yield


def wanting(way: ReturnWay, address: str = "") -> services.Return:
    return services.Return(way, address)


def approved(way: ReturnWay) -> Dossier:
    dossier = dossiers.approved(returned=wanting(way, HOME))
    return Dossier.objects.get(pk=dossier.pk)


def sign(dossier: Dossier) -> None:
    """What the worker does after the approval, twice."""
    for entry in timeline(("dossier", dossier.pk)):
        if entry.kind == "cases.approved":
            jobs.sign_results(entry)
    for entry in timeline(("dossier", dossier.pk)):
        if entry.kind == "cases.signed":
            jobs.return_online(entry)
            jobs.return_online(entry)


def test_a_result_wanted_online_is_returned_when_it_is_signed_and_not_before():
    dossier = approved(ReturnWay.ONLINE)
    assert not returning.return_online(dossier_id=dossier.pk)
    sign(dossier)
    dossier.refresh_from_db()
    signed = Paper.objects.get(dossier=dossier, kind="result")
    assert (dossier.status, dossier.returned_at) == (Status.RETURNED, signed.issued_at)
    assert not dossier.visits.filter(done_at=None).exists()
    entries = [entry for entry in timeline(("dossier", dossier.pk)) if entry.kind == "cases.returned"]
    assert len(entries) == 1 and entries[0].account_id is None


@pytest.mark.parametrize("way", [ReturnWay.COUNTER, ReturnWay.POST])
def test_other_results_wait_for_the_clerk(way: ReturnWay):
    dossier = approved(way)
    sign(dossier)
    dossier.refresh_from_db()
    assert dossier.status == Status.FINISHED
    assert dossiers.visit(dossier, "tra-ket-qua")


def test_a_clerk_who_is_faster_leaves_nothing_to_do():
    dossier = approved(ReturnWay.ONLINE)
    dossiers.act(dossier, cast.CLERK, "tra-ket-qua", "tra-ket-qua")
    sign(dossier)
    assert [e.kind for e in timeline(("dossier", dossier.pk))].count("cases.returned") == 1


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (services.Return(ReturnWay.POST), "return_address"),
        (services.Return(ReturnWay.POST, "   "), "return_address"),
        (services.Return(ReturnWay.POST, "x" * 301), "return_address"),
    ],
)
def test_the_post_needs_an_address(wish: services.Return, field: str):
    with pytest.raises(NotAccepted) as refused:
        dossiers.submitted(returned=wish)
    assert list(refused.value.errors) == [field]


def test_the_receipt_says_where_the_result_is_fetched():
    said = {}
    for way in ReturnWay:
        dossier = dossiers.received(returned=wanting(way, HOME))
        paper = papers.make_receipt(dossier.pk, account_id=None, post_id=None, at=clock.now())
        assert paper
        said[way] = forms.receipt(Dossier.objects.get(pk=dossier.pk), paper, forms.Issued(person="")).result_at
    assert said[ReturnWay.COUNTER] == "Bộ phận Tiếp nhận và Trả kết quả thành phố Gia Nghĩa"
    assert said[ReturnWay.POST].endswith(HOME)
    assert said[ReturnWay.ONLINE].startswith("Trực tuyến")
    assert Dossier.objects.filter(return_way="counter").get().return_address == ""
