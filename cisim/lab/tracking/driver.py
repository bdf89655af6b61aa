"""Are we on track? A running partnership's own figures weigh the futures of what is believed.

Futures of luck and belief are run in batches until enough of them have weight, or a bound is
reached. What was computed is kept under `out`: the same command goes on from there, and with more
figures, as the partnership goes on, all futures are there from before.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from cisim.lab.again import expression_of
from cisim.lab.compare import check_comparable
from cisim.lab.disk import Aside
from cisim.lab.ensemble import OVERALL
from cisim.lab.executors import Executor, Progress, Say, executor_of, whole_number
from cisim.lab.manifest import manifest_of, ranges, short_key, sources_of_results
from cisim.lab.once_more import made
from cisim.lab.results import (
    TRACKED_AGAINST,
    TRACKED_BELIEFS,
    TRACKED_FIT,
    TRACKED_OUTCOMES,
    TRACKED_WATCH,
    TRACKED_WEIGHTS,
    check_out,
    write_csv,
    write_result,
)
from cisim.lab.resume import Called, Parts, Quarantined, continue_work, key_of
from cisim.lab.same_money import same_futures
from cisim.lab.simulate import believing, load
from cisim.lab.tracking.figures import TOLERANCE, Figure, Observed, last_month, read_figures
from cisim.lab.tracking.runs import THROUGH, Work, future
from cisim.lab.tracking.tracked import Against, Tracked, shown_of
from cisim.lab.tracking.weighing import FAR, covariance, farthest, weigh
from cisim.model.input_error import InputError
from cisim.model.limits import LARGEST_SEED, MOST_REPLICATES
from cisim.model.outcomes import OUTCOMES, find_outcome
from cisim.model.past import side_by_side
from cisim.model.state import Floats
from cisim.world.beliefs import differing_beliefs
from cisim.world.notes import notes_of
from cisim.world.policy import Function
from cisim.world.scenario import Scenario

BY = "track"
"""What a manifest says that it was made by."""
WATCHING = (
    "members", "leavers", "meetings_per_member", "own_share", "trust_survey", "density", "load",
    "regional_staff", "national_staff", "sponsor_money", "joint_fte", "joint_activity",
    "inclusion",
)  # fmt: skip
"""What a partnership can see of itself: its register, calendar, surveys, ledger and time sheets."""
REPLICATES, WANTED, MOST = 400, 100, 4000
"""Futures that are run first, effective ones that are wanted, and futures that are run at most."""
MOST_NUMBERS = 150_000_000
"""So many numbers of futures may be kept: a bit more than a gigabyte."""
WITHIN = 24
"""Months in which one might look next."""

Draw = Callable[[Tracked, str], Mapping[str, str]]
"""Makes pictures, SVG by the name of their file, of what was found and its key."""


def track(
    scenario: Scenario | str | os.PathLike[str],
    observed: Observed,
    *,
    against: Scenario | str | os.PathLike[str] | None = None,
    outcome: str = "wellbeing_gain",
    tolerance: float = TOLERANCE,
    watch: Iterable[str] | None = None,
    within: int = WITHIN,
    replicates: int = REPLICATES,
    effective: int = WANTED,
    most: int | None = None,
    beliefs: str | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    seed: int = 1,
    months: int | None = None,
    policy: str | Function | None = None,
    policy_parameters: Mapping[str, Any] | None = None,
    out: str | os.PathLike[str] | None = None,
    draw: Draw | None = None,
    progress: Progress | None = None,
    say: Say | None = None,
    command: str | Sequence[str] | None = None,
) -> Tracked:
    """Weigh futures by what a partnership has observed of itself; return what is now believed.

    observed   : a file (CSV or a workbook), a table, or rows: outcome, month, value, and error (one
                 standard deviation), tolerance, region, source where they are known
    against    : another scenario that meets the same futures: what it would bring instead
    outcome    : the answer: this outcome at the horizon
    tolerance  : how far the model may be off a figure, as a share of it, where its row does not
                 say; three standard deviations, as in a calibration
    watch      : outcomes that may be watched next; None for those that a partnership can see
    within     : months from the last figure on in which they may be
    replicates : futures that are run first
    effective  : more are run while fewer than so many count
    most       : but not more than so many; None for ten times `replicates`
    beliefs    : how futures believe, see Scenario.believing; None leaves that to the scenario, and
                 where that says nothing what a calibration has left, or all that is plausible
    out        : folder for tables, manifest and what is computed; what was stopped goes on there
    draw       : makes pictures that are written with it
    command    : how to get the same again, for the manifest

    Raises InputError if something given is wrong. Futures that fail are in `failed` and left out;
    after Ctrl-C what is finished comes back, `incomplete`.
    """
    started = datetime.now(UTC)
    both = [load(scenario, months, policy, policy_parameters)]
    if against is not None:
        both.append(load(against, months, policy, policy_parameters))
    both = believing(both, beliefs, differing_beliefs())
    if against is not None:
        check_comparable(both)
    loaded = tuple(same_futures(both))
    figures = read_figures(observed, loaded[0], tolerance)
    find_outcome(outcome)
    watching = _watched(watch)
    within = whole_number("within", within, 1, 1200)
    replicates = whole_number("replicates", replicates, 2, MOST_REPLICATES)
    effective = whole_number("effective", effective, 1, MOST_REPLICATES)
    asked_for = most is not None
    most = min(10 * replicates, MOST_REPLICATES) if most is None else most
    most = whole_number("most", most, replicates, MOST_REPLICATES)
    seed = whole_number("seed", seed, 0, LARGEST_SEED - most + 1)
    if outcome not in watching and last_month(figures) >= loaded[0].months:
        raise InputError(
            f"observed has figures of month {last_month(figures)}, the horizon of "
            f"{loaded[0].name}, so nothing is to come; allowed is a later horizon (months)."
        )
    folder = None if out is None else check_out(out)
    runs = _Runs(loaded, figures, outcome, watching, seed, folder, progress, say)
    room = MOST_NUMBERS // len(runs.columns)
    if not asked_for:
        most = max(replicates, min(most, room))
    if most > room:
        raise InputError(
            f"most is {most:,}, more than memory has room for; allowed is at most {room:,}."
        )
    if say is not None:
        for note in notes_of(list(loaded)):
            say(note)
    runs.executor = executor_of(workers, executor, say)
    runs.until(replicates, effective, most)
    found = Tracked(
        scenario=loaded[0],
        figures=figures,
        outcome=outcome,
        outcomes=runs.outcomes,
        regions=runs.regions,
        values=runs.values[:, 0],
        seeds=np.array(runs.seeds, np.int64),
        watching=watching,
        within=within,
        tolerance=float(tolerance),
        wanted=effective,
        most=most,
        asked=runs.begun,
        against=None if against is None else _against(runs, figures, loaded[1]),
        failed=tuple(runs.failed),
        incomplete=runs.incomplete,
    )
    if folder is None or not found.futures:
        return found
    origin = {
        **sources_of_results(),
        "scenarios": [one.resolved() for one in loaded],
        "observed": [one._asdict() for one in figures],
        "outcome": outcome,
        "tolerance": found.tolerance,
        "watching": list(watching),
        "within": within,
        "replicates": replicates,
        "effective": effective,
        "most": most,
        "seeds": {"first": seed, "finished": ranges(found.seeds)},
        "outcomes": list(runs.outcomes),
    }
    key = short_key(origin)

    def fill(aside: Aside) -> None:
        for name, table in _tables(found).items():
            with aside.file(name) as file:
                write_csv(file, table, key)
        for name, picture in ({} if draw is None else draw(found, key)).items():
            aside.write(name, picture)

    def manifest(files: Mapping[str, str]) -> dict[str, Any]:
        return manifest_of(
            key,
            origin,
            command or "cisim.track, called from Python",
            asked=runs.begun,
            made=made(BY, runs.came, THROUGH),
            incomplete=found.incomplete,
            failed=[one._asdict() for one in found.failed],
            notes=notes_of(list(loaded)),
            started=started,
            finished=datetime.now(UTC),
            files=files,
        )

    return replace(found, manifest=write_result(folder, fill, manifest))


def _watched(watch: Iterable[str] | None) -> tuple[str, ...]:
    names = WATCHING if watch is None else [watch] if isinstance(watch, str) else [*watch]
    for name in names:
        find_outcome(name)
    return tuple(dict.fromkeys(names))


def _tables(found: Tracked) -> dict[str, Any]:
    """Return the tables of a result, by the name of the file."""
    tables = {
        TRACKED_FIT: found.fit(),
        TRACKED_OUTCOMES: found.forecast(),
        TRACKED_BELIEFS: found.beliefs(),
        TRACKED_WATCH: found.watch(),
        TRACKED_WEIGHTS: found.weights_table(),
    }
    return tables if found.against is None else {**tables, TRACKED_AGAINST: found.beside()}


def _against(runs: _Runs, figures: Sequence[Figure], other: Scenario) -> Against:
    """Return the other scenario, and in how many futures its past is another."""
    values, now = runs.values, last_month(figures)
    here, there = (values[:, s, : now + 1] for s in (0, 1))
    same = (here == there) | (np.isnan(here) & np.isnan(there))
    before = int((~same.all(axis=(1, 2, 3))).sum()) if figures else 0
    return Against(other, values[:, 1], before)


class _Runs:
    """The futures so far.

    values : (n, scenarios, months, regions, outcomes)
    seeds  : of those that are finished
    begun  : how many were asked for
    """

    executor: Executor | None = None

    def __init__(
        self,
        scenarios: tuple[Scenario, ...],
        figures: Sequence[Figure],
        outcome: str,
        watching: Sequence[str],
        seed: int,
        folder: Path | None,
        progress: Progress | None,
        say: Say | None,
    ) -> None:
        self.scenarios, self.figures, self.seed, self.folder = scenarios, figures, seed, folder
        self.progress, self.say = progress, say
        headlines = [name for name, one in OUTCOMES.items() if one.headline]
        asked = {outcome, *watching, *WATCHING, *headlines, *(one.outcome for one in figures)}
        self.outcomes = tuple(name for name in OUTCOMES if name in asked)
        by_region = any(one.region for one in figures)
        names = [one.name for one in scenarios[0].world.regions] if by_region else []
        self.regions = (*names, OVERALL)
        self.shape = (len(scenarios), scenarios[0].months + 1, len(self.regions),
                      len(self.outcomes))  # fmt: skip
        self.values: Floats = np.empty((0, *self.shape))
        self.seeds: list[int] = []
        self.failed: list[Quarantined] = []
        self.came: list[dict[str, Any]] = []
        self.begun = 0
        self.incomplete = False
        order, _ = side_by_side(list(scenarios))
        self.order = [scenarios[at] for at in order]
        said = {
            "scenarios": [one.resolved() for one in scenarios],
            "outcomes": list(self.outcomes),
            "regions": list(self.regions),
        }
        self.batch = key_of(said, THROUGH)
        self.columns = [str(k) for k in range(int(np.prod(self.shape)))]

    def until(self, first: int, effective: int, most: int) -> None:
        """Run futures until enough count, or as many are there as there may be."""
        self.more(first)
        while not self.incomplete and self.begun < most and self.figures:
            counted, nearest = self._counted()
            if counted >= effective or nearest > FAR:
                return
            share = max(counted / max(len(self.seeds), 1), 1e-9)
            needed = effective / share * 1.1 - self.begun
            self.more(int(min(max(needed, first), self.begun, most - self.begun)))

    def _counted(self) -> tuple[float, float]:
        """Return how many futures count, and how far the nearest is off what it misses most."""
        if not self.seeds:
            return 0.0, math.inf
        shown = shown_of(self.figures, self.values[:, 0], self.outcomes, self.regions)
        observed = np.array([one.value for one in self.figures])
        together = covariance(self.figures)
        counted = weigh(shown, observed, together).effective
        return counted, float(farthest(shown, observed, together).min())

    def more(self, count: int) -> None:
        """Run so many more futures."""
        start = self.begun
        work = Work(self.scenarios, self.seed + start, self.outcomes, len(self.regions) > 1)

        def tell(done: int, total: int) -> None:
            if self.progress is not None:
                self.progress(start + done, start + total)

        def called(piece: int) -> Called:
            return Called(f"future {self.seed + start + piece}", self.seed + start + piece)

        came = continue_work(
            future,
            work,
            [key_of({"batch": self.batch, "seed": self.seed + start + k}) for k in range(count)],
            Parts(self.folder, self.columns, self.say, self.came),
            called=called,
            executor=self.executor,
            progress=tell,
            say=self.say,
        )
        self.begun += count
        self.incomplete |= came.incomplete
        for piece, reason in came.failed:
            which, seed = called(piece)
            self.failed.append(Quarantined(which, reason, self._line(seed)))
        some = came.rows[came.finished].reshape(int(came.finished.sum()), *self.shape)
        self.values = np.concatenate([self.values, some])
        self.seeds += [self.seed + start + int(k) for k in np.flatnonzero(came.finished)]

    def _line(self, seed: int) -> str:
        """Return the line that lives a future again."""
        return (
            f"import cisim; [cisim.CollectiveImpactModel(one, seed={seed}).run() for one in "
            f"{expression_of(self.scenarios)}]"
        )
