"""What is told of the machine: its kind and its versions; no name, no user, no path."""

from __future__ import annotations

import math
import os
import platform
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from cisim import __version__
from cisim.lab.executors import processors
from cisim.model.sources import source_hash


def facts() -> list[tuple[str, str]]:
    """Return what is told of the machine, in the order of the page."""
    versions = ("mesa", "numpy", "pandas", "pydantic")
    return [
        ("processor", processor()),
        ("processors used", f"{processors()} of {os.cpu_count() or 1}"),
        ("largest cache", cache()),
        ("memory", memory()),
        ("system", f"{platform.system()} {platform.machine()}"),
        ("Python", f"{platform.python_implementation()} {platform.python_version()}"),
        ("numba", f"{version('numba')} (llvmlite {version('llvmlite')})"),
        ("packages", ", ".join(f"{name} {version(name)}" for name in versions)),
        ("cisim", f"{__version__}, sources of the model {source_hash()}"),
        ("date", datetime.now(UTC).date().isoformat()),
    ]


def processor() -> str:
    """Return the processor's model."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:  # not Linux
        pass
    return platform.processor() or platform.machine()


def cache() -> str:
    """Return the size of the processor's last cache."""
    sizes = Path("/sys/devices/system/cpu/cpu0/cache").glob("index*/size")
    try:
        kept = [int(size.read_text().strip().removesuffix("K")) for size in sizes]
    except (OSError, ValueError):
        kept = []
    return f"{max(kept) / 1024:.0f} MiB" if kept else "unknown"


def memory() -> str:
    """Return how much memory there is."""
    try:
        pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return "unknown"
    return f"{pages / 2**30:.0f} GiB"


QUIET = 0.1
"""Others may use so much of all processors while something is measured, as a share."""
LOOK_SECONDS = 3.0


def others(seconds: float = LOOK_SECONDS) -> float:
    """Return the share of all processors that is used while this process sleeps, 0..1.

    nan where the system does not tell.
    """
    before = _ticks()
    time.sleep(seconds)
    after = _ticks()
    if before is None or after is None:
        return math.nan
    busy, whole = after[0] - before[0], after[1] - before[1]
    return busy / whole if whole else math.nan


def _ticks() -> tuple[int, int] | None:
    """Return how long all processors together were busy, and there, since the start."""
    try:
        first = Path("/proc/stat").read_text().splitlines()[0].split()
    except (OSError, IndexError):
        return None
    user, nice, system, idle, waiting, *rest = (int(word) for word in first[1:9])
    busy = user + nice + system + sum(rest)  # what a host takes away is busy, too
    return busy, busy + idle + waiting


def status(field: str) -> int:
    """Return a field of this process's memory in bytes: VmRSS is now, VmHWM the peak.

    The peak that `getrusage` tells also counts what the parent had before this process became
    another program, so it serves only where the system has no /proc.
    """
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if platform.system() == "Darwin" else peak * 1024
