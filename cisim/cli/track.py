"""`cisim track`: what a running partnership's own figures say of what is to come."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cisim.cli.chosen import chosen_scenarios
from cisim.cli.endings import DONE, QUARANTINED, ended, goes_on, interrupted, quarantined
from cisim.cli.figures import print_json
from cisim.cli.files import kept, print_files, result_folder, written
from cisim.cli.given import UNDER_POLICY, refuse_unused
from cisim.cli.language import READ, LanguageOption, speak_as_asked, today
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
    from cisim.lab.tracking import Tracked


RULES = (UNDER_POLICY, ON_THIS_MACHINE, READ)


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
    report: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Write a report that stands alone: one HTML file for a planner."
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
    language: LanguageOption = None,
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
    speak_as_asked(context, language)
    runs_where_asked(context, workers, cluster, timeout)
    names = [scenario] if against is None else [scenario, against]
    chosen = chosen_scenarios(names, world, structure, settings, months, policy, policy_settings)
    folder = None if out is None else result_folder(out)
    if report is not None:
        from cisim.show.report import check_report

        check_report(report)

    from cisim.lab.tracking import track as weigh

    tell = say_unless(quiet)

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
    again = goes_on(out)
    if not found.futures:
        if found.incomplete:
            return interrupted(ended("before_any", again=again))
        say(quarantined("futures", found.failed))
        return QUARANTINED
    if report is not None and not found.incomplete:
        from cisim.show.report import track_report, write_report

        page = track_report(found, command=["cisim", *context.obj], written=today())
        write_report(report, page)
    key, files = kept(found.manifest)
    if as_json:
        print_json(tracked_json(found) | written(key, files))
    else:
        print_tracked(found)
        print_files(out, files)
        if report is not None and not found.incomplete:
            from cisim.show.language.texts import say as words

            show("\n" + words("printed.report", file=report))
    if found.incomplete:
        no_report = ended("no_report") if report is not None else ""
        return interrupted(ended("futures", n=found.futures, again=again, no_report=no_report))
    if found.failed:
        say(quarantined("futures", found.failed))
        return QUARANTINED
    return DONE


def pictures(found: Tracked, key: str, seed: int) -> Mapping[str, str]:
    """Return the charts of a tracked partnership, by file name; `seed` is the first future's."""
    from cisim.lab.ensemble import OVERALL
    from cisim.lab.results import MOST_CHARTS, TRACKED_WATCH_CHART
    from cisim.show.charts import small_print, telling, tracked
    from cisim.show.tracked_in_tables import outcomes_shown

    footer = small_print(found.futures, seed, key, len(found.failed))
    charts = {
        f"track-{name}.svg": tracked(found, name, footer=footer).svg
        for name in outcomes_shown(found)
    }
    places = dict.fromkeys((one.outcome, one.region) for one in found.figures if one.region)
    for number, (name, region) in enumerate([*places][:MOST_CHARTS], start=1):
        charts[f"track-{number}.svg"] = tracked(
            found, name, region=region or OVERALL, footer=footer
        ).svg
    return charts | {TRACKED_WATCH_CHART: telling(found, footer=footer).svg}


def tracked_json(found: Tracked) -> dict[str, Any]:
    """Return what was found as JSON has it."""
    from cisim.show.tracked_in_tables import outcomes_shown

    together = found.together
    return {
        "command": "track",
        "scenario": found.scenario.name,
        "world": found.scenario.world_name,
        "beliefs": "fixed" if found.scenario.beliefs is None else found.scenario.beliefs.given,
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
        "outcomes": found.forecast(outcomes_shown(found)).to_dict("records"),
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
    from cisim.show.counted import label
    from cisim.show.language.facts import in_language, world_title
    from cisim.show.language.texts import say as in_words
    from cisim.show.report.track import titles
    from cisim.show.tables import paragraph, table, terminal_width
    from cisim.show.told import told
    from cisim.show.tracked_in_tables import parts

    width = terminal_width()
    scenario = in_language(found.scenario)
    figures = in_words("tracked.no_figures")
    if found.figures:
        last = label(found.calendar, found.now)
        figures = in_words("tracked.figures", n=len(found.figures), month=last)
    world = world_title(scenario.world_name, scenario.world.title)
    show(in_words("tracked.head", title=scenario.title, world=world, figures=figures))
    show()
    for sentence in found.sentences(titles(found)):
        show(paragraph(f"- {told(sentence)}", width, "  "))
    for part in parts(found):
        if part.rows:
            show(f"\n{part.title}\n{table(part.rows, part.heads, left=part.left)}")
