"""Ties form and lapse: by what, between whom, and what is left of those who are forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import networkx as nx
import numpy as np
import pytest
from scipy.stats import binomtest

from cisim.lab.indicators import CENTRALISED
from cisim.model.input_error import InputError
from cisim.model.model import CollectiveImpactModel
from cisim.model.parameters import Parameters
from cisim.model.relations import align
from cisim.model.state import NEVER, State, stand
from cisim.world.acquaintance import find_levels, mean_known, renown_of, widened
from cisim.world.scenario import Scenario
from tests.scripts import load_script

WAYS = ("closure_rate", "introduction_rate", "bridge_rate", "side_by_side", "encounter_rate")


def scenario(
    name: str = "national-and-regional", world: str = "one-town", **numbers: Any
) -> Scenario:
    chosen = {"ties": "forming", **numbers}
    return Scenario.load(name).with_(world=world, events=[], parameters=chosen)


def month_by_month(given: Scenario, seed: int = 3, months: int = 24) -> Iterator[State]:
    model = CollectiveImpactModel(given, seed)
    for _ in range(months):
        model.run(1)
        yield model.state


def pairs(state: State) -> set[tuple[int, int]]:
    """Return who knows whom, by permanent numbers, each pair once."""
    owner = np.repeat(np.arange(state.orgs.number.size), np.diff(state.ties.start))
    ends = zip(
        state.orgs.number[owner].tolist(),
        state.orgs.number[state.ties.other[: owner.size]].tolist(),
        strict=True,
    )
    return {(one, other) for one, other in ends if one < other}


def new_pairs(given: Scenario, seed: int = 3, months: int = 24) -> set[tuple[int, int]]:
    model = CollectiveImpactModel(given, seed)
    before = pairs(model.state)
    return pairs(model.run(months).state) - before


def only(way: str, rate: float) -> dict[str, float]:
    """Return numbers with which acquaintances come about in one way, and nobody is forgotten.

    Nobody is limited in how many it knows.
    """
    return {**dict.fromkeys(WAYS, 0.0), way: rate, "forget_after": 240.0, "tie_time": 0.0}


def degrees(state: State) -> np.ndarray:
    """Return how many each organisation knows, in the order of permanent numbers."""
    found = np.empty(state.orgs.number.size, np.int64)
    found[state.orgs.number] = np.diff(state.ties.start)
    return found


def centralisation(state: State) -> float:
    """Return Freeman's degree centralisation of who knows whom."""
    known = degrees(state)
    return float((known.max() - known).sum() / ((known.size - 1) * (known.size - 2)))


def test_some_are_known_by_many_more_at_no_more_ties_in_all() -> None:
    ties, central = {}, {}
    for spread in (0.0, 1.3):
        given = scenario("no-backbone", "test-region", renown_spread=spread)
        first = [given.build(seed) for seed in range(1, 31)]
        ties[spread] = np.mean([state.ties.count for state in first])
        central[spread] = np.mean([centralisation(state) for state in first])
    assert ties[1.3] == pytest.approx(ties[0.0], rel=0.1)  # who could meet is wider, too
    assert central[1.3] > 2.0 * central[0.0]


def test_who_is_of_renown_is_the_one_whom_many_know_whatever_its_size() -> None:
    known, size, renown = [], [], []
    for seed in range(1, 21):
        state = scenario("no-backbone", "test-region").build(seed)
        number = np.argsort(state.orgs.number)
        known.append(degrees(state))
        size.append(state.orgs.own_time[number])
        renown.append(np.log(renown_of(seed, state.orgs.number[number], 1.3)))
    many = np.ravel(known)
    assert np.corrcoef(many, np.ravel(renown))[0, 1] > 0.7
    local = np.ravel(size) < np.quantile(size, 0.85)  # bodies have more time, and other ties
    assert abs(np.corrcoef(many[local], np.ravel(size)[local])[0, 1]) < 0.2


def test_where_all_are_of_one_renown_nobody_could_meet_more() -> None:
    assert renown_of(3, np.arange(9, dtype=np.int32), 0.0).tolist() == [1.0] * 9
    assert widened(12, np.ones(4), 0.0).tolist() == [12] * 4
    assert widened(12, np.array([0.1, 1.0, 20.0]), 1.0).tolist() == [12, 12, 146]
    plain = scenario("no-backbone", "test-region", renown_spread=0.0).build(5)
    wide = scenario("no-backbone", "test-region", renown_spread=2.0).build(5)
    assert wide.openings.other.size > plain.openings.other.size


