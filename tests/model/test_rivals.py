"""Rival theories: what theory says of each exactly, what must hold, and how they are chosen."""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cisim
from cisim.model.input_error import InputError
from cisim.model.layers import bounded
from cisim.model.parameters import Parameters, check_parameters
from cisim.model.process import arguments
from cisim.model.processes import activity, agenda
from cisim.model.quantity import declarations
from cisim.rivals import trust_path
from cisim.world.scenario import Scenario

P = Parameters()
FULL = math.inf
share = st.floats(0.0, 1.0)


# trust in two layers -------------------------------------------------------------------------


@pytest.mark.parametrize("variant", ["earlier", "later"])
def test_without_rates_nothing_moves(variant: Any) -> None:
    none = dict.fromkeys(("gain", "loss", "hurt", "heal"), 0.0)
    path = trust_path([1.0, -2.0, 0.0, FULL, -FULL], 0.37, 0.21, variant=variant, **none)
    assert path.trust.tolist() == [0.37] * 6
    assert path.damage.tolist() == [0.21] * 6


@pytest.mark.parametrize("variant", ["earlier", "later"])
def test_unbroken_cooperation_closes_a_share_of_the_gap_each_step(variant: Any) -> None:
    path = trust_path([FULL] * 40, 0.2, 0.0, variant=variant, gain=0.1)
    steps = np.arange(41)
    np.testing.assert_allclose(path.trust, 1.0 - 0.8 * 0.9**steps, atol=1e-12)


def test_the_later_writing_ends_at_the_ceiling_and_the_earlier_one_at_one() -> None:
    scarred = {"gain": 0.15, "heal": 0.0}
    assert trust_path([FULL] * 600, 0.1, 0.4, **scarred).trust[-1] == pytest.approx(1.0)
    later = trust_path([FULL] * 600, 0.1, 0.4, variant="later", **scarred).trust
    assert later[-1] == pytest.approx(0.6)
    above = trust_path([FULL] * 5, 0.9, 0.4, variant="later", **scarred).trust
    assert above.tolist() == [0.9] * 6  # a ceiling does not pull down


def test_damage_heals_by_its_share_each_step_and_a_signal_of_nothing_leaves_trust() -> None:
    path = trust_path([0.0] * 30, 0.5, 0.8, heal=0.03)
    np.testing.assert_allclose(path.damage, 0.8 * 0.97 ** np.arange(31), atol=1e-12)
    assert path.trust.tolist() == [0.5] * 31


def test_a_violation_takes_the_published_share_and_scars() -> None:
    path = trust_path([-FULL], 0.5, 0.1, loss=0.3, hurt=0.6, amplify=0.5, dependence=1.0)
    assert path.trust[1] == pytest.approx(0.5 - 0.3 * 0.5 * 1.5)
    assert path.damage[1] == pytest.approx(0.1 + 0.6 * 0.9)


def test_what_is_left_out_is_what_the_authors_have() -> None:
    published = {"gain": 0.10, "loss": 0.30, "hurt": 0.60, "heal": 0.03, "amplify": 0.50}
    signals = [1.0, -1.0, 0.3, 0.0, 2.0]
    one, other = trust_path(signals), trust_path(signals, **published)  # type: ignore[arg-type]
    assert one.trust.tolist() == other.trust.tolist()
    assert one.damage.tolist() == other.damage.tolist()


@given(size=st.floats(0.01, 30.0), opening=st.floats(0.4, 0.9))
def test_a_violation_costs_more_than_as_much_cooperation_brings(
    size: float, opening: float
) -> None:
    up = trust_path([size], opening).trust[1] - opening
    down = opening - trust_path([-size], opening).trust[1]
    assert down > up > 0.0


