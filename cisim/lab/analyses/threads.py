"""Linear algebra and trees on one thread.

Each piece is small, and whoever wants more processors gives them to the runs; on a machine that is
busy, threads that wait for each other take a hundred times as long.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from cisim.lab.extras import needed


def one_thread() -> AbstractContextManager[object]:
    """Return a context in which the libraries of an analysis use one thread.

    Raises InputError if they are not installed.
    """
    needed("sklearn", "analysis")
    return needed("threadpoolctl", "analysis").threadpool_limits(1)
