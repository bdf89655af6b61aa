"""Mesa's DataCollector, reading whole columns.

Mesa asks each agent for each attribute, one at a time, and an organisation's trust is a mean over
its ties: with that the collector takes several times as long as the run. The state is columns, so
this one reads an attribute of all agents of a kind at once. What it cannot read so (functions,
attributes that somebody has added) it leaves to Mesa, and what it has collected has Mesa's form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from cisim.model.agents import Backbone, Community, Organisation, Sponsor, column
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import OUTCOMES
from cisim.model.state import PUBLIC, SECTORS, SPONSOR_KINDS, Floats

Rows = NDArray[np.int64]
Read = Callable[[CollectiveImpactModel, Rows], list[Any]]
Reporters = Mapping[str, Any]


class DataCollector(mesa.DataCollector):
    """Mesa's DataCollector, with the same arguments and results.

    A model reporter may be the name of an outcome, such as "wellbeing_gain": overall, as it stands
    when the collector is called. An outcome goes before an attribute of the model of that name.
    Means are added up in another order than by an agent's own attribute, and may differ in the
    last digit.
    """

    def __init__(
        self,
        model_reporters: Reporters | None = None,
        agent_reporters: Reporters | None = None,
        agenttype_reporters: Mapping[type, Reporters] | None = None,
        tables: Mapping[str, Any] | None = None,
    ) -> None:
        outcomes = {
            name: partial(outcome_now, what) if is_outcome(what) else what
            for name, what in (model_reporters or {}).items()
        }
        self._of_all = _named(agent_reporters or {})
        self._of_kind = {kind: _named(one) for kind, one in (agenttype_reporters or {}).items()}
        super().__init__(outcomes or None, agent_reporters, agenttype_reporters, tables)

    def _record_agents(self, model: Any) -> Iterable[tuple[Any, ...]]:
        if not isinstance(model, CollectiveImpactModel):
            return super()._record_agents(model)
        return _records(model, list(model.agents), self.agent_reporters, self._of_all)

    def _record_agenttype(self, model: Any, agent_type: type) -> Iterable[tuple[Any, ...]]:
        if not isinstance(model, CollectiveImpactModel) or agent_type not in READ:
            return super()._record_agenttype(model, agent_type)
        agents = list(model.agents_by_type[agent_type])
        reporters = self.agenttype_reporters[agent_type]
        return _records(model, agents, reporters, self._of_kind.get(agent_type, {}))


def is_outcome(reporter: object) -> bool:
    """Return whether a reporter is the name of an outcome."""
    return isinstance(reporter, str) and reporter in OUTCOMES


def outcome_now(name: str, model: CollectiveImpactModel) -> float:
    """Return an outcome of all regions together as it stands."""
    return float(model.recorder.values([name], [model.month])[name][0, -1])


def _named(reporters: Reporters) -> dict[str, str]:
    return {name: what for name, what in reporters.items() if isinstance(what, str)}


def _records(
    model: CollectiveImpactModel,
    agents: list[Any],
    reporters: Mapping[str, Callable[[Any], Any]],
    named: Mapping[str, str],
) -> list[tuple[Any, ...]]:
    """Return a row for each agent: time, number and what each reporter says of it."""
    when = getattr(model, "time", model.steps)  # Mesa has told times since 3.5
    places: dict[type, list[int]] = {}
    for place, agent in enumerate(agents):
        places.setdefault(type(agent), []).append(place)
    rows = {
        kind: np.array([agents[place].row for place in some], np.int64)
        for kind, some in places.items()
        if kind in READ
    }
    columns = []
    for name, reporter in reporters.items():
        told: list[Any] = [None] * len(agents)
        for kind, some in places.items():
            read = READ.get(kind, {}).get(named.get(name, ""))
            if read is None:
                values = [reporter(agents[place]) for place in some]
            else:
                values = read(model, rows[kind])
            if len(some) == len(agents):
                told = values
            else:
                for place, value in zip(some, values, strict=True):
                    told[place] = value
        columns.append(told)
    numbers = [agent.unique_id for agent in agents]
    return list(zip([when] * len(agents), numbers, *columns, strict=True))


# --- attributes of all agents of a kind ------------------------------------------------------


def _column(one: column) -> Read:
    def read(model: CollectiveImpactModel, rows: Rows) -> list[Any]:
        values = getattr(getattr(model.state, one.table), one.column)[rows].tolist()
        return [tuple(value) for value in values] if values and type(values[0]) is list else values

    return read


def _columns(kind: type) -> dict[str, Read]:
    """Return what an agent of a kind has that is nothing but a column."""
    return {
        name: _column(one)
        for name, one in vars(kind).items()
        if isinstance(one, column) and not name.startswith("_")
    }


def _tau(model: CollectiveImpactModel) -> Floats:
    """Return each tie's trust, (A,)."""
    ties, n0 = model.state.ties, model.parameters.prior_weight
    held = slice(ties.count)
    kept, broken = ties.kept[held], ties.broken[held]
    return (n0 * ties.prior[held] + kept) / (n0 + kept + broken)


