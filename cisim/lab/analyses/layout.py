"""How the points of a design belong together: what Sobol', what Morris, what any sample can use.

A layout is recognised by the points themselves, so that a table of points that another tool made
serves as well, and one that only has the name does not.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cisim.lab.analyses.says import SAYS
from cisim.lab.design import Design
from cisim.model.input_error import InputError

KINDS = {"saltelli": "Saltelli", "morris": "Morris"}


class Saltelli(NamedTuple):
    """Blocks of rows: one of A, each column of it from B, with `second` the reverse, one of B.

    columns : (D,) of the design that the layout varies
    """

    blocks: int
    second: bool
    columns: tuple[int, ...]

    @property
    def step(self) -> int:
        """Return how many rows a block has."""
        each = 2 if self.second else 1
        return each * len(self.columns) + 2


class Morris(NamedTuple):
    """Trajectories of rows that each differ from the one before in one column.

    moved : (trajectories, D) which column each step moves
    """

    trajectories: int
    moved: NDArray[np.int64]


def saltelli(design: Design) -> Saltelli:
    """Return the layout of Saltelli's design.

    Raises InputError if it is another design.
    """
    values = design.values
    columns = tuple(range(len(design.names)))
    for second in (False, True):
        found = Saltelli(0, second, columns)
        if not len(design) or len(design) % found.step:
            continue
        blocks = values.reshape(-1, found.step, len(columns))
        if _is_saltelli(blocks, second):
            return found._replace(blocks=blocks.shape[0])
    raise InputError(SAYS("needs_saltelli", kind=design.kind))


def _is_saltelli(blocks: NDArray[np.float64], second: bool) -> bool:
    a, b = blocks[:, 0], blocks[:, -1]
    many = a.shape[1]
    for k in range(many):
        sides = [(blocks[:, 1 + k], a, b)]
        if second:
            sides.append((blocks[:, 1 + many + k], b, a))
        for mixed, rest, own in sides:
            if (mixed[:, k] != own[:, k]).any():
                return False
            if (np.delete(mixed, k, 1) != np.delete(rest, k, 1)).any():
                return False
    return True


def morris(design: Design) -> Morris:
    """Return the layout of a Morris design.

    Raises InputError if it is another design.
    """
    many = len(design.names)
    if many and len(design) and not len(design) % (many + 1):
        paths = design.values.reshape(-1, many + 1, many)
        steps = np.diff(paths, axis=1) != 0.0
        # A whole number may stay where it is: then its column is the one that is left over.
        if (steps.sum(axis=2) <= 1).all() and (steps.sum(axis=1) <= 1).all():
            return Morris(paths.shape[0], _columns_moved(steps))
    raise InputError(SAYS("needs_morris", kind=design.kind))


def _columns_moved(steps: NDArray[np.bool_]) -> NDArray[np.int64]:
    moved = np.empty(steps.shape[:2], np.int64)
    for path, rows in enumerate(steps):
        left = [k for k in range(rows.shape[1]) if not rows[:, k].any()]
        for step, row in enumerate(rows):
            moved[path, step] = int(row.argmax()) if row.any() else left.pop(0)
    return moved


def sample_of_space(design: Design) -> NDArray[np.int64]:
    """Return the rows that are a sample of the space, of which shares may be told.

    Of a Saltelli design those are its rows A and B.

    Raises InputError for a Morris design, whose points hang together, and for a single point.
    """
    if design.kind == "morris":
        raise InputError(SAYS("hang_together"))
    rows = np.arange(len(design))
    if design.kind == "saltelli":
        step = saltelli(design).step
        rows = rows[(rows % step == 0) | (rows % step == step - 1)]
    if rows.size < 2:
        raise InputError(SAYS("single_point"))
    return rows
