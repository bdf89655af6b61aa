"""Populations of sites that differ, as surveys and follow-up studies of many coalitions meet them.

A site is one region of four to nine communities with a backbone of its own and a small part of a
national one. How much trust, time, sponsors' money and agreement it starts with is its own, drawn
around a point of parameters that the population shares, and so is its age when somebody asks.

    trust_prior   + .08 z
    all others    x exp(s z), with s as in SPREADS

z is a standard normal draw of its own for each number and site. Draws have addresses (the
population's seed, the number, the site), so site k is the same in a population of any size. Sizes
and ages are spread evenly: they go round their range in steps that no two sites share.

Source  that sites differ, and by how much, is judgement: the studies say how many coalitions there
        were and not how unlike they are
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from cisim.lab.executors import Executor, Progress, Say, executor_of, whole_number
from cisim.lab.resume import Parts, continue_work, key_of
from cisim.lab.warm import warm
from cisim.model.arithmetic import exp
from cisim.model.input_error import InputError, shown
from cisim.model.luck import check_seed, normal, uniform, word
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import Asked
from cisim.model.parameters import Parameters
from cisim.model.quantity import Declaration, declarations
from cisim.model.state import Floats
from cisim.world.scenario import Scenario, load_world
from cisim.world.world import World

SMALLEST, LARGEST = 4, 9
"""Communities of a site."""
NATIONAL_FTE = 0.1
"""National support a site, FTE."""
TRUST_SPREAD = 0.08
SPREADS: Mapping[str, float] = {
    "staff_time": 0.35,
    "sponsor_budget": 0.5,
    "sponsor_base": 0.4,
    "init_member_share": 0.35,
    "agenda_spread": 0.25,
    "turnover": 0.4,
    "effort_half": 0.3,
}
"""How far each parameter differs between sites: the standard deviation of its log."""
STAFF_SPREAD = 0.4
"""The same of the seed money, which is the site's and no parameter."""
SEED_FTE = 1.0
OLDEST = 100.0
"""Years that a site may be asked about."""
MOST_SITES = 100_000

_STEP = {"communities": 0.7548776662466927, "age": 0.5698402909980532}
"""Additive steps that fill a square evenly: powers of the plastic number's inverse."""
THROUGH = ("cisim.lab.sites",)
"""The modules of the lab that decide the bits of a site's run."""


class Site(NamedTuple):
    """One site: what is its own.

    seed        : of its run
    communities : how many it has; all take part
    age         : months after its founding at which it is looked at
    seed_fte    : FTE of its backbone until the seed money ends
    trust       : what is added to trust_prior
    factors     : what other parameters are multiplied by
    """

    number: int
    seed: int
    communities: int
    age: int
    seed_fte: float
    trust: float
    factors: Mapping[str, float]

    def parameters(self, shared: Parameters) -> dict[str, float]:
        """Return the numbers that are its own, around those of the population.

        They stay within what the model allows.
        """
        own = {"trust_prior": shared.trust_prior + self.trust}
        own |= {name: getattr(shared, name) * factor for name, factor in self.factors.items()}
        bounds = {name: declared.bounds for name, declared in _declared().items()}
        return {
            name: min(max(value, bounds[name][0]), bounds[name][1]) for name, value in own.items()
        }

    def scenario(self, shared: Scenario) -> Scenario:
        """Return what a scenario becomes here: structure, parameters and horizon are shared."""
        return shared.with_(
            world=_world(self.communities, self.seed_fte),
            parameters=self.parameters(shared.parameters),
        )


@dataclass(frozen=True)
class Sites(Sequence[Site]):
    """A population of sites that differ.

    ages : years, the youngest and the oldest
    """

    sites: tuple[Site, ...]
    seed: int
    ages: tuple[float, float]

    def __len__(self) -> int:
        return len(self.sites)

    def __getitem__(self, place: int) -> Site:  # type: ignore[override]
        return self.sites[place]

    def __iter__(self) -> Iterator[Site]:
        return iter(self.sites)

    def table(self) -> pd.DataFrame:
        """Return a row for each site: its size, age in months, seed money and local differences."""
        return pd.DataFrame(
            {
                "site": one.number,
                "seed": one.seed,
                "communities": one.communities,
                "age": one.age,
                "seed_fte": one.seed_fte,
                "trust_prior": one.trust,
                **one.factors,
            }
            for one in self.sites
        )


def differing(number: int, seed: int, ages: tuple[float, float] = (0, 8)) -> Sites:
    """Return a population of sites that differ; the same for the same seed.

    number : of sites
    ages   : years at which they are looked at, the youngest and the oldest

    Raises InputError for a number, a seed or ages that are not allowed.
    """
    number = whole_number("number", number, 1, MOST_SITES)
    return spread(number, check_seed(seed), _ages(ages))


