"""Do "the ones with money" formulate the agenda, and does it matter for children? What those who
pay move of the aims of members, and what that moves: each trial against its twin in the same
futures, in which they pay as much and pull at nothing.

    python experiments/power_of_money.py        writes results/power-of-money.md; about a minute
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.page import table

import cisim
from cisim.model.model import CollectiveImpactModel

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "results" / "power-of-money.md"
WORLDS = ("finland", "one-town", "county")
MINUS = "\N{MINUS SIGN}"
MONTHS, FUTURES = 120, 40
OUTCOMES = ("wellbeing_gain", "joint_activity", "gap_primary", "alignment", "fit_to_need")


@dataclass(frozen=True)
class Trial:
    """One power of money; `far` is where the foundation stands, None where it is drawn."""

    words: str
    pull: float = 0.06
    neutrality: float = 0.5
    far: tuple[float, float, float] | None = None
    lasting: bool = False

    def scenario(self, world: str, pull: float) -> cisim.Scenario:
        """Return it in a world, with a funder_pull."""
        changes: dict[str, Any] = {"neutrality": self.neutrality}
        if self.lasting:
            changes |= {"seed_end": 100_000, "backbone_share": 0.0, "sponsors": []}
        if self.far is not None:
            changes["payers"] = [
                {"name": "foundation", "kind": "foundation", "position": list(self.far)}
            ]
        one = cisim.Scenario.load("national-and-regional", world=world, months=MONTHS)
        return one.with_(structure_changes=changes, parameters={"funder_pull": pull})


OPENING = """\
# What those who pay move, and what that moves

Written by `python experiments/power_of_money.py`. Both backbones, month {months}, {futures} futures
that differ by luck alone: every other number has its one value. Each row is set beside its twin in
the same futures, whose payers pay as much and pull at nothing.

- *moved*: how far of the way to what the payers want members' aims have come, by them alone
- *agree*, *fit*, *joint work*: by how much agreement between members, the joint agenda's fit to
  children's need (0 to 1 each), and joint work are another
- *gain*: by how much the gain in wellbeing is another, of the twin's, with the 90 % interval of the
  mean

Payers stand where they are drawn, as everybody else, but for *one unit off*: 0.6 on each of the
three axes of the agenda. A host is half neutral (0.5) where nothing else is said."""

TRIALS = (
    Trial("as usual"),
    Trial("a host that is not neutral", neutrality=0.0),
    Trial("strongest pull that is believed", pull=0.12, neutrality=0.0),
    Trial("pull at its bound", pull=1.0, neutrality=0.0),
    Trial("one payer for ever", neutrality=0.0, lasting=True),
    Trial("one payer, one unit off", neutrality=0.0, lasting=True, far=(0.6, 0.6, 0.6)),
    Trial("the same, a host that is half neutral", 0.06, 0.5, (0.6, 0.6, 0.6), True),
    Trial("the same, strongest pull", 0.12, 0.0, (0.6, 0.6, 0.6), True),
    Trial("the same, pull at its bound", 1.0, 0.0, (0.6, 0.6, 0.6), True),
)


def moved(first: CollectiveImpactModel, twin: CollectiveImpactModel) -> float:
    """Return which share of the way to what the payers want the members' aims have come."""
    here, there = first.state, twin.state
    members = here.orgs.member & there.orgs.member
    wanted = here.regions.payer[here.orgs.region[members]]
    way = wanted - there.orgs.agenda[members]
    come = here.orgs.agenda[members] - there.orgs.agenda[members]
    return float((come * way).sum() / (way * way).sum())


def measure(trial: Trial, world: str, seeds: Sequence[int]) -> dict[str, np.ndarray]:
    """Return by outcome (2, seeds): with what the payers pull, and without; and what is moved."""
    found = {name: np.zeros((2, len(seeds))) for name in OUTCOMES} | {"moved": np.zeros(len(seeds))}
    with_, without = trial.scenario(world, trial.pull), trial.scenario(world, 0.0)
    for at, seed in enumerate(seeds):
        models = [CollectiveImpactModel(one, seed).run(MONTHS) for one in (with_, without)]
        for place, model in enumerate(models):
            last = model.outcomes(OUTCOMES).iloc[-1]
            for name in OUTCOMES:
                found[name][place, at] = last[name]
        found["moved"][at] = moved(*models)
    return found


def row(trial: Trial, world: str, seeds: Sequence[int]) -> list[str]:
    """Return the cells of one trial."""
    found = measure(trial, world, seeds)
    shift = {name: np.diff(found[name][::-1], axis=0)[0] for name in OUTCOMES}
    base = found["wellbeing_gain"][1].mean()
    gain = shift["wellbeing_gain"]
    wide = 1.645 * gain.std(ddof=1) / math.sqrt(gain.size)
    joint = shift["joint_activity"].mean() / found["joint_activity"][1].mean()
    cells = [
        f"{found['moved'].mean():.0%}",
        f"{shift['alignment'].mean():+.3f}",
        f"{shift['fit_to_need'].mean():+.3f}",
        f"{joint:+.1%}",
        f"{gain.mean() / base:+.1%} ± {wide / base:.1%}",
    ]
    return [trial.words, *(cell.replace("-", MINUS).replace("%", " %") for cell in cells)]


def document() -> str:
    """Return the page."""
    parts = [OPENING.format(months=MONTHS, futures=FUTURES)]
    heads = ["trial", "moved", "agree", "fit", "joint work", "gain"]
    for world in WORLDS:
        rows = [row(trial, world, range(1, FUTURES + 1)) for trial in TRIALS]
        parts += [f"## {world}", table(heads, rows)]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
    print(f"{DOCUMENT.relative_to(ROOT)} is written.")
