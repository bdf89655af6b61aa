"""Are the networks of the model shaped like real ones? Who knows whom at the start, and members
with whom they meet, with fixed ties and with ties that form, held against published figures (L5,
L6), and beside real networks where their files are there.

    python experiments/networks.py                  writes results/networks.md; two minutes
    python experiments/networks.py --data FOLDER    real networks: CSV, GraphML, GML, Pajek ...

Bands and tests are those of `cisim validate` (cisim/lab/indicators.py); none is set here.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from benchmarks.page import table

from cisim.lab.analyses.intervals import wilson
from cisim.lab.indicators import (
    INDICATORS,
    NETWORK_MONTHS,
    SMALLEST_NETWORK,
    STRUCTURES,
    Network,
    Shown,
)
from cisim.lab.real_networks import files_of, shape_of
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.world.ranges import free_parameters, latin_shares, plausible_range

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "results" / "networks.md"
DATA = ROOT.parent / "shared" / "data"
SEEDS = 60
POINTS = 200
FIRST = 40_000
"""Seeds from here on."""
TIES = ("fixed", "forming")
WORKING = [name for name in INDICATORS if name.startswith("L5.")]
SHAPES = ("transitivity", "assortativity", "centralisation", "reciprocity")
WHERE_TIES_FORM = (
    "known_near", "known_sector", "known_other", "across_levels", "closure_rate",
    "introduction_rate", "bridge_rate", "side_by_side", "encounter_rate", "forget_after",
    "forget_time", "popularity", "tie_time", "renown_spread",
)  # fmt: skip
FIGURES = (
    "nodes", "density", "centralisation", "transitivity", "assortativity", "calls", "returned",
)  # fmt: skip
WORDS = (
    "Written by `python experiments/networks.py`. The test region has 41 organisations. `known` is "
    "who knows whom at month 0; the others are members with whom they have met within a year. "
    "Figures are means, shares stand with their 90 % interval. L6 asks that every network has each "
    "shape. L5 holds where the interval of the share within its band lies above .8."
)
NOT_THERE = "Their files were not there."
HOLDS = 0.8
"""L5 holds where the interval of the share of runs within its band lies above it (validate)."""


def real_networks(folder: Path) -> dict[str, Network]:
    """Return the real networks of a folder by name, none where it is not there."""
    return {name: shape_of(path) for name, path in files_of(folder).items()}


def has(shape: str, network: Network) -> bool:
    """Return whether a network has a shape that real ones have; where undefined it has not."""
    first = Network("known", 0, *([math.nan] * 5))  # `read` looks at the others
    seen = Shown({}, 1)
    vars(seen)["_regions"] = ((first, network), {})
    return INDICATORS[f"L6.{shape}"].read(seen) == 1.0


def defaults(ties: str) -> Iterator[Shown]:
    """Yield what fresh seeds show at the defaults."""
    for seed in range(FIRST, FIRST + SEEDS):
        yield Shown({"ties": float(TIES.index(ties))}, seed)


def plausible(ties: str) -> Iterator[Shown]:
    """Yield what points of the plausible space show, each with a seed of its own.

    The same points of what both have; with ties that form of their numbers, too.
    """
    ranges = [plausible_range(one) for one in free_parameters([]).values()]
    declared = declarations(Parameters)
    alone = [plausible_range(declared[name]) for name in WHERE_TIES_FORM]
    shares = latin_shares([one.name for one in ranges + alone], POINTS, FIRST)
    for k, row in enumerate(shares):
        point = {
            one.name: float(one.at(row[place : place + 1])[0])
            for place, one in enumerate(ranges + alone)
            if ties == "forming" or one.name not in WHERE_TIES_FORM
        }
        yield Shown({**point, "ties": float(TIES.index(ties))}, FIRST + SEEDS + k)


def mean(values: Sequence[float]) -> str:
    """Return the mean of those that are defined."""
    some = [value for value in values if not math.isnan(value)]
    return f"{np.mean(some):.2f}" if some else "–"


def share(passed: Sequence[bool]) -> str:
    """Return in how many of all, with its 90 % interval."""
    if not passed:
        return "–"
    low, high = wilson(sum(passed), len(passed))
    return f"{sum(passed) / len(passed):.2f} ({low:.2f}–{high:.2f})"


def working(seen: Mapping[str, list[Shown]]) -> str:
    """Return L5 as a table: its three figures with both kinds of ties."""
    rows = []
    for name in WORKING:
        one = INDICATORS[name]
        row = [f"{one.words}", f"{one.published:g}", f"{one.low:g}–{one.high:g}"]
        for ties in seen:
            values = np.array([one.read(each) for each in seen[ties]])
            row += [mean(values.tolist()), share(one.within(values).tolist())]
        rows.append(row)
    heads = [head for ties in seen for head in (f"{ties}: mean", f"{ties}: within the band")]
    return table(["L5", "published", "band", *heads], rows)


def networks_of(seen: Sequence[Shown], structure: str, month: int) -> list[Network]:
    """Return networks that are some, of a structure at a month; of who knows whom for "known"."""
    every = [one for each in seen for one in each.networks]
    return [
        one for one in every
        if (one.structure, one.month) == (structure, month) and one.nodes >= SMALLEST_NETWORK
    ]  # fmt: skip


def shapes(seen: Sequence[Shown]) -> list[list[str]]:
    """Return L6 as rows: figures of each kind of network, and how many have each shape."""
    rows = []
    kinds = [("known", 0), *((name, month) for name in STRUCTURES for month in NETWORK_MONTHS)]
    for structure, month in kinds:
        some = networks_of(seen, structure, month)
        asked = SHAPES[:3] if structure == "known" else SHAPES
        figures = [mean([getattr(one, figure) for one in some]) for figure in FIGURES]
        held = [share([has(shape, one) for one in some]) for shape in asked]
        rows.append([structure, str(month), *figures, *held, *["–"] * (len(SHAPES) - len(asked))])
    return rows


def all_of(seen: Sequence[Shown], structure: str) -> list[bool]:
    """Return of a structure's networks whether each has all four shapes."""
    some = [one for month in NETWORK_MONTHS for one in networks_of(seen, structure, month)]
    return [all(has(shape, one) for shape in SHAPES) for one in some]


