"""Scenario files on the page: what is looked at as TOML, and a file that is opened as a look.

A scenario says nothing of a branch, a seed or what is shown of it. The page keeps that in the first
line, as a comment in the words of its address; the command line runs the scenario without it.

An opened file may only name what is shipped, or a place that was kept here: a server does not read
its own disk for a visitor.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any

import tomli_w

from cisim.model.input_error import InputError, printable, shown
from cisim.show.language.forms import localised
from cisim.show.page.address import link
from cisim.show.page.address.checks import BLANK, TEXTS, as_number, checked_text, plainly
from cisim.show.page.address.look import Look, plain, plain_events, scenario_of
from cisim.show.page.partnership import kept
from cisim.show.page.words import say
from cisim.show.told import nearest
from cisim.world.files import checked, parse, shipped
from cisim.world.scenario import Scenario, ScenarioFile, load_structure, other_kind

LARGEST = 1_000_000
"""Bytes of a file that is opened; start.vue sends nothing of a larger one."""
_MARK = "# On the page: "


def text_of(look: Look) -> str:
    """Return the TOML of what is looked at, from which `look_of` makes it again."""
    scenario, beside = scenario_of(look), link.write_beside(look)
    own = kept.is_own_structure(look.structure)
    behind = kept.path_of(look.structure) if own else scenario.structure_name
    start = load_structure(behind).model_dump(exclude_none=True)
    now = scenario.structure.model_dump(exclude_none=True)
    for name in ("posts", "payers"):
        now[name] = plain(getattr(scenario.structure, name))
        start[name] = plain(getattr(load_structure(behind), name))
    changes = {
        name: value
        for name, value in now.items()
        if name not in ("title", "source") and value != start.get(name)
    }
    file: dict[str, Any] = {
        "title": scenario.title,
        "short": scenario.short,
        "story": scenario.story,
        "note": scenario.note,
        "world": look.world or scenario.world_name,
        "structure": look.structure if own else scenario.structure_name,
        "months": scenario.months,
        "structure_changes": changes,
        "parameters": scenario.parameters.model_dump(exclude_unset=True),
        "events": plain_events(scenario),
    }
    said = tomli_w.dumps({name: value for name, value in file.items() if value not in ("", {}, [])})
    return f"{_MARK}{beside}\n{said}"


def text_in(base64: object, name: str) -> str:
    """Return the text of a file whose bytes a browser sends in base64, None if it had none.

    Raises InputError, one sentence, if it is too large or not UTF-8.
    """
    where = printable(name)
    if base64 is None:
        raise InputError(say("open.failed", where=where))
    try:
        data = b64decode(str(base64), validate=True)
    except ValueError:
        raise InputError(say("open.failed", where=where)) from None
    if len(data) > LARGEST:
        raise InputError(say("open.large", where=where, most=localised(f"{LARGEST:,}")))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(say("open.not_utf8", where=where, byte=error.start)) from None


def look_of(text: str, name: str, seed: int = 1) -> Look:
    """Return the look of a scenario file that a visitor opens; the seed if it names none.

    Raises InputError, one sentence, if it is not one or names what is not shipped.
    """
    where = printable(name)
    said = _said(text, where)
    try:
        look = _look(said, text, where, seed)
    except InputError as error:
        words = _dates_as_written(plainly(str(error)), said)
        raise InputError(words if words.startswith(where) else f"{where}: {words}") from None
    link.check_length(look, where=where)
    return look


def _said(text: str, where: str) -> dict[str, Any]:
    """Return what the TOML says; where something is set twice, the sentence says what."""
    try:
        return parse(text, where)
    except InputError as error:
        found = re.search(r"Cannot overwrite a value \(at line (\d+)", str(error))
        if found:
            line = text.splitlines()[int(found[1]) - 1]
            key = line.partition("=")[0].strip()
            if key and key != line.strip():
                told = say("open.repeated", where=where, key=printable(key[:80]), line=found[1])
                raise InputError(told) from None
        raise


def _look(said: dict[str, Any], text: str, where: str, seed: int) -> Look:
    if "steps" in said:
        raise InputError(say("open.story", where=where))
    other = other_kind(said)
    if other:
        raise InputError(say("open.kind", where=where, kind=say(f"open.{other}")))
    file = checked(ScenarioFile, said, where)
    for kind, given in (("worlds", file.world), ("structures", file.structure)):
        known = shipped(kind)
        if kept.is_own(given) if kind == "worlds" else kept.is_own_structure(given):
            kept.path_of(given)
        elif given not in known:
            raise InputError(
                say("open.not_shipped", where=where, what=kind[:-1], given=shown(given))
                + nearest(given, known)
            )
    for field in file.structure_changes.keys() & {"title", "source"}:
        field, reason = f"structure_changes.{field}", say("address.unknown")
        raise InputError(say("open.text", where=where, field=field, reason=reason))
    if file.months > 600:
        raise InputError(say("open.months", where=where, given=localised(f"{file.months:,}")))
    Scenario.read(text, where, "opened", kept.folder())
    texts = {}
    for field, most in TEXTS.items():
        given = getattr(file, field)
        if given or field == "title":
            try:
                texts[field] = checked_text(given, most)
            except InputError as error:
                told = say("open.text", where=where, field=field, reason=str(error))
                raise InputError(told) from None
    look = Look(
        scenario=BLANK,
        world=file.world,
        structure=file.structure,
        months=file.months,
        seed=seed,
        events=tuple(dict(event) for event in said.get("events", [])),
        **texts,  # type: ignore[arg-type]
    )
    if scenario_of(Look(scenario=BLANK)).months == file.months:
        look = replace(look, months=None)
    look = look.with_settings(dict(_flat({**file.structure_changes, **file.parameters})))
    first = text.splitlines()[0] if text else ""
    if first.startswith(_MARK):
        look, faults = link.read_beside(look, first.removeprefix(_MARK).strip())
        if faults:
            raise InputError(say("open.beside", where=where, fault=faults[0]))
    return look


def _dates_as_written(sentence: str, said: object) -> str:
    """Return a sentence with the dates of a file as they stand in it."""
    for one in _dates(said):
        for python in (repr(one), shown(one)):
            sentence = sentence.replace(python, one.isoformat())
    return sentence


def _dates(said: object) -> Iterator[date | time]:
    if isinstance(said, date | time):
        yield said
    elif isinstance(said, Mapping):
        for value in said.values():
            yield from _dates(value)
    elif isinstance(said, list):
        for value in said:
            yield from _dates(value)


def _flat(table: Mapping[str, Any], under: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{under}{key}.")
        else:
            yield f"{under}{key}", as_number(f"{under}{key}", value)
