"""cisim simulates how partnerships for children's wellbeing form, hold or fall apart.

The public face. Its parts are imported when they are first used, so that the command line answers
at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from cisim.version import __version__
from cisim.world.pictured import Draws, pictures_are_drawn_by

if TYPE_CHECKING:
    from cisim.lab.analyses import Answers, analyse
    from cisim.lab.attribution import attribute
    from cisim.lab.calibration import Calibrated, calibrate
    from cisim.lab.compare import compare
    from cisim.lab.comparison import Comparison
    from cisim.lab.ensemble import Ensemble
    from cisim.lab.gains import gains
    from cisim.lab.load import load
    from cisim.lab.optimise import Optimised, optimise
    from cisim.lab.simulate import simulate
    from cisim.lab.study import Study
    from cisim.lab.sweep.experiment import Experiment
    from cisim.lab.threshold import Threshold, threshold
    from cisim.lab.tracking import Tracked, track
    from cisim.model.agents import Backbone, Community, Organisation, Sponsor
    from cisim.model.input_error import InputError
    from cisim.model.model import CollectiveImpactModel
    from cisim.model.outcomes import OUTCOMES, Asked
    from cisim.model.parameters import Parameters
    from cisim.world.scenario import Scenario
    from cisim.world.structure import Structure
    from cisim.world.world import World

__all__ = [
    "OUTCOMES",
    "Answers",
    "Asked",
    "Backbone",
    "Calibrated",
    "CollectiveImpactModel",
    "Community",
    "Comparison",
    "Ensemble",
    "Experiment",
    "InputError",
    "Optimised",
    "Organisation",
    "Parameters",
    "Scenario",
    "Sponsor",
    "Structure",
    "Study",
    "Threshold",
    "Tracked",
    "World",
    "__version__",
    "analyse",
    "attribute",
    "calibrate",
    "compare",
    "gains",
    "load",
    "optimise",
    "simulate",
    "threshold",
    "track",
]

_HOME = {
    "Answers": "lab.analyses",
    "analyse": "lab.analyses",
    "attribute": "lab.attribution",
    "Calibrated": "lab.calibration",
    "calibrate": "lab.calibration",
    "Comparison": "lab.comparison",
    "compare": "lab.compare",
    "Experiment": "lab.sweep.experiment",
    "gains": "lab.gains",
    "load": "lab.load",
    "Ensemble": "lab.ensemble",
    "simulate": "lab.simulate",
    "Optimised": "lab.optimise",
    "optimise": "lab.optimise",
    "Study": "lab.study",
    "Threshold": "lab.threshold",
    "threshold": "lab.threshold",
    "Tracked": "lab.tracking",
    "track": "lab.tracking",
    "Backbone": "model.agents",
    "Community": "model.agents",
    "Organisation": "model.agents",
    "Sponsor": "model.agents",
    "InputError": "model.input_error",
    "CollectiveImpactModel": "model.model",
    "Asked": "model.outcomes",
    "OUTCOMES": "model.outcomes",
    "Parameters": "model.parameters",
    "Scenario": "world.scenario",
    "Structure": "world.structure",
    "World": "world.world",
}


def _notebook() -> Draws:
    """Return who draws results in a notebook, imported when something is first shown."""
    from cisim.show import notebook

    return notebook


pictures_are_drawn_by(_notebook)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'cisim' has no attribute {name!r}")
    import_module("cisim.world.scenario")  # a saved run needs to know how scenarios are read
    value = getattr(import_module(f"cisim.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
