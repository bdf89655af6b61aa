"""A surrogate is as good as it says, and refuses where it knows nothing."""

from __future__ import annotations

import numpy as np
import pytest

from cisim.lab.analyses import surrogate
from cisim.lab.design import Design
from cisim.model.input_error import InputError
from cisim.world.ranges import Range
from tests.lab import made_up
from tests.lab.made_up import NAMES, box, study


def curved(x: np.ndarray) -> np.ndarray:
    return np.sin(3 * x[:, 0]) + x[:, 1] ** 2


def test_its_error_is_that_of_points_that_it_has_not_seen() -> None:
    found = surrogate(study(box(200, 6), curved, noise=0.05))
    fresh = np.random.default_rng(99).random((300, 6))
    told = [found.predict(dict(zip(NAMES, row.tolist(), strict=False))).value for row in fresh]
    off = float(np.sqrt(((np.array(told) - curved(fresh)) ** 2).mean()))
    # Those points have no luck in them; what was left out had.
    assert np.hypot(off, 0.05) == pytest.approx(found.error, rel=0.3)
    assert found.explained > 0.95
    assert found.error < 0.2 * found.plain


def test_luck_is_told_beside_its_error() -> None:
    found = surrogate(study(box(150, 4), curved, noise=0.2, replicates=4))
    assert found.noise.deviation == pytest.approx(0.1, rel=0.15)
    assert 0.09 < found.error < 0.16
    assert f"Luck alone is {found.noise.deviation:.2g}" in " ".join(found.sentences())
    assert found.table()["kept"].sum() == 1


def test_of_pure_luck_it_says_that_it_is_of_no_use() -> None:
    found = surrogate(study(box(120, 5), lambda x: 0 * x[:, 0], noise=1.0))
    assert found.explained < 0.1
    if found.explained <= 0.0:
        assert "should not be used" in " ".join(found.sentences())


def test_it_refuses_what_it_has_not_seen_in_one_sentence() -> None:
    found = surrogate(study(box(80, 2), curved))
    good = {NAMES[0]: 0.5, NAMES[1]: 0.5}
    assert found.predict(good).error == found.error
    for point, said in (
        ({**good, NAMES[1]: 1.5}, f"{NAMES[1]} is 1.5; the surrogate has seen 0 to 1, and knows"),
        ({**good, NAMES[1]: float("nan")}, "is nan"),
        ({NAMES[0]: 0.5}, f"{NAMES[1]} has no value; allowed is 0 to 1"),
        ({**good, NAMES[2]: 0.5}, f"{NAMES[2]} was not varied"),
    ):
        with pytest.raises(InputError, match=said):
            found.predict(point)


def test_choices_are_given_by_their_names() -> None:
    rng = np.random.default_rng(4)
    values = np.column_stack([rng.integers(0, 3, 150), rng.random(150)]).astype(float)
    ranges = (
        Range(NAMES[0], 0, 2, choices=("none", "regional", "national")),
        Range(NAMES[1], 0.0, 1.0),
    )
    design = Design(NAMES[:2], values, 1, "latin-hypercube", ranges)
    found = surrogate(study(design, lambda x: 2.0 * (x[:, 0] == 1) + x[:, 1]))
    assert found.predict({NAMES[0]: "regional", NAMES[1]: 0.5}).value == pytest.approx(2.5, abs=0.1)
    with pytest.raises(InputError, match="is local; the surrogate has seen none, regional"):
        found.predict({NAMES[0]: "local", NAMES[1]: 0.5})


def test_what_cannot_be_stood_in_for_is_refused() -> None:
    with pytest.raises(InputError, match="needs 60 points, and 40"):
        surrogate(study(box(40, 2), curved))
    with pytest.raises(InputError, match="does not vary"):
        surrogate(study(box(80, 2), lambda x: 0 * x[:, 0]))
    with pytest.raises(InputError, match="hang together"):
        surrogate(study(made_up.morris(30, 2, 0.0, 1.0), curved))
