"""A room is used for hours by a script: what is said of it, and a minute of it in a browser."""

from __future__ import annotations

import random
import re
from types import ModuleType
from typing import Any

import pytest

from tests.scripts import load_script

pytest.importorskip("playwright", reason="needs pip install 'cisim[page,test]'")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load_script("experiments/long_room.py")


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
    assert f"{len(faults)} faults" in said


def test_each_exception_of_a_server_is_a_fault(script: ModuleType) -> None:
    trace = "Traceback (most recent call last):\n  File 'x', line 1\nKeyError: 'a'\nmore\n"
    assert script.failed(f"It runs.\n{trace}{trace}") == ["server: KeyError: 'a'"] * 2
    assert script.failed("It runs.\n") == []


def test_what_is_written_says_how_long_it_was_and_how_memory_went(script: ModuleType) -> None:
    done = script.Counter(move=40, seek=20)
    there = rows(script, *range(400, 460))
    about = {"machine": "A machine.", "visitors": 3}
    text = script.table(there, done, "60 things done.", [], **about, wanted=75)
    assert text.splitlines()[2].startswith("A machine. `python experiments/long_room.py")
    assert text.splitlines()[2].endswith("this run is shorter.")
    assert "move 40, seek 20" in text
    assert text.count("\n| ") == script.MOST_ROWS + 2
    assert text.rstrip().endswith("| 300 | 600 | 459 | 20 | 40 |")
    assert "shorter" not in script.table(there, done, "x", [], **about, wanted=240)
    slow = script.table(there, done, "x", [], **about, wanted=75, pause=1.5)
    assert "--minutes 75 --pause 1.5 --write`" in slow


def test_each_fault_that_is_written_is_an_item_of_its_own(script: ModuleType) -> None:
    faults = ["move at http://127.0.0.1:5560/?seed=1: late\n  after it", *["script: wrong"] * 25]
    text = script.table(
        rows(script, 400), script.Counter(move=4), "4 things done.", faults,
        machine="A machine.", visitors=3, wanted=240,
    )  # fmt: skip
    lines = text.splitlines()
    first = lines.index("- move at /?seed=1: late after it")
    assert lines[first - 1] == ""
    assert lines[first + 19 : first + 22] == ["- script: wrong", "- and 6 more", ""]


def test_what_else_a_machine_does_is_told_as_a_share(script: ModuleType) -> None:
    here = script.Machine()
    sum(range(10_000_000))
    told = re.search(r"other programs took (\d+) %", here.told())
    assert told is not None
    assert 0 <= int(told[1]) <= 100


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


LATE = """(() => {
  const Socket = WebSocket;
  WebSocket = class extends Socket {
    send(data) { setTimeout(() => super.send(data), 700) } } })()"""
"""Each message of a page comes to the server late, as where the machine is busy."""
MIXED = """(() => {
  const seek = () => dispatchEvent(new CustomEvent('cisim-seek', { detail: { month: 77 } }));
  addEventListener('storage', seek);
  localStorage.setItem('opened', Math.random()) })()"""
"""A tab that is opened sends the others to a month."""


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize(("strange", "faults"), [(LATE, 0), (MIXED, 1)])
def test_a_second_tab_is_a_fault_if_it_changes_the_first_and_not_if_the_server_is_slow(
    script: ModuleType, browser: Any, strange: str, faults: int
) -> None:
    luck = random.Random(4)
    with script.served() as (address, server):
        page = script.enter(browser, address)
        page.context.add_init_script(strange)
        one = script.Visitor(page, server)
        page.goto(f"{address}/?view=explore&world=one-town&seed=5&version={script.__version__}")
        page.wait_for_selector(".network-card canvas[data-month]")
        one.settle()
        page.evaluate(script.SEEK, 40)
        script.second(one, luck)
        assert len(one.wrong) == faults
        assert f"month={77 if faults else 40}" in page.url
        page.context.close()
