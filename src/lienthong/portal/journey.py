"""The way through an application: one page for each section of the form, the papers, a last look. Knows no request."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain
from typing import Any, Literal, cast

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthong.cases import values
from lienthong.cases.models import Document, Draft, DraftFile
from lienthong.cases.queries.documents import offered
from lienthong.cases.services import Return, fetching, offering
from lienthong.cases.services.fetching import Offer
from lienthong.cases.services.representing import facts_for
from lienthong.cases.services.returning import wish_of
from lienthong.foundation.definitions.queries import DefinitionNotFound
from lienthong.foundation.definitions.registry import Published
from lienthong.foundation.fields import forms, pages
from lienthong.foundation.fields.cleaning import Cleaned, clean
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.data import Names
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.problems import Problem
from lienthong.foundation.fields.typed import folded
from lienthong.foundation.fields.types.structure import Section, Table
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.models import Mandate
from lienthong.identity.queries import Actor
from lienthong.procedures.definition import PROCEDURE
from lienthong.procedures.shapes import Component, ProcedureBody
from lienthong.settings.environment import environment

MOST_TROUBLES = 8
"""So many errors of a form are listed one by one; more are summed up page by page."""

Page = Literal["variant", "agency", "fill_in", "attachments", "returning", "review"]


@dataclass(frozen=True, slots=True)
class Stop:
    """A page on the way. `address` is where it is; `label` is also its heading."""

    page: Page
    label: str
    address: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class FormPart:
    """What one page of the form asks: a section, a table, or fields that stand in none. Numbers count from 1 and do
    not change when parts come and go."""

    number: int
    label: str
    fields: tuple[Field, ...]

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(field.key for field in self.fields)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One line of a summary of errors, with the page on which it is mended."""

    href: str
    label: str
    message: str | Promise


