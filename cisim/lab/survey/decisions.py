"""Sponsors, payers and backbones of people's files as a structure: who is there, who pays what.

A column has the name of a structure's field. Beside them: of payers a column for each year has the
budget of that year; of backbones `after` is nothing, sponsors, or the name of a payer who takes
over, `share` how much of the post, and `after_from`, `after_until` from and until when.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from cisim.lab.survey.answers import a_day
from cisim.lab.survey.faults import Faults
from cisim.lab.survey.mapping import Mapping as SurveyMapping
from cisim.lab.survey.mapping import OtherTable
from cisim.lab.survey.says import SAYS
from cisim.lab.survey.tables import Table, number, plain, told
from cisim.lab.survey.words import is_missing, truth
from cisim.lab.survey.written import as_toml
from cisim.model.faults import sentences
from cisim.model.input_error import nearest, printable
from cisim.world.files import checked
from cisim.world.payers import Payer
from cisim.world.posts import Post
from cisim.world.scenario import Scenario
from cisim.world.sponsors import SponsorRow
from cisim.world.structure import Structure
from cisim.world.world import World

Read = Callable[[str, Table], Any]
_YEAR = re.compile(r"(?:budget\s*)?(\d{1,4})", re.IGNORECASE)
_LIST = "position"


def structure(
    found: Mapping[str, Table], mapping: SurveyMapping, title: str
) -> tuple[Structure, str]:
    """Return the structure of the tables of sponsors, payers and backbones, and its file.

    Raises InputError with everything that is wrong in them.
    """
    faults = Faults()
    given: dict[str, Any] = {
        "title": mapping.assume.title or title,
        "source": "cisim import from "
        + ", ".join(printable(found[role].file) for role in _FIELDS if role in found),
    }
    for role, field in _FIELDS.items():
        if role in found:
            part = getattr(mapping, role) or OtherTable()
            given[field] = _rows(role, found[role], part, faults)
    faults.refuse()
    made = checked(Structure, given, "the structure")
    order = ("title", "source", *_FIELDS.values())
    return made, as_toml({key: given[key] for key in order if key in given})


def check_fits(made: Structure, world: World) -> None:
    """Raise InputError if a structure names what the world does not have, or comes too early."""
    Scenario.load("no-backbone").with_(where="the structure", world=world, structure=made)


_FIELDS = {"payers": "payers", "backbones": "posts", "sponsors": "sponsors"}
_KINDS: dict[str, type[BaseModel]] = {"payers": Payer, "backbones": Post, "sponsors": SponsorRow}


def _text(cell: str, table: Table) -> str:
    return cell


def _word(cell: str, table: Table) -> str:
    return plain(cell)


def _number(cell: str, table: Table) -> Any:
    value = number(cell, table.comma)
    return cell if value is None else value


def _truth(cell: str, table: Table) -> Any:
    value = truth(cell)
    return cell if value is None else value


def _when(cell: str, table: Table) -> Any:
    """Return a month as a whole number, a date as "2027-01"."""
    if re.fullmatch(r"\d{1,3}|1\d{3}", cell):
        return int(cell)
    day = a_day(cell)
    return cell if day is None else f"{day.year:04d}-{day.month:02d}"


def _three(cell: str, table: Table) -> Any:
    parts = re.split(r"[\s;/]+", cell.strip("[]() "))
    values = [number(part.strip(","), table.comma) for part in parts]
    return cell if None in values else values


_READ: dict[str, dict[str, Read]] = {
    "sponsors": {
        "kind": _word,
        "region": _text,
        "present": _truth,
        "link": _number,
        "engagement": _number,
        "budget": _number,
        "cap": _number,
        "elections": _when,
        "every": _number,
        _LIST: _three,
    },
    "payers": {
        "name": _text,
        "kind": _word,
        "region": _text,
        "organisation": _text,
        "sponsor": _word,
        "year_price": _number,
        _LIST: _three,
    },
    "backbones": {
        "name": _text,
        "where": _word,
        "region": _text,
        "fte": _number,
        "from": _when,
        "until": _when,
        "payer": _text,
        "after": _text,
        "share": _number,
        "after_from": _when,
        "after_until": _when,
        "cap": _number,
    },
}


def _rows(role: str, table: Table, part: OtherTable, faults: Faults) -> list[dict[str, Any]]:
    """Return the rows of a table as a structure has them."""
    columns = _columns(role, table, part, faults)
    kind = _KINDS[role]
    rows = []
    for row, cells in enumerate(table.rows):
        given: dict[str, Any] = {}
        budget: dict[str, float] = {}
        for name, at in columns.items():
            cell = cells[at]
            if is_missing(cell):
                continue
            if year := _year(role, name):
                money = number(cell, table.comma)
                if money is None:
                    faults.at(table, row, name, SAYS("is_number", value=told(cell)))
                else:
                    budget[year] = money
            else:
                given[name] = _READ[role][name](cell, table)
        if budget:
            given["budget"] = budget
        given = _SHAPED[role](given)
        try:
            kind.model_validate(given)
        except ValidationError as error:
            for sentence in sentences(error, table.where(row, None), kind):
                faults.add(sentence)
        rows.append(given)
    return rows


def _columns(role: str, table: Table, part: OtherTable, faults: Faults) -> dict[str, int]:
    """Return the place of each field's column."""
    fields = _READ[role]
    found: dict[str, int] = {}
    for field, column in part.columns.items():
        if field not in fields and not _year(role, field):
            faults.at(
                table,
                None,
                None,
                SAYS("odd_mapping", field=told(field), role=role, near=nearest(field, fields)),
            )
        elif column in table.columns:
            found[field] = table.column(column)
    for at, column in enumerate(table.columns):
        name = plain(column).replace(" ", "_")
        if at in found.values() or not column:
            continue
        if name in fields and name not in found:
            found[name] = at
        elif year := _year(role, column):
            found[f"budget {year}"] = at
        else:
            faults.at(table, None, column, SAYS("odd_field", role=role, near=nearest(name, fields)))
    return found


def _year(role: str, name: str) -> str | None:
    match = _YEAR.fullmatch(name.strip()) if role == "payers" else None
    return match[1] if match else None


def _of_post(given: dict[str, Any]) -> dict[str, Any]:
    after = given.pop("after", None)
    more = {
        key: given.pop(name)
        for name, key in (("share", "share"), ("after_from", "from"), ("after_until", "until"))
        if name in given
    }
    if after is None:
        return given | more  # a share of nothing is refused by name
    word = plain(str(after))
    given["after"] = word if word in ("nothing", "sponsors") else {"takeover": after, **more}
    return given


def _of_sponsor(given: dict[str, Any]) -> dict[str, Any]:
    first, every = given.pop("elections", None), given.pop("every", None)
    if isinstance(first, str) and plain(first) == "none":
        given["elections"] = "none"
    elif first is not None or every is not None:
        given["elections"] = {
            **({} if first is None else {"first": first}),
            **({} if every is None else {"every": int(every) if every == every // 1 else every}),
        }
    return given


_SHAPED: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "sponsors": _of_sponsor,
    "payers": dict,
    "backbones": _of_post,
}
