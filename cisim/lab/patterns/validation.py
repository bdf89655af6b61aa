"""All patterns at the defaults and over the plausible space, in one design of shared runs.

Replicate k has the default parameters and seed + k; point p has its own sampled parameters and
seed + POINT_SEEDS + p, so the space is sampled together with its luck. Each is one set of runs
(runs.py, and cisim.lab.indicators for L1 to L9). In place of a sampled space the points of an
ensemble can be taken. Nothing depends on workers, on order, or on where an earlier run was broken
off.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cisim.lab.again import Again, point_of
from cisim.lab.design import MOST_POINTS, Design, latin_hypercube
from cisim.lab.designs import Ensemble, plan
from cisim.lab.disk import Aside
from cisim.lab.executors import Executor, Progress, Say, executor_of, whole_number
from cisim.lab.indicators import shown_by
from cisim.lab.manifest import manifest_of, ranges, short_key, sources_of_results, without_places
from cisim.lab.moved import Moved, moves, thirds
from cisim.lab.once_more import made
from cisim.lab.patterns.declared import PATTERNS
from cisim.lab.patterns.pattern import Criterion, Pattern
from cisim.lab.patterns.readings import OUTCOMES_READ
from cisim.lab.patterns.runs import MONTHS, VARIANTS, run_variants
from cisim.lab.patterns.verdict import (
    SOMEWHERE,
    UNDEFINED,
    WIDELY,
    AtDefaults,
    OverSpace,
    Verdict,
    at_defaults,
    over_space,
    share_interval,
    verdict,
)
from cisim.lab.results import (
    DESIGNS,
    EFFECTS,
    VALIDATION,
    VERDICTS,
    check_out,
    csv_line,
    write_result,
    write_table,
)
from cisim.lab.resume import Called, Done, Parts, Quarantined, check_room, continue_work, key_of
from cisim.lab.store.keys import results_version
from cisim.model.input_error import InputError, nearest, shown
from cisim.model.sources import source_hash
from cisim.model.state import Floats
from cisim.model.told import Sentences
from cisim.world.scenario import Scenario

SAYS = Sentences(
    "validation",
    no_pattern="patterns has {name}; allowed are {known}.",
    empty="patterns is empty; allowed are {known}.",
    replicate="replicate {piece}",
    point="point {point}",
)

REPLICATES, POINTS = 60, 300
QUICK_REPLICATES, QUICK_POINTS = 20, 80
SEED = 71_000
POINT_SEEDS = 1_000_000
"""How far the seeds of points lie from those of replicates."""
MOST_REPLICATES = POINT_SEEDS
VALIDATED_SITES = 48
"""Differing sites of a set: a share of so many is uncertain by some .12 to either side."""
MOVERS = 3
BY = "validate"
"""What a manifest says that it was made by."""
THROUGH = (
    "cisim.lab.indicators",
    "cisim.lab.sites",
    "cisim.lab.patterns.validation",
    "cisim.lab.patterns.declared",
    "cisim.lab.patterns.pattern",
    "cisim.lab.patterns.readings",
    "cisim.lab.patterns.runs",
    "cisim.lab.patterns.series",
    "cisim.lab.same_money",
)
"""The modules of the lab that decide the bits of a piece of work; see cisim.lab.store.keys."""


@dataclass(frozen=True, eq=False)
class Validation:
    """What the patterns show.

    patterns : in the order of the tables
    defaults : (replicates, criteria) effects of those that finished
    space    : (points, criteria) effects of those that finished
    design   : the points that finished
    seed, replicates, points : as asked for
    failed   : the sets that are quarantined, with the line that does each again
    incomplete : whether it was stopped before the end
    ensemble : what the points are from; "" for a sampled space
    """

    patterns: tuple[Pattern, ...]
    defaults: Floats
    space: Floats
    design: Design
    world: str
    seed: int
    replicates: int
    points: int
    command: str
    failed: tuple[Quarantined, ...] = ()
    incomplete: bool = False
    ensemble: str = ""
    _columns: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [name for pattern in self.patterns for name in pattern.columns()]
        self._columns.update({name: place for place, name in enumerate(names)})

    def effects(self, column: str) -> tuple[Floats, Floats]:
        """Return a criterion's effects, by its name "P1.joint": replicates, and points."""
        if column not in self._columns:
            raise InputError(
                f"{shown(column)} is no criterion that was tested.{nearest(column, self._columns)}"
            )
        place = self._columns[column]
        return self.defaults[:, place], self.space[:, place]

    def verdict(self, pattern: str) -> Verdict:
        """Return the verdict on a pattern, by its id."""
        one = self._pattern(pattern)
        return verdict(one, *self._of(one))

    def share(self, pattern: str) -> tuple[float, float]:
        """Return the share of replicates and that of points which pass a pattern as a whole."""
        one = self._pattern(pattern)
        found = [float(one.passes(e).mean()) if e.size else math.nan for e in self._of(one)]
        return found[0], found[1]

    def interval(self, pattern: str) -> tuple[float, float]:
        """Return the 90 % interval of the share of points that pass a pattern as a whole."""
        one = self._pattern(pattern)
        effects = self._of(one)[1]
        return share_interval(one.passes(effects) if effects.size else effects)[1:]

    def moved(self, column: str) -> Moved:
        """Return how far each parameter moves a criterion's effect over the space."""
        return moves(self.design, self.effects(column)[1])

    def where(self, pattern: str, parameter: str) -> tuple[float, float]:
        """Return the share of points that pass in a parameter's lowest and highest third."""
        one = self._pattern(pattern)
        return thirds(self.design, parameter, one.passes(self._of(one)[1]))

    def _pattern(self, name: str) -> Pattern:
        for one in self.patterns:
            if one.id == name:
                return one
        known = [one.id for one in self.patterns]
        raise InputError(f"{shown(name)} is no pattern that was tested.{nearest(name, known)}")

    def _of(self, pattern: Pattern) -> tuple[Floats, Floats]:
        places = [self._columns[name] for name in pattern.columns()]
        return self.defaults[:, places], self.space[:, places]

    def table(self) -> pd.DataFrame:
        """Return a row for each criterion, those of a pattern side by side.

        effect, low, high : mean over replicates at the defaults, and its 90 % interval
        replicates        : share of replicates that pass
        space             : share of points that pass (without a threshold: above zero), and
                            space_low, space_high, its 90 % interval
        q05, q50, q95     : the effect over the points where it is defined
        undefined         : share of points where it is not; `space_defined` is the share of the
                            others that pass
        moved_by          : parameters with the highest rank correlation, if that is no accident
        verdict, among, space_all : of the pattern as a whole; among which verdicts it cannot be
                            told
        """
        rows = []
        for pattern in self.patterns:
            found, (_, share) = self.verdict(pattern.id), self.share(pattern.id)
            low, high = self.interval(pattern.id)
            for criterion, column in zip(pattern.criteria, pattern.columns(), strict=True):
                here, there = self._judged(criterion, column)
                rows.append(
                    {
                        "pattern": pattern.id,
                        "criterion": criterion.name,
                        "words": criterion.words,
                        "test": criterion.test,
                        "decides": criterion.decides,
                        "effect": here.mean,
                        "low": here.low,
                        "high": here.high,
                        "n": here.n,
                        "replicates": here.share,
                        "space": there.share,
                        "space_low": there.low,
                        "space_high": there.high,
                        "q05": there.q05,
                        "q50": there.q50,
                        "q95": there.q95,
                        "undefined": there.undefined,
                        "space_defined": there.share_defined,
                        "moved_by": ", ".join(
                            f"{name} {r:+.2f}" for name, r in self.moved(column).top(MOVERS)
                        ),
                        "verdict": found.word,
                        "among": " or ".join(found.among),
                        "space_all": share,
                        "space_all_low": low,
                        "space_all_high": high,
                        "built_in": pattern.built_in,
                    }
                )
        return pd.DataFrame(rows)

    def _judged(self, criterion: Criterion, column: str) -> tuple[AtDefaults, OverSpace]:
        here, there = self.effects(column)
        return at_defaults(criterion, here), over_space(criterion, there)

    def markdown(self) -> str:
        """Return the whole as a document that begins with how it was made."""
        return _document(self)


