"""Attribution: what moved an outcome adds up, disturbs nothing, and blames nobody absent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from cisim.lab import attribution
from cisim.lab.attribution import EXPLAINED, attribute, follow
from cisim.lab.causes import APART, CAUSES
from cisim.model.input_error import InputError
from cisim.model.model import CollectiveImpactModel
from cisim.model.processes.activity import act_together
from cisim.model.processes.meetings import meet
from cisim.world.scenario import Scenario

BACKBONES = {"arranged_kept", "arranged_broken", "host", "arranged", "taught", "recruited"}
LEADS = {"led_kept", "led_broken", "host_led", "led", "taught_led", "recruited_led", "lead_time"}
SPONSORS = {"health", "education", "political", "municipal", "backing", "money"}
EVENTS = (
    {"kind": "reform", "month": 15},
    {"kind": "breach-of-promises", "month": 16},
    {"kind": "sponsor-leaves", "month": 18},
)


def finland(months: int = 24) -> Scenario:
    return Scenario.load("national-and-regional", months=months, events=EVENTS)


def town(**levers: object) -> Scenario:
    return Scenario.load("national-and-regional", world="one-town", months=48).set(levers)


def parts(
    scenario: Scenario, outcome: str, since: int, until: int, region: str = "overall"
) -> dict[str, float]:
    told = attribute(scenario, outcome, since, until, seed=3, region=region)
    return dict(zip(told["cause"], told["part"], strict=True))


@pytest.fixture(scope="module")
def observed() -> dict[str, np.ndarray]:
    return CollectiveImpactModel(finland(), 3).run().recorder.values(list(EXPLAINED))


@pytest.mark.parametrize("outcome", EXPLAINED)
@pytest.mark.parametrize("region", ["overall", "Pirha"])
@pytest.mark.parametrize(("since", "until"), [(12, 24), (15, 16), (18, 19), (0, 8), (0, 1)])
def test_the_parts_add_up_to_the_change_that_was_observed(
    observed: dict[str, np.ndarray], outcome: str, region: str, since: int, until: int
) -> None:
    chosen = finland()
    told = attribute(chosen, outcome, since, until, seed=3, region=region)
    names = [one.name for one in chosen.world.regions]
    seen = observed[outcome][:, -1 if region == "overall" else names.index(region)]
    assert told["part"].sum() == pytest.approx(seen[until] - seen[since], abs=1e-8)
    assert "rest" not in set(told["cause"])


def test_a_table_says_what_was_asked_and_has_the_largest_part_first() -> None:
    told = attribute(finland(), "trust_eligible", 12, 20, seed=3, region="Pirha")
    assert list(told.columns) == [
        "scenario", "seed", "region", "outcome", "since", "until", "process", "cause", "words",
        "part",
    ]  # fmt: skip
    assert told["part"].abs().is_monotonic_decreasing
    assert told["part"].dtype == np.float64
    first = told.iloc[0]
    assert (first["scenario"], first["seed"], first["region"]) == (finland().name, 3, "Pirha")
    assert (first["outcome"], first["since"], first["until"]) == ("trust_eligible", 12, 20)
    named = dict(zip(told["cause"], told["process"], strict=True))
    assert named["faded"] == "update_trust"
    assert named["people"] == "change_representatives"
    assert named["event.breach-of-promises"] == "events"
    words = dict(zip(told["cause"], told["words"], strict=True))
    assert words["faded"] == CAUSES["faded"]
    assert words["event.breach-of-promises"] == "Event: breach of promises"


def test_nothing_has_moved_anything_in_no_time() -> None:
    for month in (0, 7):
        told = attribute(town(), "joint_activity", month, month)
        assert told.empty
        assert "part" in told


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"outcome": "joint_activty"}, "Did you mean joint_activity"),
        ({"outcome": "wellbeing_gain"}, "outcome is wellbeing_gain; allowed is one of trust_"),
        ({"region": "Pirha"}, "region is 'Pirha'; allowed is overall or one of Town"),
        ({"since": -1}, "since is -1; allowed is a whole number, 0 to 48"),
        ({"region": 2}, "region is 2"),
        ({"until": 49}, "until is 49; allowed is a whole number, 6 to 48"),
        ({"until": 5}, "until is 5; allowed is a whole number, 6 to 48"),
        ({"since": 1.5}, "since is 1.5"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(asked: dict[str, Any], said: str) -> None:
    given = {"outcome": "joint_activity", "since": 6, "until": 12, **asked}
    with pytest.raises(InputError) as error:
        attribute(town(), **given)
    assert said in str(error.value)


@pytest.mark.parametrize("outcome", EXPLAINED)
def test_who_looks_why_does_not_disturb_the_run(outcome: str) -> None:
    looked, alone = (CollectiveImpactModel(finland(), 5).run(11) for _ in range(2))
    follow(looked, outcome, None, 12, 20)
    alone.run(9)
    assert looked.month == alone.month == 20
    there = dict(alone.state.columns())
    for name, column in looked.state.columns():
        if name.startswith("meetings."):  # only the first rows hold
            count = alone.state.meetings_count
            assert np.array_equal(column[:count], there[name][:count]), name
        else:
            assert np.array_equal(column, there[name]), name


def test_a_level_read_twice_is_the_same() -> None:
    model = CollectiveImpactModel(finland(), 3).run(10)
    for outcome in EXPLAINED:
        watch = attribution._Watch(model, outcome, 2)
        assert watch.level(model.state) == watch.level(model.state)


@pytest.mark.parametrize("outcome", EXPLAINED)
def test_without_backbones_none_has_a_part(outcome: str) -> None:
    alone = town(national_fte=0.0, regional=False)
    found = parts(alone, outcome, 0, 36)
    assert found
    assert not BACKBONES & set(found)


@pytest.mark.parametrize("outcome", EXPLAINED)
def test_without_a_lead_organisation_none_has_a_part(outcome: str) -> None:
    found = parts(town(lead_share=0.0), outcome, 0, 36)
    assert not LEADS & set(found)


def test_backbones_have_their_parts_where_they_are() -> None:
    trust = parts(town(), "trust_eligible", 0, 36)
    activity = parts(town(), "joint_activity", 0, 36)
    assert trust["arranged_kept"] > 0 > trust["arranged_broken"]
    assert trust["host"] > 0
    assert activity["taught"] > 0
    assert activity["recruited"]  # newcomers bring effort, and are strangers at first
    assert parts(finland(), "joint_activity", 0, 3)["founders"] > 0


@pytest.mark.parametrize("outcome", EXPLAINED)
def test_a_missing_sponsor_has_no_part(outcome: str) -> None:
    there = parts(town(), outcome, 24, 36)
    for missing in (town(sponsors=[]), town(sponsor_link=0.0)):
        found = parts(missing, outcome, 24, 36)
        assert not SPONSORS & set(found)
    if outcome not in ("trust_eligible", "mandate_other"):
        assert SPONSORS & set(there)


def test_one_kind_of_sponsor_alone_is_the_only_one_behind_mandates() -> None:
    found = parts(town(sponsors=["municipal"]), "mandate_public", 24, 36)
    assert SPONSORS & set(found) == {"municipal"}


def test_grants_are_not_taken_for_sponsors_money() -> None:
    granted = town(sponsors=[], grant_reg=1.0, grant_joint=1.0, regional=False)
    found = parts(granted, "joint_activity", 0, 24)
    assert "grants" in found
    assert not SPONSORS & set(found)


def test_an_event_has_its_part_in_the_month_it_strikes() -> None:
    found = parts(finland(), "mandate_public", 15, 16)
    assert found["event.reform"] < 0
    assert "event.sponsor-leaves" not in found  # mandates lapse from then on
    found = parts(finland(), "mandate_public", 14, 15)
    assert "event.reform" not in found


def test_a_year_is_the_sum_of_its_months() -> None:
    year = parts(town(), "joint_activity", 12, 24)
    months = [parts(town(), "joint_activity", m - 1, m) for m in range(13, 25)]
    for name, part in year.items():
        assert sum(one.get(name, 0.0) for one in months) == pytest.approx(part, abs=1e-7)


def test_a_process_is_taken_apart_through_columns_that_it_writes() -> None:
    for process, (columns, _) in APART.items():
        assert set(columns) <= set(process.writes)


# --- a process that nobody has heard of


class Extra:
    """A process in plain Python, put into the schedule for a test."""

    name = "tire"

    def __init__(self, act: Callable[[Any], None]) -> None:
        self.act = act

    def __call__(self, state: Any, p: Any, luck: Any) -> None:
        self.act(state)


def tire_executives(state: Any) -> None:
    state.orgs.mandate[:] *= 0.9


def lose_commitment(state: Any) -> None:
    state.orgs.commitment[:] *= 0.9


def halve_effort(state: Any) -> None:
    state.orgs.joint_effort[:] *= 0.5


def halve_activity(state: Any) -> None:
    state.communities.joint[:] *= 0.5


def forget(state: Any) -> None:
    state.ties.kept[:] *= 0.8


@pytest.mark.parametrize(
    ("outcome", "act", "before"),
    [
        ("mandate_public", tire_executives, meet),
        ("joint_activity", lose_commitment, meet),
        ("joint_activity", halve_effort, act_together),
        ("joint_activity", halve_activity, None),
        ("joint_activity", lose_commitment, None),
        ("trust_eligible", forget, None),
    ],
)
def test_a_process_that_is_new_in_the_schedule_has_its_part_by_itself(
    monkeypatch: pytest.MonkeyPatch, outcome: str, act: Callable[[Any], None], before: Any
) -> None:
    order = list(attribution.SCHEDULE)
    order.insert(len(order) if before is None else order.index(before), Extra(act))
    monkeypatch.setattr(attribution, "SCHEDULE", tuple(order))
    ends, sums, found = [], [], {}
    for until in (18, 30):
        model = CollectiveImpactModel(town(), 3).run(11)
        found = follow(model, outcome, None, 12, until)
        ends.append(attribution._Watch(model, outcome, None).seen(model.state))
        sums.append(sum(found.values()))
    assert sums[1] - sums[0] == pytest.approx(ends[1] - ends[0], abs=1e-9)
    assert abs(found["tire", "process.tire"]) > 1e-6
    assert ("", "rest") not in found


def test_what_a_new_process_halves_each_month_is_gone_once_not_every_month(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    order = [*attribution.SCHEDULE, Extra(halve_activity)]
    monkeypatch.setattr(attribution, "SCHEDULE", tuple(order))
    model = CollectiveImpactModel(town(), 3).run(11)
    found = follow(model, "joint_activity", None, 12, 30)
    end = attribution._Watch(model, "joint_activity", None).seen(model.state)
    rise = sum(part for (process, _), part in found.items() if process != "tire")
    assert rise > 0.0
    assert found["tire", "process.tire"] == pytest.approx(-rise / 2.0, rel=1e-6)
    assert end > 0.0
