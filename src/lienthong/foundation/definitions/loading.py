"""Declarations read from folders of YAML files, every value with its line."""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any, TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.foundation.definitions import registry, yaml
from lienthong.foundation.definitions.rules import Finding, Path, Problem
from lienthong.foundation.errors import NotFound

LARGEST_FILE = 2_000_000
"""Bytes. A code list of every commune of the country is half of it."""

Written: TypeAlias = tuple[str, Mapping[str, Any]]


class FolderNotFound(NotFound):
    code = "definitions.folder_not_found"


@dataclass(frozen=True)
class Source:
    """Where a document stands: the declared folder by its name, the file in it, its text and first line there.

    `shown`: the file as people are told it, with its folder where there are several.
    """

    folder: str
    file: str
    shown: str
    first_line: int
    text: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def _lines(self) -> Mapping[Path, int]:
        return yaml.read(self.text, self.first_line).lines

    def line_of(self, path: Path) -> int:
        """The line of that place; of what should have held it, when it is not there."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines[path]

    def finding(self, problem: Problem) -> Finding:
        return Finding(self.shown, self.line_of(problem.path), problem.path, str(problem.message))


@dataclass(frozen=True)
class Document:
    """One declaration as it was written: `raw` holds JSON values only, without its `kind`."""

    kind: str
    raw: Mapping[str, Any]
    source: Source


@dataclass(slots=True)
class Loaded:
    """What the folders hold, in the order of their files, and what could not be read.

    `known`: documents that need no parsing, by the sha256 of their text: their kind and what they held.
    """

    known: Mapping[str, Written] = field(default_factory=dict)
    documents: list[Document] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_folders(folders: Sequence[FilePath], known: Mapping[str, Written] | None = None) -> Loaded:
    """Read every .yaml file below the folders. Raises FolderNotFound; what is wrong in a file becomes a finding.

    What is known already is not parsed again: that is nearly all of the work (10,000 lines a second).
    """
    loaded = Loaded(known or {})
    for folder in folders:
        if not folder.is_dir():
            raise FolderNotFound(gettext_lazy("There is no folder %(folder)s."), folder=str(folder))
        name = folder.resolve().name
        for path in _files(folder):
            file = path.relative_to(folder).as_posix()
            _read_file(path, _Whereabouts(name, file, f"{name}/{file}" if len(folders) > 1 else file), loaded)
    return loaded


def read_text(text: str, *, folder: str, file: str) -> Loaded:
    """Read the documents of one text, as if it were the file of a folder: what was written in a browser."""
    loaded = Loaded()
    where = _Whereabouts(folder, file, file)
    try:
        _read_content(text.encode("utf-8", "surrogatepass"), where, loaded)
    except yaml.Unreadable as error:
        loaded.findings.append(where.finding(error))
    return loaded


@dataclass(frozen=True, slots=True)
class _Whereabouts:
    folder: str
    file: str
    shown: str

    def finding(self, error: yaml.Unreadable) -> Finding:
        return Finding(self.shown, error.line, (), error.message)


def _files(folder: FilePath) -> Iterator[FilePath]:
    """In the same order on every machine; hidden files and folders are not declarations."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.endswith((".yaml", ".yml")) and not name.startswith("."):
                yield FilePath(place, name)


def _read_file(path: FilePath, where: _Whereabouts, loaded: Loaded) -> None:
    try:
        if path.stat().st_size > LARGEST_FILE:
            limit = LARGEST_FILE // 1_000_000
            raise yaml.Unreadable(1, _("This file is larger than %(limit)d MB: split it.") % {"limit": limit})
        _read_content(path.read_bytes(), where, loaded)
    except OSError as error:
        message = _("This file cannot be opened (%(reason)s).") % {"reason": error.strerror}
        loaded.findings.append(Finding(where.shown, 1, (), message))
    except yaml.Unreadable as error:
        loaded.findings.append(where.finding(error))


def _read_content(content: bytes, where: _Whereabouts, loaded: Loaded) -> None:
    for part in yaml.parts(yaml.decode(content)):
        source = Source(where.folder, where.file, where.shown, part.first_line, part.text)
        if known := loaded.known.get(source.digest):
            loaded.documents.append(Document(*known, source))
            continue
        try:
            reading = yaml.read(part.text, part.first_line)
        except yaml.Unreadable as error:
            loaded.findings.append(where.finding(error))
            continue
        document = _document(reading.value, source)
        if isinstance(document, Document):
            loaded.documents.append(document)
        else:
            loaded.findings.append(source.finding(document))


def _document(value: Any, source: Source) -> Document | Problem:
    """The declaration in a document, or why it is none."""
    if not isinstance(value, dict):
        return Problem((), _("A declaration is a group of fields, beginning with its kind."))
    if "kind" not in value:
        return Problem((), _("The field “kind” is missing: it says what this declares."))
    kind = value["kind"]
    if not isinstance(kind, str) or not registry.find(kind):
        return Problem(("kind",), _unknown_kind(str(kind)))
    return Document(kind, {name: inner for name, inner in value.items() if name != "kind"}, source)


def _unknown_kind(kind: str) -> str:
    known = [each.key for each in registry.in_order()]
    if near := get_close_matches(kind, known, n=1):
        return _("There is no kind “%(kind)s”; is it “%(near)s”?") % {"kind": kind, "near": near[0]}
    return _("There is no kind “%(kind)s”; the kinds are: %(known)s.") % {"kind": kind, "known": ", ".join(known)}
