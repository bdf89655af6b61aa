"""What scenarios choose and believe, in words: what differs, and what happens when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pandas as pd
from pydantic import BaseModel

from cisim.model.parameters import Parameters
from cisim.model.quantity import Declaration, declarations
from cisim.show.charts import event_table
from cisim.show.charts.words import listed
from cisim.show.counted import label
from cisim.show.language.facts import fact, in_language, payer_in_words, unit_in_words
from cisim.show.language.forms import localised
from cisim.show.language.spoken import ENGLISH, spoken
from cisim.show.language.texts import part, say, texts
from cisim.show.places_in_words import place
from cisim.world.calendar import UNDATED, Calendar
from cisim.world.posts_in_words import posts_in_words
from cisim.world.scenario import Scenario
from cisim.world.sponsors import SponsorRow
from cisim.world.staffing import Row, staffing
from cisim.world.structure import NEVER_ENDS, NationalRoles, RegionalRoles, Structure
from cisim.world.world import World

_WORDS = {
    "regional": "Whether regions have a backbone of their own.",
    "regional_fte": "Staff of every region's backbone; else what the world plans for each.",
    "sponsors": "Which leaders there are, and what is not as usual with them.",
    "participation": "Which communities take part.",
    "founders": "Who founds the partnership.",
    "left_out": "Organisations that may not take part.",
    "functions": "Who carries which function of leadership.",
    "responsibilities": "Staff time by responsibility in place of roles.",
    "allow": "Limits of a backbone that are crossed on purpose.",
    "selection": "Whom recruiters ask.",
    "champion": "Who opens doors.",
    "agreement": "What partners sign.",
    "steering": "What the steering group works on.",
    "posts": "Who is paid by whom, from when until when.",
    "payers": "Who pays, and what a full-time year costs them.",
    "same_money_as": "Whose money goes to organisations instead.",
}
_TABLES: dict[str, type[BaseModel]] = {
    "national_roles": NationalRoles,
    "regional_roles": RegionalRoles,
}
_FIVE_REGIONS = "FTE for five regions"


def said_by(scenario: Scenario) -> dict[str, Any]:
    """Return levers and parameters by name, role shares as national_roles.futures.

    Another scenario, whose money it gives, goes by its title.
    """
    found = _parts(scenario.structure, scenario.parameters)
    other = scenario.same_money
    return found if other is None else {**found, "same_money_as": in_language(other).title}


def _parts(structure: Structure, parameters: Parameters) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in structure.model_dump(exclude={"title", "source"}).items():
        if name in _TABLES:
            found |= {f"{name}.{part}": share for part, share in value.items()}
        else:
            found[name] = value
    return found | parameters.model_dump()


@cache
def _declared() -> dict[str, Declaration]:
    found = {**declarations(Structure), **declarations(Parameters)}
    for name, roles in _TABLES.items():
        found |= {f"{name}.{part}": one for part, one in declarations(roles).items()}
    return found


def defaults() -> dict[str, Any]:
    """Return the defaults of everything that `said_by` returns."""
    return _parts(Structure(), Parameters())


def meaning(key: str) -> str:
    """Return what a lever or parameter means in its place, with its unit, "" for an unknown one."""
    one = _declared().get(key)
    if one is None:
        return fact("meanings", key, _WORDS.get(key, ""))
    words = fact("meanings", key, one.meaning)
    if _for_five_regions(key):
        return f"{words.replace(say('lever_words.given'), '')} {say('lever_words.place_unit')}"
    if one.unit in ("", "–", "0..1"):
        return words
    return f"{words} {say('report.unit', unit=unit_in_words(one.unit))}"


def in_place(key: str, value: Any, world: World) -> Any:
    """Return the value that a world gets: national staff and grants are given for five regions."""
    return value * world.scale if _for_five_regions(key) else value


def _for_five_regions(key: str) -> bool:
    one = _declared().get(key)
    return one is not None and one.unit == _FIVE_REGIONS


def in_words(key: str, value: Any, calendar: Calendar = UNDATED) -> str:
    """Return the value of a lever or parameter as a table shows it; a month by its date."""
    if isinstance(value, bool):
        return say("report.yes" if value else "report.no")
    if value is None:
        return say("lever_words.planned") if key == "regional_fte" else "–"
    if isinstance(value, float):
        never = key.endswith("_end") and value >= NEVER_ENDS
        if calendar.dated and not never and key in _declared() and _declared()[key].unit == "month":
            return label(calendar, value)
        if never:
            return say("report.never")
        return localised(f"{value:g}".replace("-", "\N{MINUS SIGN}"))
    if isinstance(value, list | tuple):
        return ", ".join(_entry(one) for one in value) or say("report.none")
    if isinstance(value, Mapping):
        return _entry(value)
    if value == "file":
        return say("participation_words.file")
    return _chosen(key, str(value))


def _chosen(key: str, value: str) -> str:
    """Return what is chosen by a name: in English the name, as files have it."""
    words = {} if spoken() == ENGLISH else texts().get(f"{key}_words", {})
    return str(words.get(value, value))


def _entry(value: Any) -> str:
    """Return an entry of a table: "political (engagement -0.6, link 0)", "number 4, largest".

    One that has a name begins with it, and a sponsor with its kind.
    """
    if not isinstance(value, Mapping):
        if isinstance(value, float):
            return localised(f"{value:g}")
        kinds = {} if spoken() == ENGLISH else part("sponsor_kinds_short")
        return str(kinds.get(str(value), value))
    head = next((name for name in ("name", "kind") if value.get(name)), "")
    usual = SponsorRow.model_fields if head == "kind" else {}
    said = []
    for name, one in value.items():
        as_usual = name in usual and one == usual[name].default and name != "region"
        if name == head or one is None or one == "" or as_usual:
            continue
        words = f"({in_words('', one)})" if isinstance(one, Mapping) else in_words("", one)
        said.append(f"{fact('entry_fields', name, name)} {words}")
    if not head:
        return ", ".join(said)
    called = _entry(value[head]) if head == "kind" else str(value[head])
    return f"{called} ({', '.join(said)})" if said else called


def posts_of(scenario: Scenario) -> str:
    """Return who is paid by whom, from when until when, on one line."""
    lines = post_lines(scenario)
    if spoken() == ENGLISH:
        lines = [line.rpartition(" (")[0] or line for line in lines]
    return "; ".join(lines)


def post_lines(scenario: Scenario) -> list[str]:
    """Return a line for each post, as `posts_in_words` does, in the language that is spoken."""
    return posts_in_words(scenario) if spoken() == ENGLISH else list(_posts(scenario))


def _posts(scenario: Scenario) -> Iterator[str]:
    """Yield a line for each post as `posts_in_words` does, in the language that is spoken."""
    found = staffing(scenario.world, scenario.structure)
    regions = [place(region.name) for region in scenario.world.regions]
    calendar = scenario.calendar
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in found.rows:
        if row.end > row.start and (row.fte > 0.0 or row.cap > 0.0):
            alike = (row.said, row.where, row.start, row.end, row.payer, row.cap, row.roles)
            groups.setdefault(alike, []).append(row)
    for rows in groups.values():
        row = rows[0]
        sizes = [localised(f"{one.cap or one.fte:g}") for one in rows]
        same = len(set(sizes)) == 1
        alone = same or row.region < 0
        whole = [f"{regions[one.region]} {size}" for one, size in zip(rows, sizes, strict=True)]
        where = say(f"lever_words.{row.where}")
        if same and row.region >= 0 and len(rows) < len(regions):
            where += f" ({', '.join(regions[one.region] for one in rows)})"
        yield say(
            "lever_words.post_most" if row.cap > 0.0 else "lever_words.post",
            where=where,
            fte=sizes[0] if alone else ", ".join(whole),
            n=(row.cap or row.fte) if alone else len(rows),
            first=label(calendar, row.start),
            last=say("lever_words.to_the_end")
            if row.end >= NEVER_ENDS
            else label(calendar, row.end),
            payer=payer_in_words(found.payers[row.payer].name),
        )
    if scenario.same_money is not None:
        yield say("lever_words.same_money", of=in_language(scenario.same_money).title)


def events_of(scenario: Scenario) -> str:
    """Return the dated events of a scenario on one line."""
    said = []
    for event in sorted(scenario.events, key=lambda event: event.month):
        fields = event.model_dump(exclude={"kind", "month", "region"}, exclude_none=True)
        english = spoken() == ENGLISH
        names = {} if english else part("event_fields")
        more = ", ".join(f"{names.get(name, name)} {_named(one)}" for name, one in fields.items())
        where = f", {place(event.region)}" if event.region else ""
        kind = event.kind if english else say(f"event_kinds.{event.kind}")
        when = label(scenario.calendar, event.month)
        said.append(f"{when}{where}: {kind}{f' ({more})' if more else ''}")
    return "; ".join(said) or say("report.none")


def _named(value: Any) -> str:
    """Return the value of a field: of a table of members their names."""
    if isinstance(value, list):
        return " / ".join(str(one["name"]) for one in value)
    words = {} if spoken() == ENGLISH else part("event_options")
    return str(words.get(str(value), localised(str(value)) if _is_number(value) else value))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def dates(scenarios: list[Scenario]) -> pd.DataFrame:
    """Return events and the dates that structures set: when money ends, when backbones begin."""
    rows: list[tuple[str, int, str, str]] = []
    months = scenarios[0].months
    for words, dates in (
        (say("dates.seed_end"), [_seed_end(one) for one in scenarios]),
        (say("dates.national_start"), [_start(one, "national") for one in scenarios]),
        (say("dates.national_end"), [_end(one, "national") for one in scenarios]),
        (say("dates.regional_start"), [_start(one, "regional") for one in scenarios]),
        (say("dates.regional_end"), [_end(one, "regional") for one in scenarios]),
    ):
        known = {date for date in dates if date is not None}
        if len(known) == 1:  # the same for all that it concerns
            rows += [("", date, "", words) for date in known if 0 < date < months]
        else:
            rows += [
                (one.name, date, "", words)
                for one, date in zip(scenarios, dates, strict=True)
                if date is not None and 0 < date < months
            ]
    events = event_table(scenarios)
    own = pd.DataFrame(rows, columns=["scenario", "month", "region", "words"])
    both = pd.concat([events, own], ignore_index=True) if len(events) else own
    return both.sort_values("month", kind="stable", ignore_index=True)


def _seed_end(scenario: Scenario) -> int | None:
    s = scenario.structure
    return int(s.seed_end) if s.regional or s.grant_reg > 0 else None


def _has(scenario: Scenario, level: str) -> bool:
    s = scenario.structure
    return s.regional if level == "regional" else s.national_fte > 0


def _start(scenario: Scenario, level: str) -> int | None:
    there = _has(scenario, level)
    return int(getattr(scenario.structure, f"{level}_start")) if there else None


def _end(scenario: Scenario, level: str) -> int | None:
    there = _has(scenario, level)
    return int(getattr(scenario.structure, f"{level}_end")) if there else None


def grade(one: Declaration) -> str:
    """Return what the source of a number supports, and what it does not."""
    supports = one.evidence.supports
    if not supports:
        return say("report.assumed.judgement")
    of = {what: say(f"report.assumed.{what}") for what in ("existence", "sign", "size")}
    source = one.evidence.source
    supported = listed([of[what] for what in supports])
    missing = listed([words for what, words in of.items() if what not in supports])
    if not missing:
        return say("report.assumed.supported", source=source, supported=supported)
    return say(
        "report.assumed.supported_partly", source=source, supported=supported, missing=missing
    )
