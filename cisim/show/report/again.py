"""How to run it again: a command with variants, and what was run as JSON."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cisim.lab.manifest import without_places
from cisim.lab.reported import runs_of
from cisim.lab.value import Prices
from cisim.model.input_error import InputError
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.show.language.spoken import ENGLISH, spoken
from cisim.show.language.texts import say
from cisim.show.report.case import KEPT, Case, nine_in_ten
from cisim.version import __version__
from cisim.world.beliefs import differing_beliefs, usual_beliefs
from cisim.world.files import shipped
from cisim.world.scenario import Scenario

LARGEST_DATA = 400_000
"""Scenarios are enclosed in full up to this many characters."""


def again(case: Case, command: str | Sequence[str] | None) -> dict[str, Any]:
    words = _command_words(command) if command is not None else _worked_out(case)
    if not words:
        return {"command": "", "variants": []}
    line = without_places(words)
    taken = " ".join(words)
    variants = [
        *_twice(case, "effort", "effort_half"),
        *_twice(case, "own", "own_value"),
        ("shorter", f"--months {max(1, case.months // 2)}"),
        ("believing", f"--beliefs {differing_beliefs()}")
        if case.beliefs is None
        else ("luck", "--beliefs fixed"),
        ("seed", f"--seed {int(case.comparison.futures[-1]) + 1}"),
    ]
    shown_ = [
        {"words": say(f"report.again.{name}"), "command": f"{line} {more}"}
        for name, more in variants
        if "=" not in more or more.split(" ")[1].split("=")[0] + "=" not in taken
    ]
    return {"command": line, "variants": shown_}


def _twice(case: Case, words: str, name: str) -> list[tuple[str, str]]:
    """Return a variant with a parameter twice as large: as it is in all futures, or twice the
    median of what they believe; none beyond its bounds.
    """
    held = case.comparison.ensembles[case.base].parameter(name)
    believed = nine_in_ten(held) is not None
    value = 2.0 * float(np.median(held))
    if value > declarations(Parameters)[name].bounds[1]:
        return []
    said = f"{value:.2g}" if believed else f"{value:g}"
    return [(f"{words}_believed" if believed else words, f"--set {name}={said}")]


def _worked_out(case: Case) -> list[str]:
    """Return a command that gives the same, [] if these scenarios are not to be had so."""
    first = case.comparison.ensembles[case.base]
    words = ["cisim", "compare", *case.comparison.names]
    options: dict[str, Any] = {}
    shipped = _loaded(case.comparison.names, {})
    if not shipped:
        return []
    if any(one.world_name != case.chosen[one.name].world_name for one in shipped):
        options["world"] = case.chosen[case.base].world_name
    if any(one.months != case.months for one in shipped):
        options["months"] = case.months
    held = "fixed" if case.beliefs is None else case.beliefs.given
    again = [one.believing(held) for one in _loaded(case.comparison.names, options)]
    if again != [*case.chosen.values()]:
        return []
    if held != usual_beliefs():
        options["beliefs"] = held
    for name, value in options.items():
        words += [f"--{name}", str(value)]
    words += ["--replicates", str(first.asked), "--seed", str(first.first_seed)]
    words += ["--report", "report.html"]
    for name, goal in case.goals.items():
        words += ["--goal", f"{name}={goal:g}"]
    if case.price.fte_cost != Prices().fte_cost:
        words += ["--fte-cost", f"{case.price.fte_cost:g}"]
    return words if spoken() == ENGLISH else [*words, "--language", spoken()]


def data(case: Case) -> str:
    """Return what was run as JSON that may stand in HTML, "" if it is too long."""
    told = [
        {key: value for key, value in scenario.resolved().items() if key != "world"}
        for scenario in case.chosen.values()
    ]
    value = {
        "cisim": __version__,
        "key": case.key,
        "seeds": [int(case.comparison.futures[0]), int(case.comparison.futures[-1])],
        "goals": case.goals,
        "world": case.chosen[case.base].resolved()["world"],
        "scenarios": told,
    }
    if len(plain_json(value)) > LARGEST_DATA:
        return ""
    runs = {"outcomes": list(KEPT), "runs": runs_of(case.comparison, KEPT)}
    return plain_json({**value, **runs})


def plain_json(value: Mapping[str, Any]) -> str:
    """Return JSON that may stand in HTML."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _loaded(names: Sequence[str], options: Mapping[str, Any]) -> list[Scenario]:
    """Return shipped scenarios of those names, [] if one of them is none."""
    if not set(names) <= set(shipped("scenarios")):
        return []
    try:
        return [Scenario.load(name, **options) for name in names]
    except InputError:
        return []


def _command_words(command: str | Sequence[str]) -> list[str]:
    if not isinstance(command, str):
        return list(command)
    try:
        return shlex.split(command)
    except ValueError:  # a quote without its end
        return [command]
