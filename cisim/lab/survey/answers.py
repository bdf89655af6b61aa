"""What was answered about each tie, from both sides, by stated rules.

A side is what one organisation says of another. Of those who answered it is known for everybody:
whom they do not name they have no tie with. Of those who did not it is unknown, which is not the
same as no tie. Where a tie holds for both, a row tells both sides.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from cisim.lab.survey.faults import Faults
from cisim.lab.survey.mapping import Measure, TieColumns
from cisim.lab.survey.roster import Roster
from cisim.lab.survey.says import SAYS
from cisim.lab.survey.scales import MISSING, NotOnScaleError, reader, weighted
from cisim.lab.survey.tables import Table, number, plain, told
from cisim.lab.survey.twomode import together
from cisim.lab.survey.words import is_missing
from cisim.model.faults import MOST_SENTENCES
from cisim.model.input_error import nearest, printable

Sides = dict[tuple[int, int], float]


@dataclass
class Answers:
    """The surveyed network of N organisations.

    sides    : strength by (who says it, of whom), nan where a tie is named and nothing more is said
               of it; of a network that holds for both sides, both are there
    blank    : sides that were asked and not answered, so that nobody knows whether there is a tie
    answered : (N,) whether what an organisation does not name is no tie
    directed : whether sides can differ
    rated    : whether strengths were asked at all; otherwise every tie that is named has 1
    said     : what was assumed, a sentence each
    """

    sides: Sides
    answered: list[bool]
    directed: bool
    rated: bool
    said: list[str] = field(default_factory=list)
    blank: set[tuple[int, int]] = field(default_factory=set)

    @property
    def missing(self) -> int:
        """Return how many sides are unknown, of N (N - 1)."""
        n = len(self.answered)
        silent = n - sum(self.answered)
        from_silent = sum(
            1
            for (one, _), value in self.sides.items()
            if not self.answered[one] and not math.isnan(value)
        )
        blank = sum(
            1 for (one, _), value in self.sides.items() if self.answered[one] and math.isnan(value)
        ) + sum(self.answered[one] for one, _ in self.blank)
        return silent * (n - 1) - from_silent + blank

    @property
    def missing_share(self) -> float:
        """Return the share of sides that are unknown."""
        n = len(self.answered)
        return self.missing / (n * (n - 1)) if n > 1 else 0.0


def mentions(table: Table, ties: TieColumns) -> Iterator[tuple[int, str, str]]:
    """Yield row, column and name of each mention of an organisation; row -1 for a heading."""
    if ties.layout == "matrix" or (ties.layout == "groups" and ties.organisation is None):
        labels, heads, _ = matrix_parts(table)
        if ties.layout == "matrix":
            for head in heads:
                yield -1, head, head
            for row, label in enumerate(labels):
                yield row, table.columns[0], label
        elif ties.mode == "first":
            for row, label in enumerate(labels):
                yield row, table.columns[0], label
        else:
            for head in heads:
                yield -1, head, head
        return
    if ties.layout == "groups":
        columns = [ties.organisation if ties.mode == "first" else ties.group]
    else:
        columns = [ties.from_, ties.to]
    found = [(table.column(one), one) for one in columns if one is not None]
    for row, cells in enumerate(table.rows):
        for at, column in found:
            yield row, column, cells[at]


def answers(table: Table, ties: TieColumns, roster: Roster, faults: Faults) -> Answers:
    """Return what a table of ties says; what is wrong in it goes to `faults`."""
    reading = _Reading(table, ties, roster, faults)
    if ties.layout == "matrix":
        return reading.of_matrix()
    return reading.of_groups() if ties.layout == "groups" else reading.of_list()


class _Reading:
    def __init__(self, table: Table, ties: TieColumns, roster: Roster, faults: Faults) -> None:
        self.table, self.ties, self.roster, self.faults = table, ties, roster, faults
        self.dropped_selves = self.dropped_unknown = 0
        self.said: list[str] = []

    # --- a list ------------------------------------------------------------------------------

    def of_list(self) -> Answers:
        ties, table = self.ties, self.table
        assert ties.from_ is not None
        assert ties.to is not None
        at_from, at_to = table.column(ties.from_), table.column(ties.to)
        measures = [
            (
                table.column(one.column),
                one,
                reader(one, table.cells(one.column), table.comma, ties.missing),
            )
            for one in ties.measures
        ]
        weights = [one.weight for _, one, _ in measures]
        at_date = None if ties.date is None else table.column(ties.date)
        given: defaultdict[tuple[int, int], list[tuple[float, date | None, int]]] = defaultdict(
            list
        )
        named_by: set[int] = set()
        for row, cells in enumerate(table.rows):
            one = self._who(row, ties.from_, cells[at_from])
            other = self._who(row, ties.to, cells[at_to])
            found = []
            for at, measure, read in measures:
                try:
                    found.append(read(cells[at]))
                except NotOnScaleError as error:
                    self._wrong(row, measure.column, cells[at], error.name, **error.given)
                    found.append(MISSING)
            day = None if at_date is None else self._day(row, cells[at_date])
            if one is None or other is None:
                continue
            if one == other:
                self._self_tie(row, cells[at_from])
                continue
            strength = weighted(found, weights) if measures else 1.0
            pair = (one, other) if ties.directed or one < other else (other, one)
            given[pair].append((strength, day, row))
            named_by.add(one)
        sides = self._several(given)
        if not ties.directed:
            sides |= {(b, a): value for (a, b), value in sides.items()}
        return self._finish(sides, named_by, bool(measures))

    def _who(self, row: int, column: str, name: str) -> int | None:
        found = self.roster.number.get(name)
        if found is not None:
            return found
        if name in self.roster.wrong:
            return None
        if not name:
            self.faults.at(self.table, row, column, SAYS("empty_name"))
        elif self.ties.unknown == "drop":
            self.dropped_unknown += 1
        else:
            near = nearest(name, self.roster.number) if self.faults.count < MOST_SENTENCES else ""
            if near.startswith(" Did you mean"):
                meant = near.removeprefix(" Did you mean ").rstrip("?")
                what = SAYS("unknown_near", value=told(name), meant=meant, name=name)
                self.faults.at(self.table, row, column, what, (meant, name))
            else:
                what = SAYS("unknown", value=told(name), near=near)
                self.faults.at(self.table, row, column, what)
        return None

    def _wrong(self, row: int, column: str | None, cell: str, name: str, **given: object) -> None:
        self.faults.at(self.table, row, column, SAYS(name, value=told(cell), **given))

    def _self_tie(self, row: int, name: str) -> None:
        if self.ties.self_ties == "drop":
            self.dropped_selves += 1
        else:
            self.faults.at(
                self.table,
                row,
                None,
                SAYS("self", value=told(name)),
            )

    def _day(self, row: int, cell: str) -> date | None:
        if is_missing(cell):
            return None
        found = a_day(cell)
        if found is None:
            self._wrong(row, self.ties.date, cell, "date")
        return found

    def _several(self, given: dict[tuple[int, int], list[tuple[float, date | None, int]]]) -> Sides:
        """Return one answer a pair, by the rule for several."""
        sides: Sides = {}
        many = 0
        for pair, found in given.items():
            if len(found) == 1:
                sides[pair] = found[0][0]
                continue
            many += 1
            if self.ties.several == "refuse":
                one, other = (self.roster.names[at] for at in pair)
                self.faults.at(
                    self.table,
                    found[1][2],
                    None,
                    SAYS(
                        "answered",
                        one=told(one),
                        other=told(other),
                        place=self.table.place(found[0][2]),
                    ),
                )
            told_ = [(value, day) for value, day, _ in found if not math.isnan(value)]
            values = [value for value, _ in told_]
            if not values:
                sides[pair] = MISSING
            elif self.ties.several == "highest":
                sides[pair] = max(values)
            elif self.ties.several == "latest":
                last = max((day or date.min) for _, day in told_)
                latest = [value for value, day in told_ if (day or date.min) == last]
                sides[pair] = sum(latest) / len(latest)
            else:
                sides[pair] = sum(values) / len(values)
        if many and self.ties.several != "refuse":
            self.said.append(SAYS("several", n=many, rule=SAYS(f"rule_{self.ties.several}")))
        return sides

    # --- a matrix ----------------------------------------------------------------------------

    def of_matrix(self) -> Answers:
        ties, table = self.ties, self.table
        labels, heads, first = matrix_parts(table)
        columns = [self.roster.number.get(head) for head in heads]
        cells = [cell for row in table.rows for cell in row[first:]]
        measure = ties.measures[0] if ties.measures else Measure(column="*", scale=[0.0, 1.0])
        read = reader(measure, cells, table.comma, ties.missing)
        rated = bool(ties.measures)
        sides: Sides = {}
        blank: set[tuple[int, int]] = set()
        named_by: set[int] = set()
        selves = 0
        values: dict[str, float] = {}
        for row, label in enumerate(labels):
            one = self.roster.number.get(label)
            if one is None:
                continue
            missing = 0
            for column, cell in enumerate(table.rows[row][first:]):
                other = columns[column]
                if other is None:
                    continue
                if one == other:
                    selves += bool(cell) and number(cell, table.comma) not in (None, 0.0)
                    continue
                found = values.get(cell)
                if found is None:
                    try:
                        found = values[cell] = self._of_cell(cell, read, rated)
                    except NotOnScaleError as error:
                        self._wrong(row, heads[column], cell, error.name, **error.given)
                        continue
                value = found
                if math.isnan(value):
                    missing += 1
                    blank.add((one, other))
                elif value != 0.0:
                    sides[one, other] = value
            if missing < len(heads) - 1:
                named_by.add(one)
        if selves:
            self.said.append(SAYS("diagonal", n=selves))
        if not ties.directed:
            for (one, other), value in list(sides.items()):
                back = sides.get((other, one), value)
                sides[one, other] = sides[other, one] = (value + back) / 2
            blank = {(a, b) for a, b in blank if (b, a) in blank}
        return self._finish(sides, named_by, rated, blank=blank)

    def _of_cell(self, cell: str, read: object, rated: bool) -> float:
        """Return the strength that a cell of a matrix says, 0 for no tie."""
        if not cell:
            return MISSING if self.ties.blank == "missing" else 0.0
        if plain(cell) in {plain(one) for one in self.ties.missing}:
            return MISSING
        value = number(cell, self.table.comma)
        if value == 0.0:
            return 0.0
        if not rated:
            if is_missing(cell):
                return MISSING
            if value is None:
                raise NotOnScaleError("cell")
            return 1.0
        return read(cell)  # type: ignore[operator]

    # --- groups ------------------------------------------------------------------------------

    def of_groups(self) -> Answers:
        ties, table = self.ties, self.table
        groups: defaultdict[str, list[int]] = defaultdict(list)
        if ties.organisation is None or ties.group is None:
            labels, heads, first = matrix_parts(table)
            for row, label in enumerate(labels):
                for head, cell in zip(heads, table.rows[row][first:], strict=False):
                    value = number(cell, table.comma)
                    if cell and value is None and not is_missing(cell):
                        self._wrong(row, head, cell, "in_group")
                    if value:
                        who, group = (label, head) if ties.mode == "first" else (head, label)
                        found = self.roster.number.get(who)
                        if found is not None:
                            groups[group].append(found)
        else:
            who_column, group_column = ties.organisation, ties.group
            if ties.mode == "second":
                who_column, group_column = group_column, who_column
            at_who, at_group = table.column(who_column), table.column(group_column)
            for row, cells in enumerate(table.rows):
                found = self._who(row, who_column, cells[at_who])
                if not cells[at_group]:
                    self.faults.at(table, row, group_column, SAYS("group"))
                elif found is not None:
                    groups[cells[at_group]].append(found)
        pairs = together(groups, ties.groups, printable(table.file))
        sides = {(b, a): value for (a, b), value in pairs.items()} | pairs
        rule = {
            "shared": SAYS("rule_shared"),
            "small": SAYS("rule_small"),
            "any": SAYS("rule_any"),
        }[ties.groups]
        self.said.append(SAYS("groups", n=len(groups), rule=rule))
        everybody = set(range(len(self.roster.names)))
        return self._finish(sides, everybody, ties.groups != "any", directed=False)

    # --- the end -----------------------------------------------------------------------------

    def _finish(
        self,
        sides: Sides,
        named_by: set[int],
        rated: bool,
        *,
        blank: set[tuple[int, int]] | None = None,
        directed: bool | None = None,
    ) -> Answers:
        ties, roster = self.ties, self.roster
        directed = ties.directed if directed is None else directed
        n = len(roster.names)
        told_by = list(roster.answered)
        silent = 0
        answered = []
        for one in range(n):
            said = told_by[one]
            if said is None:
                said = not directed or one in named_by or ties.silent == "no ties"
                silent += one not in named_by and directed
            answered.append(bool(said))
        if silent:
            name = "silent" if ties.silent == "missing" else "silent_none"
            self.said.append(SAYS(name, n=silent))
        known = {
            pair: value
            for pair, value in sides.items()
            if answered[pair[0]] or not math.isnan(value)
        }
        kept = Answers(known, answered, directed, rated, self.said, blank or set())
        if ties.other_side and directed:
            self._stand_in(kept)
        if self.dropped_selves:
            self.said.append(SAYS("selves_left", n=self.dropped_selves))
        if self.dropped_unknown:
            self.said.append(SAYS("unknown_left", n=self.dropped_unknown))
        return kept

    def _stand_in(self, kept: Answers) -> None:
        """Let what the other side says stand in for what is missing."""
        stood_in = 0
        for (one, other), value in list(kept.sides.items()):
            back = kept.sides.get((other, one))
            unasked = not kept.answered[other] or (other, one) in kept.blank
            unknown = unasked if back is None else math.isnan(back)
            if unknown and not math.isnan(value):
                kept.sides[other, one] = value
                kept.blank.discard((other, one))
                stood_in += 1
        self.said.append(SAYS("stood_in", n=stood_in))


def matrix_parts(table: Table) -> tuple[list[str], list[str], int]:
    """Return labels of the rows, of the columns, and the place of the first column with cells.

    Rows without labels are called as the columns are, in their order.
    """
    names = set(table.columns[1:])
    first = [row[0] for row in table.rows]
    labelled = not table.columns[0] or not all(
        number(cell, table.comma) is not None or not cell for cell in first
    )
    labelled = labelled or (len(names) > 1 and set(first) == names)
    if labelled:
        return first, table.columns[1:], 1
    if len(table.rows) == len(table.columns):
        return list(table.columns), list(table.columns), 0
    return [f"{place}" for place in range(1, len(first) + 1)], list(table.columns), 0


def is_matrix(table: Table) -> bool:
    """Return whether a table is an adjacency matrix: as many rows as columns, of the same names."""
    if len(table.rows) < 2:
        return False
    labels, heads, first = matrix_parts(table)
    if len(labels) != len(heads):
        return False
    same = labels == heads or set(labels) == set(heads)
    return same and _numeric(table, first)


def is_incidence(table: Table) -> bool:
    """Return whether a table says with 0 and 1 who of its rows is in which of its columns."""
    if len(table.rows) < 2 or len(table.columns) < 4 or table.columns[0] == "column 1":
        return False
    labels, heads, first = matrix_parts(table)
    if first != 1 or set(labels) & set(heads):
        return False
    cells = {cell for row in table.rows for cell in row[first:]}
    return cells <= {"0", "1", "", "x", "X"} and len(cells) > 1


def _numeric(table: Table, first: int) -> bool:
    cells = {cell for row in table.rows[:400] for cell in row[first:]}
    return all(is_missing(cell) or number(cell, table.comma) is not None for cell in cells)


_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[T ].*)?")
_DOTTED = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_YEAR = re.compile(r"(19|20)\d\d")


def a_day(cell: str) -> date | None:
    """Return the day that a cell says, None if it says none; 3/4/2026 is the third of April."""
    try:
        if found := _ISO.fullmatch(cell):
            return date(int(found[1]), int(found[2]), int(found[3] or 1))
        if found := _DOTTED.fullmatch(cell):
            day, month = int(found[1]), int(found[2])
            if month > 12 >= day:
                day, month = month, day
            return date(int(found[3]), month, day)
        if _YEAR.fullmatch(cell):
            return date(int(cell), 1, 1)
    except ValueError:
        return None
    return None
