"""The run: a Mesa model whose state is arrays and whose month is the schedule.

Everything runs this class: command line, ensembles, sweeps, page and notebooks. Events and users'
policies act on the agents before the month's schedule.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import mesa
import numpy as np

from cisim.model.agents import Backbone, Community, Organisation, Sponsor
from cisim.model.input_error import InputError
from cisim.model.luck import check_seed
from cisim.model.outcomes import Recorder
from cisim.model.parameters import Parameters
from cisim.model.schedule import live
from cisim.model.state import State

if TYPE_CHECKING:
    import pandas as pd

SAVE_FORMAT = 1


class Event(Protocol):
    """Something dated that acts on the agents."""

    def strike(self, model: CollectiveImpactModel) -> None: ...


class ScenarioLike(Protocol):
    """What the model needs of a scenario; see cisim.world.scenario."""

    @property
    def name(self) -> str: ...
    @property
    def months(self) -> int: ...
    @property
    def parameters(self) -> Parameters: ...
    def build(self, seed: int) -> State: ...
    def events_at(self, month: int) -> Iterable[Event]: ...
    def resolved(self) -> dict[str, Any]: ...
    def region_name(self, row: int) -> str: ...
    def community_name(self, row: int) -> str: ...
    def organisation_name(self, number: int) -> str: ...


Policy = Callable[["CollectiveImpactModel"], None]

_read_scenario: Callable[[dict[str, Any]], ScenarioLike] | None = None


def scenarios_are_read_by(reader: Callable[[dict[str, Any]], ScenarioLike]) -> None:
    """Say how a saved run's scenario is read; cisim.world.scenario does, as imports go down."""
    global _read_scenario
    _read_scenario = reader


