"""Indicators: numbers that studies have published and that the model can be asked for, too.

An indicator takes a point of parameters and a seed to one number, with a band around what was
published. Validation and calibration share them. Runs are made when the first indicator asks for
them and serve all others:

    population   differing sites, each looked at at its age; some indicators need ten years
    seeded       the same sites in the same futures, with seed money that ends at month 36
    town         one town with both backbones, three years
    networks     the test region with four structures, ten years
    setbacks     the test region with and without a wave of departures, trust personal or
                 institutionalised

A band is where a figure may lie. It was there before the first result, and none moves after one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from cisim.lab.sites import Sites, shared_scenario, spread
from cisim.model.input_error import InputError, nearest, shown
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import Asked
from cisim.model.outcomes.standing import CAUSES, endings
from cisim.model.outcomes.sums import WINDOW
from cisim.model.past import Pasts
from cisim.model.quantity import Support
from cisim.model.state import MEETING_KINDS, Flags, Floats, State
from cisim.world.scenario import Scenario

SITES = 24
"""Sites of a population, unless another number is asked for."""
AGES = (0.0, 8.0)
HORIZON = 120
SEED_END = 36
"""The month in which seed money ends where coalitions are followed after it."""
NETWORK_MONTHS = (60, 120)
WAVE_MONTH = 60
WAVE_YEARS = 2
"""Years after a wave of departures in which its setback is looked for."""
STRUCTURES = ("national-and-regional", "regional-only", "national-only", "no-backbone")
PERSONAL, INSTITUTIONAL = 0.0, 0.7
"""inst_base: what of trust outlives a person; the ends of its plausible range."""
SMALLEST_NETWORK = 3
"""Members with a tie; fewer are no network."""
FOLLOWED = 8
"""Sites whose sponsors are followed month by month, which costs most of a run's time."""
REPLACED = 0.5
"""A sponsor is lost where what it pays falls by so much within a month; else it moves slowly."""
FUNDER = 0.2
"""A site loses significant funding where sponsors' money is so much less than a year before."""
SYSTEM, SYSTEM_HIGH = 0.02, 0.05
"""System change that is reported: activity above the ordinary."""
POINTS, POINTS_HIGH = 0.5, 1.0
"""Population change that is reported: points of wellbeing."""
UNSEEN = 0.98
"""Demand for services above which nothing is visible: a change of less than 2 %."""

_WORK = ("joint_fte", "regional_staff", "national_staff", "lead_time")
"""What a partnership takes: time in joint work, and of those who bring it together (FTE)."""
_WORK_MONTHS = 60
"""The last months whose work is set against the gain: as long as the trial was paid for."""
_OF_SITES = (
    "partnership_active", "partnership_ended", "wellbeing_gain", "sponsor_money", *_WORK,
)  # fmt: skip
_OF_NETWORKS = (
    "density", "degree_centralisation", "transitivity", "assortativity",
    "density_with_backbone", "degree_centralisation_with_backbone", "trust_survey",
)  # fmt: skip


class Population(NamedTuple):
    """What the sites of a population have shown.

    ages     : (n,) int      months at which each was looked at
    children : (n,) float    in each
    series   : outcome -> (n, T+1)  NaN after the last month that was run
    system   : (n,) float    system change at its age, (D1 + D2) / 2 - b, child-weighted
    ends     : (n,) of each its ends, (month, cause)
    lost     : sponsors that pay and are lost, a year; NaN where nobody followed them
    """

    ages: np.ndarray[tuple[int], np.dtype[np.int64]]
    children: Floats
    series: Mapping[str, Floats]
    system: Floats
    ends: tuple[tuple[tuple[int, str], ...], ...]
    lost: float

    def at_age(self, outcome: str) -> Floats:
        """Return what each site shows at its age, (n,)."""
        return self.series[outcome][np.arange(self.ages.size), self.ages]


class Network(NamedTuple):
    """A network of members, or who knows whom; NaN where something is undefined.

    nodes : members with a tie
    calls, returned : of the network of who called a meeting of whom, without brokers: its density,
                      and the share of its arcs that go the other way, too
    """

    structure: str
    month: int
    nodes: float
    density: float
    centralisation: float
    transitivity: float
    assortativity: float
    calls: float = math.nan
    returned: float = math.nan


