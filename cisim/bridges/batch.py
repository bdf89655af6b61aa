"""Mesa's batch_run: a class that it makes of names and numbers.

    mesa.batch_run(
        BatchModel,
        {"scenario": ["no-backbone", "national-and-regional"], "effort_half": [0.7, 1.4]},
        iterations=4,
        max_steps=60,
    )

Mesa does not tell a model which iteration it is, nor when it will be stopped, and before 3.5 it
runs a month too many and reads its last row from the month before. So a model that batch_run makes
looks there: iteration i is future 1 + i, no month is lived after the last, and Step is the month.
"""

from __future__ import annotations

import inspect
import sys
import warnings
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, ClassVar, NamedTuple

import mesa

from cisim.bridges.collector import DataCollector
from cisim.bridges.varied import as_plain, changed, outcomes_of, scenario_of
from cisim.model.input_error import InputError, shown
from cisim.model.luck import check_seed
from cisim.model.model import CollectiveImpactModel
from cisim.world.scenario import Scenario


class BatchModel(CollectiveImpactModel):
    """A run that keeps its outcomes month by month, from names and numbers.

    scenario : its name, its file, or a Scenario
    seed     : where batch_run gives none, iteration i has seed 1 + i; otherwise 1. A seed that is
               given is that of every iteration: give several (seed=[1, 2, 3], or Mesa 3.5's rng)
               in place of iterations
    outcomes : what is collected, one text with commas; by default the headline outcomes
    values   : parameters and levers by name; structure, world and months as a whole

    Each row of batch_run has month, seed and the outcomes. A subclass collects of agents what its
    `of_agents` says: {"trust": "trust"}.

    Raises InputError for a name or a value that is not allowed.
    """

    of_agents: ClassVar[Mapping[str, Any] | None] = None

    def __init__(
        self,
        scenario: Scenario | str = "national-and-regional",
        seed: Any = None,
        outcomes: str | Iterable[str] | None = None,
        **values: Any,
    ) -> None:
        batch = _batch()
        said = _whole(seed)
        if batch is not None and batch.iteration and said is not None and not _one_seed_each():
            warnings.warn(
                f"BatchModel: seed is {said} in every iteration, so that all of them are the same "
                f"future; give several seeds, or none.",
                stacklevel=2,
            )
        ready = changed(scenario_of(scenario), values, "BatchModel")
        super().__init__(ready, 1 if said is None else said)
        names = outcomes_of(outcomes)
        months = ready.months
        self._last = months if batch is None else min(months, batch.max_steps)
        self._one_more = batch is not None and _reads_the_step_before()
        self.datacollector = DataCollector(
            {"month": "month", "seed": "seed", **{name: name for name in names}},
            self.of_agents,
        )
        self.datacollector.collect(self)

    def step(self) -> None:
        """Run one month and collect; of a batch nothing after its last month."""
        if self.month >= self._last and self._one_more:
            self.running = False
            return
        super().step()
        self.datacollector.collect(self)
        self.running = self.month < self._last or self._one_more


class _Batch(NamedTuple):
    """What batch_run knows of the run that it makes."""

    iteration: int
    max_steps: int


def _batch() -> _Batch | None:
    """Return what batch_run knows where it makes this model, None where it does not."""
    frame = sys._getframe(2)
    while frame.f_code.co_name == "__init__" and frame.f_back is not None:
        frame = frame.f_back
    if frame.f_globals.get("__name__") != "mesa.batchrunner":
        return None
    known = frame.f_locals
    return _Batch(int(known.get("iteration", 0)), int(known.get("max_steps", sys.maxsize)))


@cache
def _one_seed_each() -> bool:
    """Return whether this Mesa gives each iteration its seed, and takes none for all."""
    return "rng" in inspect.signature(mesa.batch_run).parameters


@cache
def _reads_the_step_before() -> bool:
    """Return whether this Mesa stops after a step too many and reads the row before it."""
    return not hasattr(mesa.DataCollector(), "_collection_steps")


def _whole(seed: Any) -> int | None:
    """Return a seed, also one of NumPy's; raises InputError for what is none."""
    seed = as_plain(seed)
    if seed is None:
        return None
    if hasattr(seed, "generate_state"):  # NumPy's SeedSequence
        low, high = seed.generate_state(2)
        return int(low) | (int(high) >> 1) << 32
    try:
        return check_seed(seed)
    except InputError:
        raise InputError(
            f"BatchModel: seed is {shown(seed)}; allowed is a whole number from 0 on, or a "
            f"SeedSequence."
        ) from None
