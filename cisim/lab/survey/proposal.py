"""What the files seem to be, as a mapping that a person reads, changes and saves.

Nothing here is taken without a word: a proposal is printed, and only who accepts it, or keeps it as
a file, has it acted on.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Named
from typing import Any

from cisim.lab.survey.answers import is_incidence, is_matrix, matrix_parts
from cisim.lab.survey.mapping import Mapping
from cisim.lab.survey.says import SAYS, of
from cisim.lab.survey.tables import Table, answer, number, plain
from cisim.lab.survey.words import heading, is_missing, meaning, ordered, role_of
from cisim.model.input_error import InputError, printable, shown
from cisim.model.told import several
from cisim.world.files import checked

_ORGANISATIONS = ("key", "name", "sector", "community", "region", "level", "own_time", "founder",
                  "answered")  # fmt: skip
_MEASURES = {
    "trust": "trust",
    "contact": "contact",
    "collaboration": "collaboration",
    "years": "years",
    "since": "since",
    "strength": "strength",
    "reliability": "trust",
    "mission": "trust",
    "openness": "trust",
    "power": "value",
    "involvement": "value",
    "resources": "value",
}
_EXPORTED = {"from", "to", "strength", "trust", "familiarity", "evidence", "active", "brokered"}
"""Columns of a network that `cisim run --network` has written; its strength is a world's."""
_COMMUNITIES = ("name", "region", "children", "deprivation", "participates")
OTHERS = ("sponsors", "payers", "backbones")
_MOST_LEVELS = 15
_MANY_PAIRS = 10

Comments = dict[tuple[str, ...], str]


class Proposal:
    """A mapping and what is said beside its lines.

    given    : the mapping as tables of TOML
    comments : by the path of a key, what a person should look at
    guessed  : what it takes for what, a sentence each
    unused   : tables and columns that nothing is made of, a sentence each
    open     : what a person must decide before it can be used
    unordered: columns of answers whose words have no order that is known
    known    : whether nothing is guessed, as cisim itself has written the files
    """

    def __init__(self) -> None:
        self.given: dict[str, Any] = {}
        self.comments: Comments = {}
        self.guessed: list[str] = []
        self.unused: list[str] = []
        self.open: list[str] = []
        self.unordered: list[str] = []
        self.known = False

    def mapping(self) -> Mapping:
        """Return it as a mapping; raises InputError where a person must decide first."""
        if self.open:
            raise InputError(*self.open)
        return checked(Mapping, self.given, "proposal")

    def text(self, tell: Callable[[str], str] = str) -> str:
        """Return it as a TOML file; `tell` says what is beside its lines in another language."""
        comments = {path: tell(comment) for path, comment in self.comments.items()}
        return _toml(self.given, comments, tell(_HEAD))


def roles(tables: Sequence[Table], mapping: Mapping | None = None) -> dict[str, Table]:
    """Return what each table is for; files that the mapping names are for what it says.

    Raises InputError if two tables may be for one thing, or a file that is named is not there.
    """
    found: dict[str, Table] = {}
    by_name = {table.file: table for table in tables}
    left = list(tables)
    for role in ("organisations", "ties", "communities", *OTHERS):
        part = getattr(mapping, role, None) if mapping is not None else None
        file = getattr(part, "file", None)
        if file is None:
            continue
        table = by_name.get(file) or _only_sheet(file, tables, role)
        if table is None:
            listed = ", ".join(printable(one) for one in by_name)
            raise InputError(SAYS("no_such_file", role=role, file=shown(file), files=listed))
        found[role] = table
        left = [one for one in left if one is not table]
    for table in left:
        seems = _role(table)
        if seems is None:
            continue
        if seems in found:
            if getattr(getattr(mapping, seems, None), "file", None):
                continue
            raise InputError(
                SAYS(
                    "twice",
                    one=printable(found[seems].file),
                    other=printable(table.file),
                    role=seems,
                )
            )
        found[seems] = table
    if "ties" not in found and len(left) == 1 and not found:
        found["ties"] = left[0]
    return found


def _only_sheet(file: str, tables: Sequence[Table], role: str) -> Table | None:
    """Return the table of a file that is named without its sheet or part."""
    here = [table for table in tables if table.file.partition("#")[0] == file]
    if len(here) > 1:
        here = [table for table in here if _role(table) == role]
    return here[0] if len(here) == 1 else None


