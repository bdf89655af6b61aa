"""What can be varied: a parameter, a lever, or a number of a dated event, by its name.

    effort_half                    a parameter
    regional_fte, sponsor_link     a lever, in a table as regional_roles.local_support
    backbone-starts.month          of the event of that kind, backbone-starts.2.month where there
                                   are several
    posts.2.until, posts.County.fte  of a post, by its place in the file or by who pays it
    takeover.month, takeover.share of the post that somebody takes over, takeover.2.month where
                                   there are several

A name is looked for in every scenario. A belief is changed in all of them; a lever, a post or an
event only where it is there. A scenario that is given another's money has none of its own to vary.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from annotated_types import Ge, Le
from pydantic import BaseModel

from cisim.lab.turning import Scale
from cisim.model.input_error import InputError, nearest, printable, shown
from cisim.model.parameters import Parameters
from cisim.model.quantity import Anchor, Declaration, declarations
from cisim.world.events import EVENTS
from cisim.world.posts import Takeover
from cisim.world.scenario import LEVERS, Scenario
from cisim.world.structure import Structure

Path = tuple[str | int, ...]
Kind = Literal["parameter", "lever", "event", "post"]
WHERE = "--vary"


@dataclass(frozen=True)
class Varied:
    """A number that is varied.

    path      : where it stands: names, and places in a list
    bounds    : what is allowed, both ends included
    sane      : the range that is looked at unless another is given; None where there is none
    plausible : what may be believed of a parameter, else None
    default   : that it has where nobody sets it, None where that is no number
    month     : whether it is a month of the run
    """

    name: str
    kind: Kind
    path: Path
    meaning: str
    unit: str
    bounds: tuple[float, float]
    sane: tuple[float, float] | None
    plausible: tuple[float, float] | None = None
    default: float | None = None
    anchors: tuple[Anchor, ...] = ()
    log: bool = False
    whole: bool = False
    month: bool = False

    @property
    def _field(self) -> str:
        return str(self.path[-1])

    def of(self, scenario: Scenario) -> float | None:
        """Return its value in a scenario, None where it is not there or is no number."""
        if self.kind == "post":
            return _of_post(scenario, self.path)
        part: Any = scenario.parameters if self.kind == "parameter" else scenario.structure
        if self.kind == "event":
            at = _event(scenario, self.path)
            return None if at is None else _number(getattr(scenario.events[at], self._field))
        for key in self.path:
            part = getattr(part, str(key))
        return _number(part)

    def put(self, scenario: Scenario, value: float) -> Scenario:
        """Return a scenario in which it has a value; itself where it is not there.

        Raises InputError if the scenario cannot have that value.
        """
        if self.kind == "post":
            return _with_post(scenario, self.path, int(value) if self.whole else value)
        if self.kind == "lever" and scenario.same_money is not None:
            with suppress(InputError):  # it has another's money: what adds to it is varied there
                return scenario.set({self.name: value}, WHERE)
            return scenario
        if self.kind != "event":
            return scenario.set({self.name: value}, WHERE)
        at = _event(scenario, self.path)
        if at is None:
            return scenario
        events = [event.model_dump() for event in scenario.events]
        events[at][self._field] = int(value) if self.whole else value
        return scenario.with_(events=events, where=WHERE)

    def scale(self, low: float | None, high: float | None) -> Scale:
        """Return the range that is looked at, with its ends as given or as is sane.

        Raises InputError for a range that is missing, empty or outside the bounds.
        """
        if self.sane is None and (low is None or high is None):
            lacks = "--from and --to" if low is None and high is None else _lacking(low)
            unit = f" ({self.unit})" if self.unit else ""
            raise InputError(
                f"{lacks}: {self.name}{unit} has no plausible range, so say where to look; right "
                f"would be --from {_plain(max(self.bounds[0], 0.0))} --to {self._example()}."
            )
        sane = self.sane or self.bounds
        ends = [sane[0] if low is None else low, sane[1] if high is None else high]
        for option, value in zip(("--from", "--to"), ends, strict=True):
            self._check(option, value)
        if not ends[0] < ends[1]:
            raise InputError(
                f"--from is {_plain(ends[0])} and --to {_plain(ends[1])}; allowed is a --from "
                f"below --to."
            )
        return Scale(
            float(ends[0]), float(ends[1]), log=self.log and ends[0] > 0.0, whole=self.whole
        )

    def _check(self, option: str, value: float) -> None:
        low, high = self.bounds
        whole = self.whole and value != math.floor(value)
        if not math.isfinite(value) or not low <= value <= high or whole:
            kind = "a whole number" if self.whole else "a number"
            unit = f" ({self.unit})" if self.unit else ""
            raise InputError(
                f"{option} is {_plain(value)}; allowed for {self.name} is {kind} from "
                f"{_plain(low)} to {_plain(high)}{unit}."
            )

    def _example(self) -> str:
        return _plain(min(self.bounds[1], 10.0))


def find_varied(name: str, scenarios: Sequence[Scenario]) -> Varied:
    """Return what a name means in scenarios.

    Raises InputError, with the nearest name, if it is nothing that can be varied, or not in any of
    them.
    """
    head, *rest = name.strip().split(".")
    if head in Parameters.model_fields and not rest:
        return _parameter(declarations(Parameters)[head])
    if rest and head in ("posts", "takeover"):
        return _post(head, rest, scenarios)
    if head in LEVERS:
        return _lever(head, rest, scenarios)
    if rest and (head in EVENTS or head == "events"):
        return _of_event(head, rest, scenarios)
    kinds = [f"{kind}.month" for kind in EVENTS]
    known = [*Parameters.model_fields, *LEVERS, *kinds]
    raise InputError(
        f"{WHERE} is {shown(name)}, which is not a parameter, a lever or a number of an event."
        f"{nearest(name, known)} (cisim list parameters, cisim list events)"
    )


def _parameter(one: Declaration) -> Varied:
    return Varied(
        name=one.name,
        kind="parameter",
        path=(one.name,),
        meaning=one.meaning,
        unit=one.unit,
        bounds=one.bounds,
        sane=one.plausible,
        plausible=one.plausible,
        default=one.default,
        anchors=one.evidence.anchors,
        log=one.log_scale,
        whole=one.whole,
    )


def _lever(head: str, rest: list[str], scenarios: Sequence[Scenario]) -> Varied:
    name = ".".join([head, *rest])
    horizon = min(scenario.months for scenario in scenarios)
    declared = declarations(Structure).get(head)
    if declared is not None and not rest:
        month = declared.unit == "month"
        sane = _of_shares(declared.bounds)
        return Varied(
            name=name,
            kind="lever",
            path=(head,),
            meaning=declared.meaning,
            unit=declared.unit,
            bounds=declared.bounds,
            sane=(0.0, float(horizon)) if month else sane,
            default=declared.default,
            whole=declared.whole,
            month=month,
        )
    field = Structure.model_fields[head]
    table = field.annotation
    if isinstance(table, type) and issubclass(table, BaseModel):
        parts = declarations(table)
        if len(rest) != 1 or rest[0] not in parts:
            near = nearest(name, [f"{head}.{part}" for part in parts])
            raise InputError(f"{WHERE} is {shown(name)}, which is no number of {head}.{near}")
        one = parts[rest[0]]
        tables = [getattr(scenario.structure, head) for scenario in scenarios]
        room = [1.0 - sum(getattr(t, part) for part in parts if part != one.name) for t in tables]
        return Varied(
            name=name,
            kind="lever",
            path=(head, one.name),
            meaning=one.meaning,
            unit=one.unit,
            bounds=one.bounds,
            sane=(0.0, round(max(0.0, min(room)), 9)),
            default=one.default,
        )
    limits = _limits(field.metadata)
    if rest or limits is None:
        raise InputError(
            f"{WHERE} is {shown(name)}, a lever that is no number; allowed are numbers, as "
            f"regional_fte or sponsor_link. (cisim list parameters)"
        )
    extra: Any = field.json_schema_extra or {}
    return Varied(
        name=name,
        kind="lever",
        path=(head,),
        meaning=field.description or "",
        unit=str(extra.get("unit", "")),
        bounds=limits,
        sane=_of_shares(limits),
        default=_number(field.default),
    )


def _of_event(head: str, rest: list[str], scenarios: Sequence[Scenario]) -> Varied:
    name = ".".join([head, *rest])
    *number, field = rest
    if len(number) > 1 or (number and not re.fullmatch(r"[1-9][0-9]{0,3}", number[0])):
        raise InputError(
            f"{WHERE} is {shown(name)}; allowed is an event's kind, its number where there are "
            f"several, and what is varied, as backbone-starts.month or backbone-starts.2.month."
        )
    if head == "events" and not number:
        raise InputError(
            f"{WHERE} is {shown(name)}; allowed is the event's number, as events.1.{field}."
        )
    path: Path = (head, *(int(one) for one in number), field)
    found = [at for one in scenarios if (at := _event(one, path, name)) is not None]
    if not found:
        there = _there(scenarios, field)
        which = f" There is {', '.join(there)}." if there else " None of them has an event."
        raise InputError(
            f"{WHERE} is {shown(name)}, and no scenario has that event.{which} (cisim list events)"
        )
    kinds = {
        type(one.events[at])
        for one in scenarios
        if (at := _event(one, path, name)) is not None
    }  # fmt: skip
    kind = next(iter(kinds))
    if len(kinds) > 1:
        raise InputError(
            f"{WHERE} is {shown(name)}, which is another kind of event in each scenario; allowed "
            f"is the kind, as {_kind(kind)}.{field}."
        )
    limits = _limits(kind.model_fields[field].metadata) if field in kind.model_fields else None
    if limits is None:
        numbers = [
            key for key, one in kind.model_fields.items() if _limits(one.metadata) is not None
        ]
        near = nearest(field, numbers)
        raise InputError(f"{WHERE} is {shown(name)}; {field} is no number of {_kind(kind)}.{near}")
    horizon = min(scenario.months for scenario in scenarios)
    extra: Any = kind.model_fields[field].json_schema_extra or {}
    month = field == "month"
    return Varied(
        name=name,
        kind="event",
        path=path,
        meaning=kind.words,
        unit=str(extra.get("unit", "")),
        bounds=(0.0, horizon - 1.0) if month else limits,
        sane=(0.0, horizon - 1.0) if month else _of_shares(limits),
        whole=kind.model_fields[field].annotation is int,
        month=month,
    )


_OF_POSTS = {"fte": "FTE", "cap": "FTE", "from": "month", "until": "month"}
_OF_TAKEOVERS = {"share": "share", "month": "month", "until": "month"}


def _post(head: str, rest: list[str], scenarios: Sequence[Scenario]) -> Varied:
    name = ".".join([head, *rest])
    *which, field = rest
    known = _OF_POSTS if head == "posts" else _OF_TAKEOVERS
    if field not in known or len(which) > 1 or (head == "posts" and not which):
        raise InputError(
            f"{WHERE} is {shown(name)}; allowed is posts.N.fte, cap, from or until, of the post of "
            f"that number or payer, or takeover.month, share or until (takeover.2.month where "
            f"there are several)."
        )
    found = {at for one in scenarios for at in _posts(one, head, which)}
    if len(found) != 1:
        there = [
            f"posts[{at}] (payer {post.payer})"
            for one in scenarios
            for at, post in enumerate(one.structure.posts)
        ]
        many = "several posts" if found else "no post"
        listed = f" There is {', '.join(dict.fromkeys(there))}." if there else ""
        raise InputError(
            f"{WHERE} is {shown(name)}, which is {many} of these scenarios; allowed is one, by its "
            f"place from 1 on.{listed}"
        )
    (at,) = found
    key = "from" if field == "month" else field
    path: Path = (at, key) if head == "posts" else (at, "after", key)
    owner = next(one for one in scenarios if _posts(one, head, which))
    post = owner.structure.posts[at]
    month, horizon = known[field] == "month", float(owner.months)
    low, high = (0.0, horizon - 1.0) if month else (0.0, 10_000.0)
    begins, ends = (_of_post(owner, (at, one)) for one in ("from", "until"))
    if field == "until":
        low, high = 1.0 + (begins or 0.0), horizon
    elif field == "from" and ends is not None:
        high = min(high, ends - 1.0)
    elif field == "month" and ends is not None:
        low = ends
    sane = (low, high) if month else (0.0, 1.0) if field == "share" else None
    return Varied(
        name=name,
        kind="post",
        path=path,
        meaning=f"Of the {post.where} post that {post.payer} pays.",
        unit=known[field],
        bounds=(1e-6, 100.0) if field == "share" else (low, high),
        sane=(0.05, 1.0) if field == "share" else sane,
        whole=month,
        month=month,
    )


def _posts(scenario: Scenario, head: str, which: Sequence[str]) -> list[int]:
    """Return the places of the posts that a name means in a scenario."""
    posts = list(enumerate(scenario.structure.posts))
    if head == "takeover":
        posts = [(at, post) for at, post in posts if isinstance(post.after, Takeover)]
    places = [at for at, _ in posts]
    if not which:
        return places
    if re.fullmatch(r"[1-9][0-9]{0,3}", which[0]):
        return places[int(which[0]) - 1 : int(which[0])]
    return [at for at, post in posts if post.payer == which[0]]


def _of_post(scenario: Scenario, path: Path) -> float | None:
    """Return a number of a post, None where there is none."""
    at, *keys = path
    posts = scenario.structure.posts
    if int(at) >= len(posts):
        return None
    part: Any = posts[int(at)]
    for key in keys:
        part = getattr(part, "from_" if key == "from" else str(key), None)
    return _number(scenario.calendar.month(part) if isinstance(part, str) else part)


def _with_post(scenario: Scenario, path: Path, value: float) -> Scenario:
    """Return a scenario in which a post has another number; itself where there is no such post."""
    at, *keys = path
    posts = [
        post.model_dump(by_alias=True, exclude_unset=True) for post in scenario.structure.posts
    ]
    if int(at) >= len(posts):
        return scenario
    part: Any = posts[int(at)]
    for key in keys[:-1]:
        part = part[key]
        if not isinstance(part, dict):
            return scenario
    part[keys[-1]] = value
    return scenario.with_(structure_changes={"posts": posts}, where=WHERE)


def _event(scenario: Scenario, path: Sequence[str | int], name: str = "") -> int | None:
    """Return the place of the event that a path means, None if the scenario has none.

    Raises InputError, where a `name` is given, if it could be several.
    """
    head, *number, field = path
    places = [
        at for at, event in enumerate(scenario.events) if head in ("events", event.kind)
    ]  # fmt: skip
    if number:
        at = int(number[0]) - 1
        return places[at] if at < len(places) else None
    if len(places) > 1 and name:
        there = "; ".join(
            f"{head}.{k}.{field} (month {scenario.events[at].month}"
            f"{'' if scenario.events[at].region is None else f', {scenario.events[at].region}'})"
            for k, at in enumerate(places, start=1)
        )
        raise InputError(
            f"{WHERE} is {shown(name)}, and {printable(scenario.name)} has {len(places)} of them; "
            f"allowed is one: {there}."
        )
    return places[0] if places else None


def _there(scenarios: Sequence[Scenario], field: str) -> list[str]:
    """Return how the events of scenarios are named."""
    found: dict[str, None] = {}
    for scenario in scenarios:
        kinds = [event.kind for event in scenario.events]
        for at, kind in enumerate(kinds):
            several = f".{kinds[: at + 1].count(kind)}" if kinds.count(kind) > 1 else ""
            found[f"{kind}{several}.{field}"] = None
    return list(found)[:12]


def _kind(kind: type[Any]) -> str:
    return next(name for name, one in EVENTS.items() if one is kind)


def _limits(metadata: Sequence[Any]) -> tuple[float, float] | None:
    """Return the bounds of a field that is a number, None if it is none."""
    low = [float(one.ge) for one in metadata if isinstance(one, Ge)]  # type: ignore[arg-type]
    high = [float(one.le) for one in metadata if isinstance(one, Le)]  # type: ignore[arg-type]
    return (low[0], high[0]) if low and high else None


def _of_shares(bounds: tuple[float, float]) -> tuple[float, float] | None:
    """Return bounds that are a range to look at: those of shares and levels."""
    return bounds if bounds == (0.0, 1.0) else None


def _number(value: object) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number else None  # type: ignore[arg-type]


def _lacking(low: float | None) -> str:
    return "--from" if low is None else "--to"


def _plain(value: float) -> str:
    return f"{value:.12g}"
