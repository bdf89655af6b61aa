"""Pieces of work: the same bits anywhere, and whatever goes wrong costs no more than itself."""

from __future__ import annotations

import multiprocessing.spawn
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import pairwise
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

import pieces
import psutil
import pytest

from cisim.lab import executors
from cisim.lab.executors import (
    Ending,
    Executor,
    Local,
    Serial,
    count_workers,
    execute,
    pool,
    supervisor,
)
from cisim.lab.executors.work import MOST_RETRIED, Run
from cisim.model.input_error import InputError

ROOT = Path(__file__).resolve().parents[2]


def run(
    function: Callable[..., Any], shared: Any, indexes: Sequence[int], **more: Any
) -> tuple[dict[int, Any], Ending]:
    found: dict[int, Any] = {}
    ending = execute(function, shared, indexes, found.__setitem__, **more)
    return found, ending


def found_nothing(index: int, result: Any) -> None:
    raise AssertionError("never called")


def start_script(
    code: str, *how: str, stdin: Any = None, path: Sequence[Path] = ()
) -> subprocess.Popen[str]:
    found_in = os.pathsep.join(str(one) for one in [*path, ROOT, Path(__file__).parent])
    return subprocess.Popen(
        [sys.executable, *how] if how else [sys.executable, "-c", code],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": found_in},
        start_new_session=True,
        preexec_fn=listen_to_ctrl_c,
    )


