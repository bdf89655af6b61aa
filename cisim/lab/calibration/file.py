"""Targets as a TOML file.

title = "Our own first two years"
scenario = "my-scenario.toml"        # a name, or a file beside this one: for targets on outcomes
also = ["shared"]                    # other files whose targets belong to these, too
fixed = ["turnover"]                 # what is known, and stays as the scenario has it

[vary]                               # left out: every free parameter over its plausible range
effort_half = { low = 1, high = 9 }
trust_prior = {}

[[targets]]
outcome = "members"
month = 24                           # or a date, where the world has a start
value = 14
tolerance = 3
source = "our register, January 2026"

[[targets]]
indicator = "L3.four_years"          # of many sites: see cisim.lab.indicators
value = 0.67                         # or at_least, at_most: how far the other way does not matter
tolerance = 0.13
weight = 1                           # 0: told, and rules nothing out
units = 110                          # of so many real partnerships the value is a mean
source = "Feinberg, Bontempo and Greenberg 2008"
"""

from __future__ import annotations

import math
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from cisim.lab.calibration.measured import Indicated, Outcomes, Reader, Reading
from cisim.lab.calibration.target import Side, Target
from cisim.lab.executors import whole_number
from cisim.lab.indicators import INDICATORS, SITES
from cisim.model.input_error import InputError, Problems, nearest, printable, shown
from cisim.model.outcomes.declared import OUTCOMES, find_outcome
from cisim.model.parameters import Parameters
from cisim.model.quantity import Declaration, declarations
from cisim.model.told import Named, Sentences, and_listed
from cisim.world.files import checked, configs, is_path, name_of, parse, read_text
from cisim.world.ranges import Range, free_parameters, plausible_range
from cisim.world.scenario import LEVERS, Scenario
from cisim.world.texts import Line, Lines

SAYS = Sentences(
    "targets",
    none="{name}: has no targets; allowed is at least one.",
    many="{name}: has {many:,} targets; allowed are {most}.",
    weightless=(
        "{name}: every target has weight 0, so nothing would be ruled out; allowed is at least "
        "one above 0."
    ),
    namesakes="{where}: two targets are called {name}; allowed is a name for each.",
    set=(
        "{where}: --set needs a scenario, and these targets have none of their own; right would "
        'be scenario = "national-and-regional", or fixed = [...].'
    ),
    idle_scenario=(
        "{where}: scenario {name} would change nothing here; it is for targets on outcomes."
    ),
    idle_sites="--sites would change nothing here; {where} has no target on an indicator of sites.",
    idle_set="--set {name} would change nothing here; it is varied.",
    without="--without has {name}, which is no target of {where}.{near}",
    conflict=(
        "{where}: targets {one} and {other} conflict: both are {reading}, and no value lies "
        "within the tolerance of both; allowed is one of them, weight = 0 for the other, or two "
        "files, which are calibrated beside each other."
    ),
    not_shipped="{lead}{name} is no file of targets that ships, or the path of a .toml file.{near}",
    circle="{where}: also leads back to this file; allowed are other files.",
    no_table=(
        "{where}: has no targets; allowed is a table [[targets]] for each, with value, tolerance "
        "and source."
    ),
    no_scenario_for=(
        "{where}: {name} is given and scenario is missing; right would be scenario = "
        '"national-and-regional".'
    ),
    both="both indicator and outcome",
    neither="neither indicator nor outcome",
    one_of_them="{where} has {has}; allowed is one of them.",
    idle_field="{where}.{name} would change nothing; it is for an outcome.",
    out_of_bounds=(
        "{where}.{side} is {value:g}; allowed for {outcome} is a number from {low:g} to {high:g}."
    ),
    no_value="no value",
    sides="{where} has {has}; allowed is one of value, at_least, at_most.",
    no_indicator="{where}.indicator is {name}, which is not an indicator.{near}",
    outcome_alone=(
        "{where} is on the outcome {outcome} and the file names no scenario; right would be "
        'scenario = "national-and-regional".'
    ),
    no_outcome="{where}.outcome is {outcome}, which is not an outcome.{near} (cisim list outcomes)",
    no_month="{where}.month is missing; right would be month = 24.",
    late="{where}.month is {month}; allowed is 1 to {months}, the months of {name}.",
    no_region="{where}.region is {region}, which is no region of {world_name}.{near}",
    all_fixed="{where} is left out and every parameter is fixed; name some.",
    empty_vary='{where} is empty; right would be vary = ["effort_half"].',
    twice="{where} has {again} twice; allowed is each once.",
    fixed="{where} has {name}, which is fixed; allowed is one of both.",
    lever=(
        "{where} has {name}, a lever: what is decided is not calibrated; allowed are parameters. "
        "(cisim list parameters)"
    ),
    no_parameter="{where} has {name}, which is not a parameter.{near} (cisim list parameters)",
    no_range=(
        "{where} has no plausible range, so say which; right would be low = {low:g}, high = "
        "{high:g}."
    ),
    whole_number="a whole number",
    number="a number",
    end="{where}.{end} is {value:g}; allowed is {kind} from {low:g} to {high:g} ({unit}).",
    reversed="{where} goes from low {low:g} to high {high:g}; allowed is a low below high.",
    log="{where}.low is {low:g} on a log scale; allowed is a number above 0.",
)

