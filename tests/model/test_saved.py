"""A run in a file goes on as if it had never stopped, and nothing of a file is believed unseen."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cisim.model import saved
from cisim.model.input_error import InputError
from cisim.model.model import CollectiveImpactModel
from cisim.world.files import shipped
from cisim.world.scenario import Scenario


def scenario(**changes: object) -> Scenario:
    return Scenario.load("national-and-regional").with_(world="one-town", months=24, **changes)  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return CollectiveImpactModel(scenario(), seed=3).run(6).save(tmp_path / "run.npz")


def unpacked(path: Path) -> dict[str, np.ndarray]:
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def forge(path: Path, about: object = None, **columns: object) -> Path:
    """Write the file anew with other columns and a digest that fits them."""
    kept = unpacked(path)
    said = kept["about"].tobytes() if about is None else json.dumps(about).encode()
    for name, column in columns.items():
        if column is None:
            del kept[name]
        else:
            kept[name] = np.asarray(column)
    return seal(path, said, kept)


def seal(path: Path, said: bytes, kept: dict[str, np.ndarray]) -> Path:
    """Write a file of these columns with a digest that fits them; other texts are left out."""
    columns = {name: column for name, column in kept.items() if name not in ("about", "seal")}
    digest = json.dumps({"digest": saved._digest(said, columns)}).encode()
    about, fits = np.frombuffer(said, np.uint8), np.frombuffer(digest, np.uint8)
    with path.open("wb") as file:
        np.savez(file, about=about, seal=fits, **columns)  # type: ignore[arg-type]
    return path


def about(path: Path) -> dict[str, Any]:
    return json.loads(unpacked(path)["about"].tobytes())


@pytest.mark.parametrize("name", shipped("scenarios"))
def test_a_loaded_run_goes_on_bit_for_bit(tmp_path: Path, name: str) -> None:
    whole = CollectiveImpactModel(scenario(structure=Scenario.load(name).structure), 7).run()
    parts = CollectiveImpactModel(whole.scenario, 7).run(9)
    parts.save(tmp_path / "run.npz")
    loaded = CollectiveImpactModel.load(tmp_path / "run.npz").run()
    for column, values in whole.state.columns():
        if not column.startswith("meetings."):
            np.testing.assert_array_equal(values, dict(loaded.state.columns())[column], column)
    assert loaded.outcomes().equals(whole.outcomes())


def test_a_forged_file_with_nothing_changed_is_loaded(path: Path) -> None:
    before = CollectiveImpactModel.load(path).run().outcomes()
    assert CollectiveImpactModel.load(forge(path)).run().outcomes().equals(before)


def other(column: str, at: int, value: float) -> Callable[[dict[str, np.ndarray]], np.ndarray]:
    def change(columns: dict[str, np.ndarray]) -> np.ndarray:
        changed = columns[column].copy()
        changed.reshape(-1)[at] = value
        return changed

    return change


CRAFTED = {
    "a tie's partner out of range": ("ties.other", other("ties.other", 0, 10_000)),
    "a negative partner": ("ties.other", other("ties.other", 0, -1)),
    "a tie's start out of range": ("ties.start", other("ties.start", 3, 2_000_000_000)),
    "a tie's reverse out of range": ("ties.reverse", other("ties.reverse", 5, -7)),
    "an end before the start": ("ties.near", other("ties.near", 2, -1)),
    "a community out of range": ("orgs.community", other("orgs.community", 0, 99)),
    "a region out of range": ("orgs.region", other("orgs.region", 0, 99)),
    "a sector out of range": ("orgs.sector", other("orgs.sector", 0, 99)),
    "a layout of its own": ("layout.order", other("layout.order", 0, 99)),
    "a sponsor's region": ("sponsors.region", other("sponsors.region", 0, 5)),
    "a meeting's tie": ("meetings.arc", other("meetings.arc", 0, 1_000_000)),
    "a meeting's party": ("meetings.party", other("meetings.party", 0, 1_000_000)),
    "a meeting's kind": ("meetings.kind", other("meetings.kind", 0, 4)),
    "commitment that is no number": ("orgs.commitment", other("orgs.commitment", 0, np.nan)),
    "commitment above one": ("orgs.commitment", other("orgs.commitment", 0, 1.5)),
    "endless time": ("orgs.own_time", other("orgs.own_time", 0, np.inf)),
    "no time at all": ("orgs.own_time", other("orgs.own_time", 0, 0.0)),
    "negative staff": ("backbones.staff", other("backbones.staff", 0, -1.0)),
    "a hostile sponsor beyond measure": (
        "sponsors.engagement",
        other("sponsors.engagement", 0, -2.0),
    ),
    "a record that is no number": ("recorded", other("recorded", 0, np.nan)),
    "another dtype": ("orgs.mandate", lambda columns: columns["orgs.mandate"].astype(np.float32)),
    "another shape": ("orgs.mandate", lambda columns: columns["orgs.mandate"][:-1]),
    "objects": ("orgs.mandate", lambda columns: columns["orgs.mandate"].astype(str)),
    "a flag of two": (
        "orgs.member",
        lambda columns: (columns["orgs.member"].view(np.uint8) * 0 + 2).view(np.bool_),
    ),
    "three more months of record": (
        "recorded",
        lambda columns: np.concatenate([columns["recorded"]] * 3),
    ),
    "a column that is missing": ("orgs.mandate", lambda columns: None),
    "a column too many": ("orgs.surprise", lambda columns: columns["orgs.mandate"]),
}


@pytest.mark.parametrize("what", CRAFTED)
def test_what_no_run_leaves_behind_is_refused_in_a_sentence(path: Path, what: str) -> None:
    column, change = CRAFTED[what]
    forge(path, **{column: change(unpacked(path))})
    with pytest.raises(InputError, match=r"run\.npz.*(damaged|unpacked)") as error:
        CollectiveImpactModel.load(path)
    assert column.split(".")[-1] in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("month", 1.5),
        ("month", -3),
        ("month", True),
        ("month", 10**30),
        ("seed", -1),
        ("seed", "1"),
        ("scenario", []),
        ("scenario", {"name": 3}),
        ("lived", []),
        ("lived", [["0.1.0"]]),
        ("format", 1),
        ("format", None),
    ],
)
def test_a_field_of_a_saved_run_is_checked(path: Path, field: str, value: object) -> None:
    forge(path, about(path) | {field: value})
    with pytest.raises(InputError) as error:
        CollectiveImpactModel.load(path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 50_000, "1", "[]", "NaN", '"\\ud800"'])
def test_a_text_that_is_no_table_is_refused(path: Path, text: str) -> None:
    kept = unpacked(path)
    kept["about"] = np.frombuffer(text.encode(), np.uint8)
    np.savez_compressed(path, **kept)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="not a saved run"):
        CollectiveImpactModel.load(path)


def test_a_small_file_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked(
    path: Path,
) -> None:
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f8", "fortran_order": False, "shape": (32 * 2**20,)}
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in kept.items():
            if name != "orgs.mandate.npy":
                archive.writestr(name, content)
        with archive.open("orgs.mandate.npy", "w") as file:
            file.write(header.getvalue())
            for _ in range(256):
                file.write(bytes(2**20))
    assert path.stat().st_size < 2**20
    with pytest.raises(InputError, match=r"orgs\.mandate is larger than the scenario allows"):
        CollectiveImpactModel.load(path)


def test_a_run_that_another_model_lived_is_refused_or_continued_on_purpose(
    path: Path, tmp_path: Path
) -> None:
    here = list(saved.this_model())
    forge(path, about(path) | {"lived": [["0.0.9", "0123456789abcdef"]]})
    with pytest.raises(InputError, match=r"version 0\.0\.9 with the sources 0123456789abcdef"):
        CollectiveImpactModel.load(path)
    model = CollectiveImpactModel.load(path, other_model=True).run()
    told = [("0.0.9", "0123456789abcdef"), tuple(here)]
    assert [tuple(one) for one in model.lived] == told
    assert model.outcomes().attrs["lived"] == told
    again = CollectiveImpactModel.load(model.save(tmp_path / "again.npz"))
    assert again.outcomes().attrs["lived"] == told


def test_a_run_that_cannot_be_written_leaves_the_earlier_file_whole(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(saved.os, "fsync", full)
    with pytest.raises(InputError, match="No space left on device"):
        CollectiveImpactModel.load(path).save(path)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["run.npz"]


FUZZ = """
import sys
import numpy as np
from pathlib import Path
from cisim.model.input_error import InputError
from cisim.model.model import CollectiveImpactModel
path, slices, each, seed = Path(sys.argv[1]), *map(int, sys.argv[2:5])
sys.path.insert(0, sys.argv[5])
from test_saved import seal, unpacked
whole, luck = path.read_bytes(), np.random.default_rng(seed)
same = CollectiveImpactModel.load(path).run(2).outcomes()
kept = unpacked(path)

