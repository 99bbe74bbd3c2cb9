"""What a register may declare of its fields, and what is refused with its place."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from lienthong.foundation.definitions import services as definitions
from lienthong.foundation.fields.display import diff
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.foundation.geometry.tiles import Tile
from lienthong.foundation.organisations import queries as organisations
from lienthong.identity.actors import Officer
from lienthong.registers import access, layers, queries, services, tiles
from lienthong.registers.context import context
from lienthong.registers.importing.columns import proposed, targets
from lienthong.registers.looking import Look
from lienthong.registers.queries import AsOf, Filters
from tests.registers import importing
from tests.registers.conftest import DECLARED, GIA_NGHIA, KEY, officer_of, permit, publish
from tests.registers.test_places import KEY as PARCELS_KEY
from tests.registers.test_places import PARCELS, square
from tests.registers.test_searching import PUPILS, YEARS

pytestmark = pytest.mark.django_db

COMPUTED = """
  - {key: moi_tang, type: computed, label: Mỗi tầng, result: decimal, value: dien_tich / double(so_tang)}
  - {key: cao_tang, type: computed, label: Cao tầng, result: boolean, value: so_tang > 5}
  - {key: han, type: computed, label: Hạn khởi công, result: date, value: "add_months(ngay_cap, 12)"}
  - {key: nhan, type: computed, label: Nhãn, result: text, value: "'GP ' + so"}
