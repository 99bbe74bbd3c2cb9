"""The reference of fields is made of the classes, and so is complete."""

from lienthong.foundation.fields.definition import types
from lienthong.foundation.fields.functions import FUNCTIONS
from lienthong.foundation.fields.reference import common_attributes, markdown, type_references


def test_every_type_is_described_with_all_its_attributes() -> None:
    assert [described.type for described in type_references()] == list(types())
    for described in type_references():
        assert described.about
        assert [a.name for a in described.attributes if not a.about] == []


def test_every_common_attribute_is_described() -> None:
    assert {attribute.name for attribute in common_attributes() if attribute.about} >= {
        "key",
        "label",
        "when",
        "required",
    }


def test_every_function_is_in_the_reference() -> None:
    page = markdown()
    assert all(f"- `{name}(" in page for name in FUNCTIONS)
