"""Posts in words: what a scenario's structure resolves to, a line for each post."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cisim.model.state import FOUNDATION
from cisim.world.staffing import Row, Staffing, staffing
from cisim.world.structure import NEVER_ENDS

if TYPE_CHECKING:
    from cisim.world.calendar import Calendar
    from cisim.world.scenario import Scenario


def posts_in_words(scenario: Scenario) -> list[str]:
    """Return a line for each post that is ever paid: where, how much, from when to when, by whom.

    Regions in which a post is the same but for its size share a line.
    """
    found = staffing(scenario.world, scenario.structure)
    regions = [region.name for region in scenario.world.regions]
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in found.rows:
        if row.end > row.start and (row.fte > 0.0 or row.cap > 0.0):
            alike = (row.said, row.where, row.start, row.end, row.payer, row.cap, row.roles)
            groups.setdefault(alike, []).append(row)
    told = [_line(rows, regions, found, scenario.calendar) for rows in groups.values()]
    s = scenario.structure
    if s.grant_nat > 0.0 or s.grant_reg > 0.0:
        until = scenario.calendar.label(s.seed_end)
        told.append(
            f"grants to organisations: {s.grant_nat * scenario.world.scale:g} FTE, and "
            f"{s.grant_reg:g} times the planned regional staff until {until}, paid by "
            f"{found.payers[FOUNDATION].name}"
        )
    if scenario.same_money is not None:
        told.append(
            f"no post: organisations are given what the payers of {scenario.same_money.name} pay, "
            f"in the same future, region and month"
        )
    return told


def _line(rows: list[Row], regions: list[str], found: Staffing, calendar: Calendar) -> str:
    row = rows[0]
    place = ""
    sizes = {one.fte for one in rows}
    if row.region >= 0:
        everywhere = len(rows) == len(regions) and len(rows) > 1
        names = [regions[one.region] for one in rows]
        if len(sizes) > 1:
            names = [f"{regions[one.region]} {one.fte:g}" for one in rows]
        place = " in every region" if everywhere and len(sizes) == 1 else f" in {', '.join(names)}"
    much = f"{row.fte:g} FTE" if len(sizes) == 1 else "FTE"
    payer = found.payers[row.payer].name
    if row.cap > 0.0:
        much, payer = f"at most {row.cap:g} FTE", "sponsors by their rule"
    begins = calendar.label(row.start)
    ends = f", until {calendar.label(row.end)}" if row.end < NEVER_ENDS else ", to the end"
    return f"{row.where}: {much}{place}, from {begins}{ends}, paid by {payer} ({row.said})"
