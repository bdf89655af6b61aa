"""What the model cannot say stands in one file; README, report, page and ODD are made from it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import cisim
from cisim.lab.patterns.declared import PATTERNS
from cisim.model.outcomes import OUTCOMES
from cisim.model.parameters import Parameters
from cisim.show.documents import odd
from cisim.show.language.spoken import speaking
from cisim.show.limits import beside, bullets, limits
from cisim.show.page.views import about
from cisim.show.page.views.outcome import limits as limits_of

ROOT = Path(__file__).parents[2]


def test_the_readme_has_them_word_for_word() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split("## What the model cannot say\n")[1].split("\n## ")[0]
    assert bullets() in section, f"put this into README.md:\n\n{bullets()}"


def test_page_and_odd_have_each_of_them() -> None:
    shown, document = about.view()["limits"], odd()
    assert [" ".join(one) for one in shown] == [one.plain for one in limits()]
    for one in limits():
        assert f"**{one.point}**" in document
        assert one.words.replace("`", "") in document.replace("`", "")
        assert "`" not in one.plain
    assert len({one.key for one in limits()}) == len(limits())


def test_they_say_the_numbers_that_are_declared() -> None:
    p = Parameters()
    words = {one.key: one.words for one in limits()}
    assert f"`effort_half` of {p.effort_half:g}" in words["generous"]
    assert f"it is {p.own_value * p.effort_half / p.wb_max:.3g}." in words["ratio"]
    assert not any(re.search(r"[{}]", one.words) for one in limits())


def test_what_is_built_in_is_named_among_them() -> None:
    """A pattern that an equation puts there wholly must not be told as a finding."""
    (said,) = (one.words for one in limits() if one.key == "built_in")
    named = {"P5": "history of collaboration", "P9": "sectors complement", "P2": "need each other",
             "P3": "sponsor is felt late", "P6": "lost faster", "P11": "lags behind",
             "P12": "turnover", "L9": "sponsors are lost"}  # fmt: skip
    for key, words in named.items():
        assert PATTERNS[key].built_in
        assert words in said
    assert {one.id for one in PATTERNS.values() if one.built_in == "wholly"} <= set(named)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_beside_every_outcome_something_is_said(outcome: str) -> None:
    said = limits_of(outcome)
    assert said[-1] == beside("compared")
    assert all(one.endswith(".") for one in said)


def test_the_odd_says_of_each_pattern_how_it_is_tested() -> None:
    rows = {row.split(" | ")[0].strip("| "): row for row in odd().splitlines() if row[:3] > "| A"}
    for one in PATTERNS.values():
        for test in one.deciding:
            assert f"{test.words} {test.test}" in rows[one.id].replace("\\", "")
    assert "results/validation.md" in odd()


def test_the_verdicts_that_were_written_are_on_these_patterns() -> None:
    text = (ROOT / "results" / "validation.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([PQL]\d+) \| (.*?) \| \*\*", text, re.MULTILINE)
    assert dict(rows) == {one.id: one.words for one in PATTERNS.values()}


def test_what_is_told_of_published_figures_is_what_was_found() -> None:
    text = (ROOT / "results" / "validation.md").read_text(encoding="utf-8")
    (said,) = (one.words for one in limits() if one.key == "published")
    words = dict(re.findall(r"^\| (L\d) \| .*? \| \*\*(.*?)\*\*", text, re.MULTILINE))
    failing = {key for key, word in words.items() if word.startswith("does not hold")}
    (named,) = re.findall(r"L1 to L9 that it is held against, (.*?) do not hold", said)
    assert set(re.findall(r"L\d", named)) == failing
    for start, told in {
        "alive four years after seed money": r"(\d+) in a hundred partnerships are alive four",
        "sites with early changes": r"(\d+) in a hundred sites show early",
        "sites with a gain of wellbeing above 0.5": r"(\d+) in a hundred sites show changes in chi",
    }.items():
        (row,) = (line for line in text.splitlines() if line.startswith(f"| {start}"))
        mean = float(row.split("|")[3].split("(")[0])
        (figure,) = re.findall(told, said)
        assert abs(100 * mean - int(figure)) <= 0.5 + 1e-9  # the table has three digits
    shares = [
        re.findall(rf"^\| L{n} \|.*\| (\d+) % \(\d+ to (\d+)\) \|$", text, re.MULTILINE)
        for n in range(1, 5)
    ]
    share, most = (max(int(row[0][k]) for row in shares) for k in (0, 1))
    assert f"each in {share} % of it or less (90 % intervals up to {most} %)" in said


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("key", ["published", "place", "neutrality"])
def test_other_languages_tell_the_same_figures(key: str, language: str) -> None:
    figures = {}
    for spoken in ("en", language):
        with speaking(spoken):
            (said,) = (one.words for one in limits() if one.key == key)
        joined = re.sub(r"(?<=\d)[\s.,](?=\d)", "", re.sub(r"L\d", "", said))  # 47,100 and 47 100
        figures[spoken] = sorted(re.findall(r"\d+", joined))
    assert figures[language] == figures["en"]


@pytest.mark.slow
@pytest.mark.parametrize("world", ["one-town", "finland"])
def test_about_half_of_what_results_vary_by_rests_on_the_ratio(world: str) -> None:
    """Share of variance between tenths of 300 futures that believe all that is plausible."""
    (said,) = (one.words for one in limits() if one.key == "ratio")
    assert said.startswith("About half of what results vary by, over all that may be believed,")
    chosen = [cisim.Scenario.load(n, world=world) for n in ("no-backbone", "national-and-regional")]
    found = cisim.compare(
        chosen, 300, beliefs="plausible", outcomes=["wellbeing_gain"], at=[120]
    ).ensembles
    none, both = (one.at("wellbeing_gain") for one in found.values())
    own, effort, most = (
        found["national-and-regional"].parameter(name)
        for name in ("own_value", "effort_half", "wb_max")
    )
    tenths = np.array_split(np.argsort(own * effort / most), 10)
    for gain in (both, both - none):
        within = sum(gain[rows].var() * rows.size for rows in tenths) / gain.size
        assert 0.35 < 1.0 - within / gain.var() < 0.65