def _owner(model: CollectiveImpactModel) -> Rows:
    """Return the row of the organisation whose each tie is, (A,)."""
    start = model.state.ties.start
    return np.repeat(np.arange(start.size - 1), np.diff(start))


def _trust(model: CollectiveImpactModel, rows: Rows) -> list[Any]:
    known = np.diff(model.state.ties.start)
    total = np.bincount(_owner(model), weights=_tau(model), minlength=known.size)
    return np.divide(total, known, out=np.full(known.size, np.nan), where=known > 0)[rows].tolist()


def _standing(model: CollectiveImpactModel, rows: Rows) -> list[Any]:
    ties, n0 = model.state.ties, model.parameters.prior_weight
    owner = _owner(model)
    near = np.arange(owner.size) < ties.near[owner]
    back = ties.reverse[: owner.size][near]
    seen = ties.kept[back] + ties.broken[back]
    seen_and_trusted = (n0 * ties.prior[back] + ties.kept[back]) * seen / (n0 + seen) ** 2
    many = ties.start.size - 1
    return np.bincount(owner[near], weights=seen_and_trusted, minlength=many)[rows].tolist()


def _agenda(model: CollectiveImpactModel, rows: Rows) -> list[Any]:
    return [tuple(one) for one in model.state.orgs.agenda[rows].tolist()]


def _gain(model: CollectiveImpactModel, rows: Rows) -> Floats:
    communities, p = model.state.communities, model.parameters
    start = p.wellbeing_base - p.wellbeing_deprivation * communities.deprivation[rows]
    room = (p.headroom_base - start) / p.headroom_span - 1.0
    headroom = 1.0 + model.state.levers.headroom * room
    return p.wb_max * headroom * (communities.delay[rows, 2] - communities.baseline[rows])


def _wellbeing(model: CollectiveImpactModel, rows: Rows) -> list[Any]:
    p = model.parameters
    start = p.wellbeing_base - p.wellbeing_deprivation * model.state.communities.deprivation[rows]
    return (start + _gain(model, rows)).tolist()


def _among_members(model: CollectiveImpactModel, rows: Rows) -> list[Any]:
    """Return members' mean trust in each other where a backbone works."""
    orgs, ties = model.state.orgs, model.state.ties
    owner = _owner(model)
    other = ties.other[: owner.size]
    both = orgs.member[owner] & orgs.member[other]
    tau, here, there = _tau(model)[both], orgs.region[owner[both]], orgs.region[other[both]]
    found = []
    for row in rows.tolist():
        some = tau if row == 0 else tau[(here == row - 1) & (there == row - 1)]
        found.append(float(np.mean(some)) if some.size else float("nan"))
    return found


READ: Mapping[type, Mapping[str, Read]] = {
    Organisation: {
        **_columns(Organisation),
        "name": lambda m, rows: [
            m.scenario.organisation_name(n) for n in m.state.orgs.number[rows].tolist()
        ],
        "sector": lambda m, rows: [SECTORS[s] for s in m.state.orgs.sector[rows].tolist()],
        "public": lambda m, rows: (m.state.orgs.sector[rows] < PUBLIC).tolist(),
        "eligible": lambda m, rows: m.state.orgs.eligible[rows].astype(bool).tolist(),
        "agenda": _agenda,
        "trust": _trust,
        "standing": _standing,
    },
    Community: {
        **_columns(Community),
        "name": lambda m, rows: [m.scenario.community_name(row) for row in rows.tolist()],
        "wellbeing": _wellbeing,
        "wellbeing_gain": lambda m, rows: _gain(m, rows).tolist(),
    },
    Backbone: {**_columns(Backbone), "trust": _among_members},
    Sponsor: {
        **_columns(Sponsor),
        "kind": lambda m, rows: [SPONSOR_KINDS[k] for k in m.state.sponsors.kind[rows].tolist()],
    },
}
"""By kind of agent and attribute, how it is read of all agents at once."""
