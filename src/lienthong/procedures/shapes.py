"""The shape of a declared administrative procedure: what people read, what they fill in, who does what."""

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from typing import Literal

from pydantic import ConfigDict, Field, PrivateAttr

from lienthong.foundation.calendars.rules import Limit
from lienthong.foundation.definitions.registry import Body, Day, Key, Shape
from lienthong.foundation.fields.expressions import Expression, TemplateText, template
from lienthong.foundation.fields.field_list import FieldList


class Verb(StrEnum):
    """What an action does beyond closing its step. Every verb is carried out by `cases.rules`."""

    FORWARD = "forward"
    ACCEPT = "accept"
    REFUSE = "refuse"
    REQUEST_SUPPLEMENT = "request-supplement"
    REQUEST_PAYMENT = "request-payment"
    ASSIGN = "assign"
    CONSULT = "consult"
    ANSWER = "answer"
    DRAFT = "draft"
    APPROVE = "approve"
    STOP = "stop"
    RETURN_RESULT = "return-result"

    @property
    def ends(self) -> bool:
        """Whether the dossier is at its end after it."""
        return self in {Verb.REFUSE, Verb.STOP, Verb.RETURN_RESULT}

    @property
    def stays(self) -> bool:
        """Whether the step stays open after it."""
        return self in {Verb.REQUEST_SUPPLEMENT, Verb.REQUEST_PAYMENT, Verb.CONSULT}

    @property
    def moves(self) -> bool:
        """Whether it must lead to a next step."""
        return not self.ends and not self.stays and self is not Verb.ANSWER

    @property
    def needs_reason(self) -> bool:
        return self in {Verb.REFUSE, Verb.REQUEST_SUPPLEMENT, Verb.REQUEST_PAYMENT, Verb.STOP}


class StepKind(StrEnum):
    RECEPTION = "reception"
    PROCESSING = "processing"
    CONSULTATION = "consultation"
    RETURN = "return"


class Action(Shape):
    key: Key
    name: str = Field(description="What the button says, as a verb: Tiếp nhận hồ sơ")
    does: Verb = Verb.FORWARD
    to: Key | None = Field(None, description="The step it leads to")
    opens: tuple[Key, ...] = Field((), description="Consultations it opens (does: consult, forward)")
    results: tuple[Key, ...] = Field((), description="Results it drafts (does: draft)")
    needs: tuple[Literal["reason"], ...] = ()
    asks: FieldList = Field(default_factory=FieldList, description="What the officer fills in for it")
    when: Expression | None = Field(
        None, description="CEL over the application; the action is offered only where it is true"
    )
    back: bool = Field(False, description="Sends the dossier back: a reason is needed, the person before gets it")
    after_consultations: bool = Field(False, description="Refused while a consultation of the step is open")

    @property
    def reason_needed(self) -> bool:
        return self.does.needs_reason or self.back or "reason" in self.needs


class SubDossier(Shape):
    """A dossier of its own in another agency's procedure, which a step opens and waits for.

    It is handed in for the same applicant, and takes from the application what it needs: both maps go from the other
    procedure to this one.
    """

    procedure: Key
    variant: Key | Literal[""] = ""
    data: dict[str, str] = Field(
        {},
        description="Field of the other form (owner.full_name): field of this form; answers.<key> of what the officer"
        " was asked; results.<result>.<field> of a result that was drafted, also its number and date when it is signed",
    )
    fixed: dict[str, str | int | bool] = Field({}, description="Field of the other form: always this value")
    components: dict[Key, str] = Field(
        {}, description="Component of the other procedure: component of this one, or the signed results.<result>"
    )
    place: str = Field(
        "",
        description="Address field of this form: the agency of that place is competent, rather than the nearest",
    )


class Step(Shape):
    key: Key
    name: str
    phase: str = Field("", description="What the applicant sees; steps with the same phase are one station")
    kind: StepKind = StepKind.PROCESSING
    at: Key = Field(description="Function of the organisation that does it; the nearest to the competent agency")
    role: Key
    limit: Limit | None = None
    waits_for: tuple[Key, ...] = ()
    silence_is_consent: bool = Field(False, description="An unanswered consultation counts as agreement when due")
    dossier: SubDossier | None = Field(
        None, description="The step is a dossier in another agency's procedure; who does it only follows that"
    )
    actions: tuple[Action, ...] = ()

    @property
    def station(self) -> str:
        return self.phase or self.name

    @property
    def is_station(self) -> bool:
        """Whether an applicant sees it on the line of progress: opinions of other agencies stand beside it."""
        return self.kind is not StepKind.CONSULTATION or self.dossier is not None

    def action(self, key: Key) -> Action | None:
        return next((action for action in self.actions if action.key == key), None)


