"""`cisim optimise`: the best use of a yearly budget."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cisim.cli.chosen import parse_settings
from cisim.cli.endings import DONE, QUARANTINED, ended, goes_on, interrupted, quarantined
from cisim.cli.figures import print_json
from cisim.cli.files import kept, print_files, written
from cisim.cli.given import refuse_set_beside_vary, refuse_unused
from cisim.cli.language import READ, LanguageOption, speak_as_asked
from cisim.cli.options import (
    AsJson,
    Months,
    OnCluster,
    OnWorld,
    Out,
    Quiet,
    Seed,
    Settings,
    Timeout,
    WithStructure,
    Workers,
    above_nothing,
    whole,
)
from cisim.cli.place import ON_THIS_MACHINE, runs_where_asked
from cisim.cli.progress import say_unless, shown_progress
from cisim.cli.streams import say, show

if TYPE_CHECKING:
    from cisim.lab.optimise import Optimised


def money(text: str | float) -> float:
    """Return money of the command line, a number of at least 0."""
    try:
        value = float(str(text).replace("_", ""))
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1e15:
        raise typer.BadParameter(f"is {str(text)[:60]!r}; allowed is a number of at least 0")
    return value


def optimise(
    context: typer.Context,
    scenario: Annotated[
        str,
        typer.Argument(help="A scenario, shipped or a file; or a file with the whole question."),
    ],
    budget: Annotated[
        Any,
        typer.Option(
            metavar="MONEY",
            help="What all who pay posts, grants and local action may pay in a year, together.",
            parser=money,
        ),
    ] = None,
    payer: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=MONEY",
            help="What this payer may pay in a year; may be repeated. One alone pays what is "
            "added.",
        ),
    ] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=LOW..HIGH",
            help="What is chosen, as national_fte=0..4, in steps as 0..4/0.5, words as "
            "selection=open|complementary, or a post that is added, as "
            "add.regional.North.fte=0..2; may be repeated. Left out, posts and local action.",
        ),
    ] = None,
    goal: Annotated[
        str,
        typer.Option(
            metavar="GOALS",
            help="What is wanted, with commas: effect, spent, cost, gap, harm.",
        ),
    ] = "effect,spent",
    points: Annotated[
        str,
        typer.Option(
            metavar="BELIEFS",
            help="How many beliefs the search sees, or a table of them (CSV or Parquet, or "
            "self-reported or evaluated, which ship).",
        ),
    ] = "30",
    unseen: Annotated[
        int,
        typer.Option(
            metavar="N",
            help="On how many other beliefs the front is told again.",
            parser=whole(2, 100_000),
        ),
    ] = 100,
    beliefs: Annotated[
        str | None,
        typer.Option(
            metavar="ensemble|plausible|fixed|FILE",
            help="Where these beliefs are drawn from: a calibration, all that is plausible, or "
            "nowhere, so that luck alone differs. Left out: plausible.",
        ),
    ] = None,
    evaluations: Annotated[
        int,
        typer.Option(
            metavar="N",
            help="How many candidates are tried.",
            parser=whole(1, 100_000),
        ),
    ] = 240,
    fte_cost: Annotated[
        float,
        typer.Option(
            metavar="MONEY",
            help="What a full-time year costs where its payer does not say.",
            parser=above_nothing,
        ),
    ] = 60_000.0,
    world: OnWorld = None,
    structure: WithStructure = None,
    settings: Settings = None,
    seed: Seed = 1,
    months: Months = None,
    workers: Workers = None,
    cluster: OnCluster = None,
    timeout: Timeout = None,
    out: Out = None,
    language: LanguageOption = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Search for the best uses of a yearly budget.

    Every candidate meets the same beliefs with the same luck; the front is told again on beliefs
    that the search never saw. With --out the same command goes on where it was stopped, and with
    more --evaluations from what is there.

    Example: cisim optimise no-backbone --budget 100000 --out results/best
    """
    refuse_unused(context, (ON_THIS_MACHINE, READ))
    speak_as_asked(context, language)
    runs_where_asked(context, workers, cluster, timeout)

    from cisim.lab.optimise import optimise as search
    from cisim.lab.optimise.file import is_question, merged, read_question
    from cisim.show.told import told
    from cisim.world.scenario import Scenario

    typed: dict[str, Any] = {
        "budget": budget,
        "payers": _payers(payer or ()),
        "vary": _ranges(vary) if vary else None,
        "goals": goal,
        "points": int(points) if re.fullmatch(r"[0-9]{1,9}", points) else points,
        "unseen": unseen,
        "beliefs": beliefs,
        "evaluations": evaluations,
        "fte_cost": fte_cost,
        "seed": seed,
    }
    option = {"payers": "payer", "goals": "goal"}
    typed = {k: value for k, value in typed.items() if _was_typed(context, option.get(k, k))}
    options = {"world": world, "structure": structure, "months": months}
    changes = {name: value for name, value in options.items() if value is not None}
    if is_question(scenario):
        said = read_question(scenario, **changes)
    else:
        said = {"scenario": Scenario.load(scenario, **changes)}
    asked = merged(said, typed)
    set_ = parse_settings(settings or ())
    refuse_set_beside_vary(set_, asked.get("vary") or ())
    if set_:
        asked["scenario"] = asked["scenario"].set(set_)
    tell = say_unless(quiet)

    with shown_progress(quiet) as progress:
        found = search(
            **asked,
            workers=workers,
            out=out,
            draw=front_chart,
            translate=told,
            progress=progress,
            say=tell,
            command=["cisim", *context.obj],
        )
    key, files = kept(found.manifest)
    if found.tried:
        if as_json:
            print_json(optimised_json(found) | written(key, files))
        else:
            print_optimised(found, out)
            print_files(out if files else None, files)
    if found.incomplete:
        return interrupted(ended("candidates", n=len(found.tried), again=goes_on(out)))
    if found.failed or not found.tried:
        say(quarantined("runs", found.failed) if found.failed else ended("nothing_finished"))
        return QUARANTINED
    return DONE


