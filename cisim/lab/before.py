"""What is there from before: the runs that the folder of a result knows already.

They are in the files of a finished result, and, of work that was broken off, in parts (cisim.lab.
store): a row of numbers for each run, on the disk ten seconds after it was done. Once the files of
the result have their places they hold all that the parts held, so the parts go: nothing is kept
twice. A run is the same where its scenario, seed and the results version are, and if at least as
much was kept of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from cisim.lab.comparison import Comparison
from cisim.lab.each import Followed
from cisim.lab.ensemble import Ensemble
from cisim.lab.executors import Say
from cisim.lab.manifest import COMPARE, MANIFEST, SIMULATE, listed
from cisim.lab.replicate import THROUGH, Kept, Result, Room, as_row, from_row
from cisim.lab.results import BOOKS
from cisim.lab.written import (
    EACH_FILE,
    Written,
    as_manifest,
    read_ensembles,
    read_manifest,
    unranged,
)
from cisim.model.input_error import InputError
from cisim.model.state import Floats
from cisim.model.told import Sentences
from cisim.world.scenario import Scenario
from cisim.world.texts import within

SAYS = Sentences(
    "before",
    damaged="{why}: what it held is done again.",
    other_version=(
        "The result that is there is of another version of the model; its runs are done again."
    ),
)

NUMBER = "number"

Write = Callable[[Path, Any], object]
"""Writes a result, an ensemble or a comparison, into a folder."""


@contextmanager
def keeping(folder: Path | None, kept: Kept, say: Say | None) -> Iterator[Before | None]:
    """Yield what a folder knows; None without a folder, where nothing is kept."""
    if folder is None:
        yield None
        return
    made = [part for part in (folder, *folder.parents) if not part.exists()]
    try:
        with Before(folder, kept, say) as before:
            yield before
    finally:
        for part in made:
            with suppress(OSError):  # something is in it, as it should
                part.rmdir()


class Before:
    """The runs that a folder knows, and where new ones are kept until its result is written.

    Nobody else can write there meanwhile.
    """

    def __init__(self, folder: Path, kept: Kept, say: Say | None = None) -> None:
        """Take a folder.

        kept : what is kept of a run

        Raises InputError if another run has it, or if it cannot be written.
        """
        from cisim.lab.store import Store
        from cisim.lab.store.keys import results_version

        self.folder, self.kept = folder, kept
        self._say = say
        self._keys: dict[int, str] = {}
        self._store = Store(
            folder, {NUMBER: "float64"}, say, results=results_version(THROUGH), kind="replicates"
        )

    def __enter__(self) -> Before:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._store.close()

    def fill(self, rooms: Sequence[Room], seed: int) -> None:
        """Put what is known into rooms, one a scenario, whose first run has a seed."""
        self._from_parts(rooms, seed)
        try:
            written = read_manifest(self.folder) if (self.folder / MANIFEST).exists() else None
            if written is not None and not all(room.finished.all() for room in rooms):
                with as_manifest(written):
                    self._from_result(written, rooms, seed)
        except InputError as error:
            self._tell(SAYS("damaged", why=within(str(error))))

    def keep(self, room: Room, seed: int, result: Result) -> None:
        """Keep what a run has returned."""
        self._store.add(self._key(room.scenario, seed), {NUMBER: as_row(result)})

    def write(self, result: Ensemble | Comparison, write: Write) -> None:
        """Write a result, and throw the parts away: its files have all that they held.

        Nothing is written of a result of which no run is finished.

        Raises InputError if it cannot be written; then the parts stay.
        """
        if any(one.replicates.size for one in listed(result)):
            write(self.folder, result)
            self._store.discard()

    def _tell(self, sentence: str) -> None:
        if self._say is not None:
            self._say(sentence)

    def _key(self, scenario: Scenario, seed: int) -> str:
        from cisim.lab.store import key_of

        known = self._keys.get(id(scenario))
        if known is None:
            kept = self.kept
            said = {
                "outcomes": list(kept.outcomes),
                "months": list(kept.months),
                "regions": list(kept.regions),
                "each": list(kept.each),
                "yearly": kept.yearly,
            }
            known = key_of({"scenario": scenario.resolved(), "kept": said}, THROUGH)
            self._keys[id(scenario)] = known
        return key_of({"run": known, "seed": seed}, THROUGH)

    def _from_parts(self, rooms: Sequence[Room], seed: int) -> None:
        """Put in the runs of the parts, a few megabytes at a time."""
        if not len(self._store):
            return
        where = {
            self._key(room.scenario, seed + future): (room, future)
            for room in rooms
            for future in range(room.finished.size)
        }
        waiting: list[Floats] = []
        last = ""

        def put() -> None:
            found = where.get(last)
            if found is not None:
                result = from_row(np.concatenate(waiting), found[0])
                if result is not None:
                    found[0].put(found[1], result)

        for batch in self._store.batches(["key", NUMBER]):
            codes = batch.column(0).indices.to_numpy()
            words = batch.column(0).dictionary.to_pylist()
            numbers = batch.column(1).to_numpy()
            ends = [*(np.flatnonzero(np.diff(codes)) + 1).tolist(), codes.size]
            start = 0
            for end in ends:
                key = words[codes[start]]
                if key != last:
                    if waiting:
                        put()
                    waiting, last = [], key
                waiting.append(numbers[start:end])
                start = end
        if waiting:
            put()

    def _from_result(self, written: Written, rooms: Sequence[Room], seed: int) -> None:
        """Put in the runs of a finished result, if as much was kept of them."""
        from cisim.lab.store.keys import results_version

        said, kept = written.manifest, self.kept
        if written.by not in (SIMULATE, COMPARE) or not self._kept_enough(written):
            return
        if said["made"].get("results") != results_version(THROUGH):
            self._tell(SAYS("other_version"))
            return
        resolved = {one["name"]: one for one in said["scenarios"]}
        same = {
            room.scenario.name: room
            for room in rooms
            if room.scenario.resolved() == resolved.get(room.scenario.name)
        }
        if not same:
            return
        for one in read_ensembles(written, only=same, outcomes=kept.outcomes):
            room = same[one.name]
            months = np.searchsorted(one.months, np.array(kept.months))
            regions = [one.regions.index(name) for name in kept.regions]
            books = one.books
            assert books is not None
            seen = {"community": one.communities, "organisation": one.organisations}
            for k, future in enumerate((one.seeds - seed).tolist()):
                if 0 <= future < room.finished.size and not room.finished[future]:
                    each = {kind: _seen(seen[kind], room.followed[kind], k) for kind in kept.each}
                    values = one.values[k][months][:, regions]
                    room.put(future, (values, books[k][:, regions], each))

    def _kept_enough(self, written: Written) -> bool:
        """Return whether a result has all that is to be kept of a run."""
        said = written.manifest
        return (
            set(self.kept.outcomes) <= set(said["outcomes"])
            and set(self.kept.months) <= set(unranged(said["months"]).tolist())
            and set(self.kept.regions) <= set(said["regions"])
            and BOOKS in written.files
            and all(EACH_FILE[kind] in written.files for kind in self.kept.each)
        )


def _seen(there: Followed | None, here: Followed, replicate: int) -> Floats:
    """Return what each one has shown in a replicate, in the months that are looked at here."""
    assert there is not None
    return there.values[replicate][np.searchsorted(there.months, here.months)]
