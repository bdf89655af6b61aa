"""What pydantic found wrong, in the user's words: where, field, value, what is allowed."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from cisim.model.input_error import InputError, ObjectionsError, nearest, printable, shown
from cisim.model.told import Named, Sentences, Several, Told, several

SAYS = Sentences(
    "faults",
    more="{where}: {more:,} more places are wrong.",
    field="a field",
    parameter="a parameter",
    whole="the whole",
    hint=" ({hint})",
    unknown="{where}: {field} is not {kind}.{near}{hint}",
    missing="{where}: {field} is missing.{hint}",
    must_be="{where}: {field} is missing; it must be {allowed}.{hint}",
    wrong="{where}: {field} is {value}; allowed is {allowed}.{near}{hint}",
    refused="{where}: {field} is {value}; {reason}.{near}{hint}",
    objected="{where}: {what}{hint}",
    objected_of="{where}: {field}: {what}{hint}",
    objected_value="{where}: {field} is {value}; {what}{hint}",
    table="a table",
    truth="true or false",
    text="text",
    text_least="text of at least {n:,} characters",
    text_most="text of at most {n:,} characters",
    list_least="a list of at least {n:,} values",
    list_most="a list of at most {n:,} values",
    list="a list",
    list_of="a list (of {each})",
    one_of="one of {choices}",
    number="a number",
    whole_number="a whole number",
    within="{number} {limits}",
    of_unit="{words} ({unit})",
    dated='{unit}, or a date as "2027-07"',
    between="from {low} to {high}",
    least="at least {low}",
    above="above {low}",
    most="at most {high}",
    below="below {high}",
    least_below="at least {low} and below {high}",
    above_most="above {low} and at most {high}",
    above_below="above {low} and below {high}",
)
MOST_SENTENCES = 20
_MANY_FAULTS = 1000


def sentence(
    error: ValidationError,
    where: str,
    known: type[BaseModel] | Iterable[str] = (),
    *,
    under: str = "",
    kind: str = SAYS("field"),
    hint: str = "",
) -> str:
    """Return the first of `sentences`."""
    return sentences(error, where, known, under=under, kind=kind, hint=hint)[0]


def sentences(
    error: ValidationError,
    where: str,
    known: type[BaseModel] | Iterable[str] = (),
    *,
    under: str = "",
    kind: str = SAYS("field"),
    hint: str = "",
) -> list[str]:
    """Return what is wrong, a sentence each: where, field, value, what is allowed, nearest name.

    known : the checked class (then bounds, units and the names of nested tables are known too),
            or only the names that are allowed at the top
    under : the table that was checked, where it is part of a larger file ("parameters")
    kind  : what an unknown name fails to be
    hint  : what to read next ("cisim list parameters")

    Unknown names go before everything else, as one is often why another is missing. Of very many
    the first MOST_SENTENCES are told, and how many more there are.
    """
    model = known if isinstance(known, type) else None
    found = error.errors(include_url=False)
    hidden = max(0, len(found) - _MANY_FAULTS)
    if hidden:
        found.sort(key=lambda details: details["type"] != "extra_forbidden")
        found = found[:_MANY_FAULTS]
    faults = _meant([_fault(details, model, under) for details in found])
    faults.sort(key=lambda one: one.details["type"] != "extra_forbidden")
    names = None if isinstance(known, type) else list(known)
    end = SAYS("hint", hint=hint) if hint else ""
    said: dict[str, None] = {}
    places: dict[str, list[_Fault]] = {}
    for fault in faults:
        places.setdefault(fault.place.path, []).append(fault)
    for at, same in enumerate(places.values()):
        if len(said) >= MOST_SENTENCES:
            said[SAYS("more", where=where, more=len(places) - at + hidden)] = None
            break
        said |= dict.fromkeys(_said(same[0], same, where, names, kind, end))
    return list(said)


def _said(
    first: _Fault,
    same: list[_Fault],
    where: str,
    known: list[str] | None,
    kind: str,
    end: str,
) -> list[str]:
    """Return the sentences about one place, of which `same` are all the faults."""
    at = {"where": where, "field": first.field, "hint": end}
    match first.details["type"]:
        case "extra_forbidden":
            names = _names(first.place.owner)
            if known is not None and len(first.details["loc"]) == 1:
                names = known
            near = nearest(str(first.details["loc"][-1]), names)
            return [SAYS("unknown", **at, kind=kind, near=near)]
        case "missing" | "union_tag_not_found":
            must = first.allowed()
            return [SAYS("must_be", **at, allowed=must) if must else SAYS("missing", **at)]
        case "value_error" | "assertion_error":
            return [text for one in same for text in _objections(one, at)]
    allowed = several(dict.fromkeys(text for one in same if (text := one.allowed())), " or ")
    at |= {
        "field": first.field or SAYS("whole"),
        "value": shown(first.value),
        "near": _near_choice(same),
    }
    if allowed:
        return [SAYS("wrong", **at, allowed=allowed)]
    message = first.details["msg"]
    return [SAYS("refused", **at, reason=message[:1].lower() + message[1:])]


class _Expected(NamedTuple):
    """What stands at a place: its type, its constraints, its unit."""

    kind: Any = Any
    constraints: tuple[Any, ...] = ()
    unit: str = ""


@dataclass(frozen=True)
class _Place:
    """Where in a file an error is, in the user's words.

    owner, field : the class of the table it is in, and the field there, where they are known
    branch       : which member of which union pydantic had tried, () for none
    """

    path: str
    expected: _Expected
    owner: type[BaseModel] | None
    field: FieldInfo | None
    branch: tuple[int | str, ...]


@dataclass(frozen=True)
class _Fault:
    """One of pydantic's errors with the place it is at."""

    details: ErrorDetails
    place: _Place
    field: str

    @property
    def value(self) -> object:
        """Return what was given; for a table of an unknown kind, the kind that was given."""
        if self.details["type"] == "union_tag_invalid":
            return self.details["ctx"]["tag"]
        return self.details["input"]

    @property
    def choices(self) -> list[str]:
        """Return the words to choose from, where the choice is between words."""
        kind, _, _ = _bare(self.place.expected)
        return [str(word) for word in get_args(kind)] if get_origin(kind) is Literal else []

    def allowed(self) -> str:
        """Return what would be right, in words; "" where that is not known."""
        fault = self.details["type"]
        limits = self.details.get("ctx", {})
        if fault in _LENGTHS:
            if isinstance(self.details["input"], str):  # a text's own rule says "too_long", too
                fault = f"string_{fault.removeprefix('string_')}"
            words, limit = _LENGTHS[fault]
            return SAYS(words, n=limits[limit])
        return _in_words(self.place.expected)


