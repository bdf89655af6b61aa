"""Posts are paid by somebody, act where they are, and stop when their money does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cisim
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import OWN_TIME
from cisim.model.state import FOUNDATION

BASE = cisim.Scenario.load("no-backbone", world="one-town", months=40)
FINLAND = cisim.Scenario.load("no-backbone", months=30)
COUNTY = {"name": "County", "kind": "county", "year_price": 60_000.0}
POST: dict[str, Any] = {"where": "regional", "fte": 1.0, "payer": "foundation"}


def with_posts(
    *posts: dict[str, Any], payers: Any = (COUNTY,), base: cisim.Scenario = BASE, **levers: Any
) -> cisim.Scenario:
    return base.with_(structure_changes={"posts": list(posts), "payers": list(payers), **levers})


def run(scenario: cisim.Scenario, seed: int = 4) -> CollectiveImpactModel:
    return CollectiveImpactModel(scenario, seed).run()


def paid(model: CollectiveImpactModel, payer: str) -> np.ndarray:
    """Return what a payer paid in each month, all regions together, (months,)."""
    names = [one.name for one in model.scenario.payers]  # type: ignore[attr-defined]
    return np.asarray(model.payments.paid[1:, names.index(payer)].sum(axis=1))


def same_outcomes(one: CollectiveImpactModel, other: CollectiveImpactModel) -> None:
    theirs = other.recorder.values()
    for name, values in one.recorder.values().items():
        np.testing.assert_array_equal(values, theirs[name], err_msg=name)


def test_a_post_is_paid_from_its_first_month_until_its_last() -> None:
    model = run(with_posts(POST | {"from": 6, "until": 18, "fte": 0.75}))
    assert paid(model, "foundation").tolist() == [0.0] * 6 + [0.75] * 12 + [0.0] * 22
    staff = model.recorder.values(["regional_staff"])["regional_staff"][1:, -1]
    assert staff[5] == 0.0
    assert staff[6] == pytest.approx(0.75 / 6)  # posts are filled slowly ...
    assert staff[18] == 0.0  # ... and end at once


def test_who_takes_over_pays_its_share_from_then_on() -> None:
    after = {"takeover": "County", "share": 0.5, "until": 30}
    model = run(with_posts(POST | {"until": 12, "after": after}))
    assert paid(model, "foundation").tolist() == [1.0] * 12 + [0.0] * 28
    assert paid(model, "County").tolist() == [0.0] * 12 + [0.5] * 18 + [0.0] * 10


def test_sponsors_that_go_on_pay_by_their_rule_and_no_more_than_the_cap() -> None:
    theirs = {"until": 6, "after": "sponsors"}
    levers = {"sponsor_link": 1.0, "backbone_share": 1.0}
    model = run(with_posts(POST | theirs | {"cap": 0.01}, **levers))
    assert model.state.regions.money[0] > 0.1
    assert model.state.backbones.sponsored[1] == 0.01
    free = run(with_posts(POST | theirs | {"cap": 50.0}, **levers))
    assert free.state.backbones.sponsored[1] == free.state.regions.money[0]
    nobody = run(with_posts(POST | {"until": 6}, **levers))
    assert nobody.state.backbones.sponsored[1] == 0.0
    assert nobody.state.backbones.staff[1] == 0.0


def test_a_budget_stops_a_post_in_the_month_in_which_it_runs_out() -> None:
    county = COUNTY | {"budget": {"1": 30_000.0, "3": 60_000.0}}
    model = run(with_posts(POST | {"payer": "County"}, payers=[county]))
    assert paid(model, "County").tolist() == [1.0] * 6 + [0.0] * 18 + [1.0] * 12 + [0.0] * 4


def test_a_budget_pays_posts_in_the_order_of_the_file() -> None:
    county = COUNTY | {"budget": {"1": 45_000.0}}
    half = POST | {"payer": "County", "fte": 0.5}
    model = run(with_posts(POST | {"payer": "County"}, half, payers=[county]))
    assert paid(model, "County")[:8].tolist() == [1.5] * 6 + [0.0] * 2


def test_budget_years_are_calendar_years_where_the_world_has_a_start() -> None:
    world = BASE.world.model_copy(update={"start": "2026-07"})
    county = COUNTY | {"budget": {"2027": 60_000.0}}
    model = run(
        with_posts(POST | {"payer": "County"}, payers=[county], base=BASE.with_(world=world))
    )
    assert paid(model, "County").tolist() == [0.0] * 6 + [1.0] * 12 + [0.0] * 22


def test_a_post_in_rows_is_the_short_form_to_the_last_bit() -> None:
    short = BASE.with_(
        structure_changes={"national_fte": 5.0, "regional": True, "academic_fte": 0.5}
    )
    rows = with_posts(
        {"where": "national", "fte": 1.0, "payer": "foundation"},
        POST | {"until": 60},
        {"where": "academic", "fte": 0.5, "payer": "foundation"},
    )
    same_outcomes(run(short), run(rows))


def test_two_halves_of_a_post_are_the_post() -> None:
    half = POST | {"fte": 0.5, "until": 24}
    same_outcomes(run(with_posts(POST | {"until": 24})), run(with_posts(half, half)))


@pytest.mark.parametrize("payer", ["foundation", "County"])
def test_the_name_of_a_payer_changes_nothing(payer: str) -> None:
    kind = "foundation" if payer == "foundation" else "county"
    one = with_posts(POST | {"payer": payer}, payers=[{"name": payer, "kind": kind}])
    other = with_posts(POST | {"payer": "Z"}, payers=[{"name": "Z", "kind": kind}])
    same_outcomes(run(one), run(other))


def test_who_pays_pulls_to_its_own_position() -> None:
    def agenda(position: list[float]) -> np.ndarray:
        county = COUNTY | {"position": position}
        levers = {"neutrality": 0.0, "sponsors": []}
        model = run(with_posts(POST | {"payer": "County"}, payers=[county], **levers))
        assert model.state.regions.payer[0].tolist() == position
        return np.asarray(model.state.orgs.agenda[model.state.orgs.member].mean(axis=0))

    assert agenda([2.0, 0.0, 0.0])[0] > agenda([-2.0, 0.0, 0.0])[0]


def test_a_post_in_one_region_is_none_in_others() -> None:
    model = run(with_posts(POST | {"region": "Soite"}, base=FINLAND))
    assert (model.state.backbones.staff > 0.0).tolist() == [False, False, True, False, False, False]
    books = model.payments.paid[1:, FOUNDATION]
    assert books[:, 1].tolist() == [1.0] * 30
    assert not np.delete(books, 1, axis=1).any()


def test_a_post_far_away_changes_nothing_here_where_regions_know_nobody_elsewhere() -> None:
    apart = FINLAND.with_(world=FINLAND.world.model_copy(update={"region_ties": 0}))
    plain, other = run(apart), run(with_posts(POST | {"region": "Soite"}, base=apart))
    ours, theirs = plain.recorder.values(), other.recorder.values()
    for name in ("wellbeing_gain", "joint_activity", "trust_eligible", "external_money"):
        np.testing.assert_array_equal(ours[name][:, 0], theirs[name][:, 0], err_msg=name)
        assert (ours[name][:, 1] != theirs[name][:, 1]).any()


def test_staff_divides_its_time_as_its_posts_say_by_their_size() -> None:
    brokers = {"information_broker": 1.0}
    one = POST | {"fte": 1.0, "roles": brokers}
    model = run(with_posts(one, POST | {"fte": 3.0}))
    assert model.state.backbones.roles[1, :4].tolist() == pytest.approx(
        [0.1875, 0.1875, 0.1875, 0.4375]
    )
    alone = run(with_posts(one))
    assert alone.state.backbones.roles[1, :4].tolist() == [0.0, 0.0, 0.0, 1.0]
    usual = run(with_posts(POST | {"fte": 0.3}, POST | {"fte": 0.1}))
    assert usual.state.backbones.roles[1, :4].tolist() == [0.25] * 4


PAYING = [
    {"where": "national", "fte": 0.7, "payer": "foundation"},
    POST | {"fte": 0.9, "until": 12, "after": {"takeover": "County", "share": 0.6}},
    POST | {"fte": 0.35, "payer": "State", "from": 3, "until": 20, "after": "sponsors", "cap": 1.0},
    {"where": "academic", "fte": 0.2, "payer": "State"},
]


@pytest.mark.parametrize("levers", [{}, {"sponsor_link": 1.0}, {"sponsors": ["municipal"]}])
def test_the_sum_over_payers_is_all_external_money_to_the_last_bit(levers: dict[str, Any]) -> None:
    state = {"name": "State", "kind": "state"}
    model = run(with_posts(*PAYING, payers=[COUNTY, state], base=FINLAND, **levers))
    books = model.payments.paid
    sponsors, others = np.zeros(books[:, 0].shape), np.zeros(books[:, 0].shape)
    for q in range(books.shape[1]):
        (sponsors if q < FOUNDATION else others)[:] += books[:, q]
    external = model.recorder.values(["external_money"])["external_money"]
    np.testing.assert_array_equal(others + sponsors, external[:, :-1])
    total = model.recorder.values(["external_money_total"])["external_money_total"][-1, -1]
    assert books.sum() / 12.0 == pytest.approx(total, rel=1e-13)
    assert model.recorder.books.shape[1] == books.shape[1] + len(OWN_TIME)


def test_seed_money_that_ends_early_begins_what_comes_after_it() -> None:
    after = {"takeover": "County", "share": 0.5}
    plan = with_posts(POST | {"until": 24, "after": after})
    model = run(plan.with_(events=[{"kind": "seed-money-ends", "month": 10}]))
    assert paid(model, "foundation").tolist() == [1.0] * 10 + [0.0] * 30
    assert paid(model, "County").tolist() == [0.0] * 10 + [0.5] * 30
    other = run(plan.with_(events=[{"kind": "seed-money-ends", "month": 30, "payer": "County"}]))
    assert paid(other, "foundation").sum() == 24.0
    assert paid(other, "County").tolist() == [0.0] * 24 + [0.5] * 6 + [0.0] * 10


def test_a_backbone_that_ends_ends_all_of_its_posts() -> None:
    after = {"takeover": "County", "share": 0.5}
    ends = {"kind": "backbone-ends", "month": 10, "level": "regional"}
    model = run(with_posts(POST | {"until": 24, "after": after}).with_(events=[ends]))
    assert paid(model, "foundation").sum() == 10.0
    assert paid(model, "County").sum() == 0.0


def test_a_backbone_that_starts_is_booked_to_its_payer() -> None:
    starts = {"kind": "backbone-starts", "month": 7, "level": "regional", "fte": 1.5}
    model = run(with_posts().with_(events=[starts | {"payer": "County"}]))
    assert paid(model, "County").tolist() == [0.0] * 7 + [1.5] * 33
    assert paid(model, "foundation").sum() == 0.0
    assert paid(run(BASE.with_(events=[starts])), "foundation").sum() == pytest.approx(1.5 * 33)


def test_a_pause_in_a_file_keeps_posts_payers_and_books(tmp_path: Any) -> None:
    county = COUNTY | {"budget": {"1": 50_000.0, "2": 50_000.0}}
    plan = with_posts(POST | {"until": 5, "after": {"takeover": "County"}}, payers=[county])
    through = run(plan)
    path = CollectiveImpactModel(plan, 4).run(15).save(tmp_path / "half.npz")
    resumed = CollectiveImpactModel.load(path).run()
    same_outcomes(through, resumed)
    np.testing.assert_array_equal(through.recorder.books, resumed.recorder.books)
