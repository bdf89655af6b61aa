"""Structures: the levers that are shipped, and levers that cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from cisim.model.input_error import InputError
from cisim.world.files import checked, shipped
from cisim.world.scenario import LEVERS, load_structure
from cisim.world.structure import Structure


@pytest.mark.parametrize("name", shipped("structures"))
def test_every_shipped_structure_is_right_and_says_where_it_is_from(name: str) -> None:
    assert load_structure(name).source


def test_a_structure_without_levers_has_no_backbone() -> None:
    none = load_structure("none")
    assert (none.national_fte, none.regional, none.grant_nat, none.grant_reg) == (0, False, 0, 0)


def test_the_same_money_goes_to_organisations_instead() -> None:
    same, both = load_structure("same-money"), load_structure("national-and-regional")
    assert same.grant_nat == both.national_fte
    assert same.grant_reg == both.regional_scale
    assert not same.regional


def test_levers_are_what_can_be_set() -> None:
    assert "title" not in LEVERS
    assert {"national_fte", "regional", "sponsors", "national_roles"} <= set(LEVERS)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"national_fte": -1}, "national_fte is -1; allowed is a number from 0 to 10000 (FTE"),
        ({"national_fte": "four"}, "national_fte is 'four'"),
        ({"regional": 1}, "regional is 1; allowed is true or false"),
        ({"sponsors": "health"}, "sponsors is 'health'; allowed is a list"),
        ({"sponsors": ["helth"]}, "Did you mean health?"),
        ({"sponsors": ["health", "health"]}, "sponsors names one kind twice"),
        ({"national_roles": {"bridge": 0.9}}, "national_roles: the shares add up to 1.7"),
        ({"national_roles": {"brigde": 0.1}}, "national_roles.brigde is not a field. Did you mean"),
        ({"national_roles": 1}, "national_roles is 1; allowed is a table"),
        ({"sponsor_link": float("inf")}, "sponsor_link is inf"),
        ({"sponser_link": 1}, "sponser_link is not a field. Did you mean sponsor_link?"),
    ],
)
def test_what_no_structure_can_be_is_said_with_field_and_value(
    changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError) as caught:
        checked(Structure, {"title": "S", "source": "made up", **changes}, "s.toml")
    assert str(caught.value).startswith("s.toml: ")
    assert words in str(caught.value)
