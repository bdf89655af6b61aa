"""`cisim check`: whether files are right, without running them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cisim.cli.endings import DONE, WRONG_INPUT
from cisim.cli.figures import print_json
from cisim.cli.given import refuse_unused
from cisim.cli.language import READ_HERE, LanguageOption, speak_as_asked
from cisim.cli.listing import KINDS
from cisim.cli.options import AsJson
from cisim.cli.streams import say, show

if TYPE_CHECKING:
    from cisim.model.input_error import InputError
    from cisim.world.events import Event
    from cisim.world.files import Kind
    from cisim.world.scenario import Scenario
    from cisim.world.structure import Structure


def check(
    context: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Files, or shipped names.")],
    language: LanguageOption = None,
    as_json: AsJson = False,
) -> int:
    """Say whether files are right, and everything that is wrong in them.

    Worlds, structures, scenarios, stories, experiments, questions of a best use and targets of a
    calibration, none of which is run, tables of functions, and mappings of files. A structure
    beside a world is tried in that place: its dates, regions and posts.

    Example: cisim check my-world.toml my-scenario.toml
    """
    refuse_unused(context, (READ_HERE,))
    speak_as_asked(context, language)
    from cisim.show.language.texts import say as words
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
                one["notes"].append(words("checked.name_a_world"))
            for place in places:
                _try_in(one, place, several=len(places) > 1)
    right = all(verdict["right"] for verdict in verdicts)
    if as_json:
        print_json({"right": right, "files": verdicts})
        return DONE if right else WRONG_INPUT
    for verdict in verdicts:
        if verdict["right"]:
            show(words("checked.right", file=verdict["file"], says=verdict["says"]))
            for post in verdict["posts"]:
                show(words("checked.post", post=post))
            for note in verdict["notes"]:
                show(words("checked.note", note=note))
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
    from cisim.show.scenario_in_words import post_lines
    from cisim.show.told import told as in_words
    from cisim.world.believed import place_notes
    from cisim.world.files import find
    from cisim.world.limits import limit_notes
    from cisim.world.notes import notes
    from cisim.world.scenario import Scenario

    where = f"{place}: " if several else ""
    file = find("structures", verdict["file"]).resolve()
    try:
        anywhere = Scenario.load("no-backbone", world=place)
        scenario = anywhere.with_(structure=str(file), where=printable(file.name))
    except InputError as error:
        told = [
            *verdict.get("problems", []),
            *(f"{where}{in_words(one)}" for one in error.sentences),
        ]
        verdict |= {"right": False, "says": " ".join(told), "problems": told}
        return
    of_the_place = place_notes(scenario.world, scenario.parameters)
    verdict["posts"] += [f"{where}{one}" for one in post_lines(scenario)]
    told = [*of_the_place, *limit_notes(scenario.structure)]
    verdict["notes"] += [f"{where}{in_words(one)}" for one in notes(scenario) if one not in told]


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
    from cisim.show.counted import label
    from cisim.show.language.facts import structure_title
    from cisim.show.language.texts import say as words
    from cisim.show.scenario_in_words import post_lines
    from cisim.world.believed import place_notes
    from cisim.world.files import SAYS, exists, find, is_path, parse, read_text, shipped
    from cisim.world.functions import load_functions
    from cisim.world.limits import idle_limits, limit_notes
    from cisim.world.notes import notes
    from cisim.world.scenario import Scenario, kind_of, load_structure, load_world

    path = Path(name) if kind is None else find(kind, name)
    if kind is None and not is_path(name) and not exists(path):
        names = [one for each in KINDS for one in shipped(each)]
        near = nearest(name, names)
        raise InputError(SAYS("nothing", given=shown(name), near=near))
    said = parse(read_text(path), printable(path.name))
    if kind is None and _is_mapping(said, path):
        from cisim.lab.survey.mapping import load_mapping

        load_mapping(str(path.resolve()))
        return "mapping", words("checked.mapping"), [], []
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
        says = words(
            "checked.world_from" if world.calendar.dated else "checked.world",
            regions=words("imported.regions", n=len(world.regions)),
            communities=words("imported.communities", n=world.community_count),
            organisations=words("imported.organisations", n=world.organisation_count),
            month=label(world.calendar, 0),
        )
        return "world", says, _told(place_notes(world, Parameters())), []
    if known == "structures":
        structure = load_structure(str(full))
        known_as = structure_title(name) if name in shipped("structures") else structure.title
        told = [*_roles(structure), *_told([*limit_notes(structure), *idle_limits(structure)])]
        return "structure", words("checked.structure", title=known_as), told, []
    if known == "functions":
        table = load_functions(str(full))
        return "functions", words("checked.functions", title=table.title), [], []
    scenario = Scenario.load(str(full))
    says = words(
        "checked.scenario",
        structure=scenario.structure_name,
        world=scenario.world_name,
        time=_time(scenario),
        events=words("checked.events", n=len(scenario.events)),
    )
    told = [
        *_roles(scenario.structure, scenario.events),
        *_told([*notes(scenario), *idle_limits(scenario.structure)]),
    ]
    return "scenario", says, told, post_lines(scenario)


def _told(sentences: Iterable[str]) -> list[str]:
    """Return sentences in the language that is spoken."""
    from cisim.show.told import told

    return [told(one) for one in sentences]


def _roles(structure: Structure, events: Iterable[Event] = ()) -> list[str]:
    """Return what responsibilities mean in roles, and the functions that nobody holds."""
    from cisim.show.notes_in_words import unheld_said

    given = structure.responsibilities
    return [*_told([] if given is None else [given.in_words]), *unheld_said(structure, events)]


def _check_story(file: str) -> tuple[str, str, list[str], list[str]]:
    """Return what `_check` does of a story: its notes are those of its scenarios."""
    from cisim.show.language.texts import say as words
    from cisim.world.notes import notes_of
    from cisim.world.story import Story

    story = Story.load(file)
    scenarios = {state.scenario.name: state.scenario for state in story.states}
    first = story.steps[0].here.scenario
    bare = [name.removesuffix(", changed") for name in scenarios]
    names = [
        words("checked.changed", name=one) if one != name else name
        for one, name in zip(bare, scenarios, strict=True)
    ]
    says = words(
        "checked.story", n=len(story.steps), world=first.world_name, names=", ".join(names)
    )
    return "story", says, _told(notes_of(scenarios.values())), []


def _check_question(file: str) -> tuple[str, str, list[str], list[str]]:
    """Return what `_check` does of a question for `cisim optimise`."""
    from cisim.lab.optimise.file import read_question
    from cisim.lab.optimise.question import Question
    from cisim.show.language.texts import say as words
    from cisim.world.notes import notes_of

    said = read_question(file)
    evaluations = said.pop("evaluations", None)
    asked = Question(**said)
    says = words(
        "checked.question" if evaluations is None else "checked.question_tried",
        scenario=asked.scenario.name,
        world=asked.scenario.world_name,
        time=_time(asked.scenario),
        n=len(asked.levers),
        tried=evaluations,
    )
    return "question", says, _told(notes_of([asked.scenario])), []


def _check_targets(file: str) -> tuple[str, str, list[str], list[str]]:
    """Return what `_check` does of targets for `cisim calibrate`."""
    from cisim.lab.calibration import read_targets
    from cisim.show.language.texts import say as words
    from cisim.world.notes import notes_of

    asked = read_targets(file)
    says = words(
        "checked.targets" if asked.scenario is None else "checked.targets_of",
        n=len(asked.targets),
        varied=len(asked.ranges),
        scenario="" if asked.scenario is None else asked.scenario.name,
    )
    noted = [] if asked.scenario is None else _told(notes_of([asked.scenario]))
    return "targets", says, noted, []


def _check_experiment(file: str) -> tuple[str, str, list[str], list[str]]:
    """Return what `_check` does of an experiment: its notes are those of its scenarios, too."""
    from cisim.lab.sweep.experiment import Experiment
    from cisim.show.language.texts import say as words
    from cisim.show.told import told
    from cisim.world.notes import notes_of

    experiment = Experiment.load(file, trusted=False)
    first = experiment.scenarios[0]
    says = words(
        "checked.experiment",
        names=", ".join(one.name for one in experiment.scenarios),
        world=first.world_name,
        time=_time(first),
        size=told(experiment.in_words),
    )
    noted = [*experiment.plan.notes, *notes_of(experiment.scenarios)]
    return "experiment", says, _told(noted), []


def _time(scenario: Scenario) -> str:
    from cisim.show.counted import label
    from cisim.show.language.texts import say as words

    calendar, months = scenario.calendar, scenario.months
    if not calendar.dated:
        return words("checked.months", n=months)
    first, last = label(calendar, 0), label(calendar, months - 1)
    return words("checked.months_dated", n=months, first=first, last=last)
