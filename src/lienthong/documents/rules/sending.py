"""What an agency issues and to whom: whether it can go out like this."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.documents.rules.marks import LONGEST_SYMBOL
from lienthong.foundation.fields.typed import folded
from lienthong.foundation.organisations.rules import Node

MOST_RECIPIENTS = 1000

_REMARK = re.compile(r"\([^()]*\)")
_SYMBOL = re.compile(r"[^\W_]+(?:[-.][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Recipient:
    """An agency of the province by its id, or anybody by name; `copies` on paper."""

    name: str
    organisation_id: int | None = None
    copies: int = 0

    @property
    def called(self) -> int | str:
        """By which two are the same."""
        return self.organisation_id or self.name.strip().casefold()


def agencies_named(lines: Iterable[str], agencies: Iterable[Node]) -> list[int]:
    """The ids of the agencies that lines of a document name in full, in its order: “- Sở Xây dựng (để phối hợp)”. What
    is no name of one, as “Như trên” or a leader, says nothing of who gets it."""
    known = {folded(node.name): node.id for node in agencies}
    names = (folded(_REMARK.sub("", line)).strip(" -–;.,") for line in lines)
    return [known[name] for name in dict.fromkeys(names) if name in known]


def symbol_read(text: str) -> str | None:
    """The symbol as it is written, without spaces (NĐ 30/2020 App. I, II.3): QĐ-UBND, UBND-VX. None for
    what is none."""
    tidy = re.sub(r"\s+", "", text).replace("–", "-")
    return tidy if _SYMBOL.fullmatch(tidy) and len(tidy) <= LONGEST_SYMBOL else None


def number_written(number: int) -> str:
    """Below ten with a nought before it (NĐ 30/2020 App. I, II.3)."""
    return f"{number:02}"


def wrong_with(
    *,
    symbol: str | None,
    abstract: str,
    dated: date,
    answer_by: datetime | None,
    recipients: Sequence[Recipient],
    sender_id: int,
    files: int,
    now: datetime,
) -> dict[str, str | Promise]:
    """What is missing or wrong, by field."""
    errors: dict[str, str | Promise] = {}
    if symbol is None:
        errors["symbol"] = _("Write the symbol as in QĐ-UBND or UBND-VX.")
    if not abstract.strip():
        errors["abstract"] = _("Say what it is about, as the document does (trích yếu).")
    if dated > now.date():
        errors["dated"] = _("The document is dated on a day that has not come.")
    if answer_by and answer_by <= now:
        errors["due"] = _("The time limit lies in the past.")
    if not recipients:
        errors["recipients"] = _("Choose at least one to whom it goes.")
    elif len(recipients) > MOST_RECIPIENTS:
        errors["recipients"] = _("At most a thousand get a document at once.")
    elif any(each.organisation_id == sender_id for each in recipients):
        errors["recipients"] = _("An agency does not send a document to itself.")
    elif _twice(recipients):
        errors["recipients"] = _("Everybody gets the document once.")
    if not files and any(each.organisation_id for each in recipients):
        errors["files"] = _("Attach the document: agencies of the province get it electronically.")
    return errors


def _twice(recipients: Sequence[Recipient]) -> bool:
    return len({each.called for each in recipients}) < len(recipients)
