"""The benchmark's parts run, at tiny sizes; how long anything takes is not tested."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
for folder in (ROOT / "tests", ROOT):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from cisim.lab.study import Study  # noqa: E402
from cisim.model.outcomes import OUTCOMES  # noqa: E402
from cisim.world.scenario import Scenario  # noqa: E402
from experiments.benchmarks import (  # noqa: E402
    checkouts,
    clock,
    dense,
    machine,
    overhead,
    page,
    parts,
    processes,
    run,
    sweeping,
)
from experiments.benchmarks.sizes import FINLAND, SEED, TOWN, sized  # noqa: E402

TINY = parts.Effort(
    pairs={TOWN: 1},
    turns=1,
    rounds=1,
    sizes=(FINLAND, 2 * FINLAND),
    largest=FINLAND,
    replicates=2,
    demo=1,
    cold=0,
    futures=1,
    dense=(40, 120),
    stored=40,
    swept=(40, 10),
    against=ROOT,
)


def test_a_spread_tells_median_range_and_number() -> None:
    assert clock.spread([3.0, 1.0, 2.0]) == clock.Spread(2.0, 1.0, 3.0, 3)
    assert clock.spread([3.0, 1.0, 2.0]).text("s") == "2.00 s (1.00 to 3.00, n = 3)"
    assert clock.spread([1234.5]).times(10).text("ns") == "12,300 ns (n = 1)"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0, "0"), (0.001234, "0.00123"), (0.9996, "1.00"), (52.34, "52.3"), (999.7, "1,000")],
)
def test_a_figure_has_three_significant_digits(value: float, shown: str) -> None:
    assert clock.figure(value) == shown


def test_what_is_compared_is_measured_in_turns() -> None:
    order: list[str] = []
    taken = clock.in_turns([lambda: order.append("a"), lambda: order.append("b")], 3)
    assert order == ["a", "b", "b", "a", "a", "b"]
    assert [len(one) for one in taken] == [3, 3]


def test_an_exponent_is_found_again() -> None:
    assert parts.fit({10: 2e-3, 100: 2e-2 * 10**0.1, 1000: 2e-1 * 10**0.2}) == pytest.approx(1.1)


def test_a_verdict_gives_the_reason_only_where_an_aim_is_missed() -> None:
    assert page.at_most(1.0, 2.0, "because") == "met"
    assert page.at_least(1.0, 2.0, "because") == "missed: because"


def test_worlds_have_the_size_that_was_asked_for() -> None:
    for size in (TOWN, FINLAND, 3 * FINLAND):
        world = sized(size).world
        assert world.organisation_count == size == len(set(world.organisation_names))
    with pytest.raises(ValueError, match="allowed is 30 or 370"):
        sized(371)


def test_a_run_without_mesa_returns_what_the_model_returns() -> None:
    scenario = sized(TOWN, months=3)
    whole = parts.run_whole(scenario)
    for other in (parts.run_without_mesa(scenario), parts.run_with_agents(scenario)):
        assert whole.equals(other)  # type: ignore[attr-defined]


def test_both_sides_of_the_comparison_are_the_same_model() -> None:
    from reference import ReferenceModel

    scenario = sized(TOWN, months=6)
    model = ReferenceModel(scenario.world, scenario.structure, scenario.parameters, SEED)
    model.run(6)
    observed, furthest = parts.difference(scenario, model)
    assert set(parts.SHARED) <= set(model.outcomes) & set(OUTCOMES)
    assert observed == len(model.outcomes)
    assert furthest < 1e-9


def test_every_call_of_a_kernel_is_counted_and_the_kernels_are_put_back() -> None:
    from cisim.model import month

    before = month.run_months
    scenario = sized(TOWN, months=2)
    with overhead.counted() as uses:
        parts.run_whole(scenario)
    assert month.run_months is before
    assert uses["cisim.model.month.run_months"].calls >= 2  # history, and the months after it
    assert overhead.empty_call((1, 2.0)) > 0.0


def test_a_survey_has_as_many_ties_as_are_asked_for_and_no_pair_twice(tmp_path: Path) -> None:
    dense.write_survey(tmp_path, 60, 700)
    with (tmp_path / "ties.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 700
    assert len({frozenset((row["from"], row["to"])) for row in rows}) == 700
    with pytest.raises(ValueError, match="allowed are fewer"):
        dense.write_survey(tmp_path, 60, 900)


def test_one_size_is_measured_in_a_process_of_its_own() -> None:
    size = processes.size_apart(FINLAND, 12, 1, 2)
    assert (size.organisations, size.lived) == (FINLAND, 13)
    assert size.ties > FINLAND
    assert size.state > 0
    assert size.after_build <= size.after_run <= size.after_outcomes


def test_a_process_that_fails_is_an_error_and_not_a_measurement() -> None:
    taken = processes.run_process(["-c", "print('x')"])
    assert taken.cpu > 0.0
    with pytest.raises(processes.ProcessFailedError, match="ended with 3: no"):
        processes.run_process(["-c", "import sys; print('no', file=sys.stderr); sys.exit(3)"])


def test_the_facts_of_the_machine_name_no_place_and_nobody() -> None:
    import getpass
    import platform

    facts = dict(machine.facts())
    assert {"processor", "processors used", "memory", "Python", "numba"} <= set(facts)
    told = " ".join(facts.values())
    for private in (str(ROOT), str(Path.home()), platform.node()):
        assert private not in told.split()
    assert f" {getpass.getuser()} " not in f" {told} "


def test_the_page_has_a_table_a_part_and_says_what_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(effort: parts.Effort) -> page.Part:
        raise RuntimeError(str(tmp_path))

    def works(effort: parts.Effort) -> page.Part:
        part = page.Part("It works")
        part.add("a | b", "1 s (n = 1)", "at most 2 s", page.at_most(1, 2))
        return part

    monkeypatch.setattr(run, "others", lambda: 0.03)
    monkeypatch.setitem(parts.PARTS, "mesa", fails)
    monkeypatch.setitem(parts.PARTS, "demo", works)
    out = tmp_path / "deep" / "page.md"
    assert run.main(["--quick", "--only", "mesa", "demo", "--out", str(out)]) == 1
    text = out.read_text()
    assert "| a \\| b | 1 s (n = 1) | at most 2 s | met |" in text
    assert "not measured: RuntimeError" in text
    assert "| used by others between the parts | 3% to 3% of all processors" in text
    assert str(tmp_path) not in text
    assert [file.name for file in out.parent.iterdir()] == ["page.md"]


def test_no_page_is_written_where_others_keep_the_machine_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    measured: list[str] = []

    def works(effort: parts.Effort) -> page.Part:
        measured.append("demo")
        return page.Part("It works")

    monkeypatch.setitem(parts.PARTS, "demo", works)
    out = tmp_path / "page.md"
    for busy in ([0.5], [0.05, 0.31]):
        shares = iter(busy)
        monkeypatch.setattr(run, "others", lambda shares=shares: next(shares))
        monkeypatch.setattr(run, "PATIENCE", 0.0)
        assert run.main(["--quick", "--only", "demo", "--out", str(out)]) == 1
        said = capsys.readouterr().err
        assert f"Others use {busy[-1]:.0%} of this machine's processors" in said
        assert "allowed are at most 10%" in said
        assert len(measured) == len(busy) - 1
        assert not out.exists()


def test_what_others_use_is_a_share_of_all_processors() -> None:
    assert 0.0 <= machine.others(0.3) <= 1.0


def test_the_parts_of_a_run_never_exceed_it() -> None:
    scenario = sized(TOWN, months=3)
    where = overhead.profile(lambda: parts.run_one_by_one(scenario), runs=3, calling=False)
    assert where.took("outcomes.observe") + where.took("observing.observe") >= 0.0
    assert 0.0 < where.kernels < where.total
    assert len(where.uses) > 12
    for total, months in parts.months_within(lambda: parts.run_whole(scenario), 3):
        assert 0.0 < months < total


def test_a_sweep_and_a_loop_do_the_same_runs_in_turns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived: list[tuple[str, int]] = []

    class Told(sweeping.CollectiveImpactModel):
        def __init__(self, scenario: Scenario, seed: int) -> None:
            lived.append((str(scenario.parameters), seed))
            super().__init__(scenario.with_(months=2), seed=seed)

    monkeypatch.setattr(sweeping, "CollectiveImpactModel", Told)
    found = sweeping.measure(tmp_path, 30, 10)
    assert (found.runs, found.ratio.n) == (30, 3)
    assert len(set(lived)) == len(lived) == 30
    assert len({parameters for parameters, _ in lived}) == 3
    assert found.on_disk > 0
    study = Study.load(tmp_path)
    assert (study.there, study.incomplete) == (30, False)


def test_two_checkouts_take_turns_and_tell_their_own_time(tmp_path: Path) -> None:
    asked = []

    class Asked:
        def __init__(self, name: str) -> None:
            self.name = name

        def seconds(self, seed: int) -> float:
            asked.append((self.name, seed))
            return float(seed)

    taken = checkouts.in_turns([Asked("a"), Asked("b")], 2)  # type: ignore[list-item]
    assert asked == [("a", 0), ("b", 0), ("a", 1), ("b", 1), ("b", 2), ("a", 2)]
    assert taken == [[1.0, 2.0], [1.0, 2.0]]
    broken = checkouts.Checkout(ROOT, ["no-such-scenario"], "one-town", 1)
    with pytest.raises(RuntimeError, match="has ended"):
        broken.seconds(1)
    broken.close()


def test_a_folder_without_cisim_is_no_checkout(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        run.main(["--against", str(tmp_path)])


@pytest.mark.slow
@pytest.mark.parametrize("name", parts.PARTS)
def test_every_part_gives_rows(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # An empty kernel is compiled for each kernel that is called: it has a test of its own.
    monkeypatch.setattr(overhead, "empty_call", lambda arguments: 1e-7)
    part = parts.PARTS[name](TINY)
    assert part.rows
    assert all(row.measured and "nan" not in row.measured for row in part.rows)
