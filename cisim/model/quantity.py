"""A number that the model believes in, declared once, beside the equation that uses it.

    class Trust(Submodel):
        (what the submodel is about)

        prior_weight: float = quantity(4.5, unit="kept promises", bounds=(0.1, 100), ...)

A number has two ranges. Its *bounds* say what is meaningful and are enforced. Its *plausible* range
says what may be believed and feeds sliders, sweeps and sensitivity. A constant has no plausible
range: it is documented and can be changed, but it is not swept. Numbers of a rival theory have
both marks: to whoever sweeps all that is believed they are constants, as they do nothing while the
theory is off, and the range of their authors is there for whoever turns it on.

A `theory` is a number of which each whole value has a name, that of a rival way to put a rule.
Files and options may give the name.

The evidence says what a source supports: that a mechanism exists, its sign, its size. A size is
almost never supported; where nothing is, the evidence is called what it is, judgement.

Time constants are at least one month, so that a monthly step never overshoots; those that a close
link can double (mandate_time, sponsor_time) are at least two. Numbers that are divided by are above
zero. 0 is allowed wherever it switches a mechanism off.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticKnownError

from cisim.model.input_error import nearest
from cisim.model.literature import SOURCES
from cisim.model.told import Sentences, Told, several

SAYS = Sentences("rules", rule="allowed is one of {names}.{near}")

Support = Literal["existence", "sign", "size"]


class Anchor(NamedTuple):
    """A value that somebody's measurement gives a number, in its unit, and where that is from."""

    value: float
    words: str


@dataclass(frozen=True)
class Evidence:
    """What is known about a number.

    source   : a key of SOURCES
    words    : what the source says, in our words, and what it leaves open
    supports : that the mechanism exists, its sign, its size; nothing for judgement
    anchors  : values that the source gives it, where it supports the size
    """

    source: str
    words: str
    supports: tuple[Support, ...] = ()
    anchors: tuple[Anchor, ...] = ()

    def __post_init__(self) -> None:
        if self.source not in SOURCES:
            raise ValueError(f"{self.source} is not in SOURCES")
        if (self.source == "judgement") == bool(self.supports):
            raise ValueError("judgement supports nothing, a source supports something")
        if self.anchors and "size" not in self.supports:
            raise ValueError(f"{self.source} has an anchor and does not support the size")


@dataclass(frozen=True)
class Declaration:
    """What is declared about one number.

    bounds    : what is meaningful, enforced, both ends included
    plausible : what may be believed, None for a constant
    submodel  : the name of the one that it belongs to, or acts in
    whole     : only whole numbers are allowed
    dated     : it is a month, which files may give as a date
    names     : what its whole values from 0 on are called, for a choice between theories
    """

    name: str
    default: float
    unit: str
    bounds: tuple[float, float]
    plausible: tuple[float, float] | None
    evidence: Evidence
    meaning: str
    submodel: str
    constant: bool = False
    whole: bool = field(default=False, kw_only=True)
    dated: bool = field(default=False, kw_only=True)
    names: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    def log_scale(self) -> bool:
        """Return whether the plausible range spans a factor of four or more, so that logs fit."""
        if self.plausible is None:
            return False
        low, high = self.plausible
        return low > 0 and high >= 4 * low * (1 - 1e-9)


