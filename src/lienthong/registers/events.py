"""What the ledger says of entries of registers; never what stands in them."""

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.ledger import event

SEEN = event("registers.seen", _("Personal data of an entry was read"))
ENTERED = event("registers.entered", _("An entry was made in a register"))
CHANGED = event("registers.changed", _("An entry of a register was changed"))
CORRECTED = event("registers.corrected", _("An entry of a register was corrected"))
ENDED = event("registers.ended", _("An entry of a register was ended"))
IMPORTED = event("registers.imported", _("Entries of a register were made from a file"))
IMPORT_UNDONE = event("registers.import_undone", _("Entries that came from a file were taken back"))
PROPOSED = event("registers.proposed", _("A change of a register was proposed"))
PROPOSAL_APPROVED = event("registers.proposal_approved", _("A proposed change of a register was approved"))
PROPOSAL_REFUSED = event("registers.proposal_refused", _("A proposed change of a register was refused"))
PROPOSAL_RETURNED = event("registers.proposal_returned", _("A proposed change was given back for completion"))
PROPOSAL_WITHDRAWN = event("registers.proposal_withdrawn", _("A proposed change was withdrawn"))
PROPOSAL_FILE_OPENED = event("registers.proposal_file_opened", _("A file of a proposed change was opened"))
EXPORTED = event("registers.exported", _("Entries of a register were taken along as a file"))
APPRAISED = event("registers.appraised", _("It was decided what becomes of entries whose time is over"))
ERASED = event("registers.erased", _("An entry of a register was erased, as its time was over"))
FIELDS_DROPPED = event("registers.fields_dropped", _("Fields that a register had left out were erased"))
RESULT_WAITS = event("registers.result_waits", _("A signed result could not be written into a register by itself"))
RESULT_READ = event("registers.result_read", _("What a result says to a register was read"))
RESULT_SETTLED = event("registers.result_settled", _("An officer settled what a result says to a register"))
EXTRACTED = event("registers.extracted", _("An extract of an entry was issued"))
