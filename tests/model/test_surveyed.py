"""What was surveyed is what month 0 looks like, on the model's own scale."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from named import mixed
from scipy.stats import spearmanr

from cisim.model.model import CollectiveImpactModel
from cisim.model.parameters import Parameters
from cisim.model.past import Pasts, live_past
from cisim.model.state import NEVER, State, find_arcs
from cisim.model.surveyed import Surveyed, stand_as_surveyed
from cisim.world.files import checked
from cisim.world.scenario import Scenario
from cisim.world.world import World

SECTORS = ("education", "social", "health", "youth", "third", "private")


def random_network(size: int = 40, share: float = 0.2, seed: int = 1, **more: Any) -> World:
    """Return a world of so many organisations with random ties in four levels of strength."""
    chance = np.random.default_rng(seed)
    names = [f"Org {number}" for number in range(size)]
    ties = [
        {
            "between": [names[a], names[b]],
            "strength": (chance.integers(1, 5, 2) / 4.0).tolist(),
        }
        for a in range(size)
        for b in range(a + 1, size)
        if chance.random() < share
    ]
    return checked(
        World,
        {
            "title": "Random",
            "source": "made up",
            "acquaintance": "given",
            "regions": [{"name": "R", "seed_fte": 1.0, "mean_children": 2000.0}],
            "communities": [{"name": f"C{c}", "region": "R"} for c in range(4)],
            "organisations": [
                {"name": name, "sector": SECTORS[k % 6], "community": f"C{k % 4}"}
                for k, name in enumerate(names)
            ],
            "ties": ties,
            **more,
        },
        "random.toml",
    )


def at_month_0(
    world: World, seed: int = 1, name: str = "national-and-regional", ties: str = "fixed"
) -> State:
    given = Scenario.load(name, world=world).set({"ties": ties})
    return CollectiveImpactModel(given, seed).state


def trust_of(state: State, n0: float = Parameters().prior_weight) -> np.ndarray:
    ties, held = state.ties, slice(state.ties.count)
    kept, broken = ties.kept[held], ties.broken[held]
    return (n0 * ties.prior[held] + kept) / (n0 + kept + broken)


def arcs_and_strengths(world: World, state: State) -> tuple[np.ndarray, np.ndarray]:
    found = Scenario.load("no-backbone", world=world).surveyed(state)
    return found.arc, found.strength


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_ties_at_month_0_is_that_of_the_data(seed: int) -> None:
    world = random_network(seed=seed)
    state = at_month_0(world, seed)
    arc, strength = arcs_and_strengths(world, state)
    assert arc.size == 2 * len(world.ties)
    familiarity = state.ties.kept + state.ties.broken
    assert spearmanr(trust_of(state)[arc], strength).statistic > 0.999
    assert spearmanr(familiarity[arc], strength).statistic > 0.999


def test_given_as_prior_trust_alone_the_order_is_washed_out() -> None:
    world = random_network()
    trusting = [
        {"between": tie.between, "trust": float(np.mean(tie.strengths))} for tie in world.ties
    ]
    state = at_month_0(random_network(ties=trusting))
    known = [[int(name.split()[1]) for name in tie["between"]] for tie in trusting]
    arc = find_arcs(np.array(known), state.orgs, state.ties)
    strength = [tie["trust"] for tie in trusting]
    familiar = (state.ties.kept + state.ties.broken)[arc]
    assert spearmanr(familiar, strength).statistic < 0.6


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[3] / "shared" / "data").glob("*_edges.csv"))
)
@pytest.mark.parametrize("choice", ["fixed", "forming"])
def test_real_networks_look_at_month_0_as_they_were_found(path: Path, choice: str) -> None:
    import pandas as pd

    edges = pd.read_csv(path)
    weight = edges.columns[2]
    most = edges[weight].max()
    answers = {
        (f"N{one}", f"N{other}"): float(value) / most
        for one, other, value in edges.itertuples(index=False)
        if one != other
    }
    nodes = sorted({name for pair in answers for name in pair})
    pairs = sorted({tuple(sorted(pair)) for pair in answers})
    ties = [
        {
            "between": list(pair),
            "strength": [answers.get(pair, "unknown"), answers.get(pair[::-1], "unknown")],
        }
        for pair in pairs
    ]
    organisations = [
        {"name": name, "sector": SECTORS[k % 6], "community": f"C{k % 4}"}
        for k, name in enumerate(nodes)
    ]
    world = random_network(organisations=organisations, ties=ties)
    state = at_month_0(world, ties=choice)
    assert state.ties.count == 2 * len(ties)
    arc, strength = arcs_and_strengths(world, state)
    told = ~np.isnan(strength)
    assert told.sum() == len(answers)
    assert spearmanr(trust_of(state)[arc[told]], strength[told]).statistic > 0.95


def test_the_level_is_the_models_own_and_follows_the_data() -> None:
    levels = {}
    for level in (0.1, 0.5, 0.9):
        ties = [{**tie.model_dump(), "strength": level} for tie in random_network().ties]
        levels[level] = trust_of(at_month_0(random_network(ties=ties))).mean()
    plain = [{"between": tie.between} for tie in random_network().ties]
    own = trust_of(at_month_0(random_network(ties=plain)))
    assert levels[0.1] < levels[0.5] < levels[0.9]
    assert levels[0.5] == pytest.approx(np.median(own), abs=1e-9)
    assert own.min() < levels[0.1]
    assert levels[0.9] < own.max()


def test_ties_of_equal_strength_are_equally_trusted_to_the_last_bit() -> None:
    world = random_network()
    state = at_month_0(world)
    arc, strength = arcs_and_strengths(world, state)
    for level in np.unique(strength):
        assert len(set(trust_of(state)[arc[strength == level]].tolist())) == 1


def test_evidence_holds_what_trust_says() -> None:
    for parameters in ({}, {"prior_weight": 30.0}, {"trust_prior": 0.9}, {"everyday_meetings": 0}):
        one = Scenario.load("no-backbone", world=random_network()).with_(parameters=parameters)
        ties = live_past(one, 4).ties
        for column in (ties.kept, ties.broken):
            assert (column >= 0.0).all()
        assert ((ties.prior >= 0.0) & (ties.prior <= 1.0)).all()
        found = one.surveyed(live_past(one, 4))
        trust = trust_of(live_past(one, 4), one.parameters.prior_weight)
        assert spearmanr(trust[found.arc], found.strength).statistic > 0.999


def test_a_side_that_said_nothing_stays_as_history_left_it() -> None:
    world = mixed()
    scenario = Scenario.load("no-backbone", world=world)
    without = scenario.with_(
        world=mixed(ties=[tie.model_dump(exclude={"strength"}) for tie in world.ties])
    )
    ours, theirs = live_past(scenario, 3), live_past(without, 3)
    arc, strength = arcs_and_strengths(world, ours)
    changed = set(np.flatnonzero(ours.ties.kept != theirs.ties.kept).tolist())
    changed |= set(np.flatnonzero(ours.ties.broken != theirs.ties.broken).tolist())
    assert changed <= set(arc[~np.isnan(strength)].tolist())
    assert np.isnan(strength).sum() == 1
    met = ours.ties.last_met
    assert (met[arc[strength > 0]] == -1).all()
    assert (met >= theirs.ties.last_met).all()
    assert (ours.ties.last_brokered == NEVER).all()


def test_wellbeing_is_counted_from_the_surveyed_relations() -> None:
    """What reaches children right after month 0 is near the baseline, whatever was surveyed."""
    plain = [{"between": tie.between} for tie in random_network().ties]
    own = Scenario.load("no-backbone", world=random_network(ties=plain))
    history = live_past(own, 2).communities.baseline
    for level in (0.1, 0.9):
        ties = [{**tie, "strength": level} for tie in plain]
        scenario = Scenario.load("no-backbone", world=random_network(ties=ties))
        counted_from = live_past(scenario, 2).communities.baseline
        after = CollectiveImpactModel(scenario, 2).run(1).state.communities.input
        assert abs(after - history).sum() > 3 * abs(after - counted_from).sum()


def test_a_shared_past_and_a_saved_run_keep_what_was_surveyed(tmp_path: Path) -> None:
    world = mixed()
    pasts = Pasts()
    for name in ("no-backbone", "national-and-regional"):
        scenario = Scenario.load(name, world=world, months=12)
        shared = CollectiveImpactModel(scenario, 7, pasts=pasts)
        alone = CollectiveImpactModel(scenario, 7)
        np.testing.assert_array_equal(shared.state.ties.kept, alone.state.ties.kept)
        again = CollectiveImpactModel.load(alone.run(3).save(tmp_path / f"{name}.npz"))
        shared.run(), again.run()
        for column in ("prior", "kept", "broken", "last_met", "last_brokered"):
            np.testing.assert_array_equal(
                getattr(shared.state.ties, column), getattr(again.state.ties, column)
            )
        np.testing.assert_array_equal(shared.recorder.table, again.recorder.table)
    assert pasts.lived == 1


def test_without_a_survey_nothing_is_touched() -> None:
    scenario = Scenario.load("no-backbone", world="one-town")
    state = live_past(scenario, 1)
    before = state.copy()
    nothing = Surveyed(np.empty(0, np.int64), np.empty(0), np.empty(0))
    stand_as_surveyed(state, scenario.parameters, 1, nothing)
    for (name, one), (_, other) in zip(state.columns(), before.columns(), strict=True):
        np.testing.assert_array_equal(np.asarray(one), np.asarray(other), err_msg=name)


def test_neither_the_order_of_ties_in_a_file_nor_which_side_comes_first_changes_a_bit() -> None:
    world = random_network(acquaintance="both")
    told = [{"between": tie.between, "strength": list(tie.strengths)} for tie in world.ties]
    told = [{**tie, "trust": 0.3 + 0.4 * (k % 5) / 4} for k, tie in enumerate(told)]
    turned = [
        {**tie, "between": tie["between"][::-1], "strength": tie["strength"][::-1]} for tie in told
    ]
    mixed_up = [(turned if k % 3 else told)[k] for k in range(len(told))][::-1]
    ours, theirs = (
        at_month_0(random_network(acquaintance="both", ties=ties)) for ties in (told, mixed_up)
    )
    column = dict(theirs.columns())
    for name, values in ours.columns():
        np.testing.assert_array_equal(np.asarray(values), np.asarray(column[name]), err_msg=name)
