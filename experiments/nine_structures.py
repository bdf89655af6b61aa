"""Which of nine backbone structures can be told apart, in which place, and what does each take?

python experiments/nine_structures.py        writes docs/nine-structures.md; some minutes
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

import cisim
from cisim.lab.ensemble import mean_interval
from cisim.lab.robust import Robust, robust
from cisim.lab.warm import warm
from cisim.model.state import Floats
from cisim.show.nine import NINE
from cisim.world.scenario import load_structure

PLACES = {"one-town": ("One town", 100), "county": ("A county", 60), "finland": ("Finland", 24)}
"""Each place, what it is called, and how many futures."""
LEVEL = 0.99
WORLDS = 200
SURE = 0.9
LEAST = 0.02
"""A difference below this share of the larger gain is none."""
SHOWN = ("wellbeing_gain", "joint_activity", "external_money_total")
DOCUMENT = Path(__file__).parents[1] / "docs" / "nine-structures.md"
COMMAND = (
    f"cisim compare no-backbone {' '.join(NINE)} --world county --replicates 60 --beliefs fixed"
)

OPENING = f"""# Nine backbone structures, compared

Written by `python experiments/nine_structures.py`; do not edit. The review (V20) and the Finnish
study (K26) describe nine ways to be a backbone. Each ships as a structure and a scenario of the
same name and fits any place. The sources name the forms; staff, months and shares of time in the
files are judgement, said so in each file's `source`. The same in one command:

```sh
{COMMAND}
```

Staff, months and money are not the same in all, so this compares whole structures, not one feature
of each.
"""
ALIKE = f"""## From which others each cannot be told apart

Over everything that may be believed: {WORLDS} sampled worlds of One town, as `--uncertain` samples
them. Two structures cannot be told apart where neither leaves children better off in {SURE:.0%} of
those worlds.
"""
APART = f"""
## At the default assumptions

*Gain* is children's wellbeing after ten years, points of 100, with the interval of its mean;
*money* is all external money in full-time years. Here two are told apart where the {LEVEL:.0%}
interval of the difference of their gains in shared futures leaves out zero and the difference is
at least {LEAST:.0%} of the larger gain: luck alone is not what keeps structures from being told
apart.
"""


class Seen(NamedTuple):
    """What a structure came to in the futures of a place, (n,) each."""

    wellbeing_gain: Floats
    joint_activity: Floats
    external_money_total: Floats


def look(place: str, futures: int) -> dict[str, Seen]:
    """Return what each structure comes to, and no backbone, in the same futures."""
    found = {}
    for name in ("no-backbone", *NINE):
        ensemble = cisim.simulate(cisim.Scenario.load(name, world=place), futures, 1)
        ends = np.asarray(ensemble.values[:, -1, -1, :], np.float64)
        found[name] = Seen(*(ends[:, ensemble.outcomes.index(one)] for one in SHOWN))
    return found


def told_apart(one: Seen, other: Seen) -> bool:
    """Return whether two structures differ by more than luck and by enough to matter."""
    gain, against = one.wellbeing_gain, other.wellbeing_gain
    mean, low, high, *_ = (float(value) for value in mean_interval(gain - against, LEVEL))
    large = max(abs(float(gain.mean())), abs(float(against.mean())))
    return not low <= 0.0 <= high and abs(mean) >= LEAST * large


def table(found: dict[str, Seen]) -> list[str]:
    """Return the rows of a place, best first."""
    rows = ["| structure | gain | interval | joint activity | money | not told apart from |"]
    rows.append("|---|---:|---|---:|---:|---|")
    order = sorted(found, key=lambda name: -float(found[name].wellbeing_gain.mean()))
    for name in order:
        seen = found[name]
        mean, low, high, *_ = (float(value) for value in mean_interval(seen.wellbeing_gain, 0.95))
        like = [one for one in order if one != name and not told_apart(seen, found[one])]
        rows.append(
            f"| {name} | {mean:.2f} | {low:.2f} to {high:.2f} | "
            f"{float(seen.joint_activity.mean()):.3f} | "
            f"{float(seen.external_money_total.mean()):.1f} | {', '.join(like) or 'none'} |"
        )
    return rows


def alike(names: tuple[str, ...], values: Floats) -> list[str]:
    """Return a row for each structure: its source, and from which others it cannot be told apart.

    values : (worlds, structures) the gain in each sampled world
    """
    rows = ["| structure | what it is | source | cannot be told apart from |", "|---|---|---|---|"]
    for name in NINE:
        mine = values[:, names.index(name)]
        like = []
        for other in names:
            ahead = float((mine > values[:, names.index(other)]).mean())
            behind = float((mine < values[:, names.index(other)]).mean())
            if other != name and max(ahead, behind) < SURE:
                like.append(f"{other} (better in {ahead:.0%})")
        structure = load_structure(name)
        source = structure.source.partition(":")[0]
        rows.append(f"| {name} | {structure.title} | {source} | {', '.join(like) or 'none'} |")
    return rows


def document(believed: Robust, places: dict[str, dict[str, Seen]]) -> str:
    """Return the page."""
    parts = [OPENING, ALIKE, *alike(believed.names, believed.values), APART]
    for place, found in places.items():
        words = PLACES[place][0]
        futures = found["no-backbone"].wellbeing_gain.size
        parts += [f"### {words} (`{place}`, {futures} futures)\n", *table(found), ""]
    return "\n".join(parts)


def main() -> None:
    """Write the page."""
    warm(None)
    names = ["no-backbone", *NINE]
    town = [cisim.Scenario.load(name, world="one-town") for name in names]
    believed = robust(town, WORLDS)
    places = {place: look(place, futures) for place, (_, futures) in PLACES.items()}
    DOCUMENT.write_text(document(believed, places), encoding="utf-8")


if __name__ == "__main__":
    main()
