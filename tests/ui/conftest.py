"""These tests need neither a database nor another room: the room's pages alone, under the house's content policy."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.conf import settings as house
from django.template import Context, Engine, RequestContext
from django.test import RequestFactory, override_settings
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler


def only_djangos_context() -> list[dict[str, Any]]:
    templates = deepcopy(house.TEMPLATES)
    options = templates[0]["OPTIONS"]
    options["context_processors"] = [name for name in options["context_processors"] if name.startswith("django.")]
    return templates


@pytest.fixture(scope="module", autouse=True)
def room_alone() -> Iterator[None]:
    """Once a module, because every change of the template settings makes Django forget its compiled templates."""
    alone = {
        "ROOT_URLCONF": "tests.ui.urls",
        "TEMPLATES": only_djangos_context(),
    }
    with override_settings(**alone), translation.override("en"):
        yield


@pytest.fixture
def show() -> Any:
    """Render a piece of a template, as a page would write it, with what it is given."""

    def rendered(source: str, **given: Any) -> str:
        engine = Engine.get_default()
        template = engine.from_string(CottonCompiler().process("{% load ui %}" + source))
        request = RequestFactory().get("/page?x=1")
        context: Context = RequestContext(request, given)
        return template.render(context)

    return rendered
