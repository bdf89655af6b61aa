"""What may be chosen: levers, posts and dates of a scenario, each over a grid of values.

    national_fte=0..4             a number, in steps that are easy to say
    national_fte=0..4/0.5         in steps of a half
    posts.2.until=24..84          of a post or an event, named as for `threshold`; months are whole
    selection=open|complementary  one of some words, numbers, structures or payers
    structure=none|regional       to which structure the rest is added
    add.national.fte=0..2         a post that is not there yet: national, regional, academic or
    add.regional.North.fte=0..1   local-action; without a region every region has one
    add.national.from=0..48       and until, payer: more about the same post

What is believed is never chosen. A post of 0 FTE, or one that ends before it begins, is none.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple, get_args

from cisim.lab.varied import Varied, find_varied
from cisim.model.input_error import InputError, nearest, shown
from cisim.world.payers import FOUNDATION
from cisim.world.posts import Where
from cisim.world.scenario import LEVERS, Scenario

VARY = "--vary"
STEPS = 40
"""A range has at least so many steps unless somebody says how wide they are."""
POST_STEPS = 20
"""And one of posts where nobody says what is chosen: 0.05 of a post where there may be two."""
MOST_STEPS = 100_000
MOST_LEVERS = 60
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_SPAN = re.compile(rf"\s*({_NUMBER}|\d{{4}}-\d{{2}})\s*\.\.\s*({_NUMBER}|\d{{4}}-\d{{2}})\s*"
                   rf"(?:/\s*({_NUMBER})\s*)?")  # fmt: skip
_FIELDS = ("fte", "from", "until", "payer")
Value = float | str


class Added(NamedTuple):
    """A post that is added: where it is, and in which region, None for every one."""

    where: Where
    region: str | None


@dataclass(frozen=True)
class Lever:
    """Something that is chosen: a number on a grid, or one of some words.

    kind   : "number", "word", "structure", or "post" of one that is added
    low, high, step : of a number; the last step may be shorter
    words  : what may be chosen where it is no number
    month  : whether it is a month of the run
    """

    name: str
    kind: Literal["number", "word", "structure", "post"]
    low: float = 0.0
    high: float = 0.0
    step: float = 0.0
    words: tuple[Value, ...] = ()
    unit: str = ""
    month: bool = False
    whole: bool = False
    varied: Varied | None = None
    added: Added | None = None

    @property
    def field(self) -> str:
        """Return the last part of its name."""
        return self.name.rpartition(".")[2]

    @cached_property
    def size(self) -> int:
        """Return how many values it may have."""
        return len(self.words) or 1 + math.ceil(round((self.high - self.low) / self.step, 6))

    def value(self, place: int) -> Value:
        """Return the value at a place of the grid."""
        if self.words:
            return self.words[place]
        if place >= self.size - 1:
            return self.high
        return round(self.low + place * self.step, 10) + 0.0

    def place(self, value: Value | None) -> int:
        """Return the place of the grid that is nearest to a value, the first for none."""
        if self.words:
            return self.words.index(value) if value in self.words else 0
        if not isinstance(value, int | float):
            return 0
        return min(range(self.size), key=lambda at: abs(float(self.value(at)) - value))

    @property
    def told(self) -> str:
        """Return over what it is chosen, in the words of the command line."""
        if self.words:
            return "|".join(map(_plain, self.words))
        return f"{_plain(self.low)}..{_plain(self.high)}/{_plain(self.step)}"


def read_levers(given: Mapping[str, object], scenario: Scenario, payer: str) -> tuple[Lever, ...]:
    """Return what is chosen; `given` has a range or words by name, as text or as a table.

    payer : who pays a post that is added and says nothing of that

    Raises InputError, with the nearest name, for what cannot be chosen.
    """
    if len(given) > MOST_LEVERS:
        raise InputError(f"{VARY} names {len(given)} levers; allowed are at most {MOST_LEVERS}.")
    structures = [scenario]
    if "structure" in given:
        words = _words_of("structure", given["structure"])
        structures = [scenario.with_(structure=str(word), where=VARY) for word in words]
    found = [_lever(name.strip(), said, structures) for name, said in given.items()]
    _check_posts(found, structures, payer)
    return tuple(found)


def _lever(name: str, said: object, scenarios: Sequence[Scenario]) -> Lever:
    if name == "structure":
        return Lever(name, "structure", words=_words_of(name, said))
    if name.startswith("add."):
        return _post(name, said, scenarios)
    head, *rest = name.split(".")
    if head in LEVERS and not rest and _text(said) is not None and not _SPAN.fullmatch(str(said)):
        words = _words_of(name, said)
        for word in words:
            for one in scenarios:
                one.set({name: word}, VARY)
        return Lever(name, "word", words=words)
    varied = find_varied(name, scenarios)
    if varied.kind == "parameter":
        raise InputError(
            f"{VARY} has {name}, a parameter: what is believed is not chosen; allowed are levers, "
            f"posts and events. (cisim list parameters)"
        )
    low, high, step = _range(name, said, scenarios[0], varied.bounds, varied.whole, varied.month)
    return Lever(name, "number", low, high, step, unit=varied.unit, month=varied.month,
                 whole=varied.whole, varied=varied)  # fmt: skip


def _post(name: str, said: object, scenarios: Sequence[Scenario]) -> Lever:
    """Return a lever of a post that is added."""
    _, where, *rest = [*name.split("."), ""]
    parts = rest[:-1]
    right = "add.national.fte, or add.regional.REGION.fte, with from, until and payer beside fte"
    if where not in get_args(Where) or not parts or parts[-1] not in _FIELDS:
        raise InputError(f"{VARY} is {shown(name)}, which is no post; right would be {right}.")
    field, region = parts[-1], ".".join(parts[:-1]) or None
    names = [one.name for one in scenarios[0].world.regions]
    if region is not None and where == "national":
        raise InputError(f"{VARY} is {shown(name)}; a national post has no region.")
    if region is not None and region not in names:
        raise InputError(
            f"{VARY} is {shown(name)}; {shown(region)} is not a region of "
            f"{scenarios[0].world_name}.{nearest(region, names)}"
        )
    added = Added(where, region)  # type: ignore[arg-type]
    if field == "payer":
        return Lever(name, "post", words=_words_of(name, said), added=added)
    if field == "fte":
        low, high, step = _range(name, said, scenarios[0], (0.0, 10_000.0), False, False)
        return Lever(name, "post", low, high, step, unit="FTE", added=added)
    horizon = float(min(one.months for one in scenarios))
    bounds = (0.0, horizon - 1.0) if field == "from" else (0.0, horizon)
    low, high, step = _range(name, said, scenarios[0], bounds, True, True)
    return Lever(name, "post", low, high, step, "", "month", True, True, None, added)  # type: ignore[arg-type]


def _check_posts(levers: Sequence[Lever], scenarios: Sequence[Scenario], payer: str) -> None:
    """Raise InputError for a post without fte, or one that somebody could not pay."""
    for lever in levers:
        added = lever.added
        if added is None:
            continue
        mine = {one.field: one for one in levers if one.added == added}
        if "fte" not in mine:
            stem = lever.name.rpartition(".")[0]
            raise InputError(
                f"{VARY} has {lever.name}, but not {stem}.fte; right would be {stem}.fte=0..2 "
                f"beside it."
            )
        for word in mine["payer"].words if "payer" in mine else (payer,):
            row = _row(added, 0.1, {"payer": word})
            for one in scenarios:
                _with_posts(one, [row])


def _row(added: Added, fte: float, more: Mapping[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {"where": added.where}
    if added.region is not None:
        row["region"] = added.region
    return row | {"fte": fte} | dict(more)


def _with_posts(scenario: Scenario, rows: Sequence[dict[str, Any]]) -> Scenario:
    there = [post.model_dump(by_alias=True, exclude_unset=True) for post in
             scenario.structure.posts]  # fmt: skip
    return scenario.with_(structure_changes={"posts": [*there, *rows]}, where=VARY)


def put(
    scenario: Scenario, levers: Sequence[Lever], values: Sequence[Value], payer: str
) -> Scenario:
    """Return a scenario in which all that is chosen has its value.

    Raises InputError if the scenario cannot have these values together.
    """
    chosen = dict(zip((one.name for one in levers), values, strict=True))
    for lever in levers:
        if lever.kind == "structure":
            scenario = scenario.with_(structure=str(chosen[lever.name]), where=VARY)
    words = {one.name: chosen[one.name] for one in levers if one.kind == "word"}
    plain = {
        one.name: chosen[one.name]
        for one in levers
        if one.varied is not None and one.varied.kind == "lever"
    }
    if words or plain:
        scenario = scenario.set({**words, **plain}, VARY)
    for lever in levers:
        if lever.varied is not None and lever.varied.kind != "lever":
            scenario = lever.varied.put(scenario, float(chosen[lever.name]))
    rows = []
    for added in dict.fromkeys(one.added for one in levers if one.added is not None):
        mine = {one.field: chosen[one.name] for one in levers if one.added == added}
        fte = float(mine.pop("fte"))
        when: dict[str, Any] = {k: int(v) for k, v in mine.items() if k in ("from", "until")}
        ends = when.get("until", scenario.months) > when.get("from", 0)
        if fte > 0.0 and ends:
            rows.append(_row(added, fte, {"payer": mine.get("payer", payer), **when}))
    return _with_posts(scenario, rows) if rows else scenario


def present(scenario: Scenario, lever: Lever) -> Value | None:
    """Return what a scenario has without any choice, None where that is nothing."""
    if lever.kind == "structure":
        return scenario.structure_name
    if lever.kind == "word":
        said = getattr(scenario.structure, lever.name)
        return said if isinstance(said, str | int | float) else None
    if lever.added is not None:
        return 0.0 if lever.field == "fte" else None
    return None if lever.varied is None else lever.varied.of(scenario)


def usual(scenario: Scenario, fte: float, payers: Sequence[str]) -> dict[str, str]:
    """Return what is chosen where nobody says: few levers, all of which cost money.

    National posts; posts in each region, one lever each up to five regions; local action in every
    region; and of several payers who pays. What a structure has already is chosen anew, what it
    has not is added. What costs nothing (how closely sponsors are linked, say) is no use of money.

    fte : what the whole budget pays, FTE
    """
    structure, world = scenario.structure, scenario.world
    found: dict[str, str] = {}
    if structure.national_fte > 0.0:
        found["national_fte"] = _up_to(fte / world.scale)
    else:
        found["add.national.fte"] = _up_to(fte)
    names = [region.name for region in world.regions]
    if structure.regional:
        found["regional_fte"] = _up_to(fte / len(names))
    elif len(names) <= MOST_REGIONS:
        found |= {f"add.regional.{name}.fte": _up_to(fte) for name in names}
    else:
        found["add.regional.fte"] = _up_to(fte / len(names))
    found["add.local-action.fte"] = _up_to(fte / len(names))
    if len(payers) > 1:
        posts = {name.rpartition(".")[0] for name in found if name.startswith("add.")}
        found |= {f"{post}.payer": "|".join(payers) for post in sorted(posts)}
    return found


MOST_REGIONS = 5
"""Up to so many regions each has a lever of its own where nobody says what is chosen."""


def _up_to(fte: float) -> str:
    high = max(0.1, math.ceil(round(fte * 10.0, 6)) / 10.0)
    return f"0..{_plain(high)}/{_plain(nice(high / POST_STEPS))}"


# --- reading ---------------------------------------------------------------------------------


def _text(said: object) -> str | None:
    """Return what is said as words, None where it is a range."""
    if isinstance(said, Mapping):
        return None if "low" in said or "high" in said else "values"
    return None if isinstance(said, str) and _SPAN.fullmatch(said) else "words"


def _words_of(name: str, said: object) -> tuple[Value, ...]:
    """Return the words, or numbers, of which one is chosen."""
    if isinstance(said, Mapping):
        extra = [key for key in said if key != "values"]
        if extra:
            raise InputError(f"{VARY} {name} has {shown(extra[0])}; allowed is values = [...].")
        said = said.get("values")
    parts = said.split("|") if isinstance(said, str) else said
    if not isinstance(parts, Sequence) or not all(isinstance(p, str | int | float) for p in parts):
        raise InputError(f"{VARY} {name} is {shown(said)}; allowed are words with | between them.")
    words = tuple(_word(part) for part in parts)
    if len(set(words)) < len(words) or len(words) < 2 or "" in words:
        raise InputError(
            f"{VARY} {name} is {shown(said)}; allowed are two or more values, each once, with | "
            f"between them."
        )
    return words


def _word(part: str | float) -> Value:
    if isinstance(part, bool):
        return part
    text = part.strip() if isinstance(part, str) else part
    if isinstance(text, str):
        if text in ("true", "false"):
            return text == "true"
        return float(text) if re.fullmatch(_NUMBER, text) else text
    return float(text)


def _range(
    name: str,
    said: object,
    scenario: Scenario,
    bounds: tuple[float, float],
    whole: bool,
    month: bool,
) -> tuple[float, float, float]:
    """Return both ends of a range and its step."""
    right = f"right would be {VARY} {name}=0..{2 if not month else 24}, or 0..2/0.5 in steps"
    if isinstance(said, Mapping):
        extra = [key for key in said if key not in ("low", "high", "step")]
        if extra or not {"low", "high"} <= said.keys():
            raise InputError(
                f"{VARY} {name} has {', '.join(map(str, said)) or 'nothing'}; allowed are low, "
                f"high and step."
            )
        ends: list[object] = [said["low"], said["high"], said.get("step")]
    else:
        match = _SPAN.fullmatch(str(said))
        if match is None:
            raise InputError(f"{VARY} {name} is {shown(said)}, which is no range; {right}.")
        ends = list(match.groups())
    numbers: list[float] = []
    for end in ends[:2]:
        if isinstance(end, str) and re.fullmatch(r"\d{4}-\d{2}", end):
            if not month:
                raise InputError(f"{VARY} {name} has {shown(end)}; dates are for months only.")
            numbers.append(float(scenario.calendar.parse(end, f"{VARY} {name}")))
        else:
            numbers.append(_finite(end, name, right))
    low, high = numbers
    step = None if ends[2] is None else _finite(ends[2], name, right)
    for end in (low, high):
        if not bounds[0] <= end <= bounds[1] or (whole and end != math.floor(end)):
            kind = "whole numbers" if whole else "numbers"
            raise InputError(
                f"{VARY} {name} has {_plain(end)}; allowed are {kind} from {_plain(bounds[0])} to "
                f"{_plain(bounds[1])}."
            )
    if not low < high:
        raise InputError(
            f"{VARY} {name} is {_plain(low)}..{_plain(high)}; allowed is a first number below the "
            f"second (for one value: --set)."
        )
    if step is None:
        step = max(1.0, nice((high - low) / STEPS)) if whole else nice((high - low) / STEPS)
    if not 0.0 < step <= high - low or (whole and step != math.floor(step)):
        kind = "a whole number" if whole else "a number"
        raise InputError(
            f"{VARY} {name} has the step {_plain(step)}; allowed is {kind} above 0 and at most "
            f"{_plain(high - low)}."
        )
    if (high - low) / step > MOST_STEPS:
        raise InputError(f"{VARY} {name} has more than {MOST_STEPS:,} steps; allowed are wider.")
    return low, high, step


def _finite(given: object, name: str, right: str) -> float:
    try:
        number = float(given)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number) or isinstance(given, bool):
        raise InputError(f"{VARY} {name} has {shown(given)}, which is no number; {right}.")
    return number


def nice(width: float) -> float:
    """Return the widest step of 1, 2 or 5 times a power of ten that is not above a width."""
    power = 10.0 ** math.floor(math.log10(width) + 1e-9)
    times = next(one for one in (5.0, 2.0, 1.0) if one * power <= width * (1 + 1e-9))
    return float(f"{times * power:.1g}")


def _plain(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, int | float) and not isinstance(value, bool) else (
        str(value).lower() if isinstance(value, bool) else str(value)
    )  # fmt: skip


DEFAULT_PAYER = FOUNDATION
"""Who pays a post that is added, unless somebody says."""
