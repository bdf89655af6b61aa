"""What is looked at, as the address of the page: everything that is not a default, and no more.

An address can be old or damaged. What cannot be read is left out and said, never guessed. Parts of
it can hold only together, such as two shares of one staff's time: they are read together.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from pydantic import BaseModel

from cisim.model.input_error import InputError, nearest, printable, shown
from cisim.model.outcomes import OUTCOMES
from cisim.show.page.outcomes import SHOWN
from cisim.show.page.words import say
from cisim.version import __version__
from cisim.world.files import shipped
from cisim.world.scenario import LEVERS, Scenario
from cisim.world.structure import Structure

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
MOST_PARTS = 400
"""An address of more characters or parts than this is not read."""
_ROOM, _SPARE = 200, 10
"""Characters and parts that stay free for another view, month, region."""
MOST_TOLD = 8
"""So many sentences are said about one address; the rest is counted."""
TEXTS = {"title": 200, "story": 1000, "note": 1000}
"""Texts of one's own, and their most characters."""


@dataclass(frozen=True)
class Look:
    """What is looked at.

    view     : start, explore, compare or about
    scenario : the shipped scenario that it starts from
    world, structure, title, story, note : in their place others, "" for its own
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
    note: str = ""
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
        scenario(look)
        return _without_idle(look)


def _without_idle(look: Look) -> Look:
    """Return a look without the settings that say what holds anyway."""
    start = scenario(replace(look, settings=()))
    kept = (pair for pair in look.settings if not _same(setting(start, pair[0]), pair[1]))
    return replace(look, settings=tuple(kept))


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


def as_number(value: Any) -> Any:
    """Return a whole number as levers and beliefs want it; all else as it is."""
    if isinstance(value, int) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:  # larger than any that is allowed
            raise InputError(say("address.huge")) from None
    return value


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
        look.note,
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
    note: str,
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
    found = _loaded(name, world, structure)
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
    own = {"story": story, "note": note}
    if not (world and structure):
        own = {key: text for key, text in own.items() if text}
    return found.model_copy(update=own) if own else found


@lru_cache(maxsize=64)
def _loaded(name: str, world: str, structure: str) -> Scenario:
    changes = {"world": world, "structure": structure}
    return Scenario.load(name, **{key: value for key, value in changes.items() if value})


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
    for name in ("scenario", "world", "structure", *TEXTS, "outcome", "region"):
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
    pairs.append(("version", __version__))
    return "/?" + urlencode(pairs, safe=":,")


def check_length(look: Look, before: Look | None = None, where: str = "") -> None:
    """Raise InputError if the address of a look could not be read again.

    before : what was looked at; nothing is said if the address only becomes shorter
    where  : the file that says so much
    """
    most, parts = LONGEST - _ROOM, MOST_PARTS - _SPARE
    query = _query(look)
    if len(query) <= most and _parts(query) <= parts:
        return
    if before is not None and len(query) < len(_query(before)):
        return
    lead = f"{where}: " if where else ""
    told = say("address.too_much", most=f"{most:,}", parts=parts)
    raise InputError(lead + (told if lead else told[:1].upper() + told[1:]))


def _query(look: Look) -> str:
    return write(look).partition("?")[2]


def _parts(query: str) -> int:
    return query.count("&") + 1


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
    if _parts(query) > MOST_PARTS:
        return Look(), [say("address.many", most=MOST_PARTS)]
    reader = _Reader(parse_qsl(query, keep_blank_values=True, errors="surrogateescape"))
    look, ignored = reader.look(), reader.ignored
    if len(ignored) > MOST_TOLD + 1:
        more = say("address.more", count=len(ignored) - MOST_TOLD)
        ignored = [*ignored[:MOST_TOLD], more]
    return look, ignored


class _Part(NamedTuple):
    """A part of an address that decides the scenario.

    name, text   : as they stand there
    field, given : of the look, and what is there then; one of many for settings and events
    """

    name: str
    text: str
    field: str
    given: Any


_ONCE = (
    "version", "view", "scenario", "world", "structure", *TEXTS, "months", "seed", "month",
    "branch", "outcome", "region", "goal", "compare",
)  # fmt: skip
_KNOWN = (*_ONCE, "set", "event")


class _Reader:
    """Reads an address part by part; what cannot be read goes to `ignored`."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.pairs: list[tuple[str, str]] = []
        self.ignored: list[str] = []
        foreign = []
        for name, value in pairs:
            if not _is_text(name + value):
                foreign.append((name, value, say("address.not_utf8")))
            elif name not in _KNOWN:
                reason = say("address.unknown") + nearest(name, _KNOWN)
                foreign.append((name, value, reason))
            elif name in _ONCE and self._only(name) is not None:
                foreign.append((name, value, say("address.twice")))
            else:
                self.pairs.append((name, value))
        version = self._only("version")
        if version is not None and version != __version__:
            self.ignored.append(say("address.version", made=shown(version), here=__version__))
        for name, value, reason in foreign:
            self._ignore(name, value, reason)

    def look(self) -> Look:
        parts = [*self._names(), *self._settings(), *self._months(), *self._events()]
        look = _without_idle(self._together(parts))
        return self._ends(self._shown(look))

    def _only(self, name: str) -> str | None:
        return next((value for key, value in self.pairs if key == name), None)

    def _ignore(self, name: str, value: str, reason: str) -> None:
        reason = plainly(reason)
        reason = reason[:1].upper() + reason[1:]
        name = printable(name[:80])
        self.ignored.append(say("address.ignored", name=name, value=shown(value), reason=reason))

    # what decides the scenario -----------------------------------------------------------------

    def _together(self, parts: list[_Part]) -> Look:
        """Return the look with all parts, or with as many as hold together; say which do not.

        A part that does not fit yet is tried again once others have: a share of staff's time that
        grows after another that shrinks, a shorter time after its events.
        """
        taken: set[int] = set()
        faults: dict[int, str] = {}

        def fits(places: Iterable[int]) -> bool:
            wanted = taken.union(places)
            try:
                scenario(_built([part for place, part in enumerate(parts) if place in wanted]))
            except InputError as error:
                faults.update(dict.fromkeys(places, str(error)))
                return False
            return True

        def take(places: list[int]) -> None:
            if fits(places):
                taken.update(places)
            elif len(places) > 1:
                take(places[: len(places) // 2])
                take(places[len(places) // 2 :])

        while True:
            waiting = [place for place in range(len(parts)) if place not in taken]
            before = len(taken)
            if waiting:
                take(waiting)
            if len(taken) in (before, len(parts)):
                break
        for place, part in enumerate(parts):
            if place not in taken:
                self._ignore(part.name, part.text, faults[place])
        return _built([part for place, part in enumerate(parts) if place in taken])

    def _names(self) -> list[_Part]:
        parts = []
        for name in ("scenario", "world", "structure"):
            value = self._only(name)
            if value:
                parts.append(_Part(name, value, name, value))
            elif value is not None:
                self._ignore(name, value, say("address.blank"))
        for name, most in TEXTS.items():
            value = self._only(name)
            if value is not None:
                try:
                    parts.append(_Part(name, value, name, checked_text(value, most)))
                except InputError as error:
                    self._ignore(name, value, str(error))
        return parts

    def _whole(self, name: str, low: int, high: int) -> int | None:
        value = self._only(name)
        if value is None:
            return None
        if value.isascii() and value.isdigit() and len(value) <= 20 and low <= int(value) <= high:
            return int(value)
        self._ignore(name, value, say("address.whole", low=low, high=f"{high:,}"))
        return None

    def _months(self) -> list[_Part]:
        months = self._whole("months", 1, 600)
        return [] if months is None else [_Part("months", str(months), "months", months)]

    def _settings(self) -> list[_Part]:
        parts: dict[str, _Part] = {}
        known = scenario(Look())
        for key, text in self.pairs:
            if key != "set":
                continue
            name, _, value = text.partition(":")
            try:
                if name in parts:
                    raise InputError(say("address.twice"))
                given = as_number(_plain(value))
                check_no_table(name)
                if not _has(known, name):
                    known.set({name: given}, "settings")  # says what is there
                    raise InputError(say("address.unreadable"))
                parts[name] = _Part(key, text, "settings", (name, given))
            except InputError as error:
                self._ignore(key, text, str(error))
        return list(parts.values())

    def _events(self) -> list[_Part]:
        given = [value for key, value in self.pairs if key == "event"]
        if given == ["none"]:
            return [_Part("event", "none", "events", None)]
        found = ((value, self._table("event", value)) for value in given)
        return [_Part("event", text, "events", event) for text, event in found if event is not None]

    def _table(self, name: str, value: str) -> dict[str, Any] | None:
        try:
            found = _plain(value)
            if isinstance(found, dict):
                return found
            raise InputError(say("address.unreadable"))
        except InputError as error:
            self._ignore(name, value, str(error))
        return None

    # what is shown of it -----------------------------------------------------------------------

    def _shown(self, look: Look) -> Look:
        view = self._only("view")
        if view is not None:
            if view in VIEWS:
                look = replace(look, view=view)
            else:
                self._ignore("view", view, say("address.unknown") + nearest(view, VIEWS))
        seed = self._whole("seed", 0, LARGEST_SEED)
        month = self._whole("month", 0, 600)
        horizon = scenario(look).months
        if month is not None and month > horizon:
            self._ignore("month", str(month), say("address.whole", low=0, high=horizon))
            month = None
        return replace(look, seed=look.seed if seed is None else seed, month=month)

    def _ends(self, look: Look) -> Look:
        """Read what depends on the scenario: branch, outcome, region, goal, what is compared."""
        other = self._only("branch")
        branch = None if other is None else self._table("branch", other)
        if other is not None and branch is not None:
            try:
                new = replace(look, branch=branch)
                branched(new)
                look = new
            except InputError as error:
                self._ignore("branch", other, str(error))
        known = scenario(look)
        for name, allowed in (
            ("outcome", SHOWN),
            ("region", (OVERALL, *(region.name for region in known.world.regions))),
        ):
            value = self._only(name)
            if value is None:
                continue
            if value in allowed:
                look = replace(look, **{name: value})  # type: ignore[arg-type]
            else:
                self._ignore(name, value, say("address.unknown") + nearest(value, allowed))
        goal = self._only("goal")
        if goal is not None:
            try:
                if self._only("outcome") not in (None, look.outcome):
                    raise InputError(say("address.goal"))
                look = replace(look, goal=checked_goal(look.outcome, _plain(goal)))
            except InputError as error:
                self._ignore("goal", goal, str(error))
        value = self._only("compare")
        if value is not None:
            names = tuple(value.split(","))
            try:
                new = replace(look, compared=checked_compared(names))
                compared(new)
                look = new
            except InputError as error:
                self._ignore("compare", value, str(error))
        return look


def _built(parts: Iterable[_Part]) -> Look:
    """Return the look that has these parts of an address, and else the default."""
    plain: dict[str, Any] = {}
    settings: list[tuple[str, Any]] = []
    events: list[dict[str, Any]] | None = None
    for part in parts:
        if part.field == "settings":
            settings.append(part.given)
        elif part.field == "events":
            events = [*(events or []), *([] if part.given is None else [part.given])]
        else:
            plain[part.field] = part.given
    dated = None if events is None else tuple(events)
    return Look(**plain, settings=tuple(settings), events=dated)


def _has(of: Scenario, name: str) -> bool:
    """Return whether there is a lever or belief of this name."""
    if name.partition(".")[0] not in (*type(of.parameters).model_fields, *LEVERS):
        return False
    try:
        setting(of, name)
    except AttributeError:
        return False
    return True


def _is_text(given: str) -> bool:
    """Return whether all of it was UTF-8."""
    try:
        given.encode()
    except UnicodeEncodeError:
        return False
    return True


def checked_text(given: str, most: int) -> str:
    """Return a text on one line.

    Raises InputError if it is blank, too long, or has characters that nobody sees.
    """
    clean = " ".join(given.split())
    if not clean:
        raise InputError(say("address.blank"))
    if not clean.isprintable():
        raise InputError(say("address.unseen"))
    if len(clean) > most:
        raise InputError(say("address.text", count=f"{len(clean):,}", most=f"{most:,}"))
    return clean


def checked_goal(outcome: str, value: object) -> float:
    """Return a goal that the outcome can have.

    Raises InputError otherwise.
    """
    low, high = OUTCOMES[outcome].bounds
    low, high = max(low, -1e9), min(high, 1e9)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not low <= value <= high:  # type: ignore[operator]
        raise InputError(say("address.number", low=f"{low:g}", high=f"{high:g}"))
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
        return json.loads(text, parse_constant=_refuse, object_pairs_hook=_table_of)
    except InputError:
        raise
    except (ValueError, RecursionError):
        raise InputError(say("address.unreadable")) from None


def _refuse(_: str) -> Any:
    raise ValueError


def _table_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a table, unless it says two things under one name."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise InputError(say("address.repeated", name=shown(name)))
        found[name] = value
    return found


def plain_events(of: Scenario) -> list[dict[str, Any]]:
    """Return a scenario's events as plain tables, without what is left out anyway."""
    return [_bare(event.model_dump()) for event in of.events]


def _bare(event: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in event.items() if value is not None}
