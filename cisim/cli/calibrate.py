"""`cisim calibrate`: what may be believed, given what was seen of real partnerships."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cisim.cli.chosen import parse_settings
from cisim.cli.endings import DONE, QUARANTINED, ended, goes_on, interrupted, set_aside
from cisim.cli.figures import print_json
from cisim.cli.files import kept, names_in, print_files, written
from cisim.cli.given import refuse_unused
from cisim.cli.language import READ, LanguageOption, speak_as_asked
from cisim.cli.options import (
    AsJson,
    OnCluster,
    OnWorld,
    Out,
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

if TYPE_CHECKING:
    from cisim.lab.calibration import Calibrated, Targets

MOST_BESIDE = 12
"""Parameters of which it is printed how ensembles differ."""
_FULL = {"points": 400, "seeds": 2, "waves": 4, "members": 200}
"""What is asked for where neither an option nor --quick says otherwise."""


def calibrate(
    context: typer.Context,
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="TARGETS...",
            help="A file of targets, or one that ships: all, evaluated, self-reported, shared. "
            "Several are calibrated to one by one, and set beside each other.",
        ),
    ],
    quick: Annotated[
        bool,
        typer.Option(
            "--quick",
            help="A first look: 2 waves of 100 points, 40 members, 12 sites, unless said.",
        ),
    ] = False,
    points: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Points of each wave; 400 if left out.",
            parser=whole(20, 20_000),
        ),
    ] = None,
    seeds: Annotated[
        int | None,
        typer.Option(metavar="N", help="Seeds of each; 2 if left out.", parser=whole(2, 100)),
    ] = None,
    waves: Annotated[
        int | None,
        typer.Option(metavar="N", help="Waves at most; 4 if left out.", parser=whole(1, 20)),
    ] = None,
    members: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Points of the ensemble; 200 if left out.",
            parser=whole(1, 20_000),
        ),
    ] = None,
    sites: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Sites of which indicators tell; as the file says, or 24.",
            parser=whole(2, 10_000),
        ),
    ] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[=LOW..HIGH]",
            help="A parameter that is varied, over its plausible range or this one; may be "
            "repeated. Left out, what the file says, or every free one.",
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TARGET",
            help="A target that is told and rules nothing out; may be repeated.",
        ),
    ] = None,
    world: OnWorld = None,
    structure: WithStructure = None,
    settings: Settings = None,
    seed: Seed = 1,
    workers: Workers = None,
    cluster: OnCluster = None,
    timeout: Timeout = None,
    out: Out = None,
    language: LanguageOption = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Rule out what cannot be believed; give an ensemble of points that is left.

    Targets say what was seen of real partnerships. In waves, what is too far from them is ruled
    out; what is left is an ensemble, judged by seeds and sites that it never saw. With --out the
    same command goes on where it was stopped.

    Example: cisim calibrate self-reported evaluated --quick --out results/believed
    """
    refuse_unused(context, (ON_THIS_MACHINE, READ))
    speak_as_asked(context, language)
    runs_where_asked(context, workers, cluster, timeout)

    from cisim.lab.calibration import calibrate as match
    from cisim.lab.calibration import read_targets, write_beside
    from cisim.lab.calibration.driver import QUICK, QUICK_SITES
    from cisim.model.input_error import InputError
    from cisim.show.language.texts import say as words

    tell = say_unless(quiet)
    usual: Mapping[str, int] = QUICK if quick else _FULL
    given = {"points": points, "seeds": seeds, "waves": waves, "members": members}
    sizes: dict[str, Any] = {
        name: usual[name] if value is None else value for name, value in given.items()
    }
    asked = [
        read_targets(
            one,
            vary=_ranges(vary) if vary else None,
            set_=parse_settings(settings or ()),
            without=without or (),
            sites=sites,
            usual_sites=QUICK_SITES if quick else None,
            world=world,
            structure=structure,
        )
        for one in targets
    ]
    _refuse_namesakes([one.name for one in asked])
    of_sites = sites is None and any(one.of_sites for one in asked)
    full = {name: _FULL[name] if value is None else value for name, value in given.items()}
    if quick and sizes == full and not of_sites:
        raise InputError(words("calibrate.quick"))
    found: list[Calibrated] = []
    with shown_progress(quiet) as progress:
        for one in asked:
            folder = _folder(out, asked, one)
            found.append(
                match(
                    one, **sizes, seed=seed, workers=workers, out=folder, kept=out, draw=draw,
                    progress=progress, say=tell, command=["cisim", *context.obj],
                )
            )  # fmt: skip
            if found[-1].incomplete:
                break
    whole = len(found) == len(asked) > 1 and not found[-1].incomplete
    command = ["cisim", *context.obj]
    beside_written = write_beside(found, out, command) if whole and out is not None else None
    if as_json:
        print_json({"command": "calibrate", "found": [_json(one) for one in found]})
    else:
        for each in found:
            _print(each)
            if each.manifest is not None:
                print_files(str(_folder(out, asked, each.asked)), names_in(each.manifest))
        if len(found) > 1:
            _print_beside(found)
            if beside_written is not None:
                print_files(out, names_in(beside_written))
    if found[-1].incomplete:
        waves_done = sum(len(one.waves) for one in found)
        return interrupted(ended("waves", n=waves_done, again=goes_on(out)))
    failed = [fault for one in found for fault in one.failed]
    if failed:
        which, reason = failed[0]
        say(set_aside("runs", len(failed), which, reason, ""))
        return QUARANTINED
    return DONE


