"""The store: what was added comes back to the bit, once, whoever stops whenever."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cisim.lab.store import Store, key_of
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


def check(store: Store, numbers: range) -> None:
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
    assert [path.name for path in tmp_path.iterdir()] == ["parts"]
