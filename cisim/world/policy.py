"""A policy: a user's function that acts on the agents before each month of every run.

It is called with the model, after the month's events, and with its parameters. Scenarios carry it,
so ensembles, comparisons and searches take it to their workers, and a result is known by it: its
name, its parameters, and a hash of the code of its module. A policy is code, so no file names one:
it is given in Python or on the command line, each time anew.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from importlib import import_module, invalidate_caches, reload
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel, ConfigDict, Field

from cisim.model.input_error import InputError, nearest, printable, shown
from cisim.model.sources import code_hash
from cisim.model.told import Sentences

if TYPE_CHECKING:
    from cisim.model.model import CollectiveImpactModel

SAYS = Sentences(
    "policies",
    right=(
        "allowed is module:function, as cisim.lab.policies:staged_entry, or a function of a "
        "module that Python can import"
    ),
    other_function="policy is {name}, but what Python finds there is another function; {right}.",
    not_found="policy is {name}, which is not found where it was written.",
    changed_file=(
        "policy is {name}, whose file has changed since it was imported; start Python anew, "
        "or importlib.reload it."
    ),
    wrong="policy is {function}; {right}.",
    lambda_="policy is a lambda of {module}, which no worker can import; {right}.",
    inner="policy is {name}, a function within a function, which no worker can import; {right}.",
    notebook=(
        "policy is {name} of the script or notebook that is running, which no worker can "
        "import; {right}."
    ),
    no_form="policy is {name}; {right}.",
    of_script="policy is {name}, of a script, which no worker can import; {right}.",
    no_import="policy is {name}, and {home} cannot be imported ({why}); {right}.",
    no_member="policy is {name}, and {home} has no {path}.{near}",
    no_function="policy is {name}, which is no function; {right}.",
    awaits=(
        "policy is {name}, which would do nothing when it is called (it awaits or yields); "
        "allowed is a plain function."
    ),
    setting="policy {name}: {key} is {value}; allowed is a number, true, false or a text.",
    takes_none=" It takes none beside the model.",
    no_parameter="policy {name} has no parameter {key}.{known}",
    uncallable=(
        "policy {name} cannot be called with the model and what is given ({why}); allowed is "
        "a function of the model first, whose other parameters have a value."
    ),
    no_code=(
        "policy is {name}, whose file is no Python code now ({why}); allowed is what can be "
        "imported."
    ),
    no_source=(
        "policy is {name}, of a module without a file of Python code, so that no result "
        "could say what ran; {right}."
    ),
    named_by_file=(
        "policy {function} is named by a file, and no code is run that only a file names; "
        "right would be policy={function!r}, if you know and trust it."
    ),
    changed="policy {function} has changed on the disk since the run began; start it again.",
)

Function = Callable[..., None]
Value = bool | int | float | str
RIGHT = SAYS("right")


class Policy(BaseModel):
    """A function that acts on the agents before each month, and what it is given.

    function   : "module:function"
    parameters : what it is given beside the model
    source     : hash of its module's code, comments and docstrings left out
    place      : the folder that its module was found from, for workers; no part of a result. None
                 of one that only a file names: it can be looked at and is not run
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    function: str
    parameters: dict[str, Value] = {}
    source: str
    place: str | None = Field(default="", exclude=True, repr=False)

    def __call__(self, model: CollectiveImpactModel) -> None:
        """Let it act on a running model."""
        self.found()(model, **self.parameters)

    def found(self) -> Function:
        """Return its function in this process, which may be another than where it was found first.

        Raises InputError if it cannot be imported here, or its code is another by now.
        """
        key = (self.function, self.source)
        if key not in _loaded:
            _loaded[key] = _load(self)
        return _loaded[key]

    @property
    def name(self) -> str:
        """Return the name of the function."""
        return self.function.partition(":")[2]

    @property
    def words(self) -> str:
        """Return how it is called: "cisim.lab.policies:staged_entry (every = 6)"."""
        given = ", ".join(f"{name} = {value}" for name, value in self.parameters.items())
        return f"{self.function} ({given})" if given else self.function


_loaded: dict[tuple[str, str], Function] = {}
"""The functions of this process by name and source: what a run begins with it goes on with."""


def find_policy(given: str | Function, parameters: Mapping[str, Any] | None = None) -> Policy:
    """Return the policy that is meant, once it is sure that workers can import and call it.

    Raises InputError otherwise.
    """
    name = given if isinstance(given, str) else _name_of(given)
    function = _find(name)
    if not isinstance(given, str) and function is not given:
        raise InputError(SAYS("other_function", name=printable(name), right=RIGHT))
    name = _name_of(function)  # where it was written, however it was reached
    if _find(name) is not function:
        raise InputError(SAYS("not_found", name=printable(name)))
    module = sys.modules[name.partition(":")[0]]
    source = _source(module, name)
    if not _is_current(function, module):
        raise InputError(SAYS("changed_file", name=name))
    checked = _parameters(name, function, parameters or {})
    found = Policy(function=name, parameters=checked, source=source, place=_place(module))
    _loaded[found.function, found.source] = function
    return found