class Setback(NamedTuple):
    """What a wave of departures costs.

    trust    : the most that trust in active ties falls behind the same future without it
    months   : until it has made good half of that, from the wave on
    activity : joint activity that is lost in the year after it, as a share
    """

    trust: float
    months: float
    activity: float


class Shown:
    """What a point of parameters shows with a seed; runs are made when they are asked for.

    point : parameters that are not the defaults
    seed  : of everything: the population, and all futures
    sites : of the population
    long  : whether the population is followed for ten years, or each site to its age only
    both  : whether seeded is wanted beside population, as both share their past
    """

    def __init__(
        self,
        point: Mapping[str, float],
        seed: int,
        sites: int = SITES,
        *,
        long: bool = True,
        both: bool = True,
    ) -> None:
        self.point, self.seed = dict(point), seed
        self._number, self._long, self._both = sites, long, both
        self._populations: dict[int | None, Population] = {}

    @cached_property
    def sites(self) -> Sites:
        """Return the population of sites that differ."""
        return spread(self._number, self.seed, AGES)

    @property
    def population(self) -> Population:
        """Return the sites with the structure's own seed money."""
        return self._population(None)

    @property
    def seeded(self) -> Population:
        """Return the same sites with seed money that ends at SEED_END."""
        return self._population(SEED_END)

    def _population(self, seed_end: int | None) -> Population:
        if seed_end not in self._populations:
            wanted = (None, SEED_END) if self._both else (seed_end,)
            self._populations |= _follow(self.sites, self.point, wanted, self._long)
        return self._populations[seed_end]

    @cached_property
    def town(self) -> Floats:
        """Return demand for services in one town with both backbones, (37,)."""
        months = 36
        scenario = _scenario("national-and-regional", "one-town", months).with_(
            parameters=self.point
        )
        asked = Asked.of(["service_demand"])
        model = CollectiveImpactModel(scenario, self.seed, observe=asked).run()
        return model.recorder.values()["service_demand"][:, -1].copy()

    @cached_property
    def _regions(self) -> tuple[tuple[Network, ...], dict[str, float]]:
        return _observe_networks(self.point, self.seed)

    @property
    def networks(self) -> tuple[Network, ...]:
        """Return who knows whom, then members' networks: four structures at NETWORK_MONTHS."""
        return self._regions[0]

    @property
    def working(self) -> Mapping[str, float]:
        """Return what the test region with both backbones shows after five years."""
        return self._regions[1]

    @cached_property
    def setbacks(self) -> tuple[Setback, Setback]:
        """Return what a wave of departures costs, trust personal and institutionalised."""
        return (
            _setback(self.point, self.seed, PERSONAL),
            _setback(self.point, self.seed, INSTITUTIONAL),
        )


def _follow(
    sites: Sites, point: Mapping[str, float], seed_ends: Iterable[int | None], long: bool
) -> dict[int | None, Population]:
    """Run the sites; those that differ in the end of seed money only share their past."""
    asked = Asked.of(_OF_SITES)
    shared = {end: shared_scenario(point, seed_end=end, months=HORIZON) for end in seed_ends}
    rows: dict[int | None, list[tuple[dict[str, Floats], float, tuple[tuple[int, str], ...]]]]
    rows = {end: [] for end in shared}
    lost: list[tuple[float, float]] = []
    children = np.zeros(len(sites))
    for place, site in enumerate(sites):
        pasts = Pasts()
        for end, scenario in shared.items():
            model = CollectiveImpactModel(
                site.scenario(scenario), site.seed, pasts=pasts, observe=asked
            )
            model.run(site.age)
            children[place] = model.state.communities.children.sum()
            system = system_change(model.state)
            if end is None and long and site.number < FOLLOWED:
                lost.append(_follow_sponsors(model))
            elif end is not None or long:
                model.run()
            seen = {name: _column(series) for name, series in model.recorder.values().items()}
            ended = tuple((month, cause) for _, month, cause in endings(model.recorder.seen()))
            rows[end].append((seen, system, ended))
            del model.state, model.recorder
    return {
        end: Population(
            np.array([site.age for site in sites]),
            children,
            {name: np.stack([seen[name] for seen, _, _ in found]) for name in _OF_SITES},
            np.array([system for _, system, _ in found]),
            tuple(ended for _, _, ended in found),
            _rate(lost) if end is None else math.nan,
        )
        for end, found in rows.items()
    }


