"""Exponential, logarithm, power, logistic and normal against the standard library and scipy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from cisim.model import arithmetic

RELATIVE = 1e-15


@given(st.floats(-700, 709))
def test_exp_is_right_to_the_last_bits(x: float) -> None:
    assert arithmetic.exp(x) == pytest.approx(math.exp(x), rel=RELATIVE)


@pytest.mark.parametrize("x", [-1e308, -746.0, -745.0, -740.0, -708.5, 0.0, 709.0, 710.0, 1e308])
def test_exp_at_its_ends(x: float) -> None:
    expected = math.inf if x > 709.78 else math.exp(x)
    assert arithmetic.exp(x) == pytest.approx(expected, rel=1e-9, abs=1e-320)


@given(st.lists(st.floats(-800, 720) | st.sampled_from([0.0, -0.0, 700.0, -700.0, math.inf])))
def test_many_exponentials_at_once_have_the_bits_of_each(xs: list[float]) -> None:
    values = np.array(xs, float)
    arithmetic.exp_each(values)
    assert values.tobytes() == np.array([arithmetic.exp(x) for x in xs], float).tobytes()


@given(st.floats(1e-300, 1e300))
def test_log_is_right_to_the_last_bits(x: float) -> None:
    assert arithmetic.log(x) == pytest.approx(math.log(x), rel=RELATIVE, abs=1e-300)


def test_log_and_power_at_zero() -> None:
    assert arithmetic.log(0.0) == -math.inf
    assert arithmetic.power(0.0, 0.7) == 0.0
    assert arithmetic.power(0.0, 0.0) == 1.0


@given(st.floats(1e-12, 1e6), st.floats(0.01, 3))
def test_power(base: float, exponent: float) -> None:
    assert arithmetic.power(base, exponent) == pytest.approx(base**exponent, rel=1e-13)


@given(st.floats(-700, 700))
def test_logistic_and_its_mirror_add_up_to_one(x: float) -> None:
    total = arithmetic.logistic(x) + arithmetic.logistic(-x)
    assert total == pytest.approx(1.0, abs=1e-15)


@given(st.floats(2.0**-33, 1 - 2.0**-33))
def test_normal_quantile(u: float) -> None:
    assert arithmetic.normal_quantile(u) == pytest.approx(float(ndtri(u)), rel=1e-13, abs=1e-14)
