"""Calibration: what may be believed, given what was seen of real partnerships.

target      what was seen, how exactly, and how far a point is from it
file        targets as a file, read and checked
measured    what is measured of a point with a seed
runs        points with several seeds, each run once and kept
emulator    what may be expected where nothing was run, and its error
region      the part of the space that is left, its share, points spread in it
waves       history matching
conflicts   which targets cannot be met together
calibrated  what was found, in tables and sentences
driver      all of it together
"""

from cisim.lab.calibration.calibrated import Calibrated, beside
from cisim.lab.calibration.driver import calibrate, toy, write_beside
from cisim.lab.calibration.file import Targets, read_targets
from cisim.lab.calibration.target import Target
from cisim.world.joint_points import read_making

__all__ = [
    "Calibrated",
    "Target",
    "Targets",
    "beside",
    "calibrate",
    "read_making",
    "read_targets",
    "toy",
    "write_beside",
]
