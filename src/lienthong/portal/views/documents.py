"""The papers somebody has here: the list, keeping more for later, naming, removing. Only ever the own ones."""

from functools import lru_cache
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.cases.models import Document
from lienthong.cases.queries.documents import PAGE, document_of, documents_of
from lienthong.cases.services import documents as services
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.types.choices import CodeListField
from lienthong.foundation.fields.types.files import File
from lienthong.foundation.fields.types.texts import Text
from lienthong.foundation.fields.types.times import Date
from lienthong.foundation.files.kinds import BY_KEY
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.serving import serve
from lienthong.identity.policy import PersonRequest, signed_in
from lienthong.portal import mandate_forms
from lienthong.portal.asking import ask
from lienthong.portal.pages import page
from lienthong.procedures.definition import DOCUMENT_TYPES

get_or_post = require_http_methods(["GET", "HEAD", "POST"])

LONGEST_SEARCH = 200


@require_safe
@signed_in
def listing(request: PersonRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:LONGEST_SEARCH].strip()
    before = request.GET.get("truoc", "")
    start = int(before) if before.isdecimal() and len(before) < 19 else None
    rows = documents_of(request.person, text, before=start)
    return page(
        request,
        "documents",
        "mine",
        private=True,
        documents=rows[:PAGE],
        older=rows[PAGE - 1].pk if len(rows) > PAGE else None,
        text=text,
        continued=start is not None,
    )


@get_or_post
@signed_in
def add(request: PersonRequest) -> HttpResponse:
    """Keep a paper for later."""
    asked = ask(request, _asked(True, True), mandate_forms.context(request.person))
    if asked.partial is not None:
        return asked.partial
    if asked.values is not None:
        file = StoredFile.objects.get(pk=int(asked.values["file"].id), account_id=request.person.account_id)
        try:
            services.keep(person=request.person, file=file, facts=_facts(asked.values, file.name))
        except DomainError as refusal:
            asked.refusal = refusal
        else:
            messages.success(request, _("Kept. It is offered where an application asks for it."))
            return redirect("portal:documents")
    shown = {"form": asked.form, "refusal": asked.refusal, "document": None}
    return page(request, "document_form", "mine", status=asked.status, private=True, **shown)


@get_or_post
@signed_in
def describe(request: PersonRequest, document_id: int) -> HttpResponse:
    """Give a paper another name; of one that was kept also what it is."""
    document = document_of(request.person, document_id)
    asked = ask(request, _asked(False, _is_kept(document)), mandate_forms.context(request.person), _raw_of(document))
    if asked.partial is not None:
        return asked.partial
    if asked.values is not None:
        facts = _facts(asked.values, document.name)
        try:
            services.describe(person=request.person, document_id=document_id, facts=facts)
        except DomainError as refusal:
            asked.refusal = refusal
        else:
            messages.success(request, _("Saved."))
            return redirect("portal:documents")
    shown = {"form": asked.form, "refusal": asked.refusal, "document": document, "kept": _is_kept(document)}
    return page(request, "document_form", "mine", status=asked.status, private=True, **shown)


@get_or_post
@signed_in
def remove(request: PersonRequest, document_id: int) -> HttpResponse:
    """Ask once, then remove a paper that was kept."""
    document = document_of(request.person, document_id)
    if request.method == "POST":
        services.remove(person=request.person, document_id=document_id)
        messages.success(request, _("The paper was removed."))
        return redirect("portal:documents")
    if not _is_kept(document):
        return redirect("portal:document", document_id)
    return page(request, "document_remove", "mine", private=True, document=document)


@require_safe
@signed_in
def file(request: PersonRequest, document_id: int) -> HttpResponseBase:
    """The paper itself; `?tai` saves it instead of showing it."""
    document = document_of(request.person, document_id)
    name = document.name
    for ending in BY_KEY[document.file.format].endings:
        name = name.removesuffix(f".{ending}")
    return serve(document.file, as_attachment="tai" in request.GET, name=name)


def _is_kept(document: Document) -> bool:
    return document.origin == Document.Origin.KEPT


def _asked(new: bool, whole: bool) -> FieldList:
    return _fields(new, whole, translation.get_language() or "")


@lru_cache(maxsize=8)
def _fields(new: bool, whole: bool, language: str) -> FieldList:
    name = Text(
        key="name",
        label=_("What you call it"),
        hint=_("Left empty, it is called like the file") if new else "",
        required=not new,
        max_length=200,
    )
    if not whole:
        return FieldList((name,))
    return FieldList(
        (
            *((File(key="file", label=_("File"), required=True),) if new else ()),
            CodeListField(
                key="type",
                label=_("What kind of paper it is"),
                hint=_("By it we know where to offer it to you again"),
                list=DOCUMENT_TYPES,
            ),
            name,
            Text(key="number", label=_("Number on the paper"), max_length=60, width="medium"),
            Date(key="issued_on", label=_("Issued on"), max="today", width="short"),
            Date(key="valid_until", label=_("Valid until"), hint=_("Leave empty when it has no end"), width="short"),
        )
    )


def _facts(values: dict[str, Any], name: str) -> services.PaperFacts:
    return services.PaperFacts(
        name=values.get("name") or name,
        type=values.get("type") or "",
        number=values.get("number") or "",
        issued_on=values.get("issued_on"),
        valid_until=values.get("valid_until"),
    )


def _raw_of(document: Document) -> dict[str, Any]:
    return {
        "name": document.name,
        "type": document.type,
        "number": document.number,
        "issued_on": document.issued_on.isoformat() if document.issued_on else "",
        "valid_until": document.valid_until.isoformat() if document.valid_until else "",
    }