def test_renown_leaves_the_share_of_each_kind_of_pair_as_it_is_given() -> None:
    rng = np.random.default_rng(3)
    size, kinds = 30, 3
    pairs = [(i, j) for i in range(size) for j in range(size) if i != j]
    start = np.arange(0, size * (size - 1) + 1, size - 1, dtype=np.int32)
    other = np.array([j for _, j in pairs], np.int32)
    group = np.array([(i + j) % kinds for i, j in pairs], np.int64)
    renown, share = np.exp(1.5 * rng.normal(size=size)), np.array([0.02, 0.5, 0.97])
    count = np.bincount(group) / 2.0
    where = (np.arange(size, dtype=np.int32), start, other, group, renown)
    level, known = find_levels(*where, share, count), np.empty(kinds)
    mean_known(*where, level, known, count)
    np.testing.assert_allclose(known, share, rtol=1e-12)


def test_nobody_meets_or_trusts_a_stranger() -> None:
    for state in month_by_month(scenario(forget_after=2.0, forget_time=2.0)):
        ties, openings, held = state.ties, state.openings, state.meetings_count
        count = ties.count
        assert held > 0
        arc, party = state.meetings.arc[:held], state.meetings.party[:held]
        assert arc.max() < count
        assert (ties.start[party] <= arc).all()
        assert (arc < ties.start[party + 1]).all()
        again = openings.tie.copy()
        for ours, theirs in zip(
            (ties.start, ties.near, ties.other, ties.reverse), stand(openings), strict=True
        ):
            np.testing.assert_array_equal(ours, theirs)
        np.testing.assert_array_equal(openings.tie, again)
        for name in ("prior", "kept", "broken", "aligned"):
            assert not getattr(ties, name)[count:].any(), name
        assert (ties.last_met[count:] == NEVER).all()
        assert (ties.last_brokered[count:] == NEVER).all()


def test_who_is_forgotten_leaves_nothing_behind() -> None:
    given = scenario(forget_after=1.0, forget_time=1.0, closure_rate=1.0, encounter_rate=0.5)
    seen: dict[tuple[int, int], bool] = {}
    anew = 0
    for state in month_by_month(given, months=40):
        ties, openings, number = state.ties, state.openings, state.orgs.number
        owner = np.repeat(np.arange(number.size), np.diff(openings.start))
        for at in np.flatnonzero(openings.tie >= 0):
            pair = int(number[owner[at]]), int(number[openings.other[at]])
            if seen.get(pair) is False:
                tie = openings.tie[at]
                anew += 1
                assert ties.kept[tie] == ties.broken[tie] == 0.0
                assert ties.last_met[tie] == ties.last_brokered[tie] == NEVER
                assert ties.prior[tie] == openings.prior[at]
        seen = {
            (int(number[owner[at]]), int(number[openings.other[at]])): bool(openings.tie[at] >= 0)
            for at in range(openings.tie.size)
        }
    assert anew > 100


def test_fixed_ties_are_not_touched_by_what_lets_ties_form() -> None:
    wild = {"closure_rate": 1.0, "forget_after": 1.0, "wider_ties": 40.0, "known_near": 0.0}
    plain = CollectiveImpactModel(scenario(ties="fixed"), 3).run(24)
    other = CollectiveImpactModel(scenario(ties="fixed", **wild), 3).run(24)
    for name, values in plain.recorder.values().items():
        np.testing.assert_array_equal(values, other.recorder.values()[name], err_msg=name)
    assert not plain.state.openings.other.size


def test_common_partners_introduce() -> None:
    model = CollectiveImpactModel(scenario(**only("closure_rate", 0.3)), 3)
    for _ in range(12):
        before = nx.Graph(sorted(pairs(model.state)))
        model.run(1)
        new = pairs(model.state) - set(before.edges) - {(b, a) for a, b in before.edges}
        for one, other in new:
            assert set(before[one]) & set(before[other])
    assert model.state.ties.count > 2 * before.number_of_edges() - 2


def test_brokers_introduce_members_of_their_region() -> None:
    given = scenario(world="finland", **only("introduction_rate", 1.0))
    model = CollectiveImpactModel(given, 3)
    before = pairs(model.state)
    ever = set()
    for _ in range(12):
        ever |= set(np.flatnonzero(model.state.orgs.member).tolist())
        model.run(1)
    new = pairs(model.state) - before
    region = model.state.orgs.region
    assert len(new) > 100
    assert all(region[one] == region[other] for one, other in new)
    assert {end for pair in new for end in pair} <= ever
    nobody = {**only("introduction_rate", 1.0), "lead_share": 0.0}
    assert not new_pairs(scenario("no-backbone", **nobody))