def validate(
    quick: bool = False,
    replicates: int = REPLICATES,
    points: int = POINTS,
    workers: int | None = None,
    seed: int = SEED,
    out: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    say: Say | None = None,
    *,
    executor: Executor | None = None,
    patterns: Iterable[str] | None = None,
    ensemble: str | os.PathLike[str] | Points | None = None,
    world: str | Scenario = "finland",
    command: str | Sequence[str] | None = None,
) -> Validation:
    """Run the patterns at the defaults and over the plausible space; return what they show.

    quick      : a look: at most QUICK_REPLICATES and QUICK_POINTS
    replicates : futures at the defaults
    points     : sampled parameter sets
    out        : folder for the effects and the tables; a run that was broken off continues there
    progress   : called with how many sets are done and how many there are
    say        : called with a sentence for the user
    executor   : where it is done, in place of `workers`: see cisim.lab.executors
    patterns   : ids; None for all
    ensemble   : a table of points, CSV or Parquet with a column for each parameter, in place of
                 sampled ones; with quick the first QUICK_POINTS of them
    world      : its name; or the scenario that is held against them, in its world
    command    : how to get the same again

    Raises InputError if something given is wrong.
    """
    started = datetime.now(UTC)
    replicates = whole_number("replicates", replicates, 1, MOST_REPLICATES)
    points = whole_number("points", points, 1, MOST_POINTS)
    seed = check_room(seed, POINT_SEEDS + MOST_POINTS)
    if quick:
        replicates, points = min(replicates, QUICK_REPLICATES), min(points, QUICK_POINTS)
    chosen = _chosen(patterns)
    folder = None if out is None else check_out(out)
    executor = executor_of(workers, executor, say)
    scenario = (
        world
        if isinstance(world, Scenario)
        else Scenario.load("national-and-regional", world=world, months=MONTHS)
    )
    design, named = latin_hypercube(points, seed), ""
    if ensemble is not None:
        if not isinstance(ensemble, Points):
            ensemble = _points_of(ensemble, scenario, QUICK_POINTS if quick else MOST_POINTS)
        named, design = ensemble
        points = len(design)
    work = _Work(scenario, design, seed, replicates, tuple(one.id for one in chosen))
    columns = [name for pattern in chosen for name in pattern.columns()]
    parts = Parts(folder, columns, say)
    done = continue_work(
        _set,
        work,
        _keys(work),
        parts,
        called=lambda piece: Called(work.called(piece), work.seed_of(piece)),
        executor=executor,
        progress=progress,
        say=say,
    )
    reached = done.finished[replicates:]
    found = Validation(
        patterns=chosen,
        defaults=done.rows[:replicates][done.finished[:replicates]],
        space=done.rows[replicates:][reached],
        design=Design(design.names, design.values[reached], design.seed, design.kind),
        world=scenario.world_name,
        seed=seed,
        replicates=replicates,
        points=points,
        command=_command(command, replicates, points, seed, scenario.world_name, patterns, named),
        failed=tuple(
            Quarantined(work.called(piece), reason, _again(work, piece))
            for piece, reason in done.failed
        ),
        incomplete=done.incomplete,
        ensemble=named,
    )
    if folder is not None:
        _write(folder, found, work, done, parts, started)
    return found


