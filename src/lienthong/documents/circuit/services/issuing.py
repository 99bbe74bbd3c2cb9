"""The last step, by the document clerk: number and day into the signed file, the agency's seal, out it goes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.documents.circuit import events, papers
from lienthong.documents.circuit import policy as circuit_policy
from lienthong.documents.circuit.services import carrying
from lienthong.documents.circuit.services.turning import current_file
from lienthong.documents.drafts.carrying import no_such_draft
from lienthong.documents.models import Draft, DraftVersion, Issue
from lienthong.documents.rules.kinds import KINDS
from lienthong.documents.rules.marks import Mark
from lienthong.documents.rules.sending import Recipient
from lienthong.documents.rules.urgency import Urgency
from lienthong.documents.services import NewIssue, NotComplete
from lienthong.documents.services import issue as give_number_and_send
from lienthong.documents.services.issuing import Finished
from lienthong.documents.services.waiting import handed_over
from lienthong.foundation import clock, rows
from lienthong.foundation.files import services as files
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer


@dataclass(frozen=True, slots=True)
class Dispatch:
    """What the clerk says of a document that goes out; everything else stands in the signed file. `symbol` only where
    the file, which was written elsewhere, does not tell it."""

    dated: date
    recipients: Sequence[Recipient]
    symbol: str = ""
    answer_by: datetime | None = None
    remark: str = ""


@transaction.atomic
def issue_signed(*, draft_id: int, dispatch: Dispatch, officer: Officer, key: UUID) -> Issue:
    """Give a signed draft the next number of its book, fill number and day in, seal and send it, all in one
    transaction: there is never a sealed file without a number, nor a number without its document. Issued again it is
    the issue that was made. Appendices are the files that wait in the form of this key; PDF ones get the agency's mark.

    Raises NoSuchDraft, NotYours, GoneOn, and what services.issue raises.
    """
    signing = carrying.lock(draft_id)
    draft, agency = signing.draft, tree()[signing.draft.organisation_id]
    if not circuit_policy.numbers(officer, draft):
        raise no_such_draft()
    if draft.issue_id:
        return Issue.objects.select_related("document").get(pk=draft.issue_id)
    if draft.state != Draft.State.SIGNED or not papers.has_number(draft.kind) or signing.round is None:
        raise signing.gone_on()
    signed_on = clock.local(signing.round.ended_at or signing.now).date()
    if dispatch.dated < signed_on:
        raise NotComplete({"dated": _("The document was signed later than that.")})
    pdf = papers.content_of(current_file(signing))
    new = _new(draft, signing.round.version, dispatch, pages=papers.pages_of(pdf))
    final = _Final(agency, pdf, papers.name_of(draft), _appendices(key, officer))
    made = give_number_and_send(
        agency_id=agency.id,
        new=new,
        recipients=dispatch.recipients,
        officer=officer,
        key=key,
        completed=final.files,
    )
    now = signing.now
    draft.issue, draft.state, draft.changed_at = made, Draft.State.ISSUED, now
    rows.change(draft, "issue", "state", "changed_at")
    carrying.take_off(draft, [0], officer, "issued", subject=carrying.NUMBERING)
    data = {"issue": made.pk, "code": made.document.code, "sha256": final.sealed}
    carrying.record(events.ISSUED, draft, officer, data)
    carrying.tell_issued(draft, made.document.code, now=now)
    return made


def _appendices(key: UUID, officer: Officer) -> list[StoredFile]:
    ids = [file_id for file_id, _is_message in handed_over(key, officer)]
    found = StoredFile.objects.in_bulk(ids)
    return [found[file_id] for file_id in ids]


def _new(draft: Draft, version: DraftVersion, dispatch: Dispatch, *, pages: int) -> NewIssue:
    signer = papers.signers_of(version)[0]
    return NewIssue(
        symbol=papers.symbol_of(version) or dispatch.symbol,
        dated=dispatch.dated,
        kind=draft.kind,
        abstract=draft.abstract or KINDS[draft.kind].name,
        signer_name=signer.name[:50],
        signer_position=signer.title[:100],
        urgency=Urgency(draft.urgency),
        pages=pages,
        circulation=papers.circulation_of(version),
        unit_id=draft.unit_id,
        answers=draft.answers_id,
        answer_by=dispatch.answer_by,
        remark=dispatch.remark,
    )


@dataclass
class _Final:
    """Makes the final files once the number is known."""

    agency: Node
    signed: bytes
    name: str
    appendices: Sequence[StoredFile]
    sealed: list[str] = field(default_factory=list)

    def files(self, mark: Mark, dated: date, at: datetime) -> Sequence[Finished]:
        pdf = papers.numbered_and_sealed(
            self.signed, agency=self.agency, number=mark.number, code=str(mark), dated=dated, at=at
        )
        kept = [files.keep(pdf, name=self.name, format_key="pdf")]
        kept += [self._marked(each, str(mark), at) for each in self.appendices]
        self.sealed = [each.sha256 for each in kept]
        return kept

    def _marked(self, file: StoredFile, code: str, at: datetime) -> StoredFile:
        if file.format != "pdf":
            return file
        pdf = papers.marked(papers.content_of(file), agency=self.agency, code=code, at=at)
        return files.keep(pdf, name=file.name, format_key="pdf")
