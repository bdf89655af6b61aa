"""What futures differ in, and what an answer then hangs on, in sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from cisim.lab.comparison import Comparison
from cisim.lab.hanging import LEADING, MAIN, Along, along, asked_of, hangs_on
from cisim.model.outcomes import find_outcome
from cisim.show.charts.words import listed
from cisim.show.counted import plural
from cisim.world.beliefs import HELD


def differ_in_words(comparison: Comparison) -> str:
    """Return what the futures of a comparison differ in: luck alone, or what they believe, too."""
    held = next(iter(comparison.ensembles.values())).scenario.beliefs
    if held is None:
        return (
            f"In these {plural(int(comparison.futures.size), 'future')} luck differs and nothing "
            f"else: what is sure against luck may still hang on what is assumed. --beliefs "
            f"plausible lets each future believe differently, too."
        )
    return (
        f"Each of these {plural(int(comparison.futures.size), 'future')} has luck and beliefs of "
        f"its own: {HELD[held.kind]}."
    )


def hangs_in_words(comparison: Comparison, names: Mapping[str, str] | None = None) -> list[str]:
    """Return what futures differ in, and, where beliefs do, what decides which of the first two is
    better, and where the order turns.

    names : what people call the scenarios, by name
    """
    said = [differ_in_words(comparison)]
    pair = asked_of(comparison)
    if pair is None:
        return said
    called = {name: (names or {}).get(name, name) for name in comparison.names}
    best, second = pair
    table = hangs_on(comparison, best, second, many=LEADING)
    clear = table[table["clear"]]
    found = comparison.differences(MAIN, best, second)
    better = int((found.values > 0.0).sum())
    lead = (
        f"By {find_outcome(MAIN).name} {called[best]} is better than {called[second]} in {better} "
        f"of {plural(int(found.values.size), 'future')}"
    )
    if not len(clear):
        return [*said, f"{lead}; no single belief stands out as deciding that."]
    parts = [
        f"{row['parameter']} ({row['best_low']:.0%} of futures in its lowest third, "
        f"{row['best_high']:.0%} in its highest)"
        for _, row in clear.iterrows()
    ]
    said.append(f"{lead}; that hangs most on {listed(parts)}.")
    first = str(clear.iloc[0]["parameter"])
    said.append(along(comparison, first, best, second).said(called))
    return said


def turns_in_words(axes: Sequence[Along], names: Mapping[str, str]) -> list[str]:
    """Return where the order turns along each of several beliefs, in one sentence if one serves."""
    sides = {one.sides(names) for one in axes if math.isfinite(one.turn)}
    turned = all(math.isfinite(one.turn) for one in axes)
    if len(axes) < 2 or len(sides) != 1 or not turned:
        return [one.said(names) for one in axes]
    ((low, high),) = sides
    places = [
        f"{one.over.name} {one.turn:.2g} (90 % interval {one.low:.2g} to {one.high:.2g})"
        for one in axes
    ]
    turned_at = f"The order turns near {listed(places)}"
    return [f"{turned_at}: below, {low} is better in most futures, above, {high}."]
