"""Not asked twice at the counter either: what registers know of who stands there, one key away, and on record."""

import pytest
from django.test import Client
from django.urls import reverse

from lienthong.cases.models import CounterEntry
from lienthong.foundation.ledger.entries import EntryView
from lienthong.foundation.ledger.queries import search
from lienthong.registers import access, queries
from tests import cast
from tests.browsing import queries_of
from tests.cases.test_counter import AN_ID
from tests.portal.test_fetching import COMPANY, POLICE, TAX_CODE, company, residence
from tests.registers.conftest import officer_of
from tests.workspace.conftest import desk, text
from tests.workspace.test_counter_page import FORM, begin

pytestmark = pytest.mark.django_db

STRANGER = "067192003856"
TYPED = {"form.owner.kind": "individual", "form.owner.person_id": AN_ID}
BUTTON = "Lấy từ cơ sở dữ liệu"


@pytest.fixture(autouse=True)
def monday():
    with cast.on_monday():
        yield


def owner() -> dict[str, str]:
    return dict(CounterEntry.objects.latest("id").data["owner"])


def readings() -> list[EntryView]:
    """Of the register of residence, whoever's."""
    return list(search(kind="registers.seen").entries)


def resident_id() -> int:
    body = queries.register("thuong-tru")
    (found,) = queries.page(body, access.rights_of(officer_of("case-handler", POLICE), body, to="read"))
    return found.id


def test_what_the_register_knows_of_who_stands_there_is_filled_in_and_on_record():
    residence()
    client = desk(cast.CLERK)
    sheet = begin(client, AN_ID)
    shown = text(client.get(sheet))
    assert BUTTON in shown and 'accesskey="d"' in shown and "Đăng ký thường trú" in shown
    assert not readings()
    done = client.post(sheet, {**TYPED, "form.owner.phone": "", "form.owner.address": "", "_fetch": "1"})
    assert done.status_code == 200 and done.context["sheet"].fetched.state == "filled"
    assert owner()["address"].startswith("Số 44, tổ dân phố 3, Phường Nghĩa Trung")
    assert owner()["phone"] == "0905412768" and "Số 44, tổ dân phố 3" in text(done)
    (reading,) = readings()
    assert reading.subject == ("register-read.thuong-tru", resident_id())
    assert reading.account_id == cast.account(cast.CLERK).pk
    assert "tại quầy" in reading.data["purpose"] and "xây dựng" in reading.data["purpose"]


def test_nothing_that_was_typed_is_overwritten_and_the_rest_of_the_sheet_is_kept():
    residence()
    client = desk(cast.CLERK)
    sheet = begin(client, AN_ID)
    typed = {**TYPED, "form.owner.address": "Nhà mới", "form.site.lot": "Thửa 9", "papers.ban-ve.originals": "2"}
    client.post(sheet, {**typed, "_fetch": "1"})
    entry = CounterEntry.objects.latest("id")
    assert owner()["address"] == "Nhà mới" and owner()["phone"] == "0905412768"
    assert entry.data["site"]["lot"] == "Thửa 9" and entry.counted["ban-ve"]["originals"] == 2
    assert client.post(sheet, {**FORM, "_fetch": "1"}).context["sheet"].fetched.state == "nothing-new"


def test_a_clerk_gets_nothing_of_anybody_but_who_stands_there():
    """Whether somebody else is in the register is told no more than where they live, and nobody's data was read."""
    residence(STRANGER, "Trần Thị Bích")
    client = desk(cast.CLERK)
    sheet = begin(client, AN_ID)
    for number in (STRANGER, "067190000001", AN_ID):
        told = client.post(sheet, {**TYPED, "form.owner.person_id": number, "_fetch": "1"})
        assert told.context["sheet"].fetched.state == "not-found"
        assert "Trần Thị Bích" not in text(told) and "Số 44" not in text(told)
    assert not readings()


def test_without_a_number_only_what_is_public_is_on_offer():
    residence(), company()
    client = desk(cast.CLERK)
    begun = client.post(reverse("workspace:counter"), {"so": "", "without": "1"})
    sheet = client.post(begun["Location"] + "thu-tuc/", {"tim": "giay phep xay dung"})["Location"]
    assert BUTTON not in text(client.get(sheet))
    refused = client.post(sheet, {**TYPED, "_fetch": "1"})
    assert refused.context["sheet"].fetched.state == "not-confirmed" and not readings()
    organisation = {"form.owner.kind": "organisation", "form.owner.tax_code": TAX_CODE}
    offered = client.post(sheet, {**organisation, "_action": "refresh:form.owner.kind"})
    assert BUTTON in text(offered)
    assert client.post(sheet, {**organisation, "_fetch": "0"}).context["sheet"].fetched.state == "filled"
    assert (owner()["full_name"], owner()["representative"]) == (COMPANY["ten"], "Hồ Thị Sen")
    assert not readings(), "what is public is nobody's personal data"


def test_an_answer_that_changes_what_is_on_offer_brings_it_without_loading_the_page():
    client = desk(cast.CLERK)
    sheet = begin(client, AN_ID)
    organisation = {"form.owner.kind": "organisation"}
    piece = client.post(sheet, {**organisation, "_action": "refresh:form.owner.kind"}, headers={"HX-Request": "true"})
    assert 'id="fetch"' in text(piece) and "hx-swap-oob" in text(piece) and "Doanh nghiệp" in text(piece)


def test_forged_buttons_and_other_clerks_get_nowhere():
    residence()
    client = desk(cast.CLERK)
    sheet = begin(client, AN_ID)
    assert client.post(sheet, {**TYPED, "_fetch": "9"}).status_code == 404
    for odd in ("x", "-1", "²", "\x00", "99999999999999999999"):
        assert client.post(sheet, {**TYPED, "_fetch": odd}).status_code in (200, 422)
    assert desk(cast.HANDLER).post(sheet, {**TYPED, "_fetch": "1"}).status_code in (403, 404)
    assert Client().post(sheet, {**TYPED, "_fetch": "1"}).status_code == 302
    assert not readings()


def test_the_sheet_costs_the_same_with_much_in_the_registers():
    client = desk(cast.CLERK)
    sheet = begin(client, AN_ID)
    before = queries_of(lambda: client.get(sheet))
    company(), residence()
    assert queries_of(lambda: client.get(sheet)) == before
