"""Which data an expression reads, found in its text without running it. Pure.

The CEL library tells the roots an expression names, not the paths below them, nor what a bound variable ranges over.
A definition that misspells `owner.adress` or compares `kind` with an option that does not exist must be refused when it
is loaded, so the paths are read here from the tokens.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.translation import gettext as _

MACROS = frozenset({"all", "exists", "exists_one", "map", "filter"})
ELEMENT = "[]"
"""The step of a path from a list to one of its elements: `people[].name`."""

_TOKEN = re.compile(
    r"""
      (?P<space>\s+|//[^\n]*)
    | (?P<text>[rR]?(?:\"\"\".*?\"\"\"|'''.*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?u?)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<mark>==|!=|<=|>=|&&|\|\||.)
    """,
    re.VERBOSE | re.DOTALL,
)
_WORDS = frozenset({"true", "false", "null", "in"})


class NotReadable(ValueError):
    """An expression uses what this house does not allow in expressions. Says what, in words."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One place where an expression reads data. `path` is None below a value whose fields cannot be known."""

    path: tuple[str, ...]
    compared_with: tuple[str, ...] = ()
    """Texts that the value is compared with by ==, != or in."""
    compared_with_null: bool = False

    @property
    def written(self) -> str:
        return ".".join(self.path).replace("." + ELEMENT, ELEMENT)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str

    @property
    def literal(self) -> str:
        """The text between the quotes; option values hold no escapes."""
        quoted = self.text.lstrip("rR")
        return quoted[3:-3] if quoted[:3] in ('"""', "'''") else quoted[1:-1]


@dataclass(slots=True)
class _Reader:
    tokens: Sequence[_Token]
    at: int = 0
    depth: int = 0
    bound: dict[str, tuple[str, ...] | None] = field(default_factory=dict)
    macro_ends: int | None = None
    """Depth of parentheses at which the macro being read closes."""
    receiver: tuple[str, ...] | None = None
    """What a `.map(` that follows ranges over: the path just read, or what a filter closed just now ranged over."""
    found: list[Reference] = field(default_factory=list)

    def tokens_at(self, place: int) -> _Token:
        return self.tokens[place] if 0 <= place < len(self.tokens) else _Token("end", "")

    def peek(self, ahead: int = 0) -> _Token:
        return self.tokens_at(self.at + ahead)

    def read(self) -> list[Reference]:
        while self.at < len(self.tokens):
            self._step()
        return self.found

    def _step(self) -> None:
        token = self.peek()
        if token.text == ".":
            self._member()
        elif token.kind == "name" and token.text not in _WORDS and self.peek(1).text != "(":
            self._chain()
        else:
            self._mark(token)

    def _mark(self, token: _Token) -> None:
        if token.text == "(":
            self.depth += 1
        elif token.text == ")":
            self.depth -= 1
            if self.macro_ends == self.depth:
                self.macro_ends, self.bound = None, {}
                self.at += 1
                return
        if token.kind != "space":
            self.receiver = None
        self.at += 1

    def _member(self) -> None:
        """`.name` after a call, a list or a closed macro: a method, a macro, or a field of what cannot be known."""
        name = self.peek(1)
        self.at += 2
        if name.text in MACROS and self.peek().text == "(":
            self._open_macro(self.receiver, keeps=name.text == "filter")

    def _chain(self) -> None:
        start, root = self.at, self.peek().text
        self.at += 1
        path: tuple[str, ...] | None = self.bound.get(root, (root,))
        while True:
            following = self.peek(1)
            if self.peek().text == "." and following.kind == "name" and self.peek(2).text != "(":
                path = (*path, following.text) if path is not None else None
                self.at += 2
            elif self.peek().text == "[" and following.kind == "number" and self.peek(2).text == "]":
                path = (*path, ELEMENT) if path is not None else None
                self.at += 3
            else:
                break
        if self.peek().text == "[":
            raise NotReadable(_("only a number may stand in [ ] after a name"))
        if path is not None:
            self.found.append(self._compared(path, start))
        self.receiver = path

    def _open_macro(self, over: tuple[str, ...] | None, *, keeps: bool) -> None:
        if self.macro_ends is not None:
            raise NotReadable(_("a list may not be gone through inside another list"))
        variable = self.peek(1)
        if variable.kind != "name" or self.peek(2).text != ",":
            raise NotReadable(_("after ( comes a name and a comma, as in people.exists(p, p.age > 18)"))
        self.bound = {variable.text: (*over, ELEMENT) if over is not None else None}
        self.macro_ends = self.depth
        self.depth += 1
        self.at += 3
        self._until_closed()
        self.receiver = over if keeps else None

    def _until_closed(self) -> None:
        while self.macro_ends is not None and self.at < len(self.tokens):
            self._step()

    def _compared(self, path: tuple[str, ...], start: int) -> Reference:
        """With the texts that stand on the other side of a comparison; `start` is where the path begins."""
        texts: list[str] = []
        before, left, after, right = (self.tokens_at(place) for place in (start - 1, start - 2, self.at, self.at + 1))
        if after.text in ("==", "!=") and right.kind == "text":
            texts.append(right.literal)
        elif after.text == "in" and right.text == "[":
            texts += self._listed(self.at + 2)
        if before.text in ("==", "!=", "in") and left.kind == "text":
            texts.append(left.literal)
        null = (after.text in ("==", "!=") and right.text == "null") or (
            before.text in ("==", "!=") and left.text == "null"
        )
        return Reference(path, tuple(texts), null)

    def _listed(self, place: int) -> Iterator[str]:
        while (token := self.tokens_at(place)).kind == "text":
            yield token.literal
            place += 2 if self.tokens_at(place + 1).text == "," else 1


def tokens(source: str) -> Iterator[re.Match[str]]:
    """Every token of an expression, white space and comments too, until the end."""
    return _TOKEN.finditer(source)


@lru_cache(maxsize=4096)
def references(source: str) -> tuple[Reference, ...]:
    """Every place where the expression reads data, in the order written.

    Raises NotReadable for a list gone through inside a list (its cost grows with the square of the rows) and for
    computed indexes, which nobody could follow.
    """
    meaning = [_Token(str(t.lastgroup), t.group()) for t in tokens(source) if t.lastgroup != "space"]
    return tuple(_Reader(meaning).read())
