"""The runs that the patterns are read from: one set for each point, shared by all patterns.

All runs of a set have the same seed and the same parameters and differ from national and regional
backbones in what their name says: levers, events, a parameter or the world. The model knows
nothing of patterns.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cisim.lab.same_money import let_go
from cisim.model.luck import uniform, word
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import Asked, organisation_frame
from cisim.model.past import Pasts, side_by_side
from cisim.model.state import Floats, Openings, Organisations, State, Ties, arrange, link, stand
from cisim.world.scenario import Scenario
from cisim.world.world import World

MONTHS = 120
"""The patterns speak of ten years."""
SHOCK_MONTH = 60
PRIOR_STEP = 0.1


@dataclass(frozen=True)
class Run:
    """What one run has shown, over all regions.

    series        : outcome -> (T+1,) float
    organisations : a row each at the end (organisation_frame), only where a pattern asks for it
    """

    series: Mapping[str, Floats]
    organisations: pd.DataFrame | None = None

    def __getitem__(self, outcome: str) -> Floats:
        return self.series[outcome]

    def end(self, outcome: str) -> float:
        """Return an outcome at the horizon."""
        return float(self.series[outcome][-1])


Runs = Mapping[str, Run]
"""A run for each variant by name."""


@dataclass(frozen=True)
class Variant:
    """One of the runs of a set.

    words    : what differs from national and regional backbones
    change   : from that scenario to this one
    relabels : whether organisations get other rows before the run
    outcomes : all outcomes are kept instead of those that patterns name
    people   : organisations are kept, too
    """

    words: str
    change: Callable[[Scenario], Scenario]
    relabels: bool = False
    outcomes: bool = False
    people: bool = False


def _levers(**levers: Any) -> Callable[[Scenario], Scenario]:
    return lambda scenario: scenario.with_(structure_changes=levers)


def _structure(name: str) -> Callable[[Scenario], Scenario]:
    return lambda scenario: scenario.with_(structure=name)


def _same_total(scenario: Scenario) -> Scenario:
    """Give organisations what the payers of the set's own both backbones pay, month by month."""
    return scenario.with_(structure="same-total").given_the_money_of(scenario)


def _beliefs(**parameters: float) -> Callable[[Scenario], Scenario]:
    return lambda scenario: scenario.with_(parameters=parameters)


def _prior(step: float) -> Callable[[Scenario], Scenario]:
    def change(scenario: Scenario) -> Scenario:
        prior = min(1.0, max(0.0, scenario.parameters.trust_prior + step))
        return scenario.with_(parameters={"trust_prior": prior})

    return change


def _event(kind: str, **parameters: float) -> Callable[[Scenario], Scenario]:
    def change(scenario: Scenario) -> Scenario:
        events = [{"kind": kind, "month": SHOCK_MONTH}]
        return scenario.with_(events=events, parameters=parameters)

    return change


def everybody_takes_part(world: World) -> World:
    """Return the world in which every community takes part."""
    regions = [
        {**region.model_dump(), "participating": here.communities}
        for region, here in zip(world.regions, world.settled, strict=True)
    ]
    communities = [{**one.model_dump(), "participates": True} for one in world.communities]
    return World.model_validate(
        {**world.model_dump(), "regions": regions, "communities": communities}
    )


def one_sector(world: World, sector: str) -> World:
    """Return the world with as many organisations, all of one sector."""
    alike: dict[str, Any] = {
        "locals": [sector] * len(world.locals),
        "bodies": [sector] * len(world.bodies),
        "organisations": [{**one.model_dump(), "sector": sector} for one in world.organisations],
    }
    return World.model_validate({**world.model_dump(), **alike})


NULL_BELIEFS = {"lead_share": 0.0, "funder_pull": 0.0, "core_post": 0.0}
"""Paid staff acts by three ways beside its roles: a lead organisation steps back, those who pay
pull, and sponsors pay a coordinator first. For the null they are off in both runs."""


def _without_roles(scenario: Scenario) -> Scenario:
    national = dict.fromkeys(type(scenario.structure.national_roles).model_fields, 0.0)
    regional = dict.fromkeys(type(scenario.structure.regional_roles).model_fields, 0.0)
    return scenario.with_(
        parameters=NULL_BELIEFS,
        structure_changes={
            "backbone_share": 0.0,
            "national_roles": national,
            "regional_roles": regional,
        },
    )


def _without_backbone(scenario: Scenario) -> Scenario:
    return scenario.with_(
        structure="none", parameters=NULL_BELIEFS, structure_changes={"backbone_share": 0.0}
    )


