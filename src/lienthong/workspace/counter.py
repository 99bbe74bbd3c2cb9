"""The page on which a clerk types an application in, as it stands: the form, the checklist, what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from lienthong.cases.models import CounterEntry, Dossier, ReturnWay
from lienthong.cases.queries.counter import receivable
from lienthong.cases.rules.counter import MOST_PAPERS, Counted, lacking, needed
from lienthong.cases.services import counter, fetching
from lienthong.cases.services.fetching import Fetched, Offer
from lienthong.cases.services.returning import Return
from lienthong.foundation import asked
from lienthong.foundation.fields import forms
from lienthong.foundation.fields.cleaning import Cleaned, clean
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.pages import Form, Trouble
from lienthong.foundation.fields.problems import Problem
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer
from lienthong.identity.policy import OfficerRequest
from lienthong.procedures.shapes import Component, ProcedureBody
from lienthong.settings.environment import environment
from lienthong.workspace.doing import store_uploads

PREFIX, PAPERS, PERSON = "form", "papers", "person"
"""What the names of the controls begin with: of the form, of the checklist, of who stands there."""

KINDS = ("originals", "certified", "copies")
_TYPED_FACTS = ("name", "phone", "email", "address")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the checklist."""

    component: Component
    counted: Counted
    error: str = ""

    @property
    def id(self) -> str:
        return f"papers-{self.component.key}"

    @property
    def boxes(self) -> list[tuple[str, str, int, int]]:
        """For each kind of paper: its name, what it is called, how many are there, how many it wants."""
        wanted = needed(self.component)
        return [(kind, _name(kind), getattr(self.counted, kind), getattr(wanted, kind)) for kind in KINDS]

    @property
    def wanted(self) -> str:
        """In words, how much it asks for."""
        parts = [f"{want} {name.lower()}" for _kind, name, _have, want in self.boxes if want]
        return ", ".join(parts)

    @property
    def complete(self) -> bool:
        return self.counted.any and not lacking(self.component, self.counted).any


def _name(kind: str) -> str:
    return {
        "originals": _("Originals"),
        "certified": _("Certified copies"),
        "copies": _("Plain copies"),
    }[kind]


@dataclass(frozen=True)
class Sheet:
    """`told` are problems by path, of a form that was to be taken in; `refreshed` what htmx wants after a change;
    `fetched` what came of asking a register."""

    entry: CounterEntry
    officer: Officer
    body: ProcedureBody
    context: Context
    cleaned: Cleaned
    told: Mapping[str, Problem]
    refreshed: forms.Action | None = None
    fetched: Fetched | None = None

    @cached_property
    def offers(self) -> list[Offer]:
        """The registers from which answers can be taken now. No query."""
        keys = [field.key for field in self.body.form]
        found = fetching.offers(self.body, keys, self.cleaned.asked, partial(fetching.number_shown, self.entry))
        done = self.fetched.offer if self.fetched else None
        return [offer for offer in found if offer.confirmed and offer != done]

    @cached_property
    def form(self) -> Form:
        limit = environment.upload_limit_mb
        return Form(self.body.form, self.cleaned, self.context, prefix=PREFIX, refresh=".", upload_limit=limit)

    @cached_property
    def agencies(self) -> list[Node]:
        return receivable(self.body, self.officer)

    @cached_property
    def lines(self) -> list[Line]:
        return [
            Line(
                component, Counted.of(self.entry.counted.get(component.key)), self._said(f"components.{component.key}")
            )
            for component in counter.asked_for(self.entry, self.cleaned, self.context)
        ]

    @property
    def asks_person(self) -> bool:
        """Whether the form itself does not ask who applies, so that the page does."""
        return self.body.applicant.name is None

    @property
    def person_facts(self) -> list[tuple[str, str, str, str]]:
        labels = {"name": _("Full name"), "phone": _("Telephone"), "email": _("E-mail"), "address": _("Address")}
        return [
            (name, label, self.entry.person.get(name, ""), self._said(f"person.{name}"))
            for name, label in labels.items()
        ]

    @property
    def ways(self) -> list[tuple[str, str]]:
        """How the result can be returned."""
        return [(way, str(ReturnWay(way).label)) for way in self.body.return_ways]

    @property
    def return_address(self) -> str:
        """Where the post would bring it: as was said, else where the person lives, if that is known."""
        return self.entry.return_address or str(self.entry.person.get("address", ""))

    @property
    def return_error(self) -> str:
        return self._said("return_way") or self._said("return_address")

    @property
    def reason_error(self) -> str:
        return self._said("reason")

    @property
    def suggestion(self) -> str:
        """What is missing, in words the clerk may go on from."""
        short = [(line, lacking(line.component, line.counted)) for line in self.lines if line.component.required]
        return "\n".join(f"- {line.component.name}: {_in_words(lack)}" for line, lack in short if lack.any)

    @property
    def troubles(self) -> list[Trouble]:
        """Everything that is wrong, in the order of the page."""
        papers = [
            Trouble(f"#{line.id}-originals", line.component.name, line.error) for line in self.lines if line.error
        ]
        person = [Trouble(f"#person-{n}", label, error) for n, label, _value, error in self.person_facts if error]
        reason = [Trouble("#reason", "", self.reason_error)] if self.reason_error else []
        reason += [Trouble("#return_address", "", self.return_error)] if self.return_error else []
        return [*person, *(self.form.troubles if self.told else ()), *papers, *reason]

    def _said(self, path: str) -> str:
        found = self.told.get(path)
        return str(found) if found else ""