class Process(Shape):
    steps: tuple[Step, ...] = Field(min_length=1)

    def step(self, key: Key) -> Step:
        return next(step for step in self.steps if step.key == key)

    @property
    def first(self) -> Step:
        return self.steps[0]

    def stations(self) -> list[str]:
        """The phases of the main path in order, each once: what an applicant sees as a line of stations."""
        return list(dict.fromkeys(step.station for step in self.steps if step.is_station))


class ProcedureField(Shape):
    """The field (lĩnh vực) a procedure belongs to."""

    key: Key
    name: str


class Fee(Shape):
    key: Key
    name: str
    kind: Literal["fee", "charge"] = Field(description="fee: phí; charge: lệ phí")
    amount: int = Field(ge=0, description="đồng")
    variants: tuple[Key, ...] = Field((), description="Only in these variants; empty: in every one")
    note: str = ""
    source: str = ""


class LegalBasis(Shape):
    number: str
    title: str
    day: Day = Field(alias="date")

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Component(Shape):
    """A paper the dossier consists of (thành phần hồ sơ)."""

    key: Key
    name: str
    originals: int = Field(1, ge=0, description="bản chính")
    certified: int = Field(0, ge=0, description="bản sao chứng thực")
    copies: int = Field(0, ge=0, description="bản sao")
    required: bool = True
    when: Expression | None = Field(None, description="CEL over the application; asked for only where it is true")
    variants: tuple[Key, ...] = Field((), description="Only in these variants; empty: in every one")
    form: str = Field("", description="Number and name of the prescribed form")
    accept: tuple[str, ...] = Field(("pdf", "image"), description="Kinds of file")
    document: str = Field(
        "", description="What type of paper it is, a code of the list document-types: one at hand is offered again"
    )
    from_form: bool = Field(False, description="Made by the system out of what was filled in")
    note: str = ""
    source: str = ""


class SupplementTerms(Shape):
    """How this procedure departs from the rule set in what happens when papers are missing."""

    rule: Literal["pause", "restart"]
    limit: Limit | None = None
    within: Limit | None = Field(None, description="It may be asked for only so soon after the reception")
    times: int = Field(1, ge=1)
    why: str = ""


class Applicant(Shape):
    """Where the application says who applies (CEL); what is left out is taken from the signed-in person."""

    name: Expression | None = None
    person_id: Expression | None = None
    phone: Expression | None = None
    email: Expression | None = None
    address: Expression | None = None


class Line(Shape):
    label: str
    value: Expression = Field(description="CEL over the application and the result's own fields")


class Block(Shape):
    """One block of a result's text: exactly one of the three."""

    heading: str = ""
    paragraph: TemplateText = ""
    lines: tuple[Line, ...] = ()


class Enters(Shape):
    """What becomes of a register when the result is signed. Expressions read the application, the result's own fields,
    `result`, `dossier`, `answers` and `applicant`."""

    register_key: Key = Field(alias="register", description="Key of the register")
    does: Literal["enter", "change", "end"] = Field(
        "enter", description="A new entry; or a change or the end of one that is there, which `find` tells"
    )
    find: dict[str, Expression] = Field({}, description="Field of the register: what tells the entry from others (CEL)")
    values: dict[str, Expression] = Field(
        {}, description="Field of the register: what it says (CEL); of a change only what becomes different"
    )
    since: Expression = Field("result.day", description="Day from which it counts (CEL); the day it was signed")
    when: Expression | None = Field(None, description="Only where this is true (CEL)")

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, serialize_by_alias=True)


class Prefill(Shape):
    """Answers that a register knows already: they are offered once the applicant has said what finds the entry."""

    register_key: Key = Field(alias="register", description="Key of the register")
    find: dict[str, Expression] = Field(
        min_length=1, description="Field of the register: what tells the entry from others (CEL over the application)"
    )
    owner: str = Field(
        "",
        description="Field of the register with the number of the person or business that the entry is about: it is"
        " offered only to whose number that is, and then also what is not public",
    )
    fills: dict[str, str] = Field(
        min_length=1, description="Field of the form (owner.full_name): field of the register"
    )

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, serialize_by_alias=True)


