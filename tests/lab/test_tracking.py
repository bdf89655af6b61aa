"""A partnership's own figures weigh futures as they should, and it is said where nothing fits."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.special import ndtri

import cisim
from cisim.lab.analyses.chance import uniforms
from cisim.lab.tracking import Figure, read_figures
from cisim.lab.tracking.tracked import Tracked, shown_of
from cisim.lab.tracking.watching import would_tell
from cisim.lab.tracking.weighing import (
    covariance,
    look_together,
    weigh,
    weighted_mean,
    weighted_quantiles,
    weighted_sd,
)
from cisim.model.input_error import InputError
from cisim.show.tracked_in_tables import beliefs as tracked_beliefs
from cisim.show.tracked_in_tables import figures as figure_rows
from cisim.show.tracked_in_tables import to_come
from cisim.world.beliefs import differing_beliefs
from cisim.world.scenario import Scenario

REGIONAL = "regional-only"


def town(name: str = REGIONAL, months: int = 12, **changes: Any) -> Scenario:
    return Scenario.load(name, world="one-town", months=months, **changes)


def normals(address: str, rows: int, columns: int) -> np.ndarray:
    return np.asarray(ndtri(uniforms(address, rows, columns)))


# --- weights: what is known exactly ------------------------------------------------------------


def test_weights_give_the_posterior_that_normal_numbers_have() -> None:
    # What is believed is N(0, 1), luck adds N(0, .5), error .3 and tolerance .6 (a third of that).
    drawn = normals("posterior", 40_000, 2)
    belief, shown = drawn[:, 0], (drawn[:, 0] + 0.5 * drawn[:, 1])[:, None]
    figure = Figure("members", 6, 1.2, error=0.3, tolerance=0.6)
    found = weigh(shown, np.array([1.2]), covariance([figure]))
    unsure = 0.5**2 + 0.3**2 + 0.2**2
    sd = math.sqrt(unsure / (1.0 + unsure))
    assert weighted_mean(belief, found.weights) == pytest.approx(1.2 / (1.0 + unsure), abs=0.02)
    assert weighted_sd(belief, found.weights) == pytest.approx(sd, rel=0.02)
    exact = stats.norm(1.2 / (1.0 + unsure), sd).ppf([0.05, 0.5, 0.95])
    assert weighted_quantiles(belief, found.weights, (0.05, 0.5, 0.95)) == pytest.approx(
        exact, abs=0.03
    )


def test_two_figures_of_one_outcome_share_what_the_model_gets_wrong() -> None:
    one, other = (Figure("members", m, 10.0, error=1.0, tolerance=6.0) for m in (6, 18))
    apart = Figure("load", 18, 0.3, error=0.1, tolerance=0.3)
    found = covariance([one, other, apart])
    assert found[0, 1] == pytest.approx(0.5 * 2.0 * 2.0)  # a year apart: a half
    assert found[0, 0] == pytest.approx(1.0 + 4.0)
    assert found[0, 2] == found[1, 2] == 0.0
    # So both together tell less than two of which the model gets each wrong by itself.
    shown, seen = normals("share", 4000, 1) * 5.0 + 10.0, np.array([14.0, 14.0])
    both = np.column_stack([shown, shown])
    alone = np.diag(np.diag(found[:2, :2]))
    less, more = weigh(both, seen, found[:2, :2]), weigh(both, seen, alone)
    assert weighted_sd(shown[:, 0], less.weights) > weighted_sd(shown[:, 0], more.weights)


def test_the_truth_lies_anywhere_in_what_is_believed_equally_often() -> None:
    # Simulation-based calibration: truths come from the same beliefs and luck as the futures.
    futures, truths = normals("futures", 600, 3), normals("truths", 240, 5)

    def lived(drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        belief = drawn[:, 0]
        shown = np.column_stack([belief + 0.6 * drawn[:, 1], belief**2 + 0.8 * drawn[:, 2]])
        return belief + 0.5 * belief**2 + 0.3 * drawn[:, 2], shown

    answers, shown = lived(futures)
    true, seen = lived(truths)
    figures = [
        Figure("members", 6, 0.0, error=0.3),
        Figure("load", 6, 0.0, error=0.5, tolerance=0.6),
    ]
    together = covariance(figures)
    observed = seen + truths[:, 3:] * np.sqrt(np.diag(together))
    ranks, fits = [], []
    for k in range(len(truths)):
        weights = weigh(shown, observed[k], together).weights
        ranks.append(float(weights[answers < true[k]].sum()))
        fits.append(look_together(shown[:300], observed[k], together).worse if k < 100 else 0.5)
    assert stats.kstest(ranks, "uniform").pvalue > 0.05
    inside = np.mean((np.array(ranks) > 0.05) & (np.array(ranks) < 0.95))
    assert 0.85 < inside < 0.95
    # And figures that the model has made look like its own.
    assert stats.kstest(fits[:100], "uniform").pvalue > 0.05


def test_the_more_error_a_figure_has_the_less_it_moves() -> None:
    shown = normals("error", 2000, 1)
    moved, counted = [], []
    for error in (0.1, 0.3, 1.0, 3.0, 30.0):
        found = weigh(shown, np.array([1.0]), covariance([Figure("members", 6, 1.0, error)]))
        moved.append(weighted_mean(shown[:, 0], found.weights) - float(shown.mean()))
        counted.append(found.effective)
    assert moved == sorted(moved, reverse=True)
    assert counted == sorted(counted)
    assert moved[0] > 0.9
    assert moved[-1] < 0.01
    assert counted[-1] > 1999


def test_a_future_that_has_nothing_where_something_was_observed_has_no_weight() -> None:
    shown = np.array([[1.0], [math.nan], [1.1]])
    found = weigh(shown, np.array([1.0]), np.array([[0.01]]))
    assert found.weights[1] == 0.0
    assert found.weights.sum() == pytest.approx(1.0)
    none = weigh(np.full((2, 1), math.nan), np.array([1.0]), np.array([[0.01]]))
    assert none.weights.tolist() == [0.0, 0.0]
    assert none.effective == 0.0


@pytest.mark.parametrize("level", [0.0, 0.05, 0.5, 0.9, 1.0])
def test_a_weighted_quantile_is_the_plain_one_where_weights_are_almost_alike(level: float) -> None:
    values = normals("quantile", 101, 1)[:, 0]
    weights = np.full(101, 1.0)
    weights[0] += 1e-9
    found = weighted_quantiles(values, weights, [level])
    assert found == pytest.approx(np.quantile(values, [level]), abs=1e-6)


def test_figures_that_are_each_within_reach_may_not_be_so_together() -> None:
    drawn = normals("together", 400, 2)
    shown = np.column_stack([drawn[:, 0], drawn[:, 0] + 0.05 * drawn[:, 1]])
    together = np.diag([0.1, 0.1]) ** 2
    apart = look_together(shown, np.array([1.2, -1.2]), together)
    assert apart.worse == pytest.approx(1.0 / 401.0)
    assert apart.near == 0
    assert apart.nearest > 3.0
    alike = look_together(shown, np.array([1.2, 1.2]), together)
    assert alike.worse > 0.05
    assert alike.near > 10


def test_of_few_futures_it_is_not_said_that_they_do_not_fit_together() -> None:
    drawn = normals("few", 30, 1)
    shown = np.column_stack([drawn[:, 0], drawn[:, 0]])
    found = look_together(shown, np.array([1.0, -1.0]), np.diag([0.1, 0.1]) ** 2)
    assert found.worse == pytest.approx(1.0 / 31.0)


def test_what_a_figure_would_tell_is_what_normal_numbers_say() -> None:
    drawn = normals("tell", 4000, 2)
    answer, values = drawn[:, 0], drawn[:, 0] + drawn[:, 1]
    weights = np.full(4000, 1 / 4000)
    found = would_tell("members", 9, 1.0, values, answer, weights, 4000.0, 1)
    assert found is not None
    assert found.tells == pytest.approx(1.0 / 3.0, abs=0.03)  # 1 of 1 + 1 + 1
    assert found.low < 1.0 / 3.0 < found.high
    assert found.clear
    exact = would_tell("members", 9, 0.0, answer, answer, weights, 4000.0, 1)
    assert exact is not None
    assert exact.tells == pytest.approx(1.0)
    noise = would_tell("members", 9, 0.0, drawn[:, 1], answer, weights, 4000.0, 100)
    assert noise is not None
    assert not noise.clear
    assert would_tell("members", 9, 0.0, np.ones(4000), answer, weights, 4000.0, 1) is None
    assert would_tell("members", 9, 0.0, values, answer, weights, 5.0, 1) is None


# --- real futures ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def nothing() -> Tracked:
    return cisim.track(town(), [], replicates=16, workers=1)


def test_without_figures_what_is_believed_is_what_was_believed_bit_for_bit(
    nothing: Tracked,
) -> None:
    table = nothing.forecast()
    for name in ("mean", "q05", "q50", "q95"):
        before, now = (table[f"{side}{name}"].to_numpy() for side in ("before_", ""))
        assert before.tobytes() == now.tobytes()
    plain = cisim.simulate(town(), 16, 1, beliefs=differing_beliefs(), outcomes=["members"])
    quantiles = plain.quantiles("members").to_numpy()
    mine = nothing.forecast(["members"])[["q05", "q50", "q95"]].to_numpy()
    assert mine.tobytes() == quantiles.tobytes()
    assert nothing.futures == 16
    assert nothing.effective == 16
    assert nothing.fits
    assert nothing.sentences()[0].startswith("Nothing was observed")
    assert not nothing.beliefs()["clear"].any()


def figures_of(found: Tracked, future: int, asked: list[tuple[str, int]]) -> list[Figure]:
    empty = [Figure(name, month, 0.0, 0.01) for name, month in asked]
    values = shown_of(empty, found.values, found.outcomes, found.regions)[future]
    return [one._replace(value=float(v)) for one, v in zip(empty, values, strict=True)]


def test_exact_figures_of_a_future_give_it_all_weight(nothing: Tracked) -> None:
    asked = [("members", 6), ("meetings_per_member", 9), ("trust_survey", 9), ("load", 9)]
    figures = figures_of(nothing, 6, asked)
    found = cisim.track(town(), figures, replicates=16, most=16, workers=1, tolerance=0.0)
    assert found.seeds[found.weights.argmax()] == 7
    assert found.weights.max() > 0.99
    now = found.forecast(["wellbeing_gain"])["mean"].to_numpy()
    mine = found.values[6, :, 0, found.outcomes.index("wellbeing_gain")]
    assert now == pytest.approx(mine, abs=1e-3)
    assert found.fits
    assert any("still few" in one for one in found.sentences())
    told = " ".join(found.sentences())  # a band of one future is none, and no narrower one
    assert "What is now to come cannot be told: too few futures count." in told
    assert "narrower" not in told
    assert not found.counted
    come, beliefs = to_come(found), tracked_beliefs(found)
    assert [row[3] for row in come.rows] == ["–"] * len(come.rows)
    assert "…" in come.rows[0][2]
    assert (beliefs.rows, {row[-1] for row in figure_rows(found).rows}) == ([], {"–"})


def test_more_futures_are_run_where_few_count_and_the_bound_is_told(nothing: Tracked) -> None:
    asked = figures_of(nothing, 3, [("members", 6), ("members", 9), ("meetings_per_member", 9)])
    few = cisim.track(town(), asked, replicates=6, effective=4, most=24, workers=1)
    assert few.futures > 6
    assert few.effective >= 4 or few.futures == 24
    loose = cisim.track(
        town(), [one._replace(error=50.0) for one in asked], replicates=6, effective=4, workers=1
    )
    assert loose.futures == 6


def test_it_is_said_first_that_no_future_fits() -> None:
    wrong = [{"outcome": "members", "month": 6, "value": 0, "error": 0.2}]
    wrong += [{"outcome": "meetings_per_member", "month": 6, "value": 40, "error": 0.2}]
    found = cisim.track(town(), wrong, replicates=12, most=40, workers=1)
    assert not found.fits
    assert found.sentences()[0].startswith("No future fits")
    assert "Meetings of a member was 40.0, month 6" in found.sentences()[0]
    assert not any("now" in one and "before" in one for one in found.sentences()[1:])
    assert found.futures < 40  # where none comes near, more are not worth their time
    assert "More futures were not run: of 12" in " ".join(found.sentences())


def test_another_scenario_that_is_alike_until_now_is_what_would_be_changed() -> None:
    base = town("national-and-regional")
    leaves = {"kind": "sponsor-leaves", "month": 9, "sponsor": "political"}
    assert base.months == 12
    other = base.with_(name="changed", title="Changed", events=[leaves])
    figures = [{"outcome": "members", "month": 8, "value": 14, "error": 4}]
    found = cisim.track(base, figures, against=other, replicates=8, effective=1, workers=1)
    assert found.against is not None
    assert not found.counted
    (said, *_) = found.instead()
    assert "What it is now cannot be told: too few futures count." in said
    assert "better in" not in said
    assert found.against.before == 0
    assert "Until now both are alike." in " ".join(found.sentences())
    row = found.beside().set_index("outcome").loc["members"]
    o = found.outcomes.index("members")
    apart = (found.against.values - found.values)[:, -1, -1, o]
    assert row["mean"] == pytest.approx(float((found.weights * apart).sum()))
    assert row["before_mean"] == pytest.approx(float(apart.mean()))
    first = cisim.track(base, figures, against=town("no-backbone"), replicates=3, effective=1,
                        workers=1)  # fmt: skip
    assert first.against is not None
    assert first.against.before > 0
    assert "from the start" in " ".join(first.sentences())


def test_regions_are_held_against_their_own_figures() -> None:
    scenario = Scenario.load(REGIONAL, months=6)
    region = scenario.world.regions[1].name
    figures = [{"outcome": "members", "month": 3, "value": 12, "error": 1, "region": region}]
    found = cisim.track(scenario, figures, replicates=2, most=2, workers=1)
    assert found.regions[1] == region
    o = found.outcomes.index("members")
    assert found.shown[:, 0].tolist() == found.values[:, 3, 1, o].tolist()
    alone = cisim.simulate(scenario, 2, 1, beliefs=differing_beliefs(), outcomes=["members"],
                           by_region=True)  # fmt: skip
    assert found.shown[:, 0].tolist() == alone.at("members", 3, region).tolist()


def test_what_is_kept_goes_on_with_more_figures_and_runs_nothing_again(tmp_path: Path) -> None:
    said: list[str] = []
    first = [{"outcome": "members", "month": 6, "value": 12, "error": 3}]
    more = [*first, {"outcome": "members", "month": 9, "value": 13, "error": 3}]
    how: dict[str, Any] = {"replicates": 4, "most": 4, "workers": 1, "out": tmp_path / "o"}
    one = cisim.track(town(), first, **how)
    two = cisim.track(town(), more, say=said.append, **how)
    assert "4 of 4 are there from before." in said
    assert two.values.tobytes() == one.values.tobytes()
    assert two.weights.tolist() != one.weights.tolist()
    again = cisim.load(tmp_path / "o")
    assert again.sentences() == two.sentences()
    assert again.weights.tobytes() == two.weights.tobytes()


# --- files -------------------------------------------------------------------------------------

EXCEL = (
    "\ufeffMittari;Päivä;Arvo;Virhe;Lähde\r\n"
    "Members;1.7.2026;12;0;rekisteri\r\n"
    "members;2026-12;13,5;±1,5;\r\n"
    "trust_survey;6;71 %;3 %;kysely\r\n"
    "load;6;;;\r\n"
)


def county() -> Scenario:
    return Scenario.load("no-backbone", world="county", months=24)


def test_a_file_is_read_as_excel_writes_it(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(EXCEL, "utf-8")
    found = read_figures(file, county())
    assert found == (
        Figure("members", 6, 12.0, 0.0, pytest.approx(3.6), "", "rekisteri"),
        Figure("trust_survey", 6, 0.71, 0.03, pytest.approx(0.213), "", "kysely"),
        Figure("members", 11, 13.5, 1.5, pytest.approx(4.05), "", ""),
    )
    same = read_figures(pd.DataFrame([one._asdict() for one in found]), county())
    assert same == found
    book = tmp_path / "mine.xlsx"
    pd.DataFrame([one._asdict() for one in found]).to_excel(book, index=False)
    for one, other in zip(read_figures(book, county()), found, strict=True):
        assert one._replace(tolerance=0.0) == other._replace(tolerance=0.0)
        assert one.tolerance == pytest.approx(other.tolerance)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("memberz,6,12,1,,", "row 2, column outcome: is 'memberz', no outcome. Did you mean mem"),
        ("members,99,12,1,,", "row 2, column month: is '99'; allowed is 0 to 12"),
        ("members,6.5,12,1,,", "row 2, column month: is '6.5'; allowed is 0 to 12"),
        ("members,2027-01,12,1,,", "row 2, column month: month is '2027-01', but the world has"),
        ("members,6,many,1,,", "row 2, column value: is 'many'; allowed is a number, or nothing"),
        ("members,6,-1,1,,", "row 2, column value: is -1; members is at least 0"),
        ("trust_survey,6,71,1,,", "row 2, column value: is 71; trust_survey is from 0 to 1"),
        ("members,6,12,-1,,", "row 2, column error: is -1; allowed is at least 0"),
        ("members,6,12,x,,", "row 2, column error: is 'x'; allowed is a number"),
        ("members,6,12,0,0,", "row 2, column error: error and tolerance are both 0"),
        ("members,6,0,0,,", "one of them above 0 (left out, tolerance is 0.3 of the value)."),
        ("members,6,12,0,1,Twn", "row 2, column region: is 'Twn', no region of one-town. Did you"),
        ("members,6,12,0,1,\nmembers,6,13,0,1,", "row 3, column outcome: is in row 2, too"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_is_told_with_file_row_and_column(
    row: str, words: str, tmp_path: Path
) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(f"outcome,month,value,error,tolerance,region\n{row}\n")
    with pytest.raises(InputError) as error:
        read_figures(file, town())
    assert words in str(error.value)
    assert str(error.value).startswith("mine.csv: ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("outcome,month\nmembers,6\n", "has no column value (its columns: outcome, month)"),
        ("outcome,month,value,colour\nmembers,6,7,x\n", "has a column 'colour' that means nothing"),
        ("", "is empty"),
    ],
)
def test_a_file_that_cannot_be_is_told(text: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(text)
    with pytest.raises(InputError, match=r"mine\.csv") as error:
        read_figures(file, town())
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"tolerance": -1.0}, "tolerance is -1; allowed is a number from 0 to 10"),
        ({"outcome": "gain"}, "gain"),
        ({"watch": ["gain"]}, "gain"),
        ({"replicates": 1}, "replicates is 1"),
        ({"most": 10}, "most is 10"),
        ({"effective": 0}, "effective is 0"),
        ({"most": 900_000}, "more than memory has room for; allowed is at most"),
        ({"within": 0}, "within is 0"),
        ({"beliefs": "some"}, "beliefs is 'some'"),
        ({"against": town("no-backbone").believing("plausible")}, "have other beliefs"),
        ({"observed": 7}, "observed is 7"),
        ({"observed": ["members"]}, "observed has 'members'"),
        ({"observed": "mine.pdf"}, "ends in '.pdf'"),
        ({"against": REGIONAL}, "scenarios"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_told(how: dict[str, Any], words: str) -> None:
    given = {"observed": [], **how}
    with pytest.raises(InputError) as error:
        cisim.track(town(), workers=1, **given)
    assert words in str(error.value)
