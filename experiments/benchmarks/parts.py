"""What is measured: a function a part, each of which returns its rows."""

from __future__ import annotations

import importlib.util
import math
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cisim
from cisim.lab import executors
from cisim.lab.simulate import simulate
from cisim.model import month as months
from cisim.model import schedule
from cisim.model.luck import Luck
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import OUTCOMES, Recorder
from cisim.world.scenario import Scenario
from experiments.benchmarks import machine, processes, stored, sweeping
from experiments.benchmarks.checkouts import Checkout, both
from experiments.benchmarks.checkouts import in_turns as take_turns
from experiments.benchmarks.clock import figure, in_turns, once, ratios, spread, wall
from experiments.benchmarks.dense import write_survey
from experiments.benchmarks.overhead import FEW, Profile, counted, profile
from experiments.benchmarks.page import Part, at_least, at_most, table
from experiments.benchmarks.showing import shown
from experiments.benchmarks.sizes import (
    FINLAND,
    SCENARIO,
    SEED,
    TOWN,
    go_on,
    live_through_history,
    sized,
)

ROOT = Path(__file__).resolve().parents[2]
HISTORY, MONTHS = 12, 24
"""How long the largest size is timed: a year of history, two years after it."""
SHARED = ("member_share", "commitment", "knowhow", "measurement", "wellbeing_gain")
"""Outcomes that both writings define in the same words."""
DEMO = ("no-backbone", "same-total", "national-and-regional", "missing-sponsor")
START = ("run", "no-backbone", "--world", "one-town")


TEN = (
    "wellbeing_gain",
    "gap_primary",
    "member_share",
    "commitment",
    "trust_active",
    "knowhow",
    "measurement",
    "joint_activity",
    "sponsor_money",
    "alignment",
)
"""Ten outcomes, as a planner may ask for them."""


@dataclass(frozen=True)
class Effort:
    """How much is measured.

    pairs   : pairs of a whole run against the reference, by organisations
    turns   : of everything else that takes well below a second
    rounds  : of what takes seconds
    sizes   : organisations that tell the exponent
    largest : organisations whose memory is told
    replicates, demo : runs in an ensemble, futures in the demo's comparison
    cold    : starts without compiled kernels
    futures : of four structures against another checkout
    dense : organisations and ties of a survey that is imported and run
    stored : runs, made up, that are kept and read
    swept : runs of a sweep, and how many at a turn
    against : that checkout
    """

    pairs: dict[int, int]
    turns: int
    rounds: int
    sizes: tuple[int, ...]
    largest: int
    replicates: int
    demo: int
    cold: int
    futures: int
    dense: tuple[int, int]
    stored: int
    swept: tuple[int, int]
    against: Path | None = None


FULL = Effort(
    pairs={TOWN: 15, FINLAND: 9, 10 * FINLAND: 3},
    turns=31,
    rounds=5,
    sizes=(FINLAND, 10 * FINLAND, 100 * FINLAND),
    largest=1000 * FINLAND,
    replicates=100,
    demo=100,
    cold=3,
    futures=20,
    dense=(500, 20_000),
    stored=100_000,
    swept=(20_000, 1_000),
)
QUICK = Effort(
    pairs={TOWN: 3, FINLAND: 1},
    turns=5,
    rounds=1,
    sizes=(FINLAND, 10 * FINLAND),
    largest=10 * FINLAND,
    replicates=8,
    demo=2,
    cold=1,
    futures=2,
    dense=(100, 500),
    stored=5_000,
    swept=(500, 100),
)


def run_whole(scenario: Scenario) -> object:
    """Return the outcomes of a run by the Mesa model: building, history, all months."""
    return CollectiveImpactModel(scenario, seed=SEED).run().outcomes()


def run_without_mesa(scenario: Scenario) -> object:
    """Return the same by the same schedule, without the model around it."""
    state = scenario.build(SEED)
    recorder = live_through_history(state, scenario, int(scenario.parameters.history_months))
    go_on(state, scenario, recorder, 0, scenario.months)
    return recorder.frame()


