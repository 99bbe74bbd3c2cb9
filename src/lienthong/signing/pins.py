"""The PIN of a signing device, entered for one deed: known to what signs during that deed, and kept nowhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from pydantic import SecretStr

LONGEST = 64

_entered: ContextVar[SecretStr | None] = ContextVar("pin of a signing device", default=None)


@contextmanager
def entered(pin: str) -> Iterator[None]:
    """What signs within the block may use this PIN; empty: none was entered."""
    before = _entered.set(SecretStr(pin[:LONGEST]) if pin else None)
    try:
        yield
    finally:
        _entered.reset(before)


def current() -> SecretStr | None:
    return _entered.get()
