"""Days and years of an entry, in an order that can be: birth before death, issue before expiry; nothing that happened
lies in the future."""

import re
from datetime import date, timedelta
from random import Random

from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.typed import folded
from lienthong.foundation.fields.types.numbers import Integer, Year
from lienthong.foundation.fields.types.texts import Text
from lienthong.foundation.fields.types.times import Date
from lienthong.simulation.people import Person
from lienthong.simulation.registers import lexicon
from lienthong.simulation.registers.lexicon import Called
from lienthong.simulation.registers.scene import Scene

BETWEEN_EVENTS = 12  # days
BETWEEN_ROWS = 60  # days
VALID_FOR = (365, 1825)  # days
GROWN_UP = 22  # years

_SPAN = re.compile(r"([0-9]+) (nam|thang)")
_YEAR_OF_NOW = re.compile(r"^(nam|cua nam|nam ngan sach|nam danh gia|nam ra soat|so lieu nam)$")
_DEATH = ("ngay_chet", "ngay_mat", "ngay_bao_tu")


def day_for(scene: Scene, field: Date, name: Called, about: Person, rng: Random, *, row: int = 0) -> date:
    """A day, within what the field allows."""
    day = _day(scene, field, name, about, rng) + timedelta(days=BETWEEN_ROWS * row)
    least = field.min if isinstance(field.min, date) else scene.today
    most = field.max if isinstance(field.max, date) else scene.today
    return min(max(day, least), most)


def _day(scene: Scene, field: Date, name: Called, about: Person, rng: Random) -> date:
    if "ngay_sinh" in name.key:
        return about.born
    if name.key.startswith(_DEATH):
        return scene.since - timedelta(days=rng.randint(0, 4))
    if lexicon.is_like("times", "career", name.label):
        return _in_career(scene, about, rng)
    if lexicon.is_like("times", "ends", name.briefly):
        return scene.last + _valid_for(field.hint, rng)
    if lexicon.is_like("times", "latest", name.briefly):
        return scene.last + timedelta(days=rng.randint(0, max((scene.today - scene.last).days, 0)))
    if "first" in scene.answered:
        scene.last = min(scene.last + timedelta(days=rng.randint(0, BETWEEN_EVENTS)), scene.today)
    scene.answered["first"] = True
    return scene.last


def _in_career(scene: Scene, about: Person, rng: Random) -> date:
    """After somebody grew up, one thing after another."""
    grown_up = about.born + timedelta(days=int(GROWN_UP * 365.25))
    begun = scene.answered.get("career")
    start = begun if isinstance(begun, date) else grown_up
    day = min(start + timedelta(days=rng.randint(30, 1200)), scene.today)
    scene.answered["career"] = day
    return day


def _valid_for(hint: str, rng: Random) -> timedelta:
    """As long as the hint says (05 năm kể từ ngày cấp); else some years."""
    found = _SPAN.search(folded(hint))
    if not found:
        return timedelta(days=rng.randint(*VALID_FOR))
    return timedelta(days=int(int(found[1]) * (365.25 if found[2] == "nam" else 30.44)))


def year_for(scene: Scene, field: Field, name: Called, about: Person, rng: Random) -> str:
    """A year, or a school year; "" where none is asked for."""
    if name.key == "nam_hoc":
        first = scene.today.year - (scene.today.month < 8)
        return f"{first}-{first + 1}"
    if not _asks_for_year(field, name):
        return ""
    if name.key.startswith("nam_sinh"):
        return str(about.born.year)
    if name.key in ("nam_dinh_hinh", "nien_han"):
        return str(scene.today.year + rng.randint(4, 15))
    if _YEAR_OF_NOW.match(name.label):
        return str(scene.today.year - rng.randint(0, 1))
    if name.key == "nam_tot_nghiep":
        return str(scene.since.year)
    return str(scene.since.year - rng.randint(0, 6))


def _asks_for_year(field: Field, name: Called) -> bool:
    if isinstance(field, Year):
        return True
    if not re.search(r"\bnam\b", f"{name.key.replace('_', ' ')} {name.label}"):
        return False
    if isinstance(field, Integer):
        return field.min >= 1800
    return isinstance(field, Text) and bool(field.pattern) and field.max_length == 4
