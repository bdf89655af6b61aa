"""A process: a kernel, and the columns of the state that it works on, each listed once.

    @process(give, reads="orgs.member .commitment ties.near", writes="orgs.time_left .joint_time")
    def contribute() -> None:
        (what it does, one sentence)

From the one list follow the kernel's call (from Python, and in the compiled month), Reads and
Writes in the ODD, and a test that holds every other column. A column is "table.column"; one that
begins with a point belongs to the table before it.

A kernel's arguments are bound by name, never by place. An argument is the listed column of its
name, `mandate`, or in full `orgs_mandate`; where two listed columns share a name, at most one of
them can be meant by the short one. `seed` and `month` are those of the luck. Every other argument
is the parameter of its name. Kernels keep flat arguments: to take whole tables costs more, both to
compile and to run.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any

from cisim.model.input_error import nearest
from cisim.model.luck import Luck
from cisim.model.state import State, column_names

LUCK = ("seed", "month")
"""What a process of the month is given beside columns and parameters."""


@dataclass(eq=False)
class Bound:
    """A kernel, and where each of its arguments comes from.

    places : "orgs.member" for a column, "p.explore" for a parameter, or the name of what is given
             at each call
    """

    kernel: Any
    places: tuple[str, ...]

    def __call__(self, state: State, p: Any, **given: Any) -> Any:
        """Run the kernel on a state with parameters and what is given by name."""
        return self.kernel(
            *[
                given[place] if place in given else fetch(p if of_p else state)
                for place, of_p, fetch in self._fetching
            ]
        )

    @cached_property
    def _fetching(self) -> tuple[tuple[str, bool, Callable[[Any], Any]], ...]:
        """Return for each place whether it is a parameter, and what fetches it."""
        return tuple(
            (place, place.startswith("p."), attrgetter(place.removeprefix("p.")))
            for place in self.places
        )

    @property
    def parameters(self) -> tuple[str, ...]:
        """Return the parameters that the kernel takes, in its order."""
        return tuple(place[2:] for place in self.places if place.startswith("p."))


@dataclass(frozen=True, eq=False)
class Process:
    """A submodel's part of the month.

    name       : what it is called, its function's name
    words      : what it does, one sentence
    module     : the module that it stands in
    bound      : its kernel and where the arguments come from
    reads      : columns that it looks at and leaves as they are
    writes     : columns that it changes
    needs_room : whether its kernel may find too few rows for meetings, and is then run once more
    """

    name: str
    words: str
    module: str
    bound: Bound
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    needs_room: bool = False

    def __call__(self, state: State, p: Any, luck: Luck) -> None:
        """Run it on a state, with parameters and the luck of a month."""
        self.bound(state, p, seed=luck.seed, month=luck.month)


def process(
    kernel: Any, *, reads: str, writes: str, needs_room: bool = False
) -> Callable[[Callable[[], None]], Process]:
    """Declare a process: its kernel, what it reads and what it writes.

    Raises ValueError, one sentence, for a column that does not exist, is listed twice or is not
    taken by the kernel, and for an argument that may be two columns.
    """

    def declare(function: Callable[[], None]) -> Process:
        try:
            read, written = columns(reads), columns(writes)
            bound = bind(kernel, (*read, *written), LUCK)
        except ValueError as error:
            raise ValueError(f"{function.__module__}.{function.__name__}: {error}") from None
        words = " ".join((function.__doc__ or "").split())
        return Process(
            function.__name__, words, function.__module__, bound, read, written, needs_room
        )

    return declare


def bind(kernel: Any, listed: Iterable[str], given: Iterable[str] = ()) -> Bound:
    """Bind a kernel's arguments by name to columns, to what is given at each call, or parameters.

    Raises ValueError for a column that the kernel does not take, or an argument that may be two.
    """
    left: dict[str, str] = {}
    for column in listed:
        if column in left.values():
            raise ValueError(f"{column} is listed twice.")
        left[column.replace(".", "_")] = column
    names = arguments(kernel)
    meant = {name: left.pop(name) for name in names if name in left}
    places = []
    for name in names:
        short = [full for full, column in left.items() if column.rpartition(".")[2] == name]
        if len(short) > 1:
            raise ValueError(
                f"the argument {name} may be {' or '.join(left[full] for full in short)}; "
                f"call it {' or '.join(short)}."
            )
        if name in meant:
            places.append(meant[name])
        elif short:
            places.append(left.pop(short[0]))
        else:
            places.append(name if name in given else f"p.{name}")
    if left:
        missing = next(iter(left.values()))
        raise ValueError(
            f"{missing} is listed, but the kernel takes no argument "
            f"{missing.rpartition('.')[2]} or {missing.replace('.', '_')}."
        )
    return Bound(kernel, tuple(places))


def columns(listed: str) -> tuple[str, ...]:
    """Return the columns of a list such as "orgs.member .mandate ties.start" in full.

    Raises ValueError for one that the state does not have, or that is listed twice.
    """
    found: list[str] = []
    table = ""
    for word in listed.split():
        name = table + word if word.startswith(".") else word
        table = name.partition(".")[0]
        if name not in column_names():
            raise ValueError(f"{name} is not a column.{nearest(name, column_names())}")
        found.append(name)
    return tuple(found)


def arguments(kernel: Any) -> tuple[str, ...]:
    """Return the names of a kernel's arguments."""
    return tuple(inspect.signature(getattr(kernel, "py_func", kernel)).parameters)