class Points(NamedTuple):
    """Points that are believed, and what their table is called."""

    name: str
    design: Design


def _points_of(ensemble: str | os.PathLike[str], scenario: Scenario, most: int) -> Points:
    """Return the first points of a table of believed ones."""
    file = Ensemble(kind="ensemble", file=os.fspath(ensemble))
    found = plan(file, [scenario], "--ensemble").build()
    design = Design(found.names, found.values[:most], found.seed, found.kind, found.ranges)
    return Points(Path(ensemble).name, design)


def _chosen(patterns: Iterable[str] | None) -> tuple[Pattern, ...]:
    if patterns is None:
        return tuple(PATTERNS.values())
    names = list(dict.fromkeys([patterns] if isinstance(patterns, str) else patterns))
    for name in names:
        if name not in PATTERNS:
            raise InputError(SAYS("no_pattern", name=shown(name), known=", ".join(PATTERNS)))
    if not names:
        raise InputError(SAYS("empty", known=", ".join(PATTERNS)))
    return tuple(one for one in PATTERNS.values() if one.id in names)


class _Work(NamedTuple):
    """What a worker needs to know; pieces are replicates first, then points."""

    scenario: Scenario
    design: Design
    seed: int
    replicates: int
    patterns: tuple[str, ...]

    def parameters(self, piece: int) -> dict[str, float]:
        return {} if piece < self.replicates else self.design.point(piece - self.replicates)

    def seed_of(self, piece: int) -> int:
        if piece < self.replicates:
            return self.seed + piece
        return self.seed + POINT_SEEDS + piece - self.replicates

    def called(self, piece: int) -> str:
        if piece < self.replicates:
            return SAYS("replicate", piece=piece)
        return SAYS("point", point=piece - self.replicates)


