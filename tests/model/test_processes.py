"""Submodels against what theory says exactly: limits, conservation, and signs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cisim.model import relations
from cisim.model.luck import Luck
from cisim.model.month import work
from cisim.model.parameters import Parameters
from cisim.model.process import Process, arguments
from cisim.model.processes import activity, backbones, contribution, learning, people, trust
from cisim.model.processes.agenda import converge_on_agenda
from cisim.model.processes.contribution import contribute
from cisim.model.processes.sponsors import engage_sponsors
from cisim.model.schedule import FOUNDING, HISTORY, SCHEDULE
from cisim.model.state import State
from cisim.world.scenario import Scenario

P = Parameters()


def state_of(name: str = "national-and-regional", months: int = 0, **beliefs: float) -> State:
    """Return One town's state after history, founding and some months."""
    p = P.model_copy(update=beliefs)
    state = Scenario.load(name).with_(world="one-town", parameters=beliefs).build(1)
    for month in range(-60, 0):
        work(HISTORY, state, p, Luck(1, month))
    work(FOUNDING, state, p, Luck(1, 0))
    for month in range(months):
        work(SCHEDULE, state, p, Luck(1, month))
    return state


def by_name(process: Process, p: Parameters, **given: object) -> None:
    """Run a process's kernel on what is given by the names of its arguments.

    Parameters that are not given are those of p, so that one more breaks no test.
    """
    wanted = arguments(process.bound.kernel)
    assert set(given) <= set(wanted)
    process.bound.kernel(*(given[name] if name in given else getattr(p, name) for name in wanted))


# trust ---------------------------------------------------------------------------------------


def _one_tie(months: int, ours: float, dialogue: float, p: Parameters) -> tuple[float, float]:
    """Return kept and broken of a tie with one meeting a month that goes the same way each time."""
    kept, broken = np.zeros(2), np.zeros(2)
    one, first = np.ones(1), np.zeros(1, np.int32)
    for _ in range(months):
        by_name(
            trust.update_trust,
            p,
            meetings_held=np.ones(1, np.int64),
            meetings_arc=first,
            meetings_party=first,
            meetings_kind=first,
            meetings_dialogue=one * dialogue,
            meetings_theirs=one * ours,
            meetings_ours=one * ours,
            meetings_productive=np.zeros(1, np.bool_),
            region=np.zeros(2, np.int32),
            commitment=np.ones(2),
            mandate=np.ones(2),
            time_left=np.ones(2),
            facilitation=np.zeros(1),
            tried=np.zeros(1),
            innovation=0.0,
            measurement=np.zeros(2),
            accountability=0.0,
            operational=0.0,
            other=np.array([1, 0], np.int32),
            reverse=np.array([1, 0], np.int32),
            prior=np.zeros(2),
            kept=kept,
            broken=broken,
            damage=np.zeros(2),
            aligned=np.full(2, 0.5),
            follow_min=0.5,
        )
    return float(kept[0]), float(broken[0])


def test_trust_of_a_partner_who_always_keeps_faith_approaches_its_limit() -> None:
    # one kept promise a month and an e-fold memory M: kept -> 1 / (1 - exp(-1/M))
    kept, broken = _one_tie(2000, ours=0.0, dialogue=0.0, p=P)
    assert kept == pytest.approx(1 / (1 - math.exp(-1 / P.trust_memory)), rel=1e-9)
    assert broken == 0.0


def test_without_forgetting_trust_approaches_one_as_n_over_n_plus_n0() -> None:
    p = P.model_copy(update={"trust_memory": 1e12})
    kept, broken = _one_tie(90, ours=0.0, dialogue=0.0, p=p)
    assert kept == pytest.approx(90.0, rel=1e-9)
    n0 = P.prior_weight
    assert relations.trust(0.0, kept, broken, n0) == pytest.approx(90 / (90 + n0), rel=1e-9)
    assert relations.familiarity(kept, broken, n0) == pytest.approx(90 / (90 + n0), rel=1e-9)


