"""A procedure with several cases (trường hợp): what is asked for in each, and that a dossier keeps its own."""

import uuid
from typing import Any

import pytest

from lienthong.cases import services, values
from lienthong.cases.models import Dossier
from lienthong.cases.papers import forms
from lienthong.cases.queries.pages import page_of
from lienthong.cases.services.drafting import NotOffered
from lienthong.foundation.fields.problems import NotAccepted
from tests import cast
from tests.cases import applications, dossiers

pytestmark = pytest.mark.django_db

BIRTH = "dang-ky-khai-sinh"
CERTIFIED, WITNESSED, PLEDGED = "co-giay-chung-sinh", "co-nguoi-lam-chung", "khong-co-nguoi-lam-chung"


@pytest.fixture(autouse=True)
def monday():
    with cast.on_monday():
        yield


def birth(**changes: Any) -> dict[str, Any]:
    return {**applications.BIRTH, **changes}


def registered(variant: str, *papers: str) -> Dossier:
    file = dossiers.stored()
    return services.open_dossier(
        procedure_key=BIRTH,
        competent_key="thanh-pho-gia-nghia-phuong-nghia-trung",
        variant=variant,
        raw=birth(),
        actor=cast.actor(cast.AN),
        idempotency_key=uuid.uuid4(),
        files=[services.HandedIn(key, file.pk, file.name) for key in papers],
    )


@pytest.mark.parametrize(
    ("variant", "paper"), [(CERTIFIED, "giay-chung-sinh"), (WITNESSED, "nguoi-lam-chung"), (PLEDGED, "cam-doan")]
)
def test_each_case_asks_for_its_own_paper_and_the_dossier_keeps_it(variant: str, paper: str):
    with pytest.raises(NotAccepted) as refused:
        registered(variant)
    assert list(refused.value.errors) == [f"components.{paper}"]
    dossier = registered(variant, paper)
    page = page_of(Dossier.objects.get(pk=dossier.pk))
    assert [asked.declared.key for asked in page.asked] == ["to-khai", paper]
    assert page.procedure.variant and page.procedure.variant.key == variant


@pytest.mark.parametrize("variant", ["", "tre-bi-bo-roi"])
def test_a_case_must_be_one_of_the_procedures(variant: str):
    with pytest.raises(NotAccepted) as refused:
        registered(variant, "giay-chung-sinh")
    assert "variant" in refused.value.errors


def test_a_procedure_without_cases_takes_no_notice_of_one():
    dossier = dossiers.submitted()
    assert dossier.variant == ""
    assert values.procedure_of(dossier).full_name == values.procedure_of(dossier).name


def test_papers_name_the_case():
    dossier = registered(WITNESSED, "nguoi-lam-chung")
    listed = forms.receipt_of([dossier], forms.Issued(person="")).listed
    assert listed[0].content == "Đăng ký khai sinh – Không có Giấy chứng sinh, có người làm chứng"


def test_another_case_is_chosen_without_losing_what_was_typed_or_attached():
    applicant, file = cast.actor(cast.AN), dossiers.stored()
    draft = services.start_draft(procedure_key=BIRTH, applicant=applicant)
    services.save_draft(key=draft.key, applicant=applicant, variant=CERTIFIED, raw=birth())
    services.attach(key=draft.key, applicant=applicant, component="giay-chung-sinh", file=file)
    competent = services.offering(values.procedure_of(draft))[0].id
    wish = services.Return()
    services.save_draft(key=draft.key, applicant=applicant, variant=WITNESSED, competent_id=competent, returned=wish)
    with pytest.raises(NotAccepted) as refused:
        services.submit_draft(key=draft.key, applicant=applicant)
    assert list(refused.value.errors) == ["components.nguoi-lam-chung"]
    kept = services.save_draft(key=draft.key, applicant=applicant, variant=CERTIFIED)
    assert kept.data["child"]["full_name"] and kept.files.count() == 1
    dossier = services.submit_draft(key=draft.key, applicant=applicant)
    assert [c.component for c in dossier.components.all()] == ["giay-chung-sinh"]


def test_a_case_that_the_procedure_does_not_have_is_refused():
    applicant = cast.actor(cast.AN)
    draft = services.start_draft(procedure_key=BIRTH, applicant=applicant)
    with pytest.raises(NotOffered):
        services.save_draft(key=draft.key, applicant=applicant, variant="tre-bi-bo-roi")
