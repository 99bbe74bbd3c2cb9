"""A dossier on its way, through the services: what people may do, what they are told, what is on record."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthong.cases import rules, services
from lienthong.cases.models import Component, Dossier, Paper, StepVisit
from lienthong.cases.queries import NoSuchDossier, may_see, visible_to
from lienthong.cases.queries.lists import Filters, dossiers_of
from lienthong.cases.queries.pages import dossier_page
from lienthong.cases.queries.public import tracked
from lienthong.cases.queries.todo import todo_of
from lienthong.cases.rules import Status
from lienthong.cases.services.carrying import DOSSIER
from lienthong.cases.services.handling import DoneByOther, NotOfThatUnit, NotYourStep
from lienthong.foundation import clock
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.foundation.ledger.queries import timeline
from lienthong.work.models import WorkItem
from tests import cast
from tests.cases import dossiers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with cast.on_monday():
        yield


def kinds(dossier: Dossier) -> list[str]:
    return [entry.kind for entry in timeline((DOSSIER, dossier.pk))]


def open_items(dossier: Dossier) -> list[WorkItem]:
    return list(WorkItem.objects.filter(is_open=True, subject_type=DOSSIER, subject_id=dossier.pk).order_by("id"))


def agree(dossier: Dossier) -> None:
    """Every open visit has its work item, and no other item is open."""
    visits = StepVisit.objects.filter(dossier=dossier, done_at=None)
    assert sorted(item.part_id for item in open_items(dossier)) == sorted(visit.pk for visit in visits)
    dossier.refresh_from_db()
    assert bool(visits) != Status(dossier.status).ended


def test_an_application_lies_at_the_one_stop_shop_without_code_or_due_date():
    dossier = dossiers.submitted()
    assert (dossier.status, dossier.code, dossier.due_at) == (Status.REGISTERED, None, None)
    assert dossier.applicant_name == "Nguyễn Văn An"
    assert dossier.title.startswith("Nhà ở riêng lẻ tại 12 Trần Hưng Đạo, Phường Nghĩa Trung")
    assert kinds(dossier) == ["cases.submitted"]
    agree(dossier)


def test_reception_gives_code_and_due_date():
    dossier = dossiers.received()
    assert dossier.code == "000.00.31.H16-250303-0001"
    assert clock.local(dossier.due_at).date() == cast.MONDAY.date() + timedelta(days=15)
    assert dossiers.received().code.endswith("-0002")


def test_the_whole_way_to_the_signed_result():
    dossier = dossiers.approved()
    assert dossier.status == Status.FINISHED
    agree(dossier)
    dossiers.act(dossier, cast.CLERK, "tra-ket-qua", dossiers.last_action(dossier, "tra-ket-qua"))
    agree(dossier)
    assert (dossier.status, dossier.returned_at) == (Status.RETURNED, cast.MONDAY)
    assert kinds(dossier) == [
        "cases.submitted",
        "cases.received",
        "cases.assigned",
        "cases.forwarded",
        "cases.forwarded",
        "cases.drafted",
        "cases.forwarded",
        "cases.approved",
        "cases.returned",
        "cases.result_taken",
    ]


def test_a_supplement_stops_the_clock_until_it_comes():
    dossier = dossiers.in_hand()
    due = dossier.due_at
    dossiers.act(dossier, cast.HANDLER, "tham-dinh", "yeu-cau-bo-sung", reason="Thiếu mặt cắt móng")
    agree(dossier)
    assert dossier.status == Status.SUPPLEMENT
    assert [item.waiting for item in open_items(dossier)] == [True]
    assert [found.said for found in todo_of(cast.actor(cast.AN))] == ["Thiếu mặt cắt móng"]
    paper = Paper.objects.get(dossier=dossier, kind="supplement-request")
    assert paper.data == {"reason": "Thiếu mặt cắt móng"}

    file = dossiers.stored(name="mong.jpg")
    with clock.at(cast.MONDAY + timedelta(days=3)):
        services.supplement(
            dossier_id=dossier.pk,
            applicant=cast.actor(cast.AN),
            files=[services.HandedIn("ban-ve", file.pk, "mong.jpg")],
            note="Đã vẽ thêm.",
        )
    agree(dossier)
    assert dossier.status == Status.PROCESSING
    assert dossier.due_at >= due + timedelta(days=3)
    assert list(Component.objects.filter(dossier=dossier, supplement=1).values_list("name", flat=True)) == ["mong.jpg"]
    page = dossier_page(cast.actor(cast.HANDLER), dossier.pk)
    assert page.open_visits[0].reply == "Đã vẽ thêm."


def test_a_supplement_without_anything_in_it_is_none():
    dossier = dossiers.in_hand()
    dossiers.act(dossier, cast.HANDLER, "tham-dinh", "yeu-cau-bo-sung", reason="Thiếu")
    with pytest.raises(NotAccepted):
        services.supplement(dossier_id=dossier.pk, applicant=cast.actor(cast.AN), note="  ")
    assert dossier_page(cast.actor(cast.AN), dossier.pk).waiting


def test_a_corrected_application_keeps_the_former_one():
    dossier = dossiers.in_hand()
    dossiers.act(dossier, cast.HANDLER, "tham-dinh", "yeu-cau-bo-sung", reason="Sai lô đất")
    services.supplement(dossier_id=dossier.pk, applicant=cast.actor(cast.AN), raw=dossiers.house(site__lot="Thửa 126"))
    dossier.refresh_from_db()
    assert dossier.data["site"]["lot"] == "Thửa 126"
    assert dossier.former_data.get().data["site"]["lot"] == "Thửa 125, tờ bản đồ số 14"


def test_the_fire_police_answer_beside_the_handler():
    dossier = dossiers.in_hand()
    dossiers.act(dossier, cast.HANDLER, "tham-dinh", "lay-y-kien", reason="Nhà có kinh doanh")
    agree(dossier)
    assert StepVisit.objects.get(dossier=dossier, step="y-kien-pccc").request == "Nhà có kinh doanh"
    dossiers.act(dossier, cast.HANDLER, "tham-dinh", "chuyen-kiem-tra")
    findings = {"visited_on": "2025-03-03", "findings": "Đúng."}
    dossiers.act(dossier, cast.HANDLER, "kiem-tra-thuc-dia", "phu-hop", answers=findings)
    with pytest.raises(rules.ConsultationOpen):
        dossiers.act(dossier, cast.HANDLER, "du-thao", "du-thao", results=dossiers.RESULT)
    dossiers.act(dossier, cast.FIRE_POLICE, "y-kien-pccc", "dong-y", answers={"number": "12/PC07"})
    dossiers.act(dossier, cast.HANDLER, "du-thao", "du-thao", results=dossiers.RESULT)
    agree(dossier)


def test_a_consultation_that_nobody_answers_lapses_after_its_limit():
    dossier = dossiers.in_hand()
    dossiers.act(dossier, cast.HANDLER, "tham-dinh", "lay-y-kien", reason="Hỏi")
    visit = dossiers.visit(dossier, "y-kien-pccc")
    assert not services.lapse(dossier_id=dossier.pk, visit_id=visit.pk)
    with clock.at(visit.due_at + timedelta(minutes=1)):
        assert services.lapse(dossier_id=dossier.pk, visit_id=visit.pk)
        assert not services.lapse(dossier_id=dossier.pk, visit_id=visit.pk)
    agree(dossier)
    assert kinds(dossier)[-1] == "cases.lapsed"


def test_a_refusal_ends_the_dossier_with_its_reason():
    dossier = dossiers.submitted()
    with pytest.raises(rules.ReasonNeeded):
        dossiers.act(dossier, cast.CLERK, "tiep-nhan", "tu-choi")
    dossiers.act(dossier, cast.CLERK, "tiep-nhan", "tu-choi", reason="Không thuộc thẩm quyền")
    agree(dossier)
    assert dossier.status == Status.REFUSED
    assert Paper.objects.get(dossier=dossier, kind="refusal").data == {"reason": "Không thuộc thẩm quyền"}


def test_the_applicant_withdraws_until_the_result_is_there():
    dossier = dossiers.in_hand()
    services.withdraw(dossier_id=dossier.pk, applicant=cast.actor(cast.AN), reason="Đổi ý")
    agree(dossier)
    assert dossier.status == Status.WITHDRAWN
    with pytest.raises(rules.TooLateToWithdraw):
        services.withdraw(dossier_id=dossiers.approved().pk, applicant=cast.actor(cast.AN))


def test_nobody_withdraws_or_supplements_the_dossier_of_another():
    dossier = dossiers.in_hand()
    with pytest.raises(NoSuchDossier):
        services.withdraw(dossier_id=dossier.pk, applicant=cast.actor(cast.BICH))
    with pytest.raises(NoSuchDossier):
        services.supplement(dossier_id=dossier.pk, applicant=cast.actor(cast.BICH), note="x")
    assert kinds(dossier)[-1] == "cases.assigned"


def test_the_step_that_was_late_is_named():
    dossier = dossiers.received()
    handler = cast.actor(cast.HANDLER).acting.id
    with clock.at(cast.MONDAY + timedelta(days=2)):
        dossiers.act(dossier, cast.HEAD, "phan-cong", "phan-cong", post_id=handler)
    assert StepVisit.objects.get(dossier=dossier, step="phan-cong").late
    assert timeline((DOSSIER, dossier.pk))[-1].data["late"] == ["phan-cong"]
    assert not StepVisit.objects.get(dossier=dossier, step="tiep-nhan").late


def test_what_is_sent_back_comes_to_the_same_handler():
    dossier = dossiers.drafted()
    dossiers.act(dossier, cast.HEAD, "kiem-tra-du-thao", "tra-lai", reason="Sai số tầng")
    visit = dossiers.visit(dossier, "du-thao")
    assert visit.post_id == cast.actor(cast.HANDLER).acting.id
    assert visit.request == "Sai số tầng"
    dossiers.act(dossier, cast.HANDLER, "du-thao", "du-thao", results=dossiers.RESULT)
    assert Paper.objects.filter(dossier=dossier, kind="result").count() == 1


def test_handing_in_twice_makes_one_dossier():
    applicant, key = cast.actor(cast.AN), uuid.uuid4()
    file = dossiers.stored()
    files = [services.HandedIn(name, file.pk, file.name) for name in ("giay-to-dat", "ban-ve")]

    def hand_in() -> Dossier:
        return services.open_dossier(
            procedure_key=dossiers.PERMIT,
            competent_key=dossiers.GIA_NGHIA,
            raw=dossiers.HOUSE,
            actor=applicant,
            idempotency_key=key,
            files=files,
        )

    assert hand_in().pk == hand_in().pk
    assert Dossier.objects.count() == 1


def test_a_draft_keeps_what_was_typed_wrong_and_becomes_one_dossier():
    applicant = cast.actor(cast.AN)
    draft = services.start_draft(procedure_key=dossiers.PERMIT, applicant=applicant)
    assert draft.data["owner"]["full_name"] == "Nguyễn Văn An"
    services.save_draft(key=draft.key, applicant=applicant, raw={"site": {"area": "rộng lắm"}})
    kept = services.draft_of(draft.key, applicant)
    assert kept.data["site"]["area"] == "rộng lắm"
    assert kept.data["owner"]["full_name"] == "Nguyễn Văn An"
    with pytest.raises(NotAccepted) as refused:
        services.submit_draft(key=draft.key, applicant=applicant)
    assert {"competent", "site.area", "components.ban-ve", "return_way"} <= set(refused.value.errors)

    gia_nghia = next(node for node in services.offering(_permit()) if node.key == dossiers.GIA_NGHIA)
    services.save_draft(
        key=draft.key,
        applicant=applicant,
        raw=dossiers.HOUSE,
        competent_id=gia_nghia.id,
        returned=services.Return(),
    )
    for component in ("giay-to-dat", "ban-ve"):
        services.attach(key=draft.key, applicant=applicant, component=component, file=dossiers.stored())
    dossier = services.submit_draft(key=draft.key, applicant=applicant)
    assert services.submit_draft(key=draft.key, applicant=applicant).pk == dossier.pk
    assert Component.objects.filter(dossier=dossier).count() == 2


def _permit():
    from lienthong.procedures.definition import PROCEDURE

    return PROCEDURE.current(dossiers.PERMIT).body


def test_a_draft_is_only_ones_own():
    draft = services.start_draft(procedure_key=dossiers.PERMIT, applicant=cast.actor(cast.AN))
    with pytest.raises(Exception, match=r"draft|nháp"):
        services.draft_of(draft.key, cast.actor(cast.BICH))


@pytest.mark.parametrize("username", [cast.HANDLER, cast.HEAD, cast.LEADER, cast.FIRE_POLICE, "quantri", "kiemsoat"])
def test_only_the_desk_a_step_lies_with_acts_in_it(username):
    dossier = dossiers.submitted()
    with pytest.raises(NotYourStep):
        dossiers.act(dossier, username, "tiep-nhan", "tiep-nhan")
    dossier.refresh_from_db()
    assert (dossier.status, dossier.code) == (Status.REGISTERED, None)
    assert kinds(dossier) == ["cases.submitted"]


def test_an_assigned_step_lies_with_that_person_only():
    dossier = dossiers.in_hand()
    with pytest.raises(NotYourStep):
        dossiers.act(dossier, cast.OTHER_HANDLER, "tham-dinh", "chuyen-kiem-tra")


def test_work_is_assigned_only_to_people_of_that_unit():
    dossier = dossiers.received()
    with pytest.raises(NotOfThatUnit):
        dossiers.act(dossier, cast.HEAD, "phan-cong", "phan-cong", post_id=cast.actor(cast.FIRE_POLICE).acting.id)
    assert dossiers.visit(dossier, "phan-cong")


def test_who_comes_second_is_told_who_was_first():
    dossier = dossiers.submitted()
    visit = dossiers.visit(dossier, "tiep-nhan")
    dossiers.act(dossier, cast.CLERK, "tiep-nhan", "tiep-nhan")
    with pytest.raises(DoneByOther, match="Phạm Thị Lan"):
        services.act(
            dossier_id=dossier.pk,
            visit_id=visit.pk,
            action="tu-choi",
            officer=cast.actor(cast.TWO_AGENCIES),
            reason="x",
        )


def test_an_action_the_step_does_not_have_is_refused_with_those_it_has():
    dossier = dossiers.submitted()
    with pytest.raises(rules.ActionNotOffered) as refused:
        dossiers.act(dossier, cast.CLERK, "tiep-nhan", "ky")
    assert "Tiếp nhận hồ sơ" in refused.value.way_out


def test_what_an_action_asks_is_checked_and_nothing_happens_when_it_is_wrong():
    act = dossiers.act
    act(dossier := dossiers.in_hand(), cast.HANDLER, "tham-dinh", "chuyen-kiem-tra")
    with pytest.raises(NotAccepted) as refused:
        act(dossier, cast.HANDLER, "kiem-tra-thuc-dia", "phu-hop", answers={"visited_on": "32/13/2025"})
    assert set(refused.value.errors) == {"visited_on", "findings"}
    assert dossiers.visit(dossier, "kiem-tra-thuc-dia")


def test_people_see_their_own_and_agencies_what_concerns_them():
    dossier = dossiers.in_hand()
    seen_by = {name: visible_to(cast.actor(name)).filter(pk=dossier.pk).exists() for name in SEES}
    assert seen_by == SEES
    assert {name: may_see(cast.actor(name), dossier) for name in SEES} == SEES


SEES = {
    cast.AN: True,
    cast.BICH: False,
    cast.CLERK: True,
    cast.HEAD: True,
    cast.HANDLER: True,
    cast.LEADER: True,
    cast.FIRE_POLICE: False,
    "nam.tckh": False,
    "tam.nghiatrung": False,
    "kiemsoat": True,
    "quantri": False,
}


def test_the_list_shows_what_may_be_seen_newest_first():
    first, second = dossiers.received(), dossiers.submitted()
    assert [d.pk for d in dossiers_of(cast.actor(cast.CLERK), Filters())] == [second.pk, first.pk]
    assert [d.pk for d in dossiers_of(cast.actor(cast.HEAD), Filters())] == [first.pk]
    assert dossiers_of(cast.actor("nam.tckh"), Filters()) == []
    assert [d.pk for d in dossiers_of(cast.actor(cast.CLERK), Filters(text="tran hung dao"))] == [second.pk, first.pk]
    assert [d.pk for d in dossiers_of(cast.actor(cast.CLERK), Filters(text=first.code))] == [first.pk]
    assert [d.pk for d in dossiers_of(cast.actor(cast.CLERK), Filters(status=Status.RECEIVED))] == [first.pk]
    assert [d.pk for d in dossiers_of(cast.actor(cast.CLERK), Filters(), before=second.pk)] == [first.pk]


def test_anybody_with_code_and_phone_sees_the_progress_and_others_learn_nothing():
    dossier = dossiers.received()
    assert tracked(dossier.code, "2768").dossier.pk == dossier.pk
    assert tracked(f" {dossier.tracking.lower()} ", "2768").dossier.pk == dossier.pk
    assert tracked(dossier.code, "0000") is None
    assert tracked("000.00.31.H16-250303-9999", "2768") is None
    assert tracked(dossier.code, "") is None


def test_a_transition_costs_at_most_ten_statements():
    dossier = dossiers.submitted()
    officers = {name: cast.actor(name) for name in (cast.CLERK, cast.HEAD, cast.HANDLER, cast.LEADER)}
    handler = officers[cast.HANDLER].acting.id
    way = [
        (cast.CLERK, "tiep-nhan", "tiep-nhan", {}),
        (cast.HEAD, "phan-cong", "phan-cong", {"post_id": handler}),
        (cast.HANDLER, "tham-dinh", "chuyen-kiem-tra", {}),
        (
            cast.HANDLER,
            "kiem-tra-thuc-dia",
            "phu-hop",
            {"answers": {"visited_on": "2025-03-03", "findings": "Đúng"}},
        ),
        (cast.HANDLER, "du-thao", "du-thao", {"results": dossiers.RESULT}),
        (cast.HEAD, "kiem-tra-du-thao", "trinh-ky", {}),
        (cast.LEADER, "phe-duyet", "ky", {}),
    ]
    for username, step, action, rest in way:
        visit = dossiers.visit(dossier, step)
        with CaptureQueriesContext(connection) as captured:
            services.act(dossier_id=dossier.pk, visit_id=visit.pk, action=action, officer=officers[username], **rest)
        besides = ("SAVEPOINT", "RELEASE", 'SELECT "organisations_treerevision"')  # the tree is asked for once a second
        statements = [q["sql"] for q in captured if not q["sql"].startswith(besides)]
        assert len(statements) <= 10, "\n".join(statements)
