"""`cisim validate`: the patterns, tested."""

from __future__ import annotations

from typing import Annotated

import typer

from cisim.cli.endings import DONE, QUARANTINED, goes_on, interrupted, quarantined
from cisim.cli.figures import print_json
from cisim.cli.given import OnlyFor, refuse_unused
from cisim.cli.options import (
    AsJson,
    OnCluster,
    Quiet,
    Timeout,
    Workers,
    whole,
)
from cisim.cli.place import ON_THIS_MACHINE, runs_where_asked
from cisim.cli.progress import say_unless, shown_progress
from cisim.cli.streams import say, show
from cisim.model.limits import LARGEST_SEED

RULES = (
    ON_THIS_MACHINE,
    OnlyFor("replicates", lambda options: not options["quick"], "a validation without --quick"),
    OnlyFor("points", lambda options: not options["quick"], "a validation without --quick"),
    OnlyFor("points", lambda options: options["ensemble"] is None, "points that are sampled"),
)
"""Options of the validation that change something in some cases only."""


def validate(
    context: typer.Context,
    quick: Annotated[
        bool, typer.Option("--quick", help="A look: fewer futures and points, two minutes.")
    ] = False,
    replicates: Annotated[
        int,
        typer.Option(metavar="N", help="Futures at the defaults.", parser=whole(1, 1_000_000)),
    ] = 60,
    points: Annotated[
        int,
        typer.Option(metavar="N", help="Sampled sets of beliefs.", parser=whole(1, 1_000_000)),
    ] = 300,
    only: Annotated[
        str | None,
        typer.Option(metavar="NAMES", help="Only these patterns, with commas: P1,P6,L3."),
    ] = None,
    ensemble: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Points that are believed, a .parquet or .csv with a column for each parameter, "
            "or self-reported or evaluated, which ship, in place of sampled ones.",
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(metavar="N", help="The first future.", parser=whole(0, LARGEST_SEED))
    ] = 71_000,
    workers: Workers = None,
    cluster: OnCluster = None,
    timeout: Timeout = None,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER", help="Keep effects and tables; a run broken off goes on from there."
        ),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Test the patterns, at the defaults and over what may plausibly be believed.

    Example: cisim validate --quick --out results/validation-quick
    """
    refuse_unused(context, RULES)
    runs_where_asked(context, workers, cluster, timeout)

    from cisim.lab.patterns import validate as test_all

    tell = say_unless(quiet)
    command = ["cisim", *context.obj]
    with shown_progress(quiet) as progress:
        found = test_all(
            quick,
            replicates,
            points,
            workers,
            seed,
            out,
            progress,
            tell,
            patterns=None if only is None else [name.strip() for name in only.split(",")],
            ensemble=ensemble,
            command=command,
        )
    if as_json:
        print_json({"command": "validate", "patterns": found.table().to_dict("records")})
    else:
        show(found.markdown(), end="")
    if found.incomplete:
        return interrupted(f"Interrupted; what is finished is above{goes_on(out)}.")
    if found.failed:
        say(quarantined("sets", found.failed))
        return QUARANTINED
    return DONE
