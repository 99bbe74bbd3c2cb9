"""What an administrator does with officers' accounts. Every change is in the ledger of the agency it concerns."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock, ledger
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.organisations.models import Posting
from lienthong.foundation.organisations.queries import by_key, tree
from lienthong.foundation.organisations.rules import PostNode
from lienthong.foundation.organisations.services import appoint, call_off, relieve
from lienthong.identity import events
from lienthong.identity.actors import Officer
from lienthong.identity.models import Account
from lienthong.identity.policy import MANAGE, require, require_over
from lienthong.identity.queries import lock_managed, manages_accounts
from lienthong.identity.rules import name_key
from lienthong.identity.services.accounts import save_new
from lienthong.identity.services.addresses import keep_verified_address


class PasswordLink(NamedTuple):
    """`key` is the last step of the address at which a password can be set once, until then."""

    key: str
    until: datetime


class DaysAreWrong(DomainError):
    code = "identity.days_are_wrong"


class ManagesNobody(DomainError):
    code = "identity.manages_nobody"


class IsClosed(DomainError):
    code = "identity.account_closed"


@transaction.atomic
def create_officer(
    *, actor: Officer, username: str, full_name: str, post_id: int, first_day: date, email: str = "", phone: str = ""
) -> Account:
    """Make the account of an officer with a first post. It has no password: see `make_password_link`.

    Raises NotAllowed, NameTaken, DaysAreWrong.
    """
    post = _post(actor, post_id)
    account = Account(
        username=username.lower(),
        full_name=full_name,
        name_key=name_key(full_name),
        email=email.lower(),
        phone=phone,
        managed=True,
        created_at=clock.now(),
    )
    account.set_unusable_password()
    save_new(account)
    keep_verified_address(account)
    _record(events.OFFICER_CREATED, actor, account, post.organisation_id)
    _appoint(actor, account, post, first_day, None)
    return account


@transaction.atomic
def create_administrator(*, username: str, full_name: str, agency: str, post: str, password: str) -> Account:
    """Make an account that manages others, on the authority of whoever runs the machine: the first of an installation,
    or one more when all have lost their way in. `agency` and `post` are keys of the declarations.

    Raises NotFound, ManagesNobody, NameTaken, and Django's ValidationError for a weak password.
    """
    organisation = by_key(agency)
    chosen = next((each for each in tree().posts.values() if _is(each, organisation.id, post)), None)
    if chosen is None or not manages_accounts(chosen):
        managing = [each for each in tree().posts.values() if manages_accounts(each)]
        raise ManagesNobody(
            _("The post “%(agency)s/%(post)s” does not manage accounts."),
            way_out=_("These do: %(posts)s."),
            agency=agency,
            post=post,
            posts=", ".join(sorted(f"{tree()[each.organisation_id].key}/{each.key}" for each in managing)) or "–",
        )
    account = Account(
        username=username.lower(),
        full_name=full_name,
        name_key=name_key(full_name),
        managed=True,
        created_at=clock.now(),
    )
    validate_password(password, account)
    account.set_password(password)
    save_new(account)
    appoint(account_id=account.pk, post_id=chosen.id, valid_from=clock.today())
    about = {"post": chosen.id, "first_day": clock.today(), "last_day": None}
    for kind, data in ((events.OFFICER_CREATED, {}), (events.POST_GIVEN, about)):
        ledger.record(
            kind, subject=("account", account.pk), actor=None, organisation_id=chosen.organisation_id, data=data
        )
    return account


def _is(post: PostNode, organisation_id: int, key: str) -> bool:
    return post.organisation_id == organisation_id and post.key == key and post.in_force(clock.today())


@transaction.atomic
def correct_officer(*, actor: Officer, account_id: int, full_name: str, email: str = "", phone: str = "") -> None:
    """Change what is known of an officer. Papers that carry the old name stay as they are. Raises NotAllowed.

    Whoever owns the e-mail address can set a password, so this is for those who may do that too.
    """
    account = lock_managed(actor, account_id)
    require_over(actor, account)
    facts = {"full_name": full_name, "email": email.lower(), "phone": phone}
    changed = sorted(name for name, value in facts.items() if getattr(account, name) != value)
    if not changed:
        return
    for name in changed:
        setattr(account, name, facts[name])
    account.name_key = name_key(full_name)
    account.save(update_fields=[*changed, "name_key"])
    if "email" in changed:
        keep_verified_address(account)
    _record(events.OFFICER_CORRECTED, actor, account, data={"changed": changed})


@transaction.atomic
def make_password_link(*, actor: Officer, account_id: int) -> PasswordLink:
    """The key of a link with which the officer sets a password. Using it, or making a password otherwise, spends it."""
    account = lock_managed(actor, account_id)
    require_over(actor, account)
    if not account.is_active:
        raise IsClosed(_("This account is closed."), way_out=_("Open it again first."))
    token = default_token_generator.make_token(account)
    _record(events.LINK_MADE, actor, account)
    return PasswordLink(
        f"{user_pk_to_url_str(account)}-{token}", clock.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    )


@transaction.atomic
def deactivate(*, actor: Officer, account_id: int) -> None:
    """Close an officer's account: its sessions end at once, its password and links are void, today is the last day of
    its posts. What it did stays. Raises NotAllowed; closing a closed account does nothing."""
    account = lock_managed(actor, account_id)
    require_over(actor, account)
    if not account.is_active:
        return
    account.is_active = False
    account.set_unusable_password()
    account.save(update_fields=["is_active", "password"])
    for session in UserSession.objects.filter(user=account):
        session.end()
    today = clock.today()
    for posting in Posting.objects.filter(account=account).order_by("pk"):
        relieve(account_id=account.pk, post_id=posting.post_id, day=today)
        call_off(account_id=account.pk, post_id=posting.post_id, after=today)
    _record(events.DEACTIVATED, actor, account)


@transaction.atomic
def reactivate(*, actor: Officer, account_id: int) -> None:
    """Open a closed account again, without posts and without a password."""
    account = lock_managed(actor, account_id)
    require_over(actor, account)
    if account.is_active:
        return
    account.is_active = True
    account.save(update_fields=["is_active"])
    _record(events.REACTIVATED, actor, account)


@transaction.atomic
def remove_second_factors(*, actor: Officer, account_id: int) -> int:
    """For an officer who has lost telephone, keys and recovery codes. Returns how many were removed."""
    account = lock_managed(actor, account_id)
    require_over(actor, account)
    removed, _by_model = Authenticator.objects.filter(user=account).delete()
    if removed:
        _record(events.SECOND_FACTORS_REMOVED, actor, account)
    return int(removed)


@transaction.atomic
def give_post(
    *, actor: Officer, account_id: int, post_id: int, first_day: date, last_day: date | None = None
) -> Posting:
    """Raises NotAllowed, also for one's own account, AlreadyHeld, DaysAreWrong, IsClosed."""
    post = _post(actor, post_id)
    account = lock_managed(actor, account_id)
    _not_oneself(actor, account)
    if not account.is_active:
        raise IsClosed(_("This account is closed."), way_out=_("Open it again first."))
    return _appoint(actor, account, post, first_day, last_day)


