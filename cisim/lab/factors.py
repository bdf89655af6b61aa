"""Factors: what an experiment varies, over which values, and scenarios at a point of the design.

A factor is whatever `cisim threshold --vary` takes (a parameter, a lever, a number of an event or
of a post), a lever whose values are words, or `structure`, by the names of structures or files.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from cisim.lab.varied import Varied, begins, find_varied
from cisim.model.faults import number_of, number_within
from cisim.model.input_error import InputError, nearest, printable, shown
from cisim.model.parameters import Parameters, check_parameters
from cisim.model.told import Sentences, and_listed
from cisim.world.calendar import Calendar
from cisim.world.files import find, name_of
from cisim.world.ranges import Range, free_parameters, plausible_range
from cisim.world.scenario import LEVERS, Scenario, load_structure
from cisim.world.structure import Structure
from cisim.world.texts import within

SAYS = Sentences(
    "factors",
    structures="structures, by name",
    no_range="{field} lacks {lacks}: {name} has no plausible range; right would be {right}.",
    reversed="{field} goes from low {low:.12g} to high {high:.12g}; allowed is a low below high.",
    log="{field}.low is {low:.12g} on a log scale; allowed is a number above 0.",
    values_and="{field} has values and {name}; allowed is one of them.",
    twice="{field}.values has {one} twice; allowed is each once.",
    wrong="{field} is {given}; allowed is {allowed}.",
    has="has {name}",
    has_values="has the values {values}",
    list="{field} {said}; allowed is a list of {what}, as values = [...].",
    cannot="{field}: {scenario} cannot have {word} ({why}).",
    structure="{where} has {name}, which is nothing that can be varied. Did you mean {meant}?",
    word_list="words",
)

STRUCTURE = "structure"
MOST_VALUES = 10_000
Number = float | Annotated[str, Field(max_length=200)]
"""A number, or a date such as 2027-07 where what is varied is a month."""


class VaryFile(BaseModel):
    """What a file says of a factor: ends, or values one by one; nothing for its plausible range.

    log    : whether evenly in logs; left out, as the parameter declares it
    levels : how many values a factorial takes from end to end
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    low: Number | None = None
    high: Number | None = None
    log: bool | None = None
    levels: int | None = Field(default=None, ge=2, le=MOST_VALUES)
    values: list[Number] | None = Field(default=None, min_length=1, max_length=MOST_VALUES)


@dataclass(frozen=True)
class Factor:
    """One thing that is varied.

    range      : over what
    varied     : where it stands, None for `structure` and for a lever whose values are words
    values     : the only ones that it takes, in order; () for all of the range
    structures : what the choices are, of `structure`
    """

    range: Range
    varied: Varied | None = None
    values: tuple[float, ...] = ()
    structures: tuple[Structure, ...] = ()

    @property
    def name(self) -> str:
        """Return how it is called."""
        return self.range.name

    def put(self, scenario: Scenario, value: float) -> Scenario:
        """Return a scenario in which it has a value; itself where that has no such thing.

        Raises InputError if the scenario cannot have that value.
        """
        if self.varied is not None:
            return self.varied.put(scenario, value, self.name)
        word = str(self.range.word(value))
        if not self.structures:
            return scenario.set({self.name: word}, self.name)
        changed = scenario.with_(structure=self.structures[int(value)], where=self.name)
        return changed.model_copy(update={"structure_name": word})


