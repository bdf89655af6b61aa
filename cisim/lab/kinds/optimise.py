"""Best uses of a budget: see cisim.lab.optimise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from cisim.lab.kinds.pieces import Pieces
from cisim.lab.optimise import optimise
from cisim.lab.optimise.beliefs import HYPERCUBE, Beliefs
from cisim.lab.results import BELIEFS
from cisim.lab.written import Written, read_frame
from cisim.world.scenario import Scenario


def _asked(written: Written, scenarios: Sequence[Scenario]) -> Callable[..., Any]:
    said = written.manifest
    (scenario,) = scenarios
    beliefs, seed = said["beliefs"], int(said["beliefs"]["seed"])
    drawn = str(beliefs["from"]) == HYPERCUBE
    return partial(
        optimise,
        scenario,
        said["budget"]["all"],
        payers=dict(said["budget"]["payers"]),
        vary=dict(said["vary"]),
        goals=[str(one) for one in said["goals"]],
        points=int(beliefs["seen"]) if drawn else _read(written, seed),
        unseen=int(beliefs["unseen"]) if drawn else None,
        evaluations=int(said["asked"]),
        fte_cost=float(said["fte_cost"]),
        payer=str(said["payer"]),
        seed=seed,
    )


def _read(written: Written, seed: int) -> Beliefs:
    table = read_frame(written, BELIEFS)
    return Beliefs.of_table(table, seed, str(written.manifest["beliefs"]["from"]))


KIND = Pieces(_asked, draws=True)
