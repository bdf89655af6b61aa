"""The driver of a sweep: what is missing is found by key, sent to workers, and kept as it comes.

Nothing here grows with the number of runs but who the scenarios are at each point, known before
anything is run. A design's points are gone through in order; with replicates that grow, some
hundred points at a time, each to its end: whether a point needs more hangs on its own runs alone,
so no worker, shard or interruption can change it.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cisim.lab.design import Design
from cisim.lab.disk import unwritable, write_text
from cisim.lab.ensemble import LEVEL, OVERALL, Failure, t_quantile
from cisim.lab.executors import Ending, Executor, Fault, Progress, Say, execute, executor_of
from cisim.lab.manifest import MANIFEST, manifest_of, short_key, sources_of_results
from cisim.lab.store import Store
from cisim.lab.study import Study
from cisim.lab.study.folder import SWEEP
from cisim.lab.study.kept import InStore, numbers_of
from cisim.lab.study.layout import Layout
from cisim.lab.sweep.experiment import Experiment, Growing
from cisim.lab.sweep.folder import check_folder, layout_of, write_failed, write_setting
from cisim.lab.sweep.identity import Identities, identify, run_key
from cisim.lab.sweep.piece import Shown, Work, run_piece
from cisim.lab.warm import warm
from cisim.model.input_error import InputError, shown
from cisim.model.told import Sentences
from cisim.world.notes import notes_of

SAYS = Sentences(
    "sweeping",
    shard_done=(
        "Shard {number}/{of} is done; once all {of} are, the same command without --shard tells "
        "what came of them together."
    ),
    from_before="{before:,} of {asked:,} runs are there from before.",
    shard="shard is {shard}; allowed is (i, n), the i-th of n shares, i from 1 to n.",
    no_out="shard is given without out; allowed is a folder, where shares meet.",
)

Shard = tuple[int, int]
MOST_LISTED = 20
"""So many quarantined runs stand in the manifest; all are in failed.csv."""
_BLOCK = 1 << 14
_POINTS, _NUMBERS = 512, 4_000_000


def sweep(
    experiment: Experiment,
    out: str | os.PathLike[str] | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    *,
    shard: Shard | None = None,
    progress: Progress | None = None,
    say: Say | None = None,
    command: str | Sequence[str] | None = None,
) -> Study:
    """Run what is missing of an experiment; see Experiment.run."""
    started = datetime.now(UTC)
    if shard is not None:
        _check_shard(shard, out)
    folder = None if out is None else check_folder(out, experiment)
    executor = executor_of(workers, executor, say)
    design = experiment.plan.build()
    layout = layout_of(experiment, folder)
    tell = say or _nothing
    for note in experiment.plan.notes:
        tell(note)
    who = identify(experiment, design)
    if len(who.refused) == who.names.size:
        raise InputError(next(iter(who.refused.values())))
    origin = _origin(experiment, design, layout, who)
    key = short_key(origin)
    warm(say)
    with Store(folder, layout.columns, say, shard, kind=layout.kind) as store:
        files = {}
        if folder is not None:
            files = write_setting(folder, experiment, design, who, key)
        driver = _Driver(experiment, design, layout, who, store, executor, shard)
        driver.progress, driver.say = progress or _nothing, tell
        driver.line = _line(experiment, out)

        def keep(incomplete: bool) -> None:
            if folder is not None:
                about = _manifest(experiment, origin, key, driver, command, started, files)
                about["incomplete"] = incomplete
                _write_manifest(folder, about)

        keep(True)
        try:
            incomplete = driver.run()
        except BaseException:
            with suppress(InputError):  # the first is what is told
                keep(True)
            raise
        store.flush()
        if folder is not None:
            write_failed(folder, driver.failed)
        if driver.failed and not len(store) and all(driver.by_input) and not incomplete:
            raise InputError(driver.failed[0].reason)
        if shard is not None and not incomplete:
            tell(SAYS("shard_done", number=shard[0], of=shard[1]))
        keep(incomplete or shard is not None)
    return Study(
        name=experiment.name,
        scenarios=tuple(one.name for one in experiment.scenarios),
        design=design,
        outcomes=layout.outcomes,
        months=np.array(layout.months, np.int64),
        regions=layout.regions,
        replicates=driver.most,
        kept=InStore(store, who.names, experiment.seed, driver.most, layout),
        failed=tuple(driver.failed),
        incomplete=incomplete or shard is not None,
        folder=folder,
        asked=driver.asked,
        there=driver.before + driver.done,
    )


class _Driver:
    """What one call has to do and has done.

    asked, before, done : runs that are wanted, that were there, and that have been run
    most                : replicates that any point has got
    failed              : what is quarantined
    places              : point and replicate of each of them
    by_input            : whether it is what was given that cannot be run
    """

    def __init__(
        self,
        experiment: Experiment,
        design: Design,
        layout: Layout,
        who: Identities,
        store: Store,
        executor: Executor,
        shard: Shard | None,
    ) -> None:
        self.experiment, self.layout, self.who, self.store = experiment, layout, who, store
        self.executor, self.shard = executor, shard
        self.work = Work(
            experiment.scenarios,
            experiment.plan.space,
            design.values,
            experiment.most_replicates,
            experiment.seed,
            layout.outcomes,
            np.array(layout.months, np.int64),
            layout.by_region,
        )
        self.points = self._distinct()
        self.numbers = numbers_of(who.names)
        self.asked = self.before = self.done = 0
        grows = experiment.replicates
        self.most = grows.at_least if isinstance(grows, Growing) else grows
        self.failed: list[Failure] = []
        self.places: list[tuple[int, int]] = []
        self.by_input: list[bool] = []
        self._apart: list[int] = []  # indexes of single runs that are tried once more, alone
        self.progress: Callable[[int, int], None] = _nothing
        self.say: Callable[[str], None] = _nothing
        self.line: Callable[[int, int], str] = lambda point, replicate: ""
        months, regions = np.array(layout.months, np.int32), list(layout.regions)
        self._same = {
            "month": np.repeat(months, len(regions)),
            "region": regions[0] if len(regions) == 1 else np.tile(regions, months.size),
        }

    def _distinct(self) -> NDArray[np.int64]:
        """Return the points that are run: of those that are the same, the first."""
        names = np.ascontiguousarray(self.who.names.T)
        rows = names.view(f"V{names.dtype.itemsize * names.shape[1]}").reshape(-1)
        _, first = np.unique(rows, return_index=True)
        refused = {point for _, point in self.who.refused}
        return np.array([one for one in np.sort(first).tolist() if one not in refused], np.int64)

    def run(self) -> bool:
        """Do what is missing; return whether it was stopped before the end."""
        self._refuse()
        grows = self.experiment.replicates
        if isinstance(grows, Growing):
            return self._grow(grows)
        pieces = (self.points[:, None] * grows + np.arange(grows)).reshape(-1)
        if self.shard is not None:
            pieces = pieces[self.shard[0] - 1 :: self.shard[1]]
        self.asked = pieces.size * self.work.many + len(self.failed)
        return self._do(*self._missing(pieces), tell=True)

    def _refuse(self) -> None:
        for (s, point), reason in self.who.refused.items():
            if self.shard is None or self.shard[0] == 1:
                self._fail(s, point, 0, reason, True)

    def _missing(self, pieces: NDArray[np.int64]) -> tuple[NDArray[np.int64], list[int]]:
        """Return the pieces of which something is missing, and which scenarios are, as bits.

        No bits stand for all scenarios.
        """
        if not len(self.store):
            return pieces, []
        kept: list[int] = []
        wanted: list[int] = []
        many = self.work.many
        for start in range(0, pieces.size, _BLOCK):
            some = pieces[start : start + _BLOCK].tolist()
            keys = [self._key(s, *divmod(piece, self.work.most)) for piece in some
                    for s in range(many)]  # fmt: skip
            there = self.store.has(keys).reshape(-1, many)
            self.before += int(there.sum())
            for piece, row in zip(some, there.tolist(), strict=True):
                bits = sum(1 << s for s, has in enumerate(row) if not has)
                if bits:
                    kept.append(piece)
                    wanted.append(bits)
        if all(one == self.work.all_wanted for one in wanted):
            wanted = []
        return np.array(kept, np.int64), wanted

    def _key(self, s: int, point: int, replicate: int) -> str:
        return run_key(self.who.names[s, point], self.experiment.seed + replicate)

    def _do(self, pieces: NDArray[np.int64], wanted: list[int], *, tell: bool = False) -> bool:
        """Run pieces; return whether it was stopped before the end."""
        if tell and self.before:
            self.say(SAYS("from_before", before=self.before, asked=self.asked))
            self.progress(self.before, self.asked)
        if not pieces.size:
            return False
        ending = self._execute(_Indexes(self.work, pieces, wanted))
        for fault in ending.failed:  # which of its scenarios was it?
            some = self.work.parts(fault.piece)[2]
            if len(some) == 1 or fault.kind == "InputError":
                self._failed(fault)
            else:
                piece = fault.piece >> self.work.many
                self._apart += [self.work.index(piece, 1 << s) for s in some]
        apart, self._apart = self._apart, []
        if not apart or ending.incomplete:
            return ending.incomplete
        again = self._execute(apart)
        for fault in again.failed:
            self._failed(fault)
        return again.incomplete

    def _failed(self, fault: Fault) -> None:
        point, replicate, some = self.work.parts(fault.piece)
        for s in some:
            self._fail(s, point, replicate, fault.reason, fault.kind == "InputError")

    def _execute(self, indexes: Sequence[int]) -> Ending:
        def count(done: int, total: int) -> None:
            self.progress(min(self.asked, self.before + self.done + len(self.failed)), self.asked)

        return execute(
            run_piece,
            self.work,
            indexes,
            self._arrived,
            progress=count,
            say=self.say,
            executor=self.executor,
        )

    def _arrived(self, index: int, found: Sequence[Shown]) -> None:
        point, replicate, _ = self.work.parts(index)
        for s, values, fault in found:
            if values is None:
                assert fault is not None
                self._apart.append(self.work.index(index >> self.work.many, 1 << s))
                continue
            rows = values.reshape(-1, values.shape[-1])
            self.store.add(
                self._key(s, point, replicate),
                {
                    "scenario": self.experiment.scenarios[s].name,
                    "who": self.numbers[s, point],
                    "seed": np.int64(self.experiment.seed + replicate),
                    **self._same,
                    **dict(zip(self.layout.outcomes, rows.T, strict=True)),
                },
            )
            self.done += 1
            self._saw(s, point, replicate, values)

    def _fail(self, s: int, point: int, replicate: int, reason: str, by_input: bool) -> None:
        name, seed = self.experiment.scenarios[s].name, self.experiment.seed + replicate
        line = self.line(point, replicate)
        self.failed.append(Failure(name, replicate, seed, f"point {point}: {reason}", line))
        self.places.append((point, replicate))
        self.by_input.append(by_input)

    # --- replicates that grow --------------------------------------------------------------

    _block: tuple[dict[int, int], NDArray[np.float64]] | None = None
    """The places of the points that are under way, and what is looked at there, (r, S, points)."""

    def _saw(self, s: int, point: int, replicate: int, values: NDArray[np.float64]) -> None:
        grows = self.experiment.replicates
        if self._block is not None and isinstance(grows, Growing):
            places, seen = self._block
            outcome = self.layout.outcomes.index(grows.outcome)
            seen[replicate, s, places[point]] = values[-1, -1, outcome]

    def _grow(self, grows: Growing) -> bool:
        points = self.points
        if self.shard is not None:
            points = points[self.shard[0] - 1 :: self.shard[1]]
        known = self._known(grows) if len(self.store) else None
        many, told = self.work.many, False
        size = max(1, min(_POINTS, _NUMBERS // (many * grows.at_most)))
        self.asked = points.size * many * grows.at_least + len(self.failed)
        for start in range(0, points.size, size):
            block = points[start : start + size]
            seen = np.full((grows.at_most, many, block.size), np.nan)
            self._block = dict(zip(block.tolist(), range(block.size), strict=True)), seen
            if known is not None:
                seen[:] = known(block)
            lowest, replicates = 0, grows.at_least
            open_ = block
            while open_.size:
                self.most = max(self.most, replicates)
                wanted = np.arange(lowest, replicates)
                pieces = (open_[:, None] * self.work.most + wanted).reshape(-1)
                if self._do(*self._missing(pieces), tell=not told):
                    return True
                told = told or self.before > 0
                places = [self._block[0][point] for point in open_.tolist()]
                needs = [grows_on(seen[:replicates, :, place], grows) for place in places]
                lowest, replicates = replicates, next_count(replicates, grows.at_most)
                open_ = open_[np.array(needs, bool)] if lowest < replicates else open_[:0]
                self.asked += open_.size * many * (replicates - lowest)
        return False

    def _known(self, grows: Growing) -> Callable[[NDArray[np.int64]], NDArray[np.float64]]:
        """Return what gives the numbers that are kept of some points, (r, S, points)."""
        rows = list(
            self.store.batches(
                ["who", "seed", grows.outcome],
                {"month": self.layout.months[-1], "region": OVERALL},
            )
        )
        columns = [np.concatenate([batch[k].to_numpy() for batch in rows]) for k in range(3)]
        order = np.argsort(columns[0], kind="stable")
        who, replicate, value = (column[order] for column in columns)
        replicate = replicate - self.experiment.seed

        def known(points: NDArray[np.int64]) -> NDArray[np.float64]:
            seen = np.full((grows.at_most, self.work.many, points.size), np.nan)
            for s in range(self.work.many):
                numbers = self.numbers[s, points]
                first, last = who.searchsorted(numbers), who.searchsorted(numbers, "right")
                for place, (a, b) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
                    mine = (replicate[a:b] >= 0) & (replicate[a:b] < grows.at_most)
                    seen[replicate[a:b][mine], s, place] = value[a:b][mine]
            return seen

        return known


class _Indexes(Sequence[int]):
    """The indexes of pieces, made as they are needed; no wanted bits stand for every scenario."""

    def __init__(self, work: Work, pieces: NDArray[np.int64], wanted: Sequence[int]) -> None:
        self.work, self.pieces, self.wanted = work, pieces, wanted

    def __len__(self) -> int:
        return int(self.pieces.size)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        bits = self.wanted[at] if self.wanted else self.work.all_wanted
        return self.work.index(int(self.pieces[at]), bits)

    def __iter__(self) -> Iterator[int]:
        return (self[at] for at in range(len(self)))


def next_count(replicates: int, at_most: int) -> int:
    """Return how many replicates are looked at next: half as many again."""
    return min(at_most, max(replicates + 1, math.ceil(1.5 * replicates)))


def grows_on(seen: NDArray[np.float64], grows: Growing) -> bool:
    """Return whether a point needs more replicates than (r, S) that were seen.

    Sums are exact, so that the order in which others are looked at changes nothing.
    """
    if not np.isfinite(seen).any():
        return False  # nothing is defined here, or everything fails
    values = seen[:, 1:] - seen[:, :1] if grows.of == "difference" else seen
    for column in values.T:
        defined = column[np.isfinite(column)].tolist()
        n = len(defined)
        if n < 2:
            return True
        mean = math.fsum(defined) / n
        spread = math.sqrt(math.fsum((one - mean) ** 2 for one in defined) / (n - 1))
        if float(t_quantile(n - 1, LEVEL)) * spread / math.sqrt(n) > grows.precision:
            return True
    return False


def _check_shard(shard: Shard, out: object) -> None:
    number, of = shard
    if not 1 <= number <= of <= 100_000:
        raise InputError(SAYS("shard", shard=shown(shard)))
    if out is None:
        raise InputError(SAYS("no_out"))


def _line(experiment: Experiment, out: object) -> Callable[[int, int], str]:
    """Return what says how one run is done again, here and alone."""
    of = f"{experiment.name}.toml" if out is None else f"--resume {os.fspath(out)}"  # type: ignore[call-overload]

    def line(point: int, replicate: int) -> str:
        return f"cisim sweep {of} --point {point} --replicate {replicate}"

    return line


def _origin(
    experiment: Experiment, design: Design, layout: Layout, who: Identities
) -> dict[str, Any]:
    """Return what decides the bits of a study, as plain values."""
    import hashlib

    grows = experiment.replicates
    return {
        **sources_of_results(),
        "study": experiment.name,
        "title": experiment.title,
        "scenarios": [one.name for one in experiment.scenarios],
        "design": {
            "kind": design.kind,
            "points": len(design),
            "seed": design.seed,
            "varied": list(design.names),
            "hash": hashlib.sha256(who.names.tobytes()).hexdigest()[:16],
        },
        "replicates": grows.model_dump() if isinstance(grows, Growing) else {"number": grows},
        "seed": experiment.seed,
        "kept": {
            "kind": layout.kind,
            "outcomes": list(layout.outcomes),
            "months": list(layout.months),
            "regions": list(layout.regions),
        },
    }


def _manifest(
    experiment: Experiment,
    origin: Mapping[str, Any],
    key: str,
    driver: _Driver,
    command: str | Sequence[str] | None,
    started: datetime,
    files: Mapping[str, str],
) -> dict[str, Any]:
    said = manifest_of(
        key,
        origin,
        command or "cisim.Experiment.run, called from Python",
        asked=driver.asked,
        incomplete=True,
        failed=[one._asdict() for one in driver.failed[:MOST_LISTED]],
        notes=notes_of(experiment.scenarios)[:MOST_LISTED],
        made={"by": SWEEP},
        started=started,
        finished=datetime.now(UTC),
        files=files,
    )
    here = _line(experiment, ".")
    for one, (point, replicate) in zip(said["failed"], driver.places, strict=False):
        one["again"] = here(point, replicate)
    said["runs"] = {
        "most": driver.most,
        "asked": driver.asked,
        "there": driver.before + driver.done,
        "failed": len(driver.failed),
    }
    return said


def _write_manifest(folder: Path, said: Mapping[str, Any]) -> None:
    import json

    try:
        write_text(folder / MANIFEST, json.dumps(said, indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise unwritable(folder, error) from None


def _nothing(*_: object) -> None:
    pass
