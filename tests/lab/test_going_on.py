"""What was stopped goes on where it was: the same bits, and nothing is run twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cisim
from cisim.lab import before, results, simulate
from cisim.lab.disk import digest_of
from cisim.lab.manifest import MANIFEST
from cisim.model.input_error import InputError

TOWN = cisim.Scenario.load("no-backbone", world="one-town", months=12)
OTHER = TOWN.with_(name="other", structure="national-and-regional")
THIRD = TOWN.with_(name="third", structure="regional")
SOME = ["member_share", "gap_primary", "wellbeing_gain"]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Give the scenario and seed of every run that is done here, in order."""
    done: list[tuple[str, int]] = []
    run = simulate.run_replicate

    def counted(work: simulate.Work, index: int) -> object:
        future, place = divmod(index, len(work.scenarios))
        done.append((work.scenarios[work.order[place]].name, work.seed + future))
        return run(work, index)

    monkeypatch.setattr(simulate, "run_replicate", counted)
    return done


def same(one: cisim.Comparison | cisim.Ensemble, other: cisim.Comparison | cisim.Ensemble) -> None:
    """Fail unless two results are the same to the last bit."""
    ones = [one] if isinstance(one, cisim.Ensemble) else list(one.ensembles.values())
    others = [other] if isinstance(other, cisim.Ensemble) else list(other.ensembles.values())
    assert [a.name for a in ones] == [b.name for b in others]
    for a, b in zip(ones, others, strict=True):
        assert a.scenario.resolved() == b.scenario.resolved()
        assert (a.outcomes, a.regions, a.first_seed, a.asked, a.failed, a.incomplete) == (
            b.outcomes, b.regions, b.first_seed, b.asked, b.failed, b.incomplete,
        )  # fmt: skip
        for x, y in ((a.months, b.months), (a.replicates, b.replicates), (a.values, b.values)):
            assert x.shape == y.shape
            assert x.tobytes() == y.tobytes()
        for x, y in ((a.communities, b.communities), (a.organisations, b.organisations)):
            assert (x is None) == (y is None)
            if x is not None and y is not None:
                assert (x.of, x.outcomes, x.names, x.regions) == (
                    y.of,
                    y.outcomes,
                    y.names,
                    y.regions,
                )
                assert x.months.tolist() == y.months.tolist()
                assert x.values.tobytes() == y.values.tobytes()
        assert a.books is not None
        assert b.books is not None
        assert a.books.shape == b.books.shape
        assert a.books.tobytes() == b.books.tobytes()


def test_a_finished_comparison_is_not_run_again(tmp_path: Path, ran: list[tuple[str, int]]) -> None:
    asked = {"outcomes": SOME, "by_region": True, "by_community": True, "by_organisation": True}
    first = cisim.compare([TOWN, OTHER], 3, 1, out=tmp_path, **asked)  # type: ignore[arg-type]
    assert len(ran) == 6
    files = {path.name: digest_of(path) for path in tmp_path.iterdir() if path.name != MANIFEST}
    told: list[str] = []
    again = cisim.compare(
        [TOWN, OTHER],
        3,
        1,
        out=tmp_path,
        say=told.append,
        **asked,  # type: ignore[arg-type]
    )
    assert len(ran) == 6
    assert told == ["6 of 6 runs are there from before."]
    same(first, again)
    same(first, cisim.compare([TOWN, OTHER], 3, 1, **asked))  # type: ignore[arg-type]
    assert files == {
        path.name: digest_of(path) for path in tmp_path.iterdir() if path.name != MANIFEST
    }
    assert not (tmp_path / "parts").exists()  # no number is kept twice


def test_only_what_is_missing_is_run(tmp_path: Path, ran: list[tuple[str, int]]) -> None:
    cisim.compare([TOWN, OTHER], 3, 1, out=tmp_path, outcomes=SOME)
    ran.clear()
    more = cisim.compare([TOWN, OTHER], 5, 1, out=tmp_path, outcomes=SOME)
    assert sorted(ran) == [("no-backbone", 4), ("no-backbone", 5), ("other", 4), ("other", 5)]
    same(more, cisim.compare([TOWN, OTHER], 5, 1, outcomes=SOME))
    ran.clear()
    third = cisim.compare([TOWN, OTHER, THIRD], 5, 1, out=tmp_path, outcomes=SOME)
    assert sorted(ran) == [("third", seed) for seed in range(1, 6)]
    same(third, cisim.compare([TOWN, OTHER, THIRD], 5, 1, outcomes=SOME))
    ran.clear()
    later = cisim.compare([THIRD, TOWN], 4, 1, 3, out=tmp_path, outcomes=SOME[1:], at=[12])
    assert sorted(ran) == [("no-backbone", 6), ("third", 6)]  # seeds 3, 4 and 5 are there
    same(later, cisim.compare([THIRD, TOWN], 4, 1, 3, outcomes=SOME[1:], at=[12]))


