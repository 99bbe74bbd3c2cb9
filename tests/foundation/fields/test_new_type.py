"""Adding a type of field is adding one class."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal

import pytest

from lienthong.foundation.fields import data, definition, forms
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.definition import Field, types
from lienthong.foundation.fields.display import display
from lienthong.foundation.fields.pages import Form
from lienthong.foundation.fields.problems import Invalid
from lienthong.foundation.fields.reference import markdown
from lienthong.foundation.fields.schema import json_schema
from tests.foundation.fields import browser
from tests.foundation.fields.samples import CONTEXT, field, fields


@pytest.fixture
def plates() -> Iterator[None]:
    known = dict(types())

    class Plate(Field):
        """Kept without dots and blanks."""

        type: Literal["plate"] = "plate"
        province: str = "48"

        about: ClassVar[str] = "Registration plate of a vehicle"

        def parse(self, raw: Any, context: Context) -> str:
            plate = re.sub(r"[ .]", "", self.text(raw)).upper()
            if not re.fullmatch(rf"{self.province}[A-Z][0-9]?-[0-9]{{4,5}}", plate):
                raise Invalid.because("plate", "Biển số có dạng 48A-12345.")
            return plate

        def samples(self) -> Iterable[str]:
            return ("48A-12345",)

        def json_schema(self) -> dict[str, Any]:
            return {"type": "string", "pattern": "^[0-9]{2}[A-Z]"}

    yield
    definition._types.clear()
    definition._types.update(known)


@pytest.mark.usefixtures("plates")
def test_a_new_type_works_everywhere() -> None:
    asked = fields(
        field("plate", "plate", required=True),
        field("cars", "table", fields=[field("plate", "plate")]),
        field("ours", "boolean", when="plate.startsWith('48A')"),
    )
    empty = clean(asked, {}, CONTEXT)
    assert str(empty.errors["plate"]) == "Hãy nhập mục plate."
    wrong = clean(asked, {"plate": "12"}, CONTEXT)
    assert str(wrong.errors["plate"]) == "Biển số có dạng 48A-12345."
    filled = clean(asked, {"plate": "48a-123.45", "cars": [{"plate": "48b1-1234"}], "ours": "true"}, CONTEXT)
    assert filled.values == {"plate": "48A-12345", "cars": [{"plate": "48B1-1234"}], "ours": True}
    assert data.from_json(asked, data.to_json(asked, filled.values)) == filled.values
    sent = browser.sent(Form(asked, filled, CONTEXT))
    assert clean(asked, forms.read(asked, sent), CONTEXT).values == filled.values
    assert display(asked, filled.values, CONTEXT)[0].items[0].label == "Mục plate"
    assert json_schema(asked)["properties"]["plate"]["pattern"] == "^[0-9]{2}[A-Z]"
    assert "## `plate`" in markdown()
    assert "Kept without dots and blanks." in markdown()


def test_without_the_class_there_is_no_such_type() -> None:
    assert "plate" not in types()
