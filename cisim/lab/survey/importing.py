"""From tables and a mapping to the text of a world; everything that is wrong is told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cisim.lab.survey.answers import Answers, answers, mentions
from cisim.lab.survey.faults import Faults
from cisim.lab.survey.mapping import Mapping, TieColumns
from cisim.lab.survey.place import Place
from cisim.lab.survey.proposal import OTHERS, roles
from cisim.lab.survey.roster import Roster, listed, named
from cisim.lab.survey.says import SAYS, of
from cisim.lab.survey.tables import Table, plain
from cisim.lab.survey.words import heading
from cisim.lab.survey.written import as_toml
from cisim.model.input_error import InputError, nearest, printable, shown
from cisim.model.told import Written
from cisim.world.files import LARGEST_FILE, checked
from cisim.world.world import World

MOST_ROWS_OF_TIES = 300_000
"""What is left of as many, a tie for both sides, is about what a world's file may hold."""


@dataclass(frozen=True, eq=False)
class Imported:
    """A world made of files.

    world   : the world
    text    : its file
    answers : the surveyed network, organisations in the order of the world's
    said    : what had to be assumed, each with the key that changes it
    """

    world: World
    text: str
    answers: Answers
    said: tuple[str, ...]


def complete(tables: Sequence[Table], mapping: Mapping) -> tuple[Mapping, dict[str, Table]]:
    """Return a mapping with a column for all that needs one, and what each table is for.

    A column that a mapping leaves out is looked for under the field's own name only.

    Raises InputError for files and columns that are not there.
    """
    found = roles(tables, mapping)
    faults = Faults()
    if "ties" not in found:
        faults.add(SAYS("no_ties_among"))
    updates: dict[str, Any] = {}
    for role in ("organisations", "ties", "communities"):
        part = getattr(mapping, role)
        if role not in found:
            continue
        if part is None:
            part = type(mapping).model_fields[role].annotation.__args__[0]()  # type: ignore[union-attr]
        table = found[role]
        updates[role] = _with_columns(role, part, table, faults)
    for role in OTHERS:
        part = getattr(mapping, role)
        if part is not None and role in found:
            for column in part.columns.values():
                _column(found[role], column, faults)
    faults.refuse()
    return mapping.model_copy(update=updates), found


_OWN_NAMES = {
    "organisations": ("name", "sector", "community", "region", "level", "own_time", "founder",
                      "answered"),
    "ties": ("from_", "to"),
    "communities": ("name", "region", "children", "deprivation", "participates"),
}  # fmt: skip
_MORE_COLUMNS = ("key", "organisation", "group", "date")
_NEEDED = {"organisations": ("name",), "ties": (), "communities": ("name",)}


def _with_columns(role: str, part: Any, table: Table, faults: Faults) -> Any:
    fresh: dict[str, str] = {}
    for field in _OWN_NAMES[role]:
        own = field.rstrip("_")
        same = [one for one in table.columns if plain(one) == plain(own)]
        if getattr(part, field) is None and len(same) == 1:
            fresh[field] = same[0]
    if isinstance(part, TieColumns) and part.layout != "list":
        fresh = {}
    part = part.model_copy(update=fresh)
    told: dict[str, Any] = {}
    for field in type(part).model_fields:
        column = getattr(part, field, None)
        if field in (*_OWN_NAMES[role], *_MORE_COLUMNS) and isinstance(column, str):
            told[field] = _column(table, column, faults)
    if isinstance(part, TieColumns):
        if part.layout != "matrix":
            there = {plain(one) for one in table.columns}
            told["measures"] = [
                one.model_copy(update={"column": _column(table, one.column, faults)})
                for one in part.measures
                if not (one.optional and plain(one.column) not in there)
            ]
        if part.layout == "list" and (part.from_ is None or part.to is None):
            faults.at(
                table, None, None, SAYS("no_tie_columns")
            )  # fmt: skip
    part = part.model_copy(update=told)
    for field in _NEEDED[role]:
        if getattr(part, field) is None and getattr(part, "key", None) is None:
            found = heading(table, role, field)
            near = SAYS("is_it", column=shown(found)) if found else ""
            faults.at(
                table, None, None, SAYS("no_name_column", field=field, near=near, role=role)
            )  # fmt: skip
    return part


