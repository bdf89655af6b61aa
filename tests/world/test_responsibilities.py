"""Six responsibilities in place of roles, and five limits that are crossed on purpose only."""

from __future__ import annotations

from typing import Any

import pytest

from cisim import Scenario
from cisim.model.input_error import InputError
from cisim.world.limits import crossed, idle_limits, limit_notes
from cisim.world.responsibilities import LIMITS
from cisim.world.structure import NationalRoles, RegionalRoles, Structure

SHARES = {"vision": 0.1, "activities": 0.4, "measurement": 0.2, "public_will": 0.1, "policy": 0.05,
          "funding": 0.15}  # fmt: skip
BOTH: dict[str, Any] = {"national_fte": 4.0, "regional": True}


def structure(**given: Any) -> Structure:
    return Structure.model_validate({**BOTH, **given})


# --- responsibilities


def test_responsibilities_become_roles_of_both_levels() -> None:
    found = structure(responsibilities=SHARES)
    assert found.national_roles.model_dump() == pytest.approx(
        {"futures": 0.2, "implementation": 0.4, "evaluation": 0.1, "bridge": 0.2, "knowledge": 0.1}
    )
    assert found.regional_roles.model_dump() == pytest.approx(
        {"cross_sectoral": 0.2, "local_support": 0.2, "knowledge_gatherer": 0.2,
         "information_broker": 0.4}
    )  # fmt: skip
    assert found.advocacy == pytest.approx(0.75)
    outward = found.advocacy * found.regional_roles.information_broker
    assert outward == pytest.approx(0.3)  # what was given to public will, policy and funding
    words = found.responsibilities.in_words
    assert words.startswith("Responsibilities mean national futures 0.2, implementation 0.4, ")


def test_time_for_sponsors_only_is_all_advocacy_and_no_time_is_none() -> None:
    assert structure(responsibilities={"funding": 1.0}).advocacy == 1.0
    assert structure(responsibilities={"measurement": 1.0}).advocacy == 0.0


@pytest.mark.parametrize(
    "other", [{"national_roles": {"futures": 0.1}}, {"regional_roles": {"local_support": 0.1}},
              {"advocacy": 0.3}],
)  # fmt: skip
def test_responsibilities_and_roles_at_once_are_refused(other: dict[str, Any]) -> None:
    (name,) = other
    with pytest.raises(InputError, match=f"divide staff time, as does {name}; allowed is one"):
        Scenario.load("national-and-regional").with_(
            structure_changes={"responsibilities": SHARES, **other}
        )


def test_a_scenario_that_is_kept_comes_back_with_its_responsibilities() -> None:
    first = Scenario.load("national-and-regional").set({"responsibilities": SHARES})
    again = Scenario.from_resolved(first.resolved())
    assert again == first
    other = again.set({"responsibilities.vision": 0.05})
    assert other.structure.regional_roles.information_broker == pytest.approx(0.35)


def test_responsibilities_of_more_than_all_the_time_are_refused() -> None:
    with pytest.raises(InputError, match=r"the shares add up to 1\.2; allowed is at most 1"):
        Scenario.load("national-only").set({"responsibilities": {**SHARES, "vision": 0.3}})


# --- limits

CROSSING: dict[str, dict[str, Any]] = {
    "agenda": {"neutrality": 0.0},
    "solutions": {
        "national_roles": NationalRoles(implementation=0.0).model_dump(),
        "regional_roles": RegionalRoles(cross_sectoral=0.0, local_support=0.0).model_dump(),
    },
    "funding": {"backbone_share": 1.0, "sponsors_post": 2.0},
    "self_appointed": {"founders": "none"},
    "structure": {"regional_roles": {"cross_sectoral": 0.4, "local_support": 0.0,
                                     "knowledge_gatherer": 0.0, "information_broker": 0.0}},
}  # fmt: skip


def test_each_limit_of_the_source_can_be_crossed() -> None:
    assert set(CROSSING) == set(LIMITS)
    assert list(crossed(structure())) == []


@pytest.mark.parametrize("limit", LIMITS)
def test_a_limit_that_is_crossed_is_told_with_its_source_and_can_be_meant(limit: str) -> None:
    found = structure(**CROSSING[limit])
    assert [name for name, _ in crossed(found)] == [limit]
    (told,) = limit_notes(found)
    assert LIMITS[limit] in told  # type: ignore[index]
    assert "(NZ)" in told
    assert f'allow = ["{limit}"]' in told
    assert limit_notes(structure(**CROSSING[limit], allow=[limit])) == []
    assert idle_limits(structure(**CROSSING[limit], allow=[limit])) == []


def test_one_level_alone_is_judged_by_what_is_there() -> None:
    regional = Structure.model_validate({"regional": True, **CROSSING["solutions"]})
    assert "solutions" in dict(crossed(regional))
    national = Structure.model_validate({"national_fte": 4.0, "founders": "none"})
    assert [name for name, _ in crossed(national)] == ["self_appointed"]


def test_without_a_backbone_there_is_nothing_to_cross() -> None:
    everything = {**CROSSING["agenda"], **CROSSING["funding"], **CROSSING["self_appointed"]}
    assert limit_notes(Structure.model_validate({**everything})) == []


def test_what_is_allowed_and_not_crossed_is_told() -> None:
    assert limit_notes(structure(allow=["funding"])) == []
    assert idle_limits(structure(allow=["funding"])) == [
        "allow has funding, a limit that nothing here crosses."
    ]


def test_an_unknown_limit_is_refused() -> None:
    with pytest.raises(InputError, match=r"allow\[0\] is"):
        Scenario.load("national-only").set({"allow": ["agendas"]})


# --- organisations that are left out


def test_an_organisation_that_is_left_out_may_not_take_part() -> None:
    town = Scenario.load("national-and-regional").with_(world="test-region")
    names = town.world.organisation_names
    without = town.set({"left_out": [names[1]]})
    before, after = (one.build(4).orgs for one in (town, without))
    assert before.eligible[1]
    assert not after.eligible[1]
    assert (before.eligible[2:] == after.eligible[2:]).all()


def test_names_that_are_left_out_must_be_there_once_and_found_nothing() -> None:
    town = Scenario.load("national-and-regional").with_(world="test-region")
    name = town.world.organisation_names[1]
    with pytest.raises(InputError, match=r"left_out\[0\] is .nobody., which is no organisation"):
        town.set({"left_out": ["nobody"]})
    with pytest.raises(InputError, match=r"left_out\[1\] is .*, which is named before"):
        town.set({"left_out": [name, name]})
    with pytest.raises(InputError, match=r"founders.names\[0\] is .*, which left_out names too"):
        town.set({"left_out": [name], "founders": {"names": [name]}})
