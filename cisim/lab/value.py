"""What scenarios cost, and what would have to be true for them to pay.

Costs are time: external money in FTE-years, and what own services forgo above the ordinary world.
A social return is no result of the model, because nothing in it turns wellbeing into money. What
is worked out is the break-even, in two currencies of which neither is known:

    pi = own_value effort_half / wb_max     what an hour of own service is worth against a joint one
    exclusions = cost / 15 million SEK      lasting exclusions that would have to be prevented (R21)

Wellbeing splits into what activity brings and what own services lose. The second part is worked
out from the time that was forgone, through the same two delays as in the model:

    gain = brought - own_value u,   u2 += 3 (forgone - u2) / wb_delay,   u += 3 (u2 - u) / wb_delay

so the own_value at which two scenarios come out equal is the ratio of the differences of `brought +
own_value u` and of `u`. It holds membership as it was: that people also see less result where own
services are worth more is left out, as is a structure's headroom. A second reading charges the
external money too, as if it had paid for own services instead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from cisim.lab.bill import FTE_COST
from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import LEVEL, Ensemble, check_level, mean_interval, t_quantile
from cisim.model.input_error import InputError, shown
from cisim.model.state import Floats
from cisim.world.scenario import Scenario
from cisim.world.world import World

EXCLUSION_SEK = 15_000_000.0
"""What one lasting exclusion costs society, SEK (R21, slide 4; it cites others, undated)."""

NEEDED = (
    "wellbeing_gain",
    "service_displaced",
    "external_money",
    "external_money_total",
    "sponsor_money",
    "members",
    "meetings_per_member",
)
"""Outcomes that a comparison must have kept, every month of them."""

Item = Literal["external", "sponsors", "own", "meetings", "total"]
ITEMS: dict[Item, str] = {
    "external": "External money: staff, academic partners, grants and sponsors",
    "sponsors": "of it paid by sponsors",
    "own": "Own services forgone above the ordinary world",
    "meetings": "of the organisations' time spent in partnership meetings",
    "total": "External money and own services together",
}


@dataclass(frozen=True)
class Prices:
    """What the user says things cost.

    fte_cost  : of one full-time year, in `currency`, where its payer has no price of its own
    currency  : its name
    sek       : Swedish kronor for one unit of it
    prevented : the missing link: lasting exclusions that one point of wellbeing prevents among
                1000 children; None if nobody has said
    """

    fte_cost: float = FTE_COST
    currency: str = "EUR"
    sek: float = 11.0
    prevented: float | None = None

    def __post_init__(self) -> None:
        _positive("fte_cost", self.fte_cost, f"{self.currency} for a full-time year")
        _positive("sek", self.sek, f"Swedish kronor for one {self.currency}")
        if self.prevented is not None:
            _positive("prevented", self.prevented, "lasting exclusions a point and 1000 children")
        if not self.currency.strip() or len(self.currency) > 12 or not self.currency.isprintable():
            raise InputError(
                f"currency is {shown(self.currency)}; allowed is a short name, as in EUR."
            )

    @property
    def exclusion(self) -> float:
        """Return what a lasting exclusion costs, in `currency`."""
        return EXCLUSION_SEK / self.sek


def _positive(name: str, value: object, unit: str) -> None:
    fine = isinstance(value, int | float) and not isinstance(value, bool)
    if not fine or not 0.0 < float(value) < 1e12:  # type: ignore[arg-type]
        raise InputError(f"{name} is {shown(value)}; allowed is a number above 0 ({unit}).")


class Account(NamedTuple):
    """What a scenario took and brought from month 0 to its horizon, future by future, (n,) each.

    external, sponsors, own, meetings : FTE-years
    paid  : what the external money costs, at each payer's price
    gain  : points of wellbeing at the horizon
    spent : own services forgone as they have reached children, FTE per 1000 children
    money : external money likewise, had it paid for own services
    """

    external: Floats
    sponsors: Floats
    own: Floats
    meetings: Floats
    gain: Floats
    spent: Floats
    money: Floats
    paid: Floats

    @property
    def total(self) -> Floats:
        """Return external money and own services together, FTE-years."""
        return self.external + self.own


def children_in(world: World) -> float:
    """Return how many children live in a world."""
    return world.children


def ratios_of_belief(ensemble: Ensemble) -> Floats:
    """Return pi in each future, (n,): the worth of an hour of own service against a joint one."""
    own, half, most = (ensemble.parameter(n) for n in ("own_value", "effort_half", "wb_max"))
    return own * half / most


def ratio_of_belief(ensemble: Ensemble) -> float:
    """Return pi in the middle of futures."""
    found = ratios_of_belief(ensemble)
    return float(np.median(found)) if found.size else math.nan


def _scale_of_pi(ensemble: Ensemble) -> Floats:
    """Return by what own_value is multiplied in pi, in each future."""
    return ensemble.parameter("effort_half") / ensemble.parameter("wb_max")


def accounts(comparison: Comparison, fte_cost: float = FTE_COST) -> dict[str, Account]:
    """Return the account of every scenario over the futures that all of them share.

    fte_cost : of a full-time year whose payer has no price

    Raises InputError if an outcome of NEEDED, or a month, was not kept.
    """
    return {
        name: _account(ensemble, np.isin(ensemble.seeds, comparison.futures), fte_cost)
        for name, ensemble in comparison.ensembles.items()
    }


def _account(ensemble: Ensemble, shared: np.ndarray, fte_cost: float) -> Account:
    missing = [name for name in NEEDED if name not in ensemble.outcomes]
    if missing:
        raise InputError(
            f"the comparison has not kept {missing[0]}, which costs are made of; keep it in "
            f"outcomes, or leave outcomes out to keep all."
        )
    months = ensemble.scenario.months
    if ensemble.months.size != months + 1:
        raise InputError(
            f"the comparison has kept {ensemble.months.size} months of {months + 1}; costs need "
            f"every one: leave out `at`."
        )
    overall = ensemble.values[:, :, -1][shared]

    def of(name: str) -> Floats:
        """Return an outcome of each month that was run, (n, T); row 0 stands before the first."""
        return np.asarray(overall[:, 1:, ensemble.outcomes.index(name)], np.float64)

    cost, delay = (ensemble.parameter(name)[shared] for name in ("meeting_cost", "wb_delay"))
    thousands = children_in(ensemble.scenario.world) / 1000.0
    displaced, external = of("service_displaced"), of("external_money")
    meetings = np.nan_to_num(of("meetings_per_member")) * of("members") * cost[:, None]
    return Account(
        external=of("external_money_total")[:, -1],
        sponsors=of("sponsor_money").sum(axis=1) / 12.0,
        own=displaced.sum(axis=1) * thousands / 12.0,
        meetings=meetings.sum(axis=1) / 12.0,
        gain=of("wellbeing_gain")[:, -1],
        spent=delayed(displaced, delay),
        money=delayed(external / thousands, delay),
        paid=_paid(ensemble, fte_cost)[shared],
    )


def _paid(ensemble: Ensemble, fte_cost: float) -> Floats:
    """Return what all payers pay in each future, at their prices, (n,).

    Raises InputError if the books were not kept.
    """
    if ensemble.books is None:
        raise InputError(f"{ensemble.scenario.name} has kept no books; run it again to see costs.")
    prices = [payer.year_price or fte_cost for payer in ensemble.scenario.payers]
    years = ensemble.books[:, :, -1, : len(prices)].sum(axis=1)
    return np.asarray((years * np.array(prices)).sum(axis=1), np.float64)


def delayed(series: Floats, wb_delay: float | Floats) -> Floats:
    """Return what has reached children at the end of (n, T) months, two of the three stages."""
    pace = 3.0 / wb_delay
    second = np.zeros(series.shape[0])
    third = np.zeros(series.shape[0])
    for month in range(series.shape[1]):
        second += pace * (series[:, month] - second)
        third += pace * (second - third)
    return third


def costs(comparison: Comparison, against: str | None = None, level: float = LEVEL) -> pd.DataFrame:
    """Return a row for each scenario and item: FTE-years from month 0 to the horizon.

    mean, low, high                : with the interval of the mean over futures
    more, more_low, more_high      : the same of the difference from `against`, by default the
                                     first, over the futures that both share; NaN for itself
    """
    check_level(level)
    found = accounts(comparison)
    base = comparison.checked_name(against)
    rows = []
    for name, account in found.items():
        for item in ITEMS:
            own, other = getattr(account, item), getattr(found[base], item)
            mean, low, high, _, n = mean_interval(own, level)
            more = mean_interval(own - other, level)
            apart = [math.nan] * 3 if name == base else [float(one) for one in more[:3]]
            rows.append(
                {
                    "scenario": name,
                    "item": item,
                    "n": int(n),
                    "mean": float(mean),
                    "low": float(low),
                    "high": float(high),
                    "against": base,
                    "more": apart[0],
                    "more_low": apart[1],
                    "more_high": apart[2],
                }
            )
    return pd.DataFrame(rows)


Side = Literal["below", "above", "always", "never", "unclear"]


class Even(NamedTuple):
    """Where a scenario comes out even with another, on a scale of which the true place is unknown.

    side      : it is ahead "below" or "above" `value`, "always" or "never"; "unclear" where
                chance alone could turn the answer round
    low, high : interval of the value; NaN where it has no ends
    """

    side: Side
    value: float
    low: float
    high: float


def even(brings: Floats, takes: Floats, level: float = LEVEL) -> Even:
    """Return at which price x of what is taken `brings - x takes` is 0 on average, x >= 0.

    brings, takes : differences between two scenarios, future by future, (n,)

    The interval of the ratio of two means is Fieller's.
    """
    check_level(level)
    n = brings.size
    if n < 2:
        return Even("unclear", math.nan, math.nan, math.nan)
    b, b_low, b_high, *_ = (float(one) for one in mean_interval(brings, level))
    t, t_low, t_high, *_ = (float(one) for one in mean_interval(takes, level))
    if t_low <= 0.0 <= t_high:
        if t_low == t_high == 0.0:
            side: Side = "always" if b_low > 0.0 else "never" if b_high < 0.0 else "unclear"
            return Even(side, math.nan, math.nan, math.nan)
        return Even("unclear", math.nan, math.nan, math.nan)
    if t > 0.0 and b_high < 0.0:
        return Even("never", math.nan, math.nan, math.nan)
    if t < 0.0 and b_low > 0.0:
        return Even("always", math.nan, math.nan, math.nan)
    low, high = fieller(brings, takes, level)
    return Even("below" if t > 0.0 else "above", max(0.0, b / t), max(0.0, low), max(0.0, high))


def fieller(above: Floats, below: Floats, level: float = LEVEL) -> tuple[float, float]:
    """Return the interval of mean(above) / mean(below), paired (n,); NaN where it has no ends."""
    n = above.size
    if n < 2:
        return math.nan, math.nan
    reach = float(t_quantile(n - 1, level)) ** 2 / n
    a, b = float(above.mean()), float(below.mean())
    cov = np.cov(above, below, ddof=1) * reach
    square, half, rest = b * b - cov[1, 1], a * b - cov[0, 1], a * a - cov[0, 0]
    if square <= 0.0:
        return math.nan, math.nan
    root = math.sqrt(max(0.0, half * half - square * rest))
    return float((half - root) / square), float((half + root) / square)


class BreakEven(NamedTuple):
    """At what a scenario pays, against another, with intervals over the futures that both share.

    pi          : what the runs assumed, of this scenario
    own_value   : the worth of own services, points per FTE and 1000 children, at which children
                  are as well off with it as without
    with_money  : the same if the external money had paid for own services instead
    pi_even, pi_money : both as pi
    exclusions  : mean, low, high of the lasting exclusions that pay for all of its cost
    external    : the same for the external money alone
    social_return : value by cost, with its interval; None unless Prices say what the link is
    """

    scenario: str
    against: str
    n: int
    pi: float
    own_value: Even
    with_money: Even
    pi_even: Even
    pi_money: Even
    exclusions: tuple[float, float, float]
    external: tuple[float, float, float]
    social_return: tuple[float, float, float] | None


def break_even(
    comparison: Comparison,
    prices: Prices | None = None,
    against: str | None = None,
    level: float = LEVEL,
) -> list[BreakEven]:
    """Return where each scenario breaks even with `against`, by default the first."""
    check_level(level)
    prices = prices or Prices()
    found = accounts(comparison, prices.fte_cost)
    base = comparison.checked_name(against)
    other = found[base]
    other_value = _shared(comparison, base, "own_value")
    rows = []
    for name, account in found.items():
        if name == base:
            continue
        ensemble = comparison.ensembles[name]
        scenario = ensemble.scenario
        factor = float(np.median(_scale_of_pi(ensemble)))
        # what activity has brought: gain, and what own services had lost of it
        brings = account.gain + _shared(comparison, name, "own_value") * account.spent
        brings = brings - (other.gain + other_value * other.spent)
        spent, money = account.spent - other.spent, account.money - other.money
        own = even(brings, spent, level)
        charged = even(brings, spent + money, level)
        paid = account.paid - other.paid
        total = paid + (account.own - other.own) * prices.fte_cost
        rows.append(
            BreakEven(
                scenario=name,
                against=base,
                n=int(total.size),
                pi=ratio_of_belief(ensemble),
                own_value=own,
                with_money=charged,
                pi_even=_as_pi(own, factor),
                pi_money=_as_pi(charged, factor),
                exclusions=_interval(total / prices.exclusion, level),
                external=_interval(paid / prices.exclusion, level),
                social_return=_social_return(
                    account.gain - other.gain, total, prices, scenario, level
                ),
            )
        )
    return rows


def _shared(comparison: Comparison, name: str, parameter: str) -> Floats:
    """Return a parameter of a scenario in the futures that all share, (n,)."""
    ensemble = comparison.ensembles[name]
    return ensemble.parameter(parameter)[np.isin(ensemble.seeds, comparison.futures)]


def _as_pi(found: Even, factor: float) -> Even:
    return found._replace(
        value=found.value * factor, low=found.low * factor, high=found.high * factor
    )


def _interval(values: Floats, level: float) -> tuple[float, float, float]:
    mean, low, high, *_ = mean_interval(values, level)
    return float(mean), float(low), float(high)


def _social_return(
    gain: Floats, cost: Floats, prices: Prices, scenario: Scenario, level: float
) -> tuple[float, float, float] | None:
    """Return value by cost, both as differences; None without the link, NaN where nothing costs."""
    if prices.prevented is None:
        return None
    thousands = children_in(scenario.world) / 1000.0
    value = gain * thousands * prices.prevented * prices.exclusion
    if not cost.size or not cost.mean() > 0.0:
        return math.nan, math.nan, math.nan
    low, high = fieller(value, cost, level)
    return float(value.mean() / cost.mean()), low, high
