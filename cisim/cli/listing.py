"""`cisim list`: what there is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cisim.cli.endings import DONE
from cisim.cli.figures import about, print_json
from cisim.cli.options import AsJson
from cisim.cli.streams import show

if TYPE_CHECKING:
    from cisim.world.files import Kind

LISTED = (
    "worlds", "structures", "scenarios", "cases", "stories", "functions", "parameters", "outcomes",
    "events",
)  # fmt: skip
CONFIGS: tuple[Kind, ...] = ("worlds", "structures", "scenarios")
KINDS: tuple[Kind, ...] = (*CONFIGS, "cases", "stories", "functions")
"""Everything that has a file; the first are what can be put together at will."""
OF_EACH = "of each"
"""What is observed of each community or organisation; listed beside outcomes."""


def list_(
    kind: Annotated[
        str | None,
        typer.Argument(help=f"One of {', '.join(LISTED)}; everything that has a file if left out."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Show what there is.

    Worlds, structures, scenarios, cases, stories, functions, parameters, outcomes or events.

    Example: cisim list outcomes
    """
    from cisim.show.tables import table, terminal_width

    if kind is not None and kind not in LISTED:
        from cisim.model.input_error import InputError, nearest, shown

        raise InputError(f"{shown(kind)} is nothing that is listed.{nearest(kind, LISTED)}")
    kinds = KINDS if kind is None else (kind, OF_EACH) if kind == "outcomes" else (kind,)
    found = {one: _LISTS[one]() for one in kinds}
    if as_json:
        print_json({one.replace(" ", "_"): rows for one, rows in found.items()})
        return DONE
    width = terminal_width()
    for place, one in enumerate(kinds):
        columns = _COLUMNS[one]
        rows = [[_cell(row[column]) for column in columns] for row in found[one]]
        heading = f"{_HEADINGS.get(one, one)} ({len(rows)})"
        show(f"\n{heading}" if place else heading)
        heads = [column.replace("_", " ") for column in columns]
        show(table(rows, heads, left=range(len(columns)), width=width))
    if kind is None:
        show("\nAlso: cisim list parameters, outcomes or events.")
    return DONE


def _list_configs(kind: Kind) -> list[dict[str, Any]]:
    from cisim.world.files import parse, read_text, shipped

    rows = []
    for name, path in shipped(kind).items():
        said = parse(read_text(path), path.name)
        row = {"name": name, "title": said.get("title", "")}
        if kind == "stories":
            row |= {"steps": len(said["steps"]), "about": said["about"]}
        elif kind in ("scenarios", "cases"):
            row |= {
                "world": said.get("world", "finland"),
                "structure": said.get("structure", "none"),
                "about": said.get("story", ""),
            }
        else:
            row["about"] = said.get("source", "")
        if kind == "worlds":
            regions = said["regions"]
            row["regions"] = len(regions)
            row["communities"] = sum(
                region["communities"]
                if "communities" in region
                else sum(one["region"] == region["name"] for one in said["communities"])
                for region in regions
            )
        rows.append(row)
    return rows


def list_parameters() -> list[dict[str, Any]]:
    from cisim.model.parameters import Parameters
    from cisim.model.quantity import declarations
    from cisim.world.scenario import LEVERS
    from cisim.world.structure import Structure

    declared = {**declarations(Parameters)}
    numbers = declarations(Structure)
    rows: list[dict[str, Any]] = []
    for name, one in declared.items():
        rows.append(_number_row(name, one, "constant" if one.constant else "parameter"))
    for name in LEVERS:
        if name in numbers:
            rows.append(_number_row(name, numbers[name], "lever"))
            continue
        field = Structure.model_fields[name]
        default = field.get_default(call_default_factory=True)
        if hasattr(default, "model_dump"):
            for part, one in declarations(type(default)).items():
                row = _number_row(f"{name}.{part}", one, "lever")
                rows.append({**row, "default": getattr(default, part)})
            continue
        meaning = field.description or _LEVER_WORDS.get(name, "")
        empty = {"unit": "", "bounds": None, "plausible": None, "source": ""}
        rows.append(
            {"name": name, "kind": "lever", "default": default, **empty, "meaning": meaning}
        )
    return rows


