"""Indicators: each measure on what is known by hand, and that one run serves several."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from cisim.lab import indicators as module
from cisim.lab.indicators import (
    HORIZON,
    INDICATORS,
    Network,
    Population,
    Setback,
    Shown,
    alive,
    measure,
    measured,
    returned,
    system_change,
)
from cisim.lab.sites import differing, shared_scenario
from cisim.model.input_error import InputError
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import Asked
from cisim.model.outcomes.standing import endings

MONTHS = np.arange(HORIZON + 1)


def population(**given: Any) -> Population:
    """Return a made-up population of which only some is given."""
    count = len(next(iter(given.values())))
    series = {
        name: np.asarray(given.get(name, np.zeros((count, HORIZON + 1))), float)
        for name in (
            "partnership_active",
            "partnership_ended",
            "wellbeing_gain",
            "sponsor_money",
            "joint_fte",
            "regional_staff",
            "national_staff",
            "lead_time",
        )
    }
    return Population(
        np.asarray(given.get("ages", np.full(count, 48))),
        np.asarray(given.get("children", np.full(count, 2000.0))),
        series,
        np.asarray(given.get("system", np.zeros(count)), float),
        tuple(given.get("ends", ((),) * count)),
        math.nan,
    )


def read(name: str, **shown: Any) -> float:
    return INDICATORS[name].read(cast(Shown, SimpleNamespace(**shown)))


def test_a_funnel_counts_sites_at_their_own_age() -> None:
    active = np.array([MONTHS >= 12, MONTHS >= 12, MONTHS >= 60, MONTHS >= 0])
    gain = np.array([MONTHS / 40.0, MONTHS / 200.0, MONTHS / 200.0, MONTHS / 50.0])
    seen = population(
        ages=[48, 6, 48, 96], partnership_active=active, wellbeing_gain=gain,
        system=[0.03, 0.0, 0.01, 0.06],
    )  # fmt: skip
    assert read("L2.early", population=seen) == 0.5
    assert read("L2.system", population=seen) == 0.5
    assert read("L2.system_high", population=seen) == 0.25
    assert read("L2.population", population=seen) == 0.5
    assert read("L2.order", population=seen) == 0.0
    fewer = seen._replace(system=np.array([0.03, 0.03, 0.01, 0.06]), series={
        **seen.series, "partnership_active": np.ones((4, HORIZON + 1))})  # fmt: skip
    assert read("L2.order", population=fewer) == 0.25


def test_alive_is_what_has_begun_and_not_ended() -> None:
    active = np.array([MONTHS >= 12, (MONTHS >= 12) & (MONTHS < 50), MONTHS >= 999, MONTHS >= 70])
    ended = np.array([MONTHS < 0, MONTHS >= 56, MONTHS < 0, MONTHS < 0])
    seen = population(partnership_active=active, partnership_ended=ended)
    assert alive(seen, 36).tolist() == [True, True, False, False]
    assert alive(seen, 55).tolist() == [True, True, False, False]
    assert alive(seen, 84).tolist() == [True, False, False, True]
    assert read("L3.year", seeded=seen) == 1.0
    assert read("L3.four_years", seeded=seen) == 0.5
    assert read("L3.hazard", seeded=seen) == pytest.approx(1 - 0.5 ** (1 / 3))
    assert read("L4.alive", seeded=seen) == pytest.approx(2 / 3)
    nobody = population(partnership_active=np.zeros((2, HORIZON + 1)))
    for name in ("L3.year", "L3.hazard", "L4.alive", "L4.done"):
        assert math.isnan(read(name, seeded=nobody)), name


def test_causes_are_shares_of_all_ends() -> None:
    ends = (((50, "money"), (90, "aim reached")), ((60, "organisation"),), (), ((70, "money"),))
    seen = population(ends=ends)
    assert read("L4.done", seeded=seen) == 0.25
    assert read("L4.money", seeded=seen) == 0.5


def test_population_change_is_small_and_late() -> None:
    seen = population(wellbeing_gain=np.outer(np.linspace(0.0, 2.0, 11), MONTHS / HORIZON))
    assert read("L7.mean", population=seen) == pytest.approx(1.0)
    assert read("L7.high", population=seen) == pytest.approx(1.8)
    assert read("L7.half", population=seen) == 60
    harm = population(wellbeing_gain=np.outer([-1.0, -2.0], MONTHS / HORIZON))
    assert math.isnan(read("L7.half", population=harm))


def test_a_gain_is_set_against_all_work_of_the_last_five_years_for_each_1000_children() -> None:
    early = np.broadcast_to(np.where(MONTHS > 60, 0.0, 99.0), (2, HORIZON + 1))
    work = {
        "joint_fte": early + np.array([[2.0], [8.0]]),
        "regional_staff": early + 1.0,
        "national_staff": early + 0.5,
        "lead_time": early + 0.5,
    }
    gain = np.outer([1.0, 2.0], MONTHS / HORIZON)
    seen = population(wellbeing_gain=gain, children=[2000.0, 4000.0], **work)
    assert read("L7.work", population=seen) == pytest.approx(1.5 / ((2.0 + 2.5) / 2.0))
    assert math.isnan(read("L7.work", population=population(wellbeing_gain=gain)))


def test_funders_are_lost_in_spans_of_three_years() -> None:
    steady, falls = np.full(HORIZON + 1, 2.0), np.where(MONTHS >= 30, 1.6, 2.0)
    slightly = np.where(MONTHS >= 30, 1.7, 2.0)
    seen = population(sponsor_money=[steady, falls, slightly])
    assert read("L9.sites", population=seen) == pytest.approx(1 - (1 - 1 / 9) ** (1 / 3))


def graphs() -> list[nx.Graph]:
    return [
        nx.star_graph(6),
        nx.cycle_graph(7),
        nx.complete_graph(5),
        nx.gnp_random_graph(20, 0.3, seed=1),
        nx.barbell_graph(5, 2),
    ]


@pytest.mark.parametrize("graph", graphs())
def test_a_network_is_measured_as_networkx_does(graph: nx.Graph) -> None:
    n = graph.number_of_nodes()
    nodes, density, centralisation, transitivity, assortativity = measured(
        nx.to_numpy_array(graph).astype(bool)
    )
    degrees = [d for _, d in graph.degree]
    assert nodes == sum(d > 0 for d in degrees)
    assert density == pytest.approx(nx.density(graph))
    assert centralisation == pytest.approx(
        sum(max(degrees) - d for d in degrees) / ((n - 1) * (n - 2))
    )
    assert transitivity == pytest.approx(nx.transitivity(graph))
    if len(set(degrees)) > 1:
        assert assortativity == pytest.approx(nx.degree_assortativity_coefficient(graph))
    else:
        assert math.isnan(assortativity)


def test_calls_that_are_returned() -> None:
    calls = np.zeros((4, 4), bool)
    calls[[0, 1, 0, 2], [1, 0, 2, 3]] = True
    density, back = returned(calls)
    assert density == pytest.approx(4 / 12)
    assert back == 0.5
    assert math.isnan(returned(np.zeros((3, 3), bool))[1])


def test_networks_are_judged_one_by_one() -> None:
    good = Network("a", 60, 20.0, 0.3, 0.5, 0.4, -0.2, 0.2, 0.5)
    loose = good._replace(transitivity=0.2, assortativity=0.1, centralisation=0.8, returned=0.1)
    tiny = loose._replace(nodes=2.0)
    undefined = good._replace(transitivity=math.nan, assortativity=math.nan)
    known = good._replace(assortativity=0.1)
    networks = (known, good, good, loose, tiny, undefined)
    assert read("L6.transitivity", networks=networks) == 0.5
    assert read("L6.assortativity", networks=networks) == 0.5
    assert read("L6.centralisation", networks=networks) == 0.75
    assert read("L6.reciprocity", networks=networks) == 0.75
    named = (known, good, *(one._replace(structure="no-backbone") for one in (good, loose)))
    both = good._replace(structure="national-and-regional")
    assert read("L6.none", networks=(*named, both)) == 0.5
    assert read("L6.both", networks=(*named, both)) == 1.0
    assert read("L6.generated", networks=networks) == pytest.approx(2 / 3)


def test_a_setback_is_as_deep_as_it_gets_and_as_long_as_half_of_it_lasts() -> None:
    behind = np.array([0.02, 0.04, 0.03, 0.02, 0.01, *np.zeros(19)])
    assert module._lost(behind) == (0.04, 4.0)
    assert module._lost(np.full(24, 0.01)) == (0.01, 25.0)
    pair = (Setback(0.04, 8.0, 0.1), Setback(0.01, 12.0, 0.05))
    assert read("L8.depth", setbacks=pair) == 0.04
    assert read("L8.trust", setbacks=pair) == 0.25
    assert read("L8.length", setbacks=pair) == 1.5
    assert read("L8.activity", setbacks=pair) == 0.5
    nothing = (Setback(0.0, 1.0, 0.0), Setback(0.0, 1.0, 0.0))
    assert math.isnan(read("L8.trust", setbacks=nothing))


def test_a_band_has_its_ends_unless_it_is_strict() -> None:
    values = np.array([0.54, 0.55, 0.75, 0.76, math.nan])
    assert INDICATORS["L2.early"].within(values).tolist() == [False, True, True, False, False]
    assert INDICATORS["L2.order"].within(np.array([0.0, 0.1])).tolist() == [False, True]
    for one in INDICATORS.values():
        assert one.low < one.high, one.name
        if one.published is not None and one.decides:
            assert one.within(np.array([one.published])).all(), one.name


def test_an_indicator_alone_is_the_same_as_among_all_others() -> None:
    point = {"turnover": 0.02}
    everything = measure(point, 4, sites=2)
    assert list(everything) == list(INDICATORS)
    assert not any(map(math.isnan, (everything["L2.early"], everything["L9.sponsors"])))
    for name in ("L2.system", "L3.four_years", "L7.mean", "L5.density", "L8.depth"):
        assert INDICATORS[name](point, 4, sites=2) == everything[name], name
    assert measure(point, 5, ["L7.mean"], sites=2)["L7.mean"] != everything["L7.mean"]
    with pytest.raises(InputError, match=r"'L3.four' is no indicator. Did you mean L3.four_years"):
        measure({}, 1, ["L3.four"])
    with pytest.raises(InputError, match="effort_halv"):
        measure({"effort_halv": 1.0}, 1, ["L2.early"], 1)


def test_what_sites_have_shown_is_what_their_runs_show() -> None:
    seen = Shown({}, 8, 3).seeded
    for place, site in enumerate(differing(3, 8)):
        scenario = site.scenario(shared_scenario(seed_end=36))
        model = CollectiveImpactModel(scenario, site.seed)
        model.run(site.age)
        assert seen.system[place] == system_change(model.state)
        model.run()
        values = model.recorder.values(list(seen.series))
        for name, series in seen.series.items():
            np.testing.assert_array_equal(series[place], values[name][:, -1], err_msg=name)
        ends = [(month, cause) for _, month, cause in endings(model.recorder.seen())]
        assert list(seen.ends[place]) == ends
        # D2 is seen in the demand for services: system change lies between it and what is to come
        demand = model.recorder.values(["service_demand"])["service_demand"][site.age, -1]
        assert abs(seen.system[place] + math.log(demand) / 2.0) < 0.1


def test_who_called_is_who_began_the_meeting() -> None:
    """In the months that are looked at, by the counts of meetings that the model keeps."""
    scenario = module._scenario("national-and-regional", "test-region", 60)
    model = CollectiveImpactModel(scenario, 2, observe=Asked.of(["density"], [60]))
    calls = module._called(model, 60)
    members = int(model.state.orgs.member.sum())
    assert calls.shape == (members, members)
    assert not np.diag(calls).any()
    known = module._acquainted(model.state)[
        np.ix_(model.state.orgs.member, model.state.orgs.member)
    ]
    assert not (calls & ~known).any()
    assert 0.5 < (calls | calls.T).sum() / known.sum() < 1.0
    assert not np.array_equal(calls, calls.T)  # who calls is not both


@pytest.mark.parametrize("ties", ["fixed", "forming"])
def test_networks_are_observed_whether_ties_are_fixed_or_form(ties: str) -> None:
    found, working = module._observe_networks({"ties": ties}, 2)
    assert len(found) == 1 + len(module.STRUCTURES) * len(module.NETWORK_MONTHS)
    known = found[0]
    scenario = module._scenario(module.STRUCTURES[0], "test-region", 120)
    model = CollectiveImpactModel(scenario.with_(parameters={"ties": ties}), 2)
    seen = model.outcomes(["known_density"]).known_density.iloc[0]
    assert known.density == pytest.approx(seen, abs=1e-12)
    assert 0.0 < working["density_with_backbone"] < 1.0


SHARED = Path(__file__).parents[3] / "shared" / "data"


@pytest.mark.parametrize("path", sorted(SHARED.glob("*_edges.csv")), ids=lambda path: path.stem)
def test_real_networks_have_the_shape_that_every_network_is_held_against(path: Path) -> None:
    edges = pd.read_csv(path)
    nodes = len(pd.read_csv(path.with_name(path.name.replace("_edges", "_nodes"))))
    calls = np.zeros((nodes, nodes), bool)
    calls[edges["source"] - 1, edges["target"] - 1] = True
    directed = path.name.startswith("emon")
    real = Network("real", 0, *measured(calls), *(returned(calls) if directed else ()))
    for name in ("transitivity", "assortativity", "centralisation"):
        assert read(f"L6.{name}", networks=(real, real)) == 1.0, name
    if directed:
        assert read("L6.reciprocity", networks=(real, real)) == 1.0
        assert read("L6.both", networks=(real, real._replace(structure="national-and-regional")))
