"""The store: what was added comes back to the bit, once, whoever stops whenever."""

from __future__ import annotations

import errno
import hashlib
import random
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet

from cisim.lab import disk
from cisim.lab.store import Store, key_of, merging, owner, waiting
from cisim.lab.store import store as store_file
from cisim.lab.store.keys import results_version
from cisim.model.input_error import InputError

COLUMNS = {"scenario": "string", "month": "int32", "value": "float64"}
MONTHS = np.array([0, 60, 120])


def key(number: int) -> str:
    return key_of({"run": number})


def run(number: int) -> dict[str, Any]:
    """Return what run `number` gives, which depends on nothing else."""
    value = np.array([number / 7, -0.0, np.nan if number % 3 else 0.0])
    return {"scenario": f"=s{number % 2}", "month": MONTHS, "value": value}


def fill(store: Store, numbers: range) -> None:
    for number in numbers:
        store.add(key(number), run(number))


def parts(folder: Path) -> list[Path]:
    return sorted((folder / "parts").glob("part-*.parquet"))


def check(store: Store, numbers: Sequence[int]) -> None:
    """Say that a store holds these runs, each once, to the bit."""
    table = store.scan(["key", "scenario", "month", "value"])
    held = {}
    for one, (scenario, month, value) in zip(
        table["key"].to_pylist(),
        zip(*(table[name].to_pylist() for name in COLUMNS), strict=True),
        strict=True,
    ):
        held.setdefault(one, []).append((scenario, month, np.float64(value).tobytes()))
    expected = {}
    for number in numbers:
        of = run(number)
        expected[key(number)] = [
            (of["scenario"], month, value.tobytes())
            for month, value in zip(MONTHS.tolist(), of["value"], strict=True)
        ]
    assert held == expected
    assert len(store) == len(numbers)


@pytest.fixture(params=["memory", "disk"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    return tmp_path / "deep" / "result" if request.param == "disk" else None


def test_runs_come_back_to_the_bit_and_once(folder: Path | None) -> None:
    with Store(folder, COLUMNS) as store:
        fill(store, range(20))
        assert store.has([key(3), key(30)]).tolist() == [True, False]
        fill(store, range(10, 30))
        check(store, range(30))
        store.flush()
        fill(store, range(40))
        check(store, range(40))
        found = store.get(key(5))
        assert found["value"].tobytes() == run(5)["value"].tobytes()
        assert found["scenario"].tolist() == ["=s1"] * 3
        with pytest.raises(KeyError):
            store.get(key(99))
        store.compact()
        check(store, range(40))
    if folder is not None:
        with Store(folder, COLUMNS) as store:
            assert store.has([key(3), key(99)]).tolist() == [True, False]
            check(store, range(40))
        check(Store.reading(folder), range(40))


def test_a_scan_gives_what_is_asked_for(folder: Path | None) -> None:
    with Store(folder, COLUMNS) as store:
        fill(store, range(6))
        table = store.scan(["value", "key"], {"scenario": "=s1", "month": [0, 60]})
        assert table.column_names == ["value", "key"]
        assert sorted(table["value"].to_pylist()) == [0.0, 0.0, 0.0, 1 / 7, 3 / 7, 5 / 7]
        assert store.scan(["value"], {"scenario": "none"}).num_rows == 0
        assert sum(batch.num_rows for batch in store.batches(["month"])) == 18
        with pytest.raises(InputError, match="'valeu' was not kept"):
            store.scan(["valeu"])
        with pytest.raises(InputError, match="'region' was not kept"):
            store.scan(["value"], {"region": "overall"})


def test_many_parts_become_one_with_the_same_runs(tmp_path: Path) -> None:
    with Store(tmp_path, COLUMNS) as store:
        for number in range(10):
            store.add(key(number), run(number))
            store.flush()
        assert len(parts(tmp_path)) == 10
        store.compact()
        assert len(parts(tmp_path)) == 1
        check(store, range(10))
        store.compact()
        assert len(parts(tmp_path)) == 1
    with Store(tmp_path, COLUMNS) as store:
        check(store, range(10))


def test_what_two_folders_hold_is_one_study_when_their_parts_are_put_together(
    tmp_path: Path,
) -> None:
    for name, numbers in (("one", range(10)), ("two", range(5, 15))):
        with Store(tmp_path / name, COLUMNS) as store:
            fill(store, numbers)
    for path in parts(tmp_path / "two"):
        path.rename(tmp_path / "one" / "parts" / path.name)
    check(Store.reading(tmp_path / "one"), range(15))
    with Store(tmp_path / "one", COLUMNS) as store:
        check(store, range(15))
        fill(store, range(20))
        store.compact()
        assert len(parts(tmp_path / "one")) == 1
        check(store, range(20))
        for number in range(20):
            assert store.get(key(number))["value"].tobytes() == run(number)["value"].tobytes()
    with Store(tmp_path / "one", COLUMNS) as store:
        check(store, range(20))


def test_a_part_is_written_when_it_is_large_and_many_are_merged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "BYTES", 16 * 3 * 10)
    monkeypatch.setattr(store_file, "MANY", 8)
    most = 0
    with Store(tmp_path, COLUMNS) as store:
        for number in range(300):
            store.add(key(number), run(number))
            most = max(most, len(parts(tmp_path)))
            assert len(store._new) <= 10
        check(store, range(300))
    assert 1 < most < 8
    check(Store.reading(tmp_path), range(300))


def test_a_full_part_is_not_merged_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_file, "FULL", 1)
    monkeypatch.setattr(merging, "FULL", 1)
    with Store(tmp_path, COLUMNS) as store:
        for number in range(3):
            store.add(key(number), run(number))
            store.flush()
        before = parts(tmp_path)
        store.compact()
        assert parts(tmp_path) == before
        check(store, range(3))


