"""Where compiled kernels are kept: one file each, in a folder that never holds old ones.

The folder's name is the hash of the model's code (cisim.model.sources: without comments and
docstrings) and of what compiles it: numba, llvmlite, Python. A file's name is the kernel's and a
hash of its bytecode, of the types it is called with and of the processor. So a comment, a moved
line or a second checkout finds what is there, and other code never does. (Numba's own cache knows
a file by its path, its first line and its time, and does not see a change in a called function.)
What an error inside a kernel says of its line may be as old as the compiled code.

The folder is under CISIM_CACHE, else in the user's cache. One that cannot be written is read.
Where neither what is needed is there nor can be kept, a temporary folder serves this process and
those that it starts, and `not_kept` says so.

Once a run has found or compiled everything, `note_complete` writes which files that took, and
`is_compiled` is true as long as they are all there: an interrupted compilation does not count.
Who starts to compile says so first with `tell_compiling`, once in each process.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

import llvmlite  # type: ignore[import-untyped]
import numba
from llvmlite import binding

from cisim.model.sources import cache_base, source_hash, write_whole

_HANDED_ON = "CISIM_TEMPORARY_KERNELS"
"""Names the temporary folder to the processes that this one starts."""
COMPILING = "Compiling the model (about half a minute, once after each change of it) ..."

_used: set[str] = set()
"""The files that this process has read or written."""
_told = False
_place: Place | None = None


class Place(NamedTuple):
    """Folders that are read, in order; the last is written. And why nothing stays, if so."""

    folders: tuple[Path, ...]
    lost: str = ""


def _on_standard_error(sentence: str) -> None:
    if sys.stderr is not None:
        with suppress(OSError, ValueError):  # it is closed, or nobody reads it
            print(sentence, file=sys.stderr, flush=True)


def is_compiled() -> bool:
    """Return whether everything that a run needs is kept for this code and this processor."""
    return bool(numba.config.DISABLE_JIT) or _complete(*place().folders)


def note_complete() -> None:
    """Write down that what this process has used is all that a run needs."""
    files = _used or _of_numba()
    if files and not is_compiled():
        keep(_marker(), "\n".join(sorted(files)).encode())


def tell_compiling(say: Callable[[str], None] | None = _on_standard_error) -> None:
    """Say that the model is being compiled, unless this process has called this before.

    say : None says nothing, now and later
    """
    global _told
    if not _told and say is not None:
        say(COMPILING)
    _told = True


def not_kept() -> str:
    """Return a sentence for the user if compiled code cannot be kept, else an empty one."""
    lost = place().lost
    if not lost:
        return ""
    return (
        f"The compiled model cannot be kept ({lost}), so each call compiles it again; "
        f"name a folder that can be written with CISIM_CACHE."
    )


def place() -> Place:
    """Return where compiled kernels are looked for and written.

    Decided once, and for the processes that this one starts, so ask before starting any.
    """
    global _place
    if _place is None:
        _place = _decided()
    return _place


def _decided() -> Place:
    made = hashlib.sha256(
        f"{numba.__version__} {llvmlite.__version__} {sys.implementation.cache_tag}".encode()
    )
    folder = cache_base() / f"kernels-{source_hash()}-{made.hexdigest()[:8]}"
    handed = os.environ.get(_HANDED_ON)
    if handed and Path(handed).is_dir():
        return Place((folder, Path(handed)))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        return Place((folder,)) if _complete(folder) else _temporary(folder, error)
    return Place((folder,))


def _temporary(folder: Path, error: OSError) -> Place:
    """Return a place that lasts as long as this process, beside a folder that is only read."""
    lost = f"{folder.parent}: {error.strerror or error}"
    owner = os.getpid()
    try:
        other = Path(tempfile.mkdtemp(prefix="cisim-kernels-"))
    except OSError:
        return Place((folder,), lost)
    os.environ[_HANDED_ON] = str(other)

    def clear() -> None:
        if os.getpid() == owner:
            shutil.rmtree(other, ignore_errors=True)

    atexit.register(clear)
    return Place((folder, other), lost)


@cache
def _marker() -> str:
    """Return the name of the list of what a run needs on this kind of processor."""
    return f"complete-{short_hash(processor())}"


@cache
def processor() -> str:
    """Return what compiled code depends on besides its source: the processor as numba takes it."""
    name = numba.config.CPU_NAME or binding.get_host_cpu_name()
    able = numba.config.CPU_FEATURES
    able = binding.get_host_cpu_features().flatten() if able is None else able
    return f"{binding.get_default_triple()} {name} {able}"


def _complete(*folders: Path) -> bool:
    for folder in folders:
        with suppress(OSError, ValueError):
            needed = (folder / _marker()).read_text("utf-8").split("\n")
            if all(any((one / name).is_file() for one in folders) for name in needed):
                return True
    return False


def short_hash(text: str) -> str:
    """Return 16 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def kept(name: str) -> Iterator[bytes]:
    """Yield what is kept under a name, from each folder that has it."""
    for folder in place().folders:
        with suppress(OSError):
            yield (folder / name).read_bytes()


def keep(name: str, content: bytes) -> None:
    """Write a file in one go; if that cannot be, to a temporary folder from here on."""
    global _place
    folders = place().folders
    try:
        write_whole(folders[-1] / name, content)
    except OSError as error:
        if place().lost:
            return
        _place = _temporary(folders[-1], error)
        keep(name, content)


def note_used(name: str) -> None:
    """Note that this process has read or kept a file."""
    _used.add(name)


def _of_numba() -> set[str]:
    """Return what numba has kept in its own way, in the folder that is written."""
    folder = place().folders[-1]
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.nb[ci]")}
