"""The address of the page: everything that is not a default, and no more.

An address can be old or damaged. What cannot be read is left out and said, never guessed. Parts of
it can hold only together, such as two shares of one staff's time: they are read together.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from cisim.lab.ensemble import OVERALL
from cisim.model.input_error import InputError, printable, shown
from cisim.show.language.forms import localised
from cisim.show.language.spoken import languages
from cisim.show.page.address.checks import (
    LARGEST_LINKED_SEED,
    MOST_COMPARED,
    TEXTS,
    TOLD,
    VIEWS,
    as_number,
    checked_beliefs,
    checked_compared,
    checked_goal,
    checked_text,
    plainly,
)
from cisim.show.page.address.look import (
    Look,
    branch_of,
    check_no_table,
    compared_of,
    scenario_of,
    setting,
    without_idle,
)
from cisim.show.page.address.studied import read_studied
from cisim.show.page.outcomes import SHOWN
from cisim.show.page.shelf import stories
from cisim.show.page.words import say
from cisim.show.told import nearest
from cisim.version import __version__
from cisim.world.scenario import LEVERS, Scenario

LONGEST = 20_000
MOST_PARTS = 400
"""An address of more characters or parts than this is not read."""
_ROOM, _SPARE = 200, 10
"""Characters and parts that stay free for another view, month, region."""
MOST_TOLD = 8
"""So many sentences are said about one address; the rest is counted."""


# --- writing ---------------------------------------------------------------------------------


def write(look: Look) -> str:
    """Return the address of a look: a path with what differs from the default, and the version."""
    default = Look()
    pairs: list[tuple[str, str]] = []
    for name in ("language", "view"):
        if getattr(look, name) != getattr(default, name):
            pairs.append((name, getattr(look, name)))
    if look.view in TOLD:
        pairs += [("tell", look.told), *([("step", str(look.step))] if look.step else [])]
    for name in ("scenario", "world", "structure", *TEXTS):
        if getattr(look, name) != getattr(default, name):
            pairs.append((name, getattr(look, name)))
    if look.months is not None:
        pairs.append(("months", json.dumps(look.months)))
    pairs += [("set", f"{name}:{_json(value)}") for name, value in look.settings]
    if look.events is not None:
        pairs += [("event", _json(event)) for event in look.events] or [("event", "none")]
    pairs += _beside(look)
    if look.view == "studies" and look.study.said():
        pairs.append(("study", _json(look.study.said())))
    if not pairs:
        return "/"
    pairs.append(("version", __version__))
    return "/?" + urlencode(pairs, safe=":,")


def write_beside(look: Look) -> str:
    """Return the part of an address that a scenario does not say.

    It is what is asked of a scenario and shown of it: branch, seed (always), what futures believe,
    outcome, region, month, goal, and what it is compared with.
    """
    others = [(name, value) for name, value in _beside(look) if name != "seed"]
    return urlencode([("seed", json.dumps(look.seed)), *others], safe=_PLAIN)


def read_beside(look: Look, query: str) -> tuple[Look, list[str]]:
    """Return the look of a scenario with what stands beside it, and a sentence for each fault."""
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    reader = _Reader(pairs, _BESIDE)
    return reader.beside(look), reader.ignored


def _beside(look: Look) -> list[tuple[str, str]]:
    default = Look()
    pairs: list[tuple[str, str]] = []
    for name in ("beliefs", "outcome", "region"):
        if getattr(look, name) != getattr(default, name):
            pairs.append((name, getattr(look, name)))
    for name in ("seed", "month", "goal"):
        value = getattr(look, name)
        if value != getattr(default, name):
            pairs.append((name, json.dumps(value)))
    if look.branch is not None:
        pairs.append(("branch", _json(look.branch)))
    if look.compared != default.compared:
        pairs.append(("compare", ",".join(look.compared)))
    pairs += [("snapshot", _query(one)) for one in look.snapshots]
    return pairs


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
    told = say("address.too_much", most=localised(f"{most:,}"), parts=parts)
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


def language_of(query: str | None) -> str:
    """Return the language that an address asks for, "" where it asks for none that is known."""
    asked = dict(parse_qsl((query or "")[:LONGEST], errors="replace")).get("language", "")
    return asked if asked in languages() else ""


def read(query: str | None) -> tuple[Look, list[str]]:
    """Return the look of an address, and a sentence for each part that was ignored."""
    if not query:
        return Look(), []
    if len(query) > LONGEST:
        return Look(), [say("address.long", most=localised(f"{LONGEST:,}"))]
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
    "version", "language", "view", "tell", "step", "scenario", "world", "structure", *TEXTS,
    "months", "seed", "beliefs", "month", "branch", "outcome", "region", "goal", "compare", "study",
)  # fmt: skip
_KNOWN = (*_ONCE, "set", "event", "snapshot")
_OF_SNAPSHOT = tuple(name for name in _KNOWN if name not in ("snapshot", "compare", "language"))
_BESIDE = ("snapshot", "branch", "seed", "beliefs", "outcome", "region", "month", "goal", "compare")
_PLAIN = ':,{}"'


class _Reader:
    """Reads an address part by part; what cannot be read goes to `ignored`."""

    def __init__(self, pairs: Iterable[tuple[str, str]], known: Sequence[str] = _KNOWN) -> None:
        self.pairs: list[tuple[str, str]] = []
        self.ignored: list[str] = []
        foreign = []
        for name, value in pairs:
            if not _is_text(name + value):
                foreign.append((name, value, say("address.not_utf8")))
            elif name not in known:
                reason = say("address.unknown") + nearest(name, known)
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
        look = without_idle(self._together(parts))
        return self.beside(look)

    def beside(self, look: Look) -> Look:
        """Return a look with what is asked of its scenario, and shown of it."""
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
                scenario_of(_built([part for place, part in enumerate(parts) if place in wanted]))
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
        self._ignore(name, value, say("address.whole", low=low, high=localised(f"{high:,}")))
        return None

    def _months(self) -> list[_Part]:
        months = self._whole("months", 1, 600)
        return [] if months is None else [_Part("months", str(months), "months", months)]

    def _settings(self) -> list[_Part]:
        parts: dict[str, _Part] = {}
        known = scenario_of(Look())
        for key, text in self.pairs:
            if key != "set":
                continue
            name, _, value = text.partition(":")
            try:
                if name in parts:
                    raise InputError(say("address.twice"))
                given = as_number(name, _plain(value))
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
        language = self._only("language")
        if language is not None:
            if language in languages():
                look = replace(look, language=language)
            else:
                reason = say("address.unknown") + nearest(language, languages())
                self._ignore("language", language, reason)
        view = self._only("view")
        if view is not None:
            if view in VIEWS:
                look = replace(look, view=view)
            else:
                self._ignore("view", view, say("address.unknown") + nearest(view, VIEWS))
        look = self._told(look)
        given = self._only("study")
        if given is not None:
            said = self._table("study", given)
            try:
                look = replace(look, study=read_studied(said or {}))
            except InputError as error:
                self._ignore("study", given, str(error))
        seed = self._whole("seed", 0, LARGEST_LINKED_SEED)
        month = self._whole("month", 0, 600)
        horizon = scenario_of(look).months
        if month is not None and month > horizon:
            self._ignore("month", str(month), say("address.whole", low=0, high=horizon))
            month = None
        held = self._only("beliefs")
        if held is not None:
            try:
                look = replace(look, beliefs=checked_beliefs(held))
            except InputError as error:
                self._ignore("beliefs", held, str(error))
        return replace(look, seed=look.seed if seed is None else seed, month=month)

    def _told(self, look: Look) -> Look:
        """Read the story that is told, and where it stands; without one there is Start."""
        if look.view not in TOLD:
            return look
        known, name = stories(), self._only("tell") or ""
        if name not in known:
            self._ignore("tell", name, say("address.unknown") + nearest(name, known))
            return replace(look, view="start")
        step = self._whole("step", 0, len(known[name].steps) + 1)
        return replace(look, told=name, step=step or 0)

    def _snapshots(self) -> tuple[Look, ...]:
        """Read the snapshots that are compared; a snapshot has none itself."""
        found = []
        for value in [value for key, value in self.pairs if key == "snapshot"][:MOST_COMPARED]:
            reader = _Reader(parse_qsl(value, keep_blank_values=True), _OF_SNAPSHOT)
            found.append(reader.look())
            self.ignored += reader.ignored
        return tuple(found)

    def _ends(self, look: Look) -> Look:
        """Read what depends on the scenario: branch, outcome, region, goal, what is compared."""
        other = self._only("branch")
        branch = None if other is None else self._table("branch", other)
        if other is not None and branch is not None:
            try:
                new = replace(look, branch=branch)
                branch_of(new)
                look = new
            except InputError as error:
                self._ignore("branch", other, str(error))
        known = scenario_of(look)
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
        look = replace(look, snapshots=self._snapshots())
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
                new = replace(look, compared=checked_compared(names, len(look.snapshots)))
                compared_of(new)
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
