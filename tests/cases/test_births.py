"""The interlinked group of births: one application, three agencies, three results."""

from datetime import timedelta

import pytest

from lienthong.cases import services
from lienthong.cases.models import Component, Dossier, Paper, StepVisit
from lienthong.cases.papers import control
from lienthong.cases.queries.pages import page_of
from lienthong.cases.rules import AlreadyConsulted, ConsultationOpen, Status
from lienthong.cases.services import returning, subordinate
from lienthong.cases.services.drafting import NotOffered
from lienthong.cases.services.handling import DoneByOther
from lienthong.cases.services.papers import control_slip
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import tree
from lienthong.work.models import WorkItem
from tests import cast
from tests.cases import births, dossiers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with cast.on_monday():
        yield


def stations(dossier: Dossier) -> list[tuple[str, str]]:
    page = page_of(Dossier.objects.get(pk=dossier.pk))
    return [(station.name, station.state) for station in page.stations]


def test_one_application_comes_to_three_results():
    dossier, residence, insurance = births.passed_on()
    assert stations(dossier) == [
        ("Tiếp nhận", "done"),
        ("Khai sinh", "done"),
        ("Đăng ký thường trú", "now"),
        ("Cấp thẻ bảo hiểm y tế", "now"),
        ("Trả kết quả", "next"),
    ]
    births.settled(residence)
    with pytest.raises(ConsultationOpen):
        dossiers.act(dossier, births.CIVIL_STATUS, "tong-hop", "hoan-tat")
    births.settled(insurance)
    assert stations(dossier)[2:] == [
        ("Đăng ký thường trú", "done"),
        ("Cấp thẻ bảo hiểm y tế", "done"),
        ("Trả kết quả", "now"),
    ]
    dossiers.act(dossier, births.CIVIL_STATUS, "tong-hop", "hoan-tat")
    ended = dossiers.act(dossier, births.CLERK, "tra-ket-qua", "tra-ket-qua")
    assert ended.status == Status.RETURNED
    assert not StepVisit.objects.filter(late=True).exists()
    assert not WorkItem.objects.filter(is_open=True).exists()


def test_the_other_agencies_get_what_the_birth_certificate_says_and_the_signed_file():
    dossier, residence, insurance = births.passed_on()
    certificate = Paper.objects.get(dossier=dossier, kind="result")
    child = residence.data["child"]
    assert (child["person_id"], child["certificate"], child["certified_on"]) == (
        "067325005536",
        certificate.number,
        "2025-03-03",
    )
    assert insurance.data["child"]["person_id"] == "067325005536"
    handed_on = Component.objects.filter(dossier__in=[residence, insurance], component="giay-khai-sinh")
    assert {component.file_id for component in handed_on} == {certificate.file_id} and len(handed_on) == 2
    police, office = tree()[residence.competent_id], tree()[insurance.competent_id]
    assert (police.name, office.name) == (
        "Công an phường Nghĩa Trung",
        "Bảo hiểm xã hội thành phố Gia Nghĩa",
    )


def test_nothing_is_passed_on_before_the_certificate_is_signed():
    dossier = births.approved(births.handed_in())
    visit = dossiers.visit(dossier, "chuyen-lien-thong")
    action = page_of(dossier).procedure.process.step("chuyen-lien-thong").action("chuyen")
    assert action
    refusal = services.hindrance(dossier, [visit], visit, action)
    assert isinstance(refusal, subordinate.NotSignedYet) and "Giấy khai sinh" in str(refusal)
    with pytest.raises(subordinate.NotSignedYet):
        dossiers.act(dossier, births.CIVIL_STATUS, "chuyen-lien-thong", "chuyen")
    assert not Dossier.objects.filter(parent=dossier).exists()
    assert dossiers.visit(dossier, "chuyen-lien-thong").pk == visit.pk
    dossiers.sign(dossier)
    assert services.hindrance(dossier, [visit], visit, action) is None
    dossiers.act(dossier, births.CIVIL_STATUS, "chuyen-lien-thong", "chuyen")


def test_the_police_of_the_place_where_the_child_will_live_get_it():
    _dossier, residence, insurance = births.passed_on(
        extra=("thuong-tru-noi-khac",),
        address={"unit": "24640", "detail": "Tổ dân phố 2"},
        elsewhere="on",
        relation="grandchild",
    )
    assert tree()[residence.competent_id].key == "huyen-cu-jut-thi-tran-ea-tling-cong-an"
    assert tree()[insurance.competent_id].key == "huyen-cu-jut-bao-hiem-xa-hoi"
    assert residence.components.filter(component="dong-y").exists()