_LENGTHS = {
    "string_too_short": ("text_least", "min_length"),
    "string_too_long": ("text_most", "max_length"),
    "too_short": ("list_least", "min_length"),
    "too_long": ("list_most", "max_length"),
}


def _fault(details: ErrorDetails, model: type[BaseModel] | None, under: str) -> _Fault:
    place = _follow(model, details["loc"])
    if details["type"].startswith("union_tag"):
        place = _tag_of(place, str(details["ctx"]["discriminator"]).strip("'"))
    dot = "." if under and place.path and not place.path.startswith("[") else ""
    return _Fault(details, place, f"{under}{dot}{place.path}")


def _tag_of(place: _Place, name: str) -> _Place:
    """Return the place of the word that says which member of a union is meant."""
    fields = [_field(one, name) for one in _members(place.expected.kind) if _is_model(one)]
    words = tuple(word for one in fields if one for word in get_args(one.annotation))
    expected = _Expected(Literal[words]) if words else _Expected()
    return replace(place, path=f"{place.path}.{name}".lstrip("."), expected=expected)


def _meant(faults: list[_Fault]) -> list[_Fault]:
    """Return the faults without those of members of a union that cannot have been meant.

    A member is not meant where the word that tells the members apart is another's; if it is
    nobody's, that word is the only fault.
    """
    wrong_tags = [
        one
        for one in faults
        if one.details["type"] == "literal_error"
        and one.place.branch
        and one.place.field is not None
        and _is_tag(one.place.field)
    ]
    others = {one.place.branch for one in wrong_tags}
    return [one for one in faults if one.place.branch not in others] or wrong_tags


