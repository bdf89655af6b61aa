"""What a run needs is told before anything is allocated."""

from __future__ import annotations

import numpy as np
import pytest

import cisim
from cisim.model.input_error import InputError
from cisim.world import size
from cisim.world.files import shipped
from cisim.world.scenario import Scenario, load_world
from cisim.world.world import World


def world(regions: int = 1, **changes: object) -> World:
    plain = load_world("one-town").model_dump()
    one = plain["regions"][0]
    plain["regions"] = [one | {"name": f"region {r}"} for r in range(regions)]
    return World(**plain | changes)


WORLDS = {name: load_world(name) for name in shipped("worlds")} | {
    "a community of fifty": world(locals=["health"] * 50),
    "forty bodies": world(bodies=["social"] * 40, locals=["education"]),
    "twenty regions": world(20),
}


@pytest.mark.parametrize("name", WORLDS)
def test_the_estimate_is_more_than_a_run_holds_and_not_many_times_as_much(name: str) -> None:
    place = WORLDS[name]
    model = cisim.CollectiveImpactModel(
        Scenario.load("national-and-regional", world=place, months=120), seed=1
    )
    held = sum(np.asarray(column).nbytes for _, column in model.state.columns())
    ties = model.state.ties.other.size // 2
    assert ties <= size.most_ties(place) <= 2 * ties + 100
    recorded = 121 * (len(place.regions) + 1) * model.recorder.table.shape[2] * 8
    assert 2 * held + recorded < size.run_bytes(place, 120) < 4 * (2 * held + recorded)


@pytest.mark.parametrize(
    ("place", "months"),
    [
        (world(900, bodies=["social"] * 1000), 12),  # everybody at a desk knows everybody
        (world(2000, locals=["social"] * 200), 12),
        (world(20_000), 12_000),  # what is recorded
    ],
)
def test_what_no_machine_holds_is_refused_in_a_sentence(place: World, months: int) -> None:
    with pytest.raises(InputError, match=r"too-large: .*(ties|GB of memory); allowed") as error:
        Scenario.load("no-backbone", world="one-town").with_(
            where="too-large", world=place, months=months
        )
    assert "\n" not in str(error.value)


def test_a_machine_that_does_not_say_what_it_has_refuses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unknown(_: str) -> int:
        raise ValueError

    monkeypatch.setattr(size.os, "sysconf", unknown)
    size.check_size(world(20_000), 12_000, "large")
