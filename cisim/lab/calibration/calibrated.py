"""What a calibration has found: an ensemble of points, how it came about, and what conflicts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.lab.analyses.intervals import wilson
from cisim.lab.analyses.scale import words_of
from cisim.lab.calibration.conflicts import NEVER, NOT_SEEN, Conflicts
from cisim.lab.calibration.file import Targets
from cisim.lab.calibration.runs import Shown
from cisim.lab.calibration.target import CUT, Target, counted, met, met_by_all
from cisim.lab.calibration.waves import Wave
from cisim.lab.design import Design
from cisim.lab.moved import correlations, least_clear
from cisim.model.input_error import InputError
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.model.state import Floats
from cisim.model.told import Sentences, Written, and_listed, several
from cisim.world.joint_points import most_central
from cisim.world.ranges import Range

SAYS = Sentences(
    "calibrated",
    nothing="Nothing was finished, so nothing can be told.",
    targets={"one": "{n:,} target", "other": "{n:,} targets"},
    parameters={"one": "{n:,} parameter", "other": "{n:,} parameters"},
    waves={"one": "one wave", "other": "{n} waves"},
    points={"one": "{n:,} point", "other": "{n:,} points"},
    pairs={"one": "{n:,} pair", "other": "{n:,} pairs"},
    head="{targets}, {parameters}, {waves} of {runs:,} points with {seeds} seeds each",
    none_left="{head}: nothing of the space is left.",
    left="{head}: {share} of the space is left.{why}",
    stopped=" It stopped because {why}.",
    out_of_reach=(
        "{name} is out of reach by itself: no point meets it, whatever the others are (the nearest "
        "is {least:.1f} standard deviations off; {cut:g} are allowed)."
    ),
    never=(
        "{one} and {other} cannot be met together: {first} of the space meets the one, {second} "
        "the other, nothing both."
    ),
    not_seen=(
        "{one} and {other} were met together by no point of the first wave, though {expected:.1f} "
        "would be expected; a rare place where both may be met is not ruled out."
    ),
    named_share="{name} {share}",
    told_only="Told only, with the share of the space in band: {shares}.",
    without="all without {names}",
    most=(
        "No point meets all {n} targets; the most that one of the whole space meets are {most}: "
        "{without}. Calibrate without them (--without NAME), or to one file of targets by itself "
        "beside another."
    ),
    no_members=(
        "Of {tried:,} points of what is left none meets all targets when it is run: the emulators "
        "are not sure enough, and there is no ensemble."
    ),
    members=(
        "The ensemble has {points} of {tried:,} that were run; with fresh seeds {kept:,} of them "
        "meet all targets again ({share:.0%}, 90 % interval {low:.0%} to {high:.0%})."
    ),
    wanted="{n:,} were wanted.",
    range="{name} {low} to {high}",
    which=": {ranges}",
    narrowed=(
        "Narrower by a quarter or more became {many} of {of} parameters{named}. The others are "
        "known jointly at most: use points, not ranges."
    ),
    correlated=(
        "{pairs} of parameters depend on each other: most {one} and {other} (rank correlation "
        "{correlation:.2f})."
    ),
    unemulated=(
        "{names} could not be emulated (undefined at too many points), so nothing was ruled out by "
        "it before points were run."
    ),
    poor=(
        "In the last wave the emulator of {names} explains less than half of what differs between "
        "points; it rules out the less."
    ),
    percent="{share:.3g} %",
    one_in="1 in {many:,}",
    tiny="less than 1 in a million",
    no_ensemble="{name}: no point meets all targets, so there is no ensemble.",
)

QUANTILES = (0.05, 0.5, 0.95)
FEW = 10
"""Points below which nothing is said of ranges."""


@dataclass(frozen=True, eq=False)
class Members:
    """The points of the ensemble, in the unit cube and as they are.

    shown, off   : what each target has shown in the calibration, and its implausibility, (n, T)
    fresh, fresh_off : the same with seeds and sites that the calibration never saw
    tried        : points of the last part that were run for it
    """

    targets: tuple[Target, ...]
    design: Design
    unit: Floats
    shown: Shown
    off: Floats
    fresh: Shown
    fresh_off: Floats
    tried: int

    def __len__(self) -> int:
        return len(self.design)

    @property
    def pass_fresh(self) -> NDArray[np.bool_]:
        """Return which meet every target with fresh seeds, too, (n,)."""
        return met_by_all(self.fresh_off, self.targets)

    @property
    def medoid(self) -> int:
        """Return the row that stands in the middle of them."""
        return most_central(self.unit)


@dataclass(frozen=True, eq=False)
class Calibrated:
    """What was found.

    off       : of each wave the implausibility of each target at the points that were run, (n, T)
    stopped   : why no further wave was run; "" where it was broken off
    members   : the ensemble, None where nothing is left or it was broken off
    conflicts : None where the first wave was not finished
    """

    asked: Targets
    points: int
    seeds: int
    seed: int
    wanted: int
    waves: tuple[Wave, ...] = ()
    off: tuple[Floats, ...] = ()
    stopped: str = ""
    members: Members | None = None
    conflicts: Conflicts | None = None
    failed: tuple[tuple[str, str], ...] = ()
    incomplete: bool = False
    manifest: Mapping[str, Any] | None = None

    @property
    def ranges(self) -> tuple[Range, ...]:
        """Return over what each parameter was varied, (k,)."""
        return self.asked.ranges

    @property
    def names(self) -> list[str]:
        """Return how the targets are called, (T,)."""
        return [one.name for one in self.asked.targets]

    @property
    def ensemble(self) -> Design:
        """Return the points that are believed.

        Raises InputError if there is none: then `conflicts` says why.
        """
        if self.members is None or not len(self.members):
            raise InputError(SAYS("no_ensemble", name=self.asked.name))
        return self.members.design

    @property
    def medoid(self) -> dict[str, float]:
        """Return the point of the ensemble that stands in its middle."""
        return self.ensemble.point(self.members.medoid if self.members else 0)

    def table(self) -> pd.DataFrame:
        """Return a row for each wave: what was run, what is left, why it stopped."""
        rows = []
        for wave, off in zip(self.waves, self.off, strict=True):
            there = met_by_all(off, self.asked.targets)
            rows.append(
                {
                    "wave": wave.number,
                    "points": len(wave.unit),
                    "seeds": self.seeds,
                    "meet_all": float(there.mean()),
                    "left": wave.part.share,
                    "least": wave.part.low,
                    "stopped": self.stopped if wave is self.waves[-1] else "",
                }
            )
        return pd.DataFrame(rows)

    def targets(self) -> pd.DataFrame:
        """Return a row for each target and wave, and for the ensemble with fresh seeds.

        met    : share of the points that were run which meet it
        q05 …  : of its implausibility over these points
        error  : root mean square error of the emulator where points were left out
        """
        blocks: list[tuple[str, Shown, Floats, Wave | None]] = [
            (f"wave {wave.number}", wave.shown, off, wave)
            for wave, off in zip(self.waves, self.off, strict=True)
        ]
        if self.members is not None and len(self.members):
            blocks += [
                ("ensemble", self.members.shown, self.members.off, None),
                ("fresh", self.members.fresh, self.members.fresh_off, None),
            ]
        rows = []
        for of, shown, off, wave in blocks:
            for at, one in enumerate(self.asked.targets):
                emulator = None if wave is None else wave.emulators[at]
                values = shown.mean[:, at]
                there = values[np.isfinite(values)]
                low, middle, high = np.quantile(there, QUANTILES) if there.size else [math.nan] * 3
                finite = off[:, at]
                rows.append(
                    {
                        "of": of,
                        "target": one.name,
                        "value": one.value,
                        "tolerance": one.tolerance,
                        "weight": one.weight,
                        "unit": one.unit,
                        "points": len(values),
                        "defined": float(np.isfinite(values).mean()),
                        "met": float(met(finite).mean()),
                        "q05": float(low),
                        "q50": float(middle),
                        "q95": float(high),
                        "implausibility": float(np.median(finite)),
                        "error": math.nan if emulator is None else emulator.error,
                        "plain": math.nan if emulator is None else emulator.plain,
                        "source": one.source,
                    }
                )
        return pd.DataFrame(rows)

    def pairs(self) -> pd.DataFrame:
        """Return a row for each two targets: shares of the whole space that meet them."""
        columns = ["one", "other", "one_alone", "other_alone", "both", "expected", "least",
                   "points", "verdict"]  # fmt: skip
        if self.conflicts is None:
            return pd.DataFrame(columns=columns)
        rows = [
            (
                self.names[one.one], self.names[one.other], one.first, one.second, one.both,
                one.expected, one.least, one.points, one.verdict,
            )
            for one in self.conflicts.pairs
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    def parameters(self) -> pd.DataFrame:
        """Return a row for each parameter: its range before, and where the ensemble lies.

        narrowed : by how much the middle nine tenths became narrower on its scale; 0 means that
                   nothing was learnt of it alone
        """
        declared = declarations(Parameters)
        rows = []
        for at, one in enumerate(self.ranges):
            row: dict[str, Any] = {
                "parameter": one.name,
                "low": one.low,
                "high": one.high,
                "log": one.log,
                "default": declared[one.name].default if one.name in declared else math.nan,
            }
            if self.members is not None and len(self.members) >= FEW:
                shares = np.quantile(self.members.unit[:, at], QUANTILES)
                values = one.at(shares)
                row |= {f"q{round(100 * q):02d}": float(v) for q, v in
                        zip(QUANTILES, values, strict=True)}  # fmt: skip
                row["medoid"] = float(self.members.design.values[self.members.medoid, at])
                row["narrowed"] = max(0.0, 1.0 - float(shares[2] - shares[0]) / 0.9)
            rows.append(row)
        return pd.DataFrame(rows)

    def correlations(self) -> pd.DataFrame:
        """Return rank correlations between parameters of the ensemble, the strongest first.

        clear : whether it is no accident among all pairs
        """
        columns = ["one", "other", "correlation", "clear"]
        if self.members is None or len(self.members) < FEW:
            return pd.DataFrame(columns=columns)
        k = len(self.ranges)
        limit = least_clear(len(self.members), k * (k - 1) // 2)
        found = np.stack(
            [correlations(self.members.unit, self.members.unit[:, at]) for at in range(k)]
        )
        rows = [
            (self.ranges[a].name, self.ranges[b].name, float(found[a, b]),
             bool(abs(found[a, b]) > limit))
            for a, b in combinations(range(k), 2)
        ]  # fmt: skip
        rows.sort(key=lambda row: -abs(row[2]) if math.isfinite(row[2]) else 0.0)
        return pd.DataFrame(rows, columns=columns)

    def points_table(self) -> pd.DataFrame:
        """Return a row for each point of the ensemble: what it has shown, and with fresh seeds."""
        members = self.members
        if members is None:
            return pd.DataFrame(columns=["point"])
        table: dict[str, Any] = {"point": np.arange(len(members))}
        for at, name in enumerate(self.names):
            table[name] = members.shown.mean[:, at]
        for at, name in enumerate(self.names):
            table[f"{name} fresh"] = members.fresh.mean[:, at]
        rows = counted(self.asked.targets)
        worst, fresh = members.off[:, rows], members.fresh_off[:, rows]
        table["implausibility"] = worst.max(axis=1) if len(members) else np.empty(0)
        table["fresh"] = fresh.max(axis=1) if len(members) else np.empty(0)
        table["passes_fresh"] = members.pass_fresh
        return pd.DataFrame(table)

    def sentences(self) -> list[str]:
        """Return in words what was found, what cannot be met, and how far to trust it."""
        if not self.waves:
            return [SAYS("nothing")]
        said = [self._of_space()]
        said += self._of_conflicts()
        said += self._of_members()
        said += self._of_emulators()
        return said

    def _of_space(self) -> str:
        last = self.waves[-1]
        runs = sum(len(one.unit) for one in self.waves)
        head = SAYS(
            "head",
            targets=SAYS("targets", n=len(self.names)),
            parameters=SAYS("parameters", n=len(self.ranges)),
            waves=SAYS("waves", n=len(self.waves)),
            runs=runs,
            seeds=self.seeds,
        )
        if last.part.empty:
            return SAYS("none_left", head=head)
        why = SAYS("stopped", why=self.stopped) if self.stopped else ""
        return SAYS("left", head=head, share=_share(last.part.share), why=why)

    def _of_conflicts(self) -> list[str]:
        found = self.conflicts
        if found is None:
            return []
        said: list[str] = []
        for at in found.out_of_reach:
            name, least = self.names[at], found.least[at]
            said.append(SAYS("out_of_reach", name=name, least=least, cut=CUT))
        for one in found.never:
            said.append(
                SAYS(
                    "never",
                    one=self.names[one.one],
                    other=self.names[one.other],
                    first=_share(one.first),
                    second=_share(one.second),
                )
            )
        for pair in found.pairs:
            expected = pair.expected * pair.points
            if pair.verdict == NOT_SEEN and expected > 1.0:
                one_name, other = self.names[pair.one], self.names[pair.other]
                said.append(SAYS("not_seen", one=one_name, other=other, expected=expected))
        ruling = counted(self.asked.targets)
        told = [at for at in range(len(self.names)) if at not in ruling]
        if told:
            shares = [
                SAYS("named_share", name=self.names[at], share=_share(found.alone[at]))
                for at in told
            ]
            said.append(SAYS("told_only", shares=several(shares)))
        empty = self.waves[-1].part.empty or (self.members is not None and not len(self.members))
        if empty and found.most:
            most = found.most[0][0]
            sets = [
                and_listed(self.names[at] for at in ruling if at not in one)
                for one, _ in found.most if len(one) == len(most)
            ]  # fmt: skip
            without = several((SAYS("without", names=one) for one in sets[:5]), "; or ")
            said.append(SAYS("most", n=len(ruling), most=len(most), without=without))
        return said

    def _of_members(self) -> list[str]:
        members = self.members
        if members is None:
            return []
        if not len(members):
            return [SAYS("no_members", tried=members.tried)]
        n = len(members)
        kept = int(members.pass_fresh.sum())
        low, high = wilson(kept, n)
        said: list[str] = [
            SAYS(
                "members",
                points=SAYS("points", n=n),
                tried=members.tried,
                kept=kept,
                share=kept / n,
                low=low,
                high=high,
            )
        ]
        if n < self.wanted:
            said.append(SAYS("wanted", n=self.wanted))
        table = self.parameters()
        if "narrowed" in table:
            known = table[table["narrowed"] >= 0.25].sort_values("narrowed", ascending=False)
            ranges = {one.name: one for one in self.ranges}
            told = [
                SAYS(
                    "range",
                    name=row.parameter,
                    low=Written(words_of(ranges[row.parameter], row.q05)),
                    high=Written(words_of(ranges[row.parameter], row.q95)),
                )
                for row in known.head(8).itertuples()
            ]
            named = SAYS("which", ranges=several(told, "; ")) if told else ""
            said.append(SAYS("narrowed", many=len(known), of=len(table), named=named))
        clear = self.correlations()
        clear = clear[clear["clear"].astype(bool)] if len(clear) else clear
        if len(clear):
            row = next(clear.itertuples())
            said.append(
                SAYS(
                    "correlated",
                    pairs=SAYS("pairs", n=len(clear)),
                    one=row.one,
                    other=row.other,
                    correlation=row.correlation,
                )
            )
        return said

    def _of_emulators(self) -> list[str]:
        last = self.waves[-1]
        bad, none = [], []
        for one, emulator in zip(self.asked.targets, last.emulators, strict=True):
            name = one.name
            if not one.weight > 0.0:
                continue
            if emulator is None:
                none.append(name)
            elif emulator.plain > 0.0 and emulator.error > 0.7 * emulator.plain:
                bad.append(name)
        said: list[str] = []
        if none:
            said.append(SAYS("unemulated", names=and_listed(none)))
        if bad:
            said.append(SAYS("poor", names=and_listed(bad)))
        return said


def _share(share: float) -> str:
    """Return a share for people, also a very small one."""
    if share >= 0.01 or share == 0.0:
        return SAYS("percent", share=100.0 * share)
    return SAYS("one_in", many=round(1.0 / share)) if share >= 1e-6 else SAYS("tiny")


def beside(found: Sequence[Calibrated]) -> pd.DataFrame:
    """Return the ensembles of several files of targets side by side, a row for each parameter.

    Columns are called "NAME q50", NAME that of the file; of a file without ensemble there are none.
    Parameters whose medians differ most on their scale come first.
    """
    tables = []
    for one in found:
        table = one.parameters().set_index("parameter")
        columns = [name for name in ("q05", "q50", "q95", "medoid") if name in table]
        tables.append(table[columns].add_prefix(f"{one.asked.name} "))
    whole = pd.concat(tables, axis=1).reset_index()
    medians = [name for name in whole.columns if name.endswith(" q50")]
    if len(medians) < 2:
        return whole
    ranges = {one.name: one for of in found for one in of.ranges}
    apart = [
        np.ptp([_unit_of(ranges[row["parameter"]], row[name]) for name in medians])
        for row in whole.to_dict("records")
    ]
    return whole.iloc[np.argsort(-np.array(apart), kind="stable")].reset_index(drop=True)


def _unit_of(one: Range, value: float) -> float:
    """Return where a value lies in a range, from 0 to 1 on its scale."""
    if one.log:
        return math.log(value / one.low) / math.log(one.high / one.low)
    return (value - one.low) / (one.high - one.low)


__all__ = ["NEVER", "Calibrated", "Members", "beside"]
