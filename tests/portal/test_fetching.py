"""Not asked twice: what registers know of an applicant's answers, and whom they tell it."""

import pytest
from django.test import Client
from django.urls import reverse

from lienthong.cases import services
from lienthong.cases.models import Draft
from lienthong.foundation.organisations.queries import by_key
from lienthong.identity.models import Person
from lienthong.registers import services as registers
from tests import cast
from tests.browsing import queries_of
from tests.cases import dossiers
from tests.identity.test_confirming import AN_ID, confirmed
from tests.portal.conftest import begun, browser_of, page
from tests.registers.conftest import officer_of
from tests.workspace.conftest import desk, text

pytestmark = pytest.mark.django_db

TAX_CODE = "0100109106"
POLICE = "thanh-pho-gia-nghia-phuong-nghia-trung-cong-an"
PUBLIC, OWN = 0, 1
"""The registers of the procedure, as it declares them."""

COMPANY = {
    "ma_so": TAX_CODE,
    "ten": "Công ty TNHH Cà phê Nâm Nung",
    "loai_hinh": "tnhh-mot-thanh-vien",
    "ngay_dang_ky": "2020-05-04",
    "tru_so": {"dia_chi": {"unit": "24615", "detail": "Số 8 Lê Duẩn"}},
    "nganh": {"nganh_chinh": "1410"},
    "nguoi_dai_dien": "Hồ Thị Sen",
    "trang_thai": "hoat-dong",
}


def company() -> None:
    registers.enter(
        register="doanh-nghiep", raw=COMPANY, officer=officer_of("case-handler", "phong-dang-ky-kinh-doanh")
    )


def residence(person_id: str = AN_ID, name: str = "Nguyễn Văn An") -> None:
    raw = {
        "ho_ten": name,
        "ca_nhan": {"so_dinh_danh": person_id, "ngay_sinh": "1985-03-14", "gioi_tinh": "1", "dien_thoai": "0905412768"},
        "ho": {
            "quan_he": "chu-ho",
            "thon": "Tổ dân phố 3",
            "dia_chi": {"unit": "24617", "detail": "Số 44, tổ dân phố 3"},
            "cho_o": "so-huu",
        },
        "dang_ky": {"ngay_dang_ky": "2012-06-01", "ly_do": "chuyen-den"},
    }
    registers.enter(register="thuong-tru", raw=raw, officer=officer_of("case-handler", POLICE))


def fetched(draft: Draft, number: int, username: str = cast.AN) -> services.Fetched:
    return services.fetch(key=draft.key, applicant=cast.actor(username), number=number)


def typed(draft: Draft, **owner: str) -> Draft:
    return services.save_draft(key=draft.key, applicant=cast.actor(cast.AN), raw={"owner": owner})


def owner(draft: Draft) -> dict[str, str]:
    return dict(Draft.objects.get(pk=draft.pk).data["owner"])


def test_what_is_public_of_a_company_anybody_takes_by_its_tax_code():
    company()
    draft = typed(begun(), kind="organisation", tax_code=TAX_CODE)
    found = fetched(draft, PUBLIC)
    assert (found.state, len(found.filled)) == ("filled", 3)
    said = owner(draft)
    assert (said["full_name"], said["representative"]) == (COMPANY["ten"], "Hồ Thị Sen")
    assert said["address"].startswith("Số 8 Lê Duẩn, Phường Nghĩa Tân")
    assert fetched(draft, PUBLIC).state == "nothing-new"


def test_nothing_that_was_typed_is_overwritten():
    company()
    draft = typed(begun(), kind="organisation", tax_code=TAX_CODE, full_name="Công ty của tôi")
    assert owner(draft)["full_name"] == "Công ty của tôi" and fetched(draft, PUBLIC).state == "filled"
    assert owner(draft)["full_name"] == "Công ty của tôi" and owner(draft)["representative"] == "Hồ Thị Sen"


def test_first_somebody_says_what_to_look_for():
    draft = typed(begun(), kind="organisation")
    found = fetched(draft, PUBLIC)
    assert found.state == "say-first" and found.offer.asks == ("Mã số thuế của tổ chức",)
    assert fetched(typed(draft, tax_code=TAX_CODE), PUBLIC).state == "not-found"


def test_own_data_only_once_a_clerk_has_confirmed_whose_account_it_is():
    residence()
    draft = begun()
    assert fetched(draft, OWN).state == "not-confirmed"
    confirmed()
    assert fetched(draft, OWN).state == "filled"
    assert owner(draft)["address"].startswith("Số 44, tổ dân phố 3, Phường Nghĩa Trung")


