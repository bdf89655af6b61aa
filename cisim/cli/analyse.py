"""`cisim analyse`: what a study says: what decides, what is robust, where it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cisim.cli.endings import DONE, QUARANTINED
from cisim.cli.figures import print_json
from cisim.cli.files import names_in, print_files, result_folder, written
from cisim.cli.given import refuse_unused
from cisim.cli.language import READ, LanguageOption, speak_as_asked
from cisim.cli.options import AsJson, Quiet, whole
from cisim.cli.streams import say, show
from cisim.cli.threshold import number
from cisim.model.limits import MOST_MONTHS

if TYPE_CHECKING:
    from cisim.lab.analyses import Answers


def analyse(
    context: typer.Context,
    folder: Annotated[
        str, typer.Argument(metavar="DIR", help="The folder of a study, made by cisim sweep.")
    ],
    outcome: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Which outcome; left out, wellbeing_gain or the first kept."
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="SCENARIO",
            help="Analyse how the others differ from this one; to be worse than it is harm.",
        ),
    ] = None,
    month: Annotated[
        int | None,
        typer.Option(
            metavar="M", help="In which month; left out, the last.", parser=whole(0, MOST_MONTHS)
        ),
    ] = None,
    region: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="In which region; left out, overall."),
    ] = None,
    threshold: Annotated[
        Any,
        typer.Option(
            metavar="X",
            help="The level that is good enough; what does not reach it fails.",
            parser=number,
        ),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help="Only these, with commas: sobol, pairs, morris, pawn, correlation, "
            "ranking, robustness, learning, prim, tree, surrogate.",
        ),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER", help="Write tables, charts and a manifest into this folder."
        ),
    ] = None,
    report: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write everything as one HTML page."),
    ] = None,
    language: LanguageOption = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Say what a study says: what decides, what is robust, where it fails, what is worth learning.

    It makes what the study's design allows, and says what it does not allow and why. Nothing is
    run again.

    Example: cisim analyse results/study --against no-backbone --report study.html
    """
    refuse_unused(context, (READ,))
    speak_as_asked(context, language)

    from cisim.lab.analyses import analyse as make
    from cisim.lab.ensemble import OVERALL
    from cisim.lab.study import Study
    from cisim.model.input_error import InputError

    if isinstance(threshold, str):
        raise InputError(f"--threshold is {threshold}, a date; allowed is a number.")
    place = None if out is None else result_folder(out)
    page = None
    if report is not None:
        from cisim.show.report import check_report

        page = check_report(report)
    study = Study.load(folder)
    command = ["cisim", *context.obj]

    def draw(found: Answers, key: str) -> dict[str, str]:
        from cisim.show.analysed import chart_files

        return chart_files(found, key)

    found = make(
        study,
        outcome,
        against=against,
        threshold=threshold,
        month=month,
        region=region or OVERALL,
        only=None if only is None else [name.strip() for name in only.split(",")],
        out=place,
        draw=draw,
        say=None if quiet else say,
        command=command,
    )
    if page is not None:
        from cisim.show.report import analysis_report, write_report

        write_report(page, analysis_report(found, command=command))
    files = [] if found.manifest is None else names_in(found.manifest)
    if as_json:
        print_json(analyse_json(found) | written(found.key, files))
    else:
        print_answers(found)
        print_files(out, files)
    return QUARANTINED if study.failed else DONE


def analyse_json(found: Answers) -> dict[str, Any]:
    """Return what was found as JSON has it."""
    return {
        "command": "analyse",
        "study": {"name": found.study.name, "key": found.study_key},
        "outcome": found.outcome,
        "against": found.against,
        "threshold": found.threshold,
        "month": found.month,
        "region": found.region,
        "told": found.sentences(),
        "tables": {name: table.to_dict("records") for name, table in found.tables().items()},
        "left_out": dict(found.left_out),
        "incomplete": found.study.incomplete,
    }


def print_answers(found: Answers) -> None:
    """Print what each analysis says, and what was left out."""
    from cisim.show.analysed import ANALYSES, title_of
    from cisim.show.language.texts import say as words
    from cisim.show.tables import paragraph, terminal_width
    from cisim.show.told import told as in_words

    width = terminal_width()
    asked, points = in_words(found.words), len(found.study.design)
    show(words("analysed.asked", study=found.study.name, words=asked, n=points) + "\n")
    for name in ANALYSES:
        mine = [one for one in found.answers if one.analysis == name]
        if not mine:
            continue
        show(f"{title_of(name)} ({name})")
        told = [sentence for one in mine for sentence in one.found.sentences()]
        for sentence in dict.fromkeys(told):
            show(paragraph(f"- {in_words(sentence)}", width, "  "))
        show()
    for name, why in found.left_out:
        show(paragraph(words("analysed.not_made", name=name, why=in_words(why)), width, "  "))
