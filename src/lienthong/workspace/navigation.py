"""The desk's menu: which parts of it somebody sees, and which of them the present page belongs to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lienthong.cases.queries.register import shops_of
from lienthong.identity.actors import MANAGE, Officer, Permission
from lienthong.identity.services.confirming import CONFIRM
from lienthong.identity.services.mandate_checks import CHECK
from lienthong.queueing.policy import SEE, SERVE
from lienthong.queueing.queries.places import shops_of as queues_of
from lienthong.registers.access import reads_any

MY_WORK, PROVINCE = _("My work"), _("The province")


@dataclass(frozen=True, slots=True)
class Section:
    """A line of the menu. `pages` are the names of its pages, or what they begin with; `key` goes there after g, and
    alone where it is `single`.
    Without `permissions` every officer sees it, else those who have one of them, and whom `sees` lets."""

    group: str | Promise
    title: str | Promise
    view: str
    pages: tuple[str, ...]
    icon: str
    key: str
    permissions: frozenset[Permission] = frozenset()
    sees: Callable[[Officer], bool] | None = None
    single: bool = False

    @property
    def address(self) -> str:
        return reverse(self.view)

    def has(self, page: str) -> bool:
        return page.startswith(self.pages)

    def is_for(self, officer: Officer) -> bool:
        if self.permissions and not self.permissions & officer.permissions:
            return False
        return self.sees is None or self.sees(officer)


SECTIONS = (
    Section(MY_WORK, _("To do"), "workspace:inbox", ("workspace:inbox", "workspace:bulk"), "inbox", "v"),
    Section(
        group=MY_WORK,
        title=_("Receiving at the counter"),
        view="workspace:counter",
        pages=("workspace:counter", "workspace:waiting", "workspace:give_result", "workspace:take_supplement"),
        icon="person-vcard",
        key="t",
        permissions=frozenset({"cases.receive"}),
        single=True,
    ),
    Section(
        group=MY_WORK,
        title=_("Dossiers"),
        view="workspace:dossiers",
        pages=("workspace:dossier", "workspace:act", "workspace:digitise", "workspace:talk"),
        icon="folder2-open",
        key="h",
        permissions=frozenset({"cases.see", "cases.see-all"}),
    ),
    Section(
        group=MY_WORK,
        title=_("Handing papers over"),
        view="workspace:hand_overs",
        pages=("workspace:hand_over",),
        icon="arrow-left-right",
        key="b",
        permissions=frozenset({"cases.see"}),
    ),
    Section(
        group=MY_WORK,
        title=_("Register of dossiers"),
        view="workspace:register",
        pages=("workspace:register",),
        icon="book",
        key="s",
        permissions=frozenset({"cases.see", "cases.see-all"}),
        sees=lambda officer: bool(shops_of(officer)),
    ),
    Section(
        group=MY_WORK,
        title=pgettext_lazy("menu", "Documents"),
        view="documents:incoming",
        pages=("documents:", "drafts:", "circuit:"),
        icon="envelope",
        key="e",
    ),
    Section(
        group=MY_WORK,
        title=_("Directives"),
        view="directives:board",
        pages=("directives:",),
        icon="list-check",
        key="i",
    ),
    Section(
        group=MY_WORK,
        title=_("Working calendar"),
        view="meetings:week",
        pages=("meetings:", "identity:leaders_away"),
        icon="calendar-week",
        key="w",
    ),
    Section(
        group=MY_WORK,
        title=_("Records of work"),
        view="records:listing",
        pages=("records:",),
        icon="archive",
        key="o",
    ),
    Section(
        group=MY_WORK,
        title=_("Registers"),
        view="registers:overview",
        pages=("registers:", "code_lists:"),
        icon="inboxes",
        key="l",
        sees=reads_any,
    ),
    Section(
        group=MY_WORK,
        title=_("Queue at the counter"),
        view="queueing:panel",
        pages=("queueing:",),
        icon="megaphone",
        key="q",
        permissions=frozenset({SERVE, SEE}),
        sees=lambda officer: bool(queues_of(officer, SERVE, SEE)),
    ),
    Section(
        group=MY_WORK,
        title=_("Mandates"),
        view="workspace:mandates",
        pages=("workspace:mandate",),
        icon="person-badge",
        key="u",
        permissions=frozenset({CHECK}),
    ),
    Section(
        group=MY_WORK,
        title=_("Confirming numbers"),
        view="workspace:numbers",
        pages=("workspace:numbers",),
        icon="person-check",
        key="d",
        permissions=frozenset({CONFIRM}),
    ),
    Section(
        group=PROVINCE,
        title=_("Declarations"),
        view="workspace:definitions",
        pages=("workspace:definition",),
        icon="journal-text",
        key="k",
        permissions=frozenset({"definitions.see"}),
    ),
    Section(
        group=PROVINCE,
        title=_("Ledger"),
        view="workspace:ledger",
        pages=("workspace:ledger",),
        icon="clock-history",
        key="n",
        permissions=frozenset({"ledger.see"}),
    ),
    Section(
        group=PROVINCE,
        title=_("Officers"),
        view="identity:officers",
        pages=(
            "identity:officer",
            "identity:choose_post",
            "identity:create_officer",
            "identity:give_post",
            "identity:password_link",
        ),
        icon="people",
        key="c",
        permissions=frozenset({MANAGE}),
    ),
)


@dataclass(frozen=True, slots=True)
class Shown:
    section: Section
    current: bool


def menu(person: object, page: str) -> list[tuple[str, list[Shown]]]:
    """The groups of the menu for whom it is shown, each with its lines; `page` is the name of the present page."""
    seen = (section for section in SECTIONS if _is_for(section, person))
    return [(str(group), list(_shown(sections, page))) for group, sections in groupby(seen, lambda each: each.group)]


def _is_for(section: Section, person: object) -> bool:
    return section.is_for(person) if isinstance(person, Officer) else not section.permissions


def _shown(sections: Iterable[Section], page: str) -> Iterable[Shown]:
    return (Shown(section, section.has(page)) for section in sections)
