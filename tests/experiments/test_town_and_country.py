"""One town gains more than Finland for what there is for each child, not for its size."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

from cisim.show.limits import limits
from cisim.world.scenario import load_world
from tests.scripts import load_script

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load_script("experiments/town_and_country.py")


def gains(text: str) -> list[str]:
    """Return the gains of the tables of a text, in their order."""
    return re.findall(r"^\|.*?\| (\d+\.\d\d) ±", text, re.MULTILINE)


def test_the_first_and_the_last_step_are_the_worlds_that_ship(script: ModuleType) -> None:
    worlds = [world for world, _ in script.steps().values()]
    town = load_world("one-town")
    for name in ("children", "community_count", "participating_count", "scale", "locals", "bodies"):
        assert getattr(worlds[0], name) == getattr(town, name), name
    assert worlds[-1] == load_world("finland")
    assert worlds[-2].children == pytest.approx(worlds[-1].children)
    assert worlds[-2].participating_count == worlds[-1].participating_count


def test_a_large_region_gains_little_and_as_much_as_a_small_one_with_as_much_for_each_child(
    script: ModuleType,
) -> None:
    """With 16 futures each; standard errors are below a twentieth of the difference."""
    small, large = (script.seen(world, 16).gain for world, _ in [*script.steps().values()][1:3])
    back = {
        name: script.seen(world, 16, **numbers).gain.mean()
        for name, (world, numbers) in script.given_back().items()
    }
    assert back["as it is"] == large.mean() < 0.25 * small.mean()
    assert back["all three"] == pytest.approx(small.mean(), rel=0.15)
    alone = [one for name, one in back.items() if name not in ("as it is", "all three")]
    assert min(alone) > 1.5 * large.mean()
    assert max(alone) < 0.6 * small.mean()


def test_guide_and_limit_say_what_was_found() -> None:
    found = (ROOT / "results" / "town-and-country.md").read_text("utf-8")
    town, communities, region, *_, finland = gains(found)[:7]
    all_three = gains(found)[11]
    (said,) = (one.words for one in limits() if one.key == "place")
    assert f"gain {town} points there and {finland} here" in said
    assert f"gains {region} where one of six gains {communities}, and {all_three} with" in said
    guide = (ROOT / "docs" / "worlds.md").read_text("utf-8")
    part = guide.split("<!-- part of results/town-and-country.md -->\n")[1].split("<!--")[0]
    assert part in found
    assert f"gain {town} points in One town and {finland} in Finland" in guide
    assert f"{all_three} points are gained, as much as before the step ({communities})" in guide
    finland_children, regions = load_world("finland").children, len(load_world("finland").regions)
    for text in (said, guide):
        assert f"{finland_children / regions:,.0f}" in text
        assert f"{load_world('one-town').children:,.0f}" in text


def test_the_guide_s_words_for_sizes_are_those_of_the_figures() -> None:
    found = (ROOT / "results" / "town-and-country.md").read_text("utf-8")
    guide = (ROOT / "docs" / "worlds.md").read_text("utf-8")
    town, six, seventeen, *_, country = (float(one) for one in gains(found)[:7])
    assert "Three quarters of it are in one step" in guide
    assert round(4 * (six - seventeen) / (town - country)) == 3
    assert "Each of the three alone gives back two fifths of it at most" in guide
    alone = [float(one) for one in gains(found)[8:11]]
    assert (max(alone) - seventeen) / (six - seventeen) <= 0.4
    region = {
        name: (float(children.replace(",", "")), gain)
        for name, children, gain in re.findall(
            r"^\| (\w+), ([\d,]+) children \| ([\d.]+) ", found, re.MULTILINE
        )
    }
    (many, pirha), (few, siunsote) = region["Pirha"], region["Siunsote"]
    words = f"gains {pirha} points and Siunsote, with {few / many:.2f} times its children"
    assert f"{words}, {siunsote}." in guide


@pytest.mark.slow
def test_the_figures_are_those_of_today(script: ModuleType) -> None:
    assert script.document() == script.DOCUMENT.read_text("utf-8")
