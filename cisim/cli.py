"""The command line: parse, call, print.

Each command imports what it needs when it is called, so that `cisim list` answers at once and a
short run is not kept waiting by what only large ones need. Results go to standard output, what is
said about them to standard error. Exit codes: 0 done, 2 wrong input (one sentence), 3 finished
with quarantined runs, 130 interrupted with everything finished kept.
"""

from __future__ import annotations

import json
import math
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import numpy as np

    from cisim.lab.compare import Comparison
    from cisim.lab.simulate import Ensemble
    from cisim.model.outcomes import Outcome
    from cisim.world.files import Kind
    from cisim.world.scenario import Scenario

DONE, FAILED, WRONG_INPUT, QUARANTINED, INTERRUPTED = 0, 1, 2, 3, 130
LISTED = ("worlds", "structures", "scenarios", "parameters", "outcomes", "events")
CONFIGS: tuple[Kind, ...] = ("worlds", "structures", "scenarios")
YEARS = (0, 1, 2, 5, 10)
MOST_MONTHS = 12_000
LARGEST_SEED = 2**63 - 1
MOST_REPLICATES = 10_000_000
MOST_NUMBERS = 120_000_000
"""How many outcome values a comparison may keep: about one gigabyte."""
NETWORK = "network.svg"
REPORT = "report.html"
LONGEST_SENTENCE = 1000