def _follow_sponsors(model: CollectiveImpactModel) -> tuple[float, float]:
    """Run to the horizon; return how many sponsors that pay were lost, and their years."""
    base = model.parameters.sponsor_base
    lost = months = 0.0
    before = np.maximum(0.0, model.state.sponsors.engagement - base)
    while model.month < HORIZON:
        model.run(1)
        after = np.maximum(0.0, model.state.sponsors.engagement - base)
        lost += float(((before > 0.0) & (after <= REPLACED * before)).sum())
        months += float((before > 0.0).sum())
        before = after
    return lost, months / 12.0


def _rate(found: Sequence[tuple[float, float]]) -> float:
    lost, years = (sum(column) for column in zip(*found, strict=True)) if found else (0.0, 0.0)
    return lost / years if years else math.nan


def _column(series: Floats) -> Floats:
    """Return the overall column to the horizon, NaN in months that were not run."""
    column = np.full(HORIZON + 1, np.nan)
    column[: series.shape[0]] = series[:, -1]
    return column


def system_change(state: State) -> float:
    """Return (D1 + D2) / 2 - b, child-weighted: the change of services against the ordinary."""
    here = state.communities
    change = (here.delay[:, 0] + here.delay[:, 1]) / 2.0 - here.baseline
    return float((change * here.children).sum() / here.children.sum())


# --- networks --------------------------------------------------------------------------------


def measured(adjacency: Flags) -> tuple[float, float, float, float, float]:
    """Return nodes with a tie, density, centralisation, transitivity and assortativity.

    adjacency : (n, n), an arc either way is a tie

    Freeman's degree centralisation; transitivity is 3 triangles / connected triples; assortativity
    the correlation of degrees over ties. NaN where one is undefined.
    """
    there = adjacency | adjacency.T
    np.fill_diagonal(there, False)
    n = there.shape[0]
    if not n:
        return 0.0, math.nan, math.nan, math.nan, math.nan
    tie = there.astype(np.float64)
    degree = tie.sum(axis=1)
    nodes = float((degree > 0).sum())
    density = degree.sum() / (n * (n - 1)) if n > 1 else math.nan
    star = (n - 1) * (n - 2)
    centralisation = (n * degree.max() - degree.sum()) / star if star > 0 else math.nan
    triples = (degree * (degree - 1)).sum()
    closed = np.trace(tie @ tie @ tie)
    transitivity = closed / triples if triples > 0 else math.nan
    one, other = np.nonzero(there)
    assortativity = math.nan
    if one.size and np.ptp(degree[one]) > 0:
        assortativity = float(np.corrcoef(degree[one], degree[other])[0, 1])
    return nodes, float(density), float(centralisation), float(transitivity), assortativity


def returned(calls: Flags) -> tuple[float, float]:
    """Return the density of who called whom, and the share of arcs that go the other way, too.

    calls : (n, n), row called column
    """
    arcs = calls.copy()
    np.fill_diagonal(arcs, False)
    n, many = arcs.shape[0], int(arcs.sum())
    density = many / (n * (n - 1)) if n > 1 else math.nan
    return density, float((arcs & arcs.T).sum()) / many if many else math.nan


