"""Many independent pieces of work, one after the other or in processes that stay.

A piece is `function(shared, index)`: it depends on nothing else, so any number of workers, any
order and any cutting into chunks give the same bits. The processes are spawned once, kept for the
next call and closed when Python ends. They do not import the caller's script again, so a notebook,
`python -c` or a script without an `if __name__ == "__main__"` can ask too.

What goes wrong costs no more than itself. A piece that raises is quarantined. Where a process is
killed, everything it may have been doing is done again alone: first the chunk, then its pieces one
by one, and a piece that kills again is quarantined. Ctrl-C lets the pieces under way finish and
keeps what is done; a second Ctrl-C does not wait for them.
"""

from __future__ import annotations

import atexit
import gc
import os
import pickle
import signal
import sys
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib.util import find_spec
from multiprocessing import connection, current_process, parent_process, spawn
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.util import Finalize
from operator import index as whole
from typing import Any, NamedTuple

from cisim.model.cache import place
from cisim.model.input_error import InputError, shown

Function = Callable[[Any, int], Any]
Keep = Callable[[int, Any], None]
Progress = Callable[[int, int], None]
Say = Callable[[str], None]

CHUNK_SECONDS = 1.0
"""What a chunk should take: long enough that sending it costs nothing, short enough to watch."""
_LOOK_SECONDS = 0.1
_SILENT_SECONDS = 2.0
"""After the end of a process its pool should know; later its supervisor helps."""
_MOST_STILLBORN = 3
"""So many pools in a row that die before they work mean that none will."""
_PREFIX = "cisim-worker"


class Fault(NamedTuple):
    """A piece of work that is quarantined: its number, why, and the kind of the exception."""

    piece: int
    reason: str
    kind: str


class Ending(NamedTuple):
    """How it ended: what is quarantined, in order, and whether it was stopped before the end."""

    failed: list[Fault]
    incomplete: bool


def processors() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not Linux
        return os.cpu_count() or 1


def count_workers(workers: int | None, say: Say | None = None) -> int:
    """Return how many workers are used: all processors for None, never more than there are.

    In a process that another one started to share its own work, None means one.

    Raises InputError if `workers` is not a whole number of at least 1.
    """
    there = processors()
    if workers is None:
        return 1 if is_child() else there
    asked = whole_number("workers", workers, 1, None)
    if asked <= there:
        return asked
    if say is not None:
        has = "1 processor, so 1 is" if there == 1 else f"{there} processors, so {there} are"
        say(f"workers is {asked}; this machine has {has} used.")
    return there


def is_child() -> bool:
    """Return whether a pool made this process: multiprocessing's, joblib's or one of ours."""
    return parent_process() is not None or current_process().name != "MainProcess"


def whole_number(field: str, value: object, low: int, high: int | None) -> int:
    """Return `value` as an int.

    Raises InputError, with field, value and what is allowed, if it is none from low to high.
    """
    allowed = f"at least {low}" if high is None else f"{low} to {high:,}"
    try:
        number = whole(value)  # type: ignore[arg-type]
    except TypeError:
        number = None
    if (
        number is None
        or isinstance(value, bool)
        or number < low
        or (high is not None and number > high)
    ):
        raise InputError(f"{field} is {shown(value)}; allowed is a whole number, {allowed}.")
    return int(number)


def execute(
    function: Function,
    shared: Any,
    indexes: Sequence[int],
    keep: Keep,
    *,
    workers: int = 1,
    together: int = 1,
    progress: Progress | None = None,
    say: Say | None = None,
) -> Ending:
    """Call `function(shared, index)` for every index; hand each result to `keep(index, result)`.

    function : a function of a module, not of the caller's script, as workers import it
    keep     : called here, in the order in which the results arrive
    together : so many neighbours, from the first on, go to the same process where nothing fails
    progress : called with how many are done, failed ones included, and how many there are; it may
               raise KeyboardInterrupt to stop as Ctrl-C does
    say      : called with a sentence for the user

    Raises InputError, before anything starts, if workers cannot import the function.
    """
    if workers > 1:
        _check_importable(function)
    run = _Run(
        function, shared, keep, progress or _nothing, say or _nothing, len(indexes), together
    )
    with _interrupts() as interrupts:
        if workers > 1 and len(indexes) > 1:
            payload = pickle.dumps(shared)
            with _using:
                left = _together(run, payload, indexes, workers, interrupts)
        else:
            left = indexes
        if left and not interrupts.count:
            _one_by_one(run, left, interrupts)
    return Ending(sorted(run.failed), run.done < len(indexes))


