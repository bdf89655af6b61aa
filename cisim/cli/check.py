"""`cisim check`: whether files are right, without running them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cisim.cli.endings import DONE, WRONG_INPUT
from cisim.cli.figures import print_json
from cisim.cli.listing import KINDS
from cisim.cli.options import AsJson
from cisim.cli.streams import say, show

if TYPE_CHECKING:
    from cisim.model.input_error import InputError
    from cisim.world.files import Kind
    from cisim.world.scenario import Scenario


def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Files, or shipped names.")],
    as_json: AsJson = False,
) -> int:
    """Say whether files are right, and everything that is wrong in them.

    Worlds, structures, scenarios, stories, experiments, questions of a best use and targets of a
    calibration, none of which is run, tables of functions, and mappings of files. A structure
    beside a world is tried in that place: its dates, regions and posts.

    Example: cisim check my-world.toml my-scenario.toml
    """
    from cisim.world.files import shipped

    named: list[tuple[Kind | None, str]] = []
    for given in files:
        known: list[tuple[Kind | None, str]] = [
            (kind, given) for kind in KINDS if given in shipped(kind)
        ]  # fmt: skip
        named += known or [(None, given)]
    verdicts = [_verdict(name, kind) for kind, name in named]
    places = [one["file"] for one in verdicts if one["right"] and one["kind"] == "world"]
    for one in verdicts:
        if one["right"] and one["kind"] == "structure":
            if not places:
                one["notes"].append("Name a world beside it, and its posts are tried there.")
            for place in places:
                _try_in(one, place, several=len(places) > 1)
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


def _verdict(name: str, kind: Kind | None) -> dict[str, Any]:
    """Return what `cisim check --json` says of one file."""
    from cisim.model.input_error import InputError

    try:
        found, says, notes, posts = _check(name, kind)
    except InputError as error:
        return {"file": name, "kind": kind, **_wrong(error)}
    right = {"right": True, "says": says, "posts": posts, "notes": notes}
    return {"file": name, "kind": found, **right}


def _wrong(error: InputError) -> dict[str, Any]:
    return {"right": False, "says": str(error), "problems": list(error.sentences)}


def _try_in(verdict: dict[str, Any], place: str, several: bool) -> None:
    """Add to the verdict on a structure what it resolves to in a place, or what does not fit.

    several : whether there are other places, so that each line says which it is about
    """
    from cisim.model.input_error import InputError, printable
    from cisim.world.believed import place_notes
    from cisim.world.files import find
    from cisim.world.limits import limit_notes
    from cisim.world.notes import notes
    from cisim.world.posts_in_words import posts_in_words
    from cisim.world.scenario import Scenario

    where = f"{place}: " if several else ""
    file = find("structures", verdict["file"]).resolve()
    try:
        anywhere = Scenario.load("no-backbone", world=place)
        scenario = anywhere.with_(structure=str(file), where=printable(file.name))
    except InputError as error:
        told = [*verdict.get("problems", []), *(f"{where}{one}" for one in error.sentences)]
        verdict |= {"right": False, "says": " ".join(told), "problems": told}
        return
    of_the_place = place_notes(scenario.world, scenario.parameters)
    verdict["posts"] += [f"{where}{one}" for one in posts_in_words(scenario)]
    told = [*of_the_place, *limit_notes(scenario.structure)]
    verdict["notes"] += [f"{where}{one}" for one in notes(scenario) if one not in told]


def _is_mapping(said: dict[str, Any], path: Path) -> bool:
    """Return whether a file says what columns mean: its ties are a table, a world's are a list."""
    known = said.keys() & {"ties", "organisations", "assume"}
    return path.parent.name == "mappings" or any(isinstance(said[key], dict) for key in known)


