"""The ensembles of beliefs that ship, and every figure and picture that hangs on them.

python experiments/believed.py FOLDER   puts the ensembles of `cisim calibrate self-reported
                                        evaluated --out FOLDER` in place, moves the defaults to
                                        their medoid, then writes the rest
python experiments/believed.py          writes the rest again: README.md, docs/beliefs.md, pictures

A file of targets without an ensemble, as no point meets it, ships none. While none ships,
comparisons hold beliefs fixed, and so does README. Commands of other guides teach one thing at a
time, so they say --beliefs fixed as soon as comparisons do otherwise.
"""

from __future__ import annotations

import argparse
import math
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from benchmarks.page import table

import cisim
from cisim.lab.allowed import better_in, by_ensemble
from cisim.lab.comparison import Comparison
from cisim.lab.hanging import PI, Along, along, asked_of
from cisim.lab.results import ENSEMBLE
from cisim.model.input_error import InputError
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.model.state import Floats
from cisim.show import charts
from cisim.show.report.case import short_of, titles_of
from cisim.world.beliefs import usual_beliefs
from cisim.world.files import configs
from cisim.world.joint_points import (
    SHIPPING,
    medoid,
    read_joint_points,
    read_making,
    shipped_ensembles,
)
from cisim.world.ranges import free_parameters

ROOT = Path(__file__).resolve().parents[1]
GUIDE = ROOT / "docs" / "beliefs.md"
README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "what-decides.svg"
Means = Mapping[float, Mapping[str, float]]
COMPARED = "no-backbone same-total national-and-regional missing-sponsor"
PAIR = ("national-and-regional", "same-total")
HARDLY = 0.05
"""A value beyond which fewer of the points lie is hardly reached."""
LARGEST = 500_000
"""Bytes of an ensemble that ships."""
FIXED, PLAUSIBLE = " --beliefs fixed", " --beliefs plausible"
_COMPARE = re.compile(r"(?:\.venv/bin/)?cisim compare [^\n`]*")
_OTHERWISE = ("--beliefs", "--uncertain", "--attribute", "SCENARIO", "…")
TEACH = (
    "cases", "components", "facilitator", "import", "nine-structures", "questions",
    "researcher", "rivals", "structures",
)  # fmt: skip
"""Guides whose commands show one thing at a time."""


def place(folder: Path, to: Path) -> list[str]:
    """Copy the ensembles of a calibration to where they ship; return what was done, in words.

    Raises InputError if there is none, or one is not of all that may be believed.
    """
    there = {name: folder / name / ENSEMBLE for name in SHIPPING}
    if not any(path.is_file() for path in there.values()):
        raise InputError(
            f"{folder} has no {ENSEMBLE} of {' or '.join(SHIPPING)}; allowed is the folder that "
            f"cisim calibrate self-reported evaluated --out has written."
        )
    for name, path in there.items():
        if path.is_file():
            _check(name, path)
    to.mkdir(exist_ok=True)
    said = []
    for name, path in there.items():
        target = to / f"{name}.parquet"
        if path.is_file():
            shutil.copyfile(path, target)
            said.append(f"{name}: {read_joint_points(path).size} points")
        else:
            target.unlink(missing_ok=True)
            said.append(f"{name}: no point meets it, so none ships")
    return said


def settle(sources: Path) -> list[str]:
    """Let the defaults of the model's sources be the medoid of the ensembles that ship; return
    which were others.

    Raises InputError if one is not declared there.
    """
    left = medoid([read_joint_points(one) for one in SHIPPING if one in shipped_ensembles()])
    moved = []
    for path in sorted(sources.rglob("*.py")):
        old = text = path.read_text("utf-8")
        for name in [*left]:
            declared = re.search(
                rf"^    {name}: float = quantity\(\n        ([^,\n]+),$", text, re.M
            )
            if declared is None:
                continue
            value = left.pop(name)
            if float(declared[1]) != value:
                text = f"{text[: declared.start(1)]}{value:g}{text[declared.end(1) :]}"
                moved.append(name)
        if text != old:
            path.write_text(text, "utf-8")
    if left:
        raise InputError(f"no source below {sources.name} declares {', '.join(left)}.")
    return moved


