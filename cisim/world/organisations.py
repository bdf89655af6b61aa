"""Organisations by name, and who knows whom.

Named organisations stand after all drawn ones, in the order of the file: a row more at its end
changes nobody else's luck.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from cisim.world.names import OwnName, Reference

Sector = Literal["education", "social", "health", "youth", "third", "private"]
LocalSector = Literal[
    "education", "social", "health", "youth", "third", "private", "private-or-education"
]
Level = Literal["local", "regional"]
Strength = Annotated[float, Field(ge=0, le=1)]


class NamedOrganisation(BaseModel):
    """An organisation by name; what is left out is drawn.

    level    : `local` in a community, `regional` for all of a region; left out, it is local where a
               community is named
    region   : of a regional one; may be left out where there is only one
    own_time : for work across organisations (FTE)
    founder  : whether it founds the partnership; where that is said of anybody, only those do of
               whom it is said
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    name: OwnName
    sector: Sector
    level: Level | None = None
    region: Reference | None = None
    community: Reference | None = None
    own_time: float | None = Field(default=None, gt=0, le=10_000, json_schema_extra={"unit": "FTE"})
    founder: bool | None = None

    @property
    def local(self) -> bool:
        """Return whether it belongs to a community."""
        return self.community is not None if self.level is None else self.level == "local"


class Acquaintance(BaseModel):
    """Two organisations, by name, that are known to know each other, and how far they trust.

    trust    : the prior trust of both; left out, it is drawn as for everybody
    strength : what a survey found of the tie, 0 the weakest to 1 the strongest that there is; one
               number for both, or two: what the first says of the second, and the second of the
               first, either of them "unknown". It stands in the place of what history leaves
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    between: list[Reference] = Field(min_length=2, max_length=2)
    trust: float | None = Field(default=None, ge=0, le=1)
    strength: (
        Strength
        | Annotated[list[Strength | Literal["unknown"]], Field(min_length=2, max_length=2)]
        | None
    ) = None

    @property
    def strengths(self) -> tuple[float, float]:
        """Return what the first says of the second, and the second of the first; nan: unknown."""
        if self.strength is None:
            return math.nan, math.nan
        if not isinstance(self.strength, list):
            return self.strength, self.strength
        ours, theirs = (math.nan if one == "unknown" else one for one in self.strength)
        return ours, theirs
