"""How long what a planner asks for takes: the report, its charts, and a look at the patterns."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from cisim.lab import executors
from cisim.lab.compare import compare
from cisim.lab.comparison import Comparison
from cisim.show import charts
from cisim.show.report import report, write_report
from experiments.benchmarks import processes
from experiments.benchmarks.clock import cpu, once, spread, wall
from experiments.benchmarks.page import Part, at_most

CHART = 0.050
REPORT = 3.0
LOOK = 180.0


def shown(scenarios: tuple[str, ...], replicates: int, rounds: int, look: bool) -> Part:
    """Tell what the report and the charts of a comparison take, and `cisim validate --quick`."""
    part = Part("The report, its charts, and the patterns")
    comparison = compare(list(scenarios), replicates)
    size = f"{len(scenarios)} scenarios × {replicates} replicates"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.html"
        _written(comparison, path)  # imports and fonts are there after the first
        taken = spread([once(lambda: _written(comparison, path), cpu) for _ in range(rounds)])
    part.add(
        f"report of {size}, after the runs",
        taken.text("CPU-seconds"),
        "at most 3 s",
        at_most(taken.median, REPORT, "most of it draws the charts"),
    )
    series = comparison.series
    for name, draw in {
        "paths": lambda: charts.paths(series, "wellbeing_gain"),
        "gap": lambda: charts.gap(series),
        "dots": lambda: charts.dots(series, "wellbeing_gain", goal=0.3),
        "differences": lambda: charts.differences(series, "wellbeing_gain"),
    }.items():
        draw()
        drawn = spread([once(draw, cpu) for _ in range(3 * rounds)])
        part.add(
            f"chart: {name}",
            drawn.times(1e3).text("ms"),
            "at most 50 ms",
            at_most(drawn.median, CHART, "it arranges every month of every future"),
        )
    if look:
        quick = once(lambda: processes.cisim("validate", "--quick"), wall)
        part.add(
            "`cisim validate --quick`, wall time",
            f"{quick:.0f} s (n = 1)",
            "at most 180 s on 2 processors",
            at_most(quick, LOOK, f"on {executors.processors()} processors that others use too"),
        )
    part.notes.append("The report without the networks and without other values of effort_half.")
    return part


def _written(comparison: Comparison, path: Path) -> None:
    write_report(path, report(comparison))
