"""`cisim check`: whether files are right, without running them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cisim.cli.endings import DONE, WRONG_INPUT
from cisim.cli.figures import print_json
from cisim.cli.listing import CONFIGS
from cisim.cli.options import AsJson
from cisim.cli.streams import say, show

if TYPE_CHECKING:
    from cisim.world.files import Kind
    from cisim.world.scenario import Scenario


def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Files, or shipped names.")],
    as_json: AsJson = False,
) -> int:
    """Say whether files are right, and everything that is wrong in them.

    Worlds, structures and scenarios, which are not run, and mappings of files.

    Example: cisim check my-world.toml my-scenario.toml
    """
    from cisim.model.input_error import InputError
    from cisim.world.files import shipped

    verdicts: list[dict[str, Any]] = []
    for given in files:
        known: list[tuple[Kind | None, str]] = [
            (kind, given) for kind in CONFIGS if given in shipped(kind)
        ]  # fmt: skip
        for kind, name in known or [(None, given)]:
            try:
                found, says, notes, posts = _check(name, kind)
                right_one = {"right": True, "says": says, "posts": posts, "notes": notes}
                verdicts.append({"file": name, "kind": found, **right_one})
            except InputError as error:
                wrong = {"right": False, "says": str(error), "problems": list(error.sentences)}
                verdicts.append({"file": name, "kind": kind, **wrong})
    right = all(verdict["right"] for verdict in verdicts)
    if as_json:
        print_json({"right": right, "files": verdicts})
        return DONE if right else WRONG_INPUT
    for verdict in verdicts:
        if verdict["right"]:
            show(f"{verdict['file']}: right ({verdict['says']})")
            for post in verdict["posts"]:
                show(f"  Post: {post}")
            for note in verdict["notes"]:
                show(f"  Note: {note}")
        else:
            for sentence in verdict["problems"]:
                say(sentence)
    return DONE if right else WRONG_INPUT


def _is_mapping(said: dict[str, Any], path: Path) -> bool:
    """Return whether a file says what columns mean: its ties are a table, a world's are a list."""
    known = said.keys() & {"ties", "organisations", "assume"}
    return path.parent.name == "mappings" or any(isinstance(said[key], dict) for key in known)


def _check(name: str, kind: Kind | None) -> tuple[str, str, list[str], list[str]]:
    """Return what kind a file is of, what is in it, what should be known about it, and its posts.

    Raises InputError if it is wrong.
    """
    from cisim.model.input_error import InputError, nearest, printable, shown
    from cisim.model.parameters import Parameters
    from cisim.world.believed import place_notes
    from cisim.world.files import exists, find, is_path, parse, read_text, shipped
    from cisim.world.notes import notes
    from cisim.world.posts_in_words import posts_in_words
    from cisim.world.scenario import Scenario, kind_of, load_structure, load_world

    path = Path(name) if kind is None else find(kind, name)
    if kind is None and not is_path(name) and not exists(path):
        names = [one for each in CONFIGS for one in shipped(each)]
        near = nearest(name, names)
        raise InputError(f"{shown(name)} is not a file or a shipped name.{near} (cisim list)")
    said = parse(read_text(path), printable(path.name))
    if kind is None and _is_mapping(said, path):
        from cisim.lab.survey.mapping import load_mapping

        load_mapping(str(path.resolve()))
        return "mapping", "a mapping of files for cisim import", [], []
    known = kind or kind_of(said, path.parent.name)
    full = path.resolve()
    if known == "worlds":
        world = load_world(str(full))
        return (
            "world",
            (
                f"a world: {len(world.regions):,} regions, {world.community_count:,} communities, "
                f"{world.organisation_count:,} organisations"
                f"{f', from {world.calendar.label(0)}' if world.calendar.dated else ''}"
            ),
            place_notes(world, Parameters()),
            [],
        )
    if known == "structures":
        return "structure", f"a structure: {load_structure(str(full)).title}", [], []
    scenario = Scenario.load(str(full))
    events = f"{len(scenario.events)} event{'s' * (len(scenario.events) != 1)}"
    return (
        "scenario",
        (
            f"a scenario: {scenario.structure_name} on {scenario.world_name}, "
            f"{_time(scenario)}, {events}"
        ),
        notes(scenario),
        posts_in_words(scenario),
    )


def _time(scenario: Scenario) -> str:
    calendar, months = scenario.calendar, scenario.months
    if not calendar.dated:
        return f"{months} months"
    return f"{months} months from {calendar.label(0)} to {calendar.label(months - 1)}"
