"""Addresses of documents at the desk: mount below the desk's own."""

from django.urls import path

from lienthong.documents.views import (
    books,
    copies,
    directing,
    exchange,
    following,
    incoming,
    issuing,
    outgoing,
    posting,
    publishing,
    receiving,
    registering,
)

app_name = "documents"

urlpatterns = [
    path("den/", incoming.listing, name="incoming"),
    path("den/dang-ky/", registering.register, name="register"),
    path("den/so/", books.page, name="book"),
    path("den/so/tep/", books.ask, name="book_ask"),
    path("den/so/tep/<uuid:key>/", books.file, name="book_file"),
    path("den/so/tep/<uuid:key>/luu/", books.content, name="book_content"),
    path("den/qua-han/", following.late, name="late"),
    path("den/thong-ke/", following.statistics, name="statistics"),
    path("den/don-doc/", following.urge, name="urge"),
    path("den/gia-han/<int:request_id>/", following.more_time, name="more_time"),
    path("den/dang-ky/<uuid:form>/<int:waiting_id>/", registering.waiting_file, name="waiting_file"),
    path("den/<int:arrival_id>/", incoming.arrival, name="arrival"),
    path("den/<int:arrival_id>/tiep-nhan/", receiving.take_in, name="take_in"),
    path("den/<int:arrival_id>/tra-noi-gui/", receiving.send_back, name="send_back"),
    path("den/<int:arrival_id>/da-huy/", receiving.confirm_recall, name="confirm_recall"),
    path("den/<int:arrival_id>/tep/<int:place>/", incoming.file, name="file"),
    path("di/", outgoing.listing, name="outgoing"),
    path("di/phat-hanh/", issuing.issue, name="issue"),
    path("di/thong-ke/", exchange.statistics, name="exchange"),
    path("di/ban-giay/", posting.postal, name="postal"),
    path("di/ban-luu/<int:use_id>/", copies.use, name="copy_use"),
    path("di/<int:issue_id>/ban-giay/", posting.posting, name="posting"),
    path("di/<int:issue_id>/ban-luu/", copies.ask, name="ask_copy"),
    path("di/<int:issue_id>/cong-khai/", publishing.publish, name="publish"),
    path("di/<int:issue_id>/", outgoing.issue, name="issued"),
    path("di/<int:issue_id>/tep/<int:place>/", outgoing.file, name="issued_file"),
    path("di/<int:issue_id>/thu-hoi/", issuing.recall, name="recall"),
    path("den/<int:arrival_id>/dau-den/", incoming.stamped, name="stamped"),
    path("den/<int:arrival_id>/trinh/", incoming.present, name="present"),
    path("den/<int:arrival_id>/<slug:deed>/<int:task_id>/", directing.do, name="do"),
]
