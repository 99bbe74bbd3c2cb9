"""Making the papers of a dossier: after the transaction that issued them, once each, signed where they are results.

Every function here may run twice for the same event and makes its paper once: it locks the paper first and does nothing
when it is ready.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from lienthong.cases import events
from lienthong.cases.definition import RULE_SET
from lienthong.cases.models import Component, Dossier, Paper
from lienthong.cases.papers import control, filling, forms, labels
from lienthong.cases.queries.pages import page_of
from lienthong.cases.services.carrying import DOSSIER
from lienthong.cases.values import procedure_of
from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.files import services as files
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.rules import Policy
from lienthong.foundation.ledger import services as ledger
from lienthong.foundation.numbering.services import take
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.papers.codes import fresh_verification, verification_link
from lienthong.foundation.papers.rendering import render
from lienthong.foundation.papers.shapes import Shape
from lienthong.identity.models import Account
from lienthong.signing.services import Signer, Stamp, sign_pdf

OURS = Policy(kinds={"pdf"}, max_bytes=20_000_000)

REGISTER_BOOK = "register of dossiers"
"""The number book of a one-stop shop's follow-up register, continuous through a year (TT 01/2018 art. 9)."""


class NotTogether(DomainError):
    code = "cases.not_together"


def make_receipt(dossier_id: int, *, account_id: int | None, post_id: int | None, at: datetime) -> Paper | None:
    """Form 01 of a dossier that was received: put on record and made. A dossier that is received again, after its
    acceptance was taken back, gets a new one. None where it was taken back meanwhile."""
    dossier = Dossier.objects.get(pk=dossier_id)
    if dossier.received_at is None:
        return None
    earlier = list(dossier.papers.filter(kind="receipt").order_by("pk"))
    outdated = bool(earlier and earlier[-1].issued_at and earlier[-1].issued_at < dossier.received_at)
    key = str(len(earlier) + 1) if outdated else earlier[-1].key if earlier else ""
    return make_form(_on_record(dossier, "receipt", key=key, account_id=account_id, post_id=post_id, at=at).pk)


def make_form(paper_id: int) -> Paper:
    """Make the file of a prescribed form, and give the form its number. One that the circular of the dossier's time
    does not know (the stop, before TT 03/2025) is not made."""
    paper = Paper.objects.select_for_update().get(pk=paper_id)
    if paper.state == Paper.State.READY or paper.issued_at is None:
        return paper
    dossier = Dossier.objects.get(pk=paper.dossier_id)
    if not RULE_SET.pinned(dossier.rule_set_id).prescribes(paper.kind):
        return paper
    if paper.kind not in _FILLINGS:
        raise ValueError(f"{paper.kind} is no prescribed form")
    paper.number = _number(paper, dossier)
    shape = _FILLINGS[paper.kind](dossier, paper, _issued(paper, dossier))
    template = f"cases/{paper.kind.replace('-', '_')}"
    return _finish(paper, _rendered(template, shape, paper.issued_at), f"{paper.name} {dossier.code or ''}")


def _supplement_request(dossier: Dossier, paper: Paper, by: forms.Issued) -> Shape:
    return forms.supplement_request(dossier, paper, by, within=_supplement_limit(dossier))


_FILLINGS: dict[str, Callable[[Dossier, Paper, forms.Issued], Shape]] = {
    "receipt": forms.receipt,
    "supplement-request": _supplement_request,
    "refusal": forms.refusal,
    "apology": forms.apology,
    "stop": forms.stop,
}


def _issued(paper: Paper, dossier: Dossier) -> forms.Issued:
    post = tree().posts.get(paper.post_id or 0)
    return forms.Issued(
        person=_name_of(paper.account_id),
        title=post.title if post else "",
        link=verification_link(paper.verification),
        tracking_link=tracking_link(dossier),
    )


def _number(paper: Paper, dossier: Dossier) -> str:
    """A supplement request is numbered by its dossier; the other forms are counted in each agency, without gaps, each
    year anew. The receipt's number is the dossier's number in the register of the one-stop shop."""
    if paper.kind == "supplement-request":
        return dossier.code or dossier.tracking
    if paper.kind == "receipt":
        return _earlier_number(paper) or _taken(REGISTER_BOOK, paper)
    return _taken(f"form {paper.kind}", paper)