def quantity(
    default: float,
    *,
    unit: str,
    bounds: tuple[float, float],
    plausible: tuple[float, float] | None = None,
    evidence: Evidence,
    meaning: str,
    submodel: str = "",
    constant: bool = False,
    whole: bool = False,
    dated: bool = False,
    names: tuple[str, ...] = (),
) -> Any:
    """Return the pydantic field of one number: a float that is checked, with its declaration.

    submodel : that it acts in; in a class of `Submodel` it is that one
    dated    : it is a month, which may be given as a date; whoever reads it counts it
    names    : what its whole values from 0 on are called; see `theory`
    """
    low, high = plausible or (default, default)
    if not bounds[0] <= low <= default <= high <= bounds[1]:
        raise ValueError(f"{meaning} {default} outside {plausible}, or that outside {bounds}")
    declared: Any = Field(
        default=float(default),
        ge=float(bounds[0]),
        le=float(bounds[1]),
        multiple_of=1.0 if whole else None,
        strict=True,
        allow_inf_nan=False,
        description=meaning,
        json_schema_extra={
            "unit": unit,
            "bounds": [float(limit) for limit in bounds],
            "plausible": None if plausible is None else [float(limit) for limit in plausible],
            "source": evidence.source,
            "evidence": evidence.words,
            "supports": list(evidence.supports),
            "anchors": [list(one) for one in evidence.anchors],
            "submodel": submodel,
            "constant": constant,
            "whole": whole,
            "dated": dated,
            "names": list(names),
        },
    )
    if whole:
        declared.metadata.append(EXACTLY)
    if names:
        declared.metadata.append(BeforeValidator(_Named(names)))
    return declared


def theory(*names: str, evidence: Evidence, meaning: str) -> Any:
    """Return the field of a choice between theories: the number of one of `names`, ours first."""
    return quantity(
        0,
        unit="theory",
        bounds=(0, len(names) - 1),
        constant=True,
        whole=True,
        evidence=evidence,
        meaning=meaning,
        names=names,
    )


@dataclass(frozen=True)
class _Named:
    """Takes the name of a theory for its number."""

    names: tuple[str, ...]

    def __call__(self, value: object) -> object:
        if not isinstance(value, str):
            return value
        if value not in self.names:
            near = nearest(value, self.names)
            near = near if isinstance(near, Told) and near.name == "near.meant" else ""
            raise ValueError(SAYS("rule", names=several(self.names), near=near))
        return float(self.names.index(value))


def _exactly_whole(value: float) -> float:
    """Return a number if it is whole: to pydantic 23.9999999999 and 1e-198 are multiples of 1."""
    if value % 1.0:
        raise PydanticKnownError("multiple_of", {"multiple_of": 1.0})
    return value


EXACTLY = AfterValidator(_exactly_whole)
"""Beside `multiple_of=1`: no other number, be it ever so near, is a whole one."""


def declarations(model_class: type[BaseModel]) -> dict[str, Declaration]:
    """Return what is declared about every field that was made with `quantity`, in file order."""
    declared = {}
    for name, info in model_class.model_fields.items():
        extra: Any = info.json_schema_extra
        if not isinstance(extra, dict) or "plausible" not in extra:
            continue
        plausible = extra["plausible"]
        declared[name] = Declaration(
            name=name,
            default=info.default,
            unit=extra["unit"],
            bounds=(extra["bounds"][0], extra["bounds"][1]),
            plausible=None if plausible is None else (plausible[0], plausible[1]),
            evidence=Evidence(
                extra["source"],
                extra["evidence"],
                tuple(extra["supports"]),
                tuple(Anchor(*one) for one in extra["anchors"]),
            ),
            meaning=info.description or "",
            submodel=extra["submodel"] or _home(model_class, name),
            constant=extra["constant"],
            whole=extra["whole"],
            dated=extra["dated"],
            names=tuple(extra["names"]),
        )
    return declared


class Submodel(BaseModel):
    """Numbers of one submodel; a class of them stands in its file and says what it is about."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, validate_default=True
    )

    @classmethod
    def submodel(cls) -> str:
        """Return the submodel's name, that of its file."""
        return cls.__module__.rpartition(".")[2]

    @classmethod
    def title(cls) -> str:
        """Return what the submodel is about."""
        return inspect.cleandoc(cls.__doc__ or "").partition("\n")[0].rstrip(".")


def _home(model_class: type[BaseModel], name: str) -> str:
    """Return the submodel in whose class a number is declared."""
    for one in model_class.__mro__:
        if issubclass(one, Submodel) and name in vars(one).get("__annotations__", ()):
            return one.submodel()
    return ""


def judged(words: str) -> Evidence:
    """Return the evidence of a number that no source supports."""
    return Evidence("judgement", words)
