"""`cisim analyse` on a study that `cisim sweep` has kept."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

import cisim
from cisim import cli
from cisim.lab.analyses import analyse

SCENARIOS = ("no-backbone", "national-only", "national-and-regional")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept") / "study"
    vary = {"effort_half": {}, "own_value": {}, "turnover": {}}
    design = {"kind": "latin-hypercube", "points": 60, "vary": vary}
    outcomes = ["wellbeing_gain", "member_share"]
    cisim.Experiment(
        list(SCENARIOS), design, name="small", world="one-town", months=24, outcomes=outcomes,
        at=[12, 24],
    ).run(folder, workers=1)  # fmt: skip
    return folder


def run(capsys: pytest.CaptureFixture[str], *line: str) -> tuple[int, str, str]:
    code = cli.main(list(line))
    out, err = capsys.readouterr()
    return code, out, err


def test_a_kept_study_is_analysed_written_and_reported(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    line = ("analyse", str(study), "--against", "no-backbone", "--quiet")
    only = ("--only", "correlation,ranking,robustness,learning,tree")
    code, out, err = run(capsys, *line, *only, "--out", "a", "--report", "r.html")
    assert (code, err) == (0, "")
    assert "small: wellbeing_gain in month 24, against no-backbone, 60 points" in out
    assert "national-and-regional is best at" in out
    said = json.loads(Path("a/manifest.json").read_text("utf-8"))
    kept = json.loads((study / "manifest.json").read_text("utf-8"))
    assert said["study"]["key"] == kept["key"]
    page = Path("r.html").read_text("utf-8")
    assert said["key"] in page
    assert kept["key"] in page
    # Each number comes from the rows of points.parquet, and those from the study.
    points = pd.read_parquet("a/points.parquet")
    read = cisim.Study.load(study)
    for s, name in enumerate(SCENARIOS):
        assert points[f"wellbeing_gain of {name}"].tolist() == read.at("wellbeing_gain")[s].tolist()
    table = pd.read_csv("a/robustness.csv").set_index("scenario")
    values = points[[f"wellbeing_gain of {name}" for name in SCENARIOS]].to_numpy()
    best = (values.argmax(axis=1) == 2).mean()
    assert table.loc["national-and-regional", "best"] == pytest.approx(best, abs=0.02)
    # The same command gives the same files.
    before = {path.name: path.read_bytes() for path in Path("a").iterdir()}
    assert run(capsys, *line, *only, "--out", "a", "--report", "r.html")[0] == 0
    after = {path.name: path.read_bytes() for path in Path("a").iterdir()}
    assert {name for name in after if after[name] != before[name]} <= {"manifest.json"}
    assert Path("r.html").read_text("utf-8") == page


def test_as_json_it_has_every_table(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(
        capsys, "analyse", str(study), "--only", "ranking", "--json", "--outcome", "member_share"
    )
    said = json.loads(out)
    assert code == 0
    assert said["outcome"] == "member_share"
    assert {row["parameter"] for row in said["tables"]["ranking"]} == {
        "effort_half", "own_value", "turnover"
    }  # fmt: skip
    assert said["left_out"] == {}


def test_a_folder_gives_what_the_study_in_memory_gives(study: Path) -> None:
    loaded = cisim.Study.load(study)
    again = analyse(loaded, only=["correlation"]).tables()["correlation"]
    assert again.equals(
        analyse(cisim.Study.load(study), only="correlation").tables()["correlation"]
    )
    assert again["clear"].any()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("--against nobody", "'nobody' is no scenario of small"),
        ("--outcome gap_primary", "gap_primary was not kept"),
        ("--month 7", "month is 7, which was not kept; allowed is one of 12, 24."),
        ("--region North", "region 'North' was not kept"),
        ("--only sobol", "Sobol' indices need the points of a Saltelli design"),
        ("--only sobl", "no analysis. Did you mean sobol?"),
        ("--threshold much", "--threshold is 'much'; allowed is a number"),
        ("--threshold 2027-07", "--threshold is 2027-07, a date; allowed is a number."),
        ("--only ranking --threshold 1", "threshold would change nothing here"),
        ("--out {study}", "is not a result of cisim"),
        ("--report {study}", "a folder; allowed is a file"),
    ],
)
def test_wrong_input_is_one_sentence_and_nothing_is_written(
    more: str, said: str, study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(path.name for path in study.rglob("*"))
    line = [word.replace("{study}", str(study)) for word in more.split()]
    code, out, err = run(capsys, "analyse", str(study), *line)
    assert (code, out) == (2, "")
    assert said in err
    assert err.strip().count("\n") == 0
    assert sorted(path.name for path in study.rglob("*")) == before


def test_a_folder_that_is_no_study_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "analyse", str(tmp_path / "nowhere"))
    assert (code, out) == (2, "")
    assert "nowhere" in err


def test_a_study_that_is_moved_is_analysed_where_it_is(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(study, tmp_path / "moved")
    code, out, _ = run(
        capsys, "analyse", str(tmp_path / "moved"), "--only", "robustness", "--quiet"
    )
    assert code == 0
    assert out == run(capsys, "analyse", str(study), "--only", "robustness", "--quiet")[1]
