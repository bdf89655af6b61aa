"""What each one is worth on the page: step by step, put together, and in words."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from cisim.lab.ensemble import Ensemble
from cisim.lab.shapley import shapley
from cisim.lab.simulate import run_ensembles
from cisim.lab.worths import SAVED
from cisim.show.language.spoken import speaking
from cisim.show.page import worths
from cisim.show.page.address.look import Look, scenario_of
from cisim.show.page.errands import Errand
from cisim.show.page.outcomes import CARRIED
from cisim.show.page.views import carried, differ, worth
from cisim.show.page.worths import Asked, known, work_on
from cisim.world.scenario import Scenario

LOOK = Look(view="explore", world="one-town", scenario="regional-only", months=24)
HERE = scenario_of(LOOK)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worths, "STEPS", (2, 5))
    worths._kept.clear()


def step(asked: Asked, here: Scenario = HERE) -> worths.Worths:
    found = work_on(here, asked, Errand())
    assert found is not None
    return found


def test_steps_put_together_are_what_the_lab_says_of_all_their_futures() -> None:
    asked = Asked("roles", "wellbeing_gain", 1)
    assert step(asked).seeds.tolist() == [1, 2]
    found = step(asked)
    assert found.seeds.tolist() == [1, 2, 3, 4, 5]
    whole = shapley(HERE, "roles", replicates=5, workers=1, beliefs="fixed")
    for reading in whole.readings:
        np.testing.assert_array_equal(found.worths[reading], whole.worths[reading])
    assert found.table().equals(whole.table())
    assert known(HERE, asked) is found
    assert step(asked) is found  # nothing is left to do


def test_sectors_are_told_apart_in_every_step_and_know_who_is_a_member() -> None:
    asked = Asked("sectors", "members", 7)
    step(asked)
    found = step(asked)
    assert found.seeds.tolist() == [7, 8, 9, 10, 11]
    assert found.members is not None
    assert found.members.shape == (5, len(found.players))
    whole = shapley(
        HERE, "sectors", outcome="members", replicates=5, workers=1, seed=7, beliefs="fixed"
    )
    np.testing.assert_array_equal(found.worths[""], whole.worths[""])


def test_what_nobody_wants_any_more_stops_and_keeps_nothing() -> None:
    errand = Errand()
    errand.drop()
    asked = Asked("roles", "wellbeing_gain", 3)
    assert work_on(HERE, asked, errand) is None
    assert known(HERE, asked) is None


def test_it_can_be_asked_of_whom_there_is() -> None:
    def of(scenario: str, world: str) -> list[str]:
        return list(worth.kinds(scenario_of(Look(scenario=scenario, world=world))))

    assert of("no-backbone", "one-town") == ["organisations", "sectors"]
    assert of("regional-only", "one-town") == ["roles", "organisations", "sectors"]
    assert of("national-and-regional", "") == ["roles", "levels", "sectors"]
    wanted = worth.asked(worth.Question("levels"), LOOK, HERE)
    assert wanted.of == "roles"  # there is one level only
    question = worth.Question().after({"do": "worth-of", "value": "nobody"})
    assert question == worth.Question()


@pytest.mark.parametrize("code", ["en", "fi", "sv"])
def test_the_table_says_what_it_stands_on(code: str) -> None:
    asked = Asked("roles", "wellbeing_gain", 1)
    step(asked)
    found = step(asked)
    with speaking(code):
        view, waiting = worth.view(found, asked), worth.waiting(found)
    assert len(view["rows"]) == 4
    means = found.table()
    means = means[means["reading"] == SAVED]["mean"].sort_values(ascending=False)
    assert [row["cells"][0][0] for row in view["rows"]] == [
        "+" if mean > 0.0 else "\N{MINUS SIGN}" for mean in means
    ]
    for row in view["rows"]:
        left, width = row["bar"]
        low, reach = row["line"]
        assert min(left, low) >= -0.01
        assert max(left + width, low + reach) <= 100.01
    assert all(len(row["cells"]) == len(view["heads"]) - 1 for row in view["rows"])
    assert view["csv"].count("\n") == 1 + 2 * 4
    luck = {"en": "only luck differs", "fi": "vain sattuma", "sv": "bara slumpen"}[code]
    assert luck in view["said"][-1].lower()
    assert "5" in waiting


@pytest.mark.parametrize(
    ("code", "words"),
    [("en", "luck and belief"), ("fi", "sattuma ja oletukset"), ("sv", "slump och antaganden")],
)
def test_futures_that_believe_differently_say_so_and_what_each_ensemble_says(
    code: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(differ, "FEWEST", 2)
    believing, asked = HERE.believing("ensemble"), Asked("roles", "wellbeing_gain", 1)
    step(asked, believing)
    found = step(asked, believing)
    whole = shapley(HERE, "roles", replicates=5, workers=1)  # left out, it is the ensembles
    np.testing.assert_array_equal(found.worths[SAVED], whole.worths[SAVED])
    assert known(HERE, asked) is None  # luck alone is another question
    with speaking(code):
        said = worth.view(found, asked)["said"]
    assert words in said[-1]
    gain = found.difference(SAVED)
    told = [float(one.replace(",", ".")) for one in re.findall(r"\d+[.,]\d+", said[-2])]
    means = [gain[::2].mean(), gain[1::2].mean()]  # seeds take from the two in turns
    assert told == pytest.approx(np.abs(means), abs=0.6e-3)


def in_months(look: Look) -> tuple[Ensemble, dict[str, Any]]:
    here = scenario_of(look)
    (found,) = run_ensembles([here], 2, 1, 1, outcomes=CARRIED.outcomes, by_region=True)
    return found, carried.matrix(look, found)


def test_the_matrix_has_each_month_and_says_who_is_not_there() -> None:
    found, view = in_months(LOOK)
    of = {row["name"]: row for row in view["functions"]}
    assert all(len(row["levels"].split()) == 25 for row in view["functions"])
    assert set(of["initiator"]["levels"].split()) == {"0"}  # without a national backbone
    place = found.outcomes.index("function_implementor")
    mean = float(np.nanmean(found.values[:, 24, -1, place]))
    levels = np.cumsum([int(one) for one in of["implementor"]["levels"].split()])
    assert levels[24] == round(100 * mean)
    keepers = {one["name"]: one for one in view["keepers"]}
    assert keepers["national"]["paid"] == keepers["national"]["there"] == []
    assert keepers["regional"]["paid"] == keepers["regional"]["there"] == [(0, 25)]
    assert keepers["sponsors"]["paid"] is None


def test_a_post_that_nobody_pays_is_none_and_a_member_that_leads_is_told() -> None:
    look = Look(view="explore", world="one-town", scenario="missing-sponsor", months=72)
    _, view = in_months(look)
    keepers = {one["name"]: one for one in view["keepers"]}
    # Sponsors may pay a post from month 0 on; there are none, so it ends with the seed money.
    assert keepers["regional"]["paid"] == [(0, 61)]
    assert keepers["regional"]["there"] == [(0, 73)]
    assert keepers["national"]["paid"] == [(0, 73)]
    assert keepers["sponsors"]["there"] == []