def _folder(out: str | None, asked: Sequence[Targets], one: Targets) -> Path | None:
    """Return where the result of one file of targets goes: of several each has its own folder."""
    if out is None:
        return None
    return Path(out, one.name) if len(asked) > 1 else Path(out)


def _refuse_namesakes(names: Sequence[str]) -> None:
    from cisim.model.input_error import InputError, shown
    from cisim.show.language.texts import say as words

    for at, name in enumerate(names):
        if name in names[:at]:
            raise InputError(words("calibrate.namesakes", name=shown(name)))


def _ranges(given: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return NAME or NAME=LOW..HIGH by name."""
    from cisim.model.input_error import InputError, shown
    from cisim.show.language.texts import say as words

    found: dict[str, dict[str, float]] = {}
    for text in given:
        name, equals, said = (part.strip() for part in text.partition("="))
        ends = said.split("..") if equals else []
        try:
            low_high = [float(end) for end in ends]
        except ValueError:
            low_high = []
        if not name or len(low_high) != (2 if equals else 0):
            raise InputError(words("calibrate.vary", given=shown(text)))
        if name in found:
            raise InputError(words("calibrate.vary_twice", name=shown(name)))
        found[name] = dict(zip(("low", "high"), low_high, strict=False))
    return found


def draw(found: Calibrated, key: str) -> Mapping[str, str]:
    """Return the charts of a calibration, by the names of their files."""
    from cisim.lab.results import CALIBRATED_CHARTS
    from cisim.show.charts import (
        ranges_narrowed,
        small_print,
        space_left,
        target_conflicts,
        targets_off,
    )

    footer = small_print(None, found.seed, key)
    drawn = (space_left, targets_off, target_conflicts, ranges_narrowed)
    return {
        name: one(found, footer=footer).svg
        for name, one in zip(CALIBRATED_CHARTS, drawn, strict=True)
    }


def _json(found: Calibrated) -> dict[str, Any]:
    """Return what was found as JSON has it."""
    key, files = kept(found.manifest)
    there = found.members is not None and len(found.members) > 0
    return {
        "targets": found.asked.name,
        "points": found.points,
        "seeds": found.seeds,
        "waves": found.table().to_dict("records"),
        "stopped": found.stopped,
        "of_targets": found.targets().to_dict("records"),
        "pairs": found.pairs().to_dict("records"),
        "parameters": found.parameters().to_dict("records"),
        "correlations": found.correlations().to_dict("records"),
        "members": len(found.members) if found.members is not None else 0,
        "pass_fresh": int(found.members.pass_fresh.sum()) if found.members is not None else 0,
        "medoid": found.medoid if there else None,
        "told": found.sentences(),
        "incomplete": found.incomplete,
        "failed": [{"which": which, "reason": reason} for which, reason in found.failed],
        **written(key, files),
    }


def _title(asked: Targets) -> str:
    """Return what targets are called; those that ship, in the language."""
    from cisim.lab.calibration.file import read_targets, shipped_targets
    from cisim.show.language.facts import fact

    if asked.name in shipped_targets() and read_targets(asked.name).title == asked.title:
        return fact("targets_title", asked.name, asked.title)
    return asked.title or asked.name


def _print(found: Calibrated) -> None:
    """Print what was found, and a row for each target."""
    from cisim.show.language.forms import localised, percent
    from cisim.show.language.texts import part
    from cisim.show.language.texts import say as words
    from cisim.show.tables import number, paragraph, table, terminal_width
    from cisim.show.told import told as in_words

    width = terminal_width()
    show(words("calibrate.title", title=_title(found.asked)))
    show()
    for sentence in found.sentences():
        show(paragraph(words("calibrate.sentence", said=in_words(sentence)), width, "  "))
    if not found.waves:
        return
    rows = found.targets()
    first, last = rows[rows["of"] == "wave 1"], rows[rows["of"] == rows["of"].iloc[-1]]
    said = part("calibrate")
    heads = [
        *(said[one] for one in ("target", "value", "tolerance", "points", "met_before", "met")),
        "",
    ]
    cells = []
    for before, now in zip(first.itertuples(), last.itertuples(), strict=True):
        told = "" if now.weight > 0.0 else said["told_only"]
        decimals = 0 if abs(now.value) >= 20.0 else 2
        spread = f"{number(now.q05, decimals)}…{number(now.q95, decimals)}"
        cells.append(
            [
                now.target, localised(f"{now.value:g}"), localised(f"{now.tolerance:g}"), spread,
                percent(before.met), percent(now.met), told,
            ]
        )  # fmt: skip
    show()
    show(table(cells, heads))
    show(said["of_fresh" if last["of"].iloc[0] == "fresh" else "of_wave"])


def _print_beside(found: Sequence[Calibrated]) -> None:
    """Print how the ensembles differ, those parameters first that differ most."""
    from cisim.lab.calibration import beside
    from cisim.show.language.texts import say as words
    from cisim.show.tables import number, table

    rows = beside(found)
    names = [one.asked.name for one in found]
    there = [name for name in names if f"{name} q50" in rows]
    show()
    if len(there) < 2:
        show(words("calibrate.only_one", name=there[0]) if there else words("calibrate.not_one"))
        return
    show(words("calibrate.beside"))
    cells = [
        [
            row["parameter"],
            *(
                f"{number(row[f'{name} q50'])} ({number(row[f'{name} q05'])}…"
                f"{number(row[f'{name} q95'])})"
                for name in there
            ),
        ]
        for row in rows.head(MOST_BESIDE).to_dict("records")
    ]
    show(table(cells, [words("calibrate.parameter"), *there]))
    if len(rows) > MOST_BESIDE:
        show(words("calibrate.more", n=len(rows) - MOST_BESIDE))