def _check(name: str, kind: Kind | None) -> tuple[str, str, list[str], list[str]]:
    """Return what kind a file is of, what is in it, what should be known about it, and its posts.

    Raises InputError if it is wrong.
    """
    from cisim.lab.calibration import file as targets
    from cisim.lab.optimise.file import asks
    from cisim.model.input_error import InputError, nearest, printable, shown
    from cisim.model.parameters import Parameters
    from cisim.world.believed import place_notes
    from cisim.world.files import exists, find, is_path, parse, read_text, shipped
    from cisim.world.functions import load_functions
    from cisim.world.limits import idle_limits, limit_notes
    from cisim.world.notes import notes, resolved_roles
    from cisim.world.posts_in_words import posts_in_words
    from cisim.world.scenario import Scenario, kind_of, load_structure, load_world

    path = Path(name) if kind is None else find(kind, name)
    if kind is None and not is_path(name) and not exists(path):
        names = [one for each in KINDS for one in shipped(each)]
        near = nearest(name, names)
        raise InputError(f"{shown(name)} is not a file or a shipped name.{near} (cisim list)")
    said = parse(read_text(path), printable(path.name))
    if kind is None and _is_mapping(said, path):
        from cisim.lab.survey.mapping import load_mapping

        load_mapping(str(path.resolve()))
        return "mapping", "a mapping of files for cisim import", [], []
    full = path.resolve()
    if kind == "stories" or (kind is None and "steps" in said):
        return _check_story(str(full))
    if kind is None and asks(said):
        return _check_question(str(full))
    if kind is None and (targets.asks(said) or "also" in said):
        return _check_targets(str(full))
    if kind is None and said.keys() & {"scenarios", "design"}:
        return _check_experiment(str(full))
    known = kind or kind_of(said, path.parent.name)
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
        structure = load_structure(str(full))
        told = [*resolved_roles(structure), *limit_notes(structure), *idle_limits(structure)]
        return "structure", f"a structure: {structure.title}", told, []
    if known == "functions":
        table = load_functions(str(full))
        return "functions", f"a table of functions: {table.title}", [], []
    scenario = Scenario.load(str(full))
    events = f"{len(scenario.events)} event{'s' * (len(scenario.events) != 1)}"
    return (
        "scenario",
        (
            f"a scenario: {scenario.structure_name} on {scenario.world_name}, "
            f"{_time(scenario)}, {events}"
        ),
        [
            *resolved_roles(scenario.structure, scenario.events),
            *notes(scenario),
            *idle_limits(scenario.structure),
        ],
        posts_in_words(scenario),
    )


def _check_story(file: str) -> tuple[str, str, list[str], list[str]]:
    """Return what `_check` does of a story: its notes are those of its scenarios."""
    from cisim.world.notes import notes_of
    from cisim.world.story import Story

    story = Story.load(file)
    scenarios = {state.scenario.name: state.scenario for state in story.states}
    first = story.steps[0].here.scenario
    return (
        "story",
        f"a story: {len(story.steps)} steps on {first.world_name}, {', '.join(scenarios)}",
        notes_of(scenarios.values()),
        [],
    )


def _check_question(file: str) -> tuple[str, str, list[str], list[str]]:
    """Return what `_check` does of a question for `cisim optimise`."""
    from cisim.lab.optimise.file import read_question
    from cisim.lab.optimise.question import Question
    from cisim.world.notes import notes_of

    said = read_question(file)
    evaluations = said.pop("evaluations", None)
    asked = Question(**said)
    tried = "" if evaluations is None else f", {evaluations:,} candidates"
    return (
        "question",
        (
            f"a question for cisim optimise: {asked.scenario.name} on "
            f"{asked.scenario.world_name}, {_time(asked.scenario)}, {len(asked.levers)} levers"
            f"{tried}"
        ),
        notes_of([asked.scenario]),
        [],
    )


def _check_targets(file: str) -> tuple[str, str, list[str], list[str]]:
    """Return what `_check` does of targets for `cisim calibrate`."""
    from cisim.lab.calibration import read_targets
    from cisim.world.notes import notes_of

    asked = read_targets(file)
    count, varied = len(asked.targets), len(asked.ranges)
    where = "" if asked.scenario is None else f" of {asked.scenario.name}"
    return (
        "targets",
        f"targets for cisim calibrate: {count}{where}, {varied} parameters are varied",
        [] if asked.scenario is None else notes_of([asked.scenario]),
        [],
    )


def _check_experiment(file: str) -> tuple[str, str, list[str], list[str]]:
    """Return what `_check` does of an experiment: its notes are those of its scenarios, too."""
    from cisim.lab.sweep.experiment import Experiment
    from cisim.world.notes import notes_of

    experiment = Experiment.load(file, trusted=False)
    first = experiment.scenarios[0]
    return (
        "experiment",
        (
            f"an experiment: {', '.join(one.name for one in experiment.scenarios)} on "
            f"{first.world_name}, {_time(first)}, {experiment.in_words}"
        ),
        [*experiment.plan.notes, *notes_of(experiment.scenarios)],
        [],
    )


def _time(scenario: Scenario) -> str:
    calendar, months = scenario.calendar, scenario.months
    if not calendar.dated:
        return f"{months} months"
    return f"{months} months from {calendar.label(0)} to {calendar.label(months - 1)}"
