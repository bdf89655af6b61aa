"""What is each community's and each organisation's: it adds up to the region's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cisim
from cisim.lab import results
from cisim.lab.comparison import join
from cisim.lab.ensemble import Ensemble
from cisim.lab.gains import gains, places
from cisim.lab.simulate import run_ensembles
from cisim.model.input_error import InputError
from cisim.model.outcomes import EACH, OUTCOMES, find_each
from cisim.model.state import State

BOTH = cisim.Scenario.load("national-and-regional", world="test-region", months=30)
NONE = cisim.Scenario.load("no-backbone", world="test-region", months=30)
ALIKE = ("wellbeing_gain", "joint_activity", "everyday_activity", "service_forgone")
"""What the region has child-weighted over all communities."""


@pytest.fixture(scope="module")
def kept() -> Ensemble:
    return cisim.simulate(
        BOTH, 4, 1, 5, by_region=True, by_community=True, by_organisation=True, outcomes=ALIKE
    )


@pytest.mark.parametrize("headroom", [0.0, 0.7])
def test_communities_weighted_by_children_are_the_regions_and_the_whole(headroom: float) -> None:
    lived = cisim.simulate(
        BOTH.with_(world="finland", months=24, structure_changes={"headroom": headroom}),
        2,
        1,
        by_region=True,
        by_community=True,
        outcomes=ALIKE,
    )
    frame = lived.by_community()
    series = lived.series
    for keys, regions in (
        (["replicate", "month", "region"], series[series["region"] != "overall"]),
        (["replicate", "month"], series[series["region"] == "overall"]),
    ):
        for name in ALIKE:
            weighted = frame.assign(total=frame[name] * frame["children"]).groupby(keys)
            mean = weighted["total"].sum() / weighted["children"].sum()
            whole = regions.set_index(keys)[name].loc[mean.index]
            np.testing.assert_allclose(mean, whole, rtol=0, atol=1e-12)


def test_a_run_that_is_followed_shows_the_same_to_the_last_bit(kept: Ensemble) -> None:
    plain = cisim.simulate(BOTH, 4, 1, 5, by_region=True, outcomes=ALIKE)
    np.testing.assert_array_equal(kept.values, plain.values)
    assert plain.communities is None
    assert plain.organisations is None
    late = run_ensembles([BOTH], 4, 1, 5, each=("community",), yearly=False)[0]
    assert kept.communities is not None
    assert late.communities is not None
    assert late.communities.months.tolist() == [30]
    np.testing.assert_array_equal(late.communities.values, kept.communities.values[:, -1:])
    with pytest.raises(InputError, match="by_community=True"):
        plain.by_community()


def test_what_is_kept_does_not_depend_on_workers(kept: Ensemble) -> None:
    two = cisim.simulate(
        BOTH, 4, 2, 5, by_region=True, by_community=True, by_organisation=True, outcomes=ALIKE
    )
    pd.testing.assert_frame_equal(two.by_community(), kept.by_community())
    pd.testing.assert_frame_equal(two.by_organisation(), kept.by_organisation())


def test_communities_are_looked_at_in_full_years_and_at_the_horizon(kept: Ensemble) -> None:
    frame = kept.by_community()
    assert list(frame.columns) == [
        "scenario", "replicate", "month", "region", "community", *EACH["community"]
    ]  # fmt: skip
    assert list(frame["month"].unique()) == [0, 12, 24, 30]
    assert set(frame["community"]) == set(BOTH.world.community_names)
    assert not frame.isna().any().any()
    later = frame[frame["month"] == 30].reset_index(drop=True)
    start = frame[frame["month"] == 0].reset_index(drop=True)
    np.testing.assert_array_equal(later["deprivation"], start["deprivation"])


def test_an_organisations_months_and_time_are_counted_month_by_month(kept: Ensemble) -> None:
    model = cisim.CollectiveImpactModel(BOTH, seed=6)
    order = model.state.layout.order
    months = np.zeros(order.size)
    joint, service = np.zeros(order.size), np.zeros(order.size)
    for _ in range(30):
        model.step()
        months += model.state.orgs.member[order]
        joint += model.state.orgs.joint_time[order] / 12
        service += model.state.orgs.service_time[order] / 12
    frame = kept.by_organisation()
    assert frame.index.is_unique
    mine = frame[frame["replicate"] == 1]
    np.testing.assert_array_equal(mine["member_months"], months)
    np.testing.assert_allclose(mine["joint_time"], joint, rtol=1e-12)
    np.testing.assert_allclose(mine["service_time"], service, rtol=1e-12)
    assert set(mine["month"]) == {30}
    assert 0 < mine["member_months"].max() <= 30
    now = model.organisations().set_index("organisation")
    assert "member_months" not in now
    np.testing.assert_array_equal(now.loc[mine["organisation"], "commitment"], mine["commitment"])


def test_trust_that_is_given_is_got_by_somebody() -> None:
    model = cisim.CollectiveImpactModel(BOTH, seed=1).run(12)
    frame = model.organisations()
    given, received = frame["trust_given"].to_numpy(), frame["trust_received"].to_numpy()
    for number in (0, len(frame) - 1):
        row = int(model.state.layout.order[number])
        agent = model.organisation(row)
        assert given[number] == pytest.approx(agent.trust, rel=1e-12)
        mine = [
            tie.trust
            for other in model.agents_by_type[cisim.Organisation]
            for tie in other.ties()
            if tie.other is agent
        ]
        assert received[number] == pytest.approx(np.mean(mine), rel=1e-12)
    ties = np.diff(model.state.ties.start)[model.state.layout.order]
    assert (given * ties).sum() == pytest.approx((received * ties).sum(), rel=1e-12)


def test_the_model_tells_each_community_as_its_agents_do() -> None:
    model = cisim.CollectiveImpactModel(BOTH, seed=1).run(24)
    frame = model.communities().set_index("community")
    for agent in model.agents_by_type[cisim.Community]:
        row = frame.loc[agent.name]
        assert row["wellbeing_gain"] == pytest.approx(agent.wellbeing_gain, rel=1e-12)
        assert (row["children"], row["deprivation"]) == (agent.children, agent.deprivation)
        assert row["joint_activity"] == agent.joint_activity


def test_comparisons_with_communities_are_joined_future_by_future() -> None:
    asked = {"outcomes": ["wellbeing_gain"], "by_community": True, "by_organisation": True}
    whole = cisim.compare([NONE, BOTH], 4, 1, 5, **asked)  # type: ignore[arg-type]
    parts = [cisim.compare([NONE, BOTH], 2, 1, seed, **asked) for seed in (5, 7)]  # type: ignore[arg-type]
    joined = join(*parts)
    pd.testing.assert_frame_equal(joined.by_community(), whole.by_community())
    pd.testing.assert_frame_equal(joined.by_organisation(), whole.by_organisation())
    assert whole.by_organisation().index.is_unique
    assert whole.by_community().index.is_unique


def test_the_files_of_each_hold_every_scenario(tmp_path: Path) -> None:
    asked = {"outcomes": ["wellbeing_gain"], "by_community": True, "by_organisation": True}
    result = cisim.compare([NONE, BOTH], 2, 1, 5, **asked)  # type: ignore[arg-type]
    results.write_ensembles(tmp_path, result, "x")
    kept = pd.read_parquet(tmp_path / results.COMMUNITIES)
    pd.testing.assert_frame_equal(kept, result.by_community(), check_dtype=False)
    told = pd.read_csv(tmp_path / results.GAINS, comment="#")
    assert list(told["mean"]) == pytest.approx(list(gains(result)["mean"]))
    whole = result.by_organisation()
    every = pd.read_parquet(tmp_path / results.ORGANISATIONS)
    pd.testing.assert_frame_equal(every, whole, check_dtype=False)
    means = pd.read_csv(tmp_path / results.MEMBERS, comment="#")
    assert not means.duplicated(["scenario", "region", "organisation"]).any()
    assert set(means["scenario"]) == {NONE.name, BOTH.name}
    row = means.iloc[-1]
    mine = whole[(whole["scenario"] == row["scenario"]) & (whole["region"] == row["region"])]
    mine = mine[mine["organisation"] == row["organisation"]]
    assert len(mine) == 2  # futures
    assert row["joint_time"] == pytest.approx(mine["joint_time"].mean())


def named(scenario: cisim.Scenario) -> cisim.Scenario:
    """Return it in a world of two municipalities by name, the same in every future."""
    town = {
        **scenario.world.model_dump(exclude_unset=True),
        "evidence": [],  # which speaks of other numbers
        "regions": [{"name": "Ranta", "seed_fte": 1.0}],
        "communities": [
            {"name": "Isola", "region": "Ranta", "children": 900.0, "deprivation": 0.7},
            {"name": "Åminne", "region": "Ranta", "children": 400.0, "deprivation": 0.2},
        ],
    }
    return scenario.with_(world=cisim.World(**town))


def test_who_gains_is_told_by_name_where_communities_are_the_same_in_all_futures() -> None:
    pair = [named(NONE), named(BOTH)]
    result = cisim.compare(pair, 6, 1, outcomes=["wellbeing_gain"], by_community=True)
    found = gains(result)
    assert list(found["community"]) == ["Åminne", "Isola"]  # the least deprived first
    assert list(found["children"]) == [400.0, 900.0]
    frame = result.by_community()
    end = frame[(frame["month"] == 30) & (frame["community"] == "Isola")]
    here, there = (end[end["scenario"] == one.name]["wellbeing_gain"].to_numpy() for one in pair)
    row = found.iloc[1]
    assert row["mean"] == pytest.approx((there - here).mean())
    assert (row["gains"], row["loses"], row["equal"], row["n"]) == (
        (there > here).sum(), (there < here).sum(), (there == here).sum(), 6,
    )  # fmt: skip
    assert row["against"] == "no-backbone"
    alone = gains(result.ensembles["national-and-regional"])
    assert alone.iloc[1]["mean"] == pytest.approx(there.mean())
    with pytest.raises(InputError, match="neither more nor less is better"):
        gains(result, outcome="children")
    with pytest.raises(InputError, match="Did you mean wellbeing_gain"):
        gains(result, outcome="welbeing_gain")
    with pytest.raises(InputError, match="was looked at in months 0, 12, 24, 30"):
        gains(result, at=13)


def test_where_communities_are_drawn_they_are_told_by_their_rank(kept: Ensemble) -> None:
    seen = kept.communities
    assert seen is not None
    where = places(seen)
    assert not where.named
    assert where.names[0].endswith(f"1 of {BOTH.world.community_count} by deprivation")
    ordered = np.take_along_axis(seen.at("deprivation"), where.rows, axis=1)
    assert (np.diff(ordered, axis=1) >= 0).all()


def test_everything_observed_of_each_is_declared_once_and_well() -> None:
    for of, known in EACH.items():
        for name, one in known.items():
            assert (one.of, one.name) == (of, name)
            assert one.title
            assert one.words.endswith(".")
            assert one.unit
    for name in EACH["community"].keys() & OUTCOMES.keys():
        mine, whole = EACH["community"][name], OUTCOMES[name]
        assert (mine.unit, mine.form, mine.title) == (whole.unit, whole.form, whole.title)
        assert mine.better in ("", whole.better)
    with pytest.raises(InputError, match="Did you mean trust_given"):
        find_each("organisation", ["trust_give"])


def test_what_is_observed_of_each_changes_nothing() -> None:
    model = cisim.CollectiveImpactModel(BOTH, seed=1).run(6)
    before = [column.copy() for column in _columns(model.state)]
    model.communities()
    model.organisations()
    for column, was in zip(_columns(model.state), before, strict=True):
        np.testing.assert_array_equal(column, was)


def _columns(state: State) -> list[np.ndarray]:
    return [
        getattr(table, name)
        for _, table in state.tables()
        for name in table.__dataclass_fields__
        if isinstance(getattr(table, name), np.ndarray)
    ]
