"""A store that is stopped anywhere: what was written is there, once, and nothing else is left."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from small_disk import changed, mounted, room
from test_store import COLUMNS, MONTHS, check, fill, key, parts, run

from cisim.lab import disk
from cisim.lab.store import Store, merging
from cisim.lab.store import store as store_file
from cisim.model.input_error import InputError

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is stopped by a signal")

CALLS = ((os, "fsync"), (Path, "replace"), (Path, "unlink"))
"""What changes what the disk holds."""


def in_a_process(work: Callable[[], None]) -> int:
    """Do work in a copy of this process; return how that ended."""
    child = os.fork()
    if not child:
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@contextmanager
def killed_at(call: int, after: bool) -> Iterator[None]:
    """Kill this process before or after the so manieth call that changes the disk."""
    left = call

    def watched(function: Callable[..., object]) -> Callable[..., object]:
        def counted(*args: object, **kwargs: object) -> object:
            nonlocal left
            left -= 1
            if left == 0 and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            found = function(*args, **kwargs)
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return found

        return counted

    before = [getattr(where, name) for where, name in CALLS]
    for where, name in CALLS:
        setattr(where, name, watched(getattr(where, name)))
    try:
        yield
    finally:
        for (where, name), function in zip(CALLS, before, strict=True):
            setattr(where, name, function)


def others(folder: Path) -> set[str]:
    """Return what is there beside parts."""
    return {
        path.name for path in folder.rglob("*") if path.is_file() and path.parent.name != "parts"
    } | {path.name for path in folder.glob("parts/*") if not path.name.startswith("part-")}


@pytest.mark.parametrize("after", [False, True])
def test_stopped_at_any_call_that_changes_the_disk_nothing_is_lost(
    tmp_path: Path, after: bool
) -> None:
    ended = -1
    call = 0
    while ended != 0:
        call += 1
        folder = tmp_path / str(call)
        with Store(folder, COLUMNS) as store:
            for number in range(4):
                store.add(key(number), run(number))
                store.flush()

        def work(folder: Path = folder, call: int = call) -> None:
            with killed_at(call, after), Store(folder, COLUMNS) as store:
                fill(store, range(6))
                store.compact()

        ended = in_a_process(work)
        assert ended in (0, -signal.SIGKILL)
        told: list[str] = []
        with Store(folder, COLUMNS, told.append) as store:
            assert store.has([key(number) for number in range(4)]).all(), call
            fill(store, range(8))
            check(store, range(8))
            store.compact()
            check(store, range(8))
            assert len(parts(folder)) == 1
        assert told == []
        assert others(folder) == set()
        check(Store.reading(folder), range(8))
    assert call > 10


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 40), st.integers(1, 6)),
        st.tuples(st.sampled_from(["flush", "compact", "open", "look", "read", "damage"])),
        st.tuples(st.just("kill"), st.integers(1, 12), st.booleans()),
    ),
    max_size=14,
)


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_whatever_is_done_in_whatever_order_each_run_is_there_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[object, ...]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    safe: set[int] = set()  # on the disk
    new: set[int] = set()  # only in memory
    store = Store(folder, COLUMNS)
    for step in steps:
        match step:
            case ("add", int(first), int(many)):
                fill(store, range(first, first + many))
                new |= set(range(first, first + many))
            case ("flush",):
                store.flush()
                safe, new = safe | new, set()
            case ("compact",):
                store.compact()
                safe, new = safe | new, set()
            case ("open",):
                store.close()
                safe, new = safe | new, set()
                store = Store(folder, COLUMNS)
            case ("read",):
                if safe:
                    reader = Store.reading(folder)
                    check(reader, sorted(safe))
            case ("damage",):
                store.close()
                safe, new = safe | new, set()
                for path in parts(folder)[:1]:
                    of_it = Store.reading(folder)._parts[path.name].keys.tolist()
                    path.write_bytes(path.read_bytes()[:-1])
                    gone = {one.ljust(12, b"\0").hex() for one in of_it}
                    safe = {number for number in safe if key(number) not in gone}
                store = Store(folder, COLUMNS)
            case ("kill", int(call), bool(after)):
                store.close()
                safe, new = safe | new, set()

                def work(call: int = call, after: bool = after) -> None:
                    with killed_at(call, after), Store(folder, COLUMNS) as mine:
                        fill(mine, range(50, 52))
                        mine.compact()

                in_a_process(work)
                store = Store(folder, COLUMNS)
                if store.has([key(50)])[0]:
                    safe |= {50, 51}
            case ("look",):
                check(store, sorted(safe | new))
                safe, new = safe | new, set()  # who looks for all has it written first
    store.close()
    with Store(folder, COLUMNS) as store:
        check(store, sorted(safe | new))
    assert others(folder) == set()


@pytest.mark.slow
def test_of_sixty_drivers_that_are_killed_at_any_moment_none_loses_what_it_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(11)
    monkeypatch.setattr(store_file, "MANY", 4)
    monkeypatch.setattr(store_file, "EVERY", 0.01)
    monkeypatch.setattr(merging, "FULL", 100_000)
    monkeypatch.setattr(store_file, "FULL", 100_000)
    wrote = 0
    kills = 0
    while kills < 60:
        out, into = os.pipe()

        def work(into: int = into, wrote: int = wrote) -> None:
            with Store(tmp_path, COLUMNS) as store:
                for number in range(wrote, 1_000_000):
                    store.add(key(number), run(number))
                    if number % 7 == 0:
                        store.flush()
                        os.write(into, f"{number}\n".encode())

        child = os.fork()
        if not child:
            try:
                work()
            finally:
                os._exit(1)
        os.close(into)
        time.sleep(chance.uniform(0.0, 0.25))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(out, "rb") as told:
            lines = told.read().split()
        said: list[str] = []
        with Store(tmp_path, COLUMNS, said.append) as store:
            before = wrote
            wrote = len(store)
            if lines:
                assert wrote > int(lines[-1])  # nothing that was said to be written is lost
                kills += 1
            assert wrote >= before
            assert store.has([key(number) for number in range(wrote)]).all()
            assert store.scan(["value"]).num_rows == 3 * wrote
        assert said == []
        assert others(tmp_path) == set()
    with Store(tmp_path, COLUMNS) as store:
        store.compact()
        check(store, range(wrote))


def test_who_reads_while_a_driver_writes_and_merges_sees_every_run_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_file, "MANY", 3)
    with Store(tmp_path, COLUMNS) as store:
        fill(store, range(2))
    child = os.fork()
    if not child:
        try:
            with Store(tmp_path, COLUMNS) as store:
                for number in range(2, 1_000_000):
                    store.add(key(number), run(number))
                    if number % 5 == 0:
                        store.flush()
        finally:
            os._exit(1)
    try:
        reader = Store.reading(tmp_path)
        most = 0
        for turn in range(150):
            one = reader if turn % 2 else Store.reading(tmp_path)
            found = one.scan(["key"])["key"].to_pylist()
            number = len(found) // len(MONTHS)
            assert number >= most
            most = number
            assert sorted(found) == sorted([key(k) for k in range(number)] * len(MONTHS))
        assert most > 50
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_a_part_that_goes_while_it_is_looked_at_leaves_no_run_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large and small are there at once until the small ones are thrown away, one by one."""
    written = tmp_path / "written"
    with Store(written, COLUMNS) as store:
        fill(store, range(5))
        store.flush()
        (first,) = parts(written)
        fill(store, range(5, 9))
        store.flush()
        (second,) = set(parts(written)) - {first}
        kept = {path: path.read_bytes() for path in (first, second)}
        store.compact()
    (large,) = parts(written)
    kept[large] = large.read_bytes()
    folder = tmp_path / "read" / "parts"
    folder.mkdir(parents=True)
    (folder / first.name).write_bytes(kept[first])
    reader = Store.reading(folder.parent)
    assert len(reader) == 5
    for path in (second, large):
        (folder / path.name).write_bytes(kept[path])
    examined = Store._examined

    def merging_goes_on(self: Store, path: Path) -> object:
        if path.name == second.name:
            path.unlink()
        return examined(self, path)

    monkeypatch.setattr(Store, "_examined", merging_goes_on)
    assert sorted(reader.scan(["key"])["key"].to_pylist()) == sorted(
        [key(number) for number in range(9)] * len(MONTHS)
    )


