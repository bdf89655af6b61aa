"""Does anything move where nothing begins, and is the end of seed money visible?

    python experiments/month_zero.py > results/month-zero.md        half a minute

Drift. Nobody founds a partnership, there is no backbone and no event: the ordinary world goes on.
Each outcome stands at month 0 and later; `sd` is its spread over futures at month 0.

Seed money. Both backbones, with seed money that ends at month 60 and with seed money that does not
end, in the same futures. What it does is the difference between the two, in percent of what stands
where the money goes on, with the 90 % interval of the mean. The equations say where it bites first:
staff falls at once; what staff does falls with it (coverage of members, brokered meetings,
recruited joins); commitment, trust and joint work follow; wellbeing comes last (wb_delay).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np

import cisim

WORLDS = ("one-town", "finland")
LATER = (12, 36, 120)
NEVER = 100_000
SEED_END = 60
AFTER = (SEED_END + 6, SEED_END + 24, max(LATER))
DRIFT = (
    "mandate_public",
    "mandate_other",
    "commitment",
    "trust_eligible",
    "everyday_activity",
    "sponsor_engagement",
    "lead_time",
    "wellbeing_gain",
)
BITES = (
    "regional_staff",
    "component_backbone",
    "brokered_meetings",
    "joins_recruited",
    "commitment",
    "member_share",
    "joint_activity",
    "wellbeing_gain",
)


def drift(world: str, seeds: int, founded: bool) -> dict[str, np.ndarray]:
    """Return by outcome (seeds, months): the ordinary world, with or without founders."""
    scenario = cisim.Scenario.load("no-backbone", world=world, months=max(LATER))
    if not founded:
        scenario = scenario.with_(parameters={"init_member_share": 0.0})
    seen = cisim.simulate(scenario, seeds, 1, outcomes=DRIFT)
    return {
        name: np.stack([seen.at(name, month) for month in (0, *LATER)], axis=1) for name in DRIFT
    }


def bites(world: str, seeds: int) -> dict[str, np.ndarray]:
    """Return by outcome (2, months, seeds): seed money that ends, and that goes on."""
    ends = cisim.Scenario.load("national-and-regional", world=world, months=max(LATER))
    goes_on = ends.with_(structure_changes={"seed_end": NEVER}, name="seed money goes on")
    both = [cisim.simulate(one, seeds, 1, outcomes=BITES) for one in (ends, goes_on)]
    return {
        name: np.array([[one.at(name, month) for month in AFTER] for one in both]) for name in BITES
    }


def rows_of_drift(found: dict[str, np.ndarray]) -> list[str]:
    """Return the lines of the first table."""
    lines = []
    for name, values in found.items():
        if np.isnan(values).all():  # of members, where there are none
            continue
        means = values.mean(axis=0)
        spread = values[:, 0].std(ddof=1)
        lines.append(f"{name:22}" + "".join(f"{mean:9.3f}" for mean in means) + f"{spread:9.3f}")
    return lines


def rows_of_bites(found: dict[str, np.ndarray]) -> list[str]:
    """Return the lines of the second table."""
    lines = []
    for name, (ends, goes_on) in found.items():
        cells = []
        for at in range(len(AFTER)):
            change = ends[at] - goes_on[at]
            level = goes_on[at].mean()
            half = 1.645 * change.std(ddof=1) / np.sqrt(change.size)
            if level == 0.0:
                cells.append(f"{'–':>16}")
            else:
                share, doubt = change.mean() / level, abs(half / level)
                cells.append(f"{100 * share:+8.0f} ±{100 * doubt:3.0f} %")
        lines.append(f"{name:22}" + "".join(f"{cell:>18}" for cell in cells))
    return lines


def main(given: Sequence[str]) -> None:
    """Print the tables, as a page."""
    seeds = int(given[0]) if given else 40
    print("# Month 0: what moves where nothing begins, and the end of seed money")
    for world in WORLDS:
        for founded in (False, True):
            said = "founders and no backbone" if founded else "nobody founds anything"
            print(f"\n## {world}: {said}\n\nMeans of {seeds} futures.\n\n```text")
            heads = "".join(f"{month:9}" for month in (0, *LATER))
            print(f"{'month':22}{heads}{'sd':>9}")
            print("\n".join(rows_of_drift(drift(world, seeds, founded))), end="\n```\n")
        print(f"\n## {world}: seed money ends at month {SEED_END}, against money that goes on\n")
        print(f"Both backbones, {seeds} futures; change of the mean with its 90 % interval.\n")
        heads = "".join(f"{f'month {month}':>18}" for month in AFTER)
        print(f"```text\n{'':22}{heads}")
        print("\n".join(rows_of_bites(bites(world, seeds))), end="\n```\n")


if __name__ == "__main__":
    main(sys.argv[1:])
