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
from cisim.lab.tracking.figures import Figure, last_month
from cisim.lab.tracking.watching import FEWEST, Watched, coming, usual_error, would_tell
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
from cisim.model.outcomes import OUTCOMES
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.model.state import Floats
from cisim.model.told import Named, Sentences, Written, several
from cisim.world.calendar import Calendar
from cisim.world.called import month_called
from cisim.world.ranges import plausible_range
from cisim.world.scenario import Scenario

SAYS = Sentences(
    "tracking",
    nothing_finished="No future is finished, so nothing can be said.",
    nothing_observed="Nothing was observed, so what is believed now is what was believed before.",
    out_of_reach="No future fits: what was observed is out of the model's reach. {named}.",
    out_of_reach_more="No future fits: what was observed is out of the model's reach. {named}; and "
    "{many} more.",
    out_of_reach_together="No future fits: each figure alone is within reach, all of them together "
    "are not. Figures that fit as badly come out of the model in {share:.1%} of cases or fewer.",
    not_run="More futures were not run: of {futures:,} the nearest misses a figure by "
    "{nearest:.0f} standard deviations of its error and of what the model may be off.",
    another="So the scenario, the place or the model is another than this partnership: look for "
    "what is different before you believe any of its futures. What the weights would give "
    "is in the files, and is not to be relied on.",
    never_seen="{name} was observed, {when}, where no future has it",
    off_above="{name} was {value}, {when}, where nine of ten futures have {low} to {high}, "
    "{far:.1f} standard deviations above their mean",
    off_below="{name} was {value}, {when}, where nine of ten futures have {low} to {high}, "
    "{far:.1f} standard deviations below their mean",
    fits="The model fits: {inside} of {many} figures lie within the 90 % band of what was believed "
    "before; farthest off is {far}, by {distance:.1f} standard deviations. Of the model's own "
    "futures {share:.0%} would have figures that the others fit as badly or worse.",
    fits_one="The model fits: the figure lies within the 90 % band of what was believed before; "
    "farthest off is {far}, by {distance:.1f} standard deviations. Of the model's own futures "
    "{share:.0%} would have figures that the others fit as badly or worse.",
    fits_one_outside="The model fits: the figure does not lie within the 90 % band of what was "
    "believed before; farthest off is {far}, by {distance:.1f} standard deviations. Of the model's "
    "own futures {share:.0%} would have figures that the others fit as badly or worse.",
    count="{futures:,} futures count as {effective:,.0f}, and the heaviest has {largest:.0%} of "
    "all weight.",
    count_stopped="{futures:,} futures count as {effective:,.0f}, and the heaviest has "
    "{largest:.0%} of all weight: fewer than the {wanted:,} that were wanted, as it was stopped.",
    count_few="{futures:,} futures count as {effective:,.0f}, and the heaviest has {largest:.0%} "
    "of all weight: that is still few ({wanted:,} were wanted, and no more than {most:,} are run), "
    "so bands are rough.",
    undefined="undefined",
    undefined_at_end="{title} is undefined at the horizon in all futures.",
    with_unit="{value} {unit}",
    between="{mean} (nine of ten futures {low} to {high})",
    come="{title}, {when}: {now}.",
    come_now="{title}, {when}: now {now}; before {before}.",
    come_few="{title}, {when}: before {before}. What is now to come cannot be told: too few "
    "futures count.",
    narrower="The band is {share:.0%} narrower.",
    wider="The band is {share:.0%} wider.",
    instead_few="{title} instead: before, a difference of {before} was believed. What it is now "
    "cannot be told: too few futures count.",
    instead="{title} instead would make a difference of {mean} ({low} to {high}; before {before}).",
    instead_better="{title} instead would make a difference of {mean} ({low} to {high}; before "
    "{before}), better in {better:.0%} of futures by weight (before {was:.0%}).",
    alike="Until now both are alike.",
    from_the_start="It has shown other figures by {when} in {others:,} of {futures:,} futures: so "
    "this is what it would have brought from the start, and not a change from now on.",
    only_luck="All futures believe the same, so only luck was learnt of.",
    none_moved="No single belief has moved more than by accident.",
    learnt="What was learnt: {moved}.",
    higher="{name} is believed higher ({before:.2g} before, {now:.2g} now, in the middle)",
    lower="{name} is believed lower ({before:.2g} before, {now:.2g} now, in the middle)",
    watch_few="Of what to watch next nothing can be said: too few futures count.",
    watch_none="What to watch next: no figure of the coming {months} months is expected to tell "
    "more of {answer} than by accident.",
    watch="What to watch next: {title}, {when}, is expected to take away {tells:.0%} of the "
    "variance of {answer} (90 % interval {low:.0%} to {high:.0%}): if it is {if_low}, expect "
    "{then_low}, if {if_high}, {then_high}.",
    next_one="{title} {tells:.0%}",
    next_best="Next best: {others}.",
    at="{name}, {when}",
    in_region="{title} in {region}",
)

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

    @property
    def counted(self) -> bool:
        """Return whether enough futures count to tell a band of what is believed now."""
        return not self.figures or self.effective >= FEWEST

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

    def sentences(self, titles: Mapping[str, str] | None = None) -> list[str]:
        """Return the answer in sentences: whether the model fits, what comes, what to watch.

        titles : what people call scenarios, by name; left out, what they call themselves
        """
        if not self.futures:
            return [SAYS("nothing_finished")]
        if not self.figures:
            return [SAYS("nothing_observed"), *self._to_come(), *self._to_watch()]
        if not self.fits:
            return self._misfit()
        return [
            self._fit_said(),
            *self._few(),
            *self._to_come(),
            *self.instead(titles),
            *self._learnt(),
            *self._to_watch(),
        ]

    def _misfit(self) -> list[str]:
        off = self.fit()[self._out_of_reach]
        said: list[str] = []
        if len(off):
            rows = [self._off(row) for _, row in off.iterrows()]
            named, more = several(rows[:TOLD], "; "), len(rows) - TOLD
            said.append(
                SAYS("out_of_reach_more", named=named, many=more)
                if more > 0
                else SAYS("out_of_reach", named=named)
            )
        else:
            said.append(SAYS("out_of_reach_together", share=self.together.worse))
        if self.asked < self.most and not self.enough and not self.incomplete:
            said.append(SAYS("not_run", futures=self.futures, nearest=self.together.nearest))
        return [*said, SAYS("another")]

    def _off(self, row: Any) -> str:
        name, when = named(row["outcome"], row["region"]), month_called(self.calendar, row["month"])
        if math.isnan(row["distance"]):
            return SAYS("never_seen", name=name, when=when)
        value, low, high = (
            self._value(row["outcome"], row[one]) for one in ("value", "q05", "q95")
        )
        return SAYS(
            "off_above" if row["distance"] > 0 else "off_below",
            name=name,
            when=when,
            value=value,
            low=low,
            high=high,
            far=abs(row["distance"]),
        )

    def _fit_said(self) -> str:
        table, many = self.fit(), len(self.figures)
        inside = int(((table["percentile"] >= 0.05) & (table["percentile"] <= 0.95)).sum())
        worst = int(table["distance"].abs().argmax())
        one = "fits_one" if inside else "fits_one_outside"
        return SAYS(
            "fits" if many > 1 else one,
            inside=inside,
            many=many,
            far=self._called(self.figures[worst]),
            distance=abs(table.iloc[worst]["distance"]),
            share=self.together.worse,
        )

    def _called(self, figure: Figure) -> str:
        when = month_called(self.calendar, figure.month)
        return SAYS("at", name=named(figure.outcome, figure.region), when=when)

    def _few(self) -> list[str]:
        w = self.weighed
        count = {"futures": self.futures, "effective": w.effective, "largest": w.largest}
        if w.effective >= self.wanted or not self.figures:
            return [SAYS("count", **count)]
        if self.incomplete:
            return [SAYS("count_stopped", **count, wanted=self.wanted)]
        return [SAYS("count_few", **count, wanted=self.wanted, most=self.most)]

    def _to_come(self) -> list[str]:
        row = self.answer()
        title = named(self.outcome)
        if not math.isfinite(float(row["before_mean"])):
            return [SAYS("undefined_at_end", title=title)]
        now, when = self._between(row, ""), month_called(self.calendar, self.horizon)
        if not self.figures:
            return [SAYS("come", title=title, when=when, now=now)]
        before = self._between(row, "before_")
        if not self.counted:
            return [SAYS("come_few", title=title, when=when, before=before)]
        said: list[str] = [SAYS("come_now", title=title, when=when, now=now, before=before)]
        wide = [float(row[f"{w}q95"] - row[f"{w}q05"]) for w in ("before_", "")]
        if wide[0] > 0.0 and abs(1.0 - wide[1] / wide[0]) >= 0.05:
            ratio = wide[1] / wide[0]
            said.append(SAYS("narrower" if ratio < 1.0 else "wider", share=abs(1.0 - ratio)))
        return [several(said, " ")]

    def _between(self, row: Any, when: str) -> str:
        numbers = [float(row[f"{when}{one}"]) for one in ("mean", "q05", "q95")]
        mean, low, high = (self._value(self.outcome, one, numbers) for one in numbers)
        return SAYS("between", mean=self._with_unit(mean), low=low, high=high)

    def instead(self, titles: Mapping[str, str] | None = None) -> list[str]:
        """Return in sentences what the other scenario would bring; none where there is no other.

        titles : as for `sentences`
        """
        if self.against is None:
            return []
        row = self.beside().set_index("outcome").loc[self.outcome]
        numbers = [float(row[one]) for one in ("mean", "q05", "q95", "before_mean")]
        mean, low, high, before = (self._value(self.outcome, one, numbers) for one in numbers)
        other = self.against.scenario
        given: dict[str, Any] = {
            "title": (titles or {}).get(other.name, other.title), "mean": self._with_unit(mean),
            "low": low, "high": high, "before": before,
        }  # fmt: skip
        if not self.counted:
            few = {"title": given["title"], "before": self._with_unit(before)}
            said = SAYS("instead_few", **few)
        elif math.isnan(row["better"]):
            said = SAYS("instead", **given)
        else:
            said = SAYS("instead_better", **given, better=row["better"], was=row["before_better"])
        if not self.against.before:
            return [several([said, SAYS("alike")], " ")]
        past = {"when": month_called(self.calendar, self.now), "others": self.against.before}
        return [said, SAYS("from_the_start", **past, futures=self.futures)]

    def _learnt(self) -> list[str]:
        if self.scenario.beliefs is None:
            return [SAYS("only_luck")]
        table = self.beliefs()
        clear = table[table["clear"].astype(bool)]
        if not len(clear):
            return [SAYS("none_moved")]
        moved = [
            SAYS(
                "higher" if row["moved"] > 0 else "lower",
                name=row["parameter"],
                before=float(row["before_q50"]),
                now=float(row["q50"]),
            )
            for _, row in clear.head(TOLD).iterrows()
        ]
        return [SAYS("learnt", moved=several(moved, "; "))]

    def _to_watch(self) -> list[str]:
        table, answer = self.best_to_watch(), named(self.outcome)
        if not len(table):
            return [SAYS("watch_few")]
        clear = table[table["clear"].astype(bool)]
        if not len(clear):
            return [SAYS("watch_none", months=self.within, answer=answer)]
        first = clear.iloc[0]
        low, high = first["answer_low"], first["answer_high"]
        numbers = [float(low), float(high)]
        said: list[str] = [
            SAYS(
                "watch",
                title=named(first["outcome"]),
                when=month_called(self.calendar, first["month"]),
                answer=answer,
                tells=float(first["tells"]),
                low=float(first["low"]),
                high=float(first["high"]),
                if_low=self._value(first["outcome"], first["q05"]),
                if_high=self._value(first["outcome"], first["q95"]),
                then_low=self._value(self.outcome, low, numbers),
                then_high=self._value(self.outcome, high, numbers),
            )
        ]
        others = [
            SAYS("next_one", title=named(row["outcome"]), tells=float(row["tells"]))
            for _, row in clear.iloc[1:TOLD].iterrows()
        ]
        if others:
            said.append(SAYS("next_best", others=several(others)))
        return [several(said, " ")]

    def _value(self, name: str, value: float, among: Sequence[float] = ()) -> str:
        """Return a number as a sentence has it."""
        if not math.isfinite(value):
            return SAYS("undefined")
        largest = max(abs(one) for one in [*among, value] if math.isfinite(one))
        if OUTCOMES[name].unit == "0..1":
            return Written(f"{100.0 * value:.0f} %")
        digits = 0 if largest >= 100 else 1 if largest >= 10 else 2 if largest >= 0.1 else 3
        return Written(f"{value:.{digits}f}".replace("-", "−"))

    def _with_unit(self, value: str) -> str:
        """Return a number of the answer with its unit, where that is more than a share."""
        unit = OUTCOMES[self.outcome].unit
        if unit in ("0..1", "0 or 1", ""):
            return value
        return SAYS("with_unit", value=value, unit=Named(unit, "units"))

    def _place(self, name: str) -> int:
        if name not in self.outcomes:
            raise InputError(f"{name} was not kept.{nearest(name, self.outcomes)}")
        return self.outcomes.index(name)

    def _region(self, name: str) -> int:
        if name not in self.regions:
            raise InputError(f"region {name} was not kept.{nearest(name, self.regions)}")
        return self.regions.index(name)


def named(outcome: str, region: str = "") -> str:
    """Return what an outcome is called in a sentence, of a region or, at "", of all."""
    title = Named(OUTCOMES[outcome].title, "outcomes", outcome)
    return (
        title
        if region in ("", OVERALL)
        else SAYS("in_region", title=title, region=Named(region, "places"))
    )


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
