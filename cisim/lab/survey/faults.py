"""What is wrong in people's files, with file, row and column; the first twenty and a count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cisim.model.faults import MOST_SENTENCES
from cisim.model.input_error import InputError

if TYPE_CHECKING:
    from cisim.lab.survey.tables import Table


class Faults:
    """Gathers faults until all are known.

    sentences : the first of them
    count     : how many there were
    """

    def __init__(self) -> None:
        self.sentences: list[str] = []
        self.count = 0
        self._seen: set[str] = set()

    def add(self, sentence: str) -> None:
        """Keep a whole sentence."""
        if sentence in self._seen:
            return
        self.count += 1
        if len(self.sentences) < MOST_SENTENCES:
            self._seen.add(sentence)
            self.sentences.append(sentence)

    def at(self, table: Table, row: int | None, column: str | None, what: str) -> None:
        """Keep what is wrong in a cell, a row (column None) or a whole table (row None too).

        row : its place in the table, from 0
        """
        where = table.where(row, column) if self.count < MOST_SENTENCES else f"{row}"
        self.add(f"{where}: {what}")

    def refuse(self) -> None:
        """Raise InputError if anything was kept."""
        if not self.count:
            return
        more = self.count - len(self.sentences)
        said = [*self.sentences]
        if more:
            said.append(
                f"These are the first {len(said)} of {self.count:,} problems; {more:,} more are "
                f"like them or follow after them."
            )
        raise InputError(*said)
