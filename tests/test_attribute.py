"""`cisim compare SCENARIO --attribute`: what it prints, asks for, and refuses."""

from __future__ import annotations

import inspect
import json
from pathlib import Path

import pytest

from cisim import cli
from cisim.cli.attribute import APART
from cisim.cli.compare import compare
from cisim.world.scenario import Scenario

LINE = ("compare", "national-and-regional", "--world", "test-region", "--months", "12",
        "--replicates", "2", "--workers", "1")  # fmt: skip


def call(capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str, str]:
    code = cli.main([*LINE, *more])
    out, err = capsys.readouterr()
    return code, out, err


def test_roles_are_printed_in_both_readings_and_their_cost_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = call(capsys, "--attribute", "roles", "--outcome", "joint_activity")
    assert code == 0
    assert "What 9 roles are worth takes 72 runs in 2 futures" in err
    assert out.startswith("What roles are worth in national-and-regional: joint_activity")
    assert "time saved" in out
    assert "time given to the others" in out
    assert "national: bridge" in out
    assert "All of them against none: " in out


def test_futures_believe_as_in_a_comparison_and_that_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, out, _ = call(capsys, "--attribute", "levels")
    _, again, _ = call(capsys, "--attribute", "levels", "--beliefs", "ensemble")
    _, alone, _ = call(capsys, "--attribute", "levels", "--beliefs", "fixed")
    assert out == again != alone
    assert "have luck and beliefs of their own" in out or "luck and beliefs of its own" in out
    assert "In these 2 futures luck differs and nothing else" in alone


def test_levels_tell_what_rests_on_solo_quality(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "--attribute", "levels")
    assert code == 0
    assert "Both levels together achieve" in out
    assert "rests on the assumed solo_quality" in out
    assert "At solo_quality 1, where neither level is assumed to need the other, it is" in out


def test_groups_of_organisations_come_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    names = Scenario.load("national-and-regional").with_(world="test-region")
    one, two, three = names.world.organisation_names[:3]
    groups = ("--group", f"Pair={one}; {two}", "--group", f"Third={three}")
    code, out, err = call(capsys, "--attribute", "organisations", *groups, "--json", "--quiet")
    assert (code, err) == (0, "")
    said = json.loads(out)
    assert [row["player"] for row in said["worths"]] == ["Pair", "Third"]
    assert said["futures"] == 2
    assert said["runs"] == 8
    assert said["incomplete"] is False


def test_files_are_named_and_who_is_a_member_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, _ = call(capsys, "--attribute", "sectors", "--out", str(tmp_path / "a"))
    assert code == 0
    assert "member in" in out
    assert "ask next" in out or "Nobody who is rarely a member" in out
    assert "attribution.csv, attribution.svg, manifest.json" in out
    manifest = json.loads((tmp_path / "a" / "manifest.json").read_text("utf-8"))
    assert manifest["command"].startswith("cisim compare national-and-regional")
    assert manifest["key"] in (tmp_path / "a" / "attribution.svg").read_text("utf-8")
    file = tmp_path / "mine.txt"
    file.write_text("mine", encoding="utf-8")
    code, out, err = call(capsys, "--attribute", "sectors", "--out", str(tmp_path))
    assert (code, out) == (2, "")
    assert "is not a result of cisim" in err


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--attribute", "things"), "allowed is one of roles, levels, organisations, sectors."),
        (("--attribute", "roles", "--group", "A=B"), "it is for --attribute organisations."),
        (("--group", "A=B"), "--group would change nothing here; it is for --attribute."),
        (("--attribute", "organisations", "--group", "A"), "allowed is NAME=ORGANISATION;"),
        (("--attribute", "organisations", "--group", "A=x", "--group", "A=y"), "gives 'A' twice"),
        (("--attribute", "roles", "--by-region"), "a comparison of scenarios, without"),
    ],
)
def test_what_has_no_part_is_refused_in_one_sentence(
    more: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = call(capsys, *more)
    assert (code, out) == (2, "")
    assert words in err.replace('"', "'")
    assert err.count("\n") == 1


def test_one_scenario_is_looked_into(capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.main(["compare", "no-backbone", "national-only", "--attribute", "roles"])
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert "--attribute looks into one scenario; given are no-backbone, national-only." in err
    code = cli.main(["compare", "national-only", "--attribute", "roles", "--replicates", "auto"])
    assert code == 2
    assert "allowed with --attribute is a whole number" in capsys.readouterr().err


def test_every_other_option_of_a_comparison_is_used_or_refused() -> None:
    used = {"scenarios", "world", "structure", "settings", "policy", "policy_settings",
            "replicates", "outcome", "seed", "months", "workers", "beliefs", "attribute", "group",
            "as_json", "quiet", "out", "cluster", "timeout"}  # fmt: skip
    options = set(inspect.signature(compare).parameters) - {"context"}
    english_only = {"language"}  # refused by a rule of its own, which tests/test_options.py tries
    assert options == used | english_only | {one.option for one in APART}
