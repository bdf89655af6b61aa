"""Options that several commands share, and the limits of what may be given to them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Annotated

import typer

from cisim.model.limits import LARGEST_SEED, MOST_MONTHS, MOST_REPLICATES


def futures(text: str | int) -> int | str:
    """Return how many futures the command line asks for, a whole number or `auto`."""
    return "auto" if text == "auto" else whole(1, MOST_REPLICATES)(str(text))


def above_nothing(text: str | float) -> float:
    """Return a number above 0 of the command line."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0.0 < number < math.inf:
        raise typer.BadParameter(f"is {str(text)[:60]!r}; allowed is a number above 0")
    return number


def whole(low: int, high: int | None = None) -> Callable[[str], int]:
    """Return what reads a whole number from `low` to `high` of the command line."""

    def read(text: str | int) -> int:
        limits = f"at least {low}" if high is None else f"{low} to {high:,}"
        digits = str(text)
        number = int(digits) if re.fullmatch(r"[+-]?[0-9]{1,30}", digits) else None
        if number is None or number < low or (high is not None and number > high):
            plain = re.fullmatch(r"[\w.+-]{1,60}", digits)
            given = digits if plain else repr(digits[:60])
            raise typer.BadParameter(f"is {given}; allowed is a whole number, {limits}")
        return number

    return read


Seed = Annotated[
    int,
    typer.Option(
        metavar="N",
        help="The future; of several runs the first one.",
        parser=whole(0, LARGEST_SEED),
    ),
]
Months = Annotated[
    int | None,
    typer.Option(metavar="N", help="Another horizon, in months.", parser=whole(1, MOST_MONTHS)),
]
OnWorld = Annotated[
    str | None, typer.Option(help="Another world than the scenario's: a name or a file.")
]
WithStructure = Annotated[
    str | None, typer.Option(help="Another structure than the scenario's: a name or a file.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Change a parameter or a lever; may be repeated. Names: cisim list parameters.",
    ),
]
Policy = Annotated[
    str | None,
    typer.Option(
        metavar="MODULE:FUNCTION",
        help="A Python function that acts on the agents before each month; its module is also "
        "looked for here.",
    ),
]
Policies = Annotated[
    list[str] | None,
    typer.Option(
        "--policy",
        metavar="MODULE:FUNCTION",
        help="A policy under which it ran, which may be run here, too; may be repeated.",
    ),
]
PolicySettings = Annotated[
    list[str] | None,
    typer.Option(
        "--policy-set",
        metavar="NAME=VALUE",
        help="With --policy, what the function is given; may be repeated.",
    ),
]
Out = Annotated[
    str | None,
    typer.Option(metavar="FOLDER", help="Write series, charts and a manifest into this folder."),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print the summary as JSON, and nothing else.")
]
Quiet = Annotated[
    bool, typer.Option("--quiet", help="Say nothing on standard error unless something is wrong.")
]
_HELD = "ensemble|plausible|fixed|FILE"
Believed = Annotated[
    str | None,
    typer.Option(
        "--beliefs",
        metavar=_HELD,
        help="The parameters of a future: a point that a calibration has left, of the shipped "
        "ensembles or of a file; drawn from all that is plausible; or the scenario's own, which "
        "is fixed. Left out: fixed, for track ensemble.",
    ),
]
BelievedByFutures = Annotated[
    str | None,
    typer.Option(
        "--beliefs",
        metavar=_HELD,
        help="What each future believes, the same for all scenarios: a point that a calibration "
        "has left (ensemble: the shipped ones; or one of them, or a file); a draw from all that is "
        "plausible; or what scenarios say (fixed). Left out: ensemble, where one ships.",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(metavar="N", help="Processes; all processors if left out.", parser=whole(1)),
]
OnCluster = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS",
        help="The Dask scheduler whose workers do the runs, as tcp://host:8786.",
    ),
]
Timeout = Annotated[
    float | None,
    typer.Option(
        "--timeout",
        metavar="SECONDS",
        help="A run that takes longer is stopped, tried once more and set aside. By default half "
        "an hour, or a hundred times the longest so far.",
        parser=above_nothing,
    ),
]
ByCommunity = Annotated[
    bool,
    typer.Option("--by-community", help="Show and keep each community: who gains, who loses."),
]
ByOrganisation = Annotated[
    bool,
    typer.Option("--by-organisation", help="With --out, keep what each organisation shows, too."),
]
ByRegion = Annotated[bool, typer.Option("--by-region", help="Show and keep each region, too.")]
