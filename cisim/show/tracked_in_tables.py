"""What tracking has found as tables of words, for the terminal and the report alike."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from cisim.lab.ensemble import OVERALL
from cisim.lab.tracking import Tracked
from cisim.show.counted import short_label
from cisim.show.language.facts import OUTCOMES, in_language
from cisim.show.language.forms import localised
from cisim.show.language.texts import say
from cisim.show.places_in_words import place
from cisim.show.tables import decimals_for, number
from cisim.world.calendar import Calendar

NONE = "–"
TOLD = 5
"""So many rows of what is believed and of what to watch are shown."""


class Part(NamedTuple):
    """A table: what it is called, its heads, its rows, and which columns are text."""

    name: str
    title: str
    heads: tuple[str, ...]
    rows: list[list[str]]
    left: tuple[int, ...]


def parts(found: Tracked) -> list[Part]:
    """Return what was found, a table each; where no future fits, that alone."""
    if not found.fits:
        return [figures(found)]
    return [figures(found), to_come(found), beside(found), beliefs(found), watch(found)]


def outcomes_shown(found: Tracked) -> list[str]:
    """Return the outcomes that are shown: the answer, what was observed, the headlines."""
    headlines = [name for name, one in OUTCOMES.items() if one.headline]
    observed = [one.outcome for one in found.figures]
    return list(dict.fromkeys([found.outcome, *observed, *headlines]))


def figures(found: Tracked, titles: bool = False) -> Part:
    """Return each figure beside what was believed before."""
    rows = []
    for row in found.fit().to_dict("records"):
        d = decimals_for([row["value"], row["q05"], row["q95"]])
        name = _named(row["outcome"], titles)
        name = name if row["region"] == OVERALL else f"{name}, {place(row['region'])}"
        rows.append(
            [
                name,
                _when(row["month"], found.calendar),
                number(row["value"], d),
                number(row["error"], d),
                f"{number(row['q05'], d)}…{number(row['q95'], d)}",
                number(row["distance"], 1),
                number(100.0 * row["percentile"], 0),
                number(row["after"], d) if found.counted else NONE,
            ]
        )
    heads = _heads("when", "observed", "error", "band_before", "off", "percentile", "now")
    return Part("figures", say("tracked.observed_title"), heads, rows, (0, 1))


def to_come(found: Tracked, titles: bool = False) -> Part:
    """Return what was believed to come, and what is now."""
    ahead = [month for month in (found.now + 12, found.now + 36) if month < found.horizon]
    rows = []
    for name in outcomes_shown(found):
        forecast = found.forecast([name])
        for month in (*ahead, found.horizon):
            row = forecast.iloc[month]
            cells = _before_and_now(found, row)
            rows.append([_named(name, titles), _when(month, found.calendar), *cells])
    heads = _heads("when", "come_before", "come_now")
    return Part("to-come", say("tracked.come_title"), heads, rows, (0, 1, 2, 3))


def beside(found: Tracked, titles: bool = False) -> Part:
    """Return what the other scenario would change at the horizon."""
    rows = []
    title = ""
    if found.against is not None:
        title = say("tracked.beside_title", title=in_language(found.against.scenario).title)
        table = found.beside().set_index("outcome")
        for name in outcomes_shown(found):
            row = table.loc[name]
            cells = _before_and_now(found, row)
            better = number(100.0 * row["better"], 0) if found.counted else NONE
            rows.append([_named(name, titles), *cells, NONE if better == NONE else f"{better} %"])
    heads = _heads("come_before", "come_now", "better")
    return Part("beside", title, heads, rows, (0, 1, 2))


def beliefs(found: Tracked) -> Part:
    """Return the beliefs that moved most, none where too few futures count."""
    moved = found.beliefs().head(TOLD).to_dict("records") if found.counted else []
    rows = [
        [
            row["parameter"],
            *(
                localised(
                    f"{row[f'{side}q50']:.3g} ({row[f'{side}q05']:.2g}…{row[f'{side}q95']:.2g})"
                )
                for side in ("before_", "")
            ),
            number(row["moved"], 1),
            say("tracked.yes" if row["clear"] else "tracked.unsure"),
        ]
        for row in moved
    ]
    heads = _heads("belief_before", "belief_now", "moved", "clear")
    return Part("beliefs", say("tracked.beliefs_title"), heads, rows, (0, 1, 2, 4))


def watch(found: Tracked, titles: bool = False) -> Part:
    """Return the figures that would tell most, each in its best month."""
    rows = []
    for row in found.best_to_watch().head(TOLD).to_dict("records"):
        d = decimals_for([row["q05"], row["q95"]])
        tells, low, high = (number(100.0 * row[one], 0) for one in ("tells", "low", "high"))
        ends = decimals_for([row["answer_low"], row["answer_high"]])
        rows.append(
            [
                _named(row["outcome"], titles),
                _when(row["month"], found.calendar),
                f"{tells} % ({low}…{high})",
                _either(row["q05"], row["q95"], d),
                _either(row["answer_low"], row["answer_high"], ends),
                say("tracked.yes" if row["clear"] else "tracked.unsure"),
            ]
        )
    answer = _named(found.outcome, titles)
    title = say("tracked.watch_title", answer=answer)
    heads = (*_heads("when", "takes", "if_it"), say("tracked.then", answer=answer),
             say("tracked.clear"))  # fmt: skip
    return Part("watch", title, heads, rows, (0, 1, 2, 3, 4, 5))


def _before_and_now(found: Tracked, row: pd.Series) -> list[str]:
    """Return what was believed, and what is now if enough futures count: mean and band."""
    d = decimals_for([row["before_q05"], row["before_q95"]])
    before, now = (
        f"{number(row[f'{side}mean'], d)} "
        f"({number(row[f'{side}q05'], d)}…{number(row[f'{side}q95'], d)})"
        for side in ("before_", "")
    )
    return [before, now if found.counted else NONE]


def _named(outcome: str, titles: bool) -> str:
    """Return what an outcome is called: by its name, as commands take it, or for people."""
    return OUTCOMES[outcome].title if titles else outcome


def _heads(*names: str) -> tuple[str, ...]:
    """Return heads of columns, the first of which has none."""
    return ("", *(say(f"tracked.{name}") for name in names))


def _either(low: float, high: float, decimals: int) -> str:
    return say("tracked.either", low=number(low, decimals), high=number(high, decimals))


def _when(month: int, calendar: Calendar) -> str:
    if calendar.dated:
        return short_label(calendar, month)
    whole = month % 12 == 0 and month > 0
    return say("tracked.year", n=month // 12) if whole else say("tracked.month", n=month)
