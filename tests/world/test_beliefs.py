"""Beliefs: each future draws its own parameters, the same for every scenario."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cisim
from cisim.lab.rivals import rivals
from cisim.lab.shapley import shapley
from cisim.lab.sweep.identity import hash_of
from cisim.model.input_error import InputError, shown
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.world.beliefs import BLOCK, Beliefs
from cisim.world.joint_points import read_joint_points
from cisim.world.ranges import plausible_range
from cisim.world.scenario import Scenario

PLAUSIBLE = Beliefs()


def town(name: str = "national-and-regional", **changes: object) -> Scenario:
    return Scenario.load(name, world="one-town", months=12, **changes).believing("plausible")


def test_a_future_believes_the_same_whatever_others_are_run() -> None:
    some = PLAUSIBLE.values(np.array([205, 7, 2**62]))
    for row, seed in zip(some, (205, 7, 2**62), strict=True):
        assert PLAUSIBLE.point(seed) == dict(zip(PLAUSIBLE.names, row.tolist(), strict=True))
    assert not (some[0] == some[1]).any()


def test_a_row_of_futures_covers_every_range_evenly() -> None:
    declared = declarations(Parameters)
    for first in (1, 1 + 3 * BLOCK):
        rows = PLAUSIBLE.values(np.arange(first, first + BLOCK))
        for name, column in zip(PLAUSIBLE.names, rows.T, strict=True):
            over = plausible_range(declared[name])
            assert over.low <= column.min() <= column.max() <= over.high
            if not over.whole:
                strata = over.at((np.arange(BLOCK + 1)) / BLOCK)
                assert (np.histogram(column, strata)[0] == 1).all(), name


def test_fixed_is_what_a_scenario_says_and_anything_else_is_refused() -> None:
    plain = Scenario.load("no-backbone", world="one-town")
    assert plain.believing("fixed") == plain
    assert plain.in_future(3) is plain
    with pytest.raises(
        InputError, match="beliefs is 'guessed'; allowed is ensemble, plausible, fixed, "
    ):
        plain.believing("guessed")


def test_what_a_scenario_sets_stays_so_even_where_it_is_the_default() -> None:
    half = Parameters().effort_half
    one = town().set({"effort_half": half, "turnover": 0.02})
    for seed in (1, 2):
        there = one.in_future(seed).parameters
        assert (there.effort_half, there.turnover) == (half, 0.02)
        point = PLAUSIBLE.point(seed)
        for name in PLAUSIBLE.names:
            if name not in ("effort_half", "turnover"):
                assert getattr(there, name) == point[name]


def test_a_key_tells_what_is_set_to_its_default_from_what_is_drawn() -> None:
    one = town()
    other = one.set({"effort_half": Parameters().effort_half})
    assert one == other
    assert one.held != other.held
    assert hash_of(one) != hash_of(other)
    plain = Scenario.load("no-backbone", world="one-town")
    assert hash_of(plain) == hash_of(plain.set({"effort_half": Parameters().effort_half}))


def test_a_run_is_that_of_a_scenario_with_those_parameters() -> None:
    one = town()
    believed = cisim.CollectiveImpactModel(one, seed=5).run()
    plain = Scenario.load("national-and-regional", world="one-town", months=12)
    plain = plain.set(PLAUSIBLE.point(5))
    same = cisim.CollectiveImpactModel(plain, seed=5).run()
    assert believed.outcomes().equals(same.outcomes())
    assert believed.scenario.parameters == plain.parameters


def test_it_comes_back_from_a_file_as_it_was() -> None:
    one = town().set({"effort_half": Parameters().effort_half})
    again = Scenario.from_resolved(json.loads(json.dumps(one.resolved())))
    assert again.beliefs == one.beliefs
    assert again.in_future(4).parameters == one.in_future(4).parameters
    assert "beliefs" not in Scenario.load("no-backbone").resolved()


def test_the_same_money_is_given_in_every_future() -> None:
    names = ["same-total", "national-and-regional"]
    found = cisim.compare(
        [Scenario.load(name, world="one-town", months=24) for name in names],
        12,
        1,
        beliefs="plausible",
        outcomes=["external_money_total"],
        at=[24],
    )
    one, other = (found.ensembles[name].at("external_money_total") for name in names)
    assert np.array_equal(one, other)
    assert np.ptp(other) > 0.0


# --- who takes beliefs, and how


def _pair() -> list[Scenario]:
    names = ("no-backbone", "national-and-regional")
    return [Scenario.load(name, world="one-town", months=12) for name in names]


def _optimised(scenarios: list[Scenario], **how: Any) -> Any:
    vary = {"add.regional.fte": "0..1/1"}
    return cisim.optimise(scenarios[0], 60_000, vary=vary, points=4, unseen=4, workers=1, **how)


TAKE = {
    "simulate": lambda given, **how: cisim.simulate(given[0], 2, 1, **how),
    "compare": lambda given, **how: cisim.compare(given, 2, 1, **how),
    "rivals": lambda given, **how: rivals(given, 2, 1, tried=[("trust_theory", "layers")], **how),
    "threshold": lambda given, **how: cisim.threshold(
        given, "effort_half", until_order_turns=True, points=3, replicates=2, workers=1, **how
    ),
    "track": lambda given, **how: cisim.track(given[1], [], replicates=2, most=2, workers=1, **how),
    "shapley": lambda given, **how: shapley(given[1], "levels", replicates=2, workers=1, **how),
    "optimise": _optimised,
    "Experiment": lambda given, **how: cisim.Experiment(given, **how).run(workers=1),
}


def _figures(found: Any) -> np.ndarray:
    """Return the numbers of whatever was found."""
    if isinstance(found, cisim.Ensemble):
        return found.values
    table = found.forecast() if isinstance(found, cisim.Tracked) else found.table()
    return table.select_dtypes("number").to_numpy(np.float64)


@pytest.mark.parametrize("wrong", ["guessed", "", 3, True, [], {"kind": "fixed"}])
@pytest.mark.parametrize("who", TAKE)
def test_wrong_beliefs_are_told_in_one_sentence_by_whoever_takes_them(
    who: str, wrong: object
) -> None:
    with pytest.raises(InputError) as caught:
        TAKE[who](_pair(), beliefs=wrong)
    said = str(caught.value)
    assert "beliefs" in said
    assert said.count("\n") == 0
    if who != "Experiment" or isinstance(wrong, str):  # of other kinds a file's own check speaks
        assert f"beliefs is {shown(wrong)}; allowed is ensemble, plausible, fixed, " in said


@pytest.mark.parametrize("who", TAKE)
def test_the_same_beliefs_are_taken_by_all_whoever_says_them(who: str) -> None:
    alone, said = (_figures(TAKE[who](_pair(), beliefs=held)) for held in ("fixed", "evaluated"))
    own = _figures(TAKE[who]([one.believing("evaluated") for one in _pair()]))
    assert not np.array_equal(said, alone, equal_nan=True)
    np.testing.assert_array_equal(own, said)


def test_a_search_over_an_ensemble_sees_its_points_and_is_told_again_on_others() -> None:
    found = _optimised(_pair(), beliefs="evaluated")
    there = read_joint_points("evaluated")
    rows = {tuple(row) for row in there.points.tolist()}
    seen, unseen = (
        {tuple(row) for row in one.values.tolist()}
        for one in (found.beliefs.seen, found.beliefs.unseen)
    )
    assert found.beliefs.seen.names == there.names
    assert seen | unseen <= rows
    assert not seen & unseen
    assert found.beliefs.said == "evaluated"
    alone = _optimised(_pair(), beliefs="fixed")
    assert alone.beliefs.seen.values.shape == (4, 0)
    with pytest.raises(InputError, match="points is a table of them; allowed is one of the two"):
        cisim.optimise("no-backbone", 60_000, points="evaluated", beliefs="ensemble")


def test_an_experiment_believes_in_its_replicates_what_a_comparison_does(tmp_path: Path) -> None:
    file = tmp_path / "e.toml"
    file.write_text(
        'title = "T"\nscenarios = ["no-backbone", "national-and-regional"]\nworld = "one-town"\n'
        'months = 12\nreplicates = 2\nbeliefs = "ensemble"\noutcomes = ["wellbeing_gain"]\n'
        '[design]\nkind = "full-factorial"\nvary = { trust_memory = { values = [12, 60] } }\n',
        encoding="utf-8",
    )
    experiment = cisim.Experiment.load(file)
    study = experiment.run(workers=1, out=tmp_path / "out")
    assert cisim.Study.load(tmp_path / "out").digest() == study.digest()
    for point, memory in enumerate((12.0, 60.0)):
        both = [
            Scenario.load(name, world="one-town", months=12).set({"trust_memory": memory})
            for name in ("no-backbone", "national-and-regional")
        ]
        found = cisim.compare(both, 2, 1, outcomes=["wellbeing_gain"], at=[12])
        means = [one.at("wellbeing_gain").mean() for one in found.ensembles.values()]
        np.testing.assert_allclose(study.at("wellbeing_gain")[:, point], means, rtol=1e-12)


SEEN: dict[str, Any] = {
    "simulate": lambda found: found.values.tobytes(),
    "compare": lambda found: [one.values.tobytes() for one in found.ensembles.values()],
    "rivals": lambda found: found.table().to_csv(),
    "threshold": lambda found: found.table().to_csv(),
    "track": lambda found: found.forecast().to_csv(),
    "shapley": lambda found: found.table().to_csv(),
    "optimise": lambda found: [
        found.beliefs.seen.values.tolist(),
        found.beliefs.unseen.values.tolist(),
    ],
    "Experiment": lambda found: found.at("wellbeing_gain").tolist(),
}
"""What differs with beliefs, of what each returns."""
CALLED = {"rivals": "cisim.lab.rivals.rivals", "shapley": "cisim.lab.shapley.shapley",
          "Experiment": "experiments"}  # fmt: skip
GUIDE = Path(__file__).parents[2] / "docs" / "beliefs.md"


@pytest.mark.parametrize("who", TAKE)
def test_the_guide_says_what_each_does_where_nothing_is_said(who: str) -> None:
    part = GUIDE.read_text("utf-8").partition("| who | left out | why |")[2].partition("\n\n")[0]
    named = CALLED.get(who, f"cisim.{who}")
    (row,) = (line for line in part.splitlines() if named in line.split(" | ")[0].replace("`", ""))
    usual = row.split(" | ")[1].split("`")[1]
    other = "plausible" if usual != "plausible" else "ensemble"
    left_out = SEEN[who](TAKE[who](_pair()))
    assert left_out == SEEN[who](TAKE[who](_pair(), beliefs=usual))
    assert left_out != SEEN[who](TAKE[who](_pair(), beliefs=other))
