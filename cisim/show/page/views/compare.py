"""Compare: two or three scenarios in the same futures; differences, costs, and what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from cisim.lab.compare import Comparison
from cisim.lab.simulate import Ensemble
from cisim.lab.value import EXCLUSION_SEK, BreakEven, Item, Prices, break_even
from cisim.lab.value import costs as accounted
from cisim.model.outcomes import OUTCOMES
from cisim.show.charts import differences, event_table, gap, paths
from cisim.show.charts.paths import GAP_TITLE
from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import Reading, span
from cisim.show.findings import fte
from cisim.show.page.address import look as address
from cisim.show.page.address.events import described
from cisim.show.page.address.look import MINE, MOST_COMPARED, OVERALL, Look
from cisim.show.page.views.explore import goal_of, in_sentence, limits, month_of, outcome_options
from cisim.show.page.views.levers import control
from cisim.show.page.views.pictures import (
    Origin,
    card,
    finite,
    monthly,
    placed,
    shown_cell,
    tidy,
    time_axis,
    with_cursor,
)
from cisim.show.page.views.start import listed
from cisim.show.page.words import say
from cisim.world.scenario import Scenario

COSTS: dict[Item, str] = {
    "external": "external",
    "sponsors": "sponsors",
    "own": "own",
    "total": "together",
}
"""What is shown of costs: the item of cisim.lab.value, and its head."""


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
    here = replace(look, month=month)
    dated = event_table([one.scenario for one in ensembles])
    extra: dict[str, Any] = {
        "names": named,
        "footer": origin.words,
        "theme": "light",
        "width": width,
    }
    events = dated if len(dated) else None
    over_time = (
        gap(table, outcome, events=events, title=placed(GAP_TITLE, look.region), **extra)
        if outcome == "gap_primary"
        else paths(
            table,
            outcome,
            goal=goal_of(look),
            events=events,
            title=placed(what.title, look.region),
            **extra,
        )
    )
    course = monthly(ensembles, named, here, origin)
    first = card(over_time, "paths", "compare", here, origin, course)
    words = say("explore.month_words", month=month, years=span(month))
    horizon = int(ensembles[0].months[-1])
    first["axis"] = time_axis(first["svg"], horizon)
    first["svg"] = with_cursor(first["svg"], month, horizon, words)
    charts = [first]
    base = named[ensembles[0].name]
    if origin.futures > 1 and len(ensembles) > 1:
        after = placed(f"{what.title} after {span(month)}", look.region)
        title = say("compare.difference", outcome=after, base=base)
        apart = differences(table, outcome, month=month, title=title, **extra)
        charts.append(card(apart, "differences", "compare", here, origin))
    rows = comparison.paired(outcome, at=month, region=look.region).to_dict("records")
    return {
        "verdicts": [
            say(
                "compare.verdict", title=named[row["scenario"]], base=base,
                outcome=in_sentence(outcome, look.region), span=span(month),
                words=verdict(row, outcome),
            )
            for row in rows
        ],
        "charts": charts,
        "futures": origin.futures,
        "key": origin.key,
        "failed": len(comparison.failed),
    }  # fmt: skip


def unit_of(outcome: str) -> str:
    """Return the unit of a difference, "" where it has none."""
    what = outcome_shown(outcome)
    if what.percent:
        return "percentage points"
    return "" if what.unit in ("0..1", "0 or 1") else what.unit


def verdict(row: Mapping[Any, Any], outcome: str, *, brief: bool = False) -> str:
    """Return what a paired difference says, in words that do not say more.

    They say it of the outcome: "came out better in 160 of 200 futures, ..."; where brief, as a
    cell of a table does, without the unit.
    """
    part = "compare.brief" if brief else "compare"
    n = int(row["n"])
    if n < 8:
        return say(f"{part}.few")
    if int(row["equal"]) == n:
        return say(f"{part}.same", n=n)
    if not row["distinct"]:
        return say(f"{part}.apart", n=n)
    what, unit = outcome_shown(outcome), unit_of(outcome)
    numbers = [float(row[key]) * what.factor for key in ("mean", "low", "high")]
    most = max(abs(number) for number in numbers)
    how = Reading.of(0.0, most, "", False).plain.telling((numbers[1], numbers[2]))
    mean, low, high = (how.signed(number) for number in numbers)
    given = {
        "n": n,
        "mean": mean if brief or not unit else f"{mean} {unit}",
        "low": low,
        "high": high,
    }
    if not what.better:
        return say(f"{part}.neutral", **given)
    good = (row["mean"] > 0) == (what.better == "higher")
    if good:
        return say(f"{part}.better", better=int(row["better"]), **given)
    return say(f"{part}.worse", worse=n - int(row["better"]) - int(row["equal"]), **given)


def costs(look: Look, ensembles: Sequence[Ensemble], prices: Prices) -> dict[str, Any]:
    """Return cost beside effect, and at what each scenario pays (cisim.lab.value)."""
    comparison = Comparison({one.name: one for one in ensembles})
    named = titles([one.scenario for one in ensembles])
    what = outcome_shown(look.outcome)
    even = {one.scenario: one for one in break_even(comparison, prices)}
    table = accounted(comparison).to_dict("records")
    years: dict[tuple[str, str], float] = {
        (row["scenario"], row["item"]): row["mean"] for row in table
    }
    base = named[ensembles[0].name]
    rows = []
    for one in ensembles:
        effect = finite(one.at(look.outcome, month_of(look), look.region))
        rows.append(
            [
                named[one.name],
                *(_cost(years[one.name, item], prices) for item in COSTS),
                "–" if not effect.size else f"{effect.mean() * what.factor:.3g}",
                _exclusions(even.get(one.name), base),
                _own_value(even.get(one.name)),
            ]
        )
    where = "" if look.region == OVERALL else f", {look.region}"
    effect_head = say("compare.effect", outcome=f"{what.title}{where}", span=span(month_of(look)))
    heads = [
        say("compare.scenario"),
        *(say(f"compare.{words}") for words in COSTS.values()),
        f"{effect_head} ({what.unit})" if what.unit else effect_head,
        say("compare.break_even"),
        say("compare.own_value"),
    ]
    first = ensembles[0].scenario
    notes = [
        say("compare.external_words"),
        say(
            "compare.exclusion_words",
            base=base,
            each=f"{prices.exclusion / 1e6:.3g}",
            kronor=f"{EXCLUSION_SEK / 1e6:g}",
        ),
        say("compare.own_value_words", base=base, believed=f"{first.parameters.own_value:g}"),
    ]
    notes[1:1] = [
        say("compare.sponsors_words", title=named[one.name])
        for one in ensembles
        if _only_sponsors(one.scenario) and years[one.name, "sponsors"] > 0.0
    ]
    words = say("compare.value_words", years=span(int(ensembles[0].months[-1])))
    return {"heads": heads, "rows": rows, "words": words, "notes": notes}


def _cost(years: float, prices: Prices) -> str:
    money = f"{years * prices.fte_cost / 1e6:,.2f}".replace("-", "−")
    return say("compare.cost_words", money=money, years=fte(years))


def _only_sponsors(scenario: Scenario) -> bool:
    """Return whether what is paid in a scenario can only be sponsors' money for joint work."""
    s = scenario.structure
    paid = (s.national_fte, s.regional, s.academic_fte, s.grant_nat, s.grant_reg)
    return not any(paid) and not scenario.events


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


def report_page(
    look: Look,
    ensembles: Sequence[Ensemble],
    prices: Prices,
    effort_half: Mapping[float, Comparison],
) -> str:
    """Return the full report of finished futures, one self-contained HTML page.

    effort_half : the same comparison at other values of that parameter, see cisim.show.report
    """
    from cisim.show.report import report

    comparison = Comparison({one.name: one for one in ensembles})
    goal = goal_of(look)
    return report(
        comparison,
        goals={} if goal is None else {look.outcome: goal},
        fte_cost=prices.fte_cost,
        currency=prices.currency,
        sek=prices.sek,
        effort_half=effort_half,
    )
