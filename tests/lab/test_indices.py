"""Indices of functions whose indices are known, and of noise, which has none."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

from cisim.lab.analyses import correlation, morris, pairs, pawn, sobol
from cisim.lab.analyses.noise import noise
from cisim.lab.design import Design
from cisim.lab.study import InMemory, Study
from cisim.model.input_error import InputError
from cisim.world.ranges import Range
from tests.lab import made_up
from tests.lab.made_up import NAMES, box, ishigami, study

PI = float(np.pi)


@pytest.mark.parametrize("second", [False, True])
def test_sobol_finds_the_indices_of_ishigami_with_and_without_second_order_rows(
    second: bool,
) -> None:
    design = made_up.saltelli(1024, 3, -PI, PI, second)
    found = sobol(study(design, ishigami))
    np.testing.assert_allclose(found.first.values, [0.3139, 0.4424, 0.0], atol=0.03)
    np.testing.assert_allclose(found.total.values, [0.5576, 0.4424, 0.2437], atol=0.03)
    for one, true in ((found.first, [0.3139, 0.4424]), (found.total, [0.5576, 0.4424, 0.2437])):
        assert all(low < t < high for low, high, t in zip(one.low, one.high, true, strict=False))
    # Grown evenly over time, the shares are the same in every month.
    np.testing.assert_allclose(found.total.over_time[:, 0], found.total.values, atol=1e-9)
    assert found.table()["parameter"].tolist() == [NAMES[0], NAMES[1], NAMES[2]]
    assert len(found.by_month()) == 6
    assert NAMES[0] in found.sentences()[0]


def test_pairs_finds_what_two_parameters_of_ishigami_make_only_together() -> None:
    found = pairs(study(made_up.saltelli(1024, 3, -PI, PI, True), ishigami))
    table = found.table()
    assert table[["parameter", "other"]].to_numpy().tolist()[0] == [NAMES[0], NAMES[2]]
    np.testing.assert_allclose(table["together"], [0.2437, 0.0, 0.0], atol=0.05)
    assert table["clear"].tolist() == [True, False, False]
    assert (table["together_low"] < [0.2437, 0.0, 0.0]).all()
    assert (table["together_high"] > [0.2437, 0.0, 0.0]).all()
    (said,) = found.sentences()
    assert f"{NAMES[0]} with {NAMES[2]} (0.2" in said


def test_without_rows_for_pairs_or_without_any_effect_no_pair_is_made_up() -> None:
    for design in (made_up.saltelli(16, 3, 0.0, 1.0), made_up.saltelli(16, 1, 0.0, 1.0, True)):
        with pytest.raises(InputError, match=r"allowed is pairs = true in \[design\]\.$"):
            pairs(study(design, lambda x: x[:, 0]))
    design = made_up.saltelli(64, 8, 0.0, 1.0, True)
    alone = pairs(study(design, lambda x: x.sum(axis=1)))
    assert not alone.clear.any()
    assert "no two parameters stand out" in alone.sentences()[0]
    still = pairs(study(design, lambda x: 0.0 * x[:, 0]))
    assert np.isnan(still.values).all()
    assert not still.clear.any()
    assert "does not vary" in still.sentences()[0]
    with pytest.raises(InputError, match="need 8 whole blocks of 8 points"):
        pairs(study(made_up.saltelli(4, 3, 0.0, 1.0, True), ishigami))


def test_sobol_of_the_g_function_ranks_by_its_coefficients() -> None:
    a = np.array([0.0, 1.0, 9.0, 99.0])

    def g(x: np.ndarray) -> np.ndarray:
        return np.prod((np.abs(4 * x - 2) + a) / (1 + a), axis=1)

    part = 1 / (3 * (1 + a) ** 2)
    variance = np.prod(1 + part) - 1
    total = np.array([part[k] * np.prod(np.delete(1 + part, k)) / variance for k in range(a.size)])
    found = sobol(study(made_up.saltelli(1024, 4, 0.0, 1.0), g))
    np.testing.assert_allclose(found.first.values, part / variance, atol=0.03)
    np.testing.assert_allclose(found.total.values, total, atol=0.03)


def test_luck_is_told_and_what_is_only_luck_is_not_clear() -> None:
    design = made_up.saltelli(256, 3, 0.0, 1.0)
    found = sobol(study(design, lambda x: x[:, 0], noise=0.3, replicates=4))
    # 0.09 / 4 beside 1 / 12
    assert found.noise.share == pytest.approx(0.0225 / (0.0225 + 1 / 12), abs=0.03)
    assert found.total.clear.tolist() == [True, False, False]
    assert found.total.values[1] == pytest.approx(found.noise.share, abs=0.05)
    assert "Luck makes" in " ".join(found.sentences())


def test_luck_that_is_the_same_at_every_point_moves_none_against_another() -> None:
    one = study(box(100, 3), ishigami, replicates=3)
    runs = one.runs("wellbeing_gain")[0]
    shared = np.array([-1.0, 0.0, 1.0])
    assert noise(runs + shared).share == pytest.approx(0.0, abs=1e-12)
    own = np.random.default_rng(1).normal(0, 0.6, runs.shape)
    assert noise(runs + shared + own).deviation == pytest.approx(0.6 / np.sqrt(3), rel=0.1)


def test_a_block_with_a_missing_point_is_left_out_and_told() -> None:
    one = study(made_up.saltelli(256, 3, -PI, PI), ishigami)
    kept = one.kept
    assert isinstance(kept, InMemory)
    kept.values[0, 7] = np.nan
    found = sobol(one)
    assert (found.blocks, found.of) == (255, 256)
    assert "1 of 256 blocks" in " ".join(found.sentences())
    assert np.isfinite(found.total.values).all()


def test_the_difference_between_scenarios_has_indices_of_its_own() -> None:
    design = made_up.saltelli(256, 3, 0.0, 1.0)
    both = study(design, {"a": lambda x: 5 * x[:, 0] + x[:, 1], "b": lambda x: 5 * x[:, 0]})
    level = sobol(both, scenario="a")
    lead = sobol(both, against="b")
    assert level.table()["parameter"][0] == NAMES[0]
    assert lead.table()["parameter"][0] == NAMES[1]
    np.testing.assert_allclose(lead.total.values, [0, 1, 0], atol=0.02)
    assert lead.question.words.startswith("wellbeing_gain of a less that of b in month 120")


def test_an_outcome_that_does_not_vary_is_told_and_no_number_is_made_up() -> None:
    design = made_up.saltelli(16, 3, 0.0, 1.0)
    flat = study(design, lambda x: np.full(len(x), 2.0))
    for analysis in (sobol, correlation):
        found = analysis(flat)
        assert "does not vary" in found.sentences()[0]
    assert np.isnan(sobol(flat).total.values).all()


@pytest.mark.parametrize("levels", [4, 6])
def test_morris_finds_the_slopes_of_a_straight_line_on_any_number_of_levels(levels: int) -> None:
    design = made_up.morris(12, 4, 2.0, 6.0, levels)
    found = morris(study(design, lambda x: 3 * x[:, 0] - x[:, 1] + 0.5 * x[:, 2]))
    # Over its whole range of 4 each.
    np.testing.assert_allclose(found.effect.values, [12.0, 4.0, 2.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(found.mean, [12.0, -4.0, 2.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(found.spread, 0.0, atol=1e-9)
    assert found.effect.clear.tolist() == [True, True, True, False]
    table = found.table()
    assert table["parameter"][0] == NAMES[0]
    assert table["mean"][1] == pytest.approx(-4.0)


def test_morris_counts_steps_in_logs_where_a_range_is_in_logs() -> None:
    plain = made_up.morris(10, 2, 0.0, 1.0)
    values = 10.0**plain.values
    design = made_up.design(values, 1.0, 10.0, "morris", log=True)
    found = morris(study(design, lambda x: np.log10(x[:, 0])))
    np.testing.assert_allclose(found.effect.values, [1.0, 0.0], atol=1e-9)


def test_morris_tells_effects_from_luck() -> None:
    design = made_up.morris(30, 6, 0.0, 1.0)
    found = morris(study(design, lambda x: 4 * x[:, 0], noise=1.0, replicates=4))
    assert found.effect.floor == pytest.approx(0.5 * 2 / np.sqrt(np.pi) / (2 / 3), rel=0.2)
    assert found.effect.clear.tolist() == [True, *[False] * 5]


def test_pawn_sees_what_turns_where_a_rank_correlation_sees_nothing() -> None:
    design = box(600, 5, low=-1.0)
    one = study(design, lambda x: x[:, 0] ** 2 + 0.2 * x[:, 1])
    by_rank = correlation(one)
    by_slice = pawn(one)
    assert not by_rank.correlation.clear[0]
    assert by_slice.index.clear[:2].tolist() == [True, True]
    assert not by_slice.index.clear[2:].any()
    assert by_slice.table()["parameter"][0] == NAMES[0]
    assert by_slice.index.low[0] < by_slice.index.values[0] < by_slice.index.high[0]


@pytest.mark.parametrize("points", [100, 137, 1000])
@pytest.mark.parametrize("what", ["as drawn", "drawn twice", "equal values", "equal points", "two"])
def test_what_repeats_pawn_is_what_salib_gives(points: int, what: str) -> None:
    module = sys.modules["cisim.lab.analyses.pawn"]
    luck = np.random.default_rng(points)
    unit = luck.random((points, 4))
    values = unit[:, 0] ** 2 + luck.random(points)
    if what == "drawn twice":
        some = luck.integers(0, points, points)
        unit, values = unit[some], values[some]
    elif what == "equal points":
        unit = np.round(unit, 1)
    elif what != "as drawn":
        values = np.round(values, 1 if what == "equal values" else 0)
    found = module._again(unit, values)
    np.testing.assert_allclose(found, module._index(unit, values), rtol=0.0, atol=1e-14)


def test_nothing_is_clear_in_noise_more_often_than_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = sys.modules["cisim.lab.analyses.pawn"]
    monkeypatch.setattr(module, "RESAMPLES", 2)  # intervals are not looked at
    wrong = {"pawn": 0, "correlation": 0}
    for seed in range(40):
        design = box(120, 8, seed)
        one = study(design, lambda x: 0.0 * x[:, 0], noise=1.0, seed=seed, months=(12,))
        wrong["correlation"] += bool(correlation(one).correlation.clear.any())
        if seed < 12:
            wrong["pawn"] += bool(pawn(one).index.clear.any())
    # At 5 % each, so many are drawn once in 200 times.
    assert wrong["correlation"] < 7
    assert wrong["pawn"] < 4


def test_rank_indices_stay_where_an_outcome_is_stretched_without_turning() -> None:
    design = box(300, 4)
    plain = study(design, lambda x: x[:, 0] + 0.3 * x[:, 1] ** 2)
    stretched = study(design, lambda x: np.exp(3 * (x[:, 0] + 0.3 * x[:, 1] ** 2)))
    np.testing.assert_array_equal(
        correlation(plain).correlation.values, correlation(stretched).correlation.values
    )
    np.testing.assert_array_equal(pawn(plain).index.values, pawn(stretched).index.values)


def test_the_order_of_points_does_not_matter() -> None:
    design = box(200, 3)
    order = np.random.default_rng(3).permutation(200)
    other = replace(design, values=design.values[order])

    def one(points: Design) -> Study:
        return study(points, lambda x: x[:, 0] - x[:, 2])

    for analysis in (correlation, pawn):
        a, b = analysis(one(design)).table(), analysis(one(other)).table()
        assert a["parameter"].tolist() == b["parameter"].tolist()
        np.testing.assert_allclose(a.iloc[:, 6], b.iloc[:, 6], atol=1e-12)


def test_replicates_that_are_there_twice_change_no_index() -> None:
    design = made_up.saltelli(64, 3, -PI, PI)
    once, twice = (study(design, ishigami, replicates=r) for r in (1, 2))
    np.testing.assert_array_equal(sobol(once).total.values, sobol(twice).total.values)
    assert sobol(twice).noise.share == pytest.approx(0.0, abs=1e-12)


def test_choices_without_order_are_a_column_each() -> None:
    codes = np.random.default_rng(1).integers(0, 3, 300).astype(float)
    values = np.column_stack([codes, np.random.default_rng(2).random(300)])
    ranges = (Range(NAMES[0], 0, 2, choices=("none", "regional", "national")),
              Range(NAMES[1], 0.0, 1.0))  # fmt: skip
    design = Design(NAMES[:2], values, 1, "table", ranges)
    found = correlation(study(design, lambda x: (x[:, 0] == 1).astype(float)))
    assert found.table()["parameter"][0] == f"{NAMES[0]}=regional"


def test_a_design_that_does_not_serve_is_refused_in_one_sentence() -> None:
    one = study(box(100, 3), ishigami)
    with pytest.raises(InputError, match=r"Saltelli design, and these are of kind latin-hyper"):
        sobol(one)
    with pytest.raises(InputError, match="Morris design, and these points are of kind latin"):
        morris(one)
    with pytest.raises(InputError, match="hang together"):
        pawn(study(made_up.morris(10, 3, 0.0, 1.0), ishigami))
    with pytest.raises(InputError, match="PAWN needs 100 points"):
        pawn(study(box(40, 3), ishigami))
    with pytest.raises(InputError, match="need 8 whole blocks of 5 points, and 4 of 4"):
        sobol(study(made_up.saltelli(4, 3, 0.0, 1.0), ishigami))
    # The name alone makes no layout.
    with pytest.raises(InputError, match="Saltelli design"):
        sobol(study(replace(one.design, kind="saltelli"), ishigami))


def test_wrong_questions_are_told_in_one_sentence() -> None:
    one = study(box(100, 3), {"a": ishigami, "b": ishigami})
    for options, said in (
        ({"scenario": "c"}, "'c' is no scenario of made-up"),
        ({"against": "c"}, "'c' is no scenario"),
        ({"scenario": "a", "against": "a"}, "a against itself differs nowhere"),
        ({"month": 13}, "month is 13, which was not kept"),
        ({"outcome": "gap_primary"}, "gap_primary was not kept"),
    ):
        with pytest.raises(InputError, match=said):
            correlation(one, **options)
    with pytest.raises(InputError, match="the only scenario"):
        correlation(study(box(100, 3), ishigami), against="a")


def test_a_single_point_or_a_design_without_width_is_told() -> None:
    point = Design(NAMES[:2], np.array([[1.0, 2.0]]), 1, "defaults")
    with pytest.raises(InputError, match="single point"):
        correlation(study(point, ishigami_of_two))
    same = Design(NAMES[:2], np.ones((30, 2)), 1, "table")
    with pytest.raises(InputError, match="Every point of the design is the same"):
        correlation(study(same, ishigami_of_two))


def ishigami_of_two(x: np.ndarray) -> np.ndarray:
    return x[:, 0] + x[:, 1]
