"""What is written says where it comes from, and nothing about the machine."""

from __future__ import annotations

import csv
import getpass
import hashlib
import json
import math
import os
import platform
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cisim
from cisim.lab import disk, results
from cisim.lab.manifest import MANIFEST, manifest_key, manifest_of, without_places
from cisim.model.input_error import InputError

TOWN = cisim.Scenario.load("no-backbone", world="one-town", months=12)
OTHER = TOWN.with_(name="=other", structure="national-and-regional")
SOME = ["member_share", "gap_primary"]


@pytest.fixture(scope="module")
def both() -> cisim.Comparison:
    return cisim.compare(
        [TOWN, OTHER], 3, workers=1, outcomes=SOME, by_region=True, beliefs="fixed"
    )


def test_parquet_comes_back_as_it_was(both: cisim.Comparison, tmp_path: Path) -> None:
    results.write_ensembles(tmp_path / "new" / "folder", both, "cisim compare")
    found = pd.read_parquet(tmp_path / "new" / "folder" / results.SERIES)
    assert list(found.columns) == ["scenario", "replicate", "month", "region", *SOME]
    for key in ("scenario", "replicate", "month", "region"):
        assert found[key].tolist() == both.series[key].tolist()
    for name in SOME:
        np.testing.assert_array_equal(found[name], both.series[name])


def test_dates_stand_beside_months_where_the_world_has_a_start(tmp_path: Path) -> None:
    dated = TOWN.world.model_copy(update={"start": "2026-07"})
    two = [one.with_(world=dated) for one in (TOWN, OTHER)]
    found = cisim.compare(two, 2, workers=1, outcomes=SOME, by_region=True, beliefs="fixed")
    results.write_ensembles(tmp_path, found, "cisim compare")
    series = pd.read_parquet(tmp_path / results.SERIES)
    assert list(series.columns) == ["scenario", "replicate", "month", "date", "region", *SOME]
    summary = pd.read_csv(tmp_path / results.SUMMARY)
    for table in (series, summary):
        assert table.loc[table["month"] == 12, "date"].eq("2027-07").all()
    assert series.loc[series["month"] == 6, "date"].eq("2027-01").all()
    assert series["date"].notna().all()
    assert series["date"].tolist() == found.series["date"].tolist()
    plain = cisim.compare(
        [TOWN, OTHER], 2, workers=1, outcomes=SOME, by_region=True, beliefs="fixed"
    )
    assert found.series.drop(columns="date").equals(plain.series)


def test_the_manifest_is_complete_and_every_file_carries_its_key(
    both: cisim.Comparison, tmp_path: Path
) -> None:
    from pyarrow import parquet

    began = datetime(2025, 1, 1, 12, 0, tzinfo=UTC)
    command = ["cisim", "compare", "a", "b"]
    manifest = results.write_ensembles(
        tmp_path, both, command, started=began, finished=datetime(2025, 1, 1, 12, 1, tzinfo=UTC)
    )
    assert json.loads((tmp_path / MANIFEST).read_text()) == manifest
    assert manifest["command"] == "cisim compare a b"
    assert manifest["version"] == cisim.__version__
    assert set(manifest["sources"]) == {"model", "package"}
    assert manifest["lock"]["hash"]
    futures = {"first": 1, "finished": [[1, 3]]}
    assert manifest["seeds"] == {"no-backbone": futures, "=other": futures}
    assert manifest["asked"] == {"no-backbone": 3, "=other": 3}
    assert manifest["outcomes"] == SOME
    assert manifest["times"]["started"] == "2025-01-01T12:00:00+00:00"
    assert manifest["times"]["seconds"] == "60.0"
    assert manifest["incomplete"] is False
    assert [cisim.Scenario.from_resolved(one) for one in manifest["scenarios"]] == [TOWN, OTHER]
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest
    schema = parquet.read_schema(tmp_path / results.SERIES)
    assert schema.metadata[b"cisim"].decode() == manifest["key"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [results.BILL, results.BOOKS, MANIFEST, results.SERIES, results.SUMMARY]
    )


def test_the_same_results_give_the_same_files_and_key(
    both: cisim.Comparison, tmp_path: Path
) -> None:
    again = cisim.compare(
        [TOWN, OTHER], 3, workers=2, outcomes=SOME, by_region=True, beliefs="fixed"
    )
    one = results.write_ensembles(tmp_path / "one", both, "x")
    two = results.write_ensembles(tmp_path / "two", again, "x")
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
    manifest = results.write_ensembles(tmp_path, both, command)
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


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("/srv/my data/x.toml", "x.toml"),
        ("\\\\srv\\my data\\x.toml", "x.toml"),
        ("D:/a, b/c.toml", "c.toml"),
        ("~bob/x.toml", "x.toml"),
        ("~bob", "."),
        ("~", "."),
        ("/srv/~bob", "."),
        ("--out=~bob", "--out=."),
    ],
)
def test_a_word_of_a_command_that_is_a_path_is_only_its_last_part(word: str, told: str) -> None:
    assert shlex.split(str(without_places([word]))) == [told]


