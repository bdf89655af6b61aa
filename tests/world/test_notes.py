"""What a scenario brings with it in silence is told."""

from __future__ import annotations

import cisim
from cisim.world.notes import notes, notes_of

BASE = cisim.Scenario.load("national-and-regional", world="one-town")


def test_a_backbone_that_outlives_its_seed_money_is_told() -> None:
    (said,) = notes(BASE)
    assert "ends in month 60" in said
    assert "go on to the end" in said
    (said,) = notes(BASE.with_(structure_changes={"seed_end": 12, "regional_end": 100}))
    assert "ends in month 12" in said
    assert "go on until month 100" in said
    ends = {"kind": "seed-money-ends", "month": 7}
    (said,) = notes(BASE.with_(events=[ends]))
    assert "ends in month 7" in said


def test_nothing_is_told_where_nothing_goes_on() -> None:
    for changes in (
        {"seed_end": 60, "regional_end": 60},
        {"seed_end": 200},
        {"regional": False},
        {"sponsors": []},
    ):
        assert notes(BASE.with_(structure_changes=changes)) == []
    assert notes(BASE.with_(months=60)) == []


def test_staff_that_an_event_brings_is_told_to_be_booked_as_external_money() -> None:
    none = cisim.Scenario.load("no-backbone", world="one-town")
    starts = {"kind": "backbone-starts", "month": 3, "level": "regional", "fte": 1.5}
    (said,) = notes(none.with_(events=[starts]))
    assert "starts in month 3 has 1.5 FTE a region that are booked as external money" in said


def test_a_note_names_the_scenarios_that_it_is_about() -> None:
    (said,) = notes_of([BASE, BASE.with_(name="again")])
    assert said.startswith("national-and-regional, again: Seed money")
