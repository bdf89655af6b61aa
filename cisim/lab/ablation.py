"""What each of the seven components is worth in a scenario: removed, in the same futures.

The components need each other, so what they are worth one by one does not add up to the whole: each
is told against a partnership that has all the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import LEVEL, mean_interval
from cisim.model.input_error import InputError, nearest, printable, shown
from cisim.world.levers.components import COMPONENTS
from cisim.world.scenario import Scenario

ALL = "all"
WORTH_IN = ("wellbeing_gain", "joint_activity", "gap_primary")
"""The outcomes in which a component's worth is told."""


def chosen_components(scenario: Scenario, text: str) -> list[str]:
    """Return the components that are meant by "all", or by names with commas, in their order.

    Raises InputError for a name that is none, that is given twice, or whose component the scenario
    does not have; of all, those that it does not have are left out.
    """
    names = [name.strip() for name in text.split(",")]
    if names == [ALL]:
        there = [name for name in COMPONENTS if _strength(scenario, name) > 0.0]
        if not there:
            raise InputError(f"--ablate is all, and {scenario.name} has no component to remove.")
        return there
    for name in names:
        if name not in COMPONENTS:
            raise InputError(
                f"--ablate is {shown(text)}, in which {shown(name)} is not a component."
                f"{nearest(name, COMPONENTS)} Allowed is all, or some of {', '.join(COMPONENTS)}."
            )
        if names.count(name) > 1:
            raise InputError(f"--ablate names {name} twice; allowed is once.")
        if _strength(scenario, name) == 0.0:
            raise InputError(
                f"--ablate names {name}, which {printable(scenario.name)} does not have: "
                f"{COMPONENTS[name].lever} is 0 there."
            )
    return [name for name in COMPONENTS if name in names]


def _strength(scenario: Scenario, name: str) -> float:
    return float(getattr(scenario.structure, COMPONENTS[name].lever))


def without(scenario: Scenario, names: Iterable[str]) -> dict[str, Scenario]:
    """Return the scenario without each component of a name, by that name."""
    return {
        name: scenario.with_(
            structure_changes={COMPONENTS[name].lever: 0.0},
            name=f"without-{name.replace('_', '-')}",
            title=f"Without {COMPONENTS[name].words}",
        )
        for name in names
    }


def worth(
    result: Comparison, whole: str, parts: Mapping[str, str], level: float = LEVEL
) -> pd.DataFrame:
    """Return what each component is worth at the horizon: how much there is less without it.

    whole : the scenario with all of them
    parts : the scenario without each component, by the component's name

    A row for each component and outcome of WORTH_IN:

    component, scenario, outcome
    with, without    : mean level of the component, as it is and where it is removed
    n                : shared futures
    worth, low, high : mean over futures of the outcome with it minus without it, and its interval
    share            : worth / the mean with it, NaN where that is not above 0
    missed           : futures in which there is less without it
    """
    rows = []
    for name, scenario in parts.items():
        of_level = result.differences(COMPONENTS[name].outcome, scenario, whole)
        for outcome in WORTH_IN:
            pair = result.differences(outcome, scenario, whole)
            values = pair.there - pair.here
            mean, low, high, *_ = (float(part) for part in mean_interval(values, level))
            base = float(pair.there.mean()) if values.size else np.nan
            rows.append(
                {
                    "component": name,
                    "scenario": scenario,
                    "outcome": outcome,
                    "with": float(of_level.there.mean()) if of_level.there.size else np.nan,
                    "without": float(of_level.here.mean()) if of_level.here.size else np.nan,
                    "n": int(values.size),
                    "worth": mean,
                    "low": low,
                    "high": high,
                    "share": mean / base if base > 0.0 else np.nan,
                    "missed": int((values > 0.0).sum()),
                }
            )
    return pd.DataFrame(rows)