def run_with_agents(scenario: Scenario) -> object:
    """Return the same by a model whose agents have all been asked for."""
    model = CollectiveImpactModel(scenario, seed=SEED)
    assert len(model.agents) >= model.state.sizes["N"]
    return model.run().outcomes()


def run_one_by_one(scenario: Scenario) -> object:
    """Return the same with each process called from Python, so that each kernel can be seen."""
    state, p = scenario.build(SEED), scenario.parameters
    holders = scenario.structure.functions.holders
    recorder = Recorder(scenario.months, state.regions.visible.size, holders=holders)
    for month in range(-int(p.history_months), 0):
        months.work(schedule.HISTORY, state, p, Luck(SEED, month))
    months.work(schedule.FOUNDING, state, p, Luck(SEED, 0))
    recorder.record(state, p, 0)
    for month in range(scenario.months):
        months.work(schedule.SCHEDULE, state, p, Luck(SEED, month))
        recorder.record(state, p, month + 1)
    return recorder.frame()


@cache
def spent(organisations: int) -> Profile:
    """Return where a run's time goes whose processes are called one by one, measured once."""
    scenario = sized(organisations)
    small = organisations == TOWN
    return profile(lambda: run_one_by_one(scenario), runs=20 if small else 5, calling=small)


# --- the parts, in the order of the page -------------------------------------------------------


def against_reference(effort: Effort) -> Part:
    """Compare the kernels with the same model in plain Mesa objects."""
    from reference import ReferenceModel

    part = Part("Kernels against plain Mesa objects")
    furthest = 0.0
    observed = 0
    middles = []
    for organisations, pairs in effort.pairs.items():
        scenario = sized(organisations)

        def kernels(scenario: Scenario = scenario) -> object:
            return run_whole(scenario)

        def objects(scenario: Scenario = scenario) -> ReferenceModel:
            model = ReferenceModel(scenario.world, scenario.structure, scenario.parameters, SEED)
            model.run(scenario.months)
            return model

        kernels()
        if organisations == min(effort.pairs):
            observed, furthest = difference(scenario, objects())
        ours, theirs = in_turns([kernels, objects], pairs)
        ratio = ratios(theirs, ours)
        middles.append(ratio.median)
        part.add(f"{organisations:,} organisations: times as fast", ratio.text("×"))
        part.add("- kernels, a whole run", spread(ours).times(1e3).text("ms"))
        part.add("- plain Mesa objects, a whole run", spread(theirs).times(1e3).text("ms"))
    part.notes.append(
        f"So the kernels are {figure(min(middles))} to {figure(max(middles))} times as fast, by "
        f"the size of the world. That is no aim: it says as much of how the reference is written."
    )
    part.notes.append(
        f"Both sides build the world, live through history and observe every month; the kernels "
        f"return {len(OUTCOMES)} outcomes, the reference {observed}. Those that both define alike "
        f"({', '.join(SHARED)}) differ by at most {furthest:.0e} over the {TOWN}-organisation run."
    )
    part.notes.append(
        f"{10 * FINLAND:,} organisations are Finland's regions ten times beside each other. The "
        f"reference draws its luck by the package's compiled draw. Where a run of {FINLAND} "
        f"goes whose processes are called one by one, to the same bits, in wall time:"
    )
    part.notes.append(spending(spent(FINLAND)))
    return part


def four_structures(effort: Effort) -> Part:
    """Compare the time of four structures with that of another checkout."""
    part = Part("Four structures")
    yearly = {"outcomes": TEN, "every": 12}
    asked: dict[str, tuple[dict[str, Any], float]] = {
        "all outcomes, every month": ({}, 1.15),
        f"{len(TEN)} outcomes, every year": (yearly, 1.6),
    }
    for words, (what, aim) in asked.items():
        given = (DEMO, "finland", effort.futures)
        if effort.against is None:
            here = Checkout(ROOT, *given, **what)
            (ours,) = take_turns([here], effort.rounds)
            here.close()
        else:
            with both(ROOT, effort.against, *given, **what) as checkouts:
                ours, theirs = take_turns(checkouts, effort.rounds)
            ratio = ratios(theirs, ours)
            part.add(
                f"{words}: times as fast as the other checkout",
                ratio.text("×"),
                f"at least {aim}",
                at_least(ratio.median, aim, "the profile of a run is below"),
            )
            part.add("- there", spread(theirs).text("CPU-seconds"))
        told = "- here" if effort.against else words
        part.add(told, spread(ours).text("CPU-seconds"))
    part.notes.append(
        f"`compare` of {len(DEMO)} scenarios on Finland in {effort.futures} futures by one worker; "
        "two processes, one for each checkout, take turns."
        + ("" if effort.against else " No other checkout was given (--against DIR).")
    )
    return part


