"""What follows the events of a dossier: its papers are made when their transaction is over."""

from procrastinate.contrib.django import app

from lienthong.cases import events
from lienthong.cases.models import Paper
from lienthong.cases.services import (
    claiming,
    counter,
    documents,
    entering,
    handling,
    papers,
    pausing,
    returning,
    subordinate,
)
from lienthong.foundation import clock
from lienthong.foundation.ledger.entries import EntryView
from lienthong.foundation.ledger.subscriptions import subscribe
from lienthong.identity.events import NUMBER_CONFIRMED


@subscribe(events.SUBMITTED, events.SUPPLEMENTED, name="cases.application")
def make_application(entry: EntryView) -> None:
    papers.make_application(entry.subject[1], supplement=entry.data.get("supplement", 0))


@subscribe(NUMBER_CONFIRMED, name="cases.claim")
def claim(entry: EntryView) -> None:
    claiming.claim(account_id=entry.subject[1])


@subscribe(events.SUBMITTED, events.SUPPLEMENTED, events.DIGITISED, name="cases.keep_handed_in")
def keep_handed_in(entry: EntryView) -> None:
    documents.keep_handed_in(entry.subject[1])


@subscribe(events.SIGNED, name="cases.keep_results")
def keep_results(entry: EntryView) -> None:
    documents.keep_result(entry.data["paper"])


@subscribe(events.SIGNED, name="cases.enter_result")
def enter_result(entry: EntryView) -> None:
    entering.enter_result(entry.data["paper"])


@subscribe(events.RECEIVED, name="cases.receipt")
def make_receipt(entry: EntryView) -> None:
    papers.make_receipt(entry.subject[1], account_id=entry.account_id, post_id=entry.post_id, at=entry.at)


@subscribe(
    events.SUPPLEMENT_REQUESTED, events.REFUSED, events.STOPPED, events.EXPIRED, events.APOLOGISED, name="cases.forms"
)
def make_forms(entry: EntryView) -> None:
    issued = Paper.objects.filter(dossier_id=entry.subject[1], state=Paper.State.ISSUED)
    for paper_id in issued.exclude(kind="receipt").order_by("pk").values_list("pk", flat=True):
        papers.make_form(paper_id)


@subscribe(events.RETURNED, name="cases.control_slip")
def archive_control_slip(entry: EntryView) -> None:
    papers.archive_control_slip(entry.subject[1], account_id=entry.account_id, post_id=entry.post_id, at=entry.at)


@subscribe(events.APPROVED, name="cases.results")
def sign_results(entry: EntryView) -> None:
    assert entry.account_id and entry.post_id and entry.organisation_id
    papers.sign_results(
        entry.subject[1],
        entry.data["results"],
        account_id=entry.account_id,
        post_id=entry.post_id,
        organisation_id=entry.organisation_id,
        at=entry.at,
    )


@subscribe(events.SIGNED, name="cases.return_online")
def return_online(entry: EntryView) -> None:
    returning.return_online(dossier_id=entry.subject[1])


@subscribe(
    events.RETURNED, events.REFUSED, events.STOPPED, events.EXPIRED, events.WITHDRAWN, name="cases.report_sub_dossier"
)
def report_sub_dossier(entry: EntryView) -> None:
    subordinate.report(dossier_id=entry.subject[1])


@subscribe(
    events.STOPPED, events.WITHDRAWN, events.EXPIRED, events.ACCEPTANCE_UNDONE, name="cases.call_off_sub_dossiers"
)
def call_off_sub_dossiers(entry: EntryView) -> None:
    subordinate.call_off(dossier_id=entry.subject[1])


@app.periodic(cron="7 * * * *")
@app.task(name="cases.expire_supplements", queue="cases", queueing_lock="cases.expire_supplements")
def expire_supplements(timestamp: int) -> None:
    """Stop the dossiers whose applicants let the time for the supplement pass."""
    for dossier_id in pausing.overdue_supplements(clock.now()):
        pausing.expire(dossier_id=dossier_id)


@app.periodic(cron="*/10 * * * *")
@app.task(name="cases.lapse_consultations", queue="cases", queueing_lock="cases.lapse_consultations")
def lapse_consultations(timestamp: int) -> None:
    """Close consultations that the procedure lets lapse when their limit has passed in silence."""
    for dossier_id, visit_id in handling.overdue_consultations(clock.now()):
        handling.lapse(dossier_id=dossier_id, visit_id=visit_id)


@app.periodic(cron="30 18 * * *")  # UTC: half past one in the night here
@app.task(name="cases.forget_counter_entries", queue="cases", queueing_lock="cases.forget_counter_entries")
def forget_counter_entries(timestamp: int) -> None:
    """Delete what clerks began to type in for somebody and left: it is about people, and nobody handed it in."""
    counter.forget_left()
