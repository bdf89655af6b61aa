"""Compiled kernels, and a cache of them that never returns old numbers.

Numba's own cache does not notice a change in a compiled function of another file. The cache here
therefore lives in a folder of the user's whose name is a hash of every source under `model/` and
of numba's version: another source, another folder. Numba's setting is changed only while a
kernel is declared, so that other users of numba in the same process keep theirs.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic
from platformdirs import user_cache_path

Function = TypeVar("Function", bound=Callable[..., Any])

KERNELS: dict[str, Any] = {}
"""Every kernel by module and name, so that a test can hold each to one signature."""


@cache
def source_hash() -> str:
    """Return a hash of the model's sources and of numba's version, 16 hexadecimal digits."""
    digest = hashlib.sha256(numba.__version__.encode())
    here = Path(__file__).parent
    for path in sorted(here.rglob("*.py")):
        digest.update(path.relative_to(here).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def cache_folder() -> Path | None:
    """Return the folder that holds the compiled kernels, None where none can be written."""
    base = os.environ.get("CISIM_CACHE")
    folder = (Path(base) if base else user_cache_path("cisim")) / f"kernels-{source_hash()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


def is_compiled() -> bool:
    """Return whether an earlier run has left compiled kernels for exactly these sources."""
    folder = cache_folder()
    return folder is not None and any(folder.rglob("*.nbc"))


def kernel(function: Function) -> Function:
    """Compile `function` on its first call, without fast mathematics, and keep the result."""
    folder = cache_folder()
    before = numba.config.CACHE_DIR
    try:
        if folder is not None:
            numba.config.CACHE_DIR = str(folder)
        compiled = njit(cache=folder is not None, error_model="numpy", nogil=True)(function)
    finally:
        numba.config.CACHE_DIR = before
    KERNELS[f"{function.__module__}.{function.__qualname__}"] = compiled
    return compiled


def inlined(function: Callable[..., Any]) -> Any:
    """Have compiled code take in the lines of `function` at each call; Python calls its `py_func`.

    For what only picks a kernel's arguments out of the state: as a function of its own, with the
    whole state for arguments, each would take a second to compile.
    """
    return njit(inline="always")(function)


@intrinsic
def borrowed(typing: Any, value: Any) -> Any:
    """Return arrays, in tuples of any depth, that are not counted as used.

    Counting each array for each kernel takes a fifth of a small world's run. Whoever calls the
    compiled code has to hold the arrays until it returns.
    """

    def build(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return _without_count(context, builder, value, given[0])

    return value(value), build


def _without_count(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    if isinstance(kind, types.Array):
        array = context.make_array(kind)(context, builder, value)
        array.meminfo = cgutils.get_null_value(array.meminfo.type)
        return array._getvalue()
    if isinstance(kind, types.BaseTuple):
        for place, part in enumerate(kind):
            one = builder.extract_value(value, place)
            one = _without_count(context, builder, part, one)
            value = builder.insert_value(value, one, place)
    return value
