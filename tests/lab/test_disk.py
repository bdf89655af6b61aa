"""Files are whole or not there, whatever fails, whoever is killed and whoever else writes."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from cisim.lab import disk
from cisim.model.input_error import InputError

ROOT = str(Path(__file__).resolve().parents[2])
ENVIRONMENT = {**os.environ, "PYTHONPATH": ROOT}
EARLIER = {"a.txt": "earlier a", "b.txt": "earlier b", "gone.txt": "goes", "last.json": "earlier"}
LATER = {"a.txt": "later a" * 50, "b.txt": "later b", "new.txt": "comes", "last.json": "later"}
MINE = {"thesis.txt": "mine"}


def write(folder: Path, files: dict[str, str]) -> disk.Aside:
    with disk.replacing_all(folder, last="last.json") as aside:
        aside.gone |= {"gone.txt", "new.txt"}
        for name, text in files.items():
            aside.write(name, text)
    return aside


def there(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() if path.is_file() else "" for path in folder.iterdir()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "result"
    write(folder, EARLIER)
    (folder / "thesis.txt").write_text("mine")
    return folder


def test_a_later_result_takes_the_place_of_an_earlier_one_and_of_nothing_else(
    folder: Path,
) -> None:
    aside = write(folder, LATER)
    assert there(folder) == LATER | MINE
    assert list(aside.digests) == list(LATER)
    for name, digest in aside.digests.items():
        assert disk.digest_of(folder / name) == digest


# --- what fails ------------------------------------------------------------------------------

CALLS: list[tuple[Any, str]] = [
    (os, "fsync"),
    (os, "fchmod"),
    (tempfile, "mkdtemp"),
    (tempfile, "mkstemp"),
    (Path, "mkdir"),
    (Path, "open"),
    (Path, "replace"),
    (disk._Hashed, "write"),
]
"""Every call by which a file is written."""


class Fault:
    """The n-th call of CALLS does something else."""

    def __init__(self, at: int, instead: Callable[[], object]) -> None:
        self.at, self.instead, self.calls = at, instead, 0

    def at_each_call(self, patch: pytest.MonkeyPatch) -> None:
        for owner, name in CALLS:
            patch.setattr(owner, name, self._counting(getattr(owner, name)))

    def _counting(self, function: Callable[..., object]) -> Callable[..., object]:
        def counted(*given: object, **named: object) -> object:
            self.calls += 1
            if self.calls == self.at:
                self.instead()
            return function(*given, **named)

        return counted


def full() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def stopped() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("instead", [full, stopped])
def test_whichever_call_fails_the_earlier_result_stays_whole(
    folder: Path, instead: Callable[[], object]
) -> None:
    failed = 0
    for at in range(1, 200):
        fault = Fault(at, instead)
        with pytest.MonkeyPatch.context() as patch:
            fault.at_each_call(patch)
            try:
                write(folder, LATER)
            except (OSError, KeyboardInterrupt):
                failed += 1
                committed = there(folder) == LATER | MINE
                assert committed or there(folder) == EARLIER | MINE, f"call {at}"
                if committed:  # while it was made to last
                    write(folder, EARLIER)
                continue
        assert there(folder) == LATER | MINE, f"call {at}"
        if fault.calls < at:
            break
        write(folder, EARLIER)
    assert failed > 20


def test_a_file_that_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    disk.write_text(target, "before")
    for at in range(1, 50):
        fault = Fault(at, full)
        with pytest.MonkeyPatch.context() as patch:
            fault.at_each_call(patch)
            try:
                disk.write_text(target, "after")
            except OSError:
                assert there(tmp_path) == {"a.txt": "before"}, f"call {at}"
                continue
        if fault.calls < at:
            break
        disk.write_text(target, "before")
    assert there(tmp_path) == {"a.txt": "after"}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    asked = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(place)]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount")
    if done.returncode:
        pytest.skip(f"nothing can be mounted: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_is_full_keeps_the_earlier_result(small_disk: Path) -> None:
    out = small_disk / "result"
    write(out, EARLIER)
    why = None
    for size in range(4_000, 80_000, 4_000):
        try:
            write(out, {**LATER, "b.txt": "x" * size})
        except OSError as error:
            why = error.errno
            break
        write(out, EARLIER)
    assert why == errno.ENOSPC
    assert there(out) == EARLIER


def test_a_folder_in_the_place_of_a_file_is_neither_moved_nor_emptied(folder: Path) -> None:
    (folder / "new.txt").mkdir()
    (folder / "new.txt" / "thesis.txt").write_text("mine")
    with pytest.raises(IsADirectoryError):
        write(folder, LATER)
    assert (folder / "new.txt" / "thesis.txt").read_text() == "mine"
    assert there(folder) == EARLIER | MINE | {"new.txt": ""}


# --- who is killed ---------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from pathlib import Path
import pytest
from test_disk import EARLIER, LATER, MINE, Fault, there, write
from cisim.lab import disk

def die():
    os.kill(os.getpid(), signal.SIGKILL)

folder, seen = Path(sys.argv[1]), set()
for at in range(1, 200):
    child = os.fork()
    if not child:
        fault = Fault(at, die)
        fault.at_each_call(pytest.MonkeyPatch())
        write(folder, LATER)
        os._exit(0 if fault.calls < at else 1)
    status = os.waitpid(child, 0)[1]
    now = {name: text for name, text in there(folder).items() if not disk.is_ours(name)}
    if "last.json" in now:
        assert now in (EARLIER | MINE, LATER | MINE), (at, now)
    with disk.locked(folder) as alone:
        assert alone
        disk.sweep(folder)
    now = there(folder)
    assert now in (EARLIER | MINE, LATER | MINE), (at, now)
    seen.add(now["last.json"])
    if status == 0:
        print(at, sorted(seen))
        break
    write(folder, EARLIER)
"""