def _observe_networks(
    point: Mapping[str, float], seed: int
) -> tuple[tuple[Network, ...], dict[str, float]]:
    asked = Asked.of(_OF_NETWORKS, NETWORK_MONTHS)
    pasts = Pasts()
    found: list[Network] = []
    working: dict[str, float] = {}
    for structure in STRUCTURES:
        scenario = _scenario(structure, "test-region", HORIZON).with_(parameters=point)
        model = CollectiveImpactModel(scenario, seed, pasts=pasts, observe=asked)
        if not found:
            found.append(Network("known", 0, *measured(_acquainted(model.state))))
        for month in NETWORK_MONTHS:
            calls = _called(model, month)
            seen = {name: float(v[0, -1]) for name, v in
                    model.recorder.values(_OF_NETWORKS, [month]).items()}  # fmt: skip
            nodes = float(model.recorder.seen().connected[month, 0])
            found.append(
                Network(
                    structure, month, nodes, seen["density"], seen["degree_centralisation"],
                    seen["transitivity"], seen["assortativity"], *returned(calls),
                )
            )  # fmt: skip
            working = working or seen
        del model.state, model.recorder
    return tuple(found), working


def _acquainted(state: State) -> Flags:
    """Return who knows whom, (N, N)."""
    ties, size = state.ties, state.orgs.number.size
    known = np.zeros((size, size), bool)
    owner = np.repeat(np.arange(size), np.diff(ties.start))
    known[owner, ties.other[: owner.size]] = True  # rows past the last tie belong to nobody
    return known


def _called(model: CollectiveImpactModel, month: int) -> Flags:
    """Run to a month; return who among the members then called whom in the year before it.

    Meetings that a backbone arranged were called by neither.
    """
    model.run(month - WINDOW - model.month)
    size = model.state.orgs.number.size
    calls = np.zeros((size, size), bool)
    own = [MEETING_KINDS.index(kind) for kind in ("own", "everyday")]
    while model.month < month:
        model.run(1)
        met, many = model.state.meetings, model.state.meetings_count
        some = np.isin(met.kind[:many], own)
        calls[met.party[:many][some], model.state.ties.other[met.arc[:many][some]]] = True
    member = model.state.orgs.member
    return calls[np.ix_(member, member)]


def _shares(test: Callable[[Network], bool]) -> Callable[[Shown], float]:
    """Return the function that gives the share of members' networks with a property.

    What is too small is no network and left out; what is undefined has no property.
    """

    def share(seen: Shown) -> float:
        some = [one for one in seen.networks[1:] if one.nodes >= SMALLEST_NETWORK]
        return sum(map(test, some)) / len(some) if some else math.nan

    return share


CENTRALISED = (0.29, 0.72)


def _transitive(one: Network) -> bool:
    return one.transitivity > one.density


def _disassortative(one: Network) -> bool:
    return one.assortativity < 0.0


def _centralised(one: Network) -> bool:
    return CENTRALISED[0] <= one.centralisation <= CENTRALISED[1]


def _reciprocal(one: Network) -> bool:
    return one.returned >= one.calls


def _whole(structure: str) -> Callable[[Shown], float]:
    """Return the function that gives the share of a structure's networks with all properties."""
    tests = (_transitive, _disassortative, _centralised, _reciprocal)

    def share(seen: Shown) -> float:
        some = [one for one in seen.networks[1:] if one.structure == structure]
        return sum(all(test(one) for test in tests) for one in some) / len(some)

    return share


def _generated(seen: Shown) -> float:
    known = seen.networks[0]
    return (_transitive(known) + _disassortative(known) + _centralised(known)) / 3.0


# --- departures ------------------------------------------------------------------------------


def _setback(point: Mapping[str, float], seed: int, inst_base: float) -> Setback:
    last = WAVE_MONTH + 12 * WAVE_YEARS
    calm = _scenario("national-and-regional", "test-region", last).with_(
        parameters={**point, "inst_base": inst_base}
    )
    wave = calm.with_(events=[{"kind": "turnover-wave", "month": WAVE_MONTH}])
    names = ("trust_active", "joint_activity")
    asked, pasts = Asked.of(names), Pasts()
    seen = [
        CollectiveImpactModel(one, seed, pasts=pasts, observe=asked).run().recorder.values(names)
        for one in (calm, wave)
    ]
    trust, joint = ((seen[0][name] - seen[1][name])[WAVE_MONTH + 1 :, -1] for name in names)
    return Setback(*_lost(trust), _share_lost(joint, seen[0]["joint_activity"][:, -1]))