def test_a_stranger_who_guesses_numbers_learns_nothing():
    """Whether somebody is in the register is told no more than where they live."""
    residence("067192003856", "Trần Thị Bích")
    confirmed()
    draft = begun()
    answers = {}
    for number in ("067192003856", "067190000001"):
        typed(draft, person_id=number, address="")
        answers[number] = fetched(draft, OWN)
        assert "Trần Thị Bích" not in str(owner(draft)) and owner(draft)["person_id"] == number
    assert len({answer.state for answer in answers.values()}) == 1 == len({str(answer) for answer in answers.values()})
    assert answers["067192003856"].state == "not-found"


def test_what_somebody_only_says_of_themself_opens_nothing():
    residence("067192003856", "Trần Thị Bích")
    Person.objects.filter(account__username=cast.AN).update(person_id="067192003856")
    draft = typed(begun(), person_id="067192003856")
    assert fetched(draft, OWN).state == "not-confirmed"


def test_an_ended_entry_is_none():
    company()
    from lienthong.registers import access, queries

    body = queries.register("doanh-nghiep")
    officer = officer_of("case-handler", "phong-dang-ky-kinh-doanh")
    (entry,) = queries.page(body, access.rights_of(officer, body, to="read"))
    registers.end(register="doanh-nghiep", entry_id=entry.id, revision=1, officer=officer, reason="Giải thể")
    assert fetched(typed(begun(), kind="organisation", tax_code=TAX_CODE), PUBLIC).state == "not-found"


def test_on_the_page_one_button_takes_it_and_keeps_what_was_typed():
    company()
    an, draft = browser_of(cast.AN), begun()
    address = page("fill_in", draft.key, 1)
    typed_here = {"owner.kind": "organisation", "owner.tax_code": TAX_CODE, "owner.phone": "0905 412 768"}
    assert "Lấy từ cơ sở dữ liệu" in text(an.post(address, {**typed_here, "_action": "refresh:owner.kind"}))
    shown = an.post(address, {**typed_here, "owner.full_name": "", "_fetch": "0"})
    assert shown.status_code == 200
    assert COMPANY["ten"] in text(shown) and "Hồ Thị Sen" in text(shown)
    assert (owner(draft)["representative"], owner(draft)["phone"]) == ("Hồ Thị Sen", "0905412768")
    for wrong in ("9", "x", "-1", "99999999999999999999"):
        assert an.post(address, {**typed_here, "_fetch": wrong}).status_code in (302, 404, 422)


def test_others_drafts_are_nobody_s_to_fill():
    company()
    draft = typed(begun(), kind="organisation", tax_code=TAX_CODE)
    assert browser_of(cast.BICH).post(page("fill_in", draft.key, 1), {"_fetch": "0"}).status_code == 404
    assert Client().post(page("fill_in", draft.key, 1), {"_fetch": "0"}).status_code == 302


def test_pages_cost_the_same_with_much_in_the_register():
    an, draft = browser_of(cast.AN), begun()
    before = queries_of(lambda: an.get(page("fill_in", draft.key, 1)))
    company(), residence()
    assert queries_of(lambda: an.get(page("fill_in", draft.key, 1))) == before


# the handler


def test_the_handler_sees_whether_the_register_agrees():
    company()
    handler = desk(cast.HANDLER)
    organisation = {
        "owner__kind": "organisation",
        "owner__person_id": "",
        "owner__tax_code": TAX_CODE,
        "owner__representative": "Người khác",
        "owner__full_name": COMPANY["ten"],
    }
    dossier = dossiers.in_hand(**organisation)
    shown = text(handler.get(reverse("workspace:dossier", args=[dossier.pk])))
    assert "Đối chiếu với “Doanh nghiệp”" in shown and "Hồ Thị Sen" in shown
    assert reverse("registers:card", args=["doanh-nghiep", 1])[:-2] in shown
    other = dossiers.in_hand(**{**organisation, "owner__tax_code": "0100112437"})
    assert "không có bản ghi" in text(handler.get(reverse("workspace:dossier", args=[other.pk])))


def test_who_may_not_read_the_register_is_told_nothing_of_it():
    residence()
    dossier = dossiers.in_hand()
    assert "Đăng ký thường trú" not in text(desk(cast.HANDLER).get(reverse("workspace:dossier", args=[dossier.pk])))
    assert by_key(POLICE)