def test_a_part_that_goes_while_the_folder_is_listed_is_looked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether a listed file is still there is not asked: the one that has its runs is unlisted."""
    with Store(tmp_path, COLUMNS) as store:
        fill(store, range(5))
    (small,) = parts(tmp_path)
    exists = Path.exists

    def gone(path: Path) -> bool:
        return path != small and exists(path)

    monkeypatch.setattr(Path, "exists", gone)
    assert len(Store.reading(tmp_path)) == 5


DRIVER = """
import sys
sys.path[:0] = [{here!r}]
from pathlib import Path
from test_store import COLUMNS, fill
from cisim.lab.store import Store
from cisim.model.input_error import InputError
try:
    shard = eval(sys.argv[2])
    with Store(Path(sys.argv[1]), COLUMNS, shard=shard) as store:
        fill(store, range(*eval(sys.argv[3])))
        store.flush()
        print("working", flush=True)
        sys.stdin.read()
except InputError as error:
    print(error, flush=True)
"""


def driver(folder: Path, shard: object, numbers: tuple[int, int]) -> subprocess.Popen[str]:
    code = DRIVER.format(here=str(Path(__file__).parent))
    words = [sys.executable, "-c", code, str(folder), repr(shard), repr(numbers)]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def said_by(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def test_processes_share_a_folder_as_shards_and_a_killed_one_keeps_nobody_out(
    tmp_path: Path,
) -> None:
    one = driver(tmp_path, (1, 2), (0, 4))
    two = driver(tmp_path, (2, 2), (4, 7))
    try:
        assert said_by(one) == said_by(two) == "working\n"
        with pytest.raises(InputError, match=r"another run writes shard 1/2 just now"):
            Store(tmp_path, COLUMNS)
        same = driver(tmp_path, (2, 2), (0, 1))
        assert "shard is 2/2, which another run writes" in said_by(same)
        same.communicate()
        one.kill()
        one.wait()
        with Store(tmp_path, COLUMNS, shard=(1, 2)) as store:  # goes on where it was
            assert len(store) == 7
        two.communicate("")
        with Store(tmp_path, COLUMNS) as store:
            store.compact()
            check(store, range(7))
    finally:
        for process in (one, two):
            process.kill()
            process.communicate()
    assert others(tmp_path) == set()


# --- disks ----------------------------------------------------------------------------------


def test_a_disk_that_is_full_is_one_sentence_and_what_was_written_stays(tmp_path: Path) -> None:
    with mounted(tmp_path / "small", "size=256k") as place:
        folder = place / "result"
        wrote = 0

        def work() -> None:
            nonlocal wrote
            with Store(folder, COLUMNS) as store:
                for number in range(10_000):
                    store.add(key(number), run(number))
                    if number % 200 == 199:
                        store.flush()
                        wrote = number + 1

        with pytest.raises(InputError, match=r"cannot be written \(No space left on device\)"):
            work()
        assert wrote > 400
        check(Store.reading(folder), range(wrote))
        assert others(folder) == set()
        changed(place, "size=4m")
        with Store(folder, COLUMNS) as store:
            fill(store, range(wrote + 10))
            store.compact()
            check(store, range(wrote + 10))


def test_a_merge_for_which_there_is_no_room_leaves_the_parts(tmp_path: Path) -> None:
    with (
        mounted(tmp_path / "small", "size=400k") as place,
        Store(place / "result", COLUMNS) as store,
    ):
        for number in range(2_400):
            store.add(key(number), run(number))
            if number % 400 == 399:
                store.flush()
        before = parts(place / "result")
        (place / "other").write_bytes(b"x" * (room(place) - 20_000))
        with pytest.raises(InputError, match="No space left on device"):
            store.compact()
        assert parts(place / "result") == before
        check(store, range(2_400))
        (place / "other").unlink()
        store.compact()
        assert len(parts(place / "result")) == 1
        check(store, range(2_400))


def test_a_folder_that_can_only_be_read_is_one_sentence_and_is_read(tmp_path: Path) -> None:
    with mounted(tmp_path / "small", "size=1m") as place:
        folder = place / "result"
        with Store(folder, COLUMNS) as store:
            fill(store, range(5))
        changed(place, "ro")
        for shard in (None, (1, 2)):
            with pytest.raises(InputError, match=r"cannot be written \(Read-only file system\)"):
                Store(folder, COLUMNS, shard=shard)
        with pytest.raises(InputError, match=r"cannot be written \(Read-only file system\)"):
            Store(place / "new", COLUMNS)
        check(Store.reading(folder), range(5))


def test_what_a_writer_has_left_is_thrown_away_by_the_next_one_that_opens(tmp_path: Path) -> None:
    with Store(tmp_path, COLUMNS) as store:
        fill(store, range(3))
    (tmp_path / "parts" / ".cisim-abc.part").write_bytes(b"half a part")
    (tmp_path / "parts" / disk.LOCK).touch()
    (tmp_path / ".cisim-driver.lock").touch()
    (tmp_path / ".cisim-shard-1-of-3.lock").touch()
    with Store(tmp_path, COLUMNS, shard=(2, 3)) as store:
        check(store, range(3))
    assert others(tmp_path) == set()
