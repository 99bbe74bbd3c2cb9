"""What clerks do with the entries of one register, through the services that its pages call."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.code_lists import PUBLISHED
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.foundation.fields.typed import folded
from lienthong.foundation.fields.types.choices import Choice
from lienthong.foundation.fields.types.numbers import DecimalNumber, Integer, Money
from lienthong.foundation.fields.types.texts import Email, Phone, Text
from lienthong.foundation.organisations.queries import province
from lienthong.registers import queries, services
from lienthong.registers.access import Rights
from lienthong.registers.definition import RegisterBody
from lienthong.registers.proposals import services as proposals
from lienthong.registers.proposals.applying import Single
from lienthong.registers.queries import Entry
from lienthong.registers.services import AlreadyThere
from lienthong.simulation import words
from lienthong.simulation.answers import Raw
from lienthong.simulation.chance import dice, pick
from lienthong.simulation.dossiers.staff import places_of
from lienthong.simulation.registers import keepers, lexicon
from lienthong.simulation.registers.answers import EntryAnswers
from lienthong.simulation.registers.keepers import Clerk
from lienthong.simulation.registers.neighbours import ORIGIN, Known, Neighbours
from lienthong.simulation.registers.order import pointed
from lienthong.simulation.registers.scene import Scene
from lienthong.simulation.registers.schedule import Later
from lienthong.simulation.scenario import Scenario

TRIES, MENDINGS = 3, 4
"""How often something else is entered when it is there already, and how often what was not accepted is mended."""
SCENARIOS = UUID("6f0b8c52-6c3f-4f55-9d55-0a1c0c8f6d11")
SHIFTS = 600
"""Numbers of entries begin somewhere up to here, another place in every scenario."""
_MAY_CHANGE = (Choice, Integer, DecimalNumber, Money, Phone, Email)


def proposal_key(scenario: Scenario, register: str, number: int, what: str) -> UUID:
    """Of what is proposed of an entry: the same in every run of a scenario."""
    return uuid5(SCENARIOS, f"{scenario.unchanged.number} {register} {number} {what}")


class Keeping:
    """One register on one day."""

    def __init__(
        self, scenario: Scenario, body: RegisterBody, clerks: Sequence[Clerk], known: Known, done: "Counter[str]"
    ) -> None:
        self.scenario, self.body, self.clerks, self.known, self.done = scenario, body, clerks, known, done
        self.shift = dice(scenario.seed, scenario.start, body.key).randrange(SHIFTS)

    def enter(self, number: int) -> None:
        """Make an entry; what the register says is there already becomes another one."""
        clerk = self._clerk(number)
        for attempt in range(TRIES):
            answers = self._answers(number, attempt, clerk)
            raw = answers.whole()
            if raw is None:
                return
            try:
                entry = self._entered(number, answers, raw, clerk)
            except AlreadyThere:
                continue
            except DomainError as refused:
                self._refused("enter", refused)
                return
            self.known.add(self.body, entry)
            self.done["enter"] += 1
            return
        self.done["enter: registers.already_there"] += 1

    def _entered(self, number: int, answers: EntryAnswers, raw: Raw, clerk: Clerk) -> Entry:
        for last in range(MENDINGS, -1, -1):
            try:
                return services.enter(
                    register=self.body.key,
                    raw=raw,
                    officer=clerk.officer,
                    organisation_id=clerk.keeper.id,
                    valid_from=answers.scene.since,
                    origin=ORIGIN,
                    request=self._request(number),
                )
            except NotAccepted as refused:
                if not last:
                    raise
                raw = answers.mend(self.body.fields, raw, refused.errors)
        raise AssertionError("the last try returns or raises")

    def fill(self, number: int, late: Sequence[str]) -> None:
        """Point to what was not there yet."""
        found = self._found(number)
        if found is None:
            return
        entry, clerk = found
        answers = self._answers(number, 0, clerk)
        raw = answers.missing(late, self.body.layout.flat(entry.values))
        if raw:
            self._changed("fill", number, entry, raw, clerk, words.FILLED_BECAUSE)

    def go_on(self, number: int, later: Later) -> None:
        """What becomes of an entry: it changes, it was wrong, it ends."""
        found = self._found(number)
        if found is None:
            return
        entry, clerk = found
        rng = self._dice(number, later.what)
        if later.what == "end":
            self._ended(number, entry, clerk, pick(rng, words.ENDED_BECAUSE))
            return
        raw = self._otherwise(entry, number, later.what, clerk)
        if not raw:
            self.done[f"{later.what}: nothing to change"] += 1
        elif later.what == "correct":
            self._corrected(number, entry, raw, clerk, pick(rng, words.CORRECTED_BECAUSE))
        else:
            self._changed("change", number, entry, raw, clerk, pick(rng, words.CHANGED_BECAUSE))

    # the services

    def _changed(self, what: str, number: int, entry: Entry, raw: Raw, clerk: Clerk, reason: str) -> None:
        self._write(what, "change", services.change, number, entry, clerk, reason, raw=raw)

    def _corrected(self, number: int, entry: Entry, raw: Raw, clerk: Clerk, reason: str) -> None:
        self._write("correct", "correct", services.correct, number, entry, clerk, reason, raw=raw)

    def _ended(self, number: int, entry: Entry, clerk: Clerk, reason: str) -> None:
        if self._write("end", "end", services.end, number, entry, clerk, reason):
            self.known.drop(self.body.key, entry.id)

    def _write(
        self,
        what: str,
        deed: Single,
        service: Any,
        number: int,
        entry: Entry,
        clerk: Clerk,
        reason: str,
        **more: Any,
    ) -> bool:
        """Whether it was written at once; what needs approval is sent to those who may approve it."""
        common: dict[str, Any] = {
            "register": self.body.key,
            "entry_id": entry.id,
            "revision": entry.revision,
            "officer": clerk.officer,
        }
        try:
            if self.body.needs_approval(deed):
                key = proposal_key(self.scenario, self.body.key, number, what)
                proposals.propose(**common, deed=deed, reason=reason, request=key, **more)
                self.done["propose"] += 1
                return False
            service(**common, reason=reason, **more)
        except DomainError as refused:
            self._refused(what, refused)
            return False
        self.done[what] += 1
        return True

    def _refused(self, what: str, refused: DomainError) -> None:
        self.done[f"{what}: {refused.code}"] += 1

    # what there is, who does it

    def _found(self, number: int) -> tuple[Entry, Clerk] | None:
        """The entry of that number, if it is there and in force, with who keeps it."""
        made = queries.made_for(self.body, self._request(number))
        if made is None:
            return None
        entry = queries.entry(self.body, Rights(dict.fromkeys(self.body.leaves)), made)
        theirs = [clerk for clerk in self.clerks if clerk.keeper.id == entry.organisation_id]
        if entry.valid_until or not theirs:
            return None
        return entry, keepers.at_work(theirs, self.scenario.seed, clock.today(), self.body.key, number, "later")

    def _clerk(self, number: int) -> Clerk:
        """Where nobody could point to what must be pointed to, whoever."""
        needed = [key for key in pointed(self.body, must=True) if key != self.body.key]
        able = [clerk for clerk in self.clerks if all(map(Neighbours(self.known, clerk.officer).there, needed))]
        return keepers.at_work(able or self.clerks, self.scenario.seed, clock.today(), self.body.key, number)

    def _request(self, number: int) -> UUID:
        return uuid5(SCENARIOS, f"{self.scenario.unchanged.number} {self.body.key} {number}")

    def _answers(self, number: int, attempt: int, clerk: Clerk) -> EntryAnswers:
        today = clock.today()
        seed = (self.scenario.seed, self.scenario.start, self.body.key, number, attempt)
        shift = self.shift + attempt * SHIFTS
        places = places_of(clerk.keeper, today)
        scene = Scene(seed, self.body, clerk.keeper, places, today, number, shift=shift, attempt=attempt)
        context = Context(at=today, lists=PUBLISHED, province=province().administrative_code)
        return EntryAnswers(scene, context, Neighbours(self.known, clerk.officer))

    def _dice(self, number: int, what: str) -> Any:
        return dice(self.scenario.seed, self.scenario.start, self.body.key, number, what)

    # what is different

    def _otherwise(self, entry: Entry, number: int, what: str, clerk: Clerk) -> Raw:
        """One field that says something else: a state, a number, a telephone; a correction may be of a word."""
        rng = self._dice(number, f"{what} what")
        flat = self.body.layout.flat(entry.values)
        keys = [key for key in self._changeable(correcting=what == "correct") if flat[key] is not None]
        rng.shuffle(keys)
        answers = self._answers(number, TRIES, clerk)
        for key in keys:
            node = self.body.leaves[key]
            said = answers.anew(key, flat[key])
            if said is not None:
                return _nested(node.path, said)
        return {}

    def _changeable(self, *, correcting: bool) -> list[str]:
        """Fields that others neither ask about nor are called by."""
        fixed = {key for keys in self.body.identity for key in keys} | set(self.body.title)
        asked = " ".join(
            f"{node.field.required} {node.field.when} {getattr(node.field, 'value', '')}"
            for node in self.body.leaves.values()
        )
        types = (*_MAY_CHANGE, Text) if correcting else _MAY_CHANGE
        return [
            key
            for key, node in self.body.leaves.items()
            if isinstance(node.field, types)
            and key not in fixed
            and key not in asked
            and not lexicon.is_like("share", "fixed", folded(f"{key}|{node.field.label}"))
        ]


def _nested(path: Sequence[str], value: Any) -> Raw:
    raw: Any = value
    for step in reversed(path):
        raw = {step: raw}
    return dict(raw)
