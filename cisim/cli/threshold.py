"""`cisim threshold`: at which value of one number the answer turns."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cisim.cli.chosen import chosen_scenarios, parse_settings
from cisim.cli.endings import DONE, QUARANTINED, ended, goes_on, interrupted, quarantined
from cisim.cli.figures import print_json
from cisim.cli.files import kept, print_files, written
from cisim.cli.given import UNDER_POLICY, refuse_set_beside_vary, refuse_unused
from cisim.cli.language import READ, LanguageOption, speak_as_asked
from cisim.cli.options import (
    AsJson,
    Believed,
    Months,
    OnCluster,
    OnWorld,
    Out,
    Policy,
    PolicySettings,
    Quiet,
    Seed,
    Settings,
    Timeout,
    WithStructure,
    Workers,
    whole,
)
from cisim.cli.place import ON_THIS_MACHINE, runs_where_asked
from cisim.cli.progress import say_unless, shown_progress
from cisim.cli.streams import say, show
from cisim.model.limits import MOST_REPLICATES

if TYPE_CHECKING:
    from cisim.lab.threshold import Threshold


def number(text: str | float) -> float | str:
    """Return a number of the command line, or a date such as 2027-07 as it is."""
    if re.fullmatch(r"\d{4}-\d{2}", str(text)):
        return str(text)
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise typer.BadParameter(f"is {str(text)[:60]!r}; allowed is a number")
    return value


def threshold(
    context: typer.Context,
    scenarios: Annotated[
        list[str], typer.Argument(help="One or more scenarios: shipped names, or files.")
    ],
    vary: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="What is varied: a parameter, a lever, or a number of an event, as "
            "backbone-starts.month.",
        ),
    ],
    goal: Annotated[
        str | None,
        typer.Option(
            metavar="GOAL",
            help='What must hold, as "wellbeing_gain >= 0.5 in 90%", "member_share >= 0.3 at month '
            '60" or "wellbeing_gain:ONE - OTHER >= 0".',
        ),
    ] = None,
    until_order_turns: Annotated[
        bool,
        typer.Option(
            "--until-order-turns",
            help="Where another scenario becomes the best, by the mean of wellbeing_gain or of "
            "the outcome that --goal names.",
        ),
    ] = False,
    low: Annotated[
        Any,
        typer.Option(
            "--from",
            metavar="X",
            help="Where to begin, a number or a date; left out, where the plausible range does.",
            parser=number,
        ),
    ] = None,
    high: Annotated[
        Any,
        typer.Option(
            "--to",
            metavar="X",
            help="Where to end, a number or a date; left out, where the plausible range does.",
            parser=number,
        ),
    ] = None,
    points: Annotated[
        int,
        typer.Option(
            metavar="N",
            help="How many values are looked at before what is open is halved.",
            parser=whole(3, 1000),
        ),
    ] = 9,
    replicates: Annotated[
        int,
        typer.Option(
            metavar="N", help="How many futures at each value.", parser=whole(2, MOST_REPLICATES)
        ),
    ] = 200,
    world: OnWorld = None,
    structure: WithStructure = None,
    settings: Settings = None,
    policy: Policy = None,
    policy_settings: PolicySettings = None,
    beliefs: Believed = None,
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
    """Find the value of one number at which the answer turns.

    It looks along the range, halves what is open, and gives an interval. All values meet the same
    futures.

    Example: cisim threshold national-and-regional --vary regional_fte --from 0 --to 4 --goal
    "wellbeing_gain >= 0.5 in 90%"
    """
    refuse_unused(context, (UNDER_POLICY, ON_THIS_MACHINE, READ))
    speak_as_asked(context, language)
    runs_where_asked(context, workers, cluster, timeout)
    refuse_set_beside_vary(parse_settings(settings or ()), [vary.strip()])
    chosen = chosen_scenarios(
        scenarios, world, structure, settings, months, policy, policy_settings, beliefs
    )

    from cisim.lab.threshold import threshold as search

    tell = say_unless(quiet)

    def draw(found: Threshold, key: str) -> Mapping[str, str]:
        return curve(found, key, seed)

    with shown_progress(quiet) as progress:
        found = search(
            chosen,
            vary,
            goal=goal,
            until_order_turns=until_order_turns,
            low=low,
            high=high,
            points=points,
            replicates=replicates,
            workers=workers,
            seed=seed,
            out=out,
            draw=draw,
            progress=progress,
            say=tell,
            command=["cisim", *context.obj],
        )
    again = goes_on(out)
    if not found.futures:
        if found.incomplete:
            return interrupted(ended("before_everywhere"))
        say(ended("no_future"))
        return QUARANTINED
    key, files = kept(found.manifest)
    if as_json:
        print_json(threshold_json(found) | written(key, files))
    else:
        print_threshold(found)
        print_files(out, files)
    if found.incomplete:
        return interrupted(
            ended(
                "values",
                values=found.values.size,
                futures=found.futures,
                asked=found.asked,
                again=again,
            )
        )
    if found.failed:
        say(quarantined("futures", found.failed))
        return QUARANTINED
    return DONE


def curve(found: Threshold, key: str, seed: int) -> Mapping[str, str]:
    """Return the chart of a threshold, by file name; `seed` is that of the first future."""
    from cisim.lab.results import CURVE
    from cisim.show.charts import small_print
    from cisim.show.charts import threshold as chart

    footer = small_print(found.futures, seed, key, len(found.failed))
    return {CURVE: chart(found, names=_titles(found), footer=footer).svg}


def _titles(found: Threshold) -> dict[str, str]:
    """Return what people call the scenarios: their titles, or their names where those are alike."""
    from cisim.show.language.facts import in_language

    titles = {one.name: in_language(one).title for one in found.scenarios}
    return titles if len(set(titles.values())) == len(titles) else {}


def threshold_json(found: Threshold) -> dict[str, Any]:
    """Return what was found as JSON has it."""
    goal = found.goal
    return {
        "command": "threshold",
        "vary": {
            "name": found.vary.name,
            "kind": found.vary.kind,
            "unit": found.vary.unit,
            "from": found.scale.low,
            "to": found.scale.high,
            "log": found.scale.log,
            "whole": found.scale.whole,
            "now": found.present,
            "default": found.vary.default,
            "plausible": found.vary.plausible,
            "anchors": [one._asdict() for one in found.vary.anchors],
        },
        "goal": None if found.by_order else goal.__dict__,
        "order": goal.outcome if found.by_order else None,
        "month": found.month,
        "scenarios": list(found.names),
        "replicates": found.asked,
        "futures": found.futures,
        "level": 0.9,
        "turns": found.turning().to_dict("records"),
        "doubts": [
            {"of": answer.of, "from": one, "to": other}
            for answer in found.answers
            for one, other in answer.doubts
        ],
        "told": found.sentences(),
        "curve": found.table().to_dict("records"),
        "incomplete": found.incomplete,
        "failed": [one._asdict() for one in found.failed],
    }


def print_threshold(found: Threshold) -> None:
    """Print where the answer turns, and what was found at each value."""
    from cisim.show.language.facts import fact, unit_in_words
    from cisim.show.tables import paragraph, terminal_width
    from cisim.show.told import told

    width = terminal_width()
    unit = f" ({unit_in_words(found.vary.unit)})" if found.vary.unit not in ("", "–") else ""
    meaning = fact("meanings", found.vary.name, found.vary.meaning)
    show(f"{found.vary.name}{unit}: {meaning}".rstrip(": "))
    show()
    for sentence in found.sentences(_titles(found)):
        show(paragraph(f"- {told(sentence)}", width, "  "))
    show()
    show(_by_order(found) if found.by_order else _curve(found))


def _curve(found: Threshold) -> str:
    """Return the table of how far the goal is reached at each value."""
    from cisim.show.language.texts import say as words
    from cisim.show.tables import decimals_for, number, table
    from cisim.show.told import told

    curve = found.table()
    percent = found.goal.share is not None
    factor = 100.0 if percent else 1.0
    decimals = 0 if percent else decimals_for([*curve["low"], *curve["high"]])
    what = words("printed.futures_percent" if percent else "printed.mean")
    interval, goal = words("printed.interval"), words("printed.goal")
    heads = ["", found.vary.name, what, interval, goal]
    rows = []
    for row in curve.to_dict("records"):
        low, high = (number(factor * row[end], decimals) for end in ("low", "high"))
        said = words("printed.reached" if row["holds"] else "printed.missed")
        rows.append(
            [
                row["scenario"],
                told(found.value_words(row["value"])),
                number(factor * row["estimate"], decimals),
                f"{low}…{high}",
                said if row["sure"] else words("printed.unsure", said=said),
            ]
        )
    return table(rows, heads, left=(0, 4))


def _by_order(found: Threshold) -> str:
    """Return the table of the means at each value, and which is best."""
    from cisim.show.language.texts import say as words
    from cisim.show.tables import number, table
    from cisim.show.told import told

    rows = []
    for value, here in found.table().groupby("value"):
        best = here[here["holds"]].iloc[0]
        said = str(best["scenario"])
        said = said if best["sure"] else words("printed.unsure", said=said)
        means = [number(mean, 3) for mean in here["mean"]]
        rows.append([told(found.value_words(float(str(value)))), *means, said])
    means = [words("printed.mean_of", name=name) for name in found.names]
    heads = [found.vary.name, *means, words("printed.best")]
    return table(rows, heads, left=(len(heads) - 1,))