@dataclass(frozen=True)
class Space:
    """All that is varied.

    keeps : whether a parameter that a scenario sets itself stays as it is there
    """

    factors: tuple[Factor, ...]
    keeps: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names, (k,)."""
        return tuple(one.name for one in self.factors)

    @property
    def ranges(self) -> tuple[Range, ...]:
        """Return over what each is varied, (k,)."""
        return tuple(one.range for one in self.factors)

    def scenarios(self, scenarios: Sequence[Scenario], values: Sequence[float]) -> list[Scenario]:
        """Return scenarios at a point, (k,) values.

        Raises InputError if one of them cannot have these values.
        """
        pairs = list(zip(self.factors, values, strict=True))
        beliefs = {
            one.name: value
            for one, value in pairs
            if one.varied is not None and one.varied.kind == "parameter"
        }
        rest = [(one, value) for one, value in pairs if one.name not in beliefs]
        rest.sort(key=lambda pair: not pair[0].structures)  # the others are changes of it
        found: dict[str, Parameters] = {}
        changed = []
        for scenario in scenarios:
            for one, value in rest:
                scenario = one.put(scenario, value)
            if beliefs:
                own = scenario.parameters.model_dump(exclude_defaults=True)
                here = {**beliefs, **own} if self.keeps else {**own, **beliefs}
                key = repr(own)
                if key not in found:  # what shares its beliefs shares its past
                    found[key] = check_parameters(here, scenario.name)
                scenario = scenario.model_copy(update={"parameters": found[key]})
            changed.append(scenario)
        return changed


def all_beliefs(scenarios: Sequence[Scenario]) -> Space:
    """Return the space of all parameters over their plausible ranges.

    A parameter that a scenario sets itself keeps that value there; one that all set to the same is
    not varied.
    """
    own = [one.parameters.model_dump(exclude_defaults=True) for one in scenarios]
    fixed = [name for name in own[0] if all(one.get(name) == own[0][name] for one in own)]
    declared = free_parameters(fixed).values()
    factors = (Factor(plausible_range(one), find_varied(one.name, scenarios)) for one in declared)
    return Space(tuple(factors), keeps=True)


def find_factor(
    name: str, given: VaryFile, scenarios: Sequence[Scenario], where: str, folder: Path | None
) -> Factor:
    """Return the factor of a name.

    where  : "my.toml: design.vary"
    folder : from which paths start

    Raises InputError if there is none, or its values are none of it.
    """
    field = f"{where}.{name if name.isidentifier() else shown(name)}"
    if name == STRUCTURE:
        return _structures(_words(given, field, SAYS("structures")), field, folder)
    if takes_words(name):
        return _lever_of_words(name, _words(given, field, SAYS("word_list")), scenarios, field)
    varied = named(name, scenarios, where)
    calendar = scenarios[0].calendar
    if given.values is not None:
        return _of_values(varied, given, field, calendar)
    ends = [
        None if end is None else _number(end, varied, f"{field}.{which}", calendar)
        for which, end in (("low", given.low), ("high", given.high))
    ]
    if varied.sane is None and None in ends:
        lacks = and_listed(
            which for which, end in zip(("low", "high"), ends, strict=True) if end is None
        )
        least, most = max(varied.bounds[0], 0.0), min(varied.bounds[1], 10.0)
        right = f"low = {least:.12g}, high = {most:.12g}"
        raise InputError(
            SAYS(
                "no_range",
                field=field,
                lacks=lacks,
                name=number_of(name, varied.unit),
                right=right,
            )
        )
    sane = varied.sane or varied.bounds
    low = sane[0] if ends[0] is None else ends[0]
    high = sane[1] if ends[1] is None else ends[1]
    if not low < high:
        raise InputError(SAYS("reversed", field=field, low=low, high=high))
    log = varied.log and low > 0.0 if given.log is None else given.log
    if log and low <= 0.0:
        raise InputError(SAYS("log", field=field, low=low))
    over = Range(name, low, high, log, varied.whole)
    factor = Factor(over, varied, _levels(over, given.levels))
    _try(factor, scenarios, (low, high), field)
    return factor


def _levels(over: Range, many: int | None) -> tuple[float, ...]:
    import numpy as np

    if many is None:
        return ()
    return tuple(dict.fromkeys(over.at(np.linspace(0.0, 1.0, many)).tolist()))


def _of_values(varied: Varied, given: VaryFile, field: str, calendar: Calendar) -> Factor:
    values = given.values or []
    for name in ("low", "high", "log", "levels"):
        if getattr(given, name) is not None:
            raise InputError(SAYS("values_and", field=field, name=name))
    numbers = [
        _number(one, varied, f"{field}.values[{at}]", calendar) for at, one in enumerate(values)
    ]
    _once(numbers, field)
    over = Range(varied.name, min(numbers), max(numbers), varied.log, varied.whole)
    return Factor(over, varied, tuple(numbers))


def _once(values: Sequence[object], field: str) -> None:
    for at, one in enumerate(values):
        if one in values[:at]:
            raise InputError(SAYS("twice", field=field, one=shown(one)))


def _number(given: Number, varied: Varied, field: str, calendar: Calendar) -> float:
    """Return a number that is allowed for what is varied."""
    if isinstance(given, str) and varied.month:
        given = float(calendar.parse(given, field))
    low, high = varied.bounds
    number = math.nan if isinstance(given, str) else float(given)
    if not low <= number <= high or (varied.whole and number != math.floor(number)):
        allowed = number_within(low, high, varied.unit, whole=varied.whole)
        raise InputError(SAYS("wrong", field=field, given=shown(given), allowed=allowed))
    return number


def _words(given: VaryFile, field: str, what: str) -> list[str]:
    words = given.values or []
    others = [name for name in ("low", "high", "log", "levels") if getattr(given, name) is not None]
    if others or not words or not all(isinstance(one, str) for one in words):
        said = SAYS("has", name=others[0]) if others else SAYS("has_values", values=shown(words))
        raise InputError(SAYS("list", field=field, said=said, what=what))
    _once(words, field)
    return [str(one) for one in words]


def _structures(names: Sequence[str], field: str, folder: Path | None) -> Factor:
    found, called = [], []
    for at, name in enumerate(names):
        place = f"{field}.values[{at}]"
        called.append(name_of(find("structures", name, place)))
        found.append(load_structure(name, folder))
    _once(called, field)
    return Factor(
        Range(STRUCTURE, 0.0, len(called) - 1.0, choices=tuple(called)), structures=tuple(found)
    )


def takes_words(name: str) -> bool:
    """Return whether what is varied under a name has words for values."""
    lever = name in LEVERS and isinstance(Structure.model_fields[name].default, str)
    return name == STRUCTURE or lever


def _lever_of_words(
    name: str, words: Sequence[str], scenarios: Sequence[Scenario], field: str
) -> Factor:
    factor = Factor(Range(name, 0.0, len(words) - 1.0, choices=tuple(words)))
    _try(factor, scenarios, range(len(words)), field)
    return factor


def _try(
    factor: Factor, scenarios: Sequence[Scenario], values: Sequence[float], field: str
) -> None:
    """Raise InputError if no scenario can have one of the values."""
    if factor.varied is not None and factor.varied.kind == "parameter":
        return  # its bounds are all there is
    for value in values:
        for scenario in scenarios:
            try:
                factor.put(scenario, value)
            except InputError as error:
                raise InputError(
                    SAYS(
                        "cannot",
                        field=field,
                        scenario=printable(scenario.name),
                        word=factor.range.word(value),
                        why=within(str(error)),
                    )
                ) from None


def named(name: str, scenarios: Sequence[Scenario], where: str) -> Varied:
    """Return what a name means; raises InputError, which begins with `where`, if it is nothing."""
    try:
        return find_varied(name, scenarios, begins("has", where))
    except InputError:
        if nearest(name, [STRUCTURE]).endswith(f" {STRUCTURE}?"):
            raise InputError(
                SAYS("structure", where=where, name=shown(name), meant=STRUCTURE)
            ) from None
        raise
