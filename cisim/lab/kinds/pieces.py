"""Results of pieces of work: what is asked decides which, and their rows decide all that is found.

So a result comes back, or is made again, by asking the same once more and letting each piece come
as it came then (cisim.lab.once_more): from the rows in its parts, or from new runs.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from cisim.lab.executors import execute, executor_of
from cisim.lab.kinds.kind import (
    STOPPED,
    How,
    Looked,
    RunAgain,
    Sample,
    both,
    changed_parts,
    fails_again,
    first_difference,
)
from cisim.lab.manifest import MANIFEST
from cisim.lab.once_more import PIECES, Batch, Then, as_then
from cisim.lab.results import PARTS
from cisim.lab.same_files import derived
from cisim.lab.written import Written, as_manifest, read_manifest, scenarios_of
from cisim.model.input_error import InputError, printable
from cisim.model.state import Floats
from cisim.model.told import Sentences
from cisim.world.scenario import Scenario

SAYS = Sentences(
    "pieces_again",
    not_back=(
        "{folder}: {lacks}, so what was found does not come back; cisim rerun makes it again "
        "from {manifest}."
    ),
    earlier=(
        "{file} does not say which of its pieces were finished: it is of an earlier version of "
        "cisim; its command makes it again: {command}"
    ),
    no_rows="{parts} has no rows of {lacking:,} pieces that were finished",
)

Ask = Callable[[Written, Sequence[Scenario]], Callable[..., Any]]
"""Returns what a manifest says was asked, of the scenarios that it has: a function that takes
`out`, `command`, `workers`, `executor`, `progress` and `say`, and if it draws, `draw`."""


class Pieces(NamedTuple):
    """The kind of a result of pieces.

    ask   : the question of a manifest
    draws : whether it takes `draw`, which makes charts of what was found and its key
    """

    ask: Ask
    draws: bool = False

    def load(self, written: Written) -> Any:
        """Return what was found; a policy is looked at and not run: it is code."""
        for name in written.files:
            written.file(name)  # is what was written
        then = Then(_came(written), written.folder)
        with as_manifest(written), as_then(then):
            found = self.ask(written, scenarios_of(written, to_read=True))(
                command=_command(written)
            )
        if then.lacking:
            raise InputError(
                SAYS(
                    "not_back",
                    folder=printable(written.folder),
                    lacks=_lacks(then),
                    manifest=MANIFEST,
                )
            )
        if not hasattr(found, "manifest"):
            return found
        return replace(found, manifest=written.manifest)

    def again(self, written: Written, folder: Path, how: How) -> Mapping[str, str] | None:
        """Do again all pieces that had been finished, and what follows from them."""
        then = Then(_came(written))
        with as_manifest(written):
            asked = self.ask(written, scenarios_of(written, how.policies))
        with as_then(then):
            self._write(asked, written, folder, how)
        return None if then.stopped else {}

    def _write(self, asked: Callable[..., Any], written: Written, folder: Path, how: How) -> None:
        """Ask again and write what is found, with the charts that an earlier one has."""
        options: dict[str, Any] = {}
        if self.draws and how.draw is not None:
            draw = how.draw

            def drawn(found: Any, key: str) -> dict[str, str]:
                charts = draw(written, found, key)
                return {name: svg for name, svg in charts.items() if name in written.files}

            options["draw"] = drawn
        asked(
            out=folder,
            command=_command(written),
            workers=how.workers,
            executor=how.executor,
            progress=how.progress,
            say=how.say,
            **options,
        )

    def look(self, written: Written, files: Mapping[str, str], sample: Sample, how: How) -> Looked:
        """Derive everything from the rows in the parts, and do some pieces again."""
        states = changed_parts(written.folder)
        then = Then(_came(written), written.folder)
        with as_manifest(written):
            scenarios = scenarios_of(written, how.policies, to_read=sample.size == 0)
            asked = self.ask(written, scenarios)
        with tempfile.TemporaryDirectory(prefix="cisim-") as place:
            again = Path(place) / "again"
            with as_then(then):
                self._write(asked, written, again, how._replace(progress=None, say=None))
            if then.lacking:
                states[PARTS] = _lacks(then)
            elif (again / MANIFEST).is_file():
                drawn = self.draws and how.draw is not None
                states |= derived(written, read_manifest(again), drawn)
        every = [
            (str(at), int(piece))
            for at, batch in enumerate(then.seen)
            for piece in np.flatnonzero(batch.finished)
        ]
        runs: list[RunAgain] = []
        incomplete = False
        some = sample.of(every)
        for at, batch in enumerate(then.seen):
            pieces = sorted(piece for name, piece in some if int(name) == at)
            if pieces and not incomplete:
                found, incomplete = _lived(batch, pieces, how)
                runs += found
        return Looked(states, runs, len(every), (STOPPED,) if incomplete else ())


def _came(written: Written) -> Mapping[str, Any] | None:
    """Return what came of each piece, None if all of them were finished.

    Raises InputError if the manifest does not say it of a result that has not finished all.
    """
    said = written.manifest["made"].get(PIECES)
    if said is None and (written.manifest["incomplete"] or written.manifest["failed"]):
        raise InputError(
            SAYS(
                "earlier",
                file=printable(written.name),
                command=printable(str(written.manifest["command"])),
            )
        )
    return said


def _command(written: Written) -> str:
    return str(written.manifest["command"])


def _lacks(then: Then) -> str:
    return SAYS("no_rows", parts=PARTS, lacking=then.lacking)


def _lived(batch: Batch, pieces: Sequence[int], how: How) -> tuple[list[RunAgain], bool]:
    """Do some pieces of a batch again; return what came, and whether it was stopped."""
    found: dict[int, RunAgain] = {}

    def keep(piece: int, row: Floats) -> None:
        there, here = batch.rows[piece], np.asarray(row, np.float64)
        at = first_difference(there, here)
        wrong = "" if at is None else f"{batch.columns[at[0]]}: {both(there, here, at)}"
        found[piece] = RunAgain(*batch.called(piece), wrong)

    ending = execute(
        batch.function,
        batch.shared,
        pieces,
        keep,
        executor=executor_of(how.workers, how.executor, how.say),
        progress=how.progress,
        say=how.say,
    )
    for fault in ending.failed:
        found[fault.piece] = RunAgain(*batch.called(fault.piece), fails_again(fault.reason))
    return [found[piece] for piece in sorted(found)], ending.incomplete
