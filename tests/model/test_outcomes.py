"""What is observed is what a plain reading of the state gives, and looking changes nothing."""

from __future__ import annotations

import copy
import math
import pickle
from collections.abc import Callable

import networkx as nx
import numpy as np
import pytest

from cisim.model.input_error import InputError
from cisim.model.kernel import KERNELS, PLAIN
from cisim.model.luck import Luck
from cisim.model.month import work
from cisim.model.outcomes import (
    FUNCTIONS,
    GROUPS,
    HOLDERS,
    OUTCOMES,
    PHASES,
    K,
    Recorder,
    Seen,
    Sums,
    endings,
    organisation_frame,
)
from cisim.model.outcomes.declared import within_window
from cisim.model.outcomes.each import each_frame, find_each
from cisim.model.parameters import Parameters
from cisim.model.relations import align as align_ties
from cisim.model.schedule import FOUNDING, HISTORY, SCHEDULE
from cisim.model.state import NATIONAL_ROLES, REGIONAL_ROLES, State
from cisim.world.build import build
from cisim.world.communities import Region
from cisim.world.functions import usual
from cisim.world.structure import Structure
from cisim.world.world import World

P = Parameters()
MONTHS = 30
NONE = Structure(title="none")
BOTH = Structure(title="both", national_fte=4, regional=True)


def world(communities: tuple[int, ...] = (5, 8), participating: tuple[int, ...] = (5, 3)) -> World:
    return World(
        title="two regions",
        source="made for the tests",
        locals=["education", "youth", "third", "private-or-education"],
        bodies=["health", "social", "third", "youth"],
        regions=[
            Region(
                name=f"region {r}",
                communities=c,
                participating=k,
                mean_children=1500.0 + 500.0 * r,
                seed_fte=1.0,
            )
            for r, (c, k) in enumerate(zip(communities, participating, strict=True))
        ],
    )


def founded(structure: Structure, seed: int = 1, place: World | None = None) -> State:
    state = build(world() if place is None else place, structure, P, seed)
    for month in range(-60, 0):
        work(HISTORY, state, P, Luck(seed, month))
    work(FOUNDING, state, P, Luck(seed, 0))
    return state


def run(structure: Structure, seed: int = 1, months: int = MONTHS) -> tuple[State, Recorder]:
    state = founded(structure, seed)
    recorder = Recorder(months, state.regions.visible.size, holders=usual().holders)
    recorder.record(state, P, 0)
    for month in range(months):
        work(SCHEDULE, state, P, Luck(seed, month))
        recorder.record(state, P, month + 1)
    return state, recorder


@pytest.fixture(scope="module", params=[NONE, BOTH], ids=["none", "both"])
def lived(request: pytest.FixtureRequest) -> tuple[State, Recorder]:
    return run(request.param)


def now(state: State) -> dict[str, np.ndarray]:
    """Return every outcome of a state that stands after MONTHS months, (R + 1,)."""
    recorder = Recorder(0, state.regions.visible.size, holders=usual().holders)
    recorder.record(state, P, 0, MONTHS)
    return {name: value[0] for name, value in recorder.values().items()}


def made_up(months: int, regions: int = 1, **sums: object) -> Seen:
    """Return sums of one's own making, 0 where none is given; overall is their sum."""
    table = np.zeros((months, regions + 1, len(K)))
    for name, value in {"regions": 1.0, **sums}.items():
        column = np.asarray(value, float)
        table[:, :-1, getattr(K, name)] = column[:, None] if column.ndim == 1 else column
    table[:, -1] = table[:, :-1].sum(axis=1)
    return Seen(table)


def trust(state: State) -> np.ndarray:
    ties = state.ties
    return (P.prior_weight * ties.prior + ties.kept) / (P.prior_weight + ties.kept + ties.broken)


def ends(state: State) -> tuple[np.ndarray, np.ndarray]:
    """Return the row at either end of each arc."""
    rows = np.repeat(np.arange(state.orgs.number.size), np.diff(state.ties.start))
    return rows, state.ties.other


