"""How the page bears hours of use: `python experiments/long_room.py --minutes 240`.

Several visitors, each in a window of their own, move levers, choose scenarios, go to months, play,
compare, reload in the midst of computing, and close their tab; what they do follows from --seed.
Every round the memory of the server and its workers, its threads and open files are noted. It fails
where a page says an error, a script fails, a picture does not come, or memory grows to the end.

Needs chromium and playwright. Prints a table and a sentence; writes nothing.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import psutil
from page_figures import FLAGS, enter, served
from playwright.sync_api import Browser, Page, sync_playwright

from cisim.version import __version__

PATIENCE = 240_000
"""Milliseconds for a picture: the machine may be busy, a task that is stuck takes for ever."""
MOST_GROWTH = 150.0
"""MB that the last third of a room may stand above the second."""
VERSION = f"version={__version__}"
PLACES = (f"view=explore&world=one-town&{VERSION}", f"view=compare&world=one-town&{VERSION}")
LEVERS = ".panels button.main-button"
"""Opens the levers on Explore."""
PLAY = ".course .play, .cisim-net button.main"
MOVE = """([place, value]) => { const all = [...document.querySelectorAll('input[id^=lever-]')];
  const one = all[place % all.length];
  one.value = Number(one.min) + value * (Number(one.max) - Number(one.min));
  for (const kind of ['input', 'change']) one.dispatchEvent(new Event(kind, {bubbles: true})) }"""
SEEK = "month => dispatchEvent(new CustomEvent('cisim-seek', { detail: { month } }))"
SETTLED = """() => document.querySelector('.chart') && !document.querySelector('.chart.stale')"""


Row = tuple[float, int, int, int]
"""MB, threads, open files, things done."""


@dataclass
class Visitor:
    """One window, what was done in it, and what went wrong."""

    page: Page
    done: int = 0
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Hear what goes wrong from now on."""
        self.page.set_default_timeout(PATIENCE)
        self.page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        self.page.on("console", lambda said: said.type == "error" and self.wrong.append(said.text))

    def settle(self) -> None:
        """Wait until the charts are those of what is set."""
        self.page.wait_for_selector(".chart svg")
        self.page.wait_for_function(SETTLED)


def move(one: Visitor, luck: random.Random) -> None:
    """Let a lever go somewhere, on Explore."""
    button = one.page.query_selector(LEVERS)
    if button is None:
        return
    if button.get_attribute("aria-expanded") != "true":
        button.click()
    one.page.wait_for_selector("input[id^=lever-]")
    one.page.evaluate(MOVE, [luck.randrange(999), luck.random()])


def seek(one: Visitor, luck: random.Random) -> None:
    """Go to a month."""
    one.page.evaluate(SEEK, luck.randrange(121))


def play(one: Visitor, luck: random.Random) -> None:
    """Play for a moment."""
    if one.page.query_selector(PLAY) is not None:
        one.page.click(PLAY)
        one.page.wait_for_timeout(700)
        one.page.click(PLAY)


def elsewhere(one: Visitor, luck: random.Random) -> None:
    """Go to another page of cisim, by its address."""
    here = one.page.url.partition("?")[0]
    one.page.goto(f"{here}?{luck.choice(PLACES)}&seed={luck.randrange(1, 40)}")


def again(one: Visitor, luck: random.Random) -> None:
    """Load anew, before the picture has come."""
    one.page.reload()


def back(one: Visitor, luck: random.Random) -> None:
    """Take back the last thing, if that stays on the page."""
    one.page.go_back()
    if "view=" not in one.page.url:
        one.page.go_forward()


STEPS: tuple[tuple[Callable[[Visitor, random.Random], None], int], ...] = (
    (move, 10), (seek, 4), (play, 2), (elsewhere, 2), (again, 1), (back, 2),
)  # fmt: skip


def held(server: psutil.Process) -> tuple[float, int, int]:
    """Return what a server and its workers hold (MB), its threads, and its open files."""
    everybody = [server, *server.children(recursive=True)]
    memory = sum(one.memory_info().rss for one in everybody) / 1e6
    return memory, server.num_threads(), server.num_fds()


def live(
    browser: Browser,
    address: str,
    server: psutil.Process,
    *,
    seconds: float,
    visitors: int = 3,
    a_round: int = 40,
    seed: int = 1,
) -> tuple[list[Row], list[str]]:
    """Use the page for so many seconds, at least a round; return a row for each, and faults.

    a_round : things each visitor does before the tabs close
    """
    luck = random.Random(seed)
    rows: list[Row] = []
    faults: list[str] = []
    steps, weights = zip(*STEPS, strict=True)
    ends, done = time.monotonic() + seconds, 0
    while not rows or time.monotonic() < ends:
        there = [Visitor(enter(browser, address)) for _ in range(visitors)]
        for one in there:
            one.page.goto(f"{address}/?{luck.choice(PLACES)}")
        for _ in range(a_round):
            for one in there:
                step = luck.choices(steps, weights)[0]
                try:
                    step(one, luck)
                    done += 1
                    if luck.random() < 0.5:
                        one.settle()
                except Exception as error:
                    faults.append(f"{step.__name__} at {one.page.url}: {error}")
            if rows and time.monotonic() > ends:
                break
        for one in there:
            faults += one.wrong
            one.page.context.close()
        rows.append((*held(server), done))
        memory, threads, files, _ = rows[-1]
        print(f"{len(rows)}\t{done}\t{memory:.0f} MB\t{threads}\t{files}", flush=True)
    return rows, faults


def judged(rows: list[Row], faults: list[str]) -> tuple[str, bool]:
    """Return what is said of a room, and whether it bore its use: no fault, memory flat."""
    memory = np.array([row[0] for row in rows])
    third = max(1, memory.size // 3)
    before = memory[-2 * third : -third] if memory.size > 1 else memory
    grown = float(memory[-third:].mean() - before.mean())
    lines = [f"{rows[-1][3]} things done, {len(faults)} faults, {grown:+.0f} MB in the last third."]
    lines += [f"  {one}" for one in faults[:20]]
    return "\n".join(lines), not faults and grown <= MOST_GROWTH


def main() -> None:
    """Use the page for a while, and say how it bore it; exit with 1 if it did not."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--minutes", type=float, default=240.0)
    reader.add_argument("--visitors", type=int, default=3)
    reader.add_argument("--round", type=int, default=40, help="things done before tabs close")
    reader.add_argument("--seed", type=int, default=1)
    given = reader.parse_args()
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    print("round\tdone\tmemory\tthreads\tfiles")
    with sync_playwright() as playwright, served() as (address, server):
        browser: Any = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        rows, faults = live(
            browser, address, server, seconds=60 * given.minutes, visitors=given.visitors,
            a_round=given.round, seed=given.seed,
        )  # fmt: skip
        browser.close()
    said, good = judged(rows, faults)
    print(said)
    if not good:
        sys.exit(1)


if __name__ == "__main__":
    main()
