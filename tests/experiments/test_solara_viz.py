"""Mesa's own SolaraViz runs on the model as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.scripts import load_script

solara = pytest.importorskip("solara", reason="needs pip install 'cisim[page]'")
pytest.importorskip("mesa.visualization", reason="Mesa's visualisation needs solara")

EXAMPLE = Path(__file__).parents[2] / "experiments" / "solara_viz.py"


@pytest.fixture(scope="module")
def example() -> Any:
    return load_script("experiments/solara_viz.py")


def test_the_model_is_made_from_mesas_controls_and_runs_to_its_horizon(example: Any) -> None:
    model = example.VizModel(world="one-town", sponsor_link=0.0, seed=3)
    assert model.scenario.structure.sponsor_link == 0.0
    for _ in range(130):
        model.step()
    assert model.month == model.scenario.months == 120
    assert not model.running


def test_the_page_shows_the_model_and_each_control_is_one_of_its_own(example: Any) -> None:
    import inspect

    known = inspect.signature(example.VizModel.__init__).parameters
    assert set(example.PARAMETERS) <= set(known)
    _, context = solara.render(example.Page(), handle_error=False)
    try:
        assert "organisations take part" in repr(context.find().widgets)
    finally:
        context.close()
