"""What the tests declare: archives, and the terms on which their records are lent."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from pydantic import Field
from pydantic_core import core_schema

from lienthong.foundation.definitions.models import Definition
from lienthong.foundation.definitions.registry import Body, Catalogue, Day, Key, Kind, Problem, Shape, Text


class Shelf(Shape):
    code: str
    metres: float = Field(gt=0, description="Length of the shelf, metres")


class ArchiveBody(Body):
    """A place where records are kept."""

    shelves: tuple[Shelf, ...] = ()


class ByPost(Shape):
    by: Literal["post"]
    days: int


class ByHand(Shape):
    by: Literal["hand"]
    room: Text


class Step(Shape):
    key: Key
    role: Literal["clerk", "leader", "archivist"]
    days: int = Field(1, ge=1, le=90, description="Working days")
    delivery: Annotated[ByPost | ByHand, Field(discriminator="by")] | None = None
    since: Day | None = None


class Steps(tuple[Step, ...]):
    """Read by a class of its own, as a list of fields is: it must say itself which names may stand in it."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(cls, handler(tuple[Step, ...]))

    @classmethod
    def field_names_at(cls, raw: Any, location: Sequence[str | int]) -> set[str]:
        return set(Step.model_fields) if len(location) == 1 else set()


class LoanTermsBody(Body):
    archive: Key = Field(description="Where the records are lent from")
    renewals: int = 0
    steps: tuple[Step, ...] = Field(min_length=1)
    penalty: int | Literal["none"] = 0
    before: Steps = Steps()
    labels: dict[str, str] = Field({}, alias="labelled")


materialised: list[tuple[str, str, int]] = []


def _materialise(row: Definition, body: Body) -> None:
    materialised.append((row.kind, body.key, row.version))


def _check(body: LoanTermsBody, catalogue: Catalogue) -> Iterator[Problem]:
    yield from catalogue.refers(ARCHIVE, body.archive, at=("archive",))
    for number, step in enumerate(body.steps):
        if step.days > 30 and step.role == "clerk":
            yield Problem(("steps", number, "days"), "a clerk lends for 30 days at most")


def _consequences(before: LoanTermsBody | None, after: LoanTermsBody) -> Iterator[str]:
    if before and before.renewals != after.renewals:
        yield f"open loans keep {before.renewals} renewals"


ARCHIVE = Kind("archive", ArchiveBody, title="archive", materialise=_materialise)
LOAN_TERMS = Kind(
    "loan-terms",
    LoanTermsBody,
    title="loan terms",
    after=("archive",),
    check=_check,
    consequences=_consequences,
    materialise=_materialise,
)


def rows() -> QuerySet[Definition]:
    """What is published of our kinds, beside what the house publishes for all tests."""
    return Definition.objects.filter(kind__in=[ARCHIVE.key, LOAN_TERMS.key]).order_by("id")


CENTRAL = """\
kind: archive
key: kho-trung-tam
name: Kho lưu trữ trung tâm   # as in the decision
effective_from: 2021-01-01
shelves:
  - {code: A1, metres: 2.5}
  - {code: A2, metres: 3}
"""

TERMS = """\
kind: loan-terms
key: muon-ho-so
name: Mượn hồ sơ trong cơ quan
effective_from: 2021-01-01
archive: kho-trung-tam
renewals: 1
steps:
  - key: dang-ky
    role: clerk
    days: 10
  - key: duyet
    role: leader
"""
