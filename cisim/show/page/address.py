"""What is looked at, as the address of the page: everything that is not a default, and no more.

An address can be old or damaged. What cannot be read is left out and said, never guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

import cisim
from cisim.model.inputs import InputError, nearest, shown
from cisim.model.outcomes import OUTCOMES
from cisim.show.page.kept import SHOWN
from cisim.show.page.words import say
from cisim.world.files import shipped
from cisim.world.scenario import Scenario

VIEWS = ("start", "explore", "compare", "about")
DEFAULT = "national-and-regional"
FIRST = ("no-backbone", "national-and-regional", "missing-sponsor")
BLANK = "no-backbone"
"""What a scenario of one's own starts from; its world and structure are always given."""
MINE = "mine"
BRANCH = "branch"
OVERALL = "overall"
LARGEST_SEED = 2**53
MOST_COMPARED = 3
LONGEST = 20_000
"""An address of more characters than this is not read."""


@dataclass(frozen=True)
class Look:
    """What is looked at.

    view     : start, explore, compare or about
    scenario : the shipped scenario that it starts from
    world, structure, title, story : in their place others, "" for its own
    settings : (name, value) of levers and beliefs that differ from it
    events   : in place of its own, as plain tables; None for its own
    months   : another horizon, None for its own
    branch   : an event from which a second path goes, None for no branch
    compared : shipped scenarios, and "mine" for the one that is being explored
    month    : the cursor, None for the horizon
    goal     : what should be reached, in the outcome's unit; None for the outcome's usual one
    """

    view: str = "start"
    scenario: str = DEFAULT
    world: str = ""
    structure: str = ""
    title: str = ""
    story: str = ""
    settings: tuple[tuple[str, Any], ...] = ()
    events: tuple[dict[str, Any], ...] | None = None
    months: int | None = None
    branch: dict[str, Any] | None = None
    compared: tuple[str, ...] = FIRST
    seed: int = 1
    outcome: str = "wellbeing_gain"
    region: str = OVERALL
    month: int | None = None
    goal: float | None = None

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

        Raises InputError if the value is not allowed.
        """
        scenario(self).set({name: value}, "page")
        kept = tuple(pair for pair in self.settings if pair[0] != name)
        before = setting(scenario(replace(self, settings=())), name)
        new = kept if _same(before, value) else (*kept, (name, value))
        look = replace(self, settings=new)
        scenario(look)
        return look


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)


def setting(of: Scenario, name: str) -> Any:
    """Return the value of a lever or belief of a scenario, by its name."""
    head, *rest = name.split(".")
    found = getattr(of.parameters if hasattr(of.parameters, head) else of.structure, head)
    for part in rest:
        found = getattr(found, part)
    return found


def scenario(look: Look) -> Scenario:
    """Return the scenario that is looked at.

    Raises InputError, one sentence, if it cannot be run.
    """
    return _scenario(
        look.scenario,
        look.world,
        look.structure,
        look.title,
        look.story,
        json.dumps(look.settings),
        json.dumps(look.events),
        look.months,
    )


@lru_cache(maxsize=256)
def _scenario(
    name: str,
    world: str,
    structure: str,
    title: str,
    story: str,
    settings: str,
    events: str,
    months: int | None,
) -> Scenario:
    if name not in shipped("scenarios"):
        raise InputError(
            f"scenario: {shown(name)} is not one.{nearest(name, shipped('scenarios'))}"
        )
    for kind, given in (("worlds", world), ("structures", structure)):
        if given and given not in shipped(kind):
            raise InputError(
                f"{kind[:-1]}: {shown(given)} is not one.{nearest(given, shipped(kind))}"
            )
    changes = {"world": world or None, "structure": structure or None}
    found = Scenario.load(name, **{key: value for key, value in changes.items() if value})
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
        place = found.world.title.partition(",")[0]
        rest["title"] = say("explore.elsewhere_title", title=found.title, world=place)
    if len(rest) > 1:
        found = found.with_(**rest, name=MINE)
    if story or (world and structure):
        found = found.model_copy(update={"story": story})
    return found


def branched(look: Look) -> Scenario | None:
    """Return the scenario with the branch's event added, None where there is no branch.

    Until the event's month both are the same run with the same luck.

    Raises InputError if the event does not fit.
    """
    if look.branch is None:
        return None
    base = scenario(look)
    events = [*(event.model_dump() for event in base.events), look.branch]
    return base.with_(where=BRANCH, events=events, name=BRANCH, title=say("explore.branch_title"))


def compared(look: Look) -> list[Scenario]:
    """Return the scenarios that are compared, all on the world that is looked at.

    Raises InputError if one does not fit the others.
    """
    own = scenario(look)
    found = []
    for name in look.compared:
        if name == MINE:
            found.append(own.with_(name=MINE))
        else:
            there = Scenario.load(name)
            changes: dict[str, Any] = {}
            if look.world:
                changes["world"] = look.world
            if there.months != own.months:
                changes["months"] = own.months
            found.append(there.with_(**changes) if changes else there)
    worlds = {one.world_name for one in found}
    if len(worlds) > 1:
        raise InputError(say("compare.worlds", worlds=" / ".join(sorted(worlds))))
    return found


# --- writing ---------------------------------------------------------------------------------


def write(look: Look) -> str:
    """Return the address of a look: a path with what differs from the default, and the version."""
    default = Look()
    pairs: list[tuple[str, str]] = []
    if look.view != default.view:
        pairs.append(("view", look.view))
    for name in ("scenario", "world", "structure", "title", "story", "outcome", "region"):
        if getattr(look, name) != getattr(default, name):
            pairs.append((name, getattr(look, name)))
    for name in ("months", "seed", "month", "goal"):
        value = getattr(look, name)
        if value != getattr(default, name):
            pairs.append((name, json.dumps(value)))
    pairs += [("set", f"{name}:{_json(value)}") for name, value in look.settings]
    if look.events is not None:
        pairs += [("event", _json(event)) for event in look.events] or [("event", "none")]
    if look.branch is not None:
        pairs.append(("branch", _json(look.branch)))
    if look.compared != default.compared:
        pairs.append(("compare", ",".join(look.compared)))
    if not pairs:
        return "/"
    pairs.append(("version", cisim.__version__))
    return "/?" + urlencode(pairs, safe=":,")


def _json(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


# --- reading ---------------------------------------------------------------------------------


def read(query: str | None) -> tuple[Look, list[str]]:
    """Return the look of an address, and a sentence for each part that was ignored."""
    if not query:
        return Look(), []
    if len(query) > LONGEST:
        return Look(), [say("address.long", most=f"{LONGEST:,}")]
    reader = _Reader(parse_qsl(query, keep_blank_values=True, max_num_fields=400))
    return reader.look(), reader.ignored


class _Reader:
    """Reads an address part by part; what cannot be read goes to `ignored`."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.pairs = list(pairs)
        self.ignored: list[str] = []

    def look(self) -> Look:
        look = self._places(Look())
        look = self._numbers(look)
        look = self._settings(look)
        look = self._events(look)
        look = self._ends(look)
        self._strangers()
        return look

    def _last(self, name: str) -> str | None:
        found = [value for key, value in self.pairs if key == name]
        return found[-1] if found else None

    def _ignore(self, name: str, value: str, reason: str) -> None:
        reason = plainly(reason)
        reason = reason[:1].upper() + reason[1:]
        self.ignored.append(say("address.ignored", name=name, value=shown(value), reason=reason))

    def _tried(self, look: Look, name: str, value: str, **changes: Any) -> Look:
        """Return the look with changes if it can still be run, else ignore them."""
        try:
            new = replace(look, **changes)
            scenario(new)
        except InputError as error:
            self._ignore(name, value, str(error))
            return look
        return new

    def _places(self, look: Look) -> Look:
        view = self._last("view")
        if view is not None:
            if view in VIEWS:
                look = replace(look, view=view)
            else:
                self._ignore("view", view, say("address.unknown") + nearest(view, VIEWS))
        for name in ("scenario", "world", "structure"):
            value = self._last(name)
            if value is not None:
                look = self._tried(look, name, value, **{name: value})
        for name, most in (("title", 200), ("story", 1000)):
            value = self._last(name)
            if value is not None:
                clean = " ".join(value.split())
                if clean.isprintable() and len(clean) <= most:
                    look = replace(look, **{name: clean})  # type: ignore[arg-type]
                else:
                    self._ignore(name, value, say("address.unreadable"))
        return look

    def _numbers(self, look: Look) -> Look:
        for name, low, high in (
            ("months", 1, 600),
            ("seed", 0, LARGEST_SEED),
            ("month", 0, 600),
        ):
            value = self._last(name)
            if value is None:
                continue
            if value.isascii() and value.isdigit() and low <= int(value[:20]) <= high:
                if name == "months":
                    look = self._tried(look, name, value, months=int(value))
                else:
                    look = replace(look, **{name: int(value)})  # type: ignore[arg-type]
            else:
                self._ignore(name, value, say("address.whole", low=low, high=f"{high:,}"))
        return look

    def _settings(self, look: Look) -> Look:
        for key, value in self.pairs:
            if key != "set":
                continue
            name, _, text = value.partition(":")
            try:
                given = _plain(text)
                if isinstance(given, int) and not isinstance(given, bool):
                    given = float(given)
                if name in dict(look.settings):
                    raise InputError(say("address.twice"))
                look = look.with_setting(name, given)
            except (InputError, AttributeError, TypeError) as error:
                told = isinstance(error, InputError)
                self._ignore("set", value, str(error) if told else say("address.unreadable"))
        return look

    def _events(self, look: Look) -> Look:
        given = [value for key, value in self.pairs if key == "event"]
        if given == ["none"]:
            return replace(look, events=())
        for value in given:
            event = self._table("event", value)
            if event is not None:
                events = (*(look.events or ()), event)
                look = self._tried(look, "event", value, events=events)
        other = self._last("branch")
        branch = None if other is None else self._table("branch", other)
        if other is not None and branch is not None:
            try:
                new = replace(look, branch=branch)
                branched(new)
                look = new
            except InputError as error:
                self._ignore("branch", other, str(error))
        return look

    def _table(self, name: str, value: str) -> dict[str, Any] | None:
        try:
            found = _plain(value)
        except InputError:
            found = None
        if isinstance(found, dict):
            return found
        self._ignore(name, value, say("address.unreadable"))
        return None

    def _ends(self, look: Look) -> Look:
        """Read what depends on the scenario: outcome, region, goal, what is compared."""
        known = scenario(look)
        for name, allowed in (
            ("outcome", SHOWN),
            ("region", (OVERALL, *(region.name for region in known.world.regions))),
        ):
            value = self._last(name)
            if value is None:
                continue
            if value in allowed:
                look = replace(look, **{name: value})  # type: ignore[arg-type]
            else:
                self._ignore(name, value, say("address.unknown") + nearest(value, allowed))
        if look.month is not None and look.month > known.months:
            self._ignore("month", str(look.month), say("address.whole", low=0, high=known.months))
            look = replace(look, month=None)
        goal = self._last("goal")
        if goal is not None:
            try:
                look = replace(look, goal=checked_goal(look.outcome, _plain(goal)))
            except InputError as error:
                self._ignore("goal", goal, str(error))
        value = self._last("compare")
        if value is not None:
            names = tuple(value.split(","))
            try:
                new = replace(look, compared=checked_compared(names))
                compared(new)
                look = new
            except InputError as error:
                self._ignore("compare", value, str(error))
        return look

    def _strangers(self) -> None:
        known = {
            "view", "scenario", "world", "structure", "title", "story", "months", "seed", "month",
            "set", "event", "branch", "outcome", "region", "goal", "compare", "version",
        }  # fmt: skip
        for key, value in self.pairs:
            if key not in known:
                self._ignore(key[:80], value, say("address.unknown") + nearest(key, known))
        version = self._last("version")
        if version is not None and version != cisim.__version__:
            self.ignored.append(say("address.version", made=shown(version), here=cisim.__version__))


