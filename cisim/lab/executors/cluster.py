"""A cluster of Dask as a place to do work: who may help is asked before anything starts."""

from __future__ import annotations

import io
import logging
import pickle
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from typing import Any

from cisim.lab.executors.driver import Driver, LostError, UnlikeError
from cisim.lab.executors.guest import is_guest, tell_guest
from cisim.lab.executors.importing import check_importable
from cisim.lab.executors.interrupts import Interrupts
from cisim.lab.executors.there import Job, cannot_import, code_of, look, stamp
from cisim.lab.executors.work import Run, check_timeout
from cisim.lab.extras import needed
from cisim.model.input_error import InputError, printable, shown
from cisim.model.told import Sentences
from cisim.world.policy import Policy

SAYS = Sentences(
    "cluster",
    alike="allowed are workers with this Python and this cisim",
    address=(
        "cluster is {where}; allowed is the address of a scheduler, as tcp://host:8786, or a "
        "distributed.Client."
    ),
    lost=(
        "The scheduler at {address} was lost; what is finished is kept. The same command goes on "
        "from there, on a cluster or without one."
    ),
    stopped="The work was stopped, and what is finished is kept: {why}; {alike}.",
    no_scheduler=(
        "cluster is {address}, and no scheduler of Dask answers there ({why}); allowed is an "
        "address such as tcp://host:8786."
    ),
    no_worker_yet="The cluster has no worker yet; the work begins as soon as one comes.",
    no_cisim="has no cisim, or another than {cisim} ({why})",
    unasked="cannot be asked ({name}: {why})",
    unlike="worker {worker} {faults}; {alike}.",
)

CONNECT_SECONDS = 10.0
_ALIKE = SAYS("alike")


class Cluster:
    """The workers of a Dask scheduler.

    where   : its address, "tcp://host:8786", or a distributed.Client
    timeout : seconds that a piece may take before it is left behind and its worker restarted; it is
              tried once more and then quarantined. None for half an hour, or a hundred times the
              longest so far if that is longer; math.inf for ever

    The connection stays for the next call; `close`, or the end of a `with`, ends one that was made
    here. Raises InputError if distributed is not installed, or something given is wrong.
    """

    def __init__(self, where: Any, timeout: float | None = None) -> None:
        self._dask = needed("distributed", "cluster")
        client = isinstance(where, self._dask.Client)
        if not client and (not isinstance(where, str) or not where.strip()):
            raise InputError(SAYS("address", where=shown(where)))
        if client and where.asynchronous:
            raise InputError(
                "cluster is an asynchronous client; allowed is one with asynchronous=False."
            )
        self.timeout = check_timeout(timeout)
        self._address = "" if client else where.strip()
        self._client: Any = where if client else None

    def __repr__(self) -> str:
        return f"Cluster({self._address or self._client!r})"

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection, if it was made here."""
        if self._address and self._client is not None:
            with _silence(), suppress(Exception):
                self._client.close(timeout=2)
            self._client = None

    def work(self, run: Run, interrupts: Interrupts) -> Sequence[int]:
        """Do the work there; what is not done when the scheduler is lost stays undone.

        Raises InputError, before anything starts, if there is no scheduler, or a worker has another
        Python, another cisim, or cannot import the function or a policy.
        """
        if is_guest():
            tell_guest("executor is a cluster", run.asker)
            return run.indexes
        check_importable(run.function)
        with _silence() if self._address else nullcontext():
            client = self._connected()
            job = _job(run)
            try:
                if self._wait_for_workers(client, run, interrupts):
                    self._check(client, job)
                    Driver(client, run, job, self.timeout, interrupts).go()
            except LostError:
                run.say(SAYS("lost", address=self._named(client)))
                self.close()
            except UnlikeError as error:
                run.say(SAYS("stopped", why=error, alike=_ALIKE))
        return []

    def _named(self, client: Any) -> str:
        return self._address or str(getattr(client.scheduler, "address", "") or "an address")

    def _connected(self) -> Any:
        if self._client is not None and self._client.status == "running":
            return self._client
        if not self._address:
            raise InputError("cluster is a client that is closed; allowed is one that is open.")
        try:
            self._client = self._dask.Client(
                self._address, timeout=CONNECT_SECONDS, set_as_default=False, name="cisim"
            )
        except Exception as error:  # of a loop that does not start Dask asserts, without a word
            why = " ".join(str(error).split()).rstrip(".")[:200] or type(error).__name__
            raise InputError(
                SAYS("no_scheduler", address=shown(self._address), why=printable(why))
            ) from None
        return self._client

    def _wait_for_workers(self, client: Any, run: Run, interrupts: Interrupts) -> bool:
        """Return whether a worker has come before Ctrl-C; say so if there is none yet."""
        told = False
        while not interrupts.count:
            try:
                if client.nthreads():
                    return True
                if not told:
                    told = True
                    run.say(SAYS("no_worker_yet"))
                client.wait_for_workers(1, timeout=1)
            except TimeoutError:
                continue
            except KeyboardInterrupt:
                interrupts.count += 1
            except Exception as error:
                raise LostError from error
        return False

    def _check(self, client: Any, job: Job) -> None:
        """Ask each worker whether it can do the job; raises InputError if one cannot.

        Its Python is asked for in Dask's own words first, which any worker understands.
        """
        try:
            for worker, has in client.get_versions()["workers"].items():
                python = ".".join(str(has["host"]["python"]).split(".")[:2])
                _refuse(worker, stamp().unlike(stamp()._replace(python=python)))
            answers = client.run(look, stamp(), pickle.dumps(job), on_error="return")
        except InputError:
            raise
        except Exception as error:
            raise LostError from error
        for worker, said in answers.items():
            if isinstance(said, BaseException) and cannot_import(said):
                said = SAYS("no_cisim", cisim=stamp().cisim, why=said)
            elif isinstance(said, BaseException):
                said = SAYS("unasked", name=type(said).__name__, why=said)
            _refuse(worker, said)


def _refuse(worker: str, why: str) -> None:
    if why:
        raise InputError(
            SAYS("unlike", worker=worker, faults=printable(" ".join(why.split())), alike=_ALIKE)
        )


class _Packer(pickle.Pickler):
    """Pickles what is shared, and notes the policies in it."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.policies: list[Policy] = []

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, Policy) and obj not in self.policies:
            self.policies.append(obj)
        return NotImplemented


def _job(run: Run) -> Job:
    file = io.BytesIO()
    packer = _Packer(file)
    packer.dump(run.shared)
    function: Any = run.function
    return Job(
        secrets.token_hex(8),
        f"{function.__module__}:{function.__qualname__}",
        code_of(function),
        tuple(packer.policies),
        file.getvalue(),
    )


@contextmanager
def _silence() -> Iterator[None]:
    """Let Dask log nothing meanwhile: what a user has to know is said in a sentence."""
    loggers = [
        logger
        for name, logger in logging.root.manager.loggerDict.items()
        if name.partition(".")[0] == "distributed" and isinstance(logger, logging.Logger)
    ]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, was in zip(loggers, before, strict=True):
            logger.disabled = was
