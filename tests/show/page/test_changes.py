"""What the replay says about the last change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cisim.show.page.address import link
from cisim.show.page.address.actions import act
from cisim.show.page.address.look import Look, decides
from cisim.show.page.address.trail import Trail
from cisim.show.page.views.changes import between

START = Look(view="explore", world="one-town")


def test_a_change_is_said_with_both_values() -> None:
    changed = START.with_setting("sponsor_link", 0.2).with_setting("regional", False)
    assert between(START, changed) == (
        "Link of sponsors to the backbone: 0.5 → 0.2; Regional backbones: Yes → No"
    )
    back = between(changed, START)
    assert back == "Link of sponsors to the backbone: 0.2 → 0.5; Regional backbones: No → Yes"


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (
            {"do": "set", "name": "regional_fte", "value": 2},
            "Staff of every region: as planned → 2",
        ),
        ({"do": "world", "world": "finland"}, "World: One town → Finland, five regions, 2025"),
        ({"do": "seed", "seed": 7}, "Seed: 1 → 7"),
        ({"do": "months", "months": 60}, "Months: 120 → 60"),
        (
            {"do": "scenario", "scenario": "no-backbone"},
            "Scenario: National and regional backbones: One town → No backbone: One town",
        ),
        (
            {"do": "add-event", "event": {"kind": "reform", "month": 24}},
            "Events, and what if: none → Reform",
        ),
        ({"do": "branch", "event": {"kind": "reform", "month": 24}}, "the branch"),
        ({"do": "set", "name": "seed_end", "value": 100_000}, "Seed money ends: 60 → –"),
        ({"do": "set", "name": "sponsors", "value": []}, "Which sponsors are there: Directors"),
    ],
)
def test_every_kind_of_change_has_words(message: dict[str, object], said: str) -> None:
    changed = act(START, message)
    assert decides(changed) != decides(START)
    assert between(START, changed).startswith(said)


@pytest.mark.parametrize(
    "message",
    [
        {"do": "month", "month": 12},
        {"do": "outcome", "outcome": "member_share"},
        {"do": "goal", "goal": 1.0},
        {"do": "go", "view": "compare"},
    ],
)
def test_what_is_only_looked_at_is_no_change(message: dict[str, object]) -> None:
    looked = act(START, message)
    assert decides(looked) == decides(START)
    assert between(START, looked) == ""


def test_the_last_change_is_found_behind_steps_that_only_look() -> None:
    trail = Trail()
    first = START
    second = first.with_setting("sponsor_link", 0.2)
    third = replace(second, outcome="member_share")
    for look in (replace(START, view="start"), first, second, third):
        trail.arrive(link.write(look).partition("?")[2])
    found = trail.last_other(third)
    assert found is not None
    assert decides(found) == decides(first)
    assert Trail().last_other(first) is None
