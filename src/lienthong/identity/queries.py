"""Who somebody is, and the lists of accounts that an administrator sees."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.errors import NotFound
from lienthong.foundation.fields.code_lists import PUBLISHED
from lienthong.foundation.fields.typed import folded
from lienthong.foundation.organisations.definition import ROLE
from lienthong.foundation.organisations.models import Posting
from lienthong.foundation.organisations.queries import holders_of, postings_of, tree
from lienthong.foundation.organisations.rules import Node, PostNode
from lienthong.identity.actors import MANAGE, Citizen, Grant, HeldPost, Officer, merged
from lienthong.identity.models import Account

Actor = Officer | Citizen

UNITS = "administrative-units"
"""The code list of provinces, districts and communes."""

MOST_CANDIDATES = 5
PAGE = 25
MOST_POSTS = 30


def actor_of(account: Account, *, acting_post_id: int | None = None) -> Actor:
    """The account as an officer when it holds a post today, else as a citizen. One query.

    `acting_post_id` is the post the person chose to work in; ignored when it is not (any more) among those held.
    """
    held = tuple(_held(post, standing_in=standing_in) for post, standing_in in postings_of(account.pk))
    if not held:
        return Citizen(account.pk, account.full_name)
    acting = next((post for post in held if post.id == acting_post_id), held[0])
    return Officer(account.pk, account.full_name, held, acting)


def _held(post: PostNode, *, standing_in: bool = False) -> HeldPost:
    return HeldPost(
        id=post.id,
        title=post.title,
        organisation=tree()[post.organisation_id],
        roles=post.roles,
        grants=_grants(post.roles, tuple(role.id for role in ROLE.all())),
        standing_in=standing_in,
    )


def manages_accounts(post: PostNode) -> bool:
    """Whether whoever holds the post may give accounts and posts."""
    return any(grant.permission == MANAGE for grant in _held(post).grants)


@lru_cache(maxsize=4096)
def _grants(roles: frozenset[str], editions: tuple[int, ...]) -> frozenset[Grant]:
    """What roles grant, by the editions of roles in force."""
    bodies = [ROLE.pinned(edition) for edition in editions]
    return merged(
        Grant(permission, role.scope == "below")
        for role in bodies
        if role.key in roles
        for permission in role.permissions
    )


def applicant_facts(account_id: int) -> dict[str, str]:
    """What forms may know of the signed-in person: name, person_id, phone, email, address in one line."""
    account = Account.objects.select_related("person").get(pk=account_id)
    person = getattr(account, "person", None)
    return {
        "name": account.full_name,
        "person_id": person.person_id if person else "",
        "phone": account.phone,
        "email": account.email,
        "address": address_line(person.address_unit, person.address_detail) if person else "",
    }


def address_line(unit: str, detail: str) -> str:
    """An address as people write it: the detail, then the administrative units from the smallest up."""
    units = PUBLISHED.code_list(UNITS, clock.today()).chain(unit, clock.today()) if unit else ()
    return ", ".join(filter(None, (detail, *(item.name for item in units))))


def accounts_called(name: str) -> list[Account]:
    """The accounts somebody may mean: by user name, else by telephone number or e-mail, the surest first.

    Where several people said the same number or address, those who proved the address come first, then the oldest.
    """
    named = Account.objects.filter(username=name).first()
    if "@" in name:
        proved = Account.objects.filter(emailaddress__email=name, emailaddress__verified=True)
        said = proved[:MOST_CANDIDATES] or Account.objects.filter(email=name).order_by("pk")[:MOST_CANDIDATES]
    elif name.isdigit():
        said = Account.objects.filter(phone=name).order_by("pk")[:MOST_CANDIDATES]
    else:
        said = Account.objects.none()
    found = [*([named] if named else []), *said]
    return list({account.pk: account for account in found}.values())[:MOST_CANDIDATES]


def has_second_factor(account_id: int) -> bool:
    """Whether signing in asks for a code or a security key."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user_id=account_id, type__in=kinds).exists())


def _until(day: date) -> Q:
    return Q(valid_to__isnull=True) | Q(valid_to__gte=day)


# officers, for administrators


@dataclass(frozen=True, slots=True)
class Holding:
    """A post an officer holds, held or will hold. `mine`: the administrator who looks may change it."""

    post: PostNode
    organisation: Node
    first_day: date
    last_day: date | None
    mine: bool

    @property
    def has_begun(self) -> bool:
        return self.first_day <= clock.today()

    @property
    def has_ended(self) -> bool:
        return self.last_day is not None and self.last_day < clock.today()


@dataclass(frozen=True, slots=True)
class ManagedAccount:
    account: Account
    holdings: tuple[Holding, ...]

    @property
    def current(self) -> list[Holding]:
        """Those held now or later."""
        return [holding for holding in self.holdings if not holding.has_ended]

    @property
    def past(self) -> list[Holding]:
        return [holding for holding in self.holdings if holding.has_ended]


@dataclass(frozen=True, slots=True)
class ManagedPage:
    """A stretch of the list of officers. `before` and `after`: the accounts to turn the page at."""

    officers: tuple[ManagedAccount, ...]
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class PostOnOffer:
    post: PostNode
    organisation: Node
    holders: tuple[str, ...]