def test_whenever_a_writer_is_killed_the_next_one_finds_a_whole_result(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder)],
        env=ENVIRONMENT, cwd=Path(__file__).parent, timeout=120,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    calls, _, seen = done.stdout.partition(" ")
    assert int(calls) > 30
    assert seen == "['earlier', 'later']\n"


def test_an_undoing_that_was_killed_is_done_again(folder: Path) -> None:
    for at in range(1, 40):
        place = folder / ".cisim-x.part"
        (place / "new").mkdir(parents=True)
        (place / "earlier").mkdir()
        (place / "names.json").write_text(json.dumps(list(LATER)))
        for name in ("b.txt", "new.txt", "last.json"):  # only a.txt has moved
            (place / "new" / name).write_text(LATER[name])
        for name in EARLIER:
            (folder / name).replace(place / "earlier" / name)
        (folder / "a.txt").write_text(LATER["a.txt"])
        fault = Fault(at, stopped)
        with pytest.MonkeyPatch.context() as patch:
            fault.at_each_call(patch)
            with suppress(KeyboardInterrupt):
                disk.sweep(folder)
        disk.sweep(folder)
        assert there(folder) == EARLIER | MINE, f"call {at}"
        if fault.calls < at:
            return
    pytest.fail("it never came to its end")


def test_only_what_a_writer_has_left_is_swept(folder: Path) -> None:
    ours = [folder / ".cisim-abc.part", folder / ".cisim-dir.part" / "new"]
    others = [folder / ".thesis.part", folder / ".cisim-notes", folder / "cisim-x.part"]
    ours[0].touch()
    ours[1].mkdir(parents=True)
    for path in others:
        path.touch()
    disk.write_text(folder / "a.txt", "written")
    assert not any(path.exists() for path in ours)
    assert all(path.exists() for path in others)
    assert disk.is_ours(disk.LOCK)
    assert not any(disk.is_ours(path.name) for path in others)


def test_leavings_that_were_made_up_reach_nothing_outside(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "mine").write_text("mine")
    place = folder / ".cisim-x.part"
    (place / "new").mkdir(parents=True)
    (place / "new" / "last.json").touch()
    (place / "earlier").mkdir()
    (place / "names.json").write_text(json.dumps(["../outside/mine", "..", 3, "last.json"]))
    (folder / ".cisim-link.part").symlink_to(outside)
    linked = folder / ".cisim-y.part"
    (linked / "new").mkdir(parents=True)
    (linked / "new" / "last.json").touch()
    (linked / "earlier").symlink_to(outside)
    (linked / "names.json").write_text(json.dumps(["last.json"]))
    (folder / ".cisim-z.part" / "earlier").mkdir(parents=True)
    (folder / ".cisim-z.part" / "new").mkdir()
    (folder / ".cisim-z.part" / "names.json").write_text("{")
    disk.sweep(folder)
    assert there(outside) == {"mine": "mine"}
    assert EARLIER.items() <= there(folder).items()
    write(folder, LATER)
    assert LATER.items() <= there(folder).items()


# --- who else writes -------------------------------------------------------------------------

RACE = """
import sys, time
from pathlib import Path
from cisim.lab import disk

folder, who = Path(sys.argv[1]), sys.argv[2]
for turn in range(15):
    with disk.replacing_all(folder, last="last.json") as aside:
        aside.gone |= {f"only-{other}.txt" for other in "xyz"}
        for name in ("a.txt", "b.txt", f"only-{who}.txt", "last.json"):
            aside.write(name, f"{who} {turn}")
            time.sleep(0.001)
"""


def test_results_that_are_written_at_once_are_never_mixed(tmp_path: Path) -> None:
    folder = tmp_path / "result"
    folder.mkdir()
    writers = [
        subprocess.Popen([sys.executable, "-c", RACE, str(folder), who], env=ENVIRONMENT)
        for who in "xyz"
    ]
    while any(writer.poll() is None for writer in writers):
        with disk.locked(folder) as alone:
            assert alone
            if (folder / "last.json").exists():
                assert_is_of_one_writer(folder)
        time.sleep(0.002)
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert_is_of_one_writer(folder)
    assert len(there(folder)) == 4