def spread(number: int, seed: int, ages: tuple[float, float]) -> Sites:
    """Return as `differing`, of what has been checked."""
    low, high = ages
    starts = {name: _draw(seed, name, 0) for name in _STEP}
    sites = []
    for k in range(number):
        at = {name: (starts[name] + k * step) % 1.0 for name, step in _STEP.items()}
        first, second = _draw(seed, "seed", k), _draw(seed, "seed", k, 1)
        sites.append(
            Site(
                number=k,
                seed=(int(first * 2**31) << 32) + int(second * 2**32),
                communities=SMALLEST + int(at["communities"] * (LARGEST - SMALLEST + 1)),
                age=int(np.floor(12.0 * (low + at["age"] * (high - low)) + 0.5)),
                seed_fte=SEED_FTE * exp(STAFF_SPREAD * _normal(seed, "seed_fte", k)),
                trust=TRUST_SPREAD * _normal(seed, "trust_prior", k),
                factors={
                    name: exp(spread * _normal(seed, name, k)) for name, spread in SPREADS.items()
                },
            )
        )
    return Sites(tuple(sites), seed, (low, high))


def shared_scenario(
    parameters: Mapping[str, float] | None = None, *, seed_end: int | None = None, months: int = 120
) -> Scenario:
    """Return what all sites of a population share: structure, parameters and horizon.

    parameters : those that are not the defaults
    seed_end   : the month in which seed money ends; None for that of the structure
    """
    changes: dict[str, float] = {"national_fte": NATIONAL_FTE}
    if seed_end is not None:
        changes["seed_end"] = seed_end
    return _shared(months).with_(structure_changes=changes, parameters=dict(parameters or {}))


Look = Callable[[CollectiveImpactModel, Site], Sequence[float]]
"""What is read of a site's run, which stands at its founding."""


class Asking(NamedTuple):
    """What a worker needs to know."""

    sites: Sites
    shared: Scenario
    outcomes: tuple[str, ...]


def ask(asking: Asking, place: int) -> Floats:
    """Return what a site shows at its age, an outcome each, (outcomes,)."""
    site = asking.sites[place]
    scenario = site.scenario(asking.shared.with_(months=max(1, site.age)))
    asked = Asked.of(asking.outcomes, [site.age])
    model = CollectiveImpactModel(scenario, site.seed, observe=asked).run(site.age)
    seen = model.recorder.values(asking.outcomes, [site.age])
    return np.array([seen[name][0, -1] for name in asking.outcomes])


def survey(
    sites: Sites,
    outcomes: Sequence[str],
    parameters: Mapping[str, float] | None = None,
    workers: int | None = None,
    *,
    seed_end: int | None = None,
    out: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    say: Say | None = None,
    executor: Executor | None = None,
) -> pd.DataFrame:
    """Return what each site shows at its age: its row of `Sites.table`, then the outcomes.

    parameters : those that are not the defaults, shared by all sites
    out        : folder in which what is finished is kept; the same call goes on from there
    executor   : where it is done, in place of `workers`: see cisim.lab.executors

    Raises InputError if something given is wrong, or if a site could not be run.
    """
    shared = shared_scenario(parameters, seed_end=seed_end)
    asking = Asking(sites, shared, tuple(dict.fromkeys(outcomes)))
    Asked.of(asking.outcomes)
    same = key_of({"sites": list(asking.outcomes), "scenario": shared.resolved()}, THROUGH)
    keys = [key_of({"site": same, "own": _plain(site)}) for site in sites]
    executor = executor_of(workers, executor, say)
    warm(say)
    done = continue_work(
        ask,
        asking,
        keys,
        Parts(None if out is None else Path(out), list(asking.outcomes), say),
        executor=executor,
        progress=progress,
        say=say,
    )
    if done.failed:
        place, reason = done.failed[0]
        raise InputError(f"site {place} of the population with seed {sites.seed}: {reason}.")
    found = sites.table()
    if done.incomplete:
        found = found[done.finished]
    values = done.rows[done.finished]
    return found.assign(**{name: values[:, k] for k, name in enumerate(asking.outcomes)})


def _plain(site: Site) -> dict[str, object]:
    return {**site._asdict(), "factors": dict(site.factors)}


def _ages(ages: tuple[float, float]) -> tuple[float, float]:
    try:
        low, high = (float(age) for age in ages)
    except (TypeError, ValueError):
        low, high = -1.0, -1.0
    if not 0.0 <= low <= high <= OLDEST:
        raise InputError(
            f"ages is {shown(ages)}; allowed are two numbers of years from 0 to {OLDEST:g}, the "
            f"smaller first."
        )
    return low, high


def _draw(seed: int, name: str, number: int, draw: int = 0) -> float:
    return float(uniform(seed, word(f"site {name}"), 0, number, draw))


def _normal(seed: int, name: str, number: int) -> float:
    return float(normal(seed, word(f"site {name}"), 0, number, 0))


@cache
def _declared() -> dict[str, Declaration]:
    return declarations(Parameters)


@cache
def _shared(months: int) -> Scenario:
    return Scenario.load("national-and-regional", world=_world(LARGEST, SEED_FTE), months=months)


@lru_cache(maxsize=4096)
def _world(communities: int, seed_fte: float) -> World:
    """Return the test region with other numbers; its national staff is that of one site."""
    world = load_world("test-region")
    region = {
        **world.regions[0].model_dump(),
        "name": "Site",
        "communities": communities,
        "participating": communities,
        "seed_fte": seed_fte,
    }
    said = world.model_dump(exclude={"evidence", "title", "source"})
    return World.model_validate(
        {
            **said,
            "title": "One of many sites",
            "source": "Made up: a site of a population that differs",
            "regions": [region],
            "national_scale": 1.0,
        }
    )
