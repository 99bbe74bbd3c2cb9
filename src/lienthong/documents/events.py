"""What can happen to documents, in the words of their timeline."""

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.ledger import event

REGISTERED = event("documents.registered", _("The document was entered in the register"))
ARRIVED = event("documents.arrived", _("The document arrived from another agency of the province"))
REFUSED = event("documents.refused", _("The document was sent back"))
RECALLED = event("documents.recalled", _("The sender recalled the document"))
RECALL_CONFIRMED = event("documents.recall_confirmed", _("It was confirmed that the recalled document is not used"))
ISSUED = event("documents.issued", _("The document was issued"))
WITHDRAWN = event("documents.withdrawn", _("The document was recalled from those to whom it was sent"))
POSTED = event("documents.posted", _("Copies on paper were handed to the post"))
COPY_ASKED = event("documents.copy_asked", _("The use of the kept copy was asked for"))
COPY_DECIDED = event("documents.copy_decided", _("It was decided on the use of the kept copy"))
COPY_HANDED = event("documents.copy_handed", _("The kept copy was handed out"))
COPY_RETURNED = event("documents.copy_returned", _("The kept copy was given back"))
PUBLISHED = event("documents.published", _("The document was published on the portal"))
UNPUBLISHED = event("documents.unpublished", _("The document was taken off the portal"))
CHANGED = event("documents.changed", _("A later document changed it"))
PRESENTED = event("documents.presented", _("The document was presented"))
DIRECTED = event("documents.directed", _("The document was handed on with a direction"))
REPORTED = event("documents.reported", _("It was reported that the document is settled"))
SAID = event("documents.said", _("An opinion was given"))
KNOWN = event("documents.known", _("The document was taken note of"))
GIVEN_BACK = event("documents.given_back", _("The document was given back as wrongly assigned"))
TAKEN_BACK = event("documents.taken_back", _("The document was taken back"))
MORE_TIME_ASKED = event("documents.more_time_asked", _("More time was asked for"))
MORE_TIME_GRANTED = event("documents.more_time_granted", _("More time was granted"))
MORE_TIME_REFUSED = event("documents.more_time_refused", _("More time was refused"))
URGED = event("documents.urged", _("Those who have the document were urged"))
BOOK_TAKEN = event("documents.book_taken", _("A register of documents was taken along"))
SEEN = event("documents.seen", _("The document was opened"))