def align(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.exp(-((a - b) ** 2).sum(axis=-1) / (2 * P.agree_scale**2))


# --- networks


def graph(state: State, region: int, backbone: bool) -> nx.Graph:
    orgs = state.orgs
    inside = orgs.member & (orgs.region == region)
    network = nx.Graph()
    network.add_nodes_from(np.flatnonzero(inside))
    i, j = ends(state)
    active = inside[i] & inside[j] & (state.ties.last_met >= MONTHS - 12)
    network.add_edges_from(zip(i[active], j[active], strict=True))
    if backbone and (state.backbones.staff[0] > 0 or state.backbones.staff[region + 1] > 0):
        network.add_node("backbone")
        network.add_edges_from(
            ("backbone", row) for row in np.flatnonzero(inside & (orgs.contacts > 0))
        )
    return network


def freeman(network: nx.Graph) -> float:
    degrees = [degree for _, degree in network.degree]
    n = len(degrees)
    return sum(max(degrees) - degree for degree in degrees) / ((n - 1) * (n - 2))


NETWORKX: dict[str, Callable[[nx.Graph], float]] = {
    "density": nx.density,
    "degree_centralisation": freeman,
    "transitivity": nx.transitivity,
    "assortativity": nx.degree_assortativity_coefficient,
}


@pytest.mark.parametrize("suffix", ["", "_with_backbone"])
@pytest.mark.parametrize("name", NETWORKX)
def test_network_measures_are_those_of_networkx(
    lived: tuple[State, Recorder], name: str, suffix: str
) -> None:
    state, _ = lived
    value = now(state)[name + suffix]
    networks = [graph(state, region, backbone=bool(suffix)) for region in range(2)]
    expected = np.array([NETWORKX[name](network) for network in networks])
    assert value[:2] == pytest.approx(expected, abs=1e-12, nan_ok=True)
    told = np.isfinite(expected)  # nobody's degree differs from another's in a small network
    assert told.any()
    weights = np.array([len(network) for network in networks])
    mean = np.average(expected[told], weights=weights[told])
    assert value[2] == pytest.approx(mean, abs=1e-12)


def test_a_backbone_without_staff_is_no_node() -> None:
    state, _ = run(NONE, months=3)
    values = now(state)
    for name in NETWORKX:
        np.testing.assert_array_equal(values[name], values[f"{name}_with_backbone"])


def test_a_network_of_one_or_two_members_has_no_shape() -> None:
    state = founded(NONE)
    state.orgs.member[:] = False
    state.orgs.member[0] = True
    assert np.isnan(now(state)["density"]).all()
    state.orgs.member[1] = True
    values = now(state)
    assert not math.isnan(values["density"][0])
    assert np.isnan(values["degree_centralisation"]).all()
    assert np.isnan(values["assortativity"]).all()


def test_a_meeting_keeps_a_tie_active_for_twelve_months() -> None:
    state = founded(NONE)
    state.orgs.member[:] = state.orgs.eligible
    state.ties.last_met[:] = MONTHS - 12
    assert now(state)["density"][0] > 0.0
    state.ties.last_met[:] = MONTHS - 13
    assert now(state)["density"][0] == 0.0


# --- trust and agenda, by plain reading


def test_trust_is_the_mean_over_the_ties_it_names(lived: tuple[State, Recorder]) -> None:
    state, _ = lived
    values, tau = now(state), trust(state)
    orgs, ties = state.orgs, state.ties
    i, j = ends(state)
    same = orgs.region[i] == orgs.region[j]
    agrees = align(orgs.agenda[i], orgs.agenda[j])
    both = orgs.member[i] & orgs.member[j] & same
    active = both & (ties.last_met >= MONTHS - 12)
    may = orgs.eligible[i] & orgs.eligible[j]
    for region in range(3):
        here = (orgs.region[i] == region) | (region == 2)
        chosen = active & here
        survey = (2 * (1 + 3 * tau[chosen]) / 4 + (1 + 3 * agrees[chosen]) / 4) / 3
        answered = np.minimum(ties.kept, ties.kept[ties.reverse])[chosen].sum()
        expected = {
            "trust_active": tau[chosen].mean(),
            "trust_survey": survey.mean(),
            "trust_eligible": tau[may & here & (same | (region == 2))].mean(),
            "reciprocity": answered / ties.kept[chosen].sum(),
            "alignment": agrees[both & here].mean(),
        }
        for name, value in expected.items():
            assert values[name][region] == pytest.approx(value, rel=1e-10), name


def test_convergence_compares_the_spread_of_agendas_with_that_of_remits() -> None:
    state = founded(NONE)
    orgs = state.orgs
    orgs.member[:] = orgs.eligible
    orgs.agenda[:] = orgs.remit
    assert now(state)["convergence"] == pytest.approx(0.0, abs=1e-12)
    orgs.agenda[:] = orgs.remit / 4 + 7.0
    assert now(state)["convergence"] == pytest.approx(0.75)
    for region in range(2):  # regions that differ have still converged within
        orgs.agenda[orgs.region == region] = region
    ties = state.ties
    align_ties(ties.start, ties.other, ties.reverse, orgs.agenda, P.agree_scale, ties.aligned)
    values = now(state)
    assert values["convergence"] == pytest.approx(1.0)
    assert values["alignment"] == pytest.approx(1.0)


def test_fit_to_need_is_missing_where_there_is_no_joint_work() -> None:
    state, _ = run(BOTH, months=3)
    communities = state.communities
    communities.has_agenda[:] = False
    communities.has_agenda[0] = True
    communities.agenda[0] = communities.need[0]
    values = now(state)
    assert values["fit_to_need"][[0, 2]] == pytest.approx(1.0)
    assert math.isnan(values["fit_to_need"][1])


def test_effort_of_one_sector_alone_reinforces_nothing() -> None:
    there = {"reinforced": [1.0]}
    alone = made_up(1, effort=[3.0], effort_squares=[9.0], effort_quality=[1.5], **there)
    even = made_up(1, effort=[6.0], effort_squares=[6.0], effort_quality=[3.0], **there)
    assert OUTCOMES["component_activities"](alone)[0, 0] == 0.0
    assert OUTCOMES["component_activities"](even)[0, 0] == pytest.approx(0.5)


# --- organisations and communities


def test_means_over_members_are_means_over_members(lived: tuple[State, Recorder]) -> None:
    state, _ = lived
    values, orgs = now(state), state.orgs
    can = np.cbrt(orgs.commitment * orgs.mandate * orgs.time_left)
    columns = {
        "commitment": orgs.commitment,
        "knowhow": orgs.knowhow,
        "measurement": orgs.measurement,
        "load": 1 - orgs.time_left,
        "reliability": P.follow_min + (1 - P.follow_min) * can,
    }
    for region in range(3):
        inside = orgs.member & ((orgs.region == region) | (region == 2))
        eligible = orgs.eligible & ((orgs.region == region) | (region == 2))
        for name, column in columns.items():
            assert values[name][region] == pytest.approx(column[inside].mean(), rel=1e-10), name
        assert values["members"][region] == inside.sum()
        assert values["member_share"][region] == pytest.approx(inside.sum() / eligible.sum())
        assert values["joint_fte"][region] == pytest.approx(orgs.joint_time[inside].sum())
        public = eligible & (orgs.sector < 4)
        other = eligible & (orgs.sector >= 4)
        assert values["mandate_public"][region] == pytest.approx(orgs.mandate[public].mean())
        assert values["mandate_other"][region] == pytest.approx(orgs.mandate[other].mean())


def test_wellbeing_is_counted_from_the_ordinary_world_and_weighted_by_children() -> None:
    structure = Structure(title="headroom", national_fte=4, regional=True, headroom=0.5)
    state, _ = run(structure)
    values, c = now(state), state.communities
    start = P.wellbeing_base - P.wellbeing_deprivation * c.deprivation
    room = 1 + 0.5 * ((P.headroom_base - start) / P.headroom_span - 1)
    gain = P.wb_max * room * (c.delay[:, 2] - c.baseline)
    level = start + gain
    for region in range(3):
        here = (c.region == region) | (region == 2)
        n = c.children[here]
        mean = np.average(level[here], weights=n)
        deviation = math.sqrt(np.average((level[here] - mean) ** 2, weights=n))
        assert values["wellbeing_gain"][region] == pytest.approx(np.average(gain[here], weights=n))
        assert values["wellbeing"][region] == pytest.approx(mean)
        assert values["gap_secondary"][region] == pytest.approx(deviation)
        demand = np.exp(-2 * (c.delay[:, 1] - c.baseline))[here]
        assert values["service_demand"][region] == pytest.approx(np.average(demand, weights=n))


def test_a_gap_with_an_empty_group_is_missing() -> None:
    state = founded(NONE)
    c = state.communities
    c.deprivation[:] = 0.4
    assert np.isnan(now(state)["gap_primary"]).all()
    c.deprivation[0] = 0.9
    assert np.isnan(now(state)["gap_primary"]).all()
    c.deprivation[1] = 0.1
    c.delay[:, 2] = c.baseline
    c.delay[0, 2] += 0.02
    c.delay[1, 2] += 0.05
    values = now(state)["gap_primary"]
    assert values[[0, 2]] == pytest.approx(P.wb_max * (0.02 - 0.05))
    assert math.isnan(values[1])


def test_nobody_has_no_mean_and_no_level() -> None:
    state, _ = run(BOTH, months=3)
    state.orgs.member[:] = False
    values = now(state)
    for name in ("commitment", "knowhow", "reliability", "load", "convergence", "trust_active"):
        assert np.isnan(values[name]).all(), name
    for name, declared in OUTCOMES.items():
        if declared.group == "components" and name not in (
            "component_communication",  # members met before they left
            "component_investment",
        ):
            np.testing.assert_array_equal(values[name], 0.0, err_msg=name)
    assert (values["member_share"] == 0.0).all()
    assert (values["partnership_active"] == 0.0).all()


# --- flows


def test_meetings_are_counted_at_both_parties_for_those_who_were_members() -> None:
    state, recorder = run(BOTH)
    values = recorder.values()
    held = state.meetings.kind[: state.meetings_count]
    before = values["members"][-2, -1]
    for kind, name in enumerate(("own_meetings", "brokered_meetings", "cross_region_meetings")):
        assert values[name][-1, -1] == pytest.approx(2 * (held == kind).sum() / before)
    expected = 2 * (held == 3).sum() / state.orgs.number.size
    assert values["everyday_meetings_held"][-1, -1] == pytest.approx(expected)
    together = values["own_share"] + values["brokered_share"]
    assert together[1:] == pytest.approx(1.0)
    assert (values["meetings_per_member"][0] == 0.0).all()
    assert np.isnan(values["brokered_share"][0]).all()


def test_money_adds_up_over_months_and_regions(lived: tuple[State, Recorder]) -> None:
    _, recorder = lived
    values = recorder.values()
    assert values["external_money_total"][-1] == pytest.approx(
        values["external_money"].sum(axis=0) / 12
    )
    for name in ("members", "external_money", "national_staff", "joint_fte", "joins_self"):
        assert values[name][:, -1] == pytest.approx(values[name][:, :-1].sum(axis=1)), name


def test_a_window_sums_this_month_and_those_before() -> None:
    flow = np.arange(1.0, 7.0)[:, None]
    np.testing.assert_array_equal(within_window(flow, 3)[:, 0], [1, 3, 6, 9, 12, 15])


# --- how a partnership stands


def life(active: list[int], **sums: object) -> Seen:
    """Return the sums of one region whose partnership is active in the months marked 1."""
    on = np.array(active, float)
    given = {
        "members": 10 * on,
        "eligible": np.full(on.size, 20.0),
        "children": np.full(on.size, 100.0),
        "participating_children": np.full(on.size, 100.0),
        "joint": 5 * on,
        "awaited": np.full(on.size, 0.3),
    }
    return made_up(on.size, **{**given, **sums})


ALIVE_20_THEN_IDLE_10 = [1] * 20 + [0] * 10


def test_an_active_partnership_has_three_members_a_fifth_and_joint_activity() -> None:
    def active(members: float, joint: float) -> float:
        seen = life([1], members=[members], joint=[joint])
        return OUTCOMES["partnership_active"](seen)[0, 0]

    assert active(5, 2.0) == 1.0
    assert active(4, 2.0) == 0.0  # not more than a fifth
    assert active(5, 1.0) == 0.0  # not more than .01
    few = life([1], members=[2.0], eligible=[2.0])
    assert OUTCOMES["partnership_active"](few)[0, 0] == 0.0


def test_a_partnership_has_ended_after_six_inactive_months_and_may_return() -> None:
    seen = life([0] * 8 + [1] * 4 + [0] * 5 + [1] + [0] * 7 + [1])
    ended = OUTCOMES["partnership_ended"](seen)[:, 0]
    np.testing.assert_array_equal(np.flatnonzero(ended), [23, 24])
    assert [(region, month) for region, month, _ in endings(seen)] == [(0, 18)]


@pytest.mark.parametrize(
    ("paid", "visible", "cause"),
    [
        ([2.0] * 18 + [0.5] * 12, 10.0, "money"),
        ([2.0] * 30, 10.0, "organisation"),
        ([0.0] * 30, 10.0, "organisation"),
        ([2.0] * 18 + [0.5] * 12, 40.0, "aim reached"),
    ],
)
def test_an_ending_has_a_cause(paid: list[float], visible: float, cause: str) -> None:
    seen = life(ALIVE_20_THEN_IDLE_10, paid=paid, visible=np.full(30, visible))
    assert endings(seen) == [(0, 20, cause)]


def test_the_phase_is_that_of_the_region_and_overall_that_of_most() -> None:
    seen = made_up(2, regions=3, phase=np.array([[1.0, 2.0, 2.0], [4.0, 3.0, 4.0]]))
    codes = OUTCOMES["phase"](seen)
    np.testing.assert_array_equal(codes[:, :3], [[1, 2, 2], [4, 3, 4]])
    assert [PHASES[int(code)] for code in codes[:, 3]] == ["run", "dormant"]


# --- functions of leadership


def test_every_role_carries_a_function_in_the_table_that_ships_and_sponsors_one_alone() -> None:
    table = usual().holders
    assert {one for holders in table.values() for one in holders} == {*HOLDERS} - {"lead"}
    assert [name for name, holders in table.items() if "sponsors" in holders] == ["sponsor"]
    assert table["sponsor"] == ("sponsors",)
    assert [f"function_{name}" for name in FUNCTIONS] == [
        name for name, one in OUTCOMES.items() if one.group == "functions"
    ]


def test_a_function_is_the_mean_level_of_those_who_carry_it() -> None:
    table = np.zeros((1, 3, len(K)))
    table[:, :, K.regions] = 1.0, 1.0, 2.0
    for name, levels in {"futures": (0.2, 0.4), "local_support": (0.5, 0.1)}.items():
        table[0, :, getattr(K, name)] = *levels, sum(levels)
    table[0, :, K.engagement] = 2.0, -1.0, 1.0
    table[0, :, K.lead] = 0.3, 0.0, 0.3
    table[0, :, K.regional_staff] = 0.1, 0.0, 0.1
    holders = {
        "initiator": ("futures", "local_support"),
        "sponsor": ("sponsors",),
        "broker": ("lead",),
    }
    seen = Seen(table, holders)
    np.testing.assert_allclose(OUTCOMES["function_initiator"](seen), [[0.35, 0.25, 0.3]])
    np.testing.assert_allclose(OUTCOMES["function_sponsor"](seen), [[0.5, 0.0, 0.125]])
    np.testing.assert_allclose(OUTCOMES["function_broker"](seen), [[0.75 * 0.125, 0.0, 0.046875]])
    assert OUTCOMES["function_catalyst"](seen).tolist() == [[0.0, 0.0, 0.0]]  # nobody carries it
    assert np.isnan(OUTCOMES["function_catalyst"](Seen(table))).all()  # no table is known


def test_roles_lie_in_the_order_of_the_state() -> None:
    fields = Sums._fields
    assert fields[K.futures : K.futures + 5] == NATIONAL_ROLES
    assert fields[K.cross_sectoral : K.cross_sectoral + 4] == REGIONAL_ROLES
    assert fields[K.own : K.own + 3] == ("own", "brokered", "cross_region")


# --- the recorder


def test_looking_changes_not_one_bit() -> None:
    state, _ = run(BOTH, months=2)
    before = pickle.dumps(state)
    now(state)
    organisation_frame(state, P)
    assert pickle.dumps(state) == before


def test_every_outcome_stays_within_its_bounds(lived: tuple[State, Recorder]) -> None:
    _, recorder = lived
    for name, value in recorder.values().items():
        low, high = OUTCOMES[name].bounds
        assert value.shape == (MONTHS + 1, 3)
        held = value[~np.isnan(value)]
        assert ((held >= low - 1e-12) & (held <= high + 1e-12)).all(), name
        assert not np.isinf(value).any(), name


def test_every_outcome_is_declared_in_full() -> None:
    for name, declared in OUTCOMES.items():
        assert declared.name == name
        assert declared.words.endswith("."), name
        assert declared.unit, name
        assert declared.group in GROUPS, name
        assert declared.better in ("higher", "lower", ""), name
    assert [name for name, one in OUTCOMES.items() if one.headline] == [
        "member_share",
        "trust_eligible",
        "joint_activity",
        "wellbeing_gain",
        "gap_primary",
        "service_forgone",
    ]


def test_a_recorder_can_be_copied_and_kept(lived: tuple[State, Recorder]) -> None:
    _, recorder = lived
    for other in (copy.deepcopy(recorder), pickle.loads(pickle.dumps(recorder))):
        assert other.count == recorder.count
        np.testing.assert_array_equal(other.table, recorder.table)
    resumed = Recorder(3, 2, holders=usual().holders)
    resumed.restore(recorder.kept())
    np.testing.assert_array_equal(resumed.books[: recorder.count], recorder.kept()["books"])
    for name, value in resumed.values().items():
        np.testing.assert_array_equal(value, recorder.values([name])[name])
    with pytest.raises(InputError, match="shape"):
        Recorder(3, 1).restore(recorder.kept())


def test_a_run_may_go_on_beyond_its_horizon() -> None:
    state, recorder = run(BOTH, months=4)
    recorder.record(state, P, 5)
    assert recorder.count == 6
    assert recorder.values(["members"])["members"].shape == (6, 3)


def test_an_unknown_outcome_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="member_share"):
        Recorder(1, 1).values(["member_shar"])
    with pytest.raises(AttributeError, match="members"):
        _ = Recorder(1, 1).seen().member


