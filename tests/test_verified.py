"""A result is made again from its manifest, and verified: what was changed is found."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cisim
from cisim.cli.program import main
from cisim.lab import rerun, results, same_files, verify
from cisim.lab.disk import digest_of
from cisim.lab.manifest import MANIFEST, short_key
from cisim.lab.reported import sealed
from cisim.model.input_error import InputError
from cisim.world.beliefs import usual_beliefs

Call = Callable[..., tuple[int, str, str]]
LINE = ["no-backbone", "national-and-regional", "--world", "one-town", "--months", "12"]
COUNT = 3


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a comparison with all that can be kept."""
    folder = tmp_path_factory.mktemp("made") / "result"
    more = ["--by-region", "--by-community", "--by-organisation", "--replicates", str(COUNT)]
    assert main(["compare", *LINE, *more, "--workers", "1", "--out", str(folder)]) == 0
    return folder


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    """Return a copy that may be changed, in another folder than where it was made."""
    return Path(shutil.copytree(made, tmp_path / "moved" / "elsewhere"))


def with_digests(folder: Path) -> None:
    """Write the digests of the files as they are into the manifest, as a forger would."""
    said = json.loads((folder / MANIFEST).read_text("utf-8"))
    said["files"] = {name: digest_of(folder / name) for name in said["files"]}
    (folder / MANIFEST).write_text(json.dumps(said), "utf-8")


def change_a_number(folder: Path, file: str, column: str, row: int) -> None:
    """Change the last bit of one number of a table."""
    from pyarrow import parquet

    table = parquet.read_table(folder / file)
    place = table.column_names.index(column)
    numbers = table[column].to_numpy().copy()
    numbers[row] = np.nextafter(numbers[row], np.inf)
    parquet.write_table(table.set_column(place, table.field(place), [numbers]), folder / file)


# --- the manifest alone ----------------------------------------------------------------------


def test_a_manifest_alone_gives_every_file_again(copy: Path, tmp_path: Path, call: Call) -> None:
    alone = tmp_path / "alone.json"
    shutil.copy(copy / MANIFEST, alone)
    out = tmp_path / "again"
    code, said, _ = call("rerun", str(alone), "--out", str(out), "--workers", "1")
    assert code == 0
    assert "All files are the same." in said
    new = json.loads((out / MANIFEST).read_text("utf-8"))
    old = json.loads(alone.read_text("utf-8"))
    assert new["files"] == old["files"]
    assert new["key"] == old["key"]
    assert new["command"] == old["command"]
    code, said, err = call("rerun", str(alone), "--out", str(out), "--workers", "1", "--json")
    assert json.loads(said)["same"] is True
    assert f"{2 * COUNT} of {2 * COUNT} runs are there from before." in err


@pytest.mark.parametrize(
    "line",
    [
        ["run", "missing-sponsor", "--seed", "7"],
        ["compare", "national-and-regional", "--ablate", "communication,investment",
         "--replicates", "2"],
        ["compare", "no-backbone", "same-total", "national-and-regional", "--replicates", "2",
         "--set", "trust_memory=90"],
    ],
)  # fmt: skip
def test_what_was_made_otherwise_is_made_again_too(
    tmp_path: Path, call: Call, line: list[str]
) -> None:
    out = tmp_path / "made"
    assert call(*line, "--world", "one-town", "--months", "12", "--out", str(out))[0] == 0
    code, said, _ = call("rerun", str(out))
    assert code == 0
    assert said.count(": same") == len(json.loads((out / MANIFEST).read_text())["files"])
    assert call("verify", str(out))[0] == 0


