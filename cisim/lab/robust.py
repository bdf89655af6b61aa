"""A robust answer for planners: structures over everything that we may plausibly believe.

A sampled world is one point of a Latin hypercube over all parameters, with luck of its own that
all scenarios share. In each the scenarios meet a reference, no backbone at all, and the ordinary
world, which is where wellbeing would be had nobody begun (a gain of 0).

What decides is told by rank correlation of the favourite's lead with each parameter (see
cisim.lab.moved.moves for why), and by how often the favourite is best in the lowest and the
highest third of that parameter.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cisim.lab.again import expression_of
from cisim.lab.analyses.says import evidence
from cisim.lab.design import MOST_POINTS, Design, latin_hypercube
from cisim.lab.disk import Aside
from cisim.lab.executors import Executor, Progress, Say, executor_of, whole_number
from cisim.lab.leads import leads
from cisim.lab.manifest import manifest_of, ranges, short_key, sources_of_results
from cisim.lab.moved import deciding
from cisim.lab.once_more import made
from cisim.lab.results import DESIGNS, ROBUST, check_out, write_result, write_table
from cisim.lab.resume import Called, Parts, Quarantined, check_room, continue_work, key_of
from cisim.lab.same_money import let_go, same_futures
from cisim.lab.simulate import load_all
from cisim.model.input_error import InputError, shown
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import Asked, find_outcome
from cisim.model.past import Pasts, side_by_side
from cisim.model.state import Floats
from cisim.model.told import Named, Sentences, several
from cisim.world.notes import notes_of
from cisim.world.pictured import Pictured
from cisim.world.policy import Function
from cisim.world.scenario import Scenario
from cisim.world.staffing import resolved_posts

POINTS = 300
WELLBEING = "wellbeing_gain"
REFERENCE = "no backbone"
MOST_REPLICATES = 1000
DECIDING = 3
BY = "robust"
"""What a manifest says that it was made by."""
THROUGH = ("cisim.lab.robust", "cisim.lab.same_money")
"""The modules of the lab that decide the bits of a piece of work; see cisim.lab.store.keys."""
SAYS = Sentences(
    "robust",
    nothing="No sampled world is finished, so nothing can be said.",
    best="{who} is best in {best:.0f} of {of} sampled worlds; wellbeing falls below the ordinary "
    "world in {ordinary:.0%} and is lower than without a backbone in {reference:.0%}.",
    best_by="{who} is best in {best:.0f} of {of} sampled worlds, there by {lead:.2g} {unit} "
    "(median); wellbeing falls below the ordinary world in {ordinary:.0%} and is lower than "
    "without a backbone in {reference:.0%}.",
    tied="In {many} sampled worlds nobody is strictly best.",
    deciding="{parameter} (best in {low:.0%} of worlds in its lowest third, {high:.0%} in its "
    "highest; evidence: {source}, which supports {supports})",
    hangs="Whether {who} is best hangs most on {parts}.",
    no_parameter="No single parameter stands out as deciding which is best.",
)
_OF_BACKBONES = ("backbone-starts", "backbone-chosen", "backbone-ends", "seed-money-ends")


@dataclass(frozen=True, eq=False)
class Robust(Pictured):
    """Scenarios over sampled worlds, at the horizon.

    names     : (S,) scenarios
    outcome   : by which they are compared
    values    : (n, S) the outcome, mean over a world's replicates
    wellbeing : (n, S) wellbeing gain, points; 0 is the ordinary world
    reference : (n, 2) outcome and wellbeing gain without a backbone
    design    : the n worlds that every scenario has finished
    asked     : how many worlds were wanted
    failed    : what is quarantined, with the line that does it again
    incomplete : whether it was stopped before the end
    manifest   : of what was written with it; None without a folder
    """

    names: tuple[str, ...]
    outcome: str
    values: Floats
    wellbeing: Floats
    reference: Floats
    design: Design
    replicates: int
    seed: int
    asked: int
    failed: tuple[Quarantined, ...] = ()
    incomplete: bool = False
    manifest: Mapping[str, Any] | None = None

    def __repr__(self) -> str:
        return f"<Robust {', '.join(self.names)}: {self.worlds:,} worlds>"

    @property
    def worlds(self) -> int:
        """Return how many worlds every scenario has finished."""
        return int(self.values.shape[0])

    @property
    def leads(self) -> Floats:
        """Return by how much each scenario is better than the best of the others, (n, S)."""
        sign = -1.0 if find_outcome(self.outcome).better == "lower" else 1.0
        return leads(sign * self.values)

    @property
    def favourite(self) -> str:
        """Return the scenario that is best in most worlds, the first of equals."""
        best = (self.leads > 0.0).sum(axis=0)
        return self.names[int(best.argmax())]

    def table(self) -> pd.DataFrame:
        """Return a row for each scenario.

        best, of        : worlds in which it is strictly better than all others, and all worlds
        lead            : its median lead over the second where it is best
        behind          : its median distance from the best where it is not
        over_reference, low, high : difference from no backbone: median, and 5 and 95 % of worlds
        below_ordinary  : share of worlds in which wellbeing falls below the ordinary world
        below_reference : share of worlds in which wellbeing is lower than without a backbone
        """
        ahead = self.leads
        rows = []
        for s, name in enumerate(self.names):
            mine = ahead[:, s]
            over = self.values[:, s] - self.reference[:, 0]
            low, middle, high = _quantiles(over, (0.05, 0.5, 0.95))
            rows.append(
                {
                    "scenario": name,
                    "best": int((mine > 0.0).sum()),
                    "of": self.worlds,
                    "lead": _median(mine[mine > 0.0]),
                    "behind": _median(-mine[mine < 0.0]),
                    "over_reference": middle,
                    "low": low,
                    "high": high,
                    "below_ordinary": _mean(self.wellbeing[:, s] < 0.0),
                    "below_reference": _mean(self.wellbeing[:, s] < self.reference[:, 1]),
                }
            )
        return pd.DataFrame(rows)

    @property
    def tied(self) -> int:
        """Return in how many worlds nobody is strictly best."""
        return int((~(self.leads > 0.0).any(axis=1)).sum())

    def deciding(self, scenario: str | None = None, many: int = DECIDING) -> pd.DataFrame:
        """Return the parameters that decide whether a scenario, by default the favourite, is best.

        The columns are those of cisim.lab.moved.deciding.
        """
        name = scenario or self.favourite
        if name not in self.names:
            raise InputError(f"{shown(name)} is not one of {', '.join(self.names)}.")
        lead = self.leads[:, self.names.index(name)]
        return deciding(self.design.names, self.design.values, lead, many)

    def sentences(self, titles: Mapping[str, str] | None = None) -> list[str]:
        """Return the answer in sentences: who is best where, what harms, what decides.

        titles : what people call the scenarios, by name; left out, their names
        """
        called = titles or {}
        if not self.worlds:
            return [SAYS("nothing")]
        table = self.table().set_index("scenario")
        unit = Named(find_outcome(self.outcome).unit, "units")
        told: list[str] = []
        for name, row in table.sort_values("best", ascending=False, kind="stable").iterrows():
            told.append(
                SAYS(
                    "best" if math.isnan(row["lead"]) else "best_by",
                    who=called.get(str(name), str(name)), best=row["best"], of=self.worlds,
                    lead=row["lead"], unit=unit, ordinary=row["below_ordinary"],
                    reference=row["below_reference"],
                )
            )  # fmt: skip
        if self.tied:
            told.append(SAYS("tied", many=self.tied))
        clear = self.deciding()
        clear = clear[clear["clear"]]
        if len(clear):
            parts = [
                SAYS(
                    "deciding",
                    parameter=row["parameter"],
                    low=row["best_low"],
                    high=row["best_high"],
                    **evidence(row["source"], row["supports"]),
                )
                for _, row in clear.iterrows()
            ]
            favourite = called.get(self.favourite, self.favourite)
            told.append(SAYS("hangs", who=favourite, parts=several(parts, "; ")))
        else:
            told.append(SAYS("no_parameter"))
        return told


def robust(
    scenarios: Iterable[Scenario | str | os.PathLike[str]],
    points: int = POINTS,
    replicates: int = 1,
    workers: int | None = None,
    seed: int = 1,
    *,
    executor: Executor | None = None,
    outcome: str = WELLBEING,
    months: int | None = None,
    policy: str | Function | None = None,
    policy_parameters: Mapping[str, Any] | None = None,
    out: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    say: Say | None = None,
    command: str | Sequence[str] | None = None,
) -> Robust:
    """Run scenarios over the plausible space; return the robust answer.

    points     : sampled worlds
    replicates : futures of each world, of which the mean is taken
    executor   : where it is done, in place of `workers`: see cisim.lab.executors
    outcome    : by which they are compared at the horizon
    policy     : what acts on the agents in every scenario, with its parameters; one scenario alone
                 is compared with itself without the policy
    out        : folder for what is computed; a run that was broken off continues there
    command    : how to get the same again, for the manifest

    A parameter that a scenario sets itself keeps that value; one that all set to the same value is
    not sampled. The reference is the first scenario without backbone or grants, else one is made.

    Raises InputError if something given is wrong.
    """
    started = datetime.now(UTC)
    loaded = load_all(scenarios, months, policy, policy_parameters, beside_itself=True)
    _check(loaded)
    points = whole_number("points", points, 1, MOST_POINTS)
    replicates = whole_number("replicates", replicates, 1, MOST_REPLICATES)
    seed = check_room(seed, points * replicates)
    if not find_outcome(outcome).better:
        raise InputError(f"outcome is {outcome}, of which neither more nor less is better.")
    folder = None if out is None else check_out(out)
    executor = executor_of(workers, executor, say)
    design = _sampled(loaded, points, seed)
    work = _Work((*loaded, _reference(loaded)), design, seed, replicates, outcome)
    size = len(work.scenarios)
    columns = [f"{of} {s}" for s in range(size) for of in ("value", "gain")]
    parts = Parts(folder, columns, say)
    done = continue_work(
        _world,
        work,
        _keys(work),
        parts,
        called=work.called,
        executor=executor,
        progress=progress,
        say=say,
    )
    finished = done.finished.reshape(points, replicates).all(axis=1)
    rows = done.rows.reshape(points, replicates, size, 2).mean(axis=1)[finished]
    found = Robust(
        names=tuple(one.name for one in loaded),
        outcome=outcome,
        values=rows[:, :-1, 0],
        wellbeing=rows[:, :-1, 1],
        reference=rows[:, -1],
        design=Design(design.names, design.values[finished], seed),
        replicates=replicates,
        seed=seed,
        asked=points,
        failed=_failed(work, done.failed),
        incomplete=done.incomplete,
    )
    if folder is None:
        return found
    origin = {
        **sources_of_results(),
        "scenarios": [one.resolved() for one in loaded],
        "reference": work.scenarios[-1].resolved(),
        "seeds": {"first": seed, "finished": ranges(np.flatnonzero(done.finished) + seed)},
        "outcomes": list(dict.fromkeys([outcome, WELLBEING])),
        "points": points,
        "replicates": replicates,
        "design": {"seed": seed, "parameters": list(design.names), "file": DESIGNS},
    }
    key = short_key(origin)

    def fill(aside: Aside) -> None:
        with aside.file(DESIGNS) as file:
            write_table(file, design.table(), key)
        with aside.file(ROBUST) as file:
            write_table(file, _tidy(found, np.flatnonzero(finished)), key)

    def manifest(files: Mapping[str, str]) -> dict[str, Any]:
        return manifest_of(
            key,
            origin,
            command or "cisim.lab.robust.robust, called from Python",
            asked=points * replicates,
            made=made(BY, parts.came, THROUGH),
            incomplete=found.incomplete,
            failed=[one._asdict() for one in found.failed],
            notes=notes_of(loaded),
            posts={one.name: resolved_posts(one.world, one.structure) for one in loaded},
            started=started,
            finished=datetime.now(UTC),
            files=files,
        )

    return replace(found, manifest=write_result(folder, fill, manifest))


def _check(scenarios: Sequence[Scenario]) -> None:
    from cisim.lab import compare

    compare.check_comparable(list(scenarios))


def _reference(scenarios: Sequence[Scenario]) -> Scenario:
    """Return the scenario without backbone or grants."""
    for one in scenarios:
        if not one.structure.pays and not any(e.kind in _OF_BACKBONES for e in one.events):
            return one
    first = scenarios[0]
    events = [event for event in first.events if event.kind not in _OF_BACKBONES]
    return first.with_(name=REFERENCE, title=REFERENCE, structure="none", events=events)


class _Work(NamedTuple):
    """What a worker needs to know; piece i is world i div replicates, and the last scenario the
    reference."""

    scenarios: tuple[Scenario, ...]
    design: Design
    seed: int
    replicates: int
    outcome: str

    def called(self, piece: int) -> Called:
        """Return what a piece is called, and its seed."""
        world, replicate = divmod(piece, self.replicates)
        future = f", future {replicate}" if self.replicates > 1 else ""
        return Called(f"world {world}{future}", self.seed + piece)


def _there(scenarios: Sequence[Scenario], point: Mapping[str, float]) -> list[Scenario]:
    """Return scenarios in a world in which that is so which they do not set themselves."""
    return same_futures(
        [
            one.with_(parameters={**point, **one.parameters.model_dump(exclude_defaults=True)})
            for one in scenarios
        ]
    )


def _world(work: _Work, piece: int) -> Floats:
    """Return outcome and wellbeing gain of each scenario in one future of one world, (2 S,)."""
    names = (work.outcome, WELLBEING)
    asked = Asked.of(names, [work.scenarios[0].months])
    found: dict[int, list[float]] = {}
    pasts = Pasts()
    future = work.seed + piece
    believed = _there(work.scenarios, work.design.point(piece // work.replicates))
    for place in side_by_side(believed)[0]:
        same = next((k for k in found if work.scenarios[k] is work.scenarios[place]), None)
        if same is None:
            model = CollectiveImpactModel(believed[place], future, pasts=pasts, observe=asked).run()
            values = model.recorder.values(names)
            found[place] = [float(values[name][-1, -1]) for name in names]
            let_go(model, believed)
        else:
            found[place] = found[same]
    return np.array([number for place in range(len(work.scenarios)) for number in found[place]])


def believed(
    scenarios: Iterable[Scenario | str | os.PathLike[str]],
    points: int = POINTS,
    seed: int = 1,
    *,
    world: int,
) -> list[Scenario]:
    """Return the scenarios as they are in one world of a robust answer, the reference last.

    points, seed : of that answer

    Raises InputError if something given is wrong.
    """
    loaded = load_all(scenarios)
    world = whole_number("world", world, 0, whole_number("points", points, 1, MOST_POINTS) - 1)
    return _there((*loaded, _reference(loaded)), _sampled(loaded, points, seed).point(world))


def _sampled(scenarios: Sequence[Scenario], points: int, seed: int) -> Design:
    """Return the worlds: what all scenarios set to the same value is not sampled."""
    given = [one.parameters.model_dump(exclude_defaults=True) for one in scenarios]
    fixed = [name for name in given[0] if all(g.get(name) == given[0][name] for g in given)]
    return latin_hypercube(points, seed, fixed=fixed)


def _failed(work: _Work, faults: Sequence[tuple[int, str]]) -> tuple[Quarantined, ...]:
    """Return what is quarantined, with the line that lives its world and future again."""
    given = expression_of(work.scenarios[:-1]) if faults else ""
    found = []
    for piece, reason in faults:
        world = f"points={len(work.design)}, seed={work.seed}, world={piece // work.replicates}"
        line = (
            f"import cisim.lab.robust; [cisim.CollectiveImpactModel(one, "
            f"seed={work.seed + piece}).run() for one in cisim.lab.robust.believed({given}, "
            f"{world})]"
        )
        found.append(Quarantined(work.called(piece).which, reason, line))
    return tuple(found)


def _keys(work: _Work) -> list[str]:
    scenarios = [one.resolved() for one in work.scenarios]
    origin = key_of({"robust": work.outcome, "scenarios": scenarios}, THROUGH)
    return [
        key_of(
            {
                "world": origin,
                "parameters": work.design.point(piece // work.replicates),
                "seed": work.seed + piece,
            }
        )
        for piece in range(len(work.design) * work.replicates)
    ]


def _tidy(found: Robust, points: np.ndarray) -> pd.DataFrame:
    """Return a row for each world and scenario, the reference last."""
    frames = []
    columns = [*found.names, REFERENCE]
    for s, name in enumerate(columns):
        last = s == len(found.names)
        values, gains = found.reference.T if last else (found.values[:, s], found.wellbeing[:, s])
        frame = pd.DataFrame({"scenario": name, "point": points, found.outcome: values})
        if found.outcome != WELLBEING:
            frame[WELLBEING] = gains
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _median(values: Floats) -> float:
    return float(np.median(values)) if values.size else math.nan


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else math.nan


def _quantiles(values: Floats, levels: Sequence[float]) -> list[float]:
    return [float(q) for q in np.quantile(values, levels)] if values.size else [math.nan] * 3
