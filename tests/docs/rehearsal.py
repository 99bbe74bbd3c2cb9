"""What the officers of the page do on its afternoon: accounts, posts, one dossier through all desks."""

import sys
import uuid

from django.db import transaction

from lienthong.cases import services
from lienthong.cases.models import Dossier, Paper, StepVisit, Taker
from lienthong.cases.rules import Status
from lienthong.cases.services import papers
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.models import Account
from lienthong.identity.queries import actor_of
from lienthong.identity.services.officers import create_officer

WARD = "bac-gia-nghia"
POSTS = {
    "lan": (f"{WARD}-trung-tam-hanh-chinh-cong", "can-bo"),
    "mai": (f"{WARD}-van-phong", "ho-tich"),
    "thanh": (WARD, "chu-tich"),
}
TYPED = {
    "requester": {"full_name": "Hồ sơ chạy thử", "phone": "0905412768"},
    "request": {"event": "birth", "of_whom": "Hồ sơ chạy thử", "copies": "1"},
}


def officer(username: str):
    return actor_of(Account.objects.get(username=username))


def act(dossier: Dossier, username: str, action: str, **rest) -> None:
    visit = StepVisit.objects.get(dossier=dossier, done_at=None)
    services.act(dossier_id=dossier.pk, visit_id=visit.pk, action=action, officer=officer(username), **rest)


for username, (agency, post) in POSTS.items():
    unit = tree().by_key(agency)
    chosen = next(each for each in tree().posts.values() if each.organisation_id == unit.id and each.key == post)
    create_officer(
        actor=officer("quantri"),
        username=username,
        full_name=f"Cán bộ {username}",
        post_id=chosen.id,
        first_day=clock.today(),
    )

dossier = services.open_dossier(
    procedure_key="cap-ban-sao-trich-luc-ho-tich",
    competent_key=WARD,
    raw=TYPED,
    actor=officer("lan"),
    idempotency_key=uuid.uuid4(),
)
act(dossier, "lan", "tiep-nhan")
with transaction.atomic():
    papers.make_receipt(dossier.pk, account_id=None, post_id=None, at=clock.now())
act(dossier, "mai", "lap", results={"trich-luc": {"book": "Số 12, quyển 01/2025"}})
act(dossier, "thanh", "ky")
own = services.Taking("Hồ sơ chạy thử", "067085004127", Taker.Capacity.OWN)
act(dossier, "lan", "tra-ket-qua", taking=own)
dossier.refresh_from_db()
assert dossier.code.startswith("H36.101-"), dossier.code
assert Paper.objects.get(dossier=dossier, kind="receipt").state == Paper.State.READY
assert dossier.status == Status.RETURNED
sys.stdout.write(f"returned {dossier.code}\n")
