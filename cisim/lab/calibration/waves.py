"""History matching: wave by wave the part of the space that cannot be ruled out becomes smaller.

A wave runs points of the part that is left, spread out, fits an emulator of each target to them,
and rules out where one of these, or one of an earlier wave, says that a target is too far off. The
emulators of a later wave know a smaller part, so they are surer there.

Source  Craig et al. 1997; Vernon, Goldstein and Bower 2010; Andrianakis et al. 2015
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cisim.lab.calibration.emulator import Emulator, fit
from cisim.lab.calibration.region import Part, latin, part_of
from cisim.lab.calibration.runs import Shown
from cisim.lab.calibration.target import CUT, Target
from cisim.model.state import Floats
from cisim.model.told import Sentences

STILL = 0.8
"""Where a wave leaves more of the part than this, further ones change little."""
SURE = 0.25
"""Emulators are sure whose error is at most this share of the rest that is unsure."""


@dataclass(frozen=True, eq=False)
class Wave:
    """A wave.

    number : from 1
    unit   : (n, k) points that were run, in the unit cube
    shown  : what they have shown, a column a target
    emulators : of each target, None where it has no weight or is not defined at enough points
    part   : what is left after it
    """

    number: int
    unit: Floats
    shown: Shown
    emulators: tuple[Emulator | None, ...]
    part: Part


def chance(target: Target, units: int, luck: Floats) -> Floats:
    """Return the variance by which what was seen may be off by chance alone, (n,).

    units : of how many partnerships one measurement of a point is
    luck  : (n,) variance between seeds
    """
    return luck if target.units is None else luck * (units / target.units)


@dataclass(frozen=True, eq=False)
class Ruling:
    """Rules out: targets, and all that the waves so far know of them.

    units : (T,) of how many partnerships one measurement is
    """

    targets: tuple[Target, ...]
    units: tuple[int, ...]
    emulators: tuple[tuple[Emulator | None, ...], ...] = ()

    def with_(self, emulators: tuple[Emulator | None, ...]) -> Ruling:
        """Return it with those of one wave more."""
        return Ruling(self.targets, self.units, (*self.emulators, emulators))

    def by_emulator(
        self, unit: Floats, only: Sequence[int] | None = None, above: float = math.inf
    ) -> Floats:
        """Return the largest implausibility of points over targets and waves, (n,).

        only  : the targets that count; None for all
        above : a point that is above this already is not looked at further
        """
        worst = np.zeros(len(unit))
        for emulators in reversed(self.emulators):
            for at, (target, emulator) in enumerate(zip(self.targets, emulators, strict=True)):
                if emulator is None or not target.weight > 0.0:
                    continue
                if only is not None and at not in only:
                    continue
                alive = worst <= above
                if not alive.any():
                    return worst
                off = self._off(at, emulator, unit[alive])
                worst[alive] = np.maximum(worst[alive], off)
        return worst

    def _off(self, at: int, emulator: Emulator, unit: Floats) -> Floats:
        expected = emulator.expect(unit)
        luck = emulator.luck.at(expected.mean)
        by_chance = chance(self.targets[at], self.units[at], luck)
        return self.targets[at].implausibility(expected.mean, expected.error + by_chance)

    def by_runs(self, shown: Shown, lucks: Sequence[Floats]) -> Floats:
        """Return the implausibility of each target at points that were run, (n, T).

        lucks : (n,) of each target, the variance between seeds there
        """
        columns = []
        for at, target in enumerate(self.targets):
            of_mean = lucks[at] / np.maximum(shown.seeds[:, at], 1.0)
            by_chance = chance(target, self.units[at], lucks[at])
            columns.append(target.implausibility(shown.mean[:, at], of_mean + by_chance))
        return np.stack(columns, axis=1)

    def left(self, k: int, address: str, seed: int, many: int) -> Part:
        """Return the part of the unit cube in k dimensions that is not ruled out."""
        if not self.emulators:
            return Part(latin(address, many, k, seed), 1.0, 0.0)
        return part_of(
            lambda unit, above: self.by_emulator(unit, above=above), k, CUT, address, seed, many
        )

    def sure(self, part: Part) -> bool:
        """Return whether the errors of the last emulators matter little in what is left."""
        for at, emulator in enumerate(self.emulators[-1]):
            target = self.targets[at]
            if emulator is None or not target.weight > 0.0:
                continue
            expected = emulator.expect(part.unit)
            rest = target.variance + chance(target, self.units[at], emulator.luck.at(expected.mean))
            if float(np.median(expected.error / rest)) > SURE:
                return False
        return True


def emulators_of(
    targets: Sequence[Target], unit: Floats, shown: Shown
) -> tuple[Emulator | None, ...]:
    """Return an emulator of each target that has weight, of what points have shown."""
    return tuple(
        fit(unit, shown.mean[:, at], shown.within[:, at], shown.seeds[:, at])
        if one.weight > 0.0
        else None
        for at, one in enumerate(targets)
    )


SAYS = Sentences(
    "calibration",
    nothing_left="nothing of the space is left",
    asked_for={"one": "{n} wave was asked for", "other": "{n} waves were asked for"},
    still="the last wave left more than {share:.0%} of what was there before it",
    sure="the emulators are surer than tolerance and chance are",
)


def why_stop(before: Part, part: Part, ruling: Ruling, number: int, waves: int) -> str:
    """Return why no further wave is run, "" where one is."""
    if part.empty:
        return SAYS("nothing_left")
    if number >= waves:
        return SAYS("asked_for", n=number)
    if number > 1 and part.share > STILL * before.share:
        return SAYS("still", share=STILL)
    if ruling.sure(part):
        return SAYS("sure")
    return ""
