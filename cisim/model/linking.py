"""What rests on numba's insides: how kernels are linked into each other and kept.

Everything here is as in the versions of numba that `cisim.model.kernel` names; with others it is
not used, and numba compiles and keeps kernels in its own way.
"""

from __future__ import annotations

import dis
import hashlib
import pickle
from collections.abc import Callable
from contextlib import suppress
from types import CodeType, ModuleType
from typing import Any, NamedTuple

import numpy as np
from numba import types
from numba.core import cgutils, compiler
from numba.core.codegen import CPUCodeLibrary
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import CPUDispatcher
from numba.core.serialize import dumps
from numba.core.typing.templates import make_concrete_template
from numba.extending import intrinsic

from cisim.model.cache import keep, kept, note_used, place, processor, short_hash, tell_compiling

_DIGEST = 32
_OF_EVERY_RUN = ("cisim.model.month.", "cisim.world.")
"""Without a kernel of these, most others lack too, and half a minute passes."""


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


class Kernel(CPUDispatcher):
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
    constant = (Kernel, ModuleType, int, float, np.generic, np.ndarray, tuple)
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


@intrinsic
def borrowed(typing: Any, value: Any) -> Any:
    """Return arrays, in tuples of any depth, that are not counted as used."""

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
        for content in kept(name):
            digest, packed = content[:_DIGEST], content[_DIGEST:]
            if hashlib.sha256(packed).digest() == digest:
                note_used(name)
                return compiler.CompileResult._rebuild(context, *pickle.loads(packed))
        if name.startswith(_OF_EVERY_RUN):
            tell_compiling()
        return None

    def save_overload(self, signature: Any, result: Any) -> None:
        """Keep what was compiled for a signature."""
        if result.library.has_dynamic_globals or result.lifted:
            raise RuntimeError(f"{self.name} cannot be kept: it holds addresses of this process")
        packed = dumps(result._reduce())
        name = self._file(signature)
        keep(name, hashlib.sha256(packed).digest() + packed)
        note_used(name)

    def _file(self, signature: Any) -> str:
        code = _steps(self.function.__code__)
        return f"{self.name}-{short_hash(f'{signature!r} {processor()} {code}')}"


def _steps(code: CodeType) -> str:
    """Return a function's bytecode as text, without lines and docstrings."""
    steps = []
    for step in dis.get_instructions(code):
        what = _steps(step.argval) if isinstance(step.argval, CodeType) else repr(step.argval)
        steps.append(f"{step.opname} {what}")
    return "\n".join(steps)
