"""The address holds everything that is looked at, and says what it could not read."""

from __future__ import annotations

from typing import Any

import pytest

from cisim.model.inputs import InputError
from cisim.show.page.actions import act
from cisim.show.page.address import Look, branched, compared, read, scenario, write
from cisim.show.page.scenario_file import look_of, text_of


def query(look: Look) -> str:
    return write(look).partition("?")[2]


def did(look: Look, *messages: dict[str, Any]) -> Look:
    for message in messages:
        look = act(look, message)
    return look


LEAVES = {"kind": "sponsor-leaves", "month": 60, "sponsor": "all"}
EXPLORING = Look(view="explore")


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [{"do": "set", "name": "trust_memory", "value": 60}],
        [{"do": "set", "name": "sponsors", "value": ["health"]}],
        [{"do": "set", "name": "regional", "value": False}],
        [{"do": "set", "name": "national_roles.futures", "value": 0.1}],
        [{"do": "add-event", "event": LEAVES}, {"do": "move-event", "place": 0, "month": 24}],
        [{"do": "branch", "event": LEAVES}],
        [{"do": "world", "world": "one-town"}, {"do": "months", "months": 60}],
        [{"do": "outcome", "outcome": "member_share"}, {"do": "goal", "goal": 0.4}],
        [{"do": "region", "region": "Pirha"}, {"do": "month", "month": 12}],
        [{"do": "seed", "seed": 12}],
        [{"do": "build", "world": "one-town", "structure": "regional", "title": "A & B = ü"}],
        [{"do": "compare", "names": ["same-money", "mine"]}],
    ],
)
def test_every_look_comes_back_from_its_address(messages: list[dict[str, Any]]) -> None:
    look = did(EXPLORING, *messages)
    again, ignored = read(query(look))
    assert again == look
    assert not ignored


def test_the_default_has_the_shortest_address() -> None:
    assert write(Look()) == "/"
    assert read("") == read(None) == (Look(), [])


def test_a_setting_that_is_back_at_its_start_leaves_the_address() -> None:
    look = did(EXPLORING, {"do": "set", "name": "national_fte", "value": 9})
    assert look.settings == (("national_fte", 9.0),)
    assert did(look, {"do": "set", "name": "national_fte", "value": 4}) == EXPLORING


def test_events_that_are_taken_back_leave_the_address() -> None:
    look = did(EXPLORING, {"do": "add-event", "event": LEAVES}, {"do": "remove-event", "place": 0})
    assert look == EXPLORING


@pytest.mark.parametrize(
    ("damaged", "says"),
    [
        ("scenario=mising-sponsor", "Did you mean missing-sponsor?"),
        ("set=trust_memry:3", "Did you mean trust_memory?"),
        ("set=trust_memory:1e9", "allowed is a number from 1 to 600"),
        ("set=trust_memory:NaN", "cannot be read"),
        ("set=trust_memory:3&set=trust_memory:4", "set twice"),
        ("set=national_fte", "cannot be read"),
        ("seed=-1", "whole number"),
        ("seed=9999999999999999999999", "whole number"),
        ("month=900", "whole number"),
        ("month=130&months=120", "0 to 120"),
        ("event=%7B", "cannot be read"),
        ("event=%7B%22kind%22:%22party%22,%22month%22:3%7D", "event"),
        ("branch=%7B%22kind%22:%22election%22,%22month%22:500%7D", "allowed is 0 to 119"),
        ("outcome=welbeing_gain", "Did you mean wellbeing_gain?"),
        ("region=Uusimaa", "not known"),
        ("goal=1000", "Allowed is a number"),
        ("compare=no-backbone", "two or three"),
        ("compare=no-backbone,no-backbone", "two or three"),
        ("view=nowhere", "not known"),
        ("title=%00", "cannot be read"),
        ("colour=red", "not known"),
        ("version=0.0.1", "numbers may differ"),
        ("world=../../secret", "not one"),
        ("x=" + "y" * 30_000, "longer than"),
    ],
)
def test_what_cannot_be_read_is_left_out_and_said(damaged: str, says: str) -> None:
    look, ignored = read(damaged)
    assert any(says in sentence for sentence in ignored), ignored
    scenario(look)
    if "set" not in damaged and "months" not in damaged:
        assert look == Look()


def test_what_can_be_read_beside_it_still_holds() -> None:
    look, ignored = read("view=explore&set=trust_memory:60&set=nothing:1&seed=5")
    assert look == Look(view="explore", settings=(("trust_memory", 60.0),), seed=5)
    assert len(ignored) == 1


def test_a_branch_is_the_scenario_and_one_event_more() -> None:
    look = did(EXPLORING, {"do": "branch", "event": LEAVES})
    other = branched(look)
    assert other is not None
    assert len(other.events) == len(scenario(look).events) + 1
    kept = did(look, {"do": "keep-branch"})
    assert kept.branch is None
    assert scenario(kept).events == other.events
    assert did(look, {"do": "drop-branch"}) == EXPLORING


def test_a_shorter_horizon_drops_a_branch_that_no_longer_fits() -> None:
    look = did(EXPLORING, {"do": "branch", "event": LEAVES}, {"do": "months", "months": 36})
    assert look.branch is None


def test_what_is_compared_is_on_one_world() -> None:
    look = did(EXPLORING, {"do": "world", "world": "one-town"})
    assert {one.world_name for one in compared(look)} == {"one-town"}


@pytest.mark.parametrize(
    "message",
    [
        {"do": "fly"},
        {"do": "set", "name": "national_fte", "value": "many"},
        {"do": "set", "name": "national_fte", "value": -1},
        {"do": "set", "name": "no_such", "value": 1},
        {"do": "set", "value": 1},
        {"do": "go", "view": "nowhere"},
        {"do": "month", "month": 1000},
        {"do": "months", "months": 100_000},
        {"do": "remove-event", "place": 7},
        {"do": "add-event", "event": {"kind": "party", "month": 1}},
        {"do": "add-event", "event": None},
        {"do": "build", "world": "/etc/passwd", "structure": "none"},
        {"do": "open", "name": "x.toml", "text": 'title = "x"\nworld = "./secret.toml"'},
        {"do": "goal", "goal": None},
        {"do": "compare", "names": ["mine"]},
        {},
    ],
)
def test_what_cannot_be_done_gets_a_sentence(message: dict[str, Any]) -> None:
    with pytest.raises(InputError) as error:
        act(EXPLORING, message)
    assert str(error.value).strip()


def test_a_saved_scenario_opens_as_itself() -> None:
    look = did(
        Look(scenario="missing-sponsor"),
        {"do": "set", "name": "trust_memory", "value": 60},
        {"do": "set", "name": "national_roles.futures", "value": 0.1},
        {"do": "add-event", "event": LEAVES},
        {"do": "months", "months": 96},
    )
    here = scenario(look)
    opened = scenario(look_of(text_of(here), "mine.toml"))
    same = {"name", "note"}
    assert opened.model_dump(exclude=same) == here.model_dump(exclude=same)


def test_a_scenario_is_named_for_people_when_it_is_changed() -> None:
    assert scenario(EXPLORING).title == "National and regional backbones"
    changed = did(EXPLORING, {"do": "set", "name": "national_fte", "value": 9})
    assert scenario(changed).title == "National and regional backbones, changed"
