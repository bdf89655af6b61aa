"""Files to fill in: tables with example rows, and a mapping that fits them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from cisim.lab.survey.mapping import shipped_mappings
from cisim.model.told import Sentences

SAYS = Sentences(
    "template",
    no_folder="{folder} is no folder; allowed is a folder, there or not.",
    there="{folder}: has all of these files, and none is written over.",
    unwritten="{folder} cannot be written ({reason}).",
)

Kind = Literal["usual", "partner"]
KINDS: tuple[Kind, ...] = ("usual", "partner")
_MARK = "\ufeff"
"""By this Excel knows that the letters are UTF-8."""

_TABLES: dict[str, list[list[str]]] = {
    "organisations.csv": [
        ["name", "sector", "community", "region", "level", "own_time", "founder", "answered"],
        ["Example school", "education", "Example town", "", "local", "0.2", "yes", "yes"],
        ["Example association", "third", "Example town", "", "local", "", "no", "yes"],
    ],
    "communities.csv": [
        ["name", "region", "children", "deprivation", "participates"],
        ["Example town", "Example region", "2000", "0.4", "yes"],
    ],
    "sponsors.csv": [
        ["kind", "region", "present", "link", "engagement", "budget", "cap"],
        ["political", "", "yes", "0.5", "", "1", ""],
    ],
    "payers.csv": [
        ["name", "kind", "region", "year_price", "1", "2", "3"],
        ["Example county", "county", "", "60000", "60000", "60000", "60000"],
    ],
    "backbones.csv": [
        ["name", "where", "region", "fte", "from", "until", "payer", "after", "share", "cap"],
        ["Example coordinator", "regional", "", "1", "0", "36", "Example county", "nothing", "",
         ""],
    ],
}  # fmt: skip
_TIES: dict[Kind, list[list[str]]] = {
    "usual": [
        ["from", "to", "trust", "contact", "collaboration", "years"],
        ["Example school", "Example association", "3", "monthly", "cooperation", "5"],
        ["Example association", "Example school", "2", "monthly", "information", "5"],
    ],
    "partner": [
        ["from", "to", "frequency", "activities", "reliability", "support_of_mission", "openness",
         "power", "involvement", "resources"],
        ["Example school", "Example association", "about once a month", "cooperative", "3", "4",
         "3", "2", "3", "2"],
        ["Example association", "Example school", "about once a month", "cooperative", "4", "4",
         "2", "4", "3", "1"],
    ],
}  # fmt: skip
_MAPPING = """\
# What the columns and scales of these files mean; docs/import.md tells what else may stand here.
# Change a scale where yours is another one: [1, 5], [0, 10], or levels = ["no", "yes"].
# Names that mean one organisation, or look alike and mean two:
# same = [["One name", "The same by another name"]]
# different = [["School A", "School B"]]

[ties]
directed = true      # a row is what the first says of the second; false: it holds for both
several = "mean"     # of several answers for one pair; or "highest", "latest", "refuse"
silent = "missing"   # who names nobody did not answer; or "no ties"
other_side = false   # whether the other side's answer stands in for one that is missing

[[ties.measures]]
column = "trust"
kind = "trust"
scale = [1, 4]       # 1 not at all, 4 a great deal
optional = true

[[ties.measures]]
column = "contact"
kind = "contact"
levels = ["never", "yearly", "quarterly", "monthly", "weekly", "daily"]
optional = true

[[ties.measures]]
column = "collaboration"
kind = "collaboration"
levels = ["none", "information", "cooperation", "coordination", "integration"]
optional = true

[[ties.measures]]
column = "years"
kind = "years"
scale = [0, 10]      # more than ten years count as ten
weight = 0           # read and checked, and counts nothing; 1 would count it as much as trust
optional = true

[assume]
sector = "third"     # of an organisation whose sector is empty
children = 2000      # of a community whose number is empty
seed_fte = 1         # regional staff that structures plan for, unless they say otherwise
"""
_README = """\
Fill in these tables and give the folder to cisim:

    cisim import {folder} -o world.toml
    cisim import {folder} -o world.toml --structure structure.toml

The first makes a world: the place, its organisations, who works with whom. The second also makes a
structure: sponsors, payers and backbones. Then compare with it:

    cisim compare no-backbone regional-only --world world.toml

Replace the example rows. Any program that writes CSV will do; leave the first row as it is. Columns
may stand in another order, and a cell that is not known may stay empty.

organisations.csv (needed)
    sector is education, social, health, youth, third or private. Who works in one community is
    local, who works in a whole region is regional. own_time is the time for work across
    organisations, in full-time posts. founder and answered are yes or no: who did not answer the
    survey is not taken to have no ties.
ties.csv (needed)
    A row is what "from" says of "to". Leave out columns that you did not ask.
communities.csv (may be left out)
    deprivation is 0 to 1.
sponsors.csv (may be left out)
    kind is health, education, political or municipal; link is 0 (absent) to 1 (integrated);
    engagement is -1 (works against it) to 1.
payers.csv (may be left out)
    year_price is what a full-time year costs; a column for each year has the budget of that year.
backbones.csv (may be left out)
    A post a row: where is national, regional, academic or local-action; fte is in full-time posts;
    from and until are months of the run; after is nothing, sponsors, or the payer who takes over.
mapping.toml
    says what columns and scales mean.

The guide docs/import.md tells more. Delete tables that you do not need.
"""
README = "README.txt"


def files(kind: Kind, folder: str, semicolon: bool) -> Mapping[str, str]:
    """Return the texts of a template by file name.

    folder    : its name, for the commands in the text to read
    semicolon : whether cells are parted by semicolons, as Excel does where the comma is a decimal
    """
    tables = {**_TABLES, "ties.csv": _TIES[kind]}
    texts = {name: _csv(rows, semicolon) for name, rows in sorted(tables.items())}
    if kind == "partner":
        texts["mapping.toml"] = shipped_mappings()["partner"].read_text("utf-8")
    else:
        texts["mapping.toml"] = _MAPPING
    texts[README] = _README.format(folder=folder)
    return texts


def _csv(rows: list[list[str]], semicolon: bool) -> str:
    lines = []
    for row in rows:
        cells = [cell.replace(".", ",") if semicolon and _is_number(cell) else cell for cell in row]
        lines.append((";" if semicolon else ",").join(cells))
    return _MARK + "\r\n".join(lines) + "\r\n"


def _is_number(cell: str) -> bool:
    return cell.replace(".", "", 1).isdecimal()