class ResultPaper(Shape):
    key: Key
    name: str
    number_symbol: str = Field(
        "",
        description="Symbol behind the number: GPXD in 12/GPXD; {year} is the year it is given in; a result without one"
        " is printed without a number",
    )
    fields: FieldList = Field(default_factory=FieldList, description="What the handler fills in")
    content: tuple[Block, ...] = ()
    valid_for: str = ""
    document: str = Field(
        "",
        description="What type of paper it is, a code of the list document-types: it is offered where one is asked for",
    )
    enters: tuple[Enters, ...] = Field((), max_length=10, description="Registers that it is written into once signed")

    def expressions(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every CEL expression of the text, with its path below the result."""
        for number, block in enumerate(self.content):
            for source in template(block.paragraph).sources:
                yield ("content", number, "paragraph"), source
            for at, line in enumerate(block.lines):
                yield ("content", number, "lines", at, "value"), line.value


class Variant(Shape):
    """A case (trường hợp) of a procedure, which the applicant chooses. What it leaves out is that of the procedure.

    Components and fees that are asked for only in some variants say so themselves.
    """

    key: Key
    name: str = Field(description="How an applicant knows it: Không có giấy chứng sinh")
    hint: str = Field("", description="Who or what it is for, in a sentence")
    limit: Limit | None = Field(None, description="Takes the place of both limits of the procedure")
    limit_online: Limit | None = None
    requirements: str = ""
    supplement: SupplementTerms | None = None
    title: Expression | None = None
    applicant: Applicant | None = None
    form: FieldList | None = None
    prefill: tuple[Prefill, ...] | None = None
    results: tuple[ResultPaper, ...] | None = None
    return_ways: tuple[Literal["counter", "post", "online"], ...] | None = None
    process: Process | None = None

    def own(self) -> dict[str, object]:
        """What it has in the place of the procedure's, by name."""
        differing = set(Variant.model_fields) - {"key", "name", "hint"}
        own = {name: value for name in differing if (value := getattr(self, name))}
        return {**own, "limit_online": self.limit_online} if self.limit else own


class ProcedureBody(Body):
    """An administrative procedure; its mandatory parts are those of NĐ 63/2010/NĐ-CP art. 8.2.

    Where it has variants, an application is in one of them: `in_variant` is the procedure as it is there.
    """

    code: str = Field(description="National code, such as 1.009994")
    field: ProcedureField
    level: Literal["province", "district", "commune"]
    competent: Key = Field(description="Function of the agencies that offer it")
    subjects: tuple[Literal["citizen", "business", "organisation", "foreigner"], ...]
    online: Literal["full", "partial", "information"]
    summary: str
    keywords: tuple[str, ...] = ()
    how: str
    requirements: str = ""
    limit: Limit
    limit_online: Limit | None = None
    fees: tuple[Fee, ...] = ()
    legal_basis: tuple[LegalBasis, ...] = Field(min_length=1)
    supplement: SupplementTerms | None = None
    title: Expression | None = Field(None, description="CEL that names a dossier in lists")
    applicant: Applicant = Applicant()
    components: tuple[Component, ...] = ()
    form: FieldList
    prefill: tuple[Prefill, ...] = Field((), max_length=20, description="Registers that know some of the answers")
    results: tuple[ResultPaper, ...] = ()
    return_ways: tuple[Literal["counter", "post", "online"], ...] = Field(
        ("online", "counter", "post"), min_length=1, description="How the result can be returned"
    )
    process: Process
    variants: tuple[Variant, ...] = ()

    _variant: Variant | None = PrivateAttr(None)

    @property
    def variant(self) -> Variant | None:
        """The variant that this is the procedure in; None for the procedure as a whole."""
        return self._variant

    @property
    def full_name(self) -> str:
        """Its name, with the variant: what an application is for."""
        return f"{self.name} – {self._variant.name}" if self._variant else self.name

    def in_variant(self, key: str) -> "ProcedureBody":
        """The procedure as it is in one of its variants; itself for "" or one that it does not have."""
        return self._in_variants.get(key, self)

    @cached_property
    def _in_variants(self) -> dict[str, "ProcedureBody"]:
        return {variant.key: self._as_in(variant) for variant in self.variants}

    def _as_in(self, variant: Variant) -> "ProcedureBody":
        here = {
            "components": tuple(each for each in self.components if not each.variants or variant.key in each.variants),
            "fees": tuple(each for each in self.fees if not each.variants or variant.key in each.variants),
        }
        body = self.model_copy(update={**here, **variant.own()})
        body._variant = variant
        return body

    def limit_of(self, *, online: bool) -> Limit:
        return self.limit_online if online and self.limit_online else self.limit

    def result(self, key: Key) -> ResultPaper:
        return next(result for result in self.results if result.key == key)

    def expressions(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every CEL expression over the application, with its path in the declaration."""
        if self.title:
            yield ("title",), self.title
        for name, expression in self.applicant:
            if expression:
                yield ("applicant", name), expression
        for number, component in enumerate(self.components):
            if component.when:
                yield ("components", number, "when"), component.when
        for at, step in enumerate(self.process.steps):
            for number, action in enumerate(step.actions):
                if action.when:
                    yield ("process", "steps", at, "actions", number, "when"), action.when