def _taken(book: str, paper: Paper) -> str:
    return str(take(f"{book}:{tree()[paper.organisation_id].key}", period="year", at=paper.issued_at))


def _earlier_number(paper: Paper) -> str:
    """The place in the register that the dossier has had this year already."""
    assert paper.issued_at
    year = clock.local(paper.issued_at).year
    same_year = paper.dossier.papers.filter(kind="receipt", issued_at__gte=clock.day_start(date(year, 1, 1)))
    return same_year.exclude(number="").values_list("number", flat=True).first() or ""


def receipt_of(dossiers: Sequence[Dossier], *, account_id: int | None, at: datetime) -> bytes:
    """One receipt for dossiers that were handed in together, with their list; each keeps the receipt of its own too.

    Raises NotTogether where they were not all received by one one-stop shop, under one circular.
    """
    if len({(each.reception_id, each.rule_set_id) for each in dossiers}) != 1 or not all(
        each.received_at for each in dossiers
    ):
        raise NotTogether(
            _("One receipt is for dossiers that one one-stop shop has received."),
            way_out=_("Print the receipts one by one."),
        )
    by = forms.Issued(person=_name_of(account_id), tracking_link=tracking_link(dossiers[0]))
    return _rendered("cases/receipt", forms.receipt_of(dossiers, by), at)


def labels_of(dossiers: Sequence[Dossier], *, roll: bool, skip: int, at: datetime) -> bytes:
    """Labels for their covers, on a roll or on a sheet whose first `skip` labels are used; kept nowhere."""
    shape = labels.labels(dossiers, skip=0 if roll else skip, link_of=tracking_link)
    return _rendered("cases/label_roll" if roll else "cases/label_sheet", shape, at)


def control_slip(dossier: Dossier, *, at: datetime) -> bytes:
    """The slip as it stands now, to go with the papers of the dossier; kept nowhere."""
    return _rendered("cases/control", control.slip(page_of(dossier), at=at, tracking_link=tracking_link(dossier)), at)


def archive_control_slip(dossier_id: int, *, account_id: int | None, post_id: int | None, at: datetime) -> Paper:
    """The slip of a dossier that is at its end: put on record and made."""
    dossier = Dossier.objects.get(pk=dossier_id)
    paper = _on_record(dossier, "control", account_id=account_id, post_id=post_id, at=at)
    paper = Paper.objects.select_for_update().get(pk=paper.pk)
    if paper.state == Paper.State.READY:
        return paper
    paper.number = _taken("form control", paper)
    slip = control.slip(
        page_of(dossier),
        at=at,
        tracking_link=tracking_link(dossier),
        link=verification_link(paper.verification),
        number=paper.number,
    )
    return _finish(paper, _rendered("cases/control", slip, at), f"{paper.name} {dossier.code or ''}")


def _on_record(
    dossier: Dossier, kind: str, *, key: str = "", account_id: int | None, post_id: int | None, at: datetime
) -> Paper:
    """The row of a form of the one-stop shop; the one that is there when there is one."""
    paper, _created = Paper.objects.get_or_create(
        dossier=dossier,
        kind=kind,
        key=key,
        defaults={
            "name": RULE_SET.pinned(dossier.rule_set_id).form(kind).name,
            "state": Paper.State.ISSUED,
            "organisation_id": dossier.reception_id,
            "account_id": account_id,
            "post_id": post_id,
            "issued_at": at,
            "verification": fresh_verification(),
        },
    )
    return paper


def make_application(dossier_id: int, *, supplement: int = 0) -> Component | None:
    """The application form as a paper of the dossier, for procedures that ask for it as a component.

    `supplement` is the one that it came with; 0: at submission.
    """
    dossier = Dossier.objects.select_for_update().get(pk=dossier_id)
    procedure = procedure_of(dossier)
    declared = next((component for component in procedure.components if component.from_form), None)
    if declared is None or dossier.components.filter(component=declared.key, supplement=supplement).exists():
        return None
    shape = filling.application(dossier, declared)
    file = _stored(_rendered("cases/application", shape, dossier.submitted_at), declared.name)
    return Component.objects.create(
        dossier=dossier,
        component=declared.key,
        file=file,
        name=file.name,
        added_at=dossier.submitted_at,
        supplement=supplement,
    )


