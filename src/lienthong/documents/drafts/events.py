"""What can happen to drafts, in the words of their timeline."""

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.ledger import event

OPENED = event("documents.draft_opened", _("The draft was begun"))
WRITTEN = event("documents.draft_written", _("A version was written"))
RESTORED = event("documents.draft_restored", _("An earlier version was taken up again"))
CIRCULATED = event("documents.draft_circulated", _("Opinions were asked for"))
OPINION = event("documents.draft_opinion", _("An opinion was given"))
TAKEN = event("documents.draft_opinion_taken", _("It was said what was done with an opinion"))
CLOSED = event("documents.draft_opinions_closed", _("Gathering opinions was ended"))
DROPPED = event("documents.draft_dropped", _("The draft was dropped"))
REOPENED = event("documents.draft_reopened", _("The draft was taken up again"))
SEEN = event("documents.draft_seen", _("The draft was looked at"))
