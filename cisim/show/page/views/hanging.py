"""What decides it: the same scenarios in futures that believe differently, along pi.

It is what the full answer says where each future has beliefs of its own, the same for all
scenarios; where futures differ by luck alone, such futures are run for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import OVERALL, Ensemble
from cisim.lab.hanging import MAIN, PI, Along, leading_axes
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.show import charts
from cisim.show.beliefs_in_words import hangs_in_words
from cisim.show.charts.series import outcome_shown
from cisim.show.counted import after
from cisim.show.page.address.look import Look
from cisim.show.page.views.compare import titles
from cisim.show.page.views.levers import quoted
from cisim.show.page.views.pictures import Origin, card, file_name, made_from
from cisim.show.page.words import say
from cisim.show.told import told as in_words
from cisim.world.beliefs import differing_beliefs
from cisim.world.scenario import Scenario


def believing(look: Look, scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """Return scenarios whose futures believe differently; () where there is nothing to compare."""
    if len(scenarios) < 2:
        return ()
    held = differing_beliefs() if look.beliefs == "fixed" else look.beliefs
    return tuple(one.believing(held) for one in scenarios)


def waiting(done: int, asked: int) -> str:
    """Return what is said before the answer is there."""
    return f"{say('compare.hangs_words')} {say('compare.hangs_waiting', done=done, asked=asked)}"


def told(ensembles: Sequence[Ensemble]) -> list[str]:
    """Return what futures believe, what decides who is better, and where the order turns."""
    comparison = Comparison({one.name: one for one in ensembles})
    named = _called(ensembles)
    axes = leading_axes(comparison)
    said = hangs_in_words(comparison, named)
    turns = [in_words(one.said(named)) for one in axes if one.over.name == PI]
    return [*said, *(turn for turn in turns if turn not in said)]


def picture(look: Look, ensembles: Sequence[Ensemble], width: int = 640) -> dict[str, Any] | None:
    """Return the chart of the difference along pi, or along what decides most where a scenario sets
    what pi is made of; None where nothing stands out.

    width : of the chart (px)
    """
    axes = leading_axes(Comparison({one.name: one for one in ensembles}))
    if not axes:
        return None
    found, first = axes[0], ensembles[0].scenario
    origin = Origin.of(ensembles)
    named = _called(ensembles)
    drawn = charts.along(
        found,
        names=named,
        title=say("turning.depends", name=named[found.over.name]),
        when=after(first.months, first.calendar),
        theme="light",
        width=width,
        footer=origin.words,
    )
    heads, rows = _rows(found)
    shown = card(
        drawn,
        "compare",
        replace(look, outcome=MAIN, region=OVERALL),
        origin,
        made_from(heads, rows, origin),
    )
    return {**shown, "file": f"{file_name('compare', 'hangs')}-{origin.key}"}


def _called(ensembles: Sequence[Ensemble]) -> dict[str, str]:
    """Return what scenarios, all that is believed, pi and the outcome are called in a sentence."""
    return {
        **quoted(declarations(Parameters)),
        PI: "π",
        MAIN: say("survey.quoted", text=outcome_shown(MAIN).title),
        **titles([one.scenario for one in ensembles]),
    }


def _rows(found: Along) -> tuple[list[str], list[list[float]]]:
    """Return the heads and rows of the file: a future a row."""
    pairs = zip(found.values.tolist(), found.differences.tolist(), strict=True)
    return [found.over.name, f"difference of {found.outcome}"], [list(pair) for pair in pairs]
