"""Addresses of the room: mount at chu-ky/."""

from django.urls import path

from lienthong.signing import views

app_name = "signing"

urlpatterns = [
    path("", views.signature, name="signature"),
    path("hinh/", views.signature_picture, name="signature_picture"),
    path("con-dau/<int:organisation_id>/", views.seal, name="seal"),
    path("con-dau/<int:organisation_id>/hinh/", views.seal_picture, name="seal_picture"),
]
