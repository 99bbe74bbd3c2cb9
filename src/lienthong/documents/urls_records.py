"""Addresses of records, below those of documents. All names begin with `record`."""

from django.urls import path

from lienthong.documents.views import archive, record_lists, records

urlpatterns = [
    path("", records.listing, name="records"),
    path("mo/", records.new, name="record_new"),
    path("dua-vao/<slug:subject_type>/<int:subject_id>/", records.file_into, name="record_file_into"),
    path("danh-muc/", record_lists.page, name="record_list"),
    path("danh-muc/<int:list_id>/", record_lists.by_id, name="record_list_of"),
    path("danh-muc/<int:list_id>/dong/", record_lists.line, name="record_line_new"),
    path("danh-muc/<int:list_id>/dong/<int:line_id>/", record_lists.line, name="record_line"),
    path("danh-muc/<int:list_id>/dan/", record_lists.paste, name="record_paste"),
    path("danh-muc/<int:list_id>/tai/<slug:format_key>/", record_lists.download, name="record_list_file"),
    path("danh-muc/<int:list_id>/<slug:deed>/", record_lists.do, name="record_list_do"),
    path("luu-tru/", archive.desk, name="record_archive"),
    path("nop-luu/", archive.give, name="record_give"),
    path("nop-luu/<int:hand_over_id>/", archive.hand_over, name="record_hand_over"),
    path(
        "nop-luu/<int:hand_over_id>/tai/<slug:paper>/<slug:format_key>/",
        archive.hand_over_file,
        name="record_hand_over_file",
    ),
    path("tieu-huy/", archive.propose, name="record_propose"),
    path("tieu-huy/<int:disposal_id>/", archive.disposal, name="record_disposal"),
    path("tieu-huy/<int:disposal_id>/tai/<slug:format_key>/", archive.disposal_file, name="record_disposal_file"),
    path("<int:record_id>/", records.record, name="record"),
    path("<int:record_id>/sua/", records.change, name="record_change"),
    path("<int:record_id>/tai/<slug:format_key>/", records.download, name="record_contents"),
    path("<int:record_id>/van-ban/<int:item_id>/", records.item, name="record_item"),
    path("<int:record_id>/<slug:deed>/", records.do, name="record_do"),
]
