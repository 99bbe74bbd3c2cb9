"""Never asked twice: a new application begins with the answers of the last one."""

from types import SimpleNamespace

import pytest

from lienthong.cases import again as again_room
from lienthong.cases import services
from lienthong.cases.again import answered_again, earlier_dossier
from lienthong.cases.models import Dossier
from lienthong.cases.values import context_for
from lienthong.foundation.fields.data import start
from lienthong.foundation.fields.field_list import FieldList
from lienthong.identity.models import Account
from lienthong.identity.queries import applicant_facts
from tests import cast
from tests.cases import dossiers
from tests.cases.mandates import between
from tests.cases.test_representing import submitted as submitted_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with cast.on_monday():
        yield


def again(username: str = cast.AN, mandate_id: int | None = None) -> dict:
    return services.start_draft(
        procedure_key=dossiers.PERMIT, applicant=cast.actor(username), mandate_id=mandate_id, again=True
    ).data


def test_the_answers_of_the_last_application_are_there_again_but_no_pledge():
    dossiers.submitted(site__lot="Thửa 1")
    dossiers.submitted(site__lot="Thửa 2")
    data = again()
    assert data["site"]["lot"] == "Thửa 2" and data["design"]["designer"] == "Công ty TNHH Kiến trúc Nâm Nung"
    assert [row["title"] for row in data["house"]["floors"]] == ["Tầng 1", "Tầng 2"]
    assert not data["plan"].get("pledge") and str(data["plan"]["months"]) == "6"


def test_what_the_account_knows_today_is_newer():
    dossiers.submitted(owner__phone="0905000111")
    Account.objects.filter(username=cast.AN).update(phone="0905412799")
    assert again()["owner"]["phone"] == "0905412799"


def test_without_asking_nothing_is_taken_over():
    dossiers.submitted()
    draft = services.start_draft(procedure_key=dossiers.PERMIT, applicant=cast.actor(cast.AN))
    assert "lot" not in draft.data.get("site", {})


def test_nothing_of_others_and_nothing_from_the_counter():
    dossiers.submitted(cast.BICH)
    dossiers.submitted(cast.CLERK)
    assert earlier_dossier(cast.actor(cast.AN), dossiers.PERMIT, None) is None
    assert earlier_dossier(cast.actor(cast.CLERK), dossiers.PERMIT, None) is None
    assert not again()["site"].get("lot")


def test_what_was_handed_in_for_another_comes_again_for_the_same_only():
    mandate = between()
    submitted_for(mandate)
    bich = cast.actor(cast.BICH)
    assert earlier_dossier(bich, dossiers.PERMIT, None) is None
    assert again(cast.BICH, mandate.pk)["site"]["lot"] == "Thửa 125, tờ bản đồ số 14"
    assert earlier_dossier(cast.actor(cast.AN), dossiers.PERMIT, None) is not None


BEFORE = [
    {"type": "text", "key": "plot", "label": "Thửa"},
    {"type": "text", "key": "gone", "label": "Bỏ"},
    {"type": "text", "key": "changed", "label": "Đổi"},
    {"type": "text", "key": "secret", "label": "Riêng"},
    {"type": "code-list", "key": "gender", "label": "Giới tính", "list": "genders"},
]
NOW = [
    {"type": "text", "key": "plot", "label": "Thửa"},
    {"type": "integer", "key": "changed", "label": "Đổi"},
    {"type": "text", "key": "secret", "label": "Riêng", "reuse": False},
    {"type": "code-list", "key": "gender", "label": "Giới tính", "list": "genders"},
    {"type": "text", "key": "name", "label": "Tên", "default": "${applicant.name}"},
]


def test_only_fields_that_both_versions_have_and_that_may_be_reused(monkeypatch):
    from pydantic import TypeAdapter

    lists = TypeAdapter(FieldList)
    before, now = lists.validate_python(BEFORE), lists.validate_python(NOW)
    earlier = dossiers.submitted()
    Dossier.objects.filter(pk=earlier.pk).update(
        data={"plot": "125", "gone": "x", "changed": "x", "secret": "x", "gender": "99", "name": "Ai đó"}
    )
    earlier.refresh_from_db()
    monkeypatch.setattr(again_room, "procedure_of", lambda dossier: SimpleNamespace(form=before))
    account = cast.account(cast.AN).pk
    context = context_for(account, applicant_facts(account))
    assert answered_again(now, start(now, context), earlier, context) == {"plot": "125", "name": "Nguyễn Văn An"}
