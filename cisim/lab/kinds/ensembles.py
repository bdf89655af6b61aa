"""Results of runs: an ensemble, or a comparison of several.

The manifest has the resolved scenarios, the seeds that were finished and what was kept, so exactly
these runs are done again, of an interrupted result, too.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from cisim.lab.before import keeping
from cisim.lab.comparison import Comparison, Precision
from cisim.lab.each import Followed
from cisim.lab.ensemble import Ensemble, Failure
from cisim.lab.kinds.kind import (
    STOPPED,
    Draw,
    How,
    Looked,
    RunAgain,
    Sample,
    both,
    fails_again,
    first_difference,
)
from cisim.lab.manifest import COMPARE, listed, manifest_key
from cisim.lab.results import ABLATION, BOOKS, GAINS, SERIES, write_ensembles
from cisim.lab.same_files import derived
from cisim.lab.simulate import run_ensembles, what_is_kept
from cisim.lab.written import (
    EACH_FILE,
    Written,
    as_manifest,
    read_ensembles,
    read_manifest,
    scenarios_of,
    unranged,
)
from cisim.model.input_error import InputError, printable, shown
from cisim.model.told import Sentences

SAYS = Sentences(
    "ensembles_again",
    not_run="As its numbers are not what was written, nothing was run.",
    regions="{manifest} has regions {regions}; its world has {known}.",
    outcome="{outcome} in month {month}, {region}: {both}",
    of_each="{outcome} of {name} in month {month}: {both}",
)


class Ensembles:
    """The kind of both."""

    def load(self, written: Written) -> Ensemble | Comparison:
        """Return the result; a policy under which it ran is looked at and not run: it is code."""
        if written.by != COMPARE:
            (ensemble,) = read_ensembles(written)
            return ensemble
        with as_manifest(written):
            reached = written.manifest["made"].get("precision")
            precision = None if reached is None else Precision(**reached)
        return Comparison({one.name: one for one in read_ensembles(written)}, precision)

    def again(self, written: Written, folder: Path, how: How) -> Mapping[str, str] | None:
        """Make it again as far as it had come."""
        return None if ensembles_again(written, folder, how) is None else {}

    def look(self, written: Written, files: Mapping[str, str], sample: Sample, how: How) -> Looked:
        """Derive summaries, bills and charts from the numbers, and do some runs again."""
        numbers = [one for one in (SERIES, BOOKS, *EACH_FILE.values()) if one in written.files]
        wrong = {one: files.get(one) or written.changed(one) for one in numbers}
        if any(wrong.values()):
            note = SAYS("not_run")
            return Looked(wrong, (), 0, (note,))
        result = self.load(written)
        with tempfile.TemporaryDirectory(prefix="cisim-") as place:
            write_again(Path(place), result, written, how.draw)
            states = derived(written, read_manifest(place), how.draw is not None)
        ensembles = listed(result)
        count = sum(int(one.replicates.size) for one in ensembles)
        if sample.size == 0:
            return Looked(states, (), count)
        some = sample.of([(one.name, k) for one in ensembles for k in one.replicates.tolist()])
        new = run_ensembles(
            scenarios_of(written, how.policies),
            max(one.asked for one in ensembles),
            how.workers,
            ensembles[0].first_seed,
            outcomes=ensembles[0].outcomes,
            by_region=len(ensembles[0].regions) > 1,
            each=tuple(of for of, name in EACH_FILE.items() if name in written.files),
            at=ensembles[0].months.tolist(),
            only=[sorted(k for name, k in some if name == one.name) for one in ensembles],
            progress=how.progress,
            say=how.say,
            executor=how.executor,
        )
        runs = [run for old, now in zip(ensembles, new, strict=True) for run in _compared(old, now)]
        return Looked(states, runs, count, (STOPPED,) if new[0].incomplete else ())


def ensembles_again(written: Written, folder: Path, how: How) -> Ensemble | Comparison | None:
    """Run what a manifest says was finished, and write it; None if it was stopped."""
    with as_manifest(written):
        said = written.manifest
        scenarios = scenarios_of(written, how.policies)
        by_region = len(said["regions"]) > 1
        each = tuple(of for of, name in EACH_FILE.items() if name in written.files)
        seeds = [said["seeds"][one.name] for one in scenarios]
        first = int(seeds[0]["first"])
        only = [unranged(one["finished"]) - first for one in seeds]
        asked = [int(said["asked"][one.name]) for one in scenarios]
        months = unranged(said["months"]).tolist()
        failed = [Failure(**one) for one in said["failed"]]
        reached = said["made"].get("precision")
        precision = None if reached is None else Precision(**reached)
        outcomes = [str(one) for one in said["outcomes"]]
    kept = what_is_kept(scenarios[0], outcomes, by_region, each, True, months)
    if list(kept.regions) != said["regions"]:
        raise InputError(
            SAYS(
                "regions",
                manifest=printable(written.name),
                regions=shown(said["regions"]),
                known=", ".join(kept.regions),
            )
        )
    with keeping(folder, kept, how.say) as known:
        ensembles = run_ensembles(
            scenarios,
            max(asked),
            how.workers,
            first,
            outcomes=outcomes,
            by_region=by_region,
            each=each,
            at=months,
            known=known,
            only=[one.tolist() for one in only],
            progress=how.progress,
            say=how.say,
            executor=how.executor,
        )
        if ensembles[0].incomplete:
            return None
        as_then = [
            replace(
                one,
                asked=many,
                failed=tuple(fault for fault in failed if fault.scenario == one.name) + one.failed,
                incomplete=bool(said["incomplete"]),
            )
            for one, many in zip(ensembles, asked, strict=True)
        ]
        result: Ensemble | Comparison = as_then[0]
        if written.by == COMPARE:
            result = Comparison({one.name: one for one in as_then}, precision)
        assert known is not None
        known.write(result, lambda place, found: write_again(place, found, written, how.draw))
    return result


def write_again(
    folder: Path,
    result: Ensemble | Comparison,
    written: Written,
    draw: Draw | None = None,
) -> None:
    """Write a result that was made again, with the tables and charts that an earlier one has."""
    made = {name: one for name, one in written.manifest["made"].items() if name == PARTS_OF}
    tables = {}
    if ABLATION in written.files and isinstance(result, Comparison):
        from cisim.lab.ablation import worth

        tables[ABLATION] = worth(result, result.names[0], made[PARTS_OF])
    charts = {} if draw is None else draw(written, result, manifest_key(result))
    kept = {name: svg for name, svg in charts.items() if name in written.files}
    write_ensembles(
        folder,
        result,
        str(written.manifest["command"]),
        charts=kept,
        tables=tables,
        each_in_tables=GAINS in written.files,
        made=made,
    )


PARTS_OF = "parts"
"""Of a comparison of a scenario without each of its components: which is which."""


def _compared(old: Ensemble, new: Ensemble) -> Iterator[RunAgain]:
    """Yield the runs of a scenario that were done again, with where they differ."""
    for failure in new.failed:
        yield RunAgain(old.name, failure.seed, fails_again(failure.reason))
    for place, replicate in enumerate(new.replicates.tolist()):
        there = int(np.flatnonzero(old.replicates == replicate)[0])
        yield RunAgain(old.name, old.first_seed + replicate, _difference(old, there, new, place))


def _difference(old: Ensemble, there: int, new: Ensemble, here: int) -> str:
    """Return the first place in which two runs differ, "" for none."""
    at = first_difference(old.values[there], new.values[here])
    if at is not None:
        month, region, outcome = at
        return SAYS(
            "outcome",
            outcome=old.outcomes[outcome],
            month=old.months[month],
            region=old.regions[region],
            both=both(old.values[there], new.values[here], at),
        )
    if old.books is not None and new.books is not None:
        at = first_difference(old.books[there], new.books[here])
        if at is not None:
            return f"{BOOKS}: {both(old.books[there], new.books[here], at)}"
    for one, other in (
        (old.communities, new.communities),
        (old.organisations, new.organisations),
    ):
        if one is not None and other is not None:
            at = first_difference(one.values[there], other.values[here])
            if at is not None:
                return _of_each(one, other, there, here, at)
    return ""


def _of_each(one: Followed, other: Followed, there: int, here: int, at: tuple[int, ...]) -> str:
    month, who, outcome = at
    return SAYS(
        "of_each",
        outcome=one.outcomes[outcome],
        name=one.names[who],
        month=one.months[month],
        both=both(one.values[there], other.values[here], at),
    )
