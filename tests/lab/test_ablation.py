"""What each component is worth: the table adds up by hand, the chart and the command show it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cisim
from cisim import cli
from cisim.lab.ablation import WORTH_IN, chosen_components, without, worth
from cisim.lab.compare import compare
from cisim.model.input_error import InputError
from cisim.show.charts import worth as worth_chart
from cisim.world.levers.components import COMPONENTS

BASE = cisim.Scenario.load("national-and-regional", world="one-town", months=24)


@pytest.fixture(scope="module")
def told() -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    parts = without(BASE, ["communication", "investment"])
    result = compare([BASE, *parts.values()], 4, 1, 1)
    table = worth(result, BASE.name, {name: one.name for name, one in parts.items()})
    ends = {name: result.ensembles[name].at("joint_activity") for name in result.names}
    return table, ends


def test_worth_is_the_mean_of_with_minus_without(
    told: tuple[pd.DataFrame, dict[str, np.ndarray]],
) -> None:
    table, ends = told
    assert list(table["component"].unique()) == ["communication", "investment"]
    assert list(table["outcome"].unique()) == list(WORTH_IN)
    there = table[table["outcome"] == "joint_activity"].set_index("component")
    for name in there.index:
        apart = ends[BASE.name] - ends[f"without-{name}"]
        assert there["worth"][name] == pytest.approx(apart.mean())
        assert there["low"][name] < apart.mean() < there["high"][name]
        assert there["share"][name] == pytest.approx(apart.mean() / ends[BASE.name].mean())
        assert there["missed"][name] == (apart > 0).sum()
    assert there["without"]["communication"] == 0.0 < there["with"]["communication"]


def test_all_are_the_seven_in_the_order_of_the_sources() -> None:
    assert chosen_components(BASE, "all") == list(COMPONENTS)
    assert chosen_components(BASE, " investment,communication") == ["communication", "investment"]
    fewer = BASE.with_(structure_changes={"engagement": 0.0})
    assert "beneficiary_engagement" not in chosen_components(fewer, "all")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("comunication", "Did you mean communication? Allowed is all, or some of common_agenda"),
        ("all,investment", "'all' is not a component"),
        ("", "'' is not a component"),
        ("investment,investment", "--ablate names investment twice; allowed is once."),
    ],
)
def test_what_is_no_component_is_said_in_a_sentence(text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        chosen_components(BASE, text)
    assert words in str(caught.value)


def test_a_component_that_is_not_there_cannot_be_removed() -> None:
    scenario = BASE.with_(structure_changes={one.lever: 0.0 for one in COMPONENTS.values()})
    with pytest.raises(InputError, match="has no component to remove"):
        chosen_components(scenario, "all")
    with pytest.raises(InputError, match=r"names beneficiary_engagement.*engagement is 0 there"):
        chosen_components(scenario, "beneficiary_engagement")


def test_the_chart_has_a_bar_for_each_component_with_its_interval(
    told: tuple[pd.DataFrame, dict[str, np.ndarray]],
) -> None:
    table, _ = told
    chart = worth_chart(table, "joint_activity", names={"investment": "Money & time"})
    drawn = ET.fromstring(chart.svg)
    bars = [one for one in drawn.iter() if one.get("fill-opacity") == ".45"]
    assert len(bars) == 2
    assert "Money & time" in "".join(drawn.itertext())
    assert list(chart.table["component"]) == ["communication", "Money & time"]
    assert "mean over shared futures: communication +" in chart.summary
    with pytest.raises(InputError, match="no row of trust_eligible"):
        worth_chart(table, "trust_eligible")
    with pytest.raises(InputError, match="no column worth"):
        worth_chart(table.drop(columns="worth"), "joint_activity")


def line(*more: str) -> list[str]:
    small = ["--world", "one-town", "--months", "6", "--replicates", "2", "--workers", "1"]
    return ["compare", "national-and-regional", *small, *more]


def test_the_command_prints_and_writes_what_each_is_worth(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "worth"
    assert cli.main(line("--ablate", "investment,common_agenda", "--out", str(folder))) == 0
    out, _ = capsys.readouterr()
    assert "What each component is worth in national-and-regional" in out
    assert "- Without investment: No money comes from outside" in out
    table = pd.read_csv(folder / "ablation.csv")
    assert list(table["component"].unique()) == ["common_agenda", "investment"]
    assert (folder / "ablation.svg").read_text("utf-8").startswith("<svg")
    assert cli.main(line("--ablate", "investment", "--json")) == 0
    said = json.loads(capsys.readouterr().out)["ablation"]
    assert {row["component"] for row in said} == {"investment"}
    assert {row["outcome"] for row in said} == set(WORTH_IN)


@pytest.mark.parametrize("more", [("no-backbone",), ("missing-sponsor", "same-money")])
def test_only_one_scenario_is_taken_apart(
    more: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["compare", "national-and-regional", *more, "--ablate", "all"]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"--ablate is for one scenario; given are {1 + len(more)}.\n")


@pytest.mark.parametrize(
    "option",
    [
        ("--set", "effort_half=1"),
        ("--seed", "2"),
        ("--by-region",),
        ("--by-community",),
        ("--ablate", "communication"),
    ],
)
def test_options_have_their_part_beside_it(
    option: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    both = [*option] if option[0] == "--ablate" else ["--ablate", "investment", *option]
    assert cli.main(line("--ablate", "investment")) == 0
    alone = capsys.readouterr()
    assert cli.main(line(*both)) == 0
    beside = capsys.readouterr()
    assert beside.out != alone.out
