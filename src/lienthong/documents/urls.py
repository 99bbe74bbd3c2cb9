"""Addresses of documents at the desk: mount below the desk's own."""

from django.urls import path

from lienthong.documents.finding import views as finding
from lienthong.documents.views import (
    books,
    directing,
    following,
    incoming,
    issuing,
    limiting,
    outgoing,
    readings,
    receiving,
    registering,
    signatures,
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
    path("den/<int:arrival_id>/tep/<int:place>/chu-ky/", signatures.of_arrival, name="signatures"),
    path("han-che/<slug:subject_type>/<int:pk>/", limiting.limit, name="limit"),
    path("nguoi-xem/<slug:subject_type>/<int:pk>/", readings.page, name="readings"),
    path("nguoi-xem/<slug:subject_type>/<int:pk>/tai/", readings.download, name="readings_file"),
    path("tim/", finding.page, name="find"),
    path("tim/tai/", finding.download, name="find_file"),
    path("tim/luu/", finding.keep, name="keep_search"),
    path("tim/da-luu/<int:search_id>/", finding.saved, name="saved_search"),
    path("tim/da-luu/<int:search_id>/doi/", finding.change, name="change_search"),
    path("di/", outgoing.listing, name="outgoing"),
    path("di/phat-hanh/", issuing.issue, name="issue"),
    path("di/<int:issue_id>/", outgoing.issue, name="issued"),
    path("di/<int:issue_id>/tep/<int:place>/", outgoing.file, name="issued_file"),
    path("di/<int:issue_id>/tep/<int:place>/chu-ky/", signatures.of_issue, name="issued_signatures"),
    path("di/<int:issue_id>/thu-hoi/", issuing.recall, name="recall"),
    path("den/<int:arrival_id>/dau-den/", incoming.stamped, name="stamped"),
    path("den/<int:arrival_id>/trinh/", incoming.present, name="present"),
    path("den/<int:arrival_id>/<slug:deed>/<int:task_id>/", directing.do, name="do"),
]
