"""A study as a map: every mean is that of the points in its cell."""

from __future__ import annotations

import numpy as np
import pytest

from cisim.lab.cells import MOST_LEVELS, PARTS, SCENARIO, cells, sides_of
from cisim.lab.design import Design
from cisim.lab.study import Study
from cisim.model.input_error import InputError
from cisim.world.ranges import Range
from tests.lab.made_up import NAMES, box, design, study

ONE, OTHER, THIRD = NAMES[:3]


def grid() -> Study:
    """Return a study at 4 × 3 × 2 points whose outcome says where it is."""
    axes = np.meshgrid([0.0, 0.2, 0.4, 1.0], [0.0, 0.5, 1.0], [0.0, 1.0], indexing="ij")
    points = design(np.stack([one.ravel() for one in axes], axis=1), 0.0, 1.0, "full-factorial")
    return study(
        points,
        {
            "a": lambda x: 100 * x[:, 0] + 10 * x[:, 1] + x[:, 2],
            "b": lambda x: 100 * x[:, 0],
        },
    )


def test_values_that_are_few_have_a_cell_each_and_what_else_varies_is_averaged() -> None:
    found = cells(grid(), ONE, OTHER, scenario="a")
    assert found.across.low == found.across.high == (0.0, 0.2, 0.4, 1.0)
    expected = 100 * np.array([0.0, 0.2, 0.4, 1.0]) + 10 * np.array([[0.0], [0.5], [1.0]]) + 0.5
    np.testing.assert_allclose(found.means, expected)
    assert (found.counts == 2).all()
    points = grid().design.values[found.points[1, 3]]
    assert points[:2].tolist() == [1.0, 0.5]


def test_a_difference_is_taken_at_the_same_points() -> None:
    found = cells(grid(), ONE, OTHER, scenario="a", against="b")
    np.testing.assert_allclose(found.means, np.repeat([[0.5], [5.5], [10.5]], 4, axis=1))


def test_the_scenarios_can_be_a_side() -> None:
    whole = grid()
    assert sides_of(whole) == (ONE, OTHER, THIRD, SCENARIO)
    found = cells(whole, ONE, SCENARIO)
    assert found.upward.words == ("a", "b")
    np.testing.assert_allclose(found.means[0], 100 * np.array([0.0, 0.2, 0.4, 1.0]) + 5.5)
    np.testing.assert_allclose(found.means[1], 100 * np.array([0.0, 0.2, 0.4, 1.0]))
    assert found.scenarios[:, 0].tolist() == [0, 1]
    assert cells(whole, ONE, SCENARIO, against="a").upward.words == ("b",)


def test_a_sample_is_cut_into_parts_and_a_cell_has_the_mean_of_its_points() -> None:
    points = box(400, 3)
    found = cells(study(points, lambda x: x[:, 0]), ONE, OTHER)
    assert len(found.across) == len(found.upward) == PARTS < MOST_LEVELS
    assert found.counts.sum() == 400
    for a, (low, high) in enumerate(zip(found.across.low, found.across.high, strict=True)):
        assert ((low <= found.means[:, a]) & (found.means[:, a] <= high)).all()
    u, a = 2, 4
    x = points.values
    inside = (np.floor(x[:, 0] * PARTS) == a) & (np.floor(x[:, 1] * PARTS) == u)
    assert found.counts[u, a] == inside.sum()
    assert found.means[u, a] == pytest.approx(x[inside, 0].mean())
    assert inside[found.points[u, a]]


def test_words_are_told_as_words_and_an_empty_cell_is_empty() -> None:
    values = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]])
    ranges = (Range("structure", 0, 1, choices=("none", "regional")), Range(ONE, 0.0, 1.0))
    found = cells(study(Design(("structure", ONE), values, 1, "table", ranges),
                        lambda x: x[:, 0]), "structure", ONE)  # fmt: skip
    assert found.across.words == ("none", "regional")
    assert np.isnan(found.means[1, 0])
    assert found.points[1, 0] == -1
    assert found.table()["structure"].tolist() == ["none", "regional"] * 2


@pytest.mark.parametrize(
    ("sides", "said"),
    [
        ((ONE, ONE), "allowed are two that differ"),
        ((ONE, "nonsense"), "is not varied"),
        ((ONE, SCENARIO), "'scenario' is not varied"),
    ],
)
def test_what_is_no_side_is_said(sides: tuple[str, str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        cells(study(box(20, 2), lambda x: x[:, 0]), *sides)
