"""What a register may say of itself as open data. All of it may be left out."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from django.utils.translation import gettext as _now
from pydantic import Field as Attribute
from pydantic import StringConstraints

from lienthong.foundation.definitions.registry import Catalogue, Problem, Shape, Text
from lienthong.foundation.fields.code_lists import CODE_LIST

LICENCES = "open-data-licences"
"""The code list of the conditions under which data may be used; the note of an item is its address, if it has one."""

Frequency = Literal["continuous", "daily", "weekly", "monthly", "quarterly", "half-yearly", "yearly", "irregular"]


class OpenData(Shape):
    """How the public fields of a register are offered as open data."""

    licence: str = Attribute("", description=f"Code of the list {LICENCES}; empty: the first of the list")
    frequency: Frequency | None = Attribute(None, description="How often the agency means to bring it up to date")
    keywords: tuple[Text, ...] = Attribute((), max_length=20, description="Words by which people look for it")
    contact: Annotated[str, StringConstraints(pattern=r"^([^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+)?$")] = Attribute(
        "", description="E-mail address for questions; empty: that of the province"
    )
    title_en: str = Attribute("", max_length=300, description="Its name in English, for catalogues abroad")
    about_en: str = Attribute("", max_length=1000, description="What it is, in English")


def check(declared: OpenData, public: Sequence[str], catalogue: Catalogue) -> Iterator[Problem]:
    if not public:
        yield Problem(("open_data",), _now("no field of the register is public"))
    if not declared.licence:
        return
    yield from catalogue.refers(CODE_LIST, LICENCES, at=("open_data", "licence"))
    licences = catalogue.get(CODE_LIST, LICENCES)
    if licences and declared.licence not in {item.code for item in licences.items}:
        message = _now("no code “%(code)s” in the list %(list)s") % {"code": declared.licence, "list": LICENCES}
        yield Problem(("open_data", "licence"), message)
