"""A place outside what the numbers are believed for is told of, and its size makes no wellbeing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from named import mixed

import cisim
from cisim import cli
from cisim.model.input_error import InputError
from cisim.model.parameters import Parameters
from cisim.model.told import SENTENCES
from cisim.world.believed import own_time, place_notes, staff_notes
from cisim.world.files import checked, shipped
from cisim.world.joint_points import medoid, read_joint_points, shipped_ensembles
from cisim.world.notes import notes
from cisim.world.scenario import Scenario, load_world
from cisim.world.world import World
from tests.scripts import load_script

P = Parameters()


def test_fixed_values_stand_in_the_middle_of_what_calibrations_have_left() -> None:
    shipped_points = [read_joint_points(name) for name in shipped_ensembles()]
    middle = medoid(shipped_points)
    assert {name: getattr(P, name) for name in middle} == middle
    assert sum(one.size for one in shipped_points) >= 200


def region(**changes: Any) -> World:
    plain = {
        "name": "R", "communities": 17, "participating": 17, "mean_children": 2000.0,
        "seed_fte": 1.0,
    }  # fmt: skip
    given = {"locals": ["education", "youth", "third", "private"], "bodies": ["health"] * 6}
    for name in given:
        given[name] = changes.pop(name, given[name])
    return checked(
        World, {"title": "R", "source": "made up", **given, "regions": [{**plain, **changes}]}, "w"
    )


@pytest.mark.parametrize("world", shipped("worlds"))
@pytest.mark.parametrize("scenario", shipped("scenarios"))
def test_what_ships_lies_within_what_is_believed(world: str, scenario: str) -> None:
    one = Scenario.load(scenario, world=world)
    assert place_notes(one.world, P) == []
    assert staff_notes(one.world, one.structure) == []


@pytest.mark.parametrize(
    ("world", "words"),
    [
        (region(), ""),
        (
            region(bodies=[], locals=["third"]),
            "Own time comes to 0.089 FTE for 1,000 children in R",
        ),
        (region(mean_children=200.0), "in R; the numbers are believed for 0.15 to 1.5: with more"),
        (region(mean_children=100.0, bodies=[]), "An organisation has 0.04 FTE of own time"),
        (region(locals=["youth"] * 20), "R/1, R/2, R/3 and 14 more have 20 organisations"),
        (region(locals=["youth"] * 60), "An organisation knows up to"),
        (region(communities=2, participating=2), "R has fewer than 9,000 children"),
    ],
)
def test_where_a_place_lies_outside_is_said_with_what_goes_wrong(world: World, words: str) -> None:
    found = place_notes(world, P)
    assert any(words in one for one in found) if words else found == []
    wrong = ("next to nothing", "by itself", "take much", "stay thin", "decides much")
    assert all(any(word in one for word in wrong) for one in found)


@pytest.mark.parametrize(
    ("fte", "words"), [(0.0, None), (0.05, "with less"), (1.0, None), (9.0, "with more")]
)
def test_much_or_little_staff_for_so_many_is_said(fte: float, words: str | None) -> None:
    scenario = cisim.Scenario.load("regional-only", world=region())
    one = scenario.with_(structure_changes={"regional_fte": fte})
    found = staff_notes(one.world, one.structure)
    assert (words is None and found == []) or (words is not None and words in found[0])
    assert [note for note in notes(one) if note in found] == found


def test_two_spellings_are_asked_about_and_not_merged() -> None:
    rows = [one.model_dump(exclude_none=True) for one in mixed().organisations]
    rows.append({"name": "STEINER-KOULU", "sector": "education", "community": "Forssa"})
    world = mixed(organisations=rows)
    assert world.organisation_count == mixed().organisation_count - 3 + 3 + 1
    found = [note for note in place_notes(world, P) if "spelt" in note]
    assert found == [
        (
            "organisations has Steinerkoulu and STEINER-KOULU: are they one, spelt in two ways? "
            "They are taken as two."
        )
    ]


def test_the_own_time_that_is_told_is_that_of_the_state() -> None:
    for world in (load_world("one-town"), mixed()):
        state = Scenario.load("no-backbone", world=world).build(1)
        said = own_time(world, P)
        for row, time in enumerate(said):
            built = state.orgs.own_time[state.orgs.region == row].sum()
            assert time == pytest.approx(built, rel=0.15)  # drawn children differ from their mean


def test_more_own_time_than_wellbeing_has_room_for_is_refused(tmp_path: Path) -> None:
    world = region(mean_children=1.0)
    with pytest.raises(InputError, match=r"of R have [\d.]+ FTE of own time for 1,000 children"):
        Scenario.load("no-backbone", world=world)
    file = tmp_path / "w.toml"
    file.write_text(
        "title = 'W'\nsource = 'made up'\nbodies = ['health']\n[[regions]]\nname = 'R'\n"
        "communities = 1\nparticipating = 1\nmean_children = 10\nseed_fte = 0\n",
        "utf-8",
    )
    assert cli.main(["check", str(file)]) == 2


def test_a_village_stays_on_the_scale() -> None:
    village = region(mean_children=30.0, bodies=["health"])
    for name in ("no-backbone", "national-and-regional"):
        scenario = Scenario.load(name, world=village).with_(parameters={"own_value": 5.0})
        seen = cisim.simulate(scenario, 4, 1)
        assert not seen.outside


def test_check_tells_of_a_place_as_a_note(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "w.toml"
    file.write_text(
        "title = 'W'\nsource = 'made up'\nlocals = ['third']\n[[regions]]\nname = 'R'\n"
        "communities = 3\nparticipating = 3\nmean_children = 900\nseed_fte = 0\n",
        "utf-8",
    )
    assert cli.main(["check", str(file)]) == 0
    out = capsys.readouterr().out
    assert "Note: Own time comes to 0.13 FTE for 1,000 children in R" in out
    assert "Note: R has fewer than 9,000 children" in out


@pytest.mark.slow
def test_the_size_of_a_world_makes_no_wellbeing() -> None:
    """Nowhere more; nor less, but in places too small for what the numbers are believed for."""
    trial = load_script("experiments/size_of_a_world.py")
    gained = {
        (regions, communities): trial.gain("national-and-regional", regions, communities, futures)[
            0
        ]
        for regions, communities, futures in trial.SIZES
    }
    usual = gained[1, 17]
    for (regions, communities), found in gained.items():
        where = (regions, communities, found, usual)
        assert 0.0 < found < (0.6 if communities == 1 and regions == 1 else 1.8) * usual, where
        if not place_notes(trial.place(regions, communities), P):
            assert found > 0.5 * usual, where
    sizes = {trial.place(*one).organisation_count: found for one, found in gained.items()}
    large = [found for size, found in sizes.items() if size >= 42]
    for document in ("docs/worlds.md", "experiments/README.md"):
        text = (Path(__file__).parents[2] / document).read_text("utf-8")
        assert re.search(
            rf"gains? {sizes[8]:.2f} points and (one of )?37,000 gains? {sizes[37_000]:.2f}; from "
            rf"42 (organisations )?on it is {min(large):.2f} to {max(large):.2f}",
            text,
        ), document


@pytest.mark.slow
def test_what_is_told_of_too_little_and_too_much_is_what_happens() -> None:
    """The trials are those of the script; both backbones, mean of its futures."""
    script = load_script("experiments/outside_what_is_believed.py")

    def gains(trial: Any, name: str = "national-and-regional") -> float:
        return float(script.gain(trial.scenario(name)).split(" ")[0])

    tried = {one.words: one for one in script.trials()}
    usual = gains(tried["as usual"])
    less, more, most = (
        gains(tried[f"staff {each} FTE an organisation"]) for each in ("0.001", "0.13", "0.39")
    )
    said = [SENTENCES[f"place.{name}"] for name in ("staff_less", "staff_more")]
    assert f"({less:.2f} points at 0.001 instead of {usual:.1f})" in said[0]
    assert f"({more:.1f} points at 0.13 instead of {usual:.1f}, hardly" in said[1]
    assert more < most < 1.15 * more
    assert gains(tried["own time 0.08 FTE for 1,000 children"]) < 0.1 * usual
    much = tried["own time 3 FTE for 1,000 children"]
    assert usual < gains(much, "no-backbone") < gains(much)
