"""The model's description after the ODD protocol, second update (Grimm et al. 2020)."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from cisim.lab.patterns.declared import PATTERNS
from cisim.lab.patterns.pattern import Pattern
from cisim.model import agents, relations, state, surveyed
from cisim.model.outcomes import GROUPS, OUTCOMES
from cisim.model.parameters import SUBMODELS, Parameters
from cisim.model.quantity import Declaration, declarations
from cisim.show.documents.chapters import (
    Submodel,
    chapter,
    columns,
    founding,
    numbers_by_chapter,
    submodels,
)
from cisim.show.documents.markdown import bullets, code, number, page, span, table, text
from cisim.show.documents.prose import (
    ABOUT_PATTERNS,
    CONCEPTS,
    CONVENTIONS,
    HISTORY,
    INITIALISATION,
    INPUT,
    LEVERS,
    OBSERVATION,
    OPENING,
    OVERVIEW,
    PURPOSE,
    SCALES,
)
from cisim.show.limits import limits
from cisim.show.scenario_in_words import in_words
from cisim.world import acquaintance, build
from cisim.world.events import EVENTS, Dated
from cisim.world.files import shipped
from cisim.world.scenario import Scenario, ScenarioFile, levers, load_structure, load_world
from cisim.world.structure import NationalRoles, RegionalRoles, Structure
from cisim.world.world import World

_P = Parameters()


def odd() -> str:
    """Return the model's description as Markdown."""
    return page(
        "# cisim: the model after the ODD protocol",
        OPENING,
        "## 1. Purpose and patterns",
        PURPOSE,
        "### Patterns",
        ABOUT_PATTERNS,
        table(
            ["", "pattern", "source", "supports", "built in", "test"],
            [_pattern(one) for one in PATTERNS.values()],
        ),
        "## 2. Entities, state variables and scales",
        *_entities(),
        "## 3. Process overview and scheduling",
        *_overview(),
        "## 4. Design concepts",
        *(f"### {title}\n\n{words}" for title, words in CONCEPTS),
        "## 5. Initialization",
        *_initialisation(),
        "## 6. Input data",
        *_input(),
        "## 7. Submodels",
        *_submodels(),
        "## Conventions and departures",
        "What the implementation decides where the written specification of the model leaves two "
        "readings, or departs from it, and why.",
        bullets(f"**{text(what)}** {text(why)}" for what, why in CONVENTIONS),
        "## Limits",
        bullets(f"**{text(one.point)}** {text(one.words)}" for one in limits()),
    )


# --- 1


def _pattern(one: Pattern) -> list[str]:
    tests = [f"{text(test.words)} {test.test.replace('<', chr(92) + '<')}" for test in one.deciding]
    built_in = f"{one.built_in} ({one.equation})" if one.equation else one.built_in or "no"
    return [
        one.id,
        text(one.words),
        text(one.source),
        ", ".join(one.supports) or "–",
        text(built_in),
        "; ".join(tests),
    ]


# --- 2


def _entities() -> list[str]:
    tables = {
        "Organisations": state.Organisations,
        "Ties": state.Ties,
        "Communities": state.Communities,
        "Regions": state.Regions,
        "Backbones": state.Backbones,
        "Sponsors": state.Sponsors,
        "Meetings": state.Meetings,
        "Levers": state.Levers,
        "Practice": state.Practice,
    }
    sizes = (state.__doc__ or "").split("Sizes: ")[1].split(". ")[0]
    scales = SCALES.format(
        history=number(_P.history_months),
        months=ScenarioFile.model_fields["months"].default,
        sizes=text(sizes),
    )
    blocks = [scales]
    for name, held in tables.items():
        words, _, rest = inspect.cleandoc(held.__doc__ or "").partition("\n\n")
        more: list[str] = []
        lines: list[str] = []
        for part in rest.split("\n\n"):
            (lines if " : " in part or ": (" in part else more).append(part)
        blocks += [f"### {name}", text(words), *(text(part) for part in more)]
        blocks += [code("\n\n".join(lines))] if lines else []
    listed = {
        "sectors": state.SECTORS,
        "of which public": state.SECTORS[: state.PUBLIC],
        "kinds of sponsors": state.SPONSOR_KINDS,
        "national roles": state.NATIONAL_ROLES,
        "regional roles": state.REGIONAL_ROLES,
        "kinds of meetings": state.MEETING_KINDS,
    }
    derived = chapter(relations.__doc__)
    return [
        *blocks,
        "### Kinds",
        bullets(f"{name}: {', '.join(members)}" for name, members in listed.items()),
        "### What follows from a tie",
        text(derived.title),
        derived.body,
        f"Source: {derived.fields['Source']}.",
        "### Agents",
        "What can be read of each agent, and written where a range is given.",
        _agents(),
    ]


