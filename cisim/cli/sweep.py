"""`cisim sweep`: an experiment's runs, as far as they are missing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cisim.cli.chosen import parse_settings
from cisim.cli.endings import DONE, QUARANTINED, ended, goes_on, interrupted, set_aside
from cisim.cli.figures import print_json
from cisim.cli.given import OnlyFor, refuse_unused
from cisim.cli.language import READ_HERE, LanguageOption, speak_as_asked
from cisim.cli.options import (
    AsJson,
    Months,
    OnCluster,
    Out,
    Quiet,
    Settings,
    Timeout,
    Workers,
    whole,
)
from cisim.cli.place import ON_THIS_MACHINE, runs_where_asked
from cisim.cli.progress import say_unless, shown_progress
from cisim.cli.streams import say, show
from cisim.model.limits import LARGEST_SEED, MOST_REPLICATES

if TYPE_CHECKING:
    from cisim.lab.study import Study
    from cisim.lab.sweep import Estimate
    from cisim.lab.sweep.experiment import Experiment

MANY = 1_000
"""From so many runs on it is measured first how long they take."""
LISTED = 20


def share(text: str | tuple[int, int]) -> tuple[int, int]:
    """Return which share of how many is meant by "3/8"."""
    found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", str(text))
    number, of = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= number <= of <= 100_000:
        raise typer.BadParameter(
            f"is {str(text)[:60]!r}; allowed is i/n, the i-th of n shares, as 3/8"
        )
    return number, of


def _from_file(options: Any) -> bool:
    return options["resume"] is None


RULES = (
    ON_THIS_MACHINE,
    OnlyFor("settings", _from_file, "an experiment's file; what --resume goes on with is resolved"),
    OnlyFor("months", _from_file, "an experiment's file; what --resume goes on with is resolved"),
    OnlyFor("seed", _from_file, "an experiment's file; what --resume goes on with is resolved"),
    OnlyFor("out", _from_file, "an experiment's file; --resume writes where it goes on"),
    OnlyFor("replicate", lambda options: options["point"] is not None, "--point"),
    *(
        OnlyFor(
            name, lambda options: options["point"] is None, "a sweep, and --point runs one point"
        )
        for name in (
            "out",
            "replicates",
            "workers",
            "cluster",
            "timeout",
            "shard",
            "dry_run",
            "yes",
        )
    ),
    *(
        OnlyFor(name, lambda options: not options["dry_run"], "a sweep, not for --dry-run")
        for name in ("cluster", "timeout", "shard", "yes")
    ),
)


def sweep(
    context: typer.Context,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE.toml", help="The experiment's file.")
    ] = None,
    resume: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            help="Go on with the sweep of a folder, wherever it was begun, without its file.",
        ),
    ] = None,
    out: Out = None,
    replicates: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Another number of futures at each point.",
            parser=whole(1, MOST_REPLICATES),
        ),
    ] = None,
    settings: Settings = None,
    seed: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="The first future of every point.", parser=whole(0, LARGEST_SEED)
        ),
    ] = None,
    months: Months = None,
    workers: Workers = None,
    cluster: OnCluster = None,
    timeout: Timeout = None,
    shard: Annotated[
        Any,
        typer.Option(
            metavar="I/N",
            help="Only the I-th of N shares of the work, for jobs without an engine; each may run "
            "anywhere, and all write into one folder.",
            parser=share,
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Only say how many runs, how long, how large; try a run."),
    ] = False,
    yes: Annotated[
        bool,
        typer.Option("--yes", help="Begin although it takes more than a day or a million runs."),
    ] = False,
    point: Annotated[
        int | None,
        typer.Option(metavar="N", help="Only run this point, here, and print it.", parser=whole(0)),
    ] = None,
    replicate: Annotated[
        int, typer.Option(metavar="K", help="With --point, in which future.", parser=whole(0))
    ] = 0,
    language: LanguageOption = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Run what is missing of an experiment: scenarios × a design × replicates.

    The same command goes on where it was stopped, and an experiment that has grown since (points,
    replicates, scenarios, outcomes) runs only what is new. The file: docs/experiments.md.

    Example: cisim sweep study.toml --out results/study --workers 2
    """
    refuse_unused(context, (*RULES, READ_HERE))
    speak_as_asked(context, language)
    experiment = _experiment(file, resume, replicates, settings, seed, months)
    place = out if resume is None else resume
    if shard is not None and place is None:
        from cisim.model.input_error import InputError
        from cisim.show.language.texts import say as words

        raise InputError(words("swept.no_out"))
    tell = say_unless(quiet)
    if point is not None:
        return _again(experiment, point, replicate, tell, as_json)
    folder = _folder(place, experiment)
    if dry_run:
        return _tell(_estimated(experiment, workers, folder, tell), experiment, place, as_json)
    runs_where_asked(context, workers, cluster, timeout)
    if experiment.runs >= MANY and not yes:
        _refuse_large(_estimated(experiment, workers, folder, tell))
    with shown_progress(quiet) as progress:
        study = experiment.run(
            place,
            workers if cluster is None and timeout is None else None,
            shard=shard,
            progress=progress,
            say=tell,
            command=["cisim", *context.obj],
        )
    return _ended(study, experiment, place, as_json)