def _was_typed(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _payers(given: Sequence[str]) -> dict[str, float]:
    """Return NAME=MONEY by name."""
    from cisim.model.input_error import InputError, shown

    found: dict[str, float] = {}
    for text in given:
        name, equals, amount = (part.strip() for part in text.rpartition("="))
        if not (name and equals):
            raise InputError(
                f"--payer: {shown(text)} is not NAME=MONEY; right would be County=60000."
            )
        if name in found:
            raise InputError(f"--payer: {shown(name)} is given twice; allowed is once.")
        try:
            found[name] = money(amount)
        except typer.BadParameter as error:
            raise InputError(f"--payer {name} {error.message}.") from None
    return found


def _ranges(given: Sequence[str]) -> dict[str, str]:
    """Return NAME=RANGE by name."""
    from cisim.model.input_error import InputError, shown

    found: dict[str, str] = {}
    for text in given:
        name, equals, said = (part.strip() for part in text.partition("="))
        if not (name and equals and said):
            raise InputError(
                f"--vary: {shown(text)} is not NAME=LOW..HIGH; right would be national_fte=0..4."
            )
        if name in found:
            raise InputError(f"--vary: {shown(name)} is given twice; allowed is once.")
        found[name] = said
    return found


def front_chart(found: Optimised, key: str) -> Mapping[str, str]:
    """Return the chart of a front, by file name."""
    from cisim.lab.results import FRONT_CHART
    from cisim.show.charts import front, small_print

    footer = small_print(len(found.beliefs.unseen), found.beliefs.seed, key)
    return {FRONT_CHART: front(found, footer=footer).svg}


def optimised_json(found: Optimised) -> dict[str, Any]:
    """Return what was found as JSON has it."""
    from cisim.lab.results import STRUCTURES

    return {
        "command": "optimise",
        "scenario": found.scenario.name,
        "budget": {"all": found.budget.total, "payers": dict(found.budget.payers)},
        "vary": {one.name: one.told for one in found.levers},
        "goals": list(found.goals),
        "beliefs": {
            "from": found.beliefs.said,
            "seen": len(found.beliefs.seen),
            "unseen": len(found.beliefs.unseen),
        },
        "evaluations": len(found.tried),
        "every_candidate": found.whole,
        "level": 0.9,
        "front": found.table().to_dict("records"),
        "chosen": [
            {
                "file": STRUCTURES[number - 1],
                "candidate": one.at + 1,
                "why": one.why,
                "words": found.words(one.at),
                "bill": found.bill(one.at).to_dict("records"),
            }
            for number, one in enumerate(found.chosen, 1)
        ],
        "levers": found.levers_table().to_dict("records"),
        "told": found.sentences(),
        "incomplete": found.incomplete,
        "failed": [one._asdict() for one in found.failed],
    }


def print_optimised(found: Optimised, out: str | None) -> None:
    """Print what one gets for the money, the front, and what is chosen of it."""
    from cisim.lab.optimise.found import CANDIDATE
    from cisim.lab.results import FRONT
    from cisim.show.language.facts import in_language
    from cisim.show.language.texts import say as words
    from cisim.show.tables import paragraph, terminal_width
    from cisim.show.told import told

    width = terminal_width()
    title = in_language(found.scenario).title
    show(words("printed.best_use", limits=told(found.limits()), title=title))
    show()
    for sentence in found.sentences():
        show(paragraph(f"- {told(sentence)}", width, "  "))
    rows = [row for row in found.table().to_dict("records") if row["told"]]
    if rows:
        show()
        show(_front(found, rows))
        hidden = len(found.front) - sum(row["who"].startswith(CANDIDATE) for row in rows)
        if hidden and out is None:
            show(words("printed.front_more", n=hidden))
        elif hidden:
            show(words("printed.front_more_in", n=hidden, file=FRONT))
    if found.chosen:
        show()
    for at, one in enumerate(found.chosen, 1):
        said = words("printed.chosen", number=at, why=told(one.why), what=told(found.words(one.at)))
        show(paragraph(said, width, "    "))


def _front(found: Optimised, rows: Sequence[Mapping[Any, Any]]) -> str:
    """Return the table of what was told again."""
    from cisim.show.best_in_words import who
    from cisim.show.language.forms import localised, percent
    from cisim.show.language.texts import say as words
    from cisim.show.tables import decimals_for, number, table

    ends = [row[end] for row in rows for end in ("low", "high")]
    decimals = max(2, decimals_for(ends))
    heads = ["a_year", "effect", "interval", "of_beliefs", "gap", "harms_in"]
    cells = []
    for row in rows:
        name = who(row["who"], found) + (f" ({row['file']})" if row["file"] else "")
        money = localised(f"{row['spent']:,.0f}")
        low, high = number(row["low"], decimals), number(row["high"], decimals)
        least, most = (number(row[f"effect_q{q}"], decimals) for q in ("05", "95"))
        cells.append(
            [
                name,
                money if row["keeps"] else words("printed.over_budget", money=money),
                number(row["effect"], decimals),
                f"{low}…{high}",
                f"{least}…{most}",
                number(row["gap"], decimals),
                percent(row["harm"]),
            ]
        )
    return table(cells, ["", *(words(f"printed.{head}") for head in heads)])
