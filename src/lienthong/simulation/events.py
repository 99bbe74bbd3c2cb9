"""What the simulation itself puts on record."""

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.ledger.kinds import event

DAY_PASSED = event("simulation.day_passed", _("A simulated day passed"))
