"""EMA Workbench: a scenario as one of its models.

    model = ema_model("national-and-regional", ["effort_half", "trust_memory"], replicates=3)
    experiments, outcomes = perform_experiments(model, scenarios=500)

What the workbench calls a scenario is a point of what is believed here, and its policies are
levers. Several of its samplers (Sobol', Morris, full factorial) know no distribution but draw
evenly between two bounds. So a number that is believed evenly in logs is varied under another name,
log10_effort_half, by its logarithm: every sampler is then right. `in_units` gives the columns of
the experiments their own names and units back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cisim.bridges.varied import (
    PLACES,
    Asking,
    Limits,
    Runs,
    declared_numbers,
    mean_of_futures,
    out_of_logs,
    outcomes_of,
    ranges_of,
    scenario_of,
    seeds_of,
)
from cisim.lab.extras import needed
from cisim.model.input_error import InputError, nearest, shown
from cisim.model.outcomes import find_outcome
from cisim.model.parameters import Parameters
from cisim.world.ranges import Range
from cisim.world.scenario import LEVERS, Scenario

if TYPE_CHECKING:
    from ema_workbench import Model, ReplicatorModel

LOG = "log10_"
SERIES = "_by_month"
TIME = "TIME"
"""What the workbench's charts take for the time axis."""

Choices = list[Any]


def ema_model(
    scenario: Scenario | str,
    uncertainties: Asking = None,
    levers: Mapping[str, Limits | Choices] | None = None,
    outcomes: str | Iterable[str] | None = None,
    series: str | Iterable[str] = (),
    *,
    constants: Mapping[str, Any] | None = None,
    months: int | None = None,
    replicates: int = 1,
    seed: int = 1,
    name: str | None = None,
) -> Model | ReplicatorModel:
    """Return a scenario as a model of the EMA Workbench, for any of its evaluators.

    uncertainties : parameters, over their plausible ranges; or parameters, levers, numbers of
                    events with ranges of one's own, {"turnover-wave.month": (0, 24)}; None for all
                    that are free and that the scenario does not set itself. Those that are
                    declared on a log scale are called log10_…
    levers        : what policies choose: two numbers for a range, or a list of what there is, such
                    as {"structure": ["none", "regional"]}; structure, world and months as a whole
    outcomes      : scalar outcomes at the horizon, by default the headline ones; with a direction
                    where the outcome has one
    series        : outcomes that are kept month by month too, as member_share_by_month, with TIME
    constants     : parameters or levers that have another value throughout
    months        : another horizon
    replicates    : futures of each experiment; outcomes are then means over them, and the model is
                    a ReplicatorModel, whose raw values a function of one's own can take
    seed          : of the first future; all experiments share them
    name          : letters and digits, a letter first; by default the scenario's

    Raises InputError for a name or a range that is not allowed, or without the workbench.
    """
    ema = needed("ema_workbench", "bridges")
    loaded = scenario_of(scenario, months)
    ends = outcomes_of(outcomes)
    over_time = outcomes_of(series) if series else ()
    seeds = seeds_of(replicates, seed)
    if over_time and levers is not None and "months" in levers:
        raise InputError(
            "levers has months, and series are as long as one horizon; allowed is one of them."
        )
    kept = np.arange(loaded.months + 1) if over_time else None
    runs = Runs(loaded, tuple(dict.fromkeys([*ends, *over_time])), kept, seeds)
    called = _called(loaded.name) if name is None else _checked_name(name)
    run = Run(runs, over_time)
    many = len(seeds) > 1
    model = ema.ReplicatorModel(called, run) if many else ema.Model(called, run)
    ranges = ranges_of(uncertainties, "uncertainties", loaded)
    model.uncertainties = [_uncertainty(ema, one) for one in ranges]
    model.levers = [_lever(ema, key, value, loaded) for key, value in (levers or {}).items()]
    fixed = dict(constants or {})
    _check_apart({one.name for one in ranges}, set(levers or {}), set(fixed))
    model.constants = [ema.Constant(key, value) for key, value in fixed.items()]
    model.outcomes = [_end(ema, key, many) for key in ends] + [
        ema.TimeSeriesOutcome(key, function=mean_of_futures if many else None)
        for key in ([TIME] if over_time else []) + [f"{one}{SERIES}" for one in over_time]
    ]
    if many:
        model.replications = [{"replicate": k} for k in range(len(seeds))]
    return model


