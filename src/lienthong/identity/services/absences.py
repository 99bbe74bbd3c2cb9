"""Who is away and who stands in: from one day to another, for each post that somebody holds."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock, ledger
from lienthong.foundation.errors import Conflict, DomainError, NotFound
from lienthong.foundation.organisations.models import Absence
from lienthong.foundation.organisations.queries import holders_of, tree
from lienthong.identity import events
from lienthong.identity.actors import HeldPost, Officer

LONGEST = timedelta(days=366)


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
    holders = holders_of(sorted({each for near in posts.values() for each in near}))
    found = []
    for post in own_posts(officer):
        people = {account: name for each in posts[post.id] for account, name in holders.get(each, [])}
        people.pop(officer.account_id, None)
        found.append((post, sorted(people.items(), key=lambda person: person[1])))
    return found


def _near(post: HeldPost) -> list[int]:
    """The posts of the same organisation and of the one it belongs to."""
    near, today = {post.organisation.id, post.organisation.parent_id}, clock.today()
    return [each.id for each in tree().posts.values() if each.organisation_id in near and each.in_force(today)]


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
    if not clock.today() <= first_day <= last_day <= first_day + LONGEST:
        raise AbsenceDaysWrong(_("The days must lie ahead, the last not before the first, a year at most."))
    try:
        with transaction.atomic():
            absence = Absence.objects.create(
                post_id=post_id,
                account_id=officer.account_id,
                substitute_id=substitute_id,
                valid_from=first_day,
                valid_to=last_day,
                reason=reason.strip()[:200],
            )
    except IntegrityError:
        raise AwayAlready(
            _("You are away on some of these days already."), way_out=_("End the other absence first.")
        ) from None
    _record(events.ABSENCE_BEGUN, officer, absence)
    return absence


@transaction.atomic
def come_back(*, officer: Officer, absence_id: int) -> None:
    """End an absence: one to come is called off, one that has begun ends yesterday, from now on nobody stands in."""
    found = Absence.objects.select_for_update().filter(pk=absence_id, account_id=officer.account_id).first()
    if found is None:
        raise NotFound(_("There is no such absence."))
    _record(events.ABSENCE_ENDED, officer, found)
    yesterday = clock.today() - timedelta(days=1)
    if found.valid_from > yesterday:
        found.delete()
    else:
        found.valid_to = yesterday
        found.save(update_fields=["valid_to"])


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