def test_a_slow_result_is_on_the_disk_though_no_other_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_file, "EVERY", 0.05)
    written = threading.Event()
    flush = Store.flush

    def watched(self: Store) -> None:
        flush(self)
        written.set()

    monkeypatch.setattr(Store, "flush", watched)
    with Store(tmp_path, COLUMNS) as store:
        store.add(key(1), run(1))
        assert written.wait(60)
        assert len(parts(tmp_path)) == 1
        check(Store.reading(tmp_path), range(1, 2))


def test_what_goes_wrong_while_nobody_asks_is_told_by_the_next_call_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with Store(tmp_path, COLUMNS) as store:
        store.add(key(0), run(0))
        with monkeypatch.context() as patch:
            patch.setattr(disk, "_settle", full)
            store._due()
        with pytest.raises(InputError, match="No space left on device"):
            store.add(key(1), run(1))
        store.add(key(1), run(1))
        check(store, range(2))
    check(Store.reading(tmp_path), range(2))


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"scenario": "x", "month": 1}, "allowed are"),
        ({**COLUMNS, "more": 1}, "allowed are"),
        ({"scenario": 1, "month": 1, "value": 1.0}, "scenario is 1; allowed is text"),
        ({"scenario": "x", "month": 1.5, "value": 1.0}, "month is 1.5; allowed is int32"),
        ({"scenario": "x", "month": 2**31, "value": 1.0}, "month is 2147483648; allowed is int32"),
        ({"scenario": "x", "month": [1, -(2**40)], "value": 1.0}, "allowed is int32"),
        ({"scenario": "x", "month": [1, 2], "value": [1.0]}, "value has shape"),
        ({"scenario": "x", "month": 1, "value": [[1.0]]}, "value has shape"),
        ({"scenario": "x", "month": 1, "value": []}, "without rows"),
    ],
)
def test_rows_that_do_not_fit_are_refused_and_leave_nothing(
    folder: Path | None, columns: dict[str, Any], said: str
) -> None:
    with Store(folder, COLUMNS) as store:
        fill(store, range(2))
        with pytest.raises(ValueError, match=said):
            store.add(key(2), columns)
        with pytest.raises(ValueError, match="is no key"):
            store.add("abc", run(2))
        fill(store, range(4))
        check(store, range(4))


def test_names_are_kept_as_they_are(folder: Path | None) -> None:
    names = ["=1+1", "+x", "@SUM(A1)", "", "two\nlines", "ä, ö", "0", "\udce9", "a\0b"]
    with Store(folder, {"name": "string"}) as store:
        for number, name in enumerate(names):
            store.add(key(number), {"name": name})
        found = [store.get(key(number))["name"][0] for number in range(len(names))]
        assert found == [name.replace("\udce9", "\\udce9") for name in names]
        for name in names:
            assert store.scan(["name"], {"name": name}).num_rows == 1


