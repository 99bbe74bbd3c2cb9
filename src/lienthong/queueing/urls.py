"""Addresses of the room: mount at the root. Those under lay-so/ are public, those under xep-hang/ are the clerks'."""

from django.urls import path

from lienthong.queueing.views import desk, doors, public, shop

app_name = "queueing"

urlpatterns = [
    path("lay-so/", public.places, name="places"),
    path("lay-so/kiosk/<str:key>/", doors.kiosk, name="kiosk"),
    path("lay-so/kiosk/<str:key>/so/<str:secret>/", doors.kiosk_ticket, name="kiosk_ticket"),
    path("lay-so/qr/<str:key>/", doors.phone, name="phone"),
    path("lay-so/so/<str:secret>/", public.ticket, name="ticket"),
    path("lay-so/so/<str:secret>/tra-lai/", public.give_back, name="give_back"),
    path("lay-so/<slug:shop_key>/", public.place, name="place"),
    path("lay-so/<slug:shop_key>/man-hinh/", public.screen, name="screen"),
    path("xep-hang/", desk.panel, name="panel"),
    path("xep-hang/dang-cho/", desk.waiting, name="waiting"),
    path("xep-hang/quay/", desk.choose, name="choose"),
    path("xep-hang/roi-quay/", desk.leave, name="leave"),
    path("xep-hang/viec/<slug:deed>/", desk.do, name="do"),
    path("xep-hang/<slug:shop_key>/thong-ke/", shop.numbers, name="statistics"),
    path("xep-hang/<slug:shop_key>/thiet-bi/", shop.devices, name="devices"),
    path("xep-hang/<slug:shop_key>/ap-phich/", shop.poster, name="poster"),
]
