"""How the page bears hours of use: `python experiments/long_room.py --minutes 240`.

Several visitors, each in a window and a language of their own, move levers, choose scenarios,
outcomes and regions, go to months, play, guess, compare, hear stories, open every panel and page,
reload in the midst of computing, look at something else in a second tab, lose their connection, and
close their tabs; now and then the whole server stands still for a moment, as on a machine that
sleeps. What they do follows from --seed; they do it at once, or with --pause as slowly as people
who talk about it. Every round the memory of the server and its workers, its
threads and open files are noted. It fails where a page says an error, a script or the server fails,
a picture does not come, or memory grows to the end.

Needs chromium and playwright. Prints a table and a sentence, and with --write puts them into
results/page.md.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import psutil
from page_figures import FLAGS, Machine, enter, put, served
from playwright.sync_api import Browser, Error, Page, sync_playwright

from cisim.version import __version__

PATIENCE = 240_000
"""Milliseconds for a picture: the machine may be busy, a task that is stuck takes for ever."""
MOST_GROWTH = 150.0
"""MB that the last third of a room may stand above the second."""
MOST_FAULTS = 20
MOST_ROWS = 16
"""Of the table that is written."""
LANGUAGES = ("", "fi", "sv")
PLACES = (
    *(4 * ["view=explore&world=one-town"]), "view=explore", "view=explore&scenario=missing-sponsor",
    *(2 * ["view=compare&world=one-town"]), "view=compare", "view=story&tell=three-structures",
    "view=story&tell=finland-2020&step=2", "view=presenter&tell=three-structures", "view=start",
    "view=own", "view=track", "view=studies", "view=debrief", "view=about",
)  # fmt: skip
DRAWN = ("explore", "compare")
"""Views with charts that are waited for."""
LEVERS = "[data-key=L]"
"""Opens the levers on Explore."""
PLAY = ".course .play, .cisim-net button.main"
MOVE = """([place, value]) => {
  const all = [...document.querySelectorAll('input[id^=lever-]:not([id*="."])')];
  const one = all[place % all.length];
  one.value = Number(one.min) + value * (Number(one.max) - Number(one.min));
  for (const kind of ['input', 'change']) one.dispatchEvent(new Event(kind, {bubbles: true})) }"""
CHOOSE = """([list, place]) => {
  const all = [...list.options].filter((one) => one.value && !one.disabled);
  list.value = all[place % all.length].value;
  list.dispatchEvent(new Event('change', {bubbles: true})) }"""
SEEK = "month => dispatchEvent(new CustomEvent('cisim-seek', { detail: { month } }))"
SETTLED = """() => { const guess = document.querySelector('.guess-place'), busy = '.chart.stale';
  return !document.getElementById('away') && (guess
    ? guess.querySelector('button') : document.querySelector('.chart svg') &&
      !document.querySelector(busy)) }"""
SOCKETS = """const Socket = WebSocket; window.sockets = [];
  WebSocket = class extends Socket {
    constructor(...given) { super(...given); window.sockets.push(this) } }"""
LOSE = """() => {
  const open = window.sockets.filter((one) => one.readyState < WebSocket.CLOSING);
  open.forEach((one) => one.close());
  return window.isLost = open.length > 0 }"""
"""Closes the connection of a page, which is then loaded anew; returns whether there was one."""
ANSWERED = """async () => {
  const kernel = solara.debug.kernel();
  for (let k = 0; k < 600 && kernel.connectionStatus !== 'connected'; k += 1)
    await new Promise((done) => setTimeout(done, 100)); // it comes back, or the page is loaded anew
  await kernel.requestKernelInfo();
  await new Promise((done) => setTimeout(done));
  return location.href }"""
"""Waits until the server has answered all that was sent before; returns the address."""
REST = 1500
"""Milliseconds after which a page has done what it begins by itself: a sheet is lifted in 1000."""


class Row(NamedTuple):
    """How a server stands after a round: minutes since the first, MB, and counts."""

    minutes: float
    megabytes: float
    threads: int
    files: int
    done: int


@dataclass
class Visitor:
    """One window, what was done in it, and what went wrong.

    deaf : while a connection is lost on purpose, and the browser says so
    """

    page: Page
    server: psutil.Process
    done: int = 0
    deaf: bool = False
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Hear what goes wrong from now on."""
        self.page.context.add_init_script(SOCKETS)
        self.page.set_default_timeout(PATIENCE)
        self.hear(self.page)

    def hear(self, page: Page) -> None:
        """Hear what goes wrong in a tab of this visitor."""
        page.on("pageerror", lambda error: self.fault(f"script: {error}"))
        page.on("console", lambda said: said.type == "error" and self.fault(said.text))

    def fault(self, words: str) -> None:
        """Note what went wrong, unless it was done on purpose."""
        if not self.deaf:
            self.wrong.append(f"{self.page.url}: {words}")

    def settle(self) -> None:
        """Wait until what is shown is what is set; whatever the page says of a fault is one."""
        self.page.wait_for_selector("main h1, main h2")
        if any(f"view={one}" in self.page.url for one in DRAWN):
            self.page.wait_for_function(SETTLED)
        for note in self.page.query_selector_all("header .notes li"):
            self.fault(f"says {note.inner_text()}")
            self.page.click("header .notes button")

    def return_from(self) -> None:
        """Wait until the page is there again after its connection was lost."""
        self.page.wait_for_function("() => !window.isLost && !document.getElementById('away')")
        self.page.wait_for_selector("main h1, main h2")

    def rest(self) -> str:
        """Wait until all that was done is in the address, however slow the server is; return it."""
        for _ in range(20):
            before = self.page.evaluate(ANSWERED)
            self.page.wait_for_timeout(REST)
            now: str = self.page.evaluate(ANSWERED)
            if now == before:
                return now
        raise Error("its address does not come to rest")


