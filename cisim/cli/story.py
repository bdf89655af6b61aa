"""`cisim story`: a case in a few steps, with its figures from runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cisim.cli.endings import DONE, ended, interrupted
from cisim.cli.figures import print_json
from cisim.cli.given import refuse_unused
from cisim.cli.language import LanguageOption, speak_as_asked
from cisim.cli.options import AsJson, OnCluster, Quiet, Seed, Timeout, Workers, whole
from cisim.cli.place import ON_THIS_MACHINE, runs_where_asked
from cisim.cli.progress import say_unless, shown_progress
from cisim.cli.streams import say, show
from cisim.model.limits import MOST_REPLICATES

if TYPE_CHECKING:
    from cisim.lab.story import ToldStory

ENDINGS = (".md", ".json")
PAGES = (".html",)


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
    html: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write it as one page that plays by itself, offline."),
    ] = None,
    language: LanguageOption = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Tell a story: each step with its figures, a question, and what runs answer.

    Example: cisim story three-structures --replicates 10
    """
    refuse_unused(context, (ON_THIS_MACHINE,))
    speak_as_asked(context, language)
    file = None if out is None else _checked(out, "--out", ENDINGS)
    page = None if html is None else _checked(html, "--html", PAGES)
    runs_where_asked(context, workers, cluster, timeout)

    from cisim.lab.story import tell
    from cisim.show.language.spoken import spoken
    from cisim.world.notes import notes_of
    from cisim.world.story import Story

    told = Story.load(name).translated(spoken())
    to_say = say_unless(quiet)
    if to_say is not None:
        scenarios = {state.scenario.name: state.scenario for state in told.states}
        for note in notes_of(scenarios.values()):
            say(note)
    with shown_progress(quiet) as progress:
        found = tell(
            told,
            replicates,
            workers,
            seed,
            every_month=page is not None,
            progress=progress,
            say=to_say,
        )
    if found is None:
        return interrupted(ended("story"))
    if file is not None:
        _write(file, found)
    if page is not None:
        _write_page(page, found)
    files = [one for one in (out, html) if one is not None]
    if as_json:
        from cisim.show.story_in_words import plain

        print_json({"command": "story", **plain(found)} | ({"files": files} if files else {}))
    elif files:
        for one, name_ in ((file, out), (page, html)):
            if one is not None:
                show(f"Story: {name_}{_sized(one)}")
    else:
        _print(found)
    return DONE


def _checked(given: str, option: str, endings: Sequence[str]) -> Path:
    """Return the file that is written; raises InputError if it cannot be."""
    from cisim.lab.disk import check_links
    from cisim.model.input_error import InputError, printable

    file = Path(given)
    said = f"{option} is {printable(given)}"
    if file.suffix.lower() not in endings:
        raise InputError(f"{said}; allowed is a file that ends in {' or '.join(endings)}.")
    check_links(file, option)
    if file.is_dir() or not file.absolute().parent.is_dir():
        raise InputError(f"{said}; allowed is a file in a folder that is there.")
    return file


def _sized(file: Path) -> str:
    """Return how large a page is, which people copy to a stick; "" for what is small anyway."""
    return f" ({file.stat().st_size / 1e6:.1f} MB)" if file.suffix.lower() in PAGES else ""


def _write(file: Path, found: ToldStory) -> None:
    import json

    from cisim.show.story_in_words import markdown, plain

    whole_ = markdown(found)
    if file.suffix.lower() == ".json":
        whole_ = json.dumps(plain(found), indent=1, ensure_ascii=False) + "\n"
    _put(file, whole_, "--out")


def _write_page(file: Path, found: ToldStory) -> None:
    from cisim.show.page.story.file import page
    from cisim.show.page.story.told import films, played

    _put(file, page(played(found, films(found))), "--html")


def _put(file: Path, text: str, option: str) -> None:
    from cisim.lab.disk import write_text
    from cisim.model.input_error import InputError, printable

    try:
        write_text(file, text)
    except (OSError, TimeoutError) as error:
        reason = getattr(error, "strerror", None) or error
        said = f"{option} is {printable(file)}, and cannot be written ({reason})."
        raise InputError(said) from None


def _print(found: ToldStory) -> None:
    from cisim.show.story_in_words import about, asked, small_print, text_of, when
    from cisim.show.tables import paragraph, terminal_width

    width, file = terminal_width(), found.story.file
    show(file.title)
    show(paragraph(" ".join(file.about.split()), width))
    for line in about(found):
        show(paragraph(line, width))
    for number, shown in enumerate(found.steps, start=1):
        show(f"\n{number}. {shown.told.step.title} ({when(shown.told.here)})")
        show(paragraph(text_of(shown), width))
        for line in asked(shown, found.futures):
            show(paragraph(f"- {line}", width, "  "))
    show()
    show(paragraph(small_print(found), width))
