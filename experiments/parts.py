"""What each component and lever of a structure is worth at the defaults, for two guides.

python experiments/parts.py     writes docs/components.md and docs/structures.md between their
                                marks; some two minutes
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cisim
from cisim.lab.ablation import WORTH_IN, chosen_components, without, worth
from cisim.lab.warm import warm
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.world.levers.components import COMPONENTS

ROOT = Path(__file__).resolve().parents[1]
BOTH = "national-and-regional"
PLACES = {"one-town": ("One town", 20), "finland": ("Finland", 8), "county": ("county", 8)}
"""Worlds, with what people call them here, and in how many futures."""
FUTURES = 12
"""Of the levers, in Finland."""
MINUS = "\N{MINUS SIGN}"
KEPT = [*WORTH_IN, *(one.outcome for one in COMPONENTS.values())]


def changed(
    world: str, futures: int, changes: Mapping[str, Any], outcome: str = "wellbeing_gain",
    usual: Mapping[str, Any] | None = None,
) -> tuple[float, float]:  # fmt: skip
    """Return the mean of an outcome after ten years with both backbones, without and with changes.

    usual : what both have
    """
    plain = cisim.Scenario.load(BOTH, world=world).set(dict(usual or {}))
    other = plain.set(dict(changes)).with_(name="other")
    found = cisim.compare([plain, other], futures, outcomes=[outcome], at=[120], beliefs="fixed")
    one, two = (float(one.at(outcome).mean()) for one in found.ensembles.values())
    return one, two


def percent(one: float, two: float) -> str:
    """Return by how much the second is more, in words: "+4 %"."""
    return f"{100.0 * (two / one - 1.0):+.0f} %".replace("-", MINUS)


def component_lines() -> str:
    """Return the table of what each component is worth, and what two levers of theirs change."""
    columns: dict[str, list[str]] = {}
    for world, (_, futures) in PLACES.items():
        whole = cisim.Scenario.load(BOTH, world=world)
        parts = without(whole, chosen_components(whole, "all"))
        found = cisim.compare(
            [whole, *parts.values()], futures, outcomes=KEPT, at=[120], beliefs="fixed"
        )
        table = worth(found, whole.name, {name: one.name for name, one in parts.items()})
        for _, row in table[table["outcome"] == "wellbeing_gain"].iterrows():
            columns.setdefault(str(row["component"]).replace("_", " "), []).append(
                f"{-100.0 * row['share']:+.0f} %".replace("-", MINUS)
            )
    heads = " | ".join(name for name, _ in PLACES.values())
    rows = [f"| {name} | {' | '.join(cells)} |" for name, cells in columns.items()]
    counts = ", ".join(str(futures) for _, futures in PLACES.values())

    def by(**changes: Any) -> str:
        found = (percent(*changed(w, n, changes)) for w, (_, n) in PLACES.items())
        return ", ".join(found)

    return "\n".join(
        [
            f"| removed, both backbones, after ten years | {heads} |",
            "|---|" + "---|" * len(PLACES),
            *rows,
            "",
            (
                f"That is the change of `wellbeing_gain` at the defaults, in {counts} futures. "
                f"In the same places `accountability = 1` changes it by {by(accountability=1.0)}; "
                f"`measurement_time = 0.1` by {by(measurement_time=0.1)} where members do the "
                f"measuring, and by {by(measurement_time=0.1, measurement_staff=1.0)} where staff "
                f"does."
            ),
        ]
    )


def lever_lines() -> str:
    """Return what levers of a structure change in Finland."""

    def gain(usual: Mapping[str, Any] | None = None, **changes: Any) -> str:
        return percent(*changed("finland", FUTURES, changes, usual=usual))

    base, _ = changed("finland", FUTURES, {})
    before, after = changed("finland", FUTURES, {"data_steering": 1.0}, "gap_primary")
    members = percent(*changed("finland", FUTURES, {"replication": 1.0}, "members"))
    drift = declarations(Parameters)["need_drift"].plausible
    assert drift is not None
    return (
        f"What they change of the wellbeing gained in Finland with both backbones, over ten years "
        f"({FUTURES} futures, {base:.2f} points without any): `redesign = 1` {gain(redesign=1.0)}, "
        f"and where need drifts as fast as is plausible "
        f"{gain({'need_drift': drift[1]}, redesign=1.0)}; `replication = 1` "
        f"{gain(replication=1.0)}, with {members} members; `early_money = 0.5` "
        f"{gain(early_money=0.5)}; `innovation = 1` {gain(innovation=1.0)}; `data_steering = 1` "
        f"{gain(data_steering=1.0)}, and the gap between communities goes from "
        f"{before:+.2f} to {after:+.2f} points.".replace("-0.", f"{MINUS}0.")
    )


def between(path: Path, name: str, new: str) -> None:
    """Put a text between the marks of that name in a guide."""
    text = path.read_text("utf-8")
    first, last = f"<!-- {name}: experiments/parts.py -->\n", f"\n<!-- /{name} -->"
    before, rest = text.split(first)
    path.write_text(f"{before}{first}{new}{last}{rest.split(last)[1]}", "utf-8")


def main() -> None:
    """Write both guides."""
    warm(None)
    between(ROOT / "docs" / "components.md", "worth", component_lines())
    between(ROOT / "docs" / "structures.md", "levers", lever_lines())


if __name__ == "__main__":
    main()