def difference(scenario: Scenario, reference: object) -> tuple[int, float]:
    """Return how many outcomes the reference has, and how far shared ones differ at most."""
    values = CollectiveImpactModel(scenario, seed=SEED).run().recorder.values(SHARED)
    theirs: dict[str, list[list[float]]] = reference.outcomes  # type: ignore[attr-defined]
    apart = [
        abs(mine - other)
        for name in SHARED
        for row, others in zip(values[name].tolist(), theirs[name], strict=True)
        for mine, other in zip(row, others, strict=True)
        if not math.isnan(mine)
    ]
    return len(theirs), max(apart)


def mesa_share(effort: Effort) -> Part:
    """Compare the Mesa model with a plain loop over the same processes."""
    part = Part("Mesa's own part of a run")
    scenario = sized(FINLAND)
    works: list[Callable[[], object]] = [
        lambda: run_whole(scenario),
        lambda: run_without_mesa(scenario),
        lambda: run_with_agents(scenario),
    ]
    for work in works:
        work()
    model, plain, agents = in_turns(works, effort.turns)
    share = spread([1.0 - b / a for a, b in zip(model, plain, strict=True)]).times(100)
    handles = spread([1.0 - b / a for a, b in zip(agents, plain, strict=True)]).times(100)
    part.add(
        f"{FINLAND} organisations: share of a run",
        share.text("%", 2),
        "at most 15 %",
        at_most(share.median, 15, "see the profile below"),
    )
    part.add("- the same where every agent has been asked for", handles.text("%", 2))
    part.notes.append(
        "The share is one minus the same building, schedule and recorder without the model, "
        "divided by the Mesa model, in pairs; below zero is noise. Agents are handed out when they "
        "are first asked for; the second row asks for all of them in each run."
    )
    return part


