"""Only what is asked is observed, and it is the same to the last bit as if all had been."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cisim.model.input_error import InputError
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import NOTHING, OUTCOMES, Asked, K, Recorder, Sums
from cisim.model.outcomes.sums import BEGINS, EVERYTHING, NETWORK, REGION, TIES, part_of
from cisim.world.scenario import Scenario

MONTHS = 75
SEED = 1
YEARS = tuple(range(12, MONTHS, 12))


def scenario() -> Scenario:
    """Return a run in which some partnerships end, and some begin again."""
    numbers = {"own_weight": 0.5, "lead_share": 0.4, "everyday_meetings": 0.4, "impatience": 0.3,
               "w_load": 2.0, "w_trust": 4.0}  # fmt: skip
    return Scenario.load("no-backbone", months=MONTHS).with_(
        parameters={"history_months": 12, **numbers}
    )


def run(outcomes: Iterable[str] | None, months: Iterable[int] | None = None) -> Recorder:
    asked = Asked.of(outcomes, months)
    return CollectiveImpactModel(scenario(), seed=SEED, observe=asked).run().recorder


@pytest.fixture(scope="module")
def whole() -> Recorder:
    recorder = CollectiveImpactModel(scenario(), seed=SEED).run().recorder
    values = recorder.values(["phase", "partnership_ended"])
    assert set(np.unique(values["phase"])) == {1.0, 2.0, 3.0, 4.0}
    assert np.ptp(values["partnership_ended"]) > 0.0
    return recorder


def part_by_part(whole: Recorder, asked: Asked) -> Recorder:
    """Return the recorder of the same run if only that had been asked."""
    other = Recorder(MONTHS, whole.table.shape[1] - 1, asked, holders=whole.holders)
    table = whole.table.copy()
    for part in range(len(BEGINS) - 1):
        without = ~(other.parts >> part & 1).astype(bool)
        table[without, :, BEGINS[part] : BEGINS[part + 1]] = np.nan
    other.table[:], other.count = table, whole.count
    return other


@settings(max_examples=30)
@given(months=st.sets(st.integers(0, MONTHS), min_size=1, max_size=8))
def test_an_outcome_is_the_same_whether_anything_else_was_observed(
    whole: Recorder, months: set[int]
) -> None:
    every, rows = whole.values(), sorted(months)
    for name in OUTCOMES:
        alone = part_by_part(whole, Asked.of([name], months)).values()
        assert list(alone) == [name]
        np.testing.assert_array_equal(alone[name], every[name][rows], err_msg=name)


@pytest.mark.parametrize(
    ("outcomes", "months"),
    [(["commitment", "density"], YEARS), (["external_money_total"], [MONTHS]), (None, [0, 30])],
)
def test_a_run_sums_what_is_asked_and_nothing_else(
    whole: Recorder, outcomes: list[str] | None, months: Iterable[int]
) -> None:
    sparse = run(outcomes, months)
    np.testing.assert_array_equal(sparse.table, part_by_part(whole, sparse.asked).table)
    assert np.isnan(sparse.table).mean() > 0.5


def test_every_sum_that_is_taken_from_months_before_is_needed(whole: Recorder) -> None:
    for name, outcome in OUTCOMES.items():
        assert set(outcome.before) <= set(outcome.sums), name
        values = outcome(whole.seen())
        for one in outcome.before:
            differs = False
            for month in range(MONTHS, 0, -1):
                seen = part_by_part(whole, whole.asked).seen()
                seen.table[:month, :, getattr(K, one)] = np.nan
                with np.errstate(invalid="ignore"):
                    now = outcome(seen)[month]
                differs = not np.array_equal(now, values[month], equal_nan=True)
                if differs:
                    break
            assert differs, (name, one)


def test_a_sum_is_there_with_what_it_stands_on() -> None:
    for name in Sums._fields:
        parts = part_of(name)
        assert parts & REGION
        assert parts & TIES or not parts & NETWORK
        assert parts < EVERYTHING


def test_ten_outcomes_of_the_year_need_less_than_a_tenth_of_the_sums() -> None:
    asked = Asked.of(["wellbeing_gain", "trust_active"], YEARS)
    parts = asked.parts(MONTHS + 1)
    assert np.flatnonzero(parts).tolist() == list(YEARS)
    assert not (parts & NETWORK).any()


def test_a_model_tells_what_it_was_asked_and_says_what_it_was_not() -> None:
    model = CollectiveImpactModel(
        scenario(), seed=SEED, observe=Asked.of(["member_share", "own_meetings"], YEARS)
    ).run()
    frame = model.outcomes()
    assert list(frame) == ["month", "member_share", "own_meetings"]
    assert frame["month"].tolist() == list(YEARS)
    assert model.outcomes(by_region=True).shape == (len(YEARS) * 6, 4)
    assert model.outcomes(["members"])["members"].notna().all()  # of the same sums
    with pytest.raises(InputError, match=r"^density cannot be told: it needs month 12, in which"):
        model.outcomes(["density"])
    with pytest.raises(InputError, match=r"member_share, own_meetings in months 12, 24, 36, 48, 6"):
        model.recorder.values(["member_share"], [13])
    with pytest.raises(InputError, match=r"^external_money_total cannot be told: it needs month 0"):
        model.recorder.values(["external_money_total"])
    with pytest.raises(InputError, match=r"^month 76 is not recorded; allowed are 0 to 75\.$"):
        model.recorder.values(["member_share"], [76])


def test_a_run_of_which_only_the_state_is_looked_at_sums_nothing() -> None:
    model = CollectiveImpactModel(scenario(), seed=SEED, observe=NOTHING).run()
    assert np.isnan(model.recorder.table).all()
    assert model.outcomes().shape == (0, 1)
    with pytest.raises(InputError, match="member_share cannot be told"):
        model.recorder.values(["member_share"], [MONTHS])


@pytest.mark.parametrize("months", [None, (3, 8)])
def test_a_run_that_was_asked_for_less_is_saved_stepped_and_goes_on(
    tmp_path: Path, months: tuple[int, ...] | None
) -> None:
    asked = Asked.of(["joint_activity", "brokered_meetings"], months)
    short = scenario().with_(world="one-town", months=6)
    model = CollectiveImpactModel(short, seed=SEED, observe=asked)
    for _ in range(4):
        model.step()
    again = CollectiveImpactModel.load(model.save(tmp_path / "run.npz"))
    assert again.recorder.asked == asked
    for one in (model, again):
        one.run(6)  # beyond the horizon
    whole = CollectiveImpactModel(short, seed=SEED).run(10).recorder.values(asked.names)
    for name, value in whole.items():
        rows = slice(None) if months is None else list(months)
        for one in (model, again):
            np.testing.assert_array_equal(one.recorder.values()[name], value[rows])


def test_month_0_alone_can_be_observed() -> None:
    asked = Asked.of(["member_share"], [0])
    model = CollectiveImpactModel(scenario().with_(months=2), seed=SEED, observe=asked).run()
    whole = CollectiveImpactModel(scenario().with_(months=2), seed=SEED).run()
    here = model.recorder.values()["member_share"]
    np.testing.assert_array_equal(here, whole.recorder.values(["member_share"])["member_share"][:1])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((["member_shar"], None), "member_shar is not an outcome. Did you mean member_share?"),
        (([], None), "observe names no outcome or no month"),
        ((None, []), "observe names no outcome or no month"),
        ((None, [-1]), "months from 0"),
    ],
)
def test_what_cannot_be_observed_is_refused(
    given: tuple[list[str] | None, list[int] | None], words: str
) -> None:
    with pytest.raises(InputError) as refused:
        Asked.of(*given)
    assert words in str(refused.value)
