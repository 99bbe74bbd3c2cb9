"""Addresses of checking, signing and issuing drafts, below those of documents."""

from django.urls import path

from lienthong.documents.circuit.views import issuing, lists, presenting, signing, together

app_name = "circuit"

urlpatterns = [
    path("", lists.waiting, name="waiting"),
    path("da-trinh/", lists.presented, name="presented"),
    path("cho-so/", lists.to_number, name="to_number"),
    path("ky-nhieu/", together.choose, name="choose"),
    path("ky-nhieu/<uuid:key>/", together.together, name="together"),
    path("<int:draft_id>/", signing.page, name="signing"),
    path("<int:draft_id>/tep/<int:number>/", signing.file, name="file"),
    path("<int:draft_id>/trinh/", presenting.present, name="present"),
    path("<int:draft_id>/rut-lai/", signing.take_back, name="take_back"),
    path("<int:draft_id>/phat-hanh/", issuing.issue, name="issue"),
    path("<int:draft_id>/tra-lai/", issuing.give_back, name="give_back"),
    path("luot/<int:turn_id>/doi-nguoi/", signing.redirect_turn, name="redirect"),
    path("luot/<int:turn_id>/<slug:deed>/", signing.do, name="do"),
]
