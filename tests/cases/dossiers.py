"""Ready dossiers for tests, taken there through the services as people would."""

import uuid
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from django.db import transaction

from lienthong.cases import services
from lienthong.cases.models import Dossier, ReturnWay, StepVisit
from lienthong.cases.services import papers
from lienthong.cases.services.taking import is_asked
from lienthong.foundation import clock
from lienthong.foundation.files import services as files
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.rules import Policy
from lienthong.procedures.definition import PROCEDURE
from tests import cast

PERMIT = "cap-giay-phep-xay-dung-nha-o-rieng-le"
AT_THE_COUNTER = services.Return()
BY_POST = services.Return(ReturnWay.POST, "42 Lê Lợi, phường Nghĩa Trung")
GIA_NGHIA = "thanh-pho-gia-nghia"

HOUSE: dict[str, Any] = {
    "owner": {
        "kind": "individual",
        "full_name": "Nguyễn Văn An",
        "person_id": "067085004127",
        "address": "Số 42, tổ dân phố 3, phường Nghĩa Trung",
        "phone": "0905412768",
    },
    "site": {
        "lot": "Thửa 125, tờ bản đồ số 14",
        "area": "120,5",
        "location": {"unit": "24617", "detail": "12 Trần Hưng Đạo"},
        "land_paper": "Giấy chứng nhận quyền sử dụng đất số CD 123456 ngày 15/3/2019",
    },
    "design": {"designer": "Công ty TNHH Kiến trúc Nâm Nung"},
    "house": {
        "grade": "4",
        "ground_level": "0,3",
        "ground_area": "80",
        "height": "7,5",
        "floors": [
            {"kind": "storey", "title": "Tầng 1", "area": "80", "height": "3,6"},
            {"kind": "storey", "title": "Tầng 2", "area": "75", "height": "3,4"},
        ],
        "business_use": "on",
    },
    "plan": {"months": "6", "pledge": "on"},
}


def house(**changes: Any) -> dict[str, Any]:
    """The application of HOUSE, with other answers at dotted paths written with __: site__lot="…"."""
    data = deepcopy(HOUSE)
    for path, value in changes.items():
        section, key = path.split("__")
        data[section][key] = value
    return data


def stored(username: str = cast.AN, name: str = "ban-ve.jpg") -> StoredFile:
    with transaction.atomic():
        policy = Policy(kinds={"image", "pdf"}, max_bytes=1_000_000)
        return files.store(cast.photo(), name=name, policy=policy, actor=cast.actor(username))


def submitted(username: str = cast.AN, returned: services.Return = AT_THE_COUNTER, **changes: Any) -> Dossier:
    """An application for a house, handed in online."""
    file = stored(username)
    papers = [services.HandedIn(key, file.pk, file.name) for key in ("giay-to-dat", "ban-ve")]
    return services.open_dossier(
        procedure_key=PERMIT,
        competent_key=GIA_NGHIA,
        raw=house(**changes),
        actor=cast.actor(username),
        idempotency_key=uuid.uuid4(),
        files=papers,
        returned=returned,
    )


def visit(dossier: Dossier, step: str) -> StepVisit:
    return StepVisit.objects.get(dossier=dossier, step=step, done_at=None)


def act(dossier: Dossier, username: str, step: str, action: str, **rest: Any) -> Dossier:
    """A result that is wanted at the counter is taken by the applicant, unless it is said otherwise."""
    if step == "tra-ket-qua" and is_asked(dossier):
        rest.setdefault("taking", services.Taking.by_applicant(dossier))
    return services.act(
        dossier_id=dossier.pk,
        visit_id=visit(dossier, step).pk,
        action=action,
        officer=cast.actor(username),
        **rest,
    )


RESULT: Mapping[str, Any] = {"giay-phep-xay-dung": {"design_title": "Hồ sơ thiết kế KT-01"}}


def received(**changes: Any) -> Dossier:
    return act(submitted(**changes), cast.CLERK, "tiep-nhan", "tiep-nhan")


def in_hand(**changes: Any) -> Dossier:
    """On the desk of the handler."""
    handler = cast.actor(cast.HANDLER).acting.id
    return act(received(**changes), cast.HEAD, "phan-cong", "phan-cong", post_id=handler)


def inspected(**changes: Any) -> Dossier:
    act(dossier := in_hand(**changes), cast.HANDLER, "tham-dinh", "chuyen-kiem-tra")
    findings = {"visited_on": "2025-03-03", "findings": "Đúng hồ sơ."}
    return act(dossier, cast.HANDLER, "kiem-tra-thuc-dia", "phu-hop", answers=findings)


def drafted(**changes: Any) -> Dossier:
    return act(inspected(**changes), cast.HANDLER, "du-thao", "du-thao", results=RESULT)


def approved(**changes: Any) -> Dossier:
    act(dossier := drafted(**changes), cast.HEAD, "kiem-tra-du-thao", "trinh-ky")
    return act(dossier, cast.LEADER, "phe-duyet", "ky")


@transaction.atomic
def sign(dossier: Dossier) -> None:
    """What the worker does after an approval."""
    approval = dossier.visits.filter(action="ky").latest("done_at")
    assert approval.done_by_id and approval.done_post_id
    papers.sign_results(
        dossier.pk,
        Dossier.objects.get(pk=dossier.pk).signed,
        account_id=approval.done_by_id,
        post_id=approval.done_post_id,
        organisation_id=approval.organisation_id,
        at=clock.now(),
    )


def last_action(dossier: Dossier, step: str) -> str:
    """The key of the first action that the step declares."""
    return PROCEDURE.pinned(dossier.procedure_id).process.step(step).actions[0].key
