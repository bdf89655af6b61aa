"""Where an answer turns, of functions that are known: no model is run here."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cisim.lab.turning import NARROW, Scale, Seen, Turns, rounds, search, turns, wanted

Rule = Callable[[float], Seen]


def found(scale: Scale, rule: Rule, points: int = 9) -> tuple[Turns, list[float]]:
    """Return the turns of a rule, and the values that were looked at in their order."""
    tried: list[float] = []

    def look(values: Sequence[float]) -> list[list[Seen]]:
        tried.extend(values)
        return [[rule(value)] for value in values]

    (seen,), ended = search(scale, look, points)
    assert ended
    return turns(seen), tried


def from_on(place: float, doubt: float = 0.0) -> Rule:
    """Return a rule that holds from a place on, and is not sure within a doubt around it."""
    return lambda value: Seen(value >= place, abs(value - place) >= doubt)


@given(st.floats(0.02, 9.98))
def test_a_turn_is_enclosed_within_a_hundredth_of_the_range(place: float) -> None:
    (turn,), doubts = found(Scale(0.0, 10.0), from_on(place))[0]
    assert doubts == ()
    assert (turn.before, turn.after) == (False, True)
    assert turn.last < place <= turn.first
    assert turn.first - turn.last <= 10.0 * NARROW * (1 + 1e-9)
    assert (turn.low, turn.high) == (turn.last, turn.first)
    assert not turn.open_low
    assert not turn.open_high


@given(st.integers(1, 119))
def test_a_whole_number_is_found_exactly_with_few_looks(place: int) -> None:
    scale = Scale(0.0, 119.0, whole=True)
    (turn,), _ = found(scale, from_on(float(place)))[0]
    assert (turn.last, turn.first) == (place - 1, place)
    tried = found(scale, from_on(float(place)))[1]
    assert len(tried) <= 9 + rounds(scale, 9)
    assert all(value == math.floor(value) for value in tried)


def test_nothing_is_looked_at_twice_and_the_first_look_is_even() -> None:
    tried = found(Scale(0.0, 8.0), from_on(3.3))[1]
    assert tried[:9] == list(range(9))
    assert len(set(tried)) == len(tried)


def test_equal_steps_of_a_logarithmic_range_are_equal_factors() -> None:
    points = Scale(0.1, 10.0, log=True).points(5)
    assert points == pytest.approx([0.1, 0.1 * math.sqrt(10), 1.0, math.sqrt(10), 10.0], rel=1e-3)
    (turn,), _ = found(Scale(0.01, 100.0, log=True), from_on(0.5))[0]
    assert turn.last < 0.5 <= turn.first
    assert math.log(turn.first / turn.last) <= NARROW * math.log(1e4) * 1.001


def test_the_interval_goes_from_the_last_sure_value_before_to_the_first_sure_one_after() -> None:
    (turn,), _ = found(Scale(0.0, 10.0), from_on(4.0, doubt=1.3))[0]
    assert turn.low < 2.7 <= turn.low + 10.0 * NARROW
    assert turn.high - 10.0 * NARROW <= 5.3 < turn.high
    assert turn.last < 4.0 <= turn.first


def test_an_interval_that_reaches_the_end_of_the_range_is_open_there() -> None:
    (turn,), _ = found(Scale(0.0, 10.0), from_on(1.0, doubt=1.5))[0]
    assert (turn.low, turn.open_low, turn.open_high) == (0.0, True, False)
    (turn,), _ = found(Scale(0.0, 10.0), from_on(9.0, doubt=1.5))[0]
    assert (turn.high, turn.open_low, turn.open_high) == (10.0, False, True)
    (turn,), _ = found(Scale(0.0, 10.0), from_on(5.0, doubt=20.0))[0]
    assert turn.open_low
    assert turn.open_high


def test_what_turns_twice_is_found_twice() -> None:
    def between(value: float) -> Seen:
        return Seen(2.2 <= value < 7.1, True)

    (up, down), doubts = found(Scale(0.0, 10.0), between)[0]
    assert doubts == ()
    assert (up.before, up.after, down.before, down.after) == (False, True, True, False)
    assert up.last < 2.2 <= up.first
    assert down.last < 7.1 <= down.first


def test_what_turns_and_turns_back_between_two_first_looks_is_missed_as_it_says() -> None:
    def peak(value: float) -> Seen:
        return Seen(3.1 < value < 3.9, True)

    assert found(Scale(0.0, 8.0), peak)[0] == Turns((), ())
    assert len(found(Scale(0.0, 8.0), peak, points=33)[0].turns) == 2


def test_what_never_turns_has_no_turn_and_costs_one_look_a_point() -> None:
    for state in (True, False):
        nothing, tried = found(Scale(0.0, 1.0), lambda _, state=state: Seen(state, True))
        assert nothing == Turns((), ())
        assert len(tried) == 9


def test_going_to_and_fro_without_being_sure_is_a_doubt_and_no_turn() -> None:
    def noisy(value: float) -> Seen:
        return Seen(value not in (3.0, 5.0), value in (0.0, 2.0, 6.0, 8.0))

    assert found(Scale(0.0, 8.0), noisy)[0] == Turns((), ((2.0, 6.0),))


def test_several_changes_between_two_sure_sides_are_one_turn() -> None:
    def noisy(value: float) -> Seen:
        unsure = 3.0 < value < 6.0
        return Seen(value >= 6.0 or (unsure and math.floor(value * 7) % 2 == 0), not unsure)

    (turn,), doubts = found(Scale(0.0, 10.0), noisy)[0]
    assert doubts == ()
    assert (turn.before, turn.after) == (False, True)
    assert 3.0 - 10 * NARROW <= turn.low <= 3.0 <= turn.last < turn.first <= 6.0 + 10 * NARROW
    assert 6.0 <= turn.high <= 6.0 + 10 * NARROW


def test_a_third_answer_in_between_makes_two_turns() -> None:
    def third(value: float) -> Seen:
        return Seen("a" if value < 4.2 else "b" if value < 4.7 else "c", True)

    one, other = found(Scale(0.0, 10.0), third)[0].turns
    assert (one.before, one.after, other.before, other.after) == ("a", "b", "b", "c")
    assert one.last < 4.2 <= one.first
    assert other.last < 4.7 <= other.first


def test_several_questions_are_searched_side_by_side_and_stop_together() -> None:
    scale = Scale(0.0, 10.0)
    looks: list[list[float]] = []

    def look(values: Sequence[float]) -> list[list[Seen]] | None:
        looks.append(list(values))
        if len(looks) > 3:
            return None
        return [[from_on(2.0)(value), from_on(8.0)(value)] for value in values]

    seen, ended = search(scale, look, 9)
    assert not ended
    assert [len(one) for one in looks[:2]] == [9, 2]
    assert [turn.after for one in seen for turn in turns(one).turns] == [True, True]


def test_what_is_wanted_next_does_not_depend_on_the_order_of_what_was_seen() -> None:
    scale = Scale(0.0, 8.0)
    seen = {value: from_on(3.3, doubt=1.0)(value) for value in scale.points(9)}
    backwards = dict(reversed(seen.items()))
    assert wanted(scale, seen) == wanted(scale, backwards) != []


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.booleans())
def test_points_lie_on_their_range_from_end_to_end(low: float, wide: float, whole: bool) -> None:
    low, high = (math.floor(low), math.floor(low) + math.ceil(wide)) if whole else (low, low + wide)
    points = Scale(low, high, whole=whole).points(9)
    assert (points[0], points[-1]) == (low, high)
    assert points == sorted(set(points))
    assert all(low <= point <= high for point in points)
