"""What an applicant sees of one application at three agencies: one page, one line, everything to fetch in one place."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from lienthong.cases.models import Dossier, Paper
from lienthong.foundation import clock
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults, queries_of
from tests.cases import births, dossiers
from tests.portal.conftest import browser_of, page
from tests.portal.test_browser import visit

__all__ = ["visit"]

NEEDED = "Văn bản đồng ý mới có chữ ký của mẹ."


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def mother(db: None) -> Client:
    return browser_of(births.MOTHER)


def asked_for_more() -> tuple[Dossier, Dossier, Dossier]:
    """The police ask for a supplement; the social insurance has settled its part."""
    dossier, residence, insurance = births.passed_on()
    births.settled(insurance)
    dossiers.sign(insurance)
    dossiers.act(residence, births.POLICE[0], "tiep-nhan", "tiep-nhan")
    dossiers.act(residence, births.POLICE[1], "kiem-tra", "yeu-cau-bo-sung", reason=NEEDED)
    return dossier, residence, insurance


@pytest.mark.django_db
def test_one_page_shows_where_each_part_is_and_what_another_agency_wants(mother: Client):
    dossier, residence, insurance = asked_for_more()
    shown = text(mother.get(page("dossier", dossier.pk)))
    assert "Một cơ quan khác cần bạn bổ sung" in shown and page("dossier", residence.pk) in shown
    assert "Đã chuyển đến Công an phường Nghĩa Trung" in shown
    assert "Bảo hiểm xã hội thành phố Gia Nghĩa đã có kết quả" in shown
    elsewhere = text(mother.get(page("dossier", residence.pk)))
    assert NEEDED in elsewhere and page("supplement", residence.pk) in elsewhere
    assert page("dossier", dossier.pk) in elsewhere and "Hồ sơ được chuyển đến từ hồ sơ chính của bạn" in elsewhere
    listed = text(mother.get(page("mine")))
    assert page("supplement", residence.pk) in listed and page("dossier", insurance.pk) not in listed


@pytest.mark.django_db
def test_the_results_of_all_agencies_are_fetched_in_one_place_and_by_nobody_else(mother: Client):
    dossier, _residence, insurance = asked_for_more()
    shown = text(mother.get(page("dossier", dossier.pk)))
    card = Paper.objects.get(dossier=insurance, kind="result")
    certificate = Paper.objects.get(dossier=dossier, kind="result")
    for owner, paper in ((insurance, card), (dossier, certificate)):
        address = page("paper_file", owner.pk, paper.pk)
        assert address in shown
        assert b"".join(mother.get(address).streaming_content).startswith(b"%PDF")
        assert browser_of(cast.BICH).get(address).status_code == 404
    assert mother.get(page("paper_file", dossier.pk, card.pk)).status_code == 404


@pytest.mark.django_db
def test_the_page_costs_three_queries_more_than_one_without_other_agencies(mother: Client):
    alone = births.handed_in()
    parts, _residence, _insurance = asked_for_more()
    few, many = (queries_of(lambda pk=d.pk: mother.get(page("dossier", pk))) for d in (alone, parts))
    assert many - few <= 3


@pytest.mark.django_db
def test_a_part_is_not_applied_for_alone(mother: Client):
    group = page("procedure", births.GROUP)
    for name in ("procedure", "begin"):
        shown = text(mother.get(page(name, "dang-ky-thuong-tru-tre-em")))
        assert "nộp chung" in shown.lower() and "<form" not in shown.split("<main")[1]
    assert group in text(mother.get(page("procedure", "dang-ky-thuong-tru-tre-em")))
    shown = text(mother.get(group))
    for result in ("Giấy khai sinh", "Thông báo về kết quả đăng ký thường trú", "Thẻ bảo hiểm y tế"):
        assert result in shown


@pytest.mark.browser
def test_axe_finds_nothing_on_the_pages_of_an_interlinked_dossier(visit: Visit):
    with ThreadPoolExecutor(1) as elsewhere:  # signing brings a loop of its own, and the browser has one here
        dossier, residence, _insurance = elsewhere.submit(_made).result()
    found = []
    for viewport, scheme in ((PHONE, "dark"), (DESK, "light")):
        window = visit(page("dossier", dossier.pk), as_=births.MOTHER, viewport=viewport, color_scheme=scheme)
        found += faults(window)
        line = [name.strip() for name in window.locator(".lt-stations .lt-station-name").all_inner_texts()]
        assert line == ["Tiếp nhận", "Khai sinh", "Đăng ký thường trú", "Cấp thẻ bảo hiểm y tế", "Trả kết quả"]
        window.get_by_role("link", name="Xem cần bổ sung gì").click()
        assert NEEDED in window.inner_text("main")
        found += faults(window)
        for path in (page("procedure", births.GROUP), page("procedure", residence.procedure_key)):
            window.goto(path)
            found += faults(window)
    assert found == []


def _made() -> tuple[Dossier, Dossier, Dossier]:
    try:
        with clock.at(cast.MONDAY):
            return asked_for_more()
    finally:
        connection.close()