def test_a_broken_promise_weighs_more_than_a_kept_one_and_a_conflict_costs_both() -> None:
    p = P.model_copy(update={"trust_memory": 1e12})
    kept, broken = _one_tie(1, ours=1.0 - 1e-9, dialogue=0.0, p=p.model_copy())
    assert (kept, broken) == (1.0, 0.0)  # rho = 1: whoever can keeps every promise
    _, broken = _one_tie(1, ours=0.0, dialogue=0.9, p=p)
    assert broken == pytest.approx(P.conflict_cost)  # alignment is .5, the dialogue fails


def test_reliability_is_its_floor_without_mandate_and_one_with_everything() -> None:
    one, none = np.ones(1), np.zeros(1)
    assert trust.reliability(0, False, one, none, one, none, 0.0, 0.4, 0.75) == pytest.approx(0.4)
    assert trust.reliability(0, False, one, one, one, none, 0.0, 0.4, 0.75) == pytest.approx(1.0)
    assert trust.reliability(0, True, none, none, one, none, 0.0, 0.4, 0.75) == pytest.approx(0.75)


# people --------------------------------------------------------------------------------------


def test_turnover_leaves_the_institutional_share_of_both_directions() -> None:
    state = state_of(months=6)
    row, p = 4, P.model_copy(update={"inst_base": 0.25})
    state.orgs.measurement[row] = 0.4
    arcs = slice(state.ties.start[row], state.ties.start[row + 1])
    back = state.ties.reverse[arcs]
    kept, returned = state.ties.kept[arcs].copy(), state.ties.kept[back].copy()
    total, knowhow = state.ties.kept.sum(), state.orgs.knowhow[row]
    people.change_representative(state, p, row)
    remains = 0.25 + 0.75 * 0.4
    np.testing.assert_allclose(state.ties.kept[arcs], kept * remains)
    np.testing.assert_allclose(state.ties.kept[back], returned * remains)
    lost = (1 - remains) * (kept.sum() + returned.sum())
    assert state.ties.kept.sum() == pytest.approx(total - lost)
    assert state.orgs.knowhow[row] == knowhow / 2


# agenda --------------------------------------------------------------------------------------


def test_agendas_never_leave_the_span_of_what_pulls_them() -> None:
    state = state_of(months=24)
    targets = [state.orgs.agenda, state.orgs.remit, state.communities.need]
    targets += [state.sponsors.position, state.payers.position]
    low = np.min([t.min(axis=0) for t in targets], axis=0)
    high = np.max([t.max(axis=0) for t in targets], axis=0)
    p = P.model_copy(update={"agenda_rate": 1.0, "kpi_pull": 1.0, "funder_pull": 1.0})
    converge_on_agenda(state, p, Luck(1, 24))
    assert (state.orgs.agenda >= low - 1e-12).all()
    assert (state.orgs.agenda <= high + 1e-12).all()


def test_without_meetings_an_outsider_returns_to_its_remit_at_kpi_pull() -> None:
    state = state_of()
    state.orgs.member[:] = False
    state.meetings_held[0] = 0
    state.orgs.agenda[:] = state.orgs.remit + 1.0
    for _ in range(10):
        converge_on_agenda(state, P, Luck(1, 1))
    away = state.orgs.agenda - state.orgs.remit
    np.testing.assert_allclose(away, (1 - P.kpi_pull) ** 10, rtol=1e-9)


# learning ------------------------------------------------------------------------------------


def test_know_how_decays_to_its_everyday_level_and_measurement_to_nothing() -> None:
    state = state_of("no-backbone")
    state.orgs.member[:] = False
    state.meetings_held[0] = 0
    state.orgs.knowhow[:] = 0.9
    state.orgs.measurement[:] = 0.9
    for _ in range(50):
        learning.learn_and_measure(state, P, Luck(1, 1))
    left = (1 - P.routine_decay) ** 50
    np.testing.assert_allclose(state.orgs.knowhow, 0.1 + 0.8 * left, rtol=1e-9)
    np.testing.assert_allclose(state.orgs.measurement, 0.9 * left, rtol=1e-9)