def test_a_frame_has_a_row_for_each_month_and_region(lived: tuple[State, Recorder]) -> None:
    _, recorder = lived
    frame = recorder.frame()
    assert list(frame.columns) == ["month", *OUTCOMES]
    assert list(frame["month"]) == list(range(MONTHS + 1))
    long = recorder.frame(by_region=True, names=["members"], region_names=["one", "two"])
    assert list(long.columns) == ["month", "region", "members"]
    assert list(long["region"][:3]) == ["one", "two", "overall"]
    overall = long[long["region"] == "overall"]["members"].to_numpy()
    np.testing.assert_array_equal(overall, frame["members"].to_numpy())


def test_an_organisation_is_described_by_its_ties(lived: tuple[State, Recorder]) -> None:
    state, _ = lived
    frame = organisation_frame(state, P, ["one", "two"])
    assert list(frame["number"]) == list(range(state.orgs.number.size))
    tau, ties = trust(state), state.ties
    evidence = ties.kept + ties.broken
    known = evidence / (P.prior_weight + evidence)
    rows, _ = ends(state)
    count = np.bincount(rows)
    np.testing.assert_allclose(frame["relationship"], np.bincount(rows, tau * known) / count)
    np.testing.assert_allclose(frame["trust"], np.bincount(rows, tau) / count)
    np.testing.assert_array_equal(frame["backbone_months"], state.orgs.contacts)
    assert set(frame["region"]) == {"one", "two"}


