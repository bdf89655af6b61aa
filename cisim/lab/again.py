"""The line that lives a run again: what is quarantined is reproduced by copying it.

It is built and then tried: only a line that means the very scenario is given, down to its last
number. Where no command can name it, it is a line of Python.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from cisim.lab.design import Design, latin_hypercube
from cisim.model.input_error import InputError
from cisim.world.ranges import free_parameters
from cisim.world.scenario import LEVERS, Scenario

_TOLD = ("name", "title", "short", "story", "note", "world_name", "structure_name")
"""What a scenario is called changes nothing of its runs."""
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_LONGEST = 2000
"""A line of more characters is nothing that people copy."""


class Again:
    """The line of a scenario, made once, for whichever seed."""

    def __init__(self, scenario: Scenario) -> None:
        self.command, self.python = "", ""
        beliefs = "fixed" if scenario.beliefs is None else scenario.beliefs.given
        for base, changes in _bases(scenario):
            base = base.believing(beliefs)
            settings = _settings(scenario, base)
            if not _same(base, settings, scenario):
                continue
            self.command = _command(scenario, changes, settings)
            self.python = _python(scenario, changes, settings)
            break

    @property
    def made(self) -> str:
        """Return an expression of Python that makes the scenario, a word in its place if none."""
        return self.python or "scenario"

    def line(self, seed: int) -> str:
        """Return the line for a seed: a command, else one of Python."""
        if self.command:
            return f"{self.command} --seed {seed}"
        line = f"cisim.CollectiveImpactModel({self.made}, seed={seed}).run()"
        return line if self.python else f"{line}  # scenario: as it was given"


def expression_of(scenarios: Iterable[Scenario]) -> str:
    """Return an expression of Python that makes some scenarios, as a list."""
    return f"[{', '.join(Again(one).made for one in scenarios)}]"


def point_of(design: Design, at: int) -> str:
    """Return an expression of Python that makes a point of a Latin hypercube, "" for any other."""
    fixed = [name for name in free_parameters() if name not in design.names]
    try:
        same = latin_hypercube(len(design), design.seed, fixed=fixed)
    except InputError:
        return ""
    if same.names != design.names or not np.array_equal(same.values, design.values):
        return ""
    given = f", fixed={fixed!r}" if fixed else ""
    made = f"cisim.lab.design.latin_hypercube({len(design)}, {design.seed}{given})"
    return f"{made}.point({at})"


def _bases(scenario: Scenario) -> Iterator[tuple[Scenario, dict[str, Any]]]:
    """Yield scenarios that can be named and may be this one but for numbers, and how they are."""
    plain = scenario.name.partition("+")[0]
    names = dict.fromkeys([plain, f"{plain}.toml", "no-backbone"])
    for name in names:
        for changes in _places(scenario):
            try:
                yield Scenario.load(name, **changes), {"name": name, **changes}
            except (InputError, OSError):
                continue


def _places(scenario: Scenario) -> Iterator[dict[str, Any]]:
    for months in ({}, {"months": scenario.months}):
        yield {**months}
        yield {"world": scenario.world_name, **months}
        yield {"world": scenario.world_name, "structure": scenario.structure_name, **months}


def _settings(scenario: Scenario, base: Scenario) -> dict[str, Any]:
    """Return the parameters and levers by name that differ from those of a base."""
    here, there = scenario.parameters.model_dump(), base.parameters.model_dump()
    held = set(scenario.held) - set(base.held)
    found = {name: v for name, v in here.items() if v != there[name] or name in held}
    levers, others = (
        one.structure.model_dump(mode="json", by_alias=True) for one in (scenario, base)
    )
    return found | {name: levers[name] for name in LEVERS if levers.get(name) != others.get(name)}


def _same(base: Scenario, settings: dict[str, Any], scenario: Scenario) -> bool:
    """Return whether a base with these settings is the scenario, but for how it is called."""
    try:
        made = base.set(settings) if settings else base
    except InputError:
        return False
    return _said(made) == _said(scenario)


def _said(scenario: Scenario) -> dict[str, Any]:
    said = {name: v for name, v in scenario.resolved().items() if name not in (*_TOLD, "policy")}
    said["structure"] = {k: v for k, v in said["structure"].items() if k in LEVERS}
    other = said.get("same_money")
    if other is not None:
        said["same_money"] = {name: v for name, v in other.items() if name not in _TOLD}
    return said


def _command(scenario: Scenario, changes: dict[str, Any], settings: dict[str, Any]) -> str:
    """Return the command without its seed, empty if a value cannot be typed."""
    words = ["cisim", "run", changes["name"]]
    for name in ("world", "structure", "months"):
        words += [f"--{name}", str(changes[name])] if name in changes else []
    words += [] if scenario.beliefs is None else ["--beliefs", scenario.beliefs.given]
    for name, value in settings.items():
        words += ["--set", f"{name}={_typed(value)}"]
    given = [*settings.values()]
    if scenario.policy is not None:
        words += ["--policy", scenario.policy.function]
        for name, value in scenario.policy.parameters.items():
            words += ["--policy-set", f"{name}={_typed(value)}"]
        given = [*given, *scenario.policy.parameters.values()]
    line = shlex.join(words)
    return line if all(_typed(value) for value in given) and len(line) <= _LONGEST else ""


def _typed(value: Any) -> str:
    """Return a value as it is typed after NAME=, empty if it cannot be."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str) and _WORD.fullmatch(value) and value not in ("true", "false"):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "[" + ", ".join(f'"{one}"' for one in value) + "]" if value else "[]"
    return ""


def _python(scenario: Scenario, changes: dict[str, Any], settings: dict[str, Any]) -> str:
    """Return an expression that makes the scenario, empty if nobody would copy it."""
    given = "".join(f", {name}={value!r}" for name, value in changes.items() if name != "name")
    made = f"cisim.Scenario.load({changes['name']!r}{given})"
    if settings:
        made += f".set({settings!r})"
    if scenario.beliefs is not None:
        made += f".believing({scenario.beliefs.given!r})"
    if scenario.policy is not None:
        made += f".with_policy({scenario.policy.function!r}, {scenario.policy.parameters!r})"
    return made if len(made) <= _LONGEST else ""
