"""What `lt doctor` looks at. A module adds its own checks by a file `health.py` beside its models:

    from lienthong.runtime.health import Finding, broken, check, fine

    @check("Signing key", needs_database=True)
    def signing_key() -> Finding:
        if not keys.exists():
            return broken("there is no signing key", mend="lt manage make_keys")
        return fine("made on 1 March 2026")

The files are found in every installed app. A check that raises counts as broken, with what it raised.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    FINE = "fine"
    WORTH_A_LOOK = "worth a look"
    BROKEN = "broken"


@dataclass(frozen=True)
class Finding:
    state: State
    what: str
    mend: str = ""


def fine(what: str) -> Finding:
    return Finding(State.FINE, what)


def worth_a_look(what: str, *, mend: str = "") -> Finding:
    return Finding(State.WORTH_A_LOOK, what, mend)


def broken(what: str, *, mend: str = "") -> Finding:
    return Finding(State.BROKEN, what, mend)


Look = Callable[[], Finding | list[Finding]]


@dataclass(frozen=True)
class Check:
    """A named look at one part. Looks that need the settings or the database are left out while those are broken."""

    name: str
    look: Look
    needs_settings: bool
    needs_database: bool

    def findings(self) -> list[Finding]:
        try:
            found = self.look()
        except Exception as error:
            return [broken(f"the check itself failed: {type(error).__name__}: {error}")]
        return found if isinstance(found, list) else [found]


_registered: dict[str, Check] = {}


def check(name: str, *, needs_settings: bool = True, needs_database: bool = False) -> Callable[[Look], Look]:
    """Register a check under a name of its own; checks are shown in the order they were registered."""

    def register(look: Look) -> Look:
        _registered[name] = Check(name, look, needs_settings or needs_database, needs_database)
        return look

    return register


def registered() -> list[Check]:
    return list(_registered.values())