@pytest.mark.parametrize(
    "changed",
    [
        {"outcomes": ["members", *SOME]},
        {"by_region": True},
        {"by_community": True},
        {"by_organisation": True},
        {"months": 6},
    ],
)
def test_what_was_not_kept_is_run_again(
    tmp_path: Path, ran: list[tuple[str, int]], changed: dict[str, object]
) -> None:
    cisim.simulate(OTHER, 2, 1, out=tmp_path, outcomes=SOME)
    ran.clear()
    asked = {"outcomes": SOME, **changed}
    found = cisim.simulate(OTHER, 2, 1, out=tmp_path, **asked)  # type: ignore[arg-type]
    assert len(ran) == 2
    same(found, cisim.simulate(OTHER, 2, 1, **asked))  # type: ignore[arg-type]


def test_another_scenario_of_the_same_name_is_another(
    tmp_path: Path, ran: list[tuple[str, int]]
) -> None:
    cisim.simulate(OTHER, 2, 1, out=tmp_path, outcomes=SOME)
    ran.clear()
    changed = OTHER.set({"trust_memory": 90})
    found = cisim.simulate(changed, 2, 1, out=tmp_path, outcomes=SOME)
    assert len(ran) == 2
    same(found, cisim.simulate(changed, 2, 1, outcomes=SOME))


