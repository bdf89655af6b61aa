"""Why: what moved trust or a mandate in one future, over the year up to a month.

The months are run again one process at a time, and what each does to the mean is added up. The
flows add up to the change of the outcome in that future.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from cisim.model.arithmetic import exp
from cisim.model.luck import Luck
from cisim.model.model import CollectiveImpactModel
from cisim.model.processes.sponsors import engage_sponsors
from cisim.model.processes.trust import update_trust
from cisim.model.schedule import SCHEDULE
from cisim.model.state import PUBLIC, SPONSOR_KINDS, Flags, Floats, State
from cisim.show.charts.words import span
from cisim.show.page.address import OVERALL
from cisim.show.page.words import say
from cisim.world.scenario import Scenario

EXPLAINED = ("trust_eligible", "mandate_public", "mandate_other")
YEAR = 12


def flows(
    scenario: Scenario, seed: int, outcome: str, region: str, month: int
) -> tuple[int, dict[str, float]]:
    """Return the month before the year, and what moved the outcome since by the cause's name."""
    first = max(0, month - YEAR)
    model = CollectiveImpactModel(scenario, seed).run(first)
    names = [one.name for one in scenario.world.regions]
    row = None if region == OVERALL else names.index(region)
    watch = _Trust(model, row) if outcome == "trust_eligible" else _Mandate(model, row, outcome)
    found: defaultdict[str, float] = defaultdict(float)
    for now in range(first, month):
        before = watch.level()
        for event in scenario.events_at(now):
            event.strike(model)
        found["events"] += watch.level() - before
        for process in SCHEDULE:
            before = watch.level()
            parts = watch.parts(process)
            process(model.state, model.parameters, Luck(seed, now))
            change = watch.level() - before
            named = parts()
            for name, part in named.items():
                found[name] += part
            found["rest" if named else "people"] += change - sum(named.values())
        model.month += 1
    return first, {name: value for name, value in found.items() if abs(value) > 1e-9}


class _Trust:
    """Mean trust over the ties of eligible organisations, and what moves it."""

    def __init__(self, model: CollectiveImpactModel, row: int | None) -> None:
        self.state, self.parameters = model.state, model.parameters
        orgs, ties = self.state.orgs, self.state.ties
        one = np.repeat(np.arange(orgs.number.size), np.diff(ties.start))
        kept = orgs.eligible[one] & orgs.eligible[ties.other]
        if row is not None:
            kept &= (orgs.region[one] == row) & (orgs.region[ties.other] == row)
        self.kept = np.flatnonzero(kept)

    def level(self) -> float:
        ties = self.state.ties
        return self._mean(ties.kept[self.kept], ties.broken[self.kept])

    def _mean(self, kept: Floats, broken: Floats) -> float:
        n0 = self.parameters.prior_weight
        trust = (n0 * self.state.ties.prior[self.kept] + kept) / (n0 + kept + broken)
        return float(trust.mean()) if trust.size else 0.0

    def parts(self, process: Any) -> Any:
        if process is not update_trust:
            return dict
        ties, fade = self.state.ties, exp(-1.0 / self.parameters.trust_memory)
        kept, broken = ties.kept[self.kept].copy(), ties.broken[self.kept].copy()

        def after() -> dict[str, float]:
            steps = [
                self._mean(kept, broken),
                self._mean(kept * fade, broken * fade),
                self._mean(ties.kept[self.kept], broken * fade),
                self._mean(ties.kept[self.kept], ties.broken[self.kept]),
            ]
            names = ("forgotten", "kept", "broken")
            return dict(zip(names, np.diff(steps).tolist(), strict=True))

        return after


class _Mandate:
    """Mean mandate of eligible organisations, public or other, and what moves it."""

    def __init__(self, model: CollectiveImpactModel, row: int | None, outcome: str) -> None:
        self.state, self.parameters = model.state, model.parameters
        orgs = self.state.orgs
        self.public = outcome == "mandate_public"
        there: Flags = orgs.eligible & ((orgs.sector < PUBLIC) == self.public)
        if row is not None:
            there = there & (orgs.region == row)
        self.rows = np.flatnonzero(there)

    def level(self) -> float:
        return float(self.state.orgs.mandate[self.rows].mean()) if self.rows.size else 0.0

    def parts(self, process: Any) -> Any:
        if process is not engage_sponsors:
            return dict
        p, before = self.parameters, self.state.orgs.mandate[self.rows].copy()

        def after() -> dict[str, float]:
            if not self.rows.size:
                return {}
            least = p.mandate_min if self.public else p.mandate_start
            alone = float(((least - before) / p.mandate_time).mean())
            more = float((self.state.orgs.mandate[self.rows] - before).mean()) - alone
            if not self.public:
                return {"licence": alone, "benefit": more}
            shares = _backing(self.state, self.rows)
            return {"lapse": alone, **{kind: more * part for kind, part in shares.items()}}

        return after


def _backing(state: State, rows: Any) -> dict[str, float]:
    """Return each kind of sponsor's share of what stands behind the mandates of organisations."""
    orgs, sponsors = state.orgs, state.sponsors
    local = (orgs.community[rows] >= 0).astype(int)
    weight = {}
    for kind, name in enumerate(SPONSOR_KINDS):
        total = 0.0
        for s in np.flatnonzero(sponsors.kind == kind):
            here = orgs.region[rows] == sponsors.region[s]
            reach = sponsors.jurisdiction[s][orgs.sector[rows][here], local[here]]
            total += float(sponsors.engagement[s] * reach.sum())
        weight[name] = total
    whole = sum(weight.values())
    return {name: value / whole for name, value in weight.items()} if whole > 0.0 else {}


def view(
    scenario: Scenario, seed: int, outcome: str, region: str, month: int
) -> dict[str, Any] | None:
    """Return what moved an outcome as the page shows it, the largest first; None at the start."""
    if outcome not in EXPLAINED or month < 1:
        return None
    first, found = flows(scenario, seed, outcome, region, month)
    total = sum(found.values())
    words = say("why.words", change=f"{total:+.3f}", first=first, month=month, seed=seed)
    rows = sorted(found.items(), key=lambda pair: -abs(pair[1]))
    return {
        "words": words,
        "heads": [say("why.cause"), say("why.change", span=span(month - first))],
        "rows": [[say(f"why.{name}"), f"{value:+.4f}"] for name, value in rows],
    }