def test_bridges_introduce_across_regions_and_levels() -> None:
    model = CollectiveImpactModel(scenario(world="finland", **only("bridge_rate", 1.0)), 3)
    before = pairs(model.state)
    new = pairs(model.run(24).state) - before
    orgs = model.state.orgs
    far = [orgs.region[one] != orgs.region[other] for one, other in new]
    across = [(orgs.community[one] < 0) != (orgs.community[other] < 0) for one, other in new]
    assert min(sum(far), sum(across)) > 20
    assert all(np.array(far) | np.array(across))


@pytest.mark.parametrize("way", ["side_by_side", "encounter_rate"])
def test_who_works_at_one_place_meets(way: str) -> None:
    model = CollectiveImpactModel(scenario(**only(way, 1.0)), 3)
    before = pairs(model.state)
    new = pairs(model.run(24).state) - before
    community, crossing = model.state.orgs.community, 0
    if way == "encounter_rate":
        assert not new  # all of one place had met in history
        return
    for one, other in new:
        across = (community[one] < 0) != (community[other] < 0)
        crossing += across
        assert across or community[one] == community[other]
    assert crossing > 0


def test_where_nobody_brokers_fewer_ties_cross_levels_than_by_chance() -> None:
    crossing = chance = 0.0
    for seed in range(1, 7):
        state = CollectiveImpactModel(scenario("no-backbone", "test-region"), seed).state
        local = state.orgs.community >= 0
        known = pairs(state)
        crossing += sum(local[one] != local[other] for one, other in known)
        size, locals_ = local.size, int(local.sum())
        share = locals_ * (size - locals_) / (size * (size - 1) / 2)
        chance += len(known) * share
    assert crossing < 0.9 * chance


def test_it_starts_sparser_and_a_backbone_makes_it_denser() -> None:
    """In each of eight worlds; by accident all would go one way in 1 of 256 cases."""
    for seed in range(1, 9):
        first, last = density(scenario(world="test-region"), seed)
        fixed, _ = density(scenario(world="test-region", ties="fixed"), seed)
        _, alone = density(scenario("no-backbone", "test-region"), seed)
        assert first < fixed
        assert last > max(first, alone)


def density(given: Scenario, seed: int) -> tuple[float, float]:
    """Return the share of pairs that know each other, at first and after five years."""
    seen = CollectiveImpactModel(given, seed).run(60).outcomes(["known_density"])["known_density"]
    return float(seen.iloc[0]), float(seen.iloc[60])


def mean_of(name: str, seeds: int = 4, **numbers: Any) -> float:
    """Return an outcome of the test region after five years."""
    given = scenario(world="test-region", **numbers)
    runs = (CollectiveImpactModel(given, seed).run(60) for seed in range(1, seeds + 1))
    return float(np.mean([run.outcomes([name])[name].iloc[60] for run in runs]))


def test_the_more_a_broker_introduces_the_denser_it_gets() -> None:
    """In each of eight worlds, from nothing to a little and from a little to much."""
    for seed in range(1, 9):
        none, some, many = (
            density(scenario(world="test-region", closure_rate=0.0, introduction_rate=rate), seed)
            for rate in (0.0, 0.1, 1.0)
        )
        assert none[1] < some[1] < many[1]


def test_the_more_time_an_acquaintance_takes_the_fewer_are_kept() -> None:
    densities = [mean_of("known_density", tie_time=time) for time in (0.0, 0.01, 0.04)]
    assert densities == sorted(densities, reverse=True)
    assert densities[-1] < 0.5 * densities[0]


def test_those_who_know_many_are_introduced_to_more() -> None:
    """Of new acquaintances' ends: how many more they knew than an organisation does on average."""
    more: dict[float, list[float]] = {0.0: [], 3.0: []}
    for power, found in more.items():
        for seed in range(1, 13):
            numbers = {**only("introduction_rate", 0.3), "popularity": power}
            model = CollectiveImpactModel(scenario(world="test-region", **numbers), seed)
            for _ in range(12):
                before = pairs(model.state)
                knew = np.bincount(
                    np.array(sorted(before)).ravel(), minlength=model.state.orgs.number.size
                )
                new = pairs(model.run(1).state) - before
                found += [float(knew[end] - knew.mean()) for pair in new for end in pair]
    assert np.mean(more[3.0]) > np.mean(more[0.0]) + 0.2