def test_an_interrupted_result_is_made_again_as_far_as_it_had_come(tmp_path: Path) -> None:
    def stop(done: int, _: int) -> None:
        if done >= 3:
            raise KeyboardInterrupt

    two = [cisim.Scenario.load(name, world="one-town", months=12) for name in LINE[:2]]
    some = cisim.compare(two, 4, 1, out=tmp_path / "made", progress=stop)
    assert some.incomplete
    found = rerun.rerun(tmp_path / "made", tmp_path / "again", 1)
    assert found is not None
    assert found.same
    assert found.notes == ("It was interrupted, so what had been finished then was made again.",)
    again = cisim.load(tmp_path / "again")
    assert isinstance(again, cisim.Comparison)
    assert again.incomplete
    assert [one.replicates.size for one in again.ensembles.values()] == [2, 1]


def test_making_again_goes_on_where_it_was_stopped(copy: Path, tmp_path: Path, call: Call) -> None:
    def stop(done: int, _: int) -> None:
        if done >= 2:
            raise KeyboardInterrupt

    out = tmp_path / "again"
    assert rerun.rerun(copy, out, 1, progress=stop) is None
    told: list[str] = []
    found = rerun.rerun(copy, out, 1, say=told.append)
    assert told == [f"2 of {2 * COUNT} runs are there from before."]
    assert found is not None
    charts = [name for name, state in found.files.items() if state == same_files.NOT_MADE]
    assert charts
    assert all(name.endswith(".svg") for name in charts)  # drawn by the command only
    assert all(s == same_files.SAME for n, s in found.files.items() if n not in charts)


def test_a_policy_is_only_run_if_it_is_named_here_too(tmp_path: Path, call: Call) -> None:
    policy = "cisim.lab.policies:staged_entry"
    town = cisim.Scenario.load("national-and-regional", world="one-town", months=12)
    cisim.compare(town, 2, 1, policy=policy, policy_parameters={"every": 3}, out=tmp_path / "made")
    for command in ("rerun", "verify"):
        code, _, err = call(command, str(tmp_path / "made"))
        assert code == 2
        assert "is code and is not run from a file; right would be policy=" in err
        assert call(command, str(tmp_path / "made"), "--policy", policy)[0] == 0
    seen = cisim.load(tmp_path / "made")
    assert isinstance(seen, cisim.Comparison)
    scenario = seen.ensembles["national-and-regional+staged_entry"].scenario
    with pytest.raises(InputError, match="named by a file, and no code is run"):
        cisim.simulate(scenario.model_copy(update={"policy": scenario.policy.model_copy(  # type: ignore[union-attr]
            update={"source": "another"})}), 1, 1)  # fmt: skip


# --- what comes back -------------------------------------------------------------------------


def test_a_comparison_comes_back_whole_from_wherever_it_is(copy: Path) -> None:
    two = [
        cisim.Scenario.load(name, world="one-town", months=12).believing(usual_beliefs())
        for name in LINE[:2]
    ]
    asked = {"by_region": True, "by_community": True, "by_organisation": True}
    fresh = cisim.compare(two, COUNT, 1, **asked)  # type: ignore[arg-type]
    back = cisim.load(copy)
    assert isinstance(back, cisim.Comparison)
    assert back.series.equals(fresh.series)
    assert back.bill().equals(fresh.bill())
    assert back.by_community().equals(fresh.by_community())
    assert back.by_organisation().equals(fresh.by_organisation())
    assert back.paired("wellbeing_gain").equals(fresh.paired("wellbeing_gain"))
    assert back.precision is None
    (copy / MANIFEST).rename(copy / "other.json")
    assert cisim.load(copy / "other.json").series.equals(fresh.series)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "it is no JSON"),
        (b"\xff\xfe", "it is no text"),
        (b"[1]", "it has no key"),
        (b'{"format": 3, "key": "x"}', "it has no decides"),
        (b'{"format": 2, "key": "x", "version": "0.1"}', "of another version"),
        (b"[" * 100_000, "it is no JSON"),
    ],
)
def test_what_is_no_result_is_told_in_one_sentence(
    tmp_path: Path, content: bytes, told: str
) -> None:
    (tmp_path / MANIFEST).write_bytes(content)
    for look in (cisim.load, rerun.rerun, verify.verify):
        with pytest.raises(InputError, match=told) as error:
            look(tmp_path)  # type: ignore[operator]
        assert "\n" not in str(error.value)


