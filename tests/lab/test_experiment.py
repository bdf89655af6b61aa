"""An experiment file: every name, bound and key is checked; each design is what theory says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import qmc

from cisim import cli
from cisim.lab.analyses.layout import saltelli
from cisim.lab.design import Design, latin_hypercube
from cisim.lab.designs import MOST_POINTS
from cisim.lab.sweep.experiment import Experiment, Growing
from cisim.model.input_error import InputError
from cisim.model.outcomes import OUTCOMES
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.world.scenario import Scenario

BOTH = ("no-backbone", "national-and-regional")
DECLARED = declarations(Parameters)
LOG, LINEAR = "effort_half", "trust_memory"


def experiment(design: dict[str, Any] | Design | None = None, **said: Any) -> Experiment:
    return Experiment(BOTH, design, **{"world": "one-town", "months": 24, **said})


def design(kind: str, **said: Any) -> Design:
    return experiment({"kind": kind, **said}).plan.build()


def shares(made: Design) -> np.ndarray:
    """Return where each value lies on its range, on the scale that is declared."""
    found = []
    for one, column in zip(made.ranges, made.values.T, strict=True):
        low, high = one.low, one.high
        if one.log:
            low, high, column = np.log(low), np.log(high), np.log(column)
        found.append((column - low) / (high - low))
    return np.stack(found, axis=-1)


# --- designs ---------------------------------------------------------------------------------


def test_ranges_default_to_the_plausible_ones_on_their_declared_scale() -> None:
    made = design("sobol", points=4, vary={LOG: {}, LINEAR: {"low": 12.0, "high": 60.0}})
    first, second = made.ranges
    assert (first.low, first.high) == DECLARED[LOG].plausible
    assert first.log == DECLARED[LOG].log_scale is True
    assert (second.low, second.high, second.log) == (12.0, 60.0, DECLARED[LINEAR].log_scale)
    assert made.ranges == experiment({"kind": "sobol", "points": 8, "vary": {
        LOG: {}, LINEAR: {"low": 12, "high": 60}}}).plan.space.ranges  # fmt: skip


def test_without_names_everything_that_may_be_believed_is_varied() -> None:
    made = design("latin-hypercube", points=5, seed=3)
    np.testing.assert_array_equal(made.values, latin_hypercube(5, 3).values)
    assert made.names == latin_hypercube(5, 3).names


def test_what_a_scenario_believes_itself_it_keeps_unless_it_is_named() -> None:
    own = Scenario.load("no-backbone", world="one-town", months=24).set({LINEAR: 50.0})
    other = Scenario.load("national-only", world="one-town", months=24)
    implicit = Experiment([own, other], {"kind": "latin-hypercube", "points": 3})
    values = implicit.plan.build().values[1]
    place = implicit.plan.space.names.index(LINEAR)
    first, second = implicit.at_point(values)
    assert first.parameters.trust_memory == 50.0
    assert second.parameters.trust_memory == values[place]
    named = Experiment([own, other], {"kind": "sobol", "points": 2, "vary": {LINEAR: {}}})
    value = named.plan.build().values[1]
    assert {one.parameters.trust_memory for one in named.at_point(value)} == {float(value[0])}
    alone = Experiment([own], {"kind": "latin-hypercube", "points": 3})
    assert LINEAR not in alone.plan.space.names


def test_a_full_factorial_has_every_combination_once_and_the_last_runs_fastest() -> None:
    vary = {LOG: {"levels": 3}, "structure": {"values": ["none", "regional"]},
            LINEAR: {"values": [40.0, 50.0]}}  # fmt: skip
    made = design("full-factorial", vary=vary)
    assert len(made) == 12
    assert len(np.unique(made.values, axis=0)) == 12
    assert made.table()[LINEAR].tolist()[:4] == [40.0, 50.0, 40.0, 50.0]
    assert made.table()["structure"].tolist()[:4] == ["none", "none", "regional", "regional"]
    np.testing.assert_allclose(np.unique(shares(made)[:, 0]), [0.0, 0.5, 1.0], atol=1e-12)


@pytest.mark.parametrize("points", [7, 32])
def test_a_latin_hypercube_has_one_point_in_each_part_of_each_range(points: int) -> None:
    made = design("latin-hypercube", points=points, vary={LOG: {}, LINEAR: {}})
    for column in np.floor(shares(made) * points).T:
        assert sorted(column.tolist()) == list(range(points))


def test_a_name_more_changes_nobody_elses_latin_hypercube() -> None:
    one = design("latin-hypercube", points=9, vary={LOG: {}})
    two = design("latin-hypercube", points=9, vary={LINEAR: {}, LOG: {}})
    np.testing.assert_array_equal(one.values[:, 0], two.values[:, 1])


def test_a_sobol_sequence_is_scipys_and_goes_on_where_it_ended() -> None:
    vary = {LOG: {}, LINEAR: {}}
    made = design("sobol", points=16, seed=5, vary=vary)
    np.testing.assert_allclose(shares(made), qmc.Sobol(2, rng=5).random(16), rtol=0.0, atol=1e-9)
    longer = design("sobol", points=32, seed=5, vary=vary)
    np.testing.assert_array_equal(longer.values[:16], made.values)
    assert qmc.discrepancy(shares(made)) < qmc.discrepancy(
        shares(design("latin-hypercube", points=16, vary=vary))
    )


def test_a_morris_trajectory_moves_one_factor_at_a_time_by_the_same_step() -> None:
    pytest.importorskip("SALib")
    made = design("morris", trajectories=5, vary={LOG: {}, LINEAR: {}, "turnover": {}})
    assert len(made) == 5 * 4
    for one in shares(made).reshape(5, 4, 3):
        steps = np.diff(one, axis=0)
        assert (np.sum(np.abs(steps) > 1e-9, axis=0) == 1).all()
        assert (np.sum(np.abs(steps) > 1e-9, axis=1) == 1).all()
        np.testing.assert_allclose(np.abs(steps).max(axis=1), 2 / 3, atol=1e-9)


def test_a_saltelli_sample_has_the_rows_for_pairs_where_they_are_asked_for() -> None:
    vary = {LOG: {}, LINEAR: {}}
    plain = design("saltelli", base=8, vary=vary)
    both = design("saltelli", base=8, pairs=True, vary=vary)
    assert (len(plain), len(both)) == (8 * 4, 8 * 6)
    assert (saltelli(plain).second, saltelli(both).second) == (False, True)


def test_a_saltelli_sample_recovers_the_indices_of_a_function_that_has_them_exactly() -> None:
    pytest.importorskip("SALib")
    from SALib.analyze import sobol

    made = design("saltelli", base=1024, vary={LOG: {}, LINEAR: {}})
    assert len(made) == 1024 * 4
    first, second = shares(made).T
    problem = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0.0, 1.0]] * 2}
    found = sobol.analyze(problem, 3.0 * first + 4.0 * second, calc_second_order=False, seed=1)
    np.testing.assert_allclose(found["S1"], [9 / 25, 16 / 25], atol=0.02)


def test_values_that_are_listed_take_equal_shares_of_any_design() -> None:
    vary = {LINEAR: {"values": [40.0, 50.0, 60.0]}, "structure": {"values": ["none", "regional"]}}
    made = design("latin-hypercube", points=60, vary=vary)
    assert pd.Series(made.values[:, 0]).value_counts().to_dict() == {40.0: 20, 50.0: 20, 60.0: 20}
    assert made.table()["structure"].value_counts().to_dict() == {"none": 30, "regional": 30}


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_table_of_points_comes_back_as_it_was(tmp_path: Path, suffix: str) -> None:
    frame = pd.DataFrame(
        {
            "point": [4, 5],
            LOG: [0.5, 0.25],
            "structure": ["regional", "none"],
            "regional_fte": [1, 2],
        }
    )
    file = tmp_path / f"points.{suffix}"
    frame.to_csv(file, index=False) if suffix == "csv" else frame.to_parquet(file)
    made = experiment({"kind": "table", "file": str(file)})
    table = made.plan.build().table()
    pd.testing.assert_frame_equal(
        table.drop(columns="point"), frame.drop(columns="point").astype({"regional_fte": float})
    )
    first = made.at_point(made.plan.build().values[0])[0]
    assert (first.structure_name, first.structure.regional_fte) == ("regional", 1.0)
    assert first.parameters.effort_half == 0.5


def test_a_design_of_python_is_taken_as_it_is() -> None:
    given = latin_hypercube(4, 9)
    made = experiment(given).plan.build()
    np.testing.assert_array_equal(made.values, given.values)
    assert (made.kind, made.names, made.ranges) == (given.kind, given.names, given.ranges)


def test_an_event_a_lever_and_a_post_are_varied_where_they_are() -> None:
    given = Experiment(
        ["national-and-regional", "missing-sponsor", "hospital-programme"],
        {
            "kind": "full-factorial",
            "vary": {
                "regional_fte": {"values": [0.5, 2.0]},
                "selection": {"values": ["open", "usual-suspects"]},
            },
        },
        world="one-town",
        months=24,
    )
    values = given.plan.build().values
    last = given.at_point(values[-1])
    assert [one.structure.regional_fte for one in last] == [2.0] * 3
    assert {one.structure.selection for one in last} == {"usual-suspects"}
    dated = Experiment(["returning-sponsor"], world="one-town", months=60)
    kind = dated.scenarios[0].events[0].kind
    name = f"{kind}.month"
    months = Experiment(
        ["returning-sponsor"], {"kind": "full-factorial", "vary": {name: {"values": [3, 7]}}},
        world="one-town", months=60,
    )  # fmt: skip
    assert [months.at_point([m])[0].events[0].month for m in (3.0, 7.0)] == [3, 7]


def test_a_structure_comes_before_what_changes_it() -> None:
    vary = {"regional_fte": {"values": [2.0]}, "structure": {"values": ["regional"]}}
    made = experiment({"kind": "full-factorial", "vary": vary})
    one = made.at_point(made.plan.build().values[0])[0]
    assert (one.structure_name, one.structure.regional_fte) == ("regional", 2.0)


def test_how_many_points_is_known_before_any_is_made() -> None:
    free = [name for name, one in DECLARED.items() if one.plausible and not one.whole]
    vary = {name: {"levels": 100} for name in free[:4]}
    made = experiment({"kind": "full-factorial", "vary": vary}, replicates=10)
    assert made.plan.size == 100**4 > MOST_POINTS
    assert made.runs == made.plan.size * 10 * 2
    with pytest.raises(InputError, match="allowed are at most 1,000,000"):
        made.plan.build()


# --- what is kept ----------------------------------------------------------------------------


def test_full_years_and_the_horizon_and_headlines_are_kept() -> None:
    made = experiment(months=30)
    assert made.months.tolist() == [12, 24, 30]
    assert made.outcomes == tuple(name for name, one in OUTCOMES.items() if one.headline)
    assert made.regions == ("overall",)
    regional = experiment(by_region=True, at=[6, 0])
    assert regional.months.tolist() == [0, 6]
    assert regional.regions[-1] == "overall"
    assert len(regional.regions) == 1 + len(regional.scenarios[0].world.regions)


def test_replicates_may_grow() -> None:
    grows = {"at_most": 9, "outcome": "wellbeing_gain", "precision": 0.1}
    made = experiment(replicates=grows)
    assert made.replicates == Growing(**grows)
    assert made.most_replicates == 9


# --- the file --------------------------------------------------------------------------------

FILE = """
title = "T"
scenarios = ["no-backbone", "national-and-regional"]
world = "one-town"
months = 24
{top}
[design]
kind = "{kind}"
{keys}
[design.vary]
{vary}
"""

WRONG = [
    ("worl = 'x'", "worl is not a field. Did you mean world?"),
    ("outcomes = ['wellbeing_gian']", "outcomes[0]: ", "wellbeing_gain"),
    ("outcomes = ['member_share', 'member_share']", "member_share twice"),
    ("at = [25]", "at[0] is 25; allowed is a month from 0 to 24"),
    ("at = ['2027-01']", "at[0] is '2027-01', but the world has no start"),
    ("replicates = 0", "replicates is 0; allowed is a whole number from 1"),
    ("replicates = {at_least = 5, at_most = 3, outcome = 'member_share', precision = 0.1}",
     "replicates.at_most is 3", "at_least, 5"),
    ("replicates = {at_most = 3, outcome = 'wellbeing_gian', precision = 0.1}",
     "replicates.outcome", "Did you mean wellbeing_gain?"),
    ("replicates = {at_most = 3, outcome = 'wellbeing_gain', precision = 0}",
     "replicates.precision is 0; allowed is a number above 0"),
    ("replicates = {at_most = 3, outcome = 'wellbeing_gain', precision = 1}\nat = [12]",
     "at lacks the horizon, 24"),
    ("seed = -1", "seed is -1; allowed is a whole number from 0"),
    ("seed = 9223372036854775807\nreplicates = 3", "seed is 9223372036854775807; allowed"),
    ("set = {trust_memry = 1}", "trust_memry is not a parameter or a lever. Did you mean"),
    ("policy = 'nothing:x'", "policy is nothing:x, and nothing cannot be imported"),
    ("policy_parameters = {a = 1}", "policy_parameters are given without a policy"),
]  # fmt: skip
WRONG_DESIGN = [
    ("sobl", "points = 3", "", "design.kind is 'sobl'", "Did you mean sobol?"),
    ("sobol", "", "effort_half = {}", "design.points is missing"),
    ("sobol", "points = 0", "effort_half = {}", "design.points is 0; allowed is a whole number"),
    ("sobol", "points = 3", "", "design.vary"),
    ("morris", "points = 3\ntrajectories = 2", "effort_half = {}", "design.points is not a field"),
    ("full-factorial", "", "effort_half = {}", "right would be values = [...] or levels = 5"),
    ("sobol", "points = 3", "effort_halff = {}", "'effort_halff', which is not a parameter",
     "Did you mean effort_half?"),
    ("sobol", "points = 3", "effort_half = {lo = 1}", "design.vary.effort_half.lo is not a field"),
    ("sobol", "points = 3", "effort_half = 3", "design.vary.effort_half is 3; allowed is a table"),
    ("sobol", "points = 3", "trust_memory = {low = 0.1}",
     "design.vary.trust_memory.low is 0.1; allowed is a number from 1 to 600 (months)"),
    ("sobol", "points = 3", "trust_memory = {low = 60, high = 40}", "low 60 to high 40"),
    ("sobol", "points = 3", "trust_memory = {low = nan}", "trust_memory.low is nan"),
    ("sobol", "points = 3", "trust_memory = {low = '2027-01'}",
     "trust_memory.low is '2027-01'; allowed is a number"),
    ("sobol", "points = 3", "trust_memory = {values = [40, 40]}", "40.0 twice"),
    ("sobol", "points = 3", "trust_memory = {values = [40], low = 3}", "values and low"),
    ("sobol", "points = 3", "regional_fte = {}", "regional_fte lacks low and high"),
    ("sobol", "points = 3", "regional_fte = {low = -1, high = 2, log = true}", "regional_fte.low"),
    ("sobol", "points = 3", "regional_fte = {low = 0, high = 2, log = true}",
     "regional_fte.low is 0 on a log scale"),
    ("sobol", "points = 3", '"backbone-starts.month" = {}', "no scenario has that event"),
    ("sobol", "points = 3", "structure = {values = ['nun']}", "structure.values[0]: 'nun' is not"),
    ("sobol", "points = 3", "strcture = {values = ['none']}", "Did you mean structure?"),
    ("sobol", "points = 3", "structure = {low = 1}", "structure has low; allowed is a list"),
    ("sobol", "points = 3", "selection = {values = ['opn']}", "cannot have opn"),
    ("sobol", "points = 3", '"=cmd|x" = {}', "'=cmd|x', which is not a parameter"),
    ("saltelli", "base = 2\nseed = -1", "effort_half = {}", "design.seed is -1"),
]  # fmt: skip


def refused(file: Path, capsys: pytest.CaptureFixture[str], *words: str) -> None:
    assert cli.main(["check", str(file)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    for word in words:
        assert word in err, err
    for line in err.splitlines():
        assert line.startswith(f"{file.name}: ")
        assert line.isprintable()


@pytest.mark.parametrize("wrong", WRONG, ids=lambda one: one[0][:30])
def test_what_is_wrong_in_a_file_is_told_with_its_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: tuple[str, ...]
) -> None:
    file = tmp_path / "study.toml"
    file.write_text(
        FILE.format(top=wrong[0], kind="sobol", keys="points = 4", vary="turnover = {}")
    )
    if "policy" not in wrong[0]:  # what a file names as code is not imported to check it
        refused(file, capsys, *wrong[1:])
    with pytest.raises(InputError) as caught:
        Experiment.load(file)
    assert all(word in "\n".join(caught.value.sentences) for word in wrong[1:])


@pytest.mark.parametrize("wrong", WRONG_DESIGN, ids=lambda one: f"{one[0]} {one[2][:30]}")
def test_what_is_wrong_in_a_design_is_told_with_its_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: tuple[str, ...]
) -> None:
    file = tmp_path / "study.toml"
    file.write_text(FILE.format(top="", kind=wrong[0], keys=wrong[1], vary=wrong[2]))
    refused(file, capsys, *wrong[3:])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("turnovr\n0.1\n", "which is not a parameter"),
        ("turnover\n0.1\nx\n", "turnover is 'x' in row 2; allowed is a number from 0 to 1"),
        ("structure\nnone\n3\n", "'3' is not a structure"),
        ("turnover\n0.1\n\n,\n", "points.csv"),
        ("turnover\n-5\n", "turnover is -5 in row 1; allowed is a number from 0 to 1"),
        ("turnover,regional_fte\n0.1,\n", "regional_fte is nan in row 1; allowed is a number"),
        ("point\n1\n", "points.csv has no points"),
        ("", "points.csv cannot be read as a table"),
        ("structure\nnone\nnun\n", "'nun' is not a structure"),
        ("=1+1\n2\n", "'=1+1', which is not a parameter"),
    ],
)
def test_what_is_wrong_in_a_table_of_points_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    (tmp_path / "points.csv").write_text(text)
    file = tmp_path / "study.toml"
    file.write_text(
        'title = "T"\nscenarios = ["no-backbone"]\nworld = "one-town"\n'
        '[design]\nkind = "table"\nfile = "points.csv"\n'
    )
    refused(file, capsys, words)


def test_a_table_that_is_none_and_an_ensemble_that_is_not_there_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "study.toml"
    start = 'title = "T"\nscenarios = ["no-backbone"]\nworld = "one-town"\n[design]\n'
    file.write_text(start + 'kind = "table"\nfile = "points.csv"\n')
    refused(file, capsys, "points.csv: there is no such file")
    (tmp_path / "points.parquet").write_bytes(b"PAR1 and nothing else PAR1")
    file.write_text(start + 'kind = "table"\nfile = "points.parquet"\n')
    refused(file, capsys, "points.parquet cannot be read as a table")
    file.write_text(start + 'kind = "ensemble"\n')
    refused(file, capsys, "design.file is missing; right would be a table of believed points")
    (tmp_path / "points.csv").write_text("regional_fte\n1\n")
    file.write_text(start + 'kind = "ensemble"\nfile = "points.csv"\n')
    refused(file, capsys, "'regional_fte', which is not a parameter")


def test_a_right_file_is_told_with_its_size(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "study.toml"
    file.write_text(
        FILE.format(top="replicates = 3", kind="sobol", keys="points = 6", vary="turnover = {}")
    )
    assert cli.main(["check", str(file)]) == 0
    out = capsys.readouterr().out
    assert "a sobol design of 6 points × 3 replicates, 36 runs" in out
    assert "not balanced; a power of two is, as 8" in out


def test_code_that_a_file_names_is_not_imported_to_check_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ran.py").write_text("raise SystemExit(9)\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    file = tmp_path / "study.toml"
    top = 'policy = "ran:act"'
    file.write_text(FILE.format(top=top, kind="sobol", keys="points = 4", vary="turnover = {}"))
    assert cli.main(["check", str(file)]) == 0
    capsys.readouterr()


def test_paths_are_seen_from_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "mine.toml").write_text(
        'title = "Mine"\nworld = "one-town"\nstructure = "regional"\nmonths = 24\n'
    )
    (tmp_path / "deep" / "points.csv").write_text("turnover\n0.1\n")
    file = tmp_path / "deep" / "study.toml"
    file.write_text(
        'title = "T"\nscenarios = ["mine.toml"]\n[design]\nkind = "table"\nfile = "points.csv"\n'
    )
    monkeypatch.chdir(tmp_path)
    made = Experiment.load("deep/study.toml")
    assert [one.name for one in made.scenarios] == ["mine"]
    assert made.name == "study"


def test_scenarios_that_cannot_stand_beside_each_other_are_refused() -> None:
    with pytest.raises(InputError, match="has 'no-backbone' 2 times"):
        Experiment(["no-backbone", "no-backbone"], world="one-town")
    with pytest.raises(InputError, match=r"scenarios is \[\]; allowed is a list of at least 1"):
        Experiment([])
    with pytest.raises(InputError, match="scenarios has 3; allowed is a Scenario"):
        Experiment([3])  # type: ignore[list-item]
