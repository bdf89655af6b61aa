"""The page of systems is current, every lever is measured, and an effect is what runs show."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import cisim
from cisim.lab import levers
from cisim.lab.design import latin_hypercube
from cisim.lab.levers import Effect, Trial, effects, moves, names_of_levers, usual_values
from cisim.show.documents.measured import levers_of, read_rows, write_rows
from cisim.show.documents.systems import SYSTEMS
from cisim.world.notes import notes
from tests.scripts import load_script

ROOT = Path(__file__).resolve().parents[2]
TOWN = cisim.Scenario.load("national-and-regional", world="one-town", months=18)


@pytest.fixture(scope="module")
def systems() -> ModuleType:
    return load_script("experiments/systems.py")


# --- the page --------------------------------------------------------------------------------


def test_the_page_is_what_rows_and_measurements_make(systems: ModuleType) -> None:
    kept = systems.PAGE.read_text(encoding="utf-8")
    assert kept == systems.page(), "docs/systems.md is old: python experiments/systems.py --page"


def test_every_lever_is_measured_or_named_as_not_to_be(systems: ModuleType) -> None:
    assert systems.untried() == [], "experiments/systems.toml does not say what to try"
    assert systems.unmeasured() == [], "python experiments/systems.py --data FOLDER"


def test_what_is_said_of_levers_is_of_levers_that_there_are(systems: ModuleType) -> None:
    said = systems.said()
    assert set(said["levers"]) | set(said["left"]) <= set(names_of_levers())
    assert not set(said["levers"]) & set(said["left"])
    assert all(isinstance(why, str) and why.endswith(".") for why in said["left"].values())
    keys = {key for more in said["levers"].values() for key in more}
    assert keys <= {"on", "off", "beside"}


def test_the_page_tells_each_system_and_each_lever(systems: ModuleType) -> None:
    text = systems.page()
    heads = re.findall(r"^## (S\d+) ", text, re.MULTILINE)
    assert heads == [f"S{place}" for place in range(1, 27)]
    titles = re.findall(r"^## (.*)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in titles}
    linked = re.findall(r"\]\(#([^)]*)\)", text)
    assert len(linked) == len(SYSTEMS)
    assert set(linked) <= anchors
    rows = re.findall(r"^\| `([\w.]+)`(?: \*\*below 2 %\*\*)? \|", text, re.MULTILINE)
    told = set(rows) | set(re.findall(r"^- `([\w.]+)` is not measured", text, re.MULTILINE))
    assert told >= set(names_of_levers())


def test_levers_that_move_less_than_2_percent_are_marked(systems: ModuleType) -> None:
    by_lever: dict[str, list[Any]] = {}
    for row in read_rows(systems.ROWS):
        by_lever.setdefault(row.lever, []).append(row)
    still = {name for name, rows in by_lever.items() if not any(row.moves for row in rows)}
    marked = set(re.findall(r"^\| `([\w.]+)` \*\*below 2 %\*\*", systems.page(), re.MULTILINE))
    assert marked == still


def test_what_was_measured_comes_back_as_it_was(systems: ModuleType, tmp_path: Path) -> None:
    rows = read_rows(systems.ROWS)
    assert rows
    write_rows(tmp_path / "again.csv", rows)
    assert (tmp_path / "again.csv").read_bytes() == systems.ROWS.read_bytes()
    with systems.ROWS.open(encoding="utf-8", newline="") as file:
        assert {one["world"] for one in csv.DictReader(file)} == {
            *systems.SHIPPED,
            systems.said()["network"]["name"],
        }


def test_the_page_says_from_which_state_of_the_model_each_lever_is(
    systems: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = read_rows(systems.ROWS)
    text = systems.page().partition("## From which state of the model")[2].partition("\n## ")[0]
    for row in rows:
        line = next(one for one in text.splitlines() if f"`{row.sources}`" in one)
        assert row.version in line
        assert f"`{row.lever}`" in line
    assert "to be measured again" not in text
    monkeypatch.setattr("cisim.show.documents.measured.__version__", "9.9.9")
    assert f"numbers of {rows[0].version} are to be measured again" in systems.page()


# --- the trials ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lever", "values"),
    [
        ("sponsor_link", [0.0, 1.0]),  # between two bounds: each
        ("advocacy", [0.0, 1.0]),
        ("headroom", [1.0]),  # at one of them: the other
        ("national_start", [24.0]),  # a month: later
        ("regional_end", [60.0]),  # never: an end
        ("seed_end", [84.0]),
        ("national_fte", [8.0]),  # without an end: twice
        ("academic_fte", [1.0]),  # nothing: one
        ("regional", [False]),
        ("founders", ["drawn", "network", "none"]),  # words: each other one
        ("participation", ["all", "none"]),
        ("national_roles.bridge", [0.0, 1.0]),
        ("posts", []),
        ("regional_fte", []),
    ],
)
def test_what_is_tried_follows_from_the_declaration(lever: str, values: list[Any]) -> None:
    town = TOWN.with_(months=120)
    assert [value for value in usual_values(lever, town) if value != "file"] == values


def test_a_bound_that_is_not_possible_is_not_tried() -> None:
    (trial,) = levers.trials_of(["national_roles.bridge"], TOWN, {})
    assert trial.value == 0.0  # all the time for one role is more than there is


def test_what_is_said_stands_before_the_rule() -> None:
    said = {"grant_joint": {"on": 0.5, "off": 0.1, "beside": {"grant_reg": 1.0}}}
    (trial,) = levers.trials_of(["grant_joint"], TOWN, said)
    assert trial == Trial("grant_joint", 0.5, 0.1, {"grant_reg": 1.0})
    here, there = trial.pair(TOWN)
    assert [one.structure.grant_reg for one in (here, there)] == [1.0, 1.0]
    assert [one.structure.grant_joint for one in (here, there)] == [0.1, 0.5]


def test_an_effect_is_the_paired_difference_of_runs() -> None:
    trials = [
        Trial("sponsor_link", 0.0),
        Trial("headroom", 0.0),
        Trial("grant_joint", 1.0, None, {"grant_reg": 1.0}),
    ]
    found = effects(TOWN, trials, 4, workers=1, seed=5)
    pair = [TOWN, TOWN.set({"sponsor_link": 0.0}).with_(name="alone")]
    both = cisim.compare(pair, 4, 1, 5, outcomes=list(levers.OUTCOMES), beliefs="fixed")
    for name in levers.OUTCOMES:
        wanted = both.paired(name).iloc[0]
        one = found[0][name]
        assert (one.mean, one.low, one.high, one.n) == pytest.approx(
            (wanted["mean"], wanted["low"], wanted["high"], 4)
        )
        first = both.ensembles[TOWN.name].at(name)
        assert one.level == pytest.approx(first.mean())
        assert found[1][name].mean == 0.0  # it stands there already
    assert found[2]["joint_activity"].level != found[0]["joint_activity"].level
    assert effects(TOWN, trials, 4, workers=2, seed=5) == found


def test_over_the_plausible_space_each_future_has_beliefs_of_its_own() -> None:
    trial = Trial("sponsor_link", 0.0)
    (found,) = effects(TOWN, [trial], 3, plausible=True, workers=1, seed=2)
    design = latin_hypercube(3, 2)
    differences = []
    for k in range(3):
        here, there = trial.pair(TOWN.with_(parameters=design.point(k)))
        gains = [
            cisim.simulate(one, 1, 1, 2 + k, outcomes=["wellbeing_gain"]).at("wellbeing_gain")[0]
            for one in (here, there)
        ]
        differences.append(gains[1] - gains[0])
    assert found["wellbeing_gain"].mean == pytest.approx(np.mean(differences))


def effect(mean: float, half: float = 0.0, level: float = 1.0) -> Effect:
    return Effect(level, mean, mean - half, mean + half, 40)


@pytest.mark.parametrize(
    ("gain", "joint", "gap", "does"),
    [
        (effect(0.03), effect(0.0), effect(0.0), True),
        (effect(-0.03), effect(0.0), effect(0.0), True),
        (effect(0.019), effect(0.019), effect(0.019), False),
        (effect(0.03, 0.04), effect(0.0), effect(0.0), False),  # not told from nothing
        (effect(0.0), effect(0.003, level=0.1), effect(0.0), True),
        (effect(0.0), effect(0.0), effect(0.03, level=0.001), True),  # against the gain
        (effect(0.0), effect(0.0), effect(0.01, level=0.001), False),
    ],
)
def test_a_lever_moves_something_by_2_percent_that_is_told_from_nothing(
    gain: Effect, joint: Effect, gap: Effect, does: bool
) -> None:
    found = {"wellbeing_gain": gain, "joint_activity": joint, "gap_primary": gap}
    assert moves(found, 0.02) is does


def test_a_system_has_the_levers_that_carry_it() -> None:
    by_key = {system.key: levers_of(system) for system in SYSTEMS}
    assert "sponsor_link" in by_key["S9"]
    assert "national_roles.bridge" in by_key["S6"]
    assert not set(by_key["S26"])


# --- the program -----------------------------------------------------------------------------


def test_what_is_measured_is_not_measured_again_unless_it_is_asked_for(
    systems: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[tuple[str, str, bool]] = []
    never = {name: effect(0.0) for name in levers.OUTCOMES}

    def measure(scenario: cisim.Scenario, trials: list[Trial], many: int, **more: Any) -> Any:
        asked.extend((scenario.world.title, one.lever, more["plausible"]) for one in trials)
        return [never for _ in trials]

    monkeypatch.setattr(systems, "effects", measure)
    monkeypatch.setattr(systems, "ROWS", tmp_path / "rows.csv")
    monkeypatch.setattr(systems, "PAGE", tmp_path / "page.md")
    systems.main([])
    many = len(systems.trials())
    assert len(asked) == 2 * len(systems.SHIPPED) * many
    asked.clear()
    systems.main([])
    assert asked == []
    systems.main(["--again", "sponsor_link"])
    assert {lever for _, lever, _ in asked} == {"sponsor_link"}
    asked.clear()
    (tmp_path / "page.md").unlink()
    systems.main(["--page"])
    assert asked == []
    assert "sponsor_link` **below 2 %**" in (tmp_path / "page.md").read_text("utf-8")
    systems.main(["--again"])
    assert len(asked) == 2 * len(systems.SHIPPED) * many
    assert systems.unmeasured()  # the surveyed network was nowhere


def test_the_surveyed_network_is_imported_where_its_files_are(
    systems: ModuleType, tmp_path: Path
) -> None:
    told = systems.said()["network"]
    names = [f"{at},Leader-{at},{at % 11}" for at in range(22)]
    pairs = [
        f"{at},{(at + step) % 22},{1 + (at + step) % 4}" for at in range(22) for step in (1, 3)
    ]
    (tmp_path / told["nodes"]).write_text("\n".join(["id,vertex.names,agency", *names]), "utf-8")
    (tmp_path / told["ties"]).write_text("\n".join(["source,target,collab", *pairs]), "utf-8")
    world = systems.network(tmp_path)
    assert world.organisation_count == 22
    assert {one.sector for one in world.organisations} == {
        "education", "health", "social", "third", "youth"
    }  # fmt: skip
    assert notes(systems.usual().with_(world=world)) is not None
