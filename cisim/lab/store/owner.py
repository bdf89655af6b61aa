"""One driver at a time in a folder, or one for each shard of the same sweep.

The locks are the operating system's (by filelock): they end with the process, however that ends.
Who owns the whole folder holds its gate as long as it works. The driver of a shard holds the
shard's lock, and the gate only while it takes that: so no shard begins while the whole folder has
an owner, and nobody gets the whole folder while a shard has one.
"""

from __future__ import annotations

import errno
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from cisim.lab.disk import make_folder, unwritable
from cisim.model.input_error import InputError, printable
from cisim.model.told import Sentences

SAYS = Sentences(
    "owner",
    same_shard=(
        "out is {folder}, into which another run writes shard {number}/{of} just now; allowed is "
        "another shard of the {of}, another folder, or this one when that run has ended."
    ),
    other_count=(
        "shard is {number}/{of}, and another run writes shard {one}/{many} into {folder} just "
        "now; allowed is a shard of the same {many}."
    ),
    taken_shard=(
        "shard is {number}/{of}, which another run writes into {folder} just now; allowed is "
        "another shard, or this one when that run has ended."
    ),
    taken=(
        "out is {folder}, into which another run is writing just now; allowed is another folder, "
        "or this one when that run has ended."
    ),
)

_GATE = ".cisim-driver.lock"
_SHARD = ".cisim-shard-{}-of-{}.lock"
_SHARDS = re.compile(r"\.cisim-shard-(\d+)-of-(\d+)\.lock")
_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
PATIENCE = 10.0
"""Seconds that the driver of a shard waits for others that begin at the same moment."""

Shard = tuple[int, int]
"""Which one, from 1 on, and of how many."""


class Owner:
    """The locks of a driver.

    alone : whether locks can be had: some file systems know none, and a file that a killed run of
            another user has left cannot be opened
    """

    def __init__(self, folder: Path, shard: Shard | None) -> None:
        self.folder, self.shard = folder, shard
        self.alone = True
        self._held: list[Any] = []

    def take(self) -> None:
        """Take the folder, or the shard of it.

        Raises InputError if another driver has it, or if the folder cannot be written.
        """
        try:
            make_folder(self.folder)
            if self.shard is None:
                self._take_whole()
            else:
                self._take_shard(*self.shard)
        except OSError as error:
            self.release()
            theirs = isinstance(error, PermissionError) and os.access(self.folder, os.W_OK)
            if error.errno not in _NO_LOCKS and not theirs:
                raise unwritable(self.folder, error) from None
            self.alone = False
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Let others have it."""
        for lock in reversed(self._held):
            # Thrown away while it is held: who waits for it sees that and makes a new one.
            with suppress(OSError):
                Path(lock.lock_file).unlink()
            lock.release()
        self._held = []

    def _take_whole(self) -> None:
        if not self._try(_GATE):
            raise _taken(self.folder)
        for path in self._shards():
            if not self._try(path.name):
                number, of = _numbers(path.name)
                raise InputError(
                    SAYS("same_shard", folder=printable(self.folder), number=number, of=of)
                )

    def _take_shard(self, number: int, of: int) -> None:
        if not self._try(_GATE, PATIENCE):
            raise _taken(self.folder)
        # What can be taken belongs to nobody any more, and goes.
        for path in self._shards():
            one, many = _numbers(path.name)
            if (one, many) != (number, of) and not self._try(path.name) and many != of:
                raise InputError(
                    SAYS(
                        "other_count",
                        number=number,
                        of=of,
                        one=one,
                        many=many,
                        folder=printable(self.folder),
                    )
                )
        if not self._try(_SHARD.format(number, of)):
            raise InputError(
                SAYS("taken_shard", number=number, of=of, folder=printable(self.folder))
            )
        mine = self._held.pop()
        self.release()
        self._held = [mine]

    def _shards(self) -> list[Path]:
        return sorted(p for p in self.folder.iterdir() if _SHARDS.fullmatch(p.name))

    def _try(self, name: str, patience: float = 0.0) -> bool:
        from filelock import FileLock, Timeout

        lock = FileLock(self.folder / name, thread_local=False, fallback_to_soft=False)
        try:
            lock.acquire(timeout=patience)
        except Timeout:
            return False
        self._held.append(lock)
        return True


def _numbers(name: str) -> Shard:
    found = _SHARDS.fullmatch(name)
    assert found is not None
    return int(found[1]), int(found[2])


def _taken(folder: Path) -> InputError:
    return InputError(SAYS("taken", folder=printable(folder)))
