"""What the ledger keeps of a queue. People who wait leave no name, so their numbers are no business of the ledger."""

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.ledger.kinds import event

DOOR_CHANGED = event("queueing.door_changed", _("The address at which numbers are taken was changed"))
