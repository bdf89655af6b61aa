"""Compiled kernels: what is called from Python is compiled once, with all that it calls.

A kernel that other compiled code calls is not compiled for itself: its lines go into the code of
the caller, and only that is optimised, made machine code and kept (see cisim.model.cache). Numba
alone would make each kernel callable from Python, optimise it, and optimise it again in each of
its callers, and would make a new kernel of it for each constant that it is called with.

That rests on numba's insides (cisim.model.linking), so it is done with the versions it was tried
with. With any other, numba compiles and keeps kernels alone: that takes longer and gives the same
numbers. Where `NUMBA_DISABLE_JIT=1` is set, kernels are plain Python: slow, with the same numbers.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import numba
from numba import njit

from cisim.model.cache import place

Function = TypeVar("Function", bound=Callable[..., Any])

TRIED = ("0.68",)
"""The versions of numba whose insides are as cisim.model.linking takes them."""

KERNELS: dict[str, Any] = {}
"""Every kernel by module and name, so that a test can hold each to one signature."""

PLAIN = bool(numba.config.DISABLE_JIT)
"""Whether nothing is compiled."""


def _linking() -> Any:
    """Return cisim.model.linking, None where nothing is compiled or numba is another."""
    if PLAIN or ".".join(numba.__version__.split(".")[:2]) not in TRIED:
        return None
    try:
        from cisim.model import linking
    except (ImportError, AttributeError):
        return None
    return linking


LINKING = _linking()
"""What links kernels into each other, None where numba compiles them alone."""


def kernel(function: Function) -> Function:
    """Compile `function` when it is first needed, without fast mathematics, and keep the result."""
    if PLAIN:
        return _plain(function)
    compiled = _alone(function) if LINKING is None else _linked(function)
    KERNELS[f"{function.__module__}.{function.__qualname__}"] = compiled
    return compiled


def inlined(function: Callable[..., Any]) -> Any:
    """Have compiled code take in the lines of `function` at each call; Python calls its `py_func`.

    For what only picks a kernel's arguments out of the state: as a function of its own, with the
    whole state for arguments, each would take a second to compile.
    """
    return _plain(function) if PLAIN else njit(inline="always")(function)


def borrowed(value: Any) -> Any:
    """Return arrays, in tuples of any depth, that are not counted as used.

    Counting each array for each kernel takes a fifth of a small world's run. Whoever calls the
    compiled code has to hold the arrays until it returns. (Where numba compiles alone, they are
    counted.)
    """
    return value


if LINKING is not None:
    borrowed = LINKING.borrowed
elif not PLAIN:
    borrowed = njit(inline="always")(borrowed)


def _plain(function: Any) -> Any:
    function.py_func = function
    return function


def _linked(function: Any) -> Any:
    options = {"nopython": True, "nogil": True, "error_model": "numpy", "boundscheck": None}
    options["no_cfunc_wrapper"] = True
    return LINKING.Kernel(function, targetoptions=options)


def _alone(function: Any) -> Any:
    """Compile with numba alone, which keeps what it makes in our folder if that can be written.

    Numba would not see a change in a called function; the folder's name is a hash of all code.
    """
    compiled = njit(nogil=True, error_model="numpy")(function)
    folder, before = place().folders[-1], numba.config.CACHE_DIR
    if os.access(folder, os.W_OK):
        numba.config.CACHE_DIR = str(folder)
        try:
            with suppress(RuntimeError):  # it has no file, as what is typed into `python -c`
                compiled.enable_caching()
        finally:
            numba.config.CACHE_DIR = before
    return compiled
