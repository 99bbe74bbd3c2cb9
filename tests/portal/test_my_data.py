"""What agencies hold about the person and who has read it: in plain words, only the own, at a fixed cost."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lienthong.cases import services as cases
from lienthong.cases.models import Dossier
from lienthong.cases.queries.holdings import readings_of
from lienthong.foundation import clock
from lienthong.foundation.ledger.models import Entry
from lienthong.personal import services
from lienthong.personal.models import DataCopy
from tests import cast
from tests.browsing import queries_of
from tests.cases import dossiers
from tests.portal.conftest import begun, browser_of, page

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    return answer.content.decode()


def read(dossier: Dossier, username: str = cast.HANDLER) -> None:
    cases.read_dossier(dossier_id=dossier.pk, actor=cast.actor(username))


def read_file(dossier: Dossier, username: str = cast.HANDLER) -> None:
    file = dossier.components.first()
    assert file
    cases.read_file(dossier_id=dossier.pk, file_id=file.file_id, actor=cast.actor(username))


def test_the_page_says_what_is_held_where(an: Client):
    dossiers.submitted()
    begun()
    shown = text(an.get(page("my_data")))
    assert "Nguyễn Văn An" in shown and "0905412768" in shown
    assert "Ủy ban nhân dân thành phố Gia Nghĩa" in shown and "1 đơn bạn đang viết dở" in shown
    assert "Chưa có cán bộ nào mở hồ sơ" in shown
    assert "no-store" in an.get(page("my_data"))["Cache-Control"]


def test_who_has_nothing_is_told_so(bich: Client):
    shown = text(bich.get(page("my_data")))
    assert "Bạn chưa nộp hồ sơ nào" in shown
    assert "Chưa có ai xem hồ sơ của bạn" in text(bich.get(page("readings")))


def test_who_read_what_is_told_in_plain_words(an: Client):
    dossier = dossiers.in_hand()
    read(dossier)
    read_file(dossier)
    read_file(dossier)
    read(dossier, cast.LEADER)
    first, second = readings_of(cast.actor(cast.AN)).rows
    assert first.who == cast.account(cast.LEADER).full_name and first.opened and not first.files
    assert second.who == cast.account(cast.HANDLER).full_name and second.opened and second.files == 2
    assert second.office.endswith(second.agency) and second.agency == "Phòng Quản lý đô thị thành phố Gia Nghĩa"
    shown = text(an.get(page("readings")))
    assert cast.account(cast.HANDLER).full_name in shown and "2 tệp" in shown and dossier.code in shown


def test_another_day_is_another_line():
    dossier = dossiers.in_hand()
    read(dossier)
    with clock.at(cast.MONDAY + timedelta(days=1)):
        read(dossier)
    assert len(readings_of(cast.actor(cast.AN)).rows) == 2


def test_nobody_sees_who_read_what_of_others(bich: Client):
    read(dossiers.in_hand())
    assert readings_of(cast.actor(cast.BICH)).rows == []
    assert cast.account(cast.HANDLER).full_name not in text(bich.get(page("readings")))
    assert readings_of(cast.actor(cast.HANDLER)).rows == []


def test_readings_are_shown_page_by_page_over_all_dossiers(an: Client):
    one, other = dossiers.in_hand(), dossiers.in_hand()
    for n in range(5):
        with clock.at(cast.MONDAY + timedelta(days=n)):
            read(one if n % 2 else other)
    seen, before = [], None
    while True:
        found = readings_of(cast.actor(cast.AN), before=before, size=2)
        seen += [(each.dossier_id, each.last) for each in found.rows]
        if found.next is None:
            break
        before = found.next
    assert [dossier for dossier, _at in seen] == [other.pk, one.pk, other.pk, one.pk, other.pk]
    assert [at for _dossier, at in seen] == sorted((at for _dossier, at in seen), reverse=True)
    entry = Entry.objects.filter(kind="cases.seen").order_by("-id")[2]
    earlier = an.get(page("readings") + f"?truoc={entry.pk}")
    assert len(earlier.context["readings"].rows) == 2


def test_the_pages_cost_the_same_however_much_was_read(an: Client):
    first = dossiers.in_hand()
    read(first)
    few = [queries_of(lambda name=name: an.get(page(name))) for name in ("my_data", "readings")]
    for _more in range(3):
        read(dossiers.in_hand())
        read_file(first, cast.LEADER)
    many = [queries_of(lambda name=name: an.get(page(name))) for name in ("my_data", "readings")]
    assert many == few and few[0] <= 15 and few[1] <= 9


def test_a_copy_is_asked_for_made_and_saved(an: Client, bich: Client):
    assert an.get(page("take_copy")).status_code == 404
    assert an.get(page("ask_for_copy")).status_code == 405
    for _press in range(2):
        assert an.post(page("ask_for_copy"))["Location"] == page("my_data")
    assert "Đang lập bản sao" in text(an.get(page("my_data"))) and DataCopy.objects.count() == 1
    copy = DataCopy.objects.get()
    services.make_copy(copy.account_id, copy.asked_at)
    assert page("take_copy") in text(an.get(page("my_data")))
    saved = an.get(page("take_copy"))
    assert saved["Content-Type"] == "application/zip" and saved["Content-Disposition"].startswith("attachment")
    assert b"".join(saved.streaming_content)[:2] == b"PK"
    for client in (bich, browser_of(cast.HANDLER)):
        assert client.get(page("take_copy")).status_code == 404


def test_the_way_to_a_correction_is_named(an: Client):
    shown = text(an.get(page("my_data")))
    assert "/tai-khoan/thong-tin/" in shown and page("mine") in shown
