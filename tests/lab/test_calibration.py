"""Calibration, by simulators whose answer is known, and a small real one."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyarrow import parquet
from scipy.special import ndtri

import cisim
from cisim.lab.calibration import Calibrated, Target, Targets, read_making, read_targets, toy
from cisim.lab.calibration.conflicts import ALONE, NEVER, TOGETHER
from cisim.lab.calibration.emulator import Luck, fit
from cisim.lab.calibration.file import shipped_targets
from cisim.lab.calibration.region import latin, part_of, spread_out
from cisim.lab.calibration.runs import Shown
from cisim.lab.calibration.target import CUT
from cisim.lab.calibration.waves import Ruling, emulators_of
from cisim.lab.designs import Ensemble, plan
from cisim.lab.disk import digest_of
from cisim.lab.indicators import INDICATORS
from cisim.lab.results import CALIBRATED_WAVES, ENSEMBLE
from cisim.lab.verify import verify
from cisim.model.input_error import InputError
from cisim.model.luck import uniform, word
from cisim.world.ranges import Range

Point = Mapping[str, float]
RANGES = (Range("a", 0.2, 5.0, log=True), Range("b", 0.2, 5.0, log=True), Range("c", 0.0, 1.0))
SMALL: dict[str, Any] = {"points": 40, "seeds": 2, "members": 20, "workers": 1}


def luck(seed: int, draw: int = 0) -> float:
    return float(ndtri(uniform(seed, word("toy"), 0, 0, draw)))


def ridge(point: Point, seed: int) -> dict[str, float]:
    """A product of two, so only that is known; a third parameter does nothing."""
    return {"product": point["a"] * point["b"] * math.exp(0.03 * luck(seed))}


def torn(point: Point, seed: int) -> dict[str, float]:
    """What is good for one is bad for the other."""
    return {
        "up": point["a"] + 0.02 * luck(seed),
        "down": 1.0 - point["a"] + 0.02 * luck(seed, 1),
        "side": point["b"],
        "far": 7.0,
    }


def product(tolerance: float = 0.3, **more: Any) -> Target:
    return Target("product", "product", 1.0, tolerance, "made up", **more)


UNIT = (Range("a", 0.0, 1.0), Range("b", 0.0, 1.0))
UP, DOWN = (Target(name, name, 0.9, 0.1, "made up") for name in ("up", "down"))
SIDE = Target("side", "side", 0.5, 0.2, "made up")


# --- what is known comes out -----------------------------------------------------------------


@pytest.fixture(scope="module")
def along() -> Calibrated:
    return cisim.calibrate(
        toy(ridge, [product()], RANGES), points=80, seeds=2, members=60, workers=1
    )


def test_an_ensemble_lies_along_a_ridge_and_is_no_single_point(along: Calibrated) -> None:
    values = along.ensemble.values
    found = values[:, 0] * values[:, 1]
    assert len(found) == 60
    assert 0.6 < found.min() < found.max() < 1.4
    assert np.ptp(np.log(values[:, 0])) > 0.8 * math.log(25.0)  # all of it, not one end
    table = along.parameters().set_index("parameter")
    assert table["narrowed"].max() < 0.25
    strongest = along.correlations().iloc[0]
    assert {strongest["one"], strongest["other"]} == {"a", "b"}
    assert strongest["correlation"] < -0.9
    assert strongest["clear"]


def test_the_share_that_is_left_is_that_of_the_band(along: Calibrated) -> None:
    # ln a + ln b lies between ln .7 and ln 1.3 in a triangle of half width ln 25
    # the chance of luck is small beside the tolerance, so the band is a little wider only
    wide = math.log(25.0)
    exact = (math.log(1.3) - math.log(0.7)) / wide
    exact -= (math.log(1.3) ** 2 + math.log(0.7) ** 2) / (2.0 * wide**2)
    assert along.waves[-1].part.share == pytest.approx(exact, rel=0.25)


def test_the_medoid_stands_in_the_middle_and_is_a_member(along: Calibrated) -> None:
    assert list(along.medoid.values()) in along.ensemble.values.tolist()
    assert 0.4 < along.medoid["a"] < 2.5
    assert 0.2 < along.medoid["c"] < 0.8


def test_fresh_seeds_judge_and_most_pass_again(along: Calibrated) -> None:
    assert along.members is not None
    assert not (along.members.fresh.mean == along.members.shown.mean).any()
    assert 0.75 < along.members.pass_fresh.mean() <= 1.0
    assert any("with fresh seeds" in one for one in along.sentences())


@pytest.fixture(scope="module")
def apart() -> Calibrated:
    return cisim.calibrate(toy(torn, [UP, DOWN, SIDE], UNIT), **SMALL)


def test_an_impossible_pair_is_told_and_nothing_is_averaged(apart: Calibrated) -> None:
    assert apart.waves[-1].part.empty
    assert apart.members is None
    verdicts = {(one.one, one.other): one.verdict for one in apart.pairs().itertuples()}
    assert verdicts["up", "down"] == NEVER
    assert verdicts["up", "side"] == verdicts["down", "side"] == TOGETHER
    said = " ".join(apart.sentences())
    assert "up and down cannot be met together" in said
    assert "all without up; or all without down" in said or "all without down; or all" in said
    with pytest.raises(InputError, match="no point meets all targets"):
        _ = apart.ensemble


def test_shares_of_a_pair_are_those_of_the_points(apart: Calibrated) -> None:
    pair = apart.pairs().iloc[0]
    assert pair["points"] == 40
    assert pair["one_alone"] == pytest.approx(0.2, abs=0.08)
    assert pair["both"] == 0.0
    assert pair["least"] > CUT


def test_what_nothing_meets_is_told_as_out_of_reach_and_not_as_a_conflict() -> None:
    far = Target("far", "far", 1.0, 0.1, "made up")
    found = cisim.calibrate(toy(torn, [UP, far], UNIT), **SMALL)
    assert found.pairs()["verdict"].tolist() == [ALONE]
    assert "far is out of reach by itself" in " ".join(found.sentences())
    told = Target("far", "far", 1.0, 0.1, "made up", weight=0.0)
    found = cisim.calibrate(toy(torn, [UP, told], UNIT), **SMALL)
    assert len(found.ensemble) == 20
    assert "Told only, with the share of the space in band: far 0 %." in " ".join(found.sentences())


@pytest.mark.parametrize("sd", [0.05, 0.3])
def test_the_true_point_is_hardly_ever_ruled_out(sd: float) -> None:
    """One partnership was seen, so its own luck is in the value; .3 % would be ruled out."""
    true, times, out = np.array([[0.3, 0.7]]), 20, 0
    unit = latin("true", 30, 2, 1)
    for time in range(times):
        drawn = np.array([[luck(10_000 * time + 2 * at + j) for j in (0, 1)] for at in range(30)])
        values = (unit[:, 0] + unit[:, 1] ** 2)[:, None] + sd * drawn
        seen = 0.3 + 0.49 + sd * luck(77_777 + time)
        target = Target("t", "t", seen, 0.02, "made up")
        emulators = emulators_of([target], unit, Shown.of(values[:, :, None]))
        out += int(Ruling((target,), (1,)).with_(emulators).by_emulator(true)[0] > CUT)
    assert out <= 1


def test_units_make_a_mean_of_many_surer_than_one() -> None:
    shown = Shown(np.array([[0.5]]), np.array([[0.04]]), np.array([[1000.0]]))
    of_one = Ruling((Target("t", "t", 1.0, 0.03, "m"),), (24,))
    of_many = Ruling((Target("t", "t", 1.0, 0.03, "m", units=240),), (24,))
    one, many = (float(r.by_runs(shown, [np.array([0.04])])[0, 0]) for r in (of_one, of_many))
    assert one == pytest.approx(0.5 / math.sqrt(0.0001 + 0.04 + 0.00004))
    assert many == pytest.approx(0.5 / math.sqrt(0.0001 + 0.004 + 0.00004))


def test_tolerance_alone_rules_out_what_is_outside_the_band() -> None:
    means = np.array([0.69, 0.71, 1.29, 1.31, math.nan])
    assert (product().implausibility(means, 0.0) <= CUT).tolist() == [False, True, True, False,
                                                                      False]  # fmt: skip
    least = product(side="at_least")
    assert (least.implausibility(means, 0.0) <= CUT).tolist() == [False, True, True, True, False]
    most = product(side="at_most")
    assert (most.implausibility(means, 0.0) <= CUT).tolist() == [True, True, True, False, False]
    half = product(weight=0.5)
    assert (half.implausibility(np.array([0.45]), 0.0) <= CUT).all()
    assert (half.implausibility(np.array([0.35]), 0.0) > CUT).all()


# --- its parts -------------------------------------------------------------------------------


def test_a_part_of_one_in_ten_thousand_is_found_with_its_share_and_evenly() -> None:
    corner = part_of(
        lambda unit, above: 30.0 * unit[:, :4].max(axis=1), 6, CUT, "corner", 1, 1000
    )  # each of four below .1
    assert corner.share == pytest.approx(1e-4, rel=0.4)
    assert (corner.unit[:, :4] <= 0.1).all()
    assert np.allclose(corner.unit.mean(axis=0), [0.05] * 4 + [0.5] * 2, atol=0.06)
    assert part_of(lambda unit, above: 4.0 + unit[:, 0], 3, CUT, "nowhere", 1, 100).empty


def test_points_are_spread_out() -> None:
    unit = latin("spread", 400, 2, 1)
    chosen = unit[spread_out(unit, 20)]
    away = np.sqrt(((chosen[:, None] - chosen[None]) ** 2).sum(axis=2))
    np.fill_diagonal(away, np.inf)
    assert away.min() > 0.15  # 20 drawn points lie nearer than a hundredth somewhere
    assert len({tuple(one) for one in chosen.tolist()}) == 20


def test_an_emulator_knows_a_curve_and_its_own_error() -> None:
    unit, new = latin("seen", 60, 5, 1), latin("new", 200, 5, 1)

    def curve(u: np.ndarray) -> np.ndarray:
        return np.sin(4.0 * u[:, 0]) + u[:, 1] * u[:, 2]

    noise = 0.05 * ndtri(latin("noise", 60, 2, 1))
    shown = Shown.of((curve(unit)[:, None] + noise)[:, :, None])
    emulator = fit(unit, shown.mean[:, 0], shown.within[:, 0], shown.seeds[:, 0])
    assert emulator is not None
    expected = emulator.expect(new)
    off = expected.mean - curve(new)
    assert np.sqrt((off**2).mean()) < 0.25 * curve(new).std()
    assert np.mean(np.abs(off) <= CUT * np.sqrt(expected.error + 1e-12)) > 0.95
    assert fit(unit[:10], shown.mean[:10, 0], shown.within[:10, 0], shown.seeds[:10, 0]) is None


def test_luck_is_pooled_where_means_are_alike() -> None:
    mean = np.linspace(0.0, 1.0, 101)
    luck_ = Luck.of(mean, mean * (1.0 - mean))
    assert luck_.at(np.array([0.5]))[0] > 2.0 * luck_.at(np.array([0.0]))[0]
    nothing = Luck.of(np.array([np.nan]), np.array([np.nan]))
    assert nothing.at(np.array([0.5]))[0] == 0.0


def test_what_is_undefined_is_left_out_of_a_mean_and_meets_nothing() -> None:
    shown = Shown.of(np.array([[[1.0], [np.nan]], [[np.nan], [np.nan]]]))
    assert shown.mean[0, 0] == 1.0
    assert shown.seeds.tolist() == [[1.0], [0.0]]
    assert np.isnan(shown.mean[1, 0])
    off = Ruling((product(),), (1,)).by_runs(shown, [np.zeros(2)])
    assert off[0, 0] == 0.0
    assert off[1, 0] == math.inf


# --- stopped and gone on with ----------------------------------------------------------------


def stopping(after: int) -> Callable[[int, int], None]:
    def progress(done: int, _: int) -> None:
        if done >= after:
            raise KeyboardInterrupt

    return progress


@pytest.mark.parametrize("after", [30, 100])
def test_a_calibration_that_was_stopped_goes_on_to_the_same_bits(
    tmp_path: Path, after: int
) -> None:
    asked = toy(ridge, [product(0.15)], RANGES)
    whole = cisim.calibrate(asked, **SMALL, out=tmp_path / "whole")
    broken = cisim.calibrate(asked, **SMALL, out=tmp_path / "parts", progress=stopping(after))
    assert broken.incomplete
    assert broken.members is None
    said: list[str] = []
    again = cisim.calibrate(asked, **SMALL, out=tmp_path / "parts", say=said.append)
    assert any("from before" in one for one in said)
    for name in (ENSEMBLE, CALIBRATED_WAVES, "calibration-points.csv", "calibration-targets.csv"):
        one, other = (tmp_path / folder / name for folder in ("whole", "parts"))
        assert one.read_bytes() == other.read_bytes()
    assert again.ensemble.values.tobytes() == whole.ensemble.values.tobytes()


def of_other_results(part: Path) -> None:
    """Put a part of which the results are of another version in the place of one."""
    table = parquet.read_table(part)
    other = {**(table.schema.metadata or {}), b"cisim.results": b"0000000000000000"}
    part.unlink()
    written = part.with_name("x")
    parquet.write_table(table.replace_schema_metadata(other), written)
    written.rename(part.with_name(f"part-{digest_of(written)}.parquet"))


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda part: os.truncate(part, part.stat().st_size // 2), "is damaged; what it held is"),
        (lambda part: os.truncate(part, 0), "is damaged; what it held is done again"),
        (lambda part: part.write_bytes(bytes(part.stat().st_size)), "is damaged; what it held is"),
        (of_other_results, "is of other results (0000000000000000, not "),
    ],
)
def test_a_damaged_calibration_is_told_in_one_sentence_and_done_again_to_the_same_bits(
    tmp_path: Path, damage: Callable[[Path], None], told: str
) -> None:
    asked = toy(ridge, [product(0.3)], RANGES)
    cisim.calibrate(asked, **SMALL, out=tmp_path / "whole")
    cisim.calibrate(asked, **SMALL, out=tmp_path / "hurt")
    (part,) = (tmp_path / "hurt" / "parts").glob("*.parquet")
    damage(part)
    os.truncate(tmp_path / "hurt" / ENSEMBLE, 100)
    os.truncate(tmp_path / "hurt" / "manifest.json", 100)
    said: list[str] = []
    cisim.calibrate(asked, **SMALL, out=tmp_path / "hurt", say=said.append)
    assert [told in one for one in said if "part-" in one] == [True]
    for name in (ENSEMBLE, CALIBRATED_WAVES, "calibration-points.csv", "calibration-targets.csv"):
        one, other = (tmp_path / folder / name for folder in ("whole", "hurt"))
        assert one.read_bytes() == other.read_bytes()


def test_other_targets_at_the_same_readings_find_the_runs_of_the_first_wave(
    tmp_path: Path,
) -> None:
    counts: list[tuple[int, int]] = []
    first = toy(ridge, [product()], RANGES)
    cisim.calibrate(first, **SMALL, waves=1, kept=tmp_path)
    other = toy(ridge, [Target("more", "product", 4.0, 1.0, "made up")], RANGES)
    cisim.calibrate(
        other, **SMALL, waves=1, kept=tmp_path, progress=lambda *now: counts.append(now)
    )
    assert counts[0][0] == 80  # all of the first wave is there
    assert len(counts) > 1


def test_the_ensemble_is_a_table_of_beliefs_with_its_making(tmp_path: Path) -> None:
    asked = read_targets(write(tmp_path, OWN))
    found = cisim.calibrate(
        asked, points=20, seeds=2, members=4, waves=1, workers=1, out=tmp_path / "out"
    )
    path = tmp_path / "out" / ENSEMBLE
    assert parquet.read_table(path).column_names == ["effort_half", "trust_prior"]
    assert np.array_equal(parquet.read_table(path).to_pandas(), found.ensemble.values)
    making = read_making(path)
    assert [one["name"] for one in making["targets"]] == ["members after 6 months", "trust"]
    assert making["seeds"] == 2
    assert making["waves"] == 1
    assert making["fresh"]["of"] == 4
    assert making["targets"][0]["source"] == "our register"
    assert making["version"] == cisim.__version__
    assert found.manifest is not None
    assert making["key"] == found.manifest["key"]
    scenario = cisim.Scenario.load("regional-only", world="one-town")
    read = plan(Ensemble(kind="ensemble", file=str(path)), [scenario], "x.toml").build()
    assert np.array_equal(read.values, found.ensemble.values)
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["made"]["by"] == "calibrate"
    with pytest.raises(InputError, match="is no ensemble of a calibration"):
        read_making(tmp_path / "out" / "manifest.json")


def test_points_are_run_again_where_a_calibration_is_verified(tmp_path: Path) -> None:
    asked = read_targets(write(tmp_path, OWN))
    found = cisim.calibrate(
        asked, points=20, seeds=2, members=4, waves=1, workers=1, out=tmp_path / "out"
    )
    read = cisim.load(tmp_path / "out")
    assert np.array_equal(read.values, found.ensemble.values)
    assert read.names == found.ensemble.names
    looked = verify(tmp_path / "out", 2, 1)
    assert looked.same
    assert (len(looked.runs), looked.of_runs) == (2, len(found.ensemble))
    table = tmp_path / "out" / "calibration-points.csv"
    lines = table.read_text("utf-8").splitlines()
    place = lines[0].split(",").index("trust fresh")
    cells = lines[1].split(",")
    cells[place] = repr(float(np.nextafter(float(cells[place]), 1.0)))
    table.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", "utf-8")
    manifest = tmp_path / "out" / "manifest.json"
    said = json.loads(manifest.read_text("utf-8"))
    said["files"]["calibration-points.csv"] = digest_of(table)
    manifest.write_text(json.dumps(said), "utf-8")
    wrong = [one for one in verify(tmp_path / "out", None, 1).runs if one.wrong]
    assert [one.scenario for one in wrong] == ["point 0"]
    assert "trust fresh" in wrong[0].wrong


def test_what_a_function_measured_is_not_run_from_a_file(tmp_path: Path) -> None:
    cisim.calibrate(toy(ridge, [product(0.15)], RANGES), **SMALL, out=tmp_path)
    with pytest.raises(InputError, match=r"a function of Python's measured product"):
        verify(tmp_path, 2, 1)


# --- files -----------------------------------------------------------------------------------

OWN = """
title = "Ours"
scenario = "regional-only"
world = "one-town"
vary = ["effort_half", "trust_prior"]
[[targets]]
outcome = "members"
month = 6
value = 6
tolerance = 6
source = "our register"
[[targets]]
name = "trust"
outcome = "trust_survey"
month = 6
at_least = 0.5
tolerance = 0.4
source = "our survey"
"""


def write(folder: Path, text: str, name: str = "own.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_read_as_it_stands(tmp_path: Path) -> None:
    asked = read_targets(write(tmp_path, OWN))
    assert [one.band for one in asked.targets] == [(0.0, 12.0), (pytest.approx(0.1), math.inf)]
    assert [one.name for one in asked.ranges] == ["effort_half", "trust_prior"]
    assert asked.ranges[0].log
    assert asked.scenario is not None
    assert asked.scenario.world_name == "one-town"
    everything = read_targets(write(tmp_path, OWN.replace('vary = ["effort_half", "trust_prior"]',
                                                          'fixed = ["turnover"]')))  # fmt: skip
    names = {one.name for one in everything.ranges}
    assert {"effort_half", "staff_time"} <= names
    assert "turnover" not in names
    assert not names & {"national_fte", "sponsor_link", "regional_fte"}  # levers


FAULTS = [
    ("outcome = \"members\"", "outcome = \"member\"", "Did you mean member"),
    ("outcome = \"members\"", "indicator = \"L2.earl\"", "Did you mean L2.early?"),
    ("outcome = \"members\"", "outcome = \"members\"\nindicator = \"L2.early\"",
     "targets[0] has both indicator and outcome"),
    ("outcome = \"members\"\n", "", "targets[0] has neither indicator nor outcome"),
    ("month = 6\nvalue", "month = 0\nvalue", "targets[0].month is 0; allowed is 1 to 120"),
    ("month = 6\nvalue", "value", "targets[0].month is missing"),
    ("month = 6\nvalue", "month = \"2027-01\"\nvalue", "the world has no start"),
    ("value = 6", "value = -1", "targets[0].value is -1; allowed for members is a number from 0"),
    ("value = 6\n", "", "targets[0] has no value; allowed is one of value, at_least, at_most"),
    ("value = 6", "value = 6\nat_most = 7", "has value and at_most; allowed is one"),
    ("tolerance = 6", "tolerance = 0", "targets[0].tolerance is 0"),
    ("tolerance = 6", "tolerance = 6\nweight = -1", "targets[0].weight is -1"),
    ("tolerance = 6", "tolerance = 6\nunits = 0", "targets[0].units is 0"),
    ("tolerance = 6", "tolerance = 6\nregion = \"Nort\"", "is no region of one-town"),
    ("source = \"our register\"", "source = \"\"", "targets[0].source"),
    ("source = \"our register\"\n", "", "targets[0].source is missing"),
    ("value = 6", "valu = 6\nvalue = 6", "Did you mean value?"),
    ("name = \"trust\"", "name = \"members after 6 months\"", "two targets are called"),
    ("\"trust_prior\"]", "\"trust_prio\"]", "Did you mean trust_prior?"),
    ("\"trust_prior\"]", "\"national_fte\"]", "a lever: what is decided is not calibrated"),
    ("\"trust_prior\"]", "\"effort_half\"]", "twice; allowed is each once"),
    ("[\"effort_half\", \"trust_prior\"]", "[]", "vary is empty"),
    ("[\"effort_half\", \"trust_prior\"]", "{effort_half = {low = 0.5, high = 0.1}}",
     "goes from low 0.5 to high 0.1"),
    ("[\"effort_half\", \"trust_prior\"]", "{trust_prior = {high = 3}}", "trust_prior.high is 3"),
    ("[\"effort_half\", \"trust_prior\"]", "{trust_noise = {}}", "has no plausible range"),
    ("world = \"one-town\"", "world = \"one-tow\"", "Did you mean one-town?"),
    ("scenario = \"regional-only\"\nworld = \"one-town\"\n", "", "names no scenario"),
    ("scenario = \"regional-only\"\n", "", "world is given and scenario is missing"),
    ("title = \"Ours\"", "also = [\"share\"]", "Did you mean shared?"),
    ("title = \"Ours\"", "also = [\"own.toml\"]", "also leads back to this file"),
    ("title = \"Ours\"", "titel = \"Ours\"", "Did you mean title?"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), FAULTS)
def test_every_fault_of_a_file_is_one_clear_sentence(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in OWN
    path = write(tmp_path, OWN.replace(old, new, 1))
    with pytest.raises(InputError) as caught:
        read_targets(path)
    sentences = caught.value.sentences
    assert any(said in one for one in sentences), sentences
    assert all(one.endswith((".", "?", ")")) and "\n" not in one for one in sentences)


@pytest.mark.parametrize(
    ("more", "conflict"),
    [
        ("value = 20\ntolerance = 3", True),
        ("value = 20\ntolerance = 9", False),
        ("value = 20\ntolerance = 3\nweight = 0", False),
        ("value = 20\ntolerance = 3\nweight = 0.3", False),
        ("at_least = 20\ntolerance = 3", True),
        ("at_most = 20\ntolerance = 3", False),
    ],
)
def test_two_targets_of_one_figure_that_no_value_meets_conflict_before_anything_is_run(
    tmp_path: Path, more: str, conflict: bool
) -> None:
    """One partnership has one luck: however wide that is, it cannot be 6 and 20 at once."""
    other = f'\n[[targets]]\noutcome = "members"\nmonth = 6\n{more}\nsource = "x"\nname = "X"\n'
    path = write(tmp_path, f"{OWN}{other}")
    if not conflict:
        assert len(read_targets(path).targets) == 3
        return
    with pytest.raises(InputError, match="conflict: both are members after 6 months, and no value"):
        read_targets(path)


def test_several_faults_are_told_together(tmp_path: Path) -> None:
    text = OWN.replace("value = 6", "value = -1").replace("at_least = 0.5", "at_least = 7")
    with pytest.raises(InputError) as caught:
        read_targets(write(tmp_path, text))
    assert len(caught.value.sentences) == 2


def test_what_changes_nothing_is_refused(tmp_path: Path) -> None:
    indicator = '[[targets]]\nindicator = "L2.early"\nvalue = 0.65\ntolerance = 0.1\nsource = "x"\n'
    with pytest.raises(InputError, match="scenario is missing"):
        read_targets(write(tmp_path, indicator), world="one-town")
    with pytest.raises(InputError, match="would change nothing here"):
        read_targets(write(tmp_path, 'scenario = "no-backbone"\n' + indicator))
    with pytest.raises(InputError, match="every target has weight 0"):
        read_targets(write(tmp_path, indicator), without=["L2.early"])
    with pytest.raises(InputError, match=r"--without has 'L2.earl'.*Did you mean L2.early"):
        read_targets(write(tmp_path, indicator), without=["L2.earl"])
    with pytest.raises(InputError, match="has no targets"):
        read_targets(write(tmp_path, 'title = "T"\n'))
    with pytest.raises(InputError, match="is no file of targets that ships"):
        read_targets("selfreported")


@pytest.mark.parametrize("name", list(shipped_targets()))
def test_shipped_targets_are_the_bands_of_their_indicators(name: str) -> None:
    asked = read_targets(name)
    assert asked.title
    for one in asked.targets:
        indicator = INDICATORS[one.reading]
        low, high = one.band
        if one.weight > 0.0 and math.isfinite(indicator.low):
            assert low == pytest.approx(indicator.low), one.name
        if one.weight > 0.0 and math.isfinite(indicator.high):
            assert high == pytest.approx(indicator.high), one.name
        assert one.source


def test_all_patterns_from_l1_to_l9_ship_and_two_files_share_what_is_undisputed() -> None:
    everything = read_targets("all")
    assert {one.reading[:2] for one in everything.targets} == {f"L{n}" for n in range(1, 10)}
    one, other = (
        {target.name for target in read_targets(name).targets}
        for name in ("self-reported", "evaluated")
    )
    shared = {target.name for target in read_targets("shared").targets}
    assert one & other == shared
    assert {name[:2] for name in one - shared - {"L1.demand"}} == {"L2"}
    assert "L1.demand" in one, "what one town saw is no evaluation"
    assert {name[:2] for name in other - shared} == {"L7"}


def test_indicators_that_share_runs_are_measured_once() -> None:
    asked: Targets = read_targets("self-reported", sites=4)
    columns = [set(one.columns) for one in asked.readers]
    assert all(not a & b for at, a in enumerate(columns) for b in columns[:at])
    assert {target.reading for target in asked.targets} <= set().union(*columns)
    of_sites = next(one for one in asked.readers if "L2.early" in one.columns)
    assert "L3.four_years" in of_sites.columns
    assert of_sites.units == 4
    found = of_sites.read({"effort_half": 1.0}, 3)
    assert 0.0 <= found[of_sites.columns.index("L2.early")] <= 1.0
