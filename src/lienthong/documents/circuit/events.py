"""What can happen to a draft on its way to the signature, in the words of its timeline."""

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.ledger import event

PRESENTED = event("documents.draft_presented", _("The draft was presented for signing"))
CHECKED = event("documents.draft_checked", _("The draft was checked"))
SIGNED = event("documents.draft_signed", _("The draft was signed"))
RETURNED = event("documents.draft_returned", _("The draft was returned to whoever wrote it"))
TAKEN_BACK = event("documents.draft_taken_back", _("The draft was taken back before it was signed"))
REDIRECTED = event("documents.draft_redirected", _("Somebody else was asked to check or sign the draft"))
ISSUED = event("documents.draft_issued", _("The signed draft got its number and was issued"))
