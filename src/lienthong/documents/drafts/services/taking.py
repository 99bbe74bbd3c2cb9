"""What was done with the opinions on a draft (tiếp thu, giải trình): said by whoever writes it, for who gave them."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.documents.drafts import carrying, events
from lienthong.documents.drafts.carrying import Missing, NotPossible, no_such_draft
from lienthong.documents.drafts.services.asking import VERDICTS, gathered
from lienthong.documents.models import DraftOpinion
from lienthong.foundation import clock
from lienthong.identity.actors import Officer

Taken = DraftOpinion.Taken


@transaction.atomic
def say_taken(*, draft_id: int, opinion_id: int, taken: str, words: str, officer: Officer) -> DraftOpinion:
    """Say whether an opinion was taken over, and how or why not; said again it replaces what was said, until the draft
    is presented. What is said in the same words is not put down twice.

    Raises NoSuchDraft, NotYours, NotPossible, Missing.
    """
    draft = gathered(draft_id, officer)
    carrying.require_writing(draft)
    opinion = DraftOpinion.objects.filter(draft=draft, pk=opinion_id).first()
    if opinion is None:
        raise no_such_draft()
    if opinion.verdict not in VERDICTS:
        raise NotPossible(_("This opinion was not given yet."))
    words = words.strip()[: carrying.LONGEST_WORDS]
    if taken not in Taken.values:
        raise Missing({"taken": _("Choose what was done with the opinion.")})
    if taken != Taken.WHOLE and not words:
        raise Missing({"words": _("Say why it was not taken over as a whole.")})
    if (opinion.taken, opinion.taken_words) == (taken, words):
        return opinion
    opinion.taken, opinion.taken_words = taken, words
    opinion.taken_at, opinion.taken_by_id = clock.now(), officer.account_id
    opinion.save(update_fields=["taken", "taken_words", "taken_at", "taken_by"])
    carrying.put_down(events.TAKEN, draft, officer, {"opinion": opinion.pk, "taken": taken, "words": words})
    return opinion
