"""What decides it, on the page: in words and along pi."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

import cisim
from cisim.lab.ensemble import Ensemble
from cisim.show.language.spoken import languages, speaking
from cisim.show.page.address.look import Look
from cisim.show.page.views import hanging
from cisim.world.beliefs import Beliefs
from tests.believed import made_up

LOOK = Look(view="compare", world="one-town", months=12)
PAIR = ("no-backbone", "national-and-regional")
N = 60


@pytest.fixture(scope="module")
def ensembles() -> list[Ensemble]:
    """Return futures in which both backbones are better where pi is below .1."""
    beliefs, seeds = Beliefs(), np.arange(1, N + 1)
    own, half, most = (
        beliefs.values(seeds)[:, beliefs.names.index(name)]
        for name in ("own_value", "effort_half", "wb_max")
    )
    apart = np.log(0.1 / (own * half / most))
    found = made_up({PAIR[0]: np.zeros(N), PAIR[1]: apart}, "plausible")
    return list(found.ensembles.values())


def test_it_is_asked_in_futures_that_believe_differently() -> None:
    two = [cisim.Scenario.load(name, world="one-town") for name in PAIR]
    for chosen, kind in (
        ("ensemble", "ensemble"),
        ("plausible", "plausible"),
        ("fixed", "ensemble"),
    ):
        found = hanging.believing(replace(LOOK, beliefs=chosen), two)
        assert [one.beliefs and one.beliefs.kind for one in found] == [kind, kind]
    assert hanging.believing(LOOK, two[:1]) == ()


def test_it_says_how_often_which_is_better_and_where_along_pi_that_turns(
    ensembles: list[Ensemble],
) -> None:
    said = " ".join(hanging.told(ensembles))
    assert f"of {N} futures" in said
    assert "Along π the order turns near 0." in said
    for code in languages():
        with speaking(code):
            said = " ".join(hanging.told(ensembles))
            assert not re.search(r"[a-z]_[a-z]", said), "no technical name stands in a sentence"
    titles = [one.scenario.title for one in ensembles]
    assert all(title in said for title in titles)


def test_the_chart_is_the_difference_along_pi_a_future_a_row(ensembles: list[Ensemble]) -> None:
    shown = hanging.picture(LOOK, ensembles, 390)
    assert shown is not None
    assert "π" in shown["title"]
    assert shown["svg"].count("<circle") >= N
    lines = shown["csv"].splitlines()
    assert lines[0].startswith("pi,difference of wellbeing_gain,replicates,seed")
    assert len(lines) == N + 1


def test_before_it_is_there_it_says_how_far_it_is() -> None:
    assert "20 of 200 futures are there" in hanging.waiting(20, 200)