# --- what is no part of it ------------------------------------------------------------------


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_is_of_another_version_or_of_other_columns_is_told_once_and_left_alone(
    tmp_path: Path,
) -> None:
    with Store(tmp_path, COLUMNS, results="0123456789abcdef") as store:
        fill(store, range(3))
        store.flush()
        fill(store, range(5))
    with Store(tmp_path, {"value": "float64"}) as store:
        store.add(key(1), {"value": 1.0})
    before = contents(tmp_path)
    told: list[str] = []
    with Store(tmp_path, COLUMNS, told.append) as store:
        assert len(store) == 0
        assert store.scan(["value"]).num_rows == 0
        fill(store, range(4))
        store.compact()
        check(store, range(4))
    assert sorted(said.split(" ", 1)[1].replace("and 1 more ", "") for said in told) == [
        f"are of other results (0123456789abcdef, not {results_version()}); left alone.",
        "is of other columns (value); left alone.",
    ]
    assert before.items() <= contents(tmp_path).items()
    with pytest.raises(InputError, match="2 kinds of columns; allowed is one"):
        Store.reading(tmp_path)
    check(Store.reading(tmp_path, columns=["month"]), range(4))
    check(Store.reading(tmp_path, results="0123456789abcdef"), range(5))
    with pytest.raises(InputError, match="not of ffff; allowed is a study"):
        Store.reading(tmp_path, results="ffff")


def test_a_study_of_an_earlier_version_alone_is_read(tmp_path: Path) -> None:
    with Store(tmp_path, COLUMNS, results="0123456789abcdef") as store:
        fill(store, range(3))
    reader = Store.reading(tmp_path)
    check(reader, range(3))
    with pytest.raises(InputError, match="is open to be read only"):
        reader.add(key(7), run(7))


