"""Phases, what re-design asks for, what is shared with other regions, early money, innovation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cisim
from cisim.model.luck import Luck
from cisim.model.month import work
from cisim.model.parameters import Parameters
from cisim.model.processes.activity import act_together
from cisim.model.processes.agenda import converge_on_agenda
from cisim.model.processes.contribution import contribute
from cisim.model.processes.innovation import widen_what_is_tried
from cisim.model.processes.membership import join_and_leave
from cisim.model.processes.phases import follow_phases
from cisim.model.processes.posts import profiled
from cisim.model.processes.roster import turn_roster
from cisim.model.processes.trust import update_trust
from cisim.model.schedule import FOUNDING, SCHEDULE
from cisim.model.state import DORMANT, PHASES, REDESIGN, State
from cisim.world.scenario import Scenario

P = Parameters()


def state_of(name: str = "national-and-regional", months: int = 0, **levers: Any) -> State:
    """Return a state of the county or One town without its history, after some months."""
    world = levers.pop("world", "one-town")
    state = Scenario.load(name, world=world, structure_changes=levers).build(1)
    work(FOUNDING, state, P, Luck(1, 0))
    for month in range(months):
        work(SCHEDULE, state, P, Luck(1, month))
    return state


# phases --------------------------------------------------------------------------------------


def phases(fit: np.ndarray, active: list[int] | None = None) -> list[str]:
    """Return the phases of a partnership that is ready at once, month by month from month 0."""
    state = state_of()
    orgs, communities, regions = state.orgs, state.communities, state.regions
    regions.phase[:], regions.phase_months[:], regions.idle[:] = 0, 0, -1
    regions.paid[:] = 1.0
    communities.has_agenda[:] = True
    communities.agenda[:] = 0.0
    orgs.agenda[:] = 0.0
    named = []
    for month, well in enumerate(fit):
        on = active is None or bool(active[month])
        orgs.member[:] = on
        communities.joint[:] = 0.05 if on else 0.0
        communities.need[:] = 0.0
        communities.need[:, 0] = P.agree_scale * np.sqrt(-2.0 * np.log(well))
        follow_phases(state, P, Luck(1, month))
        named.append(PHASES[regions.phase[0]])
    return named


def test_phases_follow_the_calendar_while_the_agenda_fits() -> None:
    named = phases(np.full(90, 0.8))
    assert named == ["initiation"] * 6 + ["run"] * 60 + ["re-design"] * 12 + ["run"] * 12


def test_a_run_ends_early_when_need_has_moved_away_and_re_design_when_it_fits_again() -> None:
    fit = np.full(60, 0.8)
    fit[20:44] = 0.6
    named = phases(fit)
    assert named[6:42] == ["run"] * 36
    assert named[42:48] == ["re-design"] * 6
    assert set(named[48:]) == {"run"}


def test_a_partnership_that_collapsed_is_dormant_and_restarts_with_initiation() -> None:
    named = phases(np.full(40, 0.8), [1] * 10 + [0] * 10 + [1] * 20)
    assert named[15:20] == ["dormant"] * 5
    assert named[20:26] == ["initiation"] * 6
    assert named[26] == "run"


def test_nothing_begins_without_members() -> None:
    assert set(phases(np.full(12, 0.8), [0] * 12)) == {"before"}


def test_a_completed_re_design_is_counted() -> None:
    state = state_of(months=3)
    state.regions.phase[:] = REDESIGN
    state.regions.phase_months[:] = int(P.redesign_longest) - 1
    follow_phases(state, P, Luck(1, 3))
    assert state.regions.redesigns.tolist() == [1]


# what re-design asks for ---------------------------------------------------------------------


def misfit(state: State) -> float:
    """Return how far local members' agendas lie from what their communities need."""
    local = state.orgs.member & (state.orgs.community >= 0)
    away = state.orgs.agenda[local] - state.communities.need[state.orgs.community[local]]
    return float((away**2).sum())


