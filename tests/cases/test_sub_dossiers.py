"""A dossier within a dossier: opened in another agency's own procedure, waited for, called off."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from lienthong.cases import jobs, services
from lienthong.cases.models import Component, Dossier, StepVisit
from lienthong.cases.queries.gates import may_see
from lienthong.cases.queries.lists import dossiers_of_applicant
from lienthong.cases.queries.pages import page_of
from lienthong.cases.rules import ConsultationOpen, Status
from lienthong.cases.services import subordinate
from lienthong.cases.services.supplementing import PartOfAnother
from lienthong.foundation.definitions import services as definitions
from lienthong.foundation.ledger.queries import timeline
from lienthong.work.models import WorkItem
from tests import cast
from tests.cases import dossiers

pytestmark = pytest.mark.django_db

DECLARED = cast.SOURCE / "provinces" / "dak_nong" / "procedures" / f"{dossiers.PERMIT}.yaml"
APPROVAL: dict[str, Any] = {
    "kind": "procedure",
    "key": "tham-duyet",
    "name": "Thẩm duyệt thiết kế về phòng cháy, chữa cháy",
    "effective_from": "2025-01-01",
    "code": "1.009896",
    "field": {"key": "phong-chay", "name": "Phòng cháy, chữa cháy"},
    "level": "province",
    "competent": "fire-police",
    "subjects": ["citizen"],
    "online": "full",
    "summary": "Thẩm duyệt thiết kế.",
    "how": "Nộp, chờ, nhận.",
    "limit": "10 working days",
    "legal_basis": [{"number": "136/2020/NĐ-CP", "title": "Nghị định", "date": "2020-11-24"}],
    "components": [{"key": "thiet-ke", "name": "Hồ sơ thiết kế"}],
    "form": [
        {"key": "who", "type": "section", "label": "Chủ đầu tư", "fields": [
            {"key": "name", "type": "text", "label": "Tên chủ đầu tư", "required": True},
        ]},
        {"key": "area", "type": "decimal", "label": "Diện tích", "required": True},
        {"key": "why", "type": "text", "label": "Lý do thẩm duyệt", "required": True},
        {"key": "grade", "type": "text", "label": "Hạng nguy hiểm cháy", "required": True},
    ],
    "process": {"steps": [
        {"key": "nhan", "name": "Tiếp nhận", "kind": "reception", "at": "fire-police", "role": "case-handler",
         "limit": "8 working hours", "actions": [
             {"key": "nhan", "name": "Tiếp nhận", "does": "accept", "to": "tra"},
             {"key": "bo-sung", "name": "Yêu cầu bổ sung", "does": "request-supplement"},
             {"key": "tu-choi", "name": "Từ chối", "does": "refuse"}]},
        {"key": "tra", "name": "Trả kết quả", "kind": "return", "at": "fire-police", "role": "case-handler",
         "actions": [{"key": "tra", "name": "Trả kết quả", "does": "return-result"}]},
    ]},
}  # fmt: skip
STEP: dict[str, Any] = {
    "key": "tham-duyet",
    "name": "Thẩm duyệt về phòng cháy",
    "kind": "consultation",
    "at": "urban-management",
    "role": "case-handler",
    "limit": "5 working days",
    "dossier": {
        "procedure": "tham-duyet",
        "data": {"who.name": "owner.full_name", "area": "site.area", "why": "answers.why"},
        "fixed": {"grade": "C"},
        "components": {"thiet-ke": "ban-ve"},
    },
}


@pytest.fixture(autouse=True)
def monday():
    with cast.on_monday():
        yield


def declared(change: Any = None) -> dict[str, Any]:
    """The permit, whose handler can open a dossier with the fire police."""
    permit: dict[str, Any] = YAML(typ="safe", pure=True).load(DECLARED.read_text(encoding="utf-8"))
    permit["effective_from"] = "2025-03-01"
    steps = permit["process"]["steps"]
    handling = next(step for step in steps if step["key"] == "tham-dinh")
    asks = [{"key": "why", "type": "text", "label": "Lý do", "required": True}]
    handling["actions"].append(
        {"key": "tham-duyet", "name": "Chuyển thẩm duyệt", "does": "consult", "opens": ["tham-duyet"], "asks": asks}
    )
    next(step for step in steps if step["key"] == "du-thao")["waits_for"].append("tham-duyet")
    steps.append({**STEP, "dossier": dict(STEP["dossier"])})
    if change:
        change(permit)
    return permit


def planned(folder: Path, permit: dict[str, Any]) -> definitions.Plan:
    for body in (permit, APPROVAL):
        with (folder / f"{body['key']}.yaml").open("w", encoding="utf-8") as out:
            YAML(typ="safe", pure=True).dump(body, out)
    return definitions.plan([folder])


@pytest.fixture
def interlinked(db: None, tmp_path: Path) -> None:
    plan = planned(tmp_path, declared())
    assert not plan.problems, plan.problems
    definitions.apply(plan)


def opened() -> tuple[Dossier, Dossier]:
    dossier = dossiers.in_hand()
    dossiers.act(dossier, cast.HANDLER, "tham-dinh", "tham-duyet", answers={"why": "Nhà có kinh doanh"})
    return dossier, Dossier.objects.get(parent=dossier)


def worked(dossier: Dossier) -> None:
    """What the worker does after the events of a dossier, twice."""
    for entry in timeline(("dossier", dossier.pk)):
        for _time in range(2):
            if entry.kind in ("cases.returned", "cases.refused", "cases.stopped", "cases.withdrawn"):
                jobs.report_sub_dossier(entry)
            if entry.kind in ("cases.stopped", "cases.withdrawn", "cases.acceptance_undone"):
                jobs.call_off_sub_dossiers(entry)


def settled(sub: Dossier) -> None:
    for step, action in (("nhan", "nhan"), ("tra", "tra")):
        dossiers.act(sub, cast.FIRE_POLICE, step, action)
    worked(sub)


def test_it_is_a_dossier_of_its_own_with_what_the_application_says(interlinked: None):
    dossier, sub = opened()
    assert sub.data == {"who": {"name": "Nguyễn Văn An"}, "area": 120.5, "why": "Nhà có kinh doanh", "grade": "C"}
    assert (sub.account_id, sub.procedure_key, sub.status) == (dossier.account_id, "tham-duyet", Status.REGISTERED)
    drawing = Component.objects.get(dossier=dossier, component="ban-ve")
    assert [(c.component, c.file_id) for c in sub.components.all()] == [("thiet-ke", drawing.file_id)]
    items = WorkItem.objects.filter(subject_id=dossier.pk, is_open=True)
    assert sorted(items.values_list("task", "purpose")) == [
        ("Thẩm duyệt về phòng cháy", "know"),
        ("Thẩm định hồ sơ", "act"),
    ]


def test_the_step_waits_until_the_other_agency_has_settled_it(interlinked: None):
    dossier, sub = opened()
    dossiers.act(dossier, cast.HANDLER, "tham-dinh", "chuyen-kiem-tra")
    findings = {"visited_on": "2025-03-03", "findings": "Đúng hồ sơ."}
    dossiers.act(dossier, cast.HANDLER, "kiem-tra-thuc-dia", "phu-hop", answers=findings)
    with pytest.raises(ConsultationOpen):
        dossiers.act(dossier, cast.HANDLER, "du-thao", "du-thao", results=dossiers.RESULT)
    settled(sub)
    visit = StepVisit.objects.get(dossier=dossier, step="tham-duyet")
    assert (visit.action, visit.answers["status"], visit.late) == (subordinate.ENDED, Status.RETURNED, False)
    assert [e.kind for e in timeline(("dossier", dossier.pk))].count("cases.sub_dossier_ended") == 1
    dossiers.act(dossier, cast.HANDLER, "du-thao", "du-thao", results=dossiers.RESULT)


def test_a_refusal_elsewhere_ends_the_waiting_too(interlinked: None):
    dossier, sub = opened()
    dossiers.act(sub, cast.FIRE_POLICE, "nhan", "tu-choi", reason="Không thuộc diện thẩm duyệt")
    worked(sub)
    assert StepVisit.objects.get(dossier=dossier, step="tham-duyet").answers["status"] == Status.REFUSED


def test_what_is_withdrawn_takes_along_what_was_opened_for_it(interlinked: None):
    dossier, sub = opened()
    applicant = cast.actor(cast.AN)
    with pytest.raises(PartOfAnother):
        services.withdraw(dossier_id=sub.pk, applicant=applicant)
    services.withdraw(dossier_id=dossier.pk, applicant=applicant)
    worked(dossier)
    sub.refresh_from_db()
    assert sub.status == Status.WITHDRAWN
    worked(sub)
    assert not StepVisit.objects.filter(dossier__in=[dossier, sub], done_at=None).exists()
    assert not WorkItem.objects.filter(subject_id__in=[dossier.pk, sub.pk], is_open=True).exists()


def test_stopping_leaves_a_settled_one_as_it_is(interlinked: None):
    dossier, sub = opened()
    settled(sub)
    dossiers.act(dossier, cast.HANDLER, "tham-dinh", "dung", reason="Không đủ điều kiện")
    worked(dossier)
    sub.refresh_from_db()
    assert sub.status == Status.RETURNED


def test_the_applicant_sees_one_dossier_and_one_line(interlinked: None):
    dossier, sub = opened()
    assert [each.pk for each in dossiers_of_applicant(cast.actor(cast.AN))] == [dossier.pk]
    page = page_of(Dossier.objects.get(pk=dossier.pk))
    assert ("Thẩm duyệt về phòng cháy", "now") in [(station.name, station.state) for station in page.stations]
    assert [each.pk for each in page.sub_dossiers] == [sub.pk]


def test_who_handles_the_dossier_sees_the_other_and_not_the_other_way_round(interlinked: None):
    dossier, sub = opened()
    assert may_see(cast.actor(cast.HANDLER), sub)
    assert not may_see(cast.actor(cast.FIRE_POLICE), Dossier.objects.get(pk=dossier.pk))
    assert not may_see(cast.actor(cast.BICH), sub)


def test_what_the_other_procedure_lacks_is_told_and_nothing_is_opened(interlinked: None):
    dossier = dossiers.in_hand()
    Component.objects.filter(dossier=dossier).delete()
    with pytest.raises(subordinate.NotComplete) as refused:
        dossiers.act(dossier, cast.HANDLER, "tham-dinh", "tham-duyet", answers={"why": "x"})
    assert "Hồ sơ thiết kế" in str(refused.value)
    assert not Dossier.objects.filter(parent=dossier).exists()


def _no_such_procedure(permit: dict[str, Any]) -> None:
    permit["process"]["steps"][-1]["dossier"]["procedure"] = "tham-dinh"


def _itself(permit: dict[str, Any]) -> None:
    permit["process"]["steps"][-1]["dossier"]["procedure"] = dossiers.PERMIT


def _no_such_target(permit: dict[str, Any]) -> None:
    permit["process"]["steps"][-1]["dossier"]["fixed"] = {"who.colour": "red"}


def _no_such_source(permit: dict[str, Any]) -> None:
    permit["process"]["steps"][-1]["dossier"]["data"] = {"area": "site.size"}


def _not_asked(permit: dict[str, Any]) -> None:
    permit["process"]["steps"][-1]["dossier"]["data"] = {"why": "answers.because"}


def _paper_left_out(permit: dict[str, Any]) -> None:
    permit["process"]["steps"][-1]["dossier"]["components"] = {}


def _no_such_result(permit: dict[str, Any]) -> None:
    permit["process"]["steps"][-1]["dossier"]["data"]["why"] = "results.bang-khen.title"


def _no_such_field_of_a_result(permit: dict[str, Any]) -> None:
    permit["process"]["steps"][-1]["dossier"]["data"]["why"] = "results.giay-phep-xay-dung.colour"


def _result_that_is_drafted_later(permit: dict[str, Any]) -> None:
    permit["process"]["steps"][-1]["dossier"]["data"]["why"] = "results.giay-phep-xay-dung.design_title"


def _number_before_the_signature(permit: dict[str, Any]) -> None:
    permit["process"]["steps"][-1]["dossier"]["data"]["why"] = "results.giay-phep-xay-dung.number"


def _paper_before_the_signature(permit: dict[str, Any]) -> None:
    permit["process"]["steps"][-1]["dossier"]["components"] = {"thiet-ke": "results.giay-phep-xay-dung"}


def _place_that_is_no_address(permit: dict[str, Any]) -> None:
    permit["process"]["steps"][-1]["dossier"]["place"] = "owner.full_name"


def _with_actions(permit: dict[str, Any]) -> None:
    permit["process"]["steps"][-1]["actions"] = [{"key": "x", "name": "Trả lời", "does": "answer"}]


def opened_after(step: str) -> Any:
    """The permit with the result and its paper handed on, opened beside a step."""

    def change(permit: dict[str, Any]) -> None:
        steps = permit["process"]["steps"]
        handling = next(each for each in steps if each["key"] == "tham-dinh")
        consult = handling["actions"].pop()
        consult["asks"] = []
        next(each for each in steps if each["key"] == step)["actions"].append(consult)
        for each in steps:
            each["waits_for"] = [key for key in each.get("waits_for", ()) if key != "tham-duyet"]
        permit["limit"] = permit["limit_online"] = "40 working days"
        wanted = steps[-1]["dossier"]
        wanted["data"] = {"who.name": "results.giay-phep-xay-dung.design_title", "area": "site.area"}
        wanted["data"]["why"] = "results.giay-phep-xay-dung.number"
        wanted["components"] = {"thiet-ke": "results.giay-phep-xay-dung"}

    return change


def test_a_result_can_be_handed_on_only_where_it_is_signed_on_every_way(tmp_path: Path):
    assert not planned(tmp_path, declared(opened_after("tra-ket-qua"))).problems
    found = [
        ".".join(map(str, problem.path[-2:]))
        for problem in planned(tmp_path, declared(opened_after("phe-duyet"))).problems
    ]
    assert sorted(found) == ["components.thiet-ke", "data.why"], "drafted by then, not signed"


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (_no_such_procedure, "dossier.procedure"),
        (_itself, "dossier.procedure"),
        (_no_such_target, "dossier.fixed"),
        (_no_such_source, "dossier.data.area"),
        (_not_asked, "dossier.data.why"),
        (_paper_left_out, "dossier.components"),
        (_no_such_result, "dossier.data.why"),
        (_no_such_field_of_a_result, "dossier.data.why"),
        (_result_that_is_drafted_later, "dossier.data.why"),
        (_number_before_the_signature, "dossier.data.why"),
        (_paper_before_the_signature, "dossier.components.thiet-ke"),
        (_place_that_is_no_address, "dossier.place"),
        (_with_actions, "dossier"),
    ],
)
def test_what_could_never_be_opened_is_refused_when_it_is_planned(tmp_path: Path, spoil: Any, place: str):
    plan = planned(tmp_path, declared(spoil))
    found = [".".join(map(str, problem.path)) for problem in plan.problems]
    assert any(path.endswith(place) for path in found), found
