"""Every address of the house. Each module brings its own; `tests/test_house.py` walks them all."""

from django.urls import URLPattern, URLResolver, include, path

from lienthong.api.features import api as features
from lienthong.api.govstack import api as govstack
from lienthong.api.open_data import api as open_data
from lienthong.api.v1 import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("api/features/", features.urls),
    path("api/open-data/", open_data.urls),
    path("api/govstack/", govstack.urls),
    path("", include("lienthong.identity.urls")),
    path("chu-ky/", include("lienthong.signing.urls")),
    path("thong-bao/", include("lienthong.notifications.urls")),
    path("danh-muc/", include("lienthong.registers.code_lists.urls")),
    path("ban-lam-viec/co-so-du-lieu/", include("lienthong.registers.urls")),
    path("ban-lam-viec/van-ban/", include("lienthong.documents.urls")),
    path("ban-lam-viec/van-ban/du-thao/", include("lienthong.documents.drafts.urls")),
    path("ban-lam-viec/van-ban/ho-so/", include("lienthong.documents.records.urls")),
    path("ban-lam-viec/van-ban/ban-sao/", include("lienthong.documents.copying.urls")),
    path("ban-lam-viec/van-ban/trinh-ky/", include("lienthong.documents.circuit.urls")),
    path("ban-lam-viec/chi-dao/", include("lienthong.directives.urls")),
    path("ban-lam-viec/", include("lienthong.workspace.urls")),
    path("", include("lienthong.registers.choosing.urls")),
    path("", include("lienthong.registers.open_data.urls")),
    path("", include("lienthong.queueing.urls")),
    path("", include("lienthong.meetings.urls")),
    path("", include("lienthong.ui.urls")),
    path("", include("lienthong.portal.urls")),
]
