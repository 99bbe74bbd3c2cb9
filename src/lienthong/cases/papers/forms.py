"""What the prescribed forms say: receipt, supplement request, refusal, apology, stop. Reads, decides nothing.

The fields are those of TT 01/2018/TT-VPCP art. 9 and TT 03/2025/TT-VPCP App. I. What is not known leaves the dots of a
form, to be written by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lienthong.cases import values
from lienthong.cases.definition import RULE_SET
from lienthong.cases.models import Component as HandedIn
from lienthong.cases.models import Dossier, Paper, ReturnWay
from lienthong.cases.papers import shapes
from lienthong.cases.papers.filling import owner_of
from lienthong.cases.rules.counter import Counted, missing, needed
from lienthong.foundation import clock
from lienthong.foundation.fields.formats import day, money
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.foundation.papers.letterheads import in_sentence, letterhead, signing_capacity, symbol_of
from lienthong.foundation.papers.shapes import Letterhead, Party, Signature
from lienthong.identity.queries import applicant_facts
from lienthong.procedures.shapes import Component

GUIDANCE = "HDHS"
"""The symbol of supplement requests; their number is the code of the dossier."""

DOTS = "." * 20
"""Room for a telephone number that no declaration gives, to be written by hand."""

NOTICE = "TB"
"""Thông báo (NĐ 30/2020 App. III)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What a form is told beyond the dossier: who issued it, and what its two QR codes carry."""

    person: str
    title: str = ""
    link: str = ""
    tracking_link: str = ""

    @property
    def site(self) -> str:
        """The portal's own address, without the page."""
        return self.tracking_link.partition("://")[2].partition("/")[0]


def form_of(dossier: Dossier, key: str) -> shapes.Form:
    rule_set = RULE_SET.pinned(dossier.rule_set_id)
    return shapes.Form(number=rule_set.form(key).number, source=rule_set.forms_of)


def receipt(dossier: Dossier, paper: Paper, by: Issued) -> shapes.Receipt:
    """Form 01, from the reception on. The moment of reception is the dossier's; its number is that of the register."""
    procedure, shop = values.procedure_of(dossier), tree()[dossier.reception_id]
    received = dossier.received_at or dossier.submitted_at
    owner = owner_of(dossier)
    online = dossier.channel == Dossier.Channel.ONLINE
    return shapes.Receipt(
        form=form_of(dossier, "receipt"),
        letterhead=letterhead(shop, received, number=paper.number, symbol=symbol_of(shop)),
        code=dossier.code or "",
        unit=shop.name,
        submitter=_submitter(dossier, owner),
        owner=owner,
        request=procedure.full_name,
        components=_components(dossier),
        limit=procedure.limit_of(online=online).text,
        received_at=received,
        due_at=dossier.due_at,
        result_at=_result_at(dossier, shop),
        receiver=by.person,
        channel=str(Dossier.Channel(dossier.channel).label),
        register_book=f"{clock.local(received):%Y}" if paper.number else "",
        register_number=paper.number,
        form_link=by.link,
        tracking_link=by.tracking_link,
        hint=_hint(by),
    )


def receipt_of(dossiers: Sequence[Dossier], by: Issued) -> shapes.Receipt:
    """Form 01 for dossiers that one person handed in together at one one-stop shop: what each is, is in the list."""
    first, shop = dossiers[0], tree()[dossiers[0].reception_id]
    received = max(dossier.received_at or dossier.submitted_at for dossier in dossiers)
    owner = owner_of(first)
    return shapes.Receipt(
        form=form_of(first, "receipt"),
        letterhead=letterhead(shop, received),
        code=first.code or "",
        unit=shop.name,
        submitter=_submitter(first, owner),
        owner=owner,
        request="",
        components=(),
        limit="",
        received_at=received,
        due_at=None,
        result_at="; ".join(dict.fromkeys(_result_at(dossier, shop) for dossier in dossiers)),
        receiver=by.person,
        channel=str(Dossier.Channel(first.channel).label),
        form_link=by.link,
        tracking_link=by.tracking_link,
        hint=_hint(by),
        listed=tuple(_listed(dossier) for dossier in dossiers),
    )


