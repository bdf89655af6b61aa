"""What a worker does: the scenarios of one point in one future, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cisim.lab.executors import Fault
from cisim.lab.factors import Space
from cisim.lab.same_money import let_go, same_futures
from cisim.model.input_error import InputError
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import Asked
from cisim.model.past import Pasts, side_by_side
from cisim.model.state import Floats
from cisim.world.scenario import Scenario


class Shown(NamedTuple):
    """What a run of a piece has come to: its numbers, (M, G, O), or why it has none."""

    scenario: int
    values: Floats | None
    fault: Fault | None = None


class Work:
    """What workers need to know.

    A piece is point · most + replicate; an index is the piece and, in its last S bits, which of
    the scenarios are wanted.

    values : (n, k) of the design
    most   : replicates that a point may have
    seed   : of replicate 0
    months : (M,) int, that are kept
    """

    def __init__(
        self,
        scenarios: Sequence[Scenario],
        space: Space,
        values: Floats,
        most: int,
        seed: int,
        outcomes: Sequence[str],
        months: NDArray[np.int64],
        by_region: bool,
    ) -> None:
        self.scenarios, self.space, self.values = tuple(scenarios), space, values
        self.most, self.seed = most, seed
        self.outcomes, self.months, self.by_region = tuple(outcomes), months, by_region
        self.asked = Asked.of(self.outcomes, months.tolist())
        self._last: tuple[int, list[Scenario], list[int]] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_last": None}

    @property
    def many(self) -> int:
        """Return how many scenarios there are."""
        return len(self.scenarios)

    @property
    def all_wanted(self) -> int:
        """Return the bits that ask for every scenario."""
        return (1 << self.many) - 1

    def index(self, piece: int, wanted: int) -> int:
        """Return the index of a piece of which some scenarios are wanted."""
        return piece << self.many | wanted

    def parts(self, index: int) -> tuple[int, int, list[int]]:
        """Return point, replicate and the scenarios that an index means."""
        piece, wanted = index >> self.many, index & self.all_wanted
        point, replicate = divmod(piece, self.most)
        return point, replicate, [s for s in range(self.many) if wanted >> s & 1]

    def at(self, point: int) -> tuple[list[Scenario], list[int]]:
        """Return the scenarios of a point, and in which order they share their pasts."""
        last = self._last
        if last is None or last[0] != point:
            values = self.values[point].tolist()
            here = same_futures(self.space.scenarios(self.scenarios, values))
            self._last = last = point, here, side_by_side(here)[0]  # another thread may ask, too
        return last[1], last[2]


def run_piece(work: Work, index: int) -> list[Shown]:
    """Return what the runs of a piece have shown; one that fails takes no other with it.

    Raises what goes wrong where one run alone is wanted, and InputError if a scenario cannot have
    the values of its point.
    """
    point, replicate, wanted = work.parts(index)
    scenarios, order = work.at(point)
    shared = len(wanted) > 1 or any(one.same_money is not None for one in scenarios)
    pasts = Pasts() if shared else None
    found = []
    for s in order:
        if s not in wanted:
            continue
        try:
            values = run_one(work, scenarios, s, replicate, pasts)
        except Exception as error:
            if len(wanted) == 1:
                raise
            kind, text = type(error).__name__, " ".join(str(error).split())
            reason = text if isinstance(error, InputError) else f"{kind}: {text}".rstrip(": ")
            found.append(Shown(s, None, Fault(index, reason, kind)))
            continue
        found.append(Shown(s, values))
    return found


def run_one(
    work: Work, scenarios: Sequence[Scenario], s: int, replicate: int, pasts: Pasts | None
) -> Floats:
    """Return the numbers of one run, (M, G, O)."""
    seed = work.seed + replicate
    model = CollectiveImpactModel(scenarios[s], seed, pasts=pasts, observe=work.asked).run()
    seen = model.recorder.values(work.outcomes, work.months)
    first = 0 if work.by_region else -1
    values = np.stack([seen[name][:, first:] for name in work.outcomes], axis=-1)
    let_go(model, scenarios if pasts is not None else ())
    return values
