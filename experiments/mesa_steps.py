"""One scenario, step by step, through Mesa's own interface.

Both backbones work in One town; after two years its political sponsor loses heart, month by month.
The same future is lived twice, with and without that policy, observed with Mesa's DataCollector,
and drawn beside each other.

    python experiments/mesa_steps.py results/mesa-steps.svg
"""

from __future__ import annotations

import sys
from operator import attrgetter
from pathlib import Path

import mesa
import numpy as np
import pandas as pd

import cisim
from cisim.show import charts

SEED = 1
LOSES_HEART = 24


def sponsor_loses_heart(model: cisim.CollectiveImpactModel) -> None:
    """Let the political sponsor's engagement fade from month LOSES_HEART on.

    A policy is plain Python on the agents. It is called before each month's schedule, so what it
    sets is what the month starts from.
    """
    if model.month >= LOSES_HEART:
        political = model.agents_by_type[cisim.Sponsor].select(lambda one: one.kind == "political")
        political.do(lambda one: setattr(one, "engagement", 0.8 * one.engagement))


def members(model: cisim.CollectiveImpactModel) -> int:
    """Return how many organisations take part, as Mesa would count them."""
    return len(model.agents_by_type[cisim.Organisation].select(lambda one: one.member))


def public_mandate(model: cisim.CollectiveImpactModel) -> float:
    """Return the mean mandate of public organisations."""
    public = model.agents_by_type[cisim.Organisation].select(lambda one: one.public)
    return float(public.agg("mandate", np.mean))


def live(policies: list[object], months: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what a DataCollector saw of the model, and of each sponsor, month by month."""
    scenario = cisim.Scenario.load("national-and-regional", world="one-town", months=months)
    model = cisim.CollectiveImpactModel(scenario, seed=SEED, policies=policies)  # type: ignore[arg-type]
    collector = mesa.DataCollector(
        model_reporters={"members": members, "public_mandate": public_mandate},
        agenttype_reporters={cisim.Sponsor: {"engagement": attrgetter("engagement")}},
    )
    collector.collect(model)
    while model.running:
        model.step()
        collector.collect(model)

    # What cisim itself observes is there too, a column for each outcome.
    seen = model.outcomes(["member_share", "mandate_public", "wellbeing_gain"])
    collected = collector.get_model_vars_dataframe()
    return collected.join(seen.set_index("month")), collector.get_agenttype_vars_dataframe(
        cisim.Sponsor
    )


def main(figure: Path, months: int = 120) -> pd.DataFrame:
    """Live both lives, draw them, and return the table that is drawn."""
    lives = {"steady": live([], months)[0], "loses heart": live([sponsor_loses_heart], months)[0]}
    table = pd.concat(
        [
            one.rename_axis("month").reset_index().assign(scenario=name, replicate=0)
            for name, one in lives.items()
        ]
    )
    chart = charts.paths(table, "mandate_public", title="What a sponsor's heart is worth")
    figure.parent.mkdir(parents=True, exist_ok=True)
    figure.write_text(chart.svg, encoding="utf-8")
    print(chart.summary)
    print(f"Drawn in {figure}")
    return table


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "results/mesa-steps.svg"))
