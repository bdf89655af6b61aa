"""`cisim verify`: whether a result, a report or a chart is what it says."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cisim.cli.endings import DIFFERENT, DONE
from cisim.cli.figures import print_json
from cisim.cli.given import refuse_unused
from cisim.cli.options import AsJson, OnCluster, Policies, Quiet, Timeout, Workers, whole
from cisim.cli.place import ON_THIS_MACHINE, runs_where_asked
from cisim.cli.progress import say_unless, shown_progress
from cisim.cli.streams import show


def runs(text: str | int) -> int | None:
    """Return how many runs are asked for, None for all."""
    return None if text == "all" else whole(0)(str(text))


def verify(
    context: typer.Context,
    path: Annotated[
        str,
        typer.Argument(
            help="A result's folder, its manifest, or one of its files: a chart, a table, a report."
        ),
    ],
    sample: Annotated[
        Any,
        typer.Option(metavar="N|all", help="How many runs are done again.", parser=runs),
    ] = 5,
    draw: Annotated[
        int,
        typer.Option(metavar="N", help="Another number draws another sample.", parser=whole(0)),
    ] = 1,
    manifest: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="The manifest of a file that it does not stand beside."),
    ] = None,
    policy: Policies = None,
    workers: Workers = None,
    cluster: OnCluster = None,
    timeout: Timeout = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Look whether a result is what it says: its files by digest, some of its runs once more.

    Exit code 0: all is the same; 1: something differs.

    Example: cisim verify results/demo --sample 10
    """
    from cisim.cli.again import charts_again
    from cisim.lab.verify import verify as look

    refuse_unused(context, (ON_THIS_MACHINE,))
    runs_where_asked(context, workers, cluster, timeout)
    tell = say_unless(quiet)
    with shown_progress(quiet) as progress:
        found = look(
            path,
            sample,
            workers,
            manifest=manifest,
            policies=policy or (),
            draw=draw,
            charts=charts_again,
            progress=progress,
            say=tell,
        )
    if as_json:
        print_json(
            {
                "command": "verify",
                "what": found.what,
                "same": found.same,
                "files": dict(found.files),
                "runs": [one._asdict() for one in found.runs],
                "of_runs": found.of_runs,
                "notes": list(found.notes),
            }
        )
        return DONE if found.same else DIFFERENT
    show(f"{found.what}")
    for name, wrong in found.files.items():
        show(f"{name}: {wrong or 'same'}")
    for one in found.runs:
        show(f"{one.scenario}, seed {one.seed}: {one.wrong or 'same'}")
    for note in found.notes:
        show(note)
    wrong_runs = sum(bool(one.wrong) for one in found.runs)
    wrong_files = sum(bool(one) for one in found.files.values())
    if found.same:
        show(f"The same: {len(found.files)} files, {len(found.runs)} of {found.of_runs:,} runs.")
    else:
        show(
            f"Not the same: {wrong_files} of {len(found.files)} files differ, {wrong_runs} of "
            f"{len(found.runs)} runs that were done again."
        )
    return DONE if found.same else DIFFERENT
