"""The register of the other tests, where changes need somebody else's approval, and those who propose and approve."""

from datetime import timedelta
from typing import Any

from lienthong.foundation import clock
from lienthong.identity.actors import Officer
from lienthong.registers import queries, services
from lienthong.registers.definition import RegisterBody
from lienthong.registers.proposals import services as proposals
from lienthong.registers.proposals.models import Proposal
from lienthong.registers.queries import Entry
from lienthong.work.models import WorkItem
from tests import cast
from tests.registers.conftest import DECLARED, GIA_NGHIA, KEY, officer_of, permit

APPROVERS = """access:
  - {role: head-of-unit, function: urban-management, may: [read, write, approve], where: own}
"""
FREE = DECLARED.replace("access:\n", APPROVERS).replace(
    "{role: agency-leader, may: [read], where: below}", "{role: agency-leader, may: [read, approve], where: below}"
)
"""As it is, with approvers; only a change of many needs one."""
ASKED = FREE.replace("access:\n", "approval: [change, correct, end]\naccess:\n", 1)
"""Everything but entering needs approval."""


def handler() -> Officer:
    return cast.actor(cast.HANDLER)


def head() -> Officer:
    return cast.actor(cast.HEAD)


def leader() -> Officer:
    return cast.actor(cast.LEADER)


def body() -> RegisterBody:
    return queries.register(KEY)


def entered(**other: Any) -> Entry:
    """An entry of thirty days ago."""
    with clock.at(clock.now() - timedelta(days=30)):
        return services.enter(register=KEY, raw=permit(**other), officer=officer_of("case-handler", GIA_NGHIA))


def proposed(entry: Entry, deed: str = "change", *, by: Officer | None = None, **said: Any) -> Proposal:
    given: dict[str, Any] = {"raw": {"so_tang": 5}, "reason": "Giấy phép điều chỉnh số 2", **said}
    return proposals.propose(
        register=KEY, deed=deed, entry_id=entry.id, revision=entry.revision, officer=by or handler(), **given
    )


def entry_of(entry_id: int) -> Entry:
    from lienthong.registers import access

    return queries.entry(body(), access.rights_of(head(), body(), to="read"), entry_id)


def items(proposal: Proposal) -> list[WorkItem]:
    """What is open about it."""
    return list(
        WorkItem.objects.filter(is_open=True, subject_type="register-proposal", subject_id=proposal.pk).order_by("id")
    )
