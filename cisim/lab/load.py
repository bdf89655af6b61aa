"""A result that was written comes back as it was returned when it was made."""

from __future__ import annotations

import os

from cisim.lab.comparison import Comparison, Precision
from cisim.lab.ensemble import Ensemble
from cisim.lab.manifest import COMPARE, SIMULATE
from cisim.lab.study import Study
from cisim.lab.study.folder import SWEEP, load_study
from cisim.lab.written import Written, as_manifest, read_ensembles, read_manifest
from cisim.model.input_error import InputError, printable, shown


def load(path: str | os.PathLike[str]) -> Ensemble | Comparison | Study:
    """Return what is in the folder of a result, equal to the last bit.

    The runs of a study stay on disk until they are asked for.

    A policy under which it ran is looked at and not run: it is code.

    Raises InputError if there is no result, or one that is damaged, changed or of another version.
    """
    written = read_manifest(path)
    return load_study(written.folder) if written.by == SWEEP else loaded(written)


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
        f"{printable(written.name)} says that it was made by {shown(written.by)}, which is not "
        f"known here."
    )