def _set(work: _Work, piece: int) -> Floats:
    """Return the effects of one set of runs, (criteria,)."""
    return effects_of(work.scenario, work.patterns, work.parameters(piece), work.seed_of(piece))


def _again(work: _Work, piece: int) -> str:
    """Return the line that does a set of runs again, "" if there is none."""
    made = Again(work.scenario).python
    point = "{}"
    if piece >= work.replicates:
        point = point_of(work.design, piece - work.replicates)
    if not made or not point:
        return ""
    return (
        f"import cisim.lab.design, cisim.lab.patterns.validation; cisim.lab.patterns.validation."
        f"effects_of({made}, {list(work.patterns)!r}, {point}, {work.seed_of(piece)})"
    )


def effects_of(
    scenario: Scenario, names: Sequence[str], point: Mapping[str, float], seed: int
) -> Floats:
    """Return the effects of some patterns with one set of parameters and one seed, (criteria,)."""
    patterns = [PATTERNS[name] for name in names]
    needed = {name for pattern in patterns for name in pattern.needs}
    variants = [name for name in VARIANTS if name in needed]
    runs = run_variants(scenario.with_(parameters=point), seed, variants, OUTCOMES_READ)
    asked = [one for pattern in patterns for one in pattern.indicators]
    seen = shown_by(point, seed, asked, VALIDATED_SITES)
    return np.array(
        [
            effect
            for pattern in patterns
            for effect in pattern.effects(seen if pattern.indicators else runs)
        ]
    )


def _keys(work: _Work) -> list[str]:
    origin = key_of({"validation": work.patterns, "scenario": work.scenario.resolved()}, THROUGH)
    pieces = range(work.replicates + len(work.design))
    return [
        key_of({"set": origin, "parameters": work.parameters(piece), "seed": work.seed_of(piece)})
        for piece in pieces
    ]


def _command(
    given: str | Sequence[str] | None,
    replicates: int,
    points: int,
    seed: int,
    world: str,
    patterns: Iterable[str] | None,
    ensemble: str,
) -> str:
    if given is not None:
        return without_places(given)
    words = f"cisim validate --replicates {replicates}"
    words += f" --ensemble {ensemble}" if ensemble else f" --points {points}"
    words += f" --seed {seed}"
    if patterns is not None:
        words += f" --only {','.join(one.id for one in _chosen(patterns))}"
    return words if world == "finland" else f"{words}, in Python with the world {world}"


