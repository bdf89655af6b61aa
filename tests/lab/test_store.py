"""What is written says where it comes from, and nothing about the machine."""

from __future__ import annotations

import csv
import getpass
import hashlib
import json
import math
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cisim
from cisim.lab import disk, store
from cisim.lab.manifest import MANIFEST, manifest_key, without_places
from cisim.model.input_error import InputError

TOWN = cisim.Scenario.load("no-backbone", world="one-town", months=12)
OTHER = TOWN.with_(name="=other", structure="national-and-regional")
SOME = ["member_share", "gap_primary"]


@pytest.fixture(scope="module")
def both() -> cisim.Comparison:
    return cisim.compare([TOWN, OTHER], 3, workers=1, outcomes=SOME, by_region=True)


def test_parquet_comes_back_as_it_was(both: cisim.Comparison, tmp_path: Path) -> None:
    store.write_ensembles(tmp_path / "new" / "folder", both, "cisim compare")
    found = pd.read_parquet(tmp_path / "new" / "folder" / store.SERIES)
    assert list(found.columns) == ["scenario", "replicate", "month", "region", *SOME]
    for key in ("scenario", "replicate", "month", "region"):
        assert found[key].tolist() == both.series[key].tolist()
    for name in SOME:
        np.testing.assert_array_equal(found[name], both.series[name])


def test_the_manifest_is_complete_and_every_file_carries_its_key(
    both: cisim.Comparison, tmp_path: Path
) -> None:
    from pyarrow import parquet

    began = datetime(2025, 1, 1, 12, 0, tzinfo=UTC)
    command = ["cisim", "compare", "a", "b"]
    manifest = store.write_ensembles(
        tmp_path, both, command, started=began, finished=datetime(2025, 1, 1, 12, 1, tzinfo=UTC)
    )
    assert json.loads((tmp_path / MANIFEST).read_text()) == manifest
    assert manifest["command"] == "cisim compare a b"
    assert manifest["version"] == cisim.__version__
    assert set(manifest["sources"]) == {"model", "package"}
    assert manifest["lock"]["hash"]
    assert manifest["seeds"] == {"no-backbone": [[1, 3]], "=other": [[1, 3]]}
    assert manifest["outcomes"] == SOME
    assert manifest["times"]["started"] == "2025-01-01T12:00:00+00:00"
    assert manifest["times"]["seconds"] == "60.0"
    assert manifest["incomplete"] is False
    assert [cisim.Scenario.from_resolved(one) for one in manifest["scenarios"]] == [TOWN, OTHER]
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest
    schema = parquet.read_schema(tmp_path / store.SERIES)
    assert schema.metadata[b"cisim"].decode() == manifest["key"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [MANIFEST, store.SERIES, store.SUMMARY]
    )


def test_the_same_results_give_the_same_files_and_key(
    both: cisim.Comparison, tmp_path: Path
) -> None:
    again = cisim.compare([TOWN, OTHER], 3, workers=2, outcomes=SOME, by_region=True)
    one = store.write_ensembles(tmp_path / "one", both, "x")
    two = store.write_ensembles(tmp_path / "two", again, "x")
    assert one["key"] == two["key"]
    assert one["files"] == two["files"]
    assert {**one, "times": 0} == {**two, "times": 0}


def test_the_key_follows_scenario_seeds_and_outcomes(both: cisim.Comparison) -> None:
    def key(**changes: object) -> str:
        given = {"scenario": TOWN, "replicates": 1, "workers": 1, "outcomes": SOME, **changes}
        return manifest_key(cisim.simulate(**given))  # type: ignore[arg-type]

    keys = [
        key(),
        key(seed=2),
        key(replicates=2),
        key(outcomes=["member_share"]),
        key(months=6),
        key(scenario=TOWN.set({"trust_memory": 90})),
    ]
    assert len(set(keys)) == len(keys)
    assert key() == keys[0]


def test_the_manifest_names_no_machine_user_or_folder(
    both: cisim.Comparison, tmp_path: Path
) -> None:
    command = [
        "/opt/python/bin/cisim", "compare", str(tmp_path / "mine.toml"), "~bob/x.toml",
        "../../bob/y.toml", f"--out={tmp_path}/here", "results/demo", "--set", "a.b=1",
    ]  # fmt: skip
    manifest = store.write_ensembles(tmp_path, both, command)
    assert manifest["command"] == (
        "cisim compare mine.toml x.toml y.toml --out=here results/demo --set a.b=1"
    )
    text = (tmp_path / MANIFEST).read_text()
    assert str(tmp_path) not in text
    assert "bob" not in text
    assert platform.node() not in text or len(platform.node()) < 4
    assert f"/{getpass.getuser()}/" not in text
    assert without_places("OSError: '/home/bob/a/b.toml' and/or C:\\Users\\bob\\c") == (
        "OSError: 'b.toml' and/or c"
    )


def test_summary_numbers_are_plain_and_text_cannot_run(
    both: cisim.Comparison, tmp_path: Path
) -> None:
    manifest = store.write_ensembles(tmp_path, both, "x")
    with (tmp_path / store.SUMMARY).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    table = both.table()
    assert len(rows) == len(table)
    assert {row["scenario"] for row in rows} == {"no-backbone", "'=other"}
    assert {row["manifest"] for row in rows} == {manifest["key"]}
    for row, (_, expected) in zip(rows, table.iterrows(), strict=True):
        if math.isnan(expected["mean"]):
            assert row["mean"] == ""
        else:
            assert float(row["mean"]) == expected["mean"]


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_a_spreadsheet_would_run_is_quoted(lead: str) -> None:
    assert store.quoted(f"{lead}1") == f"'{lead}1"
    assert store.csv_line([f"{lead}1", -1.5, 2, math.nan, True]).endswith(b",-1.5,2,,true\n")


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    disk.write_text(target, "before")

    def broken() -> None:
        with disk.replacing(target) as file:
            file.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_an_output_path_is_tried_before_any_run_and_left_as_it_was(tmp_path: Path) -> None:
    assert store.check_out(tmp_path / "a" / "b") == tmp_path / "a" / "b"
    assert list(tmp_path.iterdir()) == []
    assert store.check_out(tmp_path) == tmp_path
    (tmp_path / "file").write_text("mine")
    (tmp_path / "taken" / store.SERIES).mkdir(parents=True)
    wrong = [
        tmp_path / "file",
        tmp_path / "file" / "below",
        tmp_path / "taken",
        tmp_path / ("x" * 5000),
        Path("/proc/nothing/here"),
        Path("nul\0byte"),
    ]
    for path in wrong:
        with pytest.raises(InputError, match="out is "):
            store.check_out(path)
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="cannot be written"):
        store.check_out(tmp_path / "new")
    with pytest.raises(InputError, match="cannot be written"):
        store.check_out(tmp_path)


def test_an_ensemble_can_be_written_too(tmp_path: Path) -> None:
    ensemble = cisim.simulate(TOWN, 2, workers=1, outcomes=SOME)
    store.write_ensembles(tmp_path, ensemble, "x")
    found = pd.read_parquet(tmp_path / store.SERIES)
    assert set(found["region"]) == {"overall"}
    assert len(found) == 2 * 13
