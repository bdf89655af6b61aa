"""`cisim verify`: whether a result, a report or a chart is what it says."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cisim.cli.endings import DIFFERENT, DONE
from cisim.cli.figures import print_json
from cisim.cli.given import refuse_unused
from cisim.cli.language import READ_HERE, LanguageOption, speak_as_asked
from cisim.cli.options import AsJson, OnCluster, Policies, Quiet, Timeout, Workers, whole
from cisim.cli.place import ON_THIS_MACHINE, runs_where_asked
from cisim.cli.progress import say_unless, shown_progress
from cisim.cli.streams import show


def how_many(text: str | int) -> int | None:
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
        typer.Option(metavar="N|all", help="How many runs are done again.", parser=how_many),
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
    language: LanguageOption = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Look whether a result is what it says: its files by digest, some of its runs once more.

    Exit code 0: all is the same; 1: something differs.

    Example: cisim verify results/demo --sample 10
    """
    from cisim.cli.again import charts_again
    from cisim.lab.verify import verify as look

    refuse_unused(context, (ON_THIS_MACHINE, READ_HERE))
    speak_as_asked(context, language)
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
    from cisim.show.language.texts import say
    from cisim.show.told import told

    show(told(found.what))
    same = say("verified.same")
    for name, wrong in found.files.items():
        show(say("verified.file", name=name, state=told(wrong) or same))
    for one in found.runs:
        scenario, state = told(one.scenario), told(one.wrong) or same
        show(say("verified.run", scenario=scenario, seed=one.seed, state=state))
    for note in found.notes:
        show(told(note))
    files, runs = len(found.files), len(found.runs)
    if found.same:
        show(say("verified.all_same", files=files, runs=runs, of_runs=found.of_runs))
        return DONE
    wrong_runs = sum(bool(one.wrong) for one in found.runs)
    wrong_files = sum(bool(one) for one in found.files.values())
    show(
        say(
            "verified.not_same",
            wrong_files=wrong_files,
            files=files,
            wrong_runs=wrong_runs,
            runs=runs,
        )
    )
    return DIFFERENT
