"""The runs under a search: scenarios over beliefs, each run once and kept.

A run is known by what decides its bits: scenario, world, beliefs and seed. The budget, the goals
and the search that asked for it are none of that, so another question finds it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from cisim.lab.again import Again, point_of
from cisim.lab.bill import years_of
from cisim.lab.design import Design
from cisim.lab.executors import Executor, Progress, Say
from cisim.lab.optimise import future
from cisim.lab.optimise.budget import Who
from cisim.lab.optimise.goals import OUTCOMES
from cisim.lab.resume import Called, Parts, Quarantined, work_on
from cisim.lab.store import key_of
from cisim.model.past import Pasts
from cisim.model.state import Floats
from cisim.model.told import Sentences
from cisim.world.scenario import Scenario

SAYS = Sentences(
    "optimise_runs",
    from_before="Runs from before are there; what is missing is run.",
)

_OTHERWISE_CALLED = {"name", "title", "short", "story", "note", "world_name", "structure_name"}


THROUGH = ("cisim.lab.optimise.future", "cisim.lab.bill")
"""What a run goes through beside model and world: it decides its bits, too."""


class Runs:
    """Scenarios over beliefs.

    done       : how many runs were asked for and finished
    failed     : what is quarantined, with the reason
    incomplete : whether it was stopped
    """

    def __init__(
        self,
        scenario: Scenario,
        who: Sequence[Who],
        folder: Path | None,
        executor: Executor,
        expected: int,
        progress: Progress | None,
        say: Say | None,
    ) -> None:
        self.payers = tuple(one.name for one in who)
        self.years = years_of(scenario.calendar, scenario.months).size
        self._prices = np.array([one.year_price for one in who])
        years = range(1, self.years + 1)
        self._columns = [*OUTCOMES, *(f"{name} {y}" for name in self.payers for y in years)]
        self.parts = Parts(folder, self._columns, say)
        self._store = self.parts.open()
        self._world = key_of({"world": scenario.world.model_dump(mode="json")})
        self._executor, self._expected = executor, expected
        self._progress, self._say = progress, say
        self._told = False
        self.done = 0
        self.failed: dict[str, Quarantined] = {}
        self.incomplete = False

    def __enter__(self) -> Runs:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()

    def key(self, scenario: Scenario) -> str:
        """Return what is the same for scenarios that run alike in this world."""
        said = scenario.model_dump(mode="json", exclude={*_OTHERWISE_CALLED, "world"})
        return key_of({"world": self._world, "scenario": said, "held": scenario.held})

    def over(
        self, scenarios: Mapping[str, Scenario], design: Design, seed: int
    ) -> dict[str, Floats] | None:
        """Return the rows of each scenario by its key, (n, 2 + Q Y), NaN where a run has failed.

        None comes back if it was stopped before the end. Raises InputError if nothing can run.
        """
        names = list(scenarios)
        keys = [
            key_of({"run": name, "beliefs": design.point(at), "seed": seed + at}, THROUGH)
            for at in range(len(design))
            for name in names
        ]

        def greet(before: int) -> None:
            if before and not self._told and self._say is not None:
                self._say(SAYS("from_before"))
            self._told = True
            if before:
                count(before, 0)

        def count(done: int, _: int) -> None:
            if self._progress is not None:
                self._progress(self.done + done, max(self._expected, self.done + len(keys)))

        def called(piece: int) -> Called:
            point, which = divmod(piece, len(names))
            return Called(f"{scenarios[names[which]].name}, belief {point}", seed + point)

        work = future.Work(tuple(scenarios.values()), design, seed, self.payers, Pasts())
        done = work_on(
            self._store,
            future.run,
            work,
            keys,
            self.parts,
            called=called,
            greet=greet,
            first=not self.done,
            progress=count,
            say=self._say,
            executor=self._executor,
        )
        for piece, reason in done.failed:
            which = called(piece).which
            given = scenarios[names[piece % len(names)]]
            line = _again(given, design, piece // len(names), seed)
            self.failed[which] = Quarantined(which, reason, line)
        self.done += len(keys)
        if done.incomplete:
            self.incomplete = True
            return None
        return {name: done.rows[at :: len(names)] for at, name in enumerate(names)}

    def outcomes(self, rows: Floats) -> Floats:
        """Return the outcomes of rows, (n, 2)."""
        return rows[:, : len(OUTCOMES)]

    def money(self, rows: Floats) -> Floats:
        """Return money by payer and year of rows, (n, Q, Y)."""
        fte_years = rows[:, len(OUTCOMES) :].reshape(-1, len(self.payers), self.years)
        return fte_years * self._prices[None, :, None]


def _again(scenario: Scenario, design: Design, at: int, seed: int) -> str:
    """Return the line that lives a scenario with the beliefs of a point again, "" if there is none.

    What the scenario sets itself stays so, as in cisim.lab.optimise.future.
    """
    made, point = Again(scenario).python, point_of(design, at)
    if not made or not point:
        return ""
    own = scenario.parameters.model_dump(exclude_defaults=True)
    return (
        f"import cisim.lab.design; cisim.CollectiveImpactModel({made}.with_(parameters="
        f"{{**{point}, **{own!r}}}), seed={seed + at}).run()"
    )
