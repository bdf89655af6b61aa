"""`cisim compare --value`: value on three levels, on the terminal and as JSON."""

from __future__ import annotations

import json

import pytest

import cisim
from cisim import cli
from cisim.lab.levels import VALUED, value_levels
from cisim.lab.value import NEEDED, Prices

LINE = ("compare", "no-backbone", "regional-only", "--world", "test-region", "--months", "14",
        "--replicates", "3", "--workers", "1", "--beliefs", "fixed", "--quiet",
        "--value")  # fmt: skip


def test_it_is_the_table_of_the_lab_at_the_price_that_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main([*LINE, "--json", "--fte-cost", "1000"]) == 0
    said = json.loads(capsys.readouterr().out)["value"]
    pair = [
        cisim.Scenario.load(name, world="test-region", months=14)
        for name in ("no-backbone", "regional-only")
    ]
    found = cisim.compare(pair, 3, 1, outcomes=[*NEEDED, *VALUED], beliefs="fixed")
    wanted = value_levels(found, Prices(1000.0)).to_dict("records")
    assert [row["item"] for row in said] == [row["item"] for row in wanted]
    assert [row["mean"] for row in said] == pytest.approx([row["mean"] for row in wanted])


def test_the_terminal_tells_who_gains_what_and_who_forgoes_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main([*LINE]) == 0
    out = capsys.readouterr().out
    told = out.partition("Value on three levels, beside no-backbone")[2]
    for who in ("Children", "Partners", "Society"):
        assert f"{who}: gains" in told
        assert f"{who}: forgoes" in told


def test_over_the_plausible_space_alone_it_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    line = [word for word in LINE[:-1] if word not in ("--beliefs", "fixed")]
    assert cli.main([*line, "--uncertain", "--value"]) == 2
    assert "--value" in capsys.readouterr().err
