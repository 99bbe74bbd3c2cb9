"""What can happen to records, in the words of their timeline."""

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.ledger import event

LIST_CHANGED = event("documents.record_list_changed", _("The list of records was changed"))
LIST_SUBMITTED = event("documents.record_list_submitted", _("The list of records was submitted"))
LIST_RETURNED = event("documents.record_list_returned", _("The list of records was given back"))
LIST_APPROVED = event("documents.record_list_approved", _("The list of records was approved"))
LIST_ADDED = event("documents.record_list_added", _("A record was added to the approved list"))

OPENED = event("documents.record_opened", _("The record was opened"))
CHANGED = event("documents.record_changed", _("The record was changed"))
FILED = event("documents.record_filed", _("A document was filed"))
UNFILED = event("documents.record_unfiled", _("A document was taken out"))
CLOSED = event("documents.record_closed", _("The record was closed"))
REOPENED = event("documents.record_reopened", _("The record was opened again"))
FROZEN = event("documents.record_frozen", _("The record was frozen"))
THAWED = event("documents.record_thawed", _("The record was released"))
KEPT_BACK = event("documents.record_kept_back", _("It was asked that the record stay longer"))
AGREED = event("documents.record_agreed", _("The archive agreed that the record stays longer"))
NOT_AGREED = event("documents.record_not_agreed", _("The archive did not agree that the record stays longer"))
GIVEN = event("documents.record_given", _("The record was given to the archive"))
RECEIVED = event("documents.record_received", _("The archive received the record"))
REFUSED = event("documents.record_refused", _("The archive gave the record back"))
SEEN = event("documents.record_seen", _("The record was looked at"))
PACKAGE_ASKED = event("documents.record_package_asked", _("A package for the archive was asked for"))
PACKAGE_TAKEN = event("documents.record_package_taken", _("A package for the archive was taken along"))
TAKEN_ALONG = event("documents.record_taken_along", _("The list of its documents was taken along"))
DISPOSAL_PROPOSED = event("documents.record_disposal_proposed", _("It was proposed to destroy records"))
DISPOSAL_DECIDED = event("documents.record_disposal_decided", _("It was decided about destroying records"))
DISPOSAL_DONE = event("documents.record_disposal_done", _("The list of disposal was carried out"))
DESTROYED = event("documents.record_destroyed", _("The record was destroyed; what it was called is kept"))
