"""What the clerk does with an outgoing document: gives it its number, enters it in the register, sends it
(NĐ 30/2020 art. 15-18)."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.documents import events, policy, queries
from lienthong.documents.definition import book_for
from lienthong.documents.models import Arrival, Circulation, Issue, Publication, Relation, Sending
from lienthong.documents.queries.outgoing import IssuePage, not_kept_from
from lienthong.documents.queries.relations import ENDED, as_earlier, those_who_got
from lienthong.documents.rules.journey import Status
from lienthong.documents.rules.marks import Mark
from lienthong.documents.rules.relations import MOST_RELATIONS, How, with_those_before, wrong_with_relation
from lienthong.documents.rules.sending import Recipient, number_written, symbol_read, wrong_with
from lienthong.documents.rules.urgency import Urgency, passed_on_by
from lienthong.documents.services import carrying
from lienthong.documents.services.building import built
from lienthong.documents.services.reading import NoSuchFile
from lienthong.documents.services.registering import NoBook, NotComplete, clerk_of
from lienthong.documents.services.secrecy import refuse_secrets
from lienthong.documents.services.waiting import ATTACHED, Upload, handed_over
from lienthong.foundation import clock, ledger, rows
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.errors import Conflict
from lienthong.foundation.files import services as files
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.numbering.services import take
from lienthong.foundation.organisations.queries import province, tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer
from lienthong.work import services as work

ISSUE = "outgoing-document"
"""The type of subject under which the ledger and work items know documents that went out; by the id of the issue."""

READ = "outgoing-document-read"
"""Readings are on record under a subject of their own, so that they do not bury what happened to the document."""


class NotReachable(Conflict):
    """An agency that cannot get anything here."""

    code = "documents.not_reachable"


@dataclass(frozen=True, slots=True)
class NewIssue:
    """What a document that goes out says of itself; it gets its number when it is issued. `limited`: in the agency that
    issues it nobody sees it but who does so, until more posts are named."""

    symbol: str
    dated: date
    kind: str
    abstract: str
    signer_name: str = ""
    signer_position: str = ""
    urgency: Urgency = Urgency.NORMAL
    pages: int | None = None
    circulation: str = Circulation.FREE
    unit_id: int | None = None
    answers: int | None = None
    answer_by: datetime | None = None
    remark: str = ""
    limited: bool = False
    relations: tuple[tuple[int, How], ...] = ()
    """What it does to earlier documents of the agency, by the ids of their issues."""


Finished = StoredFile | tuple[str, bytes]
"""A file of a document that is complete: one that is kept already, or a PDF by name and content."""

Completed = Callable[[Mark, date, datetime], Sequence[Finished]]
"""Makes the final files of a document once its number is known, of its mark, its day and the moment of its issue:
number and date are filled in, the agency's seal is added. It runs in the transaction of the issue, so what it writes
and what it makes is there together with the number or not at all; contents of files left over are swept."""


@transaction.atomic
def issue(
    *,
    agency_id: int,
    new: NewIssue,
    recipients: Sequence[Recipient],
    officer: Officer,
    key: UUID,
    uploads: Sequence[Upload] = (),
    completed: Completed | None = None,
) -> Issue:
    """Give a signed document the next number of its book, enter it in the register of outgoing documents and send it:
    agencies of the province have it when this is committed. The same key issues once.

    Its files are what `completed` makes of the number, then those that wait in the form of this key, then `uploads`,
    both signed elsewhere: the document first.
    What `completed` raises comes through, and there is neither number nor document.

    Who got a document that it amends, replaces, cancels or corrects gets it too.

    Raises NotTheClerk, NotComplete, Secret, NoBook, NotReachable, NoSuchDocument (for `answers` and `relations`),
    FileRefused.
    """
    agency, post = clerk_of(agency_id, officer)
    if already := _issued(agency, key):
        return already
    now, symbol = clock.now(), symbol_read(new.symbol)
    earlier = _earlier(agency, new, officer)
    reached = {node.id for node in policy.can_be_sent_to()}
    before = those_who_got(earlier) if earlier else []
    recipients = with_those_before(recipients, (_as_reached(each, reached) for each in before))
    handed = handed_over(key, officer)
    errors = _wrong_relations(new, earlier) | wrong_with(
        symbol=symbol,
        abstract=new.abstract,
        dated=new.dated,
        answer_by=new.answer_by,
        recipients=recipients,
        sender_id=agency.id,
        files=len(handed) + len(uploads) + bool(completed),
        now=clock.local(now),
    )
    if errors and (already := _issued(agency, key)):  # its files went with another press, which we waited for
        return already
    if errors or symbol is None:
        raise NotComplete(dict(errors))
    refuse_secrets(symbol=symbol, abstract=new.abstract)
    stranger = next((each for each in recipients if each.organisation_id not in {None, *reached}), None)
    if stranger:
        raise NotReachable(
            _("%(name)s has no document clerk in this system."),
            way_out=_("Write its name among those who get it on paper."),
            name=stranger.name,
        )
    answered = _answered(agency, new.answers, officer, drafted=completed is not None) if new.answers else None
    sent = [files.store(each.content, name=each.name, policy=ATTACHED, actor=officer) for each in uploads]
    stored = [*handed, *((each.pk, False) for each in sent)]
    try:
        with transaction.atomic():
            made = _entered(agency, new, symbol, recipients, stored, completed, officer, key, now)
    except IntegrityError:
        if already := _issued(agency, key):
            return already
        raise
    rows.insert(Relation(issue=made, earlier=earlier[pk], how=how) for pk, how in new.relations)
    arrivals = _delivered(made, recipients, now)
    if answered:
        answered.answer = made.document.code[:60]
        rows.change(answered, "answer")
    if made.limited:
        made.readers.set([post.id])
        record(events.LIMITED, made, officer, {"given": [post.id]})
    to = [arrival.organisation_id for arrival in arrivals]
    record(events.ISSUED, made, officer, {"number": made.number, "book": made.book, "to": to})
    for pk, how in new.relations:
        record(events.CHANGED, earlier[pk], officer, {"how": how, "by": "" if made.limited else made.document.code})
    return made


def _earlier(agency: Node, new: NewIssue, officer: Officer) -> dict[int, Issue]:
    """The documents that this one does something to, locked in their order. Raises NoSuchDocument, for what is limited
    to others too."""
    wanted = {pk for pk, _how in new.relations}
    if not wanted:
        return {}
    locked = Issue.objects.select_for_update(no_key=True, of=("self",)).select_related("document")
    seen = locked.filter(not_kept_from(officer.post_ids), pk__in=wanted, organisation_id=agency.id)
    found = {each.pk: each for each in seen.order_by("pk")}
    if found.keys() != wanted:
        raise carrying.no_such_document()
    return found


def _wrong_relations(new: NewIssue, earlier: dict[int, Issue]) -> dict[str, str | Promise]:
    if len(earlier) < len(new.relations) or len(earlier) > MOST_RELATIONS:
        return {"relation": _("Name each earlier document once, twenty at most.")}
    if not earlier:
        return {}
    ended = set(Issue.objects.filter(ENDED, pk__in=earlier).values_list("pk", flat=True))
    for pk, how in new.relations:
        before = as_earlier(earlier[pk], ended=pk in ended)
        if wrong := wrong_with_relation(how, before, kind=new.kind, dated=new.dated):
            return {"relation": wrong}
    return {}


def _as_reached(before: Recipient, reached: Collection[int]) -> Recipient:
    """An agency that got an earlier document and has no clerk here any more gets this one on paper."""
    if before.organisation_id in {None, *reached}:
        return before
    return Recipient(before.name, copies=1)


def _answered(agency: Node, arrival_id: int, officer: Officer, *, drafted: bool) -> Arrival:
    """`drafted`: whoever drafted the answer chose what it answers, which the clerk who numbers it need not see."""
    seen = Arrival.objects.all() if drafted else queries.visible_to(officer)
    found = seen.filter(pk=arrival_id, organisation_id=agency.id).first()
    if found is None:
        raise carrying.no_such_document()
    return found


def _issued(agency: Node, key: UUID) -> Issue | None:
    return Issue.objects.select_related("document").filter(key=key, organisation_id=agency.id).first()


def _entered(
    agency: Node,
    new: NewIssue,
    symbol: str,
    recipients: Sequence[Recipient],
    stored: Sequence[tuple[int, bool]],
    completed: Completed | None,
    officer: Officer,
    key: UUID,
    now: datetime,
) -> Issue:
    """The document under its number. The book's lock is the last one that is taken, and it is held until the commit:
    everything that does not need the number was done before. Who issues from the same book meanwhile waits for what
    `completed` does, some 20 ms where it fills in number and date and adds the agency's seal.
    """
    book = book_for("outgoing", agency, new.kind)
    if book is None:
        raise NoBook(
            _("%(agency)s has no book of outgoing documents."),
            way_out=_("The administrator can declare one."),
            agency=agency.name,
        )
    number = take(book.numbers(agency), period="year", at=now)
    mark = Mark(number_written(number), symbol)
    finished = completed(mark, new.dated, clock.local(now)) if completed else []
    kept = [_kept(each) for each in finished]
    document = built(
        new,
        mark=mark,
        issuer_name=agency.name,
        issuer_id=agency.id,
        stored=[*((file_id, False) for file_id in kept), *stored],
    )
    made = Issue(
        key=key,
        document=document,
        organisation_id=agency.id,
        unit_id=new.unit_id if new.unit_id in {unit.id for unit in policy.units_of(agency)} else None,
        book=book.key,
        year=clock.local(now).year,
        number=number,
        issued_at=now,
        issued_by_id=officer.account_id,
        answers_id=new.answers,
        answer_by=new.answer_by,
        remark=new.remark.strip(),
        limited=new.limited,
        inside=sum(each.organisation_id is not None for each in recipients),
        copies=sum(each.copies for each in recipients),
    )
    rows.insert([made])
    return made


def _kept(finished: Finished) -> int:
    if isinstance(finished, StoredFile):
        return finished.pk
    name, content = finished
    return files.keep(content, name=name, format_key="pdf").pk


def _delivered(made: Issue, recipients: Sequence[Recipient], now: datetime) -> list[Arrival]:
    """In a fixed number of statements, and one for each agency's ledger."""
    arrivals = {
        each.organisation_id: Arrival(
            document=made.document,
            organisation_id=each.organisation_id,
            way=Arrival.Way.ELECTRONIC,
            arrived_at=now,
            arrived_on=clock.local(now).date(),
            status=Status.ARRIVED,
            due_at=made.answer_by,
        )
        for each in recipients
        if each.organisation_id
    }
    rows.insert(arrivals.values())
    rows.insert(
        Sending(
            issue=made,
            place=place,
            name=each.name.strip()[:200],
            arrival=arrivals.get(each.organisation_id) if each.organisation_id else None,
            copies=each.copies,
        )
        for place, each in enumerate(recipients)
    )
    due = passed_on_by(now, Urgency(made.document.urgency), calendar_of(province().calendar))
    carrying.lay_with_clerks(list(arrivals.values()), made.document, _now("Register the document"), due_at=due, now=now)
    for arrival in arrivals.values():
        carrying.record(events.ARRIVED, arrival, None, {"from": made.organisation_id})
    return list(arrivals.values())


