"""One page with a form on it, as a room's view would show it, so that a browser can fill it in."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import Engine, RequestContext
from django.urls import path

from lienthong.foundation.fields import forms
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.pages import Form, display_html
from lienthong.foundation.fields.types.entries import told_apart
from tests.foundation.fields.samples import CONTEXT, HOUSE, LAND

PAGE = """{% extends "ui/base.html" %}{% block title %}Nhà ở{% endblock %}{% block content %}<h1>Nhà ở</h1>
{% include "fields/errors.html" %}
<form method="post" novalidate>{% csrf_token %}{{ form }}<button class="btn btn-primary">Nộp</button></form>
{% endblock %}"""

DONE = """{% extends "ui/base.html" %}{% block content %}<h1>Đã nộp</h1>{{ shown }}{% endblock %}"""


def ask(request: HttpRequest, asked: FieldList = HOUSE) -> HttpResponse:
    taken = forms.take(asked, request.POST, CONTEXT)
    draft = request.method == "GET" or taken.action is not None
    cleaned = clean(asked, taken.raw, CONTEXT, draft=draft)
    form = Form(asked, cleaned, CONTEXT, refresh=request.path)
    if taken.action and request.headers.get("HX-Request"):
        return HttpResponse(form.refreshed(taken.action))
    if not draft and cleaned.ok:
        return page(request, DONE, shown=display_html(asked, cleaned.values, CONTEXT))
    return page(request, PAGE, form=form)


def page(request: HttpRequest, source: str, **given: object) -> HttpResponse:
    return HttpResponse(Engine.get_default().from_string(source).render(RequestContext(request, given)))


def fitting(request: HttpRequest, register: str) -> HttpResponse:
    found = told_apart(CONTEXT.entries.search(register, request.GET["q"], 10))
    offers = [{"id": entry.id, "title": entry.title, "more": more} for entry, more in found]
    return JsonResponse({"entries": offers})


urlpatterns = [path("ask", ask), path("land", ask, {"asked": LAND}), path("tim/<str:register>", fitting)]
