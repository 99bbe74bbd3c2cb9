"""What the same change would make of each of many entries, and why of some it cannot be made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.data import merge, to_json
from lienthong.foundation.fields.entries import Kept, choosable_by
from lienthong.foundation.fields.forms import declared
from lienthong.foundation.fields.problems import Problem
from lienthong.identity.actors import Officer
from lienthong.registers import access, queries, rules
from lienthong.registers.access import Rights
from lienthong.registers.context import context
from lienthong.registers.definition import RegisterBody
from lienthong.registers.proposals import contents, policy
from lienthong.registers.proposals.contents import Difference
from lienthong.registers.proposals.models import Proposal, ProposalLine
from lienthong.registers.queries import Entry
from lienthong.registers.rules import Standing
from lienthong.registers.titles import title_of

PREPARED = (Proposal.State.DRAFT, Proposal.State.RETURNED)
"""While it is with who proposes it: the entries are meant as they stand now."""
NAMED = 3
"""So many problems of an entry are told."""


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of an entry, or why nothing does. `revision` is its present one; 0 for none."""

    row: ProposalLine
    title: str
    changes: Sequence[Difference] = ()
    obstacle: str = ""
    revision: int = 0


def survey(
    proposal: Proposal, body: RegisterBody, officer: Officer, *, rows: Sequence[ProposalLine] | None = None
) -> list[Line]:
    """What would become of each line (`rows`: of these alone) as things stand now, as the officer may read it. Whether
    another entry is the same thing is found only when it is written. One query for the lines, one for the entries."""
    found = list(proposal.lines.order_by("id")) if rows is None else rows
    same = _Same(proposal, body, officer)
    everything = Rights(dict.fromkeys(body.leaves), same.readable.elsewhere)
    entries = queries.several(body, everything, [row.entry_id for row in found])
    return [same.line(row, entries.get(row.entry_id)) for row in found]


class _Same:
    """What is the same for all lines."""

    def __init__(self, proposal: Proposal, body: RegisterBody, officer: Officer) -> None:
        self.proposal, self.body = proposal, body
        self.readable = access.rights_of(officer, body, to="read")
        self.choosable = choosable_by(officer)
        self.context, self.today = context(), clock.today()
        self.raw = contents.raw_of(body, proposal.values)
        self.keys = policy.touched(body, proposal)

    def line(self, row: ProposalLine, entry: Entry | None) -> Line:
        theirs = self.readable.fields_at(entry.organisation_id) if entry else frozenset()
        if entry is None or not theirs:
            return Line(row, f"#{row.entry_id}", obstacle=_("It is not there any more, or not for you to see."))
        layout = self.body.layout
        title = title_of(self.body, replace(entry, values=layout.only(entry.values, theirs)))
        before = layout.only(entry.values, self.keys & theirs)
        after = contents.values_of(self.body, self.proposal.values, theirs)
        changes = contents.differences(self.body, before, after, None, self.context)
        return Line(row, title, changes, self._obstacle(row, entry), entry.revision)

    def _obstacle(self, row: ProposalLine, entry: Entry) -> str:
        proposal = self.proposal
        if entry.organisation_id != proposal.organisation_id:
            return _("Another agency keeps it: propose the change of its entries by themselves.")
        if proposal.state not in PREPARED and entry.revision != row.revision:
            return _("It has been changed since it was chosen.")
        try:
            standing = Standing(entry.valid_from, entry.valid_until)
            rules.change(standing, proposal.day or self.today, today=self.today)
        except DomainError as refused:
            return str(refused)
        return self._misfit(entry)

    def _misfit(self, entry: Entry) -> str:
        """Why the entry could not say what is proposed."""
        fields = self.body.fields
        whole = merge(fields, to_json(fields, entry.values), self.raw)
        known = replace(self.context, entries=Kept(self.choosable, fields, entry.values))
        cleaned = clean(fields, whole, known)
        if not cleaned.ok:
            return in_words(self.body, cleaned.errors)
        now, then = (contents.said(self.body, values, self.keys) for values in (entry.values, cleaned.values))
        return "" if contents.different(now, then) else _("Nothing would be different.")


def in_words(body: RegisterBody, errors: Mapping[str, Problem]) -> str:
    """What is wrong with an entry as a whole, each with the label of its field."""
    told = [": ".join(filter(None, [_label(body, path), str(problem)])) for path, problem in errors.items()]
    return "; ".join(told[:NAMED])


def _label(body: RegisterBody, path: str) -> str:
    steps = path.split(".")
    while steps:
        if node := body.fields.nodes.get(declared(steps)):
            return node.field.label
        steps.pop()
    return ""