MOST_WEIGHT = 10.0
MOST_TARGETS = 200
MOST_SITES = 10_000
OF_SITES = {"population", "seeded"}
"""What indicators need that is of many sites, and shares its runs."""


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class VaryFile(_Said):
    """Over what a parameter is varied; left out, its plausible range on its scale."""

    low: float | None = None
    high: float | None = None
    log: bool | None = None


class TargetFile(_Said):
    """One target: see cisim.lab.calibration.target."""

    name: Annotated[Line, Field(min_length=1, max_length=60)] | None = None
    indicator: Line | None = None
    outcome: Line | None = None
    month: int | Line | None = None
    region: Line | None = None
    value: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    tolerance: Annotated[float, Field(gt=0)]
    weight: Annotated[float, Field(ge=0, le=MOST_WEIGHT)] = 1.0
    units: Annotated[int, Field(ge=1)] | None = None
    source: Annotated[Line, Field(min_length=1)]


class TargetsFile(_Said):
    """What the file may say."""

    title: Annotated[Line, Field(max_length=200)] = ""
    claim: Lines = ""
    also: list[Line] = []
    scenario: Line | None = None
    world: Line | None = None
    structure: Line | None = None
    vary: dict[str, VaryFile] | list[str] | None = None
    fixed: list[str] = []
    sites: Annotated[int, Field(ge=2, le=MOST_SITES)] = SITES
    targets: list[dict[str, Any]] = []


@dataclass(frozen=True, eq=False)
class Targets:
    """What is calibrated to, and over what: read and checked.

    name     : of the file
    readers  : what measures it
    ranges   : what is varied, all of it parameters
    scenario : of targets on outcomes, None where there are none
    """

    name: str
    title: str
    targets: tuple[Target, ...]
    readers: tuple[Reader, ...]
    ranges: tuple[Range, ...]
    scenario: Scenario | None = None

    def __post_init__(self) -> None:
        if not self.targets:
            raise InputError(SAYS("none", name=self.name))
        if len(self.targets) > MOST_TARGETS:
            raise InputError(
                SAYS("many", name=self.name, many=len(self.targets), most=MOST_TARGETS)
            )
        if all(not one.weight > 0.0 for one in self.targets):
            raise InputError(SAYS("weightless", name=self.name))
        for at, one in enumerate(self.targets):
            if one.name in [other.name for other in self.targets[:at]]:
                raise InputError(SAYS("namesakes", where=self.name, name=shown(one.name)))

    @property
    def of_sites(self) -> bool:
        """Return whether some of it is of a population of sites."""
        return any(isinstance(one, Indicated) and one.units > 1 for one in self.readers)

    def origin(self) -> dict[str, Any]:
        """Return what of it decides the result, as plain values."""
        return {
            "targets": [
                {
                    "name": one.name, "reading": one.reading, "value": one.value, "side": one.side,
                    "tolerance": one.tolerance, "weight": one.weight, "units": one.units,
                    "source": one.source,
                }
                for one in self.targets
            ],
            "sites": {
                name: one.sites
                for one in self.readers
                if isinstance(one, Indicated)
                for name in one.columns[:1]
            },
            "vary": {one.name: [one.low, one.high, one.log] for one in self.ranges},
        }  # fmt: skip


@cache
def shipped_targets() -> dict[str, Path]:
    """Return the shipped files of targets by name, in alphabetical order."""
    found = {path.stem: path for path in (configs() / "targets").glob("*.toml")}
    return dict(sorted(found.items()))


