"""Money that does not last is told before anything is run."""

from __future__ import annotations

from typing import Any

import pytest

import cisim
from cisim.world.notes import notes, notes_of

BASE = cisim.Scenario.load("no-backbone", world="one-town")


def paid(budget: dict[str, float], **changes: Any) -> cisim.Scenario:
    payer = {"name": "County", "kind": "county", "year_price": 60_000.0, "budget": budget}
    post = {"where": "regional", "fte": 1.0, "payer": "County"} | changes
    return BASE.with_(structure_changes={"payers": [payer], "posts": [post]})


def test_a_budget_that_cannot_pay_is_told_with_the_month_in_which_it_runs_out() -> None:
    (said,) = notes(paid({"1": 60_000, "2": 35_000, "3": 60_000}))
    assert "'County' runs out in month 19: posts[0] stops then" in said


@pytest.mark.parametrize(
    "after", [{"takeover": "foundation"}, "sponsors", {"takeover": "foundation", "from": 30}]
)
def test_a_takeover_waits_for_the_planned_end_where_money_ends_before_and_that_is_told(
    after: Any,
) -> None:
    cap = {"cap": 1.0} if after == "sponsors" else {}
    short = paid({"1": 60_000, "2": 30_000}, until=24, after=after, **cap)
    (said,) = notes(short)
    begins = 30 if isinstance(after, dict) and "from" in after else 24
    assert f"what goes on after it begins as planned in month {begins}, not when the money" in said
    model = cisim.CollectiveImpactModel(short, seed=1)
    model.run(19)
    assert model.state.backbones.staff[1] == 0.0  # nobody pays in between


def test_nothing_is_told_where_the_money_lasts() -> None:
    assert notes(BASE) == []
    assert notes(paid({"1": 60_000, "2": 35_000}, until=19)) == []
    assert notes(paid({"1": 60_000}, until=12)) == []


def test_a_note_names_the_scenarios_that_it_is_about() -> None:
    one = paid({"1": 30_000})
    (said,) = notes_of([one, one.with_(name="again")])
    assert said.startswith("no-backbone, again: The budget of")
