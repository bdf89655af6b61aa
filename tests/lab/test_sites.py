"""Populations of sites that differ: what differs, how far, and that it is the same each time."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from cisim.lab import sites as module
from cisim.lab.sites import SPREADS, differing, shared_scenario, survey
from cisim.model.input_error import InputError
from cisim.model.model import CollectiveImpactModel
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations


def test_a_population_is_the_same_for_the_same_seed_and_begins_alike_in_any_size() -> None:
    assert differing(9, 5) == differing(9, 5)
    assert differing(40, 5)[:9] == differing(9, 5).sites
    assert differing(9, 5).sites != differing(9, 6).sites
    seeds = {one.seed for seed in (1, 2, 3) for one in differing(200, seed)}
    assert len(seeds) == 600  # no two sites share a future


def test_sites_differ_as_they_are_declared_to() -> None:
    table = differing(4000, 11).table()
    assert sorted(table["communities"].unique()) == [4, 5, 6, 7, 8, 9]
    assert table["communities"].value_counts(normalize=True).between(0.15, 0.18).all()
    assert table["age"].min() == 0
    assert table["age"].max() == 96
    assert abs(table["age"].mean() - 48) < 0.5
    for name, spread in {**SPREADS, "seed_fte": module.STAFF_SPREAD}.items():
        logs = np.log(table[name])
        assert abs(logs.mean()) < 0.06 * spread, name
        assert logs.std() == pytest.approx(spread, rel=0.05), name
    assert table["trust_prior"].std() == pytest.approx(0.08, rel=0.05)
    own = table[["communities", "age", "seed_fte", "trust_prior", *SPREADS]]
    correlations = own.corr().to_numpy()
    assert abs(correlations[~np.eye(len(own.columns), dtype=bool)]).max() < 0.06


def test_a_few_sites_have_all_ages_and_sizes_already() -> None:
    for seed in range(20):
        few = differing(24, seed)
        ages = sorted(one.age for one in few)
        assert max(b - a for a, b in itertools.pairwise([0, *ages, 96])) <= 12
        assert len({one.communities for one in few}) == 6


def test_a_site_has_its_own_numbers_around_those_of_the_point() -> None:
    site = differing(3, 2, ages=(1, 1))[1]
    shared = shared_scenario({"turnover": 0.02, "wb_delay": 20.0}, seed_end=36)
    here = site.scenario(shared)
    assert here.parameters.turnover == pytest.approx(0.02 * site.factors["turnover"])
    assert here.parameters.trust_prior == pytest.approx(shared.parameters.trust_prior + site.trust)
    assert here.parameters.wb_delay == 20.0
    assert here.structure.seed_end == 36
    assert site.age == 12
    model = CollectiveImpactModel(here, site.seed).run(24)
    seen = model.recorder.values(["national_staff", "regional_staff"])
    assert seen["national_staff"][24, -1] == pytest.approx(0.1)
    assert seen["regional_staff"][24, -1] > 0.7 * site.seed_fte
    assert model.state.communities.number.size == site.communities
    assert model.state.communities.participating.all()
    model.run(36)
    assert model.recorder.values(["regional_staff"])["regional_staff"][60, -1] < site.seed_fte


def test_what_is_its_own_stays_within_what_the_model_allows() -> None:
    bounds = {name: declared.bounds for name, declared in declarations(Parameters).items()}
    high = {name: bounds[name][1] for name in (*SPREADS, "trust_prior")}
    shared = shared_scenario().parameters.model_copy(update=high)
    for site in differing(30, 4):
        for name, value in site.parameters(shared).items():
            assert bounds[name][0] <= value <= bounds[name][1], name


def test_a_survey_goes_on_where_it_was_broken_off(tmp_path: Path) -> None:
    sites = differing(6, 3, ages=(0, 2))
    names = ["member_share", "partnership_active"]

    def stop(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    first = survey(sites, names, workers=1, out=tmp_path, progress=stop)
    assert len(first) == 2
    told: list[str] = []
    again = survey(sites, names, workers=1, out=tmp_path, say=told.append)
    assert "2 of 6 are there from before." in told
    alone = survey(sites, names, workers=1)
    assert again.equals(alone)
    assert alone[["site", "age"]].equals(sites.table()[["site", "age"]])
    other = survey(sites, names, {"recruit_rate": 0.15}, workers=1)
    assert other["member_share"].mean() > alone["member_share"].mean()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((0, 1), "number is 0"),
        ((3, -1), "seed"),
        ((3, 1, (5, 2)), r"ages is \(5, 2\); allowed are two numbers of years from 0 to 100"),
        ((3, 1, "old"), "ages is 'old'"),
    ],
)
def test_what_is_no_population_is_refused(arguments: tuple[object, ...], said: str) -> None:
    with pytest.raises(InputError, match=said):
        differing(*arguments)  # type: ignore[arg-type]
