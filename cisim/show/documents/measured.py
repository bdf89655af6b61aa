"""The systems of the sources with what carries each, and what each of its levers moves.

Made of two things only: the rows of SYSTEMS, and a table that `experiments/systems.py` has
measured. So it is made again in a second when a row changes.
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from cisim.lab.levers import OUTCOMES, Effect, moves, names_of_levers
from cisim.model.parameters import Parameters
from cisim.model.quantity import Declaration, Support, declarations
from cisim.model.schedule import SCHEDULE
from cisim.show.documents.markdown import bullets, page, table, text
from cisim.show.documents.systems import SYSTEMS, TRIED, System
from cisim.version import __version__
from cisim.world.events import EVENTS
from cisim.world.files import Kind, shipped
from cisim.world.structure import NationalRoles, RegionalRoles, Structure

GRADES: tuple[Support, ...] = ("existence", "sign", "size")
KINDS: tuple[Kind, ...] = ("worlds", "structures", "scenarios", "cases")
SPACES = ("defaults", "plausible")
LEAST = 0.02
"""A lever that moves no outcome by this share anywhere is marked."""
KEYS = (
    "lever",
    "value",
    "against",
    "beside",
    "world",
    "space",
    "futures",
    "seed",
    "sources",
    "version",
)
NUMBERS = tuple(f"{name}_{part}" for name in OUTCOMES for part in Effect._fields)
HEADS = (*KEYS, *NUMBERS)
"""The columns of what was measured."""
UNTOLD = "below 2 %"


class Row(NamedTuple):
    """What one value of a lever moved on one world, at the defaults or over the plausible space."""

    lever: str
    value: str
    against: str
    beside: str
    world: str
    space: str
    futures: int
    seed: int
    sources: str
    version: str
    effects: Mapping[str, Effect]

    @property
    def key(self) -> tuple[object, ...]:
        """Return what it was asked for; the model that answered is no part of that."""
        return self[:8]

    @property
    def moves(self) -> bool:
        """Return whether it moved an outcome by LEAST, told from nothing."""
        return moves(self.effects, LEAST)


def read_rows(path: Path) -> list[Row]:
    """Return what was measured, none where there is no such file."""
    if not path.exists():
        return []
    found = []
    with path.open(encoding="utf-8", newline="") as file:
        for said in csv.DictReader(file):
            effects = {
                name: Effect(
                    float(said[f"{name}_level"] or "nan"),
                    float(said[f"{name}_mean"] or "nan"),
                    float(said[f"{name}_low"] or "nan"),
                    float(said[f"{name}_high"] or "nan"),
                    int(said[f"{name}_n"]),
                )
                for name in OUTCOMES
            }
            found.append(
                Row(
                    said["lever"],
                    said["value"],
                    said["against"],
                    said["beside"],
                    said["world"],
                    said["space"],
                    int(said["futures"]),
                    int(said["seed"]),
                    said["sources"],
                    said["version"],
                    effects,
                )
            )
    return found


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Write what was measured, numbers with six digits."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADS)
        for row in rows:
            numbers = [
                "" if isinstance(x, float) and math.isnan(x) else f"{x:.6g}"
                for name in OUTCOMES
                for x in row.effects[name]
            ]
            writer.writerow([*row[: len(KEYS)], *numbers])


def measured(
    rows: Sequence[Row],
    worlds: Mapping[str, str],
    left: Mapping[str, str],
) -> str:
    """Return the page of systems as Markdown.

    worlds : what each measured world is, by its name
    left   : levers that are not measured, each with the reason
    """
    by_lever: dict[str, list[Row]] = {}
    for row in rows:
        by_lever.setdefault(row.lever, []).append(row)
    shown: dict[str, str] = {}
    blocks = []
    for system in SYSTEMS:
        blocks += _system(system, by_lever, left, shown)
    others = [name for name in names_of_levers() if name not in shown]
    return page(
        "# Systems, and what each lever moves",
        _opening(rows, worlds),
        "## At a glance",
        _glance(by_lever),
        *blocks,
        "## Levers that belong to no one system",
        *_levers(others, by_lever, left, {}),
        "## From which state of the model each number is",
        _measured_with(rows),
        "## Tried, and left out or merged",
        "What moves too little by itself is no lever, or is a lever of files only, and no control "
        "on the page.",
        _tried(),
    )


def _opening(rows: Sequence[Row], worlds: Mapping[str, str]) -> str:
    counts = {
        space: sorted({row.futures for row in rows if row.space == space}) for space in SPACES
    }
    futures, points = (" or ".join(map(str, counts[space])) or "no" for space in SPACES)
    levels = []
    for world in worlds:
        for space in SPACES:
            there = [row.effects for row in rows if (row.world, row.space) == (world, space)]
            usual = [Counter(one[name].level for one in there).most_common(1) for name in OUTCOMES]
            if there:
                levels.append([f"`{world}`", space, *(_plain(one[0][0]) for one in usual)])
    return page(
        "What the five source documents describe, what carries it in this version, which sentence "
        "it rests on, and what each of its levers moves. Made by `python experiments/systems.py` "
        "from the rows of `cisim/show/documents/systems.py` and from `results/systems.csv`, which "
        "the same program measures; `--page` makes it again from both without measuring.",
        "Each value of a lever is compared with the one before the arrow, in the structure "
        "`national-and-regional`, after ten years, in shared futures: "
        f"{futures} at the defaults, and {points} over the plausible space, each with beliefs of "
        "its own (`cisim compare --uncertain`). Numbers are changes with their 90 % intervals: of "
        "wellbeing gain and of the gap in points of 100, of joint activity on its scale of 0 to 1. "
        "They are this model's, at the far ends of what may be chosen as a rule; they are no "
        "measurement of any place, and their size rests on parameters that are mostly judgement "
        "([evidence](evidence.md)).",
        f"**{UNTOLD}** stands where a value moves neither wellbeing gain, nor joint activity, nor "
        "the gap (against the gain) by 2 % that can be told from nothing, on any world, at the "
        "defaults or over the plausible space.",
        bullets(f"`{name}`: {text(words)}" for name, words in worlds.items()),
        "As it stands, without any change:",
        table(["world", "space", "wellbeing gain", "joint activity", "gap"], levels),
    )


def _measured_with(rows: Sequence[Row]) -> str:
    """Return which levers were measured with which state of the model."""
    states: dict[tuple[str, str], dict[str, None]] = {}
    for row in rows:
        states.setdefault((row.version, row.sources), {})[row.lever] = None
    older = sorted({version for version, _ in states} - {__version__})
    said = (
        "A lever is measured once, and again when somebody asks for it (`--again`). Within a "
        "version all results of what ships stay the same to the last bit "
        "(`tests/model/test_bits.py`), so numbers of one version compare, whichever state of the "
        "sources they are from."
    )
    if older:
        said += (
            f" **Here is {__version__}: numbers of {', '.join(older)} are to be measured again.**"
        )
    table_rows = [
        [version, f"`{sources}`", ", ".join(f"`{name}`" for name in levers)]
        for (version, sources), levers in states.items()
    ]
    return page(said, table(["version", "sources", "levers"], table_rows))


def _glance(by_lever: Mapping[str, Sequence[Row]]) -> str:
    rows = []
    for system in SYSTEMS:
        mine = [name for name in levers_of(system) if name in by_lever]
        still = [name for name in mine if not any(row.moves for row in by_lever[name])]
        largest = _largest(row for name in mine for row in by_lever[name])
        rows.append(
            [
                f"[{system.key}](#{_anchor(system)})",
                text(system.title),
                system.source,
                system.state,
                str(len(mine)) if mine else "–",
                ", ".join(f"`{name}`" for name in still) or "–",
                largest,
            ]
        )
    heads = ["", "system", "source", "state", "levers", UNTOLD, "moves wellbeing gain most"]
    return table(heads, rows)


def _largest(rows: Iterable[Row]) -> str:
    """Return what moves the gain most at the defaults, in percent of it, over all worlds."""
    found = [
        (abs(gain.mean / gain.level), row, gain)
        for row in rows
        if row.space == "defaults" and (gain := row.effects["wellbeing_gain"]).level
    ]
    if not found:
        return "–"
    _, row, gain = max(found, key=lambda one: one[0])
    return f"`{row.lever}` = {row.value}: {_percent(gain.mean / abs(gain.level))} on `{row.world}`"


def _system(
    system: System,
    by_lever: Mapping[str, Sequence[Row]],
    left: Mapping[str, str],
    shown: dict[str, str],
) -> list[str]:
    facts = [
        f"**Source ({system.source}):** {text(system.sentence)}",
        f"**Mechanism:** {text(system.now)}{_files(system)}",
        f"**Configured in:** {_configured(system)}",
        f"**What is supported:** {_supported(system)}",
    ]
    if system.missing:
        facts.append(f"**Not there:** {text(system.missing)}")
    if system.lacks:
        facts.append(f"**Not in the model, and why:** {text(system.lacks)}")
    mine = levers_of(system)
    again = [name for name in mine if name in shown]
    blocks = [f"## {system.key} {system.title}", f"*{system.state}*", bullets(facts)]
    blocks += _levers([name for name in mine if name not in shown], by_lever, left, shown)
    if again:
        told = ", ".join(f"`{name}` ({shown[name]})" for name in again)
        blocks.append(f"Also its levers, told elsewhere: {told}.")
    if not mine:
        blocks.append("No lever of a structure is its own.")
    shown |= {name: system.key for name in mine if name not in shown}
    return blocks


def _levers(
    names: Sequence[str],
    by_lever: Mapping[str, Sequence[Row]],
    left: Mapping[str, str],
    shown: Mapping[str, str],
) -> list[str]:
    """Return the table of levers, and why those that are not in it are not."""
    rows: list[list[str]] = []
    for name in names:
        mine = by_lever.get(name, ())
        still = bool(mine) and not any(row.moves for row in mine)
        for row in mine:
            if row.space != SPACES[0]:
                continue
            wide = [r for r in mine if r.key[:5] == row.key[:5] and r.space == SPACES[1]]
            tried = f"{row.against} → {row.value}"
            tried += f", with {row.beside}" if row.beside else ""
            rows.append(
                [
                    f"`{name}`{f' **{UNTOLD}**' if still else ''}",
                    tried,
                    f"`{row.world}`",
                    *_changes(row),
                    *(_changes(wide[-1]) if wide else ["–"] * len(OUTCOMES)),
                ]
            )
    blocks = []
    if rows:
        outcomes = ["wellbeing gain", "joint activity", "gap"]
        heads = ["lever", "tried", "world", *outcomes, *(f"{o}, plausible" for o in outcomes)]
        blocks.append(table(heads, rows))
    why = [f"`{name}` is not measured: {text(left[name])}" for name in names if name in left]
    if why:
        blocks.append(bullets(why))
    return blocks


def levers_of(system: System) -> list[str]:
    """Return the levers that carry a system; of a table of numbers each."""
    return [
        name
        for carried in system.carried_by
        for name in names_of_levers()
        if carried in (name, name.split(".")[-1])
    ]


def _declared() -> dict[str, Declaration]:
    roles: dict[str, Declaration] = {}
    for table_name, kind in (("national_roles", NationalRoles), ("regional_roles", RegionalRoles)):
        roles |= {f"{table_name}.{name}": one for name, one in declarations(kind).items()}
    return {**declarations(Parameters), **declarations(Structure), **roles}


def _supported(system: System) -> str:
    """Return what sources support of what carries a system, and which numbers are judgement."""
    declared = _declared()
    names = [n for n in (*system.carried_by, *levers_of(system)) if n in declared]
    said = []
    for grade in GRADES:
        sources = {
            declared[n].evidence.source: n for n in names if grade in declared[n].evidence.supports
        }
        if grade == "existence":
            sources = {**dict.fromkeys(system.source.split(", "), ""), **sources}
        said.append(f"{grade}: {', '.join(sorted(sources)) if sources else 'no source'}")
    judged = [f"`{n}`" for n in dict.fromkeys(names) if not declared[n].evidence.supports]
    rest = f"; judgement alone: {', '.join(judged)}" if judged else ""
    return f"{'; '.join(said)}{rest}"


def _configured(system: System) -> str:
    """Return where a user sets what carries a system."""
    numbers = [n for n in system.carried_by if n in Parameters.model_fields]
    chosen = list(dict.fromkeys(n.split(".")[0] for n in levers_of(system)))
    events = [n for n in system.carried_by if n in EVENTS]
    parts = []
    if chosen:
        parts.append(f"a structure's file ({', '.join(f'`{n}`' for n in chosen)})")
    if numbers:
        parts.append(f"`[parameters]` of a scenario ({', '.join(f'`{n}`' for n in numbers)})")
    if events:
        parts.append(f"`[[events]]` of a scenario ({', '.join(f'`{n}`' for n in events)})")
    for name in system.carried_by:
        parts += [f"`configs/{kind}/{name}.toml`" for kind in KINDS if name in shipped(kind)]
    return ", ".join(parts) or "nothing of its own: it is observed"


def _files(system: System) -> str:
    """Return the files of the processes that carry a system, in brackets."""
    homes = {one.name: one.module.rpartition(".")[2] for one in SCHEDULE}
    declared = _declared()
    numbers = [*system.carried_by, *levers_of(system)]
    found = [declared[n].submodel for n in numbers if n in declared]
    files = dict.fromkeys(
        f"`cisim/model/processes/{name}.py`"
        for name in [*found, *(homes[n] for n in system.carried_by if n in homes)]
        if name
    )
    return f" ({', '.join(files)})" if files else ""


def _anchor(system: System) -> str:
    words = f"{system.key} {system.title}".lower()
    return "".join(c for c in words if c.isalnum() or c in " -_").replace(" ", "-")


def _tried() -> str:
    if not TRIED:
        return "Nothing."
    rows = [[f"`{one.name}`", one.system, one.source, text(one.tried), text(one.effect)]
            for one in TRIED]  # fmt: skip
    return table(["name", "system", "source", "what was tried", "what it moved"], rows)


def _plain(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3g}".replace("-", "−")


def _percent(share: float) -> str:
    return f"{share:+.0%}".replace("-", "−").replace("%", " %")


def _changes(row: Row) -> list[str]:
    """Return the change of each outcome, that of the gain in percent, too."""
    cells = [_effect(row.effects[name]) for name in OUTCOMES]
    gain = row.effects[OUTCOMES[0]]
    if gain.level and not math.isnan(gain.mean):
        cells[0] += f", {_percent(gain.mean / abs(gain.level))}"
    return cells


def _effect(one: Effect) -> str:
    """Return a change with its interval: "−0.21 (−0.24 to −0.18)"."""
    if one.n < 2 or math.isnan(one.mean):
        return "–"
    if one.low == one.high == one.mean == 0.0:
        return "0"
    width = max(one.high - one.low, 1e-12)
    digits = min(6, max(0, 1 - math.floor(math.log10(width))))
    mean, low, high = (
        f"{value:+.{digits}f}".replace("-", "−") for value in (one.mean, one.low, one.high)
    )
    return f"{mean} ({low} to {high})"