@transaction.atomic
def recall(*, issue_id: int, officer: Officer, reason: str) -> Issue:
    """Take back what was sent: nobody it went to can use it any more, and their clerks are asked to confirm that
    (NĐ 30/2020 art. 18). Recalled again it stays as it is.

    Raises NoSuchDocument, NotTheClerk, NotComplete.
    """
    seen = Issue.objects.select_for_update(no_key=True).filter(not_kept_from(officer.post_ids), pk=issue_id)
    made = seen.first()
    if made is None:
        raise carrying.no_such_document()
    clerk_of(made.organisation_id, officer)
    if made.recalled_at:
        return made
    if not reason.strip():
        raise NotComplete({"reason": _("Say why: everybody to whom it went reads it.")})
    now = clock.now()
    made.recalled_at, made.recall_reason = now, reason.strip()[:500]
    rows.change(made, "recalled_at", "recall_reason")
    Relation.objects.filter(issue=made).update(in_force=False)
    Publication.objects.filter(issue=made, withdrawn_at=None).update(
        withdrawn_at=now, withdrawn_by=officer.account_id, withdraw_reason=made.recall_reason
    )
    arrivals = list(
        Arrival.objects.select_for_update(no_key=True)
        .filter(sending__issue=made)
        .exclude(status=Status.REFUSED)
        .select_related("document")
        .order_by("id")
    )
    for arrival in arrivals:
        carrying.end_all(arrival, now=now)
        carrying.record(events.RECALLED, arrival, officer, {"reason": made.recall_reason})
    if arrivals:
        due = calendar_of(province().calendar).closing(clock.local(now).date()) or now
        words = _now("Confirm that the recalled document is not used")
        carrying.lay_with_clerks(arrivals, arrivals[0].document, words, due_at=max(due, now), now=now)
    record(events.WITHDRAWN, made, officer, {"reason": made.recall_reason})
    return made