def test_a_folder_without_runs_is_not_read(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(InputError, match="holds no runs; allowed is the folder of a study"):
            Store.reading(folder)


def test_foreign_files_are_told_in_one_sentence_and_left_alone(tmp_path: Path) -> None:
    with Store(tmp_path, COLUMNS) as store:
        fill(store, range(3))
    (merged,) = parts(tmp_path)
    place = tmp_path / "parts"
    frame = pd.DataFrame({"key": ["a"], "value": [1.0]})
    for name in ("mine.parquet", "part-1.parquet"):
        frame.to_parquet(place / name)
    (place / "notes.txt").write_text("not asked about")
    for data in ((place / "mine.parquet").read_bytes(), b"PAR1 not a table PAR1", b""):
        (place / f"part-{hashlib.sha256(data).hexdigest()}.parquet").write_bytes(data)
    (place / f"part-{'0' * 64}.parquet").mkdir()
    (place / f"part-{'1' * 64}.parquet").symlink_to("nowhere")
    before = contents(tmp_path)
    told: list[str] = []
    with Store(tmp_path, COLUMNS, told.append) as store:
        check(store, range(3))
        fill(store, range(5))
        store.compact()
        check(store, range(5))
    assert sorted(told) == [
        "mine.parquet and 4 more are no part of a result; left alone.",
        f"part-{'0' * 64}.parquet cannot be read (Is a directory); what it held is done again.",
    ]
    assert before.keys() - contents(tmp_path).keys() == {str(merged)}
    check(Store.reading(tmp_path), range(5))


def test_a_part_that_is_damaged_while_it_is_in_use_is_not_merged(tmp_path: Path) -> None:
    told: list[str] = []
    with Store(tmp_path, COLUMNS, told.append) as store:
        for number in range(4):
            store.add(key(number), run(number))
            store.flush()
        of_one = next(one for one in store._parts.values() if one.keys[0].hex() in key(2))
        data = bytearray(of_one.source.read_bytes())
        data[len(data) // 2] ^= 1
        of_one.source.write_bytes(data)
        store.compact()
        assert told == [f"{of_one.source.name} is damaged; what it held is done again."]
        assert store.has([key(number) for number in range(4)]).tolist() == [True, True, False, True]
        fill(store, range(4))
        check(store, range(4))
    assert not of_one.source.exists() or len(told) == 1
    check(Store.reading(tmp_path), range(4))


@pytest.mark.parametrize("place", ["data", "end"])
def test_a_part_that_is_damaged_after_it_was_opened_gives_no_numbers(
    tmp_path: Path, place: str
) -> None:
    noise = np.frombuffer(random.Random(1).randbytes(80_000), np.float64)  # nothing packs it
    with Store(tmp_path, {"month": "int32", "value": "float64"}) as store:
        store.add(key(1), {"month": 1, "value": noise})
    reader = Store.reading(tmp_path)
    (part,) = parts(tmp_path)
    data = bytearray(part.read_bytes())
    chunk = parquet.ParquetFile(part).metadata.row_group(0).column(2)
    assert chunk.path_in_schema == "value"
    at = chunk.data_page_offset + chunk.total_compressed_size // 2 if place == "data" else -2
    data[at] ^= 1
    part.write_bytes(data)
    with pytest.raises(InputError, match=f"{part.name} of .* has been damaged since it was opened"):
        reader.scan(["value"])
    if place == "data":
        assert reader.scan(["month"]).num_rows == 10_000


def test_who_reads_while_parts_are_merged_gets_every_run_once(tmp_path: Path) -> None:
    with Store(tmp_path, COLUMNS) as store:
        for number in range(6):
            store.add(key(number), run(number))
            store.flush()
        reader = Store.reading(tmp_path)
        batches = reader.batches(["key"])
        found = [next(batches), next(batches)]
        fill(store, range(9))
        store.compact()
        found += batches
        keys = [one for batch in found for one in batch["key"].to_pylist()]
        assert sorted(keys) == sorted([key(number) for number in range(9)] * len(MONTHS))
        check(reader, range(9))


def test_parts_that_are_merged_while_a_folder_is_listed_are_not_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(tmp_path, COLUMNS) as store:
        for number in range(4):
            store.add(key(number), run(number))
            store.flush()
        earlier = parts(tmp_path)
        store.compact()
        found = store_file._found
        # What is listed at first: all that was merged, a part of it, neither that nor the new one.
        for seen in ([earlier, earlier], [earlier[2:]], [[]]):
            monkeypatch.setattr(
                store_file,
                "_found",
                lambda folder, seen=seen: seen.pop(0) if seen else found(folder),
            )
            reader = object.__new__(Store)
            reader._begin(tmp_path, COLUMNS, None, None, "runs", results_version())
            reader._look()
            assert len(reader) == 4
            check(reader, range(4))


def test_a_store_that_is_closed_is_read_and_not_written(tmp_path: Path) -> None:
    with Store(tmp_path, COLUMNS) as store:
        fill(store, range(3))
    check(store, range(3))
    with pytest.raises(InputError, match="is open to be read only"):
        store.add(key(4), run(4))
    store.compact()
    store.close()
    with Store(tmp_path, COLUMNS) as other:
        fill(other, range(5))
        other.flush()
        store.close()  # lets nobody else in
        with pytest.raises(InputError, match="another run is writing"):
            Store(tmp_path, COLUMNS)
        check(store, range(5))


# --- two drivers ----------------------------------------------------------------------------


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owner, "PATIENCE", 0.05)


@pytest.mark.usefixtures("hurried")
def test_a_second_driver_is_refused_and_another_shard_is_not(tmp_path: Path) -> None:
    with Store(tmp_path, COLUMNS):
        for shard in (None, (1, 2)):
            with pytest.raises(InputError, match="another run is writing just now"):
                Store(tmp_path, COLUMNS, shard=shard)
    with (
        Store(tmp_path, COLUMNS, shard=(1, 2)) as one,
        Store(tmp_path, COLUMNS, shard=(2, 2)) as two,
    ):
        with pytest.raises(InputError, match="shard is 1/2, which another run writes"):
            Store(tmp_path, COLUMNS, shard=(1, 2))
        with pytest.raises(InputError, match="shard is 1/3, and another run writes shard 1/2"):
            Store(tmp_path, COLUMNS, shard=(1, 3))
        with pytest.raises(InputError, match="another run writes shard 1/2"):
            Store(tmp_path, COLUMNS)
        fill(one, range(5))
        fill(two, range(5, 9))
    with Store(tmp_path, COLUMNS) as store:
        check(store, range(9))
        store.compact()
    with Store(tmp_path, COLUMNS) as store:
        check(store, range(9))
    assert [path.name for path in tmp_path.iterdir()] == ["parts"]


@pytest.mark.usefixtures("hurried")
def test_the_driver_of_a_shard_merges_what_is_its_own(tmp_path: Path) -> None:
    with (
        Store(tmp_path, COLUMNS, shard=(1, 2)) as one,
        Store(tmp_path, COLUMNS, shard=(2, 2)) as two,
    ):
        for number in range(6):
            store = (one, two)[number % 2]
            store.add(key(number), run(number))
            store.flush()
        one.compact()
        assert len(parts(tmp_path)) == 1 + 3
        check(one, range(6))
        check(two, range(6))
        two.compact()
        assert len(parts(tmp_path)) == 1 + 1
        check(one, range(6))


def test_a_lock_that_cannot_be_had_stops_nobody_and_nothing_is_merged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import filelock

    def none(*_: object, **__: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(filelock.FileLock, "acquire", none)
    with Store(tmp_path, COLUMNS) as one, Store(tmp_path, COLUMNS) as two:
        fill(one, range(5))
        one.flush()
        fill(two, range(8))
        two.compact()
        check(two, range(8))
    assert len(parts(tmp_path)) == 2
    check(Store.reading(tmp_path), range(8))
