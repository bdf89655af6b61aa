"""Posts on the time axis, by who pays them, and the bill by year under them."""

from __future__ import annotations

from typing import Any

from cisim.lab.bill import OWN
from cisim.lab.bill import bill as billed
from cisim.lab.ensemble import Ensemble
from cisim.model.state import FOUNDATION
from cisim.show.charts.axes import time_ticks, value_axis
from cisim.show.charts.words import titled
from cisim.show.counted import label as dated
from cisim.show.language.facts import payer_in_words
from cisim.show.language.forms import localised
from cisim.show.page.address.look import Look, scenario_of
from cisim.show.page.address.payers import KINDS, named
from cisim.show.page.address.posts import WHERE, Bar, bars, payers
from cisim.show.page.words import say
from cisim.world.payers import SPONSORS
from cisim.world.scenario import Scenario
from cisim.world.staffing import staffing
from cisim.world.structure import NEVER_ENDS

COLOURS = 8
"""A payer after the last has the first colour again, as in the chart of the bill."""


def view(look: Look) -> dict[str, Any]:
    """Return the posts of what is looked at in groups, one for each payer, and what may be added.

    Months of a post are as they are; one that does not end has no end.
    """
    here = scenario_of(look)
    found, order = bars(here), _order(here)
    regions = [region.name for region in here.world.regions]
    groups = []
    for place, name in enumerate(order):
        mine = [_row(here, bar) for bar in found if bar.payer == name]
        if mine:
            groups.append(
                {"payer": name, "label": payer_words(name), "place": place % COLOURS, "rows": mine}
            )
    return {
        "groups": groups,
        "months": here.months,
        "start": here.calendar.start or "",
        "ticks": [
            (tick.month, tick.words)
            for tick in time_ticks(0.0, float(here.months), 11, here.calendar)
        ],
        "where": [(one, say(f"posts.where.{one}")) for one in WHERE],
        "regions": regions if len(regions) > 1 else [],
        "payers": {one: _named(payers(here, one)) for one in WHERE},
        "paying": _paying(here, found),
        "kinds": _named(list(KINDS)),
        "given": _given(here),
    }


def _paying(here: Scenario, found: list[Bar]) -> list[dict[str, Any]]:
    """Return who can have another name, and what goes where if one is removed; the first stays."""
    first, *_ = paying = named(here)
    told = []
    for one in paying:
        pays, kind = sum(bar.payer == one.name for bar in found), payer_words(one.kind)
        label = payer_words(one.name)
        goes = say("posts.payer_goes", payer=payer_words(first.name))
        told.append(
            {
                "name": one.name,
                "label": label,
                "kind": "" if label == kind or one.kind not in KINDS else kind,
                "pays": say("posts.payer_pays", n=pays) if pays else say("posts.payer_idle"),
                "goes": goes if pays and one is not first else "",
                "stays": one is first,
            }
        )
    return told


def _given(here: Scenario) -> str:
    """Return what is said where all money is that of another scenario: there are no posts."""
    if here.structure.same_money_as is None:
        return ""
    return say("posts.same_money")


def _row(here: Scenario, bar: Bar) -> dict[str, Any]:
    region = bar.regions[0] if len(bar.regions) == 1 else ""
    return {
        "id": bar.said,
        "where": bar.where,
        "title": title(here, bar),
        "number": bar.number,
        "much": much(bar),
        "start": bar.start,
        "end": bar.end if bar.end < NEVER_ENDS else None,
        "payer": bar.payer,
        "payers": _named(payers(here, bar.where, region)),
    }


def title(here: Scenario, bar: Bar) -> str:
    """Return what a post is called: its name in the file, else where it is."""
    called = titled(payer_in_words(bar.name)) or say(f"posts.where.{bar.where}")
    if not bar.regions or len(bar.regions) == len(here.world.regions):
        return called
    return say("posts.in_place", post=called, place=", ".join(bar.regions))


def much(bar: Bar) -> str:
    """Return how large a post is: "1 in each region", "at most 2"."""
    number = localised(f"{bar.number:.3g}")
    many = len(bar.regions) > 1
    name = "whole" if not many else "each" if bar.alike else "in_all"
    if bar.payer == SPONSORS:
        return say(f"posts.most_{name}", number=number)
    return say(f"posts.{name}", number=number)


def lines(here: Scenario) -> list[str]:
    """Return each post in a line, for what the last change was."""
    told = []
    for bar in bars(here):
        ends = bar.end >= NEVER_ENDS
        when = say(
            "posts.line_open" if ends else "posts.line",
            post=title(here, bar),
            much=much(bar),
            start=dated(here.calendar, bar.start),
            end="" if ends else dated(here.calendar, bar.end),
            payer=payer_words(bar.payer),
        )
        told.append(when)
    return told


def payer_names(here: Scenario) -> list[str]:
    """Return what the payers are called that can have another name."""
    return [payer_words(one.name) for one in named(here)]


def payer_words(name: str) -> str:
    """Return what a payer is called as a title; what sponsors pay by their rule is one."""
    return say("posts.sponsors") if name == SPONSORS else titled(payer_in_words(name))


def _named(names: list[str]) -> list[tuple[str, str]]:
    return [(name, payer_words(name)) for name in names]


def _order(here: Scenario) -> list[str]:
    """Return the payers in the order of their colours: the foundation, others, sponsors."""
    paying = staffing(here.world, here.structure).payers[FOUNDATION:]
    return [*(one.name for one in paying), SPONSORS]


def years(ensemble: Ensemble) -> dict[str, Any]:
    """Return what is paid in each year by whom, as columns under the time axis.

    Full-time years, means over futures, all regions; a column's parts stand on each other.
    """
    here = ensemble.scenario
    table = billed(ensemble)
    table = table[table["kind"] != OWN]
    table["who"] = table["payer"].where(table["kind"] != "sponsor", SPONSORS)
    order, calendar = _order(here), here.calendar
    sums = table.groupby("year")["fte_years"].sum()
    most = float(sums.max()) if len(sums) else 0.0
    axis = value_axis(0.0, max(most, 1e-9), 0.0, 100.0, about=2)
    found = []
    for year in sorted(set(table["year"])):
        rows = table[table["year"] == year]
        by_payer = rows.groupby("who")["fte_years"].sum()
        parts = [
            {
                "place": order.index(str(who)) % COLOURS,
                "high": axis.at(float(by_payer[who])),
                "words": say(
                    "posts.part", payer=payer_words(str(who)),
                    years=localised(f"{float(by_payer[who]):.3g}"),
                ),
            }
            for who in sorted(by_payer.index, key=lambda who: order.index(str(who)))
            if float(by_payer[who]) > 0.0
        ]  # fmt: skip
        first = calendar.first_month(int(year))
        found.append(
            {
                "start": max(0, first),
                "end": min(here.months, first + 12),
                "parts": parts,
                "words": say("posts.in_year", year=_year(here, int(year)),
                             total=localised(f"{float(by_payer.sum()):.3g}")),
            }
        )  # fmt: skip
    return {
        "years": found,
        "ticks": [(axis.at(one), localised(f"{one:g}")) for one in axis.ticks if one > 0.0],
        "words": say("posts.bill_said", n=ensemble.asked,
                     total=localised(f"{float(sums.sum()):.3g}")),
    }  # fmt: skip


def _year(here: Scenario, year: int) -> str:
    return str(year) if here.calendar.dated else say("counted.year_label", year=year)
