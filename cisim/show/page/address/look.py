"""What is looked at, and the scenarios of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from cisim.lab.ensemble import OVERALL
from cisim.model.input_error import InputError
from cisim.model.parameters import Parameters
from cisim.show.language.facts import in_language, world_title
from cisim.show.language.facts import scenario_of as scenario_named
from cisim.show.language.spoken import spoken
from cisim.show.page.address.checks import (
    BRANCH,
    DEFAULT,
    FIRST,
    HOW_FUTURES_DIFFER,
    MINE,
    SNAPSHOTS,
    unknown,
)
from cisim.show.page.address.studied import NOTHING, Studied
from cisim.show.page.partnership import kept
from cisim.show.page.words import say
from cisim.world.files import shipped
from cisim.world.payers import Payer
from cisim.world.posts import Post
from cisim.world.scenario import Scenario
from cisim.world.sponsors import kinds_of
from cisim.world.structure import Structure


@dataclass(frozen=True)
class Look:
    """What is looked at.

    view     : start, story, explore, compare, own, track, studies or about
    scenario : the shipped scenario that it starts from
    world, structure, title, short, story, note : in their place others, "" for its own
    settings : (name, value) of levers and beliefs that differ from it
    events   : in place of its own, as plain tables; None for its own
    months   : another horizon, None for its own
    branch   : an event from which a second path goes, None for no branch
    compared : shipped scenarios, "mine" for the one that is being explored, and "snapshot-1" for
               the first of the snapshots
    snapshots : that are compared, the looks that they are of
    beliefs  : what the futures of a full answer believe, the same for all scenarios
    month    : the cursor, None for where the view opens: Explore at month 0, others at the horizon
    goal     : what should be reached, in the outcome's unit; None until somebody sets one
    told     : the name of the story that is told, "" for none
    step     : where it stands: 0 for its cover, then each step from 1 on, then what was tried
    language : in which it is read, "" for the one in which the page was started
    study    : on the page of studies, which result and what is asked of it
    """

    view: str = "start"
    scenario: str = DEFAULT
    world: str = ""
    structure: str = ""
    title: str = ""
    short: str = ""
    story: str = ""
    note: str = ""
    settings: tuple[tuple[str, Any], ...] = ()
    events: tuple[dict[str, Any], ...] | None = None
    months: int | None = None
    branch: dict[str, Any] | None = None
    compared: tuple[str, ...] = FIRST
    snapshots: tuple[Look, ...] = ()
    seed: int = 1
    beliefs: str = HOW_FUTURES_DIFFER[0]
    outcome: str = "wellbeing_gain"
    region: str = OVERALL
    month: int | None = None
    goal: float | None = None
    told: str = ""
    step: int = 0
    language: str = ""
    study: Studied = NOTHING

    @property
    def own(self) -> bool:
        """Return whether what is built or believed is other than in the shipped scenario."""
        return bool(self.structure or self.title or self.settings or self.events is not None)

    @property
    def changed(self) -> bool:
        """Return whether the scenario is another than the shipped one, its place included."""
        return self.own or bool(self.world) or self.months is not None

    def with_setting(self, name: str, value: Any) -> Look:
        """Return a look with a lever or belief set; one that is back at its start is dropped.

        Raises InputError if the value is not allowed beside all others.
        """
        return self.with_settings({name: value})

    def with_settings(self, values: Mapping[str, Any]) -> Look:
        """Return a look with levers and beliefs set together, each in the place it had before.

        Raises InputError if they are not allowed together.
        """
        for name in values:
            check_no_table(name)
        look = replace(self, settings=tuple({**dict(self.settings), **values}.items()))
        scenario_of(look)
        return without_idle(look)


def without_idle(look: Look) -> Look:
    """Return a look without the settings that say what holds anyway.

    A number that is believed stays: what is set by hand holds in every future, the default too.
    """
    start = unset(look)
    held = start.parameters.model_fields_set

    def says(name: str, value: Any) -> bool:
        drawn = name in Parameters.model_fields and name not in held
        return drawn or not _same(setting(start, name), value)

    return replace(look, settings=tuple(pair for pair in look.settings if says(*pair)))


def unset(look: Look) -> Scenario:
    """Return the scenario before anything is set; without events, which may need what is."""
    return scenario_of(replace(look, settings=(), events=()))


def check_no_table(name: str) -> None:
    """Raise InputError, with the right form, if a table of shares is set as a whole."""
    table = _TABLES.get(name)
    if table is not None:
        part = next(iter(table.model_fields))
        raise InputError(say("address.table", name=name, example=f"{name}.{part}:0.2"))


_TABLES: dict[str, type[BaseModel]] = {
    name: field.annotation
    for name, field in Structure.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
}


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(plain(one) == other)


def plain(found: Any) -> Any:
    """Return rows of a structure, such as posts, as files have them; all else as it is."""
    if isinstance(found, list):
        return [plain(one) for one in found]
    if isinstance(found, Post | Payer):
        return found.model_dump(by_alias=True, exclude_defaults=True)
    return found


def setting(of: Scenario, name: str) -> Any:
    """Return the value of a lever or belief of a scenario, by its name."""
    head, *rest = name.split(".")
    found = getattr(of.parameters if hasattr(of.parameters, head) else of.structure, head)
    for part in rest:
        found = getattr(found, part, None)
    return kinds_of(found) if name == "sponsors" else found


def scenario_of(look: Look) -> Scenario:
    """Return the scenario that is looked at.

    Raises InputError, one sentence, if it cannot be run.
    """
    for name, is_own in ((look.world, kept.is_own), (look.structure, kept.is_own_structure)):
        if is_own(name):
            kept.path_of(name)  # it may have been forgotten
    return _scenario(
        look.scenario,
        look.world,
        look.structure,
        look.title,
        look.short,
        look.story,
        look.note,
        json.dumps(look.settings),
        json.dumps(look.events),
        look.months,
        spoken(),
    )


@lru_cache(maxsize=256)
def _scenario(
    name: str,
    world: str,
    structure: str,
    title: str,
    short: str,
    story: str,
    note: str,
    settings: str,
    events: str,
    months: int | None,
    language: str,
) -> Scenario:
    if name not in shipped("scenarios"):
        raise InputError(unknown(name, shipped("scenarios")))
    for kind, given in (("worlds", world), ("structures", structure)):
        is_kept = kept.is_own(given) if kind == "worlds" else kept.is_own_structure(given)
        if given and given not in shipped(kind) and not is_kept:
            raise InputError(unknown(given, shipped(kind)))
    found = in_language(_loaded(name, world, structure))
    changed = dict(json.loads(settings))
    if changed:
        found = found.set(changed, "settings")
    dated = json.loads(events)
    rest: dict[str, Any] = {"where": "scenario"}
    if dated is not None:
        rest["events"] = dated
    if months is not None:
        rest["months"] = months
    if title:
        rest["title"] = title
    elif structure or changed or dated is not None:
        rest["title"] = say("explore.changed_title", title=found.title)
    elif world:
        place = world_title(found.world_name, found.world.title).partition(",")[0]
        rest["title"] = say("explore.elsewhere_title", title=found.title, world=place)
    if len(rest) > 1:
        found = found.with_(**rest, name=MINE)
    own = {"short": short, "story": story, "note": note}
    if not (world and structure):
        own = {key: text for key, text in own.items() if text}
    return found.model_copy(update=own) if own else found


@lru_cache(maxsize=64)
def _loaded(name: str, world: str, structure: str) -> Scenario:
    place = str(kept.path_of(world)) if kept.is_own(world) else world
    behind = str(kept.path_of(structure)) if kept.is_own_structure(structure) else structure
    changes = {"world": place, "structure": behind}
    return Scenario.load(name, **{key: value for key, value in changes.items() if value})


def branch_of(look: Look) -> Scenario | None:
    """Return the scenario with the branch's event added, None where there is no branch.

    Until the event's month both are the same run with the same luck.

    Raises InputError if the event does not fit.
    """
    if look.branch is None:
        return None
    base = scenario_of(look)
    events = [*(event.model_dump() for event in base.events), look.branch]
    return base.with_(where=BRANCH, events=events, name=BRANCH, title=say("explore.branch_title"))


def explored_of(look: Look) -> list[Scenario]:
    """Return what is explored: the scenario, and its branch where there is one.

    Raises InputError if one of them does not fit.
    """
    branch = branch_of(look)
    return [scenario_of(look), *([] if branch is None else [branch])]


def compared_of(look: Look) -> list[Scenario]:
    """Return the scenarios that are compared, all on the world that is looked at.

    Raises InputError if one does not fit the others.
    """
    own = scenario_of(look)
    found = []
    for name in look.compared:
        if name == MINE:
            found.append(own.with_(name=MINE))
        else:
            place = SNAPSHOTS.index(name) if name in SNAPSHOTS else -1
            there = scenario_named(name) if place < 0 else scenario_of(look.snapshots[place])
            changes: dict[str, Any] = {}
            if place >= 0:
                changes["name"] = name
            elif look.world:
                changes["world"] = own.world if kept.is_own(look.world) else look.world
            if there.months != own.months:
                changes["months"] = own.months
            there = there.with_(**changes) if changes else there
            # One place for all: what is worked out of it is worked out once.
            same = {"world_name": own.world_name} if "world" in changes else {}
            found.append(there.model_copy(update=same) if same else there)
    worlds = {one.world_name for one in found}
    if len(worlds) > 1:
        raise InputError(say("compare.worlds", worlds=" / ".join(sorted(worlds))))
    return found


def kind(scenario: Scenario) -> str:
    """Return what the futures of a scenario believe, as it can be chosen."""
    return "fixed" if scenario.beliefs is None else scenario.beliefs.kind


def plain_events(of: Scenario) -> list[dict[str, Any]]:
    """Return a scenario's events as plain tables, without what is left out anyway."""
    return [event.model_dump(exclude_none=True) for event in of.events]


def month_of(look: Look) -> int:
    """Return the month that is looked at."""
    return opening(look) if look.month is None else look.month


def opening(look: Look) -> int:
    """Return the month at which a view opens: Explore before anything has happened."""
    return 0 if look.view == "explore" else scenario_of(look).months


def decides(look: Look) -> tuple[Any, ...]:
    """Return what decides the futures of a look; all else is only what is shown of them."""
    return (
        look.scenario, look.world, look.structure, look.settings, look.events, look.months,
        look.branch, look.seed, look.beliefs,
    )  # fmt: skip


def like(key: tuple[Any, ...]) -> Look:
    """Return a look of which `decides` tells the same."""
    scenario, world, structure, settings, events, months, branch, seed, beliefs = key
    return Look(
        view="explore", scenario=scenario, world=world, structure=structure, settings=settings,
        events=events, months=months, branch=branch, seed=seed, beliefs=beliefs,
    )  # fmt: skip
