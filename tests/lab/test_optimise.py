"""Best uses of a budget: what is chosen, what is paid, what is found, and that it comes again."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cisim
from cisim.lab import executors
from cisim.lab.bill import bill
from cisim.lab.disk import digest_of
from cisim.lab.optimise import Optimised, future, optimise
from cisim.lab.optimise.beliefs import read_beliefs
from cisim.lab.optimise.budget import CENT, Budget, Who, all_payers, planned, read_budget
from cisim.lab.optimise.file import read_question
from cisim.lab.optimise.goals import best_rows, front_of, read_goals, spread
from cisim.lab.optimise.levers import nice, put, read_levers, usual
from cisim.lab.optimise.search import search
from cisim.lab.optimise.written import scenario_text
from cisim.lab.written import read_manifest
from cisim.model.input_error import InputError
from cisim.world.scenario import Scenario

TOWN = Scenario.load("no-backbone", world="one-town", months=24)
SMALL: dict[str, Any] = {"points": 3, "unseen": 4, "workers": 1}
POST = {"add.regional.fte": "0..1/0.25"}
PAYERS = {
    "payers": [{"name": "County", "kind": "county", "year_price": 50_000.0}],
    "posts": [{"where": "regional", "fte": 0.5, "until": 12, "payer": "County"}],
}


@pytest.fixture
def at_the_defaults(tmp_path: Path) -> dict[str, Any]:
    """Return beliefs that are the defaults, in six futures, half of them unseen."""
    table = tmp_path / "defaults.csv"
    table.write_text("trust_memory\n" + "72\n" * 6, "utf-8")
    return {"points": table, "workers": 1, "months": 36}


def same(one: Optimised, other: Optimised) -> bool:
    pd.testing.assert_frame_equal(one.candidates(), other.candidates(), check_exact=True)
    pd.testing.assert_frame_equal(one.table(), other.table(), check_exact=True)
    pd.testing.assert_frame_equal(one.levers_table(), other.levers_table(), check_exact=True)
    return one.sentences() == other.sentences()


# --- what may be chosen ------------------------------------------------------------------------


def test_a_lever_has_the_values_of_its_grid_and_both_ends() -> None:
    (lever,) = read_levers({"national_fte": "0..1.1/0.25"}, TOWN, "foundation")
    assert [lever.value(at) for at in range(lever.size)] == [0.0, 0.25, 0.5, 0.75, 1.0, 1.1]
    assert [lever.place(value) for value in (0.0, 0.26, 1.1, None)] == [0, 1, 5, 0]
    assert lever.told == "0..1.1/0.25"


@given(st.floats(1e-6, 1e6))
def test_steps_are_easy_to_say_and_not_wider_than_asked(width: float) -> None:
    step = nice(width)
    assert width / 2.5 * (1 - 1e-6) <= step <= width * (1 + 1e-6)
    assert f"{step:e}"[0] in "125"
    assert float(f"{step:.1g}") == step


def test_all_that_is_chosen_stands_in_the_scenario() -> None:
    said = {
        "structure": "none|regional",
        "selection": "open|complementary",
        "sponsor_link": "0..1/0.5",
        "add.national.fte": "0..2",
        "add.national.from": "0..12",
        "add.national.until": "6..24",
        "add.local-action.Town.fte": {"low": 0, "high": 1, "step": 0.5},
    }
    levers = read_levers(said, TOWN, "foundation")
    values = ["regional", "complementary", 1.0, 0.7, 6.0, 18.0, 0.5]
    made = put(TOWN, levers, values, "foundation")
    assert made.structure_name == "regional"
    assert made.structure.selection == "complementary"
    assert made.structure.sponsor_link == 1.0
    one, other = made.structure.posts
    assert (one.where, one.fte, one.from_, one.until) == ("national", 0.7, 6, 18)
    assert (other.where, other.region, other.fte) == ("local-action", "Town", 0.5)
    ended = put(TOWN, levers, [*values[:4], 12.0, 6.0, 0.0], "foundation")
    assert ended.structure.posts == []


def test_posts_of_the_file_keep_their_places_where_others_are_added() -> None:
    there = TOWN.with_(structure_changes=PAYERS)
    said = {"posts.1.until": "6..18", "add.regional.fte": "0..1"}
    levers = read_levers(said, there, "County")
    made = put(there, levers, [9.0, 0.3], "County")
    assert [(p.until, p.fte, p.payer) for p in made.structure.posts] == [
        (9, 0.5, "County"),
        (None, 0.3, "County"),
    ]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"national_ft": "0..1"}, "Did you mean national_fte?"),
        ({"effort_half": "0..1"}, "a parameter: what is believed is not chosen"),
        ({"national_fte": "1..0"}, "a first number below the second"),
        ({"national_fte": "0..1/2"}, "the step 2; allowed is a number above 0 and at most 1"),
        ({"national_fte": "much"}, "national_fte"),
        ({"national_fte": "0..99999"}, "allowed are numbers from 0 to 10000"),
        ({"national_start": "0..1.5"}, "whole numbers"),
        ({"selection": "open"}, "two or more values, each once"),
        ({"selection": "open|closed"}, "selection"),
        ({"add.regional.North.fte": "0..1"}, "'North' is not a region of one-town"),
        ({"add.national.Town.fte": "0..1"}, "a national post has no region"),
        ({"add.national.from": "0..12"}, "but not add.national.fte"),
        ({"add.somewhere.fte": "0..1"}, "which is no post"),
        ({"add.regional.fte": "0..1", "add.regional.payer": "foundation|Nobody"}, "'Nobody'"),
        ({"national_fte": {"low": 0, "high": 1, "steps": 3}}, "allowed are low, high and step"),
        ({"structure": "none|regionl"}, "Did you mean regional?"),
    ],
)
def test_what_cannot_be_chosen_is_told_in_one_sentence(said: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as error:
        read_levers(said, TOWN, "foundation")
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_left_out_few_levers_are_chosen_and_all_of_them_cost_money() -> None:
    finland = Scenario.load("no-backbone")
    names = list(usual(finland, 1.6, []))
    assert names[0] == "add.national.fte"
    assert sum(name.startswith("add.regional.") for name in names) == 5
    both = usual(Scenario.load("national-and-regional"), 1.6, ["A", "B"])
    assert set(both) == {"national_fte", "regional_fte", "add.local-action.fte",
                         "add.local-action.payer"}  # fmt: skip
    who = all_payers([finland], 60_000.0)
    for name, said in usual(finland, 1.6, []).items():
        (lever,) = read_levers({name: said}, finland, "foundation")
        most = put(finland, [lever], [lever.high], "foundation")
        assert planned(most, who).sum() > 0.0, name


# --- the budget ----------------------------------------------------------------------------------


def test_what_is_planned_is_what_is_paid_where_nothing_happens() -> None:
    there = TOWN.with_(structure_changes=PAYERS | {"national_fte": 2.0, "national_start": 6})
    who = all_payers([there], 60_000.0)
    model = cisim.CollectiveImpactModel(there, 1).run()
    paid = model.recorder.books[1:].sum(axis=2)
    yearly = np.array([paid[:12].sum(axis=0), paid[12:].sum(axis=0)]).T / 12.0
    price = np.array([one.year_price for one in who])
    money = yearly[: len(who)] * price[:, None]
    mine = [q for q, one in enumerate(who) if not one.sponsor]
    np.testing.assert_allclose(planned(there, who)[mine], money[mine], rtol=1e-9)
    assert money[mine].sum() == pytest.approx(25_000 + 0.4 * 60_000 * 1.5)


def test_the_worst_year_of_any_limit_is_what_breaks_a_budget() -> None:
    who = [Who("sponsors: health", True, 1.0), Who("A", False, 1.0), Who("B", False, 1.0)]
    paid = np.array([[[50.0, 50.0], [10.0, 20.0], [5.0, 1.0]]])
    assert Budget(20.0, {}).excess(paid, who).tolist() == [1.0]
    assert Budget(None, {"A": 25.0, "B": 2.0}).excess(paid, who).tolist() == [3.0]
    assert Budget(None, {"sponsors: health": 20.0}).excess(paid, who).tolist() == [30.0]
    assert Budget(21.0, {"A": 20.0}).excess(paid, who).tolist() == [0.0]


@pytest.mark.parametrize(
    ("total", "payers", "words"),
    [
        (-1, {}, "--budget is -1; allowed is money a year"),
        (float("nan"), {}, "--budget is nan"),
        (True, {}, "--budget is True"),
        (None, {}, "--budget is missing"),
        (1, {"Count": 2.0}, "no payer is called so; allowed is one of County"),
        (1, {"County": -2.0}, "--payer County is -2"),
    ],
)
def test_a_budget_that_is_none_is_told_in_one_sentence(
    total: Any, payers: dict[str, float], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        read_budget(total, payers, ["County"])


# --- the front and the search --------------------------------------------------------------------

VALUES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=30)


@given(VALUES)
def test_nothing_beats_the_front_and_the_front_beats_or_equals_all_else(
    rows: list[tuple[int, int]],
) -> None:
    values = np.array(rows, float)
    front = front_of(values)
    kept = {rows[at] for at in front}
    assert len(kept) == len(front)
    for row in rows:
        better = [k for k in kept if k != row and k[0] <= row[0] and k[1] <= row[1]]
        assert (row in kept) != bool(better)


def test_of_one_goal_the_best_are_told_and_not_one_alone() -> None:
    values = np.array([[3.0], [1.0], [2.0], [1.0]])
    assert best_rows(values, 3) == [1, 3, 2]
    assert best_rows(np.array([[3.0, 0.0], [1.0, 2.0], [2.0, 3.0]]), 2) == [1, 0]
    assert best_rows(np.empty((0, 2)), 3) == []


@given(VALUES, st.integers(2, 6))
def test_what_is_told_of_a_front_has_its_ends(rows: list[tuple[int, int]], many: int) -> None:
    values = np.array(rows, float)
    values = values[front_of(values)]
    taken = spread(values, many)
    assert len(taken) == len(set(taken)) == min(many, len(values))
    for goal in range(2):
        assert values[taken, goal].min() == values[:, goal].min()


def _searched(sizes: Sequence[int], evaluations: int, limit: float, seed: int = 1) -> list[Any]:
    """Return what is asked for where the first lever gains twice what the second does."""
    asked: list[Any] = []

    def answer(candidates: Sequence[tuple[int, ...]]) -> tuple[Any, Any]:
        asked.extend(candidates)
        values = np.array([[-2.0 * one[0] - one[1], one[0] + one[1]] for one in candidates])
        return values, np.array([max(0.0, one[0] + one[1] - limit) for one in candidates])

    begin = [(0,) * len(sizes)]
    words = [False, False, True][: len(sizes)]
    search(sizes, begin, lambda one: one, answer, evaluations, 2, words, seed)
    return asked


def test_a_small_grid_is_tried_as_a_whole() -> None:
    assert _searched([3, 4, 2], 24, 3.0) == list(itertools.product(range(3), range(4), range(2)))


def test_all_money_goes_to_the_lever_that_gains_most() -> None:
    asked = _searched([61, 61, 3], 480, 40.0)
    assert len(asked) == len(set(asked)) == 480
    best = max((one for one in asked if one[0] + one[1] <= 40), key=lambda one: 2 * one[0] + one[1])
    assert best[:2] == (40, 0)


def test_a_longer_search_begins_as_a_shorter_one_and_another_seed_does_not() -> None:
    long = _searched([61, 61, 3], 200, 40.0)
    for shorter in (10, 24, 70, 199):
        assert long[:shorter] == _searched([61, 61, 3], shorter, 40.0)
    assert long != _searched([61, 61, 3], 200, 40.0, seed=2)


def test_a_search_leaves_the_luck_of_others_alone() -> None:
    np.random.seed(4)  # as a user may have
    before = np.random.get_state()[1].tolist()  # type: ignore[index]
    _searched([61, 61, 3], 60, 40.0)
    assert np.random.get_state()[1].tolist() == before  # type: ignore[index]


# --- beliefs -------------------------------------------------------------------------------------


def test_unseen_beliefs_and_their_luck_are_others() -> None:
    beliefs = read_beliefs(5, 7, 3, ["trust_memory"])
    assert (len(beliefs.seen), len(beliefs.unseen)) == (5, 7)
    assert "trust_memory" not in beliefs.seen.names
    assert not np.isin(beliefs.unseen.values[:, 0], beliefs.seen.values[:, 0]).any()
    assert beliefs.unseen_seed >= beliefs.seed + 5


def test_of_a_table_every_second_row_is_unseen(tmp_path: Path) -> None:
    table = tmp_path / "points.csv"
    table.write_text("point,trust_memory\n0,50\n1,60\n2,70\n3,80\n4,90\n", "utf-8")
    beliefs = read_beliefs(table, None, 1, [])
    assert beliefs.seen.values.ravel().tolist() == [50, 70, 90]
    assert beliefs.unseen.values.ravel().tolist() == [60, 80]
    with pytest.raises(InputError, match="--unseen would change nothing here"):
        read_beliefs(table, 4, 1, [])
    for text, words in [
        ("trust_memry\n1\n2\n3\n4\n", "Did you mean trust_memory"),
        ("trust_memory\n50\n60\n70\nx\n", "row 4: trust_memory is 'x'"),
        ("trust_memory\n50\n60\n70\n-8\n", "row 4: trust_memory is -8"),
        ("trust_memory\n50\n", "1 rows; allowed are at least 4"),
    ]:
        table.write_text(text, "utf-8")
        with pytest.raises(InputError, match=words):
            read_beliefs(table, None, 1, [])


# --- what is found -------------------------------------------------------------------------------


def test_a_budget_of_nothing_buys_nothing() -> None:
    found = optimise(TOWN, 0, vary=POST, evaluations=10, **SMALL)
    assert [one.values for one in found.tried if one.keeps] == [(0.0,)]
    assert found.front == (0,)
    assert repr(found) == "Optimised('no-backbone', 0 a year: 5 tried, 1 on the front)"
    assert "1 keeps the budget" in found.sentences()[1]
    assert "gained by nothing at all" in " ".join(found.sentences())


def test_a_name_does_not_decide_what_the_scenario_is() -> None:
    both = Scenario.load("national-and-regional", world="one-town", months=24)
    told = []
    for name in ("no backbone", "another"):
        asked = both.with_(name=name)
        found = optimise(asked, 300_000, vary={"national_fte": "0..1/1"}, evaluations=4, **SMALL)
        table = found.table().drop(columns="who")
        told.append((table.round(12).to_csv(), found.sentences()))
        assert list(found.table()["who"][:2]) == ["no backbone", name]
        assert "as it stands gains" in " ".join(found.sentences())
    assert told[0] == told[1]


def test_a_larger_budget_is_never_worse_and_all_of_it_is_used(
    at_the_defaults: dict[str, Any],
) -> None:
    best = []
    for budget in (0, 15_000, 30_000, 60_000):
        found = optimise(TOWN, budget, vary=POST, goals="effect", evaluations=5,
                         **at_the_defaults)  # fmt: skip
        assert found.whole
        assert found.best is not None
        (value,) = found.tried[found.best].values
        assert float(value) == budget / 60_000
        reached = found.tried[found.best].reached
        assert reached is not None
        best.append(reached.goal("effect"))
    assert best == sorted(best)
    assert best[-1] > best[0] == 0.0


def test_a_lever_that_does_nothing_is_told_to_be_free() -> None:
    vary = POST | {"grant_joint": "0..1/0.5"}
    found = optimise(TOWN, 30_000, vary=vary, evaluations=15, **SMALL)
    table = found.levers_table().set_index("lever")
    assert not table.loc["grant_joint", "moves"]
    assert table.loc["grant_joint", "mean"] == 0.0
    assert table.loc["add.regional.fte", "moves"]
    assert any(said.startswith("grant_joint made no difference") for said in found.sentences())


def test_the_budget_is_kept_in_every_year_of_every_run_and_not_only_on_paper(
    tmp_path: Path, at_the_defaults: dict[str, Any]
) -> None:
    # Early money: the first year costs more than planned, which only the runs tell.
    early = TOWN.with_(structure_changes={"early_money": 0.25}, months=36)
    found = optimise(early, 30_001, vary=POST, evaluations=10, out=tmp_path / "best",
                     **at_the_defaults)  # fmt: skip
    who = all_payers([early], 60_000.0)
    half = next(one for one in found.tried if one.values == (0.5,))
    half_planned = planned(put(early, found.levers, half.values, found.payer), who)
    assert half_planned.sum(axis=0).max() <= 30_001 + CENT
    assert not half.keeps
    assert half.reached is not None
    assert half.reached.excess > 1000
    kept = [one for one in found.tried if one.keeps]
    assert [one.values for one in kept] == [(0.0,), (0.25,)]
    for number in range(1, len(found.chosen) + 1):
        ensemble = cisim.simulate(tmp_path / "best" / f"best-{number}.toml", 5, workers=1)
        rows = bill(ensemble, by_replicate=True)
        rows = rows[(rows["kind"] == "foundation") & rows["external"]]
        assert rows["money"].max() <= 30_001 + CENT
        assert rows["money"].max() > 10_000


def test_what_each_payer_pays_stays_within_its_own_budget() -> None:
    there = TOWN.with_(structure_changes=PAYERS)
    vary = {"add.regional.fte": "0..1/0.25", "add.regional.payer": "County|foundation"}
    found = optimise(there, payers={"County": 40_000, "foundation": 30_000}, vary=vary,
                     goals="effect", evaluations=10, **SMALL)  # fmt: skip
    kept = {one.values for one in found.tried if one.keeps}
    # The county pays half a post in the first year already, 25,000 of its 40,000.
    assert kept == {(0.0, "County"), (0.25, "County"), (0.0, "foundation"), (0.25, "foundation"),
                    (0.5, "foundation")}  # fmt: skip
    assert found.payer == "foundation"
    alone = optimise(there, payers={"County": 40_000}, vary=POST, evaluations=5, **SMALL)
    assert alone.payer == "County"
    table = found.bill(found.best or 0)
    assert set(table["payer"]) >= {"County"}
    assert (table[table["payer"] == "County"]["most"] <= 40_000 + CENT).all()


def test_a_scenario_that_breaks_the_budget_is_told_so() -> None:
    there = TOWN.with_(structure="regional", name="paid", title="Paid")
    found = optimise(there, 20_000, vary={"regional_fte": "0..1/0.25"}, evaluations=5, **SMALL)
    row = found.table().set_index("who").loc["paid"]
    assert not row["keeps"]
    assert any("breaks the budget by up to" in said for said in found.sentences())
    assert found.table()["who"].tolist()[:2] == ["no backbone", "paid"]


def test_where_nothing_keeps_the_budget_nothing_is_recommended() -> None:
    there = TOWN.with_(structure="regional", name="paid")
    found = optimise(there, 1_000, vary={"sponsor_link": "0..1/0.5"}, evaluations=5, **SMALL)
    assert (found.chosen, found.front) == ((), ())
    assert "None of them keeps the budget" in found.sentences()[2]


def test_a_search_is_the_same_with_two_workers_and_another_folder(tmp_path: Path) -> None:
    vary = {"add.regional.fte": "0..1/0.01", "add.local-action.fte": "0..1/0.02"}
    asked: dict[str, Any] = {"vary": vary, "evaluations": 30, "points": 2, "unseen": 2}
    one = optimise(TOWN, 40_000, workers=1, out=tmp_path / "one", **asked)
    two = optimise(TOWN, 40_000, workers=2, out=tmp_path / "two", **asked)
    assert same(one, two)
    with executors.on(executors.Serial()):
        assert same(one, optimise(TOWN, 40_000, **asked))
    files = [path.name for path in (tmp_path / "one").iterdir() if path.suffix in (".csv", ".toml")]
    assert {"front.csv", "front-candidates.csv", "front-levers.csv", "best-1.toml"} <= set(files)
    for name in files:
        assert digest_of(tmp_path / "one" / name) == digest_of(tmp_path / "two" / name)


def test_what_was_stopped_goes_on_and_a_longer_search_from_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vary = {"add.regional.fte": "0..1/0.01", "add.local-action.fte": "0..1/0.02"}
    asked: dict[str, Any] = {"vary": vary, "points": 2, "unseen": 2, "workers": 1}
    whole = optimise(TOWN, 40_000, evaluations=60, **asked)
    assert len(whole.tried) == 60
    real, count = future.run, 0

    def counted(work: Any, piece: int) -> Any:
        nonlocal count
        count += 1
        if count in (30, 50):
            raise KeyboardInterrupt
        return real(work, piece)

    monkeypatch.setattr(future, "run", counted)
    folder = tmp_path / "best"
    stopped = optimise(TOWN, 40_000, evaluations=30, out=folder, **asked)
    assert stopped.incomplete
    assert stopped.chosen == ()
    optimise(TOWN, 40_000, evaluations=30, out=folder, **asked)  # stopped once more
    short = optimise(TOWN, 40_000, evaluations=30, out=folder, **asked)
    assert not short.incomplete
    assert same(short, optimise(TOWN, 40_000, evaluations=30, **asked))
    count = 1000
    said: list[str] = []
    longer = optimise(TOWN, 40_000, evaluations=60, out=folder, say=said.append, **asked)
    assert same(longer, whole)
    assert count - 1000 < 60 * 2
    assert any("Runs from before are there" in one for one in said)
    count = 2000
    again = optimise(TOWN, 39_000, evaluations=24, out=folder, **asked)
    assert again.tried[0].reached is not None
    assert count - 2000 < 24 * 2  # another budget finds the runs that are the same


def test_runs_that_fail_cost_a_candidate_and_not_the_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = future.run

    def fails(work: Any, piece: int) -> Any:
        posts = work.scenarios[piece % len(work.scenarios)].structure.posts
        if posts and posts[0].fte == 0.5:
            raise RuntimeError("broken")
        return real(work, piece)

    monkeypatch.setattr(future, "run", fails)
    found = optimise(TOWN, 60_000, vary=POST, evaluations=5, **SMALL)
    assert [one.why for one in found.tried] == ["", "", "a run has failed", "", ""]
    assert len(found.failed) == 3
    assert "broken" in found.failed[0][1]
    assert any("could not be run" in said for said in found.sentences())


# --- the files of what is chosen -----------------------------------------------------------------


def _alike(one: Scenario, other: Scenario) -> None:
    leave = {"name", "title", "short", "story", "note", "world_name", "structure_name"}
    assert one.model_dump(exclude=leave) == other.model_dump(exclude=leave)


@pytest.mark.parametrize(
    "name", ["no-backbone", "national-and-regional", "need-drifts", "few-deeply"]
)
def test_the_file_of_a_scenario_says_all_of_it(name: str, tmp_path: Path) -> None:
    scenario = Scenario.load(name).with_(
        structure_changes=PAYERS | {"advocacy": 0.4, "national_roles": {"bridge": 0.1}},
        parameters={"trust_memory": 80.0},
    )
    path = tmp_path / "again.toml"
    path.write_text(scenario_text(scenario, "T", "S", ["c"]), "utf-8")
    _alike(Scenario.load(path), scenario)


def test_what_is_chosen_can_be_compared_though_its_world_is_not_shipped(
    tmp_path: Path, at_the_defaults: dict[str, Any]
) -> None:
    here = tmp_path / "place"
    here.mkdir()
    text = cisim.world.files.shipped("worlds")["one-town"].read_text("utf-8")
    (here / "town.toml").write_text(text.replace("9000", "8000"), "utf-8")
    (here / "s.toml").write_text('title = "S"\nworld = "town.toml"\nmonths = 12\n', "utf-8")
    found = optimise(here / "s.toml", 30_000, vary=POST, evaluations=5, out=here / "best",
                     **at_the_defaults)  # fmt: skip
    assert (here / "best" / "best-world.toml").exists()
    chosen = found.scenario.with_(structure_changes={})
    files = sorted((here / "best").glob("best-?.toml"))
    assert len(files) == len(found.chosen) >= 2
    for path, one in zip(files, found.chosen, strict=True):
        again = Scenario.load(path)
        _alike(again, put(chosen, found.levers, found.tried[one.at].values, found.payer))
    compared = cisim.compare(files, replicates=2, workers=1)
    assert len(compared.ensembles) == len(files)


def test_the_manifest_says_what_was_asked(tmp_path: Path) -> None:
    found = optimise(TOWN, 30_000, vary=POST, evaluations=5, out=tmp_path, **SMALL)
    said = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert said["budget"] == {"all": 30_000.0, "payers": {}}
    assert said["vary"] == {"add.regional.fte": "0..1/0.25"}
    assert said["beliefs"]["unseen"] == 4
    assert set(said["posts"]) == {f"best-{k}.toml" for k, _ in enumerate(found.chosen, 1)}
    assert read_manifest(tmp_path).manifest["made"]["by"] == "optimise"
    for name, digest in said["files"].items():
        assert digest_of(tmp_path / name) == digest


# --- the question as a file ----------------------------------------------------------------------


def test_a_file_asks_the_same_question(tmp_path: Path) -> None:
    file = tmp_path / "best.toml"
    file.write_text(
        'title = "T"\nclaim = "C"\nscenario = "no-backbone"\nbudget = 30000\ngoal = "effect,harm"\n'
        'world = "one-town"\n'
        "months = 24\npoints = 3\n[vary]\n"
        '"add.regional.fte" = { low = 0, high = 1, step = 0.25 }\n'
        'selection = { values = ["open", "complementary"] }\n',
        "utf-8",
    )
    said = read_question(file)
    assert said["goals"] == "effect,harm"
    assert said["scenario"] == TOWN
    found = optimise(**said, unseen=2, evaluations=10, workers=1)
    assert found.goals == ("effect", "harm")
    assert [one.told for one in found.levers] == ["0..1/0.25", "open|complementary"]
    file.write_text('scenario = "no-backbone"\nbudget = 3\nlevers = 3\n', "utf-8")
    with pytest.raises(InputError, match="levers"):
        read_question(file)


def test_goals_are_read_and_others_refused() -> None:
    assert read_goals("effect, harm") == ("effect", "harm")
    for wrong, words in [("efect", "Did you mean effect"), ("effect,effect", "each once"),
                         ("effect,spent,cost,gap,harm", "one to 4")]:  # fmt: skip
        with pytest.raises(InputError, match=words):
            read_goals(wrong)
