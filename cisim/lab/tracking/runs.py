"""What is seen of a future: the piece of work of tracking.

The code of this file is part of the key of each piece (cisim.lab.store.keys): nothing else is here.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cisim.lab.same_money import let_go
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import Asked
from cisim.model.past import Pasts
from cisim.model.state import Floats
from cisim.world.scenario import Scenario

THROUGH = ("cisim.lab.tracking.runs", "cisim.lab.same_money")
"""The modules of the lab that decide the bits of a piece of work."""


class Work(NamedTuple):
    """What a worker needs to know; piece i is the future of seed + i in all scenarios.

    regions : whether each region is kept, too
    """

    scenarios: tuple[Scenario, ...]
    seed: int
    outcomes: tuple[str, ...]
    regions: bool


def future(work: Work, piece: int) -> Floats:
    """Return what a future shows, (scenarios x months x regions x outcomes,), overall last."""
    months = list(range(work.scenarios[0].months + 1))
    asked, pasts = Asked.of(work.outcomes, months), Pasts()
    found = []
    for scenario in work.scenarios:
        model = CollectiveImpactModel(scenario, work.seed + piece, pasts=pasts, observe=asked)
        model.run()
        values = model.recorder.values(work.outcomes)
        first = 0 if work.regions else -1
        found.append(np.stack([values[name][:, first:] for name in work.outcomes], axis=-1))
        let_go(model, work.scenarios)
    return np.stack(found).reshape(-1)
