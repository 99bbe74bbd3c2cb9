"""To whom a document goes, as the clerk puts it together: groups that open into single agencies, looked-for agencies,
and everybody else by name."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from lienthong.documents import policy
from lienthong.documents.definition import RECIPIENT_GROUP
from lienthong.documents.models import GroupMember, RecipientGroup
from lienthong.documents.rules.sending import MOST_RECIPIENTS, Recipient, agencies_named
from lienthong.documents.services import recipients as services
from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.typed import folded
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer

MOST_FOUND = 20
OWN, DRAFTED = "own:", "draft:"
DEEDS = frozenset({"_tim", "_nhom", "_bo-het", "_luu-nhom", "_xoa-nhom"})
"""Buttons that only change who is chosen."""


@dataclass(frozen=True, slots=True)
class Group:
    """`own`: its id, where the clerk has kept it."""

    key: str
    name: str
    nodes: tuple[Node, ...]
    others: tuple[str, ...] = ()
    own: int | None = None

    @property
    def size(self) -> int:
        return len(self.nodes) + len(self.others)


@dataclass(slots=True)
class Picked:
    """Who is chosen so far, and what can be chosen from."""

    nodes: list[Node]
    others: list[str]
    groups: list[Group]
    found: list[Node] = field(default_factory=list)
    more: bool = False
    looked_for: str = ""
    refused: DomainError | None = None

    @property
    def recipients(self) -> list[Recipient]:
        return [
            *(Recipient(node.name, node.id) for node in self.nodes),
            *(Recipient(name, copies=1) for name in self.others),
        ]


def picked(given: QueryDict, agency: Node, officer: Officer, offered: Sequence[Group] = ()) -> Picked:
    """As the form says, after the deed of the button that was pressed. `offered`: groups that only this form has."""
    reached = {node.key: node for node in reached_from(agency)}
    ticked = dict.fromkeys(given.getlist("noi-nhan")[: 2 * MOST_RECIPIENTS])
    found = Picked([reached[key] for key in ticked if key in reached], _lines(given), [])
    found.refused = _group_deed(given, found, officer)
    found.groups = [*offered, *declared_groups(agency, reached.values()), *_own(officer, reached.values())]
    if "_bo-het" in given:
        found.nodes, found.others = [], []
    added = next((group for group in found.groups if group.key == given.get("_nhom")), None)
    if added:
        found.nodes = list(dict.fromkeys([*found.nodes, *added.nodes]))
        found.others = _without_doubles([*found.others, *added.others])
    _look(given, found, reached.values())
    return found


def reached_from(agency: Node) -> list[Node]:
    """To whom an agency can send something here."""
    return [node for node in policy.can_be_sent_to() if node.id != agency.id]


def drafted_group(agency: Node, planned: Sequence[Recipient], mentioned: Iterable[str]) -> Group | None:
    """Whom the draft of a document names: those it is planned for, else the agencies that its lines of “Kính gửi” and
    “Nơi nhận” name. None where it names nobody."""
    by_id = {node.id: node for node in reached_from(agency)}
    known = {*by_id, agency.id}
    ids = [each.organisation_id for each in planned] or agencies_named(mentioned, by_id.values())
    nodes = tuple(by_id[pk] for pk in dict.fromkeys(ids) if pk in by_id)
    on_paper = (each.name for each in planned if each.organisation_id not in known)
    group = Group(DRAFTED, _("Named in the draft"), nodes, tuple(_without_doubles(on_paper)))
    return group if group.size else None


def _group_deed(given: QueryDict, found: Picked, officer: Officer) -> DomainError | None:
    if (dropped := asked.number(given.get("_xoa-nhom", ""))) is not None:
        services.drop_group(group_id=dropped, officer=officer)
    if "_luu-nhom" in given:
        name = asked.words(given, "ten-nhom", services.LONGEST_NAME)
        try:
            services.keep_group(name=name, recipients=found.recipients, officer=officer)
        except DomainError as refused:
            return refused
    return None


def _lines(given: QueryDict) -> list[str]:
    lines = asked.paragraphs(given, "noi-nhan-khac", 200 * MOST_RECIPIENTS).splitlines()
    return _without_doubles(line.strip()[:200] for line in lines if line.strip())


def _without_doubles(names: Iterable[str]) -> list[str]:
    return list({name.casefold(): name for name in reversed(list(names))}.values())[::-1]


def declared_groups(agency: Node, reached: Iterable[Node]) -> Iterator[Group]:
    """The groups of the province, of those that an agency can reach. Of two that are the same for this sender, one."""
    nodes, seen = list(reached), set()
    for each in RECIPIENT_GROUP.all():
        members = tuple(node for node in nodes if each.body.holds(node, agency))
        if members and members not in seen:
            seen.add(members)
            yield Group(each.body.key, each.body.name, members)


def _own(officer: Officer, reached: Iterable[Node]) -> Iterator[Group]:
    """Who of the members has no clerk here any more gets it on paper. Two queries."""
    by_id = {node.id: node for node in reached}
    groups: list[RecipientGroup] = list(services.own_groups(officer).prefetch_related("members").order_by("name"))
    for each in groups:
        members: list[GroupMember] = list(each.members.all())
        nodes = tuple(by_id[member.organisation_id] for member in members if member.organisation_id in by_id)
        others = tuple(member.name for member in members if member.organisation_id not in by_id)
        yield Group(f"{OWN}{each.pk}", each.name, nodes, others, each.pk)


def _look(given: QueryDict, found: Picked, reached: Iterable[Node]) -> None:
    """Every word stands in the name, however it is written."""
    found.looked_for = asked.words(given, "tim-noi-nhan")
    words = folded(found.looked_for).split()
    if not words:
        return
    chosen = {node.id for node in found.nodes}
    fitting = [
        node
        for node in reached
        if node.id not in chosen and all(word in folded(f"{node.name} {node.short_name}") for word in words)
    ]
    found.found, found.more = fitting[:MOST_FOUND], len(fitting) > MOST_FOUND
