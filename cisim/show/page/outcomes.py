"""The outcomes that the page can show, in the order of its menus; their declarations say so.

All of them are kept for every future, so that another outcome is another picture, not another run.
What only a card shows that somebody opens is run for it, in fewer futures.
"""

from __future__ import annotations

from typing import NamedTuple

from cisim.show.charts import CARRYING, LEVELS, PHASE
from cisim.show.language.facts import OUTCOMES
from cisim.show.report.case import KEPT as REPORTED
from cisim.world.scenario import Scenario

STRIP = (
    "meetings_per_eligible",
    "trust_eligible",
    "joint_activity",
    "visible_results",
    "wellbeing_gain",
)
"""The causal strip of the stage, in the order in which things move; a click makes each the chart's,
so that they are in the menu, too."""

_OFFERED = [one for one in OUTCOMES.values() if one.menu or one.name in STRIP]
SHOWN = tuple(one.name for one in sorted(_OFFERED, key=lambda one: not one.headline))
"""Those of the menu, headlines first."""

KEPT = tuple(dict.fromkeys([*SHOWN, *REPORTED, PHASE]))
"""Those, what costs and the full report are made of, and the phases under a time axis."""


class Wanted(NamedTuple):
    """What futures are run for.

    outcomes : that are kept
    yearly   : only at the end of each full year, and nothing of each community
    """

    outcomes: tuple[str, ...]
    yearly: bool = False


PICTURES = Wanted(KEPT)
INSIDE = Wanted((*LEVELS, *CARRYING), yearly=True)
"""The seven components, the functions of leadership, and whether those who carry them are there."""
CARRIED = Wanted(INSIDE.outcomes)
"""The same in every month, to be lit while the network plays."""

MOST_COMMUNITIES = 1_000
"""In a world of more communities the page keeps nothing of each one, to save memory."""


def followed(scenario: Scenario) -> bool:
    """Return whether the page keeps what each community has gained at the horizon."""
    return scenario.world.community_count <= MOST_COMMUNITIES
