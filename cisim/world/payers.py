"""Who pays for posts: `[[payers]]` of a structure.

    [[payers]]
    name = "County"
    kind = "county"
    year_price = 62000                       # of a full-time year
    budget = { 2027 = 80000, 2028 = 40000 }  # by year; a year that is not named has none
    position = [0.2, 0.0, -0.1]              # left out: drawn, as the foundation's is

Without a start of the world, years are those of the run, from 1. The foundation that pays the short
form of a structure, and sponsors by kind, are payers whether a file names them or not.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from cisim.model.input_error import shown
from cisim.model.state import MOST_PAYERS, SPONSOR_KINDS, SponsorKind
from cisim.model.told import Sentences, several
from cisim.world.texts import Line

SAYS = Sentences(
    "paying",
    year="{year} is no year; allowed are years, as in 2027 = 80000",
    name='name is "{name}", which means the rule by which sponsors pay; allowed is another name',
    sponsor_name='name is "{name}", as a sponsor without a name is called; allowed is another name',
    year_price="budget needs year_price, what a full-time year costs",
    organisation='organisation belongs to kind = "organisation", which must name it',
    sponsor='sponsor belongs to kind = "sponsor", which must name one of {kinds}',
    own="budget and position of a sponsor are its own, not those of a payer",
)
PayerKind = Literal["foundation", "county", "municipality", "state", "organisation", "sponsor"]
FOUNDATION = "foundation"
"""The payer of the short form: national, regional and academic staff, and grants."""
SPONSORS = "sponsors"
"""Not a payer of its own: as `payer` of a post it means the rule by which sponsors pay."""
NAMED_PAYERS = MOST_PAYERS - len(SPONSOR_KINDS) - 1
PayerName = Annotated[Line, Field(min_length=1, max_length=60)]
Position = Annotated[
    list[Annotated[float, Field(ge=-1000, le=1000)]], Field(min_length=3, max_length=3)
]


def usual_name(kind: str) -> str:
    """Return what sponsors of a kind are called as payers where a file gives them no name."""
    return f"{SPONSORS}: {kind}"


class Payer(BaseModel):
    """Who pays.

    region       : whose own it is, where it belongs to one; then it pays for posts there only
    organisation : which organisation it is, where it is one
    sponsor      : which kind of sponsor it is; gives those that are there a name and a price
    year_price   : of a full-time year; left out, the price that all have
    budget       : by year, in the money of year_price; left out, what its posts cost
    position     : what it wants, agenda units; left out, drawn
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    name: PayerName
    kind: PayerKind
    region: Line | None = None
    organisation: Line | None = None
    sponsor: SponsorKind | None = None
    year_price: float | None = Field(
        default=None, gt=0, le=1e9, json_schema_extra={"unit": "for a full-time year"}
    )
    budget: dict[str, Annotated[float, Field(ge=0, le=1e15)]] | None = Field(
        default=None, max_length=1000
    )
    position: Position | None = None

    @field_validator("budget")
    @classmethod
    def _by_year(cls, budget: dict[str, float] | None) -> dict[str, float] | None:
        for year in budget or {}:
            if not (year.isdecimal() and year.isascii() and 1 <= int(year) <= 9999):
                raise ValueError(SAYS("year", year=shown(year)))
        return budget

    @model_validator(mode="after")
    def _holds_together(self) -> Payer:
        if self.name == SPONSORS:
            raise ValueError(SAYS("name", name=SPONSORS))
        if self.name in {usual_name(kind) for kind in SPONSOR_KINDS if kind != self.sponsor}:
            raise ValueError(SAYS("sponsor_name", name=self.name))
        if self.budget is not None and self.year_price is None:
            raise ValueError(SAYS("year_price"))
        if (self.kind == "organisation") != (self.organisation is not None):
            raise ValueError(SAYS("organisation"))
        if (self.kind == "sponsor") != (self.sponsor is not None):
            raise ValueError(SAYS("sponsor", kinds=several(get_args(SponsorKind))))
        if self.kind == "sponsor" and (self.budget is not None or self.position is not None):
            raise ValueError(SAYS("own"))
        return self

    @property
    def years(self) -> dict[int, float]:
        """Return what it can pay by year, in its money; empty where nothing limits it."""
        return {int(year): money for year, money in (self.budget or {}).items()}
