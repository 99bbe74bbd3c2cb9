"""An officer's own phrases: kept, counted by use, thrown away."""

from django.db import transaction
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import StrIndex
from django.utils.translation import gettext_lazy as _

from lienthong.documents.models import Phrase
from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.identity.actors import Officer

LONGEST_PHRASE = 500
MOST_PHRASES = 50


class NoPhrase(DomainError):
    code = "documents.no_phrase"


@transaction.atomic
def keep_phrase(*, text: str, officer: Officer) -> Phrase:
    """Keep words for another time; kept twice they stand there once. Raises NoPhrase."""
    text = text.strip()
    if not text:
        raise NoPhrase(_("Write the words first that you want to keep."))
    if len(text) > LONGEST_PHRASE:
        raise NoPhrase(_("A phrase has %(most)s letters at most."), most=LONGEST_PHRASE)
    if own_phrases(officer).exclude(text=text).count() >= MOST_PHRASES:
        raise NoPhrase(
            _("You have kept %(most)s phrases already."),
            way_out=_("Delete one that you no longer use."),
            most=MOST_PHRASES,
        )
    found, _made = Phrase.objects.get_or_create(
        account_id=officer.account_id, text=text, defaults={"kept_at": clock.now()}
    )
    return found


def drop_phrase(*, phrase_id: int, officer: Officer) -> None:
    """Of others nothing is deleted, and nothing said."""
    own_phrases(officer).filter(pk=phrase_id).delete()


def count_use(words: str, officer: Officer) -> None:
    """The phrases that stand in what was said were used once more. One statement."""
    if words.strip():
        stands = StrIndex(Value(words, output_field=CharField()), F("text"))
        own_phrases(officer).annotate(place=stands).filter(place__gt=0).update(uses=F("uses") + 1)


def own_phrases(officer: Officer) -> QuerySet[Phrase]:
    return Phrase.objects.filter(account_id=officer.account_id)
