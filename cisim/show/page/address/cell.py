"""What lies in a cell of a study's map, as something to explore on the page."""

from __future__ import annotations

from dataclasses import replace

from cisim.lab.cells import Cells, cells, sides_of
from cisim.lab.optimise.written import has_own_world, scenario_text
from cisim.lab.results import PLACE, STRUCTURES
from cisim.lab.study import Study
from cisim.lab.study.folder import load_study
from cisim.lab.sweep.folder import scenario_at
from cisim.model.input_error import InputError, shown
from cisim.show.language.facts import in_language
from cisim.show.page.address.checks import TEXTS
from cisim.show.page.address.look import Look, plain_events, scenario_of, setting
from cisim.show.page.address.scenario_file import look_of
from cisim.show.page.address.studied import Studied
from cisim.show.page.outcomes import SHOWN
from cisim.show.page.partnership import kept
from cisim.show.page.results_root import asked_shelf
from cisim.show.page.words import say
from cisim.world.files import parse, read_text, shipped
from cisim.world.scenario import Scenario


def explored(look: Look, across: int, upward: int) -> Look:
    """Return the look of what lies in a cell of a map: its scenario, with the values of a point.

    Raises InputError if there is none, or the page cannot show it.
    """
    given = look.study
    folder = asked_shelf().folder(given.folder)
    study = load_study(folder)
    found = map_of(study, given)
    inside = 0 <= across < len(found.across) and 0 <= upward < len(found.upward)
    if not inside or found.points[upward, across] < 0:
        raise InputError(say("studies.empty_cell"))
    name = study.scenarios[int(found.scenarios[upward, across])]
    scenario = scenario_at(folder, name, int(found.points[upward, across]))
    new = look_at(scenario, given.folder)
    outcome = found.question.outcome
    return replace(
        new,
        view="explore",
        seed=look.seed,
        language=look.language,
        outcome=outcome if outcome in SHOWN else look.outcome,
    )


def chosen(look: Look, file: str) -> Look:
    """Return the look of a structure that a search has written.

    Raises InputError if there is none, or the page cannot show it.
    """
    if file not in STRUCTURES:
        raise InputError(f"{shown(file)}: {say('address.unknown')}")
    written = asked_shelf().open(look.study.folder)
    text = read_text(written.file(file))
    said = parse(text, file)
    if said.get("world") == PLACE and said.get("structure") in shipped("structures"):
        written.file(PLACE)  # it is there, and as it was written
        new = look_at(Scenario.read(text, file, "chosen", written.folder), file)
    else:
        new = look_of(text, file)
    return replace(new, view="explore", seed=look.seed, language=look.language)


def map_sides(study: Study, given: Studied) -> tuple[str, str]:
    """Return the sides of the map that is asked for, "" where there are not two."""
    known = sides_of(study)
    if len(known) < 2:
        return "", ""
    across = given.across or next(one for one in known if one != given.upward)
    return across, given.upward or next(one for one in known if one != across)


def map_of(study: Study, given: Studied) -> Cells:
    """Return the map that is asked for; what is not chosen is the first that there is.

    Raises InputError for what was not kept, or where there are no two sides.
    """
    across, upward = map_sides(study, given)
    if not across:
        raise InputError(say("studies.no_map"))
    return cells(
        study, across, upward, given.outcome or None,
        scenario=given.scenario or None, against=given.against or None, month=given.month,
    )  # fmt: skip


def look_at(scenario: Scenario, where: str) -> Look:
    """Return the look of a scenario that lies somewhere else.

    One that is a shipped one with other numbers stays that one, with its colour and its name. A
    place that is not shipped is kept, as one of the visitor's own.

    Raises InputError if the page cannot show it.
    """
    place = kept.keep_world(scenario) if has_own_world(scenario) else scenario.world_name
    found = _shipped(scenario, place)
    if found is not None:
        return found
    title = in_language(scenario).title[: TEXTS["title"]]
    return look_of(scenario_text(scenario, title, scenario.story, place=place), where)


def _shipped(scenario: Scenario, place: str) -> Look | None:
    if scenario.name not in shipped("scenarios") or scenario.policy is not None:
        return None
    base = Look(scenario=scenario.name)
    usual = scenario_of(base)
    if place != usual.world_name:
        base = replace(base, world=place)
    if scenario.structure_name != usual.structure_name:
        if scenario.structure_name not in shipped("structures"):
            return None
        base = replace(base, structure=scenario.structure_name)
    if scenario.months != usual.months:
        base = replace(base, months=scenario.months)
    try:
        usual = scenario_of(base)
        if plain_events(usual) != plain_events(scenario):
            base = replace(base, events=tuple(plain_events(scenario)))
        pairs = ((name, setting(scenario, name)) for name in _names(scenario))
        # A number that is set holds in every future, also where it is the default.
        held = scenario.parameters.model_fields_set - usual.parameters.model_fields_set
        given = {
            name: value
            for name, value in pairs
            if (value != setting(usual, name) or name in held) and _is_plain(value)
        }
        found = base.with_settings(given) if given else base
        here = scenario_of(found)
    except InputError:
        return None
    same = (here.structure, here.parameters) == (scenario.structure, scenario.parameters)
    return found if same and plain_events(here) == plain_events(scenario) else None


def _is_plain(value: object) -> bool:
    """Return whether an address can have a value."""
    each = value if isinstance(value, list | tuple) else [value]
    return all(one is None or isinstance(one, bool | int | float | str) for one in each)


def _names(scenario: Scenario) -> list[str]:
    """Return levers and beliefs by the names under which the page sets them."""
    names = list(type(scenario.parameters).model_fields)
    for name, value in scenario.structure:
        if name in ("title", "source"):
            continue
        parts = dict(getattr(type(value), "model_fields", None) or {})
        whole = not parts or name in ("functions", "responsibilities")
        names += [name] if whole else [f"{name}.{part}" for part in parts]
    return names
