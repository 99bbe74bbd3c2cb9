"""Names people sign in with, how long guessing passwords is paused, who may act for whom: pure."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from ipaddress import ip_address, ip_network

from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.problems import Invalid
from lienthong.foundation.fields.typed import compact, folded, one_line
from lienthong.foundation.fields.types.texts import Phone

LONGEST_NAME = 150
USERNAME = re.compile(r"(?=.{3,50}\Z)[a-z][a-z0-9]*([._-][a-z0-9]+)*")
"""What an administrator may choose. A citizen's user name is a telephone number instead, so the two never meet."""

_PHONE = Phone(key="phone", label="Phone")


def phone_of(text: str, context: Context) -> str | None:
    """The text as a Vietnamese telephone number in the form it is kept in (0912345678), or None."""
    try:
        return str(_PHONE.parse(text, context))
    except Invalid:
        return None


def sign_in_name(text: str, context: Context) -> str:
    """What somebody typed to say who they are, in the form in which it is looked up."""
    return phone_of(text, context) or compact(text).lower()


def name_key(full_name: str) -> str:
    """The key by which a list of people is sorted and searched: the given name first, as in every Vietnamese list.

    "Nguyễn Văn An" becomes "an nguyen van".
    """
    words = folded(full_name).split()
    return " ".join([*words[-1:], *words[:-1]])[:LONGEST_NAME]


def is_full_name(text: str) -> bool:
    """Whether a clean line can be somebody's name: letters, and at least two of them."""
    return len(text) <= LONGEST_NAME and sum(map(str.isalpha, text)) >= 2 and text == one_line(text)


# guessing passwords


@dataclass(frozen=True, slots=True)
class Patience:
    """`free` wrong guesses in a row cost nothing. The next ones close the door for `first`, then twice as long each
    time, at most `longest`. After `forgotten` without a guess the count begins anew."""

    free: int
    first: timedelta = timedelta(minutes=1)
    longest: timedelta = timedelta(minutes=15)
    forgotten: timedelta = timedelta(hours=1)


WITH_A_NAME = Patience(free=5)
WITH_AN_ADDRESS = Patience(free=60)
"""A whole office may share one network address, so it has more."""


@dataclass(frozen=True, slots=True)
class Count:
    """Guesses in a row: how many, the last, and until when the next one is refused unread."""

    guesses: int = 0
    last: datetime | None = None
    closed_until: datetime | None = None

    def is_closed(self, now: datetime) -> bool:
        return self.closed_until is not None and now < self.closed_until


def after_a_guess(count: Count, *, now: datetime, patience: Patience) -> Count:
    """The count after one more guess, counted as wrong before the password is looked at: guesses sent all at once
    cannot slip through together. A closed count stays as it is, so that waiting never gets longer by trying."""
    if count.is_closed(now):
        return count
    stale = count.last is not None and now - count.last >= patience.forgotten
    guesses = 1 if stale else count.guesses + 1
    over = guesses - patience.free
    pause = min(patience.first * 2 ** min(over, 20), patience.longest) if over >= 0 else None
    return Count(guesses, now, now + pause if pause else None)


def given_back(count: Count, *, patience: Patience) -> Count:
    """The count of an address after one of its guesses was right: as if that guess had not been made."""
    guesses = max(count.guesses - 1, 0)
    return replace(count, guesses=guesses, closed_until=None if guesses < patience.free else count.closed_until)


def key_of_name(name: str) -> str:
    """Also for names that nobody has: they are counted too, or the difference would tell which names there are."""
    return f"name:{hashlib.sha256(name.encode()).hexdigest()}"


def key_of_address(address: str) -> str:
    return f"address:{address}"


def network_of(address: str) -> str:
    """The address guesses are counted by: of IPv6 the first 64 bits, because one household has all of the rest."""
    parsed = ip_address(address)
    return str(ip_network((parsed, 64), strict=False).network_address) if parsed.version == 6 else address


# what people sign in with

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("coc_coc", "Cốc Cốc"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
             ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


def device_of(user_agent: str) -> tuple[str, str]:
    """Browser and system as people call them; "" for what is not known. A program may say anything it likes."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return browser, system


# acting for others

LONGEST_MANDATE = timedelta(days=5 * 366)
"""So long a written authorisation may be given for at most; one that ends is renewed with a word."""

OF_AGE = 18
"""Years."""

ACTIVE_STATES = ("confirmed", "checked")


def is_active(state: str, first: date, last: date | None, on: date) -> bool:
    """Whether a mandate counts on a day: both days included."""
    return state in ACTIVE_STATES and first <= on and (last is None or on <= last)


def covers(procedures: Sequence[str], procedure: str) -> bool:
    """Whether a mandate is good for a procedure; one that names none is good for all."""
    return not procedures or procedure in procedures
