"""Searches that an officer keeps under a name. The only code that writes them."""

from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lienthong.documents.models import SavedSearch
from lienthong.foundation import clock
from lienthong.foundation.errors import Conflict, DomainError, NotFound
from lienthong.identity.actors import Officer

MOST = 30
LONGEST_NAME = 100


class NoSuchSearch(NotFound):
    code = "documents.no_such_search"


class NameMissing(DomainError):
    code = "documents.search_without_name"


class NameTaken(Conflict):
    code = "documents.search_name_taken"


class TooManySearches(Conflict):
    code = "documents.too_many_searches"


def of(officer: Officer) -> list[SavedSearch]:
    """The officer's own, by name."""
    return list(SavedSearch.objects.filter(account_id=officer.account_id).order_by("name")[:MOST])


def one(search_id: int, officer: Officer) -> SavedSearch:
    """Raises NoSuchSearch."""
    found = SavedSearch.objects.filter(pk=search_id, account_id=officer.account_id).first()
    if found is None:
        raise NoSuchSearch(_("There is no such search any more, or it is not yours."))
    return found


@transaction.atomic
def keep(*, name: str, query: Mapping[str, str], watched: bool, last: int, officer: Officer, key: UUID) -> SavedSearch:
    """Keep a search. The same key keeps it once. `last` is the last line that its page had before it.

    Raises NameMissing, NameTaken, TooManySearches.
    """
    if earlier := SavedSearch.objects.filter(key=key, account_id=officer.account_id).first():
        return earlier
    if len(of(officer)) >= MOST:
        raise TooManySearches(
            _("You have kept %(most)s searches already."), way_out=_("Remove one that you do not need."), most=MOST
        )
    made = SavedSearch(
        key=key,
        account_id=officer.account_id,
        name=_named(name),
        query=dict(query),
        watched=watched,
        seen=last,
        kept_at=clock.now(),
    )
    return _written(made)


@transaction.atomic
def change(*, search_id: int, name: str, watched: bool, last: int, officer: Officer) -> SavedSearch:
    """Name it anew; from when it is watched on, what comes later than `last` is new.

    Raises NoSuchSearch, NameMissing, NameTaken.
    """
    found = one(search_id, officer)
    found.name = _named(name)
    if watched and not found.watched:
        found.seen = last
    found.watched = watched
    return _written(found)


def looked_at(*, search_id: int, last: int, officer: Officer) -> None:
    """Its results were shown up to this line: nothing of them is new any more."""
    SavedSearch.objects.filter(pk=search_id, account_id=officer.account_id, seen__lt=last).update(seen=last)


def drop(*, search_id: int, officer: Officer) -> None:
    """Does nothing when it is gone already, or somebody else's."""
    SavedSearch.objects.filter(pk=search_id, account_id=officer.account_id).delete()


def _named(name: str) -> str:
    if not name.strip():
        raise NameMissing(_("Give the search a name."))
    return name.strip()[:LONGEST_NAME]


def _written(search: SavedSearch) -> SavedSearch:
    try:
        with transaction.atomic():
            search.save()
    except IntegrityError as error:
        raise NameTaken(_("You have a search of this name already."), way_out=_("Choose another name.")) from error
    return search
