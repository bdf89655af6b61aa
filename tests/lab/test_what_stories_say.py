"""What a shipped story says beside its figures is so, in the futures that it tells."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from cisim.lab.simulate import simulate
from cisim.lab.story import FUTURES, Shown, ToldStory, tell
from cisim.world.scenario import Scenario
from cisim.world.story import Story

pytestmark = pytest.mark.slow

GAIN = "wellbeing_gain"
HOMES = ("community-trust", "health-provider", "new-structure")
LATE = 1 / 3
"""Late is what has come to less than this share of what ten years bring."""


@cache
def told(name: str) -> ToldStory:
    found = tell(Story.load(name), FUTURES)
    assert found is not None
    return found


def saying(name: str, words: str) -> Shown:
    """Return the step of a story whose text has these words: if they go, what holds them goes."""
    (one,) = (shown for shown in told(name).steps if words in shown.told.step.text)
    return one


def answers(name: str) -> list[str]:
    return [shown.found.answer for shown in told(name).steps]


def at(name: str, scenario: str, month: int, outcome: str = GAIN) -> np.ndarray:
    """Return an outcome in each future, of a scenario as the story has it."""
    one = next(one for one in told(name).ensembles if one.name == scenario)
    return np.asarray(one.at(outcome, month))


def test_effects_on_children_are_late_in_one_town() -> None:
    early = saying("three-structures", "effects on children are late").figures[GAIN]
    assert 0 < early < LATE * saying("three-structures", "Now children gain").figures[GAIN]
    only = saying("three-structures", "the organisations' own work is worth something").figures
    assert only[GAIN] > 0
    left = saying("three-structures", "points are left").figures[GAIN]
    assert only[GAIN] < left
    assert answers("three-structures") == ["up", "up", "down", "down", "down"]


def test_a_layer_across_countries_shows_late() -> None:
    name = "alive-and-thrive"
    early = saying(name, "results of such a layer are late").figures[f"{GAIN} change"]
    ten = saying(name, "How much of that rests on").found.difference.mean
    assert early < 0
    assert abs(early) < LATE * abs(float(ten))
    alone = saying(name, "at a fraction of its quality")
    assert alone.found.answer == "up", "one level that works as well alone gains more"


def test_gains_go_on_in_finland_after_the_money_has_ended() -> None:
    name = "finland-2020"
    before = saying(name, "points so far").figures[GAIN]
    after = saying(name, "Gains of children come late, so they stand at").figures
    assert after[GAIN] > before
    region_pays = at(
        name, "finland-2020-ends", told(name).steps[3].told.here.month, "regional_staff"
    )
    assert region_pays == pytest.approx(1.0)
    assert saying(name, "in the east, where nobody is paid yet").figures["members in Siunsote"] == 0
    waited = saying(name, "Whoever had built relations was gone for a year")
    assert waited.figures[f"{GAIN} change"] < 0


def test_volunteers_cost_more_in_san_francisco_than_they_bring() -> None:
    missing = saying("getting-to-zero", "are missing in the members' own joint work")
    assert missing.figures[f"{GAIN} change"] > 0


def test_of_homes_it_matters_less_which_than_that_somebody_is_there() -> None:
    name = "nz-locality"
    trust = saying(name, "mattered less than that somebody was there")
    nobody = float(trust.found.difference.mean)
    homes = [
        float(simulate(Scenario.load(f"nz-{one}"), FUTURES, 1, outcomes=[GAIN]).at(GAIN).mean())
        for one in HOMES
    ]
    assert max(homes) - min(homes) < -nobody
    alone = saying(name, "here the trust, there the health provider or something new")
    month = alone.told.here.month
    assert alone.figures["community_trust change"] < 0
    of_home = [set(np.round(at(name, f"nz-{one}", month, "community_trust"), 6)) for one in HOMES]
    chosen = set(np.round(at(name, "nz-group-alone", month, "community_trust"), 6))
    assert chosen == set.union(*of_home), "each is chosen somewhere"


def test_in_malmo_nobody_takes_the_orchestrator_s_place_and_another_funder_turns_it_from_need() -> (
    None
):
    name = "ungas-vagar"
    without = saying(name, "After eight years only").figures["members"]
    assert without < saying(name, "are left").figures["members"]
    scenarios = [
        saying(name, words).told.here for words in ("are left", "Work then fits need less")
    ]
    fits = [
        simulate(one.scenario, FUTURES, 1, outcomes=["fit_to_need"], at=[one.month])
        for one in scenarios
    ]
    assert fits[1].at("fit_to_need").mean() < fits[0].at("fit_to_need").mean()


def test_in_backby_those_who_know_each_other_go_on_for_a_while() -> None:
    stays = saying("backby", "The post ends now")
    assert stays.found.answer == "same"
    assert saying("backby", "carry themselves for a while").figures["members"] > 0.9 * float(
        stays.looked.mean
    )


def test_what_is_begun_late_is_late_for_young_people_too() -> None:
    name = "pa-lika-villkor"
    late = saying(name, "What is begun late is late for children as well")
    assert late.figures[GAIN] < float(saying(name, "It takes years").looked.mean)
    assert saying(name, "Both have the same half post now").found.answer == "up"
    begin = saying(name, "Two organisations begin, and nobody is paid")
    assert float(begin.looked.mean) == 2