def _objections(fault: _Fault, at: Mapping[str, str]) -> list[str]:
    """Return what a class's own checks said; an InputError has whole sentences already.

    at : what each sentence says of its place
    """
    raised = fault.details.get("ctx", {}).get("error", fault.details["msg"])
    if isinstance(raised, InputError):
        return list(raised.sentences)
    at = {**at, "field": fault.field}
    if not fault.field:
        form = "objected"
    elif isinstance(fault.value, Mapping | BaseModel):
        form = "objected_of"
    else:
        form, at = "objected_value", {**at, "value": shown(fault.value)}
    texts = raised.args if isinstance(raised, ObjectionsError) else getattr(raised, "args", ())[:1]
    return [SAYS(form, **at, what=_ended(text)) for text in texts or [raised]]


def _ended(clause: object) -> str:
    """Return a clause with a full stop, if it has no sign of its own."""
    text = clause if isinstance(clause, Told | Several) else str(clause)
    return text if text.endswith((".", "?")) else several([text, "."], "")


def _near_choice(faults: Sequence[_Fault]) -> str:
    """Return " Did you mean …?" where a word was given and one of the choices is near it."""
    choices = [choice for fault in faults for choice in fault.choices]
    given = faults[0].value
    if not isinstance(given, str) or not choices:
        return ""
    near = nearest(given, choices)
    return near if isinstance(near, Told) and near.name == "near.meant" else ""


def _follow(model: type[BaseModel] | None, loc: Sequence[int | str]) -> _Place:
    """Return the place that pydantic's `loc` means, without its labels for members of a union."""
    path = ""
    owner: type[BaseModel] | None = None
    field: FieldInfo | None = None
    branch: tuple[int | str, ...] = ()
    expected = _Expected(Any if model is None else model)
    for depth, step in enumerate(loc, start=1):
        expected = _bare(expected)
        members = _members(expected.kind)
        if members:
            expected, branch = _labelled(members, str(step)), tuple(loc[:depth])
            continue
        origin = get_origin(expected.kind) or expected.kind
        inner = get_args(expected.kind)
        owner, field = (origin, _field(origin, str(step))) if _is_model(origin) else (None, None)
        if isinstance(step, int):
            path = f"{path}[{step}]"
            # A tuple may have a type for each place; a list has one for all.
            each = inner[step] if origin is tuple and step < len(inner) else (*inner, Any)[0]
            expected = _Expected(each)
        elif step == "[key]":
            expected = _Expected(str)
        else:
            path = f"{path}.{printable(step, 60)}" if path else printable(step, 60)
            if owner is None and origin is dict and len(inner) == 2:
                expected = _Expected(inner[1])
            else:
                expected = _expected(field)
    return _Place(path, _bare(expected), owner, field, branch)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _names(model: type[BaseModel] | None) -> list[str]:
    """Return the names that may stand in a table of this class."""
    return [] if model is None else [f.alias or name for name, f in model.model_fields.items()]


def _field(model: type[BaseModel], name: str) -> FieldInfo | None:
    for own, field in model.model_fields.items():
        if name in (own, field.alias, field.validation_alias):
            return field
    return None


def _expected(field: FieldInfo | None) -> _Expected:
    if field is None:
        return _Expected()
    extra = field.json_schema_extra
    declared = extra if isinstance(extra, dict) else {}
    unit = str(declared.get("unit", ""))
    if declared.get("dated"):
        unit = SAYS("dated", unit=Named(unit, "units"))
    return _Expected(field.annotation, tuple(field.metadata), unit)


def _bare(expected: _Expected) -> _Expected:
    """Return the type without its annotations and without "or nothing"."""
    kind, constraints, unit = expected
    while True:
        if hasattr(kind, "__value__"):  # an alias made with `type`, or its backport
            kind = kind.__value__
        elif get_origin(kind) is Annotated:
            kind, *more = get_args(kind)
            for one in more:
                found = one.metadata if isinstance(one, FieldInfo) else [one]
                constraints = (*constraints, *found)
        elif get_origin(kind) in (Union, types.UnionType):
            some = [one for one in get_args(kind) if one is not type(None)]
            if len(some) != 1:
                return _Expected(kind, constraints, unit)
            kind = some[0]
        else:
            return _Expected(kind, constraints, unit)


def _members(kind: Any) -> tuple[Any, ...]:
    if get_origin(kind) not in (Union, types.UnionType):
        return ()
    return tuple(one for one in get_args(kind) if one is not type(None))