def listen_to_ctrl_c() -> None:
    """Hear Ctrl-C as a program in the foreground does, also where tests run in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("workers", [1, 2])
def test_results_do_not_depend_on_workers_or_order(workers: int) -> None:
    order = list(range(50))
    random.Random(1).shuffle(order)
    for indexes in (range(50), order):
        found, ending = run(pieces.square, 3, indexes, workers=workers)
        assert ending == ([], False)
        assert {index: value.tolist() for index, value in found.items()} == {
            index: [3.0 + index * index] * 3 for index in range(50)
        }


def test_processes_stay_for_the_next_call_and_both_work() -> None:
    executors.close()
    first, _ = run(pieces.process_of, 0.05, range(20), workers=2)
    second, _ = run(pieces.process_of, 0.05, range(20), workers=2)
    assert set(first.values()) == set(second.values())
    assert len(set(first.values())) == 2
    assert os.getpid() not in first.values()


@pytest.mark.skipif(not hasattr(os, "nice"), reason="needs a system that knows urgency")
def test_polite_processes_leave_the_processors_to_their_parent() -> None:
    here = os.nice(0)
    try:
        for polite in (False, True, False):  # each time in place of those that are there
            executors.start(2, polite=polite)
            found, _ = run(pieces.urgency, None, range(4), workers=2)
            assert set(found.values()) == {here + pool.POLITE if polite else here}
    finally:
        executors.start(2)


def test_polite_processes_can_be_stopped_sooner() -> None:
    """They have little at a time, for they are only told between two chunks."""
    most = {}
    try:
        for polite in (False, True):
            executors.start(2, polite=polite)
            seen: list[tuple[int, int]] = [(0, 0)]
            run(pieces.process_of, 0.05, range(80), workers=2, progress=_into(seen))
            most[polite] = max(now - before for (before, _), (now, _) in pairwise(seen))
    finally:
        executors.start(2)
    assert most[True] <= 6 < most[False]


@pytest.mark.parametrize("futures", [1, 2, 7, 40])
def test_pieces_that_go_together_meet_in_one_process(futures: int) -> None:
    found, _ = run(pieces.process_of, 0.01, range(3 * futures), workers=2, together=3)
    for first in range(0, 3 * futures, 3):
        assert len({found[first + place] for place in range(3)}) == 1
    assert len(set(found.values())) == 2 or futures < 40


def _into(seen: list[tuple[int, int]]) -> Callable[[int, int], None]:
    return lambda done, total: seen.append((done, total))


def test_progress_reaches_the_total() -> None:
    for workers in (1, 2):
        seen: list[tuple[int, int]] = []
        run(pieces.square, 0, range(30), workers=workers, progress=_into(seen))
        assert seen == sorted(seen)
        assert seen[-1] == (30, 30)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_piece_that_raises_is_quarantined_and_the_others_go_on(workers: int) -> None:
    found, ending = run(pieces.raise_on, {3, 11}, range(20), workers=workers)
    assert sorted(found) == [index for index in range(20) if index not in (3, 11)]
    assert [(fault.piece, fault.reason) for fault in ending.failed] == [
        (3, "ValueError: piece 3 is bad"),
        (11, "ValueError: piece 11 is bad"),
    ]
    assert not ending.incomplete


@pytest.mark.parametrize("executor", [Serial(), Local(2)])
def test_a_piece_that_raises_once_is_tried_again(executor: Executor, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    found, ending = run(
        pieces.raise_once, str(tmp_path / "a"), range(20), executor=executor, progress=_into(seen)
    )
    assert sorted(found) == list(range(20))
    assert ending == ([], False)
    assert seen[-1] == (20, 20)


def test_what_always_raises_is_not_tried_again_for_ever() -> None:
    tried: list[int] = []
    _, ending = run(pieces.count_and_raise, tried, range(1000))
    assert [fault.piece for fault in ending.failed] == list(range(1000))
    assert len(tried) == 1000 + MOST_RETRIED
    assert max(Counter(tried).values()) == 2


def test_a_piece_that_never_ends_is_quarantined_alone() -> None:
    found, ending = run(pieces.sleep_on, {4, 9}, range(12), executor=Local(2, timeout=0.7))
    assert sorted(found) == [index for index in range(12) if index not in (4, 9)]
    assert [(fault.piece, fault.kind) for fault in ending.failed] == [(4, "Hung"), (9, "Hung")]
    assert "did not end within 0.7 s, and again when it ran alone" in ending.failed[0].reason


def test_patience_grows_with_what_others_take() -> None:
    nothing = Run(pieces.square, None, range(3), found_nothing, None, None, 1)
    assert nothing.patience(None) == 1800.0
    nothing.longest = 60.0
    assert nothing.patience(None) == 6000.0
    assert nothing.patience(5.0) == 5.0


@pytest.mark.parametrize("function", [pieces.leave_on, pieces.unsendable_on])
def test_a_piece_that_ends_its_process_or_cannot_be_sent_is_quarantined(function: Any) -> None:
    found, ending = run(function, {4}, range(12), workers=2)
    assert sorted(found) == [index for index in range(12) if index != 4]
    assert [fault.piece for fault in ending.failed] == [4]


def test_a_killed_worker_costs_nothing(tmp_path: Path) -> None:
    found, ending = run(pieces.kill_once, str(tmp_path / "killed"), range(40), workers=2)
    assert sorted(found) == list(range(40))
    assert ending == ([], False)


def test_a_piece_that_kills_its_process_again_is_quarantined_alone() -> None:
    found, ending = run(pieces.kill_on, {9}, range(40), workers=2)
    assert sorted(found) == [index for index in range(40) if index != 9]
    assert [fault.piece for fault in ending.failed] == [9]
    assert "killed" in ending.failed[0].reason
    assert not ending.incomplete


def test_a_worker_killed_between_two_calls_is_replaced() -> None:
    found, _ = run(pieces.process_of, 0.05, range(10), workers=2)
    os.kill(next(iter(found.values())), signal.SIGKILL)
    found, ending = run(pieces.process_of, 0.0, range(10), workers=2)
    assert len(found) == 10
    assert ending == ([], False)


def test_a_process_that_ends_while_it_sends_is_found() -> None:
    executors.close()
    found, ending = run(pieces.die_while_sending, {3}, range(8), workers=2)
    assert sorted(found) == [0, 1, 2, 4, 5, 6, 7]
    assert [(fault.piece, fault.kind) for fault in ending.failed] == [(3, "Killed")]


def test_a_pool_that_is_abandoned_leaves_no_thread() -> None:
    executors.close()
    before = set(threading.enumerate())

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    run(pieces.large, 0.01, range(200), workers=2, progress=stop)
    executors.close()
    for thread in set(threading.enumerate()) - before:
        thread.join(60)
        assert not thread.is_alive(), thread


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupt_keeps_what_is_done(workers: int) -> None:
    def stop(done: int, total: int) -> None:
        if done >= 5:
            raise KeyboardInterrupt

    found, ending = run(pieces.process_of, 0.02, range(500), workers=workers, progress=stop)
    assert 5 <= len(found) < 500
    assert ending.incomplete
    again, ending = run(pieces.square, 1, range(10), workers=workers)
    assert len(again) == 10
    assert not ending.incomplete


@pytest.mark.parametrize(
    "wrong", [OSError("handle is closed"), ValueError("bad value(s) in fds_to_keep")]
)
def test_where_no_pool_can_be_made_the_work_is_done_here(
    wrong: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the system says depends on how far a process came before it ended."""

    def refuse(*_: Any) -> None:
        raise wrong

    executors.close()
    monkeypatch.setattr(SpawnProcess, "_Popen", staticmethod(refuse))
    said: list[str] = []
    found, ending = run(pieces.process_of, 0.0, range(6), workers=2, say=said.append)
    assert found == dict.fromkeys(range(6), os.getpid())
    assert ending == ([], False)
    assert f"No process can be started ({wrong})" in said[0]