def asks(said: Mapping[str, Any]) -> bool:
    """Return whether what a file says are targets."""
    return "targets" in said


def read_targets(
    given: str | os.PathLike[str],
    *,
    vary: Mapping[str, Mapping[str, Any]] | None = None,
    set_: Mapping[str, Any] | None = None,
    sites: int | None = None,
    usual_sites: int | None = None,
    without: Collection[str] = (),
    **changes: Any,
) -> Targets:
    """Return the targets of a file or of a shipped name.

    vary    : in place of what the file says
    set_    : parameters, and levers of the scenario, that are set to values and not varied
    sites   : of a population of which indicators tell; usual_sites is in place of what the file
              says, where it has indicators at all
    without : names of targets that are told and rule nothing out
    changes : to the scenario, as `Scenario.load` takes them; they go before what the file says

    Raises InputError with a sentence for each fault.
    """
    path = _find(given)
    where = printable(path.name)
    if sites is not None:
        sites = whole_number("sites", sites, 2, MOST_SITES)
    wrong = Problems()
    files = _with_others(path, where, [])
    own = files[0][1]
    scenario = _scenario(path, where, own, changes)
    if set_:
        if scenario is None:
            raise InputError(SAYS("set", where=where))
        scenario = scenario.set(dict(set_))
    targets: list[Target] = []
    readings: list[Reading] = []
    indicators: list[str] = []
    for file_where, file in files:
        for at, said in enumerate(file.targets):
            place = f"targets[{at}]"
            with wrong.gathered():
                one = checked(TargetFile, said, file_where, under=place)
                found = _target(one, f"{file_where}: {place}", scenario)
                if isinstance(found[1], Reading):
                    readings.append(found[1])
                else:
                    indicators.append(found[1])
                targets.append(found[0])
    known = {} if scenario is None else scenario.parameters.model_dump(exclude_defaults=True)
    ranges: tuple[Range, ...] = ()
    with wrong.gathered():
        said_vary = own.vary if vary is None else {
            name: checked(VaryFile, dict(one), "--vary", under=name) for name, one in vary.items()
        }  # fmt: skip
        place = f"{where}: vary" if vary is None else "--vary"
        ranges = _ranges(said_vary, [*own.fixed], known, place, f"{where}: fixed")
    wrong.refuse()
    if scenario is not None and not readings:
        raise InputError(SAYS("idle_scenario", where=where, name=shown(scenario.name)))
    if sites is not None and not any(INDICATORS[name].needs in OF_SITES for name in indicators):
        raise InputError(SAYS("idle_sites", where=where))
    for name in set_ or ():
        if name in [one.name for one in ranges]:
            raise InputError(SAYS("idle_set", name=name))
    readers = readers_of(scenario, readings, indicators, sites or usual_sites or own.sites)
    units = {name: (one.units, unit_of(name)) for one in readers for name in one.columns}
    whole = tuple(
        replace(
            one,
            unit=units[one.reading][1],
            weight=0.0 if one.name in without else one.weight,
        )
        for one in targets
    )
    for name in without:
        if name not in [one.name for one in targets]:
            near = nearest(name, [one.name for one in targets])
            raise InputError(SAYS("without", name=shown(name), where=where, near=near))
    _check_one_figure(whole, {one.name for one in readings}, where)
    return Targets(name_of(path), own.title, whole, readers, ranges, scenario)


def _check_one_figure(targets: Sequence[Target], figures: Collection[str], where: str) -> None:
    """Raise InputError for two targets of one figure of one's own that no value meets.

    figures : readings of one's own partnership, which has one luck; published ones are means of
              several, whose lucks differ
    """
    there = [one for one in targets if one.weight > 0.0 and one.reading in figures]
    for one, other in combinations(there, 2):
        bands = [
            (
                -math.inf if each.side == "at_most" else each.value - each.tolerance / each.weight,
                math.inf if each.side == "at_least" else each.value + each.tolerance / each.weight,
            )
            for each in (one, other)
        ]
        low, high = max(band[0] for band in bands), min(band[1] for band in bands)
        if one.reading == other.reading and low > high:
            raise InputError(
                SAYS(
                    "conflict",
                    where=where,
                    one=shown(one.name),
                    other=shown(other.name),
                    reading=one.reading,
                )
            )


def _find(given: str | os.PathLike[str], where: str = "") -> Path:
    name = os.fspath(given)
    known = shipped_targets()
    if name in known:
        return known[name]
    if is_path(name):
        return Path(name)
    lead = f"{where}: " if where else ""
    raise InputError(SAYS("not_shipped", lead=lead, name=shown(name), near=nearest(name, known)))