def test_a_place_outside_the_province_is_refused_and_the_birth_certificate_is_returned_alone():
    dossiers.sign(dossier := births.approved(births.handed_in()))
    data = Dossier.objects.get(pk=dossier.pk).data
    data["residence"]["address"]["unit"] = "00001"
    Dossier.objects.filter(pk=dossier.pk).update(data=data)
    with pytest.raises(NotOffered) as refused:
        dossiers.act(dossier, births.CIVIL_STATUS, "chuyen-lien-thong", "chuyen")
    assert refused.value.way_out
    assert not Dossier.objects.filter(parent=dossier).exists()
    reason = "Trẻ thường trú ở tỉnh khác, gia đình đăng ký tại đó"
    dossiers.act(dossier, births.CIVIL_STATUS, "chuyen-lien-thong", "chi-khai-sinh", reason=reason)
    assert dossiers.act(dossier, births.CLERK, "tra-ket-qua", "tra-ket-qua").status == Status.RETURNED


def test_one_agency_that_refused_gets_it_again_and_the_other_is_not_asked_twice():
    dossier, residence, _insurance = births.passed_on()
    dossiers.act(residence, births.POLICE[0], "tiep-nhan", "tu-choi", reason="Sai tên chủ hộ")
    subordinate.report(dossier_id=residence.pk)
    dossiers.act(dossier, births.CIVIL_STATUS, "tong-hop", "chuyen-lai", reason="Công an từ chối vì sai tên chủ hộ")
    with pytest.raises(AlreadyConsulted):
        dossiers.act(dossier, births.CIVIL_STATUS, "chuyen-lien-thong", "chuyen")
    dossiers.act(dossier, births.CIVIL_STATUS, "chuyen-lien-thong", "chuyen-cong-an", reason="Đã sửa")
    found = Dossier.objects.filter(parent=dossier).values_list("procedure_key", "status")
    assert sorted(found) == [
        ("cap-the-bhyt-tre-em", Status.REGISTERED),
        ("dang-ky-thuong-tru-tre-em", Status.REGISTERED),
        ("dang-ky-thuong-tru-tre-em", Status.REFUSED),
    ]


def test_what_is_wanted_online_is_returned_without_a_clerk_also_where_it_was_signed_long_before():
    dossier, residence, insurance = births.passed_on(returned=births.ONLINE)
    for sub in (residence, insurance):
        births.settled(sub, returned=False)
        dossiers.sign(sub)
        assert returning.return_online(dossier_id=sub.pk) and subordinate.report(dossier_id=sub.pk)
    with clock.at(cast.MONDAY + timedelta(days=2)):
        ended = dossiers.act(dossier, births.CIVIL_STATUS, "tong-hop", "hoan-tat")
    assert ended.status == Status.RETURNED
    assert ended.returned_at == ended.finished_at == cast.MONDAY + timedelta(days=2), "not before it was finished"
    steps = ended.visits.filter(step="tra-ket-qua").values_list("opened_at", "done_at")
    assert list(steps) == [(ended.finished_at, ended.returned_at)]


def test_passing_on_twice_is_once():
    dossier, _residence, _insurance = births.passed_on()
    visit = StepVisit.objects.get(dossier=dossier, step="chuyen-lien-thong")
    with pytest.raises(DoneByOther):
        services.act(dossier_id=dossier.pk, visit_id=visit.pk, action="chuyen", officer=cast.actor(births.CIVIL_STATUS))
    assert Dossier.objects.filter(parent=dossier).count() == 2


def test_the_control_slip_shows_the_hops_to_the_other_agencies():
    dossier, residence, _insurance = births.passed_on()
    births.settled(residence)
    page = page_of(Dossier.objects.get(pk=dossier.pk))
    slip = control.slip(page, at=clock.now(), tracking_link="")
    hops = {hop.step: hop for hop in slip.hops}
    police = hops["Đăng ký thường trú"]
    code = Dossier.objects.get(pk=residence.pk).code
    assert (police.giver.agency, police.receiver.agency) == (
        "Tư pháp - Hộ tịch phường Nghĩa Trung",
        "Công an phường Nghĩa Trung",
    )
    assert police.note == f"Hồ sơ {code}: Đã trả kết quả"
    assert hops["Cấp thẻ bảo hiểm y tế"].result == "open"
    assert set(slip.coordinating) == {"Công an phường Nghĩa Trung", "Bảo hiểm xã hội thành phố Gia Nghĩa"}
    assert control_slip(dossier, at=clock.now()).startswith(b"%PDF")


def test_a_part_that_waits_for_the_applicant_is_not_late_on_the_line():
    dossier, residence, _insurance = births.passed_on()
    dossiers.act(residence, births.POLICE[0], "tiep-nhan", "tiep-nhan")
    dossiers.act(residence, births.POLICE[1], "kiem-tra", "yeu-cau-bo-sung", reason="Thiếu chữ ký")
    with clock.at(clock.now() + timedelta(days=7)):
        assert stations(dossier)[2:4] == [("Đăng ký thường trú", "waiting"), ("Cấp thẻ bảo hiểm y tế", "late")]


def test_people_do_not_hand_in_what_only_another_agency_opens():
    with pytest.raises(NotOffered):
        services.start_draft(procedure_key="dang-ky-thuong-tru-tre-em", applicant=cast.actor(births.MOTHER))
