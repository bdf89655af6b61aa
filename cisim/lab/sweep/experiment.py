"""An experiment: scenarios × a design × replicates, and what is kept of each run.

    title = "Does the order of structures hang on what we believe?"
    scenarios = ["no-backbone", "national-and-regional"]
    world = "one-town"
    replicates = 3
    outcomes = ["wellbeing_gain", "joint_activity"]

    [design]
    kind = "latin-hypercube"
    points = 500

    [design.vary]
    effort_half = {}
    trust_memory = { low = 12, high = 60 }

Replicate k of every point has the seed `seed` + k: the points, like the scenarios, meet the same
futures, so what differs between two of them is free of most of what chance does to both.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from cisim.lab.compare import check_comparable
from cisim.lab.design import Design
from cisim.lab.designs import DesignFile, Plan, plan
from cisim.lab.ensemble import OVERALL
from cisim.lab.simulate import load
from cisim.model.input_error import InputError, Problems, nearest, printable, shown
from cisim.model.limits import LARGEST_SEED, MOST_MONTHS, MOST_REPLICATES
from cisim.model.outcomes import OUTCOMES, find_outcome
from cisim.model.told import Sentences, behind
from cisim.world.calendar import When
from cisim.world.files import checked, exists, is_path, name_of, parse, read_text
from cisim.world.policy import Function
from cisim.world.scenario import Scenario
from cisim.world.texts import Lines, Title

SAYS = Sentences(
    "experiments",
    size="a {kind} design of {points} × {replicates}, {runs}",
    points={"one": "{n:,} point", "other": "{n:,} points"},
    replicates={"one": "{n:,} replicate", "other": "{n:,} replicates"},
    runs="{n:,} runs",
    most="at most {what}",
    below="it is below at_least, {least}",
    replicates_allowed="allowed is a whole number from 1 to {most:,}, or a table",
    seed=(
        "{where}: seed is {seed}; allowed is a whole number from 0 to {most}, as replicate k has "
        "seed + k."
    ),
    month="{where}: at[{place}] is {month}; allowed is a month from 0 to {horizon}.",
    not_kept=(
        "{where}: replicates.outcome is {outcome}, which is not among the outcomes that are "
        "kept.{near}"
    ),
    no_horizon="{where}: at lacks the horizon, {months}, at which replicates.outcome is looked at.",
    difference=(
        "{where}: replicates.of is 'difference' with one scenario; allowed is 'mean', or two "
        "scenarios or more."
    ),
    scenario="scenarios has {given}; allowed is a Scenario, its name or a file.",
    outcome_twice="{where}: outcomes has {name} twice; allowed is each once.",
)

if TYPE_CHECKING:
    from cisim.lab.executors import Executor, Progress, Say
    from cisim.lab.study import Study

MOST_SCENARIOS = 60


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Growing(_Part):
    """Replicates that are added to a point until an outcome is known closely enough there.

    at_least, at_most : how many
    outcome           : that is looked at, overall at the horizon
    precision         : half width of its 90 % interval that is wanted, in the outcome's unit
    of                : of each scenario's mean, or of the mean difference from the first scenario
    """

    at_least: int = Field(default=2, ge=2, le=MOST_REPLICATES)
    at_most: int = Field(ge=2, le=MOST_REPLICATES)
    outcome: str
    precision: float = Field(gt=0.0)
    of: Literal["mean", "difference"] = "mean"

    @field_validator("at_most")
    @classmethod
    def _not_fewer(cls, value: int, info: ValidationInfo) -> int:
        if value < info.data.get("at_least", value):
            raise ValueError(SAYS("below", least=info.data["at_least"]))
        return value


class ExperimentFile(_Part):
    """What an experiment's TOML may say; see docs/experiments.md."""

    title: Title
    claim: Lines = ""
    scenarios: list[str] = Field(min_length=1, max_length=MOST_SCENARIOS)
    world: str | None = None
    months: int | None = Field(default=None, ge=1, le=MOST_MONTHS)
    replicates: int | dict[str, Any] = 1
    seed: int = Field(default=1, ge=0, le=LARGEST_SEED)
    outcomes: list[str] | None = Field(default=None, min_length=1, max_length=len(OUTCOMES))
    at: list[When] | None = Field(default=None, min_length=1, max_length=MOST_MONTHS)
    by_region: bool = False
    set: dict[str, Any] = {}
    beliefs: str | None = None
    policy: str | None = None
    policy_parameters: dict[str, Any] = {}
    design: DesignFile | None = None

    @field_validator("replicates")
    @classmethod
    def _some(cls, value: int | dict[str, Any]) -> int | dict[str, Any]:
        if isinstance(value, int) and not 1 <= value <= MOST_REPLICATES:
            raise ValueError(SAYS("replicates_allowed", most=MOST_REPLICATES))
        return value


