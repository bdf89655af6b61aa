"""Scenario files on the page: what is looked at as TOML, and a file that is opened as a look.

An opened file may only name what is shipped: a server does not read its own disk for a visitor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import tomli_w

from cisim.model.inputs import InputError, nearest, shown
from cisim.show.page import address
from cisim.show.page.address import BLANK, Look
from cisim.show.page.words import say
from cisim.world.files import LARGEST_FILE, checked, parse, printable, shipped
from cisim.world.scenario import Scenario, ScenarioFile, load_structure


def text_of(scenario: Scenario) -> str:
    """Return the TOML of a scenario on a shipped world and structure."""
    start = load_structure(scenario.structure_name).model_dump()
    now = scenario.structure.model_dump()
    changes = {
        name: value
        for name, value in now.items()
        if name not in ("title", "source") and value != start[name] and value is not None
    }
    file: dict[str, Any] = {
        "title": scenario.title,
        "story": scenario.story,
        "note": scenario.note,
        "world": scenario.world_name,
        "structure": scenario.structure_name,
        "months": scenario.months,
        "structure_changes": changes,
        "parameters": scenario.parameters.model_dump(exclude_defaults=True),
        "events": address.plain_events(scenario),
    }
    return tomli_w.dumps({name: value for name, value in file.items() if value not in ("", {}, [])})


def look_of(text: str, name: str) -> Look:
    """Return the look of a scenario file that a visitor opens.

    Raises InputError, one sentence, if it is not one or names what is not shipped.
    """
    where = printable(name)
    if len(text.encode()) > LARGEST_FILE:
        raise InputError(say("open.large", where=where, most=f"{LARGEST_FILE:,}"))
    said = parse(text, where)
    file = checked(ScenarioFile, said, where)
    for kind, given in (("worlds", file.world), ("structures", file.structure)):
        known = shipped(kind)
        if given not in known:
            raise InputError(
                say("open.not_shipped", where=where, what=kind[:-1], given=shown(given))
                + nearest(given, known)
            )
    if file.months > 600:
        raise InputError(say("open.months", where=where, given=f"{file.months:,}"))
    Scenario.read(text, where, "opened")
    look = Look(
        scenario=BLANK,
        world=file.world,
        structure=file.structure,
        title=" ".join(file.title.split()),
        story=" ".join(file.story.split())[:1000],
        months=file.months,
        events=tuple(dict(event) for event in said.get("events", [])),
    )
    if address.scenario(Look(scenario=BLANK)).months == file.months:
        look = Look(**{**vars(look), "months": None})
    for key, value in _flat({**file.structure_changes, **file.parameters}):
        look = look.with_setting(key, value)
    return look


def _flat(table: Mapping[str, Any], under: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{under}{key}.")
        elif isinstance(value, int) and not isinstance(value, bool):
            yield f"{under}{key}", float(value)
        else:
            yield f"{under}{key}", value
