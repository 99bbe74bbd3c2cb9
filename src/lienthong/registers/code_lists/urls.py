"""Addresses of the code lists: mount under danh-muc/. Anybody may look into them."""

from django.urls import path

from lienthong.registers.code_lists import views

app_name = "code_lists"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("<slug:key>/", views.listing, name="listing"),
    path("<slug:key>/chuyen-doi/", views.convert, name="convert"),
    path("<slug:key>/phien-ban/", views.editions, name="editions"),
    path("<slug:key>/tep/<slug:format_key>/", views.download, name="download"),
    path("<slug:key>/ma/<path:code>/", views.item, name="item"),
]
