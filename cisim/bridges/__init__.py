"""cisim in the tools that researchers already have, each in the form that the tool expects.

    ema_model       EMA Workbench: uncertainties, levers, outcomes, as a model of its own
    salib_problem   SALib: a problem, and the runs of a sample of it
    BatchModel      Mesa: a class for mesa.batch_run, by names and numbers
    DataCollector   Mesa: its DataCollector, reading whole columns
    to_xarray       an ensemble, a comparison or a study as an xarray.Dataset
    networks        who knows whom in chosen months of a run, as networkx graphs

What is varied has the ranges that cisim declares as plausible, evenly in logs where it says so.
The tools themselves come with `pip install 'cisim[bridges]'` and are imported when they are used.
"""

from cisim.bridges.batch import BatchModel
from cisim.bridges.collector import DataCollector
from cisim.bridges.ema import ema_model, in_units
from cisim.bridges.graphs import networks, partners
from cisim.bridges.salib import SalibProblem, salib_problem
from cisim.bridges.sets import to_xarray

__all__ = [
    "BatchModel",
    "DataCollector",
    "SalibProblem",
    "ema_model",
    "in_units",
    "networks",
    "partners",
    "salib_problem",
    "to_xarray",
]
