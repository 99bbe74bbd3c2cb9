"""What can happen to engagements of the working calendar, in the words of their timeline."""

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.ledger import event

PROPOSED = event("meetings.proposed", _("The engagement was registered"))
APPROVED = event("meetings.approved", _("The engagement was put into the calendar"))
ADDED = event("meetings.added", _("The engagement was added to the published week"))
CHANGED = event("meetings.changed", _("The engagement was changed before the week was published"))
ADJUSTED = event("meetings.adjusted", _("The published engagement was adjusted"))
DECLINED = event("meetings.declined", _("The engagement was not taken into the calendar"))
POSTPONED = event("meetings.postponed", _("The engagement was postponed"))
CANCELLED = event("meetings.cancelled", _("The engagement was cancelled"))
PUBLISHED = event("meetings.week_published", _("The calendar of the week was published"))
FEED_MADE = event("meetings.feed_made", _("An address was made under which programs read the own calendar"))
FEED_REVOKED = event("meetings.feed_revoked", _("The address under which programs read the own calendar was revoked"))
