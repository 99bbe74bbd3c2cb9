"""The declared world as it would be after publishing, for checks that look beyond one document."""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.translation import gettext as _

from lienthong.foundation.definitions import queries
from lienthong.foundation.definitions.rules import Path, Problem

if TYPE_CHECKING:
    from lienthong.foundation.definitions.registry import Body, Kind

B = TypeVar("B", bound="Body")


class Catalogue:
    """What is planned, over the newest of what is published and has not ended.

    `broken` names (kind, key) what is declared but cannot be read now: a reference to it is no problem of its own.
    `without` names what is about to be retired.
    """

    def __init__(
        self,
        planned: "Mapping[str, Mapping[str, Body]] | None" = None,
        broken: Collection[tuple[str, str]] = (),
        without: Collection[tuple[str, str]] = (),
    ) -> None:
        self._planned = planned or {}
        self._broken = broken
        self._without = without
        self._known: dict[str, dict[str, Any]] = {}

    def all(self, kind: "Kind[B]") -> dict[str, B]:
        """Every body of the kind, by key."""
        if kind.key not in self._known:
            planned = self._planned.get(kind.key, {})
            gone = {key for without, key in self._without if without == kind.key}
            bodies = {each.key: each.body for each in queries.newest(kind, leave_out=gone | planned.keys())}
            self._known[kind.key] = dict(sorted((bodies | dict(planned)).items()))
        return self._known[kind.key]

    def get(self, kind: "Kind[B]", key: str) -> B | None:
        return self.all(kind).get(key)

    def refers(self, kind: "Kind[B]", key: str, *, at: Path) -> Iterator[Problem]:
        """A problem at `at` when nothing of the kind has that key, with the nearest that has."""
        known = self.all(kind)
        if key in known or (kind.key, key) in self._broken:
            return
        message = _("there is no %(kind)s “%(key)s”") % {"kind": kind.title, "key": key}
        if near := get_close_matches(key, known, n=1):
            message += _("; is it “%(near)s”?") % {"near": near[0]}
        yield Problem(at, message)
