"""What is quarantined comes with the line that lives it again, and the line means that very run."""

from __future__ import annotations

import json
import shlex
from typing import Any

import acting
import pytest

import cisim
from cisim import cli
from cisim.lab.again import Again

TOWN = {"world": "one-town", "months": 3}


def load(name: str, **changes: Any) -> cisim.Scenario:
    return cisim.Scenario.load(name, **{**TOWN, **changes})


@pytest.mark.parametrize(
    ("scenario", "line"),
    [
        (cisim.Scenario.load("missing-sponsor"), "cisim run missing-sponsor --seed 7"),
        (load("regional-only"), "cisim run regional-only --world one-town --months 3 --seed 7"),
        (load("no-backbone").with_(name="mine", title="Mine"), None),
        (load("no-backbone", structure="national"), None),
        (load("no-backbone").set({"effort_half": 0.1 + 0.2, "regional": True}), None),
        (load("no-backbone").set({"sponsors": ["health", "political"]}), None),
        (
            load("regional-only").with_policy(acting.sponsors_tire, {"since": 1, "share": 0.25}),
            None,
        ),
    ],
)
def test_a_command_lives_the_very_run(
    scenario: cisim.Scenario, line: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    said = Again(scenario).line(7)
    assert said.startswith("cisim run ")
    assert line is None or said == line
    if scenario.months > 3:
        return
    assert cli.main([*shlex.split(said)[1:], "--json", "--quiet"]) == 0
    found = json.loads(capsys.readouterr().out)
    series = cisim.simulate(scenario, 1, 1, seed=7, by_region=False).series.iloc[-1]
    assert found["outcomes"]
    for name, one in found["outcomes"].items():
        assert one["values"]["3"] == pytest.approx(series[name], rel=1e-12, nan_ok=True)


def test_what_no_command_can_name_is_a_line_of_python() -> None:
    event = {"kind": "election", "month": 1}
    scenario = load("no-backbone").with_(events=[event])
    assert Again(scenario).line(7).endswith("seed=7).run()  # scenario: as it was given")


def test_a_failing_run_says_how_to_see_it_again() -> None:
    ensemble = cisim.simulate(load("no-backbone"), 3, 1, policy=acting.fails)
    (failure,) = ensemble.failed
    assert (failure.seed, failure.reason) == (2, "ZeroDivisionError: of policy")
    words = shlex.split(failure.again)
    assert words[-2:] == ["--seed", "2"]
    assert words[words.index("--policy") + 1] == "acting:fails"
    assert cli.main([*words[1:], "--quiet"]) == 1
