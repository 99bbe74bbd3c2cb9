"""Who is away and who stands in: from one day to another, for each post that somebody holds."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock, ledger
from lienthong.foundation.errors import Conflict, DomainError, NotFound
from lienthong.foundation.organisations.models import Absence
from lienthong.foundation.organisations.queries import named_holders, tree
from lienthong.foundation.organisations.rules import PostNode
from lienthong.identity import events
from lienthong.identity.actors import HeldPost, Officer, Permission
from lienthong.identity.offices import LEADER, served

LONGEST = timedelta(days=366)

ENTER: Permission = "identity.enter-absences"
"""To enter that leaders of the agency are away: the work of its office."""


class NoSubstitute(DomainError):
    code = "identity.no_substitute"


class AbsenceDaysWrong(DomainError):
    code = "identity.absence_days_wrong"


class AwayAlready(Conflict):
    code = "identity.away_already"


def own_posts(officer: Officer) -> list[HeldPost]:
    """The posts the officer may hand on: not those of others for whom the officer stands in."""
    return [post for post in officer.posts if not post.standing_in]


def substitutes(officer: Officer) -> list[tuple[HeldPost, list[tuple[int, str]]]]:
    """For each post of the officer who can stand in: whoever holds a post in the same organisation or the one it
    belongs to. One query."""
    posts = {post.id: _near(post) for post in own_posts(officer)}
    holders = named_holders(sorted({each for near in posts.values() for each in near}))
    return [(post, _people(posts[post.id], holders, but={officer.account_id})) for post in own_posts(officer)]


def _people(
    posts: Iterable[int], holders: Mapping[int, list[tuple[int, str]]], *, but: Collection[int]
) -> list[tuple[int, str]]:
    """Who holds one of the posts, each once, by name."""
    people = {account: name for each in posts for account, name in holders.get(each, []) if account not in but}
    return sorted(people.items(), key=lambda person: person[1])


def _near(post: HeldPost) -> list[int]:
    """The posts of the same organisation and of the one it belongs to."""
    near, today = {post.organisation.id, post.organisation.parent_id}, clock.today()
    return [each.id for each in tree().posts.values() if each.organisation_id in near and each.in_force(today)]


@dataclass(frozen=True, slots=True)
class Leader:
    """Somebody who leads an agency, and the other leaders of it who can stand in."""

    post: PostNode
    account_id: int
    name: str
    substitutes: list[tuple[int, str]]


def leaders_for(officer: Officer) -> list[Leader]:
    """The leaders whose absence the officer may enter: those of the agencies whose office the officer is. Others of
    them stand in, never who enters it: nobody gives powers to oneself. One query."""
    posts = leading_posts(officer)
    holders = named_holders([post.id for post in posts])
    return [
        Leader(
            post,
            account,
            name,
            _people(
                [each.id for each in posts if each.organisation_id == post.organisation_id],
                holders,
                but={account, officer.account_id},
            ),
        )
        for post in posts
        for account, name in holders.get(post.id, [])
        if account != officer.account_id
    ]


def leading_posts(officer: Officer) -> list[PostNode]:
    today = clock.today()
    return [post for agency in served(officer, ENTER) for post in tree().posts_in(agency.id, LEADER, today)]


def absences_entered_by(officer: Officer) -> Sequence[Absence]:
    """Those of the leaders that the officer may enter, as far as they are not over, the next first."""
    posts = [post.id for post in leading_posts(officer)]
    coming = Absence.objects.filter(post_id__in=posts, valid_to__gte=clock.today()).exclude(account=officer.account_id)
    return list(coming.select_related("account", "substitute").order_by("valid_from", "pk"))


def absences_of(officer: Officer) -> Sequence[Absence]:
    """Those of the officer that are not over, the next first."""
    coming = Absence.objects.filter(account_id=officer.account_id, valid_to__gte=clock.today())
    return list(coming.select_related("substitute").order_by("valid_from", "pk"))


@transaction.atomic
def go_away(
    *, officer: Officer, post_id: int, substitute_id: int, first_day: date, last_day: date, reason: str = ""
) -> Absence:
    """Say that one is away and who stands in. Raises NoSubstitute, AbsenceDaysWrong, AwayAlready, NotFound."""
    choices = {post.id: dict(people) for post, people in substitutes(officer)}
    if post_id not in choices:
        raise NotFound(_("There is no such post."))
    if substitute_id not in choices[post_id]:
        raise NoSubstitute(_("Choose somebody of your agency who is to stand in."))
    return _put_down(officer, post_id, officer.account_id, substitute_id, first_day, last_day, reason)


@transaction.atomic
def enter_absence(
    *,
    officer: Officer,
    post_id: int,
    account_id: int,
    substitute_id: int,
    first_day: date,
    last_day: date,
    reason: str = "",
) -> Absence:
    """Say of a leader that he is away and which other leader stands in: the office does it for him.

    Raises NoSubstitute, AbsenceDaysWrong, AwayAlready, NotFound.
    """
    found = (each for each in leaders_for(officer) if (each.post.id, each.account_id) == (post_id, account_id))
    leader = next(found, None)
    if leader is None:
        raise NotFound(_("There is no such post."))
    if substitute_id not in dict(leader.substitutes):
        raise NoSubstitute(_("Choose another leader of the agency who is to stand in."))
    return _put_down(officer, post_id, account_id, substitute_id, first_day, last_day, reason)


def _put_down(
    officer: Officer,
    post_id: int,
    account_id: int,
    substitute_id: int,
    first_day: date,
    last_day: date,
    reason: str,
) -> Absence:
    if not clock.today() <= first_day <= last_day or last_day - first_day > LONGEST:
        raise AbsenceDaysWrong(_("The days must lie ahead, the last not before the first, a year at most."))
    try:
        with transaction.atomic():
            absence = Absence.objects.create(
                post_id=post_id,
                account_id=account_id,
                substitute_id=substitute_id,
                valid_from=first_day,
                valid_to=last_day,
                reason=reason.strip()[:200],
            )
    except IntegrityError:
        raise AwayAlready(_("Away on some of these days already."), way_out=_("End the other absence first.")) from None
    _record(events.ABSENCE_BEGUN, officer, absence)
    return absence


@transaction.atomic
def come_back(*, officer: Officer, absence_id: int) -> None:
    """End an absence, the own or that of a leader whose office one is: one to come is called off, one that has begun
    ends yesterday, from now on nobody stands in. Raises NotFound."""
    found = Absence.objects.select_for_update().filter(pk=absence_id).first()
    if found is None or not _may_end(officer, found):
        raise NotFound(_("There is no such absence."))
    _record(events.ABSENCE_ENDED, officer, found)
    yesterday = clock.today() - timedelta(days=1)
    if found.valid_from > yesterday:
        found.delete()
    else:
        found.valid_to = yesterday
        found.save(update_fields=["valid_to"])


def _may_end(officer: Officer, absence: Absence) -> bool:
    """Whoever is away, and for leaders their office."""
    own = absence.account_id == officer.account_id
    return own or absence.post_id in {post.id for post in leading_posts(officer)}


def _record(kind: ledger.EventKind, officer: Officer, absence: Absence) -> None:
    ledger.record(
        kind,
        subject=("account", absence.account_id),
        actor=officer,
        organisation_id=tree().posts[absence.post_id].organisation_id,
        data={
            "post": absence.post_id,
            "substitute": absence.substitute_id,
            "first_day": absence.valid_from,
            "last_day": absence.valid_to,
        },
    )
