"""What files of one's own mean: what is proposed, what a visitor has chosen, what is wrong.

A visitor's choices lie over the proposal, each at the path of a key of the mapping. Choices of
columns that are no longer there count for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping as Named
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cisim.lab.survey.decisions import check_fits, structure
from cisim.lab.survey.importing import Imported, make_world
from cisim.lab.survey.mapping import Mapping, mapping_of
from cisim.lab.survey.proposal import OTHERS, measure, propose, roles
from cisim.lab.survey.reading import tables_of
from cisim.lab.survey.tables import Table
from cisim.model.input_error import InputError, Problems, printable
from cisim.show.page.partnership.arriving import MAPPING, Files
from cisim.show.page.words import say
from cisim.world.files import checked

ROLES = ("organisations", "ties", "communities", *OTHERS)
"""What tables can be for. Of sponsors, payers and posts a structure is made."""
KINDS = ("trust", "contact", "collaboration", "strength", "years", "since", "count", "value")
RULES: dict[str, tuple[Any, ...]] = {
    "directed": (True, False),
    "silent": ("missing", "no ties"),
    "other_side": (False, True),
    "unknown": ("refuse", "drop"),
    "self_ties": ("refuse", "drop"),
}
"""Rules of ties that can be chosen, and their values."""

Path_ = tuple[str, ...]


@dataclass(frozen=True)
class Upload:
    """Files of one visitor, and what was chosen of them.

    uses    : what a table is for, by its file, "" for nothing, where a visitor has said so
    choices : a value by its path in the mapping; of measures the second part is the column
    title   : what the partnership is called, "" for the name of a file
    """

    files: Files = ()
    uses: tuple[tuple[str, str], ...] = ()
    choices: tuple[tuple[Path_, Any], ...] = ()
    title: str = ""

    def chosen(self, path: Path_, value: Any) -> Upload:
        """Return it with one choice more."""
        rest = tuple(one for one in self.choices if one[0] != path)
        return replace(self, choices=(*rest, (path, value)))

    def using(self, file: str, role: str) -> Upload:
        """Return it with a table for something; what was for that before is for nothing."""
        uses = {name: use for name, use in self.uses if use != role or not role}
        return replace(self, uses=tuple({**uses, file: role}.items()))


@dataclass(frozen=True, eq=False)
class Reading:
    """What was made of an upload.

    of        : the upload
    tables    : in its files
    found     : what each is for
    given     : the mapping, as tables of TOML
    unordered : columns whose words somebody must put into their order
    unused    : what nothing is made of, a sentence each
    problems  : what is wrong, a sentence each; `cisim.lab.survey.faults.Fault` knows where
    made      : the world, None as long as something is wrong
    structure : the text of the files' own structure, "" where they say nothing of it
    """

    of: Upload
    tables: tuple[Table, ...] = ()
    found: Named[str, Table] = ()  # type: ignore[assignment]
    given: Named[str, Any] = ()  # type: ignore[assignment]
    unordered: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    made: Imported | None = None
    structure: str = ""


def read(upload: Upload, before: Reading | None = None) -> Reading:
    """Return what an upload means.

    before : an earlier reading, whose tables are taken where the files are the same
    """
    empty = Reading(upload, found={}, given={})
    try:
        own = _own_mapping(upload)
        if before is not None and before.of.files == upload.files and before.tables:
            tables = before.tables
        else:
            tables = _tables(upload, own)
    except InputError as error:
        return replace(empty, problems=error.sentences)
    if not tables:
        return empty
    empty = replace(empty, tables=tables)
    try:
        return _meant(upload, empty, own)
    except InputError as error:
        return replace(empty, problems=error.sentences)


def _meant(upload: Upload, empty: Reading, own: Mapping | None) -> Reading:
    uses = dict(upload.uses)
    tables = [one for one in empty.tables if uses.get(one.file) != ""]
    said = {role: {"file": file} for file, role in upload.uses if role}
    named = checked(Mapping, said, "uses")
    unused: list[str] = []
    guessed: list[str] = []
    unordered: list[str] = []
    if own is None:
        proposal = propose(tables, named=named)
        given, unused, guessed = deepcopy(proposal.given), proposal.unused, proposal.guessed
        unordered = proposal.unordered
    else:
        given = own.model_dump(by_alias=True, exclude_defaults=True)
        for role, part in said.items():
            given[role] = {**given.get(role, {}), **part}
    found = roles(tables, checked(Mapping, _files_only(given), "files"))
    given.setdefault("assume", {}).setdefault("region", say("own.region"))
    unordered = _apply(upload, given, found, unordered)
    reading = replace(
        empty, found=found, given=given, unordered=tuple(unordered), unused=tuple(unused)
    )
    if unordered:
        return replace(reading, problems=tuple(_order(found["ties"], one) for one in unordered))
    try:
        mapping = checked(Mapping, given, say("own.mapping"))
        made = make_world(tables, mapping, title_of(upload), guessed)
        text = ""
        if any(role in found for role in OTHERS):
            own_structure, text = structure(found, mapping, title_of(upload))
            check_fits(own_structure, made.world)
    except InputError as error:
        return replace(reading, problems=error.sentences)
    return replace(reading, made=made, structure=text)


def title_of(upload: Upload) -> str:
    """Return what the partnership is called: its name, or that of its only data file."""
    stems = {Path(name).stem for name, _ in upload.files if not name.endswith(MAPPING)}
    usual = stems.pop() if len(stems) == 1 else say("own.untitled")
    return " ".join(upload.title.split()) or usual


def _files_only(given: Named[str, Any]) -> dict[str, Any]:
    parts = {role: given[role].get("file") for role in ROLES if role in given}
    return {role: {"file": file} for role, file in parts.items() if file}


def _order(table: Table, column: str) -> str:
    from cisim.lab.survey.faults import Fault
    from cisim.lab.survey.says import of

    words = say("own.unordered")
    return Fault(of(table.where(None, column), words), table.file, column=column, what=words)


def _own_mapping(upload: Upload) -> Mapping | None:
    """Return the mapping among the files, None where there is none."""
    found = [(name, data) for name, data in upload.files if name.lower().endswith(MAPPING)]
    if not found:
        return None
    if len(found) > 1:
        raise InputError(say("own.mappings", files=", ".join(printable(name) for name, _ in found)))
    name, data = found[0]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(say("open.not_utf8", where=printable(name), byte=error.start)) from None
    return mapping_of(text, printable(name))


def _tables(upload: Upload, own: Mapping | None) -> tuple[Table, ...]:
    encoding = None if own is None else own.assume.encoding
    headless = () if own is None else own.headless
    problems = Problems()
    tables: list[Table] = []
    for name, data in upload.files:
        if not name.lower().endswith(MAPPING):
            with problems.gathered():
                tables += tables_of(data, Path(name), encoding, headless)
    problems.refuse()
    return tuple(tables)


def _apply(
    upload: Upload, given: dict[str, Any], found: Named[str, Table], unordered: Sequence[str]
) -> list[str]:
    """Lay the choices over a mapping; return the columns whose words still have no order."""
    left = list(unordered)
    for path, value in upload.choices:
        match path:
            case ("same" | "different" as how,):
                given[how] = [*given.get(how, []), *value]
            case ("ties", "measures", column, what):
                table = found.get("ties")
                if table is not None and column in table.columns:
                    _measured(given["ties"], table, column, what, value, left)
            case ("organisations", "sectors", word):
                if "organisations" in found:
                    _part(given, "organisations").setdefault("sectors", {})[word] = value
            case (role, field) if role in found and field not in RULES:
                if value in found[role].columns:
                    _part(given, role)[field] = value
                elif not value:
                    _part(given, role).pop(field, None)
            case ("ties", rule) if "ties" in found:
                given["ties"][rule] = value
            case ("assume", field):
                _part(given, "assume")[field] = value
    return left


def _part(given: dict[str, Any], name: str) -> dict[str, Any]:
    part: dict[str, Any] = given.setdefault(name, {})
    return part


def _measured(
    ties: dict[str, Any], table: Table, column: str, what: str, value: Any, unordered: list[str]
) -> None:
    """Say what a column of answers is: of which kind, on which scale, in which order."""
    measures: list[dict[str, Any]] = list(ties.get("measures", []))
    here = next((at for at, one in enumerate(measures) if one["column"] == column), None)
    if what == "kind":
        if column in unordered:
            unordered.remove(column)
        new, is_ordered = measure(table, column, value) if value else (None, True)
        if not is_ordered:
            unordered.append(column)
        measures = [one for one in measures if one["column"] != column]
        if new is not None:
            measures.insert(len(measures) if here is None else here, new)
    elif here is not None and what in measures[here]:
        measures[here] = {**measures[here], what: value}
        if what == "levels" and column in unordered:
            unordered.remove(column)
    ties["measures"] = measures
    if not measures:
        del ties["measures"]
