"""Drafts as they stand when they are presented, and the way from there to the issue."""

from datetime import date
from typing import Any
from uuid import uuid4

from lienthong.documents.circuit import services
from lienthong.documents.circuit.rules import Part
from lienthong.documents.circuit.services import Asked, Dispatch
from lienthong.documents.models import Draft, DraftVersion, Issue, SigningRound, SigningTurn
from lienthong.documents.rules.blocks import from_text
from lienthong.documents.rules.contents import Contents, Power, Signer
from lienthong.documents.rules.sending import Recipient
from lienthong.foundation import clock
from lienthong.foundation.files import services as files
from lienthong.foundation.organisations.queries import by_key
from tests import cast
from tests.documents.conftest import AGENCY, CHAIR, CLERK, HANDLER, HEAD, URBAN, post

DEPUTY = cast.LEADER
CHAIR_NAME, DEPUTY_NAME, HEAD_NAME = "Võ Tiến Dũng", "Hoàng Thị Thanh", "Nguyễn Mạnh Hùng"
CHAIRS = Signer(powers=(Power(mark="TM.", of="Ủy ban nhân dân"),), title="Chủ tịch", name=CHAIR_NAME)
DEPUTYS = Signer(
    powers=(Power(mark="TM.", of="Ủy ban nhân dân"), Power(mark="KT.", of="Chủ tịch")),
    title="Phó Chủ tịch",
    name=DEPUTY_NAME,
)


def contents(**other: Any) -> Contents:
    said: dict[str, Any] = {
        "kind": "cong-van",
        "parent": "Ủy ban nhân dân tỉnh Đắk Nông",
        "issuer": "Ủy ban nhân dân thành phố Gia Nghĩa",
        "symbol": "UBND-QLĐT",
        "place": "Gia Nghĩa",
        "abstract": "Rà soát quy hoạch chi tiết khu dân cư phường Nghĩa Đức",
        "addressees": ("Sở Xây dựng",),
        "body": from_text("Phúc đáp Công văn số 125/SXD-QH, Ủy ban nhân dân thành phố báo cáo như sau."),
        "signer": CHAIRS,
        "recipients": ("Như trên",),
    }
    return Contents(**{**said, **other})


def draft(*, file: Any = None, answers: Any = None, **other: Any) -> Draft:
    """By the handler of the urban division of the city."""
    unit, now, said = by_key(URBAN), clock.now(), contents(**other)
    made = Draft.objects.create(
        organisation_id=by_key(AGENCY).id,
        unit_id=unit.id,
        post_id=post(URBAN, "chuyen-vien"),
        author=cast.account(HANDLER),
        kind=said.kind,
        abstract=said.abstract,
        urgency=said.urgency,
        answers=answers,
        recipients=[{"name": "Ủy ban nhân dân tỉnh Đắk Nông", "organisation_id": by_key("ubnd-tinh").id, "copies": 0}],
        latest=1,
        opened_at=now,
        changed_at=now,
    )
    write(made, None if file else said, file=file)
    return made


def write(made: Draft, said: Contents | None, *, file: Any = None, number: int = 1) -> DraftVersion:
    Draft.objects.filter(pk=made.pk).update(latest=number)
    return DraftVersion.objects.create(
        key=uuid4(),
        draft=made,
        number=number,
        contents=said.as_json() if said else None,
        file=file,
        author=cast.account(HANDLER),
        post_id=made.post_id,
        made_at=clock.now(),
    )


def stored(pdf: bytes, name: str = "du-thao.pdf", format_key: str = "pdf") -> Any:
    return files.keep(pdf, name=name, format_key=format_key)


HEADS, CHAIRS_POST, DEPUTYS_POST = "truong-phong", "chu-tich", "pho-chu-tich"


def asks(*places: tuple[int, Part, str, str]) -> list[Asked]:
    return [Asked(place, part, post(agency, key)) for place, part, agency, key in places]


def head_then_chair() -> list[Asked]:
    return asks((1, Part.CHECK, URBAN, HEADS), (2, Part.SIGN, AGENCY, CHAIRS_POST))


def presented(made: Draft | None = None, asked: list[Asked] | None = None, **other: Any) -> SigningRound:
    return services.present(
        draft_id=(made or draft(**other)).pk,
        asked=asked or head_then_chair(),
        officer=cast.actor(HANDLER),
        key=uuid4(),
        words="Kính trình",
    )


def turn_of(under_way: SigningRound, part: Part = Part.SIGN) -> SigningTurn:
    return SigningTurn.objects.filter(draft_id=under_way.draft_id, round=under_way.number, part=part).earliest("pk")


def checked(under_way: SigningRound) -> SigningTurn:
    return services.check(turn_id=turn_of(under_way, Part.CHECK).pk, officer=cast.actor(HEAD), words="Đã kiểm tra")


def signed(under_way: SigningRound | None = None, username: str = CHAIR) -> SigningTurn:
    under_way = under_way or presented()
    checked(under_way)
    return services.sign(turn_id=turn_of(under_way).pk, officer=cast.actor(username))


def issued(turn: SigningTurn | None = None, *, officer: Any = None, key: Any = None, **other: Any) -> Issue:
    to = [Recipient("Ủy ban nhân dân tỉnh Đắk Nông", by_key("ubnd-tinh").id)]
    return services.issue_signed(
        draft_id=(turn or signed()).draft_id,
        dispatch=Dispatch(**{"dated": date(2025, 3, 3), "recipients": to, **other}),
        officer=officer or cast.actor(CLERK),
        key=key or uuid4(),
    )