def _check(name: str, path: Path) -> None:
    found, made = read_joint_points(path), read_making(path)
    missing = sorted(set(free_parameters()) - set(found.names))
    if missing:
        raise InputError(f"{name}: {path.name} has no {missing[0]}; allowed are all parameters.")
    if path.stat().st_size > LARGEST:
        raise InputError(f"{name}: {path.name} has more than {LARGEST:,} bytes.")
    if "said" not in made:
        raise InputError(f"{name}: {path.name} does not say what was found.")


def type_in(command: str) -> str:
    """Return what a command prints where nobody looks at a terminal."""
    words = [sys.executable, "-m", *shlex.split(command), "--quiet"]
    done = subprocess.run(words, capture_output=True, text=True, env={**os.environ}, check=False)
    if done.returncode:
        raise InputError(f"{command}\n{done.stdout}{done.stderr}")
    return done.stdout


def lines_of(printed: str, *starts: str) -> str:
    """Return the blocks of what was printed that begin so, with the sentences before the first."""
    parts = [part.strip("\n") for part in printed.split("\n\n")]
    found = [part for part in parts if part.startswith(starts)]
    return "\n".join(line.rstrip() for line in "\n\n".join(found).splitlines())


def told(printed: str) -> list[str]:
    """Return the sentences that stand before the first table."""
    return printed.partition("\n\n")[0].splitlines()[2:]


def _told(printed: str) -> str:
    return "\n".join(told(printed))


def typed(command: str, *texts: str) -> str:
    """Return a command and what it prints, as a guide has them."""
    shown = "".join(f"\n\n```text\n{text}\n```" for text in texts)
    return f"```sh\n{command}\n```{shown}"


def between(text: str, name: str, new: str) -> str:
    """Return a text with what stands between two marks replaced.

    Raises InputError if they are not there.
    """
    first, last = f"<!-- {name}: experiments/believed.py -->", f"<!-- /{name} -->"
    if text.count(first) != 1 or text.count(last) != 1:
        raise InputError(f"the marks of {name} are not there, or more than once.")
    before, rest = text.split(first)
    after = rest.split(last)[1]
    return f"{before}{first}\n{new}\n{last}{after}"


def gains() -> Means:
    """Return what the pair gains, points, by value of effort_half: the default, 1, and 3."""
    chosen = [cisim.Scenario.load(name) for name in PAIR]
    found: dict[float, dict[str, float]] = {}
    for value in (declarations(Parameters)["effort_half"].default, 1.0, 3.0):
        at = [one.set({"effort_half": value}) for one in chosen]
        seen = cisim.compare(
            at, replicates=20, outcomes=["wellbeing_gain"], at=[120], beliefs="fixed"
        )
        found[value] = {
            name: float(one.at("wellbeing_gain").mean()) for name, one in seen.ensembles.items()
        }
    return found


def write_all(ask: Callable[[str], str] = type_in, measure: Callable[[], Means] = gains) -> None:
    """Write README, guide and picture again, from what commands print.

    ask     : types a command and returns what it prints
    measure : returns what `gains` does
    """
    means = measure()
    text = README.read_text("utf-8")
    comparison = None
    if usual_beliefs() == "fixed":
        printed = ask(f"cisim compare {COMPARED}{PLAUSIBLE}")
        believed, below = of_luck(ask(f"cisim compare {COMPARED}"), printed), caption(means)
        PICTURE.unlink(missing_ok=True)
        option = PLAUSIBLE
    else:
        with tempfile.TemporaryDirectory() as place_:
            out = Path(place_) / "out"
            printed = ask(f"cisim compare {COMPARED} --out {out}")
            found = cisim.load(out)
        assert isinstance(found, Comparison)
        comparison = found
        PICTURE.write_text(picture(comparison), "utf-8")
        alone = ask(f"cisim compare same-total national-and-regional{FIXED}")
        believed, below = of_ensembles(printed, alone, comparison), caption(means, told(printed)[0])
        option = ""
    text = between(text, "believed", believed)
    README.write_text(between(text, "caption", below), "utf-8")
    by_what = lines_of(printed, "wellbeing_gain by what")
    shown = typed(f"cisim compare {COMPARED}{option}", *filter(None, (_told(printed), by_what)))
    guide = between(GUIDE.read_text("utf-8"), "believed", shown)
    GUIDE.write_text(between(guide, "shipped", what_ships(comparison)), "utf-8")


