"""Communities' trust: a fixed credibility, or what they have seen of results."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cisim
from cisim.model.model import CollectiveImpactModel
from cisim.world.scenario import Scenario

BOTH = Scenario.load("national-and-regional", world="one-town", months=36)


def lived(months: int = 36, **levers: Any) -> CollectiveImpactModel:
    scenario = BOTH.with_(structure_changes=levers) if levers else BOTH
    model = CollectiveImpactModel(scenario, seed=5)
    model.run(months)
    return model


def test_trust_begins_with_credibility_and_follows_the_results_of_the_month_before() -> None:
    model = lived(1, earned_trust=1.0, credibility=0.35)
    communities = model.state.communities
    assert communities.trust.tolist() == [0.35] * communities.trust.size
    for _ in range(20):
        trust, seen = communities.trust.copy(), communities.visible.copy()
        model.step()
        expected = trust + (seen - trust) / model.parameters.trust_earning
        np.testing.assert_allclose(communities.trust, expected, rtol=1e-14)
    assert communities.visible.max() > 0.0


def test_who_believes_in_part_is_between_what_is_said_and_what_is_seen() -> None:
    def told(earned: float) -> float:
        run = cisim.simulate(
            BOTH.with_(structure_changes={"earned_trust": earned}), 2, 1, seed=5,
            outcomes=["community_trust", "component_beneficiaries"],
        )  # fmt: skip
        at = run.outcomes.index
        believed = run.values[:, -1, -1, at("community_trust")]
        engaged = run.values[:, -1, -1, at("component_beneficiaries")]
        np.testing.assert_allclose(engaged, BOTH.structure.engagement * believed, rtol=1e-12)
        return float(believed.mean())

    assert told(0.0) == BOTH.structure.credibility
    assert told(1.0) < told(0.5) < BOTH.structure.credibility  # little is seen in three years


def test_off_means_off_and_history_is_not_touched() -> None:
    plain = lived()
    assert not plain.state.communities.trust.any()
    other = lived(earned_trust=0.0, credibility=BOTH.structure.credibility)
    assert np.array_equal(other.state.communities.delay, plain.state.communities.delay)
    earned = lived(earned_trust=1.0)
    assert not np.array_equal(earned.state.communities.delay, plain.state.communities.delay)


def test_where_more_is_seen_than_was_said_children_gain_by_it() -> None:
    def gain(**levers: Any) -> float:
        scenario = Scenario.load("national-and-regional", world="one-town").with_(
            structure_changes={"credibility": 0.0, "engagement": 1.0, **levers}
        )
        run = cisim.simulate(scenario, 3, 1, seed=5, outcomes=["wellbeing_gain"])
        return float(run.values[:, -1, -1, 0].mean())

    assert gain(earned_trust=1.0) > 1.01 * gain()


def test_trust_comes_back_from_a_file(tmp_path: Any) -> None:
    model = lived(24, earned_trust=0.7)
    model.save(tmp_path / "run.cisim")
    again = CollectiveImpactModel.load(tmp_path / "run.cisim")
    assert np.array_equal(again.state.communities.trust, model.state.communities.trust)
    again.run(6)
    model.run(6)
    assert np.array_equal(again.state.communities.delay, model.state.communities.delay)


def test_re_designs_are_counted_and_what_is_tried_is_told() -> None:
    scenario = BOTH.with_(months=120, structure_changes={"redesign": 1.0, "innovation": 1.0})
    names = ["redesigns", "breadth_tried", "phase"]
    run = cisim.simulate(scenario, 3, 1, seed=5, outcomes=names, by_region=True)
    redesigns, tried, phase = (run.values[:, :, 0, at] for at in range(3))
    left = (np.diff((phase == 3).astype(int), axis=1) == -1) & (phase[:, 1:] == 2)
    counted = np.concatenate([np.zeros((3, 1)), left.cumsum(axis=1)], axis=1)
    np.testing.assert_array_equal(redesigns, counted)
    assert redesigns[:, -1].max() >= 1
    assert ((tried > 0.0) & (tried < 1.0)).any()
    never = cisim.simulate(BOTH, 2, 1, seed=5, outcomes=["breadth_tried"])
    assert not never.values.any()
    assert run.values[:, -1, -1, 0] == pytest.approx(redesigns[:, -1])  # one region
