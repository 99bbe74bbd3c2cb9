"""Applications for another: what a mandate allows, who sees the dossier, what ends with the mandate."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from lienthong.cases import services, values
from lienthong.cases.models import Dossier, Draft, Paper
from lienthong.cases.papers.forms import Issued, receipt
from lienthong.cases.queries import NoSuchDossier, dossier_for, may_see, visible_to
from lienthong.cases.queries.holdings import readings_of
from lienthong.cases.queries.lists import dossiers_of_applicant
from lienthong.cases.queries.todo import todo_of
from lienthong.cases.rules import Status
from lienthong.cases.services.representing import MandateEnded
from lienthong.identity.models import Mandate
from lienthong.identity.services import mandates
from lienthong.identity.services.mandate_rows import NoSuchMandate
from tests import cast
from tests.cases import dossiers
from tests.cases.mandates import CAFE, QUAN, between, of_the_company
from tests.portal.conftest import gia_nghia

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with cast.on_monday():
        yield


def begun(mandate: Mandate, by: str = cast.BICH) -> Draft:
    return services.start_draft(procedure_key=dossiers.PERMIT, applicant=cast.actor(by), mandate_id=mandate.pk)


def filled(mandate: Mandate, by: str = cast.BICH) -> Draft:
    draft = begun(mandate, by)
    services.save_draft(
        key=draft.key,
        applicant=cast.actor(by),
        raw=dossiers.house(),
        competent_id=gia_nghia(),
        returned=services.Return(),
    )
    for component in ("giay-to-dat", "ban-ve"):
        file = dossiers.stored(by, name=f"{component}.jpg")
        services.attach(key=draft.key, applicant=cast.actor(by), component=component, file=file)
    return draft


def submitted(mandate: Mandate, by: str = cast.BICH) -> Dossier:
    return services.submit_draft(key=filled(mandate, by).key, applicant=cast.actor(by))


def test_the_form_begins_with_the_facts_of_the_represented():
    owner = begun(between()).data["owner"]
    assert owner["full_name"] == "Nguyễn Văn An" and owner["person_id"] == "067085004127"


def test_for_a_company_it_begins_with_the_name_and_tax_code_of_the_company():
    owner = begun(of_the_company(), QUAN).data["owner"]
    assert owner["full_name"] == CAFE and owner["tax_code"] == "6400317267"


def test_the_dossier_knows_who_handed_it_in_and_for_whom():
    mandate = between()
    dossier = submitted(mandate)
    assert dossier.mandate == mandate and dossier.represented_account == cast.account(cast.AN)
    assert dossier.account == cast.account(cast.BICH)
    assert dossier.submitter["name"] == "Trần Thị Bích" and dossier.applicant_name == "Nguyễn Văn An"


def test_the_receipt_names_both():
    dossier = submitted(between())
    dossiers.act(dossier, cast.CLERK, "tiep-nhan", "tiep-nhan")
    dossier.refresh_from_db()
    form = receipt(dossier, Paper(dossier=dossier, kind="receipt"), Issued(person="Phạm Thị Lan"))
    assert (form.submitter.name, form.owner.name) == ("Trần Thị Bích", "Nguyễn Văn An")


def test_the_represented_and_the_one_who_handed_it_in_see_it_and_nobody_else():
    dossier = submitted(between())
    for username in (cast.AN, cast.BICH):
        actor = cast.actor(username)
        assert may_see(actor, dossier) and dossier_for(actor, dossier.pk) == dossier
        assert list(visible_to(actor)) == dossiers_of_applicant(actor) == [dossier]
    stranger = cast.actor(QUAN)
    assert not may_see(stranger, dossier) and not visible_to(stranger).exists()
    with pytest.raises(NoSuchDossier):
        dossier_for(stranger, dossier.pk)


def test_every_legal_representative_of_a_company_sees_its_dossiers_and_an_employee_the_own():
    dossier = submitted(of_the_company(), QUAN)
    business = dossier.represented_business
    terms = mandates.Terms(valid_from=cast.MONDAY.date(), valid_to=cast.MONDAY.date())
    offer = mandates.offer(actor=cast.actor(QUAN), agent_name="Trần Thị Bích", terms=terms, business_id=business.pk)
    mandates.take(actor=cast.actor(cast.BICH), code=offer.code)
    assert not may_see(cast.actor(cast.BICH), dossier)
    other = submitted(Mandate.objects.get(pk=offer.pk))
    assert may_see(cast.actor(QUAN), other) and may_see(cast.actor(cast.BICH), other)


def test_the_represented_withdraws_it():
    dossier = submitted(between())
    services.withdraw(dossier_id=dossier.pk, applicant=cast.actor(cast.AN), reason="Tôi không còn cần.")
    dossier.refresh_from_db()
    assert dossier.status == Status.WITHDRAWN


def test_strangers_withdraw_nothing():
    dossier = submitted(between())
    with pytest.raises(NoSuchDossier):
        services.withdraw(dossier_id=dossier.pk, applicant=cast.actor(QUAN), reason="x")


def test_only_by_an_own_mandate_that_is_good_for_the_procedure():
    mandate = between(procedures=("dang-ky-khai-sinh",))
    with pytest.raises(MandateEnded):
        begun(mandate)
    with pytest.raises(NoSuchMandate):
        begun(mandate, QUAN)
    with pytest.raises(NoSuchMandate):
        services.start_draft(procedure_key=dossiers.PERMIT, applicant=cast.actor(cast.BICH), mandate_id=10**9)
    assert not Draft.objects.exists()


def test_a_mandate_that_ends_ends_what_was_not_handed_in():
    mandate = between()
    draft = filled(mandate)
    mandates.revoke(actor=cast.actor(cast.AN), mandate_id=mandate.pk)
    bich = cast.actor(cast.BICH)
    for forbidden in (
        lambda: services.save_draft(key=draft.key, applicant=bich, raw={}),
        lambda: services.submit_draft(key=draft.key, applicant=bich),
        lambda: services.attach(key=draft.key, applicant=bich, component="ban-ve", file=dossiers.stored(cast.BICH)),
    ):
        with pytest.raises(MandateEnded, match="Nguyễn Văn An"):
            forbidden()
    assert not Dossier.objects.exists()
    services.discard_draft(key=draft.key, applicant=bich)
    assert not Draft.objects.exists()


def test_what_was_handed_in_goes_on_and_is_supplemented_by_the_represented():
    mandate = between()
    dossier = submitted(mandate)
    dossiers.act(dossier, cast.CLERK, "tiep-nhan", "yeu-cau-bo-sung", reason="Thiếu bản vẽ.")
    bich, an = cast.actor(cast.BICH), cast.actor(cast.AN)
    draft = services.start_supplement(dossier_id=dossier.pk, applicant=bich)
    mandates.revoke(actor=an, mandate_id=mandate.pk)
    with pytest.raises(MandateEnded):
        services.submit_supplement(dossier_id=dossier.pk, applicant=bich, note="Đây.")
    assert services.start_supplement(dossier_id=dossier.pk, applicant=an).key == draft.key
    services.submit_supplement(dossier_id=dossier.pk, applicant=an, note="Đã bổ sung.")
    dossier.refresh_from_db()
    assert dossier.status == Status.REGISTERED and not Draft.objects.exists()


def test_the_database_keeps_that_a_dossier_for_another_says_by_what():
    dossier = submitted(between())
    for wrong in ({"mandate": None}, {"submitter": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Dossier.objects.filter(pk=dossier.pk).update(**wrong)


def test_officers_read_the_evidence_and_it_is_on_record():
    file = dossiers.stored(cast.BICH, name="uy-quyen.jpg")
    mandate = between()
    Mandate.objects.filter(pk=mandate.pk).update(evidence=file)
    dossier = submitted(mandate)
    found = services.read_file(dossier_id=dossier.pk, file_id=file.pk, actor=cast.actor(cast.CLERK))
    assert found == file
    with pytest.raises(NoSuchDossier):
        services.read_file(dossier_id=dossier.pk, file_id=file.pk, actor=cast.actor(QUAN))


def test_the_own_application_knows_of_no_mandate():
    dossier = dossiers.submitted()
    assert dossier.mandate is None and dossier.submitter is None


def test_an_officer_does_not_see_at_the_desk_the_dossiers_of_a_business_the_officer_represents():
    claim = mandates.claim(
        actor=cast.actor(cast.FIRE_POLICE),
        kind=Mandate.Kind.LEGAL,
        represented=mandates.Represented(name=CAFE, identity="6400317267", for_business=True),
        terms=mandates.Terms(valid_from=cast.MONDAY.date()),
    )
    mandates.confirm(actor=cast.actor(QUAN), mandate_id=claim.pk)
    dossier, officer = submitted(of_the_company(), QUAN), cast.actor(cast.FIRE_POLICE)
    assert not may_see(officer, dossier) and not visible_to(officer).exists()
    assert dossiers_of_applicant(officer) == [dossier]


# what waits for whom


def asked(dossier: Dossier) -> None:
    """The handler asks for a supplement, and before that a question."""
    dossiers.act(dossier, cast.CLERK, "tiep-nhan", "tiep-nhan")
    dossiers.act(dossier, cast.HEAD, "phan-cong", "phan-cong", post_id=cast.actor(cast.HANDLER).acting.id)
    services.write(
        dossier_id=dossier.pk,
        text="Nhà có tầng hầm không?",
        officer=cast.actor(cast.HANDLER),
        key=uuid.uuid4(),
        wants_answer=True,
    )
    dossiers.act(dossier, cast.HANDLER, "tham-dinh", "yeu-cau-bo-sung", reason="Thiếu mặt cắt móng")


def to_do(username: str) -> list[str]:
    return sorted(each.kind for each in todo_of(cast.actor(username)))


def test_the_represented_sees_what_is_asked_and_may_answer():
    dossier = submitted(between())
    asked(dossier)
    assert to_do(cast.AN) == to_do(cast.BICH) == ["answer", "supplement"]
    services.write_back(dossier_id=dossier.pk, text="Không.", applicant=cast.actor(cast.AN), key=uuid.uuid4())
    assert to_do(cast.AN) == to_do(cast.BICH) == ["supplement"]
    assert to_do(QUAN) == []
    with pytest.raises(NoSuchDossier):
        services.write_back(dossier_id=dossier.pk, text="Có.", applicant=cast.actor(QUAN), key=uuid.uuid4())


def test_who_represents_a_business_sees_what_is_asked_of_it_as_long_as_it_does():
    company = of_the_company()
    given = mandates.offer(
        actor=cast.actor(QUAN),
        agent_name=cast.account(cast.BICH).full_name,
        terms=mandates.Terms(valid_from=cast.MONDAY.date(), valid_to=cast.MONDAY.date()),
        business_id=company.business_id,
    )
    dossier = submitted(mandates.take(actor=cast.actor(cast.BICH), code=given.code))
    asked(dossier)
    assert to_do(QUAN) == ["answer", "supplement"]
    services.read_dossier(dossier_id=dossier.pk, actor=cast.actor(cast.HEAD))
    assert [each.dossier_id for each in readings_of(cast.actor(QUAN)).rows] == [dossier.pk]
    services.write_back(dossier_id=dossier.pk, text="Không.", applicant=cast.actor(QUAN), key=uuid.uuid4())
    mandates.revoke(actor=cast.actor(QUAN), mandate_id=company.pk)
    assert to_do(QUAN) == [] and readings_of(cast.actor(QUAN)).rows == []


def test_who_has_read_it_is_told_to_the_represented_and_to_nobody_else():
    dossier = submitted(between())
    services.read_dossier(dossier_id=dossier.pk, actor=cast.actor(cast.CLERK))
    for username, seen in ((cast.AN, 1), (cast.BICH, 1), (QUAN, 0)):
        assert len(readings_of(cast.actor(username)).rows) == seen, username


def test_a_correction_keeps_the_files_of_whoever_handed_it_in_and_takes_no_other_of_theirs():
    dossier = submitted(between())
    of_the_agent = dossiers.stored(cast.BICH, "rieng.jpg")
    context = values.files_of(dossier, cast.account(cast.AN).pk)
    assert context.find(str(of_the_agent.pk)) is None
    Dossier.objects.filter(pk=dossier.pk).update(
        data={**dossier.data, "sketch": {"id": str(of_the_agent.pk), "name": "rieng.jpg", "size": 1}}
    )
    dossier.refresh_from_db()
    assert values.files_of(dossier, cast.account(cast.AN).pk).find(str(of_the_agent.pk)) is not None
