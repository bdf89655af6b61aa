"""The state and the parameters as compiled code takes them: tuples of the same columns and numbers.

What compiled code writes into a column is in the state; levers and parameters are copies, so a
view is made anew whenever Python may have set one.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable
from dataclasses import fields
from operator import attrgetter
from typing import Any

from cisim.model import state
from cisim.model.parameters import Parameters


def _tuple(name: str, columns: Iterable[str]) -> Any:
    """Return a type of tuples that numba's cache finds again under its name in this module."""
    return namedtuple(name, list(columns), module=__name__)


def _like(table: type) -> Any:
    return _tuple(table.__name__, [part.name for part in fields(table)])


Organisations = _like(state.Organisations)
Ties = _like(state.Ties)
Openings = _like(state.Openings)
Communities = _like(state.Communities)
Regions = _like(state.Regions)
Backbones = _like(state.Backbones)
Posts = _like(state.Posts)
Payers = _like(state.Payers)
GivenMoney = _like(state.GivenMoney)
Sponsors = _like(state.Sponsors)
Levers = _like(state.Levers)
Layout = _like(state.Layout)
Practice = _like(state.Practice)
Meetings = _like(state.Meetings)
State = _like(state.State)
Numbers = _tuple("Numbers", Parameters.model_fields)

_TABLES = (
    Organisations,
    Ties,
    Openings,
    Communities,
    Regions,
    Backbones,
    Posts,
    Payers,
    GivenMoney,
    Sponsors,
    Levers,
    Layout,
    Practice,
    Meetings,
)
"""In the order of the state."""


def _reader(kind: Any) -> Any:
    """Return what reads all columns of a table at once, as a tuple."""
    if len(kind._fields) > 1:
        return attrgetter(*kind._fields)
    (only,) = kind._fields
    return lambda table: (getattr(table, only),)


_READ = [(kind, _reader(kind)) for kind in _TABLES]
_NUMBERS = attrgetter(*Numbers._fields)


def view_state(seen: state.State) -> Any:
    """Return the state as a `State` of this module."""
    tables = zip(_READ, seen.tables(), strict=True)
    return State(
        *(kind._make(read(table)) for (kind, read), (_, table) in tables), seen.meetings_held
    )


def view_numbers(p: Parameters) -> Any:
    """Return the parameters as `Numbers`."""
    return Numbers._make(_NUMBERS(p))
