"""Dossiers of the one-stop shop in records of work."""

import pytest

from lienthong.documents.records import keeping as services
from lienthong.documents.records.carrying import NoSuchRecord
from lienthong.documents.records.rules import Against
from lienthong.work import subjects
from tests import cast
from tests.cases import dossiers
from tests.cast import client_of
from tests.documents.conftest import HANDLER
from tests.documents.test_records import opened

OTHER_AGENCY = "vanthu.tinh"

pytestmark = pytest.mark.django_db


def test_each_type_of_subject_is_registered_once_and_names_a_page():
    assert {"dossier", "incoming-document", "outgoing-document"} <= subjects.SUBJECTS.keys()
    with pytest.raises(ValueError, match="registered already"):
        subjects.register("dossier", subjects.SUBJECTS["incoming-document"])


def test_a_dossier_is_filed_by_its_handler_from_its_page_without_copying():
    dossier, record = dossiers.in_hand(), opened()
    page = client_of(HANDLER).get(f"/ban-lam-viec/ho-so/{dossier.pk}/").content.decode()
    where = f"/ban-lam-viec/van-ban/ho-so/dua-vao/dossier/{dossier.pk}/"
    assert where in page
    for _ in range(2):
        client_of(HANDLER).post(where, {"ho-so": record.pk})
    item = record.items.get()
    assert (item.code, item.subject_type, item.subject_id) == (dossier.code, "dossier", dossier.pk)
    assert "Nguyễn Văn An" not in item.title
    shown = client_of(HANDLER).get(f"/ban-lam-viec/van-ban/ho-so/{record.pk}/").content.decode()
    assert f'href="/ban-lam-viec/ho-so/{dossier.pk}/"' in shown


def test_who_may_not_see_a_dossier_neither_files_it_nor_reads_what_it_is_called():
    dossier = dossiers.in_hand()
    assert not subjects.SUBJECTS["dossier"].seen_by(cast.actor(OTHER_AGENCY), [dossier.pk])
    for address in (f"dossier/{dossier.pk}", "dossier/999999999999999999", "nothing/1"):
        answer = client_of(OTHER_AGENCY).get(f"/ban-lam-viec/van-ban/ho-so/dua-vao/{address}/")
        assert answer.status_code == 404
    with pytest.raises(NoSuchRecord):
        services.facts_of(("dossier", dossier.pk), cast.actor(OTHER_AGENCY))


def test_a_dossier_stands_against_closing_until_it_has_ended():
    dossier, record = dossiers.in_hand(), opened(retention="vinh-vien")
    item = services.file(record_id=record.pk, subject=("dossier", dossier.pk), officer=cast.actor(HANDLER))
    services.describe(record_id=record.pk, item_id=item.pk, officer=cast.actor(HANDLER), place=1, sheets=4, note="")
    assert services.standing_against(record) == [(Against.UNFINISHED, (1,))]


def test_the_files_of_a_dossier_are_those_handed_in_and_those_issued_each_once():
    dossier = dossiers.in_hand()
    files = subjects.SUBJECTS["dossier"].files(dossier.pk)
    handed_in = [component.file_id for component in dossier.components.order_by("id")]
    assert handed_in and {file.pk for file in files} >= set(handed_in)
    assert len({file.pk for file in files}) == len(files)


def test_destroying_a_record_leaves_a_dossier_and_its_files_alone():
    dossier = dossiers.in_hand()
    before = subjects.SUBJECTS["dossier"].files(dossier.pk)
    assert subjects.SUBJECTS["dossier"].erase(dossier.pk) == []
    assert subjects.SUBJECTS["dossier"].files(dossier.pk) == before