def _with_others(path: Path, where: str, above: Sequence[Path]) -> list[tuple[str, TargetsFile]]:
    """Return a file, and those that it takes targets from, each once."""
    here = path.resolve()
    if here in above:
        raise InputError(SAYS("circle", where=where))
    said = parse(read_text(path), where)
    if not asks(said) and "also" not in said:
        raise InputError(SAYS("no_table", where=where))
    own = checked(TargetsFile, said, where)
    found = [(where, own)]
    for name in own.also:
        other = path.parent / name
        there = other if is_path(name) and other.exists() else _find(name, f"{where}: also")
        more = _with_others(there, printable(there.name), [*above, here])
        found += [one for one in more if one[0] not in [known for known, _ in found]]
    return found


def _scenario(
    path: Path, where: str, file: TargetsFile, changes: Mapping[str, Any]
) -> Scenario | None:
    given = {name: value for name, value in changes.items() if value is not None}
    if file.scenario is None:
        for name in ("world", "structure"):
            if getattr(file, name) is not None or name in given:
                raise InputError(SAYS("no_scenario_for", where=where, name=name))
        return None
    own = {
        name: _beside(path, value)
        for name in ("world", "structure")
        if (value := getattr(file, name)) is not None
    }
    return Scenario.load(_beside(path, file.scenario), **{**own, **given})


def _beside(path: Path, given: str) -> str:
    there = path.parent / given
    return os.fspath(there if is_path(given) and there.exists() else given)


def _target(
    said: TargetFile, where: str, scenario: Scenario | None
) -> tuple[Target, Reading | str]:
    """Return a target, and what is read for it: an outcome, or an indicator by name."""
    if (said.indicator is None) == (said.outcome is None):
        has = SAYS("both") if said.indicator else SAYS("neither")
        raise InputError(SAYS("one_of_them", where=where, has=has))
    side, value = _side(said, where)
    found: Reading | str
    if said.indicator is not None:
        found = reading = _indicator(said.indicator, where)
        for name in ("month", "region"):
            if getattr(said, name) is not None:
                raise InputError(SAYS("idle_field", where=where, name=name))
    else:
        found = _reading(said, where, scenario)
        reading = found.name
        low, high = OUTCOMES[found.outcome].bounds
        if not low <= value <= high:
            raise InputError(
                SAYS(
                    "out_of_bounds",
                    where=where,
                    side=side,
                    value=value,
                    outcome=found.outcome,
                    low=low,
                    high=high,
                )
            )
    return (
        Target(
            said.name or reading, reading, value, said.tolerance, said.source, said.weight,
            said.units, side=side,
        ),
        found,
    )  # fmt: skip


def _side(said: TargetFile, where: str) -> tuple[Side, float]:
    """Return which of value, at_least and at_most is given, and what it is."""
    sides: tuple[Side, ...] = ("value", "at_least", "at_most")
    given = [(side, getattr(said, side)) for side in sides if getattr(said, side) is not None]
    if len(given) != 1:
        has = and_listed(side for side, _ in given) if given else SAYS("no_value")
        raise InputError(SAYS("sides", where=where, has=has))
    return given[0]


def _indicator(name: str, where: str) -> str:
    if name not in INDICATORS:
        raise InputError(
            SAYS("no_indicator", where=where, name=shown(name), near=nearest(name, INDICATORS))
        )
    return name


def _reading(said: TargetFile, where: str, scenario: Scenario | None) -> Reading:
    assert said.outcome is not None
    if scenario is None:
        raise InputError(SAYS("outcome_alone", where=where, outcome=shown(said.outcome)))
    try:
        outcome = find_outcome(said.outcome).name
    except InputError:
        near = nearest(said.outcome, OUTCOMES)
        raise InputError(
            SAYS("no_outcome", where=where, outcome=shown(said.outcome), near=near)
        ) from None
    if said.month is None:
        raise InputError(SAYS("no_month", where=where))
    month = scenario.calendar.month(said.month, f"{where}.month")
    if not 1 <= month <= scenario.months:
        raise InputError(
            SAYS("late", where=where, month=said.month, months=scenario.months, name=scenario.name)
        )
    regions = [one.name for one in scenario.world.regions]
    if said.region is not None and said.region not in regions:
        raise InputError(
            SAYS(
                "no_region",
                where=where,
                region=shown(said.region),
                world_name=scenario.world_name,
                near=nearest(said.region, regions),
            )
        )
    return Reading(outcome, month, said.region or "")


