"""What commands print is in the language that is asked for: no word has stayed English."""

from __future__ import annotations

import json
import re
from functools import cache
from html import unescape
from pathlib import Path

import pytest
import typer

from cisim import cli
from cisim.cli.listing import LISTED, SOURCED
from cisim.lab.rivals import theories
from cisim.model.outcomes import OUTCOMES
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.show.language.spoken import ENGLISH, languages
from cisim.world.scenario import load_world

OTHERS = [code for code in languages() if code != ENGLISH]
THEORIES = {name for names in theories().values() for name in names}
NAMES = (
    THEORIES
    | set(OUTCOMES)
    | set(declarations(Parameters))
    | {"cisim", "compare", "optimise", "EUR", "ensemble", "finland", "malmo", "none"}
    | {region.name for region in load_world("finland-2020").regions}
)
"""What is called the same in every language, beside names with _ or - and files."""
ALIKE = {
    "fi": {"median"},
    "sv": {
        "agenda", "all", "experiment", "median", "organisation", "parameter", "per", "person",
        "processor", "region", "regional", "scenario", "sponsor", "under",
    },
}  # fmt: skip
"""Words that are the same as in English, and right so."""
COMPARED = (
    "compare no-backbone national-and-regional missing-sponsor --world one-town --months 12 "
    "--replicates 4 --by-region --by-community --value --rivals --workers 1 --quiet"
)
ASSUMED = (
    "compare no-backbone national-and-regional --world one-town --months 12 --replicates 2 "
    "--uncertain --points 8 --turns effort_half --report report.html --workers 1 --quiet"
)
RUN = (
    "run champion-leaves --world one-town --months 24 --by-region --by-community "
    "--network ties.graphml --quiet"
)
OBSERVED = Path(__file__).parents[1] / "docs" / "observed.csv"
_TRACKED = f"--world one-town --months 48 --observed {OBSERVED} --workers 1 --quiet"
TRACKED = (
    f"track regional-only --against no-backbone --replicates 60 --most 60 --effective 2 "
    f"--report report.html {_TRACKED}"
)
MISSED = (
    f"track no-backbone --replicates 40 --most 40 --tolerance 0.0001 --beliefs fixed {_TRACKED}"
)
THRESHOLD = (
    "threshold national-and-regional no-backbone --world one-town --months 12 --vary effort_half "
    "--points 3 --replicates 2 --workers 1 --quiet"
)

FILES = Path(__file__).parents[1]
CHECKED = (
    "check one-town nz-locality finland-2020-takes-over ungas-vagar executive-committee "
    "health-board missing-sponsor nz-group-asks "
    f"{FILES}/experiments/budget-front.toml {FILES}/experiments/evidence-value.toml"
)
SURVEY = "import ties.csv members.csv --out world.toml --accept --quiet"
SWEPT = "sweep study.toml --workers 1 --quiet"
CALIBRATED = (
    f"calibrate {FILES}/configs/targets/self-reported.toml --points 20 --seeds 2 --waves 1 "
    "--members 3 --sites 2 --workers 1 --quiet"
)
STUDY = """
title = "study-4"
claim = "."
world = "one-town"
months = 12
replicates = 2
scenarios = ["no-backbone", "national-and-regional"]
outcomes = ["members"]

[design]
kind = "latin-hypercube"
points = 4

[design.vary.effort_half]
"""
SURVEY_WORDS = {
    "Andere", "From", "Name", "Qq", "Region", "Sector", "Trust", "Written", "Yy", "data",
    "different", "education", "false", "from", "health", "import", "levels", "local", "members",
    "notes", "patterns", "private", "regional", "same", "scale", "social", "third", "ties", "true",
    "trust", "type", "youth", "zzz",
}  # fmt: skip
"""Names of columns and cells, and words that the importer takes."""
TABLES = {
    "ties.csv": "Name;Andere;Trust\nXx;Yy;4\nYy;Xx;2\nZz;Xx;1\n",
    "members.csv": "Name;Sector\nXx;school\nYy;zzz\nZz;health\n",
    "study.toml": STUDY,
}
OPTIMISED = (
    "optimise regional-only --world one-town --months 24 --budget 90000 --points 4 --unseen 6 "
    "--evaluations 12 --vary add.national.fte=0..1/0.5 --vary add.national.until=12..24/6 "
    "--vary add.regional.Town.fte=0..1/0.5 --vary add.regional.Town.from=0..12/6 "
    "--goal effect,spent,gap,harm --workers 1 --quiet"
)


