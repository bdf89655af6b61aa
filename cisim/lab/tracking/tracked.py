"""What was found: how far a partnership's own figures fit, and what is now believed to come."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.lab.calibration.target import CUT
from cisim.lab.ensemble import OVERALL
from cisim.lab.resume import Quarantined
from cisim.lab.tracking.figures import Figure, label, last_month
from cisim.lab.tracking.watching import Watched, coming, usual_error, would_tell
from cisim.lab.tracking.weighing import (
    Together,
    Weighed,
    covariance,
    look_together,
    weigh,
    weighted_mean,
    weighted_quantiles,
    weighted_sd,
)
from cisim.model.input_error import InputError, nearest
from cisim.model.outcomes import OUTCOMES, Outcome
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.model.state import Floats
from cisim.world.calendar import Calendar
from cisim.world.ranges import plausible_range
from cisim.world.scenario import Scenario

RARE = 0.01
"""Figures that the others fit as badly in fewer of the model's own futures do not fit it."""
LEVELS = (0.05, 0.5, 0.95)
TOLD = 3
"""So many beliefs and figures to watch are told in sentences."""


class Against(NamedTuple):
    """Another scenario in the same futures.

    values : (n, M, S, O) what it has shown
    before : futures in which it had shown another figure by now than the scenario that is tracked
    """

    scenario: Scenario
    values: Floats
    before: int