def _name_of(function: object) -> str:
    """Return "module:function"; raises InputError for what cannot be imported again."""
    module = getattr(function, "__module__", None)
    name = getattr(function, "__qualname__", None)
    if not (callable(function) and isinstance(module, str) and isinstance(name, str)):
        raise InputError(SAYS("wrong", function=shown(function), right=RIGHT))
    if name == "<lambda>" or name.endswith(".<lambda>"):
        raise InputError(SAYS("lambda_", module=module, right=RIGHT))
    if "<locals>" in name:
        raise InputError(SAYS("inner", name=name.replace(".<locals>.", "."), right=RIGHT))
    if module == "__main__":
        raise InputError(SAYS("notebook", name=name, right=RIGHT))
    return f"{module}:{name}"


def _find(name: str) -> Function:
    """Return the function of "module:function"."""
    home, colon, path = name.partition(":")
    parts = [*home.split("."), *path.split(".")]
    if not colon or not all(part.isidentifier() for part in parts):
        raise InputError(SAYS("no_form", name=shown(name), right=RIGHT))
    if home == "__main__":
        raise InputError(SAYS("of_script", name=name, right=RIGHT))
    try:
        module = import_module(home)
    except Exception as error:  # what a module does as it is imported is its own
        why = " ".join(f"{type(error).__name__}: {error}".split())
        raise InputError(
            SAYS("no_import", name=name, home=home, why=printable(why), right=RIGHT)
        ) from None
    try:
        function = reduce(getattr, path.split("."), cast(Any, module))
    except AttributeError:
        known = [n for n, one in vars(module).items() if isinstance(one, FunctionType)]
        known = [one for one in known if not one.startswith("_")]
        raise InputError(
            SAYS("no_member", name=name, home=home, path=path, near=nearest(path, known))
        ) from None
    if not isinstance(function, FunctionType):
        raise InputError(SAYS("no_function", name=name, right=RIGHT))
    waits = inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
    if waits or inspect.isgeneratorfunction(function):
        raise InputError(SAYS("awaits", name=name))
    return function


def _parameters(name: str, function: Function, given: Mapping[str, Any]) -> dict[str, Value]:
    """Return the parameters of a call; raises InputError for those that it does not take."""
    for key, value in given.items():
        plain = isinstance(value, bool | int | str)
        if not plain and not (isinstance(value, float) and abs(value) < float("inf")):
            raise InputError(
                SAYS("setting", name=name, key=printable(str(key)), value=shown(value))
            )
    takes = list(inspect.signature(function).parameters.values())
    after = {one.name: one for one in takes[1:]}
    free = any(one.kind is one.VAR_KEYWORD for one in takes)
    for key in given:
        if not free and (key not in after or after[key].kind is inspect.Parameter.POSITIONAL_ONLY):
            known = nearest(str(key), after) or SAYS("takes_none")
            raise InputError(SAYS("no_parameter", name=name, key=shown(key), known=known))
    try:
        inspect.signature(function).bind(None, **given)
    except TypeError as error:
        raise InputError(SAYS("uncallable", name=name, why=str(error))) from None
    return dict(given)


def _source(module: ModuleType, name: str) -> str:
    """Return a hash of the code of a module, as its file has it now."""
    try:
        return code_hash([(module.__name__, _file(module, name).read_bytes())])
    except (SyntaxError, ValueError) as error:
        raise InputError(SAYS("no_code", name=name, why=printable(str(error)))) from None


def _file(module: ModuleType, name: str) -> Path:
    file = Path(getattr(module, "__file__", None) or "")
    if file.suffix != ".py" or not file.is_file():
        raise InputError(SAYS("no_source", name=name, right=RIGHT))
    return file


def _place(module: ModuleType) -> str:
    """Return the folder from which a module is imported by its name."""
    file = Path(str(module.__file__)).resolve()
    inside = len(module.__name__.split(".")) - (0 if file.name == "__init__.py" else 1)
    return str(file.parents[inside])


def _is_current(function: Function, module: ModuleType) -> bool:
    """Return whether a function is what its module's file says, with all it calls there."""
    file = Path(str(module.__file__))
    known = set(_codes(compile(file.read_bytes(), str(file), "exec", dont_inherit=True)))
    waiting, seen = [function.__code__], set[CodeType]()
    while waiting:
        code = waiting.pop()
        if code in seen:
            continue
        if code not in known:
            return False
        seen.add(code)
        called = [vars(module).get(name) for name in code.co_names]
        waiting += [
            one.__code__
            for one in called
            if isinstance(one, FunctionType) and one.__module__ == module.__name__
        ]
    return True


def _codes(code: CodeType) -> Iterator[CodeType]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from _codes(one)


def _load(policy: Policy) -> Function:
    """Return the function of a policy that another process has found."""
    if policy.place is None:
        raise InputError(SAYS("named_by_file", function=printable(policy.function)))
    home = policy.function.partition(":")[0]
    if policy.place and policy.place not in sys.path:
        sys.path.append(policy.place)  # the process may be older than the way to it
    invalidate_caches()
    function = _find(policy.function)
    if not _is_current(function, sys.modules[home]):
        reload(sys.modules[home])
        function = _find(policy.function)
    if _source(sys.modules[home], policy.function) != policy.source:
        raise InputError(SAYS("changed", function=policy.function))
    return function
