"""`cisim rerun`: a result made again from its manifest alone."""

from __future__ import annotations

from typing import Annotated

import typer

from cisim.cli.endings import DIFFERENT, DONE, interrupted
from cisim.cli.figures import print_json
from cisim.cli.given import refuse_unused
from cisim.cli.language import READ_HERE, LanguageOption, speak_as_asked
from cisim.cli.options import AsJson, OnCluster, Policies, Quiet, Timeout, Workers
from cisim.cli.place import ON_THIS_MACHINE, runs_where_asked
from cisim.cli.progress import say_unless, shown_progress
from cisim.cli.streams import show


def rerun(
    context: typer.Context,
    manifest: Annotated[
        str, typer.Argument(help="A result's folder, or its manifest.json, alone.")
    ],
    out: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            help="Where it is made; what is stopped goes on there. Left out, it is only compared.",
        ),
    ] = None,
    policy: Policies = None,
    workers: Workers = None,
    cluster: OnCluster = None,
    timeout: Timeout = None,
    language: LanguageOption = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Make a result again from its manifest, and say whether each file is the same.

    Exit code 0: all are; 1: one differs.

    Example: cisim rerun results/one/manifest.json --out results/again
    """
    refuse_unused(context, (ON_THIS_MACHINE, READ_HERE))
    speak_as_asked(context, language)
    from cisim.cli.again import charts_again
    from cisim.cli.files import result_folder
    from cisim.lab.rerun import rerun as make_again
    from cisim.model.input_error import printable
    from cisim.show.language.texts import say
    from cisim.show.told import told

    runs_where_asked(context, workers, cluster, timeout)
    tell = say_unless(quiet)
    folder = None if out is None else result_folder(out)
    with shown_progress(quiet) as progress:
        found = make_again(
            manifest,
            folder,
            workers,
            policies=policy or (),
            draw=charts_again,
            progress=progress,
            say=tell,
        )
    if found is None:
        return interrupted(say(f"verified.{'nothing_kept' if out is None else 'goes_on'}"))
    if as_json:
        print_json(
            {
                "command": "rerun",
                "same": found.same,
                "files": dict(found.files),
                "notes": list(found.notes),
            }
        )
    else:
        for name, state in found.files.items():
            show(say("verified.file", name=name, state=told(state)))
        for note in found.notes:
            show(told(note))
        show(say("verified.files_same" if found.same else "verified.files_differ"))
        if out is not None:
            show(say("verified.place", folder=printable(out)))
    return DONE if found.same else DIFFERENT
