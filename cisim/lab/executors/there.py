"""What a worker of Dask does: it is asked who it is, takes a job once, and does chunks of it."""

from __future__ import annotations

import pickle
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache, reduce
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from cisim.lab.executors.guest import hosted
from cisim.lab.executors.work import fault_of
from cisim.model.input_error import InputError
from cisim.model.sources import code_hash, source_hash
from cisim.version import __version__
from cisim.world.policy import Policy

_MOST_JOBS = 2
"""So many jobs are kept unpacked: what a worker needs now, and what it needed before."""


class Stamp(NamedTuple):
    """What must be the same here and there, so that a run is: Python, cisim, and its model."""

    python: str
    cisim: str
    model: str

    def unlike(self, other: Stamp) -> str:
        """Return in what a worker with `other` differs, in words; empty if in nothing."""
        if other.python != self.python:
            return f"has Python {other.python} and this is {self.python}"
        if other.cisim != self.cisim:
            return f"has cisim {other.cisim} and this is {self.cisim}"
        if other.model != self.model:
            return f"has another cisim {self.cisim}: the code of its model is not the same"
        return ""


@cache
def stamp() -> Stamp:
    """Return that of this process."""
    major, minor, *_ = sys.version_info
    return Stamp(f"{major}.{minor}", __version__, source_hash())


class Job(NamedTuple):
    """A job as it travels: under which number, and everything that it needs.

    function : "module:name"
    code     : a hash of its module's code
    policies : those that act in its runs
    shared   : pickled
    """

    number: str
    function: str
    code: str
    policies: tuple[Policy, ...]
    shared: bytes


class Answer(NamedTuple):
    """What came of a chunk.

    results : pickled list of (piece, result), as far as it came
    pieces  : how many these are
    seconds, longest : what all and the longest of them took
    worker  : the address of who did it
    hung    : the piece that did not end, None if all did
    wants   : whether it needs the job first
    refused : why it does nothing, in words; empty if it did
    """

    results: bytes = b""
    pieces: int = 0
    seconds: float = 0.0
    longest: float = 0.0
    worker: str = ""
    hung: int | None = None
    wants: bool = False
    refused: str = ""


def look(asked_by: Stamp, sent: bytes) -> str:
    """Take a job; return why this worker cannot do it, in words, empty if it can."""
    unlike = asked_by.unlike(stamp())
    if unlike:
        return unlike  # what was sent is not even opened
    job: Job = pickle.loads(sent)
    try:
        function = found(job.function)
        code = code_of(function)
    except Exception as error:  # what a module does as it is imported is its own
        return f"cannot import {job.function} ({type(error).__name__}: {error})"
    if code != job.code:
        return f"has other code in {job.function.partition(':')[0]}"
    try:
        for policy in job.policies:
            policy.found()
    except InputError as error:
        return f"cannot have a policy: {str(error).rstrip('.')}"
    with _lock:
        _jobs[job.number] = _Taken(function, job.shared)
        _jobs.move_to_end(job.number)
        while len(_jobs) > _MOST_JOBS:
            _jobs.popitem(last=False)
    return ""


def found(function: str) -> Any:
    """Return the function of "module:name"."""
    home, _, name = function.partition(":")
    return reduce(getattr, name.split("."), import_module(home))


def cannot_import(error: BaseException) -> bool:
    """Return whether a worker could not import what it was sent; Dask tells some errors as text."""
    return isinstance(error, ImportError) or "ModuleNotFoundError(" in str(error)


def code_of(function: Any) -> str:
    """Return a hash of the code of a function's module; empty where there is no source."""
    file = getattr(sys.modules[function.__module__], "__file__", None)
    try:
        return code_hash([(function.__module__, Path(str(file)).read_bytes())])
    except (OSError, SyntaxError, ValueError):
        return ""


class _Taken:
    """A job that this worker has: each thread works with a copy of what is shared."""

    def __init__(self, function: Any, shared: bytes) -> None:
        self.function, self.packed = function, shared
        self.idle: list[Any] = []

    def take(self) -> Any:
        with _lock:
            if self.idle:
                return self.idle.pop()
        return pickle.loads(self.packed)


_jobs: OrderedDict[str, _Taken] = OrderedDict()
_lock = threading.Lock()


def do(
    number: str, asked_by: Stamp, indexes: Sequence[int], patience: float, sent: bytes | None
) -> Answer:
    """Do the pieces of a chunk.

    patience : seconds after which a piece is believed never to end; it is left behind
    sent     : the job, if it was not sent before
    """
    from distributed import get_worker

    worker = get_worker().address
    with _lock:
        taken = _jobs.get(number)
    if taken is None:
        if sent is None:
            refused = asked_by.unlike(stamp())
            return Answer(worker=worker, wants=not refused, refused=refused)
        refused = look(asked_by, sent)
        if refused:
            return Answer(worker=worker, refused=refused)
        with _lock:
            taken = _jobs[number]
    return _Watched(taken, indexes).answer(patience)._replace(worker=worker)


class _Watched:
    """A thread that does pieces, of which another can say that it does not come to an end."""

    def __init__(self, taken: _Taken, indexes: Sequence[int]) -> None:
        self.taken, self.indexes = taken, indexes
        self.results: list[tuple[int, Any]] = []
        self.at = time.monotonic()
        self.longest = 0.0
        self.thread = threading.Thread(target=self._do, daemon=True)

    def answer(self, patience: float) -> Answer:
        began = time.monotonic()
        self.thread.start()
        while self.thread.is_alive():
            left = self.at + patience - time.monotonic()
            if left <= 0.0:
                done = list(self.results)
                hung = self.indexes[len(done)] if len(done) < len(self.indexes) else None
                return self._packed(done, began)._replace(hung=hung)
            self.thread.join(min(left, 60.0))
        return self._packed(self.results, began)

    def _packed(self, results: list[tuple[int, Any]], began: float) -> Answer:
        try:
            packed = pickle.dumps(results)
        except Exception:
            packed = pickle.dumps([(index, _sendable(index, result)) for index, result in results])
        seconds = time.monotonic() - began
        return Answer(packed, len(results), seconds, self.longest)

    def _do(self) -> None:
        with hosted():
            shared = self.taken.take()
            for index in self.indexes:
                self.at = time.monotonic()
                try:
                    result = self.taken.function(shared, index)
                except BaseException as error:
                    result = fault_of(index, error)
                self.longest = max(self.longest, time.monotonic() - self.at)
                self.results.append((index, result))
        with _lock:
            self.taken.idle.append(shared)


def _sendable(index: int, result: Any) -> Any:
    try:
        pickle.dumps(result)
    except Exception as error:
        return fault_of(index, error)
    return result