def test_an_empty_folder_or_none_is_told(tmp_path: Path, call: Call) -> None:
    with pytest.raises(InputError, match=r"manifest.json is not there; allowed is the folder"):
        cisim.load(tmp_path)
    for line in (["verify", str(tmp_path / "nowhere")], ["rerun", str(tmp_path / "nowhere")]):
        code, _, err = call(*line)
        assert code == 2
        assert err.count("\n") == 1


@pytest.mark.parametrize(
    "part", ["seeds", "asked", "failed", "months", "regions", "outcomes", "scenarios"]
)
def test_a_manifest_that_lacks_a_part_is_told_and_no_fault(copy: Path, part: str) -> None:
    for value in ([], {}, None, "x", [{}], {"a": 1}, [[1, 2, 3]]):
        if (part, value) == ("failed", []):
            continue  # as it should be
        said = json.loads((copy / MANIFEST).read_text("utf-8"))
        said[part] = value
        said["key"] = short_key({one: said[one] for one in said["decides"]})
        (copy / "changed.json").write_text(json.dumps(said), "utf-8")
        for look in (cisim.load, rerun.rerun):
            with pytest.raises(InputError) as error:
                look(copy / "changed.json")  # type: ignore[operator]
            assert "\n" not in str(error.value)


# --- what was changed ------------------------------------------------------------------------


def test_all_is_the_same_wherever_the_folder_is(copy: Path, call: Call) -> None:
    code, said, _ = call("verify", str(copy), "--sample", "2", "--workers", "1")
    assert code == 0
    files = json.loads((copy / MANIFEST).read_text("utf-8"))["files"]
    assert f"The same: {len(files)} files, 2 of {2 * COUNT} runs." in said
    code, said, _ = call("verify", str(copy), "--json", "--sample", "all", "--workers", "1")
    told = json.loads(said)
    assert told["same"] is True
    assert len(told["runs"]) == told["of_runs"] == 2 * COUNT


@pytest.mark.parametrize(
    "name", ["wellbeing_gain.svg", "summary.csv", "bill.csv", "series.parquet", "books.parquet"]
)
def test_a_changed_byte_is_found_by_its_digest(copy: Path, call: Call, name: str) -> None:
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).write_bytes(data)
    for path in (copy, copy / name):
        code, said, _ = call("verify", str(path), "--sample", "1", "--workers", "1")
        assert code == 1
        assert f"{name} is not what was written: its digest is" in said
    code, said, _ = call("rerun", str(copy), "--workers", "1")
    assert code == 0  # what was written can be had again


@pytest.mark.parametrize(
    ("file", "column", "told"),
    [
        (results.SERIES, "member_share", "member_share in month 12, overall: "),
        (results.BOOKS, "fte_years", "books.parquet: "),
        (results.COMMUNITIES, "deprivation", "deprivation of "),
        (results.ORGANISATIONS, "member_months", "member_months of "),
    ],
)
def test_a_forged_number_is_found_if_its_run_is_in_the_sample(
    copy: Path, call: Call, file: str, column: str, told: str
) -> None:
    change_a_number(copy, file, column, -1)
    with_digests(copy)
    code, said, _ = call("verify", str(copy), "--sample", "all", "--workers", "1")
    assert code == 1
    wrong = [line for line in said.splitlines() if "and a run gives" in line]
    assert len(wrong) == 1
    assert wrong[0].startswith(f"national-and-regional, seed {COUNT}: {told}")


