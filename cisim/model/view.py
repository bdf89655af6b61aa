"""The state and the parameters as compiled code takes them: tuples of the same columns and numbers.

What compiled code writes into a column is in the state; levers and parameters are copies, so a
view is made anew whenever Python may have set one.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable
from dataclasses import fields
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
Communities = _like(state.Communities)
Regions = _like(state.Regions)
Backbones = _like(state.Backbones)
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
    Communities,
    Regions,
    Backbones,
    Sponsors,
    Levers,
    Layout,
    Practice,
    Meetings,
)
"""In the order of the state."""


def view_state(seen: state.State) -> Any:
    """Return the state as a `State` of this module."""
    return State(
        *(
            kind(*(getattr(table, name) for name in kind._fields))
            for kind, (_, table) in zip(_TABLES, seen.tables(), strict=True)
        ),
        seen.meetings_held,
    )


def view_numbers(p: Parameters) -> Any:
    """Return the parameters as `Numbers`."""
    return Numbers(*(getattr(p, name) for name in Numbers._fields))