def test_levels_stay_levels_even_where_rates_are_absurd() -> None:
    state = state_of(months=12)
    p = P.model_copy(update={"know_rate": 1.0, "measure_rate": 1.0, "meeting_learning": 1.0})
    for month in range(12, 24):
        work(SCHEDULE, state, p, Luck(1, month))
    for level in (state.orgs.knowhow, state.orgs.measurement, state.orgs.commitment):
        assert (level >= 0).all()
        assert (level <= 1).all()


# contribution --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["national-and-regional", "same-money", "same-money-joint"])
def test_own_time_is_spent_once(name: str) -> None:
    """Service time forgone is all that is spent less what grants add, and never more than B0."""
    state = state_of(name, months=18)
    orgs = state.orgs
    contribute(state, P, Luck(1, 18))
    granted = orgs.time - orgs.own_time
    assert (granted >= -1e-15).all()
    spent = orgs.service_time + granted
    partnership = np.where(orgs.member, orgs.joint_time - orgs.extra * orgs.commitment, 0.0)
    meetings = P.meeting_cost * orgs.met + orgs.led
    engaged = np.where(
        orgs.member, P.engagement_time * state.levers.engagement * orgs.own_time, 0.0
    )
    np.testing.assert_allclose(spent, meetings + engaged + partnership + orgs.everyday_time)
    free = np.maximum(0.0, orgs.time - meetings - engaged)
    np.testing.assert_allclose(orgs.everyday_time, P.everyday_share * (free - partnership))


def test_who_knows_nobody_in_the_region_has_no_bilateral_work() -> None:
    state = state_of()
    state.ties.near[3] = state.ties.start[3]
    contribution.contribute(state, P, Luck(1, 0))
    assert state.orgs.everyday_time[3] == 0.0
    assert state.orgs.everyday_time[4] > 0.0


# money and mandates --------------------------------------------------------------------------


def test_every_fte_that_sponsors_pay_is_paid_out_once() -> None:
    state = state_of("integrated-sponsors", months=30)
    engage_sponsors(state, P, Luck(1, 30))
    above = np.maximum(0.0, state.sponsors.engagement - P.sponsor_base) / (1 - P.sponsor_base)
    paid = P.sponsor_budget * above.sum()
    assert state.regions.money[0] == pytest.approx(paid)
    post = min(paid, max(state.levers.backbone_share * paid, P.core_post), 2.0)
    assert state.orgs.extra.sum() == pytest.approx(paid - post)


def test_grants_to_own_time_add_up_to_the_grant() -> None:
    state = state_of("same-money", months=3)
    engage_sponsors(state, P, Luck(1, 3))
    granted = (state.orgs.time - state.orgs.own_time).sum()
    assert granted == pytest.approx(4.0 / 5 + 1.0)
    engage_sponsors(state, P, Luck(1, 60))  # the seed part has ended
    assert (state.orgs.time - state.orgs.own_time).sum() == pytest.approx(4.0 / 5)


def test_without_sponsors_public_mandates_lapse_to_their_least() -> None:
    state = state_of("missing-sponsor", months=400)
    public = state.orgs.sector < 4
    np.testing.assert_allclose(state.orgs.mandate[public], P.mandate_min, atol=1e-6)
    assert state.regions.money.sum() == 0.0


# backbones -----------------------------------------------------------------------------------


def test_coverage_saturates_and_knows_its_ends() -> None:
    assert backbones.covered(0.0, 0.2) == 0.0
    assert backbones.covered(0.2, 0.2) == pytest.approx(1 - math.exp(-1))
    assert backbones.covered(1e9, 0.2) == 1.0
    assert (backbones.covered(0.5, 0.0), backbones.covered(0.0, 0.0)) == (1.0, 0.0)


