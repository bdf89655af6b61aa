"""A story is read and checked: everything that is wrong in it is told at once."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from cisim.model.input_error import InputError
from cisim.world.files import find, read_text, shipped
from cisim.world.story import Story, fill

STEP: dict[str, Any] = {
    "title": "A month",
    "scenario": "no-backbone",
    "text": "Now {members} take part. That is {member_share in Town} of them.",
    "look": {"outcome": "members"},
    "predict": {"question": "And later?", "within": 1},
}
RIGHT: dict[str, Any] = {
    "title": "A story",
    "about": "A town.",
    "source": "Made up",
    "world": "one-town",
    "steps": [STEP | {"month": 3 * at} for at in range(5)],
}
RIGHT["steps"][4] = RIGHT["steps"][4] | {"predict": {**STEP["predict"], "then": {"month": 24}}}
Change = Callable[[dict[str, Any]], Any]


def read(change: Change = lambda _: None) -> Story:
    said = copy.deepcopy(RIGHT)
    change(said)
    return Story.read(tomli_w.dumps(said), "s.toml", "s")


def refused(change: Change) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        read(change)
    assert all("\n" not in one for one in caught.value.sentences)
    return caught.value.sentences


def first(**changes: Any) -> Change:
    return lambda said: said["steps"][0].update(changes)


def second(**changes: Any) -> Change:
    return lambda said: said["steps"][1].update(changes)


def test_a_question_asks_about_the_next_state_unless_it_says_another() -> None:
    story = read()
    assert [told.here.month for told in story.steps] == [0, 3, 6, 9, 12]
    assert [told.then.month for told in story.steps] == [3, 6, 9, 12, 24]
    assert len(story.states) == 6


def test_what_a_question_leaves_out_is_as_in_its_step() -> None:
    then = {"set": {"effort_half": 3.0}}
    story = read(second(set={"turnover": 0.3}, predict=STEP["predict"] | {"then": then}))
    told = story.steps[1]
    assert told.then.month == told.here.month
    assert told.here.scenario.parameters.turnover == 0.3
    assert told.then.scenario.parameters.effort_half == 3.0
    assert told.then.scenario.parameters.turnover != 0.3  # `set` is given, so it is as it is given


def test_a_step_adds_events_to_those_of_its_scenario() -> None:
    event = {"kind": "election", "month": 2}
    story = read(second(scenario="returning-sponsor", events=[event]))
    kinds = [one.kind for one in story.steps[1].here.scenario.events]
    assert kinds == ["sponsor-leaves", "sponsor-arrives", "election"]


def test_dates_are_months_where_the_world_has_a_start() -> None:
    def dated(said: dict[str, Any]) -> None:
        said["world"] = "county"
        said["steps"][1] |= {"month": "2026-06", "text": "In 2026 {members} do. All is well."}
        said["steps"][0]["text"] = "There are {members in County}. All is well."
        for step in said["steps"][2:]:
            step["text"] = "There are {members}. {members change} more. All is well in 2027."

    assert read(dated).steps[1].here.month == 5


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda said: said.update(steps=said["steps"][3:]), "has 2; allowed are 3 to 7 steps"),
        (lambda said: said["steps"].extend(said["steps"][:3]), "steps has 8; allowed"),
        (lambda said: said.pop("source"), "source is missing"),
        (lambda said: said.update(world="one-twn"), "world: 'one-twn' is not a world"),
        (first(scenario="no-bckbone"), "steps[0].scenario: 'no-bckbone' is not a scenario"),
        (first(month=121), "steps[0].month is 121; allowed is 0 to 120, the horizon"),
        (first(month="2026-01"), "steps[0].month is '2026-01', but the world has no start"),
        (first(set={"effort_hlf": 3}), "steps[0].set: effort_hlf is not a parameter or a lever"),
        (first(events=[{"kind": "electio", "month": 3}]), "steps[0]: events[0].kind is 'electio'"),
        (first(look={"outcome": "membrs"}), "steps[0].look is 'membrs', which is not an outcome"),
        (first(look={"outcome": "members", "region": "Twn"}), "which is no region of this world"),
        (first(text="There are {membrs}. So it is."), "{membrs}, is 'membrs', which is not an"),
        (first(text="There are {members in Twn}. So it is."), "is of 'Twn', which is no region"),
        (first(text="There are {members: now}. So it is."), "has the placeholder 'members: now'"),
        (first(text="It was {members before}. So it is."), "nothing is before the first step"),
        (first(text="There are 41 members. So it is."), "steps[0].text has the number 41; allowed"),
        (first(text="Some {members} are there."), "steps[0].text has 1 sentences; allowed are two"),
        (first(text="A. B. C. {members}. D."), "steps[0].text has 5 sentences"),
        (second(predict={"question": "?", "within": 0}), "steps[1].predict.within is 0"),
        (second(predict={"question": "?", "within": 1, "maybe": "x"}), "predict.maybe is not"),
        (
            second(predict=STEP["predict"] | {"then": {"month": 3}}),
            "steps[1].predict asks about the state that it stands in",
        ),
        (
            lambda said: said["steps"][4]["predict"].pop("then"),
            "steps[4].predict.then is missing; the last step has no next one",
        ),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence_that_names_step_and_field(
    change: Change, words: str
) -> None:
    said = refused(change)
    assert len(said) == 1, said
    assert words in said[0]
    assert said[0].startswith("s.toml: ")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('title = "A story"', "title = \u201dA story\u201d", 'straight quotation marks, as "text"'),
        ('title = "A story"', 'title = "A story', 'a text that ends with " on its line'),
        ('source = "Made up"', 'source = "Made up"\ntitle = "Again"', "title is set twice"),
        ("within = 1", "within = 0,02", "a number with a point, as 0.5"),
        ("within = 1", 'within = "0,02"', "within is '0,02'; allowed is a number above 0"),
        ("month = 3", 'month = "3"', "a month's number without quotation marks, as 3"),
        ("[[steps]]", "[steps]", "every one of a list begins with [[steps]]"),
        ("A town.", "A town." * 100, "allowed is text of at most 600 characters"),
        ('title = "A month"', "", "steps[0].title is missing; it must be text"),
    ],
)
def test_a_slip_of_who_writes_no_programs_is_told_in_plain_words(
    old: str, new: str, words: str
) -> None:
    text = tomli_w.dumps(RIGHT)
    assert old in text
    with pytest.raises(InputError) as caught:
        Story.read(text.replace(old, new, 1), "s.toml", "s")
    assert len(caught.value.sentences) == 1
    assert caught.value.sentences[0].startswith("s.toml: ")
    assert words in caught.value.sentences[0]


def test_everything_that_is_wrong_is_told_at_once() -> None:
    def change(said: dict[str, Any]) -> None:
        said["steps"][0]["look"] = {"outcome": "membrs"}
        said["steps"][1]["text"] = "There are 41 of {nobody}. So it is."
        said["steps"][3]["text"] = "One sentence."

    assert len(refused(change)) == 4


def test_a_wrong_month_does_not_hide_what_else_is_wrong() -> None:
    def change(said: dict[str, Any]) -> None:
        said["steps"][0] |= {"month": 500, "look": {"outcome": "membrs", "region": "Town"}}
        said["steps"][1]["text"] = "There are 41. So it is."
        said["steps"][2]["scenario"] = "no-bckbone"
        said["steps"][4]["predict"]["then"] = {"month": 500}

    told = refused(change)
    fields = [one.removeprefix("s.toml: steps[").partition(" ")[0] for one in told]
    assert fields == [
        "0].month", "2].scenario:", "4].predict.then.month", "0].look", "1].text",
    ]  # fmt: skip


def test_three_steps_are_a_story() -> None:
    def change(said: dict[str, Any]) -> None:
        del said["steps"][1:3]

    assert len(read(change).steps) == 3


def test_answers_that_are_left_out_are_left_to_the_language() -> None:
    asks = read().steps[0].step.predict
    assert (asks.up, asks.same, asks.down) == (None, None, None)


def test_states_of_another_world_are_refused(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text('title = "C"\nworld = "county"\n', "utf-8")
    said = copy.deepcopy(RIGHT)
    del said["world"]
    for step in said["steps"]:
        step["text"] = "There are {members}. So it is."
        step["scenario"] = "c.toml"
    said["steps"][2]["scenario"] = "no-backbone"
    with pytest.raises(InputError) as caught:
        Story.read(tomli_w.dumps(said), "s.toml", "s", tmp_path)
    fields = [one.partition(" is on finland; allowed is the world of the first step, county")[0]
              for one in caught.value.sentences]  # fmt: skip
    assert fields == ["s.toml: steps[1].predict.then.scenario", "s.toml: steps[2].scenario"]


def test_a_text_is_filled_by_what_is_written_in_its_placeholders() -> None:
    figures = {"members": "12", "member_share in Town": "40 %"}
    assert fill(STEP["text"], figures) == "Now 12 take part. That is 40 % of them."


@pytest.mark.parametrize("name", shipped("stories"))
def test_every_shipped_story_is_right(name: str) -> None:
    story = Story.load(name)
    assert story.name == name
    for told in (story, *(story.translated(code) for code in story.file.translations)):
        titles = [told.file.title, *(one.step.title for one in told.steps)]
        assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("name", shipped("stories"))
def test_a_shipped_story_is_there_in_finnish_and_swedish(name: str) -> None:
    story = Story.load(name)
    assert set(story.file.translations) == {"fi", "sv"}
    for code in ("fi", "sv"):
        told = story.translated(code)
        assert told.states == story.states
        assert told.file.title == story.file.translations[code].title
        for one, there, other in zip(told.steps, story.steps, told.file.steps, strict=True):
            assert one.step == other
            assert one.step.text != there.step.text
            assert one.step.predict.question != there.step.predict.question
            assert one.held == there.held
    assert story.translated("en") is story


def test_a_translation_that_does_not_fit_its_story_is_refused() -> None:
    good = read_text(find("stories", "backby"))
    begin = good.index("[translations.fi]")
    for old, new, fault in (
        ("{members} organisaatiota aloittaa", "Moni aloittaa", "has the placeholders eligible;"),
        ("Alku", "Alku, uudelleen", None),
        ("Kaksi vuotta, kun", "Kaksi vuotta, 24 kuukautta, kun", None),
        ("Tehtävä päättyy nyt.", "Tehtävä päättyy 36 kuukauden kuluttua.", "has the number 36"),
    ):
        text = good[:begin] + good[begin:].replace(old, new, 1)
        assert text != good
        if fault is None:
            Story.read(text, "own.toml", "own")
        else:
            with pytest.raises(InputError, match=fault):
                Story.read(text, "own.toml", "own")
    cut = good.rindex("[[translations.sv.steps]]")
    with pytest.raises(
        InputError, match=r"translations\.sv\.steps has 4; allowed is a translation"
    ):
        Story.read(good[:cut], "own.toml", "own")
