"""A room is used for hours by a script: what is said of it, and a minute of it in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from tests.scripts import ROOT, load_script

pytest.importorskip("playwright", reason="needs pip install 'cisim[page,test]'")


@pytest.fixture(scope="module")
def script() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "experiments"))  # it stands on page_figures.py beside it
        yield load_script("experiments/long_room.py")


def rows(script: ModuleType, *memory: float) -> list[Any]:
    several = enumerate(memory, 1)
    return [script.Row(minutes=5.0 * k, megabytes=one, threads=20, files=40, done=10 * k)
            for k, one in several]  # fmt: skip


def test_memory_that_is_flat_after_the_first_hour_is_borne(script: ModuleType) -> None:
    said, good = script.judged(rows(script, 400, 700, 900, 905, 898, 902), [])
    assert said == "60 things done in 30 minutes, 0 faults, -2 MB in the last third."
    assert good


@pytest.mark.parametrize(
    ("memory", "faults"),
    [((400, 700, 900, 1100, 1300, 1500), []), ((900, 900, 900), ["script: of a page"])],
)
def test_memory_that_grows_to_the_end_or_a_fault_is_not(
    script: ModuleType, memory: tuple[float, ...], faults: list[str]
) -> None:
    said, good = script.judged(rows(script, *memory), faults)
    assert not good
    assert all(one in said for one in faults)


def test_each_exception_of_a_server_is_a_fault(script: ModuleType) -> None:
    trace = "Traceback (most recent call last):\n  File 'x', line 1\nKeyError: 'a'\nmore\n"
    assert script.failed(f"It runs.\n{trace}{trace}") == ["server: KeyError: 'a'"] * 2
    assert script.failed("It runs.\n") == []


def test_what_is_written_says_how_long_it_was_and_how_memory_went(script: ModuleType) -> None:
    done = script.Counter(move=40, seek=20)
    there = rows(script, *range(400, 460))
    text = script.table(there, done, "60 things done.", visitors=3, wanted=75)
    assert "this run is shorter" in text
    assert "move 40, seek 20" in text
    assert text.count("\n| ") == script.MOST_ROWS + 2
    assert text.rstrip().endswith("| 300 | 600 | 459 | 20 | 40 |")
    assert "shorter" not in script.table(there, done, "x", visitors=3, wanted=240)


@pytest.mark.slow
@pytest.mark.browser
def test_several_visitors_do_everything_at_once_without_a_fault(
    script: ModuleType, browser: Any
) -> None:
    with script.served() as (address, server):
        found, faults, done = script.live(
            browser, address, server, seconds=0, visitors=2, a_round=20
        )
    assert faults == []
    assert found[-1].done == done.total() == 40