def checked_goal(outcome: str, value: object) -> float:
    """Return a goal that the outcome can have.

    Raises InputError otherwise.
    """
    low, high = OUTCOMES[outcome].bounds
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not max(low, -1e9) <= float(value) <= min(high, 1e9):  # type: ignore[arg-type]
        limits = (max(low, -1e9), min(high, 1e9))
        raise InputError(say("address.number", low=f"{limits[0]:g}", high=f"{limits[1]:g}"))
    return float(value)  # type: ignore[arg-type]


def checked_compared(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of scenarios if they can stand side by side.

    Raises InputError otherwise.
    """
    known = (MINE, *shipped("scenarios"))
    for name in names:
        if name not in known:
            raise InputError(f"{shown(name)}: {say('address.unknown')}{nearest(name, known)}")
    if len(set(names)) < len(names) or not 2 <= len(names) <= MOST_COMPARED:
        raise InputError(say("address.compared"))
    return names


def plainly(sentence: str) -> str:
    """Return a sentence without the command that would help on a terminal."""
    bare = re.sub(r" \(cisim [^)]*\)", "", sentence)
    return re.sub(r"^(page|scenario|settings): ", "", bare, flags=re.IGNORECASE)


def _plain(text: str) -> Any:
    """Return what a JSON text says.

    Raises InputError if it is not one, or no finite number.
    """
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise InputError(say("address.unreadable")) from None


def _refuse(_: str) -> Any:
    raise ValueError


def plain_events(of: Scenario) -> list[dict[str, Any]]:
    """Return a scenario's events as plain tables, without what is left out anyway."""
    return [_bare(event.model_dump()) for event in of.events]


def _bare(event: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in event.items() if value is not None}
