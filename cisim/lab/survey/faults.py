"""What is wrong in people's files, with file, row and column; the first twenty and a count."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from cisim.lab.survey.says import SAYS, of
from cisim.model.faults import MOST_SENTENCES
from cisim.model.input_error import InputError
from cisim.model.told import Told

if TYPE_CHECKING:
    from cisim.lab.survey.tables import Table


class Fault(Told):
    """A sentence of what is wrong that knows where it is, for those who show it in a table.

    file, row, column : of the table; row as the file's own program counts, 0 for no row, "" for no
                        column
    value : what the cell holds
    what  : the sentence without its place
    names : two names of which it is asked whether they mean one thing
    """

    file: str
    row: int
    column: str
    value: str
    what: str
    names: tuple[str, ...]

    def __new__(
        cls,
        sentence: Told,
        file: str = "",
        row: int = 0,
        column: str = "",
        value: str = "",
        what: str = "",
        names: tuple[str, ...] = (),
    ) -> Fault:
        made = cast(Fault, super().__new__(cls, sentence, sentence.name, sentence.given))
        made.file, made.row, made.column, made.value = file, row, column, value
        made.what, made.names = what or sentence, names
        return made


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

    def at(
        self,
        table: Table,
        row: int | None,
        column: str | None,
        what: str,
        names: tuple[str, ...] = (),
    ) -> None:
        """Keep what is wrong in a cell, a row (column None) or a whole table (row None too).

        row   : its place in the table, from 0
        names : see `Fault`
        """
        if self.count >= MOST_SENTENCES:
            self.add(f"{row}: {what}")
            return
        cell = row is not None and column in table.columns
        self.add(
            Fault(
                of(table.where(row, column), what),
                table.file,
                0 if row is None else table.places[row],
                column or "",
                table.rows[row][table.column(column)] if cell else "",  # type: ignore[index, arg-type]
                what,
                names,
            )
        )

    def refuse(self) -> None:
        """Raise InputError if anything was kept."""
        if not self.count:
            return
        more = self.count - len(self.sentences)
        said = [*self.sentences]
        if more:
            said.append(SAYS("more", shown=len(said), count=self.count, left=more))
        raise InputError(*said)
