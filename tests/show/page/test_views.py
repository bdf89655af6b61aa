"""What the pages show, from finished futures."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cisim.lab.simulate import Ensemble, simulate
from cisim.model.outcomes import OUTCOMES
from cisim.model.parameters import Parameters, declarations
from cisim.show.page import (
    about,
    address,
    compared,
    explore,
    films,
    futures,
    levers,
    presets,
    words,
)
from cisim.show.page.actions import act
from cisim.show.page.address import Look
from cisim.show.page.dated import described, kinds
from cisim.show.page.kept import GOALS, KEPT, SHOWN
from cisim.show.page.pictures import with_cursor
from cisim.world.events import EVENTS
from cisim.world.scenario import LEVERS, Scenario

TOWN = Look(view="explore", world="one-town", months=24)


def run(look: Look, replicates: int = 12) -> list[Ensemble]:
    made = compared_or_one(look)
    return [simulate(one, replicates, 1, outcomes=KEPT, by_region=True) for one in made]


def compared_or_one(look: Look) -> list[Scenario]:
    return address.compared(look) if look.view == "compare" else explore.scenarios(look)


@pytest.fixture(scope="module")
def town() -> list[Ensemble]:
    return run(TOWN)


@pytest.fixture(scope="module")
def three() -> list[Ensemble]:
    return run(replace(TOWN, view="compare"))


# --- declarations ----------------------------------------------------------------------------


def test_every_lever_and_every_uncertain_belief_has_a_control_with_evidence() -> None:
    panel = levers.board()
    names = [one["name"] for group in panel["levers"] for one in group["controls"]]
    roots = {name.split(".")[0] for name in names}
    assert roots == set(LEVERS)
    beliefs = [one["name"] for group in panel["assumptions"] for one in group["controls"]]
    known = declarations(Parameters)
    assert beliefs == [name for name, one in known.items() if not one.constant] or set(beliefs) == {
        name for name, one in known.items() if not one.constant
    }
    for group in (*panel["levers"], *panel["assumptions"]):
        assert 1 <= len(group["controls"]) <= levers.MOST
        for one in group["controls"]:
            assert one["meaning"]
            assert one["evidence"]
            assert one["source"]


def test_a_changed_control_says_so() -> None:
    look = act(TOWN, {"do": "set", "name": "trust_memory", "value": 60})
    values = levers.values(look)
    assert values["changed"] == ["trust_memory"]
    assert values["of"]["trust_memory"] == 60
    assert set(values["of"]) == {
        one["name"]
        for groups in levers.board().values()
        for group in groups
        for one in group["controls"]
    }


def test_every_kind_of_event_is_offered_and_can_be_added() -> None:
    assert [one["kind"] for one in kinds()] == list(EVENTS)
    for kind in kinds():
        event: dict[str, Any] = {"kind": kind["kind"], "month": 3}
        event.update({field["name"]: field["default"] for field in kind["fields"]})
        look = act(TOWN, {"do": "add-event", "event": event})
        assert described(explore.address.plain_events(address.scenario(look))[0])


def test_every_outcome_that_is_kept_exists_and_goals_can_be() -> None:
    from cisim.lab.value import NEEDED
    from cisim.show.report import KEPT as REPORTED

    assert set(KEPT) <= set(OUTCOMES)
    assert {*NEEDED, *REPORTED} <= set(KEPT)
    for name, goal in GOALS.items():
        assert name in SHOWN
        low, high = OUTCOMES[name].bounds
        assert low <= goal <= high


def test_about_shows_every_number_with_its_source() -> None:
    rows = [row for group in about.view()["groups"] for row in group["rows"]]
    assert {row[0] for row in rows} == set(declarations(Parameters))
    assert all(row[4] for row in rows)
    assert len(about.view()["limits"]) >= 8


def test_no_text_is_empty() -> None:
    def all_of(part: Any) -> Any:
        for value in part.values():
            if isinstance(value, dict):
                yield from all_of(value)
            else:
                yield value

    assert all(all_of(words.texts()))


# --- pictures --------------------------------------------------------------------------------


def test_the_headline_counts_futures(town: list[Ensemble]) -> None:
    values = town[0].at("wellbeing_gain")
    goal = float(np.sort(values)[4])
    look = replace(TOWN, goal=goal)
    assert explore.headline(look, town[0]) == "8 of 12 futures reach the goal"


def test_a_goal_for_what_should_be_low_is_reached_from_above() -> None:
    values = np.array([0.1, 0.2, np.nan, 0.3])
    assert explore.reached(values, 0.2, "service_forgone") == 2
    assert explore.reached(values, 0.2, "wellbeing_gain") == 2


@pytest.mark.parametrize("outcome", SHOWN)
def test_every_outcome_has_a_picture_and_limits(town: list[Ensemble], outcome: str) -> None:
    look = replace(TOWN, outcome=outcome)
    shown = explore.picture(look, town)
    assert shown["headline"]
    assert len(shown["charts"]) == 2
    assert explore.frame(look)["limits"]


def test_files_of_a_chart_say_what_they_are_made_from(town: list[Ensemble]) -> None:
    chart = explore.picture(TOWN, town)["charts"][0]
    head, first, *rest = chart["csv"].splitlines()
    assert head.endswith("futures,seed,version,manifest")
    assert first.split(",")[-4:-2] == ["12", "1"]
    assert len(rest) == 24
    assert "12 futures" in chart["svg"]


def test_the_cursor_stands_at_its_month(town: list[Ensemble]) -> None:
    svg = explore.picture(TOWN, town)["charts"][0]["svg"]
    first, last = (with_cursor(svg, month, 24, "here") for month in (0, 24))
    assert first != last
    assert with_cursor("<svg></svg>", 1, 24, "here") == "<svg></svg>"


def test_a_branch_is_the_same_run_until_its_month() -> None:
    event = {"kind": "turnover-wave", "month": 12, "share": 1.0}
    base, branch = run(act(TOWN, {"do": "branch", "event": event}), 3)
    assert np.array_equal(base.values[:, :13], branch.values[:, :13], equal_nan=True)
    assert not np.array_equal(base.values[:, 13:], branch.values[:, 13:], equal_nan=True)


def test_how_sure_shows_the_less_generous_values(town: list[Ensemble]) -> None:
    wanted = explore.sure_scenarios(TOWN)
    assert [one.parameters.effort_half for one in wanted] == [1.0, 3.0]
    table = explore.sure(TOWN, town[0], {})
    assert table is not None
    assert len(table["rows"]) == 3
    assert explore.sure(replace(TOWN, outcome="trust_eligible"), town[0], {}) is None


def test_compare_shows_verdicts_and_only_what_differs(three: list[Ensemble]) -> None:
    look = replace(TOWN, view="compare")
    shown = compared.picture(look, three)
    assert len(shown["verdicts"]) == 2
    frame = compared.frame(look)
    assert [row[0].split(" (")[0] for row in frame["differs"]["rows"]] == [
        "National staff",
        "Regional backbones",
        "Link of sponsors to the backbone",
    ]
    costs = compared.costs(look, three, compared.Prices())
    assert len(costs["rows"]) == 3
    assert all(len(row) == len(costs["heads"]) for row in costs["rows"])


def test_a_verdict_never_says_more_than_the_interval() -> None:
    row = {
        "n": 20, "equal": 0, "distinct": False, "mean": 1.0, "low": -1.0, "high": 3.0, "better": 12,
    }  # fmt: skip
    assert "cannot be told apart" in compared.verdict(row, "wellbeing_gain")
    assert "few" in compared.verdict({**row, "n": 3}, "wellbeing_gain")
    assert "the same" in compared.verdict({**row, "equal": 20}, "wellbeing_gain")
    better = {**row, "distinct": True, "low": 0.5}
    assert compared.verdict(better, "wellbeing_gain").startswith("better in 12 of 20")
    assert compared.verdict(better, "service_forgone").startswith("worse")


# --- futures ---------------------------------------------------------------------------------


def heard(engine: futures.Engine, look: Look, asked: int) -> list[futures.News]:
    done, found = threading.Event(), []

    def tell(news: futures.News) -> None:
        found.append(news)
        if news.finished:
            done.set()

    engine.ask(explore.scenarios(look), look.seed, asked, tell)
    assert done.wait(60)
    return found


@pytest.fixture(scope="module")
def engine() -> Any:
    made = futures.Engine()
    made._workers = 1
    yield made
    made.close()


def test_a_picture_sharpens_to_the_same_bits_as_one_run(engine: futures.Engine) -> None:
    look = replace(TOWN, months=12, seed=5)
    steps = heard(engine, look, 40)
    assert [news.done for news in steps] == [20, 40]
    whole = simulate(explore.scenarios(look)[0], 40, 1, 5, outcomes=KEPT, by_region=True)
    found = steps[-1].ensembles[0]
    assert np.array_equal(found.values, whole.values, equal_nan=True)
    assert np.array_equal(found.seeds, whole.seeds)
    assert [news.done for news in heard(engine, look, 40)] == [40]
    assert futures.first(found, 20).asked == 20


def test_what_cannot_be_run_is_told_in_a_sentence(
    engine: futures.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise FloatingPointError("too much")

    monkeypatch.setattr(futures, "run_ensembles", fails)
    (news,) = heard(engine, replace(TOWN, seed=77), 20)
    assert news.finished
    assert "too much" in news.error


def test_a_cancelled_ticket_is_heard_no_more(engine: futures.Engine) -> None:
    found: list[futures.News] = []
    ticket = engine.ask(explore.scenarios(replace(TOWN, seed=78)), 78, 200, found.append)
    ticket.cancel()
    heard(engine, replace(TOWN, months=12, seed=5), 20)
    assert not any(news.finished for news in found)


def test_names_and_titles_do_not_decide_futures_but_levers_do() -> None:
    one = address.scenario(TOWN)
    key = futures.cache_key(one, 1)
    assert futures.cache_key(one.with_(title="other", name="other"), 1) == key
    assert futures.cache_key(one, 2) != key
    assert futures.cache_key(one.set({"national_fte": 9.0}), 1) != key


def test_steps_begin_quick_and_end_with_what_is_asked() -> None:
    for organisations in (30, 370):
        steps = [0]
        while steps[-1] < futures.FULL:
            steps.append(futures.next_step(steps[-1], futures.FULL, organisations))
        assert steps[1] == (20 if organisations == 30 else 8)
        assert steps[-1] == futures.FULL


def test_a_preset_comes_back_as_it_was(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, town: list[Ensemble]
) -> None:
    monkeypatch.setattr(presets, "folder", lambda: tmp_path)
    whole = replace(town[0], asked=presets.FUTURES)
    presets.store("key", whole)
    again = presets.load("key", town[0].scenario)
    assert again is not None
    assert np.array_equal(again.values, town[0].values, equal_nan=True)
    (tmp_path / "key.npz").write_bytes(b"damaged")
    assert presets.load("key", town[0].scenario) is None


def test_a_film_is_made_once() -> None:
    one = address.scenario(TOWN)
    assert films.film_of(one, 1) is films.film_of(one, 1)
