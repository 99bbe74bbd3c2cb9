"""Whether a password is right, with guessing held back."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock, ledger
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.context import Context
from lienthong.identity import events, rules
from lienthong.identity.models import Account, Guesses
from lienthong.identity.queries import accounts_called
from lienthong.identity.rules import Count, Patience


class TooManyGuesses(DomainError):
    """`until`: when the next try is looked at."""

    code = "identity.too_many_guesses"
    status = 429

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(
            _("There were too many wrong tries. Try again after %(time)s (%(minutes)d minutes from now)."),
            way_out=_("If you have forgotten the password, set a new one."),
            time=f"{clock.local(until):%H:%M}",
            minutes=max(1, -(-int((until - clock.now()).total_seconds()) // 60)),
        )


def account_with(*, name: str, password: str, address: str) -> Account | None:
    """The account that the name (user name, telephone number or e-mail) and the password belong to, closed or not.

    `address` is the network address of whoever asks. An unknown name takes as long and is counted as a known one; each
    name of a person is counted by itself, or two names that close together would tell that they are of one account.
    Raises TooManyGuesses before the password is looked at.
    """
    called = rules.sign_in_name(name, Context(at=clock.today()))
    by_name, by_address = rules.key_of_name(called), rules.key_of_address(address)
    candidates = accounts_called(called)
    closed = _count({by_name: rules.WITH_A_NAME, by_address: rules.WITH_AN_ADDRESS})
    found = right_one(candidates, password)
    if found is not None:
        _forgive(by_name, by_address)
    elif by_name in closed:
        _tell(candidates, until=closed[by_name])
    return found


def right_one(candidates: list[Account], password: str) -> Account | None:
    """The first account that has the password. Without any account the time of looking is spent all the same."""
    if not candidates:
        make_password(password)
    return next((account for account in candidates if account.check_password(password)), None)


@transaction.atomic
def _count(patience: Mapping[str, Patience]) -> dict[str, datetime]:
    """Count one guess under every key, or none of them when one is closed. Returns until when the guess has closed
    them, for those that it has."""
    now = clock.now()
    keys = sorted(patience)
    Guesses.objects.bulk_create([Guesses(key=key, last_at=now) for key in keys], ignore_conflicts=True)
    rows = list(Guesses.objects.select_for_update().filter(key__in=keys).order_by("key"))
    closed = [row.closed_until for row in rows if row.closed_until and _count_of(row).is_closed(now)]
    if closed:
        raise TooManyGuesses(max(closed))
    for row in rows:
        after = rules.after_a_guess(_count_of(row), now=now, patience=patience[row.key])
        row.count, row.last_at, row.closed_until = after.guesses, now, after.closed_until
        row.save()
    return {row.key: row.closed_until for row in rows if row.closed_until}


def _count_of(row: Guesses) -> Count:
    return Count(row.count, row.last_at if row.count else None, row.closed_until)


@transaction.atomic
def _tell(guessed_at: Iterable[Account], *, until: datetime) -> None:
    """An account that is guessed at is worth an auditor's look; a name that nobody has says nothing of anybody."""
    for account in guessed_at:
        subject = ("account", account.pk)
        ledger.record(events.GUESSED_AT, subject=subject, actor=None, organisation_id=None, data={"until": until})


@transaction.atomic
def _forgive(by_name: str, by_address: str) -> None:
    """The name begins anew; the address gets back the one guess that was right, not the wrong ones before it."""
    Guesses.objects.filter(key=by_name).delete()
    row = Guesses.objects.select_for_update().filter(key=by_address).first()
    if row is not None:
        before = rules.given_back(_count_of(row), patience=rules.WITH_AN_ADDRESS)
        row.count, row.closed_until = before.guesses, before.closed_until
        row.save()
