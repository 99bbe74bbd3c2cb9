"""What the law sets for every dossier of a time: statuses, forms, what happens when papers are missing."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from lienthong.cases.rules import Status
from lienthong.foundation.calendars.rules import Limit
from lienthong.foundation.definitions.registry import Body, Catalogue, Key, Kind, Problem, Published, Shape
from lienthong.foundation.organisations.queries import province


class DeclaredStatus(Shape):
    """One of the national statuses, in the words of the portal."""

    code: int
    key: Key
    name: str
    group: str = Field("", description="The group it counts in: received, in-process, pausing, finished, not-received")


class PrescribedForm(Shape):
    """A paper that the circular of the time prescribes."""

    key: Literal["receipt", "supplement-request", "refusal", "apology", "stop", "control", "register"]
    number: str = Field(description="Its number in the circular: 01")
    name: str
    paper: Literal["A5", "A4"] = "A4"


class RuleSetBody(Body):
    """The rules of the one-stop shop in force from a day on. A dossier keeps those it was received under."""

    order: Literal["three-tier", "two-tier"]
    supplement: Literal["restart", "pause"] = Field(description="What happens to the limit when papers are missing")
    supplement_within: Limit | None = Field(None, description="A supplement may be asked for only so soon")
    supplement_times: int = Field(1, ge=1)
    supplement_limit: Limit | None = None
    apology_before: Limit | None = None
    apologies: int = 1
    reception_limit: Limit
    answer_within: Limit = Field(
        Limit.working_days(2), description="A message of the applicant is to be answered so soon"
    )
    next_day_after: str = Field("", description="Paper dossiers received later are moved the next morning: 15:00")
    statuses: tuple[DeclaredStatus, ...]
    forms: tuple[PrescribedForm, ...]
    forms_of: str = Field(description="The circular that prescribes the forms, as it is printed on them")
    code_identifier: Literal["old", "new"] = Field(
        description="Which form of agency identifier begins a dossier's code"
    )

    def form(self, key: str) -> PrescribedForm:
        return next(form for form in self.forms if form.key == key)

    def prescribes(self, key: str) -> bool:
        """Whether the circular of the time knows such a form."""
        return any(form.key == key for form in self.forms)

    def status_name(self, status: int) -> str:
        return next(declared.name for declared in self.statuses if declared.code == status)


def check_rule_set(body: RuleSetBody, catalogue: Catalogue) -> Iterator[Problem]:
    declared = {status.code for status in body.statuses}
    for status in Status:
        if status not in declared:
            yield Problem(("statuses",), _("The status %(code)s is missing.") % {"code": status})
    for number, entry in enumerate(body.statuses):
        if entry.code not in set(Status):
            yield Problem(
                ("statuses", number, "code"), _("There is no national status %(code)s.") % {"code": entry.code}
            )
    declared_forms = {form.key for form in body.forms}
    for key in ("receipt", "supplement-request", "refusal"):
        if key not in declared_forms:
            yield Problem(("forms",), _("The form “%(key)s” is missing.") % {"key": key})


RULE_SET = Kind("rule-set", RuleSetBody, title=_("rule set of the one-stop shop"), check=check_rule_set)


def rule_set_on(day: date) -> Published[RuleSetBody]:
    """The rule set that the province works by on a day."""
    return RULE_SET.current(province().rule_set_on(day))
