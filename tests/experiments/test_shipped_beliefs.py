"""What puts calibrated ensembles in place, and writes again what hangs on them."""

from __future__ import annotations

import math
import re
import shlex
import shutil
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import cisim
from cisim.lab import hanging
from cisim.lab.comparison import Comparison
from cisim.lab.results import write_ensembles
from cisim.model.input_error import InputError
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.world.joint_points import read_joint_points
from cisim.world.ranges import plausible_range
from tests.believed import MADE, made_up, ship, write_ensemble, write_points
from tests.scripts import load_script

MEANS = {0.61: {"national-and-regional": 0.7, "same-total": 0.07},
         1.0: {"national-and-regional": 0.3, "same-total": 0.04},
         3.0: {"national-and-regional": 0.04, "same-total": 0.02}}  # fmt: skip
PARTS = ("own_value", "effort_half", "wb_max")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def believed() -> ModuleType:
    return load_script("experiments/believed.py")


def calibrated(folder: Path, name: str) -> Path:
    return write_ensemble(folder / name / "ensemble.parquet", 6, 1)


def test_what_a_calibration_has_left_is_put_where_it_ships(
    believed: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = tmp_path / "beliefs"
    monkeypatch.setitem(MADE, "said", [])
    calibrated(tmp_path, "self-reported")
    calibrated(tmp_path, "evaluated")
    assert believed.place(tmp_path, to) == ["self-reported: 6 points", "evaluated: 6 points"]
    shutil.rmtree(tmp_path / "self-reported")
    said = believed.place(tmp_path, to)
    assert said[0] == "self-reported: no point meets it, so none ships"
    assert [path.name for path in to.iterdir()] == ["evaluated.parquet"]
    shutil.rmtree(tmp_path / "evaluated")
    with pytest.raises(InputError, match=r"has no ensemble\.parquet of self-reported or evaluated"):
        believed.place(tmp_path, to)
    write_points(tmp_path / "evaluated" / "ensemble.parquet", {"effort_half": [1.0]}, MADE)
    with pytest.raises(InputError, match="allowed are all parameters"):
        believed.place(tmp_path, to)
    assert [path.name for path in to.iterdir()] == ["evaluated.parquet"]


def test_guides_that_teach_say_that_beliefs_are_fixed(believed: ModuleType) -> None:
    text = (
        "cisim compare a b --world county --replicates 20\n"
        "cisim compare a b --replicates 5 \\\n  --seed 3\n"
        "cisim compare a b --beliefs plausible\n"
        "`cisim compare SCENARIO --set x` and `cisim compare` stay\n"
    )
    new = believed.pinned(text)
    assert new == (
        "cisim compare a b --world county --replicates 20 --beliefs fixed\n"
        "cisim compare a b --replicates 5 --beliefs fixed \\\n  --seed 3\n"
        "cisim compare a b --beliefs plausible\n"
        "`cisim compare SCENARIO --set x` and `cisim compare` stay\n"
    )
    assert believed.pinned(new) == new


def test_what_it_writes_stands_between_marks_that_are_there(believed: ModuleType) -> None:
    assert "\nNEW\n<!-- /caption" in believed.between(
        believed.README.read_text("utf-8"), "caption", "NEW"
    )
    for path in (believed.README, believed.GUIDE):
        text = path.read_text("utf-8")
        new = believed.between(text, "believed", "NEW")
        assert "\nNEW\n<!-- /believed -->" in new
        assert believed.between(new, "believed", "NEW") == new
    with pytest.raises(InputError, match="the marks of believed are not there"):
        believed.between("nothing", "believed", "NEW")


def test_sentences_and_tables_are_those_that_are_printed(believed: ModuleType) -> None:
    printed = (
        "2 scenarios\nMeans.\nEach of.\nBy it.\n\nx by what\na  1\n\nx (unit)\n   mean\na  2 \n"
    )
    assert believed.told(printed) == ["Each of.", "By it."]
    assert believed.lines_of(printed, "x (", "x by") == "x by what\na  1\n\nx (unit)\n   mean\na  2"


@pytest.fixture
def copies(
    believed: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Path]:
    """Let README, guide and picture be written elsewhere; return where, by name."""
    there = {}
    for name in ("README", "GUIDE", "PICTURE"):
        path = getattr(believed, name)
        there[name] = tmp_path / path.name
        if path.is_file():
            shutil.copyfile(path, there[name])
        monkeypatch.setattr(believed, name, there[name])
    return there


def blocks_of(text: str) -> list[str]:
    """Return what commands print, as a document shows it between the marks."""
    part = text.partition("<!-- believed: ")[2].partition("<!-- /believed -->")[0]
    return re.findall(r"```text\n(.*?)\n```", part, re.DOTALL)


def test_while_no_ensemble_ships_documents_say_how_often_it_holds_by_luck_alone_and_over_all(
    believed: ModuleType,
    copies: dict[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cisim.world.joint_points.configs", lambda: tmp_path)
    table = "wellbeing_gain (points of 100)\n  mean\na  2"
    sentences = (
        "Each of these 200 futures has two.\nBy wellbeing_gain national-and-regional is better "
        "than same-total in 88 of 200 futures.\nAlong own_value the order turns near 1.1 (wide)."
    )
    typed = []

    def ask(command: str) -> str:
        typed.append(command)
        said = f"{sentences}\n" if command.endswith("--beliefs plausible") else ""
        return f"4 scenarios\nMeans.\n{said}\n{table}\n\nmember_share (0..1)\n  mean\na  2\n"

    copies["PICTURE"].write_text("of ensembles that shipped before", "utf-8")
    believed.write_all(ask, lambda: MEANS)
    assert len(typed) == 2
    assert not copies["PICTURE"].exists()
    written = {name: copies[name].read_text("utf-8") for name in ("README", "GUIDE")}
    assert [blocks_of(text) for text in written.values()] == [[table], [sentences]]
    assert "in 88 of 200 futures, and the order turns near `own_value` 1.1" in written["README"]
    believed.write_all(ask, lambda: MEANS)
    assert {name: copies[name].read_text("utf-8") for name in written} == written
    assert shipped_rows(written["GUIDE"]) == ["No ensemble ships with this version."]


def test_where_ensembles_ship_the_readme_shows_what_futures_of_both_say(
    believed: ModuleType,
    copies: dict[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ship(tmp_path, monkeypatch)
    generator = np.random.default_rng(1)
    ends = {name: generator.normal(size=40) for name in believed.COMPARED.split()}
    printed = (
        "4 scenarios\nMeans.\nEach of these 200 futures has two.\nBy it 3 of 40.\n\n"
        "wellbeing_gain by what futures believe\na  1\n\nwellbeing_gain (points)\n  mean\na  2\n"
    )

    def ask(command: str) -> str:
        words = shlex.split(command)
        if "--out" in words:
            out = Path(words[words.index("--out") + 1])
            write_ensembles(out, made_up(ends, "ensemble"), command)
        return printed if "--out" in words else "2 scenarios\n\nwellbeing_gain (points)\nalone  3\n"

    believed.write_all(ask, lambda: MEANS)
    readme, guide = (copies[name].read_text("utf-8") for name in ("README", "GUIDE"))
    assert blocks_of(readme) == [
        "Each of these 200 futures has two.\nBy it 3 of 40.",
        "wellbeing_gain by what futures believe\na  1\n\nwellbeing_gain (points)\n  mean\na  2",
        "wellbeing_gain (points)\nalone  3",
    ]
    assert f"(docs/{copies['PICTURE'].name})" in readme
    assert "Each of these 100 futures has two. Where every number has one value" in readme
    assert "both backbones gain 0.70 points, at 1 0.30, and at 3, where the best" in readme
    (typed,) = re.findall(r"^cisim compare no-backbone .*missing-sponsor$", guide, re.MULTILINE)
    assert f"\n{typed} --report report.html\n" in readme
    assert blocks_of(guide)[1] == "wellbeing_gain by what futures believe\na  1"
    assert "<svg" in copies["PICTURE"].read_text("utf-8")
    assert shipped_rows(guide)[3] == "| points that are believed | 8 | 8 |"


def test_where_the_order_turns_is_told_with_how_few_points_lie_beyond(
    believed: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = {"self-reported": (0.1, 0.5), "evaluated": (4.0, 2.0)}
    for name, halves in wanted.items():
        half = np.repeat(halves, 4)
        path = tmp_path / "beliefs" / f"{name}.parquet"
        write_ensemble(path, 8, 1, effort_half=half, own_value=1.0, wb_max=20.0)
    monkeypatch.setattr("cisim.world.joint_points.configs", lambda: tmp_path)
    zeros = np.zeros(40)
    scenarios = dict.fromkeys(believed.PAIR, zeros)
    pi = along_pi(made_up(scenarios, "ensemble"))
    ends = {**scenarios, believed.PAIR[0]: np.where(pi > 0.15, -1.0, 1.0)}
    one = hanging.along(made_up(ends, "ensemble"), "pi", *believed.PAIR)
    assert 0.1 < one.turn < 0.2
    assert one.above == (pi > one.turn).sum()
    assert f"what is believed lies above it in {one.above} of 40 futures." in one.said()
    (said,) = believed._points_above(one)
    assert said.endswith("4 of 16 lie above it (0 of 8 self-reported, 4 of 8 evaluated).")
    (said,) = believed._points_above(replace(one, turn=0.21))
    assert said.endswith(
        "(0 of 8 self-reported, 0 of 8 evaluated), so the ensembles hardly reach it."
    )
    assert believed._points_above(replace(one, turn=math.nan)) == []


def test_the_readme_says_how_few_points_lie_beyond_where_the_order_turns(
    believed: ModuleType,
) -> None:
    readme = believed.README.read_text("utf-8")
    turn = re.search(r"along pi the order turns near ([\d.]+) ", readme)
    assert turn is not None
    said = re.search(r"left (\d+) of (\d+) lie above it \((.*?)\)", readme)
    assert said is not None
    pis = []
    for name in ("self-reported", "evaluated"):
        points = read_joint_points(name)
        own, half, most = (points.points[:, points.names.index(one)] for one in PARTS)
        pis.append(own * half / most)
    every, near = np.concatenate(pis), float(turn[1])
    rounded = 0.5 * 10.0 ** -len(turn[1].partition(".")[2])
    assert (every > near + rounded).sum() <= int(said[1]) <= (every > near - rounded).sum()
    assert int(said[2]) == every.size
    hardly = int(said[1]) < believed.HARDLY * every.size
    assert hardly == ("so the ensembles hardly reach it" in readme)


def along_pi(comparison: Comparison) -> np.ndarray:
    first = next(iter(comparison.ensembles.values()))
    own, half, most = (first.parameter(one) for one in PARTS)
    return np.asarray(own * half / most)


def shipped_rows(text: str) -> list[str]:
    """Return the table of what ships."""
    part = text.partition("<!-- shipped: ")[2].partition("<!-- /shipped -->")[0]
    return part.splitlines()[1:]


def test_the_guide_says_of_the_ensembles_that_ship_what_their_files_say(
    believed: ModuleType,
) -> None:
    guide = believed.GUIDE.read_text("utf-8")
    futures = {name: np.zeros(4) for name in believed.COMPARED.split()}
    files = believed.what_ships(made_up(futures, "ensemble")).splitlines()
    runs = 2  # the last rows are of what they have shown
    assert shipped_rows(guide)[:-runs] == files[:-runs]
    over = plausible_range(declarations(Parameters)["effort_half"])
    assert f"is drawn from {over.low:g} to {over.high:g}." in guide


@pytest.mark.slow
def test_the_guide_says_what_both_ensembles_gain(believed: ModuleType) -> None:
    found = cisim.compare(believed.COMPARED.split(), outcomes=["wellbeing_gain"], at=[120])
    assert shipped_rows(believed.GUIDE.read_text("utf-8")) == believed.what_ships(found).split("\n")