_LEVER_WORDS = {
    "regional": "Whether regions have a backbone of their own.",
    "regional_fte": "Its staff in every region; left out, what the world plans for each.",
    "sponsors": "Which leaders there are at all (health, education, political, municipal), or a "
    "table of them.",
    "participation": "Which communities take part: file, all, none, a number, or names.",
    "founders": "Who founds it: file, drawn, none, names, or a network.",
    "left_out": "Organisations that may not take part, by name.",
    "functions": "Who carries which function of leadership: a table, its name or a file.",
    "responsibilities": "Staff time by the six responsibilities, in place of role shares.",
    "allow": "Limits of a backbone that are crossed on purpose: agenda, solutions, funding, "
    "self_appointed, structure.",
    "selection": "Whom recruiters ask: open (anybody), usual-suspects, complementary.",
    "champion": "Who opens doors: none, best-trusted (a founder in each region), or names.",
    "agreement": "What partners sign: none, letter-of-intent, contract, contract-with-exit-clause.",
    "steering": "What the steering group works on: none, operational, strategic, both.",
    "posts": "Posts of its own, a row each: where, how much, from when until when, who pays.",
    "payers": "Who pays posts, beside the foundation and sponsors: price, budget, position.",
    "same_money_as": "A scenario, by name or file: organisations are given what its payers pay.",
    "national_end": "The month in which the national backbone closes; left out, it stays.",
    "regional_end": "The month in which regional backbones close; left out, they stay.",
}


def _number_row(name: str, one: Any, kind: str) -> dict[str, Any]:
    return {
        "name": name,
        "kind": kind,
        "default": one.default,
        "unit": one.unit,
        "bounds": list(one.bounds),
        "plausible": None if one.plausible is None else list(one.plausible),
        "source": one.evidence.source,
        "meaning": one.meaning,
    }


def _list_outcomes() -> list[dict[str, Any]]:
    from cisim.model.outcomes import OUTCOMES

    return [
        {"name": name, "headline": one.headline, "group": one.group, **about(one)}
        for name, one in OUTCOMES.items()
    ]


def _list_each() -> list[dict[str, Any]]:
    from cisim.model.outcomes import EACH

    return [
        {"name": name, "of": of, **about(one)}
        for of, declared in EACH.items()
        for name, one in declared.items()
    ]


def _list_events() -> list[dict[str, Any]]:
    from cisim.world.events import EVENTS

    return [
        {
            "name": name,
            "fields": [field for field in kind.model_fields if field != "kind"],
            "words": kind.words,
        }
        for name, kind in EVENTS.items()
    ]


_LISTS: dict[str, Callable[[], list[dict[str, Any]]]] = {
    **{kind: partial(_list_configs, kind) for kind in KINDS},
    "parameters": list_parameters,
    "outcomes": _list_outcomes,
    OF_EACH: _list_each,
    "events": _list_events,
}
_HEADINGS = {OF_EACH: "of each community or organisation, with --by-community, --by-organisation"}
_COLUMNS: dict[str, tuple[str, ...]] = {
    "worlds": ("name", "title", "regions", "communities", "about"),
    "structures": ("name", "title", "about"),
    "functions": ("name", "title", "about"),
    "scenarios": ("name", "title", "world", "structure", "about"),
    "cases": ("name", "title", "world", "structure", "about"),
    "stories": ("name", "title", "steps", "about"),
    "parameters": ("name", "kind", "default", "plausible", "unit", "meaning"),
    "outcomes": ("name", "group", "unit", "better", "words"),
    OF_EACH: ("name", "of", "unit", "better", "words"),
    "events": ("name", "fields", "words"),
}


def _cell(value: Any) -> str:
    """Return a value as a table shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple):
        if len(value) == 2 and all(isinstance(one, float) for one in value):
            return f"{value[0]:.6g} to {value[1]:.6g}"
        return ", ".join(_cell(one) for one in value)
    return str(value)