def test_what_ends_a_call_before_its_processes_are_there_is_what_it_raises(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    executors.close()

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(supervisor, "open_pool", stop)
    with pytest.raises(KeyboardInterrupt):
        run(pieces.process_of, 0.0, range(6), workers=2)


def test_where_no_process_starts_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    executors.close()
    monkeypatch.setattr(multiprocessing.spawn, "_python_exe", b"/bin/false")
    said: list[str] = []
    found, ending = run(pieces.process_of, 0.0, range(6), workers=2, say=said.append)
    executors.close()
    assert set(found.values()) == {os.getpid()}
    assert len(found) == 6
    assert ending == ([], False)
    assert "No process can be started" in said[0]


@pytest.mark.parametrize("wrong", [BrokenProcessPool("it ended"), OSError("no more processes")])
@pytest.mark.parametrize("sent", [0, 1, 2])
def test_where_processes_end_while_they_start_the_work_is_done_here(
    wrong: Exception, sent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process may end before the next is asked for, or the system refuses it."""
    asked: Counter[int] = Counter()
    submit = ProcessPoolExecutor.submit

    def refuse(pool: ProcessPoolExecutor, *what: Any, **more: Any) -> Any:
        asked[id(pool)] += 1
        if asked[id(pool)] > sent:
            raise wrong
        return submit(pool, *what, **more)

    executors.close()
    monkeypatch.setattr(ProcessPoolExecutor, "submit", refuse)
    said: list[str] = []
    found, ending = run(pieces.process_of, 0.0, range(6), workers=2, say=said.append)
    executors.close()
    assert found == dict.fromkeys(range(6), os.getpid())
    assert ending == ([], False)
    assert "No process can be started" in said[0]


def test_workers_are_counted_capped_and_checked() -> None:
    there = executors.processors()
    said: list[str] = []
    assert count_workers(None) == there
    assert count_workers(1) == 1
    assert count_workers(there + 100, said.append) == there
    assert f"workers is {there + 100}; this machine has {there}" in said[0]
    for wrong in (0, -1, 1.5, "2", True):
        with pytest.raises(
            InputError, match=r"workers is .*; allowed is a whole number, at least 1"
        ):
            count_workers(wrong)  # type: ignore[arg-type]


# --- whole processes -------------------------------------------------------------------------

ASK = """
import pieces
from cisim.lab.executors import execute
found = {}
ending = execute(pieces.process_of, 0.01, range(30), found.__setitem__, workers=2, say=print)
print(len(found), len(set(found.values())) >= 1, ending.incomplete)
"""


@pytest.mark.parametrize("way", ["-c", "standard input", "a script without a guard"])
def test_anything_can_ask(way: str, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(ASK)
    if way == "-c":
        process = start_script(ASK)
    elif way == "standard input":
        process = start_script("", "-", stdin=subprocess.PIPE)
    else:
        process = start_script("", str(script))
    out, err = process.communicate(ASK if way == "standard input" else None, timeout=60)
    assert out == "30 True False\n", err
    assert err == ""


INTERRUPTED = """
import cisim
comparison = cisim.compare(
    ["no-backbone", "national-and-regional", "missing-sponsor"], replicates=100_000, workers=2,
    months=12, outcomes=["member_share"],
    progress=lambda done, total: print("done", flush=True) if done else None,
)
assert comparison.incomplete
finished = [ensemble.replicates.size for ensemble in comparison.ensembles.values()]
print("pairs", len(comparison.futures), max(finished), comparison.paired("member_share").n.tolist())
"""


@pytest.mark.parametrize("whom", ["everybody", "the parent"])
def test_ctrl_c_keeps_what_is_done_as_pairs(whom: str) -> None:
    process = start_script(INTERRUPTED)
    assert process.stdout is not None
    assert process.stdout.readline() == "done\n"
    time.sleep(0.3)
    if whom == "everybody":  # as a terminal does
        os.killpg(process.pid, signal.SIGINT)
    else:
        process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert err == ""
    pairs, most, compared = out.splitlines()[-1].removeprefix("pairs ").split(" ", 2)
    assert 0 < int(pairs) <= int(most)
    assert compared == f"[{pairs}, {pairs}]"


ORPHANS = """
import pieces
from cisim.lab.executors import execute
execute(pieces.process_of, 0.05, range(4000), lambda _, pid: print(pid, flush=True), workers=2)
"""


def test_workers_end_with_a_killed_parent() -> None:
    process = start_script(ORPHANS)
    assert process.stdout is not None
    workers = {int(process.stdout.readline()) for _ in range(6)}
    process.kill()
    process.communicate(timeout=30)
    end = time.monotonic() + 20
    while time.monotonic() < end and any(_lives(worker) for worker in workers):
        time.sleep(0.1)
    assert not any(_lives(worker) for worker in workers)


SLOW = """
import sys, time
class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == "cisim" and "--multiprocessing-fork" in sys.orig_argv:
            time.sleep(60)
sys.meta_path.insert(0, Slow())
"""
"""Makes a worker take a minute to import what it needs."""


def test_workers_that_only_begin_end_with_a_killed_parent(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(SLOW)
    process = start_script(ORPHANS, path=[tmp_path])
    workers: list[int] = []
    end = time.monotonic() + 60
    while len(workers) < 2 and time.monotonic() < end:
        time.sleep(0.1)
        children = psutil.Process(process.pid).children()
        workers = [one.pid for one in children if "--multiprocessing-fork" in one.cmdline()]
    time.sleep(1.0)
    assert all(_lives(worker) for worker in workers)
    process.kill()
    process.communicate(timeout=30)
    end = time.monotonic() + 20
    while time.monotonic() < end and any(_lives(worker) for worker in workers):
        time.sleep(0.1)
    assert len(workers) == 2
    assert not any(_lives(worker) for worker in workers)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] == "Z")