@pytest.mark.parametrize("name", ["summary.csv", "bill.csv", "communities.csv", "gap_primary.svg"])
def test_a_forged_table_or_chart_does_not_follow_from_the_numbers(
    copy: Path, call: Call, name: str
) -> None:
    text = (copy / name).read_text("utf-8")
    digit = next(at for at in range(len(text) - 400, 0, -1) if text[at] == "1")
    (copy / name).write_text(text[:digit] + "2" + text[digit + 1 :], "utf-8")
    with_digests(copy)
    for path in (copy, copy / name):
        code, said, _ = call("verify", str(path), "--sample", "0")
        assert code == 1
        assert f"{name}: {name} is not what the numbers of its result give" in said


def test_a_changed_manifest_is_told(copy: Path, call: Call) -> None:
    said = json.loads((copy / MANIFEST).read_text("utf-8"))
    said["scenarios"][0]["months"] = 11
    (copy / MANIFEST).write_text(json.dumps(said), "utf-8")
    for command in ("verify", "rerun"):
        code, _, err = call(command, str(copy))
        assert code == 2
        assert "was changed: its key is" in err


def test_a_chart_away_from_its_result_is_verified_with_its_manifest(
    copy: Path, tmp_path: Path, call: Call
) -> None:
    chart = tmp_path / "wellbeing_gain.svg"
    shutil.copy(copy / chart.name, chart)
    code, _, err = call("verify", str(chart))
    assert code == 2
    key = json.loads((copy / MANIFEST).read_text("utf-8"))["key"]
    assert f"It carries the key {key}. Right would be --manifest FILE" in err
    asked = ("--manifest", str(copy / MANIFEST), "--sample", "1", "--workers", "1")
    assert call("verify", str(chart), *asked)[0] == 0
    chart.write_text(chart.read_text("utf-8") + " ", "utf-8")
    code, said, _ = call("verify", str(chart), *asked)
    assert code == 1
    assert "is not what was written" in said
    (tmp_path / "mine.svg").write_text("<svg/>")
    code, _, err = call("verify", str(tmp_path / "mine.svg"), *asked)
    assert code == 2
    assert "is no file of the result" in err


