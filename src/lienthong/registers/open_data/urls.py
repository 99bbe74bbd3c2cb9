"""Addresses of open data: mount at the root of the site. All of them are public."""

from django.urls import path

from lienthong.registers.open_data import views

app_name = "open_data"

urlpatterns = [
    path("du-lieu-mo/", views.listing, name="listing"),
    path("du-lieu-mo/dieu-kien/", views.terms, name="terms"),
    path("du-lieu-mo/catalog", views.catalogue, name="catalogue"),
    path("du-lieu-mo/catalog.<slug:form>", views.catalogue, name="catalogue_as"),
    path("du-lieu-mo/<slug:key>/", views.one, name="one"),
    path("du-lieu-mo/<slug:key>/tep.<slug:form>", views.file, name="file"),
    path("du-lieu-mo/<slug:key>/hien-tai.csv", views.present, name="present"),
    path("du-lieu-mo/<slug:key>/luoc-do.json", views.schema, name="schema"),
]