def test_each_flow_between_the_levels_can_be_cut_by_itself() -> None:
    whole = state_of(months=12).regions.reach[0]
    silent = Scenario.load("national-and-regional").with_(
        world="one-town",
        structure_changes={"regional_roles": {"information_broker": 0.0}},
    )
    state = silent.build(1)
    for month in range(-60, 0):
        work(HISTORY, state, P, Luck(1, month))
    work(FOUNDING, state, P, Luck(1, 0))
    for month in range(12):
        work(SCHEDULE, state, P, Luck(1, month))
    assert state.regions.roles[0, 3] == 0.0
    assert (state.regions.reach[0] < whole).all()


# activity ------------------------------------------------------------------------------------


def test_complementary_sectors_beat_one_sector_with_the_same_effort() -> None:
    one = np.array([0.4, 0.0, 0.0, 0.0, 0.0, 0.0])
    two = np.array([0.2, 0.2, 0.0, 0.0, 0.0, 0.0])
    rho, weight = P.ces_rho, P.sector_weight
    alone = activity.combine(one, weight, P.private_weight, rho, 1.0)
    both = activity.combine(two, weight, P.private_weight, rho, 1.0)
    assert alone == pytest.approx(weight ** ((1 - rho) / rho) * 0.4)
    assert both == pytest.approx(alone * 2 ** (1 / rho - 1))
    assert activity.combine(one, weight, P.private_weight, 0.9999, 1.0) == pytest.approx(
        0.4, rel=1e-3
    )
    assert activity.combine(np.zeros(6), weight, P.private_weight, rho, 1.0) == 0.0


def test_bilateral_work_is_the_partnership_of_two_sectors() -> None:
    rho, weight = P.ces_rho, P.sector_weight
    two = np.array([0.2, 0.2, 0.0, 0.0, 0.0, 0.0])
    paired = 2 ** (1 / rho - 1) * weight ** ((1 - rho) / rho) * 0.4
    assert activity.combine(two, weight, P.private_weight, rho, 1.0) == pytest.approx(paired)


def test_wellbeing_stands_still_in_the_ordinary_world() -> None:
    """Input and service time at their ordinary level leave every stage of the delay alone."""
    state = state_of("no-backbone")
    communities = state.communities
    np.testing.assert_array_equal(communities.delay, communities.baseline[:, None].repeat(3, 1))
    state.orgs.member[:] = False
    p = P.model_copy(update={"own_value": 0.0})
    for month in range(3):
        activity.act_together(state, p, Luck(1, month))
    communities.baseline[:] = communities.input
    communities.delay[:] = communities.input[:, None]
    before = communities.delay.copy()
    activity.act_together(state, p, Luck(1, 3))
    np.testing.assert_allclose(communities.delay, before, rtol=1e-12)


def test_a_lasting_input_arrives_after_the_delay_of_three_stages() -> None:
    stages, p = np.zeros(3), P
    arrived = []
    for _ in range(400):
        stages[0] += 3 / p.wb_delay * (1.0 - stages[0])
        stages[1] += 3 / p.wb_delay * (stages[0] - stages[1])
        stages[2] += 3 / p.wb_delay * (stages[1] - stages[2])
        arrived.append(stages[2])
    mean_delay = np.sum(1.0 - np.array(arrived))
    assert mean_delay == pytest.approx(p.wb_delay - 2, abs=1.0)


@pytest.mark.parametrize("name", ["no-backbone", "national-and-regional", "same-money-joint"])
def test_every_level_is_a_level_in_every_month(name: str) -> None:
    state = state_of(name)
    for month in range(48):
        work(SCHEDULE, state, P, Luck(1, month))
        regions, communities = state.regions, state.communities
        for level in (
            communities.joint,
            communities.everyday,
            communities.visible,
            communities.input,
            regions.roles,
            regions.national,
            regions.direct,
            regions.reach,
            regions.advocacy,
            regions.pull,
            regions.shown,
            state.backbones.knowhow,
            state.orgs.time_left,
            state.orgs.mandate,
            state.orgs.benefit,
            state.ties.aligned,
        ):
            assert np.isfinite(level).all()
            assert (level >= -1e-12).all()
            assert (level <= 1 + 1e-12).all()
