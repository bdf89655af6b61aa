"""Beliefs: what each future holds to be true of the numbers that nobody knows.

A future is luck and belief: its seed draws both, so all structures meet the same ones, and a future
has the same point however many others are run. *Plausible* beliefs cover the ranges in which each
parameter may lie, independently of each other: futures in a row of BLOCK are a Latin hypercube.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from cisim.model.input_error import InputError, shown
from cisim.model.state import Floats
from cisim.world.ranges import free_parameters, latin_shares, plausible_range

BLOCK = 100
"""So many futures, from seed 1 on, cover every range evenly together."""
Held = Literal["fixed", "plausible"]
HELD: dict[Held, str] = {
    "fixed": "every future has the same parameters, so futures differ by luck alone",
    "plausible": "each future draws its parameters from all that may be believed of them",
}
"""What may be held, and in words what that means."""


class Beliefs(BaseModel):
    """How the parameters of a future are drawn."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: Literal["plausible"] = "plausible"

    @classmethod
    def of(cls, held: str) -> Beliefs | None:
        """Return the beliefs of that name; None where all futures have the same parameters.

        Raises InputError, with what is allowed, if there are none.
        """
        if held not in HELD:
            raise InputError(f"beliefs is {shown(held)}; allowed is {' or '.join(HELD)}.")
        return None if held == "fixed" else cls()

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


@lru_cache(1)
def _names() -> tuple[str, ...]:
    return tuple(free_parameters())


@lru_cache(16)
def _block(number: int) -> Floats:
    """Return the points of a row of futures, (BLOCK, k)."""
    ranges = [plausible_range(one) for one in free_parameters().values()]
    shares = latin_shares([one.name for one in ranges], BLOCK, number)
    return np.column_stack([one.at(shares[:, k]) for k, one in enumerate(ranges)])
