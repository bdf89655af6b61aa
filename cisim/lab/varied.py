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
from cisim.model.faults import number_of, number_within
from cisim.model.input_error import InputError, nearest, one_of, printable, shown
from cisim.model.parameters import Parameters
from cisim.model.quantity import Anchor, Declaration, declarations
from cisim.model.told import Sentences, Told, and_listed, several
from cisim.world.events import EVENTS
from cisim.world.posts import Takeover
from cisim.world.scenario import LEVERS, Scenario
from cisim.world.structure import Structure

Path = tuple[str | int, ...]
Kind = Literal["parameter", "lever", "event", "post"]
WHERE = "--vary"
SAYS = Sentences(
    "varied",
    **{"is": "{where} is"},
    has="{where} has",
    no_range="{lacks}: {name} has no plausible range, so say where to look; right would be --from "
    "{low} --to {high}.",
    ends="--from is {low} and --to {high}; allowed is a --from below --to.",
    outside="{option} is {given}; allowed for {name} is {allowed}.",
    unknown="{begins} {name}, which is not a parameter, a lever or a number of an event.{near} "
    "(cisim list parameters, cisim list events)",
    no_number_of="{begins} {name}, which is no number of {head}.{near}",
    no_number="{begins} {name}, a lever that is no number; allowed are numbers, as regional_fte or "
    "sponsor_link. (cisim list parameters)",
    event="{begins} {name}; allowed is an event's kind, its number where there are several, and "
    "what is varied, as backbone-starts.month or backbone-starts.2.month.",
    events_number="{begins} {name}; allowed is the event's number, as events.1.{field}.",
    no_event="{begins} {name}, and no scenario has that event.{there} (cisim list events)",
    no_events=" None of them has an event.",
    other_kind="{begins} {name}, which is another kind of event in each scenario; allowed is the "
    "kind, as {right}.",
    no_number_in="{begins} {name}; {field} is no number of {kind}.{near}",
    several_events="{begins} {name}, and {scenario} has {count} of them; allowed is one: {there}.",
    in_month="{event} (month {month})",
    in_region="{event} (month {month}, {region})",
    post="{begins} {name}; allowed is posts.N.fte, cap, from or until, of the post of that number "
    "or payer, or takeover.month, share or until (takeover.2.month where there are several).",
    no_post="{begins} {name}, which is no post of these scenarios; allowed is one, by its place "
    "from 1 on.{there}",
    several_posts="{begins} {name}, which is several posts of these scenarios; allowed is one, by "
    "its place from 1 on.{there}",
    paid_by="posts[{at}] (payer {payer})",
)


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

    def put(self, scenario: Scenario, value: float, where: str = WHERE) -> Scenario:
        """Return a scenario in which it has a value; itself where it is not there.

        where : how the sentence begins if the scenario cannot have that value

        Raises InputError then.
        """
        if self.kind == "post":
            return _with_post(scenario, self.path, int(value) if self.whole else value, where)
        if self.kind == "lever" and scenario.same_money is not None:
            with suppress(InputError):  # it has another's money: what adds to it is varied there
                return scenario.set({self.name: value}, where)
            return scenario
        if self.kind != "event":
            return scenario.set({self.name: value}, where)
        at = _event(scenario, self.path)
        if at is None:
            return scenario
        events = [event.model_dump() for event in scenario.events]
        events[at][self._field] = int(value) if self.whole else value
        return scenario.with_(events=events, where=where)

    def scale(self, low: float | None, high: float | None) -> Scale:
        """Return the range that is looked at, with its ends as given or as is sane.

        Raises InputError for a range that is missing, empty or outside the bounds.
        """
        if self.sane is None and (low is None or high is None):
            ends = zip(("--from", "--to"), (low, high), strict=True)
            raise InputError(
                SAYS(
                    "no_range",
                    lacks=and_listed(option for option, end in ends if end is None),
                    name=number_of(self.name, self.unit),
                    low=_plain(max(self.bounds[0], 0.0)),
                    high=_plain(min(self.bounds[1], 10.0)),
                )
            )
        sane = self.sane or self.bounds
        begin, end = sane[0] if low is None else low, sane[1] if high is None else high
        for option, value in (("--from", begin), ("--to", end)):
            self._check(option, value)
        if not begin < end:
            raise InputError(SAYS("ends", low=_plain(begin), high=_plain(end)))
        return Scale(float(begin), float(end), log=self.log and begin > 0.0, whole=self.whole)

    def _check(self, option: str, value: float) -> None:
        low, high = self.bounds
        whole = self.whole and value != math.floor(value)
        if not math.isfinite(value) or not low <= value <= high or whole:
            allowed = number_within(low, high, self.unit, whole=self.whole)
            raise InputError(
                SAYS("outside", option=option, given=_plain(value), name=self.name, allowed=allowed)
            )