def test_other_sources_are_told_and_the_numbers_are_compared(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = ("compare", *LINE, "--replicates", "2", "--workers", "1")
    with monkeypatch.context() as then:
        then.setattr("cisim.lab.manifest.package_hash", lambda: "0123456789abcdef")
        then.setattr("cisim.lab.manifest.__version__", "0.0.1")
        then.setattr("cisim.show.charts.frame.__version__", "0.0.1")
        assert call(*line, "--out", str(tmp_path / "made"))[0] == 0
    code, told, _ = call("rerun", str(tmp_path / "made"), "--workers", "1")
    assert code == 0
    files = json.loads((tmp_path / "made" / MANIFEST).read_text("utf-8"))["files"]
    assert told.count(": same but for the key") == len(files)
    assert "It was made by version 0.0.1, and this is" in told
    assert "the model is the same, what is around it has changed" in told
    code, told, _ = call("verify", str(tmp_path / "made"), "--sample", "1", "--workers", "1")
    assert code == 0
    change_a_number(tmp_path / "made", results.SERIES, "member_share", 0)
    with_digests(tmp_path / "made")
    code, told, _ = call("rerun", str(tmp_path / "made"), "--workers", "1")
    assert code == 1
    assert "series.parquet: differs" in told
    with monkeypatch.context() as then:
        then.setattr("cisim.lab.manifest.source_hash", lambda: "0123456789abcdef")
        assert call(*line, "--out", str(tmp_path / "older"))[0] == 0
    _, told, _ = call("verify", str(tmp_path / "older"), "--sample", "1", "--workers", "1")
    assert "the model was '0123456789abcdef' and is" in told
    assert "so runs may differ" in told


def test_a_table_alone_is_one_of_its_result(copy: Path, tmp_path: Path, call: Call) -> None:
    table = pd.read_parquet(copy / results.SERIES)
    assert len(table)
    moved = tmp_path / "series.parquet"
    shutil.copy(copy / results.SERIES, moved)
    assert call("verify", str(moved))[0] == 2
    asked = ("--manifest", str(copy), "--sample", "1", "--workers", "1")
    assert call("verify", str(moved), *asked)[0] == 0


# --- a report, a study -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("reported") / "report.html"
    more = ["--replicates", "2", "--workers", "1", "--report", str(file)]
    assert main(["compare", *LINE, *more]) == 0
    return file


def test_a_report_alone_is_verified(reported: Path, tmp_path: Path, call: Call) -> None:
    alone = tmp_path / "sent by mail.html"
    shutil.copy(reported, alone)
    code, said, _ = call("verify", str(alone), "--sample", "all", "--workers", "1")
    assert code == 0
    assert "The same: 1 files, 4 of 4 runs." in said


def test_what_was_changed_in_a_report_is_found(reported: Path, tmp_path: Path, call: Call) -> None:
    changed = tmp_path / "report.html"
    text = reported.read_text("utf-8")
    changed.write_text(text.replace("</main>", " </main>", 1), "utf-8")
    assert changed.read_text("utf-8") != text
    code, said, _ = call("verify", str(changed), "--sample", "0")
    assert code == 1
    assert "is not what was written: its digest is another" in said
    # a forger seals it again, but cannot know what the runs show
    start = text.index('"hashes":"') + len('"hashes":"')
    other = "0" if text[start] != "0" else "1"
    text = text[:start] + other + text[start + 1 :]
    seal = re.search(r'cisim-digest" content="([0-9a-f]{64})"', text)
    assert seal is not None
    changed.write_text(sealed(text.replace(seal[1], "0" * 64, 1)), "utf-8")
    code, said, _ = call("verify", str(changed), "--sample", "all", "--workers", "1")
    assert code == 1
    assert "no-backbone, seed 1: it shows something else now" in said
    assert said.count(": same") == 4  # the page's seal, and the other three runs
    changed.write_text("<html>mine</html>")
    code, _, err = call("verify", str(changed))
    assert code == 2
    assert "is no report of cisim with a digest in its head" in err


STUDY = """
title = "A small study"
claim = "None."
scenarios = ["no-backbone", "national-and-regional"]
world = "one-town"
months = 12
replicates = 2
outcomes = ["wellbeing_gain", "joint_activity"]
by_region = true
[design]
kind = "latin-hypercube"
points = 3
seed = 1
[design.vary]
effort_half = {}
trust_memory = {}
"""


def test_a_study_comes_back_and_is_verified_wherever_it_is(tmp_path: Path, call: Call) -> None:
    file, out = tmp_path / "small.toml", tmp_path / "study"
    file.write_text(STUDY, "utf-8")
    assert call("sweep", str(file), "--out", str(out), "--workers", "1")[0] == 0
    moved = tmp_path / "moved"
    out.rename(moved)
    file.unlink()
    study = cisim.load(moved)
    assert isinstance(study, cisim.Study)
    assert study.scenarios == ("no-backbone", "national-and-regional")
    assert np.isfinite(study.runs("joint_activity")).all()
    code, said, _ = call("verify", str(moved), "--sample", "all")
    assert code == 0
    assert "12 of 12 runs." in said
    code, said, _ = call("rerun", str(moved), "--out", str(tmp_path / "again"), "--workers", "1")
    assert code == 0, said
    assert "parts: same" in said
    assert cisim.load(tmp_path / "again").digest() == study.digest()
    (part,) = (moved / "parts").glob("part-*.parquet")
    change_a_number(moved / "parts", part.name, "joint_activity", 0)
    code, said, _ = call("verify", str(moved), "--sample", "0")
    assert code == 1
    assert "its bytes are not those of its name" in said
    part.rename(part.with_name(f"part-{digest_of(part)}.parquet"))
    code, said, _ = call("rerun", str(moved))
    assert code == 1
    assert "parts: differs" in said
    code, said, _ = call("verify", str(moved), "--sample", "all")
    assert code == 1
    (wrong,) = [line for line in said.splitlines() if "and a run gives" in line]
    assert ": joint_activity in month " in wrong
