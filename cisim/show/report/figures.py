"""The charts of a report, each for a page and for a phone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import OVERALL
from cisim.lab.gains import gains
from cisim.lab.manifest import manifest_key
from cisim.lab.threshold import Threshold
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import NOTHING
from cisim.show import charts
from cisim.show.charts import LEADING, LEVELS, Chart
from cisim.show.report.case import MAIN, Case, mean_end, titles_of
from cisim.show.report.markup import figure
from cisim.show.scenario_in_words import dates

WIDTH, PHONE = 640, 390


def figures(case: Case) -> list[dict[str, Any]]:
    outcomes = dict.fromkeys([MAIN, "gap_primary", "joint_activity", "member_share", *case.goals])
    table = _series(case, outcomes)
    footer = charts.small_print(case.futures, int(case.comparison.futures[0]), case.key)
    events = dates(list(case.chosen.values()))
    shared: dict[str, Any] = {"names": case.short, "footer": footer, "calendar": case.calendar}
    when: dict[str, Any] = {
        "events": events if len(events) else None,
        "phases": charts.phase_table(case.comparison.ensembles.values()),
        **shared,
    }
    goal = case.goals.get
    title = "Children's wellbeing"
    asked: list[tuple[Any, dict[str, Any]]] = [
        (charts.paths, {"outcome": MAIN, "goal": goal(MAIN), "title": title, **when}),
        (charts.differences, {"outcome": MAIN, "against": case.base,
         "title": f"Difference from {case.short[case.base]} {case.after}",
         **shared}),
        (charts.dots, {"outcome": MAIN, "goal": goal(MAIN),
         "title": f"{title} {case.after}", **shared}),
    ]  # fmt: skip
    for name in case.goals:
        if name != MAIN:
            asked.append((charts.dots, {"outcome": name, "goal": goal(name), **shared}))
    if np.isfinite(table["gap_primary"]).any():
        asked.append((charts.gap, {"outcome": "gap_primary", **shared}))
    for name in ("joint_activity", "member_share"):
        asked.append((charts.paths, {"outcome": name, "goal": goal(name), **when}))
    figures = []
    for draw, options in asked:
        outcome = options.pop("outcome")
        wide, narrow = (draw(table, outcome, width=w, **options) for w in (WIDTH, PHONE))
        figures.append(figure(wide, narrow))
    return [*figures, *_communities(case, footer)]


def matrices(case: Case) -> list[list[dict[str, Any]]]:
    """Return the seven components and the functions of leadership by year, a chart for each
    scenario, where the comparison has kept them.
    """
    first = next(iter(case.comparison.ensembles.values()))
    footer = charts.small_print(case.futures, int(case.comparison.futures[0]), case.key)
    made = []
    for levels, tabled, draw in (
        (LEVELS, charts.profile_table, charts.profile),
        (LEADING, charts.function_table, charts.functions),
    ):
        if not set(levels) <= set(first.outcomes):
            continue
        table = tabled(case.comparison.ensembles.values())
        drawn = (
            draw(some, names=case.short, width=PHONE, footer=footer)
            for _, some in table.groupby("scenario", sort=False)
        )
        made.append([figure(one, one) for one in drawn])
    return made


def _communities(case: Case, footer: str) -> list[dict[str, Any]]:
    """Return who gains and who loses, where the comparison has kept its communities."""
    if any(one.communities is None for one in case.comparison.ensembles.values()):
        return []
    found = gains(case.comparison, case.base)
    wide, narrow = (
        charts.tiles(found, names=case.short, when=case.after, width=width, footer=footer)
        for width in (WIDTH, PHONE)
    )
    return [figure(wide, narrow)]


def turning(case: Case, turns: Sequence[Threshold]) -> list[dict[str, Any]]:
    """Return a chart of each number along which the answer was searched for its turns."""
    made = []
    for one in turns:
        footer = charts.small_print(one.futures, int(one.seeds[0]), case.key)
        wide, narrow = (
            charts.threshold(one, names=case.short, width=width, footer=footer)
            for width in (WIDTH, PHONE)
        )
        made.append(figure(wide, narrow))
    return made


def _series(case: Case, outcomes: Iterable[str]) -> pd.DataFrame:
    names = list(outcomes)
    tables = []
    for name, one in case.comparison.ensembles.items():
        region, columns = one.regions.index(OVERALL), [one.outcomes.index(o) for o in names]
        values = one.values[:, :, region][..., columns]
        frame = pd.DataFrame(values.reshape(-1, len(names)), columns=names)
        frame.insert(0, "scenario", name)
        frame.insert(1, "replicate", np.repeat(one.replicates, one.months.size))
        frame.insert(2, "month", np.tile(one.months, one.replicates.size))
        tables.append(frame)
    return pd.concat(tables, ignore_index=True)


def network_charts(
    comparison: Comparison, region: int = 0, months: Iterable[int] | None = None
) -> list[tuple[Chart, Chart]]:
    """Return who works with whom in one region, in the first future: of the first scenario and of
    the one that leaves children best off among the others, each for a page and for a phone.

    This runs the two once more, with the seed that the futures begin with.
    """
    titles = titles_of(comparison)
    base = comparison.names[0]
    means = {name: mean_end(comparison, name) for name in comparison.names[1:]}
    best = max(means, key=lambda name: means[name])
    made = []
    seed = int(comparison.futures[0])
    for name in (base, best):
        scenario = comparison.ensembles[name].scenario
        model = CollectiveImpactModel(scenario, seed=seed, observe=NOTHING)
        when = sorted({0, scenario.months // 2, scenario.months}) if months is None else months
        where = scenario.world.regions[region].name
        tables = charts.network_tables(model, region, when)
        title = f"Who works with whom in {where}: {titles[name]}"
        footer = charts.small_print(1, seed, manifest_key(comparison))
        wide, narrow = (
            charts.network(
                *tables, title=title, width=width, footer=footer, calendar=scenario.calendar
            )
            for width in (WIDTH, PHONE)
        )
        made.append((wide, narrow))
    return made
