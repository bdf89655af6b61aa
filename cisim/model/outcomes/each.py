"""What is observed of each community and of each organisation, where somebody asks for it.

An outcome here is a function of the state and the parameters that returns a number for each of
them: (C,) for communities in their rows, (N,) for organisations in theirs. Add one: one declaration
in `communities` or `organisations`. Nothing is observed unless it is asked for, so a run that does
not ask pays nothing for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from cisim.model.input_error import InputError, nearest
from cisim.model.outcomes.declared import FORMS, Better
from cisim.model.parameters import Parameters
from cisim.model.state import Floats, State

if TYPE_CHECKING:
    import pandas as pd

Of = Literal["community", "organisation"]
Function = Callable[[State, Parameters], Floats]


@dataclass(frozen=True)
class Each:
    """A number that is observed of each community or organisation.

    title, words, form, unit, better : as of an outcome
    added    : whether it is added up over the months since month 0; else it is as it stands
    function : returns it, (C,) or (N,); of one that is added up, what a month adds
    """

    of: Of
    name: str
    title: str
    words: str
    form: str
    unit: str
    better: Better
    added: bool
    function: Function

    def __call__(self, state: State, p: Parameters) -> Floats:
        """Return it, a number for each row."""
        return np.ascontiguousarray(self.function(state, p), np.float64)


EACH: dict[Of, dict[str, Each]] = {"community": {}, "organisation": {}}
"""Everything that is observed of each, by name and as declared."""


def each(
    of: Of,
    *,
    title: str,
    words: str,
    form: str = "number",
    unit: str = "",
    better: Better = "",
    added: bool = False,
) -> Callable[[Function], Function]:
    """Declare a function of the state as what is observed of each, under its own name."""

    def declare(function: Function) -> Function:
        name = function.__name__
        if name in EACH[of]:
            raise ValueError(f"{name} of each {of} is declared twice")
        EACH[of][name] = Each(
            of, name, title, words, form, unit or FORMS[form].unit, better, added, function
        )
        return function

    return declare


def find_each(of: Of, names: Iterable[str] | None = None) -> list[Each]:
    """Return what is declared of each, of these names; raises InputError with the nearest name."""
    known = EACH[of]
    chosen = list(known) if names is None else list(dict.fromkeys(names))
    for name in chosen:
        if name not in known:
            raise InputError(f"{name} is not observed of each {of}.{nearest(name, known)}")
    return [known[name] for name in chosen]


def seen_of(of: Of, state: State, p: Parameters) -> Floats:
    """Return what is observed of each in its row, (K, O); of what is added up, a month's part."""
    return np.stack([one(state, p) for one in EACH[of].values()], axis=-1)


def each_frame(
    of: Of, state: State, p: Parameters, names: Sequence[str], regions: Sequence[str]
) -> pd.DataFrame:
    """Return a row for each as it stands, without what is added up over months.

    names   : of communities in their rows, or of organisations by permanent number
    regions : names of the regions, by row
    """
    import pandas as pd

    rows = np.arange(len(names)) if of == "community" else state.layout.order
    region = (state.communities if of == "community" else state.orgs).region[rows]
    kept = [place for place, one in enumerate(EACH[of].values()) if not one.added]
    values = seen_of(of, state, p)[rows][:, kept]
    frame = pd.DataFrame(values, columns=[list(EACH[of])[place] for place in kept])
    frame.insert(0, "region", [regions[r] for r in region])
    frame.insert(1, of, list(names))
    return frame
