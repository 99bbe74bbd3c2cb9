"""Addresses that forms ask while somebody types: mount at the root. Those under ban-lam-viec/ are the officers'."""

from django.urls import path

from lienthong.registers.choosing import views

app_name = "choosing"

urlpatterns = [
    path("ban-lam-viec/chon/<slug:register>/", views.for_officer, name="for_officer"),
    path("chon/<slug:register>/", views.for_anybody, name="for_anybody"),
]