@dataclass(frozen=True, eq=False)
class Tracked:
    """A running partnership beside the futures of what was believed.

    figures  : that were observed, by month
    outcome  : the answer: this outcome at the horizon
    outcomes : (O,) names, the last axis of `values`
    regions  : (S,) "overall" last
    values   : (n, M, S, O) what each future has shown in each month from 0
    seeds    : (n,) of the futures
    watching : outcomes that may be watched
    within   : months from now on in which they may be
    tolerance : of the model, as a share of a figure, where a row does not say
    wanted   : effective futures that were wanted; `most`: futures at most
    asked    : futures that were begun
    against  : another scenario in the same futures
    """

    scenario: Scenario
    figures: tuple[Figure, ...]
    outcome: str
    outcomes: tuple[str, ...]
    regions: tuple[str, ...]
    values: Floats
    seeds: NDArray[np.int64]
    watching: tuple[str, ...]
    within: int
    tolerance: float
    wanted: int
    most: int
    asked: int
    against: Against | None = None
    failed: tuple[Quarantined, ...] = ()
    incomplete: bool = False
    manifest: Mapping[str, Any] | None = None

    def __repr__(self) -> str:
        many = f"{len(self.figures)} figures, {self.futures:,} futures"
        return f"<Tracked {self.scenario.name}: {many}, {self.effective:.0f} effective>"

    # --- what everything rests on ---------------------------------------------------------

    @property
    def futures(self) -> int:
        """Return how many futures are finished."""
        return int(self.seeds.size)

    @property
    def calendar(self) -> Calendar:
        """Return how months are called."""
        return self.scenario.calendar

    @property
    def now(self) -> int:
        """Return the month of the last figure."""
        return last_month(self.figures)

    @property
    def horizon(self) -> int:
        """Return the last month."""
        return self.scenario.months

    @cached_property
    def shown(self) -> Floats:
        """Return what each future shows of each figure, (n, K)."""
        return shown_of(self.figures, self.values, self.outcomes, self.regions)

    @cached_property
    def weighed(self) -> Weighed:
        """Return the weights of the futures."""
        return weigh(self.shown, self._observed, covariance(self.figures))

    @property
    def weights(self) -> Floats:
        """Return the weight of each future, (n,), sum 1; all 0 where none can be."""
        return self.weighed.weights

    @property
    def effective(self) -> float:
        """Return how many futures of equal weight would tell as much."""
        return self.weighed.effective

    @cached_property
    def together(self) -> Together:
        """Return whether all figures together may have come out of the model."""
        return look_together(self.shown, self._observed, covariance(self.figures))

    @property
    def _observed(self) -> Floats:
        return np.array([one.value for one in self.figures], np.float64)

    @property
    def _equal(self) -> Floats:
        return np.full(self.futures, 1.0 / max(self.futures, 1))

    @cached_property
    def fits(self) -> bool:
        """Return whether the figures may have come out of the model, as far as futures tell."""
        if not self.figures:
            return True
        return self.together.worse >= RARE and not self._out_of_reach.any()

    @property
    def _out_of_reach(self) -> NDArray[np.bool_]:
        return ~self.fit()["fits"].to_numpy(np.bool_)

    @property
    def enough(self) -> bool:
        """Return whether as many effective futures are there as were wanted."""
        return self.effective >= min(self.wanted, self.futures)

    # --- tables ---------------------------------------------------------------------------

    def fit(self) -> pd.DataFrame:
        """Return a row for each figure: what was observed, and what the model shows there.

        discrepancy   : standard deviation of what the model gets wrong
        q05, q50, q95 : of the futures as they were believed before
        distance      : observed less their mean, in standard deviations of futures, error and
                        discrepancy together
        percentile    : share of such figures that would be lower
        after         : mean of the futures by weight, off_after: observed less that, in standard
                        deviations of error and discrepancy
        fits          : whether it is within reach by itself: at most CUT standard deviations off,
                        or not rarer than RARE over all figures (Bonferroni)
        """
        rows = []
        for k, one in enumerate(self.figures):
            shown, unsure = self.shown[:, k], math.hypot(one.error, one.discrepancy)
            there = shown[np.isfinite(shown)]
            low, middle, high = weighted_quantiles(shown, self._equal, LEVELS)
            distance = percentile = math.nan
            if there.size:
                away = math.hypot(float(there.std()), unsure)
                distance = (one.value - float(there.mean())) / away
                percentile = float(_normal((one.value - there) / unsure).mean())
            after = weighted_mean(shown, self.weights)
            rows.append(
                {
                    "outcome": one.outcome,
                    "region": one.region or OVERALL,
                    "month": one.month,
                    "date": self.calendar.written(one.month),
                    "value": one.value,
                    "error": one.error,
                    "discrepancy": one.discrepancy,
                    "q05": low,
                    "q50": middle,
                    "q95": high,
                    "distance": distance,
                    "percentile": percentile,
                    "after": after,
                    "off_after": (one.value - after) / unsure,
                    "fits": bool(
                        abs(distance) <= CUT
                        or 2.0 * min(percentile, 1.0 - percentile) >= RARE / len(self.figures)
                    ),
                    "source": one.source,
                }
            )
        return pd.DataFrame(rows, columns=list(FIT))

    def forecast(
        self, outcomes: Sequence[str] | None = None, region: str = OVERALL
    ) -> pd.DataFrame:
        """Return a row for each outcome and month: what was believed before, and what is now.

        outcomes      : names; None for all that were kept
        before_mean, before_q05 … : over futures as they were drawn
        mean, q05, q50, q95 : by weight
        n             : effective futures in which it is defined

        Raises InputError for what was not kept.
        """
        names = self.outcomes if outcomes is None else tuple(outcomes)
        place = self._region(region)
        rows = []
        for name in names:
            o = self._place(name)
            for month in range(self.values.shape[1]):
                seen = self.values[:, month, place, o]
                there = np.isfinite(seen)
                row: dict[str, Any] = {
                    "outcome": name,
                    "region": region,
                    "month": month,
                    "date": self.calendar.written(month),
                }
                for when, weights in (("before_", self._equal), ("", self.weights)):
                    row[f"{when}mean"] = weighted_mean(seen, weights)
                    found = weighted_quantiles(seen, weights, LEVELS)
                    row |= {
                        f"{when}q{round(100 * q):02d}": float(v)
                        for q, v in zip(LEVELS, found, strict=True)
                    }
                some = self.weights[there]
                total = float((some * some).sum())
                row["n"] = float(some.sum()) ** 2 / total if total > 0.0 else 0.0
                rows.append(row)
        return pd.DataFrame(rows, columns=list(FORECAST))

    def answer(self) -> pd.Series:
        """Return the row of the answer: its outcome at the horizon, before and now."""
        return self.forecast([self.outcome]).iloc[-1]

    def beliefs(self) -> pd.DataFrame:
        """Return a row for each parameter that futures draw, those that moved most first.

        before_q05 …, q05 … : between which it was believed to lie, and is now
        moved    : by how many standard deviations of before its mean has moved, on its scale
        narrowed : by how much its standard deviation became smaller, as a share
        clear    : whether it moved more than an accident of which futures have weight would make
                   any of all parameters move (5 %)
        """
        beliefs = self.scenario.beliefs
        columns = list(BELIEFS)
        if beliefs is None or not self.futures or not self.weights.any():
            return pd.DataFrame(columns=columns)
        from scipy.special import ndtri

        held = set(self.scenario.held)
        values = beliefs.values(self.seeds)
        names = [(k, name) for k, name in enumerate(beliefs.names) if name not in held]
        declared = declarations(Parameters)
        chance = math.sqrt(max(0.0, 1.0 / max(self.effective, 1.0) - 1.0 / self.futures))
        limit = float(ndtri(1.0 - 0.025 / max(len(names), 1))) * chance
        rows = []
        for k, name in names:
            column = values[:, k]
            log = plausible_range(declared[name]).log and bool((column > 0.0).all())
            scaled = np.log(column) if log else column
            wide = float(scaled.std())
            if not wide > 0.0:
                continue
            moved = (weighted_mean(scaled, self.weights) - float(scaled.mean())) / wide
            before = weighted_quantiles(column, self._equal, LEVELS)
            after = weighted_quantiles(column, self.weights, LEVELS)
            rows.append(
                {
                    "parameter": name,
                    "meaning": declared[name].meaning,
                    **dict(zip(("before_q05", "before_q50", "before_q95"), before, strict=True)),
                    **dict(zip(("q05", "q50", "q95"), after, strict=True)),
                    "moved": moved,
                    "narrowed": 1.0 - weighted_sd(scaled, self.weights) / wide,
                    "clear": abs(moved) > limit > 0.0,
                }
            )
        rows.sort(key=lambda row: -abs(row["moved"]))
        return pd.DataFrame(rows, columns=columns)

    def watch(self) -> pd.DataFrame:
        """Return what each figure in a coming month would tell of the answer, the best first.

        The columns are those of cisim.lab.tracking.watching.Watched, with a date after the month.
        """
        return self._watched

    @cached_property
    def _watched(self) -> pd.DataFrame:
        last, place = self.horizon, len(self.regions) - 1
        answer = self.values[:, last, place, self._place(self.outcome)]
        months = coming(self.now, self.within, last)
        asked = [(name, month) for name in self.watching for month in months
                 if (name, month) != (self.outcome, last)]  # fmt: skip
        own = {one.outcome: one.error for one in self.figures}
        found: list[Watched] = []
        for name, month in asked:
            seen = self.values[:, month, place, self._place(name)]
            middle = weighted_mean(seen, self.weights)
            if not math.isfinite(middle):
                continue
            error = usual_error(own.get(name), middle, self.tolerance)
            one = would_tell(
                name, month, error, seen, answer, self.weights, self.effective, len(asked)
            )
            if one is not None:
                found.append(one)
        found.sort(key=lambda one: -one.tells)
        table = pd.DataFrame([one._asdict() for one in found], columns=list(Watched._fields))
        table.insert(2, "date", [self.calendar.written(month) for month in table["month"]])
        return table

    def best_to_watch(self) -> pd.DataFrame:
        """Return of each outcome the coming month in which it would tell most, the best first."""
        return self.watch().drop_duplicates("outcome").reset_index(drop=True)

    def beside(self) -> pd.DataFrame:
        """Return the other scenario less this one at the horizon, a row an outcome.

        better : share of futures in which the other is better, before and by weight; NaN where
                 neither more nor less is better

        Raises InputError if there is no other.
        """
        if self.against is None:
            raise InputError("There is no other scenario; allowed is one, as against=….")
        place = len(self.regions) - 1
        rows = []
        for o, name in enumerate(self.outcomes):
            here, there = (
                one[:, self.horizon, place, o] for one in (self.values, self.against.values)
            )
            apart = there - here
            row: dict[str, Any] = {"outcome": name}
            for when, weights in (("before_", self._equal), ("", self.weights)):
                row[f"{when}mean"] = weighted_mean(apart, weights)
                low, middle, high = weighted_quantiles(apart, weights, LEVELS)
                row |= {f"{when}q05": low, f"{when}q50": middle, f"{when}q95": high}
                row[f"{when}better"] = self._better(name, apart, weights)
            rows.append(row)
        return pd.DataFrame(rows)

    def _better(self, name: str, apart: Floats, weights: Floats) -> float:
        sign = {"higher": 1.0, "lower": -1.0}.get(OUTCOMES[name].better, math.nan)
        if math.isnan(sign):
            return math.nan
        won = np.where(np.isfinite(apart), (sign * apart > 0.0).astype(np.float64), np.nan)
        return weighted_mean(won, weights)

    def weights_table(self) -> pd.DataFrame:
        """Return the weight of each future, by its seed."""
        return pd.DataFrame({"seed": self.seeds, "weight": self.weights})

    # --- words ----------------------------------------------------------------------------

    def sentences(self) -> list[str]:
        """Return the answer in sentences: whether the model fits, what comes, what to watch."""
        if not self.futures:
            return ["No future is finished, so nothing can be said."]
        if not self.figures:
            return [
                "Nothing was observed, so what is believed now is what was believed before.",
                *self._to_come(),
                *self._to_watch(),
            ]
        if not self.fits:
            return self._misfit()
        return [
            self._fit_said(),
            *self._few(),
            *self._to_come(),
            *self._other(),
            *self._learnt(),
            *self._to_watch(),
        ]

    def _misfit(self) -> list[str]:
        off = self.fit()[self._out_of_reach]
        said = []
        if len(off):
            named = [self._off(row) for _, row in off.iterrows()]
            more = f"; and {len(named) - TOLD} more" if len(named) > TOLD else ""
            said.append(
                f"No future fits: what was observed is out of the model's reach. "
                f"{'; '.join(named[:TOLD])}{more}."
            )
        else:
            t = self.together
            said.append(
                f"No future fits: each figure alone is within reach, all of them together are not. "
                f"Figures that fit as badly come out of the model in {t.worse:.1%} of cases or "
                f"fewer."
            )
        if self.asked < self.most and not self.enough and not self.incomplete:
            said.append(
                f"More futures were not run: of {self.futures:,} the nearest misses a figure by "
                f"{self.together.nearest:.0f} standard deviations of its error and of what the "
                f"model may be off."
            )
        said.append(
            "So the scenario, the place or the model is another than this partnership: look for "
            "what is different before you believe any of its futures. What the weights would give "
            "is in the files, and is not to be relied on."
        )
        return said

    def _off(self, row: Any) -> str:
        what, when = row["outcome"], self.calendar.label(row["month"])
        name = OUTCOMES[what].title
        name = name if row["region"] == OVERALL else f"{name} in {row['region']}"
        if math.isnan(row["distance"]):
            return f"{name} was observed, {when}, where no future has it"
        value, low, high = (self._value(what, row[one]) for one in ("value", "q05", "q95"))
        where = "above" if row["distance"] > 0 else "below"
        return (
            f"{name} was {value}, {when}, where nine of ten futures have {low} to {high}, "
            f"{abs(row['distance']):.1f} standard deviations {where} their mean"
        )

    def _fit_said(self) -> str:
        table, many = self.fit(), len(self.figures)
        inside = int(((table["percentile"] >= 0.05) & (table["percentile"] <= 0.95)).sum())
        t = self.together
        ones = "the figure lies" if many == 1 else f"{inside} of {many} figures lie"
        if many == 1 and not inside:
            ones = "the figure does not lie"
        worst = table.iloc[int(table["distance"].abs().argmax())]
        far = label(self.figures[int(table["distance"].abs().argmax())], self.calendar)
        return (
            f"The model fits: {ones} within the 90 % band of what was believed before; farthest "
            f"off is {far}, by {abs(worst['distance']):.1f} standard deviations. Of the model's "
            f"own futures {t.worse:.0%} would have figures that the others fit as badly or worse."
        )

    def _few(self) -> list[str]:
        w = self.weighed
        rest = f"{self.futures:,} futures count as {w.effective:,.0f}, and the heaviest has "
        rest += f"{w.largest:.0%} of all weight"
        if w.effective >= self.wanted or not self.figures:
            return [f"{rest}."]
        if self.incomplete:
            return [f"{rest}: fewer than the {self.wanted:,} that were wanted, as it was stopped."]
        few = (
            f"{rest}: that is still few ({self.wanted:,} were wanted, and no more than "
            f"{self.most:,} are run), so bands are rough."
        )
        return [few]

    def _to_come(self) -> list[str]:
        row, what = self.answer(), OUTCOMES[self.outcome]
        if not math.isfinite(float(row["before_mean"])):
            return [f"{what.title} is undefined at the horizon in all futures."]
        now = self._between(row, "")
        when = self.calendar.label(self.horizon)
        if not self.figures:
            return [f"{what.title}, {when}: {now}."]
        before = self._between(row, "before_")
        wide = [float(row[f"{w}q95"] - row[f"{w}q05"]) for w in ("before_", "")]
        narrower = ""
        if wide[0] > 0.0 and abs(1.0 - wide[1] / wide[0]) >= 0.05:
            ratio = wide[1] / wide[0]
            narrower = (
                f" The band is {1.0 - ratio:.0%} narrower."
                if ratio < 1.0
                else f" The band is {ratio - 1.0:.0%} wider."
            )
        return [f"{what.title}, {when}: now {now}; before {before}.{narrower}"]

    def _between(self, row: Any, when: str) -> str:
        numbers = [float(row[f"{when}{one}"]) for one in ("mean", "q05", "q95")]
        mean, low, high = (self._value(self.outcome, one, numbers) for one in numbers)
        unit = self._unit(OUTCOMES[self.outcome])
        return f"{mean}{unit} (nine of ten futures {low} to {high})"

    def _other(self) -> list[str]:
        if self.against is None:
            return []
        row = self.beside().set_index("outcome").loc[self.outcome]
        numbers = [float(row[one]) for one in ("mean", "q05", "q95", "before_mean")]
        mean, low, high, before = (self._value(self.outcome, one, numbers) for one in numbers)
        said = (
            f"{self.against.scenario.title} instead would make a difference of {mean}"
            f"{self._unit(OUTCOMES[self.outcome])} ({low} to {high}; before {before})"
        )
        if not math.isnan(row["better"]):
            said += f", better in {row['better']:.0%} of futures by weight (before "
            said += f"{row['before_better']:.0%})"
        if not self.against.before:
            return [f"{said}. Until now both are alike."]
        other = (
            f"It has shown other figures by {self.calendar.label(self.now)} in "
            f"{self.against.before:,} of {self.futures:,} futures: so this is what it would "
            f"have brought from the start, and not a change from now on."
        )
        return [f"{said}.", other]

    def _learnt(self) -> list[str]:
        if self.scenario.beliefs is None:
            return ["All futures believe the same, so only luck was learnt of."]
        table = self.beliefs()
        clear = table[table["clear"].astype(bool)]
        if not len(clear):
            return ["No single belief has moved more than by accident."]
        told = [
            f"{row['parameter']} is believed {'higher' if row['moved'] > 0 else 'lower'} "
            f"({row['before_q50']:.2g} before, {row['q50']:.2g} now, in the middle)"
            for _, row in clear.head(TOLD).iterrows()
        ]
        return [f"What was learnt: {'; '.join(told)}."]

    def _to_watch(self) -> list[str]:
        table, answer = self.best_to_watch(), OUTCOMES[self.outcome].title
        if not len(table):
            return ["Of what to watch next nothing can be said: too few futures count."]
        clear = table[table["clear"].astype(bool)]
        if not len(clear):
            none = (
                f"What to watch next: no figure of the coming {self.within} months is expected to "
                f"tell more of {answer} than by accident."
            )
            return [none]
        first = clear.iloc[0]
        low, high = first["answer_low"], first["answer_high"]
        numbers = [float(low), float(high)]
        figure = f"{OUTCOMES[first['outcome']].title}, {self.calendar.label(first['month'])}"
        said = (
            f"What to watch next: {figure}, is "
            f"expected to take away {first['tells']:.0%} of the variance of {answer} (90 % "
            f"interval {first['low']:.0%} to {first['high']:.0%}): if it is "
            f"{self._value(first['outcome'], first['q05'])}, expect "
            f"{self._value(self.outcome, low, numbers)}, if "
            f"{self._value(first['outcome'], first['q95'])}, "
            f"{self._value(self.outcome, high, numbers)}."
        )
        rest = clear.iloc[1:TOLD]
        others = [
            f"{OUTCOMES[row['outcome']].title} {row['tells']:.0%}" for _, row in rest.iterrows()
        ]
        return [said + (f" Next best: {', '.join(others)}." if others else "")]

    def _value(self, name: str, value: float, among: Sequence[float] = ()) -> str:
        """Return a number as a sentence has it."""
        if not math.isfinite(value):
            return "undefined"
        largest = max(abs(one) for one in [*among, value] if math.isfinite(one))
        if OUTCOMES[name].unit == "0..1":
            return f"{100.0 * value:.0f} %"
        digits = 0 if largest >= 100 else 1 if largest >= 10 else 2 if largest >= 0.1 else 3
        return f"{value:.{digits}f}".replace("-", "−")

    def _unit(self, what: Outcome) -> str:
        return "" if what.unit in ("0..1", "0 or 1", "") else f" {what.unit}"

    def _place(self, name: str) -> int:
        if name not in self.outcomes:
            raise InputError(f"{name} was not kept.{nearest(name, self.outcomes)}")
        return self.outcomes.index(name)

    def _region(self, name: str) -> int:
        if name not in self.regions:
            raise InputError(f"region {name} was not kept.{nearest(name, self.regions)}")
        return self.regions.index(name)


def shown_of(
    figures: Sequence[Figure], values: Floats, outcomes: Sequence[str], regions: Sequence[str]
) -> Floats:
    """Return what each future shows of each figure, (n, K), of values (n, M, S, O)."""
    columns = [
        values[:, one.month, regions.index(one.region or OVERALL), outcomes.index(one.outcome)]
        for one in figures
    ]
    return np.column_stack(columns) if columns else np.empty((len(values), 0))


def _normal(values: Floats) -> Floats:
    from scipy.special import ndtr

    return np.asarray(ndtr(values), np.float64)


FIT = (
    "outcome", "region", "month", "date", "value", "error", "discrepancy", "q05", "q50", "q95",
    "distance", "percentile", "after", "off_after", "fits", "source",
)  # fmt: skip
FORECAST = (
    "outcome", "region", "month", "date", "before_mean", "before_q05", "before_q50", "before_q95",
    "mean", "q05", "q50", "q95", "n",
)  # fmt: skip
BELIEFS = (
    "parameter", "meaning", "before_q05", "before_q50", "before_q95", "q05", "q50", "q95", "moved",
    "narrowed", "clear",
)  # fmt: skip
