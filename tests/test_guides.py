"""The guides are true: every command, every file and every example in them runs as it is written.

A ```sh block is typed line by line into a shell, in one temporary folder for each guide, with
`python -m cisim` for `cisim`; the project's docs are found there. A ```toml block is the file that
its first line names; it is checked, and the commands after it find it. A ```text block is what the
commands before it print: each of its lines stands in their output. The ```python blocks of a guide
are one script, run at the end.

    python tests/test_guides.py      draws docs/comparison.svg again
"""

from __future__ import annotations

import json
import math
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest
import typer

import cisim
from cisim import cli
from cisim.lab.results import write_ensembles
from cisim.lab.simulate import simulate
from cisim.world.beliefs import usual_beliefs
from cisim.world.joint_points import read_making
from cisim.world.ranges import free_parameters
from tests.scripts import load_script

ROOT = Path(__file__).parents[1]
GUIDES = (
    "README.md",
    "docs/planner.md",
    "docs/researcher.md",
    "docs/facilitator.md",
    "docs/worlds.md",
    "docs/structures.md",
    "docs/components.md",
    "docs/threshold.md",
    "docs/track.md",
    "docs/beliefs.md",
    "docs/rivals.md",
    "docs/optimise.md",
    "docs/import.md",
    "docs/stories.md",
    "docs/cases.md",
    "docs/experiments.md",
    "docs/analyses.md",
    "docs/bridges.md",
    "docs/store.md",
)
COUNTY = ROOT / "docs" / "county"
"""The files of the planners' example."""
CHART = ROOT / "docs" / "comparison.svg"
COMPARED = ("no-backbone", "same-total", "national-and-regional", "missing-sponsor")
FUTURES = 100

SETS_UP = (
    "make ",
    "python3.11 -m venv ",
    ".venv/bin/pip install ",
    ".venv/bin/python -m pytest ",
    ". .venv/bin/activate",
)
"""How lines begin that set up an environment or test it: `.ci/run` does that from a clean clone."""

TAKES_LONG = ("--uncertain", "--report", "--replicates auto", "cisim validate ", "cisim threshold ",
              "cisim optimise ", "cisim track ")  # fmt: skip
"""What makes a command slow; so does a comparison that is not on a small world."""
SMALL = ("--world ", "coordinator.toml")


class Block(NamedTuple):
    """A fenced block: its kind, its text, and the line of the guide that it begins on."""

    kind: str
    text: str
    line: int


def blocks(guide: str) -> Iterator[Block]:
    text = (ROOT / guide).read_text(encoding="utf-8")
    for found in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        yield Block(found[1], found[2], text[: found.start()].count("\n") + 1)


def commands(block: Block) -> list[str]:
    """Return the lines of a block that are commands, one that is continued as one."""
    lines = block.text.replace("\\\n", " ").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def is_slow(command: str) -> bool:
    compares = command.startswith(("cisim compare ", ".venv/bin/cisim compare "))
    small = any(word in command for word in SMALL)
    return any(word in command for word in TAKES_LONG) or (compares and not small)


def keep_to_one_processor() -> None:
    """Let a command find one processor, another for each of pytest's workers.

    On one nothing starts workers of its own, which is most of what a small comparison takes.
    """
    there = sorted(os.sched_getaffinity(0))
    mine = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.sched_setaffinity(0, {there[mine % len(there)]})


