"""The pages of acting for others, from the first word to the dossier."""

import pytest
from django.test import Client

from lienthong.cases.models import Dossier, Draft
from lienthong.identity.models import Mandate
from tests import cast
from tests.browsing import queries_of
from tests.cases import dossiers
from tests.cases.mandates import CAFE, QUAN, between, of_the_company
from tests.cases.test_representing import filled, submitted
from tests.portal.conftest import a_photo, browser_of, page

pytestmark = pytest.mark.django_db

BUSINESS = {
    "name": "Công ty TNHH Tiêu Đắk Mil",
    "identity": "6400000012",
    "address.province": "67",
    "address.unit": "24617",
    "address.detail": "Số 1, đường 23/3",
}
OFFER = {"agent_name": "Trần Thị Bích", "scope": "all", "valid_from": "2025-03-03", "valid_to": "2026-03-02"}


def text(answer) -> str:
    return answer.content.decode()


def test_an_empty_page_says_what_to_do(an: Client):
    shown = text(an.get(page("mandates")))
    assert page("mandate_business") in shown and page("mandate_give") in shown and page("mandate_claim") in shown


def test_a_business_is_added_with_its_certificate_and_waits_for_the_counter(an: Client):
    answer = an.post(page("mandate_business"), {**BUSINESS, "evidence": a_photo("gcn.jpg")})
    mandate = Mandate.objects.get(agent__username=cast.AN)
    assert answer["Location"] == page("mandate", mandate.pk)
    shown = text(an.get(page("mandate", mandate.pk)))
    assert mandate.code in shown and "bộ phận một cửa" in shown and "gcn.jpg" in shown
    assert an.get(page("mandate_evidence", mandate.pk)).status_code == 200
    assert browser_of(cast.BICH).get(page("mandate_evidence", mandate.pk)).status_code == 404


def test_a_wrong_tax_code_is_said_beside_the_field(an: Client):
    answer = an.post(page("mandate_business"), {**BUSINESS, "identity": "6400000011"})
    assert answer.status_code == 422 and 'href="#f-identity"' in text(answer)
    assert Mandate.objects.count() == 1


def test_sending_the_form_twice_makes_one_claim(an: Client):
    for _twice in range(2):
        an.post(page("mandate_business"), BUSINESS)
    assert Mandate.objects.filter(agent__username=cast.AN).count() == 1


def test_from_giving_to_handing_in_to_ending(an: Client, bich: Client):
    an.post(page("mandate_give"), OFFER)
    mandate = Mandate.objects.get(state="offered")
    assert mandate.code in text(an.get(page("mandate", mandate.pk)))
    shown = text(bich.get(page("mandate_code"), {"ma": mandate.code}))
    assert "Nhận ủy quyền này?" in shown and "Nguyễn Văn An" in shown
    bich.post(page("mandate_code"), {"ma": mandate.code, "lam": "take"})
    assert f'value="{mandate.pk}"' in text(bich.get(page("begin", dossiers.PERMIT)))
    answer = bich.post(page("begin", dossiers.PERMIT), {"cho": str(mandate.pk)})
    draft = Draft.objects.get()
    assert draft.mandate_id == mandate.pk and "Bạn nộp thay Nguyễn Văn An" in text(bich.get(answer["Location"]))
    assert "thay Nguyễn Văn An" in text(bich.get(page("mine")))
    assert "Không thể" not in text(an.get(page("mandate_end", mandate.pk)))
    an.post(page("mandate_end", mandate.pk))
    for name in ("review", "attachments", "agency", "draft"):
        ended = bich.get(page(name, draft.key))
        assert ended.status_code == 409 and "Ủy quyền đã hết hiệu lực" in text(ended)
    assert bich.post(page("review", draft.key), {"cam-doan": "1"}).status_code == 409
    assert not Dossier.objects.exists()
    bich.post(page("discard", draft.key))
    assert not Draft.objects.exists()


def test_only_for_some_procedures(an: Client):
    rows = {"scope": "some", "procedures.rows": "", "procedures.0.procedure": "dang-ky-khai-sinh"}
    an.post(page("mandate_give"), {**OFFER, **rows})
    mandate = Mandate.objects.get(state="offered")
    assert mandate.procedures == ["dang-ky-khai-sinh"]
    assert "Đăng ký khai sinh" in text(an.get(page("mandate", mandate.pk)))


