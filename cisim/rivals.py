"""Rival theories by themselves, without a partnership around them.

Which rivals the model knows, and how scenarios choose them, stands in docs/rivals.md; whether an
order of structures holds under each of them says `cisim.lab.rivals`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple, get_args

import numpy as np

from cisim.model.input_error import InputError, nearest, shown
from cisim.model.layers import advance
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.model.state import Floats

__all__ = ["TrustPath", "Variant", "trust_path"]

Variant = Literal["earlier", "later"]


class TrustPath(NamedTuple):
    """Trust and reputation damage, (n + 1,) each, the opening values first; 0..1."""

    trust: Floats
    damage: Floats


_NUMBERS = (int, float, np.integer, np.floating)
_LAYERS = ("gain", "loss", "hurt", "heal", "amplify", "dependence")


def trust_path(
    signals: Iterable[float] | float,
    trust: float = 0.5,
    damage: float = 0.0,
    *,
    variant: Variant = "earlier",
    gain: float | None = None,
    loss: float | None = None,
    hurt: float | None = None,
    heal: float | None = None,
    amplify: float | None = None,
    dependence: float | None = None,
) -> TrustPath:
    """Return trust and reputation damage of Pant & Yu (arXiv:2510.24909) along signals, (n + 1,).

    signals    : cooperation signals, one a step, before tanh: above 0 cooperation, below 0
                 violation; infinite ones are the strongest, s = 1 or -1; a number is one step
    trust      : T before the first step, 0..1
    damage     : R before the first step, 0..1
    variant    : earlier, lambda+ s (1 - T)(1 - R), or later, lambda+ s max(0, 1 - R - T)
    gain       : lambda+, .10 (.05-.15)
    loss       : lambda-, .30 (.15-.45)
    hurt       : mu, .60 (.5-.7)
    heal       : delta, .03 (.01-.05)
    amplify    : xi, .50 (.3-.7)
    dependence : D, .5

    Numbers that are left out are those of the parameters layers_gain and so on. The equations stand
    in `cisim.model.layers`; the model itself takes its steps with the same function.

    >>> path = trust_path([1.0] * 3 + [-1.0], trust=0.5)
    >>> path.trust.round(3).tolist(), path.damage.round(3).tolist()
    ([0.5, 0.538, 0.573, 0.606, 0.433], [0.0, 0.0, 0.0, 0.0, 0.457])

    Raises InputError for a number that is outside its bounds, or another variant.
    """
    if variant not in get_args(Variant):
        raise InputError(
            f"variant is {shown(variant)}; allowed is earlier or later."
            f"{nearest(str(variant), get_args(Variant))}"
        )
    _check("trust", trust, 0.0, 1.0)
    _check("damage", damage, 0.0, 1.0)
    declared = declarations(Parameters)
    given = dict(zip(_LAYERS, (gain, loss, hurt, heal, amplify, dependence), strict=True))
    numbers = []
    for name, value in given.items():
        one = declared[f"layers_{name}"]
        numbers.append(one.default if value is None else value)
        _check(name, numbers[-1], *one.bounds)
    steps = _steps(signals)
    later = 1.0 if variant == "later" else 0.0
    path = np.empty((len(steps) + 1, 2))
    path[0] = trust, damage
    one_step = getattr(advance, "py_func", advance)  # a few steps are not worth compiling
    for place, signal in enumerate(steps):
        now, left = path[place].tolist()
        path[place + 1] = one_step(now, left, signal, later, *map(float, numbers))
    return TrustPath(path[:, 0].copy(), path[:, 1].copy())


def _steps(signals: Any) -> list[float]:
    """Return signals, one a step; raises InputError for what is no row of numbers."""
    try:
        one = isinstance(signals, _NUMBERS) or (np.ndim(signals) == 0 and hasattr(signals, "dtype"))
        found = np.array([signals] if one else [*signals], np.float64)
    except (TypeError, ValueError, OverflowError):
        found = np.empty((0, 0))
    if found.ndim != 1:
        raise InputError(f"signals is {shown(signals)}; allowed are numbers, one a step.")
    for place in np.flatnonzero(np.isnan(found)).tolist():
        raise InputError(f"signals[{place}] is nan; allowed is a number.")
    steps: list[float] = found.tolist()
    return steps


def _check(name: str, value: Any, low: float, high: float) -> None:
    fits = isinstance(value, _NUMBERS) and not isinstance(value, bool)
    if not fits or not low <= value <= high:
        raise InputError(f"{name} is {shown(value)}; allowed is a number from {low:g} to {high:g}.")
