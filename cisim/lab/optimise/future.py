"""One run of a search: what comes out of a scenario at one point of what is believed.

The code of this file is part of the key of each run (cisim.lab.store.keys): nothing else is here.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cisim.lab.bill import by_year
from cisim.lab.design import Design
from cisim.lab.optimise.goals import OUTCOMES
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import Asked
from cisim.model.past import Pasts
from cisim.model.state import Floats
from cisim.world.scenario import Scenario


class Work(NamedTuple):
    """What a worker needs to know; piece i is scenario i mod S at point i div S.

    payers : the names of all that pay in any scenario, in the order of a row
    """

    scenarios: tuple[Scenario, ...]
    design: Design
    seed: int
    payers: tuple[str, ...]
    pasts: Pasts


def run(work: Work, piece: int) -> Floats:
    """Return the outcomes at the horizon, then FTE-years by payer and year, (2 + Q Y,)."""
    point, which = divmod(piece, len(work.scenarios))
    given = work.scenarios[which]
    scenario = given.with_(
        parameters={
            **work.design.point(point),
            **given.parameters.model_dump(exclude_defaults=True),
        }
    )
    asked = Asked.of(OUTCOMES, [scenario.months])
    seed = work.seed + point
    model = CollectiveImpactModel(scenario, seed, pasts=work.pasts, observe=asked).run()
    values = model.recorder.values(OUTCOMES)
    books = by_year(model.recorder.books[1:], scenario.calendar)[:, -1]
    paid = np.zeros((len(work.payers), books.shape[0]))
    for own, payer in enumerate(scenario.payers):
        paid[work.payers.index(payer.name)] += books[:, own]
    del model.state, model.recorder
    return np.array([*(values[name][-1, -1] for name in OUTCOMES), *paid.reshape(-1)])
