"""A study is read one outcome at a time, and says what was not kept."""

from __future__ import annotations

import numpy as np
import pytest

from cisim.lab.design import latin_hypercube
from cisim.lab.study import InMemory, Study
from cisim.model.input_error import InputError

OUTCOMES = ("wellbeing_gain", "joint_activity")


def study() -> Study:
    values = np.arange(2 * 4 * 3 * 2 * 1 * 2, dtype=float).reshape(2, 4, 3, 2, 1, 2)
    values[1, 2] = np.nan
    values[0, 0, 2] = np.nan
    kept = InMemory(OUTCOMES, (12, 24), ("overall",), values)
    months = np.array([12, 24])
    return Study("x", ("a", "b"), latin_hypercube(4), OUTCOMES, months, ("overall",), 3, kept)


def test_runs_means_and_time_agree() -> None:
    one = study()
    runs = one.runs("joint_activity", 12)
    assert runs.shape == (2, 4, 3)
    means = one.at("joint_activity", 12)
    assert means[0, 0] == runs[0, 0, :2].mean()
    assert np.isnan(means[1, 2])
    assert means[0, 3] == runs[0, 3].mean()
    whole = one.over_time("joint_activity")
    np.testing.assert_array_equal(whole[..., 0], means)
    np.testing.assert_array_equal(whole[..., 1], one.at("joint_activity"))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("wellbeing",), "wellbeing"),
        (("gap_primary",), "gap_primary was not kept"),
        (("wellbeing_gain", 13), "month is 13, which was not kept; allowed is one of 12, 24"),
        (("wellbeing_gain", 12, "Uusimaa"), "region 'Uusimaa' was not kept"),
    ],
)
def test_what_was_not_kept_is_said(asked: tuple, said: str) -> None:
    with pytest.raises(InputError, match=said):
        study().runs(*asked)
