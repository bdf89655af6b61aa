"""A sweep runs what is missing, once, and what comes of it hangs on nothing but what was asked."""

from __future__ import annotations

import csv
import json
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cisim import cli
from cisim.lab.ensemble import mean_interval
from cisim.lab.simulate import simulate
from cisim.lab.study import Study
from cisim.lab.sweep import driver, estimate, load_experiment, piece
from cisim.lab.sweep.driver import grows_on, next_count
from cisim.lab.sweep.experiment import Experiment, Growing
from cisim.lab.sweep.identity import hash_of, identify
from cisim.model.input_error import InputError
from cisim.world.scenario import Scenario

BOTH = ("no-backbone", "national-and-regional")
OUTCOMES = ("wellbeing_gain", "joint_activity")
VARY = {"effort_half": {}, "trust_memory": {"low": 40.0, "high": 60.0}}


def experiment(**said: Any) -> Experiment:
    points = said.pop("points", 4)
    design = said.pop("design", {"kind": "sobol", "points": points, "vary": VARY})
    scenarios = said.pop("scenarios", BOTH)
    return Experiment(
        scenarios,
        design,
        **{"world": "one-town", "months": 4, "at": [2, 4], "replicates": 2,
           "outcomes": OUTCOMES, **said},
    )  # fmt: skip


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Return a list to which every run of this process adds scenario and seed."""
    found: list[tuple[str, int]] = []
    run = piece.run_one

    def counted(work: Any, scenarios: Any, s: int, replicate: int, pasts: Any) -> Any:
        found.append((scenarios[s].name, work.seed + replicate))
        return run(work, scenarios, s, replicate, pasts)

    monkeypatch.setattr(piece, "run_one", counted)
    return found


def stop_after(many: int) -> Callable[[int, int], None]:
    def progress(done: int, total: int) -> None:
        if done >= many:
            raise KeyboardInterrupt

    return progress


# --- the same bits ---------------------------------------------------------------------------


def test_workers_order_interruption_and_the_disk_change_not_one_bit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = experiment().run(workers=1)
    digest = whole.digest()
    assert np.isfinite(whole.runs("wellbeing_gain")).all()
    assert experiment().run(workers=2).digest() == digest
    assert experiment().run(tmp_path / "a", workers=2).digest() == digest
    assert Study.load(tmp_path / "a").digest() == digest
    broken = experiment().run(tmp_path / "b", workers=1, progress=stop_after(5))
    assert broken.incomplete
    assert 0 < broken.there < broken.asked == 16
    assert broken.digest() != digest
    told: list[str] = []
    resumed = experiment().run(tmp_path / "b", workers=1, say=told.append)
    assert (resumed.digest(), resumed.incomplete) == (digest, False)
    assert f"{broken.there} of 16 runs are there from before." in told
    execute = driver.execute

    def shuffled(function: Any, work: Any, indexes: Any, keep: Any, **options: Any) -> Any:
        order = np.random.default_rng(3).permutation(len(indexes))
        return execute(function, work, [indexes[k] for k in order], keep, **options)

    monkeypatch.setattr(driver, "execute", shuffled)
    assert experiment().run(tmp_path / "c", workers=1).digest() == digest


def test_shards_together_are_the_whole(tmp_path: Path, ran: list[tuple[str, int]]) -> None:
    digest = experiment().run(workers=1).digest()
    assert len(ran) == 16
    for number in (1, 2, 3):
        part = experiment().run(tmp_path / f"{number}", workers=1, shard=(number, 3))
        assert part.incomplete
    assert len(ran) == 32
    merged = tmp_path / "1"
    for number in (2, 3):
        for path in (tmp_path / f"{number}" / "parts").glob("*.parquet"):
            shutil.copy(path, merged / "parts")
    assert experiment().run(merged, workers=1).digest() == digest
    for number in (3, 1, 2):
        experiment().run(tmp_path / "one", workers=1, shard=(number, 3))
    assert experiment().run(tmp_path / "one", workers=1).digest() == digest
    assert len(ran) == 48


def test_a_point_without_changes_is_what_simulate_shows() -> None:
    study = experiment(design=None, replicates=3, seed=7).run(workers=1)
    for s, name in enumerate(BOTH):
        one = Scenario.load(name, world="one-town", months=4)
        ensemble = simulate(one, 3, 1, 7, outcomes=OUTCOMES)
        for outcome in OUTCOMES:
            for month in (2, 4):
                np.testing.assert_array_equal(
                    study.runs(outcome, month)[s, 0], ensemble.at(outcome, month)
                )


def test_points_and_scenarios_meet_the_same_futures(ran: list[tuple[str, int]]) -> None:
    vary = {"regional_fte": {"values": [0.5, 1.0, 2.0]}}
    study = experiment(design={"kind": "full-factorial", "vary": vary}, replicates=2, seed=5).run(
        workers=1
    )
    assert sorted(set(ran)) == sorted((name, seed) for name in BOTH for seed in (5, 6))
    runs = study.runs("wellbeing_gain")
    np.testing.assert_array_equal(runs[0], np.broadcast_to(runs[0, :1], runs[0].shape))
    assert (runs[0, 0, 0] != runs[0, 0, 1]).all()  # the futures themselves differ


# --- only what is missing --------------------------------------------------------------------


def test_what_is_there_is_not_run_again_however_the_experiment_grows(
    tmp_path: Path, ran: list[tuple[str, int]]
) -> None:
    def new(**said: Any) -> int:
        before = len(ran)
        study = experiment(**said).run(tmp_path / "out", workers=1)
        assert not study.incomplete
        count = len(ran) - before
        ran[:] = []
        assert study.digest() == experiment(**said).run(workers=1).digest()
        ran[:] = []
        return count

    assert new(replicates=1) == 8
    assert new(replicates=1) == 0
    assert new(replicates=2) == 8
    assert new(points=8) == 16
    assert new(points=8, scenarios=(*BOTH, "national-only")) == 16
    assert new(points=4) == 0
    assert new(seed=2, points=4) == 4 * 2  # replicate 0 now is what replicate 1 was


def test_outcomes_and_months_that_are_added_need_runs_and_nothing_kept_is_lost(
    tmp_path: Path, ran: list[tuple[str, int]]
) -> None:
    experiment().run(tmp_path, workers=1)
    ran[:] = []
    more = experiment(outcomes=["member_share"]).run(tmp_path, workers=1)
    assert len(ran) == 16
    assert more.outcomes == (*OUTCOMES, "member_share")
    ran[:] = []
    assert experiment(outcomes=["joint_activity"], at=[4]).run(tmp_path, workers=1).months.size == 2
    assert not ran
    kept = load_experiment(tmp_path)
    assert (kept.outcomes, kept.months.tolist()) == (more.outcomes, [2, 4])
    later = experiment(at=[3]).run(tmp_path, workers=1)
    assert later.months.tolist() == [2, 3, 4]
    assert len(ran) == 16
    regional = experiment(by_region=True).run(tmp_path, workers=1)
    assert regional.regions[-1] == "overall"
    assert len(regional.regions) > 1
    assert Study.load(tmp_path).runs("member_share", 3, regional.regions[0]).shape == (2, 4, 2)
    np.testing.assert_array_equal(
        Study.load(tmp_path).runs("wellbeing_gain", 4), more.runs("wellbeing_gain", 4)
    )


def test_a_factorial_with_another_value_runs_only_its_new_points(
    tmp_path: Path, ran: list[tuple[str, int]]
) -> None:
    def factorial(*values: float) -> Study:
        vary = {"trust_memory": {"values": list(values)}, "structure": {"values": ["none"]}}
        design = {"kind": "full-factorial", "vary": vary}
        return experiment(design=design, replicates=1).run(tmp_path, workers=1)

    first = factorial(40.0, 60.0)
    assert len(ran) == 4
    second = factorial(40.0, 50.0, 60.0)
    assert len(ran) == 6
    np.testing.assert_array_equal(
        second.runs("wellbeing_gain")[:, [0, 2]], first.runs("wellbeing_gain")
    )


def test_points_that_are_the_same_are_run_once(ran: list[tuple[str, int]]) -> None:
    table = pd.DataFrame({"trust_memory": [50.0, 40.0, 50.0]})
    design = experiment(design={"kind": "full-factorial", "vary": {
        "trust_memory": {"values": [40.0, 50.0]}}}).plan.build()  # fmt: skip
    from cisim.lab.design import Design

    given = Design(design.names, table.to_numpy(), 1, "table", design.ranges)
    study = experiment(design=given, replicates=1).run(workers=1)
    assert len(ran) == 4
    runs = study.runs("wellbeing_gain")
    np.testing.assert_array_equal(runs[:, 0], runs[:, 2])
    assert np.isfinite(runs).all()


# --- who is who ------------------------------------------------------------------------------


def test_a_scenario_is_known_by_what_is_resolved_of_it_whichever_way_it_is_hashed() -> None:
    own = Scenario.load("national-only", world="one-town", months=4).set({"trust_memory": 50.0})
    for design in ({"kind": "latin-hypercube", "points": 3}, {"kind": "sobol", "points": 2,
                                                             "vary": VARY}):  # fmt: skip
        made = experiment(scenarios=[own, "no-backbone"], design=design)
        points = made.plan.build()
        names = identify(made, points).names
        for point, values in enumerate(points.values):
            here = made.at_point(values.tolist())
            assert [hash_of(one).encode() for one in here] == names[:, point].tolist()
        assert np.unique(names).size == names.size


def test_an_experiment_comes_back_from_its_folder_on_another_machine(
    tmp_path: Path, ran: list[tuple[str, int]]
) -> None:
    mine = tmp_path / "files"
    mine.mkdir()
    (mine / "mine.toml").write_text('title = "Mine"\nregional = true\nregional_fte = 1.5\n')
    (mine / "one.toml").write_text('title = "One"\nworld = "one-town"\nmonths = 4\n')
    (mine / "points.csv").write_text("structure,effort_half\nmine.toml,0.5\nnone,1\n")
    file = mine / "study.toml"
    file.write_text(
        'title = "T"\nscenarios = ["one.toml"]\nreplicates = 2\nset = {trust_memory = 48}\n'
        'outcomes = ["wellbeing_gain"]\n[design]\nkind = "table"\nfile = "points.csv"\n'
    )
    digest = Experiment.load(file).run(workers=1).digest()
    Experiment.load(file).run(tmp_path / "out", workers=1, progress=stop_after(2))
    shutil.rmtree(mine)
    (tmp_path / "out").rename(tmp_path / "moved")
    ran[:] = []
    again = load_experiment(tmp_path / "moved")
    assert again.scenarios[0].parameters.trust_memory == 48.0
    assert again.run(tmp_path / "moved", workers=1).digest() == digest
    assert 0 < len(ran) < 4


# --- replicates that grow --------------------------------------------------------------------

GROWS = {"at_least": 2, "at_most": 9, "outcome": "wellbeing_gain", "precision": 0.01}


def test_a_point_gets_replicates_until_it_is_known_closely_enough(tmp_path: Path) -> None:
    made = experiment(replicates=GROWS, months=12, at=[12])
    study = made.run(tmp_path, workers=1)
    runs = study.runs("wellbeing_gain")
    counts = np.isfinite(runs).sum(axis=-1)
    assert (counts[0] == counts[1]).all()
    assert len(set(counts[0].tolist())) > 1  # else this says nothing
    looked = [2]
    while looked[-1] < 9:
        looked.append(next_count(looked[-1], 9))
    for point, count in enumerate(counts[0].tolist()):
        assert count in looked
        found = mean_interval(runs[:, point, :count].T)
        if count < 9:
            assert ((found.high - found.low) / 2 <= GROWS["precision"] + 1e-12).all()
        if count > 2:
            fewer = mean_interval(runs[:, point, : looked[looked.index(count) - 1]].T)
            assert ((fewer.high - fewer.low) / 2 > GROWS["precision"] - 1e-12).any()
    assert Study.load(tmp_path).replicates == study.replicates == counts.max()
    assert study.asked == study.there == counts.sum()


def test_growth_hangs_on_each_points_own_runs_alone(
    tmp_path: Path, ran: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = experiment(replicates=GROWS, months=12, at=[12])
    digest = made.run(workers=1).digest()
    many = len(ran)
    assert made.run(workers=2).digest() == digest
    made.run(tmp_path / "a", workers=1, progress=stop_after(11))
    study = made.run(tmp_path / "a", workers=1)
    assert (study.digest(), len(ran)) == (digest, 2 * many)
    for number in (2, 1):
        made.run(tmp_path / "b", workers=1, shard=(number, 2))
    assert made.run(tmp_path / "b", workers=1).digest() == digest
    assert len(ran) == 3 * many
    monkeypatch.setattr(driver, "_POINTS", 1)
    assert made.run(workers=1).digest() == digest


def test_differences_may_be_what_is_wanted_closely() -> None:
    seen = np.array([[1.0, 1.5], [5.0, 5.5], [9.0, 9.5]])
    asked = {"at_most": 9, "outcome": "wellbeing_gain", "precision": 0.1}
    assert grows_on(seen, Growing(**asked))
    assert not grows_on(seen, Growing(**asked, of="difference"))
    assert not grows_on(np.full((3, 2), np.nan), Growing(**asked))


# --- what goes wrong -------------------------------------------------------------------------


FILE = """
title = "T"
claim = "Nothing much."
scenarios = ["no-backbone", "national-and-regional"]
world = "one-town"
months = 3
at = [3]
replicates = {replicates}
outcomes = ["wellbeing_gain"]
{more}
[design]
kind = "sobol"
points = {points}
[design.vary]
effort_half = {{}}
"""


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., str]:
    def write(replicates: object = 2, points: int = 4, more: str = "") -> str:
        path = tmp_path / "study.toml"
        path.write_text(FILE.format(replicates=replicates, points=points, more=more))
        return str(path)

    return write


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def run(*arguments: str) -> str:
        capsys.readouterr()
        assert cli.main(["sweep", *arguments]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        said = err.removesuffix("\n")
        assert said.isprintable(), said
        return said

    return run


def test_a_run_that_fails_takes_no_other_with_it_and_says_how_to_see_it_again(
    tmp_path: Path,
    file: Callable[..., str],
    capsys: pytest.CaptureFixture[str],
    ran: list[tuple[str, int]],
) -> None:
    path, out = file(more='policy = "acting:fails"'), str(tmp_path / "out")
    assert cli.main(["sweep", path, "--out", out, "--workers", "1"]) == 3
    said = capsys.readouterr().err
    assert "Quarantined runs: 8; the first is no-backbone (point 0: ZeroDivisionError" in said
    study = Study.load(out)
    assert np.isfinite(study.runs("wellbeing_gain")).sum() == 8
    assert {(one.seed, one.replicate) for one in study.failed} == {(2, 1)}
    assert sum(seed == 2 for _, seed in ran) > 8  # each was tried once more
    rows = list(csv.DictReader((Path(out) / "failed.csv").open()))
    assert len(rows) == 8
    line = study.failed[0].again
    assert line == f"cisim sweep --resume {out} --point 0 --replicate 1" == rows[0]["again"]
    assert line in said
    assert cli.main(shlex.split(line)[1:]) == 1
    assert "ZeroDivisionError: of policy" in capsys.readouterr().err
    assert cli.main(["sweep", "--resume", out, "--point", "0", "--replicate", "0", "--json"]) == 0
    again = json.loads(capsys.readouterr().out)["rows"]
    assert [row["wellbeing_gain"] for row in again] == study.runs("wellbeing_gain")[
        :, 0, 0
    ].tolist()
    manifest = json.loads((Path(out) / "manifest.json").read_text())
    assert manifest["runs"] == {"most": 2, "asked": 16, "there": 8, "failed": 8}
    assert out not in (Path(out) / "manifest.json").read_text()


def test_a_point_that_cannot_be_is_quarantined_and_a_design_without_any_is_refused() -> None:
    vary = {
        "regional_roles.cross_sectoral": {"values": [0.1, 0.9]},
        "regional_roles.local_support": {"values": [0.1, 0.9]},
    }
    made = experiment(design={"kind": "full-factorial", "vary": vary}, replicates=1)
    study = made.run(workers=1)
    finished = np.isfinite(study.runs("wellbeing_gain")).all(axis=(0, 2))
    assert finished.sum() + len({one.reason for one in study.failed}) == 4
    assert 0 < finished.sum() < 4
    assert all("regional_roles" in one.reason for one in study.failed)
    impossible = {name: {"values": [0.9]} for name in vary}
    with pytest.raises(InputError, match="regional_roles"):
        experiment(design={"kind": "full-factorial", "vary": impossible}).run(workers=1)


def test_a_dry_run_tells_how_many_runs_there_are(
    tmp_path: Path,
    file: Callable[..., str],
    capsys: pytest.CaptureFixture[str],
    ran: list[tuple[str, int]],
) -> None:
    out = str(tmp_path / "out")
    assert cli.main(["sweep", file(), "--out", out, "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert not Path(out).exists()
    ran[:] = []
    assert cli.main(["sweep", file(), "--out", out, "--workers", "1"]) == 0
    assert len(ran) == told["runs"] == told["least"] == 16
    capsys.readouterr()
    (tmp_path / "stopped" / "parts").mkdir(parents=True)  # as one that was killed at once
    stopped = str(tmp_path / "stopped")
    assert cli.main(["sweep", file(), "--out", stopped, "--dry-run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["there"] == 0
    assert cli.main(["sweep", file(3), "--out", out, "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["runs"], told["there"]) == (24, 16)
    assert cli.main(["sweep", file(3), "--out", out, "--dry-run"]) == 0
    what, takes = capsys.readouterr().out.splitlines()
    assert what.endswith(f"24 runs, of 3 months, seeds from 1. In {out}.")
    assert takes.startswith("24 runs, 16 of which are there: about ")


def test_a_billion_runs_are_asked_for_twice_and_no_point_of_them_is_made(
    file: Callable[..., str], refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file(1000, 500_000)
    monkeypatch.setattr("cisim.lab.designs.Plan.build", lambda plan: 1 / 0)
    said = refused(path)
    assert said.startswith("These are 1,000,000,000 runs: about ")
    assert "say --yes" in said
    assert estimate(Experiment.load(path), 2).large


def test_a_design_that_no_memory_holds_is_refused_even_then(
    file: Callable[..., str], refused: Callable[..., str]
) -> None:
    said = refused(file(1, 500_000_000), "--yes")
    assert "design has 500,000,000 points; allowed are at most 1,000,000." in said


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "neither is given"),
        (["FILE", "--resume", "x"], "both are given"),
        (["nothing.toml"], "there is no such file"),
        (["--resume", "nothing"], "'nothing' is not a folder|nothing is not a folder"),
        (["FILE", "--shard", "4/3", "--out", "o"], "--shard is '4/3'; allowed is i/n"),
        (["FILE", "--shard", "1/3"], "--shard is given without --out"),
        (["FILE", "--replicate", "1"], "--replicate would change nothing"),
        (["FILE", "--point", "9"], "point is 9; allowed is a whole number, 0 to 3"),
        (["FILE", "--point", "1", "--replicate", "7"], "replicate is 7; allowed is a whole number"),
        (["FILE", "--point", "1", "--workers", "1"], "--workers would change nothing"),
        (["FILE", "--set", "trust_memry=1"], "trust_memry is not a parameter or a lever"),
        (["FILE", "--months", "2"], "at[0] is 3; allowed is a month from 0 to 2"),
        (["FILE", "--out", ""], "--out is empty"),
        (["FILE", "--dry-run", "--yes"], "--yes would change nothing"),
    ],
)
def test_what_is_wrong_on_the_command_line_is_one_sentence(
    tmp_path: Path,
    file: Callable[..., str],
    refused: Callable[..., str],
    given: list[str],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = file()
    monkeypatch.chdir(tmp_path)
    said = refused(*(path if one == "FILE" else one for one in given))
    assert any(word in said for word in words.split("|")), said


def test_options_change_what_the_file_says(
    file: Callable[..., str], capsys: pytest.CaptureFixture[str], ran: list[tuple[str, int]]
) -> None:
    line = ["sweep", file(), "--replicates", "1", "--seed", "9", "--set", "trust_memory=50",
            "--workers", "1", "--json", "--quiet"]  # fmt: skip
    assert cli.main(line) == 0
    out, err = capsys.readouterr()
    assert err == ""
    told = json.loads(out)
    assert told["runs"] == {"asked": 8, "there": 8, "failed": 0}
    assert {seed for _, seed in ran} == {9}
    assert {row["outcome"] for row in told["table"]} == {"wellbeing_gain"}


def test_ctrl_c_keeps_what_is_done_and_ends_with_130(
    tmp_path: Path,
    file: Callable[..., str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from contextlib import contextmanager

    @contextmanager
    def stopping(quiet: bool) -> Iterator[Callable[[int, int], None]]:
        yield stop_after(5)

    monkeypatch.setattr("cisim.cli.sweep.shown_progress", stopping)
    out = str(tmp_path / "out")
    assert cli.main(["sweep", file(), "--out", out, "--workers", "1"]) == 130
    assert "of 16 runs; the same command goes on from there" in capsys.readouterr().err
    assert Study.load(out).incomplete
    monkeypatch.undo()
    assert cli.main(["sweep", "--resume", out, "--workers", "1"]) == 0
    assert "of 16 runs are there from before." in capsys.readouterr().err
    assert Study.load(out).digest() == Experiment.load(file()).run(workers=1).digest()


# --- the folder ------------------------------------------------------------------------------


def test_a_folder_of_something_else_or_of_another_version_is_refused_and_left_as_it_is(
    tmp_path: Path, file: Callable[..., str], refused: Callable[..., str]
) -> None:
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "thesis.docx").write_text("x")
    assert "in which 'thesis.docx' is not of a sweep" in refused(file(), "--out", str(foreign))
    (foreign / "thesis.docx").unlink()
    (foreign / "manifest.json").write_text('{"key": 1}')
    assert "a result that is no sweep" in refused(file(), "--out", str(foreign))
    (foreign / "manifest.json").write_text("{")
    assert "cannot be read as JSON" in refused(file(), "--out", str(foreign))
    out = tmp_path / "out"
    Experiment.load(file()).run(out, workers=1)
    other = tmp_path / "other.toml"
    other.write_text(Path(file()).read_text())
    assert "which holds the sweep 'study'" in refused(str(other), "--out", str(out))
    manifest = json.loads((out / "manifest.json").read_text())
    manifest["sources"]["model"] = "0" * 16
    (out / "manifest.json").write_text(json.dumps(manifest))
    before = {one: one.read_bytes() for one in out.rglob("*") if one.is_file()}
    assert "holds a sweep of another version of the model" in refused(file(), "--out", str(out))
    assert "holds a sweep of another version of the model" in refused("--resume", str(out))
    assert {one: one.read_bytes() for one in out.rglob("*") if one.is_file()} == before
    a_file = tmp_path / "a-file"
    a_file.write_text("x")
    assert "a-file, a file; allowed is a folder" in refused(file(), "--out", str(a_file))


def test_a_damaged_part_is_told_and_done_again_and_a_foreign_one_is_left_alone(
    tmp_path: Path, ran: list[tuple[str, int]]
) -> None:
    made = experiment(replicates=1)
    digest = made.run(tmp_path, workers=1).digest()
    (part,) = (tmp_path / "parts").glob("*.parquet")
    part.write_bytes(part.read_bytes()[:-100])
    pd.DataFrame({"x": [1]}).to_parquet(tmp_path / "parts" / "theirs.parquet")
    ran[:] = []
    told: list[str] = []
    assert made.run(tmp_path, workers=1, say=told.append).digest() == digest
    assert len(ran) == 8
    assert any("is damaged; what it held is done again" in one for one in told)
    assert (tmp_path / "parts" / "theirs.parquet").exists()


@pytest.mark.parametrize(
    ("name", "bytes_", "words"),
    [
        ("designs.parquet", b"PAR1", "designs.parquet is no design of a sweep"),
        ("designs.parquet", None, "designs.parquet: there is no such file"),
        ("scenarios.json", b"{}", "scenarios.json holds no scenarios of a sweep"),
        ("scenarios.json", None, "scenarios.json holds no scenarios of a sweep"),
        ("experiment.toml", b"title = 3", "experiment.toml: title is 3"),
        ("experiment.toml", None, "holds no sweep"),
        ("manifest.json", None, "holds no sweep"),
    ],
)
def test_a_study_that_lacks_a_file_is_refused_in_a_sentence(
    tmp_path: Path, refused: Callable[..., str], name: str, bytes_: bytes | None, words: str
) -> None:
    experiment(replicates=1, points=2).run(tmp_path, workers=1)
    (tmp_path / name).unlink() if bytes_ is None else (tmp_path / name).write_bytes(bytes_)
    assert words in refused("--resume", str(tmp_path))


def test_the_manifest_is_a_few_kilobytes_whatever_is_varied(tmp_path: Path) -> None:
    made = experiment(design={"kind": "latin-hypercube", "points": 60}, replicates=1, at=[4])
    made.run(tmp_path, workers=2)
    assert (tmp_path / "manifest.json").stat().st_size < 8000
    text = (tmp_path / "scenarios.json").read_text()
    assert text.count('"mean_children"') == text.count('"regions"') == 1
    designs = pd.read_parquet(tmp_path / "designs.parquet")
    assert len(designs) == 60
    assert set(made.plan.space.names) < set(designs.columns)


def test_a_tidy_table_is_joined_with_the_design() -> None:
    study = experiment().run(workers=1)
    table = study.table()
    assert list(table.columns) == [
        "scenario", "point", "replicate", "month", "region", "effort_half", "trust_memory",
        *OUTCOMES,
    ]  # fmt: skip
    assert len(table) == 2 * 4 * 2
    row = table[(table.scenario == BOTH[1]) & (table.point == 3) & (table.replicate == 1)].iloc[0]
    assert row.wellbeing_gain == study.runs("wellbeing_gain")[1, 3, 1]
    assert row.effort_half == study.design.point(3)["effort_half"]
    whole = study.series(["joint_activity"], scenarios=[BOTH[0]], joined=False)
    assert list(whole.columns)[5:] == ["joint_activity"]
    assert sorted(set(whole.month)) == [2, 4]
    with pytest.raises(InputError, match="scenario 'x' was not kept"):
        study.series(scenarios=["x"])


@pytest.mark.slow
def test_a_worker_that_is_killed_by_one_scenario_costs_only_that_one() -> None:
    made = experiment(replicates=2, policy="acting:dies", points=2)
    study = made.run(workers=2)
    runs = study.runs("wellbeing_gain")
    assert np.isnan(runs).sum() == len(study.failed) == 2
    assert np.isfinite(runs[:, :, 0]).all()
    assert np.isfinite(runs[0]).all()
    assert all("was killed" in one.reason for one in study.failed)


@pytest.mark.slow
def test_a_sweep_that_is_killed_again_and_again_ends_as_one_that_never_was(
    tmp_path: Path, file: Callable[..., str]
) -> None:
    import os
    import signal
    import subprocess
    import sys
    import time

    path, out = file(40, 16), tmp_path / "out"
    digest = Experiment.load(path).run(workers=1).digest()
    line = [sys.executable, "-m", "cisim", "sweep", path, "--out", str(out), "--workers", "2"]
    killed = 0
    for after in (0.0, 0.3, 1.0, 0.1, 2.0):
        process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        parts = out / "parts"
        before = len(list(parts.glob("*"))) if parts.exists() else 0
        while process.poll() is None and not (
            parts.exists() and len(list(parts.glob("*"))) != before
        ):
            time.sleep(0.02)
        time.sleep(after)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            killed += 1
        process.wait()
    assert killed
    assert subprocess.run([*line, "--quiet", "--json"], stdout=subprocess.PIPE).returncode == 0
    study = Study.load(out)
    assert (study.digest(), study.incomplete, study.there) == (digest, False, 2 * 16 * 40)
    assert sorted(one.name for one in out.iterdir()) == [
        "designs.parquet", "experiment.toml", "manifest.json", "parts", "scenarios.json",
    ]  # fmt: skip