def _role(table: Table) -> str | None:
    told = {"nodes": "organisations", "edges": "ties", "memberships": "ties"}.get(table.kind)
    if told is not None:
        return told
    named = role_of(table.file)
    if named is not None:
        return "ties" if named == "memberships" else named
    if heading(table, "ties", "from") and heading(table, "ties", "to"):
        return "ties"
    if heading(table, "memberships", "organisation") and heading(table, "memberships", "group"):
        return "ties"
    if is_matrix(table) or is_incidence(table):
        return "ties"
    if heading(table, "communities", "children"):
        return "communities"
    if heading(table, "organisations", "name") or heading(table, "organisations", "key"):
        return "organisations"
    return None


def propose(
    tables: Sequence[Table], sector: str | None = None, named: Mapping | None = None
) -> Proposal:
    """Return what the tables seem to be.

    sector : what the user says that organisations without one are
    named  : says of some files what they are for; nothing else of it counts

    Raises InputError if there are no ties among them.
    """
    made = Proposal()
    found = roles(tables, named)
    if "ties" not in found:
        listed = ", ".join(printable(table.file) for table in tables)
        raise InputError(SAYS("no_ties", files=listed))
    made.unused += [
        SAYS("unused", file=printable(table.file))
        for table in tables
        if all(table is not one for one in found.values())
    ]
    headless = [one.file for one in found.values() if not one.headed]
    if headless:
        made.given["headless"] = headless
        made.comments["headless",] = SAYS("c_headless")
        made.guessed.append(of(_listed(headless), SAYS("headless")))
    if "organisations" in found:
        _organisations(made, found["organisations"], found["ties"], sector)
    _ties(made, found["ties"])
    if "communities" in found:
        table = found["communities"]
        _columns(made, "communities", table, _COMMUNITIES)
    for role in OTHERS:
        if role in found:
            made.given[role] = {"file": found[role].file}
    assume: dict[str, Any] = {"sector": sector or "third"}
    made.comments["assume", "sector"] = SAYS("c_sector")
    made.given["assume"] = assume
    return made


def _columns(made: Proposal, role: str, table: Table, fields: Sequence[str]) -> dict[str, Any]:
    given: dict[str, Any] = {"file": table.file}
    taken: list[str] = []
    for field in fields:
        column = heading(table, role, field, taken)
        if column is not None:
            given[field] = column
            taken.append(column)
    rest = [one for one in table.columns if one not in taken and one]
    if rest:
        _leave(made, table, rest)
    made.given[role] = given
    return given


def _listed(names: Sequence[str]) -> str:
    some = ", ".join(printable(one, 40) for one in names[:12])
    return SAYS("and_more", names=some, more=len(names) - 12) if len(names) > 12 else some


def _leave(made: Proposal, table: Table, columns: Sequence[str]) -> None:
    made.unused.append(of(printable(table.file), SAYS("unused_columns", columns=_listed(columns))))


def _organisations(made: Proposal, table: Table, ties: Table, sector: str | None) -> None:
    before = len(made.unused)
    given = _columns(made, "organisations", table, _ORGANISATIONS)
    if "name" not in given and "key" not in given:
        given["name"] = table.columns[0]
        made.comments["organisations", "name"] = SAYS("c_first")
        del made.unused[before:]
        if rest := table.columns[1:]:
            _leave(made, table, rest)
    elif "name" not in given:
        given["name"] = given.pop("key")
    elif "key" in given and not _is_key(table, given["key"], given["name"], ties):
        del given["key"]
    if "sector" in given:
        sectors = {}
        unknown = []
        for word in dict.fromkeys(table.cells(given["sector"])):
            if is_missing(word):
                continue
            known = meaning("sectors", word)
            sectors[word] = known or sector or "third"
            if known is None:
                unknown.append(word)
                made.comments["organisations", "sectors", word] = SAYS("c_sectors")
        if len(sectors) > 100:
            del given["sector"]
            made.unused.append(of(printable(table.file), SAYS("many_sectors", count=len(sectors))))
            return
        if any(plain(word) != means for word, means in sectors.items()):
            given["sectors"] = sectors
        if unknown:
            made.guessed.append(
                of(
                    printable(table.file),
                    SAYS("sectors_guessed", sector=sector or "third", words=_listed(unknown)),
                )
            )


def _is_key(table: Table, key: str, name: str, ties: Table) -> bool:
    """Return whether ties call organisations by the key: it is each one's own."""
    cells = [cell for cell in table.cells(key) if cell]
    if len(set(cells)) < len(cells):
        return False
    names = set(table.cells(name))
    known = set(cells)
    in_ties = {cell for row in ties.rows[:2000] for cell in row[:2]} | set(ties.columns)
    return len(in_ties & known) >= len(in_ties & names)


