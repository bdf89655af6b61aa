"""Organisations are given what another scenario's payers pay, in the same future."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cisim
from cisim.cli import main
from cisim.lab.robust import robust
from cisim.model.input_error import InputError
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import OWN_TIME

EXTERNAL = ("external_money", "external_money_total")


def pair(**changes: Any) -> list[cisim.Scenario]:
    place = {"world": "one-town", "months": 30} | changes
    return [cisim.Scenario.load(name, **place) for name in ("national-and-regional", "same-total")]


def same_money(both: cisim.lab.comparison.Comparison) -> None:
    one, other = both.ensembles.values()
    for name in EXTERNAL:
        place = one.outcomes.index(name)
        np.testing.assert_array_equal(one.values[..., place], other.values[..., place])
    assert one.books is not None
    assert other.books is not None
    own = -len(OWN_TIME)  # what members give stands behind what payers pay
    np.testing.assert_array_equal(one.books[..., :own], other.books[..., :own])


@pytest.mark.parametrize("workers", [1, 2])
def test_external_money_is_the_same_in_every_future_region_and_month(workers: int) -> None:
    both = pair(world="finland", months=26)
    same_money(cisim.compare(both, 4, workers, outcomes=EXTERNAL, by_region=True, beliefs="fixed"))


def test_alone_and_beside_the_other_it_is_the_same_to_the_last_bit() -> None:
    alone = cisim.simulate(pair()[1], 3, 1)
    beside = cisim.compare(pair(), 3, 1, beliefs="fixed").ensembles["same-total"]
    np.testing.assert_array_equal(alone.values, beside.values)


def test_what_is_changed_in_the_other_is_changed_in_its_money() -> None:
    both = [one.set({"sponsor_link": 1.0, "trust_prior": 0.5}) for one in pair()]
    same_money(cisim.compare(both, 3, 1, outcomes=EXTERNAL, by_region=True, beliefs="fixed"))
    ends = {"kind": "seed-money-ends", "month": 9}
    paying = pair()[0].with_(events=[ends])
    same_money(
        cisim.compare([paying, pair()[1]], 3, 1, outcomes=EXTERNAL, by_region=True, beliefs="fixed")
    )


def test_it_holds_in_every_sampled_world() -> None:
    found = robust(pair(months=12), 3, workers=1, outcome="external_money_total")
    np.testing.assert_array_equal(found.values[:, 0], found.values[:, 1])


def test_money_that_is_earmarked_is_the_same_money() -> None:
    paying, given = pair()
    joint = given.with_(structure_changes={"same_money_use": 1.0})
    same_money(
        cisim.compare([paying, joint], 3, 1, outcomes=EXTERNAL, by_region=True, beliefs="fixed")
    )


def test_a_run_goes_on_beyond_its_horizon_and_from_a_file(tmp_path: Path) -> None:
    given = pair(months=12)[1]
    through = CollectiveImpactModel(given, 5).run().run(6)
    path = CollectiveImpactModel(given, 5).run(7).save(tmp_path / "seven.npz")
    resumed = CollectiveImpactModel.load(path).run().run(6)
    paying = CollectiveImpactModel(pair(months=12)[0], 5).run().run(6)
    np.testing.assert_array_equal(through.recorder.books, resumed.recorder.books)
    np.testing.assert_array_equal(through.payments.paid, paying.payments.paid)
    assert through.payments.paid[18].sum() > 0.0


def test_it_comes_back_from_what_is_resolved() -> None:
    given = pair()[1].set({"trust_prior": 0.5})
    again = cisim.Scenario.from_resolved(given.resolved())
    assert again.reference == given.reference
    assert again.reference is not None
    assert again.reference.parameters.trust_prior == 0.5


FILE = 'title = "T"\nworld = "one-town"\n[structure_changes]\nsame_money_as = "{}"\n'


def test_a_circle_and_oneself_are_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.toml").write_text(FILE.format("b.toml"), "utf-8")
    (tmp_path / "b.toml").write_text(FILE.format("a.toml"), "utf-8")
    (tmp_path / "c.toml").write_text(FILE.format("c.toml"), "utf-8")
    for name in ("a", "c"):
        assert main(["run", str(tmp_path / f"{name}.toml"), "--quiet"]) == 2
        said = capsys.readouterr().err
        assert "goes round in a circle" in said
        assert said.count("\n") == 1
    (tmp_path / "d.toml").write_text(FILE.format("nowhere"), "utf-8")
    assert main(["run", str(tmp_path / "d.toml"), "--quiet"]) == 2
    assert "same_money_as: 'nowhere' is not a scenario" in capsys.readouterr().err


def test_a_chain_gives_the_money_of_its_first_link(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text(FILE.format("national-and-regional"), "utf-8")
    (tmp_path / "a.toml").write_text(FILE.format("b.toml"), "utf-8")
    three = [pair(months=120)[0], *(cisim.Scenario.load(tmp_path / f"{n}.toml") for n in "ba")]
    both = cisim.compare(three, 2, 1, outcomes=EXTERNAL, by_region=True, months=18, beliefs="fixed")
    first, second, third = (one.values for one in both.ensembles.values())
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(first, third)


@pytest.mark.parametrize(
    "levers",
    [{"national_fte": 1.0}, {"regional": True}, {"grant_nat": 1.0}, {"sponsors_post": 1.0}],
)
def test_nobody_else_is_paid_beside_it(levers: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="gives all the money that there is"):
        pair()[1].with_(structure_changes=levers)
    starts = {"kind": "backbone-starts", "month": 3, "level": "regional", "fte": 1.0}
    with pytest.raises(InputError, match="pays a backbone, but same_money_as"):
        pair()[1].with_(events=[starts])
