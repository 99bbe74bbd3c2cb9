"""Addresses under <register>/xuat/."""

from django.urls import path

from lienthong.registers.views import exporting

urlpatterns = [
    path("", exporting.ask, name="export_ask"),
    path("<uuid:key>/", exporting.one, name="export"),
    path("<uuid:key>/tien-do/", exporting.progress, name="export_progress"),
    path("<uuid:key>/tep/", exporting.download, name="export_file"),
]