def in_units(experiments: pd.DataFrame) -> pd.DataFrame:
    """Return experiments with each log10_ column in its own unit, under its own name."""
    frame = experiments.copy()
    logs = [one for one in frame.columns if str(one).startswith(LOG)]
    for one in logs:
        frame[one] = 10.0 ** frame[one].to_numpy(np.float64)
    return frame.rename(columns={one: str(one).removeprefix(LOG) for one in logs})


class Run:
    """What the workbench calls for each experiment, here or in another process.

    Returns outcomes at the horizon by name, and those of `series` month by month.
    """

    def __init__(self, runs: Runs, series: tuple[str, ...]) -> None:
        self.runs, self.series = runs, series

    def __call__(self, *, replicate: int = 0, **values: Any) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for key, value in values.items():
            name = key.removeprefix(LOG)
            if name != key and name not in declared_numbers():
                raise InputError(f"{shown(key)} is the logarithm of no number that is declared.")
            if name in given:
                raise InputError(f"{name} is given twice, once as {LOG}{name}; allowed is once.")
            given[name] = out_of_logs(name, value) if key != name else value
        seed = self.runs.seeds[replicate]
        found = self.runs.one(given, seed, self.runs.scenario.name)
        ends: dict[str, Any] = dict(zip(self.runs.outcomes, found[-1].tolist(), strict=True))
        for name in self.series:
            ends[f"{name}{SERIES}"] = found[:, self.runs.outcomes.index(name)].copy()
        if self.runs.months is not None:
            ends[TIME] = self.runs.months.astype(np.float64)
        return ends


def _uncertainty(ema: Any, one: Range) -> Any:
    if one.whole:
        return ema.IntegerParameter(one.name, int(one.low), int(one.high))
    if one.log:
        return ema.RealParameter(f"{LOG}{one.name}", float(np.log10(one.low)), np.log10(one.high))
    return ema.RealParameter(one.name, one.low, one.high)


def _lever(ema: Any, name: str, given: Any, scenario: Scenario) -> Any:
    """Return a lever: categories for a list, else a number between two."""
    if name in PLACES or isinstance(given, list):
        known = [*PLACES, *Parameters.model_fields, *LEVERS]
        if name.partition(".")[0] not in known:
            raise InputError(
                f"levers has {shown(name)}, which is neither a lever nor a parameter."
                f"{nearest(name, known)} (cisim list parameters)"
            )
        if not isinstance(given, list | tuple) or len(given) < 2:
            raise InputError(f"levers: {name} is {shown(given)}; allowed are at least two choices.")
        return ema.CategoricalParameter(name, list(given))
    (one,) = ranges_of({name: given}, "levers", scenario)
    return _uncertainty(ema, one)


def _end(ema: Any, name: str, many: bool) -> Any:
    better = find_outcome(name).better
    kinds = {"higher": ema.ScalarOutcome.MAXIMIZE, "lower": ema.ScalarOutcome.MINIMIZE}
    kind = kinds.get(better, ema.ScalarOutcome.INFO)
    return ema.ScalarOutcome(name, kind, function=mean_of_futures if many else None)


def _check_apart(*groups: set[str]) -> None:
    for at, one in enumerate(groups):
        for other in groups[at + 1 :]:
            for name in sorted(one & other):
                raise InputError(
                    f"{name} is varied twice; allowed is one of uncertainties, levers, constants."
                )


def _called(name: str) -> str:
    """Return a scenario's name as the workbench takes it."""
    kept = re.sub(r"[^0-9A-Za-z]", "", name)
    return kept if kept.isidentifier() else f"scenario{kept}"


def _checked_name(name: object) -> str:
    if not (isinstance(name, str) and name.isalnum() and name.isidentifier()):
        raise InputError(
            f"name is {shown(name)}; allowed are letters and digits, a letter first, as the "
            f"workbench asks."
        )
    return name