def one_bit(raw, slices):
    # yield the bytes with one bit turned, a bit in each of so many slices of equal length
    edges = np.linspace(0, raw.size, min(slices, raw.size) + 1).astype(int)
    for first, end in zip(edges, edges[1:]):
        turned = raw.copy()
        turned[luck.integers(first, end)] ^= np.uint8(1 << luck.integers(8))
        yield turned

def refused():
    try:
        model = CollectiveImpactModel.load(path).run(2)
    except InputError as error:
        assert chr(10) not in str(error), error
        return True
    assert not flip or model.outcomes().equals(same), "a flipped bit gave other numbers"
    return False

flip = True
flips = []
for damaged in one_bit(np.frombuffer(whole, np.uint8), slices):
    path.write_bytes(damaged.tobytes())
    flips.append(refused())
flip = False
crafted = []
for name in sorted(set(kept) - {"about", "seal"}):
    column = kept[name]
    for raw in one_bit(np.frombuffer(column.tobytes(), np.uint8), each):
        turned = raw.view(column.dtype).reshape(column.shape)
        seal(path, kept["about"].tobytes(), {**kept, name: turned})
        crafted.append(refused())
print(sum(flips), len(flips), sum(crafted), len(crafted))
"""


def fuzz(path: Path, slices: int, each: int, seed: int) -> list[int]:
    """Return how many of the damaged files were refused and tried, then of the crafted ones.

    slices : so many parts of the file get one flipped bit each
    each   : so many parts of each column get a bit that a fitting digest covers
    """
    asked = [str(path), str(slices), str(each), str(seed), str(Path(__file__).parent)]
    done = subprocess.run(
        [sys.executable, "-c", FUZZ, *asked], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [int(count) for count in done.stdout.split()]


def filled(path: Path) -> int:
    """Return how many columns hold something."""
    return sum(k not in ("about", "seal") and v.size > 0 for k, v in unpacked(path).items())


def test_damaged_and_crafted_files_end_in_a_sentence(path: Path) -> None:
    flips, tried, crafted, columns = fuzz(path, 240, 1, 1)
    assert (tried, columns) == (240, filled(path))
    assert flips > 0.7 * tried  # the rest was in what says nothing of the run
    assert crafted > 0.15 * columns


@pytest.mark.slow
def test_a_bit_in_every_corner_of_a_file_and_of_each_column_ends_in_a_sentence(path: Path) -> None:
    many = filled(path)
    flips, tried, crafted, columns = fuzz(path, 600, 4, 2)
    assert tried == 600
    assert columns > 3 * many  # some columns are shorter than four bytes
    assert flips > 0.7 * tried
    assert crafted > 0.2 * columns