class _Run:
    """What one call has to do and has done."""

    def __init__(
        self,
        function: Function,
        shared: Any,
        keep: Keep,
        progress: Callable[..., None],
        say: Callable[..., None],
        total: int,
        together: int,
    ) -> None:
        self.function, self.shared, self.keep = function, shared, keep
        self.progress, self.say, self.total = progress, say, total
        self.together = together
        self.failed: list[Fault] = []
        self.done = 0

    def arrived(self, index: int, result: Any) -> None:
        if isinstance(result, Fault):
            self.failed.append(result)
        else:
            self.keep(index, result)
        self.done += 1


def _nothing(*_: object) -> None:
    pass


def _check_importable(function: Any) -> None:
    home, name = getattr(function, "__module__", None), getattr(function, "__qualname__", None)
    if isinstance(home, str) and home != "__main__" and isinstance(name, str):
        found: Any = sys.modules.get(home)
        for part in name.split("."):
            found = getattr(found, part, None)
        with suppress(ImportError, ValueError, AttributeError):
            if found is function and find_spec(home) is not None:
                return
    raise InputError(
        f"{name or shown(function)} of {home or 'no module'} cannot be imported by workers; "
        f"allowed is a function of a module that Python can import, or one worker."
    )


def _fault(index: int, error: BaseException) -> Fault:
    kind, text = type(error).__name__, " ".join(str(error).split())
    if isinstance(error, InputError):
        return Fault(index, text, kind)
    return Fault(index, f"{kind}: {text}" if text else kind, kind)


# --- Ctrl-C ----------------------------------------------------------------------------------


class _Interrupts:
    """How often the user has pressed Ctrl-C, and whether a second one breaks off at once."""

    def __init__(self) -> None:
        self.count = 0
        self.abrupt = False

    def __call__(self, *_: object) -> None:
        self.count += 1
        if self.abrupt and self.count > 1:
            raise KeyboardInterrupt


@contextmanager
def _interrupts() -> Iterator[_Interrupts]:
    """Count Ctrl-C instead of raising it anywhere, where Python's own way is in force."""
    interrupts = _Interrupts()
    ours = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    if ours:
        signal.signal(signal.SIGINT, interrupts)
    try:
        yield interrupts
    finally:
        if ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)


# --- here ------------------------------------------------------------------------------------


def _one_by_one(run: _Run, indexes: Sequence[int], interrupts: _Interrupts) -> None:
    interrupts.abrupt = True
    try:
        for index in indexes:
            try:
                result = run.function(run.shared, index)
            except Exception as error:
                result = _fault(index, error)
            run.arrived(index, result)
            run.progress(run.done, run.total)
            if interrupts.count:
                return
    except KeyboardInterrupt:
        interrupts.count += 1


# --- in processes: the worker's side ---------------------------------------------------------

_stopped: Any = None
"""In a worker: a byte shared with the parent, 1 when it should stop after the piece under way."""


def _begin(stopped: Any) -> None:
    """Prepare a worker: Ctrl-C is the parent's business, and it does not outlive the parent."""
    global _stopped
    _stopped = stopped
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.collect()
    gc.freeze()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _ready() -> None:
    """Do nothing, which shows that a worker starts."""


@lru_cache(maxsize=2)
def _unpacked(payload: bytes) -> Any:
    return pickle.loads(payload)


def _work(
    function: Function, payload: bytes, indexes: Sequence[int]
) -> tuple[list[tuple[int, Any]], float]:
    """Return the results of a chunk as far as it came, and the seconds it took."""
    began = time.perf_counter()
    results: list[tuple[int, Any]] = []
    for index in indexes:
        if _stopped.value:
            break
        try:
            result = function(_unpacked(payload), index)
        except BaseException as error:
            result = _fault(index, error)
        results.append((index, result))
    return results, time.perf_counter() - began


# --- in processes: the pool ------------------------------------------------------------------

_using = threading.RLock()
"""One call at a time: who is to blame for a killed process must be clear."""
_starting = threading.Lock()
_CANNOT_START = (OSError, RuntimeError, AssertionError, ImportError)