@transaction.atomic
def read_issue(*, issue_id: int, officer: Officer) -> IssuePage:
    """The page of an issued document; that it went back from somebody is known from then on. Raises NoSuchDocument."""
    page = _page(issue_id, officer)
    record(events.SEEN, page.issue, officer, {}, subject=READ)
    if any(node.id == page.issue.organisation_id for node in policy.agencies_of(officer)):
        back = [sending.arrival.pk for sending in page.sendings if sending.arrival and sending.arrival.refusal]
        if back:
            at = clock.now()
            work.close_items(
                subject=(ISSUE, issue_id), parts=back, at=at, account_id=officer.account_id, outcome="known"
            )
    return page


@transaction.atomic
def read_issue_file(*, issue_id: int, place: int, officer: Officer) -> StoredFile:
    """A file of an issued document. On record. Raises NoSuchDocument, NoSuchFile."""
    page = _page(issue_id, officer)
    found = next((each.file for each in page.files if each.place == place), None)
    if found is None:
        raise NoSuchFile(_("The document has no such file."))
    record(events.SEEN, page.issue, officer, {"file": found.pk}, subject=READ)
    return found


def _page(issue_id: int, officer: Officer) -> IssuePage:
    page = queries.issue_page(officer, issue_id)
    if page is None:
        raise carrying.no_such_document()
    return page


def record(
    event: ledger.EventKind, made: Issue, officer: Officer, data: dict[str, object], *, subject: str = ISSUE
) -> None:
    ledger.record(
        event,
        subject=(subject, made.pk),
        actor=officer,
        organisation_id=made.organisation_id,
        data={name: value for name, value in data.items() if value},
    )


def went_back(made: Issue, arrival: Arrival, *, now: datetime) -> None:
    """Tell the sender's clerks that an agency refused the document."""
    desk = policy.clerks_of(tree()[made.organisation_id])
    if desk is None:
        return
    calendar = calendar_of(province().calendar)
    document = made.document
    item = work.NewItem(
        subject=(ISSUE, made.pk),
        part_id=arrival.pk,
        purpose=work.KNOW,
        task=_now("Sent back by %(agency)s") % {"agency": tree()[arrival.organisation_id].name},
        **carrying.shared_name(document, document.code, limited=made.limited),
        organisation_id=desk[0],
        role=desk[1],
        opened_at=now,
        due_at=passed_on_by(now, Urgency.NORMAL, calendar),
    )
    work.open_items([item])
