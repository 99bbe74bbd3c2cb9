"""Officers of a dossier that other agencies settle parts of: what they see, and what the others see."""

import pytest

from lienthong.cases.models import Dossier
from tests.cases import births, dossiers
from tests.workspace.conftest import address, desk, page, text

pytestmark = pytest.mark.django_db


def test_handing_on_says_what_it_does_and_waits_for_the_signature():
    dossier = births.approved(births.handed_in())
    client = desk(births.CIVIL_STATUS)
    shown = text(client.get(page("dossier", dossier.pk)))
    assert "“Giấy khai sinh” chưa được ký xong" in shown
    assert address(dossier, "chuyen-lien-thong", "chuyen") not in shown
    dossiers.sign(dossier)
    handing_on = address(dossier, "chuyen-lien-thong", "chuyen")
    assert handing_on in text(client.get(page("dossier", dossier.pk)))
    said = text(client.get(handing_on))
    assert "Đăng ký thường trú, Cấp thẻ bảo hiểm y tế" in said
    client.post(handing_on, {"_do": "1"})
    assert Dossier.objects.filter(parent=dossier).count() == 2


def test_the_officer_sees_with_which_agency_a_part_is_and_that_it_waits():
    dossier, residence, _insurance = births.passed_on()
    dossiers.act(residence, births.POLICE[0], "tiep-nhan", "tiep-nhan")
    dossiers.act(residence, births.POLICE[1], "kiem-tra", "yeu-cau-bo-sung", reason="Thiếu chữ ký")
    shown = text(desk(births.CIVIL_STATUS).get(page("dossier", dossier.pk)))
    assert "Cơ quan khác đang chờ người nộp bổ sung" in shown
    assert "Công an phường Nghĩa Trung" in shown and page("dossier", residence.pk) in shown


def test_the_police_see_their_part_and_not_the_whole():
    dossier, residence, insurance = births.passed_on()
    police = desk(births.POLICE[0])
    assert police.get(page("dossier", residence.pk)).status_code == 200
    for other in (dossier, insurance):
        assert police.get(page("dossier", other.pk)).status_code == 404