def readers_of(
    scenario: Scenario | None,
    readings: Sequence[Reading],
    indicators: Collection[str],
    sites: int,
) -> tuple[Reader, ...]:
    """Return what measures: one run of the scenario, and one reader for indicators that share runs.

    Such a reader measures all that its runs show, so other targets at other indicators find them.
    """
    found: list[Reader] = []
    if scenario is not None and readings:
        found.append(Outcomes(scenario, tuple(sorted(set(readings)))))
    needs = {INDICATORS[name].needs for name in indicators}
    groups = [OF_SITES & needs, *({need} for need in sorted(needs - OF_SITES))]
    for group in groups:
        wanted = [one for one in INDICATORS.values() if one.needs in group]
        if not any(one.long for one in wanted if one.name in indicators):
            wanted = [one for one in wanted if not one.long]
        if wanted:
            many = sites if group <= OF_SITES else 1
            found.append(Indicated(tuple(one.name for one in wanted), sites, many))
    return tuple(found)


def unit_of(reading: str) -> str:
    if reading in INDICATORS:
        return INDICATORS[reading].unit
    return OUTCOMES[reading.partition(" after ")[0]].unit


def _ranges(
    vary: Mapping[str, VaryFile] | Sequence[str] | None,
    fixed: Sequence[str],
    known: Collection[str],
    where: str,
    where_fixed: str,
) -> tuple[Range, ...]:
    """Return what is varied: what is named, else every free parameter that is not known."""
    wrong = Problems()
    for name in fixed:
        with wrong.gathered():
            _declared(name, where_fixed)
    if vary is None:
        wrong.refuse()
        free = free_parameters([*fixed, *known])
        if not free:
            raise InputError(SAYS("all_fixed", where=where))
        return tuple(plausible_range(one) for one in free.values())
    if not vary:
        raise InputError(SAYS("empty_vary", where=where))
    named = vary if isinstance(vary, Mapping) else dict.fromkeys(vary, VaryFile())
    if len(named) < len(vary):
        again = next(name for at, name in enumerate(vary) if name in list(vary)[:at])
        wrong.sentences.append(SAYS("twice", where=where, again=shown(again)))
    found: list[Range] = []
    for name, said in named.items():
        with wrong.gathered():
            declared = _declared(name, where)
            if name in fixed:
                raise InputError(SAYS("fixed", where=where, name=name))
            found.append(_range(declared, said, f"{where}.{name}"))
    wrong.refuse()
    return tuple(found)


def _declared(name: str, where: str) -> Declaration:
    declared = declarations(Parameters)
    if name in LEVERS:
        raise InputError(SAYS("lever", where=where, name=name))
    if name not in declared:
        raise InputError(
            SAYS("no_parameter", where=where, name=shown(name), near=nearest(name, declared))
        )
    return declared[name]


def _range(declared: Declaration, said: VaryFile, where: str) -> Range:
    """Return over what a parameter is varied; ends that are left out are the plausible ones."""
    if declared.plausible is None and (said.low is None or said.high is None):
        low, high = declared.bounds
        raise InputError(
            SAYS(
                "no_range",
                where=where,
                low=low,
                high=min(high, max(low + 1.0, 2.0 * declared.default)),
            )
        )
    plausible = declared.plausible or declared.bounds
    low = plausible[0] if said.low is None else said.low
    high = plausible[1] if said.high is None else said.high
    for end, value in (("low", low), ("high", high)):
        inside = declared.bounds[0] <= value <= declared.bounds[1]
        if not inside or (declared.whole and value != math.floor(value)):
            kind = SAYS("whole_number") if declared.whole else SAYS("number")
            raise InputError(
                SAYS(
                    "end",
                    where=where,
                    end=end,
                    value=value,
                    kind=kind,
                    low=declared.bounds[0],
                    high=declared.bounds[1],
                    unit=Named(declared.unit, "units"),
                )
            )
    if not low < high:
        raise InputError(SAYS("reversed", where=where, low=low, high=high))
    log = said.log
    if log is None:
        log = low > 0.0 and high >= 4.0 * low * (1.0 - 1e-9)
    if log and not low > 0.0:
        raise InputError(SAYS("log", where=where, low=low))
    return Range(declared.name, low, high, log, declared.whole)
