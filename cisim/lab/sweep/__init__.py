"""Sweeps: what is missing of an experiment is run, kept in a folder, and read back as a study.

A run is one scenario at one point with one replicate, and its key hangs on nothing else. A piece
of work is one point with one replicate: its scenarios live through one past.
"""

from cisim.lab.sweep.driver import sweep
from cisim.lab.sweep.estimate import Estimate, estimate
from cisim.lab.sweep.experiment import Experiment
from cisim.lab.sweep.folder import load_experiment

__all__ = ["Estimate", "Experiment", "estimate", "load_experiment", "sweep"]
