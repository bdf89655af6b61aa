"""Exponential, logarithm, power, logistic and normal from + − × ÷ only.

The mathematical library of a machine may differ from another's in the last bit, and one bit
decides a meeting now and then. These functions use only what IEEE 754 rounds the same everywhere
(and exact tables), so a run has the same bits on every machine. Relative error below 1e-15, tested
against the standard library.

Source  Tang 1989 (table-driven exponential); Wichura 1988, AS 241 (normal quantile)
"""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import numpy as np

from cisim.model.kernel import kernel

_STEPS = 32


def _roots_of_two() -> np.ndarray:
    """Return 2**(j/32) for j = 0..31, correctly rounded."""
    with localcontext() as context:
        context.prec = 40
        return np.array([float(Decimal(2) ** (Decimal(j) / _STEPS)) for j in range(_STEPS)])


def _step() -> tuple[float, float, float]:
    """Return 32/ln 2, and ln 2/32 as a short number and the rest."""
    with localcontext() as context:
        context.prec = 40
        ln2 = Decimal(2).ln()
        # 32 bits short, so that its product with any step number here is exact
        high = math.floor(ln2 / _STEPS * 2**38) / 2**38
        return float(_STEPS / ln2), high, float(ln2 / _STEPS - Decimal(high))


_ROOTS = _roots_of_two()
_POWERS = np.array([math.ldexp(1.0, k) for k in range(-1074, 1024)])
_PER_STEP, _STEP_HIGH, _STEP_LOW = _step()
_LN2_HIGH, _LN2_LOW = _STEP_HIGH * _STEPS, _STEP_LOW * _STEPS
_BIAS, _FRACTION = 1023, 52
"""A power of two in IEEE 754: its exponent and so much more, so many bits from the right."""
_HALF_ROOT = math.sqrt(0.5)
_SMALLEST, _LARGEST = -745.0, 709.7
_NEAR = 700.0
"""Of numbers up to so far from 0 the exponential is neither infinite nor subnormal."""


@kernel
def exp(x):
    """Return e**x; 0 below -745, infinity above 709.7."""
    if not x > _SMALLEST:
        return 0.0 if x <= _SMALLEST else x
    if x > _LARGEST:
        return math.inf
    step = int(math.floor(x * _PER_STEP + 0.5))
    r = (x - step * _STEP_HIGH) - step * _STEP_LOW
    tail = r * r * (0.5 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720)))))
    root = _ROOTS[step & 31]
    value = root + root * (r + tail)
    power = step >> 5
    if power < -1022:  # in two exact halves where the result is subnormal
        return value * _POWERS[power + 60 + 1074] * _POWERS[1074 - 60]
    return value * _POWERS[power + 1074]


@kernel
def exp_each(values):
    """Put e**x in place of each x of an array; the same bits as `exp`, several at a time."""
    far = 0
    for k in range(values.size):
        far += not abs(values[k]) <= _NEAR
    if far:
        for k in range(values.size):
            values[k] = exp(values[k])
        return
    powers = np.empty(values.size, np.int64)
    for k in range(values.size):
        x = values[k]
        step = np.int32(math.floor(x * _PER_STEP + 0.5))
        r = (x - step * _STEP_HIGH) - step * _STEP_LOW
        tail = r * r * (0.5 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720)))))
        root = _ROOTS[step & 31]
        values[k] = root + root * (r + tail)
        powers[k] = np.int64((step >> 5) + _BIAS) << _FRACTION
    power = powers.view(np.float64)  # 2**(step >> 5), from its bits
    for k in range(values.size):
        values[k] *= power[k]


@kernel
def log(x):
    """Return the natural logarithm of x > 0, minus infinity at 0."""
    if x == 0.0:
        return -math.inf
    m, e = math.frexp(x)
    if m < _HALF_ROOT:
        m *= 2.0
        e -= 1
    f = (m - 1.0) / (m + 1.0)
    s = f * f
    series = s * (
        1 / 3
        + s
        * (
            1 / 5
            + s
            * (
                1 / 7
                + s
                * (1 / 9 + s * (1 / 11 + s * (1 / 13 + s * (1 / 15 + s * (1 / 17 + s * (1 / 19))))))
            )
        )
    )
    return e * _LN2_HIGH + (2.0 * f + (2.0 * f * series + e * _LN2_LOW))


@kernel
def power(base, exponent):
    """Return base**exponent for base >= 0; 0**0 = 1."""
    if base == 0.0:
        return 1.0 if exponent == 0.0 else 0.0
    return exp(exponent * log(base))


@kernel
def logistic(x):
    """Return 1 / (1 + e**-x)."""
    return 1.0 / (1.0 + exp(-x))


@kernel
def normal_quantile(u):
    """Return the standard normal value below which a share u in (0, 1) lies (AS 241)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        above = (
            (
                (
                    (
                        (
                            (2509.0809287301226727 * r + 33430.575583588128105) * r
                            + 67265.770927008700853
                        )
                        * r
                        + 45921.953931549871457
                    )
                    * r
                    + 13731.693765509461125
                )
                * r
                + 1971.5909503065514427
            )
            * r
            + 133.14166789178437745
        ) * r + 3.387132872796366608
        below = (
            (
                (
                    (
                        (
                            (5226.495278852545925 * r + 28729.085735721942674) * r
                            + 39307.89580009271061
                        )
                        * r
                        + 21213.794301586595867
                    )
                    * r
                    + 5394.1960214247511077
                )
                * r
                + 687.1870074920579083
            )
            * r
            + 42.313330701600911252
        ) * r + 1.0
        return q * above / below
    r = u if q < 0.0 else 1.0 - u
    r = math.sqrt(-log(r))
    if r <= 5.0:
        r -= 1.6
        above = (
            (
                (
                    (
                        (
                            (7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r
                            + 0.24178072517745061177
                        )
                        * r
                        + 1.27045825245236838258
                    )
                    * r
                    + 3.64784832476320460504
                )
                * r
                + 5.7694972214606914055
            )
            * r
            + 4.6303378461565452959
        ) * r + 1.42343711074968357734
        below = (
            (
                (
                    (
                        (
                            (1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r
                            + 0.0151986665636164571966
                        )
                        * r
                        + 0.14810397642748007459
                    )
                    * r
                    + 0.68976733498510000455
                )
                * r
                + 1.6763848301838038494
            )
            * r
            + 2.05319162663775882187
        ) * r + 1.0
    else:
        r -= 5.0
        above = (
            (
                (
                    (
                        (
                            (2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r
                            + 0.0012426609473880784386
                        )
                        * r
                        + 0.026532189526576123093
                    )
                    * r
                    + 0.29656057182850489123
                )
                * r
                + 1.7848265399172913358
            )
            * r
            + 5.4637849111641143699
        ) * r + 6.6579046435011037772
        below = (
            (
                (
                    (
                        (
                            (2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r
                            + 1.8463183175100546818e-5
                        )
                        * r
                        + 7.868691311456132591e-4
                    )
                    * r
                    + 0.0148753612908506148525
                )
                * r
                + 0.13692988092273580531
            )
            * r
            + 0.59983220655588793769
        ) * r + 1.0
    value = above / below
    return -value if q < 0.0 else value