def test_the_statistics_that_the_authors_publish_come_out_of_it() -> None:
    """Medians and means over a grid of their ranges (version 1 of the report): how much faster
    trust erodes than it builds, how far it recovers within 35 steps of one breach, and what four
    small violations cost beside a large one."""
    grid = ([0.05, 0.075, 0.10, 0.125, 0.15], [0.15, 0.225, 0.30, 0.375, 0.45], [0.5, 0.6, 0.7],
            [0.01, 0.03, 0.05], [0.3, 0.5, 0.7])  # fmt: skip
    found: dict[str, list[float]] = {name: [] for name in ("bias", "recovery", "damage", "later")}
    for gain, loss, hurt, heal, amplify in itertools.product(*grid):
        rates = {"gain": gain, "loss": loss, "hurt": hurt, "heal": heal, "amplify": amplify}
        found["bias"].append(loss / gain)
        for name, variant in (("recovery", "earlier"), ("later", "later")):
            path = trust_path([-3.0, *[2.0] * 35], 0.85, variant=variant, **rates)  # type: ignore[arg-type]
            found[name].append(path.trust[1:].max() / 0.85)
        large = 0.8 - trust_path([-4.0], 0.8, **rates).trust[-1]  # type: ignore[arg-type]
        small = 0.8 - trust_path([-1.0] * 4, 0.8, **rates).trust[-1]  # type: ignore[arg-type]
        found["damage"].append(small / large)
    published = {"bias": (3.0, 3.47, 1.93), "recovery": (1.11, 1.09, 0.07),
                 "damage": (1.97, 1.99, 0.31)}  # fmt: skip
    guide = (Path(__file__).parents[2] / "docs" / "rivals.md").read_text("utf-8")
    for name, (median, mean, sd) in published.items():
        seen = (np.median(found[name]), np.mean(found[name]), np.std(found[name]))
        assert seen == pytest.approx((median, mean, sd), abs=0.03)
        words = {"bias": "erodes", "recovery": "recovers", "damage": "together cost"}[name]
        (row,) = (line for line in guide.splitlines() if words in line and line.startswith("|"))
        assert f"| {median:g} | {mean:g} ± {sd:g} |" in row
        assert row.endswith(f"| {seen[0]:.2f} | {seen[1]:.2f} ± {seen[2]:.2f} |")
    assert f"{np.median(found['later']):.2f} with the later writing" in guide


@settings(max_examples=60)
@given(
    signals=st.lists(st.floats(-50.0, 50.0), max_size=40),
    opening=share,
    damage=share,
    later=st.booleans(),
    rates=st.tuples(share, share, share, share, st.floats(0.0, 5.0), share),
)
def test_both_layers_stay_between_nothing_and_everything(
    signals: list[float], opening: float, damage: float, later: bool, rates: tuple[float, ...]
) -> None:
    names = ("gain", "loss", "hurt", "heal", "amplify", "dependence")
    path = trust_path(
        signals, opening, damage, variant="later" if later else "earlier",
        **dict(zip(names, rates, strict=True)),
    )  # fmt: skip
    for column in path:
        assert column.shape == (len(signals) + 1,)
        assert (column >= 0.0).all()
        assert (column <= 1.0).all()