def _result_at(dossier: Dossier, shop: Node) -> str:
    match ReturnWay(dossier.return_way):
        case ReturnWay.COUNTER:
            return shop.name
        case ReturnWay.POST:
            return f"Qua dịch vụ bưu chính công ích, tới: {dossier.return_address}"
        case ReturnWay.ONLINE:
            return "Trực tuyến, trong tài khoản của người nộp trên cổng"


def _listed(dossier: Dossier) -> shapes.ListedDossier:
    procedure = values.procedure_of(dossier)
    online = dossier.channel == Dossier.Channel.ONLINE
    return shapes.ListedDossier(
        code=dossier.code or "",
        content=procedure.full_name,
        unit=tree()[dossier.competent_id].short_name,
        received=_day(dossier.received_at),
        due=_day(dossier.due_at),
        limit=procedure.limit_of(online=online).text,
        owner=dossier.applicant_name,
    )


def _day(moment: datetime | None) -> str:
    return day(clock.local(moment).date()) if moment else ""


def _submitter(dossier: Dossier, owner: Party) -> Party:
    """Who handed it in: online the signed-in person, who may act for the owner; at the counter the owner, as far as is
    known."""
    if dossier.channel != Dossier.Channel.ONLINE or dossier.account_id is None:
        return owner
    facts = dossier.submitter or applicant_facts(dossier.account_id)
    if facts["name"].casefold() == owner.name.casefold() or facts["person_id"] == owner.identity != "":
        return owner
    return Party(
        name=facts["name"],
        address=in_sentence(facts["address"]),
        phone=facts["phone"],
        email=facts["email"],
        identity=facts["person_id"],
    )


def _hint(by: Issued) -> str:
    if not by.site:
        return ""
    return (
        "Kết quả có thể có trước ngày hẹn. Để theo dõi, quét mã “Tra cứu hồ sơ” ở trên, hoặc vào "
        f"{by.site}, mục Tra cứu, nhập mã hồ sơ và 4 số cuối của số điện thoại đã khai."
    )


def _components(dossier: Dossier) -> tuple[shapes.Component, ...]:
    """What was handed in: the components that this application has to have, and of the others those that came. Where
    somebody has counted them at the counter, as many as were there."""
    given = {*dossier.components.values_list("component", flat=True), *dossier.counted}
    asked = values.components_asked(values.procedure_of(dossier), dossier)
    return tuple(
        _component(component, Counted.of(dossier.counted[component.key]) if component.key in dossier.counted else None)
        for component in asked
        if component.required or component.key in given
    )


def _wanted_components(dossier: Dossier) -> tuple[shapes.Component, ...]:
    """What has to be brought: what somebody has looked at and found wrong, and what was missing at the counter."""
    wrong = set(dossier.components.filter(check_result=HandedIn.Check.WRONG).values_list("component", flat=True))
    procedure = values.procedure_of(dossier)
    at_counter = dossier.together is not None
    short = missing(values.components_asked(procedure, dossier), dossier.counted) if at_counter else {}
    return tuple(
        _component(component, short.get(component.key))
        for component in procedure.components
        if component.key in wrong or component.key in short
    )


def _component(component: Component, counted: Counted | None = None) -> shapes.Component:
    """With how many of it were counted; how many it asks for where nobody has."""
    count = counted or needed(component)
    name = component.name
    if count.waived:
        name = f"{name} (không phải nộp, cơ quan nhà nước đã có)"
    return shapes.Component(name=name, originals=count.originals, certified=count.certified, copies=count.copies)


def _contact(person: str, agency: Node) -> str:
    return f"{person} ({agency.name})" if person else agency.name


