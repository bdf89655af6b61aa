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
"""

from __future__ import annotations

import atexit
import dis
import hashlib
import os
import pickle
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

import llvmlite  # type: ignore[import-untyped]
import numba
from numba.core.compiler import CompileResult
from numba.core.registry import cpu_target
from numba.core.serialize import dumps

from cisim.model.sources import cache_base, source_hash, write_whole

_HANDED_ON = "CISIM_TEMPORARY_KERNELS"
"""Names the temporary folder to the processes that this one starts."""
_DIGEST = 32

_used: set[str] = set()
"""The files that this process has read or written."""
_place: Place | None = None


class Place(NamedTuple):
    """Folders that are read, in order; the last is written. And why nothing stays, if so."""

    folders: tuple[Path, ...]
    lost: str = ""


def is_compiled() -> bool:
    """Return whether everything that a run needs is kept for this code and this processor."""
    return bool(numba.config.DISABLE_JIT) or _complete(*place().folders)


def note_complete() -> None:
    """Write down that what this process has used is all that a run needs."""
    if _used and not is_compiled():
        _write(_marker(), "\n".join(sorted(_used)).encode())


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
    return f"complete-{_hash(_processor())}"


def _processor() -> str:
    return repr(cpu_target.target_context.codegen().magic_tuple())


def _complete(*folders: Path) -> bool:
    for folder in folders:
        with suppress(OSError, ValueError):
            needed = (folder / _marker()).read_text("utf-8").split("\n")
            if all(any((one / name).is_file() for one in folders) for name in needed):
                return True
    return False


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _write(name: str, content: bytes) -> None:
    """Write a file in one go; if that cannot be, to a temporary folder from here on."""
    global _place
    folders = place().folders
    try:
        write_whole(folders[-1] / name, content)
    except OSError as error:
        if place().lost:
            return
        _place = _temporary(folders[-1], error)
        _write(name, content)


class Shelf:
    """The kept results of one kernel, as numba's dispatcher asks for them."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.name = f"{function.__module__}.{function.__qualname__}".replace("<", "").replace(
            ">", ""
        )
        self.function = function

    @property
    def cache_path(self) -> str:
        """Return the folder that is written."""
        return str(place().folders[-1])

    def load_overload(self, signature: Any, context: Any) -> Any:
        """Return what was compiled for a signature, None if nothing is kept."""
        context.refresh()
        name = self._file(signature)
        for folder in place().folders:
            with suppress(OSError):
                content = (folder / name).read_bytes()
                digest, packed = content[:_DIGEST], content[_DIGEST:]
                if hashlib.sha256(packed).digest() == digest:
                    _used.add(name)
                    return CompileResult._rebuild(context, *pickle.loads(packed))
        return None

    def save_overload(self, signature: Any, result: Any) -> None:
        """Keep what was compiled for a signature."""
        if result.library.has_dynamic_globals or result.lifted:
            raise RuntimeError(f"{self.name} cannot be kept: it holds addresses of this process")
        packed = dumps(result._reduce())
        name = self._file(signature)
        _write(name, hashlib.sha256(packed).digest() + packed)
        _used.add(name)

    def _file(self, signature: Any) -> str:
        code = _steps(self.function.__code__)
        return f"{self.name}-{_hash(f'{signature!r} {_processor()} {code}')}"


def _steps(code: CodeType) -> str:
    """Return a function's bytecode as text, without lines and docstrings."""
    steps = []
    for step in dis.get_instructions(code):
        what = _steps(step.argval) if isinstance(step.argval, CodeType) else repr(step.argval)
        steps.append(f"{step.opname} {what}")
    return "\n".join(steps)
