"""The chart of a search: its front, its budget, and what it is held against."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import cisim
from cisim.lab.optimise import Optimised
from cisim.lab.optimise.beliefs import read_beliefs
from cisim.lab.optimise.budget import Budget, Who
from cisim.lab.optimise.found import SAYS, Beside, Chosen, Tried
from cisim.lab.optimise.goals import Reached
from cisim.lab.optimise.levers import read_levers
from cisim.show.charts import front
from cisim.show.language.spoken import languages, speaking
from tests.show.test_charts import NASTY, assert_reads_well, everything

TOWN = cisim.Scenario.load("national-and-regional", world="one-town", months=24)
LEVERS = read_levers({"add.regional.fte": "0..2/0.1"}, TOWN, "foundation")


def reached(spent: float, effect: float, n: int = 40) -> Reached:
    luck = np.random.default_rng(1).normal(scale=abs(effect) / 3 + 1e-9, size=n)
    paid = np.full((1, 2), spent)
    flat = np.full(n, spent)
    return Reached(effect + luck, luck, flat, flat + 1000.0, paid, paid, spent - 100_000.0)


def made_up(scale: float = 1.0, **changes: Any) -> Optimised:
    money = [0.0, 30_000.0, 60_000.0, 90_000.0, 96_000.0, 120_000.0]
    effects = [0.0, 0.3, 0.5, 0.6, 0.6, 0.7]
    tried = tuple(
        Tried((m / 60_000,), reached(m, scale * e)) for m, e in zip(money, effects, strict=True)
    )
    nothing = reached(0.0, 0.0)
    found = Optimised(
        scenario=TOWN,
        levers=LEVERS,
        budget=Budget(100_000.0, {}),
        who=(Who("foundation", False, 60_000.0),),
        payer="foundation",
        goals=("effect", "spent"),
        beliefs=read_beliefs(4, 40, 1, []),
        years=("1", "2"),
        evaluations=6,
        tried=tried,
        front=(4, 3, 2, 1, 0),
        again={at: reached(money[at], scale * effects[at] * 0.9) for at in (4, 3, 2, 1, 0)},
        without=Beside(nothing, nothing),
        own=Beside(tried[5].reached, reached(120_000.0, scale)),
        chosen=(
            Chosen(4, SAYS("most_effect")),
            Chosen(2, SAYS("knee")),
            Chosen(1, SAYS("least_money")),
        ),
    )
    return replace(found, **changes)


@pytest.mark.parametrize("width", [320, 390, 640, 900])
@pytest.mark.parametrize("scale", [1.0, -1.0, 1e-4, 0.0, 5e4])
def test_a_front_reads_well_at_every_width(scale: float, width: int) -> None:
    assert_reads_well(front(made_up(scale), width=width, footer="cisim"))


@pytest.mark.parametrize("code", languages())
def test_no_word_is_cut_on_a_phone(code: str) -> None:
    with speaking(code):
        assert "…</text>" not in front(made_up(), width=390, footer="cisim").svg


def test_what_is_shown_can_be_read_without_the_picture() -> None:
    chart = front(made_up())
    assert chart.table["who"].tolist()[:2] == ["no backbone", TOWN.name]
    assert len(chart.table) == 7
    said = everything(chart)
    for words in ("budget 100,000", "1 most effect", "no backbone", "Grey dots"):
        assert words in " ".join(said.split()), words
    assert "Most is gained by regional post 1.6 FTE" in chart.summary


def test_without_a_total_there_is_no_line_of_the_budget() -> None:
    chart = front(made_up(budget=Budget(None, {"foundation": 5.0})))
    assert "budget " not in everything(chart).replace("the budget", "")
    assert chart.title == "Best use of 5 a year from foundation"


def test_names_that_are_no_words_stay_text() -> None:
    chart = front(made_up(payer=NASTY), title=NASTY)
    assert_reads_well(chart)
    assert "<script" not in chart.svg
