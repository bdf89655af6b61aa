"""What a difference hangs on: futures of luck and belief, laid along what they believe.

Each future has drawn its parameters (cisim.world.beliefs), the same for all structures. So the
futures of one comparison tell, without another run, which parameters decide who is better, and
where along one of them the order turns.

The chance of being better is taken to rise or to fall along a parameter, and nothing else
(isotonic regression; Barlow et al. 1972, Statistical inference under order restrictions). The order
turns where it passes one half; the interval comes from drawing the futures again, with replacement,
those that share a point of an ensemble together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.lab.analyses.chance import resampled
from cisim.lab.comparison import Comparison, Differences
from cisim.lab.moved import correlations, deciding, least_clear
from cisim.model.input_error import InputError, nearest, shown
from cisim.model.outcomes import find_outcome
from cisim.model.parameters import Parameters
from cisim.model.quantity import Anchor, declarations
from cisim.model.state import Floats
from cisim.model.told import Sentences
from cisim.world.beliefs import Beliefs, FromEnsembles
from cisim.world.ranges import Range, plausible_range

MAIN = "wellbeing_gain"
PI = "pi"
PI_MEANING = "own_value × effort_half / wb_max: an hour of own services beside one of joint work"
_PI = {"own_value": 1, "effort_half": 1, "wb_max": -1}
"""The ratio that decides most: the parameters that it is made of, with their powers."""
LEADING = 3
"""So many parameters are told first."""
STEPS = 6
"""A parameter's range is parted so often, into parts of as many futures each."""
FEWEST = 20
"""With fewer futures nothing is said of where an order turns."""
AGAIN = 400
"""So often the futures are drawn again for an interval."""
ENDS = (0.05, 0.95)
SAYS = Sentences(
    "hanging",
    too_few="{n:,} futures are too few to say where along {name} it turns.",
    stays="Along {name}, from {low:.3g} to {high:.3g}, the order does not turn: {ahead} stays "
    "ahead of {behind} in most futures.",
    turns="Along {name} the order turns near {turn:.2g} (90 % interval {from_:.2g} to {to:.2g}): "
    "below it {low} is better in most futures, above it {high}; what is believed lies above it in "
    "{above:,} of {n:,} futures.",
)


@dataclass(frozen=True, eq=False)
class Along:
    """A difference between two scenarios along one parameter that futures believe differently.

    scenario, against : of which difference; `outcome` in its own unit
    over        : the range of the parameter
    meaning     : of it, in words; `unit` is its unit
    anchors     : values that a source gives it
    default     : what it is where nobody sets it
    values      : (n,) what each future believes
    differences : (n,) scenario less against
    better      : (n,) whether the scenario is better there; NaN where they are equal
    turn        : where as many futures speak for one as for the other; NaN where they do nowhere
    low, high   : its 90 % interval; an end of the range where it is open to that side
    """

    scenario: str
    against: str
    outcome: str
    over: Range
    meaning: str
    unit: str
    anchors: tuple[Anchor, ...]
    default: float
    values: Floats
    differences: Floats
    better: Floats
    turn: float
    low: float
    high: float

    def table(self, steps: int = STEPS) -> pd.DataFrame:
        """Return a row for each part of the range, with as many futures each.

        low, high     : between which values of the parameter
        middle        : their median
        n             : futures
        q05, q50, q95 : of the difference
        better        : share of futures in which the scenario is better
        """
        order = np.argsort(self.values, kind="stable")
        rows = []
        for some in np.array_split(order, min(steps, order.size)):
            low, middle, high = np.quantile(self.values[some], (0.0, 0.5, 1.0))
            q05, q50, q95 = np.quantile(self.differences[some], (*ENDS[:1], 0.5, *ENDS[1:]))
            told = self.better[some][np.isfinite(self.better[some])]
            rows.append(
                {
                    "low": low,
                    "high": high,
                    "middle": middle,
                    "n": some.size,
                    "q05": q05,
                    "q50": q50,
                    "q95": q95,
                    "better": float(told.mean()) if told.size else math.nan,
                }
            )
        return pd.DataFrame(rows)

    def said(self, names: Mapping[str, str] | None = None) -> str:
        """Return where the order turns, in one sentence.

        names : what people call scenarios and the parameter, by name
        """
        one, other, name = (
            (names or {}).get(name, name) for name in (self.scenario, self.against, self.over.name)
        )
        if self.values.size < FEWEST:
            return SAYS("too_few", n=int(self.values.size), name=name)
        if not math.isfinite(self.turn):
            told = self.better[np.isfinite(self.better)]
            ahead, behind = (one, other) if 2 * told.sum() > told.size else (other, one)
            return SAYS(
                "stays",
                name=name,
                low=self.values.min(),
                high=self.values.max(),
                ahead=ahead,
                behind=behind,
            )
        low, high = self.sides(names)
        return SAYS(
            "turns",
            name=name,
            turn=self.turn,
            from_=self.low,
            to=self.high,
            low=low,
            high=high,
            above=self.above,
            n=int(self.values.size),
        )

    def sides(self, names: Mapping[str, str] | None = None) -> tuple[str, str]:
        """Return who is better in most futures below the turn, and who above it."""
        one, other = ((names or {}).get(name, name) for name in (self.scenario, self.against))
        return (one, other) if self._ahead_first else (other, one)

    @property
    def above(self) -> int:
        """Return how many futures believe more than where the order turns."""
        return int((self.values > self.turn).sum())

    @property
    def _ahead_first(self) -> bool:
        """Return whether the scenario is ahead where the parameter is low."""
        below = self.better[self.values < self.turn]
        return float(np.nanmean(below)) > 0.5