class CollectiveImpactModel(mesa.Model):
    """One scenario with one seed, from month 0 after its history, month by month.

    scenario : a cisim.Scenario
    seed     : 0 to 2**63 - 1; the same seed is the same future for every scenario
    policies : called with the model before each month's schedule

    `state` holds all columns, `month` the month that comes next, `luck` nothing: draws have
    addresses. Mesa's own `random` and `rng` are there for users' code; the model never uses them.
    """

    def __init__(
        self, scenario: ScenarioLike, seed: int = 1, policies: Iterable[Policy] = ()
    ) -> None:
        super().__init__(seed=check_seed(seed))
        self._prepare(scenario, seed, policies)
        self.state = scenario.build(seed)
        self.recorder = Recorder(scenario.months, self.state.regions.link.size)
        self._live(-int(self.parameters.history_months), 0)

    def _prepare(self, scenario: ScenarioLike, seed: int, policies: Iterable[Policy]) -> None:
        self.scenario = scenario
        self.seed = check_seed(seed)
        self.policies = tuple(policies)
        self.parameters = scenario.parameters
        self.month = 0
        self._handles = False
        self._organisations: list[Organisation] = []
        self._next_id = 1

    def _live(self, first: int, end: int) -> None:
        live(self.state, self.parameters, self.seed, first, end, self.recorder)
        self.month = end
        self.running = end < self.scenario.months

    def _strike_events(self) -> None:
        for event in self.scenario.events_at(self.month):
            event.strike(self)

    def step(self) -> None:
        """Run one month: events and policies first, then the schedule."""
        self._strike_events()
        for policy in self.policies:
            policy(self)
        self._live(self.month, self.month + 1)

    def run(self, months: int | None = None) -> CollectiveImpactModel:
        """Run to the horizon, or `months` further; return the model."""
        end = self.scenario.months if months is None else self.month + months
        if self.policies or type(self).step is not CollectiveImpactModel.step:
            while self.month < end:
                self.step()
        while self.month < end:  # nothing acts between two events: their months are one piece
            self._strike_events()
            first, last = self.month, self.month + 1
            while last < end and not list(self.scenario.events_at(last)):
                last += 1
            self._live(first, last)
            self.steps += last - first
        return self

    def outcomes(
        self, names: Iterable[str] | None = None, *, by_region: bool = False
    ) -> pd.DataFrame:
        """Return month × outcome so far, with a region column on request."""
        regions = [self.scenario.region_name(r) for r in range(self.state.regions.link.size)]
        chosen = None if names is None else list(names)
        return self.recorder.frame(by_region=by_region, names=chosen, region_names=regions)

    # agents ------------------------------------------------------------------------------------

    def _hand_out(self) -> None:
        """Build the handles on their first use: a run that asks for none pays for none."""
        self._handles = True
        for kind in (Organisation, Community, Backbone, Sponsor):
            self._agents_by_type.setdefault(kind, mesa.agent.AgentSet([], random=self.random))
        sizes = self.state.sizes
        self._organisations = [self._hand(Organisation, row) for row in range(sizes["N"])]
        for row in range(sizes["C"]):
            self._hand(Community, row)
        for place in np.flatnonzero(self.state.backbones.exists):
            self._hand(Backbone, int(place))
        for row in range(sizes["P"]):
            self._hand(Sponsor, row)

    def _hand(self, kind: type[Any], row: int) -> Any:
        self._next_id += 1
        return kind(self, row, self._next_id - 1)

    @property
    def agents(self) -> mesa.agent.AgentSet:
        """Return all agents."""
        if not self._handles:
            self._hand_out()
        return self._all_agents

    @property
    def agents_by_type(self) -> dict[type[mesa.Agent], mesa.agent.AgentSet]:
        """Return the agents of each kind; a kind without any has an empty set."""
        if not self._handles:
            self._hand_out()
        return self._agents_by_type

    @property
    def agent_types(self) -> list[type]:
        """Return the kinds of agents."""
        return list(self.agents_by_type)

    def organisation(self, row: int) -> Organisation:
        """Return the organisation at a row."""
        if not self._handles:
            self._hand_out()
        return self._organisations[row]

    def backbone(self, region: int | None = None) -> Backbone:
        """Return the backbone of a region (row), the national one if None.

        One that does not exist yet is brought into being, without staff, from this month on.
        """
        row = 0 if region is None else region + 1
        backbones = self.state.backbones
        for agent in self.agents_by_type[Backbone]:
            if agent.row == row:
                return agent
        backbones.exists[row] = True
        backbones.planned[row] = 0.0
        backbones.start[row] = self.month
        return self._hand(Backbone, row)

    # keeping -----------------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the run to a file from which `load` continues it bit for bit; return its path.

        Policies are code and are not saved.
        """
        target = Path(path)
        about = {
            "format": SAVE_FORMAT,
            "scenario": self.scenario.resolved(),
            "seed": self.seed,
            "month": self.month,
        }
        columns = {name: np.asarray(value) for name, value in self.state.columns()}
        columns["recorded"] = self.recorder.table[: self.month + 1]
        columns["about"] = np.frombuffer(json.dumps(about).encode(), np.uint8)
        partial = target.with_name(target.name + ".part")
        with partial.open("wb") as file:
            np.savez_compressed(
                file,
                allow_pickle=False,
                **columns,
            )
        partial.replace(target)
        return target

    @classmethod
    def load(
        cls, path: str | os.PathLike[str], policies: Iterable[Policy] = ()
    ) -> CollectiveImpactModel:
        """Return the run that `save` wrote.

        Raises InputError if the file is not one, or is damaged.
        """
        if _read_scenario is None:  # pragma: no cover - `import cisim` sets it
            raise RuntimeError("import cisim before loading a run")
        try:
            with np.load(path, allow_pickle=False) as file:
                kept = {name: file[name] for name in file.files}
            about = json.loads(kept["about"].tobytes())
            scenario, seed, month = about["scenario"], about["seed"], about["month"]
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror or error}).") from error
        except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise InputError(f"{path}: is not a saved run of cisim.") from error
        if about.get("format") != SAVE_FORMAT:
            raise InputError(
                f"{path}: has format {about.get('format')!r}; allowed is {SAVE_FORMAT}, "
                f"what this version writes."
            )
        model = cls.__new__(cls)
        mesa.Model.__init__(model, seed=seed)
        model._prepare(_read_scenario(scenario), seed, policies)
        model.state = model.scenario.build(seed)
        _restore(model.state, kept, path)
        recorded = kept["recorded"]
        model.recorder = Recorder(max(model.scenario.months, month), model.state.regions.link.size)
        model.recorder.restore(recorded)
        model.month = model.steps = month
        model.running = month < model.scenario.months
        return model


def _restore(state: State, kept: dict[str, np.ndarray], path: object) -> None:
    """Write the saved columns into a freshly built state of the same scenario."""
    for name, table in state.tables():
        for part in fields(table):
            key = f"{name}.{part.name}"
            now = getattr(table, part.name)
            if key not in kept:
                raise InputError(f"{path}: {key} is missing; the file is damaged.")
            was = kept[key]
            if not isinstance(now, np.ndarray):
                setattr(table, part.name, float(was))
            elif was.dtype != now.dtype or (name != "meetings" and was.shape != now.shape):
                raise InputError(f"{path}: {key} does not fit the scenario; the file is damaged.")
            else:
                setattr(table, part.name, np.ascontiguousarray(was))
    state.meetings_held[0] = int(kept["meetings_count"])