@transaction.atomic
def end_post(*, actor: Officer, account_id: int, post_id: int, last_day: date) -> None:
    """Take a post back: held until the last day, or never if it would begin after it. Raises NotAllowed."""
    post = _post(actor, post_id)
    account = lock_managed(actor, account_id)
    _not_oneself(actor, account)
    ended = relieve(account_id=account.pk, post_id=post.id, day=last_day)
    ended += call_off(account_id=account.pk, post_id=post.id, after=last_day)
    if ended:
        _record(events.POST_ENDED, actor, account, post.organisation_id, data={"post": post.id, "last_day": last_day})


def _post(actor: Officer, post_id: int) -> PostNode:
    """Raises NotFound and NotAllowed."""
    post = tree().posts.get(post_id)
    if post is None:
        raise NotFound(_("There is no such post."))
    require(actor, MANAGE, tree()[post.organisation_id])
    return post


def _not_oneself(actor: Officer, account: Account) -> None:
    if account.pk == actor.account_id:
        raise NotAllowed(_("You cannot change your own posts."), way_out=_("Another administrator can do it for you."))


def _appoint(actor: Officer, account: Account, post: PostNode, first_day: date, last_day: date | None) -> Posting:
    if first_day < post.valid_from or (post.valid_to and (last_day or date.max) > post.valid_to):
        raise DaysAreWrong(_("The post “%(post)s” is not there on all of these days."), post=post.title)
    if last_day and last_day < first_day:
        raise DaysAreWrong(_("The last day is before the first."))
    posting = appoint(account_id=account.pk, post_id=post.id, valid_from=first_day, valid_to=last_day)
    data = {"post": post.id, "first_day": first_day, "last_day": last_day}
    _record(events.POST_GIVEN, actor, account, post.organisation_id, data=data)
    return posting


def _record(
    kind: ledger.EventKind,
    actor: Officer,
    account: Account,
    organisation_id: int | None = None,
    data: dict[str, object] | None = None,
) -> None:
    """In the agency concerned; else in that of the post the administrator acts in."""
    where = organisation_id if organisation_id is not None else actor.acting.organisation.id
    ledger.record(kind, subject=("account", account.pk), actor=actor, organisation_id=where, data=data or {})