def _in_words(lack: Counted) -> str:
    parts = [f"{getattr(lack, kind)} {_name(kind).lower()}" for kind in KINDS if getattr(lack, kind)]
    return ", ".join(parts)


def shown(entry: CounterEntry, officer: Officer, *, told: Mapping[str, Problem] | None = None) -> Sheet:
    """As the page comes up; with `told`, after it was refused."""
    body, context = counter.procedure_of(entry), counter.context_of(entry, officer)
    cleaned = clean(body.form, entry.data, context, draft=not told)
    if told:
        cleaned = replace(cleaned, errors={**cleaned.errors, **_of_form(body, told)})
    return Sheet(entry, officer, body, context, cleaned, told or {})


def _of_form(body: ProcedureBody, told: Mapping[str, Problem]) -> dict[str, Problem]:
    keys = {field.key for field in body.form}
    return {path: problem for path, problem in told.items() if path.split(".")[0] in keys}


def posted(entry: CounterEntry, request: OfficerRequest) -> Sheet:
    """As it was sent; everything that was typed is kept before anything is said about it."""
    officer, body = request.officer, counter.procedure_of(entry)
    context = counter.context_of(entry, officer)
    taken = forms.take(body.form, request.POST, context, prefix=PREFIX, kept=entry.data)
    refused = store_uploads(body.form, taken.raw, request, PREFIX)
    saved = counter.save_entry(
        key=entry.key,
        officer=officer,
        raw=taken.raw,
        counted=counted_in(request.POST, body.components, entry.counted),
        person={name: asked.words(request.POST, f"{PERSON}.{name}", 300) for name in _typed(request.POST)},
        competent_id=asked.number(request.POST.get("competent", "")),
        returned=_returned(request.POST, entry),
        reason=asked.paragraphs(request.POST, "reason") if "reason" in request.POST else entry.reason,
    )
    sheet = replace(shown(saved, officer), refreshed=taken.action)
    if refused:
        cleaned = replace(sheet.cleaned, errors={**sheet.cleaned.errors, **refused})
        sheet = replace(sheet, cleaned=cleaned, told=refused)
    return sheet


def fetched(sheet: Sheet, number: int) -> Sheet:
    """With what a register knows. Raises NothingToFetch."""
    came = fetching.fetch_at_counter(key=sheet.entry.key, officer=sheet.officer, number=number)
    return replace(shown(counter.entry_of(sheet.entry.key, sheet.officer), sheet.officer), fetched=came)


def _returned(post: QueryDict, entry: CounterEntry) -> Return:
    way = post.get("return_way", "")
    return Return(
        ReturnWay(way if way in ReturnWay.values else entry.return_way),
        asked.words(post, "return_address", 300) if "return_address" in post else entry.return_address,
    )


def _typed(post: QueryDict) -> list[str]:
    return [name for name in _TYPED_FACTS if f"{PERSON}.{name}" in post]


def counted_in(post: QueryDict, components: tuple[Component, ...], before: Mapping[str, Any]) -> dict[str, Counted]:
    """The checklist as it was sent; of components that were not on it, what was counted before."""
    found = {}
    for component in components:
        name = f"{PAPERS}.{component.key}"
        if f"{name}.{KINDS[0]}" in post:
            numbers = {kind: _count(post.get(f"{name}.{kind}", "")) for kind in KINDS}
            found[component.key] = Counted(**numbers, waived=bool(post.get(f"{name}.waived")))
        elif component.key in before:
            found[component.key] = Counted.of(before[component.key])
    return found


def listed(post: QueryDict, components: tuple[Component, ...]) -> list[str]:
    """The components that were on the checklist that was sent."""
    return [each.key for each in components if f"{PAPERS}.{each.key}.{KINDS[0]}" in post]


def _count(text: str) -> int:
    return min(asked.number(text.strip()) or 0, MOST_PAPERS)


def earlier(entry: CounterEntry) -> QuerySet[Dossier]:
    """The dossiers that were found for the person when the entry was begun."""
    return Dossier.objects.filter(pk__in=entry.found).order_by("-id")