app = typer.Typer(
    name="cisim",
    help="Simulate how partnerships for children's wellbeing form, hold or fall apart.\n\n"
    "Example: cisim compare no-backbone national-and-regional --replicates 50",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def futures(text: str | int) -> int | str:
    """Return how many futures the command line asks for, a whole number or `auto`."""
    return "auto" if text == "auto" else whole(1, MOST_REPLICATES)(str(text))


def above_nothing(text: str | float) -> float:
    """Return a number above 0 of the command line."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0.0 < number < math.inf:
        raise typer.BadParameter(f"is {str(text)[:60]!r}; allowed is a number above 0")
    return number


def whole(low: int, high: int | None = None) -> Callable[[str], int]:
    """Return what reads a whole number from `low` to `high` of the command line."""

    def read(text: str | int) -> int:
        limits = f"at least {low}" if high is None else f"{low} to {high:,}"
        digits = str(text)
        number = int(digits) if re.fullmatch(r"[+-]?[0-9]{1,30}", digits) else None
        if number is None or number < low or (high is not None and number > high):
            plain = re.fullmatch(r"[\w.+-]{1,60}", digits)
            given = digits if plain else repr(digits[:60])
            raise typer.BadParameter(f"is {given}; allowed is a whole number, {limits}")
        return number

    return read


Seed = Annotated[
    int,
    typer.Option(
        metavar="N",
        help="The future; of several runs the first one.",
        parser=whole(0, LARGEST_SEED),
    ),
]
Months = Annotated[
    int | None,
    typer.Option(metavar="N", help="Another horizon, in months.", parser=whole(1, MOST_MONTHS)),
]
OnWorld = Annotated[
    str | None, typer.Option(help="Another world than the scenario's: a name or a file.")
]
WithStructure = Annotated[
    str | None, typer.Option(help="Another structure than the scenario's: a name or a file.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Change a parameter or a lever; may be repeated. Names: cisim list parameters.",
    ),
]
Out = Annotated[
    str | None,
    typer.Option(metavar="FOLDER", help="Write series, charts and a manifest into this folder."),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print the summary as JSON, and nothing else.")
]
Quiet = Annotated[
    bool, typer.Option("--quiet", help="Say nothing on standard error unless something is wrong.")
]
Workers = Annotated[
    int | None,
    typer.Option(metavar="N", help="Processes; all processors if left out.", parser=whole(1)),
]
ByRegion = Annotated[bool, typer.Option("--by-region", help="Show and keep each region, too.")]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, by default that of this process; return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a name may have letters a terminal lacks
    typed = list(sys.argv[1:] if arguments is None else arguments)
    command = typer.main.get_command(app)
    try:
        with command.make_context("cisim", typed or ["--help"], obj=tuple(typed)) as context:
            code = command.invoke(context)
        sys.stdout.flush()
    except typer.Exit as end:  # --help, --version
        return end.exit_code
    except KeyboardInterrupt:
        return _interrupted("Interrupted; nothing was kept.")
    except BrokenPipeError:  # whoever read has seen enough
        _forget_output()
        return DONE
    except typer.TyperException as error:
        return _wrong(_usage(error))
    except Exception as error:
        if os.environ.get("CISIM_TRACEBACK"):
            raise
        return _unexpected(error)
    return code if isinstance(code, int) else DONE


def _unexpected(error: Exception) -> int:
    from cisim.model.inputs import InputError

    if isinstance(error, InputError):
        return _wrong(str(error))
    what = " ".join(f"{type(error).__name__}: {error}".split())
    _say(f"cisim failed by a fault of its own ({what}); CISIM_TRACEBACK=1 shows where.")
    return FAILED


def _wrong(sentence: str) -> int:
    _say(sentence)
    return WRONG_INPUT


def _interrupted(sentence: str) -> int:
    _say(sentence)
    return INTERRUPTED


def _say(sentence: str) -> None:
    try:
        print(sentence, file=sys.stderr, flush=True)
    except BrokenPipeError:
        _forget_output()


def _forget_output() -> None:
    """Let what is still to be written go nowhere: Python flushes once more as it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            os.dup2(nowhere, stream.fileno())
        except (OSError, ValueError):  # a stream that is no file
            continue
    os.close(nowhere)


def _usage(error: typer.TyperException) -> str:
    """Return in one sentence what is wrong with options and arguments, and where to read on."""
    said = error.format_message() if hasattr(error, "format_message") else str(error)
    said = "".join(one if one.isprintable() else repr(one)[1:-1] for one in " ".join(said.split()))
    said = said[:LONGEST_SENTENCE].rstrip(".")
    if found := re.fullmatch(r"Invalid value for '?([^:']*)'?: (.*)", said):
        colon = "" if found[2].startswith("is ") else ":"
        said = f"{found[1]}{colon} {found[2]}"
    if found := re.fullmatch(r"(.*) \(Possible options: ([^,]*).*\)", said):
        said = f"{found[1]}. Did you mean {found[2]}?"
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "cisim"
    end = "" if said.endswith("?") else "."
    return f"{said}{end} ({command} --help)"


def _version(wanted: bool) -> None:
    if wanted:
        from cisim import __version__

        print(f"cisim {__version__}")
        raise typer.Exit


@app.callback()
def _cisim(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


# --- run -------------------------------------------------------------------------------------


@app.command()
def run(
    context: typer.Context,
    scenario: Annotated[str, typer.Argument(help="A shipped scenario's name, or a file.")],
    world: OnWorld = None,
    structure: WithStructure = None,
    settings: Settings = None,
    seed: Seed = 1,
    months: Months = None,
    by_region: ByRegion = False,
    out: Out = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Run one scenario once and say what happened.

    Example: cisim run missing-sponsor --world one-town --seed 7 --out results/one
    """
    started = datetime.now(UTC)
    (chosen,) = _scenarios([scenario], world, structure, settings, months)
    folder = None if out is None else _folder(out)

    from cisim.lab.warm import COMPILING
    from cisim.model.kernel import is_compiled
    from cisim.model.model import CollectiveImpactModel
    from cisim.model.outcomes import OUTCOMES
    from cisim.show.run_in_words import ASKED, describe, tell

    if not quiet and not is_compiled():
        _say(COMPILING)
    model = CollectiveImpactModel(chosen, seed=seed).run()
    asked = OUTCOMES if folder is not None else (*_headlines(), *ASKED)
    values = model.recorder.values(dict.fromkeys(asked))
    told = tell(chosen, values)
    files: list[str] = []
    key = None
    if folder is not None:
        ensemble = _alone(chosen, seed, values, by_region)
        figures = _charts(ensemble, seed) | _network(ensemble, seed)
        key, files = _write(folder, ensemble, figures, context.obj, started)
    if as_json:
        _print_json(
            {
                "command": "run",
                **describe(chosen, seed),
                "told": told,
                "outcomes": {
                    name: {**_about(one), "values": _values_json(chosen, values[name], by_region)}
                    for name, one in _headlines().items()
                },
                **_written(key, files),
            }
        )
        return DONE
    place = "" if world is None else f" --world {world}"
    _print_run(chosen, seed, told, values, by_region, place)
    _print_files(out, files)
    return DONE


def _print_run(
    scenario: Scenario,
    seed: int,
    told: Sequence[str],
    values: Mapping[str, np.ndarray],
    by_region: bool,
    place: str,
) -> None:
    from cisim.show.run_in_words import span
    from cisim.show.tables import decimals_for, number, paragraph, table, terminal_width

    width = terminal_width()
    print(f"{scenario.title}, on {scenario.world.title}: {span(scenario.months)}, seed {seed}")
    if scenario.story:
        print(paragraph(scenario.story, width))
    print()
    for sentence in told:
        print(paragraph(f"- {sentence}", width, "  "))
    months = _shown_months(scenario.months)
    heads = ["outcome", "unit", *(_when(month) for month in months)]
    places = [(-1, "")]
    if by_region:
        places += [(r, region.name) for r, region in enumerate(scenario.world.regions)]
    for column, name in places:
        rows = []
        for outcome in _headlines().values():
            seen = values[outcome.name][months, column]
            decimals = decimals_for(seen)
            cells = [number(float(value), decimals) for value in seen]
            rows.append([outcome.name, outcome.unit, *cells])
        print(f"\n{name}" if name else "")
        print(table(rows, heads, left=(0, 1)))
    print()
    print(
        paragraph(
            "This is one future. What luck did and what the structure did is told apart by many: "
            f"cisim compare no-backbone {scenario.name}{place}"
            if scenario.name != "no-backbone"
            else "This is one future of many; cisim compare shows how far they differ.",
            width,
        )
    )


def _alone(
    scenario: Scenario, seed: int, values: Mapping[str, np.ndarray], by_region: bool
) -> Ensemble:
    """Return one run as the ensemble of one that it is."""
    import numpy as np

    from cisim.lab.simulate import OVERALL, Ensemble

    first = 0 if by_region else -1
    names = [region.name for region in scenario.world.regions] if by_region else []
    return Ensemble(
        scenario=scenario,
        outcomes=tuple(values),
        months=np.arange(scenario.months + 1),
        regions=(*names, OVERALL),
        first_seed=seed,
        replicates=np.zeros(1, np.int64),
        values=np.stack([value[:, first:] for value in values.values()], axis=-1)[None],
        asked=1,
    )


# --- compare ---------------------------------------------------------------------------------


@app.command()
def compare(
    context: typer.Context,
    scenarios: Annotated[
        list[str], typer.Argument(help="Two or more scenarios: shipped names, or files.")
    ],
    world: OnWorld = None,
    structure: WithStructure = None,
    settings: Settings = None,
    replicates: Annotated[
        Any,
        typer.Option(
            metavar="N|auto",
            help="How many futures; auto adds some until differences are told closely enough.",
            parser=futures,
        ),
    ] = 200,
    outcome: Annotated[
        str, typer.Option(help="With --replicates auto, the outcome whose differences count.")
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
    report: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Write a report that stands alone: one HTML file for a planner."
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
            metavar="EUR", help="With --report, what a working year costs.", parser=above_nothing
        ),
    ] = 60_000.0,
    by_region: ByRegion = False,
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
    out: Out = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Compare scenarios in the same futures.

    Means, 90 % intervals and paired differences from the scenario that is named first.

    Example: cisim compare no-backbone national-and-regional --report report.html
    """
    started = datetime.now(UTC)
    chosen = _scenarios(scenarios, world, structure, settings, months)
    if uncertain:
        return _robust(chosen, points, workers, seed, out, as_json, quiet)
    folder = None if out is None else _folder(out)

    from cisim.lab.compare import MOST_AUTO, check_goals
    from cisim.lab.compare import compare as run_all

    goals = check_goals(_goals(goal or ()))
    needed: list[str] = []
    if report is not None:
        from cisim.show.report import KEPT, check_report

        check_report(report)
        needed = [*KEPT, *goals]
    say = None if quiet else _say
    largest = replicates if isinstance(replicates, int) else MOST_AUTO
    outcomes = _room(chosen, largest, by_region, needed, say)
    with _progress(quiet) as progress:
        result = run_all(
            chosen,
            replicates,
            workers,
            seed,
            outcomes=outcomes,
            by_region=by_region,
            outcome=outcome,
            precision=precision,
            progress=progress,
            say=say,
        )
    if not isinstance(replicates, int):
        replicates = len(result.futures)
        if say is not None and result.precision is not None:
            say(result.precision.words)
    done = min(ensemble.replicates.size for ensemble in result.ensembles.values())
    if result.incomplete and not done:
        return _interrupted("Interrupted before a future was finished; nothing was written.")
    files: list[str] = []
    key = None
    if folder is not None:
        key, files = _write(folder, result, _charts(result, seed), context.obj, started)
    if report is not None and not result.incomplete:
        _report(report, result, goals, fte_cost, workers, context.obj, quiet)
    if as_json:
        _print_json(_comparison_json(result, seed, replicates) | _written(key, files))
    else:
        _print_comparison(result, by_region)
        _print_files(out, files)
        if report is not None and not result.incomplete:
            print(f"\nReport: {report}")
    if result.incomplete:
        kept = "is in the files" if files else "is above"
        return _interrupted(f"Interrupted; what {done:,} of {replicates:,} futures show {kept}.")
    if result.failed:
        one, *_ = result.failed
        reason = " ".join(one.reason.split()).rstrip(".")
        _say(
            f"Quarantined runs: {len(result.failed):,} of {replicates * len(chosen):,}; the first "
            f"is {one.scenario} with seed {one.seed} ({reason})."
        )
        return QUARANTINED
    return DONE


def _goals(given: Iterable[str]) -> dict[str, float]:
    """Return outcome -> value of what was given as OUTCOME=VALUE.

    Raises InputError if one is not of that form, or is given twice.
    """
    from cisim.model.inputs import InputError, shown

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


def _report(
    path: str,
    result: Comparison,
    goals: Mapping[str, float],
    fte_cost: float,
    workers: int | None,
    typed: Sequence[str],
    quiet: bool,
) -> None:
    """Write the report, with the same comparison at other values of effort_half beside it."""
    from cisim.lab.compare import at_values
    from cisim.show.report import EFFORT_HALF, KEPT, network_charts, write_report
    from cisim.show.report import report as page

    with _progress(quiet) as progress:
        halves = at_values(
            result, "effort_half", EFFORT_HALF, workers=workers, outcomes=KEPT, progress=progress
        )
    html = page(
        result,
        goals=goals,
        fte_cost=fte_cost,
        effort_half=halves,
        networks=network_charts(result),
        command=["cisim", *typed],
        written=f"{datetime.now(UTC).day} {datetime.now(UTC):%B %Y}",
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
    from cisim.model.inputs import InputError
    from cisim.model.outcomes import OUTCOMES

    first = scenarios[0]
    regions = len(first.world.regions) + 1 if by_region else 1
    each = len(scenarios) * (first.months + 1) * regions
    if replicates * each * len(OUTCOMES) <= MOST_NUMBERS:
        return None
    names = list(dict.fromkeys([*_headlines(), *needed]))
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


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Yield what draws a bar on standard error, None if nobody would see it."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    bar = tqdm(unit=" runs", file=sys.stderr, leave=False, dynamic_ncols=True, delay=0.3)

    def advance(done: int, total: int) -> None:
        bar.total = total
        bar.update(done - bar.n)

    try:
        yield advance
    finally:
        bar.close()


def _print_comparison(result: Comparison, by_region: bool) -> None:
    from cisim.show.run_in_words import span
    from cisim.show.tables import paragraph, terminal_width

    width = terminal_width()
    first = next(iter(result.ensembles.values()))
    horizon = first.scenario.months
    print(
        f"{len(result.names)} scenarios on {first.scenario.world.title}: {span(horizon)}, "
        f"{len(result.futures):,} shared futures"
    )
    print(
        paragraph(
            "Means with their 90 % intervals. Difference: from "
            f"{result.names[0]}, in the same futures; better in so many of them.",
            width,
        )
    )
    regions = [region for region in first.regions if by_region or region == first.regions[-1]]
    for region in [*regions[-1:], *regions[:-1]]:
        if by_region:
            print(f"\n== {region}")
        _print_horizon(result, region, horizon)
        if region == regions[-1]:
            _print_years(result, region, horizon)


def _print_horizon(result: Comparison, region: str, horizon: int) -> None:
    from cisim.show.run_in_words import span
    from cisim.show.tables import decimals_for, number, table

    heads = ["", "mean", "90 % interval", "difference", "90 % interval", "better in"]
    means = result.table(at=horizon, outcomes=_headlines())
    means = means[means["region"] == region]
    print(f"\nAfter {span(horizon)}")
    for outcome in _headlines().values():
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
                    f"{better} of {pair['n']}{_apart(pair)}",
                ]
            rows.append(cells)
        direction = f", {outcome.better} is better" if outcome.better else ""
        print(f"\n{outcome.name} ({outcome.unit}{direction})")
        print(table(rows, heads))


def _print_years(result: Comparison, region: str, horizon: int) -> None:
    from cisim.show.tables import decimals_for, number, table

    months = _shown_months(horizon)
    tables = [result.table(at=month, outcomes=_headlines()) for month in months]
    print("\nBy year: mean and 90 % interval")
    for outcome in _headlines():
        here = [one[(one["outcome"] == outcome) & (one["region"] == region)] for one in tables]
        decimals = decimals_for([number for one in here for number in one["mean"]])
        by_month = [one.to_dict("records") for one in here]
        rows = [
            [name, *(f"{number(r['mean'], decimals)} {_between(r, decimals)}" for r in row)]
            for name, *row in zip(result.names, *by_month, strict=True)
        ]
        print(f"\n{outcome}")
        print(table(rows, ["", *(_when(month) for month in months)]))


def _apart(pair: Mapping[Any, Any]) -> str:
    """Return "" where a difference is told from nothing, else how many futures that may take."""
    if pair["distinct"]:
        return ""
    needed = pair["needed"]
    more = f"; about {needed:,.0f} needed" if math.isfinite(needed) else ""
    return f" (not told apart{more})"


def _between(row: Mapping[Any, Any], decimals: int) -> str:
    from cisim.show.tables import number

    low, high = number(row["low"], decimals), number(row["high"], decimals)
    return "" if low == high == "–" else f"{low}…{high}"


def _comparison_json(result: Comparison, seed: int, replicates: int) -> dict[str, Any]:
    from cisim.show.run_in_words import describe

    headlines = _headlines()
    first = next(iter(result.ensembles.values()))
    means = result.table(outcomes=headlines).to_dict("records")
    differences = [
        row
        for outcome in headlines
        for region in first.regions
        for row in result.paired(outcome, region=region).to_dict("records")
    ]
    return {
        "command": "compare",
        "scenarios": [
            {**describe(one.scenario, seed), "finished": int(one.replicates.size)}
            for one in result.ensembles.values()
        ],
        "replicates": replicates,
        "futures": len(result.futures),
        "level": 0.9,
        "outcomes": {name: _about(one) for name, one in headlines.items()},
        "means": means,
        "differences": differences,
        "incomplete": result.incomplete,
        "failed": [failure._asdict() for failure in result.failed],
    }


def _robust(
    scenarios: Sequence[Scenario],
    points: int,
    workers: int | None,
    seed: int,
    out: str | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Compare over the plausible space: one future for each sampled set of beliefs."""
    from cisim.lab.robust import robust
    from cisim.show.tables import number, paragraph, table, terminal_width

    say = None if quiet else _say
    with _progress(quiet) as progress:
        found = robust(
            scenarios, points, workers=workers, seed=seed, out=out, progress=progress, say=say
        )
    rows = found.table().to_dict("records")
    if as_json:
        _print_json(
            {
                "command": "compare --uncertain",
                "worlds": found.worlds,
                "scenarios": rows,
                "deciding": found.deciding().to_dict("records") if found.worlds else [],
                "told": found.sentences(),
                "incomplete": found.incomplete,
            }
        )
    else:
        width = terminal_width()
        print(f"{len(rows)} scenarios in {found.worlds:,} sampled worlds, by {found.outcome}\n")
        heads = ["", "best in", "lead", "behind", "over no backbone", "5…95 %", "harms in"]
        cells = [
            [
                row["scenario"],
                f"{row['best']} of {row['of']}",
                number(row["lead"], 2),
                number(row["behind"], 2),
                number(row["over_reference"], 2),
                f"{number(row['low'], 2)}…{number(row['high'], 2)}",
                f"{row['below_reference']:.0%}",
            ]
            for row in rows
        ]
        print(table(cells, heads))
        print()
        for sentence in found.sentences():
            print(paragraph(f"- {sentence}", width, "  "))
    if found.incomplete:
        again = "; the same command goes on from there" if out is not None else ""
        return _interrupted(f"Interrupted after {found.worlds:,} of {points:,} worlds{again}.")
    return QUARANTINED if found.failed else DONE


# --- validate --------------------------------------------------------------------------------


@app.command()
def validate(
    context: typer.Context,
    quick: Annotated[
        bool, typer.Option("--quick", help="A look: fewer futures and points, some two minutes.")
    ] = False,
    replicates: Annotated[
        int,
        typer.Option(metavar="N", help="Futures at the defaults.", parser=whole(1, 1_000_000)),
    ] = 60,
    points: Annotated[
        int,
        typer.Option(metavar="N", help="Sampled sets of beliefs.", parser=whole(1, 1_000_000)),
    ] = 300,
    seed: Annotated[
        int, typer.Option(metavar="N", help="The first future.", parser=whole(0, LARGEST_SEED))
    ] = 71_000,
    workers: Workers = None,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER", help="Keep effects and tables; a run broken off goes on from there."
        ),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Test the patterns, at the defaults and over what may plausibly be believed.

    Example: cisim validate --quick --out results/validation-quick
    """
    from cisim.lab.patterns import validate as test_all

    command = ["cisim", *context.obj]
    with _progress(quiet) as progress:
        found = test_all(
            quick,
            replicates,
            points,
            workers,
            seed,
            out,
            progress,
            None if quiet else _say,
            command=command,
        )
    if as_json:
        _print_json({"command": "validate", "patterns": found.table().to_dict("records")})
    else:
        print(found.markdown(), end="")
    if found.incomplete:
        again = "; the same command goes on from there" if out is not None else ""
        return _interrupted(f"Interrupted; what is finished is above{again}.")
    return QUARANTINED if found.failed else DONE


# --- list ------------------------------------------------------------------------------------


@app.command(name="list")
def list_(
    kind: Annotated[
        str | None,
        typer.Argument(help=f"One of {', '.join(LISTED)}; everything that has a file if left out."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Show what there is.

    Worlds, structures, scenarios, parameters, outcomes or events.

    Example: cisim list outcomes
    """
    from cisim.show.tables import table, terminal_width

    if kind is not None and kind not in LISTED:
        from cisim.model.inputs import InputError, nearest, shown

        raise InputError(f"{shown(kind)} is nothing that is listed.{nearest(kind, LISTED)}")
    kinds = CONFIGS if kind is None else (kind,)
    found = {one: _LISTS[one]() for one in kinds}
    if as_json:
        _print_json(found if kind is None else {kind: found[kind]})
        return DONE
    width = terminal_width()
    for place, one in enumerate(kinds):
        columns = _COLUMNS[one]
        rows = [[_cell(row[column]) for column in columns] for row in found[one]]
        heading = f"{one} ({len(rows)})"
        print(f"\n{heading}" if place else heading)
        heads = [column.replace("_", " ") for column in columns]
        print(table(rows, heads, left=range(len(columns)), width=width))
    if kind is None:
        print("\nAlso: cisim list parameters, outcomes or events.")
    return DONE


def _list_configs(kind: Kind) -> list[dict[str, Any]]:
    from cisim.world.files import parse, read_text, shipped

    rows = []
    for name, path in shipped(kind).items():
        said = parse(read_text(path), path.name)
        row = {"name": name, "title": said.get("title", "")}
        if kind == "scenarios":
            row |= {
                "world": said.get("world", "finland"),
                "structure": said.get("structure", "none"),
                "about": said.get("story", ""),
            }
        else:
            row["about"] = said.get("source", "")
        if kind == "worlds":
            regions = said["regions"]
            row["regions"] = len(regions)
            row["communities"] = sum(region["communities"] for region in regions)
        rows.append(row)
    return rows


def _list_parameters() -> list[dict[str, Any]]:
    from cisim.model.parameters import Parameters, declarations
    from cisim.world.scenario import LEVERS
    from cisim.world.structure import Structure

    declared = {**declarations(Parameters)}
    numbers = declarations(Structure)
    rows: list[dict[str, Any]] = []
    for name, one in declared.items():
        rows.append(_number_row(name, one, "constant" if one.constant else "parameter"))
    for name in LEVERS:
        if name in numbers:
            rows.append(_number_row(name, numbers[name], "lever"))
            continue
        field = Structure.model_fields[name]
        default = field.get_default(call_default_factory=True)
        if hasattr(default, "model_dump"):
            for part, one in declarations(type(default)).items():
                row = _number_row(f"{name}.{part}", one, "lever")
                rows.append({**row, "default": getattr(default, part)})
            continue
        meaning = field.description or _LEVER_WORDS.get(name, "")
        empty = {"unit": "", "bounds": None, "plausible": None, "source": ""}
        rows.append(
            {"name": name, "kind": "lever", "default": default, **empty, "meaning": meaning}
        )
    return rows


_LEVER_WORDS = {
    "regional": "Whether regions have a backbone of their own.",
    "regional_fte": "Its staff in every region; left out, what the world plans for each.",
    "sponsors": "Which leaders there are at all: health, education, political, municipal.",
    "national_end": "The month in which the national backbone closes; left out, it stays.",
    "regional_end": "The month in which regional backbones close; left out, they stay.",
}


def _number_row(name: str, one: Any, kind: str) -> dict[str, Any]:
    return {
        "name": name,
        "kind": kind,
        "default": one.default,
        "unit": one.unit,
        "bounds": list(one.bounds),
        "plausible": None if one.plausible is None else list(one.plausible),
        "source": one.evidence.source,
        "meaning": one.meaning,
    }


def _list_outcomes() -> list[dict[str, Any]]:
    from cisim.model.outcomes import OUTCOMES

    return [
        {"name": name, "headline": one.headline, "group": one.group, **_about(one)}
        for name, one in OUTCOMES.items()
    ]


def _list_events() -> list[dict[str, Any]]:
    from cisim.world.events import EVENTS

    return [
        {
            "name": name,
            "fields": [field for field in kind.model_fields if field != "kind"],
            "words": kind.words,
        }
        for name, kind in EVENTS.items()
    ]


_LISTS: dict[str, Callable[[], list[dict[str, Any]]]] = {
    **{kind: partial(_list_configs, kind) for kind in CONFIGS},
    "parameters": _list_parameters,
    "outcomes": _list_outcomes,
    "events": _list_events,
}
_COLUMNS: dict[str, tuple[str, ...]] = {
    "worlds": ("name", "title", "regions", "communities", "about"),
    "structures": ("name", "title", "about"),
    "scenarios": ("name", "title", "world", "structure", "about"),
    "parameters": ("name", "kind", "default", "plausible", "unit", "meaning"),
    "outcomes": ("name", "group", "unit", "better", "words"),
    "events": ("name", "fields", "words"),
}


def _cell(value: Any) -> str:
    """Return a value as a table shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple):
        if len(value) == 2 and all(isinstance(one, float) for one in value):
            return f"{value[0]:.6g} to {value[1]:.6g}"
        return ", ".join(_cell(one) for one in value)
    return str(value)


# --- check and the documents -----------------------------------------------------------------


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Files, or shipped names.")],
    as_json: AsJson = False,
) -> int:
    """Say whether files are right.

    Worlds, structures and scenarios, which are not run.

    Example: cisim check my-world.toml my-scenario.toml
    """
    from cisim.model.inputs import InputError
    from cisim.world.files import shipped

    verdicts: list[dict[str, Any]] = []
    for given in files:
        known: list[tuple[Kind | None, str]] = [
            (kind, given) for kind in CONFIGS if given in shipped(kind)
        ]  # fmt: skip
        for kind, name in known or [(None, given)]:
            try:
                found, says = _check(name, kind)
                verdicts.append({"file": name, "kind": found, "right": True, "says": says})
            except InputError as error:
                verdicts.append({"file": name, "kind": kind, "right": False, "says": str(error)})
    right = all(verdict["right"] for verdict in verdicts)
    if as_json:
        _print_json({"right": right, "files": verdicts})
        return DONE if right else WRONG_INPUT
    for verdict in verdicts:
        if verdict["right"]:
            print(f"{verdict['file']}: right ({verdict['says']})", flush=True)
        else:
            _say(verdict["says"])
    return DONE if right else WRONG_INPUT


def _check(name: str, kind: Kind | None) -> tuple[str, str]:
    """Return what kind a file is of and what is in it; raises InputError if it is wrong."""
    from cisim.model.inputs import InputError, nearest, shown
    from cisim.world.files import exists, find, is_path, parse, printable, read_text, shipped
    from cisim.world.scenario import Scenario, kind_of, load_structure, load_world

    path = Path(name) if kind is None else find(kind, name)
    if kind is None and not is_path(name) and not exists(path):
        names = [one for each in CONFIGS for one in shipped(each)]
        near = nearest(name, names)
        raise InputError(f"{shown(name)} is not a file or a shipped name.{near} (cisim list)")
    said = parse(read_text(path), printable(path.name))
    known = kind or kind_of(said, path.parent.name)
    full = path.resolve()
    if known == "worlds":
        world = load_world(str(full))
        communities = sum(region.communities for region in world.regions)
        return "world", (
            f"a world: {len(world.regions):,} regions, {communities:,} communities, "
            f"{world.organisations:,} organisations"
        )
    if known == "structures":
        return "structure", f"a structure: {load_structure(str(full)).title}"
    scenario = Scenario.load(str(full))
    return "scenario", (
        f"a scenario: {scenario.structure_name} on {scenario.world_name}, "
        f"{scenario.months} months, {len(scenario.events)} event{'s' * (len(scenario.events) != 1)}"
    )


@app.command()
def odd() -> int:
    """Print the model's description (ODD).

    Example: cisim odd > docs/odd.md
    """
    from cisim.show.documents import odd as document

    print(document(), end="")
    return DONE


@app.command()
def evidence() -> int:
    """Print what each number rests on, in Markdown.

    Example: cisim evidence > docs/evidence.md
    """
    from cisim.show.documents import evidence as document

    print(document(), end="")
    return DONE


@app.command()
def ui(
    port: Annotated[
        int | None,
        typer.Option(metavar="N", help="A port; a free one if left out.", parser=whole(1, 65_535)),
    ] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only say the link; open no browser.")
    ] = False,
) -> int:
    """Open the page, on this machine and without internet; Ctrl-C ends it.

    Example: cisim ui
    """
    from cisim.show.page import serve

    try:
        serve(port, open_browser=not no_browser)
    except KeyboardInterrupt:
        print("The page is closed.", file=sys.stderr)
    return DONE


# --- what several commands need --------------------------------------------------------------


def _scenarios(
    names: Sequence[str],
    world: str | None,
    structure: str | None,
    settings: Sequence[str] | None,
    months: int | None,
) -> list[Scenario]:
    """Return the scenarios that are meant, with the changes of the options made to each."""
    set_ = parse_settings(settings or ())

    from cisim.world.scenario import Scenario

    changes: dict[str, Any] = {"world": world, "structure": structure, "months": months}
    given = {name: value for name, value in changes.items() if value is not None}
    chosen = [Scenario.load(name, **given) for name in names]
    return [one.set(set_) for one in chosen] if set_ else chosen


_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def parse_settings(settings: Iterable[str]) -> dict[str, Any]:
    """Return name -> value of `--set name=value` options: numbers, true, false, words or TOML.

    Raises InputError if one is not that, or a name is given twice.
    """
    from cisim.model.inputs import InputError, shown
    from cisim.world.files import parse

    found: dict[str, Any] = {}
    for setting in settings:
        name, equals, text = (part.strip() for part in setting.partition("="))
        if not (name and equals and text):
            raise InputError(
                f"--set: {shown(setting)} is not name=value; right would be trust_memory=60."
            )
        if name in found:
            raise InputError(f"--set: {shown(name)} is set twice; allowed is once.")
        if _DECIMAL.fullmatch(text) and len(text) < 400:
            found[name] = float(text)
        elif _WORD.fullmatch(text) and text not in ("true", "false", "nan", "inf"):
            found[name] = text
        else:
            try:
                (found[name],) = parse(f"value = {text}", "--set").values()
            except (InputError, ValueError):
                raise InputError(
                    f"--set: {shown(setting)} has a value that cannot be read; allowed is a "
                    f'number, true, false, a word, or a list as in sponsors=["health"].'
                ) from None
    return found


def _folder(out: str) -> Path:
    """Return the folder results go to; checked before anything is run.

    Raises InputError if it cannot be written, or holds files that are not a result of cisim.
    """
    from cisim.lab.store import check_out
    from cisim.model.inputs import InputError, shown
    from cisim.world.files import printable

    if not out.strip():
        raise InputError("--out is empty; allowed is a folder, there or not.")
    try:
        folder = check_out(out)
    except InputError as error:
        raise InputError("--" + str(error).replace(str(Path(out)), printable(out))) from None
    if folder.is_dir():
        known = _file_names()
        foreign = sorted(
            path.name
            for path in folder.iterdir()
            if path.name not in known and not path.name.endswith(".part")
        )
        if foreign:
            raise InputError(
                f"--out is {shown(out)}, in which {shown(foreign[0])} is not a result of cisim; "
                f"allowed is a new folder, an empty one, or one with an earlier result."
            )
    return folder


def _file_names() -> set[str]:
    """Return every name that a file of a result may have."""
    from cisim.lab.store import MANIFEST, SERIES, SUMMARY

    return {MANIFEST, SERIES, SUMMARY, NETWORK, REPORT, *(f"{name}.svg" for name in _headlines())}


def _charts(result: Comparison | Ensemble, seed: int) -> dict[str, str]:
    """Return a chart of paths for each headline outcome, by file name."""
    from cisim.lab.simulate import Ensemble
    from cisim.lab.store import manifest_key
    from cisim.show.charts import event_table, paths, small_print

    ensembles = [result] if isinstance(result, Ensemble) else list(result.ensembles.values())
    names = {one.name: one.scenario.title for one in ensembles}
    if len(set(names.values())) < len(names):
        names = {name: name for name in names}
    events = event_table(one.scenario for one in ensembles)
    futures = max(one.replicates.size for one in ensembles)
    footer = small_print(futures, seed, manifest_key(result))
    series = result.series
    return {
        f"{name}.svg": paths(
            series, name, names=names, events=events if len(events) else None, footer=footer
        ).svg
        for name in _headlines()
        if series[name].notna().any()
    }


def _network(result: Ensemble, seed: int) -> dict[str, str]:
    """Return a chart of who works with whom in the first region, before and after."""
    from cisim.lab.store import manifest_key
    from cisim.model.model import CollectiveImpactModel
    from cisim.show.charts import network, network_tables, small_print

    scenario = result.scenario
    model = CollectiveImpactModel(scenario, seed=seed)
    tables = network_tables(model, 0, [0, scenario.months])
    footer = small_print(1, seed, manifest_key(result))
    title = f"Who works with whom in {scenario.world.regions[0].name}: {scenario.title}"
    return {NETWORK: network(*tables, title=title, footer=footer).svg}


def _write(
    folder: Path,
    result: Comparison | Ensemble,
    charts: Mapping[str, str],
    typed: Sequence[str],
    started: datetime,
) -> tuple[str, list[str]]:
    """Write a result, its manifest last; return the manifest's key and the files' names."""
    from cisim.lab.store import MANIFEST, write_ensembles, write_text
    from cisim.model.inputs import InputError, shown

    finished = datetime.now(UTC)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MANIFEST).unlink(missing_ok=True)
        for name in _file_names():
            if name.endswith(".svg") and name not in charts:
                (folder / name).unlink(missing_ok=True)
        for name, svg in charts.items():
            write_text(folder / name, svg)
    except OSError as error:
        raise InputError(
            f"--out is {shown(str(folder))}, which cannot be written ({error.strerror or error}); "
            f"allowed is a folder of yours with room in it."
        ) from None
    command = ["cisim", *typed]
    manifest = write_ensembles(folder, result, command, started=started, finished=finished)
    return str(manifest["key"]), [*sorted(charts), *manifest["files"], MANIFEST]


def _written(key: str | None, files: Sequence[str]) -> dict[str, Any]:
    return {} if key is None else {"key": key, "files": list(files)}


def _print_files(out: str | None, files: Sequence[str]) -> None:
    if out is not None:
        print(f"\nIn {out}: {', '.join(files)}")


def _headlines() -> dict[str, Outcome]:
    from cisim.model.outcomes import OUTCOMES

    return {name: one for name, one in OUTCOMES.items() if one.headline}


def _about(outcome: Outcome) -> dict[str, str]:
    return {"unit": outcome.unit, "better": outcome.better, "words": outcome.words}


def _shown_months(horizon: int) -> list[int]:
    """Return the months a table shows: the first years, and the horizon."""
    return [*(12 * year for year in YEARS if 12 * year < horizon), horizon]


def _when(month: int) -> str:
    if month == 0:
        return "start"
    return f"month {month}" if month % 12 else f"year {month // 12}"


def _values_json(scenario: Scenario, seen: np.ndarray, by_region: bool) -> dict[str, Any]:
    """Return the values of an outcome by month; by region and month if asked."""
    months = _shown_months(scenario.months)
    overall = {str(month): float(seen[month, -1]) for month in months}
    if not by_region:
        return overall
    regions = {
        region.name: {str(month): float(seen[month, r]) for month in months}
        for r, region in enumerate(scenario.world.regions)
    }
    return {**regions, "overall": overall}


def _print_json(value: Any) -> None:
    print(json.dumps(_plain(value), indent=2, ensure_ascii=False, allow_nan=False))


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: undefined numbers are null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "item"):  # a NumPy number
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
