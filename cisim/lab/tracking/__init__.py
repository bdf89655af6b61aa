"""Tracking: a running partnership's own figures weigh the futures of what is believed."""

from cisim.lab.tracking.driver import track
from cisim.lab.tracking.figures import Figure, read_figures
from cisim.lab.tracking.tracked import Tracked

__all__ = ["Figure", "Tracked", "read_figures", "track"]