def beliefs_of(comparison: Comparison) -> Beliefs | FromEnsembles:
    """Return what the futures of a comparison believe.

    Raises InputError if all of them believe the same.
    """
    found = next(iter(comparison.ensembles.values())).scenario.beliefs
    if found is None:
        raise InputError(
            "the futures of this comparison have the same parameters; allowed is one whose "
            "futures differ in what they believe, as with beliefs='ensemble'."
        )
    return found


def asked_of(comparison: Comparison, outcome: str = MAIN) -> tuple[str, str] | None:
    """Return the scenario that is best on average, and the one that is most often better than it;
    of those that are so equally often, the better on average.

    None where futures do not differ in what they believe, or the outcome was not kept.
    """
    first = next(iter(comparison.ensembles.values()))
    if first.scenario.beliefs is None or outcome not in first.outcomes:
        return None
    futures = comparison.futures
    if not futures.size:
        return None
    sign = -1.0 if find_outcome(outcome).better == "lower" else 1.0
    ends = {
        name: sign * one.at(outcome)[np.isin(one.seeds, futures)]
        for name, one in comparison.ensembles.items()
    }
    means = {name: float(np.nanmean(values)) for name, values in ends.items()}
    best = max(means, key=means.__getitem__)
    often = {name: int((ends[name] > ends[best]).sum()) for name in ends if name != best}
    return best, max(often, key=lambda name: (often[name], means[name]))


def drawn(comparison: Comparison, seeds: NDArray[np.int64]) -> tuple[tuple[str, ...], Floats]:
    """Return the parameters that all scenarios draw, (k,), and what futures believe, (n, k)."""
    beliefs = beliefs_of(comparison)
    own: set[str] = set()
    for one in comparison.ensembles.values():
        own |= set(one.scenario.held)
    free = [k for k, name in enumerate(beliefs.names) if name not in own]
    return tuple(beliefs.names[k] for k in free), beliefs.values(seeds)[:, free]


def hangs_on(
    comparison: Comparison,
    scenario: str,
    against: str | None = None,
    outcome: str = MAIN,
    many: int | None = None,
) -> pd.DataFrame:
    """Return the parameters that decide whether a scenario is better, the strongest first.

    The columns are those of cisim.lab.moved.deciding; a lead is a future in which it is better.

    Raises InputError if the futures believe the same, or there is no such scenario or outcome.
    """
    pair = comparison.differences(outcome, scenario, against)
    names, values = drawn(comparison, pair.seeds)
    return deciding(names, values, _lead(pair, outcome), many)


def leading_axes(comparison: Comparison, outcome: str = MAIN) -> list[Along]:
    """Return the difference between the best two along pi, and along what decides it most.

    Empty where futures do not differ in what they believe; pi is left out where a scenario sets
    what it is made of.
    """
    pair = asked_of(comparison, outcome)
    if pair is None:
        return []
    names = drawn(comparison, comparison.futures)[0]
    table = hangs_on(comparison, *pair, outcome, many=1)
    asked = [PI] if set(names) >= set(_PI) else []
    if len(table) and table.iloc[0]["clear"]:
        asked.append(str(table.iloc[0]["parameter"]))
    return [along(comparison, one, *pair, outcome) for one in asked]


def along(
    comparison: Comparison,
    parameter: str,
    scenario: str,
    against: str | None = None,
    outcome: str = MAIN,
) -> Along:
    """Return a difference along one parameter, or along "pi", and where the order turns.

    pi is own_value × effort_half / wb_max: what an hour of own services is worth beside the first
    hour of joint work.

    Raises InputError if the futures believe the same, or that parameter is not drawn in all
    scenarios, or there is no such scenario or outcome.
    """
    pair = comparison.differences(outcome, scenario, against)
    what, column, point = _believed(comparison, parameter, pair.seeds)
    lead = _lead(pair, outcome)
    better = np.where(lead == 0.0, np.nan, (lead > 0.0).astype(np.float64))
    turn, low, high = _turning(column, better, what.over, point)
    base = comparison.checked_name(against)
    return Along(scenario, base, outcome, *what, column, pair.values, better, turn, low, high)


class _What(NamedTuple):
    over: Range
    meaning: str
    unit: str
    anchors: tuple[Anchor, ...]
    default: float