class Journey:
    """A draft with everything its pages ask about it. Reads the applicant once, and the files once."""

    def __init__(self, draft: Draft, applicant: Actor) -> None:
        self.draft = draft
        self.applicant = applicant
        self.procedure: ProcedureBody = values.procedure_of(draft)

    @cached_property
    def context(self) -> Context:
        account = self.applicant.account_id
        if self.draft.dossier is not None:
            return values.context_for_correcting(self.draft.dossier, account)
        return values.context_for(account, facts_for(account, self.mandate))

    @cached_property
    def mandate(self) -> Mandate | None:
        """By which it is made for another; a supplement has that of its dossier."""
        dossier = self.draft.dossier
        by = dossier.mandate_id if dossier is not None else self.draft.mandate_id
        return Mandate.objects.select_related("business", "account").get(pk=by) if by else None

    @cached_property
    def typed(self) -> dict[str, Any]:
        return values.answers(self.procedure.form, self.draft.data)

    @cached_property
    def so_far(self) -> Cleaned:
        """What was filled in, as a draft: nothing is missing yet."""
        return clean(self.procedure.form, self.typed, self.context, draft=True)

    @cached_property
    def in_full(self) -> Cleaned:
        """The same as it would be handed in, with everything that is wrong or missing."""
        return clean(self.procedure.form, self.typed, self.context)

    @cached_property
    def newer(self) -> Published[ProcedureBody] | None:
        """The version that is in force today, where the application was begun under another. It goes on as it was
        begun; whoever wants what is new begins anew. A supplement stays with its dossier."""
        if self.draft.dossier_id is not None:
            return None
        try:
            current = PROCEDURE.current(self.procedure.key)
        except DefinitionNotFound:
            return None
        return current if current.id != self.draft.procedure_id else None

    # the stops

    @cached_property
    def agencies(self) -> list[Node]:
        return offering(self.procedure)

    @property
    def agency(self) -> Node | None:
        return tree()[self.draft.competent_id] if self.draft.competent_id else None

    @cached_property
    def parts(self) -> list[FormPart]:
        return form_parts(self.procedure)

    def part(self, number: int) -> FormPart | None:
        return self.parts[number - 1] if 0 < number <= len(self.parts) else None

    @cached_property
    def stops(self) -> list[Stop]:
        """The pages of this application, in order; a supplement has only those of the form."""
        asked = [part for part in self.parts if part.keys & self.so_far.asked]
        form = [Stop("fill_in", part.label, self._address("fill_in", part.number), part.number) for part in asked]
        if self.draft.dossier_id is not None:
            return form
        variant = [self._stop("variant", _("What applies to you"))] if self.procedure.variants else []
        agency = [self._stop("agency", _("Where you apply"))] if len(self.agencies) != 1 else []
        papers = [self._stop("attachments", _("Papers to attach"))] if self.components else []
        wish = [self._stop("returning", _("How you get the result"))] if len(self.procedure.return_ways) > 1 else []
        return [*variant, *agency, *form, *papers, *wish, self._stop("review", _("Check and hand in"))]

    def _stop(self, page: Page, label: str) -> Stop:
        return Stop(page, label, self._address(page))

    def _address(self, page: Page, *more: int) -> str:
        return reverse(f"portal:{page}", args=[self.draft.key, *more])

    def place(self, page: Page, number: int = 0) -> int:
        """Where a page stands among the stops, counted from 1; a part that is not asked stands where it would."""
        before = [stop for stop in self.stops if (stop.page, stop.number) == (page, number)]
        if before:
            return self.stops.index(before[0]) + 1
        return 1 + sum(1 for stop in self.stops if stop.page in ("variant", "agency") or 0 < stop.number < number)

    def after(self, page: Page, number: int = 0) -> str:
        """Where it goes on."""
        later = [stop for stop in self.stops if stop.page == page and stop.number > number] if number else []
        if not later:
            place = self.place(page, number)
            later = self.stops[place : place + 1]
        return later[0].address if later else self.end

    def before(self, page: Page, number: int = 0) -> str:
        """Where it goes back to."""
        place = self.place(page, number)
        return self.stops[place - 2].address if place > 1 else self.start

    @property
    def start(self) -> str:
        return self.end if self.draft.dossier_id else reverse("portal:mine")

    @property
    def end(self) -> str:
        """Where a supplement is handed in; an application is handed in at its own last stop."""
        if self.draft.dossier_id is not None:
            return reverse("portal:supplement", args=[self.draft.dossier_id])
        return self._address("review")

    @property
    def resume(self) -> str:
        """The first page on which something is missing: where a person goes on."""
        if self.procedure.variants and self.procedure.variant is None:
            return self._address("variant")
        if self.draft.competent_id is None and len(self.agencies) != 1:
            return self._address("agency")
        wrong = {path.split(".")[0] for path in self.in_full.errors}
        for part in self.parts:
            if part.keys & wrong:
                return self._address("fill_in", part.number)
        if self.missing_papers:
            return self._address("attachments")
        return self._address("returning" if self.returned is None else "review")

    @property
    def returned(self) -> Return | None:
        """How the result is wanted; None where it was not said yet."""
        return wish_of(self.draft, self.procedure)

    # the papers

    @cached_property
    def components(self) -> list[Component]:
        """The papers that this application has to have or may have, as far as is known now."""
        names = Names(self.procedure.form, self.so_far.values, self.context)
        return values.components_asked(self.procedure, names)

    @cached_property
    def files(self) -> dict[str, list[DraftFile]]:
        """The attached files by component."""
        found: dict[str, list[DraftFile]] = {}
        for attached in self.draft.files.select_related("file").order_by("id"):
            found.setdefault(attached.component, []).append(attached)
        return found

    @cached_property
    def at_hand(self) -> dict[str, list[Document]]:
        """By component, the papers that are here already and were not attached yet."""
        found = offered(self.applicant, self.mandate, self.components)
        attached = {key: {each.file.sha256 for each in files} for key, files in self.files.items()}
        return {
            key: [each for each in papers if each.file.sha256 not in attached.get(key, ())]
            for key, papers in found.items()
        }

    @property
    def missing_papers(self) -> list[Component]:
        """Empty for a supplement: only the officer's request says what it must have."""
        if self.draft.dossier_id is not None:
            return []
        return [c for c in self.components if c.required and not c.from_form and not self.files.get(c.key)]

    # what registers know

    def known_by_registers(self, part: FormPart, cleaned: Cleaned) -> list[Offer]:
        """The registers from which answers of a page can be taken; none for a supplement, which corrects answers."""
        if self.draft.dossier_id is not None or not self.procedure.prefill:
            return []
        numbers = partial(fetching.confirmed_numbers, self.applicant, self.mandate)
        return fetching.offers(self.procedure, part.keys, cleaned.asked, numbers)

    # what is wrong

    def form(self, part: FormPart, cleaned: Cleaned) -> pages.Form:
        address = self._address("fill_in", part.number)
        limit = environment.upload_limit_mb
        return pages.Form(
            self.procedure.form, cleaned, self.context, refresh=address, only=part.keys, upload_limit=limit
        )

    def troubles(self, errors: Mapping[str, Problem]) -> list[Trouble]:
        """The errors of a submission, each with the page and control where it is mended; many are told page by page."""
        whole = pages.Form(self.procedure.form, self.so_far, self.context)
        by_field = {key: part for part in self.parts for key in part.keys}
        agency: list[Trouble] = []
        wrong: dict[int, list[Trouble]] = {}
        papers: list[Trouble] = []
        for path, problem in errors.items():
            first, _dot, rest = path.partition(".")
            if first in by_field:
                number = by_field[first].number
                address = f"{self._to_mend(number)}#{whole.id_of(path.split('.'))}"
                wrong.setdefault(number, []).append(Trouble(address, self._label(path, problem), str(problem)))
            elif first == "components":
                papers.append(Trouble(f"{self._address('attachments')}#giay-{rest}", "", str(problem)))
            elif first in ("return_way", "return_address"):
                papers.append(Trouble(self._address("returning"), "", str(problem)))
            else:
                agency.append(Trouble(self._address("variant" if first == "variant" else "agency"), "", str(problem)))
        many = sum(map(len, wrong.values())) > MOST_TROUBLES
        told = [[self._summed_up(number, len(wrong[number]))] if many else wrong[number] for number in sorted(wrong)]
        return [*agency, *chain.from_iterable(told), *papers]

    def _summed_up(self, number: int, count: int) -> Trouble:
        message = ngettext("%(n)s answer is missing or wrong", "%(n)s answers are missing or wrong", count)
        return Trouble(self._to_mend(number), self.parts[number - 1].label, message % {"n": count})

    def _to_mend(self, number: int) -> str:
        """A page of the form that says what is wrong on it, and leads back to the last page."""
        return f"{self._address('fill_in', number)}?sua=1&ve=1"

    def _label(self, path: str, problem: Problem) -> str:
        """What the field is called; "" where the message says it already."""
        steps = path.split(".")
        for length in range(len(steps), 0, -1):
            node = self.procedure.form.nodes.get(forms.declared(steps[:length]))
            if node is not None:
                return "" if folded(node.field.label) in folded(str(problem)) else node.field.label
        return ""


def form_parts(procedure: ProcedureBody) -> list[FormPart]:
    """The pages of a form: each outermost section or table is one, fields between them make one together."""
    groups: list[list[Field]] = []
    loose = False
    for field in procedure.form:
        alone = isinstance(field, Section | Table)
        if alone or not loose:
            groups.append([])
        groups[-1].append(field)
        loose = not alone
    return [FormPart(number, _label_of(group), tuple(group)) for number, group in enumerate(groups, start=1)]


def _label_of(group: list[Field]) -> str:
    return group[0].label if isinstance(group[0], Section | Table) else _("What you declare")


def shown(part: FormPart, cleaned: Cleaned, context: Context) -> SafeString:
    """What was filled in on one page of the form, to be read under a heading of its own."""
    first = part.fields[0]
    alone = isinstance(first, Section)
    fields = first.fields if isinstance(first, Section) else part.fields
    values_of = cleaned.values.get(first.key) or {} if alone else cleaned.values
    return pages.display_html(cast(FieldList, fields), values_of, context, heading=3)
