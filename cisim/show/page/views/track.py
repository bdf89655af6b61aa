"""Are we on track? What a partnership has observed of itself, and what is believed by it now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from cisim.lab.ensemble import OVERALL
from cisim.lab.manifest import short_key, sources_of_results
from cisim.lab.tracking import Tracked
from cisim.lab.tracking.tracked import TOLD
from cisim.model.input_error import InputError, shown
from cisim.show import charts
from cisim.show.counted import after, label
from cisim.show.language.facts import OUTCOMES, fact, place_beside
from cisim.show.language.forms import listed, localised, percent
from cisim.show.page.address.checks import MINE
from cisim.show.page.address.look import Look, compared_of, scenario_of
from cisim.show.page.partnership.observed import EXAMPLE, to_fill_in
from cisim.show.page.views.outcome import outcome_options, written
from cisim.show.page.views.pictures import Origin, card, file_name, made_from
from cisim.show.page.views.stories import listed as listed_scenarios
from cisim.show.page.words import part, say
from cisim.show.places_in_words import place
from cisim.show.report.track import titles
from cisim.show.told import told
from cisim.show.tracked_in_tables import beside

LARGE = 100
"""Organisations, from which on fewer futures are run: each takes its time."""
FUTURES, MOST = (400, 2000), (200, 800)
"""Futures that are run first, and at most, in a small place and in a large one."""
_MOST_BELIEFS = 5


def futures(look: Look) -> tuple[int, int]:
    """Return how many futures are run first, and at most."""
    small = scenario_of(look).world.organisation_count <= LARGE
    return FUTURES if small else MOST


def other(name: str) -> str:
    """Return the name of a scenario that can be set against the one that is looked at.

    Raises ValueError for what is none; "" is none on purpose.
    """
    if name and name not in [one.name for one in listed_scenarios()]:
        raise InputError(f"{shown(name)}: {say('address.unknown')}")
    return name


def asked(look: Look, against: str) -> dict[str, Any]:
    """Return what is asked of `track`, the figures apart; it is run in this process, as the page's
    own are for whoever waits for a picture.

    Raises InputError if the other scenario cannot be set against the one that is looked at.
    """
    here = scenario_of(look)
    other = None
    if against:
        placed = look if look.world else replace(look, world=here.world_name)
        other = compared_of(replace(placed, compared=(MINE, against)))[1]
    first, most = futures(look)
    return {
        "scenario": here, "against": other, "outcome": look.outcome, "beliefs": look.beliefs,
        "replicates": first, "most": most, "workers": 1, "seed": look.seed,
    }  # fmt: skip


def frame(look: Look, against: str) -> dict[str, Any]:
    """Return what the screen shows before anything was observed.

    against : the scenario that is set against it, "" for none
    """
    here = scenario_of(look)
    return {
        "title": here.title,
        "place": place_beside(here.title, here.world_name, here.world.title),
        "against": against,
        "others": [
            (one.name, one.title)
            for one in listed_scenarios()
            if look.own or one.name != look.scenario
        ],
        "outcome": look.outcome,
        "outcomes": outcome_options(),
        "when": say("track.when_dated" if here.calendar.dated else "track.when_month"),
        "file": {"name": f"{say('track.file_name')}.csv", "text": to_fill_in()},
        "example": [
            [OUTCOMES[name].title, *(localised(one) for one in numbers)]
            for name, *numbers in EXAMPLE
        ],
        "heads": [part("track.heads")[one] for one in ("outcome", "month", "value", "error")],
    }


def waiting(look: Look, done: int, total: int) -> str:
    """Return how far it has come."""
    most = localised(f"{futures(look)[1]:,}")
    if not total:
        return say("track.wait", most=most)
    return say("track.progress", done=done, total=total, most=most)


def view(found: Tracked, look: Look, width: int) -> dict[str, Any]:
    """Return what was found; where no future fits, that and nothing of what is to come.

    width : of the charts (px)
    """
    shown: dict[str, Any] = {
        "fits": found.fits,
        "verdict": say("track.fits" if found.fits else "track.misfit"),
        "said": _fit_said(found) if found.fits else _misfit(found),
        "rows": _rows(found),
        "counted": _counted(found),
        "few": not found.enough,
        "come": "",
        "watch": "",
        "instead": [],
        "beside": None,
        "beliefs": [],
        "charts": [],
    }
    if not found.fits:
        return shown
    pictures = [
        charts.tracked(found, found.outcome, width=width, theme="light", footer=_footer(found))
    ]
    clear = found.best_to_watch()
    if len(clear):
        pictures.append(
            charts.telling(found, width=width, theme="light", footer=_footer(found),
                           title=say("track.watch_title"))
        )  # fmt: skip
    return {
        **shown,
        "come": _come(found),
        "watch": _watch(found),
        "instead": [told(one) for one in found.instead(titles(found))],
        "beside": _beside(found),
        "beliefs": _beliefs(found),
        "charts": [_card(found, one, look) for one in pictures],
    }


def _key(found: Tracked) -> str:
    said = {**sources_of_results(), "scenario": found.scenario.resolved(),
            "observed": [one._asdict() for one in found.figures]}  # fmt: skip
    return short_key(said)


def _footer(found: Tracked) -> str:
    return charts.small_print(found.futures, int(found.seeds[0]), _key(found), len(found.failed))


def _card(found: Tracked, chart: charts.Chart, look: Look) -> dict[str, Any]:
    origin = Origin(found.futures, int(found.seeds[0]), _key(found), len(found.failed))
    table = chart.numbers.filed
    rows = table.astype(object).where(table.notna(), None).to_numpy().tolist()
    csv = made_from([str(column) for column in table.columns], rows, origin)
    name = file_name(say("track.file_name"))
    return {**card(chart, name, look, origin, csv, found.calendar), "svg": chart.svg, "axis": None}


def _fit_said(found: Tracked) -> list[str]:
    """Return how well the figures lie within what was believed before."""
    table = found.fit()
    inside = int(((table["percentile"] >= 0.05) & (table["percentile"] <= 0.95)).sum())
    return [
        say("track.inside", inside=inside, n=len(found.figures)),
        say("track.worse", share=percent(found.together.worse)),
    ]


def _misfit(found: Tracked) -> list[str]:
    """Return what is out of reach, and what follows."""
    table = found.fit()
    off = table[~table["fits"].astype(bool)].to_dict("records")
    said = []
    for row in off[:TOLD]:
        ends = np.array([row["q05"], row["q95"], row["value"]])
        values = {
            name: written(row["outcome"], ends, row[column], unit=name == "high")
            for name, column in (("value", "value"), ("low", "q05"), ("high", "q95"))
        }
        said.append(say("track.off", figure=_named(found, row), **values))
    if not off:
        said.append(say("track.off_together", share=percent(found.together.worse)))
    return [*said, say("track.look_again")]


def _counted(found: Tracked) -> str:
    """Return how many futures count."""
    counts = {
        "futures": localised(f"{found.futures:,}"),
        "n": max(1, round(found.effective)),
        "largest": percent(found.weighed.largest),
    }
    said = say("track.counted", **counts)
    return said if found.enough else f"{said} {say('track.few')}"


def _come(found: Tracked) -> str:
    """Return the answer: what is believed to come now, and what was before."""
    row = found.answer()
    names = [f"{side}{one}" for side in ("before_", "") for one in ("mean", "q05", "q95")]
    ends = np.array([float(row[name]) for name in names])
    if not np.isfinite(ends).all():
        return say("explore.undefined", outcome=OUTCOMES[found.outcome].title)
    values = {
        name: written(found.outcome, ends, float(row[name]), unit=name == "mean") for name in names
    }
    when = after(found.horizon, found.calendar)
    if not found.counted:
        return say("track.come_few", outcome=OUTCOMES[found.outcome].title, when=when, **values)
    return say("track.come", outcome=OUTCOMES[found.outcome].title, when=when, **values)


def _watch(found: Tracked) -> str:
    """Return which figure to look at next, and what each of its ends would mean."""
    table = found.best_to_watch()
    if not len(table):
        return say("track.watch_few")
    clear = table[table["clear"].astype(bool)].to_dict("records")
    if not clear:
        return say("track.watch_none", months=found.within)
    first = clear[0]
    own, answer = (np.array([first[a], first[b]]) for a, b in
                   (("q05", "q95"), ("answer_low", "answer_high")))  # fmt: skip
    said = say(
        "track.watch",
        figure=_named(found, first),
        share=percent(first["tells"]),
        low=written(first["outcome"], own, first["q05"]),
        high=written(first["outcome"], own, first["q95"]),
        answer=OUTCOMES[found.outcome].title,
        answer_low=written(found.outcome, answer, first["answer_low"], unit=False),
        answer_high=written(found.outcome, answer, first["answer_high"], unit=False),
    )
    others = [OUTCOMES[row["outcome"]].title for row in clear[1:TOLD]]
    return f"{said} {say('track.watch_then', others=listed(others))}" if others else said


def _beside(found: Tracked) -> dict[str, Any] | None:
    """Return what the other scenario would change as a table, None where there is no other."""
    if found.against is None:
        return None
    table = beside(found, titles=True)
    return {"title": table.title, "heads": table.heads, "rows": table.rows}


def _beliefs(found: Tracked) -> list[list[str]]:
    """Return the beliefs that have moved more than by accident: before and now, in the middle."""
    table = found.beliefs()
    clear = table[table["clear"].astype(bool)] if len(table) else table
    return [
        [
            fact("meanings", row["parameter"], row["meaning"]),
            localised(f"{row['before_q50']:.2g}"),
            localised(f"{row['q50']:.2g}"),
        ]
        for row in clear.head(_MOST_BELIEFS).to_dict("records")
    ]


def _rows(found: Tracked) -> list[dict[str, Any]]:
    """Return each figure beside what was believed before."""
    rows = []
    for row in found.fit().to_dict("records"):
        ends = np.array([row["value"], row["q05"], row["q95"]])
        low, high, value = (
            written(row["outcome"], ends, row[one], unit=False) for one in ("q05", "q95", "value")
        )
        rows.append(
            {
                "figure": _named(found, row),
                "value": value,
                "before": say("track.span", low=low, high=high),
                "fits": bool(row["fits"]),
                "inside": 0.05 <= row["percentile"] <= 0.95,
            }
        )
    return rows


def _named(found: Tracked, row: Any) -> str:
    """Return what a figure is called: its outcome, where it is of one region that, and when."""
    where = row.get("region", OVERALL)
    title = OUTCOMES[row["outcome"]].title
    parts: Sequence[str] = [title, *([] if where in ("", OVERALL) else [place(str(where))])]
    return ", ".join([*parts, label(found.calendar, row["month"])])
