"""A sweep from the command line on a disk that is full, or that can only be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from small_disk import changed, mounted, room

from cisim import cli
from cisim.lab.study import Study
from cisim.lab.sweep.experiment import Experiment

FILE = """
title = "T"
scenarios = ["no-backbone", "national-and-regional"]
world = "one-town"
months = 3
at = [3]
replicates = {replicates}
outcomes = ["wellbeing_gain"]
[design]
kind = "sobol"
points = 4
[design.vary]
effort_half = {{}}
"""
Call = Callable[..., tuple[int, str]]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Return a disk of four megabytes."""
    with mounted(tmp_path / "small", "size=4m") as place:
        yield place


@pytest.fixture
def sweep(tmp_path: Path, disk: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Return what sweeps so many replicates into the disk: exit code, what is said."""

    def run(replicates: int, *more: str) -> tuple[int, str]:
        file = tmp_path / "study.toml"
        file.write_text(FILE.format(replicates=replicates))
        code = cli.main(["sweep", str(file), "--out", str(disk / "study"), "--workers", "1", *more])
        return code, capsys.readouterr().err

    return run


def whole(tmp_path: Path) -> str:
    """Return the digest of the study as it is where nothing goes wrong."""
    return Experiment.load(tmp_path / "study.toml").run(workers=1).digest()


def filled(place: Path, left: int) -> Path:
    """Return a file that leaves so many bytes of a disk."""
    file = place / "other"
    file.write_bytes(b"x" * (room(place) - left))
    return file


@pytest.mark.parametrize("left", [0, 4096, 8192])
def test_a_disk_that_is_full_ends_a_sweep_with_a_sentence_and_loses_nothing(
    tmp_path: Path, disk: Path, sweep: Call, left: int
) -> None:
    assert sweep(1)[0] == 0
    before = Study.load(disk / "study").runs("wellbeing_gain")
    other = filled(disk, left)
    code, said = sweep(3)
    assert (code, said.count("\n")) == (2, 1 + said.count("from before.")), said
    assert "cannot be written (No space left on device)" in said
    there = Study.load(disk / "study").runs("wellbeing_gain")
    assert there[:, :, :1].tobytes() == before.tobytes()
    other.unlink()
    code, said = sweep(3)
    assert code == 0
    assert "8 of 24 runs are there from before." in said
    assert Study.load(disk / "study").digest() == whole(tmp_path)


def test_a_sweep_that_finds_a_full_disk_begins_once_there_is_room(
    tmp_path: Path, disk: Path, sweep: Call
) -> None:
    other = filled(disk, 0)
    code, said = sweep(2)
    assert (code, said.count("\n")) == (2, 1), said
    assert "cannot be written (No space left on device)" in said
    other.unlink()
    assert sweep(2)[0] == 0
    assert Study.load(disk / "study").digest() == whole(tmp_path)


def test_a_folder_that_can_only_be_read_ends_a_sweep_with_a_sentence_and_is_read(
    tmp_path: Path, disk: Path, sweep: Call
) -> None:
    assert sweep(1)[0] == 0
    before = Study.load(disk / "study").digest()
    changed(disk, "ro")
    code, said = sweep(2)
    assert (code, said.count("\n")) == (2, 1), said
    assert "cannot be written (Read-only file system)" in said
    assert Study.load(disk / "study").digest() == before
    assert cli.main(["verify", str(disk / "study"), "--quiet"]) == 0
    changed(disk, "rw")
    code, said = sweep(2)
    assert code == 0
    assert "8 of 16 runs are there from before." in said
    assert Study.load(disk / "study").digest() == whole(tmp_path)
