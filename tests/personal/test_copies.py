"""The copy of one's own data: everything of the person and nothing of others, made once, gone after its days."""

import io
import json
import uuid
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from lienthong.cases import services as cases
from lienthong.cases.services.talking import Enclosed
from lienthong.foundation import clock
from lienthong.foundation.files import kinds
from lienthong.foundation.files.models import Scan, StoredFile
from lienthong.foundation.files.rules import Policy
from lienthong.foundation.ledger.queries import timeline
from lienthong.notifications.models import Notification
from lienthong.personal import services
from lienthong.personal.models import DataCopy
from lienthong.personal.services import GIVEN_UP, KEPT, MAKE_JOB, NoSuchCopy
from lienthong.personal.sources import all_sources
from tests import cast
from tests.cases import dossiers
from tests.portal.conftest import begun
from tests.portal.test_dossiers import finished

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with cast.on_monday():
        yield


def an() -> Any:
    return cast.actor(cast.AN)


def jobs() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [MAKE_JOB])
        return [json.loads(args) if isinstance(args, str) else args for (args,) in cursor.fetchall()]


def made(username: str = cast.AN) -> DataCopy:
    copy = services.ask_for_copy(actor=cast.actor(username))
    assert services.make_copy(copy.account_id, copy.asked_at)
    return DataCopy.objects.get(pk=copy.pk)


def opened(username: str = cast.AN) -> zipfile.ZipFile:
    from lienthong.foundation.files import storage

    file = services.take_copy(actor=cast.actor(username))
    with storage.open_content(file.sha256) as content:
        return zipfile.ZipFile(io.BytesIO(content.read()))


def part(archive: zipfile.ZipFile, name: str) -> Any:
    return json.loads(archive.read(f"{name}.json"))


def rich() -> Any:
    """A dossier with everything: files, a result, messages with a file, readings, and a draft beside it."""
    dossier = finished()
    cases.write_back(
        dossier_id=dossier.pk,
        text="Cảm ơn cán bộ.",
        applicant=an(),
        key=uuid.uuid4(),
        files=[Enclosed("loi-cam-on.jpg", cast.photo())],
    )
    cases.read_dossier(dossier_id=dossier.pk, actor=cast.actor(cast.HANDLER))
    begun()
    return dossier


def test_the_copy_holds_everything_of_the_person():
    dossier = rich()
    made()
    archive = opened()
    names = archive.namelist()
    assert archive.testzip() is None and len(names) == len(set(names)) and "DOC-TRUOC.txt" in names
    assert {f"{name}.json" for name, _source in all_sources()} <= set(names)
    assert part(archive, "tai-khoan")["ho_ten"] == "Nguyễn Văn An"
    (told,) = part(archive, "ho-so")
    assert told["ma_ho_so"] == dossier.code and told["tra_luc"] is None
    assert "Thửa 125, tờ bản đồ số 14" in json.dumps(told["noi_dung_khai"], ensure_ascii=False)
    assert [each["noi_dung"] for each in told["trao_doi"]] == ["Cảm ơn cán bộ."]
    assert set(told["tep"]) <= set(names) and len(told["tep"]) >= 4
    result = next(name for name in told["tep"] if "giay-to-nhan-duoc" in name)
    assert archive.read(result).startswith(b"%PDF-")
    assert len(part(archive, "ban-nhap")) == 1
    assert [each["can_bo"] for each in part(archive, "ai-da-xem")] == [cast.account(cast.HANDLER).full_name]


def test_the_copy_holds_nothing_of_others():
    rich()
    dossiers.submitted(cast.BICH)
    made(cast.BICH)
    archive = opened(cast.BICH)
    everything = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".json")).decode()
    assert "an.nguyen" not in everything and "Cảm ơn cán bộ." not in everything
    assert len(part(archive, "ho-so")) == 1


def test_what_agencies_say_among_themselves_is_not_in_it():
    dossier = dossiers.in_hand()
    dossiers.act(dossier, cast.HANDLER, "tham-dinh", "lay-y-kien", reason="Nghi có sai phạm")
    made()
    assert "Nghi có sai phạm" not in json.dumps(part(opened(), "ho-so"), ensure_ascii=False)