"""


def with_fields(more: str, **other: str) -> str:
    text = DECLARED.replace("\nidentity:", more.rstrip() + "\nidentity:", 1)
    for was, now in other.items():
        text = text.replace(was, now)
    return text


def problems(*texts: str) -> list[str]:
    plan = definitions.plan_text("---".join(texts), folder="tests", file="so.yaml")
    return [str(problem) for problem in plan.problems]


# computed values


def test_lists_are_narrowed_by_what_is_worked_out(db):
    publish(with_fields(COMPUTED).replace("filters: [", "filters: [moi_tang, cao_tang, han, nhan, "))
    handler = officer_of("case-handler", GIA_NGHIA)
    for number, (floors, day) in enumerate([(1, "2025-01-31"), (10, "2025-02-28")], start=1):
        raw = permit(so=str(number), so_tang=floors, dien_tich=100, ngay_cap=day)
        services.enter(register=KEY, raw=raw, officer=handler)
    body = queries.register(KEY)
    rights = access.rights_of(handler, body, to="read")

    def numbers(query: str) -> list[str]:
        look = Look(body, rights, QueryDict(query), context())
        assert not any(box.problem for box in look.boxes)
        return [entry.values["so"] for entry in queries.page(body, rights, look.filters, sort=look.sort)]

    assert numbers("l.moi_tang.tu=50") == ["1"] and numbers("l.moi_tang.den=10,5") == ["2"]
    assert numbers("l.cao_tang=true") == ["2"] and numbers("l.cao_tang=false") == ["1"]
    assert numbers("l.han.tu=01/02/2026") == ["2"] and numbers("l.han.den=2026-01-31") == ["1"]
    assert numbers("l.nhan=GP 1") == ["1"] and numbers("xep=moi_tang") == ["2", "1"]
    boxes = {box.field.key: box for box in Look(body, rights, QueryDict("l.moi_tang.tu=nhiều"), context()).boxes}
    assert boxes["moi_tang"].problem and boxes["han"].input_type == "date" and boxes["cao_tang"].groups


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("{key: la, type: paragraph, label: Lạ}", "filters[0]"),
        ("{key: la, type: computed, label: Lạ, value: so_tang * 2}", "filters[0]"),
        ("{key: la, type: choices, label: Lạ, options: [{value: a, label: A}]}", "filters[0]"),
    ],
)
def test_a_field_by_which_no_list_can_be_narrowed_is_refused_and_not_passed_over(db, field, said):
    (problem,) = problems(with_fields(f"\n  - {field}").replace("filters: [", "filters: [la, "))
    assert said in problem and "la" in problem and "so.yaml:" in problem


# what entries are called


@pytest.mark.parametrize(
    ("texts", "at", "name"),
    [
        ((PUPILS, YEARS.replace("sort: -nam", "sort: hoc_sinh")), "sort", "hoc_sinh"),
        ((PUPILS.replace("title: [ten]", "title: [ten, ban]").replace("\ntitle", "\n  - {key: ban, type: reference, "
          "label: Bạn, register: hoc-sinh-thu}\ntitle"), YEARS), "title[1]", "ban"),
        ((PUPILS.replace("title: [ten]", "title: [nam]").replace("\ntitle", "\n  - {key: nam, type: reference, "
          "label: Năm, register: nam-hoc-thu}\ntitle"), YEARS), "title[0]", "nam"),
    ],
)  # fmt: skip
def test_names_that_would_never_end_and_orders_that_mean_nothing_are_refused(db, texts, at, name):
    assert any(at in problem and name in problem and "so.yaml:" in problem for problem in problems(*texts))


# which entries are public

WITH_STATE = PARCELS.replace(
    "\npublic:",
    "\npublic_when: {tinh_trang: [con, sua]}\npublic:",
).replace(
    "\nfields:",
    "\nfields:\n  - key: tinh_trang\n    type: choice\n    label: Tình trạng\n    options:"
    " [{value: con, label: Còn}, {value: sua, label: Đang sửa}, {value: mat, label: Mất}]",
    1,
)


def test_only_entries_that_meet_it_are_open_data_wherever_it_is_asked_for(db):
    publish(WITH_STATE)
    handler = officer_of("case-handler", GIA_NGHIA)
    shown, hidden, unsaid = (
        _parcel(handler, so_thua=f"{n:03}", ranh_gioi=square(n, 0), tinh_trang=state)
        for n, state in enumerate(["con", "mat", None])
    )
    body = queries.register(PARCELS_KEY)
    anybody = access.public(body)
    assert [entry.id for entry in queries.page(body, anybody)] == [shown.id]
    assert [entry.id for entry in queries.every(body, anybody)] == [shown.id]
    assert [entry.id for entry in queries.page(body, anybody, as_of=AsOf.of(date(2025, 3, 3), None))] == [shown.id]
    for entry in (hidden, unsaid):
        with pytest.raises(queries.NoSuchEntry):
            queries.entry(body, anybody, entry.id)
    assert len(queries.page(body, access.rights_of(handler, body, to="read"))) == 3
    items = f"/api/features/collections/{PARCELS_KEY}/items"
    assert [each["id"] for each in Client().get(items).json()["features"]] == [shown.id]
    assert Client().get(f"{items}/{hidden.id}").status_code == 404
    assert Client().get(items, {"bbox": "107,11,109,13"}).json()["numberReturned"] == 1
    (layer,) = layers.of(body, anybody)
    assert _drawn(layer) == [shown.id]
    services.change(register=PARCELS_KEY, entry_id=shown.id, revision=1, raw={"tinh_trang": "mat"}, officer=handler)
    assert queries.page(body, anybody) == []


def _parcel(officer: Officer, **raw: Any) -> queries.Entry:
    return services.enter(register=PARCELS_KEY, raw=raw, officer=officer)


def _drawn(layer: layers.Layer) -> list[int]:
    drawn = tiles._entries(layer, Tile(0, 0, 0))
    return [each.id for each in drawn or ()]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("{tinh_trang: [con, conn]}", "conn"),
        ("{tinh_trang: []}", "public_when"),
        ("{tinh_trag: con}", "tinh_trag"),
        ("{so_thua: true}", "so_thua"),
        ("{ranh_gioi: x}", "ranh_gioi"),
    ],
)
def test_a_value_that_there_cannot_be_is_refused(db, wrong, said):
    found = problems(WITH_STATE.replace("{tinh_trang: [con, sua]}", wrong))
    assert found and said in found[0] and "so.yaml:" in found[0], found


def test_personal_data_does_not_decide_what_is_public(db):
    (problem,) = problems(DECLARED.replace("retention:", "public_when: {so_dinh_danh: '1'}\nretention:"))
    assert "so_dinh_danh" in problem


# conditions between fields

CHECKED = DECLARED.replace(
    "{key: ngay_cap, type: date, label: Ngày cấp, required: true}",
    "{key: ngay_cap, type: date, label: Ngày cấp, required: true}\n  - key: ngay_het_han\n    type: date\n"
    "    label: Ngày hết hạn\n    checks: [{that: ngay_het_han > ngay_cap, message: Ngày hết hạn phải sau ngày cấp.}]",
)


def test_what_contradicts_another_field_is_refused_beside_it_by_every_way_in(db):
    publish(CHECKED)
    handler = officer_of("case-handler", GIA_NGHIA)
    for day in ("2025-03-02", "2025-03-03"):
        with pytest.raises(NotAccepted) as refused:
            services.enter(register=KEY, raw=permit(ngay_het_han=day), officer=handler)
        assert {path: str(said) for path, said in refused.value.errors.items()} == {
            "ngay_het_han": "Ngày hết hạn phải sau ngày cấp."
        }
    entry = services.enter(register=KEY, raw=permit(ngay_het_han="2026-03-03"), officer=handler)
    with pytest.raises(NotAccepted):
        services.correct(
            register=KEY,
            entry_id=entry.id,
            revision=1,
            raw={"ngay_cap": "2025-03-02", "ngay_het_han": "2025-03-01"},
            officer=handler,
            reason="Nhầm",
        )
    rows = [[*importing.line(1), date(2025, 1, 1)], [*importing.line(2), date(2026, 1, 1)], [*importing.line(3), None]]
    sheet = importing.xlsx(rows, headings=[*importing.HEADINGS, "Ngày hết hạn"])
    done = importing.whole(sheet, handler)
    assert done.entered == 2
    assert importing.reasons(done) == {2: ["Ngày hết hạn phải sau ngày cấp."]}


def test_a_condition_on_what_is_not_there_is_refused_with_its_line(db):
    (problem,) = problems(CHECKED.replace("that: ngay_het_han > ngay_cap", "that: ngay_het_han > ngay_ky"))
    assert "checks" in problem and "ngay_ky" in problem and "so.yaml:" in problem


# labels that are alike

TWO_NAMES = with_fields(
    """
  - key: ben_ban
    type: section
    label: Bên bán
    fields: [{key: ten_ban, type: text, label: Tên}, {key: noi_ban, type: address, label: Địa chỉ}]
  - key: ben_mua
    type: section
    label: Bên mua
    fields: [{key: ten_mua, type: text, label: Tên}, {key: noi_mua, type: address, label: Địa chỉ}]