def test_another_version_of_the_model_starts_anew(
    tmp_path: Path, ran: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    cisim.simulate(OTHER, 2, 1, out=tmp_path, outcomes=SOME)
    ran.clear()
    monkeypatch.setattr("cisim.lab.store.keys.results_version", lambda through=(): "another")
    told: list[str] = []
    cisim.simulate(OTHER, 2, 1, out=tmp_path, outcomes=SOME, say=told.append)
    assert len(ran) == 2
    assert told == [
        "The result that is there is of another version of the model; its runs are done again."
    ]


def test_the_same_futures_grow_to_a_precision_where_some_are_there(
    tmp_path: Path, ran: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cisim.lab.compare.FIRST_FUTURES", 4)
    asked = {"outcomes": SOME, "precision": 1e-9, "most": 7}
    cisim.compare([TOWN, OTHER], 5, 1, out=tmp_path, outcomes=SOME)
    ran.clear()
    grown = cisim.compare([TOWN, OTHER], "auto", 1, out=tmp_path, **asked)  # type: ignore[arg-type]
    assert sorted({seed for _, seed in ran}) == [6, 7]
    alone = cisim.compare([TOWN, OTHER], "auto", 1, **asked)  # type: ignore[arg-type]
    same(grown, alone)
    assert grown.precision == alone.precision


def test_a_damaged_result_is_told_and_done_again(
    tmp_path: Path, ran: list[tuple[str, int]]
) -> None:
    first = cisim.simulate(OTHER, 2, 1, out=tmp_path, outcomes=SOME)
    for name in (results.SERIES, results.BOOKS):
        data = bytearray((tmp_path / name).read_bytes())
        data[len(data) // 2] ^= 1
        (tmp_path / name).write_bytes(data)
        ran.clear()
        told: list[str] = []
        same(first, cisim.simulate(OTHER, 2, 1, out=tmp_path, outcomes=SOME, say=told.append))
        assert len(ran) == 2
        assert "is not what was written" in told[0]
        assert told[0].endswith("what it held is done again.")
    (tmp_path / MANIFEST).write_text("{}")
    told = []
    same(first, cisim.simulate(OTHER, 2, 1, out=tmp_path, outcomes=SOME, say=told.append))
    assert "is no manifest of cisim" in told[0]


def test_interrupted_it_goes_on(
    tmp_path: Path, ran: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(done: int, _: int) -> None:
        if done >= 3:
            raise KeyboardInterrupt

    some = cisim.compare([TOWN, OTHER], 4, 1, out=tmp_path, outcomes=SOME, progress=stop)
    assert some.incomplete
    assert len(ran) == 3
    same(some, cisim.load(tmp_path))
    told: list[str] = []
    whole = cisim.compare([TOWN, OTHER], 4, 1, out=tmp_path, outcomes=SOME, say=told.append)
    assert told == ["3 of 8 runs are there from before."]
    assert len(ran) == 8
    assert len(set(ran)) == 8
    same(whole, cisim.compare([TOWN, OTHER], 4, 1, outcomes=SOME))


def test_what_no_result_has_yet_is_in_parts(
    tmp_path: Path, ran: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part is written while runs go on; what comes after it is lost where the power is."""

    class Power(BaseException):
        pass

    def fail(done: int, _: int) -> None:
        if done == 5:
            raise Power

    monkeypatch.setattr("cisim.lab.store.waiting.BYTES", 1)  # each run at once
    asked = {"outcomes": SOME, "by_region": True, "by_community": True, "by_organisation": True}
    with pytest.raises(Power):
        cisim.compare([TOWN, OTHER], 4, 1, out=tmp_path, progress=fail, **asked)  # type: ignore[arg-type]
    assert not (tmp_path / MANIFEST).exists()
    assert len(list((tmp_path / "parts").glob("part-*.parquet"))) == 5
    told: list[str] = []
    found = cisim.compare(
        [TOWN, OTHER],
        4,
        1,
        out=tmp_path,
        say=told.append,
        **asked,  # type: ignore[arg-type]
    )
    assert told == ["5 of 8 runs are there from before."]
    assert len(ran) == 8
    same(found, cisim.compare([TOWN, OTHER], 4, 1, **asked))  # type: ignore[arg-type]
    assert not (tmp_path / "parts").exists()


def test_a_result_that_cannot_be_written_loses_no_run(
    tmp_path: Path, ran: list[tuple[str, int]]
) -> None:
    def full(folder: Path, result: object) -> None:
        raise InputError("out is full")

    with pytest.raises(InputError, match="out is full"):
        cisim.simulate(OTHER, 3, 1, out=tmp_path, outcomes=SOME, write=full)
    ran.clear()
    found = cisim.simulate(OTHER, 3, 1, out=tmp_path, outcomes=SOME)
    assert not ran
    same(found, cisim.simulate(OTHER, 3, 1, outcomes=SOME))


def test_two_at_once_are_not_let_into_one_folder(tmp_path: Path) -> None:
    kept = simulate.what_is_kept(TOWN, SOME, False, (), True, None)
    with before.Before(tmp_path, kept), pytest.raises(InputError, match="another run is writing"):
        cisim.simulate(OTHER, 1, 1, out=tmp_path, outcomes=SOME)


# --- the command line ------------------------------------------------------------------------

LINE = [
    "compare", "no-backbone", "national-and-regional", "same-total", "--world", "one-town",
    "--months", "24",
]  # fmt: skip


def command(out: Path, *more: str) -> subprocess.Popen[str]:
    """Start the command in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "cisim", *LINE, "--out", str(out), *more],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )  # fmt: skip


def wait_for(folder: Path, process: subprocess.Popen[str]) -> None:
    """Wait until something of a run is on the disk, or it has ended."""
    for _ in range(6000):
        if process.poll() is not None or any(folder.glob("parts/part-*.parquet")):
            return
        time.sleep(0.02)


def digests(folder: Path) -> dict[str, str]:
    files: dict[str, str] = json.loads((folder / MANIFEST).read_text("utf-8"))["files"]
    return files


def test_killed_and_started_again_the_command_gives_the_same_files(tmp_path: Path) -> None:
    out, alone = tmp_path / "killed", tmp_path / "alone"
    many = ("--replicates", "260")  # some 8 MB: two parts by size alone
    process = command(out, *many, "--workers", "2")
    wait_for(out, process)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert not (out / MANIFEST).exists()
    process = command(out, *many, "--workers", "1")
    _, err = process.communicate()
    assert process.returncode == 0
    (told,) = [line for line in err.splitlines() if "are there from before" in line]
    count = int(told.split(" of ")[0].replace(",", ""))
    assert 0 < count < 780
    assert told == f"{count:,} of 780 runs are there from before."
    process = command(alone, *many, "--workers", "2")
    process.communicate()
    assert digests(out) == digests(alone)
    assert {path.name for path in out.iterdir()} == {MANIFEST, *digests(out)}


@pytest.mark.slow
def test_killed_at_any_moment_nothing_is_lost_doubled_or_damaged(tmp_path: Path) -> None:
    draw = random.Random(20_261_127)
    alone = tmp_path / "alone"
    many = ("--replicates", "400")
    began = time.monotonic()
    command(alone, *many, "--by-community").communicate()
    whole = time.monotonic() - began  # on this machine: a fast one had ended before its first kill
    out = tmp_path / "killed"
    kills = 0
    while not (out / MANIFEST).exists() and kills < 12:
        process = command(out, *many, "--by-community", "--workers", str(draw.choice([1, 2])))
        try:
            process.communicate(timeout=draw.uniform(0.2, 0.6) * whole)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            kills += 1
    process = command(out, *many, "--by-community")
    process.communicate()
    assert process.returncode == 0
    assert kills
    assert digests(out) == digests(alone)
    for name, digest in digests(out).items():
        assert digest_of(out / name) == digest
    assert {path.name for path in out.iterdir()} == {MANIFEST, *digests(out)}
    series = pd.read_parquet(out / results.SERIES)
    assert not series.duplicated(["scenario", "replicate", "month", "region"]).any()
    assert np.isfinite(series["member_share"]).all()
