"""Explore: one scenario, its levers, its futures, and how sure the answer is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import OVERALL, Ensemble
from cisim.show.charts.paths import Span
from cisim.show.charts.series import outcome_shown
from cisim.show.counted import after, label
from cisim.show.language.facts import FORMS, OUTCOMES
from cisim.show.notes_in_words import unheld_said
from cisim.show.page.address.events import described, kinds, rows
from cisim.show.page.address.look import Look, decides, kind, month_of, scenario_of
from cisim.show.page.address.scenario_file import text_of
from cisim.show.page.futures.ensembles import first
from cisim.show.page.session import Session
from cisim.show.page.views.course import course, middle
from cisim.show.page.views.differ import differences, levels
from cisim.show.page.views.outcome import (
    goal_written,
    in_region,
    in_sentence,
    limits,
    outcome_options,
    question,
    reached,
    scale,
    values_at,
    written,
)
from cisim.show.page.views.pictures import (
    EXPLORE,
    USUAL,
    Origin,
    Sizes,
    charts,
    file_name,
    finite,
    month_words,
)
from cisim.show.page.views.stories import listed
from cisim.show.page.views.verdict import FEW, before_in_words, verdict
from cisim.show.page.views.worlds import worlds
from cisim.show.page.words import say
from cisim.show.places_in_words import place


def frame(look: Look) -> dict[str, Any]:
    """Return everything on Explore that needs no futures: choices, events, file, limits."""
    here = scenario_of(look)
    # A story of another place speaks of what is not here, such as its regions.
    home = scenario_of(Look(scenario=look.scenario)).world_name
    story = here.story if look.story or look.world in ("", home) else ""
    horizon, month = here.months, month_of(look)
    outcome = OUTCOMES[look.outcome]
    form, goal = FORMS[outcome.form], look.goal
    return {
        "title": here.title,
        "note": " ".join([here.note, *unheld_said(here.structure, here.events)]).strip(),
        "changed": look.changed,
        "scenario": "" if look.own else look.scenario,
        "scenarios": [(one.name, one.title) for one in listed()],
        "outcomes": outcome_options(),
        "outcome": look.outcome,
        "outcomeWords": outcome.words,
        "question": question(look.outcome),
        "guess": True,
        "story": story,
        "seen": " ".join((look.scenario, look.world, str(horizon))),
        "regions": [
            (OVERALL, say("explore.overall")),
            *((region.name, place(region.name)) for region in here.world.regions),
        ],
        "region": look.region,
        "goal": goal,
        "usual": outcome.goal,
        "unit": "" if form.bare or form.shown else outcome.unit,
        "goalStep": form.step,
        "month": month,
        "months": horizon,
        "monthWords": month_words(month, here.calendar),
        "start": here.calendar.start or "",
        "worlds": worlds(),
        "world": look.world or here.world_name,
        "seed": look.seed,
        "kinds": kinds(),
        "events": rows(here),
        "branch": None
        if look.branch is None
        else {
            "month": here.calendar.month(look.branch["month"]),
            "words": say("explore.branch_row", event=described(look.branch)),
            "event": look.branch,
        },
        "limits": limits(look.outcome),
        "file": text_of(look),
        "fileName": f"{file_name(here.title)[:80] or here.name}.toml",
    }


def picture(
    look: Look,
    ensembles: Sequence[Ensemble],
    sizes: Sizes = USUAL,
    session: Session | None = None,
    *,
    whole: bool = True,
) -> dict[str, Any]:
    """Return headline and charts of finished futures: the scenario's and its branch's.

    sizes   : of the charts
    session : what the visitor has seen before; None for nothing
    whole   : with all charts, not only the one on the stage
    """
    session = session or Session()
    past = session.before(look, ensembles[0])
    of = decides(look)
    span = session.span(look.outcome, look.region, ensembles, of)
    ghost = None if past is None else middle(past, look.outcome, look.region)
    names = {one.name: one.scenario.title for one in ensembles}
    if len(set(names.values())) < len(names):
        names = {name: name for name in names}
    origin = Origin.of(ensembles)
    here = replace(look, month=month_of(look))
    which = EXPLORE if whole else EXPLORE[:1]
    apart, both = "", levels(look.outcome, ensembles[0], values_at(look, ensembles[0]))
    if past is not None:
        apart, than = than_before(look, ensembles[0], past, span)
        both = than if apart else both
    level = headline(look, ensembles[0], span)
    return {
        "headline": apart or level,
        "level": level if apart else "",
        "detail": [*detail(look, ensembles[0], span), *([both] if both and month_of(look) else [])],
        "grew": say("stage.grew") if session.grew(look.outcome, of) else "",
        "branch": "" if len(ensembles) < 2 else against(look, ensembles[1], ensembles[0]),
        "course": course(look, ensembles, session, past),
        "charts": charts(
            which, here, ensembles, ensembles[0].name, origin, names, sizes, span, ghost
        ),
        "futures": origin.futures,
        "key": origin.key,
        "failed": sum(len(one.failed) for one in ensembles),
    }


def headline(look: Look, ensemble: Ensemble, span: Span | None = None) -> str:
    """Return the answer in frequencies, or the middle future where there is no goal."""
    values, goal = finite(values_at(look, ensemble)), look.goal
    title = outcome_shown(look.outcome).title
    if not values.size:
        return say("explore.undefined", outcome=title)
    month = month_of(look)
    if goal is None and not month:
        return say("explore.start")
    if goal is None:
        when = after(month, ensemble.scenario.calendar)
        middle = written(look.outcome, scale(values, span), float(np.median(values)))
        where = "" if look.region == OVERALL else f", {look.region}"
        return f"{when[:1].upper()}{when[1:]}{where}: {middle}"
    many = reached(values, goal, look.outcome)
    if month < ensemble.scenario.months:
        return say(
            "explore.headline_then",
            reached=many,
            n=values.size,
            month=label(ensemble.scenario.calendar, month),
        )
    return say("explore.headline", reached=many, n=values.size)


def detail(look: Look, ensemble: Ensemble, span: Span | None = None) -> list[str]:
    """Return what the goal is, the middle future and the range, a sentence each."""
    futures, goal = values_at(look, ensemble), look.goal
    values = finite(futures)
    without = ""
    if values.size < futures.size:
        without = say("explore.undefined_in", count=futures.size - values.size, n=futures.size)
    if not values.size:
        return [without] if without else []
    title = in_region(outcome_shown(look.outcome).title, look.region)
    told = []
    if goal is not None:
        lower = OUTCOMES[look.outcome].better == "lower"
        name = "explore.headline_detail_lower" if lower else "explore.headline_detail"
        told.append(
            say(
                name, outcome=title, goal=goal_written(look.outcome, goal),
                unit="", when=after(month_of(look), ensemble.scenario.calendar),
            ).replace("  ", " ")
        )  # fmt: skip
    if values.size >= 10 and (goal is not None or month_of(look)):
        low, high = (float(q) for q in np.quantile(values, (0.05, 0.95)))
        digits = scale(values, span)
        ends = {"low": written(look.outcome, digits, low, unit=False),
                "high": written(look.outcome, digits, high, unit=False)}  # fmt: skip
        by = kind(ensemble.scenario)
        told.append(say(f"explore.middle_{by}", **ends))
    if without:
        told.append(without)
    return told


def than_before(
    look: Look, now: Ensemble, past: Ensemble, span: Span | None = None
) -> tuple[str, str]:
    """Return how a path differs from the one before it, future by future; "" before anything has.

    Less is not said of it than of any difference: that it cannot be told apart, too. The second is
    what each ensemble of beliefs says, where they do not say the same.
    """
    many = min(now.asked, past.asked)
    if not month_of(look) or many < FEW:
        return "", ""
    pair = Comparison(
        {name: _named(first(one, many), name) for name, one in (("past", past), ("now", now))}
    )
    row = pair.paired(look.outcome, at=month_of(look), region=look.region).iloc[0].to_dict()
    if int(row["n"]) < FEW:
        return "", ""
    both = differences(pair, look.outcome, "now", month_of(look), look.region)
    return before_in_words(row, look.outcome, span), both


def _named(ensemble: Ensemble, name: str) -> Ensemble:
    """Return an ensemble under another name: two paths of one scenario can be compared."""
    return replace(ensemble, scenario=ensemble.scenario.model_copy(update={"name": name}))


def against(look: Look, branch: Ensemble, base: Ensemble) -> str:
    """Return what the branch changes, future by future; that it changes nothing at all, and why."""
    many = min(base.asked, branch.asked)
    apart = first(branch, many).values - first(base, many).values
    if not np.any(np.nan_to_num(apart)):  # what is not defined is not apart
        return say("explore.branch_nothing", n=many)
    pair = Comparison({base.name: base, branch.name: branch})
    row = pair.paired(look.outcome, at=month_of(look), region=look.region).iloc[0]
    said = say(
        "explore.branch_sentence",
        outcome=in_sentence(look.outcome, look.region),
        when=after(month_of(look), base.scenario.calendar),
        words=verdict(row.to_dict(), look.outcome),
    )
    both = differences(pair, look.outcome, branch.name, month_of(look), look.region)
    said = f"{said} {both}" if both else said
    values, goal = finite(values_at(look, branch)), look.goal
    if goal is None or not values.size:
        return said
    many = reached(values, goal, look.outcome)
    return f"{say('explore.branch_reached', reached=many, n=values.size)} {said}"


def preview(look: Look, name: str, value: Any) -> Look:
    """Return the look while a slider is still held: not in the address yet.

    Raises InputError if the value is not allowed.
    """
    return replace(look.with_setting(name, value), branch=look.branch)