def by_size(effort: Effort) -> Part:
    """Tell how a whole run and the building of its world grow, and memory at the largest size."""
    part = Part("Size")
    building: dict[int, list[float]] = {size: [] for size in effort.sizes}
    whole: dict[int, list[float]] = {size: [] for size in effort.sizes}
    worlds = {size: sized(size) for size in effort.sizes}
    for scenario in worlds.values():
        scenario.build(SEED)  # the world's plan is made once
    for turn in range(max(2, effort.rounds)):
        for size in effort.sizes if turn % 2 == 0 else reversed(effort.sizes):
            repeats = max(1, min(20, 20 * FINLAND // size))
            scenario = worlds[size]
            build = partial(_repeated, repeats, partial(scenario.build, SEED))
            building[size].append(once(build) / repeats)
            run = partial(_repeated, repeats, partial(run_whole, scenario))
            whole[size].append(once(run) / repeats)
    largest = max(effort.sizes)
    columns = processes.state_bytes(worlds[largest].build(SEED))
    lived = int(worlds[largest].parameters.history_months) + worlds[largest].months
    each = {size: spread(values).times(1e9 / (size * lived)) for size, values in whole.items()}
    for size, value in each.items():
        part.add(f"{size:,} organisations: a whole run, a month of one", value.text("ns"))
    exponent = fit({size: statistics.median(values) for size, values in whole.items()})
    part.add(
        f"exponent of the whole run from {min(whole):,} to {largest:,} organisations",
        figure(exponent),
        "at most 1.05" if effort.sizes == FULL.sizes else "",
        at_most(
            exponent,
            1.05,
            f"a month of one organisation takes "
            f"{each[largest].median / each[min(whole)].median:.2f} times as long; the "
            f"columns take {columns / 2**20:.0f} MiB there, the processor's largest cache "
            f"{machine.cache()}",
        ),
    )
    for size, values in building.items():
        aimed = size == 100 * FINLAND
        part.add(
            f"building the world, {size:,} organisations",
            spread(values).text("s"),
            "at most 0.4 s" if aimed else "",
            at_most(statistics.median(values), 0.4) if aimed else "",
        )
    large = processes.size_apart(effort.largest, HISTORY, MONTHS)
    ns = large.months * 1e9 / (large.organisations * large.lived)
    part.add(f"{large.organisations:,} organisations: a month of one", f"{figure(ns)} ns (n = 1)")
    part.add("- building the world", f"{figure(large.build)} s (n = 1)")
    per = 1.0 / (1e3 * large.organisations)
    peak = large.after_outcomes * per
    part.add(
        f"{large.organisations:,} organisations: peak memory an organisation, of a whole run with "
        "all outcomes",
        f"{figure(peak)} kB (n = 1)",
        "at most 2.5 kB",
        at_most(
            peak,
            2.5,
            f"the state takes {figure(large.state * per)} kB with "
            f"{large.ties / large.organisations:.1f} ties each, what is recorded in 120 months "
            f"{figure(large.recorder * per)} kB, and turning it into outcomes "
            f"{figure((large.after_outcomes - large.after_run) * per)} kB more",
        ),
    )
    part.add("- peak after building", f"{figure(large.after_build * per)} kB (n = 1)")
    part.add("- peak after 120 months", f"{figure(large.after_run * per)} kB (n = 1)")
    part.add("- columns of the state", f"{figure(large.state * per)} kB (n = 1)")
    part.add("- what is recorded, by region", f"{figure(large.recorder * per)} kB (n = 1)")
    part.notes.append(
        f"A whole run builds the world and lives through {lived} months. At "
        f"{large.organisations:,} organisations a month of one is a mean over {HISTORY} months of "
        f"history and {MONTHS} after it, observed, the world being built. Memory is the peak of a "
        "process of its own above what it had after imports and a small run; kB are 1,000 bytes."
    )
    return part


def _repeated(times: int, work: Callable[[], object]) -> None:
    for _ in range(times):
        work()


def fit(seconds: dict[int, float]) -> float:
    """Return the exponent of seconds over size, by least squares on logarithms."""
    xs = [math.log(size) for size in seconds]
    ys = [math.log(value) for value in seconds.values()]
    return statistics.linear_regression(xs, ys).slope


def by_workers(effort: Effort) -> Part:
    """Tell replicates a second on one and on two workers."""
    part = Part("Workers")
    scenario = Scenario.load("national-and-regional")
    there = executors.processors()
    for workers in (1, 2):
        simulate(scenario, replicates=8 * workers, workers=workers)

    def ensemble(workers: int) -> Callable[[], object]:
        return lambda: simulate(scenario, replicates=effort.replicates, workers=workers)

    one, two = in_turns([ensemble(1), ensemble(2)], effort.rounds, wall)
    possible = spread(processes.ceiling(effort.rounds))
    executors.close()
    rates = [spread([effort.replicates / x for x in taken]) for taken in (one, two)]
    part.add("1 worker, Finland, all outcomes", rates[0].text("replicates a second"))
    part.add("2 workers", rates[1].text("replicates a second"))
    part.add("- times as fast on 2 workers", ratios(one, two).text("×"))
    part.add("- two plain loops at once against one, here and now", possible.text("×"))
    part.notes.append(
        f"Wall time of `simulate` with {effort.replicates} replicates; the workers had started and "
        "had loaded the kernels. The last row is what the machine leaves to any two processes."
    )
    if there < 2:
        part.notes.append("This machine gives one processor, so both rows used one worker.")
    return part


def one_town(effort: Effort) -> Part:
    """Tell the milliseconds of a One town run, and where they go."""
    part = Part("One town")
    scenario = sized(TOWN)

    def arrays() -> object:
        return CollectiveImpactModel(scenario, seed=SEED).run().recorder.values()

    finished = CollectiveImpactModel(scenario, seed=SEED).run()
    works: list[Callable[[], object]] = [
        lambda: run_whole(scenario),
        arrays,
        lambda: scenario.build(SEED),
        finished.recorder.values,
        finished.outcomes,
    ]
    for work in works:
        work()
    whole, without_table, building, values, frame = (
        spread(x).times(1e3) for x in in_turns(works, 10 * effort.turns)
    )
    above = months_within(lambda: run_whole(scenario), 10 * effort.turns)
    within = spread([compiled for _, compiled in above]).times(1e3)
    ratio = spread([total / compiled for total, compiled in above])
    part.add("a whole run with all outcomes", whole.text("ms"))
    part.add("- the compiled months of it", within.text("ms"))
    part.add(
        "a whole run, as a multiple of its compiled months",
        ratio.text("×"),
        "at most 1.5",
        at_most(
            ratio.median,
            1.5,
            f"building takes {building.median:.2f} ms, the table of {len(OUTCOMES)} outcomes from "
            f"what was recorded {frame.median:.2f} ms, {values.median:.2f} of it the outcomes",
        ),
    )
    part.add("- a whole run with outcomes as arrays, without a table", without_table.text("ms"))
    part.add("- building the world", building.text("ms"))
    part.add("- all outcomes from what was recorded, as arrays", values.text("ms"))
    part.add("- the same as a pandas table", frame.text("ms"))
    part.notes.append(
        "Where a run goes whose processes are called one by one, in wall time, by counting calls "
        "and by calling empty kernels:"
    )
    part.notes.append(spending(spent(TOWN)))
    return part


def months_within(work: Callable[[], object], runs: int) -> list[tuple[float, float]]:
    """Return the seconds of each run, and those of the compiled months within the same run."""
    found = []
    for _ in range(runs):
        with counted() as uses:
            total = once(work, wall)
        found.append((total, uses[f"{months.__name__}.run_months"].took))
    return found


def spending(where: Profile) -> str:
    """Return a table of where a run's time goes."""
    rows = [
        [use.name, f"{use.calls:,}", _ms(use.took), _ms(use.dispatch)]
        for use in where.uses
        if use.calls > FEW
    ]
    rare = [use for use in where.uses if use.calls <= FEW]
    calls = f"{sum(use.calls for use in rare):,}"
    rows.append(["all others", calls, _ms(sum(use.took for use in rare)), ""])
    rows.append(["all kernels", f"{where.calls:,}", _ms(where.kernels), _ms(where.dispatch)])
    rows.append(["Python between them, table", "", _ms(where.total - where.kernels), ""])
    return table(["kernel", "calls", "ms", "of which calling ms"], rows)


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.2f}" if seconds else ""


def starts(effort: Effort) -> Part:
    """Tell what a whole process of the command line takes, with and without compiled kernels."""
    part = Part("Start of the command line")
    command = "cisim " + " ".join(START)
    processes.cisim(*START)
    warm = spread([processes.cisim(*START).cpu for _ in range(3 * effort.rounds)])
    imports = spread(
        [processes.run_process(["-c", "import mesa, numba"]).cpu for _ in range(effort.rounds)]
    )
    cold = []
    for _ in range(effort.cold):
        with TemporaryDirectory() as folder:
            cold.append(processes.cisim(*START, cache=folder).cpu)
    loaded = processes.heavy_imports(*START)
    compiled = _bytecode()
    why = f"importing Mesa and numba alone takes {imports.median:.2f} s"
    if not compiled:
        why += "; cisim's sources were compiled anew, as no bytecode is kept here"
    part.add(
        f"`{command}`, kernels compiled",
        warm.text("CPU-seconds"),
        "at most 2 CPU-seconds",
        at_most(warm.median, 2, why),
    )
    part.add("- of which `import mesa, numba`", imports.text("CPU-seconds"))
    if cold:
        part.add("the same with an empty cache of kernels", spread(cold).text("CPU-seconds"))
    names = ", ".join(processes.HEAVY)
    part.add(
        f"imports of {names}",
        ", ".join(loaded) or "none",
        "none",
        at_most(len(loaded), 0, "something that a run needs imports them"),
    )
    kept = "was there" if compiled else "was not there"
    part.notes.append(
        f"CPU-seconds are user and system time of the process and its children. Bytecode of "
        f"cisim's sources {kept}."
    )
    return part


def _bytecode() -> bool:
    return Path(importlib.util.cache_from_source(str(cisim.__file__))).exists()


def demo(effort: Effort) -> Part:
    """Tell what the demo's comparison takes, as `make demo` calls it."""
    part = Part("The demo's comparison")
    taken = []
    processes.cisim(*START)  # compiles what is not
    with TemporaryDirectory() as folder:
        for turn in range(max(1, effort.rounds // 2 + 1)):
            arguments = ("--replicates", str(effort.demo), "--out", f"{folder}/{turn}")
            taken.append(processes.cisim("compare", *DEMO, *arguments))
    seconds = spread([one.wall for one in taken])
    busy = statistics.median([one.cpu / one.wall for one in taken])
    whole = effort.demo == FULL.demo
    part.add(
        f"{len(DEMO)} scenarios × {effort.demo} replicates, Finland, kernels compiled",
        seconds.text("s"),
        "at most 15 s" if whole else "",
        at_most(
            seconds.median,
            15,
            f"it kept {busy:.1f} of {executors.processors()} processors busy, "
            f"{statistics.median([one.cpu for one in taken]):.1f} CPU-seconds in all",
        )
        if whole
        else "",
    )
    part.add("- processors kept busy", f"{busy:.2f}")
    part.notes.append(
        "Wall time of the whole process `cisim compare`, with starting it and its workers, tables, "
        "charts and files."
    )
    return part


def dense_network(effort: Effort) -> Part:
    """Tell what a survey of many ties takes: its import, and a run of its world."""
    organisations, ties = effort.dense
    whole = effort.dense == FULL.dense
    part = Part("A dense network")
    processes.cisim(*START)  # compiles what is not
    with TemporaryDirectory() as folder:
        survey = Path(folder) / "survey"
        survey.mkdir()
        write_survey(survey, organisations, ties)
        taken = [
            processes.cisim("import", str(survey), "-o", f"{folder}/world-{turn}.toml")
            for turn in range(max(1, effort.rounds))
        ]
        scenario = Scenario.load(SCENARIO, world=f"{folder}/world-0.toml")
    imports = spread([one.cpu for one in taken])
    runs = spread(in_turns([partial(run_whole, scenario)], effort.turns)[0])
    size = f"{organisations} organisations, {ties:,} ties"
    part.add(
        f"import of {size}",
        imports.text("s"),
        "at most 3 s" if whole else "",
        at_most(imports.median, 3.0) if whole else "",
    )
    part.add(
        f"{scenario.months} months of a replicate, with its world and its history",
        runs.times(1e3).text("ms"),
        "at most 60 ms" if whole else "",
        at_most(1e3 * runs.median, 60.0) if whole else "",
    )
    part.notes.append(
        "CPU time: of the whole process `cisim import`, and of a run with all outcomes in every "
        "month. A tie is a pair; each has two sides, of which the survey tells one."
    )
    return part


def store(effort: Effort) -> Part:
    """Tell what a study's store takes of a driver, and of who reads it."""
    part = Part("The store of a study")
    with TemporaryDirectory() as folder:
        found = stored.measure(Path(folder) / "study", effort.stored)
    whole = effort.stored == FULL.stored
    runs, times = f"{found.runs:,} runs", stored.MANY / found.runs
    much = found.grown / 1e6
    part.add("keeping a run", f"{found.keeping * 1e6:.1f} µs")
    part.add(
        f"growth of the driver's memory over {runs}",
        f"{figure(much)} MB",
        "at most 50 MB" if whole else "",
        at_most(much, 50.0) if whole else "",
    )
    part.add(f"{runs} on the disk", f"{figure(found.on_disk / 1e6)} MB")
    part.add(f"opening {runs}, with looking at every byte", f"{figure(found.opening)} s")
    part.add(
        f"scan of {runs}: all of {found.rows:,} rows",
        f"{figure(found.whole)} s",
        "at most 5 s" if whole else "",
        at_most(found.whole, 5.0) if whole else "",
    )
    part.add(f"a band of one scenario and outcome in {runs}", f"{figure(found.band)} s")
    part.add(
        f"a band in {stored.MANY:,} runs: {figure(found.band)} s × {times:,.0f}",
        f"{figure(times * found.band)} s",
        "below 1 s" if whole else "",
        at_most(times * found.band, 1.0) if whole else "",
    )
    part.add(
        f"opening {stored.MANY:,} runs: {figure(found.opening)} s × {times:,.0f}",
        f"{figure(times * found.opening)} s",
    )
    part.add(
        f"{stored.MANY:,} runs on the disk: {figure(found.on_disk / 1e6)} MB × {times:,.0f}",
        f"{figure(times * found.on_disk / 1e6)} MB",
    )
    part.notes.append(
        f"Made-up runs of {stored.SCENARIOS} scenarios with {len(stored.OUTCOMES)} outcomes in "
        f"{stored.MONTHS.size} months, whose numbers nothing packs. Seconds are of the processor; "
        f"a band is three quantiles a month. Of {stored.MANY:,} runs nothing is measured: it is "
        f"what fewer take, times how many more they are."
    )
    return part


def sweep(effort: Effort) -> Part:
    """Tell what a sweep costs above a plain loop of the same runs."""
    part = Part("A sweep beside a plain loop")
    runs, block = effort.swept
    with TemporaryDirectory() as folder:
        sweeping.measure(Path(folder) / "warm", sweeping.REPLICATES, block)
        found = sweeping.measure(Path(folder) / "study", runs, block)
    whole = effort.swept == FULL.swept
    over = found.sweep / found.loop
    times, few = stored.MANY / found.runs, f"{found.runs:,} runs"
    hours, disk = found.runs * found.sweep / 3600.0, found.on_disk / 1e6
    part.add("a run in a plain loop of `model.run()`", f"{_ms(found.loop)} ms")
    part.add("a run in a sweep, with all that it checks and keeps", f"{_ms(found.sweep)} ms")
    part.add(
        f"a sweep of {few}, as a multiple of the loop",
        f"{figure(over)} ×",
        "at most 1.05" if whole else "",
        at_most(over, 1.05) if whole else "",
    )
    part.add(f"- in turns of {block:,}", found.ratio.text("×"))
    part.add(
        f"a sweep of {stored.MANY:,} runs: {figure(hours)} h × {times:,.0f}",
        f"{figure(times * hours)} h of one processor",
    )
    part.add(
        f"{stored.MANY:,} runs on the disk: {figure(disk)} MB × {times:,.0f}",
        f"{figure(times * disk)} MB",
    )
    part.notes.append(
        f"CPU time of this process. {few} of {sweeping.SCENARIO} in One town over ten years, "
        f"{sweeping.REPLICATES} replicates a point, {len(sweeping.OUTCOMES)} outcomes kept in "
        f"{len(sweeping.YEARS)} months. The sweep stands still after every {block:,} runs while "
        f"the loop does the same ones, which keeps nothing of them. Of {stored.MANY:,} runs "
        f"nothing is measured: it is what fewer take, times how many more they are."
    )
    return part


def show(effort: Effort) -> Part:
    """Tell what the report, the charts and a look at the patterns take."""
    return shown(DEMO, effort.demo, effort.rounds, look=effort.demo == FULL.demo)


PARTS: dict[str, Callable[[Effort], Part]] = {
    "reference": against_reference,
    "structures": four_structures,
    "mesa": mesa_share,
    "size": by_size,
    "workers": by_workers,
    "one-town": one_town,
    "dense": dense_network,
    "start": starts,
    "demo": demo,
    "store": store,
    "sweep": sweep,
    "show": show,
}

__all__ = ["FULL", "PARTS", "QUICK", "Effort"]