def begins(verb: Literal["is", "has"], where: str) -> Told:
    """Return how sentences of what cannot be varied begin: "--vary is"."""
    return SAYS(verb, where=where)


OPTION = begins("is", WHERE)


def find_varied(name: str, scenarios: Sequence[Scenario], begin: Told = OPTION) -> Varied:
    """Return what a name means in scenarios.

    begin : how the sentence begins if it means nothing, see `begins`

    Raises InputError, with the nearest name, if it is nothing that can be varied, or not in any of
    them.
    """
    head, *rest = name.strip().split(".")
    if head in Parameters.model_fields and not rest:
        return _parameter(declarations(Parameters)[head])
    if rest and head in ("posts", "takeover"):
        return _post(head, rest, scenarios, begin)
    if head in LEVERS:
        return _lever(head, rest, scenarios, begin)
    if rest and (head in EVENTS or head == "events"):
        return _of_event(head, rest, scenarios, begin)
    kinds = [f"{kind}.month" for kind in EVENTS]
    known = [*Parameters.model_fields, *LEVERS, *kinds]
    raise _fault("unknown", begin, name, near=nearest(name, known))


def _fault(text: str, begin: Told, name: str, **given: object) -> InputError:
    return InputError(SAYS(text, begins=begin, name=shown(name), **given))


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


def _lever(head: str, rest: list[str], scenarios: Sequence[Scenario], begin: Told) -> Varied:
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
            raise _fault("no_number_of", begin, name, head=head, near=near)
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
        raise _fault("no_number", begin, name)
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


def _of_event(head: str, rest: list[str], scenarios: Sequence[Scenario], begin: Told) -> Varied:
    name = ".".join([head, *rest])
    *number, field = rest
    if len(number) > 1 or (number and not re.fullmatch(r"[1-9][0-9]{0,3}", number[0])):
        raise _fault("event", begin, name)
    if head == "events" and not number:
        raise _fault("events_number", begin, name, field=field)
    path: Path = (head, *(int(one) for one in number), field)
    for one in scenarios:
        _check_one(one, path, name, begin)
    found = [one.events[at] for one in scenarios if (at := _event(one, path)) is not None]
    if not found:
        there = _there(scenarios, field)
        raise _fault("no_event", begin, name, there=one_of(there) if there else SAYS("no_events"))
    kinds = {type(one) for one in found}
    kind = next(iter(kinds))
    if len(kinds) > 1:
        raise _fault("other_kind", begin, name, right=f"{_kind(kind)}.{field}")
    limits = _limits(kind.model_fields[field].metadata) if field in kind.model_fields else None
    if limits is None:
        numbers = [
            key for key, one in kind.model_fields.items() if _limits(one.metadata) is not None
        ]
        near = nearest(field, numbers)
        raise _fault("no_number_in", begin, name, field=field, kind=_kind(kind), near=near)
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


def _post(head: str, rest: list[str], scenarios: Sequence[Scenario], begin: Told) -> Varied:
    name = ".".join([head, *rest])
    *which, field = rest
    known = _OF_POSTS if head == "posts" else _OF_TAKEOVERS
    if field not in known or len(which) > 1 or (head == "posts" and not which):
        raise _fault("post", begin, name)
    found = {at for one in scenarios for at in _posts(one, head, which)}
    if len(found) != 1:
        there = [
            SAYS("paid_by", at=at, payer=post.payer)
            for one in scenarios
            for at, post in enumerate(one.structure.posts)
        ]
        text = "several_posts" if found else "no_post"
        raise _fault(text, begin, name, there=one_of(dict.fromkeys(there)) if there else "")
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


def _with_post(scenario: Scenario, path: Path, value: float, where: str) -> Scenario:
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
    return scenario.with_(structure_changes={"posts": posts}, where=where)


def _event(scenario: Scenario, path: Sequence[str | int]) -> int | None:
    """Return the place of the event that a path means, None if the scenario has none."""
    head, *number, _ = path
    places = _places(scenario, head)
    at = int(number[0]) - 1 if number else 0
    return places[at] if at < len(places) else None


def _places(scenario: Scenario, head: str | int) -> list[int]:
    return [at for at, event in enumerate(scenario.events) if head in ("events", event.kind)]


def _check_one(scenario: Scenario, path: Sequence[str | int], name: str, begin: Told) -> None:
    """Raise InputError if a path could mean several events of a scenario."""
    head, *number, field = path
    places = _places(scenario, head)
    if number or len(places) < 2:
        return
    there = []
    for k, at in enumerate(places, start=1):
        event, called = scenario.events[at], f"{head}.{k}.{field}"
        form = "in_month" if event.region is None else "in_region"
        there.append(SAYS(form, event=called, month=event.month, region=event.region))
    raise _fault(
        "several_events",
        begin,
        name,
        scenario=printable(scenario.name),
        count=len(places),
        there=several(there, "; "),
    )


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


def _plain(value: float) -> str:
    return f"{value:.12g}"