def _agents() -> str:
    rows = []
    for kind in (agents.Organisation, agents.Community, agents.Backbone, agents.Sponsor):
        for name, member in vars(kind).items():
            if name.startswith("_"):
                continue
            if isinstance(member, agents.column):
                words = (member.__doc__ or "").rpartition(" (")[0]
                place = f"{member.table}.{member.column}"
                rows.append(
                    [
                        kind.__name__,
                        f"`{name}`",
                        text(words or place),
                        member.unit,
                        span(member.bounds),
                    ]
                )
            elif isinstance(member, property) and member.__doc__:
                words = member.__doc__.split("\n")[0].removeprefix("Return ").rstrip(".")
                written = "yes" if member.fset else "–"
                rows.append([kind.__name__, f"`{name}`", text(words), "–", written])
    return table(["agent", "attribute", "meaning", "unit", "may be set to"], rows)


# --- 3


def _overview() -> list[str]:
    months = [
        [str(place), f"`{one.name}`", one.words, one.chapter.title, "yes" if one.history else "–"]
        for place, one in enumerate(submodels(), start=1)
    ]
    once = ", ".join(f"`{one.name}` ({one.words.rstrip('.').lower()})" for one in founding())
    return [
        OVERVIEW,
        table(["", "process", "what it does", "submodel", "in history"], months),
        f"{HISTORY} Once, between history and month 0, runs {once}.",
    ]


# --- 5


def _initialisation() -> list[str]:
    ties = chapter(acquaintance.__doc__)
    founded = next(
        block
        for one in founding()
        if one.name == "found"
        for block in one.chapter.body.split("\n\n")
        if "month 0" in block
    )
    words = INITIALISATION.format(
        ties=" ".join(ties.body.split()),
        kinds=", ".join(state.SPONSOR_KINDS),
        history=number(_P.history_months),
        founding=founded,
        surveyed=chapter(surveyed.__doc__).body,
    )
    return [
        words,
        f"*In the code:* `cisim.world.build`. {text((build.__doc__ or '').split('. ')[0])}.",
        "### Numbers of the initialization",
        _numbers(numbers_by_chapter()["initialisation"]),
        "### Numbers of a world",
        "Every world's file may set these.",
        _numbers(declarations(World).values()),
        "### Worlds that ship",
        *_worlds(),
    ]


def _bodies(world: World) -> str:
    """Return the regional organisations of a world: their sectors, or how many are named."""
    named = len(world.organisations)
    return ", ".join(world.bodies) or f"those that are named, {named} in all"


def _worlds() -> list[str]:
    blocks = []
    for name in shipped("worlds"):
        world = load_world(name)
        rows = [
            [
                region.name,
                str(here.communities),
                str(here.participating),
                region.participation if here.participating < here.communities else "all",
                number(here.children / here.communities),
                number(region.seed_fte),
            ]
            for region, here in zip(world.regions, world.settled, strict=True)
        ]
        blocks += [
            f"**{world.title}** (`{name}`): {world.organisation_count} organisations, "
            f"{world.community_count} communities, {len(world.regions)} "
            f"region{'s' if len(world.regions) > 1 else ''}. In each community: "
            f"{', '.join(world.locals)}; in each region: {_bodies(world)}. Source: "
            f"{text(world.source)}. {text(world.notes)}".strip(),
            table(
                ["region", "communities", "take part", "which", "children, mean", "planned staff"],
                rows,
            ),
        ]
    return blocks


# --- 6


def _input() -> list[str]:
    structures, scenarios = [], []
    for name in shipped("structures"):
        structure = load_structure(name)
        set_ = structure.model_dump(exclude_defaults=True, exclude={"title", "source"})
        structures.append(
            [f"`{name}`", structure.title, _settings(set_) or "nothing", text(structure.source)]
        )
    for name in shipped("scenarios"):
        scenario = Scenario.load(name)
        scenarios.append(
            [
                f"`{name}`",
                scenario.title,
                f"`{scenario.world_name}`",
                f"`{scenario.structure_name}`",
                _settings(scenario.differs) or "nothing",
                text(" ".join([scenario.story, scenario.note])),
            ]
        )
    cases = []
    for name in shipped("cases"):
        case = Scenario.load(name)
        told = text(" ".join([case.story, case.note]))
        cases.append([f"`{name}`", case.title, f"`{case.world_name}`", told])
    return [
        INPUT,
        "### Levers of a structure",
        LEVERS,
        _numbers(levers().values()),
        "Shares of staff time:",
        _numbers([*declarations(NationalRoles).values(), *declarations(RegionalRoles).values()]),
        "Beside them:",
        _fields_of(Structure),
        "### Structures that ship",
        table(["structure", "title", "sets", "source"], structures),
        "### Scenarios that ship",
        table(["scenario", "title", "world", "structure", "not at default", "story"], scenarios),
        "### Cases that ship",
        "Scenarios of one place each, which name its regions, dates and payers.",
        table(["case", "title", "world", "story"], cases),
        "### Dated events",
        "Each has a `month`, and a `region`, or happens in all regions.",
        table(
            ["event", "what happens", "in detail", "set by"],
            [
                [f"`{kind}`", text(event.words), text(event.__doc__ or ""), _event_fields(event)]
                for kind, event in EVENTS.items()
            ],
        ),
    ]


