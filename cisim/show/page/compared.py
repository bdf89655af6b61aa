"""Compare: two or three scenarios in the same futures; differences, costs, and what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cisim.lab.compare import Comparison
from cisim.lab.simulate import Ensemble
from cisim.lab.value import BreakEven, Prices, break_even
from cisim.model.outcomes import OUTCOMES
from cisim.show.charts import differences, event_table, gap, paths
from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import span
from cisim.show.page import address
from cisim.show.page.address import MINE, MOST_COMPARED, OVERALL, Look
from cisim.show.page.dated import described
from cisim.show.page.explore import goal_of, limits, month_of, outcome_options
from cisim.show.page.levers import control
from cisim.show.page.pictures import (
    Origin,
    card,
    finite,
    monthly,
    shown_cell,
    tidy,
    time_axis,
    with_cursor,
)
from cisim.show.page.start import listed
from cisim.show.page.words import say
from cisim.world.scenario import Scenario


def frame(look: Look) -> dict[str, Any]:
    """Return everything on Compare that needs no futures: choices, what differs, limits."""
    scenarios = address.compared(look)
    month, horizon = month_of(look), address.scenario(look).months
    options = [(one.name, one.title) for one in listed()]
    options.insert(0, (MINE, say("compare.mine", title=address.scenario(look).title)))
    return {
        "options": options,
        "names": list(look.compared),
        "most": MOST_COMPARED,
        "outcomes": outcome_options(),
        "outcome": look.outcome,
        "outcomeWords": OUTCOMES[look.outcome].words,
        "regions": [
            (OVERALL, say("explore.overall")),
            *((region.name, region.name) for region in scenarios[0].world.regions),
        ],
        "region": look.region,
        "month": month,
        "months": horizon,
        "monthWords": say("explore.month_words", month=month, years=span(month)),
        "differs": {
            "heads": [say("compare.lever"), *titles(scenarios).values()],
            "rows": differing(scenarios),
        },
        "limits": [*limits(look.outcome), *more_limits(scenarios)],
    }


def titles(scenarios: Sequence[Scenario]) -> dict[str, str]:
    """Return a title of its own for each scenario, by name."""
    found = {one.name: one.title for one in scenarios}
    if len(set(found.values())) < len(found):
        return {name: f"{title} ({name})" for name, title in found.items()}
    return found


def more_limits(scenarios: Sequence[Scenario]) -> list[str]:
    """Return what must be said because of what is compared."""
    structures = [one.structure for one in scenarios]
    told = []
    if len({one.sponsor_link for one in structures}) > 1:
        told.append(say("limits.sponsors"))
    levels = {(one.national_fte > 0, one.regional) for one in structures}
    if len(levels) > 1 and any(any(level) for level in levels):
        told.append(say("limits.levels"))
    if len({one.neutrality for one in structures}) > 1:
        told.append(say("limits.neutrality"))
    return told


def differing(scenarios: Sequence[Scenario]) -> list[list[str]]:
    """Return a row for each lever, belief, event and horizon that is not the same in all."""
    rows = []
    for part in ("structure", "parameters"):
        flat = [_flat(getattr(one, part).model_dump()) for one in scenarios]
        for name in flat[0]:
            values = [one[name] for one in flat]
            if name not in ("title", "source") and any(v != values[0] for v in values):
                rows.append([_label(name), *(_cell(value) for value in values)])
    events = [{(e["month"], described(e)) for e in address.plain_events(one)} for one in scenarios]
    for month, words in sorted(set().union(*events)):
        there = [(month, words) in one for one in events]
        if not all(there):
            label = f"{words}, month {month}"
            rows.append([label, *(shown_cell(yes) for yes in there)])
    return rows


def _flat(table: Mapping[str, Any], under: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            found.update(_flat(value, f"{under}{key}."))
        else:
            found[f"{under}{key}"] = value
    return found


def _label(name: str) -> str:
    try:
        one = control(name)
    except KeyError:
        return name.replace("_", " ")
    return f"{one.label} ({one.unit})" if one.unit not in ("", "–", "0..1") else one.label


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "–"
    if isinstance(value, float) and value >= 100_000:
        return "–"
    return shown_cell(value)


def picture(look: Look, ensembles: Sequence[Ensemble], width: int = 640) -> dict[str, Any]:
    """Return verdicts and charts of finished futures; width of the charts (px)."""
    month, outcome = month_of(look), look.outcome
    what = outcome_shown(outcome)
    named = titles([one.scenario for one in ensembles])
    comparison = Comparison({one.name: one for one in ensembles})
    table = tidy(ensembles, outcome, look.region)
    origin = Origin.of(ensembles)
    where = "" if look.region == OVERALL else f", {look.region}"
    dated = event_table([one.scenario for one in ensembles])
    extra: dict[str, Any] = {
        "names": named,
        "footer": origin.words,
        "theme": "light",
        "width": width,
    }
    events = dated if len(dated) else None
    over_time = (
        gap(table, outcome, events=events, **extra)
        if outcome == "gap_primary"
        else paths(
            table, outcome, goal=goal_of(look), events=events, title=f"{what.title}{where}", **extra
        )
    )
    first = card(over_time, f"compare-{outcome}-paths", origin)
    words = say("explore.month_words", month=month, years=span(month))
    first["csv"] = monthly(ensembles, outcome, look.region, origin)
    horizon = int(ensembles[0].months[-1])
    first["axis"] = time_axis(first["svg"], horizon)
    first["svg"] = with_cursor(first["svg"], month, horizon, words)
    charts = [first]
    if origin.futures > 1 and len(ensembles) > 1:
        apart = differences(table, outcome, month=month, **extra)
        charts.append(card(apart, f"compare-{outcome}-differences", origin))
    base = named[ensembles[0].name]
    rows = comparison.paired(outcome, at=month, region=look.region).to_dict("records")
    return {
        "verdicts": [
            say(
                "compare.verdict", title=named[row["scenario"]], base=base,
                outcome=what.title.lower(), span=span(month), words=verdict(row, outcome),
            )
            for row in rows
        ],
        "charts": charts,
        "futures": origin.futures,
        "key": origin.key,
        "failed": len(comparison.failed),
    }  # fmt: skip


def verdict(row: Mapping[Any, Any], outcome: str) -> str:
    """Return what a paired difference says, in words that do not say more."""
    n = int(row["n"])
    if n < 8:
        return say("compare.few")
    if int(row["equal"]) == n:
        return say("compare.same", n=n)
    if not row["distinct"]:
        return say("compare.apart", n=n)
    what = outcome_shown(outcome)
    unit = " percentage points" if what.percent else "" if what.unit in ("0..1", "0 or 1") else (
        f" {what.unit}"
    )  # fmt: skip
    mean, low, high = (
        f"{row[key] * what.factor:+.3g}".replace("-", "−") for key in ("mean", "low", "high")
    )
    given = {"n": n, "mean": f"{mean}{unit}", "low": low, "high": high}
    if not what.better:
        return say("compare.neutral", **given)
    good = (row["mean"] > 0) == (what.better == "higher")
    if good:
        return say("compare.better", better=int(row["better"]), **given)
    return say("compare.worse", worse=n - int(row["better"]) - int(row["equal"]), **given)


def costs(look: Look, ensembles: Sequence[Ensemble], prices: Prices) -> dict[str, Any]:
    """Return cost beside effect, and at what each scenario pays (cisim.lab.value)."""
    comparison = Comparison({one.name: one for one in ensembles})
    named = titles([one.scenario for one in ensembles])
    what = outcome_shown(look.outcome)
    even = {one.scenario: one for one in break_even(comparison, prices)}
    rows = []
    for one in ensembles:
        money = float(np.nanmean(one.at("external_money_total")))
        effect = finite(one.at(look.outcome, month_of(look), look.region))
        forgone = float(np.nanmean(one.at("service_displaced")))
        rows.append(
            [
                named[one.name],
                f"{money:,.1f}",
                f"{money * prices.fte_cost / 1e6:,.2f}",
                "–" if not effect.size else f"{effect.mean() * what.factor:.3g}",
                f"{forgone:+.3f}",
                _exclusions(even.get(one.name), named[ensembles[0].name]),
                _own_value(even.get(one.name)),
            ]
        )
    heads = [
        say("compare.scenario"), say("compare.money"), say("compare.cost"),
        f"{say('compare.effect', outcome=what.title)}{f' ({what.unit})' if what.unit else ''}",
        say("compare.forgone"), say("compare.break_even"), say("compare.own_value"),
    ]  # fmt: skip
    years = span(int(ensembles[0].months[-1]))
    return {"heads": heads, "rows": rows, "words": say("compare.value_words", years=years)}


def _exclusions(even: BreakEven | None, base: str) -> str:
    if even is None:
        return say("compare.break_even_base")
    middle, low, high = even.exclusions
    if not np.isfinite(middle):
        return "–"
    if high <= 0:
        return say("compare.break_even_none", base=base)
    return say(
        "compare.break_even_words",
        middle=f"{middle:.1f}",
        low=f"{max(low, 0.0):.1f}",
        high=f"{high:.1f}",
    )


def _own_value(even: BreakEven | None) -> str:
    """Return below which worth of own services children are better off with it."""
    if even is None:
        return say("compare.break_even_base")
    found = even.own_value
    if found.side in ("below", "above"):
        side = say(f"compare.{found.side}")
        return f"{side} {found.value:.2g} ({found.low:.2g} – {found.high:.2g})"
    return say(f"compare.{found.side}")


def report_page(look: Look, ensembles: Sequence[Ensemble], prices: Prices) -> str:
    """Return the full report of finished futures, one self-contained HTML page."""
    from cisim.show.report import report

    comparison = Comparison({one.name: one for one in ensembles})
    goal = goal_of(look)
    return report(
        comparison,
        goals={} if goal is None else {look.outcome: goal},
        fte_cost=prices.fte_cost,
        currency=prices.currency,
        sek=prices.sek,
    )
