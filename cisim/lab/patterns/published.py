"""Patterns that follow from published figures: L1 to L9, each read from its indicators.

The numbers, their bands and their sources are those of cisim.lab.indicators, which calibration
takes, too. None of the sources is about this model's places; what was taken where a definition
leaves room is under `reading`.
"""

from __future__ import annotations

import math
from typing import Any

from cisim.lab.indicators import (
    FUNDER,
    INDICATORS,
    NETWORK_MONTHS,
    SEED_END,
    STRUCTURES,
    UNSEEN,
    WAVE_MONTH,
    Indicator,
)
from cisim.lab.patterns.pattern import Criterion, Pattern


def criterion(one: Indicator) -> Criterion:
    """Return the test that an indicator's band is."""
    test: dict[str, Any] = {"decides": one.decides}
    if math.isfinite(one.low) and math.isfinite(one.high):
        test |= {"sense": "in", "threshold": one.low, "upper": one.high}
    elif math.isfinite(one.low):
        test |= {"sense": ">" if one.strict else ">=", "threshold": one.low}
    elif math.isfinite(one.high):
        test |= {"sense": "<", "threshold": one.high}
    return Criterion(one.name.split(".")[1], one.words, one.read, **test)


def _pattern(id: str, words: str, **said: Any) -> Pattern:
    mine = tuple(one for one in INDICATORS.values() if one.pattern == id)
    (source,) = {one.source for one in mine}
    (supports,) = {one.supports for one in mine}
    return Pattern(
        id, words, source, supports, criteria=tuple(map(criterion, mine)), indicators=mine, **said
    )


_SITES = (
    "Differing sites: one region each, four to nine communities, national support .1 FTE a site, "
    "trust, time, sponsors, agendas, turnover and seed money of their own. "
)

PUBLISHED = (
    _pattern(
        "L1",
        "Demand for remedial services falls where the model runs, after a year or so, and rises "
        "where it does not",
        reading="The timing is tested, as the size is a free scale of the model: one town is as "
        "large as the place of the study. Visible is a change of "
        f"{100 * (1 - UNSEEN):.0f} % or more. The rise elsewhere is not tested: the model has no "
        "trend of its own.",
    ),
    _pattern(
        "L2",
        "Funnel: more sites see early changes than system changes than population changes",
        reading=_SITES
        + "Each is asked once, at an age of 0 to 8 years drawn evenly. Early change is an active "
        "partnership; system change is (D1 + D2) / 2 - b; the thresholds of both are judgement, "
        "so higher ones are told beside them. The figures are self-reports.",
    ),
    _pattern(
        "L3",
        "Most coalitions outlive their seed money; two thirds are alive four years on",
        reading=_SITES
        + f"Seed money ends at month {SEED_END}. Alive is what has been active and has not been "
        "inactive for six months; what begins again is alive again.",
    ),
    _pattern(
        "L4",
        "Two thirds are sustained; most of those that end do so for money or organisation, one in "
        "three because the aim is reached",
        reading=_SITES
        + f"Seed money ends at month {SEED_END}, alive is counted at month 120. Causes are those "
        "of all ends, also where a partnership began again. The band of the share that is done is "
        "the 90 % interval of 18 of 53 ends. Undefined where none has ended.",
    ),
    _pattern(
        "L5",
        "Density, centralisation and trust of a working network of 41 organisations",
        reading="The test region, 41 organisations, with both backbones; members and the backbone "
        "as a node. Trust goes through the model's own mapping of trust and agreement to a scale "
        "of four, so that it is no test by itself.",
        built_in="partly",
        equation="who knows whom is generated; survey trust is 2/3 (1 + 3 trust) / 4 + 1/3 (1 + 3 "
        "agreement) / 4 and cannot be below .25",
    ),
    _pattern(
        "L6",
        "Shape of real interorganisational networks: transitive, reciprocal, disassortative, "
        "moderately centralised",
        reading="Every network must have it: members' active ties in the test region with "
        f"{len(STRUCTURES)} structures at months {' and '.join(map(str, NETWORK_MONTHS))}, and who "
        "knows whom at month 0. Fewer than three members with a tie are no network. Reciprocity of "
        "trust is some .9 by construction and is not tested; tested is whether meetings that one "
        "called of another within a year are returned, without those that a broker arranged.",
        built_in="partly",
        equation="who knows whom is generated",
    ),
    _pattern(
        "L7",
        "Population outcomes lag by years and are small",
        reading=_SITES
        + "Small is less than .3 of a standard deviation of 15 points, for nine in ten sites; the "
        "gain is that above the ordinary world. What it takes is told: USD 556 a youth over five "
        "years (Kuklinski 2015) is 1.5 FTE per 1000 at EUR 60,000, for .1 to .15 standard "
        "deviations; such a conversion may be off by a factor of three each way.",
        built_in="partly",
        equation="3.10: the chain of delays from activity to wellbeing, and wb_max",
    ),
    _pattern(
        "L8",
        "A departure resets personal relations; institutionalised trust makes the setback less "
        "deep",
        reading=f"Half of the representatives leave in month {WAVE_MONTH} of the test region; "
        "against the same future without it. Personal is inst_base 0, institutionalised .7. That "
        "less trust is lost is put there by an equation; that less joint activity is lost is not. "
        "How long it lasts is told: the source says nothing of it.",
        built_in="partly",
        equation="3.1: inst_base is what of trust outlives a person",
    ),
    _pattern(
        "L9",
        "Losing funders is normal, about one in ten a year",
        reading="A sponsor is lost where what it pays falls by half or more within a month. Beside "
        "it, as the study counted: sites of whose sponsors' money a part goes, by "
        f"{100 * FUNDER:.0f} % or more from one year's end to the next; what it calls significant "
        "is not known, so it is only told.",
        built_in="wholly",
        equation="3.1: elections and officials' departures have constant rates that were fitted to "
        "this figure",
    ),
)
"""L1 to L9."""
