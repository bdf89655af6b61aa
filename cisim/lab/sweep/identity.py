"""Who is who: a hash of each scenario at each point, from which the keys of its runs follow.

The hash is over the resolved scenario as JSON: its world, its structure, events, parameters and
policy. Where only parameters are varied, all other text is hashed once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cisim.lab.design import Design
from cisim.lab.factors import Space
from cisim.lab.same_money import same_futures
from cisim.lab.store.keys import LENGTH, results_version
from cisim.lab.sweep.experiment import Experiment
from cisim.model.input_error import InputError
from cisim.world.beliefs import FromEnsembles
from cisim.world.scenario import Scenario

_CUT = "\0parameters\0"


class Identities(NamedTuple):
    """Who the scenarios are at each point.

    names   : (S, n) S24, the hash of each; of one that cannot be, zeros
    refused : why, by (scenario, point)
    """

    names: NDArray[np.bytes_]
    refused: Mapping[tuple[int, int], str]


def identify(experiment: Experiment, design: Design) -> Identities:
    """Return who the scenarios of an experiment are at each point of its design."""
    scenarios, space = experiment.scenarios, experiment.plan.space
    names = np.full((len(scenarios), len(design)), b"0" * LENGTH, f"S{LENGTH}")
    only_beliefs = all(one.varied and one.varied.kind == "parameter" for one in space.factors)
    if only_beliefs and all(one.same_money is None for one in scenarios):
        for s, scenario in enumerate(scenarios):
            names[s] = _by_beliefs(scenario, space, design)
        return Identities(names, {})
    refused: dict[tuple[int, int], str] = {}
    worlds: dict[int, str] = {}
    for point, values in enumerate(design.values.tolist()):
        try:
            here = same_futures(space.scenarios(scenarios, values))
        except InputError as error:
            refused |= dict.fromkeys(((s, point) for s in range(len(scenarios))), str(error))
            continue
        for s, scenario in enumerate(here):
            names[s, point] = hash_of(scenario, worlds)
    return Identities(names, refused)


def hash_of(scenario: Scenario, worlds: dict[int, str] | None = None) -> str:
    """Return the hash of a scenario.

    worlds : texts of worlds that were written before, by their id; they are added to
    """
    start, end = _texts(scenario, {} if worlds is None else worlds)
    beliefs = _text(scenario.parameters.model_dump(mode="json"))
    return hashlib.sha256((start + beliefs + end).encode()).hexdigest()[:LENGTH]


def _texts(scenario: Scenario, worlds: dict[int, str]) -> tuple[str, str]:
    """Return what stands before and after the parameters in the text of a scenario."""
    key = id(scenario.world)
    if key not in worlds:
        worlds[key] = _text(scenario.world.model_dump(mode="json"))
    without = {"same_money", "world", "parameters"}
    without |= set() if scenario.policy is not None else {"policy"}
    said = scenario.model_dump(mode="json", exclude=without) | {"parameters": _CUT}
    if isinstance(scenario.beliefs, FromEnsembles):  # wherever their points were found
        said["beliefs"] = [one.digest for one in scenario.beliefs.ensembles]
    said |= {"held": scenario.held}
    other = scenario.reference
    if other is not None:
        left = {"world", "beliefs"} if isinstance(other.beliefs, FromEnsembles) else {"world"}
        said["same_money"] = {k: v for k, v in other.resolved().items() if k not in left}
    start, _, end = _text(said).partition(json.dumps(_CUT))
    return start, end + worlds[key]


def _by_beliefs(scenario: Scenario, space: Space, design: Design) -> list[bytes]:
    start, end = _texts(scenario, {})
    before, after = hashlib.sha256(start.encode()), end.encode()
    own = scenario.parameters.model_dump(exclude_defaults=True) if space.keeps else {}
    said = scenario.parameters.model_dump(mode="json")
    varied = {name: at for at, name in enumerate(design.names) if name not in own}
    # As JSON has it, written faster: what is varied stands between texts that stay.
    pieces, columns = ["{"], []
    for place, name in enumerate(sorted(said)):
        pieces[-1] += f"{', ' if place else ''}{json.dumps(name)}: "
        if name in varied:
            columns.append(varied[name])
            pieces += ["", ""]
        else:
            pieces[-1] += json.dumps(said[name])
    pieces[-1] += "}"
    found = []
    for values in design.values[:, columns].tolist():
        pieces[1::2] = map(repr, values)
        one = before.copy()
        one.update("".join(pieces).encode())
        one.update(after)
        found.append(one.hexdigest()[:LENGTH].encode())
    return found


def _text(said: Mapping[str, Any]) -> str:
    return json.dumps(said, sort_keys=True)


def run_key(name: bytes, seed: int) -> str:
    """Return the key of the run of a scenario, by its hash, with a seed."""
    said = f"{results_version()} {name.decode()} {seed}"
    return hashlib.sha256(said.encode()).hexdigest()[:LENGTH]
