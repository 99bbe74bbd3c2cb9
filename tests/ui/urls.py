"""The room's own pages, the error pages and a form that is really sent, so that these tests need no other room."""

import time

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import Engine, RequestContext
from django.urls import include, path
from django.views import defaults
from django_cotton.compiler_regex import CottonCompiler

SENT: list[str] = []

FORM_PAGE = """{% extends "ui/public.html" %}{% load ui %}
{% block content %}
  <c-ui.error-summary :form="form" />
  <form method="post" enctype="multipart/form-data" novalidate {% if boosted %}hx-boost="true"{% endif %}>
    {% csrf_token %}
    <c-ui.form-row :field="form.name" />
    <c-ui.file-chooser :field="form.plan" accept=".pdf" kinds="PDF" limit_mb="20" />
    <c-ui.button kind="primary">Send</c-ui.button>
  </form>
{% endblock %}"""


class SmallForm(forms.Form):
    name = forms.CharField(label="Name")
    plan = forms.FileField(label="Plan", required=False)


def small_form(request: HttpRequest) -> HttpResponse:
    form = SmallForm(request.POST or None, request.FILES or None, use_required_attribute=False)
    if request.method == "POST" and form.is_valid():
        time.sleep(0.3)
        SENT.append(form.cleaned_data["name"])
        return redirect("/ui/desk")
    template = Engine.get_default().from_string(CottonCompiler().process(FORM_PAGE))
    page = template.render(RequestContext(request, {"form": form, "boosted": "boosted" in request.GET}))
    return HttpResponse(page, status=422 if request.method == "POST" else 200)


def missing(request: HttpRequest) -> HttpResponse:
    return defaults.page_not_found(request, Http404())


def limited(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", {"wait": "5 phút"}, status=429)


def broken(request: HttpRequest) -> HttpResponse:
    return defaults.server_error(request)


urlpatterns = [
    path("", include("lienthong.ui.urls")),
    path("form", small_form),
    path("missing", missing),
    path("limited", limited),
    path("broken", broken),
]
