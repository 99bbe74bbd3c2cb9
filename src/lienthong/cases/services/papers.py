"""Making the papers of a dossier: after the transaction that issued them, once each, signed where they are results.

Every function here may run twice for the same event and makes its paper once: it locks the paper first and does nothing
when it is ready.
"""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from lienthong.cases import events
from lienthong.cases.codes import fresh_verification
from lienthong.cases.definition import RULE_SET
from lienthong.cases.models import Component, Dossier, Paper
from lienthong.cases.papers import filling
from lienthong.cases.services.carrying import DOSSIER
from lienthong.foundation.files import services as files
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.rules import Policy
from lienthong.foundation.ledger import services as ledger
from lienthong.foundation.numbering.services import take
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.papers.rendering import render
from lienthong.foundation.papers.shapes import Shape
from lienthong.identity.models import Account
from lienthong.procedures.definition import PROCEDURE
from lienthong.signing.services import Signer, Stamp, sign_pdf

OURS = Policy(kinds={"pdf"}, max_bytes=20_000_000)


def make_receipt(dossier_id: int, *, account_id: int | None, post_id: int | None, at: datetime) -> Paper:
    """Form 01 of a dossier that was received: put on record and made."""
    dossier = Dossier.objects.get(pk=dossier_id)
    paper, _created = Paper.objects.get_or_create(
        dossier=dossier,
        kind="receipt",
        key="",
        defaults={
            "name": RULE_SET.pinned(dossier.rule_set_id).form("receipt").name,
            "state": Paper.State.ISSUED,
            "organisation_id": dossier.reception_id,
            "account_id": account_id,
            "post_id": post_id,
            "issued_at": at,
            "verification": fresh_verification(),
        },
    )
    return make_form(paper.pk)


def make_form(paper_id: int) -> Paper:
    """Make the file of a prescribed form."""
    paper = Paper.objects.select_for_update().get(pk=paper_id)
    if paper.state == Paper.State.READY or paper.issued_at is None:
        return paper
    dossier = Dossier.objects.get(pk=paper.dossier_id)
    contact = _name_of(paper.account_id)
    link, tracking = verification_link(paper.verification), tracking_link(dossier)
    shape: Shape
    match paper.kind:
        case "receipt":
            shape = filling.receipt(dossier, paper, receiver=contact, link=link, tracking_link=tracking)
        case "supplement-request":
            within = _supplement_limit(dossier)
            shape = filling.supplement_request(
                dossier, paper, contact=contact, link=link, tracking_link=tracking, within=within
            )
        case "refusal":
            shape = filling.refusal(dossier, paper, contact=contact, link=link, tracking_link=tracking)
        case _:
            raise ValueError(f"{paper.kind} is no prescribed form")
    template = f"cases/{paper.kind.replace('-', '_')}"
    return _finish(paper, _rendered(template, shape, paper.issued_at), f"{paper.name} {dossier.code or ''}")


def make_application(dossier_id: int, *, supplement: int = 0) -> Component | None:
    """The application form as a paper of the dossier, for procedures that ask for it as a component.

    `supplement` is the one that it came with; 0: at submission.
    """
    dossier = Dossier.objects.select_for_update().get(pk=dossier_id)
    procedure = PROCEDURE.pinned(dossier.procedure_id)
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
    declared = PROCEDURE.pinned(dossier.procedure_id).result(paper.key)
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
    own = PROCEDURE.pinned(dossier.procedure_id).supplement
    limit = own.limit if own and own.limit else RULE_SET.pinned(dossier.rule_set_id).supplement_limit
    return limit.text if limit else ""


def _name_of(account_id: int | None) -> str:
    if account_id is None:
        return ""
    return Account.objects.filter(pk=account_id).values_list("full_name", flat=True).first() or ""


def verification_link(verification: str) -> str:
    """Where anybody can check that a paper is genuine; what its QR code carries."""
    return settings.ORIGIN + reverse("portal:verify", args=[verification])


def tracking_link(dossier: Dossier) -> str:
    return settings.ORIGIN + reverse("portal:track") + f"?code={dossier.code or dossier.tracking}"
