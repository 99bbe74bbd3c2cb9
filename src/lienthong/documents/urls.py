"""Addresses of documents at the desk: mount below the desk's own."""

from django.urls import path

from lienthong.documents.views import directing, incoming, registering

app_name = "documents"

urlpatterns = [
    path("den/", incoming.listing, name="incoming"),
    path("den/dang-ky/", registering.register, name="register"),
    path("den/dang-ky/<uuid:form>/<int:waiting_id>/", registering.waiting_file, name="waiting_file"),
    path("den/<int:arrival_id>/", incoming.arrival, name="arrival"),
    path("den/<int:arrival_id>/tep/<int:place>/", incoming.file, name="file"),
    path("den/<int:arrival_id>/dau-den/", incoming.stamped, name="stamped"),
    path("den/<int:arrival_id>/trinh/", incoming.present, name="present"),
    path("den/<int:arrival_id>/<slug:deed>/<int:task_id>/", directing.do, name="do"),
]
