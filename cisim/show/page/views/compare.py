"""Compare: two or three scenarios in the same futures; differences, costs, and what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import OVERALL, Ensemble
from cisim.lab.value import Prices
from cisim.show.counted import after
from cisim.show.counted import label as dated
from cisim.show.language.facts import OUTCOMES
from cisim.show.limits import beside
from cisim.show.page.address.checks import MINE, MOST_COMPARED, SNAPSHOTS
from cisim.show.page.address.events import described, rows
from cisim.show.page.address.look import (
    Look,
    compared_of,
    decides,
    month_of,
    plain_events,
    scenario_of,
)
from cisim.show.page.session import Session
from cisim.show.page.views.course import course
from cisim.show.page.views.differ import differences
from cisim.show.page.views.levers import control, label_of
from cisim.show.page.views.outcome import in_sentence, limits, outcome_options, question
from cisim.show.page.views.pictures import (
    COMPARE,
    USUAL,
    Origin,
    Sizes,
    charts,
    month_words,
    shown_cell,
)
from cisim.show.page.views.stories import listed
from cisim.show.page.views.verdict import verdict
from cisim.show.page.words import say
from cisim.show.places_in_words import place
from cisim.show.scenario_in_words import in_words, said_by
from cisim.world.scenario import Scenario


def frame(look: Look) -> dict[str, Any]:
    """Return everything on Compare that needs no futures: choices, what differs, limits."""
    scenarios = compared_of(look)
    month, horizon = month_of(look), scenario_of(look).months
    options = [(one.name, one.title) for one in listed()]
    options += [
        (name, scenario.title)
        for name, scenario in zip(look.compared, scenarios, strict=True)
        if name in SNAPSHOTS
    ]
    options.insert(0, (MINE, say("compare.mine", title=scenario_of(look).title)))
    return {
        "options": options,
        "names": list(look.compared),
        "most": MOST_COMPARED,
        "question": question(look.outcome),
        "guess": len(scenarios) > 1,
        "seen": " ".join(("compare", *look.compared, look.world, str(horizon))),
        "branch": None,
        "events": _events(scenarios),
        "outcomes": outcome_options(),
        "outcome": look.outcome,
        "outcomeWords": OUTCOMES[look.outcome].words,
        "regions": [
            (OVERALL, say("explore.overall")),
            *((region.name, place(region.name)) for region in scenarios[0].world.regions),
        ],
        "region": look.region,
        "month": month,
        "months": horizon,
        "monthWords": month_words(month, scenarios[0].calendar),
        "start": scenarios[0].calendar.start or "",
        "differs": {
            "heads": [say("compare.lever"), *titles(scenarios).values()],
            "rows": differing(scenarios),
        },
        "limits": [*limits(look.outcome), *more_limits(scenarios)],
    }


def _events(scenarios: Sequence[Scenario]) -> list[dict[str, Any]]:
    """Return the events of all scenarios for the time axis, each once."""
    found = {(row["month"], row["words"]): row for one in scenarios for row in rows(one)}
    return [found[key] for key in sorted(found)]


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
        told.append(beside("sponsors"))
    levels = {(one.national_fte > 0, one.regional) for one in structures}
    if len(levels) > 1 and any(any(level) for level in levels):
        told.append(beside("levels"))
    if len({one.neutrality for one in structures}) > 1:
        told.append(beside("neutrality"))
    return told


def differing(scenarios: Sequence[Scenario]) -> list[list[str]]:
    """Return a row for each lever, belief, event and horizon that is not the same in all."""
    found = []
    said = [said_by(one) for one in scenarios]
    for name in said[0]:
        values = [one[name] for one in said]
        if any(value != values[0] for value in values):
            found.append([_label(name), *(_cell(name, value) for value in values)])
    events = [{(e["month"], described(e)) for e in plain_events(one)} for one in scenarios]
    for month, words in sorted(set().union(*events)):
        there = [(month, words) in one for one in events]
        if not all(there):
            label = f"{words}, {dated(scenarios[0].calendar, month)}"
            found.append([label, *(shown_cell(yes) for yes in there)])
    return found


def _label(name: str) -> str:
    try:
        one = control(name)
    except KeyError:
        return label_of(name)
    return f"{one.label} ({one.unit})" if one.unit not in ("", "–", "0..1") else one.label


def _cell(name: str, value: Any) -> str:
    if isinstance(value, list | dict):
        return in_words(name, value) if value else "–"
    if isinstance(value, float) and value >= 100_000:
        return "–"
    return shown_cell(value)


def picture(
    look: Look, ensembles: Sequence[Ensemble], sizes: Sizes = USUAL, session: Session | None = None
) -> dict[str, Any]:
    """Return verdicts and charts of finished futures.

    A verdict is a sentence, and what each ensemble of beliefs says where they do not say the same.

    sizes   : of the charts
    session : what the visitor has seen before; None for nothing
    """
    session = session or Session()
    month, outcome = month_of(look), look.outcome
    named = titles([one.scenario for one in ensembles])
    comparison = Comparison({one.name: one for one in ensembles})
    origin = Origin.of(ensembles)
    which = COMPARE if origin.futures > 1 and len(ensembles) > 1 else COMPARE[:1]
    here, beside = replace(look, month=month), sizes._replace(drawer=sizes.wide)
    of = (decides(look), look.compared)
    span = session.span(outcome, look.region, ensembles, of)
    base, then = named[ensembles[0].name], after(month, ensembles[0].scenario.calendar)
    paired = comparison.paired(outcome, at=month, region=look.region).to_dict("records")
    return {
        "verdicts": [
            (
                say(
                    "compare.next_verdict" if place else "compare.verdict",
                    title=named[row["scenario"]], base=base,
                    outcome=in_sentence(outcome, look.region), when=then,
                    words=verdict(row, outcome),
                ),
                differences(comparison, outcome, row["scenario"], month, look.region),
            )
            for place, row in enumerate(paired)
        ],
        "course": course(here, ensembles, session),
        "charts": charts(which, here, ensembles, "compare", origin, named, beside, span),
        "grew": say("stage.grew") if session.grew(outcome, of) else "",
        "futures": origin.futures,
        "key": origin.key,
        "failed": len(comparison.failed),
    }  # fmt: skip


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
    goal = look.goal
    return report(
        comparison,
        goals={} if goal is None else {look.outcome: goal},
        fte_cost=prices.fte_cost,
        currency=prices.currency,
        sek=prices.sek,
        effort_half=effort_half,
    )
