"""`cisim track`: what a running partnership's own figures say of what is to come."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cisim.cli.chosen import chosen_scenarios
from cisim.cli.endings import DONE, QUARANTINED, interrupted, quarantined
from cisim.cli.figures import print_json, when
from cisim.cli.files import names_in, print_files, result_folder, written
from cisim.cli.given import UNDER_POLICY, refuse_unused
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
from cisim.cli.progress import shown_progress
from cisim.cli.streams import say, show
from cisim.model.limits import MOST_REPLICATES

if TYPE_CHECKING:
    from cisim.lab.tracking import Tracked

TOLD = 5
"""So many rows of what is believed and of what to watch are printed."""


RULES = (UNDER_POLICY, ON_THIS_MACHINE)


def share(text: str | float) -> float:
    """Return a number from 0 to 10 of the command line."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0.0 <= value <= 10.0:
        raise typer.BadParameter(f"is {str(text)[:60]!r}; allowed is a number from 0 to 10")
    return value


def track(
    context: typer.Context,
    scenario: Annotated[str, typer.Argument(help="A shipped scenario's name, or a file.")],
    observed: Annotated[
        str,
        typer.Option(
            metavar="FILE",
            help="What was observed, a CSV file or a workbook: outcome, month or date, value, and "
            "where they are known error, tolerance, region, source.",
        ),
    ],
    against: Annotated[
        str | None,
        typer.Option(
            metavar="SCENARIO", help="Another scenario in the same futures: what would it bring?"
        ),
    ] = None,
    outcome: Annotated[
        str, typer.Option(help="The answer: this outcome at the horizon.")
    ] = "wellbeing_gain",
    tolerance: Annotated[
        float,
        typer.Option(
            metavar="SHARE",
            help="How far the model may be off a figure, as a share of it, where its row does not "
            "say.",
            parser=share,
        ),
    ] = 0.3,
    watch: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OUTCOME",
            help="What may be watched next; may be repeated. Left out, what a partnership can see.",
        ),
    ] = None,
    within: Annotated[
        int,
        typer.Option(
            metavar="N",
            help="Months from the last figure on in which one might look next.",
            parser=whole(1, 1200),
        ),
    ] = 24,
    replicates: Annotated[
        int,
        typer.Option(
            metavar="N", help="How many futures are run first.", parser=whole(2, MOST_REPLICATES)
        ),
    ] = 400,
    effective: Annotated[
        int,
        typer.Option(
            metavar="N",
            help="More are run while fewer than so many count.",
            parser=whole(1, MOST_REPLICATES),
        ),
    ] = 100,
    most: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="But not more than so many; ten times --replicates if left out.",
            parser=whole(2, MOST_REPLICATES),
        ),
    ] = None,
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
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Weigh futures by a running partnership's own figures: are we on track?

    Whether the model fits at all, what is now believed to come against what was believed before,
    and what to watch next. With --out the same command goes on where it was stopped, and finds all
    futures again when there are more figures.

    Example: cisim track regional-only --world one-town --observed docs/observed.csv
    """
    refuse_unused(context, RULES)
    runs_where_asked(context, workers, cluster, timeout)
    names = [scenario] if against is None else [scenario, against]
    chosen = chosen_scenarios(names, world, structure, settings, months, policy, policy_settings)
    folder = None if out is None else result_folder(out)

    from cisim.lab.tracking import track as weigh

    tell = None if quiet else say
    if tell is None:
        from cisim.model.cache import tell_compiling

        tell_compiling(None)

    def draw(found: Tracked, key: str) -> Mapping[str, str]:
        return pictures(found, key, seed)

    with shown_progress(quiet) as progress:
        found = weigh(
            chosen[0],
            observed,
            against=None if against is None else chosen[1],
            outcome=outcome,
            tolerance=tolerance,
            watch=watch,
            within=within,
            replicates=replicates,
            effective=effective,
            most=most,
            beliefs=beliefs,
            workers=workers,
            seed=seed,
            out=folder,
            draw=draw,
            progress=progress,
            say=tell,
            command=["cisim", *context.obj],
        )
    again = "; the same command goes on from there" if out is not None else ""
    if not found.futures:
        if found.incomplete:
            return interrupted(f"Interrupted before a future was finished{again}.")
        say(quarantined("futures", found.failed))
        return QUARANTINED
    key = None if found.manifest is None else str(found.manifest["key"])
    files = [] if found.manifest is None else names_in(found.manifest)
    if as_json:
        print_json(tracked_json(found) | written(key, files))
    else:
        print_tracked(found)
        print_files(out, files)
    if found.incomplete:
        return interrupted(f"Interrupted after {found.futures:,} futures{again}.")
    if found.failed:
        say(quarantined("futures", found.failed))
        return QUARANTINED
    return DONE


def pictures(found: Tracked, key: str, seed: int) -> Mapping[str, str]:
    """Return the charts of a tracked partnership, by file name; `seed` is the first future's."""
    from cisim.lab.ensemble import OVERALL
    from cisim.lab.results import MOST_CHARTS, TRACKED_WATCH_CHART
    from cisim.show.charts import small_print, telling, tracked

    footer = small_print(found.futures, seed, key, len(found.failed))
    charts = {
        f"track-{name}.svg": tracked(found, name, footer=footer).svg for name in _outcomes(found)
    }
    places = dict.fromkeys((one.outcome, one.region) for one in found.figures if one.region)
    for number, (name, region) in enumerate([*places][:MOST_CHARTS], start=1):
        charts[f"track-{number}.svg"] = tracked(
            found, name, region=region or OVERALL, footer=footer
        ).svg
    return charts | {TRACKED_WATCH_CHART: telling(found, footer=footer).svg}


