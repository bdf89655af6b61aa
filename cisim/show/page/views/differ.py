"""What futures differ by, in words: luck alone or what they believe, too; and, where two ensembles
are taken in turns, both numbers if they are not the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import Ensemble
from cisim.model.state import Floats
from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import Reading
from cisim.show.language.forms import listed
from cisim.show.page.address.checks import HOW_FUTURES_DIFFER
from cisim.show.page.address.look import Look
from cisim.show.page.views.levers import label_of
from cisim.show.page.views.pictures import reading
from cisim.show.page.words import say
from cisim.world.beliefs import FromEnsembles
from cisim.world.joint_points import SHIPPING
from cisim.world.scenario import Scenario

FINEST = 3
"""Decimals of a difference: in the first months it is thousandths of what a room can imagine."""
FEWEST = 10
"""With fewer futures of an ensemble its number is not said beside the other's."""


def choices(look: Look, scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """Return what can be chosen, what that means, and what holds in all futures."""
    held = [name for one in scenarios for name in one.believing(look.beliefs).held]
    names = listed([label_of(name) for name in dict.fromkeys(held)])
    return {
        "chosen": look.beliefs,
        "options": [[one, say(f"differ.{one}")] for one in HOW_FUTURES_DIFFER],
        "says": say(f"differ.{look.beliefs}_says"),
        "held": say("differ.held", names=names) if names else "",
    }


def _whose(scenario: Scenario, seeds: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Return which of the two shipped ensembles futures take from, (n,); None where from others."""
    held = scenario.beliefs
    if not isinstance(held, FromEnsembles):
        return None
    return held.whose(seeds) if tuple(one.source for one in held.ensembles) == SHIPPING else None


def means_by(scenario: Scenario, seeds: NDArray[np.int64], values: Floats) -> list[float]:
    """Return the mean by each of the two ensembles that ship, [] where futures take from others or
    an ensemble has too few of them.

    seeds, values : (n,) of futures
    """
    whose = _whose(scenario, seeds)
    parts = [] if whose is None else [values[whose == k] for k in range(len(SHIPPING))]
    if min((part.size for part in parts), default=0) < FEWEST:
        return []
    return [float(part.mean()) for part in parts]


def levels(outcome: str, ensemble: Ensemble, values: Floats) -> str:
    """Return the middle by each ensemble where they are not the same as written, else "".

    values : of the outcome, (n,), one for each future of the ensemble, NaN where it is not defined
    """
    whose = _whose(ensemble.scenario, ensemble.seeds)
    if whose is None:
        return ""
    parts = [values[(whose == k) & np.isfinite(values)] for k in range(len(SHIPPING))]
    if min(part.size for part in parts) < FEWEST:
        return ""
    middles = np.array([float(np.median(part)) for part in parts])
    middles *= outcome_shown(outcome).factor
    how = reading(outcome, middles)
    first, second = (how.number(one) for one in middles.tolist())
    return "" if first == second else say("differ.levels", first=first, second=second)


def differences(comparison: Comparison, outcome: str, scenario: str, at: int, region: str) -> str:
    """Return the mean difference from the first scenario by each ensemble, "" where they are the
    same as written."""
    pair = comparison.differences(outcome, scenario, at=at, region=region)
    means = means_by(comparison.ensembles[scenario].scenario, pair.seeds, pair.values)
    if not means:
        return ""
    means = [mean * outcome_shown(outcome).factor for mean in means]
    how = Reading.of(0.0, max(abs(one) for one in means), "", False).plain
    how = replace(how, decimals=min(how.decimals, FINEST))
    first, second = (how.signed(one) for one in means)
    return "" if first == second else say("differ.differences", first=first, second=second)
