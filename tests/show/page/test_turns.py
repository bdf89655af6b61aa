"""Where the answer turns, on the page: asked of what is compared, searched for, told and drawn."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest

from cisim.lab.executors import pool
from cisim.lab.threshold import Threshold, threshold
from cisim.model.input_error import InputError
from cisim.show.language.spoken import languages, speaking
from cisim.show.language.texts import part
from cisim.show.page.address.look import Look, compared_of
from cisim.show.page.errands import Errand
from cisim.show.page.views import threshold as views
from cisim.show.page.views.levers import label_of

LOOK = Look(
    view="compare", world="one-town", months=12, compared=("no-backbone", "national-and-regional")
)
ASKED = views.Question("effort_half", 0.5, 8.0)


def found(look: Look, asked: views.Question = ASKED) -> Threshold:
    scenarios = [one.believing(look.beliefs) for one in compared_of(look)]
    return threshold(scenarios, replicates=8, workers=1, points=3, **asked.asked(look))


@pytest.fixture(scope="module")
def believed() -> Threshold:
    return found(LOOK)


def test_it_is_asked_who_is_best_or_from_where_a_goal_is_reached() -> None:
    assert ASKED.asked(LOOK)["until_order_turns"]
    goal = ASKED.after({"name": "goal", "value": "0.5"}).after({"name": "share", "value": "80"})
    assert goal.asked(LOOK)["goal"] == "wellbeing_gain >= 0.5 in 80%"
    members = goal.asked(replace(LOOK, outcome="member_share"))["goal"]
    assert members == "member_share >= 0.005 in 80%", "it is given as it is shown, in percent"
    less = goal.asked(replace(LOOK, outcome="service_forgone"))["goal"]
    assert "<=" in less
    other = goal.after({"name": "vary", "value": "national_fte"})
    assert (other.low, other.high) == (None, None)
    assert other.range_of() == (0.0, 12.0)
    for wrong in ({"name": "vary", "value": "nothing"}, {"name": "low", "value": "x"}):
        with pytest.raises(ValueError, match=r"."):
            ASKED.after(wrong)


def test_every_number_that_is_offered_can_be_varied(believed: Threshold) -> None:
    from cisim.lab.varied import find_varied

    for _, numbers in views.form(ASKED, LOOK)["numbers"]:
        for name, label in numbers:
            asked = ASKED.after({"name": "vary", "value": name})
            low, high = asked.range_of()
            scale = find_varied(name, believed.scenarios).scale(low, high)
            assert label
            assert scale.low < scale.high


def test_what_is_believed_has_no_present_value_and_the_doubt_is_told(believed: Threshold) -> None:
    fixed = found(replace(LOOK, beliefs="fixed"))
    assert believed.present is None
    assert fixed.present == pytest.approx(0.61)
    assert "of now" not in " ".join(believed.sentences())
    assert "each future also believes something else" in believed.sentences()[-1]
    assert "it says nothing of the model's own doubt" in fixed.sentences()[-1]


def test_the_answer_has_sentences_and_a_chart_in_each_language(believed: Threshold) -> None:
    for code in languages():
        with speaking(code):
            shown, called = views.view(believed, LOOK, 390), label_of("effort_half")
        assert len(shown["said"]) >= 1
        assert called in " ".join(shown["said"])
        assert called in shown["chart"]["title"]
        assert "effort_half" not in " ".join([*shown["said"], shown["about"]])
        lines = shown["chart"]["csv"].splitlines()
        assert len(lines) == 1 + len(believed.table())


@pytest.mark.parametrize(
    ("asked", "boxes", "given"),
    [
        (views.Question("effort_half", 99.0, None), ["low"], ["99", "0.01"]),
        (views.Question("effort_half", 1.0, 999.0), ["high"], ["999", "0.01"]),
        (views.Question("effort_half", 3.0, 2.0), ["low", "high"], ["3", "2"]),
        (views.Question("effort_half", goal=300.0), ["goal"], ["300", "100"]),
    ],
)
def test_what_cannot_be_searched_for_is_told_by_the_labels_of_the_page(
    asked: views.Question, boxes: list[str], given: list[str]
) -> None:
    said = set()
    for code in languages():
        with speaking(code):
            with pytest.raises(InputError, match=r".") as error:
                views.search(compared_of(LOOK), replace(LOOK, outcome="member_share"), asked)
            sentence = str(error.value)
            called = part("turns")
            assert "--" not in sentence
            assert "effort_half" not in sentence
            for one in [*(called[box] for box in boxes), *given]:
                assert one in sentence
            said.add(sentence)
    assert len(said) == len(languages()), said


def test_a_search_leaves_the_processes_to_whoever_waits_for_a_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(views, "FUTURES", 4)
    answers: list[Threshold] = []

    def search() -> None:
        answers.append(views.search(compared_of(LOOK), LOOK, ASKED))

    aside = threading.Thread(target=search, daemon=True)
    with pool.using:  # somebody waits for a picture, and it takes long
        aside.start()
        aside.join(120)
        assert answers


def test_what_is_dropped_is_stopped_only_once() -> None:
    heard: list[tuple[int, int]] = []
    errand = Errand(lambda done, total: heard.append((done, total)))
    errand.look_up(1, 9)
    errand.drop()
    with pytest.raises(KeyboardInterrupt):
        errand.look_up(2, 9)
    errand.look_up(3, 9)
    assert heard == [(1, 9), (3, 9)]


@pytest.mark.browser
@pytest.mark.slow
def test_a_search_goes_on_in_the_background_and_can_be_stopped(visitors: Any) -> None:
    visitor = visitors(viewport={"width": 1366, "height": 768})
    page = visitor.go("view=compare&world=one-town&months=12&compare=no-backbone,missing-sponsor")
    visitor.ready(200)
    page.get_by_role("button", name="What decides it").click()
    card = page.locator(".turns")
    card.get_by_role("button", name="Search").click()
    card.get_by_role("button", name="Stop").click()
    card.get_by_text("Stopped.").wait_for()
    card.get_by_role("spinbutton", name="from").fill("1")
    card.get_by_role("spinbutton", name="from").press("Tab")
    card.get_by_role("button", name="Search").click()
    card.locator(".found").first.wait_for()
    page.locator(".drawer .chart svg").last.wait_for()
    card.get_by_role("spinbutton", name="from").fill("99")
    card.get_by_role("spinbutton", name="from").press("Tab")
    card.locator(".found").first.wait_for(state="detached")  # another question, another answer
    # As the answer goes, who has gone on to the next box stays there.
    high = card.get_by_role("spinbutton", name="to")
    assert high.evaluate("one => one === document.activeElement")
    card.get_by_role("button", name="Search").press("Enter")  # it moves as the answer goes
    assert "99" in card.get_by_role("alert").inner_text()
