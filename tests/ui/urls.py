"""The room's own pages and the error pages, so that these tests need no other room."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.views import defaults


def missing(request: HttpRequest) -> HttpResponse:
    return defaults.page_not_found(request, Http404())


def limited(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", {"wait": "5 phút"}, status=429)


def broken(request: HttpRequest) -> HttpResponse:
    return defaults.server_error(request)


urlpatterns = [
    path("", include("lienthong.ui.urls")),
    path("missing", missing),
    path("limited", limited),
    path("broken", broken),
]