def _experiment(
    file: str | None,
    resume: str | None,
    replicates: int | None,
    settings: list[str] | None,
    seed: int | None,
    months: int | None,
) -> Experiment:
    from cisim.lab.sweep import load_experiment
    from cisim.lab.sweep.experiment import Experiment
    from cisim.model.input_error import InputError
    from cisim.show.language.texts import say as words

    if (file is None) == (resume is None):
        given = words("swept.both" if file is not None else "swept.neither")
        raise InputError(words("swept.one_of", given=given))
    if resume is not None:
        return load_experiment(resume, replicates=replicates)
    assert file is not None
    return Experiment.load(
        file,
        replicates=replicates,
        seed=seed,
        months=months,
        set=parse_settings(settings or ()),
    )


def _folder(place: str | None, experiment: Experiment) -> Path | None:
    """Return where it goes to, checked; None for nowhere."""
    from cisim.lab.sweep.folder import check_folder
    from cisim.model.input_error import InputError
    from cisim.show.language.texts import say as words
    from cisim.show.told import told

    if place is None:
        return None
    if not place.strip():
        raise InputError(words("swept.empty_out"))
    try:
        return check_folder(place, experiment)
    except InputError as error:
        said = told(str(error))
        raise InputError(f"--{said}" if said.startswith("out ") else said) from None


def _estimated(
    experiment: Experiment, workers: int | None, folder: Path | None, tell: Any
) -> Estimate:
    from cisim.lab.executors import count_workers
    from cisim.lab.sweep import estimate

    return estimate(experiment, count_workers(workers, tell), folder, tell)


def _refuse_large(found: Estimate) -> None:
    from cisim.model.input_error import InputError
    from cisim.show.language.texts import say as words
    from cisim.show.told import told

    if found.large:
        raise InputError(words("swept.large", size=told(found.words).rstrip(".")))


def _tell(found: Estimate, experiment: Experiment, place: str | None, as_json: bool) -> int:
    """Say what would be run and what that takes."""
    from cisim.model.input_error import printable, shown
    from cisim.show.language.texts import say as words
    from cisim.show.told import told

    months, given = experiment.scenarios[0].months, dict(experiment.file.set)
    if as_json:
        print_json(
            {
                "command": "sweep",
                "study": experiment.name,
                "out": place,
                "months": months,
                "seed": experiment.seed,
                "set": given,
                **found._asdict(),
            }
        )
        return DONE
    settings = "".join(f", {name} = {shown(value)}" for name, value in given.items())
    where = "" if place is None else words("swept.in", folder=printable(place))
    size = told(experiment.in_words)
    show(
        words(
            "swept.planned",
            size=f"{size[:1].upper()}{size[1:]}",
            months=months,
            seed=experiment.seed,
            settings=settings,
            where=where,
        )
    )
    show(told(found.words))
    return DONE