VARIANTS: dict[str, Variant] = {
    "both": Variant(
        "national and regional backbones, loose sponsors",
        lambda scenario: scenario,
        outcomes=True,
        people=True,
    ),
    "none": Variant("no backbone", _structure("none")),
    "same-total": Variant(
        "all that its payers pay in the same future, as own time of eligible organisations",
        _same_total,
    ),
    "national": Variant("national backbone only", _structure("national")),
    "regional": Variant("regional backbones only", _structure("regional")),
    "absent": Variant("sponsor_link 0", _levers(sponsor_link=0.0)),
    "integrated": Variant("sponsor_link 1", _levers(sponsor_link=1.0)),
    "trusting": Variant(f"trust_prior + {PRIOR_STEP}", _prior(PRIOR_STEP)),
    "distrusting": Variant(f"trust_prior - {PRIOR_STEP}", _prior(-PRIOR_STEP)),
    "restless": Variant("turnover .03", _beliefs(turnover=0.03)),
    "steady": Variant("turnover .005", _beliefs(turnover=0.005)),
    "engaged": Variant("beneficiary engagement .6", _levers(engagement=0.6)),
    "unengaged": Variant("beneficiary engagement 0", _levers(engagement=0.0)),
    "everybody": Variant(
        "all communities take part",
        lambda scenario: scenario.with_(world=everybody_takes_part(scenario.world)),
    ),
    "one-sector": Variant(
        "as many organisations, all of education, the most frequent sector",
        lambda scenario: scenario.with_(world=one_sector(scenario.world, "education")),
    ),
    "breach": Variant(
        f"half of the members break a promise to everyone in month {SHOCK_MONTH}",
        _event("breach-of-promises"),
    ),
    "wave": Variant(
        f"half of the representatives change in month {SHOCK_MONTH}", _event("turnover-wave")
    ),
    "unmeasured": Variant("measure_rate 0", _beliefs(measure_rate=0.0)),
    "unmeasured-wave": Variant(
        f"measure_rate 0, half of the representatives change in month {SHOCK_MONTH}",
        _event("turnover-wave", measure_rate=0.0),
    ),
    "idle": Variant("backbones with staff whose roles do nothing", _without_roles, outcomes=True),
    "without": Variant("the same without backbones", _without_backbone, outcomes=True),
    "relabelled": Variant(
        "organisations in other rows", lambda scenario: scenario, relabels=True, outcomes=True
    ),
}


def run_variants(
    scenario: Scenario, seed: int, names: Iterable[str], outcomes: Iterable[str]
) -> dict[str, Run]:
    """Return the runs of some variants of one scenario with one seed.

    Variants that share a past live through it once.
    """
    wanted, named = tuple(outcomes), list(names)
    changed: list[Any] = []
    for name in named:
        given = VARIANTS[name].change(scenario)
        changed.append(Relabelled(given) if VARIANTS[name].relabels else given)
    pasts = Pasts()
    runs = {}
    for place in side_by_side(changed)[0]:
        name, variant = named[place], VARIANTS[named[place]]
        asked = Asked.of(None if variant.outcomes else wanted)
        model = CollectiveImpactModel(changed[place], seed, pasts=pasts, observe=asked).run()
        found = model.recorder.values()
        people = organisation_frame(model.state, model.parameters) if variant.people else None
        runs[name] = Run({key: value[:, -1].copy() for key, value in found.items()}, people)
        let_go(model, changed)
    return runs


class Relabelled:
    """A scenario whose organisations get other rows after the world is built."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario

    def __getattr__(self, name: str) -> Any:
        return getattr(self._scenario, name)

    @property
    def past(self) -> tuple[Any, ...]:
        """Return what decides its past, which is in other rows."""
        return Relabelled, self._scenario.past

    def in_future(self, seed: int) -> Relabelled:
        """Return it with what that future believes, still in other rows."""
        return Relabelled(self._scenario.in_future(seed))

    def build(self, seed: int) -> State:
        """Return the state at the first month of history, in other rows."""
        return relabel(self._scenario.build(seed), seed)


def relabel(state: State, seed: int) -> State:
    """Put the organisations into other rows, in place; their permanent numbers stay their own."""
    orgs, ties, openings = state.orgs, state.ties, state.openings
    address = word("relabel")
    draws = [uniform(seed, address, 0, row, 0) for row in range(orgs.number.size)]
    rows = np.argsort(np.array(draws), kind="stable")
    before = orgs.number
    for part in dataclasses.fields(orgs):
        setattr(orgs, part.name, np.ascontiguousarray(getattr(orgs, part.name)[rows]))
    if openings.other.size:
        _relink(openings, rows, before, orgs)
        held = openings.tie[openings.tie >= 0]
        ties.start, ties.near, ties.other, ties.reverse = stand(openings)
        for name in _of_pairs(ties):
            column = getattr(ties, name)
            column[: held.size] = column[held]
    else:
        _relink(ties, rows, before, orgs)
    regions = state.regions.visible.size
    state.layout = arrange(
        orgs.number, orgs.region, orgs.community, state.communities.region, regions
    )
    return state


def _relink(table: Ties | Openings, rows: Any, before: Any, orgs: Organisations) -> None:
    """Put pairs between organisations of other rows; what is said of each stays its own.

    before : (N,) permanent numbers in the rows until now
    """
    owner = np.repeat(np.arange(rows.size), np.diff(table.start))
    arcs = {pair: arc for arc, pair in enumerate(_pairs(before, owner, table.other))}
    place = np.argsort(rows, kind="stable")
    low, high = place[owner], place[table.other]
    once = low < high
    start, near, other, reverse = link(low[once], high[once], orgs.number, orgs.region)
    owner = np.repeat(np.arange(rows.size), np.diff(start))
    moved = np.array([arcs[pair] for pair in _pairs(orgs.number, owner, other)], np.int64)
    for name in _of_pairs(table):
        setattr(table, name, np.ascontiguousarray(getattr(table, name)[moved]))
    table.start, table.near, table.other, table.reverse = start, near, other, reverse


def _of_pairs(table: Ties | Openings) -> list[str]:
    """Return the columns that say something of a pair, not where it stands."""
    places = {"start", "near", "other", "reverse"}
    return [part.name for part in dataclasses.fields(table) if part.name not in places]


def _pairs(number: Any, owner: Any, other: Any) -> list[tuple[int, int]]:
    """Return the permanent numbers at both ends of each arc."""
    return list(zip(number[owner].tolist(), number[other].tolist(), strict=True))
