"""The interlinked births of tests: one dossier at the commune, two at other agencies."""

import uuid
from typing import Any

from lienthong.cases import services
from lienthong.cases.models import Dossier, ReturnWay
from lienthong.cases.services import subordinate
from tests import cast
from tests.cases import dossiers

GROUP = "lien-thong-khai-sinh-thuong-tru-bhyt"
NGHIA_TRUNG = "thanh-pho-gia-nghia-phuong-nghia-trung"

MOTHER = "hoai.pham"
CLERK, CIVIL_STATUS, CHAIR = "ngoc.nghiatrung", "ngoc.nghiatrung", "tam.nghiatrung"
POLICE = ("duyen.congan", "kien.congan", "thang.congan")
INSURANCE = ("hanh.bhxh", "vinh.bhxh", "nga.bhxh")

HOME = "Số 27, tổ dân phố 5, phường Nghĩa Trung, thành phố Gia Nghĩa"
APPLICATION: dict[str, Any] = {
    "requester": {"full_name": "Phạm Thu Hoài", "birth_date": "19/8/1995", "paper_type": "cccd",
                  "person_id": "067195006371", "residence": HOME, "relation": "mother", "phone": "0977318460"},
    "child": {"full_name": "Vũ Hà My", "birth_date": "20/2/2025", "birth_date_words": "Ngày hai mươi, tháng hai",
              "gender": "2", "ethnicity": "01", "nationality": "VN", "birth_place": "Bệnh viện Đa khoa tỉnh",
              "home_town": "Nam Định"},
    "mother": {"full_name": "Phạm Thu Hoài", "birth_date": "19/8/1995", "ethnicity": "01", "nationality": "VN",
               "residence": HOME},
    "father": {"full_name": "Vũ Anh Khoa", "birth_date": "11/4/1992", "ethnicity": "01", "nationality": "VN",
               "residence": HOME},
    "residence": {"address": {"unit": "24617", "detail": "Số 27, tổ dân phố 5"}, "head_name": "Vũ Anh Khoa",
                  "head_person_id": "036092007745", "relation": "child", "consent": "on"},
    "insurance": {"hospital": "Trung tâm Y tế thành phố Gia Nghĩa"},
    "extras": {"pledge": "on"},
}  # fmt: skip
CERTIFICATE = {
    "giay-khai-sinh": {
        "child_person_id": "067325005536",
        "registered_on": "03/03/2025",
        "registered_at": "UBND phường Nghĩa Trung",
    }
}
CARD = {"the-bhyt": {"card_number": "TE1676724018653", "valid_from": "20/02/2025", "valid_to": "28/02/2031"}}
NOTICE = {"thong-bao": {"registered_on": "03/03/2025", "hamlet": "Tổ dân phố 5"}}


def handed_in(
    returned: services.Return = dossiers.AT_THE_COUNTER,
    extra: tuple[str, ...] = (),
    by: str = MOTHER,
    **residence: Any,
) -> Dossier:
    """By the mother, or by a clerk for her."""
    file = dossiers.stored(by, "giay-chung-sinh.jpg")
    return services.open_dossier(
        procedure_key=GROUP,
        variant="co-giay-chung-sinh",
        competent_key=NGHIA_TRUNG,
        raw={**APPLICATION, "residence": {**APPLICATION["residence"], **residence}},
        actor=cast.actor(by),
        idempotency_key=uuid.uuid4(),
        files=[services.HandedIn(key, file.pk, file.name) for key in ("giay-chung-sinh", *extra)],
        returned=returned,
    )


def approved(dossier: Dossier) -> Dossier:
    """With the birth certificate approved by the chair, its file not signed yet."""
    dossiers.act(dossier, CLERK, "tiep-nhan", "tiep-nhan")
    dossiers.act(dossier, CIVIL_STATUS, "kiem-tra", "du-thao", results=CERTIFICATE)
    return dossiers.act(dossier, CHAIR, "ky", "ky")


def passed_on(**rest: Any) -> tuple[Dossier, Dossier, Dossier]:
    """The dossier, and those at the police and at the social insurance."""
    dossiers.sign(dossier := approved(handed_in(**rest)))
    dossiers.act(dossier, CIVIL_STATUS, "chuyen-lien-thong", "chuyen")
    residence, insurance = Dossier.objects.filter(parent=dossier).order_by("procedure_key").reverse()
    return dossier, residence, insurance


def settled(sub: Dossier, *, returned: bool = True) -> None:
    """Through its own agency; returned by a clerk there, else when it is signed."""
    (clerk, handler, leader), step, results = (
        (POLICE, "kiem-tra", NOTICE)
        if sub.procedure_key == "dang-ky-thuong-tru-tre-em"
        else (INSURANCE, "cap-the", CARD)
    )
    dossiers.act(sub, clerk, "tiep-nhan", "tiep-nhan")
    dossiers.act(sub, handler, step, "du-thao", results=results)
    dossiers.act(sub, leader, "ky", "ky")
    if returned:
        dossiers.act(sub, clerk, "tra-ket-qua", "tra-ket-qua")
        subordinate.report(dossier_id=sub.pk)


ONLINE = services.Return(ReturnWay.ONLINE)
