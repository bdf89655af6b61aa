"""A run in words: two numbers that are told to differ differ as they are written."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cisim
from cisim.show.run_in_words import ASKED, tell

TOWN = cisim.Scenario.load("no-backbone", world="one-town", months=12)


def told(**ends: float) -> str:
    """Return what is told of a run whose outcomes go from their first to their last value."""
    values = {name: np.zeros((13, 2)) for name in ASKED}
    values["eligible"][:] = 50.0
    for name, value in ends.items():
        place = 0 if name.endswith("_first") else -1
        values[name.removesuffix("_first")][place] = value
    return " ".join(tell(TOWN, values))


def test_trust_that_is_written_alike_at_both_ends_has_stayed() -> None:
    said = told(trust_eligible_first=0.4544, trust_eligible=0.4487)
    assert "stayed at about 0.45 of 1" in told(trust_eligible_first=0.4541, trust_eligible=0.4546)
    assert "stayed at about 0.45 of 1" in said
    assert "fell from 0.46 to 0.45" in told(trust_eligible_first=0.456, trust_eligible=0.454)


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ({"wellbeing_gain": -0.004}, "stands about where it does in the ordinary world"),
        ({"wellbeing_gain": 0.004}, "stands about where it does in the ordinary world"),
        ({"wellbeing_gain": -0.3}, "stands 0.30 points of 100 below that of"),
        ({"gap_primary": -0.004}, "in deprived communities about as much as in affluent ones"),
        ({"service_forgone": -0.53}, "their own services have 0.53 FTE per 1000 children more"),
        ({"service_forgone": 0.53}, "their own services forgo 0.53 FTE per 1000 children"),
        ({"service_forgone": -0.001}, "takes about as much from"),
        ({"external_money_total": 0.04}, "external money came to 0.04 FTE-years"),
        ({"external_money_total": 0.0}, "external money came to none"),
    ],
)
def test_a_difference_that_reads_as_zero_is_none(ends: dict[str, float], words: str) -> None:
    assert words in told(**ends)


@given(*[st.floats(-2, 2) for _ in range(5)])
def test_no_sentence_tells_a_difference_that_its_numbers_do_not_show(
    first: float, last: float, gain: float, gap: float, forgone: float
) -> None:
    said = told(
        trust_eligible_first=first,
        trust_eligible=last,
        wellbeing_gain=gain,
        gap_primary=gap,
        service_forgone=forgone,
        external_money_total=abs(gain),
    )
    assert not re.search(r"from (\S+) to \1 ", said)
    assert not re.search(r"(?<![\d.])-?0\.0+ (points|more|less|FTE)", said)
    assert not re.search(r"-\d\S* FTE", said)
