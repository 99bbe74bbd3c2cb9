"""Addresses of the public face: mount at the root of the site."""

from django.urls import path

from lienthong.portal.views import applying, catalogue, conversation, dossiers, my_data, site, tracking, verifying

app_name = "portal"

urlpatterns = [
    path("", catalogue.home, name="home"),
    path("thu-tuc/", catalogue.catalogue, name="catalogue"),
    path("thu-tuc/<slug:key>/", catalogue.procedure, name="procedure"),
    path("thu-tuc/<slug:key>/nop-ho-so/", applying.begin, name="begin"),
    path("nop-ho-so/<uuid:key>/", applying.go_on, name="draft"),
    path("nop-ho-so/<uuid:key>/truong-hop/", applying.variant, name="variant"),
    path("nop-ho-so/<uuid:key>/nhan-ket-qua/", applying.returning, name="returning"),
    path("nop-ho-so/<uuid:key>/noi-nop/", applying.agency, name="agency"),
    path("nop-ho-so/<uuid:key>/to-khai/<int:number>/", applying.fill_in, name="fill_in"),
    path("nop-ho-so/<uuid:key>/giay-to/", applying.attachments, name="attachments"),
    path("nop-ho-so/<uuid:key>/tep/<int:file_id>/", applying.draft_file, name="draft_file"),
    path("nop-ho-so/<uuid:key>/kiem-tra/", applying.review, name="review"),
    path("nop-ho-so/<uuid:key>/xoa/", applying.discard, name="discard"),
    path("ho-so-cua-toi/", dossiers.mine, name="mine"),
    path("ho-so-cua-toi/<int:dossier_id>/", dossiers.dossier, name="dossier"),
    path("ho-so-cua-toi/<int:dossier_id>/da-nop/", dossiers.submitted, name="submitted"),
    path("ho-so-cua-toi/<int:dossier_id>/xac-nhan.pdf", dossiers.confirmation, name="confirmation"),
    path("ho-so-cua-toi/<int:dossier_id>/tep/<int:component_id>/", dossiers.component_file, name="component_file"),
    path("ho-so-cua-toi/<int:dossier_id>/giay/<int:paper_id>/", dossiers.paper_file, name="paper_file"),
    path("ho-so-cua-toi/<int:dossier_id>/bo-sung/", dossiers.supplement, name="supplement"),
    path("ho-so-cua-toi/<int:dossier_id>/rut/", dossiers.withdraw, name="withdraw"),
    path("ho-so-cua-toi/<int:dossier_id>/trao-doi/", conversation.conversation, name="talk"),
    path(
        "ho-so-cua-toi/<int:dossier_id>/trao-doi/tep/<int:enclosed_id>/", conversation.enclosed_file, name="talk_file"
    ),
    path("du-lieu-cua-toi/", my_data.overview, name="my_data"),
    path("du-lieu-cua-toi/ai-da-xem/", my_data.readings, name="readings"),
    path("du-lieu-cua-toi/ban-sao/", my_data.ask_for_copy, name="ask_for_copy"),
    path("du-lieu-cua-toi/ban-sao/tai-ve/", my_data.take_copy, name="take_copy"),
    path("tra-cuu/", tracking.track, name="track"),
    path("kiem-tra/", verifying.enter, name="verify_start"),
    path("kiem-tra/tep/", verifying.examine, name="examine"),
    path("kiem-tra/chung-thu-goc.crt", verifying.root_certificate, name="root_certificate"),
    path("kiem-tra/<str:verification>/", verifying.paper, name="verify"),
    path("kiem-tra/<str:verification>/ban-goc.pdf", verifying.original, name="verify_original"),
    path("tiep-can/", site.accessibility, name="accessibility"),
    path("robots.txt", site.robots, name="robots"),
    path("suc-khoe/", site.health, name="health"),
]