def _write(
    folder: Path, found: Validation, work: _Work, done: Done, parts: Parts, started: datetime
) -> None:
    """Write effects, design, tables and manifest.

    Raises InputError if the folder cannot be written; then an earlier result is as it was.
    """
    origin = {
        **sources_of_results(),
        "scenarios": [work.scenario.resolved()],
        "seeds": {
            "first": found.seed,
            "first_of_points": found.seed + POINT_SEEDS,
            "finished": ranges(work.seed_of(int(piece)) for piece in np.flatnonzero(done.finished)),
        },
        "patterns": list(work.patterns),
        "replicates": found.replicates,
        "points": found.points,
        "design": {
            "seed": found.seed,
            "parameters": list(found.design.names),
            "file": DESIGNS,
            **({"ensemble": found.ensemble} if found.ensemble else {}),
        },
    }
    key = short_key(origin)
    effects = pd.DataFrame(
        np.concatenate([found.defaults, found.space]), columns=list(found._columns)
    )
    kinds = ["default"] * len(found.defaults) + ["point"] * len(found.space)
    effects.insert(0, "kind", kinds)
    effects.insert(1, "number", [*range(len(found.defaults)), *range(len(found.space))])
    table = found.table()

    def fill(aside: Aside) -> None:
        with aside.file(EFFECTS) as file:
            write_table(file, effects, key)
        with aside.file(DESIGNS) as file:
            write_table(file, found.design.table(), key)
        with aside.file(VERDICTS) as file:
            file.write(csv_line(table.columns))
            for row in table.itertuples(index=False):
                file.write(csv_line(row))
        aside.write(VALIDATION, found.markdown())

    def manifest(files: Mapping[str, str]) -> dict[str, Any]:
        return manifest_of(
            key,
            origin,
            found.command,
            asked=found.replicates + found.points,
            made=made(BY, parts.came, THROUGH),
            incomplete=found.incomplete,
            failed=[one._asdict() for one in found.failed],
            started=started,
            finished=datetime.now(UTC),
            files=files,
        )

    write_result(folder, fill, manifest)


# --- the document ----------------------------------------------------------------------------


def _document(found: Validation) -> str:
    blocks = [
        "# Patterns: what the model shows without being told",
        _origin(found),
        "## Verdicts",
        _verdicts(found),
        _RULES,
    ]
    for pattern in found.patterns:
        blocks.append(_chapter(found, pattern))
    return "\n\n".join(blocks) + "\n"


_RULES = f"""\
No verdict rests on a point: each follows from 90 % intervals. A pattern *passes at the defaults*
if, for each number that decides, the interval of its mean over the replicates lies wholly beyond
the threshold; it does not if one lies wholly on the other side, or if clearly more than
{100 * UNDEFINED:.0f} % of the replicates leave it undefined. *Share of the space* is the share of
sampled parameter sets in which all numbers that decide pass, with its interval; what is undefined
does not pass. **holds**: passes at the defaults and in at least {100 * WIDELY:.0f} % of the space.
**conditional**: else, passes at the defaults or in at least {100 * SOMEWHERE:.0f} % of the space.
**does not hold**: else. **built in**: would hold or be conditional, but an equation wholly puts it
there, so it is an assumption and no finding. **cannot be told**: the intervals leave more than one
of these. Q2 must hold in every single set. What moves a number is the rank correlation over the
space with each parameter, told only where it is no accident among all of them (5 %, Bonferroni).
A set has {VALIDATED_SITES} differing sites, where a pattern is read from such, and one future of
each run: what a share of the space counts is a point together with its luck."""


def _origin(found: Validation) -> str:
    from cisim.version import __version__

    last = found.seed + found.replicates - 1
    first_point = found.seed + POINT_SEEDS
    seeds = f"seeds {first_point} to {first_point + found.points - 1}"
    space = (
        f"ensemble: {found.points} points of {found.ensemble}"
        if found.ensemble
        else f"plausible space: {found.points} points of a Latin hypercube over "
        f"{len(found.design.names)} parameters (design seed {found.seed})"
    )
    lines = [
        f"Made by `{found.command}`.",
        "",
        f"- version {__version__}, sources {results_version(THROUGH)}, model {source_hash()}",
        f"- world {found.world}, {MONTHS} months",
        f"- defaults: {found.replicates} replicates, seeds {found.seed} to {last}",
        f"- {space}, levers fixed, {seeds}",
    ]
    if found.ensemble:
        lines.append("- *space* below is this ensemble")
    if len(found.patterns) < len(PATTERNS):
        lines.append(f"- only {', '.join(one.id for one in found.patterns)}")
    if found.incomplete:
        lines.append(
            f"- **incomplete**: {len(found.defaults)} replicates and {len(found.space)} points "
            "are finished"
        )
    lines += [f"- quarantined: {one.which}: {without_places(one.reason)}" for one in found.failed]
    return "\n".join(lines)


