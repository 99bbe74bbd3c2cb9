"""What can happen to directives, in the words of their timeline."""

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.ledger import event

GIVEN = event("directives.given", _("The directive was given"))
ACCEPTED = event("directives.accepted", _("The task was accepted"))
HANDED_ON = event("directives.handed_on", _("A part of the task was handed on"))
PROGRESS = event("directives.progress", _("Progress was reported"))
COMPLETED = event("directives.completed", _("The task was reported as completed"))
KNOWN = event("directives.known", _("The directive was taken note of"))
JUDGED = event("directives.judged", _("The task was found done"))
RETURNED = event("directives.returned", _("The report of completion was returned"))
CANCELLED = event("directives.cancelled", _("The task was cancelled"))
MORE_TIME_ASKED = event("directives.more_time_asked", _("More time was asked for with the directive"))
MORE_TIME_GRANTED = event("directives.more_time_granted", _("More time was granted with the directive"))
MORE_TIME_REFUSED = event("directives.more_time_refused", _("More time was refused with the directive"))
URGED = event("directives.urged", _("Those who have the task were urged"))
