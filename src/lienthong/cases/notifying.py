"""What applicants are told about their dossiers.

Each message follows an event of the ledger, when its transaction is over. It goes to the account the application was
made with, and to the telephone number and e-mail address it names; somebody who applied at the counter is reached by
these alone.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from lienthong.cases import events
from lienthong.cases.models import Dossier, Extension, Paper, StepVisit
from lienthong.cases.rules import Status
from lienthong.cases.services.carrying import DOSSIER
from lienthong.cases.services.pausing import supplement_until, waiting_for_supplements
from lienthong.cases.values import procedure_of
from lienthong.foundation import clock
from lienthong.foundation.clock import ZONE
from lienthong.foundation.ledger.entries import EntryView
from lienthong.foundation.ledger.subscriptions import subscribe
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.representing import representatives_of
from lienthong.notifications.kinds import MessageKind, group, message
from lienthong.notifications.services import Recipient, notify

SOON = timedelta(days=5)
"""So long before the end of the time for a supplement the applicant is reminded of it."""

DOSSIERS = group("dossiers", _("Your dossiers"))

_WHEN = datetime(2025, 3, 24, 16, 30, tzinfo=ZONE)
_OF_ALL = {
    "code": "000.00.17.H16-250303-0001",
    "procedure": "Cấp giấy phép xây dựng nhà ở riêng lẻ",
    "agency": "UBND thành phố Gia Nghĩa",
}


def _message(key: str, label: Any, **gives: Any) -> MessageKind:
    return message(key, label, DOSSIERS, gives={**_OF_ALL, **gives})


RECEIVED = _message("dossier-received", _("The dossier was received"), due=_WHEN)
SUPPLEMENT_ASKED = _message("dossier-supplement-asked", _("A supplement is asked for"), asked="Bản vẽ", until=_WHEN)
SUPPLEMENT_DUE = _message("dossier-supplement-due", _("The time for the supplement ends soon"), until=_WHEN)
PAYMENT_ASKED = _message("dossier-payment-asked", _("A payment is asked for"), asked="Nộp lệ phí")
READY = _message(
    "dossier-ready", _("The result is ready"), reception="Bộ phận một cửa thành phố Gia Nghĩa", way="counter"
)
REFUSED = _message("dossier-refused", _("The dossier was refused"), reason="Không thuộc thẩm quyền")
POSTPONED = _message("dossier-postponed", _("An apology with a new date"), reason="Lý do", old_due=_WHEN, due=_WHEN)
STOPPED = _message("dossier-stopped", _("Processing was stopped"), reason="Lý do")
WORD = _message("dossier-word", _("A message from the officer"))

FOR_YOU = _message(
    "dossier-for-you", _("Somebody handed in a dossier for you"), agent="Trần Thị Bích", whom="Nguyễn An"
)


@subscribe(events.SUBMITTED, name="cases.tell_represented")
def tell_represented(entry: EntryView) -> None:
    """Whoever is acted for learns at once of what was handed in: the person, or those who represent the business."""
    dossier = _dossier(entry)
    if dossier.mandate is None or dossier.submitter is None:
        return
    told = [dossier.represented_account_id] if dossier.represented_account_id else []
    if dossier.represented_business_id:
        told = representatives_of(dossier.represented_business_id)
    for account_id in told:
        if account_id != dossier.account_id:
            notify(
                kind=FOR_YOU,
                to=Recipient(account_id),
                subject=(DOSSIER, dossier.pk),
                key=f"{entry.id}:{account_id}",
                context={**_known(dossier), "agent": dossier.submitter["name"], "whom": dossier.mandate.name},
                link=reverse("portal:dossier", args=[dossier.pk]),
            )


@subscribe(events.RECEIVED, name="cases.tell_received")
def tell_received(entry: EntryView) -> None:
    dossier = _dossier(entry)
    if dossier.received_at:  # a mistaken acceptance may have been taken back meanwhile
        _tell(RECEIVED, dossier, entry, due=dossier.due_at)


@subscribe(events.SUPPLEMENT_REQUESTED, name="cases.tell_supplement_asked")
def tell_supplement_asked(entry: EntryView) -> None:
    dossier, visit = _dossier(entry), _waiting_visit(entry)
    if visit and dossier.status == Status.SUPPLEMENT:
        _tell(SUPPLEMENT_ASKED, dossier, entry, asked=visit.request, until=supplement_until(dossier))


@subscribe(events.PAYMENT_REQUESTED, name="cases.tell_payment_asked")
def tell_payment_asked(entry: EntryView) -> None:
    dossier, visit = _dossier(entry), _waiting_visit(entry)
    if visit and dossier.status == Status.FINANCIAL:
        _tell(PAYMENT_ASKED, dossier, entry, asked=visit.request)


@subscribe(events.REFUSED, events.STOPPED, events.EXPIRED, name="cases.tell_ended")
def tell_ended(entry: EntryView) -> None:
    """By its end: a dossier whose time for the supplement passed is stopped, or refused where it was never received."""
    kind = REFUSED if entry.data["status"] == Status.REFUSED else STOPPED
    _tell(kind, _dossier(entry), entry, reason=_note(entry))


@subscribe(events.APOLOGISED, name="cases.tell_postponed")
def tell_postponed(entry: EntryView) -> None:
    granted = Extension.objects.filter(dossier_id=entry.subject[1], granted=True, decided_at__lte=entry.at)
    if found := granted.order_by("-decided_at").first():
        dossier = _dossier(entry)
        _tell(POSTPONED, dossier, entry, reason=found.reason, old_due=found.old_due, due=found.new_due)


@subscribe(events.APPROVED, events.FORWARDED, events.SIGNED, name="cases.tell_ready")
def tell_ready(entry: EntryView) -> None:
    """Once the dossier is settled and the last of its results is signed, whichever comes later."""
    dossier = _dossier(entry)
    results = Paper.objects.filter(dossier=dossier, kind="result", key__in=dossier.signed)
    signed = not results.exclude(state=Paper.State.READY).exists()
    if (
        signed
        and dossier.status in (Status.FINISHED, Status.RETURNED)
        and dossier.finished_at
        and not dossier.parent_id
    ):
        once = f"{dossier.pk}:{dossier.finished_at.isoformat()}"
        _tell(READY, dossier, once, reception=tree()[dossier.reception_id].name, way=dossier.return_way)


@subscribe(events.WRITTEN, name="cases.tell_written")
def tell_written(entry: EntryView) -> None:
    """That there is a message and where, never what it says: it is read in the dossier, by whoever is signed in."""
    dossier = _dossier(entry)
    _tell(WORD, dossier, entry, link=reverse("portal:talk", args=[dossier.pk]))


@app.periodic(cron="0 1 * * *")  # UTC: eight in the morning here
@app.task(name="cases.remind_of_supplements", queue="cases", queueing_lock="cases.remind_of_supplements")
def remind_of_supplements(timestamp: int) -> None:
    """Tell the applicants whose time for a supplement ends soon, each once."""
    for dossier in waiting_for_supplements():
        _remind(dossier)


@transaction.atomic
def _remind(dossier: Dossier) -> None:
    until, now = supplement_until(dossier), clock.now()
    if until and now < until <= now + SOON:
        _tell(SUPPLEMENT_DUE, dossier, f"{dossier.pk}:{dossier.supplements}", until=until)


def _tell(kind: MessageKind, dossier: Dossier, about: EntryView | str, *, link: str = "", **context: Any) -> None:
    notify(
        kind=kind,
        to=Recipient(dossier.account_id, dossier.applicant_name, dossier.applicant_phone, dossier.applicant_email),
        subject=(DOSSIER, dossier.pk),
        key=about if isinstance(about, str) else str(about.id),
        context={**_known(dossier), **context},
        link=link or _address(dossier),
    )


def _known(dossier: Dossier) -> dict[str, str]:
    """What every message about a dossier says."""
    return {
        "code": dossier.code or dossier.tracking,
        "procedure": procedure_of(dossier).name,
        "agency": tree()[dossier.competent_id].name,
    }


def _address(dossier: Dossier) -> str:
    if dossier.account_id:
        return reverse("portal:dossier", args=[dossier.pk])
    return f"{reverse('portal:track')}?code={dossier.code or dossier.tracking}"


def _dossier(entry: EntryView) -> Dossier:
    return Dossier.objects.get(pk=entry.subject[1])


def _waiting_visit(entry: EntryView) -> StepVisit | None:
    """The step that waits for the applicant; None when what was asked for is there already."""
    return StepVisit.objects.filter(dossier_id=entry.subject[1], done_at=None, waiting=True).first()


def _note(entry: EntryView) -> str:
    """What was said when the step was closed that the event tells of."""
    closed = StepVisit.objects.filter(dossier_id=entry.subject[1], pk__in=entry.data.get("closed", [])[:1])
    return closed.values_list("note", flat=True).first() or ""
