"""Experiments that ship are right and listed, and their references are what a run gives."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import cisim
from tests.scripts import load_script

ROOT = Path(__file__).parents[2]
HERE = ROOT / "experiments"


studies = load_script("experiments/studies.py")


@pytest.mark.parametrize("name", studies.ANSWERS)
def test_a_reference_tells_its_own_experiment(name: str) -> None:
    experiment = cisim.Experiment.load(HERE / f"{name}.toml")
    told = (ROOT / "results" / f"{name}.md").read_text(encoding="utf-8")
    assert told.startswith(f"# {experiment.title}\n\nClaim: {experiment.claim}\n")
    assert experiment.in_words in told
    assert f"| `{name}.toml` |" in (HERE / "README.md").read_text(encoding="utf-8")


CLAIMED = [one for one in sorted(HERE.glob("*.toml")) if "claim" in tomllib.loads(one.read_text())]


@pytest.mark.parametrize("file", CLAIMED, ids=lambda file: file.stem)
def test_what_came_of_an_experiment_is_kept_beside_all_others_and_named(file: Path) -> None:
    page, folder = (ROOT / "results" / f"{file.stem}{end}" for end in (".md", ""))
    assert page.is_file() or any(folder.iterdir())
    (row,) = [
        line
        for line in (HERE / "README.md").read_text(encoding="utf-8").splitlines()
        if line.startswith(f"| `{file.name}` |")
    ]
    assert f"results/{file.stem}" in row or "studies.py" in row
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {f"!/results/{file.stem}.md", f"!/results/{file.stem}/"} & set(ignored)


@pytest.mark.slow
def test_a_reference_is_what_its_file_gives(tmp_path: Path) -> None:
    name = "funding-split"
    experiment = cisim.Experiment.load(HERE / f"{name}.toml")
    study = experiment.run(tmp_path / name)
    kept = (ROOT / "results" / f"{name}.md").read_text(encoding="utf-8")
    assert kept == studies.page(name, study, experiment), f"python experiments/studies.py {name}"


def test_an_experiment_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert studies.main(["no-such"], Path("nowhere"), 1) == 2
    assert "no-such: no experiment; there is structures-under" in capsys.readouterr().err
