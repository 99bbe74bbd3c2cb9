"""Version 1 of the API, for people who are signed in: the session's cookie, and the CSRF token on every change.
Code lists are for everybody."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.security import django_auth

from lienthong.cases.api import router as cases
from lienthong.directives.api import router as directives
from lienthong.foundation.errors import DomainError
from lienthong.foundation.refusals import problem
from lienthong.registers.api import router as registers
from lienthong.registers.code_lists.api import router as code_lists
from lienthong.registers.proposals.api import router as proposals

api = NinjaAPI(
    title="Liên Thông",
    version="1",
    description="What the pages do, for programs. Refusals are problem details (RFC 9457).",
    auth=django_auth,
    urls_namespace="api",
)
api.add_router("/dossiers", cases)
api.add_router("/directives", directives)
api.add_router("/registers", registers)
api.add_router("/code-lists", code_lists)
api.add_router("/registers", proposals)


@api.exception_handler(DomainError)
def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    return problem(error)


class Malformed(DomainError):
    code = "malformed"

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(_("The request is not of the form this address takes."))
        self.errors = errors


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problem(Malformed({".".join(map(str, found["loc"])): found["msg"] for found in error.errors}))