def _outcomes(found: Tracked) -> list[str]:
    """Return the outcomes that are shown: the answer, what was observed, the headlines."""
    from cisim.model.outcomes import OUTCOMES

    headlines = [name for name, one in OUTCOMES.items() if one.headline]
    observed = [one.outcome for one in found.figures]
    return list(dict.fromkeys([found.outcome, *observed, *headlines]))


def tracked_json(found: Tracked) -> dict[str, Any]:
    """Return what was found as JSON has it."""
    together = found.together
    return {
        "command": "track",
        "scenario": found.scenario.name,
        "world": found.scenario.world_name,
        "beliefs": "fixed" if found.scenario.beliefs is None else found.scenario.beliefs.kind,
        "now": found.now,
        "horizon": found.horizon,
        "outcome": found.outcome,
        "fits": found.fits,
        "told": found.sentences(),
        "futures": found.futures,
        "asked": found.asked,
        "most": found.most,
        "effective": found.effective,
        "wanted": found.wanted,
        "largest_weight": found.weighed.largest,
        "level": 0.9,
        "together": {
            "fit_as_badly": together.worse,
            "of_futures": together.others,
            "within_three_sd": together.near,
            "nearest_sd": together.nearest,
        },
        "figures": found.fit().to_dict("records"),
        "outcomes": found.forecast(_outcomes(found)).to_dict("records"),
        "beliefs_moved": found.beliefs().to_dict("records"),
        "watch": found.best_to_watch().to_dict("records"),
        "against": None
        if found.against is None
        else {
            "scenario": found.against.scenario.name,
            "other_by_now": found.against.before,
            "outcomes": found.beside().to_dict("records"),
        },
        "incomplete": found.incomplete,
        "failed": [one._asdict() for one in found.failed],
    }


