"""Addresses of the room: mount at thong-bao/."""

from django.urls import path

from lienthong.notifications import views

app_name = "notifications"

urlpatterns = [
    path("", views.list_of, name="list"),
    path("<int:notification_id>/", views.notification, name="notification"),
    path("da-doc/", views.read_all, name="read_all"),
    path("tuy-chon/", views.preferences, name="preferences"),
    path("da-ghi/", views.written, name="written"),
    path("bao-nhan/<slug:channel>/", views.report, name="report"),
]
