"""Who is there: the organisations of the files, under the names that the world will have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cisim.lab.survey.faults import Fault, Faults
from cisim.lab.survey.mapping import Mapping, OrganisationColumns
from cisim.lab.survey.says import SAYS, of
from cisim.lab.survey.spellings import alike
from cisim.lab.survey.tables import Table, number, told
from cisim.lab.survey.words import is_missing, meaning, truth
from cisim.model.input_error import nearest, printable
from cisim.model.plain_text import is_plain

LONGEST_NAME = 200
_FORMULA = re.compile(r"=|[+@-].*[(!|]")
"""How a cell begins that a spreadsheet would run."""


@dataclass
class Roster:
    """The organisations.

    names    : (N,) names of their own
    rows     : (N,) what the table says of each: sector, community, ... as far as it is told
    where    : (N,) where each is told, for sentences
    answered : (N,) whether it answered the survey, None where nothing says so
    number   : place in `names` by name or key, as the files call them
    wrong    : names that cannot be, and were told
    said     : what had to be assumed
    """

    names: list[str] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    where: list[str] = field(default_factory=list)
    answered: list[bool | None] = field(default_factory=list)
    number: dict[str, int] = field(default_factory=dict)
    wrong: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)


def wrong_name(name: str) -> str:
    """Return what is wrong with a name, "" if nothing is."""
    if not name:
        return SAYS("empty_name")
    if not is_plain(name):
        return SAYS("unseen", value=told(name))
    if _FORMULA.match(name):
        return SAYS("formula", value=told(name))
    if len(name) > LONGEST_NAME:
        return SAYS("long_name", count=len(name), most=LONGEST_NAME)
    if name == "overall":
        return SAYS("overall")
    return ""


class _Names:
    """What names of the files become: one for each organisation, without slashes."""

    def __init__(self, mapping: Mapping) -> None:
        self.first = {
            name: some[0] for some in mapping.same for name in some[1:] if name != some[0]
        }
        self.same = {frozenset((a, b)) for some in mapping.same for a in some for b in some}
        self.same |= {frozenset(some) for some in mapping.same if len(set(some)) == 1}
        self.different = {
            frozenset((a, b)) for some in mapping.different for a in some for b in some if a != b
        } | {frozenset(some) for some in mapping.different if len(set(some)) == 1}
        self.used: set[str] = set()

    def kept(self, name: str) -> str:
        if name in self.first:
            self.used.add(name)
            return self.first[name]
        return name


def listed(table: Table, mapping: Mapping, faults: Faults) -> Roster:
    """Return the organisations of a table."""
    columns = mapping.organisations or OrganisationColumns()
    roster, names = Roster(), _Names(mapping)
    name_column = columns.name or columns.key
    assert name_column is not None
    at_name = table.column(name_column)
    at_key = None if columns.key is None else table.column(columns.key)
    first: dict[str, int] = {}
    keys: dict[str, int] = {}
    slashes = 0
    for row, cells in enumerate(table.rows):
        given = cells[at_name] or (cells[at_key] if at_key is not None else "")
        if wrong := wrong_name(given):
            faults.at(table, row, name_column, wrong)
            roster.wrong.add(given)
            continue
        name = names.kept(given)
        facts = _facts(table, row, cells, columns, faults)
        answered = facts.pop("answered", None)
        again = first.get(name)
        if again is not None and name == given:
            if frozenset((name,)) in names.different:
                extra = 2
                while f"{name} ({extra})" in first:
                    extra += 1
                name, again = f"{name} ({extra})", None
            elif frozenset((name,)) not in names.same:
                faults.at(
                    table,
                    row,
                    name_column,
                    SAYS("again", value=told(name), row=roster.where[again], name=name),
                    names=(name, name),
                )
                continue
        if again is None:
            again = len(roster.names)
            first[name] = again
            kept = name.replace("/", "-")
            slashes += kept != name
            roster.names.append(kept)
            roster.rows.append(facts)
            roster.where.append(table.place(row))
            roster.answered.append(answered)
        else:
            roster.rows[again] = facts | roster.rows[again]
            if roster.answered[again] is None:
                roster.answered[again] = answered
        roster.number.setdefault(given, again)
        roster.number.setdefault(name, again)
        key = "" if at_key is None else cells[at_key]
        if key and keys.setdefault(key, again) != again:
            faults.at(
                table,
                row,
                columns.key,
                SAYS("key_again", value=told(key), row=roster.where[keys[key]]),
            )
    roster.number |= keys  # a key that is another's name means what has the key
    for alias, meant in names.first.items():
        if meant in roster.number:
            roster.number.setdefault(alias, roster.number[meant])
    if not roster.names and not faults.count:
        faults.at(table, None, None, SAYS("nobody"))
    _ask(table.file, roster, list(first), names, faults)
    _slashes(roster, slashes)
    return roster


def named(
    tables: Sequence[tuple[Table, Iterable[tuple[int, str, str]]]],
    mapping: Mapping,
    faults: Faults,
) -> Roster:
    """Return the organisations that ties name: row, column and name of each mention."""
    roster, names = Roster(), _Names(mapping)
    slashes = 0
    file = ""
    for table, mentions in tables:
        file = file or table.file
        for row, column, given in mentions:
            if given in roster.number or (given and given in roster.wrong):
                continue
            if what := wrong_name(given):
                faults.at(table, row if row >= 0 else None, column, what)
                roster.wrong.add(given)
                continue
            name = names.kept(given)
            if name not in roster.number:
                roster.number[name] = len(roster.names)
                kept = name.replace("/", "-")
                slashes += kept != name
                roster.names.append(kept)
                roster.rows.append({})
                place = table.place(row) if row >= 0 else SAYS("headings")
                roster.where.append(place)
                roster.answered.append(None)
            roster.number[given] = roster.number[name]
    if not roster.names and not faults.count:
        faults.add(of(printable(file), SAYS("nobody_named")))
    numbered = {at: name for name, at in reversed(roster.number.items())}
    _ask(file, roster, [numbered[at] for at in range(len(roster.names))], names, faults)
    _slashes(roster, slashes)
    return roster


def _slashes(roster: Roster, many: int) -> None:
    if many:
        roster.said.append(SAYS("slashes", n=many))
    if len(set(roster.names)) < len(roster.names):
        seen: dict[str, int] = {}
        for at, name in enumerate(roster.names):
            seen[name] = seen.get(name, 0) + 1
            if seen[name] > 1:
                roster.names[at] = f"{name} ({seen[name]})"


def _ask(file: str, roster: Roster, given: list[str], names: _Names, faults: Faults) -> None:
    """Ask about names that may mean one organisation."""
    for one, other in alike(given):
        if frozenset((one, other)) in names.different:
            continue
        ours, theirs = roster.number[one], roster.number[other]
        if ours == theirs:
            continue
        what = SAYS(
            "alike",
            one=told(one),
            row=roster.where[ours],
            other=told(other),
            other_row=roster.where[theirs],
            pair=_pair(one, other),
        )
        faults.add(Fault(of(printable(file), what), file, what=what, names=(one, other)))
    known = set(roster.number)
    for name in names.first:
        if name not in known and name not in names.used:
            faults.add(SAYS("same_unknown", value=told(name), near=nearest(name, known)))


def _pair(one: str, other: str) -> str:
    import json

    return json.dumps([one, other], ensure_ascii=False)


def _facts(
    table: Table, row: int, cells: list[str], columns: OrganisationColumns, faults: Faults
) -> dict[str, Any]:
    """Return what a row says beside the name; what is empty is left out."""
    found: dict[str, Any] = {}

    def cell(name: str | None) -> str:
        text = "" if name is None else cells[table.column(name)]
        return "" if is_missing(text) else text

    def wrong(column: str | None, what: str) -> None:
        faults.at(table, row, column, what)

    if text := cell(columns.sector):
        sector = columns.sectors.get(text) or meaning("sectors", text)
        if sector is None:
            wrong(
                columns.sector,
                SAYS("sector", value=told(text)),
            )
        else:
            found["sector"] = sector
    if text := cell(columns.level):
        level = columns.levels.get(text) or meaning("levels", text)
        if level is None:
            wrong(columns.level, SAYS("level", value=told(text)))
        else:
            found["level"] = level
    for field_ in ("community", "region"):
        column = getattr(columns, field_)
        if text := cell(column):
            if what := wrong_name(text):
                wrong(column, what)
            else:
                found[field_] = text.replace("/", "-")
    if text := cell(columns.own_time):
        value = number(text, table.comma)
        if value is None or not 0 < value <= 10_000:
            wrong(
                columns.own_time,
                SAYS("own_time", value=told(text)),
            )
        else:
            found["own_time"] = value
    for field_ in ("founder", "answered"):
        column = getattr(columns, field_)
        if text := cell(column):
            said = truth(text)
            if said is None:
                wrong(column, SAYS("truth", value=told(text)))
            else:
                found[field_] = said
    return found