def type_in(command: str, folder: Path, alone: bool = False) -> str:
    """Run one line in a shell, `alone` on one processor; return all that it printed."""
    program = f"{shlex.quote(sys.executable)} -m cisim "
    done = subprocess.run(
        ["bash", "-c", re.sub(r"^(\.venv/bin/)?cisim ", lambda _: program, command)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        preexec_fn=keep_to_one_processor if alone and sys.platform == "linux" else None,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}"
    return done.stdout


def follow(guide: str, folder: Path, slow: bool) -> None:
    """Do what a guide says, in its order; leave out slow commands unless they are asked for."""
    printed: str | None = ""
    script = []
    (folder / "docs").symlink_to(ROOT / "docs")
    for block in blocks(guide):
        where = f"{guide}, line {block.line}"
        if block.kind == "sh":
            printed = ""
            for command in commands(block):
                if command.startswith(SETS_UP):
                    continue
                if is_slow(command) and not slow:
                    printed = None
                elif printed is not None:
                    printed += type_in(command, folder, alone=not is_slow(command))
        elif block.kind == "toml":
            name = re.match(r"# ([\w-]+\.toml)\n", block.text)
            assert name, f"{where}: the first line of a file is its name"
            (folder / name[1]).write_text(block.text, encoding="utf-8")
            kept = COUNTY / name[1]
            if kept.exists():
                assert kept.read_text(encoding="utf-8") == block.text, f"{where}: {kept} differs"
            assert cli.main(["check", str(folder / name[1])]) == 0, where
        elif block.kind == "text":
            if printed is not None:
                for part in block.text.split("\n\n"):
                    below = iter([line.rstrip() for line in printed.splitlines()])
                    for line in filter(None, map(str.rstrip, part.splitlines())):
                        # in this order, so that no row of another table can stand in for it
                        assert line in below, f"{where}: nothing prints {line!r} here:\n{printed}"
        else:
            assert block.kind == "python", f"{where}: a block of {block.kind or 'nothing'}"
            script.append(block.text)
    if script:
        (folder / "script.py").write_text("\n".join(script), encoding="utf-8")
        type_in(f"{shlex.quote(sys.executable)} -W error:::cisim script.py", folder, not slow)


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_can_be_followed(guide: str, tmp_path: Path) -> None:
    follow(guide, tmp_path, slow=False)


@pytest.mark.slow
@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_can_be_followed_to_the_letter(guide: str, tmp_path: Path) -> None:
    follow(guide, tmp_path, slow=True)


def test_the_recipe_to_reproduce_works_on_a_result_that_was_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (recipe,) = (
        block.text
        for block in blocks("docs/researcher.md")
        if block.kind == "python" and "manifest.json" in block.text
    )
    whole = cisim.CollectiveImpactModel.run

    def unlucky(
        self: cisim.CollectiveImpactModel, months: int | None = None
    ) -> cisim.CollectiveImpactModel:
        if self.seed == 8:
            raise ZeroDivisionError("out of luck")
        return whole(self, months)

    def stop(done: int, total: int) -> None:
        if done == 9:
            raise KeyboardInterrupt

    towns = [
        cisim.Scenario.load(name, world="test-region", months=6)
        for name in ("no-backbone", "national-and-regional")
    ]
    with monkeypatch.context() as patch:
        patch.setattr(cisim.CollectiveImpactModel, "run", unlucky)
        stopped = cisim.compare(
            towns, 20, workers=1, seed=7, outcomes=["member_share"], by_region=True, progress=stop
        )
    out = tmp_path / "results" / "pair"
    manifest = write_ensembles(out, stopped, "cisim compare")
    assert manifest["incomplete"]
    assert manifest["seeds"]["no-backbone"] == {"first": 7, "finished": [[7, 7], [9, 12]]}
    assert manifest["seeds"]["national-and-regional"]["finished"] == [[7, 7], [9, 11]]
    assert manifest["asked"] == {"no-backbone": 20, "national-and-regional": 20}
    monkeypatch.chdir(tmp_path)
    exec(recipe, {})
    other = json.loads((out / "manifest.json").read_text("utf-8"))
    other["seeds"]["no-backbone"]["first"] = 8
    (out / "manifest.json").write_text(json.dumps(other), "utf-8")
    with pytest.raises(AssertionError):
        exec(recipe, {})


@pytest.mark.parametrize("guide", GUIDES)
def test_links_of_a_guide_lead_somewhere(guide: str) -> None:
    text = (ROOT / guide).read_text(encoding="utf-8")
    for target, part in re.findall(r"\]\((?!https?:)([^)#]+)(?:#([^)]*))?\)", text):
        file = (ROOT / guide).parent / target
        assert file.exists(), target
        if part:
            heads = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert part in {re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in heads}


def test_every_shipped_command_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    group = typer.main.get_command(cli.app)
    missing = [name for name in group.commands if f"`cisim {name}" not in text]  # type: ignore[attr-defined]
    assert not missing


# --- the chart -------------------------------------------------------------------------------


def comparison_chart() -> str:
    """Return the chart of wellbeing of `make demo`, light on any page."""
    from cisim.lab.manifest import manifest_key
    from cisim.show.charts import paths, small_print

    compared = cisim.compare(COMPARED, replicates=FUTURES, beliefs=usual_beliefs())
    return paths(
        compared.series,
        "wellbeing_gain",
        names={name: one.scenario.title for name, one in compared.ensembles.items()},
        theme="light",
        footer=small_print(FUTURES, 1, manifest_key(compared)),
    ).svg


def without_keys(svg: str) -> str:
    """Return a chart without what changes with every change of the sources."""
    return re.sub(r"chart-[0-9a-f]+|key [0-9a-f]+", "", svg)


def test_the_chart_is_of_the_comparison_that_make_demo_runs() -> None:
    demo = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    assert re.search(rf"compare {' '.join(COMPARED)}\s+--replicates {FUTURES} ", demo)


@pytest.mark.slow
def test_the_chart_in_the_readme_is_what_the_model_shows() -> None:
    kept = CHART.read_text(encoding="utf-8")
    same = without_keys(kept) == without_keys(comparison_chart())
    assert same, "docs/comparison.svg is old: python tests/test_guides.py"


@pytest.mark.slow
def test_what_the_readme_says_below_the_chart_is_so() -> None:
    believed = load_script("experiments/believed.py")
    said = believed.caption(believed.gains()).partition("how effective joint work is. ")[2]
    assert said
    assert said in (ROOT / "README.md").read_text(encoding="utf-8")


def test_what_the_readme_says_of_beliefs_is_what_the_guide_measures() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    guide = (ROOT / "docs" / "beliefs.md").read_text(encoding="utf-8")
    measured = re.search(r"^By wellbeing_gain .*$", guide, re.MULTILINE)
    assert measured
    better = re.search(r"is better than same-total in (\d+ of 200 futures)", measured[0])
    assert measured[0] in readme or (better and f"beat the same money in {better[1]}" in readme)
    turn = re.search(r"^Along (\w+) the order turns near ([\d.]+) .*$", guide, re.MULTILINE)
    assert turn is None or turn[0] in readme or f"near `{turn[1]}` {turn[2]}" in readme


# --- words for sizes -------------------------------------------------------------------------


def rows(text: str) -> dict[str, list[float]]:
    """Return the numbers of a printed table's rows, by what each begins with."""
    lines = [re.split(r"  +", line.strip()) for line in text.splitlines()]
    numbers = re.compile(r"[-−]?\d+\.\d+")
    return {
        first: [float(one.replace("−", "-")) for one in cells if numbers.fullmatch(one)]
        for first, *cells in lines
    }


def printed(guide: str) -> list[str]:
    return [block.text for block in blocks(guide) if block.kind == "text"]


def test_the_guide_to_rivals_says_of_its_tables_what_they_show() -> None:
    guide = (ROOT / "docs" / "rivals.md").read_text("utf-8")
    town, country = (one for one in printed("docs/rivals.md") if "by wellbeing_gain\n" in one)
    found, at = rows(town), 2  # national-and-regional
    left = {name: row[at] / found["as it is"][at] for name, row in found.items() if row}
    assert "With trust in two layers less than half of the gain is left" in guide
    assert "with the weakest link and with the later writing less than a third" in guide
    assert 1 / 3 < left["trust: layers"] < 1 / 2
    assert max(left["production: weakest-link"], left["trust: layers-later"]) < 1 / 3
    moved = [abs(100 * (left[name] - 1)) for name in left if name.startswith("agenda: ")]
    assert f"How agendas meet moves it by {math.ceil(max(moved))} % at most." in guide
    answers = [line.split()[-1] for line in town.splitlines() if ": " in line][:8]
    assert answers == ["yes"] * 8, "nothing of what the country shows is seen in the town"
    found = rows(country)
    left = {name: row[at] / found["as it is"][at] for name, row in found.items() if row}
    assert "With the weakest link less than a tenth of the gain is left" in guide
    assert left["production: weakest-link"] < 0.1
    assert "with trust in two layers about a third, with conditional cooperation half" in guide
    for name in ("trust: layers", "trust: layers-later"):
        assert left[name] == pytest.approx(1 / 3, abs=0.05)
    assert left["contribution: conditional"] == pytest.approx(1 / 2, abs=0.05)
    assert "least clear is whether two backbones that lack sponsors beat the same money" in guide
    assert "(missing-sponsor over same-total, production: weakest-link)" in country


def test_the_guide_to_beliefs_says_of_its_tables_what_they_show() -> None:
    guide = (ROOT / "docs" / "beliefs.md").read_text("utf-8")
    free = len(free_parameters())
    assert "A run rests on some sixty numbers" in guide
    assert round(free, -1) == 60
    left = [read_making(name)["space_left"][-1] for name in ("self-reported", "evaluated")]
    assert "rules out much less than members' self-reports" in guide
    assert left[1] > 10 * left[0]
    assert "The two disagree about how much, and less about who is better." in guide
    table = next(one for one in printed("docs/beliefs.md") if "by what beliefs rest on" in one)
    both = next(line for line in table.splitlines() if line.startswith("national-and-regional"))
    gains = [float(one) for one in re.findall(r"(\d\.\d\d)  +\d\.\d\d…", both)]
    better = [int(one) for one in re.findall(r"(\d+) of 100", both)]
    assert gains[0] > 2 * gains[1], "how much"
    assert better[0] == better[1], "who is better"


@pytest.mark.slow
def test_the_guide_to_cases_says_what_large_events_leave() -> None:
    guide = (ROOT / "docs" / "cases.md").read_text("utf-8")
    without, those = (
        simulate(cisim.Scenario.load(name), 8, 1, outcomes=["commitment", "wellbeing_gain"])
        for name in ("alive-and-thrive", "alive-and-thrive-events")
    )
    pairs = [
        [float(one.at(outcome, month).mean()) for one in (those, without)]
        for outcome, month in (("commitment", 48), ("commitment", 120), ("wellbeing_gain", 120))
    ]
    (with_, alone), (late, late_alone), (gain, gain_alone) = pairs
    assert f"commitment is {with_:.2f} of one with them and {alone:.2f} without, after ten" in guide
    assert f"ten years {late:.2f} and {late_alone:.2f}; children then gain {gain:.2f}" in guide
    assert f"points in place of {gain_alone:.2f}." in guide


@pytest.mark.slow
def test_the_guide_for_planners_says_how_little_is_there_after_two_years(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "planner.md").read_text("utf-8")
    place = tmp_path / "kaislamaa.toml"
    assert cli.main(["import", str(COUNTY), "-o", str(place), "--quiet"]) == 0
    scenario = cisim.Scenario.load(COUNTY / "takes-over.toml", world=place)
    found = cisim.compare(
        [scenario, scenario.with_(name="again")],
        60,
        outcomes=["wellbeing_gain"],
        beliefs="ensemble",
    ).ensembles[scenario.name]
    two, ten = (float(found.at("wellbeing_gain", month).mean()) for month in (24, 120))
    assert f"in ten years by taking over, {100 * two / ten:.0f} % is there after two." in guide
    (months,) = re.findall(r"\(90 % interval (\w+ \d+) to (\w+ \d+)\)", guide)
    assert "forty futures leave two years open" in guide
    first, last = (datetime.strptime(f"{one} +0000", "%B %Y %z") for one in months)
    assert round((last - first).days / 365) == 2


if __name__ == "__main__":
    drawn = comparison_chart()
    if without_keys(drawn) != without_keys(CHART.read_text(encoding="utf-8")):
        CHART.write_text(drawn, encoding="utf-8")