def test_summary_numbers_are_plain_and_text_cannot_run(
    both: cisim.Comparison, tmp_path: Path
) -> None:
    manifest = results.write_ensembles(tmp_path, both, "x")
    with (tmp_path / results.SUMMARY).open(newline="", encoding="utf-8") as file:
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
    assert results.quoted(f"{lead}1") == f"'{lead}1"
    assert results.csv_line([f"{lead}1", -1.5, 2, math.nan, True, False]).endswith(
        b",-1.5,2,,true,false\n"
    )


def test_an_output_path_is_tried_before_any_run_and_left_as_it_was(tmp_path: Path) -> None:
    assert results.check_out(tmp_path / "a" / "b") == tmp_path / "a" / "b"
    assert list(tmp_path.iterdir()) == []
    assert results.check_out(tmp_path) == tmp_path
    (tmp_path / "file").write_text("mine")
    (tmp_path / "taken" / results.SERIES).mkdir(parents=True)
    (tmp_path / "also" / "network.svg").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    wrong = [
        tmp_path / "also",
        tmp_path / "link",
        tmp_path / "link" / "below",
        tmp_path / "file",
        tmp_path / "file" / "below",
        tmp_path / "taken",
        tmp_path / ("x" * 5000),
        Path("/proc/nothing/here"),
        Path("nul\0byte"),
    ]
    for path in wrong:
        with pytest.raises(InputError, match="out is ") as error:
            results.check_out(path)
        assert "File exists" not in str(error.value)
    with pytest.raises(InputError, match=r"is a link to .*nowhere, which is not there"):
        results.check_out(tmp_path / "link")
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="cannot be written"):
        results.check_out(tmp_path / "new")
    with pytest.raises(InputError, match="cannot be written"):
        results.check_out(tmp_path)


def test_an_ensemble_can_be_written_too(tmp_path: Path) -> None:
    ensemble = cisim.simulate(TOWN, 2, workers=1, outcomes=SOME)
    results.write_ensembles(tmp_path, ensemble, "x")
    found = pd.read_parquet(tmp_path / results.SERIES)
    assert set(found["region"]) == {"overall"}
    assert len(found) == 2 * 13


def test_a_later_result_throws_away_every_file_of_an_earlier_one(tmp_path: Path) -> None:
    for name in (*results.result_files(), "part-x.parquet", "report.html"):
        (tmp_path / name).write_text("earlier")
    ensemble = cisim.simulate(TOWN, 1, workers=1, outcomes=SOME)
    charts = {"network.svg": "<svg>é</svg>", "also.svg": "<svg/>"}
    manifest = results.write_ensembles(tmp_path, ensemble, "x", charts=charts)
    assert list(manifest["files"]) == [
        "also.svg", "network.svg", results.SERIES, results.SUMMARY, results.BILL,
        results.BOOKS,
    ]  # fmt: skip
    assert {path.name for path in tmp_path.iterdir()} == {
        *manifest["files"], MANIFEST, "part-x.parquet", "report.html",
    }  # fmt: skip
    for name, digest in manifest["files"].items():
        assert disk.digest_of(tmp_path / name) == digest
    assert (tmp_path / "network.svg").read_text("utf-8") == charts["network.svg"]


