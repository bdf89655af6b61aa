"""`cisim check` names everything that is wrong in files, at once and with where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cisim import cli

SCENARIO = """
title = "\\u001B[2Jx"
months = 0
world = "finlnd"
structure = "nun"
zz = 1
[parameters]
trust_memry = 1
effort_half = -3
[structure_changes]
sponsors = ["helth"]
regional = 3
[[events]]
kind = "electon"
month = 1
[[events]]
kind = "election"
month = -1
"""
REGION = "[[regions]]\nname = '{0}'\ncommunities = 2\nparticipating = {1}\n"
REGION += "mean_children = {2}\nseed_fte = 1\n"
WORLD = """
title = "W"
source = "made up"
locals = ["youth"]
bodies = ["health"]
deprivation_low = 0.9
deprivation_high = 0.1
private_share = 3
"""


def checked(*files: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert cli.main(["check", *map(str, files)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    return err.splitlines()


def test_every_part_of_a_scenario_is_told_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "s.toml"
    file.write_text(SCENARIO, "utf-8")
    said = checked(file, capsys=capsys)
    expected = (
        "zz is not a field",
        "title is '\\x1b[2Jx'; allowed is text without control characters",
        "events[0].kind is 'electon'",
        "events[1].month is -1",
        "months is 0",
        "world: 'finlnd' is not a world",
        "structure: 'nun' is not a structure",
        "structure_changes.regional is 3",
        "structure_changes.sponsors[0] is 'helth'",
        "parameters.trust_memry is not a parameter. Did you mean trust_memory?",
        "parameters.effort_half is -3",
    )
    assert len(said) == len(expected)
    for words in expected:
        assert sum(one.startswith("s.toml: ") and words in one for one in said) == 1, words
    assert all(one.isprintable() for one in said)


def test_what_a_world_is_checked_for_as_a_whole_is_told_beside_its_fields(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    regions = (
        REGION.format("R", 3, 900) + REGION.format("S", 2, 0.0001) + REGION.format("S", 2, 9e9)
    )
    regions += REGION.format("T", 2, 900) * 2
    file = tmp_path / "w.toml"
    file.write_text(WORLD + regions, "utf-8")
    said = " ".join(checked(file, capsys=capsys))
    for words in (
        "regions[0]: participating is 3",
        "regions[1].mean_children is 0.0001; allowed is a number from 1 to 1000000 (children)",
        "regions[2].mean_children is 9000000000.0",
        "private_share is 3",
        "T is given twice",
        "deprivation_low is 0.9, above deprivation_high",
    ):
        assert words in said


def test_every_tie_and_every_event_that_does_not_fit_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world, scenario = tmp_path / "w.toml", tmp_path / "s.toml"
    right = WORLD.replace("private_share = 3\n", "").replace("low = 0.9", "low = 0")
    ties = "ties = [{between = ['R/health', 'x']}, {between = ['R/health', 'R/health']}]\n"
    world.write_text(right + ties + REGION.format("R", 2, 900), "utf-8")
    events = "".join(
        f"[[events]]\nkind = 'election'\nmonth = {month}\nregion = 'Q'\n" for month in (500, 3)
    )
    scenario.write_text("title = 'T'\n" + events, "utf-8")
    said = checked(world, scenario, capsys=capsys)
    assert [one.partition(":")[0] for one in said] == ["w.toml"] * 2 + ["s.toml"] * 3
    assert "ties[0].between names 'x'" in said[0]
    assert "ties[1].between is 'R/health' twice" in said[1]
    assert "events[0].month is 500" in said[2]
    assert "events[1].region is 'Q'" in said[4]


def test_of_very_many_faults_the_first_are_told_and_how_many_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "s.toml"
    file.write_text("title = 'T'\n" + "".join(f"a{n} = 1\n" for n in range(5000)), "utf-8")
    said = checked(file, capsys=capsys)
    assert len(said) == 21
    assert said[-1] == "s.toml: 4,980 more places are wrong."


def test_json_has_every_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "s.toml"
    file.write_text(SCENARIO, "utf-8")
    assert cli.main(["check", str(file), "--json"]) == 2
    (one,) = json.loads(capsys.readouterr().out)["files"]
    assert len(one["problems"]) == 11
    assert one["says"] == one["problems"][0]


BUDGET = """
title = "A county with 30,000 a year"
world = "one-town"
[[structure_changes.payers]]
name = "County"
kind = "county"
year_price = 60_000.0
budget = { 1 = 30_000 }
[[structure_changes.posts]]
where = "regional"
fte = 1.0
payer = "County"
"""


def test_posts_and_notes_are_told_and_are_no_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "county.toml"
    file.write_text(BUDGET, "utf-8")
    assert cli.main(["check", str(file), "national-and-regional"]) == 0
    said = capsys.readouterr().out
    assert "  Post: regional: 1 FTE in Town, from month 0, to the end, paid by County" in said
    assert "  Note: The budget of 'County' runs out in month 6: posts[0] stops then" in said
    assert "  Post: regional: at most 2 FTE in every region" in said


@pytest.mark.parametrize("field", ["title", "story", "note"])
@pytest.mark.parametrize("mark", ["\\u001B[2J", "\\u202E", "\\u009B"])
def test_a_text_that_would_steer_a_terminal_is_refused(
    field: str, mark: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "s.toml"
    title = "" if field == "title" else "title = 'T'\n"
    file.write_text(f'{title}{field} = "a{mark}b"\n', "utf-8")
    (said,) = checked(file, capsys=capsys)
    assert f"{field} is " in said
    assert "allowed is text without control characters" in said


def test_grants_that_would_carry_wellbeing_off_its_scale_are_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for lever in ("grant_nat", "local_action"):
        line = ["run", "no-backbone", "--world", "one-town", "--set", f"{lever}=9999"]
        assert cli.main(line) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("--set: grants (grant_nat, grant_reg, local action) come to ")
        assert "allowed are at most 40" in err


TWO_POSTS = """
title = "Two posts"
[[payers]]
name = "County"
kind = "county"
year_price = 66000
budget = { 2026 = 70000, 2027 = 20000 }
[[posts]]
where = "regional"
fte = 1.0
from = "2026-01"
payer = "County"
[[posts]]
where = "national"
fte = 1.0
from = "2026-03"
payer = "County"
"""


def test_a_structure_beside_a_world_is_tried_in_that_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "two.toml"
    file.write_text(TWO_POSTS)
    assert cli.main(["check", "county", str(file)]) == 0
    told = capsys.readouterr().out
    assert "Post: national: 1 FTE, from March 2026, to the end, paid by County" in told
    assert "Note: The budget of 'County' runs out in August 2026: posts[0] stops then" in told
    file.write_text(
        TWO_POSTS.replace("2026-03", "2025-01").replace(
            'where = "regional"', 'where = "regional"\nregion = "Nowhere"'
        )
    )
    assert cli.main(["check", "county", str(file)]) == 2
    told = capsys.readouterr().err
    assert "two.toml: posts[1].from is 2025-01, before the start of the world" in told
    assert "posts[0].region is 'Nowhere', which is not a region of the world" in told
    assert cli.main(["check", str(file)]) == 0
    assert "Name a world beside it" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("en", ("1 region, 6 communities, 30 organisations", "1 FTE in Town", "at most 2 FTE")),
        ("fi", ("1 alue, 6 yhteisöä, 30 organisaatiota", "1 htv", "enintään 2 htv")),
        ("sv", ("1 region, 6 lokalsamhällen, 30 organisationer", "1 årsverke,", "2 årsverken,")),
    ],
)
def test_one_of_a_thing_is_told_as_one(
    code: str, told: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check", "one-town", "regional", "--language", code]) == 0
    said = capsys.readouterr().out
    for one in told:
        assert one in said


def test_beside_two_worlds_each_line_says_where(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "county", "one-town", "national"]) == 0
    told = capsys.readouterr().out
    assert "Post: county: national: 0.8 FTE, from January 2026" in told
    assert "Post: one-town: national: 0.8 FTE, from month 0" in told