def verdicts(seen: Mapping[str, list[Shown]]) -> str:
    """Return in how many networks all four shapes of L6 are there, by structure."""
    rows = [
        [structure, *(share(all_of(some, structure)) for some in seen.values())]
        for structure in STRUCTURES
    ]
    return table(["networks that have all four", *seen], rows)


def statements(seen: Mapping[str, list[Shown]]) -> str:
    """Return what holds and what does not, in sentences that follow from the figures."""
    said = []
    for ties, some in seen.items():
        for name in WORKING:
            one = INDICATORS[name]
            passed = one.within(np.array([one.read(each) for each in some]))
            word = "holds" if wilson(int(passed.sum()), passed.size)[0] > HOLDS else "fails"
            said.append(f"- {ties}: {name} {word} (within in {passed.mean():.0%}).")
        for row in shapes(some):
            held = zip(SHAPES, row[2 + len(FIGURES) :], strict=True)
            lacking = [f"{shape} in {each.split()[0]}" for shape, each in held
                       if each != "–" and not each.startswith("1.00")]  # fmt: skip
            if lacking:
                said.append(f"- {ties}: L6 fails in {row[0]}, month {row[1]}: {', '.join(lacking)}")
        if not said[-1].startswith(f"- {ties}: L6"):
            said.append(f"- {ties}: L6 holds in every network.")
    return "\n".join(said) + "\n"


def document(folder: Path) -> str:
    """Return the whole page."""
    head = ["network", "month", *FIGURES, *(f"L6.{shape}" for shape in SHAPES)]
    real = real_networks(folder)
    rows = [
        [name, "–", *(mean([getattr(one, figure)]) for figure in FIGURES),
         *("–" if shape == "reciprocity" and math.isnan(one.calls)
           else ("yes" if has(shape, one) else "no") for shape in SHAPES)]
        for name, one in real.items()
    ]  # fmt: skip
    parts = [
        "# Networks of the model and real ones",
        WORDS,
        "## Real networks",
        table(head, rows) if real else NOT_THERE,
    ]
    spaces: tuple[tuple[str, Callable[[str], Iterator[Shown]]], ...] = (
        (f"At the defaults, {SEEDS} fresh seeds", defaults),
        (f"Over the plausible space, {POINTS} points with a seed each", plausible),
    )
    for title, space in spaces:
        seen = {ties: list(space(ties)) for ties in TIES}
        parts += [f"## {title}", working(seen), verdicts(seen)]
        if space is defaults:
            for ties in TIES:
                parts += [f"### {ties.capitalize()} ties", table(head, shapes(seen[ties]))]
            parts += ["### What holds, what does not", statements(seen)]
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def write(page: Path, document: Callable[[Path], str], about: str | None) -> None:
    """Write a page on which real networks stand; where their files are the command line says."""
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA, help="folder of real networks")
    page.write_text(document(parser.parse_args().data), encoding="utf-8")
    print(f"{page.relative_to(ROOT)} is written.")


if __name__ == "__main__":
    write(DOCUMENT, document, __doc__)
