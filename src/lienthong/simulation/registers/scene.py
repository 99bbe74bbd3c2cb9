"""What the answers to one entry have in common, so that they fit together: where it is, since when, about whom."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from random import Random
from typing import Any

from lienthong.foundation.fields.typed import folded
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.registers.definition import RegisterBody
from lienthong.simulation import people
from lienthong.simulation.chance import dice, pick
from lienthong.simulation.people import Gender, Person, Place
from lienthong.simulation.registers import lexicon
from lienthong.simulation.registers.lexicon import Called

DEPTH = 5
"""How deep words may be made of words."""
NEW, OLD = (0, 25), (200, 4200)
"""Days since which something is so: what is entered as it happens, and what has been there for long."""
OLD_AMONG_NEW, NEW_AMONG_OLD = 0.2, 0.25
GROWN_UP = 20  # years
EARLIEST = date(1996, 1, 1)

_PLACES = re.compile(r"\{([a-z0-9_]+|[0-9]+-[0-9]+|[a-zA-Z]-[a-zA-Z]|#+)\}")
_WOMEN, _MEN = frozenset({"vo", "me", "me_nuoi"}), frozenset({"chong", "cha", "cha_nuoi"})
_ABOUT_PEOPLE = re.compile(
    r"^(?:[a-z]{2}_)?(?:ho_ten|ho_va_ten|ngay_sinh|nam_sinh|gioi_tinh|dan_toc|so_dinh_danh|dinh_danh|noi_cu_tru|noi_thuong_tru"
    r"|giay_to|dien_thoai|noi_o|thu_dien_tu|thu_cong_vu|email|so_ho_chieu|ten|que_quan)(?:_(?P<role>.+))?$"
)
"""The key of a field about somebody; what follows says about whom."""
_NAMES = re.compile(r"^(nguoi|chu|ten_chu|ten_nguoi|dai_dien|ten_dai_dien|ten_dieu_hanh|phu_trach)")
_BUILT_UP = ("Phường", "Thị trấn")
_AT_THE_BEGINNING = ("{xa}", "{huyen}", "{song_suoi}", "{ho_nuoc}")
"""Words that are small within a sentence."""


class Scene:
    """One entry. `number` tells it from the others of its register, `attempt` counts how often it was refused."""

    def __init__(
        self,
        seed: object,
        body: RegisterBody,
        keeper: Node,
        places: tuple[Place, ...],
        today: date,
        number: int,
        *,
        shift: int = 0,
        attempt: int = 0,
    ) -> None:
        self.seed, self.body, self.keeper, self.today = seed, body, keeper, today
        self.number, self.attempt = number, attempt
        self.serial = number + 1 + shift
        self.places = places
        self.of = folded(body.singular)
        self.place = pick(self.rng("place"), places)
        self.answered: dict[str, Any] = {}
        """By the keys of fields; in the rows of a table with the path of the row before it."""
        self.last: date = self.since
        self._people: dict[tuple[str, str], Person] = {}

    def move_to(self, place: Place) -> None:
        """The thing is known to be elsewhere."""
        self.place = place
        self._people.clear()

    def rng(self, *decision: object) -> Random:
        return dice(self.seed, *decision)

    @cached_property
    def since(self) -> date:
        """Since when the thing is so."""
        rng = self.rng("since")
        old = lexicon.is_like("times", "old", self.of)
        is_old = rng.random() >= NEW_AMONG_OLD if old else rng.random() < OLD_AMONG_NEW
        is_old &= lexicon.ages_of("", self.of)[1] >= GROWN_UP  # children grow up: what is said of them is of these days
        least, most = OLD if is_old else NEW
        return max(self.today - timedelta(days=rng.randint(least, most)), EARLIEST)

    # who

    def role_of(self, key: str) -> str:
        """About whom a field is, by its key; "" for whom the entry is about."""
        found = _ABOUT_PEOPLE.match(key)
        role = (found["role"] or "") if found else key
        return role.removeprefix("nguoi_").removeprefix("ten_")

    @cached_property
    def named(self) -> Mapping[str, str]:
        """By the path of a section the role whose name is asked there, where the entry names nobody else: a number
        without a role of its own belongs to that one."""
        found: dict[str, str] = {}
        if "ho_ten" in self.body.leaves:
            return found
        for key, node in self.body.leaves.items():
            if _NAMES.match(key):
                found.setdefault(".".join(node.path[:-1]), self.role_of(key))
        return found

    def person(self, role: str, row: str = "") -> Person:
        """Somebody of the entry; in the rows of a table there is somebody else in each."""
        if (role, row) not in self._people:
            self._people[role, row] = self._somebody(role, row)
        return self._people[role, row]

    def _somebody(self, role: str, row: str) -> Person:
        rng = self.rng("person", role, row)
        least, most = lexicon.ages_of(role, "" if row else self.of)
        gender: Gender | None = "female" if role in _WOMEN else "male" if role in _MEN else None
        if most == 0:
            child = people.newborn(rng, self.place, self.since)
            return self._of_family(child)
        return people.person(rng, self.place, self.since, ages=(least, most), gender=gender)

    def _of_family(self, child: Person) -> Person:
        """With the family's name and people, where the father is named."""
        if "ho_ten_cha" not in self.body.leaves:
            return child
        father = self.person("cha")
        own = father.name.split()[0]
        if father.name.startswith(("Y ", "H'")):
            clan = father.name.split(" ", 2)[-1]
            given = child.name.split()[-1]
            name = f"Y {given} {clan}" if child.gender == "male" else f"H'{given} {clan}"
        else:
            name = " ".join([own, *people.given_names(self.rng("given"), child.gender)])
        return replace(child, name=name, ethnicity=father.ethnicity)

    # texts

    def write(self, rule: "lexicon.Rule", about: Person, *decision: object) -> str:
        """One of the texts of a rule, filled in."""
        rng = self.rng("text", *decision)
        texts = rule.each.get(str(self.answered.get(rule.by)), rule.texts) if rule.by else rule.texts
        text = pick(rng, texts)
        said = self.filled(text, rng, about)
        return said[:1].upper() + said[1:] if text.startswith(_AT_THE_BEGINNING) else said

    def filled(self, text: str, rng: Random, about: Person, depth: int = 0) -> str:
        return _PLACES.sub(lambda found: self._word(found[1], rng, about, depth), text)

    def _word(self, name: str, rng: Random, about: Person, depth: int) -> str:
        if name.startswith("#"):
            return "".join(str(rng.randint(1 if n == 0 else 0, 9)) for n in range(len(name)))
        if "-" in name:
            return _between(name, rng)
        if own := _OWN.get(name):
            return own(self, about, rng)
        listed = lexicon.words(name)
        return self.filled(pick(rng, listed), rng, about, depth + 1) if listed and depth < DEPTH else ""

    @property
    def district(self) -> str:
        """Huyện Đắk Mil."""
        return self.place.above.split(", ")[0] if self.place.above else self.place.name

    @cached_property
    def agency(self) -> Node:
        return tree().agency_of(self.keeper)

    def hamlet(self, rng: Random) -> str:
        return (
            f"Tổ dân phố {rng.randint(1, 12)}"
            if self.place.name.startswith(_BUILT_UP)
            else f"Thôn {rng.randint(1, 14)}"
        )