def _settings(values: dict[str, Any]) -> str:
    def said(name: str, value: Any) -> str:
        if isinstance(value, list | Mapping):
            return in_words(name, value)
        return number(value) if isinstance(value, float) else str(value).lower()

    return ", ".join(f"`{name}` {said(name, value)}" for name, value in values.items())


def _fields_of(model_class: type[BaseModel]) -> str:
    """Return the choices that are no declared numbers, with what the class's docstring says."""
    declared = declarations(model_class)
    about: dict[str, str] = {}
    for line in inspect.cleandoc(model_class.__doc__ or "").splitlines():
        name, mark, words = line.partition(" : ")
        if mark:
            about[name.strip()] = words
    rows = [
        [f"`{name}`", text(about.get(name, "")), _default(info)]
        for name, info in model_class.model_fields.items()
        if name not in declared and name in about
    ]
    return table(["choice", "meaning", "default"], rows)


def _default(info: FieldInfo) -> str:
    if info.default is PydanticUndefined:
        return "must be given"
    if isinstance(info.default, list):
        return ", ".join(map(str, info.default))
    if isinstance(info.default, bool):
        return "yes" if info.default else "no"
    if isinstance(info.default, float | int):
        return number(info.default)
    return "not given" if info.default is None else str(info.default)


def _event_fields(event: type[Dated]) -> str:
    said = []
    for name, info in event.model_fields.items():
        if name in ("kind", *Dated.model_fields):
            continue
        extra = info.json_schema_extra
        unit = f" ({extra['unit']})" if isinstance(extra, dict) and "unit" in extra else ""
        said.append(f"`{name}`{unit}: {_default(info)}")
    return "; ".join(said) or "–"


# --- 7


def _submodels() -> list[str]:
    numbers = numbers_by_chapter()
    blocks = []
    shown: set[str] = set()
    every = submodels()
    for place, one in enumerate(every, start=1):
        name, _, about = one.chapter.title.partition(": ")
        blocks += [
            f"### 7.{place} {name.rstrip('.')} (`{one.name}`)",
            *_chapter(one, about),
        ]
        own = [] if one.module in shown else numbers.get(one.module, [])
        shown.add(one.module)
        if own:
            blocks.append(_numbers(own))
        blocks.append(_borrowed(one, own))
    reporting = [*numbers.get("reporting", [])]
    blocks += [
        f"### 7.{len(every) + 1} Observation",
        OBSERVATION,
    ]
    for group, about in GROUPS.items():
        rows = [
            [
                f"**`{one.name}`**" if one.headline else f"`{one.name}`",
                text(one.title),
                text(one.unit),
                one.better or "–",
                text(one.words),
            ]
            for one in OUTCOMES.values()
            if one.group == group
        ]
        blocks += [f"#### {about}", table(["outcome", "title", "unit", "better", "meaning"], rows)]
    blocks += [f"{SUBMODELS['reporting']}:", _numbers(reporting)]
    return blocks


def _chapter(one: Submodel, about: str) -> list[str]:
    fields = {"Reads": columns(one.reads), "Writes": columns(one.writes), **one.chapter.fields}
    said = bullets(f"**{name}:** {words}" for name, words in fields.items())
    return [text(about[:1].upper() + about[1:]), one.chapter.body, said]


def _borrowed(one: Submodel, own: Iterable[Declaration]) -> str:
    named = {declared.name for declared in own}
    borrowed = [f"`{name}`" for name in one.uses if name not in named]
    if not borrowed:
        return ""
    return f"{'Uses also' if named else 'Uses'} {', '.join(borrowed)}."


def _numbers(declared: Iterable[Declaration]) -> str:
    rows = []
    for one in declared:
        supports = ", ".join(one.evidence.supports)
        source = f"{one.evidence.source} ({supports})" if supports else "*judgement*"
        rows.append(
            [
                f"`{one.name}`",
                number(one.default),
                text(one.unit),
                span(one.bounds) + (", whole" if one.whole else ""),
                span(one.plausible) if one.plausible else "fixed",
                source,
                text(one.meaning),
            ]
        )
    return table(["name", "default", "unit", "bounds", "plausible", "evidence", "meaning"], rows)
