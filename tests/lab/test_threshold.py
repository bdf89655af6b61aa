"""Thresholds: goals in words, what is varied, and turns that are known beforehand."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import cisim
from cisim.lab.disk import digest_of
from cisim.lab.goal import Goal, clopper_pearson, order, reached, read_goal, read_outcome
from cisim.lab.threshold import Threshold, threshold
from cisim.lab.turning import Scale
from cisim.lab.varied import find_varied
from cisim.model.input_error import InputError
from cisim.model.parameters import Parameters
from cisim.show.language.spoken import ENGLISH, languages, speaking
from cisim.show.told import told

NAMES = ("same-money", "national-and-regional")
TOWN = [cisim.Scenario.load(name, world="one-town", months=24) for name in NAMES]
MONEY, BOTH = TOWN
SMALL: dict[str, Any] = {"replicates": 4, "workers": 1, "seed": 3}


# --- goals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("wellbeing_gain >= 0.5 in 90%", Goal("wellbeing_gain", True, 0.5, 0.9)),
        ("wellbeing_gain>=.5 in 90 % of futures", Goal("wellbeing_gain", True, 0.5, 0.9)),
        ("service_forgone <= 0.15", Goal("service_forgone", False, 0.15)),
        ("service_forgone ≤ -1e-1 at 12", Goal("service_forgone", False, -0.1, month=12)),
        (
            "member_share ≥ 0.3 at month 12 in 50%",
            Goal("member_share", True, 0.3, 0.5, 12),
        ),
        (
            "wellbeing_gain:same-money >= 0 in 100%",
            Goal("wellbeing_gain", True, 0.0, 1.0, here="same-money"),
        ),
        (
            "wellbeing_gain:national-and-regional - same-money >= 0",
            Goal("wellbeing_gain", True, 0.0, here=NAMES[1], there=NAMES[0]),
        ),
        (
            "wellbeing_gain : same-money-national-and-regional >= -200",
            Goal("wellbeing_gain", True, -200.0, here=NAMES[0], there=NAMES[1]),
        ),
    ],
)
def test_a_goal_is_read_as_it_is_meant(text: str, goal: Goal) -> None:
    assert read_goal(text, NAMES, 24) == goal


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "which is no goal; right would be"),
        ("wellbeing_gain", "which is no goal; right would be"),
        ("wellbeing_gain > 0.5", "which is no goal; right would be"),
        ("wellbeing_gain >= half", "which is no goal; right would be"),
        ("wellbeing_gain >= 0,5 in 90%", "which is no goal; right would be"),
        ("wellbeing_gain >= 0.5 in 90", "which is no goal; right would be"),
        ("wellbeing_gain >= 0.5 in 90% in 80%", "which is no goal; right would be"),
        ("welbeing_gain >= 0.5", "Did you mean wellbeing_gain?"),
        ("wellbeing_gain >= 500", "allowed is -100 to 100"),
        ("wellbeing_gain >= 0.5 in 0%", "allowed is more than 0 % and at most 100 %"),
        ("wellbeing_gain >= 0.5 in 101%", "allowed is more than 0 % and at most 100 %"),
        ("wellbeing_gain >= 0.5 at month 25", "allowed is 0 to 24"),
        ("wellbeing_gain:same-mony >= 0", "Did you mean same-money?"),
        ("wellbeing_gain:same-money - nobody >= 0", "'nobody' is not one of the scenarios"),
        ("wellbeing_gain:same-money - same-money >= 0", "is not one of the scenarios"),
    ],
)
def test_a_goal_that_is_none_is_answered_with_one_that_is_right(text: str, words: str) -> None:
    with pytest.raises(InputError, match=r".") as error:
        read_goal(text, NAMES, 24)
    assert words in str(error.value)


def test_what_an_order_goes_by_is_an_outcome_that_has_a_direction() -> None:
    assert read_outcome("service_forgone at 12", 24) == Goal(
        "service_forgone", False, 0.0, month=12
    )
    undirected = next(name for name, one in cisim.OUTCOMES.items() if not one.better)
    for wrong in ("wellbeing_gain >= 0.5", "wellbeing_gain in 90%", undirected, "nothing"):
        with pytest.raises(InputError, match=r"--goal is|not an outcome"):
            read_outcome(wrong, 24)


def test_the_interval_of_a_share_is_clopper_and_pearsons() -> None:
    for hits, n in ((0, 10), (3, 10), (10, 10), (171, 200)):
        exact = stats.binomtest(hits, n).proportion_ci(0.9, "exact")
        assert clopper_pearson(hits, n) == pytest.approx((exact.low, exact.high), abs=1e-12)
    assert all(math.isnan(end) for end in clopper_pearson(0, 0))


def test_a_share_counts_futures_and_is_sure_where_its_interval_lies_on_one_side() -> None:
    goal = Goal("wellbeing_gain", True, 0.5, 0.9)
    values = np.concatenate([np.full(180, 0.5), np.full(19, 0.4999), [np.nan]])
    found = reached(goal, values)
    assert (found.n, found.estimate, found.holds, found.sure) == (200, 0.9, True, False)
    assert found.undefined == 1
    assert reached(goal, np.full(200, 0.6)).sure
    assert reached(goal, np.full(200, 0.4))[4:6] == (False, True)
    less = Goal("service_forgone", False, 0.5, 0.9)
    assert reached(less, values)[1:5:3] == (pytest.approx(0.995), True)


def test_a_mean_is_sure_where_students_interval_lies_on_one_side() -> None:
    values = np.array([1.0, 2.0, 3.0, 4.0, np.nan])
    low, high = stats.ttest_1samp(values[:4], 0.0).confidence_interval(0.9)
    for goal, holds, sure in (
        (Goal("wellbeing_gain", True, 2.4), True, False),
        (Goal("wellbeing_gain", True, low - 0.01), True, True),
        (Goal("wellbeing_gain", True, high + 0.01), False, True),
        (Goal("wellbeing_gain", False, 2.4), False, False),
        (Goal("wellbeing_gain", False, high + 0.01), True, True),
        (Goal("wellbeing_gain", False, low - 0.01), False, True),
    ):
        found = reached(goal, values)
        assert (found.low, found.high) == pytest.approx((low, high))
        assert (found.holds, found.sure) == (holds, sure), goal


def test_the_best_is_sure_where_its_lead_over_every_other_is() -> None:
    goal = Goal("wellbeing_gain", True, 0.0)
    luck = np.random.default_rng(1).normal(size=50)
    values = {"a": luck, "b": luck + 0.01, "c": luck - 5.0}
    assert order(goal, values) == ("b", True)  # paired: the same luck in both
    values["b"] = -luck + 0.01
    assert order(goal, values).sure is False
    assert order(Goal("service_forgone", False, 0.0), values) == ("c", True)
    assert order(goal, {"a": luck, "b": luck}) == ("a", False)


def test_where_a_world_has_dates_months_are_dates() -> None:
    world = BOTH.world.model_dump() | {"start": "2026-01"}
    dated = BOTH.with_(world=cisim.World(**world))
    goal = read_goal("member_share >= 0.1 at 2027-07", NAMES, 24, dated.calendar)
    assert goal.month == 18
    found = threshold(
        dated, "seed_end", goal="member_share >= 0.9 at 2027-07", low="2026-06", high="2027-01",
        points=3, **SMALL,
    )  # fmt: skip
    assert found.scale == Scale(5.0, 12.0, whole=True)
    assert "Between June 2026 and January 2027, seed_end does not turn" in found.sentences()[0]
    assert "July 2027" in found.sentences()[-1]
    with pytest.raises(InputError, match="dates where a month is varied"):
        threshold(dated, "effort_half", goal="member_share >= 0.9", low="2026-06")
    with pytest.raises(InputError, match="the world has no start"):
        threshold(BOTH, "seed_end", goal="member_share >= 0.9", low="2026-06")


# --- what is varied --------------------------------------------------------------------------


def test_a_parameter_is_looked_at_over_what_may_be_believed_on_its_declared_scale() -> None:
    varied = find_varied("effort_half", TOWN)
    assert varied.scale(None, None) == Scale(0.5, 9.0, log=True)
    assert varied.scale(0.2, 1.0) == Scale(0.2, 1.0, log=True)
    assert varied.default == varied.of(BOTH) == Parameters().effort_half
    assert [one.value for one in varied.anchors] == [3.0]
    assert varied.put(BOTH, 1.25).parameters.effort_half == 1.25


def test_levers_are_varied_by_name_in_their_tables_too() -> None:
    share = find_varied("regional_roles.local_support", TOWN)
    assert share.scale(None, None) == Scale(0.0, 0.25)  # what the other roles leave
    assert share.put(BOTH, 0.1).structure.regional_roles.local_support == 0.1
    assert share.put(BOTH, 0.1).structure.regional_roles.information_broker == 0.25
    month = find_varied("seed_end", TOWN)
    assert month.scale(None, None) == Scale(0.0, 24.0, whole=True)
    assert month.put(BOTH, 7.0).structure.seed_end == 7.0
    assert find_varied("sponsor_link", TOWN).scale(None, None) == Scale(0.0, 1.0)
    assert find_varied("regional_fte", TOWN).scale(0.0, 4.0) == Scale(0.0, 4.0)


def test_a_number_of_an_event_is_varied_where_the_event_is() -> None:
    events = [
        {"kind": "election", "month": 3},
        {"kind": "turnover-wave", "month": 5, "share": 0.2},
        {"kind": "turnover-wave", "month": 9, "share": 0.3},
    ]
    with_them = BOTH.with_(events=events)
    pair = [MONEY, with_them]
    month = find_varied("election.month", pair)
    assert month.scale(None, None) == Scale(0.0, 23.0, whole=True)
    assert month.put(MONEY, 8.0) is MONEY
    assert [one.month for one in month.put(with_them, 8.0).events] == [8, 5, 9]
    second = find_varied("turnover-wave.2.share", pair)
    assert second.scale(None, None) == Scale(0.0, 1.0)
    assert [getattr(one, "share", 0) for one in second.put(with_them, 0.9).events] == [0, 0.2, 0.9]
    third = find_varied("events.3.month", pair)
    assert [one.month for one in third.put(with_them, 8.0).events] == [3, 5, 8]
    with pytest.raises(InputError, match=r"has 2 of them; allowed is one: turnover-wave\.1\.month"):
        find_varied("turnover-wave.month", pair)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("efort_half", "Did you mean effort_half?"),
        ("", "is not a parameter, a lever or a number of an event"),
        ("regional", "a lever that is no number"),
        ("sponsors", "a lever that is no number"),
        ("regional_roles", "is no number of regional_roles"),
        ("regional_roles.local_suport", "Did you mean regional_roles.local_support?"),
        ("effort_half.month", "is not a parameter, a lever or a number of an event"),
        ("election.month", "no scenario has that event. None of them has an event."),
        ("events.month", "allowed is the event's number"),
        ("election.two.month", "its number where there are several"),
    ],
)
def test_a_name_that_cannot_be_varied_is_told_with_what_can(name: str, words: str) -> None:
    with pytest.raises(InputError, match=r".") as error:
        find_varied(name, TOWN)
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("name", "ends", "words"),
    [
        ("regional_fte", (None, None), "--from and --to: regional_fte"),
        ("regional_fte", (0.0, None), "--to: regional_fte"),
        ("regional_fte", (3.0, 3.0), "allowed is a --from below --to"),
        ("effort_half", (0.0, None), "--from is 0; allowed for effort_half is a number from 0.01"),
        ("effort_half", (None, math.inf), "--to is inf"),
        ("seed_end", (0.5, None), "allowed for seed_end is a whole number"),
    ],
)
def test_a_range_that_cannot_be_looked_at_is_told(
    name: str, ends: tuple[float | None, float | None], words: str
) -> None:
    with pytest.raises(InputError, match=r".") as error:
        find_varied(name, TOWN).scale(*ends)
    assert words in str(error.value)


@pytest.mark.parametrize("code", [code for code in languages() if code != ENGLISH])
def test_what_cannot_be_varied_or_aimed_at_is_told_in_each_language(code: str) -> None:
    from cisim.lab.factors import VaryFile, find_factor

    def factor(name: str, low: float | None) -> object:
        return find_factor(name, VaryFile(low=low, high=2.0), TOWN, "a.toml: vary", None)

    asked: list[tuple[Callable[[], object], str]] = [
        (lambda: find_varied("efort_half", TOWN), "'efort_half'"),
        (lambda: find_varied("election.month", TOWN), "'election.month'"),
        (lambda: find_varied("posts.3.fte", TOWN), "'posts.3.fte'"),
        (lambda: find_varied("regional_fte", TOWN).scale(None, None), "--from"),
        (lambda: find_varied("effort_half", TOWN).scale(99.0, None), "--from"),
        (lambda: factor("efort_half", None), "a.toml: vary"),
        (lambda: factor("regional_fte", None), "a.toml: vary."),
        (lambda: factor("regional_fte", -1.0), "a.toml: vary."),
        (lambda: factor("sponsor_link", -1.0), "a.toml: vary."),
        (lambda: read_goal("joy", ["a"], 12), "--goal"),
        (lambda: read_goal("joy >= 1", ["a"], 12), "joy"),
        (lambda: read_goal("member_share:b >= 1", ["a"], 12), "'b'"),
        (lambda: read_goal("member_share >= 2", ["a"], 12), "--goal"),
        (lambda: read_goal("member_share >= 1 at 13", ["a"], 12), "--goal"),
    ]
    for ask, named in asked:
        with pytest.raises(InputError, match=r".") as error:
            ask()
        with speaking(code):
            said = told(str(error.value))
        assert named in said
        assert not re.search(r"\b(is|has|are|allowed|right)\b", said), said
        assert not re.search(r"\w\(", said), "a unit stands apart from its number"


def test_every_lever_that_is_a_number_can_be_varied() -> None:
    from cisim.cli.listing import list_parameters

    for row in list_parameters():
        if isinstance(row["default"], float):
            varied = find_varied(row["name"], TOWN)
            assert varied.of(BOTH) == pytest.approx(row["default"]) or row["kind"] == "lever"
            low, high = varied.bounds
            assert low <= varied.of(BOTH) <= high  # type: ignore[operator]


# --- turns that are known --------------------------------------------------------------------

ALONE = {"sponsors": []}
"""Without sponsors, staff is all that costs money, and that is known by heart."""


def test_a_goal_that_is_linear_in_the_lever_is_found_within_a_hundredth() -> None:
    plain = MONEY.with_(structure="national", structure_changes=ALONE, name="staffed", months=6)
    scale = plain.world.scale
    found = threshold(plain, "national_fte", goal="external_money >= 1", low=0, high=20, **SMALL)
    (turn,) = found.turning().to_dict("records")
    assert turn["at"] == pytest.approx(1.0 / scale, abs=0.01)
    assert turn["low"] <= 1.0 / scale <= turn["high"]
    assert (turn["before"], turn["after"]) == (False, True)
    assert not turn["low_open"]
    assert not turn["high_open"]


def test_the_last_month_that_holds_is_found_exactly() -> None:
    ends = BOTH.with_(
        structure="national",
        structure_changes=ALONE,
        name="ends",
        events=[{"kind": "backbone-ends", "month": 3, "level": "national"}],
    )
    each = cisim.simulate(ends, 1, 1).at("external_money_total")[0] / 3.0
    goal = f"external_money_total <= {7.5 * each:.12g} in 90%"
    found = threshold(ends, "backbone-ends.month", goal=goal, replicates=60, workers=1)
    (turn,) = found.turning().to_dict("records")
    assert (turn["at"], turn["low"], turn["high"]) == (8.0, 7.0, 8.0)
    assert (
        "up to backbone-ends.month = month 7, and from month 8 on no more" in found.sentences()[0]
    )


def test_the_order_of_two_turns_where_their_means_cross() -> None:
    cheap = MONEY.with_(structure="national", structure_changes=ALONE, name="cheap", months=6)
    dear = cheap.with_(structure_changes={"national_fte": 6.0}, name="dear")
    varied = [
        cheap,
        dear.with_(events=[{"kind": "backbone-ends", "month": 0, "level": "national"}]),
    ]
    found = threshold(
        varied,
        "backbone-ends.month",
        until_order_turns=True,
        goal="external_money_total",
        **SMALL,
    )
    # Both staffs come at month 0: 4 for six months cost what 6 cost for four.
    (turn,) = found.turning().to_dict("records")
    assert (turn["before"], turn["after"]) == ("dear", "cheap")
    assert turn["at"] in (4.0, 5.0)
    assert "dear is best" in found.sentences()[0]


def test_all_values_meet_the_same_futures_and_what_is_known_is_not_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = threshold(TOWN, "effort_half", goal="wellbeing_gain:same-money >= 0.05", **SMALL)
    assert found.names == NAMES
    k = list(found.values).index(0.5)
    alone = cisim.simulate(MONEY.set({"effort_half": 0.5}), 4, 1, 3, outcomes=["wellbeing_gain"])
    np.testing.assert_array_equal(found.outcomes[k, 0], alone.at("wellbeing_gain"))
    assert list(found.seeds) == [3, 4, 5, 6]
    run = cisim.CollectiveImpactModel.run
    lived = []

    def count(self: Any, months: int | None = None) -> Any:
        lived.append(self.scenario.name)
        return run(self, months)

    monkeypatch.setattr(cisim.CollectiveImpactModel, "run", count)
    threshold(BOTH, "national_fte", goal="member_share >= 0.9 in 90%",
              low=0, high=4, points=3, out=tmp_path, **SMALL)  # fmt: skip
    first = len(lived)
    assert first >= 3 * 4
    threshold(BOTH, "national_fte", goal="member_share >= 0.9 in 90%", low=0, high=4, points=3,
              out=tmp_path, **SMALL)  # fmt: skip
    assert len(lived) == first


def test_the_same_search_gives_the_same_on_one_worker_and_on_two() -> None:
    asked = {"goal": "wellbeing_gain >= 0.05 in 50%", "replicates": 6, "points": 5}
    one = threshold(TOWN, "effort_half", workers=1, **asked)  # type: ignore[arg-type]
    other = threshold(TOWN, "effort_half", workers=2, **asked)  # type: ignore[arg-type]
    pd.testing.assert_frame_equal(one.table(), other.table())
    assert one.sentences() == other.sentences()
    np.testing.assert_array_equal(one.outcomes, other.outcomes)


def test_a_difference_is_taken_future_by_future() -> None:
    found = threshold(
        TOWN,
        "effort_half",
        goal="wellbeing_gain:national-and-regional - same-money >= 0",
        points=3,
        **SMALL,
    )
    row = found.table().iloc[0]
    assert row["scenario"] == "national-and-regional - same-money"
    assert row["estimate"] == pytest.approx((found.outcomes[0, 1] - found.outcomes[0, 0]).mean())


def test_a_search_that_is_stopped_keeps_whole_futures_and_goes_on_from_there(
    tmp_path: Path,
) -> None:
    def stop_at(count: int) -> Callable[[int, int], None]:
        def progress(done: int, total: int) -> None:
            assert done <= total
            if done >= count:
                raise KeyboardInterrupt

        return progress

    asked: dict[str, Any] = {"goal": "wellbeing_gain >= 0", "points": 3, **SMALL}
    stopped = threshold(BOTH, "effort_half", out=tmp_path, progress=stop_at(6), **asked)
    assert stopped.incomplete
    assert stopped.futures == 2
    assert list(stopped.values) == [0.5, 2.121, 9.0]
    assert json.loads((tmp_path / "manifest.json").read_text("utf-8"))["incomplete"]
    later = threshold(BOTH, "effort_half", out=tmp_path, progress=stop_at(16), **asked)
    assert later.incomplete
    assert later.futures == 4
    whole = threshold(BOTH, "effort_half", out=tmp_path, **asked)
    pd.testing.assert_frame_equal(whole.table(), threshold(BOTH, "effort_half", **asked).table())
    assert not whole.incomplete


def test_a_future_that_fails_is_left_out_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    run = cisim.CollectiveImpactModel.run

    def unlucky(self: Any, months: int | None = None) -> Any:
        if self.seed == 4 and self.parameters.effort_half > 2.0:
            raise ZeroDivisionError("out of luck")
        return run(self, months)

    monkeypatch.setattr(cisim.CollectiveImpactModel, "run", unlucky)
    found = threshold(BOTH, "effort_half", goal="wellbeing_gain >= 0.05", points=3, **SMALL)
    assert list(found.seeds) == [3, 5, 6]
    assert found.failed[0][0] == "future 4"
    assert "out of luck" in found.failed[0][1]
    assert found.outcomes.shape[2] == 3


def test_what_is_written_says_all_that_is_needed_to_repeat_it(tmp_path: Path) -> None:
    found = threshold(
        BOTH,
        "effort_half",
        goal="wellbeing_gain >= 0.05",
        points=3,
        out=tmp_path,
        draw=lambda one, key: {"threshold.svg": f"<svg>{key}</svg>"},
        **SMALL,
    )
    said = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert said == found.manifest
    assert {name: digest_of(tmp_path / name) for name in said["files"]} == said["files"]
    kept = pd.read_csv(tmp_path / "threshold.csv")
    assert list(kept.columns) == ["effort_half", *found.table().columns[1:], "manifest"]
    assert set(kept["manifest"]) == {said["key"]}
    np.testing.assert_allclose(kept["estimate"], found.table()["estimate"], rtol=1e-15)
    (resolved,) = said["scenarios"]
    again = threshold(
        cisim.Scenario.from_resolved(resolved),
        said["vary"]["name"],
        goal=said["goal"],
        low=said["vary"]["low"],
        high=said["vary"]["high"],
        points=said["vary"]["points"],
        replicates=said["asked"],
        seed=said["seeds"]["first"],
        workers=1,
    )
    pd.testing.assert_frame_equal(again.table(), found.table())


def test_what_does_not_turn_is_said_with_what_holds_everywhere() -> None:
    never = threshold(BOTH, "effort_half", goal="member_share >= 1 in 90%", points=3,
                      replicates=30, workers=1)  # fmt: skip
    assert never.turning().empty
    assert "does not turn the answer" in never.sentences()[0]
    assert (
        "the goal is reached at no value that was tried (0 to 0 % of futures)"
        in (never.sentences()[0])
    )
    assert isinstance(never, Threshold)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({}, "--goal is missing"),
        ({"goal": "wellbeing_gain >= 0.5", "points": 2}, "points is 2"),
        ({"goal": "wellbeing_gain >= 0.5", "replicates": 1}, "replicates is 1"),
        ({"until_order_turns": True}, "allowed are two or more to compare"),
        ({"goal": "wellbeing_gain >= 0.5", "vary": "regional_roles.local_support", "high": 0.9},
         "add up to"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_before_anything_is_run(
    wrong: dict[str, Any], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("something was run")

    monkeypatch.setattr("cisim.lab.threshold.continue_work", never)
    asked: dict[str, Any] = {"vary": "effort_half", **wrong}
    with pytest.raises(InputError, match=r".") as error:
        threshold(BOTH, **asked)
    assert words in str(error.value)


# --- posts and equal money -------------------------------------------------------------------

COUNTY = BOTH.with_(
    structure="none",
    structure_changes={
        "payers": [{"name": "County", "kind": "county"}],
        "posts": [
            {"where": "regional", "fte": 1.0, "until": 6, "payer": "foundation",
             "after": {"takeover": "County", "share": 0.5, "from": 9}},
            {"where": "national", "fte": 1.0, "payer": "County"},
        ],
        "sponsors": [],
    },
    name="county",
)  # fmt: skip


def test_numbers_of_posts_are_varied_by_place_by_payer_and_as_the_takeover() -> None:
    month = find_varied("takeover.month", [MONEY, COUNTY])
    assert month.scale(None, None) == Scale(6.0, 23.0, whole=True)
    assert (month.of(COUNTY), month.of(MONEY)) == (9.0, None)
    later = month.put(COUNTY, 12.0).structure.posts[0].after
    assert (later.from_, later.share) == (12, 0.5)  # type: ignore[union-attr]
    assert month.put(MONEY, 12.0) is MONEY
    share = find_varied("takeover.share", [COUNTY])
    assert share.put(COUNTY, 0.8).structure.posts[0].after.share == 0.8  # type: ignore[union-attr]
    fte = find_varied("posts.County.fte", [COUNTY])
    assert fte.put(COUNTY, 3.0).structure.posts[1].fte == 3.0
    assert find_varied("posts.2.fte", [COUNTY]).path == fte.path
    until = find_varied("posts.1.until", [COUNTY])
    assert until.scale(None, None) == Scale(1.0, 24.0, whole=True)
    for name, words in (
        ("posts.3.fte", "which is no post"),
        ("posts.fte", "allowed is posts.N.fte"),
        ("posts.1.colour", "allowed is posts.N.fte"),
        ("takeover.2.month", "which is no post"),
    ):
        with pytest.raises(InputError, match=words.replace(".", r"\.")):
            find_varied(name, [COUNTY])


def test_the_month_until_which_somebody_must_take_over_is_found_exactly() -> None:
    each = cisim.simulate(COUNTY, 1, 1).at("external_money_total")[0]
    month = cisim.simulate(find_varied("takeover.month", [COUNTY]).put(COUNTY, 10.0), 1, 1).at(
        "external_money_total"
    )[0]
    saved = each - month
    assert saved > 0.0
    found = threshold(
        COUNTY, "takeover.month", goal=f"external_money_total >= {each - 2.5 * saved:.12g}", **SMALL
    )
    (turn,) = found.turning().to_dict("records")
    assert (turn["at"], turn["before"], turn["after"]) == (12.0, True, False)
    assert "up to takeover.month = month 11, and from month 12 on no more" in found.sentences()[0]


def test_what_is_given_anothers_money_follows_that_one() -> None:
    same = cisim.Scenario.load("same-total", world="one-town", months=12)
    both = BOTH.with_(months=12)
    found = threshold(
        [same, both], "national_fte", goal="external_money_total >= 0", low=0, high=4, points=3,
        **SMALL,
    )  # fmt: skip
    np.testing.assert_allclose(found.outcomes[:, 0], found.outcomes[:, 1], rtol=1e-9)
    assert found.outcomes[-1, 0].mean() > found.outcomes[0, 0].mean()
    with pytest.raises(InputError, match="changes nothing in same-total"):
        threshold(same, "national_fte", goal="member_share >= 0", low=0, high=4, **SMALL)
