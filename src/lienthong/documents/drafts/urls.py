"""Addresses of drafts, below those of documents."""

from django.urls import path

from lienthong.documents.drafts.views import asking, lists, pages, taking, writing

app_name = "drafts"

urlpatterns = [
    path("", lists.listing, name="listing"),
    path("moi/", writing.new, name="new"),
    path("y-kien/<int:opinion_id>/", asking.opinion, name="opinion"),
    path("<int:draft_id>/", pages.draft, name="draft"),
    path("<int:draft_id>/soan/", writing.edit, name="edit"),
    path("<int:draft_id>/lam-sach/", writing.clean, name="clean"),
    path("<int:draft_id>/tai-len/", writing.upload, name="upload"),
    path("<int:draft_id>/so-sanh/", pages.compare, name="compare"),
    path("<int:draft_id>/xin-y-kien/", asking.circulate, name="circulate"),
    path("<int:draft_id>/thoi-xin-y-kien/", asking.close, name="close_asking"),
    path("<int:draft_id>/y-kien/<int:opinion_id>/tep/", pages.opinion_file, name="opinion_file"),
    path("<int:draft_id>/y-kien/<int:opinion_id>/tiep-thu/", taking.taken, name="taken"),
    path("<int:draft_id>/y-kien/tai/<slug:format_key>/", pages.opinions, name="opinions"),
    path("<int:draft_id>/bo/", pages.drop, name="drop"),
    path("<int:draft_id>/mo-lai/", pages.reopen, name="reopen"),
    path("<int:draft_id>/ban/<int:number>/", pages.paper, name="paper"),
    path("<int:draft_id>/ban/<int:number>/the-thuc/", pages.check, name="check"),
    path("<int:draft_id>/ban/<int:number>/lay-lai/", pages.restore, name="restore"),
]
