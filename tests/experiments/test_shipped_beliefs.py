"""What puts calibrated ensembles in place, and writes again what hangs on them."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import ModuleType

import pytest

from cisim.model.input_error import InputError
from tests.believed import MADE, write_ensemble, write_points
from tests.scripts import load_script

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