def _labelled(members: Sequence[Any], label: str) -> _Expected:
    """Return the member of a union that pydantic's label means: its tag, or its type's name."""
    for member in members:
        kind, constraints, unit = _bare(_Expected(member))
        if any(getattr(one, "tag", None) == label for one in constraints):
            return _Expected(kind, constraints, unit)
        if _is_model(kind):
            tags = [get_args(f.annotation) for f in kind.model_fields.values() if _is_tag(f)]
            if kind.__name__ == label or any(label in tag for tag in tags):
                return _Expected(kind, constraints, unit)
    for member in members:
        kind, constraints, unit = _bare(_Expected(member))
        name = getattr(get_origin(kind) or kind, "__name__", str(kind)).lower()
        if name == re.split(r"\W", label.lower().removeprefix("constrained-"))[0]:
            return _Expected(kind, constraints, unit)
    return _Expected()


def _is_tag(field: FieldInfo) -> bool:
    return get_origin(field.annotation) is Literal


def _in_words(expected: _Expected) -> str:
    """Return in words what may stand at a place: "a number from 0 to 1 (share)"."""
    kind, constraints, unit = _bare(expected)
    members = _members(kind)
    if members:
        parts = [_in_words(_Expected(one, constraints, unit)) for one in members]
        return several(dict.fromkeys(part for part in parts if part), " or ")
    origin = get_origin(kind) or kind
    if origin is Literal:
        return _choice(get_args(kind))
    if not isinstance(origin, type):
        return ""
    if issubclass(origin, Enum):
        return _choice([one.value for one in origin])
    if issubclass(origin, BaseModel | Mapping):
        return SAYS("table")
    if origin is bool:
        return SAYS("truth")
    if issubclass(origin, int | float):
        return _number(origin, constraints, unit)
    if issubclass(origin, str):
        return SAYS("text")
    if issubclass(origin, list | tuple | set | frozenset):
        each = _in_words(_Expected((*get_args(kind), Any)[0]))
        return SAYS("list_of", each=each) if each else SAYS("list")
    return ""


def _choice(values: Iterable[object]) -> str:
    listed = [str(value) for value in values]
    return SAYS("one_of", choices=several(listed)) if listed[1:] else "".join(listed)


def number_within(low: float, high: float, unit: str = "", *, whole: bool = False) -> str:
    """Return "a number from 1 to 600 (months)", both ends included."""
    return _number(int if whole else float, (Ge(low), Le(high)), unit)


def number_of(words: str, unit: str) -> str:
    """Return what a number is called, with its unit behind it where it has one."""
    if unit in ("", "–"):
        return words
    named = unit if isinstance(unit, Told) else Named(unit, "units")
    return SAYS("of_unit", words=words, unit=named)


def _number(kind: type, constraints: Sequence[Any], unit: str) -> str:
    """Return "a number from 1 to 600 (months)" from the constraints and the unit."""
    limits: dict[str, float] = {}
    for name in ("ge", "gt", "le", "lt", "multiple_of"):
        found = [limit for one in constraints if (limit := getattr(one, name, None)) is not None]
        if found:
            limits[name] = found[-1]
    whole = issubclass(kind, int) or limits.get("multiple_of") == 1
    words = SAYS("whole_number" if whole else "number")
    form, given = _limited({name: f"{limit:.10g}" for name, limit in limits.items()})
    if form:
        words = SAYS("within", number=words, limits=SAYS(form, **given))
    return number_of(words, unit)


def _limited(limits: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return the text that says limits, and what it is given: as a file has them, in any language.

    limits : "ge", "gt", "le" and "lt", as far as there are some
    """
    low, high = limits.get("gt", limits.get("ge")), limits.get("lt", limits.get("le"))
    if low is None and high is None:
        return "", {}
    if low is None:
        return "below" if "lt" in limits else "most", {"high": str(high)}
    if high is None:
        return "above" if "gt" in limits else "least", {"low": low}
    if "gt" not in limits and "lt" not in limits:
        return "between", {"low": low, "high": high}
    form = f"{'above' if 'gt' in limits else 'least'}_{'below' if 'lt' in limits else 'most'}"
    return form, {"low": low, "high": high}