def assert_is_of_one_writer(folder: Path) -> None:
    now = {name: text for name, text in there(folder).items() if not disk.is_ours(name)}
    who = now["last.json"][0]
    assert set(now) == {"a.txt", "b.txt", f"only-{who}.txt", "last.json"}
    assert set(now.values()) == {now["last.json"]}


def test_a_writer_that_lives_is_waited_for_and_its_files_are_left_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    holds = (
        "import sys, time\nfrom pathlib import Path\nfrom cisim.lab import disk\n"
        "with disk.replacing_all(Path(sys.argv[1]), last='last.json') as aside:\n"
        "    aside.write('a.txt', 'living')\n"
        "    print('there', flush=True)\n"
        "    sys.stdin.read()\n"
        "    aside.write('last.json', 'living')\n"
    )
    writer = subprocess.Popen(
        [sys.executable, "-c", holds, str(folder)],
        env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert writer.stdout is not None
    assert writer.stdin is not None
    assert writer.stdout.readline() == "there\n"
    monkeypatch.setattr(disk, "PATIENCE", 0.1)
    for attempt in (
        lambda: write(folder, LATER),
        lambda: disk.write_text(folder / "a.txt", "other"),
    ):
        with pytest.raises(TimeoutError, match="another run has been writing there"):
            attempt()
    assert EARLIER.items() <= there(folder).items()
    monkeypatch.setattr(disk, "PATIENCE", 60.0)
    threading.Timer(0.2, writer.stdin.close).start()
    write(folder, LATER)
    assert writer.wait() == 0
    writer.stdout.close()
    assert there(folder) == LATER | MINE


def test_where_there_are_no_locks_a_mixture_is_said_not_kept_quiet(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from filelock import FileLock

    def none(*_: object, **__: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(FileLock, "acquire", none)
    leaving = folder / ".cisim-abc.part"
    leaving.touch()
    write(folder, LATER)
    assert there(folder) == LATER | MINE | {leaving.name: ""}  # it may be of one who lives
    disk.write_text(folder / "one.txt", "alone")
    assert leaving.exists()
    (folder / "one.txt").unlink()
    exchange = disk._exchange

    def and_another_run(folder: Path, *rest: Any) -> None:
        exchange(folder, *rest)
        (folder / "b.txt").write_text("of another run")

    monkeypatch.setattr(disk, "_exchange", and_another_run)
    with pytest.raises(OSError, match=r"b\.txt was changed at the same time by another run"):
        write(folder, LATER)

    def and_its_end(folder: Path, *rest: Any) -> None:
        exchange(folder, *rest)
        (folder / "new.txt").unlink()

    monkeypatch.setattr(disk, "_exchange", and_its_end)
    with pytest.raises(OSError, match=r"new\.txt was changed"):
        write(folder, LATER)


def test_a_lock_of_a_process_that_was_killed_is_no_lock(folder: Path) -> None:
    holds = (
        "import sys, os, signal\nfrom pathlib import Path\nfrom cisim.lab import disk\n"
        "with disk.locked(Path(sys.argv[1])):\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", holds, str(folder)], env=ENVIRONMENT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert (folder / disk.LOCK).exists()
    write(folder, LATER)
    assert there(folder) == LATER | MINE


# --- what is written -------------------------------------------------------------------------


def test_files_have_the_rights_of_the_users_other_files(folder: Path) -> None:
    other = folder / "other"
    other.touch()
    disk.write_text(folder / "one.txt", "x")
    write(folder, LATER)
    rights = {(folder / name).stat().st_mode for name in ("one.txt", "a.txt", "other")}
    assert len(rights) == 1


def test_a_name_that_is_no_utf_8_is_escaped(tmp_path: Path) -> None:
    disk.write_text(tmp_path / "a", "caf\udce9 é")
    assert (tmp_path / "a").read_bytes() == "caf\\udce9 é".encode()
    assert json.loads(disk.encoded(json.dumps("caf\udce9", ensure_ascii=False))) == "caf\udce9"


def test_the_sentence_names_the_folder_on_one_line(tmp_path: Path) -> None:
    error = disk.unwritable(tmp_path / "a\nb", OSError(28, "No space left on device"))
    assert isinstance(error, InputError)
    assert "\n" not in str(error)
    assert "a\\nb" in str(error)
    assert "cannot be written (No space left on device)" in str(error)


def test_two_that_try_a_folder_at_once_do_not_undo_each_others_trial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, usual = tmp_path / "new" / "result", tempfile.TemporaryFile
    undone: list[Path] = []

    def undo(dir: Path) -> object:
        if not undone:  # the other one had made it, and is done
            dir.rmdir()
            undone.append(dir)
        return usual(dir=dir)

    monkeypatch.setattr(tempfile, "TemporaryFile", undo)
    disk.try_folder(folder)
    assert undone == [folder]
    assert not folder.parent.exists()
