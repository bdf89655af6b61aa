"""Boxes that were planted are found, and chance is seldom taken for one."""

from __future__ import annotations

import numpy as np
import pytest

from cisim.lab.analyses import Discovery, prim, tree
from cisim.lab.design import Design
from cisim.lab.study import Study
from cisim.model.input_error import InputError
from cisim.world.ranges import Range
from tests.lab import made_up
from tests.lab.made_up import NAMES, box, study

BOTH = pytest.mark.parametrize("find", [prim, tree])


def planted(x: np.ndarray) -> np.ndarray:
    """Return -1 where the first is above 0.6 and the second below 0.5, else 1."""
    return np.where((x[:, 0] > 0.6) & (x[:, 1] < 0.5), -1.0, 1.0)


def restricted(found: Discovery) -> set[str]:
    return set(found.table()["parameter"])


@BOTH
def test_a_planted_box_is_found_with_its_edges(find) -> None:
    found = find(study(box(500, 12), planted))
    assert restricted(found) == {NAMES[0], NAMES[1]}
    table = found.table().set_index("parameter")
    assert table.loc[NAMES[0], "low"] == pytest.approx(0.6, abs=0.06)
    assert table.loc[NAMES[1], "high"] == pytest.approx(0.5, abs=0.06)
    one = found.boxes[0]
    assert one.coverage > 0.85
    assert one.density > 0.85
    assert one.chance < 1e-6
    said = " ".join(found.sentences())
    assert f"{NAMES[0]} is at least 0." in said
    assert f"{NAMES[1]} is at most 0." in said
    members = found.members()
    assert set(members["point"]) == set(one.points)
    x = found.fails.scaled.unit[one.points]
    assert planted(x).mean() < -0.7


@BOTH
def test_coverage_and_density_are_those_of_the_half_that_was_not_searched(find) -> None:
    found = find(study(box(400, 4), planted))
    one, fails = found.boxes[0], found.fails
    tell = ~fails.search[one.points]
    assert one.inside == tell.sum()
    assert one.fail == (fails.there[one.points] & tell).sum()
    assert one.failing == (fails.there & ~fails.search).sum()


@pytest.mark.parametrize(("find", "seeds"), [(prim, 12), (tree, 60)])
def test_chance_is_seldom_a_box(find, seeds: int) -> None:
    wrong = 0
    for seed in range(seeds):
        one = study(box(160, 6, seed), lambda x: 0 * x[:, 0], noise=1.0, seed=seed, months=(12,))
        found = find(one)
        wrong += bool(found.boxes)
        if not found.boxes:
            assert len(found.table()) == 0
            assert "no box was found" in " ".join(found.sentences())
    # At 5 % each: so many are drawn once in 300 times.
    assert wrong <= (3 if seeds == 12 else 8)


@BOTH
def test_a_box_in_logs_has_its_edges_in_values(find) -> None:
    plain = box(500, 3)
    design = made_up.design(10.0**plain.values, 1.0, 10.0, log=True)
    found = find(study(design, lambda x: planted(np.log10(x))))
    table = found.table().set_index("parameter")
    assert table.loc[NAMES[0], "low"] == pytest.approx(10**0.6, rel=0.15)
    assert bool(table.loc[NAMES[0], "log"])


@BOTH
def test_a_box_may_be_some_of_several_choices(find) -> None:
    rng = np.random.default_rng(4)
    values = np.column_stack([rng.integers(0, 3, 400), rng.random(400)]).astype(float)
    ranges = (
        Range(NAMES[0], 0, 2, choices=("none", "regional", "national")),
        Range(NAMES[1], 0.0, 1.0),
    )
    design = Design(NAMES[:2], values, 1, "latin-hypercube", ranges)
    found = find(study(design, lambda x: np.where(x[:, 0] == 1, -1.0, 1.0)))
    assert found.table()["choices"].tolist() == ["regional"]
    assert f"{NAMES[0]} is regional" in " ".join(found.sentences())
    assert found.boxes[0].density == 1.0


@BOTH
def test_failing_is_a_level_another_scenario_or_harm(find) -> None:
    both = study(box(300, 4), {"a": lambda x: x[:, 0], "b": lambda x: x[:, 1]})
    level = find(both, threshold=0.4)
    assert level.fails.there.tolist() == (both.design.values[:, 0] < 0.4).tolist()
    assert "is below 0.4 in month 120" in level.sentences()[0]
    worse = find(both, against="b")
    x = both.design.values
    assert worse.fails.there.tolist() == (x[:, 0] < x[:, 1]).tolist()
    assert "is worse than that of b" in worse.sentences()[0]
    harm = find(study(box(300, 4, low=-1.0), lambda x: x[:, 2]))
    assert restricted(harm) == {NAMES[2]}
    assert "falls below the ordinary world" in harm.sentences()[0]


@BOTH
def test_too_few_of_one_kind_are_told_and_nothing_is_looked_for(find) -> None:
    for level, said in ((-9.0, "fails nowhere"), (9.0, "fails everywhere"), (0.02, "too few")):
        found = find(study(box(200, 3), lambda x: x[:, 0]), threshold=level)
        assert found.boxes == ()
        assert said in found.sentences()[0]
        assert len(found.table()) == 0


@BOTH
def test_what_failing_is_must_be_said(find) -> None:
    one = study(box(100, 3), {"a": planted, "b": planted}, outcomes=("joint_activity",))
    with pytest.raises(InputError, match="What failing is of joint_activity is not said"):
        find(one)
    with pytest.raises(InputError, match="allowed is one of the two"):
        find(one, threshold=0.0, against="b")
    with pytest.raises(InputError, match="hang together"):
        find(study(made_up.morris(10, 3, 0.0, 1.0), planted))


def test_a_second_box_is_found_where_the_first_is_not() -> None:
    def two(x: np.ndarray) -> np.ndarray:
        bad = ((x[:, 0] > 0.8) & (x[:, 1] > 0.5)) | ((x[:, 0] < 0.2) & (x[:, 2] > 0.5))
        return np.where(bad, -1.0, 1.0)

    found = prim(study(box(800, 4), two))
    assert len(found.boxes) == 2
    assert not set(found.boxes[0].points) & set(found.boxes[1].points)
    assert sum(one.coverage for one in found.boxes) > 0.8


@BOTH
def test_stretching_the_outcome_changes_no_box(find) -> None:
    def made(stretch: float) -> Study:
        return study(box(300, 4), lambda x: np.sinh(stretch * planted(x)))

    assert find(made(1.0)).table().equals(find(made(3.0)).table())
