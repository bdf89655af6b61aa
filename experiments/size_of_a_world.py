"""What of wellbeing is due to the size of a world? The same own time and staff for each child, from
eight organisations to 37,000.

    python experiments/size_of_a_world.py        prints a table; about a minute
"""

from __future__ import annotations

import numpy as np

import cisim
from cisim.lab.warm import warm
from cisim.world.world import World

USUAL = 17
"""Communities of a usual region, of 2,000 children each."""
BODIES = ["health", "social", "third", "youth", "social", "third"]
SIZES = (
    (1, 1, 60),
    (1, 2, 60),
    (1, 4, 40),
    (1, 9, 20),
    (1, 17, 20),
    (5, 17, 8),
    (50, 17, 2),
    (500, 17, 1),
)
"""Regions, communities of each, futures."""
SCENARIOS = ("no-backbone", "missing-sponsor", "national-and-regional")


def place(regions: int, communities: int) -> World:
    """Return a world of so many regions of so many communities."""
    return World(
        title=f"{regions} regions of {communities} communities",
        source="made up",
        locals=["education", "youth", "third", "private"],
        bodies=BODIES[: 4 if communities == 1 else 6],  # type: ignore[arg-type]
        children_spread=0.0,
        national_scale=regions * communities / 85,
        regions=[
            {
                "name": f"R{r}",
                "communities": communities,
                "participating": communities,
                "mean_children": 2000.0,
                "seed_fte": communities / USUAL,
            }
            for r in range(regions)
        ],  # type: ignore[list-item]
    )


def gain(scenario: str, regions: int, communities: int, futures: int) -> tuple[float, float]:
    """Return the wellbeing gained in ten years, points, and its standard error over futures."""
    world = place(regions, communities)
    each = 4.0 * communities / USUAL * 6 / len(world.bodies)
    chosen = cisim.Scenario.load(scenario, world=world, months=120)
    seen = cisim.simulate(chosen.with_(parameters={"body_time": each}), futures, 1)
    values = seen.values[:, -1, -1, seen.outcomes.index("wellbeing_gain")]
    spread = float(values.std(ddof=1)) if futures > 1 else np.nan
    return float(values.mean()), spread / np.sqrt(futures)


def main() -> None:
    """Print the table."""
    warm(None)
    print("organisations  " + "  ".join(f"{name:>22}" for name in SCENARIOS))
    for regions, communities, futures in SIZES:
        cells = [gain(name, regions, communities, futures) for name in SCENARIOS]
        size = place(regions, communities).organisation_count
        print(f"{size:13,}  " + "  ".join(f"{mean:14.2f} ± {error:5.2f}" for mean, error in cells))


if __name__ == "__main__":
    main()