@pytest.mark.parametrize("name", [results.SERIES, results.SUMMARY, MANIFEST, "network.svg"])
def test_a_disk_that_is_full_at_any_file_leaves_the_earlier_result_whole(
    both: cisim.Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    ensemble = cisim.simulate(TOWN, 1, workers=1, outcomes=SOME)
    results.write_ensembles(tmp_path, ensemble, "earlier", charts={"network.svg": "<svg/>"})
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    opened = disk.Aside.file

    def full(self: disk.Aside, which: str) -> object:
        if which == name:
            raise OSError(28, "No space left on device")
        return opened(self, which)

    monkeypatch.setattr(disk.Aside, "file", full)
    with pytest.raises(InputError, match=r"cannot be written \(No space left on device\)"):
        results.write_ensembles(tmp_path, both, "later", charts={"network.svg": "<svg>2</svg>"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_key_is_a_hash_of_what_the_manifest_says_whatever_its_letters(tmp_path: Path) -> None:
    keys = set()
    for title in ("Äiti ja isä", "Aiti ja isa", "母と父", "母と\N{SNOWMAN}"):
        scenario = TOWN.with_(title=title, name=title)
        ensemble = cisim.simulate(scenario, 1, workers=1, outcomes=SOME)
        results.write_ensembles(tmp_path, ensemble, "x")
        manifest = json.loads((tmp_path / MANIFEST).read_text("utf-8"))
        decides = ("version", "sources", "scenarios", "seeds", "outcomes", "months", "regions")
        text = json.dumps({name: manifest[name] for name in decides}, sort_keys=True)
        assert manifest["key"] == hashlib.sha256(text.encode("ascii")).hexdigest()[:12]
        assert title in (tmp_path / MANIFEST).read_text("utf-8")
        assert pd.read_parquet(tmp_path / results.SERIES)["scenario"][0] == title
        with (tmp_path / results.SUMMARY).open(newline="", encoding="utf-8") as file:
            assert {row["scenario"] for row in csv.DictReader(file)} == {title}
        keys.add(manifest["key"])
    assert len(keys) == 4


@pytest.mark.parametrize("table", [results.SERIES])
def test_whoever_reads_a_table_can_have_its_pages_checked(
    both: cisim.Comparison, tmp_path: Path, table: str
) -> None:
    from pyarrow import ArrowException, parquet

    results.write_ensembles(tmp_path, both, "x")
    whole = (tmp_path / table).read_bytes()
    column = parquet.ParquetFile(tmp_path / table).metadata.row_group(0).column(4)
    middle = column.data_page_offset + column.total_compressed_size // 2
    damaged = bytearray(whole)
    damaged[middle] ^= 1
    (tmp_path / table).write_bytes(damaged)
    with pytest.raises((OSError, ArrowException), match=r"(?i)crc|checksum"):
        parquet.read_table(tmp_path / table, page_checksum_verification=True)


WRITER = """
import sys
from pathlib import Path
import numpy as np
import cisim
from cisim.lab import results
from cisim.lab.simulate import Ensemble

who = int(sys.argv[2])
town = cisim.Scenario.load("no-backbone", world="one-town", months=12)
for turn in range(12):
    values = np.full((200, 1, 1, 2), float(who))
    ensemble = Ensemble(
        town.with_(name=f"of-{who}"), ("member_share", "gap_primary"), np.array([12]),
        ("overall",), 1, np.arange(200), values, 200,
    )
    charts = {"network.svg": f"<svg>{who}</svg>", f"member_share.svg": f"<svg>{who}</svg>"}
    results.write_ensembles(sys.argv[1], ensemble, "x", charts=charts)
    print(turn, flush=True)
"""


def test_two_runs_into_one_folder_leave_one_of_them_whole(tmp_path: Path) -> None:
    out = tmp_path / "result"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(out), str(who)],
            env=environment, stdout=subprocess.PIPE, text=True,
        )
        for who in (1, 2)
    ]  # fmt: skip
    for writer in writers:
        assert writer.communicate()[0].split() == [str(turn) for turn in range(12)]
    manifest = json.loads((out / MANIFEST).read_text("utf-8"))
    (scenario,) = manifest["scenarios"]
    for name, digest in manifest["files"].items():
        assert disk.digest_of(out / name) == digest
    assert set(pd.read_parquet(out / results.SERIES)["scenario"]) == {scenario["name"]}
    who = scenario["name"].removeprefix("of-")
    assert (out / "network.svg").read_text() == f"<svg>{who}</svg>"
    assert {path.name for path in out.iterdir()} == {MANIFEST, *manifest["files"]}


def test_the_manifest_has_a_hash_of_the_lock_or_of_what_is_installed(
    both: cisim.Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cisim.lab import manifest

    lock = Path(__file__).resolve().parents[2] / "requirements.lock"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    said = results.write_ensembles(tmp_path, both, "x")["lock"]
    assert said == {"of": "requirements.lock", "hash": digest}
    elsewhere = tmp_path / "site-packages" / "cisim" / "lab" / "manifest.py"
    monkeypatch.setattr(manifest, "__file__", str(elsewhere))
    found = manifest.lock_hash.__wrapped__()
    assert found["of"] == "installed"
    assert len(found["hash"]) == 16
    some = [
        type("Distribution", (), {"name": name, "version": "1.0"})() for name in ("b.b", "A", "b_b")
    ]
    monkeypatch.setattr(manifest, "distributions", lambda: some)
    listed = hashlib.sha256(b"a==1.0\nb-b==1.0").hexdigest()[:16]
    assert manifest.lock_hash.__wrapped__() == {"of": "installed", "hash": listed}


def test_how_long_it_took_is_told_only_where_both_ends_are_known() -> None:
    began, ended = datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2026, 1, 1, 13, tzinfo=UTC)
    wanted = {"asked": 1, "incomplete": False, "failed": ()}
    for times in ({"started": began}, {"finished": ended}):
        assert "seconds" not in manifest_of("key", {}, "command", **wanted, **times)["times"]
    both = manifest_of("key", {}, "command", **wanted, started=began, finished=ended)
    assert both["times"]["seconds"] == "3600.0"


def test_a_table_is_written_in_batches_of_about_as_many_rows() -> None:
    town = cisim.Scenario.load("no-backbone", world="one-town", months=1)
    ensemble = cisim.simulate(town, 5, workers=1, outcomes=["wellbeing_gain"])
    rows = 2 * ensemble.months.size * len(ensemble.regions)
    found = [range(5)[some] for some in results._batches(ensemble, rows)]
    assert found == [range(2), range(2, 4), range(4, 5)]
