"""Compiled kernels: what is called from Python is compiled once, with all that it calls.

A kernel that other compiled code calls is not compiled for itself: its lines go into the code of
the caller, and only that is optimised, made machine code and kept (see cisim.model.cache). Numba
alone would make each kernel callable from Python, optimise it, and optimise it again in each of
its callers, and would make a new kernel of it for each constant that it is called with.

Where `NUMBA_DISABLE_JIT=1` is set, kernels are plain Python: slow, with the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from types import CodeType, ModuleType
from typing import Any, NamedTuple, TypeVar

import numba
import numpy as np
from numba import njit, types
from numba.core import cgutils, compiler
from numba.core.codegen import CPUCodeLibrary
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import CPUDispatcher
from numba.core.typing.templates import make_concrete_template
from numba.extending import intrinsic

from cisim.model.cache import Shelf

Function = TypeVar("Function", bound=Callable[..., Any])

KERNELS: dict[str, Any] = {}
"""Every kernel by module and name, so that a test can hold each to one signature."""

PLAIN = bool(numba.config.DISABLE_JIT)
"""Whether nothing is compiled."""


def kernel(function: Function) -> Function:
    """Compile `function` when it is first needed, without fast mathematics, and keep the result."""
    if PLAIN:
        return _plain(function)
    options = {"nopython": True, "nogil": True, "error_model": "numpy", "boundscheck": None}
    options["no_cfunc_wrapper"] = True
    compiled: Any = _Kernel(function, targetoptions=options)
    KERNELS[f"{function.__module__}.{function.__qualname__}"] = compiled
    return compiled


def inlined(function: Callable[..., Any]) -> Any:
    """Have compiled code take in the lines of `function` at each call; Python calls its `py_func`.

    For what only picks a kernel's arguments out of the state: as a function of its own, with the
    whole state for arguments, each would take a second to compile.
    """
    return _plain(function) if PLAIN else njit(inline="always")(function)


def _plain(function: Any) -> Any:
    function.py_func = function
    return function


# --- compiling -------------------------------------------------------------------------------


class _Part(CPUCodeLibrary):
    """Code that is only ever linked into other code, and optimised there."""

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True


class _Linked(NamedTuple):
    """A kernel as compiled callers know it: its address for numba, and what was compiled."""

    address: object
    result: Any


class _Kernel(CPUDispatcher):
    """A kernel: `overloads` are for calls from Python, `parts` for calls from compiled code."""

    def __init__(self, function: Callable[..., Any], *given: Any, **options: Any) -> None:
        super().__init__(function, *given, **options)
        self._cache = Shelf(function)
        self.parts: dict[tuple[Any, ...], _Linked] = {}

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """Return how compiled code calls this kernel with arguments of these types."""
        pysig, folded = self._compiler.fold_argument_types(args, kws)
        wide = tuple(_wide(one) for one in folded)
        self._link(wide)
        signatures = [part.result.signature for part in self.parts.values()]
        name = self.py_func.__name__
        return make_concrete_template(name, key=name, signatures=signatures), pysig, folded, {}

    def get_overload(self, args: Any) -> Any:
        """Return the address under which numba finds the part for these types."""
        return self.parts[tuple(args)].address

    def _link(self, args: tuple[Any, ...]) -> None:
        with global_compiler_lock:
            if args in self.parts:
                return
            flags = compiler.Flags()
            self.targetdescr.options.parse_as_flags(flags, self.targetoptions)
            flags.no_compile = flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
            result = None
            if _makes_none(self.py_func):
                flags.nrt = False
                with suppress(Exception):  # it returns arrays, or is wrong in itself
                    result = self._part(args, flags)
            if result is None or _gets_arrays(result):
                flags.nrt = True
                result = self._part(args, flags)
            address = (self.py_func, args)
            self.targetctx.insert_user_function(address, result.fndesc, [result.library])
            self.parts[args] = _Linked(address, result)

    def _part(self, args: tuple[Any, ...], flags: Any) -> Any:
        library = _Part(self.targetctx.codegen(), self.py_func.__qualname__)
        library.enable_object_caching()
        return compiler.compile_extra(
            self.typingctx,
            self.targetctx,
            self.py_func,
            args=args,
            return_type=None,
            flags=flags,
            locals={},
            library=library,
        )


_HARMLESS = frozenset(
    (
        *("abs", "bool", "float", "int", "len", "max", "min", "range"),
        *("ceil", "floor", "frexp", "inf", "nan", "pi", "sqrt"),
        *("float64", "int32", "int64", "shape", "size", "uint64"),
    )
)


def _makes_none(function: Any) -> bool:
    """Return whether code surely makes no arrays, so that it need not count who uses them.

    Counting is a seventh of compiling such code. It only names what is harmless, other kernels
    (see `_gets_arrays`) and constants; where numba met a maker of arrays without counting, it
    would refuse that one from then on.
    """
    code, known = function.__code__, function.__globals__
    values = {name: known.get(name) for name in code.co_names}
    fields = {field for value in values.values() for field in getattr(value, "_fields", ())}
    constant = (_Kernel, ModuleType, int, float, np.generic, np.ndarray, tuple)
    return not any(isinstance(part, CodeType) for part in code.co_consts) and all(
        name in _HARMLESS or name in fields or isinstance(value, constant)
        for name, value in values.items()
    )


def _gets_arrays(result: Any) -> bool:
    """Return whether compiled code takes arrays from a call, or returns them, and must count."""
    kinds = [result.signature.return_type]
    for expression, signature in result.type_annotation.calltypes.items():
        if getattr(expression, "op", "") == "call":
            kinds.append(signature.return_type)
    return any(map(_has_array, kinds))


def _has_array(kind: Any) -> bool:
    if isinstance(kind, types.BaseTuple):
        return any(map(_has_array, kind))
    return isinstance(kind, types.Array)


def _wide(kind: Any) -> Any:
    """Return the type without a constant's value, and whole numbers in 64 bits."""
    kind = types.unliteral(kind)
    return types.int64 if isinstance(kind, types.Integer) and kind.signed else kind


# --- arrays that are not counted -------------------------------------------------------------


def borrowed(value: Any) -> Any:
    """Return arrays, in tuples of any depth, that are not counted as used.

    Counting each array for each kernel takes a fifth of a small world's run. Whoever calls the
    compiled code has to hold the arrays until it returns.
    """
    return value


def _borrow(typing: Any, value: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return _without_count(context, builder, value, given[0])

    return value(value), build


if not PLAIN:
    borrowed = intrinsic(_borrow)


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
