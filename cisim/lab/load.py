"""A result that was written comes back as it was returned when it was made."""

from __future__ import annotations

import os

import numpy as np

from cisim.lab.comparison import Comparison, Precision
from cisim.lab.design import Design
from cisim.lab.ensemble import Ensemble
from cisim.lab.manifest import COMPARE, SIMULATE
from cisim.lab.results import DESIGNS, ROBUST
from cisim.lab.robust import BY as BY_ROBUST
from cisim.lab.robust import WELLBEING, Robust
from cisim.lab.study import Study
from cisim.lab.study.folder import SWEEP, load_study
from cisim.lab.written import Written, as_manifest, read_ensembles, read_frame, read_manifest
from cisim.model.input_error import InputError, printable, shown


def load(path: str | os.PathLike[str]) -> Ensemble | Comparison | Robust | Study:
    """Return what is in the folder of a result, equal to the last bit.

    The runs of a study stay on disk until they are asked for.

    A policy under which it ran is looked at and not run: it is code.

    Raises InputError if there is no result, or one that is damaged, changed or of another version.
    """
    written = read_manifest(path)
    if written.by == SWEEP:
        return load_study(written.folder)
    return _robust(written) if written.by == BY_ROBUST else loaded(written)


def _robust(written: Written) -> Robust:
    """Return the robust answer of a folder."""
    with as_manifest(written):
        said = written.manifest
        names = tuple(str(one["name"]) for one in said["scenarios"])
        outcome, seed = str(said["outcomes"][0]), int(said["seeds"]["first"])
        table, points = read_frame(written, ROBUST), read_frame(written, DESIGNS)
        blocks = len(names) + 1  # the reference is the last
        values, gains = (
            table[name].to_numpy(np.float64).reshape(blocks, -1).T.copy()
            for name in (outcome, WELLBEING)
        )
        worlds = table["point"].to_numpy(np.int64)[: values.shape[0]]
        varied = tuple(str(name) for name in said["design"]["parameters"])
        return Robust(
            names=names,
            outcome=outcome,
            values=values[:, :-1],
            wellbeing=gains[:, :-1],
            reference=np.column_stack([values[:, -1], gains[:, -1]]),
            design=Design(varied, points[list(varied)].to_numpy(np.float64)[worlds], seed),
            replicates=int(said["replicates"]),
            seed=seed,
            asked=int(said["points"]),
            failed=tuple((str(one["which"]), str(one["reason"])) for one in said["failed"]),
            incomplete=bool(said["incomplete"]),
            manifest=said,
        )


def loaded(written: Written) -> Ensemble | Comparison:
    """Return a result that was written; raises InputError as `load` does."""
    if written.by == SIMULATE:
        (ensemble,) = read_ensembles(written)
        return ensemble
    if written.by == COMPARE:
        with as_manifest(written):
            reached = written.manifest["made"].get("precision")
            precision = None if reached is None else Precision(**reached)
        return Comparison({one.name: one for one in read_ensembles(written)}, precision)
    raise InputError(
        f"{printable(written.name)} says that it was made by {shown(written.by)}, which does not "
        f"come back so; allowed are an ensemble, a comparison, a robust answer and a study. Its "
        f"tables are {', '.join(written.files)}."
    )
