"""The run: a Mesa model whose state is arrays and whose month is the schedule.

Everything runs this class: command line, ensembles, sweeps, page and notebooks. Events and users'
policies act on the agents before the month's schedule.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import mesa
import numpy as np

from cisim.model import saved
from cisim.model.agents import Backbone, Community, Organisation, Sponsor
from cisim.model.input_error import InputError, shown
from cisim.model.luck import check_seed
from cisim.model.month import found_partnership, live
from cisim.model.network import network
from cisim.model.outcomes import EVERY_MONTH, NOTHING, Asked, Holders, Recorder
from cisim.model.outcomes.each import Of, each_frame
from cisim.model.past import HasPast, Pasts, Payments, live_past
from cisim.model.reading import read_scenario
from cisim.model.state import GivenMoney

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd


class Event(Protocol):
    """Something dated that acts on the agents."""

    def strike(self, model: CollectiveImpactModel) -> None: ...


class ScenarioLike(HasPast, Protocol):
    """What the model needs of a scenario; see cisim.world.scenario."""

    @property
    def name(self) -> str: ...
    @property
    def months(self) -> int: ...
    def events_at(self, month: int) -> Iterable[Event]: ...
    @property
    def policies(self) -> Iterable[Policy]: ...
    @property
    def reference(self) -> ScenarioLike | None: ...
    def in_future(self, seed: int) -> ScenarioLike: ...
    @property
    def holders(self) -> Holders: ...
    def resolved(self) -> dict[str, Any]: ...
    def paying(self, name: str | None) -> tuple[int, ...]: ...
    def may_take_part(self, number: int) -> bool: ...
    def region_name(self, row: int) -> str: ...
    def community_name(self, row: int) -> str: ...
    def organisation_name(self, number: int) -> str: ...


Policy = Callable[["CollectiveImpactModel"], None]


class CollectiveImpactModel(mesa.Model):
    """One scenario with one seed, from month 0 after its history, month by month.

    scenario : a cisim.Scenario
    seed     : 0 to 2**63 - 1; the same seed is the same future for every scenario. Where
               mesa.batch_run is told no seed, its iterations take this one and those after it
    policies : called with the model before each month's schedule, after the scenario's own policy
    pasts    : shared by models of the same world, parameters and seed, which then live through
               their history once
    observe  : which outcomes are observed in which months, by default all in every month; what is
               not observed cannot be told later, and costs no time

    `state` holds all columns, `month` the month that comes next, `luck` nothing: draws have
    addresses. Mesa's own `random` and `rng` are there for users' code; the model never uses them.
    `decisions` is what events have decided in this run, see cisim.world.choosing; a run that is
    loaded knows of those after it.
    """

    def __init__(
        self,
        scenario: ScenarioLike,
        seed: int = 1,
        policies: Iterable[Policy] = (),
        *,
        pasts: Pasts | None = None,
        observe: Asked = EVERY_MONTH,
    ) -> None:
        seed = _seed_of_iteration(seed)
        super().__init__(rng=seed)
        scenario = scenario.in_future(check_seed(seed))
        self._prepare(scenario, seed, policies, pasts)
        past = live_past if pasts is None else pasts.state
        self.state = past(scenario, self.seed)
        self.recorder = self._new_recorder(scenario.months, observe)
        found_partnership(self.state, self.parameters, self.seed, self.recorder)
        self.running = self.month < scenario.months
        self._own = frozenset(vars(self))

    def _prepare(
        self,
        scenario: ScenarioLike,
        seed: int,
        policies: Iterable[Policy],
        pasts: Pasts | None = None,
    ) -> None:
        self._lived_scenario = scenario
        self._pasts = pasts
        self.seed = check_seed(seed)
        self.policies = (*scenario.policies, *policies)
        self.parameters = scenario.parameters
        self.month = 0
        self.lived: tuple[saved.Lived, ...] = (saved.this_model(),)
        self.decisions: list[Any] = []
        self._handles = False
        self._organisations: list[Organisation] = []
        self._next_id = 1
        self._payer: CollectiveImpactModel | None = None

    def _new_recorder(self, months: int, observe: Asked) -> Recorder:
        sizes = self.state.sizes
        return Recorder(months, sizes["R"], observe, sizes["Q"], self.scenario.holders)

    @property
    def scenario(self) -> ScenarioLike:
        """Return the scenario. Mesa 3.5 sets an empty one of its own kind, which is not kept."""
        return self._lived_scenario

    @scenario.setter
    def scenario(self, scenario: Any) -> None:
        pass

    @property
    def payments(self) -> Payments:
        """Return what its payers have paid so far, month by month."""
        payers = self.state.sizes["Q"]
        rows = self.month + 1
        paid = np.ascontiguousarray(self.recorder.books[:rows, :payers])
        return Payments(paid, self.recorder.stances[:rows])

    def hand_over(self, others: Iterable[ScenarioLike]) -> None:
        """Keep what its payers have paid for those of `others` that are given it."""
        if self._pasts is None:
            return
        for other in others:
            if other.in_future(self.seed).reference == self.scenario:
                self._pasts.keep_payments(self.scenario, self.seed, self.payments)
                return

    def _receive(self, end: int) -> None:
        """Take what another scenario's payers pay until `end`, in the same future."""
        reference = self.scenario.reference
        if reference is None or self.state.given.paid.shape[0] >= end:
            return
        kept = None if self._pasts is None else self._pasts.payments(reference, self.seed)
        if kept is None or kept.paid.shape[0] <= end:
            if self._payer is None:
                self._payer = CollectiveImpactModel(
                    reference, self.seed, pasts=self._pasts, observe=NOTHING
                )
            self._payer.run(max(end, reference.months) - self._payer.month)
            kept = self._payer.payments
        self.state.given = GivenMoney(kept.paid[1:].copy(), kept.position[1:].copy())

    def _live(self, first: int, end: int) -> None:
        self._receive(end)
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
        waiting = len(getattr(self, "_event_list", ()))  # Mesa 3.5 has one event, the next step
        if self.policies or waiting > 1 or type(self).step is not CollectiveImpactModel.step:
            while self.month < end:
                self.step()
        while self.month < end:  # nothing acts between two events: their months are one piece
            self._strike_events()
            first, last = self.month, self.month + 1
            while last < end and not list(self.scenario.events_at(last)):
                last += 1
            self._live(first, last)
            self._count_steps(self.steps + last - first)
        return self

    def _count_steps(self, steps: int) -> None:
        """Tell Mesa how many months were lived, so that its own clock goes on from there."""
        self.steps = steps
        clock = getattr(self, "_default_schedule", None)
        if clock is not None:  # since Mesa 3.5
            clock.stop()
            self.time = float(steps)
            clock.schedule = replace(clock.schedule, start=self.time + 1.0)
            clock.start()

    def outcomes(
        self, names: Iterable[str] | None = None, *, by_region: bool = False
    ) -> pd.DataFrame:
        """Return month × outcome so far, with a region column on request.

        They are those that were observed: all of them, in every month, unless the model was asked
        for less. Raises InputError for an outcome that was not.
        """
        regions = [self.scenario.region_name(r) for r in range(self.state.regions.visible.size)]
        chosen = None if names is None else list(names)
        frame = self.recorder.frame(by_region=by_region, names=chosen, region_names=regions)
        if len(self.lived) > 1:
            frame.attrs["lived"] = [tuple(one) for one in self.lived]
        return frame

    def network(self, month: int | None = None) -> nx.DiGraph:
        """Return who knows whom, as the last month has left it; see cisim.model.network.

        month : where given, the months that the model has lived

        Raises InputError for any other month: run the model to it, or anew up to it.
        """
        if month is not None and month != self.month:
            raise InputError(
                f"network: month is {shown(month)}; allowed is {self.month}, which the model has "
                f"come to (run it to another one, or anew up to an earlier one)."
            )
        return network(self.state, self.parameters, self.month, self.scenario)

    def communities(self) -> pd.DataFrame:
        """Return a row for each community as it stands: region, community, children, outcomes."""
        many = range(self.state.communities.number.size)
        return self._each("community", [self.scenario.community_name(row) for row in many])

    def organisations(self) -> pd.DataFrame:
        """Return a row for each organisation as it stands, by permanent number.

        What is added up over the months (membership, time) an ensemble keeps: `by_organisation`.
        """
        numbers = self.state.orgs.number[self.state.layout.order]
        names = [self.scenario.organisation_name(int(number)) for number in numbers]
        return self._each("organisation", names)

    def _each(self, of: Of, names: list[str]) -> pd.DataFrame:
        regions = [self.scenario.region_name(r) for r in range(self.state.regions.visible.size)]
        return each_frame(of, self.state, self.parameters, names, regions)

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
        self.state.posts.fte[row] = 0.0
        self.state.posts.start[row] = self.month
        return self._hand(Backbone, row)

    # keeping -----------------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the run to a file from which `load` continues it bit for bit; return its path.

        Policies are code and are not saved: `load` is given them again.

        Raises InputError if the file cannot be written; what was there then stays whole. And if the
        model has attributes of its own, which a saved run cannot keep.
        """
        others = sorted(set(vars(self)) - self._own - {"_own"})
        if others:
            raise InputError(
                f"{type(self).__name__}.{others[0]} is not part of the model, and a saved run "
                f"cannot keep it; delete it before and set it again after loading."
            )
        about = {
            "scenario": self.scenario.resolved(),
            "seed": self.seed,
            "month": self.month,
            "observe": [self.recorder.asked.outcomes, self.recorder.asked.months],
        }
        given = self.state.given  # what is given follows from the scenario, and is not kept
        nothing = GivenMoney(given.paid[:0], given.position[:0])
        state = replace(self.state, given=nothing)
        return saved.write(path, about, state, self.recorder.kept(), self.lived)

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str],
        policies: Iterable[Policy] = (),
        *,
        other_model: bool = False,
    ) -> CollectiveImpactModel:
        """Return the run that `save` wrote.

        other_model : go on although another version of the model, or other sources, lived the run
                      so far; `lived` and the outcomes' `attrs` then name every model that did

        Raises InputError if the file is not one, is damaged, or was lived by another model.
        """
        was = saved.read(path)
        here = saved.this_model()
        if was.lived[-1] != here and not other_model:
            version, sources = was.lived[-1]
            raise InputError(
                f"{was.path}: was lived by version {version} with the sources {sources}; here is "
                f"{here.version} with {here.sources}. To go on with this model on purpose: "
                f"load(path, other_model=True)."
            )
        said = dict(was.scenario)
        ran = said.pop("policy", None)
        policies = tuple(policies)
        if ran is not None and not policies:
            raise InputError(
                f"{was.path}: was lived under the policy {shown(ran)}, which is "
                f"code and is not saved; give it again: load(path, policies=[...])."
            )
        model = cls.__new__(cls)
        mesa.Model.__init__(model, rng=was.seed)
        model._prepare(read_scenario(said), was.seed, policies)
        model.lived = was.lived if was.lived[-1] == here else (*was.lived, here)
        model.state = model.scenario.build(was.seed)
        model.recorder = model._new_recorder(max(model.scenario.months, was.month), was.observe)
        kept = saved.restore(was, model.state, model.recorder.rooms(was.month + 1))
        model.recorder.restore(kept)
        model.month = was.month
        model._count_steps(was.month)
        model.running = was.month < model.scenario.months
        model._own = frozenset(vars(model))
        return model


def _seed_of_iteration(seed: object) -> int:
    """Return the seed of a new model: what was said, or what mesa.batch_run leaves unsaid.

    Mesa repeats a run with nothing changed, or with None for a seed, and does not tell the model
    which iteration it is; so the frame that makes the model is asked.
    """
    frame = sys._getframe(2)
    while frame.f_code.co_name == "__init__" and frame.f_back is not None:
        frame = frame.f_back
    if frame.f_globals.get("__name__") != "mesa.batchrunner":
        return check_seed(seed)
    said = frame.f_locals.get("kwargs", {})
    if said.get("seed") is not None or said.get("rng") is not None:
        return check_seed(seed)
    return check_seed(1 if seed is None else seed) + int(frame.f_locals.get("iteration", 0))
