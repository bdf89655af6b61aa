"""A piece of somebody else's pool, which simulates."""

from __future__ import annotations

import threading

import psutil

import cisim


def ask(workers: int | None) -> int:
    scenario = cisim.Scenario.load("national-and-regional", world="one-town", months=2)
    return len(cisim.simulate(scenario, replicates=2, workers=workers).replicates)


def children(workers: int | None) -> int:
    """Return how many processes there are of this one after it has simulated."""
    assert ask(workers) == 2
    return len(psutil.Process().children(recursive=True))


def in_thread(workers: int | None) -> int:
    """Simulate in a thread of the worker; return as `children` does."""
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(children(workers)))
    thread.start()
    thread.join()
    return found[0]


def never(shared: None, index: int) -> int:
    raise AssertionError("never called")