def _lost(behind: Floats) -> tuple[float, float]:
    """Return the most that trust falls behind in the first year, and the months to half of it."""
    if np.isnan(behind).any():
        return math.nan, math.nan
    deepest = int(np.argmax(behind[:12]))
    depth = float(behind[deepest])
    again = np.flatnonzero(behind[deepest:] <= depth / 2.0)
    months = deepest + int(again[0]) if again.size else behind.size
    return depth, float(months + 1)


def _share_lost(behind: Floats, calm: Floats) -> float:
    there = float(calm[WAVE_MONTH + 1 : WAVE_MONTH + 13].mean())
    return float(behind[:12].mean()) / there if there > 0.0 else math.nan


def _damped(field: str) -> Callable[[Shown], float]:
    """Return the function that gives a setback's size, trust institutionalised / personal."""

    def ratio(seen: Shown) -> float:
        personal, institutional = (float(getattr(one, field)) for one in seen.setbacks)
        return institutional / personal if personal > 0.0 else math.nan

    return ratio


# --- populations -----------------------------------------------------------------------------


def _share(values: Flags) -> float:
    return float(values.mean())


def _early(seen: Shown) -> float:
    return _share(seen.population.at_age("partnership_active") > 0.5)


def _system(threshold: float) -> Callable[[Shown], float]:
    return lambda seen: _share(seen.population.system > threshold)


def _gained(threshold: float) -> Callable[[Shown], float]:
    return lambda seen: _share(seen.population.at_age("wellbeing_gain") > threshold)


def _order(seen: Shown) -> float:
    early, system, points = _early(seen), _system(SYSTEM)(seen), _gained(POINTS)(seen)
    return min(early - system, system - points)


def alive(population: Population, month: int) -> Flags:
    """Return which partnerships have been active by a month and have not ended, (n,)."""
    begun = (population.series["partnership_active"][:, : month + 1] > 0.5).any(axis=1)
    return begun & (population.series["partnership_ended"][:, month] < 0.5)


def _alive_after(years: int) -> Callable[[Shown], float]:
    def share(seen: Shown) -> float:
        there = alive(seen.seeded, SEED_END)
        later = alive(seen.seeded, SEED_END + 12 * years)
        return float(later[there].mean()) if there.any() else math.nan

    return share


def _hazard(seen: Shown) -> float:
    """Return the yearly rate that takes those alive a year after seed money to those after four."""
    first, last = (_alive_after(years)(seen) for years in (1, 4))
    return 1.0 - (last / first) ** (1.0 / 3.0) if first > 0.0 else math.nan


def _sustained(seen: Shown) -> float:
    begun = (seen.seeded.series["partnership_active"] > 0.5).any(axis=1)
    return float(alive(seen.seeded, HORIZON)[begun].mean()) if begun.any() else math.nan


def _caused(cause: str) -> Callable[[Shown], float]:
    def share(seen: Shown) -> float:
        count = Counter(why for ends in seen.seeded.ends for _, why in ends)
        return count[cause] / count.total() if count.total() else math.nan

    return share


def _gain_mean(seen: Shown) -> float:
    return float(seen.population.series["wellbeing_gain"][:, HORIZON].mean())


def _gain_high(seen: Shown) -> float:
    return float(np.quantile(seen.population.series["wellbeing_gain"][:, HORIZON], 0.9))


def _gain_half(seen: Shown) -> float:
    mean = seen.population.series["wellbeing_gain"].mean(axis=0)
    return float(np.argmax(mean >= mean[-1] / 2.0)) if mean[-1] > 0.0 else math.nan


def _gain_for_work(seen: Shown) -> float:
    """Return the mean gain over what sites work a month and 1000 children in their last years."""
    series = seen.population.series
    fte = sum(series[name][:, HORIZON + 1 - _WORK_MONTHS :].mean(axis=1) for name in _WORK)
    work = float((1000.0 * fte / seen.population.children).mean())
    return _gain_mean(seen) / work if work > 0.0 else math.nan


