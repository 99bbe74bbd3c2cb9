"""Addresses under <register>/nhap/."""

from django.urls import path

from lienthong.registers.views import importing

urlpatterns = [
    path("", importing.start, name="import_start"),
    path("mau/", importing.template, name="import_template"),
    path("<uuid:key>/", importing.one, name="import"),
    path("<uuid:key>/tien-do/", importing.progress, name="import_progress"),
    path("<uuid:key>/dong-sai/", importing.report, name="import_report"),
    path("<uuid:key>/viec/<slug:deed>/", importing.do, name="import_do"),
]
