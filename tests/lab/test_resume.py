"""Work that was broken off goes on from what is there, to the same bits."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from cisim.lab import resume
from cisim.lab.executors import Serial
from cisim.lab.patterns import validate
from cisim.lab.resume import Parts, continue_work, key_of
from cisim.lab.robust import robust
from cisim.lab.store import Store
from cisim.lab.threshold import threshold
from cisim.model.input_error import InputError
from cisim.world.scenario import Scenario

CALLED: list[int] = []
COLUMNS = ["a", "b"]


def row_of(shared: float, piece: int) -> np.ndarray:
    CALLED.append(piece)
    return np.array([shared / (piece + 1), np.nan if piece == 2 else -0.0])


def wide_row_of(shared: float, piece: int) -> np.ndarray:
    return np.append(row_of(shared, piece), piece)


def work(
    folder: Path | None,
    pieces: int = 4,
    told: list[str] | None = None,
    columns: list[str] = COLUMNS,
) -> resume.Done:
    CALLED.clear()
    parts = Parts(folder, columns, None if told is None else told.append)
    keys = [key_of({"piece": piece, "of": len(columns)}) for piece in range(pieces)]
    of = row_of if len(columns) == 2 else wide_row_of
    return continue_work(of, 2.0, keys, parts, workers=1)


def the_part(folder: Path) -> Path:
    (part,) = folder.glob("parts/part-*.parquet")
    return part


def test_rows_come_back_to_the_bit(tmp_path: Path) -> None:
    tmp_path = tmp_path / "deep" / "folder"  # that is not there yet
    done = work(tmp_path, 4)
    assert CALLED == [0, 1, 2, 3]
    again = work(tmp_path, 4)
    assert CALLED == []
    assert again.rows.tobytes() == done.rows.tobytes()
    assert again.rows.tobytes() == work(None, 4).rows.tobytes()


def test_work_that_was_broken_off_is_done_to_its_end_in_any_order(tmp_path: Path) -> None:
    whole = work(None, 9)
    work(tmp_path, 3)
    done = work(tmp_path, 9)
    assert CALLED == [3, 4, 5, 6, 7, 8]
    assert done.rows.tobytes() == whole.rows.tobytes()
    keys = [key_of({"piece": piece, "of": 2}) for piece in (8, 2, 2, 0)]
    CALLED.clear()
    back = continue_work(row_of, 2.0, keys, Parts(tmp_path, COLUMNS), workers=1)
    assert CALLED == []
    assert back.rows.tobytes() == whole.rows[[8, 2, 2, 0]].tobytes()


def test_of_many_single_flipped_bits_none_gives_other_numbers(tmp_path: Path) -> None:
    whole = work(tmp_path).rows.tobytes()
    part = the_part(tmp_path)
    data = part.read_bytes()
    chance = random.Random(7)
    places = {*range(16), *range(8 * len(data) - 64, 8 * len(data))}
    places |= {chance.randrange(8 * len(data)) for _ in range(300)}
    for place in sorted(places):
        damaged = bytearray(data)
        damaged[place // 8] ^= 1 << place % 8
        part.write_bytes(damaged)
        told: list[str] = []
        with Parts(tmp_path, COLUMNS, told.append).open() as store:
            assert len(store) == 0, place
            store._damaged.clear()  # so that it stays for the next bit
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


def test_work_with_other_columns_and_runs_are_in_the_same_folder(tmp_path: Path) -> None:
    told: list[str] = []
    with Store(tmp_path, {"value": "float64"}, told.append) as store:
        store.add(key_of({"run": 1}), {"value": 1.0})
    before = work(tmp_path, told=told)
    wide = work(tmp_path, told=told, columns=["b", "a", "c"])
    assert CALLED == [0, 1, 2, 3]
    assert wide.rows[:, :2].tobytes() == before.rows.tobytes()
    again = work(tmp_path, told=told)
    assert CALLED == []
    assert again.rows.tobytes() == before.rows.tobytes()
    with Store(tmp_path, {"value": "float64"}, told.append) as store:
        assert len(store) == 1
    assert told == []


def test_work_in_a_folder_into_which_somebody_writes_is_refused(tmp_path: Path) -> None:
    with (
        Store(tmp_path, {"value": "float64"}),
        pytest.raises(InputError, match="another run is writing"),
    ):
        work(tmp_path)
    assert CALLED == []
    assert work(tmp_path).finished.all()


def test_what_goes_on_goes_on_under_another_executor(tmp_path: Path) -> None:
    scenarios = [
        Scenario.load(name, world="one-town", months=6)
        for name in ("no-backbone", "national-and-regional")
    ]
    told: list[str] = []
    whole = robust(scenarios, points=2, workers=1)
    robust(scenarios, points=2, workers=1, out=tmp_path)
    again = robust(scenarios, points=2, executor=Serial(), out=tmp_path, say=told.append)
    assert told[0] == "2 of 2 are there from before."
    assert again.values.tobytes() == whole.values.tobytes()
    with pytest.raises(InputError, match="allowed is one of both"):
        robust(scenarios, points=2, workers=1, executor=Serial())
    with pytest.raises(InputError, match="allowed is one of both"):
        validate(quick=True, points=2, workers=1, executor=Serial())
    with pytest.raises(InputError, match="allowed is one of both"):
        threshold(scenarios, "effort_half", goal="wellbeing_gain >= 0.5 in 90%", workers=1,
                  executor=Serial())  # fmt: skip
