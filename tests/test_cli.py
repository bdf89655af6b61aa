"""The command line: what each command prints and writes, and with which code it ends."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import typer

import cisim
from cisim import cli
from cisim.cli.chosen import parse_settings
from cisim.cli.compare import _room
from cisim.cli.listing import KINDS, LISTED, list_parameters
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import EACH, OUTCOMES
from cisim.world.beliefs import usual_beliefs
from cisim.world.files import shipped
from cisim.world.notes import notes
from tests.believed import ship, write_ensemble

HEADLINES = [name for name, one in OUTCOMES.items() if one.headline]
COMMANDS = (
    "run", "compare", "threshold", "track", "analyse", "optimise", "calibrate", "story", "validate",
    "list", "check", "template", "import", "odd", "evidence", "ui",
)  # fmt: skip
PROGRAM = "import sys; from cisim.cli import main; sys.exit(main())"
TOWN = ("--world", "one-town")

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Return what runs a command line and returns exit code, output and what was said."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(arguments)
        output = capsys.readouterr()
        return code, output.out, output.err

    return run


def start(*arguments: str, **options: Any) -> subprocess.Popen[str]:
    """Start a command line as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        env={**os.environ, "PYTHONPATH": str(Path(cisim.__file__).parent.parent)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


# --- help ------------------------------------------------------------------------------------


def test_without_a_command_it_says_which_there_are(call: Call) -> None:
    code, out, err = call()
    assert (code, err) == (0, "")
    assert all(f"  {command} " in out for command in COMMANDS)
    assert call("--help")[:2] == (code, out)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_help_text_with_an_example_that_parses(
    command: str, call: Call
) -> None:
    code, out, err = call(command, "--help")
    assert (code, err) == (0, "")
    text = " ".join(out.split())
    example = text.split("Example: ")[1].split(" Options:")[0].split(" Arguments:")[0]
    program, name, *rest = shlex.split(example.split(" > ")[0])
    assert (program, name) == ("cisim", command)
    group = typer.main.get_command(cli.app)
    with group.commands[command].make_context(command, rest) as context:  # type: ignore[attr-defined]
        assert context.command.name == command


def test_the_version_is_the_packages(call: Call) -> None:
    assert call("--version") == (0, f"cisim {cisim.__version__}\n", "")


# --- run -------------------------------------------------------------------------------------


def test_a_run_says_in_words_and_numbers_what_happened(call: Call) -> None:
    code, out, err = call("run", "no-backbone", *TOWN)
    assert (code, err) == (0, "")
    assert out.startswith("No backbone, on One town: 10 years, seed 1\n")
    assert "of 30 organisations that may take part founded the partnership" in out
    for name in HEADLINES:
        assert f"\n{name} " in out
    for when in ("start", "year 1", "year 2", "year 5", "year 10"):
        assert when in out


def test_a_run_as_json_has_the_models_own_numbers(call: Call) -> None:
    code, out, err = call("run", "no-backbone", *TOWN, "--months", "18", "--seed", "5", "--json")
    assert (code, err) == (0, "")
    said = json.loads(out)
    assert (said["command"], said["scenario"], said["months"], said["seed"]) == (
        "run",
        "no-backbone",
        18,
        5,
    )
    scenario = cisim.Scenario.load("no-backbone", world="one-town", months=18)
    frame = CollectiveImpactModel(scenario, seed=5).run().outcomes()
    assert list(said["outcomes"]) == HEADLINES
    for name in HEADLINES:
        values = said["outcomes"][name]["values"]
        assert list(values) == ["0", "12", "18"]
        for month, value in values.items():
            expected = frame[name][int(month)]
            assert value is None if pd.isna(expected) else value == expected


def test_a_run_by_region_shows_each_region(call: Call) -> None:
    code, out, _ = call("run", "no-backbone", "--months", "3", "--by-region")
    assert code == 0
    assert all(f"\n{name}\n" in out for name in ("OmaHäme", "Soite", "Pirha", "Siunsote", "Pohde"))
    said = json.loads(call("run", "no-backbone", "--months", "3", "--by-region", "--json")[1])
    assert list(said["outcomes"]["member_share"]["values"])[-2:] == ["Pohde", "overall"]


def test_events_are_part_of_the_story(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "story.toml"
    file.write_text(
        'title = "S"\nworld = "one-town"\nevents = [{kind = "election", month = 3}]', "utf-8"
    )
    _, out, _ = call("run", str(file), "--months", "6")
    assert "- Month 3: The majority changes" in out


def test_what_is_set_changes_the_run(call: Call) -> None:
    plain = call("run", "national-only", *TOWN, "--json", "--months", "24")[1]
    settings = (
        "trust_memory=60",
        "national_roles.bridge=.1",
        "regional=true",
        'sponsors=["health"]',
    )
    options = [part for one in settings for part in ("--set", one)]
    code, out, _ = call("run", "national-only", *TOWN, "--json", "--months", "24", *options)
    assert code == 0
    said = json.loads(out)
    assert said["changed"]["trust_memory"] == 60
    assert said["changed"]["national_roles"]["bridge"] == 0.1
    assert said["changed"]["regional"] is True
    assert said["changed"]["sponsors"] == ["health"]
    assert said["outcomes"] != json.loads(plain)["outcomes"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (".3", 0.3),
        ("-2", -2.0),
        ("1e3", 1000.0),
        ("true", True),
        ("false", False),
        ("largest", "largest"),
        ('"a b"', "a b"),
        ("[1, 2]", [1, 2]),
        ("{a = 1}", {"a": 1}),
        ("2027-07", "2027-07"),
        (" 4 ", 4.0),
    ],
)
def test_a_setting_is_a_number_a_word_or_toml(text: str, value: object) -> None:
    found = parse_settings([f"name={text}"])
    assert found == {"name": value}
    assert type(found["name"]) is type(value)


def test_a_run_leaves_series_charts_and_manifest(call: Call, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "result"
    code, said, err = call("run", "no-backbone", *TOWN, "--months", "24", "--out", str(out))
    assert (code, err) == (0, "")
    names = {path.name for path in out.iterdir()}
    assert {"series.parquet", "summary.csv", "manifest.json", "network.svg"} <= names
    assert {f"{name}.svg" for name in HEADLINES} <= names
    assert all(name in said for name in names)
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["command"].startswith("cisim run no-backbone --world one-town --months 24")
    assert str(tmp_path) not in (out / "manifest.json").read_text("utf-8")
    for chart in out.glob("*.svg"):
        assert manifest["key"] in chart.read_text("utf-8")
    series = pd.read_parquet(out / "series.parquet")
    assert list(series.columns[:4]) == ["scenario", "replicate", "month", "region"]
    assert list(series["month"]) == list(range(25))
    assert set(OUTCOMES) <= set(series.columns)


# --- compare ---------------------------------------------------------------------------------


def test_a_comparison_tells_what_each_of_two_ensembles_says(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(tmp_path / "ships", monkeypatch)
    line = ("compare", "no-backbone", "national-and-regional", *TOWN, "--months", "12",
            "--replicates", "6", "--workers", "1")  # fmt: skip
    code, out, _ = call(*line, "--report", str(tmp_path / "r.html"))
    assert code == 0
    told = " ".join(out.split())
    assert "in turns they take their parameters from 8 points that meet what members" in told
    assert "Of what self-reports allow, " in told
    assert "wellbeing_gain by what beliefs rest on: difference from no-backbone" in told
    page = (tmp_path / "r.html").read_text("utf-8")
    table = page.partition('id="allowed"')[2].partition("</table>")[0]
    assert table.count("of 3</td>") == 2
    assert "Of what was evaluated" in table
    code, out, _ = call(*line, "--json")
    said = json.loads(out)
    assert [one["name"] for one in said["ensembles"]] == ["self-reported", "evaluated"]
    assert {row["n"] for row in said["by_ensemble"]} == {3}
    code, out, _ = call(*line, "--beliefs", "evaluated")
    assert "8 points that meet what was evaluated" in " ".join(out.split())
    assert "by what beliefs rest on" not in out


def test_beliefs_are_of_an_ensemble_of_ones_own_or_told_in_one_sentence(
    call: Call, tmp_path: Path
) -> None:
    path = write_ensemble(tmp_path / "ours.parquet", 5, 1, effort_half=4.0)
    for line in (
        ("compare", "no-backbone", "national-only", "--replicates", "2"),
        ("run", "no-backbone"),
    ):
        line = (*line, *TOWN, "--months", "6")
        assert call(*line, "--beliefs", str(path), "--out", str(tmp_path / line[0]))[0] == 0
        code, out, err = call(*line, "--beliefs", str(tmp_path / "none.parquet"))
        assert (code, out) == (2, "")
        assert err == "none.parquet: there is no such file; allowed is an ensemble of beliefs.\n"
    kept = pd.read_json(tmp_path / "compare" / "manifest.json", typ="series")
    assert kept["scenarios"][0]["beliefs"]["given"] == str(path)


def test_a_comparison_shows_means_intervals_and_differences(call: Call) -> None:
    code, out, err = call(
        "compare", "no-backbone", "national-and-regional", *TOWN, "--replicates", "6",
        "--workers", "1", "--months", "30", "--beliefs", "fixed",
    )  # fmt: skip
    assert (code, err) == (0, "")
    assert out.startswith("2 scenarios on One town: 30 months, 6 shared futures\n")
    assert "of 6\n" in out
    for name in HEADLINES:
        assert out.count(f"\n{name}") == 2
    assert "month 30" in out


def test_a_comparison_as_json_has_the_labs_own_numbers(call: Call) -> None:
    names = ("no-backbone", "missing-sponsor")
    code, out, err = call(
        "compare", *names, *TOWN, "--replicates", "4", "--seed", "9", "--months", "24",
        "--workers", "1", "--json",
    )  # fmt: skip
    assert (code, err) == (0, "")
    said = json.loads(out)
    scenarios = [cisim.Scenario.load(name, world="one-town", months=24) for name in names]
    result = cisim.compare(scenarios, replicates=4, seed=9, workers=1, beliefs=usual_beliefs())
    assert said["beliefs"] == usual_beliefs()
    here = {(row["scenario"], row["outcome"], row["month"]): row for row in said["means"]}
    for row in result.table(outcomes=HEADLINES).to_dict("records"):
        mean = here[row["scenario"], row["outcome"], row["month"]]["mean"]
        assert mean is None if pd.isna(row["mean"]) else mean == row["mean"]
    assert said["futures"] == 4
    assert {row["scenario"] for row in said["differences"]} == {"missing-sponsor"}


def test_a_comparison_leaves_a_chart_for_each_headline_outcome(call: Call, tmp_path: Path) -> None:
    names = ("no-backbone", "national-only", "missing-sponsor")
    options = (*TOWN, "--replicates", "3", "--months", "12", "--workers", "1", "--quiet")
    code, _, err = call("compare", *names, *options, "--out", str(tmp_path))
    assert (code, err) == (0, "")
    for name in HEADLINES:
        assert (tmp_path / f"{name}.svg").read_text("utf-8").lstrip().startswith("<svg")
    series = pd.read_parquet(tmp_path / "series.parquet")
    assert len(series) == 3 * 3 * 13
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert [one["name"] for one in manifest["scenarios"]] == list(names)


def test_regions_are_kept_and_shown_on_request(call: Call, tmp_path: Path) -> None:
    options = ("--replicates", "2", "--months", "6", "--workers", "1", "--by-region")
    code, out, _ = call("compare", "no-backbone", "national-only", *options, "--out", str(tmp_path))
    assert code == 0
    assert "\n== Pohde\n" in out
    assert set(pd.read_parquet(tmp_path / "series.parquet")["region"]) == {
        "OmaHäme", "Soite", "Pirha", "Siunsote", "Pohde", "overall",
    }  # fmt: skip


def test_a_later_result_takes_the_place_of_an_earlier_one(call: Call, tmp_path: Path) -> None:
    call("run", "no-backbone", *TOWN, "--months", "6", "--out", str(tmp_path))
    (tmp_path / ".cisim-abc.part").touch()
    options = (*TOWN, "--replicates", "2", "--months", "6", "--workers", "1", "--beliefs", "fixed")
    code, _, err = call("compare", "no-backbone", "national-only", *options, "--out", str(tmp_path))
    assert (code, err) == (0, "1 of 4 runs are there from before.\n")
    assert not (tmp_path / "network.svg").exists()
    assert not list(tmp_path.glob(".*"))
    assert "compare" in (tmp_path / "manifest.json").read_text("utf-8")


def test_more_workers_than_processors_are_capped_and_it_is_said(call: Call) -> None:
    options = (*TOWN, "--replicates", "1", "--months", "1", "--workers", "100000")
    code, _, err = call("compare", "no-backbone", "national-only", *options)
    assert code == 0
    assert err.startswith("workers is 100000; this machine has ")
    assert call("compare", "no-backbone", "national-only", *options, "--quiet")[2] == ""


def test_very_many_runs_keep_the_headline_outcomes_only(monkeypatch: pytest.MonkeyPatch) -> None:
    scenarios = [cisim.Scenario.load("no-backbone")] * 2
    said: list[str] = []
    assert _room(scenarios, 200, False, [], said.append) is None
    assert not said
    assert _room(scenarios, 50_000, False, [], said.append) == HEADLINES
    assert len(said) == 1


def test_interrupted_it_keeps_what_is_finished(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def stop_after_five(quiet: bool) -> Iterator[Callable[[int, int], None]]:
        def progress(done: int, total: int) -> None:
            if done >= 5:
                raise KeyboardInterrupt

        yield progress

    monkeypatch.setattr("cisim.cli.compare.shown_progress", stop_after_five)
    options = (
        *TOWN,
        "--replicates",
        "50",
        "--months",
        "3",
        "--workers",
        "1",
        "--out",
        str(tmp_path),
    )
    code, out, err = call("compare", "no-backbone", "national-only", *options)
    assert code == 130
    assert err.startswith("Interrupted; what 2 of 50 futures show is in the files; ")
    assert "2 shared futures" in out
    assert json.loads((tmp_path / "manifest.json").read_text("utf-8"))["incomplete"]


def test_interrupted_at_once_it_writes_nothing(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(CollectiveImpactModel, "run", interrupt)
    out = tmp_path / "out"
    code, said, err = call("run", "no-backbone", *TOWN, "--out", str(out))
    assert (code, said) == (130, "")
    assert err == "Interrupted; nothing was kept.\n"
    assert not out.exists()


def test_interrupted_between_its_runs_a_calibration_does_not_say_that_nothing_was_kept(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    targets = tmp_path / "members.toml"
    targets.write_text(
        'title = "Members"\nscenario = "no-backbone"\nworld = "one-town"\n'
        'vary = ["staff_time"]\n[[targets]]\noutcome = "members"\nmonth = 3\nvalue = 5\n'
        'tolerance = 3\nsource = "made up"\n',
        "utf-8",
    )
    sizes = ("--points", "20", "--waves", "1", "--members", "2", "--workers", "1", "--quiet")
    monkeypatch.setattr("cisim.lab.calibration.driver.emulators_of", interrupt)
    for out, said in (
        (["--out", str(tmp_path / "out")], "what was finished by then is kept where --out says"),
        ([f"--out={tmp_path / 'out'}"], "what was finished by then is kept where --out says"),
        ([], "nothing was kept"),
    ):
        code, printed, err = call("calibrate", str(targets), *sizes, *out)
        assert (code, printed, err) == (130, "", f"Interrupted; {said}.\n")


def test_a_run_that_fails_is_quarantined_and_said(
    call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = CollectiveImpactModel.run

    def run(self: CollectiveImpactModel, months: int | None = None) -> CollectiveImpactModel:
        if self.seed == 2:
            raise ZeroDivisionError("out of luck")
        return whole(self, months)

    monkeypatch.setattr(CollectiveImpactModel, "run", run)
    options = (*TOWN, "--replicates", "3", "--months", "3", "--workers", "1", "--beliefs", "fixed")
    out_of = tmp_path / "out"
    code, out, err = call("compare", "no-backbone", "national-only", *options, "--out", str(out_of))
    assert code == 3
    assert "2 shared futures, 1 failed" in out
    assert "2 futures, 1 failed" in (out_of / "wellbeing_gain.svg").read_text("utf-8")
    summary = pd.read_csv(out_of / "summary.csv")
    assert (summary["n"].max(), set(summary["failed"])) == (2, {1})
    assert err.startswith("Quarantined runs: 2 of 6; the first is no-backbone with seed 2 (")
    again = "To see it again: cisim run no-backbone --world one-town --months 3 --seed 2"
    assert err.endswith(f"(ZeroDivisionError: out of luck). {again}\n")
    assert err.count("\n") == 1


# --- what cannot be told apart ---------------------------------------------------------------


def test_what_cannot_be_told_apart_is_said_and_how_many_futures_that_takes(call: Call) -> None:
    line = ("compare", "regional-only", "regional-academic", *TOWN, "--months", "12")
    _, out, _ = call(*line, "--replicates", "8", "--workers", "1")
    assert re.search(r"of 8 \(not told apart; about [\d,]+ needed\)", out)


def test_the_hint_after_a_run_stays_in_its_place(call: Call) -> None:
    _, out, _ = call("run", "missing-sponsor", *TOWN, "--months", "12")
    hint = out.replace("\n", " ")
    assert "cisim compare no-backbone missing-sponsor --world one-town" in hint


# --- the report ------------------------------------------------------------------------------


def test_a_report_is_one_file_that_stands_alone(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    line = ("compare", "no-backbone", "national-and-regional", *TOWN, "--months", "24")
    asked = ("--replicates", "6", "--workers", "1", "--goal", "wellbeing_gain=0.01")
    code, out, _ = call(*line, *asked, "--report", str(path))
    assert code == 0
    assert f"Report: {path}" in out
    page = path.read_text(encoding="utf-8")
    assert "of 6 futures" in page
    assert "--goal wellbeing_gain=0.01" in page
    assert not re.search(r'(?:src|href)="https?:', page)


def test_auto_adds_futures_until_it_is_told_closely_enough(call: Call) -> None:
    line = ("compare", "no-backbone", "national-and-regional", *TOWN, "--months", "12")
    code, out, err = call(*line, "--replicates", "auto", "--workers", "1", "--json")
    assert code == 0
    assert json.loads(out)["futures"] >= 50
    assert "was wanted" in err or "were wanted" in err


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("--report", "r.html", "--goal", "wellbeing_gian=1"), "Did you mean wellbeing_gain?"),
        (("--report", "r.html", "--goal", "wellbeing_gain"), "allowed is OUTCOME=VALUE"),
        (("--report", "r.html", "--goal", "wellbeing_gain=nan"), "allowed is OUTCOME=VALUE"),
        (("--report", "r.html", "--goal", "wellbeing_gain=300"), "-100 to 100"),
        (
            ("--report", "r.html", "--goal", "wellbeing_gain=1", "--goal", "wellbeing_gain=2"),
            "twice",
        ),
        (("--replicates", "some"), "allowed is a whole number"),
        (("--replicates", "auto", "--precision", "0"), "above 0"),
        (("--replicates", "auto", "--outcome", "joy"), "joy is not an outcome"),
        (("--report", "r.html", "--fte-cost", "-1"), "above 0"),
        (("--report", "r.html", "--question", "a\nb"), "on one line"),
        (("--report", "r.html", "--question", "x" * 201), "at most 200 characters"),
        (("--report", "r.html", "--question", " "), "--question is"),
        (("--report", "r.html", "--turns", "effort_halve"), "--turns is 'effort_halve', which is"),
        (("--report", "r.html", "--turns", "effort_half=1"), "allowed is NAME, or NAME=LOW:HIGH"),
        (("--report", "r.html", "--turns", "effort_half=a:b"), "with two numbers"),
        (("--report", "r.html", "--turns", "effort_half=2:1"), "--turns is 'effort_half=2:1'"),
        (("--report", "r.html", "--turns", "national_fte"), "allowed is national_fte=LOW:HIGH"),
        (("--report", "r.html", *("--turns", "effort_half") * 2), "twice"),
        (("--report", "."), "report is"),
    ],
)
def test_what_a_report_cannot_be_asked(call: Call, asked: tuple[str, ...], words: str) -> None:
    line = ("compare", "no-backbone", "national-and-regional", *TOWN, "--months", "12")
    code, out, err = call(*line, *asked)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


# --- what may be believed --------------------------------------------------------------------


def test_a_report_says_where_the_answer_turns(call: Call, tmp_path: Path) -> None:
    line = ("compare", "no-backbone", "national-and-regional", *TOWN, "--months", "12")
    short = ("--replicates", "2", "--workers", "1", "--report", str(tmp_path / "r.html"))
    code, out, _ = call(
        *line, *short, "--turns", "effort_half=0.4:0.6", "--json", "--beliefs", "fixed"
    )
    assert code == 0
    (turns,) = json.loads(out)["turns"]
    assert (turns["vary"]["from"], turns["vary"]["to"]) == (0.4, 0.6)
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "Between 0.4 and 0.6, effort_half does not turn the answer" in page
    assert "was not searched for" not in page
    assert "Where the answer turns" in page


def test_rivals_say_whether_the_order_holds_on_the_terminal_and_in_the_report(
    call: Call, tmp_path: Path
) -> None:
    line = ("compare", "no-backbone", "national-and-regional", *TOWN, "--months", "12")
    asked = ("--replicates", "2", "--workers", "1", "--rivals", "--beliefs", "fixed")
    page = tmp_path / "r.html"
    code, out, _ = call(*line, *asked, "--report", str(page))
    assert code == 0
    told = " ".join(out.split())
    assert "by wellbeing_gain" in told
    assert "trust: layers-later" in told
    assert "production: weakest-link" in told
    assert "By wellbeing_gain, in futures that differ by luck alone, the order is " in told
    section = page.read_text("utf-8").partition('id="rivals"')[2].partition("</section>")[0]
    assert "Agenda: friedkin-johnsen" in section
    assert "means over 2 shared futures" in section
    code, out, _ = call(*line, *asked, "--outcome", "member_share", "--json")
    found = json.loads(out)["rivals"]
    assert (found["outcome"], found["futures"]) == ("member_share", 2)
    assert {row["theory"] for row in found["theories"]} > {"", "layers", "conditional", "additive"}


def test_what_rivals_have_shown_is_kept_beside_the_comparison_and_looked_at_with_it(
    call: Call, tmp_path: Path
) -> None:
    line = ("compare", "no-backbone", "national-and-regional", *TOWN, "--months", "6")
    asked = ("--replicates", "1", "--workers", "1", "--rivals", "--out", str(tmp_path / "one"))
    code, out, _ = call(*line, *asked)
    assert code == 0
    assert "one/rivals: rivals.parquet, rivals.csv, manifest.json" in out
    back = cisim.load(tmp_path / "one" / "rivals")
    assert " ".join(back.sentence().split()) in " ".join(out.split())
    order = pd.read_csv(tmp_path / "one" / "rivals" / "rivals.csv")
    assert set(order["manifest"]) == {back.manifest["key"]}
    assert len(order) == 2 * len(back.theories)
    code, out, err = call(*line, *asked, "--json")  # goes on from there: nothing is left to do
    assert f"{len(back.theories)} of {len(back.theories)} are there from before" in err
    assert json.loads(out)["rivals"]["key"] == back.manifest["key"]
    again = ("--out", str(tmp_path / "again"), "--workers", "1")
    code, out, _ = call("rerun", str(tmp_path / "one"), *again)
    assert (code, "rivals/rivals.csv: same" in out) == (0, True), out
    table = tmp_path / "again" / "rivals" / "rivals.csv"
    table.write_text(table.read_text().replace("weakest-link", "strongest-link"))
    code, out, _ = call("verify", str(tmp_path / "again"), "--sample", "2", "--workers", "1")
    assert code == 1
    assert "is not what was written" in out.partition("\nrivals/rivals.csv: ")[2].splitlines()[0]
    assert re.search(r"^rivals: (as it is|\w+: [\w-]+), future 0, seed 1: same$", out, re.M)


def test_a_future_that_fails_under_a_theory_is_quarantined_with_its_line(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = CollectiveImpactModel.run

    def run(self: CollectiveImpactModel, months: int | None = None) -> CollectiveImpactModel:
        if self.seed == 2 and self.parameters.production_theory:
            raise ZeroDivisionError("out of luck")
        return whole(self, months)

    monkeypatch.setattr(CollectiveImpactModel, "run", run)
    line = ("compare", "no-backbone", "national-and-regional", *TOWN, "--months", "2", "--rivals")
    code, out, err = call(*line, "--replicates", "2", "--workers", "1")
    assert code == 3
    assert "production: additive" in out
    told = "Quarantined futures under theories: 2; the first is production: additive, future 1 ("
    assert err.startswith(told)
    assert "cisim.lab.rivals.under(" in err


def test_a_report_beside_uncertain_has_the_robust_answer(call: Call, tmp_path: Path) -> None:
    line = ("compare", "no-backbone", "national-and-regional", *TOWN, "--months", "12")
    short = ("--replicates", "2", "--workers", "1")
    plain, both = tmp_path / "plain.html", tmp_path / "both.html"
    assert call(*line, *short, "--report", str(plain))[0] == 0
    asked = ("--uncertain", "--points", "3", "--report", str(both))
    code, out, _ = call(*line, *short, *asked)
    assert code == 0
    assert "in 3 sampled worlds" in both.read_text("utf-8")
    assert "of 3</td>" in both.read_text("utf-8")
    assert "sampled worlds: each" not in plain.read_text("utf-8")
    assert "3 sampled worlds" in out
    section = both.read_text("utf-8").partition('id="believed"')[2].partition("</section>")[0]
    assert "Children&#39;s wellbeing after" in section
    assert "national-and-regional" not in section.partition("<h2")[0]


COUNTY = """
title = "A county pays for a year"
world = "one-town"
[[structure_changes.payers]]
name = "County"
kind = "county"
year_price = 60_000.0
budget = { 1 = 60_000 }
[[structure_changes.posts]]
where = "regional"
fte = 1.0
payer = "County"
"""


def test_the_manifest_of_a_robust_answer_has_the_notes(call: Call, tmp_path: Path) -> None:
    county = tmp_path / "county.toml"
    county.write_text(COUNTY, "utf-8")
    line = ("compare", "no-backbone", str(county), *TOWN, "--months", "24")
    asked = ("--uncertain", "--points", "2", "--workers", "1", "--out", str(tmp_path / "robust"))
    code, _, err = call(*line, *asked)
    assert code == 0
    said = json.loads((tmp_path / "robust" / "manifest.json").read_text("utf-8"))
    (note,) = said["notes"]
    assert note.startswith("county: The budget of 'County' runs out in month 12")
    assert note in err
    (post,) = said["posts"]["county"]
    assert (post["region"], post["fte"], post["payer"]) == ("Town", 1.0, "County")


def test_uncertain_says_who_is_best_where_and_what_decides(call: Call, tmp_path: Path) -> None:
    line = ("compare", "no-backbone", "national-and-regional", *TOWN, "--months", "24")
    code, out, _ = call(*line, "--uncertain", "--points", "12", "--workers", "1")
    assert code == 0
    assert "of 12 sampled worlds" in out
    folder = tmp_path / "robust"
    asked = ("--uncertain", "--points", "12", "--workers", "1", "--json", "--out", str(folder))
    code, out, _ = call(*line, *asked)
    told = json.loads(out)
    assert (code, told["worlds"]) == (0, 12)
    assert sum(row["best"] for row in told["scenarios"]) <= 12
    assert len(told["deciding"]) == 3
    assert (folder / "robust.parquet").is_file()


def test_a_damaged_part_changes_no_answer_of_the_command(call: Call, tmp_path: Path) -> None:
    line = ("compare", "no-backbone", "national-and-regional", *TOWN, "--months", "12")
    asked = ("--uncertain", "--points", "4", "--workers", "1", "--json", "--out", str(tmp_path))
    code, whole, _ = call(*line, *asked)
    told = json.loads(whole)
    assert code == 0
    assert set(told["files"]) == {"designs.parquet", "robust.parquet", "manifest.json"}
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert manifest["key"] == told["key"]
    assert manifest["command"].startswith("cisim compare no-backbone national-and-regional")
    (part,) = tmp_path.glob("parts/part-*.parquet")
    data = part.read_bytes()
    for place in (40, len(data) // 3, len(data) // 2, len(data) - 30, len(data) - 6):
        damaged = bytearray(data)
        damaged[place] ^= 4
        part.write_bytes(damaged)
        code, out, err = call(*line, *asked)
        assert (code, out) == (0, whole)
        assert err == f"{part.name} is damaged; what it held is done again.\n"
    code, out, err = call(*line, *asked[:-3], "--out", str(tmp_path))
    assert f"In {tmp_path}: designs.parquet, robust.parquet, manifest.json" in out


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name is text")
def test_names_that_are_no_utf_8_lose_no_result(call: Call, tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/caf\xe9"
    file = os.fsdecode(folder + b".toml")
    Path(file).write_text('title = "Café"\nworld = "one-town"\nmonths = 3\n', "utf-8")
    out = os.fsdecode(folder)
    code, _, err = call("run", file, "--out", out)
    assert (code, err) == (0, "")
    manifest = json.loads(Path(out, "manifest.json").read_text("utf-8"))
    assert manifest["command"] == "cisim run 'caf\udce9.toml' --out 'caf\udce9'"
    assert manifest["scenarios"][0]["name"] == "caf\\udce9"
    series = io.BytesIO(Path(out, "series.parquet").read_bytes())  # pandas wants its name in UTF-8
    assert set(pd.read_parquet(series)["scenario"]) == {"caf\\udce9"}
    report = os.fsdecode(folder + b".html")
    options = ("--world", "one-town", "--replicates", "2", "--workers", "1", "--report", report)
    code, _, err = call("compare", "no-backbone", file, "--months", "3", *options)
    assert (code, err) == (0, "")
    assert "Café" in Path(report).read_text("utf-8")
    options = (*TOWN, "--uncertain", "--points", "1", "--workers", "1", "--out", out + "2")
    code, _, err = call("compare", "no-backbone", file, "--months", "3", *options)
    assert (code, err) == (0, "")
    assert Path(out + "2", "manifest.json").is_file()


@pytest.mark.slow
def test_validate_prints_a_verdict_on_every_pattern(call: Call, tmp_path: Path) -> None:
    line = ("validate", "--replicates", "2", "--points", "3", "--out", str(tmp_path / "v"))
    code, out, _ = call(*line)
    assert code == 0
    for pattern in ("P1", "P6", "P16", "Q1", "Q2"):
        assert f"| {pattern} |" in out
    assert (tmp_path / "v" / "validation.md").read_text(encoding="utf-8") == out


# --- list, check, documents ------------------------------------------------------------------


@pytest.mark.parametrize("kind", LISTED)
def test_everything_there_is_can_be_listed(kind: str, call: Call) -> None:
    code, out, err = call("list", kind)
    assert (code, err) == (0, "")
    rows = json.loads(call("list", kind, "--json")[1])[kind]
    assert out.startswith(f"{kind} ({len(rows)})\n")
    assert all(row["name"] in out for row in rows)
    assert len({row["name"] for row in rows}) == len(rows)


def test_what_is_each_communitys_or_organisations_is_listed_beside_the_outcomes(call: Call) -> None:
    out = call("list", "outcomes")[1]
    rows = json.loads(call("list", "outcomes", "--json")[1])["of_each"]
    assert {(row["of"], row["name"]) for row in rows} == {
        (of, name) for of, declared in EACH.items() for name in declared
    }
    each = "of each community or organisation, with --by-community, --by-organisation"
    head = f"{each} ({len(rows)})"
    _, _, below = out.partition(head)
    assert below
    assert all(row["name"] in below for row in rows)
    assert "member_months" not in out.partition(head)[0]


def test_listed_configs_are_those_that_are_shipped(call: Call) -> None:
    said = json.loads(call("list", "--json")[1])
    for kind in KINDS:
        assert [row["name"] for row in said[kind]] == list(shipped(kind))


def test_every_listed_lever_and_parameter_can_be_set_to_its_default() -> None:
    scenario = cisim.Scenario.load("national-and-regional")
    for row in list_parameters():
        if row["default"] is not None:
            value = row["default"]
            scenario.set({row["name"]: list(value) if isinstance(value, tuple) else value})
        assert row["meaning"], row["name"]


def test_check_says_of_each_file_whether_it_is_right(call: Call, tmp_path: Path) -> None:
    paths = [str(path) for kind in KINDS for path in shipped(kind).values()]
    code, out, err = call("check", *paths, "finland", "national-and-regional")
    assert (code, err) == (0, "")
    assert out.count(": right (") == len(paths) + 3  # a scenario and a structure have that name
    assert "finland: right (a world: 5 regions, 85 communities, 370 organisations)" in out
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('title = "W"\nmnths = 3', "utf-8")
    code, out, err = call("check", "finland", str(wrong))
    assert code == 2
    assert out.startswith("finland: right")
    assert err == "wrong.toml: mnths is not a field. Did you mean months?\n"
    said = json.loads(call("check", "finland", str(wrong), "--json")[1])
    assert [one["right"] for one in said["files"]] == [True, False]


@pytest.mark.parametrize("command", ["odd", "evidence"])
def test_documents_are_printed_in_markdown(command: str, call: Call) -> None:
    code, out, err = call(command)
    assert (code, err) == (0, "")
    assert out.startswith("# ")
    assert out.endswith("\n")


def test_the_page_says_when_its_port_is_taken(call: Call) -> None:
    pytest.importorskip("solara")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, out, err = call("ui", "--no-browser", "--port", str(port))
    assert (code, out) == (2, "")
    assert str(port) in err
    assert err.count("\n") == 1


# --- the process -----------------------------------------------------------------------------


def test_a_short_run_imports_nothing_that_only_others_need() -> None:
    heavy = ("scipy.stats", "SALib", "matplotlib", "solara", "pyarrow.parquet", "cisim.show.charts")
    program = (
        "import sys; from cisim.cli import main; code = main(); "
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr); "
        "sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "run", "no-backbone", *TOWN, "--months", "1", "--quiet"],
        env={**os.environ, "PYTHONPATH": str(Path(cisim.__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == "[]\n"


def test_the_help_does_not_wait_for_the_model() -> None:
    program = (
        "import sys; from cisim.cli import main; main(['--help']); "
        "sys.exit(any(name in sys.modules for name in ('numpy', 'numba', 'mesa', 'pydantic')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(Path(cisim.__file__).parent.parent)},
        stdout=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0


def test_a_reader_who_has_seen_enough_is_no_error() -> None:
    process = start("list", "parameters")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert (process.wait(60), said) == (0, "")


def test_letters_that_a_terminal_lacks_are_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    assert cli.main(["list", "worlds"]) == 0


def test_a_fault_of_its_own_is_one_sentence(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("cisim.cli.run.chosen_scenarios", fail)
    monkeypatch.delenv("CISIM_TRACEBACK", raising=False)
    code, out, err = call("run", "no-backbone")
    assert (code, out) == (1, "")
    assert err == (
        "cisim failed by a fault of its own (RuntimeError: two lines); "
        "CISIM_TRACEBACK=1 shows where.\n"
    )
    monkeypatch.setenv("CISIM_TRACEBACK", "1")
    with pytest.raises(RuntimeError, match="two"):
        cli.main(["run", "no-backbone"])


# --- story -----------------------------------------------------------------------------------


def test_a_story_is_told_written_and_kept(call: Call, tmp_path: Path) -> None:
    asked = ("story", "three-structures", "--replicates", "2", "--workers", "1", "--quiet")
    code, out, err = call(*asked)
    assert (code, err) == (0, "")
    assert out.startswith("Who holds a partnership together?\n")
    assert out.count("- Predict: ") == out.count("- Runs say: ") == 5
    said = json.loads(call(*asked, "--json")[1])
    assert [one["answer"] in one["options"] for one in said["steps"]] == [True] * 5
    for name in ("s.md", "s.json"):
        assert call(*asked, "--out", str(tmp_path / name))[:2] == (0, f"Story: {tmp_path / name}\n")
    told = (tmp_path / "s.md").read_text("utf-8")
    kept = json.loads((tmp_path / "s.json").read_text("utf-8"))
    assert kept == {key: value for key, value in said.items() if key != "command"}
    for one in kept["steps"]:
        assert one["text"] in out
        assert one["text"] in told
        assert one["answer_words"] in told


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "three-structure",
            "'three-structure' is not a story or the path of a .toml file. Did you",
        ),
        ("three-structures --out story.txt", "--out is story.txt; allowed is a file that ends in"),
        ("three-structures --html story.md", "--html is story.md; allowed is a file that ends in"),
        ("three-structures --html no/such/s.html", "allowed is a file in a folder that is there"),
        ("three-structures --language xx", "language is 'xx'; allowed is one of en, fi, sv"),
        ("three-structures --out no/such/s.md", "allowed is a file in a folder that is there"),
        ("three-structures --replicates 1", "--replicates is 1; allowed is a whole number, 2 to"),
    ],
)
def test_a_story_that_cannot_be_told_is_refused_in_one_sentence(
    line: str, words: str, call: Call
) -> None:
    code, out, err = call("story", *line.split())
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err


def test_check_names_everything_that_is_wrong_in_a_story(call: Call, tmp_path: Path) -> None:
    text = shipped("stories")["three-structures"].read_text("utf-8")
    wrong = text.replace("{eligible}", "{eligibl}").replace('outcome = "members"', 'outcome = "x"')
    (tmp_path / "s.toml").write_text(wrong, "utf-8")
    code, out, err = call("check", str(tmp_path / "s.toml"))
    assert (code, out, err.count("\n")) == (2, "", 2)
    assert "steps[0].look is 'x', which is not an outcome" in err
    assert "{eligibl}, is 'eligibl', which is not an outcome. Did you mean eligible?" in err


# --- threshold -------------------------------------------------------------------------------

ASKED = ("threshold", "national-and-regional", *TOWN, "--months", "36", "--replicates", "6",
         "--points", "3", "--workers", "1")  # fmt: skip


def test_a_threshold_is_said_drawn_and_kept(call: Call, tmp_path: Path) -> None:
    out_of = str(tmp_path / "turn")
    goal = ("--vary", "effort_half", "--goal", "wellbeing_gain >= 0.1 in 50%")
    code, out, err = call(*ASKED, *goal, "--out", out_of)
    assert code == 0
    assert "the goal is reached up to effort_half = " in out
    assert "90 % interval" in out
    assert out.endswith("threshold.csv, threshold.svg, manifest.json\n")
    said = json.loads((tmp_path / "turn" / "manifest.json").read_text("utf-8"))
    assert said["vary"] == {"name": "effort_half", "low": 0.5, "high": 9.0, "points": 3}
    assert said["command"].startswith("cisim threshold national-and-regional")
    assert f"key {said['key']}" in (tmp_path / "turn" / "threshold.svg").read_text("utf-8")
    assert err == ""
    code, out, err = call(*ASKED, *goal, "--json", "--quiet")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["turns"][0]["before"] is True
    assert found["vary"]["anchors"] == [
        {"value": 3.0, "words": "parity with Communities That Care"}
    ]
    assert [row["value"] for row in found["curve"]] == said["values"]


def test_a_threshold_of_the_order_names_who_is_best_at_each_value(call: Call) -> None:
    code, out, err = call(
        *ASKED, "no-backbone", "--vary", "effort_half", "--until-order-turns", "--quiet"
    )
    assert (code, err) == (0, "")
    assert "mean of national-and-regional  mean of no-backbone  best" in out


def test_a_threshold_can_be_of_futures_that_believe_differently(call: Call) -> None:
    goal = ("--vary", "effort_half", "--goal", "wellbeing_gain >= 0.1 in 50%")
    asked = (*ASKED, *goal, "--quiet", "--json")
    found = [json.loads(call(*asked, "--beliefs", held)[1]) for held in ("ensemble", "fixed")]
    assert found[0]["vary"]["now"] is None
    assert "each future also believes something else" in found[0]["told"][-1]
    assert found[0]["curve"] != found[1]["curve"]
    assert found[1] == json.loads(call(*asked)[1])


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--vary", "efort_half", "--goal", "x >= 1"), "x is not an outcome"),
        (("--vary", "efort_half", "--goal", "wellbeing_gain >= 1"), "Did you mean effort_half?"),
        (("--vary", "regional_fte", "--goal", "wellbeing_gain >= 1"), "right would be --from 0"),
        (("--vary", "effort_half"), "--goal is missing; right would be"),
        (("--vary", "effort_half", "--until-order-turns"), "two or more to compare"),
        (("--vary", "effort_half", "--goal", "wellbeing_gain > 1"), "which is no goal"),
        (("--vary", "effort_half", "--from", "x", "--goal", "wellbeing_gain >= 1"),
         "--from is 'x'; allowed is a number"),
        (("--goal", "wellbeing_gain >= 1"), "--vary"),
        (("--vary", "effort_half", "--set", "effort_half=1", "--goal", "wellbeing_gain >= 1"),
         "--set effort_half would change nothing here; --vary gives it its values."),
    ],
)  # fmt: skip
def test_a_threshold_that_cannot_be_asked_is_told_in_one_sentence(
    more: tuple[str, ...], words: str, call: Call
) -> None:
    code, out, err = call(*ASKED, *more)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err


def test_ctrl_c_keeps_the_futures_of_a_threshold_that_are_finished(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cisim.lab import threshold as lab

    future = lab._future

    def stop(work: Any, piece: int) -> Any:
        if piece == 2:
            raise KeyboardInterrupt
        return future(work, piece)

    goal = ("--vary", "effort_half", "--goal", "wellbeing_gain >= 0.1 in 50%")
    line = (*ASKED, *goal, "--out", str(tmp_path / "turn"))
    with monkeypatch.context() as patch:
        patch.setattr(lab, "_future", stop)
        code, out, err = call(*line)
    assert code == 130
    assert "Interrupted after 3 values in 2 of 6 futures; the same command goes on" in err
    assert (tmp_path / "turn" / "threshold.csv").exists()
    assert "effort_half" in out
    code, _, err = call(*line)
    assert code == 0
    assert "2 of 6 are there from before." in err


# --- calibrate -------------------------------------------------------------------------------

SEEN = (
    'title = "Ours"\nscenario = "town.toml"\nvary = ["effort_half", "trust_prior"]\n[[targets]]\n'
    'outcome = "members"\nmonth = 12\nvalue = 10\ntolerance = 8\nsource = "our register"\n'
)
MATCH = ("calibrate", "seen.toml", "--points", "20", "--members", "4", "--waves", "1", "--workers",
         "1")  # fmt: skip


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder, which is the working folder, with targets on a small scenario."""
    monkeypatch.chdir(tmp_path)
    town = 'title = "Town"\nworld = "one-town"\nstructure = "regional"\nmonths = 12\n'
    (tmp_path / "town.toml").write_text(town, "utf-8")
    (tmp_path / "seen.toml").write_text(SEEN, "utf-8")
    (tmp_path / "other.toml").write_text(SEEN.replace("value = 10", "value = 8"), "utf-8")
    return tmp_path


def test_what_may_be_believed_of_a_partnership_of_ones_own_is_said_drawn_and_kept(
    call: Call, seen: Path
) -> None:
    code, out, err = call(*MATCH, "--out", "found", "--quiet")
    assert (code, err) == (0, "")
    assert out.startswith("Calibrated to Ours")
    assert "The ensemble has 4 points" in out
    assert "members after 12 months" in out
    said = json.loads((seen / "found" / "manifest.json").read_text("utf-8"))
    for name in ("left", "targets", "conflicts", "parameters"):
        chart = (seen / "found" / f"calibration-{name}.svg").read_text("utf-8")
        assert f"key {said['key']}" in chart
    code, out, err = call(*MATCH, "--out", "found", "--json", "--quiet")
    found = json.loads(out)["found"][0]
    assert found["key"] == said["key"]
    assert found["members"] == 4
    assert set(found["medoid"]) == {"effort_half", "trust_prior"}


def test_a_target_is_told_as_it_was_given(call: Call, seen: Path) -> None:
    given = SEEN.replace("value = 10", "value = 24").replace("tolerance = 8", "tolerance = 0.5")
    (seen / "seen.toml").write_text(given, "utf-8")
    code, out, _ = call(*MATCH, "--quiet")
    assert code == 0
    assert re.search(r"^members after 12 months +24 +0\.5 ", out, re.MULTILINE), out
    code, out, _ = call("check", "seen.toml", "self-reported")
    assert "right (targets for cisim calibrate: 1 of town, 2 parameters are varied)" in out


def test_two_files_of_targets_are_set_beside_each_other(call: Call, seen: Path) -> None:
    code, out, err = call(*MATCH[:2], "other.toml", *MATCH[2:], "--members", "12", "--out", "two",
                          "--quiet")  # fmt: skip
    assert (code, out) == (2, "")
    assert "--members is given twice" in err.replace(": ", " ")
    line = [*MATCH[:2], "other.toml", *MATCH[2:], "--out", "two", "--quiet"]
    line[line.index("--members") + 1] = "12"
    code, out, err = call(*line)
    assert (code, err) == (0, "")
    assert "Beside each other" in out
    head = (seen / "two" / "calibration-beside.csv").read_text("utf-8").splitlines()[0]
    assert "seen q50" in head
    assert "other q50" in head
    assert all((seen / "two" / name / "ensemble.parquet").exists() for name in ("seen", "other"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("calibrate", "Missing argument"),
        ("calibrate nothing.toml", "nothing.toml: there is no such file."),
        ("calibrate town.toml", "town.toml: has no targets"),
        ("calibrate evaluatd", "Did you mean evaluated?"),
        ("calibrate seen.toml --vary national_fte", "a lever: what is decided is not calibrated"),
        ("calibrate seen.toml --vary effort_hal", "Did you mean effort_half?"),
        ("calibrate seen.toml --vary effort_half=9..1", "goes from low 9 to high 1"),
        ("calibrate seen.toml --vary effort_half=x..1", "is not NAME or NAME=LOW..HIGH"),
        ("calibrate seen.toml --vary turnover --vary turnover", "is given twice"),
        ("calibrate seen.toml --set effort_half=1", "--set effort_half would change nothing"),
        ("calibrate seen.toml --sites 5", "--sites would change nothing here"),
        ("calibrate seen.toml --without members", "--without has 'members', which is no target"),
        ("calibrate seen.toml --seeds 1", "--seeds is 1; allowed is a whole number, 2 to 100"),
        ("calibrate seen.toml seen.toml", "two files of targets are called 'seen'"),
        ("calibrate self-reported --world one-town", "world is given and scenario is missing"),
        ("calibrate seen.toml --out town.toml", "out is town.toml, a file"),
    ],
)
def test_a_calibration_that_cannot_be_is_told_in_one_sentence(
    line: str, words: str, call: Call, seen: Path
) -> None:
    code, out, err = call(*line.split())
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err
    assert len(list(seen.iterdir())) == 3


# --- optimise --------------------------------------------------------------------------------

BEST = ("optimise", "best.toml", "--points", "2", "--unseen", "2", "--evaluations", "6",
        "--workers", "1")  # fmt: skip
QUESTION = 'scenario = "town.toml"\nbudget = 30000\n[vary]\n"add.regional.fte" = "0..1/0.25"\n'


@pytest.fixture
def best(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder, which is the working folder, with a question about a small scenario."""
    monkeypatch.chdir(tmp_path)
    said = 'title = "Town"\nworld = "one-town"\nmonths = 24\n'
    (tmp_path / "town.toml").write_text(said, "utf-8")
    (tmp_path / "best.toml").write_text(QUESTION, "utf-8")
    return tmp_path


def test_the_best_use_of_a_budget_is_said_drawn_and_kept(call: Call, best: Path) -> None:
    code, out, err = call(*BEST, "--out", "found")
    assert (code, err) == (0, "")
    assert "Best use of 30,000 a year: Town" in out
    assert "5 candidates were tried (every one that there is)" in out
    assert "(1) most effect: " in out
    said = json.loads((best / "found" / "manifest.json").read_text("utf-8"))
    assert f"key {said['key']}" in (best / "found" / "front.svg").read_text("utf-8")
    code, checked, _ = call("check", "found/best-1.toml")
    assert code == 0
    assert "right (a scenario: none on one-town, 24 months, 0 events)" in checked
    code, out, err = call(*BEST, "--out", "found", "--json", "--quiet")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["budget"] == {"all": 30000.0, "payers": {}}
    assert found["every_candidate"] is True
    assert found["key"] == said["key"]
    code, out, err = call("compare", "town.toml", "found/best-1.toml", "--replicates", "2",
                          "--workers", "1", "--quiet")  # fmt: skip
    assert (code, err) == (0, "")


def test_what_is_typed_goes_before_what_the_file_says(call: Call, best: Path) -> None:
    code, out, _ = call(*BEST, "--budget", "10000", "--payer", "foundation=9000", "--goal",
                        "effect,harm", "--vary", "sponsor_link=0..1/1", "--json")  # fmt: skip
    found = json.loads(out)
    assert code == 0
    assert found["budget"] == {"all": 10000.0, "payers": {"foundation": 9000.0}}
    assert found["goals"] == ["effect", "harm"]
    assert set(found["vary"]) == {"add.regional.fte", "sponsor_link"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("optimise town.toml", "--budget is missing; right would be --budget 100000"),
        ("optimise town.toml --budget -5", "--budget is '-5'; allowed is a number of at least 0"),
        ("optimise town.toml --budget much", "--budget is 'much'; allowed is a number"),
        ("optimise town.toml --budget 5 --payer Count=5", "--payer names 'Count', and no payer is"),
        ("optimise town.toml --budget 5 --payer foundation", "is not NAME=MONEY"),
        ("optimise town.toml --budget 5 --payer foundation=x", "--payer foundation is 'x'"),
        ("optimise town.toml --budget 5 --payer foundation=1 --payer foundation=2", "given twice"),
        ("optimise town.toml --budget 5 --vary national_ft=0..1", "Did you mean national_fte?"),
        ("optimise town.toml --budget 5 --vary national_fte", "is not NAME=LOW..HIGH"),
        ("optimise town.toml --budget 5 --vary effort_half=0..1", "a parameter: what is believed"),
        ("optimise town.toml --budget 5 --goal efect", "Did you mean effect?"),
        ("optimise town.toml --budget 5 --points x.csv", "--points x.csv: there is no such file."),
        ("optimise town.toml --budget 5 --points 1", "points is 1; allowed is a whole number"),
        ("optimise town.toml --budget 5 --evaluations 0", "--evaluations is 0; allowed is"),
        ("optimise nothing.toml --budget 5", "nothing.toml"),
        ("optimise empty.toml", "vary is empty"),
        ("optimise town.toml --budget 5 --out town.toml", "out is town.toml, a file"),
    ],
)
def test_a_best_use_that_cannot_be_asked_is_told_in_one_sentence(
    line: str, words: str, call: Call, best: Path
) -> None:
    (best / "empty.toml").write_text('scenario = "town.toml"\nbudget = 5\nvary = {}\n', "utf-8")
    code, out, err = call(*line.split())
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err
    assert sorted(path.name for path in best.iterdir()) == ["best.toml", "empty.toml", "town.toml"]


def test_ctrl_c_keeps_the_runs_of_a_best_use_that_are_finished(
    call: Call, best: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cisim.lab.optimise import future

    real = future.run

    def stop(work: Any, piece: int) -> Any:
        if work.scenarios[piece % len(work.scenarios)].structure.posts:
            raise KeyboardInterrupt
        return real(work, piece)

    line = (*BEST, "--out", "found")
    with monkeypatch.context() as patch:
        patch.setattr(future, "run", stop)
        code, _, err = call(*line)
    assert code == 130
    assert "Interrupted after 0 candidates; the same command goes on from there." in err
    code, _, err = call(*line)
    assert code == 0
    assert "Runs from before are there; what is missing is run." in err


# --- each community, each organisation -------------------------------------------------------


def test_each_community_and_organisation_is_shown_and_kept(call: Call, tmp_path: Path) -> None:
    out_of = tmp_path / "each"
    line = ("compare", "no-backbone", "national-and-regional", *TOWN, "--months", "14",
            "--replicates", "3", "--workers", "1", "--by-community", "--quiet")  # fmt: skip
    code, out, err = call(*line, "--by-organisation", "--out", str(out_of))
    assert (code, err) == (0, "")
    assert "Communities with national-and-regional, against no-backbone" in out
    assert "Town, 1 of 6 by deprivation" in out
    files = json.loads((out_of / "manifest.json").read_text("utf-8"))["files"]
    each = {"communities.csv", "communities.parquet", "communities.svg", "organisations.csv",
            "organisations.parquet"}  # fmt: skip
    assert each <= files.keys()
    frame = pd.read_parquet(out_of / "communities.parquet")
    assert list(frame["month"].unique()) == [0, 12, 14]
    assert len(frame) == 2 * 3 * 3 * 6
    gained = pd.read_csv(out_of / "communities.csv")
    assert len(gained) == 6
    assert (gained["gains"] + gained["loses"] + gained["equal"] == 3).all()
    members = pd.read_csv(out_of / "organisations.csv")
    assert len(members) == 2 * 30
    assert members["member_months"].max() <= 14
    code, out, _ = call(*line, "--json")
    assert len(json.loads(out)["communities"]) == 6


def test_a_run_tells_each_community_beside_a_network_of_an_earlier_month(
    call: Call, tmp_path: Path
) -> None:
    line = ("run", "national-and-regional", *TOWN, "--months", "14", "--quiet")
    network = str(tmp_path / "known.graphml")
    code, out, _ = call(*line, "--by-community", "--network", network, "--month", "6")
    assert code == 0
    assert "Communities with national-and-regional, against the ordinary world" in out
    here = Path(network).read_bytes()
    assert call(*line, "--network", network, "--month", "6")[0] == 0
    assert Path(network).read_bytes() == here


def test_what_each_one_shows_must_have_room(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cisim.cli.compare.MOST_NUMBERS", 33_000)
    line = ("compare", "no-backbone", "national-and-regional", *TOWN, "--months", "12",
            "--by-community", "--replicates", "200", "--quiet")  # fmt: skip
    code, out, err = call(*line)
    assert (code, out) == (2, "")
    assert "more than memory has room for with what each one of this world shows" in err


@pytest.mark.parametrize(
    "command",
    [
        "compare noted.toml no-backbone --uncertain --out a-file",
        "threshold noted.toml --vary effort_half --goal 'wellbeing_gain >= 0.1' --out a-file",
    ],
)
def test_a_refusal_comes_without_the_notes_of_what_does_not_run(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a-file").touch()
    Path("noted.toml").write_text(
        'title = "Noted"\nworld = "finland"\nstructure = "set-up-by-funder"\n'
        "structure_changes = { allow = [] }\n"
    )
    assert notes(cisim.Scenario.load("noted.toml"))
    assert cli.main(shlex.split(command)) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "a-file" in told
