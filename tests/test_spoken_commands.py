"""What commands print is in the language that is asked for: no word has stayed English."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from pathlib import Path

import pytest
import typer

from cisim import cli
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
        "region", "regional", "scenario", "sponsor", "under",
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
    ],
)
def test_no_english_is_left_in_what_a_command_prints(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("cisim.cli.compare.TURNING_FUTURES", 2)
    monkeypatch.setattr("cisim.show.report.network_charts", lambda result: ())

    @cache
    def printed(code: str) -> set[str]:
        assert cli.main([*line.split(), "--language", code]) == 0
        return words_of(capsys.readouterr().out)

    for code in OTHERS:
        assert len(printed(code)) > 20
        assert printed(code) & printed(ENGLISH) <= ALIKE[code]


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
    (silent,) = re.findall(r"^- Commands without `--language`: (.*?)\.", guide, re.MULTILINE)
    documents = {"odd", "evidence"}  # of which the line above that one speaks
    assert set(re.findall(r"`(?:cisim )?(\w+)`", sentence)) == speak
    assert set(re.findall(r"`(\w+)`", silent)) == set(commands) - speak - documents
