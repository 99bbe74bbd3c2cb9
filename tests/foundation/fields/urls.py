"""One page with a form on it, as a room's view would show it, so that a browser can fill it in."""

from django.http import HttpRequest, HttpResponse
from django.template import Engine, RequestContext
from django.urls import path

from lienthong.foundation.fields import forms
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.pages import Form, display_html
from tests.foundation.fields.samples import CONTEXT, HOUSE

PAGE = """{% extends "ui/base.html" %}{% block title %}Nhà ở{% endblock %}{% block content %}<h1>Nhà ở</h1>
{% include "fields/errors.html" %}
<form method="post" novalidate>{% csrf_token %}{{ form }}<button class="btn btn-primary">Nộp</button></form>
{% endblock %}"""

DONE = """{% extends "ui/base.html" %}{% block content %}<h1>Đã nộp</h1>{{ shown }}{% endblock %}"""


def ask(request: HttpRequest) -> HttpResponse:
    taken = forms.take(HOUSE, request.POST, CONTEXT)
    draft = request.method == "GET" or taken.action is not None
    cleaned = clean(HOUSE, taken.raw, CONTEXT, draft=draft)
    form = Form(HOUSE, cleaned, CONTEXT, refresh=request.path)
    if taken.action and request.headers.get("HX-Request"):
        return HttpResponse(form.refreshed(taken.action))
    if not draft and cleaned.ok:
        return page(request, DONE, shown=display_html(HOUSE, cleaned.values, CONTEXT))
    return page(request, PAGE, form=form)


def page(request: HttpRequest, source: str, **given: object) -> HttpResponse:
    return HttpResponse(Engine.get_default().from_string(source).render(RequestContext(request, given)))


urlpatterns = [path("ask", ask)]
