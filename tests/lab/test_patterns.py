"""Patterns: their measures, each on series whose answer is known, the rules, the design."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cisim.lab import resume
from cisim.lab.design import latin_hypercube
from cisim.lab.indicators import INDICATORS
from cisim.lab.moved import moves, thirds
from cisim.lab.patterns import PATTERNS, Validation, validate
from cisim.lab.patterns.pattern import Criterion
from cisim.lab.patterns.readings import OUTCOMES_READ
from cisim.lab.patterns.runs import (
    MONTHS,
    SHOCK_MONTH,
    VARIANTS,
    Relabelled,
    Run,
    everybody_takes_part,
    one_sector,
    run_variants,
)
from cisim.lab.patterns.series import (
    correlation,
    in_years,
    largest_gain,
    largest_loss,
    month_of,
    month_of_rise,
    partial_correlation,
    ratio,
    relative,
)
from cisim.lab.patterns.validation import THROUGH
from cisim.lab.patterns.verdict import (
    at_defaults,
    decide,
    over_space,
    share_interval,
    verdict,
)
from cisim.lab.resume import Parts, Quarantined, continue_work, key_of
from cisim.lab.store.keys import results_version
from cisim.model.input_error import InputError
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import OUTCOMES
from cisim.world.ranges import free_parameters
from cisim.world.scenario import Scenario, load_world

TIME = np.arange(MONTHS + 1, dtype=float)


# --- measures --------------------------------------------------------------------------------


def test_year_one_is_months_one_to_twelve() -> None:
    assert in_years(TIME, 1, 1) == np.mean(np.arange(1, 13))
    assert in_years(TIME, 9, 10) == np.mean(np.arange(97, 121))


def test_a_ratio_of_gains_needs_a_gain() -> None:
    assert ratio(3.0, 2.0) == 1.5
    assert ratio(-1.0, 2.0) == -0.5
    assert ratio(1.0, -2.0) == math.inf
    assert math.isnan(ratio(-1.0, -2.0))
    assert relative(3.0, 2.0) == 0.5
    assert math.isnan(relative(3.0, -2.0))


def test_half_of_a_change_of_either_sign() -> None:
    assert month_of(TIME, 0.5) == 60
    assert month_of(-TIME, 0.5) == 60
    assert month_of(TIME, 0.8) == 96
    late = np.where(TIME < 30, np.nan, TIME)
    assert month_of(late, 0.5) == 75
    assert math.isnan(month_of(np.ones(MONTHS + 1), 0.5))
    assert math.isnan(month_of_rise(-TIME, 0.8))


def test_largest_yearly_gain_and_loss() -> None:
    steps = np.where(TIME < 20, 0.0, np.where(TIME < 70, 2.0, 1.5))
    assert largest_gain(steps) == 2.0
    assert largest_loss(steps) == 0.5
    assert largest_loss(TIME) == -12.0


def test_partial_correlation_is_that_of_the_residuals() -> None:
    luck = np.random.default_rng(1).normal(size=(3, 400))
    control = luck[0]
    one, other = control + luck[1], 0.5 * control + luck[2] + 0.3 * luck[1]
    assert correlation(one, other) == pytest.approx(stats.pearsonr(one, other)[0])

    def rest(column: np.ndarray) -> np.ndarray:
        return column - np.polyval(np.polyfit(control, column, 1), control)

    expected = stats.pearsonr(rest(one), rest(other))[0]
    assert partial_correlation(one, other, control) == pytest.approx(expected)
    assert math.isnan(correlation(one, np.ones(400)))


# --- each pattern, passing and failing -------------------------------------------------------


def run(organisations: pd.DataFrame | None = None, **series: object) -> Run:
    """Return a run of which only some series are given, as numbers or (T+1,)."""
    return Run({k: np.broadcast_to(v, TIME.shape) * 1.0 for k, v in series.items()}, organisations)  # type: ignore[call-overload]


def passes(pattern: str, runs: dict[str, Run]) -> bool:
    one = PATTERNS[pattern]
    return bool(one.passes(np.array([one.effects(runs)]))[0])


def effect(pattern: str, criterion: str, runs: dict[str, Run]) -> float:
    one = PATTERNS[pattern]
    names = [criterion.name for criterion in one.criteria]
    return one.effects(runs)[names.index(criterion)]


def activity(joint: float, everyday: float = 0.01) -> Run:
    return run(joint_activity=joint, all_activity=joint + everyday)


def gains(**at_the_end: float) -> dict[str, Run]:
    return {
        name.replace("_", "-"): run(wellbeing_gain=value, joint_activity=1.0)
        for name, value in at_the_end.items()
    }


def test_p1_needs_all_three_comparisons() -> None:
    runs = {"none": activity(0.01), "both": activity(0.1), "same-total": activity(0.02)}
    assert passes("P1", runs)
    assert effect("P1", "joint", runs) == pytest.approx(0.1)
    assert effect("P1", "all", runs) == pytest.approx(0.02 / 0.11)
    assert not passes("P1", {**runs, "none": activity(0.03)})
    assert not passes("P1", {**runs, "same-total": activity(0.06)})
    assert not passes("P1", {n: activity(r["joint_activity"][0], 0.2) for n, r in runs.items()})


@pytest.mark.parametrize(
    ("both", "national", "regional", "none", "expected", "passed"),
    [
        (0.6, 0.2, 0.2, 0.0, 1.5, True),
        (0.4, 0.2, 0.2, 0.0, 1.0, False),
        (0.5, 0.2, 0.3, 0.1, 4 / 3, True),
        (0.5, -0.2, 0.0, 0.0, math.inf, True),
        (-0.1, -0.2, 0.0, 0.0, math.nan, False),
    ],
)
def test_p2_counts_gains_from_no_backbone(
    both: float, national: float, regional: float, none: float, expected: float, passed: bool
) -> None:
    runs = gains(both=both, national=national, regional=regional, none=none)
    assert effect("P2", "gain", runs) == pytest.approx(expected, nan_ok=True)
    assert passes("P2", runs) is passed


def test_p3_an_absent_sponsor_is_felt_late_and_not_early() -> None:
    def meets(late: float, gain: float, early: float = 1.0) -> Run:
        return run(meetings_per_eligible=np.where(TIME <= 24, early, late), wellbeing_gain=gain)

    runs = {"both": meets(1.0, 0.6), "absent": meets(0.4, 0.1, 0.9), "integrated": meets(1, 0.9)}
    assert passes("P3", runs)
    assert effect("P3", "late", runs) == pytest.approx(0.4)
    assert not passes("P3", {**runs, "absent": meets(0.4, 0.1, 0.5)})
    assert not passes("P3", {**runs, "absent": meets(0.8, 0.1, 0.9)})
    assert not passes("P3", {**runs, "integrated": meets(1.0, 0.6)})
    harmful = {**runs, "integrated": meets(1.0, -0.9)}
    assert math.isnan(effect("P3", "integrated", harmful))
    assert not passes("P3", harmful)


def people(direct: float, through: float) -> pd.DataFrame:
    luck = np.random.default_rng(3).normal(size=(3, 500))
    contact = luck[0]
    relationship = contact + 0.5 * luck[1]
    joint = direct * contact + through * relationship + 0.5 * luck[2]
    return pd.DataFrame(
        {
            "eligible": True,
            "member": np.arange(500) < 200,
            "backbone_months": contact,
            "relationship": relationship,
            "joint_time": 2.0 * joint,
            "own_time": 2.0,
        }
    )


def test_p4_tells_contact_that_works_through_relationships_from_contact_that_does_not() -> None:
    through = {"both": run(people(0.0, 1.0))}
    assert passes("P4", through)
    assert effect("P4", "contact", through) > 0.7
    assert abs(effect("P4", "left", through)) < 0.2
    direct = {"both": run(people(1.0, 0.0))}
    assert effect("P4", "left", direct) > 0.5
    assert not passes("P4", direct)
    assert not passes("P4", {"both": run(people(-1.0, 0.0))})


def test_p5_compares_activity_at_two_histories() -> None:
    assert passes("P5", {"trusting": activity(0.12), "distrusting": activity(0.1)})
    assert not passes("P5", {"trusting": activity(0.104), "distrusting": activity(0.1)})


def test_p6_slow_rise_and_fast_loss() -> None:
    slow = TIME / 240
    broken = slow - 0.2 * (TIME > SHOCK_MONTH)
    runs = {"both": run(trust_eligible=slow), "breach": run(trust_eligible=broken)}
    assert effect("P6", "months", runs) == 96
    assert effect("P6", "loss", runs) == pytest.approx((0.2 - 0.05) / 0.05)
    assert passes("P6", runs)
    mild = run(trust_eligible=slow - 0.06 * (TIME > SHOCK_MONTH))
    assert not passes("P6", {**runs, "breach": mild})
    fast = run(trust_eligible=np.minimum(TIME / 30, 1.0))
    assert not passes("P6", {**runs, "both": fast})


def test_p8_pays_in_wellbeing_and_more_than_early() -> None:
    def engaged(gain: float, early: float) -> Run:
        return run(wellbeing_gain=gain, joint_activity=early)

    base = engaged(1.0, 1.0)
    assert passes("P8", {"engaged": engaged(1.2, 0.9), "unengaged": base})
    assert not passes("P8", {"engaged": engaged(0.9, 0.8), "unengaged": base})
    assert not passes("P8", {"engaged": engaged(1.1, 1.2), "unengaged": base})
    assert not passes("P8", {"engaged": engaged(1.0, 1.0), "unengaged": engaged(-0.2, 1.0)})


def test_p9_compares_mixed_sectors_with_one() -> None:
    assert passes("P9", gains(both=0.5, one_sector=0.2))
    assert passes("P9", gains(both=0.5, one_sector=-0.2))
    assert not passes("P9", gains(both=0.5, one_sector=0.49))
    assert not passes("P9", gains(both=-0.1, one_sector=-0.2))


def test_p10_from_being_pushed_to_being_asked() -> None:
    early = TIME <= 12
    own = np.cumsum(np.where(early, 1.0, 3.0))
    recruited = np.cumsum(np.where(early, 3.0, 1.0))
    asked = {
        "both": run(joins_self=own, joins_recruited=recruited, own_share=np.where(early, 0.5, 0.8))
    }
    assert passes("P10", asked)
    assert effect("P10", "joins", asked) == pytest.approx(0.5)
    assert effect("P10", "meetings", asked) == pytest.approx(1.6)
    pushed = {"both": run(joins_self=recruited, joins_recruited=own, own_share=0.5)}
    assert not passes("P10", pushed)
    nobody = {"both": run(joins_self=0.0, joins_recruited=0.0, own_share=0.5)}
    assert math.isnan(effect("P10", "joins", nobody))


def by(month: float) -> np.ndarray:
    """Return a series that makes half of its change by a month."""
    return 1.0 / (1.0 + np.exp(-(TIME - month + 0.5)))


def test_p11_order_of_change() -> None:
    def chain(agenda: int, trust: int, joint: int, measured: int, gain: int) -> dict[str, Run]:
        return {
            "both": run(
                alignment=by(agenda),
                trust_eligible=by(trust),
                joint_activity=by(joint),
                measured_results=by(measured),
                wellbeing_gain=by(gain),
            )
        }

    assert passes("P11", chain(20, 30, 40, 50, 60))
    assert effect("P11", "activity", chain(20, 30, 40, 50, 60)) == 10
    assert effect("P11", "chain", chain(20, 30, 40, 45, 60)) == 5
    assert passes("P11", chain(20, 40, 40, 50, 60))
    assert not passes("P11", chain(20, 45, 40, 50, 60))
    assert not passes("P11", chain(20, 30, 40, 35, 60))
    assert not passes("P11", chain(20, 30, 40, 50, 45))


def test_p12_turnover_and_routines() -> None:
    def calm() -> Run:
        return run(trust_active=0.6, joint_activity=0.1)

    def struck(loss: float) -> Run:
        return run(trust_active=0.6 - loss * (TIME > SHOCK_MONTH), joint_activity=0.1 - loss)

    runs = {
        "restless": activity(0.07),
        "steady": activity(0.1),
        "both": calm(),
        "unmeasured": calm(),
        "wave": struck(0.02),
        "unmeasured-wave": struck(0.08),
    }
    assert passes("P12", runs)
    assert effect("P12", "shock", runs) == pytest.approx(0.25)
    assert not passes("P12", {**runs, "restless": activity(0.1)})
    assert not passes("P12", {**runs, "wave": struck(0.08)})
    lossless = {**runs, "unmeasured-wave": struck(-0.01)}
    assert math.isnan(effect("P12", "shock", lossless))


def test_p16_a_negative_difference_is_a_wider_gap() -> None:
    def gaps(primary: float) -> Run:
        return run(gap_primary=primary, gap_secondary=1.0)

    runs = {name: gaps(0.0) for name in ("none", "everybody", "engaged", "unengaged")}
    assert passes("P16", {**runs, "both": gaps(-0.1)})
    assert not passes("P16", {**runs, "both": gaps(0.1)})
    assert effect("P16", "full_primary", {**runs, "both": gaps(-0.1)}) == pytest.approx(0.1)
    assert not passes("P16", {**runs, "both": gaps(math.nan)})


def test_q1_tells_harm_beside_the_difference() -> None:
    runs = gains(both=0.5, same_total=0.1, none=0.0)
    assert passes("Q1", runs)
    assert effect("Q1", "difference", runs) == pytest.approx(0.4)
    assert not passes("Q1", gains(both=-0.3, same_total=-0.2, none=0.0))
    assert effect("Q1", "harm", gains(both=-0.3, same_total=-0.2, none=0.0)) == -0.3


def test_q2_counts_outcomes_that_differ_in_a_bit_and_leaves_staff_out() -> None:
    one = run(member_share=0.5, regional_staff=0.0, wellbeing_gain=math.nan)
    paid = run(member_share=0.5, regional_staff=3.0, wellbeing_gain=math.nan)
    runs = {"idle": paid, "without": one, "both": one, "relabelled": one}
    assert passes("Q2", runs)
    nearly = run(member_share=0.5 + 1e-15, regional_staff=3.0, wellbeing_gain=math.nan)
    assert not passes("Q2", {**runs, "idle": nearly})
    assert effect("Q2", "relabelled", {**runs, "relabelled": paid}) == 1.0


def test_every_pattern_names_runs_and_outcomes_that_exist() -> None:
    assert set(OUTCOMES_READ) <= set(OUTCOMES)
    for pattern in PATTERNS.values():
        assert set(pattern.needs) <= set(VARIANTS), pattern.id
        assert pattern.deciding, pattern.id
        assert all(one.threshold is not None for one in pattern.deciding), pattern.id
        assert bool(pattern.built_in) == bool(pattern.equation), pattern.id
    unused = set(VARIANTS) - {name for one in PATTERNS.values() for name in one.needs}
    assert not unused


def test_worlds_of_the_variants() -> None:
    world = load_world("finland")
    assert all(r.participating == r.communities for r in everybody_takes_part(world).regions)
    alike = one_sector(world, "education")
    assert {*alike.locals, *alike.bodies} == {"education"}
    assert alike.organisation_count == world.organisation_count


# --- verdicts --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at_the_defaults", "low", "high", "wholly", "expected"),
    [
        (True, 0.8, 0.9, False, "holds"),
        (True, 0.7, 0.79, False, "conditional"),
        (True, 0.0, 0.1, False, "conditional"),
        (False, 0.95, 1.0, False, "conditional"),
        (False, 0.2, 0.3, False, "conditional"),
        (False, 0.1, 0.19, False, "does not hold"),
        (True, 0.85, 0.9, True, "built in"),
        (False, 0.3, 0.9, True, "built in"),
        (True, 0.1, 0.9, True, "built in"),
        (False, 0.05, 0.1, True, "does not hold"),
        (True, 0.78, 0.84, False, "cannot be told: holds or conditional"),
        (False, 0.15, 0.25, False, "cannot be told: conditional or does not hold"),
        (None, 0.85, 0.9, False, "cannot be told: holds or conditional"),
        (None, 0.3, 0.9, False, "cannot be told: holds or conditional"),
        (None, 0.3, 0.7, False, "conditional"),
        (None, 0.05, 0.1, False, "cannot be told: conditional or does not hold"),
        (None, 0.1, 0.9, False, "cannot be told: holds or conditional or does not hold"),
        (None, 0.05, 0.1, True, "cannot be told: does not hold or built in"),
    ],
)
def test_verdicts_follow_fixed_rules(
    at_the_defaults: bool | None, low: float, high: float, wholly: bool, expected: str
) -> None:
    assert str(decide(at_the_defaults, low, high, wholly=wholly)) == expected


def test_two_shares_on_two_sides_of_a_cut_are_told_apart_by_their_intervals_only() -> None:
    """78 % and 84 % of 100 points are no different; of 3,000 they are."""
    pattern = PATTERNS["P5"]
    good = 1.2 + 0.001 * np.arange(20)[:, None]
    words = {}
    for points in (100, 3000):
        for share in (0.78, 0.84):
            space = np.where(np.arange(points) < share * points, 1.2, 1.0)[:, None]
            words[points, share] = str(
                verdict(dataclasses.replace(pattern, built_in=""), good, space)
            )
    assert words[100, 0.78] == words[100, 0.84] == "cannot be told: holds or conditional"
    assert (words[3000, 0.78], words[3000, 0.84]) == ("conditional", "holds")


def test_at_the_defaults_the_whole_interval_must_lie_beyond_the_threshold() -> None:
    above = Criterion("x", "x", lambda _: 0.0, ">", 1.0)
    clear, straddling = np.array([1.2, 1.3, 1.4]), np.array([0.9, 1.3, 1.4])
    assert at_defaults(above, clear).passes is True
    assert at_defaults(above, clear - 1.0).passes is False
    found = at_defaults(above, straddling)
    assert found.passes is None
    assert found.share == pytest.approx(2 / 3)
    low, high = stats.t.interval(0.9, 2, straddling.mean(), stats.sem(straddling))
    assert (found.low, found.high) == pytest.approx((low, high))
    below = Criterion("x", "x", lambda _: 0.0, "<", 1.0)
    assert at_defaults(below, -clear).passes is True
    assert at_defaults(below, clear).passes is False
    exact = Criterion("x", "x", lambda _: 0.0, "=", 0.0)
    assert at_defaults(exact, np.zeros(3)).passes is True
    assert at_defaults(exact, np.array([0.0, 0.0, 1.0])).passes is None
    assert at_defaults(exact, np.array([3.0, 3.0, 3.1])).passes is False


def test_a_band_is_passed_between_its_ends() -> None:
    band = Criterion("x", "x", lambda _: 0.0, "in", 0.55, upper=0.75)
    assert band.test == "0.55 to 0.75"
    assert band.passes(np.array([0.54, 0.55, 0.7, 0.75, 0.76, math.nan])).tolist() == [
        0.0, 1.0, 1.0, 1.0, 0.0, 0.0,
    ]  # fmt: skip
    steps = 0.01 * np.array([-1.0, 0.0, 1.0])
    for middle, passes in [(0.65, True), (0.9, False), (0.3, False), (0.55, None), (0.75, None)]:
        assert at_defaults(band, middle + steps).passes is passes, middle
    wide = np.array([0.2, 0.65, 1.1])  # its interval holds the whole band
    assert at_defaults(band, wide).passes is None


def test_shares_have_an_interval() -> None:
    share, low, high = share_interval(np.array([1.0] * 78 + [0.0] * 22))
    exact = stats.binomtest(78, 100).proportion_ci(0.9, "exact")
    assert (share, low, high) == pytest.approx((0.78, exact.low, exact.high))
    assert share_interval(np.ones(20))[1] < 0.9  # of twenty points all is not certainly 90 %
    assert math.isnan(share_interval(np.empty(0))[0])


def test_few_replicates_that_are_undefined_cannot_be_told_from_many() -> None:
    above = Criterion("x", "x", lambda _: 0.0, ">", 1.0)
    effects = 1.2 + 0.001 * np.arange(60)
    for undefined, passes in [(0, True), (3, None), (20, False)]:
        effects[:undefined] = math.nan
        assert at_defaults(above, effects).passes is passes, undefined


def test_what_is_undefined_passes_nothing() -> None:
    above = Criterion("x", "x", lambda _: 0.0, ">", 1.0)
    effects = np.array([2.0, math.inf, math.nan, 0.0])
    found = over_space(above, effects)
    assert found.share == 0.5
    assert found.undefined == 0.25
    assert (found.q05, found.q50, found.q95) == (0.0, 2.0, math.inf)
    assert at_defaults(above, effects).undefined == 0.25


def test_a_pattern_passes_where_all_that_decides_passes() -> None:
    pattern = PATTERNS["P10"]
    effects = np.array([[0.2, 1.2], [0.2, 1.0], [math.nan, 1.2]])
    assert pattern.passes(effects).tolist() == [1.0, 0.0, 0.0]
    good = np.tile([0.2, 1.2], (20, 1)) + 0.001 * np.arange(20)[:, None]
    assert verdict(pattern, good, good) == ("holds", ())
    assert verdict(pattern, good, np.tile([0.2, 1.0], (10, 1))) == ("conditional", ())
    bad = good - 0.5
    assert verdict(pattern, bad, bad) == ("does not hold", ())
    assert verdict(pattern, good, np.zeros((0, 2))) == ("not tested", ())
    undefined = good.copy()
    undefined[:9] = math.nan
    assert verdict(pattern, undefined, good) == ("conditional", ())


def test_what_must_hold_everywhere_falls_with_a_single_set() -> None:
    null = PATTERNS["Q2"]
    exact = np.zeros((20, 2))
    assert verdict(null, exact, exact).word == "holds"
    broken = exact.copy()
    broken[7, 1] = 1.0
    assert verdict(null, exact, broken).word == "does not hold"
    assert verdict(null, broken, exact).word == "does not hold"


# --- patterns of published figures -----------------------------------------------------------


def test_a_published_pattern_is_tested_by_the_bands_of_its_indicators() -> None:
    for name in (f"L{number}" for number in range(1, 10)):
        pattern = PATTERNS[name]
        mine = [one for one in INDICATORS.values() if one.pattern == name]
        assert pattern.columns() == [one.name for one in mine]
        assert not pattern.needs
        inside = np.array([[one.published or 1.0 for one in mine]])
        values = np.linspace(-1.0, 30.0, 6201)
        for test, one in zip(pattern.criteria, mine, strict=True):
            if test.threshold is not None:
                assert test.passes(values).tolist() == one.within(values).tolist(), one.name
        assert pattern.passes(inside).shape == (1,)


def test_the_published_figures_themselves_pass() -> None:
    for name, figures in {
        "L2": [0.64, 0.405, 0.225, 0.18, 0.1, 0.1],
        "L3": [0.9, 2 / 3, 0.055],
        "L4": [0.68, 1 / 3, 0.4],
        "L5": [0.3, 0.73, 0.81],
        "L9": [0.115, 0.3],
    }.items():
        assert PATTERNS[name].passes(np.array([figures])).tolist() == [1.0], name
    without_done = np.array([[0.68, 0.0, 0.4]])
    assert PATTERNS["L4"].passes(without_done).tolist() == [0.0]


# --- designs ---------------------------------------------------------------------------------


def test_a_hypercube_has_one_point_in_each_part_of_every_range() -> None:
    design = latin_hypercube(40, seed=5)
    declared = free_parameters()
    assert design.names == tuple(declared)
    assert not any(one.constant for one in declared.values())
    for k, one in enumerate(declared.values()):
        low, high = one.plausible  # type: ignore[misc]
        values = design.values[:, k]
        assert (values >= low).all()
        assert (values <= high).all()
        u = (values - low) / (high - low)
        if one.log_scale:
            u = np.log(values / low) / math.log(high / low)
        assert sorted(np.minimum(40 * u + 1e-9, 39.5).astype(int)) == list(range(40)), one.name


def test_a_design_is_addressed_by_name_and_fixed_parameters_are_left_out() -> None:
    whole, part = latin_hypercube(12, seed=3), latin_hypercube(12, seed=3, fixed=["turnover"])
    assert "turnover" not in part.names
    for name in part.names:
        np.testing.assert_array_equal(
            whole.values[:, whole.names.index(name)], part.values[:, part.names.index(name)]
        )
    assert whole.point(2)["turnover"] == whole.table()["turnover"][2]
    assert not np.array_equal(whole.values, latin_hypercube(12, seed=4).values)


def test_a_design_without_points_is_refused() -> None:
    with pytest.raises(InputError, match="points is 0; allowed is a whole number"):
        latin_hypercube(0)


def test_what_moves_a_result_is_found_and_chance_is_not() -> None:
    design = latin_hypercube(200, seed=2)
    values = design.values[:, design.names.index("effort_half")]
    noise = latin_hypercube(200, seed=9).values[:, 0]
    result = -np.log(values) + 0.1 * noise / noise.std()
    moved = moves(design, result)
    expected = stats.spearmanr(values, result)[0]
    assert moved.top()[0] == ("effort_half", pytest.approx(expected))
    assert moves(design, noise).top() == []
    assert moved.n == 200
    some = np.where(np.arange(200) < 50, np.nan, result)
    assert moves(design, some).n == 150
    assert moves(design, np.full(200, np.nan)).top() == []
    low, high = thirds(design, "effort_half", (result > np.median(result)).astype(float))
    assert (low, high) == (1.0, 0.0)


# --- work that can be continued --------------------------------------------------------------

CALLED: list[int] = []


def row_of(shared: float, piece: int) -> np.ndarray:
    CALLED.append(piece)
    if piece == 13:
        raise ValueError("unlucky")
    return np.array([shared * piece, math.nan])


def work(folder: Path | None, pieces: int, **options: object) -> resume.Done:
    CALLED.clear()
    parts = Parts(folder, ["a", "b"])
    keys = [key_of({"piece": piece}) for piece in range(pieces)]
    return continue_work(row_of, 2.0, keys, parts, workers=1, **options)  # type: ignore[arg-type]


def test_work_continues_where_it_was_broken_off(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    broken_off = work(tmp_path, 9, progress=stop)
    assert broken_off.incomplete
    assert broken_off.finished.sum() == 5
    told: list[str] = []
    seen: list[tuple[int, int]] = []
    done = work(tmp_path, 9, say=told.append, progress=lambda *pair: seen.append(pair))
    assert CALLED == [5, 6, 7, 8]
    assert told == ["5 of 9 are there from before."]
    assert seen[0] == (5, 9)
    assert seen[-1] == (9, 9)
    assert done.rows[:, 0].tolist() == [2.0 * piece for piece in range(9)]
    assert np.isnan(done.rows[:, 1]).all()
    assert done.finished.all()
    work(tmp_path, 9)
    assert CALLED == []


def test_a_piece_that_fails_is_quarantined_and_tried_again(tmp_path: Path) -> None:
    done = work(tmp_path, 15)
    assert done.failed == ((13, "ValueError: unlucky"),)
    assert not done.finished[13]
    assert done.finished.sum() == 14
    work(tmp_path, 15)
    assert CALLED == [13, 13]  # it alone, and once more before it is given up


# --- the table and the document --------------------------------------------------------------


def made_up() -> Validation:
    patterns = (PATTERNS["P5"], PATTERNS["P10"])
    design = latin_hypercube(30, seed=1)
    moved = design.values[:, design.names.index("recruit_rate")]
    space = np.column_stack([np.full(30, 1.4), moved - 0.02, np.full(30, 1.3)])
    defaults = np.tile([1.4, 0.2, 1.3], (10, 1)) + 0.001 * np.arange(10)[:, None]
    return Validation(
        patterns=patterns,
        defaults=defaults,
        space=space,
        design=design,
        world="finland",
        seed=7,
        replicates=10,
        points=30,
        command="cisim validate --replicates 10 --points 30 --seed 7",
        failed=(Quarantined("point 3", "it was unlucky"),),
    )


def test_the_table_has_a_row_for_each_criterion() -> None:
    table = made_up().table().set_index(["pattern", "criterion"])
    assert list(table.index) == [("P5", "history"), ("P10", "joins"), ("P10", "meetings")]
    assert table.loc[("P5", "history"), "verdict"] == "built in"
    assert table.loc[("P10", "joins"), "verdict"] == "holds"
    assert table.loc[("P10", "joins"), "moved_by"] == "recruit_rate +1.00"
    assert table.loc[("P10", "meetings"), "moved_by"] == ""


def test_the_document_begins_with_how_it_was_made() -> None:
    found = made_up()
    text = found.markdown()
    head = text.split("## Verdicts")[0]
    for part in (
        "`cisim validate --replicates 10 --points 30 --seed 7`",
        "seeds 7 to 16",
        "seeds 1000007 to 1000036",
        results_version(THROUGH),
        "version 0.",
        "quarantined: point 3: it was unlucky",
    ):
        assert part in head, part
    assert (
        "| P10 | From being pushed to being asked | **holds** | 100 % | 100 % (90 to 100) |" in text
    )
    assert "Built in wholly: 3.4, 3.5, 3.10" in text
    assert text == found.markdown()


def test_unknown_patterns_and_criteria_are_refused() -> None:
    with pytest.raises(InputError, match=r"patterns has 'P7'; allowed are P1, P2"):
        validate(patterns=["P7"])
    with pytest.raises(InputError, match=r"'P5\.histori' is no criterion"):
        made_up().effects("P5.histori")
    with pytest.raises(InputError, match="replicates is 0"):
        validate(replicates=0)


def believed(folder: Path, table: pd.DataFrame) -> Path:
    file = folder / "believed.parquet"
    table.to_parquet(file)
    return file


def test_an_ensemble_takes_the_place_of_sampled_points(tmp_path: Path) -> None:
    points = pd.DataFrame({"wb_delay": [20.0, 30.0, 40.0], "effort_half": [0.3, 0.5, 2.0]})
    file = believed(tmp_path, points.assign(point=[7, 8, 9]))
    options = {"replicates": 1, "workers": 1, "patterns": ["L1", "L8"], "world": "one-town"}
    found = validate(ensemble=file, **options)  # type: ignore[arg-type]
    assert found.points == 3
    assert found.ensemble == "believed.parquet"
    assert found.design.table().drop(columns="point").equals(points)
    demand = found.effects("L1.demand")[1]
    assert demand.size == 3
    for point, value in enumerate(demand):
        seed = found.seed + 1_000_000 + point
        assert value == INDICATORS["L1.demand"](points.loc[point].to_dict(), seed)
    text = found.markdown()
    assert "- ensemble: 3 points of believed.parquet, levers fixed" in text
    assert "- only L1, L8" in text
    assert "Latin hypercube" not in text
    assert "--ensemble believed.parquet --seed 71000 --only L1,L8" in found.command
    with pytest.raises(InputError, match=r"sponsor_link'?, which is not"):
        validate(ensemble=believed(tmp_path, points.assign(sponsor_link=0.5)))
    with pytest.raises(InputError, match=r"wb_delay is -1\.0 in row 1"):
        validate(ensemble=believed(tmp_path, pd.DataFrame({"wb_delay": [-1.0]})))
    with pytest.raises(InputError, match="there is no such file"):
        validate(ensemble=tmp_path / "nothing.csv")


# --- end to end ------------------------------------------------------------------------------


@pytest.mark.parametrize("beliefs", ["fixed", "plausible"])
def test_relabelled_organisations_are_in_other_rows_of_a_run(beliefs: str) -> None:
    given = Scenario.load("national-and-regional", world="one-town", months=2).believing(beliefs)
    plain = CollectiveImpactModel(given, 3).run()
    mixed = CollectiveImpactModel(Relabelled(given), 3).run()  # type: ignore[arg-type]
    number = mixed.state.orgs.number
    assert not np.array_equal(number, plain.state.orgs.number)
    assert np.array_equal(np.sort(number), plain.state.orgs.number)
    assert mixed.parameters == plain.parameters


def test_runs_of_one_set_differ_only_in_what_their_name_says() -> None:
    scenario = Scenario.load("national-and-regional", world="one-town", months=24)
    runs = run_variants(scenario, 3, ["both", "relabelled", "none"], ["wellbeing_gain"])
    assert set(runs["both"].series) == set(OUTCOMES)
    assert list(runs["none"].series) == ["wellbeing_gain"]
    assert runs["both"].organisations is not None
    assert effect("Q2", "relabelled", {**runs, "idle": runs["both"], "without": runs["both"]}) == 0
    for name, variant in VARIANTS.items():
        changed = variant.change(scenario.with_(months=MONTHS))
        assert changed.months == MONTHS, name


@pytest.mark.slow
def test_a_tiny_validation_end_to_end_and_continued(tmp_path: Path) -> None:
    whole = validate(replicates=2, points=3, workers=1, world="one-town", out=tmp_path / "whole")
    assert whole.defaults.shape[0] == 2
    assert whole.space.shape[0] == 3
    assert not whole.incomplete
    assert whole.verdict("Q2").word == "holds"
    for name in ("effects.parquet", "designs.parquet", "validation.csv", "validation.md"):
        assert (tmp_path / "whole" / name).is_file()
    assert (tmp_path / "whole" / "validation.md").read_text() == whole.markdown()

    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    options = {"replicates": 2, "points": 3, "world": "one-town", "out": tmp_path / "again"}
    first = validate(workers=1, progress=stop, **options)  # type: ignore[arg-type]
    assert first.incomplete
    assert "**incomplete**: 2 replicates and 1 points" in first.markdown()
    again = validate(workers=2, **options)  # type: ignore[arg-type]
    np.testing.assert_array_equal(again.defaults, whole.defaults)
    np.testing.assert_array_equal(again.space, whole.space)
    assert again.markdown() == whole.markdown()


def test_the_fair_baseline_is_given_what_the_sets_own_backbones_cost_in_the_same_future() -> None:
    """Of the scenario and the beliefs of the set, not of the file that ships."""
    scenario = Scenario.load("national-and-regional", world="one-town", months=36).with_(
        structure_changes={"national_fte": 7.0}, parameters={"core_post": 0.8}
    )
    names = ["same-total", "none", "both"]
    for seed in (3, 4):
        runs = run_variants(scenario, seed, names, ["external_money_total", "wellbeing_gain"])
        paid = {name: run.end("external_money_total") for name, run in runs.items()}
        assert paid["same-total"] == pytest.approx(paid["both"], rel=1e-12)
        assert paid["both"] > paid["none"]
        shipped = Scenario.load("same-total", world="one-town", months=36)
        alone = CollectiveImpactModel(shipped, seed).run().recorder.values(["external_money_total"])
        assert alone["external_money_total"][-1, -1] != pytest.approx(paid["both"], rel=1e-3)
