"""Who may take part and who founds it are chosen by a structure; the place stays what it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cisim
from cisim.model.input_error import InputError
from cisim.model.luck import Luck
from cisim.model.model import CollectiveImpactModel
from cisim.model.month import work
from cisim.model.past import Pasts
from cisim.model.schedule import FOUNDING
from cisim.model.state import State
from cisim.world.files import checked
from cisim.world.scenario import Scenario
from cisim.world.structure import Structure


def scenario(world: str = "finland", **levers: Any) -> Scenario:
    return Scenario.load("national-and-regional", world=world, months=12).with_(
        structure_changes=levers
    )


def taking_part(seed: int = 1, **levers: Any) -> np.ndarray:
    return scenario(**levers).build(seed).communities.participating


def founded(world: str = "finland", seed: int = 1, **levers: Any) -> State:
    return CollectiveImpactModel(scenario(world, **levers), seed=seed).state


# participation -------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 9])
def test_as_many_as_the_world_says_take_part_unless_a_structure_says_more(seed: int) -> None:
    state = scenario().build(seed)
    region = state.communities.region
    many = np.bincount(region, state.communities.participating).tolist()
    assert many == [one.participating for one in scenario().world.regions]


def test_all_none_a_number_and_names() -> None:
    assert taking_part(participation="all").all()
    assert not taking_part(participation="none").any()
    named = taking_part(participation={"names": ["Pirha/2", "Pohde/30"]})
    names = np.array(scenario().world.community_names)
    assert sorted(names[named]) == ["Pirha/2", "Pohde/30"]


@pytest.mark.parametrize("which", ["largest", "smallest", "random"])
def test_a_number_is_that_of_each_region(which: str) -> None:
    state = scenario(participation={"number": 4, "which": which}).build(3)
    communities = state.communities
    for r in range(5):
        here = communities.region == r
        chosen, children = communities.participating[here], communities.children[here]
        assert chosen.sum() == 4
        if which == "largest":
            assert children[chosen].min() >= children[~chosen].max()
        if which == "smallest":
            assert children[chosen].max() <= children[~chosen].min()


def test_one_region_may_choose_alone_and_has_no_more_than_it_has() -> None:
    state = scenario(participation={"number": 99, "region": "Pirha"}).build(3)
    usual = scenario().build(3)
    pirha = state.communities.region == 2
    assert state.communities.participating[pirha].all()
    same = state.communities.participating[~pirha], usual.communities.participating[~pirha]
    np.testing.assert_array_equal(*same)


def test_saying_what_the_world_says_gives_the_same_bits() -> None:
    plain = scenario("one-town", participation="file")
    said = scenario("one-town", participation="all")  # as all of them take part there
    drawn = scenario("one-town", participation={"number": 6, "which": "random"}, founders="drawn")
    bits = [CollectiveImpactModel(one, seed=2).run().outcomes() for one in (plain, said, drawn)]
    assert bits[0].equals(bits[1])
    assert bits[0].equals(bits[2])


def test_chance_takes_the_same_first_however_many_take_part() -> None:
    few = taking_part(participation={"number": 3, "which": "random"})
    more = taking_part(participation={"number": 6, "which": "random"})
    assert (more | ~few).all()


def test_organisations_may_join_where_their_community_takes_part_and_bodies_always() -> None:
    orgs = scenario(participation="none").build(1).orgs
    np.testing.assert_array_equal(orgs.eligible, orgs.community < 0)


def test_who_does_not_take_part_never_joins() -> None:
    model = CollectiveImpactModel(scenario(participation="none", founders="drawn"), seed=1).run()
    orgs = model.state.orgs
    assert orgs.member.any()
    assert not orgs.member[orgs.community >= 0].any()


def test_the_past_is_the_same_whoever_takes_part() -> None:
    """So structures that differ in it share one past, and compare."""
    plain = scenario("one-town")
    others = [
        scenario("one-town", participation="none"),
        scenario("one-town", participation={"number": 2, "which": "smallest"}, founders="network"),
    ]
    pasts = Pasts()
    for one in (plain, *others, plain):
        shared, alone = pasts.state(one, 5), one.build(5)
        np.testing.assert_array_equal(shared.orgs.eligible, alone.orgs.eligible)
    assert pasts.lived == 1
    compared = [one.with_(name=f"s{n}").with_(months=2) for n, one in enumerate((plain, *others))]
    found = cisim.compare(compared, replicates=2, workers=1, beliefs="fixed")
    for one in compared:
        alone_ = cisim.simulate(one, 2, 1)
        np.testing.assert_array_equal(found.ensembles[one.name].values, alone_.values)


# founders ------------------------------------------------------------------------------------


def test_named_founders_found_it_and_nobody_else() -> None:
    names = ["Pirha/social", "Pohde/3/youth", "Soite/health"]
    state = founded(founders={"names": names})
    known = np.array(scenario().world.organisation_names)
    assert sorted(known[state.orgs.number[state.orgs.member]]) == names


def test_a_named_founder_whose_municipality_is_not_drawn_is_none() -> None:
    state = founded(
        participation={"number": 0, "which": "random"},
        founders={"names": ["Pirha/social", "Pohde/3/youth"]},
    )
    assert state.orgs.member.sum() == 1


def test_nobody_founds_it_and_a_backbone_recruits() -> None:
    model = CollectiveImpactModel(scenario("one-town", founders="none"), seed=3)
    assert not model.state.orgs.member.any()
    model.run()
    assert model.state.orgs.member.any()
    alone = Scenario.load("no-backbone", world="one-town", months=24)
    without = CollectiveImpactModel(alone.with_(structure_changes={"founders": "none"}), seed=3)
    assert not without.run().state.orgs.member.any()


def closeness(state: State, n0: float) -> np.ndarray:
    """Return (N, N) how well two of a region know and trust each other, 0 without a tie."""
    ties, size = state.ties, state.orgs.number.size
    found = np.zeros((size, size))
    for i in range(size):
        for tie in range(ties.start[i], ties.near[i]):
            seen = ties.kept[tie] + ties.broken[tie]
            tau = (n0 * ties.prior[tie] + ties.kept[tie]) / (n0 + seen)
            found[i, ties.other[tie]] = seen / (n0 + seen) * tau
    return (found + found.T) / 2.0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_network_founds_it_with_the_closest_pair_and_who_is_closest_to_them(seed: int) -> None:
    one = scenario("one-town", founders={"network": True, "number": 3})
    state = founded("one-town", seed, founders={"network": True, "number": 3})
    close = closeness(state, one.parameters.prior_weight)
    members = set(np.flatnonzero(state.orgs.member).tolist())
    pair = np.unravel_index(int(close.argmax()), close.shape)
    assert set(pair) <= members
    assert len(members) == 3
    (third,) = members - set(pair)
    to_them = close[list(pair)].sum(axis=0)
    to_them[list(pair)] = -1.0
    assert to_them[third] == to_them.max()


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_network_is_as_large_as_a_draw_and_closer(seed: int) -> None:
    drawn = founded("finland", seed)
    network = founded("finland", seed, founders="network")
    close = closeness(drawn, scenario().parameters.prior_weight)
    inner = []
    for state in (drawn, network):
        members = np.flatnonzero(state.orgs.member)
        inner.append(close[np.ix_(members, members)].sum())
    by_region = [
        np.bincount(state.orgs.region[state.orgs.member], minlength=5).tolist()
        for state in (drawn, network)
    ]
    assert by_region[0] == by_region[1]
    assert inner[1] > inner[0]


def test_a_network_may_be_asked_for_more_than_there_are() -> None:
    state = founded("one-town", founders={"network": True, "number": 10_000})
    assert state.orgs.member.sum() == state.orgs.eligible.sum()
    nobody = founded("one-town", founders={"network": True, "number": 0})
    assert not nobody.orgs.member.any()


def test_the_network_is_found_in_whatever_rows_organisations_stand() -> None:
    from cisim.lab.patterns.runs import relabel
    from cisim.model.past import live_past

    one = scenario("one-town", founders="network")
    plain, other = live_past(one, 4), relabel(live_past(one, 4), 4)
    members = []
    for state in (plain, other):
        work(FOUNDING, state, one.parameters, Luck(4, 0))
        members.append(sorted(state.orgs.number[state.orgs.member].tolist()))
    assert members[0] == members[1]


# bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("levers", "words"),
    [
        ({"participation": "some"}, "participation is 'some'; allowed is one of file, all, none"),
        ({"participation": 4}, "participation is 4"),
        ({"participation": {"number": -1}}, "participation.number is -1"),
        ({"participation": {"which": "random"}}, "participation.number is missing"),
        ({"participation": {"number": 2, "which": "larges"}}, "Did you mean largest?"),
        ({"participation": {"nubmer": 2}}, "participation.nubmer is not a field. Did you mean"),
        ({"participation": {"names": []}}, "participation.names is []"),
        ({"founders": "chance"}, "founders is 'chance'; allowed is one of file, drawn, network"),
        ({"founders": {"network": False}}, "founders.network is False; allowed is"),
        ({"founders": {"network": True, "number": -2}}, "founders.number is -2"),
        ({"founders": {"names": "Pohde/health"}}, "founders.names is 'Pohde/health'"),
    ],
)
def test_a_wrong_choice_is_said_with_field_and_value(levers: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        checked(Structure, levers, "s.toml")
    assert any(words in one for one in caught.value.sentences), caught.value.sentences


@pytest.mark.parametrize(
    ("levers", "words"),
    [
        (
            {"participation": {"number": 2, "region": "Pihra"}},
            "participation.region is 'Pihra', which is not a region of this world. Did you mean",
        ),
        (
            {"participation": {"names": ["Pirha/99"]}},
            "participation.names[0] is 'Pirha/99', which is no community of this world.",
        ),
        (
            {"founders": {"names": ["Pirha/2/yuoth"]}},
            "founders.names[0] is 'Pirha/2/yuoth', which is no organisation of this world. Did you",
        ),
        (
            {"founders": {"names": ["Pirha/health", "Pirha/health"]}},
            "founders.names[1] is 'Pirha/health', which is named before",
        ),
        (
            {
                "founders": {"names": ["Pirha/health", "Pirha/2/youth"]},
                "participation": {"names": ["Pirha/1"]},
            },
            "founders.names[1] is 'Pirha/2/youth', whose community does not take part",
        ),
    ],
)
def test_a_choice_must_fit_the_world(levers: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        scenario(**levers)
    assert words in str(caught.value)


def test_a_table_changes_in_part_where_it_stays_of_its_form_and_else_as_a_whole() -> None:
    one = scenario(participation={"number": 4, "which": "random"})
    assert one.set({"participation.number": 2}).structure.participation.which == "random"  # type: ignore[union-attr]
    named = one.set({"participation": {"names": ["Pirha/1"]}})
    assert named.structure.participation.names == ["Pirha/1"]  # type: ignore[union-attr]
    assert named.set({"participation": "all"}).structure.participation == "all"
    assert Scenario.from_resolved(named.resolved()) == named