def converged(redesign: float, phase: int = REDESIGN, measured: float = 0.5) -> float:
    state = state_of(months=2, redesign=redesign)
    state.regions.phase[:] = phase
    state.orgs.measurement[:] = measured
    p = P.model_copy(update={"need_drift": 0.0})
    converge_on_agenda(state, p, Luck(1, 2))
    return misfit(state)


def test_re_design_moves_agendas_to_need_as_far_as_it_is_measured() -> None:
    never = converged(0.0)
    assert converged(1.0, phase=2) == never  # in a run nothing is re-read
    assert converged(1.0, measured=1.0) < converged(1.0) < converged(1.0, measured=0.0) < never


def test_meetings_of_members_take_more_time_in_re_design_and_nobody_elses() -> None:
    def forgone(redesign: float) -> np.ndarray:
        state = state_of(months=4, redesign=redesign)
        state.regions.phase[:] = REDESIGN
        contribute(state, P, Luck(1, 4))
        return 1.0 - state.orgs.time_left

    state = state_of(months=4)
    more = forgone(1.0) - forgone(0.0)
    busy = state.orgs.member & (state.orgs.met > 0)
    assert busy.any()
    assert (more[busy] > 0.0).all()
    assert (more[~busy] == 0.0).all()


@pytest.mark.parametrize(("redesign", "phase"), [(1.0, DORMANT), (0.0, DORMANT), (1.0, 2)])
def test_only_former_members_of_a_dormant_partnership_are_found_again(
    redesign: float, phase: int
) -> None:
    state = state_of("no-backbone", redesign=redesign)
    state.orgs.member[:] = False
    state.orgs.former[::2] = True
    state.orgs.benefit[:] = 0.0
    state.sponsors.engagement[:] = 1.0
    state.regions.phase[:] = phase
    p = P.model_copy(update={"restart_rate": 1.0, "commit_base": 10.0})
    join_and_leave(state, p, Luck(1, 5))
    asked = state.orgs.eligible & state.orgs.former
    comes = asked if redesign and phase == DORMANT else np.zeros_like(asked)
    assert state.orgs.joining.tolist() == comes.tolist()


def test_nobody_is_found_again_where_neither_leaders_nor_results_are_there() -> None:
    state = state_of("no-backbone", redesign=1.0)
    state.orgs.member[:], state.orgs.former[:], state.orgs.benefit[:] = False, True, 0.0
    state.sponsors.engagement[:] = -0.5
    state.regions.phase[:] = DORMANT
    join_and_leave(state, P.model_copy(update={"restart_rate": 1.0}), Luck(1, 5))
    assert not state.orgs.joining.any()


def test_whoever_leaves_is_a_former_member() -> None:
    state = state_of()
    state.orgs.leaving[:] = state.orgs.member
    went = state.orgs.member.copy()
    turn_roster(state, P, Luck(1, 1))
    assert state.orgs.former.tolist() == went.tolist()


# exponential value ---------------------------------------------------------------------------


def joiners_elsewhere(replication: float, redesigns: int = 0, visible: float = 0.5) -> int:
    """Return how many want to join in Finland's other regions when only OmaHäme has members."""
    state = state_of("no-backbone", world="finland", replication=replication)
    state.orgs.member[:] = state.orgs.region == 0
    state.regions.visible[:], state.regions.redesigns[:] = visible, redesigns
    p = P.model_copy(update={"contagion_rate": 1.0, "commit_base": 2.0})
    found = 0
    for month in range(20):
        join_and_leave(state, p, Luck(1, month))
        found += int(state.orgs.joining[state.orgs.region > 0].sum())
    return found


def test_results_draw_partners_in_regions_without_any_member_more_after_a_re_design() -> None:
    assert joiners_elsewhere(0.0) == 0
    assert joiners_elsewhere(1.0, visible=0.0) == 0
    assert 0 < joiners_elsewhere(1.0) < joiners_elsewhere(1.0, redesigns=1)


