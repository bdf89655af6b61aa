"""Ensembles that grow: later futures joined to earlier ones, or only the first of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cisim.lab.each import Followed
from cisim.lab.ensemble import Ensemble, Failure, joined


def merge(before: Ensemble | None, after: Ensemble) -> Ensemble:
    """Return two ensembles of one scenario as one; the second's seeds follow on the first's."""
    if before is None:
        return after
    shift = after.first_seed - before.first_seed
    moved: tuple[Failure, ...] = tuple(
        one._replace(replicate=one.replicate + shift) for one in after.failed
    )
    return replace(
        before,
        replicates=np.concatenate([before.replicates, after.replicates + shift]),
        values=np.concatenate([before.values, after.values]),
        books=joined(before.books, after.books),
        communities=_joined(before.communities, after.communities),
        asked=before.asked + after.asked,
        failed=(*before.failed, *moved),
    )


def first(ensemble: Ensemble, futures: int) -> Ensemble:
    """Return an ensemble of only the first futures."""
    if ensemble.asked <= futures:
        return ensemble
    kept = int(np.searchsorted(ensemble.replicates, futures))
    there = ensemble.communities
    return replace(
        ensemble,
        replicates=ensemble.replicates[:kept],
        values=ensemble.values[:kept],
        books=None if ensemble.books is None else ensemble.books[:kept],
        communities=None if there is None else there.some(np.arange(len(there.values)) < kept),
        asked=futures,
        failed=tuple(one for one in ensemble.failed if one.replicate < futures),
    )


def unbroken(ensemble: Ensemble) -> int:
    """Return how many futures there are from the first on without a gap, failed ones included."""
    numbers = [one.replicate for one in ensemble.failed]
    known = np.union1d(ensemble.replicates, np.array(numbers, np.int64))
    gaps = np.flatnonzero(known != np.arange(known.size))
    return int(gaps[0]) if gaps.size else int(known.size)


def size_of(ensemble: Ensemble) -> int:
    """Return how many bytes an ensemble takes."""
    there = ensemble.communities
    kept = (ensemble.values, ensemble.books, None if there is None else there.values)
    return sum(one.nbytes for one in kept if one is not None)


def _joined(before: Followed | None, after: Followed | None) -> Followed | None:
    return None if before is None or after is None else before.and_then(after)