def _funders_lost(seen: Shown) -> float:
    """Return the yearly rate that the share of three-year spans with such a loss implies."""
    money = seen.population.series["sponsor_money"][:, 12::12]
    lost = (money[:, 1:] <= (1.0 - FUNDER) * money[:, :-1]) & (money[:, :-1] > 0.0)
    spans = [lost[:, first : first + 3].any(axis=1) for first in (0, 3, 6)]
    return 1.0 - (1.0 - float(np.mean(spans))) ** (1.0 / 3.0)


@lru_cache(maxsize=64)
def _scenario(name: str, world: str, months: int) -> Scenario:
    return Scenario.load(name, world=world, months=months)


# --- the declarations ------------------------------------------------------------------------


@dataclass(frozen=True)
class Indicator:
    """A number that a point of parameters shows with a seed, beside what was published.

    name      : "L3.four_years", its pattern first
    words     : what the number is
    needs     : what of Shown it is read from
    read      : from what was shown to the number; NaN where it is undefined
    low, high : the band; `strict` leaves its ends out
    published : the figure in the source, None where it has none
    decides   : whether its pattern depends on it; others are told beside it
    long      : whether sites must be followed beyond their ages
    """

    name: str
    words: str
    unit: str
    needs: str
    read: Callable[[Shown], float]
    source: str
    low: float = -math.inf
    high: float = math.inf
    strict: bool = False
    published: float | None = None
    decides: bool = True
    long: bool = False
    supports: tuple[Support, ...] = ("existence", "sign", "size")

    @property
    def pattern(self) -> str:
        """Return the pattern that it belongs to."""
        return self.name.split(".")[0]

    def __call__(self, point: Mapping[str, float], seed: int, sites: int = SITES) -> float:
        """Return what a point shows with a seed; `measure` does several at once."""
        return measure(point, seed, [self.name], sites)[self.name]

    def within(self, values: Floats) -> Flags:
        """Return which values lie within the band; what is undefined does not, (n,)."""
        with np.errstate(invalid="ignore"):
            if self.strict:
                return (values > self.low) & (values < self.high)
            return (values >= self.low) & (values <= self.high)


_NIEMELA = "Niemelä et al. 2019"
_FORUM = "Collective Impact Forum, members' self-reports 2018 and 2019"
_FEINBERG = "Feinberg, Bontempo & Greenberg 2008, 110 coalitions"
_ASPE = "ASPE/NORC 2012, 165 coalitions"
_MARICOPA = "McCullough et al. 2016, a network of 41 organisations"
_NETWORKS = "published data sets, 12 networks"
_CTC = "trial of Communities That Care"
_CASEY = "Casey Family Programs"
_NNSI = "Northwestern Network for Nonprofit and Social Impact, 26 networks"

