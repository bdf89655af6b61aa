"""`cisim compare SCENARIO --attribute`: what each role, level or organisation is worth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cisim.cli.endings import DONE, QUARANTINED, ended, interrupted, set_aside
from cisim.cli.figures import print_json, when
from cisim.cli.files import kept, print_files, result_folder, written
from cisim.cli.given import OnlyFor
from cisim.cli.progress import shown_progress
from cisim.cli.streams import say, show

if TYPE_CHECKING:
    from cisim.lab.worths import Worths
    from cisim.world.scenario import Scenario


Attribute = Annotated[
    str | None,
    typer.Option(
        metavar="WHAT",
        help="What each one is worth in one scenario: roles, levels, organisations or sectors.",
    ),
]
Groups = Annotated[
    list[str] | None,
    typer.Option(
        "--group",
        metavar="NAME=ORG;ORG",
        help="With --attribute organisations, those that come in together; may be repeated.",
    ),
]
_OTHERS = (
    "ablate", "precision", "report", "question", "goal", "fte_cost", "by_region", "by_community",
    "by_organisation", "rivals", "uncertain", "points", "turns", "value",
)  # fmt: skip
APART = tuple(
    OnlyFor(option, lambda _: False, "a comparison of scenarios, without --attribute")
    for option in _OTHERS
)
"""Options of a comparison that have no part in what each one is worth."""


def attributed(
    scenarios: Sequence[Scenario],
    of: str,
    groups: Iterable[str],
    outcome: str,
    replicates: int | str | None,
    seed: int,
    workers: int | None,
    quiet: bool,
    as_json: bool,
    out: str | None,
    typed: Sequence[str],
) -> int:
    """Find and print what each one is worth; return the exit code.

    groups     : NAME=ORGANISATION;ORGANISATION each
    replicates : None for the usual number
    typed      : the command's words
    """
    from cisim.lab.shapley import FUTURES, shapley
    from cisim.lab.simulate import as_they_believe
    from cisim.model.input_error import InputError
    from cisim.world.notes import notes_of

    if len(scenarios) != 1:
        names = ", ".join(one.name for one in scenarios)
        raise InputError(f"--attribute looks into one scenario; given are {names}.")
    if isinstance(replicates, str):
        raise InputError("--replicates is auto; allowed with --attribute is a whole number.")
    named = _groups(groups)
    if named and of != "organisations":
        raise InputError("--group would change nothing here; it is for --attribute organisations.")
    folder = None if out is None else result_folder(out)
    if not quiet:
        for note in notes_of(scenarios):
            say(note)
    with shown_progress(quiet) as progress:
        found = shapley(
            scenarios[0],
            of,  # type: ignore[arg-type]
            groups=named or None,
            outcome=outcome,
            replicates=FUTURES if replicates is None else replicates,
            workers=workers,
            seed=seed,
            beliefs=as_they_believe(scenarios),
            out=folder,
            draw=charts(seed),
            command=["cisim", *typed],
            progress=progress,
            say=None if quiet else say,
        )
    key, files = kept(found.manifest)
    if found.incomplete and not found.seeds.size:
        return interrupted(ended("nothing_known"))
    if as_json:
        print_json(
            {"command": "compare --attribute", **attributed_json(found)} | written(key, files)
        )
    else:
        print_worths(found)
        print_files(out, files)
    if found.incomplete:
        name = "shown_in_files" if files else "shown_above"
        return interrupted(ended(name, n=found.seeds.size))
    if found.failed:
        one, *_ = found.failed
        which = ended("seed", seed=one.seed)
        say(set_aside("runs", len(found.failed), which, one.reason, one.again))
        return QUARANTINED
    return DONE


def charts(seed: int) -> Callable[[Worths, str], Mapping[str, str]]:
    """Return what draws the chart of worths, by file name."""

    def draw(found: Worths, key: str) -> Mapping[str, str]:
        from cisim.lab.results import ATTRIBUTION_CHART
        from cisim.show.charts import attribution, small_print

        footer = small_print(
            int(found.seeds.size), seed, key, len({one.seed for one in found.failed})
        )
        return {ATTRIBUTION_CHART: attribution(found, footer=footer).svg}

    return draw


def _groups(given: Iterable[str]) -> dict[str, list[str]]:
    """Return name -> organisations of what was given as NAME=ORGANISATION;ORGANISATION."""
    from cisim.model.input_error import InputError, shown

    found: dict[str, list[str]] = {}
    for text in given:
        name, equals, names = text.partition("=")
        name = name.strip()
        if not equals or not name or not names.strip():
            raise InputError(
                f"--group is {shown(text)}; allowed is NAME=ORGANISATION;ORGANISATION."
            )
        if name in found:
            raise InputError(f"--group gives {shown(name)} twice; allowed is once.")
        found[name] = [one.strip() for one in names.split(";") if one.strip()]
    return found


def attributed_json(found: Worths) -> dict[str, Any]:
    """Return the worths as JSON has them."""
    return {
        "scenario": found.scenario.name,
        "of": found.of,
        "outcome": found.outcome,
        "month": found.month,
        "futures": int(found.seeds.size),
        "beliefs": "fixed" if found.scenario.beliefs is None else found.scenario.beliefs.given,
        "runs": found.runs,
        "worths": found.table().to_dict("records"),
        "together": found.beyond().to_dict("records"),
        "told": sentences(found),
        "incomplete": found.incomplete,
    }


def print_worths(found: Worths) -> None:
    """Print what each is worth, a column for each reading, and what it means."""
    from cisim.model.outcomes import find_outcome
    from cisim.show.beliefs_in_words import futures_in_words
    from cisim.show.tables import paragraph, table, terminal_width

    unit = find_outcome(found.outcome).unit
    show(
        f"What {found.of} are worth in {found.scenario.name}: {found.outcome} ({unit}), "
        f"{when(found.month, found.scenario.calendar)}, mean and 90 % interval, "
        f"{found.seeds.size:,} futures\n"
    )
    rows = found.table()
    heads = [""]
    for reading in found.readings:
        heads += [reading or "worth", "90 %", "share"]
    if found.members is not None:
        heads += ["member in", "worth then"]
    first = rows[rows["reading"] == found.readings[0]]
    cells = []
    for player in first.sort_values("mean", ascending=False)["player"]:
        line = [player]
        for one in rows[rows["player"] == player].to_dict("records"):
            share = "" if one["share"] != one["share"] else f"{one['share']:.0%}"
            line += [f"{one['mean']:+.3f}", f"{one['low']:+.3f}…{one['high']:+.3f}", share]
            if found.members is not None:
                then = one["as_member"]
                line += [f"{one['member']:.0%}", "–" if then != then else f"{then:+.3f}"]
        cells.append(line)
    show(table(cells, heads))
    show()
    differ = futures_in_words(found.scenario.beliefs, int(found.seeds.size))
    show(paragraph(f"- {differ}", terminal_width(), "  "))
    for sentence in sentences(found):
        show(paragraph(f"- {sentence}", terminal_width(), "  "))


def sentences(found: Worths) -> list[str]:
    """Return what the worths say: the whole, signs that turn with the reading, what two levels
    achieve beyond the two apart.
    """
    from cisim.lab.ensemble import mean_interval
    from cisim.lab.worths import AS_BELIEVED, CUT

    whole = mean_interval(found.difference(found.readings[0]))
    mean, low, high = (float(one) for one in whole[:3])
    told = []
    told.append(
        f"All of them against none: {mean:+.3g} ({low:+.3g} to {high:+.3g}); the worths add up to "
        f"it in every future."
    )
    table = found.table()
    for player, both in table.groupby("player", sort=False):
        surely = (both["low"] > 0.0).any() and (both["high"] < 0.0).any()
        if found.of == "roles" and surely:
            told.append(f"The sign of {player} turns with what becomes of its time.")
    if found.of == "roles":
        told.append(
            "Where the time of a role that is taken away is given to the others, a role is worth "
            "what it does better than they would with its time."
        )
    told += _whom_to_ask(found)
    beyond = {one["reading"]: one for one in found.beyond().to_dict("records")}
    for reading, one in beyond.items():
        value = f"{one['mean']:+.3g} ({one['low']:+.3g} to {one['high']:+.3g})"
        if reading == AS_BELIEVED:
            told.append(f"Both levels together achieve {value} beyond the two apart.")
        elif reading == CUT:
            told.append(f"Where nothing flows between the levels it is {value}.")
        elif reading.startswith("rests"):
            told.append(f"Of what they achieve together {value} rests on the assumed solo_quality.")
        else:
            told.append(
                f"At {reading}, where neither level is assumed to need the other, it is {value}."
            )
    return told


def _whom_to_ask(found: Worths) -> list[str]:
    """Return a sentence on whom to ask next: rarely a member, and surely worth something then."""
    if found.members is None:
        return []
    rows = found.to_ask().head(_MOST_TO_ASK).to_dict("records")
    if not rows:
        return ["Nobody who is rarely a member is surely worth something where they are one."]
    named = [
        f"{one['player']} ({one['as_member']:+.3g}, {one['as_member_low']:+.3g} to "
        f"{one['as_member_high']:+.3g}, in {one['as_member_n']:,} of {one['n']:,} futures)"
        for one in rows
    ]
    told = "Whom to ask next: members in fewer than half of futures, and worth something there"
    doubt = "Futures in which somebody joins differ in more than that."
    return [f"{told}: {', '.join(named)}. {doubt}"]


_MOST_TO_ASK = 3
