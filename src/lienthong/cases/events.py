"""What can happen to a dossier, in the words of its timeline."""

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.ledger.kinds import EventKind, event
from lienthong.procedures.shapes import Verb

SUBMITTED = event("cases.submitted", _("The dossier was submitted"))
RECEIVED = event("cases.received", _("The dossier was received"))
REFUSED = event("cases.refused", _("The dossier was refused"))
SUPPLEMENT_REQUESTED = event("cases.supplement_requested", _("A supplement was requested"))
SUPPLEMENTED = event("cases.supplemented", _("The applicant handed in the supplement"))
PAYMENT_REQUESTED = event("cases.payment_requested", _("A payment was requested"))
SETTLED = event("cases.settled", _("The applicant paid what was asked for"))
EXTENSION_ASKED = event("cases.extension_asked", _("More time was asked for"))
EXTENSION_REFUSED = event("cases.extension_refused", _("More time was refused"))
APOLOGISED = event("cases.apologised", _("The applicant got an apology and a new date"))
TRANSFERRED = event("cases.transferred", _("A step was given to another officer"))
ACCEPTANCE_UNDONE = event("cases.acceptance_undone", _("A mistaken acceptance was taken back"))
EXPIRED = event("cases.expired", _("The time for the supplement passed, and processing was stopped"))
FORWARDED = event("cases.forwarded", _("The dossier was passed on"))
SENT_BACK = event("cases.sent_back", _("The dossier was sent back"))
ASSIGNED = event("cases.assigned", _("The dossier was assigned"))
CONSULTED = event("cases.consulted", _("An agency was consulted"))
ANSWERED = event("cases.answered", _("The consulted agency answered"))
LAPSED = event("cases.lapsed", _("A consultation lapsed in silence, which counts as consent"))
SUB_DOSSIER_ENDED = event("cases.sub_dossier_ended", _("The dossier at another agency came to its end"))
DRAFTED = event("cases.drafted", _("The result was drafted"))
APPROVED = event("cases.approved", _("The result was approved"))
SIGNED = event("cases.signed", _("The result was signed"))
STOPPED = event("cases.stopped", _("Processing was stopped"))
RETURNED = event("cases.returned", _("The result was handed over"))
WITHDRAWN = event("cases.withdrawn", _("The applicant withdrew the dossier"))
ISSUED = event("cases.paper_issued", _("A paper was issued"))
CLAIMED = event("cases.claimed", _("The dossier became the person's own, whose number was confirmed"))
SEEN = event("cases.seen", _("The dossier was opened"))
LOOKED_UP = event("cases.looked_up", _("A clerk at the counter looked somebody up by the identification number"))
HANDED_OVER = event("cases.papers_handed_over", _("The papers were put on a hand-over list"))
HAND_OVER_CONFIRMED = event("cases.hand_over_confirmed", _("The receiver confirmed the papers"))
RESULT_TAKEN = event("cases.result_taken", _("Who took the result was written down"))
COMPONENT_CHECKED = event("cases.component_checked", _("A component was checked"))
DIGITISED = event("cases.digitised", _("A paper was digitised"))
SCAN_REMOVED = event("cases.scan_removed", _("A scan was taken away again"))
COPY_SIGNED = event("cases.copy_signed", _("An electronic copy was signed"))
WRITTEN = event("cases.written_to_applicant", _("The officer wrote to the applicant"))
WRITTEN_BACK = event("cases.written_by_applicant", _("The applicant wrote"))
LEFT_UNANSWERED = event("cases.left_unanswered", _("A message of the applicant needed no answer"))

_OF_VERB: dict[Verb, EventKind] = {
    Verb.FORWARD: FORWARDED,
    Verb.ACCEPT: RECEIVED,
    Verb.REFUSE: REFUSED,
    Verb.REQUEST_SUPPLEMENT: SUPPLEMENT_REQUESTED,
    Verb.ASSIGN: ASSIGNED,
    Verb.REQUEST_PAYMENT: PAYMENT_REQUESTED,
    Verb.CONSULT: CONSULTED,
    Verb.ANSWER: ANSWERED,
    Verb.DRAFT: DRAFTED,
    Verb.APPROVE: APPROVED,
    Verb.STOP: STOPPED,
    Verb.RETURN_RESULT: RETURNED,
}


def event_of(verb: Verb, *, back: bool = False) -> EventKind:
    return SENT_BACK if back else _OF_VERB[verb]
