"""`cisim compare`: scenarios in the same futures."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from cisim.cli.ablation import print_worth, watched, with_parts, worth_chart
from cisim.cli.attribute import APART, Attribute, Groups, attributed
from cisim.cli.chosen import chosen_scenarios
from cisim.cli.communities import communities_json, print_communities
from cisim.cli.endings import DONE, QUARANTINED, ended, goes_on, interrupted, quarantined, set_aside
from cisim.cli.figures import about, headlines, print_json, shown_months, when
from cisim.cli.files import (
    bill_chart,
    community_chart,
    headline_charts,
    kept,
    print_files,
    result_folder,
    write_result,
    written,
)
from cisim.cli.given import UNDER_POLICY, OnlyFor, refuse_unused
from cisim.cli.language import READ, LanguageOption, speak_as_asked, today
from cisim.cli.options import (
    AsJson,
    BelievedByFutures,
    ByCommunity,
    ByOrganisation,
    ByRegion,
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
    above_nothing,
    futures,
    whole,
)
from cisim.cli.place import ON_THIS_MACHINE, runs_where_asked
from cisim.cli.progress import say_unless, shown_progress
from cisim.cli.rivals import print_rivals, rivals_json
from cisim.cli.streams import say, show
from cisim.cli.threshold import print_threshold, threshold_json
from cisim.cli.uncertain import print_robust, robust_json
from cisim.cli.value import needed_to_value, print_value, valued

if TYPE_CHECKING:
    from cisim.lab.comparison import Comparison
    from cisim.lab.rivals import Rivals
    from cisim.lab.robust import Robust
    from cisim.lab.threshold import Threshold
    from cisim.world.scenario import Scenario

MOST_NUMBERS = 120_000_000
"""How many outcome values a comparison may keep: about one gigabyte."""
TURNING_FUTURES = 40
"""Each value is tried in so many futures to see where the answer turns; threshold has more."""

MOST_IN_REPORT = 30_000_000
"""A report shows each community where it takes no more numbers than this to know them."""
LONGEST_QUESTION = 200
"""So many characters have room in one or two lines at the top of a report."""


def _shared(options: Mapping[str, Any]) -> bool:
    """Return whether scenarios are compared in shared futures, too."""
    return not options["uncertain"] or options["report"] is not None


def _auto(options: Mapping[str, Any]) -> bool:
    return options["replicates"] == "auto"


RULES = (
    UNDER_POLICY,
    ON_THIS_MACHINE,
    OnlyFor("points", lambda options: options["uncertain"], "--uncertain"),
    OnlyFor("goal", lambda options: options["report"] is not None, "--report"),
    OnlyFor("turns", lambda options: options["report"] is not None, "--report"),
    OnlyFor("question", lambda options: options["report"] is not None, "--report"),
    OnlyFor("value", _shared, "shared futures, which --uncertain has with --report"),
    OnlyFor(
        "fte_cost",
        lambda options: options["report"] is not None or options["value"],
        "--report or --value",
    ),
    OnlyFor("replicates", _shared, "shared futures, which --uncertain has with --report"),
    OnlyFor("by_region", _shared, "shared futures, which --uncertain has with --report"),
    OnlyFor("by_community", _shared, "shared futures, which --uncertain has with --report"),
    OnlyFor("by_organisation", _shared, "shared futures, which --uncertain has with --report"),
    OnlyFor("rivals", _shared, "shared futures, which --uncertain has with --report"),
    OnlyFor("by_organisation", lambda options: options["out"] is not None, "--out"),
    OnlyFor("precision", _auto, "--replicates auto"),
    OnlyFor(
        "outcome",
        lambda options: (
            _auto(options) or options["uncertain"] or options["attribute"] or options["rivals"]
        ),
        "--replicates auto, --uncertain, --rivals or --attribute",
    ),
    OnlyFor(
        "beliefs",
        lambda options: not options["uncertain"],
        "a comparison without --uncertain, which believes differently in its own way",
    ),
    OnlyFor(
        "language",
        lambda options: options["attribute"] is None and options["ablate"] is None,
        "a comparison without --attribute and --ablate, which speak English only",
    ),
    READ,
    OnlyFor("group", lambda options: options["attribute"] is not None, "--attribute"),
)
"""Options of the comparison that have a part in some cases only."""


def compare(
    context: typer.Context,
    scenarios: Annotated[
        list[str],
        typer.Argument(
            help="Two or more scenarios: shipped names, or files. With --policy one is enough: "
            "it is compared with itself without, and with --attribute or --ablate there is one."
        ),
    ],
    world: OnWorld = None,
    structure: WithStructure = None,
    settings: Settings = None,
    policy: Policy = None,
    policy_settings: PolicySettings = None,
    replicates: Annotated[
        Any,
        typer.Option(
            metavar="N|auto",
            help="How many futures; auto adds some until differences are told closely enough.",
            parser=futures,
        ),
    ] = 200,
    outcome: Annotated[
        str,
        typer.Option(
            help="With --replicates auto, --uncertain, --rivals or --attribute, the outcome that "
            "counts."
        ),
    ] = "wellbeing_gain",
    precision: Annotated[
        float | None,
        typer.Option(
            metavar="X",
            help="With --replicates auto, how far the interval may reach to either side.",
            parser=above_nothing,
        ),
    ] = None,
    seed: Seed = 1,
    months: Months = None,
    workers: Workers = None,
    cluster: OnCluster = None,
    timeout: Timeout = None,
    report: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Write a report that stands alone: one HTML file for a planner."
        ),
    ] = None,
    question: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="With --report, the question that its first page answers."
        ),
    ] = None,
    goal: Annotated[
        list[str] | None,
        typer.Option(
            "--goal",
            metavar="OUTCOME=VALUE",
            help="With --report, what is aimed at; may be repeated. Names: cisim list outcomes.",
        ),
    ] = None,
    fte_cost: Annotated[
        float,
        typer.Option(
            metavar="EUR",
            help="With --report or --value, what a working year costs.",
            parser=above_nothing,
        ),
    ] = 60_000.0,
    value: Annotated[
        bool,
        typer.Option(
            "--value",
            help="What children, partners and society gain and forgo, beside the scenario that is "
            "named first.",
        ),
    ] = False,
    by_region: ByRegion = False,
    by_community: ByCommunity = False,
    by_organisation: ByOrganisation = False,
    beliefs: BelievedByFutures = None,
    ablate: Annotated[
        str | None,
        typer.Option(
            metavar="all|NAMES",
            help="What each of the seven components is worth in one scenario: it is removed, in "
            "the same futures. All, or names with commas: common_agenda, shared_measurement, "
            "reinforcing_activities, communication, backbone_support, beneficiary_engagement, "
            "investment.",
        ),
    ] = None,
    uncertain: Annotated[
        bool,
        typer.Option(
            "--uncertain",
            help="Over everything that may plausibly be believed: which is best where, and which "
            "assumptions decide it.",
        ),
    ] = False,
    points: Annotated[
        int,
        typer.Option(
            metavar="N",
            help="With --uncertain, how many sampled worlds.",
            parser=whole(1, 1_000_000),
        ),
    ] = 300,
    turns: Annotated[
        list[str] | None,
        typer.Option(
            "--turns",
            metavar="NAME[=LOW:HIGH]",
            help="With --report, a parameter, lever or date along which to search where another "
            "scenario becomes the best; may be repeated.",
        ),
    ] = None,
    rivals: Annotated[
        bool,
        typer.Option(
            "--rivals",
            help="Whether the order of scenarios holds under each rival theory of trust, agendas, "
            "contribution, production, one at a time, in the same futures (at most 40).",
        ),
    ] = False,
    attribute: Attribute = None,
    group: Groups = None,
    out: Out = None,
    language: LanguageOption = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Compare scenarios in the same futures.

    Means, 90 % intervals and paired differences from the scenario that is named first.

    With --attribute it is one scenario, and what each role, level or organisation is worth in it.

    Example: cisim compare no-backbone national-and-regional --report report.html
    """
    refuse_unused(context, RULES if attribute is None else (*APART, *RULES))
    runs_where_asked(context, workers, cluster, timeout)
    speak_as_asked(context, language)
    started = datetime.now(UTC)
    held = beliefs
    if held is None:
        from cisim.world.beliefs import usual_beliefs

        held = "fixed" if uncertain else usual_beliefs()
    chosen = chosen_scenarios(
        scenarios,
        world,
        structure,
        settings,
        months,
        policy,
        policy_settings,
        held,
        beside_itself=attribute is None and ablate is None,
    )
    parts: dict[str, str] = {}
    if ablate is not None:
        chosen, parts = with_parts(chosen, ablate)
    asked = _Asked(workers, seed, outcome, quiet, say_unless(quiet), context.obj)
    if attribute is not None:
        typed = context.get_parameter_source("replicates")
        many = None if typed is None or typed.name != "COMMANDLINE" else replicates
        return attributed(
            chosen, attribute, group or (), outcome, many, seed, workers, quiet, as_json, out,
            context.obj,
        )  # fmt: skip
    if uncertain and report is None:
        from cisim.lab.results import check_out

        if out is not None:
            check_out(out)  # what is refused comes before what is to be known of a run
        _say_notes(chosen, asked)
        return _only_robust(chosen, points, asked, out, as_json)
    folder = None if out is None else result_folder(out)

    from cisim.lab.compare import MOST_AUTO, check_goals
    from cisim.lab.compare import compare as run_all
    from cisim.lab.results import ABLATION, UNCERTAIN, UNDER_RIVALS
    from cisim.model.input_error import InputError

    goals = check_goals(_goals(goal or ()))
    needed: list[str] = []
    asked_in_words = None
    along: list[_Along] = []
    if report is not None:
        from cisim.show.charts import CARRYING, LEVELS, PHASE
        from cisim.show.report import KEPT, check_report

        check_report(report)
        asked_in_words = None if question is None else _question(question)
        along = _turns(turns or (), chosen)
        needed = [*KEPT, *CARRYING, *LEVELS, PHASE, *goals]
    if parts:
        needed = [*needed, *watched()]
    if value:
        needed = [*needed, *needed_to_value()]
    largest = replicates if isinstance(replicates, int) else MOST_AUTO
    noted = None if folder is None else asked.say
    outcomes = _room(chosen, largest, by_region, needed, noted)
    days: list[int] | None = None
    if folder is None:  # only what is shown is observed
        outcomes = list(dict.fromkeys([*headlines(), *needed, outcome]))
        if report is None and not value:
            horizon = chosen[0].months
            days = [*range(0, horizon, 12), horizon]
    each = _numbers_of_each(chosen, largest, by_community, by_organisation)
    if each > MOST_NUMBERS:
        most = max(1, MOST_NUMBERS * largest // each)
        raise InputError(
            f"--replicates is {largest:,}, more than memory has room for with what each one of "
            f"this world shows; allowed is 1 to {most:,}, or a comparison without --by-community "
            f"and --by-organisation."
        )
    told = report is not None and _numbers_of_each(chosen, largest, True, False) <= MOST_IN_REPORT
    _say_notes(chosen, asked)
    files: list[str] = []
    key = None

    def write(place: Path, found: Comparison) -> None:
        nonlocal key, files
        drawn = headline_charts(found, seed) | bill_chart(found, seed)
        if by_community:
            drawn |= community_chart(found, seed)
        tables, made = {}, {}
        if parts:
            from cisim.lab.ablation import worth

            made["parts"] = parts
            tables[ABLATION] = worth(found, chosen[0].name, parts)
            drawn |= worth_chart(tables[ABLATION], found, seed)
        key, files = write_result(
            place,
            found,
            drawn,
            context.obj,
            started,
            tables,
            each_in_tables=by_community,
            made=made,
        )

    with shown_progress(quiet) as progress:
        result = run_all(
            chosen,
            replicates,
            workers,
            seed,
            outcomes=outcomes,
            by_region=by_region,
            by_community=by_community or told,
            by_organisation=by_organisation,
            at=days,
            outcome=outcome,
            precision=precision,
            beliefs=held,
            out=folder,
            write=write,
            progress=progress,
            say=asked.say,
        )
    if not isinstance(replicates, int):
        replicates = len(result.futures)
        if asked.say is not None and result.precision is not None:
            from cisim.show.told import told as in_words

            asked.say(in_words(result.precision.words))
    done = min(ensemble.replicates.size for ensemble in result.ensembles.values())
    if result.incomplete and not done:
        return interrupted(ended("nothing_written"))
    found, rival = None, None
    if uncertain and not result.incomplete:
        found = _robust(chosen, points, asked, None if folder is None else folder / UNCERTAIN)
    whole_answer = not result.incomplete and (found is None or not found.incomplete)
    if rivals and whole_answer:
        beside = None if folder is None else folder / UNDER_RIVALS
        rival = _rivals(chosen, replicates, asked, beside)
    whole_answer = whole_answer and (rival is None or not rival.incomplete)
    searched = _searched(chosen, along, asked) if whole_answer else []
    whole_answer = whole_answer and not any(turning.incomplete for turning in searched)
    worth_of = None
    if parts:
        from cisim.lab.ablation import worth

        worth_of = worth(result, chosen[0].name, parts)
    levels = valued(result, fte_cost) if value else None
    if report is not None and whole_answer:
        _report(report, result, goals, fte_cost, found, rival, searched, asked_in_words, asked)
    if as_json:
        from cisim.show.language.spoken import ENGLISH, speaking

        with speaking(ENGLISH):
            said = _comparison_json(result, seed, replicates) | written(key, files)
        if worth_of is not None:
            said |= {"ablation": worth_of.to_dict("records")}
        if levels is not None:
            said |= {"value": levels.to_dict("records")}
        if by_community:
            said |= {"communities": communities_json(result)}
        if found is not None:
            said |= {"uncertain": robust_json(found) | written(*kept(found.manifest))}
        if rival is not None:
            said |= {"rivals": rivals_json(rival) | written(*kept(rival.manifest))}
        if searched:
            said |= {"turns": [threshold_json(turning) for turning in searched]}
        print_json(said)
    else:
        _print_comparison(result, by_region)
        if by_community:
            print_communities(result)
        if found is not None:
            show()
            print_robust(found)
        if rival is not None:
            show()
            print_rivals(rival)
        for turning in searched:
            show()
            print_threshold(turning)
        if worth_of is not None:
            print_worth(worth_of, result, parts)
        if levels is not None:
            print_value(levels, result)
        print_files(out, files)
        if out is not None and found is not None:
            print_files(f"{out}/{UNCERTAIN}", kept(found.manifest)[1])
        if out is not None and rival is not None:
            print_files(f"{out}/{UNDER_RIVALS}", kept(rival.manifest)[1])
        if report is not None and whole_answer:
            from cisim.show.language.texts import say as words

            show("\n" + words("printed.report", file=report))
    if result.incomplete:
        if not files:
            return interrupted(ended("above", done=done, asked=replicates))
        return interrupted(ended("in_files", done=done, asked=replicates, again=goes_on(out)))
    if found is not None and found.incomplete:
        return interrupted(_stopped(found, out, ended("no_report")))
    if rival is not None and rival.incomplete:
        return interrupted(ended("rivals", again=goes_on(out)))
    if any(turning.incomplete for turning in searched):
        return interrupted(ended("turns"))
    if result.failed:
        one, *_ = result.failed
        which = ended("with_seed", scenario=one.scenario, seed=one.seed)
        say(
            set_aside(
                "runs", len(result.failed), which, one.reason, one.again, replicates * len(chosen)
            )
        )
        return QUARANTINED
    if rival is not None and rival.failed:
        say(quarantined("under_theories", rival.failed))
        return QUARANTINED
    failed = (found is not None and found.failed) or any(turning.failed for turning in searched)
    return QUARANTINED if failed else DONE


class _Asked(NamedTuple):
    """What every part of the answer is made with."""

    workers: int | None
    seed: int
    outcome: str
    quiet: bool
    say: Callable[[str], None] | None
    typed: Sequence[str]


def _say_notes(scenarios: Sequence[Scenario], asked: _Asked) -> None:
    """Say what should be known about the scenarios, once it is sure that they are run."""
    from cisim.show.told import told
    from cisim.world.notes import notes_of

    if asked.say is not None:
        for note in notes_of(scenarios):
            asked.say(told(note))


def _robust(
    scenarios: Sequence[Scenario], points: int, asked: _Asked, out: str | Path | None
) -> Robust:
    """Compare over the plausible space: one future for each sampled set of beliefs."""
    from cisim.lab.robust import robust

    with shown_progress(asked.quiet) as progress:
        return robust(
            scenarios,
            points,
            workers=asked.workers,
            seed=asked.seed,
            outcome=asked.outcome,
            out=out,
            progress=progress,
            say=asked.say,
            command=["cisim", *asked.typed],
        )


def _rivals(
    scenarios: Sequence[Scenario], replicates: int, asked: _Asked, out: Path | None
) -> Rivals:
    """Try each rival theory, in the first of the futures that are compared."""
    from cisim.lab.rivals import FUTURES
    from cisim.lab.rivals import rivals as try_all
    from cisim.lab.simulate import as_they_believe

    with shown_progress(asked.quiet) as progress:
        return try_all(
            scenarios,
            min(FUTURES, replicates),
            asked.workers,
            asked.seed,
            outcome=asked.outcome,
            beliefs=as_they_believe(scenarios),
            out=out,
            command=["cisim", *asked.typed],
            progress=progress,
            say=asked.say,
        )


class _Along(NamedTuple):
    """A number along which the answer is searched for its turns; no range is that of threshold."""

    name: str
    low: float | None = None
    high: float | None = None


def _turns(given: Iterable[str], scenarios: Sequence[Scenario]) -> list[_Along]:
    """Return what was given as NAME or NAME=LOW:HIGH.

    Raises InputError if one is not of that form, cannot be varied, or is given twice.
    """
    from cisim.lab.varied import begins, find_varied
    from cisim.model.input_error import InputError, shown
    from cisim.model.told import behind

    found: list[_Along] = []
    for text in given:
        name, equals, ends = (part.strip() for part in text.partition("="))
        along = _Along(name)
        if equals:
            try:
                low, high = (float(end) for end in ends.split(":"))
            except ValueError:
                low = high = math.nan
            if not (math.isfinite(low) and math.isfinite(high)):
                raise InputError(
                    f"--turns is {shown(text)}; allowed is NAME, or NAME=LOW:HIGH with two numbers."
                )
            along = _Along(name, low, high)
        if any(one.name == name for one in found):
            raise InputError(f"--turns gives {shown(name)} twice; allowed is once.")
        varied = find_varied(name, tuple(scenarios), begins("is", "--turns"))
        if varied.sane is None and not equals:
            raise InputError(
                f"--turns is {shown(text)}, which has no plausible range; allowed is "
                f"{name}=LOW:HIGH with two numbers."
            )
        try:
            varied.scale(along.low, along.high)
        except InputError as error:
            lead = behind(begins("is", "--turns"), f" {shown(text)}: ")
            raise InputError(behind(lead, str(error))) from None
        found.append(along)
    return found


def _searched(
    scenarios: Sequence[Scenario], along: Iterable[_Along], asked: _Asked
) -> list[Threshold]:
    """Return where along each number another scenario becomes the best."""
    from cisim.lab.threshold import threshold

    found: list[Threshold] = []
    for name, low, high in along:
        with shown_progress(asked.quiet) as progress:
            one = threshold(
                scenarios,
                name,
                until_order_turns=True,
                low=low,
                high=high,
                replicates=TURNING_FUTURES,
                workers=asked.workers,
                seed=asked.seed,
                progress=progress,
                say=asked.say,
            )
        found.append(one)
        if one.incomplete:
            break
    return found


def _only_robust(
    scenarios: Sequence[Scenario], points: int, asked: _Asked, out: str | None, as_json: bool
) -> int:
    found = _robust(scenarios, points, asked, out)
    key, files = kept(found.manifest)
    if as_json:
        print_json({"command": "compare --uncertain", **robust_json(found), **written(key, files)})
    else:
        print_robust(found)
        print_files(out, files)
    if found.incomplete:
        return interrupted(_stopped(found, out))
    if found.failed:
        say(quarantined("of_worlds", found.failed))
        return QUARANTINED
    return DONE


def _stopped(found: Robust, out: str | None, no_report: str = "") -> str:
    return ended(
        "worlds",
        worlds=found.worlds,
        asked=found.asked,
        no_report=no_report,
        again=goes_on(out),
    )


def _goals(given: Iterable[str]) -> dict[str, float]:
    """Return outcome -> value of what was given as OUTCOME=VALUE.

    Raises InputError if one is not of that form, or is given twice.
    """
    from cisim.model.input_error import InputError, shown

    goals: dict[str, float] = {}
    for text in given:
        name, equals, value = text.partition("=")
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not equals or not math.isfinite(number):
            raise InputError(f"--goal is {shown(text)}; allowed is OUTCOME=VALUE with a number.")
        if name.strip() in goals:
            raise InputError(f"--goal gives {shown(name.strip())} twice; allowed is once.")
        goals[name.strip()] = number
    return goals


def _question(text: str) -> str:
    """Return a question for one line of a report.

    Raises InputError if it is none.
    """
    from cisim.model.input_error import InputError, shown
    from cisim.model.plain_text import ALLOWED, is_plain

    if not is_plain(text) or not 1 <= len(text.strip()) <= LONGEST_QUESTION:
        raise InputError(
            f"--question is {shown(text)}; allowed is {ALLOWED}, on one line, of at most "
            f"{LONGEST_QUESTION} characters."
        )
    return text.strip()


def _report(
    path: str,
    result: Comparison,
    goals: Mapping[str, float],
    fte_cost: float,
    uncertain: Robust | None,
    rivals: Rivals | None,
    turns: Sequence[Threshold],
    question: str | None,
    asked: _Asked,
) -> None:
    """Write the report, with the same comparison at other values of effort_half beside it.

    Where each future believes differently the futures themselves tell what that changes.
    """
    from cisim.lab.compare import at_values
    from cisim.show.report import EFFORT_HALF, KEPT, network_charts, write_report
    from cisim.show.report import report as page

    halves: dict[float, Comparison] = {}
    if next(iter(result.ensembles.values())).scenario.beliefs is None:
        with shown_progress(asked.quiet) as progress:
            halves = at_values(
                result,
                "effort_half",
                EFFORT_HALF,
                workers=asked.workers,
                outcomes=KEPT,
                progress=progress,
            )
    html = page(
        result,
        goals=goals,
        fte_cost=fte_cost,
        effort_half=halves,
        uncertain=uncertain,
        rivals=rivals,
        turns=turns,
        networks=network_charts(result),
        question=question,
        command=["cisim", *asked.typed],
        written=today(),
    )
    write_report(path, html)


def _room(
    scenarios: Sequence[Scenario],
    replicates: int,
    by_region: bool,
    needed: Sequence[str],
    say: Callable[[str], None] | None,
) -> list[str] | None:
    """Return the outcomes that are kept, None for all; only the headline ones of very many runs.

    Raises InputError if not even those have room.
    """
    from cisim.model.input_error import InputError
    from cisim.model.outcomes import OUTCOMES

    first = scenarios[0]
    regions = len(first.world.regions) + 1 if by_region else 1
    each = len(scenarios) * (first.months + 1) * regions
    if replicates * each * len(OUTCOMES) <= MOST_NUMBERS:
        return None
    names = list(dict.fromkeys([*headlines(), *needed]))
    most = MOST_NUMBERS // (each * len(names))
    if replicates > most:
        raise InputError(
            f"--replicates is {replicates}, more than memory has room for with "
            f"{len(scenarios)} scenarios of {first.months} months"
            f"{f' and {regions - 1} regions' if by_region else ''}; allowed is 1 to {most:,}."
        )
    if say is not None:
        say("So many runs leave room for the headline outcomes only; fewer keep them all.")
    return names


def _numbers_of_each(
    scenarios: Sequence[Scenario], replicates: int, by_community: bool, by_organisation: bool
) -> int:
    """Return how many numbers are kept of each community, and of each organisation."""
    from cisim.lab.each import looked_at
    from cisim.model.outcomes import EACH

    first = scenarios[0]
    each = 0
    if by_community:
        years = looked_at("community", first.months).size
        each += first.world.community_count * years * len(EACH["community"])
    if by_organisation:
        each += first.world.organisation_count * len(EACH["organisation"])
    return len(scenarios) * replicates * each


def _print_comparison(result: Comparison, by_region: bool) -> None:
    from cisim.lab.ensemble import OVERALL
    from cisim.show.beliefs_in_words import hangs_in_words
    from cisim.show.counted import lasting
    from cisim.show.language.facts import world_title
    from cisim.show.language.texts import say as words
    from cisim.show.places_in_words import place
    from cisim.show.tables import paragraph, terminal_width
    from cisim.show.told import told

    width = terminal_width()
    first = next(iter(result.ensembles.values()))
    horizon = first.scenario.months
    scenario = first.scenario
    show(
        words(
            "printed.compared_failed" if result.failed else "printed.compared",
            n=len(result.names),
            world=world_title(scenario.world_name, scenario.world.title),
            time=lasting(horizon, scenario.calendar),
            futures=len(result.futures),
            failed=result.failed_futures,
        )
    )
    show(paragraph(words("printed.means", base=result.names[0]), width))
    for said in hangs_in_words(result):
        show(paragraph(said, width))
    _print_by_ensemble(result)
    regions = [region for region in first.regions if by_region or region == first.regions[-1]]
    for region in [*regions[-1:], *regions[:-1]]:
        if by_region:
            show(f"\n== {words('printed.overall') if region == OVERALL else place(region)}")
        _print_horizon(result, region, horizon)
        if region == regions[-1]:
            _print_years(result, region, horizon)
    _print_bill(result)
    for name, chosen in _decided(result).items():
        show("\n" + paragraph(f"{name}: {' '.join(chosen)}", width))
    for sentence in result.outside:
        show("\n" + paragraph(told(sentence.words), width))


def _print_by_ensemble(result: Comparison) -> None:
    """Print what each of two ensembles says by itself, nothing where futures take from one."""
    from cisim.lab.allowed import by_ensemble, ensembles_of
    from cisim.show.beliefs_in_words import called_in_short
    from cisim.show.language.texts import say as words
    from cisim.show.tables import number, table

    found = by_ensemble(result)
    if not len(found):
        return
    outcome = str(found["outcome"].iloc[0])
    show("\n" + words("printed.by_ensemble", outcome=outcome, base=result.names[0]))
    parts = [called_in_short(one) for one in ensembles_of(result)]
    each = (words("printed.interval"), words("printed.better_in"))
    heads = ["", *(head for one in parts for head in (one, *each))]
    rows = []
    for name in result.names[1:]:
        cells = [name]
        for one in found[found["scenario"] == name].to_dict("records"):
            cells += [number(one["mean"]), f"{number(one['low'])}…{number(one['high'])}",
                      words("charts.of", many=f"{one['better']:.0f}", n=one["n"])]  # fmt: skip
        rows.append(cells)
    show(table(rows, heads))


def _decided(result: Comparison) -> dict[str, list[str]]:
    """Return by scenario whom its group chose, in how many of the first futures."""
    from cisim.lab.decisions import decides, decisions
    from cisim.show.decided_in_words import told_often

    return {
        name: told_often(decisions(one.scenario, one.asked, one.first_seed), one.scenario.calendar)
        for name, one in result.ensembles.items()
        if decides(one.scenario)
    }


def _print_bill(result: Comparison) -> None:
    """Print who pays what in which year, in full-time years, and members' own time below."""
    from cisim.show.bill_in_tables import bill_table, together, written
    from cisim.show.language.texts import say as words
    from cisim.show.tables import table

    whole = together(result.bill())
    show("\n" + words("printed.bill"))
    for name in result.names:
        mine = bill_table(whole, name)
        show(f"\n{name}")
        show(table(written(mine), ["", *mine.heads]))


def _print_horizon(result: Comparison, region: str, horizon: int) -> None:
    from cisim.show.counted import after
    from cisim.show.language.facts import unit_in_words
    from cisim.show.language.texts import say as words
    from cisim.show.tables import decimals_for, number, table

    names = ("mean", "interval", "difference", "interval", "better_in")
    heads = ["", *(words(f"printed.{name}") for name in names)]
    means = result.table(at=horizon, outcomes=headlines())
    means = means[means["region"] == region]
    calendar = next(iter(result.ensembles.values())).scenario.calendar
    then = after(horizon, calendar)
    show(f"\n{then[:1].upper()}{then[1:]}")
    for outcome in headlines().values():
        here = means[means["outcome"] == outcome.name]
        pairs = result.paired(outcome.name, at=horizon, region=region)
        by_name = {row["scenario"]: row for row in pairs.to_dict("records")}
        decimals = decimals_for([*here["mean"], *here["low"], *here["high"]])
        rows = []
        for row in here.to_dict("records"):
            pair = by_name.get(row["scenario"])
            cells = [row["scenario"], number(row["mean"], decimals), _between(row, decimals)]
            if pair is None:
                cells += ["", "", ""]
            else:
                sign = "+" if pair["mean"] > 0 else ""
                better = "–" if math.isnan(pair["better"]) else f"{pair['better']:.0f}"
                cells += [
                    sign + number(pair["mean"], decimals),
                    _between(pair, decimals),
                    words("charts.of", many=better, n=pair["n"]) + _apart(pair),
                ]
            rows.append(cells)
        direction = f", {words(f'charts.{outcome.better}')}" if outcome.better else ""
        show(f"\n{outcome.name} ({unit_in_words(outcome.unit)}{direction})")
        show(table(rows, heads))


def _print_years(result: Comparison, region: str, horizon: int) -> None:
    from cisim.show.language.texts import say as words
    from cisim.show.tables import decimals_for, number, table

    months = shown_months(horizon)
    calendar = next(iter(result.ensembles.values())).scenario.calendar
    tables = [result.table(at=month, outcomes=headlines()) for month in months]
    show("\n" + words("printed.by_year"))
    for outcome in headlines():
        here = [one[(one["outcome"] == outcome) & (one["region"] == region)] for one in tables]
        decimals = decimals_for([number for one in here for number in one["mean"]])
        by_month = [one.to_dict("records") for one in here]
        rows = [
            [name, *(f"{number(r['mean'], decimals)} {_between(r, decimals)}" for r in row)]
            for name, *row in zip(result.names, *by_month, strict=True)
        ]
        show(f"\n{outcome}")
        show(table(rows, ["", *(when(month, calendar) for month in months)]))


def _apart(pair: Mapping[Any, Any]) -> str:
    """Return "" where a difference is told from nothing, else how many futures that may take."""
    if pair["distinct"]:
        return ""
    from cisim.show.language.texts import say as words

    needed = pair["needed"]
    if not math.isfinite(needed):
        return f" {words('printed.not_apart')}"
    return f" {words('printed.not_apart_yet', needed=needed)}"


def _between(row: Mapping[Any, Any], decimals: int) -> str:
    from cisim.show.tables import number

    low, high = number(row["low"], decimals), number(row["high"], decimals)
    return "" if low == high == "–" else f"{low}…{high}"


def _comparison_json(result: Comparison, seed: int, replicates: int) -> dict[str, Any]:
    from cisim.show.run_in_words import describe
    from cisim.world.notes import notes_of

    shown = headlines()
    first = next(iter(result.ensembles.values()))
    means = result.table(outcomes=shown).to_dict("records")
    differences = [
        row
        for outcome in shown
        for region in first.regions
        for row in result.paired(outcome, region=region).to_dict("records")
    ]
    return {
        "command": "compare",
        "scenarios": [
            {**describe(one.scenario, seed), "finished": int(one.replicates.size)}
            for one in result.ensembles.values()
        ],
        "notes": notes_of(one.scenario for one in result.ensembles.values()),
        "outside": [str(one) for one in result.outside],
        "replicates": replicates,
        "futures": len(result.futures),
        "level": 0.9,
        "outcomes": {name: about(one) for name, one in shown.items()},
        "means": means,
        "differences": differences,
        "bill": result.bill().to_dict("records"),
        "decisions": _decided(result),
        "incomplete": result.incomplete,
        "failed": [failure._asdict() for failure in result.failed],
        **_hangs_json(result),
    }


def _hangs_json(result: Comparison) -> dict[str, Any]:
    """Return what the answer hangs on, where futures differ in what they believe."""
    from cisim.lab.allowed import by_ensemble, ensembles_of
    from cisim.lab.hanging import LEADING, asked_of, beliefs_of, hangs_on

    pair = asked_of(result)
    if pair is None:
        return {"beliefs": "fixed"}
    table = hangs_on(result, *pair, many=LEADING)
    held = beliefs_of(result)
    return {
        "beliefs": held.given,
        "ensembles": [
            {"name": one.name, "points": one.size, "digest": one.digest}
            for one in ensembles_of(result)
        ],
        "by_ensemble": by_ensemble(result).to_dict("records"),
        "hangs_on": {"scenario": pair[0], "against": pair[1], "rows": table.to_dict("records")},
    }
