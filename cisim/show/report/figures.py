"""The charts of a report, each for a page and for a phone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from cisim.lab.comparison import Comparison
from cisim.lab.gains import gains
from cisim.lab.manifest import manifest_key
from cisim.lab.threshold import Threshold
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import NOTHING
from cisim.show import charts
from cisim.show.called import titles_of
from cisim.show.charts import CARRYING, LEADING, LEVELS, Chart
from cisim.show.charts.paths import GAP
from cisim.show.drawn import Drawn, Kind
from cisim.show.language.facts import in_language
from cisim.show.language.texts import say
from cisim.show.places_in_words import place
from cisim.show.report.case import MAIN, Case, mean_end
from cisim.show.report.markup import figure

WIDTH, PHONE = 640, 390


def figures(case: Case) -> list[dict[str, Any]]:
    drawn = Drawn.of(case.comparison)
    asked: list[tuple[Kind, str]] = [("paths", MAIN), ("differences", MAIN), ("dots", MAIN)]
    asked += [("dots", name) for name in case.goals if name != MAIN]
    first = next(iter(case.comparison.ensembles.values()))
    place = first.outcomes.index(GAP)
    if any(np.isfinite(one.values[..., place]).any() for one in case.comparison.ensembles.values()):
        asked.append(("paths", GAP))
    asked += [("paths", name) for name in ("joint_activity", "member_share")]
    figures = []
    for kind, name in asked:
        goal = None if name == GAP or kind == "differences" else case.goals.get(name)
        wide, narrow = (drawn.chart(kind, name, width=w, goal=goal) for w in (WIDTH, PHONE))
        figures.append(figure(wide, narrow))
    return [*figures, *_communities(case, drawn.footer)]


def matrices(case: Case) -> list[list[dict[str, Any]]]:
    """Return the seven components and the functions of leadership by year, a chart for each
    scenario, where the comparison has kept them.
    """
    first = next(iter(case.comparison.ensembles.values()))
    footer = charts.small_print(
        case.futures,
        int(case.comparison.futures[0]),
        case.key,
        case.comparison.failed_futures,
    )
    made = []
    for levels, tabled, draw in (
        (LEVELS, charts.profile_table, charts.profile),
        (LEADING, charts.function_table, charts.functions),
        (CARRYING, charts.keeper_table, charts.keepers),
    ):
        if not set(levels) <= set(first.outcomes):
            continue
        table = tabled(case.comparison.ensembles.values())
        drawn = (
            (draw(some, names=case.short, width=PHONE, footer=footer), case.short[str(name)])
            for name, some in table.groupby("scenario", sort=False)
        )
        made.append([figure(one, one, of) for one, of in drawn])
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
        footer = charts.small_print(one.futures, int(one.seeds[0]), case.key, len(one.failed))
        wide, narrow = (
            charts.threshold(one, names=case.short, width=width, footer=footer)
            for width in (WIDTH, PHONE)
        )
        made.append(figure(wide, narrow))
    return made


def axes(case: Case) -> list[dict[str, Any]]:
    """Return a chart of the difference between the best two along each belief that decides it."""
    footer = charts.small_print(
        case.futures, int(case.comparison.futures[0]), case.key, case.comparison.failed_futures
    )
    made = []
    for one in case.axes:
        wide, narrow = (
            charts.along(one, names=case.short, when=case.after, width=width, footer=footer)
            for width in (WIDTH, PHONE)
        )
        made.append(figure(wide, narrow))
    return made


def network_charts(
    comparison: Comparison, region: int = 0, months: Iterable[int] | None = None
) -> list[tuple[Chart, Chart]]:
    """Return who works with whom in one region, in the first future: of the first scenario and of
    the one that leaves children best off among the others, each for a page and for a phone.

    This runs the two once more, with the seed that the futures begin with.
    """
    titles = titles_of(
        {name: in_language(one.scenario) for name, one in comparison.ensembles.items()}
    )
    base = comparison.names[0]
    means = {name: mean_end(comparison, name) for name in comparison.names[1:]}
    best = max(means, key=lambda name: means[name])
    made = []
    seed = int(comparison.futures[0])
    for name in (base, best):
        scenario = comparison.ensembles[name].scenario
        model = CollectiveImpactModel(scenario, seed=seed, observe=NOTHING)
        when = sorted({0, scenario.months // 2, scenario.months}) if months is None else months
        where = place(scenario.world.regions[region].name)
        tables = charts.network_tables(model, region, when)
        title = say("report.appendix.network_title", where=where, title=titles[name])
        footer = charts.small_print(1, seed, manifest_key(comparison))
        wide, narrow = (
            charts.network(
                *tables, title=title, width=width, footer=footer, calendar=scenario.calendar
            )
            for width in (WIDTH, PHONE)
        )
        made.append((wide, narrow))
    return made
