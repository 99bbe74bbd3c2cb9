"""Addresses of the registers at the desk: mount below the desk's own."""

from django.urls import include, path

from lienthong.registers.views import (
    cards,
    editing,
    extracts,
    listing,
    map,
    proposals,
    results,
    statistics,
    together,
)

app_name = "registers"

urlpatterns = [
    path("", listing.overview, name="overview"),
    path("het-han-luu/", include("lienthong.registers.urls_retention")),
    path("ket-qua-ho-so/<int:received_id>/", results.result, name="result"),
    path("ket-qua-ho-so/<int:received_id>/khong-ghi/", results.set_aside, name="set_aside"),
    path("de-nghi/<int:proposal_id>/", proposals.one, name="proposal"),
    path("de-nghi/<int:proposal_id>/quyet-dinh/", proposals.decide, name="proposal_decide"),
    path("de-nghi/<int:proposal_id>/rut/", proposals.withdraw, name="proposal_withdraw"),
    path("de-nghi/<int:proposal_id>/tien-do/", proposals.progress, name="proposal_progress"),
    path("de-nghi/<int:proposal_id>/tep/<int:file_id>/", proposals.file, name="proposal_file"),
    path("de-nghi/<int:proposal_id>/soan/", together.draft, name="proposal_draft"),
    path("de-nghi/<int:proposal_id>/soan/bo/", together.throw_away, name="proposal_throw_away"),
    path("de-nghi/<int:proposal_id>/con-lai/", together.again, name="proposal_again"),
    path("<slug:register>/", listing.listing, name="listing"),
    path("<slug:register>/de-nghi/", proposals.listing, name="proposals"),
    path("<slug:register>/de-nghi/hang-loat/", together.choose, name="propose_together"),
    path("<slug:register>/muc-dich/", cards.purpose, name="purpose"),
    path("<slug:register>/cach-xem/", listing.save_view, name="save_view"),
    path("<slug:register>/cach-xem/<int:view_id>/bo/", listing.forget_view, name="forget_view"),
    path("<slug:register>/nhap/", include("lienthong.registers.urls_importing")),
    path("<slug:register>/xuat/", include("lienthong.registers.urls_exporting")),
    path("<slug:register>/them/", editing.enter, name="enter"),
    path("<slug:register>/thong-ke/", statistics.page, name="statistics"),
    path("<slug:register>/thong-ke/<str:statistic>/", statistics.page, name="statistic"),
    path("<slug:register>/thong-ke/<str:statistic>/tep.<str:format_key>", statistics.file, name="statistic_file"),
    path("<slug:register>/ban-do/", map.page, name="map"),
    path("<slug:register>/ban-do/gan/", map.near, name="near"),
    path("<slug:register>/ban-do/cat-gop/", map.cut, name="cut"),
    path("<slug:register>/o/<int:z>/<int:x>/<int:y>.mvt", map.tile, name="tile"),
    path("<slug:register>/<int:entry_id>/", cards.card, name="card"),
    path("<slug:register>/<int:entry_id>/tep/<int:file_id>/", cards.file, name="file"),
    path("<slug:register>/<int:entry_id>/trich-luc/", extracts.issue, name="extract_issue"),
    path("<slug:register>/<int:entry_id>/trich-luc/<uuid:key>.pdf", extracts.file, name="extract_file"),
    path("<slug:register>/<int:entry_id>/<slug:deed>/", editing.edit, name="edit"),
]
