"""Leave, and who stands in: said on the page of absences by who goes, with somebody of the part who stays."""

from collections.abc import Sequence
from dataclasses import replace

from lienthong.foundation import clock
from lienthong.foundation.organisations.models import Absence
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer
from lienthong.identity.models import Account
from lienthong.identity.queries import actor_of
from lienthong.identity.services import absences
from lienthong.simulation import words
from lienthong.simulation.actors import Day
from lienthong.simulation.chance import dice, pick
from lienthong.simulation.dossiers import manners
from lienthong.simulation.dossiers.staff import Desk, Worker


def settle_leave(day: Day, seed: int, workers: Sequence[Worker]) -> tuple[list[Worker], dict[str, int]]:
    """Let officers go on leave and come back, on a working day at its opening.

    Returns the officers of the part, those who stand in with what they stand in for, and what was done how often.
    Whoever finds nobody to stand in just goes: colleagues take over what is urgent.
    """
    opening = day.opening
    if opening is None:
        return list(workers), {}
    with clock.at(opening):
        standing = _in_force(workers)
        back, gone = _come_back(day, seed, workers, standing), _go(day, seed, workers, standing)
        now = _in_force(workers) if back or gone else standing
        return _with_posts(workers, now), {"come-back": back, "go-away": gone}


def _in_force(workers: Sequence[Worker]) -> list[Absence]:
    """The absences from the posts of these officers today."""
    posts, today = {post for worker in workers for post in worker.posts}, clock.today()
    found = Absence.objects.filter(post_id__in=posts, valid_from__lte=today, valid_to__gte=today)
    return list(found.order_by("post_id", "pk"))


def _come_back(day: Day, seed: int, workers: Sequence[Worker], standing: Sequence[Absence]) -> int:
    """From leave: what the office entered for a leader ends on its day."""
    by_account = {worker.officer.account_id: worker for worker in workers}
    back = 0
    for absence in standing:
        worker = by_account.get(absence.account_id) if absence.reason == words.AWAY else None
        if worker and manners.leave_until(seed, worker.name, day.date) is None:
            absences.come_back(officer=worker.officer, absence_id=absence.pk)
            back += 1
    return back


def _go(day: Day, seed: int, workers: Sequence[Worker], standing: Sequence[Absence]) -> int:
    away = {(absence.account_id, absence.post_id) for absence in standing}
    there = {w.officer.account_id: w.name for w in workers if not manners.is_absent(seed, w.name, day.date)}
    gone = 0
    for worker in workers:
        until = manners.leave_until(seed, worker.name, day.date)
        left = [post for post in sorted(worker.posts) if (worker.officer.account_id, post) not in away]
        if until is None or not left:
            continue
        for post, people in absences.substitutes(worker.officer):
            names = sorted((there[account], account) for account, _name in people if account in there)
            if post.id in left and names:
                _name, substitute = pick(dice(seed, "stands in", worker.name, day.date), names)
                absences.go_away(
                    officer=worker.officer,
                    post_id=post.id,
                    substitute_id=substitute,
                    first_day=day.date,
                    last_day=until,
                    reason=words.AWAY,
                )
                gone += 1
    return gone


def _with_posts(workers: Sequence[Worker], standing: Sequence[Absence]) -> list[Worker]:
    """Those who stand in act in the posts of the others too, and know it: their own account says so today."""
    posts: dict[int, set[int]] = {}
    for absence in standing:
        posts.setdefault(absence.substitute_id, set()).add(absence.post_id)
    accounts = Account.objects.in_bulk(list(posts)) if posts else {}
    desks = {desk for worker in workers for desk in worker.desks}
    return [
        _standing_in(worker, accounts[worker.officer.account_id], posts[worker.officer.account_id], desks)
        if worker.officer.account_id in posts
        else worker
        for worker in workers
    ]


def _standing_in(worker: Worker, account: Account, posts: set[int], desks: set[Desk]) -> Worker:
    officer = actor_of(account)
    assert isinstance(officer, Officer)
    theirs = {(tree().posts[post].organisation_id, role) for post in posts for role in tree().posts[post].roles}
    return replace(
        worker,
        officer=officer,
        posts=worker.posts | posts,
        desks=worker.desks | (theirs & desks),
        standing_in=frozenset(posts - worker.posts),
    )