def _verdicts(found: Validation) -> str:
    lines = [
        "| | pattern | verdict | replicates that pass | share of the space (90 % interval) |",
        "|" + "---|" * 5,
    ]
    for pattern in found.patterns:
        here, there = found.share(pattern.id)
        word = str(found.verdict(pattern.id))
        if pattern.built_in == "partly":
            word += ", partly built in"
        lines.append(
            f"| {pattern.id} | {pattern.words} | **{word}** | {_percent(here)} | "
            f"{_between(there, *found.interval(pattern.id))} |"
        )
    return "\n".join(lines)


_HEAD = (
    "| number | test | at the defaults (90 % interval) | replicates that pass | share of the space "
    "(90 % interval) | 5 / 50 / 95 % of the space | moved by |"
)


def _chapter(found: Validation, pattern: Pattern) -> str:
    supports = ", ".join(pattern.supports) or "nothing"
    head = (
        f"## {pattern.id}. {pattern.words}\n\nSource: {pattern.source}. It supports: {supports}. "
        f"Verdict: **{found.verdict(pattern.id)}**."
    )
    if pattern.built_in:
        head += f" Built in {pattern.built_in}: {pattern.equation}."
    if pattern.reading:
        head += f"\n\n{pattern.reading}"
    lines = [_HEAD, "|" + "---|" * 7]
    for criterion, column in zip(pattern.criteria, pattern.columns(), strict=True):
        here, there = found._judged(criterion, column)
        space = _between(there.share, there.low, there.high)
        if criterion.threshold is None:
            space = f"above 0 in {space}"
        if there.undefined > 0.0:
            space += (
                f" (undefined in {_percent(there.undefined)}; {_percent(there.share_defined)} "
                "of the others)"
            )
        moved = ", ".join(f"{name} {r:+.2f}" for name, r in found.moved(column).top(MOVERS))
        lines.append(
            f"| {criterion.words} | {criterion.test or '–'}"
            f"{'' if criterion.decides else ' (told only)' if criterion.test else ''} | "
            f"{_number(here.mean)} ({_number(here.low)} to {_number(here.high)}) | "
            f"{_percent(here.share)} | {space} | "
            f"{_number(there.q05)} / {_number(there.q50)} / {_number(there.q95)} | "
            f"{moved or 'nothing stands out'} |"
        )
    return "\n\n".join([head, "\n".join(lines), _where(found, pattern)]).rstrip()


def _where(found: Validation, pattern: Pattern) -> str:
    """Return a sentence on where in the space the pattern passes."""
    places = [found._columns[name] for name in pattern.columns()]
    passed = pattern.passes(found.space[:, places]) if found.space.size else np.zeros(0)
    told = []
    for name, _ in moves(found.design, passed).top(MOVERS):
        low, high = found.where(pattern.id, name)
        told.append(
            f"{name} ({_percent(low)} in its lowest third, {_percent(high)} in its highest)"
        )
    if not told:
        return ""
    return f"Whether it passes depends most on {'; '.join(told)}."


def _number(value: float) -> str:
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _between(share: float, low: float, high: float) -> str:
    """Return a share with its interval."""
    if math.isnan(share):
        return "–"
    return f"{_percent(share)} ({100 * low:.0f} to {100 * high:.0f})"


def _percent(share: float) -> str:
    return "–" if math.isnan(share) else f"{100 * share:.0f} %"
