"""Fields that were left out: out of sight until their retention is over, then dropped when an operator asks for it."""

from datetime import timedelta
from functools import partial
from io import BytesIO

import pytest

from lienthong.foundation import clock
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.ledger.queries import search
from lienthong.registers import queries, services, tables
from lienthong.registers.attaching import services as attaching
from lienthong.registers.definition import FieldsGone
from lienthong.registers.retention import tidying
from tests.registers.conftest import DECLARED, GIA_NGHIA, KEY, officer_of, permit, publish
from tests.registers.test_files import picture
from tests.registers.test_tables import columns

pytestmark = pytest.mark.django_db

AREA = "  - {key: dien_tich, type: decimal, label: Diện tích sàn, unit: m²}\n"
WITH_SCAN = DECLARED.replace(AREA, AREA + "  - {key: ban_chup, type: file, label: Bản chụp}\n")
WITHOUT = DECLARED.replace(AREA, "").replace("ngay_cap, dien_tich]", "ngay_cap]")
ADDRESS = "  - {key: dia_chi, type: address, label: Địa chỉ xây dựng, required: true}\n"


def entered(**other):
    return services.enter(register=KEY, raw=permit(**other), officer=officer_of("case-handler", GIA_NGHIA))


def narrowed():
    publish(WITHOUT, allow_loss=True)


def left_out():
    (found,) = tidying.left_out()
    return found


def test_what_is_declared_is_not_left_out(register):
    entered()
    assert tidying.left_out() == []


def test_a_field_that_was_left_out_stays_until_its_retention_is_over(register):
    entered()
    narrowed()
    found = left_out()
    assert (found.key, found.label, list(found.columns)) == ("dien_tich", "Diện tích sàn", ["dien_tich"])
    assert not found.empty and not found.may_go
    assert found.over_on == clock.today().replace(year=clock.today().year + 20)
    assert not tidying.drop(found) and "dien_tich" in columns("register_giay_phep_thu")
    with clock.at(clock.now() + timedelta(days=366 * 20)):
        assert left_out().may_go and tidying.drop(left_out())
    for table in ("register_giay_phep_thu", "register_giay_phep_thu_past"):
        assert "dien_tich" not in columns(table)
    assert tidying.left_out() == [] and not tidying.drop(found)
    (told,) = search(kind="registers.fields_dropped").entries
    assert told.data["field"] == "dien_tich" and told.data["columns"] == ["dien_tich"]


def test_the_longer_of_what_was_declared_then_and_now_counts(register):
    entered()
    publish(WITHOUT.replace("retention: 20 years", "retention: 5 years"), allow_loss=True)
    assert left_out().over_on.year == clock.today().year + 20
    publish(WITHOUT.replace("retention: 20 years", "retention: forever"))
    assert left_out().over_on is None and not left_out().may_go


def test_a_field_in_which_nothing_ever_stood_may_go_at_once(register):
    entered(dien_tich=None)
    narrowed()
    assert left_out().empty and tidying.drop(left_out())
    assert "dien_tich" not in columns("register_giay_phep_thu")


def test_what_was_dropped_comes_back_empty_when_it_is_declared_again_and_entering_works_throughout(register):
    first = entered()
    narrowed()
    raw = {key: value for key, value in permit(so="16/GPXD").items() if key != "dien_tich"}
    handler = officer_of("case-handler", GIA_NGHIA)
    with clock.at(clock.now() + timedelta(days=366 * 20)):
        assert tidying.drop(left_out())
        second = services.enter(register=KEY, raw=raw, officer=handler)
        services.change(register=KEY, entry_id=first.id, revision=1, raw={"so_tang": 7}, officer=handler)
        publish()
        read = partial(services.read, register=KEY, officer=handler)
        assert read(entry_id=first.id).entry.values["dien_tich"] is None
        assert [str(state.entry.values["dien_tich"]) for state in read(entry_id=second.id).slices] == ["None"]


def test_a_field_of_several_columns_goes_as_a_whole(register):
    narrower = DECLARED.replace(ADDRESS, "").replace("ten, dia_chi, ngay_cap", "ten, ngay_cap")
    narrower = narrower.replace("[dia_chi, so_tang]", "[so_tang]").replace("ngay_cap, dia_chi]", "ngay_cap]")
    publish(narrower, allow_loss=True)
    assert list(left_out().columns) == ["dia_chi_unit", "dia_chi_detail"]
    assert tidying.drop(left_out())
    assert not {"dia_chi_unit", "dia_chi_detail"} & columns("register_giay_phep_thu").keys()


def test_the_files_of_a_dropped_field_go_with_it(db):
    publish(WITH_SCAN)
    handler = officer_of("case-handler", GIA_NGHIA)
    policy = attaching.policy_for(KEY, "ban_chup", handler)
    scan = attaching.upload(register=KEY, source=BytesIO(picture()), name="a.jpg", policy=policy, officer=handler)
    entered(ban_chup={"id": str(scan.pk)})
    publish(allow_loss=True)
    with clock.at(clock.now() + timedelta(days=366 * 20)):
        assert tidying.drop(left_out())
    assert not StoredFile.objects.filter(pk=scan.pk).exists()


def test_a_version_whose_columns_were_dropped_while_it_was_coming_is_refused_and_comes_with_the_next_try(
    register, monkeypatch
):
    entered(dien_tich=None)
    narrowed()
    make = tables.tie

    def dropped_meanwhile(layout):
        make(layout)
        assert tidying.drop(left_out())

    monkeypatch.setattr(tables, "tie", dropped_meanwhile)
    with pytest.raises(FieldsGone, match="dien_tich"):
        publish()
    monkeypatch.setattr(tables, "tie", make)
    publish()
    assert "dien_tich" in columns("register_giay_phep_thu")
    assert queries.register(KEY).leaves["dien_tich"]
