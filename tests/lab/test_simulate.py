"""An ensemble is what its replicates would have shown alone, whoever ran them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import cisim
from cisim.lab import ensemble, executors, simulate
from cisim.model.cache import COMPILING
from cisim.model.input_error import InputError
from cisim.model.outcomes import OUTCOMES

TOWN = cisim.Scenario.load("national-and-regional", world="one-town", months=18)
SOME = ["member_share", "wellbeing_gain", "gap_primary"]


@pytest.fixture(scope="module")
def town() -> cisim.Ensemble:
    return cisim.simulate(TOWN, 5, workers=1, seed=11, by_region=True)


def test_replicate_k_is_the_model_alone_with_seed_plus_k(town: cisim.Ensemble) -> None:
    for k in (0, 3):
        alone = cisim.CollectiveImpactModel(TOWN, seed=11 + k).run().outcomes(by_region=True)
        ours = town.series[town.series.replicate == k]
        assert ours["month"].tolist() == alone["month"].tolist()
        assert ours["region"].tolist() == alone["region"].tolist()
        for name in OUTCOMES:
            np.testing.assert_array_equal(ours[name].to_numpy(), alone[name].to_numpy())


@pytest.mark.parametrize("seconds", [1e-9, 0.05])
def test_bits_do_not_depend_on_workers_or_chunks(
    town: cisim.Ensemble, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors.chunks, "CHUNK_SECONDS", seconds)
    two = cisim.simulate(TOWN, 5, workers=2, seed=11, by_region=True)
    assert two.values.tobytes() == town.values.tobytes()


def test_the_series_is_tidy_keys_first(town: cisim.Ensemble) -> None:
    frame = town.series
    keys = ["scenario", "replicate", "month", "region"]
    assert list(frame.columns) == [*keys, *OUTCOMES]
    assert len(frame) == 5 * 19 * 2
    assert not frame.duplicated(keys).any()
    assert set(frame.region) == {"Town", "overall"}
    assert town.seeds.tolist() == [11, 12, 13, 14, 15]


def test_what_is_kept_can_be_chosen(town: cisim.Ensemble) -> None:
    few = cisim.simulate(TOWN, 5, workers=1, seed=11, outcomes=SOME, at=[12, 18, 12])
    assert few.values.shape == (5, 2, 1, 3)
    for name in SOME:
        for month in (12, 18):
            np.testing.assert_array_equal(few.at(name, month), town.at(name, month))
    short = cisim.simulate(TOWN, 2, workers=1, seed=11, outcomes=SOME, months=6)
    assert short.months.tolist() == list(range(7))


def test_the_summary_has_full_years_and_the_horizon(town: cisim.Ensemble) -> None:
    table = town.summary()
    assert sorted(set(table.month)) == [12, 18]
    assert len(table) == len(OUTCOMES) * 2 * 2
    row = table[
        (table.outcome == "member_share") & (table.month == 18) & (table.region == "overall")
    ]
    values = town.at("member_share")
    assert row["mean"].item() == pytest.approx(values.mean())
    assert row["sd"].item() == pytest.approx(values.std(ddof=1))
    assert row["q50"].item() == pytest.approx(np.median(values))
    half = 2.1318467863266495 * values.std(ddof=1) / np.sqrt(5)  # t(4), 95 %
    assert row["high"].item() - row["mean"].item() == pytest.approx(half)
    assert set(town.summary(at=6).month) == {6}


def test_quantiles_are_bands_over_months(town: cisim.Ensemble) -> None:
    bands = town.quantiles("member_share")
    assert bands.shape == (19, 3)
    assert (bands[0.05] <= bands[0.5]).all()
    assert (bands[0.5] <= bands[0.95]).all()


def test_the_interval_of_the_mean_is_students_and_leaves_out_what_is_undefined() -> None:
    from scipy import stats

    values = np.array([[1.0, np.nan], [2.0, 5.0], [4.0, np.nan], [9.0, np.nan]])
    mean, low, high, sd, n = ensemble.mean_interval(values, 0.9)
    expected = stats.t.interval(0.9, 3, loc=4.0, scale=stats.sem(values[:, 0]))
    assert (mean[0], n[0]) == (4.0, 4)
    assert (low[0], high[0]) == pytest.approx(expected)
    assert sd[0] == pytest.approx(values[:, 0].std(ddof=1))
    assert (mean[1], n[1]) == (5.0, 1)
    assert np.isnan([low[1], high[1], sd[1]]).all()


def test_a_replicate_that_fails_is_listed_with_its_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    def sometimes(work: simulate.Work, index: int) -> np.ndarray:
        if index == 2:
            raise ZeroDivisionError("of luck")
        return run(work, index)

    run = simulate.run_replicate
    monkeypatch.setattr(simulate, "run_replicate", sometimes)
    found = cisim.simulate(TOWN, 4, workers=1, seed=7, outcomes=SOME)
    again = "cisim run national-and-regional --world one-town --months 18 --seed 9"
    assert found.failed == (("national-and-regional", 2, 9, "ZeroDivisionError: of luck", again),)
    assert set(found.summary()["failed"]) == {1}
    assert found.replicates.tolist() == [0, 1, 3]
    assert found.seeds.tolist() == [7, 8, 10]
    assert not found.incomplete


def test_nothing_finished_is_an_empty_ensemble(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(work: simulate.Work, index: int) -> np.ndarray:
        raise KeyboardInterrupt

    monkeypatch.setattr(simulate, "run_replicate", never)
    found = cisim.simulate(TOWN, 4, workers=1, outcomes=SOME)
    assert found.incomplete
    assert found.replicates.size == 0
    assert len(found.series) == 0
    assert found.summary()["mean"].isna().all()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"replicates": 0}, "replicates is 0; allowed is a whole number, 1 to 10,000,000."),
        ({"replicates": 10_000_001}, "replicates is 10000001"),
        ({"replicates": 2.5}, "replicates is 2.5"),
        ({"workers": 0}, "workers is 0; allowed is a whole number, at least 1."),
        ({"seed": -1}, "seed is -1; allowed is a whole number, 0 to"),
        ({"seed": 2**63 - 1}, "seed is 9223372036854775807"),
        (
            {"outcomes": ["membr_share"]},
            "membr_share is not an outcome. Did you mean member_share?",
        ),
        ({"outcomes": []}, "outcomes is empty"),
        ({"at": [19]}, "at is 19; allowed is a whole number, 0 to 18."),
        ({"at": []}, "at is empty"),
        ({"months": 0}, "months is 0"),
        ({"scenario": 5}, "scenario is 5"),
        ({"scenario": "no-backbon"}, "Did you mean no-backbone?"),
        ({"replicates": 10_000_000, "seed": 1}, "GB of memory"),
    ],
)
def test_wrong_input_is_said_in_one_sentence(
    wrong: dict[str, object], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "memory" in said:  # machines differ in what they promise
        monkeypatch.setattr(simulate.np, "empty", _no_memory)
    given = {"scenario": TOWN, "replicates": 2, "workers": 1, **wrong}
    with pytest.raises(InputError) as error:
        cisim.simulate(**given)  # type: ignore[arg-type]
    assert said in str(error.value)


def _no_memory(*_: object) -> None:
    raise MemoryError


@pytest.mark.parametrize(
    "ask",
    [
        lambda town: town.at("member_share", 40),
        lambda town: town.at("nothing"),
        lambda town: town.at("member_share", region="Twon"),
        lambda town: town.summary(0.0),
        lambda town: town.summary(90),
        lambda town: town.quantiles("member_share", [1.5]),
    ],
)
def test_wrong_questions_are_input_errors(town: cisim.Ensemble, ask: object) -> None:
    with pytest.raises(InputError):
        ask(town)  # type: ignore[operator]


COLD = """
from cisim.lab.warm import warm
from cisim.model.cache import is_compiled
from cisim.model.kernel import KERNELS
assert not is_compiled()
warm(print)
warm(print)
assert is_compiled()
print(sorted(name for name, one in KERNELS.items() if not one.signatures and not one.parts))
"""


@pytest.mark.slow
def test_warming_compiles_every_kernel_once_and_says_so(tmp_path: Path) -> None:
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, "-c", COLD],
        env={**os.environ, "CISIM_CACHE": str(tmp_path), "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == f"{COMPILING}\n[]\n", done.stderr


def test_a_place_is_read_without_mesa() -> None:
    code = (
        "import sys, cisim.lab.survey.importing, cisim.lab.survey.fit\n"
        "from cisim.world.scenario import Scenario\n"
        "Scenario.load('no-backbone').build(1)\n"
        "print([m for m in ('mesa', 'pandas', 'networkx') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "[]\n", done.stderr


def test_a_run_imports_no_heavy_statistics() -> None:
    root = str(Path(__file__).resolve().parents[2])
    code = (
        "import sys, cisim, cisim.lab.results\n"
        "s = cisim.Scenario.load('no-backbone', world='one-town', months=2)\n"
        "cisim.simulate(s, 2, workers=1).summary()\n"
        "print([m for m in ('scipy.stats', 'SALib', 'matplotlib', 'solara') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "[]\n", done.stderr


def test_a_comparison_from_python_says_that_it_compiles_and_a_quiet_command_does_not() -> None:
    code = """
import sys
from cisim.lab import warm
from cisim.model import cache
warm.is_compiled = lambda: False
{0}
cache.tell_compiling()
"""
    asked = "from cisim.lab.simulate import simulate; simulate('no-backbone', 1, 1, months=1)"
    quiet = "from cisim.cli import main; main(['run', 'no-backbone', '--months', '1', '--quiet'])"
    for given, told in ((asked, f"{COMPILING}\n"), (quiet, "")):
        done = subprocess.run(
            [sys.executable, "-c", code.format(given)], capture_output=True, text=True, check=True
        )
        assert done.stderr == told
