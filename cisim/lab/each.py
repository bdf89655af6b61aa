"""What replicates have shown of each community and of each organisation.

Nothing of it is kept unless it was asked for. Communities are looked at in full years and at the
horizon; organisations at the horizon, where what is added up over the months stands beside what is
so then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.model.input_error import InputError, nearest
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import EACH
from cisim.model.outcomes.each import Of, seen_of
from cisim.model.state import Floats
from cisim.world.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Followed:
    """What replicates have shown of each community, or of each organisation.

    of       : which of the two
    outcomes : (O,) names, the last axis of `values`
    months   : (M,) int, those that were looked at
    names, regions : (K,) of each, and of the region where it is
    values   : (n, M, K, O) float, NaN where undefined
    """

    of: Of
    outcomes: tuple[str, ...]
    months: NDArray[np.int64]
    names: tuple[str, ...]
    regions: tuple[str, ...]
    values: Floats

    def at(self, outcome: str, month: int | None = None) -> Floats:
        """Return an outcome of each in one month, by default the last, (n, K).

        Raises InputError if outcome or month were not kept.
        """
        if outcome not in self.outcomes:
            raise InputError(
                f"{outcome} is not observed of each {self.of}.{nearest(outcome, self.outcomes)}"
            )
        place = self.months.size - 1
        if month is not None:
            found = np.flatnonzero(self.months == month)
            if not found.size:
                there = ", ".join(str(one) for one in self.months)
                raise InputError(f"at is {month}; each {self.of} was looked at in months {there}.")
            place = int(found[0])
        return self.values[:, place, :, self.outcomes.index(outcome)]

    def table(self, scenario: str, replicates: NDArray[np.int64]) -> pd.DataFrame:
        """Return it as a tidy table: scenario, replicate, month, region, name, then outcomes."""
        n, months, many, outcomes = self.values.shape
        frame = pd.DataFrame(self.values.reshape(-1, outcomes), columns=list(self.outcomes))
        frame.insert(0, "scenario", scenario)
        frame.insert(1, "replicate", np.repeat(replicates, months * many))
        frame.insert(2, "month", np.tile(np.repeat(self.months, many), n))
        frame.insert(3, "region", list(self.regions) * (n * months))
        frame.insert(4, self.of, list(self.names) * (n * months))
        return frame

    def some(self, rows: NDArray[np.bool_]) -> Followed:
        """Return it of some replicates."""
        return self if rows.all() else replace(self, values=self.values[rows])

    def and_then(self, other: Followed) -> Followed:
        """Return it with the replicates of another one after its own."""
        return replace(self, values=np.concatenate([self.values, other.values]))


def looked_at(of: Of, horizon: int, yearly: bool = True) -> NDArray[np.int64]:
    """Return the months in which each community, or organisation, is looked at.

    yearly : communities in every full year, too; else at the horizon only
    """
    if of == "organisation" or not yearly:
        return np.array([horizon])
    return np.unique([*range(0, horizon + 1, 12), horizon])


def empty(of: Of, scenario: Scenario, seed: int, replicates: int, yearly: bool = True) -> Followed:
    """Return room for so many replicates; names and regions are those of the scenario."""
    state = scenario.build(seed)
    months = looked_at(of, scenario.months, yearly)
    if of == "community":
        many = state.communities.number.size
        names = tuple(scenario.community_name(row) for row in range(many))
        regions = state.communities.region
    else:
        rows = state.layout.order
        names = tuple(scenario.organisation_name(int(n)) for n in state.orgs.number[rows])
        regions = state.orgs.region[rows]
    shape = (replicates, months.size, len(names), len(EACH[of]))
    return Followed(
        of,
        tuple(EACH[of]),
        months,
        names,
        tuple(scenario.region_name(int(region)) for region in regions),
        np.empty(shape),
    )


def follow(
    model: CollectiveImpactModel, kinds: tuple[Of, ...], yearly: bool = True
) -> dict[Of, Floats]:
    """Run a new model to its horizon and return what was seen of each, (months, K, O) a kind.

    Organisations in the order of their permanent numbers. What a run shows is the same whether it
    is followed or not.
    """
    horizon = model.scenario.months
    added = [one for one in EACH["organisation"].values() if one.added and "organisation" in kinds]
    totals = {one.name: np.zeros(model.state.orgs.number.size) for one in added}
    years: list[Floats] = []
    stops = {int(month) for of in kinds for month in looked_at(of, horizon, yearly)}
    while True:
        if "community" in kinds and model.month in looked_at("community", horizon, yearly):
            years.append(_seen(model, "community"))
        if model.month >= horizon:
            break
        later = [stop for stop in stops if stop > model.month]
        model.run(1 if added else min(later) - model.month)
        for one in added:
            totals[one.name] += one(model.state, model.parameters)
    found: dict[Of, Floats] = {}
    if "community" in kinds:
        found["community"] = np.stack(years)
    if "organisation" in kinds:
        values = _seen(model, "organisation")
        for place, one in enumerate(EACH["organisation"].values()):
            if one.added:
                values[:, place] = totals[one.name]
        found["organisation"] = values[model.state.layout.order][None]
    return found


def _seen(model: CollectiveImpactModel, of: Of) -> Floats:
    return seen_of(of, model.state, model.parameters)