def _ties(made: Proposal, table: Table) -> None:
    given: dict[str, Any] = {"file": table.file}
    made.given["ties"] = given
    if table.kind == "memberships":
        given |= {"layout": "groups", "organisation": "organisation", "group": "group"}
    elif is_matrix(table):
        _as_matrix(made, given, table)
        return
    elif is_incidence(table):
        given |= {"layout": "groups", "mode": "first"}
        made.comments["ties", "mode"] = SAYS("c_rows")
    elif not _as_list(made, given, table):
        _as_groups(made, given, table)
    if given.get("layout") == "groups":
        given["groups"] = "shared"
        made.comments["ties", "groups"] = SAYS("c_groups")


def _as_list(made: Proposal, given: dict[str, Any], table: Table) -> bool:
    one, other = heading(table, "ties", "from"), heading(table, "ties", "to")
    if one is None or other is None or one == other:
        if heading(table, "memberships", "group") and heading(table, "memberships", "organisation"):
            return False
        if len(table.columns) < 2:
            made.open.append(of(printable(table.file), SAYS("one_column")))
            return True
        one = one or next(column for column in table.columns if column != other)
        other = next(column for column in table.columns if column != one) if other in (
            None, one
        ) else other  # fmt: skip
        made.comments["ties", "from"] = SAYS("c_firsts")
    given |= {"from": one, "to": other}
    if table.directed is not None:
        given["directed"] = table.directed
        made.comments["ties", "directed"] = SAYS("c_file")
    elif _one_way(table, one, other):
        given["directed"] = False
        made.comments["ties", "directed"] = SAYS("c_one_way")
    else:
        given["directed"] = True
        made.comments["ties", "directed"] = SAYS("c_directed")
    taken = [one, other]
    date = heading(table, "ties", "date", taken)
    if date is not None:
        given["date"] = date
        taken.append(date)
    measures: list[dict[str, Any]] = []
    made.known = _EXPORTED.issubset(table.columns)
    for field, kind in [("strength", "strength")] if made.known else _MEASURES.items():
        column = heading(table, "ties", field, taken)
        if column is None:
            continue
        taken.append(column)
        measure = _measure(made, table, column, kind, len(measures))
        if measure is not None:
            measures.append(measure)
    rest = [column for column in table.columns if column not in taken and column]
    if not measures:
        numbers = [one for one in rest if _all_numbers(table, one) and plain(one) != "id"]
        if len(numbers) == 1:
            measure = _measure(made, table, numbers[0], "strength", 0)
            if measure is not None:
                measures.append(measure)
                rest.remove(numbers[0])
                made.comments["ties", "measures", "0", "column"] = SAYS("c_numbers")
    if rest:
        _leave(made, table, rest)
    if measures:
        given["measures"] = measures
    asked = several(
        (SAYS("kind_in", kind=one["kind"], column=shown(one["column"])) for one in measures), ""
    )
    way = SAYS("of_second") if given["directed"] else SAYS("of_both")
    made.guessed.append(
        of(
            printable(table.file),
            SAYS("ties_from", one=shown(one), other=shown(other), way=way, asked=asked),
        )
    )
    return True


def _one_way(table: Table, one: str, other: str) -> bool:
    """Return whether each pair is there one way only, which with many is no chance."""
    pairs = set(zip(table.cells(one), table.cells(other), strict=True))
    return len(pairs) >= _MANY_PAIRS and not any((b, a) in pairs for a, b in pairs if a != b)


def _as_groups(made: Proposal, given: dict[str, Any], table: Table) -> None:
    given |= {
        "layout": "groups",
        "organisation": heading(table, "memberships", "organisation"),
        "group": heading(table, "memberships", "group"),
    }


def _as_matrix(made: Proposal, given: dict[str, Any], table: Table) -> None:
    labels, heads, first = matrix_parts(table)
    place = {head: at for at, head in enumerate(heads)}
    cells = [[number(cell, table.comma) or 0.0 for cell in row[first:]] for row in table.rows]
    square = [cells[labels.index(head)] for head in heads] if set(labels) == set(heads) else cells
    symmetric = all(square[a][b] == square[b][a] for a in range(len(place)) for b in range(a))
    given |= {"layout": "matrix", "directed": not symmetric}
    made.comments["ties", "directed"] = SAYS("c_halves") if symmetric else SAYS("c_row")
    values = sorted({value for row in cells for value in row if value})
    if len(values) > 1:
        measure = {"column": "*", "kind": "strength", "scale": _scale(values)}
        made.comments["ties", "measures", "0", "scale"] = SAYS("c_no_tie")
        given["measures"] = [measure]


def measure(table: Table, column: str, kind: str) -> tuple[dict[str, Any] | None, bool]:
    """Return what a column of answers seems to be if it is of a kind, and whether its words have an
    order that is known; None where it has nothing, or too many words."""
    made = Proposal()
    return _measure(made, table, column, kind, 0), not made.unordered