def move(one: Visitor, luck: random.Random) -> None:
    """Let a lever go somewhere, on Explore."""
    button = one.page.query_selector(LEVERS)
    if button is None:
        return
    if button.get_attribute("aria-expanded") != "true":
        button.click()
    one.page.wait_for_selector("input[id^=lever-]")
    one.page.evaluate(MOVE, [luck.randrange(999), luck.random()])


def choose(one: Visitor, luck: random.Random) -> None:
    """Choose another scenario, outcome, region, result or what else stands in a list."""
    lists = one.page.query_selector_all("main select")
    if lists:
        one.page.evaluate(CHOOSE, [luck.choice(lists), luck.randrange(999)])


def seek(one: Visitor, luck: random.Random) -> None:
    """Go to a month."""
    one.page.evaluate(SEEK, luck.randrange(121))


def play(one: Visitor, luck: random.Random) -> None:
    """Play for a moment; at the end it stops by itself."""
    if one.page.query_selector(PLAY) is not None:
        one.page.click(PLAY)
        playing = one.page.get_attribute(PLAY, "aria-label")
        one.page.wait_for_timeout(700)
        if one.page.get_attribute(PLAY, "aria-label") == playing:
            one.page.click(PLAY)


def open_panel(one: Visitor, luck: random.Random) -> None:
    """Open one of the drawers, or close it."""
    buttons = one.page.query_selector_all(".panels button")
    if buttons:
        luck.choice(buttons).click()


def guess(one: Visitor, luck: random.Random) -> None:
    """Ask the room and see the answer, or go on with a story."""
    if "view=story" in one.page.url:
        one.page.keyboard.press("ArrowRight")
    elif one.page.query_selector("button.predict") is not None:
        # A guess that was open when the page was loaded anew opens by itself, and the key goes.
        one.page.evaluate("() => document.querySelector('button.predict')?.click()")
        one.page.wait_for_selector(".guess-place button")
        one.page.keyboard.press("1")
        if luck.random() < 0.7:
            one.page.keyboard.press("v")
            one.page.wait_for_timeout(300)
            one.page.keyboard.press("v")


def elsewhere(one: Visitor, luck: random.Random) -> None:
    """Go to another page of cisim, by its address."""
    one.page.goto(_somewhere(one.page.url, luck))


def speak(one: Visitor, luck: random.Random) -> None:
    """Read the same page in another language."""
    links = one.page.query_selector_all(".languages a")
    if links:
        luck.choice(links).click()


def again(one: Visitor, luck: random.Random) -> None:
    """Load anew, before the picture has come."""
    one.page.reload()


