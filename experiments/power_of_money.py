"""Do "the ones with money" formulate the agenda, and does it matter for children? What those who
pay move of the aims of members, and what that moves: each trial against its twin in the same
futures, in which they pay as much and pull at nothing.

    python experiments/power_of_money.py        prints a table for each world; about a minute

moved   : how far of the way to what the payers want members' aims have come, by them alone
agree   : agreement between members (outcome alignment); fit: the joint agenda's fit to need
gain    : wellbeing gain in percent of the twin's, with the 90 % interval of the mean
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import cisim
from cisim.model.model import CollectiveImpactModel

MONTHS = 120
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


TRIALS = (
    Trial("as usual"),
    Trial("a host that is not neutral", neutrality=0.0),
    Trial("strongest pull that is believed", pull=0.12, neutrality=0.0),
    Trial("pull at its bound", pull=1.0, neutrality=0.0),
    Trial("one payer for ever", neutrality=0.0, lasting=True),
    Trial("one payer, one unit off", neutrality=0.0, lasting=True, far=(0.6, 0.6, 0.6)),
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


def main(seeds: Sequence[int], worlds: Sequence[str]) -> None:
    """Print the table."""
    for world in worlds:
        print(f"{world}, month {MONTHS}, {len(seeds)} futures")
        print(f"{'':32}{'moved':>8}{'agree':>9}{'fit':>9}{'joint':>9}{'gain':>9}{'± 90 %':>8}")
        for trial in TRIALS:
            found = measure(trial, world, seeds)
            shift = {name: np.diff(found[name][::-1], axis=0)[0] for name in OUTCOMES}
            base = found["wellbeing_gain"][1].mean()
            gain = shift["wellbeing_gain"]
            wide = 1.645 * gain.std(ddof=1) / math.sqrt(gain.size)
            joint = shift["joint_activity"].mean() / found["joint_activity"][1].mean()
            print(
                f"{trial.words:32}{found['moved'].mean():8.0%}{shift['alignment'].mean():+9.3f}"
                f"{shift['fit_to_need'].mean():+9.3f}{joint:+9.1%}"
                f"{gain.mean() / base:+9.1%}{wide / base:8.1%}"
            )


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    main(range(1, many + 1), sys.argv[2:] or ("finland", "one-town", "county"))