def test_a_draft_with_half_typed_answers_does_not_hinder_the_copy():
    draft = begun()
    cases.save_draft(key=draft.key, applicant=an(), raw={"site": {"area": "mười hai", "lot": "Thửa 7"}})
    made()
    assert "Thửa 7" in json.dumps(part(opened(), "ban-nhap"), ensure_ascii=False)


def test_an_infected_file_is_named_and_not_given():
    dossier = dossiers.submitted()
    StoredFile.objects.filter(pk=dossier.components.first().file_id).update(scan=Scan.INFECTED, infection="Eicar")
    made()
    archive = opened()
    assert "Eicar" in archive.read("DOC-TRUOC.txt").decode()
    assert not [name for name in archive.namelist() if "giay-to-da-nop" in name]


def test_asking_twice_asks_once():
    first = services.ask_for_copy(actor=an())
    with clock.at(cast.MONDAY + timedelta(minutes=5)):
        assert services.ask_for_copy(actor=an()).asked_at == first.asked_at
    assert len(jobs()) == 1
    assert [entry.kind for entry in timeline(("account", first.account_id))].count("personal.copy_asked") == 1


def test_a_copy_just_made_stays_and_an_older_one_is_replaced():
    first = made()
    assert services.ask_for_copy(actor=an()).file_id == first.file_id
    with clock.at(cast.MONDAY + timedelta(hours=2)):
        second = made()
    assert second.file_id != first.file_id and not StoredFile.objects.filter(pk=first.file_id).exists()


def test_making_twice_makes_once_and_tells_once():
    copy = made()
    assert not services.make_copy(copy.account_id, copy.asked_at)
    assert Notification.objects.filter(kind="data-copy-ready", account_id=copy.account_id).count() == 1
    assert StoredFile.objects.filter(format="zip").count() == 1


def test_a_job_that_died_leaves_nothing_and_may_be_asked_for_again_the_next_day(monkeypatch: pytest.MonkeyPatch):
    copy = services.ask_for_copy(actor=an())

    def die(*_given: Any, **_more: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(services.files, "keep", die)
    with pytest.raises(OSError, match="no space"):
        services.make_copy(copy.account_id, copy.asked_at)
    assert not StoredFile.objects.filter(format="zip").exists() and services.copy_of(an())
    with clock.at(cast.MONDAY + GIVEN_UP):
        assert services.copy_of(an()) is None
        services.ask_for_copy(actor=an())
    assert len(jobs()) == 2


def test_a_job_for_a_copy_that_was_asked_for_anew_does_nothing():
    copy = services.ask_for_copy(actor=an())
    with clock.at(cast.MONDAY + GIVEN_UP):
        services.ask_for_copy(actor=an())
    assert not services.make_copy(copy.account_id, copy.asked_at)


def test_after_its_days_the_copy_is_gone():
    file_id = made().file_id
    with clock.at(cast.MONDAY + KEPT - timedelta(seconds=1)):
        assert services.forget_old() == 0 and services.take_copy(actor=an())
    with clock.at(cast.MONDAY + KEPT):
        with pytest.raises(NoSuchCopy):
            services.take_copy(actor=an())
        assert services.forget_old() == 1 and services.forget_old() == 0
    assert not StoredFile.objects.filter(pk=file_id).exists()


def test_taking_the_copy_is_on_record_and_nobody_else_takes_it():
    copy = made()
    services.take_copy(actor=an())
    assert timeline(("account", copy.account_id))[-1].kind == "personal.copy_taken"
    for username in (cast.BICH, cast.HANDLER, "quantri"):
        with pytest.raises(NoSuchCopy):
            services.take_copy(actor=cast.actor(username))


def test_no_place_of_a_form_takes_archives():
    assert "zip" not in kinds.KINDS
    with pytest.raises(ValueError, match="zip"):
        Policy(kinds={"zip"}, max_bytes=1)


def test_strangers_get_no_copy():
    made()
    assert Client().get("/du-lieu-cua-toi/ban-sao/tai-ve/").status_code == 302
