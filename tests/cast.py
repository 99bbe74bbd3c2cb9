"""The cast: the people of the demonstration province by their user names, on a clock that stands still."""

import atexit
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cache
from pathlib import Path
from shutil import copy, copytree, ignore_patterns
from tempfile import TemporaryDirectory

from django.test import Client

from lienthong.foundation import clock
from lienthong.foundation.clock import ZONE
from lienthong.foundation.definitions import services as definitions
from lienthong.identity.definition import CAST
from lienthong.identity.models import Account
from lienthong.identity.queries import actor_of
from lienthong.identity.services import settle_cast

SOURCE = Path(__file__).resolve().parents[1] / "src" / "lienthong"
PASSWORD = "mot-cua-dien-tu-2025"

MONDAY = datetime(2025, 3, 3, 8, 30, tzinfo=ZONE)
"""An ordinary working day: Monday 3 March 2025, half past eight."""

AN, BICH = "an.nguyen", "bich.tran"
CLERK = "lan.motcua"
HEAD = "hung.qldt"
HANDLER, OTHER_HANDLER = "mai.qldt", "tuan.qldt"
FIRE_POLICE = "son.pccc"
LEADER = "thanh.phochutich"
TWO_AGENCIES = "trang.motcua"


REGISTERS = (
    "quy-hoach-xay-dung/giay-phep-xay-dung.yaml",
    "doanh-nghiep-dau-tu/doanh-nghiep.yaml",
    "doanh-nghiep-dau-tu/ho-kinh-doanh.yaml",
    "ho-tich/khai-sinh.yaml",
    "ho-tich/ket-hon.yaml",
    "cu-tru/thuong-tru.yaml",
)
"""The registers of the library that tests begin with: those that the province's procedures write into, and what these
point to. Each brings two tables with their indexes, and every test that works on a copy of the database copies them."""


@cache
def library() -> Path:
    """The library with a few of its registers."""
    made = TemporaryDirectory(prefix="lienthong-library-")
    atexit.register(made.cleanup)
    folder = Path(made.name) / "library"
    copytree(SOURCE / "library", folder, ignore=ignore_patterns("registers", "register-data"))
    for file in REGISTERS:
        place = folder / "registers" / file
        place.parent.mkdir(parents=True, exist_ok=True)
        copy(SOURCE / "library" / "registers" / file, place)
    return folder


def settle() -> None:
    """Publish the declarations and make the accounts. Once for a database."""
    with clock.at(MONDAY):
        plan = definitions.plan([library(), SOURCE / "provinces" / "dak_nong"])
        assert not plan.problems, "\n".join(map(str, plan.problems))
        definitions.apply(plan)
        for published in CAST.all():
            settle_cast(published.body, password=PASSWORD)


def on_monday() -> AbstractContextManager[None]:
    return clock.at(MONDAY)


def actor(username: str):
    """Who the person is today."""
    return actor_of(account(username))


def account(username: str) -> Account:
    return Account.objects.get(username=username)


def client_of(username: str) -> Client:
    """With which the person is signed in."""
    client = Client()
    client.force_login(account(username))
    return client


@cache
def photo() -> bytes:
    """A small real picture."""
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (64, 48), "#b5342d").save(out, "JPEG")
    return out.getvalue()