def _column(table: Table, column: str, faults: Faults) -> str:
    """Return a column as the table writes it: as the mapping does, or alike but for signs."""
    if column in table.columns:
        return column
    alike = [one for one in table.columns if plain(one) == plain(column)]
    if len(alike) == 1:
        return alike[0]
    faults.at(
        table,
        None,
        None,
        SAYS(
            "no_such_column",
            value=shown(column),
            near=nearest(column, [one for one in table.columns if one]),
        ),
    )
    return column


def make_world(
    tables: Sequence[Table],
    mapping: Mapping,
    title: str,
    said: Iterable[str] = (),
    tell: Callable[[str], str] = str,
) -> Imported:
    """Return the world that the tables make by a mapping.

    title : of the world, where the mapping gives none
    said  : what was assumed before
    tell  : says the notes of the world's file in another language

    Raises InputError with everything that is wrong, the first twenty and a count.
    """
    mapping, found = complete(tables, mapping)
    faults = Faults()
    ties_table = found["ties"]
    if len(ties_table.rows) > MOST_ROWS_OF_TIES:
        raise InputError(
            of(
                printable(ties_table.file),
                SAYS("many_rows", count=len(ties_table.rows), most=MOST_ROWS_OF_TIES),
            )
        )
    if "organisations" in found:
        roster = listed(found["organisations"], mapping, faults)
    else:
        spoken = [(ties_table, mentions(ties_table, mapping.ties))]
        roster = named(spoken, mapping, faults)
    place = Place(mapping, faults)
    if "communities" in found:
        place.add_communities(found["communities"])
    network = answers(ties_table, mapping.ties, roster, faults)
    files = ", ".join(dict.fromkeys(printable(one.file) for one in found.values()))
    world = place.world(roster, network, title, f"cisim import from {files}")
    faults.refuse()
    assumed = [
        *said,
        *(one for table in found.values() for one in table.said),
        *roster.said,
        *_about_ties(mapping, network, roster, "organisations" in found),
        *network.said,
        *place.said,
    ]
    world["notes"] = "\n".join(tell(one) for one in (SAYS("assumed"), *assumed))
    if mapping.assume.start is not None:
        world["start"] = mapping.assume.start
    ordered = {key: world[key] for key in _ORDER if key in world}
    text = as_toml(ordered, [tell(SAYS("under_notes"))])
    if len(text.encode()) > LARGEST_FILE:
        raise InputError(
            SAYS("world_large", size=len(text.encode()), ties=len(world["ties"]), most=LARGEST_FILE)
        )
    return Imported(checked(World, ordered, "the world"), text, network, tuple(assumed))


_ORDER = (
    "title", "source", "notes", "start", "acquaintance", "regions", "communities", "organisations",
    "ties",
)  # fmt: skip


def _about_ties(mapping: Mapping, network: Answers, roster: Roster, listed_: bool) -> Iterable[str]:
    ties = mapping.ties
    if not listed_:
        yield SAYS("from_ties", n=len(roster.names))
    if not network.rated:
        yield SAYS("unrated")
    for one in ties.measures:
        if not one.weight:
            yield SAYS("weightless", column=one.column)
        elif one.levels is None and one.scale is not None and one.kind not in ("years", "since"):
            name = SAYS("matrix") if ties.layout == "matrix" else one.column
            yield SAYS(
                "ends",
                column=name,
                low=Written(f"{one.scale[0]:g}"),
                high=Written(f"{one.scale[1]:g}"),
            )
    if ties.layout == "list" and not network.directed:
        yield SAYS("both_sides")
    if mapping.assume.acquaintance == "given":
        yield SAYS("given")
