"""What does each lever move? Every lever of a structure, on three worlds, at the defaults and over
the plausible space; and the page that tells it beside what the sources say.

    python experiments/systems.py --data FOLDER   measures what is not yet in results/systems.csv,
                                                  then writes docs/systems.md
    python experiments/systems.py --again ...     measures all anew (or --again LEVER ...)
    python experiments/systems.py --page          writes the page from what is measured

FOLDER holds the surveyed network that systems.toml names; without it that world is left as it was
measured before. A lever that is new in `Structure` is found by itself; systems.toml says better
values where the rule of cisim/lab/levers.py does not do. What is finished is kept, so a run that
was broken off goes on from there.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import cisim
from cisim.lab.levers import Trial, effects, names_of_levers, trials_of
from cisim.lab.survey.importing import make_world
from cisim.lab.survey.mapping import Mapping
from cisim.lab.survey.reading import read
from cisim.model.sources import source_hash
from cisim.show.documents.measured import SPACES, Row, measured, read_rows, write_rows
from cisim.world.files import checked, parse
from cisim.world.scenario import load_world
from cisim.world.world import World

ROOT = Path(__file__).resolve().parents[1]
SAID = ROOT / "experiments" / "systems.toml"
ROWS = ROOT / "results" / "systems.csv"
PAGE = ROOT / "docs" / "systems.md"
SCENARIO = "national-and-regional"
SHIPPED = ("finland", "one-town")


@cache
def said() -> dict[str, Any]:
    """Return what systems.toml says."""
    return tomllib.loads(SAID.read_text(encoding="utf-8"))


@cache
def usual() -> cisim.Scenario:
    """Return the scenario in which levers are tried, on the world that it names."""
    return cisim.Scenario.load(SCENARIO)


def page() -> str:
    """Return the page of what is measured."""
    told = said()
    network = told["network"]
    worlds = {name: load_world(name).title for name in SHIPPED} | {
        network["name"]: network["words"]
    }
    return measured(read_rows(ROWS), worlds, told["left"])


def trials(names: Iterable[str] | None = None) -> list[Trial]:
    """Return every trial that is wanted, in the order of the levers."""
    told = said()
    wanted = [name for name in names_of_levers() if name not in told["left"]]
    wanted = [name for name in wanted if names is None or name in names]
    return trials_of(wanted, usual(), told["levers"])


def untried() -> list[str]:
    """Return the levers for which neither the rule nor systems.toml knows a value."""
    tried = {trial.lever for trial in trials()}
    return [name for name in names_of_levers() if name not in tried and name not in said()["left"]]


def unmeasured() -> list[str]:
    """Return the levers that are to be measured and are not."""
    rows = {row.key for row in read_rows(ROWS)}
    worlds = (*SHIPPED, said()["network"]["name"])
    asked = [(t.lever, k) for t in trials() for w in worlds for k in keys(t, w)]
    return list(dict.fromkeys(lever for lever, key in asked if key not in rows))


def keys(trial: Trial, world: str) -> Iterator[tuple[Any, ...]]:
    """Yield what is asked of a trial on a world: at the defaults, over the plausible space."""
    told = said()
    now = _written(trial.now(usual()))
    what = (trial.lever, _written(trial.value), now, _beside(trial))
    for space, many in zip(SPACES, (told["futures"], told["points"]), strict=True):
        yield (*what, world, space, many, told["seed"])


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, str) else json.dumps(value)


def _beside(trial: Trial) -> str:
    return ", ".join(f"{name} = {_written(value)}" for name, value in trial.beside.items())


def network(folder: Path) -> World:
    """Return the world of the surveyed network."""
    told = said()["network"]
    mapping = checked(Mapping, parse(told["mapping"], SAID.name), SAID.name)
    tables = read([folder / told["nodes"], folder / told["ties"]], None, None, ())
    return make_world(tables, mapping, told["name"]).world


def measure(
    world: World | str, name: str, wanted: list[Trial], known: dict[Any, Row], workers: int | None
) -> None:
    """Measure what is not known of a world, and keep it."""
    told = said()
    scenario = usual().with_(world=world)
    for place, space in enumerate(SPACES):
        left = [trial for trial in wanted if list(keys(trial, name))[place] not in known]
        if not left:
            continue
        many = (told["futures"], told["points"])[place]
        print(f"{name}, {space}: {len(left)} values in {many} futures", flush=True)
        found = effects(
            scenario, left, many, plausible=space == SPACES[1], seed=told["seed"], workers=workers
        )
        for trial, seen in zip(left, found, strict=True):
            key = list(keys(trial, name))[place]
            if seen["wellbeing_gain"].n:
                known[key] = Row(*key, source_hash(), cisim.__version__, seen)
            else:
                print(f"  {trial.lever} = {trial.value} ran in no future", flush=True)
        keep(known)


def keep(known: dict[Any, Row]) -> None:
    """Write what is known and still asked for, in the order of the levers."""
    worlds = (*SHIPPED, said()["network"]["name"])
    asked = [key for trial in trials() for world in worlds for key in keys(trial, world)]
    write_rows(ROWS, [known[key] for key in asked if key in known])


def main(arguments: list[str]) -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, metavar="FOLDER")
    parser.add_argument("--again", nargs="*", metavar="LEVER")
    parser.add_argument("--page", action="store_true")
    parser.add_argument("--workers", type=int)
    given = parser.parse_args(arguments)
    if not given.page:
        rows = {row.key: row for row in read_rows(ROWS)}
        if given.again is not None:
            rows = {k: r for k, r in rows.items() if given.again and r.lever not in given.again}
        wanted = trials()
        for name in SHIPPED:
            measure(name, name, wanted, rows, given.workers)
        if given.data is not None:
            measure(network(given.data), said()["network"]["name"], wanted, rows, given.workers)
        for name in untried():
            print(f"{name}: nobody says what to try; name it in {SAID.name}")
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