def _believed(
    comparison: Comparison, parameter: str, seeds: NDArray[np.int64]
) -> tuple[_What, Floats, NDArray[np.int64]]:
    """Return a parameter, or pi, what futures believe of it, (n,), and the number of their point,
    (n,)."""
    declared = declarations(Parameters)
    names, values = drawn(comparison, seeds)
    point = np.unique(values, axis=0, return_inverse=True)[1].reshape(-1)
    if parameter == PI:
        if not set(names) >= set(_PI):
            missing = ", ".join(name for name in _PI if name not in names)
            raise InputError(
                f"pi is made of {', '.join(_PI)}, of which a scenario sets {missing}; allowed are "
                f"scenarios that leave them to what is believed."
            )
        ranges = {name: plausible_range(declared[name]) for name in _PI}
        low, high = (
            _ratio({name: (one.low, one.high) for name, one in ranges.items()}, end)
            for end in (0, 1)
        )
        column = np.prod(
            [values[:, names.index(name)] ** power for name, power in _PI.items()], axis=0
        )
        default = math.prod(declared[name].default ** power for name, power in _PI.items())
        anchored = {name: declared[name].evidence.anchors for name in _PI}
        value = math.prod(  # at the default where no measurement says anything
            (anchored[name][0].value if anchored[name] else declared[name].default) ** power
            for name, power in _PI.items()
        )
        anchors = (Anchor(float(f"{value:.2g}"), anchored["effort_half"][0].words),)
        over = _widened(Range(PI, low, high, log=True), column)
        return _What(over, PI_MEANING, "–", anchors, default), column, point
    if parameter not in names:
        raise InputError(
            f"{shown(parameter)} is no parameter that these futures believe differently."
            f"{nearest(parameter, names)}"
        )
    one, column = declared[parameter], values[:, names.index(parameter)]
    over = _widened(plausible_range(one), column)
    what = _What(over, one.meaning, one.unit, one.evidence.anchors, one.default)
    return what, column, point


def _widened(over: Range, values: Floats) -> Range:
    """Return a range that holds all that is believed: an ensemble of one's own may go beyond it."""
    if not values.size:
        return over
    low, high = min(over.low, float(values.min())), max(over.high, float(values.max()))
    return over._replace(low=low, high=high, log=over.log and low > 0.0)


def _ratio(ends: Mapping[str, tuple[float, float]], end: int) -> float:
    """Return the least (0) or the largest (1) that pi can be within these ranges."""
    return math.prod(
        ends[name][end if power > 0 else 1 - end] ** power for name, power in _PI.items()
    )


def _lead(pair: Differences, outcome: str) -> Floats:
    """Return by how much the scenario is better in each future, (n,).

    Raises InputError if neither more nor less of the outcome is better.
    """
    direction = find_outcome(outcome).better
    if not direction:
        raise InputError(f"outcome is {outcome}, of which neither more nor less is better.")
    return -pair.values if direction == "lower" else pair.values


def _turning(
    values: Floats, better: Floats, over: Range, point: NDArray[np.int64]
) -> tuple[float, float, float]:
    """Return where the chance of being better passes one half, with its interval.

    point : (n,) which point each future has; futures of one point tell of one place only, so they
            are drawn again together
    """
    told = np.isfinite(better)
    values, better, point = values[told], better[told], point[told]
    firsts = np.sort(np.unique(point, return_index=True)[1])
    of_point = [np.flatnonzero(point == one) for one in point[firsts]]
    if values.size < FEWEST:
        return math.nan, math.nan, math.nan
    moved = float(np.nan_to_num(correlations(values[:, None], better)[0]))
    if abs(moved) <= least_clear(len(of_point), 1):  # at its ends the fit would follow any accident
        return math.nan, math.nan, math.nan
    rising = moved > 0.0
    turn = passes_half(values, better, rising)
    found = []
    for drawn_ in resampled("along", len(of_point), AGAIN):
        some = np.concatenate([of_point[one] for one in drawn_.tolist()])
        at = passes_half(values[some], better[some], rising)
        if not math.isfinite(at):  # it lies beyond the end at which fewer are better
            mostly = float(better[some].mean()) > 0.5
            at = over.low if mostly == rising else over.high
        found.append(at)
    low, high = (float(one) for one in np.quantile(found, ENDS))
    return (turn, low, high) if math.isfinite(turn) else (math.nan, math.nan, math.nan)


def passes_half(values: Floats, better: Floats, rising: bool) -> float:
    """Return between which two neighbours a monotone chance passes one half: their middle.

    Isotonic regression lies below one half up to where the sum of what `better`, (n,) of 0, .5 and
    1, has above one half is least (Barlow et al. 1972, chapter 1), so no fit is needed.
    """
    above = better[np.argsort(values, kind="stable")] - 0.5
    sums = np.concatenate([[0.0], np.cumsum(above if rising else -above)])
    least = np.flatnonzero(sums == sums.min())
    before, after = int(least[0]) - 1, int(least[-1])
    if before < 0 or after == len(values):
        return math.nan
    there = np.sort(values)
    return float((there[before] + there[after]) / 2.0)