class Experiment:
    """Scenarios × a design × replicates.

    scenarios  : (S,) resolved and checked
    plan       : of the design; `plan.build()` makes it
    replicates : how many, or how they grow
    seed       : of replicate 0 of every point
    outcomes   : names that are kept
    months     : (M,) int, months that are kept
    regions    : names, "overall" last
    """

    def __init__(
        self,
        scenarios: Scenario | str | os.PathLike[str] | Iterable[Scenario | str | os.PathLike[str]],
        design: Mapping[str, Any] | Design | None = None,
        *,
        title: str = "An experiment",
        claim: str = "",
        name: str = "experiment",
        world: str | None = None,
        months: int | None = None,
        replicates: int | Mapping[str, Any] = 1,
        seed: int = 1,
        outcomes: Sequence[str] | None = None,
        at: Sequence[int | str] | None = None,
        by_region: bool = False,
        set: Mapping[str, Any] | None = None,
        beliefs: str | None = None,
        policy: str | Function | None = None,
        policy_parameters: Mapping[str, Any] | None = None,
    ) -> None:
        """Take what a file says, see docs/experiments.md; scenarios and design may be objects.

        Raises InputError with a sentence for each thing that is wrong.
        """
        one = isinstance(scenarios, str | os.PathLike | Scenario)
        given = [scenarios] if one else list(scenarios)  # type: ignore[arg-type]
        said: dict[str, Any] = {
            "title": title,
            "claim": claim,
            "scenarios": [_called(scenario) for scenario in given],
            "seed": seed,
            "by_region": by_region,
            "set": dict(set or {}),
            "beliefs": beliefs,
            "policy_parameters": dict(policy_parameters or {}),
            "replicates": dict(replicates) if isinstance(replicates, Mapping) else replicates,
            "world": world,
            "months": months,
            "outcomes": None if outcomes is None else list(outcomes),
            "at": None if at is None else list(at),
            "policy": policy if isinstance(policy, str) else None,
            "design": dict(design) if isinstance(design, Mapping) else None,
        }
        made = design if isinstance(design, Design) else None
        self._set_up(said, name, name, None, given, made, policy)

    @classmethod
    def load(
        cls, path: str | os.PathLike[str], *, trusted: bool = True, **changes: Any
    ) -> Experiment:
        """Return the experiment of a TOML file.

        trusted : whether code that it names as its policy is imported
        changes : in place of what the file says; `set` adds to what is set there

        Raises InputError with a sentence for each thing that is wrong.
        """
        file = Path(path)
        where = printable(file.name)
        said = parse(read_text(file), where)
        added = changes.pop("set", None) or {}
        said |= {name: value for name, value in changes.items() if value is not None}
        if added and isinstance(said.get("set", {}), Mapping):
            said["set"] = {**said.get("set", {}), **added}
        if not trusted:
            said = {name: value for name, value in said.items() if not name.startswith("policy")}
        loaded = cls.__new__(cls)
        scenarios = said.get("scenarios")
        listed = scenarios if isinstance(scenarios, list) else []
        loaded._set_up(said, where, name_of(file), file.resolve().parent, listed, None, None)
        return loaded

    def _set_up(
        self,
        said: Mapping[str, Any],
        where: str,
        name: str,
        folder: Path | None,
        given: Sequence[Any],
        made: Design | None,
        policy: str | Function | None,
    ) -> None:
        file = checked(ExperimentFile, said, where)
        wrong = Problems()
        found: list[Scenario] = []
        world = None if file.world is None else _beside(file.world, folder)
        for at, one in enumerate(given):
            in_file = not isinstance(one, Scenario)
            with wrong.gathered(), _said_at(f"{where}: scenarios[{at}]", in_file):
                found.append(_scenario(one, world, file.months, folder))
        wrong.refuse()
        with _said_at(where):
            if len(found) > 1:
                check_comparable(found)
            if file.set:
                found = [one.set(file.set, "set") for one in found]
            if file.beliefs is not None:
                held = _beside(file.beliefs, folder)
                found = [one.believing(held) for one in found]
            function = policy if file.policy is None else file.policy
            found = [load(one, None, function, file.policy_parameters or None) for one in found]
        self._take(file, where, name, found, wrong)
        with wrong.gathered():
            design = made or file.design or DEFAULTS
            self.plan: Plan = plan(design, self.scenarios, where, folder)
        wrong.refuse()

    @classmethod
    def of(
        cls, file: ExperimentFile, where: str, name: str, scenarios: Sequence[Scenario], plan: Plan
    ) -> Experiment:
        """Return the experiment of scenarios and a plan that were resolved before.

        Raises InputError if the file does not fit them.
        """
        made, wrong = cls.__new__(cls), Problems()
        made._take(file, where, name, scenarios, wrong)
        made.plan = plan
        wrong.refuse()
        return made

    def _take(
        self,
        file: ExperimentFile,
        where: str,
        name: str,
        scenarios: Sequence[Scenario],
        wrong: Problems,
    ) -> None:
        """Take scenarios that are resolved, and what the file says but for the design."""
        self.name, self.file = name, file
        self.title, self.claim = file.title, file.claim
        self.seed, self.by_region = file.seed, file.by_region
        self.scenarios = tuple(scenarios)
        grows = file.replicates
        self.replicates: int | Growing = 1
        with wrong.gathered():
            self.replicates = (
                checked(Growing, grows, where, under="replicates")
                if isinstance(grows, dict)
                else grows
            )
        with wrong.gathered():
            self.outcomes = _outcomes(file.outcomes, where)
        with wrong.gathered():
            self.months = self._kept(file.at, where)
        regions = [one.name for one in self.scenarios[0].world.regions] if file.by_region else []
        self.regions = (*regions, OVERALL)
        if isinstance(self.replicates, Growing) and not wrong.sentences:
            with wrong.gathered():
                self._check_growing(self.replicates, where)
        with wrong.gathered():
            if self.seed > LARGEST_SEED - self.most_replicates:
                raise InputError(
                    SAYS(
                        "seed",
                        where=where,
                        seed=self.seed,
                        most=LARGEST_SEED - self.most_replicates,
                    )
                )

    def _kept(self, at: Sequence[int | str] | None, where: str) -> NDArray[np.int64]:
        horizon, calendar = self.scenarios[0].months, self.scenarios[0].calendar
        if at is None:
            return np.array([*range(12, horizon, 12), horizon], np.int64)
        months = set()
        for place, one in enumerate(at):
            month = calendar.month(one, f"{where}: at[{place}]")
            if not 0 <= month <= horizon:
                raise InputError(
                    SAYS("month", where=where, place=place, month=shown(one), horizon=horizon)
                )
            months.add(month)
        return np.array(sorted(months), np.int64)

    def _check_growing(self, growing: Growing, where: str) -> None:
        if growing.outcome not in self.outcomes:
            with _said_at(f"{where}: replicates.outcome"):
                find_outcome(growing.outcome)
            raise InputError(
                SAYS(
                    "not_kept",
                    where=where,
                    outcome=growing.outcome,
                    near=nearest(growing.outcome, self.outcomes),
                )
            )
        if self.months[-1] != self.scenarios[0].months:
            raise InputError(SAYS("no_horizon", where=where, months=self.scenarios[0].months))
        if growing.of == "difference" and len(self.scenarios) < 2:
            raise InputError(SAYS("difference", where=where))

    @property
    def most_replicates(self) -> int:
        """Return how many replicates a point has at most."""
        grows = self.replicates
        return grows.at_most if isinstance(grows, Growing) else grows

    @property
    def runs(self) -> int:
        """Return how many runs it has, at most where replicates grow."""
        return self.plan.size * self.most_replicates * len(self.scenarios)

    @property
    def in_words(self) -> str:
        """Return how large it is: "a sobol design of 8 points × 3 replicates, 48 runs"."""
        grows = isinstance(self.replicates, Growing)
        many, runs = SAYS("replicates", n=self.most_replicates), SAYS("runs", n=self.runs)
        return SAYS(
            "size",
            kind=self.plan.kind,
            points=SAYS("points", n=self.plan.size),
            replicates=SAYS("most", what=many) if grows else many,
            runs=SAYS("most", what=runs) if grows else runs,
        )

    def again(self, point: int, replicate: int) -> pd.DataFrame:
        """Return what one point shows in one future, run here: a row a scenario, month and region.

        What goes wrong is raised, so that it can be looked into.

        Raises InputError for a point or replicate that it does not have.
        """
        from cisim.lab.sweep.again import run_again

        return run_again(self, point, replicate)

    def at_point(self, values: Sequence[float]) -> list[Scenario]:
        """Return the scenarios at a point of the design, a row of its values.

        Raises InputError if one of them cannot have these values.
        """
        return self.plan.space.scenarios(self.scenarios, values)

    def run(
        self,
        out: str | os.PathLike[str] | None = None,
        workers: int | None = None,
        executor: Executor | None = None,
        *,
        shard: tuple[int, int] | None = None,
        progress: Progress | None = None,
        say: Say | None = None,
        command: str | Sequence[str] | None = None,
    ) -> Study:
        """Run what is missing of it; return the study.

        out      : folder of the study; a sweep that was broken off, or is extended, goes on there.
                   None keeps it in memory
        workers  : processes; None for all processors
        executor : of cisim.lab.executors, in place of `workers`
        shard    : (i, n), only the i-th of n shares of the work, from 1

        Raises InputError if something given is wrong, or nothing of it can be run.
        """
        from cisim.lab.sweep import sweep

        return sweep(
            self,
            out,
            workers,
            executor,
            shard=shard,
            progress=progress,
            say=say,
            command=command,
        )


