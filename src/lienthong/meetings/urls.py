"""Addresses of the room: mount at the root. Those under lich-cong-tac/ are public, the others the officers'."""

from django.urls import path

from lienthong.meetings.views import deeds, editing, month, public, week

app_name = "meetings"

DESK = "ban-lam-viec/lich-cong-tac/"

urlpatterns = [
    path(DESK, week.week, name="week"),
    path(f"{DESK}moi/", editing.new, name="new"),
    path(f"{DESK}cong-bo/", week.publish, name="publish"),
    path(f"{DESK}tuan.pdf", week.paper, name="paper"),
    path(f"{DESK}thang/", month.month, name="month"),
    path(f"{DESK}thang.pdf", month.paper, name="month_paper"),
    path(f"{DESK}dong-bo/", public.feed, name="feed"),
    path(f"{DESK}dong-bo/thu-hoi/", public.revoke_feed, name="revoke_feed"),
    path(f"{DESK}<int:engagement_id>/", week.engagement, name="engagement"),
    path(f"{DESK}<int:engagement_id>/sua/", editing.edit, name="edit"),
    path(f"{DESK}<int:engagement_id>/<slug:deed>/", deeds.do, name="do"),
    path("lich-cong-tac/", public.overview, name="public"),
    path("lich-cong-tac/rieng/<str:token>.ics", public.own_feed, name="own_feed"),
    path("lich-cong-tac/<slug:agency_key>.ics", public.public_feed, name="public_feed"),
    path("lich-cong-tac/<slug:agency_key>/", public.week, name="public_week"),
]
