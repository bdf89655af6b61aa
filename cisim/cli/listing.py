"""`cisim list`: what there is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cisim.cli.endings import DONE
from cisim.cli.figures import about, print_json
from cisim.cli.given import refuse_unused
from cisim.cli.language import READ_HERE, LanguageOption, speak_as_asked
from cisim.cli.options import AsJson
from cisim.cli.streams import show
from cisim.show.language.spoken import ENGLISH, spoken

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
    context: typer.Context,
    kind: Annotated[
        str | None,
        typer.Argument(help=f"One of {', '.join(LISTED)}; everything that has a file if left out."),
    ] = None,
    language: LanguageOption = None,
    as_json: AsJson = False,
) -> int:
    """Show what there is.

    Worlds, structures, scenarios, cases, stories, functions, parameters, outcomes or events.

    Example: cisim list outcomes
    """
    refuse_unused(context, (READ_HERE,))
    speak_as_asked(context, language)
    from cisim.show.language.texts import say
    from cisim.show.tables import table, terminal_width

    if kind is not None and kind not in LISTED:
        from cisim.model.input_error import InputError, shown
        from cisim.show.told import nearest

        near = nearest(kind, LISTED)
        raise InputError(say("listed.not_listed", given=shown(kind), near=near))
    kinds = KINDS if kind is None else (kind, OF_EACH) if kind == "outcomes" else (kind,)
    found = {one: _LISTS[one]() for one in kinds}
    if as_json:
        print_json({one.replace(" ", "_"): rows for one, rows in found.items()})
        return DONE
    width = terminal_width()
    for place, one in enumerate(kinds):
        columns = _COLUMNS[one]
        rows = [[_read(one, row, column) for column in columns] for row in found[one]]
        heading = say("listed.head", kind=say(f"listed.{one.replace(' ', '_')}"), n=len(rows))
        show(f"\n{heading}" if place else heading)
        heads = [_head(one, column) for column in columns]
        show(table(rows, heads, left=range(len(columns)), width=width))
    if kind is None:
        show(f"\n{say('listed.also')}")
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


SOURCED = ("worlds", "structures", "functions")
"""What tells its sources as what it is about; those are in English, in every language."""


def _head(kind: str, column: str) -> str:
    """Return what a column is called in the language that is spoken."""
    from cisim.show.language.facts import column_words
    from cisim.show.language.texts import say

    if column == "about" and kind in SOURCED and spoken() != ENGLISH:
        return say("listed.source")
    return column_words(column)


def _read(kind: str, row: dict[str, Any], column: str) -> str:
    """Return a cell as it is read in the language that is spoken."""
    from cisim.show.language import facts
    from cisim.show.language.texts import say

    value, name = row[column], row["name"]
    if not value or spoken() == ENGLISH:
        return _cell(value)
    if kind == "stories":
        return _translated(name).get(column, _cell(value))
    if column == "title":
        if kind == "functions":
            return facts.fact("functions_title", name, value)
        if kind == "worlds":
            return facts.world_title(name, value)
        if kind == "structures":
            return facts.structure_title(name)
        return facts.scenario_text("title", name, value)
    if column == "about" and kind not in SOURCED:
        return facts.scenario_text("story", name, value)
    if column == "unit":
        return facts.unit_in_words(value)
    if column == "meaning":
        return facts.fact("meanings", name, value)
    if column == "group":
        return facts.group_in_words(value)
    if column == "words":
        if kind == "events":
            return facts.fact("event_words", name, value)
        if kind == OF_EACH:
            return facts.fact("each_words", f"{row['of']}_{name}", value)
        return facts.OUTCOMES[name].words
    if column in ("kind", "better", "of"):
        return say(f"listed.{value}")
    return _cell(value)


def _translated(story: str) -> dict[str, str]:
    """Return what a story says of itself in the language that is spoken."""
    from cisim.world.files import parse, read_text, shipped

    path = shipped("stories")[story]
    found: dict[str, Any] = parse(read_text(path), path.name).get("translations", {})
    said = found.get(spoken(), {})
    return {what: said[what] for what in ("title", "about") if what in said}


def _cell(value: Any) -> str:
    """Return a value as a table shows it."""
    from cisim.show.language.forms import localised
    from cisim.show.language.texts import say

    if value is None:
        return ""
    if isinstance(value, bool):
        return say("listed.yes" if value else "listed.no")
    if isinstance(value, float):
        return localised(f"{value:.6g}")
    if isinstance(value, list | tuple):
        if len(value) == 2 and all(isinstance(one, float) for one in value):
            return say("listed.range", low=_cell(value[0]), high=_cell(value[1]))
        return ", ".join(_cell(one) for one in value)
    return str(value)
