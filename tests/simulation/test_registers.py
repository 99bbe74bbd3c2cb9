"""Officers of a simulated province keep the registers: entries that are accepted, fit together, and have a history."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from shutil import copy

import pytest
from django.db import connection, transaction

from lienthong.foundation import clock
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.definitions import services as definitions
from lienthong.foundation.fields.context import EntryRef
from lienthong.foundation.fields.types.identifiers import person_id_facts
from lienthong.foundation.organisations.queries import province, tree
from lienthong.identity.models import Account
from lienthong.registers import events, queries
from lienthong.registers.access import Rights
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.importing.models import Import
from lienthong.registers.queries import Entry, Filters
from lienthong.simulation import engine, invariants
from lienthong.simulation.figures import FiguresFile
from lienthong.simulation.registers import founding, lexicon, shapes
from lienthong.simulation.registers.neighbours import ORIGIN
from lienthong.simulation.registers.order import in_order, late_references, pointed
from lienthong.simulation.registers.schedule import Schedule
from lienthong.simulation.scenario import ENTRIES, Scenario
from tests import cast
from tests.simulation.conftest import START, scenario

pytestmark = pytest.mark.django_db

REGISTERS = cast.SOURCE / "library" / "registers"
SOME = (
    "dat-dai-moi-truong/thua-dat", "dat-dai-moi-truong/nguoi-su-dung-dat", "dat-dai-moi-truong/giay-chung-nhan-dat",
    "dat-dai-moi-truong/quyen-su-dung-dat", "ho-tich/khai-sinh", "ho-tich/ket-hon", "giao-duc/truong-hoc",
    "giao-duc/lop-hoc", "giao-duc/nha-giao", "giao-duc/hoc-sinh", "dia-gioi/don-vi-hanh-chinh",
    "van-ban/van-ban-quy-pham-phap-luat", "van-ban/quan-he-van-ban",
)  # fmt: skip
WEST, SOUTH, EAST, NORTH = 107.2, 11.7, 108.2, 12.9
"""Beyond which nothing of the province of Đắk Nông lies."""


def publish(*files: str, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for file in files:
        copy(REGISTERS / f"{file}.yaml", folder)
    with clock.at(cast.MONDAY):
        plan = definitions.plan([folder])
        assert not plan.problems, "\n".join(map(str, plan.problems))
        definitions.apply(plan)


@pytest.fixture
def some(tmp_path: Path) -> None:
    publish(*SOME, folder=tmp_path / "registers")


def entries(key: str, *, ended: bool = True) -> list[Entry]:
    """All of a register, the first one first."""
    body = queries.register(key)
    everything = Rights(dict.fromkeys(body.leaves))
    found = queries.page(body, everything, Filters(ended=ended), sort=queries.NEWEST, size=1000)
    return found[::-1]


def flat(key: str) -> list[dict]:
    body = queries.register(key)
    return [body.layout.flat(entry.values) for entry in entries(key)]


def done(folder: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    for part in FiguresFile(folder).read():
        found.update(part.figures.get("registers", {}))
    return found


def broken() -> dict[str, list[str]]:
    return {v.invariant.name: v.offenders for v in invariants.look() if v.offenders}


def small(**other) -> Scenario:
    return scenario(**{"days": 1, "dossiers": 1, **other})


def test_a_day_makes_entries_in_every_register_by_who_may(folder):
    engine.run(small(), folder)
    made = entries("giay-phep-xay-dung")
    assert len(made) == ENTRIES
    assert {entry.origin for entry in made} == {ORIGIN}
    assert all("urban-management" in tree()[entry.organisation_id].functions for entry in made)
    assert all(clock.local(entry.recorded_at).date() == START and entry.valid_from <= START for entry in made)
    with connection.cursor() as cursor:
        kind = events.ENTERED.key
        cursor.execute("SELECT DISTINCT account_id, organisation_id FROM ledger_entry WHERE kind = %s", [kind])
        for account, organisation in cursor.fetchall():
            posts = cast.actor(Account.objects.get(pk=account).username).posts
            there = [post for post in posts if post.organisation.id == organisation]
            assert any(post.roles & {"case-handler", "head-of-unit"} for post in there)
    assert broken() == {}


def test_more_dossiers_bring_more_entries_in_the_same_measure():
    assert scenario(dossiers=90).entries == ENTRIES
    assert scenario(dossiers=200_000).entries == ENTRIES + 400


def test_what_is_entered_fits_together(some, folder):
    engine.run(small(), folder)
    happened = done(folder)
    assert happened["enter"] >= ENTRIES * len(REGISTER.all()) * 0.9, happened
    for birth in flat("khai-sinh"):
        facts = person_id_facts(birth["so_dinh_danh"]) if birth["so_dinh_danh"] else None
        assert facts is None or facts.birth_year == birth["ngay_sinh"].year
        assert birth["ngay_sinh"] <= birth["ngay_dang_ky"] <= START
        assert not birth["nam_sinh_me"] or birth["ngay_sinh"].year - birth["nam_sinh_me"] >= 16
        if birth["ho_ten_cha"] and not birth["ho_ten_cha"].startswith(("Y ", "H'")):
            assert birth["ho_ten"].split()[0] == birth["ho_ten_cha"].split()[0], "a child has the family's name"
    for wedding in flat("ket-hon"):
        for who, gender in (("chong", "male"), ("vo", "female")):
            number = wedding[f"so_dinh_danh_{who}"]
            assert number is None or person_id_facts(number).gender == gender
    schools = {entry.id for entry in entries("truong-hoc")}
    classes = {entry.id: flat["truong"].id for entry, flat in zip(entries("lop-hoc"), flat("lop-hoc"), strict=True)}
    assert set(classes.values()) <= schools
    for pupil in flat("hoc-sinh"):
        assert pupil["lop"] is None or classes[pupil["lop"].id] in schools
        assert 5 <= (START - pupil["ngay_sinh"]).days / 365.25 <= 20
    units = flat("don-vi-hanh-chinh")
    assert [unit["ma"] for unit in units][:2] == ["67", "660"] and units[1]["cap_tren"].id is not None


def test_places_on_the_map_lie_in_the_province_beside_each_other(some, folder):
    from shapely.geometry import shape

    engine.run(small(), folder)
    parcels = [parcel["ranh_gioi"] for parcel in flat("thua-dat") if parcel["ranh_gioi"]]
    assert len(parcels) >= 3
    for parcel in parcels:
        assert WEST < parcel.box.west < parcel.box.east < EAST and SOUTH < parcel.box.south < parcel.box.north < NORTH
    drawn = [shape(parcel.to_json()) for parcel in parcels]
    for number, one in enumerate(drawn):
        for other in drawn[number + 1 :]:
            assert one.intersection(other).area <= 0.1 * min(one.area, other.area)


def history(key: str) -> list:
    """What the entries say and how they became so, without the numbers of rows and what stands for them."""
    body = queries.register(key)
    everything = Rights(dict.fromkeys(body.leaves))
    numbers = _numbers()
    found = []
    for entry in entries(key):
        for state in queries.history(body, everything, entry.id):
            said = {
                name: numbers[body.references[name].register_key, value.id] if isinstance(value, EntryRef) else value
                for name, value in body.layout.flat(state.entry.values).items()
            }
            found.append((state.entry.valid_from, state.entry.valid_until, state.recorded_until, str(said)))
    return found


def _numbers() -> dict[tuple[str, int], int]:
    """The place of every entry among those of its register."""
    return {
        (published.body.key, entry.id): number
        for published in REGISTER.all()
        for number, entry in enumerate(entries(published.body.key))
    }


def test_the_same_scenario_makes_the_same_entries_and_another_seed_others(some, folder, tmp_path):
    keys = [published.body.key for published in REGISTER.all()]
    made = []
    for number, seed in enumerate((7, 7, 8)):
        mark = transaction.savepoint()
        engine.run(scenario(days=8, dossiers=5, seed=seed), tmp_path / str(number))
        made.append({key: history(key) for key in keys})
        transaction.savepoint_rollback(mark)
    assert made[0] == made[1]
    assert made[0] != made[2]


def test_entries_change_are_corrected_and_end_and_every_promise_is_kept(some, folder, monkeypatch):
    monkeypatch.setattr("lienthong.simulation.scenario.ENTRIES", 10)
    engine.run(scenario(days=25, dossiers=1), folder)
    happened = done(folder)
    assert happened["enter"] >= 10 * len(REGISTER.all()) * 0.9, happened
    assert min(happened[what] for what in ("change", "correct", "end")) >= 3, happened
    refused = {what: count for what, count in happened.items() if ":" in what}
    assert sum(refused.values()) <= happened["enter"] * 0.05, refused
    assert broken() == {}
    states = [len(queries.history(body, Rights(dict.fromkeys(body.leaves)), entry.id)) for body, entry in _all()]
    assert max(states) >= 3


def _all() -> Iterator[tuple[RegisterBody, Entry]]:
    for published in REGISTER.all():
        for entry in entries(published.body.key):
            yield published.body, entry


def test_a_run_that_was_finished_adds_nothing(some, folder):
    engine.run(small(), folder)
    before = sum(1 for _each in _all())
    engine.run(small(), folder)
    assert sum(1 for _each in _all()) == before


def test_another_run_beside_it_makes_other_entries(some, folder, tmp_path):
    engine.run(small(), folder)
    before = sum(1 for _each in _all())
    engine.run(small(start=START + timedelta(days=1)), tmp_path / "another")
    known = lexicon.known_things(queries.register("don-vi-hanh-chinh"))
    assert known and known.list, "units are there once"
    assert sum(1 for _each in _all()) >= 2 * before - 2 * ENTRIES - len(list(founding.FOLDER.glob("*.csv"))) * 50
    assert broken() == {}


# what stands there from the beginning


def test_what_the_library_brings_is_there_once_and_on_record(some, folder):
    engine.run(small(), folder)
    brought = {found.register: found for found in Import.objects.all()}
    assert {key: found.status for key, found in brought.items()} == dict.fromkeys(brought, Import.Status.DONE)
    assert brought["van-ban-quy-pham-phap-luat"].entered == 41 and brought["quan-he-van-ban"].entered == 35
    assert not any(found.wrong for found in brought.values())
    laws = flat("van-ban-quy-pham-phap-luat")
    assert "51/2005/QH11" in {law["so_ky_hieu"] for law in laws}
    engine.run(small(seed=8), folder / "again")
    assert Import.objects.count() == 2


def test_bringing_in_goes_on_where_it_was_interrupted(some, folder, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(import_id: int) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(founding.running, "enter", killed)
        engine.run(small(), folder)
    assert Import.objects.get().status == Import.Status.RUNNING
    engine.run(small(), folder)
    assert [found.status for found in Import.objects.all()] == [Import.Status.DONE] * 2
    assert Import.objects.get(register="van-ban-quy-pham-phap-luat").entered == 41


def test_there_is_a_register_for_every_file_that_is_brought_in():
    declared = {path.stem for path in REGISTERS.rglob("*.yaml")}
    assert {path.stem for path in founding.FOLDER.glob("*.csv")} <= declared


# the whole library


def test_every_register_of_the_library_gets_its_entries(folder, tmp_path):
    """Whatever a register declares can be filled in, without a word about it in the program."""
    with clock.at(cast.MONDAY):
        plan = definitions.plan([cast.SOURCE / "library"])
        assert not plan.problems, "\n".join(map(str, plan.problems))
        definitions.apply(plan)
    engine.run(scenario(days=3, dossiers=1), folder)
    happened = done(folder)
    counts = {published.body.key: len(entries(published.body.key)) for published in REGISTER.all()}
    few = {key: count for key, count in counts.items() if count < ENTRIES - 1}
    assert not few, (few, happened)
    assert sum(counts.values()) >= 0.98 * ENTRIES * len(counts), happened
    assert broken() == {}
    pointing = sum(value is not None for body, entry in _all() for value in _references(body, entry))
    assert pointing > len(counts)


def _references(body: RegisterBody, entry: Entry) -> list[EntryRef | None]:
    said = body.layout.flat(entry.values)
    return [said[key] for key in body.references]


# the parts, without a province


def test_registers_are_filled_after_those_that_they_must_point_to(some):
    bodies = in_order([published.body for published in REGISTER.all()])
    place = {body.key: number for number, body in enumerate(bodies)}
    for body in bodies:
        for key in pointed(body, must=True):
            assert key == body.key or place[key] < place[body.key], f"{body.key} before {key}"
    keys = list(place)
    late = {body.key: late_references(body, keys[: place[body.key]]) for body in bodies}
    assert any(late.values()), "in circles something stays empty at first"
    assert {body.key for body in bodies} == {published.body.key for published in REGISTER.all()}


@pytest.mark.parametrize("days", [1, 5, 28, 200])
def test_every_entry_has_its_working_day_the_first_one_the_first(days):
    with clock.at(cast.MONDAY):
        calendar = calendar_of(province().calendar)
    planned = scenario(days=days, dossiers=9000)
    schedule = Schedule(planned, calendar)
    numbers = [number for day in planned.calendar_days() for number in schedule.made_on(day)]
    assert numbers == list(range(planned.entries))
    assert 0 in schedule.made_on(START)
    assert not schedule.made_on(date(2025, 3, 9)), "a Sunday"
    assert all(schedule.made_on(day) == range(0) for day in (START - timedelta(days=1), planned.end))


def test_what_becomes_of_an_entry_happens_once_and_never_to_the_first():
    with clock.at(cast.MONDAY):
        calendar = calendar_of(province().calendar)
    planned = scenario(days=60, dossiers=60_000)
    schedule = Schedule(planned, calendar)
    found = [(number, later) for day in planned.calendar_days() for number, later in schedule.due_on(day, "x")]
    assert len({number for number, _later in found}) == len(found) > 20
    assert not [later for number, later in found if number == 0 and later.what == "end"]
    assert {later.what for _number, later in found} == {"change", "correct", "end"}


def test_areas_of_a_place_lie_in_fields_of_their_own():
    from shapely.geometry import shape

    from lienthong.simulation.chance import dice

    drawn = [
        shape(shapes.shape_near("polygon", (107.69, 12.0), dice(number), number=number, square=400, length=1))
        for number in range(60)
    ]
    assert all(area.is_valid for area in drawn)
    for number, one in enumerate(drawn):
        assert not any(one.intersects(other) for other in drawn[number + 1 :])


def test_words_are_put_together_from_lists_that_there_are():
    """A name in the data that nothing knows would leave a hole in a text."""
    import re

    from lienthong.simulation.registers.scene import _OWN, _PLACES

    texts = [text for rule in lexicon._rules() for each in (rule.texts, *rule.each.values()) for text in each]
    texts += [text for name in lexicon._read("lists") for text in lexicon.words(name)]
    names = {name for text in texts for name in re.findall(r"\{([^}]*)\}", text)}
    for name in names:
        assert _PLACES.fullmatch(f"{{{name}}}"), name
        assert name[0] == "#" or "-" in name or name in _OWN or lexicon.words(name), f"no list {name}"


# promises


BREAKING = {
    "keepers": "UPDATE register_giay_phep_xay_dung SET organisation_id = {elsewhere}, revision = revision + 1",
    "history": "UPDATE register_giay_phep_xay_dung_past SET valid_until = valid_until - 1 WHERE recorded_until IS NULL",
    "entries": "UPDATE register_giay_phep_xay_dung SET valid_until = valid_from, revision = revision + 1",
}


@pytest.mark.parametrize("name", BREAKING)
def test_a_broken_promise_about_entries_is_found(folder, name):
    engine.run(small(), folder)
    changed = entries("giay-phep-xay-dung")[0]
    clerk = _clerk_of(changed)
    with clock.at(cast.MONDAY + timedelta(days=9)):
        from lienthong.registers import services

        services.change(
            register="giay-phep-xay-dung", entry_id=changed.id, revision=1, raw={"han_khoi_cong": None}, officer=clerk
        )
    assert broken() == {}
    with connection.cursor() as cursor:
        cursor.execute(BREAKING[name].format(elsewhere=tree().by_key("so-noi-vu").id))
    assert name in broken()


def test_a_reference_to_what_is_not_there_is_found(some, folder):
    engine.run(small(), folder)
    assert broken() == {}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # past the foreign key, as a fault would
        cursor.execute("UPDATE register_lop_hoc SET truong = 999999, revision = revision + 1")
        cursor.execute("SET session_replication_role = DEFAULT")
    assert "references" in broken()


def _clerk_of(entry: Entry):
    from lienthong.simulation.registers import keepers

    with clock.at(clock.day_start(START)):
        clerks = keepers.clerks_of(keepers.registers(START), START)["giay-phep-xay-dung"]
    return next(clerk.officer for clerk in clerks if clerk.keeper.id == entry.organisation_id)


def test_states_follow_each_other(some, folder):
    engine.run(scenario(days=15, dossiers=1), folder)
    for body, entry in _all():
        states = [
            state.entry
            for state in queries.history(body, Rights(dict.fromkeys(body.leaves)), entry.id)
            if state.recorded_until is None
        ]
        for later, earlier in pairwise(states):
            assert earlier.valid_until == later.valid_from
