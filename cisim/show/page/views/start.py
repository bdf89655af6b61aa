"""Start: the stories as cards with a small chart each, all other scenarios, one's own, a file."""

from __future__ import annotations

from typing import Any

import numpy as np

from cisim.lab.ensemble import Ensemble
from cisim.show.language.facts import structure_title, world_title
from cisim.show.page.address.checks import CARDS
from cisim.show.page.address.look import Look
from cisim.show.page.futures import first_pictures
from cisim.show.page.futures.engine import engine
from cisim.show.page.views.colours import places
from cisim.show.page.views.small import QUANTILES, Frame, SmallPath, small_chart
from cisim.show.page.views.stories import listed
from cisim.show.page.views.worlds import worlds
from cisim.show.page.words import say
from cisim.show.tables import number
from cisim.world.files import shipped
from cisim.world.scenario import Scenario

OUTCOME = "wellbeing_gain"


def carded() -> list[Scenario]:
    """Return the scenarios with a card, whose futures are of luck and belief."""
    return [first_pictures.believed(one) for one in listed()[: len(CARDS)]]


def whole(scenario: Scenario) -> Ensemble | None:
    """Return all futures of a card, None as long as some are missing: Start says how many."""
    found = engine().cached(scenario, first_pictures.SEED)
    return found if found is not None and found.asked >= first_pictures.FUTURES else None


def view() -> dict[str, Any]:
    """Return what Start shows; small charts as far as their futures are there."""
    found = {one.name: whole(one) for one in carded()}
    there = [one for one in found.values() if one is not None]
    top = max((float(np.nanquantile(_end(one), 0.97)) for one in there), default=1.0)
    last = max((one.months[-1] for one in there), default=1)
    frame = Frame(-0.05 * top, top, float(last))
    return {
        "cards": [_card(one, found[one.name], frame) for one in listed()[: len(CARDS)]],
        "place": say("start.place", place=_place(carded()[0])),
        "others": [_card(one, None, frame) for one in listed()[len(CARDS) :]],
        "worlds": worlds(),
        "structures": [(name, structure_title(name)) for name in shipped("structures")],
        "complete": all(found[name] is not None for name in CARDS),
    }


def _place(scenario: Scenario) -> str:
    """Return where the cards are: all in one place, that which they open."""
    return world_title(scenario.world_name, scenario.world.title)


def _card(scenario: Scenario, ensemble: Ensemble | None, frame: Frame) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "title": scenario.title,
        "story": scenario.story,
        "end": "" if ensemble is None else say("start.end", **_in_words(ensemble)),
        "svg": "" if ensemble is None else _chart(scenario.title, ensemble, frame),
    }


def _in_words(ensemble: Ensemble) -> dict[str, str]:
    """Return what the middle future ends with, and nine of ten of them."""
    ends = np.nanquantile(_end(ensemble), QUANTILES)
    return dict(zip(("low", "middle", "high"), map(number, ends.tolist()), strict=True))


def _values(ensemble: Ensemble) -> Any:
    return ensemble.values[:, :, -1, ensemble.outcomes.index(OUTCOME)]


def _end(ensemble: Ensemble) -> Any:
    return _values(ensemble)[:, -1]


def _chart(title: str, ensemble: Ensemble, frame: Frame) -> str:
    place = places(Look(), [ensemble.name])[0]
    said = say("start.chart", title=title, **_in_words(ensemble))
    months = np.asarray(ensemble.months, dtype=float)
    return small_chart(said, [SmallPath(months, _values(ensemble), place)], frame)
