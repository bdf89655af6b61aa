"""The question as a TOML file.

title = "Best use of EUR 100,000 a year"
scenario = "no-backbone"             # a name, or a file beside this one
budget = 100000
goal = ["effect", "spent"]
points = 30                          # or a table of beliefs beside this file
evaluations = 240

[payers]
County = 60000

[vary]
"add.national.fte" = "0..2/0.1"
national_start = { low = 0, high = 48, step = 12 }
selection = { values = ["open", "complementary"] }
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from cisim.model.input_error import InputError, printable
from cisim.world.files import checked, is_path, parse, read_text
from cisim.world.scenario import Scenario
from cisim.world.texts import Line, Lines


class QuestionFile(BaseModel):
    """What the file may say; see cisim.lab.optimise.optimise for each."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    title: Annotated[Line, Field(max_length=200)] = ""
    claim: Lines = ""
    scenario: Line
    world: Line | None = None
    budget: float | None = None
    payers: dict[str, float] = {}
    payer: Line | None = None
    vary: dict[str, Any] | None = None
    goal: str | list[str] | None = None
    points: int | Line | None = None
    unseen: int | None = None
    beliefs: Line | None = None
    evaluations: int | None = None
    fte_cost: float | None = None
    months: int | None = None
    seed: int | None = None


def is_question(given: str | os.PathLike[str]) -> bool:
    """Return whether a file puts such a question: it names a scenario and a budget."""
    path = Path(given)
    if not is_path(os.fspath(given)) or not path.is_file():
        return False
    said = parse(read_text(path), printable(path.name))
    return asks(said)


def asks(said: Mapping[str, Any]) -> bool:
    """Return whether what a file says is such a question."""
    return "scenario" in said and bool(said.keys() & {"budget", "payers"})


def read_question(given: str | os.PathLike[str], **changes: Any) -> dict[str, Any]:
    """Return what a file says, as `cisim.optimise` takes it.

    changes : to the scenario, as `Scenario.load` takes them; they go before what the file says

    Raises InputError with a sentence for each fault.
    """
    path = Path(given)
    where = printable(path.name)
    file = checked(QuestionFile, parse(read_text(path), where), where)
    left_out = {"title", "claim", "goal", "scenario", "world", "months"}
    said: dict[str, Any] = {
        name: value
        for name, value in file.model_dump(exclude=left_out).items()
        if value is not None and value != {}
    }
    if file.goal is not None:
        said["goals"] = file.goal
    place = _beside(path, file.world) if file.world and is_path(file.world) else file.world
    own = {"world": place, "months": file.months}
    changes = {name: value for name, value in own.items() if value is not None} | changes
    name = _beside(path, file.scenario) if is_path(file.scenario) else file.scenario
    said["scenario"] = Scenario.load(name, **changes)
    if isinstance(file.points, str):
        said["points"] = _beside(path, file.points)
    if file.beliefs is not None and is_path(file.beliefs):
        said["beliefs"] = _beside(path, file.beliefs)
    if file.vary is not None and not file.vary:
        raise InputError(f'{where}: vary is empty; right would be national_fte = "0..4".')
    return said


def merged(said: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a file says with what was typed beside it; tables are joined by name."""
    found = dict(said)
    for name, value in typed.items():
        both = isinstance(value, Mapping) and isinstance(found.get(name), Mapping)
        found[name] = {**found[name], **value} if both else value
    return found


def _beside(path: Path, given: str) -> str:
    there = path.parent / given
    return os.fspath(there if there.exists() else Path(given))
