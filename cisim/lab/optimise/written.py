"""A candidate as a scenario's file: what `check` accepts and `compare` runs, with nothing beside it
but its world where that is not shipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tomli_w

from cisim.lab.results import PLACE
from cisim.model.input_error import InputError
from cisim.world.files import shipped
from cisim.world.scenario import Scenario, load_structure, load_world

_TEXTS = ("title", "source")


def has_own_world(scenario: Scenario) -> bool:
    """Return whether a scenario's world is not one that is shipped."""
    name = scenario.world_name
    return name not in shipped("worlds") or load_world(name) != scenario.world


def world_text(scenario: Scenario) -> str:
    """Return the TOML of a scenario's world."""
    said = scenario.world.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return tomli_w.dumps(_without_none(said))


def scenario_text(
    scenario: Scenario, title: str, story: str, head: Sequence[str] = (), place: str = PLACE
) -> str:
    """Return the TOML of a scenario under another title, comments first.

    place : the file of its world where that is not shipped

    Levers are told against the shipped structure of that name, where there is one, else against
    none at all.

    Raises InputError if a file cannot say it, as of one that runs under a policy.
    """
    if scenario.policy is not None:
        raise InputError(f"{scenario.name} runs under a policy, which no scenario's file can name.")
    known = scenario.structure_name in shipped("structures")
    base = scenario.structure_name if known else "none"
    there, here = load_structure(base), scenario.structure
    start, whole = (one.model_dump(mode="json", by_alias=True) for one in (there, here))
    short = here.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    changes = {
        name: short.get(name, value) if isinstance(value, list) else value
        for name, value in whole.items()
        if name not in _TEXTS and value != start[name]
    }
    file: dict[str, Any] = {
        "title": title,
        "story": story,
        "world": place if has_own_world(scenario) else scenario.world_name,
        "structure": base,
        "months": scenario.months,
        "structure_changes": changes,
        "parameters": scenario.parameters.model_dump(exclude_defaults=True),
        "events": [
            event.model_dump(mode="json", by_alias=True, exclude_none=True)
            for event in scenario.events
        ],
    }
    said = {k: v for k, v in file.items() if v not in ("", {}, [])}
    comments = "".join(f"# {line}\n" for line in head)
    return comments + tomli_w.dumps(_without_none(said))


def _without_none(said: Any) -> Any:
    if isinstance(said, dict):
        return {k: _without_none(v) for k, v in said.items() if v is not None}
    if isinstance(said, list | tuple):
        return [_without_none(one) for one in said]
    return said