def draft_result(paper: Paper, *, at: datetime) -> bytes:
    """A drafted result as it would be, without number and signature."""
    dossier = Dossier.objects.get(pk=paper.dossier_id)
    return _rendered("cases/result", filling.result(dossier, paper, signer="", title="", day=at, proof_link=""), at)


def sign_results(
    dossier_id: int, results: Sequence[str], *, account_id: int, post_id: int, organisation_id: int, at: datetime
) -> list[Paper]:
    """Give the results that were approved their numbers and sign them, in the post of the person who approved them.

    Only those: when this runs, somebody else may have approved other results of the dossier already.
    """
    papers = Paper.objects.select_for_update().filter(
        dossier_id=dossier_id, kind="result", key__in=results, state=Paper.State.DRAFT
    )
    dossier = Dossier.objects.get(pk=dossier_id)
    return [
        _sign(paper, dossier, account_id=account_id, post_id=post_id, organisation_id=organisation_id, at=at)
        for paper in papers.order_by("key")
    ]


def _sign(
    paper: Paper, dossier: Dossier, *, account_id: int, post_id: int, organisation_id: int, at: datetime
) -> Paper:
    agency, post, name = tree()[organisation_id], tree().posts[post_id], _name_of(account_id)
    declared = procedure_of(dossier).result(paper.key)
    book = paper.key if declared.number_symbol in ("", "{year}") else declared.number_symbol
    number = take(f"result:{book}:{agency.key}", period="year", at=at)
    paper.number, paper.issued_at = str(number), at
    paper.organisation_id, paper.account_id, paper.post_id = agency.id, account_id, post_id
    link = verification_link(paper.verification)
    shape = filling.result(dossier, paper, signer=name, title=post.title, day=at, proof_link=link)
    signer = Signer(
        account_id=account_id,
        post_id=post_id,
        name=name,
        position=post.title,
        organisation=agency.name,
        organisation_identifier=agency.identifier,
    )
    pdf = sign_pdf(
        _rendered("cases/result", shape, at), signer=signer, reason=declared.name, at=at, stamp=Stamp(place="signer")
    )
    return _finish(paper, pdf, f"{declared.name} {number}-{at.year}")


def _finish(paper: Paper, pdf: bytes, name: str) -> Paper:
    paper.file = _stored(pdf, name)
    paper.state = Paper.State.READY
    paper.save()
    ledger.record(
        events.SIGNED if paper.kind == "result" else events.ISSUED,
        subject=(DOSSIER, paper.dossier_id),
        actor=None,
        organisation_id=paper.organisation_id,
        data={"paper": paper.pk, "kind": paper.kind, "key": paper.key, "number": paper.number},
    )
    return paper


def _rendered(template: str, shape: Shape, at: datetime) -> bytes:
    with translation.override("vi"):  # official papers are Vietnamese, whatever the reader has chosen
        return render(template, shape.as_data(), at=at)


def _stored(pdf: bytes, name: str) -> StoredFile:
    return files.store(pdf, name=f"{name.strip()}.pdf", policy=OURS, actor=None)


def _supplement_limit(dossier: Dossier) -> str:
    """In words, how long the applicant has; empty where neither the procedure nor the rule set says."""
    own = procedure_of(dossier).supplement
    limit = own.limit if own and own.limit else RULE_SET.pinned(dossier.rule_set_id).supplement_limit
    return limit.text if limit else ""


def _name_of(account_id: int | None) -> str:
    if account_id is None:
        return ""
    return Account.objects.filter(pk=account_id).values_list("full_name", flat=True).first() or ""


def tracking_link(dossier: Dossier) -> str:
    return settings.ORIGIN + reverse("portal:track") + f"?code={dossier.code or dossier.tracking}"