def _again(experiment: Experiment, point: int, replicate: int, tell: Any, as_json: bool) -> int:
    from cisim.lab.warm import warm
    from cisim.show.tables import number, table

    warm(tell)
    frame = experiment.again(point, replicate)
    if as_json:
        print_json({"command": "sweep", "rows": frame.to_dict("records")})
        return DONE
    rows = [
        [*(str(cell) for cell in row[:5]), *(number(float(cell), 3) for cell in row[5:])]
        for row in frame.itertuples(index=False)
    ]
    show(table(rows, list(frame.columns), left=(0, 4)))
    return DONE


def _ended(study: Study, experiment: Experiment, place: str | None, as_json: bool) -> int:
    """Print what came of a sweep; return how it ended."""
    rows = _summary(study)
    if as_json:
        print_json(
            {
                "command": "sweep",
                "study": study.name,
                "scenarios": list(study.scenarios),
                "design": {"kind": study.design.kind, "points": len(study.design),
                           "varied": list(study.design.names)},
                "runs": {"asked": study.asked, "there": study.there, "failed": len(study.failed)},
                "incomplete": study.incomplete,
                "table": rows,
                "failed": [one._asdict() for one in study.failed[:LISTED]],
                "digest": study.digest(),
            }
        )  # fmt: skip
    else:
        _print(study, experiment, rows, place)
    if study.incomplete and study.there + len(study.failed) < study.asked:
        return interrupted(
            ended("runs", there=study.there, asked=study.asked, again=goes_on(place))
        )
    if study.failed:
        first = study.failed[0]
        say(set_aside("runs", len(study.failed), first.scenario, first.reason, first.again))
        return QUARANTINED
    return DONE


def _summary(study: Study) -> list[dict[str, Any]]:
    """Return a row for each scenario and outcome: over the points, at the horizon."""
    import numpy as np

    rows = []
    for outcome in study.outcomes:
        values = study.at(outcome)
        for s, name in enumerate(study.scenarios):
            seen = values[s][np.isfinite(values[s])]
            ends = np.quantile(seen, [0.05, 0.95]).tolist() if seen.size else [None, None]
            rows.append(
                {
                    "scenario": name,
                    "outcome": outcome,
                    "month": int(study.months[-1]),
                    "points": int(seen.size),
                    "mean": float(seen.mean()) if seen.size else None,
                    "q05": ends[0],
                    "q95": ends[1],
                }
            )
    return rows


def _print(
    study: Study, experiment: Experiment, rows: list[dict[str, Any]], place: str | None
) -> None:
    from cisim.model.input_error import printable
    from cisim.show.language.texts import part
    from cisim.show.language.texts import say as words
    from cisim.show.tables import decimals_for, number, paragraph, table, terminal_width
    from cisim.show.told import told

    width = terminal_width()
    size = told(experiment.in_words)
    show(paragraph(words("swept.head", title=experiment.title, size=size), width))
    if experiment.claim:
        show(paragraph(experiment.claim, width))
    show()
    cells = []
    for row in rows:
        seen = [row[name] for name in ("mean", "q05", "q95") if row[name] is not None]
        decimals = decimals_for(seen or [0.0])
        shown = [number(value, decimals) for value in seen] or ["–"] * 3
        cells.append([row["outcome"], row["scenario"], number(row["points"], 0), *shown])
    said = part("swept")
    heads = [*(said[one] for one in ("outcome", "scenario", "points", "mean")), "5 %", "95 %"]
    show(table(cells, heads, left=(0, 1)))
    show()
    show(paragraph(words("swept.means", month=int(study.months[-1])), width))
    if place is not None:
        show("\n" + words("swept.read", folder=printable(place)))
