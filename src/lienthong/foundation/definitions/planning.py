"""What publishing some folders would do: read, check, compare. Writes nothing."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from lienthong.foundation.definitions import loading, queries, registry, rules, shelf, wording
from lienthong.foundation.definitions.catalogue import Catalogue
from lienthong.foundation.definitions.loading import Document, Loaded
from lienthong.foundation.definitions.queries import Standing
from lienthong.foundation.definitions.registry import Body, Kind
from lienthong.foundation.definitions.rules import Difference, Finding, Problem


@dataclass(frozen=True)
class Change:
    """A version that would be published. `previous` is None for a new thing; `differences` are then empty.

    `consequences` are sentences for people: what else changes when this is published; `losses` what has to be allowed.
    """

    kind: Kind[Any]
    body: Body
    document: Document
    previous: Standing | None = None
    differences: tuple[Difference, ...] = ()
    consequences: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.body.key

    @property
    def name(self) -> str:
        return self.body.name

    @property
    def version(self) -> int:
        return self.previous.version + 1 if self.previous else 1

    @cached_property
    def checksum(self) -> str:
        return rules.checksum(self.document.raw)

    @property
    def file(self) -> str:
        return self.document.source.shown

    @property
    def line(self) -> int:
        return self.document.source.first_line


@dataclass(frozen=True)
class Plan:
    """What publishing would do, each thing after what it refers to, and what stands against it.

    `unchanged` and `retired` are documents that publish nothing: they are published as they stand, or they were retired
    and would have to change to come back. `missing` was published from one of the folders and is in none of them now:
    it stays in force until somebody retires it. `stamp` is the state of publishing that the plan was made against.
    """

    stamp: shelf.Stamp
    additions: tuple[Change, ...] = ()
    changes: tuple[Change, ...] = ()
    unchanged: tuple[Standing, ...] = ()
    retired: tuple[Standing, ...] = ()
    missing: tuple[Standing, ...] = ()
    problems: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.problems

    @property
    def is_empty(self) -> bool:
        return not (self.additions or self.changes)

    @property
    def publishes(self) -> tuple[Change, ...]:
        """Additions and changes together, each after what it refers to."""
        order = {kind.key: number for number, kind in enumerate(registry.in_order())}
        return tuple(sorted((*self.additions, *self.changes), key=lambda change: order[change.kind.key]))

    @property
    def losses(self) -> tuple[str, ...]:
        return tuple(loss for change in self.publishes for loss in change.losses)

    def describe(self) -> Iterator[str]:
        """The plan as lines of plain text."""
        for problem in self.problems:
            yield f"! {problem}"
        for change in self.publishes:
            yield from _described(change)
        for gone in self.missing:
            yield _("? %(what)s is no longer declared; it stays in force until it is retired.") % {
                "what": _titled(gone)
            }
        for gone in self.retired:
            yield _("- %(what)s was retired; it comes back only when its declaration changes.") % {
                "what": _titled(gone)
            }
        yield _("%(new)d new, %(changed)d changed, %(same)d unchanged; problems: %(wrong)d.") % {
            "new": len(self.additions),
            "changed": len(self.changes),
            "same": len(self.unchanged),
            "wrong": len(self.problems),
        }


def plan(folders: Sequence[FilePath]) -> Plan:
    """What publishing the folders would do. Raises loading.FolderNotFound."""
    stamp = shelf.now(recheck=True).stamp
    published = queries.standing()
    known = {each.source_digest: (each.kind, each.body) for each in published if registry.find(each.kind)}
    loaded = loading.read_folders(folders, known)
    return _Planning(loaded, stamp, published).plan(missing_from={folder.resolve().name for folder in folders})


def plan_text(text: str, *, folder: str, file: str) -> Plan:
    """The same for one text, as if it were that file of the folder; what the text does not hold is not missed."""
    stamp = shelf.now(recheck=True).stamp
    return _Planning(loading.read_text(text, folder=folder, file=file), stamp, queries.standing()).plan()


@dataclass
class _Planning:
    """The work on one plan: documents become bodies, bodies are checked together, then compared with what stands."""

    loaded: Loaded
    stamp: shelf.Stamp
    published: Sequence[Standing]
    findings: list[Finding] = field(default_factory=list)
    bodies: dict[str, dict[str, tuple[Body, Document]]] = field(default_factory=dict)
    broken: set[tuple[str, str]] = field(default_factory=set)
    additions: list[Change] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unchanged: list[Standing] = field(default_factory=list)
    retired: list[Standing] = field(default_factory=list)

    def plan(self, missing_from: Collection[str] = ()) -> Plan:
        self.findings += self.loaded.findings
        for document in self.loaded.documents:
            self._find(document, self._fit(document))
        planned = {kind: {key: body for key, (body, _source) in each.items()} for kind, each in self.bodies.items()}
        catalogue = Catalogue(planned, self.broken)
        standing = {(each.kind, each.key): each for each in self.published}
        for kind in registry.in_order():
            for key, (body, document) in self.bodies.get(kind.key, {}).items():
                sound = not self._find(document, kind.check(body, catalogue) if kind.check else ())
                self._compare(Change(kind, body, document, standing.get((kind.key, key))), sound)
        return Plan(
            stamp=self.stamp,
            additions=tuple(self.additions),
            changes=tuple(self.changes),
            unchanged=tuple(self.unchanged),
            retired=tuple(self.retired),
            missing=tuple(self._missing(missing_from)),
            problems=tuple(sorted(self.findings, key=lambda finding: (finding.file, finding.line))),
        )

    def _find(self, document: Document, problems: Iterable[Problem]) -> int:
        """Note the problems at their lines, and say how many there are."""
        found = [document.source.finding(problem) for problem in problems]
        self.findings += found
        return len(found)

    def _fit(self, document: Document) -> Iterator[Problem]:
        """Keep the document's body by its name, or say why it has none."""
        kind = registry.known(document.kind)
        try:
            body = kind.model.model_validate(document.raw)
        except ValidationError as error:
            yield from wording.problems(error, kind.model, document.raw)
            self.broken.add((kind.key, str(document.raw.get("key"))))
            return
        _body, first = self.bodies.setdefault(kind.key, {}).setdefault(body.key, (body, document))
        if first is not document:
            message = _("the %(kind)s “%(key)s” is declared twice: also in %(file)s:%(line)d")
            there = {"file": first.source.shown, "line": first.source.line_of(("key",))}
            yield Problem(("key",), message % {"kind": kind.title, "key": body.key, **there})

    def _compare(self, change: Change, sound: bool) -> None:
        """Put a document that fits where it belongs, beside what stands."""
        previous = change.previous
        if previous and previous.checksum == change.checksum:
            (self.retired if previous.retired else self.unchanged).append(previous)
        elif sound:
            (self.changes if previous else self.additions).append(_explained(change))

    def _missing(self, folders: Collection[str]) -> Iterator[Standing]:
        for each in self.published:
            declared = each.key in self.bodies.get(each.kind, {}) or (each.kind, each.key) in self.broken
            over = each.ended or each.retired
            if each.folder in folders and not declared and not over and registry.find(each.kind):
                yield each