def _measure(
    made: Proposal, table: Table, column: str, kind: str, place: int
) -> dict[str, Any] | None:
    """Return what a column of answers seems to be, None where it has nothing."""
    cells = list(dict.fromkeys(cell for cell in table.cells(column) if not is_missing(cell)))
    if not cells:
        made.unused.append(
            SAYS("no_answer", file=printable(table.file), column=printable(column, 60))
        )
        return None
    found: dict[str, Any] = {"column": column, "kind": kind}
    path = ("ties", "measures", str(place))
    if kind == "since":
        years = [int(year) for cell in cells for year in _years(cell)]
        found["at"] = max(years, default=2026)
        made.comments[(*path, "at")] = SAYS("c_year")
        return found
    values = [answer(cell, table.comma) for cell in cells]
    numbers = sorted(value for value in values if value is not None)
    if len(numbers) > sum(not cell.startswith("=") for cell in cells) / 2:  # the rest is wrong
        if kind == "contact" and (len(numbers) > _MOST_LEVELS or numbers[-1] > 20):
            found["kind"] = "count"
            made.comments[(*path, "kind")] = SAYS("c_times")
            return found
        if kind == "years":
            found["scale"] = [0, 10]
            made.comments[(*path, "scale")] = SAYS("c_years")
            return found
        found["scale"] = _scale(numbers)
        made.comments[(*path, "scale")] = SAYS("c_turn")
        if kind == "value":
            found["weight"] = 0
            made.comments[(*path, "weight")] = _VALUE
        return found
    levels = ordered(kind, cells)
    if levels is None and any(ordered("contact", [cell]) for cell in cells):
        levels = ordered("contact", cells)
    if levels is None:
        if len(cells) > _MOST_LEVELS:
            made.unused.append(
                SAYS(
                    "many_words",
                    file=printable(table.file),
                    column=printable(column, 60),
                    count=len(cells),
                )
            )
            return None
        made.open.append(of(table.where(None, column), SAYS("unordered")))
        made.unordered.append(column)
        levels = sorted(cells)
        made.comments[(*path, "levels")] = SAYS("c_order")
    else:
        made.comments[(*path, "levels")] = SAYS("c_least")
    found["levels"] = levels
    if kind == "value":
        found["weight"] = 0
        made.comments[(*path, "weight")] = _VALUE
    return found


_VALUE = SAYS("c_value")


def _years(cell: str) -> list[str]:
    return re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", cell)


def _all_numbers(table: Table, column: str) -> bool:
    cells = [cell for cell in table.cells(column) if not is_missing(cell)]
    return bool(cells) and all(number(cell, table.comma) is not None for cell in cells)


def _scale(numbers: Sequence[float]) -> list[float]:
    """Return the scale that numbers are likely of: 1-4, 1-5, 0-10, or from their least to most."""
    low, high = numbers[0], numbers[-1]
    whole = all(float(one).is_integer() for one in numbers)
    if low >= 1 and 2 <= high <= 7:
        return [1, max(4, math.ceil(high))]
    if whole and low >= 0 and high <= 10:
        return [0, 1 if high <= 1 else 4 if high <= 4 else 5 if high == 5 else 10]
    if low >= 0:
        return [0, 1] if high <= 1 else [0, int(high) if whole else high]
    return [int(low), int(high)] if whole else [low, high]


# --- as a file -------------------------------------------------------------------------------

_HEAD = SAYS("proposed")


def _toml(given: Named[str, Any], comments: Comments, head: str) -> str:
    lines = [head.rstrip()]
    plain_keys = {key: value for key, value in given.items() if not isinstance(value, dict)}
    lines += [_line(key, value, comments.get((key,))) for key, value in plain_keys.items()]
    for name, part in given.items():
        if isinstance(part, dict):
            lines += ["", f"[{name}]", *_table(part, (name,), comments)]
    return "\n".join(lines) + "\n"


def _table(part: Named[str, Any], path: tuple[str, ...], comments: Comments) -> list[str]:
    lines = []
    for key, value in part.items():
        if value is None or isinstance(value, dict) or _is_tables(value):
            continue
        lines.append(_line(key, value, comments.get((*path, key))))
    for key, value in part.items():
        if isinstance(value, dict):
            lines += ["", f"[{'.'.join(path)}.{key}]", *_table(value, (*path, key), comments)]
        elif _is_tables(value):
            for at, one in enumerate(value):
                lines += ["", f"[[{'.'.join(path)}.{key}]]"]
                lines += _table(one, (*path, key, str(at)), comments)
    return lines


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _line(key: str, value: Any, comment: str | None) -> str:
    bare = key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else _text(key)
    line = f"{bare} = {_value(value)}"
    return f"{line}  # {comment}" if comment else line


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return repr(value)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