_DECLARED = (
    Indicator(
        "L1.demand",
        "demand for services after 36 months in one town with both backbones, against month 0",
        "ratio to month 0",
        "town",
        lambda seen: float(seen.town[36]),
        _NIEMELA,
        0.65,
        0.95,
    ),
    Indicator(
        "L1.unseen",
        "lowest demand for services before month 6, against month 0",
        "ratio to month 0",
        "town",
        lambda seen: float(seen.town[1:6].min()),
        _NIEMELA,
        UNSEEN,
    ),
    Indicator(
        "L2.early",
        "sites with early changes: an active partnership",
        "share of sites",
        "population",
        _early,
        _FORUM,
        0.55,
        0.75,
        published=0.64,
    ),
    Indicator(
        "L2.system",
        f"sites with system change above {SYSTEM:g}",
        "share of sites",
        "population",
        _system(SYSTEM),
        _FORUM,
        0.3,
        0.5,
        published=0.405,
    ),
    Indicator(
        "L2.population",
        f"sites with a gain of wellbeing above {POINTS:g} points",
        "share of sites",
        "population",
        _gained(POINTS),
        _FORUM,
        0.15,
        0.3,
        published=0.225,
    ),
    Indicator(
        "L2.order",
        "the smaller of the differences early - system and system - population",
        "share of sites",
        "population",
        _order,
        _FORUM,
        0.0,
        strict=True,
    ),
    Indicator(
        "L2.system_high",
        f"sites with system change above {SYSTEM_HIGH:g}",
        "share of sites",
        "population",
        _system(SYSTEM_HIGH),
        _FORUM,
        0.3,
        0.5,
        published=0.405,
        decides=False,
    ),
    Indicator(
        "L2.population_high",
        f"sites with a gain of wellbeing above {POINTS_HIGH:g} points",
        "share of sites",
        "population",
        _gained(POINTS_HIGH),
        _FORUM,
        0.15,
        0.3,
        published=0.225,
        decides=False,
    ),
    Indicator(
        "L3.year",
        "alive a year after seed money, of those alive at its end",
        "share of partnerships",
        "seeded",
        _alive_after(1),
        _FEINBERG,
        0.8,
        0.99,
        published=0.9,
    ),
    Indicator(
        "L3.four_years",
        "alive four years after seed money, of those alive at its end",
        "share of partnerships",
        "seeded",
        _alive_after(4),
        _FEINBERG,
        0.55,
        0.8,
        published=2 / 3,
    ),
    Indicator(
        "L3.hazard",
        "end in a year, second to fourth after seed money, less those that begin again",
        "share of partnerships a year",
        "seeded",
        _hazard,
        _FEINBERG,
        0.03,
        0.08,
        published=0.055,
    ),
    Indicator(
        "L4.alive",
        "alive seven years after seed money, of all that were ever active",
        "share of partnerships",
        "seeded",
        _sustained,
        _ASPE,
        0.55,
        0.8,
        published=0.68,
    ),
    Indicator(
        "L4.done",
        "ends because the aim was reached, of all ends",
        "share of ends",
        "seeded",
        _caused(CAUSES[2]),
        _ASPE,
        0.23,
        0.46,
        published=1 / 3,
    ),
    Indicator(
        "L4.money",
        "ends for money, of all ends",
        "share of ends",
        "seeded",
        _caused(CAUSES[0]),
        _ASPE,
        decides=False,
    ),
    Indicator(
        "L5.density",
        "density of the region's active network with the backbone, after five years",
        "0..1",
        "networks",
        lambda seen: seen.working["density_with_backbone"],
        _MARICOPA,
        0.2,
        0.5,
        published=0.3,
    ),
    Indicator(
        "L5.centralisation",
        "its degree centralisation",
        "0..1",
        "networks",
        lambda seen: seen.working["degree_centralisation_with_backbone"],
        _MARICOPA,
        0.4,
        0.8,
        published=0.73,
    ),
    Indicator(
        "L5.trust",
        "its trust, as a survey would ask for it",
        "0..1",
        "networks",
        lambda seen: seen.working["trust_survey"],
        _MARICOPA,
        0.7,
        0.9,
        published=0.81,
    ),
    Indicator(
        "L6.transitivity",
        "networks whose transitivity is above their density",
        "share of networks",
        "networks",
        _shares(_transitive),
        _NETWORKS,
        1.0,
    ),
    Indicator(
        "L6.assortativity",
        "networks whose degree assortativity is negative",
        "share of networks",
        "networks",
        _shares(_disassortative),
        _NETWORKS,
        1.0,
    ),
    Indicator(
        "L6.centralisation",
        f"networks whose degree centralisation is {CENTRALISED[0]:g} to {CENTRALISED[1]:g}",
        "share of networks",
        "networks",
        _shares(_centralised),
        _NETWORKS,
        1.0,
    ),
    Indicator(
        "L6.reciprocity",
        "networks in which calls are returned at least as often as they are dense",
        "share of networks",
        "networks",
        _shares(_reciprocal),
        _NETWORKS,
        1.0,
    ),
    Indicator(
        "L6.generated",
        "of the first three, how many who knows whom at month 0 has",
        "share of properties",
        "networks",
        _generated,
        _NETWORKS,
        1.0,
    ),
    Indicator(
        "L6.both",
        "networks with national and regional backbones that have all four",
        "share of networks",
        "networks",
        _whole(STRUCTURES[0]),
        _NETWORKS,
        1.0,
        decides=False,
    ),
    Indicator(
        "L6.none",
        "networks without any backbone that have all four",
        "share of networks",
        "networks",
        _whole(STRUCTURES[-1]),
        _NETWORKS,
        1.0,
        decides=False,
    ),
    Indicator(
        "L7.mean",
        "mean gain of wellbeing after ten years",
        "points of 100",
        "population",
        _gain_mean,
        _CTC,
        0.0,
        strict=True,
        long=True,
    ),
    Indicator(
        "L7.high",
        "gain of wellbeing after ten years, 90th percentile of sites",
        "points of 100",
        "population",
        _gain_high,
        _CTC,
        high=4.5,
        strict=True,
        long=True,
    ),
    Indicator(
        "L7.half",
        "month by which half of the mean gain after ten years is there",
        "months",
        "population",
        _gain_half,
        _CTC,
        24.0,
        long=True,
    ),
    Indicator(
        "L7.work",
        "that gain for the work that it takes: joint, and of those who bring it together",
        "points per FTE/1000 children",
        "population",
        _gain_for_work,
        _CTC,
        0.44,
        3.9,
        published=1.3,
        decides=False,
        long=True,
    ),
    Indicator(
        "L8.depth",
        "trust in active ties that a wave of departures costs at most, trust being personal",
        "0..1",
        "setbacks",
        lambda seen: seen.setbacks[0].trust,
        _CASEY,
        0.0,
        strict=True,
        supports=("existence",),
    ),
    Indicator(
        "L8.trust",
        "that cost with institutionalised / personal trust",
        "ratio",
        "setbacks",
        _damped("trust"),
        _CASEY,
        high=1.0,
        strict=True,
        supports=("existence",),
    ),
    Indicator(
        "L8.activity",
        "joint activity that the wave costs in the year after it, institutionalised / personal",
        "ratio",
        "setbacks",
        _damped("activity"),
        _CASEY,
        high=1.0,
        strict=True,
        supports=("existence",),
    ),
    Indicator(
        "L8.length",
        "months until half of the loss of trust is made good, institutionalised / personal",
        "ratio",
        "setbacks",
        _damped("months"),
        _CASEY,
        decides=False,
        supports=("existence",),
    ),
    Indicator(
        "L9.sponsors",
        "sponsors that pay and are lost in a year",
        "share of sponsors a year",
        "population",
        lambda seen: seen.population.lost,
        _NNSI,
        0.08,
        0.16,
        published=0.115,
        long=True,
    ),
    Indicator(
        "L9.sites",
        f"sites that lose {100 * FUNDER:.0f} % of sponsors' money or more a year, by three years",
        "share of sites a year",
        "population",
        _funders_lost,
        _NNSI,
        0.08,
        0.16,
        published=0.115,
        decides=False,
        long=True,
    ),
)

