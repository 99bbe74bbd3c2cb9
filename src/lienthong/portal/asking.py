"""A page that asks something in the house's language of fields, outside an application."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse

from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields import forms
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.data import start
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.pages import Form
from lienthong.foundation.fields.raw import Raw
from lienthong.identity.policy import PersonRequest
from lienthong.portal.uploads import take_into_form
from lienthong.settings.environment import environment


@dataclass
class Asked:
    """`values` is None until everything is right; `partial` is the answer to a button of the form itself."""

    form: Form
    values: dict[str, Any] | None = None
    partial: HttpResponse | None = None
    refusal: DomainError | None = None

    @property
    def status(self) -> int:
        return 422 if self.form.cleaned.errors or self.refusal else 200


def ask(request: PersonRequest, fields: FieldList, context: Context, begun: Raw | None = None) -> Asked:
    """The form as it is at first, or as it was sent, with its files stored."""
    limit = environment.upload_limit_mb

    def form_of(cleaned: Any) -> Form:
        return Form(fields, cleaned, context, refresh=request.path, upload_limit=limit)

    if request.method != "POST":
        raw = begun if begun is not None else start(fields, context)
        return Asked(form_of(clean(fields, raw, context, draft=True)))
    taken = forms.take(fields, request.POST, context)
    refused = take_into_form(fields, taken.raw, request.FILES, request.person)
    cleaned = clean(fields, taken.raw, context, draft=taken.action is not None)
    cleaned = replace(cleaned, errors={**cleaned.errors, **refused})
    form = form_of(cleaned)
    if taken.action is not None:
        by_htmx = bool(request.headers.get("HX-Request"))
        return Asked(form, partial=HttpResponse(form.refreshed(taken.action)) if by_htmx else None)
    return Asked(form, values=None if cleaned.errors else cleaned.values)
