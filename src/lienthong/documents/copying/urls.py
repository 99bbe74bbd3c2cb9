"""Addresses of official copies, below those of documents."""

from django.urls import path

from lienthong.documents.copying import views

app_name = "copying"

urlpatterns = [
    path("lap/<slug:subject_type>/<int:pk>/", views.make, name="make"),
    path("<int:copy_id>/", views.copy, name="copy"),
    path("<int:copy_id>/tep/", views.file, name="file"),
    path("<int:copy_id>/chu-ky/", views.look_again, name="signatures"),
]
