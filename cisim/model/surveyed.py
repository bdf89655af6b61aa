"""What was surveyed is what month 0 looks like: ties stand as a survey found them.

At the end of history, before the founding, a surveyed tie takes the place among all ties of the
ordinary world that its strength s, 0 to 1, says: at s = .8 it is trusted and known as well as the
tie above eighty in a hundred of those that history has led to. So order and distances are the
data's, and the level is the model's own: a survey's scale has none that the model shares.

    tau  = T(s),  f = F(s)                     quantiles over all ties, straight between neighbours
    e    = n0 f / (1 - f)                      evidence
    tau0 = trust_prior, or what the file says, moved to where e can hold tau:
           tau (n0 + e) / n0 - e / n0 <= tau0 <= tau (n0 + e) / n0
    p    = tau (n0 + e) - n0 tau0,  n = e - p  kept and broken promises

Ties of equal strength are equally trusted. A tie that either side calls more than nothing was met
in the last month. Wellbeing is counted from the ordinary world with these relations: what reaches
children in the last month of history with them, less what did without them, is added to the
baseline, which stays at 0 or above.

Source  assumed; that a partnership starts from the relations that are there: V20 (Bunger 2010)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cisim.model.luck import Luck
from cisim.model.parameters import Parameters
from cisim.model.processes.activity import act_together
from cisim.model.state import Floats, State


class Surveyed(NamedTuple):
    """What a survey found, an entry for each tie as one side sees it.

    arc      : (K,) int64  which tie
    strength : (K,) float  0 the weakest to 1 the strongest, nan where that side said nothing
    prior    : (K,) float  prior trust that is known from elsewhere, else nan
    """

    arc: NDArray[np.int64]
    strength: Floats
    prior: Floats


def stand_as_surveyed(state: State, p: Parameters, seed: int, found: Surveyed) -> None:
    """Let ties stand as surveyed, in place, in a state at the end of history.

    Writes ties.prior, .first, .kept, .broken, .last_met; communities.baseline, .input, .everyday
    """
    if not found.arc.size:
        return
    ties, n0 = state.ties, p.prior_weight
    held = slice(ties.count)
    seen = ties.kept[held] + ties.broken[held]
    tau = _quantiles((n0 * ties.prior[held] + ties.kept[held]) / (n0 + seen), found.strength)
    known = _quantiles(seen / (n0 + seen), found.strength)
    evidence = n0 * known / (1.0 - known)
    total = n0 + evidence
    prior = np.where(np.isnan(found.prior), p.trust_prior, found.prior)
    prior = np.maximum(prior, (tau * total - evidence) / n0)
    prior = np.clip(np.minimum(prior, tau * total / n0), 0.0, 1.0)
    kept = np.clip(tau * total - n0 * prior, 0.0, evidence)
    said = ~np.isnan(found.strength)
    arc = found.arc[said]
    ties.prior[arc], ties.kept[arc] = prior[said], kept[said]
    ties.broken[arc] = evidence[said] - kept[said]
    ties.first[arc] = prior[said]
    met = found.arc[said & (found.strength > 0.0)]
    ties.last_met[met] = -1
    ties.last_met[ties.reverse[met]] = -1
    _count_from_these_relations(state, p, seed)


def _quantiles(values: Floats, shares: Floats) -> Floats:
    """Return the value that stands at each share of all values in order, nan for nan."""
    ordered = np.sort(values)
    place = np.nan_to_num(shares) * (ordered.size - 1)
    below = np.minimum(place.astype(np.int64), max(0, ordered.size - 2))
    above = np.minimum(below + 1, ordered.size - 1)
    value = ordered[below] + (place - below) * (ordered[above] - ordered[below])
    return np.where(np.isnan(shares), np.nan, value)


def _count_from_these_relations(state: State, p: Parameters, seed: int) -> None:
    after = state.copy()
    act_together(after, p, Luck(seed, -1))
    places, now = state.communities, after.communities
    places.baseline[:] = np.maximum(0.0, places.baseline + (now.input - places.input))
    places.input[:] = now.input
    places.everyday[:] = now.everyday
