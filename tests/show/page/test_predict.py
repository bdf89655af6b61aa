"""Predict, reveal, replay in Explore: what is asked, beside what, and what the runs answer."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cisim.lab.ensemble import OVERALL, Ensemble
from cisim.lab.simulate import run_ensembles
from cisim.show.language.spoken import speaking
from cisim.show.page.address.look import Look, compared_of, decides, scenario_of
from cisim.show.page.futures.keys import cache_key
from cisim.show.page.outcomes import PICTURES
from cisim.show.page.session import Session
from cisim.show.page.views import predict
from cisim.show.page.views.colours import places
from cisim.show.page.views.predict import SAME, Asked, ask, asked

NONE = Look(view="explore", scenario="no-backbone", world="one-town", months=24, outcome="members")
BOTH = replace(NONE, scenario="national-and-regional")


def run(*looks: Look) -> list[Ensemble]:
    return [
        run_ensembles([scenario_of(look)], 8, 1, 1, outcomes=PICTURES.outcomes, by_region=True)[0]
        for look in looks
    ]


@pytest.fixture(scope="module")
def both() -> list[Ensemble]:
    return run(NONE, BOTH)


def test_what_has_begun_is_asked_from_the_month_that_is_looked_at(both: list[Ensemble]) -> None:
    found = asked(ask(NONE, both[0], 12, 1, Session()), NONE, both[0])
    assert found["here"]["month"] == 12
    assert found["then"] == {"scenario": found["here"]["scenario"], "month": 24}
    chart = found["chart"]
    middle = np.median(both[0].at("members", 24))
    assert chart["then"]["mean"][-1] == pytest.approx(middle, abs=10.0 ** -(chart["decimals"] + 2))
    assert len(chart["here"]["mean"]) == 13
    assert "Month 12" in found["question"] or "month 12" in found["question"]


def test_another_scenario_is_asked_beside_the_one_before(both: list[Ensemble]) -> None:
    seen = ask(NONE, both[0], 24, 3, Session())
    assert set(asked(seen, NONE, both[0])) == {"number", "wants"}, "all of it has been seen"
    found = asked(seen, BOTH, both[1])
    assert found["here"]["scenario"] != found["then"]["scenario"]
    assert found["here"]["month"] == found["then"]["month"] == 24
    apart = both[1].at("members", 24) - both[0].at("members", 24)
    within = found["chart"]["within"]
    assert within == pytest.approx(SAME * (found["chart"]["high"] - found["chart"]["low"]))
    assert np.median(apart) > within
    assert found["answer"] == "up"
    many = int((apart > within).sum())
    assert f"in {many} of 8 futures" in found["answer_words"]
    back = asked(ask(BOTH, both[1], 24, 4, Session()), NONE, both[0])
    assert back["answer"] == "down"


def test_a_path_that_nobody_has_seen_is_asked_beside_the_ghost(both: list[Ensemble]) -> None:
    session = Session()
    session.settle(NONE, both[0])
    session.settle(BOTH, both[1])
    found = asked(ask(BOTH, both[1], 0, 1, session), BOTH, both[1])
    assert "“No backbone" in found["question"]
    colours = [places(look, [one.name])[0] for look, one in zip((NONE, BOTH), both, strict=True)]
    assert [found["here"]["scenario"], found["then"]["scenario"]] == colours
    begun = ask(BOTH, both[1], 6, 1, session)
    assert begun.key == decides(BOTH), "what has begun goes on"


def test_what_hardly_moves_is_about_the_same(both: list[Ensemble]) -> None:
    found = asked(Asked(1, both[0], decides(NONE), 24, 0, beside=True), NONE, both[0])
    assert found["answer"] == "same"
    assert "8 of 8" in found["answer_words"]


@pytest.mark.parametrize(
    ("up", "down", "same", "said"),
    [
        (3, 3, 2, "About the same in the middle of all futures (+0), but in 2 of 8 futures only."),
        (2, 2, 4, "About the same (+0; in 4 of 8 futures)."),
    ],
)
def test_a_way_that_most_futures_do_not_go_is_the_middle_s_alone(
    both: list[Ensemble], up: int, down: int, same: int, said: str
) -> None:
    apart = np.array([40.0] * up + [-40.0] * down + [0.0] * same)
    values = both[0].values.copy()
    where = both[0].regions.index(OVERALL), both[0].outcomes.index("members")
    values[:, -1, where[0], where[1]] += apart
    found = asked(
        Asked(1, both[0], decides(NONE), 24, 0, beside=True),
        replace(NONE, seed=2),
        replace(both[0], values=values),
    )
    assert found["answer"] == "same"
    assert found["answer_words"] == said


def test_a_guess_has_the_axis_of_the_session(both: list[Ensemble]) -> None:
    of = ask(NONE, both[0], 12, 1, Session())
    low, high = 0.0, 300.0
    chart = asked(of, NONE, both[0], (low, high))["chart"]
    assert (chart["low"], chart["high"]) == (low, high)
    assert asked(of, NONE, both[0])["chart"]["high"] < high


def test_what_is_compared_is_asked_beside_the_first_one_after_the_other() -> None:
    names = ("no-backbone", "national-and-regional", "missing-sponsor")
    look = replace(NONE, view="compare", compared=names)
    three = run_ensembles(
        compared_of(look), 8, 1, 1, outcomes=PICTURES.outcomes, by_region=True
    )  # fmt: skip
    there = places(look, names)
    found = [predict.between(k, look, three) for k in (1, 2, 3)]
    assert [one["names"] for one in found[:2]] == [
        {there[0]: "No backbone", there[1]: "Both backbones"},
        {there[0]: "No backbone", there[2]: "Missing sponsor"},
    ]
    assert found[2] == {**found[0], "number": 3, "kept": {"number": 3}}, (
        "after the last comes the first again"
    )
    for one, place in zip(found, there[1:], strict=False):
        assert [one[at]["scenario"] for at in ("here", "then")] == [there[0], place]
        assert [one[at]["month"] for at in ("here", "then")] == [24, 24]
        assert one["answer"] == "up"
        assert "“No backbone" in one["question"]


def test_another_time_or_place_is_asked_alone(both: list[Ensemble]) -> None:
    other = replace(NONE, months=12)
    found = asked(Asked(1, both[0], decides(NONE), 24, 0), other, run(other)[0])
    assert found["here"] == {**found["then"], "month": 0}


def test_it_is_asked_in_the_language_that_is_spoken(both: list[Ensemble]) -> None:
    with speaking("fi"):
        found = asked(ask(NONE, both[0], 12, 1, Session()), NONE, both[0])
        words = predict.words()
    assert found["question"] == "Jäsenet: miten käy tästä (kuukausi 12) loppuun?"
    assert found["options"]["up"] == "Nousee"
    assert words["reveal"] == "Näytä, mitä ajot kertovat"


def test_a_question_that_a_browser_has_kept_is_asked_once_more(both: list[Ensemble]) -> None:
    session = Session()
    session.settle(NONE, both[0])
    session.settle(BOTH, both[1])
    for first, look, now in (
        (ask(NONE, both[0], 12, 3, Session()), NONE, both[0]),
        (ask(NONE, both[0], 24, 3, Session()), BOTH, both[1]),
        (ask(BOTH, both[1], 0, 3, session), BOTH, both[1]),
    ):
        before = asked(first, look, now)
        again = predict.Again.of(json.loads(json.dumps(before["kept"])))
        believed = scenario_of(NONE).believing(NONE.beliefs)
        assert [cache_key(one, 1) for one in again.scenarios] == [cache_key(believed, 1)]
        assert asked(again.asked(both[0]), look, now) == before


def test_a_question_of_a_scenario_of_ones_own_keeps_its_name(both: list[Ensemble]) -> None:
    look = replace(NONE, title="Our town")
    own = replace(both[0], scenario=scenario_of(look))
    kept = predict.told_of(ask(look, own, 12, 1, Session()))
    assert predict.Again.of(kept).scenarios[0].title == "Our town"


@pytest.mark.parametrize(
    "change",
    [{"month": 25}, {"month": "x"}, {"number": 0}, {"place": 99}, {"reference": "/?scenario=none"}],
)
def test_what_a_browser_cannot_have_kept_is_not_asked(
    both: list[Ensemble], change: dict[str, object]
) -> None:
    kept = predict.told_of(ask(NONE, both[0], 12, 1, Session()))
    predict.Again.of(kept)
    with pytest.raises((KeyError, TypeError, ValueError)):
        predict.Again.of({**kept, **change})


@pytest.mark.slow
@pytest.mark.browser
def test_an_open_guess_outlives_a_reload_and_another_language(visitor: Any) -> None:
    page = visitor.go("view=explore&world=one-town&month=24")
    visitor.ready(200)
    page.locator("button.predict").click()
    page.locator(".guess-place .raise").first.wait_for()

    def hands() -> list[str]:
        page.locator(".guess-place .raise").first.wait_for()
        return page.locator(".guess-place .raise output").all_inner_texts()

    for key in "1113":
        page.keyboard.press(key)
    assert hands() == ["3", "0", "1"]
    question = page.locator(".guess-place h2").inner_text()
    page.reload()
    assert hands() == ["3", "0", "1"]
    assert page.locator(".guess-place h2").inner_text() == question
    page.locator(".languages a[lang=fi]").click()
    page.wait_for_selector("html[lang=fi]")
    assert hands() == ["3", "0", "1"]
    assert page.locator(".guess-place h2").inner_text() != question
    assert page.locator(".one-answer .chart.stale").count() == 0
    page.wait_for_function("() => !document.querySelector('.guess-place .forward').disabled")
    page.keyboard.press("v")
    sentence = page.locator(".guess-place .sentence").inner_text()
    page.reload()
    assert page.locator(".guess-place .sentence").inner_text() == sentence
    page.locator(".guess-place .forward").click()
    page.locator("button.predict").wait_for()
    page.reload()
    page.locator(".one-answer .chart svg").wait_for()
    assert page.locator(".guess-place").count() == 0
