"""Charts as SVG strings: pure functions, tidy table in, Chart out.

    paths        how an outcome goes, single futures and bands, events and phases under the axis
    course       paths, or for the gap between communities `gap`
    gap          the same for the gap between communities: narrowing above zero, widening below
    dots         the end value as twenty dots, each one in twenty futures, against a goal
    differences  what each scenario changes, future by future
    network      who works with whom in a region, at chosen months
    strip        events on a time axis by themselves
    bill         who pays what in which year, a panel a scenario
    along        what a difference hangs on: futures by what they believe of one parameter
    threshold    where an answer turns as one number is varied
    tracked      a running partnership's own figures, and what is believed before and after them
    telling      which figure to watch next
    front        what one gets for the money: effect against what is spent, told again
    heat         a study as a map: a cell for each pair of what is varied
    functions    which functions of leadership are exercised, and which by nobody
    keepers      who carries which function of leadership, lit by how much it is exercised
    profile      how far each of the seven components is there, year by year
    worth        what each component is worth, a bar with its interval for each
    attribution  what each role, level or organisation is worth, in each reading
    indices      how far each parameter matters, a bar with its interval for each
    indices_by_month  the same over time, a line for each of those that matter most
    boxes        where a scenario fails, as parts of the ranges of a few parameters
    space_left, targets_off, target_conflicts, ranges_narrowed  what a calibration has found
    tiles        who gains and who loses, a tile for each community

A chart can be read alone: it says what is shown, of how many futures, in which unit. It carries
its numbers as a table and as a few sentences. No script, no font, no address is in it. Scenarios
differ by colour, dash and marker, so a copy in grey can be read too.
"""

from cisim.show.charts.along import along
from cisim.show.charts.attribution import attribution
from cisim.show.charts.bill import bill
from cisim.show.charts.boxes import boxes
from cisim.show.charts.calibration import (
    ranges_narrowed,
    space_left,
    target_conflicts,
    targets_off,
)
from cisim.show.charts.chart import Chart, Draws, Numbers, TimeAxis
from cisim.show.charts.differences import differences
from cisim.show.charts.dots import dots
from cisim.show.charts.frame import small_print
from cisim.show.charts.front import front
from cisim.show.charts.functions import LEADING, function_table, functions
from cisim.show.charts.heat import heat
from cisim.show.charts.indices import indices
from cisim.show.charts.indices_by_month import indices_by_month
from cisim.show.charts.ink import THEMES, Theme
from cisim.show.charts.keepers import CARRYING, keeper_table, keepers
from cisim.show.charts.network import network, network_tables
from cisim.show.charts.paths import course, gap, paths
from cisim.show.charts.phases import PHASE, phase_table
from cisim.show.charts.profile import LEVELS, profile, profile_table
from cisim.show.charts.strip import event_table, strip
from cisim.show.charts.threshold import threshold
from cisim.show.charts.tiles import tiles
from cisim.show.charts.tracked import telling, tracked
from cisim.show.charts.worth import worth

__all__ = [
    "CARRYING",
    "LEADING",
    "LEVELS",
    "PHASE",
    "THEMES",
    "Chart",
    "Draws",
    "Numbers",
    "Theme",
    "TimeAxis",
    "along",
    "attribution",
    "bill",
    "boxes",
    "course",
    "differences",
    "dots",
    "event_table",
    "front",
    "function_table",
    "functions",
    "gap",
    "heat",
    "indices",
    "indices_by_month",
    "keeper_table",
    "keepers",
    "network",
    "network_tables",
    "paths",
    "phase_table",
    "profile",
    "profile_table",
    "ranges_narrowed",
    "small_print",
    "space_left",
    "strip",
    "target_conflicts",
    "targets_off",
    "telling",
    "threshold",
    "tiles",
    "tracked",
    "worth",
]
