"""`cisim validate`: the patterns, tested."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated

import typer

from cisim.cli.endings import DONE, QUARANTINED, ended, goes_on, interrupted, quarantined
from cisim.cli.figures import print_json
from cisim.cli.given import OnlyFor, refuse_unused
from cisim.cli.language import READ_HERE, LanguageOption, speak_as_asked
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

if TYPE_CHECKING:
    from cisim.lab.patterns.validation import Validation
    from cisim.lab.patterns.verdict import Verdict

RULES = (
    ON_THIS_MACHINE,
    READ_HERE,
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
    language: LanguageOption = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Test the patterns, at the defaults and over what may plausibly be believed.

    Example: cisim validate --quick --out results/validation-quick
    """
    refuse_unused(context, RULES)
    speak_as_asked(context, language)
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
        _print(found)
    if found.incomplete:
        return interrupted(ended("validation", again=goes_on(out)))
    if found.failed:
        say(quarantined("sets", found.failed))
        return QUARANTINED
    return DONE


def _print(found: Validation) -> None:
    """Print the document; in another language than its own, English, what it comes to."""
    from cisim.show.language.facts import fact
    from cisim.show.language.forms import localised
    from cisim.show.language.spoken import ENGLISH, spoken
    from cisim.show.language.texts import part
    from cisim.show.language.texts import say as words
    from cisim.show.tables import paragraph, table, terminal_width

    if spoken() == ENGLISH:
        show(found.markdown(), end="")
        return
    width, said = terminal_width(), part("validated")
    rows = []
    for pattern in found.patterns:
        passed, share = found.share(pattern.id)
        low, high = found.interval(pattern.id)
        verdict = _verdict(found.verdict(pattern.id))
        if pattern.built_in == "partly":
            verdict = words("validated.partly", word=verdict)
        between = "–"
        if not math.isnan(share):
            of, least, most = (localised(f"{one:.0%}") for one in (share, low, high))
            between = words("validated.interval", share=of, low=least, high=most)
        rows.append(
            [
                pattern.id,
                verdict,
                "–" if math.isnan(passed) else localised(f"{passed:.0%}"),
                between,
                fact("pattern_words", pattern.id, pattern.words),
            ]
        )
    show(said["title"])
    heads = ["", *(said[one] for one in ("verdict", "pass", "share", "pattern"))]
    show(table(rows, heads, left=(0, 1, 4), width=width))
    show(paragraph(said["whole"], width))


def _verdict(found: Verdict) -> str:
    """Return a verdict in the language that is spoken."""
    from cisim.show.language.texts import say as words

    names = [one.replace(" ", "_") for one in (found.word, *found.among)]
    word, *among = (words(f"validated.words.{name}") for name in names)
    if not among:
        return word
    return words("validated.among", word=word, among=words("validated.or").join(among))