def test_who_has_no_time_left_for_more_makes_no_acquaintances() -> None:
    given = scenario(world="test-region", tie_time=0.02, closure_rate=1.0, encounter_rate=0.2)
    model = CollectiveImpactModel(given, 3)
    full = some = 0
    for _ in range(24):
        before = pairs(model.state)
        model.run(1)
        number, time = model.state.orgs.number, model.state.orgs.time
        knew = np.bincount(np.array(sorted(before)).ravel(), minlength=number.size)
        has_room = dict(zip(number.tolist(), (0.02 * knew[number] < time).tolist(), strict=True))
        new = pairs(model.state) - before
        some += len(new)
        full += sum(not room for room in has_room.values())
        assert all(has_room[one] and has_room[other] for one, other in new)
    assert min(some, full) > 30


def star(seed: int) -> tuple[CollectiveImpactModel, int]:
    """Return a model at month 0 in which all know but one member, and the row of that one.

    Only meetings of members make acquaintances.
    """
    numbers = {**only("closure_rate", 1.0), "everyday_meetings": 0.0}
    model = CollectiveImpactModel(scenario(world="test-region", **numbers), seed)
    state = model.state
    orgs, ties, openings = state.orgs, state.ties, state.openings
    owner = np.repeat(np.arange(orgs.number.size), np.diff(openings.start))
    of_members = np.bincount(owner, weights=orgs.member[openings.other])
    hub = int(np.argmax(np.where(orgs.member, of_members, -1.0)))
    openings.tie[:] = np.where((owner == hub) | (openings.other == hub), 0, -1)
    ties.start[:], ties.near[:], ties.other[:], ties.reverse[:] = stand(openings)
    for name in ("prior", "first", "kept", "broken", "damage", "aligned"):
        getattr(ties, name)[:] = 0.0
    ties.prior[: ties.count] = ties.first[: ties.count] = openings.prior[openings.tie >= 0]
    ties.last_met[:] = ties.last_brokered[:] = NEVER
    align(ties.start, ties.other, ties.reverse, orgs.agenda, 0.5, ties.aligned)
    return model, hub


def test_where_the_one_whom_all_know_leaves_nobody_comes_to_know_another() -> None:
    """Partners in common introduce; without the one that all have there is none."""
    new = []
    for who in ("nobody", "a leaf", "the hub"):
        model, hub = star(3)
        orgs, before = model.state.orgs, pairs(model.state)
        leaf = next(row for row in np.flatnonzero(orgs.member) if row != hub)
        if who != "nobody":
            row = hub if who == "the hub" else leaf
            orgs.member[row] = orgs.eligible[row] = False
        new.append(len(pairs(model.run(24).state) - before))
    nobody, without_leaf, without_hub = new
    assert min(nobody, without_leaf) > 5
    assert without_hub == 0


def test_new_people_know_fewer_of_the_old_acquaintances() -> None:
    numbers = {**dict.fromkeys(WAYS, 0.0), "turnover": 0.0}
    left = {}
    for leaves in (False, True):
        model = CollectiveImpactModel(scenario("no-backbone", **numbers), 3)
        if leaves:
            for row in range(model.state.orgs.number.size):
                model.organisation(row).change_representative()
        left[leaves] = model.run(36).state.ties.count
    assert left[True] < left[False]


def test_who_is_well_known_is_so_after_history_too() -> None:
    """Where all are alike no network is as centralised as real ones are at the least."""
    central = {
        spread: [
            centralisation(CollectiveImpactModel(given, seed).state)
            for given in [scenario("no-backbone", "test-region", renown_spread=spread)]
            for seed in range(1, 17)
        ]
        for spread in (0.0, 1.3)
    }
    least, most = CENTRALISED
    assert max(central[0.0]) < least < np.mean(central[1.3]) < most


