"""What is sent together, how much of it, and how a piece is found that ends or stops its process.

Pieces go out in chunks of about CHUNK_SECONDS, or of SHORT_SECONDS. A chunk whose process was lost
is suspect: it goes again, alone, so that whoever is lost next is known; then its pieces do, one by
one; and a piece that is lost again is quarantined. So all that one bad piece costs is itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, NamedTuple

from cisim.lab.executors.work import HUNG, KILLED, Fault, Run
from cisim.model.told import Sentences

SAYS = Sentences(
    "chunks",
    late="it did not end within {seconds:,.3g} s, and again when it ran alone",
)

CHUNK_SECONDS = 1.0
"""What a chunk should take: long enough that sending it costs nothing, short enough to watch."""
SHORT_SECONDS = 0.1
"""The same where somebody waits who may want something else: it is told between two chunks."""
CHUNK_BYTES = 4_000_000
"""What the results of a chunk should take at most: what is on its way is in the memory of all."""


class Chunk(NamedTuple):
    """Pieces that are sent together, and how often a process was lost that may have had them."""

    indexes: Sequence[int]
    lost: int = 0


class Chunks:
    """What is still to be sent, in which portions, and what is suspect."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.indexes = run.indexes
        self.next = 0
        self.size = 1
        self.seconds = CHUNK_SECONDS
        self.suspects: deque[Chunk] = deque()

    def __bool__(self) -> bool:
        """Return whether anything is left to be sent."""
        return self.next < len(self.indexes) or bool(self.suspects) or bool(self.run.again)

    def take(self, under_way: int, most: int) -> Chunk | None:
        """Return what is sent next, None if it must wait.

        under_way : how many chunks have been sent and not come back
        most      : how many of them may be
        """
        if self.suspects:
            return None if under_way else self.suspects.popleft()
        if under_way >= most:
            return None
        if self.next >= len(self.indexes):
            if not self.run.again:
                return None
            self.indexes, self.next = self.run.take_again(), 0
        fair = -(-(len(self.indexes) - self.next) // (2 * max(1, most - 1)))
        end = self.next + max(1, min(self.size, fair))
        end = min(end + -end % self.run.together, len(self.indexes))
        chunk = Chunk(self.indexes[self.next : end])
        self.next = end
        return chunk

    def put_back(self, chunk: Chunk) -> None:
        """Let a chunk go again, of which nothing bad is known."""
        self.suspects.append(chunk)

    def measured(self, pieces: int, seconds: float, longest: float, size: int = 0) -> None:
        """Learn from a chunk how many pieces the next should have."""
        if pieces:
            by_time = self.seconds * pieces / max(seconds, 1e-6)
            by_size = CHUNK_BYTES * pieces / max(size, 1)
            self.size = max(1, int(min(by_time, by_size)))
        self.run.longest = max(self.run.longest, longest)

    def lost(self, chunk: Chunk, alone: bool, why: str) -> None:
        """Look for what ended a process that may have had this chunk.

        alone : whether nothing else was under way
        why   : what is told of a piece for which it is the second time
        """
        times = chunk.lost + 1
        if times < 2 or not alone:
            self.suspects.append(Chunk(chunk.indexes, times))
        elif len(chunk.indexes) > 1:
            self.apart(chunk)
        else:
            self.run.arrived(chunk.indexes[0], Fault(chunk.indexes[0], why, KILLED))

    def apart(self, chunk: Chunk) -> None:
        """Let each piece of a chunk go by itself."""
        self.suspects.extend(Chunk([index], 1) for index in chunk.indexes)

    def hung(self, chunk: Chunk, piece: int, seconds: float) -> None:
        """A piece did not end: the others of its chunk go again, and it by itself once more."""
        others = [index for index in chunk.indexes if index != piece]
        if others:
            self.suspects.appendleft(Chunk(others, chunk.lost))
        if chunk.lost and not others:
            why = SAYS("late", seconds=seconds)
            self.run.arrived(piece, Fault(piece, why, HUNG))
        else:
            self.suspects.append(Chunk([piece], 1))

    def left(self, under_way: Sequence[Any]) -> list[int]:
        """Return the indexes of which nothing is known yet, `under_way` being what was sent."""
        some = [index for chunk in [*under_way, *self.suspects] for index in chunk.indexes]
        return sorted([*some, *self.run.take_again()]) + list(self.indexes[self.next :])