def what_ships(comparison: Comparison | None = None) -> str:
    """Return what the guide says of the ensembles that ship, a column each.

    comparison : futures of them; None while none ships
    """
    if comparison is None:
        return "No ensemble ships with this version."
    ships = tuple(shipped_ensembles())
    made = [read_making(name) for name in ships]
    fresh = [one["fresh"] for one in made]
    gains = by_ensemble(comparison, against="no-backbone")
    gained = gains[gains["scenario"] == PAIR[0]]["mean"]
    rows = {
        "of the plausible space is left": [
            f"{100 * one['space_left'][-1]:.2g} %, after {len(one['space_left'])} waves"
            for one in made
        ],
        "points that are believed": [f"{read_joint_points(name).size}" for name in ships],
        "of these meet all targets again, with seeds and sites that no calibration has seen": [
            f"{one['pass']} ({100 * one['pass'] / one['of']:.0f} %)" for one in fresh
        ],
        "`effort_half` in nine points of ten": [_ninety(name, "effort_half") for name in ships],
        "points of wellbeing that both backbones gain over no backbone": [
            f"{mean:.2f}" for mean in gained
        ],
        "they gain more than the same money in": [
            f"{ahead} of {n} futures" for _, ahead, n in better_in(comparison, *PAIR)
        ],
    }
    said = [[words, *cells] for words, cells in rows.items() if cells]
    return table(["", *(f"`{name}`" for name in ships)], said)


def _ninety(name: str, parameter: str) -> str:
    low, high = np.quantile(_column(name, parameter), (0.05, 0.95))
    return f"{low:.2g} to {high:.2g}"


def _column(name: str, parameter: str) -> Floats:
    there = read_joint_points(name)
    return there.points[:, there.names.index(parameter)]


def of_luck(fixed: str, plausible: str) -> str:
    """Return what README shows while no ensemble ships.

    fixed, plausible : what the comparison prints where beliefs are held so
    """
    said = _told(plausible)
    better = re.search(rf"{PAIR[0]} is better than {PAIR[1]} in (\d+ of [\d,]+ futures)", said)
    if better is None:
        raise InputError(f"the comparison does not say how often {PAIR[0]} is better:\n{said}")
    turn = re.search(r"^Along (\w+) the order turns near ([\d.e-]+) ", said, re.MULTILINE)
    where = f", and the order turns near `{turn[1]}` {turn[2]}" if turn else ""
    table = lines_of(fixed, "wellbeing_gain (")
    return (
        f"{typed(f'cisim compare {COMPARED} --report report.html', table)}\n\n"
        f"In these futures luck differs and nothing else, so what holds in all of them holds for "
        f"one value of each number, and most of these nobody has measured. Where each future also "
        f"believes differently (`{PLAUSIBLE.strip()}`), both backbones beat the same money in "
        f"{better[1]}{where}: [what a future believes](docs/beliefs.md)."
    )


def of_ensembles(printed: str, fixed: str, comparison: Comparison) -> str:
    """Return what README shows where ensembles ship.

    printed, fixed : what comparisons print of futures of luck and belief, and of luck alone
    """
    table = lines_of(printed, "wellbeing_gain (", "wellbeing_gain by what")
    one = along(comparison, PI, *pair_of(comparison))
    said = [_small(one.said(names())), *_points_above(one)]
    holds = (
        "Each future has luck and beliefs of its own, the same for all structures; what decides "
        "the order, and where it turns, stands in the picture and in "
        "[what a future believes](docs/beliefs.md). With `--beliefs fixed` every number has one "
        "value and only luck differs, so what is sure there is sure against luck alone:"
    )
    drawn = (
        f"![Difference in children's wellbeing along π, a future a dot, with the place where the "
        f"order turns and what has been measured](docs/{PICTURE.name})"
    )
    return "\n\n".join(
        (
            typed(f"cisim compare {COMPARED} --report report.html", _told(printed), table),
            holds,
            typed(
                f"cisim compare same-total national-and-regional{FIXED}",
                lines_of(fixed, "wellbeing_gain ("),
            ),
            drawn,
            f"*π = `own_value` · `effort_half` / `wb_max`: {' '.join(said)}*",
        )
    )


