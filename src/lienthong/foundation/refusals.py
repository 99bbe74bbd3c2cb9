"""Refusals as answers: a page for people, problem details (RFC 9457) for programs, the same words in both."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from lienthong.foundation.errors import DomainError

GetResponse = Callable[[HttpRequest], HttpResponse]


class RefusalMiddleware:
    """Answers every DomainError that a view let through, and who opens an address that only takes forms."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED or answer.content or request.path.startswith("/api/"):
            return answer
        told = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
        told.headers["Allow"] = answer.headers["Allow"]
        return told

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        if request.path.startswith("/api/"):
            return problem(error)
        return render(request, "refused.html", {"error": error}, status=error.status)


def problem(error: DomainError) -> JsonResponse:
    """The refusal as problem details; `errors` by field where there are any."""
    details = {"type": f"urn:lienthong:{error.code}", "title": str(error), "status": error.status}
    if error.way_out:
        details["detail"] = error.way_out
    if errors := getattr(error, "errors", None):
        details["errors"] = {path: str(found) for path, found in errors.items()}
    return JsonResponse(details, status=error.status, content_type="application/problem+json")