class _Worker(SpawnProcess):
    """A spawned process that does not import the caller's script again and never sees Ctrl-C.

    Spawn imports `__main__` again so that functions defined there are found. Work is only ever a
    function of a module, and without it a script needs no guard and standard input can ask.
    """

    @staticmethod
    def _Popen(process_obj: Any) -> Any:
        prepare = spawn.get_preparation_data

        def prepare_without_main(name: str) -> dict[str, Any]:
            data = prepare(name)
            if name.startswith(_PREFIX):
                data.pop("init_main_from_name", None)
                data.pop("init_main_from_path", None)
            return data

        with _starting, _without_interrupts():
            spawn.get_preparation_data = prepare_without_main
            try:
                return SpawnProcess._Popen(process_obj)
            finally:
                spawn.get_preparation_data = prepare


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Keep Ctrl-C from a process that is being born: it inherits what is blocked."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing.resource_tracker import ensure_running

    ensure_running()  # starting it would unblock
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Context(SpawnContext):
    """Spawn, whatever the default start method is; remembers the processes it made."""

    def __init__(self) -> None:
        super().__init__()
        self.made: weakref.WeakSet[_Worker] = weakref.WeakSet()

    def Process(self, *args: Any, **kwargs: Any) -> _Worker:  # type: ignore[override]
        process = _Worker(*args, **kwargs)
        process.name = f"{_PREFIX}-{len(self.made) + 1}"
        self.made.add(process)
        return process


class _Pool:
    """Processes that stay, and the byte that tells them to stop."""

    def __init__(self, workers: int) -> None:
        place()  # where compiled kernels are kept is decided here, and known to its processes
        self.owner = os.getpid()
        self.workers = workers
        self.context = _Context()
        self.stopped = self.context.RawValue("b", 0)  # no lock: a killed worker would keep it
        self.executor = ProcessPoolExecutor(
            workers, mp_context=self.context, initializer=_begin, initargs=(self.stopped,)
        )
        # A child of multiprocessing ends without `atexit`, after it has waited for its children.
        Finalize(None, _end_here, exitpriority=100)
        # Each starts one process, as there is no idle one yet. The first may have ended already:
        # whoever sends the next piece learns that.
        self.ready: list[Future[Any]] = []
        with suppress(BrokenProcessPool):
            for _ in range(workers):
                self.ready.append(self.executor.submit(_ready))

    def works(self) -> bool:
        """Return whether any of its processes has started."""
        return any(one.done() and one.exception() is None for one in self.ready)

    def kill(self) -> None:
        for process in list(self.context.made):
            if process.is_alive():
                process.kill()
        # Of a result that was half sent the rest is awaited for ever, as the pipe's other end is
        # open here, too. There is no public way to close it.
        writer = getattr(getattr(self.executor, "_result_queue", None), "_writer", None)
        if writer is not None:
            with suppress(OSError):
                writer.close()

    def lost(self) -> bool:
        """Return whether one of its processes has ended."""
        return any(process.exitcode is not None for process in list(self.context.made))

    def close(self) -> None:
        self.executor.shutdown(wait=False, cancel_futures=True)


_pool: _Pool | None = None


def start(workers: int | None = None) -> None:
    """Begin to start the processes that a later call with as many workers will use.

    Returns at once; what goes wrong is met by that call.
    """
    number = count_workers(workers)
    if number > 1:
        with _using, suppress(*_CANNOT_START):
            _open(number)


def close() -> None:
    """End the processes; the next call starts new ones."""
    global _pool
    with _using:
        if _pool is not None and _pool.owner == os.getpid():
            _pool.close()
        _pool = None


def _end_here() -> None:
    """End the processes of a child, which waits for them before it ends."""
    if _pool is not None and _pool.owner == os.getpid() and is_child():
        _pool.kill()
    close()


atexit.register(close)


def _open(workers: int) -> _Pool:
    global _pool
    if _pool is None or _pool.owner != os.getpid() or _pool.workers != workers:
        close()
        _pool = _Pool(workers)
    return _pool


# --- in processes: the supervisor ------------------------------------------------------------


class _Chunk(NamedTuple):
    """Pieces that are sent together, and how often a process was killed that may have had them."""

    indexes: Sequence[int]
    killed: int = 0

    def apart(self) -> list[_Chunk]:
        return [_Chunk([index], 1) for index in self.indexes]


def _together(
    run: _Run, payload: bytes, indexes: Sequence[int], workers: int, interrupts: _Interrupts
) -> Sequence[int]:
    """Do the work in processes; return what is left where none can be started."""
    supervisor = _Supervisor(run, payload, indexes, workers, interrupts)
    try:
        supervisor.open()
        while supervisor.goes_on():
            try:
                supervisor.turn()
            except KeyboardInterrupt:
                interrupts.count += 1
    except _NoProcessError as error:
        run.say(f"No process can be started ({error}); the work is done in this one.")
        return supervisor.left()
    except BaseException:
        supervisor.abandon()
        raise
    return []


class _NoProcessError(Exception):
    pass


