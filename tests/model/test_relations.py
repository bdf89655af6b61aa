"""What is worked out for many ties at once is what it is for each alone, to the last bit."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cisim.model.relations import BESIDE, add_up, align, alignment, most_ties


def grouped(counts: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Return where the ties of each organisation begin, and where those in its region end."""
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    near = start[:-1] + np.array(counts, np.int32) * 2 // 3
    return start, near.astype(np.int32)


@given(counts=st.lists(st.integers(0, 40), min_size=1, max_size=3 * BESIDE), seed=st.integers(0, 9))
def test_each_sum_is_made_from_its_first_tie_on(counts: list[int], seed: int) -> None:
    start, near = grouped(counts)
    values = np.random.default_rng(seed).normal(0.0, 1.0, start[-1]) * 10.0 ** (seed - 4)
    totals = np.full(len(counts), np.nan)
    room = np.full(most_ties(start), np.nan)
    for first in range(0, len(counts), BESIDE):
        last = min(first + BESIDE, len(counts))
        room[: start[last] - start[first]] = values[start[first] : start[last]]
        add_up(room, start, near, first, last, totals)
    for i in range(len(counts)):
        total = 0.0
        for value in values[start[i] : near[i]].tolist():
            total += value
        assert totals[i] == total


@pytest.mark.parametrize("spread", [0.5, 50.0])  # far apart, no exponential is told from 0
def test_all_alignments_are_those_of_each_tie(spread: float) -> None:
    size, chance = 30, np.random.default_rng(3)
    knows = np.triu(chance.random((size, size)) < 0.3, 1)
    knows |= knows.T
    from_, other = np.nonzero(knows)
    row = np.full((size, size), -1)
    row[from_, other] = np.arange(other.size)
    ties = SimpleNamespace(
        start=np.concatenate([[0], np.cumsum(knows.sum(axis=1))]).astype(np.int32),
        other=other.astype(np.int32),
        reverse=row[other, from_].astype(np.int32),
    )
    agenda = chance.normal(0.0, spread, (size, 3))
    aligned = np.full(other.size, np.nan)
    align(ties.start, ties.other, ties.reverse, agenda, 0.37, aligned)
    each = [
        alignment(agenda, int(i), agenda, int(j), 0.37) for i, j in zip(from_, other, strict=True)
    ]
    assert aligned.tolist() == each