def test_some_procedures_without_any_is_refused(an: Client):
    assert an.post(page("mandate_give"), {**OFFER, "scope": "some"}).status_code == 422


def test_a_claim_on_a_person_is_shown_to_that_person_alone_by_the_code(an: Client, bich: Client):
    sent = {"kind": "written", "name": "Nguyễn Văn An", "identity": "067085004127", "scope": "all",
            "valid_from": "2025-03-03", "valid_to": "2025-12-31"}  # fmt: skip
    bich.post(page("mandate_claim"), sent)
    mandate = Mandate.objects.get(state="claimed")
    assert browser_of(QUAN).get(page("mandate_code"), {"ma": mandate.code}).status_code == 404
    assert "Xác nhận ủy quyền này?" in text(an.get(page("mandate_code"), {"ma": mandate.code.lower()}))
    an.post(page("mandate_code"), {"ma": mandate.code, "lam": "confirm"})
    mandate.refresh_from_db()
    assert mandate.state == "confirmed" and mandate.account == cast.account(cast.AN)


def test_a_representative_finds_claims_on_the_business_waiting(bich: Client):
    bich.post(page("mandate_business"), {**BUSINESS, "name": CAFE, "identity": "6400317267"})
    mandate = Mandate.objects.get(state="claimed")
    quan = browser_of(QUAN)
    assert "Trần Thị Bích khai là đại diện cho" in text(quan.get(page("mandates")))
    assert "Có đúng không?" in text(quan.get(page("mandate", mandate.pk)))
    quan.post(page("mandate_code"), {"ma": mandate.code, "lam": "decline"})
    mandate.refresh_from_db()
    assert mandate.state == "revoked"


@pytest.mark.parametrize("name", ["mandate", "mandate_end", "mandate_evidence"])
def test_strangers_guess_nothing(name: str, db):
    mandate = between()
    quan = browser_of(QUAN)
    known, unknown = quan.get(page(name, mandate.pk)), quan.get(page(name, mandate.pk + 10_000))
    assert known.status_code == unknown.status_code == 404
    quan.post(page("mandate_end", mandate.pk))
    mandate.refresh_from_db()
    assert mandate.state == "confirmed"


def test_guessing_codes_is_slow(bich: Client):
    answers = [bich.get(page("mandate_code"), {"ma": f"22222222{n:02}"}).status_code for n in range(22)]
    assert answers[0] == 404 and answers[-1] == 429


def test_beginning_for_somebody_one_does_not_act_for_is_not_found(an: Client):
    for other in (str(of_the_company().pk), "0", "x", "9" * 30):
        assert an.post(page("begin", dossiers.PERMIT), {"cho": other}).status_code == 404
    assert not Draft.objects.exists()


def test_begin_twice_for_the_same_makes_one_draft_and_for_another_a_second(bich: Client):
    mandate = between()
    for sent in ({"cho": str(mandate.pk)}, {"cho": str(mandate.pk)}, {}, {}):
        bich.post(page("begin", dossiers.PERMIT), sent)
    assert sorted(Draft.objects.values_list("mandate_id", flat=True), key=str) == sorted([mandate.pk, None], key=str)


def test_the_represented_sees_the_dossier_and_withdraws_it(an: Client):
    dossier = submitted(between())
    shown = text(an.get(page("dossier", dossier.pk)))
    assert "Trần Thị Bích" in shown and page("withdraw", dossier.pk) in shown
    assert page("dossier", dossier.pk) in text(an.get(page("mine")))
    an.post(page("withdraw", dossier.pk), {"reason": "Tôi tự làm."})
    dossier.refresh_from_db()
    assert dossier.status == 7
    assert browser_of(QUAN).get(page("dossier", dossier.pk)).status_code == 404


def test_the_review_says_for_whom(bich: Client):
    assert "Nộp thay cho" in text(bich.get(page("review", filled(between()).key)))


def test_the_page_of_mandates_costs_the_same_however_many_there_are(an: Client):
    between()
    few = queries_of(lambda: an.get(page("mandates")))
    for number in range(4):
        an.post(page("mandate_give"), {**OFFER, "agent_name": f"Người Số {'ABCD'[number]}"})
    assert queries_of(lambda: an.get(page("mandates"))) == few
