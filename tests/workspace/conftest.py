"""What tests of the desk share: a working Monday, officers at their browsers."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from lienthong.cases.models import Dossier, StepVisit
from lienthong.foundation.ledger.queries import timeline
from tests import cast
from tests.cases import dossiers


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with cast.on_monday():
        yield


@pytest.fixture(autouse=True)
def nobody_has_tried_yet(request: pytest.FixtureRequest) -> None:
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        cache.clear()


def desk(username: str) -> Client:
    """The browser of somebody who is signed in."""
    client = Client()
    client.force_login(cast.account(username))
    return client


def page(name: str, *args: Any) -> str:
    return reverse(f"workspace:{name}", args=args)


def text(answer: Any) -> str:
    return answer.content.decode()


def address(dossier: Dossier, step: str, action: str) -> str:
    """The page of an action in an open step."""
    return page("act", dossier.pk, dossiers.visit(dossier, step).pk, action)


def do(username: str, dossier: Dossier, step: str, action: str, **typed: Any) -> HttpResponse:
    """Send the page of an action and come to the page that follows."""
    return desk(username).post(address(dossier, step, action), typed, follow=True)


def kinds(dossier: Dossier) -> list[str]:
    return [entry.kind for entry in timeline(("dossier", dossier.pk))]


def readings(dossier: Dossier) -> list[dict[str, Any]]:
    return [dict(entry.data) for entry in timeline(("dossier-read", dossier.pk))]


def messages_on(answer: Any) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


@transaction.atomic
def unchanged(dossier: Dossier) -> Callable[[], bool]:
    """Asked later, whether nothing has happened to the dossier since."""

    def state() -> tuple[Any, ...]:
        visits = StepVisit.objects.filter(dossier=dossier).order_by("pk")
        return (
            Dossier.objects.filter(pk=dossier.pk).values_list("status", "code", "due_at", "supplements").get(),
            list(visits.values_list("pk", "done_at", "waiting", "post_id")),
            kinds(dossier),
        )

    before = state()
    return lambda: state() == before


def a_pdf(name: str = "tra-loi.pdf") -> SimpleUploadedFile:
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (80, 100), "#fff").save(out, "PDF")
    return SimpleUploadedFile(name, out.getvalue(), "application/pdf")