def back(one: Visitor, luck: random.Random) -> None:
    """Take back the last thing, if that stays on the page."""
    one.page.go_back()
    if "view=" not in one.page.url:
        one.page.go_forward()


def second(one: Visitor, luck: random.Random) -> None:
    """Look at something else in another tab; the first stays as it was."""
    before = one.rest()
    other = one.page.context.new_page()
    one.hear(other)
    other.set_default_timeout(PATIENCE)
    other.goto(_somewhere(one.page.url, luck))
    other.wait_for_selector("main h1, main h2")
    other.close()
    if one.rest() != before:
        one.fault(f"was {before} before a second tab was opened")


def lose(one: Visitor, luck: random.Random) -> None:
    """Lose the connection for a moment."""
    one.deaf = True
    one.page.evaluate(LOSE)
    one.page.wait_for_timeout(luck.choice([50, 500, 3000]))
    one.return_from()
    one.deaf = False


def offline(one: Visitor, luck: random.Random) -> None:
    """Have no network at all for a moment."""
    one.deaf = True
    one.page.context.set_offline(True)
    one.page.evaluate(LOSE)
    one.page.wait_for_timeout(luck.choice([1000, 4000]))
    one.page.context.set_offline(False)
    one.return_from()
    one.deaf = False


def sleep(one: Visitor, luck: random.Random) -> None:
    """Let the server stand still for a moment, as on a machine that sleeps."""
    one.server.suspend()
    time.sleep(luck.choice([0.5, 3.0]))
    one.server.resume()
    one.return_from()


STEPS: tuple[tuple[Callable[[Visitor, random.Random], None], int], ...] = (
    (move, 24), (choose, 8), (seek, 8), (play, 5), (open_panel, 6), (guess, 4), (elsewhere, 5),
    (speak, 2), (again, 3), (back, 5), (second, 2), (lose, 2), (offline, 1), (sleep, 1),
)  # fmt: skip


def _somewhere(here: str, luck: random.Random) -> str:
    """Return the address of one of the pages, in one of the languages."""
    language, seed = luck.choice(LANGUAGES), luck.randrange(1, 40)
    query = f"{luck.choice(PLACES)}&seed={seed}&version={__version__}"
    return f"{here.partition('?')[0]}?{f'language={language}&' if language else ''}{query}"


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
    pause: float = 0.0,
    seed: int = 1,
) -> tuple[list[Row], list[str], Counter[str]]:
    """Use the page for so many seconds, at least a round; return a row for each, faults, and what
    was done how often.

    a_round : things each visitor does before the tabs close
    pause   : seconds between two things, on average
    """
    luck = random.Random(seed)
    rows: list[Row] = []
    faults: list[str] = []
    did: Counter[str] = Counter()
    steps, weights = zip(*STEPS, strict=True)
    began = time.monotonic()
    ends = began + seconds
    while not rows or time.monotonic() < ends:
        there = [Visitor(enter(browser, address), server) for _ in range(visitors)]
        for one in there:
            one.page.goto(_somewhere(f"{address}/", luck))
        for _ in range(a_round):
            for one in there:
                step = luck.choices(steps, weights)[0]
                here = one.page.url
                try:
                    step(one, luck)
                    did[step.__name__] += 1
                    if luck.random() < 0.5:
                        one.settle()
                    if pause:
                        one.page.wait_for_timeout(2000 * pause * luck.random())
                except Error as error:
                    faults.append(f"{step.__name__} at {here}: {error}")
                    print(faults[-1], file=sys.stderr, flush=True)
            if rows and time.monotonic() > ends:
                break
        for one in there:
            faults += one.wrong
            for fault in one.wrong:
                print(fault, file=sys.stderr, flush=True)
            one.page.context.close()
        rows.append(Row((time.monotonic() - began) / 60, *held(server), did.total()))
        print(_cells(rows[-1], "\t"), flush=True)
    return rows, faults, did


def failed(said: str) -> list[str]:
    """Return what has gone wrong in a server, of all that it said: the last line of each trace."""
    found = []
    for trace in said.split("Traceback (most recent call last):")[1:]:
        ends = [line for line in trace.splitlines() if line and not line.startswith(" ")]
        found.append(f"server: {ends[0] if ends else trace.strip()[-200:]}")
    return found


