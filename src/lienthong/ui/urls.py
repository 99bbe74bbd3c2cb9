"""Addresses of the room: mount at the root."""

from django.urls import path
from django.views.i18n import set_language

from lienthong.ui import views

app_name = "ui"

urlpatterns = [
    path("ui", views.gallery, name="gallery"),
    path("ui/desk", views.desk_gallery, name="desk_gallery"),
    path("ui/theme", views.choose_theme, name="theme"),
    path("ui/language", set_language, name="language"),
]
