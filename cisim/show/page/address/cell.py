"""What lies in a cell of a study's map, as something to explore on the page."""

from __future__ import annotations

from dataclasses import replace

from cisim.lab.cells import Cells, cells, sides_of
from cisim.lab.optimise.written import has_own_world, scenario_text
from cisim.lab.results import STRUCTURES
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
from cisim.show.page.results_root import shelf
from cisim.show.page.words import say
from cisim.world.files import read_text, shipped
from cisim.world.scenario import Scenario


def explored(look: Look, across: int, upward: int) -> Look:
    """Return the look of what lies in a cell of a map: its scenario, with the values of a point.

    Raises InputError if there is none, or the page cannot show it.
    """
    place, given = shelf(), look.study
    if place is None:
        raise InputError(say("studies.none"))
    folder = place.folder(given.folder)
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
    place = shelf()
    if place is None:
        raise InputError(say("studies.none"))
    if file not in STRUCTURES:
        raise InputError(f"{shown(file)}: {say('address.unknown')}")
    path = place.open(look.study.folder).file(file)
    new = look_of(read_text(path), file, look.seed)
    return replace(new, view="explore", language=look.language)


def map_of(study: Study, given: Studied) -> Cells:
    """Return the map that is asked for; what is not chosen is the first that there is.

    Raises InputError for what was not kept, or where there are no two sides.
    """
    known = sides_of(study)
    if len(known) < 2:
        raise InputError(say("studies.no_map"))
    across = given.across or next(one for one in known if one != given.upward)
    upward = given.upward or next(one for one in known if one != across)
    return cells(
        study, across, upward, given.outcome or None,
        scenario=given.scenario or None, against=given.against or None, month=given.month,
    )  # fmt: skip


def look_at(scenario: Scenario, where: str) -> Look:
    """Return the look of a scenario that lies somewhere else.

    One that is a shipped one with other numbers stays that one, with its colour and its name.

    Raises InputError if the page cannot show it, as one in a place that is not shipped.
    """
    if has_own_world(scenario):
        raise InputError(say("studies.own_world", world=scenario.world.title))
    return _shipped(scenario) or _read(scenario, where)


def _shipped(scenario: Scenario) -> Look | None:
    if scenario.name not in shipped("scenarios") or scenario.policy is not None:
        return None
    base = Look(scenario=scenario.name)
    usual = scenario_of(base)
    if scenario.world_name != usual.world_name:
        base = replace(base, world=scenario.world_name)
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
        given = {
            name: value
            for name, value in pairs
            if value != setting(usual, name) and _is_plain(value)
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


def _read(scenario: Scenario, where: str) -> Look:
    title = in_language(scenario).title
    text = scenario_text(scenario, title[: TEXTS["title"]], scenario.story)
    return look_of(text, where)
