"""Beliefs: what each future holds to be true of the numbers that nobody knows.

A future is luck and belief: its seed draws both, so all structures meet the same ones, and a future
has the same point however many others are run. *Ensemble* beliefs are joint points that a
calibration has left; where two ensembles ship, futures take from them in turns. *Plausible* beliefs
cover the ranges in which each parameter may lie, independently of each other: futures in a row of
BLOCK are a Latin hypercube.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from cisim.model.input_error import InputError, shown
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.model.state import Floats
from cisim.model.told import Sentences
from cisim.world.joint_points import (
    JointPoints,
    find_joint_points,
    read_joint_points,
    shipped_ensembles,
)
from cisim.world.ranges import free_parameters, latin_shares, plausible_range

SAYS = Sentences(
    "beliefs",
    none_ships=(
        "beliefs is 'ensemble', and no calibrated ensemble ships with this version; allowed "
        "is plausible, fixed or the path of an ensemble.parquet."
    ),
    wrong=(
        "beliefs is {given}; allowed is {known}, or the path of an ensemble.parquet, "
        "as cisim calibrate writes it."
    ),
)

BLOCK = 100
"""So many futures, from seed 1 on, cover every range evenly together."""
Held = Literal["ensemble", "plausible", "fixed"]
HELD: dict[Held, str] = {
    "ensemble": "each future draws one of the points that a calibration has left",
    "plausible": "each future draws its parameters from all that may be believed of them",
    "fixed": "every future has the same parameters, so futures differ by luck alone",
}
"""What may be held, and in words what that means."""


class Beliefs(BaseModel):
    """How the parameters of a future are drawn: over all that may be believed of each."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: Literal["plausible"] = "plausible"

    @property
    def given(self) -> str:
        """Return what `believing` is given for these."""
        return self.kind

    @property
    def names(self) -> tuple[str, ...]:
        """Return the parameters that are drawn, (k,)."""
        return _names()

    def point(self, seed: int) -> dict[str, float]:
        """Return the parameters of one future by name."""
        row = self.values(np.array([seed], np.int64))[0]
        return dict(zip(self.names, row.tolist(), strict=True))

    def values(self, seeds: np.ndarray) -> Floats:
        """Return the parameters of futures, (n, k)."""
        number = np.asarray(seeds, np.int64) + (BLOCK - 1)
        return np.array([_block(int(one) // BLOCK)[int(one) % BLOCK] for one in number])


class FromEnsembles(BaseModel):
    """How the parameters of a future are drawn: a joint point, from each ensemble in turns.

    given     : what `believing` was given for these
    ensembles : the first has the futures 1, 1 + m, …, the second 2, 2 + m, …, of m in all
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: Literal["ensemble"] = "ensemble"
    given: str = "ensemble"
    ensembles: tuple[JointPoints, ...] = Field(min_length=1, strict=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the parameters that are drawn, (k,)."""
        return _union(tuple(one.names for one in self.ensembles))

    def point(self, seed: int) -> dict[str, float]:
        """Return the parameters of one future by name: those that its ensemble has."""
        number, which = divmod(int(seed) - 1, len(self.ensembles))
        one = self.ensembles[which]
        return dict(zip(one.names, one.row(number).tolist(), strict=True))

    def values(self, seeds: np.ndarray) -> Floats:
        """Return the parameters of futures, (n, k), the default where an ensemble has none."""
        declared = declarations(Parameters)
        usual = {name: declared[name].default for name in self.names}
        rows = [{**usual, **self.point(seed)} for seed in np.asarray(seeds, np.int64).tolist()]
        found = np.array([[row[name] for name in self.names] for row in rows], np.float64)
        return found.reshape(len(rows), len(self.names))

    def whose(self, seeds: np.ndarray) -> NDArray[np.int64]:
        """Return from which ensemble futures take their points, (n,)."""
        return (np.asarray(seeds, np.int64) - 1) % len(self.ensembles)


Believed = Annotated[Beliefs | FromEnsembles, Field(discriminator="kind")]


def beliefs_of(held: str | os.PathLike[str]) -> Beliefs | FromEnsembles | None:
    """Return the beliefs of that name; None where all futures have the same parameters.

    held : a key of HELD, the name of one shipped ensemble, or the path of one of one's own

    Raises InputError, with what is allowed, if there are none.
    """
    said: object = held  # of people who have no types, too
    if not isinstance(said, str | os.PathLike) or not os.fspath(said):
        raise _not_allowed(said)
    given = os.fspath(held)
    if given == "fixed":
        return None
    if given == "plausible":
        return Beliefs()
    if given == "ensemble":
        sources: Sequence[str] = tuple(shipped_ensembles())
        if not sources:
            raise InputError(SAYS("none_ships"))
    elif find_joint_points(given) is None:
        raise _not_allowed(given)
    else:
        sources = (given,)
    return FromEnsembles(given=given, ensembles=tuple(read_joint_points(one) for one in sources))


def _not_allowed(held: object) -> InputError:
    known = ", ".join((*HELD, *shipped_ensembles()))
    return InputError(SAYS("wrong", given=shown(held), known=known))


def usual_beliefs() -> str:
    """Return what a comparison holds where nobody says: what a calibration has left, if it ships,
    else what scenarios say."""
    return "ensemble" if shipped_ensembles() else "fixed"


def differing_beliefs() -> str:
    """Return beliefs in which futures differ: what a calibration has left, if it ships, else all
    that is plausible."""
    return "ensemble" if shipped_ensembles() else "plausible"


@lru_cache(1)
def _names() -> tuple[str, ...]:
    return tuple(free_parameters())


@lru_cache(16)
def _union(names: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for some in names for name in some))


@lru_cache(16)
def _block(number: int) -> Floats:
    """Return the points of a row of futures, (BLOCK, k)."""
    ranges = [plausible_range(one) for one in free_parameters().values()]
    shares = latin_shares([one.name for one in ranges], BLOCK, number)
    return np.column_stack([one.at(shares[:, k]) for k, one in enumerate(ranges)])