def test_networks_gain_and_lose_density_and_reach_with_those_who_broker() -> None:
    """Backbones add to what is known; without any, and where nobody meets, it wears away."""
    names = ["known_density", "known_reach", "known_centralisation"]
    idle = {**dict.fromkeys(WAYS, 0.0), "everyday_meetings": 0.0}
    gained, lost = np.zeros(3), np.zeros(3)
    for seed in range(1, 5):
        for change, name, numbers in ((gained, "national-and-regional", {}),
                                      (lost, "no-backbone", idle)):  # fmt: skip
            given = scenario(name, "test-region", known_other=0.05, **numbers)
            seen = CollectiveImpactModel(given, seed).run(60).outcomes(names)
            change += (seen.loc[60, names] - seen.loc[0, names]).to_numpy(float) / 4
    assert gained[0] > 0.05
    assert gained[1] >= 0.0
    assert lost[0] < -0.02
    assert lost[1] < 0.0


def surer_than_chance(lower: int, higher: int) -> bool:
    """Return whether so many more were lower than higher that chance does it in 1 of 20 cases."""
    return float(binomtest(lower, lower + higher, alternative="greater").pvalue) < 0.05


@pytest.mark.slow
def test_a_broker_makes_who_knows_whom_more_centralised() -> None:
    """Of the same 24 regions, five years on, against no backbone: an exact sign test."""
    change = {}
    for name in ("national-and-regional", "no-backbone"):
        seen = [
            CollectiveImpactModel(scenario(name, "test-region"), seed)
            .run(60)
            .outcomes(["known_centralisation"])["known_centralisation"]
            for seed in range(1, 25)
        ]
        change[name] = np.array([one.iloc[60] - one.iloc[0] for one in seen])
    more = change["national-and-regional"] - change["no-backbone"]
    assert surer_than_chance(int((more > 0).sum()), int((more < 0).sum()))
    with_broker = change["national-and-regional"]
    assert surer_than_chance(int((with_broker > 0).sum()), int((with_broker < 0).sum()))


@pytest.mark.slow
def test_more_is_lost_where_the_one_leaves_whom_most_know() -> None:
    """A new representative of a hub knows fewer of its acquaintances, and the network has lost
    what held it together: exact sign tests over 60 worlds. One of a leaf costs the hub nothing."""
    script = load_script("experiments/renown.py")
    spread = Parameters().renown_spread
    nobody, leaf, hub = (
        np.array([script.left(who, spread, seed) for seed in range(1, 61)])
        for who in script.LEAVING
    )
    for less in (hub - leaf).T:
        assert surer_than_chance(int((less < 0).sum()), int((less > 0).sum()))
    assert abs((leaf - nobody)[:, 0].sum()) <= 1


def test_what_is_observed_of_acquaintance_is_what_the_graph_says() -> None:
    model = CollectiveImpactModel(scenario(world="finland"), 3).run(18)
    graph = model.network().to_undirected()
    seen = model.outcomes(by_region=True).query("month == 18").set_index("region")
    for name in seen.index[:-1]:
        here = graph.subgraph(n for n, data in graph.nodes.items() if data["region"] == name)
        degrees = [degree for _, degree in here.degree]
        size = here.number_of_nodes()
        assert seen.known_density[name] == pytest.approx(nx.density(here), abs=1e-12)
        star = (size * max(degrees) - sum(degrees)) / ((size - 1) * (size - 2))
        assert seen.known_centralisation[name] == pytest.approx(star, abs=1e-12)
        largest = max(map(len, nx.connected_components(here)))
        assert seen.known_reach[name] == pytest.approx(largest / size, abs=1e-12)


def test_what_forms_and_lapses_adds_up() -> None:
    model = CollectiveImpactModel(scenario(), 3)
    before = model.state.ties.count // 2
    model.run(24)
    seen = model.outcomes(["ties_formed", "ties_lapsed"]).iloc[1:]
    change = seen.ties_formed.sum() - seen.ties_lapsed.sum()
    assert seen.ties_lapsed.sum() > 0
    assert before + change == model.state.ties.count // 2


def test_a_choice_that_there_is_not_is_refused_in_one_sentence() -> None:
    with pytest.raises(InputError, match=r"ties.*fixed, forming"):
        Scenario.load("no-backbone").set({"ties": "formin"})


def test_a_saved_run_in_which_a_stranger_has_a_tie_is_refused(tmp_path: Any) -> None:
    from cisim.model import saved

    model = CollectiveImpactModel(scenario(), 3).run(6)
    openings = model.state.openings
    openings.tie[np.flatnonzero(openings.tie >= 0)[0]] = -1
    path = model.save(tmp_path / "half.npz")
    with pytest.raises(InputError, match="who knows whom"):
        CollectiveImpactModel.load(path)
    assert saved.FORMAT == 4
