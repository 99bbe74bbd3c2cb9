from django.urls import path

from lienthong.workspace.views import acting, beside, definitions, dossiers, files, inbox, ledger, register

app_name = "workspace"

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("ho-so/", dossiers.listing, name="dossiers"),
    path("ho-so/<int:dossier_id>/", dossiers.dossier, name="dossier"),
    path("ho-so/<int:dossier_id>/tep/<int:file_id>/", files.file, name="file"),
    path("ho-so/<int:dossier_id>/giay-to/", dossiers.papers, name="papers"),
    path("ho-so/<int:dossier_id>/giay-to/<int:paper_id>/", files.paper, name="paper"),
    path("ho-so/<int:dossier_id>/thanh-phan/<int:component_id>/", dossiers.check, name="check"),
    path("ho-so/<int:dossier_id>/buoc/<int:visit_id>/<slug:action>/", acting.act, name="act"),
    path("ho-so/<int:dossier_id>/viec/<slug:word>/<int:part>/", beside.deed, name="deed"),
    path("gia-han/<int:extension_id>/", beside.extension, name="extension"),
    path("so-theo-doi/", register.listing, name="register"),
    path("so-theo-doi/bang-tinh/", register.spreadsheet, name="register_spreadsheet"),
    path("so-theo-doi/ban-in/", register.paper, name="register_paper"),
    path("khai-bao/", definitions.overview, name="definitions"),
    path("khai-bao/<slug:kind>/", definitions.listing, name="definitions_of"),
    path("khai-bao/<slug:kind>/<slug:key>/", definitions.history, name="definition"),
    path("khai-bao/<slug:kind>/<slug:key>/<int:version>.yaml", definitions.file, name="definition_file"),
    path("nhat-ky/", ledger.search, name="ledger"),
]
