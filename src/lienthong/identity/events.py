"""What can happen to accounts, in words for the auditor."""

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.ledger.kinds import event

SIGNED_UP = event("identity.signed_up", _("A person signed up"))
PROFILE_CHANGED = event("identity.profile_changed", _("A person changed their own details"))
NUMBER_SEEN = event("identity.number_seen", _("A clerk compared an account with an identity card"))
NUMBER_CONFIRMED = event("identity.number_confirmed", _("A clerk confirmed the identification number of an account"))
MANDATE_CLAIMED = event("identity.mandate_claimed", _("A person says that they may act for another"))
MANDATE_OFFERED = event("identity.mandate_offered", _("A person lets another act for them"))
MANDATE_TAKEN = event("identity.mandate_taken", _("A person took up a mandate that was given"))
MANDATE_CONFIRMED = event("identity.mandate_confirmed", _("A mandate was confirmed online"))
MANDATE_CHECKED = event("identity.mandate_checked", _("A clerk compared a mandate with its papers"))
MANDATE_REFUSED = event("identity.mandate_refused", _("A mandate was refused"))
MANDATE_REVOKED = event("identity.mandate_revoked", _("A mandate was ended"))
MANDATE_SEEN = event("identity.mandate_seen", _("A clerk looked at a mandate"))
OFFICER_CREATED = event("identity.officer_created", _("An officer's account was created"))
OFFICER_CORRECTED = event("identity.officer_corrected", _("An officer's details were corrected"))
LINK_MADE = event("identity.link_made", _("A link to set a password was made"))
DEACTIVATED = event("identity.deactivated", _("An account was closed"))
REACTIVATED = event("identity.reactivated", _("An account was opened again"))
SECOND_FACTORS_REMOVED = event("identity.second_factors_removed", _("Second factors of an account were removed"))
POST_GIVEN = event("identity.post_given", _("A post was given"))
POST_ENDED = event("identity.post_ended", _("A post was taken back"))
ABSENCE_BEGUN = event("identity.absence_begun", _("Somebody is away, and another stands in"))
ABSENCE_ENDED = event("identity.absence_ended", _("Somebody who was away is back"))
GUESSED_AT = event("identity.guessed_at", _("Wrong passwords closed the way to an account for some minutes"))
