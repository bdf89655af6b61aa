"""A story's figures are those of the runs, and its answers those of the differences."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tomli_w

import cisim
from cisim.lab.story import tell
from cisim.model.parameters import Parameters
from cisim.show.language.spoken import speaking
from cisim.show.story_in_words import answer_of, figure, looked_at, markdown, plain, text_of
from cisim.world.files import shipped
from cisim.world.story import Story

LOOK = {"outcome": "members"}


def step(scenario: str, month: int, **more: Any) -> dict[str, Any]:
    text = "Now {members} do. That is {member_share in Town}."
    predict = {"question": "And then?", "within": 1.0, **more.pop("predict", {})}
    plain = {"title": "T", "scenario": scenario, "month": month, "text": text, "look": LOOK}
    return {**plain, "predict": predict, **more}


def story(*steps: dict[str, Any]) -> Story:
    said = {"title": "S", "about": "A.", "source": "Made up", "world": "one-town",
            "steps": list(steps)}  # fmt: skip
    return Story.read(tomli_w.dumps(said), "s.toml", "s")


def test_an_answer_that_most_futures_do_not_give_is_said_to_be_that_of_the_mean(told: Any) -> None:
    shown = told.steps[0]
    few = replace(shown, found=shown.found._replace(agree=0.25))
    assert "on average (" in answer_of(few, 4)
    assert answer_of(few, 4).endswith("), but in 1 of 4 futures only.")
    half = replace(shown, found=shown.found._replace(agree=0.5))
    assert answer_of(half, 4).endswith("; in 2 of 4 futures).")


def test_how_much_less_effective_a_story_says_joint_work_is_fits_what_it_sets() -> None:
    default = Parameters().effort_half
    path = shipped("stories")["three-structures"]
    last = Story.read(path.read_text("utf-8"), path.name, path.stem).steps[-1].step.predict
    assert "about five times less effective" in last.question
    assert last.then is not None
    assert round(last.then.set["effort_half"] / default) == 5
    guide = (Path(__file__).parents[2] / "docs" / "stories.md").read_text("utf-8")
    asked = guide.partition("if joint work is half as effective as believed")[2]
    value = re.search(r"effort_half = ([\d.]+)", asked)
    assert value is not None
    assert float(value[1]) / default == pytest.approx(2.0, abs=0.1)


BOTH, NONE, SAME = "national-and-regional", "no-backbone", "same-total"


@pytest.fixture(scope="module")
def told() -> Any:
    return tell(
        story(
            step(NONE, 6),
            step(BOTH, 6, text="{members}, {members before}, {members change}. And so on."),
            step(BOTH, 24),
            step(BOTH, 24, set={"national_fte": 0}),
            step(BOTH, 25, predict={"then": {"month": 6}}),
        ),
        4,
        1,
        seed=3,
    )


def mean(scenario: str, month: int, outcome: str = "members", **changes: Any) -> float:
    one = cisim.Scenario.load(scenario, world="one-town", months=25)
    seen = cisim.simulate(one.set(changes) if changes else one, 4, 1, 3, outcomes=[outcome])
    return float(seen.at(outcome, month).mean())


def test_answers_without_a_name_are_called_as_the_language_has_them(told: Any) -> None:
    assert "It is higher (" in answer_of(told.steps[0], 4)
    with speaking("fi"):
        assert answer_of(told.steps[0], 4).startswith("Se on suurempi (")


def test_figures_are_the_means_of_the_same_futures(told: Any) -> None:
    assert told.steps[0].figures["members"] == mean(NONE, 6)
    assert told.steps[0].figures["member_share in Town"] == mean(NONE, 6, "member_share")
    second = told.steps[1].figures
    assert second["members"] == mean(BOTH, 6)
    assert second["members before"] == mean(NONE, 6)
    assert second["members change"] == pytest.approx(mean(BOTH, 6) - mean(NONE, 6))


def test_what_a_step_changes_is_run_changed(told: Any) -> None:
    assert told.steps[3].figures["members"] == mean(BOTH, 24, national_fte=0.0)
    assert told.steps[2].figures["members"] == mean(BOTH, 24)


def test_an_answer_is_the_way_of_the_mean_difference(told: Any) -> None:
    answers = [shown.found.answer for shown in told.steps]
    assert (answers[0], answers[1], answers[4]) == ("up", "up", "down")
    for shown in told.steps:
        difference = float(shown.found.difference.mean)
        assert (abs(difference) <= 1.0) == (shown.found.answer == "same")
        assert 0.0 <= shown.found.agree <= 1.0
    assert float(told.steps[0].found.difference.mean) == pytest.approx(
        mean(BOTH, 6) - mean(NONE, 6)
    )


def test_so_wide_that_nothing_counts_it_is_the_same() -> None:
    wide = {"within": 30.0}
    steps = [step(NONE, 6, predict=wide), *(step(BOTH, 6 + at, predict=wide) for at in range(3))]
    last = step(BOTH, 12, predict={**wide, "then": {"scenario": NONE}})
    found = tell(story(*steps, last), 2, 1)
    assert found is not None
    assert {shown.found.answer for shown in found.steps} == {"same"}
    assert {shown.found.agree for shown in found.steps} == {1.0}


def test_the_money_of_a_changed_scenario_is_not_that_of_the_one_as_it_is() -> None:
    """Both are called alike; the same money is that of the one as it is."""
    steps = [step(BOTH, 12 + at, set={"national_fte": 0.0}) for at in range(3)]
    money = {"outcome": "external_money_total"}
    steps += [step(BOTH, 24, look=money), step(SAME, 24, look=money,
              predict={"then": {"month": 12}})]  # fmt: skip
    found = tell(story(*steps), 2, 1)
    assert found is not None
    here, there = (float(shown.looked.mean) for shown in found.steps[3:])
    assert there == pytest.approx(here, rel=1e-12)


def test_an_interrupted_story_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    steps = [step(NONE, at) for at in range(1, 5)]
    last = step(NONE, 6, predict={"then": {"month": 1}})
    assert tell(story(*steps, last), 2, 1, progress=stop) is None


def test_it_is_written_without_a_placeholder_and_with_every_question(told: Any) -> None:
    text, said = markdown(told), plain(told)
    assert "{" not in text
    for shown, one in zip(told.steps, said["steps"], strict=True):
        assert text_of(shown) in text
        assert looked_at(shown) in text
        assert answer_of(shown, told.futures) in text
        assert one["answer"] in one["options"]
        assert one["difference"]["mean"] == float(shown.found.difference.mean)
    assert text.count("Predict: And then?") == 5


@pytest.mark.parametrize(
    ("outcome", "value", "signed", "written"),
    [
        ("member_share", 0.412, False, "41 %"),
        ("member_share", -0.05, True, "\N{MINUS SIGN}5 percentage points"),
        ("members", 1204.4, False, "1,204"),
        ("members", 8.5, False, "8.5"),
        ("members", 7.0, False, "7"),
        ("external_money_total", 0.031, False, "0.03"),
        ("wellbeing_gain", -0.001, False, "0.00"),
        ("wellbeing_gain", 0.59, True, "+0.59"),
        ("joint_activity", -0.0009, True, "\N{MINUS SIGN}0.001"),
        ("wellbeing_gain", 0.0, True, "+0.00"),
    ],
)
def test_figures_are_written_as_people_read(
    outcome: str, value: float, signed: bool, written: str
) -> None:
    assert figure(outcome, value, signed=signed) == written


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_figures_have_the_marks_of_the_language_once(language: str) -> None:
    with speaking(language):
        assert figure("members", 7.5) == "7,5"
        assert figure("wellbeing_gain", 0.01, signed=True) == "+0,01"
        assert figure("members", 1204.4) == "1\N{NO-BREAK SPACE}204"


@pytest.mark.parametrize("name", shipped("stories"))
def test_every_shipped_story_can_be_told(name: str) -> None:
    found = tell(Story.load(name), 2, 1)
    assert found is not None
    for shown in found.steps:
        assert math.isfinite(float(shown.looked.mean))
        assert all(math.isfinite(value) for value in shown.figures.values())
        assert "–" not in text_of(shown)
    assert "{" not in markdown(found)