class _Supervisor:
    """Keeps the workers busy with chunks of about CHUNK_SECONDS and finds who kills them."""

    def __init__(
        self,
        run: _Run,
        payload: bytes,
        indexes: Sequence[int],
        workers: int,
        interrupts: _Interrupts,
    ) -> None:
        self.run, self.payload, self.indexes = run, payload, indexes
        self.workers, self.interrupts = workers, interrupts
        self.next = 0
        self.size = 1
        self.suspects: deque[_Chunk] = deque()
        self.under_way: dict[Future[Any], _Chunk] = {}
        self.stopping = False
        self.stillborn = 0
        self.silent = 0.0

    def open(self) -> None:
        """Take the pool that is there, or a new one."""
        try:
            self.pool = _open(self.workers)
        except _CANNOT_START as error:
            raise _NoProcessError(str(error)) from error
        self.pool.stopped.value = 0

    def goes_on(self) -> bool:
        if self.stopping:
            return bool(self.under_way)
        return self.next < len(self.indexes) or bool(self.suspects) or bool(self.under_way)

    def left(self) -> list[int]:
        """Return the indexes of which nothing is known yet."""
        some = [index for chunk in [*self.under_way.values(), *self.suspects] for index in chunk[0]]
        return sorted(some) + list(self.indexes[self.next :])

    def turn(self) -> None:
        """Send what can be sent, wait a moment, take what has come."""
        if self.interrupts.count and not self.stopping:
            self.stopping = True
            self.pool.stopped.value = 1
        if self.interrupts.count > 1:
            self.abandon()
            return
        try:
            self._send()
        except BrokenProcessPool:
            self._mourn()
            return
        except OSError as error:
            raise _NoProcessError(str(error)) from error
        arrived, _ = wait(self.under_way, _LOOK_SECONDS, FIRST_COMPLETED)
        for future in arrived:
            if isinstance(future.exception(), BrokenProcessPool):
                self._mourn()
                return
            self._take(future)
        if arrived:
            self.silent = 0.0
            self.run.progress(self.run.done, self.run.total)
        elif self.pool.lost():
            self.silent += _LOOK_SECONDS
            if self.silent > _SILENT_SECONDS:  # nobody noticed: it ended while it sent a result
                self.pool.kill()
                self.silent = 0.0

    def abandon(self) -> None:
        """Kill the workers with what they have under way."""
        self.stopping = True
        self.under_way.clear()
        self.pool.kill()
        close()

    def _send(self) -> None:
        while not self.stopping:
            if self.suspects:
                if self.under_way:
                    return
                self._submit(self.suspects[0])
                self.suspects.popleft()
            elif self.next < len(self.indexes) and len(self.under_way) <= self.workers:
                fair = -(-(len(self.indexes) - self.next) // (2 * self.workers))
                end = self.next + max(1, min(self.size, fair))
                end = min(end + -end % self.run.together, len(self.indexes))
                self._submit(_Chunk(self.indexes[self.next : end]))
                self.next = end
            else:
                return

    def _submit(self, chunk: _Chunk) -> None:
        future = self.pool.executor.submit(_work, self.run.function, self.payload, chunk.indexes)
        self.under_way[future] = chunk

    def _take(self, future: Future[Any]) -> None:
        chunk = self.under_way.pop(future)
        error = future.exception()
        if error is None:
            results, seconds = future.result()
            for index, result in results:
                self.run.arrived(index, result)
            if results:
                self.size = max(1, int(CHUNK_SECONDS * len(results) / max(seconds, 1e-6)))
        elif len(chunk.indexes) == 1:
            self.run.arrived(chunk.indexes[0], _fault(chunk.indexes[0], error))
        else:
            self.suspects.extend(chunk.apart())

    def _mourn(self) -> None:
        """A process was killed: take what still came, open a new pool, look for the cause."""
        wait(self.under_way)
        works = self.pool.works()
        for future in list(self.under_way):
            if not isinstance(future.exception(), BrokenProcessPool):
                self._take(future)
        self.stillborn = 0 if works else self.stillborn + 1
        if self.stillborn == _MOST_STILLBORN:
            raise _NoProcessError("it ends at once")
        alone = len(self.under_way) == 1
        for chunk in self.under_way.values():
            killed = chunk.killed + works  # one that had not started has done nothing yet
            if killed < 2 or not alone:
                self.suspects.append(_Chunk(chunk.indexes, killed))
            elif len(chunk.indexes) > 1:
                self.suspects.extend(chunk.apart())
            else:
                index = chunk.indexes[0]
                reason = "its process was killed, and again when it ran alone (out of memory?)"
                self.run.arrived(index, Fault(index, reason, "Killed"))
        self.under_way.clear()
        close()
        if not self.stopping:
            self.open()
        self.run.progress(self.run.done, self.run.total)
