"""With what a document of a type begins at an agency."""

from dataclasses import replace

import pytest

from lienthong.documents.definition import DOCUMENT_TEMPLATE, template_for
from lienthong.documents.rules.blocks import Article
from lienthong.documents.rules.kinds import KINDS
from lienthong.foundation.organisations.queries import by_key
from tests.documents.conftest import AGENCY, URBAN

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_has_one(kind):
    template = template_for(by_key(AGENCY), kind)
    assert template is not None and template.key == f"mau-{kind}"


def test_a_decision_begins_with_its_articles():
    template = template_for(by_key(AGENCY), "quyet-dinh")
    assert template and [block.number for block in template.blocks() if isinstance(block, Article)] == [1, 2, 3]


def test_what_is_no_administrative_document_has_none():
    assert template_for(by_key(AGENCY), "khac") is None


def test_the_own_template_of_an_agency_comes_before_that_of_all(monkeypatch):
    common = DOCUMENT_TEMPLATE.current("mau-quyet-dinh")
    own = common.body.model_copy(update={"key": "a-mau-rieng", "agencies": (AGENCY,)})
    every = [common, replace(common, body=own)]
    monkeypatch.setattr(type(DOCUMENT_TEMPLATE), "all", lambda kind, at=None: tuple(every))
    assert template_for(by_key(AGENCY), "quyet-dinh") == own
    assert template_for(by_key(URBAN), "quyet-dinh") == common.body
