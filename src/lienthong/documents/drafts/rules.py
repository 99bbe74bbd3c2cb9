"""Drafts: who signs as what, with what a reply begins, what has become of a draft that somebody wants to change."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from pydantic import ValidationError

from lienthong.documents.rules.blocks import Block, clean, from_text, text_of
from lienthong.documents.rules.contents import Contents, Power, Signer
from lienthong.documents.rules.kinds import LETTER, DocumentKind

LONGEST_ABSTRACT = 500
COMMITTEE = "Ủy ban nhân dân"
_POWER = re.compile(r"(TM|KT|TL|TUQ)\s*\.?\s+(.+)", re.IGNORECASE)
_DEPUTY = "Phó "


def own_title(title: str) -> str:
    """A post as it stands above a name: the agency is said by the letterhead."""
    return re.sub(r"\s+UBND$", "", title)


def signer_of(*, title: str, name: str, is_committee: bool) -> Signer:
    """As what a leader of an agency signs (App. I.II.7.b): on behalf of the committee, a deputy for the head."""
    own = own_title(title)
    powers = [Power(mark="TM.", of=COMMITTEE)] if is_committee else []
    if own.startswith(_DEPUTY):
        powers.append(Power(mark="KT.", of=_capital(own.removeprefix(_DEPUTY))))
    return Signer(powers=tuple(powers), title=own, name=name)


def signer_by_order(*, title: str, name: str, head: str) -> Signer:
    """As what the head of a unit signs by order of the head of the agency (TL.)."""
    own = own_title(title)
    powers = [Power(mark="TL.", of=own_title(head))]
    if own.startswith(_DEPUTY):
        powers.append(Power(mark="KT.", of=_capital(own.removeprefix(_DEPUTY))))
    return Signer(powers=tuple(powers), title=own, name=name)


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def powers_written(powers: Iterable[Power]) -> str:
    """The lines of power as somebody edits them."""
    return "\n".join(f"{power.mark} {power.of}" for power in powers)


def powers_read(text: str) -> tuple[Power, ...] | None:
    """From a line each; None where one begins with no mark of power."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        power = _POWER.fullmatch(line)
        try:
            if power is None or not clean(power[2]):
                return None
            found.append(Power.model_validate({"mark": f"{power[1].upper()}.", "of": power[2]}))
        except ValidationError:
            return None
    return tuple(found)


def symbol_for(kind: DocumentKind, *, agency: str, unit: str) -> str:
    """The usual symbol (App. I.II.3): type and issuer, of a letter issuer and who drafts it."""
    if kind.code == LETTER:
        return "-".join(filter(None, (agency, unit)))
    return "-".join(filter(None, (kind.abbreviation, agency)))


def called(code: str, dated: date | None) -> str:
    """A document as a text names it: văn bản số 125/SXD-QH ngày 27/02/2025."""
    number = f"văn bản số {code}" if code else "văn bản"
    return f"{number} ngày {dated:%d/%m/%Y}" if dated else number


def reply_body(*, code: str, dated: date | None, sender: str, abstract: str, issuer: str) -> tuple[Block, ...]:
    """With what the answer to a document begins."""
    about = abstract.strip().rstrip(".")
    about = about if about.lower().startswith(("về việc", "v/v")) else f"về việc {about}" if about else ""
    about = re.sub(r"^(Về việc|V/v)", "về việc", about)
    answered = f"Phúc đáp {called(code, dated)} của {sender}" + (f" {about}" if about else "")
    return from_text(f"{answered}, {issuer} có ý kiến như sau:\n")


def reply_abstract(*, code: str, abstract: str) -> str:
    """What the answer is about; a letter says “V/v” before it by itself."""
    about = re.sub(r"^(về việc|v/v)\s+", "", abstract.strip(), flags=re.IGNORECASE)
    said = f"phúc đáp văn bản số {code}" if code else "phúc đáp"
    return (f"{said} về {about}" if about else said)[:LONGEST_ABSTRACT]


def text_written(blocks: Iterable[Block]) -> str:
    """The text of a body for a box without looks: a line for each block, tables a line for each row."""
    return "\n".join(map(text_of, blocks))


def text_taken(text: str, before: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks of a text that was edited without looks. A line that was not touched keeps the looks it had, a table
    all of whose lines are there stays one."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    known: dict[str, Block] = {}
    tables: dict[str, list[tuple[list[str], Block]]] = {}
    for block in before:
        written = [" ".join(line.split()) for line in text_of(block).splitlines()]
        if block.kind == "table":
            tables.setdefault(written[0], []).append((written, block))
        elif written:
            known[" ".join(written)] = block
    found: list[Block] = []
    at = 0
    while at < len(lines):
        table = next((each for each in tables.get(lines[at], ()) if lines[at : at + len(each[0])] == each[0]), None)
        if table:
            found.append(table[1])
            at += len(table[0])
            continue
        found += [known[lines[at]]] if lines[at] in known else from_text(lines[at])
        at += 1
    return tuple(found)


def heading(contents: Contents) -> str:
    """By what a list calls it; the type where nothing is said yet."""
    return contents.abstract or contents.described_kind.name