# early money ---------------------------------------------------------------------------------


@settings(max_examples=60)
@given(length=st.integers(1, 200), early=st.floats(-0.25, 1.0))
def test_early_money_moves_what_is_paid_and_never_how_much(length: int, early: float) -> None:
    times = [profiled(since, length, early) for since in range(length)]
    assert min(times) >= 0.0
    assert sum(times) == pytest.approx(length, rel=1e-12)
    if early > 0.01 and length > 12:
        assert times[0] > 1.0 > times[12]


def test_the_bill_of_five_years_is_the_same_to_the_last_digit() -> None:
    base = Scenario.load("national-and-regional", world="one-town", months=60)

    def planned(early: float) -> tuple[str, float]:
        scenario = base.with_(structure_changes={"early_money": early, "sponsors": []})
        bill = cisim.simulate(scenario, 1, 1).bill()
        paid = bill[bill["payer"] == "foundation"]
        first = paid[paid["year"] == paid["year"].min()]
        return f"{paid['fte_years'].sum():.10g}", float(first["fte_years"].sum())

    (evenly, usual), (early, more) = planned(0.0), planned(0.5)
    assert early == evenly
    assert more > 2.0 * usual


# innovation ----------------------------------------------------------------------------------


def test_different_partners_and_the_catalyst_widen_what_is_tried() -> None:
    def tried(innovation: float = 1.0, futures: float = 0.0, alike: bool = False) -> float:
        state = state_of(months=6, innovation=innovation)
        state.regions.reach[:, 0] = futures
        state.orgs.member[:] = state.orgs.sector == 0 if alike else True
        widen_what_is_tried(state, P, Luck(1, 6))
        return float(state.regions.tried[0])

    assert tried(innovation=0.0) == 0.0
    assert tried(alike=True) == 0.0
    assert tried(futures=1.0) == pytest.approx(2.0 * tried())
    assert 0.0 < tried() < 1.0


def test_what_is_tried_achieves_more_in_an_hour_and_lets_dialogues_fail() -> None:
    def lived(tried: float) -> tuple[float, int]:
        state = state_of(months=6, innovation=1.0)
        state.regions.tried[:] = tried
        state.meetings.dialogue[: state.meetings_count] = (
            state.ties.aligned[state.meetings.arc[: state.meetings_count]] - 1e-6
        )
        state.regions.facilitation[:] = 0.0
        update_trust(state, P, Luck(1, 6))
        contribute(state, P, Luck(1, 6))
        went_well = state.meetings.productive[: state.meetings_count]
        ours = state.meetings.kind[: state.meetings_count] < 3
        assert went_well[~ours].all()
        return float(state.orgs.joint_effort.sum()), int(went_well[ours].sum())

    (usual, all_well), (more, none_well) = lived(0.0), lived(1.0)
    assert more == pytest.approx((1.0 + P.innovation_gain) * usual, rel=0.05)
    assert all_well > none_well == 0


# data ----------------------------------------------------------------------------------------


def test_data_steer_bodies_to_where_children_fare_worse_and_cost_them_time() -> None:
    def lived(steering: float, measured: float = 1.0) -> tuple[np.ndarray, float]:
        state = state_of(months=6)
        state.levers.data_steering = steering
        state.orgs.joint_effort[state.orgs.community >= 0] = 0.0
        state.communities.measured[:] = measured
        state.communities.deprivation[:] = np.linspace(0.1, 0.9, 6)
        act_together(state, P, Luck(1, 6))
        contribute(state, P, Luck(1, 7))
        bodies = state.orgs.member & (state.orgs.community < 0)
        return state.communities.joint.copy(), float(state.orgs.time_left[bodies].sum())

    (evenly, time), (steered, less) = lived(0.0), lived(1.0)
    ratio = steered / evenly
    assert ratio[-1] > 1.0 > ratio[0]
    assert less < time
    np.testing.assert_array_equal(lived(1.0, measured=0.0)[0], evenly)