INDICATORS: dict[str, Indicator] = {one.name: one for one in _DECLARED}
"""All indicators by name."""


def measure(
    point: Mapping[str, float],
    seed: int,
    names: Iterable[str] | None = None,
    sites: int = SITES,
) -> dict[str, float]:
    """Return indicators of one point of parameters with one seed, NaN where undefined.

    names : which; None for all
    sites : of the population; fewer are faster and noisier

    Raises InputError for a name that is none, or a point that is not allowed.
    """
    chosen = [find_indicator(name) for name in (INDICATORS if names is None else names)]
    seen = shown_by(point, seed, chosen, sites)
    return {one.name: one.read(seen) for one in chosen}


def shown_by(
    point: Mapping[str, float], seed: int, indicators: Iterable[Indicator], sites: int = SITES
) -> Shown:
    """Return what a point shows, as long as some indicators need it."""
    some = list(indicators)
    long = any(one.long for one in some)
    both = {"population", "seeded"} <= {one.needs for one in some}
    return Shown(point, seed, sites, long=long, both=both)


def find_indicator(name: str) -> Indicator:
    """Return an indicator; raises InputError, with the nearest, for a name that is none."""
    if name not in INDICATORS:
        raise InputError(f"{shown(name)} is no indicator.{nearest(str(name), INDICATORS)}")
    return INDICATORS[name]