def _explained(change: Change) -> Change:
    """The change with what it changes and what follows from that."""
    before = change.previous.body if change.previous else None
    differences = () if before is None else rules.differences(before, change.document.raw)
    told = replace(change, differences=tuple(differences))
    kind, previous = change.kind, change.previous
    if not (kind.consequences or kind.losses):
        return told
    try:
        standing = kind.pinned(previous.id) if previous else None
    except queries.Misfit:
        message = _(
            "The published version no longer fits this program; what changes for what runs on it cannot be said."
        )
        return replace(told, consequences=(message,))
    consequences = kind.consequences(standing, change.body) if kind.consequences else ()
    losses = kind.losses(standing, change.body) if kind.losses else ()
    return replace(told, consequences=tuple(map(str, consequences)), losses=tuple(map(str, losses)))


def _titled(standing: Standing) -> str:
    return f"{registry.known(standing.kind).title} {standing.key} “{standing.name}”"


def _described(change: Change) -> Iterator[str]:
    what = f"{change.kind.title} {change.key} “{change.name}” ({change.file}:{change.line})"
    if change.previous:
        yield f"~ {what} {change.previous.version} → {change.version}"
    else:
        yield f"+ {what}"
    yield from (f"    {difference}" for difference in change.differences)
    yield from (f"    → {consequence}" for consequence in change.consequences)
    yield from (f"    ✗ {loss}" for loss in change.losses)
