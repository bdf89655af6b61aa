"""Worlds: what is shipped agrees with its source, and what cannot be is refused in words."""

from __future__ import annotations

from typing import Any

import pytest

from cisim.model.input_error import InputError
from cisim.world.files import checked, shipped
from cisim.world.scenario import load_world
from cisim.world.world import World

K26_TABLE_1 = {
    "OmaHäme": (11, 11),
    "Soite": (8, 7),
    "Pirha": (23, 4),
    "Siunsote": (13, 13),
    "Pohde": (30, 30),
}
"""Region -> municipalities in total, participating."""


def region(**changes: Any) -> dict[str, Any]:
    plain = {"name": "R", "communities": 2, "participating": 2, "mean_children": 900, "seed_fte": 1}
    return {**plain, **changes}


def world(**changes: Any) -> World:
    plain = {
        "title": "A world",
        "source": "made up",
        "locals": ["education", "education"],
        "bodies": ["health"],
        "regions": [region()],
    }
    return checked(World, {**plain, **changes}, "w.toml")


def refusal(**changes: Any) -> str:
    with pytest.raises(InputError) as caught:
        world(**changes)
    said = str(caught.value)
    assert said.startswith("w.toml: ")
    assert "\n" not in said
    return said


def test_finland_has_the_municipalities_of_its_source() -> None:
    finland = load_world("finland")
    counted = {one.name: (one.communities, one.participating) for one in finland.regions}
    assert counted == K26_TABLE_1
    assert finland.organisation_count == 85 * 4 + 5 * 6
    assert finland.scale == 1


def test_one_town_is_thirty_organisations() -> None:
    assert load_world("one-town").organisation_count == 30
    assert load_world("one-town").scale == 0.2


@pytest.mark.parametrize("name", shipped("worlds"))
def test_every_shipped_world_is_right_and_says_where_it_is_from(name: str) -> None:
    assert load_world(name).source


def test_organisations_have_names_of_their_own() -> None:
    names = world().organisation_names
    assert names == (
        "R/1/education",
        "R/1/education-2",
        "R/2/education",
        "R/2/education-2",
        "R/health",
    )
    assert len(set(names)) == world().organisation_count


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"regions": []}, "regions is []"),
        ({"regions": [region(communities=0)]}, "regions[0].communities is 0; allowed is a whole"),
        ({"regions": [region(communities=-1)]}, "regions[0].communities is -1"),
        ({"regions": [region(communities=10**30)]}, "regions[0].communities is"),
        ({"regions": [region(communities=2.5)]}, "regions[0].communities is 2.5"),
        ({"regions": [region(participating=3)]}, "participating is 3, which is more than the 2"),
        ({"regions": [region(mean_children=0)]}, "regions[0].mean_children is 0"),
        ({"regions": [region(seed_fte=float("nan"))]}, "regions[0].seed_fte is nan"),
        ({"regions": [region(seed_fte=float("inf"))]}, "regions[0].seed_fte is inf"),
        ({"regions": [region(seed_fte="1")]}, "regions[0].seed_fte is '1'; allowed is a number"),
        ({"regions": [region(seed_fte=True)]}, "regions[0].seed_fte is True"),
        ({"regions": [region(), region()]}, "names of their own; R is given twice"),
        ({"regions": [region(name="a/b")]}, "without a slash"),
        ({"regions": [region(name="a\nb")]}, "on one line"),
        ({"regions": [region(name="overall")]}, "all regions together"),
        ({"regions": [region(name="")]}, "regions[0].name is ''"),
        ({"regions": [region(participation="larges")]}, "Did you mean largest?"),
        ({"regions": [region(communites=2)]}, "Did you mean communities?"),
        ({"regions": "R"}, "regions is 'R'; allowed is a list"),
        ({"locals": ["educaton"]}, "locals[0] is 'educaton'"),
        ({"locals": [], "bodies": []}, "somebody must be there"),
        ({"private_share": 1.5}, "private_share is 1.5; allowed is a number from 0 to 1 (share)"),
        ({"body_ties": 2.5}, "body_ties is 2.5; allowed is a whole number"),
        ({"deprivation_low": 0.9, "deprivation_high": 0.1}, "above deprivation_high"),
        ({"titel": "x"}, "titel is not a field. Did you mean title?"),
        ({"ties": [{"between": ["R/1/education", "R/9/education"]}]}, "no organisation of this"),
        ({"ties": [{"between": ["R/health", "R/health"]}]}, "twice; a tie needs two"),
        ({"ties": [{"between": ["R/health"]}]}, "ties[0].between"),
        (
            {
                "ties": [
                    {"between": ["R/health", "R/1/education"]},
                    {"between": ["R/1/education", "R/health"], "trust": 0.5},
                ]
            },
            "a pair that is given before",
        ),
        ({"ties": [{"between": ["R/health", "R/1/education"], "trust": 2}]}, "ties[0].trust is 2"),
    ],
)
def test_what_no_world_can_be_is_said_with_field_and_value(
    changes: dict[str, Any], words: str
) -> None:
    assert words in refusal(**changes)


def test_more_than_fits_is_refused_before_it_is_built() -> None:
    many = [region(name=f"R{number}", communities=10_000) for number in range(101)]
    assert "1,010,000 communities; allowed are at most 1,000,000" in refusal(
        regions=many, locals=[]
    )
    ties = [{"between": ["nobody", "R0/health"]}]
    full = ["education"] * 39
    assert "4,000,000" not in refusal(regions=many[:10], locals=full, ties=ties)
    assert "at most 4,000,000" in refusal(regions=many[:10], locals=full + ["youth"] * 2)


@pytest.mark.parametrize("name", world().organisation_names)
def test_every_organisation_can_be_tied_by_its_name(name: str) -> None:
    other = "R/health" if name != "R/health" else "R/1/education"
    assert world(ties=[{"between": [name, other]}]).ties


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("R/2/educatoin", "R/2/education"),
        ("R/helth", "R/health"),
        ("R/9/education", "R/2/education"),
        ("Q/health", "R/health"),
    ],
)
def test_a_tie_to_nobody_names_the_nearest(name: str, near: str) -> None:
    said = refusal(ties=[{"between": [name, "R/health"]}])
    assert f"Did you mean {near}" in said


@pytest.mark.parametrize(
    "name",
    [
        "R",
        "R/0/education",
        "R/01/education",
        "R/1/education-1",
        "R/1/health",
        "/",
        "R//x",
        "R/1/2/x",
    ],
)
def test_a_name_that_is_nearly_right_is_nobody(name: str) -> None:
    assert "no organisation of this world" in refusal(ties=[{"between": [name, "R/health"]}])
