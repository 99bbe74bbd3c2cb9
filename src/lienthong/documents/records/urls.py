"""Addresses of records, below those of documents. All names begin with `record`."""

from django.urls import path

from lienthong.documents.records.views import archive, asking, counting, lists, packages, records

app_name = "records"

urlpatterns = [
    path("", records.listing, name="listing"),
    path("mo/", records.new, name="new"),
    path("dua-vao/<slug:subject_type>/<int:subject_id>/", records.file_into, name="file_into"),
    path("danh-muc/", lists.page, name="list"),
    path("danh-muc/<int:list_id>/", lists.by_id, name="list_of"),
    path("danh-muc/<int:list_id>/dong/", lists.line, name="line_new"),
    path("danh-muc/<int:list_id>/dong/<int:line_id>/", lists.line, name="line"),
    path("danh-muc/<int:list_id>/dan/", lists.paste, name="paste"),
    path("danh-muc/<int:list_id>/tai/<slug:format_key>/", lists.download, name="list_file"),
    path("danh-muc/<int:list_id>/<slug:deed>/", lists.do, name="list_do"),
    path("luu-tru/", archive.desk, name="archive"),
    path("luu-tru/giu-lai/<int:record_id>/", asking.answer, name="asked"),
    path("luu-tru/goi/", packages.packages, name="packages"),
    path("luu-tru/goi/lap/", packages.ask, name="package_ask"),
    path("luu-tru/goi/kiem-tra/", packages.check, name="package_check"),
    path("luu-tru/goi/<uuid:key>/tai/", packages.content, name="package_content"),
    path("nop-luu/", archive.give, name="give"),
    path("nop-luu/thong-ke/", counting.statistics, name="statistics"),
    path("nop-luu/thong-ke/tai/<slug:format_key>/", counting.statistics_file, name="statistics_file"),
    path("nop-luu/<int:hand_over_id>/", archive.hand_over, name="hand_over"),
    path(
        "nop-luu/<int:hand_over_id>/tai/<slug:paper>/<slug:format_key>/",
        archive.hand_over_file,
        name="hand_over_file",
    ),
    path("tieu-huy/", archive.propose, name="propose"),
    path("tieu-huy/<int:disposal_id>/", archive.disposal, name="disposal"),
    path("tieu-huy/<int:disposal_id>/tai/<slug:format_key>/", archive.disposal_file, name="disposal_file"),
    path("<int:record_id>/", records.record, name="record"),
    path("<int:record_id>/sua/", records.change, name="change"),
    path("<int:record_id>/tai/<slug:format_key>/", records.download, name="contents"),
    path("<int:record_id>/van-ban/<int:item_id>/", records.item, name="item"),
    path("<int:record_id>/<slug:deed>/", records.do, name="do"),
]
