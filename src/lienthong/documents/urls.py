"""Addresses of documents at the desk: mount below the desk's own."""

from django.urls import include, path

from lienthong.documents.views import directing, incoming, registering

app_name = "documents"

urlpatterns = [
    path("ho-so/", include("lienthong.documents.urls_records")),
    path("den/", incoming.listing, name="incoming"),
    path("den/dang-ky/", registering.register, name="register"),
    path("den/<int:arrival_id>/", incoming.arrival, name="arrival"),
    path("den/<int:arrival_id>/tep/<int:place>/", incoming.file, name="file"),
    path("den/<int:arrival_id>/<slug:deed>/<int:task_id>/", directing.do, name="do"),
]