DEFAULTS: DesignFile = ExperimentFile(
    title="-",
    scenarios=["-"],
    design={"kind": "defaults"},  # type: ignore[arg-type]
).design  # type: ignore[assignment]


def _called(given: object) -> str:
    if isinstance(given, Scenario):
        return given.name
    if isinstance(given, str | os.PathLike):
        return os.fspath(given)
    raise InputError(SAYS("scenario", given=shown(given)))


def _scenario(given: Any, world: str | None, months: int | None, folder: Path | None) -> Scenario:
    if not isinstance(given, Scenario):
        changes = {} if world is None else {"world": world}
        given = Scenario.load(_beside(os.fspath(given), folder), **changes)
    elif world is not None:
        given = given.with_(world=world)
    return given if months is None else given.with_(months=months)


def _beside(given: str, folder: Path | None) -> str:
    """Return a path as seen from the folder of the file that names it, where it is there."""
    if folder is None or not is_path(given) or not exists(folder / given):
        return given
    return os.fspath(folder / given)


def _outcomes(given: Sequence[str] | None, where: str) -> tuple[str, ...]:
    if given is None:
        return tuple(name for name, one in OUTCOMES.items() if one.headline)
    for at, name in enumerate(given):
        with _said_at(f"{where}: outcomes[{at}]"):
            find_outcome(name)
        if name in given[:at]:
            raise InputError(SAYS("outcome_twice", where=where, name=name))
    return tuple(given)


@contextmanager
def _said_at(where: str, somewhere: bool = True) -> Iterator[None]:
    """Let a refusal begin with where in the file it is, if it is in a file."""
    try:
        yield
    except InputError as error:
        lead = f"{where}: " if somewhere else ""
        raise InputError(*(behind(lead, one) for one in error.sentences)) from None
