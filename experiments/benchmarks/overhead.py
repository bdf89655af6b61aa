"""Where a run's time goes, by counting: every call of a kernel, and what a call alone costs.

Each kernel that Python calls is counted and timed, and then stands against a kernel with the same
arguments and nothing in it: what that costs is the price of the call, not of the work. What is
told is one and the same run, the one of middle length, so its parts never exceed it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numba

from cisim.model.kernel import KERNELS
from cisim.model.schedule import FOUNDING, HISTORY, SCHEDULE
from experiments.benchmarks.clock import once, spread, wall

CALLS = 2000
FEW = 50
"""Of a kernel that is called less often in a run, what a call costs is not worth measuring."""


@dataclass
class Use:
    """What one kernel takes of a run.

    calls : calls from Python in a run
    took  : seconds within them in a run
    call  : seconds that an empty kernel with its arguments takes, a call; 0 if not measured
    """

    name: str
    calls: int = 0
    took: float = 0.0
    call: float = 0.0
    arguments: tuple[Any, ...] = ()

    @property
    def dispatch(self) -> float:
        """Return the seconds of a run that calling it costs."""
        return self.calls * self.call


@dataclass(frozen=True)
class Profile:
    """Where a run's seconds go.

    total : the run, with counting
    uses  : a kernel each, those that take most first
    """

    total: float
    uses: list[Use]

    @property
    def calls(self) -> int:
        """Return the calls of kernels in a run."""
        return sum(use.calls for use in self.uses)

    @property
    def kernels(self) -> float:
        """Return the seconds within kernels, calls included."""
        return sum(use.took for use in self.uses)

    @property
    def dispatch(self) -> float:
        """Return the seconds that calling the kernels costs."""
        return sum(use.dispatch for use in self.uses)

    def took(self, name: str) -> float:
        """Return the seconds within one kernel."""
        return sum(use.took for use in self.uses if use.name == name)


def profile(work: Callable[[], object], runs: int = 10, *, calling: bool = True) -> Profile:
    """Return where the time of `work` goes in the run of middle length; the first is not counted.

    calling : measure what a call alone costs, too, which takes some seconds of compiling
    """
    work()
    lived: list[tuple[float, list[Use]]] = []
    for _ in range(runs):
        with counted() as uses:
            total = once(work, wall)
        lived.append((total, [use for use in uses.values() if use.calls]))
    total, found = sorted(lived, key=lambda one: one[0])[len(lived) // 2]
    for use in found:
        use.call = empty_call(use.arguments) if calling and use.calls > FEW else 0.0
        use.arguments = ()
    return Profile(total, sorted(found, key=lambda use: -use.took))


@contextmanager
def counted() -> Iterator[dict[str, Use]]:
    """Count and time the calls of kernels from Python, in every module of the package."""
    names = {id(compiled): name for name, compiled in KERNELS.items()}
    uses = {name: Use(".".join(name.split(".")[-2:])) for name in KERNELS}
    replaced: list[tuple[Any, str, Any]] = []
    for module_name, module in list(sys.modules.items()):
        if not module_name.startswith("cisim."):
            continue
        for name, value in list(vars(module).items()):
            if id(value) in names:
                replaced.append((module, name, value))
                setattr(module, name, _counting(value, uses[names[id(value)]]))
    for process in {*HISTORY, *FOUNDING, *SCHEDULE}:
        bound, value = process.bound, process.bound.kernel
        replaced.append((bound, "kernel", value))
        bound.kernel = _counting(value, uses[names[id(value)]])
    try:
        yield uses
    finally:
        for module, name, value in replaced:
            setattr(module, name, value)


def _counting(compiled: Any, use: Use) -> Callable[..., Any]:
    clock = wall

    def call(*arguments: Any) -> Any:
        begin = clock()
        result = compiled(*arguments)
        use.took += clock() - begin
        use.calls += 1
        use.arguments = arguments
        return result

    return call


def empty_call(arguments: tuple[Any, ...]) -> float:
    """Return the seconds that a compiled function takes with these arguments and no work."""
    names = ", ".join(f"a{place}" for place in range(len(arguments)))
    scope: dict[str, Any] = {}
    exec(f"def empty({names}):\n    return None", scope)  # as many arguments, by position
    empty = numba.njit(scope["empty"])
    empty(*arguments)
    taken = []
    for _ in range(5):
        begin = time.process_time()
        for _ in range(CALLS):
            empty(*arguments)
        taken.append((time.process_time() - begin) / CALLS)
    return spread(taken).median
