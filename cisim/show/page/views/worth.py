"""What a role or an organisation is worth in the place and structure that are looked at."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cisim.lab.ensemble import LEVEL, mean_interval
from cisim.lab.results import csv_line
from cisim.lab.worths import AT_ONE, CUT, GIVEN, KINDS, Of, Worths
from cisim.show.charts.attribution import player_words, stands_on
from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import Reading, listed
from cisim.show.counted import after
from cisim.show.language.forms import localised
from cisim.show.page.address.look import Look
from cisim.show.page.views import differ
from cisim.show.page.views.pictures import file_name
from cisim.show.page.words import say
from cisim.show.page.worths import STEPS, Asked, there_of
from cisim.version import __version__
from cisim.world.scenario import Scenario
from cisim.world.staffing import staffing

MOST_ORGANISATIONS = 60
"""In a place of more the page tells sectors apart: each organisation more is a run more."""
_LEVELS = ("national", "regional")
_READINGS = {GIVEN: "given", AT_ONE: "alone", CUT: "apart"}
"""The other readings of a worth, and what their heads are called."""


@dataclass(frozen=True)
class Question:
    """Of whom a visitor wants to know it; "" for the first that there is."""

    of: str = ""

    def after(self, message: Mapping[str, Any]) -> Question:
        """Return the question after what a visitor did; itself if that means nothing here."""
        value = message.get("value")
        if message.get("do") == "worth-of" and value in KINDS:
            return replace(self, of=str(value))
        return self


def kinds(here: Scenario) -> list[Of]:
    """Return of whom it can be asked here."""
    levels = {
        row.where for row in staffing(here.world, here.structure).rows
        if row.where in _LEVELS and row.end > row.start and (row.fte > 0.0 or row.cap > 0.0)
    }  # fmt: skip
    found: list[Of] = []
    if levels:
        found.append("roles")
    if len(levels) == len(_LEVELS):
        found.append("levels")
    if here.world.organisation_count <= MOST_ORGANISATIONS:
        found.append("organisations")
    return [*found, "sectors"]


def asked(question: Question, look: Look, here: Scenario) -> Asked:
    """Return what is worked out: in the outcome that is shown, at the end."""
    there = kinds(here)
    of = next((one for one in there if one == question.of), there[0])
    return Asked(of, look.outcome, look.seed)


def choices(wanted: Asked, here: Scenario) -> dict[str, Any]:
    """Return of whom it can be asked, and of whom it is."""
    there = kinds(here)
    what = outcome_shown(wanted.outcome)
    note = "" if "organisations" in there else say("worth.too_many", most=MOST_ORGANISATIONS)
    return {
        "kinds": [(one, say(f"worth.of.{one}")) for one in there],
        "of": wanted.of,
        "words": say("worth.words", outcome=what.title, when=after(here.months, here.calendar)),
        "note": note,
    }


def waiting(found: Worths | None) -> str:
    """Return how far it has come."""
    done, all_of = there_of(found), STEPS[-1]
    if not done:
        return say("worth.waiting")
    if done < all_of:
        return say("worth.partly", n=done, asked=all_of)
    return say("worth.ready", n=done)


def view(found: Worths, wanted: Asked) -> dict[str, Any]:
    """Return the table of worths, the largest first, and what it says in sentences.

    A bar goes from 0 to the mean, a line over its interval; places are shares of the widest.
    """
    what = outcome_shown(found.outcome)
    table = found.table()
    first = table[table["reading"] == found.readings[0]].sort_values(
        "mean", ascending=False, kind="stable"
    )
    called = {one.name: player_words(one, wanted.of) for one in found.players}
    ends = first[["mean", "low", "high"]].to_numpy(np.float64) * what.factor
    there = ends[np.isfinite(ends)]
    low, high = min(0.0, float(there.min(initial=0.0))), max(0.0, float(there.max(initial=0.0)))
    width = (high - low) or 1.0
    how = _written(ends)
    others = [one for one in found.readings[1:] if one]
    rows = []
    for row in first.to_dict("records"):
        mean, least, most = (float(row[one]) * what.factor for one in ("mean", "low", "high"))
        sure = np.isfinite(least + most)
        cells = [how.signed(mean), _between(how, least, most) if sure else "–"]
        for reading in others:
            one = table[(table["player"] == row["player"]) & (table["reading"] == reading)]
            cells.append(how.signed(float(one["mean"].iloc[0]) * what.factor))
        if found.members is not None:
            cells.append(localised(f"{float(row['member']):.0%}"))
        rows.append(
            {
                "name": called[str(row["player"])],
                "zero": -100.0 * low / width,
                "bar": [100.0 * (min(0.0, mean) - low) / width, 100.0 * abs(mean) / width],
                "line": [100.0 * (least - low) / width, 100.0 * (most - least) / width]
                if sure
                else None,
                "told": bool(sure and (least > 0.0 or most < 0.0)),
                "cells": cells,
            }
        )
    unit = f" ({what.apart})" if what.apart else ""
    heads = [say(f"worth.of_one.{wanted.of}"), f"{say('worth.worth')}{unit}",
             say("worth.interval", level=localised(f"{LEVEL:.0%}"))]  # fmt: skip
    heads += [say(f"worth.reading.{_READINGS[one]}") for one in others]
    heads += [say("worth.member")] if found.members is not None else []
    return {
        "heads": heads,
        "rows": rows,
        "said": sentences(found, called, how, what.factor),
        "csv": _csv(found, called),
        "file": f"{file_name('worth', wanted.of, found.outcome)}.csv",
    }


def sentences(found: Worths, called: Mapping[str, str], how: Reading, factor: float) -> list[str]:
    """Return what it says: the whole, who cannot be told from nothing, what two levels make
    together, what each ensemble says, and what it stands on.
    """
    mean, low, high, *_ = (
        float(one) for one in mean_interval(found.difference(found.readings[0]))
    )  # fmt: skip
    told = [
        say(
            "worth.whole",
            mean=how.signed(mean * factor),
            between=_between(how, low * factor, high * factor),
        )
    ]
    rows = found.table()
    first = rows[rows["reading"] == found.readings[0]]
    unsure = first[(first["low"] <= 0.0) & (first["high"] >= 0.0)]["player"]
    names = [called[str(one)] for one in unsure]
    if len(names) > MOST_NAMED:
        told.append(say("worth.unsure_many", n=len(names), all=len(first)))
    elif names:
        told.append(say("worth.unsure", who=listed(names)))
    beyond = found.beyond().to_dict("records")
    if beyond:
        one = beyond[0]
        told.append(
            say(
                "worth.together",
                mean=how.signed(float(one["mean"]) * factor),
                between=_between(how, float(one["low"]) * factor, float(one["high"]) * factor),
            )
        )
    two = differ.means_by(found.scenario, found.seeds, found.difference(found.readings[0]))
    if two:
        first, second = (how.signed(one * factor) for one in two)
        told.append(say("worth.by_ensemble", first=first, second=second))
    return [*told, stands_on(found)]


MOST_NAMED = 4
"""More than so many that cannot be told from nothing are counted."""


def _written(values: np.ndarray) -> Reading:
    """Return how worths are written: with two digits of the largest, all with the same decimals."""
    there = np.abs(values[np.isfinite(values)])
    most = float(there.max()) if there.size else 0.0
    decimals = 2 if most <= 0.0 else min(7, max(0, 1 - math.floor(math.log10(most))))
    return Reading("", False, 0, decimals)


def _between(how: Reading, low: float, high: float) -> str:
    return say("worth.between", low=how.signed(low), high=how.signed(high))


def _csv(found: Worths, called: Mapping[str, str]) -> str:
    """Return all numbers as a file, in the outcome's own unit, with what they were made from."""
    table = found.table()
    table["player"] = [called[str(one)] for one in table["player"]]
    heads = [*map(str, table.columns), "outcome", "month", "seed", "version"]
    last = [found.outcome, found.month, int(found.seeds[0]), __version__]
    rows = table.astype(object).where(table.notna(), "").to_numpy().tolist()
    return b"".join([csv_line(heads), *(csv_line([*row, *last]) for row in rows)]).decode()