def managed(officer: Officer) -> QuerySet[Account]:
    """Officers' accounts that hold, held or will hold a post where this officer manages accounts."""
    theirs = Posting.objects.filter(account=OuterRef("pk")).filter(
        Q(post__organisation__path__within_any=officer.paths(MANAGE))
        | Q(post__organisation_id__in=officer.organisation_ids(MANAGE))
    )
    return Account.objects.filter(Exists(theirs), managed=True)


def lock_managed(officer: Officer, account_id: int) -> Account:
    """The account, locked till the end of the transaction. Raises NotFound when it is not this officer's to see."""
    account = managed(officer).filter(pk=account_id).select_for_update(of=("self",)).first()
    return _there(account)


def managed_account(officer: Officer, account_id: int) -> ManagedAccount:
    """Raises NotFound when it is not this officer's to see."""
    account = _there(managed(officer).filter(pk=account_id).first())
    return _with_holdings(officer, [account])[0]


def _there(account: Account | None) -> Account:
    if account is None:
        raise NotFound(_("There is no such officer in your agencies."))
    return account


def managed_page(
    officer: Officer, *, text: str = "", before: int | None = None, after: int | None = None
) -> ManagedPage:
    """Officers by name, those with every word of the text in name, user name, e-mail or telephone number. Two queries,
    three to go on: the page after, or before, the account with that id; the first one when there is no such account.
    """
    anchor = _place_of(before or after)
    backwards = before is not None and anchor is not None
    rows = _beyond(_with_words(managed(officer), text), anchor, backwards)
    found = list(rows[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    if backwards:
        found.reverse()
    first, last = (found[0].pk, found[-1].pk) if found else (None, None)
    return ManagedPage(
        officers=tuple(_with_holdings(officer, found)),
        before=first if (more if backwards else anchor is not None) else None,
        after=last if (more or backwards) else None,
    )


def _with_words(rows: QuerySet[Account], text: str) -> QuerySet[Account]:
    known_by = Concat(
        *("name_key", Value(" "), "username", Value(" "), "email", Value(" "), "phone"), output_field=TextField()
    )
    for word in folded(text[:200]).split():
        rows = rows.alias(known_by=known_by).filter(known_by__contains=word)
    return rows


def _place_of(account_id: int | None) -> tuple[str, int] | None:
    """Where an account stands in the order of names."""
    rows = Account.objects.filter(pk=account_id).values_list("name_key", "pk") if account_id else None
    return rows.first() if rows is not None else None


def _beyond(rows: QuerySet[Account], anchor: tuple[str, int] | None, backwards: bool) -> QuerySet[Account]:
    """In the order of names, backwards if so, from behind the anchor on."""
    if anchor is not None:
        key, pk = anchor
        if backwards:
            rows = rows.filter(Q(name_key__lt=key) | Q(name_key=key, pk__lt=pk))
        else:
            rows = rows.filter(Q(name_key__gt=key) | Q(name_key=key, pk__gt=pk))
    return rows.order_by(*(("-name_key", "-pk") if backwards else ("name_key", "pk")))


def _with_holdings(officer: Officer, accounts: Sequence[Account]) -> list[ManagedAccount]:
    """One query for all of them."""
    posts, organisations = tree().posts, tree()
    holdings: dict[int, list[Holding]] = {account.pk: [] for account in accounts}
    for posting in Posting.objects.filter(account__in=accounts).order_by("valid_from", "pk"):
        post = posts.get(posting.post_id)
        if post is not None:
            where = organisations[post.organisation_id]
            mine = officer.may(MANAGE, where)
            holdings[posting.account_id].append(Holding(post, where, posting.valid_from, posting.valid_to, mine))
    return [ManagedAccount(account, tuple(holdings[account.pk])) for account in accounts]


def organisations_of_posts(account_id: int) -> list[Node]:
    """Where the account holds posts now or later."""
    rows = Posting.objects.filter(_until(clock.today()), account_id=account_id)
    held = rows.values_list("post__organisation_id", flat=True).distinct()
    return [tree()[organisation_id] for organisation_id in held]


def posts_on_offer(officer: Officer, text: str) -> list[PostOnOffer]:
    """Posts this officer may give whose title or organisation has every word of the text. At most MOST_POSTS; nothing
    without a text. One query."""
    words = folded(text[:200]).split()
    if not words:
        return []
    today, organisations = clock.today(), tree()
    fitting = [
        post
        for post in organisations.posts.values()
        if post.in_force(today) and officer.may(MANAGE, organisations[post.organisation_id]) and _says(post, words)
    ]
    chosen = sorted(fitting, key=lambda post: (organisations[post.organisation_id].path, post.id))[:MOST_POSTS]
    holders = holders_of([post.id for post in chosen])
    return [
        PostOnOffer(post, organisations[post.organisation_id], tuple(name for _id, name in holders.get(post.id, ())))
        for post in chosen
    ]


def _says(post: PostNode, words: Iterable[str]) -> bool:
    said = _folded_words(f"{post.title} {tree()[post.organisation_id].name}")
    return all(word in said for word in words)


@lru_cache(maxsize=20_000)
def _folded_words(text: str) -> str:
    return folded(text)
