"""Whether an order of scenarios holds under every rival theory."""

from __future__ import annotations

import numpy as np
import pytest

from cisim.lab.compare import compare
from cisim.lab.rivals import Rivals, Theory, rivals, rivals_of, theories
from cisim.model.input_error import InputError
from cisim.world.scenario import Scenario

LAYERS, LINK = Theory("trust_theory", "layers"), Theory("production_theory", "weakest-link")


def made_up(rows: list[list[list[float]]], outcome: str = "wellbeing_gain") -> Rivals:
    values = np.array(rows)
    tried = (None, LAYERS, LINK)[: len(rows)]
    return Rivals(("a", "b", "c"), outcome, tried, values, values.shape[1])


OURS = [[1.0, 3.0, 2.0], [1.0, 3.0, 2.0], [1.0, 1.5, 2.0]]
ALIKE = [[0.1, 0.3, 0.2], [0.1, 0.3, 0.2], [0.1, 0.3, 0.2]]
TURNED = [[0.9, 0.3, 0.2], [0.9, 0.3, 0.2], [0.9, 0.3, 0.2]]


def test_the_order_is_that_of_the_means_and_holds_where_it_is_the_same() -> None:
    found = made_up([OURS, ALIKE, TURNED])
    assert found.order() == ("b", "c", "a")
    assert found.order(2) == ("a", "b", "c")
    assert found.holds == ("open", "yes", "no")  # b over c stands in two of three, as it is
    table = found.table().set_index(["theory", "scenario"])
    assert table.loc[("", "b"), "beats"] == 2
    assert table.loc[("", "b"), "of"] == 3
    assert table.loc[("weakest-link", "a"), "rank"] == 1
    assert table.loc[("weakest-link", "a"), "holds"] == "no"
    assert np.isnan(table.loc[("", "a"), "beats"])


def test_one_sentence_says_whether_it_holds_and_how_often_its_least_clear_step_stands() -> None:
    assert made_up([OURS, ALIKE]).sentence({"b": "Both"}) == (
        "By wellbeing_gain, in futures that differ by luck alone, the order is Both, then c, then "
        "a; it holds under the one rival theory that was tried; these futures cannot tell: as it "
        "is; the least clear step of it stands in 2 of 3 futures (Both over c, as it is)."
    )
    assert made_up([OURS, ALIKE, TURNED]).sentence() == (
        "By wellbeing_gain, in futures that differ by luck alone, the order is b, then c, then a; "
        "it holds under 1 of 2 rival theories, tried one at a time, not under production: "
        "weakest-link (there a, then b, then c); these futures cannot tell: as it is; the least "
        "clear step of it stands in 0 of 3 futures (c over a, production: weakest-link)."
    )


def test_a_step_that_luck_alone_may_have_made_neither_holds_nor_turns() -> None:
    clear = [[1.0, 3.0, 2.0], [1.1, 3.2, 2.0], [1.0, 3.1, 2.1], [0.9, 2.9, 2.0]]
    same_way = [[1.0, 2.0, 2.1], [1.0, 2.6, 2.0], [1.0, 2.0, 2.1], [1.0, 2.0, 2.1]]
    other_way = [[1.0, 2.0, 1.9], [1.0, 2.0, 2.6], [1.0, 2.0, 1.9], [1.0, 2.0, 1.9]]
    found = made_up([clear, same_way, other_way])
    assert found.order(1) == found.order() != found.order(2)
    assert found.holds == ("yes", "open", "open")
    told = (
        "it holds under 0 of 2 rival theories, tried one at a time; these futures cannot tell: "
        "trust: layers; production: weakest-link; the least"
    )
    assert told in found.sentence()
    assert found.table()["holds"].tolist() == ["yes"] * 3 + ["open"] * 6


def test_where_less_is_better_the_least_comes_first_and_a_failed_run_is_left_out() -> None:
    found = made_up([OURS], "load")
    assert found.order() == ("a", "c", "b")
    broken = made_up([[[1.0, 3.0, 2.0], [np.nan, 0.0, 9.0]]])
    assert broken.order() == ("b", "c", "a")


def test_every_declared_theory_is_tried_but_those_that_the_scenarios_run_with() -> None:
    one = Scenario.load("no-backbone", world="one-town")
    every = sum(len(names) - 1 for names in theories().values())
    assert len(rivals_of([one])) == every
    assert "trust_theory" in theories()
    layered = one.set({"trust_theory": "layers"})
    assert Theory("trust_theory", "evidence") in rivals_of([layered])
    assert LAYERS not in rivals_of([layered])
    with pytest.raises(InputError, match="several theories in trust_theory: evidence, layers;"):
        rivals_of([one, layered])


def test_what_runs_with_a_rival_is_what_a_comparison_runs_that_sets_it() -> None:
    pair = [Scenario.load(n, world="one-town") for n in ("no-backbone", "national-and-regional")]
    found = rivals(pair, 2, 1, 5, months=12, beliefs="fixed")
    assert found.values.shape == (len(found.theories), 2, 2)
    place = found.theories.index(LAYERS)
    alone = compare(
        [one.set({"trust_theory": 1.0}) for one in pair], 2, 1, 5, months=12,
        outcomes=["wellbeing_gain"], beliefs="fixed",
    )  # fmt: skip
    for column, name in enumerate(found.names):
        theirs = alone.ensembles[name].at("wellbeing_gain")
        assert found.values[place, :, column].tolist() == theirs.tolist()
    assert found.values[0].tolist() != found.values[place].tolist()


def test_the_sentence_says_in_what_the_futures_differ() -> None:
    pair = [Scenario.load(n, world="one-town") for n in ("no-backbone", "national-and-regional")]
    lucky = rivals(pair, 1, 1, months=6, tried=[LAYERS], beliefs="fixed")
    usual = rivals(pair, 1, 1, months=6, tried=[LAYERS])
    asked = rivals(pair, 1, 1, months=6, tried=[LAYERS], beliefs="ensemble")
    assert usual.believed
    assert usual.values.tolist() == asked.values.tolist() != lucky.values.tolist()
    assert lucky.differ == "luck alone"
    believing = [one.believing("plausible") for one in pair]
    found = rivals(believing, 1, 1, months=6, tried=[LAYERS])
    assert "in futures that differ by luck and belief, the order is" in found.sentence()
    assert found.values.tolist() != lucky.values.tolist()
    alone = compare(
        [one.set({"trust_theory": "layers"}) for one in believing], 1, 1, months=6,
        outcomes=["wellbeing_gain"],
    )  # fmt: skip
    theirs = [one.at("wellbeing_gain")[0] for one in alone.ensembles.values()]
    assert found.values[1, 0].tolist() == theirs


def test_a_theory_that_is_none_of_the_rivals_is_refused() -> None:
    pair = [Scenario.load(n, world="one-town") for n in ("no-backbone", "national-and-regional")]
    with pytest.raises(InputError, match="tried has 'trust_theory evidence'; allowed are trust_"):
        rivals(pair, 1, 1, months=6, tried=[("trust_theory", "evidence")])


def test_what_was_stopped_before_a_theory_was_ended_has_no_order_yet() -> None:
    def stop(done: int, _: int) -> None:
        raise KeyboardInterrupt

    pair = [Scenario.load(n, world="one-town") for n in ("no-backbone", "national-and-regional")]
    found = rivals(pair, 2, 1, months=6, tried=[LAYERS], progress=stop)
    assert (found.incomplete, found.theories) == (True, ())
    assert found.table().empty
    assert found.sentence() == (
        "Interrupted after 0 rival theories; whether the order holds is open."
    )