def _between(name: str, rng: Random) -> str:
    least, _to, most = name.partition("-")
    if least.isalpha():
        return chr(rng.randint(ord(least), ord(most)))
    return str(rng.randint(int(least), int(most))).zfill(len(least) if least.startswith("0") else 0)


def initials(name: str) -> str:
    """STNMT of Sở Tài nguyên và Môi trường."""
    words = re.findall(r"\w+", name)
    return "".join(word[0].upper() for word in words if word.lower() not in ("và", "các", "tỉnh", "đắk", "nông"))


def plain(name: str) -> str:
    """As in an address on the net: daingan of Đại Ngàn."""
    return re.sub(r"[^a-z0-9]", "", folded(name))


Word = Callable[[Scene, Person, Random], str]

_OWN: dict[str, Word] = {
    "nguoi": lambda scene, about, rng: about.name,
    "so_dinh_danh": lambda scene, about, rng: about.person_id,
    "dia_chi": lambda scene, about, rng: about.address,
    "ascii": lambda scene, about, rng: people.ascii_of(about.name),
    "ho_ten_ai": lambda scene, about, rng: people.person(rng, scene.place, scene.today).name,
    "ascii_rieng": lambda scene, about, rng: plain(pick(rng, lexicon.words("ten_rieng"))),
    "xa": lambda scene, about, rng: _inside(scene.place.name),
    "huyen": lambda scene, about, rng: _inside(scene.district),
    "tinh": lambda scene, about, rng: scene.place.above.split(", ")[-1],
    "thon": lambda scene, about, rng: scene.hamlet(rng),
    "nam": lambda scene, about, rng: str(scene.since.year),
    "nam2": lambda scene, about, rng: f"{scene.since.year % 100:02}",
    "nam_nay": lambda scene, about, rng: str(scene.today.year),
    "ngay": lambda scene, about, rng: f"{scene.since:%d/%m/%Y}",
    "stt": lambda scene, about, rng: str(scene.serial),
    "stt3": lambda scene, about, rng: f"{scene.serial:03}",
    "stt4": lambda scene, about, rng: f"{scene.serial:04}",
    "stt5": lambda scene, about, rng: f"{scene.serial:05}",
    "stt6": lambda scene, about, rng: f"{scene.serial:06}",
    "co_quan": lambda scene, about, rng: scene.agency.name,
    "cq": lambda scene, about, rng: initials(scene.agency.name),
    "viet_tat": lambda scene, about, rng: initials(folded(scene.body.singular)),
    "viet_tat_rieng": lambda scene, about, rng: plain(pick(rng, lexicon.words("ten_rieng"))).upper()[:9],
}


def _inside(unit: str) -> str:
    """Within a sentence: xã Quảng Sơn of Xã Quảng Sơn."""
    return unit[:1].lower() + unit[1:]


def called(body: RegisterBody, key: str) -> Called:
    """What a field of a register is called."""
    node = body.leaves[key]
    around = body.section_labels.get(node.path[-2], "") if len(node.path) > 1 else ""
    return Called.by(key, node.field.label, body.singular, around, getattr(node.field, "unit", ""))