def print_tracked(found: Tracked) -> None:
    """Print whether the model fits, what is to come, what was learnt and what to watch."""
    from cisim.show.tables import paragraph, terminal_width

    width = terminal_width()
    scenario = found.scenario
    many = f"{len(found.figures)} figures" if len(found.figures) != 1 else "one figure"
    upto = f" up to {found.calendar.label(found.now)}" if found.figures else ""
    show(f"{scenario.title}, on {scenario.world.title}: {many}{upto}")
    show()
    for sentence in found.sentences():
        show(paragraph(f"- {sentence}", width, "  "))
    for heading, text in (
        ("What was observed, and what was believed before", _figures(found)),
        ("What is to come", _to_come(found)),
        ("What is believed of the model's numbers", _beliefs(found)),
        (f"What to watch next (of the variance of {found.outcome})", _watch(found)),
    ):
        if text:
            show(f"\n{heading}\n{text}")


def _figures(found: Tracked) -> str:
    from cisim.lab.ensemble import OVERALL
    from cisim.show.tables import decimals_for, number, table

    rows = []
    for row in found.fit().to_dict("records"):
        d = decimals_for([row["value"], row["q05"], row["q95"]])
        name = row["outcome"] if row["region"] == OVERALL else f"{row['outcome']}, {row['region']}"
        rows.append(
            [
                name,
                when(row["month"], found.calendar),
                number(row["value"], d),
                number(row["error"], d),
                f"{number(row['q05'], d)}…{number(row['q95'], d)}",
                number(row["distance"], 1),
                number(100.0 * row["percentile"], 0),
                number(row["after"], d),
            ]
        )
    heads = ["", "when", "observed", "error", "90 % before", "sd off", "percentile", "now"]
    return table(rows, heads, left=(0, 1)) if rows else ""


def _to_come(found: Tracked) -> str:
    from cisim.show.tables import decimals_for, number, table

    ahead = [month for month in (found.now + 12, found.now + 36) if month < found.horizon]
    rows = []
    for name in _outcomes(found):
        forecast = found.forecast([name])
        for month in (*ahead, found.horizon):
            row = forecast.iloc[month]
            d = decimals_for([row["before_q05"], row["before_q95"]])
            cells = [
                f"{number(row[f'{side}mean'], d)} "
                f"({number(row[f'{side}q05'], d)}…{number(row[f'{side}q95'], d)})"
                for side in ("before_", "")
            ]
            rows.append([name, when(month, found.calendar), *cells])
    heads = ["", "when", "before, 90 % of futures", "now, 90 % of futures"]
    return table(rows, heads, left=(0, 1, 2, 3))


def _beliefs(found: Tracked) -> str:
    from cisim.show.tables import number, table

    rows = [
        [
            row["parameter"],
            *(
                f"{row[f'{side}q50']:.3g} ({row[f'{side}q05']:.2g}…{row[f'{side}q95']:.2g})"
                for side in ("before_", "")
            ),
            number(row["moved"], 1),
            "yes" if row["clear"] else "by accident, maybe",
        ]
        for row in found.beliefs().head(TOLD).to_dict("records")
    ]
    heads = ["", "before, 90 %", "now, 90 %", "sd moved", "clear"]
    return table(rows, heads, left=(0, 1, 2, 4)) if rows else ""


def _watch(found: Tracked) -> str:
    from cisim.show.tables import decimals_for, number, table

    rows = []
    for row in found.best_to_watch().head(TOLD).to_dict("records"):
        d = decimals_for([row["q05"], row["q95"]])
        tells, low, high = (number(100.0 * row[one], 0) for one in ("tells", "low", "high"))
        ends = decimals_for([row["answer_low"], row["answer_high"]])
        rows.append(
            [
                row["outcome"],
                when(row["month"], found.calendar),
                f"{tells} % ({low}…{high})",
                f"{number(row['q05'], d)} or {number(row['q95'], d)}",
                f"{number(row['answer_low'], ends)} or {number(row['answer_high'], ends)}",
                "yes" if row["clear"] else "by accident, maybe",
            ]
        )
    heads = ["", "when", "takes away", "if it is", f"{found.outcome} then", "clear"]
    return table(rows, heads, left=(0, 1, 2, 3, 4, 5)) if rows else ""
