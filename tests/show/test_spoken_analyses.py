"""What the analyses of a study say is in the language that is spoken: sentences, charts, report."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html import unescape

import numpy as np
import pytest

from cisim.lab.analyses import Answers, analyse
from cisim.lab.results import ANALYSES
from cisim.show.language.spoken import ENGLISH, languages, speaking
from cisim.show.language.texts import Untranslated
from cisim.show.report import analysis_report
from tests.lab import made_up
from tests.lab.made_up import box, study
from tests.lab.test_analyse import TWO, three

OTHERS = [code for code in languages() if code != ENGLISH]
CALLED = {
    "backbone", "plain",  # scenarios
    "body", "factor", "init", "share",  # of names that are broken at an underscore
    "PAWN", "PRIM", "morris", "saltelli", "kind", "manifest",
}  # fmt: skip
"""What is called the same in every language; none is here that is not needed."""
ALIKE: dict[str, set[str]] = {
    "fi": set(),
    "sv": {"Parameter", "Scenario", "hash", "information", "parameter", "process", "scenario",
           "scenarios", "under"},
}  # fmt: skip
"""Words that are the same as in English, and right so."""


@cache
def answers() -> tuple[Answers, ...]:
    """Return what every analysis has found, with and without what can be wrong with a study."""
    one = study(box(150, 4), TWO, noise=0.1, replicates=2)
    few = study(box(60, 4), TWO)
    still = study(box(150, 4), {"plain": lambda x: 0.0 * x[:, 0], "backbone": three})
    blocks = made_up.saltelli(64, 3, -np.pi, np.pi, True)
    return (
        analyse(one, against="plain"),
        analyse(one, threshold=0.5),
        analyse(one),
        analyse(replace(few, incomplete=True)),
        analyse(still, only=("correlation", "robustness", "ranking", "learning", "pawn")),
        analyse(study(blocks, made_up.ishigami)),
        analyse(study(blocks, made_up.ishigami, noise=0.1, replicates=2), only=("sobol", "pairs")),
        analyse(study(made_up.morris(30, 4, 0.0, 1.0), TWO, noise=0.1, replicates=2)),
        analyse(study(made_up.morris(30, 4, 0.0, 1.0), TWO)),
    )


def said() -> Iterator[str]:
    """Yield the report of each, with the charts that are in it, in the language that is spoken."""
    for one in answers():
        page = analysis_report(one, command=["cisim", "analyse", "study"], written="1.1.")
        page = re.sub(r"(?s)<(style|script|pre|code)\b.*?</\1>", " ", page)
        shown = re.findall(r'(?:aria-label|title)="([^"]*)"', page)
        yield unescape(" ".join([*shown, re.sub(r"<[^>]*>", " ", page)]))


def words_of(text: str) -> set[str]:
    """Return the words of three letters and more, but those of technical names."""
    without = re.sub(r"\b[\da-f]{8,}\b|\S*[_.]\w\S*|\w+-\w+\S*|--\S+|cisim \S+", " ", text)
    return set(re.findall(r"[^\W\d_]{3,}", without))


def test_every_analysis_is_tried() -> None:
    assert {one.analysis for each in answers() for one in each.answers} == set(ANALYSES)


@pytest.mark.parametrize("code", OTHERS)
def test_no_english_is_left_in_what_analyses_say(code: str) -> None:
    with speaking(ENGLISH):
        english = {word for page in said() for word in words_of(page)}
    with speaking(code), warnings.catch_warnings():
        warnings.simplefilter("error", Untranslated)
        pages = list(said())
    own = {word for page in pages for word in words_of(page)}
    assert len(own) > 150
    assert own & english == CALLED | ALIKE[code]
