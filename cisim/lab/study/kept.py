"""The numbers of a study in a store: found by who they are of, some rows at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cisim.lab.store import Store
from cisim.lab.store.keys import LENGTH
from cisim.lab.study.layout import Layout
from cisim.model.state import Floats


class InStore:
    """The numbers of a study: `Kept` of cisim.lab.study.study, over a store."""

    def __init__(
        self, store: Store, who: NDArray[np.bytes_], seed: int, replicates: int, layout: Layout
    ) -> None:
        """Take a store, and who is where.

        who  : (S, n) S24, the hash of each scenario at each point
        seed : of replicate 0
        """
        self.store, self.seed, self.replicates, self.layout = store, seed, replicates, layout
        self.shape = who.shape
        # Points may be the same: what is kept of one is of all of them.
        self._known, self._place = np.unique(numbers_of(who).reshape(-1), return_inverse=True)

    def runs(self, outcome: str, months: Sequence[int], region: str) -> Floats:
        """Return an outcome, (S, n, r, months), NaN where a run is not finished or undefined."""
        when = np.array(months, np.int64)
        found = np.full((self._known.size, self.replicates, when.size), np.nan)
        where: dict[str, object] = {}
        if set(months) != set(self.layout.months):
            where["month"] = list(months)
        if self.layout.by_region:
            where["region"] = region
        order = np.argsort(when, kind="stable")
        for batch in self.store.batches(["who", "seed", "month", outcome], where):
            who, replicate = batch["who"].to_numpy(), batch["seed"].to_numpy() - self.seed
            at = self._known.searchsorted(who)
            at[at == self._known.size] = 0
            column = order[when[order].searchsorted(batch["month"].to_numpy())]
            mine = (self._known[at] == who) & (replicate >= 0) & (replicate < self.replicates)
            values = batch[outcome].to_numpy(zero_copy_only=False)
            found[at[mine], replicate[mine], column[mine]] = values[mine]
        return found[self._place].reshape(*self.shape, self.replicates, when.size)


def numbers_of(names: NDArray[np.bytes_]) -> NDArray[np.int64]:
    """Return hashes as whole numbers, which are faster to look for, of the same shape."""
    whole = bytes.fromhex(names.tobytes().decode())
    rows = np.frombuffer(whole, np.uint8).reshape(-1, LENGTH // 2)[:, :8]
    return np.ascontiguousarray(rows).view(">i8").astype(np.int64).reshape(names.shape)
