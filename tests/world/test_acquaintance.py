"""Who knows whom: all as likely, one more changes no more than it must, and nobody looks at all."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from math import comb, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cisim.model.luck import BUILDING, uniform, word
from cisim.model.state import arrange
from cisim.world.acquaintance import (
    choose,
    choose_elsewhere,
    meet_once,
    next_to_enter,
    nobody_enters,
    pass_over,
)
from cisim.world.build import build, plan
from cisim.world.scenario import Scenario, load_world
from cisim.world.world import World

ADDRESS = word("a choice of the tests")
NONE = np.empty((0, 2), np.int64)


def chosen(number: int, wanted: int, size: int) -> list[int]:
    places = np.full(max(wanted, 1), -1, np.int64)
    found = choose(3, ADDRESS, number, wanted, size, places)
    return places[:found].tolist()


def pairs_of(world: World, seed: int = 5) -> set[tuple[int, int]]:
    scenario = Scenario.load("no-backbone", world=world)
    state = build(world, scenario.structure, scenario.parameters, seed)
    owner = np.repeat(np.arange(state.orgs.number.size), np.diff(state.ties.start))
    return set(zip(owner.tolist(), state.ties.other.tolist(), strict=True))


def test_the_chance_that_nobody_enters_is_that_of_each_in_turn() -> None:
    for wanted, place in ((1, 0), (3, 2), (3, 10), (4, 200)):
        chance = 1.0
        for later in range(place + 1, place + 60):
            chance *= 1.0 - wanted / (later + 1)
            assert nobody_enters(place, later, wanted) == pytest.approx(chance, rel=1e-13)


@given(st.integers(1, 6), st.integers(0, 60), st.integers(1, 300), st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_the_next_to_enter_is_found_without_looking_at_those_between(
    wanted: int, more: int, size: int, word: int
) -> None:
    draw, place = (word + 0.5) * 2.0**-32, wanted - 1 + more
    enters = [m for m in range(place + 1, size) if nobody_enters(place, m, wanted) < draw]
    assert next_to_enter(draw, place, wanted, size) == min(enters, default=size)


@pytest.mark.parametrize(("wanted", "size"), [(1, 6), (2, 5), (3, 7), (4, 4), (3, 2), (0, 5)])
def test_every_choice_is_as_likely_as_any_other(wanted: int, size: int) -> None:
    runs = 20_000
    seen = Counter(tuple(sorted(chosen(number, wanted, size))) for number in range(runs))
    assert set(seen) == set(combinations(range(size), min(wanted, size)))
    mean = runs / comb(size, min(wanted, size))
    assert sum((count - mean) ** 2 / mean for count in seen.values()) < len(seen) + 4 * sqrt(
        2 * len(seen)
    )


def test_in_a_long_list_the_first_and_the_last_are_as_likely() -> None:
    size = 3000
    places = np.array([chosen(number, 4, size) for number in range(10_000)])
    tenths = np.bincount((10 * places // size).reshape(-1), minlength=10)
    assert abs(tenths - 4000).max() < 4 * sqrt(4000)
    assert all(len(set(row)) == 4 for row in places.tolist())


@pytest.mark.parametrize("wanted", [1, 2, 4])
def test_one_more_takes_one_place_or_none(wanted: int) -> None:
    runs, size = 4000, 30
    taken = 0
    for number in range(runs):
        before, after = set(chosen(number, wanted, size)), set(chosen(number, wanted, size + 1))
        assert after - before <= {size}
        assert len(after) == len(before) == wanted
        taken += size in after
    mean = runs * wanted / (size + 1)
    assert abs(taken - mean) < 4 * sqrt(mean)


def test_a_choice_among_a_million_million_looks_at_few_of_them() -> None:
    assert len(set(chosen(1, 4, 10**12))) == 4


@given(st.sets(st.integers(0, 30)), st.integers(1, 12))
@settings(deadline=None)
def test_those_that_cannot_be_chosen_are_passed_over(own: set[int], others: int) -> None:
    there = [place for place in range(len(own) + others + 31) if place not in own]
    places = np.array([99, *sorted(own), 99], np.int64)
    for counted, place in enumerate(there[:others]):
        assert pass_over(counted, places, 1, len(own) + 1) == place


def test_nobody_chooses_its_own() -> None:
    rows = np.arange(100, 120, dtype=np.int32)
    number, own = np.arange(200, dtype=np.int32), np.array([0, 3, 4, 19], np.int64)
    found: set[int] = set()
    for i in range(200):
        kept = np.empty(5, np.int64)
        many = choose_elsewhere(3, ADDRESS, i, number, 5, rows, 0, 20, own, 0, 4, kept)
        assert len(set(kept[:many].tolist())) == many == 5
        found |= set(kept.tolist())
    assert found == set(range(100, 120)) - {100, 103, 104, 119}


def by_all_pairs(world: World, state: Any, seed: int) -> set[tuple[int, int]]:
    """Return who knows whom where the smallest of draws at every pair decide, as in 0.1."""
    sector, community, region = state.orgs.sector, state.orgs.community, state.orgs.region
    pairs: set[tuple[int, int]] = set()
    for i in range(sector.size):
        local, there = community >= 0, np.arange(sector.size) != i
        all_of = {
            "": there & (community == community[i]) & local
            if local[i]
            else there & ~local & (region == region[i])
        }
        alike = there & (sector == sector[i])
        drawn = {"region-ties": (alike & (region != region[i]), world.region_ties)}
        if local[i]:
            drawn["body-ties"] = (~local & (region == region[i]), world.body_ties)
            elsewhere = alike & local & (region == region[i]) & (community != community[i])
            drawn["sector-ties"] = (elsewhere, world.sector_ties)
        others = np.flatnonzero(all_of[""]).tolist()
        for name, (may, wanted) in drawn.items():
            draws = sorted(
                (uniform(seed, word(name), BUILDING, i, int(j)), int(j))
                for j in np.flatnonzero(may)
            )
            others += [j for _, j in draws[: int(wanted)]]
        pairs |= {(i, j) for j in others} | {(j, i) for j in others}
    return pairs


def test_the_network_is_the_one_that_looking_at_all_pairs_gave() -> None:
    """The same degrees, and the same mixing of regions, sectors and levels, within their chance."""
    world = load_world("finland")
    scenario = Scenario.load("no-backbone", world=world)
    told: dict[str, list[Any]] = {"now": [], "before": []}
    for seed in range(4):
        state = build(world, scenario.structure, scenario.parameters, seed)
        owner = np.repeat(np.arange(370), np.diff(state.ties.start))
        now = set(zip(owner.tolist(), state.ties.other.tolist(), strict=True))
        for name, pairs in (("now", now), ("before", by_all_pairs(world, state, seed))):
            one, other = np.array(sorted(pairs)).T
            degree = np.bincount(one, minlength=370)
            region, sector = state.orgs.region, state.orgs.sector
            between = np.zeros((5, 5))
            np.add.at(between, (region[one], region[other]), 1.0)
            body = state.orgs.community < 0
            alike = (sector[one] == sector[other]).sum()
            numbers = [one.size, degree.std(), degree[body].mean(), degree[~body].mean(), alike]
            told[name].append(np.concatenate([numbers, between.reshape(-1)]))
    now_, before_ = np.array(told["now"]).mean(axis=0), np.array(told["before"]).mean(axis=0)
    spread = np.sqrt(np.maximum(before_, 9.0))
    assert (abs(now_ - before_) < np.maximum(0.03 * before_, 2.5 * spread)).all()
    assert abs(now_[:5] / before_[:5] - 1.0).max() < 0.04


@pytest.mark.parametrize("world", ["one-town", "finland", "test-region"])
def test_everybody_knows_as_many_as_the_world_says(world: str) -> None:
    said = load_world(world)
    pairs = pairs_of(said)
    assert pairs == {(j, i) for i, j in pairs}
    assert not [i for i, j in pairs if i == j]
    scenario = Scenario.load("no-backbone", world=said)
    orgs = scenario.build(5).orgs
    know: dict[int, list[int]] = {i: [] for i in range(said.organisation_count)}
    for i, j in pairs:
        know[i].append(j)
    for i, others in know.items():
        may = (orgs.sector == orgs.sector[i]) & (orgs.region != orgs.region[i])
        far = [j for j in others if orgs.region[j] != orgs.region[i]]
        assert all(may[j] for j in far)
        assert len(far) >= min(said.region_ties, may.sum())
        if orgs.community[i] >= 0:
            bodies = (orgs.community < 0) & (orgs.region == orgs.region[i])
            known = [j for j in others if bodies[j]]
            assert len(known) == min(said.body_ties, bodies.sum())
            near = (orgs.sector == orgs.sector[i]) & (orgs.region == orgs.region[i])
            near &= (orgs.community >= 0) & (orgs.community != orgs.community[i])
            assert sum(bool(near[j]) for j in others) >= min(said.sector_ties, near.sum())


def test_a_region_more_takes_only_what_it_is_chosen_for() -> None:
    world = load_world("finland")
    fewer = world.model_copy(update={"regions": world.regions[:4]})
    before, after = pairs_of(fewer), pairs_of(world)
    old = fewer.organisation_count
    among = {(i, j) for i, j in after if i < old and j < old}
    assert among < before
    lost = len(before - among) / 2
    assert lost <= len({(i, j) for i, j in after if i < old <= j})


def test_rows_do_not_matter() -> None:
    world = load_world("finland")
    scenario = Scenario.load("no-backbone", world=world)
    orgs, known = scenario.build(5).orgs, plan(world)
    ties = (int(world.body_ties), int(world.sector_ties), int(world.region_ties))
    rows = np.random.default_rng(1).permutation(orgs.number.size)
    columns = [getattr(orgs, name)[rows] for name in ("number", "sector", "community", "region")]
    number, sector, community, region = columns
    layout = arrange(number, region, community, known.community_region, len(world.regions))
    start, _, other, _ = meet_once(5, number, sector, community, region, layout, ties, NONE)
    owner = np.repeat(number, np.diff(start))
    assert set(zip(owner.tolist(), number[other].tolist(), strict=True)) == pairs_of(world)