def supplement_request(dossier: Dossier, paper: Paper, by: Issued, *, within: str) -> shapes.SupplementRequest:
    """Form 02: what is missing and why, in one go (NĐ 61/2018 art. 15.3), sent through the one-stop shop (19.4)."""
    agency, reception = tree()[paper.organisation_id], tree()[dossier.reception_id]
    assert paper.issued_at
    return shapes.SupplementRequest(
        form=form_of(dossier, "supplement-request"),
        letterhead=letterhead(agency, paper.issued_at, number=paper.number, symbol=GUIDANCE),
        code=_code(dossier),
        unit=reception.name,
        owner=owner_of(dossier),
        request=values.procedure_of(dossier).full_name,
        components=_wanted_components(dossier),
        reason=paper.data["reason"],
        contact=_contact(by.person, agency),
        contact_phone=agency.phone or reception.phone or DOTS,
        guide=by.person,
        site=by.site,
        within=within,
        form_link=by.link,
        tracking_link=by.tracking_link,
    )


def refusal(dossier: Dossier, paper: Paper, by: Issued) -> shapes.Refusal:
    """Form 03."""
    agency, reception = tree()[paper.organisation_id], tree()[dossier.reception_id]
    return shapes.Refusal(
        form=form_of(dossier, "refusal"),
        letterhead=_running_head(paper, agency),
        code=_code(dossier),
        unit=reception.name,
        owner=owner_of(dossier),
        request=values.procedure_of(dossier).full_name,
        reason=paper.data["reason"],
        contact=_contact(by.person, agency),
        contact_phone=agency.phone or reception.phone or DOTS,
        submitter=dossier.applicant_name,
        refuser=by.person,
        site=by.site,
        form_link=by.link,
        tracking_link=by.tracking_link,
    )


def apology(dossier: Dossier, paper: Paper, by: Issued) -> shapes.Apology:
    """Form 04: why a dossier will be late, and the new day (NĐ 61/2018 art. 19.9)."""
    agency, reception = tree()[paper.organisation_id], tree()[dossier.reception_id]
    return shapes.Apology(
        form=form_of(dossier, "apology"),
        title=paper.name,
        letterhead=_running_head(paper, agency),
        code=_code(dossier),
        issuer=agency.name,
        owner=owner_of(dossier),
        request=values.procedure_of(dossier).full_name,
        received_at=dossier.received_at,
        old_due=datetime.fromisoformat(paper.data["old_due"]),
        new_due=datetime.fromisoformat(paper.data["new_due"]),
        reason=paper.data["reason"],
        contact=_contact(by.person, agency),
        contact_phone=agency.phone or reception.phone or DOTS,
        signature=_signature(agency, by),
        form_link=by.link,
        tracking_link=by.tracking_link,
    )


def stop(dossier: Dossier, paper: Paper, by: Issued) -> shapes.Stop:
    """Form 05 of TT 03/2025: that and why a dossier is not settled any further."""
    agency, reception = tree()[paper.organisation_id], tree()[dossier.reception_id]
    procedure = values.procedure_of(dossier)
    assert paper.issued_at
    return shapes.Stop(
        form=form_of(dossier, "stop"),
        title=paper.name,
        letterhead=_running_head(paper, agency, kind=NOTICE),
        code=_code(dossier),
        issuer=agency.name,
        owner=owner_of(dossier),
        request=procedure.full_name,
        received_at=dossier.received_at,
        due_at=dossier.due_at,
        stopped_at=paper.issued_at,
        stage=paper.data["stage"],
        reason=paper.data["reason"],
        contact=_contact(by.person, agency),
        contact_phone=agency.phone or reception.phone or DOTS,
        signature=_signature(agency, by),
        fees="; ".join(f"{fee.name}: {in_sentence(money(fee.amount))}" for fee in procedure.fees if fee.amount),
        form_link=by.link,
        tracking_link=by.tracking_link,
    )


def _running_head(paper: Paper, agency: Node, *, kind: str = "") -> Letterhead:
    """The head of a form that has a number of its own in the agency."""
    assert paper.issued_at
    symbol = "-".join(filter(None, (kind, symbol_of(agency))))
    return letterhead(agency, paper.issued_at, number=paper.number, symbol=symbol)


def _signature(agency: Node, by: Issued) -> Signature:
    capacity = signing_capacity(agency, by.title) or ("THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ",)
    return Signature(capacity=capacity, name=by.person)


def _code(dossier: Dossier) -> str:
    return dossier.code or dossier.tracking
