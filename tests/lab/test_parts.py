"""Parts of work that was broken off: a part is what was written, or it is done again."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from cisim.lab import disk, resume
from cisim.lab.parts import Parts
from cisim.lab.resume import continue_work, key_of
from cisim.model.input_error import InputError

CALLED: list[int] = []
COLUMNS = ["a", "b"]


def row_of(shared: float, piece: int) -> np.ndarray:
    CALLED.append(piece)
    return np.array([shared / (piece + 1), np.nan if piece == 2 else -0.0])


def work(folder: Path, pieces: int = 4, told: list[str] | None = None) -> resume.Done:
    CALLED.clear()
    parts = Parts(folder, COLUMNS, None if told is None else told.append)
    keys = [key_of({"piece": piece}) for piece in range(pieces)]
    return continue_work(row_of, 2.0, keys, parts, workers=1)


def the_part(folder: Path) -> Path:
    (part,) = folder.glob("part-*.parquet")
    return part


def test_rows_come_back_to_the_bit(tmp_path: Path) -> None:
    tmp_path = tmp_path / "deep" / "folder"  # that is not there yet
    done = work(tmp_path, 4)
    assert CALLED == [0, 1, 2, 3]
    again = work(tmp_path, 4)
    assert CALLED == []
    assert again.rows.tobytes() == done.rows.tobytes()


def test_a_part_is_written_every_so_many_rows_and_at_the_end(tmp_path: Path) -> None:
    parts = Parts(tmp_path, COLUMNS)
    for piece in range(Parts.EVERY - 1):
        parts.add(str(piece), np.zeros(2))
    assert not list(tmp_path.iterdir())
    parts.add("last", np.ones(2))
    assert len(list(tmp_path.iterdir())) == 1
    parts.flush()
    assert len(list(tmp_path.iterdir())) == 1
    parts.add("one more", np.ones(2))
    parts.flush()
    assert len(list(tmp_path.iterdir())) == 2
    assert len(Parts(tmp_path, COLUMNS).rows) == Parts.EVERY + 1


def test_of_a_thousand_single_flipped_bits_none_gives_other_numbers(tmp_path: Path) -> None:
    whole = work(tmp_path).rows.tobytes()
    part = the_part(tmp_path)
    data = part.read_bytes()
    chance = random.Random(7)
    places = {*range(16), *range(8 * len(data) - 64, 8 * len(data))}
    places |= {chance.randrange(8 * len(data)) for _ in range(1_000)}
    for place in sorted(places):
        damaged = bytearray(data)
        damaged[place // 8] ^= 1 << place % 8
        part.write_bytes(damaged)
        told: list[str] = []
        parts = Parts(tmp_path, COLUMNS, told.append)
        assert parts.rows == {}, place
        assert told == [f"{part.name} is damaged; what it held is done again."]
    told = []
    assert work(tmp_path, told=told).rows.tobytes() == whole
    assert len(told) == 1
    assert CALLED == [0, 1, 2, 3]
    assert part.read_bytes() == data
    assert work(tmp_path).finished.all()
    assert CALLED == []


@pytest.mark.parametrize("left", [0, 1, 4, 12, 200, -8, -1])
def test_a_part_that_is_cut_short_or_too_long_is_done_again(tmp_path: Path, left: int) -> None:
    work(tmp_path)
    part = the_part(tmp_path)
    data = part.read_bytes()
    part.write_bytes(data[:left] if left >= 0 else data + data[left:])
    told: list[str] = []
    assert work(tmp_path, told=told).finished.all()
    assert CALLED == [0, 1, 2, 3]
    assert "is damaged" in told[0]


def test_a_damaged_part_is_thrown_away_though_its_rows_are_then_kept_in_others(
    tmp_path: Path,
) -> None:
    work(tmp_path, 4)
    damaged = the_part(tmp_path)
    damaged.write_bytes(b"not a table")
    work(tmp_path, 2)  # the same keys, in another part
    assert not damaged.exists()
    assert work(tmp_path, 4).finished.all()
    assert CALLED == [2, 3]


def test_what_was_done_again_is_not_thrown_away_with_what_was_damaged(tmp_path: Path) -> None:
    work(tmp_path, 4)
    the_part(tmp_path).write_bytes(b"not a table")
    parts = Parts(tmp_path, COLUMNS)
    for piece in range(4):
        parts.add(key_of({"piece": piece}), row_of(2.0, piece))
    parts.flush()  # the same rows, so the name of the damaged one again
    parts.flush()
    assert len(Parts(tmp_path, COLUMNS).rows) == 4


def test_parts_of_other_work_and_of_older_versions_are_left_alone(tmp_path: Path) -> None:
    work(tmp_path)
    older = tmp_path / "part-0123456789ab.parquet"
    older.write_bytes(b"of an older version")
    told: list[str] = []
    for columns in (["c"], ["b", "a"], ["a"], ["a", "b", "c"]):
        parts = Parts(tmp_path, columns, told.append)
        assert parts.rows == {}
        parts.flush()
    assert told == []
    assert older.exists()
    assert work(tmp_path).finished.all()
    assert CALLED == []


def test_a_part_that_cannot_be_read_is_said_and_kept(tmp_path: Path) -> None:
    work(tmp_path)
    part = the_part(tmp_path)
    part.unlink()
    part.mkdir()
    told: list[str] = []
    parts = Parts(tmp_path, COLUMNS, told.append)
    assert told == [f"{part.name} cannot be read (Is a directory); what it held is done again."]
    parts.flush()
    assert part.exists()
    with pytest.raises(InputError, match="cannot be written"):
        work(tmp_path)


def test_a_part_cannot_be_written_beside_one_who_writes_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    monkeypatch.setattr(disk, "PATIENCE", 0.05)
    parts = Parts(tmp_path, COLUMNS)
    parts.add("key", np.zeros(2))
    ready, done = threading.Event(), threading.Event()

    def hold() -> None:
        with disk.locked(tmp_path):
            ready.set()
            done.wait(30)

    other = threading.Thread(target=hold)
    other.start()
    ready.wait(30)
    with pytest.raises(InputError, match="another run has been writing there"):
        parts.flush()
    done.set()
    other.join()
    parts.flush()
    assert list(Parts(tmp_path, COLUMNS).rows) == ["key"]
