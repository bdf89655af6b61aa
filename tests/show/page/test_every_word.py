"""No text of the page says a number as nobody would write it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from cisim.lab.ensemble import Ensemble
from cisim.lab.simulate import simulate
from cisim.lab.value import Prices
from cisim.show.page.address.look import Look, compared_of, explored_of
from cisim.show.page.outcomes import KEPT, SHOWN
from cisim.show.page.views import compare, explore
from cisim.show.page.views.bill import bill
from cisim.show.page.views.costs import costs
from cisim.world.files import shipped

NEVER = {
    "a hyphen for a minus": r"(?<![\w.:/\-])-\d",
    "no change told as one": r"from ([\d.]+) to \1(?![\d.])",
    "nothing told as a difference": r"(?<![\d.])0(\.0+)? (points?|percentage points|%) "
    r"(below|above)",
    "what is no number": r"\b(nan|NaN|inf|Infinity|None|null)\b",
    "minus nothing": r"[-\N{MINUS SIGN}]0(\.0+)?(?![\d.])",
}
PAIRS = [("no-backbone", name) for name in shipped("scenarios") if name != "no-backbone"]


def texts(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text that people read, with where it stands; of pictures their labels."""
    if isinstance(value, str):
        if value.startswith("<svg"):
            yield from ((place, one) for one in re.findall(r">([^<>]+)<(?!/style)", value))
        elif not place.endswith((".csv", ".file", ".key", ".lines")):
            yield place, value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from texts(part, f"{place}.{name}")
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from texts(part, place)


def wrong(value: Any) -> list[str]:
    return [
        f"{place}: {what}: {text[:160]}"
        for place, text in texts(value)
        for what, pattern in NEVER.items()
        if re.search(pattern, text)
    ]


def test_what_nobody_would_write_is_found() -> None:
    for text in ("-0.53 FTE", "fell from 0.45 to 0.45", "0.00 points below", "nan", "−0.0"):
        assert wrong({"words": text}), text
    assert not wrong({"words": "from 0.45 to 0.455, 10 points above, 2030-2035, −0.5, −0.05"})


def run(scenarios: list[Any]) -> list[Ensemble]:
    return [simulate(one, 4, 1, outcomes=KEPT, by_region=True) for one in scenarios]


@pytest.mark.parametrize("name", shipped("scenarios"))
def test_explore_is_written_as_people_write(name: str) -> None:
    look = Look(view="explore", world="one-town", months=24, scenario=name)
    made = run(explored_of(look))
    for outcome in SHOWN:
        assert not wrong(explore.picture(replace(look, outcome=outcome), made))
    assert not wrong(explore.frame(look))


@pytest.mark.parametrize("names", PAIRS)
def test_compare_is_written_as_people_write(names: tuple[str, str]) -> None:
    look = Look(view="compare", world="one-town", months=24, compared=names)
    made = run(compared_of(look))
    for outcome in SHOWN:
        assert not wrong(compare.picture(replace(look, outcome=outcome), made))
    assert not wrong(compare.frame(look))
    assert not wrong(costs(look, made, Prices()))
    assert not wrong(bill(look, made, Prices()))
