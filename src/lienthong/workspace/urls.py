from django.urls import path

from lienthong.workspace.views import (
    acting,
    beside,
    bulk,
    definitions,
    digitising,
    dossiers,
    files,
    inbox,
    ledger,
    register,
)

app_name = "workspace"

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("ho-so/", dossiers.listing, name="dossiers"),
    path("ho-so/<int:dossier_id>/", dossiers.dossier, name="dossier"),
    path("ho-so/<int:dossier_id>/tep/<int:file_id>/", files.file, name="file"),
    path("ho-so/<int:dossier_id>/giay-to/", dossiers.papers, name="papers"),
    path("ho-so/<int:dossier_id>/giay-to/<int:paper_id>/", files.paper, name="paper"),
    path("ho-so/<int:dossier_id>/thanh-phan/<int:component_id>/", dossiers.check, name="check"),
    path("ho-so/<int:dossier_id>/so-hoa/", digitising.digitise, name="digitise"),
    path("ho-so/<int:dossier_id>/so-hoa/ky/", digitising.sign, name="digitise_sign"),
    path("ho-so/<int:dossier_id>/so-hoa/bo/<int:component_id>/", digitising.remove, name="digitise_remove"),
    path("ho-so/<int:dossier_id>/so-hoa/them/<slug:component>/", digitising.add, name="digitise_add"),
    path("ho-so/<int:dossier_id>/buoc/<int:visit_id>/<slug:action>/", acting.act, name="act"),
    path("ho-so/<int:dossier_id>/viec/<slug:word>/<int:part>/", beside.deed, name="deed"),
    path("gia-han/<int:extension_id>/", beside.extension, name="extension"),
    path("hang-loat/", bulk.listing, name="bulks"),
    path("hang-loat/chon/", bulk.choose, name="bulk_choose"),
    path("hang-loat/<uuid:key>/", bulk.bulk, name="bulk"),
    path("hang-loat/<uuid:key>/tien-do/", bulk.progress, name="bulk_progress"),
    path("hang-loat/<uuid:key>/dung/", bulk.stop, name="bulk_stop"),
    path("hang-loat/<uuid:key>/con-lai/", bulk.again, name="bulk_again"),
    path("hang-loat/<uuid:key>/ket-qua.<slug:ending>", bulk.results, name="bulk_results"),
    path("so-theo-doi/", register.listing, name="register"),
    path("so-theo-doi/bang-tinh/", register.spreadsheet, name="register_spreadsheet"),
    path("so-theo-doi/ban-in/", register.paper, name="register_paper"),
    path("khai-bao/", definitions.overview, name="definitions"),
    path("khai-bao/<slug:kind>/", definitions.listing, name="definitions_of"),
    path("khai-bao/<slug:kind>/<slug:key>/", definitions.history, name="definition"),
    path("khai-bao/<slug:kind>/<slug:key>/<int:version>.yaml", definitions.file, name="definition_file"),
    path("nhat-ky/", ledger.search, name="ledger"),
]
