"""A guest: this process, or this task, is somebody else's worker, and the work is done in it.

Who shares work among processes has decided how many there are. Processes that a worker started
would be more than that; they outlive a worker that is ended without a word, and a worker that
waits for them never ends. So a guest starts none.
"""

from __future__ import annotations

import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import current_process, parent_process

from cisim.lab.executors.work import Say
from cisim.model.told import Sentences

SAYS = Sentences(
    "guest",
    alone="{asked}; this process is a worker of another program, so the work is done in it alone.",
)

_here = threading.local()


@contextmanager
def hosted() -> Iterator[None]:
    """Make this thread a guest, where nothing else shows that it is one."""
    _here.hosted = True
    try:
        yield
    finally:
        _here.hosted = False


def is_guest() -> bool:
    """Return whether another program shares its work through this process or this task.

    True in processes of multiprocessing, concurrent.futures, joblib and of this package, and in a
    task of Dask, whose workers may be threads of any process.
    """
    if parent_process() is not None or current_process().name != "MainProcess":
        return True
    if getattr(_here, "hosted", False):
        return True
    dask = sys.modules.get("distributed.worker")
    if dask is None:
        return False
    try:
        dask.get_worker()
    except ValueError:
        return False
    return True


def tell_guest(asked: str, say: Say | None) -> None:
    """Say that nothing is started here; `asked` is what was asked for: "workers is 2"."""
    sentence = SAYS("alone", asked=asked)
    if say is None:
        warnings.warn(sentence, RuntimeWarning, stacklevel=4)
    else:
        say(sentence)
