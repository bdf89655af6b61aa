"""The outcomes that the page can show, in the order of its menus; their declarations say so.

All of them are kept for every future, so that another outcome is another picture, not another run.
"""

from __future__ import annotations

from cisim.model.outcomes import OUTCOMES
from cisim.show.report.case import KEPT as REPORTED
from cisim.world.scenario import Scenario

_OFFERED = [one for one in OUTCOMES.values() if one.menu]
SHOWN = tuple(one.name for one in sorted(_OFFERED, key=lambda one: not one.headline))
"""Those of the menu, headlines first."""

KEPT = tuple(dict.fromkeys([*SHOWN, *REPORTED]))
"""Those, and what costs and the full report are made of."""

MOST_COMMUNITIES = 1_000
"""In a world of more communities the page keeps nothing of each one, to save memory."""


def followed(scenario: Scenario) -> bool:
    """Return whether the page keeps what each community has gained at the horizon."""
    return scenario.world.community_count <= MOST_COMMUNITIES