def judged(rows: list[Row], faults: list[str]) -> tuple[str, bool]:
    """Return what is said of a room, and whether it bore its use: no fault, memory flat."""
    memory = np.array([row.megabytes for row in rows])
    third = max(1, memory.size // 3)
    before = memory[-2 * third : -third] if memory.size > 1 else memory
    grown = float(memory[-third:].mean() - before.mean())
    last = rows[-1]
    said = (
        f"{last.done} things done in {last.minutes:.0f} minutes, {len(faults)} faults, "
        f"{grown:+.0f} MB in the last third."
    )
    return said, not faults and grown <= MOST_GROWTH


def listed(faults: list[str]) -> list[str]:
    """Return a line for each of the first faults, without the port of the page."""
    first = [re.sub(r"http://127\.0\.0\.1:\d+", "", one) for one in faults[:MOST_FAULTS]]
    more = len(faults) - len(first)
    return [f"- {' '.join(one.split())}" for one in first] + ([f"- and {more} more"] * bool(more))


def table(
    rows: list[Row], did: Counter[str], said: str, faults: list[str],
    *, machine: str, visitors: int, wanted: float, pause: float = 0.0,
) -> str:  # fmt: skip
    """Return what is written of a room: how long it was, what was done, memory over time.

    machine : on what, and what else that did
    wanted  : minutes that were asked for
    pause   : seconds between two things, on average
    """
    several = sorted({round(k) for k in np.linspace(0, len(rows) - 1, MOST_ROWS)})
    done = ", ".join(f"{name.replace('_', ' ')} {many}" for name, many in did.most_common())
    short = "" if wanted >= FULL else f" The aim is {FULL / 60:.0f} hours; this run is shorter."
    asked = f"--minutes {wanted:g}{f' --pause {pause:g}' if pause else ''} --write"
    return "\n".join(
        [
            "## Hours of use",
            "",
            (
                f"{machine} `python experiments/long_room.py {asked}`. "
                f"{visitors} visitors at once, whose tabs are closed and opened anew each round. "
                f"{said}{short}"
            ),
            "",
            *((*listed(faults), "") if faults else ()),
            f"What they did, and how often: {done}.",
            "",
            "| minutes | things done | server and workers, MB | threads | open files |",
            "| ---: | ---: | ---: | ---: | ---: |",
            *(f"| {_cells(rows[k], ' | ')} |" for k in several),
        ]
    )


FULL = 240.0
"""Minutes that a long room lasts."""


def _cells(row: Row, between: str) -> str:
    return between.join(
        [f"{row.minutes:.0f}", f"{row.done}", f"{row.megabytes:.0f}", f"{row.threads}",
         f"{row.files}"]
    )  # fmt: skip


def main() -> None:
    """Use the page for a while, and say how it bore it; exit with 1 if it did not."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--minutes", type=float, default=FULL)
    reader.add_argument("--visitors", type=int, default=3)
    reader.add_argument("--round", type=int, default=40, help="things done before tabs close")
    reader.add_argument("--pause", type=float, default=0.0, help="seconds between two things")
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--write", action="store_true", help="into results/page.md")
    given = reader.parse_args()
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    here = Machine()
    print("minutes\tdone\tMB\tthreads\tfiles", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        heard = Path(folder) / "server.txt"
        with (
            heard.open("w") as said,
            sync_playwright() as playwright,
            served(said) as (address, server),
        ):
            browser: Any = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            rows, faults, did = live(
                browser, address, server, seconds=60 * given.minutes, visitors=given.visitors,
                a_round=given.round, pause=given.pause, seed=given.seed,
            )  # fmt: skip
            browser.close()
        faults += failed(heard.read_text(errors="replace"))
    words, good = judged(rows, faults)
    print("\n".join([words, *listed(faults)]))
    if given.write:
        written = table(
            rows, did, words, faults, machine=here.told(), visitors=given.visitors,
            wanted=given.minutes, pause=given.pause,
        )  # fmt: skip
        put("long_room.py", written)
    if not good:
        sys.exit(1)


if __name__ == "__main__":
    main()
