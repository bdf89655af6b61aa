"""A scheduler of Dask and its workers as processes on this machine, for tests that end some."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ONCE = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
"""What is lost is told at once: whoever asked tries it again, as docs/cluster.md advises."""


class Processes:
    """A scheduler, and the workers that were added."""

    def __init__(self, path: Sequence[Path] = ()) -> None:
        self.path = [*path, HERE, ROOT]
        self.workers: list[subprocess.Popen[bytes]] = []
        self.folder = tempfile.TemporaryDirectory()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            place = str(free.getsockname()[1])
        self.address = f"tcp://127.0.0.1:{place}"
        self.scheduler = self._start("scheduler", "--port", place, "--no-show")

    def _start(self, what: str, *more: str) -> subprocess.Popen[bytes]:
        path = os.pathsep.join(str(one) for one in self.path)
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{what}", "--host", "127.0.0.1",
             "--no-dashboard", *more],
            env={**os.environ, **ONCE, "PYTHONPATH": path},
            cwd=self.folder.name,  # where they start is looked for modules first
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def add(self, *more: str, path: Sequence[Path] = ()) -> None:
        """Start a worker."""
        before, self.path = self.path, [*path, *self.path]
        try:
            self.workers.append(
                self._start("worker", self.address, "--nthreads", "1", "--local-directory",
                            self.folder.name, *more)
            )  # fmt: skip
        finally:
            self.path = before

    def end(self) -> None:
        for process in [*self.workers, self.scheduler]:
            if process.poll() is None:
                process.terminate()
        end = time.monotonic() + 10
        for process in [*self.workers, self.scheduler]:
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.folder.cleanup()


def python(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a script that finds cisim and the tests' pieces."""
    path = os.pathsep.join([str(HERE), str(ROOT)])
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
    )


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a worker with the nanny that would start it again."""
    some = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
    for one in reversed(some):
        one.kill()


@contextmanager
def processes(workers: int, *more: str) -> Iterator[Processes]:
    """Start a scheduler and so many workers; end them."""
    cluster = Processes()
    try:
        for _ in range(workers):
            cluster.add(*more)
        yield cluster
    finally:
        cluster.end()