@given(st.floats(-25.0, 25.0))
def test_the_bounded_signal_is_tanh(signal: float) -> None:
    plain = getattr(bounded, "py_func", bounded)
    assert plain(signal) == pytest.approx(math.tanh(signal), rel=1e-14, abs=1e-300)
    assert plain(-signal) == -plain(signal)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"trust": 1.5}, "trust is 1.5; allowed is a number from 0 to 1."),
        ({"variant": "latter"}, "variant is 'latter'; allowed is earlier or later. Did you mean"),
        ({"loss": -0.1}, "loss is -0.1; allowed is a number from 0 to 1."),
        ({"signals": [0.0, math.nan]}, "signals[1] is nan; allowed is a number."),
        ({"signals": "abc"}, "signals is 'abc'; allowed are numbers, one a step."),
        ({"signals": [[1, 2], [3, 4]]}, "signals is [[1, 2], [3, 4]]; allowed are numbers, one a"),
        ({"signals": {"a": 1}}, "signals is {'a': 1}; allowed are numbers, one a step."),
        ({"signals": [10**400]}, "signals is [1000"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        trust_path(**{"signals": [1.0], **wrong})
    assert str(caught.value).startswith(sentence)


def test_numbers_of_numpy_and_a_number_by_itself_are_numbers_too() -> None:
    plain = trust_path([1.0], trust=0.5, gain=0.125)
    for signals in (1.0, 1, np.float32(1), np.array(1.0), np.array([1]), iter([1])):
        found = trust_path(signals, trust=np.float32(0.5), gain=np.float64(0.125))
        assert found.trust.tolist() == plain.trust.tolist()
    assert trust_path([-1.0], trust=np.int64(1)).trust[0] == 1.0


# agenda, contribution, production ------------------------------------------------------------


def moved(theory: str, **given: Any) -> np.ndarray:
    """Return how far two strangers to the partnership move in a month in which they meet."""
    aims = np.array([[0.0, 0.0, 0.0], [0.4, 0.0, 0.0]])
    p = check_parameters({"agenda_theory": theory, "need_drift": 0.0, **given}, "test")
    first = np.zeros(1, np.int32)
    columns: dict[str, Any] = {
        "seed": 1, "month": -1, "meetings_held": np.ones(1, np.int64), "meetings_arc": first,
        "meetings_party": first, "meetings_kind": np.full(1, 3, np.int32),
        "meetings_productive": np.zeros(1, np.bool_), "member": np.zeros(2, np.bool_),
        "mandate": np.ones(2), "community": np.zeros(2, np.int32), "region": np.zeros(2, np.int32),
        "remit": aims.copy(), "agenda": aims.copy(), "measurement": np.zeros(2),
        "start": np.array([0, 1, 2], np.int32), "other": np.array([1, 0], np.int32),
        "reverse": np.array([1, 0], np.int32), "prior": np.full(2, 0.5), "kept": np.ones(2),
        "broken": np.zeros(2), "aligned": np.ones(2), "pull": np.zeros(1),
        "payer": np.zeros((1, 3)), "phase": first, "community_start": np.array([0, 1], np.int32),
        "communities_number": first, "children": np.ones(1), "participating": np.ones(1, np.bool_),
        "need": np.zeros((1, 3)), "engagement": 0.0, "common_agenda": 1.0, "redesign": 0.0,
    }  # fmt: skip
    kernel = agenda.converge
    kernel(*(columns[n] if n in columns else getattr(p, n) for n in arguments(kernel)))
    result: np.ndarray = columns["agenda"][:, 0] - aims[:, 0]
    return result


def test_confidence_is_bounded() -> None:
    near = moved("bounded-confidence", confidence_bound=0.41, agenda_rate=0.1)
    np.testing.assert_allclose(near, [0.04, -0.04], atol=1e-12)
    assert moved("bounded-confidence", confidence_bound=0.39, agenda_rate=0.1).tolist() == [0, 0]


def test_who_is_wholly_susceptible_moves_to_those_it_knows_and_who_is_not_stays_in_its_remit() -> (
    None
):
    whole = moved("friedkin-johnsen", susceptibility=1.0, influence_pace=0.5)
    np.testing.assert_allclose(whole, [0.2, -0.2], atol=1e-12)
    assert moved("friedkin-johnsen", susceptibility=0.0, influence_pace=0.5).tolist() == [0, 0]
    some = moved("friedkin-johnsen", susceptibility=0.6, influence_pace=0.1)
    np.testing.assert_allclose(some, [0.1 * 0.6 * 0.4, -0.1 * 0.6 * 0.4], atol=1e-12)


def united(theory: float, effort: list[float], needed: list[bool] | None = None) -> float:
    there = np.array(needed or [True] * 6)
    return float(activity.pool(np.array(effort), there, 0.18, 0.1, 0.7, 1.0, theory))


def test_with_effort_by_weight_every_theory_of_production_has_the_same() -> None:
    effort = [0.18] * 5 + [0.1]
    ces = activity.combine(np.array(effort), 0.18, 0.1, 0.7, 1.0)
    assert united(1.0, effort) == pytest.approx(1.0)
    assert united(2.0, effort) == pytest.approx(1.0)
    assert ces == pytest.approx(1.0)


def test_the_weakest_of_those_who_are_needed_decides() -> None:
    effort = [0.18, 0.09, 0.9, 0.9, 0.9, 0.0]
    assert united(2.0, effort) == 0.0
    assert united(2.0, effort, [True] * 5 + [False]) == pytest.approx(0.5 * 0.9)
    assert united(2.0, effort, [True, False, False, False, False, False]) == pytest.approx(0.18)
    assert united(1.0, effort) == pytest.approx(sum(effort))


def test_conditional_cooperation_decays_to_where_it_meets_itself() -> None:
    """b = base + slope b: with a slope below 1 what all give falls to base / (1 - slope)."""
    nobody_new = {"recruit_rate": 0.0, "contagion_rate": 0.0, "leave_rate": 0.0}
    scenario = Scenario.load("national-and-regional", world="one-town").set(
        {"contribution_theory": "conditional", "conditional_base": 0.02, "conditional_slope": 0.5,
         "init_member_share": 0.6, **nobody_new}
    )  # fmt: skip
    model = cisim.CollectiveImpactModel(scenario, 1).run()
    orgs = model.state.orgs
    assert orgs.member.sum() > 20
    np.testing.assert_allclose(orgs.given[orgs.member], 0.04, atol=1e-3)
    assert (orgs.given[~orgs.member] == P.conditional_start).all()


# how they are chosen -------------------------------------------------------------------------

THEORIES = {name: one.names for name, one in declarations(Parameters).items() if one.names}


@pytest.mark.parametrize("name", THEORIES)
def test_a_theory_is_chosen_by_its_name_or_its_number(name: str) -> None:
    for number, word in enumerate(THEORIES[name]):
        assert getattr(check_parameters({name: word}, "a.toml"), name) == number
        assert getattr(check_parameters({name: number}, "a.toml"), name) == number
    assert getattr(P, name) == 0


def test_a_theory_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(InputError) as caught:
        check_parameters({"trust_theory": "layer"}, "a.toml")
    assert str(caught.value) == (
        "a.toml: parameters.trust_theory is 'layer'; allowed is one of evidence, layers, "
        "layers-later. Did you mean layers? (cisim list parameters)"
    )
    with pytest.raises(InputError, match="a whole number from 0 to 2"):
        check_parameters({"trust_theory": 1.5}, "a.toml")


def test_ours_leaves_the_columns_of_the_others_alone() -> None:
    model = cisim.CollectiveImpactModel(Scenario.load("national-and-regional", world="one-town"), 2)
    model.run(24)
    ties = model.state.ties
    assert (ties.damage == 0.0).all()
    assert (model.state.orgs.given == 0.0).all()
    np.testing.assert_array_equal(ties.first, ties.prior)


def test_a_representative_who_is_new_begins_from_the_first_impression() -> None:
    scenario = Scenario.load("no-backbone", world="one-town").set(
        {
            "trust_theory": "layers",
            "turnover": 1.0,
            "inst_base": 0.0,
            "everyday_meetings": 0.0,
            "meetings_max": 0.0,
            "lead_share": 0.0,
        }
    )
    model = cisim.CollectiveImpactModel(scenario, 1)
    model.state.ties.prior[:] = 0.9
    model.state.ties.damage[:] = 0.5
    model.state.orgs.measurement[:] = 0.0
    model.run(1)
    ties = model.state.ties
    np.testing.assert_allclose(ties.prior, ties.first, atol=1e-12)
    assert (ties.damage == 0.0).all()
