"""A mapping: what the columns and scales of people's files mean, and what is assumed beside them.

It is a TOML file that people read, change and keep with their data. Whatever it leaves out has the
default that stands here; `import` says which of them were needed.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cisim.lab.survey.says import SAYS as SURVEY
from cisim.model.input_error import shown
from cisim.model.told import Sentences
from cisim.world.organisations import Level, Sector

SAYS = Sentences(
    "mapping",
    scale="scale is {scale}; allowed are two different numbers",
    measure="has both scale and levels, or neither; allowed is scale for numbers, such as [1, 4], "
    'or levels for words, such as ["no", "yes"]',
)
Column = Annotated[str, Field(min_length=1, max_length=300)]
Name = Annotated[str, Field(min_length=1, max_length=300)]
Pair = Annotated[list[Name], Field(min_length=2, max_length=50)]
MeasureKind = Literal[
    "trust", "contact", "collaboration", "years", "since", "strength", "value", "count"
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Measure(_Part):
    """One thing that was asked of each tie.

    scale  : the answers that say least and most; [4, 1] where 1 is the most
    levels : where answers are words, the words from the least to the most; two that mean the same
             stand together in a list
    weight : what it counts for beside the others; 0 is read and checked, and counts nothing
    at     : of `since`, the year in which the survey was made
    optional : whether files that lack the column are read without it
    """

    column: Column
    kind: MeasureKind = "strength"
    scale: list[float] | None = Field(default=None, min_length=2, max_length=2)
    levels: list[Name | list[Name]] | None = Field(default=None, min_length=1, max_length=100)
    weight: float = Field(default=1, ge=0, le=100)
    at: int | None = Field(default=None, ge=1900, le=2200)
    optional: bool = False

    @model_validator(mode="after")
    def _has_a_scale(self) -> Measure:
        if self.scale is not None and self.scale[0] == self.scale[1]:
            raise ValueError(SAYS("scale", scale=shown(self.scale)))
        if (self.scale is None) == (self.levels is None) and self.kind not in ("since", "count"):
            raise ValueError(SAYS("measure"))
        return self


class OrganisationColumns(_Part):
    """The table of organisations: file and columns.

    key      : what ties call an organisation where that is not its name
    answered : whether it answered the survey; where it did not, its side of a tie is unknown
    sectors  : what the words of the sector column mean
    levels   : what the words of the level column mean
    """

    file: str | None = None
    name: Column | None = None
    key: Column | None = None
    sector: Column | None = None
    community: Column | None = None
    region: Column | None = None
    level: Column | None = None
    own_time: Column | None = None
    founder: Column | None = None
    answered: Column | None = None
    sectors: dict[str, Sector] = {}
    levels: dict[str, Level] = {}


class TieColumns(_Part):
    """The ties: file, columns and rules.

    layout     : a `list` with a tie a row, a `matrix`, or `groups` (who sits in which)
    directed   : whether a row is what the first says of the second, or holds for both
    several    : of several answers for one pair: their `mean`, the `highest`, the `latest` by date,
                 or `refuse`
    silent     : an organisation that names nobody: `missing` (it was not asked, or did not answer)
                 or `no ties`
    other_side : whether the other side's answer stands in for one that is missing
    self_ties  : ties of an organisation to itself: `refuse` or `drop`
    unknown    : ties to an organisation that the table of organisations lacks: `refuse` or `drop`
    blank      : an empty cell of a matrix: `no tie` or `missing`
    groups     : two that share groups: `shared` counts them against the pair that shares most,
                 `small` counts a group of n as 1 / (n - 1) (Newman 2001), `any` counts all alike
    mode       : which side of two-mode data are the organisations
    missing    : more words or codes for an answer that is missing, such as "99"
    """

    file: str | None = None
    layout: Literal["list", "matrix", "groups"] = "list"
    from_: Column | None = Field(default=None, alias="from")
    to: Column | None = None
    organisation: Column | None = None
    group: Column | None = None
    date: Column | None = None
    directed: bool = True
    several: Literal["mean", "highest", "latest", "refuse"] = "mean"
    silent: Literal["missing", "no ties"] = "missing"
    other_side: bool = False
    self_ties: Literal["refuse", "drop"] = "refuse"
    unknown: Literal["refuse", "drop"] = "refuse"
    blank: Literal["no tie", "missing"] = "no tie"
    groups: Literal["shared", "small", "any"] = "shared"
    mode: Literal["first", "second"] = "first"
    missing: list[Name] = Field(default=[], max_length=100)
    measures: list[Measure] = Field(default=[], max_length=50)

    @model_validator(mode="after")
    def _holds_together(self) -> TieColumns:
        if self.several == "latest" and self.date is None:
            raise ValueError('several is "latest", which needs the column of the date')
        if self.layout == "matrix" and len(self.measures) > 1:
            raise ValueError("measures has several; a matrix has one, and its column is ignored")
        if self.measures and not sum(one.weight for one in self.measures):
            raise ValueError("measures has no weight above 0; allowed is at least one")
        names = [one.column for one in self.measures]
        if len(set(names)) < len(names):
            raise ValueError("measures names one column twice; allowed is each once")
        return self


class CommunityColumns(_Part):
    """The table of communities: file and columns."""

    file: str | None = None
    name: Column | None = None
    region: Column | None = None
    children: Column | None = None
    deprivation: Column | None = None
    participates: Column | None = None


class OtherTable(_Part):
    """A table of sponsors, payers or backbones: its file, and what each field's column is called.

    Left out, a column has the field's own name.
    """

    file: str | None = None
    columns: dict[str, Column] = {}


class Assumptions(_Part):
    """What stands in for what the files do not say.

    sector      : of an organisation whose sector is not told
    level       : of an organisation without a community
    region      : the name of the region, where none is told
    communities : how many are drawn in a region of which none is named; left out, three for five
                  organisations, and at least five
    children    : of a community for which no number is told (the mean, where several are drawn)
    seed_fte    : regional staff that a structure pays in each region unless it says otherwise
    acquaintance: who else may know each other: `given` nobody, `both` as in drawn worlds, too
    start       : the month that the run begins with, as in "2027-01", where the files have dates
    encoding    : of text files that are not UTF-8
    """

    title: str | None = None
    sector: Sector = "third"
    level: Level = "regional"
    region: Name = "Region"
    communities: int | None = Field(default=None, ge=1, le=10_000)
    children: float = Field(default=2000, ge=1, le=1_000_000)
    seed_fte: float = Field(default=1, ge=0, le=1000)
    acquaintance: Literal["given", "both"] = "given"
    start: str | None = None
    encoding: str | None = None


class Mapping(_Part):
    """A whole mapping.

    same      : names that mean one organisation; the first is kept
    different : names that look alike and mean different organisations
    headless  : files whose first row has no headings; columns are then "column 1", "column 2"
    """

    same: list[Pair] = Field(default=[], max_length=100_000)
    different: list[Pair] = Field(default=[], max_length=100_000)
    headless: list[str] = []
    organisations: OrganisationColumns | None = None
    ties: TieColumns = TieColumns()
    communities: CommunityColumns | None = None
    sponsors: OtherTable | None = None
    payers: OtherTable | None = None
    backbones: OtherTable | None = None
    assume: Assumptions = Assumptions()


def load_mapping(name_or_path: str) -> Mapping:
    """Return a mapping, by its file or by the name of one that ships ("partner").

    Raises InputError with everything that is wrong in it.
    """
    from pathlib import Path

    from cisim.model.input_error import InputError, nearest, printable
    from cisim.world.files import read_text

    known = shipped_mappings()
    if name_or_path in known:
        path = known[name_or_path]
    elif name_or_path.endswith(".toml"):
        path = Path(name_or_path)
    else:
        raise InputError(
            SURVEY("no_mapping", given=shown(name_or_path), near=nearest(name_or_path, known))
        )
    return mapping_of(read_text(path), printable(path))


def mapping_of(text: str, where: str) -> Mapping:
    """Return the mapping that a TOML text means.

    Raises InputError with everything that is wrong in it.
    """
    from cisim.world.files import checked, parse

    if not any(line.split("#")[0].strip() for line in text.splitlines()):
        return Mapping()
    given: Any = parse(text, where)
    return checked(Mapping, given, where)


def shipped_mappings() -> dict[str, Any]:
    """Return the files of shipped mappings by name."""
    from cisim.world.files import configs

    return {path.stem: path for path in sorted((configs() / "mappings").glob("*.toml"))}