def words_of(text: str) -> set[str]:
    """Return the words of three letters and more, but those of names that commands take.

    What has a digit in it is none: a digest such as 2bbbf7 had been read as a word.
    """
    without = re.sub(r"\S*[_/.-]\w\S*|--\S+|\w*\d\w*", " ", text)
    return set(re.findall(r"[^\W\d_]{3,}", without)) - NAMES


@pytest.mark.parametrize(
    "line",
    [
        COMPARED,
        ASSUMED,
        RUN,
        TRACKED,
        MISSED,
        OPTIMISED,
        f"{THRESHOLD} --until-order-turns",
        CHECKED,
        THRESHOLD.replace(" no-backbone", "") + " --goal=wellbeing_gain>=0.005",
        "validate --quick --only P6,P10 --workers 1 --quiet",
        SWEPT,
        f"{SWEPT} --dry-run",
        pytest.param(CALIBRATED, marks=pytest.mark.slow),
    ],
)
def test_no_english_is_left_in_what_a_command_prints(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("cisim.cli.compare.TURNING_FUTURES", 2)
    monkeypatch.setattr("cisim.show.report.network_charts", lambda result: ())
    for name, text in TABLES.items():
        Path(name).write_text(text, "utf-8")

    @cache
    def printed(code: str) -> set[str]:
        assert cli.main([*line.split(), "--language", code]) == 0
        return words_of(capsys.readouterr().out)

    for code in OTHERS:
        assert len(printed(code)) > 10
        assert printed(code) & printed(ENGLISH) <= ALIKE[code]


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("kind", LISTED)
def test_what_is_listed_is_told_in_the_language_that_is_asked_for(
    kind: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["list", kind, "--json"]) == 0
    english = json.loads(capsys.readouterr().out)
    assert cli.main(["list", kind, "--language", code]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    told = ("words", "meaning") if kind in SOURCED else ("about", "words", "meaning", "better")
    texts = [
        str(row[column])
        for rows in english.values()
        for row in rows
        for column in told
        if row.get(column)
    ]
    assert texts or kind in SOURCED
    assert not [one for one in texts if f" {one} " in f" {printed} "]
    assert "name " not in printed


def test_the_importer_says_in_the_language_that_is_asked_for_what_it_makes_and_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in TABLES.items():
        Path(name).write_text(text, "utf-8")
    Path("wrong.csv").write_text("From,To,Trust\nXx,Yy,9\nXx,Xx,1\nQq,Yy,zz\n", "utf-8")
    Path("bad.toml").write_text("[ties]\nfrmo = 3\n", "utf-8")
    lines = (
        SURVEY,
        "import ties.csv --propose",
        "import wrong.csv members.csv --out a.toml --accept",
        "import wrong.csv --out a.toml",
        "import nowhere.csv --out a.toml",
        "import ties.csv",
        "import ties.csv --out a.txt",
        "import ties.csv --out a.toml --mapping bad.toml",
    )

    def printed(code: str, line: str) -> tuple[int, set[str]]:
        more = [f"{code}.toml"] if line.endswith("--propose") else []
        ended = cli.main([*line.split(), *more, "--language", code])
        out, err = capsys.readouterr()
        made = [Path(name) for name in ("world.toml", *more) if Path(name).exists()]
        files = " ".join(one.read_text("utf-8") for one in made)
        for one in made:
            one.unlink()
        said = re.sub(r'^title|^source.*|"[^"\n]*"|\w+ =|\[+[\w.]+\]+', " ", f"{out} {err} {files}",
                      flags=re.MULTILINE)  # fmt: skip
        return ended, words_of(said) - {"mapping", "Xx", "CSV", "TOML", "Mapping"}

    for line in lines:
        ended, english = printed(ENGLISH, line)
        assert ended == (2 if "wrong" in line or "nowhere" in line or "a." in line
                         or line == "import ties.csv" else 0)  # fmt: skip
        assert english
        for code in OTHERS:
            again, there = printed(code, line)
            assert again == ended
            assert there & english <= ALIKE[code] | SURVEY_WORDS, line


@pytest.mark.parametrize(
    ("line", "begins"),
    [
        ("run no-backbone --out study.toml", "--out"),
        ("run no-backbone --network ties.doc", "--network"),
        ("run no-backbone --policy nowhere", "--policy"),
        ("compare no-backbone same-money --report a.html --turns effort_half=2:1", "--turns"),
        ("compare no-backbone same-money --report a.html --turns effort_halve", "--turns"),
        ("sweep odd.toml", "odd.toml"),
    ],
)
def test_what_is_refused_behind_an_option_or_a_place_is_told_in_the_language(
    line: str, begins: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("study.toml").write_text(STUDY, "utf-8")
    Path("odd.toml").write_text(STUDY.replace("members", "joyy"), "utf-8")

    def said(code: str) -> str:
        assert cli.main([*line.split(), "--language", code]) == 2
        return re.sub(r"\(cisim [^)]*\)", "", capsys.readouterr().err)

    english, given = said(ENGLISH), {"Python", "joyy", "nowhere", "outcomes"}
    for code in OTHERS:
        there = said(code)
        assert there.startswith(begins)
        assert not words_of(there) & words_of(english) - ALIKE[code] - given, there


def test_a_result_is_verified_and_made_again_in_the_language_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    made = "run no-backbone --world one-town --months 3 --out result-1 --language fi --quiet"
    assert cli.main(made.split()) == 0
    capsys.readouterr()

    def printed(code: str, line: str) -> tuple[int, set[str]]:
        ended = cli.main([*line.split(), "--quiet", "--language", code])
        out, err = capsys.readouterr()
        return ended, words_of(f"{out} {err}")

    for line in ("verify result-1", "rerun result-1", "rerun result-1 --out result-2"):
        for code in languages():
            ended, there = printed(code, line)
            assert ended == 0, "charts are drawn in the language that they were made in"
            if code != ENGLISH:
                assert not there & printed(ENGLISH, line)[1]
    Path("result-1/summary.csv").write_text("other", "utf-8")
    Path("other.json").write_text("{}", "utf-8")
    for line, code in (("verify result-1", 1), ("verify no-where", 2), ("rerun no-where", 2),
                       ("rerun other.json", 2), ("verify other.json", 2)):  # fmt: skip
        ended, english = printed(ENGLISH, line)
        assert ended == code
        for other in OTHERS:
            ended, there = printed(other, line)
            assert ended == code
            assert not (there & english) - {"manifest"}, line


def test_the_report_of_a_tracked_partnership_is_in_the_language_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def read(code: str) -> set[str]:
        assert cli.main([*TRACKED.split(), "--language", code]) == 0
        page = Path("report.html").read_text("utf-8")
        assert f'<html lang="{code}">' in page
        page = re.sub(r"(?s)<(script|style|pre)\b.*?</\1>", " ", page)
        return words_of(unescape(re.sub(r"(?s)<[^>]+>", " ", page)))

    cited = {"Bayes", "Box", "Care", "Communities", "Goldstein", "Kuklinski", "That", "Wooff",
             "linear"}  # fmt: skip
    swedish = {"Finland", "Scenario", "budget", "index", "minus", "neutral", "part", "regions",
               "scenario", "sponsor", "trend", "version"}  # fmt: skip
    english = read(ENGLISH)
    for code in OTHERS:
        own = read(code)
        assert len(own) > 200
        assert own & english - cited <= ALIKE[code] | (swedish if code == "sv" else set())


def test_the_guide_says_which_commands_speak() -> None:
    guide = (Path(__file__).parents[1] / "docs" / "languages.md").read_text("utf-8")
    group = typer.main.get_command(cli.app)
    commands = group.commands  # type: ignore[attr-defined]
    speak = {
        name
        for name, command in commands.items()
        if any("--language" in one.opts for one in command.params)
    }
    (sentence,) = re.findall(r"On a terminal `--language fi` says it: (.*?), with their", guide)
    documents = {"odd", "evidence"}  # which are in English
    assert set(re.findall(r"`(?:cisim )?(\w+)`", sentence)) == speak
    assert speak == set(commands) - documents
