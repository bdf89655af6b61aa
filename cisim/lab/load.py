"""A result that was written comes back as it was returned when it was made."""

from __future__ import annotations

import os
from typing import Any

from cisim.lab.kinds import known_kind
from cisim.lab.written import read_manifest


def load(path: str | os.PathLike[str]) -> Any:
    """Return what is in the folder of a result, equal to the last bit.

    That is an Ensemble, a Comparison, a Study, a Robust, a Threshold, a Validation, an Optimised or
    a Worths: what the function returned that wrote it. The runs of a study stay on disk until they
    are asked for.

    A policy under which it ran is looked at and not run: it is code.

    Raises InputError if there is no result, or one that is damaged, changed or of another version.
    """
    written = read_manifest(path)
    return known_kind(written).load(written)
