"""Laws of the circuit: places without gaps, nobody before those in front, nobody left out."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.documents.circuit.rules import (
    NoCapacity,
    NotTheSigner,
    Outcome,
    Part,
    Station,
    Turn,
    in_order,
    is_signed,
    may_be_signed_by,
    next_turns,
    signs_as,
    wrong_with,
)
from lienthong.documents.rules.contents import Power, Signer

DESKS = st.tuples(st.integers(1, 50), st.just("agency-leader"), st.integers(1, 50))
STATIONS = st.builds(Station, st.integers(1, 12), st.sampled_from(list(Part)), DESKS)
CIRCUITS = st.lists(STATIONS, min_size=1, max_size=12, unique_by=lambda station: station.desk)
CHAIR = Signer(title="Chủ tịch", name="Võ Tiến Dũng")
DEPUTY = Signer(powers=(Power(mark="KT.", of="Chủ tịch"),), title="Phó Chủ tịch", name="Hoàng Thị Thanh")


@given(CIRCUITS)
def test_places_are_counted_without_gaps_and_keep_their_order(stations: list[Station]):
    ordered = in_order(stations)
    assert sorted({each.place for each in ordered}) == list(range(1, len({each.place for each in stations}) + 1))
    assert in_order(ordered) == ordered and {each.desk for each in ordered} == {each.desk for each in stations}
    before = {each.desk: each.place for each in stations}
    for one in ordered:
        for other in ordered:
            assert (one.place < other.place) == (before[one.desk] < before[other.desk])


@given(CIRCUITS, st.randoms())
def test_everybody_has_it_once_and_nobody_before_those_in_front(stations: list[Station], dice):
    turns = {number: Turn(number, station) for number, station in enumerate(in_order(stations))}
    finished: list[int] = []
    while any(turn.is_waiting for turn in turns.values()):
        for turn in next_turns(turns.values()):
            turns[turn.id] = replace(turn, is_open=True)
        open_now = [turn for turn in turns.values() if turn.is_open]
        assert open_now and not next_turns(turns.values())
        assert len({turn.station.place for turn in open_now}) == 1
        done = dice.choice(open_now)
        turns[done.id] = replace(done, is_open=False, outcome=Outcome.DONE)
        finished.append(done.station.place)
        somebody_signs = any(each.station.part is Part.SIGN for each in turns.values())
        waiting = any(turn.is_waiting for turn in turns.values())
        assert is_signed(turns.values()) == (somebody_signs and not waiting)
    assert finished == sorted(finished) and len(finished) == len(stations)


@given(CIRCUITS, st.integers(1, 2))
def test_an_accepted_circuit_ends_with_signatures(stations: list[Station], signers: int):
    ordered = in_order(stations)
    if not wrong_with(ordered, signers=signers):
        assert 1 <= sum(each.part is Part.SIGN for each in ordered) <= signers
        last = max(each.place for each in ordered)
        assert all(each.part is Part.SIGN for each in ordered if each.place == last)


def test_a_round_in_which_all_lapsed_is_not_signed():
    station = Station(1, Part.SIGN, (1, "agency-leader", 1))
    assert not is_signed([Turn(1, station, outcome=Outcome.LAPSED)]) and not is_signed([])


def test_whoever_stands_below_signs_however_the_name_is_spelled():
    composed, apart = "Võ Tiến Dũng", "Vo\u0303  Tie\u0302\u0301n Du\u0303ng "
    assert signs_as([CHAIR], apart, standing_in=False) == 0 and may_be_signed_by([CHAIR], [apart, "x"])
    assert signs_as([CHAIR, DEPUTY], DEPUTY.name, standing_in=True) == 1
    with pytest.raises(NotTheSigner):
        signs_as([CHAIR], DEPUTY.name, standing_in=False)
    with pytest.raises(NoCapacity):
        signs_as([CHAIR], composed, standing_in=True)
    assert not may_be_signed_by([Signer()], [""])