def _points_above(one: Along) -> list[str]:
    """Return how many points of the ensembles that ship lie above where the order turns along pi,
    in a sentence, and whether those are hardly any; [] where it does not turn.
    """
    if not math.isfinite(one.turn):
        return []
    above = {}
    for name in shipped_ensembles():
        own, half, most = (_column(name, part) for part in ("own_value", "effort_half", "wb_max"))
        above[name] = int((own * half / most > one.turn).sum()), own.size
    some, every = (sum(part) for part in zip(*above.values(), strict=True))
    each = ", ".join(f"{many} of {n} {name}" for name, (many, n) in above.items())
    hardly = ", so the ensembles hardly reach it" if some < HARDLY * every else ""
    said = f"Of the points that calibrations have left {some} of {every} lie above it"
    return [f"{said} ({each}){hardly}."]


def caption(means: Means, differ: str | None = None) -> str:
    """Return what stands below the first picture.

    means  : as of `gains`
    differ : what futures differ in; None where it is luck alone
    """
    both, money = PAIR
    usual, at_one, at_three = sorted(means, key=(1.0, 3.0).__contains__)
    if differ is None:
        order = "The order rests on an assumption that nobody has measured"
    else:
        fewer = differ.replace("these 200 futures", "these 100 futures")  # the demo has fewer
        order = f"{fewer} Where every number has one value (`--beliefs fixed`) much rests on one"
    return (
        f"*Finland's five regions, as `make demo` compares them. {order}: how effective joint work "
        f"is. At the default (`effort_half` {usual:g}) both backbones gain "
        f"{means[usual][both]:.2f} points, at {at_one:g} {means[at_one][both]:.2f}, and at "
        f"{at_three:g}, where the best evaluated programme stands, {means[at_three][both]:.2f}, "
        f"beside {means[at_three][money]:.2f} by the same money.*"
    )


def names() -> Mapping[str, str]:
    """Return what people call the scenarios."""
    chosen = {name: cisim.Scenario.load(name) for name in COMPARED.split()}
    return short_of(titles_of(chosen), chosen)


def pair_of(comparison: Comparison) -> tuple[str, str]:
    """Return whom the picture sets beside each other: the two that the sentences speak of."""
    return asked_of(comparison) or PAIR


def picture(comparison: Comparison) -> str:
    """Return the difference between the best two along pi, as SVG."""
    found = along(comparison, PI, *pair_of(comparison))
    return charts.along(
        found,
        names=names(),
        when="after 10 years",
        title="What it depends on: an hour of own services beside one of joint work",
        theme="light",
        footer=f"{comparison.futures.size} futures",
    ).svg


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def pinned(text: str) -> str:
    """Return a guide whose comparisons hold beliefs fixed, where they say nothing of them."""

    def pin(found: re.Match[str]) -> str:
        line = found[0]
        if any(word in line for word in _OTHERWISE):
            return line
        return f"{line[:-1].rstrip()}{FIXED} \\" if line.endswith("\\") else f"{line}{FIXED}"

    return _COMPARE.sub(pin, text)


def pin_guides() -> list[str]:
    """Let the guides that teach say that beliefs are fixed; return which were changed."""
    changed = []
    for path in [ROOT / "docs" / f"{name}.md" for name in TEACH]:
        text = path.read_text("utf-8")
        new = pinned(text)
        if new != text:
            path.write_text(new, "utf-8")
            changed.append(path.name)
    for path in (
        ROOT / "experiments" / "questions.py",
        ROOT / "experiments" / "nine_structures.py",
    ):
        text = path.read_text("utf-8")
        new = re.sub(r"(--replicates \d+)(?! --beliefs)(?=\"[,\n])", rf"\1{FIXED}", text)
        if new != text:
            path.write_text(new, "utf-8")
            changed.append(path.name)
    return changed


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("folder", nargs="?", type=Path, help="of a calibration")
    given = asked.parse_args()
    if given.folder is not None:
        for said in place(given.folder, configs() / "beliefs"):
            print(said)
        print("moved to the medoid:", ", ".join(settle(ROOT / "cisim" / "model")) or "none")
        again = [sys.executable, __file__]  # with the new defaults
        sys.exit(subprocess.run(again, check=False).returncode)
    if usual_beliefs() != "fixed":
        print("pinned:", ", ".join(pin_guides()) or "nothing")
    write_all()
    draws = [sys.executable, str(ROOT / "tests" / "test_guides.py")]
    subprocess.run(draws, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})


if __name__ == "__main__":
    main()
