"""`cisim story`: a case in a few steps, with its figures from runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cisim.cli.endings import DONE, interrupted
from cisim.cli.figures import print_json
from cisim.cli.given import refuse_unused
from cisim.cli.options import AsJson, OnCluster, Quiet, Seed, Timeout, Workers, whole
from cisim.cli.place import ON_THIS_MACHINE, runs_where_asked
from cisim.cli.progress import shown_progress
from cisim.cli.streams import say, show
from cisim.model.limits import MOST_REPLICATES

if TYPE_CHECKING:
    from cisim.lab.story import ToldStory

ENDINGS = (".md", ".json")


def story(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="STORY", help="A shipped name, or a file.")],
    replicates: Annotated[
        int,
        typer.Option(
            metavar="N", help="Futures that figures are means of.", parser=whole(2, MOST_REPLICATES)
        ),
    ] = 20,
    seed: Seed = 1,
    workers: Workers = None,
    cluster: OnCluster = None,
    timeout: Timeout = None,
    out: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write it as .md or .json instead of printing it."),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Tell a story: each step with its figures, a question, and what runs answer.

    Example: cisim story three-structures --replicates 10
    """
    refuse_unused(context, (ON_THIS_MACHINE,))
    file = None if out is None else _checked(out)
    runs_where_asked(context, workers, cluster, timeout)

    from cisim.lab.story import tell
    from cisim.model.cache import tell_compiling
    from cisim.world.notes import notes_of
    from cisim.world.story import Story

    told = Story.load(name)
    if quiet:
        tell_compiling(None)
    else:
        scenarios = {state.scenario.name: state.scenario for state in told.states}
        for note in notes_of(scenarios.values()):
            say(note)
    with shown_progress(quiet) as progress:
        found = tell(told, replicates, workers, seed, progress=progress, say=None if quiet else say)
    if found is None:
        return interrupted("Interrupted; a story needs all of its futures, so nothing is told.")
    if file is not None:
        _write(file, found)
    if as_json:
        from cisim.show.story_in_words import plain

        print_json({"command": "story", **plain(found)} | ({"files": [out]} if out else {}))
    elif file is not None:
        show(f"Story: {out}")
    else:
        _print(found)
    return DONE


def _checked(out: str) -> Path:
    """Return the file that is written; raises InputError if it cannot be."""
    from cisim.lab.disk import check_links
    from cisim.model.input_error import InputError, printable

    file = Path(out)
    if file.suffix.lower() not in ENDINGS:
        raise InputError(f"--out is {printable(out)}; allowed is a file that ends in .md or .json.")
    check_links(file, "--out")
    if file.is_dir() or not file.absolute().parent.is_dir():
        raise InputError(f"--out is {printable(out)}; allowed is a file in a folder that is there.")
    return file


def _write(file: Path, found: ToldStory) -> None:
    import json

    from cisim.lab.disk import write_text
    from cisim.model.input_error import InputError, printable
    from cisim.show.story_in_words import markdown, plain

    whole_ = markdown(found)
    if file.suffix.lower() == ".json":
        whole_ = json.dumps(plain(found), indent=1, ensure_ascii=False) + "\n"
    try:
        write_text(file, whole_)
    except (OSError, TimeoutError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"--out is {printable(file)}, and cannot be written ({reason}).") from None


def _print(found: ToldStory) -> None:
    from cisim.show.story_in_words import (
        answer_of,
        looked_at,
        options,
        small_print,
        text_of,
        when,
    )
    from cisim.show.tables import paragraph, terminal_width

    width, file = terminal_width(), found.story.file
    show(file.title)
    show(paragraph(" ".join(file.about.split()), width))
    show(paragraph(f"Source: {' '.join(file.source.split())}", width))
    if file.target:
        show(paragraph(f"Target line, never computed: {' '.join(file.target.split())}", width))
    if file.lacks:
        show(paragraph(f"What the model lacks: {' '.join(file.lacks.split())}", width))
    for number, shown in enumerate(found.steps, start=1):
        show(f"\n{number}. {shown.told.step.title} ({when(shown.told.here)})")
        show(paragraph(text_of(shown), width))
        show(paragraph(f"- Look at: {looked_at(shown)}", width, "  "))
        asked = f"{shown.told.step.predict.question} {' / '.join(options(shown).values())}"
        show(paragraph(f"- Predict: {asked}", width, "  "))
        show(paragraph(f"- Runs say: {answer_of(shown, found.futures)}", width, "  "))
    show()
    show(paragraph(small_print(found), width))
