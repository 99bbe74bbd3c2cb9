"""Home, catalogue and procedure pages: what everybody sees, without an account and with few queries."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.browsing import queries_of
from tests.portal.conftest import page

pytestmark = pytest.mark.django_db

PERMIT = "cap-giay-phep-xay-dung-nha-o-rieng-le"


def text(answer) -> str:
    return answer.content.decode()


def test_the_home_page_offers_search_the_procedures_and_the_quick_ways(client: Client):
    shown = text(client.get("/"))
    assert "Bạn cần làm thủ tục gì?" in shown
    for name in ("Đăng ký khai sinh", "Đăng ký thành lập hộ kinh doanh", "Cấp giấy phép xây dựng"):
        assert name in shown
    assert page("track") in shown and page("verify_start") in shown


@pytest.mark.parametrize("path", ["/", "/thu-tuc/", f"/thu-tuc/{PERMIT}/", "/tra-cuu/", "/kiem-tra/", "/tiep-can/"])
def test_public_pages_cost_a_stranger_no_query(client: Client, path: str):
    assert client.get(path).status_code == 200
    assert queries_of(lambda: client.get(path)) == 0


def test_a_search_without_accents_finds_the_building_permit_first(client: Client):
    answer = client.get("/thu-tuc/", {"q": "giay phep xay dung"})
    assert [found.key for found in answer.context["found"]] == [PERMIT]


def test_typing_sends_only_the_list(client: Client):
    answer = client.get("/thu-tuc/", {"q": "khai sinh"}, headers={"HX-Request": "true"})
    assert text(answer).startswith('<div id="found">') and "Đăng ký khai sinh" in text(answer)


def test_filters_narrow_and_say_how_many_there_are(client: Client):
    answer = client.get("/thu-tuc/", {"cap": "district", "linh-vuc": "bao-hiem-y-te"})
    assert [found.key for found in answer.context["found"]] == ["cap-the-bhyt-tre-em"]
    assert "Tìm thấy 1 thủ tục" in text(answer)


def test_a_search_that_finds_nothing_says_what_to_do(client: Client):
    shown = text(client.get("/thu-tuc/", {"q": "zzzqqq"}))
    assert "Không tìm thấy thủ tục nào" in shown and "tel:" in shown


@pytest.mark.parametrize("query", ["?tu=99999999999999", "?tu=-1", "?q=" + "a" * 5000, "?cap=%00", "?linh-vuc=<b>"])
def test_odd_addresses_do_no_harm(client: Client, query: str):
    answer = client.get(f"/thu-tuc/{query}")
    assert answer.status_code == 200 and "<b>" not in text(answer)


def test_a_procedure_page_says_everything_the_decree_asks_for(client: Client):
    """NĐ 63/2010/NĐ-CP art. 8.2."""
    shown = text(client.get(page("procedure", PERMIT)))
    for said in (
        "Cấp giấy phép xây dựng đối với nhà ở riêng lẻ",
        "Trình tự thực hiện",
        "Giấy tờ cần chuẩn bị",
        "Mẫu số 01 Phụ lục II Nghị định 175/2024/NĐ-CP",
        "2 bản chính",
        "15 ngày",
        "Ủy ban nhân dân cấp huyện",
        "Công dân",
        "Giấy phép xây dựng (sử dụng cho nhà ở riêng lẻ)",
        "75.000\N{NO-BREAK SPACE}đ",
        "lệ phí",
        "Yêu cầu, điều kiện",
        "50/2014/QH13",
        "1.013225",
        "chưa xác nhận",
    ):
        assert said in shown, said
    assert page("begin", PERMIT) in shown


def test_an_unknown_procedure_is_not_here(client: Client):
    assert client.get(page("procedure", "khong-co")).status_code == 404
    assert client.get("/thu-tuc/<script>/").status_code == 404


def test_english_is_a_switch(client: Client):
    client.post(reverse("ui:language"), {"language": "en", "next": "/"})
    assert "What do you need to get done?" in text(client.get("/"))