def test_sums_of_a_region_are_those_of_its_rows(lived: tuple[State, Recorder]) -> None:
    state, _ = lived
    state = copy.deepcopy(state)
    state.regions.joined_recruited[:] = [3.0, 5.0]
    told, places, regions = now(state), state.communities, state.regions
    np.testing.assert_array_equal(told["joins_recruited"], [3.0, 5.0, 8.0])
    change = (places.delay[:, 0] + places.delay[:, 1]) / 2.0 - places.baseline
    children = np.bincount(places.region, places.children)
    measured = np.bincount(places.region, places.children * places.measured * change)
    np.testing.assert_allclose(told["measured_results"][:2], measured / children, rtol=1e-12)
    members = np.bincount(state.orgs.region, state.orgs.member, 2) > 0
    reached = 1 - (1 - regions.direct[:, 0]) * (1 - regions.national[:, 0] * regions.roles[:, 3])
    np.testing.assert_allclose(
        told["function_catalyst"][:2], np.where(members, reached, 0.0), atol=1e-15
    )


def test_what_is_each_ones_stands_in_its_row(lived: tuple[State, Recorder]) -> None:
    state, _ = lived
    order, regions = state.layout.order, ["one", "two"]
    names = [f"organisation {number}" for number in range(order.size)]
    frame = each_frame("organisation", state, P, names, regions)
    assert list(frame["organisation"]) == names
    rows, other = ends(state)
    for column, whose in (("trust_given", rows), ("trust_received", other)):
        mean = np.bincount(whose, trust(state)) / np.bincount(whose)
        np.testing.assert_allclose(frame[column], mean[order])
    places = [f"place {c}" for c in range(state.communities.children.size)]
    frame = each_frame("community", state, P, places, regions)
    np.testing.assert_array_equal(frame["children"], state.communities.children)
    with pytest.raises(InputError, match="childre is not observed of each community"):
        find_each("community", ["childre"])


def test_regions_without_names_are_numbered(lived: tuple[State, Recorder]) -> None:
    frame = lived[1].frame(by_region=True, names=["members"])
    assert list(frame["region"][:3]) == ["region 1", "region 2", "overall"]


@pytest.mark.parametrize("what", ["recorded", "books", "stances"])
def test_what_was_recorded_in_another_shape_is_refused(what: str) -> None:
    state, recorder = run(NONE, months=2)
    kept = {name: value.copy() for name, value in recorder.kept().items()}
    other = Recorder(2, state.regions.visible.size)
    other.restore(kept)
    for name, value in recorder.kept().items():
        np.testing.assert_array_equal(other.kept()[name], value)
    kept[what] = kept[what][..., :-1]
    with pytest.raises(InputError, match="allowed is"):
        other.restore(kept)


def test_every_reducer_has_one_signature(lived: tuple[State, Recorder]) -> None:
    _, recorder = lived
    recorder.values()
    organisation_frame(lived[0], P)
    mine = {name: one for name, one in KERNELS.items() if name.startswith("cisim.model.outcomes")}
    if PLAIN:
        pytest.skip("nothing is compiled")
    assert mine
    for name, one in mine.items():
        assert len(one.signatures) <= 1, name