"""
).replace("filters: [", "filters: [ten_ban, ")


def test_where_two_fields_are_called_alike_their_sections_tell_them_apart(db):
    publish(TWO_NAMES)
    handler = officer_of("case-handler", GIA_NGHIA)
    body = queries.register(KEY)
    assert body.labels["ten_ban"] == "Tên (Bên bán)" and body.labels["so"] == "Số giấy phép"
    look = Look(body, access.rights_of(handler, body, to="read"), QueryDict(), context())
    assert "Tên (Bên bán)" in [box.label for box in look.boxes]
    assert ("ten_mua", "Tên (Bên mua)") in look.offered
    known = targets(body.leaves, body.section_labels, body.leaves)
    labels = [target.label for target in known.values()]
    assert len(labels) == len(set(labels)) and "Tên (Bên mua)" in labels
    assert proposed(["Tên (Bên mua)", "Tên (Bên bán)"], known) == {0: "ten_mua", 1: "ten_ban"}
    first = services.enter(
        register=KEY, raw=permit(ben_ban={"ten_ban": "A"}, ben_mua={"ten_mua": "B"}), officer=handler
    )
    after: dict[str, Any] = {**first.values, "ben_mua": {**first.values["ben_mua"], "ten_mua": "C"}}
    assert [change.label for change in diff(body.fields, first.values, after, context())] == ["Tên (Bên mua)"]


# years, agencies


def test_years_and_agencies_stand_in_their_columns_and_stay_what_they_were(db, monkeypatch):
    publish(
        with_fields(
            """
  - {key: nam, type: year, label: Năm xây dựng, max: this year}
  - {key: co_quan, type: organisation, label: Cơ quan cấp}
"""
        ).replace("filters: [", "filters: [nam, co_quan, ")
    )
    handler = officer_of("case-handler", GIA_NGHIA)
    entry = services.enter(register=KEY, raw=permit(nam="2021", co_quan="Sở Xây dựng"), officer=handler)
    assert entry.values["nam"] == 2021 and entry.values["co_quan"].key == "so-xay-dung"
    body = queries.register(KEY)
    rights = access.rights_of(handler, body, to="read")
    look = Look(body, rights, QueryDict("l.nam.tu=2020&l.co_quan=ubnd-tinh&cot=nam&cot=co_quan"), context())
    assert [each.id for each in queries.page(body, rights, look.filters)] == [entry.id]
    assert look.columns[0].brief(2021, look.context) == "2021"
    assert queries.page(body, rights, Filters(among={"co_quan": ["thanh-pho-gia-nghia"]})) == []

    renamed = replace(organisations.by_key("so-xay-dung"), name="Sở Xây dựng và Giao thông")
    tree = organisations.tree()
    other = replace(tree, nodes={**tree.nodes, renamed.id: renamed})
    monkeypatch.setattr("lienthong.foundation.organisations.lists.tree", lambda: other)
    kept = services.correct(
        register=KEY,
        entry_id=entry.id,
        revision=1,
        raw={"so_tang": 3, "co_quan": "so-xay-dung – Sở Xây dựng"},
        officer=handler,
        reason="Nhầm",
    )
    assert kept.values["co_quan"].name == "Sở Xây dựng"
    new = services.enter(register=KEY, raw=permit(so="2", co_quan="so-xay-dung"), officer=handler)
    assert new.values["co_quan"].name == "Sở Xây dựng và Giao thông"
